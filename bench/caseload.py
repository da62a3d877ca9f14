"""The whole job, file in and file out, beside a Polars and a pandas script. `python bench/caseload.py [--histories N]`

An event log is written once; each program reads it and writes its table of obligations to a Parquet file, as a process
of its own, so that starting up and importing count. The results are compared row by row before anything is timed, and
memory is measured in a run that is not timed.
"""

from __future__ import annotations

import argparse
import csv
import importlib.util
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from datetime import date
from pathlib import Path
from time import perf_counter, sleep
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import pyarrow as pa

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE))

from histories import happenings  # noqa: E402

AS_OF = date(2024, 6, 28)
#: What must be equal in every row: all but the sentence, whose wording is each author's own.
COMPARED = (
    *("subject", "standard", "opened", "due", "met_on", "status", "kind", "section", "late", "overdue"),
    *("days_late", "days_left", "worker", "team", "missing", "key", "source_rows"),
)
#: What by_hand.py says of a row.
BY_HAND = COMPARED[:6]
PROGRAMS = ("library", "polars", "pandas")
#: The library on a log of which it holds no more than 8 MB at once, as it does with logs beyond 256 MB.
IN_PARTS = """
import sys
from datetime import date
from practice_rules.caseloads import evaluate_caseload
from practice_rules.readers import read_event_log

log, pack, day, out = sys.argv[1:]
evaluate_caseload(pack, read_event_log(log, at_once=8_000_000), as_of=date.fromisoformat(day), to=out)
"""
#: What each program needs to be importable.
NEEDS = {"library": "practice_rules.caseloads", "polars": "polars", "pandas": "pandas"}


class Figures(NamedTuple):
    """What one program needs: seconds from start to end, and the most memory of all its processes together in MB."""

    seconds: float
    peak: float


def write_log(count: int, path: Path) -> int:
    """The histories as an event log, a child after another, each child's events in no order; the number of events."""
    events = 0
    with path.open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow(["subject", "event", "date", "id"])
        for seed in range(count):
            for number, (name, day) in enumerate(happenings(seed)):
                table.writerow([f"child-{seed}", name, day.isoformat(), f"e{number}"])
                events += 1
    return events


def command(program: str, log: Path, out: Path) -> list[str]:
    """How a program is started."""
    as_of = ["--as-of", AS_OF.isoformat()]
    if program == "library":
        pack = ["--pack", str(HERE / "eight_rules.yaml")]
        return [sys.executable, "-m", "practice_rules", "caseload", str(log), *pack, *as_of, "--to", str(out)]
    if program == "in parts":
        return [sys.executable, "-c", IN_PARTS, str(log), str(HERE / "eight_rules.yaml"), AS_OF.isoformat(), str(out)]
    return [sys.executable, str(HERE / f"by_{program}.py"), str(log), str(out), *as_of]


def run(program: str, log: Path, out: Path, watch: Callable[[int], None] | None = None) -> float:
    """Run a program once, and hand its process number to whoever watches it; the seconds it took."""
    out.unlink(missing_ok=True)
    with tempfile.TemporaryFile() as said:
        start = perf_counter()
        process = subprocess.Popen(command(program, log, out), stdout=said, stderr=subprocess.STDOUT)
        if watch is not None:
            watch(process.pid)
        process.wait()
        taken = perf_counter() - start
        if process.returncode or not out.exists():
            said.seek(0)
            raise SystemExit(f"{program} did not finish:\n{said.read().decode(errors='replace')}")
    return taken


def memory_of(pid: int) -> int:
    """The memory that a process and those it started hold now, in bytes; what they share is counted for each."""
    total = 0
    try:
        # The second figure of statm is what is resident, in pages.
        total += int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
        for task in Path(f"/proc/{pid}/task").iterdir():
            total += sum(memory_of(int(child)) for child in (task / "children").read_text().split())
    except (OSError, ValueError):
        pass  # it has ended meanwhile
    return total


def peak_of(program: str, log: Path, out: Path) -> float:
    """The most memory that a program held, in MB, looked at every 10 milliseconds; not a number without /proc."""
    if not Path("/proc/self/statm").exists():
        return float("nan")
    found = 0

    def watch(pid: int) -> None:
        nonlocal found
        while now := memory_of(pid):
            found = max(found, now)
            sleep(0.01)

    run(program, log, out, watch)
    return found / 1024**2


# --- equal row by row ------------------------------------------------------------------------------------------------


def sorted_rows(path: Path) -> pa.Table:
    """The compared columns of a result in one order and with one type each, whoever wrote them."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    types = dict.fromkeys(("opened", "due", "met_on"), pa.date32()) | dict.fromkeys(("late", "overdue"), pa.bool_())
    types |= dict.fromkeys(("days_late", "days_left"), pa.int32())
    table = pq.read_table(path, columns=list(COMPARED))
    table = table.cast(pa.schema([(name, types.get(name, pa.string())) for name in COMPARED]))
    return in_order(table)


def in_order(table: pa.Table) -> pa.Table:
    return table.sort_by(
        [(name, "ascending") for name in table.column_names if name not in ("worker", "team", "missing")]
    )


def differences(one: pa.Table, other: pa.Table) -> str:
    """The first row in which two results differ, in words; "" if none does."""
    if one.num_rows != other.num_rows:
        return f"{one.num_rows:,} rows and {other.num_rows:,} rows"
    for start in range(0, one.num_rows, 10_000):
        if not one.slice(start, 10_000).equals(other.slice(start, 10_000)):
            pairs = zip(one.slice(start, 10_000).to_pylist(), other.slice(start, 10_000).to_pylist(), strict=True)
            return next(f"{mine} and {yours}" for mine, yours in pairs if mine != yours)
    return ""


def by_hand(count: int) -> pa.Table:
    """What by_hand.py, plain Python, makes of the same histories."""
    import pyarrow as pa
    from by_hand import evaluate_by_hand

    rows = [(f"child-{seed}", *row) for seed in range(count) for row in evaluate_by_hand(happenings(seed), AS_OF)]
    return in_order(pa.table(dict(zip(BY_HAND, map(list, zip(*rows, strict=True)), strict=True))))


def compare(paths: dict[str, Path], count: int) -> int:
    """Compare every result with by_hand.py's, and each with the next; the number of rows.

    Raises:
        SystemExit: two of them differ.
    """
    expected = by_hand(count)
    before: tuple[str, pa.Table] | None = None
    for program, path in paths.items():
        rows = sorted_rows(path)
        if found := differences(expected, in_order(rows.select(BY_HAND))):
            raise SystemExit(f"by_hand.py and {program} differ: {found}")
        if before is not None and (found := differences(before[1], rows)):
            raise SystemExit(f"{before[0]} and {program} differ: {found}")
        before = program, rows
    return expected.num_rows


# --- the figures -----------------------------------------------------------------------------------------------------


def measure(programs: list[str], log: Path, folder: Path, rounds: int) -> dict[str, Figures]:
    """The best of several times, the programs running in turn, and the memory of one run more."""
    times: dict[str, list[float]] = {program: [] for program in programs}
    for _ in range(rounds):
        for program in programs:
            times[program].append(run(program, log, folder / f"{program}.parquet"))
    return {
        program: Figures(min(taken), peak_of(program, log, folder / f"{program}.parquet"))
        for program, taken in times.items()
    }


def ratio(one: Figures, other: Figures | None) -> str:
    return f"{one.seconds / other.seconds:8.2f}" if other else f"{'-':>8}"


def show(found: dict[str, Figures]) -> None:
    print(f"  {'':8} {'seconds':>8} {'/ Polars':>8} {'/ pandas':>8} {'MB':>8}")
    for program, it in found.items():
        ratios = f"{ratio(it, found.get('polars'))} {ratio(it, found.get('pandas'))}"
        print(f"  {program:8} {it.seconds:8.2f} {ratios} {it.peak:8.0f}")


def importable(module: str) -> bool:
    try:
        return importlib.util.find_spec(module) is not None
    except ModuleNotFoundError:
        return False


def main() -> None:
    """Run everything and print the figures."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--histories", type=int, default=10_000, help="how many histories (and then twice as many)")
    parser.add_argument("--rounds", type=int, default=3, help="how often each program runs; the best time is kept")
    parser.add_argument("--only", default=",".join(PROGRAMS), help="which programs, such as polars,pandas")
    given = parser.parse_args()
    if wrong := set(given.only.split(",")) - set(PROGRAMS):
        parser.error(f"--only takes {', '.join(PROGRAMS)}, not {', '.join(sorted(wrong))}")
    programs = [program for program in PROGRAMS if program in given.only.split(",")]
    for program in [program for program in programs if not importable(NEEDS[program])]:
        print(f"{program} is left out: {NEEDS[program]} cannot be imported here")
        programs.remove(program)

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        found = []
        for count in (given.histories, 2 * given.histories):
            log = folder / f"events_{count}.csv"
            events = write_log(count, log)
            if not found:
                results = {program: folder / f"{program}.parquet" for program in programs}
                for program, out in results.items():
                    run(program, log, out)
                rows = compare(results, count)
                print(f"{count:,} histories, {events:,} events, {rows:,} obligations: equal row by row")
            else:
                print(f"{count:,} histories, {events:,} events")
            found.append(measure(programs, log, folder, given.rounds))
            show(found[-1])
        once, twice = found
        print("twice the histories")
        for program in programs:
            growth = twice[program].seconds / once[program].seconds
            memory = twice[program].peak / once[program].peak
            print(f"  {program:8} {growth:5.2f} times the time, {memory:5.2f} times the memory")
    if "library" in programs:
        print("the library again, holding 8 MB of the log at once")
        with tempfile.TemporaryDirectory() as name:
            streamed = []
            for count in (given.histories, 2 * given.histories):
                log = Path(name) / f"events_{count}.csv"
                write_log(count, log)
                streamed.append(measure(["in parts"], log, Path(name), 1)["in parts"])
                print(f"  {count:,} histories: {streamed[-1].seconds:.2f} seconds, {streamed[-1].peak:.0f} MB")
        growth, memory = (getattr(streamed[1], each) / getattr(streamed[0], each) for each in ("seconds", "peak"))
        print(f"  twice the histories: {growth:.2f} times the time, {memory:.2f} times the memory")
        print("targets: at most 4 times Polars; less than pandas; twice the histories in at most 2.1 times the time;")
        print("memory that does not grow with the number of histories")


if __name__ == "__main__":
    main()
