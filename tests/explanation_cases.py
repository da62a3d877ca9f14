"""The cases whose explanations are kept in golden/explanations.txt: a standard, a history, a day of judging."""

from __future__ import annotations

from dataclasses import dataclass, field

from helpers import TOP, judge

from practice_rules.evaluations import Evaluation
from practice_rules.events import Detail

ROLL = TOP.replace("day one: the next day\n", "day one: the next day\nif not a working day: next working day\n")
ITSELF = TOP.replace("day one: the next day", "day one: the day itself")
UNTIMED = TOP.replace("hours without times: by date", "hours without times: not assessed")


@dataclass(frozen=True)
class Case:
    """One case: its name says what it shows."""

    name: str
    standard: str
    history: str
    as_of: str = "2024-06-28"
    born: str | None = None
    facts: dict[str, Detail] = field(default_factory=dict)
    known_at: str | None = None
    top: str = TOP
    kind: str = "child"
    wanted: str = "it"

    def judged(self) -> Evaluation:
        """The evaluation of the case."""
        return judge(
            self.standard,
            self.history,
            self.as_of,
            born=self.born,
            facts=self.facts,
            known_at=self.known_at,
            top=self.top,
            kind=self.kind,
        )


TEN_DAYS = "expect: assessment\nwithin: 10 working days\nof: referral"
CHANGED = """
expect: assessment
within: 10 working days
of: referral
extended by: {event: agreed otherwise, authorised by: [manager, head of service], to: 20 working days}
"""
PLAN = "\n2024-01-02 plan started #p\n"

EXPLAINED = (
    # --- deadline
    Case("deadline met across Easter 2024", TEN_DAYS, "2024-03-22 referral #r\n2024-04-09 assessment #a"),
    Case("deadline due, one day left", TEN_DAYS, "2024-03-22 referral #r", "2024-04-08"),
    Case("deadline due, last day", TEN_DAYS, "2024-03-22 referral #r", "2024-04-09"),
    Case("deadline breached and done one day late", TEN_DAYS, "2024-03-22 referral #r\n2024-04-10 assessment #a"),
    Case("deadline overdue by two days", TEN_DAYS, "2024-03-22 referral #r", "2024-04-11"),
    Case("deadline across Christmas 2024 and closure days", TEN_DAYS, "2024-12-16 referral #r", "2025-01-06"),
    Case(
        "deadline of one working day, done on the day itself",
        "expect: visit\nwithin: 1 working day\nof: referral",
        "2024-06-14 referral #r\n2024-06-14 visit #v",
    ),
    Case("deadline of the same day", "expect: visit\nwithin: same day\nof: referral", "2024-06-14 referral #r"),
    Case(
        "deadline lapsed with its period",
        TEN_DAYS + "\nwhile: plan",
        "2024-03-01 plan started #p\n2024-03-22 referral #r\n2024-04-05 plan ended #e",
    ),
    Case(
        "deadline lapsed by an event of unless",
        TEN_DAYS + "\nunless: declined",
        "2024-03-22 referral #r\n2024-04-05 declined #d",
    ),
    Case(
        "deadline breached, then its period ended",
        TEN_DAYS + "\nwhile: plan",
        "2024-03-01 plan started #p\n2024-03-22 referral #r\n2024-04-12 plan ended #e",
    ),
    Case(
        "deadline under conditions, periods and ages",
        TEN_DAYS
        + "\nif: {emergency: yes, score: at least 3}\nwhile: [plan, need]\nnot while: [missing, placement]\n"
        + "ages: 5 to 10 years",
        "2024-01-02 plan started #p\n2024-01-02 need started #n\n"
        "2024-03-22 referral #r emergency=yes score=4\n2024-04-03 assessment #a",
        born="2017-01-01",
    ),
    Case(
        "deadline while any of two periods",
        TEN_DAYS + "\nwhile any of: [plan, need]\nunless: {emergency: yes}",
        "2024-01-02 need started #n\n2024-03-22 referral #r emergency=no\n2024-04-03 assessment #a",
    ),
    Case("deadline of days", "expect: visit\nwithin: 3 days\nof: referral", "2024-03-28 referral #r\n2024-03-31 visit #v"),
    Case("deadline of one day", "expect: visit\nwithin: 1 day\nof: referral", "2024-03-28 referral #r\n2024-03-29 visit #v"),
    Case("deadline of one week", "expect: visit\nwithin: 1 week\nof: referral", "2024-03-28 referral #r\n2024-04-04 visit #v"),
    Case("deadline of weeks", "expect: visit\nwithin: 6 weeks\nof: referral", "2024-03-28 referral #r\n2024-05-09 visit #v"),
    Case("deadline of one month", "expect: visit\nwithin: 1 month\nof: referral", "2024-03-12 referral #r\n2024-04-12 visit #v"),
    Case(
        "deadline of one month from the 31st",
        "expect: visit\nwithin: 1 month\nof: referral",
        "2024-01-31 referral #r\n2024-02-29 visit #v",
    ),
    Case(
        "deadline with the day itself as day 1",
        TEN_DAYS,
        "2024-03-22 referral #r\n2024-04-08 assessment #a",
        top=ITSELF,
    ),
    Case(
        "deadline of a month with the day itself as day 1",
        "expect: visit\nwithin: 1 month\nof: referral",
        "2024-03-12 referral #r\n2024-04-11 visit #v",
        top=ITSELF,
    ),
    Case(
        "deadline with the day itself as day 1, opened on a day off",
        TEN_DAYS,
        "2024-03-23 referral #r\n2024-04-09 assessment #a",
        top=ITSELF,
    ),
    Case(
        "deadline that moves off a bank holiday",
        "expect: visit\nwithin: 3 days\nof: referral",
        "2024-03-26 referral #r\n2024-04-02 visit #v",
        top=ROLL,
    ),
    Case(
        "deadline in hours with times, across the spring change",
        "expect: visit\nwithin: 24 hours\nof: referral",
        "2024-03-30 12:00 referral #r\n2024-03-31 12:30 visit #v",
    ),
    Case(
        "deadline in hours, late within the day",
        "expect: visit\nwithin: 24 hours\nof: referral",
        "2024-03-12 12:00 referral #r\n2024-03-13 12:30 visit #v",
    ),
    Case(
        "deadline in hours, overdue within the day",
        "expect: visit\nwithin: 24 hours\nof: referral",
        "2024-03-12 12:00 referral #r",
        "2024-03-13",
    ),
    Case(
        "deadline in hours, still open",
        "expect: visit\nwithin: 24 hours\nof: referral",
        "2024-03-12 12:00 referral #r",
        "2024-03-13 09:00",
    ),
    Case(
        "deadline in hours without times",
        "expect: visit\nwithin: 24 hours\nof: referral",
        "2024-03-12 referral #r\n2024-03-13 visit #v",
    ),
    Case(
        "deadline in one hour without times",
        "expect: visit\nwithin: 1 hour\nof: referral",
        "2024-03-12 referral #r\n2024-03-12 visit #v",
    ),
    Case(
        "deadline in hours without times, not assessed by dates",
        "expect: visit\nwithin: 24 hours\nof: referral",
        "2024-03-12 referral #r\n2024-03-15 visit #v",
        top=UNTIMED,
    ),
    Case(
        "deadline or by an event that came first",
        TEN_DAYS + "\nor by: conference",
        "2024-03-22 referral #r\n2024-04-04 conference #c\n2024-04-05 assessment #a",
    ),
    Case(
        "deadline or by an event that came after",
        TEN_DAYS + "\nor by: conference",
        "2024-03-22 referral #r\n2024-04-15 conference #c\n2024-04-05 assessment #a",
    ),
    Case(
        "deadline extended by a timescale",
        CHANGED,
        "2024-03-22 referral #r\n2024-04-03 agreed otherwise #x authorised_by=manager timescale=15_working_days",
        "2024-04-10",
    ),
    Case(
        "deadline extended to a date",
        CHANGED,
        "2024-03-22 referral #r\n2024-04-03 agreed otherwise #x authorised_by=manager new_date=2024-04-18",
        "2024-04-10",
    ),
    Case(
        "deadline extended beyond the outer limit",
        CHANGED,
        "2024-03-22 referral #r\n2024-04-03 agreed otherwise #x authorised_by=manager timescale=45_working_days",
        "2024-04-25",
    ),
    Case(
        "deadline extended without authority",
        CHANGED,
        "2024-03-22 referral #r\n2024-04-03 agreed otherwise #x authorised_by=team timescale=15_working_days",
        "2024-04-11",
    ),
    Case(
        "deadline extended, authority unknown",
        CHANGED,
        "2024-03-22 referral #r\n2024-04-03 agreed otherwise #x timescale=15_working_days",
        "2024-04-09",
    ),
    Case(
        "deadline changed by an event that says nothing",
        TEN_DAYS + "\nvaried by: agreed otherwise",
        "2024-03-22 referral #r\n2024-04-03 agreed otherwise #x\n2024-04-04 assessment #a",
    ),
    Case(
        "deadline paused",
        TEN_DAYS + "\npaused by: missing",
        "2024-03-22 referral #r\n2024-04-03 went missing #m\n2024-04-08 found #f\n2024-04-12 assessment #a",
    ),
    Case(
        "deadline whose clock stands",
        TEN_DAYS + "\npaused by: missing",
        "2024-03-22 referral #r\n2024-04-03 went missing #m",
    ),
    Case("deadline with a target kept", TEN_DAYS + "\naim: 5 working days", "2024-03-22 referral #r\n2024-04-02 assessment #a"),
    Case("deadline with a target met", TEN_DAYS + "\naim: 5 working days", "2024-03-22 referral #r\n2024-03-26 assessment #a"),
    Case("deadline with a target ahead", TEN_DAYS + "\naim: 5 working days", "2024-03-22 referral #r", "2024-03-26"),
    Case("deadline with a target missed and done", TEN_DAYS + "\naim: 5 working days", "2024-03-22 referral #r\n2024-04-05 assessment #a"),
    Case("deadline with a target passed", TEN_DAYS + "\naim: 5 working days", "2024-03-22 referral #r", "2024-04-05"),
    Case(
        "deadline with a target, lapsed",
        TEN_DAYS + "\naim: 5 working days\nunless: declined",
        "2024-03-22 referral #r\n2024-03-26 declined #d",
    ),
    Case("deadline projected", TEN_DAYS, "2029-03-26 referral #r", "2029-03-27"),
    Case("deadline with a reading", TEN_DAYS + "\nreading: Calendar days would be the other reading.", "2024-06-14 referral #r"),
    Case(
        "deadline of each",
        "expect: visit\nwithin: 5 days\nof each: conference",
        "2024-06-14 conference #c\n2024-06-21 conference #d\n2024-06-22 visit #v",
    ),
    Case("deadline of turning", "expect: plan agreed\nwithin: 3 months\nof turning: 17 years", "", "2024-06-28", born="2007-05-06"),
    Case(
        "deadline of breach of",
        "first:\n  expect: assessment\n  within: 10 working days\n  of: referral\n"
        "it:\n  expect: manager told\n  within: 2 working days\n  of breach of: first",
        "2024-03-22 referral #r",
        "2024-04-11",
    ),
    Case(
        "deadline of birth",
        "expect: visit\nwithin: 12 days\nof: birth",
        "",
        "2024-06-20",
        born="2024-06-14",
    ),
    Case(
        "deadline with a choice of acts and of events",
        "expect: [visit, {event: call, where: {seen: yes}}]\nwithin: 3 days\nof: [referral, conference]\nwhere: {sort: review}",
        "2024-06-14 conference #c",
        "2024-06-20",
    ),
    # --- lead time
    Case(
        "lead time met",
        "expect: report\nat least: 5 working days\nbefore: conference",
        "2024-04-03 report #a\n2024-04-11 conference #c",
    ),
    Case(
        "lead time arranged and open",
        "expect: report\nat least: 5 working days\nbefore: conference",
        "2024-04-11 conference #c recorded=2024-03-20",
        "2024-03-27",
    ),
    Case(
        "lead time overdue across Easter",
        "expect: report\nat least: 5 working days\nbefore: conference",
        "2024-04-04 conference #c recorded=2024-03-20",
        "2024-03-28",
    ),
    Case(
        "lead time late",
        "expect: report\nat least: 5 working days\nbefore: conference",
        "2024-04-09 report #a\n2024-04-11 conference #c",
    ),
    Case(
        "lead time of clear days",
        "expect: report\nat least: 2 clear working days\nbefore: conference",
        "2024-03-27 report #a\n2024-04-04 conference #c",
    ),
    Case(
        "lead time in order only, met",
        "expect: report\nbefore: conference",
        "2024-04-11 report #a\n2024-04-11 conference #c",
    ),
    Case(
        "lead time in order only, held without the act",
        "expect: report\nbefore: conference",
        "2024-04-11 conference #c",
    ),
    Case(
        "lead time in hours",
        "expect: report\nat least: 24 hours\nbefore: conference",
        "2024-04-10 10:30 report #a\n2024-04-11 10:00 conference #c",
    ),
    Case(
        "lead time in hours without times",
        "expect: report\nat least: 48 hours\nbefore: conference",
        "2024-04-10 report #a\n2024-04-11 conference #c",
    ),
    Case(
        "lead time in days",
        "expect: report\nat least: 15 days\nbefore: conference",
        "2024-04-10 report #a\n2024-04-11 conference #c",
    ),
    Case(
        "lead time in a month from the 31st",
        "expect: report\nat least: 1 month\nbefore: conference",
        "2024-02-29 report #a\n2024-03-31 conference #c",
    ),
    Case(
        "lead time with a target",
        "expect: report\nat least: 3 days\nbefore: conference\naim: 5 days",
        "2024-04-08 report #a\n2024-04-11 conference #c",
    ),
    # --- frequency
    Case("frequency met and due", "expect: visit\nevery: 10 working days\nwhile: plan", "2024-03-22 plan started #p\n2024-04-09 visit #v", "2024-04-15"),
    Case("frequency overdue", "expect: visit\nevery: 10 working days\nwhile: plan", "2024-03-22 plan started #p", "2024-04-11"),
    Case(
        "frequency lapsed at the end of the period",
        "expect: visit\nevery: 6 weeks\nwhile: plan",
        "2024-03-22 plan started #p\n2024-04-09 plan ended #e",
    ),
    Case(
        "frequency with phases",
        "expect: visit\nevery: 6 weeks\nfor the first: 1 year\nthen every: 3 months\nwhile: plan",
        "2023-06-14 plan started #p\n2023-07-20 visit #a\n2024-06-01 visit #b\n2024-06-17 visit #c",
    ),
    Case(
        "frequency varied and overdue",
        "expect: visit\nevery: 6 weeks\nwhile: plan\nvaried by: {event: agreed otherwise, authorised by: manager, at most: 3 months}",
        "2024-01-02 plan started #p\n2024-01-10 agreed otherwise #x authorised_by=manager timescale=2_weeks\n2024-01-16 visit #v",
        "2024-02-01",
    ),
    Case(
        "frequency varied beyond the limit and overdue",
        "expect: visit\nevery: 6 weeks\nwhile: plan\nvaried by: {event: agreed otherwise, authorised by: manager, at most: 3 months}",
        "2024-01-02 plan started #p\n2024-01-10 agreed otherwise #x authorised_by=manager timescale=6_months",
        "2024-04-05",
    ),
    Case(
        "frequency varied to a date and overdue",
        "expect: visit\nevery: 6 weeks\nwhile: plan\nvaried by: agreed otherwise",
        "2024-01-02 plan started #p\n2024-01-10 agreed otherwise #x new_date=2024-01-19",
        "2024-01-25",
    ),
    Case(
        "frequency in hours overdue",
        "expect: visit\nevery: 24 hours\nwhile: plan",
        "2024-01-02 plan started #p",
        "2024-01-05",
    ),
    Case("frequency each term", "expect: visit\nevery: term\nwhile: plan", "2024-01-02 plan started #p\n2024-02-05 visit #v", "2024-05-01"),
    Case("frequency each whole term overdue", "expect: visit\nevery: whole term\nwhile: plan", "2024-01-02 plan started #p", "2024-04-02"),
    Case(
        "frequency paused by two stretches",
        "expect: visit\nevery: 6 weeks\nwhile: plan\npaused by: missing",
        "2024-01-02 plan started #p\n2024-01-08 went missing #m\n2024-01-10 found #f\n"
        "2024-01-20 went missing #n\n2024-01-25 found #g",
        "2024-02-10",
    ),
    # --- schedule
    Case(
        "schedule, each step",
        "expect: review\nfirst within: 20 working days\nsecond within: 3 months\nthen every: 6 months\nwhile: plan",
        "2023-08-31 plan started #p\n2023-09-28 review #a\n2023-12-20 review #b\n2024-06-20 review #c",
    ),
    Case(
        "schedule overdue at the first step",
        "expect: review\nfirst within: 20 working days\nsecond within: 3 months\nthen every: 6 months\nwhile: plan",
        "2024-04-30 plan started #p",
        "2024-06-03",
    ),
    # --- limit
    Case("limit met", "limit: plan\nto: 2 months", "2024-01-31 plan started #p\n2024-03-29 plan ended #e"),
    Case("limit open", "limit: plan\nto: 2 months", "2024-05-31 plan started #p"),
    Case("limit overdue", "limit: plan\nto: 2 months", "2024-01-31 plan started #p", "2024-04-02"),
    Case("limit late", "limit: plan\nto: 2 months", "2024-01-31 plan started #p\n2024-04-02 plan ended #e"),
    # --- age
    Case("age open", "expect: plan agreed\nby age: 15 years 6 months\nwhile: plan", "2024-01-02 plan started #p", born="2009-08-31"),
    Case("age overdue", "expect: plan agreed\nbefore age: 17 years\nwhile: plan", "2024-01-02 plan started #p", born="2007-06-14"),
    Case("age met", "expect: plan agreed\nby age: 16 years", "2024-01-02 plan agreed #a", born="2008-06-14"),
    # --- recording
    Case("recording met", "for each: visit\nrecorded within: 2 working days", "2024-03-28 visit #v recorded=2024-04-03"),
    Case("recording late", "for each: visit\nrecorded within: 2 working days", "2024-03-28 visit #v recorded=2024-04-04"),
    Case(
        "recording in hours",
        "for each: visit\nrecorded within: 24 hours",
        "2024-03-12 12:00 visit #v recorded=2024-03-13T11:00",
    ),
    # --- evidence
    Case("evidence met", "for each: visit\nrequire: [reason]", "2024-03-28 visit #v reason=said"),
    Case(
        "evidence lacking",
        "for each: visit\nif: {seen: no}\nrequire: {reason: present, authorised by: manager}",
        "2024-03-28 visit #v seen=no reason= authorised_by=team",
        "2024-03-29",
    ),
    Case(
        "evidence of the first",
        "for the first: review\nrequire: {sort: initial}\nwhile: plan",
        "2024-01-02 plan started #p\n2024-03-28 review #v sort=other",
    ),
    Case(
        "evidence of the last",
        "for the last: review\nrequire: [reason]\nwhile: plan",
        "2024-01-02 plan started #p\n2024-03-28 review #v reason=\n2024-04-02 plan ended #e",
    ),
    # --- count
    Case(
        "count in every stretch",
        "expect: visit\ntimes: 2\nin every: 4 weeks\nwhile: plan",
        "2024-01-02 plan started #p\n2024-01-10 visit #a\n2024-01-24 visit #b",
        "2024-02-10",
    ),
    Case(
        "count in every stretch, overdue",
        "expect: visit\ntimes: 2\nin every: 4 weeks\nwhile: plan",
        "2024-01-02 plan started #p\n2024-01-10 visit #a",
        "2024-02-01",
    ),
    Case(
        "count within",
        "expect: visit\ntimes: 3\nwithin: 10 days\nof: referral",
        "2024-06-10 referral #r\n2024-06-12 visit #a\n2024-06-14 visit #b",
        "2024-06-18",
    ),
    Case(
        "count between each",
        "expect: visit\ntimes: 2\nbetween each: review",
        "2024-01-10 review #a\n2024-02-10 visit #v\n2024-04-10 review #b\n2024-05-10 visit #w",
    ),
    Case(
        "count in every so many events",
        "expect: visit\nwhere: {seen: yes}\ntimes: 1\nin every: 3 events\nwhile: plan",
        "2024-01-02 plan started #p\n2024-01-10 visit #a seen=no\n2024-02-10 visit #b seen=no\n"
        "2024-03-10 visit #c seen=no\n2024-04-10 visit #d seen=yes",
    ),
    Case("count in every term", "expect: visit\ntimes: 2\nin every: term\nwhile: plan", "2024-04-15 plan started #p\n2024-05-10 visit #a", "2024-06-28"),
    # --- ordinal
    Case(
        "ordinal without a date",
        "expect: plan agreed\nby the: second\nof: review\nwhile: plan",
        "2024-01-02 plan started #p\n2024-01-30 review #a",
    ),
    Case(
        "ordinal met",
        "expect: plan agreed\nby the: second\nof: review\nwhile: plan",
        "2024-01-02 plan started #p\n2024-01-30 review #a\n2024-04-10 plan agreed #x\n2024-04-30 review #b",
    ),
    Case(
        "ordinal overdue",
        "expect: plan agreed\nby the: next\nof: review\nsince: conference",
        "2024-01-30 conference #a\n2024-04-30 review #b",
    ),
    Case(
        "ordinal lapsed without a date",
        "expect: plan agreed\nby the: second\nof: review\nwhile: plan",
        "2024-01-02 plan started #p\n2024-01-30 review #a\n2024-02-02 plan ended #e",
    ),
    # --- cohort
    Case("cohort", "expect: assessment\nwithin: 10 working days\nof: referral\nshare: 80%", "2024-03-22 referral #r", "2024-04-11"),
)
