"""The timeline: equal bytes for equal evaluations, every status by word and shape, nothing left behind."""

from __future__ import annotations

import builtins
import sys
import xml.etree.ElementTree as ElementTree
from datetime import date, datetime, timedelta
from typing import Any

import pytest

pytest.importorskip("matplotlib")

from practice_rules import Evaluation, Event, History, Pack, evaluate
from practice_rules.loading import read_pack_text
from practice_rules.pictures import MOST_ROWS, timeline, timeline_svg

TOP = """\
authority: Barsetshire
title: Practice standards
documents:
  standards: {title: Practice Standards, edition: "2024"}
working days: Monday to Friday, except bank holidays in England
day one: the next day
hours without times: by date
events:
  child visited: A worker visits the child.
  review held: A review takes place.
  plan started: A protection plan starts.
  plan ended: A protection plan ends.
periods:
  protection plan: {means: The child has a protection plan., starts: plan started, ends: plan ended}
standards:
"""
VISITS = """\
  visits:
    says: The child is visited every 10 days.
    source: {section: Visits, words: "every ten days at least"}
    expect: child visited
    every: 10 days
    while: protection plan
  review:
    says: A review is held within 20 days of the start.
    source: {section: Reviews, words: "within twenty days of it"}
    expect: review held
    within: 20 days
    of: plan started
  first-visit:
    says: A visit takes place within 24 hours of the start.
    source: {section: Visits, words: "within 24 hours of it"}
    expect: child visited
    within: 24 hours
    of: plan started
"""


def pack_of(standards: str = VISITS) -> Pack:
    pack, problems = read_pack_text(TOP + standards, "barset")
    assert pack is not None, [str(problem) for problem in problems]
    return pack


def judged(subject: str = "child-1", pack: Pack | None = None) -> Evaluation:
    """Two visits, the second late; a third owed; no review."""
    events = [
        Event("plan started", date(2024, 3, 1), id="p1"),
        Event("child visited", date(2024, 3, 5), id="v1"),
        Event("child visited", date(2024, 3, 20), id="v2"),
    ]
    return evaluate(History(subject=subject, events=events), pack or pack_of(), as_of=date(2024, 3, 28))


def words_of(svg: str) -> str:
    return "\n".join(
        "".join(node.itertext()) for node in ElementTree.fromstring(svg).iter() if node.tag.endswith("text")
    )


def test_the_picture_is_xml_with_its_words_as_text() -> None:
    """Standards, counts, events and the legend can be read and searched."""
    words = words_of(timeline_svg(judged()))
    for said in (
        "visits",
        "review",
        "first-visit",
        "1 breached, 1 due, 1 met",
        "plan started",
        "Barsetshire",
        "As of Thu 28 Mar 2024",
        "done in time",
        "done late",
        "still overdue",
        "past the last day",
        "time left",
        "lapsed",
    ):
        assert said in words


def test_equal_evaluations_give_equal_bytes() -> None:
    """Nothing of the moment, of chance or of the machine's settings is in the picture."""
    first = timeline_svg(judged())
    assert first == timeline_svg(judged())
    assert "<dc:date" not in first
    assert "matplotlib.org" not in first


def test_the_callers_settings_neither_change_the_picture_nor_are_changed() -> None:
    """Drawing leaves no global state behind and takes none up."""
    import matplotlib

    usual = timeline_svg(judged())
    with matplotlib.rc_context({"font.size": 30, "svg.hashsalt": "another", "axes.facecolor": "black"}):
        before = dict(matplotlib.rcParams)
        assert timeline_svg(judged()) == usual
        assert dict(matplotlib.rcParams) == before


def test_drawing_does_not_bring_in_pyplot() -> None:
    """A figure is made without pyplot, which keeps figures alive for the whole program."""
    import subprocess

    program = (
        "import sys; sys.path[:0] = sys.argv[1].split(chr(10));"
        "import test_pictures; test_pictures.timeline(test_pictures.judged());"
        "sys.exit('matplotlib.pyplot' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, "\n".join(path for path in sys.path if path)], capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr


def test_a_figure_is_returned_for_notebooks() -> None:
    """`evaluation.timeline()` is a matplotlib figure that belongs to the caller."""
    from matplotlib.figure import Figure

    assert isinstance(judged().timeline(), Figure)


def test_the_most_urgent_standard_stands_first() -> None:
    """Overdue comes before late, late before due, due before met."""
    labels = [text.get_text() for text in timeline(judged()).axes[0].texts]
    rows = [label for label in labels if label in ("visits", "review", "first-visit")]
    # The review is overdue; the other two have one late visit each, and then the names decide.
    assert rows == ["review", "first-visit", "visits"]


def test_more_standards_than_rows_are_said_and_not_dropped_in_silence() -> None:
    """A picture that leaves standards out says how many."""
    many = "".join(
        f"  review-{number:02}:\n    says: A review is held within 20 days.\n"
        f'    source: {{section: Reviews, words: "within twenty days of it"}}\n'
        f"    reading: The same as the others.\n    expect: review held\n    within: 20 days\n    of: plan started\n"
        for number in range(MOST_ROWS + 3)
    )
    words = words_of(timeline_svg(judged(pack=pack_of(many))))
    assert "3 more standards have duties and no row here" in words


def test_an_evaluation_from_json_can_be_drawn_too() -> None:
    """Where the history is gone, the events that the duties name stand along the top."""
    kept = Evaluation.from_json(judged().to_json())
    words = words_of(timeline_svg(kept))
    assert "plan started" in words
    assert "1 breached, 1 due, 1 met" in words


def test_an_empty_evaluation_says_so() -> None:
    """A record in which nothing was owed gives a picture that says it."""
    result = evaluate(History(subject="child-1"), pack_of(), as_of=date(2024, 3, 28))
    assert "No duty opened in this record." in words_of(timeline_svg(result))


@pytest.mark.parametrize("subject", ["<script>alert(1)</script>", "cost $5_{x}$ & more", "a\x00b\x1b[31m\u202e"])
def test_names_are_text_and_nothing_else(subject: str) -> None:
    """A subject is neither markup nor mathematics nor a control character."""
    svg = timeline_svg(judged(subject))
    assert "<script" not in svg
    words = words_of(svg)
    assert "".join(sign if sign.isprintable() else " " for sign in subject) in words


@pytest.mark.parametrize("days", [1, 30, 90, 400, 4000, 9000])
def test_every_length_of_history_can_be_drawn(days: int) -> None:
    """From one day to a whole childhood the calendar finds marks that fit."""
    start = date(2000, 1, 5)
    events = [Event("plan started", start), Event("child visited", start + timedelta(days=days))]
    result = evaluate(History(subject="child-1", events=events), pack_of(), as_of=start + timedelta(days=days))
    axes = timeline(result).axes[0]
    assert 1 <= len(axes.get_xticks()) <= 16


def test_hours_are_drawn_as_hours() -> None:
    """A limit in hours has its act at its time, not at the start of the day."""
    events = [Event("plan started", datetime(2024, 3, 1, 9, 0)), Event("child visited", datetime(2024, 3, 2, 21, 0))]
    result = evaluate(History(subject="child-1", events=events), pack_of(), as_of=datetime(2024, 3, 3, 12, 0))
    places = {
        round(float(line.get_xdata()[0]) % 1, 3)
        for line in timeline(result).axes[0].lines
        if len(line.get_xdata()) == 1
    }
    assert 0.875 in places


def test_without_matplotlib_the_way_out_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who has not installed matplotlib reads what to install."""
    real = builtins.__import__

    def refuse(name: str, *rest: Any, **more: Any) -> Any:
        if name.split(".")[0] == "matplotlib":
            raise ImportError(name)
        return real(name, *rest, **more)

    monkeypatch.setattr(builtins, "__import__", refuse)
    with pytest.raises(ImportError, match=r"pip install practice-rules\[notebook\]"):
        timeline(judged())
