"""What happened, and what was known when: events, histories, and a history as it was known on a day.

Children's records pass through here. No message of this module repeats a value of a record: it names the event's id
(or its place in the list), the field, and what is wrong.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from itertools import groupby, islice
from operator import attrgetter
from typing import Any, Final, NamedTuple

from .calendars import FIRST_DAY, LAST_DAY, day_of, exists, instant

__all__ = [
    "Acts",
    "Detail",
    "Event",
    "History",
    "HistoryError",
    "HistoryProblem",
    "Known",
    "Moment",
    "Span",
    "as_moment",
    "fold",
]

#: A value that a record may carry about an event or a child.
Detail = str | bool | int | float | date | datetime | None
#: The most events that one history may hold; more is a whole caseload handed over by mistake.
MOST_EVENTS: Final = 1_000_000


@lru_cache(maxsize=65_536)
def fold(name: str) -> str:
    """A name as it is compared: spaces, underscores and hyphens are one thing, and capitals do not matter."""
    return " ".join(name.replace("_", " ").replace("-", " ").split()).casefold()


@dataclass(frozen=True, slots=True)
class HistoryProblem:
    """One thing wrong with a record. Never holds a value of the record.

    Attributes:
        where: the event's id or its place, or the subject.
        field: the field that is wrong.
        message: what is wrong.
        way_out: how to mend it.
    """

    where: str
    field: str
    message: str
    way_out: str = ""

    def __str__(self) -> str:
        return f"{self.where}, {self.field}: {self.message}{' ' + self.way_out if self.way_out else ''}"


class HistoryError(ValueError):
    """A history that cannot be judged as it stands. `problems` holds every one found."""

    _SHOWN = 20

    def __init__(self, problems: Iterable[HistoryProblem]) -> None:
        self.problems: tuple[HistoryProblem, ...] = tuple(problems)
        lines = [str(problem) for problem in self.problems[: self._SHOWN]]
        if len(self.problems) > self._SHOWN:
            lines.append(f"… and {len(self.problems) - self._SHOWN} more problems.")
        super().__init__("\n".join(lines))


@dataclass(frozen=True, slots=True)
class Moment:
    """A day, or an instant of it. A day alone means the whole of it, to its end.

    Attributes:
        day: the local day as an ordinal.
        clock: seconds since 1970 in UTC, or None where only the date is known.
    """

    day: int
    clock: int | None = None

    def reaches(self, day: int, clock: int | None) -> bool:
        """Whether something at that day (and time) has come by this moment. Dates decide where a time is missing."""
        if self.clock is None or clock is None:
            return day <= self.day
        return clock <= self.clock


def as_moment(value: date | datetime) -> Moment:
    """A date or time as a moment; a time without a zone is local time in Europe/London."""
    if isinstance(value, datetime):
        seconds = instant(_unfolded(value))
        return Moment(day_of(seconds), seconds)
    return Moment(value.toordinal())


def _unfolded(value: datetime) -> datetime:
    """A local time of the hour that comes twice in autumn is its first coming: text cannot say which was meant."""
    return value.replace(fold=0) if value.fold and value.tzinfo is None else value


# What is wrong with a date, as (message, way out); None where it is usable.
_Fault = tuple[str, str]
_FIRST_YEAR: Final = date.fromordinal(FIRST_DAY).year
_LAST_YEAR: Final = date.fromordinal(LAST_DAY).year


def _date_fault(value: object) -> _Fault | None:
    if not isinstance(value, date):
        return ("this is not a date.", "Give a date (or a date and time).")
    if not value.year <= _LAST_YEAR:  # put so that pandas' NaT, whose year is no number, is caught as well
        return ("the date lies beyond any case.", "Leave it out if it stands for 'no date'.")
    # The clocks have never been changed but in the small hours, and asking costs more than all the rest.
    if isinstance(value, datetime) and value.tzinfo is None and value.hour < 4 and not exists(value):
        return ("there was no such time: the clocks went forward.", "Give the time with its zone, or the date alone.")
    return None


def _is_sentinel(value: date) -> bool:
    """Whether a date is before 1901: the sector's systems write 1900-01-01 or 1899-12-30 for "missing"."""
    return value.year < _FIRST_YEAR


class Event:
    """One thing that happened, or is arranged.

    Args:
        name: which kind of thing, by the pack's word; spaces, underscores and hyphens are one.
        on: the date, or the date and time, on which it happened. A time without a zone is local (Europe/London); in
            the hour that comes twice in autumn it is the first.
        id: the record's own id; History makes one from the content where it is missing.
        recorded: when it was written down; None if the record does not say.
        details: what else the record says, by name. A date among them is kept as text (2024-03-28).
        about: the id of the event that this one belongs to.
        cancelled: the record says that it did not happen after all.
        origin: where the record stands (table, column, row), as a reader found it. It decides nothing, and is no part
            of the event's content.

    Raises:
        HistoryError: a field is unusable.
    """

    __slots__ = (
        "_details",
        "about",
        "cancelled",
        "clock",
        "day",
        "id",
        "key",
        "name",
        "on",
        "origin",
        "recorded",
        "recorded_clock",
        "recorded_day",
    )

    def __init__(
        self,
        name: str,
        on: date | datetime,
        *,
        id: str | None = None,
        recorded: date | datetime | None = None,
        details: Mapping[str, Detail] | None = None,
        about: str | None = None,
        cancelled: bool = False,
        origin: object = None,
    ) -> None:
        problems: list[HistoryProblem] = []
        where = f'event "{id}"' if isinstance(id, str) and id else "an event without an id"

        def wrong(field: str, message: str, way_out: str = "") -> None:
            problems.append(HistoryProblem(where, field, message, way_out))

        if not isinstance(name, str) or not fold(name):
            wrong("name", "there is no name.", "Give the pack's word for what happened.")
        for field, text in (("id", id), ("about", about)):
            if text is not None and (not isinstance(text, str) or not text):
                wrong(field, "this is not an id.", "Give a text that is not empty, or leave it out.")
        fault = _date_fault(on)
        if fault:
            wrong("on", *fault)
        if recorded is not None:
            fault = _date_fault(recorded)
            if fault:
                wrong("recorded", *fault)
            elif _is_sentinel(recorded):
                recorded = None
        kept = _folded_details(details, wrong)
        if not isinstance(cancelled, bool):
            wrong("cancelled", "this is neither yes nor no.", "Give True or False, or leave it out.")
        if problems:
            raise HistoryError(problems)
        self.name = name
        self.key = fold(name)
        self.on = _unfolded(on) if isinstance(on, datetime) else on
        self.id = id or ""
        self.recorded = _unfolded(recorded) if isinstance(recorded, datetime) else recorded
        # Most events carry none, and a caseload has millions of them.
        self._details = kept or None
        self.about = about
        self.cancelled = cancelled
        self.origin = origin
        self.clock: int | None = None
        self.recorded_clock: int | None = None
        # The day an event counts as recorded on: without a record of it, when it happened.
        if isinstance(on, datetime) and not _is_sentinel(on):
            self.clock = instant(_unfolded(on))
            self.day = on.toordinal() if on.tzinfo is None else day_of(self.clock)
        else:
            self.day = on.toordinal()
        if self.recorded is None:
            self.recorded_day, self.recorded_clock = self.day, self.clock
        elif isinstance(self.recorded, datetime):
            self.recorded_clock = instant(self.recorded)
            self.recorded_day = day_of(self.recorded_clock)
        else:
            self.recorded_day = self.recorded.toordinal()

    @classmethod
    def trusted(
        cls,
        name: str,
        key: str,
        on: date,
        day: int,
        id: str,
        details: dict[str, Detail] | None,
        about: str | None,
        origin: object,
    ) -> Event:
        """An event on a day, from values that a reader has already looked at, column by column: a caseload has
        millions. The details are kept as they are given, by folded name.
        """
        event = cls.__new__(cls)
        event.name = name
        event.key = key
        event.on = on
        event.id = id
        event.recorded = None
        event._details = details
        event.about = about
        event.cancelled = False
        event.origin = origin
        event.clock = event.recorded_clock = None
        event.day = event.recorded_day = day
        return event

    @property
    def details(self) -> Mapping[str, Detail]:
        """What else the record says, by folded name."""
        return self._details or {}

    @property
    def undated(self) -> bool:
        """Whether the date is a sentinel that stands for a missing one (before 1901)."""
        return self.day < FIRST_DAY

    @property
    def order(self) -> tuple[int, int, str, str]:
        """The order in which events are read, whatever order they came in."""
        return (self.day, -1 if self.clock is None else self.clock, self.key, self.id)

    @property
    def planned(self) -> bool:
        """Whether it was written down before it happened: an arrangement."""
        if self.recorded_clock is None or self.clock is None:
            return self.recorded_day < self.day
        return self.recorded_clock < self.clock

    @property
    def content(self) -> str:
        """All that the record says but its id, as one text: equal for equal records only (`True` is not `1`)."""
        recorded = None if self.recorded is None else self.recorded.isoformat()
        held = sorted(self.details.items()) if self.details else None
        return repr((self.key, self.on.isoformat(), recorded, held, self.about, self.cancelled))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Event) and self.id == other.id and self.content == other.content

    def __hash__(self) -> int:
        return hash((self.id, self.key, self.day))

    def __repr__(self) -> str:
        # A record's values stay out of logs and tracebacks.
        return f"Event(id={self.id!r})"

    def to_dict(self) -> dict[str, Any]:
        """The event as plain data for JSON: names as they are compared, dates in ISO form, empty fields left out."""
        data: dict[str, Any] = {"id": self.id, "name": self.key, "on": self.on.isoformat()}
        if self.recorded is not None:
            data["recorded"] = self.recorded.isoformat()
        if self.details:
            data["details"] = dict(sorted(self.details.items()))
        if self.about is not None:
            data["about"] = self.about
        if self.cancelled:
            data["cancelled"] = True
        return data

    @classmethod
    def from_dict(cls, data: object, where: str = "event") -> Event:
        """Read one event from plain data.

        Raises:
            HistoryError: every problem of the event.
        """
        if not isinstance(data, Mapping):
            raise HistoryError([HistoryProblem(where, "event", "this is not an event.", "Give its fields by name.")])
        where = f'event "{data["id"]}"' if isinstance(data.get("id"), str) and data["id"] else where
        problems = _field_problems(data, _FIELDS, where, "events")
        given: dict[str, Any] = {name: data[name] for name in _FIELDS if name in data}
        # A field of which the trouble is already told stands in as something harmless, so that the others are still
        # looked at.
        harmless = {"name": "unnamed", "on": date.fromordinal(FIRST_DAY)}
        for field in harmless:
            if given.get(field) in (None, ""):
                problems.append(HistoryProblem(where, field, "it is missing.", "Every event has a name and a date."))
                given[field] = harmless[field]
        for field in ("on", "recorded"):
            text = given.get(field)
            if isinstance(text, str):
                given[field] = parse_date(text)
                if text and given[field] is None:
                    problems.append(
                        HistoryProblem(where, field, "this is not a date.", "Write 2024-03-28, or 2024-03-28T14:30.")
                    )
                    given[field] = harmless.get(field)
        try:
            event = cls(**given)
        except HistoryError as error:
            problems += [HistoryProblem(where, found.field, found.message, found.way_out) for found in error.problems]
        if problems:
            raise HistoryError(sorted(problems, key=lambda problem: _FIELD_ORDER.get(problem.field, 0)))
        return event


_FIELDS = ("id", "name", "on", "recorded", "details", "about", "cancelled")
_FIELD_ORDER = {field: place for place, field in enumerate(_FIELDS, start=1)}
_DATE = re.compile(
    r"\d{4}-\d\d-\d\d(?P<time>[T ]([01]\d|2[0-3]):[0-5]\d(:[0-5]\d([.,]\d{1,6})?)?(Z|[+-]\d\d:?\d\d)?)?", re.ASCII
)


def parse_date(text: str) -> date | datetime | None:
    """A date, or a date and time, from ISO text; None if it is neither. A date without a time stays a date."""
    form = _DATE.fullmatch(text)
    if form is None:
        return None
    try:
        return datetime.fromisoformat(text) if form["time"] else date.fromisoformat(text)
    except ValueError:
        return None


class _Doubled(dict[str, Any]):
    """A map of which the JSON text gives a name twice."""


def _no_doubles(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    return found if len(found) == len(pairs) else _Doubled(found)


def _field_problems(data: Mapping[Any, Any], fields: Sequence[str], where: str, whose: str) -> list[HistoryProblem]:
    """Fields that are not known, or given twice."""
    known = f"Fields: {', '.join(fields)}."
    problems = [
        HistoryProblem(where, "a field", f"one field has a name that {whose} do not have.", known)
        for name in data
        if name not in fields
    ]
    if isinstance(data, _Doubled):
        problems.append(HistoryProblem(where, "a field", "one field is given twice.", "Keep one."))
    return problems


def _folded_details(
    details: object, wrong: Callable[[str, str, str], None], field: str = "details"
) -> dict[str, Detail]:
    """Details by folded name, as JSON can hold them, or a word on what is wrong with them."""
    if details is None:
        return {}
    if not isinstance(details, Mapping):
        wrong(field, "these are not details by name.", "Give names with values.")
        return {}
    if isinstance(details, _Doubled):
        wrong(field, "one is given twice.", "Keep one.")
    kept: dict[str, Detail] = {}
    for name, value in details.items():
        key = fold(name) if isinstance(name, str) else ""
        if not key:
            wrong(field, "one has no name.", "Give each detail a name.")
        elif key in kept:
            wrong(field, "one is given twice.", "Spaces, underscores and hyphens are one thing; keep one.")
        elif type(value) is str or value is None:
            kept[key] = value
        elif not isinstance(value, str | int | float | date):
            wrong(field, "one is not a single value.", "Give yes or no, a number, a date or a text.")
        elif isinstance(value, int | float) and not abs(value) <= _LARGEST:  # put so that NaN is caught as well
            wrong(field, "one is no number to count with.", "Give an ordinary number, or leave it out.")
        else:
            kept[key] = _plain(value)
    return kept


_LARGEST: Final = 1e15


def _plain(value: str | bool | int | float | date) -> Detail:
    """The value as JSON gives it back: dates as text, and no subclass of a plain type."""
    if isinstance(value, bool):
        return value
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, str):
        return str.__str__(value)
    return int(value) if isinstance(value, int) else float(value)


class Span(NamedTuple):
    """One stretch of a period: from its start to its end, both days inside; `end` None while it is open."""

    start: int
    end: int | None
    start_event: Event | None
    end_event: Event | None = None

    def holds(self, day: int) -> bool:
        """Whether the day lies in the span."""
        return self.start <= day and (self.end is None or day <= self.end)


class Acts:
    """Events in order, with their days beside them for look-up.

    `plain` says that no event carries a time or names another event, so that days alone decide.
    """

    __slots__ = ("days", "events", "plain")

    def __init__(self, events: Sequence[Event], days: list[int] | None = None, plain: bool | None = None) -> None:
        self.events = events
        self.days = [event.day for event in events] if days is None else days
        if plain is None:
            plain = not any(event.clock is not None or event.about is not None for event in events)
        self.plain = plain


NO_ACTS: Final = Acts(())


class Known:
    """A history as it was known on a day: what had happened, and what was arranged."""

    __slots__ = ("_acts", "arranged", "happened", "history")

    def __init__(
        self,
        history: History,
        happened: Mapping[str, list[Event]],
        arranged: Mapping[str, list[Event]],
        acts: dict[str, Acts] | None = None,
    ) -> None:
        self.history = history
        self.happened = happened
        self.arranged = arranged
        self._acts: dict[str, Acts] = {} if acts is None else acts

    def acts(self, key: str) -> Acts:
        """What happened under one (folded) name, in order."""
        found = self._acts.get(key)
        if found is None:
            events = self.happened.get(key)
            found = self._acts[key] = Acts(events) if events else NO_ACTS
        return found


class History:
    """One subject's events.

    Args:
        subject: whose history it is, by an id; never a name.
        events: in any order. Of several records with one id the last recorded stands.
        born: the date of birth, if known. A sentinel (before 1901) counts as unknown.
        kind: the kind of subject: child, foster carer, worker, allegation, agency, household.
        facts: what holds of the subject throughout, by name.

    Raises:
        HistoryError: with every problem found.
    """

    __slots__ = (
        "_events",
        "_full",
        "_last",
        "_simple",
        "born",
        "checked",
        "detailed",
        "facts",
        "kind",
        "names",
        "set_aside",
        "subject",
    )

    def __init__(
        self,
        subject: str,
        events: Iterable[Event] = (),
        *,
        born: date | None = None,
        kind: str = "child",
        facts: Mapping[str, Detail] | None = None,
    ) -> None:
        problems: list[HistoryProblem] = []

        def wrong(field: str, message: str, way_out: str = "") -> None:
            problems.append(HistoryProblem("history", field, message, way_out))

        if not isinstance(subject, str) or not subject.strip():
            wrong("subject", "there is no subject.", "Give an id as text, never a name.")
        if not isinstance(kind, str) or not fold(kind):
            wrong("kind", "there is no kind of subject.", "Say child, foster carer, worker …")
        day = born.date() if isinstance(born, datetime) and born == born and born.tzinfo is None else born
        fault = None if day is None else _date_fault(day)
        if fault:
            wrong("born", *fault)
        if isinstance(events, str | bytes | Mapping | Event) or not isinstance(events, Iterable):
            wrong("events", "this is not a list.", "Give a list of events.")
            events = ()
        given: list[Event] = list(islice(events, MOST_EVENTS + 1))
        if len(given) > MOST_EVENTS:
            wrong("events", f"there are more than {MOST_EVENTS:,} events.", "Give one subject's history at a time.")
            given = []
        for place, event in enumerate(given, start=1):
            if not isinstance(event, Event):
                problems.append(
                    HistoryProblem(f"event {place}", "event", "this is not an Event.", "Build it with Event(…).")
                )
        problems.extend(_mixed_clocks(given))
        self.facts = _folded_details(facts, wrong, "facts")
        named, versions = _in_order([event for event in given if isinstance(event, Event)])
        problems.extend(_duplicate_ids(versions))
        if problems:
            raise HistoryError(problems)
        self.subject = subject
        self.kind = fold(kind)
        self.born = None if day is None or _is_sentinel(day) else date.fromordinal(as_moment(day).day)
        self._events: tuple[Event, ...] | None = tuple(named)
        #: Events whose date stands for "missing": kept, named in every evaluation, never judged.
        self.set_aside: tuple[Event, ...] = tuple(event for event in named if event.undated)
        dated = [event for event in named if not event.undated] if self.set_aside else named
        # The common history has one record an id and no arrangement or cancellation: then only the day decides what is
        # known.
        self._simple = not versions
        self._last = 0
        detailed: list[Event] = []
        groups: defaultdict[str, list[Event]] = defaultdict(list)
        days: defaultdict[str, list[int]] = defaultdict(list)
        clocked: set[str] = set()
        # One pass: a long history does not fit into the processor's cache, and each further one costs.
        for event in dated:
            key, on = event.key, event.day
            groups[key].append(event)
            days[key].append(on)
            if event.clock is not None or event.about is not None:
                clocked.add(key)
            if event._details:
                detailed.append(event)
            self._last = max(self._last, on, event.recorded_day)
            # Without a record of when, it was recorded when it happened.
            if event.cancelled or (event.recorded is not None and event.planned):
                self._simple = False
        for event in self.set_aside:
            groups[event.key]  # named, never judged
        #: The names that occur, and the events that carry details: what a check against a pack looks at.
        self.names: frozenset[str] = frozenset(groups)
        self.detailed: tuple[Event, ...] = (*(event for event in self.set_aside if event.details), *detailed)
        self._full: Known | None = None
        if self._simple:
            acts = {key: Acts(found, days[key], key not in clocked) for key, found in groups.items() if found}
            self._full = Known(self, groups, {}, acts)
        #: What `check_history` found, by what it was put to: a history never changes, so it is checked once.
        self.checked: dict[tuple[str, str], tuple[HistoryProblem, ...]] = {}

    @classmethod
    def of_groups(
        cls,
        subject: str,
        groups: Mapping[str, tuple[list[Event], list[int], bool]],
        *,
        born: date | None,
        kind: str,
        facts: Mapping[str, Detail],
    ) -> History:
        """A history from events that a reader has already looked at and put in order (see `Event.trusted`): a caseload
        has millions.

        Args:
            subject: whose history it is.
            groups: by folded name, the events in reading order, their days, and whether none of them names another.
                Every event has an id of its own.
            born: the date of birth, if known.
            kind: the kind of subject.
            facts: what holds of the subject throughout.

        Raises:
            HistoryError: the subject, its birth, its kind or a fact is unusable.
        """
        history = cls(subject, born=born, kind=kind, facts=facts)
        if not groups:
            return history
        history._events = None
        history.names = frozenset(groups)
        history._last = max(days[-1] for _, days, _ in groups.values())
        history.detailed = tuple(event for events, _, _ in groups.values() for event in events if event._details)
        acts = {key: Acts(events, days, plain) for key, (events, days, plain) in groups.items()}
        happened = {key: events for key, (events, _, _) in groups.items()}
        history._full = Known(history, happened, {}, acts)
        return history

    def let_go(self) -> None:
        """Forget what was worked out, so that nothing here refers back to the history, and it goes when its last user
        does: a caseload has too many to wait for the collector.
        """
        self._full = None

    @property
    def events(self) -> tuple[Event, ...]:
        """Every event in reading order."""
        if self._events is None:
            assert self._full is not None
            every = [event for events in self._full.happened.values() for event in events]
            self._events = tuple(sorted(every, key=attrgetter("order")))
        return self._events

    def known(self, as_of: Moment, known_at: Moment) -> Known:
        """The history as of one moment, from what had been recorded by another."""
        latest = self._last
        if self._full is not None and _covers(as_of, latest) and _covers(known_at, latest):
            return self._full
        happened, arranged = [], []
        for event in self._standing(known_at):
            if as_of.reaches(event.day, event.clock):
                happened.append(event)
            elif event.planned:
                arranged.append(event)
        return self._view(happened, arranged)

    def final_moment(self) -> Moment:
        """The last day on which anything happened or was recorded."""
        return Moment(self._last)

    def final(self) -> Known:
        """The history as its whole record gives it at last."""
        return self.known(self.final_moment(), self.final_moment())

    def _standing(self, known_at: Moment) -> list[Event]:
        """The records that stand at a moment: of several with one id the last recorded, unless it cancels."""
        dated = (event for event in self.events if not event.undated) if self.set_aside else self.events
        seen = [event for event in dated if known_at.reaches(event.recorded_day, event.recorded_clock)]
        if self._simple:
            return seen
        latest: dict[str, Event] = {}
        for event in seen:
            other = latest.get(event.id)
            if other is None or _recorded_order(event) > _recorded_order(other):
                latest[event.id] = event
        return [event for event in seen if latest[event.id] is event and not event.cancelled]

    def _view(self, happened: Iterable[Event], arranged: Iterable[Event]) -> Known:
        return Known(self, _grouped(happened), _grouped(arranged))

    @property
    def corrected(self) -> bool:
        """Whether any id has several records, or a record is cancelled or an arrangement."""
        return not self._simple

    def __eq__(self, other: object) -> bool:
        return (
            isinstance(other, History)
            and (self.subject, self.kind, self.born) == (other.subject, other.kind, other.born)
            and repr(sorted(self.facts.items())) == repr(sorted(other.facts.items()))
            and self.events == other.events
        )

    def __hash__(self) -> int:
        return hash((self.subject, self.kind, self.events))

    def __repr__(self) -> str:
        return f"History({len(self.events)} events)"

    def to_dict(self) -> dict[str, Any]:
        """The history as plain data for JSON; equal histories give equal data, whatever the order they came in."""
        data: dict[str, Any] = {"subject": self.subject, "kind": self.kind}
        if self.born is not None:
            data["born"] = self.born.isoformat()
        if self.facts:
            data["facts"] = dict(sorted(self.facts.items()))
        data["events"] = [event.to_dict() for event in self.events]
        return data

    def to_json(self) -> str:
        """The history as JSON text."""
        return json.dumps(self.to_dict(), ensure_ascii=False, indent=2)

    @classmethod
    def from_dict(cls, data: object) -> History:
        """Read a history from plain data.

        Raises:
            HistoryError: with every problem of every event.
        """
        if not isinstance(data, Mapping):
            raise HistoryError(
                [HistoryProblem("history", "history", "this is not a history.", "Give its fields by name.")]
            )
        problems = _field_problems(data, ("subject", "kind", "born", "facts", "events"), "history", "histories")
        if "subject" not in data:
            problems.append(HistoryProblem("history", "subject", "it is missing.", "Give an id as text, never a name."))
        born = data.get("born")
        if isinstance(born, str):
            read = parse_date(born)
            if born and read is None:
                problems.append(HistoryProblem("history", "born", "this is not a date.", "Write 2015-03-02."))
            born = read
        listed = data.get("events", [])
        if not isinstance(listed, list | tuple):
            problems.append(HistoryProblem("history", "events", "this is not a list.", "Give a list of events."))
            listed = []
        # Of far too many events none is read: `History` says that there are too many.
        bad: list[HistoryProblem] = []
        events: list[Event] = []
        for place, item in enumerate(listed if len(listed) <= MOST_EVENTS else (), start=1):
            try:
                events.append(item if isinstance(item, Event) else Event.from_dict(item, f"event {place}"))
            except HistoryError as error:
                bad.extend(error.problems)
        try:
            history = cls(
                data.get("subject", "unknown"),  # its absence is already said
                events if len(listed) <= MOST_EVENTS else listed,
                born=born,
                kind=data.get("kind", "child"),
                facts=data.get("facts"),
            )
        except HistoryError as error:
            problems.extend(error.problems)
        problems += bad
        if problems:
            raise HistoryError(problems)
        return history

    @classmethod
    def from_json(cls, text: str) -> History:
        """Read a history from JSON text.

        Raises:
            HistoryError: the text is not JSON, or not a history.
        """
        place = ""
        try:
            data = json.loads(text, object_pairs_hook=_no_doubles, parse_constant=_no_constant)
        except json.JSONDecodeError as error:
            place = f"line {error.lineno}"
        except (ValueError, TypeError, RecursionError):
            place = "somewhere"
        # Raised out here, so that the error carries no trace of the text.
        if place:
            raise HistoryError(
                [HistoryProblem("history", place, "this is not JSON.", "A comma, a quote or a bracket is amiss there.")]
            )
        return cls.from_dict(data)


def _no_constant(name: str) -> Any:
    raise ValueError  # NaN and Infinity are no JSON


def _covers(moment: Moment, day: int) -> bool:
    """Whether a moment lies at or after the end of a day."""
    return day < moment.day or (day == moment.day and moment.clock is None)


def _recorded_order(event: Event) -> tuple[int, int]:
    return (event.recorded_day, -1 if event.recorded_clock is None else event.recorded_clock)


def _grouped(events: Iterable[Event]) -> dict[str, list[Event]]:
    groups: defaultdict[str, list[Event]] = defaultdict(list)
    for event in events:
        groups[event.key].append(event)
    return groups


def _mixed_clocks(events: Sequence[Event]) -> list[HistoryProblem]:
    """Times with a zone beside times without one: nobody can say which is which."""
    first: dict[bool, tuple[str, str]] = {}
    for place, event in enumerate(events, start=1):
        if not isinstance(event, Event) or (event.clock is None and event.recorded_clock is None) or event.undated:
            continue
        for field, value in (("on", event.on), ("recorded", event.recorded)):
            if isinstance(value, datetime):
                first.setdefault(
                    value.tzinfo is not None, (f'event "{event.id}"' if event.id else f"event {place}", field)
                )
    if len(first) < 2:
        return []
    where, field = first[False]
    return [
        HistoryProblem(
            where,
            field,
            f"its time has no zone, but that of {first[True][0]} has one.",
            "Give every time with its zone, or every time as local time.",
        )
    ]


def _in_order(events: list[Event]) -> tuple[list[Event], dict[str, list[Event]]]:
    """The events in reading order, each with an id, and the records of every id that has more than one."""
    ids = {event.id for event in events}
    if len(ids) == len(events) and "" not in ids:
        return _sorted(events), {}
    named = _with_ids(events)
    versions: dict[str, list[Event]] = {}
    for event in named:
        versions.setdefault(event.id, []).append(event)
    return named, {id: found for id, found in versions.items() if len(found) > 1}


def _sorted(events: list[Event]) -> list[Event]:
    """Events of different ids in reading order: by day, and only within a day by what else decides."""
    found = sorted(events, key=attrgetter("day"))
    days = [event.day for event in found]
    if len(set(days)) < len(days):
        first = 0
        for _, same in groupby(days):
            last = first + sum(1 for _ in same)
            if last - first > 1:
                found[first:last] = sorted(found[first:last], key=attrgetter("order"))
            first = last
    return found


def _with_ids(events: list[Event]) -> list[Event]:
    """The events in reading order, each with an id, and a record that is given twice kept once.

    Where the record has no id, one is made from its content: the same whatever else the history holds, so that a late
    record renames nothing, and opaque, so that messages may name it. Two nameless records that say the same are two
    events.
    """
    named: list[Event] = []
    seen: dict[str, Event] = {}
    said: dict[str, set[str]] = {}
    blank: list[tuple[str, Event]] = []
    for event in events:
        if not event.id:
            blank.append((event.content, event))
            continue
        if event.id in seen:
            contents = said.setdefault(event.id, {seen[event.id].content})
            if event.content in contents:
                continue
            contents.add(event.content)
        seen.setdefault(event.id, event)
        named.append(event)
    made: dict[str, int] = {}
    for content, event in sorted(blank, key=lambda item: item[0]):
        stem = f"no-id-{hashlib.sha256(content.encode()).hexdigest()[:12]}"
        made[stem] = number = made.get(stem, 0) + 1
        copy = _copy(event)
        copy.id = stem if number == 1 else f"{stem}-{number}"
        named.append(copy)
    named.sort(key=lambda event: (*event.order, *_recorded_order(event)))
    return named


def _copy(event: Event) -> Event:
    copy = Event.__new__(Event)
    for slot in Event.__slots__:
        setattr(copy, slot, getattr(event, slot))
    return copy


def _duplicate_ids(versions: Mapping[str, Sequence[Event]]) -> list[HistoryProblem]:
    """Several records of one id are corrections, if they are of one kind and it can be told which was recorded last."""
    problems = []
    for id, found in versions.items():
        if any(event.key != found[0].key for event in found):
            problems.append(
                HistoryProblem(
                    f'event "{id}"', "id", "records of two different kinds have this id.", "Give each event its own id."
                )
            )
        elif sum(event.recorded is None for event in found) > 1:
            problems.append(
                HistoryProblem(
                    f'event "{id}"',
                    "id",
                    "two different records have this id, and neither says when it was recorded.",
                    "Give each event its own id, or each correction the time it was recorded.",
                )
            )
        elif len({_recorded_order(event) for event in found}) < len(found):
            problems.append(
                HistoryProblem(
                    f'event "{id}"',
                    "id",
                    "two different records have this id and were recorded at the same time.",
                    "Give each event its own id, or each correction the time it was recorded.",
                )
            )
    return problems
