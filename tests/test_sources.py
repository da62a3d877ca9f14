"""The printed documents beside the packs: each clause stands where its standard says, and no sentence is copied."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest

from practice_rules.loading import load_pack, pack_names
from practice_rules.standards import Standard

#: The printed documents as text. They are not shipped: they are the authorities' own.
SOURCES = Path(__file__).resolve().parents[2] / "shared" / "sources"
#: The text of each document, by pack and by the document's key in the pack.
FILES = {
    ("barnet", "practice"): "barnet-practice-standards.txt",
    ("bromley", "roadmap"): "bromley-roadmap-to-excellence.txt",
    ("bromley", "standards"): "bromley-practice-standards.txt",
    ("city_of_london", "handbook"): "city-of-london-practice-handbook.txt",
    ("wokingham", "standards"): "wokingham-practice-standards.txt",
}
#: Words that stand more than once under their heading, and why no others would do.
REPEATED = {
    ("wokingham", "disabled-child-stable-reviews"): "Each group of children has the sentence in its own lines.",
    ("wokingham", "disabled-child-short-break-reviews"): "Each group of children has the sentence in its own lines.",
    ("wokingham", "record-initial-conference-outcome"): "Two rows of the table have the same time.",
    ("wokingham", "record-initial-conference-checklist"): "Two rows of the table have the same time.",
    ("wokingham", "record-review-conference-outcome"): "Two rows of the table have the same time.",
    ("wokingham", "record-review-conference-checklist"): "Two rows of the table have the same time.",
}
#: Words in a footnote, which is printed below another heading.
FOOTNOTES = {("wokingham", "disabled-child-in-care-cohort")}
#: The number of a paragraph or a row: "12. ", "3.5 " or "- 17 ".
NUMBERED = re.compile(r"\d+\.(\d+)? |- \d+ ")
#: So many words in a row are a sentence that was copied.
COPIED = 8

ALL = [(name, standard) for name in pack_names() for standard in load_pack(name).standards]
each_standard = pytest.mark.parametrize(("name", "standard"), ALL, ids=[f"{name}: {one.id}" for name, one in ALL])
pytestmark = pytest.mark.skipif(
    not SOURCES.is_dir(),
    reason="the printed documents are not here: they stand in ../shared/sources beside the project",
)


def plain(text: str) -> str:
    """The text with all white space made one space, quotes and dashes of one sort, and no marks of emphasis, notes or
    links.
    """
    text = re.sub(r"<sup>\d+</sup>|</?sup>|\*", "", text)
    text = re.sub(r"\[([^]]*)\]\([^)]*\)", r"\1", text)
    for odd, usual in {"’": "'", "‘": "'", "“": '"', "”": '"', "–": "-", "—": "-", "\u00a0": " "}.items():
        text = text.replace(odd, usual)
    return " ".join(text.split())


@cache
def document(name: str, key: str) -> str:
    return plain((SOURCES / FILES[name, key]).read_text(encoding="utf-8"))


@cache
def sections(name: str, key: str) -> dict[str, str]:
    """What stands under each heading that the pack cites, up to the next that it cites.

    A section may go on to a heading below it, and to a paragraph or a row of a table by its number or first words:
    "Care leavers / Visiting / 4".
    """
    cited = {plain(one.source.section) for pack, one in ALL if (pack, one.source.document) == (name, key)}
    lines = [plain(line) for line in (SOURCES / FILES[name, key]).read_text(encoding="utf-8").splitlines()]
    titles = {line.lstrip("# ") for line in lines}
    paths = {section: [section] if section in titles else section.split(" / ") for section in cited}
    found = {}
    for section, path in paths.items():
        region = lines
        for depth, part in enumerate(path):
            beside = {other[depth] for other in paths.values() if len(other) > depth and other[:depth] == path[:depth]}
            region = below(region, part, beside)
        found[section] = " ".join(region).strip()
    return found


def below(lines: list[str], part: str, beside: set[str]) -> list[str]:
    """The lines from a heading up to the next beside it; or from a row or numbered paragraph up to the next."""
    heads = [line.lstrip("# ") for line in lines]
    is_head = part in heads
    kept: list[str] = []
    inside = False
    for line, head in zip(lines, heads, strict=True):
        if is_head:
            inside = (inside or head == part) and not (head in beside and head != part)
        elif line.startswith("#") or NUMBERED.match(line) or any(starts(line, other) for other in beside):
            # The row with the longest name: "Child protection investigation", not "Child protection".
            inside = part == max((other for other in beside if starts(line, other)), key=len, default="")
        if inside:
            kept.append(line if head != part else "")
    return kept


def starts(line: str, row: str) -> bool:
    return re.match(rf"(- )?{re.escape(row)}(?!\w)", line) is not None


@cache
def runs(name: str) -> frozenset[tuple[str, ...]]:
    """Every run of eight words in a pack's documents."""
    found: set[tuple[str, ...]] = set()
    for pack, key in FILES:
        if pack == name:
            words = only_words(document(name, key))
            found.update(zip(*(words[n:] for n in range(COPIED)), strict=False))
    return frozenset(found)


def only_words(text: str) -> list[str]:
    return re.findall(r"[a-z0-9]+(?:'[a-z]+)?", plain(text).lower())


def copied(name: str, text: str) -> list[str]:
    """The runs of eight words that a text shares with the printed documents."""
    words = only_words(text)
    return [" ".join(run) for run in zip(*(words[n:] for n in range(COPIED)), strict=False) if run in runs(name)]


def test_every_document_of_a_pack_has_its_text() -> None:
    """No pack is shipped whose printed words were never compared with the print."""
    documents = {(name, key) for name in pack_names() for key in load_pack(name).documents}
    assert documents <= FILES.keys()
    assert all((SOURCES / FILES[each]).is_file() for each in documents)


@each_standard
def test_the_heading_is_printed(name: str, standard: Standard) -> None:
    """The section is a heading of the document, word for word, on a line of its own, or a row below one."""
    assert sections(name, standard.source.document)[plain(standard.source.section)] != ""


@each_standard
def test_the_words_are_printed_under_the_heading(name: str, standard: Standard) -> None:
    """The three to fifteen words of the source stand under their heading, word for word, and once."""
    words = plain(standard.source.words)
    assert 3 <= len(standard.source.words.split()) <= 15
    under = sections(name, standard.source.document)[plain(standard.source.section)]
    if (name, standard.id) in FOOTNOTES:
        assert words not in under
        under = document(name, standard.source.document)
    times = under.count(words)
    assert times, f"not printed under “{standard.source.section}”: {words}"
    assert (times > 1) == ((name, standard.id) in REPEATED), f"{words} is printed {times} times there"


@each_standard
def test_no_sentence_is_copied(name: str, standard: Standard) -> None:
    """Facts carry over, sentences do not: what a standard says in its own words is its own."""
    assert copied(name, standard.says) == []
    assert copied(name, standard.reading) == []
    assert copied(name, standard.why_not_tested) == []


def test_a_repeated_clause_is_one_of_the_pack() -> None:
    """No reason is kept for a standard that is gone."""
    assert REPEATED.keys() | FOOTNOTES <= {(name, standard.id) for name, standard in ALL}
