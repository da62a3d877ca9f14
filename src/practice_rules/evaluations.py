"""The result of an evaluation: obligations in due order, what was not assessed, and a fingerprint of what went in.

Results stay tuples inside and become friendly objects when they are asked for: a caseload has millions of them.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any, Final

from ._version import __version__
from .calendars import OFFICIAL_UNTIL, local
from .events import History, as_moment
from .obligations import Duty, EventRef, NotAssessed, Obligation, Reason, Status, read_day
from .pack import Pack
from .standards import Gap

__all__ = ["NO_DATE", "Evaluation", "Row"]

#: Sorts after every real day: a duty whose date cannot be named yet.
NO_DATE: Final = 10**7
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
        "_fingerprint",
        "_gaps",
        "_history",
        "_missing",
        "_notices",
        "_pack",
        "_rows",
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

    subject: str
    kind: str
    pack: str
    authority: str
    edition: str
    as_of: date | datetime
    known_at: date | datetime
    version: str
    calendar: str
    _all: tuple[Obligation, ...] | None
    _missing: tuple[NotAssessed, ...] | None
    _notices: tuple[str, ...] | None
    _fingerprint: str | None
    _rows: list[Row]
    _gaps: list[tuple[int, Gap]]
    _history: History
    _pack: Pack

    def __init__(self, **given: Any) -> None:
        for name in self.__slots__:
            setattr(self, name, given.get(name))

    @classmethod
    def of(
        cls,
        history: History,
        pack: Pack,
        as_of: date | datetime,
        known_at: date | datetime,
        rows: list[Row],
        gaps: list[tuple[int, Gap]],
    ) -> Evaluation:
        """An evaluation from the rows that `evaluate` found."""
        made = cls.__new__(cls)
        made._history, made._pack, made._rows, made._gaps = history, pack, rows, gaps
        made._all = made._missing = made._notices = made._fingerprint = None
        made.subject, made.kind, made.as_of, made.known_at = history.subject, history.kind, as_of, known_at
        made.pack, made.authority, made.edition = pack.name, pack.authority, pack.edition
        made.version, made.calendar = __version__, pack.calendar.edition
        return made

    # --- the obligations

    @property
    def _every(self) -> tuple[Obligation, ...]:
        if self._all is None:
            self._all = tuple(self._obligation(row) for row in self._rows if row[3] is not Status.NOT_ASSESSED)
        return self._all

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
            notices = [
                f'event "{event.id}" has no usable date (before 1901 stands for missing) and was set aside'
                for event in self._history.set_aside
            ]
            strange = [event.id for event in self._history.events if event.key not in self._pack.events]
            notices += [
                f'event "{found}" has a name that the pack does not know, and was not used' for found in strange
            ]
            if not any(standard.subject == self.kind for standard in self._pack.tested):
                notices.append("no tested standard of the pack speaks of this kind of subject, so nothing was judged")
            self._notices = tuple(notices)
        return self._notices

    def __iter__(self) -> Iterator[Obligation]:
        return iter(self.obligations)

    def __len__(self) -> int:
        return len(self.obligations)

    def of_standard(self, standard: str) -> tuple[Obligation, ...]:
        """Every obligation of one standard, lapsed ones included, in due order."""
        return tuple(found for found in self._every if found.standard == standard)

    def brief(self) -> list[tuple[str, str, int, int | None, int | None]]:
        """Every duty as (standard, status, opened, due, done), days as ordinals: the cheapest form, for engines and
        caseloads.
        """
        ids = [standard.id for standard in self._pack.standards]
        return [(ids[number], str(status), opened, duty[2], duty[3]) for _, number, opened, status, duty in self._rows]

    def _obligation(self, row: Row) -> Obligation:
        standard = self._pack.standards[row[1]]
        status, (opened, event, due, done, act, fell, target, extra) = row[3], row[4]
        if fell is not None and done is not None and done > fell:
            done = act = None
        due_clock = extra.due_clock if extra is not None else None
        now = as_moment(self.as_of).day
        late = left = None
        if status is Status.BREACHED and due is not None:
            until = done if done is not None else now if fell is None else min(fell, now)
            late = until - due
        elif status is Status.DUE and due is not None:
            left = due - now
        reasons = [Reason(code, _dated(data)) for code, data in extra.reasons] if extra is not None else []
        projected = standard.works and due is not None and max(due, opened) > OFFICIAL_UNTIL
        ends_by_clock = event is not None and event.clock is not None and due_clock is not None
        return Obligation(
            standard=standard.id,
            kind=standard.kind,
            status=status,
            opened=local(event.clock)
            if ends_by_clock and event is not None and event.clock is not None
            else _date(opened),
            opened_by=None if event is None else EventRef.of(event),
            due=local(due_clock) if due_clock is not None else None if due is None else _date(due),
            met_on=None
            if done is None
            else local(act.clock)
            if ends_by_clock and act is not None and act.clock is not None
            else _date(done),
            met_by=None if act is None or done is None else EventRef.of(act),
            ended=None if fell is None or (done is not None and status is not Status.LAPSED) else _date(fell),
            days_late=late,
            days_left=left,
            target=None if target is None else _date(target),
            target_missed=target is not None
            and status is not Status.LAPSED
            and (done if done is not None else now) > target,
            projected=projected,
            reasons=tuple(reasons),
            source=standard.source,
            says=standard.says,
        )

    def _find_missing(self) -> tuple[NotAssessed, ...]:
        standards = self._pack.standards
        found: list[tuple[int, int, NotAssessed]] = []
        for number, gap in self._gaps:
            standard = standards[number]
            opened = None if gap.opened is None else _date(gap.opened)
            found.append(
                (number, gap.opened or 0, NotAssessed(standard.id, gap.missing, opened, gap.event, standard.source))
            )
        for _, number, opened_day, status, duty in self._rows:
            extra = duty[7]
            if status is Status.NOT_ASSESSED and extra is not None and extra.doubt is not None:
                standard = standards[number]
                missing, event = extra.doubt
                found.append(
                    (number, opened_day, NotAssessed(standard.id, missing, _date(opened_day), event, standard.source))
                )
        found.sort(key=lambda item: (item[0], item[1], item[2].missing, item[2].event or ""))
        return tuple(dict.fromkeys(item[2] for item in found))

    # --- as data

    @property
    def fingerprint(self) -> str:
        """Equal whenever the inputs are: pack, calendar edition, events, as_of, known_at and version."""
        if self._fingerprint is None:
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
        return cls(
            subject=data["subject"],
            kind=data["kind"],
            pack=data["pack"],
            authority=data["authority"],
            edition=data["edition"],
            as_of=read_day(data["as_of"]),
            known_at=read_day(data["known_at"]),
            version=data["version"],
            calendar=data["calendar"],
            _fingerprint=data["fingerprint"],
            _notices=tuple(data["notices"]),
            _all=tuple(Obligation.from_dict(item) for item in data["obligations"]),
            _missing=tuple(NotAssessed.from_dict(item) for item in data["not_assessed"]),
            _rows=[],
            _gaps=[],
        )

    @classmethod
    def from_json(cls, text: str) -> Evaluation:
        """From JSON text, as `to_json` gives it.

        Raises:
            ValueError: the text is not an evaluation.
        """
        try:
            return cls.from_dict(json.loads(text))
        except (KeyError, TypeError, ValueError):
            raise ValueError("this is not an evaluation as `to_json` writes it") from None

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


_DAYS = ("day", "start", "end")


def _dated(data: Mapping[str, Any]) -> dict[str, Any]:
    """Reason data with ordinals as ISO dates, so that it reads the same everywhere."""
    return {
        key: _date(value).isoformat() if key in _DAYS and isinstance(value, int) else value
        for key, value in data.items()
    }
