"""What holds of every date: laws of counting, tried on dates that nobody chose."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from dateutil.relativedelta import relativedelta
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

import independent
from practice_rules.calendars import Calendar, add_months, age_attained, day_of, exists, instant, local
from practice_rules.timescales import Timescale, read_timescale

# A slow machine is no failure.
calm = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])

LONDON = ZoneInfo("Europe/London")
ENGLAND = Calendar()

usual_dates = st.dates(date(1995, 1, 1), date(2060, 12, 31))
far_dates = st.dates(date(1901, 1, 1), date(2199, 12, 31))
any_dates = usual_dates | far_dates
published_dates = st.dates(date(2013, 1, 1), date(2027, 12, 31))
days = any_dates.map(date.toordinal)
counts = st.integers(0, 300)
months = st.integers(0, 400)
closures = st.lists(st.dates(date(2020, 1, 1), date(2027, 12, 31)), max_size=20)


def plural(number: int, unit: str) -> str:
    return f"{number} {unit}{'' if number == 1 else 's'}"


def timescales(*units: str) -> st.SearchStrategy[Timescale]:
    return st.builds(plural, st.integers(1, 300), st.sampled_from(units)).map(read_timescale)


lengths = (
    timescales("day", "working day", "week", "month", "hour")
    | st.builds(plural, st.integers(1, 30), st.just("year")).map(read_timescale)
    | st.just(read_timescale("same day"))
)


# ---------------------------------------------------------------- working days


@calm
@given(days, counts, counts)
def test_working_days_add_up(day, first, then):
    """So many working days and then so many more are all of them at once."""
    assert ENGLAND.add_working(ENGLAND.add_working(day, first), then) == ENGLAND.add_working(day, first + then)


@calm
@given(days, counts, counts)
def test_working_days_back_add_up(day, first, then):
    """Counting back in two steps is counting back in one."""
    there = ENGLAND.subtract_working(ENGLAND.subtract_working(day, first), then)
    assert there == ENGLAND.subtract_working(day, first + then)


@calm
@given(days, counts)
def test_counting_back_undoes_counting_forward_on_working_days(day, count):
    """From a working day there and back again is where one began."""
    assume(ENGLAND.is_working(day))
    assert ENGLAND.subtract_working(ENGLAND.add_working(day, count), count) == day
    assert ENGLAND.add_working(ENGLAND.subtract_working(day, count), count) == day


@calm
@given(days, st.integers(1, 300))
def test_a_due_date_in_working_days_is_a_working_day(day, count):
    """Whatever the start, forward or back, a count of working days ends on one, after or before the start."""
    assert ENGLAND.is_working(ENGLAND.add_working(day, count))
    assert ENGLAND.is_working(ENGLAND.subtract_working(day, count))
    assert ENGLAND.subtract_working(day, count) < day < ENGLAND.add_working(day, count)


@calm
@given(days, counts)
def test_the_working_days_up_to_the_due_date_are_as_many_as_were_asked_for(day, count):
    """Counting the working days between the start and the due date gives the timescale again."""
    assert ENGLAND.working_between(day, ENGLAND.add_working(day, count)) == count
    assert ENGLAND.working_between(ENGLAND.subtract_working(day, count) - 1, day - 1) == count or count == 0


@calm
@given(days, days, days)
def test_working_days_between_days_add_up(first, second, third):
    """From the first to the third is from the first to the second and on, in whatever order the days lie."""
    whole = ENGLAND.working_between(first, second) + ENGLAND.working_between(second, third)
    assert ENGLAND.working_between(first, third) == whole
    assert ENGLAND.working_between(second, first) == -ENGLAND.working_between(first, second)


@calm
@given(published_dates, st.integers(0, 200), closures)
def test_working_days_agree_with_a_loop_over_every_day(start, count, closed):
    """Where GOV.UK has published the holidays, a walk day by day ends on the same date, closures and all."""
    calendar = Calendar(closed)
    assert calendar.add_working(start.toordinal(), count) == independent.step(start, count, 1, set(closed)).toordinal()
    back = independent.step(start, count, -1, set(closed))
    assert calendar.subtract_working(start.toordinal(), count) == back.toordinal()


@calm
@given(days)
def test_the_next_working_day_is_the_first_that_is_one(day):
    """Rolling moves only days off, only forward, and passes no working day."""
    rolled = ENGLAND.next_working(day)
    assert ENGLAND.is_working(rolled)
    assert not any(ENGLAND.is_working(passed) for passed in range(day, rolled))
    assert ENGLAND.next_working(rolled) == rolled


# ---------------------------------------------------------------- due dates


@calm
@given(days, st.integers(0, 40), lengths, st.booleans())
def test_a_later_start_is_never_due_earlier(day, later, timescale, itself):
    """Of two events the later one's duty is due on the same day or later."""
    assert ENGLAND.due(day, timescale, itself) <= ENGLAND.due(day + later, timescale, itself)
    assert ENGLAND.back(day, timescale) <= ENGLAND.back(day + later, timescale)


@calm
@given(
    days,
    st.sampled_from(["day", "working day", "week", "month", "hour"]),
    st.integers(1, 300),
    st.integers(1, 300),
    st.booleans(),
)
def test_a_longer_timescale_is_never_due_earlier(day, unit, one, other, itself):
    """More of the same unit never gives less time, forward or back."""
    short, long = (read_timescale(plural(number, unit)) for number in sorted((one, other)))
    assert ENGLAND.due(day, short, itself) <= ENGLAND.due(day, long, itself)
    assert ENGLAND.back(day, short) >= ENGLAND.back(day, long)


@calm
@given(days, lengths)
def test_a_due_date_never_lies_before_its_start_nor_a_lead_time_after_it(day, timescale):
    """Forward never goes back, back never forward; the day itself counted gives at most one working day less."""
    assert day <= ENGLAND.due(day, timescale, True) <= ENGLAND.due(day, timescale)
    assert ENGLAND.back(day, timescale) <= day


@calm
@given(days, st.integers(1, 300), st.sampled_from(["day", "working day"]))
def test_clear_days_are_one_more(day, number, unit):
    """So many clear days before is one plain day earlier, of the same kind of day."""
    clear = read_timescale(plural(number, f"clear {unit}"))
    more = read_timescale(plural(number + 1, unit))
    assert ENGLAND.back(day, clear) == ENGLAND.back(day, more)


@calm
@given(days, st.integers(1, 300))
def test_weeks_keep_the_day_of_the_week(day, number):
    """So many weeks later or earlier it is the same day of the week, seven days for each."""
    weeks, in_days = read_timescale(plural(number, "week")), read_timescale(plural(7 * number, "day"))
    assert ENGLAND.due(day, weeks) == ENGLAND.due(day, in_days) == day + 7 * number
    assert ENGLAND.back(day, weeks) == day - 7 * number


@calm
@given(published_dates, st.integers(1, 60), closures)
def test_closure_days_never_shorten_a_timescale(start, count, closed):
    """An authority that closes has later due dates and earlier lead times, or the same."""
    closing, day = Calendar(closed), start.toordinal()
    assert closing.add_working(day, count) >= ENGLAND.add_working(day, count)
    assert closing.subtract_working(day, count) <= ENGLAND.subtract_working(day, count)
    assert closing.next_working(day) >= ENGLAND.next_working(day)


@calm
@given(st.lists(st.tuples(days, st.integers(1, 60)), min_size=2, max_size=6), st.randoms(use_true_random=False))
def test_answers_do_not_depend_on_what_was_asked_before(asked, chance):
    """In whatever order dates are asked for, and so the tables grow, each gets the same answer."""
    ten = read_timescale("10 working days")

    def answers(order):
        calendar = Calendar([date(2024, 12, 27)])
        return {
            (day, count): (
                calendar.add_working(day, count),
                calendar.subtract_working(day, count),
                calendar.working_between(day, day + count),
                calendar.due(day, ten),
                calendar.holiday_names(day, day + count),
            )
            for day, count in order
        }

    other = list(asked)
    chance.shuffle(other)
    assert answers(asked) == answers(other) == answers(reversed(asked))


# ---------------------------------------------------------------- months and ages


@calm
@given(any_dates, st.integers(-400, 400))
def test_months_agree_with_dateutil(start, number):
    """The corresponding date is the one that another library finds."""
    assert add_months(start.toordinal(), number) == (start + relativedelta(months=number)).toordinal()


@calm
@given(any_dates, months)
def test_no_month_is_skipped(start, number):
    """So many months later it is so many months on in the calendar, never one more, and never a higher day."""
    end = date.fromordinal(add_months(start.toordinal(), number))
    assert 12 * end.year + end.month - 12 * start.year - start.month == number
    assert end.day <= start.day
    assert end.day == start.day or (end + timedelta(days=1)).day == 1


@calm
@given(any_dates, months)
def test_months_there_and_back_lose_at_most_the_end_of_a_month(start, number):
    """Back by as many months one is where one began, or up to three days earlier where a month was too short."""
    day = start.toordinal()
    back = add_months(add_months(day, number), -number)
    assert 0 <= day - back <= 3
    assert back == day or start.day > 28


@calm
@given(any_dates, st.integers(0, 30), st.integers(0, 11))
def test_ages_agree_with_dateutil_but_for_births_on_29_february(born, years, more):
    """An age is attained on the corresponding date, except that 1 March stands for a missing 29 February birthday."""
    wanted = born + relativedelta(months=12 * years + more)
    if (born.month, born.day) == (2, 29) and more == 0 and wanted.day == 28:
        wanted = date(wanted.year, 3, 1)
    assert age_attained(born.toordinal(), 12 * years + more) == wanted.toordinal()


@calm
@given(st.sampled_from([year for year in range(1904, 2197, 4) if year != 2100]), st.integers(1, 30))
def test_a_birthday_on_29_february_is_kept_or_falls_on_1_march(year, years):
    """In a leap year the birthday is 29 February, in every other year 1 March."""
    attained = date.fromordinal(age_attained(date(year, 2, 29).toordinal(), 12 * years))
    assert attained.year == year + years
    leap = attained.year % 4 == 0 and attained.year != 2100 and attained.year != 2200
    assert (attained.month, attained.day) == ((2, 29) if leap else (3, 1))


@calm
@given(any_dates, st.integers(0, 20), st.integers(0, 360), st.integers(0, 360))
def test_the_elder_and_the_older_age_come_in_order(born, later, one, other):
    """A child born later attains an age no earlier, and an older age is attained no earlier."""
    day = born.toordinal()
    assert age_attained(day, one) <= age_attained(day + later, one)
    assert age_attained(day, min(one, other)) <= age_attained(day, max(one, other))


# ---------------------------------------------------------------- hours

moments = st.datetimes(datetime(1971, 11, 1), datetime(2190, 1, 1)).map(lambda each: each.replace(microsecond=0))
changes = st.builds(
    lambda year, month, minutes: independent_change(year, month) + timedelta(minutes=minutes),
    st.integers(1996, 2090),
    st.sampled_from([3, 10]),
    st.integers(-1500, 1500),
)


def independent_change(year: int, month: int) -> datetime:
    """One in the morning on the last Sunday of a month."""
    return datetime(year, month, 31, 1) - timedelta(days=(date(year, month, 31).weekday() + 1) % 7)


@calm
@given(moments | changes, st.integers(0, 2000), st.booleans())
def test_hours_agree_with_arithmetic_in_utc(start, hours, second):
    """So many hours later is so many hours later in UTC, read on the clock in London."""
    assume(exists(start))
    start = start.replace(fold=int(second))
    end = local(instant(start) + 3600 * hours)
    assert end == independent.hours_later(start.replace(fold=0), hours, second)
    assert day_of(instant(start) + 3600 * hours) == end.toordinal()


@calm
@given(moments | changes)
def test_a_time_that_exists_is_found_again(moment):
    """A local time turned into an instant and back is itself; one that does not exist comes back an hour later."""
    again = local(instant(moment))
    assert exists(moment) == (again == moment)
    if again != moment:
        assert again == moment + timedelta(hours=1)
        assert moment.month == 3
        assert moment.hour == 1


@calm
@given(moments | changes, st.integers(1, 100))
def test_a_later_instant_is_never_an_earlier_day(start, hours):
    """Time does not run back over midnight, clock change or not."""
    first = instant(start)
    assert day_of(first) <= day_of(first + 3600 * hours)
    assert instant(start.replace(tzinfo=LONDON).astimezone(UTC)) == first
