"""Tables from files, frames, cursors and lists: equal whatever they came from, and plain words for the rest."""

from __future__ import annotations

import builtins
import sqlite3
from pathlib import Path
from typing import Any

import pytest

from practice_rules.records import Gathering, Trouble
from practice_rules.tables import (
    Row,
    Table,
    TableError,
    arrow,
    csv_encoding,
    csv_table,
    go_through,
    open_tables,
    read_parquet,
    table_of,
    text_of,
)

pa = pytest.importorskip("pyarrow", reason="needs the extra caseload")
pd = pytest.importorskip("pandas", reason="needs the extra notebook")
pl = pytest.importorskip("polars", reason="needs polars, a library of the tests")


def written(folder: Path, data: str | bytes, name: str = "t.csv") -> Path:
    path = folder / name
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return path


def cells(table: Table, *columns: str) -> list[tuple[Any, ...]]:
    return [(row.number, *(row[column] for column in columns)) for row in table.rows()]


# --- CSV -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("ending", ["\n", "\r\n"])
def test_csv_in_every_dress(separator: str, encoding: str, ending: str, tmp_path: Path) -> None:
    """Separators, encodings and line ends make no difference; rows are numbered as in the file."""
    lines = ["Child ID;When", "007;2024-03-28", "", "é;x", ";", '"a', 'b";y', "z"]
    text = ending.join(lines).replace(";", separator)
    table = csv_table(written(tmp_path, text.encode(encoding)))
    assert table.name == "t.csv"
    assert table.columns == ("Child ID", "When")
    # The empty line and the line of empty cells are no rows; the quoted cell spans lines 6 and 7.
    assert [(n, child.replace("\r", ""), when) for n, child, when in cells(table, "child id", "when")] == [
        (2, "007", "2024-03-28"),
        (4, "é", "x"),
        (6, "a\nb", "y"),
        (8, "z", None),
    ]
    assert bool(table.notes) == (encoding == "cp1252")
    assert table.faults == []


def test_what_was_guessed_is_noted(tmp_path: Path) -> None:
    """A file that is not UTF-8 is read as Windows-1252, which is said; even where the byte comes late."""
    path = written(tmp_path, b"a,b\n" + b"x,y\n" * 300_000 + b"\xe9,\x81\n")
    table = csv_table(path, name="named")
    assert table.notes == ["named: it is not UTF-8 and was read as Windows-1252. Look at names with accents."]
    assert cells(table, "a", "b")[-1] == (300_002, "é", "\ufffd")


def test_rows_that_cannot_be_right_are_faults(tmp_path: Path) -> None:
    """Too many cells: a fault for the row, which is used; empty cells too many are none."""
    gathering = Gathering("records", [])
    table = csv_table(written(tmp_path, "\n\na,b\n1,2,3\n4,5,,\n6,7\n"))
    assert [(row.number, row["a"]) for row in go_through(gathering, table)] == [(4, "1"), (5, "4"), (6, "6")]
    assert [str(fault) for fault in gathering.faults] == [
        "t.csv, row 4: it has more cells than the first row. Put quotes around a cell's commas."
    ]
    assert gathering.rows["t.csv"] == 3


@pytest.mark.parametrize(
    "text", ['a,b\n1,2\n3,"4\n5,6\n7,8\n', 'a,b\n1,2\n3,"4\n5,6\n7,8', 'a,b\n1,2\n3,"' + "4\n" * 6_000_000]
)
def test_a_quote_that_never_ends_is_said(text: str, tmp_path: Path) -> None:
    """It would swallow the rest of the file; the rows before it are used, and the row where it begins is named."""
    table = csv_table(written(tmp_path, text))
    assert cells(table, "a", "b") == [(2, "1", "2")]
    assert table.faults == [(3, Trouble("a quoted cell never ends. What follows could not be read."))]


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "t.csv: it has no first row that names the columns."),
        (b"\n ,\n", "t.csv: it has no first row that names the columns."),
        (b"PK\x03\x04rest", "t.csv: this is a workbook, not a CSV file. Save the sheet as CSV UTF-8."),
        (b"\xd0\xcf\x11\xe0rest", "t.csv: this is a workbook, not a CSV file. Save the sheet as CSV UTF-8."),
        (b"a,b\n\0\n", "t.csv: this is not text. Save it as CSV UTF-8."),
        (None, "t.csv: there is no such file. Check the name and the folder."),
        ("folder", "t.csv: it cannot be opened. Check that it is a file you may read."),
    ],
)
def test_files_that_are_no_tables(data: Any, words: str, tmp_path: Path) -> None:
    """Each in its own words."""
    path = tmp_path / "t.csv"
    if data == "folder":
        path.mkdir()
    elif data is not None:
        path.write_bytes(data)
    with pytest.raises(TableError) as caught:
        csv_table(path)
    assert str(caught.value) == words


def test_the_text_of_a_file(tmp_path: Path) -> None:
    """As for CSV: UTF-8 with or without its mark, UTF-16, or else Windows-1252."""
    for encoding in ("utf-8", "utf-8-sig", "utf-16", "cp1252"):
        path = written(tmp_path, "Zoë".encode(encoding))
        assert text_of(path) == "Zoë"
    assert csv_encoding(path, "t")[0] == "cp1252"
    with pytest.raises(TableError):
        text_of(tmp_path / "none")


# --- objects ---------------------------------------------------------------------------------------------------------

ROWS = [{"subject": "007", "when": "2024-03-28"}, {"subject": "b", "when": None}]


def cursor() -> sqlite3.Cursor:
    base = sqlite3.connect(":memory:")
    base.execute("create table t (subject text, [when] text)")
    base.executemany("insert into t values (:subject, :when)", ROWS)
    found = base.execute("select * from t order by rowid")
    return found


def sources(folder: Path) -> dict[str, Any]:
    table = pa.table({name: [row[name] for row in ROWS] for name in ROWS[0]})
    import pyarrow.parquet as pq

    pq.write_table(table, folder / "t.parquet")
    return {
        "Parquet": folder / "t.parquet",
        "Arrow": table,
        "pandas": table.to_pandas(),
        "Polars": pl.from_arrow(table),
        "Polars, lazily": pl.from_arrow(table).lazy(),
        "cursor": cursor(),
        "list": ROWS,
        "uneven list": [ROWS[0], {"subject": "b"}],
        "tuple": tuple(ROWS),
        "table": Table("t", ("subject", "when"), [(1, ("007", "2024-03-28")), (2, ("b", None))], [], []),
    }


def test_equal_tables_from_everywhere(tmp_path: Path) -> None:
    """Frames, Parquet, a cursor and lists give equal rows, the first with number 1."""
    for name, source in sources(tmp_path).items():
        rows = cells(table_of(source, "t"), "subject", "when")
        first, second = rows
        assert first == (1, "007", "2024-03-28"), name
        assert second[:2] == (2, "b"), name
        assert second[2] is None or second[2] != second[2], name


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ({"a": [1]}, "t: this is a dictionary. Give a list of dictionaries, one for each row."),
        ([1, 2], "t: not every row is a dictionary. Give one for each row."),
        (7, "t: this is no table. Give a CSV file, a data frame, a database cursor or a list of dictionaries."),
        ("none.csv", "none.csv: there is no such file. Check the name and the folder."),
        ("none.parquet", "none.parquet: there is no such file. Check the name and the folder."),
    ],
)
def test_objects_that_are_no_tables(source: object, words: str) -> None:
    """Each in its own words."""
    with pytest.raises(TableError) as caught:
        table_of(source, "t")
    assert str(caught.value) == words


def test_a_file_that_is_no_parquet(tmp_path: Path) -> None:
    """A name is not enough."""
    with pytest.raises(TableError, match=r"t\.pq: it cannot be read as Parquet\. Check that it is whole\."):
        read_parquet(written(tmp_path, "a,b\n", "t.pq"), "t.pq")


def test_missing_libraries_are_named_with_their_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without pyarrow or narwhals one sentence says what to install; lists of dictionaries need neither."""
    real = builtins.__import__

    def imported(name: str, *args: Any, **options: Any) -> Any:
        if name in ("pyarrow", "narwhals"):
            raise ImportError(name)
        return real(name, *args, **options)

    frame = pd.DataFrame(ROWS)
    monkeypatch.setattr(builtins, "__import__", imported)
    for call in (arrow, lambda: table_of(frame, "t")):
        with pytest.raises(TableError, match=r'extra "caseload": pip install "practice-rules\[caseload\]"'):
            call()
    assert len(list(table_of(ROWS, "t").rows())) == 2


def test_columns_have_other_names() -> None:
    """A column is found by any of its names, spaces and underscores alike; of two of one name the first stands."""
    table = Table("t", ("Plan_ID", "plan id", "cin when"), [(1, ("a", "b"))], [], [])
    (row,) = table.rows({"cinp_plan_id": ["plan id"], "date": ["when", "CIN-when"], "other": ["nothing"]})
    assert (row["cinp_plan_id"], row["Plan_ID"], row["plan id"], row["plan_id"]) == ("a", None, "a", "a")
    assert (row["date"], row["other"], row["nowhere"]) == (None, None, None)
    assert Row(3, ["x"], {"a": 0})["a"] == "x"


# --- several tables --------------------------------------------------------------------------------------------------


def test_a_folder_gives_the_tables_that_are_wanted(tmp_path: Path) -> None:
    """Schema, date and case in a name are looked through; the longest name wins; what is not wanted is told."""
    for name in ("HDM.ssd_person.csv", "SSD_CP_Visits 2024-03.CSV", "ssd_cp_plans.csv", "other.csv"):
        written(tmp_path, "a\n1\n", name)
    written(tmp_path, "x", "notes.txt")
    found, left = open_tables(tmp_path, ["ssd_person", "ssd_cp_visits", "cp_visits", "ssd_cp_plans"])
    assert {name: table.name for name, table in found.items()} == {
        "ssd_person": "HDM.ssd_person.csv",
        "ssd_cp_visits": "SSD_CP_Visits 2024-03.CSV",
        "ssd_cp_plans": "ssd_cp_plans.csv",
    }
    assert left == ["other.csv"]
    one, _ = open_tables(str(tmp_path / "ssd_cp_plans.csv"), ["ssd_cp_plans"])
    assert list(one) == ["ssd_cp_plans"]
    given, left = open_tables({"dbo.ssd_person": ROWS, "x": ROWS}, ["ssd_person"])
    assert (list(given), left) == (["ssd_person"], ["x"])


@pytest.mark.parametrize(
    ("source", "words"),
    [
        (7, "Give a folder of CSV files, or a dictionary of tables by name."),
        ("no folder", "no folder: there is no such folder. Check the name."),
        ({"a.t": ROWS, "b.t": ROWS}, "b.t: the table t is there twice. Give it once."),
    ],
)
def test_sources_that_are_none(source: object, words: str) -> None:
    """Each in its own words."""
    with pytest.raises(TableError) as caught:
        open_tables(source, ["t"])
    assert str(caught.value) == words
