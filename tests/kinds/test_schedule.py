"""Schedule: a series of acts, each with its own timescale."""

from __future__ import annotations

from kinds.helpers import outcome

REVIEWS = """
expect: review
first within: 20 working days
second within: 3 months
then every: 6 months
while: plan
"""


def test_the_timescale_goes_by_the_place_in_the_series() -> None:
    """Twenty working days from 14 March, across Easter, end on 15 April; then three months, then six."""
    case = "2024-03-14 plan started\n2024-04-15 review\n2024-07-15 review"
    assert outcome(REVIEWS, case, "2024-07-15") == [
        "met 2024-03-14 > 2024-04-15 done 2024-04-15",
        "met 2024-04-15 > 2024-07-15 done 2024-07-15",
        "due 2024-07-15 > 2025-01-15",
    ]


def test_one_day_late() -> None:
    """Held on 16 April it is breached, and the second counts from the day it was held."""
    case = "2024-03-14 plan started\n2024-04-16 review"
    assert outcome(REVIEWS, case, "2024-07-16") == [
        "breached 2024-03-14 > 2024-04-15 done 2024-04-16",
        "due 2024-04-16 > 2024-07-16",
    ]


def test_without_then_every_the_series_ends() -> None:
    """After the second review nothing more is asked."""
    yaml = "expect: review\nfirst within: 20 working days\nsecond within: 3 months\nwhile: plan"
    case = "2024-03-14 plan started\n2024-04-15 review\n2024-07-15 review"
    assert len(outcome(yaml, case, "2025-06-01")) == 2


def test_each_span_starts_at_the_first() -> None:
    """A new plan begins the series again, and the end of the old one lapsed what was open."""
    case = "2024-03-14 plan started\n2024-04-15 review\n2024-05-01 plan ended\n2024-05-07 plan started"
    assert outcome(REVIEWS, case, "2024-05-08") == [
        "met 2024-03-14 > 2024-04-15 done 2024-04-15",
        "due 2024-05-07 > 2024-06-05",
        "lapsed 2024-04-15 > 2024-07-15",
    ]


def test_a_review_in_doubt() -> None:
    """A review that may not count leaves the first duty unjudged."""
    case = "2024-03-14 plan started\n2024-04-10 review"
    assert outcome(REVIEWS + "where: {sort: review}", case, "2024-05-01") == [
        "not assessed 2024-03-14: the detail “sort” of “review”"
    ]


def test_varied_and_paused() -> None:
    """Agreed at 4 weeks the first is due on 11 April; ten days missing move it by ten days."""
    varied = REVIEWS + "varied by: {event: agreed otherwise, at most: 6 weeks}"
    case = "2024-03-14 plan started\n2024-03-15 agreed otherwise timescale=4_weeks"
    assert outcome(varied, case, "2024-04-01") == ["due 2024-03-14 > 2024-04-11"]
    paused = "expect: review\nfirst within: 4 weeks\nwhile: plan\npaused by: missing"
    gone = "2024-03-14 plan started\n2024-03-20 went missing\n2024-03-30 found"
    assert outcome(paused, gone, "2024-04-01") == ["due 2024-03-14 > 2024-04-21"]


def test_without_a_period_nothing_opens() -> None:
    """A review of a child without a plan is no matter of this standard."""
    assert outcome(REVIEWS, "2024-04-15 review") == []
