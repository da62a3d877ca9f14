"""Lengths of time as the printed standards give them: "10 working days", "3 months", "15 years 6 months".

A timescale keeps the unit that was printed. 3 months, 91 days, 12 weeks and 13 weeks are four different things.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

__all__ = ["AgeBand", "Timescale", "TimescaleError", "ordinal_word", "read_ages", "read_ordinal", "read_timescale"]


class TimescaleError(ValueError):
    """A text that is not a timescale.

    Attributes:
        way_out: what to write instead, in plain words.
    """

    def __init__(self, message: str, way_out: str) -> None:
        super().__init__(message)
        self.way_out = way_out


@dataclass(frozen=True, slots=True)
class Timescale:
    """A length of time. Exactly one family of units is used.

    Attributes:
        months: calendar months; a year is twelve.
        days: calendar days; a week is seven.
        working: working days.
        hours: elapsed hours.
        clear: both ends left out (counting back only).
        text: the timescale as it is written in a pack.
    """

    text: str
    months: int = 0
    days: int = 0
    working: int = 0
    hours: int = 0
    clear: bool = False

    def __str__(self) -> str:
        return self.text

    @property
    def size(self) -> float:
        """A rough length in calendar days, for ordering timescales of different units; never used to count."""
        return self.months * 30.4375 + self.days + self.working * 7 / 5 + self.hours / 24


_WORDS = (
    "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen twenty"
).split()
_NUMBER_WORDS = {word: number for number, word in enumerate(_WORDS, start=1)} | {
    "a": 1,
    "an": 1,
    "thirty": 30,
    "forty": 40,
    "fifty": 50,
    "sixty": 60,
}
_UNITS = {
    "clear working day": "working",
    "working day": "working",
    "clear day": "days",
    "hour": "hours",
    "day": "days",
    "week": "weeks",
    "month": "months",
    "year": "years",
}
# The longest that a standard could ask for; more is a slip of the keyboard.
_LIMITS = {"working": 2000, "hours": 2000, "days": 4000, "weeks": 600, "months": 300, "years": 30}
_SHORT = {
    "wd": "working days",
    "wds": "working days",
    "workdays": "working days",
    "workday": "working days",
    "business days": "working days",
    "business day": "working days",
    "weekdays": "working days",
    "school days": "working days",
    "d": "days",
    "h": "hours",
    "hr": "hours",
    "hrs": "hours",
    "w": "weeks",
    "wk": "weeks",
    "wks": "weeks",
    "m": "months",
    "mth": "months",
    "mths": "months",
    "y": "years",
    "yr": "years",
    "yrs": "years",
    "calendar days": "days",
    "calendar day": "days",
    "calendar months": "months",
    "calendar month": "months",
    "full days": "days",
}
_USUAL = {
    "daily": "1 day",
    "every day": "1 day",
    "weekly": "1 week",
    "fortnightly": "2 weeks",
    "fortnight": "2 weeks",
    "a fortnight": "2 weeks",
    "monthly": "1 month",
    "quarterly": "3 months",
    "quarter": "3 months",
    "termly": "term",
    "half yearly": "6 months",
    "half-yearly": "6 months",
    "six monthly": "6 months",
    "yearly": "1 year",
    "annually": "12 months",
    "annual": "12 months",
    "every year": "1 year",
    "immediately": "same day",
    "straight away": "same day",
    "today": "same day",
    "the same day": "same day",
    "next day": "1 day",
    "next working day": "1 working day",
    "the next working day": "1 working day",
    "half a year": "6 months",
}
_PART = re.compile(r"(\d+) (clear working days?|working days?|clear days?|hours?|days?|weeks?|months?|years?)")
_SHAPE = 'A number, a space and a unit: hours, days, working days, weeks, months or years, as in "10 working days".'


def read_timescale(text: str) -> Timescale:
    """Read a timescale as a pack writes it.

    Raises:
        TimescaleError: the text is not one; `way_out` says what to write.
    """
    if text == "same day":
        return Timescale(text)
    whole = re.fullmatch(rf"{_PART.pattern}(?: {_PART.pattern})?", text)
    if not whole:
        raise TimescaleError(f'I can\'t read "{text}" as a length of time.', _way_out(text))
    parts = [(int(number), unit, number) for number, unit in _PART.findall(text)]
    amounts = {"months": 0, "days": 0, "working": 0, "hours": 0}
    for amount, unit, typed in parts:
        single = unit.removesuffix("s")
        family = _UNITS[single]
        tidy = f"{amount} {single}{'' if amount == 1 else 's'}"
        if amount == 0:
            raise TimescaleError(f'"{text}" is no length of time.', 'Write "same day" for the day itself.')
        if typed != str(amount) or tidy != f"{typed} {unit}":
            raise TimescaleError(f'"{text}" is not written the usual way.', f'Write "{tidy}".')
        if amount > _LIMITS[family]:
            raise TimescaleError(f'"{text}" is longer than any standard asks for.', f"The most is {_LIMITS[family]}.")
        if family == "years":
            amounts["months"] += 12 * amount
        elif family == "weeks":
            amounts["days"] += 7 * amount
        else:
            amounts[family] += amount
    if len(parts) == 2 and not (parts[0][1].startswith("year") and parts[1][1].startswith("month")):
        raise TimescaleError(
            f'"{text}" mixes two units.', "Use one unit. Only years and months go together, years first."
        )
    return Timescale(text, clear="clear" in text, **amounts)


def _way_out(text: str) -> str:
    """What to write instead of a text that is no timescale."""
    plain = " ".join(text.lower().replace("-", " ").split())
    plain = re.sub(
        r"^(within|at least|at most|no later than|not later than|no more than|up to|every|in|after|max)\s+", "", plain
    )
    if plain in _USUAL:
        return f'Write "{_USUAL[plain]}".'
    adverb = re.fullmatch(r"(\w+) ?(weekly|monthly|yearly|hourly|daily)", plain)
    if adverb:
        unit = {"weekly": "week", "monthly": "month", "yearly": "year", "hourly": "hour", "daily": "day"}[adverb[2]]
        plain = f"{adverb[1]} {unit}s"
    found = re.fullmatch(r"(\d+|[a-z]+) ?(?:\((?:\d+|[a-z]+)\) ?)?([a-z][a-z ]*)", plain)
    if found:
        number = int(found[1]) if found[1].isdigit() else _NUMBER_WORDS.get(found[1], 0)
        unit = _SHORT.get(found[2], found[2]).removesuffix("s")
        if unit == "fortnight":
            number, unit = 2 * number, "week"
        if number and unit in _UNITS:
            return f'Write "{number} {unit}{"" if number == 1 else "s"}".'
        if number:
            import difflib

            near = difflib.get_close_matches(unit, _UNITS, n=1, cutoff=0.6)
            if near:
                return f'Did you mean "{number} {near[0]}{"" if number == 1 else "s"}"?'
    return _SHAPE


@dataclass(frozen=True, slots=True)
class AgeBand:
    """Which ages, in completed years: from `low` (included) to below `below`."""

    text: str
    low: int = 0
    below: int | None = None

    def __str__(self) -> str:
        return self.text


def read_ages(text: str) -> AgeBand:
    """Read an age band: "3 years and over", "under 5 years", "5 to 10 years" (both ages included).

    Raises:
        TimescaleError: the text is not one.
    """
    over = re.fullmatch(r"(\d+) years? and over", text)
    if over and int(over[1]) <= 30:
        return AgeBand(text, low=int(over[1]))
    under = re.fullmatch(r"under (\d+) years?", text)
    if under and 0 < int(under[1]) <= 30:
        return AgeBand(text, below=int(under[1]))
    between = re.fullmatch(r"(\d+) to (\d+) years", text)
    if between and int(between[1]) < int(between[2]) <= 30:
        return AgeBand(text, low=int(between[1]), below=int(between[2]) + 1)
    raise TimescaleError(
        f'I can\'t read "{text}" as ages.', 'Write "3 years and over", "under 5 years" or "5 to 10 years".'
    )


_ORDINALS = "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth".split()


def read_ordinal(text: str) -> int:
    """Read "first" (also "next") to "twelfth".

    Raises:
        TimescaleError: the text is not one.
    """
    if text == "next":
        return 1
    if text in _ORDINALS:
        return _ORDINALS.index(text) + 1
    figure = re.fullmatch(r"(\d+)(?:st|nd|rd|th)?", text.lower())
    if figure and 0 < int(figure[1]) <= len(_ORDINALS):
        raise TimescaleError(f'"{text}" is not written the usual way.', f'Write "{ordinal_word(int(figure[1]))}".')
    raise TimescaleError(
        f'I can\'t read "{text}" as a place in a series.', 'Write "first", "second" … "twelfth", or "next".'
    )


def ordinal_word(number: int) -> str:
    """1 -> "first"; beyond the twelfth, figures: 13 -> "13th"."""
    if number <= len(_ORDINALS):
        return _ORDINALS[number - 1]
    suffix = "th" if 10 <= number % 100 <= 20 else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{suffix}"
