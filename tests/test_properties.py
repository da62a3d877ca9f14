"""What holds of every history and every kind of standard: found by chance, held by Hypothesis."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from every_kind import EVENTS, pack
from practice_rules.evaluating import evaluate
from practice_rules.evaluations import Evaluation
from practice_rules.events import Event, History, as_moment
from practice_rules.obligations import Obligation, Status

settings.register_profile(
    "steady", max_examples=120, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("steady")

START = date(2024, 1, 1)
END = START + timedelta(days=200)
DAYS = st.integers(0, 150)
SOURCE = Path(__file__).resolve().parents[1] / "src"


def day(number: int) -> date:
    return START + timedelta(days=number)


@st.composite
def records(draw: st.DrawFn, *, prompt: bool = False) -> list[dict[str, Any]]:
    """Fields of events. `prompt`: everything was recorded when it happened, and nothing corrected."""
    found: list[dict[str, Any]] = []
    for number in range(draw(st.integers(0, 14))):
        name = draw(st.sampled_from(EVENTS))
        happened = draw(DAYS)
        on: date = day(happened)
        if draw(st.integers(0, 4)) == 0:
            on = datetime(on.year, on.month, on.day, draw(st.integers(4, 23)))
        fields: dict[str, Any] = {"name": name, "on": on, "id": f"e{number}", "details": {}}
        if name == "child visited":
            fields["details"] = draw(
                st.sampled_from([{}, {"seen alone": "yes"}, {"seen alone": "no"}, {"seen alone": "no", "reason": "r"}])
            )
        elif name == "referral accepted":
            fields["details"] = draw(st.sampled_from([{}, {"emergency": "yes"}]))
        elif name == "extension agreed":
            fields["details"] = draw(st.sampled_from([{"authorised by": "manager"}, {"authorised by": "worker"}, {}]))
        if found and draw(st.integers(0, 5)) == 0:
            fields["about"] = draw(st.sampled_from([item["id"] for item in found]))
        if not prompt:
            lag = draw(st.sampled_from([None, None, 0, 1, 5, 30, -3, -20]))
            if lag is not None:
                fields["recorded"] = day(happened + lag)
            if draw(st.integers(0, 9)) == 0:
                fields["id"] = None
            elif draw(st.integers(0, 5)) == 0:
                later = {**fields, "on": day(draw(DAYS)), "recorded": day(happened + 31 + draw(st.integers(0, 30)))}
                found.append({**later, "cancelled": draw(st.booleans())})
        found.append(fields)
    return found


BORN = st.one_of(st.none(), st.sampled_from([date(2021, 5, 5), date(2008, 10, 1), date(2010, 2, 28)]))


def judged(fields: list[dict[str, Any]], as_of: date, born: date | None, **changes: Any) -> Evaluation:
    history = History("s", [Event(**item) for item in fields], born=born)
    asked = changes.pop("pack", None) or pack()
    # Spans that never end are wrong, and are another test's business.
    return evaluate(history, asked, as_of=as_of, check=False, **changes)


def said(found: Evaluation) -> dict[str, Any]:
    data = found.to_dict()
    return {name: data[name] for name in ("obligations", "not_assessed")}


def keyed(found: Evaluation) -> dict[str, Obligation]:
    """Obligations by standard, opening event and opening day."""
    return {f"{item.key} {item.opened}": item for item in found._every}


@given(records(), BORN, DAYS, st.randoms(use_true_random=False))
def test_the_order_of_input_does_not_matter(fields: list[Any], born: date | None, at: int, chance: Any) -> None:
    """Records in any order give the same result, to the byte."""
    shuffled = list(fields)
    chance.shuffle(shuffled)
    one, two = judged(fields, day(at), born), judged(shuffled, day(at), born)
    assert one.to_json() == two.to_json()
    assert one == two


@given(records(), BORN, st.integers(-5, 200))
def test_nothing_rests_on_what_was_not_known(fields: list[Any], born: date | None, at: int) -> None:
    """The whole history as of a day equals only what had been recorded by that day."""
    moment = as_moment(day(at))
    known = [item for item in fields if moment.reaches(Event(**item).recorded_day, Event(**item).recorded_clock)]
    assert said(judged(fields, day(at), born)) == said(judged(known, day(at), born))


@given(records(), BORN, DAYS, st.integers(0, 23))
def test_nothing_rests_on_what_was_not_known_at_a_time(
    fields: list[Any], born: date | None, at: int, hour: int
) -> None:
    """The same holds of a moment within a day."""
    now = datetime(2024, 1, 1, hour, 30) + timedelta(days=at)
    if now.month == 3 and hour == 1:
        now = now.replace(hour=2)
    moment = as_moment(now)
    known = [item for item in fields if moment.reaches(Event(**item).recorded_day, Event(**item).recorded_clock)]
    assert said(judged(fields, now, born)) == said(judged(known, now, born))


@given(records(), records(), BORN, DAYS)
def test_later_records_change_nothing_before(fields: list[Any], later: list[Any], born: date | None, at: int) -> None:
    """What is written down after a day changes nothing of that day."""
    more = [{**item, "id": f"later{n}", "recorded": day(at + 1 + n), "about": None} for n, item in enumerate(later)]
    assert said(judged(fields, day(at), born)) == said(judged([*fields, *more], day(at), born))


@given(records(), BORN, DAYS)
def test_known_at_later_is_hindsight(fields: list[Any], born: date | None, at: int) -> None:
    """Judged as of a day from all that was ever recorded, no act stands that happened after that day."""
    found = judged(fields, day(at), born, known_at=END)
    # What closes a duty of recording is the writing down, which hindsight is about.
    acts = [item.met_by for item in found if item.met_by is not None and item.kind != "recording"]
    assert all(act.on.isoformat()[:10] <= day(at).isoformat() for act in acts)


@given(records(), BORN)
def test_other_subjects_are_not_judged(fields: list[Any], born: date | None) -> None:
    """A history of another kind of subject has no obligations of a child's standards, and a notice says so."""
    history = History("s", [Event(**item) for item in fields], born=born, kind="worker")
    found = evaluate(history, pack(), as_of=END, check=False)
    assert found.to_dict()["obligations"] == found.to_dict()["not_assessed"] == []
    assert "no tested standard of the pack speaks of this kind of subject, so nothing was judged" in found.notices


@given(records(), BORN, DAYS, st.lists(DAYS, max_size=4))
def test_unrelated_events_change_nothing(fields: list[Any], born: date | None, at: int, others: list[int]) -> None:
    """Events that no standard names change nothing, named or nameless."""
    more = [{"name": "something else", "on": day(n), "id": f"z{n}{k}" if n % 2 else None} for k, n in enumerate(others)]
    assert said(judged(fields, day(at), born)) == said(judged([*fields, *more], day(at), born))


@given(records(prompt=True), BORN, DAYS, st.integers(1, 60))
def test_breached_stays_breached(fields: list[Any], born: date | None, at: int, later: int) -> None:
    """On a record written as things happened, what is breached stays breached as time passes."""
    # An extension may be agreed late, and the next conference moves what is owed for it: neither is time passing.
    steady = [item for item in fields if item["name"] != "extension agreed"]
    before, after = keyed(judged(steady, day(at), born)), keyed(judged(steady, day(at + later), born))
    for key, item in before.items():
        if item.status is Status.BREACHED:
            assert after[key].status is Status.BREACHED, key
            assert after[key].due == item.due


LONGER = (
    ("within: 10 working days", "within: 12 working days", "says: Assessments are completed within 10"),
    ("every: 10 working days", "every: 13 working days", "says: A child on a plan is visited every 10"),
    ("to: 2 months", "to: 3 months", "says: A plan lasts no longer than 2"),
    ("recorded within: 3 days", "recorded within: 9 days", "says: Visits are recorded within 3"),
    ("in every: 4 weeks", "in every: 6 weeks", "says: There are 2 visits in every 4"),
    ("first within: 15 working days", "first within: 18 working days", "says: The first conference is within 15"),
)


@given(records(), BORN, st.integers(0, 200), st.sampled_from(LONGER))
def test_a_longer_timescale_never_breaches_more(
    fields: list[Any], born: date | None, at: int, change: tuple[str, str, str]
) -> None:
    """With one number of the pack made larger, no duty of that standard becomes breached that was not."""
    old, new, sentence = change
    (number,) = (word for word in new.split() if word.isdigit())
    longer = pack((sentence, " ".join([*sentence.split()[:-1], number])), (old, new))
    before, after = keyed(judged(fields, day(at), born)), keyed(judged(fields, day(at), born, pack=longer))
    for key, item in after.items():
        if item.status is Status.BREACHED and item.standard != "justification":
            assert before[key].status is Status.BREACHED, key


ACTS = {
    "assessment": "assessment completed",
    "first-visit": "child visited",
    "young-visited": "child visited",
    "conference-report": "report shared",
    "plan-report": "report shared",
    "pathway": "pathway plan started",
}


@given(records(prompt=True), BORN, DAYS, st.sampled_from(sorted(ACTS)), DAYS)
def test_one_more_act_never_breaches(fields: list[Any], born: date | None, at: int, standard: str, when: int) -> None:
    """One more act of the wanted kind turns no met duty into a breached one."""
    more = [*fields, {"name": ACTS[standard], "on": day(when), "id": "more", "details": {"seen alone": "yes"}}]
    before, after = keyed(judged(fields, day(at), born)), keyed(judged(more, day(at), born))
    for key, item in before.items():
        if item.standard == standard and item.status is Status.MET:
            assert after[key].status is Status.MET


@given(records(), BORN, st.integers(0, 200))
def test_json_there_and_back(fields: list[Any], born: date | None, at: int) -> None:
    """History and evaluation go to JSON and back unchanged, and what came back is judged the same."""
    history = History("s", [Event(**item) for item in fields], born=born)
    again = History.from_json(history.to_json())
    assert again == history
    one = evaluate(history, pack(), as_of=day(at), check=False)
    two = evaluate(again, pack(), as_of=day(at), check=False)
    assert one.to_json() == two.to_json()
    back = Evaluation.from_json(one.to_json())
    assert back == one
    assert back.to_json() == one.to_json()
    assert back.brief() == one.brief()


@given(records(), BORN, st.integers(0, 200))
def test_the_statuses_part_the_obligations(fields: list[Any], born: date | None, at: int) -> None:
    """Every obligation is met, due or breached, each once; and each status keeps its numbers."""
    found = judged(fields, day(at), born)
    parts = [*found.met, *found.due, *found.breached]
    assert len(parts) == len(found)
    assert {id(item) for item in parts} == {id(item) for item in found}
    assert [item.kind for item in found if item.kind == "cohort"] == []
    for item in found._every:
        if item.status is Status.BREACHED:
            assert item.days_late is not None
            assert item.days_late >= 0
            assert item.late is not item.overdue
        else:
            assert item.days_late is None
            assert not item.late
            assert not item.overdue
        assert (item.days_left is not None) == (item.status is Status.DUE and item.due is not None)
        assert item.days_left is None or item.days_left >= 0
        assert (item.met_on is not None) or item.status is not Status.MET
    dates = [item.due.isoformat()[:10] for item in found if item.due is not None]
    assert dates == sorted(dates)


@given(records(), BORN, st.integers(0, 200))
def test_equal_inputs_give_equal_bytes(fields: list[Any], born: date | None, at: int) -> None:
    """Judged twice, from separate histories or from one, the bytes are the same."""
    history = History("s", [Event(**item) for item in fields], born=born)
    once = evaluate(history, pack(), as_of=day(at), check=False).to_json()
    # The view of another day in between leaves nothing behind.
    evaluate(history, pack(), as_of=day(at // 2), check=False).to_json()
    assert evaluate(history, pack(), as_of=day(at), check=False).to_json() == once
    assert judged(fields, day(at), born).to_json() == once


SCRIPT = """
from datetime import date, timedelta
from every_kind import EVENTS, pack
from practice_rules.evaluating import evaluate
from practice_rules.events import Event, History
events = [
    Event(EVENTS[n * 7 % 11], date(2024, 1, 1) + timedelta(days=n * 13 % 90), details={"seen alone": "no"})
    for n in range(40)
]
print(evaluate(History("s", events), pack(), as_of=date(2024, 6, 1), check=False).to_json())
"""


def test_the_same_bytes_under_another_hash_seed() -> None:
    """A result does not rest on the order in which a set happens to lie in memory."""
    folder = str(Path(__file__).resolve().parent)
    outputs = {
        subprocess.run(
            [sys.executable, "-c", SCRIPT],
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": f"{SOURCE}{os.pathsep}{folder}"},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("0", "1", "4242")
    }
    assert len(outputs) == 1
    assert len(outputs.pop()) > 5000
