"""What a reader gathers: cells read, events kept, and what could not be used said without a value."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from practice_rules.events import Event, HistoryError, HistoryProblem
from practice_rules.records import (
    PLACEHOLDER,
    Fault,
    Gathering,
    Origin,
    Reading,
    Record,
    Subject,
    Trouble,
    build_history,
    fault_of,
    named_event,
    read_day,
    read_moment,
    read_text,
    read_yes_or_no,
    refusal,
)

pd = pytest.importorskip("pandas", reason="needs the extra notebook")

DAY = date(2024, 3, 28)
SUMMER = timezone(timedelta(hours=1))
TWO_WAYS = "this date can be read in two ways: day first or month first."
NO_DATE = "this is not a date."
NONE_SUCH = "there is no such date."
BEYOND = "the date lies beyond any case."
SERIAL = "this is a spreadsheet's own number for a date."


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        (None, None),
        ("", None),
        ("  ", None),
        ("NULL", None),
        ("nan", None),
        ("NaT", None),
        ("#N/A", None),
        ("n/a", None),
        ("<NA>", None),
        (float("nan"), None),
        (pd.NaT, None),
        (pd.NA, None),
        (" 007 ", "007"),
        ("007", "007"),
        ("17.0", "17.0"),  # text stays as supplied
        (17.0, "17"),  # what pandas makes of the id 17 in a column with gaps
        (17.5, "17.5"),
        (17, "17"),
        (True, "True"),
        (DAY, "2024-03-28"),
        (date(9999, 12, 31), "9999-12-31"),
        ("nobody", "nobody"),
    ],
)
def test_text_of_a_cell(cell: object, text: str | None) -> None:
    """Text is trimmed and otherwise as supplied; a system's words for empty are nothing."""
    assert read_text(cell) == text


@pytest.mark.parametrize(
    ("cell", "day_first", "found"),
    [
        (None, False, None),
        ("", False, None),
        ("NULL", False, None),
        (pd.NaT, False, None),
        (float("nan"), False, None),
        ("2024-03-28", False, DAY),
        (" 2024-03-28 ", False, DAY),
        ("2024-03-28T14:30:00Z", False, DAY),
        ("2024-03-28 14:30:00.0000000 +00:00", False, DAY),
        ("20240328", False, DAY),
        (DAY, False, DAY),
        (datetime(2024, 3, 28, 23, 59), False, DAY),
        (pd.Timestamp("2024-03-28 10:00"), False, DAY),
        ("28/03/2024", True, DAY),
        ("28/3/2024 14:30", True, DAY),
        ("28/03/2024", False, TWO_WAYS),
        ("03/04/2024", False, TWO_WAYS),
        ("03/28/2024", True, NONE_SUCH),
        ("00/01/1900", True, PLACEHOLDER.message),
        ("00/01/1900", False, PLACEHOLDER.message),
        ("01/01/1900", False, PLACEHOLDER.message),
        ("1900-01-01", False, PLACEHOLDER.message),
        ("1900-01-00", False, PLACEHOLDER.message),
        ("1899-12-30", False, PLACEHOLDER.message),
        ("0001-01-01", False, PLACEHOLDER.message),
        (date(1900, 1, 1), False, PLACEHOLDER.message),
        (datetime(1899, 12, 30), False, PLACEHOLDER.message),
        ("1901-01-01", False, date(1901, 1, 1)),
        ("2024-02-30", False, NONE_SUCH),
        ("2024-13-01", False, NONE_SUCH),
        ("20240230", False, NONE_SUCH),
        ("9999-12-31", False, BEYOND),
        (date(9999, 12, 31), False, BEYOND),
        (datetime(2999, 1, 1), False, BEYOND),
        ("45379", False, SERIAL),
        ("45379.5", False, SERIAL),
        (45379.0, False, SERIAL),
        (45379, False, SERIAL),
        ("28 March 2024", False, NO_DATE),
        ("2024-3-28", False, NO_DATE),
        ("yesterday", True, NO_DATE),
    ],
)
def test_day_of_a_cell(cell: object, day_first: bool, found: object) -> None:
    """Days by hand: what is read, what is nothing, and what is said of the rest."""
    read = read_day(cell, day_first=day_first)
    assert (read.message if isinstance(read, Trouble) else read) == found


def test_a_way_out_fits_the_way_dates_are_written() -> None:
    """Who may write the day first is told so."""
    assert read_day("x") == Trouble(NO_DATE, "Write 2024-03-28.")
    assert read_day("x", day_first=True) == Trouble(NO_DATE, "Write 28/03/2024.")


@pytest.mark.parametrize(
    ("cell", "day_first", "found"),
    [
        (None, False, None),
        (pd.NaT, False, None),
        ("", False, None),
        (DAY, False, DAY),
        ("2024-03-28", False, DAY),
        ("2024-03-28 14:30", False, datetime(2024, 3, 28, 14, 30)),
        ("2024-03-28T14:30:05,5", False, datetime(2024, 3, 28, 14, 30, 5, 500_000)),
        ("2024-03-28 14:30:00.1234567 +01:00", False, datetime(2024, 3, 28, 14, 30, 0, 123_456, SUMMER)),
        ("2024-03-28T14:30Z", False, datetime(2024, 3, 28, 14, 30, tzinfo=timezone.utc)),  # noqa: UP017
        (datetime(2024, 3, 28, 14, 30), False, datetime(2024, 3, 28, 14, 30)),
        ("28/03/2024 14:30", True, datetime(2024, 3, 28, 14, 30)),
        ("28/03/2024 14:30:15.123", True, datetime(2024, 3, 28, 14, 30, 15)),
        ("28/03/2024 2:30 PM", True, datetime(2024, 3, 28, 14, 30)),
        ("28/03/2024 12:05 am", True, datetime(2024, 3, 28, 0, 5)),
        ("28/03/2024 12:05 pm", True, datetime(2024, 3, 28, 12, 5)),
        ("28/03/2024", True, DAY),
        ("28/03/2024 14:30", False, TWO_WAYS),
        ("28/03/2024 14:30 PM", True, "there is no such time."),
        ("28/03/2024 25:30", True, "there is no such time."),
        ("2024-03-28 24:30", False, "there is no such time."),
        ("2024-02-30 14:30", False, NONE_SUCH),
        (datetime(1900, 1, 1, 5), False, PLACEHOLDER.message),
        (datetime(9999, 1, 1), False, BEYOND),
    ],
)  # fmt: skip
def test_moment_of_a_cell(cell: object, day_first: bool, found: object) -> None:
    """As days, but a time of day is kept, with its zone if it has one."""
    read = read_moment(cell, day_first=day_first)
    assert (read.message if isinstance(read, Trouble) else read) == found
    if not isinstance(read, Trouble):
        assert type(read) is type(found)


@pytest.mark.parametrize(
    ("cell", "found"),
    [
        (True, True),
        (False, False),
        ("Y", True),
        ("yes", True),
        ("TRUE", True),
        ("t", True),
        (1, True),
        (1.0, True),
        ("1.0", True),
        ("a) Yes", True),
        ("N", False),
        ("no", False),
        ("b) No", False),
        ("false", False),
        (0, False),
        (0.0, False),
        (None, None),
        ("", None),
        (float("nan"), None),
        ("perhaps", Trouble("this is neither yes nor no.", "Write Y or N.")),
        (2, Trouble("this is neither yes nor no.", "Write Y or N.")),
    ],
)
def test_flag_of_a_cell(cell: object, found: object) -> None:
    """Flags in the sector's many spellings."""
    assert read_yes_or_no(cell) == found


@given(st.text(min_size=1, max_size=30), st.booleans())
def test_any_text_is_read_or_refused_without_being_told(text: str, day_first: bool) -> None:
    """Whatever is written, it is a date, nothing, or a trouble that does not repeat it."""
    for read in (read_day, read_moment):
        found = read(text, day_first=day_first)
        assert found is None or isinstance(found, date | Trouble)
    found = read_yes_or_no(text)
    assert found is None or isinstance(found, bool | Trouble)


# --- gathering -------------------------------------------------------------------------------------------------------


def gathered() -> Gathering:
    return Gathering("records", ["Child_visited", "plan started"], day_first=True)


def test_cells_are_read_and_troubles_noted_with_their_place() -> None:
    """Unreadable cells are faults, placeholders are counted, empty ones are nothing."""
    gathering = gathered()
    assert gathering.day("t", 2, "d", "28/03/2024") == DAY
    assert gathering.day("t", 3, "d", "") is None
    assert gathering.day("t", 4, "d", "00/01/1900") is None
    assert gathering.day("t", 5, "d", "soon") is None
    assert gathering.yes_or_no("t", 6, "f", "y") is True
    assert gathering.yes_or_no("t", 7, "f", "maybe") is None
    assert gathering.yes_or_no("t", 8, "f", None) is None
    gathering.fault("t", 9, "", "it is odd.", "Mend it.")
    gathering.fault("t", 0, "", "all is odd.")
    reading = gathering.done()
    assert [str(fault) for fault in reading.faults] == [
        "t, row 5, d: this is not a date. Write 28/03/2024.",
        "t, row 7, f: this is neither yes nor no. Write Y or N.",
        "t, row 9: it is odd. Mend it.",
        "t: all is odd.",
    ]
    assert [note for note in reading.notes if note.startswith("t.d: 1 ")] == list(reading.notes)


def test_events_are_kept_once() -> None:
    """A record that stands twice is one; another of the same id is a fault and not used; without a date nothing is."""
    gathering = gathered()

    def add(on: date | None, row: int, **more: Any) -> None:
        gathering.add("c", "Child Visited", on, Origin("t", "d", row), id="v", **more)

    add(None, 1)
    assert gathering.subjects == {}
    add(DAY, 2, details={"Seen_alone": True})
    add(DAY, 3, details={"seen alone": True})
    add(date(2024, 3, 29), 4)
    gathering.add("d", "child visited", DAY, Origin("t", "d", 5), id="v")
    reading = gathering.done()
    assert reading.subjects["c"].records == [
        Record("child visited", DAY, "v", Origin("t", "d", 2), None, {"seen alone": True})
    ]
    assert [(fault.row, fault.column) for fault in reading.faults] == [(4, "d")]
    assert "row 2" in str(reading.faults[0])
    assert len([note for note in reading.notes if note.startswith("t: 1 record")]) == 1
    assert list(reading.subjects) == ["c", "d"]


def test_subjects_come_in_the_order_of_their_ids() -> None:
    """The order of the rows is forgotten."""
    gathering = gathered()
    for id in ("b", "007", "a"):
        gathering.subject(id)
    assert list(gathering.done().subjects) == ["007", "a", "b"]
    reading = gathering.done(as_of=DAY, since=DAY, snapshot=True, latest=["Child_Visited"])
    assert (reading.as_of, reading.since, reading.snapshot) == (DAY, DAY, True)
    assert reading.latest == {"child visited"}
    assert reading.holds == {"child visited", "plan started"}


# --- the reading -----------------------------------------------------------------------------------------------------


def reading(*subjects: Subject) -> Reading:
    return Reading("records", {each.id: each for each in subjects}, (), frozenset())


def bad() -> Subject:
    """A subject with an event whose text of an id is none."""
    records = [
        Record("child visited", DAY, "v", Origin("t", "d", 2)),
        Record("child visited", DAY, "w", Origin("t", "d", 3), about=""),
    ]
    return Subject("c", records=records)


def torn() -> Subject:
    """A subject of whom two records of one id say different things."""
    return Subject(
        "x",
        records=[Record("child visited", DAY, "v", Origin("t", "d", 7)), Record("plan started", DAY, "v", None)],
    )


def test_a_record_with_an_unusable_field_is_set_aside() -> None:
    """The rest of the subject is a history, and the record is a fault with its place."""
    history, faults = build_history(bad())
    assert [event.id for event in history.events] == ["v"]
    assert [str(fault) for fault in faults] == [
        "t, row 3, d (about): this is not an id. Give a text that is not empty, or leave it out."
    ]
    assert history.events[0].origin == Origin("t", "d", 2)


def test_records_that_contradict_each_other_make_no_history() -> None:
    """Which of the two is right nobody can tell, so neither is dropped: there is no history."""
    with pytest.raises(HistoryError) as caught:
        build_history(torn())
    assert [(fault.table, fault.row, fault.column) for fault in refusal(torn(), caught.value)] == [("t", 7, "d (id)")]
    with pytest.raises(HistoryError):
        reading(torn()).history("x")
    with pytest.raises(KeyError):
        reading().history("x")


def test_histories_tell_faults_to_whoever_asks() -> None:
    """With a function for faults every subject that can be is given; without one the first trouble raises."""
    told: list[Fault] = []
    good = Subject("g", born=date(2020, 1, 1), records=[Record("child visited", DAY, "")])
    found = list(reading(bad(), good, torn()).histories(told.append))
    assert [history.subject for history in found] == ["c", "g"]
    assert [fault.row for fault in told] == [3, 7]
    assert found[1].events[0].id.startswith("no-id-")
    assert [history.subject for history in reading(good)] == ["g"]
    assert reading(good).history("g") == found[1]
    with pytest.raises(HistoryError):
        list(reading(bad()))


def test_a_problem_becomes_a_fault_of_its_record() -> None:
    """An origin gives the place, a bare number a row of the table, and without either the event's id stands for it."""
    on, other = (HistoryProblem('event "v"', field, "odd.", "Mend.") for field in ("on", "id"))
    assert fault_of(on, Origin("t", "d", 4)) == Fault("t", 4, "d", "odd.", "Mend.")
    assert fault_of(other, Origin("t", "d", 4)) == Fault("t", 4, "d (id)", "odd.", "Mend.")
    assert fault_of(on, 4, "log") == Fault("log", 4, "date", "odd.", "Mend.")
    assert fault_of(other, 4, "log") == Fault("log", 4, "id", "odd.", "Mend.")
    assert fault_of(other, ("t", "d", 4)) == Fault('event "v"', 0, "id", "odd.", "Mend.")
    assert named_event(on) == "v"
    assert named_event(HistoryProblem("history", "born", "odd.")) is None


def test_a_reading_in_words() -> None:
    """Counts, commonest first; what it says of itself names no child."""
    subject = Subject("Jo Bloggs", records=[Record(name, DAY, str(n)) for n, name in enumerate(["b", "a", "b", "c"])])
    found = Reading(
        "records",
        {"Jo Bloggs": subject},
        tuple(Fault("t", n, "d", "odd.") for n in range(1, 26)),
        frozenset(),
        notes=("<n>",),
    )
    assert found.counts() == {"b": 2, "a": 1, "c": 1}
    assert list(found.counts()) == ["b", "a", "c"]
    assert len(found) == 1
    assert repr(found) == "<Reading of records: 1 subjects, 4 events, 25 faults>"
    shown = found._repr_html_()
    assert "Jo Bloggs" not in shown
    assert "&lt;n&gt;" in shown
    assert "t, row 20, d: odd." in shown
    assert "row 21" not in shown
    assert "… and 5 more cells." in shown
    assert "more cells" not in reading(subject)._repr_html_()


def test_an_origin_and_a_fault_in_words() -> None:
    """Where a record stands, and what is wrong with it."""
    assert str(Origin("ssd_person", "pers_dob", 12)) == "ssd_person.pers_dob:12"
    assert str(Fault("t", 0, "d", "odd.")) == "t, d: odd."
    assert sorted([Fault("t", 10, "", "b"), Fault("t", 9, "", "c"), Fault("s", 11, "", "a")])[0].table == "s"


def test_trusted_events_are_events() -> None:
    """The quick way of making an event gives what the careful way gives; where it stands decides nothing."""
    details = {"seen alone": "yes"}
    quick = Event.trusted("child visited", "child visited", DAY, DAY.toordinal(), "v", details, "p", 12)
    careful = Event("Child_visited", DAY, id="v", details={"Seen alone": "yes"}, about="p", origin=Origin("t", "d", 1))
    assert quick == careful
    assert hash(quick) == hash(careful)
    assert quick.to_dict() == careful.to_dict()
    assert (quick.order, quick.recorded_day, quick.planned) == (careful.order, careful.recorded_day, careful.planned)
    assert (quick.origin, careful.origin) == (12, Origin("t", "d", 1))
