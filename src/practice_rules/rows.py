"""The rows of a caseload: one for each obligation, put together column by column.

An authority has millions of rows, so no object is made for any of them: the duties that `evaluate` found are laid side
by side as columns, and Arrow works out lateness, keys and sentences for a whole piece of the caseload at once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any, Final

from .calendars import local
from .evaluations import Evaluation
from .events import Event
from .feeding import Answerable, Unfed
from .obligations import Duty, Extra, Status
from .pack import Pack
from .records import Allocation
from .standards import Gap
from .tables import arrow

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["STATUSES", "RowMaker", "plain_type", "row_schema"]

STATUSES: Final = tuple(str(status) for status in Status)
SNAPSHOT: Final = "a snapshot holds only the latest of these records, and cannot answer for the past"
_EPOCH: Final = date(1970, 1, 1).toordinal()
_MONTHS: Final = "January February March April May June July August September October November December".split()
_BREACHED, _DUE, _MET, _LAPSED = Status.BREACHED, Status.DUE, Status.MET, Status.LAPSED


def row_schema() -> pa.Schema:
    """The columns of a caseload's rows, as Arrow knows them. `docs/reference/caseload.md` says what each means."""
    pa = arrow()
    word = pa.dictionary(pa.int32(), pa.string())
    types = {
        **dict.fromkeys(("subject",), pa.string()),
        **dict.fromkeys(("standard", "kind", "section"), word),
        **dict.fromkeys(("opened", "due", "met_on"), pa.date32()),
        "status": word,
        **dict.fromkeys(("late", "overdue"), pa.bool_()),
        **dict.fromkeys(("days_late", "days_left"), pa.int32()),
        **dict.fromkeys(("worker", "team", "missing", "key", "source_rows", "sentence"), pa.string()),
    }
    return pa.schema(list(types.items()))


def plain_type(type_: Any) -> Any:
    """The type of a column without its dictionary."""
    return type_.value_type if arrow().types.is_dictionary(type_) else type_


def day_in_words(day: int) -> str:
    """An ordinal as "28 March 2024"."""
    when = date.fromordinal(day)
    return f"{when.day} {_MONTHS[when.month - 1]} {when.year}"


class RowMaker:
    """Rows on their way into an Arrow batch.

    Args:
        pack: the standards.
        today: the day of judging, as an ordinal.
        lacking: by the standard's number, what the data cannot feed.
        since: the day from which on the data are whole, as an ordinal.
        answers: where the data are a snapshot, what they can say of each standard, by its number.
        lapsed: whether rows of lapsed obligations are wanted.
        table: what an origin that is a bare row number refers to.
    """

    def __init__(
        self,
        pack: Pack,
        today: int,
        *,
        lacking: Mapping[int, Unfed],
        since: int | None,
        answers: Mapping[int, Answerable] | None,
        lapsed: bool,
        table: str,
    ) -> None:
        self._pack = pack
        self._today = today
        self._lacking = lacking
        self._since = since
        self._answers = answers
        self._lapsed = lapsed
        self._table = table
        self._subjects: list[str] = []
        self._sizes: list[int] = []
        self._subject: list[int] = []
        self._number: list[int] = []
        self._duties: list[Duty] = []
        self._status: list[Status] = []
        #: The rows that need a look of their own: what is missing, by row.
        self._missing: dict[int, str] = {}
        self._holders: list[tuple[int, int, Sequence[Allocation]]] = []

    def add(self, evaluation: Evaluation, allocations: Sequence[Allocation]) -> None:
        """The rows of one evaluation, in due order within each standard."""
        duties, statuses, numbers, missing = self._duties, self._status, self._number, self._missing
        first = len(duties)
        blocks, gaps = evaluation.parts()
        acts = _last_days(evaluation) if self._answers is not None else {}
        for number, found, decided in blocks:
            start = len(duties)
            duties += found
            statuses += decided
            numbers += [number] * len(found)
            for place, reason in self._withheld(number, found, decided, acts):
                missing[start + place] = reason
                statuses[start + place] = Status.NOT_ASSESSED
        self._gaps(gaps, evaluation)
        if allocations:
            self._holders.append((first, len(duties), allocations))
        self._subject += [len(self._subjects)] * (len(duties) - first)
        self._subjects.append(evaluation.subject)

    def honest(self, evaluation: Evaluation) -> Evaluation:
        """The same evaluation with what the data cannot tell not assessed: as its rows say it."""
        blocks, _ = evaluation.parts()
        acts = _last_days(evaluation) if self._answers is not None else {}
        told = []
        for number, found, decided in blocks:
            duties, statuses = list(found), list(decided)
            for place, reason in self._withheld(number, found, decided, acts):
                if statuses[place] is not Status.NOT_ASSESSED:  # which says what is missing already
                    statuses[place] = Status.NOT_ASSESSED
                    duties[place] = (*duties[place][:7], Extra.doubting(duties[place][7], (reason, None)))
            told.append((number, duties, statuses))
        return evaluation.with_parts(told)

    def _withheld(
        self, number: int, duties: Sequence[Duty], statuses: Sequence[Status], acts: Mapping[str, int]
    ) -> Iterator[tuple[int, str]]:
        """The obligations of one standard that are not assessed, by their place, and why."""
        lack = self._lacking.get(number)
        if (
            (lack is None or lack.assessed)
            and self._since is None
            and self._answers is None
            and Status.NOT_ASSESSED not in statuses
        ):
            return
        for place, (duty, status) in enumerate(zip(duties, statuses, strict=True)):
            if reason := self._reason(duty, status, number, lack, acts):
                yield place, reason

    def _reason(
        self, duty: Duty, status: Status, number: int, lack: Unfed | None, acts: Mapping[str, int]
    ) -> str | None:
        """Why an obligation is not assessed; None where it is."""
        due, extra = duty[2], duty[7]
        if status is Status.NOT_ASSESSED:
            assert extra is not None
            assert extra.doubt is not None
            return f"{extra.doubt[0]} is not in the record"
        if lack is not None and not lack.assessed and (status is _BREACHED or status is _DUE):
            return lack.reason
        if self._answers is not None:
            return self._snapshot(duty, status, self._answers[number], acts)
        if self._since is not None and due is not None and due < self._since and status is not _LAPSED:
            return f"it was due before {day_in_words(self._since)}, where the data begin"
        return None

    def _snapshot(self, duty: Duty, status: Status, answer: Answerable, acts: Mapping[str, int]) -> str | None:
        """Why a snapshot cannot answer for an obligation; None where it can."""
        opened, _, _, done, _, fell, _, _ = duty
        open_now = fell is None and (status is _DUE or (status is _BREACHED and done is None))
        if answer.never or (answer.open_only and not open_now):
            return SNAPSHOT
        if answer.since and (self._since is None or opened < self._since):
            return (
                SNAPSHOT
                if self._since is None
                else f"it opened before {day_in_words(self._since)}, where the data begin"
            )
        for name in answer.latest:
            last = acts.get(name)
            if last is not None and (answer.at_any_time or last > opened):
                return SNAPSHOT
        return None

    def _gaps(self, gaps: Iterable[tuple[int, Gap]], evaluation: Evaluation) -> None:
        """Rows for what could not be judged at all; what is asked twice of one standard is said once."""
        events: Mapping[str, Event] | None = None
        for number, gap in dict.fromkeys(gaps):
            event = None
            if gap.event is not None:
                events = evaluation.events_by_id() if events is None else events
                event = events.get(gap.event)
            self._missing[len(self._duties)] = f"{gap.missing} is not in the record"
            opened: Any = gap.opened
            self._duties.append((opened, event, None, None, None, None, None, None))
            self._number.append(number)
            self._status.append(Status.NOT_ASSESSED)

    # --- the batch

    def batch(self) -> pa.RecordBatch:
        """The rows as one Arrow batch."""
        pa = arrow()
        import pyarrow.compute as pc

        standards = self._pack.standards
        columns: list[Any] = list(zip(*self._duties, strict=True)) if self._duties else [()] * 8
        opened, openers, due, done, acts, fell, _, extras = columns
        days = [pa.array(column, pa.int32()) for column in (opened, due, done, fell)]
        opened_days, due_days, done_days, fell_days = days
        # What is done after a duty fell away no longer closes it.
        in_vain = pc.fill_null(pc.greater(done_days, fell_days), False)
        nothing = pa.scalar(None, pa.int32())
        met = pc.if_else(in_vain, nothing, done_days)
        closers: Sequence[Event | None] = (
            [None if vain else act for act, vain in zip(acts, in_vain.to_pylist(), strict=True)]
            if pc.any(in_vain).as_py()
            else acts
        )
        numbers = pa.array(self._number, pa.int32())
        status = pa.array(self._status, pa.int32())
        breached = pc.equal(status, int(_BREACHED))
        today = pa.scalar(self._today, pa.int32())
        late = pc.if_else(breached, pc.subtract(pc.coalesce(met, fell_days, today), due_days), nothing)
        left = pc.if_else(pc.equal(status, int(_DUE)), pc.subtract(due_days, today), nothing)

        def words(texts: Sequence[str]) -> Any:
            # Several standards share a section, and a dictionary must not say a word twice.
            places = {text: place for place, text in enumerate(dict.fromkeys(texts))}
            indices = pa.array([places[text] for text in texts], pa.int32()).take(numbers)
            return pa.DictionaryArray.from_arrays(indices, pa.array(list(places), pa.string()))

        standard = words([each.id for each in standards])
        worker, team = self._held(opened, due)
        missing = pa.array([None] * len(self._duties), pa.string())
        if self._missing:
            told = self._missing
            missing = pa.array([told.get(place) for place in range(len(self._duties))], pa.string())
        batch = pa.RecordBatch.from_arrays(
            [
                pa.array(self._subjects, pa.string()).take(pa.array(self._subject, pa.int32())),
                standard,
                words([each.kind for each in standards]),
                words([each.source.section for each in standards]),
                _as_dates(opened_days),
                _as_dates(due_days),
                _as_dates(met),
                pa.DictionaryArray.from_arrays(status, pa.array(STATUSES, pa.string())),
                pc.and_(breached, pc.is_valid(met)),
                pc.and_(breached, pc.is_null(met)),
                late,
                left,
                worker,
                team,
                missing,
                self._keys(standard, openers, opened),
                self._sources(openers, closers),
                self._sentences(openers, opened_days, due_days, met, fell_days, status, late, left, extras, missing),
            ],
            schema=row_schema(),
        )
        if self._lapsed:
            return batch
        return batch.filter(pc.not_equal(status, int(_LAPSED)))

    def _held(self, opened: Sequence[int | None], due: Sequence[int | None]) -> tuple[Any, Any]:
        """Who answers for each obligation: what is open belongs to whoever holds the case now, or held it last; what is
        decided to whoever held it on the due date.
        """
        pa = arrow()
        workers: list[str | None] = [None] * len(due)
        teams: list[str | None] = [None] * len(due)
        today, done, fell = self._today, 3, 5
        for first, stop, allocations in self._holders:
            for place in range(first, stop):
                duty = self._duties[place]
                day = due[place] if due[place] is not None else opened[place]
                still_open = duty[done] is None and duty[fell] is None
                if day is None or day > today or still_open:
                    day = today
                held = _holder(allocations, day, or_last=still_open)
                if held is not None:
                    workers[place], teams[place] = held.worker, held.team
        return pa.array(workers, pa.string()), pa.array(teams, pa.string())

    def _keys(self, standard: Any, openers: Sequence[Event | None], opened: Sequence[int | None]) -> Any:
        pa = arrow()
        import pyarrow.compute as pc

        ids = [
            event.id if event is not None else ("" if day is None else date.fromordinal(day).isoformat())
            for event, day in zip(openers, opened, strict=True)
        ]
        return pc.binary_join_element_wise(standard.cast(pa.string()), pa.array(ids, pa.string()), "/")

    def _sources(self, openers: Sequence[Event | None], acts: Sequence[Event | None]) -> Any:
        """Where the opening and the closing record stand: "table.column:row; table.column:row"."""
        import pyarrow.compute as pc

        first, second = self._origins(openers), self._origins(acts)
        second = pc.if_else(pc.fill_null(pc.equal(first, second), False), None, second)
        return pc.coalesce(pc.binary_join_element_wise(first, second, "; "), first, second)

    def _origins(self, events: Sequence[Event | None]) -> Any:
        pa = arrow()
        import pyarrow.compute as pc

        found = [None if event is None else event.origin for event in events]
        try:
            rows = pa.array(found, pa.int64()).cast(pa.string())
        except (pa.ArrowInvalid, pa.ArrowTypeError):
            return pa.array([None if origin is None else str(origin) for origin in found], pa.string())
        return pc.binary_join_element_wise(self._table, rows, ":")

    def _sentences(
        self,
        openers: Sequence[Event | None],
        opened: Any,
        due: Any,
        met: Any,
        fell: Any,
        status: Any,
        late: Any,
        left: Any,
        extras: Sequence[Extra | None],
        missing: Any,
    ) -> Any:
        """One plain sentence for each row."""
        pa = arrow()
        import pyarrow.compute as pc

        def joined(*parts: Any) -> Any:
            return pc.binary_join_element_wise(*parts, "", null_handling="replace", null_replacement="")

        size = len(extras)
        by = _texts(
            [None if event is None else event.key for event in openers],
            lambda key: "Opened" if key is None else f"Opened by “{key}”",
        )
        opened_on = _said(opened, " on ")
        owed = _said(due, ", owed by ", "", ", with no last day yet")
        clocks = {
            place: extra.due_clock
            for place, extra in enumerate(extras)
            if extra is not None and extra.due_clock is not None
        }
        if clocks:
            at = [f", owed by {local(clocks[place]):%H:%M} on " if place in clocks else None for place in range(size)]
            exact = joined(pa.array(at, pa.string()), _said(due, ""))
            owed = pc.if_else(pc.is_valid(pa.array(at, pa.string())), exact, owed)
        days = pc.coalesce(late, left)
        zero = pc.fill_null(pc.equal(days, 0), False)
        done, gone = pc.is_valid(met), pc.is_valid(fell)
        ending = pc.case_when(
            pc.make_struct(
                pc.equal(status, int(_MET)),
                pc.equal(status, int(_LAPSED)),
                pc.and_(pc.equal(status, int(_DUE)), pc.is_null(days)),
                pc.and_(pc.equal(status, int(_DUE)), zero),
                pc.equal(status, int(_DUE)),
                pc.and_(done, zero),
                done,
                gone,
                zero,
            ),
            *range(len(_ENDINGS)),
        )
        when = pc.if_else(pc.or_(pc.equal(ending, 0), pc.or_(pc.equal(ending, 5), pc.equal(ending, 6))), met, None)
        when = pc.if_else(pc.or_(pc.equal(ending, 1), pc.equal(ending, 7)), fell, when)
        middle, between, last = (
            pa.array([each[part] for each in _ENDINGS], pa.string()).take(ending) for part in range(3)
        )
        much = _texts(pc.if_else(zero, None, days), lambda count: "" if count is None else _days(count))
        start = (by, opened_on)
        sentence = joined(*start, owed, middle, _said(when, ""), between, much, last)
        if self._missing:
            untold = joined(*start, "; not assessed: ", missing, ".")
            sentence = pc.if_else(pc.is_valid(missing), untold, sentence)
        return self._remarked(sentence, status)

    def _remarked(self, sentence: Any, status: Any) -> Any:
        """Sentences with what has to be said of some standards besides."""
        pa = arrow()
        import pyarrow.compute as pc

        numbers = pa.array(self._number, pa.int32())
        cohort = [each.kind == "cohort" for each in self._pack.standards]
        if any(cohort):
            counts = pa.array(cohort, pa.bool_()).take(numbers)
            sentence = pc.if_else(
                counts, pc.binary_join_element_wise("Counts towards a share.", sentence, " "), sentence
            )
        remarks = [None] * len(self._pack.standards)
        for number, lack in self._lacking.items():
            if lack.assessed:
                remarks[number] = f" ({lack.reason[0].upper()}{lack.reason[1:]}.)"  # type: ignore[call-overload]
        if any(remarks):
            remark = pa.array(remarks, pa.string()).take(numbers)
            wanted = pc.and_(pc.is_valid(remark), pc.equal(status, int(_BREACHED)))
            sentence = pc.if_else(wanted, pc.binary_join_element_wise(sentence, remark, ""), sentence)
        return sentence


def _holder(allocations: Sequence[Allocation], day: int, *, or_last: bool) -> Allocation | None:
    """Who held a case on a day: of several, the one who took it on last. With `or_last`, where nobody did, whoever
    held it last before: a closing letter that was never sent belongs to somebody.
    """
    begun = [held for held in allocations if held.first <= day]
    for held in reversed(begun):
        if held.last is None or held.last >= day:
            return held
    return max(begun, key=lambda held: (held.last or 0, held.first), default=None) if or_last else None


def _last_days(evaluation: Evaluation) -> dict[str, int]:
    """The last day of each event of a history, whatever its details, by folded name."""
    found: dict[str, int] = {}
    for event in evaluation.events_by_id().values():
        found[event.key] = max(event.day, found.get(event.key, 0))
    return found


def _as_dates(days: Any) -> Any:
    pa = arrow()
    import pyarrow.compute as pc

    return pc.subtract(days, pa.scalar(_EPOCH, pa.int32())).cast(pa.date32())


#: How a sentence ends, around the day and the number of days: done in time; fell away; due without a date, today,
#: later; done late within the day, later; not done when its period ended; overdue within the day, longer.
_ENDINGS: Final = (
    ("; done in time on ", "", "."),
    ("; fell away on ", "", "."),
    ("; not done", "", "."),
    ("; today is the last day", "", "."),
    ("; ", "", " left."),
    ("; done on ", ", late within the day", "."),
    ("; done on ", ", ", " late."),
    ("; not done when it ended on ", ", ", " late."),
    ("; not done, overdue within the day", "", "."),
    ("; not done, ", "", " overdue."),
)


def _texts(values: Any, say: Callable[[Any], str]) -> Any:
    """A text for each value, each different one worked out once."""
    pa = arrow()
    import pyarrow.compute as pc

    found = (values if isinstance(values, pa.Array) else pa.array(values)).dictionary_encode()
    texts = [say(value) for value in found.dictionary.to_pylist()]
    places = pc.fill_null(found.indices, len(texts))
    return pa.array([*texts, say(None)], pa.string()).take(places)


def _said(days: Any, before: str, after: str = "", nothing: str = "") -> Any:
    """Days in words with something before and after; something else where there is none."""
    return _texts(days, lambda day: nothing if day is None else f"{before}{day_in_words(day)}{after}")


def _days(count: int) -> str:
    return "1 day" if count == 1 else f"{count} days"
