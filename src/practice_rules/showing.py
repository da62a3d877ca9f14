"""An evaluation as text, as a page and in a notebook; a standard as a sentence; a pack as something to proof-read.

What is shown comes from records and from files that others wrote: text is stripped of control characters, HTML is
escaped, and nothing is fetched from a network.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from io import StringIO
from typing import TYPE_CHECKING

from .calendars import OFFICIAL_UNTIL
from .evaluations import Evaluation
from .kinds import KINDS
from .obligations import NotAssessed, Obligation, Status
from .pack import Pack
from .shapes import Kind, read_aloud
from .standards import Standard
from .words import plural, say_date, say_list

if TYPE_CHECKING:
    from jinja2 import Environment

__all__ = [
    "evaluation_html",
    "evaluation_page",
    "evaluation_text",
    "obligation_html",
    "read_page",
    "read_text",
    "standard_sentence",
]

#: The order in which a reader wants the statuses.
_URGENCY = (Status.BREACHED, Status.DUE, Status.MET, Status.LAPSED)
#: How wide text is, unless a width is asked for.
_WIDTH = 120
_PROSE = 100

# --- a standard as a sentence -----------------------------------------------------------------------------------------

#: Keys that are not the rule: what people wrote about it.
_TOLD = ("says", "source", "reading", "not tested", "replaces")


def standard_sentence(standard: Standard) -> str:
    """The rule of a standard in plain English, made from its keys and from nothing else."""
    if not standard.tested:
        return f"not tested: {standard.why_not_tested}"
    words = {key: _alternatives(value) for key, value in standard.words if key not in _TOLD}
    # Where all must hold, a list is no choice.
    if "while" in words and standard.standing is not None:
        words["while"] = say_list([period.key for period in standard.standing.all_of])
    if "require" in words:
        asked = dict(standard.words)["require"]
        names = [asked] if ": " in asked else asked.split(" and ")
        words["require"] = say_list([f"“{name}”" for name in names])
    for key in ("from", "until"):
        if key in words:
            words[key] = _iso(words[key])
    rule = _kind_of(words).sentence(words)
    rule = rule.replace("within same day of", "on the same day as").replace("within same day", "on the same day")
    said = [rule, read_aloud(words)]
    if standard.subject != "child":
        said.append(f"for {_a(standard.subject)}")
    if standard.share is not None:
        said.append(f"in at least {standard.share}% of cases")
    return ", ".join(part for part in said if part)


def _kind_of(words: Mapping[str, str]) -> Kind:
    """The kind that a standard's timing words make it; `times` may have `within` beside it."""
    found = [kind for kind in KINDS if any(word in words for word in kind.timing)]
    return next((kind for kind in found if kind.name == "count"), found[0])


def _alternatives(value: str) -> str:
    """ "a or b or c" as "a, b or c"."""
    return say_list(value.split(" or "), "or")


def _a(noun: str) -> str:
    return f"{'an' if noun[:1] in 'aeiou' else 'a'} {noun}"


def _iso(text: str) -> str:
    try:
        return say_date(date.fromisoformat(text))
    except ValueError:
        return text


# --- a pack to be read ------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Entry:
    """One standard as a reader sees it."""

    id: str
    kind: str
    line: int
    section: str
    printed: str
    says: str
    rule: str
    reading: str
    tested: bool
    replaces: str


@dataclass(frozen=True, slots=True)
class _Part:
    """A document, with its sections."""

    key: str
    title: str
    note: str
    url: str
    sections: tuple[tuple[str, str, tuple[_Entry, ...]], ...]


def _entry(standard: Standard) -> _Entry:
    rule = standard.why_not_tested if not standard.tested else standard_sentence(standard)
    return _Entry(
        id=standard.id,
        kind=standard.kind,
        line=standard.line,
        section=standard.source.section,
        printed=standard.source.words,
        says=standard.says,
        rule=rule[:1].upper() + rule[1:] + ("" if rule.endswith(".") else "."),
        reading=standard.reading,
        tested=standard.tested,
        replaces=standard.replaces or "",
    )


def _parts(pack: Pack, standards: Iterable[Standard]) -> list[_Part]:
    """Standards by document and section, in the order of the file."""
    found: dict[str, dict[str, list[_Entry]]] = {}
    for standard in standards:
        sections = found.setdefault(standard.source.document, {})
        sections.setdefault(standard.source.section, []).append(_entry(standard))
    parts = []
    number = 0
    for key, sections in found.items():
        document = pack.documents.get(key)
        made = []
        for name, entries in sections.items():
            number += 1
            made.append((f"_section-{number}", name, tuple(entries)))
        notes = [] if document is None else [document.edition, document.published]
        parts.append(
            _Part(
                key=key,
                title=key if document is None else document.title,
                note=", ".join(note for note in notes if note),
                url="" if document is None else document.url,
                sections=tuple(made),
            )
        )
    return parts


def _cover(pack: Pack) -> list[str]:
    """What a reader should know of a pack before the first standard."""
    tested = len(pack.tested)
    untested = len(pack) - tested
    read = sum(1 for standard in pack.standards if standard.reading)
    kinds = [f"{count} {kind}" for kind, count in pack.counts().items() if kind != "not tested"]
    lines = [
        f"This pack holds {plural(len(pack), 'standard')} from {plural(len(pack.documents), 'document')}. "
        f"{tested} {'is' if tested == 1 else 'are'} tested and {untested} {'is' if untested == 1 else 'are'} not; each "
        f"that is not says why. {read} {'has' if read == 1 else 'have'} a reading: the clause is not plain, and the "
        "reading says how it was understood and how else it could be.",
    ]
    if kinds:
        lines.append(f"By kind: {', '.join(kinds)}.")
    counting = ["Working days are Monday to Friday, except bank holidays in England."]
    if pack.closed:
        closed = say_list([say_date(day) for day in sorted(pack.closed)])
        counting.append(f"The authority's own closure days are left out too: {closed}.")
    counting.append(
        "The day of the event is day 1." if pack.itself else "The day of the event is day 0, and the next day is day 1."
    )
    if pack.roll:
        counting.append("A last day that is no working day moves to the next working day.")
    if pack.hours_without_times == "by date":
        counting.append("Hours are judged by dates where a record gives no times.")
    elif pack.hours_without_times:
        counting.append("Hours are not assessed where a record gives no times.")
    lines.append(" ".join(counting))
    return lines


def read_text(pack: Pack, standard: str | None = None) -> str:
    """A pack, or one of its standards, as text to be read against the printed document.

    Raises:
        KeyError: the pack has no such standard.
    """
    chosen = pack.standards if standard is None else (pack[standard],)
    lines: list[str] = []
    if standard is None:
        lines += [pack.authority, pack.title, f"Pack: {pack.name}", ""]
        for paragraph in _cover(pack):
            lines += [*_wrapped(paragraph), ""]
    for part in _parts(pack, chosen):
        title = f"{part.title}{f' ({part.note})' if part.note else ''}"
        lines += [*_wrapped(title), "=" * min(len(title), _PROSE)]
        if part.url:
            lines.append(part.url)
        lines.append("")
        for _, section, entries in part.sections:
            lines += [*_wrapped(section), "-" * min(len(section), _PROSE), ""]
            for entry in entries:
                lines += [*_entry_lines(entry), ""]
    return _clean_lines(lines)


def _entry_lines(entry: _Entry) -> list[str]:
    lines = [f"{entry.id}  [{entry.kind}, line {entry.line}]"]
    fields = [
        ("Printed", f"“{entry.printed}”"),
        ("Says", entry.says),
        ("Rule" if entry.tested else "Not tested", entry.rule),
        ("Reading", entry.reading),
        ("Replaces", entry.replaces),
    ]
    for name, text in fields:
        if text:
            lines += _wrapped(text, first=f"  {name + ':':<11} ", rest=" " * 14)
    return lines


def _wrapped(text: str, first: str = "", rest: str = "") -> list[str]:
    return textwrap.wrap(
        _plain(text),
        _PROSE,
        initial_indent=first,
        subsequent_indent=rest,
        break_long_words=False,
        break_on_hyphens=False,
    )


def read_page(pack: Pack, stories: Mapping[str, Sequence[tuple[str, Sequence[str]]]] | None = None) -> str:
    """A pack as one self-contained HTML page, for proof-reading it against the printed document.

    Args:
        pack: the pack.
        stories: by standard, the example histories that test it: (what the story tells, its lines).
    """
    used = {standard.kind for standard in pack.standards}
    return (
        _templates()
        .get_template("pack.html.j2")
        .render(
            pack=pack,
            cover=_cover(pack),
            parts=_parts(pack, pack.standards),
            kinds=[kind for kind in KINDS if kind.name in used],
            cohort="cohort" in used,
            stories=stories or {},
        )
    )


# --- an evaluation, counted -------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Missing:
    """One missing fact of one standard, and how many duties rest on it."""

    standard: str
    section: str
    missing: str
    count: int
    when: str
    events: tuple[str, ...]


def _ordered(evaluation: Evaluation, *, lapsed: bool) -> list[Obligation]:
    """Obligations with the most urgent status first, each status in due order."""
    wanted = [*evaluation.obligations, *(evaluation.lapsed if lapsed else ())]
    return sorted(wanted, key=lambda item: _URGENCY.index(item.status))


def _grouped(missing: Iterable[NotAssessed]) -> list[_Missing]:
    groups: dict[tuple[str, str], list[NotAssessed]] = {}
    for item in missing:
        groups.setdefault((item.standard, item.missing), []).append(item)
    found = []
    for (standard, fact), items in groups.items():
        days = sorted(item.opened for item in items if item.opened is not None)
        when = ""
        if days:
            when = say_date(days[0]) if days[0] == days[-1] else f"{say_date(days[0])} to {say_date(days[-1])}"
        events = tuple(dict.fromkeys(item.event for item in items if item.event))
        found.append(_Missing(standard, items[0].source.section, fact, len(items), when, events))
    return found


def _counts(evaluation: Evaluation) -> list[str]:
    """How many of each, with what they are a share of; what is not judged stands beside, never inside."""
    met, due, breached = len(evaluation.met), len(evaluation.due), evaluation.breached
    judged = met + due + len(breached)
    late = sum(1 for item in breached if item.late)
    lines = [
        f"{plural(judged, 'duty', 'duties')} judged: {met} met, {due} due, {len(breached)} breached"
        + (f" ({late} done late, {len(breached) - late} overdue)." if breached else ".")
    ]
    beside = []
    if evaluation.lapsed:
        beside.append(f"{len(evaluation.lapsed)} lapsed before the last day")
    if evaluation.not_assessed:
        beside.append(f"{len(evaluation.not_assessed)} not assessed, because the record lacks a fact")
    if beside:
        lines.append(f"Not among them: {say_list(beside)}. These count neither as met nor as breached.")
    missed = sum(1 for item in evaluation.obligations if item.target_missed)
    if missed:
        lines.append(f"{plural(missed, 'local target was', 'local targets were')} missed, which is no breach.")
    if evaluation.cohort:
        lines.append(
            f"{plural(len(evaluation.cohort), 'duty counts', 'duties count')} towards a share of many cases, and "
            "cannot be met or breached by one."
        )
    projected = sum(1 for item in (*evaluation.obligations, *evaluation.lapsed, *evaluation.cohort) if item.projected)
    if projected:
        lines.append(
            f"{plural(projected, 'result rests', 'results rest')} on bank holidays after {say_date(OFFICIAL_UNTIL)}, "
            "which are not officially published yet: those dates are a projection."
        )
    return lines


def _moment(value: date | datetime) -> str:
    return say_date(value) if isinstance(value, datetime) else f"the end of {say_date(value)}"


def _days(item: Obligation) -> str:
    """How late, or how long there is left."""
    if item.status is Status.BREACHED:
        if item.days_late is None:
            return ""
        return (
            f"{plural(item.days_late, 'day')} {'late' if item.late else 'overdue'}" if item.days_late else "hours late"
        )
    if item.status is Status.DUE:
        if item.days_left is None:
            return "no date yet"
        return f"{plural(item.days_left, 'day')} left" if item.days_left else "due today"
    return ""


def _done(item: Obligation) -> str:
    if item.met_on is not None:
        return say_date(item.met_on)
    if item.status is Status.LAPSED and item.ended is not None:
        return f"fell away {say_date(item.ended)}"
    return "not done" if item.status is not Status.LAPSED else "fell away"


def _due(item: Obligation) -> str:
    return "no date yet" if item.due is None else say_date(item.due)


# --- an evaluation as text --------------------------------------------------------------------------------------------

_COLOURS = {Status.BREACHED: "bold red", Status.DUE: "yellow", Status.MET: "green", Status.LAPSED: "dim"}

#: Lines of plain signs, which every terminal and every file can hold.
_LINES = "    \n    \n -- \n    \n    \n -- \n    \n    \n"


def evaluation_text(
    evaluation: Evaluation, *, lapsed: bool = False, width: int | None = None, colour: bool = False
) -> str:
    """An evaluation as text: what it is, how it counts, every duty, what was not assessed, and the notices.

    Args:
        evaluation: what to show.
        lapsed: show the duties that fell away, too.
        width: how many characters fit on a line, 80 at least; 120 unless given. Longer values are broken, never cut.
        colour: colour the statuses, which are words in any case.
    """
    from rich.box import Box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    out = StringIO()
    space = max(80, width or _WIDTH)
    console = Console(
        file=out,
        width=space,
        force_terminal=colour,
        color_system="standard" if colour else None,
        markup=False,
        emoji=False,
        highlight=False,
        legacy_windows=False,
        _environ={},
    )

    def say(text: str = "") -> None:
        console.print(Text(_plain(text), overflow="fold"))

    def table(columns: Sequence[tuple[str, int]], rows: Iterable[Sequence[str]], styles: Sequence[str] = ()) -> None:
        made = Table(
            box=Box(_LINES, ascii=True),
            show_edge=False,
            pad_edge=False,
            padding=(0, 1, 0, 0),
            header_style="bold" if colour else "",
        )
        for name, wide in columns:
            made.add_column(name, overflow="fold", width=wide)
        for number, row in enumerate(rows):
            cells = [Text(_fitted(cell, wide), overflow="fold") for cell, (_, wide) in zip(row, columns, strict=True)]
            if colour and styles:
                cells[0].stylize(styles[number])
            made.add_row(*cells)
        console.print(made)

    for line in _head(evaluation):
        say(line)
    say()
    for line in _counts(evaluation):
        say(line)
    shown = _ordered(evaluation, lapsed=lapsed)
    day, days = (15, 14) if space >= 100 else (10, 12)
    for heading, items in (("", shown), ("Towards a share of many cases", list(evaluation.cohort))):
        if not items:
            continue
        say()
        if heading:
            say(heading)
        table(
            _columns(
                space,
                {"Status": 8, "Standard, and its section": 0, "Opened": day, "Due": day, "Done": day, "Days": days},
            ),
            [
                (
                    str(item.status),
                    f"{_one_line(item.standard)}\n{_one_line(item.source.section)}",
                    say_date(item.opened),
                    _due(item),
                    _done(item),
                    _days(item),
                )
                for item in items
            ],
            [_COLOURS[item.status] for item in items],
        )
    missing = _grouped(evaluation.not_assessed)
    if missing:
        say()
        say("Not assessed")
        table(
            _columns(space, {"Standard": min(45, space // 3), "The record lacks": 0, "Times": 5, "Opened": 2 * day}),
            [(item.standard, item.missing, str(item.count), item.when) for item in missing],
        )
    if evaluation.notices:
        say()
        say("Notices")
        for notice in evaluation.notices:
            say(f"- {notice}")
    say()
    say(f"Fingerprint {evaluation.fingerprint}, version {evaluation.version}, calendar {evaluation.calendar}.")
    return _clean_lines(out.getvalue().split("\n"), keep_escapes=colour)


def _columns(space: int, widths: Mapping[str, int]) -> list[tuple[str, int]]:
    """Columns with their widths; the one of no width takes what is left, two signs being between columns."""
    left = space - sum(widths.values()) - 2 * len(widths)
    return [(name, wide or left) for name, wide in widths.items()]


def _fitted(cell: str, wide: int) -> str:
    """The lines of a cell, broken at spaces and hyphens where they are too long."""
    lines = [_plain(line) for line in cell.split("\n")]
    return "\n".join("\n".join(textwrap.wrap(line, wide)) for line in lines)


def _head(evaluation: Evaluation) -> list[str]:
    return [
        f"{evaluation.authority}: {evaluation.subject} ({evaluation.kind})",
        f"Pack {evaluation.pack}: {evaluation.edition}",
        f"As of {_moment(evaluation.as_of)}; known at {_moment(evaluation.known_at)}",
    ]


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _plain(text: str) -> str:
    """Text without anything that a terminal would obey: control characters are shown as their code."""
    return "".join(
        sign if sign.isprintable() else " " if sign.isspace() else sign.encode("unicode_escape").decode()
        for sign in text
    )


def _clean_lines(lines: Iterable[str], *, keep_escapes: bool = False) -> str:
    """Lines as one text, without spaces at their ends and with one empty line at most between them."""
    found: list[str] = []
    for line in lines:
        line = line.rstrip() if keep_escapes else _plain(line).rstrip()
        if line or (found and found[-1]):
            found.append(line)
    return "\n".join(found).rstrip("\n") + "\n"


# --- an evaluation as HTML --------------------------------------------------------------------------------------------


@cache
def _templates() -> Environment:
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("practice_rules"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"date": say_date, "upper_first": lambda text: text[:1].upper() + text[1:]}
    environment.globals |= {"days": _days, "done": _done, "due": _due, "moment": _moment, "plural": plural}
    return environment


def evaluation_html(evaluation: Evaluation) -> str:
    """An evaluation as a piece of HTML for a notebook: the counts, every duty, and what was not assessed."""
    return (
        _templates()
        .get_template("notebook.html.j2")
        .render(
            evaluation=evaluation,
            head=_head(evaluation),
            counts=_counts(evaluation),
            obligations=_ordered(evaluation, lapsed=False),
            missing=_grouped(evaluation.not_assessed),
        )
    )


def obligation_html(obligation: Obligation) -> str:
    """One obligation as a piece of HTML for a notebook: its status as a word and a colour, its dates and its clause."""
    return _templates().get_template("obligation.html.j2").render(item=obligation)


def evaluation_page(evaluation: Evaluation, pack: Pack) -> str:
    """An evaluation as one self-contained HTML page, every duty with the steps that led to its result.

    Raises:
        ValueError: the evaluation was made by another pack.
    """
    from .explaining import explain

    if evaluation.pack != pack.name:
        raise ValueError(f'the evaluation was made by the pack "{evaluation.pack}", and this is "{pack.name}"')
    shown = _ordered(evaluation, lapsed=True)
    strange = sorted({item.standard for item in (*shown, *evaluation.cohort)} - {item.id for item in pack.standards})
    if strange:
        raise ValueError(f"the pack has no longer the standard {say_list(strange)}: the evaluation was made by another")
    groups = [
        (status, [(item, explain(item, pack)) for item in shown if item.status is status])
        for status in _URGENCY
        if any(item.status is status for item in shown)
    ]
    picture, excuse = _picture(evaluation)
    return (
        _templates()
        .get_template("evaluation.html.j2")
        .render(
            evaluation=evaluation,
            pack=pack,
            counts=_counts(evaluation),
            tally=[
                ("breached", len(evaluation.breached)),
                ("due", len(evaluation.due)),
                ("met", len(evaluation.met)),
                ("lapsed", len(evaluation.lapsed)),
                ("not assessed", len(evaluation.not_assessed)),
            ],
            coverage=_coverage(evaluation, pack, shown),
            groups=groups,
            cohort=[(item, explain(item, pack)) for item in evaluation.cohort],
            missing=_grouped(evaluation.not_assessed),
            picture=picture,
            excuse=excuse,
            titles={key: document.title for key, document in pack.documents.items()},
        )
    )


def _coverage(evaluation: Evaluation, pack: Pack, shown: Sequence[Obligation]) -> str:
    """How many standards of the pack spoke to this record, and how many were silent."""
    asked = [standard for standard in pack.tested if standard.subject == evaluation.kind]
    woken = {item.standard for item in (*shown, *evaluation.cohort)}
    doubtful = {item.standard for item in evaluation.not_assessed} - woken
    silent = len(asked) - len(woken) - len(doubtful)
    return (
        f"The pack has {plural(len(pack), 'standard')}; {len(pack.tested)} of them are tested, and {len(asked)} of "
        f"those speak of {_a(evaluation.kind)}. {len(woken)} opened a duty in this record, {len(doubtful)} could not "
        f"be judged at all, and {silent} opened nothing."
    )


def _picture(evaluation: Evaluation) -> tuple[str, str]:
    """The timeline as SVG to stand inside a page, or why there is none."""
    from .pictures import timeline_svg

    try:
        picture = timeline_svg(evaluation)
    except ImportError as error:
        return "", str(error)
    # Inside a page the XML declaration has no place, and a screen reader needs a name.
    body = picture[picture.index("<svg") :]
    named = '<svg role="img" aria-label="Timeline of the duties; the same facts stand in the table below." '
    return body.replace("<svg ", named, 1), ""
