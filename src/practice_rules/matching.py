"""The operators that pair duties with acts, over tables of days: within, chain, before, window.

A kind prepares their arguments from the YAML and decides nothing; `settle` decides the statuses. Each operator takes
what opens duties and what may close them, in order, and gives one tuple (`Duty`) for each duty.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Mapping, Sequence
from typing import Final

from .calendars import day_of
from .events import Event, Span
from .obligations import Duty, Extra
from .standards import Case, Gap, Perhaps, Picked, Standard, Timing

__all__ = [
    "Opening",
    "among",
    "before",
    "between",
    "chain",
    "counted",
    "finished",
    "held",
    "in_terms",
    "nth",
    "openings",
    "timed",
    "within",
]

#: What opens a duty: its day, the event, the day its period ends (or None), and the first day an act may count from.
Opening = tuple[int, Event | None, int | None, int]


def openings(standard: Standard, case: Case, picked: Picked) -> list[Opening]:
    """The events that open a duty: those that the standard admits, inside its periods if it has any."""
    spans = None if standard.standing is None else case.standing(standard.standing)
    gated = standard.gated
    found: list[Opening] = []
    for event in picked.acts.events:
        day = event.day
        holds, fell = (True, None) if spans is None else _holding(spans, day)
        if holds and (not gated or standard.admits(case, day, event)):
            found.append((day, event, fell, day))
    for event, missing in picked.unsure:
        if (spans is None or _holding(spans, event.day)[0]) and standard.may_admit(case, event.day, event):
            case.gaps.append(Gap(f"the detail “{missing}” of “{event.key}”", event.day, event.id))
    return found


def held(standard: Standard, case: Case, day: int) -> tuple[bool, int | None]:
    """Whether a standard's periods hold on a day, and the day they end: where several spans hold, the last end."""
    return (True, None) if standard.standing is None else _holding(case.standing(standard.standing), day)


def _holding(spans: Sequence[Span], day: int) -> tuple[bool, int | None]:
    ends = [span.end for span in spans if span.holds(day)]
    certain = [end for end in ends if end is not None]
    return bool(ends), max(certain) if ends and len(certain) == len(ends) else None


def within(
    standard: Standard,
    case: Case,
    opened: Sequence[Opening],
    picked: Picked,
    timing: Timing,
    *,
    each: bool = False,
    times: int = 1,
    triggers: Sequence[Event] = (),
) -> list[Duty]:
    """Each opening opens a duty; the earliest act on or after it closes it (with `times`, the so-manyth).

    With `each`, an act belongs to the latest opening on or before it. An act that names one of the openings (`about`)
    belongs to that one, whatever the dates. No event closes the duty that it opens; where an act opens a duty itself,
    it closes only those that were opened before it. An opening whose period fell away is closed by no later act:
    `settle` sees to it.

    Args:
        triggers: every event of the opening choice, whether or not it opens a duty: an act that names one belongs to
            it.
    """
    acts = picked.acts
    count = timing.counter(case)
    plain = timing.plain and not picked.unsure and standard.unless_event is None and times == 1 and not each
    if plain and acts.plain and timing.aim is None:
        days, events = acts.days, acts.events
        duties: list[Duty] = []
        for day, event, fell, since in opened:
            if event is not None and event.clock is not None:
                break
            place = bisect_left(days, since)
            if place < len(days):
                if days[place] == since and any(e is not None and e.id == events[place].id for _, e, _, _ in opened):
                    break  # an act that opens a duty itself: its place within the day decides
                duties.append((day, event, count(day), days[place], events[place], fell, None, None))
            else:
                duties.append((day, event, count(day), None, None, fell, None, None))
        else:
            return duties
    openers = {event.id: event for _, event, _, _ in opened if event is not None}
    ids = openers.keys() | {event.id for event in triggers}
    named: dict[str, list[Event]] = {}
    free: list[Event] = []
    for act in acts.events:
        if act.about in ids and act.about != act.id:
            named.setdefault(act.about or "", []).append(act)
        else:
            free.append(act)
    # An act after an event that opened nothing (a condition shut it out) belongs to that event all the same.
    belonging = _by_latest(triggers, free) if each else None
    duties = []
    for day, event, fell, since in opened:
        own = named.get(event.id, []) if event is not None else []
        if belonging is None or event is None:
            loose = [act for act in free if _may_close(act, since, event, openers)]
        else:
            loose = belonging[event.id]
        candidates = sorted([*own, *loose], key=_order) if own else loose
        done = candidates[times - 1] if len(candidates) >= times else None
        duties.append(timed(standard, case, timing, day, event, fell, done, picked, count(day), since=since))
    return duties


def _by_latest(triggers: Sequence[Event], acts: Sequence[Event]) -> dict[str, list[Event]]:
    """The acts that belong to each event of the opening choice: every act to the latest that it may close."""
    belonging: dict[str, list[Event]] = {event.id: [] for event in triggers}
    among = {event.id: event for event in triggers}
    days = [event.day for event in triggers]
    for act in acts:
        place = bisect_right(days, act.day) - 1
        while place >= 0 and not _may_close(act, triggers[place].day, triggers[place], among):
            place -= 1
        if place >= 0:
            belonging[triggers[place].id].append(act)
    return belonging


def _may_close(act: Event, since: int, event: Event | None, openers: Mapping[str, Event]) -> bool:
    """Whether an act is on or after an opening and, where it opens a duty itself, comes after it in reading order."""
    if not _on_or_after(act, since, event):
        return False
    return event is None or act.id not in openers or act.order > event.order


def _order(event: Event) -> tuple[int, int, str, str]:
    return event.order


def _later(event: Event | None, other: Event | None) -> bool:
    return (
        event is not None
        and other is not None
        and event.clock is not None
        and other.clock is not None
        and event.clock > other.clock
    )


def _on_or_after(act: Event, day: int, event: Event | None) -> bool:
    """Whether an act is on or after an opening: by time where both have one, else by date. No event is after itself."""
    if act.day != day or event is None or event.day != day:
        return act.day >= day and (event is None or act.id != event.id)
    return act.id != event.id and not _later(event, act)


def timed(
    standard: Standard,
    case: Case,
    timing: Timing,
    day: int,
    event: Event | None,
    fell: int | None,
    done: Event | None,
    picked: Picked,
    base: int,
    changed_since: int | None = None,
    *,
    since: int | None = None,
) -> Duty:
    """One duty with all that moves its due date, and the doubts that would decide it.

    Args:
        changed_since: the first day on which a lasting change of the timescale may have been made; the opening day
            unless given.
        since: the first day from which an act counts; the opening day unless given.
    """
    due: int | None = base
    extra: Extra | None = timing.note
    if not timing.plain:
        changed = day if changed_since is None else changed_since
        due, extra, perhaps = timing.due(case, day, event, base, changed, None if done is None else done.day)
        if timing.timescale.hours and not any(code in _MOVED for code, _ in extra.reasons):
            due = _by_dates(timing, day, due, done, extra)
        if perhaps:
            due = _perhaps(case, due, done, perhaps, extra)
    extra = _act_doubt(extra, picked, day if since is None else since, due, done)
    fell, extra = standard.falls(case, day, due, fell, extra, event)
    target = None if timing.aim is None else timing.target(case, day)
    if target is not None and due is not None:
        target = min(target, due)  # a shorter time that was agreed leaves no room for a later target
    return (day, event, due, None if done is None else done.day, done, fell, target, extra)


#: Reasons after which hours no longer decide: a date was set instead.
_MOVED: Final = ("changed", "capped", "or by")


def _act_doubt(extra: Extra | None, picked: Picked, first: int, due: int | None, done: Event | None) -> Extra | None:
    """With the doubt that would decide the duty, where an act in time may or may not count."""
    if picked.unsure and (done is None or (due is not None and done.day > due)):
        doubt = picked.doubt(first, due)
        if doubt is not None:
            return Extra.doubting(extra, doubt)
    return extra


def _perhaps(case: Case, due: int | None, done: Event | None, perhaps: Sequence[Perhaps], extra: Extra) -> int | None:
    """The due day where a missing fact might have made it another: the sooner of the two with the doubt, if the day
    done (or to-day) lies between them.
    """
    for day, doubt in sorted(perhaps, key=lambda item: item[0]):
        sooner, later = (day, due) if due is None or day < due else (due, day)
        if done is not None:
            decides = sooner < done.day and (later is None or done.day <= later)
        else:
            decides = case.has_come(sooner + 1) and not (later is not None and case.has_come(later + 1))
        if decides:
            extra.doubt, extra.due_clock = doubt, None
            return sooner
    return due


def _by_dates(timing: Timing, day: int, due: int | None, done: Event | None, extra: Extra) -> int | None:
    """Judge a limit in hours by dates where the opening or the act has no time: the next date is in time, or it is not
    assessed.
    """
    hours = timing.timescale.hours
    if extra.due_clock is not None and (done is None or done.clock is not None):
        return due
    if extra.due_clock is not None:
        extra.due_clock = None
        extra.reasons = (*extra.reasons, ("by dates", {"hours": hours}))
        due = day + hours // 24
    if timing.by_date:
        return due
    # An act so many dates later took more than one day less, and less than one day more.
    certain, possible = day + hours // 24 - 1, day - (-hours // 24)
    if done is not None and certain < done.day <= possible:
        extra.doubt = ("the time of day", done.id)
        return certain
    return possible


def chain(
    standard: Standard,
    case: Case,
    spans: Sequence[Span],
    picked: Picked,
    timing_of: Timing | Callable[[int, int, Span], Timing | None],
) -> list[Duty]:
    """Inside each span the start and every act open a duty, which the next act closes; the last stays open or lapses
    with the span.

    Acts of one day are one act. `timing_of` is the timing of every duty, or gives it by `(ordinal, day, span)`: its
    place in the series (from 0) and the day it opens; None ends the series.
    """
    duties: list[Duty] = []
    days, events = picked.acts.days, picked.acts.events
    simple = isinstance(timing_of, Timing) and _simple(standard, picked, timing_of) and not standard.gated
    for span in spans:
        first, end = span.start, span.end
        place = bisect_left(days, first)
        last = len(days) if end is None else bisect_right(days, end)
        inside, acts = days[place:last], events[place:last]
        start = span.start_event
        if inside and (inside[0] == first or len(set(inside)) != len(inside)):
            inside, acts = _one_a_day(inside, acts, first, start)
        if simple and isinstance(timing_of, Timing):
            count, note = timing_of.counter(case), timing_of.note
            day, event = first, start
            for done, act in zip(inside, acts, strict=True):
                duties.append((day, event, count(day), done, act, end, None, note))
                day, event = done, act
            duties.append((day, event, count(day), None, None, end, None, note))
        else:
            duties.extend(_series(standard, case, span, acts, picked, timing_of))
    return duties


def _one_a_day(
    days: Sequence[int], acts: Sequence[Event], first: int, start: Event | None
) -> tuple[list[int], list[Event]]:
    """The first act of each day; the start of a span may be met on its own day, but not by itself."""
    kept_days: list[int] = []
    kept: list[Event] = []
    for day, act in zip(days, acts, strict=True):
        if (day != first or start is None or act.id != start.id) and not (kept_days and kept_days[-1] == day):
            kept_days.append(day)
            kept.append(act)
    return kept_days, kept


def _simple(standard: Standard, picked: Picked, timing: Timing) -> bool:
    """Whether the opening day alone decides the due date, and nothing is in doubt."""
    return not picked.unsure and standard.unless_event is None and timing.plain and timing.aim is None


def _series(
    standard: Standard,
    case: Case,
    span: Span,
    acts: Sequence[Event],
    picked: Picked,
    timing_of: Timing | Callable[[int, int, Span], Timing | None],
) -> list[Duty]:
    """The duties of one span where each may have a timing of its own, conditions, or what moves it."""
    duties: list[Duty] = []
    gated = standard.gated
    begun = case.begun_by(standard.standing, span) if gated else None
    day, event = span.start, span.start_event
    timing: Timing | None = None
    for ordinal, act in enumerate((*acts, None)):
        following = timing_of if isinstance(timing_of, Timing) else timing_of(ordinal, day, span)
        if following is None:
            break
        if following is not timing:
            timing, count, simple = following, following.counter(case), _simple(standard, picked, following)
        # Conditions look at the start of the period, whichever act opens the duty.
        if not gated or standard.admits(case, day, begun or event):
            due = count(day)
            if simple:
                done = None if act is None else act.day
                duties.append((day, event, due, done, act, span.end, None, timing.note))
            else:
                first = day + 1 if ordinal else day
                duties.append(
                    timed(standard, case, timing, day, event, span.end, act, picked, due, span.start, since=first)
                )
        if act is not None:
            day, event = act.day, act
    return duties


def before(
    standard: Standard,
    case: Case,
    opened: Sequence[Opening],
    picked: Picked,
    timing: Timing | None,
    earlier: Sequence[Event],
) -> list[Duty]:
    """Each event, held or arranged, opens a duty that is due so long before it; the act that belongs to it must be on
    or before it.

    An act belongs to the next such event on or after it, unless it names one (`about`). Without `timing`: at any time
    before.

    Args:
        earlier: every such event, whether or not it opens a duty, so that an act for one is not taken for the next.
    """
    ids = {event.id for event in earlier}
    meetings = sorted(earlier, key=_order)
    meeting_days = [other.day for other in meetings]
    named: dict[str, list[Event]] = {}
    free: list[Event] = []
    for act in picked.acts.events:
        if act.about in ids:
            named.setdefault(act.about or "", []).append(act)
        else:
            free.append(act)
    free_days = [act.day for act in free]
    duties: list[Duty] = []
    for day, event, fell, _ in opened:
        assert event is not None
        # The meeting before this one: on an earlier day, or earlier the same day where times tell.
        place = bisect_right(meeting_days, day) - 1
        while place >= 0 and meetings[place].day == day and not _later(event, meetings[place]):
            place -= 1
        previous = meetings[place] if place >= 0 else None
        due = day if timing is None else case.calendar.back(day, timing.timescale)
        extra: Extra | None = None
        if timing is not None and timing.timescale.hours and event.clock is not None:
            extra = Extra(due_clock=event.clock - 3600 * timing.timescale.hours)
            due = day_of(extra.due_clock or 0)
        nearby = free[bisect_left(free_days, previous.day if previous else 0) : bisect_right(free_days, day)]
        mine = [act for act in named.get(event.id, ()) if _on_or_after(event, act.day, act)]
        mine += [act for act in nearby if _on_or_after(event, act.day, act) and _belongs(act, previous)]
        done = min(mine, key=_order, default=None)
        if timing is not None and timing.timescale.hours:
            due, extra = _hours_before(timing, day, due, done, extra)
        first = previous.day + 1 if previous else 0
        extra = _act_doubt(extra, picked, first, due, done)
        target = None if timing is None or timing.aim is None else case.calendar.back(day, timing.aim)
        fell, extra = standard.falls(case, first, due, fell, extra, event)
        duties.append((day, event, due, None if done is None else done.day, done, fell, target, extra))
    return duties


def _belongs(act: Event, previous: Event | None) -> bool:
    """Whether an act came after the previous such event; one that is itself such an event belongs to the next."""
    return previous is None or act.day > previous.day or act.id == previous.id or _later(act, previous)


def _hours_before(timing: Timing, day: int, due: int, done: Event | None, extra: Extra | None) -> tuple[int, Extra]:
    """As `_by_dates`, counting back."""
    hours = timing.timescale.hours
    if extra is not None and (done is None or done.clock is not None):
        return due, extra
    extra = Extra(reasons=(("by dates", {"hours": hours}),))
    possible, certain = day - hours // 24, day - -(-hours // 24) - 1
    if not timing.by_date and done is not None and certain < done.day <= possible:
        extra.doubt = ("the time of day", done.id)
        return certain, extra
    return possible, extra


def counted(
    standard: Standard, case: Case, spans: Sequence[Span], picked: Picked, times: int, timing: Timing
) -> list[Duty]:
    """So many acts in any stretch of a length: the start of the span and every act open a duty that the so-manyth
    following act closes.

    That is the longest time allowed to contain fewer.
    """
    duties: list[Duty] = []
    days, events = picked.acts.days, picked.acts.events
    count = timing.counter(case)
    for span in spans:
        begun = case.begun_by(standard.standing, span)
        place = bisect_left(days, span.start)
        last = len(days) if span.end is None else bisect_right(days, span.end)
        anchors: list[tuple[int, Event | None, int]] = [(days[k], events[k], k + 1) for k in range(place, last)]
        if span.start_event is None or span.start_event.id not in {events[k].id for k in range(place, last)}:
            anchors.insert(0, (span.start, span.start_event, place))
        for day, event, following in anchors:
            if not standard.admits(case, day, begun or event):
                continue
            closing = following + times - 1
            act = events[closing] if closing < last else None
            duties.append(timed(standard, case, timing, day, event, span.end, act, picked, count(day), span.start))
    return duties


def in_terms(
    standard: Standard, case: Case, spans: Sequence[Span], picked: Picked, times: int, *, whole: bool
) -> list[Duty]:
    """So many acts in each school term that a span touches (`whole`: that it covers from the first day); due on the
    term's last day.
    """
    duties: list[Duty] = []
    terms = case.terms
    days, events = picked.acts.days, picked.acts.events
    for span in spans:
        begun = case.begun_by(standard.standing, span)
        early, late = span.start, max(span.start, terms[-1][2] + 1)
        if early < terms[0][1] and standard.in_force_between(early, terms[0][1] - 1):
            case.gaps.append(Gap("the school terms before the first that the pack lists", early))
        if (span.end is None or span.end >= late) and case.has_come(late) and standard.in_force_between(late, None):
            case.gaps.append(Gap("the school terms after the last that the pack lists", late))
        for _, first, last in terms:
            opened = max(first, span.start)
            if opened > last or (span.end is not None and span.end < first) or not case.has_come(opened):
                continue
            if whole and span.start > first:
                continue
            if not standard.admits(case, opened, begun):
                continue
            closing = bisect_left(days, opened) + times - 1
            act = events[closing] if closing < len(days) and days[closing] <= last else None
            duties.append(finished(standard, case, opened, None, last, act, span.end, picked))
    return duties


def between(
    standard: Standard, case: Case, spans: Sequence[Span], gaps_of: Picked, picked: Picked, times: int
) -> list[Duty]:
    """So many acts in each gap between consecutive events: after the one, up to and including the day of the next."""
    duties: list[Duty] = []
    for span in spans:
        marks = [event for event in gaps_of.acts.events if span.holds(event.day)]
        perhaps = [(event, missing) for event, missing in gaps_of.unsure if span.holds(event.day)]
        for event, missing in perhaps:
            if standard.may_admit(case, event.day, event):
                case.gaps.append(Gap(f"the detail “{missing}” of “{event.key}”", event.day, event.id))
        for place, mark in enumerate(marks):
            if not standard.admits(case, mark.day, mark):
                continue
            following = marks[place + 1] if place + 1 < len(marks) else None
            inside = [
                act
                for act in picked.acts.events
                if act.day > mark.day and span.holds(act.day) and (following is None or act.day <= following.day)
            ]
            act = inside[times - 1] if len(inside) >= times else None
            due = None if following is None else following.day
            extra: Extra | None = None
            # An event that may end the gap, and before which too little was done, leaves it open whether this is met.
            cut = next(((e, m) for e, m in perhaps if act is not None and mark.day < e.day < act.day), None)
            if cut is not None:
                due, extra = cut[0].day, Extra(doubt=(f"the detail “{cut[1]}” of “{cut[0].key}”", cut[0].id))
            duties.append(
                finished(standard, case, mark.day, mark, due, act, span.end, picked, since=mark.day + 1, extra=extra)
            )
    return duties


def among(
    standard: Standard, case: Case, spans: Sequence[Span], every: Picked, picked: Picked, times: int, size: int
) -> list[Duty]:
    """So many matching acts in any `size` consecutive events: due on the day of the last of them; no date while they
    have not all happened.
    """
    duties: list[Duty] = []
    matching = {event.id for event in picked.acts.events}
    for span in spans:
        begun = case.begun_by(standard.standing, span)
        # Where no time tells the events of a day apart, those that match are read last, whatever their names.
        series = sorted(
            (event for event in every.acts.events if span.holds(event.day)),
            key=lambda event: (*event.order[:2], event.id in matching, event.order),
        )
        anchors: list[tuple[int, Event | None, int]] = [
            (event.day, event, k + 1) for k, event in enumerate(series) if event.id in matching
        ]
        if span.start_event is None or span.start_event.id not in {event.id for event in series}:
            anchors.insert(0, (span.start, span.start_event, 0))
        for day, opened_by, following in anchors:
            if not standard.admits(case, day, begun or opened_by):
                continue
            block = series[following : following + size]
            hits = [event for event in series[following:] if event.id in matching]
            act = hits[times - 1] if len(hits) >= times else None
            ending = block[-1] if len(block) == size else None
            # What comes after the last of the block is late, on its own day too where times tell them apart.
            extra = Extra(due_clock=ending.clock) if ending is not None and _later(act, ending) else None
            due = None if ending is None else ending.day
            first = day if following == 0 else day + 1
            duties.append(
                finished(standard, case, day, opened_by, due, act, span.end, picked, since=first, extra=extra)
            )
    return duties


def nth(
    standard: Standard,
    case: Case,
    opened: Sequence[Opening],
    series: Picked,
    picked: Picked,
    place: int,
    *,
    after: bool,
) -> list[Duty]:
    """An act by the day of the nth event, counted from each opening (`after`: only events later than it).

    An act that names an opening (`about`) belongs to that one.
    """
    duties: list[Duty] = []
    openers = {event.id: event for _, event, _, _ in opened if event is not None}

    def counts(item: Event, day: int, event: Event | None, fell: int | None) -> bool:
        if fell is not None and item.day > fell:
            return False
        return item.day > day or _later(item, event) if after else item.day >= day

    for day, event, fell, since in opened:
        sure = [item for item in series.acts.events if counts(item, day, event, fell)]
        unsure = [(item, missing) for item, missing in series.unsure if counts(item, day, event, fell)]
        mark = sure[place - 1] if len(sure) >= place else None
        due = None if mark is None else mark.day
        act = next(
            (
                item
                for item in picked.acts.events
                if (
                    event is not None and item.about == event.id
                    if item.about in openers and item.about != item.id
                    else _may_close(item, since, event, openers)
                )
                and (fell is None or item.day <= fell)
            ),
            None,
        )
        extra = Extra()
        if mark is not None:
            extra.reasons = (("nth", {"event": mark.id, "name": mark.key, "day": mark.day, "place": place}),)
        if unsure:
            # If those of which the record does not say were of the series, the nth would come sooner.
            both = sorted([*((item, "") for item in sure), *unsure], key=lambda pair: pair[0].order)
            if len(both) >= place:
                item, missing = unsure[0]
                doubt = (f"the detail “{missing}” of “{item.key}”", item.id)
                due = _perhaps(case, due, act, [(both[place - 1][0].day, doubt)], extra)
        duties.append(finished(standard, case, day, event, due, act, fell, picked, since=since, extra=extra))
    return duties


def finished(
    standard: Standard,
    case: Case,
    day: int,
    event: Event | None,
    due: int | None,
    act: Event | None,
    fell: int | None,
    picked: Picked,
    *,
    since: int | None = None,
    extra: Extra | None = None,
) -> Duty:
    """A duty whose due date nothing moves, with the doubts that would decide it, and what makes it fall away."""
    extra = _act_doubt(extra, picked, day if since is None else since, due, act)
    fell, extra = standard.falls(case, day, due, fell, extra, event)
    return (day, event, due, None if act is None else act.day, act, fell, None, extra)
