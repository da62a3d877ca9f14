"""A whole caseload as one page: for managers, inspectors and analysts.

The page is one file and fetches nothing. What is counted is counted by `measures` and `worklists`; here it is only
shown. What comes from records is escaped. Equal inputs give equal bytes.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from ._version import __version__
from .evaluating import evaluate
from .evaluations import Evaluation
from .events import History
from .explaining import Explanation, _clause, explain
from .kinds import COHORT
from .measures import BANDS, HeatCell, headline, heat, lateness, measures
from .obligations import Obligation, Status
from .pack import Pack
from .showing import _days, _done, _due, _moment, _ordered, _plain, _templates
from .words import plural, say_date, say_list
from .worklists import work_and_rest

if TYPE_CHECKING:
    import pyarrow

    from .caseloads import Caseload

__all__ = ["caseload_html"]

#: The characters that the cases of one page may take together: pictures, and how each result was worked out.
_ROOM = 6_000_000
#: What one obligation without its steps takes of them.
_LINE = 220
#: Of bad cells and of children who could not be judged, so many are listed.
_FIRST = 20
#: The steps of the work list, in working days.
_STEPS = (5, 10, 20)
#: So many months stand in the heat map, the latest ones.
_MONTHS_SHOWN = 24
#: From which share a shade begins, the palest first.
_SHADES = (95, 80, 60, 40, 0)
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_HIDDEN = "hidden"
_NOBODY = "No worker recorded"
_NO_TEAM = "No team recorded"
_MEANING = (
    "Owed are the obligations whose outcome is decided: met in time, done late, and overdue (past the last day and "
    "still not done). Due ones are open and in time so far. The share is met in time of owed; due, lapsed and not "
    "assessed ones are in no share. Shares are cut to one decimal place, never rounded up."
)


def caseload_html(
    caseload: Caseload,
    *,
    histories: Mapping[str, History] | Callable[[str], History | None] | None = None,
    cases: int = 30,
    smallest: int = 6,
    work: int = 200,
    title: str | None = None,
) -> str:
    """A caseload as one self-contained HTML page: what it rests on, measures, work list, and the most urgent cases.

    The measures hide small numbers; the work list and the cases name children. For a page that may be passed on,
    give no histories and `work=0`, and no child is named on it; teams and workers are.

    Args:
        caseload: as `evaluate_caseload` gives it.
        histories: by subject, or a function of the subject; the most urgent children are judged again and explained.
            None: the page has no cases, and says so.
        cases: how many children are explained at most.
        smallest: counts from 1 to one less are hidden in the measures, with what would give them away; 0 shows all.
        work: how many rows of the work list stand on the page at most; 0 leaves the work list out.
        title: the heading of the page.

    Raises:
        ImportError: pyarrow or jinja2 is not installed.
        ValueError: `cases` or `work` is below 0; `smallest` is one that `measures` refuses; or the rows were not
            judged by the caseload's pack.
    """
    if cases < 0 or work < 0:
        raise ValueError("cases and work are numbers of children and of rows: 0 or more")
    pack, rows = caseload.pack, caseload.rows()
    places = {standard.id: f"standard-{number}" for number, standard in enumerate(pack.standards, 1)}
    counts = _Counts(pack, rows, tuple(caseload.unfed), smallest, places)
    day = caseload.as_of.date() if isinstance(caseload.as_of, datetime) else caseload.as_of
    listed, left_out = work_and_rest(caseload, steps=_STEPS)
    todo = listed.to_pylist()
    drill = _drill(caseload, rows, todo, histories, cases, places)
    refused = [_plain(str(item)) for item in caseload.refused]
    faults = _faults(tuple(caseload.faults))
    head = title or f"Caseload as of {say_date(day)}"
    named = bool(work) or histories is not None
    page: str = (
        _templates()
        .get_template("caseload.html.j2")
        .render(
            title=_plain(head),
            pack=pack,
            facts=_facts(caseload, rows),
            contents=_CONTENTS,
            left_out=_left_out(counts, pack, len(refused), len(caseload.faults)),
            notes=[_plain(note) for note in caseload.notes],
            tally=counts.tally(),
            headline=counts.headline_words(),
            meaning=_MEANING + _small(smallest),
            tables=counts.tables(),
            cohorts=counts.cohorts(),
            unallocated=counts.unallocated(),
            heat=counts.heat(day),
            late=counts.lateness(),
            todo=_work(todo, left_out, work, drill.places_of, day),
            drill={"words": drill.words, "cases": drill.cases},
            styles=[(name, style) for style, name in drill.pictures.styles.items()],
            missing=counts.missing(),
            unfed=_unfed(caseload.unfed, pack, places),
            silent=counts.silent(),
            untested=_untested(pack, places),
            refused=_refused(refused, named),
            faults=faults,
            clauses=_clauses(pack, counts.became(), places),
            made_by=f"Made by practice_rules {__version__}, calendar {pack.calendar.edition}. {pack.edition}.",
            private=_PRIVATE if named else "No child is named on it.",
        )
    )
    return page.lstrip()


_CONTENTS = (
    ("All obligations", "headline"),
    ("By section and standard", "sections"),
    ("By team and worker", "people"),
    ("By month", "months"),
    ("How late", "lateness"),
    ("Work list", "work"),
    ("Cases", "cases"),
    ("What was not judged", "not-judged"),
    ("Every standard", "clauses"),
)
_PRIVATE = (
    "The work list and the cases name children, so the page is as confidential as the records, and numbers hidden in "
    "the tables can be counted from them."
)


def _small(smallest: int) -> str:
    if not smallest:
        return " No number is hidden."
    return (
        f" Numbers from 1 to {smallest - 1} are hidden, and others with which they could be worked out: "
        f"such a cell says “{_HIDDEN}”. For use inside the service, the page can be made with every number shown."
    )


def _facts(caseload: Caseload, rows: pyarrow.Table) -> list[tuple[str, str]]:
    pack = caseload.pack
    known_at = caseload.as_of if caseload.known_at is None else caseload.known_at
    return [
        ("Authority", pack.authority),
        ("Pack", f"{pack.name}: {plural(len(pack), 'standard')}, {len(pack.tested)} of them tested"),
        ("Edition", pack.edition),
        ("As of", _moment(caseload.as_of)),
        ("Known at", f"{_moment(known_at)}; what was recorded later is not used"),
        ("Children", f"{caseload.subjects:,}"),
        ("Rows", f"{rows.num_rows:,}, one for each obligation or missing fact"),
        ("Source of the data", _plain(caseload.source)),
        ("Made by", f"practice_rules {__version__}"),
    ]


def _left_out(counts: _Counts, pack: Pack, refused: int, faults: int) -> list[tuple[str, str]]:
    """What no number of the page counts, each with the place that says more."""
    found: list[tuple[str, str]] = []
    lacking = counts.headline.not_assessed
    if lacking is None or lacking:
        some = "Some obligations" if lacking is None else _count(lacking, "obligation")
        # A hidden number may be none at all.
        most = [row["standard"] for row in counts.lacking()[:3] if row["not_assessed"]]
        found.append(
            (
                f"{some} could not be judged, because the records do not say enough"
                + (f"; most often for {say_list(most)}." if most else "."),
                "missing",
            )
        )
    for number, one, many, place in (
        (
            len(counts.unfed),
            f"of {len(pack.tested)} tested standards cannot be judged from this data: nothing can open it, or only "
            "what was met can be told.",
            f"of {len(pack.tested)} tested standards cannot be judged from this data: nothing can open them, or only "
            "what was met can be told.",
            "unfed",
        ),
        (
            len(counts.partly),
            "standard is judged without an event that the data cannot hold and that might change the result.",
            "standards are judged without an event that the data cannot hold and that might change the result.",
            "unfed",
        ),
        (
            len(pack) - len(pack.tested),
            "standard of the pack is not tested, because it cannot be judged by dates and records.",
            "standards of the pack are not tested, because they cannot be judged by dates and records.",
            "not-tested",
        ),
        (
            len(counts.quiet()),
            "standard is tested, and opened no obligation for any child.",
            "standards are tested, and opened no obligation for any child.",
            "silent",
        ),
        (
            refused,
            "child could not be judged at all, and is in no number.",
            "children could not be judged at all, and are in no number.",
            "refused",
        ),
        (
            faults,
            "cell could not be read, and was left out.",
            "cells could not be read, and were left out.",
            "bad-cells",
        ),
    ):
        if number:
            found.append((f"{number:,} {one if number == 1 else many}", place))
    return found


# --- tables and their cells -------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Cell:
    """One cell of a table: what it says and what it is sorted by ("" is last; None: by what it says)."""

    text: str
    sort: str | None = None
    small: str = ""
    number: bool = True
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class _Row:
    """One line of a table: its heading and its cells."""

    name: str
    cells: tuple[_Cell, ...]
    small: str = ""
    href: str = ""
    anchor: str = ""


@dataclass(frozen=True, slots=True)
class _Table:
    """A table with a caption; the first column is the heading of each line."""

    id: str
    caption: str
    columns: tuple[str, ...]
    rows: tuple[_Row, ...]


_UNTOLD = "cannot be told"
_HIDDEN_CELL = _Cell(_HIDDEN, sort="", hidden=True)
_UNTOLD_CELL = _Cell(_UNTOLD, sort="", hidden=True)


def _number(value: int | None) -> _Cell:
    return _HIDDEN_CELL if value is None else _Cell(f"{value:,}", sort=str(value))


def _words(text: str) -> _Cell:
    return _Cell(text, number=False)


def _percent(share: float, owed: int) -> str:
    """A share with one decimal place, cut and never rounded: 100.0% is said only where every one was met."""
    thousandths = round(share * owed) * 1000 // owed
    return f"{thousandths // 10}.{thousandths % 10}%"


def _share(row: Mapping[str, Any]) -> _Cell:
    """The share met in time, with what it is a share of."""
    if row["share"] is None:
        if "share" in (row["hidden"] or "").split(", "):
            return _HIDDEN_CELL
        # Owed and without a share: the data tell only one side, and a share would say more than is known.
        return _UNTOLD_CELL if row["denominator"] else _Cell("–", sort="")
    return _Cell(
        _percent(row["share"], row["denominator"]),
        sort=f"{row['share']:.6f}",
        small=f"{row['met']:,} of {row['denominator']:,}",
    )


def _median(row: Mapping[str, Any]) -> _Cell:
    if row["median_days_late"] is None:
        return _HIDDEN_CELL if "median_days_late" in (row["hidden"] or "").split(", ") else _Cell("–", sort="")
    return _Cell(f"{row['median_days_late']:g}", sort=str(row["median_days_late"]))


# --- what is counted --------------------------------------------------------------------------------------------------

_MEASURES = ("Met in time of owed", "Owed", "Met in time", "Late", "Overdue", "Due", "Lapsed", "Not assessed")
_SAID = ("owed", "met", "late", "overdue", "due", "lapsed", "not_assessed")


#: What parts a heading from what stands under it, in the section of a standard: "Reviews / Visits / 1".
_PART = " / "
_CHAPTER = "chapter of the document"


def _with_chapters(rows: pyarrow.Table) -> pyarrow.Table:
    """The rows with the first heading of their section: a document of many numbered paragraphs has few of those."""
    import pyarrow as pa
    import pyarrow.compute as pc

    sections = rows["section"].cast(pa.string())
    known = pc.unique(sections).drop_null()
    chapters = pa.array([section.split(_PART)[0] for section in known.to_pylist()], pa.string())
    return rows.append_column(_CHAPTER, chapters.take(pc.index_in(sections, value_set=known).combine_chunks()))


class _Counts:
    """The measures of a caseload, and how the page says them."""

    def __init__(
        self, pack: Pack, rows: pyarrow.Table, unfed: Sequence[Any], smallest: int, places: Mapping[str, str]
    ) -> None:
        self.pack = pack
        self.rows = _with_chapters(rows)
        self.smallest = smallest
        self.places = places
        # Some are judged all the same, without what an event might have changed.
        self.partly = {item.standard for item in unfed if getattr(item, "assessed", False)}
        self.unfed = {item.standard for item in unfed} - self.partly
        self.given = tuple(unfed)
        self.headline = headline(rows, unfed=self.given, smallest=smallest)
        made = measures(rows, by=("standard", "kind", "section"), pack=pack, unfed=self.given, smallest=smallest)
        self.standards: list[dict[str, Any]] = made.to_pylist()
        self.teams = self.by("team")

    def by(self, *names: str) -> list[dict[str, Any]]:
        """The measures by some columns."""
        made = measures(self.rows, by=names, pack=self.pack, unfed=self.given, smallest=self.smallest)
        found: list[dict[str, Any]] = made.to_pylist()
        return found

    # --- in words

    def share(self, row: Mapping[str, Any]) -> _Cell:
        """The share of a standard; none where the data can only tell what was met."""
        return _UNTOLD_CELL if row["standard"] in self.unfed else _share(row)

    def tally(self) -> list[tuple[str, str, str, str]]:
        """The numbers of the headline: what, how many, its look, and what it is a part of."""
        said = (
            ("owed", "owed", ""),
            ("met", "met in time", "of those owed"),
            ("late", "done late", "of those owed"),
            ("overdue", "overdue", "of those owed"),
            ("due", "due", "open, in time so far"),
            ("lapsed", "lapsed", "fell away"),
            ("not_assessed", "not assessed", "the records do not say enough"),
        )
        return [
            (words, _number(getattr(self.headline, name)).text, name.replace("_", "-"), small)
            for name, words, small in said
        ]

    def headline_words(self) -> list[str]:
        """The headline in sentences."""
        head = self.headline
        lines = []
        if head.share is not None and head.owed:
            lines.append(f"Met in time: {_percent(head.share, head.owed)} ({head.met:,} of {head.owed:,} owed).")
        elif "share" in head.hidden:
            lines.append("The share met in time is hidden, because a number in it is small.")
        elif head.owed:
            lines.append("There is no share of all: of some obligations the data tell only one side.")
        else:
            lines.append("Nothing was owed yet, so there is no share.")
        if head.median_days_late is not None:
            lines.append(
                f"Half of what was late or is overdue is {head.median_days_late:g} days late or less; "
                "what is overdue becomes later every day."
            )
        if head.cohort is None or head.cohort:
            number = "Some" if head.cohort is None else f"{head.cohort:,}"
            lines.append(f"{number} more count only towards a share of many cases, and are in none of these numbers.")
        return lines

    def unallocated(self) -> str:
        """How much is nobody's."""
        found = [row for row in self.teams if row["team"] is None]
        if not found or found[0]["owed"] == 0:
            return ""
        owed = "Some owed obligations" if found[0]["owed"] is None else _count(found[0]["owed"], "owed obligation")
        return f"{owed} could be given to no team."

    # --- tables

    def tables(self) -> dict[str, _Table]:
        """Sections, standards, teams and workers."""
        first: dict[str, int] = {}
        for standard in self.pack.standards:
            first.setdefault(standard.source.section.split(_PART)[0], standard.number)
        chapters = sorted(self.by(_CHAPTER), key=lambda row: first.get(row[_CHAPTER], len(self.pack)))
        standards = [row for row in self.standards if row["kind"] != COHORT and _any(row)]
        return {
            "section": self._table(
                "sections-table",
                "Obligations by section of the document, in its order",
                "Section",
                ((row[_CHAPTER] or "No section", "", "", row) for row in chapters),
            ),
            "standard": self._table(
                "standards-table",
                "Obligations by standard, in the order of the document",
                "Standard",
                ((row["standard"], row["section"], self.places[row["standard"]], row) for row in standards),
            ),
            "team": self._table(
                "teams-table",
                "Obligations by team",
                "Team",
                ((_plain(row["team"] or _NO_TEAM), "", "", row) for row in self.teams),
            ),
            "worker": self._table(
                "workers-table",
                "Obligations by worker",
                "Worker",
                (
                    (_plain(row["worker"] or _NOBODY), _plain(row["team"] or _NO_TEAM), "", row)
                    for row in self.by("team", "worker")
                ),
            ),
        }

    def _table(
        self, id_: str, caption: str, first: str, rows: Iterable[tuple[str, str, str, Mapping[str, Any]]]
    ) -> _Table:
        return _Table(
            id_,
            caption,
            (first, *_MEASURES, "Median days late", "Children"),
            tuple(
                _Row(
                    name,
                    (
                        self.share(row) if "standard" in row else _share(row),
                        *(_number(row[key]) for key in _SAID),
                        _median(row),
                        _number(row["subjects"]),
                    ),
                    small=small,
                    href=href,
                )
                for name, small, href, row in rows
            ),
        )

    def cohorts(self) -> dict[str, Any]:
        """Standards that ask for a share of many cases, with what they ask and whether it was reached."""
        rows = []
        asked = [row for row in self.standards if row["kind"] == COHORT]
        for row in asked:
            reached = {"yes": "reached", "no": "not reached"}.get(row["reached"] or "")
            if reached is None:
                hidden = "reached" in (row["hidden"] or "").split(", ")
                reached = _HIDDEN if hidden else _UNTOLD if row["denominator"] else "nothing owed yet"
            if row["standard"] in self.unfed:
                reached = "the data cannot feed it"
            share = "–" if row["asked_share"] is None else f"{row['asked_share']}%"
            cells = (
                _Cell(share, sort=str(row["asked_share"] or "")),
                self.share(row),
                _words(reached),
                *(_number(row[key]) for key in ("owed", "met", "late", "overdue", "due", "not_assessed")),
            )
            place = self.places[row["standard"]]
            rows.append(_Row(row["standard"], cells, small=self.pack[row["standard"]].says, href=place))
        columns = ("Standard", "Asked", "Met in time of owed", "Result", "Owed", "Met in time", "Late", "Not done")
        made = _Table("cohorts-table", "Shares asked, and shares met", (*columns, "Due", "Not assessed"), tuple(rows))
        return {"id": made.id, "caption": made.caption, "columns": made.columns, "rows": made.rows, "none": _NO_COHORT}

    def lacking(self) -> list[dict[str, Any]]:
        """The standards with obligations that could not be judged, the commonest first."""
        found = [row for row in self.standards if row["not_assessed"] is None or row["not_assessed"]]
        return sorted(found, key=lambda row: -(row["not_assessed"] or 0))

    def missing(self) -> _Table:
        """What could not be judged because the records do not say enough, by standard."""
        rows = tuple(
            _Row(
                row["standard"],
                (
                    _number(row["not_assessed"]),
                    _words(_upper_first(row["why_not_assessed"]))
                    if row["why_not_assessed"]
                    else replace(_HIDDEN_CELL, sort=None, number=False),
                ),
                small=row["section"],
                href=self.places[row["standard"]],
            )
            for row in self.lacking()
        )
        columns = ("Standard", "Not assessed", "Why, and how often")
        return _Table("missing-table", "Obligations that could not be judged, by standard", columns, rows)

    def quiet(self) -> list[str]:
        """The tested standards that the data could feed and that opened nothing."""
        tested = {standard.id for standard in self.pack.tested} - self.unfed
        return [row["standard"] for row in self.standards if row["standard"] in tested and not _any(row)]

    def silent(self) -> _Table:
        """The same, as a table."""
        rows = tuple(
            _Row(name, (_words(self.pack[name].says),), small=self.pack[name].source.section, href=self.places[name])
            for name in self.quiet()
        )
        return _Table("silent-table", "Tested, and nothing opened", ("Standard", "What it asks"), rows)

    def became(self) -> dict[str, str]:
        """In a few words, what became of each standard of the pack."""
        found: dict[str, str] = {}
        for row in self.standards:
            standard = self.pack[row["standard"]]
            if not standard.tested:
                said = "Not tested"
            elif standard.id in self.unfed:
                said = "The data cannot feed it"
            elif _any(row):
                share = _share(row)
                said = "Nothing owed yet" if share.text == "–" else f"Met in time: {share.text} {share.small}".strip()
            else:
                said = "Opened nothing"
            partly = "; the data cannot feed it wholly" if standard.id in self.partly else ""
            found[standard.id] = said + partly
        return found

    # --- pictures

    def heat(self, day: date) -> dict[str, Any]:
        """Standards by month of the due date, the latest months up to the day of judging."""
        found = heat(self.rows, self.pack, self.smallest, unfed=self.given)
        # Of what is due later only the part done early is decided: a share of it would always be 100%.
        end = sum(month <= day.isoformat()[:7] for month in found.months)
        start = max(0, end - _MONTHS_SHOWN)
        months = found.months[start:end]
        rows = []
        quiet = 0
        for standard, every in zip(found.standards, found.cells, strict=True):
            cells = every[start:end]
            if standard in self.unfed:
                continue
            if all(cell.owed == 0 for cell in cells):
                quiet += 1
                continue
            share = " (share of many cases)" if self.pack[standard].kind == COHORT else ""
            rows.append({"name": f"{standard}{share}", "cells": [_heat_cell(cell) for cell in cells]})
        words = (
            "Each cell says which share of what was due in that month was met in time, and under it of how many. "
            "Shares are cut to whole per cent. A dash: nothing was owed. Of the last month, what is still open is not "
            "counted. "
        )
        if self.smallest:
            words += f"“{_HIDDEN}”: a number is small, or would give a small one away. "
        if any(cell.owed and cell.share is None and not cell.hidden for every in found.cells for cell in every):
            words += "“no share”: the data tell only one side of what was due. "
        if start:
            words += (
                f"The latest {len(months)} of {end} months are shown; the function “measures”, by standard and month, "
                "gives them all. "
            )
        if self.unfed:
            words += "Standards that the data cannot feed are left out. "
        if quiet:
            words += f"{plural(quiet, 'tested standard')} with nothing owed in these months {_have(quiet)} no line. "
        key = [(f"h{number}", f"{low}% or more") for number, low in enumerate(_SHADES[:-1])]
        key.append((f"h{len(key)}", f"below {_SHADES[-2]}%"))
        return {
            "rows": rows,
            "words": words.strip(),
            "caption": "Share met in time, by standard and month of the due date",
            "months": [f"{_MONTHS[int(month[5:]) - 1]} {month[:4]}" for month in months],
            "key": [*key, *([("hide", _HIDDEN)] if self.smallest else [])],
        }

    def lateness(self) -> dict[str, Any]:
        """How late, by standard: each band as a number, and as a bar."""
        made = lateness(self.rows, by=("standard", "kind"), smallest=self.smallest).to_pylist()
        bands = [name for name, _, _ in BANDS]
        order = {standard.id: standard.number for standard in self.pack.standards}
        rows = []
        for row in sorted(made, key=lambda row: order[row["standard"]]):
            if row["breached"] == 0 or row["kind"] == COHORT:
                continue
            cells = [_number(row["breached"]), *(_number(row[name]) for name in bands)]
            bars = []
            if row["breached"] and all(row[name] is not None for name in bands):
                start = 0
                for number, name in enumerate(bands):
                    end = start + row[name]
                    if row[name]:
                        left, right = (round(100 * at / row["breached"], 1) for at in (start, end))
                        bars.append((f"b{number}", f"{left:g}", f"{right - left:.1f}"))
                    start = end
            rows.append({"name": row["standard"], "cells": cells, "bars": bars})
        return {
            "rows": rows,
            "words": "Calendar days past the last day: until it was done, or until now where it is still overdue. "
            "0 days is a limit in hours that was missed on its day.",
            "caption": "Late and overdue obligations by standard and days late",
            "columns": ["Standard", "Late or overdue", *map(_dashed, bands)],
            "key": [(f"b{number}", _dashed(name)) for number, name in enumerate(bands)],
        }


_NO_COHORT = "The pack has no such standard."


def _any(row: Mapping[str, Any]) -> bool:
    """Whether anything is counted in a row of measures, shown or hidden."""
    return any(row[name] is None or row[name] for name in (*_SAID, "subjects"))


def _heat_cell(cell: HeatCell) -> tuple[str, str, str]:
    """The look of a cell, its share, and of how many."""
    if cell.hidden:
        return "hide", _HIDDEN, "" if cell.owed is None else f"of {cell.owed:,}"
    if not cell.owed:
        return "none", "–", ""
    if cell.share is None:
        return "hide", "no share", f"of {cell.owed:,}"
    percent = round(cell.share * cell.owed) * 100 // cell.owed
    shade = next(number for number, low in enumerate(_SHADES) if percent >= low)
    return f"h{shade}", f"{percent}%", f"of {cell.owed:,}"


def _count(number: int, one: str, many: str = "") -> str:
    """A number with its noun, thousands parted."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def _have(number: int) -> str:
    return "has" if number == 1 else "have"


def _dashed(name: str) -> str:
    return name.replace("-", "–")


def _upper_first(text: str) -> str:
    return text[:1].upper() + text[1:]


# --- the work list ----------------------------------------------------------------------------------------------------


def _taken(todo: Sequence[Mapping[str, Any]], work: int) -> list[Mapping[str, Any]]:
    """The rows that stand on the page: half of them for what is overdue, longest first, and half for what is due
    next, nearest first; either takes what the other leaves. In the order of the list.
    """
    overdue = [place for place, row in enumerate(todo) if row["days_late"] is not None]
    coming = [place for place, row in enumerate(todo) if row["days_late"] is None]
    for places in (overdue, coming):
        places.sort(key=lambda place: (todo[place]["due"], place))
    first = min(len(overdue), max(work - work // 2, work - len(coming)))
    chosen = sorted(overdue[:first] + coming[: work - first])
    return [todo[place] for place in chosen]


def _work(
    todo: Sequence[Mapping[str, Any]], left_out: Sequence[str], work: int, links: Mapping[str, str], as_of: date
) -> dict[str, Any]:
    """The work list as the page shows it."""
    shown = _taken(todo, work)
    groups: dict[tuple[str, str], list[dict[str, str]]] = {}
    for row in shown:
        late = row["days_late"] is not None
        groups.setdefault((row["team"] or _NO_TEAM, row["worker"] or _NOBODY), []).append(
            {
                "status": "overdue" if late else "due",
                "subject": _plain(row["subject"]),
                "href": links.get(row["subject"], ""),
                "standard": row["standard"],
                "says": row["says"] or "",
                "due": say_date(row["due"]),
                "days": _how_long(row, late, as_of),
            }
        )
    shared = sum(row["days_late"] is not None for row in shown)
    every = sum(row["days_late"] is not None for row in todo)
    words = (
        f"{len(shown):,} of {_count(len(todo), 'row')} are shown: {shared:,} of {every:,} overdue, and "
        f"{len(shown) - shared:,} of {len(todo) - every:,} due in the next 20 working days. "
    )
    if not todo:
        words = "Nothing is overdue, and nothing is due in the next 20 working days. "
    elif not work:
        words = f"{_count(len(todo), 'row')} are on the work list; this page was made without it. "
    elif len(shown) < len(todo):
        words += (
            "Those shown are the longest overdue and the nearest due dates; the table counts all of them, and the "
            "work list as an Excel file has them all. "
        )
    return {
        "words": words.strip(),
        "left_out": left_out,
        "caption": f"Overdue and due in the next 20 working days: {len(shown):,} of {len(todo):,} shown",
        "counts": _work_counts(todo if work else ()),
        "groups": [
            {"team": _plain(team), "worker": _plain(worker), "name": f"{_plain(team)}, {_plain(worker)}", "rows": rows}
            for (team, worker), rows in groups.items()
        ],
        "teams": sorted({_plain(team) for team, _ in groups}),
        "workers": sorted({_plain(worker) for _, worker in groups}),
    }


def _how_long(row: Mapping[str, Any], late: bool, as_of: date) -> str:
    if late:
        return f"{plural(row['days_late'], 'day')} overdue"
    left = row["working_days"]
    return "today" if row["due"] == as_of else f"{plural(left, 'working day')} left"


def _work_counts(todo: Sequence[Mapping[str, Any]]) -> _Table:
    """How much each worker has on the whole list, of which the page shows only the most urgent."""
    steps = ("overdue", *(f"next {step} working days" for step in _STEPS))
    counts: dict[tuple[str, str], dict[str, int]] = {}
    for row in todo:
        mine = counts.setdefault((row["team"] or _NO_TEAM, row["worker"] or _NOBODY), dict.fromkeys(steps, 0))
        mine[row["when"]] += 1
    rows = tuple(
        _Row(_plain(worker), tuple(map(_number, mine.values())), small=_plain(team))
        for (team, worker), mine in counts.items()
    )
    firsts = (0, *(step + 1 for step in _STEPS[:-1]))
    ends = (f"Due in {first} to {last} working days" for first, last in zip(firsts, _STEPS, strict=True))
    return _Table("work-counts", "The whole work list by worker", ("Worker", "Overdue", *ends), rows)


# --- pictures of many cases on one page -------------------------------------------------------------------------------

_LONG_NUMBER = re.compile(r"\d+\.\d+")
_TAG = re.compile(r"<[^>]*>")
_PLACED = re.compile(r' (d|points|x|y|transform)="([^"]*)"')
_USED = re.compile(r'(url\(#|href="#)([^)"]+)')
_DROPPED = re.compile(r' (?:xmlns(?::\w+)?|id)="[^"]*"')


class _Pictures:
    """Timelines that share a page: matplotlib's SVG, made small, with ids that no two pictures share.

    The styles are the same few in every picture, so they become classes of the page.
    """

    def __init__(self) -> None:
        self.styles: dict[str, str] = {}

    def add(self, picture: str, prefix: str) -> str:
        """A picture as `timeline_svg` draws it, to stand inside the page."""
        body = picture[picture.index("<svg") :]
        body = re.sub(r"<defs>\s*<style[^>]*>[^<]*</style>\s*</defs>", "", body)
        body = re.sub(r">\s+<", "><", body).strip()
        names: dict[str, str] = {}
        for tag in _TAG.findall(body):
            for _, name in _USED.findall(tag):
                names.setdefault(name, f"{prefix}-{len(names) + 1}")

        # Only what stands inside a tag is changed: the names of events are a record's own text.
        def changed(found: re.Match[str]) -> str:
            tag = _USED.sub(lambda use: use[1] + names[use[2]], found[0])
            tag = _PLACED.sub(lambda at: f' {at[1]}="{_short(at[2])}"', tag)
            own = re.search(r' id="([^"]*)"', tag)
            tag = _DROPPED.sub("", tag).replace(" xlink:href=", " href=")
            if own and own[1] in names:
                tag = re.sub(r"^<\w+", rf'\g<0> id="{names[own[1]]}"', tag)
            return re.sub(r' style="([^"]*)"', self._style, tag)

        body = _unwrapped(_TAG.sub(changed, body))
        named = '<svg role="img" aria-label="Timeline of the duties"'
        return re.sub(r'^<svg width="[^"]*" height="[^"]*"', named, body)

    def _style(self, found: re.Match[str]) -> str:
        said = re.sub(r"font-family: [^;]*;? ?", "", found[1])
        return f' class="{self.styles.setdefault(said, f"v{len(self.styles) + 1}")}"'


def _short(places: str) -> str:
    """The numbers of an attribute to a tenth of a point, which is finer than any screen; a straight path in fewer
    letters.
    """
    said = " ".join(_LONG_NUMBER.sub(_tenth, places).split())
    parts = said.split(" ")
    if len(parts) < 6 or parts[0] != "M" or not set(parts[3::3]) <= {"L", "z"} or parts.count("z") > (parts[-1] == "z"):
        return said
    made, (x, y) = [f"M{parts[1]} {parts[2]}"], parts[1:3]
    for across, down in zip(parts[4::3], parts[5::3], strict=False):
        made.append(f"V{down}" if across == x else f"H{across}" if down == y else f"L{across} {down}")
        x, y = across, down
    return "".join(made) + ("z" if parts[-1] == "z" else "")


def _tenth(found: re.Match[str]) -> str:
    return f"{float(found[0]):.1f}".removesuffix(".0")


def _unwrapped(body: str) -> str:
    """Without the groups that say nothing."""
    kept: list[str] = []
    groups: list[bool] = []
    for part in re.split(r"(<g>|<g [^>]*>|</g>)", body):
        if part.startswith(("<g>", "<g ")):
            groups.append(part != "<g>")
            if not groups[-1]:
                continue
        elif part == "</g>" and not groups.pop():
            continue
        kept.append(part)
    return "".join(kept)


# --- cases ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Item:
    """One obligation of a case, as a reader sees it."""

    status: str
    extra: str
    standard: str
    says: str
    opened: str
    dates: str
    rows: str
    clause: str
    section: str
    next_step: str = ""
    steps: tuple[Any, ...] = ()


@dataclass(slots=True)
class _Case:
    """One child on the page."""

    id: str
    subject: str
    summary: str = ""
    words: list[str] = field(default_factory=list)
    picture: str = ""
    excuse: str = ""
    groups: list[tuple[str, list[_Item]]] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)


_GROUPS = (
    ("Overdue", lambda item: item.overdue),
    ("Done late", lambda item: item.late),
    ("Due", lambda item: item.status is Status.DUE),
    ("Met", lambda item: item.status is Status.MET),
    ("Lapsed", lambda item: item.status is Status.LAPSED),
)


def _most_urgent(rows: pyarrow.Table, todo: Sequence[Mapping[str, Any]], cases: int) -> list[str]:
    """The children with most overdue first, then with the oldest of it, then with what is due soonest; then the rest
    in the order of their ids.
    """
    import pyarrow.compute as pc

    overdue: dict[str, int] = {}
    oldest: dict[str, date] = {}
    for row in todo:
        overdue[row["subject"]] = overdue.get(row["subject"], 0) + (row["days_late"] is not None)
        oldest[row["subject"]] = min(row["due"], oldest.get(row["subject"], row["due"]))
    found = sorted(overdue, key=lambda subject: (-overdue[subject], oldest[subject], subject))
    if len(found) < cases:
        found += sorted(set(pc.unique(rows["subject"]).to_pylist()) - overdue.keys())
    return found[:cases]


class _Drill:
    """The cases of a page: which they are, each judged again and told step by step as far as there is room."""

    def __init__(self, pack: Pack, places: Mapping[str, str]) -> None:
        self.pack = pack
        self.places = places
        self.pictures = _Pictures()
        self.cases: list[_Case] = []
        self.words: list[str] = []
        self.places_of: dict[str, str] = {}
        self.cut = 0

    def add(self, case: _Case, history: History | None, caseload: Any, rows: pyarrow.Table, room: int) -> int:
        """Fill a case; gives how many characters it takes."""
        self.cases.append(case)
        if history is None:
            case.summary = "no history was given"
            case.words.append("No history was given for this child, so the case cannot be shown.")
            return 0
        result = evaluate(history, self.pack, as_of=caseload.as_of, known_at=caseload.known_at, check=False)
        rows_of_case = _rows_of_case(rows)
        if not _abide(result, rows_of_case):
            case.summary = "another history was given"
            case.words.append(
                "The history that was given leads to other results than those of the caseload, so the case is not "
                "shown. Evaluate the caseload again, or give the histories that it was made from."
            )
            return 0
        gaps = _gaps(rows_of_case)
        case.summary = _summary(result, sum(gaps.values()))
        born = "date of birth not given" if history.born is None else f"born {say_date(history.born)}"
        case.words.append(f"{_upper_first(result.kind)}, {born}. {_held_by(rows_of_case)}")
        sources = _sources(rows_of_case)
        items = _ordered(result, lapsed=True)
        # Every obligation has its line in any case; what room is left goes to the picture, and to the steps of what is
        # most urgent.
        used = _LINE * (len(items) + len(result.cohort)) + sum(map(len, sources.values()))
        used += self._draw(case, result, room - used)
        for heading, wanted in _GROUPS:
            told: list[_Item] = []
            for item in filter(wanted, items):
                explanation = explain(item, self.pack) if used < room else None
                told.append(self._item(item, explanation, sources))
                used += _size(told[-1])
                self.cut += explanation is None
            if told:
                case.groups.append((f"{heading}: {len(told)}", told))
        if result.cohort:
            shared = [self._item(item, None, sources) for item in result.cohort]
            case.groups.append((f"Towards a share of many cases: {len(shared)}", shared))
        case.missing = [
            f"{standard}: {missing}{f' ({times} times)' if times > 1 else ''}"
            for (standard, missing), times in gaps.items()
        ]
        for notice in result.notices:
            case.words.append(f"Note: {notice}.")
        return used

    def _draw(self, case: _Case, result: Evaluation, room: int) -> int:
        from .pictures import timeline_svg

        try:
            picture = self.pictures.add(timeline_svg(result), case.id)
        except ImportError as error:
            case.excuse = str(error)
            return 0
        if len(picture) > room:
            case.excuse = (
                "The timeline of this case is too large for a page of so many cases; "
                "the page that “practice-rules evaluate” makes of one case has it."
            )
            return 0
        case.picture = picture
        return len(picture)

    def _item(self, item: Obligation, explanation: Explanation | None, sources: Mapping[Any, str]) -> _Item:
        parts = [f"Opened {say_date(item.opened)}", f"due {_due(item)}" if item.due else "no last day can be named yet"]
        if item.met_on is not None:
            parts.append(f"done {say_date(item.met_on)}")
        elif item.status is Status.LAPSED:
            parts.append(_done(item))
        if _days(item) and item.due is not None:
            parts.append(_days(item))
        clause = _clause(self.pack[item.standard], self.pack)
        return _Item(
            status=str(item.status),
            extra="late" if item.late else "overdue" if item.overdue else "",
            standard=item.standard,
            says=item.says,
            opened=say_date(item.opened),
            dates=f"{', '.join(parts)}.",
            rows=sources.get((item.key, _day(item.due)), ""),
            clause=self.places[item.standard],
            section=item.source.section,
            next_step=explanation.next_step if explanation else "",
            # The clause stands once on the page, and a link leads to it.
            steps=tuple(step for step in explanation.steps if step not in clause) if explanation else (),
        )


def _size(item: _Item) -> int:
    """About how many characters the steps of an obligation take on the page."""
    if not item.steps:
        return 0
    return 500 + len(item.says) + sum(len(step.text) + len(step.cites) + 35 for step in item.steps)


_OF_A_CASE = ("standard", "opened", "due", "status", "missing", "worker", "team", "key", "source_rows")


def _rows_of_case(rows: pyarrow.Table) -> list[dict[str, Any]]:
    """The rows of one child, in an order that does not depend on theirs."""
    found: list[dict[str, Any]] = rows.select(list(_OF_A_CASE)).to_pylist()
    return sorted(found, key=lambda row: [str(row[name]) for name in _OF_A_CASE])


def _place(item: Obligation) -> tuple[str, date | None, date | None]:
    """What an obligation and its row have in common."""
    return item.standard, _day(item.opened), _day(item.due)


def _day(value: date | datetime | None) -> date | None:
    return value.date() if isinstance(value, datetime) else value


def _abide(result: Evaluation, rows: Sequence[Mapping[str, Any]]) -> bool:
    """Take out of a result what the caseload does not judge; whether what is left is what the caseload says.

    One history alone does not know what its source cannot hold. Where an event can never be in the data, or a
    snapshot keeps the latest record only, the caseload says "not assessed" and the history alone "breached".
    """
    judged = {((row["standard"], row["opened"], row["due"]), row["status"]) for row in rows}
    unjudged = {place for place, status in judged if status == "not assessed"}
    kept = tuple(
        item for item in result._every if _place(item) not in unjudged or (_place(item), str(item.status)) in judged
    )
    found = {(_place(item), str(item.status)) for item in kept if item.status is not Status.LAPSED}
    result._all = kept
    return found == {each for each in judged if each[1] not in ("lapsed", "not assessed")}


def _gaps(rows: Iterable[Mapping[str, Any]]) -> dict[tuple[str, str], int]:
    """What was not assessed, by standard and reason, and how often."""
    found: dict[tuple[str, str], int] = {}
    for row in rows:
        if row["status"] == "not assessed":
            reason = (row["standard"], _plain(row["missing"] or "the record does not say enough"))
            found[reason] = found.get(reason, 0) + 1
    return found


def _summary(result: Evaluation, gaps: int) -> str:
    overdue = sum(1 for item in result.breached if item.overdue)
    said = [
        f"{number} {word}"
        for number, word in (
            (overdue, "overdue"),
            (len(result.due), "due"),
            (len(result.breached) - overdue, "done late"),
            (len(result.met), "met"),
            (gaps, "not assessed"),
        )
        if number
    ]
    return say_list(said) or "no obligation opened"


def _held_by(rows: Iterable[Mapping[str, Any]]) -> str:
    """Who holds the case, as far as the open obligations say."""
    teams: set[str] = set()
    workers: set[str] = set()
    for row in rows:
        if row["status"] == "due":
            teams |= {row["team"]} - {None}
            workers |= {row["worker"]} - {None}
    said = [f"{name}: {say_list(sorted(found))}." for name, found in (("Team", teams), ("Worker", workers)) if found]
    return " ".join(said)


def _sources(rows: Iterable[Mapping[str, Any]]) -> dict[tuple[str, date | None], str]:
    """The records behind each obligation, by its key and its due day."""
    found: dict[tuple[str, date | None], list[str]] = {}
    for row in rows:
        if row["source_rows"]:
            found.setdefault((row["key"], row["due"]), []).append(row["source_rows"])
    return {key: "; ".join(dict.fromkeys(texts)) for key, texts in found.items()}


def _drill(
    caseload: Caseload,
    rows: pyarrow.Table,
    todo: Sequence[Mapping[str, Any]],
    histories: Mapping[str, History] | Callable[[str], History | None] | None,
    cases: int,
    places: Mapping[str, str],
) -> _Drill:
    """The most urgent children, each with timeline and explanations, and what a reader should know of the choice."""
    import pyarrow as pa
    import pyarrow.compute as pc

    drill = _Drill(caseload.pack, places)
    if histories is None or not cases:
        drill.words.append(
            "This page was made without the histories of the children, so that no case is shown here. "
            "Give them to have the most urgent ones on the page. " + _OTHERS
        )
        return drill
    chosen = _most_urgent(rows, todo, cases)
    drill.places_of = {subject: f"case-{number}" for number, subject in enumerate(chosen, 1)}
    theirs = rows.filter(pc.is_in(rows["subject"], value_set=pa.array(chosen, pa.string())))
    left = _ROOM
    for number, subject in enumerate(chosen):
        history = histories(subject) if callable(histories) else histories.get(subject)
        mine = theirs.filter(pc.equal(theirs["subject"], subject))
        # What one case leaves of its share, the next ones have.
        case = _Case(drill.places_of[subject], _plain(subject))
        left -= drill.add(case, history, caseload, mine, left // (len(chosen) - number))
    drill.words.append(
        f"{len(chosen):,} of {_count(caseload.subjects, 'child', 'children')} are shown: those with most overdue "
        "obligations first; where two have as many, the one with the oldest; then those with something due in the next "
        "20 working days. " + _OTHERS
    )
    if drill.cut:
        drill.words.append(
            f"To keep the page small, {_count(drill.cut, 'obligation')} of these children {_have(drill.cut)} no steps "
            "here, but the dates, the clause and the records they rest on. In each case, what is overdue is told "
            "first, then what was late, what is due, and what was met."
        )
    drill.words.append("On paper, only the cases that are open on the screen are printed in full.")
    return drill


_OTHERS = "Any other case can be had with “practice-rules explain” and “practice-rules evaluate”."


# --- what was not judged ----------------------------------------------------------------------------------------------


def _faults(faults: Sequence[Any]) -> dict[str, Any]:
    """Bad cells, counted by table and column, and the first ones as they say themselves."""
    counts: dict[tuple[str, str], int] = {}
    for fault in faults:
        place = (_plain(str(getattr(fault, "table", "") or "")), _plain(str(getattr(fault, "column", "") or "")))
        counts[place] = counts.get(place, 0) + 1
    rows = [
        _Row(table or "The data", (_words(column or "–"), _number(count)))
        for (table, column), count in sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    ]
    first = [_plain(str(fault)) for fault in faults[:_FIRST]]
    shown = "They are:" if len(first) == len(faults) else f"The first {len(first)} of {len(faults):,} are:"
    columns = ("Table", "Column", "Cells")
    return {
        "id": "bad-cells-table",
        "caption": "Cells that could not be read, by table and column",
        "columns": columns,
        "rows": rows,
        "words": shown,
        "first": first,
    }


def _refused(refused: Sequence[str], named: bool) -> list[str]:
    """The first of the children who could not be judged; only how many, where no child is named on the page."""
    if not refused or not named:
        return [_count(len(refused), "child", "children")] if refused else []
    left = len(refused) - _FIRST
    return [*refused[:_FIRST], *([f"and {left:,} more"] if left > 0 else [])]


def _unfed(unfed: Iterable[Any], pack: Pack, places: Mapping[str, str]) -> _Table:
    rows = tuple(
        _Row(
            item.standard,
            (_words(_plain(str(item.reason))), _words(pack[item.standard].says)),
            small=pack[item.standard].source.section,
            href=places[item.standard],
        )
        for item in unfed
    )
    return _Table("unfed-table", "Standards that the data cannot feed", ("Standard", "Why", "What it asks"), rows)


def _untested(pack: Pack, places: Mapping[str, str]) -> _Table:
    rows = tuple(
        _Row(
            standard.id,
            (_words(standard.why_not_tested), _words(standard.says)),
            small=standard.source.section,
            href=places[standard.id],
        )
        for standard in pack.standards
        if not standard.tested
    )
    return _Table("untested-table", "Standards that are not tested", ("Standard", "Why", "What it asks"), rows)


def _clauses(pack: Pack, became: Mapping[str, str], places: Mapping[str, str]) -> list[dict[str, str]]:
    return [
        {
            "id": places[standard.id],
            "name": standard.id,
            "kind": standard.kind,
            "became": became[standard.id],
            "says": standard.says,
            "document": pack.documents[standard.source.document].title if len(pack.documents) > 1 else "",
            "section": standard.source.section,
            "words": standard.source.words,
            "reading": standard.reading,
        }
        for standard in pack.standards
    ]
