"""Pictures of many cases: what is drawn are the numbers counted by hand, and what is hidden is drawn nowhere."""

from __future__ import annotations

import builtins
import io
from datetime import date, timedelta
from typing import Any

import pytest

pytest.importorskip("matplotlib")
pytest.importorskip("pyarrow")
pytest.importorskip("narwhals")

import pyarrow as pa

from practice_rules import load_pack
from practice_rules.measures import measures
from practice_rules.plots import plot_heat, plot_lateness, plot_measures, plot_trend, plot_work
from practice_rules.worklists import work_list

AS_OF = date(2024, 6, 28)
TYPES = {
    "due": pa.date32(),
    "late": pa.bool_(),
    "overdue": pa.bool_(),
    "days_late": pa.int32(),
    "days_left": pa.int32(),
}
COLUMNS = (
    "subject", "standard", "kind", "section", "due", "status", "late", "overdue", "days_late", "days_left", "worker",
    "team", "missing", "key", "sentence",
)  # fmt: skip


class Cases:
    """A table of obligations made up of so many rows of each sort, each of a child of its own."""

    def __init__(self) -> None:
        self.rows: list[dict[str, Any]] = []

    def add(self, number: int, standard: str, due: str, status: str, *, days: int = 0, **more: Any) -> Cases:
        """Add rows; `days` late, overdue where `overdue` is said."""
        last = date.fromisoformat(due)
        for _ in range(number):
            overdue = bool(more.get("overdue", False))
            self.rows.append(
                {
                    "subject": f"c{len(self.rows)}",
                    "standard": standard,
                    "kind": "deadline",
                    "section": "S",
                    "due": last,
                    "status": status,
                    "late": status == "breached" and not overdue,
                    "overdue": overdue,
                    "days_late": days if status == "breached" else None,
                    "days_left": (last - AS_OF).days if status == "due" else None,
                    "worker": None,
                    "team": None,
                    "missing": None,
                    "key": f"{standard}/{len(self.rows)}",
                    "sentence": "One.",
                    **more,
                }
            )
        return self

    @property
    def table(self) -> pa.Table:
        return pa.Table.from_pylist(
            self.rows, schema=pa.schema([(name, TYPES.get(name, pa.string())) for name in COLUMNS])
        )


def texts(figure: Any) -> list[str]:
    """Everything that a picture says inside its axes, in the order in which it was put there."""
    (axes,) = figure.axes
    return [text.get_text() for text in axes.texts if text.get_text()]


def words_around(figure: Any) -> list[str]:
    """Title, the line below it, and the key."""
    return [text.get_text() for text in (*figure.texts, *(text for key in figure.legends for text in key.get_texts()))]


def labels(axis: Any) -> list[str]:
    return [label.get_text() for label in axis.get_ticklabels()]


def hatches(figure: Any) -> list[str]:
    (axes,) = figure.axes
    return [patch.get_hatch() for patch in axes.patches if patch.get_hatch()]


def two_standards() -> pa.Table:
    """Visits: 12 of 20 met in March, 15 of 15 in May. Reviews: 9 of 10 met in April, one late, so few are not met."""
    return (
        Cases()
        .add(12, "visits", "2024-03-12", "met")
        .add(8, "visits", "2024-03-20", "breached", days=3)
        .add(15, "visits", "2024-05-01", "met")
        .add(9, "reviews", "2024-04-05", "met")
        .add(1, "reviews", "2024-04-05", "breached", days=50)
        .add(7, "visits", "2024-06-30", "due")
        .table
    )


# ---------------------------------------------------------------- the heat map


def test_the_heat_map_shows_shares_and_denominators() -> None:
    """12 of 20 are 60%, 15 of 15 all, and 9 of 10 are 90%; what is due is in no month."""
    figure = plot_heat(two_standards(), smallest=0)
    (axes,) = figure.axes
    assert labels(axes.yaxis) == ["reviews", "visits"]
    assert labels(axes.xaxis) == ["Mar\n2024", "Apr", "May"]
    assert texts(figure) == ["90%", "of 10", "60%", "of 20", "100%", "of 15"]
    places = [text.get_position() for text in axes.texts if text.get_text().endswith("%")]
    assert [(round(x), round(y)) for x, y in places] == [(1, 0), (0, 1), (2, 1)]
    # Three of the six cells had nothing owed.
    assert hatches(figure) == [".."] * 3
    assert words_around(figure)[-1] == "nothing owed"


def test_the_heat_map_hides_small_numbers() -> None:
    """One late review of ten is few: no share stands there, and the cell is hatched."""
    figure = plot_heat(two_standards())
    assert "90%" not in texts(figure)
    assert [text for text in texts(figure) if text.startswith("hidden")]
    assert "////" in hatches(figure)
    assert "hidden, to protect small numbers" in words_around(figure)


def test_months_run_without_a_gap_and_a_new_year_is_named() -> None:
    """From December 2023 to February 2024, with January though nothing was owed in it."""
    table = Cases().add(6, "visits", "2023-12-04", "met").add(6, "visits", "2024-02-05", "met").table
    (axes,) = plot_heat(table, smallest=0).axes
    assert labels(axes.xaxis) == ["Dec\n2023", "Jan\n2024", "Feb"]


def test_standards_with_nothing_owed_have_no_line_and_are_counted() -> None:
    """All tested standards of the pack but one."""
    pack = load_pack("bromley")
    figure = plot_heat(Cases().add(6, "first-core-group", "2024-02-05", "met").table, pack, smallest=0)
    (axes,) = figure.axes
    assert labels(axes.yaxis) == ["first-core-group"]
    assert f"{len(pack.tested) - 1} standards with nothing owed: not shown" in figure.texts[1].get_text()


def test_rounding_never_says_all_or_none() -> None:
    """999 of 1000 are not 100%, and 1 of 1000 is not 0%."""
    table = (
        Cases()
        .add(999, "a", "2024-03-12", "met")
        .add(1, "a", "2024-03-12", "breached")
        .add(1, "b", "2024-03-12", "met")
        .add(999, "b", "2024-03-12", "breached")
        .add(10, "c", "2024-03-12", "breached")
        .table
    )
    assert texts(plot_heat(table, smallest=0))[::2] == ["99%", "1%", "0%"]


# ---------------------------------------------------------------- lateness


def late_ones() -> pa.Table:
    """Visits: 6 at 0 days, 7 at 5, 8 at 6, 9 at 20, 10 at 21, 11 overdue at 46. Reviews: 20 at 1 day and 2 at 30."""
    cases = Cases()
    for number, days in ((6, 0), (7, 5), (8, 6), (9, 20), (10, 21)):
        cases.add(number, "visits", "2024-03-12", "breached", days=days)
    cases.add(11, "visits", str(AS_OF - timedelta(days=46)), "breached", days=46, overdue=True)
    cases.add(30, "visits", "2024-03-12", "met")
    cases.add(20, "reviews", "2024-03-12", "breached", days=1)
    return cases.add(2, "reviews", "2024-03-12", "breached", days=30).table


def heights(figure: Any) -> list[float]:
    (axes,) = figure.axes
    return [patch.get_height() for patch in axes.patches]


def test_the_bars_of_lateness_are_the_counts() -> None:
    """Six bands with 6, 7, 8, 9, 10 and 11 visits: 51 together."""
    figure = plot_lateness(late_ones(), "visits", smallest=0)
    assert heights(figure) == [6, 7, 8, 9, 10, 11]
    assert texts(figure) == ["6", "7", "8", "9", "10", "11"]
    assert figure.texts[1].get_text() == "late or overdue: 51"
    (axes,) = figure.axes
    assert labels(axes.xaxis) == ["0 days", "1-5 days", "6-10 days", "11-20 days", "21-45 days", "46+ days"]


def test_lateness_of_all_standards_adds_them() -> None:
    """With the reviews 27 of 1 to 5 days and 12 of 21 to 45."""
    assert heights(plot_lateness(late_ones(), smallest=0)) == [6, 27, 8, 9, 12, 11]


def test_a_small_band_is_hatched() -> None:
    """Two reviews are 21 to 45 days late: the bar and the number are not drawn."""
    figure = plot_lateness(late_ones(), "reviews")
    assert "hidden" in texts(figure)
    assert "2" not in texts(figure)
    assert hatches(figure)


def test_nothing_late_is_said() -> None:
    """A picture without bars says why."""
    assert texts(plot_lateness(Cases().add(6, "visits", "2024-03-12", "met").table, "visits")) == [
        "Nothing is late or overdue."
    ]


# ---------------------------------------------------------------- the trend


def test_the_trend_shows_shares_with_their_denominators() -> None:
    """Visits: 60% of 20 in March, nothing in April, 100% of 15 in May; no line across April."""
    figure = plot_trend(two_standards(), "visits", smallest=0)
    (axes,) = figure.axes
    assert [(list(line.get_xdata()), list(line.get_ydata())) for line in axes.lines] == [([0], [60.0]), ([2], [100.0])]
    assert texts(figure) == ["60%", "100%"]
    assert labels(axes.xaxis) == ["Mar\nof 20\n2024", "Apr\nof 0", "May\nof 15"]
    assert hatches(figure) == [".."]


def test_neighbouring_months_are_joined() -> None:
    """Two months beside each other are one line."""
    table = Cases().add(6, "v", "2024-03-12", "met").add(6, "v", "2024-04-12", "breached", days=1).table
    (axes,) = plot_trend(table, "v", smallest=0).axes
    assert [list(line.get_ydata()) for line in axes.lines] == [[100.0, 0.0]]


def test_the_trend_hides_what_the_heat_map_hides() -> None:
    """The share of the reviews is in neither."""
    figure = plot_trend(two_standards(), "reviews")
    (axes,) = figure.axes
    assert len(axes.lines) == 0
    assert texts(figure) == []
    assert hatches(figure) == ["////"]


@pytest.mark.parametrize("plot", [plot_trend, plot_lateness])
def test_a_standard_that_no_row_has_is_refused(plot: Any) -> None:
    """A misspelt name must not look like a standard with nothing to show."""
    with pytest.raises(ValueError, match='the standard "vists": check the spelling'):
        plot(two_standards(), "vists")


# ---------------------------------------------------------------- measures


def test_the_bars_of_measures_are_the_shares() -> None:
    """Visits 27 of 35 are 77%, reviews 9 of 10; asked of the visits are 80%."""
    measured = measures(two_standards(), by="standard", smallest=0, asked={"visits": 80})
    figure = plot_measures(measured)
    (axes,) = figure.axes
    assert labels(axes.yaxis) == ["reviews", "visits"]
    assert [round(patch.get_width(), 3) for patch in axes.patches] == [90.0, round(100 * 27 / 35, 3)]
    assert texts(figure) == ["90% of 10", "77% of 35"]
    assert [list(line.get_xdata()) for line in axes.lines] == [[80, 80]]
    assert words_around(figure)[-1] == "share asked"


def test_hidden_measures_are_hatched_and_empty_rows_counted() -> None:
    """Nobody's 9 of 10 are hidden, one being late; the South has only due ones, so no share; no team is a group."""
    cases = Cases().add(20, "visits", "2024-03-12", "met", team="North")
    cases.add(9, "visits", "2024-03-12", "met").add(1, "visits", "2024-03-12", "breached", days=1)
    cases.add(7, "visits", "2024-07-02", "due", team="South")
    figure = plot_measures(measures(cases.table, by="team"))
    (axes,) = figure.axes
    assert labels(axes.yaxis)[-1] == "no team"
    assert "90%" not in " ".join(texts(figure))
    assert hatches(figure)
    figure = plot_measures(measures(cases.table, by="team", smallest=0))
    assert texts(figure) == ["100% of 20", "90% of 10"]
    assert figure.texts[1].get_text() == "in per cent of those owed. 1 row with nothing owed: not shown"


def test_every_kind_of_frame_gives_the_same_picture() -> None:
    """Measures and work lists as Arrow, pandas and Polars."""
    pytest.importorskip("pandas")
    polars = pytest.importorskip("polars")
    measured = measures(two_standards(), by=("standard", "team"))
    work = work_list(two_standards(), as_of=AS_OF)
    for plot, frame in ((plot_measures, measured), (plot_work, work)):
        pictures = {drawn(plot(each)) for each in (frame, frame.to_pandas(), polars.from_arrow(frame))}
        assert len(pictures) == 1


def drawn(figure: Any) -> bytes:
    out = io.BytesIO()
    figure.savefig(out, format="png", metadata={"Software": None})
    return out.getvalue()


# ---------------------------------------------------------------- work


def the_work() -> pa.Table:
    """As of Friday 28 June 2024: North 3 overdue and 2 due within five days, 1 within 20; nobody's 4 within ten."""
    cases = Cases().add(3, "v", "2024-06-21", "breached", days=7, overdue=True, team="North")
    cases.add(2, "v", "2024-07-05", "due", team="North")  # the fifth working day
    cases.add(1, "v", "2024-07-26", "due", team="North")  # the twentieth
    return work_list(cases.add(4, "v", "2024-07-08", "due").table, as_of=AS_OF)  # the sixth


def test_the_bars_of_work_are_stacked_counts() -> None:
    """Each piece begins where the last ended, and the sum stands at the end."""
    figure = plot_work(the_work())
    (axes,) = figure.axes
    assert labels(axes.yaxis) == ["North", "no team"]
    pieces = [(round(patch.get_y() + 0.33), patch.get_x(), patch.get_width()) for patch in axes.patches]
    assert pieces == [(0, 0, 3), (0, 3, 2), (0, 5, 1), (1, 0, 4)]
    assert texts(figure) == ["3", "2", "1", "6", "4", "4"]
    assert words_around(figure) == [
        "What is next", "10 obligations", "overdue", "next 5 working days", "next 10 working days",
        "next 20 working days",
    ]  # fmt: skip
    colours = [patch.get_facecolor() for patch in figure.legends[0].get_patches()]
    assert len(set(colours)) == 4
    assert [patch.get_facecolor() for patch in axes.patches] == [colours[0], colours[1], colours[3], colours[2]]


def test_no_work_is_said() -> None:
    """An empty list is a picture that says so."""
    assert texts(plot_work(the_work().slice(0, 0))) == ["Nothing is overdue or due soon."]


# ---------------------------------------------------------------- all of them


@pytest.mark.parametrize(
    ("plot", "message"), [(plot_measures, "make it with measures"), (plot_work, "make it with work_list")]
)
@pytest.mark.parametrize("given", [[1, 2], None, pa.table({"subject": ["c"]})])
def test_another_frame_is_refused(plot: Any, message: str, given: Any) -> None:
    """What to make is said."""
    with pytest.raises(ValueError, match=message):
        plot(given)


def test_empty_tables_are_said() -> None:
    """No picture fails for want of rows."""
    empty = Cases().table
    assert texts(plot_heat(empty)) == ["Nothing is owed in these rows."]
    assert texts(plot_lateness(empty)) == ["Nothing is late or overdue."]
    assert texts(plot_measures(measures(empty))) == ["Nothing is owed in these rows."]


def test_what_the_caller_has_set_stands_and_equal_rows_give_equal_pictures() -> None:
    """No global state: rcParams stay as they were, and the bytes are equal."""
    import matplotlib

    before = dict(matplotlib.rcParams)
    first = [drawn(plot_heat(two_standards())), drawn(plot_work(the_work()))]
    assert dict(matplotlib.rcParams) == before
    assert first == [drawn(plot_heat(two_standards())), drawn(plot_work(the_work()))]


def ticks(axis: Any) -> list[Any]:
    """The labels that are seen: matplotlib makes some beyond the ends of an axis too."""
    low, high = sorted(axis.get_view_interval())
    pairs = zip(axis.get_ticklocs(), axis.get_ticklabels(), strict=True)
    return [label for place, label in pairs if low <= place <= high]


def test_no_text_lies_over_another() -> None:
    """Long names and full months: labels, numbers, title and key stand apart, and inside the picture."""
    cases = Cases()
    for month in range(1, 13):
        for name in ("a-standard-with-quite-a-long-name-" + "x" * 40, "b"):
            cases.add(123, name, f"2023-{month:02}-05", "met", team="A team with a name that is longer than most names")
            cases.add(40, name, f"2023-{month:02}-05", "breached", days=3, team="B")
    cases.add(
        40, "b", "2024-06-20", "breached", days=8, overdue=True, team="A team with a name that is $long$ too " * 2
    )
    table = cases.table
    for figure in (
        plot_heat(table),
        plot_lateness(table),
        plot_trend(table, "b"),
        plot_measures(measures(table, by=("standard", "team"))),
        plot_work(work_list(table, as_of=AS_OF)),
    ):
        figure.canvas.draw()
        (axes,) = figure.axes
        every = [*figure.texts, *axes.texts, *ticks(axes.xaxis), *ticks(axes.yaxis), axes.xaxis.label]
        every += [text for key in figure.legends for text in key.get_texts()]
        boxes = [(text.get_text(), text.get_window_extent()) for text in every if text.get_text()]
        width, height = figure.get_size_inches() * figure.dpi
        for number, (said, box) in enumerate(boxes):
            assert box.x0 >= 0, said
            assert box.y0 >= 0, said
            assert box.x1 <= width, said
            assert box.y1 <= height, said
            over = [other for other, place in boxes[number + 1 :] if box.shrunk(0.96, 0.8).overlaps(place)]
            assert not over, (said, over)


def test_without_matplotlib_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """The message says what to install."""
    work, real = the_work(), builtins.__import__

    def without(name: str, *args: Any, **more: Any) -> Any:
        if name.partition(".")[0] == "matplotlib":
            raise ImportError(name)
        return real(name, *args, **more)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(ImportError, match=r'pip install "practice-rules\[notebook\]"'):
        plot_work(work)
