"""What is next: the steps in working days, the order, what is left out, and what Excel and a calendar read back."""

from __future__ import annotations

import builtins
import random
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("pyarrow")
pytest.importorskip("narwhals")

import pyarrow as pa
import pyarrow.parquet as parquet
from pyarrow import csv

from practice_rules import Pack, load_pack
from practice_rules.calendars import Calendar
from practice_rules.worklists import COLUMNS, not_listed, work_list, write_calendar, write_calendars, write_excel

AS_OF = date(2024, 3, 27)  # the Wednesday before Easter 2024
SCHEMA = pa.schema(
    [
        ("subject", pa.string()),
        ("standard", pa.dictionary(pa.int32(), pa.string())),
        ("kind", pa.dictionary(pa.int32(), pa.string())),
        ("section", pa.dictionary(pa.int32(), pa.string())),
        ("opened", pa.date32()),
        ("due", pa.date32()),
        ("met_on", pa.date32()),
        ("status", pa.dictionary(pa.int32(), pa.string())),
        ("late", pa.bool_()),
        ("overdue", pa.bool_()),
        ("days_late", pa.int32()),
        ("days_left", pa.int32()),
        ("worker", pa.dictionary(pa.int32(), pa.string())),
        ("team", pa.dictionary(pa.int32(), pa.string())),
        ("missing", pa.dictionary(pa.int32(), pa.string())),
        ("key", pa.string()),
        ("source_rows", pa.string()),
        ("sentence", pa.string()),
    ]
)


def day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)


def a_row(subject: str, due: str | None, *, status: str = "due", as_of: date = AS_OF, **more: Any) -> dict[str, Any]:
    """One obligation as the table holds it; `days_late` and `days_left` follow from the day of judging."""
    last = day(due)
    overdue = more.get("overdue", status == "breached")
    return {
        "subject": subject,
        "standard": "core-group",
        "kind": "deadline",
        "section": "Core groups",
        "opened": date(2023, 1, 4),
        "due": last,
        "met_on": None,
        "status": status,
        "late": status == "breached" and not overdue,
        "overdue": overdue,
        "days_late": (as_of - last).days if status == "breached" and last else None,
        "days_left": (last - as_of).days if status == "due" and last else None,
        "worker": "w1",
        "team": "North",
        "missing": None,
        "key": f"core-group/{due}",
        "source_rows": None,
        "sentence": f"A sentence about {subject}.",
        **more,
    }


def a_table(*rows: dict[str, Any]) -> pa.Table:
    return pa.Table.from_pylist(list(rows), schema=SCHEMA)


def listed(*rows: dict[str, Any], as_of: date = AS_OF, **more: Any) -> list[dict[str, Any]]:
    return work_list(a_table(*rows), as_of=as_of, **more).to_pylist()


def a_mixed_caseload() -> list[dict[str, Any]]:
    """Two teams and nobody's, three workers and nobody, overdue and due, and all that is never listed."""
    return [
        a_row("c1", "2024-03-20", status="breached"),
        a_row("c2", "2024-01-10", status="breached", worker="w2"),
        a_row("c3", "2024-04-05", worker="w2"),
        a_row("c4", "2024-04-12", team="South", worker="w3"),
        a_row("c5", "2024-04-26", team="South", worker=None),
        a_row("c6", "2024-04-02", team=None, worker=None),
        a_row("c7", "2024-03-27"),
        a_row("c8", "2024-03-27", standard="visits", key="visits/v1"),
        a_row("c9", "2024-03-26", status="met", met_on=date(2024, 3, 22)),
        a_row("c10", "2024-03-20", status="breached", overdue=False, met_on=date(2024, 3, 22), days_late=2),
        a_row("c11", "2024-04-02", status="lapsed"),
        a_row("c12", None, status="not assessed", missing="the date of birth"),
        a_row("c13", "2024-04-02", kind="cohort"),
        a_row("c14", "2024-03-01", status="breached", kind="cohort"),
        a_row("c15", None),
        a_row("c16", "2024-04-29"),
        a_row("c17", "2024-01-10", status="breached", days_late=5),
    ]


def a_list() -> pa.Table:
    return work_list(a_table(*a_mixed_caseload()), as_of=AS_OF)


# ---------------------------------------------------------------- steps


@pytest.mark.parametrize(
    ("due", "left", "when"),
    [
        # Good Friday is 29 March and Easter Monday 1 April 2024, so after Wednesday 27 March come Thursday 28 (1),
        # Tuesday 2 April (2), 3 (3), 4 (4), Friday 5 (5), Monday 8 (6), and the Fridays 12 (10), 19 (15) and 26 (20).
        ("2024-03-27", 0, "next 5 working days"),
        ("2024-03-28", 1, "next 5 working days"),
        ("2024-03-29", 1, "next 5 working days"),  # Good Friday: no more working days left than on the Thursday
        ("2024-04-01", 1, "next 5 working days"),  # Easter Monday likewise
        ("2024-04-02", 2, "next 5 working days"),
        ("2024-04-05", 5, "next 5 working days"),
        ("2024-04-06", 5, "next 5 working days"),  # the Saturday after the fifth
        ("2024-04-08", 6, "next 10 working days"),
        ("2024-04-12", 10, "next 10 working days"),
        ("2024-04-15", 11, "next 20 working days"),
        ("2024-04-26", 20, "next 20 working days"),
        ("2024-04-28", 20, "next 20 working days"),  # the Sunday after the twentieth
    ],
)
def test_steps_count_working_days_over_easter(due: str, left: int, when: str) -> None:
    """Each due date falls into the step that a count on a wall calendar gives."""
    (row,) = listed(a_row("c", due))
    assert (row["working_days"], row["when"], row["days_late"]) == (left, when, None)


def test_what_is_due_after_the_last_step_is_not_listed() -> None:
    """Monday 29 April 2024 is the 21st working day after 27 March."""
    assert listed(a_row("c", "2024-04-29")) == []


@pytest.mark.parametrize(
    ("due", "left", "when"),
    [
        # After Friday 20 December 2024: Mon 23 (1), Tue 24 (2), Fri 27 (3), Mon 30 (4), Tue 31 (5), Thu 2 January (6),
        # Fri 3 (7), Mon 6 (8), Tue 7 (9), Wed 8 (10), Wed 15 (15), Wed 22 (20), Thu 23 (21).
        ("2024-12-24", 2, "next 5 working days"),
        ("2024-12-26", 2, "next 5 working days"),
        ("2024-12-31", 5, "next 5 working days"),
        ("2025-01-01", 5, "next 5 working days"),
        ("2025-01-02", 6, "next 10 working days"),
        ("2025-01-08", 10, "next 10 working days"),
        ("2025-01-09", 11, "next 20 working days"),
        ("2025-01-22", 20, "next 20 working days"),
        ("2025-01-23", None, None),
    ],
)
def test_steps_count_working_days_over_christmas(due: str, left: int | None, when: str | None) -> None:
    """Christmas, Boxing Day and New Year are no working days."""
    as_of = date(2024, 12, 20)
    found = listed(a_row("c", due, as_of=as_of), as_of=as_of)
    assert [(row["working_days"], row["when"]) for row in found] == ([] if left is None else [(left, when)])


def test_closure_days_of_a_calendar_or_of_the_pack_are_no_working_days() -> None:
    """An authority closed on 27, 30 and 31 December has its fifth working day after the 20th on 6 January."""
    as_of = date(2024, 12, 20)
    closed = Calendar([date(2024, 12, 27), date(2024, 12, 30), date(2024, 12, 31)])
    row = a_row("c", "2025-01-06", standard="first-core-group", as_of=as_of)
    # 23 (1), 24 (2), 2 January (3), 3 (4), 6 (5); with the usual calendar the 6th is the eighth.
    assert listed(row, as_of=as_of)[0]["working_days"] == 8
    assert listed(row, as_of=as_of, calendar=closed)[0]["working_days"] == 5
    pack = replace(load_pack("bromley"), calendar=closed)
    assert listed(row, as_of=as_of, pack=pack)[0]["working_days"] == 5
    assert listed(row, as_of=as_of, pack=pack, calendar=Calendar())[0]["working_days"] == 8


def test_days_overdue_are_counted_in_working_and_calendar_days() -> None:
    """Due on a Friday, as of a Wednesday: three working days over, five days late."""
    rows = listed(
        a_row("c1", "2024-03-22", status="breached"),
        # Friday 29 December 2023 to Friday 22 March 2024 are 12 weeks, 60 weekdays, and three more to Wednesday 27;
        # New Year's Day is none.
        a_row("c2", "2023-12-29", status="breached"),
    )
    assert [(row["subject"], row["when"], row["working_days"], row["days_late"]) for row in rows] == [
        ("c2", "overdue", -62, 89),  # 2 days of December, 31, 29 and 27
        ("c1", "overdue", -3, 5),
    ]


def test_overdue_since_friday_is_no_working_day_over_on_sunday() -> None:
    """Two days late, and no working day has passed."""
    as_of = date(2024, 6, 30)
    (row,) = listed(a_row("c", "2024-06-28", status="breached", as_of=as_of), as_of=as_of)
    assert (row["when"], row["working_days"], row["days_late"]) == ("overdue", 0, 2)


def test_other_steps() -> None:
    """Steps are named after their lengths, and one day is a day."""
    rows = [a_row("c1", "2024-03-28"), a_row("c2", "2024-04-03"), a_row("c3", "2024-04-04")]
    assert [row["when"] for row in listed(*rows, steps=(1, 3))] == ["next 1 working day", "next 3 working days"]


@pytest.mark.parametrize("steps", [(), (0,), (5, 5), (10, 5), (2.5,), (True,)])
def test_steps_that_do_not_rise_are_refused(steps: Any) -> None:
    """Anything but rising whole numbers of days is refused in words."""
    with pytest.raises(ValueError, match="steps must be whole numbers of working days"):
        listed(a_row("c", "2024-03-28"), steps=steps)


# ---------------------------------------------------------------- what is listed, in what order


def test_only_what_is_open_is_listed_in_order_of_team_worker_and_urgency() -> None:
    """Overdue first within a worker, the longest first; teams and workers by name, nobody's last; nothing done."""
    assert [(row["team"], row["worker"], row["subject"], row["when"]) for row in a_list().to_pylist()] == [
        ("North", "w1", "c1", "overdue"),
        ("North", "w1", "c7", "next 5 working days"),
        ("North", "w1", "c8", "next 5 working days"),
        ("North", "w2", "c2", "overdue"),
        ("North", "w2", "c3", "next 5 working days"),
        ("South", "w3", "c4", "next 10 working days"),
        ("South", None, "c5", "next 20 working days"),
        (None, None, "c6", "next 5 working days"),
    ]


def test_ties_are_broken_by_subject_standard_and_key() -> None:
    """Rows due on one day stand in one order only."""
    rows = [
        a_row("c2", "2024-04-02", standard="a", key="a/1"),
        a_row("c1", "2024-04-02", standard="b", key="b/1"),
        a_row("c1", "2024-04-02", standard="a", key="a/2"),
        a_row("c1", "2024-04-02", standard="a", key="a/1"),
    ]
    assert [(row["subject"], row["key"]) for row in listed(*rows)] == [
        ("c1", "a/1"), ("c1", "a/2"), ("c1", "b/1"), ("c2", "a/1"),
    ]  # fmt: skip


def test_the_order_of_the_rows_does_not_matter() -> None:
    """Shuffled rows, and rows in several chunks with dictionaries of their own, give the same list."""
    rows = a_mixed_caseload()
    expected = a_list()
    for seed in range(5):
        random.Random(seed).shuffle(rows)
        pieces = pa.concat_tables([a_table(*rows[:7]), a_table(*rows[7:])])
        assert work_list(pieces, as_of=AS_OF).equals(expected)


def test_a_missed_duty_whose_period_has_ended_is_not_listed_but_said() -> None:
    """Nobody can hold the visit that was missed under a plan that has ended: its days late stop at that end."""
    rows = a_table(
        a_row("c1", "2024-03-20", status="breached"), a_row("c2", "2024-01-10", status="breached", days_late=5)
    )
    assert work_list(rows, as_of=AS_OF)["subject"].to_pylist() == ["c1"]
    assert not_listed(rows, as_of=AS_OF) == (
        "1 obligation was missed, and the period has ended since: nothing is left to do.",
    )


def test_what_is_left_out_is_counted_and_said() -> None:
    """c15 has no date, c16 is due later, c17 ended, c13 and c14 are of cohort standards, c12 was not assessed."""
    assert not_listed(a_table(*a_mixed_caseload()), as_of=AS_OF) == (
        "1 obligation is due, but no date can be named yet.",
        "1 obligation is due later than the next 20 working days.",
        "1 obligation was missed, and the period has ended since: nothing is left to do.",
        "2 open obligations count only towards a share of many cases.",
        "1 obligation could not be assessed: whether it is due is not known.",
    )
    assert not_listed(a_table(a_row("c", "2024-04-02")), as_of=AS_OF) == ()


def test_a_list_of_one_team_or_worker() -> None:
    """Only their rows, and only their rows are counted among what is left out."""
    rows = a_table(*a_mixed_caseload())
    assert work_list(rows, as_of=AS_OF, team="South")["subject"].to_pylist() == ["c4", "c5"]
    assert work_list(rows, as_of=AS_OF, worker="w2")["subject"].to_pylist() == ["c2", "c3"]
    assert not_listed(rows, as_of=AS_OF, team="South") == ()


@pytest.mark.parametrize("who", [{"team": "Nroth"}, {"worker": "w9"}, {"team": "South", "worker": "w1"}])
def test_a_team_or_worker_that_no_row_has_is_refused(who: dict[str, str]) -> None:
    """A misspelt name must not look like a team with nothing to do."""
    with pytest.raises(ValueError, match="check the spelling"):
        work_list(a_table(*a_mixed_caseload()), as_of=AS_OF, **who)


def test_an_empty_table_gives_an_empty_list() -> None:
    """No rows: the columns stand all the same."""
    found = work_list(a_table(), as_of=AS_OF)
    assert (found.num_rows, tuple(found.column_names)) == (0, COLUMNS)


# ---------------------------------------------------------------- what is refused


@pytest.mark.parametrize(
    "row",
    [
        a_row("c", "2024-04-02", as_of=date(2024, 3, 26)),
        a_row("c", "2024-04-02", as_of=date(2024, 3, 28)),
        a_row("c", "2024-03-26", days_left=None),  # due, and past due
        a_row("c", "2024-03-20", status="breached", as_of=date(2024, 3, 28)),
        a_row("c", "2024-03-20", status="breached", as_of=date(2024, 3, 26)),
    ],
)
def test_rows_judged_as_of_another_day_are_refused(row: dict[str, Any]) -> None:
    """A list of yesterday's verdicts with today's days would be wrong and not look it."""
    with pytest.raises(ValueError, match="the rows were judged as of"):
        listed(row)


def test_what_is_no_table_of_obligations_is_refused_in_words(tmp_path: Path) -> None:
    """Missing columns all at once, wrong types by column, wrong cells by row, and never a value of the record."""
    with pytest.raises(ValueError, match='has no column "standard", "kind"'):
        work_list(pa.table({"subject": ["child-7"]}), as_of=AS_OF)
    rows = a_table(a_row("7", "2024-04-02"))
    numbers = rows.set_column(0, "subject", pa.array([7])).set_column(5, "due", pa.array(["2 April"]))
    with pytest.raises(ValueError, match=r"(?s)\"subject\": it does not hold text.*\"due\": it does not hold dates"):
        work_list(numbers, as_of=AS_OF)
    with pytest.raises(ValueError, match='row 1, column "status"'):
        listed(a_row("c", "2024-04-02", status="Due"))
    with pytest.raises(ValueError, match='row 2, column "due"'):
        listed(a_row("c", "2024-04-02"), a_row("c", None, status="breached"))
    with pytest.raises(TypeError, match="rows must be"):
        work_list([1, 2], as_of=AS_OF)
    with pytest.raises(TypeError, match="as_of must be a date"):
        work_list(rows)
    with pytest.raises(ValueError, match="there is no such file"):
        work_list(tmp_path / "none.parquet", as_of=AS_OF)
    (tmp_path / "text.parquet").write_text("subject", encoding="utf-8")
    with pytest.raises(ValueError, match="this is not a Parquet file"):
        work_list(tmp_path / "text.parquet", as_of=AS_OF)


def test_a_part_of_a_number_is_refused_without_its_value() -> None:
    """Half a day late is a fault of the table; the message names the column and not the number."""
    rows = a_table(a_row("c", "2024-03-20", status="breached"))
    place = rows.column_names.index("days_late")
    with pytest.raises(ValueError, match='"days_late": a cell does not hold whole numbers') as caught:
        work_list(rows.set_column(place, "days_late", pa.array([7.5])), as_of=AS_OF)
    assert "7.5" not in str(caught.value)


# ---------------------------------------------------------------- frames


def test_pandas_gives_the_same_list_as_arrow() -> None:
    """Frames with categories, dates as objects or timestamps, and whole numbers with gaps."""
    pandas = pytest.importorskip("pandas")
    rows = a_table(*a_mixed_caseload()).to_pandas()
    stamped = rows.assign(due=pandas.to_datetime(rows["due"]))
    for frame in (rows, stamped):
        found = work_list(frame, as_of=AS_OF)
        assert isinstance(found, pandas.DataFrame)
        assert str(found["days_late"].dtype) == "Int32"
        back = [
            {name: None if pandas.isna(value) else value for name, value in row.items()}
            for row in found.to_dict("records")
        ]
        assert back == a_list().to_pylist()


def test_polars_gives_the_same_list_as_arrow() -> None:
    """Eager and lazy frames."""
    polars = pytest.importorskip("polars")
    frame = polars.from_arrow(a_table(*a_mixed_caseload()))
    for given in (frame, frame.lazy()):
        found = work_list(given, as_of=AS_OF)
        assert isinstance(found, polars.DataFrame)
        assert found.to_dicts() == a_list().to_pylist()


def test_a_parquet_file_and_a_caseload_give_arrow(tmp_path: Path) -> None:
    """A path and a caseload give a table; a caseload brings its day and its pack."""
    pack = load_pack("bromley")
    rows = a_table(a_row("c1", "2024-04-02", standard="first-core-group", key="first-core-group/c1"))
    parquet.write_table(rows, tmp_path / "rows.parquet")
    expected = work_list(rows, as_of=AS_OF)
    assert work_list(str(tmp_path / "rows.parquet"), as_of=AS_OF).equals(expected)
    caseload = ACaseload(rows, pack, AS_OF)
    with_words = work_list(caseload)
    assert with_words.equals(work_list(rows, as_of=AS_OF, pack=pack))
    assert with_words["says"].to_pylist() == [pack["first-core-group"].says]
    assert expected["says"].to_pylist() == [None]
    assert work_list(ACaseload(rows, pack, datetime(2024, 3, 27, 17, 30))).equals(with_words)  # a moment is of its day
    with pytest.raises(ValueError, match="was judged as of Wed 27 Mar 2024, not Thu 28 Mar 2024"):
        work_list(caseload, as_of=date(2024, 3, 28))
    with pytest.raises(ValueError, match="not by the one given"):
        work_list(caseload, pack=load_pack("barnet"))


def test_a_csv_file_gives_the_same_list(tmp_path: Path) -> None:
    """Ids stay text, empty cells are nothing, and a cell that cannot be read is not repeated."""
    rows = [{**row, "subject": f"00{row['subject'][1:]}"} for row in a_mixed_caseload()]
    path = tmp_path / "rows.csv"
    csv.write_csv(pa.Table.from_pylist(rows), path)
    assert work_list(path, as_of=AS_OF).equals(work_list(a_table(*rows), as_of=AS_OF))
    path.write_text(path.read_text(encoding="utf-8").replace("2024-04-12", "12 April"), encoding="utf-8")
    with pytest.raises(ValueError, match=r"rows\.csv: a cell cannot be read") as caught:
        work_list(path, as_of=AS_OF)
    assert "April" not in str(caught.value)


def test_a_column_of_several_sorts_is_refused_without_its_values() -> None:
    """A pandas column of numbers and texts: the message names the column only."""
    pandas = pytest.importorskip("pandas")
    frame = a_table(a_row("c", "2024-04-02"), a_row("d", "2024-04-02")).to_pandas()
    frame["subject"] = pandas.Series(["child-77", 12.5], dtype=object)
    with pytest.raises(ValueError, match='column "subject": it holds values of more than one sort') as caught:
        work_list(frame, as_of=AS_OF)
    assert "77" not in str(caught.value)


@pytest.mark.parametrize(
    ("library", "call"),
    [
        ("pyarrow", lambda rows, work, path: work_list(rows, as_of=AS_OF)),
        ("narwhals", lambda rows, work, path: work_list(rows.to_pandas(), as_of=AS_OF)),
        ("openpyxl", lambda rows, work, path: write_excel(work, path)),
        ("icalendar", lambda rows, work, path: write_calendar(work, path, pack_name="p", as_of=AS_OF)),
    ],
)
def test_a_library_that_is_not_there_is_named_with_its_extra(
    library: str, call: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The message says what to install."""
    rows, work = a_table(a_row("c", "2024-04-02")), a_list()
    real = builtins.__import__

    def without(name: str, *args: Any, **more: Any) -> Any:
        if name.partition(".")[0] == library:
            raise ImportError(name)
        return real(name, *args, **more)

    if library == "narwhals":
        pytest.importorskip("pandas")
    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(ImportError, match=rf'{library}.*pip install "practice-rules\[caseload\]"'):
        call(rows, work, tmp_path / "out")


@dataclass
class ACaseload:
    """As much of a caseload as a work list uses."""

    table: pa.Table
    pack: Pack
    as_of: date

    def rows(self) -> pa.Table:
        return self.table


def test_in_a_caseload_even_a_lone_ended_duty_is_known_for_one() -> None:
    """The day is sure there, so nothing else need confirm it."""
    row = a_row("c", "2024-01-10", status="breached", days_late=5, standard="first-core-group")
    assert work_list(ACaseload(a_table(row), load_pack("bromley"), AS_OF)).num_rows == 0


def test_rows_of_another_pack_are_refused() -> None:
    """The pack has the plain words of its own standards only."""
    with pytest.raises(ValueError, match='the pack "bromley" has no standard no-such'):
        listed(a_row("c", "2024-04-02", standard="no-such"), pack=load_pack("bromley"))


# ---------------------------------------------------------------- Excel


def read_book(path: Path) -> Any:
    return pytest.importorskip("openpyxl").load_workbook(path)


def test_the_sheets_hold_the_list(tmp_path: Path) -> None:
    """All rows in their order on "all", each team's on its own; dates are dates and numbers numbers."""
    path = tmp_path / "work.xlsx"
    write_excel(a_list(), path, title="Work & more", as_of=AS_OF)
    book = read_book(path)
    assert book.sheetnames == ["all", "North", "South", "no team"]
    everything = list(book["all"].iter_rows(values_only=True))
    assert everything[0][:5] == ("When", "Due", "Working days", "Days late", "Case")
    expected = [
        tuple(datetime(*row[name].timetuple()[:3]) if name == "due" else row[name] for name in COLUMNS)
        for row in a_list().to_pylist()
    ]
    assert everything[1:] == expected
    assert [row[4] for row in book["South"].iter_rows(min_row=2, values_only=True)] == ["c4", "c5"]
    assert book["all"]["B2"].is_date


def test_a_sheet_is_ready_to_filter_and_to_print(tmp_path: Path) -> None:
    """Heading frozen and repeated, filter over all rows, landscape, one page wide, the title above each page."""
    path = tmp_path / "work.xlsx"
    write_excel(a_list(), path, title="Work & more", as_of=AS_OF)
    for sheet, rows in zip(read_book(path), (8, 5, 2, 1), strict=True):
        assert sheet.freeze_panes == "A2"
        assert sheet.auto_filter.ref == f"A1:L{rows + 1}"
        assert sheet.print_title_rows == "$1:$1"
        assert (sheet.page_setup.orientation, sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight) == (
            "landscape", 1, 0,
        )  # fmt: skip
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        assert sheet.column_dimensions["K"].width == 60
        assert sheet.oddHeader.left.text == "Work && more – as of Wed 27 Mar 2024"


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "=HYPERLINK(1)", "#N/A", "007", "2024-01-01"])
def test_nothing_in_a_record_becomes_a_formula(tmp_path: Path, text: str) -> None:
    """Whatever a text begins with, the cell holds text."""
    path = tmp_path / "work.xlsx"
    row = a_row(text, "2024-04-02", worker=text, team=text, sentence=text, section=text)
    write_excel(work_list(a_table(row), as_of=AS_OF), path)
    book = read_book(path)
    for column in "EHIJK":
        cell = book["all"][f"{column}2"]
        assert (cell.data_type, cell.value) == ("s", text.replace("\t", " "))
        assert bool(cell.quotePrefix) == (text[0] in "=+-@\t")


def test_control_characters_do_not_stop_a_list(tmp_path: Path) -> None:
    """What a file may not hold is shown as a space."""
    path = tmp_path / "work.xlsx"
    write_excel(work_list(a_table(a_row("c\x00\x0b1", "2024-04-02")), as_of=AS_OF), path)
    assert read_book(path)["all"]["E2"].value == "c  1"


def test_sheet_names_are_legal_and_each_its_own(tmp_path: Path) -> None:
    """At most 31 characters, none that Excel refuses, no two alike whatever their case."""
    long = "Children with disabilities and their families"
    teams = ["All", "History", "a/b", "a:b", "A*B", f"{long} East", f"{long} West", "''", "[x]", "no team", None]
    rows = [a_row(f"c{number}", "2024-04-02", team=team) for number, team in enumerate(teams)]
    path = tmp_path / "work.xlsx"
    write_excel(work_list(a_table(*rows), as_of=AS_OF), path)
    names = read_book(path).sheetnames
    assert len(names) == len(teams) + 1
    assert len({name.casefold() for name in names}) == len(names)
    assert all(0 < len(name) <= 31 and not set(name) & set("[]:*?/\\") for name in names)
    assert not any(name.startswith("'") or name.endswith("'") or name.casefold() == "history" for name in names)
    # In the order of the teams: '' is sorted first, then A*B …
    assert names[:3] == ["all", "team", "A-B"]
    assert {"All (2)", "a-b (2)", "a-b (3)", "no team", "no team (2)"} <= set(names)
    assert {long[:31].strip(), f"{long[:27].strip()} (2)"} <= set(names)


def test_equal_lists_give_equal_workbooks(tmp_path: Path) -> None:
    """No clock in the bytes; the file says it was made on the day of the list."""
    for name in ("a.xlsx", "b.xlsx"):
        write_excel(a_list(), tmp_path / name, title="T", as_of=AS_OF)
    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()
    made = read_book(tmp_path / "a.xlsx").properties
    assert (made.created, made.modified) == (datetime(2024, 3, 27), datetime(2024, 3, 27))
    assert made.title == "T"


def test_an_empty_list_is_a_sheet_with_headings(tmp_path: Path) -> None:
    """Nothing to do is a file that says so, not an error."""
    write_excel(work_list(a_table(), as_of=AS_OF), tmp_path / "work.xlsx")
    book = read_book(tmp_path / "work.xlsx")
    assert book.sheetnames == ["all"]
    assert book["all"].max_row == 1


def test_a_frame_that_is_no_work_list_is_refused(tmp_path: Path) -> None:
    """The table of obligations itself is no work list."""
    with pytest.raises(
        ValueError, match='the work list has no column "when", "working_days" and "says": make it with work_list'
    ):
        write_excel(a_table(), tmp_path / "work.xlsx")


# ---------------------------------------------------------------- calendars


def entries(path: Path) -> list[Any]:
    icalendar = pytest.importorskip("icalendar")
    return list(icalendar.Calendar.from_ical(path.read_bytes()).walk("VEVENT"))


def test_a_calendar_is_read_back(tmp_path: Path) -> None:
    """An all-day entry on each due day, free time, with standard, case, sentence and urgency."""
    path = tmp_path / "work.ics"
    write_calendar(a_list(), path, pack_name="bromley", as_of=AS_OF)
    found = entries(path)
    assert [entry["dtstart"].dt for entry in found] == a_list()["due"].to_pylist()
    for entry, row in zip(found, a_list().to_pylist(), strict=True):
        assert entry["dtend"].dt == row["due"] + timedelta(days=1)
        assert entry["dtstamp"].dt == datetime(2024, 3, 27, tzinfo=UTC)
        assert str(entry["summary"]) == f"{row['standard']}: {row['subject']}"
        assert str(entry["description"]) == row["sentence"]
        assert [str(each) for each in entry["categories"].cats] == [row["when"]]
        assert entry["transp"] == "TRANSPARENT"
    text = path.read_bytes()
    assert text.count(b"DTSTART;VALUE=DATE:2024") == 8
    assert text.startswith(b"BEGIN:VCALENDAR\r\n")
    assert b"\nVERSION:2.0\r\n" in text


def test_a_uid_stays_while_everything_else_changes(tmp_path: Path) -> None:
    """Only pack, subject and key make it; a moved due date or another worker does not."""

    def uid(pack_name: str = "bromley", as_of: date = AS_OF, **row: Any) -> str:
        made = a_row(**{"subject": "c1", "due": "2024-04-02", "key": "k/1", "as_of": as_of, **row})
        write_calendar(work_list(a_table(made), as_of=as_of), tmp_path / "w.ics", pack_name=pack_name, as_of=as_of)
        (entry,) = entries(tmp_path / "w.ics")
        return str(entry["uid"])

    first = uid()
    same = [
        uid(due="2024-04-12"),
        uid(worker="w9", team=None, sentence="Another."),
        uid(as_of=date(2024, 3, 28)),
        uid(status="breached", due="2024-03-01"),
    ]
    assert set(same) == {first}
    others = {uid(pack_name="barnet"), uid(subject="c2"), uid(key="k/2"), uid(subject="c1k", key="/1")}
    assert len(others | {first}) == 5


def test_no_entry_is_lost_where_a_key_comes_twice(tmp_path: Path) -> None:
    """Two obligations of one key are two entries of their own."""
    rows = a_table(a_row("c1", "2024-04-02", key="k"), a_row("c1", "2024-04-03", key="k"))
    write_calendar(work_list(rows, as_of=AS_OF), tmp_path / "w.ics", pack_name="p", as_of=AS_OF)
    assert len({str(entry["uid"]) for entry in entries(tmp_path / "w.ics")}) == 2


def test_the_id_of_a_case_can_be_left_out(tmp_path: Path) -> None:
    """Not in the summary, and no sentence that holds it."""
    rows = a_table(
        a_row("c1", "2024-04-02", sentence="The core group of c1 is due."),
        a_row("c2", "2024-04-03", sentence="The core group is due."),
    )
    work = work_list(rows, as_of=AS_OF)
    write_calendar(work, tmp_path / "w.ics", pack_name="p", as_of=AS_OF, case_id=False)
    first, second = entries(tmp_path / "w.ics")
    assert (str(first["summary"]), str(first["description"])) == ("core-group", "Core groups")
    assert str(second["description"]) == "The core group is due."
    assert b"c1" not in b"".join(
        line for line in (tmp_path / "w.ics").read_bytes().splitlines() if not line.startswith(b"UID")
    )


def test_long_and_strange_text_is_folded_and_escaped(tmp_path: Path) -> None:
    """Lines of at most 75 bytes (RFC 5545, 3.1), no line that a record could add, and the text comes back whole."""
    text = "Zoë’s core group; due, soon: " * 9 + "\\n literally\r\nBEGIN:VALARM"
    write_calendar(
        work_list(a_table(a_row("c1", "2024-04-02", sentence=text)), as_of=AS_OF),
        tmp_path / "w.ics",
        pack_name="p",
        as_of=AS_OF,
    )
    data = (tmp_path / "w.ics").read_bytes()
    lines = data.split(b"\r\n")
    assert max(map(len, lines)) <= 75
    assert b"BEGIN:VALARM" not in lines
    assert b"\n" not in data.replace(b"\r\n", b"")
    (entry,) = entries(tmp_path / "w.ics")
    assert str(entry["description"]) == text.replace("\r\n", "  ")


def test_each_worker_has_a_calendar(tmp_path: Path) -> None:
    """One file each, nobody's apart, and together they hold the whole list."""
    written = write_calendars(a_list(), tmp_path / "out" / "calendars", pack_name="bromley", as_of=AS_OF)
    assert {worker: path.name for worker, path in written.items()} == {
        "w1": "w1.ics",
        "w2": "w2.ics",
        "w3": "w3.ics",
        None: "no-worker.ics",
    }
    assert sorted(path.name for path in (tmp_path / "out" / "calendars").iterdir()) == [
        "no-worker.ics", "w1.ics", "w2.ics", "w3.ics",
    ]  # fmt: skip
    assert [str(entry["summary"]) for entry in entries(written["w2"])] == ["core-group: c2", "core-group: c3"]
    assert sum(len(entries(path)) for path in written.values()) == 8


def test_names_of_workers_make_safe_files_that_never_run_together(tmp_path: Path) -> None:
    """No way out of the folder, no name that a file system refuses, and a worker's file does not hang on the others."""
    workers = ["../../x", "A Smith", "a smith", "a-smith", "Zoë", "", "con", "no-worker", "x" * 90, "名前"]
    rows = [a_row(f"c{number}", "2024-04-02", worker=worker) for number, worker in enumerate(workers)]
    written = write_calendars(work_list(a_table(*rows), as_of=AS_OF), tmp_path, pack_name="p", as_of=AS_OF)
    names = [path.name for path in written.values()]
    assert len({name.casefold() for name in names}) == len(workers) == len(list(tmp_path.iterdir()))
    assert all(name.removesuffix(".ics").replace("-", "").isalnum() and name.isascii() for name in names)
    assert not {"con.ics", "no-worker.ics"} & set(names)
    assert written["a-smith"].name == "a-smith.ics"
    alone = write_calendars(work_list(a_table(rows[1]), as_of=AS_OF), tmp_path, pack_name="p", as_of=AS_OF)
    assert alone["A Smith"] == written["A Smith"]


def test_equal_lists_give_equal_calendars(tmp_path: Path) -> None:
    """No clock in the bytes, and the kind of frame does not matter."""
    polars = pytest.importorskip("polars")
    write_calendar(a_list(), tmp_path / "a.ics", pack_name="p", as_of=AS_OF)
    write_calendar(polars.from_arrow(a_list()), tmp_path / "b.ics", pack_name="p", as_of=AS_OF)
    write_calendar(a_list().to_pandas(), tmp_path / "c.ics", pack_name="p", as_of=AS_OF)
    assert len({(tmp_path / name).read_bytes() for name in ("a.ics", "b.ics", "c.ics")}) == 1
