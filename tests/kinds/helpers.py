"""A small pack from YAML text, a case from lines, and the outcome as lines that can be compared by eye."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from functools import cache
from textwrap import dedent, indent

from practice_rules.evaluating import evaluate
from practice_rules.evaluations import Evaluation
from practice_rules.events import Detail, Event, History
from practice_rules.loading import read_pack_text
from practice_rules.pack import Pack

TOP = """\
authority: Barsetshire County Council
title: Practice standards
documents:
  standards: {title: Practice Standards}
working days: Monday to Friday, except bank holidays in England
day one: the next day
hours without times: by date
closed: [2024-12-27, 2024-12-30]
terms:
  - {name: Autumn 2023, starts: 2023-09-04, ends: 2023-12-20}
  - {name: Spring 2024, starts: 2024-01-04, ends: 2024-03-28}
  - {name: Summer 2024, starts: 2024-04-15, ends: 2024-07-22}
details:
  authorised by: {means: Who authorised it., values: text}
  emergency: {means: Whether it was an emergency., values: yes or no}
  urgent: {means: Whether it was urgent., values: yes or no, unless said: no}
  seen: {means: Whether the child was seen., values: yes or no}
  sort: {means: What sort it was., values: [review, initial, other]}
  score: {means: A score., values: a number}
  reason: {means: The reason., values: text}
  signed on: {means: The day it was signed., values: a date}
  timescale: {means: The timescale agreed., values: a timescale}
  new date: {means: The date agreed., values: a date}
events:
  referral: A referral comes in.
  strategy discussion: A strategy discussion is held.
  assessment: An assessment is completed.
  visit: A worker visits the child.
  call: A worker calls the family.
  review: A review is held.
  conference: A conference is held.
  report: A report is shared.
  minutes: Minutes are sent out.
  plan agreed: A plan is agreed.
  plan started: A plan starts.
  plan ended: A plan ends.
  need started: A child in need plan starts.
  need ended: A child in need plan ends.
  went missing: The child goes missing.
  found: The child is found.
  moved: The child moves to another placement.
  left: The child leaves the placement.
  declined: The family declines.
  agreed otherwise: Another timescale is agreed.
  manager told: A manager is told.
periods:
  plan: {means: The child has a plan., starts: plan started, ends: plan ended}
  need: {means: The child is in need., starts: need started, ends: need ended}
  missing: {means: The child is missing., starts: went missing, ends: found}
  placement: {means: The child is placed., starts: moved, ends: left, until: moved}
  review plan: {means: A plan of the sort review., starts: plan started, ends: plan ended, where: {sort: review}}
  unsure end: {means: Ended by an emergency., starts: moved, until: {event: left, where: {emergency: yes}}}
"""

NUMBERS = "1 2 3 4 5 6 7 8 9 10 11 12 14 15 16 17 18 20 21 24 25 28 30 35 36 40 45 48 60 72 80"


@cache
def pack_of(standards: str, top: str = TOP) -> Pack:
    """A pack of standards whose `says` and `source` are filled in; the first is called `it` if it has no heading."""
    text = dedent(standards).strip("\n")
    if not text.split("\n", 1)[0].endswith(":"):
        text = "it:\n" + indent(text, "  ")
    lines = []
    for line in text.split("\n"):
        lines.append(line)
        if not line.startswith(" "):
            lines += [f"  says: All the numbers {NUMBERS}.", "  source: {section: S / 1, words: some printed words}"]
    pack, problems = read_pack_text(top + "standards:\n" + indent("\n".join(lines), "  ") + "\n")
    assert pack is not None, "\n".join(map(str, problems))
    return pack


def moment(text: str) -> date | datetime:
    """A date, or a date and time."""
    return date.fromisoformat(text) if len(text) == 10 else datetime.fromisoformat(text)


def event(line: str) -> Event:
    """An event from a line: `2024-03-01 10:00 visit #v1 @r1 recorded=2024-03-02 seen=yes cancelled`.

    `#` is the id and `@` the id of the event it is about; a word's spaces are written as underscores.
    """
    day, *rest = line.split()
    if rest[0][0].isdigit():
        day += f"T{rest.pop(0)}"
    name = " ".join(word for word in rest if word[0] not in "#@" and "=" not in word and word != "cancelled")
    given = dict(word.split("=", 1) for word in rest if "=" in word)
    recorded = given.pop("recorded", None)
    details: Mapping[str, Detail] = {key: value.replace("_", " ") for key, value in given.items()}
    return Event(
        name,
        moment(day),
        id=next((word[1:] for word in rest if word[0] == "#"), None),
        about=next((word[1:] for word in rest if word[0] == "@"), None),
        recorded=moment(recorded) if recorded else None,
        details=details,
        cancelled="cancelled" in rest,
    )


def judge(
    standards: str,
    case: str,
    as_of: str = "2024-06-28",
    *,
    born: str | None = None,
    facts: Mapping[str, Detail] | None = None,
    known_at: str | None = None,
    top: str = TOP,
    kind: str = "child",
) -> Evaluation:
    """The evaluation of a case written as lines."""
    lines = [line.strip() for line in case.strip().split("\n") if line.strip()]
    history = History(
        "child-1",
        [event(line) for line in lines],
        born=date.fromisoformat(born) if born else None,
        facts=facts,
        kind=kind,
    )
    pack = pack_of(standards, top)
    return evaluate(history, pack, as_of=moment(as_of), known_at=moment(known_at) if known_at else None)


def told(found: Evaluation, standard: str = "it") -> list[str]:
    """Each duty as `met 2024-03-01 > 2024-03-28 done 2024-03-20`: opened, due, done. What is not assessed stands last,
    as `not assessed 2024-03-01: the detail …`.
    """
    lines = []
    for duty in found.of_standard(standard):
        due = "no date" if duty.due is None else f"{duty.due:%Y-%m-%d %H:%M}".removesuffix(" 00:00")
        done = "" if duty.met_on is None else f" done {duty.met_on:%Y-%m-%d %H:%M}".removesuffix(" 00:00")
        lines.append(f"{duty.status} {duty.opened:%Y-%m-%d} > {due}{done}")
    lines += [
        f"not assessed{f' {gap.opened}' if gap.opened else ''}: {gap.missing}"
        for gap in found.not_assessed
        if gap.standard == standard
    ]
    return lines


def outcome(
    standards: str,
    case: str,
    as_of: str = "2024-06-28",
    *,
    born: str | None = None,
    facts: Mapping[str, Detail] | None = None,
    known_at: str | None = None,
    top: str = TOP,
    standard: str = "it",
) -> list[str]:
    """What becomes of one standard in a case."""
    return told(judge(standards, case, as_of, born=born, facts=facts, known_at=known_at, top=top), standard)
