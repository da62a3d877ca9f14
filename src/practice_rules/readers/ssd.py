"""The Standard Safeguarding Dataset (SSD): tables of dated events, as an authority's case system extracts them.

Data to Insight's specification (release 1.4) names the tables and fields; the suppliers' extracts differ from it in
names, in keys that are left out, and in what stands for an empty cell. Read are dates on which something happened. Due
and target dates are not: they mean another thing in each supplier's extract. Nor is a flag that has no date.

Where an error could make a duty look breached that was never owed, the whole record is left out and named as a fault:
a plan whose end cannot be read would seem to go on for ever.
"""

from __future__ import annotations

import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from heapq import heappop, heappush
from typing import Final, NamedTuple, TypeVar

from ..events import Detail, fold
from ..records import Allocation, Gathering, Origin, Reading, read_text
from ..tables import Row, Table, TableError, go_through, open_tables
from .codes import CATEGORY, LEGAL_STATUS, LONG_TERM, PLACEMENT, TOOK_PART, folded

__all__ = ["HOLDS", "read_ssd"]

_T = TypeVar("_T")

# --- what there is ----------------------------------------------------------------------------------------------------

#: What each dated column gives, by table. A word that several tables give is held only where none of them is wanting.
_WORDS: Final[Mapping[str, Mapping[str, tuple[str, ...]]]] = {
    "ssd_person": {"pers_death_date": ("child died",)},
    "ssd_contacts": {"cont_contact_date": ("contact received",)},
    "ssd_early_help_episodes": {
        "earl_episode_start_date": ("early help started",),
        "earl_episode_end_date": ("early help ended",),
    },
    "ssd_cin_episodes": {
        "cine_referral_date": ("referral received", "case opened"),
        "cine_close_date": ("case closed",),
        "cine_referral_nfa": ("referral closed with no further action",),
    },
    "ssd_cin_assessments": {
        "cina_assessment_start_date": ("assessment started",),
        "cina_assessment_auth_date": ("assessment completed", "assessment authorised"),
    },
    "ssd_s47_enquiry": {
        "s47e_s47_start_date": ("strategy discussion held", "section 47 enquiry started"),
        "s47e_s47_end_date": ("section 47 enquiry completed",),
        "s47e_s47_nfa": ("initial child protection conference not required",),
    },
    "ssd_initial_cp_conference": {
        "icpc_icpc_date": (
            "initial child protection conference held",
            "transfer-in child protection conference held",
        )
    },
    "ssd_cin_plans": {
        "cinp_cin_plan_start_date": ("child in need plan started",),
        "cinp_cin_plan_end_date": ("child in need plan ended",),
    },
    "ssd_cin_visits": {"cinv_cin_visit_date": ("child visited",)},
    "ssd_cp_plans": {
        "cppl_cp_plan_start_date": ("child protection plan started",),
        "cppl_cp_plan_end_date": ("child protection plan ended",),
    },
    "ssd_cp_visits": {"cppv_cp_visit_date": ("child visited",)},
    "ssd_cp_reviews": {"cppr_cp_review_date": ("review child protection conference held",)},
    "ssd_cla_episodes": {
        "clae_cla_episode_start_date": ("became looked after", "short breaks started"),
        "clae_cla_episode_ceased_date": ("ceased to be looked after", "short breaks ended"),
    },
    "ssd_cla_placement": {
        "clap_cla_placement_start_date": ("placement started",),
        "clap_cla_placement_end_date": ("placement ended",),
    },
    "ssd_legal_status": {
        "lega_legal_status_start_date": (
            "legal status started",
            "short breaks started",
            "short breaks ended",
            "short break review held",
        ),
        "lega_legal_status_end_date": ("legal status ended",),
    },
    "ssd_cla_reviews": {"clar_cla_review_date": ("looked after review held", "short break review held")},
    "ssd_cla_visits": {"clav_cla_visit_date": ("child visited",)},
    "ssd_cla_health": {"clah_health_check_date": ("health assessment completed", "dental check completed")},
    "ssd_cla_care_plan": {"lacp_cla_care_plan_start_date": ("care plan completed", "care plan updated")},
    "ssd_missing": {
        "miss_missing_episode_start_date": ("went missing",),
        "miss_missing_episode_end_date": ("returned from missing",),
    },
    "ssd_sdq_scores": {"csdq_sdq_completed_date": ("strengths and difficulties questionnaire completed",)},
    "ssd_permanence": {
        "perm_adm_decision_date": ("adoption decision made",),
        "perm_placement_order_date": ("placement order made",),
        "perm_matched_date": ("child matched",),
        "perm_placed_for_adoption_date": ("placed for adoption",),
        "perm_decision_reversed_date": ("adoption placement ended",),
        "perm_permanence_order_date": ("permanence order made", "adoption order made"),
    },
    "ssd_pre_proceedings": {
        "prep_pre_pro_decision_date": ("pre-proceedings decision made",),
        "prep_pre_pro_letter_date": ("letter before proceedings sent", "pre-proceedings started"),
        "prep_initial_pre_pro_meeting_date": ("pre-proceedings meeting held",),
        "prep_agree_stepdown_issue_date": ("pre-proceedings outcome decided", "pre-proceedings ended"),
    },
    "ssd_involvements": {
        "invo_involvement_start_date": ("social worker allocated", "case allocated", "personal adviser allocated"),
        "invo_involvement_end_date": ("social worker allocation ended",),
    },
}

#: The events that the dataset can hold with a date, by folded name.
HOLDS: Final = frozenset(fold(word) for columns in _WORDS.values() for words in columns.values() for word in words)

#: Visits stand in the tables of plans and of care only: one during an assessment or a section 47 enquiry is nowhere.
HELD_AFTER: Final[Mapping[str, tuple[str, ...]]] = {
    "child visited": (
        "child in need plan started",
        "child protection plan started",
        "became looked after",
        "placement started",
        "legal status started",
    ),
}

#: What else is read of each table.
_FURTHER: Final[Mapping[str, str]] = {
    "ssd_person": "pers_person_id pers_dob pers_sex pers_ethnicity",
    "ssd_disability": "disa_person_id disa_disability_code",
    "ssd_immigration_status": "immi_person_id immi_immigration_status immi_immigration_status_end_date",
    "ssd_contacts": "cont_contact_id cont_person_id",
    "ssd_early_help_episodes": "earl_episode_id earl_person_id",
    "ssd_cin_episodes": "cine_referral_id cine_person_id cine_close_reason",
    "ssd_cin_assessments": "cina_assessment_id cina_person_id cina_referral_id cina_assessment_outcome_nfa",
    "ssd_s47_enquiry": "s47e_s47_enquiry_id s47e_person_id s47e_referral_id s47e_s47_outcome_json",
    "ssd_initial_cp_conference": "icpc_icpc_id icpc_person_id icpc_s47_enquiry_id icpc_referral_id "
    "icpc_icpc_transfer_in icpc_icpc_outcome_cp_flag",
    "ssd_cin_plans": "cinp_cin_plan_id cinp_person_id cinp_referral_id",
    "ssd_cin_visits": "cinv_cin_visit_id cinv_person_id cinv_cin_plan_id cinv_cin_visit_seen cinv_cin_visit_seen_alone "
    "cinv_cin_visit_bedroom",
    "ssd_cp_plans": "cppl_cp_plan_id cppl_person_id cppl_icpc_id cppl_referral_id cppl_cp_plan_initial_category "
    "cppl_cp_plan_ola",
    "ssd_cp_visits": "cppv_cp_visit_id cppv_person_id cppv_cp_plan_id cppv_cp_visit_seen cppv_cp_visit_seen_alone "
    "cppv_cp_visit_bedroom",
    "ssd_cp_reviews": "cppr_cp_review_id cppr_person_id cppr_cp_plan_id cppr_cp_review_outcome_continue_cp "
    "cppr_cp_review_quorate cppr_cp_review_participation",
    "ssd_cla_episodes": "clae_cla_episode_id clae_person_id clae_referral_id clae_cla_episode_start_reason "
    "clae_cla_episode_ceased_reason clae_cla_id clae_cla_placement_id clae_entered_care_date",
    "ssd_cla_placement": "clap_cla_placement_id clap_person_id clap_cla_id clap_cla_placement_type "
    "clap_cla_placement_urn clap_cla_placement_provider clap_cla_placement_postcode",
    "ssd_legal_status": "lega_legal_status_id lega_person_id lega_legal_status",
    "ssd_cla_reviews": "clar_cla_review_id clar_person_id clar_cla_id clar_cla_review_cancelled "
    "clar_cla_review_participation",
    "ssd_cla_visits": "clav_cla_visit_id clav_person_id clav_cla_id clav_cla_visit_seen clav_cla_visit_seen_alone",
    "ssd_cla_health": "clah_health_check_id clah_person_id clah_health_check_type clah_health_check_status",
    "ssd_cla_care_plan": "lacp_table_id lacp_person_id",
    "ssd_missing": "miss_table_id miss_person_id miss_missing_episode_type",
    "ssd_sdq_scores": "csdq_table_id csdq_person_id",
    "ssd_permanence": "perm_table_id perm_person_id perm_cla_id perm_permanence_order_type",
    "ssd_pre_proceedings": "prep_table_id prep_person_id",
    "ssd_involvements": "invo_involvements_id invo_person_id invo_referral_id invo_professional_id "
    "invo_professional_role_id invo_professional_team",
    "ssd_care_leavers": "clea_table_id",
}

#: Other names of columns, besides the name without its prefix (Mosaic: cin_plan_id, person_id), which always counts.
_ALIASES: Final[Mapping[str, tuple[str, ...]]] = {
    "clae_cla_episode_ceased_date": ("clae_cla_episode_ceased",),  # extracts before 1.3
    "clae_cla_episode_ceased_reason": ("clae_cla_episode_cease_reason",),
    "clap_cla_placement_id": ("clap_placement_id",),
    "cppr_cp_review_date": ("actual_date",),  # Mosaic, beside due_date
    "clar_cla_review_date": ("actual_date",),
}
_OTHER_TABLE_NAMES: Final = {"ssd_cla_placements": "ssd_cla_placement"}

#: Whose rows have duties that wait for the rows of a table: where these are there and the table is wanting or empty, it
#: was not extracted, and what it would say cannot be told.
_WAITING: Final = {
    "ssd_cin_assessments": "ssd_cin_episodes",
    "ssd_s47_enquiry": "ssd_cin_episodes",
    "ssd_initial_cp_conference": "ssd_s47_enquiry",
    "ssd_cin_plans": "ssd_cin_episodes",
    "ssd_cin_visits": "ssd_cin_episodes",
    "ssd_cp_plans": "ssd_initial_cp_conference",
    "ssd_cp_visits": "ssd_cp_plans",
    "ssd_cp_reviews": "ssd_cp_plans",
    "ssd_cla_placement": "ssd_cla_episodes",
    "ssd_legal_status": "ssd_cla_episodes",
    "ssd_cla_reviews": "ssd_cla_episodes",
    "ssd_cla_visits": "ssd_cla_episodes",
    "ssd_cla_health": "ssd_cla_episodes",
    "ssd_cla_care_plan": "ssd_cla_episodes",
    "ssd_sdq_scores": "ssd_cla_episodes",
    "ssd_involvements": "ssd_cin_episodes",
}
#: Columns without which what is dated in the table cannot be told apart.
_NEEDED: Final = {"ssd_cla_health": ("clah_health_check_type", "clah_health_check_status")}

# --- codes ------------------------------------------------------------------------------------------------------------
# By folded text. A cell may hold the code, the code and its words ("C2 - Full care order"), or the words.

# Legal status: SSDA903 (LS), with the other statuses that the SSD names beside it.
_LEGAL_STATUS: Final = {
    **folded(LEGAL_STATUS),
    "interim care order": "interim care order",
    "care order": "care order",
    "full care order": "care order",
    "placement order": "placement order",
    "section 20": "section 20",
    "emergency protection order": "emergency protection order",
    "police protection": "police protection",
    "supervision order": "other",
    "interim supervision order": "other",
    "special guardianship": "other",
    "special guardianship order": "other",
    "child arrangements order": "other",
    "residence order": "other",
    "private fostering": "other",
    "care leaver": "other",
}

# Placement: SSDA903 (PLACE). T0 to T4 are stays away from a placement that goes on; they stand in _STAYS.
_PLACEMENT: Final = {**folded(PLACEMENT), "r3": "other"}  # family centre, mother and baby unit
_STAYS: Final = frozenset({"t0", "t1", "t2", "t3", "t4"})
_LONG_TERM: Final = folded(LONG_TERM)

# Category of abuse: the SSD's words and the CIN census codes.
_CATEGORY: Final = {
    **folded(CATEGORY),
    "neglect": "neglect",
    "physical abuse": "physical abuse",
    "sexual abuse": "sexual abuse",
    "emotional abuse": "emotional abuse",
    "multiple": "multiple",
}

_TOOK_PART: Final = folded(TOOK_PART)

# Closure: CIN census, with what it says of stepping down where it is certain.
_CLOSURE: Final[Mapping[str, tuple[str, bool | None]]] = {
    "rc1": ("adopted", None),
    "rc2": ("died", False),
    "rc3": ("child arrangements order", None),
    "rc4": ("special guardianship order", None),
    "rc5": ("transferred to another local authority", None),
    "rc6": ("transferred to adult social care", None),
    "rc7": ("services ceased for any other reason", None),
    "rc8": ("closed after assessment with no further action", False),
    "rc9": ("closed after assessment and referred to early help", True),
}

_ORDER: Final = {
    "adoption": "adoption",
    "adoption order": "adoption",
    "special guardianship": "special guardianship",
    "special guardianship order": "special guardianship",
    "sgo": "special guardianship",
    "child arrangements order/ residence order": "other",
    "child arrangements order/residence order": "other",
    "child arrangements order": "other",
    "cao": "other",
    "residence order": "other",
}

# Disability: the codes of the CIN census.
_DISABILITY: Final = {"none": False} | dict.fromkeys(
    ("mob", "hand", "pc", "inc", "comm", "ld", "hear", "vis", "beh", "con", "aut", "dda"), True
)
_MISSING: Final = {"m": True, "missing": True, "a": False, "away": False, "absent": False}
_STATUS: Final = {"completed": True, "complete": True, "planned": False, "refused": False, "cancelled": False}
#: The roles of the worker who holds the case; "cw" is case worker.
_ALLOCATED: Final = re.compile(r"allocated|case ?worker|key ?worker|^cw$|social worker")
_BESIDE: Final = re.compile(r"supervising|adoption|foster|family finding|previous|former|secondary|co.?work|student")
_ADVISER: Final = re.compile(r"personal advis[eo]r")
#: Stands in columns that a supplier's extract does not fill yet; -1 stands for an id that is not there.
_NOTHING: Final = frozenset({"placeholder_data", "-1"})
#: The SSD holds six years: what is older may have been cut off.
_WINDOW_YEARS: Final = 6


@lru_cache(maxsize=65_536)
def _said(text: str) -> str | None:
    """A text without what stands for nothing in the case systems."""
    said = read_text(text)
    return None if said is None or said.casefold() in _NOTHING else said


# --- a row ------------------------------------------------------------------------------------------------------------


class _Line:
    """One row of a table, its cells by the names of the specification."""

    __slots__ = ("gathering", "number", "row", "table")

    def __init__(self, gathering: Gathering, table: str, row: Row) -> None:
        self.gathering = gathering
        self.table = table
        self.row = row
        self.number = row.number

    def text(self, column: str) -> str | None:
        """The cell as text; None where nothing stands in it, or what stands for nothing."""
        value = self.row[column]
        if value is None:
            return None
        return _said(value) if value.__class__ is str else _said(read_text(value) or "")

    def day(self, column: str) -> date | None:
        value = self.row[column]
        if value is None or (not isinstance(value, date) and self.text(column) is None):
            return None
        return self.gathering.day(self.table, self.number, column, value)

    def days(self, column: str) -> tuple[date | None, bool]:
        """The day, and whether one stands there that cannot be read."""
        before = len(self.gathering.faults)
        return self.day(column), len(self.gathering.faults) > before

    def flag(self, column: str) -> bool | None:
        text = self.text(column)
        return None if text is None else self.gathering.yes_or_no(self.table, self.number, column, text)

    def code(self, column: str) -> str:
        """The code in a cell, folded, without the words behind it; "" where it is empty."""
        text = self.text(column)
        return "" if text is None else re.split(r"[^a-z0-9]", text.casefold(), maxsplit=1)[0]

    def known(self, column: str, codes: Mapping[str, _T]) -> _T | None:
        """What a code means; None where the cell is empty, or the code is not known (noted as a fault)."""
        text = self.text(column)
        if text is None:
            return None
        for word in (fold(text), self.code(column)):
            if word in codes:
                return codes[word]
        self.fault(column, "this code is not known.", "See the code lists in the documentation of this reader.")
        return None

    def fault(self, column: str, message: str, way_out: str = "") -> None:
        self.gathering.fault(self.table, self.number, column, message, way_out)

    def origin(self, column: str) -> Origin:
        return Origin(self.table, column, self.number)


def _about(details: Mapping[str, Detail | None]) -> dict[str, Detail] | None:
    """What a record says, without what it leaves open."""
    return {name: value for name, value in details.items() if value is not None} or None


# --- the reader -------------------------------------------------------------------------------------------------------


def read_ssd(
    source: object, *, aliases: Mapping[str, str | Sequence[str]] | None = None, day_first: bool = False
) -> Reading:
    """Read the tables of a Standard Safeguarding Dataset.

    Args:
        source: a folder of CSV files (ssd_person.csv, ssd_cp_visits.csv, ...), or a dictionary of table name -> data
            frame, database cursor that has run its query, list of dictionaries, or path of a CSV file.
        aliases: what columns are called instead: {"cppv_cp_visit_date": "visit_date"}. Capitals never matter, and
            the suppliers' names are known already.
        day_first: dates may be written dd/mm/yyyy. In ssd_pre_proceedings they always may: the specification says so.

    Raises:
        TableError: there is no such folder, no table of the dataset in it, or a table that cannot be read.
    """
    tables, left = open_tables(source, [*_FURTHER, *_OTHER_TABLE_NAMES])
    found: dict[str, Table] = {}
    for given, table in tables.items():
        name = _OTHER_TABLE_NAMES.get(given, given)
        if name in found:
            raise TableError(f"{table.name}: the table {name} is there twice. Give it once.")
        table.name = name
        found[name] = table
    if not found:
        raise TableError(
            "There is no table of the Standard Safeguarding Dataset. Name them ssd_person, ssd_contacts, ..."
        )
    gathering = Gathering("Standard Safeguarding Dataset", HOLDS, day_first=day_first)
    return _Reader(gathering, found, aliases or {}).read(left)


class _Episode(NamedTuple):
    """A row of ssd_cla_episodes."""

    start: int
    key: str
    ceased: int | None
    spoiled: bool
    start_reason: str
    ceased_reason: str
    entered: int | None
    cla_id: str | None
    line: _Line


class _Segment(NamedTuple):
    """Time in which a child is looked after, or has short breaks; the last day is None while it goes on."""

    first: int
    last: int | None
    short: bool

    def holds(self, day: int) -> bool:
        return self.first <= day and (self.last is None or day <= self.last)


class _Status(NamedTuple):
    """A row of ssd_legal_status."""

    start: int
    end: int | None
    key: str
    short: bool
    line: _Line


class _Placement(NamedTuple):
    """A row of ssd_cla_placement."""

    start: int
    key: str
    end: int | None
    code: str
    place: tuple[str, ...]
    line: _Line


@dataclass(slots=True)
class _Held:
    """Something held in care, until it is known whether it was the first of its kind."""

    day: date
    person: str
    key: str
    initial: bool | None
    details: dict[str, Detail | None]
    line: _Line


class _Reader:
    """The tables of one dataset on their way into a gathering."""

    def __init__(
        self, gathering: Gathering, tables: dict[str, Table], aliases: Mapping[str, str | Sequence[str]]
    ) -> None:
        self.gathering = gathering
        self.tables = tables
        self.aliases = {
            column.casefold(): (others,) if isinstance(others, str) else tuple(others)
            for column, others in aliases.items()
        }
        #: Columns that each table has, by the names of the specification.
        self.columns: dict[str, frozenset[str]] = {}
        self.people: set[str] | None = set() if "ssd_person" in tables else None
        #: Whose a key is, by table; None where it is of several children.
        self.owners: dict[str, dict[str, str | None]] = defaultdict(dict)
        #: Section 47 enquiries that led to a conference.
        self.conferences: set[str] = set()
        self.referrals: dict[str, int] = {}
        self.assessed: dict[str, int] = {}
        self.statuses: dict[str, list[_Status]] = defaultdict(list)
        self.episodes: dict[str, list[_Episode]] = defaultdict(list)
        #: The first episode in each placement: its start and why it began.
        self.began_by: dict[str, tuple[date, str]] = {}
        self.care: dict[str, list[_Segment]] = defaultdict(list)
        #: Rows whose event has no date, by (table, column).
        self.undated: Counter[tuple[str, str]] = Counter()
        #: Whose the strategy discussion of each enquiry was, and the id of its event.
        self.discussions: dict[str, tuple[str, str]] = {}

    def read(self, left: Sequence[str]) -> Reading:
        """Go through the tables, the parents before those that are joined to them."""
        self._people()
        self._disabilities()
        self._immigration()
        self._contacts()
        self._spans("ssd_early_help_episodes", "earl_episode_id", "earl_person_id", (), "earl_episode", "early help")
        self._referrals()
        self._assessments()
        conferences = list(self._rows("ssd_initial_cp_conference"))
        self.conferences = {
            key for line in conferences if line.text("icpc_icpc_date") and (key := line.text("icpc_s47_enquiry_id"))
        }
        self._enquiries()
        self._initial_conferences(conferences)
        self._need_plans()
        self._visits("ssd_cin_visits", "cinv_cin_visit", "cinv_person_id", (("cinv_cin_plan_id", "ssd_cin_plans"),),
                     "child in need")  # fmt: skip
        self._protection_plans()
        self._visits("ssd_cp_visits", "cppv_cp_visit", "cppv_person_id", (("cppv_cp_plan_id", "ssd_cp_plans"),),
                     "child protection")  # fmt: skip
        self._review_conferences()
        self._episodes()
        self._permanence()
        self._legal_statuses()
        self._care()
        self._placements()
        self._care_reviews()
        self._visits("ssd_cla_visits", "clav_cla_visit", "clav_person_id", (("clav_cla_id", "ssd_cla_episodes"),),
                     "looked after")  # fmt: skip
        self._health()
        self._care_plans()
        self._missing()
        self._questionnaires()
        self._pre_proceedings()
        self._involvements()
        self._care_leavers()
        self._say_what_is_held(left)
        return self.gathering.done(held_after=HELD_AFTER)

    # --- rows, keys, children

    def _rows(self, name: str) -> Iterator[_Line]:
        """The rows of a table, if it is there."""
        table = self.tables.get(name)
        if table is None:
            return
        wanted = [*_FURTHER[name].split(), *_WORDS.get(name, ())]
        names = {
            column: (*self.aliases.get(column, ()), *_ALIASES.get(column, ()), column.split("_", 1)[1])
            for column in wanted
        }
        places = table.places(names)
        self.columns[name] = frozenset(column for column in wanted if column in places)
        as_written = {fold(column) for column in table.columns}
        for column in wanted:
            if column in places and fold(column) not in as_written:
                self.gathering.notes.append(f"{name}: the column {table.columns[places[column]]} was read as {column}.")
        seen: dict[str, int] = {}
        for row in go_through(self.gathering, table, names):
            line = _Line(self.gathering, name, row)
            key = line.text(wanted[0])
            if key is not None:
                said = hash(repr([row[column] for column in wanted]))
                if seen.get(key) == said:
                    self.gathering.doubles[name] += 1
                    continue
                seen.setdefault(key, said)
            yield line

    def _key(self, line: _Line, column: str) -> str:
        """The key of a row; where it has none, a text made of its place."""
        key = line.text(column)
        if key is not None:
            return key
        if column in self.columns[line.table]:
            line.fault(column, "the record has no key.", "It was used, but what names it cannot be joined to it.")
        return f"{line.table}:{line.number}"

    def _person(self, line: _Line, column: str, through: Iterable[tuple[str, str]] = ()) -> str | None:
        """Whose record it is: by the child's id, or by the first key that leads to one; else a fault."""
        person = line.text(column)
        wrong = column
        message, way_out = "the child's id is missing.", "Give the child's id."
        if person is None:
            for key_column, table in through:
                key = line.text(key_column)
                if key is None:
                    continue
                person = self.owners[table].get(key)
                if person is not None:
                    return person
                wrong = key_column
                message = (
                    f"this key belongs to several children in {table}."
                    if key in self.owners[table]
                    else f"this key is not in {table}, so the child cannot be told."
                )
        elif self.people is None or person in self.people:
            return person
        else:
            message, way_out = "this child is not in ssd_person.", "Mend the id, or add the child."
        line.fault(wrong, f"{message} The record was not used.", way_out)
        return None

    def _owns(self, table: str, key: str | None, person: str) -> None:
        """Remember whose a key is. Brothers and sisters may share one."""
        if key is not None:
            owners = self.owners[table]
            owners[key] = person if owners.get(key, person) == person else None

    def _add(
        self,
        line: _Line,
        person: str,
        name: str,
        on: date | None,
        column: str,
        key: str,
        *,
        also: bool = False,
        about: str | None = None,
        details: Mapping[str, Detail | None] | None = None,
    ) -> str:
        """Add an event and return its id. `also`: another event of the same cell, whose id adds its word."""
        id = f"{key}/{column}/{name}" if also else f"{key}/{column}"
        self.gathering.add(
            person, name, on, line.origin(column), id=id, about=about, details=_about(details) if details else None
        )
        return id

    def _day(self, line: _Line, column: str) -> date | None:
        """The day of an event that is all its row says; an empty one is counted."""
        day, wrong = line.days(column)
        if day is None and not wrong:
            self.undated[line.table, column] += 1
        return day

    def _dates(
        self, line: _Line, start: str, end: str, unused: str, orphan: str
    ) -> tuple[date | None, date | None, bool]:
        """Start and end of a record, and whether they make a period; what is wrong is noted.

        A start whose end is wrong would seem to go on for ever, and duties with it.

        Args:
            unused: what becomes of a record whose end is wrong.
            orphan: what becomes of an end without a start; "" where that is no fault.
        """
        first, spoiled = line.days(start)
        last, wrong = line.days(end)
        if first is None:
            if last is not None and orphan and not spoiled:
                line.fault(end, f"there is an end and no start. {orphan}", "Give the start.")
            elif last is None and orphan and not spoiled and not wrong:
                self.undated[line.table, start] += 1
            return None, last, False
        if wrong:
            line.fault(start, f"its end cannot be read, so it would seem to go on. {unused}")
        elif last is not None and last < first:
            line.fault(end, f"the end lies before the start. {unused}", "Mend the date that is wrong.")
        else:
            return first, last, True
        return first, last, False

    def _period(self, line: _Line, start: str, end: str) -> tuple[date | None, date | None]:
        """Start and end of a record that lasts; both None where it cannot be used."""
        unused = "The record was not used."
        first, last, sound = self._dates(line, start, end, unused, unused)
        return (first, last) if sound else (None, None)

    def _start_and_act(self, line: _Line, start: str, act: str) -> tuple[date | None, date | None]:
        """Start and end of work whose end is an act in itself, and counts without a start that can be used."""
        first, done, sound = self._dates(line, start, act, "The start was not used.", "The end was used.")
        return first if sound else None, done

    # --- who the children are

    def _people(self) -> None:
        if self.people is None:
            return
        seen: dict[str, date | None] = {}
        for line in self._rows("ssd_person"):
            person = line.text("pers_person_id")
            if person is None:
                line.fault(
                    "pers_person_id", "the child's id is missing. The record was not used.", "Give the child's id."
                )
                continue
            self.people.add(person)
            subject = self.gathering.subject(person)
            born = line.day("pers_dob")
            if born is not None:
                if seen.setdefault(person, born) != born:
                    line.fault("pers_dob", "another row has another date of birth for this child. The first was used.")
                else:
                    subject.born = born
            for name, column in (("sex", "pers_sex"), ("ethnicity", "pers_ethnicity")):
                value = line.text(column)
                if value is not None:
                    subject.strata.setdefault(name, value)
            self._add(line, person, "child died", line.day("pers_death_date"), "pers_death_date", person)

    def _disabilities(self) -> None:
        for line in self._rows("ssd_disability"):
            person = self._person(line, "disa_person_id")
            # The code of "no disability" is the word that elsewhere stands for an empty cell.
            none = line.row["disa_disability_code"] == "NONE"
            disabled = False if none else line.known("disa_disability_code", _DISABILITY)
            if person is not None and disabled is not None:
                subject = self.gathering.subject(person)
                subject.facts["disability"] = bool(disabled or subject.facts.get("disability"))
                subject.strata["disability"] = "yes" if subject.facts["disability"] else "no"

    def _immigration(self) -> None:
        for line in self._rows("ssd_immigration_status"):
            status = (line.text("immi_immigration_status") or "").casefold()
            if "uasc" not in status and "unaccompanied" not in status:
                continue
            person = self._person(line, "immi_person_id")
            if person is None:
                continue
            subject = self.gathering.subject(person)
            subject.strata["unaccompanied asylum seeking child"] = "yes"
            ended, wrong = line.days("immi_immigration_status_end_date")
            if ended is None and not wrong:
                subject.facts["unaccompanied asylum seeking child"] = True

    # --- contact, referral, assessment

    def _contacts(self) -> None:
        self._acts("ssd_contacts", "cont_contact_id", "cont_person_id", "cont_contact_date", "contact received")

    def _acts(self, table: str, key: str, person: str, column: str, name: str) -> None:
        """A table whose rows are one event each."""
        for line in self._rows(table):
            whose = self._person(line, person)
            if whose is not None:
                self._add(line, whose, name, self._day(line, column), column, self._key(line, key))

    def _spans(
        self, table: str, key: str, person: str, through: Iterable[tuple[str, str]], stem: str, what: str
    ) -> None:
        """A table whose rows last from a start to an end."""
        start, end = f"{stem}_start_date", f"{stem}_end_date"
        for line in self._rows(table):
            whose = self._person(line, person, through)
            if whose is None:
                continue
            own = self._key(line, key)
            self._owns(table, own, whose)
            first, last = self._period(line, start, end)
            begun = self._add(line, whose, f"{what} started", first, start, own)
            self._add(line, whose, f"{what} ended", last, end, own, about=begun)

    def _referrals(self) -> None:
        undated = 0
        for line in self._rows("ssd_cin_episodes"):
            person = self._person(line, "cine_person_id")
            if person is None:
                continue
            key = self._key(line, "cine_referral_id")
            self._owns("ssd_cin_episodes", key, person)
            before = len(self.gathering.faults)
            nothing = line.flag("cine_referral_nfa")
            unsure = nothing is None and len(self.gathering.faults) > before
            # The referral is an act in itself: it counts where only its closure is wrong.
            unused = "The referral was used, but opened no case."
            referred, last, sound = self._dates(
                line, "cine_referral_date", "cine_close_date", unused, "The record was not used."
            )
            self._add(line, person, "referral received", referred, "cine_referral_date", key,
                      details={"no further action": nothing})  # fmt: skip
            if nothing and referred is not None:
                if sound and last is not None:
                    self._add(line, person, "referral closed with no further action", last, "cine_close_date", key)
                else:
                    undated += 1
                    self._add(line, person, "referral closed with no further action", referred, "cine_referral_date",
                              key, also=True)  # fmt: skip
                continue
            if referred is None or nothing or unsure or not sound:
                continue
            self.referrals[key] = referred.toordinal()
            opened = self._add(line, person, "case opened", referred, "cine_referral_date", key, also=True)
            if last is not None:
                reason, down = line.known("cine_close_reason", _CLOSURE) or (None, None)
                self._add(line, person, "case closed", last, "cine_close_date", key, about=opened,
                          details={"reason": reason, "stepping down": down})  # fmt: skip
        if undated:
            self.gathering.notes.append(
                f"ssd_cin_episodes: referrals without further action and without a closing date: {undated:,}. The "
                "decision is taken to be of the day of the referral."
            )

    def _assessments(self) -> None:
        start, end = "cina_assessment_start_date", "cina_assessment_auth_date"
        for line in self._rows("ssd_cin_assessments"):
            person = self._person(line, "cina_person_id", (("cina_referral_id", "ssd_cin_episodes"),))
            if person is None:
                continue
            key = self._key(line, "cina_assessment_id")
            first, done = self._start_and_act(line, start, end)
            begun = self._add(line, person, "assessment started", first, start, key)
            about = None if first is None else begun
            self._add(line, person, "assessment completed", done, end, key, about=about,
                      details={"no further action": line.flag("cina_assessment_outcome_nfa")})  # fmt: skip
            self._add(line, person, "assessment authorised", done, end, key, also=True, about=about)
            referral = line.text("cina_referral_id")
            if done is not None and referral is not None:
                self.assessed[referral] = min(done.toordinal(), self.assessed.get(referral, done.toordinal()))

    # --- section 47, conferences, plans

    def _enquiries(self) -> None:
        start, end = "s47e_s47_start_date", "s47e_s47_end_date"
        for line in self._rows("ssd_s47_enquiry"):
            person = self._person(line, "s47e_person_id", (("s47e_referral_id", "ssd_cin_episodes"),))
            if person is None:
                continue
            key = self._key(line, "s47e_s47_enquiry_id")
            self._owns("ssd_s47_enquiry", key, person)
            first, done = self._start_and_act(line, start, end)
            discussed = self._add(line, person, "strategy discussion held", first, start, key)
            if first is not None:
                self.discussions[key] = (person, discussed)
            begun = self._add(line, person, "section 47 enquiry started", first, start, key, also=True)
            about = None if first is None else begun
            nothing = line.flag("s47e_s47_nfa")
            self._add(line, person, "section 47 enquiry completed", done, end, key, about=about,
                      details={"no further action": nothing})  # fmt: skip
            if not (nothing or self._no_conference(line)):
                continue
            if key in self.conferences:
                if nothing:
                    line.fault("s47e_s47_nfa", "it says no further action, and yet there is a conference.")
            else:
                name = "initial child protection conference not required"
                about = None if first is None else discussed
                self._add(line, person, name, done, end, key, also=True, about=about)

    @staticmethod
    def _no_conference(line: _Line) -> bool:
        """Whether the outcome of an enquiry names something, and not a conference."""
        said = line.row["s47e_s47_outcome_json"]
        if not isinstance(said, Mapping):  # a database may give it as it is
            text = line.text("s47e_s47_outcome_json")
            if text is None:
                return False
            try:
                said = json.loads(text)
            except ValueError:
                said = None
        if not isinstance(said, Mapping):
            line.fault("s47e_s47_outcome_json", "this is not the JSON of the specification. The outcome was not used.")
            return False
        chosen = {
            key.upper() for key, value in said.items() if str(value).strip().casefold() in ("y", "yes", "1", "true")
        }
        named = {key for key in chosen if key.endswith("_FLAG") and key != "OTHER_OUTCOMES_EXIST_FLAG"}
        return bool(named) and "CP_CONFERENCE_FLAG" not in named

    def _initial_conferences(self, lines: Iterable[_Line]) -> None:
        column = "icpc_icpc_date"
        for line in lines:
            through = (("icpc_s47_enquiry_id", "ssd_s47_enquiry"), ("icpc_referral_id", "ssd_cin_episodes"))
            person = self._person(line, "icpc_person_id", through)
            if person is None:
                continue
            key = self._key(line, "icpc_icpc_id")
            self._owns("ssd_initial_cp_conference", key, person)
            kind = "transfer-in" if line.flag("icpc_icpc_transfer_in") else "initial"
            # A conference answers the discussion that led to its own enquiry, and no other.
            whose, discussed = self.discussions.get(line.text("icpc_s47_enquiry_id") or "", (None, None))
            about = discussed if kind == "initial" and whose == person else None
            self._add(line, person, f"{kind} child protection conference held", self._day(line, column), column, key,
                      about=about, details={"plan agreed": line.flag("icpc_icpc_outcome_cp_flag")})  # fmt: skip

    def _need_plans(self) -> None:
        self._spans("ssd_cin_plans", "cinp_cin_plan_id", "cinp_person_id",
                    (("cinp_referral_id", "ssd_cin_episodes"),), "cinp_cin_plan", "child in need plan")  # fmt: skip

    def _protection_plans(self) -> None:
        start, end = "cppl_cp_plan_start_date", "cppl_cp_plan_end_date"
        through = (("cppl_icpc_id", "ssd_initial_cp_conference"), ("cppl_referral_id", "ssd_cin_episodes"))
        for line in self._rows("ssd_cp_plans"):
            person = self._person(line, "cppl_person_id", through)
            if person is None:
                continue
            key = self._key(line, "cppl_cp_plan_id")
            self._owns("ssd_cp_plans", key, person)
            first, last = self._period(line, start, end)
            details: dict[str, Detail | None] = {
                "category of abuse": line.known("cppl_cp_plan_initial_category", _CATEGORY),
                "temporary": line.flag("cppl_cp_plan_ola"),
            }
            begun = self._add(line, person, "child protection plan started", first, start, key, details=details)
            self._add(line, person, "child protection plan ended", last, end, key, about=begun)

    def _visits(self, table: str, stem: str, person: str, through: Iterable[tuple[str, str]], visit_type: str) -> None:
        column = f"{stem}_date"
        for line in self._rows(table):
            whose = self._person(line, person, through)
            if whose is None:
                continue
            details: dict[str, Detail | None] = {
                "visit type": visit_type,
                "seen": line.flag(f"{stem}_seen"),
                "seen alone": line.flag(f"{stem}_seen_alone"),
                "bedroom seen": line.flag(f"{stem}_bedroom"),
            }
            self._add(line, whose, "child visited", self._day(line, column), column, self._key(line, f"{stem}_id"),
                      details=details)  # fmt: skip

    def _review_conferences(self) -> None:
        column = "cppr_cp_review_date"
        for line in self._rows("ssd_cp_reviews"):
            person = self._person(line, "cppr_person_id", (("cppr_cp_plan_id", "ssd_cp_plans"),))
            if person is None:
                continue
            details: dict[str, Detail | None] = {
                "plan continued": line.flag("cppr_cp_review_outcome_continue_cp"),
                "quorate": line.flag("cppr_cp_review_quorate"),
                "child took part": line.known("cppr_cp_review_participation", _TOOK_PART),
            }
            self._add(line, person, "review child protection conference held", self._day(line, column), column,
                      self._key(line, "cppr_cp_review_id"), details=details)  # fmt: skip

    # --- care

    def _permanence(self) -> None:
        for line in self._rows("ssd_permanence"):
            person = self._person(line, "perm_person_id", (("perm_cla_id", "ssd_cla_episodes"),))
            if person is None:
                continue
            key = self._key(line, "perm_table_id")
            for column, name in (
                ("perm_adm_decision_date", "adoption decision made"),
                ("perm_placement_order_date", "placement order made"),
            ):
                self._add(line, person, name, line.day(column), column, key)
            self._add(line, person, "child matched", line.day("perm_matched_date"), "perm_matched_date", key,
                      details={"permanence option": "adoption"})  # fmt: skip
            column = "perm_placed_for_adoption_date"
            placed = line.day(column)
            begun = self._add(line, person, "placed for adoption", placed, column, key)
            column = "perm_decision_reversed_date"
            reversed_on = line.day(column)
            if placed is not None and reversed_on is not None and placed <= reversed_on:
                self._add(line, person, "adoption placement ended", reversed_on, column, key, about=begun)
            column = "perm_permanence_order_date"
            ordered = line.day(column)
            option = line.known("perm_permanence_order_type", _ORDER)
            adopted = option == "adoption"
            if adopted:
                self._add(line, person, "adoption order made", ordered, column, key)
            self._add(line, person, "permanence order made", ordered, column, key, also=adopted,
                      details={"permanence option": option})  # fmt: skip

    def _episodes(self) -> None:
        """The episodes of care, child by child, until all are there."""
        start, end = "clae_cla_episode_start_date", "clae_cla_episode_ceased_date"
        for line in self._rows("ssd_cla_episodes"):
            person = self._person(line, "clae_person_id", (("clae_referral_id", "ssd_cin_episodes"),))
            if person is None:
                continue
            cla_id = line.text("clae_cla_id")
            self._owns("ssd_cla_episodes", cla_id, person)
            key = self._key(line, "clae_cla_episode_id")
            first, spoiled = line.days(start)
            last, wrong = line.days(end)
            entered = line.day("clae_entered_care_date")
            start_reason = line.code("clae_cla_episode_start_reason")
            placement = line.text("clae_cla_placement_id")
            if placement is not None:
                self._owns("ssd_cla_placement", placement, person)
                if first is not None:
                    entry = (first, start_reason)
                    self.began_by[placement] = min(self.began_by.get(placement, entry), entry)
            if first is None:
                if not spoiled:
                    line.fault(start, "the start is missing.", "Give the start.")
                first = entered
            if first is None:
                line.fault(end, "the episode has no start that can be used. It was not used.")
                continue
            if last is not None and last < first:
                line.fault(end, "the end lies before the start. The end was not used.", "Mend the date that is wrong.")
                last, wrong = None, True
            self.episodes[person].append(
                _Episode(
                    first.toordinal(),
                    key,
                    None if last is None else last.toordinal(),
                    wrong,
                    start_reason,
                    line.code("clae_cla_episode_ceased_reason"),
                    None if entered is None else entered.toordinal(),
                    cla_id,
                    line,
                )
            )

    def _legal_statuses(self) -> None:
        start, end = "lega_legal_status_start_date", "lega_legal_status_end_date"
        for line in self._rows("ssd_legal_status"):
            person = self._person(line, "lega_person_id")
            if person is None:
                continue
            key = self._key(line, "lega_legal_status_id")
            first, last = self._period(line, start, end)
            status = line.known("lega_legal_status", _LEGAL_STATUS)
            details: dict[str, Detail | None] = {"legal status": status}
            begun = self._add(line, person, "legal status started", first, start, key, details=details)
            self._add(line, person, "legal status ended", last, end, key, about=begun, details=details)
            if first is not None and status is not None:
                self.statuses[person].append(
                    _Status(
                        first.toordinal(),
                        None if last is None else last.toordinal(),
                        key,
                        status == "short break agreement",
                        line,
                    )
                )

    def _care(self) -> None:
        """Periods of care from their episodes, and the short breaks among them."""
        for person, episodes in self.episodes.items():
            for period in self._periods(sorted(episodes, key=lambda each: each[:2])):
                self._period_of_care(person, period)
            self.care[person].sort(key=lambda segment: segment.first)

    @staticmethod
    def _periods(episodes: Sequence[_Episode]) -> list[list[_Episode]]:
        """The episodes of one child, by period of care: by its id, or from the reasons where there is none.

        What X1 ("a new episode begins on the same day") joins is one period, whatever its ids say.
        """
        periods: list[list[_Episode]] = []
        by_id: dict[str, list[_Episode]] = {}
        for episode in episodes:
            period = None if episode.cla_id is None else by_id.get(episode.cla_id)
            if period is None and episode.start_reason != "s":
                for other in reversed(periods):
                    if other[-1].ceased_reason == "x1" and other[-1].ceased == episode.start:
                        period = other
                        break
            if period is None:
                period = []
                periods.append(period)
            period.append(episode)
            if episode.cla_id is not None:
                by_id.setdefault(episode.cla_id, period)
        return periods

    def _period_of_care(self, person: str, period: Sequence[_Episode]) -> None:
        start, end = "clae_cla_episode_start_date", "clae_cla_episode_ceased_date"
        begins, last = period[0], max(period, key=lambda each: (each.start, each.ceased or 0, each.key))
        for episode in period:
            if episode.ceased is None and not episode.spoiled and episode is not last and episode.start < last.start:
                episode.line.fault(end, "the episode has no end though another follows.", "Give the end.")
        if last.spoiled:
            last.line.fault(start, "its end cannot be used, so care would seem to go on. The period was not used.")
            return
        ceased = last.ceased
        if ceased is not None and last.ceased_reason == "x1":
            last.line.fault(
                "clae_cla_episode_ceased_reason",
                "it says that another episode begins on the same day, and there is none. The child counts as still "
                "looked after.",
                "Add the episode, or mend the reason.",
            )
            ceased = None
        entered = [episode.entered for episode in period if episode.entered is not None]
        began, column = begins.start, start
        if entered and min(entered) <= began:
            began, column = min(entered), "clae_entered_care_date"
        elif entered:
            begins.line.fault(
                "clae_entered_care_date", "it lies after the first episode. The start of the episode was used."
            )
        opening = (begins.line, column, begins.key, False)
        closing = (last.line, end, last.key, False)
        for first, until, short, came, went in self._segments(person, began, ceased, opening, closing):
            self.care[person].append(_Segment(first, until, short))
            names = ("short breaks started", "short breaks ended")
            if not short:
                names = ("became looked after", "ceased to be looked after")
            begun = self._at(person, names[0], first, came)
            if until is not None:
                self._at(person, names[1], until, went, about=begun)

    def _at(
        self, person: str, name: str, day: int, place: tuple[_Line, str, str, bool], about: str | None = None
    ) -> str:
        line, column, key, also = place
        return self._add(line, person, name, date.fromordinal(day), column, key, also=also, about=about)

    def _segments(
        self,
        person: str,
        began: int,
        ceased: int | None,
        opening: tuple[_Line, str, str, bool],
        closing: tuple[_Line, str, str, bool],
    ) -> Iterator[tuple[int, int | None, bool, tuple[_Line, str, str, bool], tuple[_Line, str, str, bool]]]:
        """A period of care cut where a short break agreement (V3, V4) begins or gives way to another status."""
        statuses = sorted(
            (
                status
                for status in self.statuses.get(person, ())
                if (ceased is None or status.start < ceased or status.start == began)
                and (status.end is None or status.end > began)
            ),
            key=lambda status: status[:1] + status[2:3],
        )
        if not any(status.short for status in statuses):
            yield began, ceased, False, opening, closing
            return
        since, short, came = began, statuses[0].short, opening
        for status in statuses[1:]:
            if status.short == short or status.start <= since:
                continue
            place = (status.line, "lega_legal_status_start_date", status.key, True)
            yield since, status.start, short, came, place
            since, short, came = status.start, status.short, place
        yield since, ceased, short, came, closing

    def _segment(self, person: str, day: date) -> _Segment | None:
        """The time of care in which a day lies; on a day that ends one and begins another, the one that begins."""
        found = None
        for segment in self.care.get(person, ()):
            if segment.holds(day.toordinal()):
                found = segment
        return found

    def _placements(self) -> None:
        start, end = "clap_cla_placement_start_date", "clap_cla_placement_end_date"
        placements: dict[str, list[_Placement]] = defaultdict(list)
        stays = breaks = 0
        for line in self._rows("ssd_cla_placement"):
            through = (("clap_cla_id", "ssd_cla_episodes"), ("clap_cla_placement_id", "ssd_cla_placement"))
            person = self._person(line, "clap_person_id", through)
            if person is None:
                continue
            key = self._key(line, "clap_cla_placement_id")
            first, last = self._period(line, start, end)
            if first is None:
                continue
            segment = self._segment(person, first)
            if segment is not None and segment.short:
                breaks += 1
                continue
            code = line.code("clap_cla_placement_type")
            if code in _STAYS:
                stays += 1
                code = "stay"
            place = tuple(line.text(f"clap_cla_placement_{name}") or "" for name in ("postcode", "urn", "provider"))
            placements[person].append(
                _Placement(first.toordinal(), key, None if last is None else last.toordinal(), code, place, line)
            )
        for person, rows in placements.items():
            self._runs(person, sorted(rows, key=lambda each: each[:2]))
        if stays:
            self.gathering.notes.append(
                f"ssd_cla_placement: stays away from a placement that goes on (T0 to T4), no placements: {stays:,}."
            )
        if breaks:
            self.gathering.notes.append(
                f"ssd_cla_placement: placements in short breaks, left out as no ordinary care: {breaks:,}."
            )

    def _runs(self, person: str, placements: Sequence[_Placement]) -> None:
        """The placements of one child; joined, where only the legal status changed or a stay lay between."""
        runs: list[list[_Placement]] = []
        reached: int | None = None  # where the last run and the stays after it have come to
        for placement in placements:
            if placement.code == "stay":
                if reached == placement.start:
                    reached = placement.end
                continue
            before = runs[-1][-1] if runs else None
            only_law = self.began_by.get(placement.key, (None, ""))[1] == "l"
            same = (
                before is not None
                and placement.code == before.code
                and placement.start == reached
                and (only_law or (placement.place[0] != "" and placement.place == before.place))
            )
            if same:
                runs[-1].append(placement)
            else:
                runs.append([placement])
            reached = placement.end
        earlier: set[_Segment] = set()
        for run in runs:
            first, last = run[0], run[-1]
            segment = self._segment(person, date.fromordinal(first.start))
            kind = first.line.known("clap_cla_placement_type", _PLACEMENT)
            initial: bool | None = None
            if segment is not None:
                initial = False if segment in earlier else True if first.start == segment.first else None
                earlier.add(segment)
            details: dict[str, Detail | None] = {
                "placement type": kind,
                "long term": _LONG_TERM.get(first.code),
                "initial": initial,
            }
            begun = self._add(first.line, person, "placement started", date.fromordinal(first.start),
                              "clap_cla_placement_start_date", first.key, details=details)  # fmt: skip
            if last.end is not None:
                self._add(last.line, person, "placement ended", date.fromordinal(last.end),
                          "clap_cla_placement_end_date", last.key, about=begun,
                          details={"placement type": kind})  # fmt: skip

    def _mark_first(self, held: Sequence[_Held]) -> None:
        """Say of each whether it was the first of its kind in the period of care, where that is certain.

        The dataset reaches back six years: of a period that began before, earlier ones may have been cut off.
        """
        if not held:
            return
        newest = max(each.day for each in held)
        window = date(newest.year - _WINDOW_YEARS, newest.month, min(newest.day, 28)).toordinal()
        earlier: set[tuple[str, _Segment]] = set()
        for each in sorted(held, key=lambda each: (each.person, each.day, each.key)):
            segment = self._segment(each.person, each.day)
            if segment is None:
                continue
            if each.initial is None:
                first = (each.person, segment) not in earlier
                each.initial = False if not first else True if segment.first >= window else None
            earlier.add((each.person, segment))

    def _care_reviews(self) -> None:
        column = "clar_cla_review_date"
        held: list[_Held] = []
        for line in self._rows("ssd_cla_reviews"):
            person = self._person(line, "clar_person_id", (("clar_cla_id", "ssd_cla_episodes"),))
            if person is None:
                continue
            cancelled = line.flag("clar_cla_review_cancelled")
            day = line.day(column) if cancelled else self._day(line, column)
            if cancelled or day is None:
                continue
            key = self._key(line, "clar_cla_review_id")
            segment = self._segment(person, day)
            if segment is not None and segment.short:
                self._add(line, person, "short break review held", day, column, key)
                continue
            took_part = line.known("clar_cla_review_participation", _TOOK_PART)
            held.append(_Held(day, person, key, None, {"child took part": took_part}, line))
        self._mark_first(held)
        for each in held:
            self._add(each.line, each.person, "looked after review held", each.day, column, each.key,
                      details={"initial": each.initial, **each.details})  # fmt: skip

    def _health(self) -> None:
        column = "clah_health_check_date"
        held: list[_Held] = []
        for line in self._rows("ssd_cla_health"):
            if not set(_NEEDED["ssd_cla_health"]) <= self.columns["ssd_cla_health"]:
                continue
            person = self._person(line, "clah_person_id")
            status = line.known("clah_health_check_status", _STATUS)
            day = self._day(line, column) if status else line.day(column)
            if line.text("clah_health_check_status") is None and day is not None:
                line.fault("clah_health_check_status", "nothing says whether the check took place. It was not used.")
            if person is None or not status or day is None:
                continue
            key = self._key(line, "clah_health_check_id")
            kind = fold(line.text("clah_health_check_type") or "")
            if "dent" in kind:
                self._add(line, person, "dental check completed", day, column, key)
            elif "health" in kind or kind in ("iha", "rha"):
                initial = True if "initial" in kind or kind == "iha" else None
                if "review" in kind or kind == "rha":
                    initial = False
                held.append(_Held(day, person, key, initial, {}, line))
            else:
                line.fault("clah_health_check_type", "this kind of check is not known. The record was not used.")
        self._mark_first(held)
        for each in held:
            self._add(each.line, each.person, "health assessment completed", each.day, column, each.key,
                      details={"initial": each.initial})  # fmt: skip

    def _care_plans(self) -> None:
        column = "lacp_cla_care_plan_start_date"
        plans: list[tuple[str, date, str, _Line]] = []
        for line in self._rows("ssd_cla_care_plan"):
            person = self._person(line, "lacp_person_id")
            day = self._day(line, column)
            if person is not None and day is not None:
                plans.append((person, day, self._key(line, "lacp_table_id"), line))
        earlier: set[tuple[str, _Segment | None]] = set()
        for person, day, key, line in sorted(plans, key=lambda plan: plan[:3]):
            place = (person, self._segment(person, day))
            name = "care plan updated" if place in earlier else "care plan completed"
            earlier.add(place)
            self._add(line, person, name, day, column, key)

    def _missing(self) -> None:
        start, end = "miss_missing_episode_start_date", "miss_missing_episode_end_date"
        away = 0
        for line in self._rows("ssd_missing"):
            person = self._person(line, "miss_person_id")
            if person is None:
                continue
            first, last = self._period(line, start, end)
            missing = line.known("miss_missing_episode_type", _MISSING)
            if missing is None and line.text("miss_missing_episode_type") is not None:
                continue
            if missing is False:
                away += 1
                continue
            key = self._key(line, "miss_table_id")
            begun = self._add(line, person, "went missing", first, start, key)
            self._add(line, person, "returned from missing", last, end, key, about=begun)
        if away:
            self.gathering.notes.append(
                f"ssd_missing: episodes of a child away without leave, and not missing, left out: {away:,}."
            )

    def _questionnaires(self) -> None:
        self._acts("ssd_sdq_scores", "csdq_table_id", "csdq_person_id", "csdq_sdq_completed_date",
                   "strengths and difficulties questionnaire completed")  # fmt: skip

    def _pre_proceedings(self) -> None:
        day_first, self.gathering.day_first = self.gathering.day_first, True
        try:
            for line in self._rows("ssd_pre_proceedings"):
                letter, end = "prep_pre_pro_letter_date", "prep_agree_stepdown_issue_date"
                first, last, sound = self._dates(line, letter, end, "Pre-proceedings were not taken to start.", "")
                decided = line.day("prep_pre_pro_decision_date")
                met = line.day("prep_initial_pre_pro_meeting_date")
                if line.text("prep_person_id") is None and not (first or last or decided or met):
                    continue  # most extracts hold one row of placeholders
                person = self._person(line, "prep_person_id")
                if person is None:
                    continue
                key = self._key(line, "prep_table_id")
                for column, name, day in (
                    ("prep_pre_pro_decision_date", "pre-proceedings decision made", decided),
                    (letter, "letter before proceedings sent", first),
                    ("prep_initial_pre_pro_meeting_date", "pre-proceedings meeting held", met),
                ):
                    self._add(line, person, name, day, column, key)
                self._add(line, person, "pre-proceedings outcome decided", last, end, key, also=True)
                if sound:
                    begun = self._add(line, person, "pre-proceedings started", first, letter, key, also=True)
                    self._add(line, person, "pre-proceedings ended", last, end, key, about=begun)
        finally:
            self.gathering.day_first = day_first

    # --- workers

    def _involvements(self) -> None:
        start, end = "invo_involvement_start_date", "invo_involvement_end_date"
        held: dict[str, list[tuple[int, str, int | None, str | None, str | None]]] = defaultdict(list)
        first_of: dict[tuple[str, str], tuple[int, str, _Line]] = {}
        others = 0
        for line in self._rows("ssd_involvements"):
            person = self._person(line, "invo_person_id", (("invo_referral_id", "ssd_cin_episodes"),))
            if person is None:
                continue
            role = (line.text("invo_professional_role_id") or "").casefold()
            adviser = _ADVISER.search(role) is not None
            if role and not adviser and (_BESIDE.search(role) or not _ALLOCATED.search(role)):
                others += 1
                continue
            key = self._key(line, "invo_involvements_id")
            first, last = self._period(line, start, end)
            if first is None:
                continue
            worker, team = line.text("invo_professional_id"), line.text("invo_professional_team")
            held[person].append((first.toordinal(), key, None if last is None else last.toordinal(), worker, team))
            if worker is None:
                continue
            if adviser:
                self._add(line, person, "personal adviser allocated", first, start, key)
                continue
            begun = self._add(line, person, "social worker allocated", first, start, key)
            self._add(line, person, "social worker allocation ended", last, end, key, about=begun)
            referral = line.text("invo_referral_id")
            if referral is not None:
                entry = (first.toordinal(), key, line)
                place = (person, referral)
                first_of[place] = min(first_of.get(place, entry), entry, key=lambda each: each[:2])
        for (person, referral), (day, key, line) in first_of.items():
            opened = self.referrals.get(referral)
            if opened is not None and opened <= day and day <= self.assessed.get(referral, day):
                name = "case allocated"
                self._add(line, person, name, date.fromordinal(day), start, key, also=True)
        for person, rows in held.items():
            self.gathering.subject(person).allocations += _one_at_a_time(sorted(rows, key=lambda row: row[:2]))
        if others:
            self.gathering.notes.append(
                "ssd_involvements: involvements in another role than that of the worker who holds the case, left out: "
                f"{others:,}."
            )

    def _care_leavers(self) -> None:
        rows = sum(1 for _ in self._rows("ssd_care_leavers"))
        if rows:
            self.gathering.notes.append(
                "ssd_care_leavers: it holds only the latest contact and review of a pathway plan, which cannot say "
                f"what was late before. Rows not read: {rows:,}."
            )

    # --- what is held

    def _say_what_is_held(self, left: Sequence[str]) -> None:
        """Take out the words that these tables cannot hold after all, and say why."""
        rows, notes = self.gathering.rows, self.gathering.notes
        present: set[str] = set()
        wanting: set[str] = set()
        for table, columns in _WORDS.items():
            has = self.columns.get(table)
            waited_for = rows.get(_WAITING.get(table, ""), 0) > 0
            needed = _NEEDED.get(table, ())
            lacking: list[str] = []
            for column, words in columns.items():
                names = {fold(word) for word in words}
                there = has is not None and self._has(has, table, column) and set(needed) <= has
                if there:
                    present |= names
                    if not rows[table] and waited_for:
                        wanting |= names
                else:
                    lacking.append(column)
                    if waited_for or has is not None:
                        wanting |= names
            if has is None:
                notes.append(f"{table}: there is no such table, so what only it holds is not known.")
            elif lacking:
                notes.append(f"{table}: it has no column {', '.join(lacking)}, so what only that holds is not known.")
            elif not rows[table] and waited_for:
                notes.append(f"{table}: it has no rows, though {_WAITING[table]} has. It is taken as not extracted.")
        for (table, column), count in sorted(self.undated.items()):
            notes.append(f"{table}: rows without {column}, not used: {count:,}.")
        if left:
            notes.append(f"Not read, for no event is in them: {', '.join(sorted(left))}.")
        self.gathering.holds = frozenset(present - wanting)
        if "ssd_legal_status" not in self.tables and "ssd_cla_episodes" in self.tables:
            notes.append("ssd_legal_status: without it short breaks cannot be told from ordinary care.")

    @staticmethod
    def _has(has: frozenset[str], table: str, column: str) -> bool:
        """Whether a table has a column; the outcome of an enquiry stands in either of two."""
        return column in has or (column == "s47e_s47_nfa" and "s47e_s47_outcome_json" in has)


def _one_at_a_time(rows: Sequence[tuple[int, str, int | None, str | None, str | None]]) -> list[Allocation]:
    """Allocations that do not overlap: on every day the one that began last; of those of one day, the last key."""
    days = sorted({row[0] for row in rows} | {row[2] + 1 for row in rows if row[2] is not None})
    found: list[Allocation] = []
    open_: list[int] = []  # places in rows, the latest first
    place = 0
    for number, day in enumerate(days):
        while place < len(rows) and rows[place][0] == day:
            heappush(open_, -place)
            place += 1
        while open_ and (last := rows[-open_[0]][2]) is not None and last < day:
            heappop(open_)
        if not open_:
            continue
        _, _, _, worker, team = rows[-open_[0]]
        until = days[number + 1] - 1 if number + 1 < len(days) else None
        before = found[-1] if found else None
        if before is not None and before.last == day - 1 and before[2:] == (worker, team):
            found[-1] = before._replace(last=until)
        else:
            found.append(Allocation(day, until, worker, team))
    return found
