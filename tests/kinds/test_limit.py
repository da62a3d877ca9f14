"""Limit: a period lasts no longer than a timescale."""

from __future__ import annotations

import pytest

from kinds.helpers import judge, outcome

LIMIT = "limit: plan\nto: 10 working days"


@pytest.mark.parametrize(
    ("ended", "status"), [("2024-04-05", "met"), ("2024-04-08", "met"), ("2024-04-09", "breached")]
)
def test_met_when_the_span_has_ended_by_the_due_date(ended: str, status: str) -> None:
    """Ten working days from 21 March, across Easter, end on 8 April."""
    found = outcome(LIMIT, f"2024-03-21 plan started\n{ended} plan ended")
    assert found == [f"{status} 2024-03-21 > 2024-04-08 done {ended}"]


def test_an_open_span() -> None:
    """Still open: due on the last day, breached the day after."""
    assert outcome(LIMIT, "2024-03-21 plan started", "2024-04-08") == ["due 2024-03-21 > 2024-04-08"]
    assert outcome(LIMIT, "2024-03-21 plan started", "2024-04-09") == ["breached 2024-03-21 > 2024-04-08"]


def test_in_months_with_each_span_judged() -> None:
    """One month from 31 January is 29 February; every span is judged."""
    case = "2024-01-31 plan started\n2024-03-01 plan ended\n2024-03-21 plan started\n2024-04-21 plan ended"
    assert outcome("limit: plan\nto: 1 month", case) == [
        "breached 2024-01-31 > 2024-02-29 done 2024-03-01",
        "met 2024-03-21 > 2024-04-21 done 2024-04-21",
    ]


def test_extended_by_moves_the_limit() -> None:
    """Agreed by a manager to 15 working days: 15 April."""
    yaml = LIMIT + "\nextended by: {event: agreed otherwise, authorised by: manager, to: 15 working days}"
    case = "2024-03-21 plan started\n2024-03-25 agreed otherwise authorised_by=manager\n2024-04-15 plan ended"
    assert outcome(yaml, case) == ["met 2024-03-21 > 2024-04-15 done 2024-04-15"]


def test_another_period_must_hold_at_the_start() -> None:
    """Only while the child is in need; where that ends first the limit lapses, unless the span had ended before."""
    yaml = LIMIT + "\nwhile: need"
    assert outcome(yaml, "2024-03-21 plan started") == []
    case = "2024-03-20 need started\n2024-03-21 plan started\n2024-04-02 need ended\n"
    assert outcome(yaml, case) == ["lapsed 2024-03-21 > 2024-04-08"]
    assert outcome(yaml, case + "2024-04-02 plan ended") == ["met 2024-03-21 > 2024-04-08 done 2024-04-02"]
    assert outcome(yaml, case + "2024-04-03 plan ended") == ["lapsed 2024-03-21 > 2024-04-08"]


def test_conditions_and_the_aim() -> None:
    """`if` looks at the start; a missed aim is no breach."""
    case = "2024-03-21 plan started sort=review\n2024-04-02 plan ended"
    assert outcome(LIMIT + "\nif: {sort: other}", case) == []
    [duty] = judge(LIMIT + "\naim: 5 working days", case).met
    assert (str(duty.target), duty.target_missed) == ("2024-03-28", True)


def test_an_end_in_doubt() -> None:
    """Whether the period ended on 25 March is not said: it is neither met nor breached."""
    yaml = "limit: unsure end\nto: 10 working days"
    case = "2024-03-21 moved\n2024-03-25 left\n"
    missing = ["not assessed 2024-03-21: the detail “emergency” of “left”"]
    assert outcome(yaml, case) == missing
    assert outcome(yaml, case, "2024-04-08") == ["due 2024-03-21 > 2024-04-08"]
    assert outcome(yaml, case + "2024-04-02 left emergency=yes") == ["met 2024-03-21 > 2024-04-08 done 2024-04-02"]


def test_a_start_in_doubt() -> None:
    """Whether the plan is of the sort review is not said."""
    assert outcome("limit: review plan\nto: 1 month", "2024-03-21 plan started") == [
        "not assessed 2024-03-21: the detail “sort” of “plan started”, which decides “review plan”"
    ]
