"""Measures: what is counted, what a share is of, what is hidden, and that nothing depends on the sort of table."""

from __future__ import annotations

import itertools
import random
import statistics
import sys
from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

pytest.importorskip("pyarrow")
pytest.importorskip("narwhals")

import pyarrow as pa
import pyarrow.parquet as parquet
from pyarrow import csv

from practice_rules import Event, History, Pack, evaluate, load_pack
from practice_rules import measures as module
from practice_rules.caseloads import evaluate_caseload
from practice_rules.feeding import unfed
from practice_rules.loading import read_pack_text
from practice_rules.measures import BANDS, COUNTS, headline, heat, lateness, measures
from practice_rules.rows import SNAPSHOT

TEXT, CODED = pa.string(), pa.dictionary(pa.int32(), pa.string())
SCHEMA = pa.schema(
    [
        ("subject", TEXT), ("standard", CODED), ("kind", CODED), ("section", CODED), ("opened", pa.date32()),
        ("due", pa.date32()), ("met_on", pa.date32()), ("status", CODED), ("late", pa.bool_()),
        ("overdue", pa.bool_()), ("days_late", pa.int32()), ("days_left", pa.int32()), ("worker", CODED),
        ("team", CODED), ("missing", CODED), ("key", TEXT), ("source_rows", TEXT), ("sentence", TEXT),
    ]
)  # fmt: skip


def row(subject: str, outcome: str, days: int | None = None, **more: Any) -> dict[str, Any]:
    """One obligation; the outcome is a status, or late or overdue by so many days."""
    breached = outcome in ("late", "overdue")
    due = more.pop("due", None if outcome == "not assessed" else date(2024, 3, 28))
    return {
        "subject": subject,
        "standard": "visits",
        "kind": "frequency",
        "section": "2 Visits",
        "opened": date(2024, 3, 1),
        "due": due,
        "status": "breached" if breached else outcome,
        "late": outcome == "late",
        "overdue": outcome == "overdue",
        "days_late": days,
        **more,
    }


def table(rows: list[dict[str, Any]]) -> pa.Table:
    return pa.Table.from_pylist(rows, schema=SCHEMA)


def found(rows: Any, **options: Any) -> list[dict[str, Any]]:
    """The measures as dictionaries, nothing hidden unless that is asked for."""
    made: list[dict[str, Any]] = measures(rows, **{"smallest": 0, **options}).to_pylist()
    return made


#: Two standards and three teams, small enough to count with a finger.
BY_HAND = [
    row("a", "met", team="North"),
    row("a", "met", team="North", due=date(2024, 4, 3)),
    row("a", "late", 3, team="North", due=date(2024, 4, 30)),
    row("b", "overdue", 10, team="South"),
    row("b", "due", team="South", due=date(2024, 5, 1)),
    row("b", "lapsed", team="South"),
    row("c", "not assessed", missing="the date of birth", team="South"),
    row("c", "not assessed", missing="the date of birth", team="South"),
    row("c", "not assessed", missing="the detail “seen alone”", team="North"),
    row("a", "late", 4, standard="core-group", kind="deadline", team="North"),
    row("d", "late", 1, standard="core-group", kind="deadline"),
    row("d", "met", standard="core-group", kind="deadline"),
    row("d", "met", standard="core-group", kind="deadline", due=date(2024, 4, 1)),
]


# --- counting ---------------------------------------------------------------------------------------------------------


def test_a_measure_counts_what_can_be_counted_by_hand() -> None:
    """Owed is met, late and overdue; due, lapsed and not assessed stand beside it; the share is met of owed."""
    core, visits = found(table(BY_HAND))
    # core-group: a and d; 2 met, late by 4 and 1, so owed 4, share 2/4, median 2.5.
    assert core == {
        "standard": "core-group", "subjects": 2, "owed": 4, "met": 2, "late": 2, "overdue": 0, "due": 0, "lapsed": 0,
        "not_assessed": 0, "why_not_assessed": None, "median_days_late": 2.5, "share": 0.5, "denominator": 4,
        "asked_share": None, "reached": None, "hidden": None,
    }  # fmt: skip
    # visits: a, b and c; 2 met, 1 late by 3, 1 overdue by 10: owed 4, share 2/4, median (3 + 10) / 2.
    assert visits == {
        "standard": "visits", "subjects": 3, "owed": 4, "met": 2, "late": 1, "overdue": 1, "due": 1, "lapsed": 1,
        "not_assessed": 3, "why_not_assessed": "the date of birth (2); the detail “seen alone” (1)",
        "median_days_late": 6.5, "share": 0.5, "denominator": 4, "asked_share": None, "reached": None, "hidden": None,
    }  # fmt: skip


def test_groups_by_team_with_those_that_have_none_last() -> None:
    """A duty that nobody held is in a row of its own, not left out."""
    rows = found(table(BY_HAND), by="team")
    assert [each["team"] for each in rows] == ["North", "South", None]
    # North: a's 2 met, late 3 and 4, and one not assessed (c); South: b overdue, due, lapsed, c twice; none: d.
    assert [(each["subjects"], each["owed"], each["met"]) for each in rows] == [(2, 4, 2), (2, 1, 0), (1, 3, 2)]
    assert [each["median_days_late"] for each in rows] == [3.5, 10.0, 1.0]


def test_groups_by_the_month_of_the_due_date() -> None:
    """What has no due date has no month, and is in the last row."""
    rows = found(table(BY_HAND), by=("month",))
    # March: met a, overdue b, lapsed b, late a and d, met d. April: met a, late a, met d. May: due b. None: three.
    assert [(each["month"], each["owed"], each["met"]) for each in rows] == [
        ("2024-03", 5, 2),
        ("2024-04", 3, 2),
        ("2024-05", 0, 0),
        (None, 0, 0),
    ]
    assert rows[2]["share"] is None
    assert rows[3]["not_assessed"] == 3


def test_two_columns_and_none() -> None:
    """Several columns make a row for each pair that occurs; no column makes one row of everything."""
    pairs = found(table(BY_HAND), by=("team", "standard"))
    assert [(each["team"], each["standard"], each["owed"]) for each in pairs] == [
        ("North", "core-group", 1),
        ("North", "visits", 3),
        ("South", "visits", 1),
        (None, "core-group", 3),
    ]
    (everything,) = found(table(BY_HAND), by=())
    assert (everything["subjects"], everything["owed"], everything["met"]) == (4, 8, 4)


def test_a_further_column_of_the_table_may_be_grouped_by() -> None:
    """An analyst's own column serves as well, with its own type."""
    own = table(BY_HAND).append_column("ward", pa.array([7] * 9 + [2] * 4))
    made = measures(own, by="ward", smallest=0)
    assert made["ward"].to_pylist() == [2, 7]
    assert made["owed"].to_pylist() == [4, 4]
    assert made.schema.field("ward").type == pa.int64()


@pytest.mark.parametrize("kind", ["arrow", "pandas", "polars", "dictionary"])
def test_strata_of_every_sort(kind: str) -> None:
    """What is known of each child can come in any sort of frame; a child it does not name is in the last row."""
    sexes = {"a": "F", "b": "M", "d": "F", "z": "M"}
    columns = {"subject": list(sexes), "sex": list(sexes.values())}
    strata: Any = {"sex": sexes}
    if kind == "arrow":
        strata = pa.table(columns)
    elif kind != "dictionary":
        strata = pytest.importorskip(kind).DataFrame(columns)
    rows = found(table(BY_HAND), by="sex", strata=strata)
    # F: a (2 met, 2 late) and d (2 met, 1 late); M: b (1 overdue); none: c.
    assert [(each["sex"], each["subjects"], each["owed"], each["met"]) for each in rows] == [
        ("F", 2, 7, 4),
        ("M", 1, 1, 0),
        (None, 1, 0, 0),
    ]


def test_the_commonest_reasons_come_first_and_five_are_named() -> None:
    """Reasons beyond the fifth are counted, not dropped."""
    wanting = [4, 3, 3, 2, 2, 1, 1]
    rows = [
        row(f"{reason}-{child}", "not assessed", missing=f"fact {reason}")
        for reason, times in enumerate(wanting)
        for child in range(times)
    ]
    assert found(table(rows))[0]["why_not_assessed"] == (
        "fact 0 (4); fact 1 (3); fact 2 (3); fact 3 (2); fact 4 (2); and 2 others"
    )


OUTCOMES = st.sampled_from(["met", "due", "lapsed", "not assessed", "late", "overdue"])


@st.composite
def some_rows(draw: st.DrawFn) -> list[dict[str, Any]]:
    made = []
    for outcome in draw(st.lists(OUTCOMES, max_size=25)):
        days = draw(st.integers(0, 60)) if outcome in ("late", "overdue") else None
        made.append(
            row(
                draw(st.sampled_from("abcde")),
                outcome,
                days,
                standard=draw(st.sampled_from(["visits", "core-group"])),
                team=draw(st.sampled_from(["North", None])),
                due=draw(st.sampled_from([date(2023, 12, 31), date(2024, 1, 1), None])),
                missing=draw(st.sampled_from(["one", "two"])) if outcome == "not assessed" else None,
            )
        )
    return made


@settings(deadline=None)
@given(some_rows(), st.randoms(use_true_random=False))
def test_counts_agree_with_an_independent_count_in_any_order(rows: list[dict[str, Any]], chance: random.Random) -> None:
    """A plain count in Python gives the same numbers, and the order of the rows gives the same table."""
    groups: dict[tuple[Any, Any], list[dict[str, Any]]] = defaultdict(list)
    for each in rows:
        groups[each["standard"], each["team"]].append(each)
    made = measures(table(rows), by=("standard", "team"), smallest=0)
    shuffled = chance.sample(rows, len(rows))
    assert measures(table(shuffled), by=("standard", "team"), smallest=0).equals(made)
    assert len(made) == len(groups)
    for got in made.to_pylist():
        mine = groups[got["standard"], got["team"]]
        late = [each["days_late"] for each in mine if each["status"] == "breached"]
        met = sum(each["status"] == "met" for each in mine)
        assert got["subjects"] == len({each["subject"] for each in mine})
        assert got["owed"] == got["denominator"] == met + len(late)
        assert got["met"] == met
        assert got["late"] == sum(each["late"] for each in mine)
        assert got["overdue"] == sum(each["overdue"] for each in mine)
        assert got["due"] == sum(each["status"] == "due" for each in mine)
        assert got["lapsed"] == sum(each["status"] == "lapsed" for each in mine)
        assert got["not_assessed"] == sum(each["status"] == "not assessed" for each in mine)
        assert got["median_days_late"] == (statistics.median(late) if late else None)
        assert got["share"] == (met / (met + len(late)) if met + len(late) else None)


# --- cohort standards -------------------------------------------------------------------------------------------------


def cohort(met: int, late: int) -> list[dict[str, Any]]:
    of = {"standard": "heard", "kind": "cohort", "team": "North"}
    return [row(f"m{n}", "met", **of) for n in range(met)] + [row(f"l{n}", "late", 2, **of) for n in range(late)]


@pytest.mark.parametrize(("met", "late", "reached"), [(9, 1, "yes"), (8, 1, "no"), (0, 0, None), (0, 3, "no")])
def test_a_cohort_standard_is_reached_by_the_share_of_its_own_rows(met: int, late: int, reached: str | None) -> None:
    """9 of 10 reaches 90%, 8 of 9 (88.9%) does not, and of nothing there is no saying."""
    rows = [*cohort(met, late), row("x", "due", standard="heard", kind="cohort"), *BY_HAND]
    (heard,) = [each for each in found(table(rows), asked={"heard": 90}) if each["standard"] == "heard"]
    assert (heard["asked_share"], heard["reached"]) == (90, reached)
    assert (heard["owed"], heard["due"]) == (met + late, 1)


def test_cohort_rows_are_in_no_other_sum() -> None:
    """By team, by month or altogether they are left out; by standard or kind they have rows of their own."""
    with_them, without = table([*BY_HAND, *cohort(5, 2)]), table(BY_HAND)
    for by in ("team", "month", "section", ()):
        assert measures(with_them, by=by, smallest=0).equals(measures(without, by=by, smallest=0))
    kinds = {each["kind"]: each["owed"] for each in found(with_them, by="kind")}
    assert kinds == {"cohort": 7, "deadline": 4, "frequency": 4}
    teams = [each for each in found(with_them, by=("standard", "team"), asked={"heard": 50}) if each["asked_share"]]
    # The standard speaks of all cases: for one team there is a share, and no verdict.
    assert [(each["team"], each["share"], each["reached"]) for each in teams] == [("North", 5 / 7, None)]


PACK = """\
authority: Barsetshire County Council
title: Practice standards
documents:
  standards: {title: Practice Standards}
vocabulary: shared
working days: Monday to Friday, except bank holidays in England
day one: the next day
standards:
  never-opened:
    says: An assessment is completed within 10 working days of the plan.
    source: {section: 3 Reviews, words: within 10 working days}
    within: 10 working days
    of: child protection plan started
    expect: assessment completed
  seen-soon:
    says: At least 75% of children are seen within 5 days.
    source: {section: 1 Seen, words: at least 75%}
    within: 5 days
    of: referral accepted
    expect: child visited
    share: 75%
  not-to-be-tested:
    says: Children are heard.
    source: {section: 2 Heard, words: children are heard}
    not tested: It is about
      quality.
"""


@pytest.fixture(scope="module")
def pack() -> Pack:
    read, problems = read_pack_text(PACK, "barsetshire")
    assert read is not None, [str(problem) for problem in problems]
    return read


def rows_of(evaluation: Any) -> list[dict[str, Any]]:
    """The obligations of one evaluation, cohort ones included, as rows."""
    return [
        {
            "subject": evaluation.subject, "standard": each.standard, "kind": each.kind,
            "section": each.source.section, "opened": each.opened, "due": each.due, "status": str(each.status),
            "late": each.late, "overdue": each.overdue, "days_late": each.days_late,
        }
        for each in (*evaluation.obligations, *evaluation.lapsed, *evaluation.cohort)
    ]  # fmt: skip


def test_evaluated_histories_are_judged_against_the_share_of_the_pack(pack: Pack) -> None:
    """Three of four children seen in five days reach 75%; three of five do not."""
    referred = date(2024, 3, 4)
    rows = []
    for child, seen in enumerate([1, 5, 5, 6, None]):
        events = [Event("referral accepted", referred, id="r")]
        events += [Event("child visited", referred + timedelta(seen), id="v")] if seen else []
        rows += rows_of(evaluate(History(f"c{child}", events), pack, as_of=date(2024, 4, 4)))
    four = found(table(rows[:4]), pack=pack)[1]
    five = found(table(rows), pack=pack)[1]
    assert (four["standard"], four["met"], four["late"], four["reached"]) == ("seen-soon", 3, 1, "yes")
    assert (five["owed"], five["overdue"], five["asked_share"], five["reached"]) == (5, 1, 75, "no")


# --- nothing is passed over in silence --------------------------------------------------------------------------------


@dataclass(frozen=True)
class Unfed:
    standard: str
    reason: str
    assessed: bool = False


@dataclass(frozen=True)
class FakeCaseload:
    table: pa.Table
    pack: Pack
    unfed: tuple[Unfed, ...]
    path: Path | None = None
    strata: Any = None

    def rows(self) -> pa.Table:
        return self.table


def test_every_standard_of_the_pack_has_a_row(pack: Pack) -> None:
    """In the order of the document, with the reason where it cannot be judged."""
    lacking = [Unfed("never-opened", "no column gives\n  child protection plan started")]
    rows = found(table(rows_of_one(pack)), pack=pack, unfed=lacking)
    assert [each["standard"] for each in rows] == ["never-opened", "seen-soon", "not-to-be-tested"]
    assert rows[0]["why_not_assessed"] == "no column gives child protection plan started"
    assert rows[1]["why_not_assessed"] is None
    assert rows[2]["why_not_assessed"] == "not tested: It is about quality."
    for silent in (rows[0], rows[2]):
        assert [silent[name] for name in COUNTS] == [0] * len(COUNTS)
        assert (silent["share"], silent["median_days_late"], silent["reached"]) == (None, None, None)
    sections = found(table(rows_of_one(pack)), pack=pack, by=("section", "standard"))
    assert [(each["section"], each["standard"]) for each in sections] == [
        ("1 Seen", "seen-soon"),
        ("2 Heard", "not-to-be-tested"),
        ("3 Reviews", "never-opened"),
    ]


def rows_of_one(pack: Pack) -> list[dict[str, Any]]:
    history = History("c1", [Event("referral accepted", date(2024, 3, 4), id="r")])
    return rows_of(evaluate(history, pack, as_of=date(2024, 4, 4)))


def test_a_caseload_brings_its_pack_and_what_cannot_be_fed(pack: Pack) -> None:
    """The same rows come of a caseload as of its parts."""
    lacking = (Unfed("never-opened", "no column"),)
    rows = table(rows_of_one(pack))
    assert measures(FakeCaseload(rows, pack, lacking)).equals(measures(rows, pack=pack, unfed=lacking))
    assert headline(FakeCaseload(rows, pack, lacking)) == headline(rows)
    assert heat(FakeCaseload(rows, pack, lacking)) == heat(rows, pack)
    other = load_pack("wokingham")
    with pytest.raises(ValueError, match="was judged by barsetshire"):
        measures(FakeCaseload(rows, pack, lacking), pack=other)


def test_a_caseload_brings_its_strata_and_its_file(pack: Pack, tmp_path: Path) -> None:
    """What a caseload knows of its children can be grouped by; rows that it wrote are read from there."""
    parquet.write_table(table(rows_of_one(pack)), tmp_path / "rows.parquet")
    written = FakeCaseload(table([]), pack, (), tmp_path / "rows.parquet", {"c1": {"sex": "F"}, "c2": {"ward": "7"}})
    assert [(each["sex"], each["subjects"]) for each in found(written, by=("kind", "sex"))] == [("F", 1)]
    assert measures(written).equals(measures(table(rows_of_one(pack)), pack=pack))


def test_a_real_caseload_is_measured(pack: Pack) -> None:
    """Three children seen after 1, 5 and 6 days: two of three, where 75% is asked."""
    histories = []
    for child, days in enumerate([1, 5, 6]):
        seen = Event("child visited", date(2024, 3, 4) + timedelta(days), id="v")
        histories.append(History(f"c{child}", [Event("referral accepted", date(2024, 3, 4), id="r"), seen]))
    caseload = evaluate_caseload(pack, histories, as_of=date(2024, 4, 4))
    rows = {each["standard"]: each for each in found(caseload)}
    assert list(rows) == [standard.id for standard in pack.standards]
    got = rows["seen-soon"]
    assert (got["owed"], got["met"], got["late"], got["asked_share"], got["reached"]) == (3, 2, 1, 75, "no")
    assert headline(caseload, smallest=0).cohort == 3


def test_what_could_only_be_met_is_in_no_share(pack: Pack) -> None:
    """Where records cannot hold what would show a breach, met ones count as not assessed: they would make 100%."""
    (lack,) = (each for each in unfed(pack, {"referral accepted"}) if each.standard == "seen-soon")
    assert not lack.assessed
    rows = [row(f"c{n}", "met", standard="seen-soon", kind="frequency") for n in range(3)]
    rows += [row(f"d{n}", "not assessed", standard="seen-soon", kind="frequency", missing=lack.reason) for n in (1, 2)]
    # Without what the caseload knows, the share is left out; with it, the whole standard.
    assert [(each["owed"], each["share"]) for each in found(table(rows))] == [(3, None)]
    assert [each["share"] for each in found(table(rows), by="month")] == [None, None]
    assert headline(table(rows), smallest=0).share is None
    assert heat(table(rows), smallest=0).cells[0][0].share is None
    (got,) = found(table(rows), unfed=[lack])
    assert (got["owed"], got["not_assessed"], got["share"]) == (0, 5, None)
    assert got["why_not_assessed"] == f"{lack.reason} (5)"
    others = [*rows, row("e", "met"), row("f", "late", 1)]
    assert headline(table(others), unfed=[lack], smallest=0).share == 0.5
    assert heat(table(others), smallest=0, unfed=[lack]).cells[0][0].owed == 0
    judged = Unfed(lack.standard, "judged without “x”", assessed=True)
    (got,) = found(table(rows[:3]), unfed=[judged])
    assert (got["share"], got["why_not_assessed"]) == (1.0, "judged without “x”")


def test_a_snapshot_has_no_share() -> None:
    """A list of what is open now shows the overdue and never the met: 0% would be wrong."""
    rows = [row("a", "overdue", 3), row("b", "not assessed", missing=SNAPSHOT)]
    assert [(each["overdue"], each["share"]) for each in found(table(rows))] == [(1, None)]


def test_without_rows_there_is_still_a_row_for_each_standard() -> None:
    """An empty caseload shows every standard of a shipped pack, in its order, with nothing owed."""
    shipped = load_pack("wokingham")
    rows = found(table([]), pack=shipped)
    assert [each["standard"] for each in rows] == [standard.id for standard in shipped.standards]
    assert {each["owed"] for each in rows} == {0}
    untested = [standard.id for standard in shipped.standards if not standard.tested]
    assert [each["standard"] for each in rows if each["why_not_assessed"]] == untested
    assert [each["asked_share"] for each in rows] == [standard.share for standard in shipped.standards]


def test_unfed_standards_are_shown_without_a_pack() -> None:
    """What cannot be fed has a row even where no pack is given."""
    rows = found(table(BY_HAND), unfed=[Unfed("early-help", "no such dates")])
    assert [each["standard"] for each in rows] == ["core-group", "early-help", "visits"]
    assert rows[1]["why_not_assessed"] == "no such dates"


# --- every sort of table ----------------------------------------------------------------------------------------------


def test_pandas_polars_and_arrow_give_the_same() -> None:
    """A frame comes out as it went in, with the same values; whole numbers stay whole where some are hidden."""
    pandas, polars = pytest.importorskip("pandas"), pytest.importorskip("polars")
    arrow = table([*BY_HAND, *cohort(30, 9)])
    options: dict[str, Any] = {"by": ("standard", "team"), "asked": {"heard": 80}}
    expected = measures(arrow, **options)
    of_polars = measures(polars.from_arrow(arrow), **options)
    assert isinstance(of_polars, polars.DataFrame)
    assert of_polars.to_dicts() == expected.to_pylist()
    of_pandas = measures(arrow.to_pandas(), **options)
    assert isinstance(of_pandas, pandas.DataFrame)
    assert {str(of_pandas[name].dtype) for name in (*COUNTS, "denominator", "asked_share")} == {"Int64"}
    back = of_pandas.astype(object).where(of_pandas.notna(), None).to_dict("records")
    assert back == expected.to_pylist()
    for frame in (arrow.to_pandas(), polars.from_arrow(arrow)):
        assert type(lateness(frame)) is type(frame)
        assert heat(frame) == heat(arrow)
        assert headline(frame) == headline(arrow)


def test_plain_and_large_text_numbers_and_times_are_read_alike() -> None:
    """Categories, long texts, ids that are numbers, days late with a gap, and dates with a time change nothing."""
    arrow = table([{**each, "subject": str("abcd".index(each["subject"]))} for each in BY_HAND])
    plain = arrow.cast(pa.schema([(name, TEXT if kind == CODED else kind) for name, kind in zip_schema()]))
    large = plain.cast(pa.schema([(f.name, pa.large_string() if f.type == TEXT else f.type) for f in plain.schema]))
    changed = large.set_column(0, "subject", plain["subject"].cast(pa.int64()))
    for name, kind in (("days_late", pa.float64()), ("due", pa.timestamp("ns"))):
        changed = changed.set_column(changed.column_names.index(name), name, changed[name].cast(kind))
    for by in ("standard", "team", "month"):
        assert measures(changed, by=by).equals(measures(arrow, by=by))


def zip_schema() -> list[tuple[str, Any]]:
    return [(each.name, each.type) for each in SCHEMA]


def test_files_are_read_in_pieces_and_give_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A Parquet and a CSV file give what the table in memory gives, however small the pieces."""
    rows = table([*BY_HAND, *cohort(30, 9)] * 3)
    parquet.write_table(rows, tmp_path / "rows.parquet", row_group_size=7)
    csv.write_csv(
        rows.cast(pa.schema([(n, TEXT if k == CODED else k) for n, k in zip_schema()])), tmp_path / "rows.csv"
    )
    expected = [(measures(rows, by=by), lateness(rows, by)) for by in ("standard", "team", "month", ("kind", "worker"))]
    monkeypatch.setattr(module, "_AT_ONCE", 4)
    for name in ("rows.parquet", "rows.csv"):
        path = tmp_path / name
        made = [(measures(path, by=by), lateness(path, by)) for by in ("standard", "team", "month", ("kind", "worker"))]
        for (one, late), (other, other_late) in zip(made, expected, strict=True):
            assert one.equals(other)
            assert late.equals(other_late)
        assert headline(str(path)) == headline(rows)
        assert heat(path) == heat(rows)


def test_only_the_columns_that_are_needed_are_read(tmp_path: Path) -> None:
    """Sentences and sources, the bulk of a file, may be absent."""
    lean = table(BY_HAND).select(["subject", "standard", "kind", "status", "late", "overdue", "days_late", "missing"])
    parquet.write_table(lean, tmp_path / "lean.parquet")
    assert measures(tmp_path / "lean.parquet").equals(measures(table(BY_HAND)))


def test_without_the_extra_the_message_names_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who has not installed pyarrow or narwhals is told how."""
    pandas = pytest.importorskip("pandas")
    frame = table(BY_HAND).to_pandas()
    assert isinstance(frame, pandas.DataFrame)
    monkeypatch.setitem(sys.modules, "narwhals", None)
    with pytest.raises(ImportError, match=r"narwhals.*practice-rules\[caseload\]"):
        measures(frame)
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(ImportError, match=r"pyarrow.*practice-rules\[caseload\]"):
        measures(frame)


# --- wrong input ------------------------------------------------------------------------------------------------------


def wrong(rows: Any, **options: Any) -> str:
    with pytest.raises(ValueError) as raised:
        measures(rows, **options)
    return str(raised.value)


def test_an_unknown_group_is_answered_with_what_there_is() -> None:
    """The names that can be grouped by are listed, those of the strata too; outcomes are not among them."""
    said = wrong(table(BY_HAND), by=("teem", "status"), strata={"sex": {"a": "F"}})
    assert said == (
        'by: there is no "teem" and "status" to group by. There is: standard, kind, section, opened, worker, '
        "team, month, sex."
    )
    assert wrong(table(BY_HAND), by=("team", "team")) == "by: a column is named twice. Name each once."


def test_every_problem_of_the_rows_at_once_and_no_value() -> None:
    """Rows that contradict themselves are named by number and reason, never by what they hold."""
    rows = [
        row("secret-1", "met"),
        row("secret-2", "finished"),
        {**row("secret-3", "late"), "days_late": None},
        {**row("secret-4", "met"), "overdue": True},
        {**row("secret-5", "late", 2), "overdue": True},
        {**row("secret-6", "late", 2), "late": False},
        row("secret-7", "late", -1),
        *({**row("secret-8", "met"), "subject": None} for _ in range(8)),
    ]
    said = wrong(table(rows))
    assert said.splitlines() == [
        "the rows cannot be counted. The first row of data is row 1.",
        'rows 8, 9, 10, 11, 12 and 3 more: the column "subject" is empty.',
        "row 2: the status is none of breached, due, met, lapsed, not assessed.",
        "row 6: breached, and neither late nor overdue.",
        "row 4: late or overdue, and not breached.",
        "row 5: late and overdue at once.",
        "row 3: breached, without days late.",
        "row 7: days late below 0.",
    ]
    assert "secret" not in said


def test_row_numbers_run_on_over_the_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    """A row is found by its number in the whole table."""
    monkeypatch.setattr(module, "_AT_ONCE", 3)
    assert "row 14: the status is none" in wrong(table([*BY_HAND, row("x", "done")]))


@pytest.mark.parametrize(
    ("column", "values", "said"),
    [
        ("subject", pa.array([1.5]), 'the column "subject" does not hold text.'),
        ("late", pa.array(["secret"]), 'the column "late" does not hold true or false.'),
        ("days_late", pa.array([1.5]), 'the column "days_late" does not hold whole numbers.'),
        ("status", pa.array([1]), 'the column "status" does not hold text.'),
        ("due", pa.array(["28/03/2024"]), 'the column "due" does not hold dates.'),
    ],
)
def test_a_column_of_the_wrong_type_is_named(column: str, values: pa.Array, said: str) -> None:
    """Which column, and what it should hold."""
    good = table([row("a", "met")])
    bad = good.set_column(good.column_names.index(column), column, values)
    assert said in wrong(bad, by="month")


def test_columns_that_are_not_there_are_named() -> None:
    """All of them, in one message."""
    said = wrong(pa.table({"subject": ["a"], "status": ["met"]}))
    assert 'no column "standard", "kind", "late", "overdue", "days_late" and 1 other' in said
    twice = pa.Table.from_arrays([*table(BY_HAND).columns, pa.array(["x"] * 13)], names=[*SCHEMA.names, "team"])
    assert 'the column "team" is there twice' in wrong(twice)


@pytest.mark.parametrize(
    ("strata", "said"),
    [
        (pa.table({"child": ["a"], "sex": ["F"]}), 'there is no column "subject"'),
        (pa.table({"subject": ["a", "a"], "sex": ["F", "M"]}), "a subject is there twice"),
        (pa.table({"subject": ["a", None], "sex": ["F", "M"]}), "has an empty cell"),
        (pa.table({"subject": [1.0], "sex": ["F"]}), "does not hold text"),
        (pa.table({"subject": ["A"], "sex": ["F"]}), "not one of its subjects is in the rows"),
        (pa.table({"subject": ["a"], "worker": ["F"]}), 'the name "worker" is taken already'),
        ({"a": "F"}, "{column: {subject: value}}"),
        ([("a", "F")], "this is no table"),
    ],
)
def test_strata_that_cannot_be_used(strata: Any, said: str) -> None:
    """A child counted twice, or a table that meets no child, is refused."""
    assert said in wrong(table(BY_HAND), by="worker" if "taken" in said else "sex", strata=strata)


def test_other_arguments_that_are_wrong(pack: Pack, tmp_path: Path) -> None:
    """Another pack, a share that is none, a threshold that hides nothing, and what is no table."""
    rows = table(BY_HAND)
    said = wrong(rows, pack=pack)
    assert 'the rows hold 2 standards that the pack barsetshire does not have: "core-group" and "visits"' in said
    assert "unfed names 1 standard" in wrong(table([]), pack=pack, unfed=[Unfed("visit", "")])
    assert 'there is no standard "visit"' in wrong(rows, asked={"visit": 90})
    for share in (0, 101, 0.9, True):
        assert "not a whole number from 1 to 100" in wrong(rows, asked={"visits": share})
    for smallest in (1, 4, -1, 2.5):
        assert "write 0 (show all), or 5 or more" in wrong(rows, smallest=smallest)
    for rowless in (3, [1], pytest.importorskip("polars").from_arrow(rows).lazy()):
        assert "this is no table" in wrong(rowless)
    assert "there is no such file" in wrong(tmp_path / "none.parquet")
    for name in ("rows.xlsx", "rows.parquet", "rows.csv"):
        (tmp_path / name).write_bytes(b"")
        assert name in wrong(tmp_path / name)


def test_a_cell_of_a_csv_file_that_cannot_be_read_is_not_repeated(tmp_path: Path) -> None:
    """The column is named; what stands in the cell is not."""
    lines = ["subject,standard,kind,status,late,overdue,days_late,missing,team", "a,visits,frequency,met,secret,no,,,N"]
    (tmp_path / "rows.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    said = wrong(tmp_path / "rows.csv")
    assert said.startswith('rows.csv: column "late": a cell cannot be read.')
    assert "secret" not in said


def test_a_pandas_column_of_mixed_sorts_is_named_and_not_repeated() -> None:
    """Arrow's own message would repeat the value."""
    pytest.importorskip("pandas")
    frame = table(BY_HAND).to_pandas()
    frame["days_late"] = frame["days_late"].astype(object)
    frame.loc[0, "days_late"] = "secret"
    said = wrong(frame)
    assert said == 'the column "days_late" holds values of more than one sort. Give it one type.'


# --- small numbers ----------------------------------------------------------------------------------------------------


def a_group(met: int, late: int, overdue: int, due: int = 0, lapsed: int = 0, missing: int = 0, **more: Any) -> Any:
    """Rows of so many outcomes, each of another child."""
    numbers = itertools.count()
    name = more.get("standard", "visits")
    rows = []
    for outcome, times in (("met", met), ("late", late), ("overdue", overdue), ("due", due), ("lapsed", lapsed)):
        days = 3 if outcome in ("late", "overdue") else None
        rows += [row(f"{name}{next(numbers)}", outcome, days, **more) for _ in range(times)]
    return rows + [row(f"{name}{next(numbers)}", "not assessed", missing="x", **more) for _ in range(missing)]


def test_a_small_number_takes_with_it_what_would_tell_it() -> None:
    """20 met and 2 late: neither is shown, because 22 owed less 20 met would be 2."""
    (got,) = found(table(a_group(20, 2, 0)), smallest=6)
    assert (got["owed"], got["met"], got["late"], got["overdue"]) == (22, None, None, 0)
    assert (got["share"], got["median_days_late"]) == (None, None)
    assert got["hidden"] == "met, late, median_days_late, share"


def test_a_number_that_is_not_small_is_shown() -> None:
    """The limit itself is shown, and so is nought; one less is not."""
    (got,) = found(table(a_group(6, 0, 6)), smallest=6)
    assert (got["owed"], got["met"], got["late"], got["overdue"], got["hidden"]) == (12, 6, 0, 6, None)
    (got,) = found(table(a_group(5, 0, 6)), smallest=6)
    # 11 owed less 6 overdue would be the 5: the smallest other number, the 0 late, is hidden as well.
    assert (got["owed"], got["met"], got["late"], got["overdue"]) == (11, None, None, 6)


def test_the_number_of_children_does_not_tell_the_one_number_that_is_hidden() -> None:
    """30 children with a duty each, 27 met: the 3 not assessed would be the rest."""
    (got,) = found(table(a_group(27, 0, 0, missing=3)), smallest=6)
    assert (got["subjects"], got["owed"], got["not_assessed"]) == (None, 27, None)
    assert got["why_not_assessed"] is None
    assert got["hidden"] == "subjects, not_assessed, why_not_assessed"


def test_small_reasons_lose_their_counts() -> None:
    """Where one missing fact is rare no count is given, and the facts stand by name."""
    rows = [*a_group(0, 0, 0, missing=7), row("z", "not assessed", missing="a rare fact")]
    (got,) = found(table(rows), smallest=6)
    assert got["not_assessed"] == 8
    assert got["why_not_assessed"] == "a rare fact; x"
    assert got["hidden"] == "why_not_assessed"


def test_a_group_is_not_told_by_the_others() -> None:
    """One small group among three: the next smallest is hidden in that column too; groups of nothing do not serve."""
    rows = [
        *a_group(40, 0, 9, standard="first"),
        *a_group(30, 0, 8, standard="second"),
        *a_group(50, 0, 3, standard="third"),
    ]
    got = {each["standard"]: each for each in found(table(rows), smallest=6, unfed=[Unfed("never", "no data")])}
    # third: 3 overdue of 53, so met goes as well. The next smallest: 8 overdue and 30 met, both of "second".
    assert (got["third"]["overdue"], got["third"]["met"], got["third"]["owed"]) == (None, None, 53)
    assert (got["second"]["overdue"], got["second"]["met"], got["second"]["owed"]) == (None, None, 38)
    assert (got["first"]["overdue"], got["first"]["met"], got["first"]["share"]) == (9, 40, 40 / 49)
    assert got["never"]["overdue"] == 0


def test_a_cohort_standard_of_few_cases_has_no_verdict_to_show() -> None:
    """Reached or not would tell something of a share that is hidden."""
    (got,) = found(table(cohort(9, 1)), smallest=6, asked={"heard": 90})
    assert (got["share"], got["reached"], got["asked_share"]) == (None, None, 90)
    assert got["hidden"].endswith("share, reached")


def shown_cells(cell: dict[str, int], smallest: int) -> tuple[dict[str, int], set[str]]:
    """One row's counts after hiding, and the names of the hidden ones, through the public function."""
    rows = a_group(cell["met"], cell["late"], cell["overdue"], cell["due"], cell["lapsed"], cell["missing"])
    # The last child has all that are left, so that there are so many children.
    for number, each in enumerate(rows):
        each["subject"] = str(min(number, cell["children"] - 1))
    (got,) = found(table(rows), smallest=smallest)
    assert got["denominator"] == got["owed"]
    if got["met"] is None or got["owed"] is None:
        assert got["share"] is None
    if got["late"] is None or got["overdue"] is None:
        assert got["median_days_late"] is None
    return {name: got[name] for name in COUNTS if got[name] is not None}, {n for n in COUNTS if got[n] is None}


@st.composite
def a_cell(draw: st.DrawFn) -> dict[str, int]:
    few = st.integers(0, 9)
    cell = {name: draw(few) for name in ("met", "late", "overdue", "due", "lapsed", "missing")}
    cell["children"] = draw(st.integers(1, max(1, sum(cell.values()))))
    return cell


@settings(max_examples=60, deadline=None)
@given(a_cell(), st.sampled_from([5, 6, 8]))
def test_no_hidden_count_can_be_worked_out_from_its_row(cell: dict[str, int], smallest: int) -> None:
    """By brute force: every hidden count has at least two values that fit everything shown, also where each hidden
    count is taken to be small, as far as that is possible at all.
    """
    assume(any(value for name, value in cell.items() if name != "children"))
    shown, hidden = shown_cells(cell, smallest)
    for name in shown:
        assert shown[name] == 0 or shown[name] >= smallest

    def fitting(highest: int, least: int) -> dict[str, set[int]]:
        """Values of each hidden count over all solutions with hidden counts within limits."""
        values: dict[str, set[int]] = {name: set() for name in hidden}
        span = range(least, highest + 1)
        # What nothing adds up to is free from end to end; only a number of children may ask for those between.
        ends = span if highest < 10 else (least, highest)
        parts = ("met", "late", "overdue")
        for trio in itertools.product(*([shown[name]] if name in shown else span for name in parts)):
            owed = sum(trio)
            if shown.get("owed", owed) != owed or ("owed" in hidden and owed not in span):
                continue
            others = ("due", "lapsed", "not_assessed")
            for rest in itertools.product(*([shown[name]] if name in shown else ends for name in others)):
                everything = owed + sum(rest)
                children = shown.get("subjects")
                if children is not None and children > everything:
                    continue
                for name, value in zip((*parts, *others, "owed"), (*trio, *rest, owed), strict=True):
                    if name in hidden:
                        values[name].add(value)
                if "subjects" in hidden:
                    values["subjects"].update(each for each in (least, least + 1) if each <= max(1, everything))
        return values

    for name, values in fitting(30, 0).items():
        assert len(values) > 1, name
    small = fitting(smallest - 1, 1)
    if all(small.values()):
        for name, values in small.items():
            assert len(values) > 1, name


@pytest.mark.parametrize("smallest", [5, 6])
def test_not_even_who_knows_the_rule_can_undo_it(smallest: int) -> None:
    """Every row of up to 25 decided duties: what is shown of one always fits another with other hidden counts."""
    alike: dict[tuple[int | None, ...], list[dict[str, int]]] = defaultdict(list)
    for met, late, overdue in itertools.product(range(26), repeat=3):
        if met + late + overdue > 25:
            continue
        cell = dict.fromkeys(COUNTS, 0) | {"met": met, "late": late, "overdue": overdue}
        cell["subjects"] = cell["owed"] = met + late + overdue
        (secret,) = module._protected([cell], [{}], smallest)
        alike[tuple(None if name in secret else cell[name] for name in COUNTS)].append(cell)
    assert len(alike) > 500
    for shown, cells in alike.items():
        for name, value in zip(COUNTS, shown, strict=True):
            assert value is not None or len({cell[name] for cell in cells}) > 1, (shown, name)


@cache
def ways(numbers: int, total: int, least: int, most: int) -> int:
    """In how many ways so many numbers between two limits make a total."""
    if not numbers:
        return int(total == 0)
    return sum(ways(numbers - 1, total - each, least, most) for each in range(least, min(most, total) + 1))


@settings(deadline=None)
@given(
    st.lists(
        st.tuples(st.sampled_from("ab"), st.sampled_from("xyz"), st.tuples(*[st.integers(0, 12)] * 6)),
        min_size=2,
        unique_by=lambda each: each[:2],
    )
)
def test_along_no_line_is_one_number_hidden_alone(groups: list[tuple[str, str, tuple[int, ...]]]) -> None:
    """Over all rows, and over those of one standard or one team, hidden counts cannot be told from their sum, unless
    the whole line is hidden.
    """
    cells = []
    for _, _, (met, late, overdue, due, lapsed, missing) in groups:
        cell = {"met": met, "late": late, "overdue": overdue, "owed": met + late + overdue, "due": due}
        cell |= {"lapsed": lapsed, "not_assessed": missing}
        cells.append(cell | {"subjects": met + late + overdue + due + lapsed + missing})
    labels = [{"standard": standard, "team": team} for standard, team, _ in groups]
    hidden = module._protected(cells, labels, 6)
    lines = [list(range(len(groups)))]
    lines += [[n for n, label in enumerate(labels) if label[name] == value]
              for name, value in (*(("standard", s) for s in "ab"), *(("team", t) for t in "xyz"))]  # fmt: skip
    for line in lines:
        line = [number for number in line if cells[number]["subjects"]]
        for name in COUNTS:
            secret = [cells[number][name] for number in line if name in hidden[number]]
            if secret and len(secret) < len(line):
                assert ways(len(secret), sum(secret), 0, sum(secret)) > 1, name
                assert ways(len(secret), sum(secret), 1, 5) != 1, name
    for cell, secret in zip(cells, hidden, strict=True):
        assert {name for name in COUNTS if 0 < cell[name] < 6} <= secret


# --- headline, lateness, heat -----------------------------------------------------------------------------------------


def test_the_headline_counts_everything_but_cohort_standards() -> None:
    """13 rows of 4 children: 4 met, 3 late by 3, 4 and 1, 1 overdue by 10; cohort rows are counted apart."""
    got = headline(table([*BY_HAND, *cohort(2, 1)]), smallest=0)
    assert (got.subjects, got.owed, got.met, got.late, got.overdue) == (4, 8, 4, 3, 1)
    assert (got.due, got.lapsed, got.not_assessed, got.cohort) == (1, 1, 3, 3)
    assert (got.share, got.median_days_late, got.hidden) == (0.5, 3.5, ())
    hidden = headline(table([*BY_HAND, *cohort(2, 1)]))
    assert (hidden.owed, hidden.met, hidden.share, hidden.cohort) == (8, None, None, None)
    assert {"met", "late", "overdue", "share", "median_days_late", "cohort"} <= set(hidden.hidden)
    nothing = headline(table([]))
    assert (nothing.subjects, nothing.owed, nothing.share, nothing.hidden) == (0, 0, None, ())


def test_lateness_puts_each_breach_into_one_band() -> None:
    """The first and last day of every band belong to it."""
    days = [0, 1, 5, 6, 10, 11, 20, 21, 45, 46, 900]
    rows = [row(f"c{n}", "late" if n % 2 else "overdue", late) for n, late in enumerate(days)]
    rows.append(row("a", "met", standard="core-group"))
    core, visits = lateness(table(rows), smallest=0).to_pylist()
    assert visits == {
        "standard": "visits", "breached": 11, "0 days": 1, "1-5 days": 2, "6-10 days": 2, "11-20 days": 2,
        "21-45 days": 2, "46+ days": 2, "hidden": None,
    }  # fmt: skip
    assert core == {"standard": "core-group", "breached": 0, **{name: 0 for name, _, _ in BANDS}, "hidden": None}


def test_lateness_hides_small_bands_and_the_next() -> None:
    """20 late by a day and 2 by ten: the 2 would be the rest of 22, so the noughts and then the 20 go as well."""
    rows = [row(f"c{n}", "late", 1) for n in range(20)] + [row(f"d{n}", "late", 10) for n in range(2)]
    (got,) = lateness(table(rows)).to_pylist()
    assert (got["breached"], got["6-10 days"]) == (22, None)
    # With the four noughts hidden, five hidden bands share 2: it cannot be told where they are.
    assert got["1-5 days"] == 20
    assert got["hidden"] == "0 days, 6-10 days, 11-20 days, 21-45 days, 46+ days"


def months_of(met: dict[str, tuple[int, int]], standard: str) -> list[dict[str, Any]]:
    """So many met and late ones in each month."""
    rows = []
    for month, (kept, late) in met.items():
        due = date.fromisoformat(f"{month}-15")
        rows += [row(f"{month}m{n}", "met", standard=standard, due=due) for n in range(kept)]
        rows += [row(f"{month}l{n}", "late", 1, standard=standard, due=due) for n in range(late)]
    return rows


def test_the_heat_map_runs_over_every_month() -> None:
    """A month with nothing owed stands between; a standard of which nothing is decided has an empty line."""
    rows = [
        *months_of({"2023-12": (3, 1), "2024-02": (0, 2)}, "visits"),
        row("a", "due", standard="waiting", due=date(2024, 6, 1)),
        row("a", "met", due=None),
    ]
    standards, months, cells = heat(table(rows), smallest=0)
    assert standards == ("visits", "waiting")
    assert months == ("2023-12", "2024-01", "2024-02")
    assert [(cell.owed, cell.share) for cell in cells[0]] == [(4, 0.75), (0, None), (2, 0.0)]
    assert [(cell.owed, cell.share, cell.hidden) for cell in cells[1]] == [(0, None, False)] * 3
    assert heat(table([])) == ((), (), ())


def test_the_heat_map_hides_small_numbers_along_both_sides() -> None:
    """2 of 20 late in one month hide that share, and so that no total gives it away the next of its line and column."""
    rows = [
        *months_of({"2024-01": (18, 2), "2024-02": (20, 9), "2024-03": (30, 10)}, "one"),
        *months_of({"2024-01": (20, 7), "2024-02": (30, 9), "2024-03": (40, 8)}, "two"),
        *months_of({"2024-01": (50, 10), "2024-02": (50, 11), "2024-03": (50, 12)}, "three"),
    ]
    standards, months, cells = heat(table(rows))
    seen = {(standard, month): cells[i][j] for i, standard in enumerate(standards) for j, month in enumerate(months)}
    hidden = {place for place, cell in seen.items() if cell.hidden}
    # The small one; the least breached and met beside it (9 of one, 7 of two); and the corner that closes the square.
    assert hidden == {("one", "2024-01"), ("one", "2024-02"), ("two", "2024-01"), ("two", "2024-02")}
    assert seen["one", "2024-01"] == (20, None, True)
    assert seen["three", "2024-01"] == (60, 50 / 60, False)


def test_the_heat_map_of_a_pack_has_a_line_for_each_tested_standard(pack: Pack) -> None:
    """In the order of the document."""
    standards, months, cells = heat(table(rows_of_one(pack)), pack, 0)
    assert standards == ("never-opened", "seen-soon")
    assert months == ("2024-03",)
    assert [line[0].owed for line in cells] == [0, 1]
    with pytest.raises(ValueError, match="does not have"):
        heat(table(BY_HAND), pack)
