"""Snapshots: data that hold only the latest visit, review or placement answer for what is open now, and nothing else.

The day of judging is Thursday 28 March 2024. Working days before it: 27, 26, 25, 22, 21, 20, 19, 18, 15, 14 March.
"""

from __future__ import annotations

from datetime import date

import pytest

from kinds.helpers import pack_of
from practice_rules.caseloads import evaluate_caseload
from practice_rules.feeding import answerable
from practice_rules.records import Gathering, Origin, Reading

pytest.importorskip("pyarrow", reason="caseloads need pyarrow")

TODAY = date(2024, 3, 28)
LATEST = ("visit", "review")
HOLDS = ("plan started", "plan ended", "visit", "review", "referral", "assessment", "declined", "birth")
VISITS = "expect: visit\nevery: 10 working days\nwhile: plan"
SEEN = "expect: visit\nwhere: {seen: yes}\nevery: 10 working days\nwhile: plan"
ASSESSED = "expect: assessment\nwithin: 10 working days\nof: referral"
REVIEWED = "expect: review\nwithin: 10 working days\nof: referral"


def snapshot(*events: str, since: date | None = date(2023, 9, 28), as_of: date | None = TODAY) -> Reading:
    """What a reader of snapshots would hand over: lines such as "2024-03-01 visit seen=yes"."""
    gathering = Gathering("snapshot", HOLDS)
    for row, line in enumerate(events, start=2):
        day, *words = line.split()
        details = dict(word.split("=") for word in words if "=" in word)
        name = " ".join(word for word in words if "=" not in word)
        gathering.add(
            "child-1", name, date.fromisoformat(day), Origin("list", "date", row), id=f"e{row}", details=details
        )
    return gathering.done(as_of=as_of, since=since, snapshot=True, latest=LATEST)


def told(standard: str, reading: Reading) -> list[str]:
    """Each row of one standard: status, opening, due, and whether it is overdue."""
    found = evaluate_caseload(pack_of(standard), reading, as_of=TODAY, workers=1)
    return [
        f"{row['status']}{' overdue' if row['overdue'] else ''} {row['opened']} > {row['due']}"
        for row in found.rows().to_pylist()
    ]


def test_the_duty_that_the_latest_visit_opened_stands() -> None:
    """Visited on 13 March: ten working days end on 27 March, overdue on 28. What was before it nobody can tell."""
    assert told(VISITS, snapshot("2024-01-08 plan started", "2024-03-13 visit")) == [
        "not assessed 2024-01-08 > 2024-01-22",
        "breached overdue 2024-03-13 > 2024-03-27",
    ]


def test_the_last_day_is_still_due() -> None:
    """Visited on 14 March: the tenth working day is 28 March itself."""
    assert told(VISITS, snapshot("2024-01-08 plan started", "2024-03-14 visit"))[-1] == "due 2024-03-14 > 2024-03-28"


def test_without_any_visit_the_first_is_overdue() -> None:
    """No visit is on record at all: none since the plan began is as sure as the record itself."""
    assert told(VISITS, snapshot("2024-01-08 plan started")) == ["breached overdue 2024-01-08 > 2024-01-22"]


def test_a_period_that_is_over_is_the_past() -> None:
    """The plan ended on 20 March: neither the visit nor the one after it can be judged."""
    reading = snapshot("2024-01-08 plan started", "2024-03-05 visit", "2024-03-20 plan ended")
    assert told(VISITS, reading) == ["not assessed 2024-01-08 > 2024-01-22", "not assessed 2024-03-05 > 2024-03-19"]


def test_a_latest_visit_that_does_not_count_hides_those_that_did() -> None:
    """The child was not seen on 14 March; on which day it was seen before, the snapshot does not say."""
    reading = snapshot("2024-01-08 plan started", "2024-03-14 visit seen=no")
    assert told(SEEN, reading) == ["not assessed 2024-01-08 > 2024-01-22"]


def test_a_latest_visit_before_the_plan_says_that_none_came_after() -> None:
    """The latest visit was before the plan began, so there was none under it."""
    reading = snapshot("2024-01-02 visit", "2024-01-08 plan started")
    assert told(VISITS, reading) == ["breached overdue 2024-01-08 > 2024-01-22"]


@pytest.mark.parametrize(
    ("since", "expected"),
    [
        (date(2023, 9, 28), ["breached 2024-03-01 > 2024-03-15", "not assessed 2023-09-01 > 2023-09-15"]),
        (None, ["not assessed 2024-03-01 > 2024-03-15", "not assessed 2023-09-01 > 2023-09-15"]),
    ],
)
def test_what_is_held_whole_is_judged_from_the_day_it_is_whole(since: date | None, expected: list[str]) -> None:
    """Every assessment of six months is held: one five days late is late; one asked for earlier may be older."""
    reading = snapshot("2023-09-01 referral", "2024-03-01 referral", "2024-03-20 assessment", since=since)
    assert sorted(told(ASSESSED, reading)) == sorted(expected)


def test_a_share_of_what_was_met_is_never_made() -> None:
    """A review in time is not assessed, for those that were missed cannot be seen; one still owed stands."""
    reading = snapshot("2024-03-01 referral", "2024-03-08 review", "2024-03-20 referral")
    assert told(REVIEWED, reading) == ["not assessed 2024-03-01 > 2024-03-15", "due 2024-03-20 > 2024-04-05"]


def test_a_snapshot_is_judged_as_of_its_own_day() -> None:
    """A day before or after is refused in words."""
    for day in (date(2024, 3, 27), date(2024, 3, 29)):
        with pytest.raises(ValueError, match="these records speak of 2024-03-28"):
            evaluate_caseload(pack_of(VISITS), snapshot("2024-01-08 plan started"), as_of=day)


def test_other_records_are_not_judged_beyond_their_day() -> None:
    """Of a census until 28 March the 29th is refused, the 27th is not."""
    gathering = Gathering("census", HOLDS)
    gathering.add("child-1", "plan started", date(2024, 1, 8), Origin("list", "date", 2), id="e1")
    reading = gathering.done(as_of=TODAY)
    with pytest.raises(ValueError, match=r"these records speak until 2024-03-28.*or an earlier one"):
        evaluate_caseload(pack_of(VISITS), reading, as_of=date(2024, 3, 29))
    assert evaluate_caseload(pack_of(VISITS), reading, as_of=date(2024, 3, 27)).subjects == 1


@pytest.mark.parametrize(
    "standard",
    [
        "expect: report\nat least: 3 days\nbefore: review",
        "expect: report\nby the: second\nof: review\nwhile: plan",
        "for each: visit\nrequire: {seen: yes}",
        "expect: visit\nevery: 10 working days\nwhile: plan\nnot while: review plan",
        "expect: visit\nfirst within: 1 week\nsecond within: 2 weeks\nthird within: 1 month\nwhile: plan",
        "expect: report\nby age: 16 years",
    ],
)
def test_standards_for_which_a_snapshot_has_no_answer(standard: str) -> None:
    """What rests on the order or the number of past events, or on a period that only its latest start tells of."""
    latest = (*LATEST, "plan started") if "not while" in standard else LATEST
    assert answerable(pack_of(standard)["it"], latest).never


@pytest.mark.parametrize(
    ("standard", "open_only", "acts", "since"),
    [
        (VISITS, True, {"visit"}, False),
        (ASSESSED, False, set(), True),
        ("expect: [visit, call]\nwithin: 5 days\nof: referral", True, {"visit"}, True),
        ("expect: visit\nby age: 16 years", True, {"visit"}, False),
        ("limit: plan\nto: 10 working days", False, set(), False),
    ],
)
def test_what_a_snapshot_can_say_of_a_standard(standard: str, open_only: bool, acts: set[str], since: bool) -> None:
    """Acts of which only the latest is held leave what is open; others are whole from a day on."""
    answer = answerable(pack_of(standard)["it"], LATEST)
    assert (answer.never, answer.open_only, set(answer.latest), answer.since) == (False, open_only, acts, since)
