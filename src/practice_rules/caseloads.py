"""`evaluate_caseload`: a whole authority's records put to one pack; one flat row for each obligation.

The same `evaluate` judges each history. Around it: the records go to several processes in pieces of whole subjects, the
rows come back as Arrow batches in a settled order, and are kept, or written on as they come, so that memory does not
grow with the caseload.
"""

from __future__ import annotations

import gc
import pickle
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Protocol

from .evaluating import evaluate
from .evaluations import Evaluation
from .events import Detail, Event, History, HistoryError, HistoryProblem, as_moment, fold
from .feeding import Answerable, Unfed, answerable, unfed
from .loading import load_pack
from .pack import Pack
from .problems import say_suggestion
from .readers.event_log import EventLog, read_event_log
from .records import Fault, Origin, Reading, Record, Subject, build_history, fault_of, named_event, refusal
from .rows import STATUSES, RowMaker, plain_type, row_schema
from .standards import BIRTH
from .tables import TableError, arrow

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["Caseload", "Job", "evaluate_caseload", "row_schema", "rows_of_log"]

#: What is called with (subjects done, subjects in all or None) as the work goes on.
Progress = Callable[[int, int | None], None]

_SUBJECTS: Final = 100
#: For how many unknown names a likely word is looked for.
_SUGGESTED: Final = 50
#: The columns in which few values come often. A sentence comes once, and looking for its like only costs.
_REPEATED: Final = (
    "subject standard kind section opened due met_on status days_late days_left worker team missing".split()
)
#: With fewer rows or subjects than these, other processes cost more than they bring.
_SMALL: Final = 300


# --- one piece of the work --------------------------------------------------------------------------------------------


class Chunk(Protocol):
    """Some whole subjects, ready to travel to another process."""

    def histories(self) -> Iterator[tuple[str, History | None, Any, list[Fault]]]:
        """Each subject with its history, who held the case, and the records that were set aside."""
        ...


@dataclass(slots=True)
class SubjectChunk:
    """Subjects as a reader found them."""

    found: list[Subject]

    def histories(self) -> Iterator[tuple[str, History | None, Subject, list[Fault]]]:
        """Each subject with its history, who held the case, and the records that were set aside."""
        for subject in self.found:
            try:
                history, faults = build_history(subject)
            except HistoryError as error:
                yield subject.id, None, subject, refusal(subject, error)
            else:
                yield subject.id, history, subject, faults


@dataclass(frozen=True)
class Job:
    """What every piece of one caseload is put to.

    Attributes:
        pack: the standards.
        as_of: the moment of judging.
        known_at: only what had been recorded by then is used.
        lacking: by the standard's number, what the data cannot feed.
        since: the first day from which on the data are whole, as an ordinal.
        answers: where the data are a snapshot, what they can say of each standard, by its number.
        lapsed: whether rows of lapsed obligations are wanted.
        table: what an origin that is a bare row number refers to.
    """

    pack: Pack
    as_of: date
    known_at: date | None
    lacking: Mapping[int, Unfed]
    since: int | None = None
    answers: Mapping[int, Answerable] | None = None
    lapsed: bool = True
    table: str = ""

    @cached_property
    def today(self) -> int:
        """The day of judging as an ordinal."""
        return as_moment(self.as_of).day

    @cached_property
    def kinds(self) -> frozenset[str]:
        """The kinds of subject of which some tested standard speaks."""
        return frozenset(standard.subject for standard in self.pack.tested)

    def run(self, chunk: Chunk) -> Judged:
        """Judge some subjects."""
        # Hundreds of thousands of objects that all live until the piece is done: looking through them for rings, over
        # and over, costs more than the judging.
        busy = gc.isenabled()
        gc.disable()
        try:
            return self._run(chunk)
        finally:
            if busy:
                gc.enable()

    def rows(self) -> RowMaker:
        """What makes the rows of this job."""
        return RowMaker(
            self.pack,
            self.today,
            lacking=self.lacking,
            since=self.since,
            answers=self.answers,
            lapsed=self.lapsed,
            table=self.table,
        )

    def _run(self, chunk: Chunk) -> Judged:
        rows = self.rows()
        faults: list[Fault] = []
        refused: list[str] = []
        subjects = strangers = 0
        unknown: Counter[str] = Counter()
        first_unknown: dict[str, Any] = {}
        for subject, history, person, set_aside in chunk.histories():
            subjects += 1
            faults += set_aside
            if history is None:
                refused.append(subject)
                continue
            strangers += history.kind not in self.kinds
            if strange := history.names - self.pack.events.keys():
                for event in history.events:
                    if event.key in strange:
                        unknown[event.key] += 1
                        first_unknown.setdefault(event.key, event.origin)
            evaluation = self.judge(history, faults)
            rows.add(evaluation, person.allocations)
            history.let_go()
        return Judged(rows.batch(), subjects, strangers, faults, refused, unknown, first_unknown)

    def judge(self, history: History, faults: list[Fault]) -> Evaluation:
        """One history's evaluation. What cannot be used of it is set aside, said, and the rest judged."""
        try:
            return self._evaluation(history)
        except HistoryError as error:
            problems = error.problems
        faults += self._faults(history, problems)
        if any(problem.field.startswith("detail ") for problem in problems):
            # A value that cannot be is as good as none. Only now are periods looked at.
            history = self.readable(history)
            try:
                return self._evaluation(history)
            except HistoryError as error:
                faults += self._faults(history, error.problems)
        # A period that seems never to end, or an end without a start, is judged as it stands.
        return self._evaluation(history, check=False)

    def _evaluation(self, history: History, *, check: bool = True) -> Evaluation:
        return evaluate(
            history, self.pack, as_of=self.as_of, known_at=self.known_at, unknown_events="note", check=check
        )

    def _faults(self, history: History, problems: Iterable[HistoryProblem]) -> list[Fault]:
        origins = {event.id: event.origin for event in reversed(history.events)}
        return [fault_of(problem, origins.get(named_event(problem) or ""), self.table) for problem in problems]

    def readable(self, history: History) -> History:
        """The history without the values that the pack's details cannot have."""
        return History(
            history.subject,
            [
                Event(
                    event.name,
                    event.on,
                    id=event.id,
                    recorded=event.recorded,
                    details=self._possible(event.details),
                    about=event.about,
                    cancelled=event.cancelled,
                    origin=event.origin,
                )
                for event in history.events
            ],
            born=history.born,
            kind=history.kind,
            facts=self._possible(history.facts),
        )

    def _possible(self, details: Mapping[str, Detail]) -> dict[str, Detail]:
        words = self.pack.details
        return {name: value for name, value in details.items() if name not in words or words[name].allows(value)}


@dataclass(slots=True)
class Judged:
    """What came of one piece."""

    batch: pa.RecordBatch
    subjects: int
    #: Subjects of a kind of which no tested standard speaks.
    strangers: int
    faults: list[Fault]
    refused: list[str]
    unknown: Counter[str]
    first_unknown: dict[str, Any]


# --- the caseload -----------------------------------------------------------------------------------------------------


@dataclass(eq=False)
class Caseload:
    """What became of a whole caseload.

    Attributes:
        pack: the standards.
        as_of: the moment of judging.
        known_at: only what had been recorded by then was used.
        source: what was read.
        subjects: how many subjects were judged.
        statuses: how many rows there are of each status; rows of cohort standards apart, under "cohort".
        unfed: the standards that the data cannot feed, wholly or in part.
        faults: the cells and records that could not be used.
        refused: the ids of subjects of which no history could be made.
        notes: what a reader of the result should know.
        path: the file that the rows were written to, if they were.
        strata: what to count by, for each subject that has any.
    """

    pack: Pack
    as_of: date
    known_at: date | None
    source: str
    subjects: int = 0
    statuses: dict[str, int] = field(default_factory=dict)
    unfed: tuple[Unfed, ...] = ()
    faults: tuple[Fault, ...] = ()
    refused: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    path: Path | None = None
    strata: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    #: Where the histories can be had again, for explanations.
    histories: Callable[[str], History] | None = field(default=None, repr=False)
    _batches: list[Any] = field(default_factory=list, repr=False)
    _kind: Any = field(default=None, repr=False)
    _job: Job | None = field(default=None, repr=False)

    def batches(self) -> Iterator[pa.RecordBatch]:
        """The rows in batches, from the file where they were written to one: in bounded memory."""
        if self.path is None:
            yield from self._batches
        elif self.path.suffix.lower() == ".csv":
            import pyarrow.csv as arrow_csv

            convert = arrow_csv.ConvertOptions(
                column_types=_plain_schema(),
                strings_can_be_null=True,
                quoted_strings_can_be_null=True,
                null_values=[""],
            )
            parse = arrow_csv.ParseOptions(newlines_in_values=True)
            with arrow_csv.open_csv(self.path, parse_options=parse, convert_options=convert) as reader:
                yield from reader
        else:
            import pyarrow.parquet as pq

            with pq.ParquetFile(self.path) as file:
                yield from file.iter_batches()

    def rows(self) -> pa.Table:
        """Every row, as an Arrow table."""
        pa = arrow()
        batches = list(self.batches())
        return pa.Table.from_batches(batches, None if batches else row_schema())

    def frame(self) -> Any:
        """Every row, as a frame of the kind that was given: pandas, Polars or Arrow."""
        if self._kind not in ("pandas", "polars"):
            return self.rows()
        import narwhals as nw

        return nw.from_arrow(_spread(self.rows()), backend=self._kind).to_native()

    def to_pandas(self) -> Any:
        """Every row as a pandas data frame, its words as categories."""
        return self.rows().unify_dictionaries().to_pandas()

    def to_polars(self) -> Any:
        """Every row as a Polars data frame."""
        import narwhals as nw

        return nw.from_arrow(_spread(self.rows()), backend="polars").to_native()

    def evaluation(self, subject: str) -> Evaluation:
        """One subject's evaluation, as its rows say it: what the data cannot tell is not assessed. To evaluate the
        history by itself would call breached what the data cannot hold.

        Raises:
            KeyError: there is no such subject, or no history can be made of its records; or the caseload was made
                from histories, of which none is kept.
        """
        if self.histories is None or self._job is None:
            raise KeyError(subject)
        try:
            history = self.histories(subject)
        except HistoryError:
            raise KeyError(subject) from None
        return self._job.rows().honest(self._job.judge(history, []))

    def measures(self, *, by: Sequence[str] = ("standard",), smallest: int = 6) -> Any:
        """What was owed, met, late and overdue, by standard or whatever else: see `measures.measures`."""
        from .measures import measures

        return measures(self, by=by, smallest=smallest)

    def work_list(self, *, steps: Sequence[int] = (5, 10, 20)) -> Any:
        """What is overdue and what is due next: see `worklists.work_list`."""
        from .worklists import work_list

        return work_list(self, as_of=self.as_of, steps=tuple(steps), pack=self.pack)

    def html(self, *, cases: int = 30, smallest: int = 6) -> str:
        """The caseload as one page: see `showing_caseloads.caseload_html`."""
        from .showing_caseloads import caseload_html

        return caseload_html(self, histories=self.histories, cases=cases, smallest=smallest)

    def __repr__(self) -> str:
        told = ", ".join(f"{count:,} {status}" for status, count in self.statuses.items())
        return f"<Caseload of {self.source} by {self.pack.name} as of {self.as_of.isoformat()}: {told}>"

    def _repr_html_(self) -> str:
        from html import escape

        told = "".join(f"<tr><td>{status}</td><td>{count:,}</td></tr>" for status, count in self.statuses.items())
        return (
            f"<p><b>{escape(self.source)}</b> by {escape(self.pack.authority)}, as of {self.as_of.isoformat()}: "
            f"{self.subjects:,} subjects</p><table><tbody>{told}</tbody></table>"
            f"<p>{len(self.unfed)} standards cannot be fed wholly, {len(self.faults):,} cells could not be used, "
            f"{len(self.refused):,} subjects could not be judged.</p>"
        )


def _plain_schema() -> pa.Schema:
    """The columns of rows with plain text instead of dictionaries."""
    return arrow().schema([(column.name, plain_type(column.type)) for column in row_schema()])


def _spread(table: pa.Table) -> pa.Table:
    """The table with plain text where it had dictionaries, which differ from batch to batch."""
    return table.cast(_plain_schema())


def evaluate_caseload(
    pack: Pack | str | Path,
    histories: Any,
    *,
    as_of: date | datetime,
    known_at: date | datetime | None = None,
    subjects: Any = None,
    allocations: Any = None,
    holds: str | Iterable[str] = "what occurs",
    to: str | Path | None = None,
    lapsed: bool = True,
    workers: int | None = None,
    progress: bool | Progress = False,
    day_first: bool = False,
) -> Caseload:
    """Judge a whole caseload by one pack: one row for each obligation of each subject.

    The rows come in the order of the subjects' ids, whatever the order of the input, and equal records give equal rows,
    however many processes work on them. (A log too large for memory is split by subject: it comes in the order of the
    parts, and within them of the ids. Histories that come one by one keep their order.)

    Args:
        pack: an authority's standards, or the name or path of its pack.
        histories: what a reader read (`read_ssd`, `read_cin_census`, …), an event log (a CSV or Parquet file, a frame
            of pandas or Polars, an Arrow table), or any number of `History`.
        as_of: the moment of judging; a date means the end of that day.
        known_at: only what had been recorded by then is used; `as_of` unless given.
        subjects: with an event log, the table of births and facts.
        allocations: with an event log, the table of who held each case.
        holds: with an event log, the events that it can hold; see `read_event_log`.
        to: a .parquet or .csv file to write the rows to as they come. Memory then stays bounded.
        lapsed: whether rows of lapsed obligations are wanted.
        workers: how many processes; every core unless given, and one for a small caseload.
        progress: True for a progress bar, or a function called with the subjects done and the subjects in all.
        day_first: with an event log, dates may be written dd/mm/yyyy.

    Raises:
        TableError: a table cannot be read, or lacks a column that it needs.
        PackError: the pack cannot be loaded.
        ValueError: `to` has another ending, `workers` is no number of processes, or `as_of` is a day of which the
            records do not speak.
    """
    arrow()
    if not isinstance(pack, Pack):
        pack = load_pack(pack)
    for word, value in (("as_of", as_of), ("known_at", known_at)):
        if not isinstance(value, date) and (word == "as_of" or value is not None):
            raise TypeError(f"{word} must be a date or a datetime")
    if workers is not None and not (isinstance(workers, int) and workers >= 1):
        raise ValueError("workers is a number of processes, 1 or more")
    path = None if to is None else Path(to)
    if path is not None and path.suffix.lower() not in (".parquet", ".csv"):
        raise ValueError("rows are written to a file that ends in .parquet or .csv")
    source = _source(histories, subjects, allocations, holds, day_first)
    with _Workers(_worker_count(workers, source)) as pool:
        return _evaluated(pack, source, as_of, known_at, lapsed, path, pool, progress, _frame_kind(histories))


def _evaluated(
    pack: Pack,
    source: Any,
    as_of: date | datetime,
    known_at: date | datetime | None,
    lapsed: bool,
    path: Path | None,
    pool: _Workers,
    progress: bool | Progress,
    kind: Any,
) -> Caseload:
    job = _job(pack, source, as_of, known_at, lapsed)
    found = Caseload(
        pack,
        as_of,
        known_at,
        getattr(source, "source", "histories"),
        path=path,
        unfed=tuple(job.lacking[number] for number in sorted(job.lacking)),
        _kind=kind,
        histories=_keeper(source, job),
        _job=job,
    )
    _work(job, source, found, path, pool, progress)
    return found


_TAKES: Final = "evaluate_caseload takes histories, what a reader read, or an event log"


def _source(histories: Any, subjects: Any, allocations: Any, holds: Any, day_first: bool) -> Any:
    if isinstance(histories, Reading | EventLog):
        return histories
    if isinstance(histories, History):
        histories = [histories]
    if isinstance(histories, list | tuple):
        if not all(isinstance(each, History) for each in histories):
            raise TypeError(_TAKES)
        return sorted(histories, key=lambda history: history.subject)
    if not isinstance(histories, str | Path) and not _frame_kind(histories) and isinstance(histories, Iterable):
        return histories
    return read_event_log(histories, subjects, allocations, holds=holds, day_first=day_first)


def _keeper(source: Any, job: Job) -> Callable[[str], History] | None:
    """Where a history can be had again, without the values that the pack cannot read; None where they came one after
    another and are gone.
    """
    if isinstance(source, list):
        find: Callable[[str], History] = {history.subject: history for history in reversed(source)}.__getitem__
    elif isinstance(source, Reading | EventLog):
        find = source.history
    else:
        return None
    return lambda subject: job.readable(find(subject))


def _frame_kind(frame: Any) -> Any:
    """Which library a frame is of; None for anything else."""
    if isinstance(frame, str | Path | list | tuple | Reading | EventLog | Iterator):
        return None
    pa = arrow()
    if isinstance(frame, pa.Table | pa.RecordBatch):
        return "pyarrow"
    try:
        import narwhals as nw
    except ImportError:
        if hasattr(frame, "columns"):
            raise TableError('Data frames need the extra "caseload": pip install "practice-rules[caseload]".') from None
        return None
    try:
        return nw.get_native_namespace(frame).__name__
    except TypeError:
        return None


def _job(pack: Pack, source: Any, as_of: date | datetime, known_at: date | datetime | None, lapsed: bool) -> Job:
    if not isinstance(source, Reading | EventLog):
        return Job(pack, as_of, known_at, {}, lapsed=lapsed)
    day = date(as_of.year, as_of.month, as_of.day)
    if source.as_of is not None and (day > source.as_of or (source.snapshot and day != source.as_of)):
        until = "of" if source.snapshot else "until"
        raise ValueError(
            f"these records speak {until} {source.as_of.isoformat()}: judge them as of that day"
            f"{'' if source.snapshot else ' or an earlier one'}, for what came later is not in them"
        )
    numbers = {standard.id: standard.number for standard in pack.standards}
    lacking = {numbers[found.standard]: found for found in unfed(pack, source.holds, held_after=source.held_after)}
    return Job(
        pack,
        as_of,
        known_at,
        lacking,
        None if source.since is None else source.since.toordinal(),
        {each.number: answerable(each, source.latest) for each in pack.tested} if source.snapshot else None,
        lapsed,
        source.name if isinstance(source, EventLog) else "",
    )


def _chunks(source: Any) -> Iterator[Any]:
    if isinstance(source, EventLog):
        yield from source.chunks()
        return
    found: list[Subject] = []
    subjects = source.subjects.values() if isinstance(source, Reading) else map(_subject_of, source)
    for subject in subjects:
        found.append(subject)
        if len(found) == _SUBJECTS:
            yield SubjectChunk(found)
            found = []
    if found:
        yield SubjectChunk(found)


def _subject_of(history: History) -> Subject:
    if not isinstance(history, History):
        raise TypeError(_TAKES)
    return Subject(
        history.subject,
        history.kind,
        history.born,
        dict(history.facts),
        [
            Record(
                event.key,
                event.on,
                event.id,
                event.origin,  # type: ignore[arg-type]
                event.about,
                dict(event.details) or None,
                event.recorded,
                event.cancelled,
            )
            for event in history.events
        ],
    )


# --- going through it -------------------------------------------------------------------------------------------------


def _work(job: Job, source: Any, found: Caseload, path: Path | None, pool: _Workers, progress: bool | Progress) -> None:
    """Judge every piece, in order, and keep or write what comes of it."""
    total = source.subjects if isinstance(source, EventLog) else len(source) if hasattr(source, "__len__") else None
    statuses: Counter[str] = Counter()
    faults: list[Fault] = []
    refused: list[str] = []
    strangers = 0
    unknown: Counter[str] = Counter()
    first_unknown: dict[str, Any] = {}
    with _writer(path) as write, _told(progress, total) as tell:
        for judged in pool.judge(job, _chunks(source)):
            found.subjects += judged.subjects
            faults += judged.faults
            refused += judged.refused
            strangers += judged.strangers
            unknown += judged.unknown
            for key, origin in judged.first_unknown.items():
                first_unknown.setdefault(key, origin)
            _count(statuses, judged.batch)
            if path is None:
                found._batches.append(judged.batch)
            else:
                write(judged.batch)
            tell(found.subjects)
    given = list(source.faults) if isinstance(source, Reading | EventLog) else []
    found.faults = (*given, *sorted(faults), *_unknown(job, unknown, first_unknown))
    found.refused = tuple(refused)
    found.statuses = {status: statuses[status] for status in (*STATUSES, "cohort") if statuses[status]}
    found.notes = _notes(source, found, strangers)
    if isinstance(source, EventLog):
        found.strata = source.strata()
    elif isinstance(source, Reading):
        found.strata = {id: subject.strata for id, subject in source.subjects.items() if subject.strata}


def _count(statuses: Counter[str], batch: pa.RecordBatch) -> None:
    import pyarrow.compute as pc

    cohort = pc.equal(batch["kind"].cast("string"), "cohort")
    statuses["cohort"] += pc.sum(cohort).as_py() or 0
    for each in pc.value_counts(batch["status"].filter(pc.invert(cohort)).indices):
        statuses[STATUSES[each["values"].as_py()]] += each["counts"].as_py()


def _notes(source: Any, found: Caseload, strangers: int) -> tuple[str, ...]:
    notes = list(source.notes) if isinstance(source, Reading | EventLog) else []
    if isinstance(source, Reading) and source.snapshot:
        notes.insert(0, "The data are a snapshot: they say what is overdue now, and cannot answer for the past.")
    never = [each for each in found.unfed if not each.assessed]
    if never:
        notes.append(f"{len(never)} of {len(found.pack.tested)} tested standards cannot be fed by these records.")
    if strangers:
        notes.append(
            "Subjects of a kind of which no tested standard of the pack speaks, so that nothing was judged of them: "
            f"{strangers:,}."
        )
    if found.refused:
        notes.append(
            f"Subjects who could not be judged at all, for their records contradict themselves: {len(found.refused):,}."
        )
    return tuple(notes)


def _unknown(job: Job, unknown: Counter[str], first: Mapping[str, Any]) -> list[Fault]:
    """One fault for each event name that the pack has no word for. The name is not told: it might be anything."""
    faults = []
    known = [word.name for word in job.pack.events.values()]
    for place, (key, count) in enumerate(sorted(unknown.items(), key=lambda item: (-item[1], item[0]))):
        origin = first[key]
        if isinstance(origin, Origin):
            where = (origin.table, origin.row, origin.column)
        else:
            where = (job.table, origin, "event") if isinstance(origin, int) else ("histories", 0, "name")
        more = f" (and {count - 1:,} more of that name)" if count > 1 else ""
        # Looking for a likely word is slow, and nobody reads the hundredth.
        way_out = say_suggestion(key, known) if place < _SUGGESTED else ""
        if key == BIRTH:
            way_out = "Give the date of birth as such (born)."
        faults.append(Fault(*where, f"the pack knows no such event{more}; it was not used.", way_out))
    return sorted(faults)


class _Workers:
    """The processes that judge. They are started before the records are read, for the one need not wait for the other.

    Args:
        count: how many; 1 is this process itself.
    """

    def __init__(self, count: int) -> None:
        self._count = count
        self._pool: Any = None

    def __enter__(self) -> _Workers:
        if self._count > 1:
            # loky needs no `if __name__ == "__main__"` in the analyst's script, and copies no thread that holds a lock.
            try:
                from loky import ProcessPoolExecutor
            except ImportError:
                raise TableError(
                    'Several processes need the extra "caseload": pip install "practice-rules[caseload]". '
                    "Without it, say workers=1."
                ) from None

            self._pool = ProcessPoolExecutor(max_workers=self._count, initializer=_prepare)
            for _ in range(self._count):
                self._pool.submit(_prepare)
        return self

    def __exit__(self, kind: Any, error: Any, trace: Any) -> None:
        if self._pool is not None:
            self._pool.shutdown(wait=True, kill_workers=kind is not None)

    def judge(self, job: Job, chunks: Iterator[Any]) -> Iterator[Judged]:
        """Every piece judged, in order; of those that are not wanted yet, no more than a few are held."""
        if self._pool is None:
            yield from map(job.run, chunks)
            return
        packed = pickle.dumps(job, protocol=5)
        waiting: deque[Any] = deque()
        for chunk in chunks:
            waiting.append(self._pool.submit(_go, packed, chunk))
            if len(waiting) > 2 * self._count:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()


def _prepare() -> None:
    """What a worker does before there is work: load what it will need."""
    arrow()
    import pyarrow.compute  # noqa: F401


#: A worker's job, and what it was unpacked from.
_JOB: tuple[bytes, Job] | None = None


def _go(packed: bytes, chunk: Any) -> Judged:
    global _JOB
    if _JOB is None or _JOB[0] != packed:
        _JOB = (packed, pickle.loads(packed))
    return _JOB[1].run(chunk)


def _worker_count(workers: int | None, source: Any) -> int:
    """How many processes are worth their start: one for a small caseload."""
    import os

    if workers is not None:
        return workers
    cores = os.cpu_count() or 1
    if isinstance(source, EventLog):
        return cores if source.large else 1
    return cores if hasattr(source, "__len__") and len(source) >= _SMALL else 1


class _writer:
    """Writes batches to a file that has its name only when it is whole."""

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._part = None if path is None else path.with_name(f"{path.name}.part")
        self._writer: Any = None

    def __enter__(self) -> Callable[[Any], None]:
        if self._path is not None:
            assert self._part is not None
            if not self._path.parent.is_dir():
                raise TableError(f"{self._path.name}: there is no folder to write it to. Make it first.")
            if self._path.is_dir():
                raise TableError(f"{self._path.name}: this is a folder. Give the name of a file.")
            csv = self._path.suffix.lower() == ".csv"
            self._schema = _plain_schema() if csv else row_schema()
            try:
                if csv:
                    import pyarrow.csv as arrow_csv

                    self._writer = arrow_csv.CSVWriter(str(self._part), self._schema)
                else:
                    import pyarrow.parquet as pq

                    self._writer = pq.ParquetWriter(
                        str(self._part), self._schema, compression="zstd", use_dictionary=_REPEATED
                    )
            except OSError:
                raise self._refused() from None
        return self.write

    def write(self, batch: Any) -> None:
        try:
            self._writer.write_batch(batch.cast(self._schema))
        except OSError:
            raise self._refused() from None

    def _refused(self) -> TableError:
        assert self._path is not None
        return TableError(f"{self._path.name}: it cannot be written. Check the folder, and the room on the disk.")

    def __exit__(self, kind: Any, error: Any, trace: Any) -> None:
        if self._writer is None:
            return
        assert self._part is not None
        assert self._path is not None
        try:
            self._writer.close()
            if kind is None:
                self._part.replace(self._path)
        except OSError:
            if kind is None:
                raise self._refused() from None
        finally:
            self._part.unlink(missing_ok=True)


class _told:
    """Tells how far the work is: to a function, to a progress bar, or to nobody."""

    def __init__(self, progress: bool | Progress, total: int | None) -> None:
        self._progress = progress
        self._total = total
        self._bar: Any = None

    def __enter__(self) -> Callable[[int], None]:
        if self._progress is True:
            from rich.console import Console
            from rich.progress import BarColumn, MofNCompleteColumn, TimeRemainingColumn
            from rich.progress import Progress as Bar

            self._bar = Bar(
                "Judging", BarColumn(), MofNCompleteColumn(), TimeRemainingColumn(), console=Console(stderr=True)
            )
            self._bar.start()
            task = self._bar.add_task("Judging", total=self._total)
            return lambda done: self._bar.update(task, completed=done)
        if callable(self._progress):
            report, total = self._progress, self._total
            return lambda done: report(done, total)
        return lambda done: None

    def __exit__(self, *error: Any) -> None:
        if self._bar is not None:
            self._bar.stop()


# --- on an engine of one's own ----------------------------------------------------------------------------------------


def rows_of_log(
    pack: Pack | str | Path,
    *,
    as_of: date | datetime,
    known_at: date | datetime | None = None,
    holds: str | Iterable[str],
    name: str = "events",
) -> Callable[[Iterable[Any]], Iterator[Any]]:
    """A function from Arrow batches of an event log to Arrow batches of rows, for an engine with workers of its own
    (Spark's `mapInArrow`, Dask's `map_partitions`).

    Every subject must stand in one partition, with its birth and facts on its rows (`born`, `fact: NAME`). Faults are
    not handed back: read the log once with `read_event_log` to have them.

    Args:
        pack: an authority's standards, or the name or path of its pack.
        as_of: the moment of judging.
        known_at: only what had been recorded by then is used.
        holds: the events that the log can hold, as for `read_event_log`; "what occurs" cannot be told from one
            partition, and is refused.
        name: what to call the log in source rows.

    Raises:
        ValueError: `holds` is "what occurs", or any other word but "everything".
    """
    if isinstance(holds, str) and holds != "everything":
        raise ValueError('say what the log holds: "everything", or the names of events; one partition cannot tell')
    loaded = pack if isinstance(pack, Pack) else load_pack(pack)
    names = holds if isinstance(holds, str) else sorted({fold(word) for word in holds})

    def rows(batches: Iterable[Any]) -> Iterator[Any]:
        pa = arrow()
        given = list(batches)
        if not given or not sum(batch.num_rows for batch in given):
            return
        log = read_event_log(pa.Table.from_batches(given), holds=names, name=name)
        job = _job(loaded, log, as_of, known_at, True)
        for chunk in log.chunks():
            yield job.run(chunk).batch.cast(_plain_schema())

    return rows
