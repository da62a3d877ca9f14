"""Dates and numbers as people write them, the same on every machine."""

from __future__ import annotations

from datetime import date, datetime

__all__ = ["plural", "say_date", "say_list"]

_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def say_date(day: date | datetime | int) -> str:
    """A date as "Thu 28 Mar 2024", with the time of day if there is one: "Thu 28 Mar 2024 14:30"."""
    if isinstance(day, int):
        day = date.fromordinal(day)
    said = f"{_DAYS[day.weekday()]} {day.day} {_MONTHS[day.month - 1]} {day.year}"
    return f"{said} {day.hour:02}:{day.minute:02}" if isinstance(day, datetime) else said


def plural(number: int, one: str, many: str = "") -> str:
    """A number with its noun: "1 day", "2 days"."""
    return f"{number} {one if number == 1 else many or one + 's'}"


def say_list(items: list[str], last: str = "and") -> str:
    """Items as a person lists them: "a, b and c"."""
    if len(items) < 2:
        return "".join(items)
    return f"{', '.join(items[:-1])} {last} {items[-1]}"
