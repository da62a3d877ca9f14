"""A small pack with one standard of every kind, for tests that ask the same of all of them."""

from __future__ import annotations

from functools import cache

from practice_rules.loading import read_pack_text
from practice_rules.pack import Pack

TEXT = """\
authority: Barsetshire County Council
title: Standards of every kind
documents:
  standards: {title: Practice Standards, edition: "2024"}
working days: Monday to Friday, except bank holidays in England
day one: the next day
hours without times: by date

details:
  seen alone: {means: Whether the child was seen alone., values: yes or no}
  reason: {means: Why., values: text}
  score: {means: A score., values: a number}
  emergency: {means: Whether it was an emergency., values: yes or no, unless said: no}
  authorised by: {means: Who agreed., values: text}
  timescale: {means: The timescale agreed., values: a timescale}
  new date: {means: The date agreed., values: a date}
events:
  referral accepted: {means: A referral is accepted., details: [emergency, score]}
  assessment completed: An assessment is completed.
  child visited: {means: A worker visits the child., details: [seen alone, reason]}
  plan started: A plan starts.
  plan ended: A plan ends.
  conference held: A conference is held.
  report shared: A report is shared.
  extension agreed: {means: An extension is agreed., details: [authorised by, timescale, new date]}
  case transferred: The case goes elsewhere.
  justification recorded: A justification is recorded.
  pathway plan started: A pathway plan starts.
periods:
  protection plan: {means: The child has a plan., starts: plan started, ends: plan ended}

standards:
  assessment:
    says: Assessments are completed within 10 working days, most within 5.
    source: {section: "1", words: "completed within ten working days"}
    expect: assessment completed
    within: 10 working days
    aim: 5 working days
    of: referral accepted
    unless: case transferred
    extended by: {event: extension agreed, authorised by: manager, to: 20 working days}
  justification:
    says: When the assessment is late a justification is recorded within 5 days.
    source: {section: "1", words: "a justification is recorded"}
    expect: justification recorded
    within: 5 days
    of breach of: assessment
  minutes:
    says: A report follows each conference within 7 days.
    source: {section: "2", words: "a report of each conference"}
    expect: report shared
    within: 7 days
    of each: conference held
  first-visit:
    says: The child is seen within 24 hours of the referral.
    source: {section: "3", words: "seen within twenty-four hours"}
    expect: child visited
    within: 24 hours
    of: referral accepted
    if: {emergency: yes}
  conference-report:
    says: The report is shared 2 working days before the conference.
    source: {section: "4", words: "two working days before it"}
    expect: report shared
    at least: 2 working days
    before: conference held
  visits:
    says: A child on a plan is visited every 10 working days and seen alone.
    source: {section: "5", words: "visited every ten working days"}
    expect: child visited
    where: {seen alone: yes}
    every: 10 working days
    while: protection plan
  conferences:
    says: The first conference is within 15 working days, the second within 3 months, then every 6 months.
    source: {section: "6", words: "within fifteen working days"}
    expect: conference held
    first within: 15 working days
    second within: 3 months
    then every: 6 months
    while: protection plan
  plan-limit:
    says: A plan lasts no longer than 2 months.
    source: {section: "7", words: "no longer than two months"}
    limit: protection plan
    to: 2 months
  pathway:
    says: A pathway plan starts by 15 years 6 months.
    source: {section: "8", words: "fifteen years and six months"}
    expect: pathway plan started
    by age: 15 years 6 months
    while: protection plan
  visits-recorded:
    says: Visits are recorded within 3 days.
    source: {section: "9", words: "recorded within three days"}
    for each: child visited
    recorded within: 3 days
  not-seen-alone:
    says: When a child is not seen alone the reason is recorded.
    source: {section: "10", words: "the reason is recorded"}
    for each: child visited
    if: {seen alone: no}
    require: [reason]
  two-visits:
    says: There are 2 visits in every 4 weeks.
    source: {section: "11", words: "two visits in four weeks"}
    expect: child visited
    times: 2
    in every: 4 weeks
    while: protection plan
  between-conferences:
    says: There is 1 visit between conferences.
    source: {section: "12", words: "one visit between conferences"}
    expect: child visited
    times: 1
    between each: conference held
    while: protection plan
  plan-report:
    says: A report is shared by the second conference.
    source: {section: "13", words: "by the second conference"}
    expect: report shared
    by the: second
    of: conference held
    while: protection plan
  most-assessed:
    says: In 80% of cases the assessment is done within 15 days.
    source: {section: "14", words: "in eighty per cent"}
    share: 80%
    expect: assessment completed
    within: 15 days
    of: referral accepted
  young-visited:
    says: Children under 5 are visited within 3 days.
    source: {section: "15", words: "visited within three days"}
    reading: This speaks of the youngest only; first-visit speaks of all.
    expect: child visited
    within: 3 days
    of: referral accepted
    ages: under 5 years
  warmth:
    says: Workers are warm.
    source: {section: "16", words: "workers are warm always"}
    not tested: a matter of judgement
"""

EVENTS = (
    "referral accepted",
    "assessment completed",
    "child visited",
    "plan started",
    "plan ended",
    "conference held",
    "report shared",
    "extension agreed",
    "case transferred",
    "justification recorded",
    "pathway plan started",
)


@cache
def pack(*changes: tuple[str, str]) -> Pack:
    """The pack, with one text put in place of another as often as wanted."""
    text = TEXT
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new)
    found, problems = read_pack_text(text, "every_kind")
    assert found is not None, "\n".join(map(str, problems))
    return found
