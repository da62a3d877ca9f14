"""The benchmark: speed and memory beside a hand-written evaluator, in one run. `python bench/run.py [--histories N]`

Timings are noisy, so each comparison is a ratio of runs that alternate in one process; the best of several is kept.
"""

from __future__ import annotations

import argparse
import gc
import statistics
import subprocess
import sys
import tempfile
import tracemalloc
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from time import perf_counter

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE))

from by_hand import evaluate_by_hand  # noqa: E402
from histories import Happening, happenings  # noqa: E402

from practice_rules import Event, History, Pack, check_pack, evaluate, load_pack  # noqa: E402
from practice_rules.loading import pack_names  # noqa: E402

AS_OF = date(2024, 1, 31)


def history_of(happened: list[Happening], number: int) -> History:
    """The same case as a history."""
    return History(f"child-{number}", [Event(name, day, id=f"e{k}") for k, (name, day) in enumerate(happened)])


def best(action: Callable[[], object], times: int = 3) -> float:
    """The shortest of several runs, in seconds."""
    found = []
    for _ in range(times):
        gc.collect()
        gc.freeze()  # what went in is no business of the collector, on either side
        start = perf_counter()
        action()
        found.append(perf_counter() - start)
        gc.unfreeze()
    return min(found)


def equal_rows(pack: Pack, cases: list[list[Happening]], histories: list[History]) -> int:
    """Compare both evaluators row by row; the number of rows."""
    total = 0
    for case, history in zip(cases, histories, strict=True):
        by_hand = sorted(
            (rule, a.toordinal(), b.toordinal(), c and c.toordinal(), s)
            for rule, a, b, c, s in evaluate_by_hand(case, AS_OF)
        )
        ours = sorted(
            (rule, opened, due, done, status)
            for rule, status, opened, due, done in evaluate(history, pack, as_of=AS_OF).brief()
        )
        if [tuple(map(str, row)) for row in by_hand] != [tuple(map(str, row)) for row in ours]:
            different = [pair for pair in zip(by_hand, ours, strict=False) if pair[0] != pair[1]][:3]
            raise SystemExit(f"the two evaluators differ: {different}")
        total += len(ours)
    return total


def compare(count: int) -> None:
    """Both evaluators over the same histories."""
    pack = load_pack(HERE / "eight_rules.yaml")
    cases = [happenings(seed) for seed in range(count)]
    histories = [history_of(case, number) for number, case in enumerate(cases)]
    events = statistics.mean(len(case) for case in cases)
    rows = equal_rows(pack, cases, histories)
    print(f"{count:,} histories, {events:.0f} events each on average, {rows:,} obligations: equal row by row")

    def ours() -> None:
        for history in histories:
            evaluate(history, pack, as_of=AS_OF)

    def by_hand() -> None:
        for case in cases:
            evaluate_by_hand(case, AS_OF)

    turns = [(fresh_once(cases, pack), best(by_hand, 1)) for _ in range(3)]
    first, hand = min(turn[0] for turn in turns), min(turn[1] for turn in turns)
    again = best(ours)
    build = best(lambda: [history_of(case, number) for number, case in enumerate(cases)])
    print(f"evaluated for the first time   {first / rows * 1e6:6.2f} microseconds an obligation (target: at most 4)")
    print(f"evaluated again                {again / rows * 1e6:6.2f} microseconds an obligation")
    print(f"hand-written                   {hand / rows * 1e6:6.2f} microseconds an obligation")
    print(f"first time / hand-written      {first / hand:6.2f} (target: at most 1)")
    print(f"building the histories         {build / rows * 1e6:6.2f} microseconds an obligation, beside both")


def fresh_once(cases: list[list[Happening]], pack: Pack) -> float:
    """Evaluate new histories; building them is not counted (their own time is taken off)."""
    histories = [history_of(case, number) for number, case in enumerate(cases)]
    gc.collect()
    gc.freeze()
    start = perf_counter()
    for history in histories:
        evaluate(history, pack, as_of=AS_OF)
    taken = perf_counter() - start
    gc.unfreeze()
    return taken


def median_of(pack: Pack) -> float:
    """The median time for one new history against a whole pack, in milliseconds."""
    times = []
    for seed in range(400):
        history = history_of(happenings(seed), seed)
        start = perf_counter()
        evaluate(history, pack, as_of=AS_OF)
        times.append(perf_counter() - start)
    return statistics.median(times) * 1000


def whole_packs() -> None:
    """One history against the whole Bromley pack, and against the largest; and reading them from YAML."""
    bromley = load_pack("bromley")
    largest = max((load_pack(name) for name in pack_names()), key=len)
    for pack, most, loading in ((bromley, 1, ""), (largest, 3, " (target: under 0.5)")):
        name = f"{pack.name}, {len(pack.tested)} tested standards"
        print(f"one history, the whole pack ({name}): {median_of(pack):.3f} ms median (target: under {most})")
        load = best(lambda pack=pack: load_pack(pack.name))
        print(f"loading {pack.name} from YAML, checked: {load:.3f} s{loading}")


def wrong_files() -> None:
    """The slowest answer to files that are no pack: of the largest size that is read, and beyond it."""
    large = 1_000_000
    files = {
        "50 MB": b"a: b\n" * 10_000_000,
        "nested": b"[" * 100_000,
        "aliases": b"a: &a [x]\n" + b"b: &b [*a, *a, *a, *a]\n" * 30_000,
        "colons": b"a: b: c\n" * 120_000,
        "quotes": b'a: "' + b"x\n" * 400_000,
        "keys": b"".join(b"k%d: x\n" % n for n in range(60_000)),
        "anything": bytes(range(256)) * 3000,
    }
    slowest = (0.0, "")
    with tempfile.TemporaryDirectory() as folder:
        for name, data in files.items():
            path = Path(folder) / "wrong.yaml"
            path.write_bytes(data if name == "50 MB" else data[:large])
            start = perf_counter()
            check_pack(path)
            slowest = max(slowest, (perf_counter() - start, name))
    print(f"a wrong file is answered in at most {slowest[0]:.2f} s ({slowest[1]}; target: under 2)")


def growth() -> None:
    """Twice the events in one history: building it and judging it."""
    pack = load_pack(HERE / "eight_rules.yaml")

    def long(count: int) -> float:
        start = date(1990, 1, 1)
        events = [Event("child protection plan started", start, id="p")]
        events += [Event("child visited", start + timedelta(days=k * 12000 // count), id=f"v{k}") for k in range(count)]
        gc.collect()
        gc.freeze()  # the collector would walk all the events again and again, and time its own work
        begin = perf_counter()
        evaluate(History("long", events), pack, as_of=AS_OF)
        taken = perf_counter() - begin
        gc.unfreeze()
        return taken

    turns = [(long(50_000), long(100_000)) for _ in range(5)]
    small, large = min(turn[0] for turn in turns), min(turn[1] for turn in turns)
    print(f"100,000 events in one history against 50,000: {large / small:.2f} times the time (target: under 2.2)")


def memory(count: int = 500) -> None:
    """Memory that results hold, by obligation."""
    pack = load_pack(HERE / "eight_rules.yaml")
    histories = [history_of(happenings(seed), seed) for seed in range(count)]
    for history in histories:
        evaluate(history, pack, as_of=AS_OF)
    gc.collect()
    tracemalloc.start()
    results = [evaluate(history, pack, as_of=AS_OF) for history in histories]
    gc.collect()
    size, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    rows = sum(len(result.brief()) for result in results)
    print(f"memory held by results: {size / rows:.0f} bytes an obligation (target: under 600)")


def importing() -> None:
    """`import practice_rules` in a fresh interpreter, less the interpreter's own start."""
    code = (
        "import time; t = time.perf_counter(); import practice_rules, sys; "
        "print(time.perf_counter() - t, 'pandas' in sys.modules)"
    )
    runs = [
        subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
        for _ in range(7)
    ]
    fastest = min(float(run[0]) for run in runs) * 1000
    print(f"import practice_rules: {fastest:.0f} ms (target: under 150); pandas in it: {runs[0][1]}")


def main() -> None:
    """Run everything and print the figures."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--histories", type=int, default=10_000, help="how many histories to compare on")
    count = parser.parse_args().histories
    importing()
    whole_packs()
    compare(count)
    wrong_files()
    growth()
    memory()


if __name__ == "__main__":
    main()
