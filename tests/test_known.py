"""What was known when: views of a history, and the spans of a period."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from itertools import permutations

import pytest

from practice_rules.events import Acts, Event, History, Known, Span, as_moment
from practice_rules.standards import pair_spans

START = date(2024, 1, 1)


def day(number: int) -> date:
    return START + timedelta(days=number)


def ids(known: Known) -> tuple[list[str], list[str]]:
    return tuple(
        sorted(e.id for group in groups.values() for e in group) for groups in (known.happened, known.arranged)
    )  # type: ignore[return-value]


def seen(history: History, as_of: date, known_at: date | None = None) -> tuple[list[str], list[str]]:
    return ids(history.known(as_moment(as_of), as_moment(known_at or as_of)))


def test_only_what_was_recorded_is_known() -> None:
    """An event counts from the day it was recorded; without one, from the day it happened."""
    history = History("s", [Event("x", day(1), id="a"), Event("x", day(2), id="b", recorded=day(9))])
    assert seen(history, day(0)) == ([], [])
    assert seen(history, day(1)) == (["a"], [])
    assert seen(history, day(8)) == (["a"], [])
    assert seen(history, day(9)) == (["a", "b"], [])
    assert seen(history, day(5), known_at=day(9)) == (["a", "b"], [])
    assert seen(history, day(1), known_at=day(9)) == (["a"], [])


def test_an_arrangement_is_known_before_it_happens() -> None:
    """An event recorded beforehand is arranged until its day, and has happened from then on."""
    history = History("s", [Event("x", day(10), id="a", recorded=day(3))])
    assert seen(history, day(2)) == ([], [])
    assert seen(history, day(3)) == ([], ["a"])
    assert seen(history, day(9)) == ([], ["a"])
    assert seen(history, day(10)) == (["a"], [])


def test_hindsight_is_no_arrangement() -> None:
    """What happened after the day of judging and was written down afterwards had not been arranged by then."""
    history = History("s", [Event("x", day(10), id="a", recorded=day(12)), Event("x", day(1), id="b", recorded=day(0))])
    assert seen(history, day(5), known_at=day(20)) == (["b"], [])


def test_times_decide_within_a_day() -> None:
    """On one day a time decides, where both have one."""
    noon = datetime(2024, 1, 2, 12, 0)
    history = History("s", [Event("x", noon, id="a"), Event("x", day(1), id="b")])
    assert seen(history, datetime(2024, 1, 2, 11, 59)) == (["b"], [])
    assert seen(history, noon) == (["a", "b"], [])
    assert seen(history, day(1)) == (["a", "b"], [])


def test_the_last_recorded_stands() -> None:
    """Of several records with one id the last recorded by then stands; a cancelled one takes the event away."""
    events = [
        Event("x", day(10), id="a", recorded=day(1)),
        Event("x", day(12), id="a", recorded=day(3)),
        Event("x", day(12), id="a", recorded=day(5), cancelled=True),
        Event("x", day(14), id="a", recorded=day(7)),
    ]
    for order in permutations(events):
        history = History("s", order)
        assert history.corrected
        found = [history.known(as_moment(day(n)), as_moment(day(n))) for n in range(16)]
        days = [[e.day - START.toordinal() for group in k.arranged.values() for e in group] for k in found]
        assert days == [[], [10], [10], [12], [12], [], [], *[[14]] * 7, [], []]
        assert ids(history.final()) == (["a"], [])


def test_a_corrected_date_moves_the_event() -> None:
    """A correction replaces what was recorded before, from the day it was recorded."""
    history = History("s", [Event("x", day(1), id="a"), Event("x", day(5), id="a", recorded=day(8))])
    assert [e.day for e in history.known(as_moment(day(7)), as_moment(day(7))).acts("x").events] == [day(1).toordinal()]
    assert [e.day for e in history.final().acts("x").events] == [day(5).toordinal()]


def test_sentinels_are_set_aside() -> None:
    """An event without a usable date is kept and named, and never known."""
    history = History("s", [Event("x", date(1900, 1, 1), id="a"), Event("x", day(1), id="b")])
    assert [event.id for event in history.set_aside] == ["a"]
    assert seen(history, day(5)) == (["b"], [])
    assert not history.corrected


def test_an_empty_history_knows_nothing() -> None:
    """A history without events gives empty views."""
    assert seen(History("s"), day(1)) == ([], [])
    assert ids(History("s").final()) == ([], [])


def test_a_full_view_is_made_once() -> None:
    """Once everything is known, the view is the same object for every later day."""
    history = History("s", [Event("x", day(1)), Event("x", day(2))])
    assert history.known(as_moment(day(5)), as_moment(day(5))) is history.known(as_moment(day(9)), as_moment(day(2)))
    assert history.known(as_moment(day(1)), as_moment(day(9))) is not history.final()


def test_the_last_moment() -> None:
    """The last moment of a history is the last day on which anything happened or was recorded."""
    assert History("s", [Event("x", day(1), recorded=day(7)), Event("x", day(3))]).final_moment() == as_moment(day(7))


def test_acts_of_a_name() -> None:
    """A view gives the events of one name in order, and nothing for a name that never came."""
    known = History("s", [Event("x", day(3), id="b"), Event("x", day(1), id="a"), Event("y", day(2))]).final()
    acts = known.acts("x")
    assert [event.id for event in acts.events] == ["a", "b"]
    assert acts.days == [day(1).toordinal(), day(3).toordinal()]
    assert known.acts("x") is acts
    assert known.acts("z").days == []


@pytest.mark.parametrize(
    ("event", "plain"),
    [
        (Event("x", day(1)), True),
        (Event("x", datetime(2024, 1, 1, 9)), False),
        (Event("x", day(1), about="a"), False),
    ],
)
def test_plain_acts(event: Event, plain: bool) -> None:
    """Acts are plain when days alone decide: no time, and no event named."""
    assert Acts([event]).plain is plain


# --- spans


def spans(*events: tuple[str, date, str | None]) -> tuple[list[tuple[int, int | None]], list[str]]:
    """The spans as days from the start, and the ids of the ends with nothing to end."""
    made = sorted(
        (Event(what, on, id=f"{what}{n}", about=about) for n, (what, on, about) in enumerate(events)),
        key=lambda event: event.order,
    )
    found, stray = pair_spans(*([e for e in made if e.key == what] for what in ("start", "end", "until")))
    zero = START.toordinal()
    return [(s.start - zero, None if s.end is None else s.end - zero) for s in found], [e.id for e in stray]


def at(hour: int, number: int = 0) -> datetime:
    return datetime.combine(day(number), datetime.min.time()).replace(hour=hour)


@pytest.mark.parametrize(
    ("events", "found", "stray"),
    [  # what happens, by the day; then the spans; then the ends with nothing to end
        ([], [], []),
        ([("start", day(1), None)], [(1, None)], []),
        ([("start", day(1), None), ("end", day(5), None)], [(1, 5)], []),
        ([("start", day(1), None), ("start", day(3), None), ("end", day(5), None), ("end", day(9), None)],
         [(1, 5), (3, 9)], []),
        ([("start", day(1), None), ("start", day(3), None), ("end", day(5), "start1"), ("end", day(9), None)],
         [(1, 9), (3, 5)], []),
        ([("start", day(1), None), ("end", day(5), "nothing"), ("start", day(5), None)], [(1, 5), (5, None)], []),
        ([("start", day(1), None), ("end", day(5), None), ("start", day(5), None), ("end", day(9), None)],
         [(1, 5), (5, 9)], []),
        ([("start", day(1), None), ("end", day(1), None)], [(1, 1)], []),
        ([("start", day(1), None), ("start", day(1), None), ("end", day(4), None)], [(1, 4)], []),
        ([("end", day(1), None)], [], ["end0"]),
        ([("end", day(1), None), ("start", day(2), None)], [(2, None)], ["end0"]),
        ([("start", day(1), None), ("end", day(2), None), ("end", day(3), None)], [(1, 2)], ["end2"]),
        ([("start", day(1), None), ("until", day(4), None)], [(1, 4)], []),
        ([("until", day(4), None)], [], []),
        ([("start", day(1), None), ("until", day(1), None)], [(1, None)], []),
        ([("start", at(9), None), ("until", at(10), None)], [(0, 0)], []),
        ([("start", at(10), None), ("until", at(9), None)], [(0, None)], []),
        ([("start", day(1), None), ("start", day(2), None), ("until", day(4), None)], [(1, 4), (2, 4)], []),
        ([("start", day(1), None), ("until", day(4), None), ("end", day(6), None)], [(1, 4)], ["end2"]),
        ([("start", at(9), None), ("end", at(15), None), ("start", at(16), None)], [(0, 0), (0, None)], []),
        ([("start", at(9, 1), None), ("end", at(10, 1), None)], [(1, 1)], []),
    ],
)  # fmt: skip
def test_spans(
    events: list[tuple[str, date, str | None]], found: list[tuple[int, int | None]], stray: list[str]
) -> None:
    """Starts and ends pair as the page on periods says, in whatever order they come."""
    assert spans(*events) == (found, stray)


def test_a_span_holds_its_days() -> None:
    """Both ends of a span are inside; an open span holds every later day."""
    closed, still = Span(10, 12, None), Span(10, None, None)
    assert [closed.holds(n) for n in (9, 10, 12, 13)] == [False, True, True, False]
    assert [still.holds(n) for n in (9, 10, 99999)] == [False, True, True]
