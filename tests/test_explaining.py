"""Explanations, read as a manager with a wall calendar would read them."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from explanation_cases import EXPLAINED, TEN_DAYS, WAITING, Case, kept
from practice_rules.calendars import Calendar
from practice_rules.evaluating import evaluate
from practice_rules.evaluations import Evaluation
from practice_rules.events import History
from practice_rules.explaining import Explanation, Step, count_steps, explain, why_not
from practice_rules.kinds import COHORT, KINDS
from practice_rules.loading import load_pack
from practice_rules.obligations import Obligation, Reason, Status
from practice_rules.timescales import read_timescale

GOLDEN = Path(__file__).parent / "golden" / "explanations.txt"
CASES = {case.name: case for case in EXPLAINED}
FIRST = CASES["deadline overdue by two days"]


def golden() -> dict[str, str]:
    parts = re.split(r"^=== (.*)\n", GOLDEN.read_text(encoding="utf-8"), flags=re.MULTILINE)
    return {name: text.strip("\n") for name, text in zip(parts[1::2], parts[2::2], strict=True)}


def steps_of(name: str, nth: int = 0) -> list[str]:
    return [step.text for step in CASES[name].explained()[nth].steps]


# --- every case -------------------------------------------------------------------------------------------------------


def test_every_case_is_kept_and_no_other() -> None:
    """The file holds one entry for each case, in the same order."""
    names = [case.name for case in (*EXPLAINED, *WAITING)]
    assert len(names) == len({(case in WAITING, case.name) for case in (*EXPLAINED, *WAITING)})
    assert list(golden()) == list(kept())


@pytest.mark.parametrize(("name", "text"), kept().items(), ids=kept())
def test_the_explanation_is_as_it_was_read(name: str, text: str) -> None:
    """Each explanation is word for word the one that was read and approved."""
    assert text == golden()[name], (
        "If the change is meant, read it aloud, then: "
        "PYTHONPATH=src python tests/explanation_cases.py > tests/golden/explanations.txt"
    )


def test_every_kind_and_every_outcome_is_among_the_cases() -> None:
    """No kind of standard and no status is explained without having been read."""
    kinds = {case.pack["it"].kind for case in EXPLAINED}
    assert kinds == {kind.name for kind in KINDS} | {COHORT}
    outcomes = set()
    for case in EXPLAINED:
        for duty in case.judged().of_standard("it"):
            outcomes.add((str(duty.status), duty.late, duty.overdue, duty.overdue and duty.ended is not None))
    assert outcomes == {
        ("met", False, False, False),
        ("due", False, False, False),
        ("breached", True, False, False),
        ("breached", False, True, False),
        ("breached", False, True, True),
        ("lapsed", False, False, False),
    }


@pytest.mark.parametrize(("name", "text"), kept().items(), ids=kept())
def test_the_sentences_are_sentences(name: str, text: str) -> None:
    """Every step is one sentence or more, numbered in order, with no word of the machinery and no slip of grammar."""
    for explanation in text.split("\n\n"):
        heading, *lines = explanation.split("\n")
        assert re.fullmatch(
            r"it: (met|due|lapsed|breached \((done late|still not done)\)|opened( nothing)?|not (assessed|tested))",
            heading,
        )
        numbered = [line for line in lines if not line.startswith("Next: ")]
        assert [line.split(".")[0] for line in numbered] == [str(n) for n in range(1, len(numbered) + 1)]
        for line in lines:
            assert re.search(r"([.…]|\])$", line), line
            assert not re.search(
                r"None|_|\b1 \w+s\b|\b1 \w+ are\b|\b(?!1 )\d+ (day|week|month|year|hour)\b|  |,,|\.\.", line
            )


@pytest.mark.parametrize("case", EXPLAINED, ids=lambda case: case.name)
def test_an_obligation_read_back_is_explained_the_same(case: Case) -> None:
    """A result that went to JSON and back is explained in the same words."""
    found = case.judged()
    again = Evaluation.from_json(found.to_json())
    said = [str(explain(duty, case.pack)) for duty in found.of_standard("it")]
    assert said
    assert [str(explain(duty, case.pack)) for duty in again.of_standard("it")] == said


# --- dates by hand ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "day"),
    [
        # 25, 26, 27, 28 March, 2, 3, 4, 5, 8, 9 April 2024: Good Friday and Easter Monday left out.
        ("deadline due, one day left", "Tue 9 Apr 2024"),
        # 17-20, 23, 24, 31 December 2024, 2, 3, 6 January 2025: two closure days and three bank holidays left out.
        ("deadline across Christmas 2024 and closure days", "Mon 6 Jan 2025"),
        ("deadline with the day itself as day 1", "Mon 8 Apr 2024"),
        ("deadline with the day itself as day 1, opened on a day off", "Tue 9 Apr 2024"),
        ("deadline of weeks", "Thu 9 May 2024"),
        ("deadline of one month from the 31st", "Thu 29 Feb 2024"),
        ("deadline of a month with the day itself as day 1", "Thu 11 Apr 2024"),
        # Back from 4 April: 3, 2 April, 28, 27, 26 March.
        ("lead time overdue across Easter", "Tue 26 Mar 2024"),
        # Back from 4 April: 3, 2 April, and one more for the clear days: 28 March.
        ("lead time of clear days", "Thu 28 Mar 2024"),
    ],
)
def test_the_last_day_is_the_one_counted_by_hand(name: str, day: str) -> None:
    """The last day in time is the day that a finger on the calendar comes to."""
    assert f"The last day in time is {day}, to its end." in steps_of(name)


def test_bank_holidays_and_closure_days_are_named() -> None:
    """Each bank holiday and closure day that is skipped has its date and name; weekends are not listed."""
    [counted] = [text for text in steps_of("deadline across Christmas 2024 and closure days") if "Skipped" in text]
    assert re.findall(r"\w{3} \d+ \w{3} \d{4} \([^)]+\)", counted) == [
        "Wed 25 Dec 2024 (Christmas Day)",
        "Thu 26 Dec 2024 (Boxing Day)",
        "Fri 27 Dec 2024 (closure day of the authority)",
        "Mon 30 Dec 2024 (closure day of the authority)",
        "Wed 1 Jan 2025 (New Year's Day)",
    ]


# --- the parts of an explanation --------------------------------------------------------------------------------------


def test_the_clause_stands_last() -> None:
    """The last step gives authority, document, section and words as printed, and the standard in plain words."""
    [explanation] = FIRST.explained()
    says = FIRST.pack["it"].says
    assert explanation.steps[-1] == Step(
        "The clause: Barsetshire County Council, Practice Standards, “S / 1”: “some printed words”. In plain words: "
        f"{says}"
    )


def test_the_steps_cite_what_they_rest_on() -> None:
    """A step that rests on a rule of law or on the calendar says which."""
    [explanation] = FIRST.explained()
    assert [step.cites for step in explanation.steps] == [
        "",
        "Dodds v Walker [1981] 1 WLR 1027; CPR 2.8",
        "bank holidays of England and Wales",
        "",
        "",
        "",
    ]


def test_an_explanation_as_text_and_as_data() -> None:
    """As text the steps are numbered, with citations in brackets and what to do next; as data nothing is lost."""
    told = Explanation("it: met", (Step("One.", "a book"), Step("Two.")), "rest.")
    assert str(told) == "it: met\n1. One. [a book]\n2. Two.\nNext: rest."
    assert str(Explanation("it: met", ())) == "it: met"
    data = told.to_dict()
    assert json.loads(json.dumps(data)) == data
    assert data == {
        "heading": "it: met",
        "steps": [{"text": "One.", "cites": "a book"}, {"text": "Two.", "cites": ""}],
        "next_step": "rest.",
    }


def test_a_document_that_is_gone_is_named_by_its_key() -> None:
    """Where the pack no longer lists the document of a clause, its key stands for the title."""
    [duty] = FIRST.judged().of_standard("it")
    pack = replace(FIRST.pack, documents={})
    assert ", standards, “S / 1”: " in explain(duty, pack).steps[-1].text


def test_a_standard_of_another_pack_is_refused() -> None:
    """Neither an obligation of another pack nor an unknown standard is explained."""
    [duty] = FIRST.judged().of_standard("it")
    with pytest.raises(KeyError):
        explain(replace(duty, standard="other"), FIRST.pack)
    with pytest.raises(KeyError):
        why_not(FIRST.told_of, FIRST.pack, "other", as_of=date(2024, 6, 28))


def test_a_reason_that_is_not_known_is_passed_over() -> None:
    """A result of another version may carry a reason that this one has no sentence for: nothing is made up."""
    [duty] = FIRST.judged().of_standard("it")
    odd = replace(duty, reasons=(Reason("moonshine", {"day": "2024-04-01"}),))
    assert str(explain(odd, FIRST.pack)) == str(explain(duty, FIRST.pack))


def test_a_record_still_to_be_written_is_named() -> None:
    """A recording that was read from elsewhere as still due asks for the record."""
    case = CASES["recording late"]
    [duty] = case.judged().of_standard("it")
    data = {**duty.to_dict(), "status": "due", "met_on": None, "met_by": None, "days_late": None, "days_left": 1}
    assert explain(Obligation.from_dict(data), case.pack).next_step == "the record of “visit”, by Wed 3 Apr 2024."
    text = str(explain(Obligation.from_dict(data), case.pack))
    assert "As of Tue 2 Apr 2024 the record of “visit” had not happened; 1 day was left." in text


def test_every_obligation_of_the_shipped_example_is_explained() -> None:
    """Each of several hundred results of a whole case is told from its opening to its clause."""
    root = Path(__file__).parents[1]
    history = History.from_json((root / "examples" / "bromley_child.json").read_text(encoding="utf-8"))
    pack = load_pack("bromley")
    result = evaluate(history, pack, as_of=date(2024, 6, 28))
    for duty in (*result.obligations, *result.lapsed, *result.cohort):
        told = explain(duty, pack)
        assert told.steps[-1].text.startswith("The clause: ")
        assert bool(told.next_step) == (duty.status is Status.DUE or duty.overdue)
    for standard in pack.standards:
        if not result.of_standard(standard.id):
            assert len(why_not(history, pack, standard.id, as_of=date(2024, 6, 28)).steps) > 1


# --- counting for the command `due` -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("start", "timescale", "itself", "back", "steps"),
    [
        (
            date(2024, 3, 22),
            "10 working days",
            False,
            False,
            [
                "Fri 22 Mar 2024 is day 0; the next working day is day 1.",
                "10 working days are counted: Monday to Friday, except bank holidays. Skipped besides weekends: Fri 29 "
                "Mar 2024 (Good Friday) and Mon 1 Apr 2024 (Easter Monday).",
                "The last day in time is Tue 9 Apr 2024, to its end.",
            ],
        ),
        (
            date(2024, 4, 4),
            "5 working days",
            False,
            True,
            [
                "Thu 4 Apr 2024 is day 0; the working day before it is day 1.",
                "5 working days are counted: Monday to Friday, except bank holidays. Skipped besides weekends: Fri 29 "
                "Mar 2024 (Good Friday) and Mon 1 Apr 2024 (Easter Monday).",
                "The last day in time is Tue 26 Mar 2024, to its end.",
            ],
        ),
        (
            date(2024, 3, 12),
            "24 hours",
            False,
            False,
            [
                "Tue 12 Mar 2024 is day 0; the next day is day 1.",
                "24 hours are counted by dates here, where no time of day is known.",
                "The last day in time is Wed 13 Mar 2024, to its end.",
            ],
        ),
        (
            date(2024, 3, 12),
            "1 hour",
            False,
            False,
            [
                "Tue 12 Mar 2024 is day 0; the next day is day 1.",
                "1 hour is counted by dates here, where no time of day is known.",
                "The last day in time is Tue 12 Mar 2024, to its end.",
            ],
        ),
        (
            date(2024, 3, 12),
            "same day",
            True,
            False,
            ["Only the day itself is in time.", "The last day in time is Tue 12 Mar 2024, to its end."],
        ),
        (
            date(2024, 3, 30),
            "1 month",
            False,
            True,
            [
                "Sat 30 Mar 2024 is day 0; the day before it is day 1.",
                "The month has no 30th, so 1 month before Sat 30 Mar 2024 is its last day, Thu 29 Feb 2024.",
                "The last day in time is Thu 29 Feb 2024, to its end.",
            ],
        ),
        (
            date(2024, 1, 31),
            "1 month",
            True,
            False,
            [
                "Wed 31 Jan 2024 is day 1: the day of the event counts.",
                "The month has no 31st, so 1 month after Wed 31 Jan 2024 is its last day, Thu 29 Feb 2024; as the day "
                "itself is day 1, the day before is the last.",
                "The last day in time is Wed 28 Feb 2024, to its end.",
            ],
        ),
        (
            date(2028, 12, 29),
            "1 working day",
            False,
            False,
            [
                "Fri 29 Dec 2028 is day 0; the next working day is day 1.",
                "1 working day is counted: Monday to Friday, except bank holidays. Skipped besides weekends: Mon 1 Jan "
                "2029 (New Year's Day).",
                "The last day in time is Tue 2 Jan 2029, to its end.",
                "Bank holidays are officially published up to Sun 31 Dec 2028; later ones are a projection.",
            ],
        ),
    ],
    ids=str,
)
def test_a_date_is_counted_step_by_step(
    start: date, timescale: str, itself: bool, back: bool, steps: list[str]
) -> None:
    """The steps lead from the event to the last day, for every sort of timescale, forward and back."""
    assert count_steps(start, read_timescale(timescale), Calendar(), itself, back) == steps


def test_the_steps_of_a_count_agree_with_those_of_an_explanation() -> None:
    """What the command `due` says of a count is what the explanation of a duty says of it."""
    counted = count_steps(date(2024, 3, 22), read_timescale("10 working days"), FIRST.pack.calendar)
    assert counted == steps_of(FIRST.name)[1:4]


# --- why not ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("case", WAITING, ids=lambda case: case.name)
def test_why_not_says_what_the_engine_found(case: Case) -> None:
    """The heading says of each case what the evaluation says: nothing opened, not assessed, or opened after all."""
    heading = case.waiting().heading
    if case.pack["it"].kind == "not tested":
        assert heading == "it: not tested"
    else:
        result = case.judged()
        gaps = [gap for gap in result.not_assessed if gap.standard == "it"]
        said = "opened" if result.of_standard("it") else "not assessed" if gaps else "opened nothing"
        assert heading == f"it: {said}"


def test_no_next_step_where_nothing_opened() -> None:
    """Where nothing is owed there is nothing to do."""
    assert {case.waiting().next_step for case in WAITING} == {""}


def test_the_standard_speaks_of_another_subject() -> None:
    """An article before a subject is the one that is spoken."""
    case = Case("", TEN_DAYS + "\nsubject: foster carer", "")
    assert case.waiting().steps[0].text == "The standard speaks of a foster carer, and this is the history of a child."
