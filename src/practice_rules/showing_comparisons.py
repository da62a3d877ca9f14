"""A comparison of packs, and of one history's results, as text and as a page.

What is shown comes from packs and records that others wrote: text is stripped of control characters and HTML is
escaped.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from .comparing import Ask, Comparison, Difference, Topic
from .evaluations import Evaluation
from .obligations import NotAssessed, Obligation
from .showing import _clean_lines, _days, _done, _due, _head, _moment, _plain, _templates
from .words import plural, say_date

__all__ = ["comparison_page", "comparison_text", "history_page", "history_text"]

_WIDTH = 100
#: Families of which every topic is shown in its place; of the others, what one authority asks alone stands at the end.
_REST = "Other matters"
#: So many notices of one evaluation are shown in a text.
_NOTICES = 2


def _wrapped(text: str, width: int, indent: int = 0, hang: int = 0) -> list[str]:
    return textwrap.wrap(
        _plain(text),
        width,
        initial_indent=" " * indent,
        subsequent_indent=" " * (indent + hang),
        break_on_hyphens=False,
    )


def _title(text: str, width: int, line: str) -> list[str]:
    return [*_wrapped(text, width), line * min(len(text), width), ""]


def _head_of(comparison: Comparison, only_shared: bool) -> list[str]:
    """What a reader should know of a comparison before the first table."""
    shared = len(comparison.shared)
    alone = len(comparison.topics) - shared
    lines = [
        f"{plural(shared, 'topic')} on which more than one authority speaks"
        + ("." if only_shared else f", and {alone} on which one speaks alone.")
    ]
    lines.append(
        "A topic is an act, the way in which it is asked for, and the occasion. Stricter means: whoever does what this "
        "authority asks has done what the other asks, whatever the day. About the same means: now one time ends first "
        "and now the other, by little. Where that cannot be said, it is not said. Several clauses of one document on "
        "one topic are all shown."
    )
    return lines


def _placed(
    comparison: Comparison, only_shared: bool
) -> tuple[list[tuple[str, list[Topic]]], list[tuple[str, list[Topic]]]]:
    """The families with their topics; and by pack what it asks alone, as far as no family has it."""
    families = []
    for family, topics in comparison.families().items():
        found = [topic for topic in topics if len(topic.asks) > 1 or (family != _REST and not only_shared)]
        if found:
            families.append((family, found))
    alone = [(name, [topic for topic in comparison.only(name) if topic.family == _REST]) for name in comparison.packs]
    return families, [(name, topics) for name, topics in alone if topics and not only_shared]


def _clause(ask: Ask) -> str:
    return f"{ask.document}, {ask.source.section}: “{ask.source.words}”"


def _conditions(ask: Ask) -> str:
    """Who and what a clause is about, where it is not everyone and any act."""
    return "; ".join(part for part in (ask.whom, f"where {ask.how}" if ask.how else "", ask.changes) if part)


# --- packs ------------------------------------------------------------------------------------------------------------


def comparison_text(comparison: Comparison, *, only_shared: bool = False, width: int | None = None) -> str:
    """A comparison as text: every topic with its verdict, and each authority's clauses and their readings.

    Args:
        comparison: what to show.
        only_shared: leave out what one authority asks alone.
        width: how many characters fit on a line, 60 at least; 100 unless given.
    """
    space = max(60, width or _WIDTH)
    lines = [f"{name}: {_plain(authority)}" for name, authority in comparison.packs.items()]
    lines.append("")
    for paragraph in _head_of(comparison, only_shared):
        lines += [*_wrapped(paragraph, space), ""]
    families, alone = _placed(comparison, only_shared)
    for family, topics in families:
        lines += _title(family, space, "=")
        for topic in topics:
            lines += [*_wrapped(topic.title, space, hang=4), *_wrapped(f"-> {topic.verdict}", space, 2, 3)]
            for asks in topic.asks.values():
                for ask in asks:
                    lines += _ask_lines(ask, space)
            lines.append("")
    if alone:
        lines += _title("Only one authority asks", space, "=")
        for name, topics in alone:
            lines += _wrapped(f"{name}: {plural(len(topics), 'topic')}", space)
            for topic in topics:
                for ask in topic.asks[name]:
                    said = f"{topic.title}{f': {ask.timescale}' if ask.timescale else ''} [{ask.standard}]"
                    lines += _wrapped(said, space, 2, 2)
            lines.append("")
    return _clean_lines(lines)


def _ask_lines(ask: Ask, space: int) -> list[str]:
    time = f"{ask.timescale}: " if ask.timescale else ""
    lines = _wrapped(f"{ask.pack}: {time}{ask.says} [{ask.standard}]", space, 2, 4)
    conditions = _conditions(ask)
    for name, text in (("Conditions", conditions), ("Clause", _clause(ask)), ("Reading", ask.reading)):
        if text:
            lines += _wrapped(f"{name}: {text}", space, 6, 2)
    return lines


def comparison_page(comparison: Comparison, *, only_shared: bool = False) -> str:
    """A comparison as one self-contained HTML page: a table for each family of topics, one column for each authority.

    Args:
        comparison: what to show.
        only_shared: leave out what one authority asks alone.
    """
    families, alone = _placed(comparison, only_shared)
    return (
        _templates()
        .get_template("comparison.html.j2")
        .render(
            packs=comparison.packs,
            head=_head_of(comparison, only_shared),
            families=families,
            alone=alone,
            conditions=_conditions,
        )
    )


# --- one history ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Row:
    """One result of one pack, as a reader sees it."""

    status: str
    standard: str
    due: str
    done: str
    days: str
    says: str
    clause: str


def _row(item: Obligation | NotAssessed) -> _Row:
    clause = f"{item.source.section}: “{item.source.words}”"
    if isinstance(item, NotAssessed):
        return _Row("not assessed", item.standard, "", "", "", f"The record lacks: {item.missing}.", clause)
    return _Row(str(item.status), item.standard, _due(item), _done(item), _days(item), item.says, clause)


def _rows(difference: Difference, pack: str) -> list[_Row]:
    found: list[Obligation | NotAssessed] = [*difference.obligations.get(pack, ())]
    found += difference.not_assessed.get(pack, ())
    return [_row(item) for item in found]


def _groups(differences: Iterable[Difference]) -> dict[str, list[Difference]]:
    """Where another result comes out, where only dates or clauses are others, and where not all ask."""
    groups: dict[str, list[Difference]] = {
        "Every authority asks, and the result differs": [],
        "Every authority asks, and only a date or a clause differs": [],
        "Not every authority asks": [],
    }
    another, date_only, some = groups.values()
    for each in differences:
        (some if not each.asked_by_all else another if each.result_differs else date_only).append(each)
    return groups


def _tally(evaluation: Evaluation) -> dict[str, int]:
    groups = {
        "met": evaluation.met,
        "due": evaluation.due,
        "breached": evaluation.breached,
        "lapsed": evaluation.lapsed,
        "not assessed": evaluation.not_assessed,
    }
    return {word: len(group) for word, group in groups.items()}


def history_text(
    evaluations: Sequence[Evaluation], differences: Sequence[Difference], *, width: int | None = None
) -> str:
    """What several packs make of one history, as text: the counts of each, and where they differ, with the clauses.

    Args:
        evaluations: as `compare_history` gives them.
        differences: as `compare_history` gives them.
        width: how many characters fit on a line, 60 at least; 100 unless given.
    """
    space = max(60, width or _WIDTH)
    lines = [
        *_wrapped(f"{evaluations[0].subject} ({evaluations[0].kind})", space),
        *_wrapped(_head(evaluations[0])[2], space),
        "",
    ]
    for evaluation in evaluations:
        counts = ", ".join(f"{count} {word}" for word, count in _tally(evaluation).items())
        lines += _wrapped(f"{evaluation.pack}: {counts} ({evaluation.authority})", space, 0, 4)
        for notice in evaluation.notices[:_NOTICES]:
            lines += _wrapped(f"Note: {notice}", space, 4, 2)
        if len(evaluation.notices) > _NOTICES:
            lines.append(f"    and {plural(len(evaluation.notices) - _NOTICES, 'more note')}; the page has them all")
    for title, found in _groups(differences).items():
        if not found:
            continue
        lines += ["", *_title(f"{title}: {len(found)}", space, "=")]
        for difference in found:
            lines += _wrapped(f"{say_date(difference.opened)}, {difference.act}: {difference.way}", space, 0, 4)
            for evaluation in evaluations:
                rows = _rows(difference, evaluation.pack)
                for row in rows:
                    told = ", ".join(
                        part
                        for part in (
                            row.status,
                            f"due {row.due}" if row.due else row.says,
                            f"done {row.done}" if row.done not in ("", "not done") else row.done,
                            row.days,
                        )
                        if part
                    )
                    lines += _wrapped(f"{evaluation.pack}: {told} [{row.standard}]", space, 2, 4)
                    lines += _wrapped(f"Clause: {row.clause}", space, 6, 2)
                if not rows and len(evaluations) > 2:
                    lines += _wrapped(f"{evaluation.pack}: nothing", space, 2, 4)
            lines.append("")
    if not differences:
        lines += ["", "The results do not differ."]
    return _clean_lines(lines)


def history_page(evaluations: Sequence[Evaluation], differences: Sequence[Difference]) -> str:
    """What several packs make of one history, as one self-contained HTML page.

    Args:
        evaluations: as `compare_history` gives them.
        differences: as `compare_history` gives them.
    """
    return (
        _templates()
        .get_template("comparison_history.html.j2")
        .render(
            evaluations=evaluations,
            tallies=[_tally(evaluation) for evaluation in evaluations],
            as_of=_moment(evaluations[0].as_of),
            known_at=_moment(evaluations[0].known_at),
            groups=_groups(differences),
            rows=_rows,
        )
    )
