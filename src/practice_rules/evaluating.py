"""`evaluate`: one history, one pack, one moment; what is met, due and breached."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Final

from .evaluations import Block, Evaluation
from .events import History, HistoryError, HistoryProblem, as_moment
from .obligations import Status, settle
from .pack import Pack
from .problems import say_suggestion
from .standards import BIRTH, Case, Gap, detail_problems

__all__ = ["check_history", "evaluate"]

#: For how many unknown names a likely word is looked for.
_SUGGESTED: Final = 50


def evaluate(
    history: History,
    pack: Pack,
    *,
    as_of: date | datetime,
    known_at: date | datetime | None = None,
    unknown_events: str = "refuse",
    check: bool = True,
) -> Evaluation:
    """Judge one history by one pack, as of a moment. Pure: equal inputs give equal results.

    Args:
        history: one subject's events.
        pack: an authority's standards.
        as_of: the moment of judging; a date means the end of that day, local time.
        known_at: only what had been recorded by then is used; `as_of` unless given.
        unknown_events: "refuse" an event that the pack has no word for, or "note" it in the result's notices.
        check: False skips the checks of the history against the pack, for histories that have already passed them.

    Raises:
        HistoryError: the history cannot be judged as it stands; every problem at once, none with a value of the record.
        TypeError: `as_of` or `known_at` is not a date, or the history or the pack is something else.
        ValueError: `unknown_events` is neither "refuse" nor "note".
    """
    if not isinstance(history, History) or not isinstance(pack, Pack):
        raise TypeError("evaluate takes a History and a Pack, in this order")
    for name, value in (("as_of", as_of), ("known_at", known_at)):
        if not isinstance(value, date) and (name == "as_of" or value is not None):
            raise TypeError(f"{name} must be a date or a datetime")
    if unknown_events not in ("refuse", "note"):
        raise ValueError('unknown_events is "refuse" or "note"')
    now = as_moment(as_of)
    then = now if known_at is None else as_moment(known_at)
    case = Case(history.known(now, then), pack.calendar, pack.terms, now, then)
    if check:
        problems = _checked(history, pack, unknown_events, case)
        if problems:
            raise HistoryError(problems)
    blocks: list[Block] = []
    gaps: list[tuple[int, Gap]] = []
    kind, feeds = history.kind, pack.feeds
    for standard in pack.order:
        rule = standard.rule
        if rule is None or standard.subject != kind:
            continue
        duties = rule.duties(standard, case)
        if duties:
            statuses = settle(duties, now)
            blocks.append((standard.number, duties, statuses))
            if standard.id in feeds:
                case.breaches[standard.id] = [
                    duty for duty, status in zip(duties, statuses, strict=True) if status is Status.BREACHED
                ]
        if case.gaps:
            gaps.extend((standard.number, gap) for gap in case.gaps)
            case.gaps = []
    return Evaluation.of(history, pack, as_of, as_of if known_at is None else known_at, blocks, gaps)


def check_history(history: History, pack: Pack, *, unknown_events: str = "refuse") -> list[HistoryProblem]:
    """What is wrong with a history, put to a pack: events it has no word for, details with values they cannot have,
    spans that cannot be.

    An engineer may call it beforehand; `evaluate` does, unless told not to. No problem repeats a value of the record.
    """
    return list(_checked(history, pack, unknown_events, None))


def _checked(history: History, pack: Pack, unknown_events: str, case: Case | None) -> tuple[HistoryProblem, ...]:
    """The problems, worked out once for a history and a pack; `case`, where there is one, serves again."""
    asked = (pack.digest, unknown_events)
    found = history.checked.get(asked)
    if found is None:
        found = history.checked[asked] = tuple(_problems(history, pack, unknown_events, case))
    return found


def _problems(history: History, pack: Pack, unknown_events: str, case: Case | None) -> list[HistoryProblem]:
    problems: list[HistoryProblem] = []
    keys = history.names
    strange = keys - pack.events.keys() if unknown_events == "refuse" else frozenset()
    if strange:
        known = [word.name for word in pack.events.values()]
        said: dict[str, tuple[str, str]] = {}
        for event in history.events:
            if event.key in strange:
                if event.key not in said:
                    said[event.key] = _strange(event.key, known, len(said))
                problems.append(HistoryProblem(f'event "{event.id}"', "name", *said[event.key]))
    problems.extend(detail_problems(history, pack.details))
    if not problems:
        problems.extend(_span_problems(history, pack, keys, case))
    return problems


def _strange(key: str, known: Sequence[str], place: int) -> tuple[str, str]:
    """What to say of a name that the pack does not know."""
    if key == BIRTH:
        return ("the date of birth is not an event.", "Give it as the history's date of birth (born).")
    # Looking for a likely word is slow, and nobody reads the hundredth.
    suggestion = say_suggestion(key, known) if place < _SUGGESTED else ""
    return ("the pack knows no such event.", suggestion or "Use a word of the pack or of the shared vocabulary.")


def _span_problems(history: History, pack: Pack, keys: frozenset[str], case: Case | None) -> list[HistoryProblem]:
    """Ends with nothing to end, and periods that are open twice over, in the record as it stands at last."""
    problems: list[HistoryProblem] = []
    final = history.final()
    if case is None or case.known is not final:
        last = history.final_moment()
        case = Case(final, pack.calendar, pack.terms, last, last)
    for period in pack.used_periods:
        if period.ends is None or keys.isdisjoint((*period.ends.names, *period.starts.names)):
            continue
        if not period.plain and (case.pick(period.starts).unsure or case.pick(period.ends).unsure):
            continue
        spans = case.spans(period)
        # A start that a condition shuts out (another placement, another status) has its own end, which is not this
        # period's.
        if not any(where is not None for _, where in period.starts.options):
            problems.extend(
                HistoryProblem(
                    f'event "{event.id}"',
                    "on",
                    f"it ends “{period.key}”, but nothing had started by then.",
                    "Add the start, or correct the date.",
                )
                for event in case.stray_ends(period)
            )
        still = [span.start_event.id for span in spans if span.end is None and span.start_event is not None]
        if len(still) > 1:
            problems.append(
                HistoryProblem(
                    f'event "{still[1]}"',
                    "on",
                    f'“{period.key}” is already open since event "{still[0]}", and neither ever ends.',
                    "Add the end of the first, or cancel one.",
                )
            )
    case.gaps = []
    return problems
