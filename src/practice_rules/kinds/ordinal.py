"""Ordinal: an act by the second, third … of a series of events."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

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
            assert standard.standing is not None
            opened = [
                (span.start, span.start_event, span.end, span.start)
                for span in case.standing(standard.standing)
                if standard.admits(case, span.start, case.begun_by(standard.standing, span))
            ]
        if not opened:
            return []
        return nth(
            standard, case, opened, case.pick(self.of), case.pick(self.expect), self.place, after=self.since is not None
        )


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
