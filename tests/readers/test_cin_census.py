"""The children in need census as events: what each element becomes, what is done with dirt, and what the year's edge
does not make a breach of.
"""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest
import yaml

from practice_rules import evaluate, load_pack
from practice_rules.events import fold
from practice_rules.readers.cin_census import HOLDS, read_cin_census
from practice_rules.records import Reading
from practice_rules.tables import TableError

ROOT = Path(__file__).resolve().parents[2]
SAMPLES = Path(__file__).parent / "cin_census"
PAGE = ROOT / "docs" / "reference" / "readers" / "cin-census.md"


def census(*children: str, reference: str = "2024-03-31") -> str:
    """A message with these children."""
    inside = "\n".join(children)
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n<Message>\n<Header><CollectionDetails><Collection>CIN</Collection>'
        f"<ReferenceDate>{reference}</ReferenceDate></CollectionDetails></Header>\n<Children>\n{inside}\n"
        "</Children>\n</Message>"
    )


def child(*groups: str, id: str = "C1", identifiers: str = "", characteristics: str = "") -> str:
    """A child with one referral of May 2023 that holds these groups."""
    inside = "\n".join(groups)
    return (
        f"<Child>\n<ChildIdentifiers><LAchildID>{id}</LAchildID>{identifiers}</ChildIdentifiers>\n"
        f"<ChildCharacteristics>{characteristics}</ChildCharacteristics>\n"
        "<CINdetails>\n<CINreferralDate>2023-05-02</CINreferralDate><ReferralNFA>0</ReferralNFA>\n"
        f"{inside}\n</CINdetails>\n</Child>"
    )


def enquiry(start: str, conference: str = "", not_required: str = "0") -> str:
    """A section 47 enquiry."""
    held = f"<DateOfInitialCPC>{conference}</DateOfInitialCPC>" if conference else ""
    return (
        f"<Section47><S47ActualStartDate>{start}</S47ActualStartDate>{held}"
        f"<ICPCnotRequired>{not_required}</ICPCnotRequired></Section47>"
    )


def plan(start: str, end: str = "", reviews: tuple[str, ...] = ()) -> str:
    """A child protection plan."""
    over = f"<CPPendDate>{end}</CPPendDate>" if end else ""
    held = "".join(f"<CPPreviewDate>{day}</CPPreviewDate>" for day in reviews)
    return (
        f"<ChildProtectionPlans><CPPstartDate>{start}</CPPstartDate>{over}"
        f"<InitialCategoryOfAbuse>NEG</InitialCategoryOfAbuse><Reviews>{held}</Reviews></ChildProtectionPlans>"
    )


def assessment(start: str, end: str = "") -> str:
    """An assessment."""
    over = f"<AssessmentAuthorisationDate>{end}</AssessmentAuthorisationDate>" if end else ""
    return f"<Assessments><AssessmentActualStartDate>{start}</AssessmentActualStartDate>{over}</Assessments>"


FULL = census(
    """<Child>
    <ChildIdentifiers><LAchildID>C1</LAchildID><PersonBirthDate>2015-03-02</PersonBirthDate><Sex>F</Sex>
    <PersonDeathDate>2024-03-01</PersonDeathDate></ChildIdentifiers>
    <ChildCharacteristics><Ethnicity>WBRI</Ethnicity><Disabilities><Disability>HEAR</Disability></Disabilities>
    </ChildCharacteristics>
    <CINdetails>
    <CINreferralDate>2023-05-02</CINreferralDate><ReferralSource>3B</ReferralSource>
    <CINclosureDate>2024-03-05</CINclosureDate><ReasonForClosure>RC2</ReasonForClosure>
    <DateOfInitialCPC>2023-05-10</DateOfInitialCPC>
    <Assessments><AssessmentActualStartDate>2023-05-03</AssessmentActualStartDate>
    <AssessmentInternalReviewDate>2023-05-20</AssessmentInternalReviewDate>
    <AssessmentAuthorisationDate>2023-06-20</AssessmentAuthorisationDate></Assessments>
    <CINPlanDates><CINPlanStartDate>2023-06-21</CINPlanStartDate><CINPlanEndDate>2023-07-20</CINPlanEndDate>
    </CINPlanDates>
    <Section47><S47ActualStartDate>2023-07-03</S47ActualStartDate><InitialCPCtarget>2023-07-24</InitialCPCtarget>
    <DateOfInitialCPC>2023-07-20</DateOfInitialCPC><ICPCnotRequired>false</ICPCnotRequired></Section47>
    <Section47><S47ActualStartDate>2024-01-08</S47ActualStartDate><ICPCnotRequired>true</ICPCnotRequired></Section47>
    <ReferralNFA>false</ReferralNFA>
    <ChildProtectionPlans><CPPstartDate>2023-07-20</CPPstartDate><CPPendDate>2024-02-20</CPPendDate>
    <InitialCategoryOfAbuse>EMO</InitialCategoryOfAbuse><LatestCategoryOfAbuse>EMO</LatestCategoryOfAbuse>
    <Reviews><CPPreviewDate>2023-10-12</CPPreviewDate><CPPreviewDate>2024-02-20</CPPreviewDate></Reviews>
    </ChildProtectionPlans>
    <PreProceedingsandFGDM><PPStartDate>2023-08-01</PPStartDate><LBPSentDate>2023-08-04</LBPSentDate>
    <InitialPPMeetingDate>2023-08-18</InitialPPMeetingDate><StepDecisionDate>2023-11-01</StepDecisionDate>
    <CourtAppDate>2023-11-10</CourtAppDate><LetterInitCPDate>2023-11-11</LetterInitCPDate></PreProceedingsandFGDM>
    </CINdetails>
    </Child>"""
)


def ids(reading: Reading) -> set[tuple[str, str, str, date, str | None]]:
    """Every event of a reading, without its place."""
    return {
        (subject.id, record.id, record.name, record.on, record.about)  # type: ignore[misc]
        for subject in reading.subjects.values()
        for record in subject.records
    }


def verdicts(reading: Reading, standard: str, pack: str, subject: str = "C1") -> list[tuple[date | None, str]]:
    """When the obligations of one standard were due, and how they stand on the reference date."""
    assert reading.as_of is not None
    result = evaluate(reading.history(subject), load_pack(pack), as_of=reading.as_of)
    return [
        (duty.due, duty.status.name.lower())
        for duty in (*result.obligations, *result.lapsed)
        if duty.standard == standard
    ]


# --- what becomes of what ---------------------------------------------------------------------------------------------


def test_every_word_it_holds_is_in_the_vocabulary_and_can_be_produced() -> None:
    """HOLDS promises what a census can say: no word that packs do not share, and none it never gives."""
    vocabulary = yaml.safe_load((ROOT / "standards" / "vocabulary.yaml").read_text(encoding="utf-8"))
    reading = read_cin_census(FULL)
    assert {fold(name) for name in vocabulary["events"]} >= HOLDS
    assert set(reading.counts()) == HOLDS == reading.holds
    assert reading.faults == ()


def test_what_each_element_becomes() -> None:
    """The mapping of the documentation, event by event, with what the record says about each."""
    reading = read_cin_census(FULL)
    found = {
        (record.name, record.on.isoformat()): (record.details or {}, record.about)
        for record in reading.subjects["C1"].records
    }
    opened = "CINdetails/2023-05-02/CINreferralDate/case opened"
    enquiry_id = "Section47/2023-07-03/S47ActualStartDate"
    assert found["referral received", "2023-05-02"] == (
        {"source of referral": "health visitor", "no further action": False},
        None,
    )
    assert found["case opened", "2023-05-02"] == ({}, None)
    assert found["case closed", "2024-03-05"] == ({"reason": "died"}, opened)
    assert found["transfer in child protection conference held", "2023-05-10"] == ({}, None)
    assert found["assessment completed", "2023-06-20"] == (
        {},
        "Assessments/2023-05-03/AssessmentActualStartDate",
    )
    # A plan that began on the day of the conference was agreed there.
    assert found["initial child protection conference held", "2023-07-20"] == ({"plan agreed": True}, enquiry_id)
    assert found["initial child protection conference not required", "2024-01-08"] == (
        {},
        "Section47/2024-01-08/S47ActualStartDate",
    )
    assert found["child protection plan started", "2023-07-20"] == ({"category of abuse": "emotional abuse"}, None)
    assert found["child protection plan ended", "2024-02-20"][1] == "ChildProtectionPlans/2023-07-20/CPPstartDate"
    assert found["pre proceedings started", "2023-08-01"] == ({}, None)
    assert found["pre proceedings ended", "2023-11-01"][1] == (
        "PreProceedingsandFGDM/2023-08-01/PPStartDate/pre-proceedings started"
    )
    assert not any(day == "2023-05-20" for _, day in found)  # a planned date is not one on which something happened
    subject = reading.subjects["C1"]
    assert subject.born == date(2015, 3, 2)
    assert subject.facts == {"disability": True}
    assert subject.strata == {"sex": "female", "ethnicity": "WBRI", "disability": "yes"}
    assert (reading.as_of, reading.since) == (date(2024, 3, 31), date(2023, 4, 1))


def test_names_are_read_in_any_case_with_or_without_a_namespace() -> None:
    """Authorities' systems spell the elements differently, and some put a namespace before them."""
    shouted = re.sub(r"<(/?)(\w+)>", lambda found: f"<{found[1]}{found[2].upper()}>", FULL)
    spaced = re.sub(r"<(/?)(\w+)>", r"<\1cin:\2>", FULL).replace("<cin:Message>", '<cin:Message xmlns:cin="urn:x">')
    assert ids(read_cin_census(shouted)) == ids(read_cin_census(spaced)) == ids(read_cin_census(FULL))


@pytest.mark.parametrize("form", ["text", "bytes", "path", "folder", "list", "utf-16"])
def test_a_file_may_be_given_in_any_form(form: str, tmp_path: Path) -> None:
    """Text, bytes, a path, a folder and a list of paths are read alike."""
    path = tmp_path / "census.xml"
    path.write_text(FULL, encoding="utf-8")
    (tmp_path / "readme.txt").write_text("nothing to read")
    forms: dict[str, object] = {
        "text": "\n" + FULL,
        "bytes": FULL.encode(),
        "path": str(path),
        "folder": tmp_path,
        "list": [path],
        "utf-16": FULL.replace("utf-8", "utf-16").encode("utf-16"),
    }
    assert ids(read_cin_census(forms[form])) == ids(read_cin_census(FULL))


def test_ids_do_not_rest_on_the_order_of_children_or_groups() -> None:
    """There are no ids in a census: the key is made of dates, and equal ones are numbered by what they say."""
    groups = [assessment("2023-06-01", "2023-06-30"), assessment("2023-06-01", "2023-07-30"), enquiry("2023-06-05")]
    one = read_cin_census(census(child(*groups, id="A"), child(plan("2023-06-30"), id="B")))
    other = read_cin_census(census(child(plan("2023-06-30"), id="B"), child(*reversed(groups), id="A")))
    assert ids(one) == ids(other)
    assert list(one.subjects) == list(other.subjects) == ["A", "B"]
    keys = {record.id for record in one.subjects["A"].records if record.name == "assessment completed"}
    assert keys == {
        "Assessments/2023-06-01/AssessmentAuthorisationDate",
        "Assessments/2023-06-01#2/AssessmentAuthorisationDate",
    }


def test_a_record_that_stands_there_twice_is_used_once() -> None:
    """The sample has one plan twice."""
    reading = read_cin_census(census(child(plan("2023-06-30"), plan("2023-06-30"))))
    assert reading.counts()["child protection plan started"] == 1
    assert "CIN census: 1 record stands there more than once and was used once." in reading.notes


def test_the_child_is_said_to_be_unborn_only_where_that_is_certain() -> None:
    """An expected date of birth is no date of birth, and after the reference date the child is not born yet."""
    expected = "<ExpectedPersonBirthDate>{}</ExpectedPersonBirthDate>"
    ahead = read_cin_census(census(child(identifiers=expected.format("2024-06-01")))).subjects["C1"]
    passed = read_cin_census(census(child(identifiers=expected.format("2024-03-01")))).subjects["C1"]
    assert (ahead.born, ahead.facts) == (None, {"unborn": True})
    assert (passed.born, passed.facts) == (None, {})


# --- several years ----------------------------------------------------------------------------------------------------


def test_one_child_s_records_of_several_years_are_joined() -> None:
    """A plan that was open in both years is one plan, with the reviews of both and the end of the later."""
    first = census(child(plan("2022-11-01", reviews=("2023-01-20",))), reference="2023-03-31")
    second = census(child(plan("2022-11-01", "2023-10-02", ("2023-01-20", "2023-07-10"))))
    for source in ([first, second], [second, first]):
        reading = read_cin_census(source)
        counts = reading.counts()
        assert counts["child protection plan started"] == counts["child protection plan ended"] == 1
        assert counts["review child protection conference held"] == 2
        assert (reading.as_of, reading.since) == (date(2024, 3, 31), date(2022, 4, 1))
        assert "Records in the files of several years that were used once: 2." in reading.notes
        assert reading.faults == ()


def test_a_date_that_two_years_give_differently_is_a_fault() -> None:
    """The later file is the correction; that the two differ is said."""
    first = census(child(assessment("2023-01-10", "2023-02-20")), reference="2023-03-31")
    reading = read_cin_census([first, census(child(assessment("2023-01-10", "2023-04-20")))])
    assert [str(fault) for fault in reading.faults] == [
        "CIN census (2), row 10, Assessments/AssessmentAuthorisationDate: an earlier year's file gives another date "
        "for the same record. Check both. The later file was used."
    ]
    completed = [r.on for r in reading.subjects["C1"].records if r.name == "assessment completed"]
    assert completed == [date(2023, 4, 20)]


def test_what_was_open_and_is_in_no_later_file_is_not_taken_to_be_open_for_ever() -> None:
    """A plan open on 31 March must be in the next year's file; if it is not, nobody can say when it ended."""
    first = census(child(plan("2022-11-01")), reference="2023-03-31")
    reading = read_cin_census([first, census(child())])
    assert "child protection plan started" not in reading.counts()
    assert [str(fault) for fault in reading.faults] == [
        "CIN census, row 10, ChildProtectionPlans/CPPstartDate: it was still open at the end of its year, but the "
        "latest file does not hold it. Add its CPPendDate. It was not used."
    ]


def test_the_files_are_whole_only_from_where_no_year_is_missing() -> None:
    """With 2021-22 and 2023-24, what lies before April 2023 is not whole."""
    reading = read_cin_census([census(child(), reference="2022-03-31"), census(child())])
    assert reading.since == date(2023, 4, 1)
    assert "There is no file for the year before 2023-04-01: what older files hold is not judged." in reading.notes


# --- the year's edge --------------------------------------------------------------------------------------------------


def test_the_first_known_review_of_an_old_plan_is_not_taken_for_its_first() -> None:
    """Of the time before the year a census holds the last review only: the next is due six months after it, and what
    was due before the year is left to `since`.
    """
    reading = read_cin_census(census(child(plan("2022-02-01", reviews=("2023-02-15", "2023-08-16")))))
    found = verdicts(reading, "conference-later-reviews", "wokingham")
    # 183 days after 15 February 2023 is 17 August 2023, after 16 August 2023 it is 15 February 2024.
    assert found == [(date(2023, 8, 17), "met"), (date(2024, 2, 15), "breached")]
    assert reading.since == date(2023, 4, 1)


def test_a_referral_from_before_the_year_opens_nothing() -> None:
    """Its assessment may have been finished before the year, and is then in no file: it must not look breached."""
    old = child().replace("2023-05-02", "2023-02-20")
    reading = read_cin_census(census(old))
    assert reading.counts() == {}
    assert (
        "Referrals from before 2023-04-01: 1. Whether they were assessed before that day is not in the files, so they "
        "open no case and no duty. Give the files of the years before." in reading.notes
    )
    earlier = census(
        old.replace("</CINdetails>", assessment("2023-02-21", "2023-03-20") + "</CINdetails>"), reference="2023-03-31"
    )
    assert read_cin_census([earlier, census(old)]).counts() == {
        "assessment authorised": 1,
        "assessment completed": 1,
        "assessment started": 1,
        "case opened": 1,
        "referral received": 1,
    }


def test_an_enquiry_that_needed_no_conference_breaches_nothing() -> None:
    """The census gives no day for that decision: the duty falls away, neither met nor breached."""
    flagged = read_cin_census(census(child(enquiry("2023-06-01", not_required="true"))))
    open_still = read_cin_census(census(child(enquiry("2023-06-01"))))
    # Fifteen days after 1 June are over on 16 June.
    assert verdicts(flagged, "initial-conference", "bromley") == [(date(2023, 6, 16), "lapsed")]
    assert verdicts(open_still, "initial-conference", "bromley") == [(date(2023, 6, 16), "breached")]


def test_no_pre_proceedings_in_the_file_means_that_they_are_not_held() -> None:
    """They came with 2026-27: an older file must not make them look as if they never happened."""
    reading = read_cin_census(census(child()))
    assert not any(name.startswith(("pre proceedings", "court", "letter")) for name in reading.holds)
    assert "No file has pre-proceedings (in the census from 2026-27): they are not held." in reading.notes


# --- end to end -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("held", "status"), [("2023-06-16", "met"), ("2023-06-17", "breached")])
def test_a_verdict_is_traced_back_to_its_line(held: str, status: str) -> None:
    """Fifteen days from 1 June 2023 end on 16 June; the conference stands in line 10 of the file."""
    reading = read_cin_census(census(child(enquiry("2023-06-01", held))))
    result = evaluate(reading.history("C1"), load_pack("bromley"), as_of=date(2024, 3, 31))
    (duty,) = [each for each in result.obligations if each.standard == "initial-conference"]
    assert (duty.due, duty.status.name.lower()) == (date(2023, 6, 16), status)
    assert duty.met_by is not None
    (record,) = [each for each in reading.subjects["C1"].records if each.id == duty.met_by.id]
    assert str(record.origin) == "CIN census.Section47/DateOfInitialCPC:10"


def test_a_conference_belongs_to_its_own_enquiry() -> None:
    """The census says which enquiry led to which conference, so a later conference does not close an earlier duty."""
    reading = read_cin_census(census(child(enquiry("2023-06-01"), enquiry("2023-06-05", "2023-06-14"))))
    found = verdicts(reading, "initial-conference", "bromley")
    assert found == [(date(2023, 6, 16), "breached"), (date(2023, 6, 20), "met")]


# --- dirt -------------------------------------------------------------------------------------------------------------


def test_every_fault_is_said_with_its_line_and_without_its_value() -> None:
    """One file with everything wrong: each fault has file, line and element, and no cell is repeated."""
    bad = census(
        child(
            "<Assessments><AssessmentActualStartDate>2023-06-07</AssessmentActualStartDate>"
            "<AssessmentAuthorisationDate>2023-06-03</AssessmentAuthorisationDate></Assessments>",
            "<CINPlanDates><CINPlanEndDate>2023-07-09</CINPlanEndDate></CINPlanDates>",
            "<Section47><S47ActualStartDate>31/12/2023</S47ActualStartDate><ICPCnotRequired>maybe</ICPCnotRequired>"
            "</Section47>",
            enquiry("2023-08-01", "2023-08-11", "1"),
            "<ChildProtectionPlans><CPPstartDate>2023-09-31</CPPstartDate></ChildProtectionPlans>",
            "<ChildProtectionPlans><CPPstartDate>2023-09-30</CPPstartDate><CPPstartDate>2023-10-01</CPPstartDate>"
            "<InitialCategoryOfAbuse>XYZ</InitialCategoryOfAbuse>stray words</ChildProtectionPlans>",
            "<CPPreviewDate>2023-12-12</CPPreviewDate>",
            identifiers="<Sex>Q</Sex>",
            characteristics="<Disabilities><Disability>NONE</Disability><Disability>MOB</Disability></Disabilities>",
        ),
        "<Child><ChildIdentifiers><Sex>M</Sex></ChildIdentifiers></Child>",
    )
    reading = read_cin_census(bad)
    said = [str(fault) for fault in reading.faults]
    assert said == [
        "CIN census, row 6, Sex: this code is not known. Check the code set. It was left out.",
        "CIN census, row 7, Disabilities/Disability: it says none beside a disability. Neither was used.",
        "CIN census, row 10, Assessments/AssessmentAuthorisationDate: it lies before AssessmentActualStartDate (line "
        "10). Check both dates. Neither was used.",
        "CIN census, row 11, CINPlanDates/CINPlanEndDate: there is no CINPlanStartDate. It was not used.",
        "CIN census, row 12, Section47/S47ActualStartDate: this date can be read in two ways: day first or month "
        "first. Write 2024-03-28.",
        "CIN census, row 13, Section47/ICPCnotRequired: it says that no conference was required, beside the date of "
        "one. Check both. The date was used.",
        "CIN census, row 14, ChildProtectionPlans/CPPstartDate: there is no such date. Check day and month.",
        "CIN census, row 15, ChildProtectionPlans/CPPstartDate: it stands there twice. Keep one. The first was used.",
        "CIN census, row 15, ChildProtectionPlans: there is text between the elements. Take it out. It was passed "
        "over.",
        "CIN census, row 15, ChildProtectionPlans/InitialCategoryOfAbuse: this code is not known. Check the code set. "
        "It was left out.",
        "CIN census, row 16, CPPreviewDate: it stands where no census has it. It was not used.",
        "CIN census, row 19, LAchildID: the child has no id. Add it. None of its records was used.",
    ]
    everything = "\n".join([*said, *reading.notes])
    for value in ("2023-06-07", "2023-06-03", "31/12/2023", "maybe", "2023-09-31", "2023-10-01", "XYZ", "stray words"):
        assert value not in everything
    assert reading.counts() == {
        "case opened": 1,
        "child protection plan started": 1,
        "initial child protection conference held": 1,
        "referral received": 1,
        "section 47 enquiry started": 1,
        "strategy discussion held": 1,
    }


def test_several_dates_of_birth_are_none() -> None:
    """Nobody can say which is right, so no age is judged by either."""
    twice = [
        census(child(identifiers=f"<PersonBirthDate>{day}</PersonBirthDate>"), reference=f"{year}-03-31")
        for year, day in ((2023, "2015-03-02"), (2024, "2015-02-03"))
    ]
    reading = read_cin_census(twice)
    assert reading.subjects["C1"].born is None
    assert [(fault.table, fault.column) for fault in reading.faults] == [
        ("CIN census", "ChildIdentifiers/PersonBirthDate"),
        ("CIN census (2)", "ChildIdentifiers/PersonBirthDate"),
    ]


def test_elements_that_no_census_has_are_counted() -> None:
    """A supplier's own elements are passed over with what is in them, and said."""
    reading = read_cin_census(census(child("<Extra><S47ActualStartDate>2023-06-01</S47ActualStartDate></Extra>")))
    assert reading.counts() == {"case opened": 1, "referral received": 1}
    assert (
        "CIN census: elements that no census from 2020-21 to 2026-27 has were passed over: Extra (1)." in reading.notes
    )


def test_what_comes_before_a_break_is_used() -> None:
    """A file that was cut off: the complete children count, the one in which it breaks off does not."""
    whole = census(child(id="A"), child(enquiry("2023-06-01", "2023-06-10"), id="B"))
    cut = whole[: whole.index("<DateOfInitialCPC>")]
    reading = read_cin_census(cut)
    assert list(reading.subjects) == ["A"]
    assert [str(fault) for fault in reading.faults] == [
        "CIN census, row 18: from here on this is not well-formed XML (no element found). Export it anew. What comes "
        "before was used. The child in which it breaks off was not used."
    ]


@pytest.mark.parametrize(
    ("declaration", "body"),
    [
        ('<!DOCTYPE Message [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>', "&b;"),
        ('<!DOCTYPE Message SYSTEM "census.dtd">', ""),
    ],
)
def test_a_document_type_or_an_entity_is_refused(declaration: str, body: str) -> None:
    """Entities that unfold into billions of characters, or that fetch files, are never read."""
    with pytest.raises(TableError, match="it declares a document type or entities"):
        read_cin_census(f'<?xml version="1.0"?>{declaration}<Message>{body}</Message>')


def test_a_wrong_call_is_answered_in_plain_words(tmp_path: Path) -> None:
    """No file, no census, no reference date, no XML: each says what it is."""
    with pytest.raises(TableError, match=r"^none.xml: there is no such file\. Check the name and the folder\.$"):
        read_cin_census(tmp_path / "none.xml")
    with pytest.raises(TableError, match=r"^There is no file to read\."):
        read_cin_census(tmp_path)
    with pytest.raises(TableError, match=r"^CIN census: this is no CIN census, for it holds no Child\.$"):
        read_cin_census("<Other><Thing/></Other>")
    with pytest.raises(TableError, match=r"^CIN census: it gives no ReferenceDate that can be read"):
        read_cin_census(census(child(), reference="31 March"))
    with pytest.raises(TableError, match=r"^CIN census: this is a workbook or an archive, not XML\.$"):
        read_cin_census(b"PK\x03\x04 and so on")
    with pytest.raises(
        TableError, match=r"^CIN census: its first line names an encoding that is not known\. Save it as"
    ):
        read_cin_census(census(child()).replace("utf-8", "rtf-8").encode())
    with pytest.raises(TableError, match=r"^Give the path of a CIN census"):
        read_cin_census(17)
    given = read_cin_census(census(child(), reference=""), reference_date=date(2024, 3, 31))
    assert given.as_of == date(2024, 3, 31)


def test_a_value_of_any_length_is_not_kept() -> None:
    """A megabyte in one element is no date, and takes no memory with it."""
    reading = read_cin_census(census(child(assessment("2023-06-01" + "0" * 1_000_000))))
    assert [fault.message for fault in reading.faults] == ["this is not a date."]


# --- the samples ------------------------------------------------------------------------------------------------------


def documented(heading: str) -> dict[str, dict[str, int]]:
    """The numbers of a table of the page, by its columns: event by event."""
    lines = PAGE.read_text(encoding="utf-8").split(f"## {heading}")[1].splitlines()
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if line.startswith("|")]
    columns = rows[0][1:]
    found: dict[str, dict[str, int]] = {column: {} for column in columns}
    for name, *cells in rows[2:]:
        for column, cell in zip(columns, cells, strict=True):
            if cell != "0":
                found[column][name] = int(cell)
    return found


def test_the_numbers_in_the_documentation_are_those_of_the_samples() -> None:
    """The page says how many events of each name the public samples hold."""
    for column, counts in documented("The public samples").items():
        assert read_cin_census(SAMPLES / column).counts() == counts, column


def test_the_nonsense_in_the_sample_is_said() -> None:
    """The sample of 2026 has a stray text, an authorisation before its start, and dates after the reference date."""
    reading = read_cin_census(SAMPLES / "CIN_Census_2026.xml")
    assert [str(fault) for fault in reading.faults] == [
        "CIN_Census_2026.xml, row 23, ChildIdentifiers: there is text between the elements. Take it out. It was passed "
        "over.",
        "CIN_Census_2026.xml, row 43, Assessments/AssessmentAuthorisationDate: it lies before "
        "AssessmentActualStartDate (line 42). Check both dates. Neither was used.",
    ]
    assert (
        "CIN_Census_2026.xml: dates after the reference date: 8 (line 72, 73, 76, 78, 80 …). They were used as they "
        "stand." in reading.notes
    )
    assert (
        "CIN_Census_2026.xml: records that begin before the referral under which they stand: 3 (line 55, 62, 105). "
        "They were used as they stand." in reading.notes
    )
