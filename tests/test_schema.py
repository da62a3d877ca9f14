"""The JSON Schema: equal to the shipped file, flags what the loader refuses in shape, and never a correct pack."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from practice_rules.__main__ import _skeleton
from practice_rules.kinds import KINDS
from practice_rules.loading import _Reading, data_folder, pack_names
from practice_rules.problems import Problems
from practice_rules.schema import SCHEMA_FILE, pack_schema
from practice_rules.shapes import COMMON

jsonschema = pytest.importorskip("jsonschema")


def as_an_editor_reads(text: str) -> Any:
    """YAML as an editor reads it: `no` is a truth value, 1 a number; dates stay text."""
    return json.loads(json.dumps(yaml.safe_load(text), default=lambda day: day.isoformat()))


def as_text_only(text: str) -> Any:
    """YAML as the loader reads it: every value is text."""
    return yaml.load(text, yaml.BaseLoader)


def complaints(data: Any) -> list[str]:
    validator = jsonschema.Draft202012Validator(pack_schema())
    return [f"{'/'.join(map(str, error.absolute_path))}: {error.message}" for error in validator.iter_errors(data)]


def test_the_shipped_schema_is_the_one_that_is_made() -> None:
    """schema/pack.schema.json is what `practice-rules schema` prints; renew it with --file."""
    shipped = (data_folder("schema") / SCHEMA_FILE).read_text(encoding="utf-8")
    assert shipped == json.dumps(pack_schema(), ensure_ascii=False, indent=2) + "\n", (
        "Renew it: practice-rules schema --file schema/pack.schema.json"
    )


def test_the_schema_is_a_schema() -> None:
    """Both drafts that editors know accept it."""
    jsonschema.Draft202012Validator.check_schema(pack_schema())
    jsonschema.Draft7Validator.check_schema(pack_schema())


@pytest.mark.parametrize("read", [as_an_editor_reads, as_text_only])
@pytest.mark.parametrize("name", pack_names())
def test_no_shipped_pack_is_flagged(name: str, read: Any) -> None:
    """What the loader accepts, the schema accepts, however an editor reads YAML."""
    text = (data_folder("standards") / f"{name}.yaml").read_text(encoding="utf-8")
    assert complaints(read(text)) == []


@pytest.mark.parametrize("read", [as_an_editor_reads, as_text_only])
def test_the_skeleton_is_not_flagged(read: Any) -> None:
    """A pack as `practice-rules new` makes it, with one standard of each kind, is not flagged."""
    assert complaints(read(_skeleton("Barsetshire County Council", None))) == []


def test_every_type_of_the_tables_is_in_the_schema_and_has_a_reader() -> None:
    """The schema and the loader know the same types of keys."""
    used = {item.type for item in COMMON} | {item.type for kind in KINDS for item in kind.fields}
    assert used <= pack_schema()["$defs"].keys()
    assert used <= _Reading(Problems("x.yaml")).readers.keys()


def test_every_key_is_explained() -> None:
    """Every key of a standard has the meaning that its table gives it."""
    keys = pack_schema()["$defs"]["standard"]["properties"]
    for item in (*COMMON, *(item for kind in KINDS for item in kind.fields)):
        assert item.meaning in keys[item.name]["description"]


PACK = """\
authority: Barsetshire
title: Standards
documents: {standards: {title: Practice Standards, edition: 2024, published: 2024-03-01}}
working days: Monday to Friday, except bank holidays in England
day one: the next day
closed: [2024-12-27]
terms:
  - {name: Autumn 2024, starts: 2024-09-02, ends: 2024-12-20}
events:
  a: {means: A happens., details: [seen]}
  b: B happens.
details:
  seen: {means: Whether it was seen., values: yes or no, unless said: no}
  grade: {means: A grade., values: [1, 2, none]}
periods:
  p: {means: A state., starts: [a, {event: b, where: {seen: no}}], ends: b}
standards:
  one:
    says: Something.
    source: {section: 4.2, words: "three printed words"}
"""
RULE = "    expect: a\n    within: 10 working days\n    of: b\n"


@pytest.mark.parametrize(
    "rule",
    [
        RULE,
        "    expect: [a, {event: b, where: {grade: 2, seen: [yes, no]}}]\n    within: 1 day\n    of: b\n",
        "    expect: a\n    within: 15 years 6 months\n    of turning: 17 years\n",
        RULE + "    if: {seen: no, grade: at least 1}\n    unless: b\n    ages: under 5 years\n    aim: 1 day\n",
        RULE
        + "    varied by: {event: b, authorised by: [x, y], at most: 6 weeks}\n    extended by: b\n    share: 80%\n",
        "    expect: a\n    at least: 2 clear working days\n    before: b\n",
        "    expect: a\n    every: whole term\n    while: p\n",
        "    expect: a\n    times: 2\n    in every: 3 events\n    while any of: [p]\n",
        "    expect: a\n    times: 2\n    within: 3 weeks\n    of: b\n",
        "    expect: a\n    by the: second\n    of: b\n    since: b\n",
        "    expect: a\n    before age: 16 years\n    from: 2024-04-01\n",
        "    limit: p\n    to: 6 months\n",
        "    for the last: a\n    require: {seen: yes}\n    while: p\n",
        "    for each: a\n    require: seen\n",
        "    for each: a\n    recorded within: same day\n    day one: the day itself\n",
        "    not tested: Nobody can tell.\n    subject: worker\n",
    ],
)
def test_what_a_standard_may_be(rule: str) -> None:
    """Every way of writing a standard is accepted, as an editor reads it and as the loader does."""
    assert complaints(as_an_editor_reads(PACK + rule)) == []
    assert complaints(as_text_only(PACK + rule)) == []


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        (RULE + "    exepct: a\n", "'exepct' was unexpected"),
        ("    expect: a\n    of: b\n", "is not valid under any of the given schemas"),
        ("    within: 10 working days\n    of: b\n", "'expect' is a required property"),
        ("    expect: a\n    within: 10 wd\n    of: b\n", "'10 wd' does not match"),
        ("    expect: a\n    within: 1 days\n    of: b\n", "'1 days' does not match"),
        ("    expect: a\n    within: 2 clear days\n    of: b\n", "'2 clear days' does not match"),
        ("    expect: a\n    within: 3\n    of: b\n", "3 is not of type 'string'"),
        ("    expect: a\n    every: 6 weeks\n", "is not valid under any of the given schemas"),
        (RULE + "    every: 6 weeks\n    while: p\n", "was unexpected"),
        (RULE + "    limit: p\n", "was unexpected"),
        (RULE + "    not tested: No.\n", "were unexpected"),
        (RULE + "    from: 28/03/2024\n", "'28/03/2024' does not match"),
        (RULE + "    subject: parent\n", "'parent' is not one of"),
        (RULE + "    if: seen\n", "'seen' is not of type 'object'"),
        (RULE + "    varied by: {event: b, at mots: 6 weeks}\n", "is not valid under any of the given schemas"),
        ("    expect: a\n    times: 0\n    in every: 1 year\n    while: p\n", "is not valid under any"),
        ("    limit: p\n    to: 24 hours\n", "'24 hours' does not match"),
        ("    expect: a\n    by the: 2nd\n    of: b\n    since: b\n", "'2nd' is not one of"),
    ],
)
def test_usual_mistakes_are_flagged(rule: str, said: str) -> None:
    """Unknown and missing keys, and values that no reader accepts, are flagged in the editor."""
    assert any(said in line for line in complaints(as_an_editor_reads(PACK + rule)))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("authority: Barsetshire\n", ""),
        ("title: Standards\n", "titel: Standards\n"),
        ("day one: the next day", "day one: tomorrow"),
        ("  one:\n", "  Number One:\n"),
        ('words: "three printed words"', "words: two words"),
        ("closed: [2024-12-27]", "closed: [27 December]"),
        ("values: yes or no", "values: perhaps"),
        ("{title: Practice Standards, edition: 2024, published: 2024-03-01}", "Practice Standards"),
        (", ends: b}", "}"),
    ],
)
def test_mistakes_at_the_top_are_flagged(old: str, new: str) -> None:
    """What stands around the standards is looked at as well."""
    assert old in PACK
    assert complaints(as_an_editor_reads((PACK + RULE).replace(old, new)))


def test_dates_are_text_to_the_schema() -> None:
    """A date that YAML would make an object of is compared as year-month-day."""
    assert as_an_editor_reads("day: 2024-03-28") == {"day": date(2024, 3, 28).isoformat()}


def test_the_packs_name_the_schema() -> None:
    """The first line of every shipped pack leads an editor to the schema, without a network."""
    for name in pack_names():
        path: Path = data_folder("standards") / f"{name}.yaml"
        first = path.read_text(encoding="utf-8").split("\n", 1)[0]
        assert first == f"# yaml-language-server: $schema=../schema/{SCHEMA_FILE}", path.name
