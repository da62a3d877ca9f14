"""What records cannot hold, and what follows for each standard: no breach is made up, and none is lost in silence."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from functools import cache
from typing import Any

import pytest

from practice_rules.evaluating import evaluate
from practice_rules.events import History
from practice_rules.feeding import Effect, Unfed, unfed
from practice_rules.loading import load_pack, read_pack_text
from practice_rules.pack import Pack
from practice_rules.readers.event_log import EVERYTHING
from practice_rules.synthetic import synthetic_authority

TEXT = """\
authority: Barsetshire
title: Standards
documents: {standards: {title: Standards}}
working days: Monday to Friday, except bank holidays in England
day one: the next day
events:
  referral made: A referral is made.
  contact made: A contact is made.
  child visited: A worker visits.
  child called: A worker calls.
  plan started: A plan starts.
  plan ended: A plan ends.
  order made: An order is made.
  order ended: An order ends.
  case moved: The case goes elsewhere.
  time agreed: Another time is agreed.
  leave started: A leave starts.
  leave ended: A leave ends.
  notice given: Notice is given.
periods:
  plan: {means: A plan runs., starts: plan started, ends: plan ended}
  order: {means: An order runs., starts: order made, ends: order ended}
  stay: {means: Either., starts: [plan started, order made], ends: plan ended, until: [order ended, case moved]}
  leave: {means: A leave., starts: leave started, ends: leave ended}
standards:
"""
FIRST = """\
  first:
    says: A first visit in 5 days.
    source: {section: "1", words: "a first visit within"}
    expect: child visited
    within: 5 days
    of: referral made
"""
EVERY = """\
  visits:
    says: Visits every 5 days.
    source: {section: "2", words: "visits every five days"}
    expect: child visited
    every: 5 days
    while: plan
"""
LIMIT = """\
  lasts:
    says: A plan for 5 days.
    source: {section: "3", words: "no longer than five"}
    limit: plan
    to: 5 days
"""
ALL = {
    *("referral made", "contact made", "child visited", "child called", "plan started", "plan ended", "order made"),
    *("order ended", "case moved", "time agreed", "leave started", "leave ended", "notice given"),
}


def rules(text: str) -> Pack:
    found, problems = read_pack_text(TEXT + text, "standards")
    assert found is not None, "\n".join(map(str, problems))
    return found


def lacking(text: str, *words: str) -> dict[str, tuple[str, tuple[str, ...]]]:
    return {each.standard: (str(each.effect.value), each.words) for each in unfed(rules(text), ALL - set(words))}


NEVER, UNSURE, WITHOUT = "never opens", "unsure", "judged without"


@pytest.mark.parametrize(
    ("text", "words", "effect"),
    [
        (FIRST, ("child visited",), UNSURE),
        (FIRST, ("referral made",), NEVER),
        (FIRST, ("referral made", "child visited"), NEVER),  # the gravest is told
        (FIRST, ("plan started",), None),
        (FIRST.replace("of: referral made", "of: [referral made, contact made]"), ("contact made",), WITHOUT),
        (FIRST.replace("expect: child visited", "expect: [child visited, child called]"), ("child called",), UNSURE),
        (FIRST + "    unless: case moved\n", ("case moved",), UNSURE),
        (FIRST + "    varied by: time agreed\n", ("time agreed",), WITHOUT),
        (FIRST + "    extended by: {event: time agreed, to: 9 days}\n", ("time agreed",), WITHOUT),
        (FIRST + "    or by: notice given\n", ("notice given",), WITHOUT),
        (FIRST + "    paused by: leave\n", ("leave started",), WITHOUT),
        (EVERY, ("plan started",), NEVER),
        (EVERY, ("plan ended",), UNSURE),
        (EVERY.replace("while: plan", "while: stay"), ("plan started",), WITHOUT),
        (EVERY.replace("while: plan", "while: stay"), ("plan started", "order made"), NEVER),
        (EVERY.replace("while: plan", "while: stay"), ("plan ended",), WITHOUT),
        (EVERY.replace("while: plan", "while: stay"), ("plan ended", "order ended", "case moved"), UNSURE),
        (EVERY.replace("while: plan", "while any of: [plan, order]"), ("plan started",), WITHOUT),
        (EVERY.replace("while: plan", "while any of: [plan, order]"), ("plan started", "order made"), NEVER),
        (EVERY.replace("while: plan", "while: [plan, order]"), ("order made",), NEVER),
        (EVERY + "    not while: order\n", ("order made",), UNSURE),
        (EVERY + "    not while: order\n", ("order ended",), UNSURE),
        (EVERY + "    not while: stay\n", ("order made",), WITHOUT),
        (EVERY + "    not while: stay\n", ("case moved",), WITHOUT),
        (FIRST + "    paused by: leave\n", ("leave ended",), WITHOUT),
        (LIMIT, ("plan started",), NEVER),
        (LIMIT, ("plan ended",), UNSURE),
    ],
)
def test_what_follows_from_a_word_that_is_lacking(text: str, words: tuple[str, ...], effect: str | None) -> None:
    """By hand: what opens, what meets, what ends, what bars and what moves."""
    found = lacking(text, *words)
    if effect is None:
        assert found == {}
        return
    ((told, named),) = found.values()
    assert told == effect
    assert set(named) <= set(words)


def test_a_breach_that_cannot_be_told_opens_nothing() -> None:
    """What follows from a breach of a standard that cannot be judged cannot be judged either; else it can."""
    follow = (
        '  follow:\n    says: Then a call in 5 days.\n    source: {section: "4", words: "then a call is"}\n'
        "    expect: child called\n    within: 5 days\n    of breach of: first\n"
    )
    assert lacking(FIRST + follow, "child visited") == {
        "first": (UNSURE, ("child visited",)),
        "follow": (UNSURE, ("child visited",)),
    }
    assert lacking(FIRST + follow, "referral made")["follow"] == (NEVER, ("referral made",))
    assert lacking(FIRST + "    varied by: time agreed\n" + follow, "time agreed") == {
        "first": (WITHOUT, ("time agreed",))
    }


def test_reasons_are_sentences() -> None:
    """Each effect has its reason, with the words and what the data are called."""
    pack = rules(FIRST)
    told = {
        tuple(sorted(words)): [each.reason for each in unfed(pack, ALL - words, "an extract")]
        for words in ({"child visited"}, {"referral made"})
    }
    assert told == {
        ("child visited",): ["an extract cannot hold “child visited”, so what is not met cannot be told"],
        ("referral made",): ["nothing can open it: an extract cannot hold “referral made”"],
    }
    assert [Unfed("a", (), effect, "").assessed for effect in Effect] == [
        effect is Effect.JUDGED_WITHOUT for effect in Effect
    ]


def test_what_holds_everything_feeds_everything() -> None:
    """A log of which it was said that it holds everything lacks nothing, and an empty one nearly everything."""
    for name in ("barnet", "bromley", "city_of_london", "wokingham"):
        pack = load_pack(name)
        assert unfed(pack, EVERYTHING) == unfed(pack, frozenset(pack.events)) == ()
        assert len(unfed(pack, ())) == len(pack.tested)


# --- against the evaluation itself -----------------------------------------------------------------------------------


@cache
def histories() -> list[History]:
    return list(synthetic_authority(12).histories())


def judged(history: History, pack: Pack) -> dict[str, list[tuple[Any, ...]]]:
    """Every duty of each standard, with its status."""
    found: dict[str, list[tuple[Any, ...]]] = defaultdict(list)
    as_of = date(2024, 3, 31)
    blocks, _ = evaluate(history, pack, as_of=as_of, unknown_events="note", check=False).parts()
    for number, duties, statuses in blocks:
        for duty, status in zip(duties, statuses, strict=True):
            found[pack.standards[number].id].append((duty[0], duty[2], duty[3], duty[5], status))
    return found


@pytest.mark.parametrize("name", ["barnet", "bromley", "city_of_london", "wokingham"])
def test_standards_that_are_not_told_are_judged_as_with_the_word(name: str) -> None:
    """For each word of the invented histories: without its events, a standard that is not told keeps every verdict."""
    pack = load_pack(name)
    words = sorted({each for history in histories() for each in history.names} & set(pack.events))
    assert len(words) > 40
    whole = [judged(history, pack) for history in histories()]
    compared = 0
    for word in words:
        told = {each.standard for each in unfed(pack, frozenset(pack.events) - {word})}
        for history, before in zip(histories(), whole, strict=True):
            if word not in history.names:
                continue
            rest = [event for event in history.events if event.key != word]
            less = History(history.subject, rest, born=history.born, kind=history.kind, facts=history.facts)
            after = judged(less, pack)
            for standard in pack.tested:
                if standard.id not in told:
                    assert before.get(standard.id) == after.get(standard.id), (word, standard.id)
                    compared += 1
    assert compared > 1000
