"""Frequency: an act again and again while a period lasts. Easter 2024: 29 March and 1 April are bank holidays."""

from __future__ import annotations

import pytest

from kinds.helpers import TOP, judge, outcome

TEN = """
expect: visit
every: 10 working days
while: plan
"""
WEEKLY = """
expect: visit
every: 1 week
while: plan
"""


def test_every_act_closes_one_duty_and_opens_the_next() -> None:
    """From 21 March due 8 April; visited on the 4th, then from 4 April due 18 April; a late visit moves the next."""
    case = "2024-03-21 plan started\n2024-04-04 visit\n2024-04-22 visit"
    assert outcome(TEN, case, "2024-04-22") == [
        "met 2024-03-21 > 2024-04-08 done 2024-04-04",
        "breached 2024-04-04 > 2024-04-18 done 2024-04-22",
        "due 2024-04-22 > 2024-05-07",
    ]


def test_an_act_on_the_first_day_closes_the_first_duty() -> None:
    """A visit on the day the plan starts closes the first duty and opens the second; acts of one day are one act."""
    case = "2024-03-21 plan started\n2024-03-21 visit\n2024-03-21 visit"
    assert outcome(TEN, case, "2024-04-08") == [
        "met 2024-03-21 > 2024-04-08 done 2024-03-21",
        "due 2024-03-21 > 2024-04-08",
    ]
    later = "2024-03-21 plan started\n2024-03-25 visit\n2024-03-25 visit"
    assert outcome(WEEKLY, later, "2024-03-25") == [
        "met 2024-03-21 > 2024-03-28 done 2024-03-25",
        "due 2024-03-25 > 2024-04-01",
    ]


def test_the_start_never_meets_its_own_duty() -> None:
    """Where the period starts with a visit, that visit is not also the first visit owed."""
    top = TOP.replace("starts: plan started", "starts: visit", 1)
    assert outcome(WEEKLY, "2024-03-21 visit", "2024-03-28", top=top) == ["due 2024-03-21 > 2024-03-28"]


def test_acts_outside_the_span_do_not_count() -> None:
    """Visits before the start and after the end are no visits of the plan; the last duty lapses with it."""
    case = "2024-03-20 visit\n2024-03-21 plan started\n2024-04-03 plan ended\n2024-04-04 visit"
    assert outcome(TEN, case) == ["lapsed 2024-03-21 > 2024-04-08"]


@pytest.mark.parametrize(
    ("ended", "status"), [("2024-04-05", "lapsed"), ("2024-04-08", "lapsed"), ("2024-04-09", "breached")]
)
def test_the_end_of_the_period(ended: str, status: str) -> None:
    """Ended before or on the due day: lapsed. Already breached: stays breached."""
    assert outcome(TEN, f"2024-03-21 plan started\n{ended} plan ended") == [f"{status} 2024-03-21 > 2024-04-08"]


def test_an_act_on_the_last_day_counts() -> None:
    """A visit on the day the plan ends meets the duty; what it opens lapses at once."""
    case = "2024-03-21 plan started\n2024-04-05 visit\n2024-04-05 plan ended"
    assert outcome(TEN, case) == ["met 2024-03-21 > 2024-04-08 done 2024-04-05", "lapsed 2024-04-05 > 2024-04-19"]


def test_back_to_back_spans_start_afresh() -> None:
    """A plan that ends and starts on one day is two spans: the first duty lapses and another opens that day."""
    case = "2024-03-21 plan started\n2024-03-25 plan ended\n2024-03-25 plan started\n2024-03-28 visit"
    assert outcome(WEEKLY, case, "2024-03-29") == [
        "lapsed 2024-03-21 > 2024-03-28",
        "met 2024-03-25 > 2024-04-01 done 2024-03-28",
        "due 2024-03-28 > 2024-04-04",
    ]


ANY = WEEKLY.replace("while: plan", "while any of: [plan, need]")


@pytest.mark.parametrize("second", ["2024-03-25", "2024-03-26"])
def test_one_period_handed_over_to_another_is_one_stretch(second: str) -> None:
    """A child in need who goes on to a plan on the same or the next day: the count runs on from the first start."""
    case = f"2024-03-21 need started\n2024-03-25 need ended\n{second} plan started"
    assert outcome(ANY, case, "2024-03-28") == ["due 2024-03-21 > 2024-03-28"]


def test_a_day_between_two_periods_is_a_break() -> None:
    """With a day between them the first stretch lapses, and a new one starts."""
    case = "2024-03-21 need started\n2024-03-25 need ended\n2024-03-27 plan started"
    assert outcome(ANY, case, "2024-03-28") == ["lapsed 2024-03-21 > 2024-03-28", "due 2024-03-27 > 2024-04-03"]


def test_one_period_inside_another_changes_nothing() -> None:
    """A plan inside a longer time in need leaves one stretch."""
    case = "2024-03-21 need started\n2024-03-22 plan started\n2024-03-25 plan ended"
    assert outcome(ANY, case, "2024-03-28") == ["due 2024-03-21 > 2024-03-28"]


def test_both_periods_together() -> None:
    """With a list in `while` the span runs from the later start to the earlier end."""
    yaml = WEEKLY.replace("while: plan", "while: [plan, need]")
    case = "2024-03-20 plan started\n2024-03-21 need started\n2024-03-27 need ended"
    assert outcome(yaml, case) == ["lapsed 2024-03-21 > 2024-03-28"]
    assert outcome(yaml, "2024-03-20 plan started\n2024-03-22 plan ended\n2024-03-23 need started") == []
    mixed = WEEKLY + "while any of: [need, missing]"
    assert outcome(mixed, case) == ["lapsed 2024-03-21 > 2024-03-28"]


BARRED = WEEKLY + "not while: missing\n"


def test_not_while_breaks_the_period() -> None:
    """Going missing lapses what is open; being found opens a new duty on that day."""
    case = "2024-03-21 plan started\n2024-03-25 went missing\n2024-04-02 found"
    assert outcome(BARRED, case, "2024-04-09") == ["lapsed 2024-03-21 > 2024-03-28", "due 2024-04-02 > 2024-04-09"]


def test_not_while_on_the_boundaries() -> None:
    """Found on the day the plan starts: one plain span. Missing on the day it ends, or all along: nothing more."""
    start = "2024-03-20 went missing\n2024-03-21 found\n2024-03-21 plan started"
    assert outcome(BARRED, start, "2024-03-28") == ["due 2024-03-21 > 2024-03-28"]
    assert judge(BARRED, start, "2024-03-28").due[0].opened_by.name == "plan started"  # type: ignore[union-attr]
    end = "2024-03-21 plan started\n2024-03-25 plan ended\n2024-03-25 went missing"
    assert outcome(BARRED, end) == ["lapsed 2024-03-21 > 2024-03-28"]
    within = "2024-03-20 went missing\n2024-03-21 plan started"
    assert outcome(BARRED, within) == []


def test_if_looks_at_the_start_of_the_period_after_a_break_too() -> None:
    """Found again, the child is still on a plan of the sort review."""
    yaml = BARRED + "if: {sort: review}"
    case = "2024-03-21 plan started sort=review\n2024-03-25 went missing\n2024-04-02 found"
    assert outcome(yaml, case, "2024-04-09") == ["lapsed 2024-03-21 > 2024-03-28", "due 2024-04-02 > 2024-04-09"]
    other = case.replace("sort=review", "sort=other")
    assert outcome(yaml, other, "2024-04-09") == []


def test_ages_when_each_duty_opens() -> None:
    """Five on 25 March: the duty opened on 21 March stands, the visit on 26 March opens none."""
    case = "2024-03-21 plan started\n2024-03-26 visit"
    assert outcome(WEEKLY + "ages: under 5 years", case, born="2019-03-25") == [
        "met 2024-03-21 > 2024-03-28 done 2024-03-26"
    ]


PHASES = """
expect: visit
every: 1 week
for the first: 4 weeks
then every: 6 weeks
while: plan
"""


def test_for_the_first_the_timescale_in_force_when_the_duty_opens() -> None:
    """Four weeks from 4 March end on 1 April: a duty that opens on 31 March is weekly, on 1 April six-weekly."""
    before = "2024-03-04 plan started\n2024-03-11 visit\n2024-03-18 visit\n2024-03-25 visit\n2024-03-31 visit"
    assert outcome(PHASES, before, "2024-04-01")[-1] == "due 2024-03-31 > 2024-04-07"
    after = before.replace("2024-03-31", "2024-04-01")
    assert outcome(PHASES, after, "2024-04-01")[-1] == "due 2024-04-01 > 2024-05-13"


@pytest.mark.parametrize(
    ("change", "first", "second"),
    [
        ("2024-03-20 agreed otherwise timescale=2_weeks", "2024-03-28", "2024-04-04"),
        ("2024-03-22 agreed otherwise timescale=2_weeks", "2024-04-04", "2024-04-11"),
        ("2024-03-22 agreed otherwise timescale=9_weeks", "2024-05-02", "2024-05-09"),
        ("2024-03-22 agreed otherwise new_date=2024-04-02", "2024-04-02", "2024-04-04"),
        ("2024-03-29 agreed otherwise timescale=2_weeks", "2024-03-28", "2024-04-11"),
    ],
)
def test_varied_by_lasts_from_then_on_in_the_period(change: str, first: str, second: str) -> None:
    """Agreed in the plan it holds for this duty and later ones, up to 6 weeks; a date holds for the open one only."""
    yaml = WEEKLY + "varied by: {event: agreed otherwise, at most: 6 weeks}"
    case = f"2024-03-21 plan started\n2024-03-28 visit\n{change}"
    found = outcome(yaml, case, "2024-04-01")
    assert [line.split()[3] for line in found] == [first, second]


def test_paused_by() -> None:
    """Missing from 25 March to 8 April is two weeks in which the clock stands."""
    case = "2024-03-21 plan started\n2024-03-25 went missing\n2024-04-08 found"
    assert outcome(WEEKLY + "paused by: missing", case, "2024-04-09") == ["due 2024-03-21 > 2024-04-11"]


def test_unless_an_event_excuses_the_duty_in_which_it_happens() -> None:
    """Declined once: that duty lapses, the next stands."""
    case = "2024-03-21 plan started\n2024-03-26 declined\n2024-04-02 visit"
    assert outcome(WEEKLY + "unless: declined", case, "2024-04-03") == [
        "lapsed 2024-03-21 > 2024-03-28",
        "due 2024-04-02 > 2024-04-09",
    ]


def test_where_in_doubt() -> None:
    """A visit that may not count leaves the duty unjudged, but not where it fell on the day that opened it."""
    yaml = WEEKLY + "where: {seen: yes}"
    case = "2024-03-21 plan started\n2024-03-26 visit\n2024-04-02 visit seen=yes"
    assert outcome(yaml, case, "2024-04-03") == [
        "due 2024-04-02 > 2024-04-09",
        "not assessed 2024-03-21: the detail “seen” of “visit”",
    ]
    same = "2024-03-21 plan started\n2024-03-28 visit seen=yes\n2024-03-28 visit"
    assert outcome(yaml, same, "2024-04-05")[-1] == "breached 2024-03-28 > 2024-04-04"


def test_a_period_in_doubt_is_named() -> None:
    """Whether the plan is of the sort review is not said: nothing is owed for certain, and the fact is named."""
    found = outcome(WEEKLY.replace("while: plan", "while: review plan"), "2024-03-21 plan started")
    assert found == ["not assessed 2024-03-21: the detail “sort” of “plan started”, which decides “review plan”"]


def test_a_doubtful_bar_claims_no_breach() -> None:
    """Whether the plan that bars is of the sort review is not said: while it may be, nothing is called a breach."""
    yaml = WEEKLY.replace("while: plan", "while: need\nnot while: review plan")
    found = outcome(yaml, "2024-03-21 need started\n2024-03-25 plan started")
    assert found == [
        "lapsed 2024-03-21 > 2024-03-28",
        "not assessed 2024-03-25: the detail “sort” of “plan started”, which decides “review plan”",
    ]


def test_a_doubtful_end_claims_no_breach() -> None:
    """Whether the leaving ended the period is not said: no visit after it may be called missed."""
    yaml = WEEKLY.replace("while: plan", "while: unsure end")
    assert outcome(yaml, "2024-03-21 moved\n2024-03-25 left") == [
        "lapsed 2024-03-21 > 2024-03-28",
        "not assessed 2024-03-25: the detail “emergency” of “left”, which decides “unsure end”",
    ]


def test_an_end_that_names_another_sort_of_start() -> None:
    """The end of the other plan does not end the plan of the sort review."""
    yaml = WEEKLY.replace("while: plan", "while: review plan")
    case = "2024-03-19 plan started #o sort=other\n2024-03-21 plan started #r sort=review\n2024-03-25 plan ended @o"
    assert outcome(yaml, case, "2024-03-28") == ["due 2024-03-21 > 2024-03-28"]


TERM = """
expect: visit
every: term
while: plan
"""


def test_every_term_that_the_period_touches() -> None:
    """A plan from 1 March: due by 28 March, the end of the spring term, and by 22 July."""
    case = "2024-03-01 plan started\n2024-03-28 visit"
    assert outcome(TERM, case, "2024-07-22") == [
        "met 2024-03-01 > 2024-03-28 done 2024-03-28",
        "due 2024-04-15 > 2024-07-22",
    ]
    assert outcome(TERM, case + "\n2024-04-10 visit", "2024-04-14") == ["met 2024-03-01 > 2024-03-28 done 2024-03-28"]


def test_every_whole_term() -> None:
    """Only a term that the plan covers from its first day."""
    yaml = TERM.replace("every: term", "every: whole term")
    assert outcome(yaml, "2024-03-01 plan started", "2024-07-22") == ["due 2024-04-15 > 2024-07-22"]


def test_a_plan_that_ends_within_a_term() -> None:
    """The duty of that term lapses; later terms ask nothing."""
    assert outcome(TERM, "2024-03-01 plan started\n2024-03-20 plan ended") == ["lapsed 2024-03-01 > 2024-03-28"]


def test_terms_that_the_pack_does_not_list() -> None:
    """Before the first and after the last listed term nothing can be told, and that is said once it has come."""
    early = outcome(TERM, "2023-06-01 plan started\n2023-07-01 plan ended")
    assert early == ["not assessed 2023-06-01: the school terms before the first that the pack lists"]
    late = outcome(TERM, "2024-07-01 plan started", "2024-09-10")
    assert late == [
        "breached 2024-07-01 > 2024-07-22",
        "not assessed 2024-07-23: the school terms after the last that the pack lists",
    ]
    assert outcome(TERM + "from: 2023-09-04\nuntil: 2024-07-22", "2023-06-01 plan started", "2023-09-10") == [
        "due 2023-09-04 > 2023-12-20"
    ]


def test_terms_with_conditions_and_without_a_plan() -> None:
    """A standard in force from summer says nothing of spring; without a plan there is nothing."""
    assert outcome(TERM + "from: 2024-04-01", "2024-03-01 plan started", "2024-07-22") == [
        "due 2024-04-15 > 2024-07-22"
    ]
    assert outcome(TERM, "2024-03-01 visit") == []
    assert outcome(WEEKLY, "2024-03-01 visit") == []
