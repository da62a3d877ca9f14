"""Count: so many acts in each window."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ..events import Span
from ..matching import among, between, chain, counted
from ..obligations import Duty
from ..shapes import EXPECT, WHERE, Complaint, Field, Kind, Values, timing
from ..standards import Case, Choice, Rule, Standard, Timing
from ..timescales import Timescale
from .deadline import Deadline
from .frequency import EveryTerm


@dataclass(frozen=True, slots=True)
class InEvery:
    """So many acts in any stretch of a length: the longest time allowed to contain fewer."""

    expect: Choice
    times: int
    timing: Timing

    def duties(self, standard: Standard, case: Case) -> list[Duty]:
        """The duties of one case."""
        assert standard.standing is not None
        spans = case.standing(standard.standing)
        if not spans:
            return []
        picked = case.pick(self.expect)
        if self.times == 1:
            return chain(standard, case, spans, picked, self.timing)
        return counted(standard, case, spans, picked, self.times, self.timing)


@dataclass(frozen=True, slots=True)
class Among:
    """So many matching acts in any so many consecutive events."""

    expect: Choice
    every: Choice
    times: int
    size: int

    def duties(self, standard: Standard, case: Case) -> list[Duty]:
        """The duties of one case."""
        assert standard.standing is not None
        spans = case.standing(standard.standing)
        return (
            among(standard, case, spans, case.pick(self.every), case.pick(self.expect), self.times, self.size)
            if spans
            else []
        )


@dataclass(frozen=True, slots=True)
class Between:
    """So many acts in each gap between consecutive events, inside the period if there is one."""

    expect: Choice
    marks: Choice
    times: int

    def duties(self, standard: Standard, case: Case) -> list[Duty]:
        """The duties of one case."""
        spans = [Span(0, None, None)] if standard.standing is None else case.standing(standard.standing)
        return between(standard, case, spans, case.pick(self.marks), case.pick(self.expect), self.times)


def _build(values: Values) -> Rule:
    expect, times = values["expect"], values["times"]
    if values.get("between each") is not None:
        return Between(expect, values["between each"], times)
    if values.get("within") is not None:
        each = values.get("of each")
        return Deadline(
            expect,
            timing(values, "within"),
            values.get("of") or each,
            each is not None,
            values.get("of turning"),
            None,
            times,
        )
    window = values["in every"]
    if isinstance(window, Timescale):
        return InEvery(expect, times, timing(values, "in every"))
    if isinstance(window, int):
        return Among(expect, Choice(tuple((name, None) for name in dict.fromkeys(expect.names))), times, window)
    return EveryTerm(expect, whole=window == "whole term", times=times)


def _check(values: Values) -> list[Complaint]:
    windows = [name for name in ("in every", "between each", "within") if values.get(name) is not None]
    if not windows:
        return [
            (
                "times",
                '"times" needs a window: so many times in what?',
                'Add "in every: 12 months", "between each:" or "within:" with "of:".',
            )
        ]
    if len(windows) > 1:
        return [(windows[1], f'"{windows[0]}" and "{windows[1]}" both give the window.', "Keep one.")]
    triggers = [name for name in ("of", "of each", "of turning") if values.get(name) is not None]
    if windows == ["within"] and len(triggers) != 1:
        return [
            (
                "within",
                '"within" needs one word that says what opens this duty.',
                'Add "of:" with the event that opens it.',
            )
        ]
    if windows != ["within"] and triggers:
        return [(triggers[0], f'"{triggers[0]}" does not go with "{windows[0]}".', 'It goes with "within".')]
    if windows == ["in every"]:
        if values.get("while") is None and values.get("while any of") is None:
            return [("in every", "A count needs a period in which it runs.", 'Add "while:" with the period.')]
        window = values["in every"]
        if isinstance(window, int):
            if window < values["times"]:
                return [
                    (
                        "in every",
                        "There cannot be more such acts than events.",
                        'Make "in every" at least as large as "times".',
                    )
                ]
            if values.get("where") is None and all(where is None for _, where in values["expect"].options):
                return [
                    (
                        "in every",
                        "Every event would count, so this always holds.",
                        'Add "where:" to say which of them count.',
                    )
                ]
    return []


def _sentence(words: Mapping[str, str]) -> str:
    where = f" ({words['where']})" if "where" in words else ""
    many = "once" if words["times"] == "1" else f"{words['times']} times"
    if "between each" in words:
        return f"{words['expect']}{where}, {many} between each {words['between each']}"
    if "within" in words:
        trigger = next(name for name in ("of", "of each", "of turning") if name in words)
        return f"{words['expect']}{where}, {many} within {words['within']} {trigger} {words[trigger]}"
    return f"{words['expect']}{where}, {many} in every {words['in every']}"


KIND = Kind(
    name="count",
    timing=("times",),
    fields=(
        EXPECT,
        Field("times", "count", "How many acts.", True),
        Field("in every", "window", "The window: a timescale, `term`, `whole term`, or `3 events`."),
        Field("between each", "choice", "The events between which the acts must come."),
        Field("within", "timescale", "With `of`: so many acts within the timescale of an event."),
        Field("of", "choice", "The event that opens the duty."),
        Field("of each", "choice", "As `of`, but an act serves only the latest opening event before it."),
        Field("of turning", "age", "A birthday opens the duty."),
        WHERE,
    ),
    build=_build,
    sentence=_sentence,
    check=_check,
    meaning=(
        "Within each window at least so many acts. `in every: 12 months` is the longest time allowed to "
        "contain fewer; `in every: 3 events` counts the events named by `expect`, of which so many must match "
        "`where`; `between each` counts in each gap between consecutive events."
    ),
    example="""\
unannounced-visit:
  says: The foster home is visited unannounced once in every 12 months.
  source: {section: "Fostering / 6", words: "one unannounced visit"}
  expect: foster carer visited
  where: {announced: no}
  times: 1
  in every: 12 months
  while: approved foster carer
  subject: foster carer
""",
)
