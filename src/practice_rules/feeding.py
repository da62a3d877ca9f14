"""Which standards of a pack a set of records can feed at all.

Records hold some events and not others: no national data set holds core groups. A standard that asks for what the
records cannot hold would look breached for every child; one that is opened by it would never be heard of. So both are
told apart, by the words that a standard needs and the words that the data can hold.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from enum import Enum
from typing import Final

from .pack import Pack
from .standards import BIRTH, Change, Choice, Period, Standard, Standing, Timing

__all__ = ["Answerable", "Effect", "Unfed", "answerable", "unfed"]


class Effect(Enum):
    """What follows for a standard from a word that the data cannot hold."""

    #: Nothing can open it: no duty will be seen, so the standard is not assessed.
    NEVER_OPENS = "never opens"
    #: Whether a duty was met, owed or still standing cannot be told: only what is met stands.
    UNSURE = "unsure"
    #: It is judged, without what the word might have changed: the timescale, or some of its openings.
    JUDGED_WITHOUT = "judged without"


@dataclass(frozen=True, slots=True)
class Unfed:
    """A standard that the data cannot feed, wholly or in part.

    Attributes:
        standard: its id.
        words: the events that the data cannot hold.
        effect: what follows.
        reason: both in one sentence.
    """

    standard: str
    words: tuple[str, ...]
    effect: Effect
    reason: str

    @property
    def assessed(self) -> bool:
        """Whether breaches of the standard are still named."""
        return self.effect is Effect.JUDGED_WITHOUT


def unfed(
    pack: Pack,
    holds: Collection[str],
    source: str = "these records",
    *,
    held_after: Mapping[str, Collection[str]] | None = None,
) -> tuple[Unfed, ...]:
    """The tested standards of a pack that data with these events cannot feed, in the order of the file.

    Args:
        pack: an authority's standards.
        holds: the folded names of the events that the data can hold. The date of birth is always taken as held: a
            child without one is told by the evaluation.
        source: what to call the data in a reason.
        held_after: events that are held only while something lasts that these events began. The Standard Safeguarding
            Dataset has visits under a plan or in care, and none during an assessment.
    """
    # What holds everything (an event log of which that is said) is no ordinary set, and must stay what it is.
    held = holds if isinstance(holds, frozenset) and BIRTH in holds else frozenset(holds) | {BIRTH}
    found: dict[str, Unfed] = {}
    for standard in pack.order:
        effect, words = _judge(standard, held, found)
        reason = "" if effect is None else _reason(effect, words, source)
        if (effect is None or effect is Effect.JUDGED_WITHOUT) and (
            partly := _held_elsewhere(standard, held_after or {})
        ):
            said = " or ".join(f"“{word}”" for word in partly)
            effect, words = Effect.UNSURE, partly
            reason = f"{source} hold {said} only under a plan or in care, {_UNTOLD}"
        if effect is not None:
            found[standard.id] = Unfed(standard.id, words, effect, reason)
    return tuple(found[standard.id] for standard in pack.standards if standard.id in found)


def _judge(standard: Standard, held: frozenset[str], before: dict[str, Unfed]) -> tuple[Effect | None, tuple[str, ...]]:
    """The gravest thing that follows from what the data lack, and the words that it follows from."""
    never: list[str] = []
    unsure: list[str] = []
    without: list[str] = []
    rule = standard.rule
    assert rule is not None
    for name, value in _parts(rule):
        if name == "expect":
            unsure += _lacking(value, held)
        elif name == "breach_of" and value in before and not before[value].assessed:
            (never if before[value].effect is Effect.NEVER_OPENS else unsure).extend(before[value].words)
        elif name in ("of", "each", "before", "marks", "every", "since") and isinstance(value, Choice):
            lacking = _lacking(value, held)
            (never if len(lacking) == len(value.names) else without).extend(lacking)
        elif isinstance(value, Period):  # of a limit
            _period(value, held, never, unsure, without)
        for timing in value if isinstance(value, tuple) else (value,):
            if isinstance(timing, Timing):
                without += _moves(timing, held)
    if standard.standing is not None:
        _standing(standard.standing, held, never, unsure, without)
    if standard.unless_event is not None:
        unsure += _lacking(standard.unless_event, held)
    for effect, words in (
        (Effect.NEVER_OPENS, never),
        (Effect.UNSURE, unsure),
        (Effect.JUDGED_WITHOUT, without),
    ):
        if words:
            return effect, tuple(dict.fromkeys(words))
    return None, ()


def _held_elsewhere(standard: Standard, held_after: Mapping[str, Collection[str]]) -> tuple[str, ...]:
    """The acts of a standard that are held only in periods in which its duties need not lie."""
    parts = dict(_parts(standard.rule))
    lacking = []
    for name in _names(parts.get("expect")):
        begun = held_after.get(name)
        if begun is None:
            continue
        standing = standard.standing or Standing()
        inside = any(set(period.starts.names) <= set(begun) for period in standing.all_of) or (
            bool(standing.any_of) and all(set(period.starts.names) <= set(begun) for period in standing.any_of)
        )
        opens = _names(parts.get("of"))
        if not inside and not (opens and opens <= set(begun)):
            lacking.append(name)
    return tuple(sorted(lacking))


def _parts(rule: object) -> Iterator[tuple[str, object]]:
    """The fields of a kind's rule. Every kind names the act `expect`; what opens it has the names asked for above."""
    for part in fields(rule):  # type: ignore[arg-type]
        yield part.name, getattr(rule, part.name)


def _lacking(choice: object, held: frozenset[str]) -> list[str]:
    return [name for name in choice.names if name not in held] if isinstance(choice, Choice) else []


def _period(period: Period, held: frozenset[str], never: list[str], unsure: list[str], without: list[str]) -> None:
    """A period that must hold: without its start nothing opens; without any end it would seem to go on for ever."""
    lacking = _lacking(period.starts, held)
    (never if len(lacking) == len(period.starts.names) else without).extend(lacking)
    closings = [choice for choice in (period.ends, period.until) if choice is not None]
    lacking = [name for choice in closings for name in _lacking(choice, held)]
    (unsure if lacking and len(lacking) == sum(len(c.names) for c in closings) else without).extend(lacking)


def _standing(
    standing: Standing, held: frozenset[str], never: list[str], unsure: list[str], without: list[str]
) -> None:
    for period in standing.all_of:
        _period(period, held, never, unsure, without)
    parts: list[list[str]] = []
    for period in standing.any_of:
        starts: list[str] = []
        _period(period, held, starts, unsure, without)
        parts.append(starts)
    if parts:
        (never if all(parts) else without).extend(word for part in parts for word in part)
    for period in standing.none_of:
        # Whether the duty was shut out cannot be told; nor, where the data hold no end, whether it is shut out still.
        lacking = _lacking(period.starts, held)
        (unsure if len(lacking) == len(period.starts.names) else without).extend(lacking)
        closings = [choice for choice in (period.ends, period.until) if choice is not None]
        lacking = [name for choice in closings for name in _lacking(choice, held)]
        (unsure if lacking and len(lacking) == sum(len(c.names) for c in closings) else without).extend(lacking)


def _moves(timing: Timing, held: frozenset[str]) -> list[str]:
    """The events that could have moved a due date."""
    choices: Iterable[Choice | Change | None] = (timing.or_by, timing.varied, timing.extended)
    lacking = [
        name
        for move in choices
        if move is not None
        for name in _lacking(move.choice if isinstance(move, Change) else move, held)
    ]
    if timing.paused is not None:
        choices_of = (timing.paused.starts, timing.paused.ends, timing.paused.until)
        lacking += [name for choice in choices_of if choice is not None for name in _lacking(choice, held)]
    return lacking


_UNTOLD: Final = "so what is not met cannot be told"


def _reason(effect: Effect, words: tuple[str, ...], source: str) -> str:
    said = " or ".join(f"“{word}”" for word in words)
    if effect is Effect.NEVER_OPENS:
        return f"nothing can open it: {source} cannot hold {said}"
    if effect is Effect.UNSURE:
        return f"{source} cannot hold {said}, {_UNTOLD}"
    return f"judged without {said}, which {source} cannot hold"


# --- snapshots --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Answerable:
    """What a snapshot can say of one standard. A snapshot holds only the latest of some events.

    Attributes:
        never: nothing at all.
        open_only: only what is open now stands: of what was decided, only the latest would be seen.
        latest: the acts of which only the latest is held. Where one is later than the day a duty opened, others may
            have come before it that nobody sees, and the duty is not assessed.
        at_any_time: that holds wherever in time the act lies.
        since: a duty that opened before the data are whole is not assessed, for its act may be older than they are.
    """

    never: bool = False
    open_only: bool = False
    latest: frozenset[str] = frozenset()
    at_any_time: bool = False
    since: bool = False


def answerable(standard: Standard, latest: Collection[str]) -> Answerable:
    """What a snapshot that holds only the latest of some events can say of a standard (see
    docs/reference/readers/annex-a.md, where the reasons are).
    """
    rule = standard.rule
    assert rule is not None
    parts = dict(_parts(rule))
    acts: set[str] = set()
    opens: set[str] = set()
    later: list[Timing] = []
    for name, value in parts.items():
        if name == "expect":
            acts |= _names(value)
        elif isinstance(value, Choice):
            opens |= _names(value)
        elif isinstance(value, Period):
            opens |= _names(value.starts)
            acts |= _names(value.ends) | _names(value.until)
        for timing in value if isinstance(value, tuple) else (value,):
            if isinstance(timing, Timing):
                later.append(timing)
                for move in (timing.or_by, timing.varied, timing.extended):
                    acts |= _names(move.choice if isinstance(move, Change) else move)
    acts |= _names(standard.unless_event)
    standing = standard.standing or Standing()
    for period in (*standing.all_of, *standing.any_of):
        opens |= _names(period.starts)
    hidden = [*standing.none_of, *(timing.paused for timing in later if timing.paused is not None)]
    touched = not (acts | opens).isdisjoint(latest)
    kind = type(rule).__name__
    never = (
        any(not (_names(p.starts) | _names(p.ends) | _names(p.until)).isdisjoint(latest) for p in hidden)
        or kind in ("LeadTime", "Ordinal")
        or parts.get("breach_of") is not None
        or parts.get("first_for") is not None
        or (kind == "Age" and acts.isdisjoint(latest))
        or (kind == "Schedule" and not acts.isdisjoint(latest) and len({str(t.timescale) for t in later[1:]}) > 1)
        or (touched and (kind in ("Recording", "Evidence") or standard.kind == "cohort"))
    )
    return Answerable(
        never=never,
        open_only=touched,
        latest=frozenset(acts.intersection(latest)),
        at_any_time=kind == "Age",
        since=not acts <= set(latest) and kind != "Limit",
    )


def _names(choice: object) -> frozenset[str]:
    return frozenset(choice.names) if isinstance(choice, Choice) else frozenset()
