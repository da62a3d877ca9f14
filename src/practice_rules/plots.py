"""Pictures of many cases for notebooks: shares by month, lateness, measures and work, as matplotlib figures.

The numbers are those of `measures` and `work_list`: what is hidden there is hatched here. Blue, amber and vermilion are
told apart with every common colour blindness, and every number is written as well. Needs the extras `caseload` and
`notebook`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from .measures import BANDS, HeatCell, heat, lateness
from .pictures import new_figure
from .words import plural

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from .pack import Pack

__all__ = ["plot_heat", "plot_lateness", "plot_measures", "plot_trend", "plot_work"]

_INK, _SOFT, _GRID, _BLANK, _STROKE = "#1b1f24", "#4a5560", "#dde2e6", "#eef1f3", "#98a3ac"
_BLUE, _AMBER, _RED = "#5a9fd4", "#e6b23c", "#d1431f"
#: From none met to all met.
_SCALE = ("#c8401d", "#e98c66", "#f7d9c8", "#f4f1ec", "#c9dff0", "#7fb3dc", "#2f7ab8")
#: The furthest step of a work list; those between it and the nearest grow paler.
_FAR = "#dfeaf3"
_HATCH, _DOTS = "////", ".."
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
#: Inches for one sign of a label, and the most signs of one.
_SIGN, _MOST_SIGNS = 0.078, 48
#: An entry of the key: colour, hatch (or "line"), meaning.
_Entry = tuple[Any, str, str]
_HIDDEN: _Entry = (_BLANK, _HATCH, "hidden, to protect small numbers")
_NONE: _Entry = ("white", _DOTS, "nothing owed")


# --- one picture each -------------------------------------------------------------------------------------------------


def plot_heat(rows: Any, pack: Pack | None = None, smallest: int = 6) -> Figure:
    """Standards by months of the due date: the share met in time in each, and below it of how many owed.

    A standard of which nothing was owed has no line; how many those are is said above.

    Args:
        rows: the table of obligations, as `measures` takes it.
        pack: the pack, for the order of the document; without it standards stand in the order of their names.
        smallest: as for `measures`.

    Raises:
        ImportError: matplotlib is not installed, or what `measures` needs.
        ValueError: as for `measures`.
    """
    found = heat(rows, pack, smallest)
    every = {name: cells for name, cells in zip(found.standards, found.cells, strict=True) if any(map(_owing, cells))}
    lines, months = len(every), len(found.months)
    if not lines:
        with _settings():
            return _empty("Met in time, by month due", "Nothing is owed in these rows.")
    silent = len(found.standards) - lines
    left = _room(list(every))
    with _settings():
        figure, axes = _sheet(left, 0.62 * max(months, 4), 0.44 * lines, 1.1)
        _title(
            figure, "Met in time, by month due", f"in per cent; below it, of how many owed{_unseen(silent, 'standard')}"
        )
        colours = _colours()
        for line, cells in enumerate(every.values()):
            for place, cell in enumerate(cells):
                _heat_cell(axes, place, line, cell, colours)
        axes.set_xlim(-0.5, months - 0.5)
        axes.set_ylim(lines - 0.5, -0.5)
        axes.set_xticks(range(months), _month_names(found.months))
        axes.set_yticks(range(lines), [_short(name) for name in every])
        axes.tick_params(length=0)
        _bare(axes, "top", "right", "left", "bottom")
        shown = [cell for cells in every.values() for cell in cells]
        entries: list[_Entry] = [(colours(share / 100), "", f"{share}%") for share in (0, 50, 100)]
        entries += [_HIDDEN] if any(cell.hidden for cell in shown) else []
        entries += [_NONE] if not all(map(_owing, shown)) else []
        _key(figure, entries)
        return figure


def plot_lateness(rows: Any, standard: str | None = None, smallest: int = 6) -> Figure:
    """How late the late and overdue ones are: a bar for each band of calendar days past due.

    Overdue ones are as late as they are on the day of judging; they will be later.

    Args:
        rows: the table of obligations, as `measures` takes it.
        standard: one standard; without it, all but cohort standards together.
        smallest: as for `measures`.

    Raises:
        ImportError: matplotlib is not installed, or what `measures` needs.
        ValueError: as for `measures`; or no row has that standard.
    """
    table = _rows(lateness(rows, by=() if standard is None else "standard", smallest=smallest))
    if standard is not None:
        table = [row for row in table if row["standard"] == standard]
        _must_be_there(standard, [row["standard"] for row in table])
    title = "Days late" if standard is None else f"Days late: {_short(standard)}"
    if not table or table[0]["breached"] == 0:
        with _settings():
            return _empty(title, "Nothing is late or overdue.")
    row = table[0]
    bands = [name for name, _, _ in BANDS]
    counts = [row[name] for name in bands]
    most = max([count for count in counts if count is not None], default=0) or 1
    with _settings():
        figure, axes = _sheet(0.95, 6.4, 2.6, 1.35)
        _title(figure, title, f"late or overdue: {'hidden' if row['breached'] is None else row['breached']}")
        for place, count in enumerate(counts):
            if count is None:
                axes.bar(place, most, width=0.78, **_hatched(_HATCH))
            else:
                axes.bar(place, count, width=0.78, color=_RED)
            said, height = ("hidden", most / 2) if count is None else (str(count), count)
            axes.annotate(said, (place, height), xytext=(0, 3), textcoords="offset points", ha="center", color=_INK,
                          bbox=_on_white())  # fmt: skip
        axes.set_xticks(range(len(bands)), bands)
        axes.set_xlabel("calendar days past the last day in time", color=_SOFT)
        axes.set_ylabel("obligations", color=_SOFT)
        axes.set_xlim(-0.6, len(bands) - 0.4)
        axes.set_ylim(0, most * 1.15)
        _whole_numbers(axes.yaxis)
        _bare(axes, "top", "right")
        _key(figure, [_HIDDEN] if None in counts else [])
        return figure


def plot_trend(rows: Any, standard: str, smallest: int = 6) -> Figure:
    """The share of one standard that was met in time, by month of the due date, with the number owed below.

    The numbers are those of `plot_heat`, so that neither picture gives away what the other hides.

    Args:
        rows: the table of obligations, as `measures` takes it.
        standard: the standard.
        smallest: as for `measures`.

    Raises:
        ImportError: matplotlib is not installed, or what `measures` needs.
        ValueError: as for `measures`; or no row has that standard.
    """
    found = heat(rows, None, smallest)
    _must_be_there(standard, found.standards)
    every = found.cells[found.standards.index(standard)]
    title = f"Met in time: {_short(standard)}"
    owed = [place for place, cell in enumerate(every) if _owing(cell)]
    if not owed:
        with _settings():
            return _empty(title, "Nothing is owed in these rows.")
    # From the first month to the last in which anything of this standard was owed.
    cells, months = every[owed[0] : owed[-1] + 1], found.months[owed[0] : owed[-1] + 1]
    with _settings():
        figure, axes = _sheet(0.95, max(5.0, 0.62 * len(months)), 2.4, 1.6)
        _title(figure, title, "in per cent, by month due")
        for run in _runs([cell.share for cell in cells]):
            places = [place for place, _ in run]
            shares = [100 * share for _, share in run]
            axes.plot(places, shares, color="#2f7ab8", linewidth=1.8, marker="o", markersize=6, zorder=3)
            for place, share in run:
                below = share > 0.9  # where the number would stand above the picture
                axes.annotate(
                    _percent(share), (place, 100 * share), xytext=(0, -9 if below else 8), textcoords="offset points",
                    ha="center", va="top" if below else "bottom", fontsize=8.5, color=_INK, bbox=_on_white(), zorder=4,
                )  # fmt: skip
        for place, cell in enumerate(cells):
            if cell.share is None:
                axes.axvspan(place - 0.5, place + 0.5, zorder=0, **_hatched(_HATCH if cell.hidden else _DOTS))
        said = ["hidden" if cell.owed is None else f"of {cell.owed}" for cell in cells]
        axes.set_xticks(range(len(months)), _month_names(months, said))
        axes.set_xlabel("month due, and how many were owed", color=_SOFT)
        axes.set_xlim(-0.5, len(months) - 0.5)
        axes.set_ylim(0, 104)
        _percents(axes, "y")
        _bare(axes, "top", "right")
        entries = [_HIDDEN] if any(cell.hidden for cell in cells) else []
        _key(figure, entries + ([_NONE] if not all(map(_owing, cells)) else []))
        return figure


def plot_measures(measured: Any) -> Figure:
    """The share met in time of each row of measures, with the number owed beside it and the share asked as a line.

    A row in which nothing was owed is not drawn; how many those are is said above.

    Args:
        measured: what `measures` gives, in any frame.

    Raises:
        ImportError: matplotlib or narwhals is not installed.
        ValueError: this is no frame of measures.
    """
    needed = ("subjects", "share", "denominator", "asked_share")
    every = _rows(measured, needed, "this is no frame of measures: make it with measures(rows, by=...)")
    table = [row for row in every if row["denominator"] != 0]
    if not table:
        with _settings():
            return _empty("Met in time", "Nothing is owed in these rows.")
    names = list(table[0])
    groups = names[: names.index("subjects")]
    labels = [
        " · ".join(f"no {name}" if row[name] is None else str(row[name]) for name in groups) or "all" for row in table
    ]
    with _settings():
        figure, axes = _sheet(_room(labels), 4.6, 0.34 * max(len(table), 2), 1.0, right=1.35)
        _title(figure, "Met in time", f"in per cent of those owed{_unseen(len(every) - len(table), 'row')}")
        for line, row in enumerate(table):
            if row["share"] is not None:
                axes.barh(line, 100 * row["share"], height=0.66, color=_BLUE)
                said = f"{_percent(row['share'])} of {row['denominator']}"
            else:
                axes.barh(line, 100, height=0.66, **_hatched(_HATCH))
                said = "hidden" if row["denominator"] is None else f"hidden, of {row['denominator']}"
            axes.text(101.5, line, said, va="center", ha="left", fontsize=8.5, color=_INK, clip_on=False)
            if row["asked_share"] is not None:
                axes.plot([row["asked_share"]] * 2, [line - 0.42, line + 0.42], color=_INK, linewidth=2, zorder=4)
        axes.set_yticks(range(len(table)), [_short(label) for label in labels])
        axes.set_ylim(max(len(table), 2) - 0.5, -0.5)
        axes.set_xlim(0, 100)
        _percents(axes, "x")
        axes.tick_params(axis="y", length=0)
        _bare(axes, "top", "right", "left")
        entries = [_HIDDEN] if any(row["share"] is None for row in table) else []
        asked = any(row["asked_share"] is not None for row in table)
        _key(figure, entries + ([(_INK, "line", "share asked")] if asked else []))
        return figure


def plot_work(work: Any) -> Figure:
    """How many obligations of each team are overdue, and how many are due in the next working days.

    Args:
        work: what `work_list` gives, in any frame.

    Raises:
        ImportError: matplotlib or narwhals is not installed.
        ValueError: this is no work list.
    """
    table = _rows(work, ("when", "team", "working_days"), "this is no work list: make it with work_list(rows, ...)")
    if not table:
        with _settings():
            return _empty("What is next", "Nothing is overdue or due soon.")
    steps = sorted({row["when"] for row in table}, key=_length)
    teams = sorted({row["team"] for row in table}, key=lambda team: (team is None, team or ""))
    counts = dict.fromkeys([(team, step) for team in teams for step in steps], 0)
    for row in table:
        counts[row["team"], row["when"]] += 1
    most = max(sum(counts[team, step] for step in steps) for team in teams)
    labels = ["no team" if team is None else team for team in teams]
    with _settings():
        colours = _step_colours(steps)
        figure, axes = _sheet(_room(labels), 6.0, 0.46 * max(len(teams), 2), 1.25, right=0.7)
        _title(figure, "What is next", plural(len(table), "obligation"))
        for line, team in enumerate(teams):
            start = 0
            for step in steps:
                count = counts[team, step]
                if not count:
                    continue
                axes.barh(line, count, left=start, height=0.66, color=colours[step], edgecolor="white", linewidth=0.8)
                if count / most > 0.022 * len(str(count)):  # where the number fits into its piece
                    ink = "white" if colours[step] == _RED else _INK
                    axes.text(start + count / 2, line, str(count), ha="center", va="center", fontsize=8.5, color=ink)
                start += count
            axes.text(start + most * 0.012, line, str(start), va="center", fontweight="bold", color=_INK)
        axes.set_yticks(range(len(teams)), [_short(label) for label in labels])
        axes.set_ylim(max(len(teams), 2) - 0.5, -0.5)
        axes.set_xlim(0, most)
        _whole_numbers(axes.xaxis)
        axes.set_xlabel("obligations", color=_SOFT)
        axes.grid(axis="x", color=_GRID, linewidth=0.8)
        axes.set_axisbelow(True)
        axes.tick_params(axis="y", length=0)
        _bare(axes, "top", "right", "left")
        _key(figure, [(colours[step], "", step) for step in steps])
        return figure


# --- what comes in ----------------------------------------------------------------------------------------------------


def _rows(given: Any, needed: Sequence[str] = (), message: str = "") -> list[dict[str, Any]]:
    """The rows of any frame; what is missing in it is None."""
    try:
        import narwhals as nw
    except ImportError:
        raise ImportError(
            'Plots need narwhals, which is not installed. Install it with: pip install "practice-rules[caseload]"'
        ) from None
    try:
        frame = nw.from_native(given, eager_only=True)
    except TypeError:
        raise ValueError(message) from None
    if not set(needed) <= set(frame.columns):
        raise ValueError(message)
    rows: list[dict[str, Any]] = frame.to_arrow().to_pylist()
    return rows


def _owing(cell: HeatCell) -> bool:
    """Whether anything was owed; what is hidden was not nought."""
    return cell.owed != 0


def _must_be_there(standard: str, found: Sequence[str]) -> None:
    if standard not in found:
        raise ValueError(f'no row of the table of obligations has the standard "{standard}": check the spelling')


def _length(step: str) -> int:
    """The length of a step in working days; overdue comes before all."""
    found = re.fullmatch(r"next (\d+) working days?", step)
    return int(found[1]) if found else 0


def _step_colours(steps: Sequence[str]) -> dict[str, str]:
    """Overdue vermilion, the nearest step amber, and the others from blue to pale."""
    from matplotlib.colors import LinearSegmentedColormap, to_hex

    overdue = [step for step in steps if not _length(step)]
    first, *others = [step for step in steps if _length(step)] or [""]
    paler = LinearSegmentedColormap.from_list("steps", (_BLUE, _FAR))
    ahead = {step: to_hex(paler(place / max(1, len(others) - 1))) for place, step in enumerate(others)}
    return dict.fromkeys(overdue, _RED) | {first: _AMBER} | ahead


# --- words ------------------------------------------------------------------------------------------------------------


def _percent(share: float) -> str:
    """A share as a whole per cent; 100% means all, and 0% none."""
    whole = round(100 * share)
    return f"{min(whole, 99) if share < 1 else 100}%" if share == 0 or whole else "1%"


def _unseen(number: int, what: str) -> str:
    return f". {plural(number, what)} with nothing owed: not shown" if number else ""


def _short(text: str) -> str:
    text = "".join(sign if sign.isprintable() else " " for sign in text)
    return text if len(text) <= _MOST_SIGNS else text[: _MOST_SIGNS - 1].rstrip() + "…"


def _month_names(months: Sequence[str], below: Sequence[str] = ()) -> list[str]:
    """Months as "Mar", with the year below the first and each January; `below` stands between."""
    names = []
    for place, month in enumerate(months):
        parts = [_MONTHS[int(month[5:]) - 1], *below[place : place + 1]]
        if place == 0 or month.endswith("-01"):
            parts.append(month[:4])
        names.append("\n".join(parts))
    return names


# --- drawing ----------------------------------------------------------------------------------------------------------


@contextmanager
def _settings() -> Iterator[None]:
    """Matplotlib's own defaults and ours while a picture is drawn; what the caller has set stands again afterwards."""
    try:
        from matplotlib import style
    except ImportError:
        raise ImportError(
            'Plots need matplotlib, which is not installed. Install it with: pip install "practice-rules[notebook]"'
        ) from None
    ours = {
        "svg.hashsalt": "practice_rules",
        "text.parse_math": False,
        "text.usetex": False,
        "font.family": "sans-serif",
        "font.sans-serif": ["DejaVu Sans"],
        "font.size": 9.0,
        "hatch.linewidth": 0.6,
    }
    with style.context(["default", ours]):
        yield


def _room(labels: Sequence[str]) -> float:
    """Inches for labels at the left."""
    return 0.35 + _SIGN * max(len(_short(label)) for label in labels)


def _sheet(left: float, wide: float, high: float, bottom: float, right: float = 0.35) -> tuple[Figure, Any]:
    """A figure with one set of axes of that size; everything in inches."""
    width, height = max(left + wide + right, 6.5), 0.8 + high + bottom
    figure = new_figure(width, height)
    axes = figure.add_axes((left / width, bottom / height, wide / width, high / height))
    for edge in axes.spines.values():
        edge.set_color(_SOFT)
    axes.tick_params(labelsize=8.5, labelcolor=_INK, color=_SOFT)
    return figure, axes


def _empty(title: str, message: str) -> Figure:
    """A picture that says that there is nothing to see, so that it is not taken for one that failed."""
    figure, axes = _sheet(0.35, 6.0, 0.7, 0.2)
    _title(figure, title, "")
    axes.set_axis_off()
    axes.text(0, 0.5, message, transform=axes.transAxes, va="center", color=_INK)
    return figure


def _title(figure: Figure, title: str, below: str) -> None:
    width, height = figure.get_size_inches()
    words: dict[str, Any] = {"x": 0.15 / width, "va": "center"}
    figure.text(y=1 - 0.24 / height, s=title, fontsize=12, fontweight="bold", color=_INK, **words)
    figure.text(y=1 - 0.5 / height, s=below, color=_SOFT, **words)


def _key(figure: Figure, entries: Sequence[_Entry]) -> None:
    """What the colours and strokes mean, at the foot."""
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

    if not entries:
        return
    width, height = figure.get_size_inches()
    handles = [
        Line2D([], [], color=colour, linewidth=2, label=said)
        if hatch == "line"
        else Patch(facecolor=colour, edgecolor=_STROKE, linewidth=0.6, hatch=hatch, label=said)
        for colour, hatch, said in entries
    ]
    fits = sum(0.55 + 0.07 * len(said) for _, _, said in entries) < width
    figure.legend(
        handles=handles, loc="lower left", bbox_to_anchor=(0.08 / width, 0.06 / height),
        ncols=len(handles) if fits else (len(handles) + 1) // 2,
        frameon=False, fontsize=8.5, handlelength=1.6, columnspacing=1.2, handletextpad=0.5,
    )  # fmt: skip


def _heat_cell(axes: Any, place: int, line: int, cell: HeatCell, colours: Any) -> None:
    from matplotlib.patches import Rectangle

    if cell.share is None:
        look = _hatched(_HATCH if cell.hidden else _DOTS)
    else:
        look = {"facecolor": colours(cell.share), "linewidth": 0}
    axes.add_patch(Rectangle((place - 0.485, line - 0.48), 0.97, 0.96, **look))
    if cell.hidden:
        said = "hidden" if cell.owed is None else f"hidden\nof {cell.owed}"
        axes.text(place, line, said, ha="center", va="center", fontsize=7.5, color=_INK, bbox=_on_white())
    elif cell.share is not None:
        ink = "white" if cell.share < 0.1 or cell.share > 0.94 else _INK
        words: dict[str, Any] = {"ha": "center", "va": "center", "color": ink}
        axes.text(place, line - 0.14, _percent(cell.share), fontsize=9, fontweight="bold", **words)
        axes.text(place, line + 0.24, f"of {cell.owed}", fontsize=7.5, **words)


def _colours() -> Any:
    from matplotlib.colors import LinearSegmentedColormap

    return LinearSegmentedColormap.from_list("met", _SCALE)


def _hatched(hatch: str) -> dict[str, Any]:
    return {
        "facecolor": _BLANK if hatch == _HATCH else "white",
        "edgecolor": _STROKE if hatch == _HATCH else "#c9d0d6",
        "hatch": hatch,
        "linewidth": 0,
    }


def _on_white() -> dict[str, Any]:
    return {"facecolor": "white", "edgecolor": "none", "pad": 0.8, "alpha": 0.85}


def _bare(axes: Any, *edges: str) -> None:
    for edge in edges:
        axes.spines[edge].set_visible(False)


def _percents(axes: Any, which: str) -> None:
    marks = range(0, 101, 25)
    setter = axes.set_xticks if which == "x" else axes.set_yticks
    setter(marks, [f"{mark}%" for mark in marks])
    axes.grid(axis=which, color=_GRID, linewidth=0.8)
    axes.set_axisbelow(True)


def _whole_numbers(axis: Any) -> None:
    from matplotlib.ticker import MaxNLocator

    axis.set_major_locator(MaxNLocator(integer=True, min_n_ticks=1))


def _runs(shares: Sequence[float | None]) -> Iterator[list[tuple[int, float]]]:
    """Neighbours that have a share: a line across a month without one would show what nobody counted."""
    run: list[tuple[int, float]] = []
    for place, share in enumerate([*shares, None]):
        if share is not None:
            run.append((place, share))
        elif run:
            yield run
            run = []
