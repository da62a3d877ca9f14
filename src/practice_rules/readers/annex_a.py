"""Annex A of the inspection framework for local authorities' children's services: lists of children, as Excel or CSV.

Annex A is a snapshot. Lists 1 to 5 hold every contact, referral, assessment and enquiry of the last six months. Lists 6
to 9 hold who is helped now, and of each child only the latest visit, review, contact, placement and legal status. So
the data say what is overdue now, and nothing of how often it was late before. `Reading.latest` names the events of
which only the latest is held, `Reading.since` the day from which on the others are whole.

Where one record decides so much, one that cannot be read cannot be passed over: without its latest visit a child seen
yesterday would look unseen for years. A child with such a record is set aside as a whole, and named as a fault.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from pathlib import Path
from typing import Any, Final, NamedTuple

from ..calendars import add_months
from ..events import Detail, fold
from ..records import Allocation, Gathering, Origin, Reading, Trouble, read_text
from ..tables import Table, TableError, csv_table, go_through, table_of
from .codes import CATEGORY, LEGAL_STATUS, LONG_TERM, PLACEMENT, folded

__all__ = ["HOLDS", "LATEST", "read_annex_a"]

# --- headings ---------------------------------------------------------------------------------------------------------


class _Heading(NamedTuple):
    """A column: what the guidance calls it, and what else authorities call it (a pattern of its plain words)."""

    name: str
    pattern: re.Pattern[str]


def _heading(name: str, pattern: str) -> _Heading:
    return _Heading(name, re.compile(pattern))


# Patterns are put to the whole heading in lower case, every run of other characters than letters and digits being one
# space: "Child’s Legal Status" is "child s legal status".
_CHILD: Final = {
    "child": _heading("Child Unique ID", r".*\bchild\b.*\b(id|identifier|ref|reference)\b.*"),
    "sex": _heading("Gender", r"(gender|sex)( of( the)? child)?"),
    "ethnicity": _heading("Ethnicity", r"ethnicity|ethnic (origin|background|group)"),
    "born": _heading("Date of Birth", r"(child s )?date of birth|dob"),
    "disability": _heading("Does the Child have a Disability", r"(does )?(the )?(child )?(has |have )?(a )?disability"),
}
_HELD_BY: Final = {
    "team": _heading("Allocated Team", r"(current )?allocated team"),
    "worker": _heading("Allocated Worker", r"(current )?allocated (social )?worker"),
}
_LATEST_WORD: Final = r"(the )?(last|latest|most recent)"
_LISTS: Final[Mapping[int, Mapping[str, _Heading]]] = {
    1: {
        **_CHILD,
        "contact": _heading("Date of Contact", r"date of (the )?contact|contact date"),
        "source": _heading("Contact Source", r"contact source|source of (the )?contact"),
    },
    2: {
        **_CHILD,
        "started": _heading("Assessment start date", r"((early help|eh) )?assessment start date"),
        "completed": _heading("Assessment completion date", r"((early help|eh) )?assessment completion date"),
    },
    3: {
        **_CHILD,
        **_HELD_BY,
        "referral": _heading("Date of referral", r"date of (the )?referral|referral date"),
        "source": _heading("Referral Source", r"referral source|source of (the )?referral"),
        "nfa": _heading("Referral NFA?", r"referral (nfa|no further action)"),
    },
    4: {
        **_CHILD,
        **_HELD_BY,
        "started": _heading("Continuous Assessment Start Date", r"(continuous |c f |single )?assessment start date"),
        "seen": _heading("Child Seen During Continuous Assessment", r"(was the )?child seen during .*assessment"),
        "authorised": _heading(
            "Continuous Assessment Date of Authorisation",
            r"(continuous |c f |single )?assessment (date of authori[sz]ation|authori[sz](ation|ed) date)",
        ),
    },
    5: {
        **_CHILD,
        **_HELD_BY,
        "strategy": _heading(
            "Strategy discussion initiating Section 47 Enquiry Start Date",
            r"(date of )?(the )?strategy discussion initiating .*|(section 47|s47)( enquiry)? start date",
        ),
        "not required": _heading(
            "Was an Initial Child Protection Conference deemed unnecessary?",
            r".*(conference|icpc) (was )?(deemed )?(unnecessary|not required)",
        ),
        "conference": _heading(
            "Date of Initial Child Protection Conference",
            r"date of (the )?(initial child protection conference|icpc)"
            r"|(initial child protection conference|icpc) date",
        ),
        "agreed": _heading(
            "Did the Initial Child Protection Conference Result in a Child Protection Plan",
            r"did (the )?(initial child protection conference|icpc) result in .*plan",
        ),
    },
    6: {
        **_CHILD,
        **_HELD_BY,
        "started": _heading("CIN Start Date", r"(cin|child in need) start date"),
        "visit": _heading("Date Child Was Last Seen", r"date (the )?child (was )?last seen"),
        "ended": _heading("CIN Closure Date", r"(cin|child in need) closure date"),
        "reason": _heading("Reason for Closure", r"reason for closure"),
    },
    7: {
        **_CHILD,
        **_HELD_BY,
        "started": _heading("Child Protection Plan Start Date", r"(child protection|cpp?)( plan)? start date"),
        "category": _heading("Initial Category of Abuse", r"initial category of abuse"),
        "visit": _heading(
            "Date of the Last Statutory Visit",
            rf"(date of )?{_LATEST_WORD} (statutory|child protection|cp) visit( date)?",
        ),
        "alone": _heading("Was the Child Seen Alone?", r"(was )?(the )?child seen alone"),
        "review": _heading(
            "Date of latest review conference",
            rf"(date of )?{_LATEST_WORD} (child protection |cp )?review( child protection)?( conference)?( date)?",
        ),
        "ended": _heading("Child Protection Plan End Date", r"(child protection|cpp?)( plan)? end date"),
    },
    8: {
        **_CHILD,
        **_HELD_BY,
        "uasc": _heading(
            "Unaccompanied Asylum Seeking Child (UASC) within the Last 12 Months (Y/N)",
            r"unaccompanied asylum seeking child.*|uasc.*",
        ),
        "started": _heading(
            "Date Started to be Looked After", r"date (the )?(child )?(started to be|became) looked after"
        ),
        "legal": _heading(
            "Start date of current legal status", r"start date of (the )?(current|latest|most recent) legal status"
        ),
        "legal status": _heading("Child's Legal Status", r"((the )?(child s )|current )?legal status"),
        "review": _heading("Date of Latest Statutory Review", rf"date of {_LATEST_WORD} statutory review"),
        "visit": _heading("Date of Last Social Work Visit", rf"date of {_LATEST_WORD} social work(er)? visit"),
        "officer": _heading(
            "Date of Last IRO Visit / Contact to the Child", rf"date of {_LATEST_WORD} iro (visit|contact).*"
        ),
        "health": _heading("Date of Last Health Assessment", rf"date of {_LATEST_WORD} health assessment"),
        "dental": _heading("Date of Last Dental Check", rf"date of {_LATEST_WORD} dental (check|check up|assessment)"),
        "ended": _heading("Date Ceased to be Looked After", r"date (the )?(child )?ceased to be looked after"),
        "reason": _heading("Reason Ceased to be Looked After", r"reason (the )?(child )?ceased to be looked after"),
        "placement": _heading(
            "Start Date of Most Recent Placement", r"start date of (the )?(most recent|latest|current) placement"
        ),
        "placement type": _heading("Placement Type", r"placement type|type of placement"),
    },
    9: {
        **_CHILD,
        **_HELD_BY,
        "uasc": _heading(
            "Unaccompanied Asylum Seeking Child (UASC), or formerly UASC if 18 or over (Y/N)",
            r"unaccompanied asylum seeking child.*|uasc.*",
        ),
        "eligibility": _heading("Eligibility Category", r"eligibility category"),
        "review": _heading(
            "Latest Pathway Plan Review Date",
            rf"{_LATEST_WORD} pathway plan review date|date of {_LATEST_WORD} pathway plan review",
        ),
        "contact": _heading(
            "Latest Date of Contact", rf"{_LATEST_WORD} date of contact|date of {_LATEST_WORD} contact"
        ),
    },
    10: {
        **_CHILD,
        "decision": _heading(
            "Date of Decision that Child Should be Placed for Adoption",
            r"date of (the )?decision that (the )?child should be placed for adoption",
        ),
        "order": _heading("Date of Placement Order", r"date of (the )?placement order|placement order date"),
        "matched": _heading(
            "Date of Matching Child and Prospective Adopters", r"date of matching (of )?(the )?child and .*adopters?"
        ),
        "placed": _heading("Date Placed for Adoption", r"date (the )?(child )?placed for adoption"),
        "adopted": _heading("Date of Adoption Order", r"date of (the )?adoption order|adoption order date"),
        "reversed": _heading(
            "Date of Decision that Child Should No Longer be Placed for Adoption",
            r"date of (the )?decision that (the )?child should no longer be placed for adoption",
        ),
    },
    11: {
        "adopter": _heading("Individual adopter identifier", r"individual adopter (identifier|id)"),
        "enquiry": _heading("Date enquiry received", r"date (the )?enquiry received"),
    },
}
#: By which columns a list is known whose name does not tell. Each must be there.
_KNOWN_BY: Final[Mapping[int, tuple[str, ...]]] = {
    1: ("child", "contact"),
    2: ("child", "started", "completed"),
    3: ("child", "referral"),
    4: ("child", "started", "authorised"),
    5: ("child", "strategy"),
    6: ("child", "started"),
    7: ("child", "started"),
    8: ("child", "started"),
    9: ("child", "eligibility"),
    10: ("child", "decision"),
    11: ("adopter",),
}
#: Without these columns nothing can be made of a list.
_NEEDED: Final[Mapping[int, tuple[str, ...]]] = {
    **{number: columns for number, columns in _KNOWN_BY.items() if number not in (2, 4, 9, 11)},
    2: ("child", "started"),
    4: ("child", "started"),
    9: ("child",),
    11: (),
}
_TITLES: Final = {
    1: "contacts",
    2: "early help assessments",
    3: "referrals",
    4: "assessments",
    5: "section 47 enquiries",
    6: "children in need",
    7: "child protection plans",
    8: "children looked after",
    9: "care leavers",
    10: "adoption",
    11: "adopters",
}

# --- what there is ----------------------------------------------------------------------------------------------------

#: What each column gives, by list.
_WORDS: Final[Mapping[int, Mapping[str, tuple[str, ...]]]] = {
    1: {"contact": ("contact received",)},
    2: {"started": ("early help assessment started",), "completed": ("early help assessment completed",)},
    3: {"referral": ("referral received",), "nfa": ("referral closed with no further action",)},
    4: {"started": ("assessment started",), "authorised": ("assessment completed", "assessment authorised")},
    5: {
        "strategy": ("strategy discussion held", "section 47 enquiry started"),
        "not required": ("initial child protection conference not required",),
        "conference": ("initial child protection conference held",),
    },
    6: {"started": ("case opened",), "visit": ("child visited",), "ended": ("case closed",)},
    7: {
        "started": ("child protection plan started",),
        "visit": ("child visited",),
        "review": ("review child protection conference held",),
        "ended": ("child protection plan ended",),
    },
    8: {
        "started": ("became looked after", "short breaks started"),
        "legal": ("legal status started",),
        "review": ("looked after review held", "short break review held"),
        "visit": ("child visited",),
        "officer": ("reviewing officer contacted child",),
        "health": ("health assessment completed",),
        "dental": ("dental check completed",),
        "placement": ("placement started",),
        "ended": ("ceased to be looked after", "short breaks ended", "legal status ended", "placement ended"),
    },
    9: {"review": ("pathway plan reviewed",), "contact": ("care leaver contacted",)},
    10: {
        "decision": ("adoption decision made",),
        "order": ("placement order made",),
        "matched": ("child matched",),
        "placed": ("placed for adoption",),
        "adopted": ("adoption order made",),
    },
}
#: The events that Annex A can hold with a date, by folded name.
HOLDS: Final = frozenset(fold(word) for columns in _WORDS.values() for words in columns.values() for word in words)
#: Columns in which only the latest of its kind stands. List 10 is of one plan of adoption, the present one.
_LATEST_COLUMNS: Final = {
    6: ("visit",),
    7: ("visit", "review"),
    8: ("legal", "review", "visit", "officer", "health", "dental", "placement"),
    9: ("review", "contact"),
    10: ("decision", "order", "matched", "placed", "adopted"),
}
#: The events of which only the latest is held, by folded name.
LATEST: Final = frozenset(
    fold(word) for number, columns in _LATEST_COLUMNS.items() for column in columns for word in _WORDS[number][column]
) | {"legal status ended", "placement ended"}
#: Columns that may well be blank in every row. Any other that is blank throughout was not filled in, and what it would
#: say is not known.
_MAY_BE_BLANK: Final = frozenset({(6, "ended"), (7, "ended"), (8, "ended"), *((10, column) for column in _WORDS[10])})
#: Each list's periods: from one column to another.
_PERIODS: Final = (6, 7, 8)
#: Which list's worker is believed, where several name one.
_ALLOCATING: Final = (3, 5, 4, 9, 6, 7, 8)

# --- codes ------------------------------------------------------------------------------------------------------------
# A cell may hold the code, the code and its words ("C2 - Full care order"), the words, and a letter before either
# ("a) Yes"). The codes are those of the SSDA903 and of the CIN census, which the guidance of Annex A refers to.

_LEGAL_STATUS: Final[Mapping[str, str]] = {
    **folded(LEGAL_STATUS),
    "interim care order": "interim care order",
    "care order": "care order",
    "full care order": "care order",
    "placement order": "placement order",
    "placement order granted": "placement order",
    "section 20": "section 20",
    "emergency protection order": "emergency protection order",
    "police protection": "police protection",
}
# None: a known code that says less than the vocabulary asks. T0 to T4 are stays away from a placement that goes on.
_PLACEMENT: Final[Mapping[str, str | None]] = {
    **folded(PLACEMENT),
    "r3": "other",  # family centre, mother and baby unit
    **dict.fromkeys(("t0", "t1", "t2", "t3", "t4")),
    "foster placement": None,  # with whom is not said
    "placed for adoption": "placed for adoption",
    "placed with own parents": "placed with parents",
    "placed with parents": "placed with parents",
    "independent living": "independent living",
    "residential school": "residential school",
    "secure children s home": "secure",
    "children s home": "residential",
    "residential care home": "residential",
}
_LONG_TERM: Final = folded(LONG_TERM)
_CATEGORY: Final[Mapping[str, str]] = {
    **folded(CATEGORY),
    "neglect": "neglect",
    "physical abuse": "physical abuse",
    "physical": "physical abuse",
    "sexual abuse": "sexual abuse",
    "sexual": "sexual abuse",
    "emotional abuse": "emotional abuse",
    "emotional": "emotional abuse",
    "multiple": "multiple",
}
_SEX: Final = {"m": "male", "male": "male", "1": "male", "f": "female", "female": "female", "2": "female"}
#: What stands before a coded cell's words: "a) ", "1 - ", "(b) ".
_LETTER: Final = re.compile(r"^(?:\(?[a-z]\)|\d{1,2}\s*[-–)])\s*", re.IGNORECASE)

# --- finding the lists ------------------------------------------------------------------------------------------------

_BY_NAME: Final = re.compile(r"\blist ?0?(1[01]|[1-9])\b|^0?(1[01]|[1-9])\b")
#: Titles may stand above the headings.
_ROWS_SEARCHED: Final = 30


def _plain(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", " ", text.casefold()).strip()


@dataclass(slots=True)
class _List:
    """One list as it was found: its table, the row of its headings, and the heading that each column has here."""

    number: int
    table: Table
    header: int
    headings: dict[str, str]
    odd: list[tuple[str, Trouble]]
    #: In a workbook, the day from which its numbers for dates count.
    epoch: datetime | None = None

    @property
    def name(self) -> str:
        return self.table.name


def _headings(number: int, given: Iterable[str]) -> tuple[dict[str, str], list[tuple[str, Trouble]]]:
    """The heading of each column that is read, and those that are not plain."""
    found: dict[str, str] = {}
    odd: list[tuple[str, Trouble]] = []
    for heading in given:
        meant = [name for name, known in _LISTS[number].items() if known.pattern.fullmatch(_plain(heading))]
        if len(meant) > 1:
            first, second = (_LISTS[number][name].name for name in meant[:2])
            odd.append((heading, Trouble(f"it can be “{first}” or “{second}”.", "It was read as the first.")))
        if not meant:
            continue
        if meant[0] in found:
            said = _LISTS[number][meant[0]].name
            odd.append((heading, Trouble(f"two columns can be “{said}”.", "The first was used. Take one of them out.")))
        else:
            found[meant[0]] = heading
    return found, odd


def _number_of(name: str, headings: Sequence[str]) -> int | None:
    """Which list a file or sheet is: by its name, else by its headings."""
    named = _BY_NAME.search(_plain(name.removesuffix(".csv").removesuffix(".CSV")))
    if named:
        return int(named[1] or named[2])
    fitting: dict[int, int] = {}
    for number, needed in _KNOWN_BY.items():
        found, _ = _headings(number, headings)
        if all(column in found for column in needed):
            fitting[number] = len(found.keys() - _CHILD.keys())
    best = [number for number, count in fitting.items() if count == max(fitting.values())]
    return best[0] if len(best) == 1 else None


def _find(source: object, gathering: Gathering) -> dict[int, _List]:
    """The lists of a source by number."""
    found: dict[int, _List] = {}
    for name, table, header, epoch in _tables(source, gathering):
        number = _number_of(name, table.columns)
        if number is None:
            gathering.notes.append(f"{name}: neither its name nor its headings say which list it is; it was not read.")
        elif number in found:
            raise TableError(f"{name}: list {number} is there twice (see {found[number].name}). Give it once.")
        else:
            headings, odd = _headings(number, table.columns)
            found[number] = _List(number, table, header, headings, odd, epoch)
    if not found:
        raise TableError("There is no list of Annex A here. Give a folder of CSV files, or a workbook with its sheets.")
    return dict(sorted(found.items()))


def _tables(source: object, gathering: Gathering) -> Iterator[tuple[str, Table, int, datetime | None]]:
    if isinstance(source, Mapping):
        for name, item in source.items():
            table = table_of(item, str(name))
            yield str(name), table, 1 if isinstance(item, str | Path) else 0, None
        return
    if not isinstance(source, str | Path):
        raise TableError("Give a folder of CSV files, a workbook, or a dictionary of tables by name.")
    path = Path(source)
    if not path.exists():
        raise TableError(f"{path.name}: there is no such file or folder. Check the name.")
    if path.is_dir():
        # Excel's own lock files begin with "~$".
        inside = [each for each in sorted(path.iterdir()) if not each.name.startswith(("~$", "."))]
        files = [each for each in inside if each.suffix.lower() == ".csv"]
        books = [each for each in inside if each.suffix.lower() in (".xlsx", ".xlsm")]
        if not files and len(books) == 1:
            yield from _sheets(books[0], gathering)
            return
        for file in files:
            yield file.name, csv_table(file), 1, None
    elif path.suffix.lower() in (".xlsx", ".xlsm"):
        yield from _sheets(path, gathering)
    elif path.suffix.lower() == ".csv":
        yield path.name, csv_table(path), 1, None
    else:
        raise TableError(f"{path.name}: this is neither a workbook (.xlsx) nor CSV. Save it as one of them.")


def _sheets(path: Path, gathering: Gathering) -> Iterator[tuple[str, Table, int, datetime | None]]:
    """The sheets of a workbook that have headings of a list. Formulas count by the value they had when it was saved."""
    try:
        from openpyxl import load_workbook
        from openpyxl.utils.exceptions import InvalidFileException
    except ImportError:
        raise TableError(
            f'{path.name}: workbooks need the extra "caseload": pip install "practice-rules[caseload]".'
        ) from None
    from zipfile import BadZipFile

    try:
        book = load_workbook(path, read_only=True, data_only=True)
    except (InvalidFileException, BadZipFile, KeyError, ValueError, OSError):
        raise TableError(
            f"{path.name}: this cannot be read as a workbook. Open it in Excel and save it again."
        ) from None
    try:
        for sheet in book.worksheets:
            if sheet.sheet_state != "visible":
                gathering.notes.append(f"{sheet.title}: the sheet is hidden and was not read.")
                continue
            sheet.reset_dimensions()
            rows = list(enumerate(sheet.iter_rows(values_only=True), start=1))
            top = next((place for place, (_, cells) in enumerate(rows[:_ROWS_SEARCHED]) if _is_header(cells)), None)
            if top is None:
                gathering.notes.append(f"{sheet.title}: the sheet has no headings of a list; it was not read.")
                continue
            header, cells = rows[top]
            columns = tuple("" if cell is None else str(cell).strip() for cell in cells)
            filled = [(number, cells) for number, cells in rows[top + 1 :] if any(cell is not None for cell in cells)]
            yield sheet.title, Table(sheet.title, columns, filled, [], []), header, book.epoch
    finally:
        book.close()


def _is_header(cells: Sequence[object]) -> bool:
    texts = [cell for cell in cells if isinstance(cell, str)]
    return any(len(_headings(number, texts)[0]) > 1 for number in _LISTS)


# --- reading ----------------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Annex:
    """What is gathered while the lists are gone through."""

    gathering: Gathering
    as_of: date | None
    #: Children who are set aside.
    aside: set[str] = field(default_factory=set)
    #: How often an id was given out, by child and id.
    given: Counter[tuple[str, str]] = field(default_factory=Counter)
    #: Births, sex and the like, by child and what it is: each value with the first place that says so.
    said: defaultdict[tuple[str, str], dict[Detail, tuple[_List, int, str]]] = field(
        default_factory=lambda: defaultdict(dict)
    )
    #: By list and child, the first day of each period with its last, and the row.
    periods: defaultdict[tuple[int, str], dict[date, tuple[date | None, int]]] = field(
        default_factory=lambda: defaultdict(dict)
    )
    #: By child, the visits of lists 7 and 8, each with the period of its row.
    visits: defaultdict[str, list[tuple[date, date, date | None]]] = field(default_factory=lambda: defaultdict(list))
    #: By child, who is said to hold the case: what decides between several, then team and worker.
    holders: defaultdict[str, list[tuple[tuple[bool, int, int], str, str]]] = field(
        default_factory=lambda: defaultdict(list)
    )
    #: Things that are odd but used, by list and what they are.
    odd: Counter[tuple[str, str]] = field(default_factory=Counter)
    #: By list, the columns of which some row has something to say.
    filled: defaultdict[int, set[str]] = field(default_factory=lambda: defaultdict(set))


@dataclass(slots=True)
class _Row:
    """One row of a list: whose it is, its number, and its cells by column."""

    annex: _Annex
    list: _List
    child: str
    number: int
    cells: Mapping[str, object]

    def heading(self, column: str) -> str:
        """What the column is called here."""
        return self.list.headings.get(column, "")

    def text(self, column: str) -> str | None:
        """A cell as text."""
        return read_text(self.cells.get(column))

    def fault(self, column: str, trouble: str, way_out: str, *, decides: bool = True) -> None:
        """Note what cannot be used. Where too much rests on it to go on without it, the child is set aside."""
        self.annex.gathering.fault(self.list.name, self.number, self.heading(column), trouble, way_out)
        if decides:
            self.annex.aside.add(self.child)

    def day(self, column: str, *, decides: bool = True) -> date | None:
        """The date in a cell. One that cannot be read sets the child aside, and so does a latest date still to come."""
        value = self.cells.get(column)
        if self.list.epoch is not None:
            value = _from_workbook(value, self.list.epoch)
        gathering, as_of = self.annex.gathering, self.annex.as_of
        before = len(gathering.faults)
        day = gathering.day(self.list.name, self.number, self.heading(column), value)
        if decides and len(gathering.faults) > before:
            self.annex.aside.add(self.child)
        if day is None or as_of is None or day <= as_of or column not in _LATEST_COLUMNS.get(self.list.number, ()):
            return day
        self.fault(column, "it lies after the day of the extract.", "Give the latest date up to that day.")
        return None

    def needed(self, column: str, *, decides: bool = True) -> date | None:
        """The date in a cell without which the row says nothing."""
        day = self.day(column, decides=decides)
        if day is None and self.text(column) is None:
            self.fault(column, "it is missing.", "Give it, or take the row out.", decides=decides)
        elif day is None and decides:
            self.annex.aside.add(self.child)
        return day

    def flag(self, column: str, *, decides: bool = False) -> bool | None:
        """The flag in a coded cell."""
        text = self.text(column)
        gathering = self.annex.gathering
        before = len(gathering.faults)
        bare = None if text is None else _LETTER.sub("", text)
        flag = gathering.yes_or_no(self.list.name, self.number, self.heading(column), bare)
        if decides and len(gathering.faults) > before:
            self.annex.aside.add(self.child)
        return flag

    def code(self, column: str, codes: Mapping[str, Any]) -> str | None:
        """The entry of a table of codes that a cell means; None where it is empty or not known (noted)."""
        text = self.text(column)
        if text is None:
            return None
        whole = _plain(_LETTER.sub("", text))
        code = whole.partition(" ")[0]
        if whole in codes:
            return whole
        if code in codes and len(code) <= 3:  # a code before its words; the first of several words says too little
            return code
        self.fault(column, "the code is not known.", "It was left out. Use a code of the guidance.", decides=False)
        return None

    def add(
        self,
        column: str,
        on: date | None,
        word: str,
        *,
        id: str,
        about: str | None = None,
        details: Mapping[str, Detail | None] | None = None,
    ) -> None:
        """Add an event of a column; details that are None are not said."""
        said = {name: value for name, value in (details or {}).items() if value is not None}
        origin = Origin(self.list.name, self.heading(column), self.number)
        self.annex.gathering.add(self.child, word, on, origin, id=id, about=about, details=said or None)

    def new_id(self, id: str) -> str:
        """An id that the child does not have yet: lists 1 to 5 may hold two records of one day."""
        self.annex.given[self.child, id] += 1
        count = self.annex.given[self.child, id]
        return id if count == 1 else f"{id}/{count}"


def _from_workbook(value: object, epoch: datetime) -> object:
    """A workbook's own number for a date as a date; its zero as what it shows for an empty cell."""
    if isinstance(value, time) or (value == 0 and not isinstance(value, bool)):
        return "00/01/1900"
    if isinstance(value, int | float) and not isinstance(value, bool) and 1 <= value < 100_000:
        from openpyxl.utils.datetime import from_excel

        return from_excel(value, epoch)
    return value


def read_annex_a(source: object, *, as_of: date | None = None, day_first: bool = True) -> Reading:
    """An authority's Annex A: what is due and overdue on the day of the extract, and the last six months' front door.

    Args:
        source: a folder with a CSV file for each list, a workbook (.xlsx) with a sheet for each, or a dictionary of
            lists by name ("List 7"), each anything a table is read from (a CSV file, a data frame, rows). A list is
            known by its name, else by its headings.
        as_of: the day of the extract. Without it nothing can be said of the six months (`Reading.since` is None), and a
            latest date still to come cannot be told from a slip.
        day_first: dates are written dd/mm/yyyy, as the guidance asks.

    Raises:
        TableError: there is no such folder or workbook, no list in it, or the same list twice.
    """
    if isinstance(as_of, datetime):
        as_of = as_of.date()
    gathering = Gathering("Annex A", HOLDS, day_first=day_first)
    annex = _Annex(gathering, as_of)
    lists = _find(source, gathering)
    # List 6 comes after 7 and 8, which say whose visits it does not need to say.
    for number in (1, 2, 3, 4, 5, 7, 8, 6, 9, 10, 11):
        if number in lists and not _read_list(annex, lists[number]):
            del lists[number]
    _check_periods(annex, lists)
    _persons(annex)
    _set_aside(annex)
    _allocate(annex)
    _told(annex, lists)
    gathering.faults.sort(key=lambda fault: (fault.table, fault.row))
    since = None if as_of is None else date.fromordinal(add_months(as_of.toordinal(), -6))
    return gathering.done(as_of=as_of, since=since, snapshot=True, latest=LATEST & gathering.holds)


def _read_list(annex: _Annex, found: _List) -> bool:
    """One list: its rows, each once, in an order that does not depend on the file. Whether it could be read."""
    gathering = annex.gathering
    for heading, trouble in found.odd:
        gathering.fault(found.name, found.header, heading, trouble)
    missing = [_LISTS[found.number][name].name for name in _NEEDED[found.number] if name not in found.headings]
    if missing:
        said = " and ".join(f"“{name}”" for name in missing)
        gathering.fault(found.name, found.header, "", f"there is no column {said}.", "The list was not read. Add it.")
        return False
    if found.number == 11:
        for _ in go_through(gathering, found.table):
            pass
        return True
    keys = {column: fold(heading) for column, heading in found.headings.items()}
    rows: dict[tuple[str, ...], _Row] = {}
    for row in go_through(gathering, found.table):
        values = {column: row[key] for column, key in keys.items()}
        texts = {column: read_text(value) for column, value in values.items()}
        if not any(texts.values()):
            continue
        annex.filled[found.number].update(column for column, text in texts.items() if text is not None)
        if texts["child"] is None:
            gathering.fault(
                found.name, row.number, found.headings["child"], "it is missing.", "Every row says which child it is."
            )
            continue
        same = tuple(text or "" for text in texts.values())
        if same in rows:
            gathering.doubles[found.name] += 1
        else:
            rows[same] = _Row(annex, found, texts["child"], row.number, values)
    for same in sorted(rows):
        record = rows[same]
        gathering.subject(record.child)
        _person(record)
        _READERS[found.number](record)
    return True


# --- the lists one by one ---------------------------------------------------------------------------------------------


def _contact(row: _Row) -> None:
    day = row.needed("contact", decides=False)
    if day is None:
        return
    row.add(
        "contact",
        day,
        "contact received",
        id=row.new_id(f"list 1/contact/{day}"),
        details={"source of referral": row.text("source")},
    )


def _early_help(row: _Row) -> None:
    span = _span(row, "started", "completed")
    if span is None:
        return
    start = row.new_id(f"list 2/started/{span[0]}")
    row.add("started", span[0], "early help assessment started", id=start)
    row.add("completed", span[1], "early help assessment completed", id=f"{start}/ended", about=start)


def _referral(row: _Row) -> None:
    day = row.needed("referral")
    if day is None:
        return
    nothing_more = row.flag("nfa", decides=True)
    id = row.new_id(f"list 3/referral/{day}")
    row.add(
        "referral",
        day,
        "referral received",
        id=id,
        details={"source of referral": row.text("source"), "no further action": nothing_more},
    )
    if nothing_more:
        # The list does not say when that was decided. The day of the referral stands in, so that what a referral asks
        # for falls away; without the event every such referral would look breached.
        row.add("nfa", day, "referral closed with no further action", id=f"{id}/nfa", about=id)
    _holder(row, day, open=not nothing_more)


def _assessment(row: _Row) -> None:
    span = _span(row, "started", "authorised")
    if span is None:
        return
    start = row.new_id(f"list 4/started/{span[0]}")
    row.add("started", span[0], "assessment started", id=start)
    # National returns count the day of authorisation as the day of completion.
    seen = row.flag("seen")
    row.add("authorised", span[1], "assessment completed", id=f"{start}/completed", about=start, details={"seen": seen})
    row.add("authorised", span[1], "assessment authorised", id=f"{start}/authorised", about=start)
    _holder(row, span[0], open=span[1] is None)


def _enquiry(row: _Row) -> None:
    begun = row.day("strategy")
    held = row.day("conference")
    unnecessary = row.flag("not required", decides=True)
    if begun is None and held is None:
        row.fault("strategy", "there is neither a discussion nor a conference.", "Give its date.")
        return
    if begun is not None and held is not None and held < begun:
        row.fault("conference", "it lies before the strategy discussion.", "Correct one of them.")
        return
    start = row.new_id(f"list 5/strategy/{begun}") if begun is not None else None
    if start is not None:
        row.add("strategy", begun, "strategy discussion held", id=start)
        row.add("strategy", begun, "section 47 enquiry started", id=f"{start}/enquiry")
    if held is not None:
        agreed = row.flag("agreed")
        row.add(
            "conference",
            held,
            "initial child protection conference held",
            id=f"{start}/conference" if start else row.new_id(f"list 5/conference/{held}"),
            details={"plan agreed": agreed},
        )
        if unnecessary:
            row.fault(
                "not required",
                "it says that no conference was needed, beside the date of one.",
                "Check both. The date was used.",
                decides=False,
            )
    elif unnecessary and start is not None:
        # As with a referral: the day on which it was decided is not said, and that of the discussion stands in.
        row.add(
            "not required",
            begun,
            "initial child protection conference not required",
            id=f"{start}/not required",
            about=start,
        )
    _holder(row, begun or held, open=held is None and not unnecessary)


def _in_need(row: _Row) -> None:
    span = _period(row)
    if span is None:
        return
    # "CIN Start Date" is the day of the referral that opened the case, not the start of a child in need plan.
    start = f"list 6/started/{span[0]}"
    row.add("started", span[0], "case opened", id=start)
    row.add("ended", span[1], "case closed", id=f"{start}/ended", about=start, details={"reason": row.text("reason")})
    day = row.day("visit")
    if day is not None:
        covered = [
            seen for seen, first, last in row.annex.visits[row.child] if first <= day and (last is None or day <= last)
        ]
        if covered:
            # Lists 7 and 8 say themselves which was the last visit that counts for the plan or the care.
            row.annex.odd[row.list.name, _COVERED_LATER if day > max(covered) else _COVERED] += 1
        else:
            row.add("visit", day, "child visited", id=f"list 6/visit/{day}", details={"seen": True})


_COVERED: Final = (
    "dates on which a child was last seen fall into a plan of list 7 or care of list 8, which give the visit"
)
_COVERED_LATER: Final = (
    "dates on which a child was last seen are later than the last visit of the plan of list 7 or the care of list 8 "
    "that they fall into; the visit there was used"
)


def _protection(row: _Row) -> None:
    span = _period(row)
    if span is None:
        return
    start = f"list 7/started/{span[0]}"
    category = row.code("category", _CATEGORY)
    row.add(
        "started",
        span[0],
        "child protection plan started",
        id=start,
        details={"category of abuse": None if category is None else _CATEGORY[category]},
    )
    row.add("ended", span[1], "child protection plan ended", id=f"{start}/ended", about=start)
    visit = _latest(row, "visit", span)
    if visit is not None:
        alone = row.flag("alone")
        row.add(
            "visit",
            visit,
            "child visited",
            id=f"list 7/visit/{visit}",
            # A child seen alone was seen. Of one who was not, nothing more is said.
            details={"visit type": "child protection", "seen alone": alone, "seen": True if alone else None},
        )
        row.annex.visits[row.child].append((visit, *span))
    review = _latest(row, "review", span)
    row.add("review", review, "review child protection conference held", id=f"list 7/review/{review}")


def _looked_after(row: _Row) -> None:
    span = _period(row)
    if span is None:
        return
    status = row.code("legal status", _LEGAL_STATUS)
    said = None if status is None else _LEGAL_STATUS[status]
    start = f"list 8/started/{span[0]}"
    reason = {"reason": row.text("reason")}
    # A series of short breaks is no period of care in the sense of the duties to visit and review.
    breaks = said == "short break agreement"
    words = ("short breaks started", "short breaks ended") if breaks else _CARE
    row.add("started", span[0], words[0], id=start)
    row.add("ended", span[1], words[1], id=f"{start}/ended", about=start, details=None if breaks else reason)
    legal = row.day("legal")
    placed = row.day("placement")
    visit = _latest(row, "visit", span)
    review = _latest(row, "review", span)
    if visit is not None:
        row.add(
            "visit",
            visit,
            "child visited",
            id=f"list 8/visit/{visit}",
            details={"visit type": None if breaks else "looked after"},
        )
        row.annex.visits[row.child].append((visit, *span))
    held = "short break review held" if breaks else "looked after review held"
    row.add("review", review, held, id=f"list 8/review/{review}")
    for column, word in (
        ("officer", "reviewing officer contacted child"),
        ("health", "health assessment completed"),
        ("dental", "dental check completed"),
    ):
        day = _latest(row, column, span)
        row.add(column, day, word, id=f"list 8/{column}/{day}")
    type_ = row.code("placement type", _PLACEMENT)
    if breaks:
        return
    # The latest legal status and placement end with the care, at the latest.
    for column, day, name, details in (
        ("legal", legal, "legal status", {"legal status": said}),
        (
            "placement",
            placed,
            "placement",
            {
                "placement type": None if type_ is None else _PLACEMENT[type_],
                "long term": None if type_ is None else _LONG_TERM.get(type_),
            },
        ),
    ):
        if day is None:
            continue
        if span[1] is not None and day > span[1]:
            row.fault(column, "it lies after the end of the care.", "Correct one of them.")
            continue
        begun = f"list 8/{column}/{day}"
        row.add(column, day, f"{name} started", id=begun, details=details)
        row.add("ended", span[1], f"{name} ended", id=f"{begun}/ended", about=begun)


_OUTSIDE: Final = "latest dates lie outside the plan or care of their row, and count for nothing in it"
_CARE: Final = ("became looked after", "ceased to be looked after")


def _leaver(row: _Row) -> None:
    for column, word in (("review", "pathway plan reviewed"), ("contact", "care leaver contacted")):
        day = row.day(column)
        row.add(column, day, word, id=f"list 9/{column}/{day}")
    _holder(row, None, open=True)


def _adoption(row: _Row) -> None:
    if row.day("reversed") is not None:
        row.annex.odd[row.list.name, _REVERSED] += 1
        return
    for column, (word,) in _WORDS[10].items():
        day = row.day(column)
        details = {"permanence option": "adoption"} if column == "matched" else None
        row.add(column, day, word, id=f"list 10/{column}/{day}", details=details)


_REVERSED: Final = (
    "rows are of children who are no longer to be adopted; no word says that, so nothing of these rows was used"
)
_READERS: Final[Mapping[int, Callable[[_Row], None]]] = {
    1: _contact,
    2: _early_help,
    3: _referral,
    4: _assessment,
    5: _enquiry,
    6: _in_need,
    7: _protection,
    8: _looked_after,
    9: _leaver,
    10: _adoption,
}


def _span(row: _Row, first: str, last: str) -> tuple[date, date | None] | None:
    """From when to when a row speaks; None where that cannot be, which sets the child aside."""
    begun, over = row.needed(first), row.day(last)
    if begun is None:
        return None
    if over is not None and over < begun:
        row.fault(last, "the end lies before the start.", "Correct one of them.")
        return None
    return begun, over


def _period(row: _Row) -> tuple[date, date | None] | None:
    """The period of a row of lists 6 to 8. Another row may speak of the same one, but not otherwise."""
    span = _span(row, "started", "ended")
    if span is None:
        return None
    known = row.annex.periods[row.list.number, row.child]
    if span[0] in known and known[span[0]][0] != span[1]:
        row.fault("ended", "another row gives another end of the same.", "Keep the right one.")
        return None
    known.setdefault(span[0], (span[1], row.number))
    _holder(row, span[0], open=span[1] is None)
    return span


def _latest(row: _Row, column: str, span: tuple[date, date | None]) -> date | None:
    """The date of a latest visit or review. One outside the period of its row is what happened, and is used as such:
    it answers nothing within the period.
    """
    day = row.day(column)
    if day is not None and (day < span[0] or (span[1] is not None and day > span[1])):
        row.annex.odd[row.list.name, _OUTSIDE] += 1
    return day


# --- the child --------------------------------------------------------------------------------------------------------


def _person(row: _Row) -> None:
    annex = row.annex
    born = row.day("born", decides=False)
    if born is not None and annex.as_of is not None and born > annex.as_of:
        row.fault(
            "born",
            "it lies after the day of the extract.",
            "The day on which a child is expected is no birth. It was not used.",
            decides=False,
        )
        born = None
    sex, ethnicity = (_LETTER.sub("", row.text(column) or "").strip() for column in ("sex", "ethnicity"))
    values: dict[str, tuple[Detail, str]] = {
        "born": (born, "born"),
        "sex": (_SEX.get(sex.casefold(), sex) or None, "sex"),
        "ethnicity": (ethnicity or None, "ethnicity"),
        "disability": (row.flag("disability"), "disability"),
        # "No" speaks only of the last 12 months.
        "unaccompanied asylum seeking child": (row.flag("uasc") or None, "uasc"),
    }
    for name, (value, column) in values.items():
        if value is not None:
            annex.said[row.child, name].setdefault(value, (row.list, row.number, column))


def _persons(annex: _Annex) -> None:
    """Births, sex and the rest, where every list says the same."""
    for (child, name), values in annex.said.items():
        if len(values) > 1:
            found, row, column = list(values.values())[1]
            annex.gathering.fault(
                found.name,
                row,
                found.headings[column],
                "another row of the child says otherwise.",
                "Neither was used. Make them agree.",
            )
            continue
        (value,) = values
        subject = annex.gathering.subject(child)
        if name == "born":
            assert isinstance(value, date)
            subject.born = value
        elif name in ("sex", "ethnicity"):
            subject.strata[name] = str(value)
        else:
            subject.facts[name] = value
            if name == "disability":
                subject.strata[name] = "yes" if value else "no"


def _check_periods(annex: _Annex, lists: Mapping[int, _List]) -> None:
    """Whoever has two cases, plans or periods of care open at once is set aside: one of them has an end."""
    for (number, child), spans in annex.periods.items():
        still = sorted(row for over, row in spans.values() if over is None)
        if len(still) > 1:
            annex.aside.add(child)
            annex.gathering.fault(
                lists[number].name,
                still[1],
                lists[number].headings.get("ended", ""),
                f"another row of the child is open too (row {still[0]}).",
                "Give the end of one.",
            )


def _set_aside(annex: _Annex) -> None:
    """Take out the children of whom something cannot be used: what is left would look undone."""
    for child in annex.aside:
        annex.gathering.subjects.pop(child, None)
    if annex.aside:
        annex.gathering.notes.append(
            f"Children who are not judged at all: {len(annex.aside):,}. A record of theirs cannot be used (see the "
            "faults), and without it what was done would look undone."
        )


def _holder(row: _Row, day: date | None, *, open: bool) -> None:
    team, worker = row.text("team"), row.text("worker")
    if team is not None or worker is not None:
        rank = (open, _ALLOCATING.index(row.list.number), 0 if day is None else day.toordinal())
        row.annex.holders[row.child].append((rank, team or "", worker or ""))


def _allocate(annex: _Annex) -> None:
    """Who holds the case now. An open row comes before a closed one, then list 8, 7, 6, 9, 4, 5, 3, then the later."""
    for child, holders in annex.holders.items():
        subject = annex.gathering.subjects.get(child)
        if subject is None:
            continue
        _, team, worker = max(holders)
        first = min((record.on.toordinal() for record in subject.records), default=0)
        if first:
            subject.allocations.append(Allocation(first, None, worker or None, team or None))


# --- what is not held -------------------------------------------------------------------------------------------------


def _told(annex: _Annex, lists: Mapping[int, _List]) -> None:
    """The notes, and the words that these lists cannot hold after all.

    A word that several lists give is held only where each of them that has rows gives it: a plan whose list says
    nothing of visits would look unvisited, whatever another list says.
    """
    gathering = annex.gathering
    unknown: set[str] = set()
    given: set[str] = set()
    for number, columns in _WORDS.items():
        found = lists.get(number)
        if found is None:
            gathering.notes.append(f"List {number} ({_TITLES[number]}) is missing: what it would say is not known.")
            continue
        rows = gathering.rows[found.name]
        for column, words in columns.items():
            if column not in found.headings:
                lack = f"there is no column “{_LISTS[number][column].name}”"
            elif rows and column not in annex.filled[number] and (number, column) not in _MAY_BE_BLANK:
                lack = f"the column “{found.headings[column]}” is blank in every row and was taken as not filled in"
            else:
                given.update(words)
                continue
            gathering.notes.append(f"{found.name}: {lack}: what it would say is not known.")
            if rows:
                unknown.update(words)
    gathering.holds = frozenset(fold(word) for word in given - unknown)
    for (name, what), count in sorted(annex.odd.items()):
        gathering.notes.append(f"{name}: {count:,} {what}.")
    if 11 in lists:
        gathering.notes.append(f"{lists[11].name}: it is about adopters, not children; nothing of it was used.")
    if annex.as_of is None:
        gathering.notes.append("The day of the extract was not given, so nothing is said of the last six months.")
    if any(subject.allocations for subject in gathering.subjects.values()):
        gathering.notes.append("Team and worker are those of the day of the extract, whenever a duty was due.")
