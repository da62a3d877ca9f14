"""What is owed to one subject once a standard wakes, and `settle`, the one place where a status is decided."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import IntEnum
from typing import Any

from .calendars import local
from .events import Event, Moment

__all__ = ["Duty", "EventRef", "Extra", "NotAssessed", "Obligation", "Reason", "Source", "Status", "settle"]


class Status(IntEnum):
    """What has become of an obligation. The number is the order of urgency, the name (lower case) is what is shown."""

    BREACHED = 0
    DUE = 1
    MET = 2
    LAPSED = 3
    NOT_ASSESSED = 4

    def __str__(self) -> str:
        return self.name.lower().replace("_", " ")

    @classmethod
    def of(cls, word: str) -> Status:
        """The status of that name.

        Raises:
            ValueError: there is none.
        """
        try:
            return cls[word.upper().replace(" ", "_")]
        except KeyError:
            raise ValueError(f"there is no such status; there are {', '.join(map(str, cls))}") from None


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason as data: a code, and the dates, ids and names it speaks of. It becomes words only when shown."""

    code: str
    data: Mapping[str, Any] = field(default_factory=dict, hash=False)

    def to_dict(self) -> dict[str, Any]:
        """As plain data for JSON."""
        return {"code": self.code, **self.data}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Reason:
        """From plain data."""
        return cls(data["code"], {key: value for key, value in data.items() if key != "code"})


@dataclass(slots=True)
class Extra:
    """What only some duties carry.

    Attributes:
        due_clock: the instant at which a limit in hours ends, where times are known.
        doubt: the missing fact that decides between met and breached: (what is missing, event id or None).
        reasons: what moved the due date, as (code, data).
    """

    due_clock: int | None = None
    doubt: tuple[str, str | None] | None = None
    reasons: tuple[tuple[str, dict[str, Any]], ...] = ()

    @staticmethod
    def doubting(extra: Extra | None, doubt: tuple[str, str | None]) -> Extra:
        """The same with a doubt: a new one, because duties may share theirs."""
        if extra is None:
            return Extra(doubt=doubt)
        return Extra(extra.due_clock, doubt, extra.reasons)


#: One duty as the operators make it. A tuple, because a history has dozens and a caseload millions:
#: (opened day, opening event, due day or None while no date can be named, day done, act, day it fell away, target day,
#: extra).
Duty = tuple[int, Event | None, int | None, int | None, Event | None, int | None, int | None, Extra | None]


def settle(duties: Sequence[Duty], as_of: Moment) -> list[Status]:
    """Decide the status of each duty as of a moment: the only function that does.

    Done on the last day is met; as of the last day, still open, is due; breached starts the day after. A duty whose
    period ends on or before its due date lapses. Where the outcome would be a breach but rests on a fact that the
    record does not give, it is not assessed.
    """
    today, now = as_of.day, as_of.clock
    breached, still_due, met, lapsed = Status.BREACHED, Status.DUE, Status.MET, Status.LAPSED
    found: list[Status] = []
    for _, _, due, done, act, fell, _, extra in duties:
        status = breached
        if fell is not None and (done is None or fell < done):
            # What is done after the duty fell away no longer closes it.
            if due is None or fell <= due:
                status = lapsed
        elif done is not None:
            if due is None or done < due:
                status = met
            elif done == due:
                end = None if extra is None else extra.due_clock
                if end is None or act is None or act.clock is None or act.clock <= end:
                    status = met
        elif due is None or today < due:
            status = still_due
        elif today == due:
            end = None if extra is None else extra.due_clock
            # A date as `as_of` means the end of that day: an hour within it has passed.
            if end is None or (now is not None and now <= end):
                status = still_due
        if status is breached and extra is not None and extra.doubt is not None:
            status = Status.NOT_ASSESSED
        found.append(status)
    return found


@dataclass(frozen=True, slots=True)
class Source:
    """Where a standard is printed: the document, the heading (and number), and a few printed words that locate the
    clause.
    """

    document: str
    section: str
    words: str

    def __str__(self) -> str:
        return f"{self.document}, {self.section}, “{self.words}”"

    def to_dict(self) -> dict[str, str]:
        """As plain data for JSON."""
        return {"document": self.document, "section": self.section, "words": self.words}


@dataclass(frozen=True, slots=True)
class EventRef:
    """An event as a result names it: its id, its name, and when it happened."""

    id: str
    name: str
    on: date | datetime

    @classmethod
    def of(cls, event: Event) -> EventRef:
        """The reference to an event, with local time."""
        on = event.on if event.clock is None else local(event.clock)
        return cls(event.id, event.key, on)

    def to_dict(self) -> dict[str, str]:
        """As plain data for JSON."""
        return {"id": self.id, "name": self.name, "on": self.on.isoformat()}

    @classmethod
    def from_dict(cls, data: Mapping[str, str]) -> EventRef:
        """From plain data."""
        return cls(data["id"], data["name"], read_day(data["on"]))


def read_day(text: str) -> date | datetime:
    """A date or a date and time from ISO text."""
    return date.fromisoformat(text) if len(text) == 10 else datetime.fromisoformat(text)


@dataclass(frozen=True, slots=True)
class Obligation:
    """What one standard asks in one case, and what became of it.

    Attributes:
        standard: the id of the standard.
        kind: its kind (deadline, frequency, …).
        status: met, due, breached or lapsed.
        opened: the day (or time) it opened, which is day 0 unless the pack says otherwise.
        opened_by: the event that opened it; None for a birthday, a birth or a school term.
        due: the last day (or instant) in time; None while no date can be named yet.
        met_on: when it was done, in time or late; None if it was not.
        met_by: the event that satisfied it.
        ended: the day it fell away because a period ended.
        days_late: calendar days past due, for breached ones (0 where only hours are late).
        days_left: calendar days to go, for due ones with a date.
        target: the day of a tighter local target (`aim`).
        target_missed: the target has passed without the act, or was passed before it. No breach in itself.
        projected: the date rests on bank holidays that are not officially published yet.
        reasons: what led to the date and the status, as data.
        source: document, section and words of the clause.
        says: the standard in plain words.
    """

    standard: str
    kind: str
    status: Status
    opened: date | datetime
    opened_by: EventRef | None
    due: date | datetime | None
    met_on: date | datetime | None
    met_by: EventRef | None
    ended: date | None
    days_late: int | None
    days_left: int | None
    target: date | None
    target_missed: bool
    projected: bool
    reasons: tuple[Reason, ...]
    source: Source
    says: str

    def _repr_html_(self) -> str:
        from .showing import obligation_html

        return obligation_html(self)

    @property
    def late(self) -> bool:
        """Breached, and done since."""
        return self.status is Status.BREACHED and self.met_on is not None

    @property
    def overdue(self) -> bool:
        """Breached, and still not done."""
        return self.status is Status.BREACHED and self.met_on is None

    @property
    def key(self) -> str:
        """A stable name of the obligation within its case: the standard and what opened it."""
        return f"{self.standard}/{self.opened_by.id if self.opened_by else self.opened.isoformat()[:10]}"

    def to_dict(self) -> dict[str, Any]:
        """As plain data for JSON; the same keys always, in the same order."""
        return {
            "standard": self.standard,
            "kind": self.kind,
            "status": str(self.status),
            "late": self.late,
            "overdue": self.overdue,
            "opened": self.opened.isoformat(),
            "opened_by": self.opened_by.to_dict() if self.opened_by else None,
            "due": self.due.isoformat() if self.due else None,
            "met_on": self.met_on.isoformat() if self.met_on else None,
            "met_by": self.met_by.to_dict() if self.met_by else None,
            "ended": self.ended.isoformat() if self.ended else None,
            "days_late": self.days_late,
            "days_left": self.days_left,
            "target": self.target.isoformat() if self.target else None,
            "target_missed": self.target_missed,
            "projected": self.projected,
            "reasons": [reason.to_dict() for reason in self.reasons],
            "source": self.source.to_dict(),
            "says": self.says,
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Obligation:
        """From plain data, as `to_dict` gives it."""
        return cls(
            standard=data["standard"],
            kind=data["kind"],
            status=Status.of(data["status"]),
            opened=read_day(data["opened"]),
            opened_by=EventRef.from_dict(data["opened_by"]) if data["opened_by"] else None,
            due=read_day(data["due"]) if data["due"] else None,
            met_on=read_day(data["met_on"]) if data["met_on"] else None,
            met_by=EventRef.from_dict(data["met_by"]) if data["met_by"] else None,
            ended=date.fromisoformat(data["ended"]) if data["ended"] else None,
            days_late=data["days_late"],
            days_left=data["days_left"],
            target=date.fromisoformat(data["target"]) if data["target"] else None,
            target_missed=data["target_missed"],
            projected=data["projected"],
            reasons=tuple(Reason.from_dict(reason) for reason in data["reasons"]),
            source=Source(**data["source"]),
            says=data["says"],
        )


@dataclass(frozen=True, slots=True)
class NotAssessed:
    """A standard that could not be judged, with the fact that was missing. Never counted as met, and never as
    breached.

    Attributes:
        standard: the id of the standard.
        missing: the missing fact, in words.
        opened: the day the duty would have opened, where there is one.
        event: the id of the event that does not say, where there is one.
        source: document, section and words of the clause.
    """

    standard: str
    missing: str
    opened: date | None
    event: str | None
    source: Source

    def to_dict(self) -> dict[str, Any]:
        """As plain data for JSON."""
        return {
            "standard": self.standard,
            "missing": self.missing,
            "opened": self.opened.isoformat() if self.opened else None,
            "event": self.event,
            "source": self.source.to_dict(),
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> NotAssessed:
        """From plain data."""
        opened = date.fromisoformat(data["opened"]) if data["opened"] else None
        return cls(data["standard"], data["missing"], opened, data["event"], Source(**data["source"]))
