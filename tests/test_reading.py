"""Histories from files: what is read, what is refused, and that nothing of a record is ever repeated."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import pytest

from practice_rules import Event, History, HistoryError, evaluate, load_pack
from practice_rules.loading import data_folder
from practice_rules.reading import read_history

EXAMPLE = data_folder("examples") / "bromley_child.json"


def write(folder: Path, text: str | bytes, name: str = "child.csv") -> Path:
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def refused(path: Path, **given: str) -> list[str]:
    with pytest.raises(HistoryError) as caught:
        read_history(path, **given)
    return [str(problem) for problem in caught.value.problems]


# ---------------------------------------------------------------- what is read


def test_a_table_becomes_a_history(tmp_path: Path) -> None:
    """Rows become events; the columns of the subject are read once; any other column is a detail."""
    path = write(
        tmp_path,
        "subject,kind,born,fact: disability,event,date,time,recorded,id,about,cancelled,seen alone\n"
        "c-1,child,2015-03-02,no,child visited,2024-03-28,14:30,2024-03-29,v1,p1,,yes\n"
        ",,,,plan ended,2024-04-02,,,e1,,yes,\n",
    )
    assert read_history(path) == History(
        subject="c-1",
        born=date(2015, 3, 2),
        facts={"disability": "no"},
        events=[
            Event(
                "child visited",
                datetime(2024, 3, 28, 14, 30),
                id="v1",
                about="p1",
                recorded=date(2024, 3, 29),
                details={"seen alone": "yes"},
            ),
            Event("plan ended", date(2024, 4, 2), id="e1", cancelled=True),
        ],
    )


def test_a_row_for_birth_gives_the_date_of_birth(tmp_path: Path) -> None:
    """A row whose event is birth is no event; it gives the date of birth."""
    history = read_history(write(tmp_path, "event,on\nbirth,2015-03-02\nchild visited,2024-03-28\n"))
    assert history.born == date(2015, 3, 2)
    assert [event.key for event in history.events] == ["child visited"]


def test_a_row_without_an_id_is_named_by_its_row(tmp_path: Path) -> None:
    """What is said later of an event without an id leads back to the row of the spreadsheet."""
    history = read_history(write(tmp_path, "event,date\n\nchild visited,2024-03-28\n"))
    assert history.events[0].id == "row-3"


def test_a_blank_is_carried_and_an_empty_cell_is_not(tmp_path: Path) -> None:
    """An empty cell says nothing; (blank) says that the record has the field with nothing in it."""
    history = read_history(write(tmp_path, "event,date,reason,outcome\ncontact decided,2024-03-28,(blank),\n"))
    assert history.events[0].details == {"reason": None}


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_spreadsheets_write_tables_in_several_ways(tmp_path: Path, separator: str, mark: str, end: str) -> None:
    """Commas, semicolons or tabs, with or without Excel's mark, and either line end, are all read."""
    rows = [["Event", "Date", "Seen_Alone"], ["child visited", "2024-03-28", "yes"]]
    path = write(tmp_path, mark + end.join(separator.join(row) for row in rows) + end)
    (event,) = read_history(path).events
    assert (event.key, event.day, event.details) == (
        "child visited",
        date(2024, 3, 28).toordinal(),
        {"seen alone": "yes"},
    )


def test_a_column_of_midnights_holds_dates(tmp_path: Path) -> None:
    """A database hands out a date as a time at midnight; where every time is midnight, dates are meant."""
    dates = write(tmp_path, "event,date\na,2024-03-28 00:00:00.000\nb,2024-03-29 00:00\n")
    assert [event.on for event in read_history(dates).events] == [date(2024, 3, 28), date(2024, 3, 29)]
    times = write(tmp_path, "event,date\na,2024-03-28 00:00:00\nb,2024-03-29 14:30\n")
    assert [event.on for event in read_history(times).events] == [datetime(2024, 3, 28), datetime(2024, 3, 29, 14, 30)]


def test_day_first_is_read_where_it_is_said(tmp_path: Path) -> None:
    """dd/mm/yyyy is read only when the caller says that the file has it; year-month-day is read besides."""
    path = write(tmp_path, "event,date\na,01/02/2024\nb,2024-02-03\nc,4/2/2024 09:15\n")
    history = read_history(path, date_format="dd/mm/yyyy")
    assert [event.on for event in history.events] == [
        date(2024, 2, 1),
        date(2024, 2, 3),
        datetime(2024, 2, 4, 9, 15),
    ]
    with pytest.raises(ValueError, match="dd/mm/yyyy"):
        read_history(path, date_format="mm/dd/yyyy")


def test_one_subject_of_several(tmp_path: Path) -> None:
    """Of a file with several subjects, the rows of the one asked for are read."""
    path = write(tmp_path, "subject,event,date\na,x,2024-03-28\nb,y,2024-03-29\n")
    assert [event.key for event in read_history(path, subject="b").events] == ["y"]


def test_the_subject_may_stand_on_the_first_row_only(tmp_path: Path) -> None:
    """Empty cells below the first id belong to the same subject, also when that subject is asked for."""
    path = write(tmp_path, "subject,event,date\na,x,2024-03-28\n,y,2024-03-29\n")
    assert len(read_history(path, subject="a").events) == len(read_history(path).events) == 2


def test_without_an_id_the_file_names_the_subject(tmp_path: Path) -> None:
    """A table that does not say whose it is takes the id that is given, or the file's name."""
    path = write(tmp_path, "event,date\nx,2024-03-28\n", "case-7.csv")
    assert read_history(path).subject == "case-7"
    assert read_history(path, subject="child-9").subject == "child-9"


def test_the_example_is_the_same_in_both_forms() -> None:
    """The shipped example gives the same verdicts from JSON and from CSV, and every status is in it."""
    pack = load_pack("bromley")
    results = [
        evaluate(read_history(path), pack, as_of=date(2024, 6, 28)) for path in (EXAMPLE, EXAMPLE.with_suffix(".csv"))
    ]
    assert results[0].brief() == results[1].brief()
    result = results[0]
    assert len(result.met) > 100
    assert len(result.due) > 3
    assert any(each.late for each in result.breached)
    assert any(each.overdue for each in result.breached)
    assert result.lapsed
    assert 1 <= len(result.not_assessed) <= 3


# ---------------------------------------------------------------- what is refused

SECRET = "Zebedee"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("event,date\nx,01/02/2024\n", "child.csv, row 2, date: this date can be read in two ways"),
        ("event,date\nx,28.03.2024\n", "child.csv, row 2, date: this date is not written year-month-day"),
        ("event,date\nx,2024-02-30\n", "child.csv, row 2, date: there is no such date"),
        ("event,date\nx,45379\n", "child.csv, row 2, date: this is a spreadsheet's own number for a date"),
        ("event,date\nx,soon\n", "child.csv, row 2, date: this is not a date"),
        ("event,date\nx,\n", "child.csv, row 2, date: it is missing"),
        ("event,date\n,2024-03-28\n", "child.csv, row 2, event: it is missing"),
        ("event,date,time\nx,2024-03-28,noon\n", "child.csv, row 2, time: this is not a time"),
        ("event,date,time\nx,2024-03-28 10:00,11:00\n", "child.csv, row 2, time: there is a time in the column"),
        ("event,date,time\nx,2024-03-31,01:30\n", "child.csv, row 2, date: there was no such time"),
        ("event,date,cancelled\nx,2024-03-28,perhaps\n", "child.csv, row 2, cancelled: this is neither yes nor no"),
        ("event,date,born\nx,2024-03-28,2015-03-02\ny,2024-03-29,2015-03-03\n", "row 3, born: it differs from row 2"),
        ("event,date\nbirth,2015-03-02\n\nx,2024-03-28,extra\n", "row 4, row: it has more cells than the first row"),
        ("event,date,Event\nx,2024-03-28,y\n", "row 1, column 3: its name is there already"),
        ("name,when\nx,2024-03-28\n", 'row 1, columns: there is no column "date"'),
        ("subject,event,date\na,x,2024-03-28\nb,y,2024-03-28\n", "subject: it holds the rows of 2 subjects"),
        ('event,date\n"x,2024-03-28\n', "file: a quoted cell never ends"),
        ("", "file: it has no first row"),
        (b"event,date\nx\xff,2024-03-28\n", "line 2: this is not UTF-8 text"),
        ("event,date\nx,2024-03-28\n".encode("utf-16"), "file: this is not UTF-8 text"),
        (b"PK\x03\x04 and so on", "file: this is a workbook, not text"),
    ],
)
def test_a_table_is_refused_in_plain_words(tmp_path: Path, text: str | bytes, said: str) -> None:
    """Whatever is wrong with a table is said with its row and column."""
    assert any(said in line for line in refused(write(tmp_path, text)))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "child.json, file: it is empty"),
        ("{", "child.json, line 1: this is not JSON"),
        ("[]", "child.json, history: this is not a history"),
        ('{"events": []}', "child.json, subject: it is missing"),
        (
            '{"subject": "a", "events": [{"name": "x", "on": "1/2/2024"}]}',
            "child.json, event 1, on: this is not a date",
        ),
    ],
)
def test_a_json_history_is_refused_in_plain_words(tmp_path: Path, text: str, said: str) -> None:
    """Whatever is wrong with a JSON history is said with the file and the event."""
    assert any(said in line for line in refused(write(tmp_path, text, "child.json")))


def test_files_that_are_no_history(tmp_path: Path) -> None:
    """A missing file, a folder, another ending and another subject are answered, never with a traceback."""
    assert "there is no such file" in refused(tmp_path / "none.csv")[0]
    (tmp_path / "folder.csv").mkdir()
    assert "it cannot be opened" in refused(tmp_path / "folder.csv")[0]
    assert "neither .json nor .csv" in refused(write(tmp_path, "x", "child.txt"))[0]
    assert "another subject's history" in refused(EXAMPLE, subject="somebody")[0]
    table = write(tmp_path, "subject,event,date\na,x,2024-03-28\n")
    assert "no row has the subject asked for" in refused(table, subject="b")[0]


def test_every_problem_at_once_in_the_order_of_the_rows(tmp_path: Path) -> None:
    """All that is wrong is said at once, from the first row to the last."""
    lines = refused(write(tmp_path, "event,date,recorded\nx,soon,later\n,2024-03-28,\ny,,\nz,2024-01-01,,more\n"))
    assert [line.split(":")[0] for line in lines] == [
        "child.csv, row 2, date",
        "child.csv, row 2, recorded",
        "child.csv, row 3, event",
        "child.csv, row 4, date",
        "child.csv, row 5, row",
    ]


def test_no_value_of_a_record_is_repeated(tmp_path: Path) -> None:
    """Children's records pass through here: no message holds what stands in a cell."""
    table = write(
        tmp_path,
        f"subject,event,date,recorded,cancelled,born,reason\n{SECRET},{SECRET},{SECRET},{SECRET},{SECRET},{SECRET},{SECRET}\n"
        f"{SECRET}2,,{SECRET},,,{SECRET}2,\n",
    )
    nested = write(
        tmp_path, f'{{"subject": "a", "{SECRET}": 1, "events": [{{"name": "x", "on": "{SECRET}"}}]}}', "c.json"
    )
    for path in (table, nested):
        assert SECRET not in "\n".join(refused(path))
