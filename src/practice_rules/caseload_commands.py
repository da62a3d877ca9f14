"""The commands for whole caseloads: `practice-rules caseload`, `official` and `synthetic`.

They stand apart from the others because they need the extra "caseload", and most people who use the command line never
judge more than one case.
"""

from __future__ import annotations

import csv
import json
import math
import shutil
import textwrap
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from .events import fold
from .problems import say_suggestion
from .records import Reading
from .tables import TableError
from .words import say_list

if TYPE_CHECKING:
    from .caseloads import Caseload
    from .measures import Headline
    from .pack import Pack
    from .readers import EventLog
    from .records import Fault

__all__ = ["caseload", "official", "synthetic"]

#: How many sorts of bad cells are told on the screen; the file has every cell.
_TOLD: Final = 10
#: How a file may end, by the option that asks for it.
_ENDINGS: Final = {
    "--to": (".parquet", ".csv"),
    "--measures": (".csv", ".parquet"),
    "--work-list": (".xlsx", ".csv", ".parquet", ".ics"),
    "--faults": (".csv",),
    "--report": (".html", ".htm"),
    "--file": (".csv", ".parquet"),
}
#: What a file needs besides Arrow, by its ending.
_LIBRARIES: Final = {".xlsx": "openpyxl", ".ics": "icalendar"}
#: What the command line calls the options that only an event log takes.
_OF_A_LOG: Final = {
    "subjects": "--subjects",
    "allocations": "--allocations",
    "holds": "--holds",
    "day_first": "--dates",
}


# --- the commands -----------------------------------------------------------------------------------------------------


def caseload(
    records: Path,
    pack: Pack,
    *,
    as_of: date,
    known_at: date | None,
    form: str | None,
    subjects: Path | None,
    allocations: Path | None,
    holds: Sequence[str],
    dates: str | None,
    out: Path | None,
    rows: Path | None,
    report: Path | None,
    measures: Path | None,
    by: Sequence[str],
    work: Path | None,
    faults: Path | None,
    smallest: int,
    cases: int,
    workers: int | None,
    quiet: bool,
    as_json: bool,
    width: int,
) -> None:
    """Read, judge, write what was asked for, and say what came of it.

    What can be wrong with the question is looked for first, for judging an authority takes minutes. The files get their
    names when all of them are whole, so that a folder never holds the results of two runs.

    Raises:
        TableError: the question is wrong, or the records cannot be read.
    """
    from .caseloads import evaluate_caseload
    from .measures import headline
    from .readers import READERS, read_records, recognise

    if out is not None:
        rows, report = rows or out / "obligations.parquet", report or out / "report.html"
        measures, work = measures or out / "measures.csv", work or out / "work_list.xlsx"
        faults = faults or out / "faults.csv"
    asked = {"--to": rows, "--measures": measures, "--work-list": work, "--faults": faults, "--report": report}
    wanted = {option: path for option, path in asked.items() if path is not None}
    _check_files(wanted, out, records, subjects, allocations)
    _check_smallest(smallest)
    if by and measures is None:
        raise TableError("--by says what the measures are counted by. Give --measures FILE or --out FOLDER as well.")

    options: dict[str, Any] = {"subjects": subjects, "allocations": allocations}
    options = {name: path for name, path in options.items() if path is not None}
    if holds:
        options["holds"] = _held(holds, pack)
    if dates is not None:
        options["day_first"] = True
    reader = recognise(records) if form is None else READERS[form]
    if options and reader.name != "log":
        given = say_list([_OF_A_LOG[name] for name in options])
        raise TableError(f"Only an event log takes {given}; {records.name} is read as {reader.title}.")
    day = date(as_of.year, as_of.month, as_of.day)
    source = read_records(records, reader.name, as_of=day, **options)
    if source.as_of is not None and day > source.as_of:
        # Everything that was done since would look missing.
        raise TableError(
            f"{records.name}: the records speak until {source.as_of.isoformat()}, and what came later is not in them. "
            f"Say --as-of {source.as_of.isoformat()}, or an earlier day."
        )
    if by:
        _check_by(by, pack, source, as_of)
    if out is not None:
        out.mkdir(parents=True, exist_ok=True)

    told: dict[Path, str] = {}
    with _whole(wanted.values()) as part:
        found = evaluate_caseload(
            pack,
            source,
            as_of=as_of,
            known_at=known_at,
            to=None if rows is None else part[rows],
            workers=workers,
            progress=not (quiet or as_json),
        )
        numbers = headline(found, smallest=0)
        if rows is not None:
            told[rows] = _count(found.statuses.values(), "obligation")
        if measures is not None:
            measured = found.measures(by=tuple(by) or ("standard",), smallest=smallest)
            _write_table(measured, part[measures])
            told[measures] = f"{_count(measured.num_rows, 'row')}, by {say_list(list(by) or ['standard'])}"
        if work is not None:
            told[work] = _count(_write_work(found, part[work]), "row")
        if faults is not None:
            _write_faults(found.faults, part[faults])
            told[faults] = _count(len(found.faults), "row")
        if report is not None:
            part[report].write_text(found.html(cases=cases, smallest=smallest), encoding="utf-8", newline="")
            told[report] = "the whole caseload as a page"
    notes = [*found.notes, *_odd(source, found, day), *_left_beside(records, reader.name, options)]
    if as_json:
        _answer(found, numbers, notes, list(told))
    else:
        _say(found, numbers, notes, told, faults, width)


def official(
    records: Path,
    *,
    first: date,
    last: date,
    form: str | None,
    file: Path | None,
    smallest: int,
    as_json: bool,
    width: int,
) -> None:
    """Read, count the official measures of a period, and say them.

    Raises:
        TableError: the question is wrong, or the records cannot be read.
    """
    from .official import official_measures
    from .readers import read_records

    _check_files({} if file is None else {"--file": file}, None, records)
    _check_smallest(smallest)
    if isinstance(first, datetime) or isinstance(last, datetime):
        raise TableError("--from and --to are whole days. Leave out the time: 2024-03-31.")
    if last < first:
        raise TableError("--to lies before --from. Give the first and the last day of the period.")
    source = read_records(records, form, as_of=last)
    found = official_measures(source, first=first, last=last, smallest=smallest)
    rows = found.rows()
    if file is not None:
        with _whole([file]) as part:
            _write_table(found.table(), part[file])
    if as_json:
        _say_json(
            {
                "first": first.isoformat(),
                "last": last.isoformat(),
                "records": found.records,
                "subjects": found.subjects,
                "refused": len(found.refused),
                "smallest": smallest,
                "measures": rows,
                "faults": dict(sorted(Counter(fault.table for fault in found.faults).items())),
                "notes": list(found.notes),
                "written": [] if file is None else [str(file)],
            }
        )
        return
    who = f"{_capital(found.records)}, {_count(found.subjects, 'subject')}"
    click.echo(_wrap(f"Official measures, {first.isoformat()} to {last.isoformat()}: {who}", width))
    for row in rows:
        _say_official(row, width)
    if any(row["hidden"] for row in rows):
        click.echo()
        click.echo(
            _wrap(f"Hidden: counts from 1 to {smallest - 1}, and what gives them away. --smallest 0 shows all.", width)
        )
    _say_notes(found.notes, width)
    _say_faults(found.faults, "", width)
    if file is not None:
        click.echo(f"\nWritten: {file} ({_count(len(rows), 'row')})")


def synthetic(folder: Path, *, children: int, seed: int, shape: str, dirt: float) -> None:
    """Write an invented authority, and say what was written and how to judge it.

    Raises:
        TableError: there are files already where it should stand; nothing was written.
    """
    from .synthetic import synthetic_authority

    authority = synthetic_authority(children, seed=seed, dirt=dirt)
    writers = {"ssd": authority.write_ssd, "log": authority.write_event_log}
    wanted = {folder / name: write for name, write in writers.items() if shape in (name, "both")}
    # Over an older authority's files the two would mix: not every shape has the same tables.
    if taken := [str(each) for each in wanted if each.exists() and (not each.is_dir() or any(each.iterdir()))]:
        left = (
            "is there already, and is left as it is" if len(taken) == 1 else "are there already, and left as they are"
        )
        raise TableError(f"{say_list(taken)} {left}. Name another folder.")
    folder.mkdir(parents=True, exist_ok=True)
    parts = {each: each.with_name(f".{each.name}.part") for each in wanted}
    try:
        for each, write in wanted.items():
            shutil.rmtree(parts[each], ignore_errors=True)
            write(parts[each])
        for each, part in parts.items():
            if each.exists():
                each.rmdir()
            part.rename(each)
    finally:
        for part in parts.values():
            shutil.rmtree(part, ignore_errors=True)
    for each in wanted:
        click.echo(f"Written: {each} ({_count(children, 'child', 'children')}, invented)")
    click.echo("Judge them:")
    for each in wanted:
        click.echo(f"  practice-rules caseload {each} --pack wokingham --as-of {authority.last_day} --out results")


# --- what is asked for ------------------------------------------------------------------------------------------------


def _check_files(wanted: Mapping[str, Path], out: Path | None, records: Path, *tables: Path | None) -> None:
    """Whether each file can be written where it is asked for. Says everything at once.

    Raises:
        TableError: it cannot.
    """
    problems = []
    inputs = {path.resolve() for path in (records, *tables) if path is not None}
    taken: dict[Path, str] = {}
    for option, path in wanted.items():
        place = path.resolve()
        endings = _ENDINGS[option]
        if path.suffix.lower() not in endings:
            problems.append(f"{option}: {path.name} must end in {say_list(list(endings), 'or')}.")
        if place in taken:
            problems.append(f"{option}: {taken[place]} has that name already. Name another file.")
        taken[place] = option
        if place in inputs or (records.is_dir() and place.parent == records.resolve()):
            problems.append(f"{option}: {path.name} would stand over or among the records. Name another folder.")
        if path.is_dir():
            problems.append(f"{option}: {path.name} is a folder. Give the name of a file.")
        elif path.parent != out and not path.parent.is_dir():
            problems.append(f"{option}: there is no folder {path.parent}. Make it first.")
    if problems:
        raise TableError("\n".join(problems))
    import_module("pyarrow")
    for path in wanted.values():
        if library := _LIBRARIES.get(path.suffix.lower()):
            import_module(library)


def _check_smallest(smallest: int) -> None:
    from .measures import _check_smallest

    try:
        _check_smallest(smallest)
    except ValueError as error:
        raise TableError(f"--{error}") from None


def _held(holds: Sequence[str], pack: Pack) -> str | list[str]:
    """What was said that an event log holds. A slip in a name would leave its standards not assessed, and unsaid."""
    if list(holds) == ["everything"]:
        return "everything"
    known = [word.name for word in pack.events.values()]
    if strange := [name for name in holds if fold(name) not in pack.events]:
        problems = [f'--holds: {pack.name} knows no event "{name}". {say_suggestion(name, known)}' for name in strange]
        raise TableError("\n".join(each.rstrip() for each in [*problems, "See: practice-rules vocabulary"]))
    return list(holds)


def _check_by(by: Sequence[str], pack: Pack, source: Reading | EventLog, as_of: date) -> None:
    """Whether the measures can be counted by these columns, before there is anything to count."""
    from .caseloads import Caseload

    strata: Any = (
        {id: subject.strata for id, subject in source.subjects.items() if subject.strata}
        if isinstance(source, Reading)
        else source.strata()
    )
    try:
        Caseload(pack, as_of, None, source.source, strata=strata).measures(by=tuple(by))
    except ValueError as error:
        raise TableError(f"--{error}") from None


@contextmanager
def _whole(paths: Iterable[Path]) -> Iterator[dict[Path, Path]]:
    """Where to write each file for now: it gets its name when all of them are whole, and is gone if one fails."""
    parts = {path: path.with_name(f".{path.stem}.part{path.suffix}") for path in paths}
    try:
        yield parts
        for path, part in parts.items():
            part.replace(path)
    finally:
        for part in parts.values():
            part.unlink(missing_ok=True)


# --- what a reader of the result should know besides ------------------------------------------------------------------


def _odd(source: Reading | EventLog, found: Caseload, day: date) -> Iterator[str]:
    """What looks as if these were not the right records, or not the right day."""
    if not found.subjects:
        yield "There is no subject in these records. Are they the right ones?"
    if not isinstance(source, Reading):
        return
    said = [
        date(record.on.year, record.on.month, record.on.day)
        for one in source.subjects.values()
        for record in one.records
    ]
    later = sum(each > day for each in said)
    if source.snapshot and later:
        yield (
            f"{_count(later, 'record')} of {len(said):,} {'is' if later == 1 else 'are'} later than {day.isoformat()}, "
            f"up to {max(said).isoformat()}. A snapshot is judged as of the day of its extract: is --as-of that day?"
        )
    elif said and max(said) < day:
        yield (
            f"Nothing in the records is later than {max(said).isoformat()}. If they were extracted before "
            f"{day.isoformat()}, what was done since looks missing: then say --as-of the day of the extract."
        )


def _left_beside(records: Path, form: str, options: Mapping[str, Any]) -> Iterator[str]:
    """Tables that belong to an event log and stand beside it, where only its file was named."""
    if form != "log" or records.is_dir():
        return
    names = [name for name in ("subjects", "allocations") if name not in options]
    beside = [
        each for name in names for each in sorted(records.parent.glob(f"{name}.*")) if each.suffix in _ENDINGS["--to"]
    ]
    if records.stem.lower() == "events" and beside:
        be = "stands" if len(beside) == 1 else "stand"
        listed = say_list([each.name for each in beside])
        yield f"{listed} {be} beside {records.name} and did not go in. Name the folder, and all of them are read."


# --- writing ----------------------------------------------------------------------------------------------------------


def _write_table(table: Any, path: Path) -> None:
    """An Arrow table as Parquet or CSV."""
    if path.suffix.lower() == ".parquet":
        import pyarrow.parquet as pq

        pq.write_table(table, path)
        return
    cells = (zip(*(column.to_pylist() for column in batch.columns), strict=True) for batch in table.to_batches())
    _write_csv(path, table.column_names, (row for batch in cells for row in batch))


def _write_csv(path: Path, header: Iterable[str], rows: Iterable[Iterable[Any]]) -> None:
    """Rows for a spreadsheet: UTF-8 with the mark that Excel asks for."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        table = csv.writer(file)
        table.writerow(header)
        table.writerows(map(_cell, row) for row in rows)


def _cell(value: Any) -> Any:
    # A spreadsheet would run a cell that begins like a formula.
    return f"'{value}" if isinstance(value, str) and value[:1] in ("=", "+", "-", "@", "\t", "\r") else value


def _write_work(found: Caseload, path: Path) -> int:
    """The work list as a workbook, a calendar or a table, by the file's ending; how many rows it has."""
    from .worklists import write_calendar, write_excel

    work = found.work_list()
    ending = path.suffix.lower()
    if ending == ".ics":
        write_calendar(work, path, pack_name=found.pack.name, as_of=found.as_of)
    elif ending == ".xlsx":
        write_excel(work, path, title=found.pack.authority, as_of=found.as_of)
    else:
        _write_table(work, path)
    return int(work.num_rows)


def _write_faults(faults: Sequence[Fault], path: Path) -> None:
    header = ("table", "row", "column", "message", "way out")
    _write_csv(path, header, ((each.table, each.row or "", each.column, each.message, each.way_out) for each in faults))


# --- talking ----------------------------------------------------------------------------------------------------------


def _wrap(text: str, width: int, indent: str = "", first: str | None = None) -> str:
    return textwrap.fill(
        text,
        width,
        initial_indent=indent if first is None else first,
        subsequent_indent=indent,
        break_long_words=False,
        break_on_hyphens=False,
    )


def _count(number: int | Iterable[int], one: str, many: str = "") -> str:
    """A number, or a sum of numbers, with its noun: "1 row", "2,000 rows"."""
    total = number if isinstance(number, int) else sum(number)
    return f"{total:,} {one if total == 1 else many or one + 's'}"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _percent(share: float) -> str:
    """A share in per cent, cut off rather than rounded: 999 of 1,000 are not all of them."""
    return f"{math.floor(1000 * share + 1e-9) / 10:.1f}%"


def _say_json(data: object) -> None:
    click.echo(json.dumps(data, ensure_ascii=False, indent=2))


def _say_notes(notes: Iterable[str], width: int) -> None:
    for number, note in enumerate(notes):
        click.echo(("" if number else "\n") + _wrap(f"Note: {note}", width, "  ", ""))


def _say_faults(faults: Sequence[Fault], way_out: str, width: int) -> None:
    """What could not be used, cells with the same trouble together, the commonest trouble first."""
    if not faults:
        return
    sorts: dict[tuple[str, str, str, str], list[Fault]] = {}
    for fault in faults:
        sorts.setdefault((fault.table, fault.column, fault.message, fault.way_out), []).append(fault)
    told = sorted(sorts.values(), key=len, reverse=True)[:_TOLD]
    click.echo()
    click.echo(f"{_count(len(faults), 'cell or record', 'cells or records')} could not be used:")
    for alike in told:
        first, more = alike[0], len(alike) - 1
        row = f"row {first.row}" if first.row else ""
        place = ", ".join(part for part in (first.table, row, first.column) if part)
        again = f" ({more:,} more like it)" if more else ""
        click.echo(_wrap(f"{place}: {first.message} {first.way_out}".rstrip() + again, width, "    ", "  "))
    if left := len(faults) - sum(map(len, told)):
        click.echo(f"  … and {left:,} more")
    if way_out and len(faults) > len(told):
        click.echo(f"  {way_out}")


def _answer(found: Caseload, numbers: Headline, notes: Sequence[str], written: Sequence[Path]) -> None:
    """What came of it, as JSON."""
    _say_json(
        {
            "source": found.source,
            "pack": found.pack.name,
            "as_of": found.as_of.isoformat(),
            "known_at": None if found.known_at is None else found.known_at.isoformat(),
            "subjects": found.subjects,
            "obligations": found.statuses,
            "late": numbers.late,
            "overdue": numbers.overdue,
            "in_time": {"met": numbers.met, "of": numbers.owed, "share": numbers.share},
            "not_assessed_standards": [
                {"standard": each.standard, "reason": each.reason} for each in found.unfed if not each.assessed
            ],
            "judged_without": [
                {"standard": each.standard, "reason": each.reason} for each in found.unfed if each.assessed
            ],
            "faults": dict(sorted(Counter(fault.table for fault in found.faults).items())),
            "refused": len(found.refused),
            "notes": list(notes),
            "written": [str(path) for path in written],
        }
    )


def _say(
    found: Caseload,
    numbers: Headline,
    notes: Sequence[str],
    written: Mapping[Path, str],
    faults: Path | None,
    width: int,
) -> None:
    """What came of it, in short."""
    source = f"{_capital(found.source)}, judged by {found.pack.authority} as of {found.as_of.isoformat()}"
    click.echo(_wrap(source, width))
    click.echo()
    remarks = {
        "breached": f"{numbers.late:,} late, {numbers.overdue:,} overdue",
        "not assessed": "neither met nor breached; the report says why",
        "cohort": "counted towards shares only",
    }
    told = {"children and other subjects": found.subjects, **found.statuses}
    for name, count in told.items():
        click.echo(f"  {name:<27}  {count:>12,}  {remarks.get(name, '')}".rstrip())
    click.echo()
    click.echo(_wrap(_in_time(found, numbers), width, "  ", ""))
    _say_notes(notes, width)
    way_out = "--faults FILE.csv writes all of them." if faults is None else f"{faults} has all of them."
    _say_faults(found.faults, way_out, width)
    click.echo()
    for path, what in written.items():
        click.echo(f"Written: {path} ({what})")
    if not written:
        click.echo("Next: --out FOLDER writes every obligation, measures, a work list, the faults and a report.")


def _in_time(found: Caseload, numbers: Headline) -> str:
    """The share that was met, with what it is a share of."""
    if not numbers.owed:
        return "In time: no share, for nothing that was owed can be decided yet."
    if numbers.share is None:
        return "In time: no share, for of some standards the records show only what was met, or only what was not."
    said = f"In time: {numbers.met:,} of {numbers.owed:,} ({_percent(numbers.share)}) that were met or breached"
    if numbers.met != found.statuses.get("met", 0):
        return f"{said}, without standards of which the records show only what was met."
    return f"{said}."


def _say_official(row: Mapping[str, Any], width: int) -> None:
    """One line of the official measures; the title above the first of each measure."""
    if not row["band"]:
        click.echo()
        click.echo(_wrap(row["title"], width))
    if row["why_not_assessed"]:
        if not row["band"]:
            click.echo(_wrap(f"not assessed: {_small(row['why_not_assessed'])}", width, "    ", "  "))
        return
    counts = [("hidden" if row[name] is None else f"{row[name]:,}") for name in ("count", "denominator")]
    share = "" if row["share"] is None else _percent(row["share"])
    said = "hidden" if counts == ["hidden", "hidden"] else f"{counts[0]} of {counts[1]}"
    click.echo(f"  {row['band'] or 'all':<30}  {share:>6}  {said}")
    if row["median"] is not None:
        quartiles = f"quartiles {row['lower_quartile']:g} and {row['upper_quartile']:g}"
        click.echo(f"    median {row['median']:g} working days ({quartiles})")
    if row["left_out"] and not row["band"]:
        click.echo(_wrap(f"left out: {row['left_out']}", width, "      ", "    "))


def _small(text: str) -> str:
    return text[:1].lower() + text[1:]
