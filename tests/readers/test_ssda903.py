"""The SSDA903 return as events: periods derived from episodes, what is done with dirt, and what the year's edge does
not make a breach of.
"""

from __future__ import annotations

import sqlite3
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from practice_rules import evaluate, load_pack
from practice_rules.events import fold
from practice_rules.readers import read_records
from practice_rules.readers.ssda903 import HOLDS, read_ssda903
from practice_rules.records import Allocation, Reading
from practice_rules.tables import TableError

ROOT = Path(__file__).resolve().parents[2]
SAMPLES = Path(__file__).parent / "ssda903"
PAGE = ROOT / "docs" / "reference" / "readers" / "ssda903.md"

EPISODES = ("CHILD", "DECOM", "RNE", "LS", "CIN", "PLACE", "DEC", "REC")
REVIEWS = ("CHILD", "DOB", "REVIEW", "REVIEW_CODE")


def table(columns: tuple[str, ...], *rows: str) -> list[dict[str, str]]:
    """Rows written with spaces between the cells, "-" for an empty one."""
    return [dict(zip(columns, ("" if cell == "-" else cell for cell in row.split()), strict=True)) for row in rows]


def episodes(*rows: str) -> list[dict[str, str]]:
    """Episodes as CHILD DECOM RNE LS PLACE DEC REC."""
    return table(("CHILD", "DECOM", "RNE", "LS", "PLACE", "DEC", "REC"), *rows)


def read(*rows: str, **others: Any) -> Reading:
    """The return of 2023-24 with these episodes."""
    return read_ssda903({"episodes": episodes(*rows), **others}, reference_date=date(2024, 3, 31))


def events(reading: Reading, child: str = "C1") -> list[tuple[str, str]]:
    """A child's events by day and name."""
    return sorted((record.on.isoformat(), record.name) for record in reading.subjects[child].records)


def faults(reading: Reading) -> list[str]:
    """The faults as a user sees them."""
    return [str(fault) for fault in reading.faults]


#: One child of each kind, so that every word occurs.
FULL: dict[str, Any] = {
    "e": episodes(
        "C1 03/04/2023 S V2 U6 01/05/2023 X1",
        "C1 01/05/2023 L C1 U6 03/07/2023 X1",
        "C1 03/07/2023 P C1 K2 05/09/2023 X1",
        "C1 05/09/2023 L E1 K2 10/10/2023 X1",
        "C1 10/10/2023 P E1 A6 20/12/2023 X1",
        "C1 20/12/2023 P E1 U4 01/02/2024 E45",
        "C2 03/04/2023 S L2 P1 20/04/2023 E2",
        "C3 03/04/2023 S E1 A5 20/04/2023 E11",
        "C4 03/04/2023 S V4 U6 01/12/2023 E8",
        "C4 04/12/2023 S V3 U6 06/12/2023 E8",
    ),
    "r": table(REVIEWS, "C1 01/02/2015 28/04/2023 PN1", "C1 01/02/2015 20/07/2023 PN7", "C3 - 18/04/2023 PN0"),
    "m": table(
        ("CHILD", "DOB", "MISSING", "MIS_START", "MIS_END"),
        "C1 01/02/2015 M 03/06/2023 04/06/2023",
        "C1 01/02/2015 A 08/06/2023 09/06/2023",
    ),
    "p": table(
        ("CHILD", "DOB", "DATE_PLACED", "DATE_PLACED_CEASED", "REASON_PLACED_CEASED"),
        "C1 01/02/2015 20/08/2023 - -",
        "C3 - 10/04/2023 12/04/2023 RD1",
    ),
    "s": table(
        ("CHILD", "DOB", "SW_ID", "SW_DECOM", "SW_DEC", "SW_REASON"),
        "C1 01/02/2015 W1 01/02/2022 01/06/2023 LEFTRL",
        "C1 01/02/2015 W2 01/06/2023 02/01/2024 ORGRST",
    ),
    "h": table(("CHILD", "SEX", "DOB", "ETHNIC", "UPN"), "C1 2 01/02/2015 WBRI -", "C3 M 05/05/2022 BCRB -"),
    "u": table(("CHILD", "SEX", "DOB", "DUC"), "C2 1 - -"),
    "a": table(("CHILD", "DOB", "DATE_INT", "DATE_MATCH"), "C3 05/05/2022 01/03/2023 02/03/2023"),
}


# --- what becomes of what ---------------------------------------------------------------------------------------------


def test_every_word_it_holds_is_in_the_vocabulary_and_can_be_produced() -> None:
    """HOLDS promises what a return can say: no word that packs do not share, and none it never gives."""
    vocabulary = yaml.safe_load((ROOT / "standards" / "vocabulary.yaml").read_text(encoding="utf-8"))
    reading = read_ssda903(FULL)
    assert {fold(name) for name in vocabulary["events"]} >= HOLDS
    assert set(reading.counts()) == HOLDS == reading.holds
    assert reading.faults == ()


def test_what_the_episodes_of_one_child_become() -> None:
    """Six episodes: one period of care, four placements, three legal statuses, by hand from the codes."""
    reading = read_ssda903(FULL)
    assert events(reading) == [
        ("2023-04-03", "became looked after"),
        ("2023-04-03", "legal status started"),
        ("2023-04-03", "placement started"),
        ("2023-04-28", "looked after review held"),
        ("2023-05-01", "legal status ended"),
        ("2023-05-01", "legal status started"),
        ("2023-06-01", "social worker allocated"),
        ("2023-06-03", "went missing"),
        ("2023-06-04", "returned from missing"),
        ("2023-07-03", "placement ended"),
        ("2023-07-03", "placement started"),
        ("2023-07-20", "looked after review held"),
        ("2023-08-20", "adoption decision made"),
        ("2023-09-05", "legal status ended"),
        ("2023-09-05", "legal status started"),
        ("2023-09-05", "placement order made"),
        ("2023-10-10", "placed for adoption"),
        ("2023-10-10", "placement ended"),
        ("2023-10-10", "placement started"),
        ("2023-12-20", "adoption placement ended"),
        ("2023-12-20", "placement ended"),
        ("2023-12-20", "placement started"),
        ("2024-01-02", "social worker allocation ended"),
        ("2024-02-01", "ceased to be looked after"),
        ("2024-02-01", "legal status ended"),
        ("2024-02-01", "permanence order made"),
        ("2024-02-01", "placement ended"),
    ]
    by_id = {record.id: record for record in reading.subjects["C1"].records}
    ended = by_id["episodes/2023-07-03/PLACE/placement ended"]
    assert ended.about == "episodes/2023-07-03/PLACE/placement started"
    assert ended.details == {"placement type": "residential"}
    # The placement ran on through the change of legal status: it ended with the episode of row 4.
    assert str(ended.origin) == "e.DEC:4"
    assert by_id["episodes/2023-12-20/PLACE/placement started"].details == {
        "placement type": "foster care",
        "long term": True,
    }
    assert by_id["episodes/2023-04-03/DECOM"].details == {"legal status": "section 20"}
    assert by_id["episodes/2023-12-20/DEC"].details == {"reason": "special guardianship order"}
    assert by_id["reviews/2023-04-28/REVIEW"].details == {"initial": True, "child took part": True}
    assert by_id["reviews/2023-07-20/REVIEW"].details == {"initial": False, "child took part": False}
    (infant,) = [r for r in reading.subjects["C3"].records if r.name == "looked after review held"]
    assert infant.details == {"initial": True}  # under four: it is not asked whether the child took part


def test_what_is_said_of_the_child() -> None:
    """Birth, strata, allocations and the one fact that a return holds."""
    reading = read_ssda903(FULL)
    first = reading.subjects["C1"]
    assert (first.born, first.strata) == (date(2015, 2, 1), {"sex": "female", "ethnicity": "WBRI"})
    day = date.toordinal
    assert first.allocations == [
        Allocation(day(date(2022, 2, 1)), day(date(2023, 6, 1)), "W1", None),
        Allocation(day(date(2023, 6, 1)), day(date(2024, 1, 2)), "W2", None),
    ]
    assert reading.subjects["C2"].facts == {"unaccompanied asylum seeking child": True}
    assert first.facts == {}
    ceased = read("C1 03/04/2023 S V2 U6 - -", u=table(("CHILD", "DUC"), "C1 05/06/2023"))
    assert ceased.subjects["C1"].facts == {}  # it did not hold throughout


def test_short_breaks_are_no_ordinary_care() -> None:
    """An agreed series (V4) is a period of short breaks; single breaks (V3) are none, and are counted."""
    reading = read_ssda903(FULL)
    assert events(reading, "C4") == [("2023-04-03", "short breaks started"), ("2023-12-01", "short breaks ended")]
    assert "Single short breaks (V3): 1. They are no period of care, and were not used." in reading.notes


def test_adoption_ends_care_and_not_the_adoptive_placement() -> None:
    """A period of care that ends by adoption has no failed adoptive placement."""
    assert events(read_ssda903(FULL), "C3") == [
        ("2023-04-03", "became looked after"),
        ("2023-04-03", "legal status started"),
        ("2023-04-03", "placed for adoption"),
        ("2023-04-03", "placement order made"),
        ("2023-04-03", "placement started"),
        ("2023-04-18", "looked after review held"),
        ("2023-04-20", "adoption order made"),
        ("2023-04-20", "ceased to be looked after"),
        ("2023-04-20", "legal status ended"),
        ("2023-04-20", "placement ended"),
    ]


def test_ids_rest_on_no_order_of_rows_and_no_case_of_names() -> None:
    """Rows may come in any order, columns in any case, and files under any name."""

    def found(source: dict[str, Any]) -> set[Any]:
        return {
            (subject.id, record.id, record.name, record.on, record.about)
            for subject in read_ssda903(source).subjects.values()
            for record in subject.records
        }

    turned = {
        f"file {place}": [{name.lower(): cell for name, cell in row.items()} for row in reversed(rows)]
        for place, rows in enumerate(reversed(list(FULL.values())))
    }
    assert found(turned) == found(FULL)


@pytest.mark.parametrize("form", ["csv", "list", "pandas", "polars", "cursor"])
def test_tables_of_any_form_are_read_alike(form: str, tmp_path: Path) -> None:
    """A folder, a list of paths, data frames and a cursor give the same events; files are known by their columns."""
    rows = FULL["e"]
    source: Any
    if form in ("csv", "list"):
        for name, content in FULL.items():
            lines = [",".join(content[0]), *(",".join(row.values()) for row in content)]
            (tmp_path / f"{name} any name.csv").write_text("\n".join(lines), encoding="utf-8")
        source = tmp_path if form == "csv" else sorted(tmp_path.iterdir())
    elif form == "cursor":
        base = sqlite3.connect(":memory:")
        base.execute(f"create table e ({', '.join(f'{name} text' for name in rows[0])})")
        base.executemany(f"insert into e values ({', '.join('?' * len(rows[0]))})", [tuple(r.values()) for r in rows])
        source = {**FULL, "e": base.execute("select * from e")}
    else:
        frames = pytest.importorskip(form)
        source = {name: frames.DataFrame(content) for name, content in FULL.items()}
    assert read_ssda903(source).counts() == read_ssda903(FULL).counts()


def test_what_a_missing_file_would_hold_is_not_held() -> None:
    """Without a file of reviews nobody can say that one was missed."""
    reading = read("C1 03/04/2023 S V2 U6 - -")
    assert "looked after review held" not in reading.holds
    assert "became looked after" in reading.holds
    assert "There is no file of reviews: what it would hold is not held." in reading.notes


# --- the year's edge --------------------------------------------------------------------------------------------------


def test_the_year_is_the_one_in_which_most_dates_lie() -> None:
    """The files do not say it; one wrong date does not move it."""
    rows = ["C1 03/04/2023 S V2 U6 01/06/2023 E8", "C2 03/04/2023 S V2 U6 02/06/2023 E8"]
    reading = read_ssda903({"e": episodes(*rows, "C3 03/04/2023 S V2 U6 03/06/2032 E8")})
    # Nothing is known of what came after the last day they tell of: an extract may be made within the year.
    assert (reading.as_of, reading.since) == (date(2023, 6, 2), date(2023, 4, 1))
    assert (
        "The files do not say to which day they speak. By most of their dates the latest year ends on 31 March 2024, "
        "and the last day of it that they tell of was taken. Give reference_date to settle it." in reading.notes
    )
    given = read("C1 03/04/2023 S V2 U6 - -")
    assert (given.as_of, given.since) == (date(2024, 3, 31), date(2023, 4, 1))


def test_care_that_began_before_the_files_opens_nothing() -> None:
    """The earlier reviews are in no file: neither the first known one nor a long gap may look like a breach."""
    reading = read(
        "C1 01/11/2022 S V2 U6 - -",
        "C2 01/12/2022 P C2 K2 05/05/2023 X1",
        "C2 05/05/2023 P C2 U4 - -",
        r=table(REVIEWS, "C1 - 10/09/2023 PN1", "C1 - 05/03/2024 PN1"),
    )
    assert events(reading) == [("2023-09-10", "looked after review held"), ("2024-03-05", "looked after review held")]
    # The second placement of the other child began in the year and is whole; the legal status began before.
    assert events(reading, "C2") == [("2023-05-05", "placement started")]
    assert any(note.startswith("Periods of care that began before 2023-04-01, or of which") for note in reading.notes)
    assert [r.details for r in reading.subjects["C1"].records] == [{"child took part": True}] * 2  # which is initial?
    pack = load_pack("wokingham")
    of_reviews = {
        standard.id
        for standard in pack.tested
        if "looked after review held" in getattr(getattr(standard.rule, "expect", None), "names", ())
    }
    assert "in-care-second-review" in of_reviews
    result = evaluate(reading.history("C1"), pack, as_of=date(2024, 3, 31))
    assert not any(duty.standard in of_reviews for duty in result.obligations)


def test_files_of_the_years_before_make_the_period_whole() -> None:
    """With both years the start, the reviews and the end are there, each once."""
    reading = read_ssda903(
        {
            "e 2023": episodes("C1 01/11/2022 S V2 U6 - -", "C9 01/11/2022 S V2 U6 02/11/2022 E8"),
            "r 2023": table(REVIEWS, "C1 - 25/11/2022 PN1", "C1 - 20/02/2023 PN1"),
            "e 2024": episodes("C1 01/11/2022 S V2 U6 03/09/2023 E4A"),
            "r 2024": table(REVIEWS, "C1 - 18/08/2023 PN1"),
        }
    )
    assert (reading.as_of, reading.since) == (date(2023, 9, 3), date(2022, 4, 1))
    assert reading.faults == ()
    assert [name for _, name in events(reading)].count("looked after review held") == 3
    assert ("2022-11-01", "became looked after") in events(reading)
    assert ("2023-09-03", "ceased to be looked after") in events(reading)
    assert "Records in the files of several years that were used once: 1." in reading.notes


def test_an_episode_that_no_later_file_holds_is_not_open_for_ever() -> None:
    """Open on 31 March means in the next year's file; if it is not, nobody can say when it ended."""
    reading = read_ssda903(
        {
            "e 2023": episodes("C1 01/11/2022 S V2 U6 - -", "C9 01/11/2022 S V2 U6 02/11/2022 E8"),
            "e 2024": episodes("C8 01/11/2023 S V2 U6 03/12/2023 E4A"),
        }
    )
    assert events(reading) == []
    assert faults(reading) == [
        "e 2023, row 1, DEC: it was still open at the end of its year, but no later file holds it. Check both. No "
        "period of care was made of these episodes."
    ]


# --- end to end -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("held", "status"), [("04/05/2023", "met"), ("05/05/2023", "breached")])
def test_a_verdict_is_traced_back_to_its_row(held: str, status: str) -> None:
    """The first review of care that began on Monday 3 April 2023 is due on 4 May, and stands in row 2."""
    # Twenty working days: 4-6 April are 3, 11-14 make 7 (7 and 10 April are Easter), 17-21 make 12, 24-28 make 17, and
    # 2-4 May make 20 (1 May is a bank holiday).
    reading = read("C1 03/04/2023 S V2 U6 - -", r=table(REVIEWS, "C1 - 30/03/2024 PN1", f"C1 - {held} PN1"))
    result = evaluate(reading.history("C1"), load_pack("wokingham"), as_of=date(2024, 3, 31))
    found = [
        duty
        for duty in result.obligations
        if duty.due == date(2023, 5, 4)
        and duty.met_by is not None
        and duty.met_by.name.startswith("looked after review")
    ]
    assert found
    assert {duty.status.name.lower() for duty in found} == {status}
    assert found[0].met_by is not None
    (record,) = [each for each in reading.subjects["C1"].records if each.id == found[0].met_by.id]
    assert str(record.origin) == "r.REVIEW:2"


# --- dirt -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        (
            ["C1 03/04/2023 S V2 U6 05/06/2023 X1", "C1 01/06/2023 P V2 U4 - -"],
            "row 2, DECOM: the episode before was not over (row 1).",
        ),
        (
            ["C1 03/04/2023 S V2 U6 05/06/2023 X1", "C1 07/06/2023 P V2 U4 - -"],
            "row 1, REC: it says that another episode begins on the same day, but none does (row 2).",
        ),
        (
            ["C1 03/04/2023 S V2 U6 05/06/2023 E8", "C1 05/06/2023 P V2 U4 - -"],
            "row 2, RNE: it goes on with a period of care that was over (row 1).",
        ),
        (
            ["C1 03/04/2023 S V2 U6 05/06/2023 X1", "C1 05/06/2023 S V2 U4 - -"],
            "row 2, RNE: a period of care starts, but the episode before goes on (row 1).",
        ),
        (
            ["C1 03/04/2023 S V2 U6 05/06/2023 X1"],
            "row 1, REC: it says that another episode begins on the same day, but none does.",
        ),
        (
            ["C1 03/04/2023 S V4 U6 05/06/2023 X1", "C1 05/06/2023 L V2 U6 - -"],
            "row 1, LS: a short break (V3, V4) and other care stand in one period.",
        ),
    ],
)
def test_no_period_is_made_of_episodes_that_contradict_each_other(rows: list[str], said: str) -> None:
    """Nobody can say which of them is right, and a period that never ends would breach everything."""
    reading = read(*rows, "C2 03/04/2023 S V2 U6 05/06/2023 E8")
    assert events(reading) == []
    assert faults(reading) == [f"episodes, {said} Check both. No period of care was made of these episodes."]
    assert events(reading, "C2")[0] == ("2023-04-03", "became looked after")  # the rest goes on


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("C1 2023/04/03 S V2 U6 - -", "row 1, DECOM: this is not a date. Write 28/03/2024."),
        ("C1 - S V2 U6 - -", "row 1, DECOM: there is no date. Add it. The row was not used."),
        ("C1 03/04/2023 S V2 U6 31/06/2023 E8", "row 1, DEC: there is no such date. Check day and month."),
        ("C1 03/04/2023 S V2 U6 02/04/2023 E8", "row 1, DEC: it lies before DECOM. Check both dates."),
        ("C1 03/04/2023 S V2 U6 05/06/2023 -", "row 1, REC: there is no code. Add it."),
        ("C1 03/04/2023 S V2 U6 - E8", "row 1, DEC: there is no date beside a REC. Add it, or take the REC out."),
        ("C1 03/04/2023 S - U6 - -", "row 1, LS: there is no code. Add it."),
    ],
)
def test_an_episode_that_cannot_be_placed_makes_no_period(row: str, said: str) -> None:
    """A start or an end that cannot be read, or a status that might be a short break, leaves the period unknown."""
    reading = read(row)
    assert events(reading) == []
    assert faults(reading) == [f"episodes, {said}"]
    assert (
        "Periods of care that were not made, as their episodes contradict each other or cannot be read: 1."
        in reading.notes
    )


def test_an_unknown_code_costs_only_what_rests_on_it() -> None:
    """A placement of unknown kind is still a placement; without RNE the placement is unknown, the care is not."""
    place = read("C1 03/04/2023 S V2 QQ 05/06/2023 E8")
    assert ("2023-04-03", "placement started") in events(place)
    (started,) = [r for r in place.subjects["C1"].records if r.name == "placement started"]
    assert started.details is None
    assert faults(place) == ["episodes, row 1, PLACE: this code is not known. Check the code set. It was left out."]
    reason = read("C1 03/04/2023 S V2 U6 05/06/2023 X1", "C1 05/06/2023 QQ V2 U4 - -")
    assert events(reason) == [("2023-04-03", "became looked after")]
    assert faults(reason) == ["episodes, row 2, RNE: this code is not known. Check the code set. It was left out."]


def test_a_change_that_the_reason_denies_costs_only_its_own_timeline() -> None:
    """RNE says that only the placement changed, but the legal status differs too: which is right, nobody can say."""
    reading = read("C1 03/04/2023 S V2 U6 05/06/2023 X1", "C1 05/06/2023 P C2 U4 - -")
    assert faults(reading) == [
        "episodes, row 2, LS: it is not that of the episode before, but RNE says that it did not change. Check both. "
        "No legal status was made of these episodes."
    ]
    names = [name for _, name in events(reading)]
    assert names.count("placement started") == 2
    assert "legal status started" not in names


def test_other_rows_that_cannot_be_used_are_said() -> None:
    """Ends before starts, missing children, unknown codes: each with its place, none with its value."""
    reading = read(
        "C1 03/04/2023 S V2 U6 - -",
        r=table(REVIEWS, "- - 05/05/2023 PN1", "C1 - 06/05/2023 PN9", "C1 - - PN1"),
        m=table(
            ("CHILD", "MISSING", "MIS_START", "MIS_END"),
            "C1 M 07/06/2023 06/06/2023",
            "C1 Q 08/06/2023 09/06/2023",
            "C1 M 10/06/2023 1/13/2023",
        ),
        other=table(("A", "B"), "1 2"),
    )
    said = faults(reading)
    assert said == [
        "r, row 1, CHILD: the row does not say which child it is about. It was not used.",
        "r, row 2, REVIEW_CODE: this code is not known. Check the code set. It was left out.",
        "r, row 3, REVIEW: there is no date. Add it. The row was not used.",
        "m, row 1, MIS_END: it lies before MIS_START. Check both dates. Neither was used.",
        "m, row 2, MISSING: this code is not known. Check the code set. It was left out.",
        "m, row 3, MIS_END: there is no such date. Check day and month.",
    ]
    everything = "\n".join([*said, *reading.notes])
    for value in ("05/05/2023", "PN9", "06/06/2023", "1/13/2023", "C1"):
        assert value not in everything
    assert "other: it has the columns of no file of the return and was passed over." in reading.notes
    assert reading.counts()["looked after review held"] == 1
    assert "went missing" not in reading.counts()


def test_two_dates_of_birth_are_none() -> None:
    """Wherever they stand, two dates of birth of one child are a fault, and no age is judged by either."""
    reading = read(
        "C1 03/04/2023 S V2 U6 - -",
        h=table(("CHILD", "SEX", "DOB", "ETHNIC"), "C1 1 01/02/2015 WBRI"),
        r=table(REVIEWS, "C1 02/01/2015 05/05/2023 PN1"),
    )
    assert reading.subjects["C1"].born is None
    assert faults(reading) == [
        "r, row 1, DOB: another row of this child says something else (h, row 1). Correct the wrong one. Neither was "
        "used."
    ]


def test_a_wrong_call_is_answered_in_plain_words(tmp_path: Path) -> None:
    """No folder, no file of the return, no date, nothing to read: each says what it is."""
    with pytest.raises(TableError, match=r"^none: there is no such file or folder\. Check the name\.$"):
        read_ssda903(tmp_path / "none")
    with pytest.raises(TableError, match=r"^No file has the columns of the SSDA903 return"):
        read_ssda903(tmp_path)
    with pytest.raises(TableError, match=r"^The files hold no date by which their year could be known\."):
        read_ssda903({"e": episodes("C1 03/04/2023 S V2 U6 - -")})
    with pytest.raises(TableError, match=r"^Give a folder of CSV files"):
        read_ssda903(17)


# --- the sample -------------------------------------------------------------------------------------------------------


def test_every_bad_cell_of_the_sample_is_reported_with_its_place() -> None:
    """Five rows for two children, in which nothing fits: no period is made, and each reason is said."""
    reading = read_ssda903(SAMPLES)
    assert [(fault.table.removeprefix("SSDA903_2020_"), fault.row, fault.column) for fault in reading.faults] == [
        ("episodes.csv", 2, "DECOM"),  # begins while the one before is open
        ("episodes.csv", 3, "LS"),  # blank
        ("episodes.csv", 3, "LS"),  # V4 stands in the same period as other care
        ("episodes.csv", 4, "DECOM"),
        ("episodes.csv", 4, "LS"),  # RNE says that it did not change
        ("episodes.csv", 5, "LS"),  # V3 beside J3
        ("episodes.csv", 6, "RNE"),  # *DUMMY*
        ("episodes.csv", 6, "REC"),  # X1, and nothing follows
        ("header.csv", 3, "DOB"),
        ("header.csv", 4, "DOB"),
        ("header.csv", 4, "SEX"),
        ("header.csv", 6, "DOB"),
        ("header.csv", 6, "SEX"),
        ("header.csv", 6, "ETHNIC"),
    ]
    said = "\n".join([*faults(reading), *reading.notes])
    for value in ("689661", "249901", "DUMMY", "2015", "UNKN", "18/07/2019", "Y8 5KZ"):
        assert value not in said
    assert (reading.as_of, reading.since) == (date(2019, 9, 26), date(2019, 4, 1))


def test_the_numbers_in_the_documentation_are_those_of_the_sample() -> None:
    """The page says how much of the public sample can be used."""
    reading = read_ssda903(SAMPLES)
    page = PAGE.read_text(encoding="utf-8")
    rows = sum(reading.rows.values())
    assert (
        f"{rows} rows, {len(reading)} children, {len(reading.faults)} faults, {sum(reading.counts().values())} events"
        in page
    )


def test_the_return_speaks_until_the_day_asked_for_if_that_is_of_its_year() -> None:
    """The sample's last day is 26 September 2019: 31 March 2020 may be asked for, and is said; a later day may not."""
    folder = Path(__file__).parent / "ssda903"
    told = read_records(folder, as_of=date(2019, 9, 26))
    asked = read_records(folder, as_of=date(2020, 3, 31))
    later = read_records(folder, as_of=date(2020, 4, 1))
    assert (told.as_of, asked.as_of, later.as_of) == (date(2019, 9, 26), date(2020, 3, 31), date(2019, 9, 26))
    assert [note for note in asked.notes if "tell of nothing after 2019-09-26" in note]
    assert not [note for note in (*told.notes, *later.notes) if "tell of nothing after" in note]
