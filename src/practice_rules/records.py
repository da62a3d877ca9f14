"""What a reader makes of an authority's records: each child's events, each with the record it came from.

A reader turns tables into a `Reading`: subjects with their records in the shared vocabulary, the cells that could not
be read, and the words its data can hold at all.

Children's records pass through here: no message repeats a value of a record; it names the table, the row, the column.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from functools import lru_cache
from html import escape
from typing import Final, NamedTuple

from .calendars import FIRST_DAY, LAST_DAY
from .events import Detail, Event, History, HistoryError, HistoryProblem, fold

__all__ = [
    "Allocation",
    "Fault",
    "Gathering",
    "Origin",
    "Reading",
    "Record",
    "Subject",
    "Trouble",
    "build_history",
    "fault_of",
    "named_event",
    "read_day",
    "read_moment",
    "read_text",
    "read_yes_or_no",
    "refusal",
]


class Origin(NamedTuple):
    """The record an event came from.

    Attributes:
        table: the table or file.
        column: the column (or the element) that held the date.
        row: the row in the file, its header being row 1; in a data frame or a cursor the first row is 1; in XML the
            line.
    """

    table: str
    column: str
    row: int

    def __str__(self) -> str:
        return f"{self.table}.{self.column}:{self.row}"


class Record(NamedTuple):
    """One event of one subject, as a reader found it. The fields are those of `Event`, the name folded."""

    name: str
    on: date | datetime
    id: str
    origin: Origin | None = None
    about: str | None = None
    details: dict[str, Detail] | None = None
    recorded: date | datetime | None = None
    cancelled: bool = False


class Allocation(NamedTuple):
    """Who held a case from one day to another (both included, as ordinals; None: still)."""

    first: int
    last: int | None
    worker: str | None
    team: str | None


@dataclass(slots=True)
class Subject:
    """All that a reader found of one subject.

    Attributes:
        id: as supplied, always text.
        kind: the kind of subject.
        born: the date of birth, where the record gives one.
        facts: what holds of the subject throughout.
        records: the events.
        allocations: who held the case.
        strata: what to count by, such as sex or ethnicity. Never used to judge.
    """

    id: str
    kind: str = "child"
    born: date | None = None
    facts: dict[str, Detail] = field(default_factory=dict)
    records: list[Record] = field(default_factory=list)
    allocations: list[Allocation] = field(default_factory=list)
    strata: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """A cell or a row that could not be used. Never holds a value of the record.

    Attributes:
        table: the table or file.
        row: as in `Origin`; 0 where it is the whole table.
        column: the column or element; "" where it is the whole row.
        message: what is wrong.
        way_out: how to mend it.
    """

    table: str
    row: int
    column: str
    message: str
    way_out: str = ""

    def __str__(self) -> str:
        place = ", ".join(part for part in (self.table, f"row {self.row}" if self.row else "", self.column) if part)
        return f"{place}: {self.message}{' ' + self.way_out if self.way_out else ''}"


# --- cells ------------------------------------------------------------------------------------------------------------


class Trouble(NamedTuple):
    """What is wrong with a cell, and how to mend it."""

    message: str
    way_out: str = ""


#: A date that stands for a missing one: 1900-01-01, 1899-12-30 and the like.
PLACEHOLDER: Final = Trouble("a date before 1901 stands for a missing one.")
_FIRST_YEAR: Final = date.fromordinal(FIRST_DAY).year
#: What systems write where there is nothing, in small letters.
NO_VALUE: Final = frozenset({"", "null", "none", "nan", "nat", "#n/a", "n/a", "na", "#value!", "#ref!", "<na>"})
_ISO: Final = re.compile(r"(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d:\d\d(?::\d\d(?:[.,]\d{1,9})?)?)(?:Z| ?[+-]\d\d:?\d\d)?)?")
_STROKES: Final = re.compile(
    r"(\d{1,2})/(\d{1,2})/(\d{4})(?:[ T](\d{1,2}):(\d\d)(?::(\d\d)(?:\.\d+)?)?(?: ?([AaPp])[Mm])?)?"
)
_COMPACT: Final = re.compile(r"\d{8}")
_SERIAL: Final = re.compile(r"\d{5}(?:\.\d+)?")
_YES: Final = frozenset({"y", "yes", "true", "t", "1", "1.0"})
_NO: Final = frozenset({"n", "no", "false", "f", "0", "0.0"})


def read_text(value: object) -> str | None:
    """A cell as text, trimmed; None where it is empty or a system's word for empty (NULL, NaN, #N/A).

    A number without a fraction loses its ".0": pandas makes 17.0 of an id where a column has gaps.
    """
    if value is None:
        return None
    if isinstance(value, str):
        text = value.strip()
        return None if text.casefold() in NO_VALUE else text
    if isinstance(value, float):
        if value != value:
            return None
        return str(int(value)) if value.is_integer() else str(value)
    if isinstance(value, date) and value != value:
        return None  # pandas' NaT
    text = str(value).strip()
    return None if text.casefold() in NO_VALUE else text


def read_day(value: object, *, day_first: bool = False) -> date | Trouble | None:
    """The day in a cell: a date; None where the cell is empty; a `Trouble` where it cannot be read.

    A time of day is dropped, for the records judged by it hold dates with a midnight behind them.

    Args:
        value: text, a date or a datetime.
        day_first: dates may be written dd/mm/yyyy. Otherwise such a date could be read in two ways, and is refused.
    """
    if isinstance(value, date):
        return None if value != value else _usable(date(value.year, value.month, value.day))
    text = read_text(value)
    return None if text is None else _read_day_text(text, day_first)


@lru_cache(maxsize=65_536)
def _read_day_text(text: str, day_first: bool) -> date | Trouble:
    found = _ISO.fullmatch(text)
    if found:
        year, month, day = int(found[1]), int(found[2]), int(found[3])
    elif strokes := _STROKES.fullmatch(text):
        if int(strokes[3]) < _FIRST_YEAR:
            return PLACEHOLDER  # 00/01/1900 is what a spreadsheet shows for an empty cell
        if not day_first:
            return Trouble("this date can be read in two ways: day first or month first.", "Write 2024-03-28.")
        day, month, year = int(strokes[1]), int(strokes[2]), int(strokes[3])
    elif _COMPACT.fullmatch(text):
        year, month, day = int(text[:4]), int(text[4:6]), int(text[6:])
    elif _SERIAL.fullmatch(text):
        return Trouble("this is a spreadsheet's own number for a date.", "Format the column as a date.")
    else:
        return Trouble("this is not a date.", "Write 28/03/2024." if day_first else "Write 2024-03-28.")
    if year < _FIRST_YEAR:
        return PLACEHOLDER
    try:
        return _usable(date(year, month, day))
    except ValueError:
        return Trouble("there is no such date.", "Check day and month.")


def read_moment(value: object, *, day_first: bool = False) -> date | datetime | Trouble | None:
    """The day or the time in a cell, as `read_day` does, but a time of day is kept. A time without a zone is local."""
    if isinstance(value, datetime):
        if value != value:
            return None
        found = _usable(value.date())
        return found if isinstance(found, Trouble) else value
    if isinstance(value, date):
        return read_day(value)
    text = read_text(value)
    if text is None:
        return None
    day = _read_day_text(text, day_first)
    if isinstance(day, Trouble):
        return day
    try:
        if (said := _ISO.fullmatch(text)) and said[4] is not None:
            # A database writes "2024-03-28 14:30:00.0000000 +00:00".
            clock = re.sub(r"([.,]\d{6})\d+", r"\1", text[11:]).replace(" ", "")
            return datetime.fromisoformat(f"{text[:10]}T{clock}")
        if (strokes := _STROKES.fullmatch(text)) and strokes[4] is not None:
            return datetime.combine(day, _clock(*strokes.groups()[3:]))
    except ValueError:
        return Trouble("there is no such time.", "Write 2024-03-28 14:30.")
    return day


def _clock(hour: str, minute: str, second: str | None, half: str | None) -> time:
    """A time of day; with "am" or "pm" the hours run from 12 over 1 to 11."""
    hours = int(hour)
    if half is not None:
        if not 1 <= hours <= 12:
            raise ValueError
        hours = hours % 12 + (12 if half in "Pp" else 0)
    return time(hours, int(minute), int(second or 0))


def _usable(day: date) -> date | Trouble:
    ordinal = day.toordinal()
    if ordinal < FIRST_DAY:
        return PLACEHOLDER
    if ordinal > LAST_DAY:
        return Trouble("the date lies beyond any case.", "Leave it out if it stands for 'no date'.")
    return day


def read_yes_or_no(value: object) -> bool | Trouble | None:
    """A flag: Y, yes, true, 1 and their opposites, coded cells such as "a) Yes" included; None where it is empty."""
    if isinstance(value, bool):
        return value
    text = read_text(value)
    if text is None:
        return None
    word = re.sub(r"^[a-z]\)\s*", "", text.casefold())
    if word in _YES:
        return True
    if word in _NO:
        return False
    return Trouble("this is neither yes nor no.", "Write Y or N.")


# --- gathering --------------------------------------------------------------------------------------------------------


class Gathering:
    """What a reader fills while it goes through its tables; `done()` makes the `Reading`.

    Args:
        source: what is read, in words ("Standard Safeguarding Dataset").
        holds: the events that this kind of data can hold, whether or not one occurs.
        day_first: dates may be written dd/mm/yyyy.
    """

    def __init__(self, source: str, holds: Iterable[str], *, day_first: bool = False) -> None:
        self.source = source
        self.holds = frozenset(fold(name) for name in holds)
        self.day_first = day_first
        self.subjects: dict[str, Subject] = {}
        self.faults: list[Fault] = []
        self.notes: list[str] = []
        #: Rows read, by table.
        self.rows: Counter[str] = Counter()
        #: Cells with a date before 1901, by (table, column).
        self.placeholders: Counter[tuple[str, str]] = Counter()
        #: Records that were there twice, by table.
        self.doubles: Counter[str] = Counter()
        self._ids: dict[tuple[str, str], Record] = {}

    def fault(self, table: str, row: int, column: str, trouble: str | Trouble, way_out: str = "") -> None:
        """Note a cell (or a row, with column "") that cannot be used."""
        if isinstance(trouble, Trouble):
            trouble, way_out = trouble
        self.faults.append(Fault(table, row, column, trouble, way_out))

    def day(self, table: str, row: int, column: str, value: object) -> date | None:
        """The day in a cell; None where it is empty, a placeholder (counted) or unreadable (noted as a fault)."""
        found = read_day(value, day_first=self.day_first)
        if isinstance(found, Trouble):
            if found is PLACEHOLDER:
                self.placeholders[table, column] += 1
            else:
                self.fault(table, row, column, found)
            return None
        return found

    def yes_or_no(self, table: str, row: int, column: str, value: object) -> bool | None:
        """The flag in a cell; None where it is empty or unreadable (noted as a fault)."""
        found = read_yes_or_no(value)
        if isinstance(found, Trouble):
            self.fault(table, row, column, found)
            return None
        return found

    def subject(self, id: str) -> Subject:
        """The subject of that id, made when it is first named."""
        found = self.subjects.get(id)
        if found is None:
            found = self.subjects[id] = Subject(id)
        return found

    def add(
        self,
        subject: str,
        name: str,
        on: date | datetime | None,
        origin: Origin,
        *,
        id: str,
        about: str | None = None,
        details: Mapping[str, Detail] | None = None,
        recorded: date | datetime | None = None,
        cancelled: bool = False,
    ) -> None:
        """Add an event; nothing where there is no date. A record that is there twice is kept once and counted; another
        with the same id is a fault.
        """
        if on is None:
            return
        kept = {fold(key): value for key, value in details.items()} if details else None
        record = Record(fold(name), on, id, origin, about, kept, recorded, cancelled)
        before = self._ids.get((subject, id))
        if before is not None:
            if before._replace(origin=None) == record._replace(origin=None):
                self.doubles[origin.table] += 1
            else:
                self.fault(
                    origin.table,
                    origin.row,
                    origin.column,
                    f"another record with the same key says something else (row {before.origin.row})."
                    if before.origin
                    else "another record with the same key says something else.",
                    "Keep the right one. The first was used.",
                )
            return
        self._ids[subject, id] = record
        self.subject(subject).records.append(record)

    def done(
        self,
        *,
        as_of: date | None = None,
        since: date | None = None,
        snapshot: bool = False,
        latest: Iterable[str] = (),
        held_after: Mapping[str, Iterable[str]] | None = None,
    ) -> Reading:
        """The reading, its subjects in the order of their ids. The arguments are those of `Reading`."""
        notes = list(self.notes)
        for (table, column), count in sorted(self.placeholders.items()):
            cells = "1 cell holds" if count == 1 else f"{count:,} cells hold"
            notes.append(f"{table}.{column}: {cells} a date before 1901, which stands for a missing one.")
        for table, count in sorted(self.doubles.items()):
            records = (
                "1 record stands there more than once and was"
                if count == 1
                else (f"{count:,} records stand there more than once and were")
            )
            notes.append(f"{table}: {records} used once.")
        return Reading(
            source=self.source,
            subjects={id: self.subjects[id] for id in sorted(self.subjects)},
            faults=tuple(self.faults),
            holds=self.holds,
            rows=dict(self.rows),
            notes=tuple(notes),
            as_of=as_of,
            since=since,
            snapshot=snapshot,
            latest=frozenset(fold(name) for name in latest),
            held_after={fold(name): frozenset(map(fold, begun)) for name, begun in (held_after or {}).items()},
        )


# --- the reading ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, eq=False)
class Reading:
    """An authority's records as a reader found them.

    Attributes:
        source: what was read, in words.
        subjects: by id, in order.
        faults: the cells and rows that could not be used, in the order of the files.
        holds: the folded names of the events that this kind of data can hold.
        rows: how many rows were read of each table.
        notes: what a user of the result should know.
        as_of: the day to which the data speak, where they say so.
        since: the day from which on they are whole, where they say so. A duty that was due before is not assessed.
        snapshot: the data hold only the latest of some events: they say what is overdue now, nothing of the past.
        latest: in a snapshot, the folded names of the events of which only the latest is held.
        held_after: events that are held only while something lasts that these events began, by folded name.
    """

    source: str
    subjects: Mapping[str, Subject]
    faults: tuple[Fault, ...]
    holds: frozenset[str]
    rows: Mapping[str, int] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    as_of: date | None = None
    since: date | None = None
    snapshot: bool = False
    latest: frozenset[str] = frozenset()
    held_after: Mapping[str, frozenset[str]] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.subjects)

    def __iter__(self) -> Iterator[History]:
        return self.histories()

    def counts(self) -> dict[str, int]:
        """How many events there are of each name, commonest first."""
        found = Counter(record.name for subject in self.subjects.values() for record in subject.records)
        return dict(sorted(found.items(), key=lambda item: (-item[1], item[0])))

    def history(self, subject: str) -> History:
        """The history of one subject.

        Raises:
            KeyError: there is no such subject.
            HistoryError: no history can be made of its records.
        """
        history, _ = build_history(self.subjects[subject])
        return history

    def histories(self, fault: Callable[[Fault], None] | None = None) -> Iterator[History]:
        """The history of every subject, in the order of the ids.

        Args:
            fault: called with each record that had to be set aside. Without it, such a record raises.

        Raises:
            HistoryError: a record contradicts another of the same subject.
        """
        for subject in self.subjects.values():
            if fault is None:
                yield History(
                    subject.id, _events(subject.records), born=subject.born, kind=subject.kind, facts=subject.facts
                )
                continue
            try:
                history, faults = build_history(subject)
            except HistoryError as error:
                for found in refusal(subject, error):
                    fault(found)
                continue
            for found in faults:
                fault(found)
            yield history

    def __repr__(self) -> str:
        events = sum(len(subject.records) for subject in self.subjects.values())
        return f"<Reading of {self.source}: {len(self)} subjects, {events} events, {len(self.faults)} faults>"

    def _repr_html_(self) -> str:
        """For a notebook: what was read."""
        cells = "".join(
            f"<tr><td>{escape(name)}</td><td style='text-align:right'>{count:,}</td></tr>"
            for name, count in self.counts().items()
        )
        said = "".join(f"<li>{escape(str(each))}</li>" for each in (*self.notes, *self.faults[:20]))
        more = f"<p>… and {len(self.faults) - 20:,} more cells.</p>" if len(self.faults) > 20 else ""
        return (
            f"<p><b>{escape(self.source)}</b>: {len(self):,} subjects, {len(self.faults):,} cells not usable</p>"
            f"<table><thead><tr><th>event</th><th>how many</th></tr></thead><tbody>{cells}</tbody></table>"
            f"<ul>{said}</ul>{more}"
        )


def _events(records: Iterable[Record]) -> list[Event]:
    return [
        Event(
            record.name,
            record.on,
            id=record.id or None,
            recorded=record.recorded,
            details=record.details,
            about=record.about,
            cancelled=record.cancelled,
            origin=record.origin,
        )
        for record in records
    ]


_NAMED: Final = re.compile(r'event "(.+)"', re.DOTALL)


def named_event(problem: HistoryProblem) -> str | None:
    """The id of the event that a problem speaks of, if it speaks of one."""
    found = _NAMED.fullmatch(problem.where)
    return found[1] if found else None


def build_history(subject: Subject) -> tuple[History, list[Fault]]:
    """A subject's history, and the records that had to be set aside because a field of them is unusable.

    Raises:
        HistoryError: the records contradict each other, or what is wrong is not one of them (an empty id, a fact that
            cannot be). Which of two is right nobody can tell, and without both the verdict would be a guess.
    """
    faults: list[Fault] = []
    events = []
    for record in subject.records:
        try:
            events += _events((record,))
        except HistoryError as error:
            faults += [fault_of(problem, record.origin) for problem in error.problems]
    return History(subject.id, events, born=subject.born, kind=subject.kind, facts=subject.facts), faults


def refusal(subject: Subject, error: HistoryError) -> list[Fault]:
    """Why no history can be made of a subject's records."""
    origins = {record.id: record.origin for record in reversed(subject.records)}
    return [fault_of(problem, origins.get(named_event(problem) or "")) for problem in error.problems]


def fault_of(problem: HistoryProblem, origin: object, table: str = "") -> Fault:
    """A problem of an event as a fault of the record it came from; an origin that is a number is a row of `table`."""
    if isinstance(origin, int):
        column = "date" if problem.field == "on" else problem.field
        return Fault(table, origin, column, problem.message, problem.way_out)
    if isinstance(origin, Origin):
        column = origin.column if problem.field == "on" else f"{origin.column} ({problem.field})"
        return Fault(origin.table, origin.row, column, problem.message, problem.way_out)
    return Fault(problem.where, 0, problem.field, problem.message, problem.way_out)
