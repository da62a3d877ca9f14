"""Why a result is what it is, in numbered steps that a manager can check with a wall calendar; why a standard opened
nothing; and what to do next."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from .calendars import OFFICIAL_UNTIL, Calendar, add_months, age_attained, instant, local
from .evaluating import evaluate
from .evaluations import Evaluation
from .events import Event, History, Span, as_moment
from .kinds.age import Age
from .kinds.count import Among, Between
from .kinds.deadline import Deadline
from .kinds.evidence import Evidence
from .kinds.frequency import EveryTerm, Frequency
from .kinds.lead_time import LeadTime
from .kinds.limit import Limit
from .kinds.ordinal import Ordinal
from .kinds.recording import Recording
from .kinds.schedule import Schedule
from .matching import held
from .obligations import NotAssessed, Obligation, Reason, Status
from .pack import Pack
from .standards import BIRTH, Case, Choice, Condition, Period, Standard, Standing, Timing
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
    steps = [step.text for step in _counting(day, due, timescale, calendar, itself, back)]
    if timescale.working and max(day, due) > OFFICIAL_UNTIL:
        steps.append(
            f"Bank holidays are officially published up to {say_date(OFFICIAL_UNTIL)}; later ones are a projection."
        )
    return steps


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
    if timescale.text == "same day":
        steps.append(Step("Only the day itself is in time."))
    elif itself and not back:
        steps.append(Step(_first_day(day, timescale, calendar), "day one: the day itself"))
    else:
        after = "the day before it" if back else "the next day"
        after = after.replace("day", "working day") if timescale.working else after
        steps.append(Step(f"{say_date(day)} is day 0; {after} is day 1.", _DAY_ZERO))
    if timescale.working:
        steps.append(_skipped(day, due, timescale, calendar, back))
    elif timescale.hours:
        steps.append(Step(f"{timescale} {_is(timescale.hours)} counted by dates here, where no time of day is known."))
    elif timescale.months:
        steps.append(_months(day, timescale, itself and not back, back))
    elif timescale.days and "week" in timescale.text:
        weeks = timescale.days // 7
        said = "1 week is 7 days" if weeks == 1 else f"A week is 7 days: {timescale} are {timescale.days} days"
        steps.append(Step(f"{said}, weekends and bank holidays included."))
    elif timescale.days:
        steps.append(Step(f"{timescale}: every day counts, weekends and bank holidays included."))
    if timescale.clear:
        steps.append(Step("Clear days leave out both ends, so one more is counted."))
    steps.append(Step(f"{last} {say_date(due)}, to its end."))
    return steps


def _is(number: int) -> str:
    return "is" if number == 1 else "are"


def _first_day(day: int, timescale: Timescale, calendar: Calendar) -> str:
    """Which day is day 1 where the day of the event counts."""
    if timescale.working and not calendar.is_working(day):
        first = calendar.next_working(day)
        return f"{say_date(day)} is no working day, so the next one, {say_date(first)}, is day 1."
    return f"{say_date(day)} is day 1: the day of the event counts."


def _named_days(first: int, last: int, calendar: Calendar) -> str:
    """The bank holidays and closure days of a stretch, by name; "" where there are none."""
    return say_list([f"{say_date(off)} ({name})" for off, name in calendar.holiday_names(first, last)])


def _skipped(day: int, due: int, timescale: Timescale, calendar: Calendar, back: bool) -> Step:
    names = _named_days(*((due, day) if back else (day, due)), calendar)
    skipped = f"Skipped besides weekends: {names}." if names else "No bank holiday falls between."
    closed = " and the authority's closure days" if calendar.closed else ""
    # Of clear days one more is counted, which the next step says.
    many = timescale.text.replace("clear ", "")
    return Step(
        f"{many} {_is(timescale.working)} counted: Monday to Friday, except bank holidays{closed}. {skipped}",
        "bank holidays of England and Wales",
    )


def _months(day: int, timescale: Timescale, itself: bool, back: bool) -> Step:
    matching = add_months(day, -timescale.months if back else timescale.months)
    start, end = date.fromordinal(day), date.fromordinal(matching)
    side = "before" if back else "after"
    text = f"{timescale} {side} {say_date(day)} is the corresponding date, {say_date(matching)}"
    if start.day != end.day:
        text = (
            f"The month has no {start.day}{'st' if start.day == 31 else 'th'}, so {timescale} {side} {say_date(day)} "
            f"is its last day, {say_date(matching)}"
        )
    return Step(
        f"{text}{'; as the day itself is day 1, the day before is the last' if itself else ''}.", _CORRESPONDING
    )


# --- names and conditions, as a person says them --------------------------------------------------------------------


def _lines(condition: Condition) -> str:
    """The lines of a condition: “emergency: yes” and “score: at least 3”."""
    return say_list([f"“{test.detail.key}: {test.text}”" for test in condition.tests])


def _named(choice: Choice) -> str:
    """An event, or events any of which serves, with what their records must say."""
    wheres = [where for _, where in choice.options]
    if len(wheres) == 1:
        return f"“{choice.names[0]}”{f' with {_lines(wheres[0])}' if wheres[0] else ''}"
    if wheres[0] is not None and all(where == wheres[0] for where in wheres):
        return f"{_any_of(choice.names)} (each with {_lines(wheres[0])})"
    return say_list([f"“{name}”{f' (with {_lines(where)})' if where else ''}" for name, where in choice.options], "or")


def _any_of(names: Sequence[str]) -> str:
    return say_list([f"“{name}”" for name in names], "or")


def _all_of(names: Sequence[str]) -> str:
    return say_list([f"“{name}”" for name in names])


def _held(standing: Standing) -> str:
    """Which periods had to hold, as a person says it."""
    parts = []
    if standing.all_of:
        held = {1: "held", 2: "both held"}.get(len(standing.all_of), "all held")
        parts.append(f"{_all_of([period.key for period in standing.all_of])} {held}")
    if standing.any_of:
        parts.append(f"{_any_of([period.key for period in standing.any_of])} held")
    if standing.none_of:
        parts.append(_none_held([period.key for period in standing.none_of]))
    return " and ".join(parts)


def _none_held(names: Sequence[str]) -> str:
    if len(names) == 1:
        return f"“{names[0]}” did not hold"
    return f"neither {say_list([f'“{name}”' for name in names], 'nor')} held"


def _conditions(standard: Standard) -> str:
    """What besides its event a duty needed to open: each part begins with a comma."""
    parts = []
    if standard.if_ is not None:
        parts.append(f"where the record says {_lines(standard.if_)}")
    if standard.unless is not None:
        parts.append(f"where the exception {_lines(standard.unless)} did not apply")
    if standard.standing is not None:
        parts.append(f"while {_held(standard.standing)}")
    if standard.ages is not None:
        parts.append(f"for ages {standard.ages}")
    return "".join(f", {part}" for part in parts)


# --- one obligation -------------------------------------------------------------------------------------------------


def explain(obligation: Obligation, pack: Pack) -> Explanation:
    """Numbered steps for one obligation: what opened it, how the date was counted, what closed it or would, the clause.

    Raises:
        KeyError: the pack has no such standard (the obligation came from another pack).
    """
    told = _Told(obligation, pack[obligation.standard], pack)
    return Explanation(f"{obligation.standard}: {_status(obligation)}", tuple(told.steps()), told.next_step())


def _status(obligation: Obligation) -> str:
    if obligation.late:
        return "breached (done late)"
    if obligation.overdue:
        return "breached (still not done)"
    return str(obligation.status)


def _clause(standard: Standard, pack: Pack) -> list[Step]:
    """How the clause was read, and the clause."""
    steps = []
    if standard.reading:
        steps.append(Step(f"The clause is not plain, and was read so: {standard.reading}"))
    document = pack.documents.get(standard.source.document)
    title = document.title if document else standard.source.document
    steps.append(
        Step(
            f"The clause: {pack.authority}, {title}, “{standard.source.section}”: “{standard.source.words}”. In "
            f"plain words: {standard.says}"
        )
    )
    return steps


class _Told:
    """One obligation, told step by step."""

    def __init__(self, obligation: Obligation, standard: Standard, pack: Pack) -> None:
        self.duty = obligation
        self.standard = standard
        self.pack = pack
        self.rule = standard.rule
        self.calendar = pack.calendar
        self.timing = self._timing()
        self.opened = as_moment(obligation.opened).day
        codes = {reason.code for reason in obligation.reasons}
        self.moved = not codes.isdisjoint(_MOVES)

    def _timing(self) -> Timing | None:
        """The timing of the rule, with the timescale that was used where there are several."""
        rule = self.rule
        found = rule.steps[0] if isinstance(rule, Schedule) else getattr(rule, "timing", None)
        if not isinstance(found, Timing):
            return None
        for reason in self.duty.reasons:
            if reason.code == "timescale":
                return found.with_timescale(read_timescale(str(reason.data["timescale"])))
        return found

    def steps(self) -> list[Step]:
        """What opened it, how the date was counted, what moved it, what closed it, the clause."""
        duty = self.duty
        steps = [Step(self.opening()), *self.counted()]
        steps += [Step(text) for reason in duty.reasons if (text := self.reason(reason))]
        if self.moved and duty.due is not None:
            steps.append(Step(f"So the last day in time is {say_date(duty.due)}."))
        if duty.target is not None:
            steps.append(Step(self.target(duty.target)))
        steps.append(Step(self.outcome()))
        if duty.projected:
            steps.append(
                Step(
                    f"This rests on bank holidays after {say_date(OFFICIAL_UNTIL)}, which are not officially published "
                    "yet.",
                    self.calendar.edition,
                )
            )
        return steps + _clause(self.standard, self.pack)

    # --- what opened it

    def opening(self) -> str:
        opener, conditions = self.duty.opened_by, _conditions(self.standard)
        if opener is None:
            return f"The duty opened on {say_date(self.duty.opened)}, {self._by_the_calendar()}{conditions}."
        if isinstance(self.rule, LeadTime):
            return (
                f"“{opener.name}” on {say_date(opener.on)} (event {opener.id}), held or arranged, opened this duty"
                f"{conditions}."
            )
        by = "by the birth" if opener.id == BIRTH else f"by “{opener.name}” (event {opener.id})"
        if isinstance(self.rule, Deadline) and self.rule.breach_of is not None:
            by = (
                f"the day after the last day of “{self.rule.breach_of}”, which was missed; that duty had been opened "
                f"{by} on {say_date(opener.on)}"
            )
        return f"The duty opened on {say_date(self.duty.opened)}, {by}{conditions}."

    def _by_the_calendar(self) -> str:
        rule = self.rule
        if isinstance(rule, Deadline) and rule.turning is not None:
            return f"the day on which the age of {rule.turning} is attained"
        if isinstance(rule, Deadline):
            return f"the day after the last day of “{rule.breach_of}”, which was missed"
        if isinstance(rule, EveryTerm):
            name, first, _ = self._term()
            return f"{'the first day of' if first == self.opened else 'during'} the school term {name}"
        return "by the birth"

    def _term(self) -> tuple[str, int, int]:
        return next(term for term in self.pack.terms if term[1] <= self.opened <= term[2])

    # --- how the date was counted

    def counted(self) -> list[Step]:
        duty, rule = self.duty, self.rule
        if duty.due is None and not self.moved:
            return [Step(f"There is no last day yet: it is due {', '.join(self._undated())}.")]
        if isinstance(rule, Ordinal):
            return []  # the reason says which event it was
        if isinstance(rule, Age):
            return [self._age(rule, as_moment(duty.due or duty.opened).day)]
        if self.timing is None:
            return [Step(self._last_day(duty.due or duty.opened))]
        steps = []
        if isinstance(rule, Deadline) and rule.turning is not None:
            steps.append(Step("An age is attained at the start of the birthday.", _ATTAINED))
        if self.timing.timescale.hours:
            return [*steps, Step(self._hours(self.timing.timescale))]
        back, itself = isinstance(rule, LeadTime), self.timing.itself
        timescale = self.timing.timescale
        due = self.calendar.back(self.opened, timescale) if back else self.calendar.due(self.opened, timescale, itself)
        rolls = self.timing.roll and not back and not self.calendar.is_working(due)
        last = (
            "Without what follows, the last day in time would be" if self.moved or rolls else "The last day in time is"
        )
        steps += _counting(self.opened, due, timescale, self.calendar, itself, back, last)
        if rolls:
            steps.append(
                Step(
                    f"{say_date(due)} is no working day, so the last day moves to "
                    f"{say_date(self.calendar.next_working(due))}.",
                    "if not a working day: next working day",
                )
            )
        return steps

    def _age(self, rule: Age, due: int) -> Step:
        if rule.earlier:
            text = f"The age of {rule.age} is attained at the start of {say_date(due + 1)}, so the last day in time is"
            return Step(f"{text} the day before, {say_date(due)}.", _ATTAINED)
        return Step(f"The age of {rule.age} is attained on {say_date(due)}, which is the last day in time.", _ATTAINED)

    def _last_day(self, due: date) -> str:
        """The last day where nothing is counted."""
        rule = self.rule
        if isinstance(rule, EveryTerm):
            return f"The school term {self._term()[0]} ends on {say_date(due)}, which is the last day in time."
        if isinstance(rule, Between):
            return f"The next {_named(rule.marks)} was on {say_date(due)}, which is the last day in time."
        if isinstance(rule, Among):
            return (
                f"The last of the {rule.size} events that follow was on {say_date(due)}: nothing after it is in time."
            )
        if isinstance(rule, Evidence):
            return f"The record of that event must carry {_required(rule)}."
        return f"Any day before it will do, and so will its own: the last day in time is {say_date(due)}."

    def _undated(self) -> tuple[str, str]:
        """By when it is due, and what has not happened yet."""
        rule = self.rule
        if isinstance(rule, Ordinal):
            return f"by the day of the {_place(rule)} {_named(rule.of)}", "which has not happened"
        if isinstance(rule, Between):
            return f"by the next {_named(rule.marks)}", "which has not happened"
        assert isinstance(rule, Among)
        return f"among the {plural(rule.size, 'event')} that follow", "which have not all happened"

    def _hours(self, timescale: Timescale) -> str:
        """How hours were counted: from a time of day, or by dates."""
        opener, back = self.duty.opened_by, isinstance(self.rule, LeadTime)
        by_dates = any(reason.code == "by dates" for reason in self.duty.reasons)
        if by_dates or opener is None or not isinstance(opener.on, datetime):
            last = self.duty.due or self.duty.opened
            if self.moved:
                last = date.fromordinal(self.calendar.due(self.opened, timescale))
            would = "would be" if self.moved else "is"
            return (
                f"A time of day is missing, so {timescale} {_is(timescale.hours)} judged by dates: the last date in "
                f"time {would} {say_date(last)}."
            )
        end = local(instant(opener.on) + (-3600 if back else 3600) * timescale.hours)
        side = "before" if back else "after"
        text = f"{timescale} of elapsed time {side} {say_date(opener.on)} is {say_date(end)}"
        changed = (end - opener.on).total_seconds() != (-3600 if back else 3600) * timescale.hours
        return f"{text}{', across the change of the clocks' if changed else ''}."

    # --- what moved it

    def reason(self, reason: Reason) -> str:
        """A reason as a sentence; "" for what another step says already."""
        data = reason.data
        when = say_date(date.fromisoformat(data["day"])) if "day" in data else ""
        event = f"“{data.get('name', '')}” (event {data.get('event', '')}) on {when}"
        if reason.code == "or by":
            return f"{event} came first, so its day is the last."
        if reason.code == "changed" and data["to"] == "new date":
            return f"{event} set another date for this {self.standard.subject}."
        if reason.code == "changed":
            return f"{event} set another timescale for this {self.standard.subject}: {self._again(data, 'to')}"
        if reason.code == "capped":
            return f"{event} asked for more than may be agreed. It was held to the most, {self._again(data, 'limit')}"
        if reason.code == "not authorised":
            return f"{event} changed nothing: it was not authorised by {say_list(list(data['by']), 'or')}."
        if reason.code == "authority unknown":
            return f"{event} was not counted: the record does not say who authorised it."
        if reason.code == "change says nothing":
            return f"{event} was not counted: the record gives neither a timescale nor a new date."
        if reason.code == "paused":
            return self._paused(data)
        if reason.code == "evidence lacking":
            return f"The record carries nothing, or not what is asked, under {_all_of(data['details'])}."
        if reason.code == "nth":
            place = f"the {ordinal_word(int(data['place']))} of those that count"
            return f"{event} was {place}, so its day is the last in time."
        return ""

    def _again(self, data: Mapping[str, Any], name: str) -> str:
        """An agreed timescale counted anew from the opening, with what it skips besides."""
        agreed, timing = read_timescale(str(data[name])), self.timing
        assert timing is not None
        counter = self.calendar.counter(agreed, timing.itself, timing.roll and not agreed.hours)
        due, set_on = counter(self.opened), date.fromisoformat(data["day"]).toordinal()
        text = f"{agreed} from {say_date(self.opened)}, which {_ends(agreed)} on {say_date(due)}."
        names = _named_days(self.opened, due, self.calendar) if agreed.working else ""
        if names:
            text += f" Skipped besides weekends: {names}."
        if due < set_on:
            text += " A shorter time does not end before the day on which it was agreed."
        return text

    def _paused(self, data: Mapping[str, Any]) -> str:
        assert self.timing is not None
        start = date.fromisoformat(data["start"])
        if not data.get("end"):
            return (
                f"The clock stopped at the end of {say_date(start)}, when “{data['period']}” began, and still stands."
            )
        end = date.fromisoformat(data["end"])
        first, last = max(start.toordinal(), self.opened), end.toordinal()
        if self.timing.timescale.working:
            added = plural(self.calendar.working_between(first, last), "working day")
        else:
            added = plural(last - first, "day")
        return (
            f"The clock stood while “{data['period']}” held, from the end of {say_date(first)} to the end of "
            f"{say_date(end)}: {added} more."
        )

    def target(self, day: date) -> str:
        """The tighter local target."""
        if self.duty.status is Status.LAPSED:
            return f"The local target was {say_date(day)}."
        if self.duty.target_missed:
            return f"The local target was {say_date(day)}: it was missed, which is no breach."
        if self.duty.met_on is not None:
            return f"The local target was {say_date(day)}: it was kept."
        return f"The local target is {say_date(day)}: it has not passed."

    # --- what closed it

    def outcome(self) -> str:
        duty = self.duty
        if duty.status is Status.LAPSED:
            return self._lapsed()
        if duty.met_on is not None:
            return self._done(duty.met_on)
        if duty.due is None:
            return f"So far {self._undone('has')}."
        if duty.status is Status.DUE:
            now = date.fromordinal(as_moment(duty.due).day - (duty.days_left or 0))
            if isinstance(duty.due, datetime):
                left = f", and the time was not up: it ends on {say_date(duty.due)}"
            elif duty.days_left:
                left = f"; {plural(duty.days_left, 'day')} {'was' if duty.days_left == 1 else 'were'} left"
            else:
                left = ", and that is the last day"
            return f"As of {say_date(now)} {self._undone('had')}{left}."
        if duty.ended is not None:
            return (
                f"By the last day {self._undone('had')}; the period ended on {say_date(duty.ended)}, after the breach."
            )
        now = date.fromordinal(as_moment(duty.due).day + (duty.days_late or 0))
        late = f": {plural(duty.days_late, 'day')} past the last day" if duty.days_late else ", and the time was up"
        return f"As of {say_date(now)} {self._undone('had')}{late}."

    def _lapsed(self) -> str:
        duty, unless = self.duty, self.standard.unless_event
        assert duty.ended is not None
        standing, reasons = self.standard.standing, []
        if isinstance(self.rule, Limit) or (standing is not None and (standing.all_of or standing.any_of)):
            reasons.append("a period on which it rests ended")
        if standing is not None and standing.none_of:
            reasons.append("a period that must not hold began")
        if unless is not None:
            reasons.append(f"{_named(unless)} happened")
        when = "before it had a last day" if duty.due is None else "on or before its last day"
        return (
            f"The duty fell away on {say_date(duty.ended)}, {when}, without the act, because "
            f"{say_list(reasons, 'or')}: nothing was owed any more."
        )

    def _done(self, met_on: date) -> str:
        duty, rule = self.duty, self.rule
        verdict = "in time"
        if duty.late:
            verdict = f"{plural(duty.days_late, 'day')} late" if duty.days_late else self._late_within_the_day()
        if isinstance(rule, Evidence):
            return f"The record carries {_required(rule)}."
        if isinstance(rule, Recording):
            return f"It was recorded on {say_date(met_on)}: {verdict}."
        by = "" if duty.met_by is None else f"“{duty.met_by.name}” (event {duty.met_by.id})"
        if isinstance(rule, Limit):
            return f"“{rule.period.key}” ended on {say_date(met_on)} by {by}: {verdict}."
        times = _times(rule)
        if times > 1:
            return f"It was done {times} times, the last on {say_date(met_on)} by {by}: {verdict}."
        return f"It was done on {say_date(met_on)} by {by}: {verdict}."

    def _late_within_the_day(self) -> str:
        due, met_on = self.duty.due, self.duty.met_on
        assert isinstance(due, datetime)
        assert isinstance(met_on, datetime)
        hours, minutes = divmod((instant(met_on) - instant(due) + 59) // 60, 60)
        parts = [plural(number, unit) for number, unit in ((hours, "hour"), (minutes, "minute")) if number]
        return f"{' and '.join(parts)} late"

    def _undone(self, had: str) -> str:
        """What had not happened; `had` is "had" or "has"."""
        rule = self.rule
        if isinstance(rule, Limit):
            return f"“{rule.period.key}” {had} not ended"
        if isinstance(rule, Evidence):
            return f"the record of that event {had} not been completed"
        act, times = self._act(), _times(rule)
        if times > 1:
            return f"{act} {had} happened fewer than {times} times since the duty opened"
        opener, expect = self.duty.opened_by, getattr(rule, "expect", None)
        again = opener is not None and isinstance(expect, Choice) and opener.name in expect.names
        return f"{act} {had} not happened{' again' if again else ''}"

    def _act(self) -> str:
        """The act that is asked."""
        rule = self.rule
        if isinstance(rule, Limit):
            return f"the end of “{rule.period.key}”"
        if isinstance(rule, Evidence):
            return f"a record of {_named(rule.each)} that carries {_required(rule)}"
        if isinstance(rule, Recording):
            return f"the record of {_named(rule.each)}"
        expect = getattr(rule, "expect", None)
        assert isinstance(expect, Choice)
        return _named(expect)

    # --- what to do next

    def next_step(self) -> str:
        """The earliest act that restores compliance, and its last day."""
        duty, rule = self.duty, self.rule
        times = _times(rule)
        act = f"{self._act()}{f', {times} times in all since the duty opened' if times > 1 else ''}"
        if duty.status is Status.DUE:
            if duty.due is not None:
                return f"{act}, by {say_date(duty.due)}."
            if self.moved:
                return f"{act}. There is no last day while the clock stands."
            return f"{act}, {self._undated()[0]}."
        if not duty.overdue or duty.due is None:
            return ""
        if duty.ended is not None:
            return "nothing restores it: the period has ended. The breach stands."
        today = as_moment(duty.due).day + (duty.days_late or 0)
        if isinstance(rule, LeadTime):
            assert duty.opened_by is not None
            meeting = f"“{duty.opened_by.name}”"
            if as_moment(duty.opened_by.on).day < today:
                return f"nothing restores it: {meeting} was on {say_date(duty.opened_by.on)}. The breach stands."
            return (
                f"{act}, at once, though too late for {meeting} on {say_date(duty.opened_by.on)}. If that "
                "moves, the last day moves with it."
            )
        if isinstance(rule, Between | EveryTerm):
            return f"nothing restores it: it had to be done by {say_date(duty.due)}. The breach stands."
        was = "the time was up on" if isinstance(duty.due, datetime) else "the last day was"
        return f"{act}, at once: {was} {say_date(duty.due)}.{self._following(today)}"

    def _following(self, today: int) -> str:
        """When the act after it is due, where one follows and its date can be told."""
        rule = self.rule
        if not isinstance(rule, Frequency) or self.timing is None or self.timing.timescale.hours:
            return ""
        timescale = self._agreed() or self.timing.timescale
        after = rule.afterwards
        if rule.first_for is not None and after is not None and timescale != after.timescale:
            # The first phase is counted from the start of the period, which only its first duty shows.
            opener = self.duty.opened_by
            if opener is None or opener.name in rule.expect.names:
                return ""
            if today >= self.calendar.due(self.opened, rule.first_for, self.timing.itself):
                timescale = after.timescale
        due = self.calendar.counter(timescale, self.timing.itself, self.timing.roll)(today)
        return f" Done on {say_date(today)}, the next is due by {say_date(due)}."

    def _agreed(self) -> Timescale | None:
        """The timescale that was agreed for this child and holds for the next duty as well."""
        for reason in reversed(self.duty.reasons):
            agreed = reason.data.get({"changed": "to", "capped": "limit"}.get(reason.code, ""))
            if agreed is not None and agreed != "new date":
                return read_timescale(str(agreed))
        return None


def _times(rule: object) -> int:
    """How many acts a duty asks for."""
    times = getattr(rule, "times", 1)
    return times if isinstance(times, int) else 1


def _ends(timescale: Timescale) -> str:
    number = int(timescale.text.split()[0]) if timescale.text[0].isdigit() else 1
    return "ends" if number == 1 else "end"


def _place(rule: Ordinal) -> str:
    return ordinal_word(rule.place)


def _required(rule: Evidence) -> str:
    """What a record must carry: “reason” and “authorised by: manager”."""
    return say_list(
        [
            f"“{test.detail.key}”" if test.how == "present" else f"“{test.detail.key}: {test.text}”"
            for test in rule.require.tests
        ]
    )


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
    """For a standard that opened nothing, or could not be assessed: what it was waiting for.

    Raises:
        KeyError: the pack has no such standard.
        HistoryError: the history cannot be judged as it stands.
    """
    found = pack[standard]
    if found.rule is None:
        steps, said = [f"The standard is not tested: {found.why_not_tested}"], "not tested"
    elif found.subject != history.kind:
        speaks = f"The standard speaks of {_an(found.subject)}"
        steps, said = [f"{speaks}, and this is the history of {_an(history.kind)}."], "opened nothing"
    else:
        result = evaluate(history, pack, as_of=as_of, known_at=known_at, unknown_events="note")
        gaps = [gap for gap in result.not_assessed if gap.standard == standard]
        opened = len(result.of_standard(standard))
        now = as_moment(as_of)
        then = now if known_at is None else as_moment(known_at)
        case = Case(history.known(now, then), pack.calendar, pack.terms, now, then)
        if opened:
            steps, said = [f"It opened {plural(opened, 'duty', 'duties')} here."], "opened"
        elif gaps:
            steps, said = [_gap(gap) for gap in gaps[:_SHOWN]], "not assessed"
        else:
            steps, said = _Waiting(found, case, result).steps(), "opened nothing"
    return Explanation(f"{standard}: {said}", (*map(Step, steps), *_clause(found, pack)))


def _an(noun: str) -> str:
    return f"{'an' if noun[0] in 'aeiou' else 'a'} {noun}"


def _gap(gap: NotAssessed) -> str:
    day = "" if gap.opened is None else f" from {say_date(gap.opened)}"
    event = "" if gap.event is None else f" (event {gap.event})"
    return f"What it asks{day} could not be judged, for want of a fact: {gap.missing}{event}."


class _Waiting:
    """What a standard that opened nothing was waiting for."""

    def __init__(self, standard: Standard, case: Case, result: Evaluation) -> None:
        self.standard = standard
        self.case = case
        self.result = result
        self.rule = standard.rule

    def steps(self) -> list[str]:
        """Each reason as a sentence."""
        rule = self.rule
        if isinstance(rule, Deadline) and rule.breach_of is not None:
            return self.breach(rule.breach_of)
        if isinstance(rule, Deadline) and rule.turning is not None:
            return self.birthday(rule.turning)
        trigger = self.trigger()
        found = [] if trigger is None else self.events(trigger)
        if trigger is None or not self.picked(trigger):
            found += [self.period(period) for period in self.periods()]
        if trigger is None and not found:
            found = self.spans()
        return found

    # --- what opens it

    def trigger(self) -> Choice | None:
        """The events that open a duty of this standard, where events do."""
        rule = self.rule
        if isinstance(rule, Deadline):
            return rule.of
        if isinstance(rule, Ordinal):
            return rule.since
        if isinstance(rule, LeadTime):
            return rule.before
        if isinstance(rule, Between):
            return rule.marks
        return rule.each if isinstance(rule, Recording | Evidence) else None

    def picked(self, trigger: Choice) -> Sequence[Event]:
        """What happened of the trigger; before a meeting, what is arranged as well."""
        case = self.case
        return (case.pick_arranged(trigger) if isinstance(self.rule, LeadTime) else case.pick(trigger)).acts.events

    def breach(self, other: str) -> list[str]:
        duties = self.result.of_standard(other)
        missed = [duty for duty in duties if duty.status is Status.BREACHED]
        if not duties:
            return [f"It opens when “{other}” is missed, and “{other}” opened nothing."]
        if not missed:
            return [f"It opens when “{other}” is missed, and that has not been missed."]
        found = []
        for duty in missed[:_SHOWN]:
            day = as_moment(duty.due or duty.opened).day + 1
            why = self.barred(day, None) if self.case.has_come(day) else "that day has not come"
            found.append(f"“{other}” was missed, which opens a duty on {say_date(day)}, the day after: {why}.")
        return found

    def birthday(self, age: Timescale) -> list[str]:
        assert self.case.born is not None
        day = age_attained(self.case.born, age.months)
        if not self.case.has_come(day):
            return [f"The age of {age} is attained on {say_date(day)}, which has not come."]
        return [f"The age of {age} was attained on {say_date(day)}: {self.barred(day, None)}."]

    def events(self, trigger: Choice) -> list[str]:
        picked = self.picked(trigger)
        if not picked:
            return self.no_event(trigger)
        found = [
            f"“{event.key}” on {say_date(event.day)} (event {event.id}) opened nothing: "
            f"{self.barred(event.day, event)}."
            for event in picked[:_SHOWN]
        ]
        if len(picked) > _SHOWN:
            found.append(f"Nor did {plural(len(picked) - _SHOWN, 'other')}.")
        return found

    def no_event(self, trigger: Choice) -> list[str]:
        known = self.case.known
        same = [event for name in trigger.names for event in known.happened.get(name, ())]
        if same:
            often = "once" if len(same) == 1 else f"{len(same)} times"
            found = [f"{_any_of(trigger.names)} happened {often}, but never as the standard asks: {_named(trigger)}."]
        else:
            found = [f"It was waiting for {_named(trigger)}, which has not happened."]
        for event in self.case.pick_arranged(trigger).acts.events[:1]:
            found.append(f"“{event.key}” is arranged for {say_date(event.day)}; it opens nothing until it happens.")
        return found

    # --- what shut it out

    def barred(self, day: int, event: Event | None) -> str:
        """Why a day, or an event on it, opened no duty."""
        standard, case = self.standard, self.case
        standing = standard.standing
        if not standard.in_force(day):
            return "the standard was not in force that day"
        if standing is not None and not held(standard, case, day)[0]:
            return self.not_held(standing, day)
        return self.unadmitted(day, event) or self.not_chosen()

    def not_held(self, standing: Standing, day: int) -> str:
        """Which period kept a day out."""
        case = self.case
        for period in standing.all_of:
            if not any(span.holds(day) for span in case.spans(period)):
                return f"“{period.key}” did not hold that day"
        if standing.any_of and not any(span.holds(day) for period in standing.any_of for span in case.spans(period)):
            return f"{_none_held([period.key for period in standing.any_of])} that day"
        barring = [period.key for period in standing.none_of if any(span.holds(day) for span in case.possible(period))]
        return f"{_all_of(barring)} held that day"

    def unadmitted(self, day: int, event: Event | None) -> str:
        """Which condition kept a day out; "" if none did."""
        standard, case = self.standard, self.case
        if standard.if_ is not None and standard.if_.holds(event, case.facts)[0] is False:
            all_of = {1: "", 2: "both "}.get(len(standard.if_.tests), "all of ")
            return f"the record does not say {all_of}{_lines(standard.if_)}"
        if standard.unless is not None and standard.unless.holds(event, case.facts)[0]:
            return f"the exception {_lines(standard.unless)} applies"
        if standard.ages is not None and case.born is not None and not case.age_holds(standard.ages, day):
            return f"the child's age was not {standard.ages}"
        return ""

    def not_chosen(self) -> str:
        """What is left where the event fits and nothing kept it out."""
        rule = self.rule
        if isinstance(rule, Evidence) and rule.which == "last":
            return "only the last in a period is looked at, once the period has ended"
        if isinstance(rule, Evidence):
            return "only the first in a period is looked at"
        return "what the standard asks besides did not hold"

    # --- periods

    def periods(self) -> list[Period]:
        """The periods that have never held, of those it needs."""
        standing, case = self.standard.standing, self.case
        needed = [self.rule.period] if isinstance(self.rule, Limit) else []
        found = [period for period in (*needed, *(standing.all_of if standing else ())) if not case.spans(period)]
        if standing is not None and standing.any_of and not any(case.spans(period) for period in standing.any_of):
            found += standing.any_of
        return found

    def period(self, period: Period) -> str:
        happened = [event for name in period.starts.names for event in self.case.known.happened.get(name, ())]
        but = f", and {_any_of(period.starts.names)} happened, but not so" if happened else ""
        return f"It runs while “{period.key}” holds, which has not started: that needs {_named(period.starts)}{but}."

    def spans(self) -> list[str]:
        """What shut out the spans of its periods."""
        rule, standing, case = self.rule, self.standard.standing, self.case
        if isinstance(rule, Limit):
            spans: Sequence[Span] = case.lasting(rule.period)[0]
        elif standing is not None and (standing.all_of or standing.any_of):
            spans = case.standing(standing)
        else:
            return self.birth()
        if not spans:
            assert standing is not None
            return [f"There was no day on which {_held(standing)}."]
        found = []
        for span in spans[:_SHOWN]:
            event = case.begun_by(standing, span)
            found.append(f"The time from {say_date(span.start)} opened nothing: {self.shut(span, event)}.")
        return found

    def shut(self, span: Span, event: Event | None) -> str:
        """Why a span opened nothing."""
        rule, day = self.rule, span.start
        if isinstance(rule, EveryTerm):
            terms = self.terms(rule, span)
            if not terms:
                return f"no {'whole ' if rule.whole else ''}school term of the pack that has begun lies in it"
            day = terms[0]
        if isinstance(rule, Age) and self.case.born is not None and day > _last_day_for(rule, self.case.born):
            return f"it began after the last day, {say_date(_last_day_for(rule, self.case.born))}"
        return self.barred(day, event)

    def terms(self, rule: EveryTerm, span: Span) -> list[int]:
        """The days on which a span's school terms would open a duty."""
        touched = [
            (first, max(first, span.start))
            for _, first, last in self.case.terms
            if span.start <= last and (span.end is None or span.end >= first)
        ]
        return [day for first, day in touched if self.case.has_come(day) and not (rule.whole and day > first)]

    def birth(self) -> list[str]:
        born = self.case.born
        assert born is not None
        if not self.case.has_come(born):
            return [f"It opens with the birth, which is expected on {say_date(born)}."]
        return [f"The birth on {say_date(born)} opened nothing: {self.barred(born, None)}."]


def _last_day_for(rule: Age, born: int) -> int:
    return age_attained(born, rule.age.months) - (1 if rule.earlier else 0)
