"""What happened, and what was known when: events, histories, and a history as it was known on a day.

Children's records pass through here. No message of this module repeats a value of a record: it names the event's id
(or its place in the list), the field, and what is wrong.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any, Final

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


@dataclass(frozen=True, slots=True, order=True)
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
        seconds = instant(value)
        return Moment(day_of(seconds), seconds)
    return Moment(value.toordinal())


# What is wrong with a date, as (message, way out); None where it is usable.
_Fault = tuple[str, str]


def _date_fault(value: object) -> _Fault | None:
    if not isinstance(value, date):
        return ("this is not a date.", "Give a date (or a date and time).")
    if value.year > date.fromordinal(LAST_DAY).year:
        return ("the date lies beyond any case.", "Leave it out if it stands for 'no date'.")
    if isinstance(value, datetime) and value.tzinfo is None and value.year > 1 and not exists(value):
        return ("there was no such time: the clocks went forward.", "Give the time with its zone, or the date alone.")
    return None


def _is_sentinel(value: date | None) -> bool:
    """Whether a date is before 1901: the sector's systems write 1900-01-01 or 1899-12-30 for "missing"."""
    return value is not None and date(value.year, value.month, value.day).toordinal() < FIRST_DAY


class Event:
    """One thing that happened, or is arranged.

    Args:
        name: which kind of thing, by the pack's word; spaces, underscores and hyphens are one.
        on: the date, or the date and time, on which it happened. A time without a zone is local (Europe/London).
        id: the record's own id; History gives one where it is missing.
        recorded: when it was written down; None if the record does not say.
        details: what else the record says, by name.
        about: the id of the event that this one belongs to.
        cancelled: the record says that it did not happen after all.

    Raises:
        HistoryError: a field is unusable.
    """

    __slots__ = (
        "about",
        "cancelled",
        "clock",
        "day",
        "details",
        "id",
        "key",
        "name",
        "on",
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
    ) -> None:
        problems: list[HistoryProblem] = []
        where = f'event "{id}"' if isinstance(id, str) and id else "an event without an id"

        def wrong(field: str, message: str, way_out: str = "") -> None:
            problems.append(HistoryProblem(where, field, message, way_out))

        if not isinstance(name, str) or not name.strip():
            wrong("name", "there is no name.", "Give the pack's word for what happened.")
        for field, text in (("id", id), ("about", about)):
            if text is not None and (not isinstance(text, str) or not text):
                wrong(field, "this is not an id.", "Give a text that is not empty, or leave it out.")
        if not isinstance(cancelled, bool):
            wrong("cancelled", "this is neither yes nor no.")
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
        if problems:
            raise HistoryError(problems)
        self.name = name
        self.key = fold(name)
        self.on = on
        self.id = id or ""
        self.recorded = recorded
        self.details = kept
        self.about = about
        self.cancelled = cancelled
        self.clock: int | None = None
        self.recorded_clock: int | None = None
        # The day an event counts as recorded on: without a record of it, when it happened.
        if isinstance(on, datetime) and not _is_sentinel(on):
            self.clock = instant(on)
            self.day = day_of(self.clock)
        else:
            self.day = on.toordinal()
        if recorded is None:
            self.recorded_day, self.recorded_clock = self.day, self.clock
        elif isinstance(recorded, datetime):
            self.recorded_clock = instant(recorded)
            self.recorded_day = day_of(self.recorded_clock)
        else:
            self.recorded_day = recorded.toordinal()

    @property
    def undated(self) -> bool:
        """Whether the date is a sentinel that stands for a missing one (before 1901)."""
        return self.day < FIRST_DAY

    @property
    def order(self) -> tuple[int, int, str, str]:
        """The order in which events are read, whatever order they came in."""
        return (self.day, -1 if self.clock is None else self.clock, self.key, self.id)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Event) and self.to_dict() == other.to_dict()

    def __hash__(self) -> int:
        return hash((self.id, self.key, self.day, self.clock))

    def __repr__(self) -> str:
        # A record's values stay out of logs and tracebacks.
        return f"Event(id={self.id!r})"

    def to_dict(self) -> dict[str, Any]:
        """The event as plain data for JSON: names as they are compared, dates in ISO form, empty fields left out."""
        data: dict[str, Any] = {"id": self.id, "name": self.key, "on": self.on.isoformat()}
        if self.recorded is not None:
            data["recorded"] = self.recorded.isoformat()
        if self.details:
            data["details"] = {name: _plain(value) for name, value in sorted(self.details.items())}
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
        where = f'event "{data["id"]}"' if isinstance(data.get("id"), str) and data.get("id") else where
        problems = [
            HistoryProblem(
                where, "a field", "one field has a name that events do not have.", f"Fields: {', '.join(_FIELDS)}."
            )
            for name in data
            if name not in _FIELDS
        ]
        given: dict[str, Any] = {name: data[name] for name in _FIELDS if name in data}
        for field in ("name", "on"):
            if given.get(field) in (None, ""):
                problems.append(HistoryProblem(where, field, "it is missing.", "Every event has a name and a date."))
        for field in ("on", "recorded"):
            if isinstance(given.get(field), str):
                given[field] = _parse(given[field]) if given[field] else None
                if given[field] is _UNREAD:
                    problems.append(
                        HistoryProblem(where, field, "this is not a date.", "Write 2024-03-28, or 2024-03-28T14:30.")
                    )
                    given[field] = None
        if problems and (given.get("on") is None or given.get("name") in (None, "")):
            raise HistoryError(problems)
        try:
            event = cls(**{"name": "", "on": None, **given})
        except HistoryError as error:
            raise HistoryError(
                [*problems, *(HistoryProblem(where, p.field, p.message, p.way_out) for p in error.problems)]
            ) from None
        if problems:
            raise HistoryError(problems)
        return event


_FIELDS = ("id", "name", "on", "recorded", "details", "about", "cancelled")
_UNREAD: Any = object()


def _parse(text: str) -> Any:
    """An ISO date or time; `_UNREAD` if it is neither."""
    try:
        return date.fromisoformat(text) if len(text) == 10 else datetime.fromisoformat(text)
    except ValueError:
        return _UNREAD


def _plain(value: Detail) -> str | bool | int | float | None:
    return value.isoformat() if isinstance(value, date) else value


def _folded_details(details: object, wrong: Callable[[str, str, str], None]) -> dict[str, Detail]:
    """Details by folded name, or a word on what is wrong with them."""
    if details is None:
        return {}
    if not isinstance(details, Mapping):
        wrong("details", "these are not details by name.", "Give names with values.")
        return {}
    kept: dict[str, Detail] = {}
    for name, value in details.items():
        if not isinstance(name, str) or not name.strip():
            wrong("details", "one has no name.", "Give each detail a name.")
        elif not isinstance(value, str | bool | int | float | date | None):
            wrong("details", "one is not a single value.", "Give yes or no, a number, a date or a text.")
        elif fold(name) in kept:
            wrong("details", "one is given twice.", "Spaces, underscores and hyphens are one thing; keep one.")
        else:
            kept[fold(name)] = value
    return kept


@dataclass(frozen=True, slots=True)
class Span:
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

    def __init__(self, events: Sequence[Event]) -> None:
        self.events = events
        self.days = [event.day for event in events]
        self.plain = all(event.clock is None and event.about is None for event in events)


NO_ACTS: Final = Acts(())


class Known:
    """A history as it was known on a day: what had happened, and what was arranged."""

    __slots__ = ("_acts", "_memo", "arranged", "happened", "history")

    def __init__(
        self, history: History, happened: Mapping[str, list[Event]], arranged: Mapping[str, list[Event]]
    ) -> None:
        self.history = history
        self.happened = happened
        self.arranged = arranged
        self._acts: dict[str, Acts] = {}
        self._memo: dict[object, Any] = {}

    def acts(self, key: str) -> Acts:
        """What happened under one (folded) name, in order."""
        found = self._acts.get(key)
        if found is None:
            events = self.happened.get(key)
            found = self._acts[key] = Acts(events) if events else NO_ACTS
        return found

    def remember(self, key: object, make: Callable[[], Any]) -> Any:
        """What `make` gives, worked out once for this view."""
        if key not in self._memo:
            self._memo[key] = make()
        return self._memo[key]


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

    __slots__ = ("_all", "_full", "_last", "_simple", "born", "events", "facts", "kind", "set_aside", "subject")

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
        if not isinstance(kind, str) or not kind.strip():
            wrong("kind", "there is no kind of subject.", "Say child, foster carer, worker …")
        fault = None if born is None else _date_fault(born)
        if fault:
            wrong("born", *fault)
            born = None
        if isinstance(born, datetime):
            born = born.date()
        given = list(events)
        if len(given) > MOST_EVENTS:
            wrong("events", f"there are more than {MOST_EVENTS:,} events.", "Give one subject's history at a time.")
            given = []
        for place, event in enumerate(given, start=1):
            if not isinstance(event, Event):
                problems.append(
                    HistoryProblem(f"event {place}", "event", "this is not an Event.", "Build it with Event(…).")
                )
        given = [event for event in given if isinstance(event, Event)]
        problems.extend(_mixed_clocks(given))
        self.facts = _folded_details(facts, wrong)
        named = _with_ids(given)
        problems.extend(_duplicate_ids(named))
        if problems:
            raise HistoryError(problems)
        self.subject = subject
        self.kind = fold(kind)
        self.born = None if _is_sentinel(born) else born
        #: Events whose date stands for "missing": kept, named in every evaluation, never judged.
        self.set_aside: tuple[Event, ...] = tuple(event for event in named if event.undated)
        self.events: tuple[Event, ...] = tuple(named)
        self._all = [event for event in named if not event.undated]
        ids = {event.id for event in self._all}
        # The common history has one record an id and no arrangement or cancellation: then only the day decides what is
        # known.
        self._simple = len(ids) == len(self._all) and not any(
            event.cancelled or event.recorded_day < event.day for event in self._all
        )
        self._last = max((max(event.day, event.recorded_day) for event in self._all), default=0)
        self._full: Known | None = None

    def known(self, as_of: Moment, known_at: Moment) -> Known:
        """The history as of one moment, from what had been recorded by another."""
        latest = self._last
        if self._simple and _covers(as_of, latest) and _covers(known_at, latest):
            if self._full is None:
                self._full = self._view(self._all, ())
            return self._full
        happened, arranged = [], []
        for event in self._standing(known_at):
            if as_of.reaches(event.day, event.clock):
                happened.append(event)
            elif event.recorded is not None:
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
        seen = [event for event in self._all if known_at.reaches(event.recorded_day, event.recorded_clock)]
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

    def first_recorded(self, event: Event, known_at: Moment) -> Event:
        """The first record of an event's id that says when it was recorded, of those known by then."""
        same = [
            other
            for other in self._all
            if other.id == event.id
            and other.recorded is not None
            and known_at.reaches(other.recorded_day, other.recorded_clock)
        ]
        return min(same, key=_recorded_order, default=event)

    @property
    def corrected(self) -> bool:
        """Whether any id has several records, or a record is cancelled or an arrangement."""
        return not self._simple

    def __eq__(self, other: object) -> bool:
        return isinstance(other, History) and self.to_dict() == other.to_dict()

    def __hash__(self) -> int:
        return hash((self.subject, self.kind, len(self.events)))

    def __repr__(self) -> str:
        return f"History({len(self.events)} events)"

    def to_dict(self) -> dict[str, Any]:
        """The history as plain data for JSON; equal histories give equal data, whatever the order they came in."""
        data: dict[str, Any] = {"subject": self.subject, "kind": self.kind}
        if self.born is not None:
            data["born"] = self.born.isoformat()
        if self.facts:
            data["facts"] = {name: _plain(value) for name, value in sorted(self.facts.items())}
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
        problems: list[HistoryProblem] = []
        if not isinstance(data, Mapping):
            raise HistoryError(
                [HistoryProblem("history", "history", "this is not a history.", "Give its fields by name.")]
            )
        for name in data:
            if name not in ("subject", "kind", "born", "facts", "events"):
                problems.append(
                    HistoryProblem(
                        "history",
                        "a field",
                        "one field has a name that histories do not have.",
                        "Fields: subject, kind, born, facts, events.",
                    )
                )
        if "subject" not in data:
            problems.append(HistoryProblem("history", "subject", "it is missing.", "Give an id as text, never a name."))
        born = data.get("born")
        if isinstance(born, str):
            born = _parse(born) if born else None
            if born is _UNREAD:
                problems.append(HistoryProblem("history", "born", "this is not a date.", "Write 2015-03-02."))
                born = None
        listed = data.get("events", [])
        if not isinstance(listed, list | tuple):
            problems.append(HistoryProblem("history", "events", "this is not a list.", "Give a list of events."))
            listed = []
        events: list[Event] = []
        for place, item in enumerate(listed, start=1):
            try:
                events.append(item if isinstance(item, Event) else Event.from_dict(item, f"event {place}"))
            except HistoryError as error:
                problems.extend(error.problems)
        try:
            history = cls(
                data.get("subject", "unknown"),  # its absence is already said
                events,
                born=born,
                kind=data.get("kind", "child"),
                facts=data.get("facts"),
            )
        except HistoryError as error:
            raise HistoryError([*problems, *error.problems]) from None
        if problems:
            raise HistoryError(problems)
        return history

    @classmethod
    def from_json(cls, text: str) -> History:
        """Read a history from JSON text.

        Raises:
            HistoryError: the text is not JSON, or not a history.
        """
        try:
            data = json.loads(text)
        except (ValueError, RecursionError) as error:
            place = f"line {error.lineno}" if isinstance(error, json.JSONDecodeError) else "somewhere"
            raise HistoryError(
                [HistoryProblem("history", place, "this is not JSON.", "A comma, a quote or a bracket is amiss there.")]
            ) from None
        return cls.from_dict(data)


def _covers(moment: Moment, day: int) -> bool:
    """Whether a moment lies at or after the end of a day."""
    return day < moment.day or (day == moment.day and moment.clock is None)


def _recorded_order(event: Event) -> tuple[int, int]:
    return (event.recorded_day, -1 if event.recorded_clock is None else event.recorded_clock)


def _grouped(events: Iterable[Event]) -> dict[str, list[Event]]:
    groups: dict[str, list[Event]] = {}
    for event in events:
        group = groups.get(event.key)
        if group is None:
            groups[event.key] = [event]
        else:
            group.append(event)
    return groups


def _mixed_clocks(events: Sequence[Event]) -> list[HistoryProblem]:
    """Times with a zone beside times without one: nobody can say which is which."""
    zones = {True: 0, False: 0}
    first: dict[bool, str] = {}
    for place, event in enumerate(events, start=1):
        for value in (event.on, event.recorded):
            if isinstance(value, datetime):
                aware = value.tzinfo is not None
                zones[aware] += 1
                first.setdefault(aware, f'event "{event.id}"' if event.id else f"event {place}")
    if zones[True] and zones[False]:
        return [
            HistoryProblem(
                first[False],
                "on",
                f"its time has no zone, but that of {first[True]} has one.",
                "Give every time with its zone, or every time as local time.",
            )
        ]
    return []


def _with_ids(events: list[Event]) -> list[Event]:
    """The events in reading order, each with an id: one is made from the name and its place in the series where none
    is given.
    """
    events.sort(key=lambda event: event.order)
    if all(event.id for event in events):
        return events
    taken = {event.id for event in events}
    # Among nameless records of one day the rest of the record decides, so that the order of input does not.
    blank = sorted(
        (e for e in events if not e.id), key=lambda e: (e.key, e.order, json.dumps(e.to_dict(), sort_keys=True))
    )
    counts: dict[str, int] = {}
    named = [event for event in events if event.id]
    for event in blank:
        while True:
            counts[event.key] = counts.get(event.key, 0) + 1
            made = f"{event.key.replace(' ', '-')}-{counts[event.key]}"
            if made not in taken:
                break
        taken.add(made)
        copy = _copy(event)
        copy.id = made
        named.append(copy)
    return sorted(named, key=lambda event: event.order)


def _copy(event: Event) -> Event:
    copy = Event.__new__(Event)
    for slot in Event.__slots__:
        setattr(copy, slot, getattr(event, slot))
    return copy


def _duplicate_ids(events: Sequence[Event]) -> list[HistoryProblem]:
    """Several records of one id are corrections, if it can be told which was recorded last."""
    problems = []
    seen: dict[str, dict[tuple[int, int], Event]] = {}
    for event in events:
        versions = seen.setdefault(event.id, {})
        other = versions.setdefault(_recorded_order(event), event)
        if other is not event and other != event:
            problems.append(
                HistoryProblem(
                    f'event "{event.id}"',
                    "id",
                    "two different records have this id and were recorded at the same time.",
                    "Give each event its own id, or each correction the time it was recorded.",
                )
            )
        elif other is not event:
            continue
        if any(version.key != event.key for version in versions.values()):
            problems.append(
                HistoryProblem(
                    f'event "{event.id}"',
                    "id",
                    "records of two different kinds have this id.",
                    "Give each event its own id.",
                )
            )
    return problems
