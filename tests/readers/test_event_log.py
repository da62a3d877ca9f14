"""The event log: whatever form it has, the same histories; and nothing of it lost without a word."""

from __future__ import annotations

import builtins
import pickle
from datetime import date, datetime, time, timezone
from pathlib import Path
from typing import Any

import pytest

from practice_rules.events import Event, History
from practice_rules.readers import READERS, event_log, read_event_log, read_records, recognise
from practice_rules.readers.event_log import EVERYTHING, EventLog
from practice_rules.records import Allocation
from practice_rules.tables import TableError

pa = pytest.importorskip("pyarrow", reason="needs the extra caseload")
pd = pytest.importorskip("pandas", reason="needs the extra notebook")
pl = pytest.importorskip("polars", reason="needs polars, a library of the tests")

HEAD = "subject,event,date,id"


def histories(log: EventLog) -> dict[str, History | None]:
    return {subject: history for chunk in log.chunks() for subject, history, _, _ in chunk.histories()}


def told(log: EventLog) -> list[str]:
    """Every fault, of the log and of its subjects."""
    more = [str(fault) for chunk in log.chunks() for _, _, _, faults in chunk.histories() for fault in faults]
    return [*map(str, log.faults), *more]


def one(**columns: Any) -> EventLog:
    """A log with one subject unless said otherwise."""
    size = max(len(values) for values in columns.values())
    base = {"subject": ["c"] * size, "event": ["child visited"] * size, "date": ["2024-03-28"] * size}
    return read_event_log(pa.table({**base, **columns}))


def only(log: EventLog) -> History:
    (history,) = histories(log).values()
    assert history is not None
    return history


def file(folder: Path, text: str | bytes, name: str = "events.csv") -> Path:
    path = folder / name
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


# --- rows and their numbers ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("large", [False, True])
def test_rows_keep_their_numbers(
    encoding: str, separator: str, large: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Blank lines, rows with too many or too few cells, any encoding or separator: each event has its row's number."""
    lines = [
        *("", "subject;event;date;id;place", "a;child visited;2024-03-01;v1;Zoë", "", ";;;;"),
        *("a;child visited;2024-03-02;v2;x;y", "b;child visited;2024-03-03;v3;x", "b;child visited;2024-03-04;v4"),
        *("a;child visited;2024-03-05;v5;", 'a;child visited;2024-03-06;v6;"p;q"', "a;child visited;soon;v7;x"),
    ]
    text = "\n".join(line.replace(";", separator) for line in lines)
    path = file(tmp_path, text.encode(encoding))
    if large:
        monkeypatch.setattr(event_log, "_WHOLE_FILE", 10)
    log = read_event_log(path)
    rows = {event.id: event.origin for history in histories(log).values() if history for event in history.events}
    assert rows == {"v1": 3, "v3": 7, "v5": 9, "v6": 10}
    notes = ["events.csv: it is not UTF-8 and was read as Windows-1252. Look at names with accents."]
    assert told(log) == [
        *(notes if encoding == "cp1252" else []),
        "events.csv, row 6: it has 6 cells, and the first row has 5. Put quotes around a cell's commas.",
        "events.csv, row 8: it has 4 cells, and the first row has 5. Give every row the same cells.",
        "events.csv, row 11, date: this is not a date. Write 2024-03-28.",
    ]
    place = histories(log)["a"]
    assert place is not None
    assert place.events[0].details == {"place": "Zoë"}
    assert [str(event.origin) for event in log.history("b").events] == ["events.csv.date:7"]
    assert (log.in_parts, log.subjects) == (large, None if large else 2)
    assert log.counts() == {"child visited": 4}
    assert len(told(log)) == 3 + (encoding == "cp1252")  # said once, however often it is gone through


@pytest.mark.parametrize("large", [False, True])
def test_a_quote_that_never_ends_is_said(large: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It would swallow the rest of the file in silence; the row where it begins is named and not used."""
    path = file(
        tmp_path,
        f'{HEAD},why\na,child visited,2024-03-01,v1,"two\nlines"\na,child visited,2024-03-02,v2,"x\na,b,c,d,e\n',
    )
    if large:
        monkeypatch.setattr(event_log, "_WHOLE_FILE", 10)
    log = read_event_log(path)
    assert [event.id for event in only(log).events] == ["v1"]
    # Arrow counts records: the second of them is row 3.
    assert told(log) == [
        "events.csv, row 3: a quoted cell never ends. What follows could not be read. Close the quote."
    ]
    fine = file(tmp_path, f'{HEAD},why\na,child visited,2024-03-01,v1,"two\nlines"\n', "fine.csv")
    assert told(read_event_log(fine)) == []


def test_ids_stay_as_they_were_supplied(tmp_path: Path) -> None:
    """007 is not 7, in a file; a number in a frame is its digits; two writings of one id are one subject."""
    path = file(
        tmp_path,
        f"{HEAD}\n007,child visited,2024-03-01,01\n7,child visited,2024-03-01,1\n 7 ,child visited,2024-03-02,2\n",
    )
    assert [(id, len(found.events)) for id, found in histories(read_event_log(path)).items() if found] == [
        ("007", 1),
        ("7", 2),
    ]
    frame = pd.DataFrame(
        {"subject": [17.0, 17.0, None], "event": ["a", "b", "c"], "date": ["2024-03-01"] * 3, "id": [1.0, 2.0, None]}
    )
    log = read_event_log(frame)
    assert [event.id for event in only(log).events] == ["1", "2"]
    assert told(log) == ["events, row 3, subject: it is missing. Every event has one."]


def test_subjects_are_counted_once() -> None:
    """Blanks around an id do not make a second subject, nor rows twice."""
    log = one(subject=["a", " a", "a "], id=["1", "2", "3"], born=["2020-01-01"] * 3)
    assert list(histories(log)) == ["a"]
    assert log.subjects == 1


def test_rows_without_subject_event_or_date_are_told_once() -> None:
    """A row that lacks something is one fault, however much it lacks; a row of nothing at all is none."""
    log = one(
        subject=["c", None, "c", "c", None],
        event=["a", "a", " ", None, None],
        date=["2024-03-01", "2024-03-01", "2024-03-01", None, None],
        id=["1", "2", "3", "4", None],
    )
    assert told(log) == [
        "events, row 2, subject: it is missing. Every event has one.",
        "events, row 3, event: it is missing. Every event has one.",
        "events, row 4, event: it is missing. Every event has one.",
    ]


def test_words_for_nothing_are_nothing() -> None:
    """NULL, nan and blanks in `id` and `about` are no ids, in a file and in a frame."""
    for typed in (pa.string(), pa.large_string(), pa.dictionary(pa.int32(), pa.string())):
        ids = pa.array(["v1", "", " ", "NULL", "nan"], typed)
        log = one(id=ids, about=pa.array(["", "None", None, " p ", "n/a"], typed))
        found = {event.id: event.about for event in only(log).events}
        assert sorted(id for id in found if not id.startswith("no-id-")) == ["v1"]
        assert sorted(filter(None, found.values())) == ["p"]
    numbers = one(id=[1, 2], about=[None, 1])
    assert [(event.id, event.about) for event in only(numbers).events] == [("1", None), ("2", "1")]


# --- dates and times -------------------------------------------------------------------------------------------------


def test_dates_of_every_type_are_one() -> None:
    """Text, dates, timestamps of any unit, categories: the same day; a midnight behind every date is no time."""
    day = date(2024, 3, 28)
    for values in (
        pa.array(["2024-03-28"] * 2),
        pa.array([day] * 2),
        pa.array([datetime(2024, 3, 28)] * 2),
        pa.array([datetime(2024, 3, 28)] * 2, pa.timestamp("ns")),
        pa.array([datetime(2024, 3, 28)] * 2, pa.timestamp("s")),
        pa.array(["2024-03-28 00:00:00.0000000"] * 2),
        pa.array(["2024-03-28"] * 2).dictionary_encode(),
        pa.array(["20240328"] * 2, pa.string_view()),
    ):
        events = only(one(date=values, id=["1", "2"])).events
        assert [event.on for event in events] == [day, day]
        assert not any(isinstance(event.on, datetime) for event in events)


def test_times_are_kept_and_a_midnight_is_one_where_others_are_not() -> None:
    """Whether a midnight is a time is decided for each subject by itself, so that nobody else's rows matter."""
    log = one(
        subject=["a", "a", "b"], date=["2024-03-28 14:30", "2024-03-29 00:00", "2024-03-29 00:00"], id=["1", "2", "3"]
    )
    found = {id: [event.on for event in history.events] for id, history in histories(log).items() if history}
    assert found == {"a": [datetime(2024, 3, 28, 14, 30), datetime(2024, 3, 29)], "b": [date(2024, 3, 29)]}
    assert type(found["b"][0]) is date


def test_a_column_of_times() -> None:
    """Times of their own column join the dates; a time that is none is said, and the date used without it."""
    log = one(
        date=["2024-03-28"] * 6,
        time=["14:30", "9:05", " ", "soon", "14:30", "25:00"],
        id=["1", "2", "3", "4", "5", "6"],
    )
    found = {event.id: event.on for event in only(log).events}
    at = datetime(2024, 3, 28, 14, 30)
    day = date(2024, 3, 28)
    assert found == {"1": at, "2": datetime(2024, 3, 28, 9, 5), "3": day, "4": day, "5": at, "6": day}
    assert told(log) == [
        "events, row 4, time: this is not a time. Write 14:30.",
        "events, row 6, time: this is not a time. Write 14:30.",
    ]
    typed = one(date=[date(2024, 3, 28), None], time=[time(14, 30), None], id=["1", "2"])
    assert [event.on for event in only(typed).events] == [at]
    midnight = one(date=["2024-03-28 00:00:00", "2024-03-29 10:00"], time=["14:30", "11:00"], id=["1", "2"])
    assert [event.on for event in only(midnight).events] == [at, datetime(2024, 3, 29, 10)]
    assert told(midnight) == [
        "events, row 2, time: there is a time in the column of the date already. Keep one of them."
    ]
    zone = one(date=["2024-03-28 00:00:00+00:00"], time=["14:30"])
    assert only(zone).events[0].on == at.replace(tzinfo=timezone.utc)  # noqa: UP017


def test_dates_with_the_day_first() -> None:
    """Read where it is said, refused where it is not, in every table."""
    table = pa.table({"subject": ["c"], "event": ["child visited"], "date": ["03/04/2024"], "recorded": ["04/04/2024"]})
    people = [{"subject": "c", "born": "01/02/2020"}]
    held = [{"subject": "c", "from": "01/02/2024", "to": "03/02/2024"}]
    read = read_event_log(table, people, held, day_first=True)
    history = only(read)
    assert (history.born, history.events[0].on) == (date(2020, 2, 1), date(2024, 4, 3))
    assert history.events[0].recorded == date(2024, 4, 4)
    assert told(read) == []
    refused = told(read_event_log(table, people, held))
    assert [line.partition(":")[0] for line in refused] == [
        *("subjects, row 1, born", "allocations, row 1, from", "allocations, row 1, to"),
        *("events, row 1, date", "events, row 1, recorded"),
    ]


def test_records_of_recording_and_cancelling() -> None:
    """`recorded` and `cancelled` reach the event; what cannot be read is said."""
    log = one(
        id=["1", "2", "3"], recorded=["2024-03-29 10:00", "2024-03-30", "never"], cancelled=["", "yes", "perhaps"]
    )
    found = {event.id: (event.recorded, event.cancelled) for event in only(log).events}
    assert found == {"1": (datetime(2024, 3, 29, 10), False), "2": (date(2024, 3, 30), True), "3": (None, False)}
    assert told(log) == [
        "events, row 3, cancelled: this is neither yes nor no. Write Y or N.",
        "events, row 3, recorded: this is not a date. Write 2024-03-28.",
    ]
    midnights = one(id=["1"], recorded=[datetime(2024, 3, 29)])
    assert only(midnights).events[0].recorded == date(2024, 3, 29)
    nothing = one(id=["1"], recorded=pa.nulls(1), cancelled=["no"])
    assert only(nothing).events[0].recorded is None


def test_a_time_that_never_was_is_a_fault_of_its_row() -> None:
    """When the clocks went forward there was no 01:30."""
    log = one(date=["2024-03-31 01:30", "2024-03-31 03:30"], id=["1", "2"])
    assert [event.id for event in only(log).events] == ["2"]
    assert told(log) == [
        "events, row 1, date: there was no such time: the clocks went forward. "
        "Give the time with its zone, or the date alone."
    ]


# --- details ---------------------------------------------------------------------------------------------------------


def test_details_are_equal_in_a_file_and_in_a_frame() -> None:
    """Flags, numbers, dates and texts become the same text; "(blank)" is a field with nothing in it."""
    typed = one(
        id=["1"], Seen_Alone=[True], score=[3.0], next=[datetime(2024, 4, 1)], at=[datetime(2024, 4, 1, 9)],
        day=[date(2024, 4, 1)], why=["(blank)"], none=[None], no=[False], size=[4],
    )  # fmt: skip
    text = one(
        id=["1"], **{"seen alone": ["yes"]}, score=["3"], next=["2024-04-01"], at=["2024-04-01T09:00:00"],
        day=["2024-04-01"], why=[" (blank) "], none=[""], no=["no"], size=["4"],
    )  # fmt: skip
    wanted = {
        "seen alone": "yes", "score": "3", "next": "2024-04-01", "at": "2024-04-01T09:00:00", "day": "2024-04-01",
        "why": None, "no": "no", "size": "4",
    }  # fmt: skip
    for log in (typed, text):
        assert only(log).events[0].details == wanted
        assert only(log) == History("c", [Event("child visited", date(2024, 3, 28), id="1", details=wanted)])


def test_columns_that_cannot_be_used_are_said() -> None:
    """A second column of a name, and lists or bytes, are told by name; a column without a name is passed over."""
    table = pa.Table.from_arrays(
        [pa.array([each]) for each in ("c", "child visited", "2024-03-28", "x", ["x"], b"x", "y", "z")],
        ["person_id", "name", "on", "Event", "list", "bytes", "", "why"],
    )
    log = read_event_log(table)
    assert only(log).events[0].details == {"why": "z"}
    assert told(log) == [
        "events, Event: a column of that name is there already; the first was used.",
        "events, bytes: its cells hold lists or bytes; it was not used. Give text.",
        "events, list: its cells hold lists or bytes; it was not used. Give text.",
    ]


def test_names_are_one_however_they_are_written() -> None:
    """Capitals, underscores and hyphens make no second name: events stand in one order, and are counted together."""
    log = one(
        event=["Child visited", "child_visited", "child-visited", "plan started"],
        date=["2024-03-03", "2024-03-01", "2024-03-02", "2024-03-01"],
        id=["3", "1", "2", "p"],
    )
    history = only(log)
    assert [
        event.id for event in history.known(history.final_moment(), history.final_moment()).acts("child visited").events
    ] == ["1", "2", "3"]
    assert log.counts() == {"child visited": 3, "plan started": 1}
    assert log.holds == {"child visited", "plan started"}


# --- people ----------------------------------------------------------------------------------------------------------


def test_births_and_facts_on_the_rows() -> None:
    """`born`, `kind` and facts may stand on any row, and an event `birth` gives the birth."""
    log = one(
        subject=["a", "a", "b", "b", "c"],
        event=["child visited", "child visited", "Birth", "child visited", "birth"],
        date=["2024-03-01", "2024-03-02", "2020-05-06", "2024-03-01", "2021-01-01"],
        id=["1", "2", "3", "4", "5"],
        born=[None, "2019-01-01", None, None, "2021-01-01"],
        kind=["foster carer", None, None, None, None],
        **{"fact: Disability": [None, "(blank)", "yes", "yes", None]},
    )
    found = histories(log)
    born = {id: history.born for id, history in found.items() if history}
    assert born == {"a": date(2019, 1, 1), "b": date(2020, 5, 6), "c": date(2021, 1, 1)}
    facts = {id: (history.kind, dict(history.facts)) for id, history in found.items() if history}
    assert facts == {
        "a": ("foster carer", {"disability": None}),
        "b": ("child", {"disability": "yes"}),
        "c": ("child", {}),
    }
    assert [event.id for history in found.values() if history for event in history.events] == ["1", "2", "4"]
    assert told(log) == []


@pytest.mark.parametrize("turn", [1, -1])
def test_what_is_said_in_two_ways_is_not_used(turn: int) -> None:
    """Of two births or two facts nobody knows which is right: neither is used, whichever row comes first."""
    columns = {
        "event": ["child visited", "birth"], "date": ["2024-03-01", "2020-01-01"], "id": ["1", "2"],
        "born": ["2020-01-02", None], "fact: disability": ["yes", "no"], "fact: other": ["x", None],
    }  # fmt: skip
    log = one(**{name: values[::turn] for name, values in columns.items()})
    history = only(log)
    assert (history.born, dict(history.facts)) == (None, {"other": "x"})
    assert {fault.message for fault in log.faults} == {
        "it differs from what is said of the subject elsewhere, and neither is used."
    }
    assert sorted(fault.column for fault in log.faults) == ["born", "fact: disability"]
    assert len(log.faults) == 2


def test_a_subject_of_two_kinds_is_refused() -> None:
    """By whose standards it should be judged nobody can tell."""
    log = one(kind=["child", "foster carer"], id=["1", "2"])
    assert histories(log) == {"c": None}
    assert told(log)[-1] == "events, row 1, kind: there is no kind of subject. Say child, foster carer, worker …"
    with pytest.raises(KeyError):
        log.history("c")


def test_the_table_of_subjects(tmp_path: Path) -> None:
    """Births, facts, kinds and strata of a second table; who stands only there is judged as well."""
    people = file(
        tmp_path, "Child ID;Born;kind;fact: disability;fact: x;Sex;Area\n" "c;2020-01-01;;yes;(blank);F;(blank)\n"
        "d;soon;worker;;;;\n;2020-01-01;;;;;\n\n", "people.csv",
    )  # fmt: skip
    log = read_event_log(pa.table({"subject": ["c"], "event": ["child visited"], "date": ["2024-03-01"]}), people)
    found = histories(log)
    assert [(id, history.kind, history.born, dict(history.facts)) for id, history in found.items() if history] == [
        ("c", "child", date(2020, 1, 1), {"disability": "yes", "x": None}),
        ("d", "worker", None, {}),
    ]
    assert log.strata() == {"c": {"sex": "F"}}
    assert told(log) == [
        "people.csv, row 3, born: this is not a date. Write 2024-03-28.",
        "people.csv, row 4, subject: it is missing. Every row says whose it is.",
    ]


@pytest.mark.parametrize("turn", [1, -1])
def test_subjects_that_stand_twice(turn: int) -> None:
    """Two equal rows are one; where they differ neither value is used, in any order; a birth in the log may differ."""
    rows = [
        {"subject": "c", "born": "2020-01-01", "sex": "F", "area": "North", "fact: x": "1"},
        {"subject": "c", "born": "2020-01-01", "sex": "M", "area": None, "fact: x": "1"},
        {"subject": "c", "born": "2020-01-01", "sex": "F", "area": "North", "fact: x": "1"},
    ]
    table = pa.table({"subject": ["c"], "event": ["child visited"], "date": ["2024-03-01"], "born": ["2020-02-02"]})
    log = read_event_log(table, rows[::turn])
    assert only(log).born is None
    assert dict(only(log).facts) == {"x": "1"}
    assert log.strata() == {"c": {"area": "North"}}
    assert {(fault.table, fault.column) for fault in log.faults} == {("subjects", "sex"), ("events", "born")}
    assert len(told(log)) == len(told(log))


def test_allocations_and_their_dirt() -> None:
    """From and to as days, still open where `to` is blank; unreadable and impossible rows are said."""
    held = [
        {"subject": "c", "from": "2024-03-01", "to": None, "worker": "B", "team": None},
        {"subject": "c", "from": "2024-01-01", "to": "2024-02-29", "worker": "A", "team": "T"},
        {"subject": "c", "from": "", "to": ""},
        {"subject": "c", "from": "2024-01-01", "to": "2023-12-31"},
        {"subject": "c", "from": "2024-01-02", "to": "9999-12-31"},
        {"subject": "c", "from": "soon", "to": "2024-01-01"},
        {"subject": "", "from": "2024-01-01"},
        {"subject": "d", "from": "2024-01-01"},
    ]
    log = read_event_log(pa.table({"subject": ["c"], "event": ["e"], "date": ["2024-03-01"]}), None, held)
    found = {subject: person.allocations for chunk in log.chunks() for subject, _, person, _ in chunk.histories()}
    ordinal = date.toordinal
    assert found["c"] == [
        Allocation(ordinal(date(2024, 1, 1)), ordinal(date(2024, 2, 29)), "A", "T"),
        Allocation(ordinal(date(2024, 1, 2)), None, None, None),
        Allocation(ordinal(date(2024, 3, 1)), None, "B", None),
    ]
    assert list(found) == ["c", "d"]
    assert told(log) == [
        "allocations, row 3, from: it is missing. Say from when the case was held.",
        "allocations, row 4, to: it lies before the start; the row was not used.",
        "allocations, row 5, to: the date lies beyond any case. Leave it out if it stands for 'no date'.",
        "allocations, row 6, from: this is not a date. Write 2024-03-28.",
        "allocations, row 7, subject: it is missing. Every row says whose it is.",
    ]


def test_tables_of_people_say_what_is_wrong_with_them(tmp_path: Path) -> None:
    """Rows with too many cells and a guessed encoding are faults of those tables too."""
    people = file(tmp_path, b"subject,born\nc,2020-01-01,x\n\xe9,\n", "people.csv")
    log = read_event_log(pa.table({"subject": ["c"], "event": ["e"], "date": ["2024-03-01"]}), people)
    assert told(log) == [
        "people.csv, row 2: it has more cells than the first row. Put quotes around a cell's commas.",
        "people.csv: it is not UTF-8 and was read as Windows-1252. Look at names with accents.",
    ]


# --- contradictions --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("columns", "rows"),
    [
        ({"id": ["1", "1"], "event": ["child visited", "plan started"]}, {1, 2}),
        ({"id": ["1", "1"], "date": ["2024-03-01", "2024-03-02"]}, {1, 2}),
        ({"id": ["1", "2"], "date": ["2024-03-01 10:00", "2024-03-01T11:00+00:00"]}, {1}),
    ],
)
def test_rows_that_contradict_each_other_make_no_history(columns: dict[str, list[str]], rows: set[int]) -> None:
    """Two records of one id, times with and without a zone: which is meant nobody knows, so nothing is judged."""
    log = one(**columns)
    assert histories(log) == {"c": None}
    lines = [fault for chunk in log.chunks() for _, _, _, faults in chunk.histories() for fault in faults]
    assert len(lines) == 1
    assert lines[0].table == "events"
    assert lines[0].row in rows


def test_a_row_that_stands_twice_is_one() -> None:
    """Two equal rows with an id are one event; without an id they are two."""
    assert [event.id for event in only(one(id=["1", "1"])).events] == ["1"]
    assert len(only(one(why=["x", "x"])).events) == 2


def test_a_subject_who_cannot_be_is_refused_without_an_event() -> None:
    """The fault of a subject without a row stands at no row."""
    log = read_event_log(
        pa.table({"subject": ["c"], "event": ["e"], "date": ["2024-03-01"]}),
        [{"subject": "d", "kind": "child"}, {"subject": "d", "kind": "worker"}],
    )
    assert histories(log)["d"] is None
    assert told(log)[-1].startswith("events, kind: there is no kind of subject.")


# --- wrong calls -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (b"", "events.csv: it cannot be read as CSV. Save it as CSV UTF-8, and check its first row."),
        (b"a\x81\n\xe9,b\n", "events.csv: it cannot be read as CSV. Save it as CSV UTF-8, and check its first row."),
        (b"PK\x03\x04", "events.csv: this is a workbook, not a CSV file. Save the sheet as CSV UTF-8."),
        (b"a,b\n1,2\n", 'events.csv: there is no column "subject". An event log has subject, event and date.'),
        (b"subject,b\n1,2\n", 'events.csv: there is no column "event". An event log has subject, event and date.'),
    ],
)
@pytest.mark.parametrize("large", [False, True])
def test_files_that_are_no_log(
    text: bytes, words: str, large: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each in its own words, whole or in parts."""
    if large:
        monkeypatch.setattr(event_log, "_WHOLE_FILE", -1)
    with pytest.raises(TableError) as caught:
        list(read_event_log(file(tmp_path, text)).chunks())
    assert str(caught.value) == words


@pytest.mark.parametrize("large", [False, True])
def test_a_log_that_is_no_parquet(large: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A name is not enough."""
    if large:
        monkeypatch.setattr(event_log, "_WHOLE_FILE", -1)
    log = read_event_log(file(tmp_path, "x", "events.parquet"))
    with pytest.raises(TableError, match="it cannot be read as Parquet"):
        list(log.chunks())


def test_frames_that_are_no_log(monkeypatch: pytest.MonkeyPatch) -> None:
    """Mixed columns, things that are no frame, a missing library: plain words and no cell."""
    mixed = pd.DataFrame({"subject": ["c", 4], "event": ["e", "e"], "date": ["secret", date(2024, 1, 1)]})
    with pytest.raises(TableError, match="a column holds values of several kinds") as caught:
        read_event_log(mixed).counts()
    assert "secret" not in repr(caught.value)
    with pytest.raises(TableError, match="this is no table"):
        read_event_log([1]).counts()
    with pytest.raises(TableError, match='subjects: there is no column "subject"'):
        read_event_log(mixed, [{"born": "2020-01-01"}])
    with pytest.raises(TableError, match='allocations: there is no column "from"'):
        read_event_log(mixed, None, [{"subject": "c"}])
    real = builtins.__import__

    def imported(name: str, *args: Any, **options: Any) -> Any:
        if name == "narwhals":
            raise ImportError(name)
        return real(name, *args, **options)

    monkeypatch.setattr(builtins, "__import__", imported)
    with pytest.raises(TableError, match="Data frames need the extra"):
        read_event_log(mixed).counts()


def test_carriers_of_a_log(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A batch, a lazy frame and a Parquet file (whole or in parts) are the same log."""
    import pyarrow.parquet as pq

    table = pa.table(
        {"subject": ["a", "b"], "event": ["child visited"] * 2, "date": ["2024-03-01"] * 2, "id": ["1", "2"]}
    )
    pq.write_table(table, tmp_path / "events.pq")
    wanted = histories(read_event_log(table))
    assert len(wanted) == 2
    for source in (table.to_batches()[0], pl.from_arrow(table).lazy(), tmp_path / "events.pq"):
        assert histories(read_event_log(source)) == wanted
    monkeypatch.setattr(event_log, "_WHOLE_FILE", 100)
    log = read_event_log(tmp_path / "events.pq")
    assert log.in_parts
    assert histories(log) == wanted
    assert [event.origin.row for event in log.history("b").events] == [2]  # type: ignore[attr-defined]
    with pytest.raises(TableError, match=r"none\.csv: there is no such file"):
        read_event_log("none.csv")


def test_an_empty_log_is_a_log() -> None:
    """No row, no chunk, nobody: neither a fault nor an error."""
    empty = pa.table(
        {"subject": pa.array([], pa.string()), "event": pa.array([], pa.string()), "date": pa.array([], pa.string())}
    )
    for table in (empty, pa.table({name: pa.chunked_array([], pa.string()) for name in empty.column_names})):
        log = read_event_log(table)
        assert list(log.chunks()) == []
        assert (log.counts(), log.holds, log.subjects, told(log)) == ({}, frozenset(), 0, [])
        with pytest.raises(KeyError):
            log.history("c")


def test_a_large_file_without_a_row(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A header alone, in parts: nobody."""
    monkeypatch.setattr(event_log, "_WHOLE_FILE", 10)
    assert list(read_event_log(file(tmp_path, HEAD + "\n")).chunks()) == []


def test_people_without_events_stand_in_the_parts_as_well(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Split or whole, a child of the second table who has no event is judged once."""
    path = file(tmp_path, HEAD + "\n" + "".join(f"c{n},child visited,2024-03-01,v{n}\n" for n in range(20)))
    people = [{"subject": f"c{n}", "born": "2020-01-01"} for n in range(40)]
    whole = histories(read_event_log(path, people))
    monkeypatch.setattr(event_log, "_WHOLE_FILE", 100)
    log = read_event_log(path, people)
    parts = [subject for chunk in log.chunks() for subject, _, _, _ in chunk.histories()]
    assert sorted(parts) == sorted(whole)
    assert histories(log) == whole
    assert log.history("c39").born == date(2020, 1, 1)
    assert log.history("c3").events[0].id == "v3"
    with pytest.raises(KeyError):
        log.history("nobody")


def test_large_logs_are_told_without_reading(tmp_path: Path) -> None:
    """A file by its size, a table by its rows; what cannot be told is small."""
    path = file(tmp_path, HEAD + "\n")
    assert not read_event_log(path).large
    path.write_text("x" * 1_000_001)
    assert read_event_log(path).large
    rows = pa.table({"subject": ["c"] * 20_001})
    assert read_event_log(rows).large
    assert read_event_log(rows.to_pandas()).large
    assert not read_event_log(rows.slice(1)).large
    assert not read_event_log(pl.from_arrow(rows).lazy()).large


def test_pieces_are_whole_subjects(monkeypatch: pytest.MonkeyPatch) -> None:
    """However small the pieces are to be, a subject's rows stay together, and each piece can travel."""
    monkeypatch.setattr(event_log, "_CHUNK_ROWS", 2)
    log = one(subject=["a", "b", "b", "b", "c"], id=list("12345"), recorded=["2024-04-01 10:00"] * 5)
    chunks = list(log.chunks())
    assert [[subject for subject, _, _ in chunk.subjects] for chunk in chunks] == [["a", "b"], ["c"]]
    again = [pickle.loads(pickle.dumps(chunk)) for chunk in chunks]
    for chunk, copy in zip(chunks, again, strict=True):
        assert [found[1] for found in chunk.histories()] == [found[1] for found in copy.histories()]


def test_everything_is_everything() -> None:
    """A log of which it is said that it holds everything holds every word, in another process too."""
    log = read_event_log(pa.table({"subject": ["c"], "event": ["e"], "date": ["2024-03-01"]}), holds="everything")
    assert log.holds is EVERYTHING
    assert "any word" in pickle.loads(pickle.dumps(log.holds))
    named = read_event_log(pa.table({"subject": ["c"]}), holds=["Child_Visited"])
    assert named.holds == {"child visited"}
    assert repr(named) == "<EventLog events>"
    with pytest.raises(ValueError, match="holds is"):
        read_event_log(pa.table({"subject": ["c"]}), holds="all")


# --- the register of readers -----------------------------------------------------------------------------------------


def test_forms_are_recognised(tmp_path: Path) -> None:
    """By names and first lines; what is none of them is asked about."""
    for name, files in {
        "ssd": {"HDM.ssd_person.csv": "pers_person_id\n"},
        "ssda903": {"episodes.csv": '"CHILD","DECOM"\n'},
        "annex-a": {"List 1.csv": "Child Unique ID,x\n"},
        "cin-census": {"2024.xml": "<Message/>"},
        "log": {"events.csv": HEAD, "subjects.csv": "subject,born\n"},
    }.items():
        folder = tmp_path / name
        folder.mkdir()
        for each, text in files.items():
            (folder / each).write_text(text)
        assert recognise(folder).name == name
    for path, name in (
        ("cin-census/2024.xml", "cin-census"),
        ("log/events.csv", "log"),
        ("ssda903/episodes.csv", "ssda903"),
    ):
        assert recognise(tmp_path / path).name == name
    (tmp_path / "book.xlsx").write_bytes(b"")
    assert recognise(tmp_path / "book.xlsx").name == "annex-a"
    (tmp_path / "letter.txt").write_text("x")
    for path, words in (
        ("letter.txt", "I cannot tell what records these are."),
        ("none", "there is no such file or folder"),
    ):
        with pytest.raises(TableError, match=words):
            recognise(tmp_path / path)
    assert list(READERS) == ["ssd", "ssda903", "annex-a", "cin-census", "log"]
    # A folder that has a file's name is no file to look into.
    (tmp_path / "odd" / "x.csv").mkdir(parents=True)
    with pytest.raises(TableError, match="I cannot tell"):
        recognise(tmp_path / "odd")


def test_a_folder_with_a_log_is_read_with_what_stands_beside_it(tmp_path: Path) -> None:
    """Events, subjects and allocations of one folder, in CSV or Parquet; options reach the reader."""
    import pyarrow.parquet as pq

    file(tmp_path, "subject,event,date\nc,child visited,28/03/2024\n")
    pq.write_table(pa.table({"subject": ["c"], "born": ["01/02/2020"]}), tmp_path / "subjects.parquet")
    file(tmp_path, "subject,from,worker\nc,01/01/2024,A\n", "Allocations.csv")
    plain = read_records(tmp_path)
    assert isinstance(plain, EventLog)
    assert [fault.table for fault in (plain.counts(), plain.faults)[1]] == [
        "subjects.parquet",
        "Allocations.csv",
        "events.csv",
    ]
    read = read_records(str(tmp_path), "log", day_first=True, holds="everything")
    assert isinstance(read, EventLog)
    assert (only(read).born, read.holds) == (date(2020, 2, 1), EVERYTHING)
    assert read_records(tmp_path / "events.csv", day_first=True, subjects=[{"subject": "d"}]).subjects == 2  # type: ignore[union-attr]
    (tmp_path / "events.csv").unlink()
    with pytest.raises(TableError, match=r"there is no events\.csv or events\.parquet in the folder"):
        read_records(tmp_path, "log")


def test_other_forms_are_read_and_take_no_options(tmp_path: Path) -> None:
    """The census is read from a file or a folder; an option that would be passed over is refused."""
    sample = Path(__file__).parent / "cin_census"
    census = sorted(sample.rglob("*.xml"))[0]
    assert (
        len(read_records(census)) == len(read_records(census.parent, "cin-census"))
        or len(list(census.parent.glob("*.xml"))) > 1
    )
    with pytest.raises(ValueError, match="only an event log takes"):
        read_records(census, day_first=True)
    with pytest.raises(ValueError, match="the forms are: ssd, ssda903, annex-a, cin-census, log"):
        read_records(census, "pdf")


def test_folders_that_are_unclear_are_asked_about(tmp_path: Path) -> None:
    """Two logs in one folder, records one folder down, a folder without what was named: plain words."""
    import pyarrow.parquet as pq

    below = tmp_path / "2024"
    below.mkdir()
    file(below, HEAD + "\n")
    with pytest.raises(TableError, match="the records are in the folder 2024 below it"):
        recognise(tmp_path)
    pq.write_table(pa.table({"subject": ["c"]}), below / "events.parquet")
    with pytest.raises(TableError, match=r"events\.csv and events\.parquet are both there"):
        read_records(below)
    with pytest.raises(TableError, match=r"2024: there is no \.xml file in the folder"):
        read_records(below, "cin-census")
