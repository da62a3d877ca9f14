"""How often standards are kept, over many children: counts and shares of the table of obligations.

| count | what it counts |
|---|---|
| `subjects` | different children with any row in the group |
| `met` | done in time |
| `late` | done, but after the last day |
| `overdue` | past the last day, and still not done |
| `owed` | `met` + `late` + `overdue`: those whose outcome is decided; the denominator of `share` |
| `due` | open, and in time so far: in no share |
| `lapsed` | fell away before they were due: in no share |
| `not_assessed` | a fact was missing: neither met nor breached, in no share |

Duties of cohort standards ("in 90% of cases") count only towards their own standard. They are left out of every sum
that would mix them with others: they are there only where `standard` or `kind` is among the groups.

Small numbers are hidden unless that is switched off; docs/reference/measures.md says against what this protects.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from .kinds import COHORT
from .obligations import Status
from .rows import SNAPSHOT
from .words import plural, say_list

if TYPE_CHECKING:
    from .pack import Pack
    from .standards import Standard

__all__ = ["BANDS", "COUNTS", "Headline", "Heat", "HeatCell", "headline", "heat", "lateness", "measures"]

#: The counts of a measure, in the order of the columns.
COUNTS: Final = ("subjects", "owed", "met", "late", "overdue", "due", "lapsed", "not_assessed")
#: The bands of `lateness`: name, first and last day, in calendar days past due. Hours late on the due day are 0 days.
BANDS: Final[tuple[tuple[str, int, int | None], ...]] = (
    ("0 days", 0, 0),
    ("1-5 days", 1, 5),
    ("6-10 days", 6, 10),
    ("11-20 days", 11, 20),
    ("21-45 days", 21, 45),
    ("46+ days", 46, None),
)

_OUTCOMES = ("met", "late", "overdue", "due", "lapsed", "not_assessed")
_DECIDED = ("met", "late", "overdue")
#: Where a duty stands once and only once: what a shown number of children may be taken for the sum of.
_BLOCKS = ("owed", "due", "lapsed", "not_assessed")
_AFTER_COUNTS = ("why_not_assessed", "median_days_late", "share", "denominator", "asked_share", "reached", "hidden")
_NEEDED = ("subject", "standard", "kind", "status", "late", "overdue", "days_late", "missing")
#: Columns of the table that say what became of one duty, or name it: nothing to group by.
_NO_GROUP = {*_NEEDED, "met_on", "days_left", "key", "source_rows", "sentence"} - {"standard", "kind"}
_OF_THE_STANDARD = {"standard", "kind", "section"}
#: How a reason ends where only what is met could be told (see `feeding`): a share of those would be 100%.
_ONLY_MET = "so what is not met cannot be told"
_MOST_REASONS = 5
_MOST_ROWS_NAMED = 5
_AT_ONCE = 1 << 17  # rows looked at in one go: what bounds the memory for a file
_LEAST_SMALLEST = 5
_EXTRA = 'pip install "practice-rules[caseload]"'


# --- what is asked for ------------------------------------------------------------------------------------------------


def measures(
    rows: Any,
    *,
    by: str | Sequence[str] = ("standard",),
    pack: Pack | None = None,
    unfed: Sequence[Any] = (),
    strata: Any = None,
    smallest: int = 6,
    asked: Mapping[str, int] | None = None,
) -> Any:
    """Counts, shares and lateness of obligations, one row for each group.

    Args:
        rows: the table of obligations: a pyarrow Table, a pandas or Polars frame, the path of a Parquet or CSV file
            (read in pieces: it may be larger than memory), or a caseload.
        by: the columns to group by: `standard`, `kind`, `section`, `worker`, `team`, `month` (of the due date,
            "2023-05"), any further column of the table that does not speak of the outcome, or a column of `strata`.
        pack: the pack by which the rows were judged; a caseload brings its own. With it, the rows stand in the order
            of the document, and grouped by `standard` (with `kind` or `section`) every standard has a row.
        unfed: the standards that the data cannot feed, as objects with `standard` and `reason`, and `assessed` where
            breaches of it are named all the same; a caseload brings its own. Give a caseload's with its file.
        strata: what is known of each child: a frame with `subject` and further columns, or {column: {subject: value}};
            a caseload brings its own.
        smallest: counts from 1 to one less are hidden, with what would give them away; 0 shows all.
        asked: the share asked of a standard, in per cent, by its id: where no pack says it, or another is meant.

    Returns:
        A frame of the same kind as `rows`; a pyarrow Table for a file or a caseload. Columns: those of `by`, then
        `subjects`, `owed`, `met`, `late`, `overdue`, `due`, `lapsed`, `not_assessed`, `why_not_assessed` (the missing
        facts and how often, commonest first), `median_days_late` (calendar days, over late and overdue ones), `share`
        (met of owed, from 0 to 1; null where nothing is owed, or the data tell only one side), `denominator` (the
        number owed), `asked_share` (per cent), `reached` ("yes" or "no": for all cases of a standard together, null
        for parts of them), `hidden` (the columns of this row that are kept back). Where a duty has no value of a
        group, the group is null, and last.

    Raises:
        ValueError: a column is not there or cannot be read, rows contradict themselves, the rows are not of this pack,
            or another argument is wrong. Every problem of the rows at once; no value of a record is repeated.
        ImportError: pyarrow or narwhals is not installed.
    """
    _check_smallest(smallest)
    names = _by(by)
    source = _open(rows)
    pack, unfed = source.judged_by(pack), unfed or source.unfed
    tally = _count(source, names, strata, unfed)
    wanted = _asked_shares(pack, asked)
    _check_standards(tally, pack, unfed, asked)
    groups = dict(tally.groups)
    if "standard" in names and set(names) <= _OF_THE_STANDARD:
        _add_silent(groups, names, pack, unfed)
    keys = sorted(groups, key=_order(names, pack))
    cells = [groups[key].counts() for key in keys]
    hidden = _protected(cells, [dict(zip(names, key, strict=True)) for key in keys], smallest)

    place = names.index("standard") if "standard" in names else None
    whole = set(names) <= _OF_THE_STANDARD
    reasons = _why_never(pack, unfed) if "standard" in names and whole else {}
    table: dict[str, list[Any]] = {name: [key[at] for key in keys] for at, name in enumerate(names)}
    table |= {name: [] for name in (*COUNTS, *_AFTER_COUNTS)}
    for key, cell, secret in zip(keys, cells, hidden, strict=True):
        group, standard = groups[key], None if place is None else key[place]
        shown, kept = _shown(group, cell, secret, tally)
        reason, counted = group.why(smallest, "not_assessed" in secret)
        never = reasons.get(standard, "")
        shown["why_not_assessed"] = "; ".join(filter(None, ("" if never in reason else never, reason))) or None
        shown["denominator"] = shown["owed"]
        percent = shown["asked_share"] = None if standard is None else wanted.get(standard)
        shown["reached"] = None
        if percent is not None and whole:
            if shown["share"] is not None:
                shown["reached"] = "yes" if 100 * cell["met"] >= percent * cell["owed"] else "no"
            kept |= {"reached"} if "share" in kept else set()
        kept |= {"denominator"} if "owed" in kept else set()
        kept |= set() if counted else {"why_not_assessed"}
        shown["hidden"] = ", ".join(name for name in (*COUNTS, *_AFTER_COUNTS) if name in kept) or None
        for name in (*COUNTS, *_AFTER_COUNTS):
            table[name].append(shown[name])
    return source.give(table, tally.types)


def _shown(group: _Group, cell: _Row, secret: set[str], tally: _Tally) -> tuple[dict[str, Any], set[str]]:
    """The counts, share and median of a group without what is hidden, and the names of what is."""
    shown: dict[str, Any] = {name: None if name in secret else cell[name] for name in COUNTS}
    kept = set(secret)
    # A share or a median that does not exist is said to be hidden as well: that it is not there would tell a nought.
    kept |= {"share"} if secret & {"met", "owed"} else set()
    kept |= {"median_days_late"} if secret & {"late", "overdue"} else set()
    untold = "share" in kept or not cell["owed"] or not tally.one_sided.isdisjoint(group.standards)
    shown["share"] = None if untold else cell["met"] / cell["owed"]
    shown["median_days_late"] = None if "median_days_late" in kept else group.median()
    return shown, kept


@dataclass(frozen=True, slots=True)
class Headline:
    """The whole caseload in a few numbers; None for what is hidden. Cohort standards are not in it.

    Attributes:
        subjects: different children with any duty, judged or not.
        owed: met, late and overdue ones together: those whose outcome is decided.
        met: done in time.
        late: done after the last day.
        overdue: past the last day and still not done.
        due: open, and in time so far.
        lapsed: fell away before they were due.
        not_assessed: could not be judged, because a fact is missing.
        share: met of owed, from 0 to 1; None where nothing is owed.
        median_days_late: calendar days, over late and overdue ones; None where there are none.
        cohort: how many duties of cohort standards stand apart.
        hidden: the names of what is hidden.
    """

    subjects: int | None
    owed: int | None
    met: int | None
    late: int | None
    overdue: int | None
    due: int | None
    lapsed: int | None
    not_assessed: int | None
    share: float | None
    median_days_late: float | None
    cohort: int | None
    hidden: tuple[str, ...] = ()


def headline(rows: Any, *, unfed: Sequence[Any] = (), smallest: int = 6) -> Headline:
    """The numbers of the whole caseload, as `measures` counts them.

    Args:
        rows: as for `measures`.
        unfed: as for `measures`.
        smallest: as for `measures`.

    Raises:
        ValueError, ImportError: as for `measures`.
    """
    _check_smallest(smallest)
    source = _open(rows)
    tally = _count(source, (), None, unfed or source.unfed)
    group = tally.groups.get((), _Group())
    cell = group.counts()
    secret = _protected([cell], [{}], smallest)[0]
    shown, kept = _shown(group, cell, secret, tally)
    few = 0 < tally.cohort < smallest
    shown["cohort"] = None if few else tally.cohort
    kept |= {"cohort"} if few else set()
    return Headline(**shown, hidden=tuple(name for name in shown if name in kept))


def lateness(rows: Any, by: str | Sequence[str] = "standard", *, strata: Any = None, smallest: int = 6) -> Any:
    """How late the late and overdue ones are: one row for each group, one column for each band of calendar days.

    Overdue ones are as late as they are on the day of judging; they will be later.

    Args:
        rows: as for `measures`.
        by: as for `measures`.
        strata: as for `measures`.
        smallest: as for `measures`.

    Returns:
        A frame of the same kind as `rows` (a pyarrow Table for a file or a caseload): the columns of `by`,
        `breached` (late and overdue ones together), the bands of `BANDS`, and `hidden`. Groups without a breach
        have zeros.

    Raises:
        ValueError, ImportError: as for `measures`.
    """
    _check_smallest(smallest)
    names = _by(by)
    source = _open(rows)
    tally = _count(source, names, strata, ())
    keys = sorted(tally.groups, key=_order(names, source.pack))
    bands = tuple(name for name, _, _ in BANDS)
    cells = []
    for key in keys:
        days = tally.groups[key].days
        cell = {name: _between(days, first, last) for name, first, last in BANDS}
        cells.append({"breached": sum(cell.values()), **cell})
    labels = [dict(zip(names, key, strict=True)) for key in keys]
    columns = ("breached", *bands)
    hidden = _hide(cells, labels, columns, _sum_in_row("breached", bands), smallest)
    table: dict[str, list[Any]] = {name: [key[at] for key in keys] for at, name in enumerate(names)}
    for name in columns:
        table[name] = [None if name in secret else cell[name] for cell, secret in zip(cells, hidden, strict=True)]
    table["hidden"] = [", ".join(name for name in columns if name in secret) or None for secret in hidden]
    return source.give(table, tally.types)


class HeatCell(NamedTuple):
    """One standard in one month: how many were owed, which share of them was met, and whether anything is hidden.

    `owed` is None only where it is hidden; `share` is None where it is hidden, nothing is owed, or the data tell only
    one side of it.
    """

    owed: int | None
    share: float | None
    hidden: bool


class Heat(NamedTuple):
    """Standards by months: `cells[i][j]` is `standards[i]` in `months[j]`. Months run without a gap."""

    standards: tuple[str, ...]
    months: tuple[str, ...]
    cells: tuple[tuple[HeatCell, ...], ...]


def heat(rows: Any, pack: Pack | None = None, smallest: int = 6, *, unfed: Sequence[Any] = ()) -> Heat:
    """The share met of each standard in each month, by the month of the due date.

    Months run from the first to the last in which anything was owed. A duty without a due date has no month, and is
    not in it; `measures(by=("standard", "month"))` shows those in the rows without a month.

    Args:
        rows: as for `measures`.
        pack: as for `measures`; with it every tested standard has a line, in the order of the document.
        smallest: as for `measures`. A share is hidden where the number met or the number not met is small.
        unfed: as for `measures`.

    Raises:
        ValueError, ImportError: as for `measures`.
    """
    _check_smallest(smallest)
    source = _open(rows)
    pack = source.judged_by(pack)
    names = ("standard", "month")
    tally = _count(source, names, None, unfed or source.unfed)
    _check_standards(tally, pack, (), None)
    counted = {key: group.counts() for key, group in tally.groups.items() if key[1] is not None}
    keys = sorted((key for key, cell in counted.items() if cell["owed"]), key=_order(names, pack))
    cells = []
    for key in keys:
        owed, met = counted[key]["owed"], counted[key]["met"]
        cells.append({"owed": owed, "met": met, "breached": owed - met})
    labels = [dict(zip(names, key, strict=True)) for key in keys]
    in_row = _sum_in_row("owed", ("met", "breached"))
    hidden = _hide(cells, labels, ("owed", "met", "breached"), in_row, smallest)
    found: dict[tuple[Any, ...], HeatCell] = {}
    for key, cell, secret in zip(keys, cells, hidden, strict=True):
        share = None if secret or key[0] in tally.one_sided else cell["met"] / cell["owed"]
        found[key] = HeatCell(None if "owed" in secret else cell["owed"], share, bool(secret))
    standards = tuple(sorted(tally.standards)) if pack is None else tuple(standard.id for standard in pack.tested)
    months = _months([key[1] for key in keys])
    nothing = HeatCell(0, None, False)
    return Heat(
        standards,
        months,
        tuple(tuple(found.get((standard, month), nothing) for month in months) for standard in standards),
    )


def _months(found: Sequence[str]) -> tuple[str, ...]:
    """Every month from the first to the last."""
    if not found:
        return ()
    first, last = (12 * int(month[:4]) + int(month[5:]) - 1 for month in (min(found), max(found)))
    return tuple(f"{month // 12:04}-{month % 12 + 1:02}" for month in range(first, last + 1))


# --- the arguments ----------------------------------------------------------------------------------------------------


def _by(by: str | Sequence[str]) -> tuple[str, ...]:
    names = (by,) if isinstance(by, str) else tuple(by)
    if len(set(names)) < len(names):
        raise ValueError("by: a column is named twice. Name each once.")
    return names


def _check_smallest(smallest: int) -> None:
    """A hidden number must leave room for doubt: hiding 1 to 2 only would tell two from one by a sum."""
    if not isinstance(smallest, int) or (smallest != 0 and smallest < _LEAST_SMALLEST):
        raise ValueError(
            f"smallest: write 0 (show all), or {_LEAST_SMALLEST} or more: where only smaller numbers are hidden, "
            "they can be worked out from the rest."
        )


def _asked_shares(pack: Pack | None, asked: Mapping[str, int] | None) -> dict[str, int]:
    found = {} if pack is None else {item.id: item.share for item in pack.standards if item.share is not None}
    for standard, percent in (asked or {}).items():
        if isinstance(percent, bool) or not isinstance(percent, int) or not 1 <= percent <= 100:
            raise ValueError(f'asked: the share of "{standard}" is not a whole number from 1 to 100, in per cent.')
        found[standard] = percent
    return found


def _check_standards(tally: _Tally, pack: Pack | None, unfed: Sequence[Any], asked: Mapping[str, int] | None) -> None:
    """Rows, `unfed` and `asked` must speak of the same standards: a row of another pack would be lost or misread."""
    said = {item.standard for item in unfed}
    if pack is not None:
        known = {standard.id for standard in pack.standards}
        for what, used in (("the rows hold", tally.standards), ("unfed names", said)):
            if strange := sorted(used - known):
                raise ValueError(
                    f"{what} {plural(len(strange), 'standard')} that the pack {pack.name} does not have: "
                    f"{_some(strange)}. Give the pack by which they were judged."
                )
    else:
        known = tally.standards | said
    if strange := sorted(set(asked or ()) - known):
        raise ValueError(f"asked: there is no standard {_some(strange)}.")


def _some(names: Sequence[str]) -> str:
    shown = [f'"{name}"' for name in names[:_MOST_ROWS_NAMED]]
    left = len(names) - len(shown)
    return say_list([*shown, plural(left, "other")] if left else shown)


def _order(names: Sequence[str], pack: Pack | None) -> Callable[[tuple[Any, ...]], tuple[Any, ...]]:
    """The order of the rows: standards as in the document, everything else by value, and what is not known last."""
    places = {} if pack is None else {standard.id: number for number, standard in enumerate(pack.standards)}

    def key(values: tuple[Any, ...]) -> tuple[Any, ...]:
        found: list[Any] = []
        for name, value in zip(names, values, strict=True):
            if name == "standard" and places:
                found.append((False, places[value]))
            else:
                found.append((value is None, 0 if value is None else value))
        return tuple(found)

    return key


# --- standards of which no row speaks ---------------------------------------------------------------------------------


def _add_silent(
    groups: dict[tuple[Any, ...], _Group], names: Sequence[str], pack: Pack | None, unfed: Sequence[Any]
) -> None:
    """A row of zeros for every standard that has none."""
    seen = {key[names.index("standard")] for key in groups}
    absent: dict[str, Standard | None] = {item.standard: None for item in unfed}
    absent |= {} if pack is None else {standard.id: standard for standard in pack.standards}
    for name, standard in absent.items():
        if name not in seen:
            of = {
                "standard": name,
                "kind": None if standard is None else standard.kind,
                "section": None if standard is None else standard.source.section,
            }
            groups[tuple(of[column] for column in names)] = _Group()


def _why_never(pack: Pack | None, unfed: Sequence[Any]) -> dict[Any, str]:
    """Why a standard cannot be judged at all, by its id."""
    found: dict[Any, str] = {}
    for standard in () if pack is None else pack.standards:
        if not standard.tested:
            found[standard.id] = f"not tested: {' '.join(standard.why_not_tested.split())}"
    for item in unfed:
        found.setdefault(item.standard, " ".join(str(item.reason).split()))
    return found


# --- counting ---------------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Group:
    """What is counted of one group."""

    subjects: set[str] = field(default_factory=set)
    standards: set[str] = field(default_factory=set)
    outcomes: Counter[str] = field(default_factory=Counter)
    #: How many of the breached ones are so many days late: the median is exact, and few numbers are kept.
    days: Counter[int] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)

    def counts(self) -> dict[str, int]:
        found = {"subjects": len(self.subjects), "owed": sum(self.outcomes[name] for name in _DECIDED)}
        return found | {name: self.outcomes[name] for name in _OUTCOMES}

    def median(self) -> float | None:
        """The middle number of days late; halfway between the two middle ones where their number is even."""
        total = self.days.total()
        if not total:
            return None
        middle, passed = {(total - 1) // 2, total // 2}, 0
        found: list[int] = []
        for days in sorted(self.days):
            found += [days for place in sorted(middle) if passed <= place < passed + self.days[days]]
            passed += self.days[days]
        return sum(found) / len(found)

    def why(self, smallest: int, hidden: bool) -> tuple[str, bool]:
        """The missing facts with how often each was missing, and whether nothing of it is hidden.

        Where a count is small no count is given, and the facts stand by name, so that their order tells nothing.
        """
        if hidden:
            return "", False
        found = sorted(self.reasons.items(), key=lambda item: (-item[1], item[0]))
        shown, left = found[:_MOST_REASONS], len(found) - _MOST_REASONS
        if any(count < smallest for _, count in found):
            said = [reason for reason, _ in sorted(shown)]
            return "; ".join([*said, *(["and others"] if left > 0 else [])]), False
        said = [f"{reason} ({count})" for reason, count in shown]
        return "; ".join([*said, *([f"and {plural(left, 'other')}"] if left > 0 else [])]), True


def _between(days: Counter[int], first: int, last: int | None) -> int:
    return sum(count for late, count in days.items() if late >= first and (last is None or late <= last))


@dataclass(slots=True)
class _Tally:
    """What was counted of a table: the groups, the types of their columns, and what stood apart."""

    groups: dict[tuple[Any, ...], _Group] = field(default_factory=dict)
    types: dict[str, Any] = field(default_factory=dict)
    standards: set[str] = field(default_factory=set)
    #: Every subject once: the groups share one text for each, which is most of what is kept of a large file.
    subjects: dict[str, str] = field(default_factory=dict)
    cohort: int = 0
    #: Standards of which only some outcomes could be told, so that a share would say more than is known.
    one_sided: set[str] = field(default_factory=set)


def _count(source: _Source, names: tuple[str, ...], given: Any, unfed: Sequence[Any]) -> _Tally:
    """Count a table in one pass, piece by piece."""
    strata = _read_strata(source.strata if given is None else given)
    _check_columns(source, names, strata)
    pa, pc = _arrow(), _compute()
    tally, faults, first = _Tally(), _Faults(source.what), 1
    tally.types = {name: pa.string() for name in names}
    of_strata = [name for name in names if strata is not None and name in strata.columns]
    of_rows = [name for name in names if name != "month" and name not in of_strata]
    columns = list(dict.fromkeys([*_NEEDED, *of_rows, *(["due"] if "month" in names else [])]))
    apart = not {"standard", "kind"} & set(names)
    unsure = {item.standard: str(item.reason) for item in unfed if not getattr(item, "assessed", False)}
    matched = any_rows = False
    for piece in source.pieces(columns):
        table = _clean(piece, source.what)
        faults.look(table, first)
        first += len(table)
        if faults or not len(table):
            continue
        any_rows = True
        tally.standards.update(pc.unique(table["standard"]).to_pylist())
        tally.one_sided |= _one_sided(table) - unsure.keys()
        if unsure:
            table = _without_one_side(table, unsure)
        if strata is not None and of_strata:
            places = pc.index_in(table["subject"], value_set=strata.subjects)
            matched = matched or places.null_count < len(places)
            for name in of_strata:
                table = table.append_column(name, strata.columns[name].take(places))
        if "month" in names:
            due = table["due"]
            month = pc.add(pc.multiply(pc.year(due), 12), pc.subtract(pc.month(due), 1))
            table = table.append_column("month", month)
        if apart:
            cohort = pc.equal(table["kind"], COHORT)
            tally.cohort += pc.sum(cohort).as_py() or 0
            table = table.filter(pc.invert(cohort))
        for name in of_rows + of_strata:
            tally.types[name] = table.schema.field(name).type
        _add(tally, table, names)
    faults.tell()
    if of_strata and any_rows and not matched:
        raise ValueError(
            'strata: not one of its subjects is in the rows. The column "subject" must hold the same ids, as text.'
        )
    if "month" in names:
        at = names.index("month")
        tally.groups = {(*key[:at], _month(key[at]), *key[at + 1 :]): group for key, group in tally.groups.items()}
    return tally


def _one_sided(table: Any) -> set[str]:
    """The standards whose reasons say that only what is met, or only what is open, could be told."""
    pc = _compute()
    said = pc.or_kleene(pc.equal(table["missing"], SNAPSHOT), pc.ends_with(table["missing"], _ONLY_MET))
    return set(pc.unique(table["standard"].filter(said)).to_pylist())


def _without_one_side(table: Any, unsure: Mapping[str, str]) -> Any:
    """Where what is not met cannot be told, what is met counts as not assessed too: otherwise all would be met."""
    pa, pc = _arrow(), _compute()
    places = pc.index_in(table["standard"], value_set=pa.array(list(unsure)))
    met = pc.and_(pc.is_valid(places), pc.equal(table["status"], str(Status.MET)))
    status = pc.if_else(met, str(Status.NOT_ASSESSED), table["status"])
    missing = pc.if_else(met, pa.array(list(unsure.values())).take(places), table["missing"])
    for name, column in (("status", status), ("missing", missing)):
        table = table.set_column(table.column_names.index(name), name, column)
    return table


def _month(number: int | None) -> str | None:
    return None if number is None else f"{number // 12:04}-{number % 12 + 1:02}"


def _add(tally: _Tally, table: Any, names: tuple[str, ...]) -> None:
    """Add the counts of one piece."""
    pa, pc = _arrow(), _compute()
    if not len(table):
        return
    # Arrow groups by at least one column.
    keys = [*names, ""]
    table = table.append_column("", pa.array([0] * len(table), pa.int8()))
    late, overdue = table["late"], table["overdue"]
    outcomes = {
        status.name.lower(): pc.equal(table["status"], str(status)) for status in Status if status != Status.BREACHED
    } | {"late": late, "overdue": overdue}
    counted = table.select(list(dict.fromkeys([*keys, "subject", "standard"])))
    for name in _OUTCOMES:
        counted = counted.append_column(f" {name}", outcomes[name].cast(pa.int64()))
    found = counted.group_by(keys, use_threads=False).aggregate(
        [("subject", "distinct"), ("standard", "distinct"), *((f" {name}", "sum") for name in _OUTCOMES)]
    )
    for row in found.to_pylist():
        group = tally.groups.setdefault(tuple(row[name] for name in names), _Group())
        group.subjects.update(tally.subjects.setdefault(each, each) for each in row["subject_distinct"])
        group.standards.update(row["standard_distinct"])
        for name in _OUTCOMES:
            group.outcomes[name] += row[f" {name}_sum"]
    breached = table.filter(pc.or_(late, overdue))
    for key, days, count in _tuples(breached, names, "days_late"):
        tally.groups[key].days[days] += count
    for key, missing, count in _tuples(table.filter(outcomes["not_assessed"]), names, "missing"):
        tally.groups[key].reasons["the record does not say what" if missing is None else missing] += count


def _tuples(table: Any, names: tuple[str, ...], value: str) -> Iterator[tuple[tuple[Any, ...], Any, int]]:
    """How often each value stands in each group."""
    found = table.group_by([*names, value], use_threads=False).aggregate([([], "count_all")])
    for row in found.to_pylist():
        yield tuple(row[name] for name in names), row[value], row["count_all"]


# --- the rows as they come --------------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Source:
    """A table of obligations wherever it is.

    Attributes:
        what: how it is called in a message.
        names: its columns.
        pieces: gives some columns, in pieces.
        give: makes a frame of the same kind, of columns and the types of those that are no counts.
    """

    what: str
    names: Sequence[str]
    pieces: Callable[[list[str]], Iterator[Any]]
    backend: Any = None
    pack: Pack | None = None
    unfed: Sequence[Any] = ()
    strata: Mapping[str, Mapping[str, Any]] | None = None

    def judged_by(self, pack: Pack | None) -> Pack | None:
        """The pack that is given, or that of the caseload."""
        if pack is None or self.pack is None or pack.digest == self.pack.digest:
            return self.pack if pack is None else pack
        raise ValueError(f"pack: the caseload was judged by {self.pack.name}, not by the pack given. Leave it out.")

    def give(self, columns: Mapping[str, list[Any]], types: Mapping[str, Any]) -> Any:
        """A frame of the same kind as came in."""
        pa = _arrow()
        texts = {"why_not_assessed", "reached", "hidden"}
        made = {}
        for name, values in columns.items():
            kind = pa.float64() if name in ("median_days_late", "share") else pa.int64()
            made[name] = pa.array(values, types.get(name, pa.string() if name in texts else kind))
        table = pa.table(made)
        if self.backend is None:
            return table
        native = _narwhals().from_arrow(table, backend=self.backend).to_native()
        if self.backend.is_pandas_like():
            # Numbers with a gap would become decimal ones.
            whole = [
                name for name in columns if name not in types and pa.types.is_integer(table.schema.field(name).type)
            ]
            native = native.astype(dict.fromkeys(whole, "Int64"))
        return native


def _arrow() -> Any:
    try:
        import pyarrow
    except ImportError:
        raise ImportError(f"Measures need pyarrow, which is not installed: {_EXTRA}") from None
    return pyarrow


def _compute() -> Any:
    _arrow()
    import pyarrow.compute

    return pyarrow.compute


def _narwhals() -> Any:
    try:
        import narwhals
    except ImportError:
        raise ImportError(f"Measures of a data frame need narwhals, which is not installed: {_EXTRA}") from None
    return narwhals


def _open(rows: Any) -> _Source:
    """Where the rows are, whatever they are."""
    pa = _arrow()
    if isinstance(rows, str | Path):
        return _open_file(Path(rows))
    if hasattr(rows, "rows") and hasattr(rows, "pack"):
        return _open_caseload(rows)
    if isinstance(rows, pa.Table):
        return _Source("the rows", rows.column_names, _slices(rows))
    frame = _frame(rows, "rows")
    return _Source(
        "the rows", frame.columns, lambda columns: _slices(_to_arrow(frame, columns))(columns), frame.implementation
    )


def _open_caseload(caseload: Any) -> _Source:
    """The rows of a caseload, from their file where they were written to one."""
    source = _open(getattr(caseload, "path", None) or caseload.rows())
    source.pack, source.unfed = caseload.pack, tuple(getattr(caseload, "unfed", ()))
    if known := getattr(caseload, "strata", None):
        source.strata = {}
        for subject, of in known.items():
            for name, value in of.items():
                source.strata.setdefault(name, {})[subject] = value  # type: ignore[index]
    return source


def _frame(given: Any, argument: str) -> Any:
    nw = _narwhals()
    try:
        return nw.from_native(given, eager_only=True)
    except TypeError:
        raise ValueError(
            f"{argument}: this is no table. Give a pyarrow Table, a pandas or Polars frame that holds its rows "
            "(collect a lazy one first)"
            + (", the path of a Parquet or CSV file, or a caseload." if argument == "rows" else ".")
        ) from None


def _to_arrow(frame: Any, columns: Sequence[str]) -> Any:
    pa = _arrow()
    made, wrong = {}, []
    for name in columns:
        try:
            made[name] = frame.select(name).to_arrow()[name]
        except (pa.ArrowException, TypeError):
            wrong.append(name)  # Arrow's own message would repeat the value
    if wrong:
        raise ValueError(f"the column {_some(wrong)} holds values of more than one sort. Give it one type.")
    return pa.table(made)


def _slices(table: Any) -> Callable[[list[str]], Iterator[Any]]:
    def pieces(columns: list[str]) -> Iterator[Any]:
        chosen = table.select(columns)
        for start in range(0, len(chosen), _AT_ONCE):
            yield chosen.slice(start, _AT_ONCE)

    return pieces


def _open_file(path: Path) -> _Source:
    pa = _arrow()
    if not path.is_file():
        raise ValueError(f"{path}: there is no such file.")
    if path.suffix.lower() == ".csv":
        return _open_csv(path)
    if path.suffix.lower() not in (".parquet", ".pq"):
        raise ValueError(f"{path}: rows are read from a .parquet or a .csv file.")
    import pyarrow.parquet as pq

    try:
        with pq.ParquetFile(path) as file:
            names = file.schema_arrow.names
    except pa.ArrowException:
        raise ValueError(f"{path}: this is not a Parquet file that can be read. Write it again.") from None

    def pieces(columns: list[str]) -> Iterator[Any]:
        with pq.ParquetFile(path) as file:
            for batch in file.iter_batches(_AT_ONCE, columns=columns):
                yield pa.Table.from_batches([batch])

    return _Source(path.name, names, pieces)


def _open_csv(path: Path) -> _Source:
    pa = _arrow()
    from pyarrow import csv

    day, yes_no, number = pa.date32(), pa.bool_(), pa.int32()
    types = {"opened": day, "due": day, "met_on": day, "late": yes_no, "overdue": yes_no}
    types |= {"days_late": number, "days_left": number}

    def reader(**options: Any) -> Any:
        convert = csv.ConvertOptions(
            strings_can_be_null=True,
            null_values=[""],
            true_values=["true", "True", "TRUE", "yes", "1"],
            false_values=["false", "False", "FALSE", "no", "0"],
            **options,
        )
        parse = csv.ParseOptions(newlines_in_values=True)
        return csv.open_csv(path, convert_options=convert, parse_options=parse)

    def unread(error: Exception, names: Sequence[str]) -> ValueError:
        """What is wrong, without the value that Arrow's own message repeats."""
        column = re.search(r"CSV column #(\d+)", str(error))
        where = f' column "{names[int(column[1])]}":' if column and int(column[1]) < len(names) else ""
        return ValueError(
            f"{path.name}:{where} a cell cannot be read. Dates are written 2024-03-28, numbers in figures."
        )

    try:
        with reader() as opened:
            names = list(opened.schema.names)
    except pa.ArrowException:
        raise ValueError(f"{path.name}: this is not a CSV file with a first row that names the columns.") from None

    def pieces(columns: list[str]) -> Iterator[Any]:
        try:
            with reader(
                include_columns=columns, column_types={name: types.get(name, pa.string()) for name in columns}
            ) as opened:
                for batch in opened:
                    yield pa.Table.from_batches([batch])
        except pa.ArrowException as error:
            raise unread(error, columns) from None

    return _Source(path.name, names, pieces)


def _check_columns(source: _Source, names: Sequence[str], strata: _Strata | None) -> None:
    """What is needed must be there, and what is asked for; every problem at once."""
    own = {*COUNTS, *_AFTER_COUNTS, "breached", *(name for name, _, _ in BANDS)}
    of_rows = [name for name in source.names if name not in _NO_GROUP and name not in own]
    of_strata = [] if strata is None else list(strata.columns)
    there = list(dict.fromkeys([*of_rows, *(["month"] if "due" in source.names else []), *of_strata]))
    problems = []
    if absent := [name for name in _NEEDED if name not in source.names]:
        problems.append(f"{source.what}: there is no column {_some(absent)}. A table of obligations has them.")
    if twice := sorted(name for name, times in Counter(source.names).items() if times > 1):
        problems.append(f"{source.what}: the column {_some(twice)} is there twice.")
    taken = {*source.names, *own, "month"}
    if both := [name for name in of_strata if name in taken and name in names]:
        problems.append(f"strata: the name {_some(both)} is taken already. Give the column another.")
    if strange := [name for name in names if name not in there]:
        problems.append(f"by: there is no {_some(strange)} to group by. There is: {', '.join(there)}.")
    if problems:
        raise ValueError("\n".join(problems))


def _plain(column: Any) -> Any:
    """A column without dictionary encoding, and with texts of the common type."""
    pa = _arrow()
    if pa.types.is_dictionary(column.type):
        column = column.cast(column.type.value_type)
    kind = column.type
    if pa.types.is_large_string(kind) or pa.types.is_string_view(kind) or pa.types.is_null(kind):
        column = column.cast(pa.string())
    return column


def _clean(piece: Any, what: str) -> Any:
    """The columns in the types in which they are counted; every column that cannot be, at once."""
    pa = _arrow()
    made, problems = {}, []
    for name in piece.column_names:
        column = _plain(piece[name])
        kind = column.type
        if name in ("subject", "standard", "kind", "status", "missing"):
            good = pa.types.is_string(kind) or (name == "subject" and pa.types.is_integer(kind))
            column, wanted = (column.cast(pa.string()) if good else None), "text"
        elif name in ("late", "overdue"):
            good = pa.types.is_boolean(kind) or column.null_count == len(column)
            column, wanted = (column.cast(pa.bool_()).fill_null(False) if good else None), "true or false"
        elif name in ("days_late", "due"):
            to, wanted = (pa.int64(), "whole numbers") if name == "days_late" else (pa.date32(), "dates")
            try:
                column = column.cast(to, safe=name == "days_late")
            except pa.ArrowException:
                column = None
        else:
            wanted = ""
        if column is None:
            problems.append(f'{what}: the column "{name}" does not hold {wanted}.')
        made[name] = column
    if problems:
        raise ValueError("\n".join(problems))
    return pa.table(made)


class _Faults:
    """Rows that contradict themselves; rows are named by number, never by what stands in them."""

    def __init__(self, what: str) -> None:
        self.what = what
        self.found: dict[str, list[int]] = {}
        self.count: Counter[str] = Counter()

    def __bool__(self) -> bool:
        return bool(self.count)

    def look(self, table: Any, first: int) -> None:
        """Look through one piece whose first row has that number."""
        pa, pc = _arrow(), _compute()
        status, late, overdue = table["status"], table["late"], table["overdue"]
        known = pc.is_in(status, value_set=pa.array([str(each) for each in Status]))
        breached = pc.fill_null(pc.equal(status, str(Status.BREACHED)), False)
        days = table["days_late"]
        wrong = {f'the column "{name}" is empty': pc.is_null(table[name]) for name in ("subject", "standard", "kind")}
        wrong |= {
            f"the status is none of {', '.join(map(str, Status))}": pc.invert(known),
            "breached, and neither late nor overdue": pc.and_not(breached, pc.or_(late, overdue)),
            "late or overdue, and not breached": pc.and_not(pc.or_(late, overdue), breached),
            "late and overdue at once": pc.and_(late, overdue),
            "breached, without days late": pc.and_(breached, pc.is_null(days)),
            "days late below 0": pc.fill_null(pc.and_(breached, pc.less(days, 0)), False),
        }
        for message, mask in wrong.items():
            if count := pc.sum(mask).as_py() or 0:
                self.count[message] += count
                rows = self.found.setdefault(message, [])
                places = pc.indices_nonzero(mask).slice(0, _MOST_ROWS_NAMED - len(rows))
                rows += [first + place for place in places.to_pylist()]

    def tell(self) -> None:
        """Raise what was found, if anything was."""
        if not self.count:
            return
        lines = [f"{self.what} cannot be counted. The first row of data is row 1."]
        for message, rows in self.found.items():
            left = self.count[message] - len(rows)
            where = say_list([*map(str, rows), *([f"{left} more"] if left else [])])
            lines.append(f"{'row' if self.count[message] == 1 else 'rows'} {where}: {message}.")
        raise ValueError("\n".join(lines))


@dataclass(slots=True)
class _Strata:
    """What is known of each child: the ids, and columns of the same length."""

    subjects: Any
    columns: dict[str, Any]


def _read_strata(strata: Any) -> _Strata | None:
    """The strata as columns.

    Raises:
        ValueError: no subject, or one twice.
    """
    if strata is None:
        return None
    pa, pc = _arrow(), _compute()
    if isinstance(strata, Mapping):
        if not strata or not all(isinstance(values, Mapping) for values in strata.values()):
            raise ValueError("strata: a dictionary gives the values by column and subject: {column: {subject: value}}.")
        ids = sorted({str(subject) for values in strata.values() for subject in values})
        named = {name: {str(subject): value for subject, value in values.items()} for name, values in strata.items()}
        table = pa.table({"subject": ids} | {name: [of.get(each) for each in ids] for name, of in named.items()})
    elif isinstance(strata, pa.Table):
        table = strata
    else:
        frame = _frame(strata, "strata")
        table = _to_arrow(frame, frame.columns)
    if "subject" not in table.column_names:
        raise ValueError('strata: there is no column "subject".')
    subjects = _plain(table["subject"])
    if not (pa.types.is_string(subjects.type) or pa.types.is_integer(subjects.type)):
        raise ValueError('strata: the column "subject" does not hold text.')
    subjects = subjects.cast(pa.string()).combine_chunks()
    if subjects.null_count:
        raise ValueError('strata: the column "subject" has an empty cell.')
    if len(pc.unique(subjects)) < len(subjects):
        raise ValueError("strata: a subject is there twice. Give each child one row.")
    columns = {name: _plain(table[name]).combine_chunks() for name in table.column_names if name != "subject"}
    return _Strata(subjects, columns)


# --- small numbers ----------------------------------------------------------------------------------------------------
#
# What a reader can do: subtract within a row (owed = met + late + overdue), and subtract the groups that are shown from
# a total that stands elsewhere. And a reader knows the rule: what is hidden is first of all what lies between 1 and
# smallest - 1. So numbers of which only the sum is known are told not only where there is one of them, but also where
# that many ones, or that many of smallest - 1, make up the sum.

_Row = dict[str, int]
_InRow = Callable[[_Row, set[str], int], None]


def _told(values: Sequence[int], smallest: int) -> bool:
    """Whether hidden numbers can be told from their sum."""
    number, total = len(values), sum(values)
    return number == 1 or total in (0, number, number * (smallest - 1))


def _sum_in_row(total: str, parts: Sequence[str]) -> _InRow:
    """Protection of the numbers of a row that add up: more are hidden, the smallest first, the total last."""

    def protect(row: _Row, hidden: set[str], smallest: int) -> None:
        while True:
            secret = [name for name in parts if name in hidden]
            if total in hidden:
                told = len(secret) in (0, smallest - 1)
            else:
                told = bool(secret) and _told([row[name] for name in secret], smallest)
            shown = [name for name in parts if name not in hidden]
            if not told or (total in hidden and not shown):
                return
            # All that are equally small: which of them was taken would tell which one is small.
            least = min((row[name] for name in shown), default=None)
            hidden.update([name for name in shown if row[name] == least] or [total])

    return protect


_owed_in_row = _sum_in_row("owed", _DECIDED)


def _measure_in_row(row: _Row, hidden: set[str], smallest: int) -> None:
    """Protection of one row of measures."""
    # The number breached is in no column, but owed less met gives it.
    if 0 < row["owed"] - row["met"] < smallest and "owed" not in hidden:
        hidden.add("met")
    _owed_in_row(row, hidden, smallest)
    # Where every child has one duty, the number of children is the sum of the rest.
    secret = [name for name in _BLOCKS if name in hidden]
    left = row["subjects"] - sum(row[name] for name in _BLOCKS if name not in hidden)
    number = len(secret)
    if secret and (number == 1 or left == number or left >= number * (smallest - 1)):
        hidden.add("subjects")


def _protected(cells: Sequence[_Row], labels: Sequence[Mapping[str, Any]], smallest: int) -> list[set[str]]:
    return _hide(cells, labels, COUNTS, _measure_in_row, smallest)


def _hide(
    cells: Sequence[_Row],
    labels: Sequence[Mapping[str, Any]],
    columns: Sequence[str],
    in_row: _InRow,
    smallest: int,
) -> list[set[str]]:
    """The names of what is hidden in each row.

    Along every line of the table that adds up to a number which a coarser table shows (all rows; all of one standard,
    of one team …), a hidden number has hidden ones beside it. A row in which nothing is counted hides nothing.
    """
    hidden = [{name for name in columns if 0 < cell[name] < smallest} for cell in cells]
    if not smallest:
        return hidden
    lines = list(_lines(labels, [number for number, cell in enumerate(cells) if any(cell.values())]))
    before = -1
    while before != (before := sum(map(len, hidden))):
        for cell, secret in zip(cells, hidden, strict=True):
            in_row(cell, secret, smallest)
        for line in lines:
            for name in columns:
                _in_line(cells, hidden, line, name, smallest)
    return hidden


def _in_line(cells: Sequence[_Row], hidden: list[set[str]], line: Sequence[int], name: str, smallest: int) -> None:
    while True:
        secret = [cells[number][name] for number in line if name in hidden[number]]
        shown = [number for number in line if name not in hidden[number]]
        if not secret or not shown or not _told(secret, smallest):
            return
        hidden[min(shown, key=lambda number: cells[number][name])].add(name)


def _lines(labels: Sequence[Mapping[str, Any]], counted: Iterable[int]) -> Iterator[list[int]]:
    """The rows that a coarser table adds up: all that are alike in some of the columns; the shortest lines first."""
    counted = list(counted)
    names = list(labels[0]) if labels else []
    for some in (each for size in reversed(range(len(names) or 1)) for each in combinations(names, size)):
        found: dict[tuple[Any, ...], list[int]] = {}
        for number in counted:
            found.setdefault(tuple(labels[number][name] for name in some), []).append(number)
        yield from found.values()
