"""The reader of the Standard Safeguarding Dataset: every table, by hand; the suppliers' ways; dirt; end to end."""

from __future__ import annotations

import csv
import io
import re
import sqlite3
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from pathlib import Path

import pytest

from practice_rules import evaluate, load_pack
from practice_rules.events import fold
from practice_rules.readers.ssd import HOLDS, read_ssd
from practice_rules.records import Allocation, Reading
from practice_rules.synthetic import synthetic_authority
from practice_rules.tables import TableError

ROOT = Path(__file__).resolve().parents[2]

#: Three children, and a row of every table. 1001 has a protection plan, 1002 is adopted from care, 1003 has short
#: breaks that turn into care, and dies.
FOLDER = Path(__file__).parent / "ssd"
TABLES = {path.stem: path.read_text(encoding="utf-8") for path in sorted(FOLDER.glob("*.csv"))}


def lines_of(name: str, separator: str) -> list[list[str]]:
    """The lines of a text file beside the tables, in parts."""
    lines = (FOLDER / name).read_text(encoding="utf-8").splitlines()
    return [[part.strip() for part in line.split(separator)] for line in lines if not line.startswith("#")]


def rows_of(text: str) -> list[dict[str, str]]:
    """The rows of one of the tables above."""
    return list(csv.DictReader(io.StringIO(text.strip())))


def read(tables: Mapping[str, str], **options: object) -> Reading:
    """The tables, read as lists of dictionaries: the first row is row 1."""
    return read_ssd({name: rows_of(text) for name, text in tables.items()}, **options)  # type: ignore[arg-type]


def with_rows(table: str, *rows: str, base: Mapping[str, str] = TABLES) -> dict[str, str]:
    """The tables with other rows in one of them, under the same first line."""
    return {**base, table: "\n".join([base[table].strip().splitlines()[0], *rows])}


def said(value: object) -> str:
    return {True: "yes", False: "no"}.get(value, str(value)) if isinstance(value, bool) else str(value)


def told(reading: Reading) -> set[str]:
    """Every event of a reading, as in events.txt."""
    return {
        "; ".join(
            (
                subject.id,
                record.on.isoformat(),
                record.name,
                record.id,
                record.about or "",
                ", ".join(sorted(f"{name}={said(value)}" for name, value in (record.details or {}).items())),
            )
        )
        for subject in reading.subjects.values()
        for record in subject.records
    }


def expected() -> set[str]:
    """What was worked out by hand, in the same manner."""
    found = set()
    for parts in lines_of("events.txt", ";"):
        subject, day, name, id, about, details = parts + [""] * (6 - len(parts))
        found.add(
            "; ".join((subject, day, fold(name), id, about, ", ".join(sorted(filter(None, details.split(", "))))))
        )
    return found


def faults(reading: Reading) -> list[str]:
    return [str(fault) for fault in reading.faults]


def names(reading: Reading, subject: str) -> Counter[str]:
    return Counter(record.name for record in reading.subjects[subject].records)


# --- every table ------------------------------------------------------------------------------------------------------


def test_every_table_gives_the_events_worked_out_by_hand() -> None:
    """A folder with a row of every table gives exactly the events, ids, links and details worked out by hand."""
    reading = read_ssd(FOLDER)
    assert told(reading) == expected()
    assert faults(reading) == []


def test_everything_it_says_it_holds_is_produced_and_in_the_vocabulary() -> None:
    """HOLDS is what the vocabulary calls events, and every one of them comes of a full input; nothing else does."""
    pack = load_pack("wokingham")
    reading = read(TABLES)
    vocabulary = (ROOT / "standards" / "vocabulary.yaml").read_text(encoding="utf-8")
    declared = {
        fold(match)
        for match in re.findall(r"^  ([a-z][^:\n]*):", vocabulary.split("\nevents:")[1].split("\nperiods:")[0], re.M)
    }
    assert declared >= HOLDS
    assert set(reading.counts()) == HOLDS
    assert reading.holds == HOLDS
    assert pack.standards


def test_details_have_the_values_of_the_vocabulary() -> None:
    """No history of the folder is refused by the packs: their words for details are the ones used."""
    reading = read(TABLES)
    for name in ("wokingham", "bromley", "barnet", "city_of_london"):
        for history in reading:
            evaluate(history, load_pack(name), as_of=date(2025, 3, 31))


def test_who_the_children_are() -> None:
    """Births, strata and facts; no row of a disability says nothing, and one disability outweighs NONE."""
    subjects = read(TABLES).subjects
    assert {id: subject.born for id, subject in subjects.items()} == {
        "1001": date(2015, 3, 2), "1002": date(2021, 11, 30), "1003": date(2008, 7, 15),
    }  # fmt: skip
    assert {id: subject.facts for id, subject in subjects.items()} == {
        "1001": {"disability": False},
        "1002": {"disability": True},
        "1003": {"disability": True, "unaccompanied asylum seeking child": True},
    }
    assert subjects["1003"].strata == {
        "sex": "M", "ethnicity": "NOBT", "disability": "yes", "unaccompanied asylum seeking child": "yes",
    }  # fmt: skip


def test_an_asylum_status_that_ended_is_a_stratum_and_no_fact() -> None:
    """A fact holds throughout, so a status with an end is none."""
    tables = with_rows(
        "ssd_immigration_status", "1003,I1,UASC,2024-05-01,2024-08-01", "1002,I2,uasc,2024-05-01,not known"
    )
    subjects = read(tables).subjects
    assert subjects["1003"].strata["unaccompanied asylum seeking child"] == "yes"
    assert "unaccompanied asylum seeking child" not in subjects["1003"].facts
    assert "unaccompanied asylum seeking child" not in subjects["1002"].facts


def test_of_overlapping_workers_the_one_who_began_last_holds_the_case() -> None:
    """W1 holds it until the day before W2 begins; a vacancy counts, and the adviser has it back after it."""
    subjects = read(TABLES).subjects

    def day(text: str) -> int:
        return date.fromisoformat(text).toordinal()

    assert subjects["1001"].allocations == [
        Allocation(day("2024-01-08"), day("2024-03-24"), "W1", "T1"),
        Allocation(day("2024-03-25"), day("2024-12-20"), "W2", "T2"),
    ]
    assert subjects["1003"].allocations == [
        Allocation(day("2024-10-01"), day("2024-10-31"), "P1", "T5"),
        Allocation(day("2024-11-01"), day("2024-11-30"), None, "T5"),
        Allocation(day("2024-12-01"), None, "P1", "T5"),
    ]


def test_the_one_who_began_last_by_brute_force() -> None:
    """On every day the holder is the involvement that began last, of one day's the last key: counted day by day."""
    spans = [(1, 9), (3, 4), (3, 6), (8, None), (12, 14), (12, 20), (15, 15), (2, 2)]
    base = date(2024, 1, 1).toordinal() - 1
    rows = [
        f"V-{place},W{place},cw,T,1001,{date.fromordinal(base + first)},"
        f"{'' if last is None else date.fromordinal(base + last)},-1"
        for place, (first, last) in enumerate(spans)
    ]
    found = read(with_rows("ssd_involvements", *rows)).subjects["1001"].allocations
    for day in range(1, 25):
        fitting = [
            (first, place)
            for place, (first, last) in enumerate(spans)
            if first <= day and (last is None or day <= last)
        ]
        holding = [
            each.worker for each in found if each.first - base <= day and (each.last is None or day <= each.last - base)
        ]
        assert holding == ([f"W{max(fitting)[1]}"] if fitting else []), day


def test_notes_say_what_was_left_out() -> None:
    """What is no event, and is no fault, is counted in a note."""
    assert read(TABLES).notes == (
        "ssd_cin_episodes: referrals without further action and without a closing date: 1. The decision is taken to be "
        "of the day of the referral.",
        "ssd_cla_placement: placements in short breaks, left out as no ordinary care: 1.",
        "ssd_missing: episodes of a child away without leave, and not missing, left out: 1.",
        "ssd_involvements: involvements in another role than that of the worker who holds the case, left out: 1.",
        "ssd_care_leavers: it holds only the latest contact and review of a pathway plan, which cannot say what was "
        "late before. Rows not read: 1.",
        "ssd_cin_assessments.cina_assessment_auth_date: 1 cell holds a date before 1901, which stands for a missing "
        "one.",
        "ssd_person.pers_death_date: 1 cell holds a date before 1901, which stands for a missing one.",
    )


# --- the suppliers' ways ----------------------------------------------------------------------------------------------

#: How the tables look in a Mosaic-like extract: no prefixes here, older names there, capitals everywhere.
RENAMED = {
    "cinp_cin_plan_id": "cin_plan_id",
    "clae_cla_episode_ceased_date": "clae_cla_episode_ceased",
    "cppr_cp_review_date": "actual_date",
    "cppr_cp_review_due": "due_date",
    "clar_cla_review_date": "Actual_Date",
    "clar_cla_review_due_date": "Due_Date",
    "pers_person_id": "PersonNumber",  # the authority's own
}


def renamed(tables: Mapping[str, str]) -> dict[str, list[dict[str, str]]]:
    """The tables with the suppliers' names, every second column in capitals."""
    found = {}
    for name, text in tables.items():
        rows = rows_of(text)
        columns = {
            column: RENAMED.get(column, column.upper() if place % 2 else column.title())
            for place, column in enumerate(rows[0])
        }
        found[name] = [{columns[column]: value for column, value in row.items()} for row in rows]
    return found


def same(one: Reading, other: Reading) -> bool:
    return one.subjects == other.subjects and one.faults == other.faults and one.holds == other.holds


def test_suppliers_names_and_capitals_do_not_matter() -> None:
    """An extract with other names and capitals gives the same reading, and says what it took for what."""
    tables = {f"HDM.{name.upper()}": rows for name, rows in renamed(TABLES).items()}
    reading = read_ssd(tables, aliases={"PERS_person_id": "personnumber"})
    assert same(reading, read(TABLES))
    assert "ssd_cin_plans: the column cin_plan_id was read as cinp_cin_plan_id." in reading.notes
    assert "ssd_person: the column PersonNumber was read as pers_person_id." in reading.notes


def test_data_frames_and_cursors_give_the_same_reading() -> None:
    """Pandas, Polars and sqlite3 give the reading that lists of dictionaries give, with dates as dates too."""
    pandas, polars = pytest.importorskip("pandas"), pytest.importorskip("polars")
    tables = renamed(TABLES)
    plain = read_ssd(tables, aliases={"pers_person_id": ["PersonNumber"]})
    connection = sqlite3.connect(":memory:")
    cursors = {}
    for name, rows in tables.items():
        columns = ", ".join(f'"{column}"' for column in rows[0])
        marks = ", ".join("?" for _ in rows[0])
        connection.execute(f"create table {name} ({columns})")
        connection.executemany(
            f"insert into {name} values ({marks})", [[value or None for value in row.values()] for row in rows]
        )
        cursors[name] = connection.execute(f"select * from {name}")
    sources: dict[str, dict[str, object]] = {
        "pandas": {name: pandas.DataFrame(rows).replace("", None) for name, rows in tables.items()},
        "polars": {name: polars.DataFrame(rows) for name, rows in tables.items()},
        "sqlite3": dict(cursors),
    }
    # A frame whose dates are dates, whose ids are numbers with gaps, and whose missing ones are NaT.
    visits = pandas.DataFrame(tables["ssd_cp_visits"])
    for column in visits.columns:
        if column.lower().endswith("_date"):
            visits[column] = pandas.to_datetime(visits[column])
        if column.lower() == "cppv_person_id":
            visits[column] = pandas.to_numeric(visits[column])
    assert any(str(kind).startswith("float") for kind in visits.dtypes)
    sources["pandas"]["ssd_cp_visits"] = visits
    for kind, source in sources.items():
        assert same(read_ssd(source, aliases={"pers_person_id": "PersonNumber"}), plain), kind
    connection.close()


def test_the_order_of_rows_does_not_matter() -> None:
    """Tables upside down give the same events, facts, strata and allocations."""
    turned = read_ssd({name: rows_of(text)[::-1] for name, text in TABLES.items()})
    straight = read(TABLES)
    assert told(turned) == told(straight)
    for id, subject in straight.subjects.items():
        other = turned.subjects[id]
        assert (other.born, other.facts, other.strata) == (subject.born, subject.facts, subject.strata)
        assert other.allocations == subject.allocations


def test_the_outcome_of_an_enquiry_may_come_as_it_is() -> None:
    """A database that gives JSON as a dictionary is understood; text that is not JSON is a fault."""
    tables: dict[str, list[dict[str, object]]] = {name: list(rows_of(text)) for name, text in TABLES.items()}  # type: ignore[arg-type]
    tables["ssd_s47_enquiry"][1]["s47e_s47_outcome_json"] = {"MONITOR_FLAG": "Y"}
    assert names(read_ssd(tables), "1001")["initial child protection conference not required"] == 1
    tables["ssd_s47_enquiry"][1]["s47e_s47_outcome_json"] = "see file"
    reading = read_ssd(tables)
    assert names(reading, "1001")["initial child protection conference not required"] == 0
    assert faults(reading) == [
        "ssd_s47_enquiry, row 2, s47e_s47_outcome_json: this is not the JSON of the specification. The outcome was not "
        "used."
    ]


# --- what is held -----------------------------------------------------------------------------------------------------


def test_a_missing_table_takes_its_words_out() -> None:
    """Without reviews of care nothing can be said of them; a note says so."""
    tables = {name: text for name, text in TABLES.items() if name != "ssd_cla_reviews"}
    reading = read(tables)
    assert HOLDS - reading.holds == {"looked after review held", "short break review held"}
    assert "ssd_cla_reviews: there is no such table, so what only it holds is not known." in reading.notes


def test_visits_are_held_only_where_no_table_of_visits_is_wanting() -> None:
    """Without one of three tables of visits, `child visited` would make its children look unvisited: it is not held.

    Where no child of that sort is there either, nothing is wanting.
    """
    without = {name: text for name, text in TABLES.items() if name != "ssd_cla_visits"}
    assert "child visited" not in read(without).holds
    nobody = {name: text for name, text in without.items() if name != "ssd_cla_episodes"}
    assert "child visited" in read(nobody).holds


def test_an_empty_table_whose_parent_has_rows_was_not_extracted() -> None:
    """An extract that leaves a table empty does not say that nobody was visited."""
    reading = read_ssd(
        {name: rows_of(text) for name, text in TABLES.items() if name != "ssd_cp_visits"}
        | {"ssd_cp_visits": sqlite3.connect(":memory:").execute("select 1 as cppv_cp_visit_date where false")}
    )
    assert "child visited" not in reading.holds
    assert "ssd_cp_visits: it has no rows, though ssd_cp_plans has. It is taken as not extracted." in reading.notes


def test_a_missing_column_takes_its_words_out() -> None:
    """A table of health checks without their status cannot say which took place; without an outcome, no enquiry says
    that no conference is needed.
    """
    tables = {name: rows_of(text) for name, text in TABLES.items()}
    for row in tables["ssd_cla_health"]:
        del row["clah_health_check_status"]
    for row in tables["ssd_s47_enquiry"]:
        del row["s47e_s47_nfa"], row["s47e_s47_outcome_json"]
    reading = read_ssd(tables)
    assert HOLDS - reading.holds == {
        "health assessment completed", "dental check completed", "initial child protection conference not required",
    }  # fmt: skip
    assert "ssd_s47_enquiry: it has no column s47e_s47_nfa, so what only that holds is not known." in reading.notes
    assert not names(reading, "1002")["dental check completed"]


def test_short_breaks_cannot_be_told_without_legal_statuses() -> None:
    """Without the table of legal statuses every period counts as care, and the words of short breaks are out."""
    reading = read({name: text for name, text in TABLES.items() if name != "ssd_legal_status"})
    assert not {word for word in reading.holds if word.startswith("short break")}
    assert "ssd_legal_status: without it short breaks cannot be told from ordinary care." in reading.notes


def test_a_source_without_any_table_is_an_error(tmp_path: Path) -> None:
    """A wrong call says in plain words what is wrong."""
    with pytest.raises(TableError, match=r"^There is no table of the Standard Safeguarding Dataset"):
        read_ssd(tmp_path)
    with pytest.raises(TableError, match=r"^nowhere: there is no such folder\. Check the name\.$"):
        read_ssd(tmp_path / "nowhere")
    with pytest.raises(TableError, match="is there twice"):
        read_ssd({"ssd_cla_placement": [], "ssd_cla_placements": []})


# --- dirt -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("table", "row", "fault", "word", "count"), lines_of("dirt.txt", " | "))
def test_a_wrong_cell_is_named_by_its_place(table: str, row: str, fault: str, word: str, count: str) -> None:
    """Each sort of dirt is a fault with table, row and column; what cannot be trusted is left out; no value is told."""
    reading = read(with_rows(table, row))
    found = [each for each in faults(reading) if each.startswith(f"{table}, row 1,")]
    assert f"{table}, {fault}" in found
    assert names(reading, "1001")[word] == int(count)
    values = {cell for cell in row.split(",") if len(cell) > 3 and cell not in ("1001", "2024-03-28", "CPP-1")}
    assert not [value for value in values for text in (*faults(reading), *reading.notes) if value in text]


def test_a_start_whose_end_cannot_be_read_is_not_used() -> None:
    """A plan whose end is there and cannot be read would go on for ever: both cells are named, and it is left out."""
    reading = read(with_rows("ssd_cin_plans", "P-1,REF-1,,2024-08-05,31-12-2024"))
    assert faults(reading) == [
        "ssd_cin_plans, row 1, cinp_cin_plan_end_date: this is not a date. Write 2024-03-28.",
        "ssd_cin_plans, row 1, cinp_cin_plan_start_date: its end cannot be read, so it would seem to go on. The record "
        "was not used.",
    ]
    assert not names(reading, "1001")["child in need plan started"]


def test_a_key_of_several_children_names_none() -> None:
    """Brothers and sisters may share the id of a referral: then a record without a child's id is of neither."""
    tables = with_rows("ssd_cin_episodes", "REF-1,1001,2024-01-05,N,,", "REF-1,1002,2024-01-05,N,,")
    tables = with_rows("ssd_cin_plans", "P-1,REF-1,,2024-08-05,", base=tables)
    assert (
        "ssd_cin_plans, row 1, cinp_referral_id: this key belongs to several children in ssd_cin_episodes. The record "
        "was not used. Give the child's id."
    ) in faults(read(tables))


def test_a_record_that_is_there_twice_counts_once() -> None:
    """An equal row is counted in a note; another row with the key of the first is a fault, and the first is used."""
    row = "CON-1,1001,2024-01-04"
    reading = read(with_rows("ssd_contacts", row, row))
    assert names(reading, "1001")["contact received"] == 1
    assert "ssd_contacts: 1 record stands there more than once and was used once." in reading.notes
    assert faults(read(with_rows("ssd_contacts", row, "CON-1,1001,2024-01-09"))) == [
        "ssd_contacts, row 2, cont_contact_date: another record with the same key says something else (row 1). Keep "
        "the right one. The first was used."
    ]


def test_one_visit_of_two_children_is_an_event_of_each() -> None:
    """A case note shared by brother and sister has one id: ids are unique within a child."""
    reading = read(with_rows("ssd_cin_visits", "V-1,1001,2024-08-14,Y,Y,Y", "V-1,1002,2024-08-14,Y,Y,Y"))
    assert faults(reading) == []
    assert all("V-1/cinv_cin_visit_date" in {r.id for r in reading.subjects[c].records} for c in ("1001", "1002"))


def test_rows_without_a_date_are_counted() -> None:
    """A visit that is planned or was never dated is not dropped in silence."""
    reading = read(with_rows("ssd_cin_visits", "V-1,1001,,Y,Y,Y", "V-2,1001,#N/A,Y,Y,Y"))
    assert "ssd_cin_visits: rows without cinv_cin_visit_date, not used: 2." in reading.notes


def test_dates_with_the_day_first_are_read_when_it_is_said() -> None:
    """Text dates are refused unless `day_first` says how they are meant; pre-proceedings always have the day first."""
    tables = with_rows("ssd_contacts", "C-1,1001,03/02/2024 14:30")
    reading = read(tables, day_first=True)
    assert [r.on for r in reading.subjects["1001"].records if r.name == "contact received"] == [date(2024, 2, 3)]
    assert len(faults(read(tables))) == 1


def test_two_dates_of_birth_are_a_fault() -> None:
    """The first row's date is used, and the other is named."""
    tables = with_rows("ssd_person", "1001,F,,2015-03-02,,", "1001,F,,2016-03-02,,", "1002,,,,,", "1003,,,,,")
    reading = read(tables)
    assert reading.subjects["1001"].born == date(2015, 3, 2)
    assert faults(reading) == [
        "ssd_person, row 2, pers_dob: another row has another date of birth for this child. The first was used."
    ]


# --- care -------------------------------------------------------------------------------------------------------------


def care(*episodes: str, statuses: Iterable[str] = (), placements: Iterable[str] = ()) -> Reading:
    """Only care: episodes (id, start, reason, ceased, reason, period), statuses and placements of one child."""
    tables = {
        "ssd_cla_episodes": "clae_cla_episode_id,clae_cla_episode_start_date,clae_cla_episode_start_reason,"
        "clae_cla_episode_ceased_date,clae_cla_episode_ceased_reason,clae_cla_id,clae_cla_placement_id,clae_person_id",
        "ssd_legal_status": "lega_legal_status_id,lega_legal_status,lega_legal_status_start_date,"
        "lega_legal_status_end_date,lega_person_id",
        "ssd_cla_placement": "clap_cla_placement_id,clap_cla_placement_type,clap_cla_placement_start_date,"
        "clap_cla_placement_end_date,clap_cla_placement_postcode,clap_person_id",
    }
    lines = {"ssd_cla_episodes": episodes, "ssd_legal_status": statuses, "ssd_cla_placement": placements}
    return read({name: "\n".join([head, *(f"{row},K" for row in lines[name])]) for name, head in tables.items()})


def spans(reading: Reading, *words: str) -> list[str]:
    """The events of those words as "date word", in order."""
    return sorted(f"{r.on} {r.name}" for r in reading.subjects["K"].records if r.name in words)


CARE = ("became looked after", "ceased to be looked after", "short breaks started", "short breaks ended")


@pytest.mark.parametrize(
    ("episodes", "statuses", "wanted"),
    [
        # One period of two episodes.
        (["1,2023-01-02,S,2023-03-01,X1,A,", "2,2023-03-01,L,2023-09-01,E4A,A,"], [],
         ["2023-01-02 became looked after", "2023-09-01 ceased to be looked after"]),
        # The last episode goes on.
        (["1,2023-01-02,S,2023-03-01,X1,A,", "2,2023-03-01,L,,,A,"], [], ["2023-01-02 became looked after"]),
        # Two periods, told apart by the reasons alone.
        (["1,2023-01-02,S,2023-03-01,E4A,,", "2,2023-05-01,S,2023-06-01,X1,,", "3,2023-06-01,P,2023-07-01,E8,,"], [],
         ["2023-01-02 became looked after", "2023-03-01 ceased to be looked after", "2023-05-01 became looked after",
          "2023-07-01 ceased to be looked after"]),
        # X1 joins what has two ids: the child did not come into care a second time.
        (["1,2023-01-02,S,2023-03-01,X1,A,", "2,2023-03-01,P,2023-07-01,E8,B,"], [],
         ["2023-01-02 became looked after", "2023-07-01 ceased to be looked after"]),
        # No reason for ceasing: it ceased.
        (["1,2023-01-02,S,2023-03-01,,A,"], [],
         ["2023-01-02 became looked after", "2023-03-01 ceased to be looked after"]),
        # Short breaks throughout (V3, V4), though their record begins before.
        (["1,2023-01-02,S,2023-03-01,E8,A,"], ["a,V3,2022-12-01,"],
         ["2023-01-02 short breaks started", "2023-03-01 short breaks ended"]),
        # Care that turns into short breaks.
        (["1,2023-01-02,S,,,A,"], ["a,V2,2023-01-02,2023-05-01", "b,V4,2023-05-01,"],
         ["2023-01-02 became looked after", "2023-05-01 ceased to be looked after", "2023-05-01 short breaks started"]),
        # A short break agreement that had ended before, or began when care had ceased, changes nothing.
        (["1,2023-01-02,S,2023-03-01,E8,A,"],
         ["a,V4,2022-01-01,2023-01-02", "b,V2,2023-01-02,2023-03-01", "c,V4,2023-03-01,"],
         ["2023-01-02 became looked after", "2023-03-01 ceased to be looked after"]),
    ],
)  # fmt: skip
def test_periods_of_care(episodes: list[str], statuses: list[str], wanted: list[str]) -> None:
    """When a child came into care and left it follows from the episodes; short breaks are not ordinary care."""
    reading = care(*episodes, statuses=statuses)
    assert spans(reading, *CARE) == wanted
    assert faults(reading) == []


def test_an_episode_left_open_in_the_middle_is_a_fault() -> None:
    """The last episode decides; the one that was never closed is named."""
    reading = care("1,2023-01-02,S,,,A,", "2,2023-03-01,P,2023-07-01,E8,A,")
    assert spans(reading, *CARE) == ["2023-01-02 became looked after", "2023-07-01 ceased to be looked after"]
    assert faults(reading) == [
        "ssd_cla_episodes, row 1, clae_cla_episode_ceased_date: the episode has no end though another follows. Give "
        "the end."
    ]


@pytest.mark.parametrize(
    ("placements", "episodes", "wanted"),
    [
        # A change of legal status only: one placement.
        (["p,U6,2023-01-02,2023-03-01,", "q,U6,2023-03-01,,"],
         ["1,2023-01-02,S,2023-03-01,X1,A,p", "2,2023-03-01,L,,,A,q"],
         ["2023-01-02 placement started"]),
        # Other carers of the same kind: two.
        (["p,U6,2023-01-02,2023-03-01,", "q,U6,2023-03-01,,"],
         ["1,2023-01-02,S,2023-03-01,X1,A,p", "2,2023-03-01,P,2023-04-01,X1,A,q", "3,2023-04-01,L,,,A,q"],
         ["2023-01-02 placement started", "2023-03-01 placement ended", "2023-03-01 placement started"]),
        # The same place goes on after a stay in hospital; the stay is no placement.
        (["p,U6,2023-01-02,2023-03-01,AB1 2CD", "t,T1,2023-03-01,2023-03-05,ZZ9 9ZZ",
          "q,U6,2023-03-05,2023-06-01,AB1 2CD"],
         ["1,2023-01-02,S,,,A,"], ["2023-01-02 placement started", "2023-06-01 placement ended"]),
        # A gap: two placements.
        (["p,U6,2023-01-02,2023-03-01,AB1 2CD", "q,U6,2023-03-02,,AB1 2CD"], ["1,2023-01-02,S,,,A,"],
         ["2023-01-02 placement started", "2023-03-01 placement ended", "2023-03-02 placement started"]),
    ],
)  # fmt: skip
def test_runs_of_placements(placements: list[str], episodes: list[str], wanted: list[str]) -> None:
    """Rows that are one placement to the child are one placement."""
    reading = care(*episodes, placements=placements)
    assert spans(reading, "placement started", "placement ended") == wanted


def test_a_first_review_is_named_only_where_the_earlier_ones_cannot_be_cut_off() -> None:
    """The dataset reaches back six years: of a period older than that the first review in it may be a later one."""
    for began, initial in (("2023-01-02", True), ("2016-01-02", None)):
        reading = read(
            {
                "ssd_cla_episodes": "clae_cla_episode_id,clae_person_id,clae_cla_episode_start_date,clae_cla_id\n"
                f"1,K,{began},A",
                "ssd_cla_reviews": "clar_cla_review_id,clar_cla_id,clar_cla_review_date\n"
                "r,A,2023-01-20\ns,A,2023-04-20",
            }
        )
        held = {r.id[0]: (r.details or {}).get("initial") for r in reading.subjects["K"].records if "review" in r.name}
        assert held == {"r": initial, "s": False}


@pytest.mark.parametrize(
    ("started", "allocated"),
    [
        ("2024-01-08", True),  # after the referral
        ("2024-01-04", False),  # before it: the worker had the case already
        ("2024-02-21", False),  # after the assessment was authorised: the first worker's row is missing
    ],
)
def test_a_case_is_allocated_when_work_on_the_referral_begins(started: str, allocated: bool) -> None:
    """A later change of worker does not ask for another assessment, so it is no `case allocated`."""
    rows = [f"I-1,W1,Social Worker,T1,1001,{started},,REF-1", "I-2,W2,Social Worker,T1,1001,2024-06-03,,REF-1"]
    reading = read(with_rows("ssd_involvements", *rows))
    assert spans_of(reading, "1001", "case allocated") == ([started] if allocated else [])
    assert names(reading, "1001")["social worker allocated"] == 2


def spans_of(reading: Reading, subject: str, word: str) -> list[str]:
    return sorted(str(record.on) for record in reading.subjects[subject].records if record.name == word)


# --- end to end -------------------------------------------------------------------------------------------------------


def test_a_verdict_is_traced_to_its_rows() -> None:
    """The conference of child 1001 is a day late, and both ends of the verdict name their cell.

    The enquiry started on Wednesday 10 January 2024. Working days after it: 11 and 12 (2), 15 to 19 (7), 22 to 26
    (12), 29 to 31 (15), so the last day is 31 January. The conference was on 1 February.
    """
    history = read_ssd(FOLDER).history("1001")
    result = evaluate(history, load_pack("wokingham"), as_of=date(2025, 3, 31))
    late = [each for each in result.of_standard("conference-initial") if each.opened == date(2024, 1, 10)]
    assert [(str(each.status), each.due) for each in late] == [("breached", date(2024, 1, 31))]
    events = {event.id: event for event in history.events}
    assert str(events["S47-1/s47e_s47_start_date/section 47 enquiry started"].origin) == (
        "ssd_s47_enquiry.s47e_s47_start_date:2"
    )
    assert str(events["ICP-1/icpc_icpc_date"].origin) == "ssd_initial_cp_conference.icpc_icpc_date:2"
    # Ten working days from Thursday 1 February: 2 (1), 5 to 9 (6), 12 to 15 (10). The visit of the 14th was in time.
    first = next(each for each in result.of_standard("child-protection-visits") if each.opened == date(2024, 2, 1))
    assert (str(first.status), first.due, first.met_on) == ("met", date(2024, 2, 15), date(2024, 2, 14))
    assert str(events["CPV-1/cppv_cp_visit_date"].origin) == "ssd_cp_visits.cppv_cp_visit_date:2"


@pytest.fixture(scope="module")
def clean(tmp_path_factory: pytest.TempPathFactory) -> tuple[Reading, dict[tuple[str, str], tuple[str, str]]]:
    """200 invented children from their folder, and what their event log says, by child and id."""
    authority = synthetic_authority(200, seed=3, events_per_child=150)
    folder = tmp_path_factory.mktemp("ssd")
    authority.write_ssd(folder)
    log = {
        (row["subject"], row["id"]): (fold(row["event"]), row["date"])
        for row in authority.events()
        if row.get("cancelled") != "yes"
    }
    return read_ssd(folder), log


def test_the_log_of_an_invented_authority_comes_out_of_its_tables(
    clean: tuple[Reading, dict[tuple[str, str], tuple[str, str]]],
) -> None:
    """Every event of the log that the tables can hold is found with its date, and none is invented."""
    reading, log = clean
    found = {(s.id, r.id): (r.name, str(r.on)) for s in reading.subjects.values() for r in s.records}
    # What rests on a key of the tables. A care leaver's latest contact and review stand there, and are not read.
    held = {key: event for key, event in log.items() if "/" in key[1] and "/clea_" not in key[1]}
    assert found == held
    assert len(found) > 5_000
    assert reading.faults == ()
    assert reading.holds == HOLDS
    # No word of HOLDS stands in the log without coming from the tables, but those that say more than a table can:
    # visits of assessments and enquiries, and advisers named before the young person leaves care.
    apart = {event[0] for key, event in log.items() if "/" not in key[1]} & HOLDS
    assert apart <= {"child visited", "personal adviser allocated", "child died"}


#: Standards of Wokingham that rest on dates alone, all of which the tables hold.
ON_DATES = (
    "child-in-need-assessment", "record-assessment-from-referral", "conference-initial", "conference-first-review",
    "conference-later-reviews", "first-looked-after-review", "second-looked-after-review", "later-looked-after-reviews",
    "in-care-first-review", "in-care-second-review", "initial-health-assessment", "health-assessments-from-five",
    "in-care-care-plan-written", "care-plan-updated", "record-care-plan", "first-review-after-interim-order",
)  # fmt: skip


def test_the_tables_lead_to_the_verdicts_of_the_log(
    clean: tuple[Reading, dict[tuple[str, str], tuple[str, str]]],
) -> None:
    """Judged from the tables of the dataset or from the event log of the same authority, verdicts are the same."""
    reading, _ = clean
    pack = load_pack("wokingham")
    logs = {each.subject: each for each in synthetic_authority(200, seed=3, events_per_child=150).histories()}
    judged = 0
    for history in reading:
        results = [evaluate(each, pack, as_of=date(2024, 3, 31)) for each in (history, logs[history.subject])]
        for standard in ON_DATES:
            one, other = (
                sorted((each.status, each.opened, each.due or date.max, each.met_on or date.max) for each in found)
                for found in (result.of_standard(standard) for result in results)
            )
            assert one == other, standard
            judged += len(one)
    assert judged > 500


def test_every_damaged_cell_of_an_invented_authority_is_accounted_for(tmp_path: Path) -> None:
    """Each damaged cell is a fault with its place, or was made good through a parent, or is said in a note; and
    what was not damaged is read as before.
    """
    sound = synthetic_authority(200, seed=3, events_per_child=150)
    authority = synthetic_authority(200, seed=3, events_per_child=150, dirt=0.03)
    authority.write_ssd(tmp_path)
    reading = read_ssd(tmp_path)
    places = {(fault.table, fault.row, fault.column) for fault in reading.faults}
    rows = {path.stem: rows_of(path.read_text(encoding="utf-8")) for path in tmp_path.glob("*.csv")}
    twice: Counter[str] = Counter()
    undated: Counter[tuple[str, str]] = Counter()
    made_good = 0
    # Due and target dates, ends of care plans and what only care leavers have are not read at all.
    unread = {"icpc_icpc_target_date", "cppr_cp_review_due", "clar_cla_review_due_date", "lacp_cla_care_plan_end_date",
              "clae_cla_last_iro_contact_date"}  # fmt: skip
    damaged = [each for each in authority.damaged if each[0] in reading.rows and each[2] not in unread]
    assert len(damaged) > 100
    events = {(s.id, r.id) for s in reading.subjects.values() for r in s.records}
    for table, number, column in damaged:
        if (table, number, column) in places or table == "ssd_care_leavers":
            continue
        row = rows[table][number - 2]
        key = next(iter(row.values()))
        if column.endswith("_person_id") and not row[column]:
            assert any(id.startswith(f"{key}/") for _, id in events) or table == "ssd_cla_episodes", (table, number)
            made_good += 1
        elif row[column] == "#N/A":
            undated[table, column] += 1
        elif row[column] == "00/00/0000":
            assert any(note.startswith(f"{table}.{column}: ") and "before 1901" in note for note in reading.notes)
            undated[table, column] += 1
        else:
            twice[table] += 1
    assert made_good > 10
    for table, count in twice.items():
        stand = (
            "1 record stands there more than once and was"
            if count == 1
            else (f"{count:,} records stand there more than once and were")
        )
        assert f"{table}: {stand} used once." in reading.notes
    for (table, column), count in undated.items():
        if column.endswith("_visit_date"):
            assert f"{table}: rows without {column}, not used: {count:,}." in reading.notes
    # No date is another than that of the sound authority, but where its cell was named.
    true = {(row["subject"], row["id"]): row["date"] for row in sound.events()}
    wrong = [
        (s.id, r.id)
        for s in reading.subjects.values()
        for r in s.records
        if true.get((s.id, r.id)) not in (None, str(r.on))
        and (r.origin is None or (r.origin.table, r.origin.row, r.origin.column) not in places)
    ]
    assert wrong == []


def test_no_value_of_a_child_is_told(tmp_path: Path) -> None:
    """No id of a child or of a record, and no date, stands in what a reading says of a damaged authority."""
    authority = synthetic_authority(100, seed=5, events_per_child=150, dirt=0.05)
    authority.write_ssd(tmp_path)
    reading = read_ssd(tmp_path)
    assert reading.faults
    text = "\n".join((*faults(reading), *reading.notes))
    assert not re.findall(r"C\d{6}|[A-Z]{3}-\d{6}", text)
    assert set(re.findall(r"\d{4}-\d\d-\d\d", text)) <= {"2024-03-28"}


def test_the_documentation_names_every_event_and_column() -> None:
    """The page of this reader says where each event comes from, and which cannot be held."""
    page = (ROOT / "docs" / "reference" / "readers" / "ssd.md").read_text(encoding="utf-8")
    from practice_rules.readers import ssd

    for columns in ssd._WORDS.values():
        for column, words in columns.items():
            assert f"`{column}`" in page, column
            for word in words:
                assert word in page, word
    for word in ("core groups", "supervision", "management decisions", "return interviews", "personal education plan"):
        assert word in page.casefold(), word


def test_times_of_day_are_dropped() -> None:
    """Datetimes of a database become dates before anything is counted."""
    tables: dict[str, list[dict[str, object]]] = {"ssd_contacts": [
        {"cont_contact_id": "C", "cont_person_id": 17.0, "cont_contact_date": datetime(2024, 1, 4, 23, 59)}
    ]}  # fmt: skip
    reading = read_ssd(tables)
    assert [(r.on, type(r.on)) for r in reading.subjects["17"].records] == [(date(2024, 1, 4), date)]
