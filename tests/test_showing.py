"""What people see: sentences, text and pages, with nothing lost, nothing obeyed and nothing fetched."""

from __future__ import annotations

import builtins
import re
import subprocess
import sys
from datetime import date, datetime
from html.parser import HTMLParser
from itertools import pairwise
from typing import Any

import pytest

from practice_rules import Evaluation, Event, History, Pack, evaluate, load_pack
from practice_rules.loading import read_pack_text
from practice_rules.showing import (
    evaluation_html,
    evaluation_page,
    evaluation_text,
    read_page,
    read_text,
    standard_sentence,
)

PACK = """\
authority: Barsetshire County Council
title: Practice standards
documents:
  standards: {title: Practice Standards, edition: "2024"}
  handbook: {title: Handbook}
working days: Monday to Friday, except bank holidays in England
day one: the next day
hours without times: by date
closed: [2024-12-27]
details:
  seen: {means: Whether the child was seen., values: yes or no}
  emergency: {means: Whether it was an emergency., values: yes or no, unless said: no}
  plan agreed: {means: Whether a plan was agreed., values: yes or no}
  reason: {means: Why., values: text}
  signed by: {means: Who signed., values: text}
  chaired by: {means: Who took the chair., values: text}
events:
  child visited: {means: A worker visits the child., details: [seen]}
  child telephoned: A worker telephones the child.
  family telephoned: A worker telephones the family.
  review held: {means: A review takes place., details: [emergency, reason, signed by, chaired by]}
  review report sent: The report for a review is sent.
  review called off: A review is called off.
  plan started: {means: A protection plan starts., details: [plan agreed]}
  plan ended: A protection plan ends.
  school started: The child starts school.
  school ended: The child leaves school.
  carer approved: A carer is approved.
  carer left: A carer leaves.
  interval changed: {means: Another interval is agreed., details: [reason]}
periods:
  protection plan: {means: The child has a plan., starts: plan started, ends: plan ended}
  at school: {means: The child is at school., starts: school started, ends: school ended}
  approved carer: {means: The carer is approved., starts: carer approved, ends: carer left}
standards:
  visits:
    says: A child with a plan is visited and seen every 10 working days.
    source: {document: standards, section: "Visits / 1", words: "seen every ten working days"}
    expect: child visited
    where: {seen: yes}
    every: 10 working days
    while: protection plan
  visits-judged:
    says: Visits are made often enough.
    source: {document: standards, section: "Visits / 2", words: "visited often enough for safety"}
    not tested: How often is enough is a matter of judgement.
  review:
    says: A review is held within 20 days of the start, and most within 15 days.
    source: {document: standards, section: "Reviews / 1", words: "reviewed in the first weeks"}
    reading: The first weeks are read as 20 days. They could also be 14 days.
    expect: review held
    within: 20 days
    aim: 15 days
    of: plan started
    unless: review called off
  report:
    says: The report is sent at least 5 working days before the review.
    source: {document: standards, section: "Reviews / 1", words: "five working days before it"}
    expect: review report sent
    at least: 5 working days
    before: review held
    unless: {emergency: yes}
  agreed-start:
    says: The child is telephoned on the same day when the plan was agreed.
    source: {document: handbook, section: "Start & <first day>", words: "telephoned the same day"}
    expect: [child telephoned, family telephoned, child visited]
    within: same day
    of: plan started
    if: {plan agreed: yes}
  review-record:
    says: The record of a review gives the reason and who signed.
    source: {document: handbook, section: "Records", words: "reason and the one who signed"}
    for each: review held
    require: [reason, signed by]
    while: [protection plan, at school]
  review-chair:
    says: The head of service takes the chair.
    source: {document: handbook, section: "Records", words: "chaired by the head of service"}
    for each: review held
    require: {chaired by: head of service}
    from: 2024-04-01
  share-of-reviews:
    says: 80% of first reviews are held within 30 days.
    source: {document: handbook, section: "Records", words: "eighty in a hundred reviews"}
    reading: It stands beside review, whose limit is closer.
    share: 80%
    expect: review held
    within: 30 days
    of: plan started
  carer-telephoned:
    says: A carer is telephoned every 2 months.
    source: {document: handbook, section: "Carers", words: "telephoned every two months"}
    subject: foster carer
    expect: family telephoned
    every: 2 months
    while: approved carer
    varied by: {event: interval changed, at most: 6 weeks}
"""


@pytest.fixture(scope="module")
def pack() -> Pack:
    found, problems = read_pack_text(PACK, "barset")
    assert found is not None, [str(problem) for problem in problems]
    return found


def judged(pack: Pack, subject: str = "child-1", as_of: date | datetime = date(2024, 3, 28)) -> Evaluation:
    """One visit in time, one late, one still owed; a review not held; a start that does not say whether it was
    agreed.
    """
    events = [
        Event("plan started", date(2024, 3, 1), id="p1"),
        Event("child visited", date(2024, 3, 5), id="v1", details={"seen": True}),
        Event("child visited", date(2024, 3, 21), id="v2", details={"seen": True}),
    ]
    return evaluate(History(subject=subject, events=events), pack, as_of=as_of)


class Page(HTMLParser):
    """A page as a reader of its structure sees it; every element that is opened must be closed in its turn."""

    VOID = frozenset({"meta", "br", "input", "link", "hr", "img"})

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if not self.open or self.open[-1] not in ("style", "script"):
            self.words.append(data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.words).split())


# ---------------------------------------------------------------- sentences


@pytest.mark.parametrize(
    ("standard", "sentence"),
    [
        ("visits", "child visited (seen: yes), every 10 working days, while protection plan"),
        ("visits-judged", "not tested: How often is enough is a matter of judgement."),
        (
            "review",
            "review held, within 20 days of plan started, unless review called off comes first, "
            "with a local target of 15 days",
        ),
        (
            "report",
            "review report sent, at least 5 working days before review held, unless the record says “emergency: yes”",
        ),
        (
            "agreed-start",
            "child telephoned, family telephoned or child visited, on the same day as plan started, "
            "if the record says “plan agreed: yes”",
        ),
        (
            "review-record",
            "for each review held, the record gives “reason” and “signed by”, while protection plan and at school",
        ),
        (
            "review-chair",
            "for each review held, the record gives “chaired by: head of service”, in force from Mon 1 Apr 2024",
        ),
        ("share-of-reviews", "review held, within 30 days of plan started, in at least 80% of cases"),
        (
            "carer-telephoned",
            "family telephoned, every 2 months, while approved carer, varied by interval changed (at most 6 weeks), "
            "for a foster carer",
        ),
    ],
)
def test_a_standard_reads_as_a_sentence(pack: Pack, standard: str, sentence: str) -> None:
    """A rule reads as English, with every condition in it and "and" where all must hold."""
    assert standard_sentence(pack[standard]) == sentence


def test_every_shipped_standard_has_a_sentence_with_its_timescale() -> None:
    """No number of a rule is missing from its sentence."""
    for standard in load_pack("bromley").standards:
        sentence = standard_sentence(standard)
        assert sentence
        assert "  " not in sentence
        assert not sentence.endswith((",", " "))
        words = dict(standard.words)
        for key in ("within", "every", "at least", "to", "by age", "before age", "recorded within", "first within"):
            if key in words and words[key] != "same day":
                assert words[key] in sentence, standard.id


# ---------------------------------------------------------------- a pack as text and page


def test_a_pack_reads_in_the_order_of_its_document(pack: Pack) -> None:
    """Cover, documents and sections stand in the order of the file, with every field of every standard."""
    text = read_text(pack)
    places = [
        text.index(words)
        for words in (
            "Barsetshire County Council",
            "This pack holds 9 standards from 2 documents. 8 are tested and 1 is not",
            "Practice Standards (2024)\n=========",
            "Visits / 1\n----------",
            "visits  [frequency, line ",
            "visits-judged  [not tested, line ",
            "Reviews / 1\n-----------",
            "Handbook\n========",
            "carer-telephoned  [frequency, line ",
        )
    ]
    assert places == sorted(places)
    flat = " ".join(text.split())
    assert "The authority's own closure days are left out too: Fri 27 Dec 2024." in flat
    for standard in pack.standards:
        assert f"“{standard.source.words}”" in flat
        assert standard.says in flat
        assert standard.reading in flat
        assert f"line {standard.line}]" in flat
    assert max(map(len, text.split("\n"))) <= 100


def test_one_standard_can_be_read_alone(pack: Pack) -> None:
    """Asking for one standard gives that one, with its document and section."""
    assert read_text(pack, "review") == (
        "Practice Standards (2024)\n"
        "=========================\n"
        "\n"
        "Reviews / 1\n"
        "-----------\n"
        "\n"
        f"review  [deadline, line {pack['review'].line}]\n"
        "  Printed:    “reviewed in the first weeks”\n"
        "  Says:       A review is held within 20 days of the start, and most within 15 days.\n"
        "  Rule:       Review held, within 20 days of plan started, unless review called off comes first,\n"
        "              with a local target of 15 days.\n"
        "  Reading:    The first weeks are read as 20 days. They could also be 14 days.\n"
    )


def test_a_standard_that_is_not_there_is_an_error(pack: Pack) -> None:
    """A wrong id gives no empty text."""
    with pytest.raises(KeyError):
        read_text(pack, "no-such")


def test_the_page_of_a_pack_is_whole_and_stands_alone(pack: Pack) -> None:
    """Every standard is an article with a place to link to; nothing is fetched; every link of the contents leads
    somewhere.
    """
    html = read_page(pack)
    page = Page(html)
    ids = [attrs["id"] for _, attrs in page.tags if "id" in attrs]
    assert len(ids) == len(set(ids))
    assert {standard.id for standard in pack.standards} <= set(ids)
    for tag, attrs in page.tags:
        assert tag not in ("script", "link", "img", "iframe")
        assert "src" not in attrs
        if tag == "a":
            assert (attrs["href"] or "")[1:] in ids
    assert not re.search(r"url\(|@import|https?:", html)
    for standard in pack.standards:
        assert f"“{standard.source.words}”" in page.text
        assert standard.says in page.text
        assert standard.reading in page.text
    assert "Start & <first day>" in page.text
    assert html == read_page(pack)


def test_the_pages_serve_keyboard_and_screen_reader(pack: Pack) -> None:
    """Language, landmarks, one main heading, no level of heading left out, column headings with a scope."""
    for html in (read_page(pack), evaluation_page(judged(pack), pack)):
        page = Page(html)
        tags = [tag for tag, _ in page.tags]
        assert dict(page.tags[0:1]) == {"html": {"lang": "en-GB"}}
        assert tags.count("main") == tags.count("h1") == tags.count("title") == 1
        levels = [int(tag[1]) for tag in tags if re.fullmatch(r"h[1-6]", tag)]
        assert all(later <= before + 1 for before, later in pairwise(levels))
        assert all("scope" in attrs for tag, attrs in page.tags if tag == "th")
        skip = next(attrs for tag, attrs in page.tags if tag == "a")
        assert (skip["href"] or "")[1:] in {attrs.get("id") for _, attrs in page.tags}


def test_stories_stand_beside_their_standard(pack: Pack) -> None:
    """Example histories are shown with the standard that they test."""
    page = Page(read_page(pack, {"review": [("The review is <late>", ["born: 2015-03-02", "as of: 2024-06-28"])]}))
    assert "1 example" in page.text
    assert "The review is <late>" in page.text
    assert "born: 2015-03-02 as of: 2024-06-28" in page.text


# ---------------------------------------------------------------- an evaluation as text


GOLDEN = """\
Barsetshire County Council: child-1 (child)
Pack barset: Practice Standards, 2024; Handbook
As of the end of Thu 28 Mar 2024; known at the end of Thu 28 Mar 2024

4 duties judged: 1 met, 1 due, 2 breached (1 done late, 1 overdue).
Not among them: 1 not assessed, because the record lacks a fact. These count neither as met nor as
breached.
1 local target was missed, which is no breach.
1 duty counts towards a share of many cases, and cannot be met or breached by one.

          Standard, and its
Status    section                Opened           Due              Done             Days
--------------------------------------------------------------------------------------------------
breached  visits                 Tue 5 Mar 2024   Tue 19 Mar 2024  Thu 21 Mar 2024  2 days late
          Visits / 1
breached  review                 Fri 1 Mar 2024   Thu 21 Mar 2024  not done         7 days overdue
          Reviews / 1
due       visits                 Thu 21 Mar 2024  Mon 8 Apr 2024   not done         11 days left
          Visits / 1
met       visits                 Fri 1 Mar 2024   Fri 15 Mar 2024  Tue 5 Mar 2024
          Visits / 1

Towards a share of many cases
          Standard, and its
Status    section                Opened           Due              Done             Days
--------------------------------------------------------------------------------------------------
due       share-of-reviews       Fri 1 Mar 2024   Sun 31 Mar 2024  not done         3 days left
          Records

Not assessed
Standard                           The record lacks          Times  Opened
--------------------------------------------------------------------------------------------------
agreed-start                       the detail “plan agreed”  1      Fri 1 Mar 2024
                                   of “plan started”

"""


def test_an_evaluation_as_text_is_exactly_this(pack: Pack) -> None:
    """The whole text of a small evaluation, sign for sign, but for its fingerprint."""
    text = evaluation_text(judged(pack), width=100)
    body, _, foot = text.rpartition("\nFingerprint ")
    assert body + "\n" == GOLDEN
    assert judged(pack).fingerprint in foot


def test_text_is_the_same_whatever_the_terminal(pack: Pack, monkeypatch: pytest.MonkeyPatch) -> None:
    """Width and colour are what is asked for, and nothing of the surroundings."""
    usual = evaluation_text(judged(pack))
    for name, value in (("COLUMNS", "40"), ("FORCE_COLOR", "1"), ("TERM", "dumb"), ("NO_COLOR", "1")):
        monkeypatch.setenv(name, value)
    assert evaluation_text(judged(pack)) == usual
    assert "\x1b" not in usual
    assert max(map(len, usual.split("\n"))) <= 120


def test_colour_is_added_only_when_asked_for(pack: Pack) -> None:
    """With colour the words are the same words."""
    plain, coloured = evaluation_text(judged(pack)), evaluation_text(judged(pack), colour=True)
    assert "\x1b[1;31mbreached\x1b[0m" in coloured
    stripped = re.sub(r"\x1b\[[0-9;]*m", "", coloured)
    assert stripped.split() == plain.split()


@pytest.mark.parametrize("width", [10, 80, 100, 120, 300])
def test_narrow_text_breaks_values_and_cuts_none(pack: Pack, width: int) -> None:
    """Whatever the width, every id, section and date is there in full."""
    result = judged(pack)
    text = evaluation_text(result, width=width)
    assert "…" not in text
    assert max(map(len, text.split("\n"))) <= max(80, width)
    squeezed = re.sub(r"\s", "", text)
    for sign in ("agreed-start", "barset"):
        assert sign in squeezed
    for item in result.obligations:
        assert str(item.status) in text


def test_lapsed_duties_are_counted_always_and_listed_when_asked_for(pack: Pack) -> None:
    """What fell away is never hidden and never counted as met."""
    events = [Event("plan started", date(2024, 3, 1)), Event("plan ended", date(2024, 3, 4))]
    result = evaluate(History(subject="child-1", events=events), pack, as_of=date(2024, 3, 5))
    plain, listed = evaluation_text(result), evaluation_text(result, lapsed=True)
    assert "1 lapsed before the last day" in plain
    assert not re.search(r"^lapsed ", plain, re.MULTILINE)
    assert re.search(r"^lapsed +visits .*fell away Mon", listed, re.MULTILINE)


def test_not_assessed_is_grouped_by_the_missing_fact(pack: Pack) -> None:
    """The same missing fact of one standard is one line with its count and its days."""
    events = [
        Event("review held", date(2024, 3, day), id=f"r{day}", details={"reason": "planned", "signed by": "x"})
        for day in (1, 8, 15)
    ]
    events += [Event("plan started", date(2024, 2, 1)), Event("school started", date(2024, 2, 1))]
    events += [Event("review held", date(2024, 4, day), id=f"s{day}") for day in (2, 9)]
    text = evaluation_text(evaluate(History(subject="child-1", events=events), pack, as_of=date(2024, 5, 1)))
    (line,) = [line for line in text.split("\n") if line.startswith("review-chair")]
    assert re.search(r"chaired by.* 2 +Tue 2 Apr 2024 to", line)


def test_projected_dates_and_notices_are_said(pack: Pack) -> None:
    """A reader is told of dates that rest on unpublished bank holidays, and of events set aside."""
    events = [Event("plan started", date(2029, 3, 1)), Event("review held", date(1900, 1, 1), id="r0")]
    result = evaluate(History(subject="child-1", events=events), pack, as_of=date(2029, 3, 2))
    for shown in (evaluation_text(result), evaluation_html(result), evaluation_page(result, pack)):
        flat = " ".join(shown.split())
        assert "bank holidays after Sun 31 Dec 2028, which are not officially published yet" in flat
        assert "was set aside" in flat


def test_nothing_in_a_record_is_obeyed_by_a_terminal(pack: Pack) -> None:
    """Control characters and markup in ids are shown, not obeyed."""
    text = evaluation_text(judged(pack, "c\x1b[31m[bold]x[/bold]:smile:\u202e\nnext"))
    assert "\x1b" not in text
    assert "\u202e" not in text
    assert "c\\x1b[31m[bold]x[/bold]:smile:\\u202e next" in text


def test_an_empty_evaluation_says_so(pack: Pack) -> None:
    """Nothing owed is said in words, in every form."""
    result = evaluate(History(subject="child-1"), pack, as_of=date(2024, 3, 28))
    assert "0 duties judged: 0 met, 0 due, 0 breached." in evaluation_text(result)
    assert "0 duties judged" in Page(evaluation_html(result)).text
    assert "No standard opened a duty in this record." in Page(evaluation_page(result, pack)).text


# ---------------------------------------------------------------- an evaluation as HTML


def test_every_status_is_a_word(pack: Pack) -> None:
    """In the notebook and on the page a status is a word, whatever its colour."""
    result = judged(pack)
    for html in (evaluation_html(result), evaluation_page(result, pack)):
        words = re.findall(r'<span class="status [a-z-]+">([^<]*)</span>', html)
        assert len(words) >= len(result.obligations)
        assert set(words) <= {"breached (late)", "breached (overdue)", "due", "met", "lapsed"}
        assert {"breached (late)", "breached (overdue)", "due", "met"} <= set(words)


def test_colours_have_enough_contrast(pack: Pack) -> None:
    """Text on each status colour reaches the contrast that WCAG AA asks for."""
    found = re.findall(r"color: #([0-9a-f]{6}); background: #([0-9a-f]{6}|fff)\b", evaluation_page(judged(pack), pack))
    assert len(found) >= 4
    for ink, paper in found:
        light, dark = sorted((luminance(ink), luminance(paper)), reverse=True)
        assert (light + 0.05) / (dark + 0.05) >= 4.5, (ink, paper)


def luminance(colour: str) -> float:
    channels = [int((colour * 2 if len(colour) == 3 else colour)[place : place + 2], 16) / 255 for place in (0, 2, 4)]
    red, green, blue = (c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_the_notebook_shows_the_table(pack: Pack) -> None:
    """What a notebook calls is the same fragment, well formed and without a page around it."""
    result = judged(pack)
    html = result._repr_html_()
    assert html == evaluation_html(result)
    page = Page(html)
    assert "html" not in [tag for tag, _ in page.tags]
    for words in ("visits", "Visits / 1", "Thu 21 Mar 2024", "2 days late", "Not assessed", "as of the end of"):
        assert words.lower() in page.text.lower()


def test_the_page_explains_every_duty(pack: Pack) -> None:
    """Each duty has its steps and its source; breached stand first, then due, then met; the footer says what it is."""
    result = judged(pack)
    html = evaluation_page(result, pack)
    page = Page(html)
    assert [tag for tag, _ in page.tags].count("details") >= len(result.obligations)
    places = [page.text.index(f"{word}: {count}") for word, count in (("Breached", 2), ("Due", 1), ("Met", 1))]
    assert places == sorted(places)
    for words in (
        "Source: Practice Standards, Visits / 1, “seen every ten working days”",
        "Dodds v Walker",
        result.fingerprint,
        "Practice Standards, 2024",
        "Towards a share of many cases",
        "the detail “plan agreed” of “plan started”",
        "Local target Sat 16 Mar 2024: missed, which is no breach.",
        "The pack has 9 standards; 8 of them are tested",
    ):
        assert words in page.text, words
    assert not re.search(r"url\((?!#)|@import|<script|<link|src=", html)
    assert html == evaluation_page(judged(pack), pack)


@pytest.mark.parametrize("form", [evaluation_html, evaluation_page])
def test_what_a_record_says_is_never_markup(pack: Pack, form: Any) -> None:
    """A subject or an authority with markup in it is shown as it stands."""
    nasty = "<script>alert(1)</script>\"'&"
    found, problems = read_pack_text(
        PACK.replace("Barsetshire County Council", "<b>Barset</b> & Co").replace("telephoned the", "<i>phoned</i> the"),
        "barset",
    )
    assert found is not None, problems
    result = judged(found, nasty)
    html = form(result) if form is evaluation_html else form(result, found)
    assert "<script" not in html
    assert "<b>Barset" not in html
    page = Page(html)
    assert nasty in page.text
    assert "<b>Barset</b> & Co" in page.text


def test_the_page_of_a_pack_escapes_too() -> None:
    """A pack from outside cannot put markup on its page."""
    found, problems = read_pack_text(PACK.replace("The first weeks are", "<script>x</script> is"), "barset")
    assert found is not None, problems
    html = read_page(found, {"review": [("<script>y</script>", ["<script>z</script>"])]})
    assert "<script" not in html


def test_an_evaluation_and_a_pack_must_belong_together(pack: Pack) -> None:
    """No page is made of one pack's results and another's words."""
    with pytest.raises(ValueError, match='made by the pack "barset", and this is "bromley"'):
        evaluation_page(judged(pack), load_pack("bromley"))


def test_an_evaluation_from_json_shows_the_same(pack: Pack) -> None:
    """Text, fragment and table lose nothing when the evaluation was kept as JSON."""
    result = judged(pack)
    kept = Evaluation.from_json(result.to_json())
    assert evaluation_text(kept, lapsed=True) == evaluation_text(result, lapsed=True)
    assert evaluation_html(kept) == evaluation_html(result)
    assert "Source: Practice Standards" in Page(evaluation_page(kept, pack)).text


def test_times_are_shown_where_they_are_known(pack: Pack) -> None:
    """An evaluation as of a time says the time."""
    assert "As of Thu 28 Mar 2024 14:30;" in evaluation_text(judged(pack, as_of=datetime(2024, 3, 28, 14, 30)))


def test_the_page_does_without_matplotlib(pack: Pack, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without matplotlib the page is whole but for the picture, and says how to get it."""
    real = builtins.__import__

    def refuse(name: str, *rest: Any, **more: Any) -> Any:
        if name.split(".")[0] == "matplotlib":
            raise ImportError(name)
        return real(name, *rest, **more)

    monkeypatch.setattr(builtins, "__import__", refuse)
    page = Page(evaluation_page(judged(pack), pack))
    assert "pip install practice-rules[notebook]" in page.text
    assert "svg" not in [tag for tag, _ in page.tags]
    assert "Breached: 2" in page.text


def test_the_picture_stands_in_the_page(pack: Pack) -> None:
    """With matplotlib the timeline is part of the page, with a name for screen readers."""
    pytest.importorskip("matplotlib")
    page = Page(evaluation_page(judged(pack), pack))
    (picture,) = [attrs for tag, attrs in page.tags if tag == "svg"]
    assert picture["role"] == "img"
    assert "Timeline" in (picture["aria-label"] or "")


def test_showing_text_of_a_pack_needs_no_heavy_library() -> None:
    """Reading a pack as text loads neither rich, jinja2 nor matplotlib."""
    program = (
        "import sys; sys.path[:0] = sys.argv[1].split(chr(10));"
        "from practice_rules import load_pack; from practice_rules.showing import read_text;"
        "read_text(load_pack('bromley'));"
        "sys.exit(' '.join({'rich', 'jinja2', 'matplotlib'} & set(sys.modules)) or None)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, "\n".join(path for path in sys.path if path)], capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr


def test_an_obligation_shows_itself_as_a_table(pack: Pack) -> None:
    """In a notebook one obligation shows its status as a word and its clause; nothing in it is live."""
    evaluation = judged(pack)
    for item in evaluation:
        html = item._repr_html_()
        assert str(item.status) in html
        assert item.standard in html
        assert "<script" not in html
