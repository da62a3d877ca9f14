"""Dates worked out a second time, and in another way: a loop that looks at every day, dateutil, and a list of bank
holidays of its own. Nothing here imports the library.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Set
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

from dateutil.easter import easter
from dateutil.relativedelta import relativedelta

TABLES = Path(__file__).resolve().parent / "tables"
ONE_DAY = timedelta(days=1)
LONDON = ZoneInfo("Europe/London")


def table(name: str) -> list[dict[str, str]]:
    """The rows of a table, without the lines that begin with a hash."""
    with (TABLES / name).open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(line for line in lines if not line.startswith("#")))


@cache
def official() -> dict[date, str]:
    """The bank holidays as published, 2012 to 2028, and those of 1970 by hand."""
    return {date.fromisoformat(row["day"]): row["name"] for row in table("bank_holidays.csv")}


def covered(day: date) -> bool:
    """Whether the published list says anything of this day's year."""
    return day.year == 1970 or 2012 <= day.year <= 2028


@cache
def by_rule(year: int) -> frozenset[date]:
    """The bank holidays of a year by the rules in force since 1978, without the days of a single year."""
    off = {easter(year) - 2 * ONE_DAY, easter(year) + ONE_DAY}
    for month, last in ((5, False), (5, True), (8, True)):
        mondays = [date(year, month, n) for n in range(1, 32) if date(year, month, n).weekday() == 0]
        off.add(mondays[-1] if last else mondays[0])
    for fixed in (date(year, 1, 1), date(year, 12, 25), date(year, 12, 26)):
        day = fixed
        while day.weekday() > 4 or day in off:
            day += ONE_DAY
        off.add(day)
    return frozenset(off)


def is_off(day: date, closed: Set[date] = frozenset(), holidays: Set[date] | None = None) -> bool:
    """Whether nobody works: a weekend, a bank holiday or a closure day."""
    return day.weekday() > 4 or day in closed or day in (official() if holidays is None else holidays)


def step(day: date, count: int, way: int, closed: Set[date] = frozenset(), holidays: Set[date] | None = None) -> date:
    """Walk from a day, forward (1) or back (-1), and stop on the so-manyth working day; the day itself is not one."""
    while count:
        day += way * ONE_DAY
        assert holidays is not None or covered(day), f"the list of bank holidays does not reach {day}"
        if not is_off(day, closed, holidays):
            count -= 1
    return day


def parts_of(timescale: str) -> Iterator[tuple[int, str]]:
    """("15 years 6 months") -> (15, "year"), (6, "month")."""
    words = timescale.replace("working day", "working-day").replace("clear ", "").split()
    for number, unit in zip(words[::2], words[1::2], strict=True):
        yield int(number), unit.removesuffix("s")


def due(
    start: date,
    timescale: str,
    direction: str = "forward",
    day_one: str = "next day",
    closed: Set[date] = frozenset(),
    holidays: Set[date] | None = None,
) -> date:
    """The last day in time, for any timescale but hours."""
    if timescale == "same day":
        return start
    parts = list(parts_of(timescale))
    if direction == "back":
        (number, unit) = parts[0]
        number += 1 if "clear" in timescale else 0
        if unit == "working-day":
            return step(start, number, -1, closed, holidays)
        if unit in ("day", "week"):
            return start - number * (7 if unit == "week" else 1) * ONE_DAY
        return start - length(parts)
    if parts[0][1] == "working-day":
        # The day itself is day 1: as if the day before had been the event.
        before = start - ONE_DAY if day_one == "itself" else start
        return step(before, parts[0][0], 1, closed, holidays)
    last = start + length(parts)
    return last - ONE_DAY if day_one == "itself" else last


def length(parts: list[tuple[int, str]]) -> relativedelta:
    """A length in days, weeks, months and years, added at once."""
    total = {"day": 0, "week": 0, "month": 0, "year": 0}
    for number, unit in parts:
        total[unit] += number
    return relativedelta(days=total["day"], weeks=total["week"], months=total["month"], years=total["year"])


def attained(born: date, age: str) -> date:
    """The first day on which a child is so old: of a birth on 29 February, in a common year, 1 March."""
    day = born + length(list(parts_of(age)))
    missing = (born.month, born.day) == (2, 29) and (day.month, day.day) == (2, 28)
    return day + ONE_DAY if missing else day


def hours_later(start: datetime, hours: int, second: bool = False) -> datetime:
    """So many elapsed hours later by the clock in London; `second` is the second of two equal times in October."""
    moment = start.replace(tzinfo=LONDON, fold=int(second)).astimezone(UTC)
    return (moment + timedelta(hours=hours)).astimezone(LONDON).replace(tzinfo=None)
