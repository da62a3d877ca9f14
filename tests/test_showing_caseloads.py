"""The page of a caseload: nothing fetched, nothing obeyed, small numbers hidden, every gap in sight."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from html.parser import HTMLParser
from itertools import pairwise
from typing import Any

import pytest

from practice_rules import Event, History, Pack, evaluate
from practice_rules.explaining import explain
from practice_rules.loading import read_pack_text

pa = pytest.importorskip("pyarrow", reason="the page of a caseload needs pyarrow")

from practice_rules.showing_caseloads import _Pictures, caseload_html  # noqa: E402

AS_OF = date(2024, 6, 28)  # a Friday
NASTY = '<img src="https://evil.example/x" onerror="alert(1)">\'; Smith & Sons'
PACK = """\
authority: Barsetshire County Council
title: Practice standards
documents:
  standards: {title: Practice Standards, edition: "2024"}
working days: Monday to Friday, except bank holidays in England
day one: the next day
details:
  seen: {means: Whether the child was seen., values: yes or no}
events:
  child visited: {means: A worker visits the child., details: [seen]}
  review held: A review takes place.
  plan started: A protection plan starts.
  plan ended: A protection plan ends.
  letter received: A letter comes.
  letter answered: A letter is answered.
  call made: A call is made.
periods:
  protection plan: {means: The child has a plan., starts: plan started, ends: plan ended}
standards:
  visits:
    says: A child with a plan is visited and seen every 10 working days.
    source: {document: standards, section: "Visits / 1", words: "seen every ten working days"}
    expect: child visited
    where: {seen: yes}
    every: 10 working days
    while: protection plan
  review:
    says: A review is held within 20 days of the start.
    source: {document: standards, section: "Reviews & <more>", words: "reviewed in the first weeks"}
    reading: The first weeks are read as 20 days.
    expect: review held
    within: 20 days
    of: plan started
  share-of-reviews:
    says: 80% of first reviews are held within 30 days.
    source: {document: standards, section: "Reviews & <more>", words: "eighty in a hundred reviews"}
    share: 80%
    expect: review held
    within: 30 days
    of: plan started
  answers:
    says: A letter is answered within 5 working days.
    source: {document: standards, section: "Letters", words: "answered within a week"}
    expect: letter answered
    within: 5 working days
    of: letter received
  calls:
    says: A call is made within 2 days of the end of a plan.
    source: {document: standards, section: "Letters", words: "rung up at once"}
    expect: call made
    within: 2 days
    of: plan ended
  good-visits:
    says: Visits are good.
    source: {document: standards, section: "Visits / 2", words: "children are visited well"}
    not tested: What is good is a matter of judgement.
"""


@pytest.fixture(scope="module")
def pack() -> Pack:
    found, problems = read_pack_text(PACK, "barset")
    assert found is not None, [str(problem) for problem in problems]
    return found


@dataclass(frozen=True)
class Said:
    """Anything that has a text: a bad cell, a child who could not be judged."""

    words: str
    table: str = "visits"
    column: str = "date"

    def __str__(self) -> str:
        return self.words


@dataclass(frozen=True)
class Gone:
    """A standard that the data cannot feed."""

    standard: str
    words: tuple[str, ...]
    reason: str


@dataclass(frozen=True)
class Made:
    """What the page asks of a caseload."""

    table: Any
    pack: Pack
    as_of: date = AS_OF
    known_at: date = AS_OF
    subjects: int = 0
    source: str = "a made-up list"
    unfed: tuple[Gone, ...] = ()
    faults: tuple[Said, ...] = ()
    refused: tuple[Said, ...] = ()
    notes: tuple[str, ...] = ()

    def rows(self) -> Any:
        return self.table


def schema() -> Any:
    word, day, number, flag = pa.dictionary(pa.int32(), pa.string()), pa.date32(), pa.int32(), pa.bool_()
    types = {
        "subject": pa.string(), "standard": word, "kind": word, "section": word, "opened": day, "due": day,
        "met_on": day, "status": word, "late": flag, "overdue": flag, "days_late": number, "days_left": number,
        "worker": word, "team": word, "missing": word, "key": pa.string(), "source_rows": pa.string(),
        "sentence": pa.string(),
    }  # fmt: skip
    return pa.schema(list(types.items()))


def table_of(pack: Pack, histories: dict[str, History], worker: str = "A. Worker", team: str = "North") -> Any:
    """The table of obligations of some histories, as the contract has it."""
    rows = []
    for subject, history in histories.items():
        result = evaluate(history, pack, as_of=AS_OF)
        for item in (*result.obligations, *result.lapsed, *result.cohort):
            rows.append(
                {
                    "subject": subject, "standard": item.standard, "kind": item.kind, "section": item.source.section,
                    "opened": item.opened, "due": item.due, "met_on": item.met_on, "status": str(item.status),
                    "late": item.late, "overdue": item.overdue, "days_late": item.days_late,
                    "days_left": item.days_left, "worker": worker, "team": team, "missing": None, "key": item.key,
                    "source_rows": f"plans.start:{item.opened.day}", "sentence": item.says,
                }
            )  # fmt: skip
        for gap in result.not_assessed:
            rows.append(
                {
                    "subject": subject, "standard": gap.standard, "kind": pack[gap.standard].kind,
                    "section": gap.source.section, "opened": gap.opened, "status": "not assessed", "late": False,
                    "overdue": False, "worker": worker, "team": team, "missing": gap.missing,
                    "key": f"{gap.standard}/{gap.event}",
                }
            )  # fmt: skip
    return pa.Table.from_pylist(rows, schema=schema())


def history(subject: str, started: date, *acts: Event) -> History:
    return History(
        subject=subject,
        born=date(2015, 3, 2),
        events=[Event("plan started", started, id="p1"), *acts],
    )


def some(count: int = 12) -> dict[str, History]:
    """Children with plans; the first visited in time, every later one visited later, and one visit that does not say
    whether the child was seen.
    """
    found = {}
    for number in range(count):
        started = date(2024, 5, 1) + timedelta(days=number)
        acts = [
            Event("child visited", started + timedelta(days=5 + number), id="v1", details={"seen": True}),
            Event("review held", started + timedelta(days=12 + number), id="r1"),
        ]
        if number == 3:
            acts.append(Event("child visited", date(2024, 5, 20), id="v2"))
        found[f"child-{number:02}"] = history(f"child-{number:02}", started, *acts)
    return found


@pytest.fixture(scope="module")
def histories() -> dict[str, History]:
    return some()


@pytest.fixture(scope="module")
def made(pack: Pack, histories: dict[str, History]) -> Made:
    return Made(
        table_of(pack, histories),
        pack,
        subjects=13,
        unfed=(Gone("answers", ("letter answered",), "no table holds letters"),),
        faults=tuple(Said(f"visits, row {row}, column date: this is no date") for row in range(2, 32)),
        refused=(Said("row 14 of children: the plan ends before it starts"),),
        notes=("Dates of birth are given by month only.",),
    )


@pytest.fixture(scope="module")
def page(made: Made, histories: dict[str, History]) -> str:
    return caseload_html(made, histories=histories)


class Page(HTMLParser):
    """A page as a reader of its structure sees it; every element that is opened must be closed in its turn."""

    VOID = frozenset({"meta", "br", "input", "link", "hr", "img"})

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        #: The tags inside each table, and its text.
        self.tables: list[list[tuple[str, dict[str, str | None]]]] = []
        self.table_words: list[list[str]] = []
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag == "table":
            assert "table" not in self.open
            self.tables.append([(tag, dict(attrs))])
            self.table_words.append([])
        elif "table" in self.open:
            self.tables[-1].append((tag, dict(attrs)))
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if not self.open or self.open[-1] not in ("style", "script"):
            self.words.append(data)
            if "table" in self.open:
                self.table_words[-1].append(data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.words).split())

    def ids(self) -> list[str]:
        return [attrs["id"] or "" for _, attrs in self.tags if "id" in attrs]


def references(page: Page) -> Iterator[str]:
    """The ids that the page points to: links, labels, names given elsewhere, and parts of pictures."""
    for _, attrs in page.tags:
        for name in ("aria-labelledby", "for"):
            if name in attrs:
                yield from (attrs[name] or "").split()
        if "href" in attrs:
            assert (attrs["href"] or "").startswith("#")
            yield (attrs["href"] or "")[1:]
        for value in attrs.values():
            yield from re.findall(r"url\(#([^)]+)\)", value or "")


def table(page: Page, id_: str) -> list[str]:
    """The words of one table, by its id."""
    for tags, words in zip(page.tables, page.table_words, strict=True):
        if tags[0][1].get("id") == id_:
            return [word.strip() for word in words if word.strip()]
    raise AssertionError(f"no table {id_}")


def line(page: Page, id_: str, name: str) -> list[str]:
    """The cells of one line of a table, after its heading; the table must not have the name twice."""
    words = table(page, id_)
    assert words.count(name) == 1
    return words[words.index(name) + 1 :]


# ---------------------------------------------------------------- one page, whole and alone


def test_the_page_fetches_nothing(page: str) -> None:
    """No address, no file, no font, no style or script from elsewhere; parts of pictures are the page's own."""
    for tag, attrs in Page(page).tags:
        assert tag not in ("link", "img", "iframe", "object", "embed", "base", "audio", "video", "image")
        assert not {"src", "srcset", "action", "data", "background", "ping"} & attrs.keys()
        assert not any(name.startswith("on") for name in attrs)
    assert not re.search(r"https?:|//www|@import|@font-face|url\((?!#)|\bfetch\(|XMLHttp|sendBeacon|WebSocket", page)


def test_ids_are_there_once_and_every_reference_leads_somewhere(page: str) -> None:
    """Links, labels and parts of pictures find what they name; many timelines on one page do not disturb each other."""
    found = Page(page)
    ids = found.ids()
    assert page.count("<svg role") == 12
    assert len(ids) == len(set(ids))
    wanted = set(references(found))
    assert wanted <= set(ids)
    assert any(id_.startswith("case-1-") for id_ in wanted)


def test_every_table_has_a_caption_and_headings_with_scope(page: str) -> None:
    """A table can be read by someone who hears it: caption first, every heading says whether of column or row."""
    found = Page(page)
    assert len(found.tables) >= 10
    for tags in found.tables:
        assert tags[1][0] == "caption"
        headings = [attrs.get("scope") for tag, attrs in tags if tag == "th"]
        assert {"col"} < set(headings) <= {"col", "row", "rowgroup"}
    assert all(attrs.get("scope") for tag, attrs in found.tags if tag == "th")


def test_the_page_serves_keyboard_and_screen_reader(page: str) -> None:
    """Language, landmarks, one main heading, no level of heading left out, a skip link, scroll regions in reach, and
    controls with labels.
    """
    found = Page(page)
    tags = [tag for tag, _ in found.tags]
    assert found.tags[0] == ("html", {"lang": "en-GB"})
    for landmark in ("header", "nav", "main", "footer", "h1", "title"):
        assert tags.count(landmark) == 1
    levels = [int(tag[1]) for tag in tags if re.fullmatch(r"h[1-6]", tag)]
    assert all(later <= before + 1 for before, later in pairwise(levels))
    first = next(attrs for tag, attrs in found.tags if tag == "a")
    assert first["class"] == "skip"
    labels = {attrs.get("for") for tag, attrs in found.tags if tag == "label"}
    for tag, attrs in found.tags:
        if "scroll" in (attrs.get("class") or "").split() or attrs.get("class") == "picture":
            assert attrs["tabindex"] == "0"
            assert attrs["role"] == "region"
            assert attrs.get("aria-labelledby") or attrs.get("aria-label")
        if tag in ("input", "select"):
            assert attrs["id"] in labels
        if tag == "svg":
            assert attrs.get("aria-label") or attrs.get("aria-hidden") == "true"
    assert "(prefers-color-scheme: dark)" in page
    assert "@media print" in page
    # Without scripts the filter cannot work, so it is not there.
    assert next(attrs for tag, attrs in found.tags if tag == "form").get("hidden", "no") is None


def test_the_head_says_what_the_page_rests_on(page: str, made: Made) -> None:
    """Authority, pack, edition, dates, source, numbers, the version, and the notes."""
    text = Page(page).text
    for words in (
        "Barsetshire County Council",
        "Pack barset: 6 standards, 5 of them tested",
        "Edition Practice Standards, 2024",
        "As of the end of Fri 28 Jun 2024",
        "Known at the end of Fri 28 Jun 2024",
        "Children 13",
        f"Rows {made.table.num_rows}, one for each obligation or missing fact",
        "Source of the data a made-up list",
        "practice_rules 0.",
        "Note: Dates of birth are given by month only.",
    ):
        assert words in text


def test_every_standard_of_the_pack_is_on_the_page(page: str, pack: Pack) -> None:
    """Tested or not, fed or not: each has its clause, its reading, and what became of it."""
    text = Page(page).text
    for standard in pack.standards:
        assert standard.id in text
        assert standard.says in text
        assert f"“{standard.source.words}”" in text
        assert standard.reading in text
    assert "no table holds letters" in text
    assert "What is good is a matter of judgement." in text
    # No plan of these children ended, so that no call was owed.
    assert line(Page(page), "silent-table", "calls")[0] == "Letters"


def test_equal_caseloads_give_equal_bytes(made: Made, histories: dict[str, History], page: str) -> None:
    """The page is the same again, and whatever the order of the rows."""
    turned = replace(made, table=made.table.take(list(reversed(range(made.table.num_rows)))))
    assert caseload_html(turned, histories=histories) == page


def test_text_columns_may_be_plain_or_dictionaries_that_differ_from_batch_to_batch(made: Made) -> None:
    """Rows come in batches with dictionaries of their own; the page is the same as of one plain table."""
    plain = made.table.cast(
        pa.schema([(each.name, pa.string() if pa.types.is_dictionary(each.type) else each.type) for each in schema()])
    )
    halves = [plain.slice(0, 9), plain.slice(9)]
    batches = pa.concat_tables([half.cast(schema()) for half in halves])
    assert caseload_html(replace(made, table=plain)) == caseload_html(replace(made, table=batches))


# ---------------------------------------------------------------- what others wrote


def test_a_nasty_name_stays_text(pack: Pack) -> None:
    """What stands in a record never becomes an element, an attribute or a rule of style."""
    subject = "c<b>1</b>"
    found = {subject: history(subject, date(2024, 5, 1))}
    nasty = Made(
        table_of(pack, found, worker=NASTY, team=f"{NASTY} team"),
        pack,
        subjects=1,
        source=NASTY,
        faults=(Said(NASTY, table=NASTY, column=NASTY),),
        refused=(Said(NASTY),),
        notes=(NASTY,),
    )
    html = caseload_html(nasty, histories=found, smallest=0, title=f"Of {NASTY}")
    page = Page(html)
    assert not {"img", "b1"} & {tag for tag, _ in page.tags}
    assert "<img" not in html
    assert "<b>1" not in html
    shown = " ".join(NASTY.split())
    assert page.text.count(shown) >= 8
    assert {attrs["data-worker"] for tag, attrs in page.tags if tag == "tbody" and "data-worker" in attrs} == {NASTY}


def test_the_name_of_an_event_in_a_picture_stays_text() -> None:
    """Only what stands inside a tag of the picture is made smaller or renamed."""
    name = ' style="} body {display: none" id="x" xmlns="y" d="M 1.234 2.345 L 3 4" url(#a)'
    drawn = (
        '<?xml version="1.0"?><svg xmlns:xlink="x" width="9pt" height="9pt" viewBox="0 0 9 9" xmlns="y">\n'
        '<defs>\n<style type="text/css">*{stroke-linejoin: round}</style>\n</defs>\n<g id="figure_1">\n'
        '<g id="patch_1">\n<path d="M 0.04 9.26 \nL 8.999 9.26 \nL 8.999 0.04 \nz\n" clip-path="url(#p1)" '
        'style="fill: #fff"/>\n</g>\n'
        f"<text style=\"font-size: 9px; font-family: 'DejaVu Sans'; fill: #000\">{name}</text>\n"
        '<use xlink:href="#m1"/>\n</g>\n<defs>\n<clipPath id="p1"/><path id="m1" d="M 0 0 L 0 4"/>\n</defs>\n</svg>'
    )
    pictures = _Pictures()
    small = pictures.add(drawn, "case-7")
    assert small == (
        '<svg role="img" aria-label="Timeline of the duties" viewBox="0 0 9 9">'
        '<path d="M0 9.3H9V0z" clip-path="url(#case-7-1)" class="v1"/>'
        f'<text class="v2">{name}</text><use href="#case-7-2"/>'
        '<defs><clipPath id="case-7-1"/><path id="case-7-2" d="M0 0V4"/></defs></svg>'
    )
    assert pictures.styles == {"fill: #fff": "v1", "font-size: 9px; fill: #000": "v2"}


# ---------------------------------------------------------------- numbers


def test_the_numbers_are_those_worked_out_by_hand(made: Made) -> None:
    """Child n (0 to 11) has a plan from 1 May + n, and a review 12 + n days later: in time up to n = 8. The reviews of
    n = 0 to 10 are due in May (21 to 31 May), the last on 1 June. Within 30 days are all.
    """
    page = Page(caseload_html(made, smallest=0))
    assert line(page, "standards-table", "review")[:10] == [
        "Reviews & <more>", "75.0%", "9 of 12", "12", "9", "3", "0", "0", "0", "0",
    ]  # fmt: skip
    assert line(page, "cohorts-table", "share-of-reviews")[1:6] == ["80%", "100.0%", "12 of 12", "reached", "12"]
    months = next(words for words in page.table_words if "Share met in time, by standard" in "".join(words))
    said = [word.strip() for word in months if word.strip()]
    assert said[1:4] == ["Standard", "May 2024", "Jun 2024"]
    assert said[said.index("review") + 1 :][:4] == ["81%", "of 11", "0%", "of 1"]


def test_no_month_after_the_day_of_judging_is_shown(pack: Pack) -> None:
    """Of what is due later only the part done early is decided, so that its share would always be 100%."""
    found = {"c": history("c", date(2024, 6, 20), Event("review held", date(2024, 6, 21), id="r1"))}
    page = Page(caseload_html(Made(table_of(pack, found), pack, subjects=1), smallest=0))
    # The review was due on 10 July and is met already; the share within 30 days, on 20 July.
    assert line(page, "standards-table", "review")[1:3] == ["100.0%", "1 of 1"]
    assert "Nothing was owed in a month that has come." in page.text
    assert not [words for words in page.table_words if "Share met in time, by standard" in "".join(words)]


@pytest.mark.parametrize(
    ("met", "owed", "said"), [(1999, 2000, "99.9%"), (2000, 2000, "100.0%"), (2, 3, "66.6%"), (0, 7, "0.0%")]
)
def test_a_share_is_never_rounded_up(pack: Pack, met: int, owed: int, said: str) -> None:
    """1999 of 2000 is not 100%, and two thirds are not 66.7% where 66.7% is asked."""
    row = {
        "subject": "c", "standard": "answers", "kind": "deadline", "section": "Letters", "opened": date(2024, 1, 2),
        "due": date(2024, 1, 9), "status": "met", "late": False, "overdue": False, "key": "k",
    }  # fmt: skip
    late = {**row, "status": "breached", "late": True, "met_on": date(2024, 1, 10), "days_late": 1}
    rows = pa.Table.from_pylist([row] * met + [late] * (owed - met), schema=schema())
    page = Page(caseload_html(Made(rows, pack, subjects=1), smallest=0))
    assert line(page, "standards-table", "answers")[1] == said
    assert f"Met in time: {said} ({met:,} of {owed:,} owed)." in page.text


def test_small_numbers_are_not_on_a_page_without_children(pack: Pack) -> None:
    """Three answered letters of one worker, twenty of each other: the three, and what would tell them, are hidden."""
    rows = []
    for worker, count in (("Few", 3), ("Many", 20), ("More", 20)):
        for number in range(count):
            rows.append(
                {
                    "subject": f"{worker}-{number}", "standard": "answers", "kind": "deadline", "section": "Letters",
                    "opened": date(2024, 1, 2), "due": date(2024, 1, 9), "met_on": date(2024, 1, 5), "status": "met",
                    "late": False, "overdue": False, "worker": worker, "team": "North", "key": f"answers/{number}",
                }
            )  # fmt: skip
    caseload = Made(pa.Table.from_pylist(rows, schema=schema()), pack, subjects=43)
    html = caseload_html(caseload, work=0)
    cells = line(Page(html), "workers-table", "Few")
    assert cells[:4] == ["North", "hidden", "hidden", "hidden"]
    assert "3" not in cells[: cells.index("Many")]
    assert "3 of 3" not in html
    assert "Few-" not in html
    assert "Many-" not in html
    assert "No child is named on it." in Page(html).text
    assert line(Page(caseload_html(caseload, smallest=0)), "workers-table", "Few")[:5] == [
        "North", "100.0%", "3 of 3", "3", "3",
    ]  # fmt: skip


def test_what_is_left_out_stands_first(made: Made, page: str, pack: Pack, histories: dict[str, History]) -> None:
    """Not assessed, not fed, not tested, refused and unreadable: each with its number, before any share."""
    text = Page(page).text
    lacking = sum(len(evaluate(each, pack, as_of=AS_OF).not_assessed) for each in histories.values())
    assert lacking == 1
    places = [
        text.index(words)
        for words in (
            "What these figures leave out",
            "Some obligations could not be judged, because the records do not say enough.",
            "1 of 5 tested standards cannot be judged from this data",
            "1 standard of the pack is not tested",
            "1 standard is tested, and opened no obligation for any child.",
            "1 child could not be judged at all, and is in no number.",
            "30 cells could not be read, and were left out.",
            "Met in time:",
        )
    ]
    assert places == sorted(places)
    assert line(Page(page), "bad-cells-table", "visits") == ["date", "30"]
    assert "The first 20 of 30 are:" in text
    assert "visits, row 21, column date" in text
    assert "visits, row 22, column date" not in text
    assert "row 14 of children: the plan ends before it starts" in text
    whole = Page(caseload_html(made, smallest=0))
    assert line(whole, "missing-table", "visits")[:2] == ["Visits / 1", "1"]
    assert (
        "1 obligation could not be judged, because the records do not say enough; most often for visits." in whole.text
    )


def test_a_standard_of_which_only_what_was_met_can_be_told_gets_no_share(made: Made) -> None:
    """Reviews that the data cannot hold wholly: the share would speak of the met ones alone."""
    unsure = replace(made, unfed=(Gone("review", ("review held",), "what is not met cannot be told"),))
    page = Page(caseload_html(unsure, smallest=0))
    assert line(page, "standards-table", "review")[:2] == ["Reviews & <more>", "cannot be told"]
    assert line(page, "unfed-table", "review")[1] == "what is not met cannot be told"
    months = next(words for words in page.table_words if "Share met in time, by standard" in "".join(words))
    assert "review" not in [word.strip() for word in months]


# ---------------------------------------------------------------- work list and cases


def overdue(pack: Pack, histories: dict[str, History]) -> dict[str, list[date]]:
    """The due days of what is overdue, by child, as evaluating each alone gives them."""
    found = {}
    for subject, each in histories.items():
        result = evaluate(each, pack, as_of=AS_OF)
        found[subject] = [item.due for item in result.breached if item.overdue and isinstance(item.due, date)]
    return found


def test_the_work_list_says_how_many_of_how_many_are_shown(made: Made, histories: dict[str, History]) -> None:
    """Of the rows on the list some stand on the page, and the page says so; the longest overdue are among them."""
    late = sorted(day for days in overdue(made.pack, histories).values() for day in days)
    due = [
        item
        for each in histories.values()
        for item in evaluate(each, made.pack, as_of=AS_OF).due
        if item.due is not None and item.due <= date(2024, 7, 26)  # 20 working days after Fri 28 June
    ]
    assert len(late) > 5
    page = Page(caseload_html(made, work=5))
    whole = len(late) + len(due)
    shown = 5 - min(len(due), 2)
    assert (
        f"5 of {whole} rows are shown: {shown} of {len(late)} overdue, and {5 - shown} of {len(due)} due in the next "
        "20 working days." in page.text
    )
    words = table(page, "work-table")
    assert words.count("overdue") + words.count("due") == 5
    assert "A. Worker" in " ".join(words)
    assert f"{(AS_OF - late[0]).days} days overdue" in words


def test_the_most_urgent_children_are_the_ones_explained(made: Made, histories: dict[str, History], pack: Pack) -> None:
    """Most overdue first, then the oldest of it, then the id; the page says which they are and how to get others."""
    html = caseload_html(made, histories=histories.get, cases=3)
    days = overdue(pack, histories)
    order = sorted(days, key=lambda subject: (-len(days[subject]), min(days[subject], default=date.max), subject))
    chosen = re.findall(r'<details class="case" id="(case-\d)">\s*<summary><h3>([^<]+)</h3>', html)
    assert chosen == [(f"case-{number}", subject) for number, subject in enumerate(order[:3], 1)]
    page = Page(html)
    assert "3 of 13 children are shown: those with most overdue obligations first" in page.text
    assert "“practice-rules explain”" in page.text
    # Of the children on the work list, those with a case link to it and the others do not.
    links = dict(re.findall(r'<td data-label="Child"><a href="#(case-\d)">([^<]+)</a>', html))
    assert links == dict(chosen)
    assert re.search(r'<td data-label="Child">child-\d\d</td>', html)


def test_a_case_tells_every_obligation_with_its_steps_and_its_records(
    made: Made, histories: dict[str, History], pack: Pack
) -> None:
    """Every step that `explain` gives stands on the page, the clause once for all; and so do the rows of the data."""
    html = caseload_html(made, histories=histories, cases=1)
    text = Page(html).text
    subject = re.search(r'<details class="case" id="case-1">\s*<summary><h3>([^<]+)</h3>', html)
    assert subject
    result = evaluate(histories[subject[1]], pack, as_of=AS_OF)
    assert result.breached
    assert result.met
    for item in result.obligations:
        explanation = explain(item, pack)
        for step in explanation.steps:
            if not step.text.startswith("The clause"):
                assert " ".join(step.text.split()) in text
        assert explanation.next_step in text
        assert f"Rests on the records plans.start:{item.opened.day}" in text
    assert html.count("<svg role") == 1


def test_a_case_says_what_the_caseload_says_and_not_what_its_history_alone_would(
    made: Made, histories: dict[str, History]
) -> None:
    """Data that cannot hold reviews: the caseload says "not assessed" of every late one, and so does the case."""
    rows = made.table.to_pylist()
    changed = 0
    for row in rows:
        if row["standard"] == "review" and row["status"] == "breached":
            row |= {"status": "not assessed", "late": False, "days_late": None, "missing": "reviews are not held"}
            changed += 1
    assert changed == 3  # children 9, 10 and 11
    table_ = pa.Table.from_pylist(rows, schema=schema())
    html = caseload_html(replace(made, table=table_), histories=histories, cases=12)
    case = html[html.index("<h3>child-11</h3>") :]
    case = case[: case.index('</details>\n<details class="case"')] if '<details class="case"' in case else case
    assert "review: reviews are not held" in case
    assert not re.search(r"breached[^<]*</span>\s*<b>review</b>", html)
    # In the picture, one line a standard: that of the reviews is gone.
    assert ">review</text>" not in case
    assert ">review</text>" in html


def test_a_history_that_was_not_the_one_judged_is_not_shown(made: Made, histories: dict[str, History]) -> None:
    """Results that are not those of the caseload are never shown beside its numbers."""
    others = {subject: history(subject, date(2024, 2, 1)) for subject in histories}
    page = Page(caseload_html(made, histories=others, cases=2))
    assert page.text.count("leads to other results than those of the caseload") == 2
    assert not [attrs for tag, attrs in page.tags if tag == "li" and attrs.get("class") in ("duty", "brief")]


def test_where_room_is_short_the_steps_go_and_the_page_says_how_many(
    made: Made, histories: dict[str, History], pack: Pack, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No obligation is lost for want of room, and no picture is left out silently."""
    monkeypatch.setattr("practice_rules.showing_caseloads._ROOM", 1)
    page = Page(caseload_html(made, histories=histories))
    every = [evaluate(each, pack, as_of=AS_OF) for each in histories.values()]
    owed = sum(len(result.obligations) + len(result.lapsed) for result in every)
    assert f"To keep the page small, {owed} obligations of these children have no steps here" in page.text
    brief = [attrs for tag, attrs in page.tags if tag == "li" and attrs.get("class") == "brief"]
    assert len(brief) == owed + sum(len(result.cohort) for result in every)
    assert page.text.count("The timeline of this case is too large") == len(histories)


def test_a_page_without_histories_says_so(made: Made) -> None:
    """No case is shown, and the reader is told how to get one."""
    page = Page(caseload_html(made))
    assert "made without the histories of the children" in page.text
    assert not [tag for tag, _ in page.tags if tag == "details"]


def test_a_child_whose_history_is_not_given_is_said(made: Made) -> None:
    """A case that cannot be had is no empty case."""
    page = Page(caseload_html(made, histories={}, cases=1))
    assert page.text.count("No history was given for this child") == 1


# ---------------------------------------------------------------- the edges


def test_an_empty_caseload_has_a_page(pack: Pack) -> None:
    """Nothing was judged: no share is said, and every tested standard has opened nothing."""
    page = Page(caseload_html(Made(schema().empty_table(), pack), histories={}))
    assert "Nothing was owed yet, so there is no share." in page.text
    assert "Nothing is overdue, and nothing is due in the next 20 working days." in page.text
    assert "5 standards are tested, and opened no obligation for any child." in page.text
    assert set(references(page)) <= set(page.ids())
    for tags in page.tables:
        assert tags[1][0] == "caption"
    for standard in pack.standards:
        assert standard.id in page.text


@pytest.mark.parametrize("wrong", [{"cases": -1}, {"work": -1}, {"smallest": 2}])
def test_numbers_that_mean_nothing_are_refused(made: Made, wrong: dict[str, int]) -> None:
    """A page of fewer than no cases is a mistake of the caller, and so is a hiding that hides nothing."""
    with pytest.raises(ValueError):
        caseload_html(made, **wrong)
