"""`settle`, the one judge, as a truth table; and `evaluate`, which puts a history to a pack."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest

from every_kind import pack
from practice_rules.evaluating import evaluate
from practice_rules.events import Event, History, HistoryError, Moment
from practice_rules.obligations import Duty, Extra, Status, settle

MET, DUE, BREACHED, LAPSED, NOT_ASSESSED = Status.MET, Status.DUE, Status.BREACHED, Status.LAPSED, Status.NOT_ASSESSED
DOUBT = ("the time of day", None)
NINE = Event("x", datetime(2024, 3, 1, 9))
TEN = Event("x", datetime(2024, 3, 1, 10))
DATED = Event("x", date(2024, 3, 1))
ON = DATED.day
assert NINE.clock is not None
CLOCK = NINE.clock


def duty(due: int | None, done: int | None = None, fell: int | None = None, **more: Any) -> Duty:
    extra = Extra(due_clock=more.get("clock"), doubt=more.get("doubt")) if more.keys() & {"clock", "doubt"} else None
    return (0, None, due, done, more.get("act"), fell, None, extra)


@pytest.mark.parametrize(
    ("given", "as_of", "status"),
    [
        # open
        (duty(10), 9, DUE),
        (duty(10), 10, DUE),
        (duty(10), 11, BREACHED),
        (duty(None), 99, DUE),
        (duty(10, doubt=DOUBT), 10, DUE),
        (duty(10, doubt=DOUBT), 11, NOT_ASSESSED),
        # done
        (duty(10, 9), 9, MET),
        (duty(10, 10), 10, MET),
        (duty(10, 11), 11, BREACHED),
        (duty(None, 11), 11, MET),
        (duty(10, 11, doubt=DOUBT), 11, NOT_ASSESSED),
        (duty(10, 10, doubt=DOUBT), 11, MET),
        # fell away
        (duty(10, None, 5), 20, LAPSED),
        (duty(10, None, 10), 20, LAPSED),
        (duty(10, None, 11), 20, BREACHED),
        (duty(None, None, 5), 20, LAPSED),
        (duty(10, None, 11, doubt=DOUBT), 20, NOT_ASSESSED),
        (duty(10, 4, 5), 20, MET),
        (duty(10, 5, 5), 20, MET),
        (duty(10, 6, 5), 20, LAPSED),
        (duty(10, 12, 12), 20, BREACHED),
        (duty(10, 13, 12), 20, BREACHED),
    ],
)
def test_days(given: Duty, as_of: int, status: Status) -> None:
    """Done on the last day is met, open on it is due, breached is the day after; a period that ends first lapses."""
    assert settle([given], Moment(as_of)) == [status]


@pytest.mark.parametrize(
    ("given", "as_of", "status"),
    [
        (duty(ON, ON, act=NINE, clock=CLOCK), Moment(ON), MET),
        (duty(ON, ON, act=TEN, clock=CLOCK), Moment(ON), BREACHED),
        (duty(ON, ON, act=DATED, clock=CLOCK), Moment(ON), MET),
        (duty(ON, ON, clock=CLOCK), Moment(ON), MET),
        (duty(ON, ON, act=TEN), Moment(ON), MET),
        (duty(ON, ON, act=TEN, doubt=DOUBT), Moment(ON), MET),
        (duty(ON, clock=CLOCK), Moment(ON, CLOCK), DUE),
        (duty(ON, clock=CLOCK), Moment(ON, CLOCK + 1), BREACHED),
        (duty(ON, clock=CLOCK), Moment(ON), BREACHED),
        (duty(ON, clock=CLOCK), Moment(ON - 1), DUE),
        (duty(ON), Moment(ON, CLOCK + 1), DUE),
        (duty(ON, doubt=DOUBT), Moment(ON, CLOCK + 1), DUE),
    ],
)
def test_hours(given: Duty, as_of: Moment, status: Status) -> None:
    """On the last day the time decides, where limit and act both have one; a date means the end of that day."""
    assert settle([given], as_of) == [status]


def test_status_words() -> None:
    """A status reads as its name in lower case, and is found by it."""
    assert [str(status) for status in Status] == ["breached", "due", "met", "lapsed", "not assessed"]
    assert all(Status.of(str(status)) is status for status in Status)
    with pytest.raises(
        ValueError, match=r"^there is no such status; there are breached, due, met, lapsed, not assessed$"
    ):
        Status.of("done")


# --- evaluate


def referral(on: date = date(2024, 3, 1), **details: Any) -> Event:
    return Event("referral accepted", on, id="r", details=details)


def found(*events: Event, as_of: date = date(2024, 6, 1), standard: str = "assessment", **asked: Any) -> list[str]:
    """The statuses of one standard; what was not assessed last."""
    result = evaluate(History("s", events, born=date(2015, 1, 1)), asked.pop("pack", pack()), as_of=as_of, **asked)
    missing = [f"not assessed: {item.missing}" for item in result.not_assessed if item.standard == standard]
    return [str(item.status) for item in result.of_standard(standard)] + missing


@pytest.mark.parametrize(
    ("as_of", "status"),
    [(date(2024, 3, 15), "due"), (datetime(2024, 3, 15, 23, 59), "due"), (date(2024, 3, 16), "breached"),
     (datetime(2024, 3, 16, 0, 0), "breached")],
)  # fmt: skip
def test_as_of(as_of: date, status: str) -> None:
    """A date runs to its end, and a time is that moment: a limit in days holds until midnight."""
    assert found(referral(), as_of=as_of) == [status]


def test_known_at() -> None:
    """What was not yet written down is not used, and hindsight is had by asking for it."""
    done = Event("assessment completed", date(2024, 3, 8), id="a", recorded=date(2024, 4, 2))
    assert found(referral(), done, as_of=date(2024, 4, 1)) == ["breached"]
    assert found(referral(), done, as_of=date(2024, 4, 1), known_at=date(2024, 4, 2)) == ["met"]
    assert found(referral(), done, as_of=date(2024, 4, 2), known_at=date(2024, 4, 1)) == ["breached"]


AT_TEN = datetime(2024, 3, 1, 10)
BY_DATE: list[tuple[date, date | None, list[str]]] = [
    (AT_TEN, datetime(2024, 3, 2, 10), ["met"]),
    (AT_TEN, datetime(2024, 3, 2, 10, 1), ["breached"]),
    (AT_TEN, None, ["breached"]),
    (AT_TEN, date(2024, 3, 1), ["met"]),
    (AT_TEN, date(2024, 3, 2), ["met"]),
    (AT_TEN, date(2024, 3, 3), ["breached"]),
    (date(2024, 3, 1), datetime(2024, 3, 2, 10), ["met"]),
    (date(2024, 3, 1), date(2024, 3, 1), ["met"]),
    (date(2024, 3, 1), date(2024, 3, 2), ["met"]),
    (date(2024, 3, 1), date(2024, 3, 3), ["breached"]),
]


@pytest.mark.parametrize("reading", ["by date", "not assessed"])
@pytest.mark.parametrize(("opened", "done", "statuses"), BY_DATE)
def test_hours_with_and_without_times(reading: str, opened: date, done: date | None, statuses: list[str]) -> None:
    """Hours are judged by the clock where both have one; else by dates, and the date between as the pack says."""
    events = [referral(opened, emergency="yes")]
    events += [] if done is None else [Event("child visited", done, id="v")]
    between = done is not None and done.day == 2 and not (isinstance(opened, datetime) and isinstance(done, datetime))
    if reading == "not assessed" and between:
        statuses = ["not assessed: the time of day"]
    asked = pack(("hours without times: by date", f"hours without times: {reading}"))
    assert found(*events, standard="first-visit", pack=asked) == statuses


def test_unknown_events_are_refused_or_noted() -> None:
    """An event that the pack has no word for is refused, unless it is to be noted."""
    history = History("s", [referral(), Event("something else", date(2024, 3, 2), id="z")])
    with pytest.raises(HistoryError):
        evaluate(history, pack(), as_of=date(2024, 6, 1))
    noted = evaluate(history, pack(), as_of=date(2024, 6, 1), unknown_events="note")
    assert noted.notices == ('event "z" has a name that the pack does not know, and was not used',)
    assert len(noted.of_standard("assessment")) == 1
    early = evaluate(history, pack(), as_of=date(2024, 3, 1), unknown_events="note")
    assert early.notices == ()


def test_checks_may_be_left_out() -> None:
    """Without the check a history that has passed it elsewhere is judged at once."""
    ends = History("s", [Event("plan ended", date(2024, 3, 1))])
    assert len(evaluate(ends, pack(), as_of=date(2024, 6, 1), check=False)) == 0


def test_wrong_arguments() -> None:
    """What is no date, no history or no pack is a TypeError; another word for `unknown_events` a ValueError."""
    history = History("s")
    asked: Any = evaluate
    for name, value in (("as_of", None), ("as_of", "2024-01-01"), ("known_at", "2024-01-01")):
        with pytest.raises(TypeError, match=f"^{name} must be a date or a datetime$"):
            asked(history, pack(), **{"as_of": date(2024, 1, 1), name: value})
    for one, other in ((pack(), history), (history, None)):
        with pytest.raises(TypeError, match=r"^evaluate takes a History and a Pack, in this order$"):
            asked(one, other, as_of=date(2024, 1, 1))
    with pytest.raises(ValueError, match=r'^unknown_events is "refuse" or "note"$'):
        evaluate(history, pack(), as_of=date(2024, 1, 1), unknown_events="ignore")


def test_a_breach_opens_what_follows_from_it() -> None:
    """A standard that opens on the breach of another is judged after it."""
    assert found(referral(), standard="justification", as_of=date(2024, 3, 15)) == []
    assert found(referral(), standard="justification", as_of=date(2024, 3, 16)) == ["due"]
    assert found(referral(), standard="justification") == ["breached"]
