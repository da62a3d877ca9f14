"""Age: an act by, or before, the day on which an age is attained."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ..calendars import age_attained
from ..events import Event
from ..matching import finished
from ..obligations import Duty
from ..shapes import EXPECT, WHERE, Complaint, Field, Kind, Values
from ..standards import Case, Choice, Gap, Standard
from ..timescales import Timescale


@dataclass(frozen=True, slots=True)
class Age:
    """Due on the day the age is attained (or the day before it); the act counts whenever it happened up to then."""

    expect: Choice
    age: Timescale
    earlier: bool

    def duties(self, standard: Standard, case: Case) -> list[Duty]:
        """The duties of one case."""
        spans = None if standard.standing is None else case.standing(standard.standing)
        if spans == []:
            return []
        if case.born is None:
            case.gaps.append(Gap("the date of birth"))
            return []
        opened: list[tuple[int, Event | None, int | None, Event | None]]
        due = age_attained(case.born, self.age.months) - (1 if self.earlier else 0)
        picked = case.pick(self.expect)
        act = picked.acts.events[0] if picked.acts.days else None
        if spans is None:
            opened = [(case.born, None, None, None)] if case.has_come(case.born) else []
        else:
            opened = [
                (span.start or case.born, span.start_event, span.end, case.begun_by(standard.standing, span))
                for span in spans
                # Where only periods that must not hold are named, the first stretch begins with the birth.
                if span.start or (case.has_come(case.born) and (span.end is None or span.end > case.born))
            ]
        found: list[Duty] = []
        for day, event, fell, begun in opened:
            # A period that begins after the day asks nothing by it.
            if day <= due and standard.admits(case, day, begun):
                found.append(finished(standard, case, day, event, due, act, fell, picked, since=0))
        return found


def _build(values: Values) -> Age:
    earlier = values.get("before age") is not None
    return Age(values["expect"], values["before age"] if earlier else values["by age"], earlier)


def _check(values: Values) -> list[Complaint]:
    if values.get("by age") is not None and values.get("before age") is not None:
        return [("before age", '"by age" and "before age" cannot both hold.', "Keep one.")]
    return []


def _sentence(words: Mapping[str, str]) -> str:
    where = f" ({words['where']})" if "where" in words else ""
    lead = "before the age of" if "before age" in words else "by the age of"
    return f"{words['expect']}{where}, {lead} {words.get('before age') or words['by age']}"


KIND = Kind(
    name="age",
    timing=("by age", "before age"),
    fields=(
        EXPECT,
        Field("by age", "age", "The age, on whose day of attaining the act is due."),
        Field("before age", "age", "The age before whose day of attaining the act is due."),
        WHERE,
    ),
    build=_build,
    sentence=_sentence,
    check=_check,
    meaning=(
        "Due on the day the age is attained, or with `before age` the day before. The act counts whenever it "
        "happened up to then. Without a period the duty opens at birth; with one, at its start, unless that "
        "is after the day."
    ),
    example="""\
pathway-plan-started:
  says: A pathway plan is started by the age of 15 years 6 months.
  source: {section: "Leaving care / 1", words: "when the young person is 15 years 6 months"}
  expect: pathway plan started
  by age: 15 years 6 months
  while: looked after
""",
)
