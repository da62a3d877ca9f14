"""The official measures: boundary days by hand, what is left out and why, and an independent count from the tables."""

from __future__ import annotations

import json
import random
from collections.abc import Mapping, Sequence
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

pytest.importorskip("pyarrow")

from practice_rules.events import Event, History
from practice_rules.official import MEASURES, Official, official_measures
from practice_rules.readers import read_cin_census, read_event_log, read_ssd
from practice_rules.records import Gathering, Origin, Reading
from practice_rules.synthetic import Authority, synthetic_authority

FIRST, LAST = date(2023, 4, 1), date(2024, 3, 31)
#: Every event that any measure asks for.
HOLDS = (
    "referral received", "case closed", "assessment started", "assessment authorised", "strategy discussion held",
    "section 47 enquiry started", "initial child protection conference not required",
    "initial child protection conference held", "transfer-in notified", "transfer-in child protection conference held",
    "child protection plan started", "child protection plan ended", "review child protection conference held",
    "became looked after", "ceased to be looked after", "looked after review held", "placement started",
    "placement ended", "child visited", "health assessment completed", "legal status started",
)  # fmt: skip
LAW, START = "assessments-45-days-from-referral", "assessments-45-days-from-start"
CONFERENCES, TRANSFERS = "initial-conferences-15-days", "transfer-in-conferences-15-days"
REVIEWS, BY_DAYS = "protection-plan-reviews", "protection-plan-reviews-by-days"
ENDED, OPEN = "protection-plans-two-years-ended", "protection-plans-two-years-open"
AGAIN = "re-referrals-12-months"
CARE_REVIEWS, VISITS = "looked-after-reviews", "looked-after-visits"
INITIAL_HEALTH, REVIEW_HEALTH = "initial-health-assessments", "review-health-assessments"
OPEN_ASSESSMENTS, OPEN_ENQUIRIES = "assessments-open-45-days", "section-47-open-15-days"


def day(text: str) -> date:
    return date.fromisoformat(text)


def event(name: str, on: str, id: str | None = None, about: str | None = None, **details: Any) -> Event:
    """An event; details are written with underscores."""
    return Event(name, day(on), id=id, about=about, details=details)


def child(*events: Event, subject: str = "c", born: str | None = None) -> History:
    return History(subject, events, born=None if born is None else day(born))


def count(*histories: History, first: date = FIRST, last: date = LAST, smallest: int = 0) -> Official:
    return official_measures(histories, first=first, last=last, holds=HOLDS, smallest=smallest)


def plain(found: Official, measure: str) -> dict[str, Any]:
    """The row of a measure as a whole."""
    return next(row for row in found.rows() if row["measure"] == measure and row["band"] == "")


def bands(found: Official, measure: str) -> dict[str, int]:
    """What lies in each band."""
    return {row["band"]: row["count"] for row in found.rows() if row["measure"] == measure and row["band"]}


def only(found: Official, measure: str) -> dict[str, Any]:
    """The one case of a measure."""
    (case,) = found.cases(measure)
    return case


# --- assessments ------------------------------------------------------------------------------------------------------

#: From Monday 5 June 2023. The only bank holiday on the way is 28 August, a Monday: the 60th working day is the 29th.
C2_BOUNDARIES = [
    ("2023-06-05", 0, "Same day"), ("2023-06-06", 1, "1-10 days"), ("2023-06-19", 10, "1-10 days"),
    ("2023-06-20", 11, "11-20 days"), ("2023-07-03", 20, "11-20 days"), ("2023-07-04", 21, "21-30 days"),
    ("2023-07-17", 30, "21-30 days"), ("2023-07-18", 31, "31-40 days"), ("2023-07-31", 40, "31-40 days"),
    ("2023-08-01", 41, "41-45 days"), ("2023-08-07", 45, "41-45 days"), ("2023-08-08", 46, "46-50 days"),
    ("2023-08-14", 50, "46-50 days"), ("2023-08-15", 51, "51-60 days"), ("2023-08-29", 60, "51-60 days"),
    ("2023-08-30", 61, "61+ days"),
]  # fmt: skip


@pytest.mark.parametrize(("done", "days", "band"), C2_BOUNDARIES)
def test_an_assessment_lies_in_the_band_of_its_working_days(done: str, days: int, band: str) -> None:
    """Day 0 is the start; every band of table C2 begins and ends on its day; in time is up to the 45th."""
    found = count(child(event("assessment started", "2023-06-05", "s"), event("assessment authorised", done)))
    case = only(found, START)
    assert (case["days"], case["band"], case["in_time"]) == (days, band, days <= 45)
    assert bands(found, START) == {name: int(name == band) for name in dict.fromkeys(b for _, _, b in C2_BOUNDARIES)}


@pytest.mark.parametrize(
    ("start", "done", "days"),
    [
        # Good Friday is 29 March 2024 and Easter Monday 1 April: 26, 27, 28 March, 2 April.
        ("2024-03-25", "2024-04-02", 4),
        # From 5 February nine weeks are 8 April; the two holidays make it the 10th.
        ("2024-02-05", "2024-04-10", 45),
        ("2024-02-05", "2024-04-11", 46),
        # Saturday 30 December 2023; 1 January is off: Tuesday the 2nd is day 1.
        ("2023-12-30", "2024-01-02", 1),
        # A Sunday after a Saturday: no working day has passed.
        ("2023-12-30", "2023-12-31", 0),
    ],
)
def test_working_days_leave_out_easter_christmas_and_a_start_on_a_day_off(start: str, done: str, days: int) -> None:
    """Bank holidays are no working days, and from a day off the next working day is day 1."""
    found = count(
        child(event("assessment started", start), event("assessment authorised", done)), last=date(2024, 12, 31)
    )
    assert only(found, START)["days"] == days


def test_the_law_counts_from_the_referral_and_the_statistic_from_the_start() -> None:
    """46 working days after the referral (8 August) are late, though they are 44 after the start (7 June)."""
    found = count(
        child(
            event("referral received", "2023-06-05"),
            event("assessment started", "2023-06-07"),
            event("assessment authorised", "2023-08-08"),
        )
    )
    assert (only(found, LAW)["days"], only(found, LAW)["in_time"]) == (46, False)
    assert (only(found, START)["days"], only(found, START)["in_time"]) == (44, True)


def test_an_assessment_counts_from_the_referral_that_it_names() -> None:
    """Named, the older referral of 5 June is 21 working days back; without a name it would be the later one."""
    referrals = [event("referral received", "2023-06-05", "a"), event("referral received", "2023-06-19", "b")]
    for about, days in (("a", 21), (None, 11)):
        start = event("assessment started", "2023-06-19", "s", about)
        found = count(child(*referrals, start, event("assessment authorised", "2023-07-04", about="s")))
        assert only(found, LAW)["days"] == days


def test_an_assessment_that_ended_before_it_began_is_left_out() -> None:
    """One of the two dates is wrong, and nobody can say which."""
    found = count(
        child(event("assessment started", "2023-06-20", "s"), event("assessment authorised", "2023-06-05", about="s"))
    )
    assert only(found, START)["left_out"] == "it ended before it began"


def test_only_the_first_assessment_of_a_referral_is_counted_from_it() -> None:
    """A second assessment of an open case is no answer to the referral, and is left out with the reason."""
    found = count(
        child(
            event("referral received", "2023-06-05"),
            event("assessment started", "2023-06-05", "a"),
            event("assessment authorised", "2023-06-20", about="a"),
            event("assessment started", "2023-10-02", "b"),
            event("assessment authorised", "2023-10-30", about="b"),
        )
    )
    row = plain(found, LAW)
    assert (row["count"], row["denominator"]) == (1, 1)
    assert row["left_out"] == "1: an earlier assessment of the same referral was authorised already"
    assert plain(found, START)["denominator"] == 2


def test_a_referral_of_a_case_that_was_closed_did_not_lead_to_the_assessment() -> None:
    """The assessment of a case whose own referral is missing is left out, and not counted from years before."""
    found = count(
        child(
            event("referral received", "2021-06-07"),
            event("case closed", "2021-09-01"),
            event("assessment started", "2023-06-05"),
            event("assessment authorised", "2023-06-20"),
        )
    )
    assert only(found, LAW)["left_out"] == "the referral that led to the assessment is not in the records"


def test_a_referral_of_the_day_on_which_the_case_before_was_closed_stands() -> None:
    """The closure is that of the case before, and the new referral leads to the assessment."""
    found = count(
        child(
            event("case closed", "2023-06-05"),
            event("referral received", "2023-06-05"),
            event("assessment started", "2023-06-06"),
            event("assessment authorised", "2023-06-20"),
        )
    )
    assert only(found, LAW)["days"] == 11


def test_an_authorisation_without_a_start_is_left_out() -> None:
    """What has no start has no duration: it is in no band, and the row says so."""
    found = count(child(event("assessment authorised", "2023-06-20")))
    row = plain(found, START)
    assert (row["count"], row["denominator"], row["share"]) == (0, 0, None)
    assert row["left_out"] == "1: the start of the assessment is not in the records"
    assert row["why_not_assessed"] == "No assessment was authorised in the period."


def test_assessments_are_paired_by_name_and_else_with_the_one_that_waited_longest() -> None:
    """Two open assessments: a name decides (5 June to 4 July are 21 days); without one, the older is closed first."""
    starts = [event("assessment started", "2023-06-05", "a"), event("assessment started", "2023-06-19", "b")]
    named = count(child(*starts, event("assessment authorised", "2023-07-04", about="a")))
    assert [case["days"] for case in named.cases(START)] == [21]
    unnamed = count(
        child(*starts, event("assessment authorised", "2023-06-20"), event("assessment authorised", "2023-07-03"))
    )
    assert [case["days"] for case in unnamed.cases(START)] == [11, 10]


def test_only_assessments_that_ended_in_the_period_are_counted() -> None:
    """The first and the last day of the period are inside; the day before and the day after are not."""
    for done, inside in (("2023-03-31", 0), ("2023-04-01", 1), ("2024-03-31", 1), ("2024-04-01", 0)):
        found = count(child(event("assessment started", "2023-03-30"), event("assessment authorised", done)))
        assert plain(found, START)["denominator"] == inside


def test_what_was_written_down_later_counts_and_what_happened_later_does_not() -> None:
    """A return is put together after the year: an authorisation of 28 March that was recorded in May is in it."""
    start = event("assessment started", "2024-03-25")
    recorded = Event("assessment authorised", day("2024-03-28"), recorded=day("2024-05-02"))
    assert only(count(child(start, recorded)), START)["days"] == 3
    cancelled = Event("assessment authorised", day("2024-03-28"), cancelled=True)
    assert plain(count(child(start, cancelled)), START)["denominator"] == 0


# --- conferences ------------------------------------------------------------------------------------------------------

#: From Friday 15 December 2023: 18-22 are days 1-5, 27-29 are 6-8, 2-5 January 9-12, 8-12 January 13-17, 15-18 18-21.
C4_BOUNDARIES = [
    ("2023-12-15", 0, "0-10 days"), ("2024-01-03", 10, "0-10 days"), ("2024-01-04", 11, "11-15 days"),
    ("2024-01-10", 15, "11-15 days"), ("2024-01-11", 16, "16-20 days"), ("2024-01-17", 20, "16-20 days"),
    ("2024-01-18", 21, "21+ days"),
]  # fmt: skip


def enquiry(on: str, id: str = "e", **more: Any) -> tuple[Event, Event]:
    """A strategy discussion, and the enquiry that it initiated, on one day."""
    return event("strategy discussion held", on, f"{id}-s"), event("section 47 enquiry started", on, id, **more)


def conference(on: str, about: str | None = None) -> Event:
    return event("initial child protection conference held", on, about=about)


@pytest.mark.parametrize(("held", "days", "band"), C4_BOUNDARIES)
def test_a_conference_lies_in_the_band_of_its_working_days_over_christmas(held: str, days: int, band: str) -> None:
    """Every band of table C4 begins and ends on its day; in time is up to the 15th."""
    found = count(child(*enquiry("2023-12-15"), conference(held)))
    case = only(found, CONFERENCES)
    assert (case["days"], case["band"], case["in_time"]) == (days, band, days <= 15)
    assert sum(bands(found, CONFERENCES).values()) == 1


def test_the_discussion_that_initiated_the_enquiry_counts_and_not_a_later_one() -> None:
    """A second discussion during the enquiry does not start the 15 working days anew."""
    found = count(
        child(*enquiry("2023-06-05"), event("strategy discussion held", "2023-06-19"), conference("2023-06-27"))
    )
    # 6 June is day 1, so that 26 June is day 15 and 27 June day 16; from 19 June it would be 6.
    assert (only(found, CONFERENCES)["days"], only(found, CONFERENCES)["in_time"]) == (16, False)


def test_the_fifteen_days_run_from_the_discussion_and_not_from_the_enquiry() -> None:
    """The enquiry is recorded a day after the discussion of 5 June that initiated it: 26 June is the 15th day."""
    found = count(
        child(
            event("strategy discussion held", "2023-06-05"),
            event("section 47 enquiry started", "2023-06-06"),
            conference("2023-06-26"),
        )
    )
    assert only(found, CONFERENCES)["days"] == 15


def test_an_earlier_discussion_did_not_initiate_the_enquiry_unless_it_is_named() -> None:
    """That of 1 June led to nothing; that of 5 June to the enquiry. From 1 June, 26 June would be the 17th day."""
    earlier = event("strategy discussion held", "2023-06-01", "earlier")
    for about, days in ((None, 15), ("earlier", 17)):
        found = count(child(earlier, *enquiry("2023-06-05", about=about), conference("2023-06-26")))
        assert only(found, CONFERENCES)["days"] == days


def test_a_conference_belongs_to_the_enquiry_it_names() -> None:
    """By the enquiry's id or its discussion's; without a name to the latest that no other conference has."""
    both = [*enquiry("2023-06-05", "a"), *enquiry("2023-06-12", "b")]
    for about, days in (("a", 15), ("a-s", 15), ("b", 10), (None, 10)):
        found = count(child(*both, conference("2023-06-26", about)))
        assert only(found, CONFERENCES)["days"] == days
    two = count(child(*both, conference("2023-06-26"), conference("2023-06-28")))
    # The first has the later enquiry (12 June), the second what is left (5 June): 26 June is day 15, 28 June day 17.
    assert sorted(case["days"] for case in two.cases(CONFERENCES)) == [10, 17]


def test_a_conference_does_not_belong_to_an_enquiry_that_ended_without_one() -> None:
    """Nor to one since which the case was closed, nor to one after it: such a conference is left out."""
    missing = "no section 47 enquiry that led to the conference is in the records"
    not_required = event("initial child protection conference not required", "2023-06-16", about="e")
    for between in (not_required, event("case closed", "2023-06-16")):
        found = count(child(*enquiry("2023-06-05"), between, conference("2023-06-26")))
        assert only(found, CONFERENCES)["left_out"] == missing
    same_day = count(child(*enquiry("2023-06-05"), not_required, conference("2023-06-16")))
    assert only(same_day, CONFERENCES)["left_out"] == missing
    assert only(count(child(*enquiry("2023-06-27"), conference("2023-06-26"))), CONFERENCES)["left_out"] == missing


def test_a_conference_before_its_enquiry_and_an_enquiry_without_discussion_are_left_out() -> None:
    """The statistic leaves the first out; the second has no anchor."""
    before = count(child(*enquiry("2023-06-27"), conference("2023-06-26", about="e")))
    assert plain(before, CONFERENCES)["left_out"] == "1: the conference lies before the section 47 enquiry"
    alone = count(child(event("section 47 enquiry started", "2023-06-05"), conference("2023-06-26")))
    left = "1: no strategy discussion on or before the enquiry is in the records"
    assert plain(alone, CONFERENCES)["left_out"] == left


def test_the_quartiles_lie_between_neighbours() -> None:
    """Of 0, 10, 11, 15 days: a quarter of the way is 7.5, the middle 10.5, three quarters 12."""
    found = count(
        *(
            child(*enquiry("2023-12-15"), conference(held), subject=held)
            for held in ("2023-12-15", "2024-01-03", "2024-01-04", "2024-01-10")
        )
    )
    row = plain(found, CONFERENCES)
    assert (row["lower_quartile"], row["median"], row["upper_quartile"]) == (7.5, 10.5, 12.0)
    assert plain(found, START)["median"] is None


def test_a_transfer_in_conference_counts_from_the_notification() -> None:
    """15 working days are in time and 16 are not; without a notification the conference is left out."""
    notified = event("transfer-in notified", "2023-12-15")
    for held, in_time in (("2024-01-10", True), ("2024-01-11", False)):
        conference_held = event("transfer-in child protection conference held", held)
        assert only(count(child(notified, conference_held)), TRANSFERS)["in_time"] is in_time
    alone = count(child(event("transfer-in child protection conference held", "2024-01-10")))
    assert only(alone, TRANSFERS)["left_out"] == "the notification is not in the records"
    assert plain(alone, CONFERENCES)["denominator"] == 0


# --- protection plans -------------------------------------------------------------------------------------------------


def plan(start: str, *reviews: str, end: str | None = None, **details: Any) -> list[Event]:
    found = [event("child protection plan started", start, f"plan-{start}", **details)]
    found += [event("review child protection conference held", on) for on in reviews]
    return [*found, event("child protection plan ended", end, about=f"plan-{start}")] if end else found


@pytest.mark.parametrize(
    ("start", "reviews", "months", "days"),
    [
        # From 10 May 2023, 9 August is day 91 and the 10th 3 months; from 9 August, 8 February is day 183, the 9th 6
        # months.
        ("2023-05-10", ["2023-08-09", "2024-02-08"], True, True),
        ("2023-05-10", ["2023-08-09", "2024-02-09"], True, False),
        ("2023-05-10", ["2023-08-10", "2024-02-09"], True, False),
        ("2023-05-10", ["2023-08-11", "2024-02-09"], False, False),
        ("2023-05-10", ["2023-08-09", "2024-02-10"], False, False),
        # The second was due on 9 February and has not been held.
        ("2023-05-10", ["2023-08-09"], False, False),
        # Late before the period: the last review before it starts the chain. 31 August + 6 months is 29 February.
        ("2022-06-01", ["2022-10-01", "2023-03-01", "2023-08-31", "2024-02-29"], True, True),
        # The first review was due on 1 March 2023 and held in the period.
        ("2022-12-01", ["2023-04-03", "2023-10-02"], False, False),
        # The same on the first day of the period, all later ones in time.
        ("2022-12-01", ["2023-04-01", "2023-09-30", "2024-03-29"], False, False),
        # A review on the day of the start is none: the first was due on 10 August.
        ("2023-05-10", ["2023-05-10", "2023-11-08"], False, False),
        # Three months to the day, and still due on that day.
        ("2023-12-31", [], True, True),
        ("2023-12-30", [], False, False),
    ],
)
def test_a_plan_is_reviewed_in_time_if_every_review_was(
    start: str, reviews: list[str], months: bool, days: bool
) -> None:
    """3 and 6 calendar months, and 91 and 183 days, each to the day; the period's chain starts with the last before."""
    found = count(child(*plan(start, *reviews)))
    assert (only(found, REVIEWS)["in_time"], only(found, BY_DAYS)["in_time"]) == (months, days)


def test_the_cohort_has_had_a_plan_for_three_months_at_the_end() -> None:
    """Shorter and temporary plans are left out and said; ended ones, on the last day too, are no longer plans."""
    short = count(child(*plan("2024-01-01")))
    assert plain(short, REVIEWS)["left_out"] == "1: on the plan for less than 3 months"
    assert plain(short, REVIEWS)["denominator"] == 0
    temporary = count(child(*plan("2023-05-10", temporary="yes")))
    assert plain(temporary, REVIEWS)["left_out"] == "1: a temporary plan for a plan of another authority"
    for end, cases in (("2024-03-31", 0), ("2024-04-01", 1)):
        assert len(count(child(*plan("2023-05-10", end=end))).cases(REVIEWS)) == cases


def test_two_plans_open_at_once_are_left_out() -> None:
    """Nobody can say to which of them a review belongs."""
    found = count(child(*plan("2022-05-10"), *plan("2023-05-10")))
    assert plain(found, REVIEWS)["left_out"] == "1: two plans of the child are open at once"
    assert plain(found, OPEN)["denominator"] == 2


def test_an_end_that_names_nothing_ends_the_plan_that_was_open_longest() -> None:
    """With a temporary plan in the record too: that of 10 May ends, and the authority's own goes on."""
    found = count(
        child(
            event("child protection plan started", "2023-05-10", temporary="yes"),
            event("child protection plan started", "2023-05-24"),
            event("child protection plan ended", "2023-05-24"),
        )
    )
    assert only(found, OPEN)["opened"] == day("2023-05-24")


def test_a_temporary_plan_gives_way_to_the_authoritys_own_on_the_same_day() -> None:
    """The own plan that starts on the day the temporary one started, or ended, stands."""
    for start in ("2023-05-10", "2023-05-24"):
        own = event("child protection plan started", start, "own")
        temporary = event("child protection plan started", "2023-05-10", "temporary", temporary=True)
        ended = event("child protection plan ended", "2023-05-24", about="temporary")
        found = count(child(own, temporary, ended))
        assert only(found, OPEN)["opened"] == day(start)
        assert plain(found, ENDED)["left_out"] == "1: a temporary plan for a plan of another authority"


@pytest.mark.parametrize(("end", "long"), [("2024-01-08", False), ("2024-01-09", True)])
def test_two_years_are_more_than_729_days_when_the_plan_ends(end: str, long: bool) -> None:
    """10 January 2022 to 8 January 2024 are 729 days, the first and the last counted; one more are two years."""
    case = only(count(child(*plan("2022-01-10", end=end))), ENDED)
    assert (case["days"], case["counted"], case["in_time"]) == (730 if long else 729, long, None)


@pytest.mark.parametrize(("start", "long"), [("2022-04-03", False), ("2022-04-02", True)])
def test_two_years_are_more_than_729_days_at_the_end_of_the_period(start: str, long: bool) -> None:
    """From 2 April 2022 to 31 March 2024, with 29 February, are 730 days."""
    assert only(count(child(*plan(start))), OPEN)["counted"] is long


# --- referrals --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("on", "again"), [("2023-05-10", True), ("2023-05-11", False)])
def test_a_re_referral_comes_within_twelve_months_of_the_one_before(on: str, again: bool) -> None:
    """The corresponding day a year later is inside, the next is not; the first referral is in no share of the year."""
    found = count(child(event("referral received", "2022-05-10"), event("referral received", on)))
    row = plain(found, AGAIN)
    assert (row["count"], row["denominator"]) == (int(again), 1)


def test_two_referrals_of_one_day_are_not_each_others_previous_one() -> None:
    """Both are counted, neither as a re-referral."""
    found = count(child(event("referral received", "2023-05-10", "a"), event("referral received", "2023-05-10", "b")))
    assert (plain(found, AGAIN)["count"], plain(found, AGAIN)["denominator"]) == (0, 2)
    assert "less than 12 months before the period" in found.notes[-1]


# --- looked after children --------------------------------------------------------------------------------------------


def cared_for(start: str, *more: Event, **details: Any) -> list[Event]:
    return [event("became looked after", start, "care", **details), *more]


def review(on: str) -> Event:
    return event("looked after review held", on)


@pytest.mark.parametrize(
    ("reviews", "outcomes"),
    [
        # From Friday 15 December 2023 the 20th working day is 17 January 2024; then 17 April is outside the period.
        (["2024-01-17"], [True]),
        (["2024-01-18"], [False]),
        ([], [False]),
    ],
)
def test_the_first_review_comes_within_twenty_working_days(reviews: list[str], outcomes: list[bool]) -> None:
    """Over Christmas too; not held is late."""
    found = count(child(*cared_for("2023-12-15", *map(review, reviews))))
    assert [case["in_time"] for case in found.cases(CARE_REVIEWS)] == outcomes


def test_the_second_review_comes_within_three_months_and_each_later_one_within_six() -> None:
    """20 April: first. 20 July is 3 months, 20 January 6 months; a day more is late each time."""
    in_time = count(child(*cared_for("2023-04-03", review("2023-04-20"), review("2023-07-20"), review("2024-01-20"))))
    assert [case["in_time"] for case in in_time.cases(CARE_REVIEWS)] == [True, True, True]
    late = count(child(*cared_for("2023-04-03", review("2023-04-20"), review("2023-07-21"), review("2024-01-22"))))
    assert [case["in_time"] for case in late.cases(CARE_REVIEWS)] == [True, False, False]


def test_short_breaks_and_care_that_ended_first_are_left_out() -> None:
    """They have no review that was owed; the row says how many."""
    short = [
        cared_for("2023-12-15", event("legal status started", "2023-12-15", legal_status="short break agreement")),
        cared_for("2023-12-15", legal_status="short break agreement"),
    ]
    for events in short:
        found = count(child(*events))
        assert plain(found, CARE_REVIEWS)["left_out"] == "1: short breaks"
        assert plain(found, CARE_REVIEWS)["denominator"] == 0
    over = [event("became looked after", "2022-05-02", "a", legal_status="short break agreement")]
    over.append(event("ceased to be looked after", "2023-03-31", about="a"))
    assert count(child(*over)).cases(CARE_REVIEWS) == []
    # Ordinary care that gives way to short breaks on 1 June is owed its reviews until then.
    before = cared_for("2023-04-03", event("ceased to be looked after", "2023-06-01", about="care"))
    before.append(event("legal status started", "2023-06-01", legal_status="short break agreement"))
    assert only(count(child(*before)), CARE_REVIEWS)["in_time"] is False
    ended = count(child(*cared_for("2023-12-15", event("ceased to be looked after", "2024-01-17", about="care"))))
    assert plain(ended, CARE_REVIEWS)["left_out"] == "1: it ended before the last day in time"


def test_what_was_due_before_the_period_and_is_still_open_is_said() -> None:
    """It belongs to the year before, and is not passed over in silence."""
    said = "due before the period, and not done when it began"
    assert only(count(child(*cared_for("2022-12-15"))), CARE_REVIEWS)["left_out"] == said
    # Held on the first day of the period, it was still open when that began; the day before, it was not.
    held = count(child(*cared_for("2022-12-15", review("2023-04-01"))), last=date(2023, 4, 30))
    assert only(held, CARE_REVIEWS)["left_out"] == said
    assert (
        count(child(*cared_for("2022-12-15", review("2023-03-31"))), last=date(2023, 4, 30)).cases(CARE_REVIEWS) == []
    )


def test_what_is_due_on_the_last_day_is_still_due() -> None:
    """From 29 February 2024 the 20th working day is 28 March: with that as the last day nothing is late yet."""
    history = child(*cared_for("2024-02-29"))
    still = count(history, last=date(2024, 3, 28))
    assert only(still, CARE_REVIEWS)["left_out"] == "the last day in time is the last of the period"
    assert only(count(history, last=date(2024, 3, 29)), CARE_REVIEWS)["in_time"] is False


def test_care_that_began_before_the_records_are_whole_is_left_out_and_said() -> None:
    """Which review that of June was, the first or the fifth, decides when the next was due; the records cannot say."""
    given_ = [("became looked after", "2022-12-15"), ("looked after review held", "2023-06-15")]
    row = plain(official_measures(reading(*given_, since=FIRST), first=FIRST, last=LAST), CARE_REVIEWS)
    unknown = "an unknown number: care that began before 2023-04-01 and is not in the records"
    assert row["left_out"] == f"1: care that began before the records are whole; {unknown}"
    assert row["denominator"] == 0
    from_that_day = reading(("became looked after", "2023-04-01"), since=FIRST)
    assert only(official_measures(from_that_day, first=FIRST, last=LAST), CARE_REVIEWS)["in_time"] is False
    whole = plain(official_measures(reading(*given_), first=FIRST, last=LAST), CARE_REVIEWS)
    # The first, due on 16 January, was held in the period; the second was due on 15 September.
    assert (whole["denominator"], whole["left_out"]) == (1, "1: due before the period, and not done when it began")


def placed(start: str, **details: Any) -> Event:
    return event("placement started", start, f"placed-{start}", **{"placement_type": "foster care", **details})


def visit(on: str, **details: Any) -> Event:
    return event("child visited", on, **{"visit_type": "looked after", **details})


def test_visits_come_within_a_week_and_then_within_six_weeks() -> None:
    """Placed on 3 April: 10 April is the week's last day, then 42 days are in time and 43 are not."""
    days = ["2023-04-10", "2023-05-22", "2023-07-04", "2023-08-15", "2023-09-26"]
    found = count(child(*cared_for("2023-04-03", placed("2023-04-03"), *map(visit, days))), last=date(2023, 10, 31))
    assert [case["in_time"] for case in found.cases(VISITS)] == [True, True, False, True, True]
    late = count(child(*cared_for("2023-04-03", placed("2023-04-03"), visit("2023-04-11"))), last=date(2023, 4, 30))
    assert only(late, VISITS)["in_time"] is False


UNSAID = "the record does not say whether the placement is long term"
AGREED = "the record does not say whether the child agreed to fewer visits"


@pytest.mark.parametrize(
    ("long_term", "kind", "done", "in_time", "left_out"),
    [
        # From 1 May 2023: six weeks are 12 June, 3 months 1 August, 6 months 1 November.
        ("no", "residential", "2023-06-12", True, None),
        ("no", "residential", "2023-06-13", False, None),
        ("yes", "residential", "2023-08-01", True, None),
        ("yes", "residential", "2023-08-02", False, None),
        ("yes", "foster care", "2023-08-02", None, AGREED),
        ("yes", "foster care", "2023-11-02", False, None),
        (None, "residential", "2023-06-12", True, None),
        (None, "residential", "2023-06-13", None, UNSAID),
        (None, "residential", "2023-08-02", False, None),
        (None, "foster care", "2023-11-01", None, UNSAID),
        (None, "foster care", "2023-11-02", False, None),
    ],
)
def test_after_the_first_year_the_limit_rests_on_whether_the_placement_is_long_term(
    long_term: str | None, kind: str, done: str, in_time: bool | None, left_out: str | None
) -> None:
    """Where the record does not say, only what any limit would find is found."""
    details = {} if long_term is None else {"long_term": long_term}
    placement = placed("2022-03-01", placement_type=kind, **details)
    found = count(child(*cared_for("2022-03-01", placement, visit("2023-05-01"), visit(done))))
    case = next(each for each in found.cases(VISITS) if each["opened"] == day("2023-05-01"))
    assert (case["in_time"], case["left_out"]) == (in_time, left_out)


def test_an_interval_that_runs_into_the_second_year_may_have_either_limit() -> None:
    """From 1 May six weeks end on 12 June, the day a year after the placement began: from then on 3 months may hold."""
    placement = placed("2022-06-12", placement_type="residential", long_term="yes")
    for done, left_out in (
        ("2023-06-12", None),
        ("2023-06-13", "between the limits in and after the first year of the placement"),
    ):
        found = count(child(*cared_for("2022-06-12", placement, visit("2023-05-01"), visit(done))))
        case = next(each for each in found.cases(VISITS) if each["opened"] == day("2023-05-01"))
        assert case["left_out"] == left_out


@pytest.mark.parametrize(
    ("details", "left_out"),
    [
        ({"placement_type": "placed with parents"}, "placed with parents"),
        ({"placement_type": "placed for adoption"}, "placed for adoption"),
        ({"temporarily_approved": "yes"}, "temporary approval: other intervals hold"),
        ({"placement_type": "connected person"}, "only temporary approval is not in the record"),
        ({"placement_type": None}, "the kind of placement is not in the record"),
    ],
)
def test_placements_with_other_rules_are_left_out(details: dict[str, Any], left_out: str) -> None:
    """Six weeks would be too long for some of them: they are in no share, and the row says why."""
    found = count(child(*cared_for("2023-04-03", placed("2023-04-03", **details))))
    assert left_out in only(found, VISITS)["left_out"]


def test_a_placement_outside_care_is_left_out() -> None:
    """Without a period of care, or in short breaks, the regulation does not hold."""
    missing = "no period of care in which the placement began is in the records"
    assert only(count(child(placed("2023-04-03"))), VISITS)["left_out"] == missing
    short = cared_for("2023-04-03", placed("2023-04-03"), legal_status="short break agreement")
    assert only(count(child(*short)), VISITS)["left_out"] == "short breaks"
    assert count(child(placed("2022-04-03"), event("placement ended", "2023-03-31"))).cases(VISITS) == []
    # Care that ends on the day on which a new period begins: the placement of that day is of the new one.
    again = [
        event("became looked after", "2022-04-03", "a"),
        event("ceased to be looked after", "2023-04-03", about="a"),
        *cared_for("2023-04-03", placed("2023-04-03")),
    ]
    assert only(count(child(*again), last=date(2023, 4, 30)), VISITS)["in_time"] is False


def test_a_visit_without_a_type_leaves_the_duty_open_and_one_unseen_does_not_count() -> None:
    """Nobody can say whether the first was a visit under the regulation; the second saw nobody."""
    history = [*cared_for("2023-04-03", placed("2023-04-03"))]
    unsure = count(child(*history, event("child visited", "2023-04-05")), last=date(2023, 4, 30))
    assert only(unsure, VISITS)["left_out"] == "the record does not say of which type a visit was"
    at_once = count(child(*history, event("child visited", "2023-04-03")), last=date(2023, 4, 30))
    assert only(at_once, VISITS)["left_out"] == "the record does not say of which type a visit was"
    # Beside a visit that counts on the same day, it says nothing of the six weeks from that day.
    both = count(child(*history, visit("2023-04-10"), event("child visited", "2023-04-10")), last=date(2023, 5, 31))
    assert [case["in_time"] for case in both.cases(VISITS)] == [True, False]
    for other in (visit("2023-04-05", seen="no"), visit("2023-04-05", visit_type="child protection")):
        assert only(count(child(*history, other), last=date(2023, 4, 30)), VISITS)["in_time"] is False


def test_the_next_placement_ends_the_one_before() -> None:
    """A placement without an end owes no visit once the child lives elsewhere."""
    found = count(
        child(*cared_for("2023-04-03", placed("2023-04-03"), visit("2023-04-05"), placed("2023-04-20"))),
        last=date(2023, 6, 30),
    )
    # The first: one visit in time, then it ended; the second: none within a week.
    assert [(case["in_time"], case["left_out"] is not None) for case in found.cases(VISITS)] == [
        (True, False), (None, True), (False, False),
    ]  # fmt: skip


def health(on: str, **details: Any) -> Event:
    return event("health assessment completed", on, **details)


def test_the_initial_health_assessment_comes_within_twenty_working_days() -> None:
    """17 January is the 20th working day after 15 December 2023; a review is no initial one."""
    for on, in_time in (("2024-01-17", True), ("2024-01-18", False)):
        assert only(count(child(*cared_for("2023-12-15", health(on)))), INITIAL_HEALTH)["in_time"] is in_time
    review_only = count(child(*cared_for("2023-12-15", health("2024-01-17", initial="no"))))
    assert only(review_only, INITIAL_HEALTH)["in_time"] is False


@pytest.mark.parametrize(
    ("born", "done", "in_time", "left_out"),
    [
        ("2020-01-01", "2023-10-10", True, None),  # three years old: six months from 10 April
        ("2020-01-01", "2023-10-11", False, None),
        ("2018-04-10", "2024-03-30", True, None),  # five on the day from which it runs
        ("2012-01-01", "2024-03-30", True, None),  # eleven years old: twelve months, to 10 April 2024
        ("2018-10-10", "2023-10-11", None, "between the limits before and after the fifth birthday"),
        ("2018-10-11", "2023-10-11", False, None),  # six months end the day before the fifth birthday
        (None, "2023-10-10", True, None),
        (None, "2023-10-11", None, "the date of birth is not in the record"),
    ],
)
def test_review_health_assessments_come_by_age(
    born: str | None, done: str, in_time: bool | None, left_out: str | None
) -> None:
    """Within 6 months under five, within 12 from five; what rests on an unknown age is not assessed."""
    history = child(*cared_for("2023-03-20", health("2023-04-10"), health(done)), born=born)
    # Twelve months from 10 April 2023 end after the year, so the period is longer here.
    found = count(history, last=date(2024, 4, 10))
    case = next(each for each in found.cases(REVIEW_HEALTH) if each["opened"] == day("2023-04-10"))
    assert (case["in_time"], case["left_out"]) == (in_time, left_out)


# --- open and overdue -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("start", "overdue"), [("2025-01-27", True), ("2025-01-28", False)])
def test_an_assessment_is_overdue_at_the_end_of_its_45th_working_day(start: str, overdue: bool) -> None:
    """As check 8670Q has it for 31 March 2025: what started before 28 January is listed."""
    found = count(child(event("assessment started", start)), first=date(2024, 4, 1), last=date(2025, 3, 31))
    case = only(found, OPEN_ASSESSMENTS)
    assert (case["counted"], case["in_time"], case["days"]) == (overdue, not overdue, 45 if overdue else 44)


@pytest.mark.parametrize(("start", "overdue"), [("2025-03-10", True), ("2025-03-11", False)])
def test_an_enquiry_without_conference_is_overdue_at_the_end_of_its_15th_working_day(start: str, overdue: bool) -> None:
    """As check 8675Q has it for 31 March 2025: what started before 11 March is listed."""
    found = count(child(*enquiry(start)), first=date(2024, 4, 1), last=date(2025, 3, 31))
    assert only(found, OPEN_ENQUIRIES)["counted"] is overdue


def test_what_was_done_or_decided_is_not_open() -> None:
    """An authorisation, a conference, the decision that none is needed; and a case closed before the year."""
    assert not count(
        child(event("assessment started", "2023-06-05"), event("assessment authorised", "2023-06-05"))
    ).cases(OPEN_ASSESSMENTS)
    for answer in (conference("2023-07-31"), event("initial child protection conference not required", "2023-06-16")):
        assert not count(child(*enquiry("2023-06-05"), answer)).cases(OPEN_ENQUIRIES)
    left = count(child(event("assessment started", "2022-06-06"), event("case closed", "2022-09-01")))
    assert only(left, OPEN_ASSESSMENTS)["left_out"] == "the case was closed before the period"
    # Closed within the year without an authorisation: the check lists it.
    within = child(event("assessment started", "2023-06-05"), event("case closed", "2023-10-02"))
    assert only(count(within), OPEN_ASSESSMENTS)["counted"] is True
    # Done after the last day: open at its end.
    later = child(event("assessment started", "2023-06-05"), event("assessment authorised", "2024-04-02"))
    assert only(count(later), OPEN_ASSESSMENTS)["counted"] is True


def test_an_enquiry_without_discussion_is_left_out_of_the_open_ones_and_a_stray_decision_changes_nothing() -> None:
    """Without the discussion there is no day to count from; a decision before every enquiry belongs to none."""
    found = count(
        child(
            event("initial child protection conference not required", "2023-06-01"),
            event("section 47 enquiry started", "2023-06-05"),
        )
    )
    left = "no strategy discussion on or before the enquiry is in the records"
    assert only(found, OPEN_ENQUIRIES)["left_out"] == left


# --- what the records can answer --------------------------------------------------------------------------------------


def reading(*events: tuple[str, str], holds: Sequence[str] = HOLDS, **said: Any) -> Reading:
    """A reading of one child's dated events, in a table "t"."""
    gathering = Gathering("some records", holds)
    for row, (name, on) in enumerate(events, start=2):
        gathering.add("c", name, day(on), Origin("t", "d", row), id=f"{row}")
    return gathering.done(**said)


def test_a_measure_whose_events_are_not_held_is_not_assessed() -> None:
    """No share, no nought: the reason, by the name of the event; in every band too."""
    held = [name for name in HOLDS if name != "assessment authorised"]
    found = official_measures(reading(("assessment started", "2023-06-05"), holds=held), first=FIRST, last=LAST)
    for row in found.rows():
        if row["measure"] in (LAW, START, OPEN_ASSESSMENTS):
            assert row["why_not_assessed"] == "The records do not hold “assessment authorised”."
            assert (row["count"], row["denominator"], row["share"]) == (None, None, None)
        else:
            assert row["count"] == 0
    assert found.cases(START) == []
    page = found._repr_html_()
    assert "The records do not hold “assessment authorised”." in page
    # No band of what was not assessed: the nine of C2 stand there twice over, and are left out.
    assert "46-50 days" not in page


def test_histories_hold_what_occurs_in_them_and_what_they_are_said_to_hold() -> None:
    """As with an event log: without a word from the caller, an event that never occurs may not be recorded at all."""
    history = child(event("referral received", "2023-06-05"))
    found = official_measures([history], first=FIRST, last=LAST)
    assert set(MEASURES) - set(found.not_assessed) == {AGAIN}
    assert not official_measures([history], first=FIRST, last=LAST, holds=HOLDS).not_assessed


def test_records_that_are_whole_only_from_a_day_answer_for_no_day_before() -> None:
    """From 1 April 2023: the year, but not re-referrals, which need the year before; from 2 April only its end."""
    whole = official_measures(reading(since=date(2023, 4, 1)), first=FIRST, last=LAST)
    assert whole.not_assessed == {AGAIN: "The records are whole only from 2023-04-01, and 2022-04-01 is needed."}
    later = official_measures(reading(since=date(2023, 4, 2)), first=FIRST, last=LAST)
    assert set(MEASURES) - set(later.not_assessed) == {OPEN, OPEN_ASSESSMENTS, OPEN_ENQUIRIES}


def test_records_that_end_before_the_period_do_not_answer() -> None:
    """What had not happened by the day of the extract may have happened since."""
    found = official_measures(reading(as_of=date(2024, 3, 30)), first=FIRST, last=LAST)
    assert set(found.not_assessed) == set(MEASURES)
    assert not official_measures(reading(as_of=LAST), first=FIRST, last=LAST).not_assessed


def test_a_snapshot_cannot_say_when_things_were_done_before() -> None:
    """Reviews, visits and health assessments are not assessed; what is open at the end is."""
    past = {REVIEWS, BY_DAYS, CARE_REVIEWS, VISITS, INITIAL_HEALTH, REVIEW_HEALTH}
    found = official_measures(
        reading(as_of=LAST, since=date(2023, 9, 30), snapshot=True, latest=["child visited"]), first=FIRST, last=LAST
    )
    assert all(found.not_assessed[name].startswith("The records are a snapshot") for name in past)
    assert set(MEASURES) - set(found.not_assessed) == {OPEN, OPEN_ASSESSMENTS, OPEN_ENQUIRIES}
    undated = official_measures(reading(snapshot=True), first=FIRST, last=LAST)
    assert set(undated.not_assessed) == set(MEASURES)
    latest = official_measures(
        reading(as_of=LAST, snapshot=True, latest=["assessment started"]), first=FIRST, last=LAST
    )
    assert OPEN_ASSESSMENTS in latest.not_assessed


def test_a_census_answers_what_it_holds() -> None:
    """One year's file: assessments, conferences and plans; not re-referrals, and nothing of looked after children."""
    text = """<Message><Header><CollectionDetails><ReferenceDate>2024-03-31</ReferenceDate></CollectionDetails></Header>
    <Children><Child><ChildIdentifiers><LAchildID>C1</LAchildID></ChildIdentifiers>
    <CINdetails><CINreferralDate>2023-06-05</CINreferralDate><ReferralNFA>0</ReferralNFA>
    <Assessments><AssessmentActualStartDate>2023-06-05</AssessmentActualStartDate>
    <AssessmentAuthorisationDate>2023-08-07</AssessmentAuthorisationDate></Assessments>
    <Section47><S47ActualStartDate>2023-06-05</S47ActualStartDate><DateOfInitialCPC>2023-06-27</DateOfInitialCPC>
    <ICPCnotRequired>0</ICPCnotRequired></Section47>
    <ChildProtectionPlans><CPPstartDate>2023-06-27</CPPstartDate><InitialCategoryOfAbuse>NEG</InitialCategoryOfAbuse>
    <Reviews><CPPreviewDate>2023-09-27</CPPreviewDate></Reviews><Reviews><CPPreviewDate>2024-03-27</CPPreviewDate>
    </Reviews></ChildProtectionPlans></CINdetails></Child></Children></Message>"""
    found = official_measures(read_cin_census(text), first=FIRST, last=LAST)
    assert only(found, LAW)["days"] == only(found, START)["days"] == 45
    assert (only(found, CONFERENCES)["days"], only(found, CONFERENCES)["in_time"]) == (16, False)
    assert only(found, REVIEWS)["in_time"] is True
    assert {AGAIN, CARE_REVIEWS, VISITS, TRANSFERS} <= set(found.not_assessed)


# --- the result -------------------------------------------------------------------------------------------------------


def test_cases_name_the_records_they_rest_on() -> None:
    """Table, column and row of each, as the reader found them; in a log the file and the row."""
    given = [("assessment started", "2023-06-05"), ("assessment authorised", "2023-06-20")]
    found = official_measures(reading(*given), first=FIRST, last=LAST)
    assert only(found, START) == {
        "subject": "c", "opened": day("2023-06-05"), "done": day("2023-06-20"), "days": 11, "band": "11-20 days",
        "counted": True, "in_time": True, "left_out": None, "source_rows": "t.d:2; t.d:3",
    }  # fmt: skip
    rows = [{"subject": "c", "event": name, "date": on} for name, on in given]
    import pyarrow as pa

    log = read_event_log(pa.Table.from_pylist(rows), name="log")
    assert only(official_measures(log, first=FIRST, last=LAST), START)["source_rows"] == "log:1; log:2"
    with pytest.raises(ValueError, match="the official measures are"):
        found.cases("assessments")


def test_every_row_says_what_it_counts_and_on_what_it_rests() -> None:
    """A definition and a source stand in each row, the table has the same rows, and the page every title."""
    found = count(child(event("assessment started", "2023-06-05"), event("assessment authorised", "2023-06-20")))
    rows = found.rows()
    assert list(dict.fromkeys(row["measure"] for row in rows)) == list(MEASURES)
    assert all(row["definition"].endswith(".") and row["source"] for row in rows)
    assert found.table().to_pylist() == rows
    page = found._repr_html_()
    assert all(row["title"] in page for row in rows)
    assert "100.0%" in page
    assert ">c<" not in page


def finished(subject: str, done: str) -> History:
    return child(event("assessment started", "2023-06-05"), event("assessment authorised", done), subject=subject)


def test_small_numbers_are_hidden_with_what_would_give_them_away() -> None:
    """Three late ones of 23: they, the 20 in time, the bands that add up to them and the quartiles are kept back."""
    few = [finished(f"a{number}", "2023-06-20") for number in range(20)]
    few += [finished(f"b{number}", "2023-08-08") for number in range(3)]
    found = count(*few, smallest=6)
    row = plain(found, START)
    assert (row["count"], row["denominator"], row["share"], row["median"]) == (None, 23, None, None)
    assert row["hidden"] == "count, share, lower_quartile, median, upper_quartile"
    told = bands(found, START)
    # What is told of the bands must not give the 20 or the 3 by a sum.
    assert (told["11-20 days"], told["46-50 days"]) == (None, None)
    # 20 within 10 days and 20 within 15 would give 40 in time, and with 43 in all the three late ones.
    days = ["2024-01-03"] * 20 + ["2024-01-10"] * 20 + ["2024-01-18"] * 3
    held = [child(*enquiry("2023-12-15"), conference(on), subject=str(number)) for number, on in enumerate(days)]
    found_c4 = count(*held, smallest=6)
    assert plain(found_c4, CONFERENCES)["denominator"] == 43
    assert [bands(found_c4, CONFERENCES)[name] for name in ("0-10 days", "11-15 days", "21+ days")] == [None] * 3
    many = [*few, *(finished(f"c{number}", "2023-08-08") for number in range(4))]
    shown = plain(count(*many, smallest=6), START)
    assert (shown["count"], shown["denominator"], shown["hidden"]) == (20, 27, None)
    alone = plain(
        count(finished("x", "2023-08-08"), child(event("assessment authorised", "2023-06-20")), smallest=6), LAW
    )
    assert alone["left_out"] == "fewer than 6: the referral that led to the assessment is not in the records"
    assert "…" in found._repr_html_()
    with pytest.raises(ValueError, match="smallest"):
        count(smallest=3)


def test_a_child_whose_records_contradict_each_other_is_not_counted_and_that_is_said() -> None:
    """One id for two things of two kinds: nobody can tell which is right. The fault names the row, never a value."""
    found = reading(("assessment started", "2023-06-05"), ("assessment authorised", "2023-06-20"))
    records = found.subjects["c"].records
    records.append(records[0]._replace(name="case closed", origin=Origin("t", "d", 9)))
    result = official_measures(found, first=FIRST, last=LAST)
    assert result.refused == ("c",)
    assert plain(result, START)["denominator"] == 0
    assert "1 child was not counted: no history can be made of their records." in result.notes
    assert {(fault.table, fault.row) for fault in result.faults} == {("t", 2)}


def test_rows_of_a_log_that_cannot_be_used_are_faults() -> None:
    """An event twice under one id with two dates: the log's own faults and those of its histories are handed on."""
    import pyarrow as pa

    rows = [
        {"subject": "c", "event": "referral received", "date": "2023-06-05", "id": "a"},
        {"subject": "c", "event": "case closed", "date": "2023-06-06", "id": "a"},
        {"subject": "d", "event": "referral received", "date": "2023-06-05", "id": "a"},
    ]
    result = official_measures(read_event_log(pa.Table.from_pylist(rows), name="log"), first=FIRST, last=LAST)
    assert {fault.table for fault in result.faults} == {"log"}
    assert result.subjects == 2
    assert repr(result) == "<Official 2023-04-01 to 2024-03-31: 2 subjects of event log log>"


def test_notes_say_where_the_records_end_and_that_holidays_are_a_projection() -> None:
    """Nothing after a day may mean that nothing was recorded; bank holidays are published only so far."""
    found = count(child(event("referral received", "2023-06-05")))
    assert "Nothing in the records is later than 2023-06-05, before the period ends." in found.notes
    told = "The records hold no legal status, so that short breaks could not be left out."
    held = [name for name in HOLDS if name != "legal status started"]
    assert told in official_measures([], first=FIRST, last=LAST, holds=held).notes
    assert told not in found.notes
    far = count(first=date(2029, 1, 1), last=date(2029, 12, 31))
    assert far.notes == ("Bank holidays after 2028-12-31 are not published yet: the days counted are a projection.",)


@pytest.mark.parametrize(
    ("given_", "first", "last", "error"),
    [
        ([], "2023-04-01", LAST, TypeError),
        ([], FIRST, None, TypeError),
        ([], LAST, FIRST, ValueError),
        (["no history"], FIRST, LAST, TypeError),
        (child(), FIRST, LAST, TypeError),
        (7, FIRST, LAST, TypeError),
    ],
)
def test_wrong_arguments_are_refused(given_: Any, first: Any, last: Any, error: type[Exception]) -> None:
    """What is no period and what are no histories."""
    with pytest.raises(error):
        official_measures(given_, first=first, last=last)


def test_only_children_are_counted() -> None:
    """A foster carer's referral is none of a child."""
    carer = History("f", [event("referral received", "2023-06-05")], kind="foster carer")
    assert plain(count(carer), AGAIN)["denominator"] == 0


# --- the order of the histories ---------------------------------------------------------------------------------------


@cache
def some_histories() -> tuple[History, ...]:
    return tuple(synthetic_authority(30, seed=4, events_per_child=150).histories())


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10_000))
def test_the_order_of_histories_and_events_does_not_matter(seed: int) -> None:
    """Shuffled children with shuffled records give the same rows and the same cases."""
    chance = random.Random(seed)

    def shuffled(history: History) -> History:
        events = list(history.events)
        chance.shuffle(events)
        return History(history.subject, events, born=history.born, kind=history.kind, facts=history.facts)

    histories = list(some_histories())
    expected = count(*histories)
    chance.shuffle(histories)
    found = count(*map(shuffled, histories))
    assert found.rows() == expected.rows()
    assert all(found.cases(name) == expected.cases(name) for name in MEASURES)


# --- the same, counted independently ----------------------------------------------------------------------------------

#: The bank holidays of England and Wales, copied from GOV.UK.
HOLIDAYS = """
2019-01-01 2019-04-19 2019-04-22 2019-05-06 2019-05-27 2019-08-26 2019-12-25 2019-12-26
2020-01-01 2020-04-10 2020-04-13 2020-05-08 2020-05-25 2020-08-31 2020-12-25 2020-12-28
2021-01-01 2021-04-02 2021-04-05 2021-05-03 2021-05-31 2021-08-30 2021-12-27 2021-12-28
2022-01-03 2022-04-15 2022-04-18 2022-05-02 2022-06-02 2022-06-03 2022-08-29 2022-09-19 2022-12-26 2022-12-27
2023-01-02 2023-04-07 2023-04-10 2023-05-01 2023-05-08 2023-05-29 2023-08-28 2023-12-25 2023-12-26
2024-01-01 2024-03-29 2024-04-01 2024-05-06 2024-05-27 2024-08-26 2024-12-25 2024-12-26
""".split()
C2 = ["Same day", "1-10 days", "11-20 days", "21-30 days", "31-40 days", "41-45 days", "46-50 days", "51-60 days",
      "61+ days"]  # fmt: skip
C4 = ["0-10 days", "11-15 days", "16-20 days", "21+ days"]


def counted_from_the_tables(folder: Path, first: date, last: date) -> dict[str, Any]:
    """The official measures from the CSV tables of the dataset, as an analyst would count them: no event, no history,
    nothing of the library.
    """
    np, pd = pytest.importorskip("numpy"), pytest.importorskip("pandas")

    def read(name: str, *dates: str) -> Any:
        frame = pd.read_csv(folder / f"{name}.csv", dtype=str, keep_default_na=False)
        for column in dates:
            days = pd.to_datetime(frame[column].str[:10], errors="coerce", format="%Y-%m-%d")
            frame[column] = days.where(days > pd.Timestamp("1901-01-01"))
        return frame

    start, end = pd.Timestamp(first), pd.Timestamp(last)

    def in_year(days: Any) -> Any:
        return (days >= start) & (days <= end)

    def working_days(a: Any, b: Any) -> Any:
        """Working days after the one, up to and including the other."""
        a, b = (days.to_numpy().astype("datetime64[D]") + 1 for days in (a, b))
        return np.busday_count(a, b, holidays=HOLIDAYS)

    def banded(days: Any, edges: list[float], names: list[str]) -> dict[str, int]:
        counted = pd.cut(days, [-1, *edges, float("inf")], labels=names).value_counts()
        return {name: int(counted[name]) for name in names}

    found: dict[str, Any] = {}
    referral_dates = ("cine_referral_date", "cine_close_date")
    referrals = read("ssd_cin_episodes", *referral_dates)
    begun, done = "cina_assessment_start_date", "cina_assessment_auth_date"
    assessments = read("ssd_cin_assessments", begun, done)
    assessments = assessments.merge(
        referrals[["cine_referral_id", *referral_dates]], left_on="cina_referral_id", right_on="cine_referral_id"
    )

    c2 = assessments[in_year(assessments[done])]
    found[START] = banded(pd.Series(working_days(c2[begun], c2[done])), [0, 10, 20, 30, 40, 45, 50, 60], C2)
    ended = assessments[assessments[done].notna()].sort_values(done).drop_duplicates("cina_referral_id")
    ended = ended[in_year(ended[done])]
    days = pd.Series(working_days(ended["cine_referral_date"], ended[done]))
    found[LAW] = banded(days, [0, 10, 20, 30, 40, 45, 50, 60], C2)

    not_done = assessments[(assessments[done].isna() | (assessments[done] > end)) & (assessments[begun] <= end)]
    not_done = not_done[~(not_done["cine_close_date"] < start)]
    passed = working_days(not_done[begun], pd.Series(end, index=not_done.index))
    found[OPEN_ASSESSMENTS] = (int((passed >= 45).sum()), len(not_done))

    enquiries = read("ssd_s47_enquiry", "s47e_s47_start_date")
    held = read("ssd_initial_cp_conference", "icpc_icpc_date")
    held = held[(held["icpc_icpc_transfer_in"] != "Y") & in_year(held["icpc_icpc_date"])]
    held = held.merge(enquiries, left_on="icpc_s47_enquiry_id", right_on="s47e_s47_enquiry_id")
    held = held[held["icpc_icpc_date"] >= held["s47e_s47_start_date"]]
    days = pd.Series(working_days(held["s47e_s47_start_date"], held["icpc_icpc_date"]))
    found[CONFERENCES] = banded(days, [10, 15, 20], C4)
    found["quartiles"] = tuple(float(number) for number in np.percentile(days, [25, 50, 75]))

    plans = read("ssd_cp_plans", "cppl_cp_plan_start_date", "cppl_cp_plan_end_date")
    plans = plans[plans["cppl_cp_plan_ola"] != "Y"]
    began, over = plans["cppl_cp_plan_start_date"], plans["cppl_cp_plan_end_date"]
    now = plans[(began <= end) & (over.isna() | (over > end))]
    lasted = (end - now["cppl_cp_plan_start_date"]).dt.days + 1
    found[OPEN] = (int((lasted > 729).sum()), len(now))
    gone = plans[in_year(over)]
    lasted = (gone["cppl_cp_plan_end_date"] - gone["cppl_cp_plan_start_date"]).dt.days + 1
    found[ENDED] = (int((lasted > 729).sum()), len(gone))

    reviews = read("ssd_cp_reviews", "cppr_cp_review_date")
    for name, first_limit, later_limit in (
        (REVIEWS, pd.DateOffset(months=3), pd.DateOffset(months=6)),
        (BY_DAYS, pd.Timedelta(days=91), pd.Timedelta(days=183)),
    ):
        cohort = now[now["cppl_cp_plan_start_date"] + pd.DateOffset(months=3) <= end]
        in_time = 0
        for _, row in cohort.iterrows():
            own = reviews[reviews["cppr_cp_plan_id"] == row["cppl_cp_plan_id"]]["cppr_cp_review_date"]
            own = sorted(own[(own > row["cppl_cp_plan_start_date"]) & (own <= end)].unique())
            before, after = [each for each in own if each < start], [each for each in own if each >= start]
            at, good = row["cppl_cp_plan_start_date"], True
            limit = first_limit
            if before:
                at, limit = before[-1], later_limit
            for each in after:
                good = good and each <= at + limit
                at, limit = each, later_limit
            in_time += good and at + limit >= end
        found[name] = (in_time, len(cohort))

    dates = referrals.groupby("cine_person_id")["cine_referral_date"].apply(list)
    again = total = 0
    for of_child in dates:
        for each in of_child:
            if start <= each <= end:
                total += 1
                again += any(other < each <= other + pd.DateOffset(months=12) for other in of_child)
    found[AGAIN] = (again, total)
    return found


@cache
def authority(seed: int) -> Authority:
    # More protection plans and children in care than usual, so that every measure has cases.
    return synthetic_authority(600, seed=seed, events_per_child=150)


@pytest.mark.parametrize("year", [2022, 2024])
@pytest.mark.parametrize("seed", [1, 8])
def test_the_synthetic_authority_is_counted_the_same_by_a_data_frame_script(
    tmp_path: Path, seed: int, year: int
) -> None:
    """Bands, shares and quartiles from the events are exactly those of the tables, read as a dataset and as a log."""
    authority(seed).write_ssd(tmp_path / "ssd")
    authority(seed).write_event_log(tmp_path / "log")
    first, last = date(year - 1, 4, 1), date(year, 3, 31)
    expected = counted_from_the_tables(tmp_path / "ssd", first, last)
    log = read_event_log(tmp_path / "log" / "events.csv", tmp_path / "log" / "subjects.csv", holds=HOLDS)
    for source in (read_ssd(tmp_path / "ssd"), log):
        found = official_measures(source, first=first, last=last)
        for name in (START, LAW, CONFERENCES):
            assert bands(found, name) == expected[name], name
            assert plain(found, name)["denominator"] == sum(expected[name].values())
        row = plain(found, CONFERENCES)
        assert (row["lower_quartile"], row["median"], row["upper_quartile"]) == expected["quartiles"]
        for name in (REVIEWS, BY_DAYS, ENDED, OPEN, AGAIN, OPEN_ASSESSMENTS):
            row = plain(found, name)
            assert (row["count"], row["denominator"]) == expected[name], name
    # The comparison must have something to compare.
    assert min(sum(expected[name].values()) for name in (START, LAW, CONFERENCES)) > 40
    assert min(expected[name][1] for name in (REVIEWS, ENDED, OPEN, AGAIN)) > 20


def test_the_literal_bank_holidays_are_those_of_gov_uk() -> None:
    """The list in this file, against the published file beside the repository."""
    path = Path(__file__).resolve().parents[2] / "shared" / "samples" / "calendar" / "bank-holidays.json"
    if not path.exists():
        pytest.skip("the published file is not there")
    events: list[Mapping[str, str]] = json.loads(path.read_text(encoding="utf-8"))["england-and-wales"]["events"]
    published = {each["date"] for each in events if "2019" <= each["date"] < "2025"}
    assert published == set(HOLIDAYS)


def test_the_bands_are_those_of_the_published_statistics() -> None:
    """The names of the bands follow the columns of tables C2 and C4."""
    folder = Path(__file__).resolve().parents[2] / "shared" / "samples" / "dfe_statistics"
    if not folder.exists():
        pytest.skip("the published tables are not there")
    c2 = next(folder.glob("c2_*.csv")).read_text(encoding="utf-8-sig").splitlines()[0].split(",")
    c4 = next(folder.glob("c4_*.csv")).read_text(encoding="utf-8-sig").splitlines()[0].split(",")
    found = count()
    named = [name.replace("_", " ") for name in c2[c2.index("Same_day") : c2.index("61+_days") + 1]]
    assert named == list(bands(found, START))
    assert [name.removeprefix("Duration_").replace("_", " ") for name in c4 if name.endswith("_days")] == list(
        bands(found, CONFERENCES)
    )
