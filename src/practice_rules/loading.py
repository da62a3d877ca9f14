"""From YAML to a typed pack, or every problem at once, each at its place, in plain words."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping
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
from .problems import Place, Problem, Problems, say_suggestion
from .shapes import COMMON, Kind, Values
from .standards import BIRTH, Change, Choice, Condition, DetailWord, Period, Standard, Standing, Test
from .strict_yaml import ListNode, MapNode, Node, Text, lines_of, read, read_file
from .timescales import Timescale, TimescaleError, read_ages, read_ordinal, read_timescale

__all__ = ["PackError", "check_pack", "data_folder", "find_pack", "load_pack", "pack_names", "read_pack"]

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
    tree, problems = read_file(path)
    try:
        data = path.read_bytes() if tree is not None or not problems else b""
    except OSError:
        data = b""
    shown = path.as_posix()
    return _pack(tree, problems, data, shown, path.stem)


def read_pack_text(text: str, name: str = "pack") -> tuple[Pack | None, list[Problem]]:
    """As `read_pack`, from text."""
    tree, problems = read(text, f"{name}.yaml")
    return _pack(tree, problems, text.encode(), f"{name}.yaml", name)


def _pack(
    tree: MapNode | None, problems: list[Problem], data: bytes, file: str, name: str
) -> tuple[Pack | None, list[Problem]]:
    if tree is None:
        return None, problems
    reading = _Reading(Problems(file, lines_of(data)))
    pack = reading.pack(tree, name, data)
    reading.problems.extend(problems)
    found = reading.problems.in_order()
    return (None if found else pack), found


# --- the words of a pack
# -----------------------------------------------------------------------------------------------


@dataclass
class _Words:
    """What may be named: events, periods and details by folded name."""

    events: dict[str, EventWord] = field(default_factory=dict)
    periods: dict[str, Period] = field(default_factory=dict)
    details: dict[str, DetailWord] = field(default_factory=dict)


@lru_cache(maxsize=1)
def _shared_words() -> tuple[_Words, str]:
    """The shared vocabulary and the hash of its file.

    Raises:
        PackError: the vocabulary itself is wrong.
    """
    path = data_folder("standards") / f"{_SHARED}.yaml"
    tree, problems = read_file(path)
    data = path.read_bytes() if path.is_file() else b""
    reading = _Reading(Problems(path.as_posix(), lines_of(data)))
    if tree is not None:
        reading.keys(tree, ("title", "details", "events", "periods"), (), "the vocabulary")
        reading.own_words(tree)
    if problems or reading.problems:
        raise PackError([*problems, *reading.problems.in_order()])
    return reading.words, hashlib.sha256(data).hexdigest()


def vocabulary_problems() -> list[Problem]:
    """Every problem of the shared vocabulary."""
    try:
        _shared_words()
    except PackError as error:
        return error.problems
    return []


# Usual phrasings, understood well enough to be answered.
_USUAL_KEYS = {
    "no later than": "within",
    "not later than": "within",
    "deadline": "within",
    "timescale": "within",
    "due": "within",
    "within days": "within",
    "at least every": "every",
    "frequency": "every",
    "at a minimum of": "every",
    "minimum": "every",
    "repeat": "every",
    "during": "while",
    "as long as": "while",
    "period": "while",
    "when": "if",
    "where child": "if",
    "condition": "if",
    "conditions": "if",
    "only if": "if",
    "except": "unless",
    "except when": "unless",
    "exception": "unless",
    "after": "of",
    "trigger": "of",
    "following": "of",
    "start": "of",
    "since event": "of",
    "action": "expect",
    "act": "expect",
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
    "reference": "source",
    "citation": "source",
    "note": "reading",
    "notes": "reading",
    "comment": "reading",
    "interpretation": "reading",
    "age": "ages",
    "target": "aim",
    "untested": "not tested",
    "not testable": "not tested",
    "evidence": "require",
    "requires": "require",
    "required": "require",
    "recorded": "recorded within",
    "for every": "for each",
    "each": "for each",
    "prior to": "before",
    "percentage": "share",
    "percent": "share",
    "max": "to",
    "maximum": "to",
    "who": "subject",
    "extended": "extended by",
    "varied": "varied by",
    "paused": "paused by",
    "then": "then every",
    "by": "by age",
    "turning": "of turning",
}


class _Reading:
    """Reads one file's tree into typed values, and notes every problem on the way."""

    def __init__(self, problems: Problems) -> None:
        self.problems = problems
        self.words = _Words()
        self.own: set[str] = set()
        self.hours_at: Place | None = None
        self.terms_at: Place | None = None
        self.breach_names: list[tuple[str, str, Place]] = []
        self.by_timing = {word: kind for kind in KINDS for word in kind.timing}
        self.standard_keys = {item.name for item in COMMON} | {item.name for kind in KINDS for item in kind.fields}
        self.standard_keys |= {"share", "not tested"}
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
            "standard id": self.standard_id,
            "date": self.day,
            "day one": self.day_one,
            "roll": self.roll,
        }
        self.documents: dict[str, Document] = {}

    # --- nodes

    def wrong(self, node: Node | Text, message: str, way_out: str = "") -> None:
        self.problems.add(message, way_out, node.place)

    def map(self, node: Node, what: str, example: str) -> MapNode | None:
        if isinstance(node, MapNode):
            return node
        found = "a list" if isinstance(node, ListNode) else "nothing" if node.value == "" else "a line of text"
        self.wrong(node, f"Here I need {what} by name, and found {found}.", f"Write lines such as: {example}")
        return None

    def text(self, node: Node, *, prose: bool = False) -> str | None:
        """A line of text; prose may run over several lines."""
        if not isinstance(node, Text):
            found = "a list" if isinstance(node, ListNode) else "several lines with keys"
            self.wrong(
                node, f"Here I need one line of text, and found {found}.", "Write it on the same line as the key."
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

    def keys(self, node: MapNode, allowed: tuple[str, ...], needed: tuple[str, ...], what: str) -> None:
        """Unknown and missing keys of a map."""
        for key, _ in node.entries:
            if key.value not in allowed:
                way_out = say_suggestion(key.value, allowed) or f"The keys of {what} are: {', '.join(allowed)}."
                self.wrong(key, f'I don\'t know the key "{key.value}" in {what}.', way_out)
        for name in needed:
            if node.get(name) is None:
                self.wrong(node, f'"{name}" is missing in {what}.', f'Add a line "{name}: …".')

    # --- the top

    def pack(self, tree: MapNode, name: str, data: bytes) -> Pack | None:
        top = (
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
        self.keys(tree, top, ("authority", "title", "documents", "working days", "day one", "standards"), "a pack")
        read: dict[str, str] = {}
        for key in ("authority", "title"):
            node = tree.get(key)
            read[key] = "" if node is None else self.text(node) or ""
        digest = hashlib.sha256(data)
        vocabulary = tree.get("vocabulary")
        if vocabulary is not None:
            said = self.text(vocabulary)
            if said == "shared":
                words, shared = _shared_words()
                self.words = _Words(dict(words.events), dict(words.periods), dict(words.details))
                digest.update(shared.encode())
            elif said is not None:
                self.wrong(
                    vocabulary,
                    f'I don\'t know the vocabulary "{said}".',
                    'Write "vocabulary: shared", or take the line out.',
                )
        if (node := tree.get("working days")) is not None and (said := self.text(node)) not in (None, WORKING_DAYS):
            self.wrong(node, "I don't know these working days.", f'Write "{WORKING_DAYS}".')
        itself = bool(self.day_one(node)) if (node := tree.get("day one")) is not None else False
        roll = bool(self.roll(node)) if (node := tree.get("if not a working day")) is not None else False
        hours = ""
        if (node := tree.get("hours without times")) is not None:
            hours = self.one_of(node, ("by date", "not assessed"), "hours without times") or ""
        closed = self.dates(tree.get("closed"))
        terms = self.terms(tree.get("terms"))
        self.read_documents(tree.get("documents"))
        self.own_words(tree)
        standards = self.standards(tree.get("standards"), itself, roll, hours != "not assessed")
        if self.hours_at is not None and not hours:
            self.problems.add(
                "This limit is in hours, and the pack does not say how hours are judged when a record has dates only.",
                'Add "hours without times: by date" (or "not assessed") at the top.',
                self.hours_at,
            )
        if self.terms_at is not None and not terms:
            self.problems.add(
                "This needs school terms, and the pack lists none.",
                'Add "terms:" at the top, each with name, starts and ends.',
                self.terms_at,
            )
        standards = self.superseded(standards)
        order = self.judging_order(standards)
        self.contradictions(standards)
        if self.problems:
            return None
        return Pack(
            name=name,
            authority=read["authority"],
            title=read["title"],
            documents=self.documents,
            standards=tuple(standards),
            events=self.words.events,
            periods=self.words.periods,
            details=self.words.details,
            calendar=Calendar(closed),
            terms=terms,
            itself=itself,
            roll=roll,
            hours_without_times=hours,
            closed=tuple(closed),
            digest=digest.hexdigest(),
            order=tuple(order),
            feeds=frozenset(target for _, target, _ in self.breach_names),
            used_periods=tuple(_used_periods(standards)),
            own_words=frozenset(self.own),
        )

    def one_of(self, node: Node, allowed: tuple[str, ...], what: str) -> str | None:
        said = self.text(node)
        if said is None or said in allowed:
            return said
        choices = " or ".join(f'"{word}"' for word in allowed) if len(allowed) < 4 else ", ".join(allowed)
        self.wrong(node, f'I don\'t know "{said}" for "{what}".', say_suggestion(said, allowed) or f"Write {choices}.")
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
            if not re.fullmatch(r"\d{4}-\d\d-\d\d", said):
                raise ValueError
            found = date.fromisoformat(said)
        except ValueError:
            self.wrong(node, f'"{said}" is not a date.', "Write year-month-day with figures, as in 2024-03-28.")
            return None
        if not FIRST_DAY <= found.toordinal() <= LAST_DAY:
            self.wrong(node, f'"{said}" is outside the years that can be judged.', "Check the year.")
            return None
        return found

    def dates(self, node: Node | None) -> list[date]:
        if node is None:
            return []
        if not isinstance(node, ListNode):
            self.wrong(node, "Here I need a list of dates.", "Write [2024-12-27, 2024-12-30].")
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
        if not isinstance(node, ListNode):
            self.wrong(
                node,
                "Here I need a list of terms.",
                "Write - {name: Autumn 2024, starts: 2024-09-02, ends: 2024-12-20}",
            )
            return []
        found: list[tuple[str, int, int]] = []
        for item in node.items:
            term = self.map(item, "a term's name and dates", "name: Autumn 2024")
            if term is None:
                continue
            self.keys(term, ("name", "starts", "ends"), ("name", "starts", "ends"), "a term")
            name, starts, ends = (term.get(key) for key in ("name", "starts", "ends"))
            if name is None or starts is None or ends is None:
                continue
            said, first, last = self.text(name), self.day(starts), self.day(ends)
            if said is None or first is None or last is None:
                continue
            if last <= first:
                self.wrong(ends, "The term ends before it starts.", "Check both dates.")
            elif found and first.toordinal() <= found[-1][2]:
                self.wrong(starts, "This term starts before the one above it has ended.", "List the terms in order.")
            else:
                found.append((said, first.toordinal(), last.toordinal()))
        return found

    def read_documents(self, node: Node | None) -> None:
        if node is None:
            return
        documents = self.map(node, "documents", "standards: {title: Practice Standards}")
        for key, value in documents.entries if documents else ():
            entry = self.map(value, "a document's title", "title: Practice Standards")
            if entry is None:
                continue
            self.keys(entry, ("title", "edition", "published", "url"), ("title",), "a document")
            read = {
                name: self.text(item) or ""
                for name in ("title", "edition", "url")
                if (item := entry.get(name)) is not None
            }
            if (published := entry.get("published")) is not None:
                day = self.day(published)
                read["published"] = day.isoformat() if day else ""
            self.documents[key.value] = Document(key.value, read.pop("title", ""), **read)
        if documents is not None and not documents.entries:
            self.wrong(
                documents, "There is no document.", 'Add a line such as "standards: {title: Practice Standards}".'
            )

    # --- details, events, periods

    def own_words(self, tree: MapNode) -> None:
        self.own_details(tree.get("details"))
        self.own_events(tree.get("events"))
        self.own_periods(tree.get("periods"))

    def taken(self, key: Text, known: Mapping[str, Any], what: str) -> str | None:
        """The folded name of a declaration, unless it is taken."""
        name = fold(key.value)
        if not name:
            self.wrong(key, f"This {what} has no name.", "Write a name before the colon.")
            return None
        if name in known or (what == "event" and name == BIRTH):
            shared = "the shared vocabulary has it" if name not in self.own else "it is declared above"
            self.wrong(
                key,
                f'The {what} "{key.value}" is there already: {shared}.',
                "Take this line out, or choose another name.",
            )
            return None
        self.own.add(name)
        return name

    def own_details(self, node: Node | None) -> None:
        details = None if node is None else self.map(node, "details", "seen alone: {means: …, values: yes or no}")
        for key, value in details.entries if details else ():
            name = self.taken(key, self.words.details, "detail")
            entry = self.map(
                value, "a detail's meaning and values", "{means: Whether the child was seen., values: yes or no}"
            )
            if name is None or entry is None:
                continue
            self.keys(entry, ("means", "values", "unless said"), ("means", "values"), "a detail")
            means = self.prose(item) if (item := entry.get("means")) is not None else ""
            values: str | tuple[str, ...] | None = None
            if isinstance(item := entry.get("values"), ListNode):
                said = [self.text(word) for word in item.items]
                values = tuple(fold(word) for word in said if word)
            elif item is not None:
                values = self.one_of(item, VALUES, "values")
            if values is None or means is None:
                continue
            word = DetailWord(name, means, values)
            if (item := entry.get("unless said")) is not None and (default := self.text(item)) is not None:
                try:
                    word.read(default)
                    word = replace(word, unless_said=default)
                except (ValueError, TimescaleError):
                    self.wrong(item, f'"{default}" is not a value of "{key.value}".', "Write one of its values.")
            self.words.details[name] = word

    def own_events(self, node: Node | None) -> None:
        events = None if node is None else self.map(node, "events", "child visited: A worker visits the child.")
        for key, value in events.entries if events else ():
            name = self.taken(key, self.words.events, "event")
            if isinstance(value, MapNode):
                self.keys(value, ("means", "details"), ("means",), "an event")
                means = self.prose(item) if (item := value.get("means")) is not None else ""
                details = self.detail_names(value.get("details"))
            else:
                means, details = self.prose(value), ()
            if name is not None and means is not None:
                self.words.events[name] = EventWord(key.value, means, details)

    def detail_names(self, node: Node | None) -> tuple[str, ...]:
        if node is None:
            return ()
        items = node.items if isinstance(node, ListNode) else [node]
        found = [self.detail(item) for item in items]
        return tuple(word.key for word in found if word is not None)

    def own_periods(self, node: Node | None) -> None:
        periods = (
            None
            if node is None
            else self.map(node, "periods", "open case: {means: …, starts: case opened, ends: case closed}")
        )
        for key, value in periods.entries if periods else ():
            name = self.taken(key, self.words.periods, "period")
            entry = self.map(value, "a period's start and end", "{means: …, starts: case opened, ends: case closed}")
            if name is None or entry is None:
                continue
            self.keys(entry, ("means", "starts", "ends", "until", "where"), ("means", "starts"), "a period")
            means = self.prose(item) if (item := entry.get("means")) is not None else ""
            starts, ends, until = (
                self.choice(item) if (item := entry.get(word)) is not None else None
                for word in ("starts", "ends", "until")
            )
            where = self.condition(item) if (item := entry.get("where")) is not None else None
            if entry.get("ends") is None and entry.get("until") is None:
                self.wrong(key, f'The period "{key.value}" never ends.', 'Add "ends:" or "until:" with an event.')
            elif starts is not None and means is not None:
                self.words.periods[name] = Period(name, means, _narrowed(starts, where), ends, until)

    # --- names

    def named(self, node: Node, known: Mapping[str, Any], what: str, heading: str, names: list[str]) -> str | None:
        said = self.text(node)
        if said is None:
            return None
        name = fold(said)
        if name in known:
            return name
        guess = say_suggestion(said, names)
        add = (
            f'Or add it under "{heading}:" at the top.'
            if guess
            else f'Add it under "{heading}:" at the top, or check its spelling.'
        )
        self.wrong(node, f'I don\'t know the {what} "{said}".', f"{guess} {add}".strip())
        return None

    def event(self, node: Node) -> str | None:
        if isinstance(node, Text) and fold(node.value) == BIRTH:
            return BIRTH
        return self.named(
            node, self.words.events, "event", "events", [word.name for word in self.words.events.values()]
        )

    def detail(self, node: Node) -> DetailWord | None:
        name = self.named(node, self.words.details, "detail", "details", list(self.words.details))
        return None if name is None else self.words.details[name]

    def period(self, node: Node) -> Period | None:
        name = self.named(node, self.words.periods, "period", "periods", list(self.words.periods))
        return None if name is None else self.words.periods[name]

    def periods(self, node: Node) -> tuple[Period, ...] | None:
        found = [self.period(item) for item in (node.items if isinstance(node, ListNode) else [node])]
        return None if None in found else tuple(period for period in found if period is not None)

    def choice(self, node: Node) -> Choice | None:
        items = node.items if isinstance(node, ListNode) else [node]
        if not items:
            self.wrong(node, "This list is empty.", "Name at least one event.")
            return None
        options: list[tuple[str, Condition | None]] = []
        for item in items:
            where: Condition | None = None
            named: Node | None = item
            if isinstance(item, MapNode):
                self.keys(item, ("event", "where"), ("event",), "an event with conditions")
                named = item.get("event")
                condition = item.get("where")
                where = None if condition is None else self.condition(condition)
            name = None if named is None else self.event(named)
            if name is None:
                continue
            if (name, where) in options:
                self.wrong(item, "This event is in the list already.", "Take one out.")
            options.append((name, where))
        return Choice(tuple(options)) if len(options) == len(items) else None

    # --- conditions

    def condition(self, node: Node) -> Condition | None:
        entries = self.map(node, "conditions", "seen alone: no")
        if entries is None:
            return None
        tests = [self.test(key, value) for key, value in entries.entries]
        if not tests:
            self.wrong(node, "There is no condition here.", "Write {seen alone: no}, or take the line out.")
        found = tuple(test for test in tests if test is not None)
        return Condition(found) if found and len(found) == len(tests) else None

    def condition_or_choice(self, node: Node) -> Condition | Choice | None:
        if isinstance(node, MapNode) and node.get("event") is None:
            return self.condition(node)
        return self.choice(node)

    def requirement(self, node: Node) -> Condition | None:
        if isinstance(node, MapNode):
            return self.condition(node)
        items = node.items if isinstance(node, ListNode) else [node]
        found = [self.detail(item) for item in items]
        if not items:
            self.wrong(node, "This list is empty.", "Name at least one detail.")
        words = [word for word in found if word is not None]
        if not words or len(words) != len(found):
            return None
        return Condition(tuple(Test(word, "present", (), "present") for word in words))

    def test(self, key: Text, node: Node) -> Test | None:
        detail = self.detail(key)
        if isinstance(node, ListNode):
            said = [self.text(item) for item in node.items]
            nodes: list[Node] = list(node.items)
        else:
            said, nodes = [self.text(node)], [node]
        if detail is None or None in said:
            return None
        if len(said) == 1:
            if said[0] in ("present", "absent"):
                return Test(detail, said[0] or "", (), said[0] or "")
            bound = re.fullmatch(r"(at least|at most|below|above) (\d+(?:\.\d+)?)", said[0] or "")
            if bound:
                if detail.values != "a number":
                    self.wrong(node, f'"{detail.key}" is not a number.', "Compare it with one of its values.")
                    return None
                return Test(detail, bound[1], (float(bound[2]),), said[0] or "")
        wanted: list[bool | float | str] = []
        for word, place in zip(said, nodes, strict=True):
            try:
                value = detail.read(word)
            except (ValueError, TimescaleError):
                values = detail.values if isinstance(detail.values, str) else ", ".join(detail.values)
                guess = say_suggestion(word or "", detail.values) if isinstance(detail.values, tuple) else ""
                self.wrong(
                    place,
                    f'"{word}" is not a value of "{detail.key}".',
                    guess or f"Its values are: {values}; or present, absent.",
                )
                return None
            if value is not None:
                wanted.append(value)
        return Test(detail, "is", tuple(wanted), " or ".join(word or "" for word in said))

    # --- timescales and figures

    def timescale(self, node: Node) -> Timescale | None:
        said = self.text(node)
        if said is None:
            return None
        try:
            found = read_timescale(said)
        except TimescaleError as error:
            self.wrong(node, str(error), error.way_out)
            return None
        if found.clear:
            self.wrong(
                node, "Clear days are for counting back.", 'Use "clear" only after "at least", or write plain days.'
            )
            return None
        if found.hours and self.hours_at is None:
            self.hours_at = node.place
        return found

    def days_timescale(self, node: Node) -> Timescale | None:
        found = self.timescale(node)
        if found is not None and found.hours:
            self.wrong(node, "A period has no hours.", "Write it in days.")
            return None
        return found

    def lead(self, node: Node) -> Timescale | None:
        if isinstance(node, Text) and "clear" in node.value:
            try:
                return read_timescale(node.value.strip())
            except TimescaleError as error:
                self.wrong(node, str(error), error.way_out)
                return None
        return self.timescale(node)

    def timescale_or_term(self, node: Node) -> Timescale | str | None:
        if isinstance(node, Text) and node.value.strip() in ("term", "whole term"):
            self.terms_at = self.terms_at or node.place
            return node.value.strip()
        return self.timescale(node)

    def window(self, node: Node) -> Timescale | str | int | None:
        if isinstance(node, Text) and (events := re.fullmatch(r"([1-9]\d?) events", node.value.strip())):
            return int(events[1])
        return self.timescale_or_term(node)

    def age(self, node: Node) -> Timescale | None:
        found = self.timescale(node)
        if found is not None and (not found.months or found.days):
            self.wrong(
                node, f'"{found}" is not an age.', 'Write it in years, or years and months: "15 years 6 months".'
            )
            return None
        return found

    def ages(self, node: Node) -> Any:
        return self.tried(node, read_ages)

    def ordinal(self, node: Node) -> int | None:
        found = self.tried(node, read_ordinal)
        return found if isinstance(found, int) else None

    def tried(self, node: Node, reader: Callable[[str], Any]) -> Any:
        said = self.text(node)
        if said is None:
            return None
        try:
            return reader(said)
        except TimescaleError as error:
            self.wrong(node, str(error), error.way_out)
            return None

    def count(self, node: Node) -> int | None:
        said = self.text(node)
        if said is None:
            return None
        if re.fullmatch(r"[1-9]\d?", said):
            return int(said)
        self.wrong(node, f'"{said}" is not a number of times.', "Write a figure from 1 to 99.")
        return None

    def standard_id(self, node: Node) -> str | None:
        return self.text(node)

    def change(self, node: Node) -> Change | None:
        if not isinstance(node, MapNode):
            choice = self.choice(node)
            return None if choice is None else Change(choice)
        self.keys(node, ("event", "authorised by", "at most", "to"), ("event",), "a change")
        event = self.choice(item) if (item := node.get("event")) is not None else None
        roles: tuple[str, ...] = ()
        if (item := node.get("authorised by")) is not None:
            said = [self.text(role) for role in (item.items if isinstance(item, ListNode) else [item])]
            roles = tuple(fold(role) for role in said if role)
        limits = [self.timescale(item) for word in ("at most", "to") if (item := node.get(word)) is not None]
        return None if event is None else Change(event, roles, limits[0] if limits else None)

    def source(self, node: Node) -> Source | None:
        entry = self.map(node, "the source", 'section: "Visits / 1"')
        if entry is None:
            return None
        self.keys(entry, ("document", "section", "words"), ("section", "words"), "a source")
        document = ""
        if (item := entry.get("document")) is not None:
            document = self.text(item) or ""
            if document and document not in self.documents:
                self.wrong(
                    item,
                    f'I don\'t know the document "{document}".',
                    say_suggestion(document, self.documents) or 'Add it under "documents:".',
                )
        elif len(self.documents) == 1:
            document = next(iter(self.documents))
        elif self.documents:
            self.wrong(
                entry, "The pack has several documents, and this does not say which.", 'Add "document:" to the source.'
            )
        section = self.text(item) if (item := entry.get("section")) is not None else None
        words = self.text(item) if (item := entry.get("words")) is not None else None
        if words is not None and item is not None and not 3 <= len(words.split()) <= 15:
            self.wrong(
                item,
                f"The words of a source are three to fifteen; these are {len(words.split())}.",
                "Give the shortest run that locates the clause.",
            )
        return Source(document, section or "", words or "")

    # --- standards

    def standards(self, node: Node | None, itself: bool, roll: bool, by_date: bool) -> list[Standard]:
        entries = None if node is None else self.map(node, "standards", "child-protection-visits:")
        found: list[Standard] = []
        if entries is not None and not entries.entries:
            self.wrong(entries, "The pack has no standard.", "Add the first one.")
        for key, value in entries.entries if entries else ():
            if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", key.value):
                tidy = re.sub(r"[^a-z0-9]+", "-", key.value.lower()).strip("-")
                self.wrong(
                    key,
                    f'"{key.value}" is not the id of a standard.',
                    f'Write lower-case words joined by hyphens: "{tidy or "my-standard"}".',
                )
            entry = self.map(value, "a standard's keys", "says: …")
            if entry is not None:
                standard = self.standard(key, entry, len(found), itself, roll, by_date)
                if standard is not None:
                    found.append(standard)
        ids = {standard.id for standard in found} | {key.value for key, _ in (entries.entries if entries else ())}
        for _, target, place in self.breach_names:
            if target not in ids:
                way_out = say_suggestion(target, ids) or "Name the id of another standard of this pack."
                self.problems.add(f'I don\'t know the standard "{target}".', way_out, place)
        return found

    def kind_of(self, key: Text, entry: MapNode) -> Kind | None:
        """The kind by its timing word; of several, `times` may have `within` beside it."""
        words = [name for name, _ in entry.entries if name.value in self.by_timing]
        kinds = {self.by_timing[word.value].name: word for word in words}
        if "count" in kinds and "deadline" in kinds:
            kinds.pop("deadline")
        if len(kinds) > 1:
            first, second = list(kinds.values())[:2]
            self.wrong(
                second,
                f'"{first.value}" and "{second.value}" are two timing words; a standard has one.',
                "Make two standards of it, or take one out.",
            )
            return None
        if not kinds:
            listed = ", ".join(word for kind in KINDS for word in kind.timing)
            self.wrong(
                key,
                "This standard has no timing word, so nothing says what kind it is.",
                f'Add one of: {listed}; or "not tested".',
            )
            return None
        return next(kind for kind in KINDS if kind.name in kinds)

    def standard(
        self, key: Text, entry: MapNode, number: int, itself: bool, roll: bool, by_date: bool
    ) -> Standard | None:
        before = len(self.problems)
        untested, share = entry.get("not tested"), entry.get("share")
        kind: Kind | None = None
        if untested is None:
            kind = self.kind_of(key, entry)
        allowed = {item.name: item for item in COMMON}
        if kind is not None:
            allowed |= {item.name: item for item in kind.fields}
        values: dict[str, Any] = {}
        for name, node in entry.entries:
            if name.value in ("not tested", "share"):
                continue
            item = allowed.get(name.value)
            if item is None:
                if not (kind is None and untested is None and name.value in self.standard_keys):
                    self.strange_key(name, kind, untested is not None)
                continue
            value = self.readers[item.type](node)
            values[name.value] = value
            if item.type == "standard id" and name.value == "of breach of" and value is not None:
                self.breach_names.append((key.value, value, node.place))
        needed = [item.name for item in COMMON if item.needed] + (
            [item.name for item in kind.fields if item.needed] if kind else []
        )
        for name_ in needed:
            if entry.get(name_) is None:
                what = (
                    f'A standard with "{kind.timing[0]}"' if kind and name_ not in ("says", "source") else "A standard"
                )
                self.wrong(key, f'"{name_}" is missing. {what} needs it.', f'Add a line "{name_}: …".')
        if kind is not None and kind.period and not any(entry.get(word) for word in ("while", "while any of")):
            self.wrong(key, f"A {kind.name} needs a period in which it runs.", 'Add "while:" with the period.')
        reason = "" if untested is None else self.prose(untested) or ""
        percent = None if share is None else self.percent(share)
        if len(self.problems) > before or (kind is None and untested is None):
            return None
        read = Values(
            {name: value for name, value in values.items() if value is not None},
            values["day one"] if values.get("day one") is not None else itself,
            values["if not a working day"] if values.get("if not a working day") is not None else roll,
            by_date,
        )
        if kind is not None:
            self.check_standard(key, entry, kind, read)
        if len(self.problems) > before:
            return None
        standard = self.build(key, entry, number, kind, read, reason, percent)
        self.numbers_said(entry, standard, kind)
        return standard

    def strange_key(self, name: Text, kind: Kind | None, untested: bool) -> None:
        word = name.value
        if word in self.standard_keys:
            homes = [other.name for other in KINDS if any(item.name == word for item in other.fields)]
            if untested:
                self.wrong(
                    name,
                    f'"{word}" does not go with "not tested".',
                    "Take one of them out: a standard is tested or it is not.",
                )
            elif kind is not None:
                tip = f"It goes with: {', '.join(homes)}."
                if word == "where" and kind.name in ("recording", "evidence"):
                    tip = 'Write "if:" for conditions on the event.'
                self.wrong(name, f'"{word}" does not go with "{kind.timing[0]}" (a {kind.name} standard).', tip)
            return
        usual = _USUAL_KEYS.get(fold(word))
        if usual is not None:
            self.wrong(name, f'I don\'t know the key "{word}".', f'Write "{usual}:".')
        else:
            self.wrong(
                name,
                f'I don\'t know the key "{word}".',
                say_suggestion(word, self.standard_keys) or "The reference lists the keys of each kind.",
            )

    def percent(self, node: Node) -> int | None:
        said = self.text(node)
        if said is None:
            return None
        if (found := re.fullmatch(r"(\d{1,3})%", said)) and 0 < int(found[1]) <= 100:
            return int(found[1])
        self.wrong(node, f'"{said}" is not a share.', 'Write a whole number and a per cent sign: "80%".')
        return None

    def check_standard(self, key: Text, entry: MapNode, kind: Kind, read: Values) -> None:
        """What is wrong between the keys of one standard."""
        places = {name.value: name for name, _ in entry.entries}
        for word, message, way_out in kind.check(read):
            self.wrong(places.get(word, key), message, way_out)
        start, stop = read.get("from"), read.get("until")
        if start is not None and stop is not None and stop < start:
            self.wrong(places["until"], "It is over before it is in force.", 'Check "from" and "until".')
        if read.get("replaces") is not None and start is None:
            self.wrong(
                places["replaces"], '"replaces" needs the day from which it takes over.', 'Add "from: 2024-04-01".'
            )
        for word in ("varied by", "extended by"):
            change, node = read.get(word), entry.get(word)
            if change is not None and isinstance(node, MapNode):
                strange = "to" if word == "varied by" else "at most"
                if node.get(strange) is not None:
                    right = "at most" if word == "varied by" else "to"
                    self.wrong(
                        places[word], f'"{word}" has no "{strange}".', f'Write "{right}:" for how far it may go.'
                    )
        timed = next((read.get(word) for word in kind.timing if isinstance(read.get(word), Timescale)), None)
        if timed is not None and timed.hours and read.get("paused by") is not None:
            self.wrong(places["paused by"], '"paused by" does not go with hours.', "Write the limit in days.")
        aim = read.get("aim")
        limit = read.get("at least") or timed or read.get("to")
        if isinstance(aim, Timescale) and isinstance(limit, Timescale):
            tighter = aim.size > limit.size if kind.name == "lead time" else aim.size < limit.size
            if not tighter:
                self.wrong(
                    places["aim"],
                    f'The target "{aim}" is no tighter than the limit "{limit}".',
                    "A target lies inside its limit; check both.",
                )
        by_age = read.get("of turning") or read.get("by age") or read.get("before age")
        if by_age is not None and read.get("subject") not in (None, "child"):
            self.wrong(key, "Only a child has birthdays here.", 'Take "subject:" out, or use an event.')

    def build(
        self, key: Text, entry: MapNode, number: int, kind: Kind | None, read: Values, reason: str, share: int | None
    ) -> Standard:
        values = dict(read.read)
        if values.get("where") is not None:
            values["expect"] = _narrowed(values["expect"], values["where"])
        if values.get("extended by") is not None:
            values["extended by"] = replace(values["extended by"], lasting=False)
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
            words=tuple((name.value, _as_written(node)) for name, node in entry.entries),
        )

    def numbers_said(self, entry: MapNode, standard: Standard, kind: Kind | None) -> None:
        """Every number of the rule stands in `says`, so that the sentence and the rule cannot drift apart."""
        node = entry.get("says")
        if kind is None or node is None:
            return
        said = _numbers_in(standard.says)
        for name, value in standard.words:
            if name in (
                "says",
                "source",
                "reading",
                "from",
                "until",
                "if",
                "unless",
                "where",
                "varied by",
                "extended by",
                "replaces",
            ):
                continue
            for figure, unit in re.findall(r"(\d+) ([a-z]+)", value):
                number = int(figure)
                if number > 1 and number not in said and not _said_otherwise(number, unit, standard.says.lower()):
                    self.wrong(
                        node,
                        f'The sentence does not say the {figure} {unit} of "{name}".',
                        "Write every number of the rule in the sentence.",
                    )

    # --- between standards

    def superseded(self, standards: list[Standard]) -> list[Standard]:
        """Each replaced standard ends on the day before the other takes over."""
        ids = {standard.id: standard for standard in standards}
        for standard in list(ids.values()):
            if standard.replaces is None:
                continue
            old = ids.get(standard.replaces)
            if old is None or old is standard:
                way_out = say_suggestion(standard.replaces, ids) or "Name the id of another standard of this pack."
                place = Place(standard.line, 1)
                self.problems.add(
                    f'"{standard.id}" replaces "{standard.replaces}", which is not there.', way_out, place
                )
                continue
            assert standard.in_force_from is not None
            last = standard.in_force_from - 1
            ids[old.id] = replace(
                old, in_force_until=last if old.in_force_until is None else min(last, old.in_force_until)
            )
        return [ids[standard.id] for standard in standards]

    def judging_order(self, standards: list[Standard]) -> list[Standard]:
        """The tested standards, each after the one whose breach opens it."""
        needs = {name: target for name, target, _ in self.breach_names}
        ids = {standard.id: standard for standard in standards}
        done: dict[str, Standard] = {}
        for standard in standards:
            path: list[str] = []
            name: str | None = standard.id
            while name is not None and name in ids and name not in done:
                if name in path:
                    place = next(place for other, _, place in self.breach_names if other == name)
                    self.problems.add(
                        f'"{name}" opens on its own breach, by way of others.', "Break the circle.", place
                    )
                    return []
                path.append(name)
                name = needs.get(name)
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
                    ):
                        continue
                    if _apart(one, other):
                        continue
                    self.problems.add(
                        f'"{other.id}" and "{one.id}" (line {one.line}) ask the same with different numbers.',
                        f'Add a "reading:" to one of them that names the other and says which holds: "{one.id}".',
                        Place(other.line, 3, len(other.id)),
                    )


# --- helpers
# -----------------------------------------------------------------------------------------------------------


def _narrowed(choice: Choice, where: Condition | None) -> Choice:
    """A choice whose every option must also match a condition."""
    if where is None:
        return choice
    return Choice(tuple((name, Condition((*(own.tests if own else ()), *where.tests))) for name, own in choice.options))


def _as_written(node: Node) -> str:
    """A value as it is read aloud."""
    if isinstance(node, Text):
        return " ".join(node.value.split())
    if isinstance(node, ListNode):
        return " or ".join(_as_written(item) for item in node.items)
    if (event := node.get("event")) is not None:
        rest = ", ".join(f"{key.value} {_as_written(value)}" for key, value in node.entries if key.value != "event")
        return f"{_as_written(event)}{f' ({rest})' if rest else ''}"
    return " and ".join(f"{key.value}: {_as_written(value)}" for key, value in node.entries)


_FIGURE_WORDS = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen twenty"
)
_FIGURES = {word: number for number, word in enumerate(_FIGURE_WORDS.split())}


def _numbers_in(sentence: str) -> set[int]:
    found = {int(figure) for figure in re.findall(r"\d+", sentence)}
    return found | {_FIGURES[word] for word in re.findall(r"[a-z]+", sentence.lower()) if word in _FIGURES}


def _said_otherwise(number: int, unit: str, sentence: str) -> bool:
    """Words that say a number: a year, a fortnight, a quarter, half a year, a day of 24 hours."""
    others = {
        (12, "month"): ("annual", "year"),
        (2, "week"): ("fortnight",),
        (3, "month"): ("quarter",),
        (6, "month"): ("half-year", "half year", "twice a year"),
        (2, "time"): ("twice",),
    }
    return any(word in sentence for word in others.get((number, unit.removesuffix("s")), ()))


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
