"""The cases whose explanations are kept in golden/explanations.txt: a standard, a history, a day of judging."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from datetime import date

from kinds.helpers import TOP, event, moment, pack_of
from practice_rules.evaluating import evaluate
from practice_rules.evaluations import Evaluation
from practice_rules.events import History
from practice_rules.explaining import Explanation, explain, why_not
from practice_rules.pack import Pack

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
    known_at: str | None = None
    top: str = TOP

    @property
    def pack(self) -> Pack:
        """The pack with the one standard of the case, called `it`, and what it needs."""
        return pack_of(self.standard, self.top)

    @property
    def told_of(self) -> History:
        """The history of the case."""
        born = date.fromisoformat(self.born) if self.born else None
        return History("child-1", [event(line) for line in self.history.split("\n") if line], born=born)

    def judged(self) -> Evaluation:
        """The evaluation of the case."""
        known_at = moment(self.known_at) if self.known_at else None
        return evaluate(self.told_of, self.pack, as_of=moment(self.as_of), known_at=known_at)

    def explained(self) -> list[Explanation]:
        """The explanation of each duty of the standard, in due order."""
        return [explain(duty, self.pack) for duty in self.judged().of_standard("it")]

    def waiting(self) -> Explanation:
        """Why the standard opened nothing."""
        known_at = moment(self.known_at) if self.known_at else None
        return why_not(self.told_of, self.pack, "it", as_of=moment(self.as_of), known_at=known_at)


TEN_DAYS = "expect: assessment\nwithin: 10 working days\nof: referral"
VARIED = "varied by: {event: agreed otherwise, authorised by: manager, at most: 3 months}"
CHANGED = """
expect: assessment
within: 10 working days
of: referral
extended by: {event: agreed otherwise, authorised by: [manager, head of service], to: 20 working days}
"""

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
    Case(
        "deadline of days", "expect: visit\nwithin: 3 days\nof: referral", "2024-03-28 referral #r\n2024-03-31 visit #v"
    ),
    Case(
        "deadline of one day",
        "expect: visit\nwithin: 1 day\nof: referral",
        "2024-03-28 referral #r\n2024-03-29 visit #v",
    ),
    Case(
        "deadline of one week",
        "expect: visit\nwithin: 1 week\nof: referral",
        "2024-03-28 referral #r\n2024-04-04 visit #v",
    ),
    Case(
        "deadline of weeks",
        "expect: visit\nwithin: 6 weeks\nof: referral",
        "2024-03-28 referral #r\n2024-05-09 visit #v",
    ),
    Case(
        "deadline of one month",
        "expect: visit\nwithin: 1 month\nof: referral",
        "2024-03-12 referral #r\n2024-04-12 visit #v",
    ),
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
    Case(
        "deadline with a target kept",
        TEN_DAYS + "\naim: 5 working days",
        "2024-03-22 referral #r\n2024-04-02 assessment #a",
    ),
    Case(
        "deadline with a target met",
        TEN_DAYS + "\naim: 5 working days",
        "2024-03-22 referral #r\n2024-03-26 assessment #a",
    ),
    Case("deadline with a target ahead", TEN_DAYS + "\naim: 5 working days", "2024-03-22 referral #r", "2024-03-26"),
    Case(
        "deadline with a target missed and done",
        TEN_DAYS + "\naim: 5 working days",
        "2024-03-22 referral #r\n2024-04-05 assessment #a",
    ),
    Case("deadline with a target passed", TEN_DAYS + "\naim: 5 working days", "2024-03-22 referral #r", "2024-04-05"),
    Case(
        "deadline with a target, lapsed",
        TEN_DAYS + "\naim: 5 working days\nunless: declined",
        "2024-03-22 referral #r\n2024-03-26 declined #d",
    ),
    Case("deadline projected", TEN_DAYS, "2029-03-26 referral #r", "2029-03-27"),
    Case(
        "deadline with a reading",
        TEN_DAYS + "\nreading: Calendar days would be the other reading.",
        "2024-06-14 referral #r",
    ),
    Case(
        "deadline of each",
        "expect: visit\nwithin: 5 days\nof each: conference",
        "2024-06-14 conference #c\n2024-06-21 conference #d\n2024-06-22 visit #v",
    ),
    Case(
        "deadline of turning",
        "expect: plan agreed\nwithin: 3 months\nof turning: 17 years",
        "",
        "2024-06-28",
        born="2007-05-06",
    ),
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
        "expect: [visit, {event: call, where: {seen: yes}}]\nwithin: 3 days\nof: [referral, conference]\n"
        "where: {sort: review}",
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
    Case(
        "frequency met and due",
        "expect: visit\nevery: 10 working days\nwhile: plan",
        "2024-03-22 plan started #p\n2024-04-09 visit #v",
        "2024-04-15",
    ),
    Case(
        "frequency overdue",
        "expect: visit\nevery: 10 working days\nwhile: plan",
        "2024-03-22 plan started #p",
        "2024-04-11",
    ),
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
        "expect: visit\nevery: 6 weeks\nwhile: plan\n" + VARIED,
        "2024-01-02 plan started #p\n2024-01-10 agreed otherwise #x authorised_by=manager timescale=2_weeks\n"
        "2024-01-16 visit #v",
        "2024-02-01",
    ),
    Case(
        "frequency varied beyond the limit and overdue",
        "expect: visit\nevery: 6 weeks\nwhile: plan\n" + VARIED,
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
    Case(
        "frequency each term",
        "expect: visit\nevery: term\nwhile: plan",
        "2024-01-02 plan started #p\n2024-02-05 visit #v",
        "2024-05-01",
    ),
    Case(
        "frequency each whole term overdue",
        "expect: visit\nevery: whole term\nwhile: plan",
        "2024-01-02 plan started #p",
        "2024-04-02",
    ),
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
    Case(
        "age open",
        "expect: plan agreed\nby age: 15 years 6 months\nwhile: plan",
        "2024-01-02 plan started #p",
        born="2009-08-31",
    ),
    Case(
        "age overdue",
        "expect: plan agreed\nbefore age: 17 years\nwhile: plan",
        "2024-01-02 plan started #p",
        born="2007-06-14",
    ),
    Case("age met", "expect: plan agreed\nby age: 16 years", "2024-01-02 plan agreed #a", born="2008-06-14"),
    Case(
        "age while another period does not hold",
        "expect: visit\nby age: 5 years\nnot while: plan",
        "2024-01-02 plan started #p\n2024-02-01 plan ended #e\n2024-06-03 visit #v",
        born="2020-01-01",
    ),
    # --- recording
    Case(
        "recording met", "for each: visit\nrecorded within: 2 working days", "2024-03-28 visit #v recorded=2024-04-03"
    ),
    Case(
        "recording late", "for each: visit\nrecorded within: 2 working days", "2024-03-28 visit #v recorded=2024-04-04"
    ),
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
    Case(
        "count in every term",
        "expect: visit\ntimes: 2\nin every: term\nwhile: plan",
        "2024-04-15 plan started #p\n2024-05-10 visit #a",
        "2024-06-28",
    ),
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
    Case(
        "cohort",
        "expect: assessment\nwithin: 10 working days\nof: referral\nshare: 80%",
        "2024-03-22 referral #r",
        "2024-04-11",
    ),
    Case(
        "cohort of a lead time",
        "expect: report\nat least: 5 working days\nbefore: conference\nshare: 80%",
        "2024-04-03 report #a\n2024-04-11 conference #c",
    ),
    # --- further turns
    Case(
        "hours, or by an event that came first",
        "expect: visit\nwithin: 48 hours\nof: referral\nor by: conference",
        "2024-03-12 12:00 referral #r\n2024-03-13 conference #c\n2024-03-13 visit #v",
    ),
    Case(
        "hours without times, or by an event that came first",
        "expect: visit\nwithin: 48 hours\nof: referral\nor by: conference",
        "2024-03-12 referral #r\n2024-03-13 conference #c\n2024-03-13 visit #v",
    ),
    Case(
        "hours, late by more than an hour",
        "expect: visit\nwithin: 2 hours\nof: referral",
        "2024-03-12 12:00 referral #r\n2024-03-12 15:01 visit #v",
    ),
    Case(
        "a shorter time agreed when it had passed",
        "expect: visit\nwithin: 6 weeks\nof: referral\nvaried by: agreed otherwise",
        "2024-03-01 referral #r\n2024-03-20 agreed otherwise #x timescale=1_week\n2024-03-21 visit #v",
    ),
    Case(
        "paused from before the duty opened",
        "expect: visit\nwithin: 10 days\nof: referral\npaused by: missing",
        "2024-03-01 went missing #m\n2024-03-05 referral #r\n2024-03-08 found #f\n2024-03-18 visit #v",
    ),
    Case(
        "phases, overdue in the first",
        "expect: visit\nevery: 6 weeks\nfor the first: 1 year\nthen every: 3 months\nwhile: plan",
        "2024-01-02 plan started #p",
        "2024-02-20",
    ),
    Case(
        "phases, overdue from the first into the second",
        "expect: visit\nevery: 6 weeks\nfor the first: 8 weeks\nthen every: 3 months\nwhile: plan",
        "2024-01-02 plan started #p",
        "2024-03-05",
    ),
    Case(
        "phases, overdue after a visit in the first",
        "expect: visit\nevery: 6 weeks\nfor the first: 8 weeks\nthen every: 3 months\nwhile: plan",
        "2024-01-02 plan started #p\n2024-01-09 visit #v",
        "2024-03-05",
    ),
    Case(
        "phases, overdue in the second",
        "expect: visit\nevery: 6 weeks\nfor the first: 1 week\nthen every: 1 month\nwhile: plan",
        "2024-01-02 plan started #p\n2024-01-10 visit #v",
        "2024-02-20",
    ),
    Case(
        "lapsed by a period or an event",
        TEN_DAYS + "\nwhile: plan\nunless: declined",
        "2024-03-01 plan started #p\n2024-03-22 referral #r\n2024-04-05 declined #d",
    ),
    Case(
        "a term begun when the period began",
        "expect: visit\nevery: term\nwhile: plan",
        "2024-05-07 plan started #p\n2024-05-08 visit #v",
    ),
    Case(
        "breach of a standard that a birthday opened",
        "first:\n  expect: plan agreed\n  within: 10 days\n  of turning: 17 years\n"
        "it:\n  expect: manager told\n  within: same day\n  of breach of: first",
        "",
        "2024-06-28",
        born="2007-06-01",
    ),
    Case(
        "two acts, done",
        "expect: visit\ntimes: 2\nwithin: 10 days\nof: referral\nwhere: {sort: review}",
        "2024-06-10 referral #r\n2024-06-12 visit #a sort=review\n2024-06-14 visit #b sort=review",
    ),
    Case(
        "one condition on all of several acts",
        "expect: [visit, call]\nwithin: 3 days\nof: referral\nwhere: {seen: yes}",
        "2024-06-14 referral #r",
        "2024-06-15",
    ),
)


UNTIL_MAY = TEN_DAYS + "\nuntil: 2024-05-01"
EVERY = "expect: visit\nevery: 6 weeks\nwhile: plan"

WAITING = (
    Case("event never happened", TEN_DAYS, ""),
    Case("event arranged only", TEN_DAYS, "2024-07-05 referral #r recorded=2024-06-01"),
    Case(
        "event happened once with other details",
        TEN_DAYS.replace("of: referral", "of: {event: referral, where: {seen: yes}}"),
        "2024-06-03 referral #r seen=no",
    ),
    Case(
        "events happened twice with other details",
        TEN_DAYS.replace(
            "of: referral", "of: [{event: referral, where: {seen: yes}}, {event: conference, where: {seen: yes}}]"
        ),
        "2024-06-03 referral #r seen=no\n2024-06-04 conference #c seen=no",
    ),
    Case("event outside its period", TEN_DAYS + "\nwhile: plan", "2024-06-03 referral #r\n2024-06-04 plan started #p"),
    Case(
        "event while no period of two held",
        TEN_DAYS + "\nwhile any of: [plan, need]",
        "2024-06-03 referral #r\n2024-06-04 plan started #p",
    ),
    Case(
        "event while another period held",
        TEN_DAYS + "\nnot while: missing",
        "2024-06-02 went missing #m\n2024-06-03 referral #r",
    ),
    Case(
        "condition false",
        TEN_DAYS + "\nif: {emergency: yes, score: at least 3}",
        "2024-06-03 referral #r emergency=no score=5",
    ),
    Case("exception", TEN_DAYS + "\nunless: {urgent: yes}", "2024-06-03 referral #r urgent=yes"),
    Case("ages", TEN_DAYS + "\nages: under 5 years", "2024-06-03 referral #r", born="2015-01-01"),
    Case("not in force", UNTIL_MAY, "2024-06-03 referral #r"),
    Case(
        "seven events not in force",
        UNTIL_MAY,
        "\n".join(f"2024-06-{day:02} referral #r{day}" for day in range(3, 10)),
    ),
    Case("event of which the record does not say", TEN_DAYS + "\nif: {emergency: yes}", "2024-06-03 referral #r"),
    Case("no date of birth", TEN_DAYS + "\nages: under 5 years", "2024-06-03 referral #r"),
    Case("no date of birth, and no event", "expect: visit\nby age: 5 years", ""),
    Case("wrong subject", TEN_DAYS + "\nsubject: agency", "2024-06-03 referral #r"),
    Case("not tested", "not tested: A matter of judgement.", "2024-06-03 referral #r"),
    Case("reading", TEN_DAYS + "\nreading: Calendar days would be the other reading.", ""),
    Case(
        "breach never happened, nothing opened",
        "first:\n  expect: assessment\n  within: 10 working days\n  of: referral\nit:\n"
        "  expect: manager told\n  within: 2 working days\n  of breach of: first",
        "",
    ),
    Case(
        "breach never happened, met",
        "first:\n  expect: assessment\n  within: 10 working days\n  of: referral\nit:\n"
        "  expect: manager told\n  within: 2 working days\n  of breach of: first",
        "2024-06-03 referral #r\n2024-06-04 assessment #a",
    ),
    Case(
        "breach outside the period",
        "first:\n  expect: assessment\n  within: 10 working days\n  of: referral\nit:\n  expect: manager told\n"
        "  within: 2 working days\n  of breach of: first\n  while: plan",
        "2024-05-03 referral #r",
    ),
    Case(
        "breach in hours of that very day",
        "first:\n  expect: assessment\n  within: 2 hours\n  of: referral\nit:\n  expect: manager told\n"
        "  within: 2 working days\n  of breach of: first",
        "2024-06-28 09:00 referral #r",
    ),
    Case("birthday not come", "expect: plan agreed\nwithin: 3 months\nof turning: 17 years", "", born="2007-09-01"),
    Case(
        "birthday outside the period",
        "expect: plan agreed\nwithin: 3 months\nof turning: 17 years\nwhile: plan",
        "",
        born="2007-05-01",
    ),
    Case("birth expected", "expect: visit\nby age: 1 year", "", born="2024-09-01"),
    Case("birth not in force", "expect: visit\nby age: 1 year\nfrom: 2024-06-01", "", born="2024-05-01"),
    Case(
        "age attained before the period",
        "expect: plan agreed\nbefore age: 16 years\nwhile: plan",
        "2024-06-03 plan started #p",
        born="2008-06-03",
    ),
    Case("age, period never held", "expect: plan agreed\nbefore age: 16 years\nwhile: plan", ""),
    Case("period never held", EVERY, ""),
    Case(
        "period started otherwise",
        EVERY.replace("while: plan", "while: review plan"),
        "2024-06-03 plan started #p sort=other",
    ),
    Case(
        "two periods, one never held", EVERY.replace("while: plan", "while: [plan, need]"), "2024-06-03 plan started #p"
    ),
    Case("one of two periods, neither held", EVERY.replace("while: plan", "while any of: [plan, need]"), ""),
    Case(
        "two periods never together",
        EVERY.replace("while: plan", "while: [plan, need]"),
        "2024-03-04 plan started #p\n2024-03-20 plan ended #q\n2024-06-03 need started #n",
    ),
    Case(
        "period barred throughout",
        EVERY + "\nnot while: missing",
        "2024-06-03 went missing #m\n2024-06-03 plan started #p",
    ),
    Case("period not in force", EVERY + "\nuntil: 2024-05-01", "2024-06-03 plan started #p"),
    Case("period under a false condition", EVERY + "\nif: {emergency: yes}", "2024-06-03 plan started #p emergency=no"),
    Case("no term", "expect: visit\nevery: whole term\nwhile: plan", "2024-06-03 plan started #p"),
    Case(
        "no part of a term",
        "expect: visit\nevery: term\nwhile: plan",
        "2024-04-01 plan started #p\n2024-04-10 plan ended #q",
    ),
    Case(
        "term not in force", "expect: visit\nevery: term\nwhile: plan\nuntil: 2024-05-01", "2024-06-03 plan started #p"
    ),
    Case("limit never started", "limit: plan\nto: 2 months", ""),
    Case(
        "limit outside another period",
        "limit: plan\nto: 2 months\nwhile: need",
        "2024-06-03 plan started #p\n2024-06-05 need started #n",
    ),
    Case(
        "limit, exception", "limit: plan\nto: 2 months\nunless: {urgent: yes}", "2024-06-03 plan started #p urgent=yes"
    ),
    Case("lead time, no event", "expect: report\nat least: 3 days\nbefore: conference", ""),
    Case(
        "lead time, arranged and not in force",
        "expect: report\nat least: 3 days\nbefore: conference\nuntil: 2024-05-01",
        "2024-07-05 conference #c recorded=2024-06-03",
    ),
    Case("recording, no event", "for each: visit\nrecorded within: 2 days", ""),
    Case("recording, no record of when", "for each: visit\nrecorded within: 2 days", "2024-06-03 visit #v"),
    Case(
        "evidence of the last, period open",
        "for the last: review\nrequire: [reason]\nwhile: plan",
        "2024-01-02 plan started #p\n2024-03-28 review #v reason=said",
    ),
    Case(
        "evidence of the first, which was not in force",
        "for the first: review\nrequire: [reason]\nwhile: plan\nfrom: 2024-03-01",
        "2024-01-02 plan started #p\n2024-02-28 review #a reason=said\n2024-03-28 review #b reason=said",
    ),
    Case(
        "age with a period that must not hold, not in force at birth",
        "expect: visit\nby age: 5 years\nnot while: plan\nfrom: 2024-03-01",
        "",
        born="2020-01-01",
    ),
    Case("ordinal since, no event", "expect: plan agreed\nby the: next\nof: review\nsince: conference", ""),
    Case(
        "ordinal under a false condition",
        "expect: plan agreed\nby the: second\nof: review\nwhile: plan\nif: {emergency: yes}",
        "2024-01-02 plan started #p emergency=no",
    ),
    Case(
        "ordinal under a condition of the event that makes it due",
        "expect: plan agreed\nby the: second\nof: review\nwhile: plan\nif: {emergency: yes}",
        "2024-01-02 plan started #p\n2024-02-02 review #a emergency=no\n2024-05-02 review #b emergency=no",
    ),
    Case("count between, no event", "expect: visit\ntimes: 2\nbetween each: review", ""),
    Case(
        "count under a false condition",
        "expect: visit\ntimes: 2\nin every: 4 weeks\nwhile: plan\nif: {emergency: yes}",
        "2024-06-03 plan started #p emergency=no",
    ),
    Case("opened all the same", TEN_DAYS, "2024-06-03 referral #r"),
    Case("not yet recorded", TEN_DAYS, "2024-06-03 referral #r recorded=2024-06-20", known_at="2024-06-10"),
)


def kept() -> dict[str, str]:
    """Each case with its explanations, as golden/explanations.txt keeps them."""
    found = {}
    for case in EXPLAINED:
        found[case.name] = "\n\n".join(map(_tidy, case.explained(), [case] * 99))
    for case in WAITING:
        found[f"why not: {case.name}"] = _tidy(case.waiting(), case)
    return found


def _tidy(explanation: Explanation, case: Case) -> str:
    """An explanation without what is the same in all: the clause, and the edition of the calendar."""
    clause = "Barsetshire County Council, Practice Standards, “S / 1”: “some printed words”. In plain words: "
    clause += case.pack["it"].says
    return str(explanation).replace(clause, "…").replace(case.pack.calendar.edition, "the calendar's edition")


if __name__ == "__main__":
    sys.stdout.write("\n\n".join(f"=== {name}\n{text}" for name, text in kept().items()) + "\n")
