"""Every wrong pack is answered in plain words: the expected messages stand in tests/errors, beside the packs."""

from __future__ import annotations

import random
import re
import time
from pathlib import Path

import pytest

from practice_rules.loading import check_pack, read_pack_text
from practice_rules.problems import Problem

FOLDER = Path(__file__).parent / "errors"
WRONG = sorted(path.stem for path in FOLDER.glob("*.yaml"))

#: What PyYAML and Python say themselves, and nobody should have to read.
LIBRARY_WORDS = (
    "mapping values",
    "expected <",
    "could not find expected",
    "while scanning",
    "while parsing",
    "found character",
    "found undefined",
    "undefined alias",
    "found duplicate anchor",
    "found unexpected",
    "found unknown",
    "cannot start any token",
    "block sequence",
    "block mapping",
    "flow mapping",
    "flow sequence",
    "block end",
    "scalar",
    "codec can't decode",
    "unacceptable character",
    "special characters are not allowed",
    "could not determine a constructor",
    "simple key",
    "document start",
    "Traceback",
    "Error:",
    "NoneType",
    "<class",
    "object at",
)

GOOD = """\
authority: Barsetshire County Council
title: Practice standards
documents:
  standards: {title: Practice Standards}
working days: Monday to Friday, except bank holidays in England
day one: the next day
events:
  child visited: A worker visits the child.
  plan started: A protection plan starts.
standards:
  first-visit:
    says: The child is visited within 5 days.
    source: {section: Visits, words: visited within five days}
    expect: child visited
    within: 5 days
    of: plan started
"""


def printed(problems: list[Problem]) -> str:
    return "\n\n".join(map(str, problems)) + "\n"


def in_plain_words(problems: list[Problem]) -> None:
    shown = printed(problems)
    found = [phrase for phrase in LIBRARY_WORDS if phrase.lower() in shown.lower()]
    assert not found, f"{found} in\n{shown}"
    for problem in problems:
        assert problem.message
        assert problem.message[-1] in ".?", problem
        assert problem.way_out.strip(), problem


def test_there_are_wrong_packs_of_every_sort() -> None:
    """There are at least ninety wrong packs, and each has its expected messages and nothing is left over."""
    assert len(WRONG) >= 90
    assert sorted(path.stem for path in FOLDER.glob("*.txt")) == WRONG


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_pack_is_answered(name: str) -> None:
    """The messages are exactly those expected, each with its place, its line underlined, and a way out."""
    text = (FOLDER / f"{name}.yaml").read_text(encoding="utf-8")
    pack, problems = read_pack_text(text, name)
    assert pack is None
    assert printed(problems) == (FOLDER / f"{name}.txt").read_text(encoding="utf-8")
    in_plain_words(problems)
    lines = text.split("\n")
    for problem in problems:
        assert problem.place is not None
        assert problem.quoted == lines[problem.place.line - 1]
        shown = str(problem).splitlines()
        assert shown[0].startswith(f"{name}.yaml:{problem.place.line}:{problem.place.column}  ")
        assert any(re.fullmatch(r" +\| +\^+", line) for line in shown), shown
        assert all(len(line) <= 120 for line in shown)


@pytest.mark.parametrize("name", WRONG)
def test_problems_stand_in_file_order_and_once(name: str) -> None:
    """Problems come in the order of the file, and none comes twice."""
    problems = read_pack_text((FOLDER / f"{name}.yaml").read_text(encoding="utf-8"), name)[1]
    places = [problem.sort_key for problem in problems]
    assert places == sorted(set(places))


@pytest.mark.parametrize("name", WRONG)
def test_line_ends_and_a_byte_order_mark_change_nothing(name: str) -> None:
    """A file saved on Windows, with its line ends and its mark, gives the same messages."""
    text = (FOLDER / f"{name}.yaml").read_text(encoding="utf-8")
    expected = printed(read_pack_text(text, name)[1])
    windows = text.replace("\n", "\r\n")
    assert printed(read_pack_text(windows, name)[1]) == expected
    assert printed(read_pack_text("\ufeff" + windows, name)[1]) == expected
    assert printed(read_pack_text(windows.encode(), name)[1]) == expected


def test_the_wrong_packs_build_on_a_right_one() -> None:
    """The pack that the cases below spoil is right as it stands."""
    pack, problems = read_pack_text(GOOD)
    assert problems == []
    assert pack is not None


@pytest.mark.parametrize(
    "value", ["no", "on", "yes", "22:00", "010", "0x1F", "~", "null", "1e3", "2024-03-01", "1_000"]
)
def test_what_yaml_would_turn_into_something_else_stays_text(value: str) -> None:
    """A title, section or edition that looks like a number, a date or a truth value stays what was typed."""
    text = GOOD.replace("{title: Practice Standards}", f"{{title: {value}, edition: {value}}}")
    text = text.replace("section: Visits", f"section: {value}")
    pack, problems = read_pack_text(text)
    assert problems == []
    assert pack is not None
    assert pack.documents["standards"].title == pack.documents["standards"].edition == value
    assert pack["first-visit"].source.section == value


MADE: dict[str, tuple[bytes, str, int | None]] = {
    "fifty megabytes": (b"authority: x\n" * 4_000_000, "This file is larger than 1 MB", None),
    "not utf-8": (
        GOOD.replace("worker", "work\xebr").encode("latin-1"),
        "This file is not saved as UTF-8: the byte 0xeb cannot be read here.",
        8,
    ),
    "utf-16": (GOOD.encode("utf-16"), "This file is saved as UTF-16, not as UTF-8.", None),
    "utf-16 without its mark": (GOOD.encode("utf-16-le"), "This file is saved as UTF-16, not as UTF-8.", None),
    "utf-32": (GOOD.encode("utf-32"), "This file is saved as UTF-32, not as UTF-8.", None),
    "a nul": (
        GOOD.replace("Practice standards", "Practice\0standards").encode(),
        "There is a character here that cannot be seen (U+0000).",
        2,
    ),
    "nothing but nuls": (b"\0" * 100_000, "There is a character here that cannot be seen (U+0000).", 1),
    "brackets": (b"authority: " + b"[" * 100_000, "This is nested more than 12 levels deep.", 1),
    "braces": (b"{" * 100_000, "This is nested more than 12 levels deep.", 1),
    "dashes": (b"- " * 100_000, "This is nested more than 12 levels deep.", 1),
    "empty": (b"", "This file is empty.", None),
    "only spaces": (b"  \n \n", "This file is empty.", None),
    "only comments": (b"# nothing yet\n", "This file has only comments in it.", None),
    "a list": (b"- authority: x\n", "The file should begin with a key, but it is a list.", 1),
    "a sentence": (b"All children are visited.\n", "The file should begin with a key, but it is text.", 1),
    "an alias bomb": (
        ("a: &a [x, x]\n" + "".join(f"{b}: &{b} [*{a}, *{a}]\n" for a, b in zip("abcdefgh", "bcdefghi", strict=True)))
        .encode(),
        'A value may not begin with "&", which would name this value for use elsewhere.',
        1,
    ),
    "a table": (b"PK\x03\x04\x14\0\0\0" + bytes(range(256)) * 40, "This file is not saved as UTF-8", 3),
    "a long line": (b"authority: " + b"x " * 300_000, "", None),
    "many keys": (b"".join(b"k%d: x\n" % n for n in range(60_000)), "There are more than 50,000 keys", 25_000),
}  # fmt: skip


@pytest.mark.parametrize("name", MADE)
def test_a_file_that_is_no_pack_at_all_is_answered_soon(name: str, tmp_path: Path) -> None:
    """Whatever the bytes are, there is an answer in plain words, within a time that only guards against hanging."""
    data, message, line = MADE[name]
    path = tmp_path / "made.yaml"
    path.write_bytes(data)
    begun = time.perf_counter()
    problems = check_pack(path)
    assert time.perf_counter() - begun < 30
    assert problems
    in_plain_words(problems)
    if message:
        found = [problem for problem in problems if problem.message.startswith(message)]
        assert found, printed(problems[:3])
        assert (found[0].place.line if found[0].place else None) == line
    assert all(str(problem).startswith(path.as_posix()) for problem in problems)


def test_a_file_with_windows_line_ends_is_right(tmp_path: Path) -> None:
    """Line ends of Windows and a byte order mark are no problem."""
    path = tmp_path / "made.yaml"
    path.write_bytes(("\ufeff" + GOOD.replace("\n", "\r\n")).encode())
    assert check_pack(path) == []


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    """A missing file and a folder are answered, too."""
    assert check_pack(tmp_path / "nowhere.yaml")[0].message == "There is no such file."
    assert check_pack(tmp_path)[0].message == "This is a folder, not a file."


def test_a_pack_that_is_wrong_throughout_is_answered_soon() -> None:
    """Thousands of unknown names are answered in good time, the first hundred of them."""
    standard = GOOD[GOOD.index("  first-visit:") :]
    many = "".join(
        standard.replace("first-visit", f"visit-{n}").replace("child visited", f"cild {n} visited") for n in range(2000)
    )
    begun = time.perf_counter()
    problems = read_pack_text(GOOD + many)[1]
    assert time.perf_counter() - begun < 30
    assert len(problems) == 101
    assert problems[-1].message == "Only the first 100 problems are shown."
    assert 'Did you mean "child visited"?' in problems[0].way_out


@pytest.mark.parametrize("seed", range(20))
def test_mixed_up_lines_are_answered(seed: int) -> None:
    """Whatever lines are lost, doubled or moved, there is a pack or there are problems, and never both."""
    chance = random.Random(seed)
    texts = [GOOD, *((FOLDER / f"{name}.yaml").read_text(encoding="utf-8") for name in WRONG)]
    for _ in range(30):
        lines = chance.choice(texts).split("\n")
        for _ in range(chance.randint(1, 3)):
            place = chance.randrange(len(lines))
            other = chance.choice(chance.choice(texts).split("\n"))
            change = chance.randrange(4)
            if change == 0:
                lines[place] = ""
            elif change == 1:
                lines.insert(place, other)
            elif change == 2:
                lines[place] = "  " * chance.randint(0, 3) + lines[place].strip()
            else:
                lines[place] = lines[place].partition(":")[0] + ":" + other.partition(":")[2]
        pack, problems = read_pack_text("\n".join(lines))
        assert (pack is None) == bool(problems)
        in_plain_words(problems)
