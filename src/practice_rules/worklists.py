"""What is next: what is overdue or due soon, by team and worker, as a frame, an Excel file or calendars.

A list is made from the table of obligations. What it leaves out is counted by `not_listed` and said in sentences:
nothing falls off a list silently.

Needs the extra `caseload` (pyarrow, narwhals, openpyxl, icalendar).
"""

from __future__ import annotations

import hashlib
import io
import re
import unicodedata
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .calendars import Calendar
from .pack import Pack
from .words import plural, say_date, say_list

if TYPE_CHECKING:
    import pyarrow

__all__ = ["COLUMNS", "not_listed", "work_list", "write_calendar", "write_calendars", "write_excel"]

#: The columns of a work list, in their order.
COLUMNS = (
    "when", "due", "working_days", "days_late", "subject", "standard", "says", "section", "worker", "team",
    "sentence", "key",
)  # fmt: skip
_OVERDUE = "overdue"
_DATES = ("due",)
_NUMBERS = ("working_days", "days_late", "days_left")
_FLAGS = ("overdue",)
#: The columns of the table of obligations that a list is made from.
_NEEDED = (
    "subject", "standard", "kind", "section", "due", "status", "overdue", "days_late", "days_left", "worker", "team",
    "sentence", "key",
)  # fmt: skip
_STATUSES = ("met", "due", "breached", "lapsed", "not assessed")
_EXTRA = 'pip install "practice-rules[caseload]"'


# --- the list ---------------------------------------------------------------------------------------------------------


def work_list(
    rows: Any,
    *,
    as_of: date | None = None,
    calendar: Calendar | None = None,
    steps: Sequence[int] = (5, 10, 20),
    worker: str | None = None,
    team: str | None = None,
    pack: Pack | None = None,
) -> Any:
    """What is overdue and what is due in the next working days: one row for each obligation.

    A duty belongs to the first step that is not shorter than the working days left in which to do it. The day of
    `as_of` is day 0, so what is due on it has 0 left; the next working day is 1, as everywhere in the library
    (Dodds v Walker [1981] 1 WLR 1027; CPR 2.8). Due on a Saturday has as many left as due on the Friday before.

    Never listed: what was met, in time or late, or lapsed; standards that only count towards a share of many cases;
    and what was breached while its period lasted and can no longer be done because the period has ended (its days
    late stop short of `as_of`). What else is left out, and how many of each, is said by `not_listed`.

    Args:
        rows: the table of obligations: a pyarrow Table, a pandas or Polars frame, the path of a Parquet or CSV file,
            or a Caseload.
        as_of: the day the rows were judged; a Caseload knows its own.
        calendar: the working days; by default those of the pack, else those of England and Wales.
        steps: the lengths of the steps in working days, rising.
        worker: only the obligations of this worker.
        team: only the obligations of this team.
        pack: the pack, for the plain words of each standard and its calendar; a Caseload knows its own.

    Returns:
        A frame of the same kind as `rows` (a pyarrow Table for a file or a Caseload) with the columns

        - `when`: "overdue", "next 5 working days", "next 10 working days", …
        - `due`: the last day in time
        - `working_days`: working days left; below nought where overdue (0 where no working day has passed since)
        - `days_late`: calendar days overdue; null where it is not
        - `subject`, `standard`, `says` (null without a pack), `section`, `worker`, `team`, `sentence`, `key`

        in the order of team, worker (null last), overdue before due, due date, subject, standard and key, whatever
        the order of `rows`.

    Raises:
        ImportError: pyarrow or narwhals is not installed.
        ValueError: the rows are no table of obligations, were judged as of another day or by another pack; no row
            has that worker or team; or the steps do not rise.
        TypeError: `rows` is no frame; or `as_of` is no date.
    """
    found = _Found(rows, as_of, calendar, steps, worker, team, pack)
    return _like(found.table(), found.given)


def work_and_rest(rows: Any, *, steps: Sequence[int] = (5, 10, 20)) -> tuple[Any, tuple[str, ...]]:
    """The work list and what it leaves out, of a Caseload, from one reading of its rows. Errors are those of
    `work_list`.
    """
    found = _Found(rows, None, None, steps, None, None, None)
    return _like(found.table(), found.given), found.left_out


def not_listed(
    rows: Any,
    *,
    as_of: date | None = None,
    calendar: Calendar | None = None,
    steps: Sequence[int] = (5, 10, 20),
    worker: str | None = None,
    team: str | None = None,
    pack: Pack | None = None,
) -> tuple[str, ...]:
    """What a work list leaves out though it is not done, in sentences with counts; empty if there is nothing.

    Args and errors are those of `work_list`: call both alike.
    """
    return _Found(rows, as_of, calendar, steps, worker, team, pack).left_out


class _Found:
    """The obligations of a list and the counts of what is left out, from the table of obligations."""

    def __init__(
        self,
        given: Any,
        as_of: date | None,
        calendar: Calendar | None,
        steps: Sequence[int],
        worker: str | None,
        team: str | None,
        pack: Pack | None,
    ) -> None:
        self.given = given
        if _is_caseload(given):
            as_of, pack = _of_the_caseload(given, as_of, pack)
        self.as_of = _day(as_of)
        self.pack = pack
        self.calendar = calendar or (pack.calendar if pack is not None else Calendar())
        self.steps = _checked_steps(steps)
        self.open: list[dict[str, Any]] = []
        self.left_out: tuple[str, ...] = ()
        table = _as_table(given, _NEEDED, "the table of obligations", "give the rows as evaluate_caseload makes them")
        self._sort_out(table, worker, team)

    def _sort_out(self, table: pyarrow.Table, worker: str | None, team: str | None) -> None:
        import pyarrow.compute as pc

        _check_statuses(table)
        unsure = pc.equal(table["status"], "not assessed")
        overdue = pc.and_(pc.equal(table["status"], "breached"), pc.fill_null(table["overdue"], False))
        open_ = pc.or_(pc.equal(table["status"], "due"), overdue)
        _check_day(table.filter(open_), self.as_of, sure=_is_caseload(self.given))
        mine = pc.is_valid(table["status"])
        asked = {name: value for name, value in (("worker", worker), ("team", team)) if value is not None}
        for column, name in asked.items():
            mine = pc.and_(mine, pc.fill_null(pc.equal(table[column], name), False))
        if asked and not pc.any(mine).as_py():
            names = say_list([f'the {column} "{name}"' for column, name in asked.items()])
            raise ValueError(f"no row of the table of obligations has {names}: check the spelling")
        cohort = pc.equal(table["kind"], "cohort")
        shared = pc.sum(pc.and_(pc.and_(open_, mine), cohort)).as_py() or 0
        unsure = pc.sum(pc.and_(unsure, mine)).as_py() or 0
        table = table.filter(pc.and_(pc.and_(open_, mine), pc.invert(cohort)))
        undated = pc.sum(pc.is_null(table["due"])).as_py() or 0
        listed = table.filter(pc.is_valid(table["due"]))
        ended = later = 0
        for row in listed.to_pylist():
            row["overdue"] = row["status"] == "breached"
            if row["overdue"] and _ended(row, self.as_of):
                ended += 1
                continue
            row["working_days"] = self.calendar.working_between(self.as_of.toordinal(), row["due"].toordinal())
            step = next((step for step in self.steps if row["working_days"] <= step), None)
            if row["overdue"]:
                row["when"] = _OVERDUE
                row["days_late"] = (self.as_of - row["due"]).days
            elif step is None:
                later += 1
                continue
            else:
                row["when"] = _step(step)
                row["days_late"] = None
            self.open.append(row)
        self.open.sort(key=_order)
        self.left_out = _said(undated, later, ended, shared, unsure, self.steps[-1])

    def table(self) -> pyarrow.Table:
        import pyarrow as pa

        says = self._says()
        for row in self.open:
            row["says"] = says.get(row["standard"])
        types = {"due": pa.date32(), "working_days": pa.int32(), "days_late": pa.int32()}
        schema = pa.schema([(name, types.get(name, pa.string())) for name in COLUMNS])
        return pa.Table.from_pylist([{name: row[name] for name in COLUMNS} for row in self.open], schema=schema)

    def _says(self) -> Mapping[str, str]:
        if self.pack is None:
            return {}
        says = {standard.id: standard.says for standard in self.pack.standards}
        strange = sorted({row["standard"] for row in self.open} - says.keys())
        if strange:
            raise ValueError(
                f'the pack "{self.pack.name}" has no standard {say_list(strange)}: the rows were made by another pack'
            )
        return says


def _ended(row: Mapping[str, Any], as_of: date) -> bool:
    """Whether the period of a missed duty has ended since: its days late were counted to that end and no further."""
    return row["days_late"] is not None and row["due"] + timedelta(days=row["days_late"]) < as_of


def _order(row: Mapping[str, Any]) -> tuple[Any, ...]:
    # The days overdue rise as the due date falls, so "longest overdue first" is the order of the due dates.
    return (
        row["team"] is None,
        row["team"] or "",
        row["worker"] is None,
        row["worker"] or "",
        not row["overdue"],
        row["due"],
        row["subject"],
        row["standard"],
        row["key"],
        row["sentence"] or "",
        row["section"] or "",
    )


def _step(days: int) -> str:
    return f"next {plural(days, 'working day')}"


def _said(undated: int, later: int, ended: int, shared: int, unsure: int, most: int) -> tuple[str, ...]:
    """What is left out, in sentences."""
    said = []
    if undated:
        said.append(f"{plural(undated, 'obligation is', 'obligations are')} due, but no date can be named yet.")
    if later:
        said.append(f"{plural(later, 'obligation is', 'obligations are')} due later than the {_step(most)}.")
    if ended:
        said.append(
            f"{plural(ended, 'obligation was', 'obligations were')} missed, and the period has ended since: "
            "nothing is left to do."
        )
    if shared:
        said.append(
            f"{plural(shared, 'open obligation counts', 'open obligations count')} only towards a share of many cases."
        )
    if unsure:
        said.append(
            f"{plural(unsure, 'obligation', 'obligations')} could not be assessed: whether they are due is not known."
            if unsure > 1
            else "1 obligation could not be assessed: whether it is due is not known."
        )
    return tuple(said)


# --- what comes in ----------------------------------------------------------------------------------------------------


def _is_caseload(given: Any) -> bool:
    return all(hasattr(given, name) for name in ("rows", "pack", "as_of"))


def _of_the_caseload(caseload: Any, as_of: date | None, pack: Pack | None) -> tuple[date, Pack]:
    """The day and the pack of a caseload; what is given beside it must be the same."""
    day = _day(caseload.as_of)
    if as_of is not None and _day(as_of) != day:
        raise ValueError(f"the caseload was judged as of {say_date(day)}, not {say_date(_day(as_of))}")
    if pack is not None and pack.digest != caseload.pack.digest:
        raise ValueError(f'the caseload was judged by the pack "{caseload.pack.name}", not by the one given')
    return day, caseload.pack


def _day(as_of: Any) -> date:
    if isinstance(as_of, datetime):
        return as_of.date()
    if not isinstance(as_of, date):
        raise TypeError("as_of must be a date: the day the rows were judged, such as date(2024, 6, 28)")
    return as_of


def _checked_steps(steps: Sequence[int]) -> tuple[int, ...]:
    found = tuple(steps)
    whole = all(type(step) is int and step > 0 for step in found)
    if not found or not whole or any(one >= two for one, two in pairwise(found)):
        raise ValueError("steps must be whole numbers of working days, each larger than the one before: (5, 10, 20)")
    return found


def _check_statuses(table: pyarrow.Table) -> None:
    import pyarrow as pa
    import pyarrow.compute as pc

    known = pc.is_in(table["status"], value_set=pa.array(_STATUSES))
    if not pc.all(known).as_py() and table.num_rows:
        row = pc.index(known, False).as_py() + 1
        raise ValueError(
            f'the table of obligations, row {row}, column "status": there is no such status; '
            f"there are {say_list(list(_STATUSES))}"
        )
    wrong = pc.and_(pc.equal(table["status"], "breached"), pc.is_null(table["due"]))
    if pc.any(wrong).as_py():
        row = pc.index(wrong, True).as_py() + 1
        raise ValueError(f'the table of obligations, row {row}, column "due": a breached obligation has a due date')


def _check_day(table: pyarrow.Table, as_of: date, *, sure: bool) -> None:
    """Rows judged as of another day would give a list that is wrong and does not look it."""
    judged: set[date] = set()
    latest = None
    for row in table.select(["status", "due", "days_late", "days_left"]).to_pylist():
        if row["due"] is None:
            continue
        if row["status"] == "due" and row["days_left"] is not None:
            judged.add(row["due"] - timedelta(days=row["days_left"]))
        elif row["status"] == "due" and row["due"] < as_of:
            judged.add(row["due"])
        elif row["status"] == "breached" and row["days_late"] is not None:
            # Earlier than the others where a period ended; the latest is the day of judging.
            reached = row["due"] + timedelta(days=row["days_late"])
            latest = reached if latest is None else max(latest, reached)
    if latest is not None and (latest > as_of or not (sure or judged)):
        judged.add(latest)
    wrong = sorted(judged - {as_of})
    if wrong:
        raise ValueError(
            f"the rows were judged as of {say_date(wrong[-1])}, not {say_date(as_of)}: "
            "give that day as as_of, or evaluate the cases again"
        )


def _needs(library: str) -> ImportError:
    return ImportError(f"Work lists need {library}, which is not installed. Install it with: {_EXTRA}")


def _as_table(given: Any, columns: Sequence[str], what: str, mend: str) -> pyarrow.Table:
    """These columns of a frame as Arrow, of plain types: text, dates, whole numbers, yes or no."""
    try:
        import pyarrow as pa
    except ImportError:
        raise _needs("pyarrow") from None
    if isinstance(given, (str, Path)):
        table = _from_file(Path(given), columns)
    elif _is_caseload(given):
        table = given.rows()
    elif isinstance(given, pa.Table):
        table = given
    else:
        table = _from_frame(given, columns)
    lacking = [name for name in columns if name not in table.column_names]
    if lacking:
        names = say_list([f'"{name}"' for name in lacking])
        raise ValueError(f"{what} has no column {names}: {mend}")
    problems, arrays = [], []
    for name in columns:
        column = table[name]
        wanted, said = _wanted(name)
        if not _fits(column.type, wanted):
            problems.append(f'{what}, column "{name}": it does not hold {said}')
            continue
        try:
            arrays.append(column.cast(wanted))
        except pa.ArrowException:  # whose own message repeats the value
            problems.append(f'{what}, column "{name}": a cell does not hold {said}')
    if problems:
        raise ValueError("\n".join(problems))
    return pa.table(dict(zip(columns, arrays, strict=True)))


def _wanted(name: str) -> tuple[Any, str]:
    import pyarrow as pa

    if name in _DATES:
        return pa.date32(), "dates"
    if name in _NUMBERS:
        return pa.int32(), "whole numbers"
    if name in _FLAGS:
        return pa.bool_(), "true and false"
    return pa.string(), "text"


def _fits(given: Any, wanted: Any) -> bool:
    """Whether a column may be taken for one of the wanted type: no number is silently made text, no text a date."""
    import pyarrow as pa

    kinds = pa.types
    plain = given.value_type if kinds.is_dictionary(given) else given
    if kinds.is_null(plain):
        return True
    if kinds.is_string(wanted):
        return bool(kinds.is_string(plain) or kinds.is_large_string(plain) or kinds.is_string_view(plain))
    if kinds.is_date(wanted):
        return bool(kinds.is_date(plain) or kinds.is_timestamp(plain))
    if kinds.is_boolean(wanted):
        return bool(kinds.is_boolean(plain))
    # A pandas column of whole numbers with gaps holds floats.
    return bool(kinds.is_integer(plain) or kinds.is_floating(plain))


def _from_file(path: Path, columns: Sequence[str]) -> pyarrow.Table:
    import pyarrow as pa
    import pyarrow.parquet as parquet
    from pyarrow import csv

    if not path.is_file():
        raise ValueError(f"{path.name}: there is no such file; check the name and the folder")
    text = path.suffix.lower() == ".csv"
    try:
        if not text:
            return parquet.read_table(path)
        # Typed by name, so that the id 007 stays text; an empty cell says nothing.
        types = {name: _wanted(name)[0] for name in columns}
        options = csv.ConvertOptions(column_types=types, strings_can_be_null=True, null_values=[""])
        return csv.read_csv(path, convert_options=options, parse_options=csv.ParseOptions(newlines_in_values=True))
    except (pa.ArrowException, OSError):
        # Arrow's own message may repeat a cell.
        raise ValueError(
            f"{path.name}: a cell cannot be read; dates are written 2024-03-28, flags true or false, numbers in figures"
            if text
            else f"{path.name}: this is not a Parquet file; write it again, or give it the ending .csv if it is one"
        ) from None


def _from_frame(given: Any, columns: Sequence[str]) -> pyarrow.Table:
    import pyarrow as pa

    frame = _frame(given)
    made, problems = {}, []
    for name in columns:
        if name in frame.columns:
            try:
                made[name] = frame.select(name).to_arrow()[name]
            except (pa.ArrowException, TypeError):
                problems.append(f'column "{name}": it holds values of more than one sort; give it one type')
    if problems:
        raise ValueError("\n".join(problems))
    return pa.table(made)


def _frame(given: Any) -> Any:
    try:
        import narwhals as nw
    except ImportError:
        raise _needs("narwhals") from None
    try:
        frame = nw.from_native(given)
    except TypeError:
        raise TypeError(
            "rows must be a pyarrow Table, a pandas or Polars frame, the path of a Parquet or CSV file, or a Caseload"
        ) from None
    return frame.collect() if isinstance(frame, nw.LazyFrame) else frame


def _like(table: pyarrow.Table, given: Any) -> Any:
    """A table as the same kind of frame as was given."""
    import pyarrow as pa

    if isinstance(given, (str, Path, pa.Table)) or _is_caseload(given):
        return table
    frame = _frame(given)
    if frame.implementation.is_pandas():
        import pandas

        # Whole numbers stay whole where some are missing.
        return table.to_pandas(types_mapper={pa.int32(): pandas.Int32Dtype()}.get)
    import narwhals as nw

    return nw.from_arrow(table, backend=frame.implementation).to_native()


def _listed(work: Any) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = _as_table(work, COLUMNS, "the work list", "make it with work_list").to_pylist()
    return rows


# --- Excel ------------------------------------------------------------------------------------------------------------

#: The columns of a sheet with their headings and widths, in characters.
_SHEET = {
    "when": ("When", 22),
    "due": ("Due", 12),
    "working_days": ("Working days", 9),
    "days_late": ("Days late", 8),
    "subject": ("Case", 14),
    "standard": ("Standard", 30),
    "says": ("What is asked", 48),
    "section": ("Section", 28),
    "worker": ("Worker", 18),
    "team": ("Team", 18),
    "sentence": ("In words", 60),
    "key": ("Key", 30),
}
_MOST_ROWS = 1_048_575  # what a sheet holds below its heading
_MOST_NAME = 31
#: Where no day is given: the first that a zip file can hold.
_ZIP_START = date(1980, 1, 1)
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def write_excel(work: Any, path: str | Path, *, title: str | None = None, as_of: date | None = None) -> None:
    """Write a work list as an Excel file: a sheet "all" and one for each team, ready to filter and to print.

    Every text is written as text, so that nothing in a record can become a formula. Equal lists give equal bytes.

    Args:
        work: a list as `work_list` gives it, in any frame.
        path: the .xlsx file; one that is there is replaced.
        title: printed above every page, and the title of the file.
        as_of: the day of the list: printed above every page, and the file's date of making.

    Raises:
        ImportError: openpyxl, pyarrow or narwhals is not installed.
        ValueError: this is no work list; or it has more rows than a sheet holds.
    """
    try:
        from openpyxl import Workbook
        from openpyxl.writer.excel import ExcelWriter
    except ImportError:
        raise _needs("openpyxl") from None
    rows = _listed(work)
    if len(rows) > _MOST_ROWS:
        raise ValueError(f"the work list has {len(rows)} rows, and a sheet holds {_MOST_ROWS}: write one for each team")
    book = Workbook()
    made = datetime.combine(_ZIP_START if as_of is None else _day(as_of), time())
    book.properties.creator = "practice_rules"
    book.properties.title = None if title is None else _plain(title)
    book.properties.created = book.properties.modified = made
    heading = " – ".join(
        part for part in (_plain(title or ""), "" if as_of is None else f"as of {say_date(_day(as_of))}") if part
    )
    teams: dict[str | None, list[dict[str, Any]]] = {}
    for row in rows:
        teams.setdefault(row["team"], []).append(row)
    names = sorted(teams, key=lambda team: (team is None, team or ""))
    taken: set[str] = set()
    book.remove(book.active)
    _fill(book.create_sheet(_sheet_name("all", taken)), rows, heading)
    for team in names:
        name = _sheet_name("no team" if team is None else team, taken)
        _fill(book.create_sheet(name), teams[team], heading)
    out = io.BytesIO()
    # Not book.save(), which puts the time of the clock into the file.
    ExcelWriter(book, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED)).save()
    Path(path).write_bytes(_undated(out.getvalue()))


def _sheet_name(team: str, taken: set[str]) -> str:
    """A name that Excel takes and no other sheet has: at most 31 characters, none of them special."""
    name = re.sub(r"[\[\]:*?/\\]", "-", " ".join(_plain(team).split())).strip("' ") or "team"
    if name.casefold() == "history":  # Excel keeps this one for itself
        name = f"{name} team"
    number, tried = 1, name[:_MOST_NAME].strip("' ")
    while tried.casefold() in taken:
        number += 1
        end = f" ({number})"
        tried = f"{name[: _MOST_NAME - len(end)].rstrip()}{end}"
    taken.add(tried.casefold())
    return tried


def _fill(sheet: Any, rows: Sequence[Mapping[str, Any]], heading: str) -> None:
    from openpyxl.styles import Alignment, Font, PatternFill
    from openpyxl.utils import get_column_letter

    wrapped = Alignment(vertical="top", wrap_text=True)
    top, bold, urgent = Alignment(vertical="top"), Font(bold=True), Font(bold=True, color="9C1C00")
    shade = PatternFill("solid", fgColor="DDE2E6")
    for place, (name, (said, width)) in enumerate(_SHEET.items(), 1):
        sheet.column_dimensions[get_column_letter(place)].width = width
        cell = sheet.cell(1, place, said)
        cell.font, cell.fill, cell.alignment = bold, shade, wrapped
        for number, row in enumerate(rows, 2):
            value = row[name]
            if value is None:
                continue
            cell = sheet.cell(number, place)
            if name == "due":
                cell.value, cell.number_format = value, "ddd d mmm yyyy"
            elif isinstance(value, int):
                cell.value = value
            else:
                cell.value = _plain(value)
                cell.data_type = "s"  # text, whatever it begins with
                cell.quotePrefix = value.startswith(_FORMULA)  # and it stays text when somebody edits it
            cell.alignment = wrapped if width > 20 else top
            if name == "when" and value == _OVERDUE:
                cell.font = urgent
    sheet.freeze_panes = "A2"
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(_SHEET))}{len(rows) + 1}"
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = sheet.PAPERSIZE_A4
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.print_title_rows = "1:1"
    # An ampersand begins a code in what is printed above and below a page.
    sheet.oddHeader.left.text = heading.replace("&", "&&") or None
    sheet.oddHeader.right.text = "&A"
    sheet.oddFooter.right.text = "&P / &N"


def _undated(data: bytes) -> bytes:
    """The same zip file with every part dated alike."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.infolist():
            again = zipfile.ZipInfo(part.filename)
            again.compress_type = zipfile.ZIP_DEFLATED
            again.create_system = 0  # the same on every machine
            new.writestr(again, old.read(part))
    return out.getvalue()


def _plain(text: str) -> str:
    """Text without control characters: a file must hold none, and a reader sees none."""
    return "".join(sign if sign.isprintable() else " " for sign in text)


# --- calendars --------------------------------------------------------------------------------------------------------


def write_calendar(work: Any, path: str | Path, *, pack_name: str, as_of: date, case_id: bool = True) -> None:
    """Write a work list as an iCalendar file (RFC 5545): an all-day entry on the due day of each obligation.

    An entry keeps its UID from list to list (a hash of pack, subject and key), so that a calendar that takes the file
    in again moves entries and doubles none. It leaves the day free. Equal lists give equal bytes.

    Args:
        work: a list as `work_list` gives it, in any frame.
        path: the .ics file; one that is there is replaced.
        pack_name: the short name of the pack.
        as_of: the day of the list, which dates every entry.
        case_id: False leaves the id of the case out of every entry, and any sentence that holds it.

    Raises:
        ImportError: icalendar, pyarrow or narwhals is not installed.
        ValueError: this is no work list.
    """
    Path(path).write_bytes(_calendar(_listed(work), pack_name, _day(as_of), case_id))


def write_calendars(
    work: Any, folder: str | Path, *, pack_name: str, as_of: date, case_id: bool = True
) -> dict[str | None, Path]:
    """Write a work list as one iCalendar file for each worker; the entries are those of `write_calendar`.

    The name of a file depends only on the name of its worker. A worker without a row gets no file, and a file of an
    earlier list is not removed: write into an empty folder.

    Args:
        work: a list as `work_list` gives it, in any frame.
        folder: where the files go; it is made if need be.
        pack_name: the short name of the pack.
        as_of: the day of the list, which dates every entry.
        case_id: False leaves the id of the case out of every entry, and any sentence that holds it.

    Returns:
        The file of each worker, by name; None is for what nobody holds.

    Raises:
        ImportError: icalendar, pyarrow or narwhals is not installed.
        ValueError: this is no work list.
    """
    workers: dict[str | None, list[dict[str, Any]]] = {}
    for row in _listed(work):
        workers.setdefault(row["worker"], []).append(row)
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    written: dict[str | None, Path] = {}
    for worker in sorted(workers, key=lambda worker: (worker is None, worker or "")):
        written[worker] = folder / f"{_file_name(worker)}.ics"
        written[worker].write_bytes(_calendar(workers[worker], pack_name, _day(as_of), case_id))
    return written


def _file_name(worker: str | None) -> str:
    """A name that every file system takes; one that had to be changed carries a hash, so that no two become one."""
    if worker is None:
        return "no-worker"
    name = re.sub(r"[^a-z0-9]+", "-", unicodedata.normalize("NFKD", worker).lower()).strip("-")[:40] or "worker"
    if name == worker and name != "no-worker" and not re.fullmatch(r"con|prn|aux|nul|(com|lpt)\d", name):
        return name
    return f"{name}-{hashlib.sha256(worker.encode()).hexdigest()[:12]}"


def _calendar(rows: Iterable[Mapping[str, Any]], pack_name: str, as_of: date, case_id: bool) -> bytes:
    try:
        from icalendar import Calendar as Diary
        from icalendar import Event as Entry
    except ImportError:
        raise _needs("icalendar") from None
    diary = Diary()
    diary.add("prodid", "-//practice_rules//work list//EN")
    diary.add("version", "2.0")
    seen: set[str] = set()
    for row in rows:
        subject, sentence = _plain(row["subject"]), _plain(row["sentence"] or "")
        if not case_id and (not sentence or subject in sentence):
            sentence = _plain(row["says"] or row["section"] or "")
        uid = _uid(pack_name, row["subject"], row["key"])
        if uid in seen:  # a key that is no key: of two entries with one UID a calendar would drop one
            uid = _uid(pack_name, row["subject"], f"{row['key']} {row['due']}")
        seen.add(uid)
        entry = Entry()
        entry.add("uid", f"{uid}@practice-rules")
        entry.add("dtstamp", datetime.combine(as_of, time(), UTC))
        entry.add("dtstart", row["due"])
        entry.add("dtend", row["due"] + timedelta(days=1))  # the first day after it (RFC 5545, 3.6.1)
        entry.add("summary", _plain(f"{row['standard']}: {subject}" if case_id else row["standard"]))
        if sentence:
            entry.add("description", sentence)
        entry.add("categories", [row["when"]])
        entry.add("transp", "TRANSPARENT")
        diary.add_component(entry)
    return bytes(diary.to_ical())


def _uid(pack_name: str, subject: str, key: str) -> str:
    # Each part with its length, so that no two triples run together to the same text.
    text = "".join(f"{len(part)}:{part}" for part in (pack_name, subject, key))
    return hashlib.sha256(text.encode()).hexdigest()
