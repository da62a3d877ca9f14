"""What is wrong with a file: where, why, and what to do about it, in plain words.

Everything that reads a file collects :class:`Problem` values and shows them all at once, in file order.
"""

import re
import textwrap
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

WIDTH = 120
"""No printed line is longer than this."""

INVISIBLE = re.compile(
    "[\x00-\x1f\x7f-\x9f\xad\u200b-\u200f\u2028-\u202e\u2060-\u206f\ud800-\udfff\ue000-\uf8ff\ufeff\ufff9-\ufffc\ufffe\uffff]"
)
"""Characters that cannot be seen, or that no font is sure to have."""

_LONGEST_WORD = 100  # comparing is quadratic, and nobody misspells a name of this length
_NEAR = 0.72
_MOST_TOKENS = 0.6
_CLOSE_TO_BEST = 0.15


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """A place in a file: line and column count from 1, in characters; `length` is how much to underline."""

    line: int
    column: int
    length: int = 1


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong in a file.

    `place` is None when the whole file is meant; `quoted` is the line at fault, '' when there is none to show.
    """

    message: str
    way_out: str
    place: Place | None
    file: str
    quoted: str = ""

    def __str__(self) -> str:
        """The problem as it is printed: place and message, the line underlined, and the way out."""
        where = self.file if self.place is None else f"{self.file}:{self.place.line}:{self.place.column}"
        printed = _wrapped(f"{where}  {self.message}", first="")
        if self.place is not None and self.quoted.strip():
            printed += _underlined(self.quoted, self.place)
        for line in self.way_out.splitlines():
            printed += _wrapped(line, first="  ")
        return "\n".join(printed)

    def to_dict(self) -> dict[str, str | int | None]:
        """The problem as JSON: always the same keys, in the same order; None for a place that is not known."""
        place = self.place
        return {
            "file": self.file,
            "line": place.line if place else None,
            "column": place.column if place else None,
            "length": place.length if place else None,
            "message": self.message,
            "way_out": self.way_out,
            "quoted": self.quoted,
        }

    @property
    def sort_key(self) -> tuple[str, int, int, str]:
        """File order: what concerns the whole file first, then by line and column."""
        if self.place is None:
            return (self.file, 0, 0, self.message)
        return (self.file, self.place.line, self.place.column, self.message)


class Problems(list[Problem]):
    """Collects the problems of one file and quotes its lines, so that whoever finds one names only the place."""

    def __init__(self, file: str, lines: Sequence[str] = ()) -> None:
        super().__init__()
        self.file = file
        self.lines = lines

    def add(self, message: str, way_out: str, place: Place | None = None) -> None:
        """Note a problem; the line at `place` is quoted when it is known."""
        quoted = self.lines[place.line - 1] if place is not None and place.line <= len(self.lines) else ""
        self.append(Problem(message, way_out, place, self.file, quoted))

    def in_order(self) -> list[Problem]:
        """The problems in file order, each once."""
        return sorted(dict.fromkeys(self), key=lambda problem: problem.sort_key)


def suggest(word: str, known: Iterable[str], n: int = 3) -> list[str]:
    """The known names that `word` may have meant, the likeliest first, at most `n`.

    Upper and lower case, spaces, hyphens and underscores make no difference, nor does the order of the words. Names
    that are clearly less like it than the best one are left out. The same input gives the same answer, in whatever
    order the names come.
    """
    wanted = _folded(word)
    if not wanted or len(wanted) > _LONGEST_WORD:
        return []
    matcher = SequenceMatcher(autojunk=False)
    matcher.set_seq2(wanted)
    scored = []
    for name in sorted(set(known)):
        score = _likeness(matcher, wanted, _folded(name))
        if score:
            scored.append((-score, name))
    scored.sort()
    return [name for score, name in scored[:n] if score <= scored[0][0] + _CLOSE_TO_BEST]


def say_suggestion(word: str, known: Iterable[str]) -> str:
    """'Did you mean "x"?', 'Did you mean "x" or "y"?', or '' when nothing known comes near."""
    names = [f'"{name}"' for name in suggest(word, known, n=2)]
    return f"Did you mean {' or '.join(names)}?" if names else ""


def visible(text: str) -> str:
    """The text with every tab as one space and every unseen character as a sign, so that columns stay what they are."""
    return INVISIBLE.sub(_sign, text.replace("\t", " "))


def _sign(found: re.Match[str]) -> str:
    code = ord(found[0])
    return chr(0x2400 + code) if code < 0x20 else "\ufffd"


def _folded(text: str) -> str:
    return " ".join(re.split(r"[\s_-]+", text.casefold())).strip()


def _likeness(matcher: SequenceMatcher[str], wanted: str, name: str) -> float:
    """How like the two are: 2 when only case, spaces or hyphens differ, 0 when they are not near at all."""
    if wanted == name:
        return 2.0
    ours, theirs = _stems(wanted), _stems(name)
    tokens = 2 * len(ours & theirs) / (len(ours) + len(theirs)) if theirs else 0.0
    best = 0.9 * tokens if tokens >= _MOST_TOKENS else 0.0
    if len(name) <= _LONGEST_WORD:
        matcher.set_seq1(name)
        # The two quick ratios are upper bounds, and spare the slow one for most names.
        if matcher.real_quick_ratio() >= _NEAR and matcher.quick_ratio() >= _NEAR and matcher.ratio() >= _NEAR:
            best = max(best, matcher.ratio())
    return best


def _stems(folded: str) -> set[str]:
    """The words without their endings, so that "visit" and "visited" share one."""
    return {token.removesuffix("s")[:5] for token in folded.split()}


def _wrapped(text: str, first: str) -> list[str]:
    wrapped = textwrap.wrap(
        visible(text), WIDTH, initial_indent=first, subsequent_indent="  ", break_on_hyphens=False, expand_tabs=False
    )
    return [line.rstrip() for line in wrapped]


def _underlined(quoted: str, place: Place) -> list[str]:
    """The quoted line and its underline; of a very long line, only the stretch around the underline."""
    quoted = visible(quoted.rstrip())
    gutter = f"  {place.line} | "
    blank = f"  {' ' * len(str(place.line))} | "
    room = WIDTH - len(gutter)
    start = min(place.column - 1, len(quoted))
    length = max(1, min(place.length, len(quoted) - start))
    if max(len(quoted), start + length) > room:
        cut = max(0, min(start - room // 3, len(quoted) + 1 - room))
        window = quoted[cut : cut + room]
        start -= cut
        if cut:
            window = "…" + window[1:]
        if cut + room < len(quoted):
            window = window[:-1] + "…"
        quoted, length = window, min(length, room - start)
    return [gutter + quoted, blank + " " * start + "^" * length]
