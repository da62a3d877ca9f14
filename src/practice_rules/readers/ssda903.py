"""The SSDA903 return: the CSV files on children looked after that every authority in England returns each year.

A file is known by its columns, whatever it is called, as the sector does. Periods of care, placements and legal
statuses are derived from the episodes: each says why it began (`RNE`) and why it ended (`REC`).

One return holds one year, from 1 April to 31 March: the episodes open in it, and what happened in it. Several years may
be given together; a record that stands in two is used once.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Final, NamedTuple

from ..events import Detail, fold
from ..records import Allocation, Gathering, Origin, Reading, read_text
from ..tables import Row, Table, TableError, go_through, table_of
from .codes import LEGAL_STATUS, LONG_TERM, PLACEMENT, TOOK_PART

__all__ = ["HOLDS", "read_ssda903"]

# --- the files --------------------------------------------------------------------------------------------------------

#: A file is the first of these whose columns it has. As the sector's own tools know them (lac_validator/config.py).
_COLUMNS: Final = {
    "episodes": ("CHILD", "DECOM", "RNE", "LS", "PLACE", "DEC", "REC"),
    "reviews": ("CHILD", "REVIEW"),
    "missing": ("CHILD", "MISSING", "MIS_START", "MIS_END"),
    "sw_episodes": ("CHILD", "SW_ID", "SW_DECOM", "SW_DEC"),
    "placed_for_adoption": ("CHILD", "DATE_PLACED", "DATE_PLACED_CEASED"),
    "ad1": ("CHILD", "DATE_INT", "DATE_MATCH"),
    "previous_permanence": ("CHILD", "PREV_PERM"),
    "oc2": ("CHILD", "HEALTH_ASSESSMENT"),
    "oc3": ("CHILD", "IN_TOUCH"),
    "DoLo": ("CHILD", "DOLO_START"),
    "uasc": ("CHILD", "DUC"),
    "header": ("CHILD", "DOB", "SEX", "ETHNIC"),
}
#: The events that each can hold with a date.
_HOLDS: Final = {
    "episodes": frozenset(
        {
            "became looked after",
            "ceased to be looked after",
            "placement started",
            "placement ended",
            "legal status started",
            "legal status ended",
            "short breaks started",
            "short breaks ended",
            "placement order made",
            "placed for adoption",
            "adoption placement ended",
            "adoption order made",
            "permanence order made",
            "child died",
        }
    ),
    "reviews": frozenset({"looked after review held"}),
    "missing": frozenset({"went missing", "returned from missing"}),
    "placed_for_adoption": frozenset({"adoption decision made"}),
    "sw_episodes": frozenset({"social worker allocated", "social worker allocation ended"}),
}
#: The events that a return can hold with a date.
HOLDS: Final = frozenset().union(*_HOLDS.values())
#: The columns whose dates lie in the year of a return, by which the year is known.
_OF_THE_YEAR: Final = {"episodes": "DEC", "reviews": "REVIEW", "missing": "MIS_START"}

# --- code sets: the Department's guide to the SSDA903 collection ------------------------------------------------------

#: Why an episode began: S starts a period of care; the others continue one.
_NEW_PLACEMENT: Final = frozenset("SPTBU")
_NEW_STATUS: Final = frozenset("SLBU")
_REASONS: Final = frozenset("SLPTBU")
#: An episode that ends, while another begins on the same day.
_GOES_ON: Final = "X1"
_STATUSES: Final = LEGAL_STATUS
_PLACEMENT_ORDER: Final = "E1"
#: V3: each break is an episode. V4: an agreement to a series of breaks is one.
_SHORT_BREAKS: Final = frozenset({"V3", "V4"})
_AGREED_SERIES: Final = "V4"
#: What a placement code certainly says. Codes without details say nothing of which the vocabulary has a word.
_PLACES: Final[Mapping[str, Mapping[str, Detail]]] = {
    **{code: {"placement type": word} for code, word in PLACEMENT.items()},
    **{code: {"placement type": PLACEMENT[code], "long term": lasting} for code, lasting in LONG_TERM.items()},
    "K3": {"placement type": "supported accommodation"},
    **{code: {} for code in ("R3", "T0", "T1", "T2", "T3", "T4", "Z11", "Z12", "Z13", "Z14")},
}
_ADOPTIVE: Final = frozenset({"A3", "A4", "A5", "A6"})
_ENDINGS: Final = {
    "E11": "adopted",
    "E12": "adopted",
    "E2": "died",
    "E3": "care taken over by another authority",
    "E4A": "returned home as planned",
    "E4B": "returned home, not as planned",
    "E13": "left care to live with others without parental responsibility",
    "E41": "child arrangements order",
    "E43": "special guardianship order",
    "E44": "special guardianship order",
    "E45": "special guardianship order",
    "E46": "special guardianship order",
    "E47": "special guardianship order",
    "E48": "special guardianship order",
    "E5": "moved into independent living with support",
    "E6": "moved into independent living without support",
    "E7": "transferred to adult social care",
    "E9": "sentenced to custody",
    "E14": "remand ended",
    "E15": "found to be 18 or over",
    "E16": "moved abroad",
    "E17": "turned 18 and stayed with the carers",
    "E8": "other",
}
_ADOPTED: Final = frozenset({"E11", "E12"})
_GUARDIANSHIP: Final = frozenset({"E43", "E44", "E45", "E46", "E47", "E48"})
_DIED: Final = "E2"
#: Whether the child attended a review or gave views in another way. PN0: under four, of whom it is not asked.
_TOOK_PART: Final = TOOK_PART
_SEXES: Final = {"1": "male", "2": "female", "M": "male", "F": "female", "U": "unknown"}


def read_ssda903(source: object, *, reference_date: date | None = None) -> Reading:
    """Read the SSDA903 return of one or several years.

    The reading's `since` is the 1 April from which on the files are whole. The files do not say their year: it is the
    one in which most episodes ended, most reviews were held or most missing episodes began. Nor do they say to which
    day they speak: without `reference_date`, `as_of` is the last day of that year of which they tell anything.

    Args:
        source: a folder of CSV files, a list of paths, or a dictionary of name to path, data frame or other table.
        reference_date: the day to which the latest files speak: 31 March, or the day of an extract within the year.

    Raises:
        TableError: there is no such file or folder, or no file has the columns of the return.
    """
    return _Return(reference_date).read(source)


def _given(source: object) -> Iterator[tuple[str, object]]:
    """Each table by a name that no other has."""
    names: set[str] = set()

    def named(name: str, folder: str) -> str:
        if name in names and folder:
            name = f"{folder}/{name}"
        if name in names:
            name = f"{name} ({len(names) + 1})"
        names.add(name)
        return name

    def each(item: object) -> Iterator[tuple[str, object]]:
        if isinstance(item, Mapping):
            yield from ((named(str(name), ""), table) for name, table in item.items())
        elif isinstance(item, str | Path):
            path = Path(item)
            if not path.exists():
                raise TableError(f"{path.name}: there is no such file or folder. Check the name.")
            for found in sorted(path.iterdir()) if path.is_dir() else [path]:
                if not path.is_dir() or found.suffix.lower() == ".csv":
                    yield named(found.name, found.parent.name), found
        elif isinstance(item, Iterable) and not isinstance(item, bytes):
            for one in item:
                yield from each(one)
        else:
            raise TableError("Give a folder of CSV files, a list of paths, or a dictionary of tables by name.")

    yield from each(source)


class _Place(NamedTuple):
    """Where a row stands."""

    table: str
    row: int


@dataclass(slots=True)
class _Said:
    """A row whose date decides the year, kept until all files are read."""

    child: str
    place: _Place
    first: date
    last: date | None
    code: str | None
    file: int


@dataclass(slots=True)
class _Episode:
    """One row of the episodes.

    Attributes:
        broken: it cannot be said when it began or ended.
    """

    child: str
    place: _Place
    file: int
    began: date
    ended: date | None
    reason: str | None
    status: str | None
    home: str | None
    ending: str | None
    broken: bool = False


@dataclass(slots=True)
class _Stretch:
    """Episodes that may be one period of care."""

    episodes: list[_Episode] = field(default_factory=list)
    sound: bool = True
    homes: bool = True
    statuses: bool = True


class _Return:
    """The files on their way to a reading."""

    def __init__(self, reference_date: date | None) -> None:
        self.gathering = Gathering("SSDA903", HOLDS, day_first=True)
        self.given = reference_date
        self.tables: list[str] = []
        #: How many dates of a file lie in each year, named by the year of its 31 March.
        self.years: defaultdict[int, Counter[int]] = defaultdict(Counter)
        #: The last day of each year of which the files tell anything.
        self.last: dict[int, date] = {}
        self.kinds: list[str] = []
        self.episodes: list[_Episode] = []
        self.reviews: list[_Said] = []
        self.missing: list[_Said] = []
        self.workers: list[_Said] = []
        self.asylum: list[_Said] = []
        self.decisions: list[_Said] = []
        self.of_child: dict[tuple[str, str], tuple[object, _Place]] = {}
        self.contradicted: set[tuple[str, str]] = set()
        #: Children whose episodes cannot be put in order.
        self.muddled: set[str] = set()
        #: The periods of care that are whole, by child.
        self.care: defaultdict[str, list[tuple[date, date]]] = defaultdict(list)
        self.counts: Counter[str] = Counter()

    def read(self, source: object) -> Reading:
        """Go through every file, and derive what the episodes say."""
        readers = {
            "episodes": self._read_episode,
            "reviews": self._read_review,
            "missing": self._read_missing,
            "sw_episodes": self._read_worker,
            "placed_for_adoption": self._read_decision,
            "uasc": self._read_asylum,
            "header": self._read_header,
        }
        for name, item in _given(source):
            table = table_of(item, name)
            table.name = name
            kind = _kind(table)
            if kind is None:
                self.gathering.notes.append(f"{name}: it has the columns of no file of the return and was passed over.")
                continue
            file = len(self.tables)
            self.tables.append(name)
            self.kinds.append(kind)
            reader = readers.get(kind)
            for row in go_through(self.gathering, table):
                child = read_text(row["child"])
                place = _Place(name, row.number)
                if child is None:
                    self._fault(place, "CHILD", "the row does not say which child it is about.", "It was not used.")
                    continue
                if kind != "header":
                    self._say(child, "DOB", self._day(place, "DOB", row), place)
                if reader is not None:
                    reader(child, place, file, row)
        if not self.tables:
            raise TableError("No file has the columns of the SSDA903 return, such as CHILD, DECOM, RNE and LS.")
        return self._done()

    # --- rows ---------------------------------------------------------------------------------------------------------

    def _fault(self, place: _Place, column: str, message: str, way_out: str = "") -> None:
        self.gathering.fault(place.table, place.row, column, message, way_out)

    def _day(self, place: _Place, column: str, row: Row) -> date | None:
        return self.gathering.day(place.table, place.row, column, row[fold(column)])

    def _start(self, place: _Place, column: str, row: Row) -> date | None:
        """The day that a record cannot do without; None where it is missing or unreadable, which is a fault."""
        before = len(self.gathering.faults)
        day = self._day(place, column, row)
        if day is None and len(self.gathering.faults) == before:
            self._fault(place, column, "there is no date.", "Add it. The row was not used.")
        return day

    def _code(self, place: _Place, column: str, row: Row, known: Iterable[str], *, needed: bool = True) -> str | None:
        """A known code; None where there is none, which is a fault if one is needed, or it is not known."""
        text = read_text(row[fold(column)])
        if text is None:
            if needed:
                self._fault(place, column, "there is no code.", "Add it.")
            return None
        code = text.upper()
        if code not in known:
            self._fault(place, column, "this code is not known.", "Check the code set. It was left out.")
            return None
        return code

    def _in_year(self, file: int, day: date | None) -> None:
        if day is not None:
            self.years[file][_year(day)] += 1
            self._know(day)

    def _know(self, day: date) -> None:
        """The files tell of something on this day."""
        self.last[_year(day)] = max(day, self.last.get(_year(day), day))

    def _say(self, child: str, what: str, value: object, place: _Place) -> None:
        """Take what a row says of a child; another row that says something else is a fault, and neither is used."""
        if value is None:
            return
        before, where = self.of_child.setdefault((child, what), (value, place))
        if before != value:
            self.contradicted.add((child, what))
            self._fault(
                place,
                what,
                f"another row of this child says something else ({where.table}, row {where.row}).",
                "Correct the wrong one. Neither was used.",
            )

    def _read_header(self, child: str, place: _Place, file: int, row: Row) -> None:
        self.gathering.subject(child)
        self._say(child, "DOB", self._day(place, "DOB", row), place)
        sex = self._code(place, "SEX", row, _SEXES, needed=False)
        self._say(child, "SEX", None if sex is None else _SEXES[sex], place)
        self._say(child, "ETHNIC", read_text(row["ethnic"]), place)

    def _read_episode(self, child: str, place: _Place, file: int, row: Row) -> None:
        began = self._start(place, "DECOM", row)
        faults = len(self.gathering.faults)
        ended = self._day(place, "DEC", row)
        broken = len(self.gathering.faults) > faults
        self._in_year(file, ended)
        reason = self._code(place, "RNE", row, _REASONS)
        status = self._code(place, "LS", row, _STATUSES)
        home = self._code(place, "PLACE", row, _PLACES)
        ending = self._code(place, "REC", row, (*_ENDINGS, _GOES_ON), needed=ended is not None)
        if began is None:
            self.muddled.add(child)
            return
        if ending is not None and ended is None and not broken:
            self._fault(place, "DEC", "there is no date beside a REC.", "Add it, or take the REC out.")
            broken = True
        if ended is not None and ended < began:
            self._fault(place, "DEC", "it lies before DECOM.", "Check both dates.")
            broken = True
        self._know(began)
        # Without a REC nobody can say whether the period of care ended.
        broken = broken or (ended is not None and ending is None)
        self.episodes.append(_Episode(child, place, file, began, ended, reason, status, home, ending, broken))

    def _read_review(self, child: str, place: _Place, file: int, row: Row) -> None:
        held = self._start(place, "REVIEW", row)
        if held is not None:
            self._in_year(file, held)
            code = self._code(place, "REVIEW_CODE", row, _TOOK_PART)
            self.reviews.append(_Said(child, place, held, None, code, file))

    def _span(
        self, child: str, place: _Place, file: int, row: Row, start: str, end: str, code: str | None
    ) -> _Said | None:
        """A row with a start and an end; None where it has no start, or its end comes first."""
        first = self._start(place, start, row)
        faults = len(self.gathering.faults)
        last = self._day(place, end, row)
        if first is None:
            return None
        if len(self.gathering.faults) > faults:
            return None  # it ended, but nobody can say when
        if last is not None and last < first:
            self._fault(place, end, f"it lies before {start}.", "Check both dates. Neither was used.")
            return None
        return _Said(child, place, first, last, code, file)

    def _read_missing(self, child: str, place: _Place, file: int, row: Row) -> None:
        code = self._code(place, "MISSING", row, ("M", "A"))
        said = self._span(child, place, file, row, "MIS_START", "MIS_END", code)
        if said is not None:
            self._in_year(file, said.first)
            if code == "M":
                self.missing.append(said)
            elif code == "A":
                self.counts["away"] += 1

    def _read_worker(self, child: str, place: _Place, file: int, row: Row) -> None:
        worker = read_text(row[fold("SW_ID")])
        said = self._span(child, place, file, row, "SW_DECOM", "SW_DEC", worker)
        if said is not None:
            self.workers.append(said)

    def _read_decision(self, child: str, place: _Place, file: int, row: Row) -> None:
        said = self._span(child, place, file, row, "DATE_PLACED", "DATE_PLACED_CEASED", None)
        if said is not None:
            self.decisions.append(said)

    def _read_asylum(self, child: str, place: _Place, file: int, row: Row) -> None:
        faults = len(self.gathering.faults)
        ceased = self._day(place, "DUC", row)
        if len(self.gathering.faults) == faults:
            self.asylum.append(_Said(child, place, ceased or date.max, None, None, file))

    # --- the year -----------------------------------------------------------------------------------------------------

    def _year_of(self, file: int) -> int | None:
        """The year of a file, by its 31 March: the one in which most of its dates lie, the later of two."""
        counts = self.years.get(file)
        return max(counts, key=lambda year: (counts[year], year)) if counts else None

    def _done(self) -> Reading:
        gathering = self.gathering
        of_file = {file: self._year_of(file) for file in range(len(self.tables))}
        dated = [year for year in of_file.values() if year is not None]
        if self.given is not None:
            latest = _year(self.given)
        elif dated:
            latest = max(dated)
            gathering.notes.append(
                f"The files do not say to which day they speak. By most of their dates the latest year ends on 31 "
                f"March {latest}, and the last day of it that they tell of was taken. Give reference_date to settle it."
            )
        else:
            raise TableError(
                "The files hold no date by which their year could be known. Give reference_date, the day to which they "
                "speak."
            )
        earliest = latest
        while earliest - 1 in dated:
            earliest -= 1
        self.latest, self.since = latest, date(earliest - 1, 4, 1)
        # An extract made within the year knows nothing of what was due after it: no later day may be judged by it.
        self.as_of = self.given or self.last[latest]
        # A file without a date that tells its year is taken as of the latest.
        self.age = {file: latest if year is None else year for file, year in of_file.items()}
        if any(year < earliest for year in dated):
            gathering.notes.append(
                f"There is no file for the year before {self.since.isoformat()}: what older files hold is not judged."
            )
        self._people()
        self._care()
        self._acts()
        self._say_what_is_not_held()
        gathering.faults.sort(key=lambda fault: (self.tables.index(fault.table), fault.row))
        return gathering.done(as_of=self.as_of, since=self.since)

    def _say_what_is_not_held(self) -> None:
        gathering = self.gathering
        for kind, words in _HOLDS.items():
            if kind not in self.kinds:
                gathering.holds -= words
                gathering.notes.append(f"There is no file of {kind}: what it would hold is not held.")
        gathering.notes.append(
            f"The files are whole from {self.since.isoformat()} on. What was done before is not in them."
        )
        for what, sentence in (
            (
                "earlier",
                "Periods of care that began before {since}, or of which the files do not hold the start: {count}. "
                "Their earlier reviews are not in the files, so no period was made of them. Give the files of the "
                "years before.",
            ),
            (
                "older",
                "Placements, legal statuses and other records that began before {since}: {count}. What was done for "
                "them before is not in the files, so they open no duty and were not used.",
            ),
            ("breaks", "Single short breaks (V3): {count}. They are no period of care, and were not used."),
            ("away", "Absences without authorisation, the whereabouts known: {count}. They were not used as missing."),
            ("reversed", "Decisions for adoption that were taken back: {count}. They were not used."),
            (
                "muddled",
                "Periods of care that were not made, as their episodes contradict each other or cannot be read: "
                "{count}.",
            ),
            ("again", "Records in the files of several years that were used once: {count}."),
        ):
            if self.counts[what]:
                gathering.notes.append(sentence.format(count=f"{self.counts[what]:,}", since=self.since.isoformat()))

    # --- people and acts ----------------------------------------------------------------------------------------------

    def _people(self) -> None:
        for (child, what), (value, _) in self.of_child.items():
            subject = self.gathering.subject(child)
            if (child, what) in self.contradicted:
                continue
            if what == "DOB" and isinstance(value, date):
                subject.born = value
            elif what == "SEX":
                subject.strata["sex"] = str(value)
            elif what == "ETHNIC":
                subject.strata["ethnicity"] = str(value)
        for said in self.asylum:
            # Where it ceased the fact did not hold throughout, and is left out.
            if said.first > self.as_of:
                self.gathering.subject(said.child).facts["unaccompanied asylum seeking child"] = True
        for said in self.asylum:
            if said.first <= self.as_of:
                self.gathering.subject(said.child).facts.pop("unaccompanied asylum seeking child", None)

    def _once(self, found: list[_Said], end: str) -> Iterator[tuple[_Said, int]]:
        """Each record once, those of one child and day with a number; the later year's where two years have it."""
        clusters: defaultdict[tuple[str, date, str | None], list[_Said]] = defaultdict(list)
        for said in found:
            clusters[said.child, said.first, said.code].append(said)
        numbers: Counter[tuple[str, date]] = Counter()
        for (child, first, _), cluster in sorted(clusters.items(), key=lambda item: (*item[0][:2], item[0][2] or "")):
            kept: list[_Said] = []
            for said in sorted(cluster, key=lambda s: (self.age[s.file], s.last or date.max)):
                same = next((old for old in kept if old.last == said.last), None)
                heir = next(
                    (old for old in kept if old.last is None and self.age[old.file] < self.age[said.file]), None
                )
                if same is not None:
                    if same.file == said.file:
                        self.gathering.doubles[said.place.table] += 1
                    else:
                        self.counts["again"] += 1
                        kept[kept.index(same)] = said
                elif heir is not None:
                    self.counts["again"] += 1
                    kept[kept.index(heir)] = said
                else:
                    kept.append(said)
            for said in kept:
                if said.last is None and end and self.age[said.file] < self.latest:
                    self._fault(
                        said.place,
                        end,
                        "it was still open at the end of its year, but no later file holds it.",
                        "Add the end. It was not used.",
                    )
                    continue
                numbers[child, first] += 1
                yield said, numbers[child, first]

    def _is_old(self, began: date) -> bool:
        """Whether something began before the files are whole; it is counted."""
        if began >= self.since:
            return False
        self.counts["older"] += 1
        return True

    def _acts(self) -> None:
        add = self.gathering.add
        reviews = list(self._once(self.reviews, ""))
        held: defaultdict[str, list[date]] = defaultdict(list)
        for said, _ in reviews:
            held[said.child].append(said.first)
        for said, number in reviews:
            details: dict[str, Detail] = {}
            for care_began, care_ended in self.care[said.child]:
                if care_began <= said.first <= care_ended:
                    details["initial"] = said.first == min(day for day in held[said.child] if day >= care_began)
            part = None if said.code is None else _TOOK_PART[said.code]
            if part is not None:
                details["child took part"] = part
            add(
                said.child,
                "looked after review held",
                said.first,
                Origin(said.place.table, "REVIEW", said.place.row),
                id=f"reviews/{_key(said.first, number)}/REVIEW",
                details=details,
            )
        for what, found, start, end, began, over in (
            ("missing", self.missing, "MIS_START", "MIS_END", "went missing", "returned from missing"),
            (
                "sw_episodes",
                self.workers,
                "SW_DECOM",
                "SW_DEC",
                "social worker allocated",
                "social worker allocation ended",
            ),
        ):
            for said, number in self._once(found, end):
                table, row = said.place
                if what == "sw_episodes" and said.code is not None:
                    last = None if said.last is None else said.last.toordinal()
                    allocation = Allocation(said.first.toordinal(), last, said.code, None)
                    self.gathering.subject(said.child).allocations.append(allocation)
                if self._is_old(said.first):
                    continue
                key = f"{what}/{_key(said.first, number)}"
                add(said.child, began, said.first, Origin(table, start, row), id=f"{key}/{start}")
                add(said.child, over, said.last, Origin(table, end, row), id=f"{key}/{end}", about=f"{key}/{start}")
        for said, number in self._once(self.decisions, ""):
            if said.last is not None:
                self.counts["reversed"] += 1
                continue
            if self._is_old(said.first):
                continue
            add(
                said.child,
                "adoption decision made",
                said.first,
                Origin(said.place.table, "DATE_PLACED", said.place.row),
                id=f"placed_for_adoption/{_key(said.first, number)}/DATE_PLACED",
            )

    # --- periods of care ----------------------------------------------------------------------------------------------

    def _care(self) -> None:
        children: defaultdict[str, list[_Episode]] = defaultdict(list)
        for episode in self.episodes:
            children[episode.child].append(episode)
        for child in sorted(children.keys() | self.muddled):
            self.gathering.subject(child)
            if child in self.muddled:
                self.counts["muddled"] += 1
                continue
            for stretch in self._stretches(self._joined(children[child])):
                self._look(stretch)
                if stretch.sound:
                    self._derive(child, stretch)
                else:
                    self.counts["muddled"] += 1

    def _joined(self, episodes: list[_Episode]) -> list[_Episode]:
        """A child's episodes in order, each once; the later year's where two years have it."""
        kept: list[_Episode] = []
        episodes.sort(key=lambda e: (e.began, self.age[e.file], e.ended or date.max, e.place))
        for episode in episodes:
            same = next((old for old in reversed(kept) if self._is_one(old, episode)), None)
            if same is None:
                kept.append(episode)
                continue
            if same.file == episode.file:
                self.gathering.doubles[episode.place.table] += 1
                continue
            self.counts["again"] += 1
            if same.ended is not None and same.ended != episode.ended:
                self._fault(
                    episode.place,
                    "DEC",
                    f"the file of an earlier year says something else ({same.place.table}, row {same.place.row}).",
                    "Check both. The later file was used.",
                )
            kept[kept.index(same)] = episode
        return sorted(kept, key=lambda e: (e.began, e.ended or date.max, e.place))

    def _is_one(self, old: _Episode, new: _Episode) -> bool:
        """Whether two rows are one episode: the same in one file, or begun on one day in files of two years."""
        if old.began != new.began:
            return False
        if self.age[old.file] != self.age[new.file]:
            return (old.reason, old.status, old.home) == (new.reason, new.status, new.home)
        return _content(old) == _content(new)

    def _stretches(self, episodes: list[_Episode]) -> Iterator[_Stretch]:
        """Cut a child's episodes where one period of care clearly ended and another clearly began."""
        stretch = _Stretch()
        for episode in episodes:
            last = stretch.episodes[-1] if stretch.episodes else None
            if (
                last is not None
                and not last.broken
                and last.ended is not None
                and last.ending != _GOES_ON
                and episode.reason == "S"
                and episode.began >= max(each.ended or date.max for each in stretch.episodes)
            ):
                yield stretch
                stretch = _Stretch()
            stretch.episodes.append(episode)
        yield stretch

    def _look(self, stretch: _Stretch) -> None:
        """Find what contradicts itself in a stretch: no period is made of it, for nobody can say which is right."""
        stretch.sound = not any(episode.broken for episode in stretch.episodes)

        def wrong(episode: _Episode, column: str, message: str) -> None:
            self._fault(episode.place, column, message, "Check both. No period of care was made of these episodes.")
            stretch.sound = False

        for episode, after in zip(stretch.episodes, (*stretch.episodes[1:], None), strict=True):
            if episode.reason is None:
                stretch.homes = stretch.statuses = False
            if after is None:
                if episode.ending == _GOES_ON:
                    wrong(episode, "REC", "it says that another episode begins on the same day, but none does.")
                elif episode.ended is None and self.age[episode.file] < self.latest:
                    wrong(episode, "DEC", "it was still open at the end of its year, but no later file holds it.")
                continue
            where = f"row {after.place.row}"
            if episode.ended is None or episode.ended > after.began:
                wrong(after, "DECOM", f"the episode before was not over (row {episode.place.row}).")
            elif episode.ending != _GOES_ON and not episode.broken:
                wrong(after, "RNE", f"it goes on with a period of care that was over (row {episode.place.row}).")
            elif episode.ended < after.began:
                wrong(episode, "REC", f"it says that another episode begins on the same day, but none does ({where}).")
            elif after.reason == "S":
                wrong(
                    after, "RNE", f"a period of care starts, but the episode before goes on (row {episode.place.row})."
                )
            if after.reason in ("P", "T") and episode.status and after.status and episode.status != after.status:
                stretch.statuses = False
                self._fault(
                    after.place,
                    "LS",
                    "it is not that of the episode before, but RNE says that it did not change.",
                    "Check both. No legal status was made of these episodes.",
                )
            if after.reason == "L" and episode.home and after.home and episode.home != after.home:
                stretch.homes = False
                self._fault(
                    after.place,
                    "PLACE",
                    "it is not that of the episode before, but RNE says that it did not change.",
                    "Check both. No placement was made of these episodes.",
                )
        kinds = {episode.status in _SHORT_BREAKS for episode in stretch.episodes if episode.status}
        if len(kinds) > 1:
            wrong(stretch.episodes[0], "LS", "a short break (V3, V4) and other care stand in one period.")
        elif not kinds:
            stretch.sound = False

    def _derive(self, child: str, stretch: _Stretch) -> None:
        """The events of one period of care."""
        first, last = stretch.episodes[0], stretch.episodes[-1]
        add = self.gathering.add

        def key(episode: _Episode, column: str) -> str:
            return f"episodes/{episode.began.isoformat()}/{column}"

        def at(episode: _Episode, column: str) -> Origin:
            return Origin(episode.place.table, column, episode.place.row)

        known = first.reason == "S"
        if any(episode.status in _SHORT_BREAKS for episode in stretch.episodes):
            if any(episode.status != _AGREED_SERIES for episode in stretch.episodes):
                self.counts["breaks"] += len(stretch.episodes)
            elif known and first.began >= self.since:
                start = key(first, "DECOM") + "/short breaks started"
                add(child, "short breaks started", first.began, at(first, "DECOM"), id=start)
                add(
                    child,
                    "short breaks ended",
                    last.ended,
                    at(last, "DEC"),
                    id=key(last, "DEC") + "/short breaks ended",
                    about=start,
                )
            else:
                self.counts["earlier"] += 1
            return
        if known and first.began >= self.since:
            self.care[child].append((first.began, last.ended or date.max))
            status = _STATUSES[first.status] if first.status else None
            start = key(first, "DECOM")
            add(
                child,
                "became looked after",
                first.began,
                at(first, "DECOM"),
                id=start,
                details={"legal status": status} if status else None,
            )
            add(
                child,
                "ceased to be looked after",
                last.ended,
                at(last, "DEC"),
                id=key(last, "DEC"),
                about=start,
                details={"reason": _ENDINGS[last.ending]} if last.ending in _ENDINGS else None,
            )
        else:
            self.counts["earlier"] += 1
        if stretch.homes:
            self._runs(child, stretch, "placement", _NEW_PLACEMENT, "PLACE", "home")
            self._adoptive(child, stretch)
        if stretch.statuses:
            self._runs(child, stretch, "legal status", _NEW_STATUS, "LS", "status")
        for codes, name, details in (
            (_ADOPTED, "adoption order made", None),
            (_GUARDIANSHIP, "permanence order made", {"permanence option": "special guardianship"}),
            ({_DIED}, "child died", None),
        ):
            if last.ending in codes:
                add(child, name, last.ended, at(last, "DEC"), id=f"{key(last, 'DEC')}/{name}", details=details)

    def _runs(
        self, child: str, stretch: _Stretch, what: str, begins: frozenset[str], column: str, attribute: str
    ) -> None:
        """The placements, or the legal statuses, of one period of care. Of a run that the files do not hold from its
        start, or that began before they are whole, nothing is made.
        """
        add = self.gathering.add
        starts = [place for place, episode in enumerate(stretch.episodes) if episode.reason in begins]
        for place, until in pairwise((*starts, len(stretch.episodes))):
            first, last = stretch.episodes[place], stretch.episodes[until - 1]
            if self._is_old(first.began):
                continue
            code = getattr(first, attribute)
            details: Mapping[str, Detail] = {}
            if code and column == "PLACE":
                details = _PLACES[code]
            elif code:
                details = {"legal status": _STATUSES[code]}
            id = f"episodes/{first.began.isoformat()}/{column}"
            origin = Origin(first.place.table, "DECOM", first.place.row)
            add(child, f"{what} started", first.began, origin, id=f"{id}/{what} started", details=details)
            kept = {name: value for name, value in details.items() if name != "long term"}
            add(
                child,
                f"{what} ended",
                last.ended,
                Origin(last.place.table, "DEC", last.place.row),
                id=f"{id}/{what} ended",
                about=f"{id}/{what} started",
                details=kept,
            )
            if code == _PLACEMENT_ORDER and column == "LS":
                add(child, "placement order made", first.began, origin, id=f"{id}/placement order made")

    def _adoptive(self, child: str, stretch: _Stretch) -> None:
        """Placed for adoption: from the first adoptive episode in a row to the last, whether or not the carers were
        the child's foster carers before.
        """
        add = self.gathering.add
        before: _Episode | None = None
        start: tuple[str, _Episode] | None = None
        for episode, after in zip(stretch.episodes, (*stretch.episodes[1:], None), strict=True):
            adoptive = episode.home in _ADOPTIVE
            began = (before is not None or episode.reason in _NEW_PLACEMENT) and episode.began >= self.since
            if adoptive and began and (before is None or before.home not in _ADOPTIVE):
                id = f"episodes/{episode.began.isoformat()}/PLACE/placed for adoption"
                origin = Origin(episode.place.table, "DECOM", episode.place.row)
                add(child, "placed for adoption", episode.began, origin, id=id)
                start = id, episode
            over = adoptive and episode.ended is not None and (after is None or after.home not in _ADOPTIVE)
            if over and start is not None and episode.ending not in _ADOPTED:
                id, first = start
                add(
                    child,
                    "adoption placement ended",
                    episode.ended,
                    Origin(episode.place.table, "DEC", episode.place.row),
                    id=f"episodes/{first.began.isoformat()}/PLACE/adoption placement ended",
                    about=id,
                )
            if over:
                start = None
            before = episode


def _content(episode: _Episode) -> tuple[object, ...]:
    return episode.ended, episode.reason, episode.status, episode.home, episode.ending


def _key(day: date, number: int) -> str:
    return day.isoformat() if number == 1 else f"{day.isoformat()}#{number}"


def _year(day: date) -> int:
    """The year of the 31 March on or after a day."""
    return day.year if day < date(day.year, 4, 1) else day.year + 1


def _kind(table: Table) -> str | None:
    """Which file of the return a table is, by its columns."""
    columns = {fold(column) for column in table.columns}
    for kind, wanted in _COLUMNS.items():
        if all(fold(column) in columns for column in wanted):
            return kind
    return None
