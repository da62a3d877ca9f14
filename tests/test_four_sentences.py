"""Four sentences of the printed standards, each in at most eight lines of YAML, each with a story across Easter.

Good Friday 2024 is 29 March, Easter Monday 1 April.
"""

from __future__ import annotations

import pytest

from kinds.helpers import event, moment
from practice_rules.evaluating import evaluate
from practice_rules.events import History
from practice_rules.loading import read_pack_text

TOP = """\
authority: Barsetshire County Council
title: Practice standards
documents: {standards: {title: Practice Standards}}
working days: Monday to Friday, except bank holidays in England
day one: the next day
events:
  child visited: A worker visits the child.
  plan started: A plan starts.
  plan ended: A plan ends.
  review held: A review is held.
  report shared: The report is shared.
  conference held: A conference is held.
  placement moved: The child moves.
  placement ended: The placement ends.
periods:
  plan: {means: The child has a plan., starts: plan started, ends: plan ended}
  placement: {means: The child is placed., starts: placement moved, ends: placement ended, until: placement moved}
standards:
"""

VISITS = """\
  plan-visits:
    says: A child on a plan is visited every 10 working days.
    source: {section: Visits / 1, words: every 10 working days}
    expect: child visited
    every: 10 working days
    while: plan
"""
REVIEWS = """\
  reviews:
    says: The first review is within 20 working days, the second within 3 months, then every 6 months.
    source: {section: Reviews / 1, words: within 20 working days}
    expect: review held
    first within: 20 working days
    second within: 3 months
    then every: 6 months
    while: plan
"""
REPORT = """\
  report-shared:
    says: The report is shared 5 working days before the conference.
    source: {section: Conferences / 1, words: five working days before}
    expect: report shared
    at least: 5 working days
    before: conference held
"""
AFTER_A_MOVE = """\
  visits-after-a-move:
    says: Visits are every 1 week for the first 4 weeks after a move, then every 6 weeks.
    source: {section: Visits / 2, words: weekly for four weeks}
    expect: child visited
    every: 1 week
    for the first: 4 weeks
    then every: 6 weeks
    while: placement
"""


def story(standard: str, case: str, as_of: str) -> list[str]:
    pack, problems = read_pack_text(TOP + standard)
    assert pack is not None, problems
    history = History("child-1", [event(line.strip()) for line in case.strip().split("\n")])
    found = evaluate(history, pack, as_of=moment(as_of)).of_standard(pack.standards[0].id)
    return [
        f"{duty.status} {duty.opened} > {duty.due}{f' done {duty.met_on}' if duty.met_on else ''}" for duty in found
    ]


@pytest.mark.parametrize("standard", [VISITS, REVIEWS, REPORT, AFTER_A_MOVE])
def test_eight_lines_are_enough(standard: str) -> None:
    """Each sentence takes at most eight lines, its heading, words and source included."""
    assert len(standard.splitlines()) <= 8


def test_a_visit_every_ten_working_days_while_a_plan_is_open() -> None:
    """Thursday 21 March: 22, 25, 26, 27, 28 March, 2, 3, 4, 5, 8 April. Then 9 to 12, 15 to 19 and 22 April."""
    case = """
    2024-03-21 plan started
    2024-04-08 child visited
    2024-04-23 child visited
    2024-05-01 plan ended
    """
    assert story(VISITS, case, "2024-06-01") == [
        "met 2024-03-21 > 2024-04-08 done 2024-04-08",
        "breached 2024-04-08 > 2024-04-22 done 2024-04-23",
        "lapsed 2024-04-23 > 2024-05-08",
    ]


def test_reviews_within_twenty_days_three_months_and_six() -> None:
    """Thursday 14 March: ten working days to 28 March, ten more to 15 April; 15 July; 15 January."""
    case = """
    2024-03-14 plan started
    2024-04-15 review held
    2024-07-16 review held
    """
    assert story(REVIEWS, case, "2024-07-31") == [
        "met 2024-03-14 > 2024-04-15 done 2024-04-15",
        "breached 2024-04-15 > 2024-07-15 done 2024-07-16",
        "due 2024-07-16 > 2025-01-16",
    ]


def test_a_report_five_working_days_before_the_conference() -> None:
    """Back from Friday 5 April: 4, 3, 2 April, 28, 27 March. The conference is booked, then moved to 9 April."""
    booked = "2024-04-05 conference held #c recorded=2024-03-01\n"
    assert story(REPORT, booked, "2024-03-27") == ["due 2024-04-05 > 2024-03-27"]
    assert story(REPORT, booked, "2024-03-28") == ["breached 2024-04-05 > 2024-03-27"]
    moved = booked + "2024-04-09 conference held #c recorded=2024-03-28\n2024-04-02 report shared"
    assert story(REPORT, moved, "2024-04-02") == ["met 2024-04-09 > 2024-04-02 done 2024-04-02"]


def test_weekly_for_four_weeks_after_a_move_then_every_six() -> None:
    """Moved on 11 March: weekly to 8 April, Easter Monday included; six weeks from 8 April is 20 May."""
    case = """
    2024-03-11 placement moved
    2024-03-18 child visited
    2024-03-25 child visited
    2024-04-02 child visited
    2024-04-08 child visited
    """
    assert story(AFTER_A_MOVE, case, "2024-05-20") == [
        "met 2024-03-11 > 2024-03-18 done 2024-03-18",
        "met 2024-03-18 > 2024-03-25 done 2024-03-25",
        "breached 2024-03-25 > 2024-04-01 done 2024-04-02",
        "met 2024-04-02 > 2024-04-09 done 2024-04-08",
        "due 2024-04-08 > 2024-05-20",
    ]
