"""What several authorities ask, side by side: stricter is said only where it is true, and every clause is shown."""

from __future__ import annotations

import json
import re
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from practice_rules import Event, History, Pack, load_pack
from practice_rules.__main__ import cli
from practice_rules.comparing import Comparison, Topic, compare, compare_history
from practice_rules.loading import data_folder, read_pack_text
from practice_rules.showing_comparisons import comparison_page, comparison_text, history_page, history_text

TOP = """\
authority: {name} Council
title: Standards
documents:
  standards: {{title: Practice Standards}}
working days: Monday to Friday, except bank holidays in England
day one: the next day
hours without times: by date
{extra}
details:
  seen: {{means: Whether the child was seen., values: yes or no}}
  urgent: {{means: Whether it was urgent., values: yes or no}}
  agreed by: {{means: Who agreed., values: text}}
  authorised by: {{means: Who authorised it., values: text}}
  timescale: {{means: The new time., values: a timescale}}
events:
  opened: {{means: A case opens., details: [urgent]}}
  reopened: A case opens again.
  closed: A case closes.
  visited: {{means: A child is visited., details: [seen, urgent, agreed by]}}
  called: A child is called.
  met: A meeting is held.
  changed: {{means: The frequency is changed., details: [timescale, authorised by]}}
  stopped: The clock stops.
  resumed: The clock runs again.
  not needed: It is not needed.
periods:
  case: {{means: A case is open., starts: opened, ends: closed}}
  second case: {{means: A case is open again., starts: reopened, ends: closed}}
  pause: {{means: The clock stands., starts: stopped, ends: resumed}}
{periods}standards:
"""


def pack(name: str, *rules: str, extra: str = "", periods: str = "", swap: tuple[str, str] = ("", "")) -> Pack:
    """A small pack whose standards have these rules."""
    text = TOP.format(name=name.capitalize(), extra=extra, periods=periods).replace(*swap) if swap[0] else ""
    text = text or TOP.format(name=name.capitalize(), extra=extra, periods=periods)
    for number, rule in enumerate(rules, 1):
        says = " ".join(re.findall(r"[\w-]+", rule))
        text += f"  rule-{number}:\n    says: Rule {number} is {says}.\n"
        text += "    reading: It stands beside rule-1, rule-2 and rule-3.\n"
        text += '    source: {section: Part, words: "these printed words"}\n'
        text += "".join(f"    {line}\n" for line in rule.split("; "))
    found, problems = read_pack_text(text, name)
    assert found is not None, "\n".join(map(str, problems))
    return found


def topic(first: str | Pack, second: str | Pack) -> Topic:
    """The only topic on which two packs of one rule each both speak."""
    packs = [each if isinstance(each, Pack) else pack(name, each) for name, each in (("a", first), ("b", second))]
    (found,) = compare(packs).shared
    return found


def every(timescale: str) -> str:
    return f"expect: visited; every: {timescale}; while: case"


def within(timescale: str) -> str:
    return f"expect: visited; within: {timescale}; of: opened"


# ---------------------------------------------------------------- lengths of time

LENGTHS = [
    # The shorter (or either), the longer, and what is true of them.
    ("10 days", "10 days", "the same"),
    ("1 year", "12 months", "the same"),
    ("2 weeks", "14 days", "the same"),
    ("15 days", "15 working days", "stricter"),
    ("4 weeks", "1 month", "stricter"),
    ("1 month", "6 weeks", "stricter"),
    ("12 weeks", "3 months", "stricter"),
    ("1 month", "25 working days", "stricter"),
    ("24 hours", "1 day", "stricter"),
    ("same day", "24 hours", "stricter"),
    ("365 days", "1 year", "stricter"),
    ("91 days", "3 months", "about the same"),
    ("13 weeks", "3 months", "about the same"),
    ("26 weeks", "6 months", "about the same"),
    ("10 working days", "2 weeks", "about the same"),
    ("20 working days", "4 weeks", "about the same"),
    ("20 working days", "1 month", "depends on the day"),
    ("48 hours", "1 working day", "depends on the day"),
    ("4 hours", "same day", "depends on the day"),
    ("3 days", "2 working days", "depends on the day"),
]


@pytest.mark.parametrize(("first", "second", "result"), LENGTHS)
def test_two_lengths_of_time(first: str, second: str, result: str) -> None:
    """The shorter is stricter if it never ends later; if now one ends first and now the other, none is."""
    found = topic(within(first), within(second))
    assert found.result == result
    assert found.stricter == (("a",) if result == "stricter" else ())
    turned = topic(within(second), within(first))
    assert turned.result == result
    assert turned.stricter == (("b",) if result == "stricter" else ())


def test_units_that_differ_are_named() -> None:
    """Where the units differ, the verdict says which they are."""
    found = topic(within("15 days"), within("15 working days"))
    assert found.verdict == "stricter: a (sooner); different units: days and working days"
    assert topic(within("1 year"), within("12 months")).verdict == "the same (1 year and 12 months)"


def test_what_depends_on_the_day_says_how_often() -> None:
    """48 hours end before the next working day's end over a weekend, and after it on most other days."""
    assert topic(within("48 hours"), within("1 working day")).verdict == (
        "a and b: depends on the day, a (48 hours) is the sooner from 24% of days, b (1 working day) from 35%;"
        " different units: hours and working days"
    )


def test_what_depends_on_the_day_in_a_series() -> None:
    """A series whose first times depend on the day is not ranked either."""
    rule = "expect: visited; first within: {}; then every: 10 days; while: case"
    found = topic(rule.format("48 hours"), rule.format("1 working day"))
    assert found.result == "depends on the day"
    assert "now one is the sooner and now the other" in found.verdict


def test_each_pack_counts_in_its_own_way() -> None:
    """Ten days whose first is the day itself end a day sooner; closure days make working days end later."""
    itself = pack("b", within("10 days"), swap=("day one: the next day", "day one: the day itself"))
    assert topic(within("10 days"), itself).stricter == ("b",)
    closed = pack("b", within("3 working days"), extra="closed: [2024-12-27]")
    assert topic(within("3 working days"), closed).stricter == ("a",)
    rolling = pack("b", within("10 days"), extra="if not a working day: next working day")
    assert topic(within("10 days"), rolling).stricter == ("a",)


@pytest.mark.parametrize(
    ("first", "second", "stricter"),
    [
        ("at least: 5 days", "at least: 3 days", "a"),
        ("at least: 5 working days", "at least: 5 days", "a"),
        ("at least: 2 clear working days", "at least: 2 working days", "a"),
        ("at least: 24 hours", "at least: 3 days", "b"),
        ("at least: 1 day", "", "a"),
    ],
)
def test_before_an_event_the_longer_notice_is_stricter(first: str, second: str, stricter: str) -> None:
    """Counted back, more time asks for more, and any time at all for more than none."""
    rules = [f"expect: visited; before: met; {part}".removesuffix("; ") for part in (first, second)]
    assert topic(*rules).stricter == (stricter,)


# ---------------------------------------------------------------- other than length

SAME = "the same"
RULES: list[tuple[str, str, str]] = [
    # Two rules, and "a" (the first is stricter), "the same" or "not ranked".
    (every("10 days") + "; where: {seen: yes}", every("10 days"), "a"),
    (every("10 days"), every("20 days") + "; where: {seen: yes}", "not ranked"),
    ("expect: visited; every: 10 days; while: case", "expect: [visited, called]; every: 10 days; while: case", "a"),
    (within("10 days"), within("10 days") + "; if: {urgent: yes}", "a"),
    (within("10 days") + "; if: {urgent: yes}", within("20 days"), "not ranked"),
    (within("10 days") + "; if: {urgent: yes}", within("20 days") + "; if: {urgent: yes}", "a"),
    (within("10 days"), within("10 days") + "; unless: {urgent: yes}", "a"),
    (within("10 days"), within("10 days") + "; unless: not needed", "a"),
    (within("10 days"), "expect: visited; within: 10 days; of: {event: opened, where: {urgent: yes}}", "a"),
    (within("10 days") + "; or by: met", within("10 days"), "a"),
    (within("10 days"), within("10 days") + "; paused by: pause", "a"),
    (within("10 days"), within("10 days") + "; while: case", "a"),
    (within("10 days"), within("10 days") + "; not while: pause", "a"),
    (within("10 days"), within("10 days") + "; while any of: [case, second case]", "a"),
    (within("10 days"), within("10 days") + "; from: 2024-01-01", "a"),
    (within("10 days"), within("10 days") + "; until: 2024-01-01", "a"),
    (within("10 days"), within("10 days") + "; extended by: {event: changed, to: 20 days}", "a"),
    ("expect: visited; within: 10 days; of each: opened", within("10 days"), "a"),
    (every("10 days"), every("10 days") + "; varied by: {event: changed, authorised by: manager}", "a"),
    (every("10 days") + "; varied by: {event: changed, at most: 10 days}", every("10 days"), SAME),
    (every("10 days") + "; aim: 5 days", every("10 days"), SAME),
    (every("10 days") + "; ages: 3 years and over", every("10 days") + "; ages: 5 years and over", "a"),
    (every("10 days") + "; ages: under 6 years", every("10 days") + "; ages: 3 to 4 years", "a"),
    (every("10 days"), every("10 days") + "; ages: under 5 years", "a"),
    (every("10 days") + "; ages: under 5 years", every("10 days") + "; ages: 3 years and over", "not ranked"),
    (every("10 days") + "; subject: worker", every("20 days"), "not ranked"),
    (
        "expect: visited; first within: 5 days; then every: 6 weeks; while: case",
        every("6 weeks"),
        "a",
    ),
    ("expect: visited; first within: 5 days; then every: 6 weeks; while: case", every("1 month"), "not ranked"),
    ("expect: visited; first within: 5 days; while: case", every("5 days"), "b"),
    (
        "expect: visited; every: 1 week; for the first: 4 weeks; then every: 4 weeks; while: case",
        "expect: visited; every: 1 week; for the first: 4 weeks; then every: 6 weeks; while: case",
        "a",
    ),
    (
        "expect: visited; every: 1 week; for the first: 4 weeks; then every: 4 weeks; while: case",
        every("4 weeks"),
        "not ranked",
    ),
    (
        "expect: visited; times: 3; in every: 4 weeks; while: case",
        "expect: visited; times: 2; in every: 4 weeks; while: case",
        "a",
    ),
    ("expect: visited; times: 3; within: 4 weeks; of: opened", within("4 weeks"), "a"),
    ("expect: visited; times: 2; between each: met", "expect: visited; times: 1; between each: met", "a"),
    ("expect: visited; every: term; while: case", "expect: visited; every: whole term; while: case", "not ranked"),
    (
        "expect: visited; by the: first; of: met; while: case",
        "expect: visited; by the: second; of: met; while: case",
        "a",
    ),
    ("expect: visited; by age: 16 years; while: case", "expect: visited; by age: 17 years; while: case", "a"),
    ("expect: visited; before age: 16 years; while: case", "expect: visited; by age: 16 years; while: case", "a"),
    ("limit: case; to: 6 months", "limit: case; to: 1 year", "a"),
    ("for each: visited; recorded within: 1 day", "for each: visited; recorded within: 2 days", "a"),
    (
        "for each: {event: visited, where: {urgent: yes}}; recorded within: 1 day",
        "for each: visited; recorded within: 2 days",
        "not ranked",
    ),
    ("for each: visited; require: [seen, agreed by]", "for each: visited; require: [seen]", "a"),
    ("share: 90%; " + every("10 days"), "share: 80%; " + every("10 days"), "a"),
    ("expect: visited; every: 10 days; while any of: [case, second case]", every("10 days"), "a"),
]
TERMS = "terms:\n  - {name: Autumn 2024, starts: 2024-09-02, ends: 2024-12-20}"


@pytest.mark.parametrize(("first", "second", "result"), RULES)
def test_two_rules(first: str, second: str, result: str) -> None:
    """One is stricter only where doing what it asks is doing what the other asks."""
    extra = TERMS if "term" in first else ""
    packs = [pack("a", first, extra=extra), pack("b", second, extra=extra)]
    found = compare(packs).shared[0]
    turned = compare(packs[::-1]).shared[0]
    for each in (found, turned):
        assert each.stricter == ((result,) if result in "ab" else ())
        assert each.result == ("stricter" if result in "ab" else result)


def test_breaches_of_one_name_are_of_two_standards() -> None:
    """Acts owed after a breach are not ranked: each pack speaks of its own standard."""
    first = [
        pack(name, within("5 days"), f"expect: called; within: {time}; of breach of: rule-1")
        for name, time in (("a", "1 day"), ("b", "2 days"))
    ]
    assert [each.result for each in compare(first, about="called").topics] == ["not ranked"]


def test_words_with_two_meanings_are_not_ranked() -> None:
    """Packs that mean different things by one name are shown beside each other and not ranked."""
    other = pack("b", every("5 days"), swap=("starts: opened, ends: closed", "starts: reopened, ends: closed"))
    assert topic(every("10 days"), other).verdict == "not to be ranked, they mean different things by “case”"
    limit = pack(
        "b", "limit: case; to: 1 year", swap=("starts: opened, ends: closed", "starts: reopened, ends: closed")
    )
    assert topic("limit: case; to: 6 months", limit).result == "not ranked"
    act = pack("b", every("5 days"), swap=("A child is visited.", "A home is visited."))
    assert "by “visited”" in topic(every("10 days"), act).verdict


def test_a_document_that_contradicts_itself_is_shown_whole() -> None:
    """Every clause of one pack stands under the topic; the shortest time asked of everyone is named."""
    both = pack("a", every("10 days"), every("10 working days"))
    found = topic(both, every("10 working days"))
    assert [ask.timescale for ask in found.asks["a"]] == ["10 days", "10 working days"]
    assert found.verdict.startswith("stricter: a (by a further clause)")


def test_a_pack_that_alone_speaks() -> None:
    """What one pack alone asks is no comparison, and is listed by pack."""
    comparison = compare([pack("a", every("10 days")), pack("b", within("5 days"))])
    assert comparison.shared == ()
    assert [each.verdict for each in comparison.topics] == ["only a asks this", "only b asks this"]
    assert [each.title for each in comparison.only("b")] == ["visited: once, after an event, of opened"]


def test_three_packs() -> None:
    """With three, the strictest is named, what else can be told of the others, and the rest is left open."""
    three = [pack("a", every("1 week")), pack("b", every("91 days")), pack("c", every("3 months"))]
    assert compare(three).shared[0].verdict == (
        "stricter: a (sooner); b and c: about the same; different units: days, months and weeks"
    )
    tied = [pack("a", every("1 week")), pack("b", every("7 days")), pack("c", every("3 months"))]
    assert compare(tied).shared[0].stricter == ("a", "b")
    near = [pack("a", every("13 weeks")), pack("b", every("91 days")), pack("c", every("3 months"))]
    assert compare(near).shared[0].result == "about the same"
    mixed = [
        pack("a", "expect: visited; first within: 5 days; then every: 6 weeks; while: case"),
        pack("b", every("1 month")),
        pack("c", every("6 weeks")),
    ]
    assert compare(mixed).shared[0].verdict == (
        "a and b: not to be ranked, one has a first time and a later one; a is stricter than c (sooner); "
        "b is stricter than c (sooner); different units: days, months and weeks"
    )


def test_the_shortest_time_where_conditions_differ() -> None:
    """Where conditions keep two packs apart, the shorter time for the same children is still named."""
    seen = "; where: {seen: yes}"
    assert topic(every("2 weeks"), every("3 weeks") + seen).verdict == (
        "not to be ranked, they differ in conditions; shortest time (for everyone): a, 2 weeks"
    )
    assert topic(
        every("2 weeks") + "; varied by: {event: changed, authorised by: manager}",
        every("2 weeks") + "; unless: not needed",
    ).verdict == ("not to be ranked, they differ in conditions; the same time (for everyone): 2 weeks")
    unclear = pack("a", every("48 hours"), every("1 working day") + seen)
    assert topic(unclear, every("3 days") + seen).shortest == ()


def test_neither_has_all_the_clauses_of_the_other() -> None:
    """Two packs of which each has a clause the other lacks are not ranked."""
    first = pack("a", every("1 week"), every("2 weeks") + "; where: {seen: yes}")
    second = pack("b", every("1 week"), every("2 weeks") + "; where: {urgent: yes}")
    assert topic(first, second).verdict.startswith("not to be ranked, each has a clause that the other lacks")


def test_names_and_words_that_are_asked_about() -> None:
    """Only topics that hold every word are given, however they are written."""
    packs = [pack("a", every("10 days"), within("5 days")), pack("b", within("6 days"))]
    assert [each.way for each in compare(packs, about="Visited CASE").topics] == ["again and again"]
    assert compare(packs, about="nothing of that").topics == ()


def test_two_packs_of_two_names_are_needed() -> None:
    """One pack, or one twice, cannot be compared."""
    one = pack("a", every("10 days"))
    for packs in ([one], [one, one]):
        with pytest.raises(ValueError, match="two packs of different names"):
            compare(packs)
        with pytest.raises(ValueError, match="two packs of different names"):
            compare_history(History(subject="x", events=[]), packs, as_of=date(2024, 1, 1))


def test_plain_data() -> None:
    """A comparison goes to JSON whole, and to rows of one ask each."""
    comparison = compare([pack("a", every("10 days")), pack("b", every("2 weeks"))])
    data = json.loads(json.dumps(comparison.to_dict()))
    assert data["packs"] == {"a": "A Council", "b": "B Council"}
    (found,) = data["topics"]
    assert found["stricter"] == ["a"]
    assert found["pairs"] == [{"packs": ["a", "b"], "result": "stricter", "why": "sooner"}]
    assert found["asks"]["b"][0]["timescale"] == "2 weeks"
    rows = comparison.rows()
    assert [row["pack"] for row in rows] == ["a", "b"]
    assert rows[0]["source"] == "standards, Part, “these printed words”"
    assert not comparison.topics[0].asks["a"][0].narrowed


# ---------------------------------------------------------------- the shipped packs


@pytest.fixture(scope="module")
def shipped() -> Comparison:
    """Three authorities, compared."""
    return compare([load_pack(name) for name in ("bromley", "city_of_london", "barnet")])


CP, LAC, CONFERENCE = "while child protection plan", "while looked after", "of initial child protection conference held"
AGAIN, ONCE = "again and again", "once, after an event"
#: Checked by hand against the printed documents: what each asks, in their own order, and the verdict's result.
PRINTED: list[tuple[str, str, str, dict[str, list[str]], str, tuple[str, ...]]] = [
    (
        "child visited",
        AGAIN,
        CP,
        {
            "bromley": ["10 working days"],
            "city_of_london": ["10 working days", "10 days", "10 working days"],
            "barnet": ["1 month", "10 working days", "10 working days", "2 weeks"],
        },
        "not ranked",
        (),
    ),
    (
        "core group held",
        AGAIN,
        CP,
        {"bromley": ["first within 10 days, then every 6 weeks"], "city_of_london": ["6 weeks"], "barnet": ["1 month"]},
        "not ranked",
        (),
    ),
    (
        "core group held",
        ONCE,
        CONFERENCE,
        {"bromley": ["10 days"], "barnet": ["10 working days", "10 working days"]},
        "not ranked",
        (),
    ),
    (
        "review child protection conference held",
        AGAIN,
        CP,
        {"city_of_london": ["first within 3 months, then every 6 months"]},
        "only one asks",
        (),
    ),
    (
        "initial child protection conference held",
        ONCE,
        "of strategy discussion held",
        {"bromley": ["15 days"], "city_of_london": ["15 days"], "barnet": ["15 days"]},
        "stricter",
        ("bromley", "city_of_london"),
    ),
    (
        "initial child protection conference held",
        ONCE,
        "of section 47 enquiry started",
        {"barnet": ["15 working days"]},
        "only one asks",
        (),
    ),
    (
        "child visited",
        AGAIN,
        LAC,
        {"bromley": ["1 month", "6 weeks"], "city_of_london": ["6 weeks"], "barnet": ["6 weeks", "6 weeks", "4 weeks"]},
        "not ranked",
        (),
    ),
    (
        "child visited",
        ONCE,
        "of placement started",
        {"bromley": ["3 working days", "3 working days"], "barnet": ["5 working days"]},
        "stricter",
        ("bromley",),
    ),
    (
        "looked after review held",
        AGAIN,
        LAC,
        {
            "city_of_london": ["first within 20 days, second within 3 months, then every 6 months"],
            "barnet": ["first within 1 month, second within 3 months, then every 6 months"],
        },
        "stricter",
        ("city_of_london",),
    ),
    ("assessment completed", ONCE, "of referral accepted", {"city_of_london": ["45 days"]}, "only one asks", ()),
    ("case supervision held", AGAIN, "while open case", {"bromley": ["4 weeks"]}, "only one asks", ()),
    (
        "child visited",
        "recorded",
        "",
        {"bromley": ["48 hours"], "barnet": ["1 working day", "5 working days"]},
        "not ranked",
        (),
    ),
    (
        "core group held",
        "recorded",
        "",
        {"bromley": ["48 hours"], "barnet": ["5 working days"]},
        "stricter",
        ("bromley",),
    ),
    (
        "strategy discussion held",
        "recorded",
        "",
        {"bromley": ["48 hours"], "barnet": ["same day"]},
        "stricter",
        ("barnet",),
    ),
    (
        "significant event occurred",
        "recorded",
        "",
        {"bromley": ["48 hours"], "barnet": ["1 working day"]},
        "depends on the day",
        (),
    ),
]


@pytest.mark.parametrize(("act", "way", "occasion", "asked", "result", "stricter"), PRINTED)
def test_what_the_printed_documents_ask(
    shipped: Comparison,
    act: str,
    way: str,
    occasion: str,
    asked: dict[str, list[str]],
    result: str,
    stricter: tuple[str, ...],
) -> None:
    """The shipped packs on what readers look for first, as the printed documents have it."""
    (found,) = [each for each in shipped.topics if (each.act, each.way, each.occasion) == (act, way, occasion)]
    assert {name: [ask.timescale for ask in asks] for name, asks in found.asks.items()} == asked
    assert (found.result, found.stricter) == (result, stricter)


def test_ten_days_in_one_clause_are_the_shortest(shipped: Comparison) -> None:
    """The City's handbook has 10 working days and 10 days; the shorter is named, and both are shown."""
    found = shipped.families()["Child protection visits"][0]
    assert found.shortest == ("city_of_london",)
    assert "shortest time (for everyone): city_of_london, 10 days" in found.verdict


def test_the_families_stand_in_the_order_readers_want(shipped: Comparison) -> None:
    """Visits, core groups, conferences, looked after children, assessments, supervision and recording come first."""
    assert list(shipped.families()) == [
        "Child protection visits",
        "Core groups",
        "Review conferences",
        "Initial conferences",
        "Looked after visits",
        "Looked after reviews",
        "Assessments",
        "Supervision",
        "Recording",
        "Other matters",
    ]


def test_the_order_of_packs_changes_no_result(shipped: Comparison) -> None:
    """Who is stricter does not depend on who is named first."""
    turned = compare([load_pack(name) for name in ("barnet", "city_of_london", "bromley")])
    told = {each.title: (each.result, sorted(each.stricter), sorted(each.shortest)) for each in shipped.topics}
    assert told == {each.title: (each.result, sorted(each.stricter), sorted(each.shortest)) for each in turned.topics}


# ---------------------------------------------------------------- one history


def history(*events: tuple[str, Any, dict[str, Any]]) -> History:
    """A history of events: name, day, details."""
    return History(
        subject="x",
        born=date(2015, 3, 2),
        events=[Event(name, on, id=f"e{number}", details=details) for number, (name, on, details) in enumerate(events)],
    )


CASE = history(
    ("opened", date(2024, 3, 1), {"urgent": False}),
    ("visited", date(2024, 3, 20), {"seen": True, "urgent": False}),
    ("reopened", datetime(2024, 3, 21, 9), {}),
)


def differ(first: list[str], second: list[str], case: History = CASE) -> list[tuple[str, list[str], bool]]:
    """Act, packs that ask, and whether the result differs."""
    _, found = compare_history(case, [pack("a", *first), pack("b", *second)], as_of=date(2024, 6, 28))
    return [(each.act, list(each.packs), each.result_differs) for each in found]


def test_one_history_by_two_packs() -> None:
    """The same visit is in time for one authority and late for another, each with its clause."""
    assert differ([within("10 days")], [within("1 month")]) == [("visited", ["a", "b"], True)]
    assert differ([within("20 days")], [within("1 month")]) == [("visited", ["a", "b"], False)]
    assert differ([within("20 days")], [within("20 days")]) == []


def test_what_only_one_authority_asks_of_the_history() -> None:
    """A duty that only one pack opens is a difference, of acts, of records and of times of day."""
    assert differ([within("10 days")], [every("10 days")])[0][1] in (["a"], ["b"])
    assert differ(
        ["for each: [visited, opened]; recorded within: 1 day"], ["for each: visited; require: [urgent]"]
    ) == [
        ("opened", ["a"], False),
        ("visited", ["a"], False),
        ("visited", ["b"], False),
    ]
    assert differ(["expect: visited; within: 1 day; of: reopened"], [within("20 days")])[1][1] == ["a"]


def test_a_duty_met_by_either_of_two_acts_is_one_difference() -> None:
    """One duty that any of two acts meets stands once, where the other pack asks for the act."""
    either = "expect: [visited, called]; within: 10 days; of: opened"
    assert differ([either], [within("1 month")]) == [("visited", ["a", "b"], True)]


def test_what_cannot_be_judged_is_a_difference_too() -> None:
    """A missing fact is neither met nor breached, and is shown beside the other's result."""
    case = history(("opened", date(2024, 3, 1), {}), ("visited", date(2024, 3, 2), {}))
    packs = [pack("a", within("10 days") + "; if: {urgent: yes}"), pack("b", within("10 days"))]
    evaluations, (found,) = compare_history(case, packs, as_of=date(2024, 6, 28), known_at=date(2024, 6, 28))
    assert [each.pack for each in evaluations] == ["a", "b"]
    assert list(found.not_assessed) == ["a"]
    assert found.asked_by_all
    data = json.loads(json.dumps(found.to_dict()))
    assert data["not_assessed"]["a"][0]["missing"] == "the detail “urgent” of “opened”"
    assert data["obligations"]["b"][0]["status"] == "met"
    assert "The record lacks" in history_text(evaluations, [found])


def test_a_missing_fact_without_a_day_is_no_difference() -> None:
    """What has no day cannot be laid beside a duty of another pack; it stays in the evaluation."""
    unborn = History(subject="x", events=[Event("opened", date(2024, 3, 1), id="e1")])
    rule = "expect: visited; by age: 16 years"
    evaluations, found = compare_history(unborn, [pack("a", rule), pack("b", within("1 day"))], as_of=date(2024, 6, 28))
    assert evaluations[0].not_assessed
    assert all("a" not in each.packs for each in found if each.opened is None)


# ---------------------------------------------------------------- as text and as a page


def test_text(shipped: Comparison) -> None:
    """The text has every family, the verdict, clause and reading, and no line is too long."""
    text = comparison_text(shipped, width=80)
    assert max(map(len, text.splitlines())) <= 80
    assert text.index("Core groups\n===") < text.index("Recording\n===") < text.index("Only one authority asks\n===")
    assert "  -> bromley is stricter than city_of_london (sooner)" in comparison_text(shipped, width=200)
    short = comparison_text(shipped, only_shared=True)
    assert "only city_of_london" not in short
    assert "Only one authority asks" not in short


def test_page(shipped: Comparison) -> None:
    """The page fetches nothing, has a contents list whose links lead somewhere, and escapes what packs say."""
    page = comparison_page(shipped)
    assert "http" not in page.replace("https://www.w3.org", "")
    assert page.count('href="#_family-') == page.count('<h2 id="_family-') == 10
    assert "City of London Corporation" in page
    assert "Nothing under this topic" in page
    odd = pack("b", every("10 days"), swap=("B Council", "<b>B</b> Council"))
    assert "&lt;b&gt;B" in comparison_page(compare([pack("a", every("10 days")), odd]))
    assert "No standard of these packs" in comparison_page(compare([pack("a", every("9 days")), odd], about="nothing"))


def test_history_shown() -> None:
    """Text and page name each authority's result, date and clause."""
    evaluations, found = compare_history(
        CASE,
        [
            pack("a", within("10 days"), "expect: called; within: 1 day; of: opened"),
            pack("b", within("1 month")),
            pack("c", within("1 month")),
        ],
        as_of=date(2024, 6, 28),
    )
    text = history_text(evaluations, found, width=100)
    assert "a: breached, due Mon 11 Mar 2024, done Wed 20 Mar 2024, 9 days late [rule-1]" in text
    assert "b: nothing" in text
    page = history_page(evaluations, found)
    assert "Asks nothing here" in page
    assert "9 days late" in page
    assert "these printed words" in page
    same, none = compare_history(
        CASE, [pack("a", within("1 month")), pack("b", within("1 month"))], as_of=date(2024, 6, 28)
    )
    assert "The results do not differ." in history_text(same, none)


# ---------------------------------------------------------------- the command

CHILD = str(data_folder("examples") / "bromley_child.json")


def run(*words: str, code: int = 0) -> Result:
    result = CliRunner().invoke(cli, ["compare", *words], prog_name="practice-rules", env={"COLUMNS": "80"})
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    assert result.exit_code == code, result.output
    return result


def test_the_command_compares_packs(tmp_path: Path) -> None:
    """Text, JSON and a page of the same comparison."""
    words = ("bromley", "barnet", "--about", "core group", "--only-shared")
    assert "stricter: bromley" in run(*words).stdout
    data = json.loads(run(*words, "--json").stdout)
    assert {topic["act"] for topic in data["topics"]} == {"core group held"}
    page = tmp_path / "page.html"
    assert run(*words, "--html", str(page)).stdout == f"Written: {page}\n"
    assert "London Borough of Barnet" in page.read_text(encoding="utf-8")


def test_the_command_says_when_there_is_nothing() -> None:
    """Words that stand in no topic end with exit code 1."""
    assert run("bromley", "barnet", "--about", "zebra", code=1).stdout == "No standard of these packs is about that.\n"


def test_the_command_compares_a_history(tmp_path: Path) -> None:
    """One history by two packs: text, JSON and a page."""
    words = ("bromley", "barnet", "--history", CHILD, "--as-of", "2024-06-28")
    text = run(*words).stdout
    assert "Not every authority asks" in text
    assert "Not every authority asks" not in run(*words, "--only-shared").stdout
    data = json.loads(run(*words, "--json").stdout)
    assert [each["pack"] for each in data["evaluations"]] == ["bromley", "barnet"]
    assert data["differences"]
    page = tmp_path / "page.html"
    run(*words, "--html", str(page))
    assert "one history, 2 authorities" in page.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["bromley"], "at least two packs"),
        (["bromley", "bromley"], "bromley is there more than once"),
        (["bromley", "barnet", "--as-of", "2024-06-28"], "belong to --history"),
        (["bromley", "barnet", "--history", CHILD], "--as-of DATE"),
        (["bromley", "barnet", "--history", CHILD, "--as-of", "2024-06-28", "--about", "x"], "--about belongs"),
        (["bromley", "barnett"], "barnet"),
    ],
)
def test_a_wrong_question_is_answered_in_words(words: list[str], message: str) -> None:
    """A mistake in the question ends with exit code 2 and says what to do."""
    assert message in run(*words, code=2).stderr


def test_a_history_that_cannot_be_judged(tmp_path: Path) -> None:
    """A wrong history is refused with exit code 1."""
    path = tmp_path / "wrong.csv"
    path.write_text("id,event,date\na,child protection plan ended,2024-03-28\n", encoding="utf-8")
    assert run("bromley", "barnet", "--history", str(path), "--as-of", "2024-06-28", code=1).stderr
