"""Readers: an authority's records, in the forms in which they are held, as events in the shared vocabulary.

`read_records` finds out which form a file or folder has; `READERS` is the register, one line each.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from ..events import fold
from ..records import Reading
from ..tables import TableError
from ..words import say_list
from .annex_a import read_annex_a
from .cin_census import read_cin_census
from .event_log import EventLog, read_event_log
from .ssd import read_ssd
from .ssda903 import read_ssda903

__all__ = [
    "READERS",
    "EventLog",
    "Reader",
    "read_annex_a",
    "read_cin_census",
    "read_event_log",
    "read_records",
    "read_ssd",
    "read_ssda903",
    "recognise",
]


@dataclass(frozen=True, slots=True)
class Reader:
    """One form of records.

    Attributes:
        name: what the command line calls it.
        title: what people call it.
        read: reads a path; what more it takes is the reader's own.
        fits: whether a path looks like it.
        given: what it is given, in words.
    """

    name: str
    title: str
    read: Callable[..., Reading | EventLog]
    fits: Callable[[Path], bool]
    given: str


#: How the tables of an event log end.
_OF_A_LOG = (".csv", ".parquet", ".pq")


def _files(path: Path, *endings: str) -> list[Path]:
    return sorted(each for each in path.iterdir() if each.suffix.lower() in endings) if path.is_dir() else []


def _head(path: Path) -> frozenset[str]:
    """The folded names of the columns of a CSV file, by its first line alone; nothing where it cannot be read."""
    try:
        with path.open("rb") as file:
            start = file.read(100_000)
    except OSError:
        return frozenset()
    encoding = "utf-16" if start.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig"
    lines = start.decode(encoding, errors="replace").splitlines()
    line = next((line for line in lines if line.strip()), "")
    separator = max(",;\t|", key=line.count)
    return frozenset(fold(cell.strip(' "')) for cell in line.split(separator))


def _is_ssd(path: Path) -> bool:
    return any("ssd_" in each.name.lower() for each in _files(path, ".csv"))


def _is_ssda903(path: Path) -> bool:
    files = _files(path, ".csv") if path.is_dir() else [path] if path.suffix.lower() == ".csv" else []
    return any({"child", "decom"} <= head or {"child", "dob", "ethnic"} <= head for head in map(_head, files))


def _is_annex_a(path: Path) -> bool:
    if path.suffix.lower() in (".xlsx", ".xlsm"):
        return path.is_file()
    return any("child unique id" in _head(each) for each in _files(path, ".csv"))


def _is_census(path: Path) -> bool:
    return path.suffix.lower() == ".xml" or bool(_files(path, ".xml"))


def _is_log(path: Path) -> bool:
    if path.is_dir():
        return any(each.stem.lower() == "events" for each in _files(path, *_OF_A_LOG))
    return path.suffix.lower() in _OF_A_LOG


def _read_log(path: Path, **options: Any) -> EventLog:
    """A log, with the tables beside it where it stands in a folder: events, subjects, allocations."""
    if not path.is_dir():
        return read_event_log(path, **options)
    found: dict[str, Path] = {}
    for each in _files(path, *_OF_A_LOG):
        name = each.stem.lower()
        if name in ("events", "subjects", "allocations") and name in found:
            raise TableError(f"{path.name}: {found[name].name} and {each.name} are both there. Leave one of them.")
        found[name] = each
    if "events" not in found:
        raise TableError(f"{path.name}: there is no events.csv or events.parquet in the folder.")
    tables = {name: found.get(name) for name in ("subjects", "allocations")}
    return read_event_log(found["events"], **{**tables, **options})


def _read_census(path: Path) -> Reading:
    if not path.is_dir():
        return read_cin_census(path)
    if not (files := _files(path, ".xml")):
        raise TableError(f"{path.name}: there is no .xml file in the folder.")
    return read_cin_census(files)


def _read_return(path: Path, as_of: date | None = None) -> Reading:
    """SSDA903, which does not say to which day it speaks: to the day asked for, if that is of its year."""
    found = read_ssda903(path)
    told = found.as_of
    if as_of is None or told is None or not told < as_of <= date(told.year + (told.month > 3), 3, 31):
        return found
    note = (
        f"The files tell of nothing after {told.isoformat()}, and are taken to speak until {as_of.isoformat()} as "
        "asked. If they were made earlier, what was due since then looks overdue."
    )
    found = read_ssda903(path, reference_date=as_of)
    return replace(found, notes=(*found.notes, note))


READERS: dict[str, Reader] = {
    reader.name: reader
    for reader in (
        Reader("ssd", "Standard Safeguarding Dataset", read_ssd, _is_ssd, "a folder of ssd_*.csv"),
        Reader("ssda903", "SSDA903", _read_return, _is_ssda903, "a folder of the return's CSV files"),
        Reader("annex-a", "Annex A", read_annex_a, _is_annex_a, "a workbook, or a folder with a CSV file a list"),
        Reader("cin-census", "CIN census", _read_census, _is_census, "an XML file, or a folder of several years'"),
        Reader(
            "log",
            "event log",
            _read_log,
            _is_log,
            "a CSV or Parquet file, or a folder with events, subjects and allocations",
        ),
    )
}


def recognise(path: str | Path) -> Reader:
    """Which form the records at a path have, by their names and first lines.

    Raises:
        TableError: none of them.
    """
    path = Path(path)
    if not path.exists():
        raise TableError(f"{path.name}: there is no such file or folder. Check the name.")
    for reader in READERS.values():
        if reader.fits(path):
            return reader
    below = sorted(each for each in path.iterdir() if each.is_dir()) if path.is_dir() else []
    if inside := [each.name for each in below if any(reader.fits(each) for reader in READERS.values())]:
        raise TableError(f"{path.name}: the records are in the folder {say_list(inside, 'or')} below it. Name that.")
    forms = "\n".join(f"  {reader.name}: {reader.given}" for reader in READERS.values())
    raise TableError(f"{path.name}: I cannot tell what records these are. The forms are:\n{forms}")


def read_records(
    path: str | Path, form: str | None = None, *, as_of: date | None = None, **options: Any
) -> Reading | EventLog:
    """Read an authority's records from a file or folder, in whichever form they are.

    Args:
        path: the file or folder.
        form: the name of a reader, where it should not be found out.
        as_of: the day of which Annex A and SSDA903 speak, which do not say so themselves.
        options: for an event log, what `read_event_log` takes.

    Raises:
        TableError: the form cannot be told, or the records cannot be read.
        ValueError: there is no such form, or options are given that only an event log takes.
    """
    path = Path(path)
    if form is not None and form not in READERS:
        raise ValueError(f"the forms are: {', '.join(READERS)}")
    reader = recognise(path) if form is None else READERS[form]
    if options and reader.name != "log":
        raise ValueError(
            f"{', '.join(options)}: only an event log takes that, and {path.name} is read as {reader.title}"
        )
    if reader.name in ("annex-a", "ssda903"):
        options = {"as_of": as_of}
    try:
        return reader.read(path, **options)
    except TableError as error:
        if ": " in str(error):  # it says already which table it is
            raise
        raise TableError(f"{path.name}: {error}") from None
