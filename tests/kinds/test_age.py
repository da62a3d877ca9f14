"""Age: an act by, or before, the day on which an age is attained."""

from __future__ import annotations

import pytest

from kinds.helpers import outcome

BY = "expect: plan agreed\nby age: 15 years 6 months"


@pytest.mark.parametrize(
    ("age", "done", "expected"),
    [
        ("by age: 16 years", "2024-03-29", "met 2008-03-29 > 2024-03-29 done 2024-03-29"),
        ("by age: 16 years", "2024-03-30", "breached 2008-03-29 > 2024-03-29 done 2024-03-30"),
        ("before age: 16 years", "2024-03-28", "met 2008-03-29 > 2024-03-28 done 2024-03-28"),
        ("before age: 16 years", "2024-03-29", "breached 2008-03-29 > 2024-03-28 done 2024-03-29"),
    ],
)
def test_by_and_before_an_age(age: str, done: str, expected: str) -> None:
    """Sixteen on Good Friday 2024: by it includes the birthday, before it ends the day before."""
    assert outcome(f"expect: plan agreed\n{age}", f"{done} plan agreed", born="2008-03-29") == [expected]


def test_years_then_months_in_one_addition() -> None:
    """Born on 31 August 2008, fifteen years and six months is the last day of February 2024."""
    assert outcome(BY, "2020-01-06 referral", "2024-02-29", born="2008-08-31") == ["due 2008-08-31 > 2024-02-29"]


def test_born_on_29_february() -> None:
    """In a common year the age is attained on 1 March."""
    yaml = "expect: plan agreed\nby age: 17 years"
    assert outcome(yaml, "2025-03-01 plan agreed", "2025-06-01", born="2008-02-29") == [
        "met 2008-02-29 > 2025-03-01 done 2025-03-01"
    ]


def test_the_act_counts_whenever_it_happened() -> None:
    """A plan agreed long before the period began is a plan agreed."""
    case = "2022-05-04 plan agreed\n2023-01-10 plan started"
    assert outcome(BY + "\nwhile: plan", case, born="2008-10-01") == ["met 2023-01-10 > 2024-04-01 done 2022-05-04"]


def test_the_period() -> None:
    """Each span before the age opens a duty; it lapses when the span ends first, and a later one asks nothing."""
    yaml = BY + "\nwhile: plan"
    case = "2022-01-10 plan started\n2022-06-01 plan ended\n2023-01-10 plan started"
    assert outcome(yaml, case, born="2008-10-01") == [
        "lapsed 2022-01-10 > 2024-04-01",
        "breached 2023-01-10 > 2024-04-01",
    ]
    assert outcome(yaml, "2024-04-02 plan started", born="2008-10-01") == []
    assert outcome(yaml, "2024-04-01 visit", born="2008-10-01") == []


def test_without_a_date_of_birth() -> None:
    """Nothing can be judged, and that is said; outside the period nothing is missing."""
    assert outcome(BY, "2024-04-01 visit") == ["not assessed: the date of birth"]
    assert outcome(BY + "\nwhile: plan", "2024-04-01 visit") == []


def test_an_unborn_child_has_no_duty_yet() -> None:
    """Before the birth nothing has opened."""
    assert outcome(BY, "2024-04-01 visit", "2024-04-08", born="2024-05-01") == []
    assert outcome(BY, "2024-04-01 visit", "2024-05-01", born="2024-05-01") == ["due 2024-05-01 > 2039-11-01"]


def test_where_in_doubt_and_unless() -> None:
    """A plan that may not count leaves it unjudged; one declined falls away."""
    yaml = BY + "\nwhere: {seen: yes}"
    case = "2022-05-04 plan agreed\n"
    assert outcome(yaml, case, born="2008-10-01") == ["not assessed 2008-10-01: the detail “seen” of “plan agreed”"]
    assert outcome(yaml, case + "2024-04-01 plan agreed seen=yes", born="2008-10-01")[0].startswith("met")
    assert outcome(yaml, "2024-04-02 plan agreed", born="2008-10-01") == ["breached 2008-10-01 > 2024-04-01"]
    assert outcome(BY + "\nunless: declined", "2024-04-01 declined", born="2008-10-01") == [
        "lapsed 2008-10-01 > 2024-04-01"
    ]


def test_conditions() -> None:
    """`if` looks at the start of the period and then at the facts."""
    yaml = BY + "\nif: {sort: review}\nwhile: plan"
    assert outcome(yaml, "2023-01-10 plan started sort=other", born="2008-10-01") == []
    assert len(outcome(yaml, "2023-01-10 plan started", born="2008-10-01", facts={"sort": "review"})) == 1


def test_only_a_period_that_must_not_hold() -> None:
    """Where nothing but a period that must not hold is named, the duty opens with the birth, and anew when such a
    period has ended.
    """
    yaml = BY + "\nnot while: plan"
    assert outcome(yaml, "2024-03-01 plan agreed", born="2008-10-01") == ["met 2008-10-01 > 2024-04-01 done 2024-03-01"]
    case = "2022-03-01 plan started\n2022-05-03 plan ended\n2024-03-01 plan agreed"
    assert outcome(yaml, case, born="2008-10-01") == [
        "lapsed 2008-10-01 > 2024-04-01",
        "met 2022-05-03 > 2024-04-01 done 2024-03-01",
    ]
    # The plan of a child not born yet: nothing opens before it ends.
    unborn = "2008-09-01 plan started\n2008-11-03 plan ended"
    assert outcome(yaml, unborn, "2024-03-01", born="2008-10-01") == ["due 2008-11-03 > 2024-04-01"]
    assert outcome(yaml, "", "2024-03-01", born="2024-05-01") == []
