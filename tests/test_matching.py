"""The operators, where the tests of the kinds do not reach: the quick way and the full way agree."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

import pytest

from kinds.helpers import TOP, outcome, pack_of
from practice_rules.evaluating import evaluate
from practice_rules.events import Event, History

STANDARDS = {
    "deadline": "expect: [visit, review]\nwithin: 10 working days\nof: [referral, review]",
    "frequency": "expect: visit\nevery: 10 working days\nwhile: plan",
    "count": "expect: visit\ntimes: 1\nin every: 1 month\nwhile: plan",
}


def some_history(seed: int) -> list[Event]:
    random = Random(seed)
    first = date(2024, 3, 1)
    names = ["visit", "review", "referral"]
    events = [Event(random.choice(names), first + timedelta(random.randrange(60)), id=f"e{n}") for n in range(25)]
    return [*events, Event("plan started", first, id="s"), Event("plan ended", first + timedelta(45), id="t")]


@pytest.mark.parametrize("kind", STANDARDS)
@pytest.mark.parametrize("seed", range(10))
def test_the_quick_way_and_the_full_way_agree(kind: str, seed: int) -> None:
    """A standard with a condition that always holds is judged in full, and comes out the same."""
    history = History("child-1", some_history(seed))
    quick, full = (
        [
            (str(duty.status), duty.opened, duty.due, duty.met_on)
            for duty in evaluate(history, pack_of(STANDARDS[kind] + more), as_of=date(2024, 4, 30)).of_standard("it")
        ]
        for more in ("", "\nunless: declined\nfrom: 2000-01-01")
    )
    assert quick == full
    assert quick


def test_a_doubt_beside_a_longer_series() -> None:
    """Of two doubtful visits the first in time is the one that is named."""
    yaml = "expect: visit\nwhere: {seen: yes}\nwithin: 10 working days\nof: referral"
    assert outcome(yaml, "2024-03-21 referral\n2024-04-02 visit\n2024-03-25 visit score=1") == [
        "not assessed 2024-03-21: the detail “seen” of “visit”"
    ]


def test_an_act_closes_nothing_that_was_opened_after_it_on_its_day() -> None:
    """Three reviews of one day: the first two are closed by the one after each, the last stays open."""
    yaml = "expect: review\nwithin: 1 month\nof: review"
    found = outcome(yaml, "2024-03-28 review #a\n2024-03-28 review #b\n2024-03-28 review #c", "2024-04-01")
    assert [line.split()[0] for line in found] == ["met", "met", "due"]


def test_terms_are_those_of_the_pack() -> None:
    """The duties of a term end on its last day as the pack gives it."""
    top = TOP.replace("2024-03-28}", "2024-03-22}")
    yaml = "expect: visit\nevery: term\nwhile: plan"
    assert outcome(yaml, "2024-03-01 plan started", "2024-03-22", top=top) == ["due 2024-03-01 > 2024-03-22"]
