"""Recording: an event is written down within a timescale of happening."""

from __future__ import annotations

import pytest

from kinds.helpers import outcome

DAYS = "for each: visit\nrecorded within: 3 working days"
HOURS = "for each: visit\nrecorded within: 24 hours"


@pytest.mark.parametrize(
    ("recorded", "status"), [("2024-03-28", "met"), ("2024-04-03", "met"), ("2024-04-04", "breached")]
)
def test_in_working_days_across_easter(recorded: str, status: str) -> None:
    """A visit on Wednesday 27 March is to be recorded by 3 April: 28 March, 2 and 3 April."""
    assert outcome(DAYS, f"2024-03-27 visit recorded={recorded}") == [
        f"{status} 2024-03-27 > 2024-04-03 done {recorded}"
    ]


@pytest.mark.parametrize(
    ("case", "status"),
    [
        ("2024-03-28 15:00 visit recorded=2024-03-29T15:00", "met"),
        ("2024-03-28 15:00 visit recorded=2024-03-29T15:01", "breached"),
        ("2024-03-28 visit recorded=2024-03-29", "met"),
        ("2024-03-28 visit recorded=2024-03-30", "breached"),
    ],
)
def test_in_hours(case: str, status: str) -> None:
    """To the minute where times are known, else by date."""
    assert outcome(HOURS, case)[0].startswith(status)


def test_a_record_that_does_not_say_when() -> None:
    """The missing fact is named; nothing is met or breached."""
    assert outcome(DAYS, "2024-03-27 visit") == ["not assessed 2024-03-27: when “visit” was recorded"]
    assert outcome(DAYS, "2024-03-27 call") == []


def test_the_first_record_counts_not_the_correction() -> None:
    """Recorded in time and corrected weeks later is met."""
    case = "2024-03-27 visit #v recorded=2024-03-28 seen=no\n2024-03-27 visit #v recorded=2024-05-01 seen=yes"
    assert outcome(DAYS, case) == ["met 2024-03-27 > 2024-04-03 done 2024-03-28"]


def test_a_booking_is_no_record_of_the_visit() -> None:
    """Booked on 1 March, written up on 8 April: breached; only booked: the record never says when it was written up."""
    case = "2024-03-27 visit #v recorded=2024-03-01\n2024-03-27 visit #v recorded=2024-04-08"
    assert outcome(DAYS, case) == ["breached 2024-03-27 > 2024-04-03 done 2024-04-08"]
    assert outcome(DAYS, "2024-03-27 visit recorded=2024-03-01") == [
        "not assessed 2024-03-27: when “visit” was recorded"
    ]
    timed = "2024-03-27 15:00 visit recorded=2024-03-27T09:00"
    assert outcome(DAYS, timed) == ["not assessed 2024-03-27: when “visit” was recorded"]


def test_a_correction_to_a_later_day() -> None:
    """Recorded on 28 March as of the 27th, corrected to 2 April: its first record was in time."""
    case = "2024-03-27 visit #v recorded=2024-03-28\n2024-04-02 visit #v recorded=2024-04-30"
    assert outcome(DAYS, case) == ["met 2024-04-02 > 2024-04-05 done 2024-04-02"]


def test_only_what_was_known_counts() -> None:
    """As of 1 April a visit recorded on 2 April is not known, so that no duty stands."""
    assert outcome(DAYS, "2024-03-27 visit recorded=2024-04-02", "2024-04-01") == []
    case = "2024-03-27 visit #v recorded=2024-03-28\n2024-03-27 visit #v recorded=2024-05-01\n"
    case += "2024-03-01 call recorded=2024-02-01"
    assert outcome(DAYS, case, "2024-04-30") == ["met 2024-03-27 > 2024-04-03 done 2024-03-28"]


def test_conditions_and_periods() -> None:
    """Only visits that match; in doubt the fact is named; a visit outside the plan asks nothing."""
    yaml = DAYS + "\nif: {seen: yes}"
    assert outcome(yaml, "2024-03-27 visit seen=no recorded=2024-05-01") == []
    assert outcome(yaml, "2024-03-27 visit recorded=2024-05-01") == [
        "not assessed 2024-03-27: the detail “seen” of “visit”"
    ]
    assert outcome(DAYS + "\nwhile: plan", "2024-03-27 visit recorded=2024-05-01") == []
