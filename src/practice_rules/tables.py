"""Tables from wherever an authority has them: CSV files, data frames, database cursors, lists of dictionaries.

Whatever it came from, a `Table` gives its columns by name without regard to case, and its rows with their numbers. Only
this module knows of encodings and of data-frame libraries.
"""

from __future__ import annotations

import codecs
import csv
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any, Final

from .events import fold
from .records import Gathering, Trouble

__all__ = [
    "Row",
    "Table",
    "TableError",
    "csv_encoding",
    "csv_table",
    "go_through",
    "open_tables",
    "table_of",
    "text_of",
]

#: How the name of a Parquet file ends.
PARQUET: Final = (".parquet", ".pq")
_WORKBOOK: Final = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
#: A cell longer than this is no cell but a broken quote.
_LONGEST_CELL: Final = 10_000_000


class TableError(ValueError):
    """A file or an object that cannot be read as a table; says which, what is wrong, and how to mend it."""


def arrow() -> Any:
    """The library pyarrow.

    Raises:
        TableError: it is not installed.
    """
    try:
        import pyarrow
    except ImportError:
        raise TableError('This needs the extra "caseload": pip install "practice-rules[caseload]".') from None
    return pyarrow


class Row:
    """One row: its number, and its cells by the names that `Table.columns` gives them."""

    __slots__ = ("_cells", "_places", "number")

    def __init__(self, number: int, cells: Sequence[Any], places: Mapping[str, int]) -> None:
        self.number = number
        self._cells = cells
        self._places = places

    def __getitem__(self, column: str) -> Any:
        """The cell; None where the table has no such column or the row ends before it."""
        place = self._places.get(column)
        return None if place is None or place >= len(self._cells) else self._cells[place]


@dataclass(slots=True)
class Table:
    """A table on its way through a reader: it can be gone through once.

    Attributes:
        name: what faults and origins call it: the file's name, or the name it was given.
        columns: the names as written, trimmed.
        cells: the rows, each with its number.
        notes: what a user should know, such as an encoding that had to be guessed. Complete once it was gone through.
        faults: rows that cannot be right, as (row number, trouble). Complete once it was gone through.
    """

    name: str
    columns: tuple[str, ...]
    cells: Iterable[tuple[int, Sequence[Any]]]
    notes: list[str]
    faults: list[tuple[int, Trouble]]

    def rows(self, names: Mapping[str, Sequence[str]] | None = None) -> Iterator[Row]:
        """The rows. `names` says how else a column may be called: {"cinp_cin_plan_id": ["cin_plan_id"]}; the first
        that the table has is taken.
        """
        places = self.places(names)
        for number, cells in self.cells:
            yield Row(number, cells, places)

    def places(self, names: Mapping[str, Sequence[str]] | None = None) -> dict[str, int]:
        """Where each column stands, by its folded name and by its name as asked for; of two of one name, the first."""
        found: dict[str, int] = {}
        for place, column in enumerate(self.columns):
            found.setdefault(fold(column), place)
            found.setdefault(column.casefold(), place)
        for name, others in (names or {}).items():
            for other in (name, *others):
                if fold(other) in found:
                    found[name] = found[fold(other)]
                    break
        return found


def go_through(gathering: Gathering, table: Table, names: Mapping[str, Sequence[str]] | None = None) -> Iterator[Row]:
    """The rows of a table, counted; what is wrong with its lines and what is to be said of it goes to the gathering."""
    for row in table.rows(names):
        gathering.rows[table.name] += 1
        yield row
    for number, trouble in table.faults:
        gathering.fault(table.name, number, "", trouble)
    gathering.notes += table.notes


# --- files ------------------------------------------------------------------------------------------------------------


def csv_table(path: str | Path, *, name: str | None = None) -> Table:
    """A CSV file as a table: comma, semicolon or tab; UTF-8, UTF-16, or else Windows-1252, which is noted.

    Raises:
        TableError: it cannot be opened, is no text, or has no first row that names the columns.
    """
    path = Path(path)
    name = name or path.name
    encoding, notes = csv_encoding(path, name)
    faults: list[tuple[int, Trouble]] = []
    lines = _csv_rows(path, encoding, faults, name)
    header = next(lines, None)
    if header is None:
        raise TableError(f"{name}: it has no first row that names the columns.")
    columns = tuple(cell.strip() for cell in header[1])
    width = len(columns)

    def cells() -> Iterator[tuple[int, Sequence[Any]]]:
        for number, row in lines:
            if not any(cell.strip() for cell in row):
                continue
            if any(cell.strip() for cell in row[width:]):
                faults.append(
                    (number, Trouble("it has more cells than the first row.", "Put quotes around a cell's commas."))
                )
            yield number, row

    return Table(name, columns, cells(), notes, faults)


def csv_encoding(path: Path, name: str) -> tuple[str, list[str]]:
    """How a file is written. Looks at all of it, for one wrong byte far below would end the reading there."""
    try:
        with path.open("rb") as file:
            start = file.read(4)
            if start.startswith(_WORKBOOK):
                raise TableError(f"{name}: this is a workbook, not a CSV file. Save the sheet as CSV UTF-8.")
            if start.startswith((b"\xff\xfe", b"\xfe\xff")):
                return "utf-16", []
            file.seek(0)
            decoder = codecs.getincrementaldecoder("utf-8")()
            while block := file.read(1 << 20):
                if b"\0" in block:
                    raise TableError(f"{name}: this is not text. Save it as CSV UTF-8.")
                decoder.decode(block)
            decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return "cp1252", [f"{name}: it is not UTF-8 and was read as Windows-1252. Look at names with accents."]
    except FileNotFoundError:
        raise TableError(f"{name}: there is no such file. Check the name and the folder.") from None
    except OSError:
        raise TableError(f"{name}: it cannot be opened. Check that it is a file you may read.") from None
    return "utf-8-sig", []


def _csv_rows(
    path: Path, encoding: str, faults: list[tuple[int, Trouble]], name: str
) -> Iterator[tuple[int, list[str]]]:
    """The rows of a CSV file with the line each begins on; the first row that is not empty is the header."""
    csv.field_size_limit(_LONGEST_CELL)
    with path.open(encoding=encoding, errors="replace", newline="") as file:
        first = next((line for line in file if line.strip()), "")
        separator = max(",;\t|", key=first.count)
        file.seek(0)
        lines = _Lines(file)
        reader = csv.reader(lines, delimiter=separator)
        begun = broken = False
        while True:
            before = reader.line_num
            try:
                row = next(reader)
            except StopIteration:
                return
            except csv.Error:
                broken = True
            if broken or lines.ended:
                # Only a quote that is still open makes the reader ask for more before it hands out a row.
                faults.append((before + 1, Trouble("a quoted cell never ends. What follows could not be read.")))
                return
            if begun or any(cell.strip() for cell in row):
                begun = True
                yield before + 1, row


class _Lines:
    """The lines of a file; `ended` once more of them were asked for than there are."""

    def __init__(self, file: Iterator[str]) -> None:
        self._file = file
        self.ended = False

    def __iter__(self) -> Iterator[str]:
        yield from self._file
        self.ended = True


def text_of(path: str | Path) -> str:
    """The text of a file (UTF-8, UTF-16 or else Windows-1252).

    Raises:
        TableError: it cannot be opened or is no text.
    """
    path = Path(path)
    encoding, _ = csv_encoding(path, path.name)
    return path.read_text(encoding=encoding, errors="replace")


# --- objects ----------------------------------------------------------------------------------------------------------


def table_of(source: object, name: str) -> Table:
    """A table from a path of a CSV or Parquet file, a data frame (pandas, Polars, Arrow), a database cursor that has
    run its query, a list of dictionaries, or a `Table`.

    Raises:
        TableError: it is none of them.
    """
    if isinstance(source, Table):
        return source
    if isinstance(source, str | Path):
        path = Path(source)
        if path.suffix.lower() in PARQUET:
            return _from_frame(read_parquet(path, path.name), path.name)
        return csv_table(path)
    if isinstance(source, Mapping):
        raise TableError(f"{name}: this is a dictionary. Give a list of dictionaries, one for each row.")
    if (described := getattr(source, "description", None)) is not None and hasattr(source, "fetchone"):
        columns = tuple(str(column[0]) for column in described)
        return Table(name, columns, enumerate(_fetched(source), start=1), [], [])
    if isinstance(source, list | tuple):
        return _from_dictionaries(source, name)
    return _from_frame(source, name)


def _fetched(cursor: Any) -> Iterator[Sequence[Any]]:
    """The rows of a cursor by the standard interface for databases (PEP 249)."""
    while (row := cursor.fetchone()) is not None:
        yield tuple(row)


def _from_dictionaries(rows: Sequence[Any], name: str) -> Table:
    if not all(isinstance(row, Mapping) for row in rows):
        raise TableError(f"{name}: not every row is a dictionary. Give one for each row.")
    columns = tuple(dict.fromkeys(chain.from_iterable(rows)))
    return Table(
        name,
        tuple(str(column) for column in columns),
        ((number, [row.get(column) for column in columns]) for number, row in enumerate(rows, start=1)),
        [],
        [],
    )


def _from_frame(source: object, name: str) -> Table:
    try:
        import narwhals as nw
    except ImportError:
        raise TableError(
            f'{name}: data frames need the extra "caseload": pip install "practice-rules[caseload]".'
        ) from None
    try:
        frame = nw.from_native(source)  # type: ignore[call-overload]
    except TypeError:
        raise TableError(
            f"{name}: this is no table. Give a CSV file, a data frame, a database cursor or a list of dictionaries."
        ) from None
    if isinstance(frame, nw.LazyFrame):
        frame = frame.collect()
    return Table(name, tuple(map(str, frame.columns)), enumerate(frame.iter_rows(), start=1), [], [])


def read_parquet(path: Path, name: str) -> Any:
    """A Parquet file as an Arrow table.

    Raises:
        TableError: there is no such file, or it is none.
    """
    pa = arrow()
    import pyarrow.parquet as pq

    try:
        return pq.read_table(path, partitioning=None)
    except FileNotFoundError:
        raise TableError(f"{name}: there is no such file. Check the name and the folder.") from None
    except (OSError, pa.ArrowException):
        raise TableError(f"{name}: it cannot be read as Parquet. Check that it is whole.") from None


def open_tables(source: object, wanted: Iterable[str]) -> tuple[dict[str, Table], list[str]]:
    """The tables of a source by folded name, and the names of what was there but is not wanted.

    Args:
        source: a folder of CSV files, or a dictionary of name -> anything `table_of` takes.
        wanted: the tables that the reader knows. A name matches without regard to case, and a prefix such as a schema
            ("HDM.ssd_person") or an ending such as a date is looked through.

    Raises:
        TableError: there is no such folder, or a table cannot be read.
    """
    names = {fold(name): name for name in wanted}
    found: dict[str, Table] = {}
    left: list[str] = []
    for given, item in _given(source):
        name = _match(given, names)
        if name is None:
            left.append(given)
        elif name in found:
            raise TableError(f"{given}: the table {name} is there twice. Give it once.")
        else:
            found[name] = table_of(item, given)
    return found, left


def _given(source: object) -> Iterator[tuple[str, object]]:
    if isinstance(source, Mapping):
        yield from ((str(name), item) for name, item in source.items())
        return
    if not isinstance(source, str | Path):
        raise TableError("Give a folder of CSV files, or a dictionary of tables by name.")
    folder = Path(source)
    if not folder.exists():
        raise TableError(f"{folder.name}: there is no such folder. Check the name.")
    for path in sorted(folder.iterdir()) if folder.is_dir() else [folder]:
        if path.suffix.lower() == ".csv":
            yield path.name, path


def _match(given: str, names: Mapping[str, str]) -> str | None:
    """The wanted table that a given name means: the longest whose words it contains in a row."""
    stem = given[:-4] if given.lower().endswith(".csv") else given
    words = f" {fold(stem.replace('.', ' '))} "
    fitting = [name for name in names if f" {name} " in words]
    return names[max(fitting, key=len)] if fitting else None
