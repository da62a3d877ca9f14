"""YAML read strictly, into nodes that know their places.

Every value stays the text that was typed. Whatever YAML offers beyond keys, lists and text is refused, and everything
that is wrong is said in our own words, all at once where reading can go on. PyYAML finds the structure; what it says
when it fails only tells us where to look.
"""

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import yaml

from practice_rules.problems import INVISIBLE, Place, Problem, Problems

MOST_BYTES = 1_000_000
MOST_LEVELS = 12
MOST_NODES = 50_000
MOST_PROBLEMS = 100
"""Limits that no real file comes near; they keep a wrong one from costing time or memory."""

LOADER: Any = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
"""The parser: the fast one where PyYAML was built with it."""

_REPAIR_CHARACTERS = 600_000
"""How much text may be read again after repairs, counted in characters so that both parsers find the same problems."""

Style = Literal["plain", "single", "double", "literal", "folded", "empty"]

_STYLES: dict[str | None, Style] = {
    None: "plain", "": "plain", "'": "single", '"': "double", "|": "literal", ">": "folded",
}  # fmt: skip

_ODD_SPACES = "\xa0\u1680\u2000-\u200a\u202f\u205f\u3000"
_HIDDEN = re.compile(f"\t+|[{_ODD_SPACES}]+|(?:(?![\t\n]){INVISIBLE.pattern})+")
_ODD_SPACE = re.compile(f"[{_ODD_SPACES}]")
_MARKER = re.compile(r"^(?:%.*|(?:---|\.\.\.)(?: .*)?)$", re.MULTILINE)
_NO_CONTENT = re.compile(r"(?:[ ]*(?:#.*)?\n)*\Z")
_COLON = re.compile(r" *:")
_LONGEST_LOOK = 2_000  # looking for a key in spaces without end takes quadratic time
_KEY = re.compile(r""" *(?:- +)*("[^"]*"|'[^']*'|[^\s"'\[{#].*?) *:(?= |$)""")
_TIGHT_KEY = re.compile(r" *(?:- +)*([^\W\d][^:\"'\[\]{},]*):(?!//)(\S.*)")
_ITEM = re.compile(r" *-(?: |$)")
_BLANK = re.compile(r"\s*(?:#|$)")
_ESCAPE = re.compile(r'\\[\\"]|(\\(?:x[\da-fA-F]{0,2}|u[\da-fA-F]{0,4}|U[\da-fA-F]{0,8}|.)?)')
_RESERVED = re.compile(r"""[!&*@`%?]|[|>](?![-+]?(?: *$| +#))|(?<!["']):(?=[,\[\]{}])""", re.MULTILINE)
_BEHIND = re.compile(r"^ *[^\s#][^\n#]*#", re.MULTILINE)
_CURLY = "“”„‘’‚«»"
_LONGEST_KEY = 1_000  # the parser's own limit is 1,024
_MASK = 0xE000  # the private use area: such characters are refused first, so a masked one cannot be the author's
_UNMASK = {_MASK + code: chr(code) for code in range(0x80)}
_MASKED_COLON = chr(_MASK + ord(":"))
_MASKED = frozenset(chr(_MASK + ord(char)) for char in "!&*@`%|>")


@dataclass(slots=True)
class Text:
    """A value or key, as typed: `no`, `010` and `~` are text like any other.

    `style` says how it was written; "empty" is a key with nothing behind it. `multiline` is true when it runs over
    several lines.
    """

    value: str
    place: Place
    style: Style = "plain"
    multiline: bool = False


@dataclass(slots=True)
class ListNode:
    """A list; `place` underlines it as far as its first line goes."""

    items: "list[Node]"
    place: Place


@dataclass(slots=True)
class MapNode:
    """Keys and values in file order; of a key that stands twice, only the first is kept."""

    entries: "list[tuple[Text, Node]]"
    place: Place
    _index: "dict[str, tuple[Text, Node]]" = field(default_factory=dict, repr=False, compare=False)

    def get(self, key: str) -> "Node | None":
        """The value of `key`, or None when the key is not there."""
        entry = self._index.get(key)
        return None if entry is None else entry[1]

    def key(self, key: str) -> Text | None:
        """The key itself, for its place, or None when it is not there."""
        entry = self._index.get(key)
        return None if entry is None else entry[0]

    def add(self, key: Text, value: "Node") -> None:
        """Put an entry behind the others."""
        entry = (key, value)
        self.entries.append(entry)
        self._index[key.value] = entry


Node = Text | ListNode | MapNode


def read_file(path: str | Path) -> tuple[MapNode | None, list[Problem]]:
    """Read the file at `path`, as `read` does. A file that is missing, too large or not readable is a problem too."""
    file = str(path)
    try:
        with open(path, "rb") as stream:
            # One byte more than allowed is enough to know; the rest of a huge file is never read.
            data = stream.read(MOST_BYTES + 1)
    except FileNotFoundError:
        message, way_out = "There is no such file.", "Check the name and the folder."
    except IsADirectoryError:
        message, way_out = "This is a folder, not a file.", "Name a file inside it."
    except PermissionError:
        if Path(path).is_dir():  # as Windows answers when asked to open a folder
            message, way_out = "This is a folder, not a file.", "Name a file inside it."
        else:
            message, way_out = "This file may not be read.", "Ask whoever keeps it for leave to read it."
    except (OSError, ValueError):
        message, way_out = "This file cannot be read.", "Check the name, and whether the file opens elsewhere."
    else:
        return read(data, file)
    return None, [Problem(message, way_out, None, file)]


def read(text_or_bytes: str | bytes, file: str) -> tuple[MapNode | None, list[Problem]]:
    """Read one YAML file strictly. `file` is only its name in problems.

    Returns the tree and the problems in file order. The tree is there when the whole file could be followed, even if
    there are problems, so that the caller can go on and find its own; it is None when it could not. A file is right
    when the list is empty. Nothing is raised, whatever the bytes are.
    """
    decoded = _decoded(text_or_bytes, file)
    if isinstance(decoded, Problem):
        return None, [decoded]
    tree, problems = _Reading(decoded, file).result()
    found = problems.in_order()
    if len(found) > MOST_PROBLEMS:
        found = found[:MOST_PROBLEMS]
        found.append(
            Problem(f"Only the first {MOST_PROBLEMS} problems are shown.", "Put these right and try again.", None, file)
        )
    return tree, found


def lines_of(text_or_bytes: str | bytes) -> list[str]:
    """The lines as places count them, for quoting. What cannot be decoded is shown by a replacement sign."""
    if isinstance(text_or_bytes, bytes):
        text_or_bytes = text_or_bytes.decode("utf-8", errors="replace")
    return _plain_ends(text_or_bytes).split("\n")


def _plain_ends(text: str) -> str:
    return text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")


def _decoded(data: str | bytes, file: str) -> str | Problem:
    if len(data) > MOST_BYTES:
        return Problem(
            f"This file is larger than {MOST_BYTES // 1_000_000} MB, which is more than can be read.",
            "Check that it is the right file: a hundred standards take about a tenth of that.",
            None,
            file,
        )
    if isinstance(data, str):
        return _plain_ends(data)
    for name, marks in (("UTF-32", (b"\xff\xfe\0\0", b"\0\0\xfe\xff")), ("UTF-16", (b"\xff\xfe", b"\xfe\xff"))):
        if data.startswith(marks):
            return _wrong_encoding(name, file)
    # Without its mark UTF-16 still shows: in English text every second byte is zero.
    head = data[:200]
    fewer, more = sorted((head[::2].count(0), head[1::2].count(0)))
    if fewer == 0 and more > len(head) // 3:
        return _wrong_encoding("UTF-16", file)
    try:
        return _plain_ends(data.decode("utf-8"))
    except UnicodeDecodeError as error:
        before = lines_of(data[: error.start])
        rest = re.split(rb"[\r\n]", data[error.start :], maxsplit=1)[0]
        return Problem(
            f"This file is not saved as UTF-8: the byte {data[error.start]:#04x} cannot be read here.",
            'Save it again with the encoding "UTF-8".',
            Place(len(before), len(before[-1]) + 1),
            file,
            # What most such files were saved as; it shows the author the character that is meant.
            before[-1] + rest.decode("cp1252", errors="replace"),
        )


def _wrong_encoding(name: str, file: str) -> Problem:
    return Problem(
        f"This file is saved as {name}, not as UTF-8.", 'Save it again with the encoding "UTF-8".', None, file
    )


class _TooMuch(Exception):
    """Reading stops here; the problem has been noted."""


class _Frame:
    """A list or map that is still open, and what is waiting in it."""

    __slots__ = ("flow", "key", "keep", "node", "waiting")

    def __init__(self, node: ListNode | MapNode, flow: bool) -> None:
        self.node = node
        self.flow = flow
        self.waiting = False  # a key has been read, and its value comes next
        self.key: Text = Text("", node.place)
        self.keep = True  # whether the entry goes into the tree


class _Reading:
    """One file being read."""

    def __init__(self, text: str, file: str) -> None:
        self.text = text if text.endswith("\n") else text + "\n"
        self.lines = self.text.split("\n")
        self.starts = [0, *(found.end() for found in re.finditer("\n", self.text))]
        self.problems = Problems(file, self.lines)
        self.masked = False
        self.first_bad_indent: int | None = None
        self.incomplete = False

    # Before the parser: what it would read differently from the author, or not at all.

    def result(self) -> tuple[MapNode | None, Problems]:
        self.refuse_hidden()
        self.refuse_markers()
        self.mask_reserved()
        lasting = list(self.problems)
        explained: set[int] = set()
        repairs = min(MOST_PROBLEMS, _REPAIR_CHARACTERS // (len(self.text) + 1))
        while True:
            self.problems[:] = lasting
            error = self.parse()
            self.refuse_comments(len(self.text) if error is None and not self.stopped else self.reached_comment())
            # On a line that was repaired, only what was repaired is sure to be wrong.
            self.problems[len(lasting) :] = [
                problem
                for problem in self.problems[len(lasting) :]
                if problem.place is None or problem.place.line not in explained
            ]
            if error is None:
                break
            found = len(self.problems)
            at = self.explain(error)
            new = [problem for problem in self.problems[found:] if self.is_news(problem, self.problems[:found])]
            self.problems[found:] = new
            lasting += new
            explained.update(problem.place.line for problem in new if problem.place is not None)
            if at is None or repairs < 1:
                return None, self.problems
            repairs -= 1
            self.mask(at)
        if self.incomplete or self.stopped or self.first_bad_indent is not None:
            return None, self.problems
        return self.checked_root(), self.problems

    def is_news(self, problem: Problem, others: list[Problem]) -> bool:
        """Whether an error of the parser says more than is known already, or only follows from another problem."""
        assert problem.place is not None
        line = problem.place.line
        if self.first_bad_indent is not None and line >= self.first_bad_indent:
            return False
        if line - 1 in self.comment_lines and self.indent(line) > self.indent(line - 1):
            return False  # the comment ended a text that was to go on below
        return all(other.place is None or other.place.line != line for other in others)

    def checked_root(self) -> MapNode | None:
        root = self.root
        if isinstance(root, MapNode):
            return root
        if root is None or (isinstance(root, Text) and root.style == "empty"):
            if not self.problems:
                written = "#" in self.text
                self.problems.add(
                    "This file has only comments in it." if written else "This file is empty.",
                    'Write lines of the form "key: value".',
                )
        else:
            found = "a list" if isinstance(root, ListNode) else "text"
            self.problems.add(
                f"The file should begin with a key, but it is {found}.",
                'Begin with a line of the form "key: value", without indentation.',
                root.place,
            )
        return None

    def refuse_hidden(self) -> None:
        """Tabs, odd spaces and unseen characters, the first of each line; they become spaces for the parser."""
        count = 0
        found = _HIDDEN.search(self.text)
        while found and count <= MOST_PROBLEMS:
            count += 1
            line, column = self.line_column(found.start())
            if self.first_bad_indent is None and not self.lines[line - 1][: column - 1].strip():
                self.first_bad_indent = line
            first = found[0][0]
            place = Place(line, column, len(found[0]))
            if first == "\t":
                self.problems.add("There is a tab here.", "Use spaces: a tab looks the same but is not read so.", place)
            elif _ODD_SPACE.match(first):
                self.problems.add(
                    f"There is an unusual kind of space here (U+{ord(first):04X}).",
                    "Put an ordinary space in its place; such spaces come with text pasted from elsewhere.",
                    place,
                )
            else:
                self.problems.add(
                    f"There is a character here that cannot be seen (U+{ord(first):04X}).",
                    "Delete it; such characters come with text pasted from elsewhere.",
                    place,
                )
            found = _HIDDEN.search(self.text, self.starts[line])
        # One space for one character, so that columns stay what they are.
        self.text = _HIDDEN.sub(lambda found: " " * len(found[0]), self.text)

    def refuse_markers(self) -> None:
        """Directives and document marks. At the very start of a line they are never anything else."""
        begun = False
        for found in _MARKER.finditer(self.text):
            line, _ = self.line_column(found.start())
            mark = found[0]
            place = Place(line, 1, len(mark.rstrip()))
            if mark.startswith("%"):
                self.problems.add(
                    f'"{mark.split()[0]}" is an instruction to a program, and no such instruction is taken here.',
                    "Delete this line, or put the text in quotes on one line if it is part of a sentence.",
                    place,
                )
                # As a comment it no longer matters to the parser.
                self.text = self.text[: found.start()] + "#" + self.text[found.start() + 1 :]
                if len(self.problems) > 2 * MOST_PROBLEMS:
                    self.cut(found.start())
                    return
            elif mark.startswith("-") and not begun and _NO_CONTENT.match(self.text[: found.start()]):
                begun = True
                rest = mark[3:].strip()
                if rest and not rest.startswith("#"):
                    self.problems.add('Something stands behind "---".', "Move it to the next line.", place)
            else:
                self.problems.add(
                    f'"{mark[:3]}" ends the document here, and one file holds only one.',
                    "Delete this line, or move what follows into a file of its own.",
                    place,
                )
                self.cut(found.start())
                return

    def cut(self, at: int) -> None:
        """Read only up to here; unless nothing follows, what is read is no longer the whole."""
        self.incomplete = not _NO_CONTENT.match(self.text, min(self.text.index("\n", at) + 1, len(self.text)))
        self.text = self.text[:at]

    def reached_comment(self) -> int:
        """How far the parser got, with the "#" directly behind, if there is one."""
        end = self.reached
        while end < len(self.text) and self.text[end] in " #":
            end += 1
        return end

    def refuse_comments(self, end: int) -> None:
        """Comments behind something else on their line, up to `end`."""
        self.comment_lines: set[int] = set()
        found = _BEHIND.search(self.text, 0, end)
        while found and len(self.comment_lines) <= MOST_PROBLEMS:
            at = found.end() - 1
            line, _ = self.line_column(at)
            finish = min(self.starts[line], end)
            while 0 <= at < finish:
                nearest = bisect_right(self.spans, (at, len(self.text))) - 1
                if nearest < 0 or at >= self.spans[nearest][1]:
                    self.comment_lines.add(line)
                    self.problems.add(
                        "A comment stands behind something else on this line.",
                        'Move it to a line of its own. If the "#" belongs to the text, put the text in quotes.',
                        self.place(at, finish),
                    )
                    break
                at = self.text.find("#", self.spans[nearest][1], finish)
            found = _BEHIND.search(self.text, finish, end)

    def mask_reserved(self) -> None:
        """Hide the characters with which YAML begins more than plain values: "&", "*", "!", "? " and the like.

        The two parsers differ most in these. So both see plain text, and a value that begins so is refused afterwards.
        A "|" or ">" that ends its line stays, since it begins a text on the lines below. A colon directly before a
        comma or bracket is another thing that they see differently.
        """
        self.text, count = _RESERVED.subn(lambda found: chr(_MASK + ord(found[0])), self.text)
        self.masked = count > 0

    # The parser's events become nodes.

    def parse(self) -> Exception | None:
        """Read the text once. Sets `root`, and returns what stopped the parser, if anything did."""
        self.stack: list[_Frame] = []
        self.root: Node | None = None
        self.spans: list[tuple[int, int]] = []  # where the text of values is, in which "#" is no comment
        self.last_text: tuple[int, int] = (0, 0)
        self.reached = 0
        self.count = 0
        self.stopped = False
        try:
            for event in yaml.parse(self.text, Loader=LOADER):
                handler = _HANDLERS.get(type(event))
                if handler is not None:
                    handler(self, event)
        except _TooMuch:
            self.stopped = True
        except (yaml.MarkedYAMLError, ValueError, OverflowError) as error:
            return error
        return None

    def on_text(self, event: Any) -> None:
        start, end = event.start_mark, event.end_mark
        line, column = start.line, start.column
        begin = self.starts[line] + column
        self.reached = finish = self.starts[end.line] + end.column
        style = _STYLES[event.style]
        value = event.value
        if style == "plain":
            if begin >= finish:
                while self.text[begin - 1] == " ":  # directly behind the colon or "-", whatever follows
                    begin, column = begin - 1, column - 1
                self.put(Text("", Place(line + 1, column + 1), "empty"), finish)
                return
            if value[0] in _CURLY:
                self.refuse_curly(begin)
            elif value[0] in _MASKED:
                self.refuse_reserved(begin)
            else:
                self.refuse_question(begin)
        elif style == "double" and "\\" in self.text[begin:finish]:
            for bad in self.bad_escapes(begin + 1, finish - 1):
                self.refuse_escape(*bad)
                value = self.text[begin + 1 : finish - 1]
        multiline = end.line != line
        length = (len(self.lines[line].rstrip()) if multiline else end.column) - column
        if style in ("literal", "folded"):
            self.spans.append((self.starts[line + 1], finish))
        else:
            self.spans.append((begin, finish))
            self.last_text = (begin, finish)
        if self.masked:
            value = value.translate(_UNMASK)
        self.put(Text(value, Place(line + 1, column + 1, length), style, multiline), finish)

    def on_map(self, event: Any) -> None:
        self.open(event, MapNode)

    def on_list(self, event: Any) -> None:
        self.open(event, ListNode)

    def open(self, event: Any, kind: type[MapNode] | type[ListNode]) -> None:
        begin = self.offset(event.start_mark)
        self.reached = max(self.reached, begin)
        place = self.place(begin, len(self.text))
        self.add_node(place)
        if len(self.stack) >= MOST_LEVELS:
            self.problems.add(
                f"This is nested more than {MOST_LEVELS} levels deep.",
                "Look for brackets or indentation that should not be there.",
                place,
            )
            raise _TooMuch
        self.stack.append(_Frame(kind([], place), bool(event.flow_style)))

    def on_end(self, event: Any) -> None:
        frame = self.stack.pop()
        end = self.offset(event.end_mark)
        if frame.flow and event.end_mark.line + 1 == frame.node.place.line:
            begin = frame.node.place.column - 1
            frame.node.place = Place(frame.node.place.line, begin + 1, max(1, event.end_mark.column - begin))
        self.reached = max(self.reached, end if frame.flow else 0)
        self.put(frame.node, end)

    def put(self, node: Node, end: int) -> None:
        """Put a finished node where it belongs: the root, an item, a key or a value."""
        if isinstance(node, Text):
            self.add_node(node.place)
        if not self.stack:
            self.root = node
            return
        frame = self.stack[-1]
        parent = frame.node
        if isinstance(parent, ListNode):
            parent.items.append(node)
        elif frame.waiting:
            frame.waiting = False
            if frame.keep:
                if not frame.flow and isinstance(node, Text) and node.style == "plain":
                    self.check_lone_text(node)
                parent.add(frame.key, node)
        else:
            frame.waiting = True
            frame.keep = self.check_key(node, end, parent)
            if isinstance(node, Text):
                frame.key = node

    def add_node(self, place: Place) -> None:
        self.count += 1
        if self.count > MOST_NODES:
            self.problems.add(
                f"There are more than {MOST_NODES:,} keys and values up to here, which is more than can be read.",
                "Check that it is the right file.",
                place,
            )
            raise _TooMuch

    def check_key(self, key: Node, end: int, parent: MapNode) -> bool:
        """Whether `key` can be kept; says what is wrong with it otherwise."""
        place = key.place
        if not isinstance(key, Text):
            found = "a list" if isinstance(key, ListNode) else "a list of keys"
            self.problems.add(
                f"The key here is {found}, and a key can only be a few words.",
                "If this is text, put it in quotes.",
                place,
            )
            return False
        if not key.value.strip():
            self.problems.add("There is no key before the colon.", 'Write "key: value".', place)
            return False
        if not _COLON.match(self.text, end):
            self.no_colon(place, in_brackets=self.stack[-1].flow)
            return False
        if key.value == "<<" and key.style == "plain":
            self.problems.add(
                'The key "<<" would copy lines from elsewhere, and nothing is copied here.',
                "Write the lines out where they are needed.",
                place,
            )
            return False
        first = parent.key(key.value)
        if first is not None:
            self.problems.add(
                f'The key "{key.value}" stands twice: on line {first.place.line} and on line {place.line}.',
                "Keep one of the two.",
                place,
            )
            return False
        return True

    def check_lone_text(self, node: Text) -> None:
        """A value alone on its line that looks like a key without its space: no error in YAML, and never meant."""
        line = self.lines[node.place.line - 1][:_LONGEST_LOOK]
        if not line[: node.place.column - 1].strip() and _TIGHT_KEY.fullmatch(line.rstrip()) and not _KEY.match(line):
            self.no_colon(node.place)

    # The problems themselves.

    def refuse_question(self, at: int) -> bool:
        """Whether a "?" stands here by itself, as YAML's sign for a long key; then it is refused."""
        if self.text[at] != chr(_MASK + ord("?")) or self.text[at + 1] not in " \n":
            return False
        self.problems.add(
            'A key or value may not begin with a "?" and a space.',
            'Write a key as "key: value" on one line, and text in quotes.',
            self.place(at, at + 1),
        )
        return True

    def refuse_reserved(self, at: int) -> None:
        """A value that begins with a character that YAML keeps for itself."""
        place = self.place(at, at + 1)
        word = self.lines[place.line - 1][place.column - 1 :].split()[0]
        char = word[0]
        place = Place(place.line, place.column, len(word))
        meaning = {
            "&": "would name this value for use elsewhere",
            "*": "would copy a value from elsewhere",
            "!": "would change how the value is read",
            "|": "would begin a text on the lines below",
            ">": "would begin a text on the lines below",
        }.get(char, "is kept for other uses")
        self.problems.add(
            f'A value may not begin with "{char}", which {meaning}.',
            f'If "{char}" belongs to the text, put the text in quotes; otherwise leave it out.',
            place,
        )

    def refuse_curly(self, at: int) -> None:
        self.problems.add(
            f"This begins with a curly quotation mark ({self.text[at]}), which does not count as one here.",
            "Use straight quotes around it (\"…\" or '…'), or none.",
            self.place(at, at + 1),
        )

    def bad_escapes(self, begin: int, finish: int) -> Iterator[tuple[int, int]]:
        """The backslashes that stand before anything but a quotation mark or another backslash."""
        for found in _ESCAPE.finditer(self.text, begin, finish):
            if found[1]:
                yield found.span()

    def refuse_escape(self, begin: int, end: int) -> None:
        self.problems.add(
            f'The backslash in "{self.text[begin:end]}" has no meaning here.',
            "Write it twice if a backslash is meant, or put the text in single quotes.",
            self.place(begin, end),
        )

    def no_colon(self, place: Place, in_brackets: bool = False) -> None:
        """A line, or an entry between braces, that is no key."""
        content = self.lines[place.line - 1][place.column - 1 :].rstrip()
        if in_brackets:
            content = content[: place.length]
            if content.endswith(":"):
                self.no_space(content[:-1], place)
                return
        tight = _TIGHT_KEY.match(content)
        if tight:
            self.problems.add(
                f'There is no space after the colon of "{tight[1]}".',
                f'Write "{tight[1]}: {tight[2]}".',
                Place(place.line, place.column, tight.end(1) + 1),
            )
        elif in_brackets:
            self.problems.add(
                f'"{content}" has no colon, so it is no key.',
                'Write "key: value". If it goes on with the text before the comma, put the whole text in quotes.',
                place,
            )
        else:
            self.problems.add(
                "There is no colon on this line, so it is no key.",
                'Write "key: value". If it goes on with the text above, begin it further in than that line.',
                Place(place.line, place.column, len(content)),
            )

    def no_space(self, key: str, place: Place) -> None:
        """A key between brackets with a comma or bracket directly behind its colon."""
        self.problems.add(
            f'There is no space after the colon of "{key}".', f'Write "{key}: " and then the value.', place
        )

    # What stopped the parser. Its two versions word things differently; so only what they share is used to tell the
    # kind of error, and the text itself decides the rest.

    def explain(self, error: Exception) -> int | None:
        """Add the problem behind a parser's error. Returns the character to mask so that reading can go on, if any."""
        if not isinstance(error, yaml.MarkedYAMLError):
            # The pure parser makes a character of any number, and Python refuses some.
            return self.explain_escape(self.text.index("\\U", self.reached))
        assert error.problem_mark is not None
        at = self.offset(error.problem_mark)
        began = self.offset(error.context_mark) if error.context_mark else at
        problem, context = error.problem or "", error.context or ""
        if "quoted scalar" in context:
            return self.explain_open_quote(began) if "stream" in problem else self.explain_escape(began)
        if "cannot start any token" in problem:
            return self.explain_reserved(at)
        if "mapping values" in problem:
            return self.explain_colon(at)
        if "expected ':'" in problem:
            if not self.refuse_question(began):
                self.no_colon(self.place(began, len(self.text)))
            return None
        if self.stack and self.stack[-1].flow:
            return self.explain_bracket(at)
        return self.explain_line(at, began, in_list="collection" in context)

    def explain_escape(self, began: int) -> int:
        """A backslash that the parser cannot read, in the double quotes that began here."""
        begin, end = next(self.bad_escapes(began, len(self.text)))
        self.refuse_escape(begin, end)
        return begin

    def explain_open_quote(self, opened: int) -> int:
        self.problems.add(
            "The quotation mark that opens here is never closed.",
            f"Close it with another {self.text[opened]} at the end of the text, or leave it out.",
            self.place(opened, opened + 1),
        )
        return opened

    def explain_reserved(self, at: int) -> int:
        self.refuse_reserved(at)
        return at

    def explain_colon(self, at: int) -> int | None:
        """A colon where no key can end: in a sentence, or on a line that the parser takes as more of the line above."""
        line, column = self.line_column(at)
        content = self.lines[line - 1].rstrip()
        indent = len(content) - len(content.lstrip())
        key = _KEY.match(content[:_LONGEST_LOOK])
        if key and key.end() < column:
            value = content[key.end() :].strip()
            # A curly quotation mark is the likelier mistake, and is found when reading goes on.
            if value[0] not in _CURLY:
                self.problems.add(
                    "There is a second colon on this line, so it is not clear where the key ends.",
                    f"Put the whole text in quotes: {key[1]}: {_in_quotes(value)}",
                    Place(line, column),
                )
            return at
        if column - indent > _LONGEST_KEY:
            self.problems.add(
                f"The key on this line is longer than {_LONGEST_KEY:,} characters.",
                "Make it shorter, or put the whole text in quotes if it is no key.",
                Place(line, indent + 1, column - indent - 1),
            )
            return None
        above = line - 1
        while above and _BLANK.match(self.lines[above - 1]):
            above -= 1
        before = self.lines[above - 1]
        if any(problem.place is not None and problem.place.line == above for problem in self.problems):
            pass  # what is wrong there is the reason that this line does not fit
        elif above and not _KEY.match(before[:_LONGEST_LOOK]) and not before.lstrip().startswith("-"):
            self.no_colon(Place(above, len(before) - len(before.lstrip()) + 1))
        else:
            self.problems.add(
                "This line begins further in than the line above, which has its value already.",
                "Begin it where that line begins. If it goes on with the text above, put the whole text in quotes.",
                Place(line, indent + 1, len(content) - indent),
            )
        return None

    def explain_bracket(self, at: int) -> int | None:
        """Between brackets: something is missing, or there is too much."""
        # Brackets can hold a pair without brackets of its own; what counts is the bracket around it.
        opened = next(start for start in map(self.frame_start, reversed(self.stack)) if self.text[start] in "[{")
        opener = self.text[opened]
        closer = {"[": "]", "{": "}"}[opener]
        line, column = self.line_column(at)
        first_line, _ = self.line_column(opened)
        char = self.text[at : at + 1]
        quoted = self.quoted_until(at)
        begin, end = self.last_text
        if end == at and self.text[at - 1] == _MASKED_COLON:
            self.no_space(self.text[begin : end - 1].translate(_UNMASK), self.place(begin, end))
            return None
        if line > first_line and self.indent(line) <= self.indent(first_line):
            self.problems.add(
                f'The bracket "{opener}" is not closed.',
                f'Close it with "{closer}".',
                self.place(opened, opened + 1),
            )
            return opened
        if char == ":":
            self.problems.add(
                "There is a second colon here, so it is not clear where the key ends.",
                "Put the text that has a colon in it in quotes.",
                Place(line, column),
            )
            return at
        if quoted is not None:
            return self.explain_after_quotes(quoted, at)
        if char in ("]", "}"):
            self.problems.add(
                f'The bracket "{opener}" is closed with "{char}".', f'Close it with "{closer}".', Place(line, column)
            )
        elif char == ",":
            self.problems.add("There is a comma too many here.", "Delete it.", Place(line, column))
        else:
            self.problems.add(
                "A comma or a closing bracket is missing before this.",
                f'Put a comma between the parts, and "{closer}" behind the last one.',
                Place(line, column),
            )
        return None

    def explain_line(self, at: int, began: int, in_list: bool) -> int | None:
        """Between keys or list items: a line that fits nowhere, or one that goes on behind its value."""
        line, column = self.line_column(at)
        content = self.lines[line - 1].rstrip()
        char = self.text[at : at + 1]
        rest = Place(line, column, len(content) - column + 1)
        quoted = self.quoted_until(at)
        if quoted is not None:
            return self.explain_after_quotes(quoted, at)
        if char in ("]", "}", ","):
            self.problems.add(f'There is a "{char}" too many here.', "Delete it, or put the text in quotes.", rest)
        elif char == ":":
            self.problems.add("There is no key before the colon.", 'Write "key: value".', Place(line, column))
        elif content[: column - 1].strip():
            self.problems.add(
                "The value ends before this, but the line goes on.",
                "Put the whole value in quotes, or what follows on a line of its own.",
                rest,
            )
        elif not in_list and _ITEM.match(content):
            self.problems.add(
                "An item of a list stands here, among keys.",
                'Put a key above it, or write "key: value" without the "-".',
                rest,
            )
        elif in_list and column == self.line_column(began)[1]:
            self.problems.add(
                'A line without "-" stands here, among the items of a list.',
                'Begin it with "- " like the others, or further in if it belongs to the item above.',
                rest,
            )
        else:
            self.problems.add(
                "The indentation of this line fits no line above it.",
                "Begin it exactly below the first letter of the line that it belongs with.",
                rest,
            )
        return None

    def explain_after_quotes(self, opened: int, at: int) -> int:
        """Text behind a closing quotation mark. Most often that mark was meant as an apostrophe, or as text."""
        first_line, column = self.line_column(opened)
        line, _ = self.line_column(at)
        if first_line != line:
            self.problems.add(
                f"The quotation mark that opens here is closed only on line {line}, and the text goes on there.",
                f"Close it with another {self.text[opened]} where the text ends.",
                self.place(opened, opened + 1),
            )
        else:
            in_brackets = bool(self.stack) and self.stack[-1].flow
            value = self.lines[line - 1][column - 1 :].rstrip()
            whole = "." if in_brackets else f": {_in_quotes(value)}"
            self.problems.add(
                "The text in quotes ends before this, but the line goes on.",
                f"Put the whole text in one pair of quotes, of the kind that is not in it{whole}",
                self.place(at, len(self.text)),
            )
        return opened

    # Places.

    def quoted_until(self, at: int) -> int | None:
        """Where the text in quotes opened that closes directly before `at`, if one does."""
        opened, closed = self.last_text
        if self.text[opened] in "\"'" and closed > opened and not self.text[closed:at].strip(" "):
            return opened
        return None

    def frame_start(self, frame: _Frame) -> int:
        return self.starts[frame.node.place.line - 1] + frame.node.place.column - 1

    def indent(self, line: int) -> int:
        content = self.lines[line - 1]
        return len(content) - len(content.lstrip(" "))

    def offset(self, mark: yaml.Mark) -> int:
        """Where a parser's mark is in the text; the fast parser may put the end of the text one line too far."""
        line = min(mark.line, len(self.starts) - 1)
        return min(self.starts[line] + mark.column, len(self.text))

    def line_column(self, offset: int) -> tuple[int, int]:
        """The line and column, from 1, of a character."""
        line = bisect_right(self.starts, offset)
        return line, offset - self.starts[line - 1] + 1

    def place(self, begin: int, end: int) -> Place:
        """The place from `begin` to `end`, or to the end of the line if that comes first."""
        line, column = self.line_column(begin)
        length = min(end - begin, len(self.lines[line - 1].rstrip()) - column + 1)
        return Place(line, column, max(1, length))

    def mask(self, at: int) -> None:
        """Hide one character from the parser, so that what it stopped at becomes plain text."""
        self.text = self.text[:at] + chr(_MASK + ord(self.text[at])) + self.text[at + 1 :]
        self.masked = True


def _in_quotes(value: str) -> str:
    """The text as it would be written in quotes."""
    if value[0] in "\"'" and value[-1] == value[0] and len(value) > 2:
        value = value[1:-1]
    if '"' not in value and "\\" not in value:
        return f'"{value}"'
    return "'" + value.replace("'", "''") + "'"


_HANDLERS: dict[type[yaml.Event], Callable[[_Reading, Any], None]] = {
    yaml.ScalarEvent: _Reading.on_text,
    yaml.MappingStartEvent: _Reading.on_map,
    yaml.SequenceStartEvent: _Reading.on_list,
    yaml.MappingEndEvent: _Reading.on_end,
    yaml.SequenceEndEvent: _Reading.on_end,
}
