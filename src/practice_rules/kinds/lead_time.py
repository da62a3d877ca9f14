"""Lead time and order: an act so long before an event, or at any time before it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ..matching import before, openings
from ..obligations import Duty
from ..shapes import AIM, EXPECT, WHERE, Complaint, Field, Kind, Values, timing
from ..standards import Case, Choice, Standard, Timing


@dataclass(frozen=True, slots=True)
class LeadTime:
    """Each `before` event, held or arranged, opens a duty that is due so long before it.

    Moving the meeting moves the due date.
    """

    expect: Choice
    before: Choice
    timing: Timing | None

    def duties(self, standard: Standard, case: Case) -> list[Duty]:
        """The duties of one case."""
        picked = case.pick_arranged(self.before)
        if not picked.acts.days and not picked.unsure:
            return []
        opened = openings(standard, case, picked)
        return before(standard, case, opened, case.pick(self.expect), self.timing, picked.acts.events)


def _build(values: Values) -> LeadTime:
    return LeadTime(values["expect"], values["before"], timing(values, "at least") if values.get("at least") else None)


def _check(values: Values) -> list[Complaint]:
    if values.get("aim") is not None and values.get("at least") is None:
        return [
            (
                "aim",
                'A target needs a limit beside it, and there is no "at least".',
                'Add "at least:", or take "aim" out.',
            )
        ]
    return []


def _sentence(words: Mapping[str, str]) -> str:
    where = f" ({words['where']})" if "where" in words else ""
    lead = f"at least {words['at least']} before" if "at least" in words else "before"
    return f"{words['expect']}{where}, {lead} {words['before']}"


KIND = Kind(
    name="lead time",
    timing=("before",),
    fields=(
        EXPECT,
        Field("at least", "lead", "How long before; without it, at any time before."),
        Field("before", "choice", "The event, held or arranged, that the act must come before.", True),
        WHERE,
        AIM,
    ),
    build=_build,
    sentence=_sentence,
    check=_check,
    meaning=(
        "Each `before` event, held or arranged, opens a duty. It is due on the day counted back, the event "
        "being day 0, and met by the act that belongs to it: the one that names it (`about`), else one after "
        "the previous such event. Moving the meeting moves the due date."
    ),
    example="""\
conference-report-shared:
  says: The report is shared at least 2 working days before the conference.
  source: {section: "Conferences / 3", words: "two working days before the conference"}
  expect: review conference report shared with family
  at least: 2 working days
  before: review child protection conference held
""",
)
