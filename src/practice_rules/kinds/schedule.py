"""Schedule: a series of acts, each with its own timescale: first within, second within, then every."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from ..events import Span
from ..matching import chain
from ..obligations import Duty
from ..shapes import EXPECT, PAUSED, VARIED, WHERE, Complaint, Field, Kind, Values, timing
from ..standards import Case, Choice, Standard, Timing
from ..timescales import ordinal_word

_PLACES = tuple(f"{ordinal_word(n)} within" for n in range(1, 7))


@dataclass(frozen=True, slots=True)
class Schedule:
    """As a frequency, with the timescale chosen by the place in the series. Without `then every` the series ends."""

    expect: Choice
    steps: tuple[Timing, ...]
    afterwards: Timing | None

    def duties(self, standard: Standard, case: Case) -> list[Duty]:
        """The duties of one case."""
        assert standard.standing is not None
        spans = case.standing(standard.standing)
        return chain(standard, case, spans, case.pick(self.expect), self._timing_of()) if spans else []

    def _timing_of(self) -> Callable[[int, int, Span], Timing | None]:
        steps, afterwards = self.steps, self.afterwards
        return lambda ordinal, day, span: steps[ordinal] if ordinal < len(steps) else afterwards


def _build(values: Values) -> Schedule:
    at_first = timing(values, "first within")
    steps = [at_first.with_timescale(values[name]) for name in _PLACES if values.get(name) is not None]
    then = values.get("then every")
    return Schedule(values["expect"], tuple(steps), None if then is None else at_first.with_timescale(then))


def _check(values: Values) -> list[Complaint]:
    given = [name for name in _PLACES if values.get(name) is not None]
    missing = [name for name in _PLACES[: len(given)] if name not in given]
    if missing:
        return [(given[-1], f'The series has no "{missing[0]}".', f'Add "{missing[0]}:" before it.')]
    return []


def _sentence(words: Mapping[str, str]) -> str:
    where = f" ({words['where']})" if "where" in words else ""
    steps = [f"{name} {words[name]}" for name in (*_PLACES, "then every") if name in words]
    return f"{words['expect']}{where}: {', '.join(steps)}"


KIND = Kind(
    name="schedule",
    timing=("first within",),
    fields=(
        EXPECT,
        Field("first within", "timescale", "From the start of the period to the first act.", True),
        *(Field(name, "timescale", f"From the act before to the {name.split()[0]}.") for name in _PLACES[1:]),
        Field("then every", "timescale", "From each act to the next, after those named."),
        WHERE,
        VARIED,
        PAUSED,
    ),
    build=_build,
    sentence=_sentence,
    check=_check,
    period=True,
    meaning=(
        "As a frequency, with the timescale chosen by the place in the series: the first counts from the "
        "start of the period, every other from the act before. Each new span starts again at the first."
    ),
    example="""\
looked-after-reviews:
  says: The first review is held within 20 working days, the second within 3 months, then every 6 months.
  source: {section: "Reviews / 1", words: "within 20 working days"}
  expect: looked after review held
  first within: 20 working days
  second within: 3 months
  then every: 6 months
  while: looked after
""",
)
