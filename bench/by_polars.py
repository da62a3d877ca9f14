"""The same eight rules as an analyst who knows Polars would write them: an event log in, a table of obligations out.

`python bench/by_polars.py EVENTS.csv OUT.parquet --as-of 2024-06-28`
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import holidays
import polars as pl

BANK_HOLIDAYS = sorted(holidays.country_holidays("GB", subdiv="ENG", years=range(2019, 2031)))


#: What opened a duty: its day, its name, its id and its row in the file.
OPENED = ["opened", "opened_event", "opened_id", "opened_row"]


def working_days_after(day: str, count: int) -> pl.Expr:
    """The day of the event is day 0; the next working day is day 1, whether or not the event fell on one."""
    return pl.col(day).dt.add_business_days(count, holidays=BANK_HOLIDAYS, roll="backward")


def working_days_before(day: str, count: int) -> pl.Expr:
    return pl.col(day).dt.add_business_days(-count, holidays=BANK_HOLIDAYS, roll="forward")


def named(events: pl.LazyFrame, name: str, prefix: str) -> pl.LazyFrame:
    """The events of one name, in their order: subject, PREFIX (the day), PREFIX_event, PREFIX_id and PREFIX_row."""
    return events.filter(pl.col("event") == name).select(
        "subject",
        pl.col("date").alias(prefix),
        pl.col("event", "id", "row").name.prefix(f"{prefix}_"),
    )


def within(events: pl.LazyFrame, opener: str, act: str) -> pl.LazyFrame:
    """Every opener with the first act on or after it."""
    acts = named(events, act, "met").unique(["subject", "met"], keep="first", maintain_order=True)
    return next_act(named(events, opener, "opened"), "opened", acts)


def next_act(opened: pl.LazyFrame, since: str, acts: pl.LazyFrame) -> pl.LazyFrame:
    """With the first act of the subject on or after the day in the column `since`."""
    return opened.sort(since).join_asof(
        acts.sort("met"),
        left_on=since,
        right_on="met",
        by="subject",
        strategy="forward",
        coalesce=False,
        check_sortedness=False,  # both are sorted above
    )


def spans(events: pl.LazyFrame, start: str, end: str) -> pl.LazyFrame:
    """The stretches of a period: the first start with the first end, and so on; the last may be open."""
    number = pl.int_range(pl.len()).over("subject").alias("number")
    starts = named(events, start, "start").with_columns(number)
    ends = named(events, end, "ended").with_columns(number).select("subject", "number", "ended")
    return starts.join(ends, on=["subject", "number"], how="left").drop("number")


def joined(several: Sequence[pl.LazyFrame]) -> pl.LazyFrame:
    """The stretches in which any of several periods is open; what follows on the next day is still one."""
    latest = pl.col("ended").fill_null(date.max).cum_max().shift(1).over("subject")
    apart = latest.is_null() | (pl.col("start").dt.offset_by("-1d") > latest)
    return (
        pl.concat(several)
        .sort("subject", "start", "ended", nulls_last=True)
        .with_columns(apart.cum_sum().alias("stretch"))
        .group_by("stretch")
        .agg(
            pl.col("subject", "start", "start_event", "start_id", "start_row").first(),
            pl.when(pl.col("ended").is_not_null().all()).then(pl.col("ended").max()).alias("ended"),
        )
        .drop("stretch")
    )


def chain(events: pl.LazyFrame, periods: pl.LazyFrame, act: str) -> pl.LazyFrame:
    """The start of every stretch and every act in it open a duty, which the next act closes; `place` counts from 0."""
    acts = (
        periods.join(named(events, act, "opened"), on="subject")
        .filter(pl.col("opened") >= pl.col("start"), (pl.col("opened") <= pl.col("ended")).fill_null(True))
        .sort("start_row", "opened", "opened_id")
        .unique(["start_row", "opened"], keep="first", maintain_order=True)
        .select("subject", "start_row", "ended", *OPENED)
    )
    begun = pl.col("start", "start_event", "start_id", "start_row").name.replace("start", "opened")
    starts = periods.select("subject", "start_row", "ended", begun)
    return (
        pl.concat([starts, acts])  # the sort is stable: a start stands before an act of its own day
        .sort("start_row", "opened", maintain_order=True)
        .with_columns(
            pl.col("opened", "opened_id", "opened_row").shift(-1).over("start_row").name.replace("opened", "met"),
            pl.int_range(pl.len()).over("start_row").alias("place"),
        )
        .drop("start_row")
    )


def before(events: pl.LazyFrame, meeting: str, act: str) -> pl.LazyFrame:
    """Every meeting with the first act after the meeting before it, and not after the meeting itself."""
    meetings = named(events, meeting, "opened").with_columns(
        pl.col("opened").shift(1).over("subject").dt.offset_by("1d").fill_null(date.min).alias("since")
    )
    acts = named(events, act, "met").unique(["subject", "met"], keep="first", maintain_order=True)
    in_time = pl.col("met") <= pl.col("opened")
    return (
        next_act(meetings, "since", acts)
        .with_columns(pl.when(in_time).then(pl.col("met", "met_id", "met_row")))
        .drop("since")
    )


def duties(events: pl.LazyFrame) -> list[pl.LazyFrame]:
    """The eight rules: one frame each, with the due dates."""
    protection = spans(events, "child protection plan started", "child protection plan ended")
    need = spans(events, "child in need plan started", "child in need plan ended")
    care = spans(events, "became looked after", "ceased to be looked after")
    place = pl.col("place")

    def rule(frame: pl.LazyFrame, section: str, standard: str, kind: str, due: pl.Expr) -> pl.LazyFrame:
        words = {"standard": standard, "kind": kind, "section": section}
        if "ended" not in frame.collect_schema():
            frame = frame.with_columns(pl.lit(None, pl.Date).alias("ended"))
        columns = ["subject", *OPENED, "met", "met_id", "met_row", "ended"]
        return frame.select(*columns, due.alias("due"), *(pl.lit(word).alias(name) for name, word in words.items()))

    return [
        rule(
            within(events, "strategy discussion held", "initial child protection conference held"),
            "1", "initial-conference", "deadline",
            working_days_after("opened", 15),
        ),
        rule(
            within(events, "referral received", "assessment completed"),
            "2", "assessment", "deadline", working_days_after("opened", 45),
        ),
        rule(
            chain(events, protection, "child visited"),
            "3", "protection-visits", "frequency", working_days_after("opened", 10),
        ),
        rule(
            chain(events, protection, "core group held"),
            "4", "core-groups", "schedule",
            pl.when(place == 0).then(working_days_after("opened", 10)).otherwise(pl.col("opened").dt.offset_by("6w")),
        ),
        rule(
            chain(events, care, "looked after review held"),
            "5", "looked-after-reviews", "schedule",
            pl.when(place == 0)
            .then(working_days_after("opened", 20))
            .when(place == 1)
            .then(pl.col("opened").dt.offset_by("91d"))
            .otherwise(pl.col("opened").dt.offset_by("183d")),
        ),
        rule(
            chain(events, need, "child visited"),
            "6", "child-in-need-visits", "frequency", working_days_after("opened", 20),
        ),
        rule(
            before(events, "review child protection conference held", "review conference report sent to chair"),
            "7", "conference-report", "lead time",
            working_days_before("opened", 5),
        ),
        rule(
            chain(events, joined([protection, need, care]), "case supervision held"),
            "8", "supervision", "frequency", pl.col("opened").dt.offset_by("1mo"),
        ),
    ]  # fmt: skip


def said(day: pl.Expr) -> pl.Expr:
    return day.dt.to_string("%-d %B %Y")


def judged(rows: pl.LazyFrame, as_of: date, source: str) -> pl.LazyFrame:
    """With what became of each duty, in codes and in words."""
    met, due, ended = pl.col("met"), pl.col("due"), pl.col("ended")
    status = (
        pl.when(met.is_not_null())
        .then(pl.when(met <= due).then(pl.lit("met")).otherwise(pl.lit("breached")))
        .when(ended.is_not_null())
        .then(pl.when(ended <= due).then(pl.lit("lapsed")).otherwise(pl.lit("breached")))
        .when(pl.lit(as_of) <= due)
        .then(pl.lit("due"))
        .otherwise(pl.lit("breached"))
    )
    breached = pl.col("status") == "breached"
    days_late = pl.when(breached).then((pl.coalesce(met, ended, pl.lit(as_of)) - due).dt.total_days())
    days_left = pl.when(pl.col("status") == "due").then((due - pl.lit(as_of)).dt.total_days())
    row = pl.lit(f"{source}:") + pl.col("opened_row").cast(pl.String)
    days = pl.coalesce("days_late", "days_left")
    many = pl.format("{} {}", days, pl.when(days == 1).then(pl.lit("day")).otherwise(pl.lit("days")))
    what = (
        pl.when(pl.col("status") == "met")
        .then(pl.format("done in time on {}", said(met)))
        .when(pl.col("late"))
        .then(pl.format("done on {}, {} late", said(met), many))
        .when(breached & ended.is_not_null())
        .then(pl.format("not done when it ended on {}, {} late", said(ended), many))
        .when(breached)
        .then(pl.format("not done, {} overdue", many))
        .when(pl.col("status") == "lapsed")
        .then(pl.format("fell away on {}", said(ended)))
        .when(days == 0)
        .then(pl.lit("today is the last day"))
        .otherwise(pl.format("{} left", many))
    )
    sentence = pl.format(
        "Opened by “{}” on {}, owed by {}; {}.", "opened_event", said(pl.col("opened")), said(due), what
    )
    nothing = pl.lit(None, pl.String)
    return (
        rows.with_columns(status.alias("status"))
        .with_columns(
            days_late.cast(pl.Int32).alias("days_late"),
            days_left.cast(pl.Int32).alias("days_left"),
            (breached & met.is_not_null()).alias("late"),
            (breached & met.is_null()).alias("overdue"),
        )
        .select(
            "subject",
            "standard",
            "kind",
            "section",
            "opened",
            "due",
            met.alias("met_on"),
            "status",
            "late",
            "overdue",
            "days_late",
            "days_left",
            nothing.alias("worker"),
            nothing.alias("team"),
            nothing.alias("missing"),
            (pl.col("standard") + "/" + pl.col("opened_id")).alias("key"),
            pl.when(met.is_null())
            .then(row)
            .otherwise(row + f"; {source}:" + pl.col("met_row").cast(pl.String))
            .alias("source_rows"),
            sentence.alias("sentence"),
        )
        .sort("subject", "section", "opened", maintain_order=True)
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("events", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--as-of", type=date.fromisoformat, required=True)
    given = parser.parse_args()
    types = {"subject": pl.String, "event": pl.String, "date": pl.Date, "id": pl.String}
    # Row 1 of the file is its header.
    events = pl.scan_csv(given.events, schema_overrides=types, row_index_name="row", row_index_offset=2)
    events = events.filter(pl.col("date") <= given.as_of).sort("subject", "date", "id")
    events = events.collect().lazy()  # read and sorted once, not once for every rule
    judged(pl.concat(duties(events)), given.as_of, given.events.name).sink_parquet(given.out)


if __name__ == "__main__":
    main()
