"""Annex A: what the lists become, and that no wrong verdict can come of a snapshot or of a bad cell."""

from __future__ import annotations

import re
import sqlite3
import zipfile
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml

from practice_rules import evaluate, load_pack
from practice_rules.events import fold
from practice_rules.readers.annex_a import HOLDS, LATEST, read_annex_a
from practice_rules.records import Reading
from practice_rules.tables import TableError

ROOT = Path(__file__).parents[2]
SAMPLE = Path(__file__).parent / "annex_a"
AS_OF = date(2024, 3, 20)

# Counted by eye in the sample: rows with a date in the column.
SAMPLE_COUNTS = {
    "contact received": 13,
    "early help assessment started": 2,
    "early help assessment completed": 1,
    "referral received": 11,
    "assessment started": 5,
    "assessment completed": 3,
    "assessment authorised": 3,
    "strategy discussion held": 3,
    "section 47 enquiry started": 3,
    "initial child protection conference held": 1,
    "case opened": 2,
    "child protection plan started": 3,
    "child protection plan ended": 1,
    "became looked after": 3,
    "ceased to be looked after": 2,
}

Rows = list[dict[str, Any]]

# One child, one row in each list, with something in every column that is read.
PERSON = {
    "Child Unique ID": "C1",
    "Gender": "b) Female",
    "Ethnicity": "a) WBRI",
    "Date of Birth": "02/02/2015",
    "Does the Child have a Disability": "a) Yes",
}
HELD = {"Allocated Team": "North", "Allocated Worker": "W. One"}


def full() -> dict[str, Rows]:
    """Every list with every column; nobody is in two periods of one kind."""
    return {
        "List 1": [{**PERSON, "Date of Contact": "01/02/2024", "Contact Source": "2A: school"}],
        "List 2": [
            {**PERSON, "Assessment start date": "01/12/2023", "Assessment completion date": "20/12/2023"},
        ],
        "List 3": [
            {**PERSON, **HELD, "Date of referral": "02/02/2024", "Referral Source": "School", "Referral NFA?": "b) No"},
            {**PERSON, **HELD, "Date of referral": "03/01/2024", "Referral Source": "", "Referral NFA?": "a) Yes"},
        ],
        "List 4": [
            {
                **PERSON,
                **HELD,
                "Continuous Assessment Start Date": "05/02/2024",
                "Child Seen During Continuous Assessment": "a) Yes",
                "Continuous Assessment Date of Authorisation": "01/03/2024",
            }
        ],
        "List 5": [
            enquiry("06/02/2024", "b) No", "20/02/2024", "y) Yes"),
            enquiry("04/01/2024", "1 - Yes", "", ""),
        ],
        "List 6": [
            {
                **PERSON,
                **HELD,
                "Child Unique ID": "C6",
                "CIN Start Date": "01/06/2023",
                "Date Child Was Last Seen": "01/03/2024",
                "CIN Closure Date": "04/03/2024",
                "Reason for Closure": "RC8",
            }
        ],
        "List 7": [plan("20/02/2024", visit="04/03/2024", alone="a) Yes", review="11/03/2024", end="18/03/2024")],
        "List 8": [
            care("C8", "01/06/2020", end="01/03/2024"),
            care("C9", "01/06/2022", end="01/03/2024", status="V4"),
        ],
        "List 9": [
            {
                **PERSON,
                **HELD,
                "Child Unique ID": "C10",
                "Unaccompanied Asylum Seeking Child (UASC), or formerly UASC if 18 or over (Y/N)": "Y",
                "Eligibility Category": "a) Relevant",
                "Latest Pathway Plan Review Date": "01/02/2024",
                "Latest Date of Contact": "08/02/2024",
            }
        ],
        "List 10": [
            {
                **PERSON,
                "Child Unique ID": "C11",
                "Date of Decision that Child Should be Placed for Adoption": "01/02/2023",
                "Date of Placement Order": "01/03/2023",
                "Date of Matching Child and Prospective Adopters": "01/06/2023",
                "Date Placed for Adoption": "01/07/2023",
                "Date of Adoption Order": "01/02/2024",
                "Date of Decision that Child Should No Longer be Placed for Adoption": "",
            }
        ],
        "List 11": [{"Individual adopter identifier": "A1", "Date enquiry received": "01/02/2024"}],
    }


def enquiry(day: str, unnecessary: str, conference: str, agreed: str, child: str = "C1") -> dict[str, Any]:
    return {
        **PERSON,
        **HELD,
        "Child Unique ID": child,
        "Strategy discussion initiating Section 47 Enquiry Start Date": day,
        "Was an Initial Child Protection Conference deemed unnecessary?": unnecessary,
        "Date of Initial Child Protection Conference": conference,
        "Did the Initial Child Protection Conference Result in a Child Protection Plan": agreed,
    }


def plan(start: Any, *, visit: Any = "", alone: str = "", review: Any = "", end: Any = "", child: str = "C1") -> Any:
    return {
        **PERSON,
        **HELD,
        "Child Unique ID": child,
        "Child Protection Plan Start Date": start,
        "Initial Category of Abuse": "a) Neglect",
        "Date of the Last Statutory Visit": visit,
        "Was the Child Seen Alone?": alone,
        "Date of latest review conference": review,
        "Child Protection Plan End Date": end,
    }


def care(
    child: str,
    start: str,
    *,
    end: str = "",
    status: str = "C2 - Full care order",
    visit: str = "01/02/2024",
    placed: str = "01/08/2022",
) -> Any:
    return {
        **PERSON,
        **HELD,
        "Child Unique ID": child,
        "Unaccompanied Asylum Seeking Child (UASC) within the Last 12 Months (Y/N)": "N",
        "Date Started to be Looked After": start,
        "Start date of current legal status": "01/07/2022",
        "Child’s Legal Status": status,
        "Date of Latest Statutory Review": "05/02/2024",
        "Date of Last Social Work Visit": visit,
        "Date of Last IRO Visit / Contact to the Child": "06/02/2024",
        "Date of Last Health Assessment": "07/02/2024",
        "Date of Last Dental Check": "08/02/2024",
        "Date Ceased to be Looked After ": end,
        "Reason Ceased to be Looked After": "",
        "Start Date of Most Recent Placement": placed,
        "Placement Type": "U4 - Foster placement, long term",
    }


def events(reading: Reading, child: str) -> set[tuple[str, str]]:
    return {(record.name, record.on.isoformat()) for record in reading.subjects[child].records}


def details(reading: Reading, child: str, name: str) -> dict[str, Any] | None:
    (found,) = [record.details for record in reading.subjects[child].records if record.name == name]
    return found


def content(reading: Reading) -> Any:
    """All that was read, without the places where it stood."""
    return {
        id: (
            subject.born,
            subject.facts,
            subject.strata,
            subject.allocations,
            sorted((record._replace(origin=None) for record in subject.records), key=lambda record: record.id),
        )
        for id, subject in reading.subjects.items()
    }


def said(reading: Reading) -> list[str]:
    return [str(fault) for fault in reading.faults]


# --- the sample -------------------------------------------------------------------------------------------------------


def test_the_sample_gives_the_events_that_can_be_counted_in_it() -> None:
    """Every date of the sample becomes the events of its column, once; eighteen children, no fault."""
    reading = read_annex_a(SAMPLE, as_of=date(2020, 6, 30))
    assert reading.counts() == SAMPLE_COUNTS
    assert len(reading) == 18
    assert reading.faults == ()
    assert reading.rows["list_3.csv"] == 11


def test_the_docs_page_tells_the_counts_of_the_sample() -> None:
    """The table on the page is that of the sample."""
    page = (ROOT / "docs/reference/readers/annex-a.md").read_text(encoding="utf-8")
    table = page[page.index("## The sample") :]
    assert dict(re.findall(r"^\| (\S[^|]*?) \| (\d+) \|$", table, re.M)) == {
        name: str(count) for name, count in SAMPLE_COUNTS.items()
    }


def test_the_docs_page_tells_every_word_and_which_are_latest() -> None:
    """Every event that can be read stands on the page; those of which only the latest is held are listed as such."""
    page = (ROOT / "docs/reference/readers/annex-a.md").read_text(encoding="utf-8")
    assert {word for word in HOLDS if f"`{word}`" not in page} == set()
    part = page[page.index("## Only the latest") : page.index("## What a snapshot can answer")]
    assert set(re.findall(r"`([a-z ]+)`", part)) == LATEST


def test_the_sample_carries_its_licence() -> None:
    """The notice that the licence asks for stands beside the files."""
    notice = (SAMPLE / "NOTICE").read_text(encoding="utf-8")
    assert "CSCDP/child-event-journeys" in notice
    assert "Permission is hereby granted, free of charge" in notice


# --- what it holds ----------------------------------------------------------------------------------------------------


def test_every_word_is_of_the_shared_vocabulary() -> None:
    """No reader's word is unknown to the packs, nor any detail."""
    vocabulary = yaml.safe_load((ROOT / "standards/vocabulary.yaml").read_text(encoding="utf-8"))
    known = {fold(name) for name in vocabulary["events"]}
    assert known >= HOLDS
    assert HOLDS >= LATEST
    told = {
        key for subject in read_annex_a(full()).subjects.values() for r in subject.records for key in r.details or ()
    }
    assert {fold(name) for name in vocabulary["details"]} >= told


def test_a_full_input_produces_every_word_and_holds_them_all() -> None:
    """Nothing is held that cannot be produced; nothing is taken away from a full input."""
    reading = read_annex_a(full(), as_of=AS_OF)
    assert set(reading.counts()) == HOLDS == reading.holds
    assert reading.faults == ()


def test_a_reading_is_a_snapshot_of_six_months() -> None:
    """It says so, from which day the front door is whole, and of which events only the latest is held."""
    reading = read_annex_a(full(), as_of=datetime(2024, 8, 31, 12, 0))
    assert (reading.snapshot, reading.as_of, reading.since) == (True, date(2024, 8, 31), date(2024, 2, 29))
    assert reading.latest == LATEST
    blind = read_annex_a(full())
    assert (blind.as_of, blind.since) == (None, None)
    assert "The day of the extract was not given, so nothing is said of the last six months." in blind.notes


def test_a_missing_list_takes_its_words_out() -> None:
    """What no list is there to say is not held; what another list says too, is."""
    lists = full()
    del lists["List 7"]
    reading = read_annex_a(lists)
    assert HOLDS - reading.holds == {
        "child protection plan started",
        "child protection plan ended",
        "review child protection conference held",
    }
    assert "List 7 (child protection plans) is missing: what it would say is not known." in reading.notes


def test_a_missing_column_takes_its_words_out_though_another_list_has_them() -> None:
    """A plan whose list has no visits would look unvisited, whatever the list of children in care says."""
    lists = full()
    del lists["List 7"][0]["Date of the Last Statutory Visit"]
    reading = read_annex_a(lists)
    assert HOLDS - reading.holds == {"child visited"}
    assert "child visited" not in reading.latest
    assert (
        "List 7: there is no column “Date of the Last Statutory Visit”: what it would say is not known."
        in reading.notes
    )


def test_a_column_that_is_blank_throughout_is_taken_as_not_filled_in() -> None:
    """Blank visits of all children are no visits that were missed; blank ends are plans that go on."""
    reading = read_annex_a({"List 7": [plan("01/02/2024", review="01/03/2024"), plan("01/02/2024", child="C2")]})
    assert "child visited" not in reading.holds
    assert "child protection plan ended" in reading.holds
    assert "review child protection conference held" in reading.holds
    assert any("“Date of the Last Statutory Visit” is blank in every row" in note for note in reading.notes)


def test_a_column_is_held_once_one_row_says_something() -> None:
    """One child's visit shows that the column is kept: another's blank is then a visit that did not take place."""
    rows = [plan("01/02/2024", visit="01/03/2024"), plan("01/02/2024", child="C2")]
    assert "child visited" in read_annex_a({"List 7": rows}).holds


# --- finding lists and columns ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["List_3", "list 3", "LIST 03", "3. Referrals", "Annex A List 3 (2024)", "Referrals"])
def test_a_list_is_found_by_its_name_else_by_its_headings(name: str) -> None:
    """However a sheet is called, it is the list of referrals."""
    assert read_annex_a({name: full()["List 3"]}).counts()["referral received"] == 2


def test_every_list_is_known_by_its_headings_alone() -> None:
    """Names that say nothing make no difference."""
    named = content(read_annex_a(full(), as_of=AS_OF))
    letters = {f"sheet {'abcdefghijk'[place]}": rows for place, rows in enumerate(full().values())}
    assert content(read_annex_a(letters, as_of=AS_OF)) == named


def test_headings_are_matched_whatever_their_case_spaces_and_signs() -> None:
    """Authorities write the headings in their own way."""
    row = {
        "child_unique_id": "C1",
        "CP Plan  start date": "01/02/2024",
        "DATE OF LAST CP VISIT": "04/03/2024",
        "Child seen alone": "Y",
        "latest review date": "11/03/2024",
        "Child Protection plan end date ": "18/03/2024",
    }
    assert events(read_annex_a({"List 7": [row]}), "C1") == {
        ("child protection plan started", "2024-02-01"),
        ("child visited", "2024-03-04"),
        ("review child protection conference held", "2024-03-11"),
        ("child protection plan ended", "2024-03-18"),
    }


def test_two_columns_that_can_be_one_are_said_and_the_first_is_used(tmp_path: Path) -> None:
    """The fault names the second column, which was not used."""
    file = tmp_path / "list_3.csv"
    file.write_text("Child Unique ID,Date of Referral,Referral date\nC1,01/02/2024,02/02/2024\n", encoding="utf-8")
    reading = read_annex_a(tmp_path)
    assert said(reading)[0] == (
        "list_3.csv, row 1, Referral date: two columns can be “Date of referral”. "
        "The first was used. Take one of them out."
    )
    assert events(reading, "C1") == {("referral received", "2024-02-01")}


def test_a_heading_that_can_be_two_columns_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is read as the first of them."""
    from practice_rules.readers import annex_a

    columns = dict(annex_a._LISTS[3])
    columns["other"] = annex_a._heading("Another Date", "date of referral")
    monkeypatch.setattr(annex_a, "_LISTS", {**annex_a._LISTS, 3: columns})
    reading = read_annex_a({"List 3": [{"Child Unique ID": "C1", "Date of referral": "01/02/2024"}]})
    assert said(reading) == [
        "List 3, Date of referral: it can be “Date of referral” or “Another Date”. It was read as the first."
    ]
    assert events(reading, "C1") == {("referral received", "2024-02-01")}


def test_no_pattern_of_a_list_matches_a_heading_of_another_column() -> None:
    """The guidance's own headings are each read as themselves."""
    from practice_rules.readers import annex_a

    for number, columns in annex_a._LISTS.items():
        found, odd = annex_a._headings(number, [heading.name for heading in columns.values()])
        assert (set(found), odd) == (set(columns), []), number
    for file in SAMPLE.glob("*.csv"):
        number = int(file.stem.removeprefix("list_"))
        header = file.read_text(encoding="utf-8-sig").splitlines()[0].split(",")
        assert annex_a._headings(number, header)[1] == []


def test_a_list_without_its_main_column_is_not_read() -> None:
    """The others are; what the list would say is not known."""
    reading = read_annex_a({"List 7": [{"Child Unique ID": "C1"}], "List 3": full()["List 3"]})
    assert said(reading) == [
        "List 7: there is no column “Child Protection Plan Start Date”. The list was not read. Add it."
    ]
    assert "child protection plan started" not in reading.holds


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("no_such_folder", "no_such_folder: there is no such file or folder. Check the name."),
        ({}, "There is no list of Annex A here."),
        ({"List 3": [], "list_3": []}, "list_3: list 3 is there twice (see List 3). Give it once."),
        (7, "Give a folder of CSV files, a workbook, or a dictionary of tables by name."),
        (__file__, "test_annex_a.py: this is neither a workbook (.xlsx) nor CSV. Save it as one of them."),
    ],
)
def test_a_wrong_call_is_told_in_plain_words(source: Any, words: str) -> None:
    """No traceback of a library; what to give instead."""
    with pytest.raises(TableError, match=re.escape(words)):
        read_annex_a(source)


# --- workbooks --------------------------------------------------------------------------------------------------------


def workbook(path: Path, lists: dict[str, list[list[Any]]]) -> Path:
    from openpyxl import Workbook

    book = Workbook()
    book.remove(book.active)
    for name, rows in lists.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    book.save(path)
    return path


def test_a_workbook_reads_as_the_folder_of_its_sheets_does(tmp_path: Path) -> None:
    """Real dates, numbers for ids, titles above the headings, merged cells: the sample comes out the same."""
    import csv

    from openpyxl import Workbook

    book = Workbook()
    book.active.title = "Read me"
    book.active.append(["This workbook holds the lists."])
    for number in range(1, 12):
        sheet = book.create_sheet(f"List_{number}")
        sheet.append([f"List {number}"])
        sheet.merge_cells("A1:D1")
        sheet.append([])
        with (SAMPLE / f"list_{number}.csv").open(encoding="utf-8-sig", newline="") as file:
            for place, row in enumerate(csv.reader(file)):
                sheet.append([typed(cell) if place else cell for cell in row])
    book.save(tmp_path / "annex.xlsx")
    reading = read_annex_a(tmp_path / "annex.xlsx", as_of=date(2020, 6, 30))
    folder = read_annex_a(SAMPLE, as_of=date(2020, 6, 30))
    assert content(reading) == content(folder)
    assert (reading.holds, reading.faults) == (folder.holds, ())
    assert "Read me: the sheet has no headings of a list; it was not read." in reading.notes
    # The title, a blank row and the headings stand above the first child, of whom the CSV file's second row tells.
    origins = [record.origin for record in reading.subjects["1111"].records if record.name == "contact received"]
    assert [str(origin) for origin in origins] == ["List_1.Date of Contact:4"]
    assert content(read_annex_a(tmp_path, as_of=date(2020, 6, 30))) == content(folder)


def typed(cell: str) -> Any:
    if re.fullmatch(r"\d\d/\d\d/\d{4}", cell):
        return datetime.strptime(cell, "%d/%m/%Y")
    return int(cell) if cell.isdigit() else cell or None


def test_numbers_that_stand_for_dates_are_read_in_a_workbook(tmp_path: Path) -> None:
    """45352 is 1 March 2024 in a workbook; 0 is what stands for an empty cell."""
    header = list(plan(""))
    rows = [list(plan(45323, visit=45352, child="C1").values()), list(plan(45323, visit=0, child="C2").values())]
    reading = read_annex_a(workbook(tmp_path / "a.xlsx", {"List 7": [header, *rows]}))
    assert ("child visited", "2024-03-01") in events(reading, "C1")
    assert events(reading, "C2") == {("child protection plan started", "2024-02-01")}
    assert reading.faults == ()


def test_a_hidden_sheet_is_not_read_and_said(tmp_path: Path) -> None:
    """An old list may lie hidden beside the new one."""
    from openpyxl import Workbook

    book = Workbook()
    for name, day in (("List 7", "01/02/2024"), ("List 7 old", "01/02/2021")):
        sheet = book.create_sheet(name)
        sheet.append(list(plan("")))
        sheet.append(list(plan(day).values()))
    book.worksheets[2].sheet_state = "hidden"
    book.save(tmp_path / "a.xlsx")
    reading = read_annex_a(tmp_path / "a.xlsx")
    assert events(reading, "C1") == {("child protection plan started", "2024-02-01")}
    assert "List 7 old: the sheet is hidden and was not read." in reading.notes


def test_a_formula_counts_by_the_value_it_had(tmp_path: Path) -> None:
    """What stood in the cell when the workbook was saved is read."""
    made = workbook(tmp_path / "a.xlsx", {"List 7": [list(plan("")), list(plan(45323, visit="=TODAY()").values())]})
    saved = tmp_path / "b.xlsx"
    with zipfile.ZipFile(made) as before, zipfile.ZipFile(saved, "w") as after:
        for name in before.namelist():
            text = before.read(name)
            if name.endswith("sheet1.xml"):
                text, count = re.subn(rb"(<f>TODAY\(\)</f>)<v ?/?>(</v>)?", rb"\1<v>45352</v>", text)
                assert count == 1
            after.writestr(name, text)
    assert ("child visited", "2024-03-01") in events(read_annex_a(saved), "C1")


def test_what_is_no_workbook_is_told(tmp_path: Path) -> None:
    """A broken file is refused in plain words."""
    (tmp_path / "a.xlsx").write_text("no workbook", encoding="utf-8")
    with pytest.raises(TableError, match=re.escape("a.xlsx: this cannot be read as a workbook.")):
        read_annex_a(tmp_path / "a.xlsx")


# --- what the rows become ---------------------------------------------------------------------------------------------


def test_cells_with_letters_placeholders_and_errors_are_read() -> None:
    """“a) Yes” is yes; #N/A, a blank and 00/01/1900 are nothing."""
    rows = [
        plan("01/02/2024", visit="01/03/2024", alone="b) No", review="#N/A", end="00/01/1900"),
        plan("01/02/2024", visit="01/03/2024", alone="2 - No", child="C2"),
        plan("01/02/2024", visit="01/03/2024", alone="1 - Yes", child="C3"),
    ]
    reading = read_annex_a({"List 7": rows})
    assert events(reading, "C1") == {("child protection plan started", "2024-02-01"), ("child visited", "2024-03-01")}
    assert details(reading, "C1", "child visited") == {"visit type": "child protection", "seen alone": False}
    assert details(reading, "C2", "child visited") == {"visit type": "child protection", "seen alone": False}
    assert details(reading, "C3", "child visited") == {
        "visit type": "child protection",
        "seen alone": True,
        "seen": True,
    }
    assert reading.faults == ()


def test_an_assessment_ends_by_its_authorisation() -> None:
    """Both ends name the start."""
    reading = read_annex_a({"List 4": full()["List 4"]})
    about = {record.name: record.about for record in reading.subjects["C1"].records}
    start = "list 4/started/2024-02-05"
    assert about == {"assessment started": None, "assessment completed": start, "assessment authorised": start}
    assert details(reading, "C1", "assessment completed") == {"seen": True}


def test_a_flag_without_a_date_stands_on_the_day_of_its_record() -> None:
    """No conference required, and nothing more to do: the duties they release fall away instead of looking breached."""
    reading = read_annex_a(full(), as_of=AS_OF)
    assert ("initial child protection conference not required", "2024-01-04") in events(reading, "C1")
    assert ("referral closed with no further action", "2024-01-03") in events(reading, "C1")
    evaluation = evaluate(reading.history("C1"), load_pack("wokingham"), as_of=AS_OF)
    found = {each.key.partition("/")[2]: str(each.status) for each in evaluation.of_standard("conference-initial")}
    # Enquiry of 6 February, conference on 20 February: 10 working days of 15.
    assert found == {
        "list 5/strategy/2024-01-04/enquiry": "lapsed",
        "list 5/strategy/2024-02-06/enquiry": "met",
    }
    referrals = {
        each.key.partition("/")[2]: str(each.status)
        for each in evaluation.of_standard("record-assessment-from-referral")
    }
    assert referrals == {"list 3/referral/2024-01-03": "lapsed", "list 3/referral/2024-02-02": "met"}


def test_no_conference_needed_beside_a_conference_is_said() -> None:
    """The conference that took place is used."""
    reading = read_annex_a({"List 5": [enquiry("06/02/2024", "a) Yes", "20/02/2024", "a) Yes")]})
    assert said(reading) == [
        "List 5, row 1, Was an Initial Child Protection Conference deemed unnecessary?: "
        "it says that no conference was needed, beside the date of one. Check both. The date was used."
    ]
    assert "initial child protection conference held" in reading.counts()
    assert "initial child protection conference not required" not in reading.counts()


def test_a_start_of_need_opens_a_case_and_no_plan() -> None:
    """List 6 gives the day of the referral; when a plan began, and whether there is one, it does not say."""
    reading = read_annex_a({"List 6": full()["List 6"]})
    assert events(reading, "C6") == {
        ("case opened", "2023-06-01"),
        ("child visited", "2024-03-01"),
        ("case closed", "2024-03-04"),
    }
    assert details(reading, "C6", "child visited") == {"seen": True}
    assert "child in need plan started" not in HOLDS


def seen(day: str) -> dict[str, Any]:
    row = {**full()["List 6"][0], "Child Unique ID": "C1", "CIN Start Date": "01/01/2024"}
    return {**row, "Date Child Was Last Seen": day, "CIN Closure Date": ""}


def test_who_has_a_plan_was_visited_when_its_list_says_so() -> None:
    """“Last seen” of list 6 is not taken for a visit under a plan that list 7 says was last visited before."""
    lists = {"List 6": [seen("10/03/2024")], "List 7": [plan("01/02/2024", visit="01/03/2024")]}
    reading = read_annex_a(lists)
    assert ("child visited", "2024-03-01") in events(reading, "C1")
    assert ("child visited", "2024-03-10") not in events(reading, "C1")
    assert any(note.startswith("List 6: 1 dates on which a child was last seen are later") for note in reading.notes)


def test_last_seen_counts_where_no_plan_says_more() -> None:
    """Outside the plan, or where list 7 gives the child no visit, list 6 tells when the child was seen."""
    before = {"List 6": [seen("10/01/2024")], "List 7": [plan("01/02/2024", visit="01/03/2024")]}
    assert ("child visited", "2024-01-10") in events(read_annex_a(before), "C1")
    blank = {"List 6": [seen("10/03/2024")], "List 7": [plan("01/02/2024")]}
    assert ("child visited", "2024-03-10") in events(read_annex_a(blank), "C1")


def test_care_ends_the_placement_and_the_legal_status() -> None:
    """What was the latest of them does not outlast the care."""
    reading = read_annex_a({"List 8": [care("C8", "01/06/2020", end="01/03/2024")]})
    found = events(reading, "C8")
    assert {("placement ended", "2024-03-01"), ("legal status ended", "2024-03-01")} <= found
    about = {record.name: record.about for record in reading.subjects["C8"].records if record.about}
    assert about == {
        "ceased to be looked after": "list 8/started/2020-06-01",
        "legal status ended": "list 8/legal/2022-07-01",
        "placement ended": "list 8/placement/2022-08-01",
    }
    assert details(reading, "C8", "legal status started") == {"legal status": "care order"}
    assert details(reading, "C8", "placement started") == {"placement type": "foster care", "long term": True}


def test_short_breaks_are_no_care() -> None:
    """A child under V3 or V4 has the duties of short breaks, not those of care."""
    reading = read_annex_a({"List 8": [care("C9", "01/06/2022", status="V4")]})
    assert {name for name, _ in events(reading, "C9")} == {
        "short breaks started",
        "short break review held",
        "child visited",
        "reviewing officer contacted child",
        "health assessment completed",
        "dental check completed",
    }


def test_a_plan_of_adoption_that_was_given_up_is_not_read() -> None:
    """No word ends the wait for adopters, so the child would seem to wait for ever."""
    (row,) = full()["List 10"]
    row["Date of Decision that Child Should No Longer be Placed for Adoption"] = "01/03/2024"
    reading = read_annex_a({"List 10": [row]})
    assert reading.subjects["C11"].records == []
    assert any(
        note.startswith("List 10: 1 rows are of children who are no longer to be adopted") for note in reading.notes
    )


def test_nothing_is_read_of_adopters() -> None:
    """List 11 is not about children."""
    reading = read_annex_a({"List 11": full()["List 11"], "List 3": full()["List 3"]})
    assert set(reading.subjects) == {"C1"}
    assert "List 11: it is about adopters, not children; nothing of it was used." in reading.notes


def test_the_first_of_several_words_is_no_code() -> None:
    """Of two categories named in one cell, the first is not taken for the whole."""
    reading = read_annex_a({"List 7": [{**plan("01/02/2024"), "Initial Category of Abuse": "Physical and emotional"}]})
    assert [fault.column for fault in reading.faults] == ["Initial Category of Abuse"]
    assert details(reading, "C1", "child protection plan started") is None


def test_a_code_that_is_not_known_is_a_fault_and_left_out() -> None:
    """A legal status is never guessed."""
    reading = read_annex_a({"List 8": [care("C8", "01/06/2020", status="Q7 - secret words")]})
    assert said(reading) == [
        "List 8, row 1, Child’s Legal Status: the code is not known. It was left out. Use a code of the guidance."
    ]
    assert details(reading, "C8", "legal status started") is None


# --- the child --------------------------------------------------------------------------------------------------------


def test_births_and_strata_come_from_every_list() -> None:
    """The child of all lists is one child."""
    child = read_annex_a(full(), as_of=AS_OF).subjects["C1"]
    assert child.born == date(2015, 2, 2)
    assert child.facts == {"disability": True}
    assert child.strata == {"sex": "female", "ethnicity": "WBRI", "disability": "yes"}
    assert read_annex_a(full()).subjects["C10"].facts["unaccompanied asylum seeking child"] is True
    assert "unaccompanied asylum seeking child" not in read_annex_a(full()).subjects["C8"].facts


def test_births_that_differ_are_said_and_neither_is_used() -> None:
    """An age decides, so it is not guessed which is right."""
    rows = [
        {**row, "Date of Birth": birth}
        for row, birth in zip(full()["List 3"], ("02/02/2015", "03/02/2015"), strict=True)
    ]
    reading = read_annex_a({"List 3": rows})
    assert reading.subjects["C1"].born is None
    assert [fault.column for fault in reading.faults] == ["Date of Birth"]
    assert "another row of the child says otherwise. Neither was used. Make them agree." in said(reading)[0]
    assert "2015" not in said(reading)[0]


def test_a_birth_to_come_is_no_birth() -> None:
    """The day on which a child is expected opens nothing."""
    row = {**full()["List 3"][0], "Date of Birth": "01/06/2024"}
    reading = read_annex_a({"List 3": [row]}, as_of=AS_OF)
    assert reading.subjects["C1"].born is None
    assert said(reading) == [
        "List 3, row 1, Date of Birth: it lies after the day of the extract. "
        "The day on which a child is expected is no birth. It was not used."
    ]


def test_who_holds_the_case_is_who_holds_it_now() -> None:
    """An open row comes before a closed one, and care before a plan; it is said that this is the worker of to-day."""
    lists = {
        "List 4": [{**full()["List 4"][0], "Allocated Worker": "assessor"}],
        "List 7": [{**plan("01/02/2024", visit="01/03/2024"), "Allocated Worker": "of the plan"}],
        "List 8": [{**care("C1", "01/06/2023", end="01/02/2024"), "Allocated Worker": "of the care that ended"}],
    }
    reading = read_annex_a(lists)
    (held,) = reading.subjects["C1"].allocations
    assert (held.worker, held.team, held.last) == ("of the plan", "North", None)
    # From the first thing known of the child, the legal status of 1 July 2022.
    assert held.first == date(2022, 7, 1).toordinal()
    assert "Team and worker are those of the day of the extract, whenever a duty was due." in reading.notes


# --- dirt: nothing that decides is passed over ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("lists", "fault"),
    [
        (
            {"List 7": [plan("01/02/2024", visit="soon-ish")]},
            "List 7, row 1, Date of the Last Statutory Visit: this is not a date. Write 28/03/2024.",
        ),
        (
            {"List 7": [plan("01/02/2024", visit="31/02/2024")]},
            "List 7, row 1, Date of the Last Statutory Visit: there is no such date. Check day and month.",
        ),
        (
            {"List 7": [plan("01/02/2024", review="21/03/2024")]},
            "List 7, row 1, Date of latest review conference: it lies after the day of the extract. "
            "Give the latest date up to that day.",
        ),
        (
            {"List 7": [plan("01/02/2024", end="31/01/2024")]},
            "List 7, row 1, Child Protection Plan End Date: the end lies before the start. Correct one of them.",
        ),
        (
            {"List 7": [plan("", visit="01/03/2024")]},
            "List 7, row 1, Child Protection Plan Start Date: it is missing. Give it, or take the row out.",
        ),
        (
            {"List 7": [plan("01/02/2024"), plan("01/01/2024")]},
            "List 7, row 2, Child Protection Plan End Date: another row of the child is open too (row 1). "
            "Give the end of one.",
        ),
        (
            {"List 7": [plan("01/02/2024", end="01/03/2024"), plan("01/02/2024")]},
            "List 7, row 1, Child Protection Plan End Date: another row gives another end of the same. "
            "Keep the right one.",
        ),
        (
            {"List 8": [care("C1", "01/02/2024", end="01/03/2024", placed="05/03/2024")]},
            "List 8, row 1, Start Date of Most Recent Placement: it lies after the end of the care. "
            "Correct one of them.",
        ),
        (
            {"List 5": [enquiry("06/02/2024", "perhaps", "", "")]},
            "List 5, row 1, Was an Initial Child Protection Conference deemed unnecessary?: "
            "this is neither yes nor no. Write Y or N.",
        ),
        (
            {"List 5": [enquiry("06/02/2024", "", "05/02/2024", "")]},
            "List 5, row 1, Date of Initial Child Protection Conference: it lies before the strategy discussion. "
            "Correct one of them.",
        ),
        (
            {"List 5": [enquiry("", "", "", "")]},
            "List 5, row 1, Strategy discussion initiating Section 47 Enquiry Start Date: "
            "there is neither a discussion nor a conference. Give its date.",
        ),
    ],
)  # fmt: skip
def test_a_child_with_a_record_that_cannot_be_used_is_set_aside(lists: dict[str, Rows], fault: str) -> None:
    """With the rest of the records alone, what was done would look undone; no value of the row is told."""
    other = {"List 3": [{**full()["List 3"][0]}, {**full()["List 3"][1], "Child Unique ID": "C5"}]}
    reading = read_annex_a({**other, **lists}, as_of=AS_OF)
    assert said(reading) == [fault]
    assert set(reading.subjects) == {"C5"}
    assert any(note.startswith("Children who are not judged at all: 1.") for note in reading.notes)
    for text in (*said(reading), *reading.notes):
        for cell in ("soon-ish", "31/02/2024", "perhaps", "W. One"):
            assert cell not in text


def test_a_row_without_a_child_is_a_fault() -> None:
    """It cannot be anybody's."""
    reading = read_annex_a({"List 3": [{**full()["List 3"][0], "Child Unique ID": " "}]})
    assert said(reading) == ["List 3, row 1, Child Unique ID: it is missing. Every row says which child it is."]
    assert len(reading) == 0


def test_a_contact_that_cannot_be_read_costs_only_itself() -> None:
    """Nothing that is owed is met by a contact, so the child is still judged."""
    lists = {"List 1": [{**PERSON, "Date of Contact": "soon-ish"}], "List 3": full()["List 3"]}
    reading = read_annex_a(lists)
    assert said(reading) == ["List 1, row 1, Date of Contact: this is not a date. Write 28/03/2024."]
    assert reading.counts()["referral received"] == 2


def test_a_latest_date_outside_its_plan_is_kept_and_said() -> None:
    """A review before the plan belongs to an earlier one, a visit after its end to none: both happened."""
    rows = [
        plan("01/02/2024", review="01/01/2024"),
        plan("01/01/2024", end="01/02/2024", visit="01/03/2024", child="C2"),
    ]
    reading = read_annex_a({"List 7": rows})
    assert ("review child protection conference held", "2024-01-01") in events(reading, "C1")
    assert ("child visited", "2024-03-01") in events(reading, "C2")
    assert any(note.startswith("List 7: 2 latest dates lie outside") for note in reading.notes)
    evaluation = evaluate(reading.history("C1"), load_pack("wokingham"), as_of=AS_OF)
    # The review of January closes nothing of the plan of February, and opens nothing in it.
    assert evaluation.of_standard("conference-later-reviews") == ()


def test_dates_that_can_be_read_two_ways_are_refused_where_they_may_be_american() -> None:
    """Without day_first a date with strokes is not guessed."""
    reading = read_annex_a({"List 3": [full()["List 3"][0]]}, day_first=False)
    assert "this date can be read in two ways" in said(reading)[-1]
    assert len(reading) == 0


# --- tables of any make -----------------------------------------------------------------------------------------------


def test_rows_that_stand_twice_are_used_once() -> None:
    """A duplicated row gives nothing twice, and is counted."""
    lists = {name: [*rows, *rows] for name, rows in full().items()}
    reading = read_annex_a(lists, as_of=AS_OF)
    assert content(reading) == content(read_annex_a(full(), as_of=AS_OF))
    assert "List 3: 2 records stand there more than once and were used once." in reading.notes


def test_two_referrals_of_one_day_are_two() -> None:
    """Records that differ are not one, though they share a day; their ids differ."""
    row = full()["List 3"][0]
    reading = read_annex_a({"List 3": [row, {**row, "Referral Source": "Police"}]})
    assert [record.id for record in reading.subjects["C1"].records] == [
        "list 3/referral/2024-02-02",
        "list 3/referral/2024-02-02/2",
    ]


def test_the_order_of_rows_and_lists_does_not_matter() -> None:
    """The same records in another order read the same."""
    turned = {name: rows[::-1] for name, rows in reversed(full().items())}
    assert content(read_annex_a(turned, as_of=AS_OF)) == content(read_annex_a(full(), as_of=AS_OF))


def test_frames_and_cursors_read_as_rows_do() -> None:
    """pandas, Polars and a database cursor give what the rows give."""
    pandas, polars = pytest.importorskip("pandas"), pytest.importorskip("polars")
    wanted = content(read_annex_a(full(), as_of=AS_OF))
    frames = {name: pandas.DataFrame(rows) for name, rows in full().items()}
    assert content(read_annex_a(frames, as_of=AS_OF)) == wanted
    assert content(read_annex_a({n: polars.DataFrame(rows) for n, rows in full().items()}, as_of=AS_OF)) == wanted
    database = sqlite3.connect(":memory:")
    cursors = {}
    for name, rows in full().items():
        columns = list(rows[0])
        database.execute(f'create table "{name}" ({", ".join(chr(34) + column + chr(34) for column in columns)})')
        marks = ", ".join("?" for _ in columns)
        database.executemany(f'insert into "{name}" values ({marks})', [tuple(row.values()) for row in rows])
        cursors[name] = database.execute(f'select * from "{name}"')
    assert content(read_annex_a(cursors, as_of=AS_OF)) == wanted
    database.close()


def test_a_child_id_is_text_as_supplied() -> None:
    """Leading noughts stay; a number that pandas made a fraction of loses the nought it gained."""
    rows = [{**full()["List 3"][0], "Child Unique ID": id} for id in ("0017", 17.0)]
    assert set(read_annex_a({"List 3": rows}).subjects) == {"0017", "17"}


# --- to a verdict -----------------------------------------------------------------------------------------------------


def test_an_overdue_visit_traces_back_to_its_cell(tmp_path: Path) -> None:
    """Visited on Friday 1 March 2024, ten working days on is Friday 15 March; on the 20th the next visit is overdue."""
    row = plan("04/01/2021", visit="01/03/2024", review="05/02/2024")
    lines = [",".join(row), ",".join(str(cell) for cell in row.values())]
    (tmp_path / "List_7.csv").write_text("\n".join(lines), encoding="utf-8")
    reading = read_annex_a(tmp_path, as_of=AS_OF)
    history = reading.history("C1")
    found = [
        each
        for each in evaluate(history, load_pack("wokingham"), as_of=AS_OF)
        if each.standard == "child-protection-visits"
    ]
    (now,) = [each for each in found if each.overdue]
    assert now.due == date(2024, 3, 15)
    assert now.opened_by is not None
    (event,) = [event for event in history.events if event.id == now.opened_by.id]
    assert str(event.origin) == "List_7.csv.Date of the Last Statutory Visit:2"
    # The engine, left alone, would call the first duty of the plan met three years late: that is what the rule of a
    # snapshot takes out, since visits in between are not held.
    assert [each.late for each in found] == [True, False]
