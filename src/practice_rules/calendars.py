"""Working days, months, ages and hours: what date is that?

Inside the library a day is its ordinal (`date.toordinal()`) and an instant is whole seconds since 1970 in UTC, so that
counting is arithmetic on integers. The rules are those of docs/explanation/counting.md; each says on what it rests.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from .timescales import Timescale

__all__ = [
    "FIRST_DAY",
    "LAST_DAY",
    "OFFICIAL_UNTIL",
    "Calendar",
    "add_months",
    "age_attained",
    "day_of",
    "exists",
    "instant",
    "local",
]

#: Dates before this are the sector's sentinels for "missing" (1900-01-01, 1899-12-30).
FIRST_DAY = date(1901, 1, 1).toordinal()
#: No case has a date after this; 9999-12-31 and its like are refused.
LAST_DAY = date(2199, 12, 31).toordinal()
#: GOV.UK has published the bank holidays of England and Wales up to here; later ones are a projection.
OFFICIAL_UNTIL = date(2028, 12, 31).toordinal()

_LONDON = ZoneInfo("Europe/London")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_HOUR = 3600
# The range that nearly every case falls in; a date outside it grows the tables once to the whole range.
_USUAL_RANGE = (date(1995, 1, 1).toordinal(), date(2060, 12, 31).toordinal())
# Wide enough for the longest timescale counted forward from the last day or back from the first.
_WHOLE_RANGE = (date(1889, 1, 1).toordinal(), date(2211, 12, 31).toordinal())


@lru_cache(maxsize=2)
def _bank_holidays(first_year: int, last_year: int) -> dict[int, str]:
    """Bank holidays of England and Wales by day, with their names.

    `holidays` for `GB` alone drops Easter Monday and the August holiday; subdivision `ENG` is the list of England and
    Wales. What it gives before 1978 is not the whole law of that time, and it ends with 2100: after that only weekends
    are left out.
    """
    # Imported here and not above: it is slow to import, and `import practice_rules` should stay quick for whoever only
    # reads a result or asks for help.
    import holidays

    listed = holidays.country_holidays("GB", subdiv="ENG", years=range(first_year, last_year + 1))
    return {day.toordinal(): name.replace("(observed)", "(substitute day)") for day, name in listed.items()}


@lru_cache(maxsize=1)
def _edition() -> str:
    from holidays.version import __version__  # late, as in _bank_holidays

    return f"holidays {__version__} GB-ENG, official to {date.fromordinal(OFFICIAL_UNTIL)}"


class _Counted(dict[int, int]):
    """Days already counted; a day that is not there is counted when it is asked for."""

    __slots__ = ("_count",)

    def __init__(self, count: Callable[[int], int]) -> None:
        super().__init__()
        self._count = count

    def __missing__(self, day: int) -> int:
        found = self[day] = self._count(day)
        return found


class Calendar:
    """The working days of England and Wales, less an authority's own closure days.

    Args:
        closed: the authority's closure days.
    """

    __slots__ = ("_base", "_counts", "_end", "_nth", "_upto", "closed")

    def __init__(self, closed: Iterable[date] = ()) -> None:
        self.closed: frozenset[int] = frozenset(day.toordinal() for day in closed)
        self._counts: dict[tuple[str, bool, bool], _Counted] = {}
        self._fill(*_USUAL_RANGE)

    def _fill(self, base: int, end: int) -> None:
        off = _bank_holidays(date.fromordinal(base).year, date.fromordinal(end).year).keys() | self.closed
        self._base, self._end = base, end
        # _nth[k] is the k-th working day of the range; _upto[day - base] says how many there are up to and including
        # it.
        self._nth: list[int] = []
        self._upto: list[int] = []
        count = 0
        for day in range(base, end + 1):
            if day % 7 not in (6, 0) and day not in off:  # ordinal 1 is a Monday: 6 is Saturday, 0 is Sunday
                self._nth.append(day)
                count += 1
            self._upto.append(count)

    def _grow(self, day: int) -> None:
        """Fill the tables for every day that a case can have, once."""
        first, last = _WHOLE_RANGE
        if not first <= day <= last:
            raise ValueError(
                f"The calendar holds {date.fromordinal(first)} to {date.fromordinal(last)}, no other days."
            )
        if self._base > first:
            self._fill(first, last)

    @property
    def edition(self) -> str:
        """Which calendar this is, for the fingerprint of a result."""
        return _edition()

    def holiday_names(self, first: int, last: int) -> list[tuple[int, str]]:
        """Bank holidays and closure days that fall on a Monday to Friday from `first` to `last`, with their names."""
        for day in (first, last):
            if not self._base <= day <= self._end:
                self._grow(day)
        names = _bank_holidays(date.fromordinal(self._base).year, date.fromordinal(self._end).year)
        found = {day: name for day, name in names.items() if first <= day <= last}
        for day in self.closed:
            if first <= day <= last:
                found.setdefault(day, "closure day of the authority")
        return sorted((day, name) for day, name in found.items() if day % 7 not in (6, 0))

    def is_working(self, day: int) -> bool:
        """Whether a day is a working day."""
        return self.working_between(day - 1, day) == 1

    def working_between(self, after: int, until: int) -> int:
        """How many working days lie after one day, up to and including another; below nought if it is the earlier."""
        for day in (after, until):
            if not self._base <= day <= self._end:
                self._grow(day)
        return self._upto[until - self._base] - self._upto[after - self._base]

    def add_working(self, day: int, count: int) -> int:
        """The day that is `count` working days after `day`; the next working day is 1, whether or not `day` is one."""
        if count == 0:
            return day
        if not self._base <= day <= self._end:
            self._grow(day)
        place = self._upto[day - self._base] + count - 1
        if place >= len(self._nth):
            self._grow(day)
            place = self._upto[day - self._base] + count - 1
            if place >= len(self._nth):
                raise ValueError(f"The calendar ends before {count} working days have passed.")
        return self._nth[place]

    def subtract_working(self, day: int, count: int) -> int:
        """The day that is `count` working days before `day`, counted back with `day` as day 0."""
        if count == 0:
            return day
        if not self._base < day <= self._end:
            self._grow(day - 1)
        place = self._upto[day - 1 - self._base] - count
        if place < 0:
            self._grow(day)
            place = self._upto[day - 1 - self._base] - count
            if place < 0:
                raise ValueError(f"The calendar begins less than {count} working days earlier.")
        return self._nth[place]

    def next_working(self, day: int) -> int:
        """The day itself if it is a working day, else the next that is."""
        return self.add_working(day - 1, 1)

    def due(self, day: int, timescale: Timescale, counts_itself: bool = False) -> int:
        """The last day of a timescale that runs forward from the day of an event.

        The event's day is day 0 (Dodds v Walker [1981] 1 WLR 1027; CPR 2.8; the census guide's example of 15 working
        days). With `counts_itself` it is day 1, as some councils count.

        Hours are counted here by dates only: whole days, so that after 24 hours the next date is in time.
        """
        return self.counter(timescale, counts_itself)(day)

    def counter(self, timescale: Timescale, counts_itself: bool = False, moves: bool = False) -> Callable[[int], int]:
        """`due` as a function of the day, each counted once; `moves`: from days off to the next working day."""
        key = (timescale.text, counts_itself, moves)
        found = self._counts.get(key)
        if found is None:

            def count(day: int) -> int:
                last = self._due(day, timescale, counts_itself)
                return self.next_working(last) if moves else last

            found = self._counts[key] = _Counted(count)
        return found.__getitem__

    def _due(self, day: int, timescale: Timescale, counts_itself: bool) -> int:
        if timescale.working:
            return self.add_working(day - 1 if counts_itself else day, timescale.working)
        if timescale.hours:
            return day + timescale.hours // 24
        whole = add_months(day, timescale.months) if timescale.months else day + timescale.days
        return whole - 1 if counts_itself and whole > day else whole

    def back(self, day: int, timescale: Timescale) -> int:
        """The last day for something that must be done so long before an event; the event's day is day 0."""
        extra = 1 if timescale.clear else 0
        if timescale.working:
            return self.subtract_working(day, timescale.working + extra)
        if timescale.hours:
            return day - -(-timescale.hours // 24)
        if timescale.months:
            return add_months(day, -timescale.months)
        return day - timescale.days - extra


def add_months(day: int, months: int) -> int:
    """The corresponding date so many months later (or earlier): 31 January + 1 month is the last day of February.

    All months are added to the original date at once (Dodds v Walker [1981] 1 WLR 1027).
    """
    start = date.fromordinal(day)
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    month += 1
    if start.day <= 28:
        return date(year, month, start.day).toordinal()
    return date(year, month, min(start.day, _month_length(year, month))).toordinal()


def _month_length(year: int, month: int) -> int:
    first_of_next = date(year + month // 12, month % 12 + 1, 1)
    return (first_of_next - timedelta(days=1)).day


def age_attained(born: int, months: int) -> int:
    """The day on which an age is attained, at its start (Family Law Reform Act 1969 s9).

    Born on 29 February, a whole year of age is attained on 1 March in a common year. No English authority settles it;
    the choice is the later day, and is documented.
    """
    birth = date.fromordinal(born)
    attained = add_months(born, months)
    if (birth.month, birth.day) == (2, 29) and months % 12 == 0 and date.fromordinal(attained).day == 28:
        return attained + 1
    return attained


# --- instants ------------------------------------------------------------------------------------------------------


def instant(moment: datetime) -> int:
    """Seconds since 1970 in UTC; a time without a zone is local time in Europe/London."""
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=_LONDON)
    return int((moment - _EPOCH).total_seconds() // 1)


def local(seconds: int) -> datetime:
    """The local time in Europe/London, without a zone."""
    return (_EPOCH + timedelta(seconds=seconds)).astimezone(_LONDON).replace(tzinfo=None)


def exists(moment: datetime) -> bool:
    """Whether a local time without a zone exists: 01:30 on the last Sunday of March does not."""
    return local(instant(moment)) == moment.replace(microsecond=0, fold=0)


def day_of(seconds: int) -> int:
    """The local day of an instant."""
    return local(seconds).toordinal()
