"""For every tested standard of every shipped pack: the day before, the day, and the day after.

The histories are made from the standard's own declaration (`witness`), and the dates by `independent` from the text of
the timescale; here both are put to the library.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cache

import pytest
import yaml

from practice_rules.evaluating import evaluate
from practice_rules.events import Event, History
from practice_rules.loading import data_folder, find_pack, pack_names, read_pack_text
from practice_rules.pack import Pack
from witness import NUMBERS, ORDINALS, Book, Case, Impossible, Witness

#: Standards of which no history can be made, as (pack, standard), with the reason.
EXCEPTIONS: dict[tuple[str, str], str] = {}

SHAPES = """\
authority: Barsetshire County Council
title: Every shape of standard
documents: {standards: {title: Practice Standards}}
working days: Monday to Friday, except bank holidays in England
day one: the next day
hours without times: by date
closed: [2024-12-27, 2024-12-30]
terms:
  - {name: Spring 2024, starts: 2024-01-04, ends: 2024-03-28}
  - {name: Summer 2024, starts: 2024-04-15, ends: 2024-07-22}
details:
  seen: {means: Whether the child was seen., values: yes or no}
  emergency: {means: Whether it was an emergency., values: yes or no, unless said: no}
  disability: {means: Whether the child is disabled., values: yes or no}
  sort: {means: What sort it was., values: [review, initial, other]}
  score: {means: A score., values: a number}
  reason: {means: Why., values: text}
  signed on: {means: When it was signed., values: a date}
events:
  referral: {means: A referral comes in., details: [emergency, score]}
  visit: {means: A worker visits., details: [seen, reason]}
  call: A worker calls.
  review: {means: A review is held., details: [sort, score, reason, signed on]}
  report: A report is shared.
  declined: The family declines.
  plan started: {means: A plan starts., details: [sort]}
  plan ended: A plan ends.
  need started: A plan of need starts.
  need ended: A plan of need ends.
  went missing: The child goes missing.
  found: The child is found.
  moved: {means: The child moves., details: [sort]}
  left: The child leaves.
periods:
  plan: {means: There is a plan., starts: plan started, ends: plan ended}
  need: {means: There is need., starts: need started, ends: need ended}
  missing: {means: The child is missing., starts: went missing, ends: found}
  first weeks: {means: The child is new., starts: moved, until: [review, left], where: {sort: initial}}
  childhood: {means: A childhood., starts: birth, until: left}
standards:
"""
#: One line for each standard: its own keys.
LINES = """\
expect: visit; within: 10 working days; of: referral; if: {score: at least 3, disability: yes}; unless: {emergency: yes}
expect: visit; where: {seen: yes}; within: 1 month; of: [referral, call]; unless: declined
expect: visit; within: 5 days; of: plan started; while: plan; or by: call
expect: report; within: 7 days; of each: review; while: [plan, need]; not while: missing
expect: review; within: 6 months; of: review; while any of: [plan, need]
expect: visit; within: 24 hours; of: referral
expect: visit; within: 36 hours; of: referral
expect: visit; within: same day; of: plan ended
expect: visit; within: 14 days; of: birth
expect: report; within: 3 months; of turning: 17 years 6 months; if: {disability: yes}
expect: report; within: 5 days; of breach of: number-1
expect: report; within: same day; of breach of: number-14
expect: visit; times: 3; within: 4 weeks; of: referral
limit: need; to: 2 months
expect: report; at least: 2 clear working days; before: review; while: plan
expect: report; before: review; ages: under 5 years
expect: report; at least: 24 hours; before: review
expect: report; at least: 3 months; before: birth
expect: visit; every: 1 week; for the first: 4 weeks; then every: 6 weeks; while: plan
expect: visit; every: 10 working days; while: first weeks; ages: 5 to 10 years
expect: [visit, call]; every: 2 weeks; while: [plan, need]; if: {sort: review}; not while: missing
expect: visit; every: term; while: need
expect: visit; every: whole term; while: need
expect: review; where: {sort: [review, other]}; first within: 9 days; then every: 2 months; while: plan
expect: visit; first within: 15 days; second within: 1 month; then every: 1 year; while: plan
expect: review; first within: 15 days; second within: 1 month; while: first weeks
expect: report; by age: 15 years 6 months; while: plan
expect: report; before age: 16 years
expect: report; by age: 1 year; while: childhood
for each: [visit, call]; recorded within: 24 hours
for each: visit; if: {seen: no}; recorded within: 2 working days; while: plan
for each: visit; if: {seen: no}; require: [reason]
for each: review; require: {score: at least 3, sort: [review, initial], signed on: present, reason: absent}
for the first: review; require: [reason]; while: plan
for the last: review; require: [signed on]; while: plan
expect: visit; times: 1; in every: 12 months; while: plan
expect: visit; times: 3; in every: 6 weeks; while: plan
expect: visit; times: 2; in every: term; while: need
expect: visit; where: {seen: yes}; times: 2; in every: 3 events; while: plan
expect: visit; times: 2; between each: review; while: plan
expect: report; by the: second; of: [review, call]; while: plan; not while: missing
expect: report; by the: next; of: review; since: referral
share: 80%; expect: visit; within: 15 days; of: referral
expect: visit; within: 8 days; of: call; until: 2024-12-31
expect: visit; within: 7 days; of: call; from: 2025-01-01; replaces: number-44
expect: visit; every: 3 weeks; while: need; from: 2024-06-01; until: 2024-07-31; ages: 3 years and over
"""


def shapes() -> str:
    """The pack of every shape: each line one standard, whose sentence says every number."""
    lines = LINES.strip().split("\n")
    ids = [f"number-{place}" for place in range(1, len(lines) + 1)]
    numbers = " ".join(map(str, range(1, 81)))
    text = SHAPES
    for id, line in zip(ids, lines, strict=True):
        text += f"  {id}:\n    says: All of {numbers}.\n    source: {{section: S, words: some printed words}}\n"
        text += f"    reading: Beside {', '.join(other for other in ids if other != id)}.\n"
        text += "".join(f"    {key}\n" for key in line.split("; "))
    return text


#: Packs made here, by name: every shape of standard, and the same with the other conventions.
MADE = {
    "shapes": shapes(),
    "shapes, otherwise": shapes()
    .replace("day one: the next day", "day one: the day itself\nif not a working day: next working day")
    .replace("hours without times: by date", "hours without times: not assessed"),
}
PACKS = [*pack_names(), *MADE]


@cache
def vocabulary() -> str:
    return (data_folder("standards") / "vocabulary.yaml").read_text(encoding="utf-8")


@cache
def text_of(name: str) -> str:
    return MADE[name] if name in MADE else find_pack(name).read_text(encoding="utf-8")


@cache
def book_of(name: str) -> Book:
    return Book(text_of(name), vocabulary())


@cache
def pack_of(name: str) -> Pack:
    return read(text_of(name))


def read(text: str) -> Pack:
    pack, problems = read_pack_text(text)
    assert pack is not None, "\n".join(map(str, problems))
    return pack


@cache
def table(name: str, standard: str) -> tuple[Case, ...]:
    """Every case of a standard, from its text."""
    return tuple(Witness(book_of(name), standard).cases())


def found(case: Case, pack: Pack, standard: str) -> tuple[str, ...]:
    """What the library makes of a case, in the words of the table."""
    events = [
        Event(one.name, one.day, details=one.details, recorded=one.recorded, id=f"e{place}")
        for place, one in enumerate(case.happenings)
    ]
    history = History("w", events, born=case.born, facts=case.facts, kind=case.subject)
    result = evaluate(history, pack, as_of=case.as_of)
    lines = []
    counted = result.cohort if pack[standard].share else (*result.obligations, *result.lapsed)
    for duty in counted:
        if duty.standard != standard:
            continue
        done = "" if duty.met_on is None else f" done {duty.met_on}"
        late = "" if duty.days_late is None else f", {duty.days_late} days late"
        lines.append(f"{duty.status} {duty.opened} > {duty.due or 'no date'}{done}{late}")
    lines += [f"not assessed {gap.opened}" for gap in result.not_assessed if gap.standard == standard]
    return tuple(sorted(lines))


def differences(cases: tuple[Case, ...], pack: Pack, standard: str) -> Iterator[str]:
    """Every case of which the library makes something else than the table."""
    for case in cases:
        came = found(case, pack, standard)
        if came != case.expected:
            events = "; ".join(f"{one.day} {one.name} {one.details or ''}" for one in case.happenings)
            shown = f"{case.said}\n  as of {case.as_of}, born {case.born}, facts {case.facts}, {events}"
            yield f"{shown}\n  expected {case.expected}\n  came     {came}"


EVERY = [(name, standard) for name in PACKS for standard in book_of(name).tested]
MADE_TABLES = [pair for pair in EVERY if pair not in EXCEPTIONS]


@pytest.mark.parametrize(("name", "standard"), MADE_TABLES)
def test_the_day_before_the_day_and_the_day_after(name: str, standard: str) -> None:
    """Done on the last day is met and the day after is late; not done, it is due on the last day and breached after."""
    cases = table(name, standard)
    # Every case by the standard alone; every third also by the whole pack, where others stand beside it.
    wrong = [*differences(cases, read(alone(name, standard)), standard)]
    wrong += differences(cases[::3], pack_of(name), standard)
    assert not wrong, f"{len(wrong)} of {len(cases)}:\n" + "\n".join(wrong[:5])


def test_no_standard_is_left_out() -> None:
    """Cases are made of every tested standard but those in the table of exceptions, and of these none can be made."""
    impossible = {}
    for name, standard in EVERY:
        try:
            table(name, standard)
        except Impossible as reason:
            impossible[name, standard] = str(reason)
    assert impossible.keys() == EXCEPTIONS.keys(), f"impossible: {impossible}; excepted: {EXCEPTIONS}"


@pytest.mark.parametrize("name", PACKS)
def test_every_table_has_every_outcome(name: str, record_property: Callable[[str, object], None]) -> None:
    """Each standard has cases that are met, breached and, where that can be, still due; and many of them."""
    made = 0
    for standard in book_of(name).tested:
        if (name, standard) in EXCEPTIONS:
            continue
        cases = table(name, standard)
        made += len(cases)
        words = {line.split(" ")[0] for case in cases for line in case.expected}
        # An event that nobody has recorded is not known yet, and which is the last is known when it is past: never due.
        past = {"recorded within", "for the last"} & book_of(name).standards[standard].keys()
        wanted = {"met", "breached"} if past else {"met", "breached", "due"}
        assert wanted <= words, f"{standard}: only {words}"
        assert len(cases) >= 20, f"{standard}: only {len(cases)} cases"
    record_property("cases", made)
    assert made >= 40 * len(book_of(name).tested)


@pytest.mark.parametrize("name", PACKS)
def test_the_table_reads_what_the_pack_shows(name: str) -> None:
    """The numbers that the table counts by are those that the library read from the same text."""
    shown = {standard.id: dict(standard.words) for standard in pack_of(name).standards}
    book = book_of(name)
    assert [standard.id for standard in pack_of(name).tested] == book.tested
    for standard in book.tested:
        its = book.standards[standard]
        for key in NUMBERS:
            if isinstance(its.get(key), str):
                assert shown[standard][key] == its[key], f"{standard}: {key}"


# --- would a wrong number be noticed?


def others(value: str, itself: bool) -> list[str]:
    """The same with one number changed: "46 working days" for "45 working days"; nothing where there is no number."""
    if value in ORDINALS:
        return [ORDINALS[ORDINALS.index(value) + 1]]
    if value == "next":
        return ["second"]
    if value == "same day":
        # Where the day of the event is day 1, one day is the same day.
        return ["2 days" if itself else "1 day"]
    made = []
    for figure in re.finditer(r"[0-9]+", value):
        # The lower of two ages goes down, so that it stays the lower.
        number = int(figure[0]) + (-1 if value[figure.end() :].startswith(" to ") else 1)
        behind = value[figure.end() :]
        if number == 2:
            behind = re.sub(r"(hour|day|week|month|year)\b", r"\1s", behind, count=1)
        if number >= 0:
            made.append(f"{value[: figure.start()]}{number}{behind}")
    return made


@cache
def tree_of(name: str) -> tuple[list[int], list[tuple[str, dict[str, yaml.Node]]]]:
    """Where each standard of a pack's text begins, with the end of the text, and the nodes of each."""
    top = yaml.compose(text_of(name), yaml.SafeLoader)
    standards = next(value for word, value in top.value if word.value == "standards")
    begins = [word.start_mark.index for word, _ in standards.value]
    nodes = [(word.value, {inner.value: node for inner, node in value.value}) for word, value in standards.value]
    return [*begins, len(text_of(name))], nodes


def alone(name: str, standard: str, key: str = "", value: str = "") -> str:
    """A pack's text with one standard, and those it names or that name it; if a key is given, with another value."""
    its = book_of(name).standards
    wanted = {standard} | {its[standard][word] for word in ("of breach of", "replaces") if word in its[standard]}
    wanted |= {other for other in its if its[other].get("replaces") == standard}
    begins, standards = tree_of(name)
    edits = []
    for place, (id, nodes) in enumerate(standards):
        if id not in wanted:
            edits.append((begins[place], begins[place + 1], ""))
        elif id == standard and key:
            says = nodes["says"].start_mark.index + (nodes["says"].style in ("'", '"'))
            # The sentence must say every number of the rule.
            edits.append((says, says, " ".join(re.findall("[0-9]+", value)) + " "))
            edits.append((nodes[key].start_mark.index, nodes[key].end_mark.index, value))
    text = text_of(name)
    for start, end, new in sorted(edits, reverse=True):
        text = text[:start] + new + text[end:]
    return text


@pytest.mark.parametrize("name", PACKS)
def test_another_number_would_be_noticed(name: str) -> None:
    """Change any one number of any standard by one, and the table disagrees with the library."""
    unnoticed, changed = [], 0
    for standard in book_of(name).tested:
        its = book_of(name).standards[standard]
        itself = Witness(book_of(name), standard).itself
        for key in NUMBERS if (name, standard) not in EXCEPTIONS else ():
            for value in others(its[key], itself) if isinstance(its.get(key), str) else ():
                changed += 1
                other = read(alone(name, standard, key, value))
                if next(differences(table(name, standard), other, standard), None) is None:
                    unnoticed.append(f"{standard}: {key}: {value}")
    assert not unnoticed
    assert changed > 10


def test_a_working_day_more_would_be_noticed() -> None:
    """Were it 16 working days and not 15, what was late by a day would be in time, and nothing else would change."""
    name, standard = "bromley", "assessment-after-unplanned-admission"
    assert book_of(name).standards[standard]["within"] == "15 working days"
    other = read(alone(name, standard, "within", "16 working days"))
    for case in table(name, standard):
        before = [line.split(" ")[0] for line in case.expected]
        after = [line.split(" ")[0] for line in found(case, other, standard)]
        assert (before != after) == ("breached" in before and "the day after" in case.said), case.said
