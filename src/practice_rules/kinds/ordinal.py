"""Ordinal: an act by the second, third … of a series of events."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ..events import Event, Span
from ..matching import Opening, nth, openings
from ..obligations import Duty
from ..shapes import EXPECT, WHERE, Complaint, Field, Kind, Values
from ..standards import Case, Choice, Standard


@dataclass(frozen=True, slots=True)
class Ordinal:
    """Due on the day of the nth event in the period, or after each `since` event;

    there is no date until it has happened.
    """

    expect: Choice
    place: int
    of: Choice
    since: Choice | None

    def duties(self, standard: Standard, case: Case) -> list[Duty]:
        """The duties of one case."""
        opened: list[Opening]
        if self.since is not None:
            opened = openings(standard, case, case.pick(self.since))
        else:
            opened = self._spans(standard, case)
        if not opened:
            return []
        return nth(
            standard, case, opened, case.pick(self.of), case.pick(self.expect), self.place, after=self.since is not None
        )

    def _spans(self, standard: Standard, case: Case) -> list[Opening]:
        """The spans that ask for the act.

        `if`, `unless` and `not while` speak of the day of the nth event, which is what makes the duty due; while it has
        not happened, a condition that cannot be told yet opens nothing.
        """
        assert standard.standing is not None
        series = case.pick(self.of).acts.events
        barred = case.barring(standard.standing)
        found: list[Opening] = []
        for span in case.held(standard.standing):
            inside = [event for event in series if span.holds(event.day)]
            mark = inside[self.place - 1] if len(inside) >= self.place else None
            bar = next((bar for bar in barred if _bars(bar, mark)), None)
            if bar is not None and bar.start <= span.start:
                continue
            ends = [end for end in (span.end, None if bar is None else bar.start) if end is not None]
            if self._asked(standard, case, span, mark):
                found.append((span.start, span.start_event, min(ends, default=None), span.start))
        return found

    def _asked(self, standard: Standard, case: Case, span: Span, mark: Event | None) -> bool:
        start = span.start_event
        if mark is None:
            return standard.answer(case, span.start, start) is True
        conditions = [condition for condition in (standard.if_, standard.unless) if condition is not None]
        details = {test.detail.key for condition in conditions for test in condition.tests}
        told_at_start = start is not None and not details.isdisjoint(start.details) and details.isdisjoint(mark.details)
        return standard.admits(case, span.start, start if told_at_start or not details else mark)


def _bars(bar: Span, mark: Event | None) -> bool:
    """Whether a period that must not hold does so on the day of the nth event, or now, where that has not happened."""
    if mark is None:
        return bar.end is None
    return bar.start <= mark.day and (bar.end is None or mark.day < bar.end)


def _build(values: Values) -> Ordinal:
    return Ordinal(values["expect"], values["by the"], values["of"], values.get("since"))


def _check(values: Values) -> list[Complaint]:
    if values.get("since") is None and values.get("while") is None and values.get("while any of") is None:
        return [
            (
                "by the",
                "Nothing says where the counting starts.",
                'Add "while:" with a period, or "since:" with an event.',
            )
        ]
    return []


def _sentence(words: Mapping[str, str]) -> str:
    where = f" ({words['where']})" if "where" in words else ""
    since = f" since {words['since']}" if "since" in words else ""
    return f"{words['expect']}{where}, by the {words['by the']} {words['of']}{since}"


KIND = Kind(
    name="ordinal",
    timing=("by the",),
    fields=(
        EXPECT,
        Field("by the", "ordinal", "Which of the series: `first` … `twelfth`, or `next`.", True),
        Field("of", "choice", "The series of events.", True),
        Field(
            "since", "choice", "The event from which the series is counted; without it, from the start of the period."
        ),
        WHERE,
    ),
    build=_build,
    sentence=_sentence,
    check=_check,
    meaning=(
        "Opens at the start of the period, or at each `since` event. Due on the day of the nth event of the "
        "series, which has no date until it has happened; met by an act on or before it."
    ),
    example="""\
permanence-plan:
  says: A permanence plan is agreed by the second review.
  source: {section: "Reviews / 5", words: "at the point of the second review"}
  expect: permanence plan agreed
  by the: second
  of: looked after review held
  while: looked after
""",
)
