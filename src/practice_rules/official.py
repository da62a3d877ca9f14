"""The official measures: what the law and the national statistics count, the same for every authority.

`official_measures` counts them from histories. No authority's pack takes part: how each is counted is written here, and
stands with its source in every row of the result. Where the sources leave a question open, the reading taken is said in
the measure's definition; docs/reference/official-measures.md says what the other reading would be.

One convention holds throughout. The state is that of the end of the last day: what happened later is not looked at,
while what happened by then counts whenever it was written down, as a return that is put together later would have it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from html import escape
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from .calendars import OFFICIAL_UNTIL, Calendar, add_months, age_attained
from .events import Event, History, HistoryError, Known, Moment, Span, fold
from .measures import _check_smallest, _hide, _sum_in_row
from .obligations import Duty, Extra, Status, settle
from .readers.event_log import EventLog
from .records import Fault, Reading, build_history, read_yes_or_no, refusal
from .standards import pair_spans
from .tables import arrow
from .timescales import Timescale, read_timescale
from .words import plural, say_list

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["MEASURES", "Official", "official_measures"]

# --- words ------------------------------------------------------------------------------------------------------------

_REFERRAL: Final = "referral received"
_CLOSED: Final = "case closed"
_ASSESSMENT: Final = "assessment started"
_COMPLETED: Final = "assessment completed"
_AUTHORISED: Final = "assessment authorised"
_STRATEGY: Final = "strategy discussion held"
_SECTION_47: Final = "section 47 enquiry started"
_NOT_REQUIRED: Final = "initial child protection conference not required"
_CONFERENCE: Final = "initial child protection conference held"
_NOTIFIED: Final = "transfer-in notified"
_TRANSFER: Final = "transfer-in child protection conference held"
_PLAN: Final = "child protection plan started"
_PLAN_ENDED: Final = "child protection plan ended"
_PLAN_REVIEW: Final = "review child protection conference held"
_CARE: Final = "became looked after"
_CARE_ENDED: Final = "ceased to be looked after"
_CARE_REVIEW: Final = "looked after review held"
_PLACEMENT: Final = "placement started"
_PLACEMENT_ENDED: Final = "placement ended"
_VISIT: Final = "child visited"
_HEALTH: Final = "health assessment completed"
_LEGAL: Final = "legal status started"
_BREAKS: Final = "short breaks started"
_SHORT_BREAK: Final = "short break agreement"

_SHORT: Final = "short breaks"
_OLD: Final = "care that began before the records are whole"

#: More days than these, the first and the last both counted, are two years.
_TWO_YEARS: Final = 729

_DAY_45: Final = read_timescale("45 working days")
_DAY_15: Final = read_timescale("15 working days")
_DAY_20: Final = read_timescale("20 working days")
_WEEK: Final = read_timescale("1 week")
_SIX_WEEKS: Final = read_timescale("6 weeks")
_MONTHS_3: Final = read_timescale("3 months")
_MONTHS_6: Final = read_timescale("6 months")
_MONTHS_12: Final = read_timescale("12 months")
_DAYS_91: Final = read_timescale("91 days")
_DAYS_183: Final = read_timescale("183 days")

#: A band: its name, and the last day in it (None: no last).
_Bands = tuple[tuple[str, int | None], ...]
_C2: Final[_Bands] = (
    ("Same day", 0), ("1-10 days", 10), ("11-20 days", 20), ("21-30 days", 30), ("31-40 days", 40), ("41-45 days", 45),
    ("46-50 days", 50), ("51-60 days", 60), ("61+ days", None),
)  # fmt: skip
_C4: Final[_Bands] = (("0-10 days", 10), ("11-15 days", 15), ("16-20 days", 20), ("21+ days", None))

# --- what is counted --------------------------------------------------------------------------------------------------


class _Case(NamedTuple):
    """One case of a measure. With `why` it is left out, and that is why."""

    subject: str
    opened: int | None
    done: int | None
    days: int | None
    counted: bool
    why: str
    sources: str


@dataclass(frozen=True, slots=True)
class _Measure:
    """One official measure.

    Attributes:
        id: its name.
        title: what the count counts, in words.
        nobody: what is said where there is no case.
        definition: how it is counted.
        source: the statute, guidance or statistic.
        needs: the events without which it cannot be counted.
        find: the cases of one child.
        bands: the bands of the statistic, in working days.
        inside: how many of the bands, from the first on, are in the count.
        timely: whether what is counted was done in time.
        back: how long before the period the records must be whole.
        only_end: only the end of the period is looked at.
        a_past: it asks when things were done before, which a snapshot cannot say.
    """

    id: str
    title: str
    nobody: str
    definition: str
    source: str
    needs: tuple[str, ...]
    find: Callable[[_View], Iterator[_Case]]
    bands: _Bands = ()
    inside: int = 0
    timely: bool = True
    back: Timescale | None = None
    only_end: bool = False
    a_past: bool = False


class _View:
    """One child's record as it stands at the end of the period."""

    def __init__(self, history: History, table: str, period: _Period) -> None:
        self.subject = history.subject
        self.born = None if history.born is None else history.born.toordinal()
        self.first, self.last = period.first, period.last
        self.since = period.since
        self.calendar = period.calendar
        self.due = period.calendar.due
        self._table = table
        self._known: Known = history.known(Moment(period.last), history.final_moment())

    def acts(self, name: str) -> Sequence[Event]:
        """What happened of that name by the end of the period, in order."""
        return self._known.acts(fold(name)).events

    def within(self, day: int) -> bool:
        """Whether a day lies in the period."""
        return self.first <= day <= self.last

    def case(
        self,
        opened: Event | None,
        done: Event | None,
        days: int | None = None,
        *,
        counted: bool = False,
        why: str = "",
        also: Iterable[Event] = (),
    ) -> _Case:
        """A case, with the records it rests on."""
        events = [event for event in (opened, done, *also) if event is not None]
        sources = dict.fromkeys(filter(None, (self._origin(event) for event in events)))
        return _Case(
            self.subject,
            None if opened is None else opened.day,
            None if done is None else done.day,
            days,
            counted,
            why,
            "; ".join(sources),
        )

    def _origin(self, event: Event) -> str:
        if event.origin is None:
            return ""
        return f"{self._table}:{event.origin}" if isinstance(event.origin, int) else str(event.origin)

    @cached_property
    def by_id(self) -> dict[str, Event]:
        """Everything that had happened by the end of the period, by id."""
        return {event.id: event for events in self._known.happened.values() for event in events}

    def named(self, act: Event) -> Iterator[Event]:
        """What an act names as that to which it belongs, and what that names in turn."""
        seen = {act.id}
        while act.about is not None and act.about not in seen and act.about in self.by_id:
            seen.add(act.about)
            act = self.by_id[act.about]
            yield act

    def paired(
        self,
        openers: Sequence[Event],
        acts: Sequence[Event],
        *,
        latest: bool = False,
        also: Mapping[str, Event] = {},
        may: Callable[[Event, Event], bool] | None = None,
    ) -> dict[str, Event]:
        """To which opener each act belongs, by the act's id.

        To the one that it names; else to one on or before its day that no other act has: the one that has waited
        longest, or the `latest`.

        Args:
            openers: what acts belong to, in order.
            acts: the acts, in order.
            latest: which one where several are free.
            also: further ids by which an opener may be named.
            may: which pairs are possible where none is named.
        """
        ids = {event.id: event for event in openers} | dict(also)
        found: dict[str, Event] = {}
        for act in acts:
            own = next((ids[event.id] for event in self.named(act) if event.id in ids), None)
            if own is not None:
                found[act.id] = own
        taken = {event.id for event in found.values()}
        for act in acts:
            if act.id in found:
                continue
            fit = [
                event
                for event in openers
                if event.id not in taken and event.day <= act.day and (may is None or may(event, act))
            ]
            if fit:
                found[act.id] = fit[-1 if latest else 0]
                taken.add(found[act.id].id)
        return found

    def closed_between(self, start: int, end: int) -> bool:
        """Whether the case was closed after one day and before another."""
        return any(start < event.day < end for event in self.acts(_CLOSED))

    @cached_property
    def discussions(self) -> dict[str, Event]:
        """The strategy discussion that initiated each section 47 enquiry, by the enquiry's id: the one that it names,
        else the latest on or before it, unless that one initiated another.
        """
        held, enquiries = self.acts(_STRATEGY), self.acts(_SECTION_47)
        days = {
            enquiry.id: max((event.day for event in held if event.day <= enquiry.day), default=0)
            for enquiry in enquiries
        }
        return self.paired(held, enquiries, may=lambda event, enquiry: event.day == days[enquiry.id])

    @cached_property
    def not_required(self) -> dict[str, int]:
        """When it was decided that an enquiry needs no conference, by the enquiry's id: of the enquiry that the
        decision names, else of the latest on or before it.
        """
        enquiries = self.acts(_SECTION_47)
        owners = {event.id: event for event in enquiries} | self._of_discussions
        found: dict[str, int] = {}
        for act in self.acts(_NOT_REQUIRED):
            own = next((owners[event.id] for event in self.named(act) if event.id in owners), None)
            own = own or next((event for event in reversed(enquiries) if event.day <= act.day), None)
            if own is not None:
                found.setdefault(own.id, act.day)
        return found

    @cached_property
    def _of_discussions(self) -> dict[str, Event]:
        """The enquiry that each strategy discussion initiated, by the discussion's id."""
        enquiries = {event.id: event for event in self.acts(_SECTION_47)}
        return {discussion.id: enquiries[enquiry] for enquiry, discussion in self.discussions.items()}

    @cached_property
    def conferences(self) -> dict[str, Event]:
        """The enquiry to which each initial conference belongs, by the conference's id.

        It is the one that the conference names (or of which it names the strategy discussion). Else it is the latest on
        or before it that no other conference has, that was not closed without one, and since which the case was not
        closed: the census groups them by referral and enquiry.
        """

        def may(enquiry: Event, held: Event) -> bool:
            decided = self.not_required.get(enquiry.id)
            return not (decided is not None and decided <= held.day) and not self.closed_between(enquiry.day, held.day)

        return self.paired(
            self.acts(_SECTION_47), self.acts(_CONFERENCE), latest=True, also=self._of_discussions, may=may
        )

    @cached_property
    def plans(self) -> tuple[list[Span], list[Span]]:
        """Child protection plans, and apart from them the temporary ones for a plan of another authority."""
        starts, ends = self.acts(_PLAN), self.acts(_PLAN_ENDED)
        brief = {event.id for event in starts if _said(event, "temporary", True)}
        known = {event.id for event in starts}
        if brief and all(event.about in known for event in ends):
            # A temporary plan gives way to the authority's own, perhaps on the day it began: no end is the other's.
            own, _ = pair_spans(
                [event for event in starts if event.id not in brief],
                [event for event in ends if event.about not in brief],
                (),
            )
            temporary, _ = pair_spans(
                [event for event in starts if event.id in brief], [event for event in ends if event.about in brief], ()
            )
            return own, temporary
        spans, _ = pair_spans(starts, ends, ())
        own = [span for span in spans if span.start_event is not None and span.start_event.id not in brief]
        return own, [span for span in spans if span not in own]

    @cached_property
    def care(self) -> tuple[list[Span], list[tuple[Span, str]]]:
        """Periods of care, and apart from them those that are left out, with the reason: short breaks (legal status V3,
        V4), and care that began before the records are whole, of which nobody can say what had been done.
        """
        spans, _ = pair_spans(self.acts(_CARE), self.acts(_CARE_ENDED), ())
        breaks = [event.day for event in self.acts(_LEGAL) if _word(event, "legal status") == _SHORT_BREAK]
        own: list[Span] = []
        out: list[tuple[Span, str]] = []
        for span in spans:
            said = span.start_event is not None and _word(span.start_event, "legal status") == _SHORT_BREAK
            inside = any(span.start <= day and (span.end is None or day < span.end) for day in breaks)
            if said or inside:
                out.append((span, _SHORT))
            elif self.since is not None and span.start < self.since:
                out.append((span, _OLD))
            else:
                own.append(span)
        return own, out

    def in_period(self, span: Span) -> bool:
        """Whether a span touches the period."""
        return span.start <= self.last and (span.end is None or span.end >= self.first)


def _word(event: Event, detail: str) -> str | None:
    value = event.details.get(detail)
    return fold(value) if isinstance(value, str) else None


def _said(event: Event | None, detail: str, wanted: bool) -> bool:
    """Whether a record says yes (or no) of something."""
    return event is not None and read_yes_or_no(event.details.get(detail)) is wanted


# --- assessments ------------------------------------------------------------------------------------------------------


def _from_referral(view: _View) -> Iterator[_Case]:
    starts, ends = view.acts(_ASSESSMENT), view.acts(_AUTHORISED)
    pairs = view.paired(starts, ends)
    referrals = view.acts(_REFERRAL)
    served: set[str] = set()
    for done in ends:
        start = pairs.get(done.id)
        referral = None
        for event in (*view.named(done), *(view.named(start) if start is not None else ())):
            if event.key == _REFERRAL:
                referral = event
        if referral is None:
            day = done.day if start is None else start.day
            referral = next((event for event in reversed(referrals) if event.day <= day), None)
            if referral is not None and view.closed_between(referral.day, day):
                referral = None
        again = referral is not None and referral.id in served
        if referral is not None:
            served.add(referral.id)
        if not view.within(done.day):
            continue
        if referral is None:
            yield view.case(start, done, why="the referral that led to the assessment is not in the records")
        elif again:
            yield view.case(referral, done, why="an earlier assessment of the same referral was authorised already")
        else:
            yield _working(view, referral, done, _DAY_45)


def _from_start(view: _View) -> Iterator[_Case]:
    ends = view.acts(_AUTHORISED)
    pairs = view.paired(view.acts(_ASSESSMENT), ends)
    for done in ends:
        if view.within(done.day):
            yield _since(view, pairs.get(done.id), done, _DAY_45, "the start of the assessment is not in the records")


def _working(view: _View, opened: Event, done: Event, limit: Timescale, also: Iterable[Event] = ()) -> _Case:
    """A case counted in working days; the day of the opening event is day 0."""
    days = view.calendar.working_between(opened.day, done.day)
    status = _settled(view, opened.day, view.due(opened.day, limit), done.day)
    return view.case(opened, done, days, counted=status is Status.MET, also=also)


def _since(view: _View, opened: Event | None, done: Event, limit: Timescale, missing: str) -> _Case:
    """As `_working`, where the opening event may be missing or may lie after the act."""
    if opened is None:
        return view.case(None, done, why=missing)
    if opened.day > done.day:
        return view.case(opened, done, why="it ended before it began")
    return _working(view, opened, done, limit)


def _settled(view: _View, opened: int, due: int, done: int | None, fell: int | None = None, doubt: str = "") -> Status:
    extra = Extra(doubt=(doubt, None)) if doubt else None
    duty: Duty = (opened, None, due, done, None, fell, None, extra)
    return settle((duty,), Moment(view.last))[0]


def _open_assessments(view: _View) -> Iterator[_Case]:
    starts = view.acts(_ASSESSMENT)
    ended = {event.id for event in view.paired(starts, view.acts(_AUTHORISED)).values()}
    for start in starts:
        if start.id not in ended:
            yield _open(view, start, start, _DAY_45)


def _open(view: _View, begun: Event, anchor: Event, limit: Timescale) -> _Case:
    """Something that is open at the end of the period: counted if its last day has come."""
    if view.closed_between(begun.day, view.first):
        return view.case(anchor, None, why="the case was closed before the period")
    days = view.calendar.working_between(anchor.day, view.last)
    also = () if begun is anchor else (begun,)
    return view.case(anchor, None, days, counted=view.due(anchor.day, limit) <= view.last, also=also)


# --- section 47, conferences ------------------------------------------------------------------------------------------

_NO_DISCUSSION: Final = "no strategy discussion on or before the enquiry is in the records"


def _conferences(view: _View) -> Iterator[_Case]:
    for held in view.acts(_CONFERENCE):
        if not view.within(held.day):
            continue
        enquiry = view.conferences.get(held.id)
        if enquiry is None:
            yield view.case(None, held, why="no section 47 enquiry that led to the conference is in the records")
            continue
        discussion = view.discussions.get(enquiry.id)
        if discussion is None:
            yield view.case(enquiry, held, why=_NO_DISCUSSION)
        elif held.day < discussion.day or held.day < enquiry.day:
            yield view.case(discussion, held, why="the conference lies before the section 47 enquiry")
        else:
            yield _working(view, discussion, held, _DAY_15, (enquiry,))


def _open_enquiries(view: _View) -> Iterator[_Case]:
    met = {enquiry.id for enquiry in view.conferences.values()}
    for enquiry in view.acts(_SECTION_47):
        if enquiry.id in met or enquiry.id in view.not_required:
            continue
        discussion = view.discussions.get(enquiry.id)
        if discussion is None:
            yield view.case(enquiry, None, why=_NO_DISCUSSION)
        else:
            yield _open(view, enquiry, discussion, _DAY_15)


def _transfers(view: _View) -> Iterator[_Case]:
    held = view.acts(_TRANSFER)
    pairs = view.paired(view.acts(_NOTIFIED), held, latest=True)
    for conference in held:
        if view.within(conference.day):
            yield _since(view, pairs.get(conference.id), conference, _DAY_15, "the notification is not in the records")


# --- protection plans -------------------------------------------------------------------------------------------------


def _plan_reviews(first: Timescale, later: Timescale) -> Callable[[_View], Iterator[_Case]]:
    """The cases of the reviews of protection plans, by the limit of the first and of each later review."""

    def find(view: _View) -> Iterator[_Case]:
        own, temporary = view.plans
        for span in temporary:
            if span.end is None:
                yield view.case(span.start_event, None, why="a temporary plan for a plan of another authority")
        running = [span for span in own if span.end is None]
        if len(running) > 1:
            yield view.case(running[0].start_event, None, why="two plans of the child are open at once")
        elif running:
            yield reviewed(view, running[0])

    def reviewed(view: _View, plan: Span) -> _Case:
        if add_months(plan.start, 3) > view.last:
            return view.case(plan.start_event, None, why="on the plan for less than 3 months")
        reviews = {event.day: event for event in reversed(view.acts(_PLAN_REVIEW)) if event.day > plan.start}
        earlier = [day for day in sorted(reviews) if day < view.first]
        chain = [earlier[-1] if earlier else plan.start, *(day for day in sorted(reviews) if day >= view.first)]
        statuses = [
            _settled(view, opened, view.due(opened, first if opened == plan.start else later), done)
            for opened, done in zip(chain, [*chain[1:], None], strict=True)
        ]
        used = [reviews[day] for day in chain if day != plan.start]
        return view.case(
            plan.start_event,
            used[-1] if used else None,
            view.last - plan.start,
            counted=Status.BREACHED not in statuses,
            also=used,
        )

    return find


def _two_years(view: _View, plan: Span, end: int) -> _Case:
    days = end - plan.start + 1
    return view.case(plan.start_event, plan.end_event, days, counted=days > _TWO_YEARS)


def _plans_ended(view: _View) -> Iterator[_Case]:
    own, temporary = view.plans
    for span in temporary:
        if span.end is not None and view.within(span.end):
            yield view.case(span.start_event, span.end_event, why="a temporary plan for a plan of another authority")
    for span in own:
        if span.end is not None and view.within(span.end):
            yield _two_years(view, span, span.end)


def _plans_open(view: _View) -> Iterator[_Case]:
    own, temporary = view.plans
    for span in temporary:
        if span.end is None:
            yield view.case(span.start_event, None, why="a temporary plan for a plan of another authority")
    for span in own:
        if span.end is None:
            yield _two_years(view, span, view.last)


# --- referrals --------------------------------------------------------------------------------------------------------


def _re_referrals(view: _View) -> Iterator[_Case]:
    referrals = view.acts(_REFERRAL)
    for referral in referrals:
        if not view.within(referral.day):
            continue
        before = next((event for event in reversed(referrals) if event.day < referral.day), None)
        if before is None:
            yield view.case(None, referral)
        else:
            again = referral.day <= view.due(before.day, _MONTHS_12)
            yield view.case(before, referral, referral.day - before.day, counted=again)


# --- looked after children --------------------------------------------------------------------------------------------

#: Of a duty: the last day that is certainly in time, the last that may be, and what is said of an act between them.
_Limit = tuple[int, int, str]


def _chain(
    view: _View,
    start: Event | None,
    end: int | None,
    acts: Sequence[Event],
    limit: Callable[[int, int], _Limit],
    *,
    most: int | None = None,
    unsure: Sequence[Event] = (),
    what: str = "",
) -> Iterator[_Case]:
    """The duties of one stretch of care that fall due in the period: the start and every act open one, which the next
    act closes.

    Args:
        start: what opens the first.
        end: the day on which the stretch ends.
        acts: what was done in it, one a day.
        limit: by the place in the series (from 0) and the day it opened, until when.
        most: how many duties there are at most.
        unsure: acts of which the record does not say whether they count.
        what: what is said where they decide.
    """
    assert start is not None
    opened = start
    for place, act in enumerate((*acts, None)):
        if place == most:
            return
        sure, possible, missing = limit(place, opened.day)
        done = None if act is None else act.day
        until = next(day for day in (done, end, view.last) if day is not None)
        doubt = missing if sure < until <= possible else ""
        if not doubt and any(opened.day + (place > 0) <= event.day <= possible for event in unsure):
            doubt = what
        status = _settled(view, opened.day, sure, done, end, doubt)
        if view.within(sure):
            yield _decided(view, opened, act, status, doubt)
        elif (
            sure < view.first
            and until >= view.first
            and (view.since is None or sure >= view.since)
            and status in (Status.BREACHED, Status.NOT_ASSESSED)
        ):
            yield view.case(opened, act, why="due before the period, and not done when it began")
        if act is not None:
            opened = act


def _decided(view: _View, opened: Event, act: Event | None, status: Status, doubt: str) -> _Case:
    why = ""
    if status is Status.NOT_ASSESSED:
        why = doubt
    elif status is Status.LAPSED:
        why = "it ended before the last day in time"
    elif status is Status.DUE:
        why = "the last day in time is the last of the period"
    days = None if act is None else act.day - opened.day
    return view.case(opened, act, days, counted=status is Status.MET, why=why)


def _inside(acts: Iterable[Event], start: int, end: int | None) -> list[Event]:
    """The acts in a stretch, the first of each day."""
    found: dict[int, Event] = {}
    for act in acts:
        if act.day >= start and (end is None or act.day <= end):
            found.setdefault(act.day, act)
    return [found[day] for day in sorted(found)]


def _other_care(view: _View) -> Iterator[_Case]:
    for span, why in view.care[1]:
        if view.in_period(span):
            yield view.case(span.start_event, span.end_event, why=why)


def _care_reviews(view: _View) -> Iterator[_Case]:
    def limit(place: int, opened: int) -> _Limit:
        day = view.due(opened, (_DAY_20, _MONTHS_3, _MONTHS_6)[min(place, 2)])
        return day, day, ""

    yield from _other_care(view)
    for span in view.care[0]:
        yield from _chain(view, span.start_event, span.end, _inside(view.acts(_CARE_REVIEW), *span[:2]), limit)


def _initial_health(view: _View) -> Iterator[_Case]:
    def limit(place: int, opened: int) -> _Limit:
        day = view.due(opened, _DAY_20)
        return day, day, ""

    yield from _other_care(view)
    acts = [event for event in view.acts(_HEALTH) if not _said(event, "initial", False)]
    for span in view.care[0]:
        yield from _chain(view, span.start_event, span.end, _inside(acts, *span[:2]), limit, most=1)


def _review_health(view: _View) -> Iterator[_Case]:
    def limit(place: int, opened: int) -> _Limit:
        half, whole = view.due(opened, _MONTHS_6), view.due(opened, _MONTHS_12)
        if view.born is None:
            return half, whole, "the date of birth is not in the record"
        five = age_attained(view.born, 60)
        if opened >= five:
            return whole, whole, ""
        return (
            (half, half, "") if half < five else (half, whole, "between the limits before and after the fifth birthday")
        )

    yield from _other_care(view)
    for span in view.care[0]:
        acts = _inside(view.acts(_HEALTH), *span[:2])
        if acts:
            yield from _chain(view, acts[0], span.end, acts[1:], limit)


#: Placements to which regulation 28 gives other intervals, or does not apply.
_OTHER_RULES: Final = {
    "placed with parents": "placed with parents: other intervals hold (regulation 28(3) to (5))",
    "placed for adoption": "placed for adoption: other regulations hold",
}


def _care_visits(view: _View) -> Iterator[_Case]:
    starts = view.acts(_PLACEMENT)
    spans, _ = pair_spans(starts, view.acts(_PLACEMENT_ENDED), ())
    visits = [event for event in view.acts(_VISIT) if not _said(event, "seen", False)]
    for place, span in enumerate(spans):
        ends = [span.end, spans[place + 1].start if place + 1 < len(spans) else None]
        care = next((each for each in view.care[0] if _begins_in(span, each)), None)
        ends.append(None if care is None else care.end)
        end = min((day for day in ends if day is not None), default=None)
        if not view.in_period(span._replace(end=end)):
            continue
        begun = span.start_event
        assert begun is not None
        why = _other_rules(begun)
        if care is None:
            missing = "no period of care in which the placement began is in the records"
            why = next((reason for each, reason in view.care[1] if _begins_in(span, each)), missing)
        if why:
            yield view.case(begun, span.end_event, why=why)
            continue
        yield from _chain(
            view,
            begun,
            end,
            _inside((event for event in visits if _word(event, "visit type") == "looked after"), span.start, end),
            _visit_limit(view, begun),
            unsure=_inside((event for event in visits if _word(event, "visit type") is None), span.start, end),
            what="the record does not say of which type a visit was",
        )


def _begins_in(placement: Span, care: Span) -> bool:
    return care.start <= placement.start and (
        care.end is None or placement.start < care.end or placement.start == care.start
    )


def _other_rules(placement: Event) -> str:
    """Why the ordinary intervals do not hold for a placement; "" where they do."""
    kind = _word(placement, "placement type")
    if kind is None:
        return "the kind of placement is not in the record"
    if kind in _OTHER_RULES:
        return _OTHER_RULES[kind]
    if _said(placement, "temporarily approved", True):
        return "the carer has only temporary approval: other intervals hold (regulation 28(4))"
    if kind == "connected person" and not _said(placement, "temporarily approved", False):
        return "whether a connected person has only temporary approval is not in the record"
    return ""


def _visit_limit(view: _View, placement: Event) -> Callable[[int, int], _Limit]:
    """The limits of the visits of one placement, by place in the series and the day from which it runs."""
    year = add_months(placement.day, 12)
    long_term = read_yes_or_no(placement.details.get("long term"))
    fostered = _word(placement, "placement type") in ("foster care", "connected person")

    def limit(place: int, opened: int) -> _Limit:
        six = view.due(opened, _SIX_WEEKS)
        if place == 0:
            week = view.due(opened, _WEEK)
            return week, week, ""
        if six < year or long_term is False:
            return six, six, ""
        months = view.due(opened, _MONTHS_3)
        # In a long-term foster placement the child may agree to two visits a year.
        most = max(view.due(opened, _MONTHS_6), months) if fostered else months
        if long_term is not True:
            return six, most, "the record does not say whether the placement is long term"
        if opened < year:
            return six, most, "between the limits in and after the first year of the placement"
        return months, most, "the record does not say whether the child agreed to fewer visits"

    return limit


# --- the register -----------------------------------------------------------------------------------------------------

_WORKING_DAYS: Final = (
    "Working days are Monday to Friday less the bank holidays of England and Wales; the first day is day 0, and from a "
    "day off the next working day is day 1."
)
_PLAN_COHORT: Final = (
    "Children with a child protection plan at the end of the last day who have had it for 3 months or more. Counted: "
    "those of whom every review required in the period was held in time, the first within {first} of the start of the "
    "plan, each later one within {later} of the one before. The last review before the period starts the chain; "
    "a review on the first day of the plan is none of its reviews. A review whose last day is that of the period is "
    "still due. Temporary plans are left out."
)
_TWO_YEARS_SAID: Final = (
    "Counted: those that lasted more than 729 days, the first day and the last both counted. Temporary plans are left "
    "out."
)
_DUE_IN_PERIOD: Final = (
    "Cases are the duties whose last day lies in the period; those that ended before it are left out, and so are short "
    "breaks (V3, V4)."
)

#: The measures, in the order of the result.
_MEASURES: Final = (
    _Measure(
        "assessments-45-days-from-referral",
        "Assessments authorised within 45 working days of the referral",
        "No assessment was authorised in the period.",
        "Assessments authorised in the period, from the day of the referral to the day of authorisation. The referral "
        "is the one that is named, else the latest on or before the start of the assessment, unless the case was "
        f"closed since; only the first assessment authorised for a referral is counted. {_WORKING_DAYS}",
        "Working Together to Safeguard Children; children in need census guide 2023-24, section 4.9",
        (_REFERRAL, _ASSESSMENT, _AUTHORISED),
        _from_referral,
        bands=_C2,
        inside=6,
    ),
    _Measure(
        "assessments-45-days-from-start",
        "Assessments authorised within 45 working days of their start",
        "No assessment was authorised in the period.",
        "Assessments authorised in the period, from the day the assessment started to the day of authorisation. "
        f"{_WORKING_DAYS}",
        "Department for Education, Characteristics of children in need, table C2",
        (_ASSESSMENT, _AUTHORISED),
        _from_start,
        bands=_C2,
        inside=6,
    ),
    _Measure(
        "initial-conferences-15-days",
        "Initial child protection conferences within 15 working days of the strategy discussion",
        "No initial child protection conference was held in the period.",
        "Initial conferences held in the period, from the strategy discussion that initiated the section 47 enquiry. A "
        "conference belongs to the enquiry that it names, else to the latest on or before it that no other conference "
        "has, that did not end without one, and since which the case was not closed. The discussion is the one that "
        "the enquiry names, else the latest on or before the enquiry. Conferences before the enquiry are left out. "
        f"{_WORKING_DAYS}",
        "Department for Education, Characteristics of children in need, table C4; children in need census guide "
        "2023-24, section 4.12.2",
        (_STRATEGY, _SECTION_47, _CONFERENCE),
        _conferences,
        bands=_C4,
        inside=2,
    ),
    _Measure(
        "transfer-in-conferences-15-days",
        "Transfer-in conferences within 15 working days of the notification",
        "No transfer-in conference was held in the period.",
        "Transfer-in conferences held in the period, from the day the other authority gave notice: the notice that is "
        f"named, else the latest on or before the conference that no other conference has. {_WORKING_DAYS}",
        "Children in need census guide 2023-24, section 4.8",
        (_NOTIFIED, _TRANSFER),
        _transfers,
        bands=_C4,
        inside=2,
    ),
    _Measure(
        "protection-plan-reviews",
        "Child protection plans reviewed in time (3 and 6 months)",
        "No child had had a plan for 3 months at the end of the period.",
        _PLAN_COHORT.format(first="3 calendar months", later="6 calendar months"),
        "Department for Education, Characteristics of children in need, table D6; Working Together to Safeguard "
        "Children; children in need census guide 2023-24, section 5.5.1",
        (_PLAN, _PLAN_ENDED, _PLAN_REVIEW),
        _plan_reviews(_MONTHS_3, _MONTHS_6),
        a_past=True,
    ),
    _Measure(
        "protection-plan-reviews-by-days",
        "Child protection plans reviewed in time (91 and 183 days)",
        "No child had had a plan for 3 months at the end of the period.",
        _PLAN_COHORT.format(first="91 days", later="183 days"),
        "As table D6, with the days that case systems and the sector's code count for 3 and 6 months",
        (_PLAN, _PLAN_ENDED, _PLAN_REVIEW),
        _plan_reviews(_DAYS_91, _DAYS_183),
        a_past=True,
    ),
    _Measure(
        "protection-plans-two-years-ended",
        "Child protection plans that ended after two years or more",
        "No child protection plan ended in the period.",
        f"Child protection plans that ended in the period. {_TWO_YEARS_SAID}",
        "Local Authority Interactive Tool, measures 98 and 264",
        (_PLAN, _PLAN_ENDED),
        _plans_ended,
        timely=False,
    ),
    _Measure(
        "protection-plans-two-years-open",
        "Child protection plans that have lasted two years or more",
        "No child protection plan was open at the end of the period.",
        f"Child protection plans that are open at the end of the last day. {_TWO_YEARS_SAID}",
        "Local Authority Interactive Tool, measures 98 and 264",
        (_PLAN, _PLAN_ENDED),
        _plans_open,
        timely=False,
        only_end=True,
    ),
    _Measure(
        "re-referrals-12-months",
        "Referrals within 12 months of a previous referral",
        "No referral was received in the period.",
        "Referrals received in the period, whatever was decided on them. Counted: those of a child of whom an earlier "
        "day's referral was received 12 calendar months before or less. Referrals of one day are not each other's "
        "previous one.",
        "Local Authority Interactive Tool, measure 271; Department for Education, Characteristics of children in need",
        (_REFERRAL,),
        _re_referrals,
        timely=False,
        back=_MONTHS_12,
    ),
    _Measure(
        "looked-after-reviews",
        "Reviews of looked after children in time",
        "No review of a looked after child fell due in the period.",
        "The first review within 20 working days of the day on which the child became looked after, the second within "
        f"3 calendar months of the first, each later one within 6 of the one before. {_DUE_IN_PERIOD} {_WORKING_DAYS}",
        "Care Planning, Placement and Case Review (England) Regulations 2010 (SI 2010/959), regulation 33",
        (_CARE, _CARE_ENDED, _CARE_REVIEW),
        _care_reviews,
        a_past=True,
    ),
    _Measure(
        "looked-after-visits",
        "Visits to looked after children in time",
        "No visit to a looked after child fell due in the period.",
        "The first visit within one week of the start of a placement, then each within six weeks of the one before. "
        "After the first year, in a placement that the record calls long term, each within 3 calendar months. Where "
        "the record does not say whether it is long term, what is later than six weeks and within the longest limit "
        "that might hold is not assessed; nor is it in a long-term foster placement between 3 and 6 months, where the "
        "child may have agreed to fewer visits. Visits of the type “looked after” count, unless the record says that "
        "the child was not seen. Placements with parents, for adoption, and with a carer who has (or may have) only "
        f"temporary approval have other rules and are left out. {_DUE_IN_PERIOD}",
        "Care Planning, Placement and Case Review (England) Regulations 2010 (SI 2010/959), regulation 28(2)",
        (_CARE, _CARE_ENDED, _PLACEMENT, _VISIT),
        _care_visits,
        a_past=True,
    ),
    _Measure(
        "initial-health-assessments",
        "Initial health assessments within 20 working days",
        "No initial health assessment fell due in the period.",
        "The first health assessment within 20 working days of the day on which the child became looked after. "
        f"{_DUE_IN_PERIOD} {_WORKING_DAYS}",
        "SI 2010/959, regulation 7; Promoting the health and well-being of looked-after children (2015), paragraph 41",
        (_CARE, _CARE_ENDED, _HEALTH),
        _initial_health,
        a_past=True,
    ),
    _Measure(
        "review-health-assessments",
        "Review health assessments in time",
        "No review health assessment fell due in the period.",
        "Each health assessment within 6 calendar months of the one before while the child is under five, within 12 "
        "from the fifth birthday on. Where the 6 months end on or after that birthday, what is later than 6 months and "
        f"within 12 is not assessed. {_DUE_IN_PERIOD}",
        "SI 2010/959, regulation 7; Promoting the health and well-being of looked-after children (2015), paragraph 53",
        (_CARE, _CARE_ENDED, _HEALTH),
        _review_health,
        a_past=True,
    ),
    _Measure(
        "assessments-open-45-days",
        "Assessments open at the end whose 45 working days are over",
        "No assessment was open at the end of the period.",
        "Assessments that had started and not been authorised by the end of the last day. Counted: those whose 45th "
        "working day is the last day or lies before it. Assessments of a case that was closed before the period are "
        f"left out. {_WORKING_DAYS}",
        "Children in need census, validation check 8670Q",
        (_ASSESSMENT, _AUTHORISED),
        _open_assessments,
        only_end=True,
    ),
    _Measure(
        "section-47-open-15-days",
        "Section 47 enquiries without a conference at the end whose 15 working days are over",
        "No section 47 enquiry was without a conference at the end of the period.",
        "Section 47 enquiries with neither a conference nor the decision that none is required by the end of the last "
        "day. Counted: those whose 15th working day after the strategy discussion is the last day or lies before it. "
        f"Enquiries of a case that was closed before the period are left out. {_WORKING_DAYS}",
        "Children in need census, validation check 8675Q",
        (_STRATEGY, _SECTION_47, _CONFERENCE, _NOT_REQUIRED),
        _open_enquiries,
        only_end=True,
    ),
)
_BY_ID: Final = {measure.id: measure for measure in _MEASURES}

#: The ids of the official measures, in the order of the result.
MEASURES: Final = tuple(_BY_ID)

# --- what the records can answer --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Period:
    """The period as ordinals, with what the records are whole from."""

    first: int
    last: int
    calendar: Calendar
    since: int | None


def _why_not(measure: _Measure, source: Any, held: frozenset[str], first: date, last: date) -> str:
    """Why the records cannot answer; "" where they can."""
    lacking = [name for name in measure.needs if fold(name) not in held]
    if lacking:
        return f"The records do not hold {say_list([f'“{name}”' for name in lacking])}."
    as_of, since, snapshot = source.as_of, source.since, source.snapshot
    if snapshot and (measure.a_past or any(fold(name) in source.latest for name in measure.needs)):
        return "The records are a snapshot: of some events they hold only the latest, and cannot say what was before."
    if snapshot and as_of is None:
        return "The records are a snapshot that does not say of which day it is."
    if as_of is not None and last > as_of:
        return f"The records end on {as_of.isoformat()}, before the period does."
    begins = last if measure.only_end else first
    if measure.back is not None:
        begins = date.fromordinal(add_months(first.toordinal(), -measure.back.months))
    if since is not None and begins < since:
        return f"The records are whole only from {since.isoformat()}, and {begins.isoformat()} is needed."
    return ""


class _Plain:
    """Histories that come without a reader."""

    as_of = since = None
    snapshot = False
    latest: frozenset[str] = frozenset()
    notes: tuple[str, ...] = ()


# --- the result -------------------------------------------------------------------------------------------------------

_COLUMNS: Final = (
    "measure", "title", "band", "count", "denominator", "share", "lower_quartile", "median", "upper_quartile", "hidden",
    "why_not_assessed", "left_out", "definition", "source",
)  # fmt: skip


@dataclass(frozen=True, eq=False)
class Official:
    """The official measures of one period.

    Attributes:
        first: the first day of the period.
        last: the last day of the period.
        records: what was counted, in words.
        subjects: how many children's records were looked at.
        refused: the children of whose records no history can be made.
        smallest: counts from 1 to one less are hidden in rows, table and page; 0 hides none.
        not_assessed: why the records cannot answer, by the id of the measure.
        faults: cells and records that could not be used.
        notes: what a user should know.
    """

    first: date
    last: date
    records: str
    subjects: int
    refused: tuple[str, ...]
    smallest: int
    not_assessed: Mapping[str, str]
    faults: tuple[Fault, ...]
    notes: tuple[str, ...]
    _cases: Mapping[str, Sequence[_Case]] = field(repr=False)
    _since: date | None = field(default=None, repr=False)

    def rows(self) -> list[dict[str, Any]]:
        """One row for each measure (band ""), and one for each band of it.

        Keys: `measure` (its id), `title`, `band`, `count`, `denominator`, `share` (from 0 to 1; None where there is
        nothing to share), `lower_quartile`, `median`, `upper_quartile` (working days, between two neighbours by
        interpolation; only for measures with bands), `hidden` (the names of what is kept back), `why_not_assessed`
        (None where it was), `left_out` (how many cases and why), `definition`, `source`.
        """
        return [row for measure in _MEASURES for row in self._rows_of(measure)]

    def _rows_of(self, measure: _Measure) -> Iterator[dict[str, Any]]:
        told = self.not_assessed.get(measure.id)
        cases = [case for case in self._cases.get(measure.id, ()) if not case.why]
        counted = sum(case.counted for case in cases)
        bands = Counter(_band(measure, case) for case in cases)
        cell = {"denominator": len(cases), "counted": counted, "other": len(cases) - counted}
        cell |= {name: bands[name] for name, _ in measure.bands}
        secret = _secret(measure, cell, self.smallest)
        days = sorted(case.days for case in cases if case.days is not None) if measure.bands and not secret else []
        quartiles = _quartiles(days)
        for name, number in [("", "counted"), *((name, name) for name, _ in measure.bands)]:
            row: dict[str, Any] = dict.fromkeys(_COLUMNS)
            row |= {"measure": measure.id, "title": measure.title, "band": name}
            row |= {"definition": measure.definition, "source": measure.source}
            if told is not None:
                yield {**row, "why_not_assessed": told}
                continue
            shown = {"count": number, "denominator": "denominator"}
            kept = [column for column, of in shown.items() if of in secret]
            row |= {column: None if column in kept else cell[of] for column, of in shown.items()}
            if kept:
                kept.append("share")
            elif cases:
                row["share"] = row["count"] / len(cases)
            if not name and measure.bands:
                if secret:
                    kept += ["lower_quartile", "median", "upper_quartile"]
                row["lower_quartile"], row["median"], row["upper_quartile"] = quartiles
            row["hidden"] = ", ".join(kept) or None
            row["why_not_assessed"] = None if cases else measure.nobody
            row["left_out"] = self._left_out(measure)
            yield row

    def _left_out(self, measure: _Measure) -> str | None:
        found = Counter(case.why for case in self._cases[measure.id] if case.why)
        said = [
            f"{f'fewer than {self.smallest}' if count < self.smallest else f'{count:,}'}: {why}"
            for why, count in sorted(found.items(), key=lambda item: item[0])
        ]
        if self._since is not None and _CARE in measure.needs:
            said.append(
                f"an unknown number: care that began before {self._since.isoformat()} and is not in the records"
            )
        return "; ".join(said) or None

    def table(self) -> pa.Table:
        """The rows as an Arrow table.

        Raises:
            TableError: pyarrow is not installed.
        """
        pa = arrow()
        types = dict.fromkeys(_COLUMNS, pa.string())
        types |= dict.fromkeys(("count", "denominator"), pa.int64())
        types |= dict.fromkeys(("share", "lower_quartile", "median", "upper_quartile"), pa.float64())
        return pa.Table.from_pylist(self.rows(), schema=pa.schema(list(types.items())))

    def cases(self, measure: str) -> list[dict[str, Any]]:
        """The cases of one measure, for a look at each: by child and day. Nothing is hidden in them.

        Keys: `subject`, `opened` and `done` (dates, None where there is none), `days` (working days in measures with
        bands and in those of what is open, calendar days elsewhere), `band`, `counted` (whether it is in the count),
        `in_time` (None where the measure does not ask for that, or the case is left out), `left_out` (why; None where
        it is not), `source_rows` (the records it rests on).

        Raises:
            ValueError: there is no such measure.
        """
        if measure not in _BY_ID:
            raise ValueError(f"the official measures are {', '.join(MEASURES)}")
        known = _BY_ID[measure]
        return [
            {
                "subject": case.subject,
                "opened": None if case.opened is None else date.fromordinal(case.opened),
                "done": None if case.done is None else date.fromordinal(case.done),
                "days": case.days,
                "band": "" if case.why else _band(known, case),
                "counted": case.counted and not case.why,
                "in_time": None if case.why or not known.timely else case.counted is not known.only_end,
                "left_out": case.why or None,
                "source_rows": case.sources or None,
            }
            for case in self._cases.get(measure, ())
        ]

    def __repr__(self) -> str:
        return f"<Official {self.first} to {self.last}: {self.subjects} subjects of {self.records}>"

    def _repr_html_(self) -> str:
        """For a notebook: every measure with its share, its bands, and what is to be said of it."""
        lines = []
        for row in self.rows():
            hidden = row["hidden"] or ""
            cells = [
                ("…" if name in hidden.split(", ") else "" if row[name] is None else say(row[name]))
                for name, say in (("count", _number), ("denominator", _number), ("share", _percent))
            ]
            name = f"<td style='padding-left:2em'>{escape(row['band'])}</td>"
            said = ""
            if not row["band"]:
                name = f"<td title='{escape(row['definition'])}'><b>{escape(row['title'])}</b></td>"
                said = escape(" ".join(filter(None, (row["why_not_assessed"], _sentence(row["left_out"])))))
            elif row["denominator"] is None and not hidden:
                continue
            numbers = "".join(f"<td style='text-align:right'>{cell}</td>" for cell in cells)
            lines.append(f"<tr>{name}{numbers}<td>{said}</td></tr>")
        notes = "".join(f"<li>{escape(note)}</li>" for note in self.notes)
        return (
            f"<p><b>Official measures</b>, {self.first} to {self.last}: {self.subjects:,} subjects of "
            f"{escape(self.records)}</p><table><thead><tr><th>measure</th><th>count</th><th>of</th><th>share</th>"
            f"<th></th></tr></thead><tbody>{''.join(lines)}</tbody></table>{f'<ul>{notes}</ul>' if notes else ''}"
        )


def _number(value: float) -> str:
    return f"{value:,}"


def _percent(value: float) -> str:
    return f"{value:.1%}"


def _sentence(left_out: str | None) -> str:
    return f"Left out: {left_out}." if left_out else ""


def _band(measure: _Measure, case: _Case) -> str:
    """The name of the band in which a case lies; "" where the measure has none."""
    if case.days is None:
        return ""
    return next((name for name, last in measure.bands if last is None or case.days <= last), "")


def _quartiles(days: Sequence[int]) -> tuple[float | None, float | None, float | None]:
    """Lower quartile, median and upper quartile, between two neighbours by interpolation."""
    if not days:
        return None, None, None

    def at(quarter: int) -> float:
        place, over = divmod(quarter * (len(days) - 1), 4)
        return days[place] + (over / 4 * (days[place + 1] - days[place]) if over else 0.0)

    return at(1), at(2), at(3)


def _secret(measure: _Measure, cell: dict[str, int], smallest: int) -> set[str]:
    """The names of the numbers of a measure that are hidden, by the same rules as in `measures`."""
    names = tuple(name for name, _ in measure.bands)
    sums: list[tuple[str, tuple[str, ...]]] = [("denominator", ("counted", "other"))]
    if names:
        sums += [("counted", names[: measure.inside]), ("other", names[measure.inside :])]

    def in_row(row: dict[str, int], hidden: set[str], least: int) -> None:
        for total, parts in sums:
            _sum_in_row(total, parts)(row, hidden, least)

    return _hide([cell], [{}], tuple(cell), in_row, smallest)[0]


# --- counting ---------------------------------------------------------------------------------------------------------


def official_measures(
    histories: Reading | EventLog | Iterable[History],
    *,
    first: date,
    last: date,
    calendar: Calendar | None = None,
    holds: Iterable[str] | None = None,
    smallest: int = 0,
) -> Official:
    """Count the official measures of a period.

    Args:
        histories: what a reader read, an event log, or histories.
        first: the first day of the period, as 1 April.
        last: its last day, as 31 March. The end of that day is the moment of counting.
        calendar: the working days; those of England and Wales unless given.
        holds: the events that the records can hold. Unless given: what the reader says; for an event log what it was
            told, and for histories what occurs in them. A measure that needs another is not assessed.
        smallest: counts from 1 to one less are hidden, with what would give them away; 0 shows all.

    Raises:
        TypeError: the histories or the days are something else.
        ValueError: the period ends before it begins, or `smallest` leaves no room for doubt.
    """
    for name, day in (("first", first), ("last", last)):
        if not isinstance(day, date) or isinstance(day, datetime):
            raise TypeError(f"{name} must be a date")
    if last < first:
        raise ValueError("last lies before first. Give the first and the last day of the period.")
    _check_smallest(smallest)
    source: Any = histories if isinstance(histories, Reading | EventLog) else _Plain
    since = None if source.since is None else source.since.toordinal()
    period = _Period(first.toordinal(), last.toordinal(), calendar or Calendar(), since)

    faults: list[Fault] = []
    refused: list[str] = []
    cases: dict[str, list[_Case]] = {name: [] for name in MEASURES}
    occurs: set[str] = set()
    subjects, newest = 0, 0
    oldest: int | None = None
    for subject, history, table in _each(histories, faults):
        subjects += 1
        if history is None:
            refused.append(subject)
            continue
        if history.kind != "child":
            continue
        occurs |= history.names
        newest = max(newest, history.final_moment().day)
        view = _View(history, table, period)
        for referral in view.acts(_REFERRAL)[:1]:
            oldest = referral.day if oldest is None else min(oldest, referral.day)
        for measure in _MEASURES:
            cases[measure.id] += measure.find(view)

    if holds is not None:
        held = frozenset(fold(name) for name in holds)
    else:
        held = source.holds if isinstance(source, Reading | EventLog) else frozenset(occurs)
    why = {measure.id: _why_not(measure, source, held, first, last) for measure in _MEASURES}
    given = source.faults if isinstance(source, Reading | EventLog) else ()
    notes = list(source.notes)
    if refused:
        who = plural(len(refused), "child was", "children were")
        notes.append(f"{who} not counted: no history can be made of their records.")
    if 0 < newest < period.last:
        notes.append(f"Nothing in the records is later than {date.fromordinal(newest)}, before the period ends.")
    if oldest is not None and not why["re-referrals-12-months"] and oldest > add_months(period.first, -12):
        notes.append(
            f"The earliest referral in the records is of {date.fromordinal(oldest)}, less than 12 months before the "
            "period: re-referrals after earlier ones are not seen."
        )
    if not why["looked-after-reviews"] and not any(name in held for name in (_LEGAL, _BREAKS)):
        notes.append("The records hold no legal status, so that short breaks could not be left out.")
    if period.last > OFFICIAL_UNTIL:
        published = date.fromordinal(OFFICIAL_UNTIL)
        notes.append(f"Bank holidays after {published} are not published yet: the days counted are a projection.")
    return Official(
        first=first,
        last=last,
        records=source.source if isinstance(source, Reading | EventLog) else "histories",
        subjects=subjects,
        refused=tuple(sorted(refused)),
        smallest=smallest,
        not_assessed={name: reason for name, reason in why.items() if reason},
        faults=(*given, *sorted(faults)),
        notes=tuple(notes),
        _cases={name: sorted(found, key=_in_order) for name, found in cases.items() if not why[name]},
        _since=source.since,
    )


def _each(histories: Any, faults: list[Fault]) -> Iterator[tuple[str, History | None, str]]:
    """Every subject with its history (None where none can be made), and the table behind bare row numbers."""
    if isinstance(histories, EventLog):
        for chunk in histories.chunks():
            for subject, history, _, set_aside in chunk.histories():
                faults += set_aside
                yield subject, history, histories.name
        return
    if isinstance(histories, Reading):
        for found in histories.subjects.values():
            made: History | None = None
            try:
                made, set_aside = build_history(found)
            except HistoryError as error:
                set_aside = refusal(found, error)
            faults += set_aside
            yield found.id, made, ""
        return
    if isinstance(histories, History | str | Mapping) or not isinstance(histories, Iterable):
        raise TypeError("official_measures takes histories, what a reader read, or an event log")
    for history in histories:
        if not isinstance(history, History):
            raise TypeError("official_measures takes histories, what a reader read, or an event log")
        yield history.subject, history, ""


def _in_order(case: _Case) -> tuple[Any, ...]:
    return (case.subject, case.opened or 0, case.done or 0, *case[3:])
