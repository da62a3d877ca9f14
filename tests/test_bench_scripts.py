"""The Polars and pandas scripts of the benchmark judge as the library does, so that their times compare."""

from __future__ import annotations

import csv
import importlib.util
import re
import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from practice_rules import Event, History, evaluate, load_pack

BENCH = Path(__file__).resolve().parents[1] / "bench"
#: A child comes back after so many days.
LATER = timedelta(days=1500)


@pytest.fixture(scope="module")
def caseload() -> ModuleType:
    """bench/caseload.py as a module."""
    spec = importlib.util.spec_from_file_location("bench_caseload", BENCH / "caseload.py")
    before = list(sys.path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    yield module
    sys.path[:] = before


def events_of(caseload: ModuleType, number: int) -> list[tuple[str, str, date]]:
    """One child's events as (id, name, day). A child who left care comes back some years later, with new plans."""
    happened = caseload.happenings(number)
    if any(name == "ceased to be looked after" for name, _ in happened):
        happened += [(name, day + LATER) for name, day in caseload.happenings(number + 1000)]
    return [(f"e{place}", name, day) for place, (name, day) in enumerate(happened)]


def write_log(path: Path, children: dict[str, list[tuple[str, str, date]]]) -> dict[tuple[str, str], int]:
    """An event log; and the row of each event, as a spreadsheet numbers it (the header is row 1)."""
    rows = [(child, name, day.isoformat(), key) for child, events in children.items() for key, name, day in events]
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([("subject", "event", "date", "id"), *rows])
    return {(row[0], row[3]): number for number, row in enumerate(rows, 2)}


def expected(
    children: dict[str, list[tuple[str, str, date]]], rows: dict[tuple[str, str], int], as_of: date
) -> list[dict[str, Any]]:
    """What the library makes of them, one dictionary an obligation."""
    pack = load_pack(BENCH / "eight_rules.yaml")
    found = []
    for child, events in children.items():
        result = evaluate(History(child, [Event(name, day, id=key) for key, name, day in events]), pack, as_of=as_of)
        assert result.not_assessed == ()
        for item in (*result.obligations, *result.lapsed):
            records = [item.opened_by.id] + ([item.met_by.id] if item.met_by else [])
            found.append(
                {
                    "subject": child,
                    "standard": item.standard,
                    "kind": item.kind,
                    "section": item.source.section,
                    "opened": item.opened,
                    "due": item.due,
                    "met_on": item.met_on,
                    "status": str(item.status),
                    "late": item.late,
                    "overdue": item.overdue,
                    "days_late": item.days_late,
                    "days_left": item.days_left,
                    "worker": None,  # nobody is allocated
                    "team": None,
                    "missing": None,  # nothing is in doubt
                    "key": item.key,
                    "source_rows": "; ".join(f"log.csv:{rows[child, key]}" for key in records),
                }
            )
    return found


def in_order(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return sorted(rows, key=lambda row: (row["subject"], row["standard"], row["opened"], row["due"], row["key"]))


# In the middle of the first plans, after them, in the middle of the second ones, and after all.
@pytest.mark.parametrize("as_of", ["2022-06-30", "2024-06-28", "2026-05-31", "2028-12-29"])
@pytest.mark.parametrize("program", ["polars", "pandas"])
def test_a_script_judges_as_the_library_does(program: str, as_of: str, caseload: ModuleType, tmp_path: Path) -> None:
    """On 200 histories every obligation of the script is the library's, column by column, and none is missing."""
    for needed in (program, "pyarrow.parquet"):
        if importlib.util.find_spec(needed.partition(".")[0]) is None:
            pytest.skip(f"{needed} is not installed")
    import pyarrow.parquet as pq

    log, out = tmp_path / "log.csv", tmp_path / "out.parquet"
    children = {f"child-{number}": events_of(caseload, number) for number in range(200)}
    rows = write_log(log, children)
    script = [sys.executable, str(BENCH / f"by_{program}.py"), str(log), str(out), "--as-of", as_of]
    done = subprocess.run(script, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")

    wanted = in_order(expected(children, rows, date.fromisoformat(as_of)))
    got = pq.read_table(out).to_pylist()
    sentences = [row.pop("sentence") for row in got]
    children_in_order = [row["subject"] for row in got]
    assert children_in_order == sorted(children_in_order)
    for row in got:  # pandas has no dates, only moments
        row |= {name: row[name] and date(*row[name].timetuple()[:3]) for name in ("opened", "due", "met_on")}
    got = in_order(got)
    assert len(got) == len(wanted)
    assert [pair for pair in zip(got, wanted, strict=True) if pair[0] != pair[1]][:3] == []
    assert {row["status"] for row in got} >= {"met", "breached", "lapsed"}
    assert all(re.fullmatch(r"Opened by “.+” on .+, owed by .+; .+\.", sentence) for sentence in sentences)


def test_a_difference_is_noticed_before_anything_is_timed(caseload: ModuleType) -> None:
    """One date, one status, one row more: each is told, and equal results tell nothing."""
    pa = pytest.importorskip("pyarrow")
    table = pa.table({"due": [date(2024, 3, 28), date(2024, 4, 2)], "status": ["met", "due"]})
    assert caseload.differences(table, table) == ""
    for other in (
        table.set_column(0, "due", [[date(2024, 3, 28), date(2024, 4, 3)]]),
        table.set_column(1, "status", [["met", "met"]]),
    ):
        assert "2024, 4, 2" in caseload.differences(table, other)
    assert caseload.differences(table, table.slice(1)) == "2 rows and 1 rows"


def test_the_log_of_the_benchmark_holds_every_event_once(caseload: ModuleType, tmp_path: Path) -> None:
    """The file that the programs read is the histories that by_hand.py judges."""
    count = caseload.write_log(3, tmp_path / "log.csv")
    with (tmp_path / "log.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    told = [(row["subject"], row["event"], date.fromisoformat(row["date"])) for row in rows]
    assert told == [(f"child-{seed}", *happened) for seed in range(3) for happened in caseload.happenings(seed)]
    assert count == len({(row["subject"], row["id"]) for row in rows}) == len(rows)
