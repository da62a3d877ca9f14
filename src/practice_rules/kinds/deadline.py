"""Deadline: an act within a timescale of an event, a birthday, or the missing of another standard."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ..calendars import age_attained
from ..matching import Opening, held, openings, within
from ..obligations import Duty
from ..shapes import AIM, EXPECT, EXTENDED, PAUSED, VARIED, WHERE, Complaint, Field, Kind, Values, timing
from ..standards import Case, Choice, Gap, Standard, Timing
from ..timescales import Timescale

_TRIGGERS = ("of", "of each", "of turning", "of breach of")


@dataclass(frozen=True, slots=True)
class Deadline:
    """Every event that matches `of` opens one duty on its day; it is met by the earliest act on or after it.

    With `each`, an act belongs to the latest opening event before it, and serves only that one.
    """

    expect: Choice
    timing: Timing
    of: Choice | None
    each: bool
    turning: Timescale | None
    breach_of: str | None
    times: int = 1

    def duties(self, standard: Standard, case: Case) -> list[Duty]:
        """The duties of one case."""
        opened = self._opened(standard, case)
        if not opened:
            return []
        triggers = () if self.of is None else case.pick(self.of).acts.events
        return within(
            standard,
            case,
            opened,
            case.pick(self.expect),
            self.timing,
            each=self.each,
            times=self.times,
            triggers=triggers,
        )

    def _opened(self, standard: Standard, case: Case) -> list[Opening]:
        if self.of is not None:
            picked = case.pick(self.of)
            return openings(standard, case, picked) if picked.acts.days or picked.unsure else []
        if self.turning is not None:
            return self._birthday(standard, case, self.turning)
        found: list[Opening] = []
        for missed in case.breaches.get(self.breach_of or "", ()):
            since, event, due = missed[0], missed[1], missed[2]
            # The breach begins the day after the last day; what was done about it while the duty was still open counts
            # too.
            if due is None or not case.has_come(due + 1):
                continue
            holds, fell = held(standard, case, due + 1)
            if holds and standard.admits(case, due + 1, event):
                found.append((due + 1, event, fell, min(since, due + 1)))
        return found

    def _birthday(self, standard: Standard, case: Case, age: Timescale) -> list[Opening]:
        if case.born is None:
            case.gaps.append(Gap("the date of birth"))
            return []
        day = age_attained(case.born, age.months)
        holds, fell = held(standard, case, day)
        if not holds or not case.has_come(day) or not standard.admits(case, day, None):
            return []
        return [(day, None, fell, day)]


def _build(values: Values) -> Deadline:
    each = values.get("of each")
    return Deadline(
        expect=values["expect"],
        timing=timing(values, "within"),
        of=values.get("of") or each,
        each=each is not None,
        turning=values.get("of turning"),
        breach_of=values.get("of breach of"),
    )


def check_trigger(values: Values) -> list[Complaint]:
    """Exactly one word must say what opens the duty."""
    given = [name for name in _TRIGGERS if values.get(name) is not None]
    if not given:
        return [
            (
                "within",
                'Nothing says what opens this duty: "within" needs a partner.',
                'Add "of:" with the event that opens it.',
            )
        ]
    if len(given) > 1:
        return [(given[1], f'"{given[0]}" and "{given[1]}" both say what opens this duty.', "Keep one.")]
    return []


def _sentence(words: Mapping[str, str]) -> str:
    trigger = next(name for name in _TRIGGERS if name in words)
    lead = {"of": "of", "of each": "of each", "of turning": "of turning", "of breach of": "of a breach of"}[trigger]
    where = f" ({words['where']})" if "where" in words else ""
    return f"{words['expect']}{where}, within {words['within']} {lead} {words[trigger]}"


KIND = Kind(
    name="deadline",
    timing=("within",),
    fields=(
        EXPECT,
        Field("within", "timescale", "The time allowed, from the day of the opening event.", True),
        Field("of", "choice", "The event that opens the duty, or a list any of which does."),
        Field(
            "of each",
            "choice",
            "As `of`, but an act belongs to the latest opening event before it and serves only that one.",
        ),
        Field("of turning", "age", "A birthday opens the duty."),
        Field("of breach of", "standard id", "The duty opens when the named standard is missed."),
        WHERE,
        AIM,
        Field("or by", "choice", "Whichever comes first, the timescale or this event."),
        VARIED,
        EXTENDED,
        PAUSED,
    ),
    build=_build,
    sentence=_sentence,
    check=check_trigger,
    meaning=(
        "Each `of` event opens a duty on its day, which is day 0. It is due when the timescale has run, and "
        "met by the earliest `expect` on or after the opening. One act may meet several open duties; with `of "
        "each` it meets only the latest."
    ),
    example="""\
assessment-completed:
  says: Assessments are completed within 45 working days of the referral.
  source: {section: "Assessment / 1", words: "within 45 working days"}
  expect: assessment completed
  within: 45 working days
  of: referral received
""",
)
