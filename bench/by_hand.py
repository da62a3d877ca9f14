"""The same eight rules as an analyst would write them: ordinary dates, a loop per rule, a few helpers."""

from __future__ import annotations

import calendar
from datetime import date, timedelta

import holidays
from histories import Happening

OFF = set(holidays.country_holidays("GB", subdiv="ENG", years=range(2019, 2030)))
ONE_DAY = timedelta(days=1)
#: (rule, opened, due, done, status)
Row = tuple[str, date, date, date | None, str]


def add_working_days(day: date, count: int) -> date:
    step = ONE_DAY if count > 0 else -ONE_DAY
    left = abs(count)
    while left:
        day += step
        if day.weekday() < 5 and day not in OFF:
            left -= 1
    return day


def add_month(day: date) -> date:
    year, month = (day.year + 1, 1) if day.month == 12 else (day.year, day.month + 1)
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def status(due: date, done: date | None, ended: date | None, as_of: date) -> str:
    if ended is not None and done is None:
        return "lapsed" if ended <= due else "breached"
    if done is not None:
        return "met" if done <= due else "breached"
    return "due" if as_of <= due else "breached"


def spans(events: dict[str, list[date]], start: str, end: str) -> list[tuple[date, date | None]]:
    ends = list(events.get(end, []))
    found = []
    for day in events.get(start, []):
        found.append((day, ends.pop(0) if ends else None))
    return found


def merge(several: list[tuple[date, date | None]]) -> list[tuple[date, date | None]]:
    merged: list[tuple[date, date | None]] = []
    for start, end in sorted(several, key=lambda span: (span[0], span[1] or date.max)):
        if merged and (merged[-1][1] is None or start <= merged[-1][1] + ONE_DAY):
            last_start, last_end = merged[-1]
            if last_end is not None and (end is None or end > last_end):
                merged[-1] = (last_start, end)
        else:
            merged.append((start, end))
    return merged


def evaluate_by_hand(happened: list[Happening], as_of: date) -> list[Row]:
    events: dict[str, list[date]] = {}
    for name, day in happened:
        if day <= as_of:
            events.setdefault(name, []).append(day)
    for days in events.values():
        days.sort()
    rows: list[Row] = []

    # 1 and 2: within so many working days of an event
    for rule, opener, act, days in (
        ("initial-conference", "strategy discussion held", "initial child protection conference held", 15),
        ("assessment", "referral received", "assessment completed", 45),
    ):
        for opened in events.get(opener, []):
            done = next((day for day in events.get(act, []) if day >= opened), None)
            due = add_working_days(opened, days)
            rows.append((rule, opened, due, done, status(due, done, None, as_of)))

    protection = spans(events, "child protection plan started", "child protection plan ended")
    need = spans(events, "child in need plan started", "child in need plan ended")
    care = spans(events, "became looked after", "ceased to be looked after")

    # 3 and 6: a visit every so many working days
    for rule, periods, days in (("protection-visits", protection, 10), ("child-in-need-visits", need, 20)):
        for start, end in periods:
            visits = sorted(
                {day for day in events.get("child visited", []) if day >= start and (end is None or day <= end)}
            )
            anchor = start
            for visit in visits:
                if visit == anchor and anchor != start:
                    continue
                due = add_working_days(anchor, days)
                rows.append((rule, anchor, due, visit, status(due, visit, end, as_of)))
                anchor = visit
            due = add_working_days(anchor, days)
            rows.append((rule, anchor, due, None, status(due, None, end, as_of)))

    # 4: core groups
    for start, end in protection:
        anchor, number = start, 0
        groups = sorted(
            {day for day in events.get("core group held", []) if day >= start and (end is None or day <= end)}
        )
        for done in [*groups, None]:
            due = add_working_days(anchor, 10) if number == 0 else anchor + timedelta(weeks=6)
            rows.append(("core-groups", anchor, due, done, status(due, done, end, as_of)))
            if done is not None:
                anchor, number = done, number + 1

    # 5: looked after reviews
    for start, end in care:
        anchor, number = start, 0
        reviews = sorted(
            {day for day in events.get("looked after review held", []) if day >= start and (end is None or day <= end)}
        )
        for done in [*reviews, None]:
            later = anchor + timedelta(days=91 if number == 1 else 183)
            due = add_working_days(anchor, 20) if number == 0 else later
            rows.append(("looked-after-reviews", anchor, due, done, status(due, done, end, as_of)))
            if done is not None:
                anchor, number = done, number + 1

    # 7: the report before each review conference
    reports = events.get("review conference report sent to chair", [])
    previous = None
    for conference in events.get("review child protection conference held", []):
        due = add_working_days(conference, -5)
        done = next((day for day in reports if day <= conference and (previous is None or day > previous)), None)
        rows.append(("conference-report", conference, due, done, status(due, done, None, as_of)))
        previous = conference

    # 8: supervision while any plan is open
    for start, end in merge([*protection, *need, *care]):
        anchor = start
        for done in sorted(
            {day for day in events.get("case supervision held", []) if day >= start and (end is None or day <= end)}
        ):
            if done == anchor and anchor != start:
                continue
            due = add_month(anchor)
            rows.append(("supervision", anchor, due, done, status(due, done, end, as_of)))
            anchor = done
        due = add_month(anchor)
        rows.append(("supervision", anchor, due, None, status(due, None, end, as_of)))
    return rows
