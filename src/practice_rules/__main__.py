"""The command line: the only place that prints.

Exit codes: 0 all is well; 1 something wrong was found in what was asked about; 2 the question itself was wrong.
"""

from __future__ import annotations

import csv
import io
import json
import os
import re
import shutil
import sys
import textwrap
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import date, datetime
from pathlib import Path
from typing import Any, TypeVar

import click

from ._version import __version__
from .calendars import FIRST_DAY, LAST_DAY, OFFICIAL_UNTIL, Calendar, instant, local
from .evaluating import evaluate
from .evaluations import Evaluation
from .events import History, HistoryError, fold
from .kinds import KINDS
from .loading import (
    WORKING_DAYS,
    PackError,
    check_pack,
    data_folder,
    find_pack,
    load_pack,
    pack_names,
    read_pack,
    shared_words,
    vocabulary_problems,
)
from .obligations import Obligation
from .pack import Pack
from .problems import Problem, say_suggestion
from .reading import DATE_FORMATS, read_history
from .schema import SCHEMA_FILE, pack_schema
from .standards import Standard
from .timescales import Timescale, TimescaleError, read_timescale
from .words import plural, say_date

__all__ = ["main"]

FOUND, USAGE = 1, 2
#: The forms of records that `caseload` reads: the names in `readers.READERS`, which are loaded only when needed.
FORMS = ("ssd", "ssda903", "annex-a", "cin-census", "log")
#: The pack, the history and the day of the demonstration.
DEMO = ("bromley", "bromley_child.json", date(2024, 6, 28))

Command = TypeVar("Command", bound=Callable[..., Any])


# --- talking ----------------------------------------------------------------------------------------------------------


def _say(text: str = "") -> None:
    click.echo(text)


def _say_json(data: object) -> None:
    click.echo(json.dumps(data, ensure_ascii=False, indent=2))


def _complain(text: str) -> None:
    click.echo(text, err=True)


def _width() -> int:
    """The width of the terminal, within what is pleasant to read."""
    return max(60, min(shutil.get_terminal_size((100, 24)).columns, 140))


def _colour() -> bool:
    return "NO_COLOR" not in os.environ and os.environ.get("TERM") != "dumb" and sys.stdout.isatty()


def _wrap(text: str, indent: str = "", first: str | None = None) -> str:
    return textwrap.fill(
        text,
        _width(),
        initial_indent=indent if first is None else first,
        subsequent_indent=indent,
        break_on_hyphens=False,
    ).rstrip()


def _columns(rows: Sequence[Sequence[object]], header: Sequence[str] = ()) -> str:
    """Rows in columns, as wide as they need be; the last column wraps."""
    table = [[str(cell) for cell in row] for row in ([header, *rows] if header else rows)]
    if not table:
        return ""
    widths = [max(len(row[place]) for row in table) for place in range(len(table[0]))]
    lead = sum(widths[:-1]) + 2 * (len(widths) - 1)
    room = max(20, _width() - lead)
    lines = []
    for row in table:
        start = "  ".join(cell.ljust(width) for cell, width in zip(row[:-1], widths[:-1], strict=True))
        pieces = textwrap.wrap(row[-1], room, break_on_hyphens=False) or [""]
        lines.append(f"{start}  {pieces[0]}".rstrip())
        lines += [f"{' ' * lead}{piece}" for piece in pieces[1:]]
    return "\n".join(lines)


def _write(path: Path, text: str, *, fresh: bool = False) -> None:
    """Write a file; with `fresh`, never over one that is there."""
    try:
        with path.open("x" if fresh else "w", encoding="utf-8", newline="") as file:
            file.write(text)
    except FileExistsError:
        raise _Refused(f"{path} is there already, and is left as it is. Name another file.", USAGE) from None
    except OSError as error:
        raise _Refused(f"I can't write {path}: {(error.strerror or 'it failed').lower()}.", USAGE) from None


class _Refused(Exception):
    """An ordinary failure in words, with its exit code."""

    def __init__(self, message: str, code: int = FOUND) -> None:
        super().__init__(message)
        self.code = code


# --- what is given ----------------------------------------------------------------------------------------------------


class _Day(click.ParamType):  # type: ignore[type-arg,unused-ignore]
    """A date, or a date and time."""

    name = "date"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date | datetime:
        if isinstance(value, date):
            return value
        said = str(value).strip()
        if said == "today":
            return datetime.now().date()
        if re.fullmatch(r"\d{1,2}[/.-]\d{1,2}[/.-]\d{2,4}", said):
            self.fail(f'"{said}" can be read in two ways. Write year-month-day: 2024-03-28.', param, ctx)
        found: date | datetime | None = None
        if re.fullmatch(r"\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d)?)?", said):
            with suppress(ValueError):
                found = date.fromisoformat(said) if len(said) == 10 else datetime.fromisoformat(said)
            if found is None:
                self.fail(f'There is no such date as "{said}".', param, ctx)
        if found is None:
            self.fail(f'"{said}" is not a date. Write 2024-03-28, or 2024-03-28T14:30.', param, ctx)
        if not FIRST_DAY <= found.toordinal() <= LAST_DAY:
            self.fail(f'"{said}" is outside the years that can be judged. Check the year.', param, ctx)
        return found


DAY = _Day()


def _loaded(name: str) -> Pack:
    """A pack, or its problems on the error stream."""
    try:
        path = find_pack(name)
    except PackError as error:
        raise _Refused("\n\n".join(map(str, error.problems)), USAGE) from None
    if not path.is_file():
        raise _Refused(f"{name}  There is no such file. The shipped packs are: {', '.join(pack_names())}.", USAGE)
    try:
        return load_pack(path)
    except PackError as error:
        shown = "\n\n".join(map(str, error.problems))
        raise _Refused(f"{shown}\n\n{plural(len(error.problems), 'problem')} in the pack; it cannot be used.") from None


def _history(path: Path, subject: str | None, dates: str | None) -> History:
    try:
        return read_history(path, subject=subject, date_format=dates)
    except HistoryError as error:
        hint = ""
        if dates is None and any("read in two ways" in problem.message for problem in error.problems):
            hint = f"\nIf the file writes its dates day first, say: --dates {DATE_FORMATS[0]}"
        if subject is None and any(problem.field == "subject" for problem in error.problems):
            hint += "\nOne subject of several is chosen with: --subject ID"
        raise _Refused(f"{error}{hint}") from None


def _judged(history: History, pack: Pack, as_of: date, known_at: date | None, unknown_events: str) -> Evaluation:
    try:
        return evaluate(history, pack, as_of=as_of, known_at=known_at, unknown_events=unknown_events)
    except HistoryError as error:
        hint = ""
        if any(problem.message == "the pack knows no such event." for problem in error.problems):
            hint = "\nTo leave out events that the pack does not know, and be told: --unknown-events note"
        raise _Refused(f"{error}{hint}") from None


def _standard(pack: Pack, name: str) -> Standard:
    if name in pack:
        return pack[name]
    guess = say_suggestion(name, [standard.id for standard in pack.standards])
    raise _Refused(
        f'{pack.name} has no standard "{name}". {guess or f"See: practice-rules list {pack.name}"}'.strip(), USAGE
    )


def _case_options(command: Command) -> Command:
    """What every command that judges a history takes."""
    for option in reversed(
        (
            click.argument("pack"),
            click.argument("history", type=click.Path(exists=True, dir_okay=False, path_type=Path)),
        )
    ):
        command = option(command)
    return command


def _judging_options(command: Command) -> Command:
    for option in reversed(
        (
            click.option(
                "--as-of", type=DAY, required=True, help="The day (or time) of judging; `today` is understood."
            ),
            click.option(
                "--known-at", type=DAY, help="Use only what had been recorded by then; as --as-of unless given."
            ),
            click.option("--subject", metavar="ID", help="Whose rows, where a CSV file holds several subjects."),
            click.option(
                "--dates", type=click.Choice(DATE_FORMATS), help="How a CSV file writes its dates, if not ISO."
            ),
            click.option(
                "--unknown-events",
                type=click.Choice(["refuse", "note"]),
                default="refuse",
                show_default=True,
                help="What to do with events that the pack has no word for.",
            ),
        )
    ):
        command = option(command)
    return command


def _json_option(command: Command) -> Command:
    return click.option("--json", "as_json", is_flag=True, help="Answer with JSON, and nothing else.")(command)


# --- the group --------------------------------------------------------------------------------------------------------


def _examples(*lines: str) -> str:
    """Examples below a command's help; the first character keeps click from joining the lines."""
    return "\b\nFor example:\n" + "\n".join(f"  practice-rules {line}" for line in lines)


class _Group(click.Group):
    """Commands in the order in which they are wanted; a slip of the fingers is answered with a suggestion."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self.commands)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args and args[0] not in self.commands and not args[0].startswith("-"):
            guess = say_suggestion(args[0], self.commands) or f"The commands are: {', '.join(self.commands)}."
            raise click.UsageError(f'There is no command "{args[0]}". {guess}', ctx)
        return super().resolve_command(ctx, args)

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except _Refused as refused:
            _complain(str(refused))
            ctx.exit(refused.code)


@click.group(cls=_Group, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="practice-rules")
def cli() -> None:
    """Practice standards of children's social care: read them, check them, and see what one case asks.

    A PACK is the name of a shipped pack (see `practice-rules list`) or the path of a YAML file. A HISTORY is a .json
    or .csv file with one subject's events.

    Exit codes: 0 all is well, 1 something wrong was found, 2 the question itself was wrong.
    """


# --- demo -------------------------------------------------------------------------------------------------------------


@cli.command(short_help="A made-up child's history, judged and explained.")
@_json_option
def demo(as_json: bool) -> None:
    """Show the main job: one made-up child's history, judged by Bromley's standards."""
    name, file, as_of = DEMO
    path = data_folder("examples") / file
    pack = _loaded(name)
    history = _history(path, None, None)
    result = _judged(history, pack, as_of, None, "refuse")
    urgent = _most_urgent(result, pack)[:3]
    if as_json:
        _say_json({"evaluation": result.to_dict(), "explanations": [each.to_dict() for each in urgent]})
        return
    _say(
        _wrap(
            f"A made-up child with {len(history.events)} recorded events, judged by the practice"
            f" standards of {pack.authority} as of {say_date(as_of)}. No real child, family or worker is in it."
        )
    )
    _say()
    _say_brief(result)
    _say()
    _say("The most urgent: overdue, and still to be put right")
    for each in urgent:
        _say()
        _say_explanation(each)
    _say()
    _say("Where to go next")
    _say(
        _columns(
            [
                ("practice-rules read bromley", "the standards in plain words"),
                ("practice-rules evaluate bromley FILE --as-of DATE", "a history of yours, .json or .csv"),
                ("practice-rules new AUTHORITY --file FILE", "begin another authority's standards"),
                ("practice-rules --help", "every command"),
            ]
        )
    )
    _say()
    _say(f"The history: {path}")
    _say(_wrap(f"The same as a table, in the form that `evaluate` reads: {path.with_suffix('.csv').name} beside it."))


def _say_brief(result: Evaluation) -> None:
    """What is breached and due, one line each, and what is met in a paragraph."""
    for title, group in (("BREACHED", result.breached), ("DUE", result.due)):
        if group:
            rows = [(_iso(each.due), _iso(each.met_on), _days_said(each), each.standard) for each in group]
            _say(f"{title}: {len(group)}")
            _say(_columns(rows, ("due", "done", "", "standard")))
            _say()
    counts: dict[str, int] = {}
    for each in result.met:
        counts[each.standard] = counts.get(each.standard, 0) + 1
    listed = [f"{name}{f' ({count} times)' if count > 1 else ''}" for name, count in counts.items()]
    _say(f"MET: {len(result.met)}")
    _say(_wrap(", ".join(listed) or "nothing"))
    _say()
    missing = result.not_assessed
    _say(f"NOT ASSESSED: {len(missing)}, because the record does not say; neither met nor breached")
    for gap in missing:
        _say(_wrap(f"{gap.standard}: {gap.missing}", "  ", ""))
    for notice in result.notices:
        _say(_wrap(f"Note: {notice}.", "  ", ""))


def _iso(day: date | None) -> str:
    return "-" if day is None else day.isoformat()[:10]


def _days_said(each: Obligation) -> str:
    if each.days_late is not None:
        return f"{plural(each.days_late, 'day')} {'late' if each.late else 'overdue'}"
    return "no date yet" if each.days_left is None else f"{plural(each.days_left, 'day')} left"


def _most_urgent(result: Evaluation, pack: Pack) -> list[Any]:
    """The explanations of what is overdue and can still be put right, the longest overdue first, each act once."""
    from .explaining import explain

    overdue = [each for each in result.breached if each.overdue]
    overdue.sort(
        key=lambda each: (each.kind in ("evidence", "lead time"), -(each.days_late or 0), pack[each.standard].number)
    )
    acts: dict[Any, Obligation] = {}
    for each in overdue:
        words = dict(pack[each.standard].words)
        acts.setdefault((words.get("expect", each.standard), each.due), each)
    return [explain(each, pack) for each in acts.values()]


# --- evaluate and explain ---------------------------------------------------------------------------------------------


@cli.command(
    name="evaluate",
    short_help="What is met, due and breached in one history.",
    epilog=_examples(
        "evaluate bromley child.json --as-of 2024-06-28", "evaluate bromley child.csv --as-of today --html child.html"
    ),
)
@_case_options
@_judging_options
@click.option("--lapsed", is_flag=True, help="Show also what fell away before it was due.")
@click.option("--brief", is_flag=True, help="Only what is breached and due, one line each, and what is met in short.")
@click.option("--html", type=click.Path(dir_okay=False, path_type=Path), help="Write the whole page to a file.")
@click.option(
    "--csv", "csv_file", type=click.Path(dir_okay=False, path_type=Path), help="Write one row each to a file."
)
@click.option("--fail-on-breach", is_flag=True, help="End with exit code 1 when anything is breached.")
@_json_option
def evaluate_command(
    pack: str,
    history: Path,
    as_of: date,
    known_at: date | None,
    subject: str | None,
    dates: str | None,
    unknown_events: str,
    lapsed: bool,
    brief: bool,
    html: Path | None,
    csv_file: Path | None,
    fail_on_breach: bool,
    as_json: bool,
) -> None:
    """What is met, due and breached in one history, as of a day."""
    from .showing import evaluation_page, evaluation_text

    found = _loaded(pack)
    result = _judged(_history(history, subject, dates), found, as_of, known_at, unknown_events)
    if html is not None:
        _write(html, evaluation_page(result, found))
    if csv_file is not None:
        _write(csv_file, _rows_as_csv(result.rows(lapsed=lapsed)))
    if as_json:
        _say(result.to_json())
    else:
        if brief:
            _say_brief(result)
        else:
            _say(evaluation_text(result, lapsed=lapsed, width=_width(), colour=_colour()).rstrip())
        for number, written in enumerate(each for each in (html, csv_file) if each is not None):
            _say(f"{'' if number else chr(10)}Written: {written}")
    if fail_on_breach and result.breached:
        sys.exit(FOUND)


_ROW_KEYS = (
    "subject pack standard kind status late overdue opened opened_by due met_on met_by days_late days_left target"
    " target_missed document section words says"
).split()


def _rows_as_csv(rows: list[dict[str, Any]]) -> str:
    """Rows for a spreadsheet: UTF-8 with the mark that Excel asks for."""
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, list(rows[0]) if rows else _ROW_KEYS, lineterminator="\r\n")
    writer.writeheader()
    for row in rows:
        writer.writerow({key: _cell(value) for key, value in row.items()})
    return f"\ufeff{text.getvalue()}"


def _cell(value: Any) -> Any:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, date):
        return value.isoformat()
    # A spreadsheet would run a cell that begins like a formula.
    return f"'{value}" if isinstance(value, str) and value[:1] in ("=", "+", "-", "@", "\t", "\r") else value


@cli.command(
    name="explain",
    short_help="Why one standard has the result it has.",
    epilog=_examples("explain bromley child.json core-groups --as-of 2024-06-28 --nth 2"),
)
@_case_options
@click.argument("standard")
@_judging_options
@click.option("--nth", type=click.IntRange(min=1), help="Only the nth obligation of the standard, in due order.")
@_json_option
def explain_command(
    pack: str,
    history: Path,
    standard: str,
    as_of: date,
    known_at: date | None,
    subject: str | None,
    dates: str | None,
    unknown_events: str,
    nth: int | None,
    as_json: bool,
) -> None:
    """Why one STANDARD has the result it has, in numbered steps; or why it asks nothing."""
    from .explaining import explain, why_not

    loaded = _loaded(pack)
    wanted = _standard(loaded, standard)
    case = _history(history, subject, dates)
    result = _judged(case, loaded, as_of, known_at, unknown_events)
    obligations = result.of_standard(wanted.id)
    if nth is not None and nth > len(obligations):
        if obligations:
            message = f"{wanted.id} has {plural(len(obligations), 'obligation')} here; there is no number {nth}."
        else:
            message = f"{wanted.id} has no obligation here; leave out --nth to see why."
        raise _Refused(message, USAGE)
    chosen = obligations if nth is None else obligations[nth - 1 : nth]
    told = [explain(each, loaded) for each in chosen]
    gaps = [gap for gap in result.not_assessed if gap.standard == wanted.id]
    if not obligations:
        told = [why_not(case, loaded, wanted.id, as_of=as_of, known_at=known_at)]
    if as_json:
        _say_json(
            {
                "standard": wanted.id,
                "obligations": [each.to_dict() for each in chosen],
                "explanations": [each.to_dict() for each in told],
                "not_assessed": [gap.to_dict() for gap in gaps],
            }
        )
        return
    for number, each in enumerate(told):
        if number:
            _say()
        _say_explanation(each)
    if obligations and gaps and nth is None:
        _say(f"\nNot assessed besides: {len(gaps)}, because the record does not say; neither met nor breached")
        for gap in gaps:
            event = f" (event {gap.event})" if gap.event else ""
            _say(_wrap(f"{gap.missing}{event}", "  ", ""))


def _say_explanation(explanation: Any) -> None:
    _say(_wrap(explanation.heading))
    for number, step in enumerate(explanation.steps, 1):
        _say(_wrap(f"{step.text}{f' [{step.cites}]' if step.cites else ''}", "    ", f"{number:>2}. "))
    if explanation.next_step:
        _say(_wrap(f"Next: {explanation.next_step}", "    "))


# --- due --------------------------------------------------------------------------------------------------------------


@cli.command(
    short_help="What date is that?",
    epilog=_examples('due "10 working days" after 2024-03-28', 'due "5 working days" before 2024-04-12 --pack bromley'),
)
@click.argument("timescale")
@click.argument("direction", type=click.Choice(["after", "before"]), metavar="after|before")
@click.argument("day", type=DAY, metavar="DATE")
@click.option(
    "--day-one", type=click.Choice(["next", "itself"]), help="Whether day 1 is the next day or the day itself."
)
@click.option("--pack", help="Use this pack's closure days and its way of counting.")
@_json_option
def due(timescale: str, direction: str, day: date, day_one: str | None, pack: str | None, as_json: bool) -> None:
    """What date is that? With every step, and the bank holidays that were skipped."""
    from .explaining import count_steps

    try:
        length = read_timescale(timescale.strip())
    except TimescaleError as error:
        raise click.BadParameter(f"{error} {error.way_out}", param_hint="'TIMESCALE'") from None
    back = direction == "before"
    if length.clear and not back:
        raise click.BadParameter("Clear days are for counting back: use them with before.", param_hint="'TIMESCALE'")
    if back and day_one == "itself":
        raise click.BadParameter("Counting back, the day itself is always day 0.", param_hint="'--day-one'")
    loaded = None if pack is None else _loaded(pack)
    calendar = Calendar() if loaded is None else loaded.calendar
    itself = day_one == "itself" if day_one is not None or loaded is None else loaded.itself and not back
    found, steps = _counted(day, length, calendar, itself, back)
    if not steps:
        steps = count_steps(day, length, calendar, itself=itself, back=back)
    rolled = loaded is not None and loaded.roll and not back and not isinstance(found, datetime)
    if rolled and not calendar.is_working(found.toordinal()):
        found = date.fromordinal(calendar.next_working(found.toordinal()))
        steps.append(f"The pack moves a due date on a day off to the next working day: {say_date(found)}.")
    projected = bool(length.working or rolled) and max(found, day).toordinal() > OFFICIAL_UNTIL
    if as_json:
        _say_json(
            {
                "timescale": length.text,
                "direction": direction,
                "start": day.isoformat(),
                "due": found.isoformat(),
                "day_one": "itself" if itself else "next",
                "pack": None if loaded is None else loaded.name,
                "projected": projected,
                "steps": steps,
            }
        )
        return
    _say(_wrap(f"{length.text} {direction} {say_date(day)}: {say_date(found)}"))
    for number, step in enumerate(steps, 1):
        _say(_wrap(step, "    ", f"{number:>2}. "))


def _counted(
    day: date, length: Timescale, calendar: Calendar, itself: bool, back: bool
) -> tuple[date | datetime, list[str]]:
    """The date; and the steps, where hours are counted from a time of day."""
    if isinstance(day, datetime) and length.hours:
        found = local(instant(day) + (-1 if back else 1) * 3600 * length.hours)
        return found, [
            f"Hours are elapsed time in Europe/London: {length.text} {'before' if back else 'after'} {say_date(day)}.",
            f"That is {say_date(found)}, across any change of the clocks.",
        ]
    ordinal = day.toordinal()
    counted = calendar.back(ordinal, length) if back else calendar.due(ordinal, length, itself)
    return date.fromordinal(counted), []


# --- read and list ----------------------------------------------------------------------------------------------------


@cli.command(short_help="A pack in plain English, beside its printed words.")
@click.argument("pack")
@click.argument("standard", required=False)
@click.option(
    "--html", type=click.Path(dir_okay=False, path_type=Path), help="Write the whole pack as a page to a file."
)
@_json_option
def read(pack: str, standard: str | None, html: Path | None, as_json: bool) -> None:
    """A pack in plain English, each standard beside its printed words; or one STANDARD of it."""
    from .showing import read_page, read_text, standard_sentence

    loaded = _loaded(pack)
    wanted = None if standard is None else _standard(loaded, standard)
    if html is not None:
        _write(html, read_page(loaded, stories=_stories_if_any(loaded, find_pack(pack))))
    if as_json:
        _say_json(
            {
                "pack": loaded.name,
                "authority": loaded.authority,
                "title": loaded.title,
                "edition": loaded.edition,
                "standards": [
                    {**_standard_data(each), "sentence": standard_sentence(each) if each.tested else None}
                    for each in loaded.standards
                    if wanted is None or each is wanted
                ],
            }
        )
    elif html is not None:
        _say(f"Written: {html}")
    else:
        _say(read_text(loaded, None if wanted is None else wanted.id).rstrip())


def _stories_if_any(pack: Pack, path: Path) -> dict[str, list[tuple[str, list[str]]]]:
    """The stories of a pack for its page, by standard; none where there is something wrong with them."""
    stories, problems = _read_stories(pack, _stories_files(pack, path))
    told: dict[str, list[tuple[str, list[str]]]] = {}
    for story in () if problems else stories:
        lines = [f"{say_date(event.on)}: {event.name}" for event in story.history.events]
        lines += [f"As of {say_date(story.as_of)}: {each}" for each in story.expect or ("nothing is asked",)]
        told.setdefault(story.standard, []).append((story.name, lines))
    return told


def _standard_data(standard: Standard) -> dict[str, Any]:
    return {
        "id": standard.id,
        "kind": standard.kind,
        "tested": standard.tested,
        "says": standard.says,
        "source": standard.source.to_dict(),
        "reading": standard.reading or None,
        "not_tested": standard.why_not_tested or None,
        "subject": standard.subject,
        "rule": {name: value for name, value in standard.words if name not in ("says", "source", "reading")},
    }


@cli.command(name="list", short_help="The shipped packs, or the standards of one.")
@click.argument("pack", required=False)
@_json_option
def list_command(pack: str | None, as_json: bool) -> None:
    """The shipped packs; or the standards of one PACK."""
    if pack is not None:
        _list_standards(_loaded(pack), as_json)
        return
    found: list[dict[str, Any]] = []
    broken = []
    for name in pack_names():
        loaded, problems = read_pack(data_folder("standards") / f"{name}.yaml")
        if loaded is None:
            broken.append((name, len(problems)))
            continue
        found.append(
            {
                "name": name,
                "authority": loaded.authority,
                "title": loaded.title,
                "standards": len(loaded),
                "tested": len(loaded.tested),
                "with_reading": sum(bool(each.reading) for each in loaded.standards),
            }
        )
    if as_json:
        _say_json(found)
    else:
        rows = [
            (each["name"], each["standards"], each["tested"], each["with_reading"], each["authority"]) for each in found
        ]
        _say(_columns(rows, ("name", "standards", "tested", "with a reading", "authority")))
    for name, count in broken:
        _complain(f"{name}: {plural(count, 'problem')}; see practice-rules check {name}")
    if broken:
        sys.exit(FOUND)


def _list_standards(pack: Pack, as_json: bool) -> None:
    if as_json:
        _say_json([_standard_data(each) for each in pack.standards])
        return
    _say(_wrap(f"{pack.authority}: {pack.title}"))
    _say()
    _say(
        _columns(
            [(_short(each.id, 46), each.kind, "yes" if each.reading else "") for each in pack.standards],
            ("standard", "kind", "reading"),
        )
    )
    counts = ", ".join(f"{number} {kind}" for kind, number in pack.counts().items())
    _say()
    _say(_wrap(f"{plural(len(pack), 'standard')}: {counts}."))


def _short(text: str, most: int) -> str:
    return text if len(text) <= most or _width() >= 100 else f"{text[: most - 3]}..."


# --- compare ----------------------------------------------------------------------------------------------------------


@cli.command(
    short_help="What several authorities ask, side by side.",
    epilog=_examples(
        'compare bromley barnet --about "core group"',
        "compare bromley barnet --history child.json --as-of 2024-06-28 --html differences.html",
    ),
)
@click.argument("packs", nargs=-1, required=True, metavar="PACK PACK [PACK]...")
@click.option("--about", metavar="WORDS", help="Only topics in which each of these words stands.")
@click.option("--only-shared", is_flag=True, help="Leave out what one authority asks alone.")
@click.option(
    "--history",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Judge this history by each pack, and show where they differ.",
)
@click.option("--as-of", type=DAY, help="With --history: the day (or time) of judging; `today` is understood.")
@click.option("--known-at", type=DAY, help="With --history: use only what had been recorded by then.")
@click.option("--html", type=click.Path(dir_okay=False, path_type=Path), help="Write the whole page to a file.")
@_json_option
def compare(
    packs: tuple[str, ...],
    about: str | None,
    only_shared: bool,
    history: Path | None,
    as_of: date | None,
    known_at: date | None,
    html: Path | None,
    as_json: bool,
) -> None:
    """What several authorities ask for the same act, and who is stricter; or one history judged by each of them.

    Stricter is said only where it is true whatever the day and for whomever it is asked.
    """
    if len(packs) < 2:
        raise click.UsageError("Give at least two packs to compare.")
    if history is None and (as_of is not None or known_at is not None):
        raise click.UsageError("--as-of and --known-at belong to --history.")
    loaded = [_loaded(name) for name in packs]
    twice = sorted({pack.name for pack in loaded if sum(each.name == pack.name for each in loaded) > 1})
    if twice:
        raise click.UsageError(f"Each pack is compared once, and {twice[0]} is there more than once.")
    if history is None:
        _compare_packs(loaded, about, only_shared, html, as_json)
        return
    if as_of is None:
        raise click.UsageError("With --history, say as of which day: --as-of DATE")
    if about is not None:
        raise click.UsageError("--about belongs to packs alone; leave it out with --history.")
    _compare_history(loaded, history, as_of, known_at, only_shared, html, as_json)


def _compare_packs(packs: list[Pack], about: str | None, only_shared: bool, html: Path | None, as_json: bool) -> None:
    from .comparing import Comparison
    from .comparing import compare as compare_packs
    from .showing_comparisons import comparison_page, comparison_text

    found = compare_packs(packs, about=about)
    if only_shared:
        found = Comparison(found.packs, found.shared)
    if html is not None:
        _write(html, comparison_page(found, only_shared=only_shared))
    if as_json:
        _say_json(found.to_dict())
    elif html is not None:
        _say(f"Written: {html}")
    elif found.topics:
        _say(comparison_text(found, only_shared=only_shared, width=_width()).rstrip())
    else:
        _say("No standard of these packs is about that.")
    if not found.topics:
        sys.exit(FOUND)


def _compare_history(
    packs: list[Pack],
    file: Path,
    as_of: date,
    known_at: date | None,
    only_shared: bool,
    html: Path | None,
    as_json: bool,
) -> None:
    from .comparing import compare_history
    from .showing_comparisons import history_page, history_text

    try:
        results, differences = compare_history(_history(file, None, None), packs, as_of=as_of, known_at=known_at)
    except HistoryError as error:
        raise _Refused(str(error)) from None
    if only_shared:
        differences = [each for each in differences if each.asked_by_all]
    if html is not None:
        _write(html, history_page(results, differences))
    if as_json:
        _say_json(
            {
                "evaluations": [each.to_dict() for each in results],
                "differences": [each.to_dict() for each in differences],
            }
        )
    elif html is not None:
        _say(f"Written: {html}")
    else:
        _say(history_text(results, differences, width=_width()).rstrip())


# --- check and test ---------------------------------------------------------------------------------------------------


@cli.command(short_help="Every problem of a pack, with the way out.")
@click.argument("packs", nargs=-1, required=True, metavar="PACK...")
@_json_option
def check(packs: tuple[str, ...], as_json: bool) -> None:
    """Every problem of one pack or several, each with its place and the way out.

    A file named vocabulary.yaml is checked as a vocabulary.
    """
    problems: list[Problem] = []
    wrong = 0
    for name in packs:
        found = _problems_of(name)
        wrong += bool(found)
        problems += found
    if as_json:
        _say_json([problem.to_dict() for problem in problems])
    else:
        for problem in problems:
            _say(f"{problem}\n")
        many = plural(len(packs), "file")
        if problems:
            _say(f"{plural(len(problems), 'problem')} in {wrong} of {many}.")
        else:
            _say(f"{many} checked, no problem.")
    if problems:
        sys.exit(FOUND)


def _problems_of(name: str) -> list[Problem]:
    try:
        path = find_pack(name)
    except PackError as error:
        return error.problems if fold(name) != "vocabulary" else vocabulary_problems()
    return vocabulary_problems(path) if path.name == "vocabulary.yaml" else check_pack(path)


def _stories_files(pack: Pack, path: Path) -> list[Path]:
    """Where the stories stand, in one file or numbered ones: beside the pack in `stories`, or among the shipped."""
    for folder, name in ((path.parent / "stories", path.stem), (data_folder("standards") / "stories", pack.name)):
        found = [file for file in folder.glob("*.yaml") if re.fullmatch(rf"{re.escape(name)}(?:-\d+)?", file.stem)]
        if found:
            return sorted(found, key=lambda file: (len(file.stem), file.stem))
    return []


def _read_stories(pack: Pack, files: list[Path]) -> tuple[list[Any], list[Problem]]:
    """The stories of all the files, and every problem in them."""
    from .stories import read_stories

    read = [read_stories(file, pack) for file in files]
    return [story for stories, _ in read for story in stories], [each for _, problems in read for each in problems]


@cli.command(short_help="Run the stories of a pack.")
@click.argument("pack")
@click.option(
    "--stories",
    "file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Another file of stories than the pack's own.",
)
@click.option("--standard", help="Only the stories of this standard.")
@_json_option
def test(pack: str, file: Path | None, standard: str | None, as_json: bool) -> None:
    """Run the stories of a pack: short histories with the results they must have."""
    from .stories import run_stories

    loaded = _loaded(pack)
    if standard is not None:
        _standard(loaded, standard)
    files = _stories_files(loaded, find_pack(pack)) if file is None else [file]
    if not files:
        raise _Refused(f"{loaded.name} has no stories yet. Write some in stories/{loaded.name}.yaml.", USAGE)
    stories, problems = _read_stories(loaded, files)
    if problems:
        shown = "\n\n".join(map(str, problems))
        raise _Refused(f"{shown}\n\n{plural(len(problems), 'problem')} in the stories; none was run.")
    chosen = [story for story in stories if standard is None or story.standard == standard]
    results = run_stories(chosen, loaded)
    failed = [result for result in results if not result.passed]
    if as_json:
        _say_json(
            {
                "pack": loaded.name,
                "stories": len(results),
                "failed": len(failed),
                "results": [
                    {
                        "story": each.story.name,
                        "standard": each.story.standard,
                        "passed": each.passed,
                        "lines": list(each.lines),
                    }
                    for each in results
                ],
            }
        )
    else:
        for each in failed:
            _say(_wrap(f"FAILED  {each.story.standard}: {each.story.name}", "        ", ""))
            for line in each.lines:
                _say(_wrap(line, "            ", "        "))
        if failed:
            _say()
        covered = {each.story.standard for each in results}
        _say(
            f"{plural(len(results), 'story', 'stories')} of {plural(len(covered), 'standard')}:"
            f" {len(results) - len(failed)} as expected, {len(failed)} not."
        )
        without = [each.id for each in loaded.tested if each.id not in covered]
        if without and standard is None and file is None:
            names = ", ".join(without[:5])
            more = f" and {len(without) - 5} more" if len(without) > 5 else ""
            _say(_wrap(f"{plural(len(without), 'tested standard')} without a story: {names}{more}."))
    if failed:
        sys.exit(FOUND)


# --- new, schema, vocabulary ------------------------------------------------------------------------------------------


@cli.command(
    short_help="Begin another authority's pack.",
    epilog=_examples('new "Barsetshire County Council" --file barsetshire.yaml'),
)
@click.argument("authority")
@click.option(
    "--file", type=click.Path(dir_okay=False, path_type=Path), help="Write it to this file, if there is none."
)
def new(authority: str, file: Path | None) -> None:
    """A commented pack to begin another AUTHORITY's standards with, one example of each kind."""
    name = " ".join(authority.split())
    if not name or not name.isprintable():
        raise click.BadParameter("Give the authority's name.", param_hint="'AUTHORITY'")
    text = _skeleton(name, _schema_from(file))
    if file is None:
        click.echo(text, nl=False)
        return
    _write(file, text, fresh=True)
    _say(f"Written: {file}")
    _say(f"Next: put the authority's own standards in, then practice-rules check {file}")


def _schema_from(file: Path | None) -> str | None:
    """The path of the schema from a pack's file, as an editor follows it; None where it is not near."""
    if file is None:
        return None
    for up in ("..", "."):
        for name in (f"{up}/schema/{SCHEMA_FILE}", f"{up}/{SCHEMA_FILE}"):
            if (file.parent / name).is_file():
                return name
    return None


def _quoted(text: str) -> str:
    """A value as a pack writes it: plain, unless something in it would be read as YAML."""
    if re.fullmatch(r"[A-Za-z](?:[\w '’&.(),-]*[\w'’.)])?", text):
        return text
    return '"{}"'.format(text.replace("\\", "\\\\").replace('"', '\\"'))


def _skeleton(authority: str, schema: str | None) -> str:
    """A pack that loads as it stands, with a comment on everything that is to be replaced."""
    editor = (
        [f"# yaml-language-server: $schema={schema}"]
        if schema
        else [
            "# An editor can complete the keys: say `practice-rules schema --file pack.schema.json` in its folder,",
            "# and make this the first line: # yaml-language-server: $schema=pack.schema.json",
        ]
    )
    lines = [
        *editor,
        f"# The practice standards of {authority}.",
        "# Lines that begin with # are comments; they stand on their own lines. The reference explains every key.",
        "# Check what you have written with: practice-rules check FILE",
        f"authority: {_quoted(authority)}",
        "title: Practice standards",
        "",
        "# Each printed document once, as it is titled. The edition and the day of publication are worth giving.",
        "documents:",
        "  standards:",
        "    title: Practice Standards",
        '    edition: "2024"',
        "",
        "# The events, periods and details of the shared vocabulary may be used by name: practice-rules vocabulary",
        "vocabulary: shared",
        f"working days: {WORKING_DAYS}",
        "# Say which day is day 1 after an event: the next day, or the day itself.",
        "day one: the next day",
        "# How a limit in hours is judged when a record has dates only: by date, or not assessed.",
        "hours without times: by date",
        "# The authority's own closure days, if it has any:",
        "# closed: [2024-12-27, 2024-12-30]",
        "",
        "# Only what the shared vocabulary has no word for.",
    ]
    _, _, details = shared_words()
    if "manager authorisation" not in details:
        lines += [
            "details:",
            "  manager authorisation: {means: Which manager authorised it., values: text}",
        ]
    lines += [
        "# events:",
        "#   parents' group met: The parents' group meets.",
        "# periods:",
        "#   summer project: {means: ..., starts: summer project started, ends: summer project ended}",
        "",
        "# One example of each kind follows. Put your own in their place: the id is lower-case words with hyphens,",
        "# `says` is your own plain sentence with every number of the rule in it, and `source` names the place in the",
        "# printed document with three to fifteen of its words.",
        "standards:",
    ]
    for kind in KINDS:
        lines.append(f"  # {kind.name.capitalize()}")
        for part in textwrap.wrap(kind.meaning, 114):
            lines.append(f"  # {part}")
        lines += [f"  {line}".rstrip() for line in kind.example.rstrip().splitlines()]
        lines.append("")
    lines += [
        "  # Not tested",
        "  # A clause that no record can show stays in the pack, with the reason, so that nothing is lost.",
        "  visits-purposeful:",
        "    says: Every visit has a purpose.",
        '    source: {section: "Visits / 9", words: "every visit has a purpose"}',
        "    not tested: Whether a visit had a purpose is a matter of judgement.",
    ]
    return "\n".join(lines) + "\n"


@cli.command(short_help="The JSON Schema of a pack, for editors.")
@click.option("--file", type=click.Path(dir_okay=False, path_type=Path), help="Write it to this file.")
def schema(file: Path | None) -> None:
    """The JSON Schema of a pack, with which an editor completes keys and marks unknown ones."""
    text = json.dumps(pack_schema(), ensure_ascii=False, indent=2) + "\n"
    if file is None:
        click.echo(text, nl=False)
        return
    _write(file, text)
    _say(f"Written: {file}")


@cli.command(short_help="The words that packs share, with their meanings.")
@click.argument("word", required=False)
@click.option("--pack", help="The words of this pack, its own included.")
@_json_option
def vocabulary(word: str | None, pack: str | None, as_json: bool) -> None:
    """The events, periods and details that packs share, with their meanings; or those that have WORD in them."""
    if pack is not None:
        loaded = _loaded(pack)
        events, periods, details = loaded.events, loaded.periods, loaded.details
    else:
        try:
            events, periods, details = shared_words()
        except PackError as error:
            raise _Refused("\n\n".join(map(str, error.problems))) from None
    wanted = fold(word or "")
    answer: dict[str, list[dict[str, Any]]] = {
        "events": [{"name": each.name, "means": each.means, "details": list(each.details)} for each in events.values()],
        "periods": [
            {
                "name": each.key,
                "means": each.means,
                "starts": str(each.starts),
                "ends": None if each.ends is None else str(each.ends),
                "until": None if each.until is None else str(each.until),
            }
            for each in periods.values()
        ],
        "details": [
            {
                "name": each.key,
                "means": each.means,
                "values": each.values if isinstance(each.values, str) else list(each.values),
                "unless_said": each.unless_said,
            }
            for each in details.values()
        ],
    }
    for group, words in answer.items():
        answer[group] = [each for each in words if wanted in fold(each["name"]) or wanted in fold(each["means"])]
    found = sum(map(len, answer.values()))
    if as_json:
        _say_json(answer)
    elif not found:
        names = [*(each.name for each in events.values()), *periods, *details]
        _say(f'No word with "{word}" in it. {say_suggestion(word or "", names)}'.rstrip())
    else:
        _say("\n\n".join(_said_words(group, words) for group, words in answer.items() if words))
    if not found:
        sys.exit(FOUND)


def _said_words(group: str, words: list[dict[str, Any]]) -> str:
    lines = [group.upper()]
    for each in words:
        lines.append(_wrap(f"{each['name']}: {each['means']}", "    ", "  "))
        if each.get("details"):
            lines.append(_wrap(f"details: {', '.join(each['details'])}", "        ", "      "))
        if "values" in each:
            values = each["values"] if isinstance(each["values"], str) else ", ".join(each["values"])
            silent = f"; {each['unless_said']} unless said" if each["unless_said"] is not None else ""
            lines.append(_wrap(f"values: {values}{silent}", "        ", "      "))
        if "starts" in each:
            end = "; ".join(f"{word}: {each[word]}" for word in ("ends", "until") if each[word])
            lines.append(_wrap(f"starts: {each['starts']}; {end}", "        ", "      "))
    return "\n".join(lines)


# --- whole caseloads --------------------------------------------------------------------------------------------------


def _file(**more: Any) -> click.Path:
    return click.Path(dir_okay=False, path_type=Path, **more)


@cli.command(
    short_help="A whole authority's records, judged: rows, measures, report.",
    epilog=_examples(
        "caseload ssd_extract --pack wokingham --as-of 2024-03-31 --out results",
        "caseload events.csv --pack my_pack.yaml --as-of today --to rows.parquet --report report.html",
        "caseload cin_2024.xml --pack bromley --as-of 2024-03-31 --measures measures.csv --by section",
    ),
)
@click.argument("records", type=click.Path(exists=True, path_type=Path))
@click.option("--pack", required=True, help="A shipped pack or the path of a YAML file.")
@click.option("--as-of", type=DAY, required=True, help="The day (or time) of judging; `today` is understood.")
@click.option("--known-at", type=DAY, help="Use only what had been recorded by then; as --as-of unless given.")
@click.option("--form", type=click.Choice(FORMS), help="The form of the records, where it should not be found out.")
@click.option("--subjects", type=_file(exists=True), help="With an event log: births and facts, one row a child.")
@click.option("--allocations", type=_file(exists=True), help="With an event log: who held each case.")
@click.option(
    "--holds",
    multiple=True,
    metavar="EVENT",
    help="With an event log: an event that it can hold, or `everything`; those that occur, unless given. Repeatable.",
)
@click.option(
    "--dates", type=click.Choice(DATE_FORMATS), help="With an event log: how it writes its dates, if not ISO."
)
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), help="A folder for all of the files below.")
@click.option("--to", "rows", type=_file(), help="Write a row for each obligation to this .parquet or .csv file.")
@click.option("--report", type=_file(), help="Write the whole caseload as one page to this .html file.")
@click.option("--measures", type=_file(), help="Write what was owed, met, late and overdue to this .csv or .parquet.")
@click.option(
    "--by",
    multiple=True,
    metavar="COLUMN",
    help="What the measures are counted by: standard (unless given), section, kind, worker, team, month, or what the "
    "records say of each child, such as sex. Repeatable.",
)
@click.option("--work-list", "work", type=_file(), help="Write what is overdue and next to this .xlsx, .csv or .ics.")
@click.option("--faults", type=_file(), help="Write every cell that could not be used to this .csv file.")
@click.option(
    "--smallest",
    type=click.IntRange(min=0),
    default=6,
    show_default=True,
    help="Hide counts below this (5 or more); 0 shows all.",
)
@click.option(
    "--cases", type=click.IntRange(min=0), default=50, show_default=True, help="How many cases the page tells."
)
@click.option(
    "--workers", type=click.IntRange(min=1), help="How many processes; every core unless given, and one for few cases."
)
@click.option("--quiet", is_flag=True, help="No progress bar.")
@_json_option
def caseload(records: Path, pack: str, as_json: bool, **given: Any) -> None:
    """Judge a whole caseload: RECORDS are a folder of ssd_*.csv, a CIN census, Annex A, SSDA903, or an event log.

    Standards that the records cannot feed are not assessed, and named. Cells that cannot be used are named by table,
    row and column, never by what stands in them, and the rest goes on.
    """
    from . import caseload_commands

    _without_the_extra(
        lambda: caseload_commands.caseload(records, _loaded(pack), as_json=as_json, width=_width(), **given)
    )


@cli.command(
    short_help="The national measures of timeliness, counted from records.",
    epilog=_examples("official ssd_extract --from 2023-04-01 --to 2024-03-31"),
)
@click.argument("records", type=click.Path(exists=True, path_type=Path))
@click.option("--from", "first", type=DAY, required=True, help="The first day of the period.")
@click.option("--to", "last", type=DAY, required=True, help="The last day of the period.")
@click.option("--form", type=click.Choice(FORMS), help="The form of the records, where it should not be found out.")
@click.option("--file", type=_file(), help="Write the measures to this .csv or .parquet file.")
@click.option(
    "--smallest",
    type=click.IntRange(min=0),
    default=6,
    show_default=True,
    help="Hide counts below this (5 or more); 0 shows all.",
)
@_json_option
def official(records: Path, as_json: bool, **given: Any) -> None:
    """Assessments, conferences, reviews, visits, re-referrals, as the statistics and the regulations define them.

    RECORDS are what `caseload` takes. What they cannot answer is not assessed, with the reason.
    """
    from . import caseload_commands

    _without_the_extra(lambda: caseload_commands.official(records, as_json=as_json, width=_width(), **given))


@cli.command(
    short_help="An invented authority's records, to try things on.",
    epilog=_examples("synthetic authority --children 5000", "synthetic authority --shape log --seed 7"),
)
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@click.option("--children", type=click.IntRange(min=1), default=1000, show_default=True, help="How many children.")
@click.option("--seed", type=int, default=1, show_default=True, help="Another number, another authority.")
@click.option(
    "--shape",
    type=click.Choice(["ssd", "log", "both"]),
    default="both",
    show_default=True,
    help="As the Standard Safeguarding Dataset (in ssd/), as an event log (in log/), or both.",
)
@click.option(
    "--dirt",
    type=click.FloatRange(0, 1),
    default=0.0,
    show_default=True,
    help="The share of rows to damage: 0.02 for 2 in 100.",
)
def synthetic(folder: Path, **given: Any) -> None:
    """Write the records of an invented authority into FOLDER: no child in it is real.

    The same options give the same files on every machine. Files that are there already are left as they are.
    """
    from . import caseload_commands

    _without_the_extra(lambda: caseload_commands.synthetic(folder, **given))


def _without_the_extra(action: Callable[[], None]) -> None:
    """Do it; what is wrong with a file, a folder or the installation is said in words."""
    from .tables import TableError

    try:
        action()
    except TableError as error:
        raise _Refused(str(error), USAGE) from None
    except ImportError as error:
        if error.name is None:  # in words already
            raise _Refused(str(error), USAGE) from None
        name = error.name.partition(".")[0]
        raise _Refused(f'This needs {name}: pip install "practice-rules[caseload]".', USAGE) from None
    except BrokenPipeError:
        raise  # whoever was listening has gone, as `| head` does: click ends quietly
    except OSError as error:
        where = Path(error.filename).name if isinstance(error.filename, str) else "a file"
        raise _Refused(f"I can't use {where}: {(error.strerror or 'it failed').lower()}.", USAGE) from None


# --- starting ---------------------------------------------------------------------------------------------------------


def main() -> None:
    """Run the command line; whatever the console, what is said arrives."""
    for stream in (sys.stdout, sys.stderr):
        with suppress(AttributeError, ValueError, OSError):
            stream.reconfigure(encoding="utf-8", errors="replace")  # type: ignore[union-attr]
    cli(prog_name="practice-rules")


if __name__ == "__main__":
    main()
