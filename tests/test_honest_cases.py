"""One case of a caseload: its evaluation says what its rows say, and breaches nothing that the data cannot hold."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from practice_rules import evaluate, load_pack
from practice_rules.caseloads import evaluate_caseload
from practice_rules.readers import read_ssd
from practice_rules.records import Gathering, Origin, Record
from practice_rules.synthetic import synthetic_authority

pytest.importorskip("pyarrow", reason="caseloads need pyarrow")

AS_OF = date(2024, 3, 31)


def test_a_case_says_what_its_rows_say(tmp_path: Path) -> None:
    """For every child of an invented authority's tables: the same statuses by standard and opening day."""
    synthetic_authority(25, seed=5).write_ssd(tmp_path)
    found = evaluate_caseload("wokingham", read_ssd(tmp_path), as_of=AS_OF, workers=1)
    rows = found.rows().to_pylist()
    for subject in {row["subject"] for row in rows}:
        case = found.evaluation(subject)
        told = [
            (item.standard, str(item.status), item.opened) for item in (*case.obligations, *case.lapsed, *case.cohort)
        ]
        said = [
            (row["standard"], row["status"], row["opened"])
            for row in rows
            if row["subject"] == subject and row["status"] != "not assessed"
        ]
        assert sorted((name, status, str(day)[:10]) for name, status, day in told) == sorted(
            (name, status, str(day)) for name, status, day in said
        )


def test_by_itself_a_history_would_be_called_breached(tmp_path: Path) -> None:
    """Core groups are in no table: the bare history of a child with a plan breaches them, its case does not."""
    synthetic_authority(60, seed=5).write_ssd(tmp_path)
    reading = read_ssd(tmp_path)
    pack = load_pack("bromley")
    found = evaluate_caseload(pack, reading, as_of=AS_OF, workers=1)
    breached = 0
    for history in reading:
        bare = evaluate(history, pack, as_of=AS_OF)
        groups = {item.standard for item in bare.breached if "core-group" in item.standard}
        breached += len(groups)
        honest = found.evaluation(history.subject)
        assert groups <= {item.standard for item in honest.not_assessed}
        assert not groups & {item.standard for item in honest.breached}
    assert breached > 5


def test_of_records_that_contradict_themselves_there_is_no_case() -> None:
    """Two records of one id that differ, and neither says when it was written: no history, and a KeyError."""
    gathering = Gathering("by hand", ["referral received"])
    for row, day in enumerate((date(2024, 1, 2), date(2024, 1, 3)), start=1):
        record = Record("referral received", day, "r1", Origin("list", "date", row))
        gathering.subject("child-1").records.append(record)
    found = evaluate_caseload("bromley", gathering.done(), as_of=AS_OF, workers=1)
    assert found.refused == ("child-1",)
    with pytest.raises(KeyError):
        found.evaluation("child-1")


def test_of_nobody_there_is_no_case(tmp_path: Path) -> None:
    """An id that is not there is a KeyError, and so is any where histories came one by one and are gone."""
    synthetic_authority(2, seed=5).write_ssd(tmp_path)
    reading = read_ssd(tmp_path)
    with pytest.raises(KeyError):
        evaluate_caseload("bromley", reading, as_of=AS_OF, workers=1).evaluation("nobody")
    with pytest.raises(KeyError):
        evaluate_caseload("bromley", iter(list(reading)), as_of=AS_OF).evaluation(next(iter(reading.subjects)))
    kept = evaluate_caseload("bromley", list(reading), as_of=AS_OF)
    assert [kept.evaluation(subject).subject for subject in reading.subjects] == list(reading.subjects)
