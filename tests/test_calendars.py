"""Dates: the tables that a person can check, a second calculation, and the library must all agree."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import UTC, date, datetime, timedelta, timezone
from importlib.metadata import version
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

import independent
from practice_rules import calendars
from practice_rules.calendars import (
    FIRST_DAY,
    LAST_DAY,
    OFFICIAL_UNTIL,
    Calendar,
    add_months,
    age_attained,
    day_of,
    exists,
    instant,
    local,
)
from practice_rules.timescales import read_timescale

ROOT = Path(__file__).resolve().parents[1]
PUBLISHED = ROOT.parent / "shared" / "samples" / "calendar" / "bank-holidays.json"

DATES = independent.table("dates.csv")
HOURS = independent.table("hours.csv")
AGES = independent.table("ages.csv")

ENGLAND = Calendar()


def n(text: str) -> int:
    """A day as the library counts days."""
    return date.fromisoformat(text).toordinal()


def said(day: int) -> str:
    return date.fromordinal(day).isoformat()


def closures(row: dict[str, str]) -> frozenset[date]:
    return frozenset(date.fromisoformat(each) for each in row["closed"].split(";") if each)


def name_of(row: dict[str, str]) -> str:
    return " ".join(value for key, value in row.items() if key not in ("why", "starts on", "falls on") and value)


# ---------------------------------------------------------------- the tables


@pytest.mark.parametrize("row", DATES, ids=name_of)
def test_every_date_of_the_table_is_worked_out_three_times_alike(row):
    """The table, the loop over every day and the library name the same date."""
    start, closed = date.fromisoformat(row["start"]), closures(row)
    again = independent.due(start, row["timescale"], row["direction"], row["day one"], closed)
    assert again.isoformat() == row["due"]
    calendar = Calendar(closed) if closed else ENGLAND
    timescale = read_timescale(row["timescale"])
    if row["direction"] == "back":
        found = calendar.back(start.toordinal(), timescale)
    else:
        found = calendar.due(start.toordinal(), timescale, row["day one"] == "itself")
    assert said(found) == row["due"]


@pytest.mark.parametrize("row", HOURS, ids=name_of)
def test_every_hour_of_the_table_is_worked_out_three_times_alike(row):
    """The table, arithmetic in UTC and the library show the same time on the clock."""
    start, hours, second = datetime.fromisoformat(row["start"]), int(row["hours"]), row["which"] == "second"
    end = datetime.fromisoformat(row["end"])
    assert independent.hours_later(start, hours, second) == end
    assert local(instant(start.replace(fold=int(second))) + 3600 * hours) == end


@pytest.mark.parametrize("row", AGES, ids=name_of)
def test_every_age_of_the_table_is_worked_out_three_times_alike(row):
    """The table, dateutil with the rule for 29 February and the library name the same day."""
    born = date.fromisoformat(row["born"])
    assert independent.attained(born, row["age"]).isoformat() == row["attained"]
    assert said(age_attained(born.toordinal(), read_timescale(row["age"]).months)) == row["attained"]


def test_the_tables_are_large_and_say_why():
    """There are enough rows, none twice, each with its reason."""
    assert len(DATES) >= 240
    assert len(HOURS) >= 40
    assert len(AGES) >= 60
    for rows in (DATES, HOURS, AGES):
        assert all(row["why"] for row in rows)
        assert len({name_of(row) for row in rows}) == len(rows)


def test_the_tables_name_the_right_days_of_the_week():
    """The day of the week beside a date is the one on the wall calendar."""
    for row in DATES:
        assert f"{date.fromisoformat(row['start']):%a}" == row["starts on"], row
        assert f"{date.fromisoformat(row['due']):%a}" == row["falls on"], row
    for row in independent.table("bank_holidays.csv"):
        assert f"{date.fromisoformat(row['day']):%a}" == row["weekday"], row


def test_the_table_of_bank_holidays_is_the_published_one():
    """The list that the second calculation uses is GOV.UK's, day for day."""
    if not PUBLISHED.exists():
        pytest.skip("the published file is not beside this copy of the project")
    events = json.loads(PUBLISHED.read_text(encoding="utf-8"))["england-and-wales"]["events"]
    published = {each["date"] for each in events}
    assert {day.isoformat() for day in independent.official() if day.year != 1970} == published


def test_the_table_carries_the_notice_of_its_licence():
    """Whoever opens the list of bank holidays sees where it is from."""
    text = (independent.TABLES / "bank_holidays.csv").read_text(encoding="utf-8")
    assert "Contains public sector information licensed under the Open Government Licence v3.0" in text


# ---------------------------------------------------------------- which days are worked


def test_working_days_are_the_published_ones_as_far_as_they_are_published():
    """From 2012 to 2028 every single day is worked or not as GOV.UK says."""
    assert date.fromordinal(OFFICIAL_UNTIL) == date(2028, 12, 31)
    assert max(independent.official()).year == 2028
    for day in range(n("2012-01-01"), OFFICIAL_UNTIL + 1):
        assert ENGLAND.is_working(day) != independent.is_off(date.fromordinal(day)), said(day)


@pytest.mark.parametrize("year", range(2029, 2101))
def test_later_working_days_follow_the_rules_of_today(year):
    """Beyond what is published, bank holidays fall where the rules of today put them."""
    off = independent.by_rule(year)
    for day in range(n(f"{year}-01-01"), n(f"{year}-12-31") + 1):
        assert ENGLAND.is_working(day) != independent.is_off(date.fromordinal(day), holidays=off), said(day)


def test_after_2100_only_weekends_are_left_out():
    """No bank holidays are projected beyond 2100, and the calendar does not pretend otherwise."""
    assert not ENGLAND.is_working(n("2100-12-27"))
    for day in range(n("2101-01-01"), n("2200-01-01")):
        assert ENGLAND.is_working(day) == (date.fromordinal(day).weekday() < 5), said(day)


@pytest.mark.parametrize(
    ("day", "worked"),
    [
        ("2024-04-01", False),  # Easter Monday, which the plain list for Great Britain leaves out
        ("2024-08-26", False),  # the August holiday, likewise
        ("2024-08-05", True),  # a holiday in Scotland only
        ("2024-01-02", True),  # a holiday in Scotland only
        ("2024-03-18", True),  # a holiday in Northern Ireland only
        ("2024-12-02", True),  # a holiday in Scotland only
        ("2020-05-04", True),
        ("2020-05-08", False),
        ("2022-05-30", True),
        ("2022-06-02", False),
        ("2022-06-03", False),
        ("2022-09-19", False),
        ("2023-05-08", False),
        ("1999-12-31", False),
        ("2024-06-01", False),
        ("2024-06-02", False),
        ("2024-06-03", True),
    ],
)
def test_the_days_that_catch_people_out(day, worked):
    """Easter Monday, the August holiday and the days of a single year are off; other nations' holidays are worked."""
    assert ENGLAND.is_working(n(day)) is worked


def test_working_days_between_two_days_leave_the_first_out_and_take_the_last_in():
    """Friday to Monday is one working day; a day to itself none; back is counted below nought."""
    assert ENGLAND.working_between(n("2024-06-07"), n("2024-06-10")) == 1
    assert ENGLAND.working_between(n("2024-06-07"), n("2024-06-07")) == 0
    assert ENGLAND.working_between(n("2024-03-28"), n("2024-04-02")) == 1
    assert ENGLAND.working_between(n("2024-06-10"), n("2024-06-07")) == -1


@pytest.mark.parametrize(
    ("after", "until"),
    [
        ("1994-12-30", "1995-01-03"),
        ("1995-01-03", "1994-12-30"),
        ("2060-12-30", "2061-01-05"),
        ("2061-01-05", "2060-12-30"),
        ("1980-01-01", "1980-01-01"),
        ("1985-01-01", "2090-01-01"),
    ],
)
def test_working_days_between_days_outside_the_usual_years(after, until):
    """Where the small tables end, the count goes on, in either direction."""
    calendar, way = Calendar(), 1 if after <= until else -1
    first, last = sorted((date.fromisoformat(after), date.fromisoformat(until)))
    off = {day for year in range(first.year, last.year + 1) for day in published_or_by_rule(year)}
    days = (first + timedelta(days=each) for each in range(1, (last - first).days + 1))
    count = sum(not independent.is_off(day, holidays=off) for day in days)
    assert calendar.working_between(n(after), n(until)) == way * count


#: The days of a single year between 1978 and 2011: worked by the rule, or off against it.
ONCE = {
    1981: ({"1981-07-29"}, set()),
    1995: ({"1995-05-08"}, {"1995-05-01"}),
    1999: ({"1999-12-31"}, set()),
    2002: ({"2002-06-03", "2002-06-04"}, {"2002-05-27"}),
    2011: ({"2011-04-29"}, set()),
}


def published_or_by_rule(year: int) -> set[date]:
    """The bank holidays of any year from 1978 to 2100, by the second calculation."""
    if 2012 <= year <= 2028:
        return {day for day in independent.official() if day.year == year}
    more, fewer = ONCE.get(year, (set(), set()))
    off = independent.by_rule(year) if year <= 2100 else frozenset()
    return (off | {date.fromisoformat(day) for day in more}) - {date.fromisoformat(day) for day in fewer}


@pytest.mark.parametrize("year", range(1978, 2012))
def test_earlier_working_days_follow_the_rules_and_the_days_of_a_single_year(year):
    """From 1978, when the list of today began, every day is worked or not as it was."""
    off = published_or_by_rule(year)
    for day in range(n(f"{year}-01-01"), n(f"{year}-12-31") + 1):
        assert ENGLAND.is_working(day) != independent.is_off(date.fromordinal(day), holidays=off), said(day)


# ---------------------------------------------------------------- where the tables end


FAR = [
    ("1978-01-02", 10),
    ("1994-12-30", 1),
    ("1994-12-23", 20),
    ("1990-06-05", 2000),
    ("2060-12-30", 1),
    ("2060-12-01", 45),
    ("2056-03-01", 2000),
    ("2095-11-30", 100),
    ("2199-12-31", 1),
    ("2199-12-31", 2000),
    ("2150-06-01", 15),
]


@pytest.mark.parametrize(("start", "count"), FAR)
def test_working_days_outside_the_usual_years_are_counted_alike(start, count):
    """A date that makes the tables grow gets the answer of a loop over every day."""
    day = date.fromisoformat(start)
    off = {each for year in range(day.year, day.year + 10) for each in published_or_by_rule(year)}
    wanted = independent.step(day, count, 1, holidays=off)
    for calendar in (Calendar(), ENGLAND):
        assert said(calendar.add_working(day.toordinal(), count)) == wanted.isoformat()


@pytest.mark.parametrize(
    ("start", "count"),
    [
        ("1995-01-01", 1),
        ("1995-01-02", 1),
        ("1995-01-05", 20),
        ("1998-03-01", 2000),
        ("1988-01-01", 45),
        ("2061-01-10", 10),
        ("2199-12-31", 2000),
    ],
)
def test_counting_back_outside_the_usual_years_is_counted_alike(start, count):
    """Counting back across the edge of the small tables gives the answer of a loop over every day."""
    day = date.fromisoformat(start)
    off = {each for year in range(day.year - 10, day.year + 1) for each in published_or_by_rule(year)}
    wanted = independent.step(day, count, -1, holidays=off)
    assert said(Calendar().subtract_working(day.toordinal(), count)) == wanted.isoformat()


def test_the_first_day_of_all_leaves_room_to_count_back():
    """The longest timescale back from 1 January 1901 is still a date before it, and forward again is the way back."""
    calendar = Calendar()
    early = calendar.subtract_working(FIRST_DAY, 2000)
    assert date.fromordinal(early).year == 1893
    assert calendar.working_between(early - 1, FIRST_DAY - 1) == 2000
    assert calendar.back(FIRST_DAY, read_timescale("2000 clear working days")) < early


def test_dates_near_the_first_and_the_last_day_are_counted():
    """The first days of 1901 and the last of 2199 are days like any other."""
    assert (date.fromordinal(FIRST_DAY), date.fromordinal(LAST_DAY)) == (date(1901, 1, 1), date(2199, 12, 31))
    assert said(ENGLAND.add_working(FIRST_DAY, 3)) == "1901-01-04"
    assert said(ENGLAND.due(FIRST_DAY, read_timescale("30 years"))) == "1931-01-01"
    assert said(ENGLAND.back(FIRST_DAY, read_timescale("1 month"))) == "1900-12-01"
    assert said(ENGLAND.due(LAST_DAY, read_timescale("2 months"))) == "2200-02-28"
    assert said(ENGLAND.due(LAST_DAY, read_timescale("10 working days"))) == "2200-01-14"
    assert said(ENGLAND.due(LAST_DAY, read_timescale("4000 days"))) == "2210-12-14"


def test_an_answer_does_not_change_when_the_tables_grow():
    """What was counted before a far date was asked for is counted the same after it."""
    calendar, spread = Calendar([date(2024, 12, 27)]), range(n("2000-01-01"), n("2050-01-01"), 97)
    before = [(calendar.add_working(day, 45), calendar.subtract_working(day, 45)) for day in spread]
    calendar.add_working(LAST_DAY, 1)
    assert [(calendar.add_working(day, 45), calendar.subtract_working(day, 45)) for day in spread] == before


def test_the_tables_grow_once():
    """A second far date does not fill the tables anew."""
    calendar = Calendar()
    calendar.add_working(FIRST_DAY, 1)
    grown = calendar._nth
    calendar.add_working(LAST_DAY, 2000)
    calendar.subtract_working(FIRST_DAY, 2000)
    with pytest.raises(ValueError, match="The calendar ends"):
        calendar.add_working(LAST_DAY, 10**6)
    assert calendar._nth is grown


@pytest.mark.parametrize(
    "asked",
    [
        lambda calendar: calendar.is_working(date.max.toordinal()),
        lambda calendar: calendar.add_working(date.max.toordinal(), 1),
        lambda calendar: calendar.subtract_working(1, 1),
        lambda calendar: calendar.subtract_working(2, 1),
        lambda calendar: calendar.working_between(1, FIRST_DAY),
        lambda calendar: calendar.holiday_names(FIRST_DAY, date.max.toordinal()),
    ],
)
def test_a_day_that_no_case_can_have_is_refused_and_never_miscounted(asked):
    """The year 1 and the year 9999 are outside the calendar, which says so."""
    with pytest.raises(ValueError, match=r"The calendar holds 1889-01-01 to 2211-12-31, no other days\."):
        asked(Calendar())


def test_more_working_days_than_the_calendar_holds_are_refused():
    """A count that runs out of the calendar is refused in words, either way."""
    with pytest.raises(ValueError, match=r"The calendar ends before 1000000 working days have passed\."):
        ENGLAND.add_working(n("2024-01-01"), 10**6)
    with pytest.raises(ValueError, match=r"The calendar begins less than 1000000 working days earlier\."):
        ENGLAND.subtract_working(n("2024-01-01"), 10**6)


# ---------------------------------------------------------------- counting


def test_no_working_days_at_all_is_the_day_itself():
    """Nought working days leave any day where it is, worked or not."""
    assert ENGLAND.add_working(n("2024-06-01"), 0) == n("2024-06-01")
    assert ENGLAND.subtract_working(n("2024-06-01"), 0) == n("2024-06-01")


@pytest.mark.parametrize(
    ("day", "moved"),
    [
        ("2024-06-05", "2024-06-05"),
        ("2024-06-01", "2024-06-03"),
        ("2024-06-02", "2024-06-03"),
        ("2024-03-29", "2024-04-02"),
        ("2024-12-25", "2024-12-27"),
        ("2022-06-02", "2022-06-06"),
        ("1995-01-01", "1995-01-03"),
        ("2060-12-31", "2060-12-31"),
        ("2061-01-01", "2061-01-04"),
    ],
)
def test_a_day_off_rolls_to_the_next_working_day(day, moved):
    """A due date on a day off moves to the next working day; one on a working day stays."""
    assert said(Calendar().next_working(n(day))) == moved


def test_closure_days_are_rolled_over_too():
    """The authority's own closure days are days off like any other."""
    calendar = Calendar([date(2024, 12, 27), date(2024, 12, 30), date(2024, 12, 31)])
    assert said(calendar.next_working(n("2024-12-25"))) == "2025-01-02"
    assert calendar.closed == {n("2024-12-27"), n("2024-12-30"), n("2024-12-31")}


def test_a_closure_on_a_day_off_changes_nothing():
    """A closure day at a weekend or on a bank holiday is not counted twice."""
    calendar = Calendar([date(2024, 12, 25), date(2024, 12, 28)])
    for day in range(n("2024-12-01"), n("2025-01-31")):
        assert calendar.add_working(day, 5) == ENGLAND.add_working(day, 5)


@pytest.mark.parametrize(
    ("hours", "forward", "back"),
    [(1, 0, 1), (23, 0, 1), (24, 1, 1), (25, 1, 2), (48, 2, 2), (72, 3, 3), (2000, 83, 84)],
)
def test_hours_by_dates_alone_are_whole_days(hours, forward, back):
    """Without times, forward as many dates as whole days, back as many as it takes to be early enough."""
    timescale = read_timescale("1 hour" if hours == 1 else f"{hours} hours")
    day = n("2024-06-05")
    assert ENGLAND.due(day, timescale) - day == forward
    assert ENGLAND.due(day, timescale, True) - day == forward
    assert day - ENGLAND.back(day, timescale) == back


def test_same_day_is_the_day_itself_in_every_direction():
    """ "The same day" means the day of the event, whatever day it is and however days are counted."""
    same = read_timescale("same day")
    for day in range(n("2024-12-20"), n("2025-01-05")):
        assert ENGLAND.due(day, same) == ENGLAND.due(day, same, True) == ENGLAND.back(day, same) == day


def test_a_date_asked_for_twice_is_the_same():
    """The answer that is kept is the answer that was given, each convention apart."""
    calendar, ten = Calendar(), read_timescale("10 working days")
    day = n("2024-03-28")
    assert [said(calendar.due(day, ten)) for _ in range(2)] == ["2024-04-15"] * 2
    assert [said(calendar.due(day, ten, True)) for _ in range(2)] == ["2024-04-12"] * 2


@pytest.mark.parametrize(
    ("start", "months", "end"),
    [
        ("2024-01-31", 1, "2024-02-29"),
        ("2024-01-31", -2, "2023-11-30"),
        ("2024-01-31", 0, "2024-01-31"),
        ("2024-12-31", 2, "2025-02-28"),
        ("2024-11-30", 1, "2024-12-30"),
        ("2024-10-31", 2, "2024-12-31"),
        ("2024-01-15", -1, "2023-12-15"),
        ("2024-12-01", 1, "2025-01-01"),
        ("1900-01-31", 1, "1900-02-28"),
        ("2000-01-31", 1, "2000-02-29"),
        ("2100-01-31", 1, "2100-02-28"),
    ],
)
def test_months_lead_to_the_corresponding_date(start, months, end):
    """The same number in the month arrived at, or that month's last day."""
    assert said(add_months(n(start), months)) == end


# ---------------------------------------------------------------- names


def test_the_holidays_between_two_days_are_named():
    """An explanation can name what was skipped: both ends included, in order, weekends left out."""
    christmas = ENGLAND.holiday_names(n("2021-12-24"), n("2022-01-03"))
    assert [(said(day), name) for day, name in christmas] == [
        ("2021-12-27", "Christmas Day (substitute day)"),
        ("2021-12-28", "Boxing Day (substitute day)"),
        ("2022-01-03", "New Year's Day (substitute day)"),
    ]
    easter = ENGLAND.holiday_names(n("2024-03-29"), n("2024-04-01"))
    assert [(said(day), name) for day, name in easter] == [
        ("2024-03-29", "Good Friday"),
        ("2024-04-01", "Easter Monday"),
    ]
    assert ENGLAND.holiday_names(n("2024-06-01"), n("2024-06-30")) == []
    assert ENGLAND.holiday_names(n("2024-04-01"), n("2024-03-29")) == []


def test_closure_days_are_named_and_a_bank_holiday_keeps_its_own_name():
    """A closure day is said to be the authority's, unless it is a bank holiday or a weekend anyway."""
    calendar = Calendar([date(2024, 12, 24), date(2024, 12, 25), date(2024, 12, 28), date(2024, 12, 31)])
    found = calendar.holiday_names(n("2024-12-24"), n("2024-12-30"))
    assert [(said(day), name) for day, name in found] == [
        ("2024-12-24", "closure day of the authority"),
        ("2024-12-25", "Christmas Day"),
        ("2024-12-26", "Boxing Day"),
    ]


@pytest.mark.parametrize(("first", "last"), [("1985-01-01", "1985-12-31"), ("2060-06-01", "2061-06-01")])
def test_holidays_of_far_years_are_named_as_they_are_counted(first, last):
    """Outside the usual years, too, exactly the days that are not counted have names."""
    calendar = Calendar()
    off = {day for year in range(1985, 2062) for day in published_or_by_rule(year)}
    wanted = [day.isoformat() for day in sorted(off) if first <= day.isoformat() <= last and day.weekday() < 5]
    assert [said(day) for day, _ in calendar.holiday_names(n(first), n(last))] == wanted


def test_every_day_skipped_between_monday_and_friday_has_a_name():
    """No working day has a name, and no day off from Monday to Friday lacks one."""
    named = {day for day, _ in ENGLAND.holiday_names(n("2012-01-01"), OFFICIAL_UNTIL)}
    for day in range(n("2012-01-01"), OFFICIAL_UNTIL + 1):
        if date.fromordinal(day).weekday() < 5:
            assert ENGLAND.is_working(day) != (day in named), said(day)


def test_a_calendar_says_which_edition_it_is():
    """A result can say which list of bank holidays it rests on, and how far that is official."""
    assert ENGLAND.edition == f"holidays {version('holidays')} GB-ENG, official to 2028-12-31"


def test_the_list_of_bank_holidays_is_only_fetched_when_a_calendar_is_made():
    """Importing the library does not import the list of bank holidays, which is slow; a calendar does."""
    program = (
        "import sys, practice_rules.calendars as c; print('holidays' in sys.modules);"
        " c.Calendar(); print('holidays' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        env={**os.environ, "PYTHONPATH": str(ROOT / "src")},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.split() == ["False", "True"]


# ---------------------------------------------------------------- instants


def test_a_time_without_a_zone_is_local_time_in_london():
    """Noon in June is 11:00 in UTC, noon in January is noon."""
    assert instant(datetime(2024, 6, 5, 12)) == datetime(2024, 6, 5, 11, tzinfo=UTC).timestamp()
    assert instant(datetime(2024, 1, 5, 12)) == datetime(2024, 1, 5, 12, tzinfo=UTC).timestamp()


@pytest.mark.parametrize("zone", [UTC, timezone(timedelta(hours=5, minutes=30)), ZoneInfo("America/New_York")])
def test_a_time_with_a_zone_is_that_instant(zone):
    """One moment is one instant, whatever zone it is written in."""
    moment = datetime(2024, 6, 5, 12, tzinfo=zone)
    assert instant(moment) == moment.timestamp()
    assert local(instant(moment)) == moment.astimezone(ZoneInfo("Europe/London")).replace(tzinfo=None)


def test_parts_of_a_second_are_left_out():
    """An instant is whole seconds, also before 1970."""
    assert instant(datetime(2024, 1, 5, 12, 0, 0, 999_999)) == instant(datetime(2024, 1, 5, 12))
    assert instant(datetime(1960, 1, 5, 12, 0, 0, 1)) == instant(datetime(1960, 1, 5, 12))


@pytest.mark.parametrize(
    ("moment", "there"),
    [
        (datetime(2024, 3, 31, 0, 59, 59), True),
        (datetime(2024, 3, 31, 1), False),
        (datetime(2024, 3, 31, 1, 30), False),
        (datetime(2024, 3, 31, 1, 30, fold=1), False),
        (datetime(2024, 3, 31, 1, 59, 59, 999_999), False),
        (datetime(2024, 3, 31, 2), True),
        (datetime(2024, 10, 27, 1, 30), True),
        (datetime(2024, 10, 27, 1, 30, fold=1), True),
        (datetime(2024, 6, 5, 12, 0, 0, 5), True),
        (datetime(1970, 3, 29, 1, 30), True),
        (datetime(2050, 3, 27, 1, 30), False),
    ],
)
def test_the_hour_that_the_spring_change_leaves_out_does_not_exist(moment, there):
    """01:30 on the last Sunday of March was never on the clock; the double hour of October was."""
    assert exists(moment) is there


def test_the_day_of_an_instant_is_the_local_one():
    """Half past eleven in the evening UTC in summer is already the next day in London."""
    assert day_of(int(datetime(2024, 6, 5, 23, 30, tzinfo=UTC).timestamp())) == n("2024-06-06")
    assert day_of(int(datetime(2024, 1, 5, 23, 30, tzinfo=UTC).timestamp())) == n("2024-01-05")
    assert day_of(-1) == n("1970-01-01")  # all of 1970 was on summer time


def test_everything_that_is_offered_is_there():
    """Every name of the shop window of the module exists."""
    assert all(hasattr(calendars, name) for name in calendars.__all__)
