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
# "forty five", and never only its "forty".
_TENS = rf"\b(twenty|thirty|forty|fifty|sixty) ({'|'.join(_WORDS[:9])})\b"
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
    "weekly": "1 week",
    "fortnightly": "2 weeks",
    "fortnight": "2 weeks",
    "a fortnight": "2 weeks",
    "monthly": "1 month",
    "quarterly": "3 months",
    "quarter": "3 months",
    "termly": "term",
    "half yearly": "6 months",
    "six monthly": "6 months",
    "yearly": "1 year",
    "annually": "12 months",
    "annual": "12 months",
    "immediately": "same day",
    "straight away": "same day",
    "today": "same day",
    "the same day": "same day",
    "next day": "1 day",
    "next working day": "1 working day",
    "the next working day": "1 working day",
    "half a year": "6 months",
}
# At most nine figures: Python refuses to read a number of thousands of them.
_PART = re.compile(r"(\d{1,9}) (clear working days?|working days?|clear days?|hours?|days?|weeks?|months?|years?)")
_WHOLE = re.compile(rf"{_PART.pattern}(?: {_PART.pattern})?")
_SHAPE = 'A number, a space and a unit: hours, days, working days, weeks, months or years, as in "10 working days".'


def read_timescale(text: str) -> Timescale:
    """Read a timescale as a pack writes it.

    Raises:
        TimescaleError: the text is not one; `way_out` says what to write.
    """
    if text == "same day":
        return Timescale(text)
    if not _WHOLE.fullmatch(text):
        raise TimescaleError(f'I can\'t read "{text}" as a length of time.', _way_out(text))
    parts = [(int(number), unit) for number, unit in _PART.findall(text)]
    # How it is written: nothing that is nought, no figure before the first, "1 day" and "2 days".
    tidy = " ".join(_said(amount, unit.removesuffix("s")) for amount, unit in parts if amount)
    if not tidy:
        raise TimescaleError(f'"{text}" is no length of time.', 'Write "same day" for the day itself.')
    amounts = {"months": 0, "days": 0, "working": 0, "hours": 0}
    for amount, unit in parts:
        family = _UNITS[unit.removesuffix("s")]
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
    if text != tidy:
        raise TimescaleError(f'"{text}" is not written the usual way.', f'Write "{tidy}".')
    return Timescale(text, clear="clear" in text, **amounts)


def _said(amount: int, unit: str) -> str:
    """1, "day" -> "1 day"; 2, "day" -> "2 days"."""
    return f"{amount} {unit}{'' if amount == 1 else 's'}"


def _way_out(text: str) -> str:
    """What to write instead of a text that is no timescale."""
    plain = re.sub(r",? and |,", " ", text.lower().replace("-", " ").rstrip(". "))
    plain = " ".join(plain.split())
    plain = re.sub(
        r"^(within|at least|at most|no later than|not later than|no more than|up to|every|in|after|max)\s+", "", plain
    )
    plain = re.sub(_TENS, lambda found: str(_NUMBER_WORDS[found[1]] + _NUMBER_WORDS[found[2]]), plain)
    if plain == "same day" or _WHOLE.fullmatch(plain):
        try:
            return f'Write "{read_timescale(plain)}".'
        except TimescaleError as error:
            return error.way_out
    if plain in _UNITS:
        return f'Write "{_said(1, plain)}".'
    if plain in _USUAL:
        return f'Write "{_USUAL[plain]}".'
    adverb = re.fullmatch(r"(\w+) ?(weekly|monthly|yearly|hourly|daily)", plain)
    if adverb:
        unit = {"weekly": "week", "monthly": "month", "yearly": "year", "hourly": "hour", "daily": "day"}[adverb[2]]
        plain = f"{adverb[1]} {unit}s"
    found = re.fullmatch(r"(\d{1,9}|[a-z]+) ?(?:\((?:\d+|[a-z]+)\) ?)?([a-z][a-z ]*)", plain)
    if found:
        number = int(found[1]) if found[1].isdigit() else _NUMBER_WORDS.get(found[1], 0)
        unit = _SHORT.get(found[2], found[2]).removesuffix("s")
        if unit == "fortnight":
            number, unit = 2 * number, "week"
        if number and unit in _UNITS:
            most = _LIMITS[_UNITS[unit]]
            return f'Write "{_said(number, unit)}".' if number <= most else f"The most is {most}."
        if number:
            import difflib

            near = difflib.get_close_matches(unit, _UNITS, n=1, cutoff=0.6)
            if near:
                return f'Did you mean "{_said(number, near[0])}"?'
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
    figures = [int(figure) for figure in re.findall(r"\d{1,9}", text)]
    # Each must be written as we would write it: no "1 years", no "05", no figures of other scripts.
    if len(figures) == 1 and figures[0] <= 30:
        age, years = figures[0], _said(figures[0], "year")
        if text == f"{years} and over":
            return AgeBand(text, low=age)
        if text == f"under {years}" and age > 0:
            return AgeBand(text, below=age)
    if len(figures) == 2 and figures[0] < figures[1] <= 30 and text == f"{figures[0]} to {figures[1]} years":
        return AgeBand(text, low=figures[0], below=figures[1] + 1)
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
    plain = " ".join(text.lower().split())
    if plain == "next" or plain in _ORDINALS:
        raise TimescaleError(f'"{text}" is not written the usual way.', f'Write "{plain}".')
    figure = re.fullmatch(r"(\d{1,9})(?:st|nd|rd|th)?", plain)
    if figure and 0 < int(figure[1]) <= len(_ORDINALS):
        raise TimescaleError(f'"{text}" is not written the usual way.', f'Write "{ordinal_word(int(figure[1]))}".')
    raise TimescaleError(
        f'I can\'t read "{text}" as a place in a series.', 'Write "first", "second" … "twelfth", or "next".'
    )


def ordinal_word(number: int) -> str:
    """1 -> "first"; beyond the twelfth, figures: 13 -> "13th"."""
    if 1 <= number <= len(_ORDINALS):
        return _ORDINALS[number - 1]
    suffix = "th" if 10 <= number % 100 <= 20 else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{suffix}"
