"""Problems: how they are printed, ordered and suggested."""

import json

import pytest

from practice_rules.problems import Place, Problem, Problems, say_suggestion, suggest, visible

LINE = "    expect: assesment completed"
AT = Place(40, 13, 19)
EVENTS = ["assessment completed", "assessment started", "child visited", "plan started", "plan ended", "review held"]


def problem(quoted: str = LINE, place: Place | None = AT, way_out: str = "Do it.") -> Problem:
    return Problem("It is wrong.", way_out, place, "standards/barsetshire.yaml", quoted)


def test_layout() -> None:
    """A problem is printed as place and message, the line underlined, and the way out."""
    shown = Problem(
        'I don\'t know the event "assesment completed".',
        'Did you mean "assessment completed"? Or add it under "events:" at the top.',
        Place(40, 13, 19),
        "standards/barsetshire.yaml",
        LINE,
    )
    assert str(shown) == (
        'standards/barsetshire.yaml:40:13  I don\'t know the event "assesment completed".\n'
        "  40 |     expect: assesment completed\n"
        "     |             ^^^^^^^^^^^^^^^^^^^\n"
        '  Did you mean "assessment completed"? Or add it under "events:" at the top.'
    )


@pytest.mark.parametrize(("line", "gutter"), [(7, "    | "), (12345, "        | ")])
def test_gutter_is_as_wide_as_the_line_number(line: int, gutter: str) -> None:
    """The underline stands below what it underlines, however long the line number is."""
    printed = str(problem("a: b", Place(line, 4))).splitlines()
    assert printed[1] == f"  {line} | a: b"
    assert printed[2] == gutter + "   ^"


@pytest.mark.parametrize(("place", "quoted"), [(None, ""), (None, LINE), (Place(3, 1), ""), (Place(3, 1), "  ")])
def test_nothing_to_quote(place: Place | None, quoted: str) -> None:
    """Without a place or a line with something on it, only the message and the way out are printed."""
    where = "standards/barsetshire.yaml:3:1" if place else "standards/barsetshire.yaml"
    assert str(problem(quoted, place)) == f"{where}  It is wrong.\n  Do it."


def test_no_way_out_leaves_no_empty_line() -> None:
    """A problem without a way out ends with its underline."""
    assert str(problem("a", Place(1, 1), way_out="")).endswith("  1 | a\n    | ^")


@pytest.mark.parametrize("column", [1, 2, 60, 300, 499, 500, 501, 900])
@pytest.mark.parametrize("length", [1, 10, 118, 2000])
def test_long_lines_are_windowed(column: int, length: int) -> None:
    """No printed line is longer than 120 characters, and the underline stays below the same character."""
    quoted = "".join(chr(ord("a") + i % 26) for i in range(500))
    shown = problem(quoted, Place(40, column, length)).__str__().splitlines()
    assert all(len(line) <= 120 for line in shown)
    caret = shown[2].index("^")
    if column <= 500:
        assert shown[1][caret] in (quoted[column - 1], "…")
    assert ("…" in shown[1][:8]) == (column > 38)


def test_long_words_are_wrapped() -> None:
    """A long message and a way out of several lines stay within 120 characters, indented."""
    shown = str(Problem("word " * 60, "x" * 300 + "\nsecond", None, "f")).splitlines()
    assert all(len(line) <= 120 for line in shown)
    assert all(line.startswith("  ") for line in shown[1:])
    assert shown[-1] == "  second"


def test_tabs_and_unseen_characters() -> None:
    """Tabs are shown as a space and unseen characters as a sign, so that the underline keeps its place."""
    shown = str(problem("\ta:\x07\u200b\x9bb", Place(1, 7))).splitlines()
    assert shown[1:3] == ["  1 |  a:␇��b", "    |       ^"]
    assert visible("a\x1bb") == "a␛b"


def test_underline_ends_with_the_line() -> None:
    """An underline longer than the line stops at its end, and one behind it is one mark wide."""
    assert str(problem("abc", Place(1, 2, 9))).splitlines()[2] == "    |  ^^"
    assert str(problem("abc", Place(1, 9, 9))).splitlines()[2] == "    |    ^"


def test_to_dict() -> None:
    """As JSON a problem always has the same keys in the same order."""
    assert json.dumps(problem().to_dict()) == (
        '{"file": "standards/barsetshire.yaml", "line": 40, "column": 13, "length": 19, "message": "It is wrong.", '
        '"way_out": "Do it.", "quoted": "    expect: assesment completed"}'
    )
    nowhere = problem(place=None).to_dict()
    assert (nowhere["line"], nowhere["column"], nowhere["length"]) == (None, None, None)
    assert list(nowhere) == list(problem().to_dict())


def test_file_order() -> None:
    """Problems come in file order, each once; those of the whole file first."""
    problems = Problems("f", ["one", "two"])
    problems.add("b", "", Place(2, 1))
    problems.add("a", "", Place(1, 2))
    problems.add("c", "", Place(1, 1))
    problems.add("whole", "")
    problems.add("b", "", Place(2, 1))
    problems.add("beyond", "", Place(9, 1))
    assert [(found.message, found.quoted) for found in problems.in_order()] == [
        ("whole", ""),
        ("c", "one"),
        ("a", "one"),
        ("b", "two"),
        ("beyond", ""),
    ]


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("assesment completed", ["assessment completed"]),
        ("Assessment-Completed", ["assessment completed"]),
        ("assessment_completed ", ["assessment completed"]),
        ("completed assessment", ["assessment completed"]),
        ("visit child", ["child visited"]),
        ("visited", ["child visited"]),
        ("plans started", ["plan started"]),
        ("held review", ["review held"]),
        ("plan", ["plan ended", "plan started"]),
        ("court hearing", []),
        ("", []),
        (" - ", []),
        ("x" * 1000, []),
    ],
)
def test_suggest(word: str, expected: list[str]) -> None:
    """Misspelt, reordered and half-remembered names find the name that was meant; strange ones find none."""
    assert suggest(word, EVENTS) == expected
    assert suggest(word, reversed(EVENTS)) == expected


def test_suggest_at_most_n() -> None:
    """No more names are suggested than asked for, and names of any length may be known."""
    known = [f"review number {i}" for i in range(10)] + ["review " * 50, ""]
    assert suggest("review number", known) == [f"review number {i}" for i in range(3)]
    assert len(suggest("review number", known, n=1)) == 1
    assert suggest("review number", []) == []


@pytest.mark.parametrize(
    ("word", "said"),
    [
        ("assesment completed", 'Did you mean "assessment completed"?'),
        ("plan", 'Did you mean "plan ended" or "plan started"?'),
        ("court hearing", ""),
    ],
)
def test_say_suggestion(word: str, said: str) -> None:
    """A suggestion is a question with one name or two, or nothing."""
    assert say_suggestion(word, EVENTS) == said
