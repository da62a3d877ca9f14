"""Why a result is what it is, in numbered steps that a manager can check with a wall calendar; why a standard opened
nothing; and what to do next."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from .calendars import OFFICIAL_UNTIL, Calendar, age_attained
from .events import Event, History, as_moment
from .kinds.age import Age
from .kinds.deadline import Deadline
from .obligations import Obligation, Reason, Status
from .pack import Pack
from .standards import Case, Choice, Condition, Period, Standard, Standing, Timing
from .timescales import Timescale, ordinal_word, read_timescale
from .words import plural, say_date, say_list

__all__ = ["Explanation", "Step", "count_steps", "explain", "why_not"]

#: Reasons that move the last day.
_MOVES = ("or by", "changed", "capped", "paused")
_DAY_ZERO = "Dodds v Walker [1981] 1 WLR 1027; CPR 2.8"
_CORRESPONDING = "the corresponding date rule, Dodds v Walker [1981] 1 WLR 1027"
_ATTAINED = "Family Law Reform Act 1969 s9"


@dataclass(frozen=True, slots=True)
class Step:
    """One step of an explanation.

    Attributes:
        text: the step in words.
        cites: what it rests on (a rule of law, the pack, the printed clause), or "".
    """

    text: str
    cites: str = ""


@dataclass(frozen=True, slots=True)
class Explanation:
    """Numbered steps, and what to do next.

    Attributes:
        heading: the standard and its status in one line.
        steps: in order.
        next_step: the earliest act that restores compliance and its last day, or "" where nothing is left to do.
    """

    heading: str
    steps: tuple[Step, ...]
    next_step: str = ""

    def __str__(self) -> str:
        lines = [self.heading]
        lines += [f"{n}. {step.text}{f' [{step.cites}]' if step.cites else ''}" for n, step in enumerate(self.steps, 1)]
        if self.next_step:
            lines.append(f"Next: {self.next_step}")
        return "\n".join(lines)

    def to_dict(self) -> dict[str, object]:
        """As plain data for JSON."""
        return {
            "heading": self.heading,
            "steps": [{"text": step.text, "cites": step.cites} for step in self.steps],
            "next_step": self.next_step,
        }


@dataclass(slots=True)
class _Steps:
    """Collects steps."""

    found: list[Step] = field(default_factory=list)

    def add(self, text: str, cites: str = "") -> None:
        self.found.append(Step(text, cites))


# --- counting -------------------------------------------------------------------------------------------------------


def count_steps(
    start: date, timescale: Timescale, calendar: Calendar, itself: bool = False, back: bool = False
) -> list[str]:
    """How a date is counted from another, step by step, with the bank holidays skipped by name.

    Args:
        start: the day of the event.
        timescale: how long; hours are counted by dates here.
        calendar: working days.
        itself: the day of the event is day 1 (counting forward only).
        back: count back from the event.
    """
    day = start.toordinal()
    due = calendar.back(day, timescale) if back else calendar.due(day, timescale, itself)
    return [step.text for step in _counting(day, due, timescale, calendar, itself, back)]


def _counting(
    day: int,
    due: int,
    timescale: Timescale,
    calendar: Calendar,
    itself: bool,
    back: bool,
    last: str = "The last day in time is",
) -> list[Step]:
    steps: list[Step] = []
    if itself and not back:
        steps.append(Step(f"{say_date(day)} is day 1: the day of the event counts.", "day one: the day itself"))
    elif timescale.text != "same day":
        after = "the day before it" if back else "the next day"
        after = after.replace("day", "working day") if timescale.working else after
        steps.append(Step(f"{say_date(day)} is day 0; {after} is day 1.", _DAY_ZERO))
    if timescale.working:
        steps.append(_skipped(day, due, calendar, back))
    elif timescale.months:
        steps.append(_months(day, due, timescale, back))
    elif timescale.days and timescale.days % 7 == 0 and "week" in timescale.text:
        steps.append(Step(f"A week is 7 days: {timescale} are {timescale.days} days, weekends and holidays included."))
    elif timescale.days:
        steps.append(Step(f"{timescale}: every day counts, weekends and bank holidays included."))
    if timescale.clear:
        steps.append(Step("Clear days leave out both ends, so one more is counted."))
    steps.append(Step(f"{last} {say_date(due)}, to its end."))
    if timescale.working and max(day, due) > OFFICIAL_UNTIL:
        steps.append(
            Step(
                f"Bank holidays are officially published up to {say_date(OFFICIAL_UNTIL)}; later ones are a "
                "projection.",
                calendar.edition,
            )
        )
    return steps


def _skipped(day: int, due: int, calendar: Calendar, back: bool) -> Step:
    first, last = (due, day) if back else (day, due)
    names = [f"{say_date(off)} ({name})" for off, name in calendar.holiday_names(first, last)]
    skipped = f" Skipped besides weekends: {say_list(names)}." if names else " No bank holiday falls between."
    return Step(
        f"Working days are Monday to Friday, except bank holidays.{skipped}", "bank holidays of England and Wales"
    )


def _months(day: int, due: int, timescale: Timescale, back: bool) -> Step:
    start, end = date.fromordinal(day), date.fromordinal(due)
    side = "before" if back else "after"
    text = f"{timescale} {side} {say_date(day)} is the corresponding date, {say_date(due)}."
    if start.day != end.day and start.day > 28:
        text = (
            f"The month has no {ordinal_word(start.day)}, so {timescale} {side} {say_date(day)} is its last "
            f"day, {say_date(due)}."
        )
    return Step(text, _CORRESPONDING)


# --- one obligation -------------------------------------------------------------------------------------------------


def explain(obligation: Obligation, pack: Pack) -> Explanation:
    """Numbered steps for one obligation: what opened it, how the date was counted, what closed it or would, the clause.

    Raises:
        KeyError: the pack has no such standard (the obligation came from another pack).
    """
    standard = pack[obligation.standard]
    steps = _Steps()
    _opening(obligation, standard, steps)
    _due(obligation, standard, pack, steps)
    moved = [text for reason in obligation.reasons if (text := _reason(reason))]
    for text in moved:
        steps.add(text)
    if moved and obligation.due is not None and any(reason.code in _MOVES for reason in obligation.reasons):
        steps.add(f"So the last day in time is {say_date(obligation.due)}.")
    if obligation.target is not None:
        missed = "it was missed, which is no breach" if obligation.target_missed else "it is kept so far or was met"
        steps.add(f"The local target was {say_date(obligation.target)}: {missed}.")
    _outcome(obligation, standard, steps)
    if obligation.projected:
        steps.add(
            f"This rests on bank holidays after {say_date(OFFICIAL_UNTIL)}, which are not officially published yet.",
            pack.calendar.edition,
        )
    if standard.reading:
        steps.add(f"The clause is not plain, and was read so: {standard.reading}")
    _clause(standard, pack, steps)
    return Explanation(
        f"{obligation.standard}: {_status(obligation)}", tuple(steps.found), _next(obligation, standard, pack)
    )


def _status(obligation: Obligation) -> str:
    if obligation.late:
        return "breached (done late)"
    if obligation.overdue:
        return "breached (still not done)"
    return str(obligation.status)


def _clause(standard: Standard, pack: Pack, steps: _Steps) -> None:
    document = pack.documents.get(standard.source.document)
    title = document.title if document else standard.source.document
    steps.add(
        f"The clause: {pack.authority}, {title}, “{standard.source.section}”: “{standard.source.words}”. In "
        f"plain words: {standard.says}"
    )


def _opening(obligation: Obligation, standard: Standard, steps: _Steps) -> None:
    opener = obligation.opened_by
    if standard.kind == "lead time" and opener is not None:
        steps.add(f"“{opener.name}” on {say_date(opener.on)} (event {opener.id}), held or arranged, opened this duty.")
        return
    conditions = _conditions(standard)
    if opener is not None and opener.on == obligation.opened:
        by = f"by “{opener.name}” (event {opener.id})"
    elif opener is not None:
        by = f"after “{opener.name}” (event {opener.id}, {say_date(opener.on)})"
    else:
        by = "by the calendar: a birth, a birthday or a school term"
    steps.add(f"The duty opened on {say_date(obligation.opened)}, {by}{conditions}.")


def _held(standing: Standing) -> str:
    """Which periods had to hold, as a person says it."""
    parts = []
    if standing.all_of:
        parts.append(f"while {say_list([f'“{period.key}”' for period in standing.all_of])} held")
    if standing.any_of:
        parts.append(f"while {say_list([f'“{period.key}”' for period in standing.any_of], 'or')} held")
    if standing.none_of:
        parts.append(f"while {say_list([f'“{period.key}”' for period in standing.none_of], 'or')} did not hold")
    return " and ".join(parts)


def _conditions(standard: Standard) -> str:
    parts = []
    if standard.if_ is not None:
        parts.append(f"where {standard.if_}")
    if standard.standing is not None:
        parts.append(_held(standard.standing))
    if standard.ages is not None:
        parts.append(f"for ages {standard.ages}")
    return f", {', '.join(parts)}" if parts else ""


def _due(obligation: Obligation, standard: Standard, pack: Pack, steps: _Steps) -> None:
    rule = standard.rule
    if obligation.due is None:
        steps.add(f"There is no date yet: {_undated(standard)}.")
        return
    due = as_moment(obligation.due).day
    if isinstance(rule, Age):
        side = "the day before it" if rule.earlier else "on that day"
        steps.add(
            f"The age of {rule.age} is attained at the start of its anniversary; the act is due {side}: "
            f"{say_date(due)}.",
            _ATTAINED,
        )
        return
    timing = _timing(rule)
    timescale = None if timing is None else _timescale(obligation, standard, timing)
    if timing is None or timescale is None:
        steps.add(f"The last day in time is {say_date(due)}.")
        return
    if isinstance(rule, Deadline) and rule.turning is not None:
        steps.add(f"The age of {rule.turning} is attained at the start of its anniversary.", _ATTAINED)
    day = as_moment(obligation.opened).day
    if timescale.hours:
        _hours(obligation, timescale, steps)
        return
    back = standard.kind == "lead time"
    base = pack.calendar.back(day, timescale) if back else pack.calendar.due(day, timescale, timing.itself)
    moved = any(reason.code in _MOVES for reason in obligation.reasons)
    last = "Without what follows, the last day in time would be" if moved else "The last day in time is"
    for step in _counting(day, base, timescale, pack.calendar, timing.itself, back, last):
        steps.add(step.text, step.cites)
    if timing.roll and not back and not pack.calendar.is_working(base):
        steps.add(
            f"{say_date(base)} is no working day, so it moves to {say_date(pack.calendar.next_working(base))}.",
            "if not a working day: next working day",
        )


def _timing(rule: object) -> Timing | None:
    """The timing of a rule that has one, or the first of several."""
    found = getattr(rule, "timing", None) or next(iter(getattr(rule, "steps", ())), None)
    return found if isinstance(found, Timing) else None


def _timescale(obligation: Obligation, standard: Standard, timing: Timing) -> Timescale | None:
    """The timescale that was used: one named among the reasons, or the only one there is."""
    if standard.kind == "lead time" and "at least" not in dict(standard.words):
        return None
    for reason in obligation.reasons:
        if reason.code == "timescale":
            return read_timescale(str(reason.data["timescale"]))
    return timing.timescale


def _hours(obligation: Obligation, timescale: Timescale, steps: _Steps) -> None:
    if isinstance(obligation.due, datetime):
        steps.add(
            f"{timescale} are elapsed time in Europe/London, across clock changes: they end at "
            f"{say_date(obligation.due)}."
        )
    else:
        steps.add(f"{timescale}: the last date in time is {say_date(obligation.due or obligation.opened)}.")


def _undated(standard: Standard) -> str:
    if standard.kind == "ordinal":
        words = dict(standard.words)
        return f"it is due on the day of the {words.get('by the', '')} “{words.get('of', '')}”, which has not happened"
    if standard.kind == "count":
        return "it is due when the events that close the window have happened"
    return "the clock stands"


def _reason(reason: Reason) -> str:
    data = reason.data
    when = say_date(date.fromisoformat(data["day"])) if isinstance(data.get("day"), str) else ""
    event = f"“{data.get('name', '')}” (event {data.get('event', '')}) on {when}"
    if reason.code == "by dates":
        return (
            f"A time of day is missing, so {plural(data['hours'], 'hour')} were judged by dates: the dates "
            "in time are those up to the last day."
        )
    if reason.code == "or by":
        return f"{event} came first, and moved the last day to its own."
    if reason.code == "changed":
        return f"{event} set another timescale or date for this child: {data['to']}."
    if reason.code == "capped":
        return f"{event} asked for more than may be agreed; it was held to {data['limit']}."
    if reason.code == "not authorised":
        return f"{event} changed nothing: it was not authorised by {say_list(list(data['by']), 'or')}."
    if reason.code == "authority unknown":
        return f"{event} was not counted: the record does not say who authorised it."
    if reason.code == "change says nothing":
        return f"{event} was not counted: the record gives neither a timescale nor a new date."
    if reason.code == "paused":
        end = f"to {say_date(date.fromisoformat(data['end']))}" if data.get("end") else "and still does"
        return (
            f"The clock stood while “{data['period']}” held, from {say_date(date.fromisoformat(data['start']))} {end}."
        )
    if reason.code == "evidence lacking":
        return (
            "The record carries nothing, or not what is asked, under "
            f"{say_list([f'“{name}”' for name in data['details']])}."
        )
    if reason.code == "nth":
        return f"{event} was the {ordinal_word(int(data['place']))} of the series, so its day was the last in time."
    if reason.code == "after the last":
        return "The act came after the last of the events among which it had to be."
    return ""


def _outcome(obligation: Obligation, standard: Standard, steps: _Steps) -> None:
    expected = dict(standard.words).get("expect", "")
    if obligation.status is Status.LAPSED:
        ended = "" if obligation.ended is None else f" on {say_date(obligation.ended)}"
        steps.add(f"The duty fell away{ended}, before or on its last day, without the act: nothing was owed any more.")
        return
    if obligation.met_on is not None:
        by = "" if obligation.met_by is None else f" by “{obligation.met_by.name}” (event {obligation.met_by.id})"
        verdict = "in time"
        if obligation.late:
            late = obligation.days_late or 0
            verdict = f"{plural(late, 'day')} late" if late else "late, within the day"
        steps.add(f"It was done on {say_date(obligation.met_on)}{by}: {verdict}.")
        return
    what = f"“{expected}”" if expected else "what is asked"
    if obligation.status is Status.DUE:
        left = "" if obligation.days_left is None else f"; {plural(obligation.days_left, 'day')} left"
        steps.add(f"As of then {what} had not happened, and the last day had not passed{left}.")
    elif obligation.ended is not None:
        steps.add(
            f"{what[:1].upper()}{what[1:]} did not happen by the last day; the period ended on "
            f"{say_date(obligation.ended)}, after the breach."
        )
    else:
        steps.add(
            f"{what[:1].upper()}{what[1:]} has not happened: {plural(obligation.days_late or 0, 'day')} past "
            "the last day."
        )


def _next(obligation: Obligation, standard: Standard, pack: Pack) -> str:
    """The earliest act that restores compliance, and its last day."""
    words = dict(standard.words)
    act = words.get("expect") or {
        "recording": f"the record of {words.get('for each', '')}",
        "evidence": "a record of "
        f"{words.get('for each') or words.get('for the first') or words.get('for the last', '')} with "
        f"{words.get('require', '')}",
        "limit": f"the end of {words.get('limit', '')}",
    }.get(standard.kind, "")
    if obligation.status is Status.DUE:
        by = "before the date is set" if obligation.due is None else f"by {say_date(obligation.due)}"
        return f"{act}, {by}."
    if not obligation.overdue or obligation.due is None:
        return ""
    if obligation.ended is not None:
        return "nothing restores it: the period has ended. The breach stands."
    if standard.kind == "lead time":
        return f"{act}, at once; it can no longer be in time for that event. Moving the event moves the last day."
    text = f"{act}, at once: the last day was {say_date(obligation.due)}."
    timing = _timing(standard.rule)
    if standard.kind == "frequency" and timing is not None and not timing.timescale.hours:
        today = as_moment(obligation.due).day + (obligation.days_late or 0)
        following = pack.calendar.due(today, _lasting(obligation) or timing.timescale, timing.itself)
        text += f" Done on {say_date(today)}, the next is due by {say_date(following)}."
    return text


def _lasting(obligation: Obligation) -> Timescale | None:
    """The timescale that was agreed for this child and holds for the next duty as well."""
    for reason in reversed(obligation.reasons):
        agreed = reason.data.get({"changed": "to", "capped": "limit"}.get(reason.code, ""))
        if agreed is not None and agreed != "new date":
            return read_timescale(str(agreed))
    return None


# --- why not --------------------------------------------------------------------------------------------------------

_SHOWN = 5


def why_not(
    history: History,
    pack: Pack,
    standard: str,
    *,
    as_of: date | datetime,
    known_at: date | datetime | None = None,
) -> Explanation:
    """For a standard that opened nothing: what it was waiting for.

    Raises:
        KeyError: the pack has no such standard.
    """
    found = pack[standard]
    steps = _Steps()
    now = as_moment(as_of)
    then = now if known_at is None else as_moment(known_at)
    case = Case(history.known(now, then), pack.calendar, pack.terms, now, then)
    if found.rule is None:
        steps.add(f"The standard is not tested: {found.why_not_tested}")
    elif found.subject != history.kind:
        steps.add(f"The standard speaks of a {found.subject}, and this history is that of another kind of subject.")
    else:
        _waiting(found, case, pack, steps)
    if found.reading:
        steps.add(f"The clause is not plain, and was read so: {found.reading}")
    _clause(found, pack, steps)
    return Explanation(f"{standard}: opened nothing", tuple(steps.found))


def _waiting(standard: Standard, case: Case, pack: Pack, steps: _Steps) -> None:
    before = len(steps.found)
    rule = standard.rule
    if isinstance(rule, Deadline) and rule.breach_of is not None:
        steps.add(f"It opens when “{rule.breach_of}” is missed, and that has not been missed.")
    if isinstance(rule, Age) or (isinstance(rule, Deadline) and rule.turning is not None):
        _waiting_for_age(rule, case, steps)
    trigger = _trigger(standard)
    if trigger is not None:
        _waiting_for_event(standard, trigger, case, steps)
    periods = _periods(standard)
    if trigger is None or not case.pick(trigger).acts.days:
        for period in periods:
            _waiting_for_period(period, case, steps)
    if trigger is None and periods and all(case.spans(period) for period in periods):
        _gated(standard, case, steps)
    for gap in case.gaps:
        steps.add(f"It could not be judged: the record does not give {gap.missing}.")
    if len(steps.found) == before:
        steps.add("Its periods and its event never came together.")


def _trigger(standard: Standard) -> Choice | None:
    """The events that open a duty of this standard, where events do."""
    rule = standard.rule
    for name in ("of", "before", "each", "since", "marks"):
        choice = getattr(rule, name, None)
        if isinstance(choice, Choice) and not (name == "of" and standard.kind == "ordinal"):
            return choice
    return None


def _periods(standard: Standard) -> tuple[Period, ...]:
    own = getattr(standard.rule, "period", None)
    standing = standard.standing
    held = () if standing is None else (*standing.all_of, *standing.any_of)
    return (own, *held) if isinstance(own, Period) else held


def _waiting_for_age(rule: Age | Deadline, case: Case, steps: _Steps) -> None:
    age = rule.age if isinstance(rule, Age) else rule.turning
    assert age is not None
    if case.born is None:
        steps.add("The record gives no date of birth.")
    else:
        steps.add(f"The age of {age} is attained on {say_date(age_attained(case.born, age.months))}.", _ATTAINED)


def _waiting_for_event(standard: Standard, trigger: Choice, case: Case, steps: _Steps) -> None:
    picked = case.pick(trigger)
    if not picked.acts.days and not picked.unsure:
        arranged = case.pick_arranged(trigger).acts.events
        same = [event for name in trigger.names for event in case.known.happened.get(name, ())]
        if same:
            steps.add(
                f"“{_said(trigger.names)}” happened {plural(len(same), 'time')}, but never with what the "
                f"standard asks of it: {trigger}."
            )
        else:
            steps.add(f"It was waiting for “{_said(trigger.names)}”, which has not happened.")
        if arranged:
            steps.add(
                f"“{arranged[0].key}” is arranged for {say_date(arranged[0].day)}; it opens nothing until it happens."
            )
        return
    for event in picked.acts.events[:_SHOWN]:
        steps.add(
            f"“{event.key}” on {say_date(event.day)} (event {event.id}) opened nothing: "
            f"{_barred(standard, case, event)}."
        )
    if len(picked.acts.days) > _SHOWN:
        steps.add(f"Nor did the other {len(picked.acts.days) - _SHOWN}.")
    for event, missing in picked.unsure[:_SHOWN]:
        steps.add(f"“{event.key}” (event {event.id}) could not be judged: the record does not give “{missing}”.")


def _said(names: Sequence[str]) -> str:
    return say_list(list(names), "or")


def _barred(standard: Standard, case: Case, event: Event) -> str:
    """Why an event that happened opened no duty."""
    if not standard.in_force(event.day):
        return "the standard was not in force that day"
    if standard.standing is not None and not any(span.holds(event.day) for span in case.standing(standard.standing)):
        return f"it was not {_held(standard.standing)}"
    return (
        _unadmitted(standard, case, event.day, event)
        or "another standard's word, or its place in the series, shuts it out"
    )


def _unadmitted(standard: Standard, case: Case, day: int, event: Event | None) -> str:
    if standard.ages is not None:
        if case.born is None:
            return "the record gives no date of birth"
        if not case.age_holds(standard.ages, day):
            return f"the child's age was not {standard.ages}"
    checks: list[tuple[Condition | None, bool, str]] = [
        (standard.if_, True, "it does not match"),
        (standard.unless, False, "it falls under the exception"),
    ]
    for condition, wanted, words in checks:
        if condition is None:
            continue
        answer, missing = condition.holds(event, case.facts)
        if answer is None:
            return f"the record does not give “{missing}”"
        if answer is not wanted:
            return f"{words} “{condition}”"
    return ""


def _waiting_for_period(period: Period, case: Case, steps: _Steps) -> None:
    spans = case.spans(period)
    if not spans:
        steps.add(
            f"It runs while “{period.key}” holds, which has not started: that needs “{_said(period.starts.names)}”."
        )
    else:
        said = [f"{say_date(span.start)} to {say_date(span.end) if span.end else 'now'}" for span in spans[:_SHOWN]]
        steps.add(f"“{period.key}” held from {say_list(said)}.")


def _gated(standard: Standard, case: Case, steps: _Steps) -> None:
    """What shut out the spans of a frequency, a schedule, a count or a limit."""
    assert standard.standing is not None or standard.rule is not None
    spans = case.standing(standard.standing) if standard.standing is not None else []
    if not spans and standard.standing is not None:
        steps.add(f"It was never {_held(standard.standing)}.")
    for span in spans[:_SHOWN]:
        if not standard.in_force(span.start):
            steps.add(f"The span from {say_date(span.start)} began while the standard was not in force.")
        elif why := _unadmitted(standard, case, span.start, span.start_event):
            steps.add(f"The span from {say_date(span.start)} asked nothing: {why}.")
