"""Stories: what is read, what is refused and where, how they are run; and those of every shipped pack."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime
from functools import cache
from pathlib import Path
from textwrap import dedent

import pytest

from kinds.helpers import pack_of
from practice_rules.loading import load_pack, pack_names
from practice_rules.obligations import Status
from practice_rules.pack import Pack
from practice_rules.stories import Expected, Story, StoryResult, read_stories, run_stories, stories_of

STANDARDS = """\
visits:
  expect: visit
  every: 10 working days
  aim: 5 working days
  while: plan
seen-at-once:
  expect: visit
  within: 24 hours
  of: referral
  if: {emergency: yes}
agency-reviewed:
  subject: agency
  expect: review
  within: 3 months
  of: conference
"""
WHOLE = """\
stories:
  - story: The second visit
      is late
    standard: visits
    born: 2015-03-02
    facts: {emergency: no}
    events:
      - 2024-03-22: plan started
        id: p1
      - 2024-03-26: visit
        about: p1
        recorded: 2024-03-27 09:00
        seen: yes
      - 2024-04-10: visit
        cancelled: yes
    as of: 2024-04-12
    known at: 2024-04-12 12:00
    expect:
      - met: opened 2024-03-22, due 2024-04-09, done 2024-03-26, target 2024-04-02
      - breached: target 2024-04-04, due 2024-04-11
"""
SHORT = """\
stories:
  - story: One
    standard: visits
    events: none
    as of: 2024-04-12
    expect: nothing
"""


@pytest.fixture
def pack() -> Pack:
    return pack_of(STANDARDS)


def reading(folder: Path, text: str, pack: Pack) -> tuple[list[Story], list[str]]:
    """The stories of a text, and its problems as "line:column message way out"."""
    path = folder / "stories.yaml"
    path.write_text(dedent(text), encoding="utf-8")
    stories, problems = read_stories(path, pack)
    told = []
    for problem in problems:
        assert problem.file.endswith("stories.yaml")
        place = f"{problem.place.line}:{problem.place.column}" if problem.place else "file"
        told.append(f"{place} {problem.message} {problem.way_out}".rstrip())
    return stories, told


# --- reading ----------------------------------------------------------------------------------------------------------


def test_a_story_is_read_as_it_is_written(tmp_path: Path, pack: Pack) -> None:
    """Every key of a story comes out: name, history, moments, and what is expected with its claims."""
    [story], problems = reading(tmp_path, WHOLE, pack)
    assert problems == []
    assert (story.name, story.standard, story.line) == ("The second visit is late", "visits", 2)
    assert (story.as_of, story.known_at) == (date(2024, 4, 12), datetime(2024, 4, 12, 12, 0))
    history = story.history
    assert (history.subject, history.kind, history.born) == ("story", "child", date(2015, 3, 2))
    assert history.facts == {"emergency": "no"}
    started, visit, cancelled = history.events
    assert (started.name, started.on, started.id) == ("plan started", date(2024, 3, 22), "p1")
    assert (visit.about, visit.recorded, visit.details) == ("p1", datetime(2024, 3, 27, 9, 0), {"seen": "yes"})
    assert (visit.cancelled, cancelled.cancelled) == (False, True)
    assert list(map(str, story.expect)) == [
        "met: opened 2024-03-22, due 2024-04-09, done 2024-03-26, target 2024-04-02",
        "breached: target 2024-04-04, due 2024-04-11",
    ]


def test_a_story_may_be_short(tmp_path: Path, pack: Pack) -> None:
    """No events and no outcome are said in one word each; the history is of the standard's own subject."""
    [story], problems = reading(tmp_path, SHORT, pack)
    assert problems == []
    assert (story.history.events, story.expect, story.known_at) == ((), (), None)
    [story], problems = reading(tmp_path, SHORT.replace("visits", "agency-reviewed"), pack)
    assert (story.history.kind, problems) == ("agency", [])
    text = SHORT.replace("visits", "agency-reviewed\n    subject: child")
    [story], problems = reading(tmp_path, text, pack)
    assert (story.history.kind, problems) == ("child", [])


def test_an_expected_outcome_as_a_line() -> None:
    """A line of `expect` is said as it is written."""
    assert str(Expected(Status.LAPSED)) == "lapsed"
    assert str(Expected(Status.NOT_ASSESSED, missing="date of birth")) == "not assessed: date of birth"
    at = datetime(2024, 3, 13, 12, 30)
    assert str(Expected(Status.DUE, (("due", at),))) == "due: due 2024-03-13 12:30"


CLAIMS = "Write one of opened, due, done, target and a date: due 2024-04-15."
KEYS = "story, standard, subject, born, facts, events, as of, known at, expect"
REFUSED = {
    "a key outside": (
        "pack: visits\n" + SHORT,
        ['1:1 I don\'t know the key "pack" in a file of stories. It holds one list, "stories:".'],
    ),
    "no list": (
        "stories: none\n",
        ['1:10 Here I need a list of stories. Write "stories:" and below it "  - story: …".'],
    ),
    "no stories": (
        "story: none\n",
        [
            '1:1 Here I need a list of stories. Write "stories:" and below it "  - story: …".',
            '1:1 I don\'t know the key "story" in a file of stories. It holds one list, "stories:".',
        ],
    ),
    "a story that is text": (
        "stories:\n  - A visit\n",
        [f"2:5 Here I need a story with its keys. Its keys are: {KEYS}."],
    ),
    "a key misspelt": (
        SHORT + "    know at: 2024-04-12\n",
        ['7:5 I don\'t know the key "know at" in a story. Did you mean "known at"?'],
    ),
    "a key unheard of": (
        SHORT + "    weather: fine\n",
        [f'7:5 I don\'t know the key "weather" in a story. The keys of a story are: {KEYS}.'],
    ),
    "keys missing": (
        "stories:\n  - story: One\n    standard: visits\n",
        [
            '2:5 "as of" is missing in this story. Add a line "as of: …".',
            '2:5 "events" is missing in this story. Add a line "events: …".',
            '2:5 "expect" is missing in this story. Add a line "expect: …".',
        ],
    ),
    "a standard misspelt": (
        SHORT.replace("visits", "visit"),
        ['3:15 I don\'t know the standard "visit". Did you mean "visits"?'],
    ),
    "a standard unheard of": (
        SHORT.replace("visits", "weather"),
        ['3:15 I don\'t know the standard "weather". Use an id of the pack.'],
    ),
    "a name that is a list": (
        SHORT.replace("One", "[One]"),
        ["2:12 Here I need a line of text. Write it on the same line as the key."],
    ),
    "a date that is none": (
        SHORT.replace("2024-04-12", "2024-02-30"),
        ['5:12 "2024-02-30" is not a date. Write 2024-03-28, or 2024-03-28 14:30.'],
    ),
    "a date in words": (
        SHORT.replace("2024-04-12", "12 April 2024"),
        ['5:12 "12 April 2024" is not a date. Write 2024-03-28, or 2024-03-28 14:30.'],
    ),
    "facts that are text": (
        SHORT + "    facts: emergency\n",
        ["7:12 Here I need details by name. Write {disability: yes}."],
    ),
    "a fact misspelt": (
        SHORT + "    facts: {emergencies: yes}\n",
        ['7:13 I don\'t know the detail "emergencies". Did you mean "emergency"?'],
    ),
    "a fact unheard of": (
        SHORT + "    facts: {weather: fine}\n",
        ['7:13 I don\'t know the detail "weather". Declare it in the pack.'],
    ),
    "a fact that is a list": (
        SHORT + "    facts: {emergency: [yes]}\n",
        ["7:24 A detail has one value. Write it on the same line."],
    ),
    "events that are text": (
        SHORT.replace("none", "visit"),
        ["4:13 Here I need a list of events, or none. Write - 2024-03-01: referral received"],
    ),
    "an event that is text": (
        SHORT.replace("none", "\n      - visit"),
        ["5:9 Here I need an event with its date. Write - 2024-03-01: referral received"],
    ),
    "an event without a date": (
        SHORT.replace("none", "\n      - visit: 2024-03-01"),
        ['5:9 An event begins with its date, and "visit" is none. Write - 2024-03-01: referral received'],
    ),
    "an event without a name": (
        SHORT.replace("none", "\n      - 2024-03-01: [visit]"),
        ["5:21 Here I need a line of text. Write it on the same line as the key."],
    ),
    "an event at a time that never was": (
        SHORT.replace("none", "\n      - 2024-03-31 01:30: visit"),
        [
            "5:9 This event cannot be judged: an event without an id, on: there was no such time: the clocks "
            "went forward. Give the time with its zone, or the date alone."
        ],
    ),
    "a record of when that is no date": (
        SHORT.replace("none", "\n      - 2024-03-01: visit\n        recorded: soon"),
        ['6:19 "soon" is not a date. Write 2024-03-28, or 2024-03-28 14:30.'],
    ),
    "two kinds of one id": (
        SHORT.replace("none", "\n      - 2024-03-01: visit\n        id: a\n      - 2024-03-02: call\n        id: a"),
        [
            '2:5 This history cannot be judged: event "a", id: records of two different kinds have this id. '
            "Give each event its own id."
        ],
    ),
    "outcomes that are text": (
        SHORT.replace("nothing", "met"),
        ["6:13 Here I need a list of outcomes, or nothing. Write - met: due 2024-04-15, done 2024-04-12"],
    ),
    "an outcome that is text": (
        SHORT.replace("nothing", "\n      - met"),
        ["7:9 Here I need a status and what is true of it. Write - met: due 2024-04-15, done 2024-04-12"],
    ),
    "a status misspelt": (
        SHORT.replace("nothing", "\n      - breach: due 2024-04-15"),
        ['7:9 I don\'t know the status "breach". Did you mean "breached"?'],
    ),
    "a status unheard of": (
        SHORT.replace("nothing", "\n      - fine: due 2024-04-15"),
        ['7:9 I don\'t know the status "fine". Write one of: breached, due, met, lapsed, not assessed.'],
    ),
    "an outcome that is a list": (
        SHORT.replace("nothing", "\n      - met: [due 2024-04-15]"),
        ["7:14 Here I need a line of text. Write it on the same line as the key."],
    ),
    "a claim that cannot be read": (
        SHORT.replace("nothing", "\n      - met: due 15 April 2024"),
        [f'7:14 I can\'t read "due 15 April 2024". {CLAIMS}'],
    ),
    "a claim of a day that is none": (
        SHORT.replace("nothing", "\n      - met: opened 2024-04-01, due 2024-04-31"),
        [f'7:14 I can\'t read "due 2024-04-31". {CLAIMS}'],
    ),
}


@pytest.mark.parametrize(("text", "problems"), REFUSED.values(), ids=REFUSED)
def test_what_cannot_be_read_is_refused_at_its_place(
    text: str, problems: list[str], tmp_path: Path, pack: Pack
) -> None:
    """Each mistake is named in plain words, with its line and column and a way out, and the story is left out."""
    stories, told = reading(tmp_path, text, pack)
    assert told == problems
    assert len(stories) == (1 if text.startswith("pack:") else 0)


def test_every_problem_of_a_file_is_named_at_once(tmp_path: Path, pack: Pack) -> None:
    """One wrong story hides no other, and the right ones are read."""
    other = SHORT.partition("\n")[2]
    text = SHORT + other.replace("visits", "visit") + other.replace("One", "Two") + other.replace("nothing", "met")
    stories, told = reading(tmp_path, text, pack)
    assert [story.name for story in stories] == ["One", "Two"]
    assert [line.split()[0] for line in told] == ["8:15", "21:13"]


def test_a_file_that_is_no_yaml_is_refused(tmp_path: Path, pack: Pack) -> None:
    """Where the file itself cannot be read, its own problem is told and no story is made up."""
    stories, told = reading(tmp_path, "stories: [\n", pack)
    assert stories == []
    assert told
    stories, problems = read_stories(tmp_path / "nowhere.yaml", pack)
    assert (stories, len(problems)) == ([], 1)


# --- running ----------------------------------------------------------------------------------------------------------


def run(folder: Path, text: str, pack: Pack) -> StoryResult:
    stories, problems = reading(folder, text, pack)
    assert problems == []
    [result] = run_stories(stories, pack)
    return result


def test_a_story_passes_when_every_outcome_is_as_told(tmp_path: Path, pack: Pack) -> None:
    """Claims may stand in any order and need not be complete; the outcomes found are told in full."""
    result = run(tmp_path, WHOLE, pack)
    assert result.passed
    assert result.lines == [
        "met: opened 2024-03-22, due 2024-04-09, done 2024-03-26, target 2024-04-02",
        "breached: opened 2024-03-26, due 2024-04-11, target 2024-04-04",
    ]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("      - breached: target 2024-04-04, due 2024-04-11\n", ""),
        ("breached: target 2024-04-04, due 2024-04-11", "due: due 2024-04-11"),
        ("target 2024-04-04, due 2024-04-11", "due 2024-04-12"),
        ("target 2024-04-04, due 2024-04-11", "due 2024-04-11, done 2024-04-12"),
    ],
    ids=["one outcome left out", "another status", "another date", "a date where there is none"],
)
def test_a_story_fails_with_both_sides_told(old: str, new: str, tmp_path: Path, pack: Pack) -> None:
    """What was expected and what was found stand one below the other."""
    result = run(tmp_path, WHOLE.replace(old, new), pack)
    assert not result.passed
    assert [line for line in result.lines if line.startswith("expected")] == [
        f"expected  {line}" for line in result.story.expect
    ]
    assert [line for line in result.lines if line.startswith("found")] == [
        "found     met: opened 2024-03-22, due 2024-04-09, done 2024-03-26, target 2024-04-02",
        "found     breached: opened 2024-03-26, due 2024-04-11, target 2024-04-04",
    ]


def test_nothing_expected_and_nothing_found(tmp_path: Path, pack: Pack) -> None:
    """`nothing` holds only where no duty opens, and is told as a line where it does not hold."""
    assert run(tmp_path, SHORT, pack).passed
    opened = run(tmp_path, SHORT.replace("none", "[{2024-04-02: plan started}]"), pack)
    assert opened.lines == [
        "expected  nothing",
        "found     due: opened 2024-04-02, due 2024-04-16, target 2024-04-09",
    ]
    missed = run(tmp_path, SHORT.replace("nothing", "\n      - met: due 2024-04-02"), pack)
    assert missed.lines == ["expected  met: due 2024-04-02", "found     nothing"]


HOURS = """\
stories:
  - story: Hours
    standard: seen-at-once
    events:
      - 2024-03-12 12:00: referral
        emergency: yes
      - 2024-03-13 11:30: visit
    as of: 2024-04-12
    expect:
      - met: opened 2024-03-12, due 2024-03-13 12:00, done 2024-03-13 11:30
"""


def test_times_are_compared_where_they_are_told(tmp_path: Path, pack: Pack) -> None:
    """A time is compared to the minute; a date alone speaks of the whole day."""
    assert run(tmp_path, HOURS, pack).passed
    assert run(tmp_path, HOURS.replace("due 2024-03-13 12:00", "due 2024-03-13"), pack).passed
    wrong = run(tmp_path, HOURS.replace("due 2024-03-13 12:00", "due 2024-03-13 13:00"), pack)
    assert wrong.lines[-1] == ("found     met: opened 2024-03-12 12:00, due 2024-03-13 12:00, done 2024-03-13 11:30")


def test_what_is_not_assessed_is_an_outcome(tmp_path: Path, pack: Pack) -> None:
    """`not assessed` names the missing fact, or a part of its words; anything else does not agree with it."""
    silent = HOURS.replace("        emergency: yes\n", "")
    told = "      - met: opened 2024-03-12, due 2024-03-13 12:00, done 2024-03-13 11:30\n"
    assert run(tmp_path, silent.replace(told, "      - not assessed: emergency\n"), pack).passed
    assert run(tmp_path, silent.replace(told, "      - not assessed: birth\n"), pack).lines == [
        "expected  not assessed: birth",
        "found     not assessed: the detail “emergency” of “referral”",
    ]
    assert not run(tmp_path, silent, pack).passed
    assert not run(tmp_path, HOURS.replace(told, "      - not assessed: emergency\n"), pack).passed


def test_only_what_was_known_is_used(tmp_path: Path, pack: Pack) -> None:
    """`known at` leaves out what was recorded afterwards."""
    late = HOURS.replace("11:30: visit\n", "11:30: visit\n        recorded: 2024-03-20\n")
    assert run(tmp_path, late, pack).passed
    before = late.replace("    as of: 2024-04-12\n", "    as of: 2024-04-12\n    known at: 2024-03-19\n")
    assert run(tmp_path, before, pack).lines[-1] == "found     breached: opened 2024-03-12 12:00, due 2024-03-13 12:00"


def test_a_history_that_cannot_be_judged_fails_the_story(tmp_path: Path, pack: Pack) -> None:
    """An event that the pack has no word for fails the story, and says so."""
    result = run(tmp_path, HOURS.replace(": visit", ": visited"), pack)
    assert not result.passed
    [line] = result.lines
    assert line.startswith("the history cannot be judged: event ")
    assert line.endswith('the pack knows no such event. Did you mean "visit"?')


# --- the shipped packs ------------------------------------------------------------------------------------------------


@cache
def shipped(name: str) -> tuple[Pack, dict[str, list[StoryResult]]]:
    """A shipped pack and what became of its stories, by standard."""
    pack = load_pack(name)
    stories, problems = read_stories(stories_of(name), pack)
    assert not problems, "\n\n".join(map(str, problems))
    found: dict[str, list[StoryResult]] = {}
    for result in run_stories(stories, pack):
        found.setdefault(result.story.standard, []).append(result)
    return pack, found


each_pack = pytest.mark.parametrize("name", pack_names())
TESTED = [(name, standard.id) for name in pack_names() for standard in load_pack(name).tested]


@each_pack
def test_the_stories_of_a_pack_are_read(name: str) -> None:
    """The file of stories has no problem, and only tested standards have stories."""
    pack, found = shipped(name)
    assert found.keys() == {standard.id for standard in pack.tested}


@each_pack
def test_the_names_of_stories_are_their_own(name: str) -> None:
    """No two stories of one pack have the same name, so that a failing one can be found."""
    names = Counter(result.story.name for results in shipped(name)[1].values() for result in results)
    assert [told for told, times in names.items() if times > 1] == []


@pytest.mark.parametrize(("name", "standard"), TESTED, ids=[f"{name}: {standard}" for name, standard in TESTED])
def test_the_stories_of_a_standard_come_out_as_told(name: str, standard: str) -> None:
    """Every story of the standard passes; at least one is met and at least one breached."""
    results = shipped(name)[1].get(standard, [])
    failed = [
        "\n".join([f"{result.story.name} (line {result.story.line})", *result.lines])
        for result in results
        if not result.passed
    ]
    assert not failed, "\n\n".join(failed)
    statuses = {line.status for result in results for line in result.story.expect}
    assert {Status.MET, Status.BREACHED} <= statuses
