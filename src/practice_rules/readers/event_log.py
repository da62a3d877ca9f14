"""The event log: one row for each event, as an authority's analysts flatten their records, or as any query gives it.

| column | meaning |
|---|---|
| `subject` | whose event it is: an id, never a name |
| `event` (or `name`) | what happened, by the pack's word |
| `date` (or `on`) | when: 2024-03-28, or with a time 2024-03-28 14:30 |
| `time`, `recorded`, `id`, `about`, `cancelled` | as in a file of one history |
| `kind`, `born`, `fact: NAME` | what holds of the subject: on any of its rows |
| any other | a detail of the event |

Births and facts may stand in a second table with one row for each subject (`subject`, `born`, `kind`, `fact: NAME`);
any other column of it is a stratum to count by. A third table says who held a case (`subject`, `from`, `to`, `worker`,
`team`).

The log is read column by column with Arrow: a cell's text is looked at once, however often it occurs.
"""

from __future__ import annotations

import csv
import zlib
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from functools import reduce
from itertools import repeat
from operator import attrgetter
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from ..events import Detail, Event, History, HistoryError, fold
from ..records import (
    NO_VALUE,
    Allocation,
    Fault,
    Origin,
    Trouble,
    fault_of,
    named_event,
    read_day,
    read_moment,
    read_text,
    read_yes_or_no,
)
from ..standards import BIRTH
from ..tables import PARQUET, Row, Table, TableError, arrow, csv_encoding, read_parquet, table_of

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["EventLog", "LogChunk", "Person", "read_event_log"]

#: What a cell holds when the record has the field and nothing stands in it.
BLANK: Final = "(blank)"
_ALIASES: Final = {"name": "event", "on": "date", "child id": "subject", "person id": "subject"}
_OWN: Final = frozenset({"subject", "event", "date", "time", "recorded", "id", "about", "cancelled", "kind", "born"})
#: Rows that travel to a worker together; whole subjects always.
_CHUNK_ROWS: Final = 20_000
#: A larger file is first split by subject into parts that fit into memory.
_WHOLE_FILE: Final = 256_000_000


# --- people -----------------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class Person:
    """What a log says of a subject besides its events: as in `records.Subject`."""

    kind: str = "child"
    born: date | None = None
    facts: dict[str, Detail] = field(default_factory=dict)
    allocations: list[Allocation] = field(default_factory=list)


@dataclass(slots=True)
class LogChunk:
    """Some subjects' rows, ready to travel to another process.

    Attributes:
        table: what the rows are called in an origin.
        subjects: (id, number of rows, person or None), in order; their rows follow one another.
        columns: by name, one value for each row.
        words: the different (folded) event names.
        whens: the different dates and times.
        details: the different values of each detail.
    """

    table: str
    subjects: list[tuple[str, int, Person | None]]
    columns: dict[str, Any]
    words: list[str]
    whens: list[date | datetime]
    details: dict[str, list[Detail]]

    def histories(self) -> Iterator[tuple[str, History | None, Person, list[Fault]]]:
        """Each subject with its history (None where none can be made), and the records that were set aside."""
        given = {name: column.to_pylist() for name, column in self.columns.items()}
        size = len(given["row"])
        names, rows = given["event"], given["row"]
        ids = given.get("id") or [None] * size
        abouts = given.get("about") or [None] * size
        details: list[dict[str, Detail] | None] = [None] * size
        for key, values in self.details.items():
            for place, index in enumerate(given[f"detail {key}"]):
                if index is not None:
                    held = details[place]
                    if held is None:
                        details[place] = {key: values[index]}
                    else:
                        held[key] = values[index]
        days = [when.toordinal() for when in self.whens]
        row_days = [days[index] for index in given["date"]]
        row_whens = [self.whens[index] for index in given["date"]]
        plain = not any(isinstance(when, datetime) for when in self.whens)
        plain = plain and not {"recorded", "cancelled"} & given.keys()
        start = 0
        for subject, count, person in self.subjects:
            stop = start + count
            person = person or Person()
            faults: list[Fault] = []
            if plain:
                part = slice(start, stop)
                groups = self._groups(names[part], row_whens[part], row_days[part], ids[part], details[part],
                                      abouts[part], rows[part])  # fmt: skip
                own = set(ids[part])
                if len(own) == count and None not in own:
                    history = self._history(subject, person, groups, faults)
                else:
                    events = [event for found, _, _ in groups.values() for event in found]
                    history = self._history(subject, person, events, faults)
            else:
                events = list(self._events(given, details, start, stop, faults))
                history = self._history(subject, person, events, faults)
            yield subject, history, person, faults
            start = stop

    def _groups(
        self,
        names: list[int],
        whens: list[date | datetime],
        days: list[int],
        ids: list[str | None],
        details: list[dict[str, Detail] | None],
        abouts: list[str | None],
        rows: list[int],
    ) -> dict[str, tuple[list[Event], list[int], bool]]:
        """One subject's events by name: its rows stand in the order of their names, then of their days."""
        groups: dict[str, tuple[list[Event], list[int], bool]] = {}
        trusted, size = Event.trusted, len(names)
        first = 0
        while first < size:
            name = self.words[names[first]]
            last = bisect_right(names, names[first], first, size)
            same = slice(first, last)
            events = list(
                map(trusted, repeat(name), repeat(name), whens[same], days[same], [id or "" for id in ids[same]],
                    details[same], abouts[same], rows[same])
            )  # fmt: skip
            when = days[same]
            free = all(about is None for about in abouts[same])
            if len(set(when)) < len(when):
                events.sort(key=attrgetter("order"))
            groups[name] = (events, when, free)
            first = last
        return groups

    def _events(
        self,
        given: Mapping[str, Sequence[Any]],
        details: Sequence[dict[str, Detail] | None],
        start: int,
        stop: int,
        faults: list[Fault],
    ) -> Iterator[Event]:
        """The events of rows with times, records of when they were written, or cancellations."""
        dates = _dates_where_midnight([self.whens[place] for place in given["date"][start:stop]])
        recorded = _dates_where_midnight(given["recorded"][start:stop] if "recorded" in given else [None] * len(dates))
        for place, on, written in zip(range(start, stop), dates, recorded, strict=True):
            row = given["row"][place]
            try:
                yield Event(
                    self.words[given["event"][place]],
                    on,
                    id=given["id"][place] if "id" in given else None,
                    recorded=written,
                    details=details[place],
                    about=given["about"][place] if "about" in given else None,
                    cancelled=bool(given["cancelled"][place]) if "cancelled" in given else False,
                    origin=row,
                )
            except HistoryError as error:
                faults += [fault_of(problem, row, self.table) for problem in error.problems]

    def _history(
        self,
        subject: str,
        person: Person,
        events: list[Event] | dict[str, tuple[list[Event], list[int], bool]],
        faults: list[Fault],
    ) -> History | None:
        """The history, or None where the rows contradict each other: which is right nobody can tell."""
        try:
            if isinstance(events, dict):
                return History.of_groups(subject, events, born=person.born, kind=person.kind, facts=person.facts)
            return History(subject, events, born=person.born, kind=person.kind, facts=person.facts)
        except HistoryError as error:
            listed = (
                events if isinstance(events, list) else [event for found, _, _ in events.values() for event in found]
            )
            rows = {event.id: event.origin for event in reversed(listed)}
            first = listed[0].origin if listed else 0
            faults += [
                fault_of(problem, rows.get(named_event(problem) or "", first), self.table) for problem in error.problems
            ]
            return None


# --- the log ----------------------------------------------------------------------------------------------------------


class EventLog:
    """An event log, ready to be judged subject by subject.

    Attributes:
        source: what it is called.
        holds: the folded names of the events that the log can hold.
        faults: cells and rows that cannot be used. Complete once the log was gone through; `counts()` does.
        notes: what a user should know.
        subjects: how many subjects there are, or None while that is not known.
    """

    def __init__(
        self,
        log: object,
        said: Mapping[str, Mapping[str, Any]],
        allocations: Mapping[str, list[Allocation]],
        faults: Iterable[Fault],
        *,
        name: str,
        holds: frozenset[str] | None,
        day_first: bool,
        at_once: int,
    ) -> None:
        self._at_once = at_once
        self.source = f"event log {name}"
        self.name = name
        self.notes: tuple[str, ...] = ()
        self.as_of: date | None = None
        self.since: date | None = None
        self.held_after: Mapping[str, frozenset[str]] = {}
        self.snapshot = False
        self.latest: frozenset[str] = frozenset()
        self._log = log
        self._said = said
        self._allocations = allocations
        # Who stands in a table is judged, with or without an event.
        self._listed = said.keys() | allocations.keys()
        self._given = tuple(faults)
        self._found: list[Fault] = []
        self._day_first = day_first
        self._holds = holds
        self._whole: _Whole | None = None
        self._counted: Counter[str] | None = None

    @property
    def faults(self) -> tuple[Fault, ...]:
        """Cells and rows that cannot be used, table by table and row by row."""
        return (*self._given, *sorted(self._found))

    # --- what it holds

    @property
    def in_parts(self) -> bool:
        """Whether it is too large to be held at once, and is split by subject first."""
        return isinstance(self._log, Path) and self._log.stat().st_size > self._at_once

    @property
    def large(self) -> bool:
        """Whether it is worth the start of other processes. Told without reading it."""
        if isinstance(self._log, Path):
            return self._log.stat().st_size > 1_000_000
        rows: int = getattr(self._log, "shape", (0,))[0]
        return rows > _CHUNK_ROWS

    @property
    def subjects(self) -> int | None:
        """How many subjects there are; None while that is not known."""
        return None if self.in_parts else len(self._read().order)

    @property
    def holds(self) -> frozenset[str]:
        """The events that the log can hold: what was said, else those that occur in it for anybody."""
        if self._holds is None:
            self._holds = frozenset(self.counts())
        return self._holds

    def counts(self) -> dict[str, int]:
        """How many events there are of each (folded) name, commonest first."""
        if self._counted is None:
            counted: Counter[str] = Counter()
            for whole in self._parts():
                counted.update(whole.counts())
            self._counted = counted
        return dict(sorted(self._counted.items(), key=lambda item: (-item[1], item[0])))

    # --- going through it

    def _read(self) -> _Whole:
        if self._whole is None:
            found: list[Fault] = []
            table, rows = _as_table(self._log, self.name, found)
            self._whole = _Whole(table, rows, self, found, self._listed)
            self._found = found
        return self._whole

    def _parts(self) -> Iterator[_Whole]:
        if not self.in_parts:
            yield self._read()
            return
        assert isinstance(self._log, Path)
        found: list[Fault] = []
        count = min(500, max(2, -(-self._log.stat().st_size // max(1, self._at_once // 4))))
        others: dict[int, list[str]] = {}
        for id in self._listed:
            others.setdefault(_part_of(id, count), []).append(id)
        for number, (table, rows) in enumerate(_split(self._log, self.name, count, found)):
            yield _Whole(table, rows, self, found, others.get(number, []))
        self._found = found

    def chunks(self) -> Iterator[LogChunk]:
        """The log in pieces of whole subjects, each ready to travel to another process, in a settled order."""
        for whole in self._parts():
            yield from whole.chunks()

    def history(self, subject: str) -> History:
        """The history of one subject, each event with its record (`origin`).

        Raises:
            KeyError: there is no such subject, or no history can be made of its records.
        """
        if self.in_parts:
            assert isinstance(self._log, Path)
            whole = _Whole(
                *_of_subject(self._log, self.name, subject), self, [], [subject] if subject in self._listed else []
            )
        else:
            whole = self._read()
        chunk = whole.chunk_of(subject)
        history = None if chunk is None else next(chunk.histories())[1]
        if history is None:
            raise KeyError(subject)
        for event in history.events:
            event.origin = Origin(self.name, "date", event.origin)  # type: ignore[arg-type]
        return history

    def person(self, subject: str, said: Mapping[str, Any]) -> Person | None:
        """What is known of a subject besides its events, from what was said of it and who held the case."""
        held = self._allocations.get(subject)
        if not said and not held:
            return None
        person = Person(allocations=held or [])
        for name, value in said.items():
            if name == "kind":
                person.kind = "" if value is _CONTRADICTED else value
            elif value is _CONTRADICTED:
                continue
            elif name == "born":
                person.born = value
            elif name.startswith("fact:"):
                person.facts[name.removeprefix("fact:")] = value
        return person

    def strata(self) -> dict[str, dict[str, str]]:
        """What to count by, for each subject that has any."""
        found = {}
        for subject, said in sorted(self._said.items()):
            strata = {
                name.removeprefix("stratum:"): value
                for name, value in said.items()
                if name.startswith("stratum:") and value is not _CONTRADICTED
            }
            if strata:
                found[subject] = strata
        return found

    def __repr__(self) -> str:
        return f"<EventLog {self.name}>"


class _Whole:
    """A log (or a part of it) that is held at once: its usable rows in the order of the subjects."""

    def __init__(
        self,
        table: pa.Table,
        rows: Sequence[int] | None,
        log: EventLog,
        faults: list[Fault],
        others: Iterable[str],
    ) -> None:
        pa = arrow()
        import pyarrow.compute as pc

        self._log = log
        self._faults = faults
        #: What the rows say of the subjects, where they say any more than the table of subjects.
        self._said: dict[str, dict[str, Any]] = {}
        columns = _name_columns(table, log.name, faults)
        for needed in ("subject", "event", "date"):
            if needed not in columns:
                raise TableError(
                    f'{log.name}: there is no column "{needed}". An event log has subject, event and date.'
                )
        size = table.num_rows
        numbers = pa.array(rows if rows is not None else range(1, size + 1), pa.int64())
        written = {name: table.column_names[place] for name, place in columns.items()}

        def encoded(name: str) -> tuple[Any, list[Any]]:
            column = _plain(table.column(columns[name]))
            found = column.dictionary_encode().combine_chunks()
            return found.indices, found.dictionary.to_pylist()

        def mended(name: str, read: Any) -> tuple[Any, list[Any]]:
            """A column whose different values were read; where one cannot be, a null and a fault for every row."""
            indices, values = encoded(name)
            good: list[Any] = []
            known: dict[Any, int] = {}
            places: list[int | None] = []
            bad: dict[int, Trouble] = {}
            for place, value in enumerate(values):
                found = read(value)
                if isinstance(found, Trouble):
                    bad[place] = found
                    found = None
                if found is None:
                    places.append(None)
                    continue
                # Two cells may be read as one value: "17" and " 17".
                if found not in known:
                    known[found] = len(good)
                    good.append(found)
                places.append(known[found])
            if bad:
                wanted = pa.array(sorted(bad), indices.type)
                for place in pc.indices_nonzero(pc.is_in(indices, wanted)).to_pylist():
                    faults.append(Fault(log.name, numbers[place].as_py(), written[name], *bad[indices[place].as_py()]))
            return pa.array(places, pa.int32()).take(indices), good

        day_first = log._day_first
        before = len(faults)
        subject, ids = mended("subject", read_text)
        event, names = mended("event", _read_name)
        when, whens = mended("date", lambda value: read_moment(value, day_first=day_first))
        if "time" in columns:
            when, whens = self._with_times(when, whens, *mended("time", _read_time), numbers, written["time"])
        whens = _dates_where_midnight(whens)
        own = {"subject": subject, "event": event, "date": when}
        usable = reduce(pc.and_, map(pc.is_valid, own.values()))
        if not pc.all(usable).as_py():
            # A row without anything is no record: spreadsheets leave them behind.
            empty = reduce(pc.and_, (pc.is_null(table.column(place)) for place in range(table.num_columns)))
            faulty = {fault.row for fault in faults[before:]}
            for name, column in own.items():
                for place in pc.indices_nonzero(pc.and_not(pc.is_null(column), empty)).to_pylist():
                    if (row := numbers[place].as_py()) not in faulty:
                        faulty.add(row)
                        faults.append(Fault(log.name, row, written[name], "it is missing.", "Every event has one."))

        self.order = sorted({*ids, *others})
        rank = {id: place for place, id in enumerate(self.order)}
        ranks = pa.array([rank[id] for id in ids], pa.int32()).take(subject)
        births = pa.array([place for place, name in enumerate(names) if name == BIRTH], pa.int32())
        if len(births):
            born = pc.and_(usable, pc.is_in(event, births))
            for place in pc.indices_nonzero(born).to_pylist():
                day = whens[when[place].as_py()]
                row = numbers[place].as_py()
                self._say(ranks[place].as_py(), "born", date(day.year, day.month, day.day), row, written["date"])
            usable = pc.and_not(usable, born)
        kept = {"rank": ranks, "event": event, "date": when, "row": numbers}
        self.details: dict[str, list[Detail]] = {}
        for name in columns:
            if name in ("id", "about"):
                column = _plain(table.column(columns[name]))
                if pa.types.is_string(column.type) or pa.types.is_large_string(column.type):
                    column = pc.utf8_trim_whitespace(column)
                    nothing = pc.is_in(pc.utf8_lower(column), pa.array(sorted(NO_VALUE), column.type))
                    kept[name] = pc.if_else(nothing, None, column)
                else:
                    column, texts = mended(name, read_text)
                    kept[name] = pa.array(texts, pa.string()).take(column)
            elif name == "cancelled":
                column, flags = mended(name, read_yes_or_no)
                if any(flags):
                    kept[name] = pa.array(flags, pa.bool_()).take(column)
            elif name == "recorded":
                column, moments = mended(name, lambda value: read_moment(value, day_first=day_first))
                if moments:
                    self._recorded = _dates_where_midnight(moments)
                    kept["recorded"] = column
            elif name in ("kind", "born") or name.startswith("fact:"):
                cells, values = mended(name, _reader_of(name, day_first))
                self._of_people(name, written[name], ranks, cells, values, numbers)
            elif name not in _OWN:
                column, values = mended(name, read_detail)
                if values:
                    self.details[name] = [None if value is _NOTHING else value for value in values]
                    kept[f"detail {name}"] = column
        self.words = names
        self.whens = whens
        # The rows of a subject stand in the order of their names, then of their days (see `LogChunk._groups`).
        order = pc.add(pc.multiply(ranks.cast(pa.int64()), len(names)), event)
        kept["order"] = pc.add(pc.multiply(order, len(whens)), _ranked(whens).take(when))
        rows_kept = pa.table(kept).filter(usable)
        self.table = rows_kept.take(pc.sort_indices(rows_kept["order"])).combine_chunks()
        self.sizes = [0] * len(self.order)
        for found in pc.value_counts(self.table["rank"]):
            self.sizes[found["values"].as_py()] = found["counts"].as_py()
        self._names = Counter(
            {names[found["values"].as_py()]: found["counts"].as_py() for found in pc.value_counts(self.table["event"])}
        )

    _recorded: list[date | datetime]

    def _with_times(
        self, when: Any, whens: list[Any], clock: Any, clocks: list[time], numbers: Any, column: str
    ) -> tuple[Any, list[date | datetime]]:
        """Dates joined with the times of a column of their own."""
        pa = arrow()
        joined: dict[tuple[int, int | None], int] = {}
        found: list[date | datetime] = []
        places: list[int | None] = []
        for row, (day, at) in enumerate(zip(when.to_pylist(), clock.to_pylist(), strict=True)):
            if day is None:
                places.append(None)
                continue
            key = (day, at)
            value = whens[day]
            timed = isinstance(value, datetime) and value.time() != time()
            if timed and at is not None:
                self._faults.append(
                    Fault(
                        self._log.name,
                        numbers[row].as_py(),
                        column,
                        "there is a time in the column of the date already.",
                        "Keep one of them.",
                    )
                )
            if key not in joined:
                joined[key] = len(found)
                if at is not None and not timed:
                    zone = value.tzinfo if isinstance(value, datetime) else None
                    value = datetime.combine(value, clocks[at], zone)
                found.append(value)
            places.append(joined[key])
        return pa.array(places, pa.int32()), found

    def _of_people(self, name: str, column: str, ranks: Any, cells: Any, values: list[Any], numbers: Any) -> None:
        """What stands on a subject's rows but speaks of the subject; it must be the same wherever it stands."""
        pa = arrow()
        import pyarrow.compute as pc

        both = pa.table({"rank": ranks, "cell": cells, "row": numbers})
        both = both.filter(pc.and_(pc.is_valid(cells), pc.is_valid(ranks)))
        firsts = both.group_by(["rank", "cell"]).aggregate([("row", "min")]).sort_by([("row_min", "ascending")])
        for rank, cell, row in zip(*(firsts[each].to_pylist() for each in ("rank", "cell", "row_min")), strict=True):
            value = None if values[cell] is _NOTHING else values[cell]
            self._say(rank, name, value, row, column)

    def _say(self, rank: int, name: str, value: Any, row: int, column: str) -> None:
        subject = self.order[rank]
        said = self._said.get(subject)
        if said is None:
            said = self._said[subject] = dict(self._log._said.get(subject, {}))
        _say(
            said, _field(name), value, Fault(self._log.name, row, column, _DIFFERS, "Keep the right one."), self._faults
        )

    def _person(self, subject: str) -> Person | None:
        said = self._said.get(subject)
        return self._log.person(subject, self._log._said.get(subject, {}) if said is None else said)

    def counts(self) -> Counter[str]:
        return self._names

    def chunks(self) -> Iterator[LogChunk]:
        first = place = 0
        subjects: list[tuple[str, int, Person | None]] = []
        for subject, size in zip(self.order, self.sizes, strict=True):
            subjects.append((subject, size, self._person(subject)))
            place += size
            if place - first >= _CHUNK_ROWS:
                yield self._chunk(subjects, first, place)
                subjects, first = [], place
        if subjects:
            yield self._chunk(subjects, first, place)

    def chunk_of(self, subject: str) -> LogChunk | None:
        if subject not in self.order:
            return None
        place = self.order.index(subject)
        first = sum(self.sizes[:place])
        size = self.sizes[place]
        return self._chunk([(subject, size, self._person(subject))], first, first + size)

    def _chunk(self, subjects: list[tuple[str, int, Person | None]], first: int, stop: int) -> LogChunk:
        part = self.table.slice(first, stop - first)
        columns = {name: part[name].combine_chunks() for name in part.column_names if name not in ("rank", "order")}
        if "recorded" in columns:
            columns["recorded"] = _Listed(
                [None if place is None else self._recorded[place] for place in columns["recorded"].to_pylist()]
            )
        return LogChunk(self._log.name, subjects, columns, self.words, self.whens, self.details)


class _Listed(list[Any]):
    """A list that gives itself, where an Arrow column would."""

    def to_pylist(self) -> list[Any]:
        return self


#: Stands for a cell "(blank)" while columns are read: a value, and none.
_NOTHING: Final = object()


def _read_name(value: object) -> str | None:
    text = read_text(value)
    return None if text is None else fold(text) or None


def read_detail(value: object) -> object:
    """A detail as a record's value, as text, so that a file and a frame say the same; "(blank)" is a field that is
    there with nothing in it.
    """
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime) and value == value:
        return (value.date() if value.time() == time() else value).isoformat()
    text = read_text(value)
    return _NOTHING if text == BLANK else text


#: Stands for what was said of a subject in two ways.
_CONTRADICTED: Final = object()
_DIFFERS: Final = "it differs from what is said of the subject elsewhere, and neither is used."


def _field(name: str) -> str:
    """What a column says of a subject: its kind, birth, a fact, or a stratum to count by."""
    if name in ("kind", "born"):
        return name
    return f"fact:{fold(name.removeprefix('fact:'))}" if name.startswith("fact:") else f"stratum:{name}"


def _say(said: dict[str, Any], field: str, value: Any, fault: Fault, faults: list[Fault]) -> None:
    """Note what is said of a subject. Where it was said otherwise before, nobody can tell which is right."""
    before = said.setdefault(field, value)
    if before != value:
        said[field] = _CONTRADICTED
        faults.append(fault)


def _reader_of(name: str, day_first: bool) -> Any:
    if name == "born":
        return lambda value: read_day(value, day_first=day_first)
    return read_text if name == "kind" else read_detail


def _read_time(value: object) -> time | Trouble | None:
    if isinstance(value, time):
        return value
    text = read_text(value)
    if text is None:
        return None
    try:
        return time.fromisoformat(text if len(text) > 1 and text[1] != ":" else f"0{text}")
    except ValueError:
        return Trouble("this is not a time.", "Write 14:30.")


def _dates_where_midnight(whens: Sequence[Any]) -> list[Any]:
    """Databases hand out a date as a time at midnight: a column of nothing else holds dates (a subject's own column, so
    that nothing depends on who else is in the log).
    """
    if all(when.time() == time() for when in whens if isinstance(when, datetime)):
        return [when.date() if isinstance(when, datetime) else when for when in whens]
    return list(whens)


def _ranked(whens: Sequence[date | datetime]) -> Any:
    """The place of each day among the days in order."""
    days = [when.toordinal() for when in whens]
    ranks = {day: rank for rank, day in enumerate(sorted(set(days)))}
    return arrow().array([ranks[day] for day in days], arrow().int64())


def _plain(column: Any) -> Any:
    """A column as Arrow can tell its values apart: without a dictionary, and times to the millionth of a second."""
    pa = arrow()
    type_ = column.type
    if pa.types.is_dictionary(type_):
        type_ = type_.value_type
    if pa.types.is_null(type_) or pa.types.is_string_view(type_):
        type_ = pa.string()
    elif pa.types.is_timestamp(type_):
        type_ = pa.timestamp("us", type_.tz)
    return column if type_ == column.type else column.cast(type_, safe=False)


def _name_columns(table: pa.Table, name: str, faults: list[Fault]) -> dict[str, int]:
    """Where each column stands, by its folded name."""
    types = arrow().types
    found: dict[str, int] = {}
    for place, column in enumerate(table.schema):
        folded = fold(column.name)
        key = _ALIASES.get(folded, folded)
        if not key:
            continue
        if key in found:
            faults.append(Fault(name, 0, column.name, "a column of that name is there already; the first was used."))
        elif types.is_nested(column.type) or types.is_binary(column.type) or types.is_large_binary(column.type):
            faults.append(Fault(name, 0, column.name, "its cells hold lists or bytes; it was not used.", "Give text."))
        else:
            found[key] = place
    return found


# --- where the table comes from ---------------------------------------------------------------------------------------


def _as_table(log: object, name: str, faults: list[Fault]) -> tuple[pa.Table, Sequence[int] | None]:
    """A log as an Arrow table, without a copy where that can be, and the number of each row if it is not its place."""
    pa = arrow()
    if isinstance(log, Path):
        return (read_parquet(log, name), None) if log.suffix.lower() in PARQUET else _csv(log, name, faults)
    if isinstance(log, pa.Table):
        return log, None
    if isinstance(log, pa.RecordBatch):
        return pa.Table.from_batches([log]), None
    try:
        import narwhals as nw
    except ImportError:
        raise TableError('Data frames need the extra "caseload": pip install "practice-rules[caseload]".') from None
    try:
        frame: Any = nw.from_native(log)
    except TypeError:
        raise TableError(f"{name}: this is no table. Give a CSV or Parquet file, or a data frame.") from None
    if isinstance(frame, nw.LazyFrame):
        frame = frame.collect()
    try:
        return frame.to_arrow(), None
    except (pa.ArrowException, TypeError, ValueError):
        # The library's own message quotes a cell.
        raise TableError(
            f"{name}: a column holds values of several kinds. Make each column text, or numbers, or dates."
        ) from None


def _csv_options(path: Path, name: str, faults: list[Fault]) -> tuple[tuple[Any, Any, Any], int, list[int]]:
    """How Arrow shall read a file, the line of its first row, and the list into which the rows that it cannot read will
    be written.
    """
    import pyarrow.csv as arrow_csv

    encoding, notes = csv_encoding(path, name)
    faults += [Fault(name, 0, "", note.removeprefix(f"{name}: ")) for note in notes]
    with path.open(encoding=encoding, errors="replace", newline="") as file:
        head = next((line for line in file if line.strip()), "")
        separator = max(",;\t|", key=head.count)
        file.seek(0)
        reader = csv.reader(file, delimiter=separator)
        before = 0
        names: list[str] = []
        for row in reader:
            if any(cell.strip() for cell in row):
                names = row
                break
            before = reader.line_num
    skipped: list[int] = []

    def wrong(row: Any) -> str:
        skipped.append(row.number)
        more = row.actual_columns > row.expected_columns
        faults.append(
            Fault(
                name,
                row.number,
                "",
                f"it has {row.actual_columns} cells, and the first row has {row.expected_columns}.",
                "Put quotes around a cell's commas." if more else "Give every row the same cells.",
            )
        )
        return "skip"

    # One after another: only then does Arrow know the number of a row that it cannot read.
    read = arrow_csv.ReadOptions(
        use_threads=False, encoding="utf8" if encoding == "utf-8-sig" else encoding, skip_rows=before
    )
    parse = arrow_csv.ParseOptions(
        delimiter=separator, newlines_in_values=True, ignore_empty_lines=False, invalid_row_handler=wrong
    )
    convert = arrow_csv.ConvertOptions(
        column_types=dict.fromkeys(names, arrow().string()),
        strings_can_be_null=True,
        quoted_strings_can_be_null=True,
        null_values=["", "NULL", "null", "NaN", "NaT", "#N/A", "None"],
    )
    return (read, parse, convert), before + 1, skipped


def _csv(path: Path, name: str, faults: list[Fault]) -> tuple[pa.Table, Sequence[int]]:
    tables = list(_numbered(path, name, faults, whole=True))
    return tables[0]


def _numbered(
    path: Path, name: str, faults: list[Fault], *, whole: bool = False
) -> Iterator[tuple[pa.Table, Sequence[int]]]:
    """A file piece by piece, or as one, with the number of each row."""
    pa = arrow()
    import pyarrow.csv as arrow_csv
    import pyarrow.parquet as pq

    if path.suffix.lower() in PARQUET:
        row = 1
        try:
            with pq.ParquetFile(path) as file:
                for batch in file.iter_batches(65_536):
                    yield pa.Table.from_batches([batch]), range(row, row + batch.num_rows)
                    row += batch.num_rows
        except (OSError, pa.ArrowException):
            raise TableError(f"{name}: it cannot be read as Parquet. Check that it is whole.") from None
        return
    options, row, skipped = _csv_options(path, name, faults)
    row += 1
    try:
        if whole:
            pieces = iter([arrow_csv.read_csv(path, *options)])
        else:
            pieces = (pa.Table.from_batches([batch]) for batch in arrow_csv.open_csv(path, *options))
        table = next(pieces, None)
        while table is not None:
            # A row that could not be read is known by the time its piece has come.
            numbers = _numbers(table.num_rows, [number for number in skipped if number >= row], row)
            row = numbers[-1] + 1 if numbers else row
            after = next(pieces, None)
            if after is None and _runs_out(table, path):
                message = "a quoted cell never ends. What follows could not be read."
                faults.append(Fault(name, numbers[-1], "", message, "Close the quote."))
                table, numbers = table.slice(0, table.num_rows - 1), numbers[:-1]
            yield table, numbers
            table = after
    except (OSError, UnicodeError, pa.ArrowException):
        raise TableError(f"{name}: it cannot be read as CSV. Save it as CSV UTF-8, and check its first row.") from None


def _runs_out(table: pa.Table, path: Path) -> bool:
    """Whether the last row has swallowed the rest of the file, for its quote never ends."""
    if not table.num_rows or not any(
        "\n" in (cell or "") for cell in table.slice(table.num_rows - 1).to_pylist()[0].values()
    ):
        return False
    quotes = 0
    with path.open("rb") as file:
        while block := file.read(1 << 20):
            quotes += block.count(b'"')
    return quotes % 2 == 1


def _numbers(size: int, skipped: Sequence[int], first: int) -> Sequence[int]:
    """The number of each row that was read, in a file of which some rows were not."""
    if not skipped:
        return range(first, first + size)
    gone = set(skipped)
    numbers: list[int] = []
    row = first
    while len(numbers) < size:
        if row not in gone:
            numbers.append(row)
        row += 1
    return numbers


def _part_of(subject: str, parts: int) -> int:
    """Where a subject's rows go when a large file is split."""
    return zlib.crc32(subject.encode()) % parts


def _subject_column(table: pa.Table, name: str) -> tuple[Any, list[str | None]]:
    """Whose each row is: for each row the place of the subject in the list; null where there is none."""
    place = _name_columns(table, name, []).get("subject")
    if place is None:
        raise TableError(f'{name}: there is no column "subject". An event log has subject, event and date.')
    cells = _plain(table.column(place)).combine_chunks().dictionary_encode()
    return cells.indices, [read_text(value) for value in cells.dictionary.to_pylist()]


def _of_subject(path: Path, name: str, subject: str) -> tuple[pa.Table, list[int]]:
    """The rows of one subject of a large file, with their numbers."""
    pa = arrow()
    import pyarrow.compute as pc

    found = []
    rows: list[int] = []
    for table, numbers in _numbered(path, name, []):
        places, subjects = _subject_column(table, name)
        wanted = pa.array([place for place, each in enumerate(subjects) if each == subject], places.type)
        chosen = pc.indices_nonzero(pc.is_in(places, wanted))
        found.append(table.take(chosen))
        rows += [numbers[place] for place in chosen.to_pylist()]
    return pa.concat_tables(found), rows


def _split(path: Path, name: str, parts: int, faults: list[Fault]) -> Iterator[tuple[pa.Table, Sequence[int]]]:
    """A large file in parts of whole subjects, each of which fits into memory.

    Every row goes to the part that its subject's id decides, on disk, in whatever order the file has them.
    """
    import tempfile

    pa = arrow()
    import pyarrow.compute as pc

    with tempfile.TemporaryDirectory() as folder:
        files = [Path(folder) / f"{number}.arrow" for number in range(parts)]
        writers: list[Any] = []
        for table, numbers in _numbered(path, name, faults):
            places, subjects = _subject_column(table, name)
            part = pa.array([*(_part_of(subject or "", parts) for subject in subjects), 0], pa.int32())
            part_of = part.take(pc.fill_null(places, len(subjects)))
            table = table.append_column(_ROW, pa.array(numbers, pa.int64()))
            writers = writers or [pa.ipc.new_file(str(file), table.schema) for file in files]
            for number in pc.unique(part_of).to_pylist():
                writers[number].write_table(table.filter(pc.equal(part_of, number)))
        for writer in writers:
            writer.close()
        for file in files if writers else ():
            with pa.ipc.open_file(str(file)) as opened:
                whole = opened.read_all()
            yield whole.drop_columns([_ROW]), whole.column(_ROW).to_pylist()


_ROW: Final = "the row's number"


# --- the second and the third table -----------------------------------------------------------------------------------


def read_event_log(
    log: object,
    subjects: object = None,
    allocations: object = None,
    *,
    holds: str | Iterable[str] = "what occurs",
    day_first: bool = False,
    name: str | None = None,
    at_once: int | None = None,
) -> EventLog:
    """An event log from a CSV or Parquet file, or from a data frame (pandas, Polars, Arrow).

    Args:
        log: the events.
        subjects: births, facts and strata: a CSV file, a data frame, or rows.
        allocations: who held a case from when to when.
        holds: the events that the log can hold. "what occurs": those that occur for anybody, so that a standard whose
            act never occurs is not assessed rather than breached. "everything": whatever the pack knows; what is not
            there did not happen. Or their names.
        day_first: dates may be written dd/mm/yyyy.
        name: what to call it in faults; the file's name unless given.
        at_once: how many bytes of a file are held at once, 256 MB unless given; a larger file is split by subject on
            disk first, so that memory does not grow with it.

    Raises:
        TableError: a table cannot be read, or lacks a column that it needs.
    """
    faults: list[Fault] = []
    said: dict[str, dict[str, Any]] = {}
    held: dict[str, list[Allocation]] = {}
    if isinstance(holds, str) and holds not in ("what occurs", "everything"):
        raise ValueError('holds is "what occurs", "everything", or the names of events')
    named = None if holds == "what occurs" else EVERYTHING if isinstance(holds, str) else frozenset(map(fold, holds))
    if subjects is not None:
        _read_people(subjects, said, faults, day_first)
    if allocations is not None:
        _read_allocations(allocations, held, faults, day_first)
    if isinstance(log, str | Path):
        log = Path(log)
        if not log.is_file():
            raise TableError(f"{log.name}: there is no such file. Check the name and the folder.")
        name = name or log.name
    bytes_held = _WHOLE_FILE if at_once is None else at_once
    return EventLog(
        log, said, held, faults, name=name or "events", holds=named, day_first=day_first, at_once=bytes_held
    )


class _Everything(frozenset[str]):
    """Holds every word there is."""

    def __contains__(self, item: object) -> bool:
        return True

    def __reduce__(self) -> Any:
        return (_Everything, ())


#: What a log holds of which it was said that it holds everything.
EVERYTHING: Final = _Everything()


_WHOSE: Final = {"subject": ("child id", "person id")}


def _rows_of(table: Table, faults: list[Fault], *needed: str) -> Iterator[tuple[str, Row]]:
    """The rows of a table that say whose they are."""
    places = table.places(_WHOSE)
    for column in ("subject", *needed):
        if column not in places:
            raise TableError(f'{table.name}: there is no column "{column}".')
    for row in table.rows(_WHOSE):
        subject = read_text(row["subject"])
        if subject is None:
            faults.append(Fault(table.name, row.number, "subject", "it is missing.", "Every row says whose it is."))
        else:
            yield subject, row
    faults += [Fault(table.name, number, "", *trouble) for number, trouble in table.faults]
    faults += [Fault(table.name, 0, "", note.removeprefix(f"{table.name}: ")) for note in table.notes]


def _read_people(source: object, people: dict[str, dict[str, Any]], faults: list[Fault], day_first: bool) -> None:
    table = table_of(source, "subjects")
    names = [name for name in dict.fromkeys(map(fold, table.columns)) if name and _ALIASES.get(name, name) != "subject"]
    for subject, row in _rows_of(table, faults):
        said = people.setdefault(subject, {})
        for name in names:
            value = _reader_of(name, day_first)(row[name])
            if isinstance(value, Trouble):
                faults.append(Fault(table.name, row.number, name, *value))
                continue
            if value is None or (value is _NOTHING and not name.startswith("fact:")):
                continue
            value = None if value is _NOTHING else value
            _say(
                said, _field(name), value, Fault(table.name, row.number, name, _DIFFERS, "Keep the right one."), faults
            )


def _read_allocations(
    source: object, people: dict[str, list[Allocation]], faults: list[Fault], day_first: bool
) -> None:
    table = table_of(source, "allocations")
    for subject, row in _rows_of(table, faults, "from"):
        first, last = (read_day(row[column], day_first=day_first) for column in ("from", "to"))
        if first is None:
            first = Trouble("it is missing.", "Say from when the case was held.")
        for column, found in (("from", first), ("to", last)):
            if isinstance(found, Trouble):
                faults.append(Fault(table.name, row.number, column, *found))
        if isinstance(first, Trouble):
            continue
        if isinstance(last, Trouble):
            last = None
        if last is not None and last < first:
            faults.append(Fault(table.name, row.number, "to", "it lies before the start; the row was not used."))
            continue
        people.setdefault(subject, []).append(
            Allocation(
                first.toordinal(),
                None if last is None else last.toordinal(),
                read_text(row["worker"]),
                read_text(row["team"]),
            )
        )
    for allocations in people.values():
        allocations.sort(key=lambda held: (held.first, held.last or 10**7, held.worker or "", held.team or ""))
