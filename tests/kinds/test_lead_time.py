"""Lead time: an act so long before a meeting, held or arranged.

Back from Tuesday 9 April 2024, across Easter: 8, 5, 4, 3, 2 April, 28 March, 27 March.
"""

from __future__ import annotations

import pytest

from kinds.helpers import TOP, judge, outcome

FIVE = """
expect: report
at least: 5 working days
before: conference
"""


@pytest.mark.parametrize(
    ("shared", "status"), [("2024-03-28", "met"), ("2024-04-02", "met"), ("2024-04-03", "breached")]
)
def test_counted_back_from_the_meeting(shared: str, status: str) -> None:
    """Five working days before 9 April is 2 April; shared on it is in time."""
    assert outcome(FIVE, f"{shared} report\n2024-04-09 conference") == [
        f"{status} 2024-04-09 > 2024-04-02 done {shared}"
    ]


def test_clear_days_leave_both_ends_out() -> None:
    """Five clear working days before 9 April is 28 March; two clear days are three days back."""
    clear = "expect: report\nat least: 5 clear working days\nbefore: conference"
    assert outcome(clear, "2024-04-09 conference") == ["breached 2024-04-09 > 2024-03-28"]
    days = "expect: report\nat least: 2 clear days\nbefore: conference"
    assert outcome(days, "2024-04-09 conference") == ["breached 2024-04-09 > 2024-04-06"]


def test_months_and_weeks_back() -> None:
    """One month before 31 March is 29 February; two weeks before 9 April is 26 March."""
    for lead, meeting, due in (("1 month", "2024-03-31", "2024-02-29"), ("2 weeks", "2024-04-09", "2024-03-26")):
        yaml = f"expect: report\nat least: {lead}\nbefore: conference"
        assert outcome(yaml, f"{meeting} conference") == [f"breached {meeting} > {due}"]


def test_without_a_lead_at_any_time_before() -> None:
    """`before` alone is order: on the day still in time; with times, not after the meeting."""
    yaml = "expect: report\nbefore: conference"
    assert outcome(yaml, "2024-04-09 report\n2024-04-09 conference") == ["met 2024-04-09 > 2024-04-09 done 2024-04-09"]
    assert outcome(yaml, "2024-04-09 15:00 report\n2024-04-09 10:00 conference") == ["breached 2024-04-09 > 2024-04-09"]
    assert outcome(yaml, "2024-04-10 report\n2024-04-09 conference") == ["breached 2024-04-09 > 2024-04-09"]


def test_an_arranged_meeting_has_a_due_date_already() -> None:
    """Booked for 9 April: the report is due on 2 April, and breached on 3 April, before the meeting is held."""
    booked = "2024-04-09 conference recorded=2024-03-01"
    assert outcome(FIVE, booked, "2024-04-02") == ["due 2024-04-09 > 2024-04-02"]
    assert outcome(FIVE, booked, "2024-04-03") == ["breached 2024-04-09 > 2024-04-02"]
    assert outcome(FIVE, booked + "\n2024-04-02 report", "2024-04-03") == [
        "met 2024-04-09 > 2024-04-02 done 2024-04-02"
    ]
    assert outcome(FIVE, booked, "2024-02-28") == []


def test_moving_the_meeting_moves_the_due_date() -> None:
    """Moved on 3 April from the 9th to the 16th: the report of 4 April, late for the old date, is in time."""
    case = """
    2024-04-09 conference #c recorded=2024-03-01
    2024-04-16 conference #c recorded=2024-04-03
    2024-04-04 report
    """
    assert outcome(FIVE, case, "2024-04-02") == ["due 2024-04-09 > 2024-04-02"]
    assert outcome(FIVE, case, "2024-04-04") == ["met 2024-04-16 > 2024-04-09 done 2024-04-04"]


def test_a_cancelled_meeting_asks_nothing() -> None:
    """Cancelled on 2 April: nothing is due any more."""
    case = "2024-04-09 conference #c recorded=2024-03-01\n2024-04-09 conference #c recorded=2024-04-02 cancelled"
    assert outcome(FIVE, case, "2024-04-02") == []
    assert outcome(FIVE, case, "2024-04-01") == ["due 2024-04-09 > 2024-04-02"]


def test_an_act_belongs_to_the_next_meeting_after_it() -> None:
    """The report for the first conference is not taken for the second; one on its very day is the first's too."""
    case = "2024-03-05 report\n2024-03-20 conference\n2024-04-09 conference\n"
    assert outcome(FIVE, case) == ["met 2024-03-20 > 2024-03-13 done 2024-03-05", "breached 2024-04-09 > 2024-04-02"]
    same = "2024-03-20 report\n2024-03-20 conference\n2024-04-09 conference"
    assert outcome(FIVE, same) == [
        "breached 2024-03-20 > 2024-03-13 done 2024-03-20",
        "breached 2024-04-09 > 2024-04-02",
    ]


def test_times_tell_the_days_of_a_meeting_apart() -> None:
    """A report sent in the afternoon after a morning conference is for the next one."""
    case = "2024-03-20 10:00 conference\n2024-03-20 15:00 report\n2024-04-09 10:00 conference"
    assert outcome(FIVE, case) == ["breached 2024-03-20 > 2024-03-13", "met 2024-04-09 > 2024-04-02 done 2024-03-20"]
    order = "expect: report\nbefore: conference"
    twice = "2024-03-20 10:00 conference\n2024-03-20 12:00 report\n2024-03-20 15:00 conference"
    assert outcome(order, twice) == ["breached 2024-03-20 > 2024-03-20", "met 2024-03-20 > 2024-03-20 done 2024-03-20"]


def test_an_act_that_names_its_meeting_belongs_to_it() -> None:
    """A report for the second conference, shared before the first."""
    case = "2024-03-05 report @c2\n2024-03-20 conference #c1\n2024-04-09 conference #c2"
    assert outcome(FIVE, case) == ["breached 2024-03-20 > 2024-03-13", "met 2024-04-09 > 2024-04-02 done 2024-03-05"]
    assert outcome(FIVE, "2024-03-05 report @other\n2024-03-20 conference") == [
        "met 2024-03-20 > 2024-03-13 done 2024-03-05"
    ]


def test_a_meeting_that_opens_nothing_keeps_its_own_act() -> None:
    """The report before the first conference (no duty: an emergency) is not taken for the second."""
    yaml = FIVE + "unless: {emergency: yes}"
    case = "2024-03-05 report\n2024-03-20 conference emergency=yes\n2024-04-09 conference emergency=no"
    assert outcome(yaml, case) == ["breached 2024-04-09 > 2024-04-02"]


def test_a_meeting_never_meets_its_own_duty() -> None:
    """A review at least a month before the next review: the one before serves, the meeting itself does not."""
    yaml = "expect: review\nat least: 1 month\nbefore: review"
    assert outcome(yaml, "2024-01-10 review\n2024-04-09 review") == [
        "breached 2024-01-10 > 2023-12-10",
        "met 2024-04-09 > 2024-03-09 done 2024-01-10",
    ]
    assert outcome("expect: review\nbefore: review", "2024-01-10 review") == ["breached 2024-01-10 > 2024-01-10"]


def test_if_in_doubt_names_the_missing_fact() -> None:
    """Whether the conference was an emergency is not said."""
    assert outcome(FIVE + "unless: {emergency: yes}", "2024-04-09 conference") == [
        "not assessed 2024-04-09: the detail “emergency” of “conference”"
    ]
    doubtful = FIVE.replace("before: conference", "before: {event: conference, where: {sort: review}}")
    assert outcome(doubtful, "2024-04-09 conference") == ["not assessed 2024-04-09: the detail “sort” of “conference”"]


def test_where_in_doubt() -> None:
    """A report that may not count decides only where no certain one was in time."""
    yaml = FIVE + "where: {seen: yes}"
    case = "2024-03-28 report\n2024-04-09 conference\n"
    assert outcome(yaml, case) == ["not assessed 2024-04-09: the detail “seen” of “report”"]
    assert outcome(yaml, case + "2024-04-02 report seen=yes") == ["met 2024-04-09 > 2024-04-02 done 2024-04-02"]
    assert outcome(yaml, "2024-04-03 report\n2024-04-09 conference") == ["breached 2024-04-09 > 2024-04-02"]
    earlier = "2024-03-01 report\n2024-03-20 conference\n2024-04-09 conference"
    assert outcome(yaml, earlier)[0] == "breached 2024-04-09 > 2024-04-02"


def test_unless_an_event_since_the_last_meeting() -> None:
    """The family declined after the last conference and by the due date: nothing was owed."""
    yaml = FIVE + "unless: declined"
    assert outcome(yaml, "2024-04-02 declined\n2024-04-09 conference") == ["lapsed 2024-04-09 > 2024-04-02"]
    assert outcome(yaml, "2024-04-03 declined\n2024-04-09 conference") == ["breached 2024-04-09 > 2024-04-02"]
    both = outcome(yaml, "2024-03-01 declined\n2024-03-20 conference\n2024-04-09 conference")
    assert both == ["lapsed 2024-03-20 > 2024-03-13", "breached 2024-04-09 > 2024-04-02"]


def test_an_aim_is_a_longer_lead() -> None:
    """Ten working days before 9 April were the aim: 8, 5, 4, 3, 2 April, 28, 27, 26, 25, 22 March."""
    [duty] = judge(FIVE + "aim: 10 working days", "2024-03-25 report\n2024-04-09 conference").met
    assert (str(duty.target), duty.target_missed) == ("2024-03-22", True)


HOURS = "expect: report\nat least: 24 hours\nbefore: conference"


@pytest.mark.parametrize(
    ("report", "meeting", "by_date", "strictly"),
    [
        ("2024-04-08 10:00", "2024-04-09 10:00", "met", "met"),
        ("2024-04-08 10:01", "2024-04-09 10:00", "breached", "breached"),
        ("2024-04-08", "2024-04-09 10:00", "met", "not assessed"),
        ("2024-04-08", "2024-04-09", "met", "not assessed"),
        ("2024-04-07", "2024-04-09", "met", "met"),
        ("2024-04-09", "2024-04-09", "breached", "breached"),
        ("2024-04-10", "2024-04-09", "breached", "breached"),
    ],
)
def test_hours_before(report: str, meeting: str, by_date: str, strictly: str) -> None:
    """24 hours before; without times the date before is in time, or strictly cannot be told."""
    case = f"{report} report\n{meeting} conference"
    top = TOP.replace("hours without times: by date", "hours without times: not assessed")
    assert outcome(HOURS, case)[0].startswith(by_date)
    assert outcome(HOURS, case, top=top)[0].startswith(strictly)


def test_before_the_birth() -> None:
    """For a child expected on 9 April the plan is due on 12 March; nobody's birthday known, nothing judged."""
    yaml = "expect: plan agreed\nat least: 4 weeks\nbefore: birth"
    assert outcome(yaml, "2024-03-12 plan agreed", "2024-03-20", born="2024-04-09") == [
        "met 2024-04-09 > 2024-03-12 done 2024-03-12"
    ]
    assert outcome(yaml, "2024-03-12 plan agreed", "2024-03-20") == ["not assessed: the date of birth"]


def test_only_in_its_period() -> None:
    """A conference outside the plan asks nothing; without a lead, one that ends the plan lapses on its day."""
    assert outcome(FIVE + "while: plan", "2024-04-09 conference") == []
    case = "2024-03-01 plan started\n2024-04-09 plan ended\n2024-04-09 conference"
    assert outcome(FIVE + "while: plan", case) == ["breached 2024-04-09 > 2024-04-02"]
    assert outcome("expect: report\nbefore: conference\nwhile: plan", case) == ["lapsed 2024-04-09 > 2024-04-09"]
