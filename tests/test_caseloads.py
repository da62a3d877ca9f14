"""A whole caseload put to a pack: the same verdicts as one by one, whatever carries the records."""

from __future__ import annotations

import builtins
import gc
import json
import random
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date, datetime
from functools import cache
from itertools import pairwise
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from every_kind import pack as small_pack
from practice_rules.evaluating import evaluate
from practice_rules.events import Event, History
from practice_rules.loading import PackError, load_pack, read_pack_text
from practice_rules.obligations import NotAssessed, Obligation
from practice_rules.pack import Pack
from practice_rules.records import Allocation, Gathering, Origin, Reading, Subject
from practice_rules.synthetic import synthetic_authority
from practice_rules.tables import TableError

pa = pytest.importorskip("pyarrow", reason="needs the extra caseload")
pd = pytest.importorskip("pandas", reason="needs the extra notebook")
pl = pytest.importorskip("polars", reason="needs polars, a library of the tests")

from practice_rules import caseloads  # noqa: E402
from practice_rules.caseloads import Caseload, evaluate_caseload, rows_of_log  # noqa: E402
from practice_rules.readers import event_log  # noqa: E402
from practice_rules.readers.event_log import read_event_log  # noqa: E402
from practice_rules.rows import row_schema  # noqa: E402

PACKS = ("barnet", "bromley", "city_of_london", "wokingham")
EXAMPLES = sorted((Path(__file__).parents[1] / "examples").rglob("*.json"))
AS_OF = date(2024, 3, 31)
NOW = date(2024, 6, 1)
#: What the test builds itself for each obligation.
BUILT = (
    *("subject", "standard", "kind", "section", "opened", "due", "met_on", "status", "late", "overdue"),
    *("days_late", "days_left", "missing", "key"),
)


# --- what the rows ought to be ---------------------------------------------------------------------------------------


def day(value: date | None) -> date | None:
    return date(value.year, value.month, value.day) if value else None


def of_obligation(subject: str, found: Obligation) -> tuple[Any, ...]:
    """A row as the object says it, without the module that makes rows."""
    return (
        subject,
        found.standard,
        found.kind,
        found.source.section,
        day(found.opened),
        day(found.due),
        day(found.met_on),
        str(found.status),
        found.late,
        found.overdue,
        found.days_late,
        found.days_left,
        None,
        found.key,
    )


def of_missing(subject: str, found: NotAssessed) -> tuple[Any, ...]:
    return (subject, found.standard, found.source.section, found.opened, f"{found.missing} is not in the record")


def expected(histories: list[History], pack: Pack, as_of: date) -> tuple[Counter[Any], Counter[Any]]:
    rows: Counter[Any] = Counter()
    missing: Counter[Any] = Counter()
    for history in histories:
        found = evaluate(history, pack, as_of=as_of, unknown_events="note")
        rows.update(of_obligation(history.subject, each) for each in found.obligations)
        rows.update(of_obligation(history.subject, each) for each in found.lapsed)
        rows.update(of_obligation(history.subject, each) for each in found.cohort)
        missing.update(of_missing(history.subject, each) for each in found.not_assessed)
    return rows, missing


def table_of(found: Caseload) -> list[dict[str, Any]]:
    return found.rows().to_pylist()


def split(rows: list[dict[str, Any]]) -> tuple[Counter[Any], Counter[Any]]:
    judged = Counter(tuple(row[name] for name in BUILT) for row in rows if row["status"] != "not assessed")
    untold = Counter(
        (row["subject"], row["standard"], row["section"], row["opened"], row["missing"])
        for row in rows
        if row["status"] == "not assessed"
    )
    return judged, untold


def without_places(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{**row, "source_rows": None} for row in rows]


AUTHORITY = synthetic_authority(60)


@cache
def histories() -> list[History]:
    return list(AUTHORITY.histories())


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made: Path = tmp_path_factory.mktemp("authority")
    AUTHORITY.write_event_log(made)
    return made


def from_folder(folder: Path, pack: Pack | str = "bromley", **options: Any) -> Caseload:
    options = {"workers": 1, "holds": "everything", **options}
    tables = {"subjects": folder / "subjects.csv", "allocations": folder / "allocations.csv"}
    return evaluate_caseload(pack, folder / "events.csv", **{**tables, **options}, as_of=AS_OF)


# --- 1. truth --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", PACKS)
def test_every_row_is_what_evaluate_says_of_the_history(name: str, folder: Path) -> None:
    """For 60 invented children a log's rows are those built from `evaluate` one child at a time."""
    pack = load_pack(name)
    rows, missing = expected(histories(), pack, AS_OF)
    judged, untold = split(table_of(from_folder(folder, pack)))
    assert judged == rows
    assert untold == missing
    assert len(rows) > 2000
    assert len(missing) > 20


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_the_examples_give_the_same_rows(path: Path) -> None:
    """The worked examples, as one caseload of one history."""
    history = History.from_dict(json.loads(path.read_text(encoding="utf-8")))
    pack = load_pack(path.parent.name if path.parent.name in PACKS else "bromley")
    as_of = date.fromordinal(history.final_moment().day)
    judged, untold = split(table_of(evaluate_caseload(pack, history, as_of=as_of)))
    assert (judged, untold) == expected([history], pack, as_of)
    assert judged


def test_rows_come_child_by_child_in_the_order_of_the_ids() -> None:
    """The order of the rows is settled: by subject, and each subject's rows stand together."""
    rows = table_of(evaluate_caseload("bromley", read_of(histories()[:20]), as_of=AS_OF))
    subjects = list(dict.fromkeys(row["subject"] for row in rows))
    assert subjects == sorted(subjects)
    assert [row["subject"] for row in rows] == sorted(row["subject"] for row in rows)


def read_of(found: list[History]) -> Reading:
    """Histories as a reader would hand them on."""
    gathering = Gathering("invented records", load_pack("bromley").events)
    for history in found:
        subject = gathering.subject(history.subject)
        subject.born, subject.facts = history.born, dict(history.facts)
        for number, event in enumerate(history.events, start=1):
            origin = Origin("table", "column", number)
            gathering.add(
                history.subject, event.key, event.on, origin, id=event.id, about=event.about,
                details=event.details, recorded=event.recorded, cancelled=event.cancelled,
            )  # fmt: skip
    return gathering.done()


def test_log_reading_and_histories_agree(folder: Path) -> None:
    """What a reader hands on, bare histories and a log that holds everything give equal rows."""
    one = [{**row, "worker": None, "team": None, "source_rows": None} for row in table_of(from_folder(folder))]
    for source in (histories(), iter(histories()), tuple(histories()), read_of(histories())):
        assert without_places(table_of(evaluate_caseload("bromley", source, as_of=AS_OF, workers=1))) == one


TEXT = """\
authority: Barsetshire
title: Standards
documents: {standards: {title: Standards}}
working days: Monday to Friday, except bank holidays in England
day one: the next day
hours without times: by date
details:
  emergency: {means: Whether it was one., values: yes or no}
  wanted: {means: Whether it is wanted., values: yes or no, unless said: no}
  score: {means: A score., values: a number}
  why: {means: Why., values: [short, long]}
  on: {means: A day., values: a date}
events:
  referral accepted: {means: A referral is accepted., details: [emergency, score, why, on, wanted]}
  assessment completed: An assessment is completed.
  child visited: A worker visits the child.
  plan started: A plan starts.
  plan ended: A plan ends.
  review held: A review is held.
periods:
  plan: {means: A plan runs., starts: plan started, ends: plan ended}
standards:
  assessment:
    says: Assessments are completed within 10 days.
    source: {section: "Assessment / 1", words: "completed within ten days"}
    expect: assessment completed
    within: 10 days
    of: referral accepted
"""
SEEN = """\
  seen:
    says: The child is seen within 24 hours.
    source: {section: "2", words: "seen within twenty-four hours"}
    expect: child visited
    within: 24 hours
    of: referral accepted
"""
VISITS = """\
  visits:
    says: Visits are every 10 days.
    source: {section: "3", words: "visited every ten days"}
    expect: child visited
    every: 10 days
    while: plan
"""
SECOND = """\
  by-second:
    says: A visit by the second review.
    source: {section: "4", words: "by the second review"}
    expect: child visited
    by the: second
    of: review held
    while: plan
"""
SHARE = """\
  most:
    says: In 80% of cases within 5 days.
    source: {section: "5", words: "in eighty per cent"}
    share: 80%
    expect: assessment completed
    within: 5 days
    of: referral accepted
"""
URGENT = """\
  urgent:
    says: Urgent ones are visited within 3 days.
    source: {section: "6", words: "visited within three days"}
    expect: child visited
    within: 3 days
    of: referral accepted
    if: {emergency: yes}
"""
FIRST = "Opened by “referral accepted” on 1 March 2024"
OWED = f"{FIRST}, owed by 11 March 2024"


def rules(*parts: str) -> Pack:
    found, problems = read_pack_text(TEXT + "".join(parts), "standards")
    assert found is not None, "\n".join(map(str, problems))
    return found


def log(*rows: tuple[str, str], **columns: list[Any]) -> Any:
    """A log of one child."""
    names, days = zip(*rows, strict=True) if rows else ((), ())
    return pa.table({"subject": ["c"] * len(rows), "event": list(names), "date": list(days), **columns})


def sentences(pack: Pack, table: Any, as_of: date, standard: str, holds: Any = "everything") -> list[str]:
    found = evaluate_caseload(pack, table, as_of=as_of, holds=holds, workers=1)
    return [row["sentence"] for row in table_of(found) if row["standard"] == standard]


REFERRED = ("referral accepted", "2024-03-01")


@pytest.mark.parametrize(
    ("rows", "as_of", "sentence"),
    [
        # Ten days from 1 March end on 11 March.
        ([("assessment completed", "2024-03-08")], NOW, f"{OWED}; done in time on 8 March 2024."),
        ([("assessment completed", "2024-03-12")], NOW, f"{OWED}; done on 12 March 2024, 1 day late."),
        ([("assessment completed", "2024-03-15")], NOW, f"{OWED}; done on 15 March 2024, 4 days late."),
        ([], date(2024, 3, 12), f"{OWED}; not done, 1 day overdue."),
        ([], date(2024, 3, 31), f"{OWED}; not done, 20 days overdue."),
        ([], date(2024, 3, 11), f"{OWED}; today is the last day."),
        ([], date(2024, 3, 10), f"{OWED}; 1 day left."),
        ([], date(2024, 3, 1), f"{OWED}; 10 days left."),
    ],
)  # fmt: skip
def test_sentences_of_a_deadline(rows: list[tuple[str, str]], as_of: date, sentence: str) -> None:
    """Met, late, overdue, due today and due later each have their sentence."""
    assert sentences(rules(), log(REFERRED, *rows), as_of, "assessment") == [sentence]


@pytest.mark.parametrize(
    ("ended", "sentence"),
    [
        ("2024-03-09", "Opened by “plan started” on 1 March 2024, owed by 11 March 2024; fell away on 9 March 2024."),
        (
            "2024-03-20",
            "Opened by “plan started” on 1 March 2024, owed by 11 March 2024; "
            "not done when it ended on 20 March 2024, 9 days late.",
        ),
    ],
)
def test_sentences_of_a_period_that_ended(ended: str, sentence: str) -> None:
    """A duty falls away with its period, or was missed by then."""
    table = log(("plan started", "2024-03-01"), ("plan ended", ended))
    assert sentences(rules(VISITS), table, NOW, "visits") == [sentence]


@pytest.mark.parametrize(
    ("rows", "as_of", "ending"),
    [
        ([("child visited", "2024-03-02 09:59")], NOW, "; done in time on 2 March 2024."),
        ([("child visited", "2024-03-02 10:01")], NOW, "; done on 2 March 2024, late within the day."),
        ([], datetime(2024, 3, 2, 10, 1), "; not done, overdue within the day."),
        ([], datetime(2024, 3, 2, 9), "; today is the last day."),
    ],
)
def test_sentences_of_hours(rows: list[tuple[str, str]], as_of: datetime, ending: str) -> None:
    """A limit in hours names its time of day, and lateness within the day."""
    table = log(("referral accepted", "2024-03-01 10:00"), *rows)
    assert sentences(rules(SEEN), table, as_of, "seen") == [f"{FIRST}, owed by 10:00 on 2 March 2024{ending}"]


def test_the_sentence_of_a_duty_without_a_last_day() -> None:
    """A visit by a second review that has not been held is owed, with no last day yet."""
    table = log(("plan started", "2024-03-01"), ("review held", "2024-03-10"))
    assert sentences(rules(SECOND), table, NOW, "by-second") == [
        "Opened by “plan started” on 1 March 2024, with no last day yet; not done."
    ]


def test_the_sentence_of_a_cohort() -> None:
    """A standard about a share says that its row only counts."""
    found = evaluate_caseload(rules(SHARE), log(REFERRED), as_of=NOW, holds="everything", workers=1)
    rows = [row for row in table_of(found) if row["standard"] == "most"]
    # Owed by 6 March; from there to 1 June are 25 + 30 + 31 + 1 = 87 days.
    assert [row["sentence"] for row in rows] == [
        f"Counts towards a share. {FIRST}, owed by 6 March 2024; not done, 87 days overdue."
    ]
    assert rows[0]["kind"] == "cohort"
    assert found.statuses == {"breached": 1, "cohort": 1}


def test_the_sentence_of_what_is_not_assessed() -> None:
    """A missing fact is named, with the opening that it belongs to."""
    assert sentences(rules(URGENT), log(REFERRED), NOW, "urgent") == [
        f"{FIRST}; not assessed: the detail “emergency” of “referral accepted” is not in the record."
    ]


def test_a_missing_birth_is_one_row_without_a_day() -> None:
    """A standard about an age, of a child without a birth: no day, no opening event, and the fact that is missing."""
    aged = (
        '  aged:\n    says: By 16.\n    source: {section: "7", words: "by sixteen years of"}\n'
        "    expect: child visited\n    by age: 16 years\n"
    )
    (row,) = table_of(evaluate_caseload(rules(aged), log(("child visited", "2024-03-01")), as_of=NOW, workers=1))
    assert (row["opened"], row["due"], row["key"], row["source_rows"]) == (None, None, "aged/", None)
    assert (row["status"], row["missing"]) == ("not assessed", "the date of birth is not in the record")


def test_a_birthday_opens_without_an_event() -> None:
    """Where a birthday opens a duty the key has its day, and no record stands behind it."""
    turning = (
        '  turned:\n    says: Within 10 days of 16.\n    source: {section: "7", words: "of turning sixteen years"}\n'
        "    expect: child visited\n    within: 10 days\n    of turning: 16 years\n"
    )
    table = log(("plan started", "2024-01-01"), born=["2008-05-01"])
    (row,) = table_of(evaluate_caseload(rules(turning), table, as_of=NOW, holds="everything", workers=1))
    assert (row["key"], row["source_rows"]) == ("turned/2024-05-01", None)
    assert row["sentence"] == "Opened on 1 May 2024, owed by 11 May 2024; not done, 21 days overdue."


def test_judged_without_is_said_in_a_breach() -> None:
    """Where the data cannot hold what might have moved the due date, a breach says so; what was met need not."""
    varied = SEEN.replace("24 hours", "5 days") + "    varied by: {event: review held}\n"
    pack = rules(varied.replace("    of:", "    of:"))
    holds = ["referral accepted", "assessment completed", "child visited"]
    found = evaluate_caseload(
        pack, log(REFERRED, ("referral accepted", "2024-05-31")), as_of=NOW, holds=holds, workers=1
    )
    lines = [row["sentence"] for row in table_of(found) if row["standard"] == "seen"]
    assert lines == [
        f"{FIRST}, owed by 6 March 2024; not done, 87 days overdue. "
        "(Judged without “review held”, which these records cannot hold.)",
        "Opened by “referral accepted” on 31 May 2024, owed by 5 June 2024; 4 days left.",
    ]


# --- 2. order and carrier --------------------------------------------------------------------------------------------


@cache
def shuffled() -> tuple[Any, Any, Any]:
    """The rows of the invented log in another order, their columns too."""
    rows = list(AUTHORITY.events())
    columns = list(dict.fromkeys(name for row in rows for name in row))
    draw = random.Random(7)
    draw.shuffle(rows)
    draw.shuffle(columns)
    table = pa.table({name: [row.get(name) for row in rows] for name in columns})
    people, held = list(AUTHORITY.subjects()), list(AUTHORITY.allocations())
    draw.shuffle(people)
    draw.shuffle(held)
    return table, people, held


def carriers(folder: Path, table: Any) -> Iterator[tuple[str, Any]]:
    import pyarrow.csv as arrow_csv
    import pyarrow.parquet as pq

    pq.write_table(table, folder / "shuffled.parquet")
    arrow_csv.write_csv(table, folder / "shuffled.csv")
    yield "Parquet", folder / "shuffled.parquet"
    yield "CSV", str(folder / "shuffled.csv")
    yield "Arrow", table
    yield "Arrow batch", table.combine_chunks().to_batches()[0]
    yield "pandas", table.to_pandas()
    yield "pandas with categories", table.to_pandas().astype({"event": "category", "subject": "category"})
    yield "Polars", pl.from_arrow(table)
    yield "Polars, lazily", pl.from_arrow(table).lazy()


def test_neither_order_nor_carrier_matters(folder: Path) -> None:
    """CSV, Parquet, Arrow, pandas, Polars, in any order of rows, columns, people: equal rows, each with its record."""
    table, people, held = shuffled()
    wanted = table_of(from_folder(folder))
    places = {(row["subject"], row["id"]): number for number, row in enumerate(table.to_pylist(), start=1)}
    for name, source in carriers(folder, table):
        options = {"subjects": people, "allocations": held, "holds": "everything", "workers": 1, "as_of": AS_OF}
        rows = table_of(evaluate_caseload("bromley", source, **options))
        assert without_places(rows) == without_places(wanted), name
        shift = 1 if name == "CSV" else 0
        checked = 0
        for row in rows:
            opening = places.get((row["subject"], row["key"].partition("/")[2]))
            if opening is not None and row["source_rows"] is not None:
                assert row["source_rows"].split("; ")[0].rpartition(":")[2] == str(opening + shift), name
                checked += 1
        assert checked > 2000


def test_the_frame_is_of_the_kind_that_was_given(folder: Path) -> None:
    """pandas gives pandas, Polars Polars, anything else Arrow; the figures are the same in each."""
    table, _, _ = shuffled()
    part = table.slice(0, 400)
    counts = set()
    for source, kind in (
        (part.to_pandas(), pd.DataFrame),
        (pl.from_arrow(part), pl.DataFrame),
        (part, pa.Table),
        (histories()[:2], pa.Table),
    ):
        found = evaluate_caseload("bromley", source, as_of=AS_OF, workers=1)
        assert type(found.frame()) is kind
        assert len(found.to_pandas()) == len(found.to_polars()) == found.rows().num_rows
        counts.add(found.rows().num_rows)
    assert len(counts) == 2  # three of the log, one of the histories


def test_two_processes_give_what_one_gives(folder: Path) -> None:
    """The number of processes changes nothing: rows, faults, statuses, refused."""
    one, two = (from_folder(folder, workers=count, holds="what occurs") for count in (1, 2))
    assert one.rows().equals(two.rows())
    assert (one.faults, one.statuses, one.refused, one.subjects) == (
        two.faults,
        two.statuses,
        two.refused,
        two.subjects,
    )
    assert table_of(evaluate_caseload("bromley", histories()[:3], as_of=AS_OF, workers=2)) == table_of(
        evaluate_caseload("bromley", histories()[:3], as_of=AS_OF, workers=1)
    )


@pytest.mark.parametrize("ending", ["parquet", "csv", "PARQUET", "CSV"])
def test_rows_written_as_they_come_are_the_rows(ending: str, folder: Path, tmp_path: Path) -> None:
    """Kept or written, the rows are the same, and can be read again from the file."""
    kept = from_folder(folder)
    written = from_folder(folder, to=tmp_path / f"rows.{ending}")
    assert table_of(written) == table_of(kept)
    assert written.statuses == kept.statuses
    assert sorted(path.name for path in tmp_path.iterdir()) == [f"rows.{ending}"]
    assert [column.name for column in written.rows().schema] == row_schema().names


def test_a_caseload_without_rows_is_written_and_read(tmp_path: Path) -> None:
    """A log in which nothing opens a duty, and no subjects at all, give tables with their columns and no row."""
    for ending in ("parquet", "csv"):
        for source in (log(("review held", "2024-03-01")), []):
            path = tmp_path / f"rows.{ending}"
            found = evaluate_caseload(rules(), source, as_of=NOW, to=path, workers=1)
            assert found.rows().num_rows == 0
            assert found.rows().column_names == row_schema().names
            assert table_of(evaluate_caseload(rules(), source, as_of=NOW, workers=1)) == []


def test_a_worker_with_a_line_break_survives_the_csv(tmp_path: Path) -> None:
    """A cell with a line break, a quote and a comma comes back from CSV as it was."""
    held = [{"subject": "c", "from": "2024-01-01", "to": "", "worker": 'A "B",\nC', "team": "T"}]
    options = {"as_of": NOW, "allocations": held, "workers": 1}
    kept = evaluate_caseload(rules(), log(REFERRED), **options)
    written = evaluate_caseload(rules(), log(REFERRED), to=tmp_path / "rows.csv", **options)
    assert table_of(written) == table_of(kept)
    assert table_of(kept)[0]["worker"] == 'A "B",\nC'


def test_a_log_too_large_for_memory_is_split_by_subject(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Split on disk: the same rows as a set and the same faults, in a settled order, each subject's rows together."""
    import pyarrow.parquet as pq

    whole = from_folder(folder, holds="what occurs")
    table, people, held = shuffled()
    pq.write_table(table, folder / "large.parquet", row_group_size=500)
    options = {"subjects": people, "allocations": held, "workers": 1, "as_of": AS_OF}
    whole_parquet = evaluate_caseload("bromley", folder / "large.parquet", **options)
    monkeypatch.setattr(event_log, "_WHOLE_FILE", 100_000)
    parts = from_folder(folder, holds="what occurs")
    again = from_folder(folder, holds="what occurs")
    parquet = evaluate_caseload("bromley", folder / "large.parquet", **options)
    for found, other in ((parts, whole), (parquet, whole_parquet)):
        assert Counter(map(str, table_of(found))) == Counter(map(str, table_of(other)))
        assert (found.faults, found.statuses, found.subjects) == (other.faults, other.statuses, other.subjects)
    assert table_of(parts) == table_of(again)
    subjects = [row["subject"] for row in table_of(parts)]
    assert len([1 for one, two in pairwise(subjects) if one != two]) + 1 == len(set(subjects))


# --- 3. silence and wrong verdicts -----------------------------------------------------------------------------------


def test_what_never_occurs_is_not_assessed() -> None:
    """With "what occurs" a standard whose act is in no record is not a breach; with "everything" it is one."""
    found = evaluate_caseload(rules(), log(REFERRED), as_of=NOW, workers=1)
    (row,) = table_of(found)
    assert (row["status"], row["overdue"], row["days_late"]) == ("not assessed", False, None)
    assert row["missing"] == "these records cannot hold “assessment completed”, so what is not met cannot be told"
    assert [each.standard for each in found.unfed] == ["assessment"]
    assert found.notes == ("1 of 1 tested standards cannot be fed by these records.",)
    sure = evaluate_caseload(rules(), log(REFERRED), as_of=NOW, holds="everything", workers=1)
    assert sure.statuses == {"breached": 1}
    assert sure.unfed == ()
    named = ["Referral accepted", "assessment_completed"]
    assert evaluate_caseload(rules(), log(REFERRED), as_of=NOW, holds=named, workers=1).statuses == {"breached": 1}


def test_one_act_of_anybody_is_enough() -> None:
    """The act of one child shows that the log can hold it, for every child."""
    table = pa.table(
        {
            "subject": ["a", "b"],
            "event": ["referral accepted", "assessment completed"],
            "date": ["2024-03-01", "2024-03-05"],
        }
    )
    assert evaluate_caseload(rules(), table, as_of=NOW, workers=1).statuses == {"breached": 1}


def test_what_nothing_can_open_is_told() -> None:
    """A standard that the log can never open would be silent, so it stands in `unfed`."""
    found = evaluate_caseload(rules(VISITS), log(REFERRED), as_of=NOW, workers=1)
    reasons = {each.standard: each.reason for each in found.unfed}
    assert reasons["visits"] == "nothing can open it: these records cannot hold “plan started”"


def test_what_was_due_before_the_data_begin_is_not_assessed() -> None:
    """A reading that is whole since a day says nothing of duties that were due before it."""
    gathering = Gathering("records", ["referral accepted", "assessment completed"])
    for number, on in enumerate((date(2024, 3, 1), date(2024, 3, 5))):
        gathering.add("c", "referral accepted", on, Origin("t", "d", number + 2), id=f"r{number}")
    # The first is due on 11 March and the second on 15 March.
    found = evaluate_caseload(rules(), gathering.done(since=date(2024, 3, 12)), as_of=NOW)
    first, second = table_of(found)
    assert first["missing"] == "it was due before 12 March 2024, where the data begin"
    assert (first["status"], second["status"]) == ("not assessed", "breached")
    assert first["source_rows"] == "t.d:2"


def test_unknown_names_are_told_once_and_never_by_name() -> None:
    """An event that the pack has no word for is told with its first row and how often it comes, not with its name."""
    table = log(
        REFERRED, ("Jo Bloggs came", "2024-03-02"), ("jo-bloggs came", "2024-03-03"), ("birth day", "2024-03-04")
    )
    found = evaluate_caseload(rules(), table, as_of=NOW, workers=1)
    assert [str(fault) for fault in found.faults] == [
        "events, row 2, event: the pack knows no such event (and 1 more of that name); it was not used.",
        "events, row 4, event: the pack knows no such event; it was not used.",
    ]
    misspelt = evaluate_caseload(rules(), log(("referal accepted", "2024-03-01")), as_of=NOW, workers=1)
    assert [fault.way_out for fault in misspelt.faults] == ['Did you mean "referral accepted"?']


def test_unknown_names_of_records_and_histories_are_told() -> None:
    """The same for what a reader read (with its table and column) and for bare histories; a birth is no event."""
    gathering = Gathering("records", ["referral accepted"])
    gathering.add("c", "birth", date(2020, 1, 1), Origin("people", "dob", 5), id="b")
    gathering.add("c", "strange thing", date(2024, 1, 1), Origin("things", "day", 9), id="s")
    found = evaluate_caseload(rules(), gathering.done(), as_of=NOW)
    assert [str(fault) for fault in found.faults] == [
        "people, row 5, dob: the pack knows no such event; it was not used. Give the date of birth as such (born).",
        "things, row 9, day: the pack knows no such event; it was not used.",
    ]
    bare = evaluate_caseload(rules(), History("c", [Event("strange thing", NOW)]), as_of=NOW)
    assert [str(fault) for fault in bare.faults] == ["histories, name: the pack knows no such event; it was not used."]


def test_likely_words_are_looked_for_fifty_times_and_no_more() -> None:
    """A log in other words than the pack's has thousands of unknown names; only the commonest get a suggestion."""
    rows = [(f"referral accepte{chr(97 + n // 26)}{chr(97 + n % 26)}", "2024-03-01") for n in range(60)]
    found = evaluate_caseload(rules(), log(*rows), as_of=NOW, workers=1)
    assert len(found.faults) == 60
    assert sum(bool(fault.way_out) for fault in found.faults) == 50


def test_values_that_cannot_be_are_left_out_and_said() -> None:
    """A detail with an impossible value is as good as none, on an event or as a fact; the rest stays."""
    table = log(
        *[REFERRED] * 2,
        id=["r1", "r2"],
        emergency=["perhaps", "yes"],
        score=["4", "four"],
        other=["kept", None],
        **{"fact: why": ["because", None], "fact: wanted": ["yes", None]},
    )
    found = evaluate_caseload(rules(URGENT), table, as_of=NOW, holds="everything", workers=1)
    assert [str(fault) for fault in found.faults] == [
        "events, row 1, detail “emergency”: this is not yes or no.",
        "events, row 2, detail “score”: this is not a number.",
        "history, detail “why”: this is not one of: short, long.",
    ]
    urgent = {row["key"]: row["status"] for row in table_of(found) if row["standard"] == "urgent"}
    assert urgent == {"urgent/r1": "not assessed", "urgent/r2": "breached"}


def test_an_impossible_value_does_not_hide_a_period_that_is_wrong() -> None:
    """Stray ends are said even where a value of the same subject is wrong."""
    table = log(REFERRED, ("plan ended", "2024-03-02"), emergency=["perhaps", None])
    found = evaluate_caseload(rules(VISITS), table, as_of=NOW, holds="everything", workers=1)
    assert [(fault.row, fault.column) for fault in found.faults] == [(1, "detail “emergency”"), (2, "date")]


def test_stray_ends_and_doubly_open_periods_are_said_and_judged_as_they_stand() -> None:
    """Neither refuses the subject: each is a fault, and the rest is judged."""
    stray = evaluate_caseload(rules(VISITS), log(REFERRED, ("plan ended", "2024-03-02")), as_of=NOW, workers=1)
    assert [str(fault) for fault in stray.faults] == [
        "events, row 2, date: it ends “plan”, but nothing had started by then. Add the start, or correct the date."
    ]
    table = log(("plan started", "2024-05-28"), ("plan started", "2024-05-30"), id=["p1", "p2"])
    twice = evaluate_caseload(rules(VISITS), table, as_of=NOW, holds="everything", workers=1)
    assert [str(fault) for fault in twice.faults] == [
        'events, row 2, date: “plan” is already open since event "p1", and neither ever ends. '
        "Add the end of the first, or cancel one."
    ]
    # Ten days from 28 May and from 30 May; which of the two goes on cannot be told.
    assert {row["due"] for row in table_of(twice)} == {date(2024, 6, 7), date(2024, 6, 9)}


def test_subjects_that_contradict_themselves_are_refused_by_name() -> None:
    """Where two records of one id disagree nobody knows which is right: no verdict, and the subject is named."""
    table = pa.table(
        {
            "subject": ["a", "a", "b"],
            "event": ["referral accepted"] * 3,
            "date": ["2024-03-01", "2024-03-02", "2024-03-01"],
            "id": ["r", "r", "r"],
        }
    )
    found = evaluate_caseload(rules(), table, as_of=NOW, holds="everything", workers=1)
    assert found.refused == ("a",)
    assert {row["subject"] for row in table_of(found)} == {"b"}
    assert [str(fault) for fault in found.faults] == [
        "events, row 1, id: two different records have this id, and neither says when it was recorded. "
        "Give each event its own id, or each correction the time it was recorded."
    ]
    assert found.notes[-1].startswith("Subjects who could not be judged at all")


def test_subjects_of_a_reader_that_contradict_themselves_are_refused() -> None:
    """The same for what a reader read, with the record's place."""
    gathering = Gathering("records", ["referral accepted"])
    gathering.add("c", "referral accepted", datetime(2024, 3, 1, 10), Origin("t", "d", 3), id="one")
    gathering.add(
        "c", "referral accepted", datetime.fromisoformat("2024-03-01T11:00:00+00:00"), Origin("t", "d", 4), id="two"
    )
    found = evaluate_caseload(rules(), gathering.done(), as_of=NOW)
    assert found.refused == ("c",)
    assert [str(fault)[:47] for fault in found.faults] == ["t, row 3, d: its time has no zone, but that of "]


WORDS = st.text(alphabet="XYZqvz0123456789/:-_ \"'", min_size=9, max_size=14).filter(lambda text: len(set(text)) > 5)


@settings(max_examples=60, deadline=None)
@given(st.lists(WORDS, min_size=7, max_size=7, unique=True))
def test_no_fault_holds_a_value(words: list[str]) -> None:
    """Whatever nonsense stands in the cells, it is in no fault, note or reason."""
    subject, event, on, recorded, cancelled, born, detail = words
    table = pa.table(
        {
            "subject": ["c", "c", subject],
            "event": [event, "referral accepted", "referral accepted"],
            "date": ["2024-03-01", on, "2024-03-02"],
            "recorded": [recorded] * 3,
            "cancelled": [cancelled] * 3,
            "born": [born] * 3,
            "emergency": [None, None, detail],
            "score": [detail] * 3,
        }
    )
    people = [{"subject": "c", "born": born}, {"subject": "c", "born": "2020-01-01", "kind": event}]
    found = evaluate_caseload(
        rules(), table, subjects=people, allocations=[{"subject": "c", "from": on, "to": born}], as_of=NOW, workers=1
    )
    said = "\n".join([*map(str, found.faults), *found.notes, *(each.reason for each in found.unfed)])
    assert found.faults
    for word in words:
        assert word.strip() not in said


def test_a_kind_of_subject_of_which_no_standard_speaks_is_said() -> None:
    """A misspelt kind would otherwise look like a child of whom nothing was ever owed."""
    table = [{"subject": id, "event": "referral accepted", "date": "2024-03-01", "kind": kind} for id, kind in KINDS]
    found = evaluate_caseload(rules(), pa.Table.from_pylist(table), as_of=NOW, holds="everything", workers=1)
    assert {row["subject"] for row in table_of(found)} == {"a", "b"}
    assert found.notes[-1].startswith("Subjects of a kind of which no tested standard")
    assert found.notes[-1].endswith("of them: 2.")
    assert "zebra" not in found.notes[-1]


#: Two children, and two subjects of whom the pack does not speak.
KINDS = (("a", "child"), ("b", "Child"), ("c", "zebra"), ("d", "young person"))


# --- 5. allocations --------------------------------------------------------------------------------------------------


def held(*spans: tuple[str, str, str]) -> list[dict[str, str]]:
    return [
        {"subject": "c", "from": first, "to": last, "worker": name, "team": f"team {name}"}
        for first, last, name in spans
    ]


@pytest.mark.parametrize(
    ("spans", "worker"),
    [
        # The referral of 1 March is due on 11 March; today is 1 June.
        ([("2024-01-01", "2024-03-31", "A"), ("2024-04-01", "", "B")], "B"),
        ([("2024-01-01", "", "A"), ("2024-04-01", "", "B")], "B"),  # of two who hold it, who took it on last
        ([("2024-04-01", "", "B"), ("2024-01-01", "", "A")], "B"),
        ([("2024-01-01", "2024-05-31", "A")], "A"),  # nobody holds it today: whoever held it last
        ([("2024-01-01", "2024-05-20", "A"), ("2024-02-01", "2024-03-01", "B")], "A"),
        ([("2024-06-02", "", "A")], None),  # not yet
        ([("2024-01-01", "2024-06-01", "A")], "A"),  # the last day is included
        ([("2024-06-01", "", "A")], "A"),
        ([], None),
    ],
)
def test_what_is_open_belongs_to_who_holds_the_case_today(
    spans: list[tuple[str, str, str]], worker: str | None
) -> None:
    """An overdue act is for whoever can do it now."""
    options = {"as_of": NOW, "holds": "everything", "allocations": held(*spans) or None, "workers": 1}
    (row,) = table_of(evaluate_caseload(rules(), log(REFERRED), **options))
    assert row["overdue"]
    assert (row["worker"], row["team"]) == (worker, None if worker is None else f"team {worker}")


@pytest.mark.parametrize(
    ("done", "worker"),
    [
        ("2024-03-08", "A"),  # in time: whose it was on the last day
        ("2024-04-15", "A"),  # late: likewise, not whoever made it good
    ],
)
def test_what_is_decided_belongs_to_who_held_the_case_on_the_last_day(done: str, worker: str) -> None:
    """A was the worker until 31 March, B is since; the assessment was due on 11 March."""
    spans = held(("2024-01-01", "2024-03-31", "A"), ("2024-04-01", "", "B"))
    table = log(REFERRED, ("assessment completed", done))
    (row,) = table_of(evaluate_caseload(rules(), table, as_of=NOW, allocations=spans, workers=1))
    assert row["worker"] == worker


def test_what_was_met_before_its_last_day_has_come_belongs_to_today() -> None:
    """Where the due date lies ahead, whoever holds the case today answers."""
    spans = held(("2024-01-01", "2024-05-30", "A"), ("2024-05-31", "", "B"))
    table = log(("referral accepted", "2024-05-28"), ("assessment completed", "2024-05-29"))
    (row,) = table_of(evaluate_caseload(rules(), table, as_of=NOW, allocations=spans, workers=1))
    assert (row["due"], row["status"], row["worker"]) == (date(2024, 6, 7), "met", "B")


def test_a_reader_may_say_who_held_a_case() -> None:
    """Allocations of a reading are used as those of a table are, and strata are handed on."""
    gathering = Gathering("records", ["referral accepted", "assessment completed"])
    gathering.add("c", "referral accepted", date(2024, 3, 1), Origin("t", "d", 1), id="r")
    gathering.subject("c").allocations.append(Allocation(date(2024, 1, 1).toordinal(), None, "A", None))
    gathering.subject("c").strata["sex"] = "female"
    gathering.subject("d")
    found = evaluate_caseload(rules(), gathering.done(), as_of=NOW)
    assert [(row["worker"], row["team"]) for row in table_of(found)] == [("A", None)]
    assert found.strata == {"c": {"sex": "female"}}
    assert found.subjects == 2


# --- 6. failure ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("options", "error", "words"),
    [
        ({"to": "rows.xlsx"}, ValueError, "rows are written to a file that ends in .parquet or .csv"),
        ({"to": "rows"}, ValueError, "rows are written to a file that ends in .parquet or .csv"),
        ({"to": "nowhere/rows.csv"}, TableError, "rows.csv: there is no folder to write it to. Make it first."),
        ({"to": "folder.csv"}, TableError, "folder.csv: this is a folder. Give the name of a file."),
        ({"workers": 0}, ValueError, "workers is a number of processes, 1 or more"),
        ({"workers": "two"}, ValueError, "workers is a number of processes, 1 or more"),
        ({"as_of": "2024-03-01"}, TypeError, "as_of must be a date or a datetime"),
        ({"known_at": "2024-03-01"}, TypeError, "known_at must be a date or a datetime"),
        ({"holds": "nothing"}, ValueError, 'holds is "what occurs", "everything", or the names of events'),
        ({"histories": "no.csv"}, TableError, "no.csv: there is no such file. Check the name and the folder."),
        ({"histories": 7}, TableError, "events: this is no table. Give a CSV or Parquet file, or a data frame."),
        ({"histories": [7]}, TypeError, "evaluate_caseload takes histories, what a reader read, or an event log"),
        ({"histories": {"a": 1}}, TypeError, "evaluate_caseload takes histories, what a reader read, or an event log"),
        (
            {"histories": pa.table({"subject": ["c"], "event": ["e"]})},
            TableError,
            'events: there is no column "date". An event log has subject, event and date.',
        ),
        ({"pack": "no-such-pack.yaml"}, PackError, ""),
    ],
)  # fmt: skip
def test_wrong_calls_are_answered_in_plain_words(
    options: dict[str, Any], error: type[Exception], words: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every wrong argument has its own sentence, and nothing is left behind."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "folder.csv").mkdir()
    given: dict[str, Any] = {"pack": rules(), "histories": log(REFERRED), "as_of": NOW, "workers": 1, **options}
    with pytest.raises(error) as caught:
        evaluate_caseload(given.pop("pack"), given.pop("histories"), **given)
    assert words in str(caught.value)
    assert [path.name for path in tmp_path.iterdir()] == ["folder.csv"]


@pytest.mark.parametrize("ending", ["csv", "parquet"])
def test_an_interrupted_run_leaves_no_file(ending: str, tmp_path: Path) -> None:
    """Whatever stops the work, there is neither half a file under the name nor a part of one beside it."""

    def some() -> Iterator[History]:
        yield from histories()[:150]
        raise KeyboardInterrupt

    path = tmp_path / f"rows.{ending}"
    with pytest.raises(KeyboardInterrupt):
        evaluate_caseload("bromley", some(), as_of=AS_OF, to=path, workers=1)
    assert list(tmp_path.iterdir()) == []
    path.write_text("what was there before")

    def progress(done: int, total: int | None) -> None:
        raise RuntimeError("stopped")

    with pytest.raises(RuntimeError, match="stopped"):
        evaluate_caseload("bromley", histories()[:3], as_of=AS_OF, to=path, workers=1, progress=progress)
    assert [each.name for each in tmp_path.iterdir()] == [path.name]
    assert path.read_text() == "what was there before"


def test_a_broken_pool_leaves_no_file_and_no_process(tmp_path: Path) -> None:
    """With several processes an interruption ends them all."""

    def progress(done: int, total: int | None) -> None:
        raise RuntimeError("stopped")

    path = tmp_path / "rows.csv"
    with pytest.raises(RuntimeError, match="stopped"):
        evaluate_caseload("bromley", histories()[:3], as_of=AS_OF, to=path, workers=2, progress=progress)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("ending", ["csv", "parquet"])
@pytest.mark.parametrize("when", ["open", "write", "close", "close after a fault"])
def test_a_disk_that_cannot_be_written_is_said(
    when: str, ending: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No room, no right: one sentence, whenever it shows; an earlier fault is not hidden behind it."""
    import pyarrow.csv as arrow_csv
    import pyarrow.parquet as pq

    class Full:
        def __init__(self, *args: Any, **options: Any) -> None:
            if when == "open":
                raise OSError("no right")
            Path(args[0]).write_text("part")

        def write_batch(self, batch: Any) -> None:
            if when == "write":
                raise OSError("no room")

        def close(self) -> None:
            if when.startswith("close"):
                raise OSError("no room")

    monkeypatch.setattr(arrow_csv, "CSVWriter", Full)
    monkeypatch.setattr(pq, "ParquetWriter", Full)

    def some() -> Iterator[History]:
        yield histories()[0]
        if when == "close after a fault":
            raise RuntimeError("earlier")

    error: type[Exception] = RuntimeError if when == "close after a fault" else TableError
    words = "earlier" if when == "close after a fault" else f"rows.{ending}: it cannot be written."
    with pytest.raises(error, match=words):
        evaluate_caseload("bromley", some(), as_of=AS_OF, to=tmp_path / f"rows.{ending}", workers=1)
    assert list(tmp_path.iterdir()) == []


@pytest.fixture
def missing(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Makes libraries look as if they were not installed."""
    real = builtins.__import__

    def hide(*names: str) -> None:
        def imported(name: str, *args: Any, **options: Any) -> Any:
            if name.partition(".")[0] in names:
                raise ImportError(name)
            return real(name, *args, **options)

        monkeypatch.setattr(builtins, "__import__", imported)

    return hide


@pytest.mark.parametrize(
    ("library", "words"),
    [
        ("pyarrow", 'This needs the extra "caseload": pip install "practice-rules[caseload]".'),
        ("narwhals", 'Data frames need the extra "caseload": pip install "practice-rules[caseload]".'),
        ("loky", 'Several processes need the extra "caseload": pip install "practice-rules[caseload]".'),
    ],
)
def test_a_missing_library_is_named_with_its_extra(library: str, words: str, missing: Callable[..., None]) -> None:
    """Without the extra, one sentence says what to install."""
    frame = log(REFERRED).to_pandas()
    pack = rules()
    missing(library)
    with pytest.raises(TableError) as caught:
        evaluate_caseload(pack, frame, as_of=NOW, workers=2)
    assert words in str(caught.value)


def test_histories_need_no_frames(missing: Callable[..., None]) -> None:
    """Without narwhals histories and Arrow tables are still judged."""
    pack = rules()
    found = histories()[:1]
    missing("narwhals")
    assert evaluate_caseload(pack, tuple(found), as_of=NOW).subjects == 1
    assert evaluate_caseload(pack, {found[0]: 1}, as_of=NOW).subjects == 1
    assert evaluate_caseload(pack, log(REFERRED), as_of=NOW, workers=1).subjects == 1


# --- 7. around the work ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("on", [True, False])
def test_the_collector_is_left_as_it_was(on: bool) -> None:
    """The collector rests during the work, and is afterwards what it was before, after a fault as well."""
    was = gc.isenabled()
    seen = []

    def some() -> Iterator[History]:
        seen.append(gc.isenabled())
        yield histories()[0]

    try:
        gc.enable() if on else gc.disable()
        evaluate_caseload("bromley", some(), as_of=AS_OF)
        assert gc.isenabled() is on
        with pytest.raises(TypeError):
            evaluate_caseload("bromley", [7], as_of=AS_OF)
        assert gc.isenabled() is on
    finally:
        gc.enable() if was else gc.disable()
    assert seen == [on]


@pytest.mark.parametrize("workers", [1, 2])
def test_progress_rises_to_the_total(workers: int) -> None:
    """The function hears rising numbers, at last the total; where the total is not known it hears None."""
    heard: list[tuple[int, int | None]] = []
    many = [History(f"c{number:03}") for number in range(250)]
    evaluate_caseload(rules(), many, as_of=NOW, workers=workers, progress=lambda *told: heard.append(told))
    assert heard == [(100, 250), (200, 250), (250, 250)]
    heard.clear()
    evaluate_caseload(rules(), iter(many), as_of=NOW, workers=workers, progress=lambda *told: heard.append(told))
    assert heard == [(100, None), (200, None), (250, None)]


def test_a_progress_bar_is_drawn_on_the_side(capsys: pytest.CaptureFixture[str]) -> None:
    """`progress=True` draws on the error stream and leaves the output alone."""
    evaluate_caseload("bromley", histories()[:3], as_of=AS_OF, progress=True)
    told = capsys.readouterr()
    assert told.out == ""
    assert "Judging" in told.err
    assert "3/3" in told.err


def test_only_a_few_pieces_are_held_at_once() -> None:
    """A pool takes pieces as results go: never more than two for each process and one."""
    taken = asked = most = 0

    class Pool:
        def submit(self, work: Any, *args: Any) -> Any:
            return SimpleNamespace(result=lambda: None)

    def pieces() -> Iterator[int]:
        nonlocal taken, most
        for number in range(50):
            taken += 1
            most = max(most, taken - asked)
            yield number

    workers = caseloads._Workers(3)
    workers._pool = Pool()
    for _ in workers.judge(caseloads.Job(rules(), NOW, None, {}), pieces()):  # type: ignore[arg-type]
        asked += 1
    assert (taken, asked) == (50, 50)
    assert most <= 2 * 3 + 1


def test_rows_do_not_pile_up_when_they_are_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With `to` each piece's rows are gone before the next but one comes."""
    import weakref

    alive: list[Any] = []
    most = 0
    real = caseloads._count

    class Kept:
        """A batch that can be watched."""

    def watched(statuses: Any, batch: Any) -> None:
        nonlocal most
        real(statuses, batch)
        gc.collect()
        most = max(most, sum(each() is not None for each in alive))
        alive.append(weakref.ref(batch))

    monkeypatch.setattr(caseloads, "_count", watched)
    many = (History(f"c{number:04}", histories()[0].events) for number in range(1000))
    evaluate_caseload("bromley", many, as_of=AS_OF, to=tmp_path / "rows.parquet", workers=1)
    assert len(alive) == 10
    assert most <= 1


def test_small_caseloads_are_judged_here() -> None:
    """Unless told, a caseload of few subjects or few rows starts no process; a large one takes every core."""
    import os

    cores = os.cpu_count() or 1
    assert caseloads._worker_count(None, histories()[:10]) == 1
    assert caseloads._worker_count(None, [histories()[0]] * 300) == cores
    assert caseloads._worker_count(None, iter(())) == 1
    assert caseloads._worker_count(None, read_event_log(log(REFERRED))) == 1
    assert caseloads._worker_count(3, ()) == 3


def test_without_lapsed_rows() -> None:
    """Rows of lapsed obligations are left out where they are not wanted, and nothing else."""
    table = log(("plan started", "2024-03-01"), ("plan ended", "2024-03-05"), REFERRED)
    options = {"as_of": NOW, "holds": "everything", "workers": 1}
    every = evaluate_caseload(rules(VISITS), table, **options)
    some = evaluate_caseload(rules(VISITS), table, lapsed=False, **options)
    assert every.statuses == {"breached": 1, "lapsed": 1}
    assert [row for row in table_of(every) if row["status"] != "lapsed"] == table_of(some)


def test_what_was_known_then() -> None:
    """`known_at` leaves out what was recorded later."""
    table = log(REFERRED, ("assessment completed", "2024-03-05"), recorded=["2024-03-01", "2024-05-01"])
    options = {"as_of": NOW, "holds": "everything", "workers": 1}
    assert evaluate_caseload(rules(), table, **options).statuses == {"met": 1}
    assert evaluate_caseload(rules(), table, known_at=date(2024, 4, 1), **options).statuses == {"breached": 1}


def test_a_caseload_in_words(folder: Path) -> None:
    """It says of itself what it is, in a shell and in a notebook; nothing of a child is in it."""
    found = evaluate_caseload(rules(), log(REFERRED), as_of=NOW, holds="everything", workers=1)
    assert repr(found) == "<Caseload of event log events by standards as of 2024-06-01: 1 breached>"
    shown = found._repr_html_()
    assert "<b>event log events</b> by Barsetshire, as of 2024-06-01: 1 subjects" in shown
    assert "<td>breached</td><td>1</td>" in shown


def test_measures_work_list_and_page_are_at_hand() -> None:
    """A caseload hands its rows on to measures, the work list and the page."""
    found = evaluate_caseload(rules(), log(REFERRED), as_of=NOW, holds="everything", workers=1)
    assert found.measures().num_rows >= 1
    assert found.work_list().num_rows == 1
    assert "<html" in found.html(cases=1)
    assert found.histories is not None
    assert [str(event.origin) for event in found.histories("c").events] == ["events.date:1"]


# --- engines ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("holds", ["what occurs", "nothing"])
def test_a_partition_cannot_tell_what_occurs(holds: str) -> None:
    """On an engine it must be said what the log holds."""
    with pytest.raises(ValueError, match="say what the log holds"):
        rows_of_log("bromley", as_of=AS_OF, holds=holds)


def test_rows_of_log_are_the_rows(folder: Path) -> None:
    """The function for engines gives the rows of `evaluate_caseload`, and nothing for an empty partition."""
    table, _, _ = shuffled()
    for holds in ("everything", ["Case opened", "case closed", "child visited"]):
        judge = rows_of_log("bromley", as_of=AS_OF, holds=holds, name="log")
        found = evaluate_caseload("bromley", read_event_log(table, holds=holds, name="log"), as_of=AS_OF, workers=1)
        assert pa.Table.from_batches(judge(table.to_batches())).to_pylist() == table_of(found)
        assert list(judge([])) == list(judge([table.slice(0, 0).combine_chunks().to_batches() or []][0])) == []


def test_a_subject_of_one_reading_is_not_touched() -> None:
    """Judging changes nothing of what was handed over."""
    reading = read_of(histories()[:2])
    before = repr(reading.subjects)
    evaluate_caseload("bromley", reading, as_of=AS_OF)
    assert repr(reading.subjects) == before
    assert isinstance(next(iter(reading.subjects.values())), Subject)


def test_every_kind_of_standard_in_one_log() -> None:
    """A pack with a standard of every kind gives the rows that `evaluate` gives, times and corrections included."""
    history = History(
        "c",
        [
            Event("referral accepted", datetime(2024, 3, 1, 10), id="r1", details={"emergency": "yes"}),
            Event("child visited", datetime(2024, 3, 1, 15), id="v1", details={"seen alone": "yes"}),
            Event("plan started", date(2024, 3, 4), id="p1"),
            Event("child visited", date(2024, 3, 20), id="v2"),
            Event("assessment completed", date(2024, 3, 20), id="a1"),
            Event("plan ended", date(2024, 4, 30), id="p2"),
            Event("referral accepted", date(2024, 5, 31), id="r2"),
            Event("conference held", date(2024, 6, 20), id="c1", recorded=date(2024, 5, 1)),
            Event("conference held", date(2024, 3, 21), id="c2", recorded=date(2024, 3, 1)),
            Event("conference held", date(2024, 3, 22), id="c2", recorded=date(2024, 3, 15), cancelled=True),
        ],
    )
    rows = [
        {
            "subject": "c", "event": event.name, "date": event.on.isoformat(), "id": event.id,
            "recorded": event.recorded and event.recorded.isoformat(), "cancelled": "yes" if event.cancelled else None,
            **event.details,
        }
        for event in history.events
    ]  # fmt: skip
    names = list(dict.fromkeys(name for row in rows for name in row))
    table = pa.table({name: [row.get(name) for row in rows] for name in names})
    found = evaluate_caseload(small_pack(), table, as_of=NOW, holds="everything", workers=1)
    assert split(table_of(found)) == expected([history], small_pack(), NOW)
    assert len(found.statuses) == 6


def test_a_worker_unpacks_its_job_once() -> None:
    """What a process of the pool does, done here: it prepares, and unpacks a job only when it is another."""
    import pickle

    caseloads._prepare()
    chunk = caseloads.SubjectChunk([Subject("c")])
    packed = pickle.dumps(caseloads.Job(rules(), NOW, None, {}))
    assert caseloads._go(packed, chunk).subjects == 1
    first = caseloads._JOB
    assert caseloads._go(packed, chunk).subjects == 1
    assert caseloads._JOB is first
    assert caseloads._go(pickle.dumps(caseloads.Job(rules(SEEN), NOW, None, {})), chunk).subjects == 1
    assert caseloads._JOB is not first


def test_records_that_speak_of_a_day_are_not_judged_later() -> None:
    """What came after the day of the records is not in them, so a later day is refused; a snapshot has one day only."""
    gathering = Gathering("records", ["referral accepted", "assessment completed"])
    gathering.add("c", "referral accepted", date(2024, 3, 1), Origin("t", "d", 2), id="r")
    until = gathering.done(as_of=date(2024, 3, 31))
    assert evaluate_caseload(rules(), until, as_of=date(2024, 3, 5)).statuses == {"due": 1}
    with pytest.raises(ValueError, match="these records speak until 2024-03-31"):
        evaluate_caseload(rules(), until, as_of=NOW)
    snapshot = gathering.done(as_of=date(2024, 3, 31), snapshot=True, latest=["assessment completed"])
    found = evaluate_caseload(rules(), snapshot, as_of=date(2024, 3, 31))
    assert found.notes[0].startswith("The data are a snapshot")
    with pytest.raises(ValueError, match="these records speak of 2024-03-31"):
        evaluate_caseload(rules(), snapshot, as_of=date(2024, 3, 5))
