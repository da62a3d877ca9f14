"""An invented authority: the caseload of a children's service over some years, with no real child in it.

No extract of the Standard Safeguarding Dataset (SSD) is public, and none should be. `synthetic_authority` makes one:
thousands of invented children with contacts, referrals, assessments, section 47 enquiries, conferences, plans, visits,
reviews, care, placements and leaving care, worked by teams that differ in how well they keep time. It is written in two
shapes that tell the same story: the tables of the SSD, and an event log in the words of the shared vocabulary.

Everything follows from the arguments: the same arguments give the same bytes on every machine. Each child has a
generator of its own, so that the first 1,000 children of 5,000 are the children of an authority of 1,000.

How the ids of the two shapes meet: a fact that the SSD holds has the id "<key of the SSD row>/<column of the date>", as
"CPV-000123-7/cppv_cp_visit_date". Where one date gives several events, the first listed below has that id and each
other adds its name, as "S47-000123-1/s47e_s47_start_date/section 47 enquiry started". What only the log can hold has
an id "EV-000123-41".

| SSD date | first event | further events |
|---|---|---|
| `cine_referral_date` | referral received | case opened |
| `cine_close_date` | case closed (an episode without further action: referral closed with no further action) | |
| `cina_assessment_auth_date` | assessment completed | assessment authorised |
| `s47e_s47_start_date` | strategy discussion held | section 47 enquiry started |
| `s47e_s47_end_date` | section 47 enquiry completed | initial child protection conference not required |
| `invo_involvement_start_date` | social worker allocated | case allocated (the first after a referral) |
| `clae_entered_care_date` | became looked after, on the row of the first episode of a period of care | |
| `clae_cla_episode_ceased_date` | ceased to be looked after, on the row of the last episode of a period of care | |
| `prep_pre_pro_letter_date` | letter before proceedings sent | pre-proceedings started |
| `prep_agree_stepdown_issue_date` | pre-proceedings ended | pre-proceedings outcome decided |
| `perm_permanence_order_date` | adoption order made; for another order: permanence order made | permanence order made |
"""

from __future__ import annotations

import csv
import json
import random
from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property, lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Final, TypeVar

from .calendars import Calendar, add_months, age_attained
from .events import Event, History

__all__ = ["EVENT_COLUMNS", "SSD_COLUMNS", "Authority", "synthetic_authority"]

_T = TypeVar("_T")
#: A row of a table, as text by column; a day is kept as its ordinal until it is written.
_Row = dict[str, str | int | None]

# --- the tables -------------------------------------------------------------------------------------------------------

_TABLES: Final = """
ssd_version_log: version_number release_date description is_current created_at created_by impact_description
ssd_department: dept_team_id dept_team_name dept_team_parent_id dept_team_parent_name
ssd_professionals: prof_professional_id prof_staff_id prof_professional_name prof_social_worker_registration_no
  prof_professional_job_title prof_professional_caseload prof_professional_department prof_full_time_equivalency
  prof_agency_worker_flag
ssd_person: pers_person_id pers_sex pers_gender pers_ethnicity pers_dob pers_common_child_id pers_legacy_id
  pers_upn_unknown pers_send_flag pers_expected_dob pers_death_date pers_is_mother pers_nationality
ssd_family: fami_table_id fami_family_id fami_person_id
ssd_disability: disa_person_id disa_table_id disa_disability_code
ssd_immigration_status: immi_person_id immi_immigration_status_id immi_immigration_status
  immi_immigration_status_start_date immi_immigration_status_end_date
ssd_contacts: cont_contact_id cont_person_id cont_contact_date cont_contact_source_code cont_contact_source_desc
  cont_contact_outcome_json
ssd_early_help_episodes: earl_episode_id earl_person_id earl_episode_start_date earl_episode_end_date
  earl_episode_reason earl_episode_end_reason earl_episode_organisation earl_episode_worker_id
ssd_cin_episodes: cine_referral_id cine_person_id cine_referral_date cine_cin_primary_need_code
  cine_referral_source_code cine_referral_source_desc cine_referral_outcome_json cine_referral_nfa cine_close_reason
  cine_close_date cine_referral_team cine_referral_worker_id
ssd_cin_assessments: cina_assessment_id cina_person_id cina_referral_id cina_assessment_start_date
  cina_assessment_child_seen cina_assessment_auth_date cina_assessment_outcome_json cina_assessment_outcome_nfa
  cina_assessment_team cina_assessment_worker_id
ssd_assessment_factors: cinf_table_id cinf_assessment_id cinf_assessment_factors_json
ssd_s47_enquiry: s47e_s47_enquiry_id s47e_referral_id s47e_person_id s47e_s47_start_date s47e_s47_end_date s47e_s47_nfa
  s47e_s47_outcome_json s47e_s47_completed_by_worker_id s47e_s47_completed_by_team
ssd_initial_cp_conference: icpc_icpc_id icpc_icpc_meeting_id icpc_s47_enquiry_id icpc_person_id icpc_cp_plan_id
  icpc_referral_id icpc_icpc_transfer_in icpc_icpc_target_date icpc_icpc_date icpc_icpc_outcome_cp_flag
  icpc_icpc_outcome_json icpc_icpc_team icpc_icpc_worker_id
ssd_cin_plans: cinp_cin_plan_id cinp_referral_id cinp_person_id cinp_cin_plan_start_date cinp_cin_plan_end_date
  cinp_cin_plan_team cinp_cin_plan_worker_id
ssd_cin_visits: cinv_cin_visit_id cinv_person_id cinv_cin_visit_date cinv_cin_visit_seen cinv_cin_visit_seen_alone
  cinv_cin_visit_bedroom
ssd_cp_plans: cppl_cp_plan_id cppl_referral_id cppl_icpc_id cppl_person_id cppl_cp_plan_start_date
  cppl_cp_plan_end_date cppl_cp_plan_initial_category cppl_cp_plan_ola cppl_cp_plan_latest_category
ssd_cp_visits: cppv_cp_visit_id cppv_person_id cppv_cp_plan_id cppv_cp_visit_date cppv_cp_visit_seen
  cppv_cp_visit_seen_alone cppv_cp_visit_bedroom
ssd_cp_reviews: cppr_cp_review_id cppr_person_id cppr_cp_plan_id cppr_cp_review_due cppr_cp_review_date
  cppr_cp_review_meeting_id cppr_cp_review_outcome_continue_cp cppr_cp_review_quorate cppr_cp_review_participation
ssd_cla_episodes: clae_cla_episode_id clae_person_id clae_cla_episode_start_date clae_cla_episode_start_reason
  clae_cla_primary_need_code clae_cla_episode_ceased_date clae_cla_episode_ceased_reason clae_cla_id clae_referral_id
  clae_cla_placement_id clae_entered_care_date clae_cla_last_iro_contact_date
ssd_cla_placement: clap_cla_placement_id clap_cla_placement_start_date clap_cla_placement_type clap_cla_placement_urn
  clap_cla_placement_distance clap_cla_id clap_cla_placement_provider clap_cla_placement_postcode
  clap_cla_placement_end_date clap_cla_placement_change_reason clap_person_id
ssd_cla_reviews: clar_cla_review_id clar_cla_id clar_cla_review_due_date clar_cla_review_date
  clar_cla_review_cancelled clar_cla_review_participation
ssd_cla_visits: clav_cla_visit_id clav_cla_id clav_person_id clav_cla_visit_date clav_cla_visit_seen
  clav_cla_visit_seen_alone
ssd_cla_health: clah_health_check_id clah_person_id clah_health_check_type clah_health_check_date
  clah_health_check_status
ssd_cla_care_plan: lacp_table_id lacp_person_id lacp_cla_care_plan_start_date lacp_cla_care_plan_end_date
  lacp_cla_care_plan_json
ssd_legal_status: lega_legal_status_id lega_person_id lega_legal_status lega_legal_status_start_date
  lega_legal_status_end_date
ssd_missing: miss_table_id miss_person_id miss_missing_episode_start_date miss_missing_episode_type
  miss_missing_episode_end_date miss_missing_rhi_offered miss_missing_rhi_accepted
ssd_sdq_scores: csdq_table_id csdq_person_id csdq_sdq_completed_date csdq_sdq_reason csdq_sdq_score
ssd_care_leavers: clea_table_id clea_person_id clea_care_leaver_eligibility clea_care_leaver_in_touch
  clea_care_leaver_latest_contact clea_care_leaver_accommodation clea_care_leaver_accom_suitable
  clea_care_leaver_activity clea_pathway_plan_review_date clea_care_leaver_personal_advisor
  clea_care_leaver_allocated_team clea_care_leaver_worker_id
ssd_permanence: perm_table_id perm_person_id perm_cla_id perm_adm_decision_date perm_ffa_cp_decision_date
  perm_placement_order_date perm_placed_for_adoption_date perm_matched_date perm_adopted_by_carer_flag
  perm_placed_ffa_cp_date perm_decision_reversed_date perm_placed_foster_carer_date perm_part_of_sibling_group
  perm_siblings_placed_together perm_siblings_placed_apart perm_placement_provider_urn perm_decision_reversed_reason
  perm_permanence_order_date perm_permanence_order_type perm_adoption_worker_id perm_adopter_sex
  perm_adopter_legal_status perm_number_of_adopters
ssd_pre_proceedings: prep_table_id prep_person_id prep_plo_family_id prep_pre_pro_decision_date
  prep_initial_pre_pro_meeting_date prep_pre_pro_outcome prep_agree_stepdown_issue_date
  prep_cp_plans_referral_period prep_legal_gateway_outcome prep_prev_pre_proc_child prep_prev_care_proc_child
  prep_pre_pro_letter_date prep_care_pro_letter_date prep_pre_pro_meetings_num prep_pre_pro_parents_legal_rep
  prep_parents_legal_rep_point_of_issue prep_court_reference prep_care_proc_court_hearings
  prep_care_proc_short_notice prep_proc_short_notice_reason prep_la_inital_plan_approved prep_la_initial_care_plan
  prep_la_final_plan_approved prep_la_final_care_plan
ssd_involvements: invo_involvements_id invo_professional_id invo_professional_role_id invo_professional_team
  invo_involvement_start_date invo_involvement_end_date invo_worker_change_reason invo_person_id invo_referral_id
"""

#: The tables that are written, each with its columns in the order and spelling of the SSD (release 1.4).
SSD_COLUMNS: Final[Mapping[str, tuple[str, ...]]] = {
    name: tuple(columns.split())
    for name, _, columns in (line.partition(":") for line in _TABLES.replace("\n  ", " ").strip().split("\n"))
}

_DETAILS: Final = (
    "visit type", "seen", "seen alone", "spoken to", "seen awake", "reason not seen", "reason not seen alone",
    "bedroom seen", "visit place", "views of the child", "views of the parents", "announced", "source of referral",
    "consent obtained", "re-referral", "no further action", "outcome", "reason", "authorised by", "stepping down",
    "agreed with family", "timescale", "plan agreed", "plan continued", "category of abuse", "temporary", "quorate",
    "other professional groups", "chaired by", "chaired by manager", "manager present", "child took part",
    "police took part", "health took part", "education took part", "face to face", "next date", "legal status",
    "placement type", "emergency", "unplanned", "temporarily approved", "long term", "permanent", "out of area",
    "initial", "permanence option", "care leaver status", "direction", "progress",
)  # fmt: skip
#: The columns of events.csv: what every event has, then the details of the vocabulary that some have.
EVENT_COLUMNS: Final = ("subject", "event", "date", "recorded", "id", "about", "cancelled", *_DETAILS)
_SUBJECT_COLUMNS: Final = (
    "subject", "kind", "born", "fact: disability", "fact: unaccompanied asylum seeking child", "fact: unborn", "sex",
    "ethnicity", "area",
)  # fmt: skip
_ALLOCATION_COLUMNS: Final = ("subject", "from", "to", "worker", "team")

#: Tables whose dates come out of the database as a date and a time, as most extracts have them.
_WITH_TIME: Final = frozenset(
    ["ssd_cin_episodes", "ssd_cin_assessments", "ssd_cp_visits", "ssd_cp_plans", "ssd_cla_episodes", "ssd_cla_visits",
     "ssd_initial_cp_conference", "ssd_involvements", "ssd_contacts", "ssd_missing", "ssd_legal_status"]
)  # fmt: skip
#: Columns in which the clock of the record is kept; everywhere else the time is midnight.
_CLOCKED: Final = frozenset(["cont_contact_date", "miss_missing_episode_start_date", "miss_missing_episode_end_date"])
#: Columns in which an older extract writes 1900-01-01 for a missing date.
_SENTINEL: Final = frozenset(
    ["cina_assessment_auth_date", "clea_pathway_plan_review_date", "clea_care_leaver_latest_contact"]
)
_START_AND_END: Final = {
    "ssd_early_help_episodes": ("earl_episode_start_date", "earl_episode_end_date"),
    "ssd_cin_episodes": ("cine_referral_date", "cine_close_date"),
    "ssd_cin_assessments": ("cina_assessment_start_date", "cina_assessment_auth_date"),
    "ssd_s47_enquiry": ("s47e_s47_start_date", "s47e_s47_end_date"),
    "ssd_cin_plans": ("cinp_cin_plan_start_date", "cinp_cin_plan_end_date"),
    "ssd_cp_plans": ("cppl_cp_plan_start_date", "cppl_cp_plan_end_date"),
    "ssd_cla_episodes": ("clae_cla_episode_start_date", "clae_cla_episode_ceased_date"),
    "ssd_cla_placement": ("clap_cla_placement_start_date", "clap_cla_placement_end_date"),
    "ssd_legal_status": ("lega_legal_status_start_date", "lega_legal_status_end_date"),
    "ssd_missing": ("miss_missing_episode_start_date", "miss_missing_episode_end_date"),
    "ssd_involvements": ("invo_involvement_start_date", "invo_involvement_end_date"),
}  # fmt: skip
_NO_SUCH_DATE: Final = ("31/02/2023", "2023-13-05", "2023-02-30", "#N/A", "00/00/0000", "not known")

# --- chance -----------------------------------------------------------------------------------------------------------

#: A choice of ranges, each with its share: ((0.8, 5, 15), (0.2, 16, 30)).
_Bands = Sequence[tuple[float, int, int]]


class _Draw:
    """Chance from a key. Only `Random.random()` is used: it gives the same numbers in every release of Python."""

    __slots__ = ("random",)

    def __init__(self, key: str) -> None:
        start = int.from_bytes(sha256(key.encode()).digest()[:8], "big")
        self.random: Callable[[], float] = random.Random(start).random

    def chance(self, share: float) -> bool:
        return self.random() < share

    def whole(self, low: int, high: int) -> int:
        return low + int(self.random() * (high - low + 1))

    def pick(self, options: Sequence[_T]) -> _T:
        return options[int(self.random() * len(options))]

    def among(self, options: Sequence[tuple[_T, float]]) -> _T:
        """One of the options, each with its share; what the shares leave over goes to the last."""
        left = self.random()
        for option, share in options:
            left -= share
            if left < 0:
                return option
        return options[-1][0]

    def bands(self, bands: _Bands) -> int:
        left = self.random()
        for share, low, high in bands:
            left -= share
            if left < 0:
                return self.whole(low, high)
        return self.whole(bands[-1][1], bands[-1][2])


@lru_cache(maxsize=20_000)
def _iso(day: int) -> str:
    return date.fromordinal(day).isoformat()


def _yes(holds: bool) -> str:
    return "yes" if holds else "no"


def _flag(holds: bool) -> str:
    return "Y" if holds else "N"


# --- the service: areas, teams, posts ---------------------------------------------------------------------------------

# Children come in blocks, and blocks in areas, so that what comes first does not depend on how many follow.
_BLOCK: Final = 12
_BLOCKS_TO_AN_AREA: Final = 208
_AREAS: Final = ("North", "South", "East", "West", "Central", "Harbour", "Valley", "Hill")
_TEAMS: Final = (
    # role, letters, name, teams to an area, posts to a team, job title
    ("hub", "HUB", "Contact and Referral Hub", 1, 6, "Social Worker"),
    ("assessment", "AST", "Assessment Team", 3, 6, "Social Worker"),
    ("safeguarding", "SAF", "Safeguarding Team", 3, 7, "Social Worker"),
    ("disability", "DCT", "Disabled Children Team", 1, 4, "Social Worker"),
    ("care", "CIC", "Children in Care Team", 2, 5, "Social Worker"),
    ("leaving care", "LCT", "Leaving Care Team", 1, 5, "Personal Adviser"),
    ("early help", "EHT", "Early Help Team", 2, 5, "Early Help Worker"),
)
# How busy each month is, from January to December: the schools' year makes the peaks.
_BUSY: Final = (0.2, 0.1, 0.9, -0.3, 0.6, 0.5, 0.6, -1.0, 0.0, 0.5, 0.9, -0.4)


@dataclass(slots=True)
class _Team:
    id: str
    name: str
    area: str
    role: str
    skill: float
    slope: float


@dataclass(slots=True)
class _Worker:
    id: str
    team: _Team
    title: str
    skill: float
    agency: bool
    hours: str


class _Post:
    """A post in a team and who holds it when; None while it is vacant."""

    __slots__ = ("holders", "since", "team")

    def __init__(self, team: _Team, since: list[int], holders: list[_Worker | None]) -> None:
        self.team, self.since, self.holders = team, since, holders

    def at(self, day: int) -> _Worker | None:
        return self.holders[max(0, bisect_right(self.since, day) - 1)]

    def spans(self, start: int, end: int | None) -> Iterator[tuple[int, int | None, _Worker | None]]:
        """Who holds the post from one day to another, each with the first and the last day."""
        place = max(0, bisect_right(self.since, start) - 1)
        while place < len(self.since):
            first = max(start, self.since[place])
            if end is not None and first > end:
                return
            after = self.since[place + 1] - 1 if place + 1 < len(self.since) else None
            last = end if after is None else after if end is None else min(after, end)
            yield first, last, self.holders[place]
            place += 1


class _World:
    """What all children share: the calendar, the days that count, and the service of each area."""

    def __init__(self, seed: int, first: int, last: int, heavy: float) -> None:
        self.seed, self.first, self.last, self.heavy = seed, first, last, heavy
        self.calendar = Calendar()
        self.wd = self.calendar.add_working
        self._areas: dict[int, dict[str, list[list[_Post]]]] = {}

    def area(self, number: int) -> dict[str, list[list[_Post]]]:
        """The teams of an area by role, each as its posts."""
        found = self._areas.get(number)
        if found is None:
            found = self._areas[number] = self._staffed(number)
        return found

    def _staffed(self, number: int) -> dict[str, list[list[_Post]]]:
        name = _AREAS[number % len(_AREAS)] + (f" {number // len(_AREAS) + 1}" if number >= len(_AREAS) else "")
        found: dict[str, list[list[_Post]]] = {}
        place = 0
        for role, letters, title, teams, posts, job in _TEAMS:
            found[role] = []
            # Of the teams of one sort one is the best and one the worst, which one differs from area to area.
            best = _Draw(f"{self.seed}/{role}/{number}").whole(0, teams - 1)
            for turn in range(teams):
                draw = _Draw(f"{self.seed}/team/{number}/{role}/{turn}")
                team = _Team(
                    f"{letters}-{number + 1}{turn + 1}", f"{title} {name} {turn + 1}", name, role,
                    2 * ((turn + best) % teams + draw.random()) / teams - 1, draw.random() * 2 - 1,
                )  # fmt: skip
                listed = []
                for _ in range(posts):
                    place += 1
                    listed.append(self._post(team, job, number, place))
                found[role].append(listed)
        return found

    def _post(self, team: _Team, job: str, area: int, place: int) -> _Post:
        draw = _Draw(f"{self.seed}/post/{area}/{place}")
        day = self.first - 1000 - draw.whole(0, 800)
        since: list[int] = []
        holders: list[_Worker | None] = []
        turn = 0
        while day <= self.last:
            agency = draw.chance(0.16)
            title = "Newly Qualified Social Worker" if job == "Social Worker" and draw.chance(0.15) else job
            worker = _Worker(
                f"W{area + 1}{place:02}{chr(65 + turn)}", team, title, draw.random() * 2 - 1, agency,
                "0.6" if draw.chance(0.1) else "1.0",
            )  # fmt: skip
            since.append(day)
            holders.append(worker)
            turn += 1
            day += draw.whole(120, 500) if agency else draw.whole(400, 1800)
            if draw.chance(0.3) and day <= self.last:
                since.append(day)
                holders.append(None)
                day += draw.whole(5, 25)
        return _Post(team, since, holders)

    def timely(self, share: float, post: _Post, day: int) -> float:
        """The chance that work is in time: the usual share, moved by team, worker, month and trend."""
        worker = post.at(day)
        skill = -0.8 if worker is None else worker.skill
        progress = 2 * (day - self.first) / (self.last - self.first) - 1
        moved = 0.24 * post.team.skill + 0.18 * skill - 0.06 * _busy(day) + (0.05 + 0.08 * post.team.slope) * progress
        return min(0.995, max(0.03, share + 4 * share * (1 - share) * moved))

    def working(self, day: int) -> int:
        return self.calendar.next_working(day)


@lru_cache(maxsize=20_000)
def _busy(day: int) -> float:
    return _BUSY[date.fromordinal(day).month - 1]


# --- families: what brothers and sisters share ------------------------------------------------------------------------

_SOURCES: Final = (
    ("3A", "Police", 0.29), ("2B", "Education Services", 0.06), ("2A", "Schools", 0.17), ("5A", "Other", 0.08),
    ("1A", "Family member, relative or carer", 0.09), ("3B", "Health services", 0.16), ("1D", "Self", 0.02),
    ("4", "Housing", 0.03), ("5B", "LA services", 0.07), ("6", "Anonymous", 0.03),
)  # fmt: skip
_SOURCE_CHOICE: Final = tuple((place, share) for place, (_, _, share) in enumerate(_SOURCES))
_NEEDS: Final = (("N1", 0.57), ("N5", 0.14), ("N4", 0.09), ("N6", 0.08), ("N3", 0.05), ("N8", 0.03), ("N9", 0.04))
_CATEGORIES: Final = (
    ("neglect", 0.49), ("emotional abuse", 0.37), ("physical abuse", 0.07), ("sexual abuse", 0.04), ("multiple", 0.03),
)  # fmt: skip
# Working days from the start of an assessment to its authorisation, where it is in time and where it is not.
_ASSESSED: Final = ((0.08, 1, 10), (0.14, 11, 20), (0.20, 21, 30), (0.25, 31, 40), (0.33, 41, 45))
_ASSESSED_LATE: Final = ((0.38, 46, 50), (0.30, 51, 60), (0.32, 61, 105))
_CONFERENCE: Final = ((0.12, 5, 9), (0.34, 10, 12), (0.54, 13, 15))
_CONFERENCE_LATE: Final = ((0.62, 16, 20), (0.38, 21, 38))
# Days that a child in need plan lasts.
_A_PLAN: _Bands = ((0.4, 50, 110), (0.45, 111, 240), (0.15, 241, 420))
_AFTER_A_PLAN: _Bands = ((0.6, 50, 110), (0.4, 111, 250))
_A_LONG_PLAN: _Bands = ((1.0, 300, 1100),)


@dataclass(slots=True)
class _Plan:
    """A child protection plan of a family: its conference, and what was held while it lasted."""

    strategy: int
    section47_end: int
    conference: int
    agreed: bool
    transferred_in: bool
    category: str
    end: int | None = None
    reviews: list[tuple[int, bool]] = field(default_factory=list)
    core_groups: list[int] = field(default_factory=list)
    visits: list[int] = field(default_factory=list)


@dataclass(slots=True)
class _Cycle:
    """One coming of a family to the service, from the contact to the closure."""

    kind: str
    contact: int
    decided: int
    source: int
    need: str
    referral: int = 0
    decision: int = 0
    started: int = 0
    assessed: int = 0
    early_help: tuple[int, int] | None = None
    section47: tuple[int, int] | None = None
    plan: _Plan | None = None
    need_plan: tuple[int, int] | None = None
    need_visits: list[int] = field(default_factory=list)
    need_meetings: list[int] = field(default_factory=list)
    care: int | None = None
    transfer: int = 0
    close: int = 0
    close_reason: str = "RC7"


class _Family:
    """The script of a family: who belongs to it, who works with it, and when it came to the service."""

    def __init__(self, world: _World, block: int, first: int, size: int) -> None:
        self.world = world
        self.id = f"F{first:06}"
        self.draw = draw = _Draw(f"{world.seed}/family/{first}")
        service = world.area(block // _BLOCKS_TO_AN_AREA)
        self.posts = {role: draw.pick(draw.pick(teams)) for role, teams in service.items()}
        self.area = self.posts["hub"].team.area
        heavy = draw.chance(world.heavy)
        self.disabled = draw.chance(0.07)
        if self.disabled:
            self.posts["safeguarding"] = self.posts["disability"]
        self.asylum = heavy and size == 1 and draw.chance(0.10)
        self.cycles: list[_Cycle] = []
        kind = self._kind(heavy, size)
        earliest = world.first - (750 if heavy else 150)
        day = self._busy_day(earliest, max(earliest, world.last - (30 if heavy else 5)))
        begun = day
        while day <= world.last and len(self.cycles) < 5:
            cycle = self._cycle(kind, day)
            self.cycles.append(cycle)
            if cycle.close > world.last:
                break
            # About 22 in 100 referrals come within a year of another; some families come back later.
            short = cycle.kind in ("no action", "assessment", "section 47")
            back = draw.random()
            if back < (0.53 if short else 0.24):
                day = cycle.close + draw.whole(7, 200 if short else 300)
            elif back < (0.62 if short else 0.32):
                day = cycle.close + draw.whole(366, 700)
            else:
                break
            kind = self._kind(heavy and draw.chance(0.4), size)
        self.births = self._births(begun, size)

    def _busy_day(self, low: int, high: int) -> int:
        """A day on which a contact comes: fewer at weekends and in August, more at the peaks."""
        while True:
            day = self.draw.whole(low, high)
            weight = (1 + 0.3 * _busy(day)) * (0.12 if day % 7 in (6, 0) else 1)
            if self.draw.random() * 1.3 < weight:
                return day

    def _kind(self, heavy: bool, size: int) -> str:
        draw = self.draw
        if not heavy:
            return draw.among(
                (("contact", 0.16), ("early help", 0.12), ("no action", 0.06), ("assessment", 0.35), ("need", 0.23),
                 ("section 47", 0.08))
            )  # fmt: skip
        if self.asylum:
            return "care"
        if self.disabled:
            return draw.among((("long need", 0.7), ("protection", 0.3)))
        return draw.among((("protection", 0.55), ("protection and care", 0.23), ("care", 0.10 if size > 2 else 0.22)))

    def _births(self, begun: int, size: int) -> list[int]:
        """Days of birth (of a child not yet born, the day expected), the ages set against the first contact."""
        draw = self.draw
        if self.asylum:
            return [begun - draw.whole(5700, 6390)]
        older = self.cycles[0].kind == "care"
        bands: _Bands = (
            ((0.03, -120, -10), (0.10, 0, 365), (0.12, 366, 1800), (0.20, 1800, 4000), (0.55, 4000, 6300))
            if older
            else ((0.05, -140, -10), (0.09, 0, 365), (0.22, 366, 1800), (0.29, 1800, 3650), (0.35, 3650, 6300))
        )
        ages = [draw.bands(bands)]
        while len(ages) < size:
            gap = draw.whole(330, 1300) if not draw.chance(0.02) else 0
            up, down = ages[-1] + gap, ages[0] - gap
            if (draw.chance(0.5) or down < -140) and up <= 6300:
                ages.append(up)
            elif down >= -140:
                ages.insert(0, down)
            else:
                ages.append(max(0, min(6300, ages[-1] - 1)))
        return [begun - age for age in ages]

    def _late_or_not(self, share: float, post: _Post, day: int, usual: _Bands, late: _Bands) -> int:
        return self.draw.bands(usual if self.draw.chance(self.world.timely(share, post, day)) else late)

    def series(
        self,
        draw: _Draw,
        post: _Post,
        start: int,
        end: int,
        share: float,
        usual: tuple[int, int],
        late: tuple[int, int],
    ) -> list[int]:
        """Days so many working days apart, up to an end: mostly in the usual range, else in the late one."""
        world, day, end = self.world, start, min(end, self.world.last)
        found: list[int] = []
        while True:
            low, high = usual if draw.chance(world.timely(share, post, day)) else late
            day = world.wd(day, draw.whole(low, high))
            if day > end:
                return found
            found.append(day)

    def _cycle(self, kind: str, contact: int) -> _Cycle:
        world, draw, wd = self.world, self.draw, self.world.wd
        hub, assessor, worker = self.posts["hub"], self.posts["assessment"], self.posts["safeguarding"]
        steps = self._late_or_not(0.92, hub, contact, ((0.45, 0, 0), (0.55, 1, 1)), ((0.7, 2, 2), (0.3, 3, 6)))
        decided = max(contact, wd(contact, steps))
        source = draw.among(_SOURCE_CHOICE)
        need = "N2" if self.disabled and kind == "long need" else draw.among(_NEEDS)
        cycle = _Cycle(kind, contact, decided, source, need)
        if kind == "contact":
            cycle.close = decided
            return cycle
        if kind == "early help":
            self._helped(cycle, decided)
            return cycle
        cycle.referral = decided
        steps = self._late_or_not(0.93, hub, decided, ((0.10, 0, 0), (0.90, 1, 1)), ((0.7, 2, 2), (0.3, 3, 6)))
        cycle.decision = max(decided, wd(decided, steps))
        if kind == "no action":
            cycle.close, cycle.close_reason = cycle.decision, "RC8"
            return cycle
        cycle.started = wd(cycle.decision, draw.bands(((0.7, 0, 0), (0.3, 1, 2))))
        length = self._late_or_not(0.84, assessor, cycle.started, _ASSESSED, _ASSESSED_LATE)
        cycle.assessed = wd(cycle.started, length)
        cycle.transfer = wd(cycle.assessed, draw.whole(1, 5))
        if kind in ("protection", "protection and care", "section 47"):
            self._enquired(cycle)
        if kind == "care":
            cycle.care = cycle.referral + draw.bands(((0.4, 0, 2), (0.4, 3, 30), (0.2, 31, 120)))
            cycle.close = world.last + 1
        if kind == "protection and care" and cycle.plan is not None and cycle.plan.agreed:
            cycle.care = cycle.plan.conference + draw.bands(((0.35, 30, 120), (0.45, 121, 300), (0.2, 301, 500)))
            if cycle.plan.end is not None:
                cycle.care = min(cycle.care, cycle.plan.end)
        plan, lengths = cycle.plan, _A_PLAN
        if plan is not None and plan.agreed and plan.end is None:
            cycle.close = world.last + 1
            return cycle
        if kind == "care":
            return cycle
        if plan is not None and plan.agreed and plan.end is not None:
            from_day, share, lengths = plan.end, 0.7, _AFTER_A_PLAN
        elif kind == "long need":
            from_day, share, lengths = cycle.assessed, 1.0, _A_LONG_PLAN
        elif kind == "need":
            from_day, share = cycle.assessed, 1.0
        else:
            from_day, share = cycle.assessed, 0.45 if plan or cycle.section47 else 0.0
        if draw.chance(share):
            start = from_day if plan and plan.agreed else wd(from_day, draw.whole(0, 3))
            end = world.working(start + draw.bands(lengths))
            cycle.need_plan = (start, end)
            cycle.need_visits = self.series(draw, worker, start, end, 0.86, (10, 17), (18, 32))
            cycle.need_meetings = self.series(draw, worker, start, end, 0.80, (18, 29), (31, 50))
            cycle.close = wd(end, draw.whole(0, 6))
        else:
            cycle.close = wd(max(from_day, cycle.assessed), draw.whole(0, 8))
            cycle.close_reason = "RC9" if draw.chance(0.3) else "RC8"
            if cycle.close_reason == "RC9":
                self._helped(cycle, wd(cycle.close, 1))
        return cycle

    def _helped(self, cycle: _Cycle, day: int) -> None:
        """Early help from a request for it; the family does not come back before it ends."""
        draw, post = self.draw, self.posts["early help"]
        steps = self._late_or_not(0.85, post, day, ((1.0, 1, 5),), ((1.0, 6, 14),))
        start = self.world.wd(day, steps)
        end = self.world.working(start + draw.bands(((0.5, 60, 170), (0.35, 171, 250), (0.15, 251, 380))))
        cycle.early_help = (start, end)
        if not cycle.referral:
            cycle.close = end

    def _enquired(self, cycle: _Cycle) -> None:
        """A strategy discussion and what followed: a conference, and mostly a plan."""
        world, draw, wd = self.world, self.draw, self.world.wd
        assessor, worker = self.posts["assessment"], self.posts["safeguarding"]
        strategy = wd(cycle.started, draw.bands(((0.5, 0, 2), (0.35, 3, 15), (0.15, 16, 40))))
        if draw.chance(0.04):
            strategy = max(strategy, cycle.started) + 1  # now and then on a Saturday
        if cycle.kind == "section 47":
            length = self._late_or_not(0.8, assessor, strategy, ((1.0, 4, 12),), ((1.0, 13, 20),))
            cycle.section47 = (strategy, wd(strategy, length))
            cycle.assessed = max(cycle.assessed, cycle.section47[1])
            cycle.transfer = wd(cycle.assessed, draw.whole(1, 5))
            return
        category = draw.among(_CATEGORIES)
        length = self._late_or_not(0.80, assessor, strategy, _CONFERENCE, _CONFERENCE_LATE)
        conference = wd(strategy, length)
        ended = wd(strategy, min(length, draw.whole(4, 12)))
        plan = _Plan(strategy, ended, conference, draw.chance(0.88), draw.chance(0.03), category)
        cycle.plan = plan
        cycle.section47 = None if plan.transferred_in else (strategy, ended)
        cycle.transfer = wd(conference, draw.whole(0, 4))
        if cycle.assessed < conference and draw.chance(0.7):
            cycle.assessed = wd(conference, draw.whole(0, 3))
        if not plan.agreed:
            return
        # Reviews within 91 days and then 183, about one in eleven late; a plan ends at a review.
        day, place = conference, 0
        while day <= world.last:
            usual, late = ((72, 89), (93, 128)) if place == 0 else ((152, 181), (185, 232))
            low, high = usual if draw.chance(world.timely(0.90, worker, day)) else late
            held = world.working(day + draw.whole(low, high))
            if low == usual[0] and held > day + (91 if place == 0 else 183):
                held = world.calendar.subtract_working(held, 1)  # Easter would make it late
            day = held
            ends = draw.chance((0.28, 0.52, 0.42, 0.35)[min(place, 3)])
            plan.reviews.append((day, not ends))
            place += 1
            if ends:
                plan.end = day
                break
        end = world.last if plan.end is None else plan.end
        plan.visits = self.series(draw, worker, conference, end - 1, 0.87, (5, 10), (11, 21))
        length = self._late_or_not(0.86, worker, conference, ((0.3, 3, 7), (0.7, 8, 10)), ((1.0, 11, 17),))
        first = wd(conference, length)
        if first < end:
            plan.core_groups = [first, *self.series(draw, worker, first, end - 1, 0.84, (19, 30), (32, 44))]


# --- children ---------------------------------------------------------------------------------------------------------

_ETHNICITY: Final = (
    ("WBRI", 0.66), ("WOTH", 0.06), ("MWBC", 0.04), ("MOTH", 0.04), ("APKN", 0.05), ("AIND", 0.02), ("BAFR", 0.05),
    ("BCRB", 0.02), ("OOTH", 0.04), ("NOBT", 0.02),
)  # fmt: skip
#: The placement codes of the national return, by the vocabulary's word.
_PLACEMENTS: Final = {
    "U1": "connected person", "U3": "connected person", "U4": "foster care", "U6": "foster care", "K2": "residential",
    "K1": "secure", "P1": "placed with parents", "P2": "independent living", "H5": "supported accommodation",
    "S1": "residential school", "A5": "placed for adoption", "A6": "placed for adoption", "R5": "custody",
}  # fmt: skip
#: The legal status codes of the national return, by the vocabulary's word.
_STATUSES: Final = {
    "V2": "section 20", "C1": "interim care order", "C2": "care order", "E1": "placement order",
    "L1": "police protection", "L2": "emergency protection order", "J1": "remand",
}  # fmt: skip
_CONTACT_FLAGS: Final = (
    "NEW_REFERRAL_FLAG", "EXISTING_REFERRAL_FLAG", "CP_ENQUIRY_FLAG", "NFA_FLAG", "NON_AGENCY_ADOPTION_FLAG",
    "PRIVATE_FOSTERING_FLAG", "ADVICE_FLAG", "MISSING_FLAG", "OLA_CP_FLAG", "OTHER_OUTCOMES_EXIST_FLAG",
)  # fmt: skip
_REFERRAL_FLAGS: Final = (
    "SINGLE_ASSESSMENT_FLAG", "NFA_FLAG", "STRATEGY_DISCUSSION_FLAG", "CLA_REQUEST_FLAG", "NON_AGENCY_ADOPTION_FLAG",
    "PRIVATE_FOSTERING_FLAG", "CP_TRANSFER_IN_FLAG", "CP_CONFERENCE_FLAG", "CARE_LEAVER_FLAG",
    "OTHER_OUTCOMES_EXIST_FLAG",
)  # fmt: skip
_ASSESSMENT_FLAGS: Final = (
    "NFA_FLAG", "NFA_S47_END_FLAG", "STRATEGY_DISCUSSION_FLAG", "CLA_REQUEST_FLAG", "PRIVATE_FOSTERING_FLAG",
    "LEGAL_ACTION_FLAG", "PROV_OF_SERVICES_FLAG", "PROV_OF_SB_CARE_FLAG", "SPECIALIST_ASSESSMENT_FLAG",
    "REFERRAL_TO_OTHER_AGENCY_FLAG", "OTHER_ACTIONS_FLAG", "OTHER_OUTCOMES_EXIST_FLAG",
)  # fmt: skip
_SECTION47_FLAGS: Final = (
    "NFA_FLAG", "LEGAL_ACTION_FLAG", "PROV_OF_SERVICES_FLAG", "PROV_OF_SB_CARE_FLAG", "CP_CONFERENCE_FLAG",
    "NFA_CONTINUE_SINGLE_FLAG", "MONITOR_FLAG", "OTHER_OUTCOMES_EXIST_FLAG",
)  # fmt: skip
_CONFERENCE_FLAGS: Final = (
    "NFA_FLAG", "REFERRAL_TO_OTHER_AGENCY_FLAG", "SINGLE_ASSESSMENT_FLAG", "PROV_OF_SERVICES_FLAG", "CP_FLAG",
    "OTHER_OUTCOMES_EXIST_FLAG",
)  # fmt: skip


@lru_cache(maxsize=1_000)
def _outcome(flags: tuple[str, ...], raised: str, *counted: str) -> str:
    """The outcome as the SSD holds it: every flag of the standard, the one that applies raised."""
    said: dict[str, str | int] = {flag: _flag(flag == raised) for flag in flags}
    said.update({name: 1 if name.startswith("TOTAL") else "" for name in counted})
    return json.dumps(said)


#: An event before it is written: day, name, id, what it is about, day of recording, cancelled, details.
_Said = tuple[int, str, str, str, int, bool, Mapping[str, str]]
_NOTHING: Final[Mapping[str, str]] = {}


class _Child:
    """One child's record in both shapes. Every day is an ordinal; nothing after the last day is recorded."""

    def __init__(self, world: _World, family: _Family, number: int, place: int) -> None:
        self.world, self.family = world, family
        self.draw = _Draw(f"{world.seed}/{number}")
        self.number = f"{number:06}"
        self.subject = f"C{self.number}"
        self.log: list[_Said] = []
        self.rows: list[tuple[str, _Row]] = []
        self.held: list[tuple[int, int | None, str, str]] = []
        self._keys: dict[str, int] = {}
        self._own = 0
        self._pace = 0.72 + 0.2 * self.draw.random()
        self._person(place)
        #: The last day of a case, or of early help, that is already on the record.
        self.open_until = self.helped_until = 0
        #: The day of the last referral.
        self.referred = 0
        for turn, cycle in enumerate(family.cycles):
            if turn and not self.due_or_born - 150 <= cycle.contact < self.stop - 30:
                continue
            if cycle.contact <= self.open_until:
                self._contacted(cycle, cycle.contact, cycle.decided, new=False)
            else:
                self._live(cycle)
        if self.died is not None:
            self.say(self.died, "child died", id=f"{self.subject}/pers_death_date")
        self.log.sort(key=lambda said: said[0])

    # --- writing down

    def key(self, letters: str) -> str:
        """The next key of a table for this child, as CPV-000123-7."""
        turn = self._keys[letters] = self._keys.get(letters, 0) + 1
        return f"{letters}-{self.number}-{turn}"

    def say(
        self,
        day: int,
        name: str,
        details: Mapping[str, str] = _NOTHING,
        *,
        id: str = "",
        about: str = "",
        cancelled: bool = False,
    ) -> str:
        """Put an event in the log and give its id; an event after the last day has not happened."""
        world = self.world
        if day > world.last:
            return ""
        if not id:
            self._own += 1
            id = f"EV-{self.number}-{self._own}"
        recorded, chance = day, self.draw.random()
        if chance > self._pace:
            left = (chance - self._pace) / (1 - self._pace)
            later = 1 if left < 0.65 else 2 if left < 0.80 else 3 + int(left * 100) % 12
            recorded = min(world.last, world.wd(day, later))
        self.log.append((day, name, id, about, recorded, cancelled, details))
        return id

    def after(
        self,
        day: int,
        name: str,
        low: int,
        high: int,
        share: float = 0.85,
        about: str = "",
        details: Mapping[str, str] = _NOTHING,
        until: int | None = None,
    ) -> int:
        """Something done so many working days after, mostly; now and then later, now and then not at all."""
        draw = self.draw
        chance = draw.random()
        if chance > share + 0.6 * (1 - share):
            return 0
        steps = draw.whole(low, high) if chance < share else high + draw.whole(1, 2 + 2 * high)
        done = self.world.wd(day, steps)
        if until is not None and done > until:
            return 0
        self.say(done, name, details, about=about)
        return done

    def before(
        self, day: int, name: str, low: int, high: int, share: float = 0.85, about: str = "", since: int = 0
    ) -> None:
        """Something done so many working days before, mostly; now and then too late, now and then not at all."""
        draw = self.draw
        chance = draw.random()
        if chance > share + 0.6 * (1 - share):
            return
        steps = draw.whole(low, high) if chance < share else draw.whole(0, max(0, low - 1))
        self.say(max(since, self.world.calendar.subtract_working(day, steps)), name, about=about)

    def row(self, table: str, row: _Row) -> None:
        self.rows.append((table, row))

    def known(self, day: int | None) -> int | None:
        """The day, if it has come by the last day."""
        return day if day is not None and day <= self.world.last else None

    def worker(self, post: _Post, day: int) -> str:
        """The id of whoever holds a post; -1, as extracts write it, where it is vacant."""
        found = post.at(day)
        return "-1" if found is None else found.id

    # --- the person

    def _person(self, place: int) -> None:
        world, draw, family = self.world, self.draw, self.family
        expected = family.births[place]
        begun = family.cycles[0].contact
        self.due_or_born = expected
        born: int | None = expected
        unborn = expected > begun
        if unborn:
            born = expected + draw.whole(-14, 10)
            if born > world.last:
                born = None
        self.born = born
        adult = age_attained(expected if born is None else born, 216)
        self.stop, self.stop_reason = adult - 1, "RC6"
        self.died: int | None = None
        if draw.chance(0.0015):
            self.died = begun + draw.whole(100, 900)
            if born is not None and begun > born and self.died < min(adult, world.last):
                self.stop, self.stop_reason = self.died, "RC2"
            else:
                self.died = None
        self.sex = "U" if born is None else draw.among((("M", 0.53), ("F", 0.47)))
        self.ethnicity = "OOTH" if family.asylum else draw.among(_ETHNICITY)
        self.disabled = (family.disabled and place == 0) or draw.chance(0.06)
        self.row("ssd_person", {
            "pers_person_id": self.subject, "pers_sex": self.sex,
            "pers_gender": {"M": "01", "F": "02", "U": "00"}[self.sex], "pers_ethnicity": self.ethnicity,
            "pers_dob": born, "pers_legacy_id": f"L{self.number}",
            "pers_send_flag": _flag(self.disabled and draw.chance(0.7)),
            "pers_expected_dob": expected if unborn else None,
            "pers_death_date": self.died, "pers_is_mother": "N", "pers_nationality": "UNK" if family.asylum else "GBR",
        })  # fmt: skip
        self.row("ssd_family", {
            "fami_table_id": f"FAM-{self.number}", "fami_family_id": family.id, "fami_person_id": self.subject,
        })  # fmt: skip
        if self.disabled:
            code = draw.pick(("MOB", "COMM", "LD", "BEH", "AUT", "VIS", "HEAR"))
            self.row("ssd_disability", {
                "disa_person_id": self.subject, "disa_table_id": f"DIS-{self.number}", "disa_disability_code": code,
            })  # fmt: skip
        if family.asylum:
            self.row("ssd_immigration_status", {
                "immi_person_id": self.subject, "immi_immigration_status_id": f"IMM-{self.number}",
                "immi_immigration_status": "Unaccompanied Asylum Seeking Child",
                "immi_immigration_status_start_date": begun,
            })  # fmt: skip

    def months(self, day: int) -> int:
        """The age in whole months, about; below nought before birth."""
        return (day - (self.due_or_born if self.born is None else self.born)) * 12 // 365

    def subject_row(self) -> dict[str, str]:
        """The child's row of subjects.csv."""
        return {
            "subject": self.subject, "kind": "child", "born": "" if self.born is None else _iso(self.born),
            "fact: disability": _yes(self.disabled),
            "fact: unaccompanied asylum seeking child": _yes(self.family.asylum),
            "fact: unborn": "yes" if self.born is None else "", "sex": self.sex, "ethnicity": self.ethnicity,
            "area": self.family.area,
        }  # fmt: skip

    # --- one coming to the service

    def _live(self, cycle: _Cycle) -> None:
        self._contacted(cycle, cycle.contact, cycle.decided, new=True)
        if not cycle.referral:
            hub = self.family.posts["hub"]
            self._allocate(hub, cycle.contact, cycle.decided)
            if cycle.early_help:
                self._early_help(cycle, *cycle.early_help)
            return
        self._referred(cycle)

    def _contacted(self, cycle: _Cycle, day: int, decided: int, *, new: bool) -> None:
        draw = self.draw
        code, source, _ = _SOURCES[cycle.source if new else draw.among(_SOURCE_CHOICE)]
        raised = (
            "EXISTING_REFERRAL_FLAG" if not new else "NEW_REFERRAL_FLAG" if cycle.referral
            else "OTHER_OUTCOMES_EXIST_FLAG" if cycle.kind == "early help" else draw.pick(("NFA_FLAG", "ADVICE_FLAG"))
        )  # fmt: skip
        key = self.key("CON")
        if day > self.world.last:
            return
        self.row("ssd_contacts", {
            "cont_contact_id": key, "cont_person_id": self.subject, "cont_contact_date": day,
            "cont_contact_source_code": code, "cont_contact_source_desc": source,
            "cont_contact_outcome_json": _outcome(_CONTACT_FLAGS, raised),
        })  # fmt: skip
        details = {"source of referral": source.lower(), "consent obtained": _yes(draw.chance(0.7))}
        self.say(day, "contact received", details, id=f"{key}/cont_contact_date")
        outcome = {
            "EXISTING_REFERRAL_FLAG": "passed to the allocated worker", "NEW_REFERRAL_FLAG": "referral",
            "OTHER_OUTCOMES_EXIST_FLAG": "early help", "NFA_FLAG": "no further action", "ADVICE_FLAG": "advice given",
        }[raised]  # fmt: skip
        if draw.chance(0.9):
            # It names no contact: it serves the referral that came with it as well.
            self.say(day, "threshold recommendation made", {"outcome": outcome, "reason": "recorded"})
        self.say(decided, "contact decided", {"outcome": outcome, "reason": "recorded"})

    def _early_help(self, cycle: _Cycle, start: int, end: int) -> None:
        world, draw, post = self.world, self.draw, self.family.posts["early help"]
        end = min(end, self.stop)
        if start <= self.helped_until:
            return
        self.helped_until = end
        asked = cycle.decided if not cycle.referral else min(cycle.close + 1, start)
        if start > world.last or start >= end:
            self.say(asked, "early help referral received", {"consent obtained": "yes"})
            return
        key = self.key("EHE")
        self.row("ssd_early_help_episodes", {
            "earl_episode_id": key, "earl_person_id": self.subject, "earl_episode_start_date": start,
            "earl_episode_end_date": self.known(end), "earl_episode_reason": "Family support",
            "earl_episode_end_reason": draw.pick(("Outcomes met", "Step-up", "NFA")) if end <= world.last else "",
            "earl_episode_organisation": "LA", "earl_episode_worker_id": self.worker(post, start),
        })  # fmt: skip
        self.say(asked, "early help referral received", {"consent obtained": "yes"})
        self.say(start, "early help allocated")
        opened = self.say(start, "early help started", id=f"{key}/earl_episode_start_date")
        self._allocate(post, start, self.known(end))
        contacted = self.after(start, "family contacted", 1, 5, 0.82, details={"initial": "yes"}, until=end)
        if contacted:
            visited = world.wd(contacted, draw.bands(((0.8, 1, 5), (0.2, 6, 12))))
            if visited < end:
                self.say(visited, "family visited", {"initial": "yes", "seen": "yes", "visit type": "early help"})
                assessed = self.after(visited, "early help assessment completed", 15, 30, 0.78, until=end)
                if assessed:
                    self.after(assessed, "early help plan shared", 0, 2, 0.9, until=end)
                    for day in self.family.series(draw, post, assessed, end - 1, 0.85, (45, 58), (61, 80)):
                        self.say(day, "early help plan reviewed", {"progress": "recorded"})
                for day in self.family.series(draw, post, visited, end - 1, 0.85, (12, 20), (21, 32)):
                    seen = {"seen": _yes(draw.chance(0.93)), "visit type": "early help", "initial": "no"}
                    self.say(day, "family visited", seen)
        for day in self.family.series(draw, post, start, end - 1, 0.84, (30, 40), (41, 62)):
            meeting = self.say(day, "team around the family meeting held", {"chaired by": "early help worker"})
            self.after(day, "team around the family plan shared", 2, 10, 0.8, about=meeting)
        for day in self.family.series(draw, post, start, end - 1, 0.82, (15, 20), (22, 34)):
            self.say(day, "case supervision held", {"progress": "recorded"})
        details = {"reason": "recorded", "authorised by": "early help manager"}
        self.say(end, "early help ended", details, id=f"{key}/earl_episode_end_date", about=opened)

    def _referred(self, cycle: _Cycle) -> None:
        world, draw, posts = self.world, self.draw, self.family.posts
        if cycle.referral > world.last:
            self._allocate(posts["hub"], cycle.contact, None)
            return
        code, source, _ = _SOURCES[cycle.source]
        key = self.referral = self.key("REF")
        ends_here = cycle.kind == "no action"
        nfa = ends_here and cycle.close <= world.last  # until it is decided, the case is open
        again = cycle.referral - self.referred <= 365
        self.referred = cycle.referral
        row: _Row = {
            "cine_referral_id": key, "cine_person_id": self.subject, "cine_referral_date": cycle.referral,
            "cine_cin_primary_need_code": cycle.need, "cine_referral_source_code": code,
            "cine_referral_source_desc": source,
            "cine_referral_outcome_json": _outcome(_REFERRAL_FLAGS, "NFA_FLAG" if nfa else "SINGLE_ASSESSMENT_FLAG"),
            "cine_referral_nfa": _flag(nfa), "cine_referral_team": posts["hub"].team.id,
            "cine_referral_worker_id": self.worker(posts["hub"], cycle.referral),
        }  # fmt: skip
        self.row("ssd_cin_episodes", row)
        details = {"source of referral": source.lower(), "re-referral": _yes(again), "no further action": _yes(nfa)}
        id = self.say(cycle.referral, "referral received", details, id=f"{key}/cine_referral_date")
        self.say(cycle.decision, "referral decision made", {
            "outcome": "no further action" if nfa else "child and family assessment", "no further action": _yes(nfa),
            "reason": "recorded" if draw.chance(0.9) else "",
        }, about=id)  # fmt: skip
        self.after(cycle.decision, "referrer informed", 0, 2, 0.8, about=id)
        if nfa:
            close = row["cine_close_date"] = cycle.close
            row["cine_close_reason"] = "RC8"
            self.say(cycle.close, "referral closed with no further action", {"reason": "recorded"},
                     id=f"{key}/cine_close_date")  # fmt: skip
            self._allocate(posts["hub"], cycle.contact, close)
            return
        self.case = self.say(cycle.referral, "case opened", id=f"{key}/cine_referral_date/case opened")
        if ends_here:
            self.open_until = world.last
            self._allocate(posts["hub"], cycle.contact, None)
            return
        self.say(cycle.decision, "referral accepted", about=id)
        self._allocate(posts["hub"], cycle.contact, self.known(cycle.started - 1))
        self._worked(cycle, row)

    # --- the work of an open case

    def _worked(self, cycle: _Cycle, row: _Row) -> None:
        """Everything from the assessment to the closure, for as long as this child is a child."""
        world, draw, family = self.world, self.draw, self.family
        self.ends: list[tuple[int, str]] = []
        close, reason = min(cycle.close, self.stop), cycle.close_reason
        if cycle.close > self.stop:
            reason = self.stop_reason
        care = cycle.care
        if care is not None and cycle.kind == "protection and care" and draw.chance(0.25):
            care = None  # a brother or sister stays at home
        if care is not None and (care >= min(self.stop - 20, world.last) or (self.born is None or care < self.born)):
            care = None
        stay = None if care is None else _Stay(self, cycle, care)
        if cycle.kind == "care" and stay is None:
            close = min(self.stop, cycle.assessed + 10)
        self.plan_end = close
        need_plan = cycle.need_plan
        if stay is not None:
            need_plan = None if need_plan is None or need_plan[1] >= stay.start else need_plan
            close, reason = stay.close, stay.close_reason
        self.open_until = close
        transfer = max(cycle.transfer, cycle.started + 1)
        handed = family.posts["safeguarding"]
        spans: list[tuple[_Post, int, int | None]] = []
        goes_on = need_plan is not None or stay is not None or (cycle.plan is not None and cycle.plan.agreed)
        first_end = min(close, transfer - 1) if goes_on else close
        if cycle.started <= close:
            spans.append((family.posts["assessment"], cycle.started, first_end))
        if goes_on and transfer <= close:
            if stay is None:
                spans.append((handed, transfer, close))
            else:
                moved = max(transfer + 1, stay.start + 60)
                spans.append((handed, transfer, min(close, moved - 1)))
                if moved <= close:
                    left = close if stay.adult is None else min(close, stay.adult - 1)
                    spans.append((family.posts["care"], moved, left))
                    if left < close:
                        spans.append((family.posts["leaving care"], left + 1, close))
        self._staffed(spans)
        self.posts = spans
        self._assessed(cycle, close)
        plan = cycle.plan
        if plan is not None:
            self._protected(plan, close if stay is None else min(close, stay.start + stay.overlap))
        elif cycle.section47 is not None and cycle.section47[0] <= close:
            self._section47(cycle.section47[0], min(cycle.section47[1], close), needed=False)
        if need_plan is not None and need_plan[0] < close:
            self._in_need(cycle, need_plan[0], min(need_plan[1], close))
        if stay is not None:
            stay.record()
        self._running(cycle, close, stay, need_plan)
        closed = self.known(close)
        row["cine_close_date"], row["cine_close_reason"] = closed, "" if closed is None else reason
        if closed is not None:
            stepping = reason == "RC9"
            decided = min(close, max(cycle.started, world.calendar.subtract_working(close, draw.whole(1, 6))))
            details = {"stepping down": _yes(stepping), "reason": "recorded", "authorised by": "team manager"}
            if reason != "RC2":
                self.say(decided, "closure decided", details)
            self.say(close, "case closed", {"reason": reason, "stepping down": _yes(stepping)},
                     id=f"{self.referral}/cine_close_date", about=self.case)  # fmt: skip
            for name in ("closing summary completed", "chronology updated", "case summary updated"):
                self.after(decided, name, 0, 5, 0.7, until=close)
            if reason != "RC2":
                self.after(close, "closure letter sent", 0, 1, 0.75)
        if cycle.early_help and close == cycle.close and close < self.stop - 60:
            self._early_help(cycle, *cycle.early_help)

    def _allocate(self, post: _Post, start: int, end: int | None) -> None:
        """Who held the case, for allocations.csv."""
        if start > self.world.last or (end is not None and end < start):
            return
        for first, last, worker in post.spans(start, end):
            if first <= self.world.last:
                self.held.append((first, self.known(last), "" if worker is None else worker.id, post.team.name))

    def _staffed(self, spans: Sequence[tuple[_Post, int, int | None]]) -> None:
        """The social workers of a case: involvements, allocations, and transfers between teams."""
        world, first_ever = self.world, True
        for post, start, end in spans:
            if start > world.last:
                return
            self._allocate(post, start, end)
            reason = "FCONTA" if first_ever else "TSPROC"
            role = "Personal Adviser" if post.team.role == "leaving care" else "Allocated Social Worker"
            if not first_ever:
                done = self.say(start, "case transferred", {"reason": "the work needs another team"})
                self.before(start, "transfer summary completed", 1, 5, 0.75, about=done)
                self.before(start, "transfer meeting held", 1, 5, 0.7, about=done)
            for first, last, worker in post.spans(start, end):
                if first > world.last:
                    break
                if worker is None:
                    continue
                key = self.key("INV")
                ended = self.known(last)
                self.row("ssd_involvements", {
                    "invo_involvements_id": key, "invo_professional_id": worker.id,
                    "invo_professional_role_id": role, "invo_professional_team": post.team.id,
                    "invo_involvement_start_date": first, "invo_involvement_end_date": ended,
                    "invo_worker_change_reason": reason, "invo_person_id": self.subject,
                    "invo_referral_id": self.referral,
                })  # fmt: skip
                id = f"{key}/invo_involvement_start_date"
                if role == "Personal Adviser":
                    self.say(first, "personal adviser allocated", id=id)
                    continue
                self.say(first, "social worker allocated", {"reason": reason}, id=id)
                if first_ever:
                    self.say(first, "case allocated", {"authorised by": "team manager", "direction": "recorded"},
                             id=f"{id}/case allocated")  # fmt: skip
                    self.after(first, "allocation direction recorded", 0, 0, 0.8)
                first_ever = False
                if ended is not None:
                    self.say(ended, "social worker allocation ended", id=f"{key}/invo_involvement_end_date", about=id)
                reason = "LEFTRL"

    def post_at(self, day: int) -> _Post:
        for post, start, end in self.posts:
            if start <= day and (end is None or day <= end):
                return post
        return self.posts[0][0] if self.posts else self.family.posts["safeguarding"]

    def visit(self, day: int, type: str, *, id: str = "", about: str = "") -> dict[str, str]:
        """A visit in the log; gives what was seen, for the row of the SSD."""
        draw = self.draw
        born = self.born is not None and self.born <= day
        months = self.months(day)
        details = {"visit type": type, "visit place": "home", "announced": _yes(draw.chance(0.75))}
        seen = born and draw.chance(0.94)
        details["seen"] = _yes(seen)
        alone = seen and months >= 36 and draw.chance(0.80)
        if not born:
            details["reason not seen"] = "not yet born"
        elif not seen:
            details["reason not seen"] = draw.pick(("nobody at home", "out with a relative", "refused"))
        else:
            details["seen alone"] = _yes(alone)
            if not alone and draw.chance(0.85):
                details["reason not seen alone"] = "too young" if months < 36 else "did not wish it"
            details["spoken to"] = _yes(months >= 24 and draw.chance(0.9))
            if months < 12:
                details["seen awake"] = _yes(draw.chance(0.8))
            if draw.chance(0.88):
                details["views of the child"] = "recorded"
            if type == "looked after":
                details["visit place"] = "placement" if draw.chance(0.85) else "school"
            elif months > 60 and draw.chance(0.15):
                details["visit place"] = "school"
        bedroom = seen and details["visit place"] != "school" and draw.chance(0.55)
        if born:
            details["bedroom seen"] = _yes(bedroom)
        self.say(day, "child visited", details, id=id, about=about)
        return {"seen": _flag(seen), "alone": _flag(alone) if seen else "", "bedroom": _flag(bedroom) if born else ""}

    def _assessed(self, cycle: _Cycle, close: int) -> None:
        world, draw, post = self.world, self.draw, self.family.posts["assessment"]
        start, done = cycle.started, min(cycle.assessed, close)
        if start > world.last or start > close:
            return
        key = self.key("ASM")
        authorised = self.known(done)
        nfa = cycle.close_reason == "RC8" and cycle.need_plan is None and cycle.plan is None and cycle.care is None
        stepping = cycle.close_reason == "RC9" and cycle.need_plan is None
        seen = self.born is not None and self.born <= done and draw.chance(0.96)
        raised = "NFA_FLAG" if nfa else "REFERRAL_TO_OTHER_AGENCY_FLAG" if stepping else "PROV_OF_SERVICES_FLAG"
        self.row("ssd_cin_assessments", {
            "cina_assessment_id": key, "cina_person_id": self.subject, "cina_referral_id": self.referral,
            "cina_assessment_start_date": start, "cina_assessment_child_seen": _flag(seen),
            "cina_assessment_auth_date": authorised,
            "cina_assessment_outcome_json": "" if authorised is None else _outcome(
                _ASSESSMENT_FLAGS, raised, "TOTAL_NO_OF_OUTCOMES", "COMMENTS"),
            "cina_assessment_outcome_nfa": "" if authorised is None else _flag(nfa),
            "cina_assessment_team": post.team.id, "cina_assessment_worker_id": self.worker(post, start),
        })  # fmt: skip
        if authorised is not None:
            factors = sorted({draw.pick(("1B", "2B", "3A", "3B", "4B", "4A", "5A", "7A", "16A", "17A", "19B", "20"))
                              for _ in range(draw.whole(1, 4))})  # fmt: skip
            self.row("ssd_assessment_factors", {
                "cinf_table_id": self.key("FAC"), "cinf_assessment_id": key,
                "cinf_assessment_factors_json": json.dumps(factors),
            })  # fmt: skip
        id = f"{key}/cina_assessment_start_date"
        opened = self.say(start, "assessment started", {"direction": "recorded"}, id=id)
        self.say(start, "management oversight recorded", {"outcome": "recorded"})
        self.after(start, "agency checks completed", 0, 3, 0.8, until=done)
        self.after(start, "assessment review point held", 5, 8, 0.75, about=opened, until=done)
        self.after(start, "family group conference considered", 3, 10, 0.65, until=done)
        day = world.wd(start, draw.bands(((0.75, 0, 2), (0.25, 3, 9))))
        while day < done:
            self.visit(day, "assessment")
            day = world.wd(day, draw.whole(6, 16))
        if done - start > 35 and draw.chance(0.7):
            self.say(world.wd(start, draw.whole(14, 20)), "assessment extension agreed", {
                "timescale": "45 days", "authorised by": "team manager", "reason": "recorded",
            })  # fmt: skip
        if authorised is None:
            return
        details = {
            "seen": _yes(seen), "no further action": _yes(nfa), "authorised by": "team manager",
            "outcome": "closure" if nfa else "step down" if stepping else "services provided",
            "views of the child": "recorded", "views of the parents": "recorded",
        }  # fmt: skip
        if seen:
            alone = self.months(done) >= 36 and draw.chance(0.85)
            details["seen alone"] = _yes(alone)
            if not alone:
                details["reason not seen alone"] = "recorded"
        else:
            details["reason not seen"] = "recorded"
        id = f"{key}/cina_assessment_auth_date"
        self.say(done, "assessment completed", details, id=id, about=opened)
        self.say(done, "assessment authorised", {"authorised by": "team manager"},
                 id=f"{id}/assessment authorised", about=opened)  # fmt: skip
        self.after(done, "assessment shared with family", 0, 5, 0.8, about=id)
        self.after(done, "assessment outcome shared with family", 0, 5, 0.7, about=id)

    def _section47(self, strategy: int, ended: int, *, needed: bool) -> str:
        """A strategy discussion and its enquiry; gives the key of the enquiry."""
        draw, post = self.draw, self.family.posts["assessment"]
        if strategy > self.world.last:
            return "-1"
        key = self.key("S47")
        done = self.known(ended)
        raised = "CP_CONFERENCE_FLAG" if needed else "NFA_CONTINUE_SINGLE_FLAG"
        self.row("ssd_s47_enquiry", {
            "s47e_s47_enquiry_id": key, "s47e_referral_id": self.referral, "s47e_person_id": self.subject,
            "s47e_s47_start_date": strategy, "s47e_s47_end_date": done,
            "s47e_s47_nfa": "" if done is None else _flag(False),
            "s47e_s47_outcome_json": "" if done is None else _outcome(
                _SECTION47_FLAGS, raised, "TOTAL_NO_OF_OUTCOMES", "OUTCOME_COMMENTS"),
            "s47e_s47_completed_by_worker_id": self.worker(post, ended), "s47e_s47_completed_by_team": post.team.id,
        })  # fmt: skip
        heard = self.world.calendar.subtract_working(strategy, 0 if draw.chance(0.6) else 1)
        self.say(heard, "significant harm concern received")
        id = discussed = f"{key}/s47e_s47_start_date"
        self.say(strategy, "strategy discussion held", {
            "outcome": "section 47 threshold met", "chaired by": "team manager", "chaired by manager": "yes",
            "police took part": _yes(draw.chance(0.97)), "health took part": _yes(draw.chance(0.88)),
            "education took part": _yes(draw.chance(0.75)), "face to face": "no", "authorised by": "team manager",
        }, id=id)  # fmt: skip
        begun = self.say(strategy, "section 47 enquiry started", {"authorised by": "team manager"},
                         id=f"{id}/section 47 enquiry started")  # fmt: skip
        self.after(strategy, "strategy discussion minutes circulated", 0, 1, 0.7, about=id)
        self.say(strategy, "section 47 decision made", {
            "outcome": "section 47 threshold met", "authorised by": "team manager",
        }, about=id)  # fmt: skip
        self.visit(self.world.wd(strategy, draw.bands(((0.5, 0, 0), (0.38, 1, 1), (0.12, 2, 4)))), "section 47")
        self.after(strategy, "agency checks completed", 0, 1, 0.7)
        self.after(strategy, "interim safety plan agreed", 0, 1, 0.75, details={"agreed with family": "yes"})
        id = f"{key}/s47e_s47_end_date"
        outcome = "conference" if needed else "no conference"
        self.say(ended, "section 47 enquiry completed", {"outcome": outcome, "authorised by": "team manager"},
                 id=id, about=begun)  # fmt: skip
        self.after(ended, "section 47 outcome decided", 0, 3, 0.85, about=id)
        self.after(ended, "section 47 outcome shared with family", 0, 3, 0.75, about=id)
        if not needed:
            self.say(ended, "initial child protection conference not required",
                     {"reason": "recorded", "authorised by": "team manager"},
                     id=f"{id}/initial child protection conference not required", about=discussed)  # fmt: skip
        return key

    def _conference_papers(self, day: int, kind: str, id: str, since: int) -> None:
        self.before(day, "conference requested", 7, 9, 0.7, id, since)
        self.before(day, "conference invitations sent", 5, 7, 0.8, id, since)
        early = 3 if kind == "review" else 0
        for name, low, high, share in (
            ("report completed", 4, 7, 0.7), ("report signed off", 3, 5, 0.7),
            ("report shared with family", 2, 6, 0.65), ("report sent to chair", 2, 5, 0.75),
        ):  # fmt: skip
            self.before(day, f"{kind} conference {name}", low + early, high + early, share, id, since)
        self.after(day, "conference decisions circulated", 0, 1, 0.7, id)
        self.after(day, "conference minutes circulated", 5, 15, 0.8, id)

    def _protected(self, plan: _Plan, until: int) -> None:
        """A child protection conference, and the plan while it lasts, no longer than `until`."""
        world, draw, post = self.world, self.draw, self.family.posts["safeguarding"]
        held = plan.conference
        if held > until:
            if plan.strategy <= until and not plan.transferred_in:
                self._section47(plan.strategy, min(plan.section47_end, until), needed=False)
            return
        enquiry = "-1" if plan.transferred_in else self._section47(plan.strategy, plan.section47_end, needed=True)
        if plan.transferred_in:
            self._transferred_in(plan)
        if held > world.last:
            return
        key = self.key("ICP")
        plan_key = f"CPP-{self.number}-{self._keys.get('CPP', 0) + 1}"
        target = world.wd(plan.strategy, 15)
        if draw.chance(0.06):
            target = world.wd(held, 15)  # one supplier's extract counts from the wrong day
        self.row("ssd_initial_cp_conference", {
            "icpc_icpc_id": key, "icpc_icpc_meeting_id": f"M{key}", "icpc_s47_enquiry_id": enquiry,
            "icpc_person_id": self.subject, "icpc_cp_plan_id": plan_key if plan.agreed else "",
            "icpc_referral_id": self.referral, "icpc_icpc_transfer_in": _flag(plan.transferred_in),
            "icpc_icpc_target_date": target, "icpc_icpc_date": held, "icpc_icpc_outcome_cp_flag": _flag(plan.agreed),
            "icpc_icpc_outcome_json": _outcome(
                _CONFERENCE_FLAGS, "CP_FLAG" if plan.agreed else "PROV_OF_SERVICES_FLAG",
                "TOTAL_NO_OF_OUTCOMES", "COMMENTS"),
            "icpc_icpc_team": post.team.id, "icpc_icpc_worker_id": self.worker(post, held),
        })  # fmt: skip
        details = {"plan agreed": _yes(plan.agreed), "quorate": _yes(draw.chance(0.97))}
        if plan.agreed:
            details["category of abuse"] = plan.category
        if not plan.transferred_in:
            details["chaired by"] = "conference chair"
            details["other professional groups"] = str(draw.bands(((0.05, 1, 1), (0.95, 2, 5))))
            details["child took part"] = _yes(self.months(held) > 96 and draw.chance(0.4))
            if plan.reviews:
                details["next date"] = _iso(world.working(held + 84))
        name = "transfer-in" if plan.transferred_in else "initial"
        about = "" if plan.transferred_in else f"{enquiry}/s47e_s47_start_date"
        conference = self.say(
            held, f"{name} child protection conference held", details, id=f"{key}/icpc_icpc_date", about=about
        )
        if not plan.transferred_in:
            self._conference_papers(held, "initial", conference, plan.strategy)
        if not plan.agreed:
            return
        plan_key = self.key("CPP")
        end = until if plan.end is None else min(plan.end, until)
        ended = self.known(end)
        self.row("ssd_cp_plans", {
            "cppl_cp_plan_id": plan_key, "cppl_referral_id": self.referral, "cppl_icpc_id": key,
            "cppl_person_id": self.subject, "cppl_cp_plan_start_date": held, "cppl_cp_plan_end_date": ended,
            "cppl_cp_plan_initial_category": plan.category.capitalize(), "cppl_cp_plan_ola": "N",
            "cppl_cp_plan_latest_category": plan.category.capitalize(),
        })  # fmt: skip
        details = {"category of abuse": plan.category, "temporary": "no"}
        opened = self.say(held, "child protection plan started", details,
                          id=f"{plan_key}/cppl_cp_plan_start_date")  # fmt: skip
        self.after(held, "outline child protection plan recorded", 0, 0, 0.8)
        self._plan_visits(plan, plan_key, end)
        for place, day in enumerate(plan.core_groups):
            if day >= end:
                break
            manager = _yes(place == 0 and draw.chance(0.7))
            group = self.say(day, "core group held", {
                "chaired by": "team manager" if manager == "yes" else "social worker", "chaired by manager": manager,
                "child took part": _yes(self.months(day) > 120 and draw.chance(0.4)), "progress": "recorded",
            })  # fmt: skip
            self.after(day, "core group minutes signed off", 1, 8, 0.75, about=group)
            self.after(day, "core group minutes circulated", 2, 9, 0.75, about=group)
            self.after(day, "child protection plan updated", 0, 3, 0.7)
        self._reviewed(plan, plan_key, end)
        self.say(end, "child protection plan ended", {"reason": "recorded", "stepping down": _yes(end < until)},
                 id=f"{plan_key}/cppl_cp_plan_end_date", about=opened)  # fmt: skip

    def _transferred_in(self, plan: _Plan) -> None:
        """Until the conference, a child who moved in has the temporary plan of another authority."""
        if plan.strategy > self.world.last:
            return
        self.say(plan.strategy, "transfer-in notified")
        key = self.key("CPP")
        self.row("ssd_cp_plans", {
            "cppl_cp_plan_id": key, "cppl_referral_id": self.referral, "cppl_icpc_id": "-1",
            "cppl_person_id": self.subject, "cppl_cp_plan_start_date": plan.strategy,
            "cppl_cp_plan_end_date": self.known(plan.conference), "cppl_cp_plan_ola": "Y",
            "cppl_cp_plan_initial_category": plan.category.capitalize(),
            "cppl_cp_plan_latest_category": plan.category.capitalize(),
        })  # fmt: skip
        details = {"category of abuse": plan.category, "temporary": "yes"}
        id = self.say(plan.strategy, "child protection plan started", details, id=f"{key}/cppl_cp_plan_start_date")
        self.say(plan.conference, "child protection plan ended", {"reason": "recorded", "stepping down": "no"},
                 id=f"{key}/cppl_cp_plan_end_date", about=id)  # fmt: skip

    def _plan_visits(self, plan: _Plan, plan_key: str, end: int) -> None:
        draw = self.draw
        for day in plan.visits:
            if day >= end:
                return
            if draw.chance(0.03):
                continue  # this child alone was not visited
            key = self.key("CPV")
            saw = self.visit(day, "child protection", id=f"{key}/cppv_cp_visit_date")
            self.row("ssd_cp_visits", {
                "cppv_cp_visit_id": key, "cppv_person_id": self.subject, "cppv_cp_plan_id": plan_key,
                "cppv_cp_visit_date": day, "cppv_cp_visit_seen": saw["seen"], "cppv_cp_visit_seen_alone": saw["alone"],
                "cppv_cp_visit_bedroom": saw["bedroom"],
            })  # fmt: skip

    def _reviewed(self, plan: _Plan, plan_key: str, end: int) -> None:
        """The review conferences of a plan, and the stored due dates, which are sometimes wrong."""
        draw, last = self.draw, plan.conference
        for place, (day, goes_on) in enumerate(plan.reviews):
            if day > end or day > self.world.last:
                return
            key = self.key("CPR")
            due = last + (91 if place == 0 else 183)
            if draw.chance(0.08):
                due = add_months(last, 3 if place == 0 else 6) + draw.pick((0, 14, -7))
            quorate = draw.chance(0.96)
            self.row("ssd_cp_reviews", {
                "cppr_cp_review_id": key, "cppr_person_id": self.subject, "cppr_cp_plan_id": plan_key,
                "cppr_cp_review_due": due, "cppr_cp_review_date": day, "cppr_cp_review_meeting_id": f"M{key}",
                "cppr_cp_review_outcome_continue_cp": _flag(goes_on), "cppr_cp_review_quorate": _flag(quorate),
            })  # fmt: skip
            details = {
                "plan continued": _yes(goes_on), "quorate": _yes(quorate), "chaired by": "conference chair",
                "other professional groups": str(draw.bands(((0.08, 1, 1), (0.92, 2, 5)))),
                "child took part": _yes(self.months(day) > 96 and draw.chance(0.45)),
            }  # fmt: skip
            id = self.say(day, "review child protection conference held", details, id=f"{key}/cppr_cp_review_date")
            self._conference_papers(day, "review", id, last)
            last = day

    def _in_need(self, cycle: _Cycle, start: int, end: int) -> None:
        world, draw, post = self.world, self.draw, self.family.posts["safeguarding"]
        if start > world.last:
            return
        key = self.key("CNP")
        self.row("ssd_cin_plans", {
            "cinp_cin_plan_id": key, "cinp_referral_id": self.referral, "cinp_person_id": self.subject,
            "cinp_cin_plan_start_date": start, "cinp_cin_plan_end_date": self.known(end),
            "cinp_cin_plan_team": post.team.id, "cinp_cin_plan_worker_id": self.worker(post, start),
        })  # fmt: skip
        opened = self.say(start, "child in need plan started", id=f"{key}/cinp_cin_plan_start_date")
        self.after(start, "child in need plan agreed", 0, 8, 0.8, details={"agreed with family": "yes"}, until=end)
        changed = None
        if self.disabled and draw.chance(0.5) and end - start > 120:
            changed = self.say(start + 60, "visiting frequency changed", {
                "timescale": "6 weeks", "authorised by": "team manager", "agreed with family": "yes",
                "reason": "stable",
            })  # fmt: skip
        for day in cycle.need_visits:
            if day > end:
                break
            if draw.chance(0.04) or (changed and day > start + 60 and draw.chance(0.35)):
                continue
            visit = self.key("CNV")
            saw = self.visit(day, "child in need", id=f"{visit}/cinv_cin_visit_date")
            if day <= world.last:
                self.row("ssd_cin_visits", {
                    "cinv_cin_visit_id": visit, "cinv_person_id": self.subject, "cinv_cin_visit_date": day,
                    "cinv_cin_visit_seen": saw["seen"], "cinv_cin_visit_seen_alone": saw["alone"],
                    "cinv_cin_visit_bedroom": saw["bedroom"],
                })  # fmt: skip
        for place, day in enumerate(cycle.need_meetings):
            if day > end:
                break
            manager = _yes(place == 0 and draw.chance(0.6))
            meeting = self.say(day, "child in need meeting held", {
                "chaired by": "team manager" if manager == "yes" else "social worker", "chaired by manager": manager,
                "manager present": manager, "initial": _yes(place == 0), "progress": "recorded",
            })  # fmt: skip
            self.after(day, "child in need meeting minutes signed off", 1, 8, 0.75, about=meeting)
            self.after(day, "child in need meeting minutes circulated", 2, 9, 0.75, about=meeting)
            if place % 2:
                self.say(day, "child in need plan reviewed", {"progress": "recorded"}, about=meeting)
        self.say(end, "child in need plan ended", {"reason": "recorded", "stepping down": "yes"},
                 id=f"{key}/cinp_cin_plan_end_date", about=opened)  # fmt: skip

    def _running(self, cycle: _Cycle, close: int, stay: _Stay | None, need_plan: tuple[int, int] | None) -> None:
        """What goes on for as long as a case is open: supervision, oversight, chronology, summary, further contacts."""
        draw, family, start = self.draw, self.family, cycle.started
        post = self.post_at(start + 30)
        closer = stay is not None or (cycle.plan is not None and cycle.plan.agreed)
        end = min(close, self.world.last)
        usual, late = ((16, 21), (23, 52)) if closer else ((17, 26), (28, 45))
        for day in family.series(draw, post, start, end, 0.80, usual, late):
            self.say(day, "case supervision held", {"progress": "recorded"})
        if closer or need_plan:
            for day in family.series(draw, post, start, end, 0.78, (16, 22), (24, 42)):
                self.say(day, "management oversight recorded", {"outcome": "recorded"})
        for day in family.series(draw, post, start, end, 0.76, (44, 60), (65, 105)):
            self.say(day, "chronology updated")
        for day in family.series(draw, post, start, end, 0.76, (44, 60), (65, 105)):
            self.say(day, "case summary updated")
        day = start
        while closer or need_plan:
            day += draw.whole(60, 500)
            if day > end:
                break
            decided = self.world.wd(day, draw.bands(((0.85, 0, 1), (0.15, 2, 4))))
            self._contacted(cycle, day, decided, new=False)
            if draw.chance(0.4):
                self.say(day, "significant event occurred")


class _Stay:
    """A period of care of one child: legal statuses, placements, and all that is owed to a looked after child."""

    def __init__(self, child: _Child, cycle: _Cycle, start: int) -> None:
        draw = child.draw
        self.child, self.start, self.cycle = child, start, cycle
        self.overlap = draw.whole(0, 25)
        self.adult: int | None = None
        self.months = child.months(start)
        self.way = self._way()
        self.statuses = self._legal()
        self.end, self.reason = self._end()
        adult = child.stop + 1
        if self.end >= adult - 1:
            self.end, self.reason = adult, draw.pick(("E5", "E5", "E6", "E8"))
            if child.died is not None and child.stop_reason == "RC2":
                self.end, self.reason = child.stop, "E2"
            else:
                self.adult = adult
        self.close, self.close_reason = self._closing()
        self.overlap = min(self.overlap, self.end - self.start)

    def _way(self) -> str:
        draw, family = self.child.draw, self.child.family
        if family.asylum:
            return "asylum"
        if self.cycle.kind == "protection and care":
            if self.months < 48 and draw.chance(0.35):
                return "adoption"
            return draw.among((("court", 0.75), ("agreement", 0.25)))
        if self.months > 156 and draw.chance(0.06):
            return "remand"
        return draw.among((("agreement", 0.45), ("police", 0.25), ("court", 0.30)))

    def _legal(self) -> list[tuple[str, int]]:
        """The legal statuses as codes, each with its first day."""
        draw, start = self.child.draw, self.start
        order = start + draw.bands(((0.6, 150, 182), (0.4, 183, 330)))
        if self.way == "court":
            return [("C1", start), ("C2", order)]
        if self.way == "adoption":
            return [("C1", start), ("C2", order), ("E1", order + draw.whole(0, 30) + 1)]
        if self.way == "police":
            after = draw.pick((("V2",), ("L2", "C1", "C2"), ("C1", "C2")))
            if after == ("V2",):
                return [("L1", start), ("V2", start + draw.whole(1, 3))]
            if after == ("C1", "C2"):
                return [("L1", start), ("C1", start + 3), ("C2", order)]
            return [("L1", start), ("L2", start + 2), ("C1", start + 10), ("C2", order)]
        return [("J1" if self.way == "remand" else "V2", start)]

    def _end(self) -> tuple[int, str]:
        draw, start = self.child.draw, self.start
        far = start + 9_000
        if self.way == "adoption":
            return self.statuses[-1][1] + draw.whole(330, 700), "E11"
        if self.way == "remand":
            return start + draw.whole(14, 120), "E8"
        if self.way == "asylum":
            return far, "E8"
        if self.statuses[-1][0] == "C2":
            later = self.statuses[-1][1]
            return draw.among((
                ((later + draw.whole(0, 60), "E46"), 0.22), ((later + draw.whole(30, 500), "E4A"), 0.20),
                ((far, "E8"), 0.58),
            ))  # fmt: skip
        home = start + draw.bands(((0.35, 5, 40), (0.35, 41, 180), (0.30, 181, 500)))
        home = max(home, self.statuses[-1][1] + 2)
        return draw.among((((home, "E4A"), 0.45), ((home, "E4B"), 0.15), ((far, "E8"), 0.40)))

    def _closing(self) -> tuple[int, str]:
        """When and why the case closes: for a care leaver not before 21 or so."""
        draw, world = self.child.draw, self.child.world
        if self.adult is not None:
            return age_attained(self.adult, 36) + draw.whole(0, 90), "RC6"
        if self.reason == "E2":
            return self.end, "RC2"
        reason = {"E11": "RC1", "E46": "RC4"}.get(self.reason, "RC7")
        close = world.wd(self.end, draw.whole(5, 60))
        stop = self.child.stop
        return (close, reason) if close < stop else (max(stop, self.end), "RC6")

    # --- writing it down

    def record(self) -> None:
        """Write the period of care in both shapes."""
        child, world, draw = self.child, self.child.world, self.child.draw
        self.post = child.family.posts["care"]
        self.last = min(self.end, world.last)
        self.key = child.key("CLA")
        episode = f"CLE-{child.number}-{child._keys.get('CLE', 0) + 1}"
        emergency = self.way == "police"
        self.came = child.say(self.start, "became looked after", {
            "emergency": _yes(emergency), "unplanned": _yes(emergency or draw.chance(0.3)),
            "legal status": _STATUSES[self.statuses[0][0]], "reason": "recorded",
        }, id=f"{episode}/clae_entered_care_date")  # fmt: skip
        self._proceedings()
        self._placed()
        self._episodes()
        self._arrival()
        self._reviews()
        self._visits()
        self._health()
        self._plans()
        self._missing()
        self._permanence()
        self._leaving()

    def _proceedings(self) -> None:
        child, draw = self.child, self.child.draw
        self.legal: list[tuple[int, int | None, str]] = []
        standing = [(code, day) for code, day in self.statuses if day < self.end]
        for place, (code, day) in enumerate(standing):
            end = standing[place + 1][1] if place + 1 < len(standing) else self.end
            if day > child.world.last:
                break
            ended = child.known(end)
            self.legal.append((day, ended, code))
            key = child.key("LEG")
            child.row("ssd_legal_status", {
                "lega_legal_status_id": key, "lega_person_id": child.subject, "lega_legal_status": code,
                "lega_legal_status_start_date": day, "lega_legal_status_end_date": ended,
            })  # fmt: skip
            word = {"legal status": _STATUSES[code]}
            id = child.say(day, "legal status started", word, id=f"{key}/lega_legal_status_start_date")
            child.after(day, "professionals notified of legal status", 0, 5, 0.7, about=id)
            child.say(end, "legal status ended", word, id=f"{key}/lega_legal_status_end_date", about=id)
            if code == "C1":
                begun = child.say(day, "care proceedings started")
                child.say(end, "final hearing held")
                child.say(end, "care proceedings ended", about=begun)
        if self.cycle.plan is None or draw.chance(0.45) or "C1" not in [code for code, _ in self.statuses]:
            return
        # Pre-proceedings before the court, for some of those whose plan did not work.
        held = self.cycle.plan.conference
        decided = child.world.working(max(held, self.start - draw.whole(60, 170)))
        if decided + 20 >= self.start:
            return
        key = child.key("PRP")
        letter, met = child.world.wd(decided, draw.whole(1, 5)), child.world.wd(decided, draw.whole(8, 18))
        if met >= self.start:
            return
        child.row("ssd_pre_proceedings", {
            "prep_table_id": key, "prep_person_id": child.subject, "prep_plo_family_id": child.family.id,
            "prep_pre_pro_decision_date": decided, "prep_initial_pre_pro_meeting_date": met,
            "prep_pre_pro_outcome": "Decision to Issue Care Proceedings", "prep_pre_pro_letter_date": letter,
            "prep_agree_stepdown_issue_date": self.start - 1, "prep_legal_gateway_outcome": "B",
        })  # fmt: skip
        child.say(decided, "pre-proceedings decision made", {"authorised by": "service manager", "reason": "recorded"},
                  id=f"{key}/prep_pre_pro_decision_date")  # fmt: skip
        id = child.say(letter, "letter before proceedings sent", id=f"{key}/prep_pre_pro_letter_date")
        begun = child.say(letter, "pre-proceedings started", id=f"{id}/pre-proceedings started")
        child.say(met, "pre-proceedings meeting held", {"outcome": "recorded"},
                  id=f"{key}/prep_initial_pre_pro_meeting_date")  # fmt: skip
        post = child.family.posts["safeguarding"]
        for day in child.family.series(draw, post, met, self.start - 2, 0.8, (22, 30), (32, 45)):
            child.say(day, "pre-proceedings review meeting held", {"outcome": "recorded", "reason": "recorded"})
        id = f"{key}/prep_agree_stepdown_issue_date"
        outcome = {"outcome": "care proceedings"}
        child.say(self.start - 1, "pre-proceedings ended", outcome, id=id, about=begun)
        child.say(
            self.start - 1, "pre-proceedings outcome decided", outcome, id=f"{id}/pre-proceedings outcome decided"
        )

    def _first_place(self) -> str:
        draw = self.child.draw
        if self.way == "remand":
            return "K1" if draw.chance(0.4) else "K2"
        if self.way == "asylum":
            return draw.among((("U6", 0.5), ("H5", 0.5)))
        if self.months > 190:
            return draw.among((("H5", 0.4), ("U6", 0.25), ("K2", 0.25), ("U3", 0.1)))
        if self.months > 130:
            return draw.among((("U6", 0.55), ("K2", 0.2), ("U3", 0.15), ("P1", 0.1)))
        return draw.among((("U6", 0.66), ("U3", 0.22), ("P1", 0.12)))

    def _next_place(self, day: int, before: str) -> str:
        draw, age = self.child.draw, self.child.months(day)
        if age > 192:
            return draw.among((("H5", 0.55), ("K2", 0.2), ("U4", 0.15), ("P2", 0.1)))
        if self.way == "remand":
            return "K1"
        choices = [("U4", 0.4), ("U6", 0.28), ("U1", 0.12), ("K2" if age > 96 else "U6", 0.15), ("P1", 0.05)]
        return draw.among([(code, share) for code, share in choices if code != before])

    def _placed(self) -> None:
        child, draw, world = self.child, self.child.draw, self.child.world
        self.placements: list[tuple[int, int | None, str, str]] = []
        day, code, first = self.start, self._first_place(), True
        adopted = None
        if self.way == "adoption":
            adopted = max(self.statuses[-1][1] + 20, self.end - draw.whole(180, 300))
        self.adoption_day = adopted
        while day < self.end and day <= world.last:
            length = draw.bands(((0.18, 6, 40), (0.32, 41, 220), (0.50, 221, 900)))
            end = min(self.end, day + length)
            if self.end - end < 5:
                end = self.end
            if adopted is not None:
                end = self.end if day >= adopted else min(end, adopted)
                code = "A6" if day >= adopted else code
            key = child.key("PLC")
            ended = child.known(end)
            moved = end < self.end
            long = code in ("U4", "U1")
            self.placements.append((day, ended, code, key))
            provider = "PR0" if code in ("P1", "P2") else draw.among((("PR1", 0.6), ("PR4", 0.4)))
            child.row("ssd_cla_placement", {
                "clap_cla_placement_id": key, "clap_cla_placement_start_date": day, "clap_cla_placement_type": code,
                "clap_cla_placement_urn": f"SC{draw.whole(100000, 999999)}" if code in ("K2", "K1") else "",
                "clap_cla_placement_distance": str(draw.whole(1, 60)), "clap_cla_id": self.key,
                "clap_cla_placement_provider": provider, "clap_cla_placement_end_date": ended,
                "clap_cla_placement_change_reason": (draw.pick(("CARPL", "CREQB", "CHILD", "CREQO")) if moved else "")
                if ended is not None else "",
                "clap_person_id": child.subject,
            })  # fmt: skip
            word = {"placement type": _PLACEMENTS[code]}
            details = {
                **word, "long term": _yes(long), "permanent": _yes(long or code == "A6"), "initial": _yes(first),
                "out of area": _yes(draw.chance(0.3)), "emergency": _yes(first and self.way == "police"),
                "unplanned": _yes(draw.chance(0.2)),
            }  # fmt: skip
            if code == "U3":
                details["temporarily approved"] = _yes(first)
            id = child.say(day, "placement started", details, id=f"{key}/clap_cla_placement_start_date")
            child.after(day, "placement information shared with carer", 0, 0, 0.75, about=id)
            meeting = child.after(day, "placement meeting held", 1, 5, 0.78, about=id, until=self.end)
            if meeting:
                child.after(meeting, "placement plan completed", 0, 5, 0.8)
            child.say(end, "placement ended", {**word, "unplanned": _yes(draw.chance(0.2)), "reason": "recorded"},
                      id=f"{key}/clap_cla_placement_end_date", about=id)  # fmt: skip
            day, code, first = end, self._next_place(end, code), False

    def _episodes(self) -> None:
        """The episodes of the national return: a new one at each change of legal status or placement."""
        child = self.child
        changes = sorted({day for day, _, _ in self.legal} | {day for day, _, _, _ in self.placements})
        contact = None
        for place, day in enumerate(changes):
            following = changes[place + 1] if place + 1 < len(changes) else None
            end = following if following is not None else child.known(self.end)
            placed = [row for row in self.placements if row[0] <= day][-1]
            new_place, new_law = placed[0] == day, any(start == day for start, _, _ in self.legal)
            start_reason = "S" if place == 0 else "B" if new_place and new_law else "P" if new_place else "L"
            if contact is None or day - contact > 60:
                contact = min(child.world.last, day + 30) if end is None or day + 30 <= end else day
            key = child.key("CLE")
            child.row("ssd_cla_episodes", {
                "clae_cla_episode_id": key, "clae_person_id": child.subject, "clae_cla_episode_start_date": day,
                "clae_cla_episode_start_reason": start_reason, "clae_cla_primary_need_code": self.cycle.need,
                "clae_cla_episode_ceased_date": end,
                "clae_cla_episode_ceased_reason": "X1" if following is not None else "" if end is None else self.reason,
                "clae_cla_id": self.key, "clae_referral_id": child.referral, "clae_cla_placement_id": placed[3],
                "clae_entered_care_date": self.start, "clae_cla_last_iro_contact_date": contact,
            })  # fmt: skip
            if following is None:
                child.say(self.end, "ceased to be looked after", {"reason": self.reason},
                          id=f"{key}/clae_cla_episode_ceased_date", about=self.came)  # fmt: skip

    def _arrival(self) -> None:
        child, start, end = self.child, self.start, self.end
        notified = child.after(start, "coming into care notified", 0, 1, 0.8, self.came, until=end)
        if notified:
            child.after(notified, "reviewing officer appointed", 0, 2, 0.8, until=end)
        child.after(start, "care information pack given", 0, 3, 0.7, until=end)
        child.after(start, "health assessment requested", 0, 2, 0.8, details={"initial": "yes"}, until=end)
        child.after(start, "contact arrangements made", 0, 2, 0.7, until=end)

    def _reviews(self) -> None:
        child, draw, world = self.child, self.child.draw, self.child.world
        before, place = self.start, 0
        while True:
            usual, late = (((14, 19), (21, 30)), ((58, 61), (64, 85)), ((118, 124), (130, 160)))[min(place, 2)]
            low, high = usual if draw.chance(world.timely(0.91, self.post, before)) else late
            day = world.wd(before, draw.whole(low, high))
            if place:
                # Three months, then six, in calendar days: held in the last week before it is due, or late.
                limit = add_months(before, 3 if place == 1 else 6)
                limit = min(limit, before + (91 if place == 1 else 183))
                day = (
                    world.calendar.subtract_working(limit + 1, draw.whole(1, 12))
                    if (low, high) == usual
                    else world.wd(limit, draw.whole(2, 25))
                )
            if day > self.last:
                return
            due = world.wd(before, 20) if place == 0 else before + (91 if place == 1 else 183)
            if draw.chance(0.06):
                due += draw.pick((-14, 7, 30))
            part = "PN0" if child.months(day) < 48 else draw.pick(("PN1", "PN3", "PN5", "PN6", "PN7"))
            if draw.chance(0.04):
                planned = world.calendar.subtract_working(day, draw.whole(2, 6))
                key = child.key("CLR")
                child.row("ssd_cla_reviews", {
                    "clar_cla_review_id": key, "clar_cla_id": self.key, "clar_cla_review_due_date": due,
                    "clar_cla_review_date": planned, "clar_cla_review_cancelled": "Y",
                })  # fmt: skip
                child.say(planned, "looked after review held", {"initial": _yes(place == 0)},
                          id=f"{key}/clar_cla_review_date", cancelled=True)  # fmt: skip
            key = child.key("CLR")
            child.row("ssd_cla_reviews", {
                "clar_cla_review_id": key, "clar_cla_id": self.key, "clar_cla_review_due_date": due,
                "clar_cla_review_date": day, "clar_cla_review_cancelled": "N", "clar_cla_review_participation": part,
            })  # fmt: skip
            id = child.say(day, "looked after review held", {
                "initial": _yes(place == 0), "chaired by": "independent reviewing officer",
                "child took part": _yes(part not in ("PN0", "PN7")), "views of the child": "recorded",
            }, id=f"{key}/clar_cla_review_date")  # fmt: skip
            since = before
            child.before(day, "looked after review invitations sent", 10, 12, 0.7, id, since)
            child.before(day, "looked after review report completed", 5, 8, 0.7, id, since)
            child.before(day, "looked after review report sent to reviewing officer", 3, 7, 0.75, id, since)
            child.before(day, "looked after review report shared with child", 1, 4, 0.7, id, since)
            child.before(day, "reviewing officer met social worker", 5, 18, 0.7, id, since)
            if draw.chance(0.8):
                spoken = max(since, world.calendar.subtract_working(day, draw.whole(0, 6)))
                alone = _yes(child.months(day) >= 36 and draw.chance(0.8))
                child.say(spoken, "reviewing officer contacted child", {"seen": "yes", "seen alone": alone})
            child.after(day, "looked after review decisions circulated", 1, 5, 0.75, id)
            child.after(day, "looked after review minutes circulated", 6, 18, 0.75, id)
            if place:
                child.after(day, "midway review held", 48, 60, 0.6, id, until=self.end)
            if place == 1 and draw.chance(0.8):
                child.say(day, "permanence plan agreed", {"permanence option": self._option()})
            before, place = day, place + 1

    def _visits(self) -> None:
        child, draw, world = self.child, self.child.draw, self.child.world
        for place, (start, ended, _, _) in enumerate(self.placements):
            end = self.last if ended is None else ended
            day = world.wd(start, draw.bands(((0.86, 1, 5), (0.14, 6, 11))))
            turn = 0
            while day < end and day <= world.last:
                key = child.key("CLV")
                saw = child.visit(day, "looked after", id=f"{key}/clav_cla_visit_date")
                child.row("ssd_cla_visits", {
                    "clav_cla_visit_id": key, "clav_cla_id": self.key, "clav_person_id": child.subject,
                    "clav_cla_visit_date": day, "clav_cla_visit_seen": saw["seen"],
                    "clav_cla_visit_seen_alone": saw["alone"],
                })  # fmt: skip
                turn += 1
                if turn < 4 and place == 0:
                    usual, late = (4, 8), (9, 15)
                else:
                    usual, late = (18, 29), (31, 46)
                low, high = usual if draw.chance(world.timely(0.88, self.post, day)) else late
                day = world.wd(day, draw.whole(low, high))

    def _health(self) -> None:
        child, draw, world = self.child, self.child.draw, self.child.world
        kept = (("Completed", 0.94), ("Refused", 0.04), ("Cancelled", 0.02))

        def check(kind: str, day: int, name: str, details: Mapping[str, str] = _NOTHING) -> None:
            if day >= self.end or day > world.last:
                return
            status = draw.among(kept)
            key = child.key("HEA")
            child.row("ssd_cla_health", {
                "clah_health_check_id": key, "clah_person_id": child.subject, "clah_health_check_type": kind,
                "clah_health_check_date": day, "clah_health_check_status": status,
            })  # fmt: skip
            if status == "Completed":
                child.say(day, name, details, id=f"{key}/clah_health_check_date")

        day = world.wd(self.start, draw.bands(((0.66, 8, 20), (0.34, 21, 50))))
        check("Initial Health Assessment", day, "health assessment completed", {"initial": "yes"})
        while True:
            months = 6 if child.months(day) < 60 else 12
            due = add_months(day, months)
            day = world.working(due - draw.whole(3, 30)) if draw.chance(0.85) else world.wd(due, draw.whole(3, 50))
            if day >= self.last:
                break
            check("Review Health Assessment", day, "health assessment completed", {"initial": "no"})
        day = self.start + draw.whole(20, 150)
        while day < self.last:
            if child.months(day) >= 24:
                check("Dental Check", world.working(day), "dental check completed")
            day += draw.whole(170, 380)
        day = self.start + draw.whole(330, 400)
        while day < self.last:
            if 48 <= child.months(day) < 204:
                key, on = child.key("SDQ"), world.working(day)
                if on <= self.last:
                    child.row("ssd_sdq_scores", {
                        "csdq_table_id": key, "csdq_person_id": child.subject, "csdq_sdq_completed_date": on,
                        "csdq_sdq_score": str(draw.whole(4, 30)),
                    })  # fmt: skip
                    id = f"{key}/csdq_sdq_completed_date"
                    child.say(on, "strengths and difficulties questionnaire completed", id=id)
            day += draw.whole(340, 420)

    def _option(self) -> str:
        """The permanent home that is planned."""
        if self.way == "adoption":
            return "adoption"
        return "long-term fostering" if self.end > self.start + 400 else "return home"

    def _plans(self) -> None:
        child, draw, world = self.child, self.child.draw, self.child.world
        day = world.wd(self.start, draw.bands(((0.8, 2, 10), (0.2, 11, 25))))
        option, name = self._option(), "care plan completed"
        while day < self.end and day <= world.last:
            following = world.wd(day, draw.whole(80, 120) if draw.chance(0.8) else draw.whole(126, 160))
            key = child.key("CAP")
            code = {"adoption": "ADOPT", "long-term fostering": "LTFOST18"}.get(option, "RETURN6M")
            child.row("ssd_cla_care_plan", {
                "lacp_table_id": key, "lacp_person_id": child.subject, "lacp_cla_care_plan_start_date": day,
                "lacp_cla_care_plan_end_date": child.known(min(following, self.end)),
                "lacp_cla_care_plan_json": json.dumps({code: "Y"}),
            })  # fmt: skip
            child.say(day, name, {"permanence option": option}, id=f"{key}/lacp_cla_care_plan_start_date")
            name, day = "care plan updated", following
        day = world.wd(self.start, draw.bands(((0.75, 7, 14), (0.25, 15, 30))))
        first = True
        while day < self.last:
            if child.months(day) >= 36:
                meeting = child.say(day, "personal education plan meeting held", {"initial": _yes(first)})
                child.after(day, "personal education plan completed", 0, 8, 0.8, meeting, until=self.end)
                first = False
            day = world.wd(day, draw.whole(58, 85))

    def _missing(self) -> None:
        """Missing episodes of those old enough, and the talk afterwards, of which the SSD holds two flags."""
        child, draw = self.child, self.child.draw
        often = draw.among((((40, 200), 0.06), ((150, 700), 0.2), ((9_000, 9_000), 0.74)))
        day = self.start + draw.whole(*often)
        while day < self.last - 1:
            back = day + draw.bands(((0.55, 0, 1), (0.35, 1, 3), (0.10, 4, 12)))
            if child.months(day) >= 132 and back < self.end:
                key, away = child.key("MIS"), draw.chance(0.15)
                returned = child.known(back)
                offered = returned is not None and draw.chance(0.93)
                accepted = offered and draw.chance(0.72)
                child.row("ssd_missing", {
                    "miss_table_id": key, "miss_person_id": child.subject, "miss_missing_episode_start_date": day,
                    "miss_missing_episode_type": "Away" if away else "Missing",
                    "miss_missing_episode_end_date": returned,
                    "miss_missing_rhi_offered": "" if returned is None else _flag(offered),
                    "miss_missing_rhi_accepted": "" if returned is None else _flag(accepted) if offered else "NA",
                })  # fmt: skip
                if away:  # without leave, but the place is known: not missing
                    day = back + 1 + draw.whole(*often)
                    continue
                id = child.say(day, "went missing", id=f"{key}/miss_missing_episode_start_date")
                home = child.say(back, "returned from missing", id=f"{key}/miss_missing_episode_end_date", about=id)
                if offered:
                    child.say(back + draw.whole(0, 1), "return home interview offered", about=home)
                if accepted:
                    talked = back + draw.bands(((0.45, 0, 1), (0.35, 2, 3), (0.2, 4, 9)))
                    child.say(talked, "return home interview held", about=home)
            day = max(back, day) + 1 + draw.whole(*often)

    def _permanence(self) -> None:
        child, draw, world = self.child, self.child.draw, self.child.world
        if self.way != "adoption" and self.reason != "E46":
            return
        if self.way == "adoption":
            order = self.statuses[-1][1]
            moved = self.adoption_day or order
            decided, matched = max(self.start, order - draw.whole(20, 60)), moved - draw.whole(5, 18)
            days: dict[str, tuple[int, str, Mapping[str, str]]] = {
                "perm_adm_decision_date": (decided, "adoption decision made", _NOTHING),
                "perm_placement_order_date": (order, "placement order made", _NOTHING),
                "perm_matched_date": (matched, "child matched", {"permanence option": "adoption"}),
                "perm_placed_for_adoption_date": (moved, "placed for adoption", _NOTHING),
                "perm_permanence_order_date": (self.end, "adoption order made", _NOTHING),
            }  # fmt: skip
        else:
            order_made = (self.end, "permanence order made", {"permanence option": "special guardianship"})
            days = {"perm_permanence_order_date": order_made}
        if min(day for day, _, _ in days.values()) > world.last or (self.adult is not None):
            return
        key = child.key("PER")
        row: _Row = {"perm_table_id": key, "perm_person_id": child.subject, "perm_cla_id": self.key}
        for column, (day, name, details) in days.items():
            if day <= self.end and day <= world.last:
                row[column] = day
                id = child.say(day, name, details, id=f"{key}/{column}")
                if name == "adoption order made":
                    option = {"permanence option": "adoption"}
                    child.say(day, "permanence order made", option, id=f"{id}/permanence order made")
        if child.known(self.end) is not None:
            row["perm_permanence_order_type"] = "Adoption" if self.way == "adoption" else "Special Guardianship"
        row["perm_adopted_by_carer_flag"] = "N"
        child.row("ssd_permanence", row)

    def _leaving(self) -> None:
        """The pathway plan from 16, and the support of a care leaver from 18."""
        child, draw, world = self.child, self.child.draw, self.child.world
        if child.born is None:
            return
        sixteen = age_attained(child.born, 192)
        begun = max(sixteen - draw.whole(0, 120), self.start + 20)
        if begun >= self.last or self.end - begun < 40:
            if self.adult is None or self.adult > world.last:
                return
        else:
            child.say(begun, "pathway plan started")
            child.after(begun, "personal adviser allocated", 0, 120, 0.8, until=self.end)
            done = child.after(begun, "pathway plan completed", 20, 70, 0.9, until=self.end)
            if done:
                child.after(done, "pathway plan given to young person", 1, 10, 0.75, until=self.end)
                for day in child.family.series(draw, self.post, done, self.last, 0.8, (95, 124), (130, 165)):
                    child.say(day, "pathway plan reviewed", {"views of the child": "recorded"})
                    updated = child.after(day, "pathway plan updated", 0, 5, 0.8, until=self.end)
                    if updated:
                        child.after(updated, "pathway plan given to young person", 1, 9, 0.75)
        if self.adult is None or self.adult > world.last:
            return
        post = child.family.posts["leaving care"]
        close = min(self.close, world.last)
        key = child.key("CLV8")
        started = child.say(self.adult, "became a care leaver", {"care leaver status": "former relevant"})
        contacts = child.family.series(draw, post, self.adult, close, 0.84, (22, 38), (41, 62))
        for day in contacts:
            name, details = "care leaver contacted", {"spoken to": "yes"}
            if draw.chance(0.7):
                name, details = "care leaver visited", {"seen": "yes", "seen alone": "yes", "visit place": "home"}
            child.say(day, name, details, id=f"{key}/clea_care_leaver_latest_contact" if day == contacts[-1] else "")
        reviews = child.family.series(draw, post, self.adult, close, 0.82, (90, 124), (130, 170))
        for day in reviews:
            child.say(day, "pathway plan reviewed", {"views of the child": "recorded"},
                      id=f"{key}/clea_pathway_plan_review_date" if day == reviews[-1] else "")  # fmt: skip
            updated = child.after(day, "pathway plan updated", 0, 5, 0.8, until=close)
            if updated:
                child.after(updated, "pathway plan given to young person", 1, 9, 0.75)
        if self.close <= world.last:
            child.say(self.close, "care leaver support ended", about=started)
        worker = child.worker(post, close)
        child.row("ssd_care_leavers", {
            "clea_table_id": key, "clea_person_id": child.subject, "clea_care_leaver_eligibility": "Former Relevant",
            "clea_care_leaver_in_touch": "YES" if contacts else "NO",
            "clea_care_leaver_latest_contact": contacts[-1] if contacts else None,
            "clea_care_leaver_accommodation": draw.pick(("B", "D", "E", "K")), "clea_care_leaver_accom_suitable": "1",
            "clea_care_leaver_activity": draw.pick(("F1", "F2", "F4", "P2", "G4", "G5")),
            "clea_pathway_plan_review_date": reviews[-1] if reviews else None,
            "clea_care_leaver_personal_advisor": worker, "clea_care_leaver_allocated_team": post.team.id,
            "clea_care_leaver_worker_id": worker,
        })  # fmt: skip


# --- the authority ----------------------------------------------------------------------------------------------------

# Mean events of a child of each sort of family, measured over 24,000 children: they give the share of the heavy ones
# for the mean that is asked for.
_LIGHT_MEAN: Final = 55.0
_HEAVY_MEAN: Final = 190.0


@dataclass(frozen=True)
class Authority:
    """An invented authority. Everything is made anew from the arguments whenever it is asked for.

    Attributes:
        children: how many children.
        seed: which of the invented authorities.
        first_day: the first day of the period.
        last_day: the last day of the period: the day of the extract. Nothing happens after it.
        events_per_child: the mean number of events of a child in the event log, about.
        dirt: the share of rows that are damaged, from 0 to 1.
    """

    children: int
    seed: int
    first_day: date
    last_day: date
    events_per_child: float
    dirt: float

    # --- children

    @cached_property
    def _world(self) -> _World:
        heavy = (self.events_per_child - _LIGHT_MEAN) / (_HEAVY_MEAN - _LIGHT_MEAN)
        return _World(self.seed, self.first_day.toordinal(), self.last_day.toordinal(), min(1.0, max(0.0, heavy)))

    def _made(self) -> Iterator[_Child]:
        """The children one after the other; none is kept."""
        world, number, block = self._world, 0, 0
        while number < self.children:
            sizes = _Draw(f"{self.seed}/block/{block}")
            left = _BLOCK
            while left and number < self.children:
                size = min(left, sizes.among(((1, 0.46), (2, 0.30), (3, 0.15), (4, 0.09))))
                family = _Family(world, block, number + 1, size)
                left -= size
                for place in range(size):
                    if number == self.children:
                        return
                    number += 1
                    yield _Child(world, family, number, place)
            block += 1

    # --- rows

    def _log_rows(self) -> Iterator[tuple[dict[str, str], str]]:
        """The rows of events.csv, each with the column that was damaged ("" mostly)."""
        for child in self._made():
            draw = _Draw(f"{self.seed}/{child.number}/events") if self.dirt else None
            days = {said[2]: said[0] for said in child.log} if self.dirt else {}
            for day, name, id, about, recorded, cancelled, details in child.log:
                row = {"subject": child.subject, "event": name, "date": _iso(day), "recorded": _iso(recorded), "id": id}
                if about:
                    row["about"] = about
                if cancelled:
                    row["cancelled"] = "yes"
                for column, value in details.items():
                    if value:
                        row[column] = value
                if draw is None or not draw.chance(self.dirt):
                    yield row, ""
                    continue
                way = draw.whole(0, 3)
                if way == 2 and name.endswith(" ended") and about in days:
                    yield {**row, "date": _iso(days[about] - draw.whole(3, 60))}, "date"
                elif way == 1:
                    yield {**row, "subject": ""}, "subject"
                elif way == 3:
                    yield row, ""
                    yield row, "id"
                else:
                    yield {**row, "date": draw.pick(_NO_SUCH_DATE)}, "date"

    def _ssd_rows(self) -> Iterator[tuple[str, dict[str, str], str]]:
        """The rows of the SSD as (table, row, damaged column), the reference tables first, then child by child."""
        for table, reference in self._reference():
            yield table, reference, ""
        for child in self._made():
            draw = _Draw(f"{self.seed}/{child.number}/ssd") if self.dirt else None
            times = _Draw(f"{self.seed}/{child.number}/times")
            for table, row in child.rows:
                if draw is None or not draw.chance(self.dirt):
                    yield table, _written(table, row, times), ""
                    continue
                yield from _damaged(table, row, times, draw)

    def _reference(self) -> Iterator[tuple[str, dict[str, str]]]:
        """The tables that are about the service: its release, its teams, its workers."""
        world = self._world
        yield "ssd_version_log", {
            "version_number": "1.4.0", "release_date": _iso(world.first), "is_current": "1",
            "description": "synthetic authority", "created_at": _iso(world.last), "created_by": "practice-rules",
        }  # fmt: skip
        for number in range((self.children - 1) // (_BLOCK * _BLOCKS_TO_AN_AREA) + 1):
            for teams in world.area(number).values():
                for posts in teams:
                    team = posts[0].team
                    yield "ssd_department", {
                        "dept_team_id": team.id, "dept_team_name": team.name,
                        "dept_team_parent_id": f"AREA-{number + 1}",
                        "dept_team_parent_name": f"Children's Services {team.area}",
                    }  # fmt: skip
                    for post in posts:
                        for worker in post.holders:
                            if worker is not None:
                                yield "ssd_professionals", _professional(worker)

    # --- what is asked for

    def events(self) -> Iterator[dict[str, str]]:
        """The rows of events.csv, child by child and day by day; empty cells are left out."""
        return (row for row, _ in self._log_rows())

    def subjects(self) -> Iterator[dict[str, str]]:
        """The rows of subjects.csv: one for each child."""
        return (child.subject_row() for child in self._made())

    def allocations(self) -> Iterator[dict[str, str]]:
        """The rows of allocations.csv: who held a case from when to when; `to` is empty where they still do, and
        `worker` where the post was vacant.
        """
        for child in self._made():
            yield from _allocations(child)

    def ssd_tables(self) -> dict[str, list[dict[str, str]]]:
        """The tables of the SSD as lists of rows, all in memory; for many children `write_ssd` is the better way."""
        found: dict[str, list[dict[str, str]]] = {table: [] for table in SSD_COLUMNS}
        for table, row, _ in self._ssd_rows():
            found[table].append(row)
        return found

    def histories(self) -> Iterator[History]:
        """Each child's event log as a history, ready to be evaluated.

        Raises:
            ValueError: the authority is damaged (`dirt`), so that a history cannot be made of every child's rows.
        """
        if self.dirt:
            raise ValueError("an authority with damaged rows has no histories; leave dirt out")
        for child in self._made():
            row = child.subject_row()
            facts = {name.removeprefix("fact: "): value for name, value in row.items() if name[:5] == "fact:" and value}
            yield History(
                child.subject,
                [
                    Event(
                        name, date.fromordinal(day), id=id, recorded=date.fromordinal(recorded), about=about or None,
                        cancelled=cancelled, details={key: value for key, value in details.items() if value},
                    )
                    for day, name, id, about, recorded, cancelled, details in child.log
                ],
                born=None if child.born is None else date.fromordinal(child.born),
                facts=facts,
            )  # fmt: skip

    @cached_property
    def damaged(self) -> tuple[tuple[str, int, str], ...]:
        """What was damaged, as (table, row, column): the table's file without its ending, the line of the file (the
        header is line 1), and the column. Of a row that is there twice it is the second, with the column of its key.
        """
        if not self.dirt:
            return ()
        found: list[tuple[str, int, str]] = []
        lines = dict.fromkeys(SSD_COLUMNS, 1)
        for table, _, column in self._ssd_rows():
            lines[table] += 1
            if column:
                found.append((table, lines[table], column))
        found += [("events", line, column) for line, (_, column) in enumerate(self._log_rows(), start=2) if column]
        return tuple(found)

    def write_ssd(self, folder: str | Path) -> None:
        """Write the tables of the SSD into a folder, one CSV file each (UTF-8), as `ssd_cp_visits.csv`."""
        folder = Path(folder)
        folder.mkdir(parents=True, exist_ok=True)
        with ExitStack() as stack:
            writers = {
                table: _writer(stack, folder / f"{table}.csv", columns) for table, columns in SSD_COLUMNS.items()
            }
            for table, row, _ in self._ssd_rows():
                get = row.get
                writers[table]([get(column, "") for column in SSD_COLUMNS[table]])

    def write_event_log(self, folder: str | Path) -> None:
        """Write events.csv, subjects.csv and allocations.csv into a folder (UTF-8)."""
        folder = Path(folder)
        folder.mkdir(parents=True, exist_ok=True)
        with ExitStack() as stack:
            write = _writer(stack, folder / "events.csv", EVENT_COLUMNS)
            for row, _ in self._log_rows():
                write([row.get(column, "") for column in EVENT_COLUMNS])
        with ExitStack() as stack:
            subject = _writer(stack, folder / "subjects.csv", _SUBJECT_COLUMNS)
            allocation = _writer(stack, folder / "allocations.csv", _ALLOCATION_COLUMNS)
            for child in self._made():
                subject(list(child.subject_row().values()))
                for held in _allocations(child):
                    allocation(list(held.values()))


def synthetic_authority(
    children: int = 5000,
    *,
    seed: int = 1,
    first_day: date = date(2021, 4, 1),
    last_day: date = date(2024, 3, 31),
    events_per_child: float = 80,
    dirt: float = 0.0,
) -> Authority:
    """An invented authority: the same for the same arguments, on every machine. Nothing is made before it is asked for.

    Cases of the heavier sort that were open on the first day began before it, as in a real extract, so that there are
    events from about 20 months earlier on; nothing happens after the last day.

    Args:
        children: how many children; the first 1,000 of 5,000 are the children of an authority of 1,000.
        seed: which of the invented authorities.
        first_day: the first day of the period.
        last_day: the last day of the period, which is the day of the extract.
        events_per_child: the mean number of events of a child in the event log, about, in a period of three years: it
            sets how many families have protection plans and children in care.
        dirt: the share of rows that are damaged: a date that does not exist, no child, an end before its start, a row
            that is there twice. `Authority.damaged` says which.

    Raises:
        ValueError: an argument makes no sense; the message says which.
    """
    if children < 1:
        raise ValueError("children must be 1 or more")
    if not 365 <= (last_day - first_day).days <= 3660:
        raise ValueError("last_day must be one to ten years after first_day")
    if first_day.year < 1998 or last_day.year > 2055:
        raise ValueError("first_day and last_day must lie between 1998 and 2055")
    if not _LIGHT_MEAN <= events_per_child <= _HEAVY_MEAN:
        raise ValueError(f"events_per_child must be from {_LIGHT_MEAN:.0f} to {_HEAVY_MEAN:.0f}")
    if not 0 <= dirt <= 1:
        raise ValueError("dirt must be from 0 to 1")
    return Authority(children, seed, first_day, last_day, events_per_child, dirt)


def _writer(stack: ExitStack, path: Path, columns: Sequence[str]) -> Callable[[Sequence[str]], object]:
    file = stack.enter_context(path.open("w", encoding="utf-8", newline=""))
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(columns)
    return writer.writerow


def _allocations(child: _Child) -> Iterator[dict[str, str]]:
    for start, end, worker, team in sorted(child.held, key=lambda held: held[0]):
        ended = "" if end is None else _iso(end)
        yield {"subject": child.subject, "from": _iso(start), "to": ended, "worker": worker, "team": team}


def _professional(worker: _Worker) -> dict[str, str]:
    row = {
        "prof_professional_id": worker.id, "prof_staff_id": f"S{worker.id[1:]}",
        "prof_professional_name": f"Worker {worker.id}", "prof_professional_job_title": worker.title,
        "prof_professional_department": worker.team.name, "prof_full_time_equivalency": worker.hours,
        "prof_agency_worker_flag": _flag(worker.agency),
    }  # fmt: skip
    if worker.title.endswith("Social Worker"):
        number = int(sha256(worker.id.encode()).hexdigest()[:8], 16) % 1_000_000
        row["prof_social_worker_registration_no"] = f"SW{number:06}"
    return row


def _written(table: str, row: _Row, times: _Draw) -> dict[str, str]:
    """A row as the extract writes it: each table has its own way with dates."""
    found: dict[str, str] = {}
    timed = table in _WITH_TIME
    for column, value in row.items():
        if isinstance(value, int):
            if table == "ssd_pre_proceedings":
                year, month, day = _iso(value).split("-")
                found[column] = f"{day}/{month}/{year}"
            elif column in _CLOCKED:
                found[column] = f"{_iso(value)} {times.whole(8, 21):02}:{times.pick(('00', '10', '15', '30', '45'))}:00"
            else:
                found[column] = f"{_iso(value)} 00:00:00" if timed else _iso(value)
        elif value is None and column in _SENTINEL:
            found[column] = "1900-01-01 00:00:00" if timed else "1900-01-01"
        elif value:
            found[column] = value
    return found


def _damaged(table: str, row: _Row, times: _Draw, draw: _Draw) -> Iterator[tuple[str, dict[str, str], str]]:
    """A row damaged in one of the ways that its columns allow."""
    dates = [column for column, value in row.items() if isinstance(value, int)]
    person = next((column for column in row if column.endswith("_person_id") and column != "pers_person_id"), None)
    start, end = _START_AND_END.get(table, ("", ""))
    ways = ["twice"]
    if dates:
        ways += ["no such date", "no such date"]
    if person:
        ways.append("nobody")
    begun, ended = row.get(start), row.get(end)
    if isinstance(begun, int) and isinstance(ended, int):
        ways.append("ends first")
        ended = begun - draw.whole(3, 60)
    way = draw.pick(ways)
    if way == "no such date":
        column = draw.pick(dates)
        yield table, {**_written(table, row, times), column: draw.pick(_NO_SUCH_DATE)}, column
    elif way == "nobody" and person:
        written = _written(table, row, times)
        del written[person]
        yield table, written, person
    elif way == "ends first":
        yield table, _written(table, {**row, end: ended}, times), end
    else:
        written = _written(table, row, times)
        yield table, written, ""
        yield table, written, SSD_COLUMNS[table][0]
