"""Limit: a period lasts no longer than a timescale."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ..events import NO_ACTS
from ..matching import held, timed
from ..obligations import Duty
from ..shapes import AIM, EXTENDED, PAUSED, VARIED, Field, Kind, Values, timing
from ..standards import Case, Period, Picked, Standard, Timing


@dataclass(frozen=True, slots=True)
class Limit:
    """Each span opens a duty on its first day; it is met when the span has ended by the due date."""

    period: Period
    timing: Timing

    def duties(self, standard: Standard, case: Case) -> list[Duty]:
        """The duties of one case."""
        found: list[Duty] = []
        count = self.timing.counter(case)
        spans, doubtful_ends = case.lasting(self.period)
        ends = Picked(NO_ACTS, doubtful_ends)
        for span in spans:
            holds, fell = held(standard, case, span.start)
            if holds and standard.admits(case, span.start, span.start_event):
                base = count(span.start)
                found.append(
                    timed(standard, case, self.timing, span.start, span.start_event, fell, span.end_event, ends, base)
                )
        return found


def _build(values: Values) -> Limit:
    return Limit(values["limit"], timing(values, "to"))


def _sentence(words: Mapping[str, str]) -> str:
    return f"{words['limit']} lasts no longer than {words['to']}"


KIND = Kind(
    name="limit",
    timing=("limit",),
    fields=(
        Field("limit", "period", "The period that must not last longer.", True),
        Field("to", "days timescale", "The longest it may last.", True),
        AIM,
        VARIED,
        EXTENDED,
        PAUSED,
    ),
    build=_build,
    sentence=_sentence,
    meaning=(
        "Each span of the period opens a duty on its first day, which is day 0. It is met when the span has "
        "ended by the due date."
    ),
    example="""\
pre-proceedings-limit:
  says: Pre-proceedings last no longer than 6 months.
  source: {section: "Pre-proceedings / 2", words: "no longer than six months"}
  limit: pre-proceedings
  to: 6 months
""",
)
