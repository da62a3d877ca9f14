"""Count: so many acts in each window."""

from __future__ import annotations

import pytest

from kinds.helpers import outcome

ONCE = "expect: visit\nwhere: {seen: yes}\ntimes: 1\nin every: 3 months\nwhile: plan"
TWICE = "expect: visit\ntimes: 2\nin every: 4 weeks\nwhile: plan"


def test_once_in_every_is_the_longest_time_without() -> None:
    """From 29 December to 29 March (Good Friday), then three months from the visit; others do not count."""
    case = "2023-12-29 plan started\n2024-03-29 visit seen=yes\n2024-04-05 visit seen=no"
    assert outcome(ONCE, case, "2024-06-29") == [
        "met 2023-12-29 > 2024-03-29 done 2024-03-29",
        "due 2024-03-29 > 2024-06-29",
    ]


def test_twice_in_every_four_weeks() -> None:
    """From 4 March two visits by 1 April; from each visit the second after it within four weeks."""
    case = "2024-03-04 plan started\n2024-03-18 visit\n2024-04-01 visit\n2024-04-16 visit"
    assert outcome(TWICE, case, "2024-04-16") == [
        "met 2024-03-04 > 2024-04-01 done 2024-04-01",
        "breached 2024-03-18 > 2024-04-15 done 2024-04-16",
        "due 2024-04-01 > 2024-04-29",
        "due 2024-04-16 > 2024-05-14",
    ]


def test_two_visits_of_one_day_are_two() -> None:
    """A count counts acts, not days."""
    case = "2024-03-04 plan started\n2024-03-18 visit\n2024-03-18 visit"
    assert outcome(TWICE, case, "2024-04-15")[0] == "met 2024-03-04 > 2024-04-01 done 2024-03-18"


def test_count_inside_the_span_only() -> None:
    """A visit after the end does not count; open windows lapse; without a plan there is nothing."""
    case = "2024-03-04 plan started\n2024-03-18 visit\n2024-03-25 plan ended\n2024-03-26 visit"
    assert outcome(TWICE, case) == ["lapsed 2024-03-04 > 2024-04-01", "lapsed 2024-03-18 > 2024-04-15"]
    assert outcome(TWICE, "2024-03-18 visit") == []
    assert outcome(TWICE + "\nfrom: 2024-03-10", case) == ["lapsed 2024-03-18 > 2024-04-15"]


def test_the_start_does_not_count_as_one() -> None:
    """Where the period starts with the act itself, two more are asked after it."""
    yaml = "expect: moved\ntimes: 2\nin every: 4 weeks\nwhile: placement"
    assert outcome(yaml, "2024-03-04 moved", "2024-04-01") == ["due 2024-03-04 > 2024-04-01"]


@pytest.mark.parametrize(
    ("third", "expected"),
    [
        ("2024-04-02 visit seen=yes", "met 2024-03-04 > 2024-04-02 done 2024-04-02"),
        ("2024-04-02 visit seen=no", "breached 2024-03-04 > 2024-04-02 done 2024-04-09"),
        ("2024-04-02 visit", None),
    ],
)
def test_one_in_every_three_events(third: str, expected: str | None) -> None:
    """Of three visits one must be seen: due on the day of the third; none of four breaches it."""
    yaml = "expect: visit\nwhere: {seen: yes}\ntimes: 1\nin every: 3 events\nwhile: plan"
    case = "2024-03-04 plan started\n2024-03-18 visit seen=no\n2024-03-25 visit seen=no\n"
    case += f"{third}\n2024-04-09 visit seen=yes"
    found = outcome(yaml, case)
    if expected:
        assert found[0] == expected
    else:
        assert found[-1] == "not assessed 2024-03-04: the detail “seen” of “visit”"
    assert outcome(yaml, "2024-03-04 plan started\n2024-03-18 visit seen=no") == ["due 2024-03-04 > no date"]
    assert outcome(yaml, "2024-03-18 visit seen=no") == []


AMONG = "expect: visit\nwhere: {seen: yes}\ntimes: 1\nin every: 2 events\nwhile: plan"


@pytest.mark.parametrize("ids", ["abc", "cba", "bac", "acb"])
def test_events_of_one_day_without_times_are_in_time_together(ids: str) -> None:
    """Three visits of one day, one of them seen: whatever their ids, the last day is inside."""
    a, b, c = ids
    case = f"2024-03-04 plan started\n2024-03-18 visit #{a} seen=no\n2024-03-18 visit #{b} seen=no\n"
    case += f"2024-03-18 visit #{c} seen=yes"
    assert outcome(AMONG, case) == ["met 2024-03-04 > 2024-03-18 done 2024-03-18", "due 2024-03-18 > no date"]


def test_events_of_one_day_with_times_are_told_apart() -> None:
    """The third visit of the day comes after the second, which was the last of the two."""
    case = "2024-03-04 plan started\n" + "".join(
        f"2024-03-18 {hour}:00 visit seen={seen}\n" for hour, seen in (("09", "no"), ("10", "no"), ("11", "yes"))
    )
    assert outcome(AMONG, case)[0].startswith("breached 2024-03-04 > 2024-03-18")


def test_the_start_is_not_one_of_the_events() -> None:
    """A series whose first event starts the period is counted from it; the one that ends the old span counts there."""
    yaml = "expect: moved\nwhere: {seen: yes}\ntimes: 1\nin every: 2 events\nwhile: placement\nfrom: 2024-03-01"
    assert outcome(yaml, "2024-02-01 moved seen=yes\n2024-03-04 moved seen=yes", "2024-04-01") == [
        "lapsed 2024-03-04 > no date",
        "due 2024-03-04 > no date",
    ]


BETWEEN = "expect: call\ntimes: 1\nbetween each: review"


def test_between_each() -> None:
    """After one review and up to the day of the next; the gap after the last has no date yet."""
    case = "2024-01-15 review\n2024-01-15 call\n2024-03-28 review\n2024-04-15 call\n2024-04-15 review"
    assert outcome(BETWEEN, case) == [
        "breached 2024-01-15 > 2024-03-28",
        "met 2024-03-28 > 2024-04-15 done 2024-04-15",
        "due 2024-04-15 > no date",
    ]


def test_between_each_in_a_period() -> None:
    """Only gaps inside the plan; the last lapses with it; a condition looks at the review that opens the gap."""
    case = "2024-03-21 plan started\n2024-03-28 review sort=review\n2024-04-15 plan ended\n2024-04-16 review"
    assert outcome(BETWEEN + "\nwhile: plan", case) == ["lapsed 2024-03-28 > no date"]
    assert outcome(BETWEEN + "\nwhile: plan\nif: {sort: other}", case) == []
    assert outcome(BETWEEN + "\nwhile: plan", "2024-03-28 review") == []


def test_between_with_doubts() -> None:
    """A call that may not count, on the day that opens the gap, is no doubt; later it is."""
    yaml = BETWEEN + "\nwhere: {seen: yes}"
    marks = "2024-03-28 review\n2024-04-15 review\n"
    assert outcome(yaml, marks + "2024-03-28 call")[0] == "breached 2024-03-28 > 2024-04-15"
    assert outcome(yaml, marks + "2024-04-02 call")[-1] == "not assessed 2024-03-28: the detail “seen” of “call”"


def test_between_reviews_in_doubt() -> None:
    """A review that may not count might end the gap before the call."""
    yaml = BETWEEN.replace("between each: review", "between each: {event: review, where: {sort: review}}")
    case = "2024-03-28 review sort=review\n2024-04-02 review\n2024-04-10 call\n2024-04-15 review sort=review"
    missing = "the detail “sort” of “review”"
    assert outcome(yaml, case) == [
        "due 2024-04-15 > no date",
        f"not assessed 2024-03-28: {missing}",
        f"not assessed 2024-04-02: {missing}",
    ]
    assert outcome(yaml, case.replace("04-10 call", "04-02 call"))[0] == "met 2024-03-28 > 2024-04-15 done 2024-04-02"
    assert outcome(yaml + "\nuntil: 2024-04-01", case.replace("04-10 call", "04-02 call")) == [
        "met 2024-03-28 > 2024-04-15 done 2024-04-02"
    ]


def test_so_many_within_a_timescale_of_an_event() -> None:
    """Two visits within ten working days of a referral (21 March to 8 April); each serves its own with `of each`."""
    yaml = "expect: visit\ntimes: 2\nwithin: 10 working days\nof: referral"
    case = "2024-03-21 referral\n2024-03-25 visit\n2024-04-08 visit\n"
    assert outcome(yaml, case) == ["met 2024-03-21 > 2024-04-08 done 2024-04-08"]
    assert outcome(yaml, case.replace("04-08 visit", "04-09 visit"))[0].startswith("breached")
    each = yaml.replace("of:", "of each:")
    assert outcome(each, case + "2024-03-26 referral") == [
        "breached 2024-03-21 > 2024-04-08",
        "breached 2024-03-26 > 2024-04-11",
    ]
    turning = yaml.replace("of: referral", "of turning: 16 years")
    assert outcome(turning, case, born="2008-03-21")[0].startswith("met")


def test_in_every_term() -> None:
    """Two visits in each term the plan touches; in doubt, unjudged."""
    yaml = "expect: visit\nwhere: {seen: yes}\ntimes: 2\nin every: term\nwhile: plan"
    case = "2024-03-01 plan started\n2024-03-04 visit seen=yes\n2024-03-28 visit seen=yes\n"
    assert outcome(yaml, case, "2024-04-01") == ["met 2024-03-01 > 2024-03-28 done 2024-03-28"]
    doubtful = case.replace("28 visit seen=yes", "28 visit")
    assert outcome(yaml, doubtful, "2024-04-01") == ["not assessed 2024-03-01: the detail “seen” of “visit”"]


def test_a_count_in_doubt() -> None:
    """A visit that may not count could make up the two."""
    yaml = TWICE + "\nwhere: {seen: yes}"
    case = "2024-03-04 plan started\n2024-03-18 visit seen=yes\n2024-03-25 visit"
    assert outcome(yaml, case, "2024-04-10") == [
        "due 2024-03-18 > 2024-04-15",
        "not assessed 2024-03-04: the detail “seen” of “visit”",
    ]
