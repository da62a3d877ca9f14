"""What every kind shares, where the tests of the kinds do not reach: details, spans, wrong keys, sentences."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from textwrap import dedent, indent

import pytest

from kinds.helpers import TOP, event, judge, pack_of
from practice_rules.events import Detail, Event, History, HistoryError
from practice_rules.kinds import KINDS
from practice_rules.loading import read_pack_text
from practice_rules.shapes import read_aloud
from practice_rules.standards import (
    Choice,
    Condition,
    DetailWord,
    Period,
    Standing,
    detail_problems,
    pair_spans,
)
from practice_rules.standards import (
    Test as Line,
)


@pytest.mark.parametrize(
    ("values", "value", "read"),
    [
        ("yes or no", True, True),
        ("yes or no", "Y", True),
        ("yes or no", "0", False),
        ("yes or no", "", None),
        ("a number", "3", 3.0),
        ("a date", date(2024, 3, 29), "2024-03-29"),
        ("a date", "2024-03-29T10:00", "2024-03-29"),
        ("a timescale", "6 weeks", "6 weeks"),
        ("text", "Some-Word", "some word"),
        (("one", "two"), "Two", "two"),
    ],
)
def test_a_detail_is_read_by_its_kind(values: str | tuple[str, ...], value: Detail, read: object) -> None:
    """A record's value is brought into the form in which it is compared."""
    assert DetailWord("it", "", values).read(value) == read


@pytest.mark.parametrize(
    ("values", "value"),
    [
        ("yes or no", "perhaps"),
        ("a number", True),
        ("a number", "many"),
        ("a date", "soon"),
        ("a timescale", "soon"),
        (("one", "two"), "three"),
    ],
)
def test_a_value_that_a_detail_cannot_have_is_named_by_place_only(values: str | tuple[str, ...], value: Detail) -> None:
    """The problem names the event and the detail, never the value."""
    history = History("child-1", [Event("visit", date(2024, 3, 28), id="v1", details={"it": value, "other": "x"})])
    [problem] = detail_problems(history, {"it": DetailWord("it", "", values)})
    assert problem.where == 'event "v1"'
    assert str(value) not in str(problem)


def test_an_unreadable_value_is_refused_by_evaluate() -> None:
    """A history with such a value is not judged."""
    with pytest.raises(HistoryError):
        judge("expect: visit\nwithin: 1 day\nof: referral", "2024-03-28 visit seen=perhaps")


def test_conditions_choices_and_periods_say_what_they_are() -> None:
    """They read as they were written."""
    seen = Condition((Line(DetailWord("seen", "", "yes or no"), "is", (True,), "yes"),))
    choice = Choice((("visit", seen), ("call", None)))
    assert str(choice) == "visit (seen: yes) or call"
    one, other = (Period(name, "", choice, None, choice) for name in ("plan", "need"))
    assert str(Standing((one,), (one, other), (other,))) == "while plan, while plan or need, not while need"
    assert str(Standing()) == ""


def spans(starts: str, ends: str = "", until: str = "") -> tuple[list[tuple[int, int | None]], int]:
    """The spans as days of March 2024, and how many ends were stray."""

    def events(lines: str) -> list[Event]:
        found = [event(f"2024-03-{line.strip()}") for line in lines.split(",") if line.strip()]
        return sorted(found, key=lambda each: each.order)

    found, stray = pair_spans(events(starts), events(ends), events(until))
    first = date(2024, 2, 29).toordinal()
    return [(span.start - first, None if span.end is None else span.end - first) for span in found], len(stray)


@pytest.mark.parametrize(
    ("starts", "ends", "until", "found", "stray"),
    [
        ("01 start #a", "05 end", "", [(1, 5)], 0),
        ("01 start #a", "", "", [(1, None)], 0),
        ("01 start #a, 01 start #b", "05 end", "", [(1, 5)], 0),
        ("01 start #a, 05 start #b", "05 end, 09 end", "", [(1, 5), (5, 9)], 0),
        ("05 start #a", "05 end", "", [(5, 5)], 0),
        ("01 start #a, 02 start #b", "05 end @b, 09 end", "", [(1, 9), (2, 5)], 0),
        ("05 start #a", "01 end, 09 end", "", [(5, 9)], 1),
        ("05 start #a", "05 end #x, 05 end #y", "", [(5, 5)], 1),
        ("", "05 end", "", [], 1),
        ("01 start #a, 05 start #b", "", "05 start #b", [(1, 5), (5, None)], 0),
        ("01 start #a", "09 end", "05 stop", [(1, 5)], 1),
        ("05 10:00 start #a", "", "05 12:00 stop", [(5, 5)], 0),
        ("05 10:00 start #a", "", "05 09:00 stop", [(5, None)], 0),
        ("05 09:00 start #a", "05 10:00 end", "", [(5, 5)], 0),
        ("05 09:00 start #a, 05 12:00 start #b", "05 10:00 end", "", [(5, 5), (5, None)], 0),
        ("05 09:00 start #a, 05 10:00 start #b", "05 12:00 end", "", [(5, 5)], 0),
    ],
)
def test_spans_from_starts_and_ends(
    starts: str, ends: str, until: str, found: list[tuple[int, int | None]], stray: int
) -> None:
    """Ends are paired with starts by name, else with what has been open longest; ends come before starts in a day."""
    assert spans(starts, ends, until) == (found, stray)


WRONG = {
    "expect: visit\nwithin: 1 day": "Nothing says what opens this duty",
    "expect: visit\nwithin: 1 day\nof: referral\nof each: referral": "both say what opens this duty",
    "expect: visit\nbefore: review\naim: 3 days": "A target needs a limit beside it",
    "expect: visit\nevery: 1 week\nthen every: 2 weeks\nwhile: plan": "goes with",
    "expect: visit\nevery: 1 week\nfor the first: 2 weeks\nwhile: plan": "goes with",
    "expect: visit\nevery: term\nwhile: plan\npaused by: missing": "does not go with",
    "expect: visit\nfirst within: 1 week\nthird within: 2 weeks\nwhile: plan": "The series has no",
    "expect: visit\nby age: 5 years\nbefore age: 6 years": "cannot both hold",
    "for each: visit\nfor the first: visit\nrequire: [reason]\nwhile: plan": "both say which event",
    "require: [reason]": "Nothing says which event",
    "for the first: visit\nrequire: [reason]": "needs a period",
    "expect: visit\ntimes: 2": "needs a window",
    "expect: visit\ntimes: 2\nin every: 4 weeks\nbetween each: review": "both give the window",
    "expect: visit\ntimes: 2\nwithin: 4 weeks": "needs one word that says what opens",
    "expect: visit\ntimes: 2\nbetween each: review\nof: referral": "does not go with",
    "expect: visit\ntimes: 2\nin every: 4 weeks": "A count needs a period",
    "expect: visit\ntimes: 3\nin every: 2 events\nwhile: plan": "There cannot be more",
    "expect: visit\ntimes: 1\nin every: 2 events\nwhile: plan": "Every event would count",
    "expect: visit\nby the: second\nof: review": "Nothing says where the counting starts",
}


@pytest.mark.parametrize(("yaml", "message"), WRONG.items())
def test_keys_that_do_not_go_together(yaml: str, message: str) -> None:
    """Each kind refuses what it cannot judge, in plain words."""
    says = "says: All of 1 2 3 4 5 6.\nsource: {section: S / 1, words: some printed words}\n"
    pack, problems = read_pack_text(f"{TOP}standards:\n  it:\n{indent(says + yaml, '    ')}\n")
    assert pack is None
    assert any(message in str(problem) for problem in problems), [str(problem) for problem in problems]


SENTENCES = {
    "expect: visit\nwithin: 3 days\nof: referral\nwhere: {seen: yes}": "visit (seen: yes), within 3 days of referral",
    "expect: visit\nwithin: 3 days\nof each: referral": "visit, within 3 days of each referral",
    "expect: report\nat least: 2 days\nbefore: review": "report, at least 2 days before review",
    "expect: report\nbefore: review": "report, before review",
    "expect: visit\nevery: 1 week\nfor the first: 4 weeks\nthen every: 6 weeks\nwhile: plan": (
        "visit, every 1 week for the first 4 weeks, then every 6 weeks"
    ),
    "expect: review\nfirst within: 4 weeks\nthen every: 6 months\nwhile: plan": (
        "review: first within 4 weeks, then every 6 months"
    ),
    "limit: plan\nto: 6 months": "plan lasts no longer than 6 months",
    "expect: visit\nby age: 5 years": "visit, by the age of 5 years",
    "expect: visit\nbefore age: 5 years": "visit, before the age of 5 years",
    "for each: visit\nrecorded within: 24 hours": "visit is recorded within 24 hours",
    "for each: visit\nrequire: [reason]": "for each visit, the record gives reason",
    "expect: visit\ntimes: 1\nbetween each: review": "visit, once between each review",
    "expect: visit\ntimes: 2\nwithin: 3 days\nof: referral": "visit, 2 times within 3 days of referral",
    "expect: visit\ntimes: 2\nin every: 4 weeks\nwhile: plan": "visit, 2 times in every 4 weeks",
    "expect: plan agreed\nby the: next\nof: review\nsince: referral": "plan agreed, by the next review since referral",
}


@pytest.mark.parametrize(("yaml", "sentence"), SENTENCES.items())
def test_every_kind_reads_aloud(yaml: str, sentence: str) -> None:
    """The rule as a sentence holds the words as they were written."""
    standard = pack_of(yaml).standards[0]
    kind = next(kind for kind in KINDS if kind.name == standard.kind)
    assert kind.sentence(dict(standard.words)) == sentence


@pytest.mark.parametrize(
    "words",
    [
        {"if": "emergency: yes", "unless": "declined", "ages": "under 5 years", "day one": "the day itself"},
        {"unless": "emergency: yes", "from": "2024-04-01", "day one": "the next day", "aim": "3 days"},
        {"if not a working day": "next working day"},
    ],
)
def test_what_all_kinds_share_reads_aloud(words: Mapping[str, str]) -> None:
    """The shared keys are said after the sentence; every value that is a name or a number is in it."""
    said = read_aloud(words)
    assert all(value in said for key, value in words.items() if key != "day one")


def test_another_start_of_the_day_does_not_move_a_birth() -> None:
    """Where a choice names the birth beside another event, an unknown date of birth is said."""
    found = judge(dedent("expect: visit\nwithin: 3 days\nof: [birth, referral]"), "2024-03-28 referral", "2024-03-28")
    assert [gap.missing for gap in found.not_assessed] == ["the date of birth"]
    assert len(found.due) == 1


def test_a_choice_beside_an_unborn_child() -> None:
    """Where a meeting or the birth may come first, a booked meeting and an expected birth both have their dates."""
    yaml = "expect: plan agreed\nat least: 1 week\nbefore: [birth, conference]"
    case = "2024-03-20 plan agreed\n2024-04-09 conference recorded=2024-03-01"
    found = judge(yaml, case, "2024-03-21", born="2024-04-20")
    assert [(str(duty.opened), str(duty.due), str(duty.status)) for duty in found.of_standard("it")] == [
        ("2024-04-09", "2024-04-02", "met"),
        ("2024-04-20", "2024-04-13", "due"),
    ]


def test_two_open_periods_hold_together_without_an_end() -> None:
    """Neither has ended, so what runs in both is open too; a limit in both asks the periods once."""
    yaml = "expect: visit\nevery: 1 week\nwhile: [plan, need]"
    found = judge(yaml, "2024-03-21 plan started\n2024-03-22 need started", "2024-03-29")
    assert [(str(duty.opened), str(duty.due)) for duty in found.due] == [("2024-03-22", "2024-03-29")]
    limit = "limit: placement\nto: 1 week\nnot while: missing"
    twice = judge(limit, "2024-03-21 moved\n2024-03-22 left\n2024-03-25 moved", "2024-03-28")
    assert [str(duty.status) for duty in twice] == ["met", "due"]


def test_an_or_by_event_in_doubt_before_the_opening() -> None:
    """A doubtful event from before the opening is no matter of the duty."""
    yaml = "expect: visit\nwithin: 1 week\nof: referral\nor by: {event: call, where: {seen: yes}}"
    found = judge(yaml, "2024-03-20 call\n2024-03-21 referral\n2024-03-28 visit")
    assert [str(duty.status) for duty in found] == ["met"]


def test_two_standards_of_one_period_see_the_same_spans() -> None:
    """A period is worked out once for a case, whichever standard asks first."""
    yaml = """
    it:
      expect: visit
      every: 1 week
      while: plan
    other:
      expect: call
      every: 2 weeks
      while: plan
    """
    found = judge(yaml, "2024-03-21 plan started", "2024-03-21")
    assert [(duty.standard, str(duty.due)) for duty in found.due] == [("it", "2024-03-28"), ("other", "2024-04-04")]
