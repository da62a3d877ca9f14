"""Events and histories: what they hold, what they make of it, and JSON there and back."""

from __future__ import annotations

import copy
import json
import pickle
from datetime import UTC, date, datetime, timedelta, timezone
from enum import Enum, IntEnum
from itertools import permutations

import pytest

from practice_rules.events import Event, History, HistoryError, HistoryProblem, Moment, as_moment, fold, parse_date

DAY = date(2024, 3, 1)
NOON = datetime(2024, 3, 1, 12, 0)


class Colour(str, Enum):  # noqa: UP042 - a subclass of text, as other libraries hand it over
    RED = "red"


class Level(IntEnum):
    HIGH = 3


@pytest.mark.parametrize("name", ["child visited", "Child_Visited", " child-visited ", "CHILD   visited"])
def test_names_are_folded(name: str) -> None:
    """Spaces, underscores, hyphens and capitals make no difference to a name."""
    assert fold(name) == "child visited"
    assert Event(name, DAY).key == "child visited"


def test_an_event_keeps_what_it_was_given() -> None:
    """An event gives back its fields, its details by folded name."""
    event = Event("child visited", DAY, id="v", recorded=date(2024, 3, 2), details={"Seen_alone": True}, about="r")
    assert (event.name, event.on, event.id, event.recorded, event.about) == (
        "child visited",
        DAY,
        "v",
        date(2024, 3, 2),
        "r",
    )
    assert event.details == {"seen alone": True}
    assert not event.cancelled


def test_details_are_kept_as_json_can_hold_them() -> None:
    """Dates among the details become text and subclasses plain values, so that JSON gives back the same."""
    given = {"a": DAY, "b": NOON, "c": Colour.RED, "d": Level.HIGH, "e": 1.5, "f": None, "g": False, "h": ""}
    kept = Event("x", DAY, details=given).details
    assert kept == {
        "a": "2024-03-01",
        "b": "2024-03-01T12:00:00",
        "c": "red",
        "d": 3,
        "e": 1.5,
        "f": None,
        "g": False,
        "h": "",
    }
    assert {type(value) for value in kept.values()} == {str, int, float, type(None), bool}


@pytest.mark.parametrize(
    ("on", "day", "clock"),
    [
        (DAY, DAY, None),
        (NOON, DAY, 1709294400),
        (datetime(2024, 7, 1, 12, 0), date(2024, 7, 1), 1719831600),
        (datetime(2024, 6, 30, 23, 30, tzinfo=UTC), date(2024, 7, 1), 1719790200),
        (datetime(2024, 3, 1, 0, 30, tzinfo=timezone(timedelta(hours=2))), date(2024, 2, 29), 1709245800),
    ],
)
def test_the_day_of_an_event_is_local(on: date, day: date, clock: int | None) -> None:
    """The day of an event is its day in London, whatever zone its time is told in."""
    event = Event("x", on)
    assert (event.day, event.clock) == (day.toordinal(), clock)
    assert (event.recorded_day, event.recorded_clock) == (event.day, event.clock)


def test_the_hour_that_comes_twice_is_the_first() -> None:
    """A local time of the doubled autumn hour is its first coming, so that text gives back the same instant."""
    first, second = (datetime(2024, 10, 27, 1, 30, fold=fold) for fold in (0, 1))
    one, two = Event("x", second, recorded=second), Event("x", first, recorded=first)
    assert one == two
    assert (one.clock, one.recorded_clock) == (two.clock, two.recorded_clock) == (1729989000, 1729989000)
    assert as_moment(second) == as_moment(first) == Moment(first.toordinal(), 1729989000)


@pytest.mark.parametrize(
    "on", [date(1900, 1, 1), date(1899, 12, 30), date(1, 1, 1), datetime(1, 1, 1), datetime(1, 1, 1, tzinfo=UTC)]
)
def test_sentinels_are_no_dates(on: date) -> None:
    """A date before 1901 stands for a missing one: an event of that day is undated, a record of that day unrecorded."""
    assert Event("x", on).undated
    assert Event("x", DAY, recorded=on).recorded is None
    assert not Event("x", date(1901, 1, 1)).undated
    assert History("s", born=on).born is None


@pytest.mark.parametrize(
    ("on", "recorded", "planned"),
    [
        (DAY, None, False),
        (DAY, DAY, False),
        (DAY, date(2024, 2, 29), True),
        (DAY, date(2024, 3, 2), False),
        (NOON, datetime(2024, 3, 1, 11, 59), True),
        (NOON, NOON, False),
        (NOON, DAY, False),
        (DAY, NOON, False),
    ],
)
def test_what_was_written_beforehand_is_planned(on: date, recorded: date | None, planned: bool) -> None:
    """An event recorded before it happens is an arrangement; dates decide where a time is missing."""
    assert Event("x", on, recorded=recorded).planned is planned


def test_equal_events() -> None:
    """Events are equal when they say the same, by folded names."""
    one = Event("Child_visited", DAY, id="a", details={"Seen alone": "yes"})
    two = Event("child visited", DAY, id="a", details={"seen-alone": "yes"})
    assert one == two
    assert hash(one) == hash(two)
    assert one != "child visited"


@pytest.mark.parametrize(
    "other",
    [
        Event("x", DAY, id="b", details={"n": 1}),
        Event("y", DAY, id="a", details={"n": 1}),
        Event("x", date(2024, 3, 2), id="a", details={"n": 1}),
        Event("x", datetime(2024, 3, 1), id="a", details={"n": 1}),
        Event("x", DAY, id="a", details={"n": True}),
        Event("x", DAY, id="a", details={"n": 1.0}),
        Event("x", DAY, id="a", details={"n": "1"}),
        Event("x", DAY, id="a", details={"n": 1}, about="b"),
        Event("x", DAY, id="a", details={"n": 1}, cancelled=True),
        Event("x", DAY, id="a", details={"n": 1}, recorded=DAY),
    ],
)
def test_unequal_events(other: Event) -> None:
    """Any difference makes events unequal; yes, 1, 1.0 and the text 1 are four different values."""
    assert Event("x", DAY, id="a", details={"n": 1}) != other


def test_repr_shows_no_value() -> None:
    """Neither an event nor a history shows its values in a log."""
    event = Event("SECRET", DAY, id="e1", details={"SECRET": "SECRET"})
    history = History("SECRET", [event], born=DAY, facts={"SECRET": "SECRET"})
    assert repr(event) == "Event(id='e1')"
    assert repr(history) == "History(1 events)"
    (nameless,) = History("s", [Event("SECRET", DAY)]).events
    assert "SECRET" not in repr(nameless)
    assert "secret" not in repr(nameless)


def test_made_ids_do_not_rest_on_the_order_of_input() -> None:
    """A record without an id gets one from its content, in whatever order the records come."""
    events = [Event("x", DAY), Event("x", NOON), Event("y", DAY), Event("x", DAY, details={"n": 1}), Event("x", DAY)]
    found = {tuple(event.id for event in History("s", order).events) for order in permutations(events)}
    assert len(found) == 1
    (ids,) = found
    assert len(set(ids)) == 5
    assert all(id.startswith("no-id-") for id in ids)


def test_made_ids_do_not_rest_on_other_records() -> None:
    """A late record renames nothing that was there before."""
    alone = History("s", [Event("x", DAY)]).events[0].id
    assert alone in {
        e.id for e in History("s", [Event("x", DAY), Event("x", date(2023, 1, 1)), Event("a", DAY)]).events
    }


def test_nameless_records_that_say_the_same_are_two_events() -> None:
    """Two records without ids stay two, even where they say the same; the events handed in are not touched."""
    event = Event("x", DAY)
    first, second = History("s", [event, event]).events
    assert second.id == f"{first.id}-2"
    assert event.id == ""


def test_made_ids_do_not_change_in_json() -> None:
    """A history with made ids comes back from JSON equal."""
    history = History("s", [Event("x", DAY), Event("x", DAY), Event("y", NOON)])
    assert History.from_json(history.to_json()) == history


def test_a_record_given_twice_counts_once() -> None:
    """Records with one id that say the same are one record, however often it comes."""
    history = History(
        "s",
        [
            Event("child visited", DAY, id="a"),
            Event("Child-Visited", DAY, id="a"),
            Event("child visited", DAY, id="a"),
            Event("child visited", date(2024, 3, 2), id="a", recorded=date(2024, 3, 5)),
            Event("child visited", date(2024, 3, 2), id="a", recorded=date(2024, 3, 5)),
            Event("child visited", DAY, id="b"),
        ],
    )
    assert [(event.id, event.on.day) for event in history.events] == [("a", 1), ("b", 1), ("a", 2)]
    once = History("s", [Event("x", DAY, id="a")])
    assert History("s", [Event("x", DAY, id="a")] * 3) == once
    assert not History("s", [Event("x", DAY, id="a")] * 3).corrected


def test_histories_read_in_order() -> None:
    """Events are read by day, then by time, whatever order they came in."""
    events = [
        Event("x", datetime(2024, 3, 1, 15), id="c"),
        Event("x", DAY, id="b"),
        Event("x", date(2024, 2, 1), id="a"),
        Event("x", NOON, id="d"),
    ]
    for order in permutations(events):
        assert [event.id for event in History("s", order).events] == ["a", "b", "d", "c"]


def test_equal_histories() -> None:
    """Histories are equal when they hold the same, in whatever order it came, and unequal otherwise."""

    def made(**changes: object) -> History:
        given: dict[str, object] = {"subject": "s", "events": [Event("x", DAY, id="a"), Event("y", DAY, id="b")]}
        return History(**{**given, "facts": {"n": 1}, "born": DAY, **changes})  # type: ignore[arg-type]

    same = made(events=[Event("y", DAY, id="b"), Event("X", DAY, id="a")])
    assert made() == same
    assert hash(made()) == hash(same)
    assert made() != "s"
    for change in (
        {"subject": "t"},
        {"events": []},
        {"facts": {"n": True}},
        {"facts": None},
        {"born": None},
        {"kind": "worker"},
    ):
        assert made(**change) != made()


@pytest.mark.parametrize(
    ("born", "day"),
    [
        (date(2015, 3, 2), date(2015, 3, 2)),
        (datetime(2015, 3, 2, 23, 59), date(2015, 3, 2)),
        (datetime(2015, 6, 30, 23, 0, tzinfo=UTC), date(2015, 7, 1)),
        (datetime(2015, 3, 29, 1, 30), date(2015, 3, 29)),
        (None, None),
    ],
)
def test_a_birth_is_a_local_day(born: date | None, day: date | None) -> None:
    """A date of birth told with a time and a zone is the day it was in London."""
    found = History("s", born=born).born
    assert found == day
    assert type(found) is type(day)


def test_events_may_come_from_any_iterable() -> None:
    """A generator of events serves as well as a list."""
    assert len(History("s", (Event("x", DAY) for _ in range(3))).events) == 3


def full() -> History:
    return History(
        "child-1",
        [
            Event(
                "child visited", NOON, id="v", recorded=datetime(2024, 3, 2, 9), details={"seen alone": False, "n": 2.5}
            ),
            Event("child visited", DAY, id="v", recorded=datetime(2024, 3, 4, 9), details={"seen alone": None}),
            Event("report shared", date(2024, 4, 1), about="v", cancelled=True),
            Event("plan started", date(1900, 1, 1), id="p"),
        ],
        born=date(2015, 3, 2),
        kind="Foster_Carer",
        facts={"disability": "yes"},
    )


def test_json_there_and_back() -> None:
    """A history goes to JSON and back unchanged, and gives the same bytes again."""
    history = full()
    back = History.from_json(history.to_json())
    assert back == history
    assert back.to_json() == history.to_json()
    assert History.from_dict(history.to_dict()) == history
    assert History.from_json(history.to_json().encode()) == history  # type: ignore[arg-type]
    assert [event.clock for event in back.events] == [event.clock for event in history.events]


def test_the_plain_form_of_a_history() -> None:
    """Empty fields are left out, names are folded, dates are in ISO form."""
    data = full().to_dict()
    assert list(data) == ["subject", "kind", "born", "facts", "events"]
    assert data["kind"] == "foster carer"
    assert data["events"][0] == {"id": "p", "name": "plan started", "on": "1900-01-01"}
    assert data["events"][2] == {
        "id": "v",
        "name": "child visited",
        "on": "2024-03-01T12:00:00",
        "recorded": "2024-03-02T09:00:00",
        "details": {"n": 2.5, "seen alone": False},
    }
    assert History("s").to_dict() == {"subject": "s", "kind": "child", "events": []}


def test_events_may_stand_among_plain_data() -> None:
    """A list of events may hold Event objects and plain data side by side, and dates as dates."""
    data = {"subject": "s", "born": "", "events": [Event("x", DAY, id="a"), {"name": "y", "on": DAY, "recorded": ""}]}
    history = History.from_dict(data)
    assert [event.key for event in history.events] == ["x", "y"]
    assert history.born is None
    assert History.from_dict({"subject": "s", "born": DAY}).born == DAY


def test_histories_can_be_copied_and_sent() -> None:
    """A history survives copying and pickling, as a pool of workers does it."""
    history = full()
    assert pickle.loads(pickle.dumps(history)) == history
    assert copy.deepcopy(history) == history


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("2024-03-28", date(2024, 3, 28)),
        ("2024-03-28T14:30", datetime(2024, 3, 28, 14, 30)),
        ("2024-03-28 14:30:15", datetime(2024, 3, 28, 14, 30, 15)),
        ("2024-03-28T14:30:15.250", datetime(2024, 3, 28, 14, 30, 15, 250000)),
        ("2024-03-28T14:30Z", datetime(2024, 3, 28, 14, 30, tzinfo=UTC)),
        ("2024-03-28T14:30+01:00", datetime(2024, 3, 28, 14, 30, tzinfo=timezone(timedelta(hours=1)))),
        ("0001-01-01", date(1, 1, 1)),
        ("20240328", None),
        ("2024-W13-4", None),
        ("2024-088", None),
        ("2024-3-28", None),
        ("28/03/2024", None),
        ("2024-02-30", None),
        ("2024-03-28T24:00", None),
        ("2024-03-28T14", None),
        ("2024-03-28T", None),
        ("٢٠٢٤-03-28", None),
        ("2024-03-28\n", None),
        ("", None),
    ],
)
def test_dates_have_one_form(text: str, value: date | None) -> None:
    """A date is year, month and day in ISO form, with or without a time; a date alone never gains a time."""
    found = parse_date(text)
    assert found == value
    assert type(found) is type(value)


def test_moments_reach() -> None:
    """A day reaches to its end; where a time is missing on either side, dates decide."""
    day, noon = as_moment(DAY), as_moment(NOON)
    assert noon.clock is not None
    assert day.reaches(day.day, None)
    assert day.reaches(day.day, noon.clock + 9999)
    assert not day.reaches(day.day + 1, None)
    assert noon.reaches(day.day, None)
    assert noon.reaches(day.day, noon.clock)
    assert not noon.reaches(day.day, noon.clock + 1)


def test_an_error_shows_twenty_problems() -> None:
    """An error keeps every problem, and prints the first twenty."""
    error = HistoryError(HistoryProblem(f"event {n}", "on", "bad.", "Mend it.") for n in range(25))
    assert len(error.problems) == 25
    assert str(error).splitlines()[0] == "event 0, on: bad. Mend it."
    assert str(error).splitlines()[-1] == "… and 5 more problems."
    assert len(str(error).splitlines()) == 21
    assert str(HistoryProblem("event 1", "on", "bad.")) == "event 1, on: bad."


def test_large_histories() -> None:
    """A hundred thousand events make one history, with and without ids."""
    events = [Event("x", date.fromordinal(730000 + n % 9000), id=f"e{n}") for n in range(50_000)]
    events += [Event("y", date.fromordinal(730000 + n % 9000)) for n in range(50_000)]
    history = History("s", events)
    assert len(history.events) == 100_000
    assert len({event.id for event in history.events}) == 100_000


def test_json_has_no_byte_that_rests_on_the_run() -> None:
    """Details and facts are told in the order of their names."""
    one = History("s", [Event("x", DAY, id="a", details={"b": 1, "a": 2})], facts={"d": 1, "c": 2})
    two = History("s", [Event("x", DAY, id="a", details={"a": 2, "b": 1})], facts={"c": 2, "d": 1})
    assert one.to_json() == two.to_json()
    assert one == two
    assert list(json.loads(one.to_json())["facts"]) == ["c", "d"]
