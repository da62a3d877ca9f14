"""What several authorities ask for the same act, side by side; and one history judged by several packs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from .evaluating import evaluate
from .evaluations import Evaluation
from .events import History
from .obligations import Obligation, Source
from .pack import Pack
from .showing import standard_sentence
from .standards import Choice, Condition, Standard, Timing
from .timescales import Timescale
from .words import say_list

__all__ = ["Ask", "Comparison", "Difference", "Topic", "compare", "compare_history"]

#: Kinds that ask for an act again and again are one way of asking.
_WAYS = {
    "deadline": "once, after an event",
    "lead time": "before an event",
    "frequency": "again and again",
    "schedule": "again and again",
    "count": "again and again",
    "limit": "no longer than",
    "age": "by an age",
    "recording": "recorded",
    "evidence": "with evidence",
    "ordinal": "by a place in a series",
    "cohort": "in a share of cases",
}


@dataclass(frozen=True, slots=True)
class Ask:
    """What one standard asks.

    Attributes:
        pack: the pack's name.
        standard: the id.
        rule: the rule in plain words.
        timescale: its timescale as written, or "" where it has none.
        says: the standard in plain words.
        source: document, section and words.
        reading: how an unclear clause was read.
        occasion: what opens it or while what it runs, in words.
        whom: the conditions that narrow it, in words; "" for everyone.
        narrowed: whether it asks only of some (`if`, `unless`, `ages`, `not while`).
        days: the (first) timescale's rough length in calendar days, for ordering; None where there is none.
        unit: the unit of that timescale.
    """

    pack: str
    standard: str
    rule: str
    timescale: str
    says: str
    source: Source
    reading: str
    occasion: str
    whom: str
    narrowed: bool
    days: float | None
    unit: str

    def to_dict(self) -> dict[str, Any]:
        """As plain data for JSON."""
        return {
            "pack": self.pack,
            "standard": self.standard,
            "rule": self.rule,
            "timescale": self.timescale,
            "says": self.says,
            "source": self.source.to_dict(),
            "reading": self.reading,
            "occasion": self.occasion,
            "whom": self.whom,
        }


@dataclass(frozen=True, slots=True)
class Topic:
    """One act, asked for in one way, and what each pack asks.

    Attributes:
        act: the event that is asked for (or the period that must end), by its shared name.
        way: how it is asked for: once after an event, again and again, before an event …
        occasion: after or before which event, or while which period; "" where there is none.
        asks: what each pack asks, by pack; a pack that asks nothing is not in it.
        verdict: who is stricter, in words.
        stricter: the packs that ask most, where that can be told and not all ask the same.
    """

    act: str
    way: str
    occasion: str
    asks: Mapping[str, tuple[Ask, ...]]
    verdict: str
    stricter: tuple[str, ...]

    def to_dict(self) -> dict[str, Any]:
        """As plain data for JSON."""
        return {
            "act": self.act,
            "way": self.way,
            "occasion": self.occasion,
            "verdict": self.verdict,
            "stricter": list(self.stricter),
            "asks": {pack: [ask.to_dict() for ask in asks] for pack, asks in self.asks.items()},
        }


@dataclass(frozen=True, slots=True)
class Comparison:
    """What several packs ask, act by act.

    Attributes:
        packs: the packs' names with their authorities, in the order given.
        topics: the acts, those that most packs ask for first.
    """

    packs: Mapping[str, str]
    topics: tuple[Topic, ...]

    @property
    def shared(self) -> tuple[Topic, ...]:
        """The topics on which more than one pack speaks."""
        return tuple(topic for topic in self.topics if len(topic.asks) > 1)

    def only(self, pack: str) -> tuple[Topic, ...]:
        """The topics on which this pack alone speaks."""
        return tuple(topic for topic in self.topics if list(topic.asks) == [pack])

    def rows(self) -> list[dict[str, Any]]:
        """One flat dictionary for each ask, for a data frame."""
        return [
            {"act": topic.act, "way": topic.way, **ask.to_dict(), "verdict": topic.verdict, "source": str(ask.source)}
            for topic in self.topics
            for asks in topic.asks.values()
            for ask in asks
        ]

    def to_dict(self) -> dict[str, Any]:
        """As plain data for JSON."""
        return {"packs": dict(self.packs), "topics": [topic.to_dict() for topic in self.topics]}


def compare(packs: Sequence[Pack], *, about: str | None = None) -> Comparison:
    """What several packs ask for the same act, side by side.

    Acts are compared by their shared names, so packs that use the shared vocabulary can be compared. Stricter is said
    only where the packs ask in the same way, on the same occasion and of everyone.

    Args:
        packs: the packs, each of another name.
        about: only acts whose name holds these words.

    Raises:
        ValueError: there are fewer than two packs, or two of one name.
    """
    names = [pack.name for pack in packs]
    if len(names) < 2 or len(set(names)) < len(names):
        raise ValueError("compare takes at least two packs of different names")
    found: dict[tuple[str, str, str], dict[str, list[Ask]]] = {}
    for pack in packs:
        for standard in pack.tested:
            ask = _ask(pack, standard)
            for act in _acts(standard):
                for occasion in _occasions(standard):
                    key = (act, _WAYS[standard.kind], occasion)
                    found.setdefault(key, {}).setdefault(pack.name, []).append(ask)
    topics = [
        _topic(act, way, occasion, {pack: tuple(asks[pack]) for pack in names if pack in asks})
        for (act, way, occasion), asks in found.items()
        if about is None or about.casefold() in act
    ]
    topics.sort(key=lambda topic: (-len(topic.asks), topic.act, topic.way, topic.occasion))
    return Comparison({pack.name: pack.authority for pack in packs}, tuple(topics))


def _acts(standard: Standard) -> tuple[str, ...]:
    """The events that a standard asks for, or of which it asks something; of a limit, the period."""
    rule = standard.rule
    for name in ("expect", "each"):
        choice = getattr(rule, name, None)
        if isinstance(choice, Choice):
            return tuple(dict.fromkeys(choice.names))
    return (dict(standard.words)["limit"],)


def _occasions(standard: Standard) -> tuple[str, ...]:
    """What opens a standard's duties, or while what they run; several where any of several does."""
    rule, words = standard.rule, dict(standard.words)
    for name, lead in (("of", "of"), ("before", "before"), ("since", "since"), ("marks", "between each")):
        choice = getattr(rule, name, None)
        if isinstance(choice, Choice):
            return tuple(f"{lead} {event}" for event in dict.fromkeys(choice.names))
    for name in ("of turning", "of breach of"):
        if name in words:
            return (f"{name} {words[name]}",)
    standing = standard.standing
    if standing is not None and standing.any_of:
        return tuple(f"while {period.key}" for period in standing.any_of)
    if standing is not None and standing.all_of:
        return ("while " + say_list([period.key for period in standing.all_of]),)
    return ("",)


def _ask(pack: Pack, standard: Standard) -> Ask:
    words = dict(standard.words)
    timescale = _timescale(standard)
    parts: list[Condition | None] = [standard.if_, standard.unless]
    whom = [f"{word} {part}" for word, part in zip(("if", "unless"), parts, strict=True) if part is not None]
    whom += [f"{name} {words[name]}" for name in ("ages", "not while") if name in words]
    if standard.standing is not None and getattr(standard.rule, "of", None) is not None:
        whom.append(str(standard.standing))
    narrowed = bool(whom)
    if "where" in words:
        whom.append(f"where {words['where']}")
    return Ask(
        pack=pack.name,
        standard=standard.id,
        rule=standard_sentence(standard),
        timescale=_steps(words) or ("" if timescale is None else str(timescale)),
        says=standard.says,
        source=standard.source,
        reading=standard.reading,
        occasion=say_list(list(_occasions(standard)), "or"),
        whom=", ".join(whom),
        narrowed=narrowed,
        days=None if timescale is None else timescale.size,
        unit="" if timescale is None else _unit(timescale),
    )


def _steps(words: Mapping[str, str]) -> str:
    """The timescales of a standard that has several."""
    names = [name for name in words if name.endswith(" within") and name != "recorded within"]
    if not names and not ("for the first" in words and "then every" in words):
        return ""
    if names:
        return ", ".join(f"{name} {words[name]}" for name in (*names, "then every") if name in words)
    return f"{words.get('every', '')} for the first {words['for the first']}, then {words['then every']}"


def _timescale(standard: Standard) -> Timescale | None:
    rule = standard.rule
    found = getattr(rule, "timing", None) or next(iter(getattr(rule, "steps", ())), None) or getattr(rule, "age", None)
    if isinstance(found, Timing):
        return found.timescale
    return found if isinstance(found, Timescale) else None


def _unit(timescale: Timescale) -> str:
    """The unit as it is printed: working days, weeks …; "same day" has days."""
    for unit in ("working day", "hour", "week", "month", "year"):
        if unit in timescale.text:
            return f"{unit}s"
    return "days"


def _topic(act: str, way: str, occasion: str, asks: Mapping[str, tuple[Ask, ...]]) -> Topic:
    verdict, stricter = _verdict(way, asks)
    return Topic(act, way, occasion, asks, verdict, stricter)


def _verdict(way: str, asks: Mapping[str, tuple[Ask, ...]]) -> tuple[str, tuple[str, ...]]:
    """Who is stricter, by each pack's tightest clause that asks it of everyone."""
    if len(asks) == 1:
        return f"only {next(iter(asks))} asks this", ()
    longest = way == "before an event"
    tightest: dict[str, Ask] = {}
    for pack, found in asks.items():
        of_all = [ask for ask in found if not ask.narrowed and ask.days is not None]
        if not of_all:
            return "not to be ranked: no length of time, or not for everyone", ()
        of_all.sort(key=lambda ask: ask.days or 0.0, reverse=longest)
        tightest[pack] = of_all[0]
    if len({ask.timescale for ask in tightest.values()}) == 1:
        return "the same", ()
    if len({"," in ask.timescale for ask in tightest.values()}) > 1:
        return "not to be ranked: one has a first timescale and a later one", ()
    units = {ask.unit for ask in tightest.values()}
    note = f", in different units ({say_list(sorted(units))})" if len(units) > 1 else ""
    lengths = {pack: ask.days or 0.0 for pack, ask in tightest.items()}
    most = max(lengths.values()) if longest else min(lengths.values())
    stricter = tuple(pack for pack, days in lengths.items() if abs(days - most) < 1e-9)
    if len(stricter) == len(lengths):
        return f"about the same{note}", ()
    return f"stricter: {say_list(list(stricter))}{note}", stricter


# --- one history ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Difference:
    """An act of one history on which packs come to different results.

    Attributes:
        act: the event asked for.
        opened: the day the duties opened.
        obligations: what each pack makes of it, by pack.
    """

    act: str
    opened: date
    obligations: Mapping[str, tuple[Obligation, ...]]

    def to_dict(self) -> dict[str, Any]:
        """As plain data for JSON."""
        return {
            "act": self.act,
            "opened": self.opened.isoformat(),
            "obligations": {pack: [item.to_dict() for item in found] for pack, found in self.obligations.items()},
        }


def compare_history(
    history: History,
    packs: Sequence[Pack],
    *,
    as_of: date | datetime,
    known_at: date | datetime | None = None,
) -> tuple[list[Evaluation], list[Difference]]:
    """One history judged by several packs, and where they differ: the same act, opened on the same day, with another
    due date or status, or owed to one authority only.

    Events that a pack has no word for are noted in its evaluation, not refused: another pack may use them.

    Raises:
        HistoryError: the history cannot be judged as it stands.
        ValueError: there are fewer than two packs, or two of one name.
    """
    names = [pack.name for pack in packs]
    if len(names) < 2 or len(set(names)) < len(names):
        raise ValueError("compare takes at least two packs of different names")
    evaluations = [evaluate(history, pack, as_of=as_of, known_at=known_at, unknown_events="note") for pack in packs]
    found: dict[tuple[date, str], dict[str, list[Obligation]]] = {}
    for pack, evaluation in zip(packs, evaluations, strict=True):
        for obligation in evaluation:
            opened = obligation.opened.date() if isinstance(obligation.opened, datetime) else obligation.opened
            for act in _acts(pack[obligation.standard]):
                found.setdefault((opened, act), {}).setdefault(pack.name, []).append(obligation)
    differences = [
        Difference(act, opened, {pack: tuple(items[pack]) for pack in names if pack in items})
        for (opened, act), items in sorted(found.items())
        if len(items) < len(packs) or len({_outcome(obligations) for obligations in items.values()}) > 1
    ]
    return evaluations, differences


def _outcome(obligations: Iterable[Obligation]) -> tuple[tuple[str, str], ...]:
    return tuple(sorted((str(item.status), item.due.isoformat() if item.due else "") for item in obligations))
