"""Recording: an event is written down within a timescale of happening."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ..events import Acts, Event
from ..matching import openings, within
from ..obligations import Duty
from ..shapes import AIM, Field, Kind, Values, timing
from ..standards import Case, Choice, Gap, Picked, Standard, Timing


@dataclass(frozen=True, slots=True)
class Recording:
    """Opens when the event happened; met when it was first recorded."""

    each: Choice
    timing: Timing

    def duties(self, standard: Standard, case: Case) -> list[Duty]:
        """The duties of one case."""
        picked = case.pick(self.each)
        found: list[Duty] = []
        if not picked.acts.days and not picked.unsure:
            return found
        records = self._records(case) if case.history.corrected else {}
        for opening in openings(standard, case, picked):
            event = opening[1]
            assert event is not None
            written = [record for record in records.get(event.id, (event,)) if _writes_up(record)]
            record = min(written, key=lambda record: (record.recorded_day, record.recorded_clock or 0), default=None)
            if record is None or record.recorded is None:
                case.gaps.append(Gap(f"when “{event.key}” was recorded", event.day, event.id))
                continue
            # A correction may move an event past its first record, which was then in time.
            early = record.recorded_day < event.day
            note = Event(event.name, event.on if early else record.recorded, id=f"{event.id}, recorded", about=event.id)
            found.extend(within(standard, case, [opening], Picked(Acts([note]), []), self.timing))
        return found

    def _records(self, case: Case) -> dict[str, list[Event]]:
        """Every record known by now, by the id of its event."""
        found: dict[str, list[Event]] = {}
        for record in case.history.events:
            if case.known_at.reaches(record.recorded_day, record.recorded_clock):
                found.setdefault(record.id, []).append(record)
        return found


def _writes_up(record: Event) -> bool:
    """Whether a record says what happened: one made before the event arranges it."""
    if record.recorded is None or record.undated:
        return False
    if record.recorded_clock is not None and record.clock is not None:
        return record.recorded_clock >= record.clock
    return record.recorded_day >= record.day


def _build(values: Values) -> Recording:
    return Recording(values["for each"], timing(values, "recorded within"))


def _sentence(words: Mapping[str, str]) -> str:
    where = f" ({words['where']})" if "where" in words else ""
    return f"{words['for each']}{where} is recorded within {words['recorded within']}"


KIND = Kind(
    name="recording",
    timing=("recorded within",),
    fields=(
        Field("for each", "choice", "The event that must be written down.", True),
        Field("recorded within", "timescale", "The time allowed, from when it happened.", True),
        AIM,
    ),
    build=_build,
    sentence=_sentence,
    meaning=(
        "Opens when the event happened, and is met when it was first recorded. An event whose record does not "
        "say when is not assessed."
    ),
    example="""\
visits-recorded:
  says: Visits are recorded within 24 hours.
  source: {section: "Recording / 4", words: "recorded within 24 hours"}
  for each: child visited
  recorded within: 24 hours
""",
)
