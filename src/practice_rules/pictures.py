"""The case as a picture: events, duties from opening to last day, what was done, and lateness. Needs matplotlib."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from io import BytesIO, StringIO
from typing import TYPE_CHECKING, Any

from .evaluations import Evaluation
from .events import as_moment
from .obligations import Obligation, Status
from .words import plural, say_date

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["new_figure", "timeline", "timeline_svg"]

#: The most standards that one picture shows.
MOST_ROWS = 40
#: The most events that are named along the top.
_MOST_NAMES = 24
_LANES = 6
#: An event of a name that occurs more often than this is marked and not named.
_OFTEN = 3
_WIDTH = 12.0
_ROW = 0.32
_LEFT, _RIGHT = 3.4, 1.9  # inches for the names of the standards, and for the counts

_INK, _SOFT, _GRID = "#1b1f24", "#4a5560", "#dde2e6"
#: Blue, amber and vermilion are told apart with every common colour blindness; lines and shapes say it again.
_MET, _DUE, _LATE, _GONE = "#5a9fd4", "#e6b23c", "#d1431f", "#87919a"
_DASHED = (0, (3, 2))
_DOTTED = (0, (2, 1.5))
_PALE = "#fbd5c9"
_TEXT_SIZE = 9.0
#: Inches from one line of event names to the next.
_LANE = 0.19

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


@dataclass(frozen=True, slots=True)
class _Mark:
    """An event along the top."""

    when: float
    name: str
    arranged: bool
    #: How much it matters: the lower, the sooner it is named.
    rank: int


def timeline(evaluation: Evaluation) -> Figure:
    """The case as a matplotlib figure: one row a standard, the most urgent first, and the events along the top.

    Raises:
        ImportError: matplotlib is not installed.
    """
    with _settings():
        return _drawn(evaluation)


def timeline_svg(evaluation: Evaluation) -> str:
    """The case as SVG; equal evaluations give equal text.

    Raises:
        ImportError: matplotlib is not installed.
    """
    with _settings():
        figure = _drawn(evaluation)
        out = StringIO()
        figure.savefig(out, format="svg", metadata={"Date": None, "Creator": None, "Format": None, "Type": None})
    return out.getvalue()


@contextmanager
def _settings() -> Iterator[None]:
    """Matplotlib's own defaults and ours while a picture is drawn; what the caller has set stands again afterwards."""
    try:
        from matplotlib import style
    except ImportError:
        raise ImportError(
            "The timeline is drawn by matplotlib, which is not installed. "
            "Install it with: pip install practice-rules[notebook]"
        ) from None
    ours = {
        "svg.hashsalt": "practice_rules",
        "svg.fonttype": "none",
        "text.parse_math": False,
        "text.usetex": False,
        "font.family": "sans-serif",
        "font.sans-serif": ["DejaVu Sans", "Segoe UI", "Arial", "sans-serif"],
        "font.size": _TEXT_SIZE,
    }
    with style.context(["default", ours]):
        yield


# --- what is drawn ----------------------------------------------------------------------------------------------------


def _x(value: date | datetime) -> float:
    """A date as days; a time as a fraction of its day."""
    if isinstance(value, datetime):
        return value.toordinal() + (value.hour * 60 + value.minute) / 1440
    return float(value.toordinal())


def _end_of(value: date | datetime) -> float:
    """The last moment of a date; a time is itself."""
    return _x(value) if isinstance(value, datetime) else _x(value) + 1


def _rows(evaluation: Evaluation) -> list[tuple[str, list[Obligation]]]:
    """Standards with their duties: overdue first, then late, due, met, and fallen away; within each the nearest."""
    found: dict[str, list[Obligation]] = {}
    for item in (*evaluation.obligations, *evaluation.lapsed):
        found.setdefault(item.standard, []).append(item)

    def urgency(row: tuple[str, list[Obligation]]) -> tuple[int, int, int, str]:
        name, items = row
        status = min(item.status for item in items)
        if status is Status.BREACHED:
            overdue = [item for item in items if item.overdue]
            longest = max((item.days_late or 0 for item in overdue), default=0)
            return (0 if overdue else 1, -longest, -sum(item.late for item in items), name)
        if status is Status.DUE:
            left = [item.days_left for item in items if item.status is Status.DUE and item.days_left is not None]
            return (2, min(left, default=10**6), 0, name)
        return (3 if status is Status.MET else 4, -len(items), 0, name)

    return sorted(found.items(), key=urgency)


def _marks(evaluation: Evaluation, items: Sequence[Obligation]) -> list[_Mark]:
    """The events of the history as it was known; where only a result is left, those that its duties name."""
    history, pack = evaluation._history, evaluation._pack
    seen: dict[tuple[str, str], tuple[float, str, bool]] = {}
    if history is not None:
        known = history.known(as_moment(evaluation.as_of), as_moment(evaluation.known_at))
        for groups, arranged in ((known.happened, False), (known.arranged, True)):
            for events in groups.values():
                for event in events:
                    seen[event.key, event.id] = (_x(event.on), event.key, arranged)
    else:
        end = _end_of(evaluation.as_of)
        for item in items:
            for ref in (item.opened_by, item.met_by):
                if ref is not None:
                    seen[ref.name, ref.id] = (_x(ref.on), ref.name, _x(ref.on) >= end)
    counts: dict[str, int] = {}
    for _, name, _ in seen.values():
        counts[name] = counts.get(name, 0) + 1
    turns: set[str] = set()
    if pack is not None:
        for period in pack.used_periods:
            turns.update(period.starts.names)
            turns.update(period.ends.names if period.ends else ())
    marks = [
        _Mark(when, name, arranged, counts[name] - (100 if name in turns else 0))
        for when, name, arranged in seen.values()
    ]
    return sorted(marks, key=lambda mark: (mark.when, mark.name, mark.arranged))


# --- drawing ----------------------------------------------------------------------------------------------------------


def new_figure(width: float, height: float) -> Figure:
    """An empty white figure, in inches, that shows itself in a notebook whether or not pyplot is used there."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    class Picture(Figure):
        def _repr_png_(self) -> bytes:
            out = BytesIO()
            self.savefig(out, format="png")
            return out.getvalue()

    figure = Picture(figsize=(width, height), dpi=100, facecolor="white")
    FigureCanvasAgg(figure)
    return figure


def _drawn(evaluation: Evaluation) -> Figure:
    every = _rows(evaluation)
    rows = every[:MOST_ROWS]
    items = [item for _, found in rows for item in found]
    marks = _marks(evaluation, items)
    now = _end_of(evaluation.as_of)
    first, last = _range(items, marks, now)
    inch = (last - first) / (_WIDTH - _LEFT - _RIGHT)
    names = _named(marks, first, last, inch)
    heads, foot = 1.0 + _LANE * (1 + max((lane for _, _, lane in names), default=0)), 1.3
    height = heads + max(2, len(rows)) * _ROW + foot
    figure = new_figure(_WIDTH, height)
    axes: Any = figure.add_axes(
        (_LEFT / _WIDTH, foot / height, (_WIDTH - _LEFT - _RIGHT) / _WIDTH, max(2, len(rows)) * _ROW / height)
    )
    axes.set_xlim(first, last)
    axes.set_ylim(max(2, len(rows)) - 0.5, -0.5)
    for edge in ("top", "right", "left"):
        axes.spines[edge].set_visible(False)
    axes.spines["bottom"].set_color(_SOFT)
    _calendar(axes, first, last)
    axes.set_yticks([])
    least = (last - first) / 450  # a duty of one day stays visible over many years
    shapes = _Shapes()
    for number, (standard, found) in enumerate(rows):
        if number % 2 == 0:
            axes.axhspan(number - 0.5, number + 0.5, color="#f4f6f8", zorder=0, linewidth=0)
        for item in found:
            _duty(shapes, number, item, now, least)
        beside: dict[str, Any] = {"transform": axes.get_yaxis_transform(), "va": "center", "clip_on": False}
        axes.text(-0.008, number, _short(standard, 44), ha="right", color=_INK, fontsize=_TEXT_SIZE, **beside)
        axes.text(1.008, number, _tally(found), ha="left", color=_SOFT, fontsize=8.0, **beside)
    shapes.draw(axes)
    if not rows:
        axes.text((first + last) / 2, 0.5, "No duty opened in this record.", ha="center", va="center", color=_SOFT)
    axes.axvline(now, color=_INK, linewidth=1.2, linestyle=(0, (4, 2)), zorder=6)
    _events(axes, marks, names, last, inch, len(rows))
    _words_around(figure, evaluation, height, len(every) - len(rows), len(marks) - len(names))
    _legend(figure, height, any(mark.arranged for mark in marks))
    return figure


def _range(items: Sequence[Obligation], marks: Sequence[_Mark], now: float) -> tuple[float, float]:
    """From the first thing to the last, with a little air; a due date far ahead does not press the rest together."""
    starts = [now - 1, *(mark.when for mark in marks), *(_x(item.opened) for item in items)]
    first = min(starts)
    ends = [now, *(mark.when for mark in marks), *(_end_of(item.due) for item in items if item.due is not None)]
    ahead = max(60.0, (now - first) * 0.2)
    last = min(max(ends), now + ahead)
    air = max(3.0, (last - first) * 0.015)
    return first - air, last + air


def _calendar(axes: Any, first: float, last: float) -> None:
    """Marks of the calendar: weeks, months, quarters or years, whichever leaves room for their names."""
    days = last - first
    places: list[tuple[float, str]] = []
    start, end = date.fromordinal(max(1, int(first))), date.fromordinal(int(last))
    if days <= 100:
        apart = 7 if days <= 75 else 14
        monday = start.toordinal() - start.weekday()
        for day in range(monday, end.toordinal() + 1, apart):
            if day >= first:
                said = date.fromordinal(day)
                places.append((float(day), f"{said.day} {_MONTHS[said.month - 1]}\n{said.year}"))
    else:
        step = next((step for step in (1, 2, 3, 6, 12, 24, 60, 120) if days / 30.4 / step <= 13), 240)
        month = (start.year * 12 + start.month - 1) // step * step
        while month <= end.year * 12 + end.month - 1:
            begun = float(date(month // 12, month % 12 + 1, 1).toordinal())
            if first <= begun <= last:
                places.append((begun, f"{_MONTHS[month % 12]}\n{month // 12}"))
            month += step
    axes.set_xticks([day for day, _ in places], [label for _, label in places])
    axes.tick_params(axis="x", labelsize=8.5, labelcolor=_SOFT, color=_SOFT, length=4)
    axes.grid(axis="x", color=_GRID, linewidth=0.8, zorder=0.5)
    axes.set_axisbelow(True)


class _Shapes:
    """Bars, lines and marks by their look: a case may have hundreds, and each look is drawn at once."""

    def __init__(self) -> None:
        self._bars: dict[tuple[Any, ...], list[list[tuple[float, float]]]] = {}
        self._lines: dict[tuple[Any, ...], list[list[tuple[float, float]]]] = {}
        self._points: dict[tuple[Any, ...], list[tuple[float, float]]] = {}

    def bar(self, left: float, right: float, row: int, **look: Any) -> None:
        """A duty's time: a bar in its row."""
        low, high = row - 0.26, row + 0.26
        self._bars.setdefault(tuple(look.items()), []).append([(left, low), (left, high), (right, high), (right, low)])

    def line(self, start: tuple[float, float], end: tuple[float, float], **look: Any) -> None:
        """A line from one place to another."""
        self._lines.setdefault(tuple(look.items()), []).append([start, end])

    def point(self, when: float, row: int, **look: Any) -> None:
        """A mark."""
        self._points.setdefault(tuple(look.items()), []).append((when, row))

    def draw(self, axes: Any) -> None:
        """Draw them all."""
        from matplotlib.collections import LineCollection, PolyCollection

        for look, bars in self._bars.items():
            axes.add_collection(PolyCollection(bars, **dict(look)), autolim=False)
        for look, lines in self._lines.items():
            axes.add_collection(LineCollection(lines, **dict(look)), autolim=False)
        for look, points in self._points.items():
            axes.plot([when for when, _ in points], [row for _, row in points], linestyle="none", **dict(look))


def _duty(shapes: _Shapes, row: int, item: Obligation, now: float, least: float) -> None:
    """One duty: its time, what was done, and how late."""
    opened = _x(item.opened)
    due = None if item.due is None else _end_of(item.due)
    done = None if item.met_on is None else _x(item.met_on)
    start = opened

    def bar(left: float, right: float, colour: str, order: float, **more: Any) -> None:
        look = {"facecolors": colour, "zorder": order, "linewidths": 0.6, **more}
        shapes.bar(left, left + max(right - left, least), row, **look)

    def line(left: float, right: float, colour: str, width: float, order: float) -> None:
        shapes.line((left, row), (right, row), colors=colour, linewidths=width, zorder=order, capstyle="butt")

    if item.kind == "lead time" and due is not None:
        # Counted back: the act may come long before the duty shows, so only the last day and the event are drawn.
        start = min(opened, due - 1, done if done is not None else opened)
    if item.status is Status.LAPSED:
        end = now if item.ended is None else _x(item.ended)
        bar(start, max(end, start), "#ffffff", 2, edgecolors=_GONE, linestyles=_DASHED, linewidths=1.0)
    elif item.status is Status.MET:
        end = _x(item.due) if item.due is not None else done if done is not None else now
        bar(start, max(done if done is not None else end, start), _MET, 3, edgecolors="white")
        if done is not None and due is not None and due > done + 1:
            # What was left of the time allowed.
            line(done, due, _MET, 1.0, 2.5)
    elif item.status is Status.DUE:
        bar(start, now, _DUE, 3, edgecolors="#8a6500", alpha=0.75)
        if due is not None and due > now:
            bar(now, due, "#fff7e0", 2.8, edgecolors="#8a6500", linestyles=_DOTTED)
    elif due is not None:
        end = done if done is not None else _x(item.ended) if item.ended is not None and _x(item.ended) < now else now
        bar(start, due, _MET if item.late else _DUE, 3, edgecolors="white")
        bar(due, max(end, due), _PALE, 3.2, edgecolors=_LATE)
        line(due, max(end, due), _LATE, 2.2, 3.4)
        shapes.line((due, row - 0.36), (due, row + 0.36), colors=_LATE, linewidths=1.6, zorder=4.5)
        if item.overdue and end >= now:
            shapes.point(now, row, marker=">", markersize=7, color=_LATE, zorder=7, clip_on=False)
    if done is not None:
        late = item.late
        shapes.point(
            done,
            row,
            marker="X" if late else "o",
            markersize=7 if late else 4.5,
            color=_LATE if late else "#0a4a73",
            markeredgecolor="white",
            markeredgewidth=0.7,
            zorder=5,
        )


def _tally(items: Sequence[Obligation]) -> str:
    """How many of each status, in words."""
    said = []
    for status in (Status.BREACHED, Status.DUE, Status.MET, Status.LAPSED):
        count = sum(1 for item in items if item.status is status)
        if count:
            said.append(f"{count} {status}")
    return ", ".join(said)


def _named(marks: Sequence[_Mark], first: float, last: float, inch: float) -> list[tuple[_Mark, str, int]]:
    """The events that get a name along the top, each with what is said and its line, counted from below.

    A name stands to the right of its event, above the names of the events that it reaches over, so that no line from
    a name to its event runs through another name.
    """
    chosen: list[tuple[_Mark, str, int]] = []
    for mark in sorted(marks, key=lambda mark: (mark.rank, mark.when, mark.name)):
        if len(chosen) == _MOST_NAMES or mark.rank > _OFTEN:
            break
        if mark.when > last or any(mark.when == other.when and mark.name == other.name for other, _, _ in chosen):
            continue
        tried = _stacked([*(other for other, _, _ in chosen), mark], last, inch)
        if max(lane for _, _, lane in tried) < _LANES:
            chosen = tried
    return chosen


def _stacked(marks: Sequence[_Mark], last: float, inch: float) -> list[tuple[_Mark, str, int]]:
    placed: list[tuple[_Mark, str, int]] = []
    for mark in sorted(marks, key=lambda mark: (mark.when, mark.name), reverse=True):
        room = (last - mark.when) / inch + _RIGHT - 0.2
        said = _short(mark.name, min(40, int(room / 0.075)))
        reach = mark.when + (0.075 * len(said) + 0.1) * inch
        lane = 1 + max((place for other, _, place in placed if other.when < reach), default=-1)
        placed.append((mark, said, lane))
    return placed


def _events(
    axes: Any, marks: Sequence[_Mark], names: Sequence[tuple[_Mark, str, int]], last: float, inch: float, rows: int
) -> None:
    """The events along the top, the most telling of them named."""
    top = axes.get_xaxis_transform()
    unit = 1 / (max(2, rows) * _ROW)  # one inch, as a share of the axes' height
    line = 1 + 0.1 * unit
    axes.plot([0, 1], [line, line], transform=axes.transAxes, color=_GRID, linewidth=0.8, clip_on=False, zorder=1)
    for arranged in (False, True):
        places = [mark.when for mark in marks if mark.arranged is arranged and mark.when <= last]
        axes.plot(
            places,
            [line] * len(places),
            linestyle="none",
            marker="D",
            markersize=4,
            color=_INK,
            markerfacecolor="white" if arranged else _INK,
            markeredgewidth=0.8,
            transform=top,
            clip_on=False,
            zorder=5,
        )
    for mark, said, lane in names:
        height = line + (0.15 + _LANE * lane) * unit
        axes.plot([mark.when, mark.when], [line, height], color=_SOFT, linewidth=0.6, transform=top, clip_on=False)
        axes.text(
            mark.when + 0.04 * inch,
            height,
            said,
            transform=top,
            va="center",
            fontsize=8.5,
            color=_INK,
            clip_on=False,
        )


def _short(text: str, most: int) -> str:
    text = "".join(sign if sign.isprintable() else " " for sign in text)
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


def _words_around(figure: Any, evaluation: Evaluation, height: float, hidden: int, unnamed: int) -> None:
    say: Callable[..., Any] = figure.text
    title = f"{_short(evaluation.subject, 40)}: {_short(evaluation.authority, 60)}"
    say(0.2 / _WIDTH, 1 - 0.22 / height, title, fontsize=12, fontweight="bold", color=_INK, va="center")
    as_of = f"As of {say_date(evaluation.as_of)} (dashed line)"
    say(0.2 / _WIDTH, 1 - 0.47 / height, as_of, fontsize=9, color=_SOFT, va="center")
    notes = []
    if hidden:
        notes.append(
            f"{plural(hidden, 'more standard has', 'more standards have')} duties and no row here: the {MOST_ROWS} "
            "most urgent are shown."
        )
    if unnamed:
        notes.append(f"{plural(unnamed, 'event is', 'events are')} marked above without a name.")
    if notes:
        say(0.2 / _WIDTH, 0.16 / height, " ".join(notes), fontsize=8.5, color=_SOFT, va="center")


def _legend(figure: Any, height: float, arranged: bool) -> None:
    from matplotlib.legend_handler import HandlerTuple
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

    def point(marker: str, colour: str, label: str, fill: str | None = None) -> Line2D:
        return Line2D(
            [],
            [],
            linestyle="none",
            marker=marker,
            color=colour,
            markerfacecolor=fill or colour,
            markersize=7,
            label=label,
        )

    entries: list[Any] = [
        Patch(facecolor=_MET, label="time used, and done"),
        Patch(facecolor=_DUE, edgecolor="#8a6500", label="open"),
        Patch(facecolor="#fff7e0", edgecolor="#8a6500", linestyle=(0, (2, 1.5)), label="time left"),
        (Patch(facecolor=_PALE, edgecolor=_LATE), Line2D([], [], color=_LATE, linewidth=2.2)),
        Patch(facecolor="white", edgecolor=_GONE, linestyle=(0, (3, 2)), label="lapsed"),
        point("o", "#0a4a73", "done in time"),
        point("X", _LATE, "done late"),
        point(">", _LATE, "still overdue"),
        point("D", _INK, "event"),
    ]
    if arranged:
        entries.append(point("D", _INK, "arranged", "white"))
    figure.legend(
        handles=entries,
        labels=["past the last day" if isinstance(entry, tuple) else entry.get_label() for entry in entries],
        handler_map={tuple: HandlerTuple(ndivide=1)},
        loc="lower left",
        bbox_to_anchor=(0.1 / _WIDTH, 0.28 / height),
        ncols=(len(entries) + 1) // 2,
        frameon=False,
        fontsize=8.5,
        handlelength=1.6,
        columnspacing=1.3,
        handletextpad=0.5,
    )
