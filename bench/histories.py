"""Generated histories for the benchmark: about 80 events each over three years, the same for the same seed."""

from __future__ import annotations

import random
from datetime import date, timedelta

#: One event as a name and a date.
Happening = tuple[str, date]


def happenings(seed: int) -> list[Happening]:
    """One case: referral, assessment, child in need plan, protection plan, looked after; with late and missing acts."""
    rng = random.Random(seed)
    start = date(2021, 1, 4) + timedelta(days=rng.randrange(120))
    found: list[Happening] = [("referral received", start)]

    def later(day: date, low: int, high: int) -> date:
        return day + timedelta(days=rng.randint(low, high))

    def repeat(name: str, first: date, until: date, low: int, high: int) -> None:
        day = later(first, low, high)
        while day <= until:
            found.append((name, day))
            day = later(day, low, high)

    assessed = later(start, 30, 75)
    found.append(("assessment completed", assessed))
    need_start, need_end = assessed, later(assessed, 120, 240)
    found += [("child in need plan started", need_start), ("child in need plan ended", need_end)]
    repeat("child visited", need_start, need_end, 15, 34)
    strategy = later(need_end, -20, 5)
    found.append(("strategy discussion held", strategy))
    conference = later(strategy, 12, 28)
    found.append(("initial child protection conference held", conference))
    plan_end = later(conference, 240, 420)
    found += [("child protection plan started", conference), ("child protection plan ended", plan_end)]
    repeat("child visited", conference, plan_end, 9, 18)
    repeat("core group held", conference, plan_end, 10, 50)
    review = later(conference, 70, 95)
    while review < plan_end:
        found.append(("review child protection conference held", review))
        if rng.random() < 0.9:
            found.append(("review conference report sent to chair", later(review, -12, -2)))
        review = later(review, 150, 190)
    care = later(plan_end, -10, 20)
    found.append(("became looked after", care))
    care_end = None if rng.random() < 0.6 else later(care, 200, 400)
    if care_end:
        found.append(("ceased to be looked after", care_end))
    last = date(2024, 1, 31)
    review = later(care, 15, 32)
    for low, high in ((70, 100), (160, 200), (160, 200), (160, 200), (160, 200)):
        if review > (care_end or last):
            break
        found.append(("looked after review held", review))
        review = later(review, low, high)
    repeat("case supervision held", need_start, min(care_end or last, last), 24, 45)
    rng.shuffle(found)
    return found
