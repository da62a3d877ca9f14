"""Rows put together column by column: their types, and what only some rows have."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from every_kind import pack
from practice_rules.evaluating import evaluate
from practice_rules.events import Event, History
from practice_rules.obligations import Status
from practice_rules.records import Origin

pa = pytest.importorskip("pyarrow", reason="needs the extra caseload")

from practice_rules.rows import STATUSES, RowMaker, day_in_words, plain_type, row_schema  # noqa: E402

NOW = date(2024, 6, 1)


def made(*histories: History, **options: Any) -> list[dict[str, Any]]:
    rows = RowMaker(
        pack(),
        NOW.toordinal(),
        **{"lacking": {}, "since": None, "answers": None, "lapsed": True, "table": "log", **options},
    )
    for history in histories:
        rows.add(evaluate(history, pack(), as_of=NOW), ())
    batch = rows.batch()
    assert batch.schema.equals(row_schema())
    found: list[dict[str, Any]] = batch.to_pylist()
    return found


def case(first: object, second: object) -> History:
    return History(
        "c",
        [
            Event("referral accepted", date(2024, 3, 1), id="r", origin=first),
            Event("assessment completed", date(2024, 3, 5), id="a", origin=second),
        ],
        born=date(2010, 1, 1),
    )


def test_the_columns_and_their_types() -> None:
    """Eighteen columns in the order of the reference; dictionaries have a plain type beneath."""
    assert row_schema().names == [
        *("subject", "standard", "kind", "section", "opened", "due", "met_on", "status", "late", "overdue"),
        *("days_late", "days_left", "worker", "team", "missing", "key", "source_rows", "sentence"),
    ]
    assert {str(plain_type(column.type)) for column in row_schema()} == {"string", "date32[day]", "bool", "int32"}
    assert STATUSES == ("breached", "due", "met", "lapsed", "not assessed")
    assert [STATUSES[status] for status in Status] == [str(status) for status in Status]


def test_no_evaluation_makes_an_empty_batch() -> None:
    """Nothing in, nothing out, with the columns there; a history that nothing wakes likewise."""
    assert made() == []
    assert made(History("c")) == []
    assert made(lapsed=False) == []


def test_days_in_words() -> None:
    """As people write them."""
    assert day_in_words(date(2024, 3, 1).toordinal()) == "1 March 2024"
    assert day_in_words(date(1999, 12, 31).toordinal()) == "31 December 1999"


@pytest.mark.parametrize(
    ("first", "second", "told"),
    [
        (12, 77, "log:12; log:77"),
        (12, None, "log:12"),
        (None, 77, "log:77"),
        (None, None, None),
        (12, 12, "log:12"),
        (Origin("t", "d", 3), Origin("u", "e", 4), "t.d:3; u.e:4"),
        (Origin("t", "d", 3), Origin("t", "d", 3), "t.d:3"),
        ("by hand", 7, "by hand; log:7"),
    ],
)
def test_the_records_behind_a_row(first: object, second: object, told: str | None) -> None:
    """The opening and the closing record, each once, in whatever form the reader gave them."""
    (row,) = [row for row in made(case(first, second)) if row["standard"] == "assessment"]
    assert (row["status"], row["source_rows"]) == ("met", told)


def test_what_is_done_after_a_duty_fell_away_does_not_close_it() -> None:
    """An act after the end of the period is not the act of the row, nor its record."""
    history = History(
        "c",
        [
            Event("plan started", date(2024, 1, 1), id="p", origin=1),
            Event("plan ended", date(2024, 1, 10), id="e", origin=2),
            Event("conference held", date(2024, 2, 1), id="h", origin=3),
        ],
        born=date(2010, 1, 1),
    )
    (row,) = [row for row in made(history) if row["standard"] == "conferences"]
    assert (row["status"], row["met_on"], row["source_rows"]) == ("lapsed", None, "log:1")
    assert row["sentence"].endswith("; fell away on 10 January 2024.")


def test_gaps_are_said_once_each() -> None:
    """What is asked twice of one standard is one row, and names the event that does not say."""
    history = History("c", [Event("child visited", date(2024, 3, n), id=f"v{n}", origin=n) for n in (1, 2)])
    rows = [row for row in made(history) if row["standard"] == "not-seen-alone"]
    assert [(row["key"], row["source_rows"], row["status"]) for row in rows] == [
        ("not-seen-alone/v1", "log:1", "not assessed"),
        ("not-seen-alone/v2", "log:2", "not assessed"),
    ]
