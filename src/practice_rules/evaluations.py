"""The result of an evaluation: obligations in due order, what was not assessed, and a fingerprint of what went in.

Results stay tuples inside and become friendly objects when they are asked for: a caseload has millions of them.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from operator import itemgetter
from typing import Any, Final

from ._version import __version__
from .calendars import OFFICIAL_UNTIL, local
from .events import Event, History, as_moment
from .obligations import Duty, EventRef, NotAssessed, Obligation, Reason, Status, read_day
from .pack import Pack
from .standards import Gap, Standard

__all__ = ["Block", "Evaluation"]

#: Sorts after every real day: a duty whose date cannot be named yet.
_NO_DATE: Final = 10**7
#: The duties of one standard with their statuses, by the standard's number.
Block = tuple[int, list[Duty], list[Status]]
#: One duty with its status: (due day for sorting, the standard's number, opened day, status, the duty).
Row = tuple[int, int, int, Status, Duty]


class Evaluation:
    """What one pack asks in one case, as of a moment.

    Attributes:
        subject: whose history.
        kind: the kind of subject.
        pack: the pack's name.
        authority: whose standards.
        edition: the documents' editions.
        as_of: the moment of judging; a date means the end of that day.
        known_at: only what had been recorded by then was used.
        version: the version of the library.
        calendar: the edition of the calendar.
        fingerprint: equal whenever pack, calendar, events, as_of, known_at and version are equal.
        notices: what a reader should know of the input: events set aside, events the pack has no word for.
    """

    __slots__ = (
        "_all",
        "_blocks",
        "_fingerprint",
        "_gaps",
        "_history",
        "_missing",
        "_notices",
        "_pack",
        "as_of",
        "authority",
        "calendar",
        "edition",
        "kind",
        "known_at",
        "pack",
        "subject",
        "version",
    )

    def __init__(
        self,
        *,
        subject: str,
        kind: str,
        pack: str,
        authority: str,
        edition: str,
        as_of: date | datetime,
        known_at: date | datetime,
        version: str,
        calendar: str,
    ) -> None:
        self.subject = subject
        self.kind = kind
        self.pack = pack
        self.authority = authority
        self.edition = edition
        self.as_of = as_of
        self.known_at = known_at
        self.version = version
        self.calendar = calendar
        # Where it was just judged, the rows and what they came from; where it was read from JSON, what was read.
        self._history: History | None = None
        self._pack: Pack | None = None
        self._blocks: list[Block] = []
        self._gaps: list[tuple[int, Gap]] = []
        self._all: tuple[Obligation, ...] | None = None
        self._missing: tuple[NotAssessed, ...] | None = None
        self._notices: tuple[str, ...] | None = None
        self._fingerprint: str | None = None

    @classmethod
    def of(
        cls,
        history: History,
        pack: Pack,
        as_of: date | datetime,
        known_at: date | datetime,
        blocks: list[Block],
        gaps: list[tuple[int, Gap]],
    ) -> Evaluation:
        """An evaluation from what `evaluate` found."""
        made = cls(
            subject=history.subject,
            kind=history.kind,
            pack=pack.name,
            authority=pack.authority,
            edition=pack.edition,
            as_of=as_of,
            known_at=known_at,
            version=__version__,
            calendar=pack.calendar.edition,
        )
        made._history, made._pack, made._blocks, made._gaps = history, pack, blocks, gaps
        return made

    # --- the obligations

    @property
    def _every(self) -> tuple[Obligation, ...]:
        if self._all is None:
            assert self._pack is not None
            standards, now = self._pack.standards, as_moment(self.as_of).day
            self._all = tuple(
                _obligation(standards[row[1]], row, now) for row in self._rows if row[3] is not Status.NOT_ASSESSED
            )
        return self._all

    @property
    def _rows(self) -> list[Row]:
        """Every duty in due order, then in the order of the file."""
        rows = [
            (_NO_DATE if duty[2] is None else duty[2], number, duty[0], status, duty)
            for number, duties, statuses in self._blocks
            for duty, status in zip(duties, statuses, strict=True)
        ]
        rows.sort(key=itemgetter(0, 1, 2))
        return rows

    def _some(self, status: Status) -> tuple[Obligation, ...]:
        return tuple(found for found in self._every if found.status is status and found.kind != "cohort")

    @property
    def obligations(self) -> tuple[Obligation, ...]:
        """Met, due and breached, in due order; lapsed ones and those of cohort standards stand apart."""
        return tuple(found for found in self._every if found.status is not Status.LAPSED and found.kind != "cohort")

    @property
    def met(self) -> tuple[Obligation, ...]:
        """Done in time."""
        return self._some(Status.MET)

    @property
    def due(self) -> tuple[Obligation, ...]:
        """Open, and in time so far."""
        return self._some(Status.DUE)

    @property
    def breached(self) -> tuple[Obligation, ...]:
        """Late (done since) or overdue (still not done)."""
        return self._some(Status.BREACHED)

    @property
    def lapsed(self) -> tuple[Obligation, ...]:
        """Fell away before they were due."""
        return self._some(Status.LAPSED)

    @property
    def cohort(self) -> tuple[Obligation, ...]:
        """What counts towards a share of many histories; never a breach of this one."""
        return tuple(found for found in self._every if found.kind == "cohort")

    @property
    def not_assessed(self) -> tuple[NotAssessed, ...]:
        """What could not be judged, with the missing fact."""
        if self._missing is None:
            self._missing = self._find_missing()
        return self._missing

    @property
    def notices(self) -> tuple[str, ...]:
        """What a reader should know of the input. No notice repeats a value of the record."""
        if self._notices is None:
            assert self._history is not None
            assert self._pack is not None
            known_at = as_moment(self.known_at)
            events = [e for e in self._history.events if known_at.reaches(e.recorded_day, e.recorded_clock)]
            notices = [
                f'event "{event.id}" has no usable date (before 1901 stands for missing) and was set aside'
                for event in events
                if event.undated
            ]
            notices += [
                f'event "{event.id}" has a name that the pack does not know, and was not used'
                for event in events
                if event.key not in self._pack.events
            ]
            if not any(standard.subject == self.kind for standard in self._pack.tested):
                notices.append("no tested standard of the pack speaks of this kind of subject, so nothing was judged")
            # A record and its correction are one event.
            self._notices = tuple(dict.fromkeys(notices))
        return self._notices

    def __iter__(self) -> Iterator[Obligation]:
        return iter(self.obligations)

    def __len__(self) -> int:
        return len(self.obligations)

    def of_standard(self, standard: str) -> tuple[Obligation, ...]:
        """Every obligation of one standard, lapsed ones included, in due order."""
        return tuple(found for found in self._every if found.standard == standard)

    def brief(self) -> list[tuple[str, str, int, int | None, int | None]]:
        """Every obligation, lapsed and cohort ones included, as (standard, status, opened, due, done), days as
        ordinals: the cheapest form, for engines and caseloads. What was not assessed is not among them.
        """
        if self._pack is None:
            return [
                (
                    found.standard,
                    str(found.status),
                    found.opened.toordinal(),
                    None if found.due is None else found.due.toordinal(),
                    None if found.met_on is None else found.met_on.toordinal(),
                )
                for found in self._every
            ]
        ids = [standard.id for standard in self._pack.standards]
        return [
            (ids[number], str(status), opened, duty[2], _done(duty))
            for _, number, opened, status, duty in self._rows
            if status is not Status.NOT_ASSESSED
        ]

    def parts(self) -> tuple[list[Block], list[tuple[int, Gap]]]:
        """What was found, as `evaluate` found it: duties with their statuses by standard, and gaps. For caseloads, of
        which the objects would be millions.
        """
        return self._blocks, self._gaps

    def with_parts(self, blocks: list[Block]) -> Evaluation:
        """The same with other duties and statuses."""
        assert self._history is not None
        assert self._pack is not None
        return Evaluation.of(self._history, self._pack, self.as_of, self.known_at, blocks, self._gaps)

    def events_by_id(self) -> dict[str, Event]:
        """The events that were judged, by id; of several records of one id, the last."""
        assert self._history is not None
        return {event.id: event for event in self._history.events}

    def _find_missing(self) -> tuple[NotAssessed, ...]:
        assert self._pack is not None
        found = [(number, gap.opened, gap.missing, gap.event) for number, gap in self._gaps]
        for _, number, opened, status, duty in self._rows:
            if status is Status.NOT_ASSESSED:
                extra = duty[7]
                assert extra is not None
                assert extra.doubt is not None
                found.append((number, opened, *extra.doubt))
        # In the order of the file, then by date; what is asked twice of one standard is said once.
        found = sorted(set(found), key=lambda item: (item[0], item[1] or 0, item[2], item[3] or ""))
        standards = self._pack.standards
        return tuple(
            NotAssessed(
                standards[number].id,
                missing,
                None if opened is None else _date(opened),
                event,
                standards[number].source,
            )
            for number, opened, missing, event in found
        )

    # --- as data

    @property
    def fingerprint(self) -> str:
        """Equal whenever the inputs are: pack, calendar edition, events, as_of, known_at and version."""
        if self._fingerprint is None:
            assert self._history is not None
            assert self._pack is not None
            inputs = {
                "pack": self._pack.digest,
                "calendar": self.calendar,
                "history": self._history.to_dict(),
                "as_of": self.as_of.isoformat(),
                "known_at": self.known_at.isoformat(),
                "version": self.version,
            }
            text = json.dumps(inputs, sort_keys=True, separators=(",", ":"))
            self._fingerprint = hashlib.sha256(text.encode()).hexdigest()
        return self._fingerprint

    def rows(self, *, lapsed: bool = False) -> list[dict[str, Any]]:
        """One plain dictionary for each obligation, for a data frame: `pandas.DataFrame(evaluation.rows())`."""
        found = [item for item in self._every if item.kind != "cohort" and (lapsed or item.status is not Status.LAPSED)]
        return [
            {
                "subject": self.subject,
                "pack": self.pack,
                "standard": item.standard,
                "kind": item.kind,
                "status": str(item.status),
                "late": item.late,
                "overdue": item.overdue,
                "opened": item.opened,
                "opened_by": item.opened_by.id if item.opened_by else None,
                "due": item.due,
                "met_on": item.met_on,
                "met_by": item.met_by.id if item.met_by else None,
                "days_late": item.days_late,
                "days_left": item.days_left,
                "target": item.target,
                "target_missed": item.target_missed,
                "document": item.source.document,
                "section": item.source.section,
                "words": item.source.words,
                "says": item.says,
            }
            for item in found
        ]

    def to_dict(self) -> dict[str, Any]:
        """As plain data for JSON; the same keys always, in the same order."""
        return {
            "subject": self.subject,
            "kind": self.kind,
            "pack": self.pack,
            "authority": self.authority,
            "edition": self.edition,
            "as_of": self.as_of.isoformat(),
            "known_at": self.known_at.isoformat(),
            "version": self.version,
            "calendar": self.calendar,
            "fingerprint": self.fingerprint,
            "notices": list(self.notices),
            "obligations": [found.to_dict() for found in self._every],
            "not_assessed": [found.to_dict() for found in self.not_assessed],
        }

    def to_json(self) -> str:
        """As JSON text; equal evaluations give equal bytes."""
        return json.dumps(self.to_dict(), ensure_ascii=False, indent=2)

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Evaluation:
        """From plain data, as `to_dict` gives it."""
        read = cls(
            subject=data["subject"],
            kind=data["kind"],
            pack=data["pack"],
            authority=data["authority"],
            edition=data["edition"],
            as_of=read_day(data["as_of"]),
            known_at=read_day(data["known_at"]),
            version=data["version"],
            calendar=data["calendar"],
        )
        read._fingerprint = data["fingerprint"]
        read._notices = tuple(data["notices"])
        read._all = tuple(Obligation.from_dict(item) for item in data["obligations"])
        read._missing = tuple(NotAssessed.from_dict(item) for item in data["not_assessed"])
        return read

    @classmethod
    def from_json(cls, text: str) -> Evaluation:
        """From JSON text, as `to_json` gives it.

        Raises:
            ValueError: the text is not an evaluation.
        """
        try:
            return cls.from_dict(json.loads(text))
        except (AttributeError, KeyError, TypeError, ValueError, RecursionError):
            pass
        # Raised out here, so that the error carries no trace of the text.
        raise ValueError("this is not an evaluation as `to_json` writes it")

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Evaluation) and self.to_dict() == other.to_dict()

    def __hash__(self) -> int:
        return hash(self.fingerprint)

    def __repr__(self) -> str:
        return (
            f"<Evaluation by {self.pack} as of {self.as_of.isoformat()}: {len(self.met)} met, {len(self.due)} due, "
            f"{len(self.breached)} breached, {len(self.not_assessed)} not assessed>"
        )

    # --- in notebooks

    def _repr_html_(self) -> str:
        from .showing import evaluation_html

        return evaluation_html(self)

    def timeline(self) -> Any:
        """The case as a picture (a matplotlib figure): events, open duties, due dates, lateness. Needs the extra
        `notebook`.
        """
        from .pictures import timeline

        return timeline(self)


def _date(day: int) -> date:
    return date.fromordinal(day)


def _done(duty: Duty) -> int | None:
    """The day a duty was done, unless it had fallen away before."""
    done, fell = duty[3], duty[5]
    return None if done is None or (fell is not None and done > fell) else done


def _obligation(standard: Standard, row: Row, now: int) -> Obligation:
    status, duty = row[3], row[4]
    opened, event, due, _, act, fell, target, extra = duty
    done = _done(duty)
    if done is None:
        act = None
    due_clock = None if extra is None else extra.due_clock
    # A limit in hours is told with the time, anything else by its day.
    opened_clock = None if due_clock is None or event is None else event.clock
    done_clock = None if due_clock is None or act is None else act.clock
    late = left = None
    if due is not None and status is Status.BREACHED:
        late = (done or fell or now) - due
    elif due is not None and status is Status.DUE:
        left = due - now
    return Obligation(
        standard=standard.id,
        kind=standard.kind,
        status=status,
        opened=_told(opened, opened_clock),
        opened_by=None if event is None else EventRef.of(event),
        due=None if due is None else _told(due, due_clock),
        met_on=None if done is None else _told(done, done_clock),
        met_by=None if act is None else EventRef.of(act),
        ended=None if fell is None or (done is not None and status is not Status.LAPSED) else _date(fell),
        days_late=late,
        days_left=left,
        target=None if target is None else _date(target),
        target_missed=target is not None and status is not Status.LAPSED and (done or now) > target,
        projected=standard.works and due is not None and max(due, opened) > OFFICIAL_UNTIL,
        reasons=() if extra is None else tuple(Reason(code, _dated(data)) for code, data in extra.reasons),
        source=standard.source,
        says=standard.says,
    )


def _told(day: int, clock: int | None) -> date | datetime:
    return _date(day) if clock is None else local(clock)


_DAYS = ("day", "start", "end")


def _dated(data: Mapping[str, Any]) -> dict[str, Any]:
    """Reason data with ordinals as ISO dates, so that it reads the same everywhere."""
    return {
        key: _date(value).isoformat() if key in _DAYS and isinstance(value, int) else value
        for key, value in data.items()
    }
