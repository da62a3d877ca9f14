"""From YAML to a typed pack, or every problem at once, each at its place, in plain words."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from .calendars import FIRST_DAY, LAST_DAY, Calendar
from .events import fold
from .kinds import COHORT, KINDS, NOT_TESTED
from .obligations import Source
from .pack import Document, EventWord, Pack
from .problems import Place, Problem, Problems, say_suggestion, suggest
from .shapes import COMMON, Kind, Values
from .standards import BIRTH, Change, Choice, Condition, DetailWord, Period, Standard, Standing, Test
from .strict_yaml import MOST_PROBLEMS, ListNode, MapNode, Node, Text, lines_of, read, read_file
from .timescales import AgeBand, Timescale, TimescaleError, read_ages, read_ordinal, read_timescale

__all__ = [
    "PackError",
    "check_pack",
    "data_folder",
    "find_pack",
    "load_pack",
    "pack_names",
    "read_pack",
    "read_pack_text",
]

WORKING_DAYS = "Monday to Friday, except bank holidays in England"
SUBJECTS = ("child", "foster carer", "worker", "allegation", "agency", "household")
VALUES = ("yes or no", "a number", "a date", "a timescale", "text")
_SHARED = "vocabulary"


class PackError(ValueError):
    """A pack that cannot be used. `problems` holds every one, in file order."""

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = problems
        super().__init__("\n\n".join(map(str, problems)))


# --- finding
# -----------------------------------------------------------------------------------------------------------


def data_folder(name: str) -> Path:
    """The folder of shipped files of that name: inside the installed package, or at the root of a checkout."""
    inside = Path(__file__).parent / name
    return inside if inside.is_dir() else Path(__file__).parents[2] / name


def pack_names() -> list[str]:
    """The names of the shipped packs."""
    return sorted(path.stem for path in data_folder("standards").glob("*.yaml") if path.stem != _SHARED)


def find_pack(name_or_path: str | Path) -> Path:
    """The file of a shipped pack by name, or the path given.

    Raises:
        PackError: there is no such pack or file.
    """
    path = Path(name_or_path)
    if isinstance(name_or_path, str) and re.fullmatch(r"[A-Za-z0-9_ -]+", name_or_path) and not path.exists():
        wanted = fold(name_or_path).replace(" ", "_")
        if wanted in pack_names():
            return data_folder("standards") / f"{wanted}.yaml"
        way_out = (
            say_suggestion(wanted, pack_names()) or f"There are {', '.join(pack_names())}; or give the path of a file."
        )
        raise PackError(
            [Problem("There is no pack of that name, and no such file.", way_out, None, str(name_or_path), "")]
        )
    return path


def load_pack(name_or_path: str | Path) -> Pack:
    """Load a shipped pack by name ("bromley"), or a pack from the path of its file.

    Raises:
        PackError: with every problem of the file, each with its place.
    """
    path = find_pack(name_or_path)
    pack, problems = read_pack(path)
    if pack is None or problems:
        raise PackError(problems)
    return pack


def check_pack(name_or_path: str | Path) -> list[Problem]:
    """Every problem of a pack's file; an empty list when it may be used."""
    try:
        return read_pack(find_pack(name_or_path))[1]
    except PackError as error:
        return error.problems


def read_pack(path: Path) -> tuple[Pack | None, list[Problem]]:
    """A pack and its problems. There is no pack where there are problems."""
    shown = path.as_posix()
    tree, problems = read_file(shown)
    return _pack(tree, problems, path.read_bytes() if tree is not None else b"", shown, path.stem)


def read_pack_text(text: str | bytes, name: str = "pack") -> tuple[Pack | None, list[Problem]]:
    """As `read_pack`, from text."""
    tree, problems = read(text, f"{name}.yaml")
    return _pack(tree, problems, text, f"{name}.yaml", name)


def _pack(
    tree: MapNode | None, problems: list[Problem], text: str | bytes, file: str, name: str
) -> tuple[Pack | None, list[Problem]]:
    if tree is None:
        return None, problems
    lines = lines_of(text)
    hurt = frozenset(problem.place.line for problem in problems if problem.place is not None)
    reading = _Reading(Problems(file, lines), hurt)
    try:
        pack = reading.pack(tree, name, _digest(lines))
    except PackError as error:  # the shared vocabulary is wrong
        return None, error.problems
    told = _told(problems, reading.problems)
    return (None if told else pack), told


def _told(of_yaml: list[Problem], found: Problems) -> list[Problem]:
    """The problems to tell, in file order. What follows from a line that is wrong as YAML is said once, as that."""
    hurt = {problem.place.line for problem in of_yaml if problem.place is not None}
    told = Problems(found.file)
    told += of_yaml + [problem for problem in found if problem.place is None or problem.place.line not in hurt]
    every = told.in_order()
    if len(every) <= MOST_PROBLEMS:
        return every
    more = Problem(
        f"Only the first {MOST_PROBLEMS} problems are shown.", "Put these right and try again.", None, found.file
    )
    return [*every[:MOST_PROBLEMS], more]


def _digest(lines: list[str]) -> str:
    """A hash of the text, the same whatever its line ends."""
    return hashlib.sha256("\n".join(lines).encode("utf-8", "surrogatepass")).hexdigest()


# --- the words of a pack
# -----------------------------------------------------------------------------------------------


@dataclass
class _Words:
    """What may be named: events, periods and details by folded name."""

    events: dict[str, EventWord] = field(default_factory=dict)
    periods: dict[str, Period] = field(default_factory=dict)
    details: dict[str, DetailWord] = field(default_factory=dict)

    def family(self, what: str) -> Mapping[str, Any]:
        """The events, the periods or the details."""
        families: dict[str, Mapping[str, Any]] = {
            "event": self.events,
            "period": self.periods,
            "detail": self.details,
        }
        return families[what]

    def names(self, what: str) -> list[str]:
        """The names of a family as they are written."""
        return [word.name for word in self.events.values()] if what == "event" else list(self.family(what))

    def add(self, other: _Words) -> None:
        """Add the words of another vocabulary; those that are here already stay."""
        self.events = other.events | self.events
        self.periods = other.periods | self.periods
        self.details = other.details | self.details


@lru_cache(maxsize=1)
def _shared_words() -> tuple[_Words, str]:
    """The shared vocabulary and the hash of its file.

    Raises:
        PackError: the vocabulary itself is wrong.
    """
    words, digest, problems = _read_words(data_folder("standards") / f"{_SHARED}.yaml")
    if problems:
        raise PackError(problems)
    return words, digest


def _read_words(path: Path) -> tuple[_Words, str, list[Problem]]:
    """The words of a vocabulary's file, the hash of the file, and its problems."""
    tree, problems = read_file(path.as_posix())
    if tree is None:
        return _Words(), "", problems
    lines = lines_of(path.read_bytes())
    reading = _Reading(Problems(path.as_posix(), lines))
    reading.own_words(reading.fields(tree, "a vocabulary", ("title", "details", "events", "periods"), ()))
    return reading.words, _digest(lines), _told(problems, reading.problems)


def shared_words() -> tuple[Mapping[str, EventWord], Mapping[str, Period], Mapping[str, DetailWord]]:
    """The events, periods and details of the shared vocabulary, by folded name.

    Raises:
        PackError: the vocabulary itself is wrong.
    """
    words, _ = _shared_words()
    return words.events, words.periods, words.details


def vocabulary_problems(path: Path | None = None) -> list[Problem]:
    """Every problem of a vocabulary's file; of the shared one unless another is named."""
    return _read_words(path or data_folder("standards") / f"{_SHARED}.yaml")[2]


_TOP = (
    "authority",
    "title",
    "documents",
    "vocabulary",
    "working days",
    "day one",
    "if not a working day",
    "hours without times",
    "closed",
    "terms",
    "details",
    "events",
    "periods",
    "standards",
)
_TOP_NEEDED = ("authority", "title", "documents", "working days", "day one", "standards")

# Usual phrasings, understood well enough to be answered.
_USUAL_TOP = {
    "council": "authority",
    "local authority": "authority",
    "name": "title",
    "sources": "documents",
    "calendar": "working days",
    "closures": "closed",
    "holidays": "closed",
    "bank holidays": "working days",
    "school terms": "terms",
    "rules": "standards",
}
#: Inside declarations and braces; what is meant counts only where it is a key.
_USUAL_WORD = {
    "meaning": "means",
    "description": "means",
    "type": "values",
    "options": "values",
    "default": "unless said",
    "fields": "details",
    "name": "title",
    "date": "published",
    "year": "edition",
    "link": "url",
    "start": "starts",
    "from": "starts",
    "end": "ends",
    "to": "ends",
    "heading": "section",
    "page": "section",
    "quote": "words",
    "text": "words",
    "by": "authorised by",
    "approved by": "authorised by",
    "agreed by": "authorised by",
    "limit": "at most",
    "if": "where",
}
_USUAL_KEYS = {
    "no later than": "within",
    "not later than": "within",
    "no more than": "within",
    "up to": "within",
    "in": "within",
    "deadline": "within",
    "timescale": "within",
    "time limit": "within",
    "due": "within",
    "due within": "within",
    "within days": "within",
    "at least every": "every",
    "no less than every": "every",
    "frequency": "every",
    "at a minimum of": "every",
    "repeat": "every",
    "how often": "every",
    "interval": "every",
    "during": "while",
    "as long as": "while",
    "for as long as": "while",
    "period": "while",
    "when": "if",
    "where child": "if",
    "condition": "if",
    "conditions": "if",
    "only if": "if",
    "except": "unless",
    "except when": "unless",
    "except if": "unless",
    "exception": "unless",
    "if not": "unless",
    "after": "of",
    "on": "of",
    "trigger": "of",
    "following": "of",
    "start": "of",
    "starting": "of",
    "from event": "of",
    "since event": "of",
    "action": "expect",
    "act": "expect",
    "activity": "expect",
    "must": "expect",
    "event": "expect",
    "expects": "expect",
    "expected": "expect",
    "do": "expect",
    "description": "says",
    "text": "says",
    "summary": "says",
    "standard": "says",
    "say": "says",
    "title": "says",
    "reference": "source",
    "citation": "source",
    "note": "reading",
    "notes": "reading",
    "comment": "reading",
    "interpretation": "reading",
    "age": "ages",
    "aged": "ages",
    "target": "aim",
    "untested": "not tested",
    "not testable": "not tested",
    "evidence": "require",
    "requires": "require",
    "required": "require",
    "must include": "require",
    "recorded": "recorded within",
    "record within": "recorded within",
    "for every": "for each",
    "each": "for each",
    "prior to": "before",
    "in advance of": "before",
    "percentage": "share",
    "percent": "share",
    "proportion": "share",
    "who": "subject",
    "whose": "subject",
    "extended": "extended by",
    "varied": "varied by",
    "paused": "paused by",
    "then": "then every",
    "thereafter": "then every",
    "turning": "of turning",
    "number of times": "times",
    "how many": "times",
    "supersedes": "replaces",
    "effective from": "from",
    "in force from": "from",
    "in force until": "until",
}
#: Keys that may mean several things, and what to answer.
_SEVERAL_KEYS = {
    "no": 'Write "unless:" for an exception, or "not while:" for a period that must not hold.',
    "not": 'Write "unless:" for an exception, or "not while:" for a period that must not hold.',
    "by": 'Write "within:" for a length of time, "by age:" for an age, or "by the:" for a place in a series.',
    "minimum": 'Write "every:" for how often, "times:" for how many, or "at least:" for how long before.',
    "maximum": 'Write "to:" for how long a period may last, or "within:" for how soon.',
    "max": 'Write "to:" for how long a period may last, or "within:" for how soon.',
    "timing": 'Write the timing word itself, such as "within:" or "every:".',
    "kind": 'The timing word is the kind: write "within:", "every:" or another of them, and take this out.',
    "type": 'The timing word is the kind: write "within:", "every:" or another of them, and take this out.',
    "id": "The id is the heading of the standard; take this out.",
}
_TWO_TIMINGS = {
    frozenset({"count", "frequency"}): 'Write "in every:" for the window of "times".',
    frozenset({"schedule", "frequency"}): 'Write "then every:" for what follows the first.',
    frozenset({"deadline", "frequency"}): 'For a series, write "first within:" and "then every:"; otherwise make two'
    " standards of it.",
}
#: What is missing where one half of a pair stands alone.
_PARTNERS = {
    "at least": 'Beside "at least" add "before:" with the event.',
    "in every": 'Beside "in every" add "times:" with how many.',
    "between each": 'Beside "between each" add "times:" with how many.',
    "second within": 'Before "second within" add "first within:".',
    "then every": 'Before "then every" add "first within:", or "every:" with "for the first:".',
    "of each": 'Beside "of each" add "within:" with the time allowed.',
    "of turning": 'Beside "of turning" add "within:" with the time allowed.',
    "of breach of": 'Beside "of breach of" add "within:" with the time allowed.',
    "since": 'Beside "since" add "by the:" with the place in the series.',
    "of": 'Beside "of" add "within:" with the time allowed.',
    "to": 'Beside "to" add "limit:" with the period.',
    "for each": 'Beside "for each" add "recorded within:" or "require:".',
    "for the last": 'Beside "for the last" add "require:" with the details.',
    "while": 'Beside "while" add "every:" with how often, or another timing word.',
}
_ADD = {
    "says": "the standard in our own plain words, with its numbers",
    "source": 'where it is printed, as {section: "Visits / 1", words: "every 10 working days"}',
}
#: What a standard that is not tested may have beside the reason.
_UNTESTED = ("says", "source", "reading", "subject", "replaces", "from", "until")
#: Stands in for what could not be read, so that the other keys can be looked at.
_SOME_TIME = Timescale("some time", days=1)
_STAND_INS: dict[str, Any] = {"count": 1, "choice": Choice((("", Condition(())),)), "condition": Condition(())}
_WITH_NUMBERS = ("timescale", "days timescale", "lead", "timescale or term", "window", "age", "ages", "count")


class _Reading:
    """Reads one file's tree into typed values, and notes every problem on the way.

    One mistake gives one message: what was meant by a misspelt key is read on under the right one, and a name whose
    declaration is wrong is still known.
    """

    def __init__(self, problems: Problems, hurt: frozenset[int] = frozenset()) -> None:
        self.problems = problems
        #: Lines on which the YAML itself is wrong: nothing more is said of them, nor of what may be missing there.
        self.hurt = hurt
        self.words = _Words()
        self.own: set[str] = set()
        #: Details whose own declaration is wrong; nothing is said of their values.
        self.broken: set[str] = set()
        #: The shared vocabulary of a pack that does not say it uses it.
        self.unasked: _Words | None = None
        #: It misnames the shared vocabulary, which has been said.
        self.silent = False
        self.hours_at: Place | None = None
        self.terms_at: Place | None = None
        self.breach_names: list[tuple[str, str, Place]] = []
        self.replaced: dict[str, Place] = {}
        self.ids: dict[str, Place] = {}
        self.documents: dict[str, Document] = {}
        self.by_timing = {word: kind for kind in KINDS for word in kind.timing}
        self.any_kind: dict[str, str] = {}
        for item in (*COMMON, *(item for kind in KINDS for item in kind.fields)):
            # A key that two kinds read differently cannot be read before the kind is known.
            known = self.any_kind.setdefault(item.name, item.type)
            self.any_kind[item.name] = item.type if item.type == known else ""
        self.standard_keys = {*self.any_kind, "share", "not tested"}
        self.readers: dict[str, Callable[[Node], Any]] = {
            "prose": self.prose,
            "choice": self.choice,
            "condition": self.condition,
            "condition or choice": self.condition_or_choice,
            "requirement": self.requirement,
            "timescale": self.timescale,
            "days timescale": self.days_timescale,
            "lead": self.lead,
            "timescale or term": self.timescale_or_term,
            "window": self.window,
            "age": self.age,
            "ages": self.ages,
            "ordinal": self.ordinal,
            "count": self.count,
            "period": self.period,
            "periods": self.periods,
            "change": self.change,
            "source": self.source,
            "subject": self.subject,
            "standard id": self.text,
            "date": self.day,
            "day one": self.day_one,
            "roll": self.roll,
        }

    # --- nodes

    def wrong(self, node: Node | Text, message: str, way_out: str) -> None:
        self.problems.add(message, way_out, node.place)

    def guess(self, word: str, known: Iterable[str]) -> str:
        """A suggestion; none where so much is wrong that looking for them all would take long."""
        return say_suggestion(word, known) if len(self.problems) < MOST_PROBLEMS else ""

    def map(self, node: Node, what: str, example: str, way_out: str = "") -> MapNode | None:
        if isinstance(node, MapNode):
            return node
        found = "a list" if isinstance(node, ListNode) else "nothing" if not node.value else "a line of text"
        self.wrong(
            node, f'Here I need {what} as "key: value", and there is {found}.', way_out or f"Write it so: {example}"
        )
        return None

    def text(self, node: Node, *, prose: bool = False) -> str | None:
        """A line of text; prose may run over several lines."""
        if isinstance(node, ListNode):
            self.wrong(node, "Here I need one value, and there is a list.", 'Write one value, without "-" or brackets.')
            return None
        if isinstance(node, MapNode):
            self.wrong(
                node,
                "Here I need one line of text, and there is a key with a value.",
                "Write it on the same line as its key, without braces. If it has a colon in it, put it in quotes.",
            )
            return None
        if not node.value.strip():
            self.wrong(
                node, "There is nothing after the colon.", "Write the value on the same line, or take the line out."
            )
            return None
        if node.multiline and not prose:
            self.wrong(
                node,
                "This value runs on over the next line.",
                "Keep it on one line. If the next line is a key of its own, check its colon and its indentation.",
            )
            return None
        return " ".join(node.value.split()) if prose else node.value.strip()

    def prose(self, node: Node) -> str | None:
        return self.text(node, prose=True)

    def items(self, node: Node, what: str) -> list[Node]:
        """The items of a list, or the one value that stands instead of a list."""
        if not isinstance(node, ListNode):
            return [node]
        if not node.items:
            self.wrong(node, "This list is empty.", f"Name at least one {what}, or take the line out.")
        return list(node.items)

    def fields(
        self,
        node: MapNode,
        what: str,
        allowed: tuple[str, ...],
        needed: tuple[str, ...],
        at: Text | None = None,
    ) -> dict[str, Node]:
        """The values of a map by key, those of misspelt keys under the key that was meant."""
        found = {key.value: value for key, value in node.entries if key.value in allowed}
        for key, value in node.entries:
            if key.value in allowed:
                continue
            meant = (_USUAL_TOP if what == "a pack" else _USUAL_WORD).get(fold(key.value))
            if meant not in allowed:
                meant = next(iter(suggest(key.value, allowed, n=1)), None)
                way_out = say_suggestion(key.value, allowed) or f"Its keys are: {', '.join(allowed)}."
            else:
                way_out = f'Write "{meant}:".'
            if meant in found:
                way_out = _there_already(meant)
            if what == "a pack":
                way_out = self.misplaced(key, value, meant) or way_out
            self.wrong(key, f'I don\'t know the key "{key.value}" in {what}.', way_out)
            if meant is not None:
                found.setdefault(meant, value)
        first = at.place.line if at else node.place.line
        if not self.damaged(first, max([first, *(key.place.line for key, _ in node.entries)])):
            for name in needed:
                if name not in found:
                    self.wrong(at or node, f'"{name}" is missing in {what}.', f'Add "{name}:" with its value.')
        return found

    def misplaced(self, key: Text, value: Node, meant: str | None) -> str:
        """The way out for what stands at the top and belongs into a standard, or under "standards:"."""
        if isinstance(value, MapNode) and (value.get("says") is not None or value.get("source") is not None):
            return 'It looks like a standard: move it below "standards:", two spaces further in than that line.'
        if meant is None and key.value in self.standard_keys:
            return "It is a key of a standard: begin it as far in as the other lines of its standard."
        return ""

    def damaged(self, first: int, last: int) -> bool:
        """Whether the YAML itself is wrong on one of these lines, so that a key may have been lost there."""
        return any(first <= line <= last for line in self.hurt)

    # --- the top

    def pack(self, tree: MapNode, name: str, digest: str) -> Pack | None:
        top = self.fields(tree, "a pack", _TOP, _TOP_NEEDED)
        said = {key: self.text(top[key]) or "" for key in ("authority", "title") if key in top}
        if (node := top.get("vocabulary")) is None:
            self.unasked = _shared_words()[0]
        else:
            vocabulary = self.text(node)
            if vocabulary not in (None, "shared"):
                self.wrong(
                    node,
                    f'I don\'t know the vocabulary "{vocabulary}".',
                    'Write "vocabulary: shared", or take the line out.',
                )
            words, shared = _shared_words()
            if vocabulary == "shared":
                self.words.add(words)
            else:
                self.unasked, self.silent = words, True
            digest = hashlib.sha256(f"{digest} {shared}".encode()).hexdigest()
        if (node := top.get("working days")) is not None and (days := self.text(node)) not in (None, WORKING_DAYS):
            self.wrong(
                node,
                f'I don\'t know the working days "{days}".',
                f'Today there is only one calendar: "{WORKING_DAYS}".',
            )
        itself = (node := top.get("day one")) is not None and self.day_one(node) is True
        roll = (node := top.get("if not a working day")) is not None and self.roll(node) is True
        hours = None
        if (node := top.get("hours without times")) is not None:
            hours = self.one_of(node, ("by date", "not assessed"), "hours without times")
        closed = self.dates(top.get("closed"))
        terms = self.terms(top.get("terms"))
        self.read_documents(top.get("documents"))
        self.own_words(top)
        standards = self.standards(top.get("standards"), itself, roll, hours != "not assessed")
        if self.hours_at is not None and "hours without times" not in top:
            self.problems.add(
                "This is in hours, and the pack does not say how hours are judged when a record has dates only.",
                'Add "hours without times: by date" (or "not assessed") at the top.',
                self.hours_at,
            )
        if self.terms_at is not None and "terms" not in top:
            self.problems.add(
                "This needs school terms, and the pack lists none.",
                'Add "terms:" at the top, with one line for each: '
                "- {name: Autumn 2024, starts: 2024-09-02, ends: 2024-12-20}",
                self.terms_at,
            )
        standards = self.superseded(standards)
        order = self.judging_order(standards)
        self.contradictions(standards)
        if self.problems or self.hurt:
            return None
        return Pack(
            name=name,
            authority=said["authority"],
            title=said["title"],
            documents=self.documents,
            standards=tuple(standards),
            events=self.words.events,
            periods=self.words.periods,
            details=self.words.details,
            calendar=Calendar(closed),
            terms=terms,
            itself=itself,
            roll=roll,
            hours_without_times=hours or "",
            closed=tuple(closed),
            digest=digest,
            order=tuple(order),
            feeds=frozenset(target for _, target, _ in self.breach_names),
            used_periods=tuple(_used_periods(standards)),
            own_words=frozenset(self.own),
        )

    def one_of(self, node: Node, allowed: tuple[str, ...], what: str) -> str | None:
        said = self.text(node)
        if said is None or said in allowed:
            return said
        choices = ", ".join(f'"{word}"' for word in allowed)
        self.wrong(
            node, f'I don\'t know "{said}" for "{what}".', self.guess(said, allowed) or f"Write one of: {choices}."
        )
        return None

    def day_one(self, node: Node) -> bool | None:
        said = self.one_of(node, ("the next day", "the day itself"), "day one")
        return None if said is None else said == "the day itself"

    def roll(self, node: Node) -> bool | None:
        said = self.one_of(node, ("next working day", "stays"), "if not a working day")
        return None if said is None else said == "next working day"

    def subject(self, node: Node) -> str | None:
        return self.one_of(node, SUBJECTS, "subject")

    def day(self, node: Node) -> date | None:
        said = self.text(node)
        if said is None:
            return None
        try:
            if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", said):
                self.wrong(node, f'"{said}" is not a date.', _date_meant(said))
                return None
            found = date.fromisoformat(said)
        except ValueError:
            self.wrong(
                node,
                f'"{said}" is not a date: there is no such day in the calendar.',
                "Check the month and the day; the order is year, month, day.",
            )
            return None
        if not FIRST_DAY <= found.toordinal() <= LAST_DAY:
            self.wrong(
                node,
                f'"{said}" is outside the years that can be judged.',
                f"Check the year: it lies from {date.fromordinal(FIRST_DAY).year} to "
                f"{date.fromordinal(LAST_DAY).year}.",
            )
            return None
        return found

    def dates(self, node: Node | None) -> list[date]:
        if node is None:
            return []
        if not isinstance(node, ListNode):
            self.wrong(node, "Here I need a list of dates.", "Write it so: [2024-12-27, 2024-12-30]")
            return []
        found: list[date] = []
        for item in node.items:
            day = self.day(item)
            if day is not None and day in found:
                self.wrong(item, "This date is in the list already.", "Take one out.")
            elif day is not None:
                found.append(day)
        return found

    def terms(self, node: Node | None) -> list[tuple[str, int, int]]:
        if node is None:
            return []
        example = "- {name: Autumn 2024, starts: 2024-09-02, ends: 2024-12-20}"
        if not isinstance(node, ListNode):
            self.wrong(node, "Here I need a list of terms.", f"Write a line for each term: {example}")
            return []
        found: list[tuple[str, int, int]] = []
        for item in node.items:
            term = self.map(item, "a term", example)
            if term is None:
                continue
            names = ("name", "starts", "ends")
            read = self.fields(term, "a term", names, names)
            said = self.text(read["name"]) if "name" in read else None
            first, last = (self.day(read[word]) if word in read else None for word in ("starts", "ends"))
            if said is None or first is None or last is None:
                continue
            if last <= first:
                self.wrong(read["ends"], "The term ends before it starts.", "Check both dates.")
            elif found and first.toordinal() <= found[-1][2]:
                self.wrong(
                    read["starts"], "This term starts before the one above it has ended.", "List the terms in order."
                )
            else:
                found.append((said, first.toordinal(), last.toordinal()))
        if not node.items:
            self.wrong(node, "This list is empty.", f"Write a line for each term: {example}")
        return found

    def read_documents(self, node: Node | None) -> None:
        example = 'standards: {title: Practice Standards, edition: "2024"}'
        documents = None if node is None else self.map(node, "the documents", example)
        if documents is None:
            return
        if not documents.entries:
            self.wrong(documents, "There is no document.", f"Write it so: {example}")
        for key, value in documents.entries:
            self.documents[key.value] = Document(key.value, "")
            entry = self.map(value, "a document", "{title: Practice Standards}")
            if entry is None:
                continue
            found = self.fields(entry, "a document", ("title", "edition", "published", "url"), ("title",), key)
            read = {name: self.text(found[name]) or "" for name in ("title", "edition", "url") if name in found}
            published = self.day(found["published"]) if "published" in found else None
            self.documents[key.value] = Document(
                key.value, **{"title": "", **read}, published=published.isoformat() if published else ""
            )

    # --- details, events, periods

    def own_words(self, top: Mapping[str, Node]) -> None:
        self.own_details(top.get("details"))
        self.own_events(top.get("events"))
        self.own_periods(top.get("periods"))

    def taken(self, key: Text, known: Mapping[str, Any], what: str) -> str | None:
        """The folded name of a declaration, unless it is taken."""
        name = fold(key.value)
        if not name:
            self.wrong(key, f"This {what} has no name.", "Write a name before the colon.")
            return None
        if what == "event" and name == BIRTH:
            self.wrong(
                key, f'The event "{key.value}" is there already: every history has it.', "Take the declaration out."
            )
            return None
        if name in known:
            way_out = "Take the declaration out, or choose another name."
            if name in self.own:
                where = "it is declared above"
            else:
                where = "the shared vocabulary has it"
                if what == "event":
                    way_out += ' To let it carry more details, write only "details:" here, without "means:".'
            self.wrong(key, f'The {what} "{key.value}" is there already: {where}.', way_out)
            return None
        self.own.add(name)
        return name

    def own_details(self, node: Node | None) -> None:
        example = "{means: Whether the child was seen alone., values: yes or no}"
        details = None if node is None else self.map(node, "the details", f"seen alone: {example}")
        for key, value in details.entries if details else ():
            name = self.taken(key, self.words.details, "detail")
            before = len(self.problems)
            word = self.own_detail(key, value, example)
            if name is not None:
                self.words.details[name] = replace(word, key=name)
                if len(self.problems) > before or self.damaged(key.place.line, key.place.line):
                    self.broken.add(name)

    def own_detail(self, key: Text, node: Node, example: str) -> DetailWord:
        word = DetailWord("", "", "text")
        entry = self.map(node, "a detail", example)
        if entry is None:
            return word
        found = self.fields(entry, "a detail", ("means", "values", "unless said"), ("means", "values"), key)
        if "means" in found:
            word = replace(word, means=self.prose(found["means"]) or "")
        values = found.get("values")
        if isinstance(values, ListNode):
            said = [self.text(item) for item in self.items(values, "word")]
            word = replace(word, values=tuple(fold(each) for each in said if each))
        elif values is not None:
            word = replace(word, values=self.one_of(values, VALUES, "values") or "text")
        if "unless said" in found and (default := self.text(found["unless said"])) is not None:
            try:
                word.read(default)
            except ValueError:
                self.wrong(
                    found["unless said"],
                    f'"{default}" is not a value of "{key.value}".',
                    f"Write {_values_of(word)}.",
                )
            word = replace(word, unless_said=default)
        return word

    def own_events(self, node: Node | None) -> None:
        events = None if node is None else self.map(node, "the events", "child visited: A worker visits the child.")
        for key, value in events.entries if events else ():
            shared = self.words.events.get(fold(key.value))
            if shared and fold(key.value) not in self.own and isinstance(value, MapNode) and value.get("means") is None:
                found = self.fields(value, "an event of the shared vocabulary", ("details",), ("details",), key)
                more = self.detail_names(found["details"], shared.details) if "details" in found else ()
                self.words.events[fold(key.value)] = replace(shared, details=(*shared.details, *more))
                continue
            name = self.taken(key, self.words.events, "event")
            details: tuple[str, ...] = ()
            means: str | None = ""
            if isinstance(value, MapNode):
                found = self.fields(value, "an event", ("means", "details"), ("means",), key)
                means = self.prose(found["means"]) if "means" in found else ""
                details = self.detail_names(found["details"]) if "details" in found else ()
            elif isinstance(value, Text) and not value.value:
                self.wrong(
                    key,
                    f'The event "{key.value}" has no meaning.',
                    "Write one sentence after the colon, such as: A worker visits the child.",
                )
            else:
                means = self.prose(value)
            if name is not None:
                self.words.events[name] = EventWord(key.value, means or "", details)

    def detail_names(self, node: Node, known: tuple[str, ...] = ()) -> tuple[str, ...]:
        """The details that an event may carry, each once."""
        found: list[str] = []
        for item in self.items(node, "detail"):
            word = self.detail(item)
            if word is not None and (word.key in found or word.key in known):
                self.wrong(item, f'This event carries the detail "{word.key}" already.', "Take it out here.")
            elif word is not None:
                found.append(word.key)
        return tuple(found)

    def own_periods(self, node: Node | None) -> None:
        example = "{means: The case is open., starts: case opened, ends: case closed}"
        periods = None if node is None else self.map(node, "the periods", f"open case: {example}")
        for key, value in periods.entries if periods else ():
            name = self.taken(key, self.words.periods, "period")
            period = self.own_period(key, value, example)
            if name is not None:
                self.words.periods[name] = replace(period, key=name)

    def own_period(self, key: Text, node: Node, example: str) -> Period:
        period = Period("", "", Choice(()), None, None)
        entry = self.map(node, "a period", example)
        if entry is None:
            return period
        found = self.fields(entry, "a period", ("means", "starts", "ends", "until", "where"), ("means", "starts"), key)
        means = self.prose(found["means"]) if "means" in found else ""
        starts, ends, until = (
            self.choice(found[word]) if word in found else None for word in ("starts", "ends", "until")
        )
        where = self.condition(found["where"]) if "where" in found else None
        if starts is not None and where is not None:
            self.carried(starts, where, found["where"])
        if "ends" not in found and "until" not in found:
            self.wrong(key, f'The period "{key.value}" never ends.', 'Add "ends:" or "until:" with an event.')
        return Period("", means or "", _narrowed(starts or Choice(()), where), ends, until)

    # --- names

    def named(self, node: Node, family: str) -> str | None:
        """The folded name of an event, period or detail that is known."""
        said = self.text(node)
        if said is None:
            return None
        name = fold(said)
        known = self.words.family(family)
        if name in known:
            return name
        if self.unasked is not None and name in self.unasked.family(family):
            if not self.silent:
                self.wrong(
                    node,
                    f'The {family} "{said}" is of the shared vocabulary, which this pack does not use.',
                    f'Add "vocabulary: shared" at the top, or declare the {family} under "{family}s:".',
                )
            # Said once: from here on the pack is read as if it had that line.
            self.words.add(self.unasked)
            self.unasked = None
            return name
        article = {"event": "an event", "period": "a period", "detail": "a detail"}
        other = next((each for each in article if name in self.words.family(each)), None)
        guess = self.guess(said, self.words.names(family))
        if other is not None:
            way_out = guess or f'Name {article[family]}, or declare one under "{family}s:" at the top.'
            self.wrong(node, f'"{said}" is {article[other]}, and here I need {article[family]}.', way_out)
            return None
        way_out = (
            f'{guess} Or add it under "{family}s:" at the top.'
            if guess
            else f'Check its spelling, or add it under "{family}s:" at the top.'
        )
        self.wrong(node, f'I don\'t know the {family} "{said}".', way_out)
        return None

    def event(self, node: Node) -> str | None:
        if isinstance(node, Text) and fold(node.value) == BIRTH:
            return BIRTH
        return self.named(node, "event")

    def detail(self, node: Node) -> DetailWord | None:
        name = self.named(node, "detail")
        return None if name is None else self.words.details[name]

    def period(self, node: Node) -> Period | None:
        name = self.named(node, "period")
        return None if name is None else self.words.periods[name]

    def periods(self, node: Node) -> tuple[Period, ...] | None:
        items = self.items(node, "period")
        found = tuple(period for item in items if (period := self.period(item)) is not None)
        return found if found and len(found) == len(items) else None

    def choice(self, node: Node) -> Choice | None:
        items = self.items(node, "event")
        options: list[tuple[str, Condition | None]] = []
        for item in items:
            where: Condition | None = None
            named: Node | None = item
            if isinstance(item, MapNode):
                found = self.fields(item, "an event with conditions", ("event", "where"), ("event",))
                named = found.get("event")
                if "where" in found:
                    where = self.condition(found["where"])
            name = None if named is None else self.event(named)
            if name is None:
                continue
            if isinstance(item, MapNode) and where is not None:
                self.carried(Choice(((name, None),)), where, found["where"])
            if (name, where) in options:
                self.wrong(item, "This event is in the list already.", "Take one out.")
            options.append((name, where))
        return Choice(tuple(options)) if options and len(options) == len(items) else None

    def carried(self, choice: Choice, condition: Condition, node: Node) -> None:
        """Whether some event of the choice can carry each detail of a condition, as far as their details are listed."""
        listed = {name: self.words.events[name].details for name in choice.names if name != BIRTH}
        if not listed or not all(listed.values()):
            return
        places = {fold(key.value): key for key, _ in node.entries} if isinstance(node, MapNode) else {}
        if isinstance(node, ListNode):
            places = {fold(item.value): item for item in node.items if isinstance(item, Text)}
        first = next(iter(listed))
        for test in condition.tests:
            key = test.detail.key
            if any(key in details for details in listed.values()):
                continue
            names = " or ".join(f'"{self.words.events[name].name}"' for name in listed)
            verb = "do not" if len(listed) > 1 else "does not"
            whose = (
                f'Add it to the details of that event under "events:": '
                f"{self.words.events[first].name}: {{details: [{key}]}}"
                if first not in self.own
                else 'Add it to the details of that event, under "events:" at the top.'
            )
            self.wrong(places.get(key, node), f'{names} {verb} carry the detail "{key}".', whose)

    # --- conditions

    def condition(self, node: Node) -> Condition | None:
        entries = self.map(node, "conditions", "{seen alone: no}")
        if entries is None:
            return None
        if not entries.entries:
            self.wrong(node, "There is no condition here.", "Write {seen alone: no}, or take the line out.")
        found = [test for key, value in entries.entries if (test := self.test(key, value)) is not None]
        return Condition(tuple(found)) if found and len(found) == len(entries.entries) else None

    def condition_or_choice(self, node: Node) -> Condition | Choice | None:
        if isinstance(node, MapNode) and node.get("event") is None:
            return self.condition(node)
        return self.choice(node)

    def requirement(self, node: Node) -> Condition | None:
        if isinstance(node, MapNode):
            return self.condition(node)
        items = self.items(node, "detail")
        words: list[DetailWord] = []
        for item in items:
            if isinstance(item, MapNode):
                self.wrong(
                    item,
                    "A condition stands here in a list of details.",
                    "Write only conditions, in braces and without a list: {seen alone: yes, reason: present}",
                )
            elif (word := self.detail(item)) is not None:
                words.append(word)
        if not words or len(words) != len(items):
            return None
        return Condition(tuple(Test(word, "present", (), "present") for word in words))

    def test(self, key: Text, node: Node) -> Test | None:
        detail = self.detail(key)
        nodes = self.items(node, "value")
        said = [word for item in nodes if (word := self.text(item)) is not None]
        if detail is None or not said or len(said) < len(nodes):
            return None
        text = " or ".join(said)
        if detail.key in self.broken or text in ("present", "absent"):
            return Test(detail, text, (), text)
        bound = re.fullmatch(r"(at least|at most|below|above) ([0-9]+(?:\.[0-9]+)?)", text)
        if bound and detail.values == "a number":
            return Test(detail, bound[1], (float(bound[2]),), text)
        if bound:
            self.wrong(
                node,
                f'"{detail.key}" is not a number, so it cannot be "{text}".',
                f"Write {_values_of(detail)}; or present, or absent.",
            )
            return None
        wanted: list[bool | float | str] = []
        for word, place in zip(said, nodes, strict=True):
            try:
                value = detail.read(word)
            except ValueError:
                guess = self.guess(word, detail.values) if isinstance(detail.values, tuple) else ""
                if detail.values == "a number" and (usual := _bound_meant(word)):
                    guess = f'Write "{usual}".'
                self.wrong(
                    place,
                    f'"{word}" is not a value of "{detail.key}".',
                    guess or f"Write {_values_of(detail)}; or present, or absent.",
                )
                return None
            assert value is not None
            wanted.append(value)
        return Test(detail, "is", tuple(wanted), text)

    # --- timescales and figures

    def length(self, node: Node, *, clear: bool = False) -> Timescale | None:
        """A timescale; clear days only where they may stand."""
        said = self.text(node)
        if said is None:
            return None
        if said in ("term", "whole term") or re.fullmatch(r"[0-9]+ events", said):
            self.wrong(
                node,
                f'"{said}" cannot stand here.',
                'Write a length of time such as "3 months". Terms stand after "every" and "in every", events after'
                ' "in every".',
            )
            return None
        try:
            found = read_timescale(said)
        except TimescaleError as error:
            self.wrong(node, str(error), _more_than_time(said) or error.way_out)
            return None
        if found.clear and not clear:
            self.wrong(
                node, "Clear days are for counting back.", 'Use "clear" only after "at least", or write plain days.'
            )
            return None
        return found

    def timescale(self, node: Node) -> Timescale | None:
        found = self.length(node)
        if found is not None and found.hours and self.hours_at is None:
            self.hours_at = node.place
        return found

    def days_timescale(self, node: Node) -> Timescale | None:
        found = self.length(node)
        if found is not None and found.hours:
            self.wrong(node, "A period is not counted in hours.", "Write it in days.")
            return None
        return found

    def lead(self, node: Node) -> Timescale | None:
        found = self.length(node, clear=True)
        if found is not None and found.hours and self.hours_at is None:
            self.hours_at = node.place
        return found

    def timescale_or_term(self, node: Node) -> Timescale | str | None:
        if isinstance(node, Text) and node.value.strip() in ("term", "whole term"):
            self.terms_at = self.terms_at or node.place
            return node.value.strip()
        return self.timescale(node)

    def window(self, node: Node) -> Timescale | str | int | None:
        if isinstance(node, Text) and (events := re.fullmatch(r"([1-9][0-9]?) events", node.value.strip())):
            return int(events[1])
        return self.timescale_or_term(node)

    def age(self, node: Node) -> Timescale | None:
        found = self.length(node)
        if found is not None and not found.months:
            self.wrong(
                node, f'"{found}" is not an age.', 'Write it in years, or years and months: "15 years 6 months".'
            )
            return None
        return found

    def ages(self, node: Node) -> AgeBand | None:
        said = self.text(node)
        if said is None:
            return None
        try:
            return read_ages(said)
        except TimescaleError as error:
            figures = [int(figure) for figure in re.findall(r"[0-9]{1,9}", said)]
            if any(figure > 30 for figure in figures):
                self.wrong(node, f'"{said}" is beyond the ages of children and care leavers.', "The most is 30 years.")
            elif len(figures) == 2 and figures[0] >= figures[1]:
                self.wrong(node, f'"{said}" holds for no age.', "Write the lower age first.")
            else:
                self.wrong(node, str(error), error.way_out)
            return None

    def ordinal(self, node: Node) -> int | None:
        said = self.text(node)
        if said is None:
            return None
        try:
            return read_ordinal(said)
        except TimescaleError as error:
            self.wrong(node, str(error), error.way_out)
            return None

    def count(self, node: Node) -> int | None:
        said = self.text(node)
        if said is None:
            return None
        if re.fullmatch(r"[1-9][0-9]?", said):
            return int(said)
        self.wrong(node, f'"{said}" is not a number of times.', "Write a figure from 1 to 99, and nothing after it.")
        return None

    def change(self, node: Node) -> Change | None:
        if not isinstance(node, MapNode):
            choice = self.choice(node)
            return None if choice is None else Change(choice)
        found = self.fields(node, "a change", ("event", "authorised by", "at most", "to"), ("event",))
        event = self.choice(found["event"]) if "event" in found else None
        roles: list[str | None] = []
        if "authorised by" in found:
            roles = [self.text(role) for role in self.items(found["authorised by"], "role")]
        limits = [self.timescale(found[word]) for word in ("at most", "to") if word in found]
        if event is None:
            return None
        return Change(event, tuple(fold(role) for role in roles if role), limits[0] if limits else None)

    def source(self, node: Node) -> Source | None:
        entry = self.map(node, "the source", '{section: "Visits / 1", words: "every 10 working days"}')
        if entry is None:
            return None
        found = self.fields(entry, "a source", ("document", "section", "words"), ("section", "words"))
        document = next(iter(self.documents), "")
        if "document" in found:
            document = self.text(found["document"]) or ""
            if document and document not in self.documents:
                self.wrong(
                    found["document"],
                    f'I don\'t know the document "{document}".',
                    self.guess(document, self.documents)
                    or f'Write {" or ".join(self.documents)}, or add it under "documents:" at the top.',
                )
        elif len(self.documents) > 1:
            listed = " or ".join(f'"{name}"' for name in self.documents)
            self.wrong(
                entry,
                "The pack has several documents, and this does not say which.",
                f'Add "document:" to the source, with {listed}.',
            )
        section = self.text(found["section"]) if "section" in found else None
        words = self.text(found["words"]) if "words" in found else None
        if words is not None and not 3 <= (many := len(words.split())) <= 15:
            self.wrong(
                found["words"],
                f"The words of a source are three to fifteen; {'this is 1' if many == 1 else f'these are {many}'}.",
                "Give the shortest run of printed words that carries the requirement.",
            )
        return Source(document, section or "", words or "")

    # --- standards

    def standards(self, node: Node | None, itself: bool, roll: bool, by_date: bool) -> list[Standard]:
        way_out = 'Write the id of each standard and a colon, without "-", and its keys below it, further in.'
        found: list[Standard] = []
        if node is None:
            return found
        if node == MapNode([], node.place) or (isinstance(node, Text) and not node.value):
            self.wrong(node, "The pack has no standard.", way_out)
            return found
        entries = self.map(node, "the standards", "", way_out)
        if entries is None:
            return found
        # A key of a standard in the place of an id is missing in the standard above it.
        self.hurt |= {key.place.line for key, _ in entries.entries if key.value in self.standard_keys}
        for place, (key, value) in enumerate(entries.entries):
            if key.value in self.standard_keys:
                self.wrong(
                    key,
                    f'"{key.value}" is a key of a standard, and stands where the id of a standard does.',
                    "Begin it as far in as the other lines of its standard.",
                )
                continue
            self.ids[key.value] = key.place
            if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", key.value):
                tidy = re.sub(r"[^a-z0-9]+", "-", key.value.lower()).strip("-")
                self.wrong(
                    key,
                    f'"{key.value}" is not the id of a standard.',
                    f'Write lower-case words joined by hyphens: "{tidy or "my-standard"}".',
                )
            if isinstance(value, Text):
                what = "only a sentence" if value.value else "empty"
                self.wrong(
                    value if value.value else key,
                    f'The standard "{key.value}" is {what}; it needs keys.',
                    'Write on lines of their own below it: "says:", "source:", a timing word such as "within:", and'
                    " what goes with it.",
                )
            elif (entry := self.map(value, "a standard", "", 'Write its keys without "-".')) is not None:
                after = entries.entries[place + 1][0].place.line if place + 1 < len(entries.entries) else 1 << 30
                standard = self.standard(key, entry, len(found), itself, roll, by_date, after)
                if standard is not None:
                    found.append(standard)
        for name, target, place_ in self.breach_names:
            if target not in self.ids:
                way_out = self.guess(target, self.ids) or "Name the id of another standard of this pack."
                self.problems.add(f'I don\'t know the standard "{target}".', way_out, place_)
            elif any(standard.id == target and not standard.tested for standard in found):
                self.problems.add(
                    f'"{target}" is not tested, so it is never missed, and nothing opens "{name}".',
                    "Name a standard that is tested.",
                    place_,
                )
        return found

    def kind_of(self, key: Text, lines: list[tuple[Text, str, Node]], whole: bool) -> Kind | None:
        """The kind by its timing word; of several, `times` may have `within` beside it.

        A misspelt timing word counts where no other is there.
        """
        timing = [(name, meant) for name, meant, _ in lines if meant in self.by_timing]
        exact = [(name, meant) for name, meant in timing if name.value == meant]
        kinds: dict[str, Text] = {}
        for name, meant in exact or timing[:1]:
            kinds.setdefault(self.by_timing[meant].name, name)
        if "count" in kinds and "deadline" in kinds:
            kinds.pop("deadline")
        if len(kinds) > 1:
            first, second = list(kinds.values())[:2]
            self.wrong(
                second,
                f'"{first.value}" and "{second.value}" are two timing words; a standard has one.',
                _TWO_TIMINGS.get(frozenset(kinds), "Make two standards of it, or take one out."),
            )
            return None
        if kinds:
            return next(kind for kind in KINDS if kind.name in kinds)
        if whole:
            partner = next((tip for _, meant, _ in lines if (tip := _PARTNERS.get(meant))), "")
            listed = ", ".join(word for kind in KINDS for word in kind.timing)
            self.wrong(
                key,
                "This standard has no timing word, so nothing says what kind it is.",
                partner or f'Add one of: {listed}; or "not tested".',
            )
        return None

    def standard(
        self, key: Text, entry: MapNode, number: int, itself: bool, roll: bool, by_date: bool, last: int
    ) -> Standard | None:
        before = len(self.problems)
        # Where a line of the YAML is wrong, a key may be lost, so that nothing can be said to be missing.
        whole = not self.damaged(key.place.line, last)
        written = {name.value for name, _ in entry.entries}
        untested = entry.get("not tested")
        lines: list[tuple[Text, str, Node]] = []
        for name, node in entry.entries:
            meant = name.value if name.value in self.standard_keys else self.strange_key(name, written)
            if meant == name.value or meant not in written:
                lines.append((name, meant, node))
                written.add(meant)
        kind = self.kind_of(key, lines, whole) if untested is None else None
        types = {item.name: item.type for item in COMMON}
        if untested is not None:
            types = {word: types[word] for word in _UNTESTED}
        elif kind is not None:
            types |= {item.name: item.type for item in kind.fields}
        else:
            types = self.any_kind
        values: dict[str, Any] = {}
        astray: list[Text] = []
        for name, meant, node in lines:
            reader = self.readers.get(types.get(meant, ""))
            if reader is not None:
                values[meant] = reader(node)
                if meant == "of breach of" and values[meant] is not None:
                    self.breach_names.append((key.value, values[meant], node.place))
                if meant == "replaces":
                    self.replaced[key.value] = node.place
            elif kind is not None and meant not in ("share", "not tested") and name.value == meant:
                self.misfit(name, kind)
            elif untested is not None and meant not in ("", "not tested"):
                astray.append(name)
        if astray:
            listed = ", ".join(f'"{name.value}"' for name in astray)
            self.wrong(
                astray[0],
                f'"not tested" stands alone, and here is also {listed}.',
                'Take out "not tested" or what it cannot have beside it: a standard is tested or it is not.',
            )
        if whole:
            self.missing(key, written, kind)
        reason = "" if untested is None else self.prose(untested) or ""
        share = entry.get("share")
        percent = None if share is None or untested is not None else self.percent(share)
        read = Values(
            {name: value for name, value in values.items() if value is not None},
            values["day one"] if values.get("day one") is not None else itself,
            values["if not a working day"] if values.get("if not a working day") is not None else roll,
            by_date,
        )
        if kind is not None:
            places = {meant: name for name, meant, _ in reversed(lines)}
            if whole:
                stand_ins = {item.name: _STAND_INS.get(item.type, _SOME_TIME) for item in kind.fields if item.needed}
                stand_ins |= {word: _STAND_INS.get(types.get(word, ""), _SOME_TIME) for word in values}
                for word, message, way_out in kind.check(replace(read, read={**stand_ins, **read.read})):
                    self.wrong(places.get(word, key), message, way_out)
            self.check_standard(key, places, {meant: node for _, meant, node in lines}, kind, read)
        if not whole or len(self.problems) > before or (kind is None and untested is None):
            return None
        return self.build(key, entry, number, kind, read, reason, percent)

    def missing(self, key: Text, written: set[str], kind: Kind | None) -> None:
        """What a standard cannot do without, and lacks."""
        for item in COMMON:
            if item.needed and item.name not in written:
                self.wrong(
                    key,
                    f'"{item.name}" is missing. Every standard needs it.',
                    f'Add a line "{item.name}:": {_ADD[item.name]}.',
                )
        if kind is None:
            return
        for item in kind.fields:
            if item.needed and item.name not in written:
                self.wrong(
                    key,
                    f'"{item.name}" is missing. A standard with "{kind.timing[0]}" needs it.',
                    f'Add a line "{item.name}:". {item.meaning}',
                )
        if kind.period and "while" not in written and "while any of" not in written:
            self.wrong(
                key,
                f'A standard with "{kind.timing[0]}" needs the period in which it runs.',
                'Add "while:" with the period, such as "while: looked after".',
            )

    def strange_key(self, name: Text, written: set[str]) -> str:
        """Says that a key is not known, and gives the one that was meant, or ''."""
        word = fold(name.value)
        if word in _SEVERAL_KEYS:
            meant, way_out = "", _SEVERAL_KEYS[word]
        elif word in _USUAL_KEYS:
            meant = _USUAL_KEYS[word]
            way_out = f'Write "{meant}:".'
        else:
            meant = next(iter(suggest(name.value, self.standard_keys, n=1)), "")
            way_out = (
                self.guess(name.value, self.standard_keys)
                or "Take the line out, or look in the language reference for the key that says this."
            )
        if meant in written:
            way_out = _there_already(meant)
        self.wrong(name, f'I don\'t know the key "{name.value}" in a standard.', way_out)
        return meant

    def misfit(self, name: Text, kind: Kind) -> None:
        """A key of another kind."""
        word = name.value
        if word == "where":
            tip = 'Write "if:" for conditions on the event that opens the duty.'
        else:
            homes = [other.timing[0] for other in KINDS if any(item.name == word for item in other.fields)]
            listed = " or ".join(f'"{home}"' for home in homes)
            tip = f"It goes with {listed}; take it out here."
        self.wrong(name, f'"{word}" does not go with "{kind.timing[0]}".', tip)

    def percent(self, node: Node) -> int | None:
        said = self.text(node)
        if said is None:
            return None
        if (found := re.fullmatch(r"([0-9]{1,3})%", said)) and 0 < int(found[1]) <= 100:
            return int(found[1])
        self.wrong(node, f'"{said}" is not a share.', "Write a whole number from 1 to 100 and a per cent sign: 80%")
        return None

    def check_standard(
        self, key: Text, places: Mapping[str, Text], nodes: Mapping[str, Node], kind: Kind, read: Values
    ) -> None:
        """What is wrong between the keys of one standard, as far as they could be read."""
        start, stop = read.get("from"), read.get("until")
        if start is not None and stop is not None and stop < start:
            self.wrong(nodes["until"], "It is over before it is in force.", 'Check "from" and "until".')
        if "replaces" in places and "from" not in places:
            self.wrong(
                places["replaces"],
                '"replaces" needs the day from which it takes over.',
                'Add "from:" with that day, as in "from: 2024-04-01".',
            )
        timed = next((read.get(word) for word in (*kind.timing, "to") if isinstance(read.get(word), Timescale)), None)
        for word, right, strange in (("varied by", "at most", "to"), ("extended by", "to", "at most")):
            change, node = read.get(word), nodes.get(word)
            if isinstance(node, MapNode) and (odd := node.key(strange)) is not None:
                self.wrong(odd, f'"{word}" has no "{strange}".', f'Write "{right}:" for how far it may go.')
            elif (
                word == "extended by"
                and change is not None
                and change.limit is not None
                and timed is not None
                and change.limit.size <= timed.size
            ):
                self.wrong(
                    nodes[word],
                    f'"to: {change.limit}" reaches no further than "{timed}".',
                    '"to" is the outer limit, counted from the opening; check both.',
                )
        if timed is not None and timed.hours and read.get("paused by") is not None:
            self.wrong(places["paused by"], '"paused by" does not go with hours.', "Write the limit in days.")
        aim = read.get("aim")
        limit = read.get("at least") or timed
        if isinstance(aim, Timescale) and isinstance(limit, Timescale):
            tighter = aim.size > limit.size if kind.name == "lead time" else aim.size < limit.size
            if not tighter:
                self.wrong(
                    nodes["aim"],
                    f'The target "{aim}" is no tighter than the limit "{limit}".',
                    "A target lies inside its limit; check both.",
                )
        if any(read.get(word) is not None for word in ("of turning", "by age", "before age")) and read.get(
            "subject"
        ) not in (None, "child"):
            self.wrong(places["subject"], "Only a child has birthdays here.", 'Take "subject:" out, or use an event.')
        if isinstance(where := read.get("where"), Condition) and isinstance(expect := read.get("expect"), Choice):
            self.carried(expect, where, nodes["where"])
        if isinstance(require := read.get("require"), Condition):
            for word in ("for each", "for the first", "for the last"):
                if isinstance(each := read.get(word), Choice):
                    self.carried(each, require, nodes["require"])
        self.numbers_said(nodes, kind, read)

    def build(
        self, key: Text, entry: MapNode, number: int, kind: Kind | None, read: Values, reason: str, share: int | None
    ) -> Standard:
        values = dict(read.read)
        if "where" in values:
            values["expect"] = _narrowed(values["expect"], values["where"])
        if "extended by" in values:
            values["extended by"] = replace(values["extended by"], lasting=False, single=True)
        if "varied by" in values and "within" in values:
            values["varied by"] = replace(values["varied by"], single=True)
        read = replace(read, read=values)
        unless = values.get("unless")
        standing = None
        if any(values.get(word) for word in ("while", "while any of", "not while")):
            standing = Standing(
                values.get("while") or (), values.get("while any of") or (), values.get("not while") or ()
            )
        start, stop = values.get("from"), values.get("until")
        timescales = [value for value in values.values() if isinstance(value, Timescale)]
        return Standard(
            id=key.value,
            number=number,
            kind=NOT_TESTED if kind is None else kind.name if share is None else COHORT,
            says=values["says"],
            source=values["source"],
            rule=None if kind is None else kind.build(read),
            reading=values.get("reading") or "",
            why_not_tested=reason,
            subject=values.get("subject") or "child",
            if_=values.get("if"),
            unless=unless if isinstance(unless, Condition) else None,
            unless_event=unless if isinstance(unless, Choice) else None,
            standing=standing,
            ages=values.get("ages"),
            in_force_from=None if start is None else start.toordinal(),
            in_force_until=None if stop is None else stop.toordinal(),
            replaces=values.get("replaces"),
            share=share,
            works=read.roll or any(item.working for item in timescales),
            line=key.place.line,
            words=tuple((name.value, _as_written(node, name.value)) for name, node in entry.entries),
        )

    def numbers_said(self, nodes: Mapping[str, Node], kind: Kind, read: Values) -> None:
        """Every number of the rule stands in `says`, so that the sentence and the rule cannot drift apart."""
        says = read.get("says")
        if says is None:
            return
        said = _numbers_in(says)
        types = {item.name: item.type for item in (*COMMON, *kind.fields)}
        for word, node in nodes.items():
            if not isinstance(node, Text) or (word != "share" and read.get(word) is None):
                continue
            if word != "share" and types[word] not in _WITH_NUMBERS:
                continue
            value = node.value.strip()
            for figure, unit in re.findall(r"([0-9]+)(?: ([a-z]+))?", value):
                number = int(figure)
                unit = "time" if word == "times" else unit.removesuffix("s")
                if number > 1 and number not in said and not _said_otherwise(number, unit, says.lower()):
                    self.wrong(
                        nodes["says"],
                        f'The sentence does not say the {figure} of "{word}: {value}".',
                        "Write every number of the rule in the sentence, in figures, or correct the one that is wrong.",
                    )

    # --- between standards

    def superseded(self, standards: list[Standard]) -> list[Standard]:
        """Each replaced standard ends on the day before the other takes over."""
        ids = {standard.id: standard for standard in standards}
        for standard in standards:
            if standard.replaces is None:
                continue
            place = self.replaced[standard.id]
            old = ids.get(standard.replaces)
            if standard.replaces == standard.id:
                self.problems.add("A standard cannot replace itself.", "Name the id of the older standard.", place)
            elif standard.replaces not in self.ids:
                way_out = self.guess(standard.replaces, self.ids) or "Name the id of another standard of this pack."
                self.problems.add(f'I don\'t know the standard "{standard.replaces}".', way_out, place)
            elif old is not None and standard.in_force_from is not None:
                last = standard.in_force_from - 1
                if old.in_force_from is not None and last < old.in_force_from:
                    self.problems.add(
                        f'"{standard.id}" takes over before "{old.id}" is in force.',
                        'Check "from" of both: the newer one replaces the older.',
                        place,
                    )
                until = last if old.in_force_until is None else min(last, old.in_force_until)
                ids[old.id] = replace(old, in_force_until=until)
        return [ids[standard.id] for standard in standards]

    def judging_order(self, standards: list[Standard]) -> list[Standard]:
        """The tested standards, each after the one whose breach opens it."""
        needs = {name: (target, place) for name, target, place in self.breach_names}
        ids = {standard.id: standard for standard in standards}
        done: dict[str, Standard] = {}
        for standard in standards:
            path: list[str] = []
            name = standard.id
            while name in ids and name not in done and name not in path:
                path.append(name)
                name = needs[name][0] if name in needs else ""
            if name in path:
                circle = path[path.index(name) :]
                others = ", ".join(f'"{other}"' for other in circle[1:])
                by_way = f", by way of {others}" if others else ""
                self.problems.add(
                    f'"{name}" opens on its own breach{by_way}, so it never opens.',
                    'Name another standard after "of breach of:".',
                    needs[name][1],
                )
            for name in reversed(path):
                done[name] = ids[name]
        return [standard for standard in done.values() if standard.tested]

    def contradictions(self, standards: list[Standard]) -> None:
        """Two standards that ask the same act in the same period with different numbers, and no reading that settles
        it.
        """
        same: dict[Any, list[Standard]] = {}
        for standard in standards:
            if standard.tested:
                same.setdefault(_asks(standard), []).append(standard)
        for group in same.values():
            for place, one in enumerate(group):
                for other in group[place + 1 :]:
                    if (
                        _numbers(one) == _numbers(other)
                        or _names(one.reading, other.id)
                        or _names(other.reading, one.id)
                        or _apart(one, other)
                    ):
                        continue
                    self.problems.add(
                        f'"{other.id}" and "{one.id}" (line {one.line}) ask the same with different numbers.',
                        f'Correct one of them, or add a "reading:" to this one that names "{one.id}" and says which'
                        " holds.",
                        self.ids[other.id],
                    )


# --- helpers
# -----------------------------------------------------------------------------------------------------------


def _there_already(key: str) -> str:
    """The way out for a strange key whose right one stands beside it."""
    return f'Take this line out: if it means "{key}", that is there already.'


def _values_of(detail: DetailWord) -> str:
    """What may be written as the value of a detail."""
    return {
        "yes or no": "yes or no",
        "a number": 'a figure, or a bound such as "at least 3", "at most 5", "below 90" or "above 3"',
        "a date": "a date such as 2024-03-28",
        "a timescale": 'a timescale such as "6 weeks"',
        "text": "some words",
    }.get(str(detail.values)) or f"one of its words: {', '.join(detail.values)}"


def _bound_meant(said: str) -> str:
    """The bound that a usual phrasing means, or ''."""
    found = re.fullmatch(r"(.+?) ?([0-9]+(?:\.[0-9]+)?)( or more| or fewer| or less)?", " ".join(said.split()).lower())
    behind = re.fullmatch(r"([0-9]+(?:\.[0-9]+)?)(?: (or more|or over|or fewer|or less)|\+)", said.lower())
    if behind:
        return f"{'at most' if behind[2] in ('or fewer', 'or less') else 'at least'} {behind[1]}"
    word = _BOUNDS.get(found[1]) if found else None
    return f"{word} {found[2]}" if found and word else ""


_BOUNDS = {
    "more than": "above",
    "over": "above",
    "greater than": "above",
    "less than": "below",
    "fewer than": "below",
    "under": "below",
    "minimum": "at least",
    "no less than": "at least",
    "no fewer than": "at least",
    "maximum": "at most",
    "no more than": "at most",
    "up to": "at most",
}
_MONTHS = "january february march april may june july august september october november december".split()


def _date_meant(said: str) -> str:
    """The way out for a date that is written another way."""
    parts = re.fullmatch(r"([0-9]{1,2})(?:st|nd|rd|th)?[ ./-]([0-9]{1,2}|[a-z]+)[ ./-]([0-9]{4})", said.lower())
    if parts:
        near = [number for number, name in enumerate(_MONTHS, 1) if len(parts[2]) > 2 and name.startswith(parts[2])]
        month = int(parts[2]) if parts[2].isdigit() else near[0] if near else 0
        try:
            return f'Write "{date(int(parts[3]), month, int(parts[1])).isoformat()}".'
        except ValueError:
            pass
    return "Write year-month-day in figures, as in 2024-03-28."


def _more_than_time(said: str) -> str:
    """The way out for a timescale with its event behind it: "10 working days after the referral"."""
    parts = re.fullmatch(r"(.+?) (of|after|from|following|before|prior to|while|during) (.+)", said)
    if parts is None:
        return ""
    try:
        read_timescale(parts[1])
    except TimescaleError:
        return ""
    if parts[2] in ("before", "prior to"):
        return f'For a time before an event, write "at least: {parts[1]}" and the event after "before:".'
    word = "while" if parts[2] in ("while", "during") else "of"
    return f'Write only "{parts[1]}" here, and the rest on a line of its own: "{word}:".'


def _narrowed(choice: Choice, where: Condition | None) -> Choice:
    """A choice whose every option must also match a condition."""
    if where is None:
        return choice
    return Choice(tuple((name, Condition((*(own.tests if own else ()), *where.tests))) for name, own in choice.options))


#: A list under these keys must hold whole; under any other, one of it serves.
_ALL_OF = ("while", "require")


def _as_written(node: Node, name: str = "") -> str:
    """A value as it is read aloud."""
    if isinstance(node, Text):
        return " ".join(node.value.split())
    if isinstance(node, ListNode):
        return (" and " if name in _ALL_OF else " or ").join(_as_written(item) for item in node.items)
    if (event := node.get("event")) is not None:
        rest = ", ".join(f"{key.value} {_as_written(value)}" for key, value in node.entries if key.value != "event")
        return f"{_as_written(event)}{f' ({rest})' if rest else ''}"
    return " and ".join(f"{key.value}: {_as_written(value)}" for key, value in node.entries)


_FIGURE_WORDS = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen twenty"
)
_FIGURES = {word: number for number, word in enumerate(_FIGURE_WORDS.split())}
_FIGURES |= {word: number for number, word in zip(range(30, 100, 10), "thirty forty fifty sixty".split(), strict=False)}


def _numbers_in(sentence: str) -> set[int]:
    found = {int(figure) for figure in re.findall(r"\d+", sentence)}
    return found | {_FIGURES[word] for word in re.findall(r"[a-z]+", sentence.lower()) if word in _FIGURES}


def _said_otherwise(number: int, unit: str, sentence: str) -> bool:
    """Words that say a number: a year, a fortnight, a quarter, half a year, twice."""
    others = {
        (12, "month"): ("annual", "year"),
        (2, "week"): ("fortnight",),
        (3, "month"): ("quarter",),
        (6, "month"): ("half-year", "half year", "twice a year"),
        (2, "time"): ("twice",),
    }
    return any(word in sentence for word in others.get((number, unit), ()))


def _used_periods(standards: list[Standard]) -> list[Period]:
    """The periods that some standard rests on, once each."""
    found: dict[str, Period] = {}
    for standard in standards:
        periods: list[Period] = []
        if standard.standing is not None:
            periods += [*standard.standing.all_of, *standard.standing.any_of, *standard.standing.none_of]
        for holder in (standard.rule, getattr(standard.rule, "timing", None)):
            periods += [
                value for name in ("period", "paused") if isinstance(value := getattr(holder, name, None), Period)
            ]
        for period in periods:
            found.setdefault(period.key, period)
    return list(found.values())


_ASKED = (
    "expect",
    "of",
    "of each",
    "of turning",
    "before",
    "for each",
    "limit",
    "while",
    "while any of",
    "not while",
    "since",
    "between each",
)
_WHOM = ("if", "unless", "where", "ages", "subject")
_NUMBERS = (
    "within",
    "at least",
    "every",
    "first within",
    "second within",
    "third within",
    "then every",
    "to",
    "by age",
    "recorded within",
    "times",
    "in every",
)


def _asks(standard: Standard) -> Any:
    """What a standard asks, of whom, in which period; its numbers left out. Repeating kinds are one family."""
    words = {name: fold(value) for name, value in standard.words}
    kind = "repeating" if standard.kind in ("frequency", "schedule", "count") else standard.kind
    return (kind, *((name, words.get(name)) for name in (*_ASKED, *_WHOM)))


def _numbers(standard: Standard) -> Any:
    words = dict(standard.words)
    return tuple((name, words.get(name)) for name in _NUMBERS)


def _names(reading: str, standard: str) -> bool:
    return re.search(rf"(?<![\w-]){re.escape(standard)}(?![\w-])", reading) is not None


def _apart(one: Standard, other: Standard) -> bool:
    """Whether two standards are never in force on one day."""

    def before(a: Standard, b: Standard) -> bool:
        return a.in_force_until is not None and b.in_force_from is not None and a.in_force_until < b.in_force_from

    return before(one, other) or before(other, one)
