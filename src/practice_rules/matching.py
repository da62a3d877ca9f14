"""The operators that pair duties with acts, over tables of days: within, chain, before, window.

A kind prepares their arguments from the YAML and decides nothing; `settle` decides the statuses. Each operator takes
what opens duties and what may close them, in order, and gives one tuple (`Duty`) for each duty.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence

from .calendars import day_of
from .events import Event, Span
from .obligations import Duty, Extra
from .standards import Case, Gap, Picked, Standard, Timing
from .timescales import Timescale

__all__ = ["Opening", "among", "before", "between", "chain", "counted", "in_terms", "nth", "openings", "within"]

#: What opens a duty: its day, the event, the day its period ends (or None), and the first day an act may count from.
Opening = tuple[int, Event | None, int | None, int]


def openings(standard: Standard, case: Case, picked: Picked) -> list[Opening]:
    """The events that open a duty: those that the standard admits, inside its periods if it has any."""
    standing = standard.standing
    spans = None if standing is None else case.standing(standing)
    found: list[Opening] = []
    for event in picked.acts.events:
        day, fell = event.day, None
        if spans is not None:
            holding = [span for span in spans if span.holds(day)]
            if not holding:
                continue
            # Where two spans hold, the duty stands as long as the longer one does.
            fell = None if any(span.end is None for span in holding) else max(span.end or 0 for span in holding)
        if not standard.gated or standard.admits(case, day, event):
            found.append((day, event, fell, day))
    for event, missing in picked.unsure:
        if standard.in_force(event.day) and (spans is None or any(span.holds(event.day) for span in spans)):
            case.gaps.append(Gap(f"the detail “{missing}” of “{event.key}”", event.day, event.id))
    return found


def within(
    standard: Standard,
    case: Case,
    opened: Sequence[Opening],
    picked: Picked,
    timing: Timing,
    *,
    each: bool = False,
    times: int = 1,
) -> list[Duty]:
    """Each opening opens a duty; the earliest act on or after it closes it (with `times`, the so-manyth).

    With `each`, an act belongs to the latest opening on or before it. An act that names one of the openings (`about`)
    belongs to that one, whatever the dates. An opening whose period fell away is closed by no later act: `settle` sees
    to it.
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
                duties.append((day, event, count(day), days[place], events[place], fell, None, None))
            else:
                duties.append((day, event, count(day), None, None, fell, None, None))
        else:
            return duties
    ids = {event.id for _, event, _, _ in opened if event is not None}
    named: dict[str, list[Event]] = {}
    free: list[Event] = []
    for act in acts.events:
        if act.about in ids:
            named.setdefault(act.about or "", []).append(act)
        else:
            free.append(act)
    duties = []
    for place, (day, event, fell, since) in enumerate(opened):
        own = named.get(event.id, []) if event is not None else []
        following = (
            next((other for other in opened[place + 1 :] if other[3] > since or _later(other[1], event)), None)
            if each
            else None
        )
        loose = [
            act
            for act in free
            if _on_or_after(act, since, event) and not (following and _on_or_after(act, following[3], following[1]))
        ]
        if each and opened[place + 1 :] and following is None:
            loose = []  # two openings at one moment: an act that names neither serves the last of them
        candidates = sorted([*own, *loose], key=lambda act: act.order)
        done = candidates[times - 1] if len(candidates) >= times else None
        duties.append(_duty(standard, case, timing, day, event, fell, done, picked, count(day), day))
    return duties


def _later(event: Event | None, other: Event | None) -> bool:
    return (
        event is not None
        and other is not None
        and event.clock is not None
        and other.clock is not None
        and event.clock > other.clock
    )


def _on_or_after(act: Event, day: int, event: Event | None) -> bool:
    """Whether an act is on or after an opening: by time where both have one, else by date."""
    if act.day != day:
        return act.day > day
    return not (act.clock is not None and event is not None and event.clock is not None and act.clock < event.clock)


def _duty(
    standard: Standard,
    case: Case,
    timing: Timing,
    day: int,
    event: Event | None,
    fell: int | None,
    done: Event | None,
    picked: Picked,
    base: int,
    since: int,
    timescale: Timescale | None = None,
) -> Duty:
    """One duty with all that moves its due date, and the doubts that would decide it."""
    due: int | None = base
    extra: Extra | None = None
    if not timing.plain:
        due, extra = timing.due(case, day, event, base, since, timescale or timing.timescale)
    if timing.timescale.hours and extra is not None:
        due = _by_dates(timing, day, due, done, extra)
    if picked.unsure and (done is None or due is None or done.day > due):
        doubt = picked.doubt(day, due)
        if doubt is not None:
            extra = extra or Extra()
            extra.doubt = doubt
    fell = standard.falls(case, day, due, fell)
    done_day = None if done is None else max(done.day, day) if done.about is None else done.day
    return (day, event, due, done_day, done, fell, timing.target(case, day, due), extra)


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
    if not timing.by_date:
        # Certainly in time only if even the whole of both days fits; the dates between cannot be told.
        due = day + max(hours // 24 - 1, 0)
        latest_possible = day + -(-hours // 24)
        if done is None or done.day <= latest_possible:
            extra.doubt = ("the time of day", done.id if done else None)
        return due if done is not None else latest_possible
    return due


def chain(
    standard: Standard,
    case: Case,
    spans: Sequence[Span],
    picked: Picked,
    timing_of: Callable[[int, int, Span], Timing | None],
) -> list[Duty]:
    """Inside each span the start and every act open a duty, which the next act closes; the last stays open or lapses
    with the span.

    Acts of one day are one act. `timing_of(ordinal, day, span)` gives the timing of a duty by its place in the series
    (from 0) and the day it opens; None ends the series.
    """
    duties: list[Duty] = []
    days, events = picked.acts.days, picked.acts.events
    gated = standard.gated
    bare = not picked.unsure and standard.unless_event is None
    for span in spans:
        start, end = span.start, span.end
        place = bisect_left(days, start)
        last = len(days) if end is None else bisect_right(days, end)
        day, event = start, span.start_event
        timing: Timing | None = None
        ordinal = 0
        while True:
            following = timing_of(ordinal, day, span)
            if following is None:
                break
            if following is not timing:
                timing = following
                count = timing.counter(case)
                simple = bare and timing.plain and timing.aim is None
            # The start may be met on its own day; after an act only a later day counts.
            if ordinal:
                while place < last and days[place] == day:
                    place += 1
            act = events[place] if place < last else None
            if not gated or standard.admits(case, day, _gate(event, span)):
                if simple:
                    duties.append((day, event, count(day), None if act is None else act.day, act, end, None, None))
                else:
                    duties.append(_duty(standard, case, timing, day, event, end, act, picked, count(day), start))
            if act is None:
                break
            day, event = act.day, act
            ordinal += 1
    return duties


def _gate(event: Event | None, span: Span) -> Event | None:
    """Conditions of a frequency look at the start of the period, whichever act opens the duty."""
    return span.start_event or event


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
    duties: list[Duty] = []
    for day, event, fell, _ in opened:
        assert event is not None
        previous = max(
            (other for other in earlier if other.order < event.order and other.day < day),
            key=lambda other: other.order,
            default=None,
        )
        due = day if timing is None else case.calendar.back(day, timing.timescale)
        extra: Extra | None = None
        if timing is not None and timing.timescale.hours and event.clock is not None:
            extra = Extra(due_clock=event.clock - 3600 * timing.timescale.hours)
            due = day_of(extra.due_clock or 0)
        mine = [
            act
            for act in picked.acts.events
            if (
                act.about == event.id
                if act.about in ids
                else (previous is None or act.day > previous.day) and _on_or_before(act, event)
            )
            and _on_or_before(act, event)
        ]
        done = mine[0] if mine else None
        if timing is not None and timing.timescale.hours:
            due, extra = _hours_before(timing, day, due, done, extra)
        if picked.unsure and (done is None or done.day > due):
            doubt = picked.doubt((previous.day + 1) if previous else 0, due)
            if doubt is not None:
                extra = extra or Extra()
                extra.doubt = doubt
        target = None if timing is None or timing.aim is None else case.calendar.back(day, timing.aim)
        first = previous.day + 1 if previous else 0
        fell = standard.falls(case, first, due, fell)
        duties.append((day, event, due, None if done is None else done.day, done, fell, target, extra))
    return duties


def _on_or_before(act: Event, event: Event) -> bool:
    if act.day != event.day:
        return act.day < event.day
    return not (act.clock is not None and event.clock is not None and act.clock > event.clock)


def _hours_before(timing: Timing, day: int, due: int, done: Event | None, extra: Extra | None) -> tuple[int, Extra]:
    """As `_by_dates`, counting back."""
    hours = timing.timescale.hours
    if extra is not None and (done is None or done.clock is not None):
        return due, extra
    extra = Extra(reasons=(("by dates", {"hours": hours}),))
    if timing.by_date:
        return day - hours // 24, extra
    due = day - -(-hours // 24) - 1
    if done is None or done.day <= day - max(hours // 24 - 1, 0):
        extra.doubt = ("the time of day", done.id if done else None)
    return due, extra


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
        place = bisect_left(days, span.start)
        last = len(days) if span.end is None else bisect_right(days, span.end)
        anchors: list[tuple[int, Event | None, int]] = [(span.start, span.start_event, place)]
        anchors += [(days[k], events[k], k + 1) for k in range(place, last)]
        for day, event, following in anchors:
            if standard.gated and not standard.admits(case, day, _gate(event, span)):
                continue
            closing = following + times - 1
            act = events[closing] if closing < last else None
            duties.append(_duty(standard, case, timing, day, event, span.end, act, picked, count(day), span.start))
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
        if span.start < terms[0][1]:
            case.gaps.append(Gap("the school terms before the first that the pack lists", span.start))
        if (span.end is None or span.end > terms[-1][2]) and case.has_come(terms[-1][2] + 1):
            case.gaps.append(Gap("the school terms after the last that the pack lists", max(span.start, terms[-1][2])))
        for _, first, last in terms:
            opened = max(first, span.start)
            if opened > last or (span.end is not None and span.end < first) or not case.has_come(opened):
                continue
            if whole and span.start > first:
                continue
            if not standard.admits(case, opened, span.start_event):
                continue
            closing = bisect_left(days, opened) + times - 1
            act = events[closing] if closing < len(days) and days[closing] <= last else None
            duty: Duty = (
                opened,
                None,
                last,
                None if act is None else act.day,
                act,
                standard.falls(case, opened, last, span.end),
                None,
                None,
            )
            duties.append(_doubted(duty, picked))
    return duties


def between(
    standard: Standard, case: Case, spans: Sequence[Span], gaps_of: Picked, picked: Picked, times: int
) -> list[Duty]:
    """So many acts in each gap between consecutive events: after the one, up to and including the day of the next."""
    duties: list[Duty] = []
    for span in spans:
        marks = [event for event in gaps_of.acts.events if span.holds(event.day)]
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
            fell = standard.falls(case, mark.day, due, span.end)
            duties.append(
                _doubted((mark.day, mark, due, None if act is None else act.day, act, fell, None, None), picked)
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
        series = [event for event in every.acts.events if span.holds(event.day)]
        anchors: list[tuple[int, Event | None, int]] = [(span.start, span.start_event, 0)]
        anchors += [(event.day, event, k + 1) for k, event in enumerate(series) if event.id in matching]
        for day, opened_by, following in anchors:
            if not standard.admits(case, day, _gate(opened_by, span)):
                continue
            block = series[following : following + size]
            hits = [event for event in series[following:] if event.id in matching]
            act = hits[times - 1] if len(hits) >= times else None
            due = block[-1].day if len(block) == size else None
            late = due is not None and act is not None and act not in block
            # Two events of one day are told apart by their place, not their date: what comes after the last of the
            # block is late.
            extra = Extra(reasons=(("after the last", {}),)) if late else None
            done = None if act is None else max(act.day, (due or 0) + 1) if late else act.day
            fell = standard.falls(case, day, due, span.end)
            duties.append(_doubted((day, opened_by, due, done, act, fell, None, extra), picked))
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
    """An act by the day of the nth event, counted from each opening (`after`: only events later than it)."""
    duties: list[Duty] = []
    for day, event, fell, since in opened:
        later = [
            item
            for item in series.acts.events
            if (fell is None or item.day <= fell)
            and (item.day > day or _later(item, event) if after else item.day >= day)
        ]
        mark = later[place - 1] if len(later) >= place else None
        due = None if mark is None else mark.day
        act = next(
            (
                item
                for item in picked.acts.events
                if _on_or_after(item, since, event) and (fell is None or item.day <= fell)
            ),
            None,
        )
        reasons = (
            () if mark is None else (("nth", {"event": mark.id, "name": mark.key, "day": mark.day, "place": place}),)
        )
        duty: Duty = (
            day,
            event,
            due,
            None if act is None else act.day,
            act,
            standard.falls(case, day, due, fell),
            None,
            Extra(reasons=reasons),
        )
        duties.append(_doubted(duty, picked))
    return duties


def _doubted(duty: Duty, picked: Picked) -> Duty:
    """The duty with the doubt that would decide it, where an act in time may or may not count."""
    if not picked.unsure:
        return duty
    day, event, due, done_day, done, fell, target, extra = duty
    if done_day is not None and (due is None or done_day <= due):
        return duty
    doubt = picked.doubt(day, due)
    if doubt is None:
        return duty
    extra = extra or Extra()
    extra.doubt = doubt
    return (day, event, due, done_day, done, fell, target, extra)
