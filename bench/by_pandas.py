"""The same eight rules as an analyst who knows pandas would write them: an event log in, a table of obligations out.

`python bench/by_pandas.py EVENTS.csv OUT.parquet --as-of 2024-06-28`
"""

from __future__ import annotations

import argparse
from datetime import date
from pathlib import Path

import holidays
import numpy as np
import pandas as pd

ENGLAND = np.busdaycalendar(
    holidays=np.array(
        sorted(holidays.country_holidays("GB", subdiv="ENG", years=range(2019, 2031))), dtype="datetime64[D]"
    )
)
ONE_DAY = pd.Timedelta(days=1)


def working_days_after(days: pd.Series, count: int) -> pd.Series:
    """The day of the event is day 0; the next working day is day 1, whether or not the event fell on one."""
    found = np.busday_offset(days.to_numpy("datetime64[D]"), count, roll="backward", busdaycal=ENGLAND)
    return pd.Series(found, index=days.index).astype("datetime64[us]")


def working_days_before(days: pd.Series, count: int) -> pd.Series:
    found = np.busday_offset(days.to_numpy("datetime64[D]"), -count, roll="forward", busdaycal=ENGLAND)
    return pd.Series(found, index=days.index).astype("datetime64[us]")


def named(events: pd.DataFrame, name: str, prefix: str) -> pd.DataFrame:
    """The events of one name, in their order: subject, PREFIX (the day), PREFIX_id and PREFIX_row."""
    found = events.loc[events["event"] == name, ["subject", "date", "id", "row"]]
    return found.rename(columns={"date": prefix, "id": f"{prefix}_id", "row": f"{prefix}_row"})


def next_act(opened: pd.DataFrame, since: str, acts: pd.DataFrame) -> pd.DataFrame:
    """With the first act of the subject on or after the day in the column `since`."""
    acts = acts.drop_duplicates(["subject", "met"])
    return pd.merge_asof(
        opened.sort_values(since),
        acts.sort_values("met"),
        left_on=since,
        right_on="met",
        by="subject",
        direction="forward",
    )


def within(events: pd.DataFrame, opener: str, act: str) -> pd.DataFrame:
    """Every opener with the first act on or after it."""
    opened = named(events, opener, "opened").assign(opened_event=opener)
    return next_act(opened, "opened", named(events, act, "met"))


def spans(events: pd.DataFrame, start: str, end: str) -> pd.DataFrame:
    """The stretches of a period: the first start with the first end, and so on; the last may be open."""
    starts, ends = named(events, start, "start").assign(start_event=start), named(events, end, "ended")
    starts["number"] = starts.groupby("subject").cumcount()
    ends["number"] = ends.groupby("subject").cumcount()
    found = starts.merge(ends[["subject", "number", "ended"]], on=["subject", "number"], how="left")
    return found.drop(columns="number")


def joined(several: list[pd.DataFrame]) -> pd.DataFrame:
    """The stretches in which any of several periods is open; what follows on the next day is still one."""
    every = pd.concat(several).sort_values(["subject", "start", "ended"], na_position="last")
    every["until"] = every["ended"].fillna(pd.Timestamp("2262-01-01"))
    latest = every.groupby("subject")["until"].cummax().groupby(every["subject"]).shift()
    every["stretch"] = (latest.isna() | (every["start"] - ONE_DAY > latest)).cumsum()
    found = every.groupby("stretch").agg(
        subject=("subject", "first"),
        start=("start", "first"),
        start_event=("start_event", "first"),
        start_id=("start_id", "first"),
        start_row=("start_row", "first"),
        ended=("until", "max"),
    )
    found["ended"] = found["ended"].mask(found["ended"] == pd.Timestamp("2262-01-01"))
    return found


def chain(events: pd.DataFrame, periods: pd.DataFrame, act: str) -> pd.DataFrame:
    """The start of every stretch and every act in it open a duty, which the next act closes; `place` counts from 0."""
    acts = periods[["subject", "start_row", "start", "ended"]].merge(named(events, act, "opened"), on="subject")
    inside = (acts["opened"] >= acts["start"]) & ((acts["opened"] <= acts["ended"]) | acts["ended"].isna())
    acts = acts[inside].sort_values(["start_row", "opened", "opened_id"]).drop_duplicates(["start_row", "opened"])
    acts["opened_event"] = act
    starts = periods.assign(
        opened=periods["start"],
        opened_event=periods["start_event"],
        opened_id=periods["start_id"],
        opened_row=periods["start_row"],
    )
    columns = ["subject", "start_row", "ended", "opened", "opened_event", "opened_id", "opened_row"]
    # The sort is stable: a start stands before an act of its own day.
    found = pd.concat([starts[columns], acts[columns]]).sort_values(
        ["start_row", "opened"], kind="stable", ignore_index=True
    )
    by_stretch = found.groupby("start_row")
    found[["met", "met_id", "met_row"]] = by_stretch[["opened", "opened_id", "opened_row"]].shift(-1)
    found["place"] = by_stretch.cumcount()
    return found


def before(events: pd.DataFrame, meeting: str, act: str) -> pd.DataFrame:
    """Every meeting with the first act after the meeting before it, and not after the meeting itself."""
    meetings = named(events, meeting, "opened").assign(opened_event=meeting)
    meetings["since"] = (meetings.groupby("subject")["opened"].shift() + ONE_DAY).fillna(pd.Timestamp("1901-01-01"))
    found = next_act(meetings, "since", named(events, act, "met"))
    found[["met", "met_id", "met_row"]] = found[["met", "met_id", "met_row"]].where(found["met"] <= found["opened"])
    return found


def duties(events: pd.DataFrame) -> pd.DataFrame:
    """The eight rules: one row for each duty, with its due date."""
    protection = spans(events, "child protection plan started", "child protection plan ended")
    need = spans(events, "child in need plan started", "child in need plan ended")
    care = spans(events, "became looked after", "ceased to be looked after")
    found = []

    def rule(frame: pd.DataFrame, section: str, standard: str, kind: str, due: pd.Series) -> None:
        found.append(frame.assign(standard=standard, kind=kind, section=section, due=due))

    act = "initial child protection conference held"
    frame = within(events, "strategy discussion held", act)
    rule(frame, "1", "initial-conference", "deadline", working_days_after(frame["opened"], 15))

    act = "assessment completed"
    frame = within(events, "referral received", act)
    rule(frame, "2", "assessment", "deadline", working_days_after(frame["opened"], 45))

    act = "child visited"
    frame = chain(events, protection, act)
    rule(frame, "3", "protection-visits", "frequency", working_days_after(frame["opened"], 10))

    act = "core group held"
    frame = chain(events, protection, act)
    later = frame["opened"] + pd.Timedelta(weeks=6)
    due = later.mask(frame["place"] == 0, working_days_after(frame["opened"], 10))
    rule(frame, "4", "core-groups", "schedule", due)

    act = "looked after review held"
    frame = chain(events, care, act)
    opened, place = frame["opened"], frame["place"]
    due = (opened + pd.Timedelta(days=183)).mask(place == 1, opened + pd.Timedelta(days=91))
    due = due.mask(place == 0, working_days_after(opened, 20))
    rule(frame, "5", "looked-after-reviews", "schedule", due)

    act = "child visited"
    frame = chain(events, need, act)
    rule(frame, "6", "child-in-need-visits", "frequency", working_days_after(frame["opened"], 20))

    act = "review conference report sent to chair"
    frame = before(events, "review child protection conference held", act)
    rule(frame, "7", "conference-report", "lead time", working_days_before(frame["opened"], 5))

    act = "case supervision held"
    frame = chain(events, joined([protection, need, care]), act)
    rule(frame, "8", "supervision", "frequency", frame["opened"] + pd.DateOffset(months=1))

    return pd.concat(found, ignore_index=True)


def said_dates(days: pd.Series) -> pd.Series:
    """Dates as "4 January 2021". There are few different ones, and `strftime` is slow: each is formatted once."""
    different = days.drop_duplicates().dropna()
    words = different.dt.strftime("%d %B %Y").str.removeprefix("0")
    return days.map(pd.Series(words.to_numpy(), index=different))


def said_days(days: pd.Series) -> pd.Series:
    """A number of days as "1 day" or "12 days"."""
    return days.astype("string") + np.where(days.eq(1).fillna(False), " day", " days")


def judged(rows: pd.DataFrame, as_of: pd.Timestamp, source: str) -> pd.DataFrame:
    """With what became of each duty, in codes and in words."""
    met, due, ended = rows["met"], rows["due"], rows["ended"]
    status = np.select(
        [met <= due, met.notna(), ended <= due, ended.notna(), as_of <= due],
        ["met", "breached", "lapsed", "breached", "due"],
        "breached",
    )
    breached, done = status == "breached", met.notna()
    days_late = (met.fillna(ended).fillna(as_of) - due).dt.days.where(breached).astype("Int32")
    days_left = (due - as_of).dt.days.where(status == "due").astype("Int32")
    opened_row = source + ":" + rows["opened_row"].astype("string")
    both_rows = opened_row + "; " + source + ":" + rows["met_row"].astype("Int64").astype("string")
    met_words, ended_words = said_dates(met), said_dates(ended)
    many = said_days(days_late.fillna(days_left))
    what = (
        ("done in time on " + met_words)
        .mask(breached & done, "done on " + met_words + ", " + many + " late")
        .mask(breached & ~done, "not done, " + many + " overdue")
        .mask(breached & ~done & ended.notna(), "not done when it ended on " + ended_words + ", " + many + " late")
        .mask(status == "due", many + " left")
        .mask((status == "due") & (due == as_of), "today is the last day")
        .mask(status == "lapsed", "fell away on " + ended_words)
    )
    opened_words = "Opened by “" + rows["opened_event"] + "” on " + said_dates(rows["opened"])
    sentence = opened_words + ", owed by " + said_dates(due) + "; " + what + "."
    return pd.DataFrame(
        {
            "subject": rows["subject"],
            "standard": rows["standard"],
            "kind": rows["kind"],
            "section": rows["section"],
            "opened": rows["opened"],
            "due": due,
            "met_on": met,
            "status": status,
            "late": breached & done,
            "overdue": breached & ~done,
            "days_late": days_late,
            "days_left": days_left,
            "worker": None,
            "team": None,
            "missing": None,
            "key": rows["standard"] + "/" + rows["opened_id"],
            "source_rows": both_rows.where(done, opened_row),
            "sentence": sentence,
        }
    ).sort_values(["subject", "section", "opened"], kind="stable")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("events", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--as-of", type=date.fromisoformat, required=True)
    given = parser.parse_args()
    as_of = pd.Timestamp(given.as_of)
    events = pd.read_csv(given.events, engine="pyarrow", dtype={"subject": "str", "event": "str", "id": "str"})
    events["date"] = pd.to_datetime(events["date"]).astype("datetime64[us]")
    events["row"] = np.arange(2, len(events) + 2)  # row 1 of the file is its header
    events = events[events["date"] <= as_of].sort_values(["subject", "date", "id"])
    judged(duties(events), as_of, given.events.name).to_parquet(given.out, index=False)


if __name__ == "__main__":
    main()
