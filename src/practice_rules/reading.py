"""A history from a file: JSON as the library writes it, or CSV as a spreadsheet or a database hands it out.

A CSV file has one row for each event, and a first row that names the columns, in any order:

| column | meaning |
|---|---|
| `event` | what happened, by the pack's word (`name` is understood too) |
| `date` or `on` | when: 2024-03-28, or with a time 2024-03-28 14:30 |
| `time` | the time, where it has a column of its own: 14:30 |
| `recorded` | when it was written down, as a date or a date and time |
| `id`, `about` | the record's own id (`row-7` without one); the id of the event that it belongs to |
| `cancelled` | `yes`: it did not happen after all |
| `subject`, `kind`, `born` | whose history it is: on every row, or on the first; the same wherever it stands |
| `fact: NAME` | what holds of the subject throughout: on every row, or on the first |
| any other | a detail of the event |

A row whose event is `birth` gives the date of birth. An empty cell says nothing; a cell with `(blank)` says that the
record has the field and that nothing stands in it. A column in which every time is midnight holds dates.

Children's records pass through here: no message repeats a value of a record.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from pathlib import Path

from .events import Detail, Event, History, HistoryError, HistoryProblem, fold
from .standards import BIRTH

__all__ = ["BLANK", "DATE_FORMATS", "read_history"]

#: How dates may be written besides year-month-day, where it is said that they are.
DATE_FORMATS = ("dd/mm/yyyy",)
#: What a cell holds when the record has the field and nothing stands in it.
BLANK = "(blank)"

_MOST_BYTES = 200_000_000
_ISO = re.compile(r"\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?:Z| ?[+-]\d\d:?\d\d)?)?")
_STROKES = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})(?: (\d\d:\d\d(?::\d\d)?))?")
_LIKE_A_DATE = re.compile(r"\d{1,4}[/.\-]\d{1,2}[/.\-]\d{1,4}(?:\D.*)?")
_CLOCK = re.compile(r"\d\d?:\d\d(?::\d\d)?(?:\.\d+)?")
_ALIASES = {"name": "event", "on": "date"}
_FOR_THE_SUBJECT = ("subject", "kind", "born")
_OWN = {"event", "date", "time", "recorded", "id", "about", "cancelled", *_FOR_THE_SUBJECT}
_YES = {"yes": True, "y": True, "true": True, "1": True, "no": False, "n": False, "false": False, "0": False}


def read_history(path: str | Path, *, subject: str | None = None, date_format: str | None = None) -> History:
    """Read one subject's history from a .json or .csv file.

    Args:
        path: the file.
        subject: whose rows of a CSV file that holds several subjects; or the id to give where the file gives none.
        date_format: "dd/mm/yyyy" where a CSV file writes its dates so; otherwise only year-month-day is read.

    Raises:
        HistoryError: the file cannot be read, or the history cannot be used; every problem at once.
        ValueError: there is no such date format.
    """
    if date_format is not None and date_format not in DATE_FORMATS:
        raise ValueError(f"the date formats are: {', '.join(DATE_FORMATS)}")
    path = Path(path)
    ending = path.suffix.lower()
    if ending not in (".json", ".csv"):
        raise _refused(path, "file", "the ending says neither .json nor .csv.", "Save it as one of them.")
    text = _text(path)
    return _from_json(path, text, subject) if ending == ".json" else _from_csv(path, text, subject, date_format)


def _refused(path: Path, field: str, message: str, way_out: str = "") -> HistoryError:
    return HistoryError([HistoryProblem(path.name, field, message, way_out)])


def _text(path: Path) -> str:
    """The text of a file; whatever else it is, is said."""
    try:
        if path.stat().st_size > _MOST_BYTES:
            raise _refused(path, "file", "it is too large for one history.", "Give one subject's history at a time.")
        data = path.read_bytes()
    except FileNotFoundError:
        raise _refused(path, "file", "there is no such file.", "Check the name and the folder.") from None
    except OSError:
        raise _refused(path, "file", "it cannot be opened.", "Check that it is a file you may read.") from None
    advice = 'Save it as UTF-8 (in Excel: Save As, "CSV UTF-8").'
    if data.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        raise _refused(path, "file", "this is a workbook, not text.", advice)
    if data.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\0" in data:
        raise _refused(path, "file", "this is not UTF-8 text.", advice)
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise _refused(path, f"line {line}", "this is not UTF-8 text.", advice) from None


def _from_json(path: Path, text: str, subject: str | None) -> History:
    if not text.strip():
        raise _refused(path, "file", "it is empty.")
    try:
        history = History.from_json(text)
    except HistoryError as error:
        raise _in_file(path, error.problems) from None
    if subject is not None and subject != history.subject:
        raise _refused(path, "subject", "it holds another subject's history.", "Check the file, or leave it out.")
    return history


def _in_file(path: Path, problems: Sequence[HistoryProblem]) -> HistoryError:
    """The problems of a history, each with the file it stands in."""
    return HistoryError(
        HistoryProblem(
            path.name if problem.where == "history" else f"{path.name}, {problem.where}",
            problem.field,
            problem.message,
            problem.way_out,
        )
        for problem in problems
    )


# --- CSV --------------------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Table:
    """A CSV file on the way to a history."""

    path: Path
    date_format: str | None
    columns: dict[str, int] = field(default_factory=dict)
    #: Details and facts by folded name, with the header as written.
    headers: dict[str, str] = field(default_factory=dict)
    rows: list[tuple[int, list[str]]] = field(default_factory=list)
    found: list[tuple[int, HistoryProblem]] = field(default_factory=list)
    #: Columns in which every time is midnight.
    dates_only: set[str] = field(default_factory=set)

    def wrong(self, row: int | None, column: str, message: str, way_out: str = "") -> None:
        where = self.path.name if row is None else f"{self.path.name}, row {row}"
        self.found.append((row or 0, HistoryProblem(where, column, message, way_out)))

    @property
    def problems(self) -> list[HistoryProblem]:
        """The problems in the order of the rows."""
        return [problem for _, problem in sorted(self.found, key=lambda each: each[0])]

    def cell(self, row: Sequence[str], column: str) -> str:
        place = self.columns.get(column)
        return row[place].strip() if place is not None and place < len(row) else ""

    # --- the first row

    def read(self, text: str) -> None:
        first = text.split("\n", 1)[0]
        separator = max(",;\t", key=first.count)
        try:
            listed = list(csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True))
        except csv.Error:
            self.wrong(None, "file", "a quoted cell never ends, or has text behind its quote.", "Save it again as CSV.")
            return
        if not listed or not any(cell.strip() for cell in listed[0]):
            self.wrong(None, "file", "it has no first row that names the columns.", 'Begin with "event,date".')
            return
        self.name_columns(listed[0])
        width = len(listed[0])
        for number, row in enumerate(listed[1:], start=2):
            if not any(cell.strip() for cell in row):
                continue
            if any(cell.strip() for cell in row[width:]):
                self.wrong(number, "row", "it has more cells than the first row.", "Put quotes around a cell's commas.")
            self.rows.append((number, row))

    def name_columns(self, header: Sequence[str]) -> None:
        for place, said in enumerate(header):
            name = fold(said)
            if not name:
                continue
            name = _ALIASES.get(name, name)
            if name in self.columns:
                self.wrong(1, f"column {place + 1}", "its name is there already.", "Give every column its own name.")
                continue
            self.columns[name] = place
            if name not in _OWN:
                self.headers[name] = said.strip()
        for needed in ("event", "date"):
            if needed not in self.columns:
                self.wrong(1, "columns", f'there is no column "{needed}".', 'Every row needs "event" and "date".')

    # --- dates

    def find_columns_of_dates(self) -> None:
        """Databases hand out a date as a time at midnight: a column of nothing else holds dates."""
        for column in ("date", "recorded", "born"):
            times = [
                found[0]
                for _, row in self.rows
                if (found := re.findall(r"[T ](\d\d:\d\d(?::\d\d(?:\.\d+)?)?)$", self.cell(row, column)))
            ]
            if times and all(set(each) <= set("0:.") for each in times):
                self.dates_only.add(column)

    def when(self, number: int, row: Sequence[str], column: str) -> date | datetime | None:
        """The date or time in a cell; None where there is none, or none that can be read."""
        said = self.cell(row, column)
        if not said:
            return None
        if self.date_format is not None and (strokes := _STROKES.fullmatch(said)):
            day, month, year, clock = strokes.groups()
            said = f"{year}-{int(month):02}-{int(day):02}{f' {clock}' if clock else ''}"
        if not _ISO.fullmatch(said):
            self.wrong(number, column, *self.unread(said))
            return None
        try:
            if len(said) == 10:
                return date.fromisoformat(said)
            moment = datetime.fromisoformat(said.replace(" +", "+").replace(" -", "-"))
        except ValueError:
            self.wrong(number, column, "there is no such date.", "Check day, month and time.")
            return None
        return moment.date() if column in self.dates_only else moment

    def unread(self, said: str) -> tuple[str, str]:
        """What is wrong with a cell that is no date, and the way out."""
        if self.date_format is None and _STROKES.fullmatch(said):
            return (
                "this date can be read in two ways: day first or month first.",
                f"Write 2024-03-28, or say that the file has {DATE_FORMATS[0]}.",
            )
        if re.fullmatch(r"\d{5}(?:\.\d+)?", said):
            return ("this is a spreadsheet's own number for a date.", "Format the column as a date: yyyy-mm-dd.")
        if _LIKE_A_DATE.fullmatch(said):
            return ("this date is not written year-month-day.", "Write 2024-03-28.")
        return ("this is not a date.", "Write 2024-03-28, or 2024-03-28 14:30.")

    def moment(self, number: int, row: Sequence[str]) -> date | datetime | None:
        """When it happened, from the columns `date` and `time`."""
        if not self.cell(row, "date"):
            self.wrong(number, "date", "it is missing.", "Every event has a date.")
            return None
        day = self.when(number, row, "date")
        said = self.cell(row, "time")
        if not said:
            return day
        try:
            if not _CLOCK.fullmatch(said):
                raise ValueError
            clock = time.fromisoformat(said if said[1] != ":" else f"0{said}")
        except ValueError:
            self.wrong(number, "time", "this is not a time.", "Write 14:30.")
            return None
        if isinstance(day, datetime):
            self.wrong(number, "time", 'there is a time in the column "date" already.', "Keep one of them.")
            return None
        return None if day is None else datetime.combine(day, clock)

    # --- rows

    def event(self, number: int, row: Sequence[str]) -> Event | None:
        before = len(self.found)
        name = self.cell(row, "event")
        if not name:
            self.wrong(number, "event", "it is missing.", "Give the pack's word for what happened.")
        on = self.moment(number, row)
        recorded = self.when(number, row, "recorded")
        cancelled = self.cell(row, "cancelled").casefold()
        if cancelled and cancelled not in _YES:
            self.wrong(number, "cancelled", "this is neither yes nor no.", "Write yes, or leave it empty.")
        details: dict[str, Detail] = {
            column: None if said == BLANK else said
            for column in self.headers
            if not column.startswith("fact:") and (said := self.cell(row, column))
        }
        if len(self.found) > before or on is None:
            return None
        try:
            return Event(
                name,
                on,
                id=self.cell(row, "id") or f"row-{number}",
                recorded=recorded,
                details=details,
                about=self.cell(row, "about") or None,
                cancelled=_YES.get(cancelled, False),
            )
        except HistoryError as error:
            for problem in error.problems:
                self.wrong(number, "date" if problem.field == "on" else problem.field, problem.message, problem.way_out)
            return None

    def one_value(self, column: str) -> tuple[int, list[str], str] | None:
        """What stands in a column that speaks of the subject: the first row with a value, and that value."""
        first: tuple[int, list[str], str] | None = None
        for number, row in self.rows:
            said = self.cell(row, column)
            if not said:
                continue
            if first is None:
                first = (number, row, said)
            elif said != first[2]:
                self.wrong(number, column, f"it differs from row {first[0]}.", "One file holds one subject's history.")
                return first
        return first


def _from_csv(path: Path, text: str, subject: str | None, date_format: str | None) -> History:
    table = _Table(path, date_format)
    table.read(text)
    if table.problems and not table.rows:
        raise HistoryError(table.problems)
    _keep_one_subject(table, subject)
    table.find_columns_of_dates()
    born = None
    if (found := table.one_value("born")) is not None:
        born = table.when(found[0], found[1], "born")
    given = {name: found[2] for name in ("subject", "kind") if (found := table.one_value(name)) is not None}
    facts: dict[str, Detail] = {}
    for column in table.headers:
        if column.startswith("fact:") and (found := table.one_value(column)) is not None:
            facts[column.removeprefix("fact:").strip()] = None if found[2] == BLANK else found[2]
    events: list[Event] = []
    needed = {"event", "date"} <= table.columns.keys()
    for number, row in table.rows if needed else ():
        if fold(table.cell(row, "event")) == BIRTH:
            birth = table.moment(number, row)
            if born is not None and birth is not None and _day(birth) != _day(born):
                table.wrong(number, "date", "it differs from the other date of birth.", "Keep the right one.")
            born = birth or born
        elif (event := table.event(number, row)) is not None:
            events.append(event)
    if table.problems:
        raise HistoryError(table.problems)
    try:
        return History(
            given.get("subject") or subject or path.stem,
            events,
            born=None if born is None else _day(born),
            kind=given.get("kind", "child"),
            facts=facts,
        )
    except HistoryError as error:
        raise _in_file(path, error.problems) from None


def _day(moment: date) -> date:
    return moment.date() if isinstance(moment, datetime) else moment


def _keep_one_subject(table: _Table, subject: str | None) -> None:
    """The rows of the subject asked for; without one, there must be only one."""
    if "subject" not in table.columns:
        return
    ids = {table.cell(row, "subject") for _, row in table.rows} - {""}
    if subject is not None and ids and subject not in ids:
        table.wrong(None, "subject", "no row has the subject asked for.", 'The column "subject" holds the ids.')
        table.rows = []
    elif len(ids) > 1 and subject is not None:
        table.rows = [(number, row) for number, row in table.rows if table.cell(row, "subject") == subject]
    elif len(ids) > 1:
        table.wrong(None, "subject", f"it holds the rows of {len(ids)} subjects.", "Say which one by its id.")
        table.rows = []
