"""What every kind of standard shares:

names and conditions, periods and their spans, timing and what moves it, and the case it is put to.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import zip_longest
from typing import Any, Final, Protocol

from .calendars import Calendar, age_attained, day_of
from .events import NO_ACTS, Acts, Detail, Event, History, HistoryProblem, Known, Moment, Span, fold
from .obligations import Duty, Extra, Source
from .timescales import AgeBand, Timescale, TimescaleError, read_timescale

__all__ = [
    "BIRTH",
    "Case",
    "Change",
    "Choice",
    "Condition",
    "DetailWord",
    "Gap",
    "Perhaps",
    "Period",
    "Picked",
    "Rule",
    "Standard",
    "Standing",
    "Test",
    "Timing",
]

#: The event that every child's history has: the date of birth.
BIRTH: Final = "birth"


# --- details and conditions ------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class DetailWord:
    """A detail as a pack declares it.

    Attributes:
        key: its folded name.
        means: one sentence of meaning.
        values: "yes or no", "a number", "a date", "a timescale", "text", or the words that may stand there.
        unless_said: what is taken when a record is silent; None means that silence is a missing fact.
    """

    key: str
    means: str
    values: str | tuple[str, ...]
    unless_said: str | None = None

    def read(self, value: Detail) -> bool | float | str | None:
        """A record's value in the form it is compared in; None for carried but empty.

        Raises:
            ValueError: the value is not one that this detail may have.
        """
        if value is None or value == "":
            return None
        if self.values == "yes or no":
            return _yes_or_no(value)
        if self.values == "a number":
            if isinstance(value, bool | date):
                raise ValueError("not a number")
            return float(value)
        if self.values == "a date":
            return value.isoformat() if isinstance(value, date) else date.fromisoformat(str(value)[:10]).isoformat()
        if self.values == "a timescale":
            return read_timescale(str(value)).text
        word = fold(str(value))
        if isinstance(self.values, tuple) and word not in self.values:
            raise ValueError("not one of its words")
        return word

    def allows(self, value: Detail) -> bool:
        """Whether this detail may have a record's value."""
        try:
            self.read(value)
        except ValueError:
            return False
        return True


def _yes_or_no(value: Detail) -> bool:
    if isinstance(value, bool):
        return value
    word = str(value).casefold()
    if word in ("yes", "y", "true", "1"):
        return True
    if word in ("no", "n", "false", "0"):
        return False
    raise ValueError("neither yes nor no")


@dataclass(frozen=True, slots=True)
class Test:
    """One line of a condition: a detail, and what must be true of it.

    `how` is "is" (one of `wanted`), "present", "absent", "at least", "at most", "below" or "above".
    """

    detail: DetailWord
    how: str
    wanted: tuple[bool | float | str, ...]
    text: str

    def holds(self, event: Event | None, facts: Mapping[str, Detail]) -> bool | None:
        """Whether it holds; None if the record never says."""
        key = self.detail.key
        if event is not None and key in event.details:
            value = self.detail.read(event.details[key])
        elif key in facts:
            value = self.detail.read(facts[key])
        elif self.detail.unless_said is not None:
            value = self.detail.read(self.detail.unless_said)
        else:
            return None
        if self.how == "present":
            return value is not None
        if self.how == "absent":
            return value is None
        if value is None:
            return False
        if self.how == "at least":
            return float(value) >= float(self.wanted[0])
        if self.how == "at most":
            return float(value) <= float(self.wanted[0])
        if self.how == "below":
            return float(value) < float(self.wanted[0])
        if self.how == "above":
            return float(value) > float(self.wanted[0])
        return value in self.wanted


@dataclass(frozen=True, slots=True)
class Condition:
    """Lines that must all hold."""

    tests: tuple[Test, ...]

    def holds(self, event: Event | None, facts: Mapping[str, Detail]) -> tuple[bool | None, str]:
        """Whether all hold; None with the missing detail's name if that cannot be told."""
        missing = ""
        for test in self.tests:
            answer = test.holds(event, facts)
            if answer is False:
                return False, ""
            if answer is None and not missing:
                missing = test.detail.key
        return (None, missing) if missing else (True, "")

    def __str__(self) -> str:
        return " and ".join(f"{test.detail.key}: {test.text}" for test in self.tests)


@dataclass(frozen=True, slots=True)
class Choice:
    """An event, or several any of which serves, each with conditions of its own.

    Attributes:
        options: (folded name, condition or None), in the order written.
        names: the folded names.
        sole: the name, where there is one event and no condition on it.
        births: whether the date of birth is among them.
    """

    options: tuple[tuple[str, Condition | None], ...]
    names: tuple[str, ...] = field(init=False, compare=False)
    sole: str | None = field(init=False, compare=False)
    births: bool = field(init=False, compare=False)

    def __post_init__(self) -> None:
        names = tuple(name for name, _ in self.options)
        births = BIRTH in names
        object.__setattr__(self, "names", names)
        object.__setattr__(self, "births", births)
        plain = len(names) == 1 and not births and self.options[0][1] is None
        object.__setattr__(self, "sole", names[0] if plain else None)

    def __str__(self) -> str:
        return " or ".join(f"{name} ({where})" if where else name for name, where in self.options)


@dataclass(slots=True)
class Picked:
    """The events of a choice: those that match, and those of which the record does not say whether they do.

    `unsure` holds (event, name of the missing detail).
    """

    acts: Acts
    unsure: list[tuple[Event, str]]

    def doubt(self, first: int, last: int | None) -> tuple[str, str | None] | None:
        """The first doubtful event from one day to another, as (missing fact, event id)."""
        for event, missing in self.unsure:
            if first <= event.day and (last is None or event.day <= last):
                return (f"the detail “{missing}” of “{event.key}”", event.id)
        return None


NOTHING: Final = Picked(NO_ACTS, [])
#: Another due day that a missing fact might make of it: the day, and the doubt.
Perhaps = tuple[int, tuple[str, str | None] | None]


# --- periods ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Period:
    """A state with a start and an end.

    Attributes:
        key: its folded name.
        means: one sentence of meaning.
        starts: what opens a span.
        ends: the period's own ending; a record with an ending and nothing to end is wrong.
        until: what also closes a span, and may happen at other times.
    """

    key: str
    means: str
    starts: Choice
    ends: Choice | None
    until: Choice | None
    #: Whether no condition decides what starts or ends it.
    plain: bool = field(init=False, compare=False)

    def __post_init__(self) -> None:
        choices = [choice for choice in (self.starts, self.ends, self.until) if choice is not None]
        object.__setattr__(self, "plain", all(choice.sole is not None for choice in choices))


@dataclass(frozen=True, slots=True)
class Standing:
    """Which periods must hold (`all_of`, and one of `any_of`), and which must not."""

    all_of: tuple[Period, ...] = ()
    any_of: tuple[Period, ...] = ()
    none_of: tuple[Period, ...] = ()

    def __str__(self) -> str:
        parts = []
        if self.all_of:
            parts.append("while " + " and ".join(period.key for period in self.all_of))
        if self.any_of:
            parts.append("while " + " or ".join(period.key for period in self.any_of))
        if self.none_of:
            parts.append("not while " + " or ".join(period.key for period in self.none_of))
        return ", ".join(parts)


def pair_spans(
    starts: Sequence[Event], ends: Sequence[Event], until: Sequence[Event]
) -> tuple[list[Span], list[Event]]:
    """Spans of a period from its events, and the ends that had nothing to end.

    An end that names its start (`about`) ends that span; another ends the span that has been open longest. On one day
    ends come before starts, where times do not say otherwise, unless nothing else is open. Starts on one day are one
    start, unless times put an end between them.
    """
    simple = _one_after_another(starts, ends) if not until else None
    if simple is not None:
        return simple, []
    opens: list[Event] = []
    for event in starts:
        if not opens or opens[-1].day != event.day or _after(event, opens[-1]):
            opens.append(event)
    spans: list[Span] = []
    stray: list[Event] = []
    running: list[Event] = []
    marks = sorted(
        [(e.day, e.clock, 1, e) for e in opens]
        + [(e.day, e.clock, 0, e) for e in ends]
        + [(e.day, e.clock, 2, e) for e in until],
        key=lambda mark: (mark[0], mark[2] if mark[1] is None else 3, mark[1] or 0, mark[2]),
    )
    waiting: list[Event] = []  # ends of this day that found nothing open yet
    today = None
    for day, _, what, event in marks:
        if day != today:
            stray.extend(waiting)
            waiting, today = [], day
        if what == 1:
            if running and running[-1].day == day:
                continue
            running.append(event)
            if waiting:
                end = waiting.pop(0)
                running.remove(event)
                spans.append(Span(event.day, end.day, event, end))
        elif what == 0:
            begun = next((start for start in running if start.id == event.about), running[0] if running else None)
            if begun is None:
                waiting.append(event)
            else:
                running.remove(begun)
                spans.append(Span(begun.day, event.day, begun, event))
        else:
            for begun in [start for start in running if start.day < day or _after(event, start)]:
                running.remove(begun)
                spans.append(Span(begun.day, day, begun, event))
    stray.extend(waiting)
    spans.extend(Span(start.day, None, start) for start in running)
    spans.sort(key=_span_order)
    return spans, stray


def _one_after_another(starts: Sequence[Event], ends: Sequence[Event]) -> list[Span] | None:
    """The spans where each end follows its start and comes before the next, as nearly all do; else None."""
    if not 0 <= len(starts) - len(ends) <= 1:
        return None
    spans: list[Span] = []
    last = 0
    for start, end in zip_longest(starts, ends):
        if start.clock is not None or start.day < last or (spans and start.day == spans[-1].start):
            return None
        if end is None:
            spans.append(Span(start.day, None, start))
        elif end.clock is None and end.about in (None, start.id) and end.day > start.day:
            last = end.day
            spans.append(Span(start.day, last, start, end))
        else:
            return None
    return spans


def _comes_after(act: Event, event: Event | None, day: int) -> bool:
    """Whether an act comes on or after an opening, and is not the opening event itself."""
    if act.day != day or event is None:
        return act.day >= day
    return act.id != event.id and not (
        act.clock is not None and event.clock is not None and event.day == day and act.clock < event.clock
    )


def _too_late(act: Event, clock: int | None) -> bool:
    """Whether an act came after an instant, where its time is known."""
    return clock is not None and act.clock is not None and act.clock > clock


def _after(event: Event, start: Event) -> bool:
    return event.clock is not None and start.clock is not None and event.clock > start.clock


def _span_order(span: Span) -> tuple[int, float]:
    return (span.start, float("inf") if span.end is None else span.end)


def _meet(one: Sequence[Span], other: Sequence[Span]) -> list[Span]:
    """The stretches in which both hold."""
    found = []
    for a in one:
        for b in other:
            start = a if a.start >= b.start else b
            ends = [span for span in (a, b) if span.end is not None]
            end = min(ends, key=lambda span: span.end or 0, default=None)
            if end is None or end.end is None:
                found.append(Span(start.start, None, start.start_event))
            elif start.start <= end.end:
                found.append(Span(start.start, end.end, start.start_event, end.end_event))
    return sorted(found, key=_span_order)


def _join(spans: Sequence[Span], apart: int = 1) -> list[Span]:
    """The stretches in which any holds: what overlaps or follows on the same or the next day is one stretch (`apart`:
    how many days later is still one).
    """
    joined: list[Span] = []
    for span in sorted(spans, key=_span_order):
        last = joined[-1] if joined else None
        if last is None or (last.end is not None and span.start > last.end + apart):
            joined.append(span)
        elif last.end is not None and (span.end is None or span.end > last.end):
            joined[-1] = Span(last.start, span.end, last.start_event, span.end_event)
    return joined


def _without(spans: Sequence[Span], barred: Sequence[Span]) -> list[Span]:
    """The stretches left between others; they begin on the day the other ends and end on the day the other begins."""
    left = list(spans)
    for bar in _join(barred):
        cut: list[Span] = []
        for span in left:
            if (bar.end is not None and bar.end <= span.start) or (span.end is not None and bar.start >= span.end):
                cut.append(span)
                continue
            if span.start < bar.start:
                cut.append(Span(span.start, bar.start, span.start_event, bar.start_event))
            if bar.end is not None and (span.end is None or bar.end < span.end):
                cut.append(Span(bar.end, span.end, bar.end_event, span.end_event))
        left = cut
    return left


# --- a case -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Gap:
    """A duty or a standard that cannot be judged: what is missing, the day it would have opened, and the event that
    does not say.
    """

    missing: str
    opened: int | None = None
    event: str | None = None


class Case:
    """One history put to one pack, as known at a moment.

    Everything that several standards ask of it is worked out once.
    """

    __slots__ = (
        "_begun",
        "_certain",
        "_doubts",
        "_picked",
        "_standing",
        "_stray",
        "breaches",
        "born",
        "calendar",
        "facts",
        "gaps",
        "history",
        "known",
        "known_at",
        "terms",
        "_today",
    )

    def __init__(
        self,
        known: Known,
        calendar: Calendar,
        terms: Sequence[tuple[str, int, int]],
        as_of: Moment,
        known_at: Moment,
    ) -> None:
        self.known = known
        self._today = as_of.day
        self.history: History = known.history
        self.calendar = calendar
        #: School terms as (name, first day, last day), in order.
        self.terms = terms
        self.known_at = known_at
        self.facts = known.history.facts
        self.born = None if known.history.born is None else known.history.born.toordinal()
        self._picked: dict[int, Picked] = {}
        self._standing: dict[object, list[Span]] = {}
        self._begun: dict[int, list[Span]] = {}
        self._doubts: dict[tuple[int, bool], list[Gap]] = {}
        self._certain: dict[int, tuple[list[Span], list[Gap]]] = {}
        self._stray: dict[int, list[Event]] = {}
        #: What could not be judged, in the standard at hand.
        self.gaps: list[Gap] = []
        #: Missed duties by standard id, for `of breach of`: filled by the evaluator, which alone knows the statuses.
        self.breaches: dict[str, list[Duty]] = {}

    def pick(self, choice: Choice) -> Picked:
        """What happened of a choice of events, in order."""
        found = self._picked.get(id(choice))
        if found is None:
            if choice.sole is not None:
                acts = self.known.acts(choice.sole)
                found = Picked(acts, []) if acts.days else NOTHING
            else:
                found = self._pick(choice, self.known.happened)
            self._picked[id(choice)] = found
        if choice.births and self.born is None:
            self.gaps.append(Gap("the date of birth"))
        return found

    def pick_arranged(self, choice: Choice) -> Picked:
        """What is held or arranged of a choice of events, in order."""
        if not self.known.arranged and not choice.births:
            return self.pick(choice)
        if self.born is None and choice.births:
            self.gaps.append(Gap("the date of birth"))
        both = {key: [*self.known.happened.get(key, ()), *self.known.arranged.get(key, ())] for key in choice.names}
        return self._pick(choice, both, arranged=True)

    def _pick(self, choice: Choice, groups: Mapping[str, Sequence[Event]], *, arranged: bool = False) -> Picked:
        sure: list[Event] = []
        unsure: list[tuple[Event, str]] = []
        for name, where in choice.options:
            if name == BIRTH:
                # The date of birth of a child who is not born yet is the date that is expected.
                if self.history.born is not None and (arranged or self.has_come(self.history.born.toordinal())):
                    sure.append(Event(BIRTH, self.history.born, id=BIRTH))
                continue
            for event in groups.get(name, ()):
                answer, missing = where.holds(event, {}) if where else (True, "")
                if answer:
                    sure.append(event)
                elif answer is None:
                    unsure.append((event, missing))
        # One event may match two options; it is still one event.
        once = {event.id: event for event in sure}
        unique = sorted(once.values(), key=lambda event: event.order)
        open_question = {event.id: (event, missing) for event, missing in unsure if event.id not in once}
        return Picked(Acts(unique), sorted(open_question.values(), key=lambda item: item[0].order))

    def names_another(self, act: Event, opened_by: Event | None) -> bool:
        """Whether an act says that it belongs to another event of the kind that opened a duty."""
        if act.about is None or opened_by is None or act.about == opened_by.id:
            return False
        return any(event.id == act.about for event in self.known.acts(opened_by.key).events)

    def spans(self, period: Period) -> list[Span]:
        """The spans in which a period certainly holds: a start of which the record does not say whether it counts opens
        none, and an end of which it does not say closes one. Each becomes a gap.
        """
        known = self._certain.get(id(period))
        if known is None and period.plain:
            starts, ends, until = (
                () if choice is None else self.known.acts(choice.sole or "").events
                for choice in (period.starts, period.ends, period.until)
            )
            found, self._stray[id(period)] = pair_spans(starts, ends, until)
            known = self._certain[id(period)] = (found, [])
        elif known is None:
            before = len(self.gaps)
            self._say_doubts(period)
            doubts = self.gaps[before:]
            del self.gaps[before:]
            known = self._spans(period, doubtful_starts=False, doubtful_ends=True), doubts
            self._certain[id(period)] = known
        if known[1]:
            self.gaps.extend(known[1])
        return known[0]

    def lasting(self, period: Period) -> tuple[list[Span], list[tuple[Event, str]]]:
        """The spans of a period as far as they certainly started and did not certainly end, and the doubtful ends."""
        self._say_doubts(period, ends=False)
        unsure = [item for choice in (period.ends, period.until) if choice for item in self.pick(choice).unsure]
        return self._spans(period, doubtful_starts=False, doubtful_ends=False), unsure

    def possible(self, period: Period) -> list[Span]:
        """The spans in which a period may hold: doubtful starts count, doubtful ends do not. Each becomes a gap."""
        self._say_doubts(period)
        return self._spans(period, doubtful_starts=True, doubtful_ends=False)

    def _say_doubts(self, period: Period, *, ends: bool = True) -> None:
        doubts = self._doubts.get((id(period), ends))
        if doubts is None:
            doubts = self._doubts[id(period), ends] = [
                Gap(f"the detail “{missing}” of “{event.key}”, which decides “{period.key}”", event.day, event.id)
                for choice in ((period.starts, period.ends, period.until) if ends else (period.starts,))
                if choice is not None
                for event, missing in self.pick(choice).unsure
            ]
        self.gaps.extend(doubts)

    def stray_ends(self, period: Period) -> list[Event]:
        """The ends of a period that had nothing to end."""
        if not period.plain:
            self._spans(period, doubtful_starts=False, doubtful_ends=False)
        return self._stray.get(id(period), [])

    def _spans(self, period: Period, *, doubtful_starts: bool, doubtful_ends: bool) -> list[Span]:
        if not (doubtful_starts and self.pick(period.starts).unsure):
            doubtful_starts = False
        if doubtful_ends and not any(self.pick(end).unsure for end in (period.ends, period.until) if end is not None):
            doubtful_ends = False
        key = (id(period), doubtful_starts, doubtful_ends)
        found = self._standing.get(key)
        if found is None:
            starts = self._events(period.starts, doubtful_starts)
            found = []
            stray: list[Event] = []
            if starts:
                ends, until = self._events(period.ends, doubtful_ends), self._events(period.until, doubtful_ends)
                begun = {event.id for event in starts}
                # An end that names a start which is none of this period's ends that one.
                others = {
                    event.id
                    for name, where in period.starts.options
                    if where is not None
                    for event in self.known.happened.get(name, ())
                    if event.id not in begun
                }
                if others:
                    ends = [event for event in ends if event.about not in others]
                found, stray = pair_spans(starts, ends, until)
            elif period.ends is not None:
                stray = list(self._events(period.ends, doubtful_ends))
            self._standing[key] = found
            if not doubtful_ends:
                self._stray[id(period)] = stray
        return found

    def _events(self, choice: Choice | None, doubtful: bool) -> Sequence[Event]:
        if choice is None:
            return ()
        picked = self.pick(choice)
        if not doubtful or not picked.unsure:
            return picked.acts.events
        return sorted([*picked.acts.events, *(event for event, _ in picked.unsure)], key=lambda event: event.order)

    def standing(self, standing: Standing) -> list[Span]:
        """The spans in which a standard's periods hold together."""
        if len(standing.all_of) == 1 and not standing.any_of and not standing.none_of:
            return self.spans(standing.all_of[0])
        found = self._standing.get(id(standing))
        if found is None:
            barred = self.barring(standing)
            found = self.held(standing)
            found = self._standing[id(standing)] = _without(found, barred) if barred else found
        return found

    def barring(self, standing: Standing) -> list[Span]:
        """The spans of the periods that must not hold."""
        return _join([span for period in standing.none_of for span in self.possible(period)])

    def held(self, standing: Standing) -> list[Span]:
        """The spans of the periods that must hold, before others bar them."""
        found = self._begun.get(id(standing))
        if found is None:
            parts = [self.spans(period) for period in standing.all_of]
            if standing.any_of:
                parts.append(_join([span for period in standing.any_of for span in self.spans(period)]))
            found = parts[0] if parts else [Span(0, None, None)]
            for part in parts[1:]:
                found = _meet(found, part)
            self._begun[id(standing)] = found
        return found

    def begun_by(self, standing: Standing | None, span: Span) -> Event | None:
        """The event that started the period in which a span lies: not the one that ended a period barring it."""
        if standing is None or not standing.none_of:
            return span.start_event
        return next((held.start_event for held in self.held(standing) if held.holds(span.start)), span.start_event)

    def has_come(self, day: int) -> bool:
        """Whether a day that no event marks (a birthday, the start of a term) has come;

        events are sifted before a case is made.
        """
        return day <= self._today

    def age_holds(self, band: AgeBand, day: int) -> bool:
        """Whether the subject's age is in a band on a day. Before birth the age is below every other.

        The date of birth must be known.
        """
        assert self.born is not None
        if band.below is not None and day >= age_attained(self.born, 12 * band.below):
            return False
        return band.low == 0 or day >= age_attained(self.born, 12 * band.low)


# --- timing -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Change:
    """`varied by` or `extended by`: the event, who must have authorised it, and how far it may go from the trigger."""

    choice: Choice
    authorised_by: tuple[str, ...] = ()
    limit: Timescale | None = None
    #: `extended by` moves one deadline; `varied by` holds for those that come after it as well.
    lasting: bool = True
    #: In a deadline each change belongs to one opening: that which it names (`about`), if it names any.
    single: bool = False


@dataclass(frozen=True, slots=True)
class Timing:
    """How a due date is found from the day a duty opened, and what may move it.

    Attributes:
        timescale: the time allowed.
        itself: the day of the event is day 1.
        roll: a due date that is no working day moves to the next.
        by_date: in hours without times, the next date is in time; else such a case is not assessed.
    """

    timescale: Timescale
    itself: bool = False
    roll: bool = False
    by_date: bool = True
    aim: Timescale | None = None
    or_by: Choice | None = None
    varied: Change | None = None
    extended: Change | None = None
    paused: Period | None = None
    #: Says which timescale was used, where a standard has several.
    note: Extra | None = field(default=None, compare=False)

    @property
    def plain(self) -> bool:
        """Whether only the opening day decides the due date."""
        return not (self.timescale.hours or self.or_by or self.varied or self.extended or self.paused)

    def with_timescale(self, timescale: Timescale) -> Timing:
        """The same timing with one of several timescales, which results then name."""
        return replace(self, timescale=timescale, note=Extra(reasons=(("timescale", {"timescale": str(timescale)}),)))

    def counter(self, case: Case, timescale: Timescale | None = None) -> Callable[[int], int]:
        """A function from the opening day to the last day in time, before anything moves it."""
        wanted = timescale or self.timescale
        # Hours have run out when they have: they never move to the next working day.
        return case.calendar.counter(wanted, self.itself, self.roll and not wanted.hours)

    def target(self, case: Case, day: int) -> int | None:
        """The day of the tighter local target."""
        return None if self.aim is None else self.counter(case, self.aim)(day)

    def due(
        self, case: Case, day: int, event: Event | None, base: int, since: int, closed: int | None
    ) -> tuple[int | None, Extra, list[Perhaps]]:
        """The due day with everything that moves it, why, and what a missing fact might make of it.

        Args:
            base: the due day before anything moves it.
            since: the first day on which a lasting change may have been made (the start of the period, or the opening).
            closed: the day on which an act closed the duty: what is agreed after it does not move it.
        """
        timescale = self.timescale
        extra = Extra()
        reasons: list[tuple[str, dict[str, Any]]] = [] if self.note is None else [*self.note.reasons]
        perhaps: list[Perhaps] = []
        due: int | None = base
        if timescale.hours and event is not None and event.clock is not None:
            extra.due_clock = event.clock + 3600 * timescale.hours
            due = base = day_of(extra.due_clock)
        elif timescale.hours:
            reasons.append(("by dates", {"hours": timescale.hours}))
        if self.varied:
            base = due = self._changed(case, self.varied, day, event, base, since, closed, extra, reasons, perhaps)
        if self.extended:
            due = self._changed(case, self.extended, day, event, base, day, closed, extra, reasons, perhaps)
        if self.paused and due is not None:
            due = self._after_pauses(case, day, due, timescale, extra, reasons)
        if self.or_by:
            due = self._or_by(case, self.or_by, day, event, due, extra, reasons, perhaps)
        extra.reasons = tuple(reasons)
        return due, extra, perhaps

    def _or_by(
        self,
        case: Case,
        choice: Choice,
        day: int,
        event: Event | None,
        due: int | None,
        extra: Extra,
        reasons: list[tuple[str, dict[str, Any]]],
        perhaps: list[Perhaps],
    ) -> int | None:
        """The due day, or that of the event that comes before it."""
        picked = case.pick(choice)
        for act, missing in picked.unsure:
            if _comes_after(act, event, day):
                perhaps.append((act.day, (f"the detail “{missing}” of “{act.key}”", act.id)))
        first = next((act for act in picked.acts.events if _comes_after(act, event, day)), None)
        if first is not None and (due is None or first.day < due):
            due, extra.due_clock = first.day, None
            reasons.append(("or by", {"event": first.id, "name": first.key, "day": first.day}))
        return due

    def _changed(
        self,
        case: Case,
        change: Change,
        day: int,
        opened_by: Event | None,
        base: int,
        since: int,
        closed: int | None,
        extra: Extra,
        reasons: list[tuple[str, dict[str, Any]]],
        perhaps: list[Perhaps],
    ) -> int:
        """The due day after agreed changes: one made while it was open, or a lasting one from before."""
        due = base
        picked = case.pick(change.choice)
        unsure = {event.id: missing for event, missing in picked.unsure}
        events: Sequence[Event] = picked.acts.events
        if unsure:
            events = sorted([*events, *(event for event, _ in picked.unsure)], key=lambda event: event.order)
        for event in events:
            if event.day > due or event.day < since or (closed is not None and event.day >= closed):
                continue
            if event.about is not None and opened_by is not None and event.about != opened_by.id and change.single:
                continue
            data: dict[str, Any] = {"event": event.id, "name": event.key, "day": event.day}
            moved, said = self._new_due(case, change, day, event, due)
            outer = None if change.limit is None else self.counter(case, change.limit)(day)
            if moved is not None and said:
                # A shorter time never ends before the day on which it was agreed.
                moved = max(moved, event.day)
            far = bool(said) and moved is not None and outer is not None and moved > outer
            if far:
                moved = outer
            doubt: tuple[str, str | None] | None = None
            if event.id in unsure:
                doubt = (f"the detail “{unsure[event.id]}” of “{event.key}”", event.id)
            elif change.authorised_by and event.details.get("authorised by") in (None, ""):
                reasons.append(("authority unknown", data))
                doubt = (f"the detail “authorised by” of “{event.key}”", event.id)
            elif change.authorised_by and fold(str(event.details["authorised by"])) not in change.authorised_by:
                reasons.append(("not authorised", {**data, "by": list(change.authorised_by)}))
                continue
            elif moved is None:
                reasons.append(("change says nothing", data))
                doubt = (f"the details “timescale” or “new date” of “{event.key}”", event.id)
            if doubt is not None or moved is None:
                might = outer if moved is None else moved
                if might is None:
                    extra.doubt = doubt
                else:
                    perhaps.append((might, doubt))
                continue
            if far:
                reasons.append(("capped", {**data, "limit": str(change.limit)}))
            elif said:
                reasons.append(("changed", {**data, "to": said}))
            if said:
                due, extra.due_clock = moved, None
        return due

    def _new_due(self, case: Case, change: Change, day: int, event: Event, due: int) -> tuple[int | None, str]:
        """The due day that a change asks for, counted from the opening, and how it asks."""
        timescale, new_date = event.details.get("timescale"), event.details.get("new date")
        if new_date not in (None, ""):
            try:
                moved = new_date if isinstance(new_date, date) else date.fromisoformat(str(new_date)[:10])
            except ValueError:
                return None, ""
            # A date moves the duty that is open; those that open later run as before.
            return (moved.toordinal(), "new date") if event.day >= day else (due, "")
        if timescale not in (None, ""):
            try:
                return self.counter(case, read_timescale(str(timescale)))(day), str(timescale)
            except TimescaleError:
                return None, ""
        if change.limit is not None and not change.lasting:
            return self.counter(case, change.limit)(day), str(change.limit)
        return None, ""

    def _after_pauses(
        self,
        case: Case,
        day: int,
        due: int,
        timescale: Timescale,
        extra: Extra,
        reasons: list[tuple[str, dict[str, Any]]],
    ) -> int | None:
        """The due day moved on by the days on which the clock stood; None while it stands.

        The clock stops at the end of the day on which the pause starts and runs again from the day after it ends.
        """
        assert self.paused is not None
        stood = case.spans(self.paused)
        moved, counted = self._stood(case, _join(stood, 0), day, due, timescale)
        reasons.extend(
            ("paused", {"period": self.paused.key, "start": span.start, "end": span.end}) for span in counted
        )
        possible = case.possible(self.paused)
        if possible != stood and self._stood(case, _join(possible, 0), day, due, timescale)[0] != moved:
            extra.doubt = (f"what decides “{self.paused.key}”", None)
        return moved

    def _stood(
        self, case: Case, pauses: Sequence[Span], day: int, due: int, timescale: Timescale
    ) -> tuple[int | None, list[Span]]:
        """The due day after pauses, and those that moved it. One that starts on the due day comes too late."""
        counted: list[Span] = []
        for span in pauses:
            if span.start >= due or (span.end is not None and span.end <= day):
                continue
            counted.append(span)
            if span.end is None:
                return None, counted
            first = max(span.start, day)
            if timescale.working:
                due = case.calendar.add_working(due, case.calendar.working_between(first, span.end))
            else:
                due += span.end - first
        return (case.calendar.next_working(due) if self.roll else due), counted


# --- a standard -------------------------------------------------------------------------------------------------------


class Rule(Protocol):
    """What a kind makes of the YAML: the arguments of its operator."""

    def duties(self, standard: Standard, case: Case) -> list[Duty]:
        """The duties of one case; what cannot be judged goes to `case.gaps`."""
        ...


@dataclass(frozen=True, slots=True)
class Standard:
    """One line of an authority's document.

    Attributes:
        id: the heading in lower-case words joined by hyphens; never reused.
        number: its place in the pack, from 0.
        kind: deadline, lead time, frequency, schedule, limit, age, recording, evidence, count, ordinal, cohort or
            not tested.
        says: the standard in plain words.
        source: where it is printed.
        rule: what its kind judges; None for one that is not tested.
        reading: how an unclear clause was understood.
        why_not_tested: the reason, for one that is not tested.
        subject: whose history it speaks of.
        works: whether its dates rest on working days.
        words: the rule's own keys as written, for showing it.
    """

    id: str
    number: int
    kind: str
    says: str
    source: Source
    rule: Rule | None
    reading: str = ""
    why_not_tested: str = ""
    subject: str = "child"
    if_: Condition | None = None
    unless: Condition | None = None
    unless_event: Choice | None = None
    standing: Standing | None = None
    ages: AgeBand | None = None
    in_force_from: int | None = None
    in_force_until: int | None = None
    replaces: str | None = None
    share: int | None = None
    works: bool = False
    line: int = 0
    words: tuple[tuple[str, str], ...] = ()

    @property
    def tested(self) -> bool:
        """Whether anything can be judged."""
        return self.rule is not None

    def in_force(self, day: int) -> bool:
        """Whether a duty may open on a day."""
        return (self.in_force_from is None or day >= self.in_force_from) and (
            self.in_force_until is None or day <= self.in_force_until
        )

    def in_force_between(self, first: int, last: int | None) -> bool:
        """Whether a duty may open on some day of a stretch."""
        return (self.in_force_until is None or self.in_force_until >= first) and (
            last is None or self.in_force_from is None or self.in_force_from <= last
        )

    def admits(self, case: Case, day: int, event: Event | None) -> bool:
        """Whether a duty may open on a day by an event: dates in force, ages, `if` and `unless`. What cannot be told
        becomes a gap.
        """
        answer, missing, of_event = self._answer(case, day, event)
        if answer is None:
            about = f" of “{event.key}”" if event and of_event else ""
            case.gaps.append(Gap(f"{missing}{about}", day, event.id if event else None))
        return answer is True

    def answer(self, case: Case, day: int, event: Event | None) -> bool | None:
        """Whether a duty may open; None where the record does not say; silently."""
        return self._answer(case, day, event)[0]

    def may_admit(self, case: Case, day: int, event: Event | None) -> bool:
        """Whether a duty may open, or the record does not say; silently."""
        return self.answer(case, day, event) is not False

    def _answer(self, case: Case, day: int, event: Event | None) -> tuple[bool | None, str, bool]:
        """Whether a duty opens, the missing fact where that cannot be told, and whether it is the event's.

        What certainly shuts the duty out decides, whatever else is missing.
        """
        if not self.in_force(day):
            return False, "", False
        missing, of_event = "", False
        for condition, wanted in ((self.if_, True), (self.unless, False)):
            if condition is None:
                continue
            answer, detail = condition.holds(event, case.facts)
            if answer is None:
                missing, of_event = missing or f"the detail “{detail}”", True
            elif answer is not wanted:
                return False, "", False
        if self.ages is not None:
            if case.born is None:
                missing, of_event = "the date of birth", False
            elif not case.age_holds(self.ages, day):
                return False, "", False
        return (None, missing, of_event) if missing else (True, "", False)

    @property
    def gated(self) -> bool:
        """Whether anything but the event decides that a duty opens."""
        return not (
            self.if_ is None
            and self.unless is None
            and self.ages is None
            and self.in_force_from is None
            and self.in_force_until is None
        )

    def falls(
        self,
        case: Case,
        day: int,
        due: int | None,
        fell: int | None,
        extra: Extra | None,
        opened_by: Event | None = None,
    ) -> tuple[int | None, Extra | None]:
        """The day on which a duty falls away: its period's end, or an `unless` event up to the due date. Such an event
        that names another opening (`about`) leaves this one alone.

        Where the record does not say whether such an event counts, that is a doubt.
        """
        if self.unless_event is None:
            return fell, extra
        picked = case.pick(self.unless_event)
        clock = None if extra is None else extra.due_clock
        for act in picked.acts.events:
            in_time = due is None or act.day < due or (act.day == due and not _too_late(act, clock))
            if act.day >= day and in_time and not case.names_another(act, opened_by):
                return (act.day if fell is None else min(fell, act.day)), extra
        doubt = picked.doubt(day, due)
        return fell, extra if doubt is None else Extra.doubting(extra, doubt)


def detail_problems(history: History, details: Mapping[str, DetailWord]) -> list[HistoryProblem]:
    """Values that a declared detail cannot have; named by place, never by value."""
    problems = []
    holders: list[tuple[str, Mapping[str, Detail]]] = [("history", history.facts)]
    holders += [(f'event "{event.id}"', event.details) for event in history.detailed]
    for where, held in holders:
        for key, value in held.items():
            word = details.get(key)
            if word is not None and not word.allows(value):
                wanted = word.values if isinstance(word.values, str) else "one of: " + ", ".join(word.values)
                problems.append(HistoryProblem(where, f"detail “{key}”", f"this is not {wanted}."))
    return problems
