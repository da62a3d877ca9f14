"""Write the reference pages that come from the source: api.md, command-line.md and packs.md in reference/.

    python docs/make_reference.py

A test keeps the pages equal to what this writes.
"""

from __future__ import annotations

import enum
import inspect
import re
from pathlib import Path
from types import FunctionType
from typing import Any

import click

import practice_rules
from practice_rules import (
    calendars,
    caseloads,
    comparing,
    explaining,
    feeding,
    measures,
    obligations,
    official,
    plots,
    readers,
    reading,
    records,
    rows,
    showing_caseloads,
    showing_comparisons,
    stories,
    synthetic,
    timescales,
    worklists,
)
from practice_rules.__main__ import cli
from practice_rules.loading import pack_names

HERE = Path(__file__).resolve().parent / "reference"
#: Which things, from which module, under which heading.
PARTS: tuple[tuple[str, str, Any, tuple[str, ...]], ...] = (
    (
        "From `practice_rules`",
        "What most programs need.",
        practice_rules,
        (
            "load_pack",
            "check_pack",
            "Pack",
            "PackError",
            "Event",
            "History",
            "HistoryError",
            "evaluate",
            "check_history",
            "Evaluation",
            "Obligation",
            "Status",
        ),
    ),
    (
        "From `practice_rules.reading`",
        "Histories from files.",
        reading,
        ("read_history",),
    ),
    (
        "From `practice_rules.explaining`",
        "Why a result is what it is.",
        explaining,
        ("explain", "why_not", "count_steps", "Explanation", "Step"),
    ),
    (
        "From `practice_rules.comparing` and `practice_rules.showing_comparisons`",
        "What several authorities ask, side by side; the results as text and as pages.",
        (comparing, showing_comparisons),
        (
            "compare",
            "Comparison",
            "Topic",
            "Pair",
            "Ask",
            "compare_history",
            "Difference",
            "comparison_text",
            "comparison_page",
            "history_text",
            "history_page",
        ),
    ),
    (
        "From `practice_rules.obligations`",
        "What the fields of a result hold.",
        obligations,
        ("NotAssessed", "EventRef", "Reason", "Source"),
    ),
    (
        "From `practice_rules.timescales` and `practice_rules.calendars`",
        "Dates by themselves. A calendar counts in day numbers: `date.toordinal()` there, `date.fromordinal()` back.",
        (timescales, calendars),
        ("read_timescale", "Timescale", "TimescaleError", "Calendar"),
    ),
    (
        "From `practice_rules.readers` and `practice_rules.records`",
        "An authority's records as events in the shared vocabulary. How each form is read:"
        " [readers](readers/index.md).",
        (readers, records),
        (
            "read_records",
            "recognise",
            "read_ssd",
            "read_cin_census",
            "read_annex_a",
            "read_ssda903",
            "read_event_log",
            "Reading",
            "EventLog",
            "Subject",
            "Record",
            "Origin",
            "Fault",
            "Allocation",
        ),
    ),
    (
        "From `practice_rules.caseloads`, `practice_rules.rows` and `practice_rules.feeding`",
        "A whole caseload. The columns of its rows: [caseload](caseload.md).",
        (caseloads, rows, feeding),
        ("evaluate_caseload", "Caseload", "row_schema", "rows_of_log", "unfed", "Unfed", "Effect"),
    ),
    (
        "From `practice_rules.measures` and `practice_rules.official`",
        "What was owed and met, with honest denominators: [measures](measures.md),"
        " [official measures](official-measures.md).",
        (measures, official),
        ("measures", "headline", "Headline", "lateness", "heat", "Heat", "HeatCell", "official_measures", "Official"),
    ),
    (
        "From `practice_rules.worklists`, `practice_rules.plots` and `practice_rules.showing_caseloads`",
        "What is next, and pictures and pages of a caseload.",
        (worklists, plots, showing_caseloads),
        (
            "work_list",
            "not_listed",
            "write_excel",
            "write_calendar",
            "write_calendars",
            "plot_heat",
            "plot_lateness",
            "plot_trend",
            "plot_measures",
            "plot_work",
            "caseload_html",
        ),
    ),
    (
        "From `practice_rules.synthetic`",
        "An invented authority.",
        synthetic,
        ("synthetic_authority", "Authority"),
    ),
)
#: Members that modules of the library use among themselves.
INSIDE = {
    "Evaluation": {"of", "parts", "events_by_id"},
    "Event": {"content", "order", "trusted"},
    "History": {"corrected", "final", "final_moment", "known", "let_go", "of_groups"},
}
SECTIONS = ("Args", "Attributes", "Returns", "Raises")


def pages() -> dict[str, str]:
    """Every page by its file name."""
    return {"api.md": api(), "command-line.md": command_line(), "packs.md": packs()}


# ---------------------------------------------------------------- the library


def api() -> str:
    """The library, from its docstrings."""
    named = {name for _, _, _, names in PARTS for name in names}
    left = set(practice_rules.__all__) - named - {"__version__"}
    if left:
        raise SystemExit(f"docs/make_reference.py does not say where these belong: {', '.join(sorted(left))}")
    lines = [
        "# The library",
        "",
        "Made from the docstrings by `python docs/make_reference.py`; change them there. `practice_rules.__version__`"
        " is the version as text.",
    ]
    for title, says, modules, names in PARTS:
        lines += ["", f"## {title}", "", says]
        for name in names:
            homes = modules if isinstance(modules, tuple) else (modules,)
            thing = next(getattr(home, name) for home in homes if hasattr(home, name))
            lines += ["", *(of_class(thing) if inspect.isclass(thing) else of_function(name, thing, "###"))]
    return "\n".join(lines) + "\n"


def of_class(thing: type) -> list[str]:
    """A class with its public members."""
    text = inspect.getdoc(thing) or ""
    built = "Args:" in text
    init = thing.__dict__.get("__init__")
    lines = [f"### {thing.__name__}", ""]
    if built and isinstance(init, FunctionType):
        lines += [f"`{thing.__name__}{signature(init)}`", ""]
    lines += docstring(text)
    if issubclass(thing, enum.Enum):
        lines += ["", *(f"- `{member.name}`: shown as “{member}”" for member in thing)]
    for name, member in thing.__dict__.items():
        if name.startswith("_") or name in INSIDE.get(thing.__name__, ()) or not inspect.getdoc(member):
            continue
        if issubclass(thing, enum.Enum) and name.isupper():
            continue
        if isinstance(member, property):
            lines += ["", f"**`{name}`**", "", *docstring(inspect.getdoc(member) or "")]
        elif isinstance(member, FunctionType | classmethod | staticmethod):
            lines += ["", *of_function(name, getattr(member, "__func__", member), "")]
    return lines


def of_function(name: str, function: Any, heading: str) -> list[str]:
    """A function, with a heading or (a method) without."""
    told = f"`{name}{signature(function)}`"
    start = [f"{heading} {name}", "", told] if heading else [f"**{told}**"]
    return [*start, "", *docstring(inspect.getdoc(function) or "")]


def signature(function: Any) -> str:
    """The parameters as written, with their defaults."""
    shown: list[str] = []
    starred = False
    for place, parameter in enumerate(inspect.signature(function).parameters.values()):
        if place == 0 and parameter.name in ("self", "cls"):
            continue
        if parameter.kind is parameter.KEYWORD_ONLY and not starred:
            shown.append("*")
            starred = True
        text = parameter.name
        if parameter.annotation is not parameter.empty:
            text += f": {annotation(parameter.annotation)}"
        if parameter.default is not parameter.empty:
            text += f" = {parameter.default!r}"
        shown.append(text)
    back = function.__annotations__.get("return", "None")
    arrow = "" if back in ("None", None) else f" -> {annotation(back)}"
    return f"({', '.join(shown)}){arrow}"


def annotation(value: Any) -> str:
    """An annotation as written."""
    return value if isinstance(value, str) else getattr(value, "__name__", str(value))


def docstring(text: str) -> list[str]:
    """A docstring as Markdown: its sections become lists."""
    text = re.sub(r":\w+:`([^`]+)`", r"`\1`", text)
    lines: list[str] = []
    section = ""
    for line in text.splitlines():
        title = line.rstrip(":")
        if line.endswith(":") and title in SECTIONS:
            section = title
            lines += [f"*{title}*", ""]
        elif not line.startswith(" ") and line:
            section = ""
            lines.append(line)
        elif section and re.match(r" {4}\S", line):
            name, colon, rest = line.strip().partition(": ")
            lines.append(f"- `{name}`: {rest}" if colon and section != "Returns" else f"- {line.strip()}")
        elif section and line:
            lines.append(f"  {line.strip()}")
        else:
            lines.append(line)
    return lines


# ---------------------------------------------------------------- the command line


def command_line() -> str:
    """The commands, from their own help."""
    lines = [
        "# The command line",
        "",
        "Made from the commands' own help by `python docs/make_reference.py`. Where the command is not found, say",
        "`python -m practice_rules` instead of `practice-rules`.",
        "",
        "```text",
        helped(cli, "practice-rules"),
        "```",
    ]
    for name, command in cli.commands.items():
        lines += ["", f"## {name}", "", "```text", helped(command, f"practice-rules {name}"), "```"]
    return "\n".join(lines) + "\n"


def helped(command: click.Command, name: str) -> str:
    """The help of one command at a fixed width."""
    context = click.Context(command, info_name=name, terminal_width=100, max_content_width=100)
    context.help_option_names = ["-h", "--help"]
    return "\n".join(line.rstrip() for line in command.get_help(context).splitlines()).strip()


# ---------------------------------------------------------------- the packs


def packs() -> str:
    """What each shipped pack holds, counted."""
    loaded = [practice_rules.load_pack(name) for name in pack_names()]
    kinds = sorted({kind for pack in loaded for kind in pack.counts()} - {"not tested"})
    rows: list[tuple[str, list[int]]] = [
        ("standards", [len(pack) for pack in loaded]),
        ("tested", [len(pack.tested) for pack in loaded]),
        ("not tested, each with its reason", [len(pack) - len(pack.tested) for pack in loaded]),
        ("with a reading", [sum(bool(one.reading) for one in pack.standards) for pack in loaded]),
        *((kind, [pack.counts().get(kind, 0) for pack in loaded]) for kind in kinds),
        ("stories, all as expected", [stories_that_pass(pack) for pack in loaded]),
    ]
    lines = [
        "# The shipped packs",
        "",
        "Counted from the packs themselves; a test keeps this page equal to them.",
        "",
        "| | " + " | ".join(pack.authority for pack in loaded) + " |",
        "|---" * (len(loaded) + 1) + "|",
        *(f"| {name} | " + " | ".join(map(str, numbers)) + " |" for name, numbers in rows),
        "",
        "`practice-rules read PACK --html FILE` makes a page of a pack to be read against the printed document.",
        "",
    ]
    return "\n".join(lines)


def stories_that_pass(pack: practice_rules.Pack) -> int:
    """How many stories of a pack come out as expected."""
    found, problems = stories.read_stories(stories.stories_of(pack.name), pack)
    results = stories.run_stories(found, pack)
    if problems or not all(result.passed for result in results):
        raise SystemExit(f"the stories of {pack.name} do not pass; run: practice-rules test {pack.name}")
    return len(results)


if __name__ == "__main__":
    for name, text in pages().items():
        (HERE / name).write_text(text, encoding="utf-8", newline="\n")
        print(f"written: docs/reference/{name}")
