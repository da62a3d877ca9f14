"""The page of every kind: its table is the kind's own fields, its example loads, its history comes out as told."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from textwrap import indent

import pytest

from practice_rules.evaluating import evaluate
from practice_rules.events import Event, History
from practice_rules.kinds import KINDS
from practice_rules.loading import read_pack_text
from practice_rules.shapes import Kind

PAGES = Path(__file__).parents[1] / "docs" / "reference" / "kinds"
TOP = """\
authority: Barsetshire County Council
title: Practice standards
documents:
  standards: {title: Practice Standards}
vocabulary: shared
working days: Monday to Friday, except bank holidays in England
day one: the next day
hours without times: by date
standards:
"""

each_kind = pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)


def page(kind: Kind) -> str:
    return (PAGES / f"{kind.name.replace(' ', '_')}.md").read_text(encoding="utf-8")


def block(kind: Kind, language: str) -> str:
    [found] = re.findall(rf"```{language}\n(.*?)```", page(kind), re.DOTALL)
    return str(found)


@each_kind
def test_the_table_of_keys_is_that_of_the_kind(kind: Kind) -> None:
    """A key or meaning that changes in the code must change on the page."""
    rows = [f"| `{item.name}` | {'yes' if item.needed else 'no'} | {item.meaning} |" for item in kind.fields]
    assert [line for line in page(kind).splitlines() if line.startswith("| `")] == rows


@each_kind
def test_the_example_is_that_of_the_kind(kind: Kind) -> None:
    """The page shows the example that the schema and the skeleton show."""
    assert block(kind, "yaml") == kind.example


@each_kind
def test_the_worked_history_comes_out_as_told(kind: Kind) -> None:
    """The example, put to the history on the page, gives the outcomes on the page."""
    pack, problems = read_pack_text(TOP + indent(block(kind, "yaml"), "  "))
    assert pack is not None, problems
    events: list[Event] = []
    told: list[str] = []
    born = as_of = None
    for line in block(kind, "text").splitlines():
        if line.startswith("born "):
            born = date.fromisoformat(line[5:])
        elif line.startswith("as of "):
            as_of = date.fromisoformat(line[6:])
        elif as_of is None:
            found = re.fullmatch(r"([\d-]{10}) ([^(]+?)(?: \((.*)\))?", line)
            assert found, line
            details = dict(part.split(": ", 1) for part in found[3].split(", ")) if found[3] else {}
            recorded = details.pop("recorded", None)
            day = date.fromisoformat(found[1])
            written = date.fromisoformat(recorded) if recorded else None
            events.append(Event(found[2], day, recorded=written, details=details))
        else:
            told.append(line)
    standard = pack.standards[0]
    assert as_of is not None
    result = evaluate(History("case-1", events, born=born, kind=standard.subject), pack, as_of=as_of)
    assert told == [
        f"{duty.status}: opened {duty.opened}, due {duty.due}{f', done {duty.met_on}' if duty.met_on else ''}"
        for duty in result.of_standard(standard.id)
    ]
    assert not result.not_assessed
