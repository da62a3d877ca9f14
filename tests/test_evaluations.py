"""The result: what it lists, in which order, as data and back."""

from __future__ import annotations

import json
import sys
from datetime import date, datetime
from types import SimpleNamespace
from typing import Any

import pytest

from every_kind import pack
from practice_rules.evaluating import evaluate
from practice_rules.evaluations import Evaluation
from practice_rules.events import Event, History
from practice_rules.obligations import EventRef, NotAssessed, Obligation, Reason, Source, Status

NOW = date(2024, 6, 1)


def case(**changes: Any) -> History:
    events = [
        Event("referral accepted", datetime(2024, 3, 1, 10), id="r1", details={"emergency": "yes"}),
        Event("child visited", datetime(2024, 3, 1, 15), id="v1", details={"seen alone": "yes"}),
        Event("plan started", date(2024, 3, 4), id="p1"),
        Event("child visited", date(2024, 3, 20), id="v2"),
        Event("assessment completed", date(2024, 3, 20), id="a1"),
        Event("plan ended", date(2024, 4, 30), id="p2"),
        Event("referral accepted", date(2024, 5, 31), id="r2"),
        Event("conference held", date(2024, 6, 20), id="c1", recorded=date(2024, 5, 1)),
    ]
    return History(**{"subject": "child-1", "events": events, **changes})


def result(**changes: Any) -> Evaluation:
    return evaluate(case(**changes), pack(), as_of=NOW)


def test_the_lists() -> None:
    """Met, due and breached part the obligations; lapsed and cohort ones stand apart."""
    found = result()
    assert [item.key for item in found.met] == ["first-visit/r1", "plan-limit/p1"]
    assert [item.key for item in found.due] == [
        "assessment/r2", "conference-report/c1"
    ]  # fmt: skip
    assert [item.key for item in found.breached] == [
        "assessment/r1",
        "visits/p1",
        "justification/r1",
        "conferences/p1",
        "two-visits/p1",
        "two-visits/v2",
    ]
    assert found.lapsed[0].ended == date(2024, 4, 30)
    assert [item.key for item in found.cohort] == ["most-assessed/r1", "most-assessed/r2"]
    assert list(found) == list(found.obligations)
    assert len(found) == 10
    assert found.obligations is not found.lapsed


def test_due_order() -> None:
    """Obligations come by due date, then in the order of the file; those without a date last."""
    found = result()
    dates = [item.due.isoformat()[:10] for item in found if item.due]
    assert dates == sorted(dates)
    held = History("s", [Event("plan started", date(2024, 5, 1), id="p"), Event("conference held", NOW, id="c")])
    last = evaluate(held, pack(), as_of=NOW).obligations[-1]
    assert (last.standard, last.due, last.days_left, last.status) == ("plan-report", None, None, Status.DUE)


def test_one_obligation() -> None:
    """An obligation tells when it opened, was due and was done, how late, and why."""
    late = result().of_standard("assessment")[0]
    assert (late.opened, late.due, late.met_on, late.days_late, late.late, late.overdue) == (
        date(2024, 3, 1),
        date(2024, 3, 15),
        date(2024, 3, 20),
        5,
        True,
        False,
    )
    assert (late.target, late.target_missed, late.projected) == (date(2024, 3, 8), True, False)
    assert late.opened_by == EventRef("r1", "referral accepted", datetime(2024, 3, 1, 10))
    assert str(late.source) == "standards, 1, “completed within ten working days”"
    hours = result().of_standard("first-visit")[0]
    assert (hours.opened, hours.due, hours.met_on) == (
        datetime(2024, 3, 1, 10),
        datetime(2024, 3, 2, 10),
        datetime(2024, 3, 1, 15),
    )


def test_what_is_done_too_late_to_count() -> None:
    """An act after the duty fell away closes nothing: an overdue duty is late by the day it fell away."""
    events = [
        Event("referral accepted", date(2024, 3, 1), id="r"),
        Event("case transferred", date(2024, 3, 10), id="t"),
        Event("assessment completed", date(2024, 3, 12), id="a"),
    ]
    found = evaluate(History("s", events), pack(), as_of=NOW)
    (gone,) = found.lapsed
    assert (gone.standard, gone.met_on, gone.met_by, gone.ended) == ("assessment", None, None, date(2024, 3, 10))
    assert ("assessment", "lapsed", date(2024, 3, 1).toordinal(), date(2024, 3, 15).toordinal(), None) in found.brief()
    ended = [Event("plan started", date(2024, 1, 1), id="p"), Event("plan ended", date(2024, 2, 1), id="q")]
    (visit,) = evaluate(History("s", ended), pack(), as_of=NOW).of_standard("visits")
    assert (visit.overdue, visit.due, visit.ended, visit.days_late) == (
        True,
        date(2024, 1, 15),
        date(2024, 2, 1),
        17,
    )


def test_a_projected_date() -> None:
    """A date that rests on bank holidays not yet published says so."""
    far = History("s", [Event("referral accepted", date(2029, 3, 1), id="r")])
    assert evaluate(far, pack(), as_of=date(2029, 3, 2)).of_standard("assessment")[0].projected


def test_not_assessed() -> None:
    """What could not be judged names the missing fact, in the order of the file, each once."""
    found = result()
    assert [(item.standard, item.missing, item.event) for item in found.not_assessed] == [
        ("pathway", "the date of birth", None),
        ("visits-recorded", "when “child visited” was recorded", "v1"),
        ("visits-recorded", "when “child visited” was recorded", "v2"),
        ("not-seen-alone", "the detail “seen alone” of “child visited”", "v2"),
        ("young-visited", "the date of birth", "r1"),
        ("young-visited", "the date of birth", "r2"),
    ]
    assert found.not_assessed is found.not_assessed
    assert found.not_assessed[0].opened is None
    assert found.not_assessed[1].opened == date(2024, 3, 1)


def test_rows() -> None:
    """One plain row for each obligation, lapsed ones on request, for a data frame."""
    found = result()
    rows = found.rows()
    assert [row["standard"] for row in rows] == [item.standard for item in found]
    assert rows[0]["opened_by"] == "r1"
    assert rows[0]["subject"] == "child-1"
    assert {row["status"] for row in rows} == {"met", "due", "breached"}
    assert len(found.rows(lapsed=True)) == len(rows) + len(found.lapsed)
    assert all(list(row) == list(rows[0]) for row in found.rows(lapsed=True))
    aged = evaluate(History("s", [Event("plan started", NOW, id="p")], born=date(2010, 1, 1)), pack(), as_of=NOW).rows()
    assert all(row["met_by"] is None for row in aged)


def test_brief() -> None:
    """The cheapest form holds the same, whether just judged or read from JSON."""
    found = result()
    opened, due = date(2024, 3, 1).toordinal(), date(2024, 3, 15).toordinal()
    assert ("assessment", "breached", opened, due, date(2024, 3, 20).toordinal()) in found.brief()
    assert Evaluation.from_json(found.to_json()).brief() == found.brief()
    assert {row[1] for row in found.brief()} == {"met", "due", "breached", "lapsed"}


def test_json_there_and_back() -> None:
    """An evaluation goes to JSON and back unchanged, and gives the same bytes again."""
    for found in (result(), evaluate(case(), pack(), as_of=datetime(2024, 6, 1, 12), known_at=NOW)):
        back = Evaluation.from_json(found.to_json())
        assert back == found
        assert hash(back) == hash(found)
        assert back.to_json().encode() == found.to_json().encode()
        assert back.obligations == found.obligations
        assert {*back.obligations} == {*found.obligations}
        assert (back.as_of, back.known_at, back.notices) == (found.as_of, found.known_at, found.notices)
        assert back.rows(lapsed=True) == found.rows(lapsed=True)
        assert repr(back) == repr(found)


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"subject": "SECRET"}', "SECRET", "[" * 200_000, "3"])
def test_what_is_no_evaluation(text: str) -> None:
    """Another text is refused in plain words, without its content."""
    with pytest.raises(ValueError, match=r"^this is not an evaluation as `to_json` writes it$") as caught:
        Evaluation.from_json(text)
    assert caught.value.__cause__ is None
    assert caught.value.__context__ is None


def test_the_fingerprint() -> None:
    """The fingerprint is equal whenever the inputs are, and differs with any of them."""
    same = case(events=list(reversed(case().events)))
    prints = {
        "same": evaluate(same, pack(), as_of=NOW).fingerprint,
        "again": result().fingerprint,
        "as of": evaluate(case(), pack(), as_of=date(2024, 6, 2)).fingerprint,
        "known at": evaluate(case(), pack(), as_of=NOW, known_at=date(2024, 5, 1)).fingerprint,
        "subject": result(subject="child-2").fingerprint,
        "born": result(born=date(2015, 1, 1)).fingerprint,
        "facts": result(facts={"emergency": "no"}).fingerprint,
        "events": result(events=case().events[:-1]).fingerprint,
        "pack": evaluate(case(), pack(("10 working days", "11 working days")), as_of=NOW).fingerprint,
    }
    assert prints.pop("same") == prints["again"]
    assert len(set(prints.values())) == len(prints)
    assert all(len(text) == 64 for text in prints.values())


def test_equality_and_repr() -> None:
    """Equal inputs give equal evaluations; nothing else is equal; the short form counts and names no value."""
    assert result() == result()
    assert result() != result(subject="other")
    assert result() != "an evaluation"
    assert repr(result()) == ("<Evaluation by every_kind as of 2024-06-01: 2 met, 2 due, 6 breached, 6 not assessed>")


def test_the_data_is_plain() -> None:
    """The plain form survives JSON itself, with the same keys in the same order."""
    data = result().to_dict()
    assert json.loads(json.dumps(data)) == data
    assert list(data)[:3] == ["subject", "kind", "pack"]
    assert len({tuple(item) for item in data["obligations"]}) == 1


def test_in_notebooks(monkeypatch: pytest.MonkeyPatch) -> None:
    """A notebook shows the evaluation through the module that shows, and draws it through the one that draws."""
    shown = SimpleNamespace(evaluation_html=lambda found: f"<b>{len(found)}</b>")
    monkeypatch.setitem(sys.modules, "practice_rules.showing", shown)
    monkeypatch.setitem(sys.modules, "practice_rules.pictures", SimpleNamespace(timeline=len))
    assert result()._repr_html_() == "<b>10</b>"
    assert result().timeline() == 10


def test_parts_there_and_back() -> None:
    """Each part of a result goes to plain data and back."""
    source = Source("d", "s", "w")
    for missing in (NotAssessed("a", "m", NOW, "e", source), NotAssessed("a", "m", None, None, source)):
        assert NotAssessed.from_dict(missing.to_dict()) == missing
    reason = Reason("or by", {"event": "e"})
    assert Reason.from_dict(reason.to_dict()) == reason
    assert hash(reason) == hash(Reason("or by", {"event": "f"}))
    for item in result()._every:
        assert Obligation.from_dict(item.to_dict()) == item


def test_reasons_tell_their_days_as_dates() -> None:
    """A reason that speaks of days tells them in ISO form."""
    agreed = Event("extension agreed", date(2024, 3, 5), id="x", details={"authorised by": "manager"})
    (item,) = (
        evaluate(History("s", [case().events[0], agreed]), pack(), as_of=date(2024, 3, 6)).of_standard("assessment")
    )  # fmt: skip
    assert item.reasons[0].code == "changed"
    assert item.reasons[0].data["day"] == "2024-03-05"
    assert item.due == date(2024, 4, 2)


def test_a_doubt_decides_only_what_it_could_change() -> None:
    """An act in time that may or may not count leaves the duty unjudged; one too late to matter does not."""
    events = [Event("plan started", date(2024, 3, 4), id="p"), Event("child visited", date(2024, 3, 18), id="v")]
    found = evaluate(History("s", events), pack(), as_of=date(2024, 3, 20))
    assert found.of_standard("visits") == ()
    missing = [(item.missing, item.event, item.opened) for item in found.not_assessed if item.standard == "visits"]
    assert missing == [("the detail “seen alone” of “child visited”", "v", date(2024, 3, 4))]
