"""Evidence: an event's record carries what it must."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ..events import Event
from ..matching import openings
from ..obligations import Duty, Extra
from ..shapes import Complaint, Field, Kind, Values
from ..standards import Case, Choice, Condition, Gap, Picked, Standard


@dataclass(frozen=True, slots=True)
class Evidence:
    """Each event must carry the details: one never carried is not assessed, one carried but empty is breached."""

    each: Choice
    which: str
    require: Condition

    def duties(self, standard: Standard, case: Case) -> list[Duty]:
        """The duties of one case."""
        picked = case.pick(self.each)
        found: list[Duty] = []
        if not picked.acts.days and not picked.unsure:
            return found
        for day, event in self._chosen(standard, case, picked):
            answers = [(test, test.holds(event, {})) for test in self.require.tests]
            lacking = [test.detail.key for test, answer in answers if answer is False]
            silent = [test.detail.key for test, answer in answers if answer is None]
            if silent and not lacking:
                case.gaps.append(Gap(f"the detail “{silent[0]}” of “{event.key}”", day, event.id))
                continue
            extra = Extra(reasons=(("evidence lacking", {"details": lacking}),)) if lacking else None
            fell, extra = standard.falls(case, day, day, None, extra, event)
            found.append((day, event, day, None if lacking else day, None if lacking else event, fell, None, extra))
        return found

    def _chosen(self, standard: Standard, case: Case, picked: Picked) -> list[tuple[int, Event]]:
        """All of the events, or the first or last of each span of the period, where the standard admits them.

        The last is known only when the span has ended. Where an event of which the record does not say whether it is
        of the series might be the first or last, that cannot be told.
        """
        if self.which == "each":
            return [(day, event) for day, event, _, _ in openings(standard, case, picked) if event is not None]
        assert standard.standing is not None
        last = self.which == "last"
        series = [(event, "") for event in picked.acts.events] + picked.unsure
        chosen: list[tuple[int, Event]] = []
        for span in case.standing(standard.standing):
            inside = sorted((pair for pair in series if span.holds(pair[0].day)), key=lambda pair: pair[0].order)
            if not inside or (last and span.end is None):
                continue
            event, missing = inside[-1 if last else 0]
            if missing and standard.may_admit(case, event.day, event):
                case.gaps.append(Gap(f"the detail “{missing}” of “{event.key}”", event.day, event.id))
            elif not missing and standard.admits(case, event.day, event):
                chosen.append((event.day, event))
        return chosen


def _build(values: Values) -> Evidence:
    which = next(name for name in ("each", "the first", "the last") if values.get(f"for {name}") is not None)
    return Evidence(values[f"for {which}"], which.removeprefix("the "), values["require"])


def _check(values: Values) -> list[Complaint]:
    given = [name for name in ("for each", "for the first", "for the last") if values.get(name) is not None]
    if not given:
        return [
            (
                "require",
                "Nothing says which event must carry this.",
                'Add "for each:", "for the first:" or "for the last:".',
            )
        ]
    if len(given) > 1:
        return [
            (
                given[1],
                f'"{given[0]}" and "{given[1]}" both say which event.',
                "Keep one; write a second standard for the other.",
            )
        ]
    if given[0] != "for each" and values.get("while") is None and values.get("while any of") is None:
        return [
            (given[0], f'"{given[0]}" needs a period: the {given[0][8:]} of what?', 'Add "while:" with the period.')
        ]
    return []


def _sentence(words: Mapping[str, str]) -> str:
    which = next(name for name in ("for each", "for the first", "for the last") if name in words)
    return f"{which} {words[which]}, the record gives {words['require']}"


KIND = Kind(
    name="evidence",
    timing=("require",),
    fields=(
        Field("for each", "choice", "The event whose record is looked at."),
        Field("for the first", "choice", "The first such event of the period."),
        Field("for the last", "choice", "The last such event of the period, known when it has ended."),
        Field("require", "requirement", "The details it must carry, as a list, or with what they must say.", True),
    ),
    build=_build,
    sentence=_sentence,
    check=_check,
    meaning=(
        "Each matching event must carry the named details, on its own day. A detail that the record never "
        "carries is not assessed; one carried but empty is breached."
    ),
    example="""\
not-seen-alone:
  says: When a child is not seen alone, the reason is recorded and a manager authorises it.
  source: {section: "Visits / 4", words: "the reason is recorded"}
  for each: child visited
  if: {seen alone: no}
  require: [reason not seen alone, authorised by]
""",
)
