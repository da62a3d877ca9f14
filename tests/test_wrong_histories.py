"""Wrong histories: the exact message of each, and never a value of the record in it.

Values that must not be told contain the word SECRET, the year 1987 or the number 555111.
"""

from __future__ import annotations

import json
import traceback
from collections.abc import Callable
from datetime import UTC, date, datetime
from itertools import repeat
from typing import Any

import pytest

from every_kind import pack
from kinds.helpers import TOP, outcome
from practice_rules.evaluating import check_history, evaluate
from practice_rules.events import MOST_EVENTS, Event, History, HistoryError

DAY = date(1987, 3, 2)
LATER = date(1987, 6, 1)
SECRET = "SECRET"
FIELDS = "Fields: id, name, on, recorded, details, about, cancelled."
NOT_DETAILS = "these are not details by name. Give names with values."
NO_ID = "this is not an id. Give a text that is not empty, or leave it out."
NO_DATE = "this is not a date. Give a date (or a date and time)."
UNREAD = "this is not a date. Write 2024-03-28, or 2024-03-28T14:30."
NO_NAME = "there is no name. Give the pack's word for what happened."
MISSING = "it is missing. Every event has a name and a date."
BEYOND = "the date lies beyond any case. Leave it out if it stands for 'no date'."
NO_TIME = "there was no such time: the clocks went forward. Give the time with its zone, or the date alone."
NO_NUMBER = "one is no number to count with. Give an ordinary number, or leave it out."
NO_VALUE = "one is not a single value. Give yes or no, a number, a date or a text."
NO_DETAIL_NAME = "one has no name. Give each detail a name."
TWICE = "one is given twice. Spaces, underscores and hyphens are one thing; keep one."
UNKNOWN = "the pack knows no such event. "
NO_SUBJECT = "there is no subject. Give an id as text, never a name."
NO_KIND = "there is no kind of subject. Say child, foster carer, worker …"
NO_LIST = "this is not a list. Give a list of events."
NO_JSON = "this is not JSON. A comma, a quote or a bracket is amiss there."
MIXED = "Give every time with its zone, or every time as local time."
UNORDERED = "Give each event its own id, or each correction the time it was recorded."


class NotATime(datetime):
    """What pandas writes for a missing time: a datetime whose year is no number."""

    @property
    def year(self) -> float:  # type: ignore[override]
        return float("nan")

    def __eq__(self, other: object) -> bool:
        return False

    __hash__ = datetime.__hash__


def event(**fields: Any) -> Callable[[], Any]:
    return lambda: Event(**{"name": SECRET, "on": DAY, "id": "e1", **fields})


def history(*events: Any, **fields: Any) -> Callable[[], Any]:
    return lambda: History(**{"subject": SECRET, "events": events, **fields})


def data(*events: Any, **fields: Any) -> Callable[[], Any]:
    return lambda: History.from_dict({"subject": SECRET, "events": list(events), **fields})


def text(json_text: Any) -> Callable[[], Any]:
    return lambda: History.from_json(json_text)


def judged(*events: Event, **fields: Any) -> Callable[[], Any]:
    return lambda: evaluate(History(SECRET, events, **fields), pack(), as_of=date(2024, 1, 1))


def of(id: str, name: str = "child visited", on: date = DAY, **fields: Any) -> Event:
    return Event(name, on, id=id, **fields)


def row(**fields: Any) -> dict[str, Any]:
    return {"id": "e1", "name": SECRET, "on": "1987-03-02", **fields}


WRONG: dict[str, tuple[Callable[[], Any], list[str]]] = {
    # one event
    "a name of another type": (event(name=555111), [f'event "e1", name: {NO_NAME}']),
    "an empty name": (event(name=""), [f'event "e1", name: {NO_NAME}']),
    "a name of spaces and hyphens": (event(name=" -_ "), [f'event "e1", name: {NO_NAME}']),
    "no name and no id": (event(name="", id=None), [f"an event without an id, name: {NO_NAME}"]),
    "an id of another type": (event(id=555111), [f"an event without an id, id: {NO_ID}"]),
    "an empty id": (event(id=""), [f"an event without an id, id: {NO_ID}"]),
    "about of another type": (event(about=555111), [f'event "e1", about: {NO_ID}']),
    "about a list": (event(about=[SECRET]), [f'event "e1", about: {NO_ID}']),
    "about nothing": (event(about=""), [f'event "e1", about: {NO_ID}']),
    "a date as text": (event(on="1987-03-02 SECRET"), [f'event "e1", on: {NO_DATE}']),
    "a date as a number": (event(on=19870302), [f'event "e1", on: {NO_DATE}']),
    "no date": (event(on=None), [f'event "e1", on: {NO_DATE}']),
    "a date in 9999": (event(on=date(9999, 12, 31)), [f'event "e1", on: {BEYOND}']),
    "a time in 9999": (event(on=datetime(9999, 12, 31, 23, 59, tzinfo=UTC)), [f'event "e1", on: {BEYOND}']),
    "a missing time of pandas": (event(on=NotATime(1987, 1, 1)), [f'event "e1", on: {BEYOND}']),
    "a time that the clocks left out": (event(on=datetime(1987, 3, 29, 1, 30)), [f'event "e1", on: {NO_TIME}']),
    "recorded as text": (event(recorded=SECRET), [f'event "e1", recorded: {NO_DATE}']),
    "recorded in 9999": (event(recorded=date(9999, 12, 31)), [f'event "e1", recorded: {BEYOND}']),
    "recorded when the clocks left out": (
        event(recorded=datetime(1987, 3, 29, 1, 0)),
        [f'event "e1", recorded: {NO_TIME}'],
    ),
    "details as a list": (event(details=[SECRET]), [f'event "e1", details: {NOT_DETAILS}']),
    "details as text": (event(details=SECRET), [f'event "e1", details: {NOT_DETAILS}']),
    "a detail with an empty name": (event(details={"": SECRET}), [f'event "e1", details: {NO_DETAIL_NAME}']),
    "a detail named by a number": (event(details={555111: SECRET}), [f'event "e1", details: {NO_DETAIL_NAME}']),
    "a detail that is a list": (event(details={SECRET: [SECRET]}), [f'event "e1", details: {NO_VALUE}']),
    "a detail that is a map": (event(details={SECRET: {SECRET: 1}}), [f'event "e1", details: {NO_VALUE}']),
    "a detail given twice": (event(details={"SECRET A": 1, "secret_a": 2}), [f'event "e1", details: {TWICE}']),
    "a detail that is no number": (event(details={SECRET: float("nan")}), [f'event "e1", details: {NO_NUMBER}']),
    "a detail without end": (event(details={SECRET: float("inf")}), [f'event "e1", details: {NO_NUMBER}']),
    "a detail too large": (event(details={SECRET: 555111 * 10**400}), [f'event "e1", details: {NO_NUMBER}']),
    "cancelled as text": (
        event(cancelled="no"),
        ['event "e1", cancelled: this is neither yes nor no. Give True or False, or leave it out.'],
    ),
    "everything at once": (
        event(name="", on=SECRET, recorded=SECRET, details=SECRET, about=555111, cancelled=SECRET),
        [
            f'event "e1", name: {NO_NAME}',
            f'event "e1", about: {NO_ID}',
            f'event "e1", on: {NO_DATE}',
            f'event "e1", recorded: {NO_DATE}',
            f'event "e1", details: {NOT_DETAILS}',
            'event "e1", cancelled: this is neither yes nor no. Give True or False, or leave it out.',
        ],
    ),
    # a history
    "no subject": (history(subject=" "), [f"history, subject: {NO_SUBJECT}"]),
    "a subject of another type": (history(subject=555111), [f"history, subject: {NO_SUBJECT}"]),
    "no kind": (history(kind=""), [f"history, kind: {NO_KIND}"]),
    "a kind of another type": (history(kind=555111), [f"history, kind: {NO_KIND}"]),
    "born as text": (history(born="1987-03-02"), [f"history, born: {NO_DATE}"]),
    "born in 9999": (history(born=date(9999, 1, 1)), [f"history, born: {BEYOND}"]),
    "born at a missing time of pandas": (history(born=NotATime(1987, 1, 1)), [f"history, born: {BEYOND}"]),
    "facts as a list": (history(facts=[SECRET]), [f"history, facts: {NOT_DETAILS}"]),
    "a fact that is a list": (history(facts={SECRET: [SECRET]}), [f"history, facts: {NO_VALUE}"]),
    "events as None": (history(events=None), [f"history, events: {NO_LIST}"]),
    "events as text": (history(events=SECRET), [f"history, events: {NO_LIST}"]),
    "events as a map": (history(events={SECRET: DAY}), [f"history, events: {NO_LIST}"]),
    "one event for a list": (history(events=of("e1")), [f"history, events: {NO_LIST}"]),
    "a text among the events": (
        history(of("e1"), SECRET),
        ["event 2, event: this is not an Event. Build it with Event(…)."],
    ),
    "more than a million events": (
        history(events=repeat(of("e1"))),
        ["history, events: there are more than 1,000,000 events. Give one subject's history at a time."],
    ),
    "times with a zone and without": (
        history(of("e1", on=datetime(1987, 3, 2, 9)), of("e2", on=datetime(1987, 3, 2, 9, tzinfo=UTC))),
        [f'event "e1", on: its time has no zone, but that of event "e2" has one. {MIXED}'],
    ),
    "recorded without a zone, happened with one": (
        history(Event(SECRET, datetime(1987, 3, 2, 9, tzinfo=UTC), recorded=datetime(1987, 3, 2, 9))),
        [f"event 1, recorded: its time has no zone, but that of event 1 has one. {MIXED}"],
    ),
    "one id, two kinds": (
        history(of("e1"), of("e1", name="plan started", recorded=LATER)),
        ['event "e1", id: records of two different kinds have this id. Give each event its own id.'],
    ),
    "one id, two dates, never recorded": (
        history(of("e1"), of("e1", on=LATER)),
        [f'event "e1", id: two different records have this id, and neither says when it was recorded. {UNORDERED}'],
    ),
    "one id, recorded at the same time": (
        history(of("e1", recorded=LATER), of("e1", recorded=LATER, details={"reason": SECRET})),
        [f'event "e1", id: two different records have this id and were recorded at the same time. {UNORDERED}'],
    ),
    "a history with everything wrong": (
        history(555111, subject="", kind="", born=SECRET, facts=SECRET),
        [
            f"history, subject: {NO_SUBJECT}",
            f"history, kind: {NO_KIND}",
            f"history, born: {NO_DATE}",
            "event 1, event: this is not an Event. Build it with Event(…).",
            f"history, facts: {NOT_DETAILS}",
        ],
    ),
    # plain data
    "a history that is a list": (
        lambda: History.from_dict([SECRET]),
        ["history, history: this is not a history. Give its fields by name."],
    ),
    "no subject in the data": (
        lambda: History.from_dict({}),
        ["history, subject: it is missing. Give an id as text, never a name."],
    ),
    "a field that histories do not have": (
        data(SECRET=SECRET),
        [
            "history, a field: one field has a name that histories do not have. "
            "Fields: subject, kind, born, facts, events."
        ],
    ),
    "born in words": (data(born=SECRET), ["history, born: this is not a date. Write 2015-03-02."]),
    "a map of events": (
        lambda: History.from_dict({"subject": SECRET, "events": {"e1": row()}}),
        [f"history, events: {NO_LIST}"],
    ),
    "an event that is a text": (data(SECRET), ["event 1, event: this is not an event. Give its fields by name."]),
    "an event without a name": (data({"id": "e1", "on": "1987-03-02"}), [f'event "e1", name: {MISSING}']),
    "an event with an empty name": (data(row(name="")), [f'event "e1", name: {MISSING}']),
    "an event without a date": (data({"name": SECRET}), [f"event 1, on: {MISSING}"]),
    "an event with an empty date": (data(row(on="")), [f'event "e1", on: {MISSING}']),
    "an event with an empty id": (data(row(id="")), [f"event 1, id: {NO_ID}"]),
    "a date in English order": (data(row(on="02/03/1987")), [f'event "e1", on: {UNREAD}']),
    "a date without hyphens": (data(row(on="19870302")), [f'event "e1", on: {UNREAD}']),
    "a day that no month has": (data(row(on="1987-02-30")), [f'event "e1", on: {UNREAD}']),
    "a time without a date": (data(row(on="14:30")), [f'event "e1", on: {UNREAD}']),
    "a year 0000": (data(row(on="0000-00-00")), [f'event "e1", on: {UNREAD}']),
    "a year 9999": (data(row(on="9999-12-31")), [f'event "e1", on: {BEYOND}']),
    "a date that is a number in the data": (data(row(on=19870302)), [f'event "e1", on: {NO_DATE}']),
    "recorded in words": (data(row(recorded=SECRET)), [f'event "e1", recorded: {UNREAD}']),
    "cancelled unknown": (
        data(row(cancelled=None)),
        ['event "e1", cancelled: this is neither yes nor no. Give True or False, or leave it out.'],
    ),
    "a field that events do not have": (
        data(row(SECRET=SECRET)),
        [f'event "e1", a field: one field has a name that events do not have. {FIELDS}'],
    ),
    "every problem of every event": (
        data({SECRET: SECRET, "on": SECRET, "details": [SECRET]}, row(recorded=SECRET, about=""), born=SECRET, kind=""),
        [
            "history, born: this is not a date. Write 2015-03-02.",
            f"history, kind: {NO_KIND}",
            f"event 1, a field: one field has a name that events do not have. {FIELDS}",
            f"event 1, name: {MISSING}",
            f"event 1, on: {UNREAD}",
            f"event 1, details: {NOT_DETAILS}",
            f'event "e1", recorded: {UNREAD}',
            f'event "e1", about: {NO_ID}',
        ],
    ),
    "more than a million rows": (
        lambda: History.from_dict({"subject": SECRET, "events": [SECRET] * (MOST_EVENTS + 1)}),
        ["history, events: there are more than 1,000,000 events. Give one subject's history at a time."],
    ),
    # JSON
    "no JSON": (text('{"subject": "SECRET",\n SECRET}'), [f"history, line 2: {NO_JSON}"]),
    "empty JSON": (text(""), [f"history, line 1: {NO_JSON}"]),
    "JSON of another type": (text(555111), [f"history, somewhere: {NO_JSON}"]),
    "JSON in another encoding": (text(b'{"subject": "SECRET\xff"}'), [f"history, somewhere: {NO_JSON}"]),
    "JSON nested too deep": (text("[" * 200_000), [f"history, somewhere: {NO_JSON}"]),
    "JSON with NaN": (text('{"subject": "SECRET", "facts": {"a": NaN}}'), [f"history, somewhere: {NO_JSON}"]),
    "a list as JSON": (
        text('["SECRET"]'),
        ["history, history: this is not a history. Give its fields by name."],
    ),
    "null as JSON": (text("null"), ["history, history: this is not a history. Give its fields by name."]),
    "a field twice in JSON": (
        text('{"subject": "SECRET", "subject": "SECRET 2"}'),
        ["history, a field: one field is given twice. Keep one."],
    ),
    "a field of an event twice in JSON": (
        text('{"subject": "SECRET", "events": [{"id": "e1", "name": "x", "on": "1987-03-02", "on": "1987-03-03"}]}'),
        ['event "e1", a field: one field is given twice. Keep one.'],
    ),
    "a detail twice in JSON": (
        text('{"subject": "SECRET", "events": [{"id": "e1", "name": "x", "on": "1987-03-02", '
             '"details": {"SECRET": 1, "SECRET": 2}}]}'),
        ['event "e1", details: one is given twice. Keep one.'],
    ),
    # put to a pack
    "an unknown event with a likely word": (
        judged(of("e1", name="asessment completed")),
        [f'event "e1", name: {UNKNOWN}Did you mean "assessment completed"?'],
    ),
    "an unknown event with nothing like it": (
        judged(of("e1", name="SECRET qqq"), of("e2", name="SECRET qqq")),
        [f'event "{id}", name: {UNKNOWN}Use a word of the pack or of the shared vocabulary.' for id in ("e1", "e2")],
    ),
    "birth as an event": (
        judged(of("e1", name="Birth")),
        [
            'event "e1", name: the date of birth is not an event. '
            "Give it as the history's date of birth (born)."
        ],
    ),
    "a detail that is neither yes nor no": (
        judged(of("e1", details={"seen alone": SECRET})),
        ['event "e1", detail “seen alone”: this is not yes or no.'],
    ),
    "a detail that is a number where yes or no is asked": (
        judged(of("e1", details={"seen alone": 555111})),
        ['event "e1", detail “seen alone”: this is not yes or no.'],
    ),
    "a detail that should be a number": (
        judged(of("e1", name="referral accepted", details={"score": SECRET})),
        ['event "e1", detail “score”: this is not a number.'],
    ),
    "a detail that should be a timescale": (
        judged(of("e1", name="extension agreed", details={"timescale": SECRET})),
        ['event "e1", detail “timescale”: this is not a timescale.'],
    ),
    "a detail that should be a date": (
        judged(of("e1", name="extension agreed", details={"new date": SECRET})),
        ['event "e1", detail “new date”: this is not a date.'],
    ),
    "a fact that is neither yes nor no": (
        judged(facts={"emergency": SECRET}),
        ["history, detail “emergency”: this is not yes or no."],
    ),
    "an end before its start": (
        judged(of("e1", name="plan ended"), of("e2", name="plan started", on=LATER)),
        [
            'event "e1", on: it ends “protection plan”, but nothing had started by then. '
            "Add the start, or correct the date."
        ],
    ),
    "an end without a start": (
        judged(of("e1", name="plan ended")),
        [
            'event "e1", on: it ends “protection plan”, but nothing had started by then. '
            "Add the start, or correct the date."
        ],
    ),
    "two spans that never end": (
        judged(of("e1", name="plan started"), of("e2", name="plan started", on=LATER)),
        [
            'event "e2", on: “protection plan” is already open since event "e1", and neither ever ends. '
            "Add the end of the first, or cancel one."
        ],
    ),
    "several things at once in a pack": (
        judged(of("e1", name="SECRET qqq"), of("e2", details={"seen alone": SECRET}), facts={"score": SECRET}),
        [
            f'event "e1", name: {UNKNOWN}Use a word of the pack or of the shared vocabulary.',
            "history, detail “score”: this is not a number.",
            'event "e2", detail “seen alone”: this is not yes or no.',
        ],
    ),
}  # fmt: skip


def everything_said(error: BaseException) -> str:
    """All that a log could show of an error: itself, what it came from, and the problems one by one."""
    said = [*traceback.TracebackException.from_exception(error).format_exception_only(), repr(error), str(error)]
    for other in (error.__cause__, error.__context__):
        if other is not None:
            said += [everything_said(other), repr(vars(other)), repr(other.args)]
    if isinstance(error, HistoryError):
        said += [repr(error.problems), *map(str, error.problems)]
    return "\n".join(said)


@pytest.mark.parametrize("case", WRONG)
def test_wrong_histories(case: str) -> None:
    """Each wrong history is refused with these very words, and with no value of the record."""
    build, messages = WRONG[case]
    with pytest.raises(HistoryError) as caught:
        build()
    assert [str(problem) for problem in caught.value.problems] == messages
    said = everything_said(caught.value)
    for value in (SECRET, "secret", "1987", "555111", "19870302"):
        assert value not in said


def test_there_are_many() -> None:
    """The table is long enough to be a table."""
    assert len(WRONG) >= 50


def test_a_nameless_record_is_told_by_an_opaque_id() -> None:
    """A message about a record without an id names it by an id that holds nothing of its content."""
    (problem,) = check_history(History(SECRET, [Event("SECRET qqq", DAY)]), pack())
    assert problem.where.startswith('event "no-id-')
    assert "secret" not in str(problem).lower()


def test_a_missing_date_of_birth_is_no_error() -> None:
    """Without a date of birth what needs one is not assessed; the rest is judged."""
    found = evaluate(History("s", [of("e1", name="referral accepted")]), pack(), as_of=LATER)
    assert {(item.standard, item.missing) for item in found.not_assessed} == {("young-visited", "the date of birth")}
    assert found.of_standard("assessment")


@pytest.mark.parametrize("on", [date(1, 1, 1), date(1900, 1, 1), datetime(1899, 12, 30), datetime(1, 1, 1, tzinfo=UTC)])
def test_sentinels_are_set_aside_with_a_notice(on: date) -> None:
    """A date before 1901 is no error: the event is set aside, and a notice says so without its value."""
    found = evaluate(History(SECRET, [of("e1", name="referral accepted", on=on)]), pack(), as_of=LATER)
    assert len(found) == 0
    assert found.notices == ('event "e1" has no usable date (before 1901 stands for missing) and was set aside',)


def test_a_sentinel_without_a_zone_stands_beside_times_with_one() -> None:
    """A system's default for a missing date does not clash with the zones of the others."""
    made = History("s", [of("e1", on=datetime(1900, 1, 1)), of("e2", on=datetime(2024, 1, 1, tzinfo=UTC))])
    assert [found.id for found in made.set_aside] == ["e1"]


def test_sound_histories_pass() -> None:
    """A sound history has no problems, and corrections, equal records and cancelled ones are sound."""
    made = History(
        "s",
        [
            of("p1", name="plan started"),
            of("p1", name="plan started"),
            of("p2", name="plan started", on=LATER, recorded=LATER),
            of("p2", name="plan started", on=LATER, recorded=date(1987, 7, 1), cancelled=True),
        ],
    )
    assert check_history(made, pack()) == []


def test_a_check_is_remembered() -> None:
    """A history is checked once against a pack, and once more against another or under another reading."""
    made = History("s", [of("e1", name="qqq")])
    first = check_history(made, pack())
    first.clear()
    assert len(check_history(made, pack())) == 1
    assert check_history(made, pack(), unknown_events="note") == []
    assert len(made.checked) == 2
    check_history(made, pack(("10 working days", "11 working days")))
    assert len(made.checked) == 3


def test_many_unknown_names_are_told_quickly() -> None:
    """A history in quite another language is refused without comparing every word with every other."""
    made = History("s", [of(f"e{n}", name=f"child visit {'x' * (n % 90)} {n}") for n in range(3000)])
    problems = check_history(made, pack())
    assert len(problems) == 3000
    assert sum("Did you mean" in problem.way_out for problem in problems) <= 50


def test_a_condition_on_the_start_leaves_other_ends_alone() -> None:
    """Where a period takes only some starts, an end may belong to one that it does not take."""
    narrowed = pack(("starts: plan started, ends", "starts: {event: plan started, where: {reason: present}}, ends"))
    ends = [of("e1", name="plan started", details={"reason": ""}), of("e2", name="plan ended", on=LATER)]
    assert check_history(History("s", ends), narrowed) == []
    unsure = [of("e1", name="plan started"), of("e2", name="plan ended", on=LATER)]
    assert check_history(History("s", unsure), narrowed) == []


def test_the_messages_do_not_rest_on_json() -> None:
    """The same wrong data gives the same messages as data and as JSON text."""
    wrong = {"subject": "", "events": [{"name": "", "on": "02/03/1987"}, 5]}
    said = []
    for read in (lambda: History.from_dict(wrong), lambda: History.from_json(json.dumps(wrong))):
        with pytest.raises(HistoryError) as caught:
            read()
        said.append(str(caught.value))
    assert said[0] == said[1]


def test_an_end_under_a_condition_with_nothing_to_end() -> None:
    """An end that counts only with certain details is asked for its start where it counts, and not otherwise."""
    top = TOP + "  stay: {means: A stay., starts: moved, ends: {event: left, where: {emergency: yes}}}\n"
    yaml = "expect: visit\nevery: 6 weeks\nwhile: stay"
    assert outcome(yaml, "2024-03-01 left #x emergency=no", top=top) == []
    with pytest.raises(HistoryError, match="it ends “stay”, but nothing had started by then"):
        outcome(yaml, "2024-03-01 left #x emergency=yes", top=top)
