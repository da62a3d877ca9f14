"""The command line: what each command answers, its exit codes, and that a mistake never ends in a traceback."""

from __future__ import annotations

import csv
import io
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from practice_rules import Evaluation, __version__, load_pack
from practice_rules.__main__ import _columns, _skeleton, cli
from practice_rules.kinds import KINDS
from practice_rules.loading import data_folder, pack_names, read_pack_text
from practice_rules.schema import pack_schema

SOURCE = Path(__file__).resolve().parents[1] / "src"
CHILD = str(data_folder("examples") / "bromley_child.json")
GOLDEN = Path(__file__).with_name("golden") / "bromley_child.txt"
AS_OF = ("--as-of", "2024-06-28")
COMMANDS = (
    "demo", "evaluate", "explain", "due", "read", "list", "compare", "check", "test", "new", "schema", "vocabulary",
    "caseload", "official", "synthetic",
)  # fmt: skip

BARSETSHIRE = """\
authority: Barsetshire County Council
title: Standards
documents:
  standards: {title: Practice Standards}
working days: Monday to Friday, except bank holidays in England
day one: the next day
if not a working day: next working day
closed: [2024-04-02]
details:
  seen: {means: Whether the child was seen., values: yes or no}
events:
  plan started: A plan starts.
  plan ended: A plan ends.
  child visited: {means: A worker visits the child., details: [seen]}
periods:
  plan: {means: The child has a plan., starts: plan started, ends: plan ended}
standards:
  visits:
    says: The child is visited every 10 working days.
    source: {section: Visits, words: "every 10 working days"}
    expect: child visited
    every: 10 working days
    while: plan
  purposeful:
    says: Every visit has a purpose.
    source: {section: Visits, words: "visits have a purpose"}
    not tested: A matter of judgement.
"""
HISTORY = "id,event,date,seen\ns,plan started,2024-03-28,\nv,child visited,2024-04-15,yes\n"
STORIES = """\
stories:
  - story: The visit is on the last day
    standard: visits
    events:
      - 2024-03-28: plan started
      - 2024-04-16: child visited
        seen: yes
    as of: 2024-04-20
    expect:
      - met: opened 2024-03-28, due 2024-04-16, done 2024-04-16
      - due: opened 2024-04-16, due 2024-04-30
"""


def run(*words: str, code: int = 0) -> Result:
    result = CliRunner().invoke(cli, list(words), prog_name="practice-rules", env={"COLUMNS": "80"})
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    assert result.exit_code == code, result.output
    return result


def answer(*words: str, code: int = 0) -> Any:
    """What a command says with --json: one JSON text on stdout and nothing besides."""
    return json.loads(run(*words, "--json", code=code).stdout)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with one small pack, its stories and a history."""
    (tmp_path / "barsetshire.yaml").write_text(BARSETSHIRE, encoding="utf-8")
    (tmp_path / "child.csv").write_text(HISTORY, encoding="utf-8")
    (tmp_path / "stories").mkdir()
    (tmp_path / "stories" / "barsetshire.yaml").write_text(STORIES, encoding="utf-8")
    return tmp_path


# ---------------------------------------------------------------- help


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help(command: str) -> None:
    """--help says in whole sentences what a command is for."""
    text = run(command, "--help").stdout
    assert text.startswith(f"Usage: practice-rules {command}")
    assert "\\b" not in text


def test_the_commands_stand_in_the_order_in_which_they_are_wanted() -> None:
    """The help lists every command once, each with a line that is not cut off."""
    text = run("--help").stdout
    listed = text[text.index("Commands:") :].splitlines()[1:]
    assert [line.split()[0] for line in listed] == list(COMMANDS)
    assert not [line for line in listed if line.endswith("...")]


def test_version() -> None:
    """--version says which version this is."""
    assert __version__ in run("--version").stdout


def test_a_misspelt_command_is_answered_with_the_right_one() -> None:
    """A slip of the fingers is answered with a suggestion."""
    assert 'There is no command "evalute". Did you mean "evaluate"?' in run("evalute", code=2).stderr


# ---------------------------------------------------------------- due

DUE = """\
10 working days after Thu 28 Mar 2024: Mon 15 Apr 2024
 1. Thu 28 Mar 2024 is day 0; the next working day is day 1.
 2. 10 working days are counted: Monday to Friday, except bank holidays. Skipped
    besides weekends: Fri 29 Mar 2024 (Good Friday) and Mon 1 Apr 2024 (Easter
    Monday).
 3. The last day in time is Mon 15 Apr 2024, to its end.
"""


def test_due_says_the_date_and_how_it_was_counted() -> None:
    """Ten working days across Easter, with the bank holidays named."""
    assert run("due", "10 working days", "after", "2024-03-28").stdout == DUE


@pytest.mark.parametrize(
    ("words", "date"),
    [
        (("10 working days", "after", "2024-03-28"), "2024-04-15"),
        (("10 working days", "after", "2024-03-28", "--day-one", "itself"), "2024-04-12"),
        (("3 months", "after", "2023-11-30"), "2024-02-29"),
        (("5 working days", "before", "2024-04-05"), "2024-03-27"),
        (("2 clear working days", "before", "2024-04-05"), "2024-04-02"),
        (("24 hours", "after", "2024-03-30T14:00"), "2024-03-31T15:00:00"),
        (("24 hours", "after", "2024-03-30"), "2024-03-31"),
        (("24 hours", "before", "2024-03-31T15:00"), "2024-03-30T14:00:00"),
        (("same day", "after", "2024-03-30"), "2024-03-30"),
    ],
)
def test_due_as_data(words: tuple[str, ...], date: str) -> None:
    """Dates that anyone can count on a wall calendar; hours run across the change of the clocks."""
    assert answer("due", *words)["due"] == date


def test_due_uses_the_closure_days_of_a_pack(folder: Path) -> None:
    """With --pack the authority's own closure days are skipped, and its way of moving dates is used."""
    pack = str(folder / "barsetshire.yaml")
    found = answer("due", "10 working days", "after", "2024-03-28", "--pack", pack)
    assert found["due"] == "2024-04-16"
    assert "closure day" in " ".join(found["steps"])
    moved = answer("due", "3 days", "after", "2024-03-28", "--pack", pack)
    assert moved["due"] == "2024-04-03"


def test_due_says_when_bank_holidays_are_a_projection() -> None:
    """Past the published bank holidays a date says that it rests on a projection."""
    assert answer("due", "10 working days", "after", "2031-05-01")["projected"] is True
    assert "projection" in run("due", "10 working days", "after", "2031-05-01").stdout


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("2 wks", "after", "2024-03-28"), 'Write "2 weeks"'),
        (("2 clear days", "after", "2024-03-28"), "Clear days are for counting back"),
        (("2 days", "since", "2024-03-28"), "after"),
        (("2 days", "after", "01/02/2024"), "can be read in two ways"),
        (("2 days", "after", "2024-02-30"), "There is no such date"),
        (("2 days", "after", "1899-12-30"), "outside the years"),
        (("2 days", "after", "soon"), "is not a date"),
        (("2 days", "before", "2024-03-28", "--day-one", "itself"), "always day 0"),
        (("2 days", "after", "2024-03-28", "--pack", "bromly"), 'Did you mean "bromley"?'),
        (("2 days",), "Missing argument"),
    ],
)
def test_due_refuses_in_plain_words(words: tuple[str, ...], said: str) -> None:
    """A wrong timescale, direction, date or pack is answered on the error stream, with exit code 2."""
    result = run("due", *words, code=2)
    assert said in " ".join(result.stderr.split())
    assert result.stdout == ""


# ---------------------------------------------------------------- evaluate


def test_evaluate_answers_with_json_that_can_be_read_back(folder: Path) -> None:
    """The JSON of `evaluate` is the evaluation, and nothing else is on stdout."""
    words = ("evaluate", str(folder / "barsetshire.yaml"), str(folder / "child.csv"), "--as-of", "2024-04-20", "--json")
    result = Evaluation.from_json(run(*words).stdout)
    assert [(each.standard, str(each.status)) for each in result] == [("visits", "met"), ("visits", "due")]


def test_evaluate_in_short(folder: Path) -> None:
    """--brief gives one line for each duty that is breached or due, and what is met in a paragraph."""
    words = ("evaluate", str(folder / "barsetshire.yaml"), str(folder / "child.csv"), "--brief")
    assert run(*words, "--as-of", "2024-05-08").stdout == (
        "BREACHED: 1\n"
        "due         done                  standard\n"
        "2024-04-29  -     9 days overdue  visits\n"
        "\n"
        "MET: 1\n"
        "visits\n"
        "\n"
        "NOT ASSESSED: 0, because the record does not say; neither met nor breached\n"
    )


def test_evaluate_shows_the_table() -> None:
    """Without more words `evaluate` shows every duty with its standard."""
    text = run("evaluate", "bromley", CHILD, *AS_OF).stdout
    for word in ("breached", "due", "met", "Not assessed"):
        assert word in text


def test_evaluate_known_at_uses_only_what_was_recorded(folder: Path) -> None:
    """--known-at leaves out what had not been recorded by then."""
    table = folder / "late.csv"
    table.write_text(
        "event,date,recorded\nplan started,2024-03-28,2024-03-28\nchild visited,2024-04-15,2024-05-20\n", "utf-8"
    )
    words = ("evaluate", str(folder / "barsetshire.yaml"), str(table), "--as-of", "2024-05-01")
    assert len(answer(*words)["obligations"]) == 1
    assert len(answer(*words, "--known-at", "2024-06-01")["obligations"]) == 2


def test_evaluate_writes_a_page_and_a_table(folder: Path) -> None:
    """--html and --csv write files: a whole page, and one row for each duty that a spreadsheet opens."""
    page, table = folder / "out.html", folder / "out.csv"
    words = ("evaluate", "bromley", CHILD, *AS_OF, "--html", str(page), "--csv", str(table), "--brief")
    assert f"Written: {page}" in run(*words).stdout
    assert page.read_text(encoding="utf-8").lower().startswith("<!doctype html>")
    assert table.read_bytes().startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(table.read_text(encoding="utf-8-sig"), newline="")))
    result = Evaluation.from_json(run("evaluate", "bromley", CHILD, *AS_OF, "--json").stdout)
    assert [row["standard"] for row in rows] == [each.standard for each in result]
    assert {row["late"] for row in rows} == {"yes", "no"}


def test_a_table_without_rows_has_its_header(folder: Path) -> None:
    """The columns of --csv are the same when there is nothing to say."""
    table, nothing = folder / "full.csv", folder / "none.csv"
    empty = folder / "empty.csv"
    empty.write_text("event,date\n", encoding="utf-8")
    pack = str(folder / "barsetshire.yaml")
    run("evaluate", pack, str(folder / "child.csv"), *AS_OF, "--csv", str(table))
    run("evaluate", pack, str(empty), *AS_OF, "--csv", str(nothing))
    assert nothing.read_text("utf-8").splitlines() == table.read_text("utf-8").splitlines()[:1]


def test_no_cell_of_a_table_runs_as_a_formula(folder: Path) -> None:
    """An id that begins like a formula is made harmless for spreadsheets."""
    table, written = folder / "odd.csv", folder / "out.csv"
    table.write_text("id,event,date\n=1+1,plan started,2024-03-28\n", encoding="utf-8")
    run("evaluate", str(folder / "barsetshire.yaml"), str(table), *AS_OF, "--csv", str(written))
    assert ",'=1+1," in written.read_text("utf-8")


def test_fail_on_breach(folder: Path) -> None:
    """--fail-on-breach ends with 1 when anything is breached, and with 0 otherwise."""
    words = ("evaluate", str(folder / "barsetshire.yaml"), str(folder / "child.csv"), "--fail-on-breach", "--brief")
    run(*words, "--as-of", "2024-04-20")
    run(*words, "--as-of", "2024-05-20", code=1)


def test_evaluate_options_for_tables(folder: Path) -> None:
    """Dates written day first, one subject of several, and events the pack does not know, where that is said."""
    table = folder / "several.csv"
    table.write_text("subject,event,date\na,plan started,28/03/2024\nb,plan begun,28/03/2024\n", encoding="utf-8")
    words = ("evaluate", str(folder / "barsetshire.yaml"), str(table), *AS_OF, "--dates", "dd/mm/yyyy")
    assert answer(*words, "--subject", "a")["obligations"][0]["opened"] == "2024-03-28"
    assert "--subject ID" in run(*words, code=1).stderr
    assert "--unknown-events note" in run(*words, "--subject", "b", code=1).stderr
    assert answer(*words, "--subject", "b", "--unknown-events", "note")["notices"]


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("nowhere", CHILD, *AS_OF), 2, "There is no pack of that name"),
        (("none.yaml", CHILD, *AS_OF), 2, "There is no such file"),
        (("bromley", "none.json", *AS_OF), 2, "does not exist"),
        (("bromley", CHILD), 2, "--as-of"),
        (("bromley", CHILD, "--as-of", "28/06/2024"), 2, "can be read in two ways"),
        (("bromley", CHILD, *AS_OF, "--known-at", "later"), 2, "is not a date"),
        (("bromley", CHILD, *AS_OF, "--subject", "x"), 1, "another subject's history"),
        (("bromley", CHILD, *AS_OF, "--html", "nowhere/at/all.html"), 2, "I can't write"),
    ],
)
def test_evaluate_refuses_in_plain_words(words: tuple[str, ...], code: int, said: str) -> None:
    """A wrong pack, history, date or file is answered on the error stream; stdout stays empty."""
    result = run("evaluate", *words, code=code)
    assert said in " ".join(result.stderr.split())
    assert result.stdout == ""


def test_a_wrong_pack_and_a_wrong_history_end_with_1(folder: Path) -> None:
    """Problems in a pack or a history are something wrong that was found, and never a verdict."""
    wrong = folder / "wrong.yaml"
    wrong.write_text(BARSETSHIRE.replace("every: 10", "evry: 10"), encoding="utf-8")
    result = run("evaluate", str(wrong), str(folder / "child.csv"), *AS_OF, "--json", code=1)
    assert "evry" in result.stderr
    assert result.stdout == ""
    (folder / "child.csv").write_text("event,date\nplan started,soon\n", encoding="utf-8")
    result = run("evaluate", str(folder / "barsetshire.yaml"), str(folder / "child.csv"), *AS_OF, code=1)
    assert result.stderr.startswith("child.csv, row 2, date: this is not a date.")


# ---------------------------------------------------------------- explain


def test_explain_gives_numbered_steps(folder: Path) -> None:
    """Each obligation of the standard is explained in steps; --nth picks one."""
    words = ("explain", str(folder / "barsetshire.yaml"), str(folder / "child.csv"), "visits", "--as-of", "2024-05-08")
    both, second = run(*words).stdout, run(*words, "--nth", "2").stdout
    assert both.endswith(second)
    assert second.startswith("visits: breached")
    assert "\n 1. " in second
    told = answer(*words, "--nth", "2")
    assert len(told["obligations"]) == len(told["explanations"]) == 1
    assert told["explanations"][0]["steps"]


def test_explain_says_why_a_standard_asks_nothing(folder: Path) -> None:
    """Where nothing was opened, the reason is given instead."""
    table = folder / "other.csv"
    table.write_text("event,date\nchild visited,2024-03-28\n", encoding="utf-8")
    pack = str(folder / "barsetshire.yaml")
    assert "opened nothing" in run("explain", pack, str(table), "visits", *AS_OF).stdout
    told = answer("explain", pack, str(table), "purposeful", *AS_OF)
    assert told["obligations"] == []
    assert "A matter of judgement" in json.dumps(told["explanations"])


def test_explain_says_what_could_not_be_assessed_besides(folder: Path) -> None:
    """A duty that cannot be judged for want of a fact is named beside those that can."""
    table = folder / "silent.csv"
    table.write_text(HISTORY.replace("v,child", "u,child visited,2024-04-08,\nv,child"), encoding="utf-8")
    pack = folder / "barsetshire.yaml"
    pack.write_text(
        BARSETSHIRE.replace(
            "    not tested: A matter of judgement.", "    for each: child visited\n    require: {seen: yes}"
        ),
        encoding="utf-8",
    )
    words = ("explain", str(pack), str(table), "purposeful", *AS_OF)
    assert "Not assessed besides: 1" in run(*words).stdout
    assert "(event u)" in run(*words).stdout
    assert answer(*words)["not_assessed"][0]["event"] == "u"


def test_the_verdicts_on_the_example_is_as_it_was() -> None:
    """The verdicts on the shipped example are kept; after a change that is meant, write the file again."""
    text = run("evaluate", "bromley", CHILD, *AS_OF, "--brief").stdout
    assert text == GOLDEN.read_text(encoding="utf-8"), (
        "Renew it: COLUMNS=80 practice-rules evaluate bromley examples/bromley_child.json --as-of 2024-06-28 --brief"
        f" > {GOLDEN.relative_to(SOURCE.parent).as_posix()}; and name the standards and dates in CHANGELOG.md"
    )


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("visit",), 'has no standard "visit". Did you mean "visits"?'),
        (("visits", "--nth", "9"), "there is no number 9"),
        (("visits", "--nth", "0"), "not in the range"),
        (("purposeful", "--nth", "1"), "leave out --nth to see why"),
    ],
)
def test_explain_refuses_in_plain_words(folder: Path, words: tuple[str, ...], said: str) -> None:
    """A standard or a number that is not there is answered, with what there is."""
    pack, history = str(folder / "barsetshire.yaml"), str(folder / "child.csv")
    assert said in " ".join(run("explain", pack, history, *words, *AS_OF, code=2).stderr.split())


# ---------------------------------------------------------------- read, list, vocabulary


def test_read_shows_a_pack_and_one_standard(folder: Path) -> None:
    """A pack, or one standard of it, in plain English beside its printed words."""
    pack = str(folder / "barsetshire.yaml")
    whole, one = run("read", pack).stdout, run("read", pack, "visits").stdout
    assert "every 10 working days" in one
    assert "A matter of judgement" in whole
    assert "A matter of judgement" not in one
    data = answer("read", pack)
    assert [each["id"] for each in data["standards"]] == ["visits", "purposeful"]
    assert data["standards"][0]["sentence"]
    assert data["standards"][1]["sentence"] is None
    assert "visits" in run("read", pack, "visit", code=2).stderr


def test_read_writes_a_page_with_the_stories(folder: Path) -> None:
    """--html writes the pack as a page, each standard with the stories that test it."""
    page = folder / "pack.html"
    run("read", str(folder / "barsetshire.yaml"), "--html", str(page))
    assert "The visit is on the last day" in page.read_text(encoding="utf-8")


def test_list_counts_the_shipped_packs() -> None:
    """`list` gives every shipped pack with its counts, and they are those of the pack."""
    listed = answer("list")
    assert [each["name"] for each in listed] == pack_names()
    for each in listed:
        pack = load_pack(each["name"])
        assert (each["standards"], each["tested"]) == (len(pack), len(pack.tested))
        assert each["name"] in run("list").stdout


def test_list_of_a_pack_names_its_standards(folder: Path) -> None:
    """`list PACK` gives every standard with its kind, and the count of each kind."""
    pack = str(folder / "barsetshire.yaml")
    text = run("list", pack).stdout
    assert "visits      frequency" in text
    assert "2 standards: 1 frequency, 1 not tested." in text
    assert [each["tested"] for each in answer("list", pack)] == [True, False]


def test_vocabulary_can_be_searched() -> None:
    """A word finds the events, periods and details that have it in their name or meaning."""
    text = run("vocabulary", "core group").stdout
    assert "core group held" in text
    assert "strategy discussion held" not in text
    assert {"events", "periods", "details"} == answer("vocabulary").keys()
    assert "Did you mean" in run("vocabulary", "child visitd", code=1).stdout


def test_vocabulary_of_a_pack(folder: Path) -> None:
    """--pack gives the words of one pack."""
    words = answer("vocabulary", "--pack", str(folder / "barsetshire.yaml"))
    assert [each["name"] for each in words["periods"]] == ["plan"]
    assert words["details"][0]["values"] == "yes or no"


# ---------------------------------------------------------------- check and test


def test_check_says_that_all_is_well(folder: Path) -> None:
    """Packs without a problem, and the vocabulary, end with 0."""
    vocabulary = str(data_folder("standards") / "vocabulary.yaml")
    text = run("check", str(folder / "barsetshire.yaml"), vocabulary).stdout
    assert text == "2 files checked, no problem.\n"
    assert answer("check", vocabulary) == []


def test_check_gives_every_problem_of_every_file(folder: Path) -> None:
    """Every problem is printed as it prints itself, with a summary; --json gives the same as data."""
    wrong, words = folder / "wrong.yaml", folder / "vocabulary.yaml"
    wrong.write_text(
        BARSETSHIRE.replace("every: 10", "evry: 10").replace("child visited\n", "child visitd\n", 1), "utf-8"
    )
    words.write_text("events:\n  a: A.\ndetials:\n  b: {means: B., values: text}\n", encoding="utf-8")
    files = (str(folder / "barsetshire.yaml"), str(wrong), str(words), "nowhere")
    text = run("check", *files, code=1).stdout
    problems = answer("check", *files, code=1)
    assert f"{len(problems)} problems in 3 of 4 files.\n" in text
    assert 'I don\'t know the key "evry"' in text
    assert 'Did you mean "details"?' in text
    assert {"file", "line", "column", "length", "message", "way_out", "quoted"} == problems[0].keys()
    run("check", code=2)


def test_stories_of_a_pack_are_run(folder: Path) -> None:
    """`test` runs the stories beside a pack and says how many came out as expected."""
    pack = str(folder / "barsetshire.yaml")
    assert run("test", pack).stdout == "1 story of 1 standard: 1 as expected, 0 not.\n"
    assert answer("test", pack)["failed"] == 0


def test_stories_may_stand_in_numbered_files(folder: Path) -> None:
    """Stories may be spread over files that end in -1, -2 and so on; those of other packs are left alone."""
    for name in ("barsetshire-1", "barsetshire-2", "barsetshire-old"):
        (folder / "stories" / f"{name}.yaml").write_text(STORIES, encoding="utf-8")
    assert answer("test", str(folder / "barsetshire.yaml"))["stories"] == 3


def test_a_failing_story_says_what_was_expected_and_found(folder: Path) -> None:
    """A story that comes out otherwise is shown with both, and the exit code is 1."""
    other = folder / "other.yaml"
    other.write_text(STORIES.replace("due 2024-04-30", "due 2024-05-01"), encoding="utf-8")
    pack = str(folder / "barsetshire.yaml")
    text = run("test", pack, "--stories", str(other), code=1).stdout
    assert text.startswith("FAILED  visits: The visit is on the last day\n")
    assert "2024-05-01" in text
    assert "2024-04-30" in text
    assert answer("test", pack, "--stories", str(other), code=1)["failed"] == 1


def test_stories_refused_in_plain_words(folder: Path) -> None:
    """Wrong stories, a pack without any, and an unknown standard are answered."""
    pack = str(folder / "barsetshire.yaml")
    other = folder / "other.yaml"
    other.write_text(STORIES.replace("standard: visits", "standard: visit"), encoding="utf-8")
    assert "in the stories; none was run" in run("test", pack, "--stories", str(other), code=1).stderr
    assert "does not exist" in run("test", pack, "--stories", str(folder / "none.yaml"), code=2).stderr
    assert 'Did you mean "visits"?' in run("test", pack, "--standard", "visit", code=2).stderr
    (folder / "stories" / "barsetshire.yaml").unlink()
    assert "has no stories yet" in run("test", pack, code=2).stderr


# ---------------------------------------------------------------- new and schema


@pytest.mark.parametrize(
    "authority",
    ["Barsetshire County Council", "St. Helens", "yes", "#1: the best", 'A "B" \\ C', "Ynys Môn", "[x]", "?"],
)
def test_a_new_pack_loads_as_it_stands(authority: str) -> None:
    """The skeleton has no problem, whatever the authority is called, and holds every kind."""
    pack, problems = read_pack_text(run("new", authority).stdout)
    assert [str(problem) for problem in problems] == []
    assert pack is not None
    assert pack.authority == authority
    assert {each.kind for each in pack.standards} == {*(kind.name for kind in KINDS), "not tested"}


def test_a_new_pack_has_short_lines_and_comments_of_their_own() -> None:
    """The skeleton is easy to read: no long line, and no comment behind a value."""
    for line in _skeleton("Barsetshire County Council", None).splitlines():
        assert len(line) <= 120
        assert " #" not in line.lstrip().lstrip("#") or line.lstrip().startswith("#")


def test_a_new_pack_is_written_once(folder: Path) -> None:
    """--file writes the skeleton, and never over a file that is there."""
    file = folder / "new.yaml"
    assert f"Written: {file}" in run("new", "Barchester", "--file", str(file)).stdout
    run("check", str(file))
    before = file.read_bytes()
    assert b"\r" not in before
    assert "is there already" in run("new", "Barchester", "--file", str(file), code=2).stderr
    assert file.read_bytes() == before
    assert "Give the authority's name" in run("new", "  ", code=2).stderr
    assert "I can't write" in run("new", "Barchester", "--file", str(folder / "no" / "new.yaml"), code=2).stderr


def test_a_new_pack_leads_an_editor_to_the_schema_beside_it(folder: Path) -> None:
    """Where the schema is near, the first line names it."""
    run("schema", "--file", str(folder / "pack.schema.json"))
    run("new", "Barchester", "--file", str(folder / "new.yaml"))
    first = (folder / "new.yaml").read_text("utf-8").splitlines()[0]
    assert first == "# yaml-language-server: $schema=./pack.schema.json"


def test_schema_prints_the_schema() -> None:
    """`schema` prints the JSON Schema and nothing else."""
    assert json.loads(run("schema").stdout) == pack_schema()


# ---------------------------------------------------------------- demo, and the whole thing from outside


def test_demo_shows_the_main_job() -> None:
    """The demonstration shows what is met, due and breached, explains three breaches, and says where to go next."""
    text = run("demo").stdout
    for words in ("No real child", "BREACHED: ", "DUE: ", "MET: ", "NOT ASSESSED: 1", "Where to go next"):
        assert words in text
    assert text.count("\n 1. ") == 3
    assert max(map(len, text.splitlines()[:-3])) <= 80
    data = answer("demo")
    assert Evaluation.from_dict(data["evaluation"]).breached


def outside(*words: str, **environment: str) -> subprocess.CompletedProcess[bytes]:
    given = {key: value for key, value in os.environ.items() if not key.startswith(("PYTHON", "NO_COLOR", "COLUMNS"))}
    return subprocess.run(
        [sys.executable, "-m", "practice_rules", *words],
        env={**given, "PYTHONPATH": str(SOURCE), **environment},
        capture_output=True,
        check=False,
    )


def test_from_outside_on_a_console_of_old() -> None:
    """Piped, with a console that knows no UTF-8, the command still answers in UTF-8 and without colour."""
    done = outside("demo", PYTHONIOENCODING="ascii", PYTHONUTF8="0")
    assert done.returncode == 0, done.stderr.decode()
    assert done.stderr == b""
    assert "“" in done.stdout.decode("utf-8")
    assert b"\x1b[" not in done.stdout


def test_from_outside_the_exit_code_arrives() -> None:
    """The exit codes of the commands are those of the process."""
    done = outside("evaluate", "bromley", CHILD, *AS_OF, "--fail-on-breach", "--json")
    assert done.returncode == 1
    assert json.loads(done.stdout)["pack"] == "bromley"
    assert outside("due", "soon", "after", "2024-03-28").returncode == 2


def test_columns_wrap_in_the_last(monkeypatch: pytest.MonkeyPatch) -> None:
    """Columns are as wide as they need be, and only the last one wraps."""
    monkeypatch.setenv("COLUMNS", "60")
    text = _columns([("a", "word " * 20), ("bbb", "x")], ("one", "two"))
    assert text.startswith("one  two\na    word word")
    assert all(len(line) <= 60 for line in text.splitlines())
    assert text.endswith("\nbbb  x")
    assert _columns([]) == ""
