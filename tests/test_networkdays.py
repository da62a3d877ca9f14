"""docs/explanation/networkdays.md: every number, date and formula of the page, worked out a second time."""

from __future__ import annotations

import re
import sqlite3
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

import independent
from practice_rules.calendars import Calendar
from practice_rules.timescales import read_timescale

PAGE = (Path(__file__).resolve().parents[1] / "docs" / "explanation" / "networkdays.md").read_text(encoding="utf-8")
ONE_DAY = timedelta(days=1)
CALENDAR = Calendar()
LIST = frozenset(independent.official())
#: Excel's number of a day, from March 1900 on.
NUMBER_0 = date(1899, 12, 30)


# ---------------------------------------------------------------- Excel's functions, as loops over days


def is_working(day: date, holidays: frozenset[date]) -> bool:
    return day.weekday() < 5 and day not in holidays


def networkdays(start: date, end: date, holidays: frozenset[date] = frozenset()) -> int:
    """Both ends count; the other way round it is negative."""
    if end < start:
        return -networkdays(end, start, holidays)
    return sum(is_working(start + n * ONE_DAY, holidays) for n in range((end - start).days + 1))


def workday(start: date, count: int, holidays: frozenset[date]) -> date:
    """So many working days after the start, which does not count itself; before it if the count is negative."""
    day, left = start, abs(count)
    while left:
        day += ONE_DAY if count > 0 else -ONE_DAY
        left -= is_working(day, holidays)
    return day


def passed(start: date, end: date) -> int:
    """Working days after the start, up to and including the end; negative where the end is the earlier."""
    if end < start:
        return -passed(end, start)
    return sum(is_working(start + n * ONE_DAY, LIST) for n in range(1, (end - start).days + 1))


def pairs() -> list[tuple[date, date]]:
    """Starts on every day of the week and on bank holidays, with ends before, on and after them."""
    windows = [(date(2021, 12, 22), 16), (date(2022, 5, 27), 12), (date(2024, 3, 26), 14), (date(2024, 8, 22), 10)]
    return [
        (first + n * ONE_DAY, first + m * ONE_DAY) for first, days in windows for n in range(days) for m in range(days)
    ]


# ---------------------------------------------------------------- the tables of the page


def table_after(heading: str) -> list[list[str]]:
    """The cells of the first table below a heading, without its head."""
    section = PAGE.split(f"\n## {heading}\n")[1].split("\n## ")[0]
    lines = [line for line in section.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines[2:]]


def day_of(text: str) -> date:
    """ "Mon 4 Mar 2024": the weekday must be right too."""
    day = datetime.strptime(text, "%a %d %b %Y").date()
    assert f"{day:%a}" == text[:3]
    return day


EXAMPLES = table_after("Worked examples")


@pytest.mark.parametrize("row", EXAMPLES, ids=lambda row: f"row {row[0]}")
def test_the_numbers_of_an_example(row: list[str]) -> None:
    """Each number of the table is what a loop over the days counts."""
    start, end, limit = day_of(row[1]), day_of(row[2]), int(row[7])
    assert all(independent.covered(day) for day in (start, end))
    counted = [
        networkdays(start, end),
        networkdays(start, end, LIST),
        passed(start, end),
        # busday_count: the first day counts and the last does not; for row 10 it is the other way round.
        networkdays(start, end - ONE_DAY) if end > start else networkdays(start - ONE_DAY, end) if end < start else 0,
    ]
    assert [int(cell.replace("−", "-")) for cell in row[3:7]] == counted
    answer = "–" if end < start else "yes" if end <= independent.due(start, f"{limit} working days") else "no"
    assert row[8] == answer


@pytest.mark.parametrize("row", EXAMPLES, ids=lambda row: f"row {row[0]}")
def test_the_library_counts_as_the_page_says(row: list[str]) -> None:
    """The column “working days here” is the library's count, and its due date gives the same answer."""
    start, end = day_of(row[1]).toordinal(), day_of(row[2]).toordinal()
    assert CALENDAR.working_between(start, end) == int(row[5].replace("−", "-"))
    if row[8] != "–":
        in_time = end <= CALENDAR.due(start, read_timescale(f"{row[7]} working days"))
        assert row[8] == ("yes" if in_time else "no")


def test_numpy_counts_as_the_page_says() -> None:
    """The column of `busday_count` is what numpy itself gives."""
    numpy = pytest.importorskip("numpy")
    found = [int(numpy.busday_count(day_of(row[1]), day_of(row[2]))) for row in EXAMPLES]
    assert found == [int(row[6].replace("−", "-")) for row in EXAMPLES]


def test_the_examples_show_what_the_page_says_of_them() -> None:
    """The rows that the text points to begin, end and differ as it says."""
    row = {int(cells[0]): cells for cells in EXAMPLES}
    assert list(row) == list(range(1, 19))
    off = {number for number, cells in row.items() if not is_working(day_of(cells[1]), LIST)}
    assert off == {5, 6, 7}
    for number in row.keys() - off - {8, 10}:
        assert int(row[number][4]) == int(row[number][5]) + 1, "from a working day NETWORKDAYS is one more"
    assert all(row[number][4] == row[number][5] for number in off), "from a day off it is the same"
    assert (int(row[6][4]) - 1, row[6][7], row[6][8]) == (10, "10", "no"), "less one, a late row looks in time"
    assert int(row[3][3]) - int(row[3][5]) == 3
    assert all(cells[8] == "yes" and cells[5] == cells[7] for n, cells in row.items() if n >= 11), "on the last day"
    forgotten = {date.fromisoformat(cells[0]) for cells in table_after("Holidays that lists forget")}
    for number in range(13, 19):
        start, end = day_of(row[number][1]), day_of(row[number][2])
        assert any(start < day < end for day in forgotten), f"row {number} goes over none of the holidays below"


def test_the_holidays_that_lists_forget_are_holidays() -> None:
    """Each stands in the official list on a Monday to Friday; those made by rule get the moved ones wrong."""
    found = {date.fromisoformat(cells[0]): cells[1] for cells in table_after("Holidays that lists forget")}
    assert found.keys() <= LIST
    assert all(day.weekday() < 5 for day in found)
    for moved, instead in ((date(2020, 5, 8), date(2020, 5, 4)), (date(2022, 6, 2), date(2022, 5, 30))):
        assert moved in found
        by_rule = independent.by_rule(moved.year)
        assert instead in by_rule - LIST
        assert moved not in by_rule
    once = {day for day in found if day not in independent.by_rule(day.year)}
    assert once == {date(2020, 5, 8), date(2022, 6, 2), date(2022, 6, 3), date(2022, 9, 19), date(2023, 5, 8)}
    for day, what in found.items():  # "for Boxing Day, a Saturday": that day of the month fell on that day of the week
        if match := re.fullmatch(r"for (.+), an? (\w+)", what):
            month, number = {"Christmas Day": (12, 25), "Boxing Day": (12, 26), "New Year's Day": (1, 1)}[match[1]]
            assert f"{date(day.year, month, number):%A}" == match[2]


# ---------------------------------------------------------------- the formulas of the page


def excel(formula: str, start: date, end: date) -> Any:
    """What a formula of the page gives; dates are numbers, as in a spreadsheet."""

    def day(number: int) -> date:
        return NUMBER_0 + timedelta(days=number)

    names = {
        "NETWORKDAYS": lambda first, last, holidays: networkdays(day(first), day(last), holidays),
        "WORKDAY": lambda first, count, holidays: (workday(day(first), count, holidays) - NUMBER_0).days,
        "A2": (start - NUMBER_0).days,
        "B2": (end - NUMBER_0).days,
        "list": LIST,
    }
    return eval(formula.strip("`").removeprefix("="), {"__builtins__": {}}, names)


def formulas() -> list[str]:
    found = [cells[1] for cells in table_after("Formulas that agree with this library")]
    assert len(found) == 5
    return found


def test_the_formulas_for_dates_give_our_dates() -> None:
    """WORKDAY forward and back, and the comparison with it, agree with the library from any day of the week."""
    last, back, in_time, _, _ = formulas()
    for start, end in pairs():
        due = date.fromordinal(CALENDAR.due(start.toordinal(), read_timescale("10 working days")))
        assert NUMBER_0 + timedelta(days=excel(last, start, end)) == due
        assert excel(in_time, start, end) == (end <= due)
        lead = date.fromordinal(CALENDAR.back(start.toordinal(), read_timescale("5 working days")))
        assert NUMBER_0 + timedelta(days=excel(back, start, end)) == lead


def test_the_formulas_for_counts_give_our_counts() -> None:
    """The first is right from the same day on, the second whatever the order."""
    same_day_or_later, whatever = formulas()[3:]
    for start, end in pairs():
        ours = CALENDAR.working_between(start.toordinal(), end.toordinal())
        if end >= start:
            assert excel(same_day_or_later, start, end) == ours
    for start, end in pairs()[::9]:  # it counts every day since 1900
        assert excel(whatever, start, end) == CALENDAR.working_between(start.toordinal(), end.toordinal())


def test_the_formula_that_is_often_advised_fails_on_the_day_itself() -> None:
    """It is right from the next day on, and on the same day −2, −1 or 0, as the page says."""
    advised = "=NETWORKDAYS(A2+1,B2,list)"
    assert f"`{advised}`" in PAGE
    assert "it gives −2, −1 or 0, where 0 is right" in " ".join(PAGE.split())
    on_the_day = set()
    for start, end in pairs():
        if end > start:
            assert excel(advised, start, end) == passed(start, end)
        elif end == start:
            on_the_day.add(excel(advised, start, end))
    assert on_the_day == {-2, -1, 0}


def python_blocks() -> list[dict[str, Any]]:
    """The Python of the page: numpy's and Polars'."""
    found = []
    for text in re.findall(r"(?ms)^```py\n(.*?)^```", PAGE):
        names: dict[str, Any] = {}
        exec(text, names)
        found.append(names)
    assert len(found) == 2
    return found


def test_the_code_for_numpy_and_polars_agrees() -> None:
    """Counts and last days are ours for every pair, ends before starts included."""
    numpy = pytest.importorskip("numpy")
    polars = pytest.importorskip("polars")
    by_numpy, by_polars = python_blocks()
    starts, ends = zip(*pairs(), strict=True)
    counts = [CALENDAR.working_between(a.toordinal(), b.toordinal()) for a, b in pairs()]
    due = [date.fromordinal(CALENDAR.add_working(a.toordinal(), 10)) for a in starts]
    holidays = sorted(LIST)

    first, last = (numpy.array(days, dtype="datetime64[D]") for days in (starts, ends))
    off = numpy.array(holidays, dtype="datetime64[D]")
    assert by_numpy["working_days"](first, last, off).tolist() == counts
    assert by_numpy["last_day"](first, 10, off).tolist() == due

    table = polars.DataFrame({"start": starts, "end": ends}).select(
        by_polars["working_days"](polars.col("start"), polars.col("end"), holidays).alias("count"),
        by_polars["last_day"](polars.col("start"), 10, holidays).alias("due"),
    )
    assert table["count"].to_list() == counts
    assert table["due"].to_list() == due


def test_what_the_page_says_of_numpy_on_a_saturday() -> None:
    """Without a roll numpy refuses; with "forward" it is a day too late."""
    numpy = pytest.importorskip("numpy")
    saturday = numpy.datetime64("2024-03-02")
    with pytest.raises(ValueError, match="Non-business day"):
        numpy.busday_offset(saturday, 10)
    # Ten working days after Saturday 2 March 2024 are two whole weeks: Friday 15 March. The next working day: Monday.
    assert numpy.busday_offset(saturday, 10, roll="backward") == numpy.datetime64("2024-03-15")
    assert numpy.busday_offset(saturday, 10, roll="forward") == numpy.datetime64("2024-03-18")


def test_the_sql_agrees() -> None:
    """The count and the last day are ours, from any day; and BETWEEN would count both ends."""
    count, last = re.findall(r"(?ms)^```sql\n(.*?)^```", PAGE)
    days = [date(2021, 12, 1) + n * ONE_DAY for n in range(1100)]
    with sqlite3.connect(":memory:") as base:
        base.execute("CREATE TABLE calendar (day TEXT, working INTEGER)")
        rows = [(day.isoformat(), int(is_working(day, LIST))) for day in days]
        base.executemany("INSERT INTO calendar VALUES (?, ?)", rows)
        for start, end in pairs()[::5]:
            given = {"start": start.isoformat(), "end": end.isoformat()}
            if end >= start:
                assert base.execute(count, given).fetchone() == (passed(start, end),)
                both = count.replace("day > :start AND day <= :end", "day BETWEEN :start AND :end")
                assert base.execute(both, given).fetchone() == (networkdays(start, end, LIST),)
            due = CALENDAR.add_working(start.toordinal(), 10)
            assert base.execute(last, {"start": given["start"]}).fetchone() == (date.fromordinal(due).isoformat(),)
    base.close()


# ---------------------------------------------------------------- what is said of the sector


@pytest.mark.parametrize(("limit", "began"), [(45, date(2025, 1, 27)), (15, date(2025, 3, 10))])
def test_the_dates_said_of_the_census_validator(limit: int, began: date) -> None:
    """Back from 31 March 2025 by one working day less than the limit: what began the working day before is flagged,
    and its last day is 31 March itself.
    """
    reference = date(2025, 3, 31)
    assert f"{began:%A} {began.day} {began:%B}" in " ".join(PAGE.split())
    first_not_flagged = workday(reference, -(limit - 1), LIST)
    assert began < first_not_flagged
    assert workday(began, 1, LIST) == first_not_flagged
    assert date.fromordinal(CALENDAR.add_working(began.toordinal(), limit)) == reference
