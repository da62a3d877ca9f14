"""The examples: each is read, gives the result shown beside it, and has the due dates that were worked out by hand."""

from __future__ import annotations

import re
from datetime import date, datetime
from functools import cache
from pathlib import Path

import pytest
from click.testing import CliRunner

from practice_rules import Evaluation, evaluate, load_pack
from practice_rules.__main__ import cli
from practice_rules.loading import pack_names
from practice_rules.reading import read_history

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "examples"
PAGE = ROOT / "docs" / "explanation" / "worked-examples.md"

#: Each example file, and the day as of which its result is shown.
AS_OF = {
    "bromley_child.csv": "2024-06-28",
    "bromley_child.json": "2024-06-28",
    "barnet/care_leaver.json": "2025-02-14",
    "barnet/looked_after.json": "2025-05-16",
    "barnet/protection.json": "2024-06-07",
    "city_of_london/early_help.json": "2025-05-30",
    "city_of_london/looked_after.json": "2025-05-30",
    "city_of_london/protection.json": "2024-09-20",
    "wokingham/early_help.json": "2025-03-07",
    "wokingham/looked_after.json": "2025-05-23",
    "wokingham/protection.json": "2024-07-05",
}
#: Examples whose pack may not be there yet.
NOT_YET = {"wokingham"} - set(pack_names())

#: Worked out by hand on a wall calendar, never copied from a result: standard, opened, due, status.
#: For what must be done before a meeting, the day it was opened is not looked at.
BY_HAND = {
    "barnet/protection.json": [
        # Christmas and New Year: 20 21 22, 27 28 29 December, 2 January
        ("child-in-need-review-minutes", "2023-12-19", "2024-01-02", "breached"),
        # Easter: 15, 18-22, 25-28 March, 2-5, 8 April
        ("initial-conference", "2024-03-14", "2024-04-08", "met"),
        # calendar days: the last one is Good Friday
        ("initial-conference-from-strategy-discussion", "2024-03-14", "2024-03-29", "breached"),
        # 3 days back from Thursday 4 April: Easter Monday
        ("initial-conference-report-shared", None, "2024-04-01", "breached"),
        # early May: 30 April, 1 2 3, 7-10, 13 14 May
        ("child-protection-visits", "2024-04-29", "2024-05-14", "breached"),
        # late May: 22 23 24, 28 29 May
        ("core-group-minutes", "2024-05-21", "2024-05-29", "breached"),
        # 31 May, 3-7, 10-13 June
        ("child-protection-visits", "2024-05-30", "2024-06-13", "due"),
        # 10 weeks agreed from 30 January; the plan ended on 4 April
        ("child-in-need-reviews", "2024-01-30", "2024-04-09", "lapsed"),
    ],
    "barnet/looked_after.json": [
        # Christmas: 23 24, 27, 30 31 December
        ("placement-meeting", "2024-12-20", "2024-12-31", "breached"),
        ("visit-after-placement", "2024-12-20", "2024-12-31", "met"),
        # Easter 2025: 15 16 17, 22-25 April
        ("looked-after-review-minutes", "2025-04-14", "2025-04-25", "breached"),
        ("assessment-and-plan-shared", "2025-04-14", "2025-04-25", "breached"),
        # 16 on 10 February; before that is the day before
        ("personal-adviser", "2024-12-13", "2025-02-09", "breached"),
        # 4 weeks; the plan ended on 13 December
        ("child-in-need-visits", "2024-11-18", "2024-12-16", "lapsed"),
        # 6 weeks, which the early May bank holiday does not lengthen
        ("looked-after-visits", "2025-04-10", "2025-05-22", "due"),
    ],
    "barnet/care_leaver.json": [
        # late May: 22 23 24, 28-31 May
        ("looked-after-review-minutes", "2024-05-21", "2024-05-31", "met"),
        ("assessment-and-plan-shared", "2024-05-21", "2024-05-31", "breached"),
        # 28 days, the August bank holiday among them
        ("pathway-plan-after-move", "2024-08-05", "2024-09-02", "met"),
        # 28 days, Christmas among them
        ("pathway-plan-after-move", "2024-12-10", "2025-01-07", "breached"),
        # Christmas: 23 24, 27, 30 31 December
        ("other-events-recorded", "2024-12-20", "2024-12-31", "breached"),
        # 6 weeks; out of care on 18 July
        ("looked-after-visits", "2024-06-27", "2024-08-08", "lapsed"),
        ("pathway-plan-reviewed", "2025-01-09", "2025-07-09", "due"),
    ],
    "city_of_london/protection.json": [
        # Easter: 21 22, 25-28 March, 2-5 April
        ("first-visit-after-referral", "2024-03-20", "2024-04-05", "met"),
        # early May: 3, 7-10, 13-17 May
        ("protection-plan-visits", "2024-05-02", "2024-05-17", "met"),
        ("protection-plan-visits-in-days", "2024-05-02", "2024-05-12", "breached"),
        # late May: 15 16 17, 20-24, 28 29 May
        ("child-seen-under-protection-plan", "2024-05-14", "2024-05-29", "breached"),
        # August: 13-16, 19-23, 27 August
        ("protection-plan-visits", "2024-08-12", "2024-08-27", "breached"),
        ("initial-conference", "2024-04-11", "2024-04-26", "breached"),
        # 4 weeks; with the plan of 2 May another standard takes over
        ("family-visits", "2024-04-12", "2024-05-10", "lapsed"),
        ("core-groups", "2024-09-09", "2024-10-21", "due"),
    ],
    "city_of_london/looked_after.json": [
        # Christmas and New Year: 18 19 20, 23 24, 27, 30 31 December, 2 3 January
        ("visit-after-allocation", "2024-12-17", "2025-01-03", "met"),
        # a week later is Boxing Day, and stays there
        ("visits-after-placement-move", "2024-12-19", "2024-12-26", "met"),
        ("visits-after-placement-move", "2024-12-24", "2024-12-31", "breached"),
        # 8 weeks agreed: Easter Monday, and stays there
        ("looked-after-visits", "2025-02-24", "2025-04-21", "breached"),
        ("looked-after-reviews", "2024-11-11", "2024-12-01", "breached"),
        ("pathway-plan-reviewed", "2025-01-20", "2025-07-20", "due"),
    ],
    "city_of_london/early_help.json": [
        # August: 15 16, 19-23, 27 28 29 August
        ("visit-after-allocation", "2024-08-14", "2024-08-29", "breached"),
        # Easter 2025: 10 11, 14-17, 22-25 April
        ("visit-after-allocation", "2025-04-09", "2025-04-25", "met"),
        # 45 days: the early May bank holiday, and stays there
        ("child-and-family-assessment", "2025-03-21", "2025-05-05", "breached"),
        # 12 weeks; early help ended on 31 March
        ("team-around-family-meetings", "2025-01-08", "2025-04-02", "lapsed"),
        ("child-in-need-reviews", "2025-04-30", "2025-07-30", "due"),
    ],
    "wokingham/protection.json": [
        # Easter: 19-22, 25-28 March, 2 3 April
        ("assessment-family-network-considered", "2024-03-18", "2024-04-03", "breached"),
        # 25 days, made 40 by the team manager
        ("assessment-completed", "2024-03-18", "2024-04-27", "met"),
        # early May: 24 25 26, 29 30 April, 1 2 3, 7-10, 13 14 15 May
        ("conference-initial", "2024-04-23", "2024-05-15", "met"),
        # back from 15 May: 14 13, 10 9 8 7, 3 May
        ("conference-set-up-form", None, "2024-05-03", "met"),
        # late May: 16 17, 20-24, 28-31 May, 3-7, 10-13 June
        ("conference-minutes-circulated", "2024-05-15", "2024-06-13", "breached"),
        # 15 working days: 30 April, 1 2 3, 7-10, 13-17, 20 21 May; the plan ended on 15 May
        ("child-in-need-visits", "2024-04-29", "2024-05-21", "lapsed"),
        # 27 28 June, 1-5, 8 9 10 July
        ("child-protection-visits", "2024-06-26", "2024-07-10", "due"),
    ],
    "wokingham/looked_after.json": [
        # Christmas and New Year: 3-6, 9-13, 16-20, 23 24, 27, 30 31 December, 2 January
        ("in-care-first-review", "2024-12-02", "2025-01-02", "met"),
        # the same review by another clause, in calendar days
        ("first-looked-after-review", "2024-12-02", "2024-12-30", "breached"),
        # back from 2 January: 31 30, 27, 24 23, 20-16 December
        ("in-care-first-review-invitations", None, "2024-12-16", "breached"),
        # 2 days: New Year's Day; 2 working days: 31 December, 2 January
        ("child-in-care-visit-recorded", "2024-12-30", "2025-01-01", "breached"),
        ("records-updated", "2024-12-30", "2025-01-02", "met"),
        # 15 working days: 19-22, 25-29 November, 2-6, 9 December; the plan ended on 2 December
        ("child-in-need-visits", "2024-11-18", "2024-12-09", "lapsed"),
        ("child-in-care-visits", "2025-05-06", "2025-06-17", "due"),
    ],
    "wokingham/early_help.json": [
        # August: 20-23, 27 August
        ("early-help-allocation", "2024-08-19", "2024-08-27", "met"),
        # 12 13, 16-20, 23-27, 30 September to 4 October, 7-11, 14-18, 21 22 23 October
        ("early-help-assessment", "2024-09-11", "2024-10-23", "breached"),
        # Christmas and New Year: 24, 27, 30 31 December, 2 January
        ("record-supervision", "2024-12-23", "2025-01-02", "met"),
        # 23 24 December, just before it
        ("records-updated", "2024-12-20", "2024-12-24", "breached"),
        # 12 weeks; early help ended on 28 February
        ("early-help-reviews", "2025-01-20", "2025-04-14", "lapsed"),
        # 25 days
        ("assessment-completed", "2025-02-20", "2025-03-17", "due"),
    ],
}


def pack_of(example: str) -> str:
    return example.split("/")[0] if "/" in example else example.split("_")[0]


HERE = [each for each in AS_OF if pack_of(each) not in NOT_YET]
NINE = [each for each in HERE if "/" in each]


@cache
def evaluated(example: str) -> Evaluation:
    history = read_history(FOLDER / example)
    return evaluate(history, load_pack(pack_of(example)), as_of=date.fromisoformat(AS_OF[example]))


def shown_in(example: str) -> Path:
    """Where the result of an example is shown."""
    if "/" in example:
        return (FOLDER / example).with_suffix(".txt")
    return Path(__file__).with_name("golden") / "bromley_child.txt"


def day(moment: date | datetime | None) -> str | None:
    return moment.isoformat()[:10] if moment is not None else None


def test_every_example_is_tested() -> None:
    """Every file of the examples has its day here, and no day is without a file."""
    found = {path.relative_to(FOLDER).as_posix() for path in FOLDER.rglob("*") if path.suffix in (".json", ".csv")}
    assert found == set(AS_OF)


def test_every_folder_has_a_pack() -> None:
    """Each folder of examples is named after a pack that is shipped."""
    folders = {path.name for path in FOLDER.iterdir() if path.is_dir()}
    assert folders - NOT_YET <= set(pack_names())


@pytest.mark.parametrize("example", HERE)
def test_an_example_gives_the_result_shown(example: str) -> None:
    """What `evaluate --brief` answers at a width of 80 is what the file beside the example holds."""
    words = ["evaluate", pack_of(example), str(FOLDER / example), "--as-of", AS_OF[example], "--brief"]
    answer = CliRunner(env={"COLUMNS": "80"}).invoke(cli, words, prog_name="practice-rules")
    assert answer.exit_code == 0, answer.output
    shown = shown_in(example)
    assert answer.stdout == shown.read_text(encoding="utf-8"), (
        f"The verdicts on examples/{example} have changed. If that is meant, renew them: COLUMNS=80 practice-rules "
        f"evaluate {pack_of(example)} examples/{example} --as-of {AS_OF[example]} --brief > "
        f"{shown.relative_to(ROOT).as_posix()}; and name the standards and dates in CHANGELOG.md"
    )


@pytest.mark.parametrize("example", HERE)
def test_an_example_shows_every_status(example: str) -> None:
    """Something is met, due, breached and lapsed; at most a quarter of the outcomes is not assessed."""
    result = evaluated(example)
    assert result.met
    assert result.due
    assert result.breached
    assert result.lapsed
    assert len(result.not_assessed) * 4 <= len(result) + len(result.not_assessed)


@pytest.mark.parametrize("example", NINE)
def test_an_example_is_late_and_overdue(example: str) -> None:
    """Among the breaches are acts that came late and acts that never came."""
    done = [obligation.met_on for obligation in evaluated(example).breached]
    assert None in done
    assert any(done)


@pytest.mark.parametrize(
    ("example", "row"),
    [
        pytest.param(example, row, id=f"{example}-{row[0]}-{row[2]}")
        for example, rows in BY_HAND.items()
        for row in rows
        if example in HERE
    ],
)
def test_due_dates_worked_out_by_hand(example: str, row: tuple[str, str | None, str, str]) -> None:
    """The duty stands in the result with the dates and the status found on a wall calendar."""
    standard, opened, due, status = row
    found = [
        (day(each.opened) if opened is not None else None, day(each.due), str(each.status))
        for each in evaluated(example).of_standard(standard)
    ]
    assert (opened, due, status) in found


def test_every_example_is_worked_by_hand() -> None:
    """Each of the examples in a folder has at least three duties worked out by hand, one of them met."""
    assert set(BY_HAND) == {each for each in AS_OF if "/" in each}
    for example, rows in BY_HAND.items():
        assert len(rows) >= 3, example
        assert {"met", "breached"} <= {status for *_, status in rows}, example


def test_the_page_of_worked_examples_agrees() -> None:
    """Each result on docs/explanation/worked-examples.md is one of the duties above, and each clause is the pack's."""
    text = PAGE.read_text(encoding="utf-8")
    for example, rows in BY_HAND.items():
        section = " ".join(text.partition(f"`examples/{example}`")[2].partition("\n## ")[0].split())
        results = re.findall(r"`([a-z0-9-]+)`: due (\d{4}-\d\d-\d\d), (met|breached|due|lapsed)", section)
        assert len(results) >= 2, example
        assert set(results) <= {(standard, due, status) for standard, _, due, status in rows}, example
        if example not in HERE:
            continue
        for standard, *_ in results:
            (source,) = [each.source for each in load_pack(pack_of(example)).standards if each.id == standard]
            assert source.section in section, f"{example}: {standard} stands in {source.section!r}"
            assert source.words in section, f"{example}: the words of {standard} are {source.words!r}"


def test_the_examples_are_listed() -> None:
    """examples/README.md names every example file with the command that gives its result."""
    text = (FOLDER / "README.md").read_text(encoding="utf-8")
    for example in AS_OF:
        if "/" in example:
            assert f"evaluate {pack_of(example)} examples/{example} --as-of {AS_OF[example]} --brief" in text
        else:
            assert f"`{example}`" in text
