"""The invented authority: the same bytes for the same arguments, no contradictions, and figures like a real one's."""

from __future__ import annotations

import csv
import hashlib
import os
import subprocess
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from functools import cache
from itertools import pairwise
from pathlib import Path

import holidays
import pytest

from practice_rules import Status, check_history, evaluate, load_pack
from practice_rules.synthetic import EVENT_COLUMNS, SSD_COLUMNS, Authority, synthetic_authority

ROOT = Path(__file__).resolve().parents[1]
FIELDS = ROOT.parent / "shared" / "samples" / "ssd" / "ssd_fields.csv"
PACKS = ("wokingham", "barnet", "bromley", "city_of_london")
LAST = date(2024, 3, 31)


@cache
def authority(children: int = 300) -> Authority:
    return synthetic_authority(children)


@cache
def events(children: int = 300) -> tuple[dict[str, str], ...]:
    return tuple(authority(children).events())


@cache
def tables(children: int = 300) -> Mapping[str, list[dict[str, str]]]:
    return authority(children).ssd_tables()


def day(cell: str) -> date:
    """The day of a cell of the extract, whatever its table's way of writing dates."""
    if cell[2] == "/":
        return datetime.strptime(cell, "%d/%m/%Y").date()
    return date.fromisoformat(cell[:10])


def dated(row: Mapping[str, str], column: str) -> date | None:
    cell = row.get(column, "")
    return None if not cell or cell.startswith("1900-01-01") else day(cell)


def digest(folder: Path) -> dict[str, str]:
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(folder.iterdir())}


def written(made: Authority, folder: Path) -> dict[str, str]:
    made.write_ssd(folder)
    made.write_event_log(folder)
    return digest(folder)


@cache
def working_days() -> tuple[frozenset[date], dict[date, int]]:
    """The working days from 2018 to 2024, and how many there have been up to each day: counted without the library."""
    off = holidays.country_holidays("GB", subdiv="ENG", years=range(2018, 2025))
    count, upto, found = 0, {}, set()
    on = date(2018, 1, 1)
    while on <= date(2024, 12, 31):
        if on.weekday() < 5 and on not in off:
            count += 1
            found.add(on)
        upto[on] = count
        on += timedelta(days=1)
    return frozenset(found), upto


def working_between(start: date, end: date) -> int:
    _, upto = working_days()
    return upto[end] - upto[start]


def share(held: Iterable[bool]) -> float:
    listed = list(held)
    return sum(listed) / len(listed)


# ---------------------------------------------------------------- the same for the same arguments


def test_equal_arguments_give_equal_bytes_whatever_the_hash_seed(tmp_path: Path) -> None:
    """Two processes that hash text differently write the same bytes."""
    code = (
        "import sys; from practice_rules.synthetic import synthetic_authority as make;"
        "made = make(40, seed=3, dirt=0.02); made.write_ssd(sys.argv[1]); made.write_event_log(sys.argv[1])"
    )
    for hash_seed in ("1", "2"):
        environment = {**os.environ, "PYTHONHASHSEED": hash_seed, "PYTHONPATH": str(ROOT / "src")}
        subprocess.run([sys.executable, "-c", code, str(tmp_path / hash_seed)], check=True, env=environment)
    assert digest(tmp_path / "1") == digest(tmp_path / "2")


def test_another_seed_gives_another_authority() -> None:
    """The seed matters: with another one the events are other events."""
    assert list(synthetic_authority(20, seed=2).events()) != list(synthetic_authority(20).events())


@pytest.mark.parametrize("dirt", [0.0, 0.05])
def test_a_smaller_authority_is_the_beginning_of_a_larger_one(dirt: float) -> None:
    """The first 50 of 150 children are the children of an authority of 50, in both shapes, damaged rows included."""
    small, large = synthetic_authority(50, dirt=dirt), synthetic_authority(150, dirt=dirt)
    few, many = list(small.events()), list(large.events())
    assert many[: len(few)] == few
    assert list(large.subjects())[:50] == list(small.subjects())
    rows, more = small.ssd_tables(), large.ssd_tables()
    for table, found in rows.items():
        assert more[table][: len(found)] == found


def test_files_are_plain_and_hold_what_the_iterators_give(tmp_path: Path) -> None:
    """UTF-8, line feeds only, and the same rows in the files as in memory."""
    made = synthetic_authority(30)
    written(made, tmp_path)
    for path in tmp_path.iterdir():
        data = path.read_bytes()
        assert b"\r" not in data
        assert data.endswith(b"\n")
        data.decode("utf-8")
    for table, rows in made.ssd_tables().items():
        with (tmp_path / f"{table}.csv").open(encoding="utf-8", newline="") as file:
            assert [{key: cell for key, cell in row.items() if cell} for row in csv.DictReader(file)] == rows
    for name, listed in (("subjects", made.subjects()), ("allocations", made.allocations()), ("events", made.events())):
        with (tmp_path / f"{name}.csv").open(encoding="utf-8", newline="") as file:
            found = [{key: cell for key, cell in row.items() if cell} for row in csv.DictReader(file)]
        assert found == [{key: cell for key, cell in row.items() if cell} for row in listed]


@pytest.mark.parametrize(
    "wrong",
    [
        {"children": 0},
        {"first_day": LAST},
        {"first_day": date(1990, 1, 1), "last_day": date(1993, 1, 1)},
        {"events_per_child": 5},
        {"events_per_child": 5_000},
        {"dirt": 1.5},
    ],
    ids=str,
)
def test_senseless_arguments_are_refused(wrong: dict[str, object]) -> None:
    """The message begins with the argument that is wrong, or names it."""
    with pytest.raises(ValueError, match=next(reversed(wrong))):
        synthetic_authority(**wrong)  # type: ignore[arg-type]


# ---------------------------------------------------------------- the shape of the SSD


def test_columns_are_those_of_the_specification() -> None:
    """Every table has exactly the fields of the SSD's own list, in its order."""
    if not FIELDS.exists():
        pytest.skip("the list of SSD fields is kept beside the repository, in ../shared")
    listed: defaultdict[str, list[str]] = defaultdict(list)
    with FIELDS.open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            listed[row["table"]].append(row["field"])
    for table, columns in SSD_COLUMNS.items():
        assert list(columns) == listed[table], table


def test_every_table_with_dated_events_has_rows() -> None:
    """In 1,200 children every table occurs, the rare ones too."""
    assert [table for table, rows in tables(1200).items() if not rows] == []


def test_dates_are_written_in_the_ways_of_a_real_extract() -> None:
    """Dates with a midnight, dates without, 1900-01-01 for a missing one, and dd/mm/yyyy before court."""
    found = tables(1200)
    assert {row["cppv_cp_visit_date"][10:] for row in found["ssd_cp_visits"]} == {" 00:00:00"}
    assert {len(row["cinv_cin_visit_date"]) for row in found["ssd_cin_visits"]} == {10}
    assert len({row["cont_contact_date"][11:] for row in found["ssd_contacts"]}) > 20
    waiting = [row for row in found["ssd_cin_assessments"] if row["cina_assessment_auth_date"].startswith("1900-01-01")]
    assert 0 < len(waiting) < len(found["ssd_cin_assessments"]) / 5
    assert all(row["prep_pre_pro_decision_date"][2] == "/" for row in found["ssd_pre_proceedings"])
    assert any(row["cine_referral_worker_id"] == "-1" for row in found["ssd_cin_episodes"])


KEYS = {
    "ssd_cin_assessments": ("cina_referral_id", "ssd_cin_episodes"),
    "ssd_s47_enquiry": ("s47e_referral_id", "ssd_cin_episodes"),
    "ssd_initial_cp_conference": ("icpc_s47_enquiry_id", "ssd_s47_enquiry"),
    "ssd_cin_plans": ("cinp_referral_id", "ssd_cin_episodes"),
    "ssd_cp_plans": ("cppl_icpc_id", "ssd_initial_cp_conference"),
    "ssd_cp_visits": ("cppv_cp_plan_id", "ssd_cp_plans"),
    "ssd_cp_reviews": ("cppr_cp_plan_id", "ssd_cp_plans"),
    "ssd_cla_episodes": ("clae_cla_placement_id", "ssd_cla_placement"),
    "ssd_involvements": ("invo_professional_id", "ssd_professionals"),
}


@pytest.mark.parametrize("table", KEYS)
def test_keys_lead_to_the_row_they_name(table: str) -> None:
    """A key is that of a row of the parent table, or -1."""
    column, parent = KEYS[table]
    known = {row[SSD_COLUMNS[parent][0]] for row in tables()[parent]}
    assert {row[column] for row in tables()[table]} - {"-1"} <= known


def test_keys_of_rows_are_unique() -> None:
    """No table has two rows with one key, as long as nothing is damaged."""
    for table, rows in tables().items():
        if table not in ("ssd_disability", "ssd_immigration_status"):  # these begin with the child's id
            keys = Counter(row[SSD_COLUMNS[table][0]] for row in rows)
            assert max(keys.values()) == 1, table


def test_nothing_ends_before_it_starts_and_nothing_lies_in_the_future() -> None:
    """Without dirt, every start is on or before its end, and only due dates lie beyond the day of the extract."""
    pairs = 0
    for table, columns in SSD_COLUMNS.items():
        starts = [column for column in columns if column.endswith(("start_date", "referral_date", "adm_decision_date"))]
        ends = [column for column in columns if column.endswith(("end_date", "close_date", "auth_date", "ceased_date"))]
        for row in tables()[table]:
            for column, cell in row.items():
                happened = column.endswith("_date") and not column.endswith(("due_date", "target_date"))
                if happened and column != "release_date":
                    assert day(cell) <= LAST, (table, column)
            for start, end in zip(starts, ends, strict=False):
                first, last = dated(row, start), dated(row, end)
                if first is not None and last is not None:
                    pairs += 1
                    assert first <= last, (table, row)
    assert pairs > 1_000


def test_episodes_of_care_follow_one_another() -> None:
    """A period of care begins with S; the next episode starts on the day that the last one ceased with X1."""
    placements = {row["clap_cla_placement_id"]: row for row in tables(1200)["ssd_cla_placement"]}
    stays: defaultdict[str, list[dict[str, str]]] = defaultdict(list)
    for row in tables(1200)["ssd_cla_episodes"]:
        stays[row["clae_cla_id"]].append(row)
        placed = placements[row["clae_cla_placement_id"]]
        assert placed["clap_cla_id"] == row["clae_cla_id"]
        first, last = dated(placed, "clap_cla_placement_start_date"), dated(placed, "clap_cla_placement_end_date")
        start = dated(row, "clae_cla_episode_start_date")
        assert first is not None
        assert start is not None
        assert first <= start
        assert last is None or start < last or last == first
    assert len(stays) > 40
    for rows in stays.values():
        reasons = [row["clae_cla_episode_start_reason"] for row in rows]
        assert reasons[0] == "S"
        assert set(reasons[1:]) <= {"L", "P", "B"}
        assert rows[0]["clae_entered_care_date"] == rows[0]["clae_cla_episode_start_date"]
        for one, next_one in pairwise(rows):
            assert one["clae_cla_episode_ceased_date"] == next_one["clae_cla_episode_start_date"]
            assert one["clae_cla_episode_ceased_reason"] == "X1"
        assert rows[-1].get("clae_cla_episode_ceased_reason") != "X1"


# ---------------------------------------------------------------- the event log


@pytest.mark.parametrize("name", PACKS)
def test_the_log_is_accepted_by_the_shipped_packs(name: str) -> None:
    """No unknown word, no forbidden value, no end without a start, in 300 children, for each of the four packs."""
    pack = load_pack(name)
    problems = [
        str(problem)
        for history in authority().histories()
        for problem in check_history(history, pack, unknown_events="refuse")
    ]
    assert problems == []


def test_rows_of_the_log_hang_together() -> None:
    """Known columns, ids that are unique, `about` that names an event of the child, nothing after the last day."""
    ids: defaultdict[str, set[str]] = defaultdict(set)
    for row in events():
        assert set(row) <= set(EVENT_COLUMNS)
        assert row["id"] not in ids[row["subject"]]
        ids[row["subject"]].add(row["id"])
        assert row["date"] <= row["recorded"] <= LAST.isoformat()
    for row in events():
        assert not row.get("about") or row["about"] in ids[row["subject"]], row["event"]
    assert len(ids) == 300


ENDED = (
    "child protection plan", "child in need plan", "placement", "legal status", "early help", "care proceedings",
)  # fmt: skip


def test_what_ends_names_what_it_ends() -> None:
    """The end of a plan, placement or status, and of an assessment, names its start; no two of a kind overlap."""
    by_id = {(row["subject"], row["id"]): row for row in events()}
    pairs = Counter()
    for row in events():
        for what in ENDED:
            if row["event"] == f"{what} ended":
                start = by_id[row["subject"], row["about"]]
                assert start["event"] == f"{what} started"
                assert start["date"] <= row["date"]
                pairs[what] += 1
        if row["event"] == "assessment completed":
            assert by_id[row["subject"], row["about"]]["event"] == "assessment started"
    assert set(pairs) == set(ENDED)


def test_the_dead_are_not_visited() -> None:
    """After a child's death there is no visit and no case."""
    died = {
        row["pers_person_id"]: row["pers_death_date"]
        for row in tables(1200)["ssd_person"]
        if row.get("pers_death_date")
    }
    assert died
    after = [row["event"] for row in events(1200) if row["subject"] in died and row["date"] > died[row["subject"]]]
    assert not {"child visited", "case opened", "placement started", "core group held"} & set(after)


def test_children_not_yet_born_are_known_by_the_day_expected() -> None:
    """Of those expected, most are born in time: then both dates stand there; else there is no date of birth."""
    people = [row for row in tables(1200)["ssd_person"] if row.get("pers_expected_dob")]
    born = [row for row in people if row.get("pers_dob")]
    assert 10 < len(people) < 150
    assert len(born) > len(people) / 2
    for row in born:
        assert abs((day(row["pers_dob"]) - day(row["pers_expected_dob"])).days) <= 14
    unborn = {row["subject"] for row in authority(1200).subjects() if row["fact: unborn"]}
    assert unborn == {row["pers_person_id"] for row in people if not row.get("pers_dob")}


# ---------------------------------------------------------------- the two shapes tell one story

#: What each date of the SSD is in the log. Of a care leaver the SSD has the latest only; reviews may be cancelled.
ONE_STORY = {
    "cont_contact_date": {"contact received"},
    "earl_episode_start_date": {"early help started"},
    "earl_episode_end_date": {"early help ended"},
    "cine_referral_date": {"referral received"},
    "cine_close_date": {"case closed", "referral closed with no further action"},
    "cina_assessment_start_date": {"assessment started"},
    "cina_assessment_auth_date": {"assessment completed"},
    "s47e_s47_start_date": {"strategy discussion held"},
    "s47e_s47_end_date": {"section 47 enquiry completed"},
    "icpc_icpc_date": {
        "initial child protection conference held",
        "transfer-in child protection conference held",
    },
    "cinp_cin_plan_start_date": {"child in need plan started"},
    "cinp_cin_plan_end_date": {"child in need plan ended"},
    "cinv_cin_visit_date": {"child visited"},
    "cppl_cp_plan_start_date": {"child protection plan started"},
    "cppl_cp_plan_end_date": {"child protection plan ended"},
    "cppv_cp_visit_date": {"child visited"},
    "cppr_cp_review_date": {"review child protection conference held"},
    "clap_cla_placement_start_date": {"placement started"},
    "clap_cla_placement_end_date": {"placement ended"},
    "clar_cla_review_date": {"looked after review held"},
    "clav_cla_visit_date": {"child visited"},
    "lacp_cla_care_plan_start_date": {"care plan completed", "care plan updated"},
    "lega_legal_status_start_date": {"legal status started"},
    "lega_legal_status_end_date": {"legal status ended"},
    "csdq_sdq_completed_date": {"strengths and difficulties questionnaire completed"},
    "clea_care_leaver_latest_contact": {"care leaver visited", "care leaver contacted"},
    "clea_pathway_plan_review_date": {"pathway plan reviewed"},
    "perm_adm_decision_date": {"adoption decision made"},
    "perm_placement_order_date": {"placement order made"},
    "perm_placed_for_adoption_date": {"placed for adoption"},
    "prep_pre_pro_decision_date": {"pre-proceedings decision made"},
    "prep_pre_pro_letter_date": {"letter before proceedings sent"},
}


def test_a_fact_of_the_ssd_is_in_the_log_under_its_key_and_column() -> None:
    """Every date that the SSD holds has an event "<key>/<column>" on that day; no such id stands for anything else."""
    log = {row["id"]: row for row in events(1200)}
    seen = Counter()
    for table, rows in tables(1200).items():
        for row in rows:
            for column in SSD_COLUMNS[table]:
                on = dated(row, column) if column in ONE_STORY else None
                if on is not None:
                    event = log[f"{row[SSD_COLUMNS[table][0]]}/{column}"]
                    assert event["event"] in ONE_STORY[column]
                    assert event["date"] == on.isoformat()
                    seen[column] += 1
    assert set(seen) == set(ONE_STORY)
    for column, count in seen.items():
        assert count == sum(id.endswith(f"/{column}") for id in log), column


def test_flags_of_a_visit_are_the_details_of_its_event() -> None:
    """Seen, seen alone and the bedroom say the same in both shapes."""
    log = {row["id"]: row for row in events()}
    said = {"Y": "yes", "N": "no", None: None}
    visits = tables()["ssd_cp_visits"]
    assert len(visits) > 200
    for row in visits:
        event = log[f"{row['cppv_cp_visit_id']}/cppv_cp_visit_date"]
        assert event["seen"] == said[row.get("cppv_cp_visit_seen")]
        assert event.get("seen alone") == said[row.get("cppv_cp_visit_seen_alone")]
        assert event.get("bedroom seen") == said[row.get("cppv_cp_visit_bedroom")]


def test_a_case_is_held_by_one_worker_at_a_time() -> None:
    """The social workers of a child follow one another, and each is among the professionals."""
    workers = {row["prof_professional_id"] for row in tables()["ssd_professionals"]}
    held: defaultdict[str, list[tuple[str, str]]] = defaultdict(list)
    for row in authority().allocations():
        assert not row["worker"] or row["worker"] in workers
        assert row["team"]
        assert row["from"] <= (row["to"] or "9999")
        if not row["team"].startswith("Early Help"):
            held[row["subject"]].append((row["from"], row["to"] or "9999"))
    for spans in held.values():
        for (_, end), (start, _) in pairwise(spans):
            assert end <= start
    assert len(held) > 250


# ---------------------------------------------------------------- figures like a real authority's


def lengths(rows: Iterable[Mapping[str, str]], start: str, end: str) -> list[int]:
    """Working days from a start to what names it."""
    listed = list(rows)
    by_id = {(row["subject"], row["id"]): row for row in listed if row["event"] == start}
    return [
        working_between(day(by_id[row["subject"], row["about"]]["date"]), day(row["date"]))
        for row in listed
        if row["event"] == end
    ]


def test_assessments_are_mostly_in_time_with_a_tail() -> None:
    """About 83 in 100 are authorised within 45 working days, and some take more than 60."""
    found = lengths(events(1200), "assessment started", "assessment completed")
    assert len(found) > 1_000
    assert 0.75 <= share(length <= 45 for length in found) <= 0.92
    assert 0.02 <= share(length > 60 for length in found) <= 0.12


def test_conferences_and_reviews_are_late_now_and_then() -> None:
    """About 78 in 100 conferences within 15 working days; about nine in ten first reviews within 91 days."""
    started = {row["s47e_s47_enquiry_id"]: dated(row, "s47e_s47_start_date") for row in tables(1200)["ssd_s47_enquiry"]}
    taken = []
    for row in tables(1200)["ssd_initial_cp_conference"]:
        start, held = started.get(row["icpc_s47_enquiry_id"]), dated(row, "icpc_icpc_date")
        if start is not None and held is not None:
            taken.append(working_between(start, held))
    assert len(taken) > 100
    assert 0.62 <= share(length <= 15 for length in taken) <= 0.92
    plans = {row["cppl_cp_plan_id"]: dated(row, "cppl_cp_plan_start_date") for row in tables(1200)["ssd_cp_plans"]}
    first: dict[str, int] = {}
    for row in tables(1200)["ssd_cp_reviews"]:
        start, held = plans[row["cppr_cp_plan_id"]], dated(row, "cppr_cp_review_date")
        assert start is not None
        assert held is not None
        first.setdefault(row["cppr_cp_plan_id"], (held - start).days)
    assert 0.80 <= share(length <= 91 for length in first.values()) <= 0.98


def test_families_come_back() -> None:
    """About 22 in 100 referrals come within a year of another one of the same child."""
    last: dict[str, date] = {}
    again = []
    for row in tables(1200)["ssd_cin_episodes"]:
        on, child = day(row["cine_referral_date"]), row["cine_person_id"]
        again.append(child in last and (on - last[child]).days <= 365)
        last[child] = on
    assert 0.15 <= share(again) <= 0.30


def test_some_protection_plans_last_two_years() -> None:
    """A few of 1,200 children's plans have gone on for longer than 729 days."""
    spans = [
        ((dated(row, "cppl_cp_plan_end_date") or LAST) - day(row["cppl_cp_plan_start_date"])).days
        for row in tables(1200)["ssd_cp_plans"]
    ]
    assert 0.01 <= share(length > 729 for length in spans) <= 0.20


def test_teams_differ() -> None:
    """Between the best and the worst assessment team lie at least five points in a hundred."""
    found: defaultdict[str, list[bool]] = defaultdict(list)
    for row in tables(1200)["ssd_cin_assessments"]:
        done = dated(row, "cina_assessment_auth_date")
        if done is not None:
            taken = working_between(day(row["cina_assessment_start_date"]), done)
            found[row["cina_assessment_team"]].append(taken <= 45)
    shares = [share(held) for held in found.values()]
    assert len(shares) == 3
    assert max(shares) - min(shares) >= 0.05


def test_the_number_of_events_is_about_what_was_asked_for() -> None:
    """80 a child, give or take what chance does to 1,200 children; more where more is asked for."""
    assert 68 <= len(events(1200)) / 1200 <= 92
    more = sum(1 for _ in synthetic_authority(300, events_per_child=150).events())
    assert more > 1.4 * len(events())


def test_an_evaluation_against_wokingham_is_many_sided() -> None:
    """Every status, late and overdue both, over many standards and nearly every kind; most that is fed is in time."""
    pack = load_pack("wokingham")
    statuses, kinds, standards = Counter[str](), set(), set()
    fed: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for history in authority().histories():
        result = evaluate(history, pack, as_of=LAST)
        for item in (*result.obligations, *result.lapsed):
            word = str(item.status)
            if item.status is Status.BREACHED:
                word = "late" if item.met_on is not None else "overdue"
            statuses[word] += 1
            kinds.add(item.kind)
            standards.add(item.standard)
            fed[item.standard][word] += 1
    assert set(statuses) == {"met", "late", "overdue", "due", "lapsed"}
    assert min(statuses.values()) > 300
    assert {"deadline", "lead time", "frequency", "limit", "recording", "evidence", "count", "schedule"} <= kinds
    assert len(standards) > 120
    # What the log records again and again is mostly in time, and never always.
    for standard in ("child-protection-visits", "core-groups", "child-in-care-visits", "record-case-summary"):
        counted = fed[standard]
        done = counted["met"] / (counted["met"] + counted["late"] + counted["overdue"])
        assert 0.60 <= done <= 0.97, (standard, done)


# ---------------------------------------------------------------- damage


def test_without_dirt_nothing_is_damaged() -> None:
    """By default the records are clean, and the list of damage is empty."""
    assert authority().damaged == ()


def test_damage_is_where_it_is_said_to_be(tmp_path: Path) -> None:
    """Every damaged cell is listed with its file, line and column; every other one is as in the clean authority."""
    clean, dirty = synthetic_authority(150), synthetic_authority(150, dirt=0.03)
    written(clean, tmp_path / "clean")
    written(dirty, tmp_path / "dirty")
    listed: defaultdict[str, dict[int, str]] = defaultdict(dict)
    for table, line, column in dirty.damaged:
        assert line not in listed[table]
        listed[table][line] = column
    total, ways = 0, Counter[str]()
    for name in (*SSD_COLUMNS, "events", "subjects", "allocations"):
        with (tmp_path / "clean" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
            wanted = list(csv.reader(file))
        with (tmp_path / "dirty" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
            found = list(csv.reader(file))
        header = wanted[0]
        key = "id" if name == "events" else header[0]
        place = 0
        for line, row in enumerate(found, start=1):
            column = listed[name].get(line)
            if column == key and row == found[line - 2]:
                ways["twice"] += 1
                continue
            other = [
                header[index] for index, (one, two) in enumerate(zip(row, wanted[place], strict=True)) if one != two
            ]
            assert other == ([column] if column else []), (name, line)
            if column:
                ways["nobody" if not row[header.index(column)] else "date"] += 1
            place += 1
        assert place == len(wanted)
        total += len(wanted)
    assert set(ways) == {"twice", "nobody", "date"}
    assert sum(ways.values()) == len(dirty.damaged)
    assert 0.02 <= len(dirty.damaged) / total <= 0.04


def test_ends_before_starts_are_among_the_damage() -> None:
    """In a thoroughly damaged authority some plans end before they start."""
    rows = synthetic_authority(100, dirt=0.5).ssd_tables()["ssd_cin_episodes"]
    turned = 0
    for row in rows:
        try:
            first, last = dated(row, "cine_referral_date"), dated(row, "cine_close_date")
        except ValueError:
            continue
        turned += first is not None and last is not None and last < first
    assert turned > 3


def test_damaged_records_make_no_histories() -> None:
    """Histories are refused in words where rows are damaged, rather than made of half a record."""
    with pytest.raises(ValueError, match="dirt"):
        list(synthetic_authority(5, dirt=0.1).histories())
