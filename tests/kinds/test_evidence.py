"""Evidence: an event's record carries what it must."""

from __future__ import annotations

from kinds.helpers import outcome

EACH = "for each: visit\nrequire: [reason, authorised by]"


def test_carried_empty_and_never_carried() -> None:
    """Carried: met. Carried but empty: breached, on its own day. Never carried: not assessed, with the detail."""
    assert outcome(EACH, "2024-03-28 visit reason=ill authorised_by=manager") == [
        "met 2024-03-28 > 2024-03-28 done 2024-03-28"
    ]
    assert outcome(EACH, "2024-03-28 visit reason= authorised_by=manager", "2024-03-29") == [
        "breached 2024-03-28 > 2024-03-28"
    ]
    assert outcome(EACH, "2024-03-28 visit reason=ill") == [
        "not assessed 2024-03-28: the detail “authorised by” of “visit”"
    ]
    assert outcome(EACH, "2024-03-28 visit reason=", "2024-03-29") == ["breached 2024-03-28 > 2024-03-28"]
    assert outcome(EACH, "2024-03-28 call") == []


def test_the_facts_of_a_child_are_no_record_of_a_visit() -> None:
    """What holds of the child throughout does not stand in for the visit's own record."""
    assert outcome(EACH, "2024-03-28 visit reason=ill", facts={"authorised by": "manager"}) == [
        "not assessed 2024-03-28: the detail “authorised by” of “visit”"
    ]


def test_details_with_what_they_must_say() -> None:
    """A detail may have to say something; `unless said` speaks for a silent record."""
    yaml = "for each: visit\nrequire: {seen: yes, urgent: no}"
    assert outcome(yaml, "2024-03-28 visit seen=yes") == ["met 2024-03-28 > 2024-03-28 done 2024-03-28"]
    assert outcome(yaml, "2024-03-28 visit seen=no", "2024-03-29") == ["breached 2024-03-28 > 2024-03-28"]


def test_if_unless_and_doubt() -> None:
    """Only events that match are looked at; an event that excuses it on the day lapses it."""
    yaml = EACH + "\nif: {seen: no}"
    assert outcome(yaml, "2024-03-28 visit seen=yes") == []
    assert outcome(yaml, "2024-03-28 visit") == ["not assessed 2024-03-28: the detail “seen” of “visit”"]
    excused = EACH + "\nunless: declined"
    case = "2024-03-28 visit reason=\n2024-03-28 declined"
    assert outcome(excused, case, "2024-03-29") == ["lapsed 2024-03-28 > 2024-03-28"]
    assert outcome(excused, case.replace("28 declined", "27 declined"), "2024-03-29")[0].startswith("breached")


FIRST = "for the first: review\nrequire: [authorised by]\nwhile: plan"
LAST = "for the last: review\nrequire: [authorised by]\nwhile: plan"
CASE = """
2024-03-01 review authorised_by=
2024-03-21 plan started
2024-03-28 review authorised_by=manager
2024-04-15 review authorised_by=
"""


def test_the_first_of_the_period() -> None:
    """The first review of the plan, not the one before it, and not the later ones."""
    assert outcome(FIRST, CASE) == ["met 2024-03-28 > 2024-03-28 done 2024-03-28"]
    assert outcome(FIRST, "2024-03-21 plan started") == []
    assert outcome(FIRST, "2024-03-01 review") == []


def test_the_last_is_known_only_when_the_period_has_ended() -> None:
    """While the plan runs nobody knows which review is the last."""
    assert outcome(LAST, CASE) == []
    assert outcome(LAST, CASE + "2024-05-01 plan ended") == ["breached 2024-04-15 > 2024-04-15"]


def test_the_first_is_the_first_whatever_shuts_it_out() -> None:
    """A first review before the standard was in force does not make the second the first, nor does a failed `if`."""
    assert outcome(FIRST + "\nfrom: 2024-04-01", CASE) == []
    case = "2024-03-21 plan started\n2024-03-28 review emergency=yes\n2024-04-15 review emergency=no authorised_by="
    assert outcome(FIRST + "\nif: {emergency: no}", case) == []


def test_a_first_in_doubt() -> None:
    """Whether the first review was of the sort is not said: it may be the first, so that nothing is judged."""
    yaml = FIRST.replace("for the first: review", "for the first: {event: review, where: {sort: review}}")
    case = "2024-03-21 plan started\n2024-03-28 review\n2024-04-15 review sort=review authorised_by="
    assert outcome(yaml, case) == ["not assessed 2024-03-28: the detail “sort” of “review”"]
    assert outcome(yaml + "\nfrom: 2024-04-01", case) == []
    only = "2024-03-21 plan started\n2024-03-28 review"
    assert outcome(yaml, only) == ["not assessed 2024-03-28: the detail “sort” of “review”"]
    each = "for each: {event: review, where: {sort: review}}\nrequire: [authorised by]"
    assert outcome(each, only) == ["not assessed 2024-03-28: the detail “sort” of “review”"]
