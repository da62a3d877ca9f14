"""Ordinal: an act by the second, third … of a series of events."""

from __future__ import annotations

from kinds.helpers import outcome

SECOND = "expect: plan agreed\nby the: second\nof: review\nwhile: plan"
NEXT = "expect: manager told\nby the: next\nof: review\nsince: referral"


def test_by_the_day_of_the_second() -> None:
    """The second review of the plan is on 15 April, after Easter: agreed on it is in time, the day after is not."""
    case = "2024-03-01 review\n2024-03-21 plan started\n2024-03-28 review\n2024-04-15 review\n"
    assert outcome(SECOND, case + "2024-04-15 plan agreed") == ["met 2024-03-21 > 2024-04-15 done 2024-04-15"]
    assert outcome(SECOND, case + "2024-04-16 plan agreed") == ["breached 2024-03-21 > 2024-04-15 done 2024-04-16"]


def test_no_date_until_it_has_happened() -> None:
    """After one review the duty is open without a date; done already, it is met."""
    case = "2024-03-21 plan started\n2024-03-28 review\n"
    assert outcome(SECOND, case) == ["due 2024-03-21 > no date"]
    assert outcome(SECOND, case + "2024-04-02 plan agreed") == ["met 2024-03-21 > no date done 2024-04-02"]


def test_the_period_ends_first() -> None:
    """The plan ends before the second review: lapsed; an act after the end is none; ending with it: lapsed as well."""
    case = "2024-03-21 plan started\n2024-03-28 review\n2024-04-10 plan ended\n2024-04-15 review\n"
    assert outcome(SECOND, case) == ["lapsed 2024-03-21 > no date"]
    assert outcome(SECOND, case + "2024-04-11 plan agreed") == ["lapsed 2024-03-21 > no date"]
    assert outcome(SECOND, case + "2024-04-10 plan agreed") == ["met 2024-03-21 > no date done 2024-04-10"]
    same = "2024-03-21 plan started\n2024-03-28 review\n2024-04-15 review\n2024-04-15 plan ended"
    assert outcome(SECOND, same) == ["lapsed 2024-03-21 > 2024-04-15"]


def test_acts_before_the_opening_do_not_count() -> None:
    """A plan agreed before the plan started is another one."""
    case = "2024-03-20 plan agreed\n2024-03-21 plan started\n2024-03-28 review\n2024-04-15 review"
    assert outcome(SECOND, case) == ["breached 2024-03-21 > 2024-04-15"]


def test_since_counts_only_later_events() -> None:
    """The next review after the referral: not one of the same day, unless times say that it came after."""
    case = "2024-03-28 referral\n2024-03-28 review\n2024-04-02 review\n"
    assert outcome(NEXT, case) == ["breached 2024-03-28 > 2024-04-02"]
    assert outcome(NEXT, case + "2024-04-02 manager told") == ["met 2024-03-28 > 2024-04-02 done 2024-04-02"]
    timed = "2024-03-28 09:00 referral\n2024-03-28 15:00 review"
    assert outcome(NEXT, timed) == ["breached 2024-03-28 > 2024-03-28"]
    assert outcome(NEXT, "2024-04-02 review") == []


def test_the_opening_event_never_meets_its_own_duty() -> None:
    """A referral reviewed at the next referral: the one that opens the duty does not meet it."""
    yaml = "expect: review\nby the: next\nof: conference\nsince: review"
    case = "2024-03-21 review\n2024-04-02 conference"
    assert outcome(yaml, case) == ["breached 2024-03-21 > 2024-04-02"]
    assert outcome(yaml, case + "\n2024-03-21 review") == [
        "met 2024-03-21 > 2024-04-02 done 2024-03-21",
        "breached 2024-03-21 > 2024-04-02",
    ]


def test_an_act_that_names_its_opening_belongs_to_it() -> None:
    """Told about the second referral; the first stays open."""
    case = "2024-03-21 referral #a\n2024-03-25 referral #b\n2024-03-26 manager told @b\n2024-04-02 review"
    assert outcome(NEXT, case) == ["breached 2024-03-21 > 2024-04-02", "met 2024-03-25 > 2024-04-02 done 2024-03-26"]


def test_a_review_in_doubt_might_be_the_nth() -> None:
    """A review that may not be of the sort makes the day doubtful where it decides."""
    yaml = SECOND.replace("of: review", "of: {event: review, where: {sort: review}}")
    case = "2024-03-21 plan started\n2024-03-28 review sort=review\n2024-04-02 review\n"
    missing = ["not assessed 2024-03-21: the detail “sort” of “review”"]
    assert outcome(yaml, case) == missing
    assert outcome(yaml, case + "2024-04-02 plan agreed")[0].startswith("met")
    assert outcome(yaml, case + "2024-04-15 review sort=review\n2024-04-10 plan agreed") == missing
    assert outcome(yaml, case + "2024-04-15 review sort=review\n2024-04-16 plan agreed") == [
        "breached 2024-03-21 > 2024-04-15 done 2024-04-16"
    ]
    third = yaml.replace("second", "fourth")
    assert outcome(third, case) == ["due 2024-03-21 > no date"]


def test_where_in_doubt_if_and_unless() -> None:
    """What all kinds share holds here too."""
    case = "2024-03-21 plan started sort=review\n2024-03-28 review\n2024-04-15 review\n2024-04-02 plan agreed"
    assert outcome(SECOND + "\nwhere: {seen: yes}", case) == [
        "not assessed 2024-03-21: the detail “seen” of “plan agreed”"
    ]
    assert outcome(SECOND + "\nif: {sort: other}", case) == []
    assert outcome(SECOND + "\nwhere: {seen: yes}\nunless: declined", case + " seen=no\n2024-04-10 declined") == [
        "lapsed 2024-03-21 > 2024-04-15"
    ]


def test_a_period_that_must_not_hold_while_there_is_no_date_yet() -> None:
    """Until the nth event has happened, a period that must not hold counts as it stands now: it shuts the duty out
    while it holds, and no longer when it has ended.
    """
    yaml = SECOND + "\nnot while: missing"
    missing = "2024-03-20 went missing\n2024-03-21 plan started\n2024-03-28 review"
    assert outcome(yaml, missing) == []
    assert outcome(yaml, missing + "\n2024-04-02 found") == ["due 2024-03-21 > no date"]
