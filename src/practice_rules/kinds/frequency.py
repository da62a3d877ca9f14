"""Frequency: an act again and again while a period lasts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from ..events import Span
from ..matching import chain, in_terms
from ..obligations import Duty
from ..shapes import AIM, EXPECT, PAUSED, VARIED, WHERE, Complaint, Field, Kind, Values, timing
from ..standards import Case, Choice, Standard, Timing
from ..timescales import Timescale


@dataclass(frozen=True, slots=True)
class Frequency:
    """The start of the period and every act in it open a duty, which the next act closes."""

    expect: Choice
    timing: Timing
    first_for: Timescale | None
    afterwards: Timing | None

    def duties(self, standard: Standard, case: Case) -> list[Duty]:
        """The duties of one case."""
        assert standard.standing is not None
        spans = case.standing(standard.standing)
        if not spans:
            return []
        return chain(standard, case, spans, case.pick(self.expect), self._timing_of(case))

    def _timing_of(self, case: Case) -> Timing | Callable[[int, int, Span], Timing | None]:
        at_first, afterwards, first_for = self.timing, self.afterwards, self.first_for
        if first_for is None or afterwards is None:
            return at_first

        def by_phase(ordinal: int, day: int, span: Span) -> Timing:
            # The timescale is the one in force on the day the duty opens.
            return at_first if day < case.calendar.due(span.start, first_for, at_first.itself) else afterwards

        return by_phase


@dataclass(frozen=True, slots=True)
class EveryTerm:
    """One act in each school term that the period touches, by the term's last day."""

    expect: Choice
    whole: bool
    times: int = 1

    def duties(self, standard: Standard, case: Case) -> list[Duty]:
        """The duties of one case."""
        assert standard.standing is not None
        spans = case.standing(standard.standing)
        return in_terms(standard, case, spans, case.pick(self.expect), self.times, whole=self.whole) if spans else []


def _build(values: Values) -> Frequency | EveryTerm:
    every = values["every"]
    if not isinstance(every, Timescale):
        return EveryTerm(values["expect"], whole=every == "whole term")
    at_first = timing(values, "every")
    then = values.get("then every")
    if then is None:
        return Frequency(values["expect"], at_first, None, None)
    afterwards, at_first = at_first.with_timescale(then), at_first.with_timescale(every)
    return Frequency(values["expect"], at_first, values.get("for the first"), afterwards)


def _check(values: Values) -> list[Complaint]:
    first, then = values.get("for the first"), values.get("then every")
    if (first is None) != (then is None):
        given, other = ("for the first", "then every") if then is None else ("then every", "for the first")
        return [(given, f'"{given}" goes with "{other}".', f'Add "{other}:", or take "{given}" out.')]
    if not isinstance(values["every"], Timescale):
        return [
            (name, f'"{name}" does not go with "every: {values["every"]}".', "A term has its own dates; take it out.")
            for name in ("for the first", "aim", "varied by", "paused by")
            if values.get(name) is not None
        ]
    return []


def _sentence(words: Mapping[str, str]) -> str:
    where = f" ({words['where']})" if "where" in words else ""
    phase = (
        f" for the first {words['for the first']}, then every {words['then every']}" if "for the first" in words else ""
    )
    return f"{words['expect']}{where}, every {words['every']}{phase}"


KIND = Kind(
    name="frequency",
    timing=("every",),
    fields=(
        EXPECT,
        Field(
            "every", "timescale or term", "The longest time from one act to the next, or `term` / `whole term`.", True
        ),
        Field("for the first", "timescale", "How long `every` holds, from the start of the period."),
        Field("then every", "timescale", "The frequency afterwards."),
        WHERE,
        AIM,
        VARIED,
        PAUSED,
    ),
    build=_build,
    sentence=_sentence,
    check=_check,
    period=True,
    meaning=(
        "Inside each span of the period the start and every act open a duty, which the next act closes; the "
        "last is open, or lapses when the span ends. A late act moves the next due date. Acts outside the "
        "span do not count; acts of one day are one act."
    ),
    example="""\
child-protection-visits:
  says: A child on a protection plan is visited every 10 working days.
  source: {section: "Visits / 1", words: "every 10 working days"}
  expect: child visited
  every: 10 working days
  while: child protection plan
""",
)
