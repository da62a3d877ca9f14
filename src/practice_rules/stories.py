"""Stories: short example histories in YAML with the outcomes they must have, for policy officers and tests alike."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from .evaluating import evaluate
from .events import Detail, Event, History, HistoryError
from .loading import data_folder
from .obligations import NotAssessed, Obligation, Status
from .pack import Pack
from .problems import Problem, Problems, say_suggestion
from .strict_yaml import ListNode, MapNode, Node, Text, lines_of, read_file

__all__ = ["Expected", "Story", "StoryResult", "read_stories", "run_stories", "stories_of"]

Moment = date | datetime
_KEYS = ("story", "standard", "subject", "born", "facts", "events", "as of", "known at", "expect")
_EVENT_KEYS = ("id", "about", "recorded", "cancelled")
_CLAIMS = ("opened", "due", "done", "target")


@dataclass(frozen=True, slots=True)
class Expected:
    """One line of `expect`: a status, and what must be true of the outcome.

    Attributes:
        status: the status.
        claims: what must hold, by name: opened, due, done, target.
        missing: the missing fact, for `not assessed`.
    """

    status: Status
    claims: tuple[tuple[str, Moment], ...] = ()
    missing: str = ""

    def __str__(self) -> str:
        told = ", ".join(f"{name} {_say(value)}" for name, value in self.claims) or self.missing
        return f"{self.status}{f': {told}' if told else ''}"


@dataclass(frozen=True, slots=True)
class Story:
    """One example history, put to one standard.

    Attributes:
        name: what the story tells.
        standard: the id of the standard it tests.
        history: the example history.
        as_of: the moment of judging.
        known_at: what had been recorded by then; as_of unless given.
        expect: every outcome of the standard, in due order.
        line: where it stands in the file.
    """

    name: str
    standard: str
    history: History
    as_of: Moment
    known_at: Moment | None
    expect: tuple[Expected, ...]
    line: int


@dataclass(frozen=True, slots=True)
class StoryResult:
    """What became of a story: whether it passed, and expected and found outcomes as lines."""

    story: Story
    passed: bool
    lines: list[str]


def stories_of(pack: str) -> Path:
    """The file of a shipped pack's stories."""
    return data_folder("standards") / "stories" / f"{pack}.yaml"


def read_stories(path: str | Path, pack: Pack) -> tuple[list[Story], list[Problem]]:
    """The stories of a file, and every problem in it, each with its place."""
    tree, problems = read_file(path)
    data = Path(path).read_bytes() if tree is not None else b""
    reading = _Reading(Problems(Path(path).as_posix(), lines_of(data)), pack)
    stories = reading.stories(tree) if tree is not None else []
    reading.problems.extend(problems)
    return stories, reading.problems.in_order()


def run_stories(stories: Iterable[Story], pack: Pack) -> list[StoryResult]:
    """Judge each story, and compare every outcome of its standard with what it expects."""
    return [_run(story, pack) for story in stories]


def _run(story: Story, pack: Pack) -> StoryResult:
    try:
        evaluation = evaluate(story.history, pack, as_of=story.as_of, known_at=story.known_at)
    except HistoryError as error:
        return StoryResult(story, False, [f"the history cannot be judged: {problem}" for problem in error.problems])
    outcomes: list[Obligation | NotAssessed] = [*evaluation.of_standard(story.standard)]
    outcomes += [gap for gap in evaluation.not_assessed if gap.standard == story.standard]
    told = [_tell(outcome) for outcome in outcomes]
    if len(outcomes) == len(story.expect) and all(map(_agrees, story.expect, outcomes)):
        return StoryResult(story, True, told)
    lines = [f"expected  {line}" for line in story.expect] or ["expected  nothing"]
    return StoryResult(story, False, lines + ([f"found     {line}" for line in told] or ["found     nothing"]))


def _facts(outcome: Obligation) -> dict[str, Moment | None]:
    return {"opened": outcome.opened, "due": outcome.due, "done": outcome.met_on, "target": outcome.target}


def _agrees(expected: Expected, outcome: Obligation | NotAssessed) -> bool:
    if isinstance(outcome, NotAssessed):
        return expected.status is Status.NOT_ASSESSED and expected.missing in outcome.missing
    facts = _facts(outcome)
    return expected.status is outcome.status and all(_same(value, facts[name]) for name, value in expected.claims)


def _same(expected: Moment, found: Moment | None) -> bool:
    """Whether two moments agree; a date alone speaks of the whole day."""
    if isinstance(found, datetime) and not isinstance(expected, datetime):
        return found.date() == expected
    return expected == found


def _tell(outcome: Obligation | NotAssessed) -> str:
    if isinstance(outcome, NotAssessed):
        return f"not assessed: {outcome.missing}"
    told = ", ".join(f"{name} {_say(value)}" for name, value in _facts(outcome).items() if value is not None)
    return f"{outcome.status}: {told}"


def _say(value: Moment) -> str:
    return value.isoformat(" ", "minutes") if isinstance(value, datetime) else value.isoformat()


class _Reading:
    """Reads one file of stories, and notes every problem on the way."""

    def __init__(self, problems: Problems, pack: Pack) -> None:
        self.problems = problems
        self.pack = pack

    def wrong(self, node: Node | Text, message: str, way_out: str) -> None:
        self.problems.add(message, way_out, node.place)

    def stories(self, tree: MapNode) -> list[Story]:
        listed = tree.get("stories")
        for key, _ in tree.entries:
            if key.value != "stories":
                self.wrong(
                    key, f'I don\'t know the key "{key.value}" in a file of stories.', 'It holds one list, "stories:".'
                )
        if not isinstance(listed, ListNode):
            self.wrong(
                listed or tree, "Here I need a list of stories.", 'Write "stories:" and below it "  - story: …".'
            )
            return []
        found = [self.story(node) for node in listed.items]
        return [story for story in found if story is not None]

    def story(self, node: Node) -> Story | None:
        before = len(self.problems)
        if not isinstance(node, MapNode):
            self.wrong(node, "Here I need a story with its keys.", f"Its keys are: {', '.join(_KEYS)}.")
            return None
        for key, _ in node.entries:
            if key.value not in _KEYS:
                way_out = say_suggestion(key.value, _KEYS) or f"The keys of a story are: {', '.join(_KEYS)}."
                self.wrong(key, f'I don\'t know the key "{key.value}" in a story.', way_out)
        for needed in ("story", "standard", "events", "as of", "expect"):
            if node.get(needed) is None:
                self.wrong(node, f'"{needed}" is missing in this story.', f'Add a line "{needed}: …".')
        name, standard = self.text(node.get("story")), self.text(node.get("standard"))
        if standard and standard not in self.pack:
            ids = [found.id for found in self.pack.standards]
            target = node.get("standard")
            assert target is not None
            self.wrong(
                target,
                f'I don\'t know the standard "{standard}".',
                say_suggestion(standard, ids) or "Use an id of the pack.",
            )
        as_of, known_at, born = (self.moment(node.get(key)) for key in ("as of", "known at", "born"))
        facts = self.details(node.get("facts"))
        events = self.events(node.get("events"))
        expect = self.expect(node.get("expect"))
        if len(self.problems) > before or name is None or standard is None or as_of is None:
            return None
        kind = self.text(node.get("subject")) or self.pack[standard].subject
        try:
            history = History("story", events, born=born, kind=kind, facts=facts)
        except HistoryError as error:
            for problem in error.problems:
                self.wrong(node, f"This history cannot be judged: {problem}", "")
            return None
        return Story(name, standard, history, as_of, known_at, tuple(expect), node.place.line)

    def text(self, node: Node | None) -> str | None:
        if node is None:
            return None
        if isinstance(node, Text) and node.value.strip():
            return " ".join(node.value.split())
        self.wrong(node, "Here I need a line of text.", "Write it on the same line as the key.")
        return None

    def moment(self, node: Node | None) -> Moment | None:
        said = self.text(node)
        if said is None or node is None:
            return None
        found = _moment(said)
        if found is None:
            self.wrong(node, f'"{said}" is not a date.', "Write 2024-03-28, or 2024-03-28 14:30.")
        return found

    def details(self, node: Node | None) -> dict[str, Detail]:
        if node is None:
            return {}
        if not isinstance(node, MapNode):
            self.wrong(node, "Here I need details by name.", "Write {disability: yes}.")
            return {}
        return dict(self.detail(key, value) for key, value in node.entries)

    def detail(self, key: Text, node: Node) -> tuple[str, Detail]:
        if " ".join(key.value.replace("-", " ").replace("_", " ").split()).casefold() not in self.pack.details:
            self.wrong(
                key,
                f'I don\'t know the detail "{key.value}".',
                say_suggestion(key.value, self.pack.details) or "Declare it in the pack.",
            )
        if isinstance(node, Text):
            return key.value, node.value
        self.wrong(node, "A detail has one value.", "Write it on the same line.")
        return key.value, None

    def events(self, node: Node | None) -> list[Event]:
        if node is None:
            return []
        if isinstance(node, Text) and node.value == "none":
            return []
        if not isinstance(node, ListNode):
            self.wrong(node, "Here I need a list of events, or none.", "Write - 2024-03-01: referral received")
            return []
        found = [self.event(item) for item in node.items]
        return [event for event in found if event is not None]

    def event(self, node: Node) -> Event | None:
        if not isinstance(node, MapNode) or not node.entries:
            self.wrong(node, "Here I need an event with its date.", "Write - 2024-03-01: referral received")
            return None
        (key, value), *rest = node.entries
        on, name = _moment(key.value), self.text(value)
        if on is None:
            self.wrong(
                key,
                f'An event begins with its date, and "{key.value}" is none.',
                "Write - 2024-03-01: referral received",
            )
        if on is None or name is None:
            return None
        given: dict[str, str] = {}
        recorded: Moment | None = None
        details: dict[str, Detail] = {}
        for word, item in rest:
            if word.value == "recorded":
                recorded = self.moment(item)
            elif word.value in _EVENT_KEYS:
                given[word.value] = self.text(item) or ""
            else:
                detail, content = self.detail(word, item)
                details[detail] = content
        try:
            return Event(
                name,
                on,
                id=given.get("id"),
                recorded=recorded,
                details=details,
                about=given.get("about"),
                cancelled=given.get("cancelled") == "yes",
            )
        except HistoryError as error:
            for problem in error.problems:
                self.wrong(key, f"This event cannot be judged: {problem}", "")
            return None

    def expect(self, node: Node | None) -> list[Expected]:
        if node is None or (isinstance(node, Text) and node.value == "nothing"):
            return []
        if not isinstance(node, ListNode):
            self.wrong(
                node, "Here I need a list of outcomes, or nothing.", "Write - met: due 2024-04-15, done 2024-04-12"
            )
            return []
        found = [self.outcome(item) for item in node.items]
        return [line for line in found if line is not None]

    def outcome(self, node: Node) -> Expected | None:
        if not isinstance(node, MapNode) or len(node.entries) != 1:
            self.wrong(
                node, "Here I need a status and what is true of it.", "Write - met: due 2024-04-15, done 2024-04-12"
            )
            return None
        key, value = node.entries[0]
        try:
            status = Status.of(key.value)
        except ValueError:
            words = [str(status) for status in Status]
            self.wrong(
                key,
                f'I don\'t know the status "{key.value}".',
                say_suggestion(key.value, words) or f"Write one of: {', '.join(words)}.",
            )
            return None
        said = self.text(value)
        if said is None:
            return None
        if status is Status.NOT_ASSESSED:
            return Expected(status, missing=said)
        claims: list[tuple[str, Moment]] = []
        for part in said.split(", "):
            match = re.fullmatch(rf"({'|'.join(_CLAIMS)}) (\d{{4}}-\d\d-\d\d(?: \d\d:\d\d)?)", part)
            when = _moment(match[2]) if match else None
            if match is None or when is None:
                self.wrong(
                    value, f'I can\'t read "{part}".', f"Write one of {', '.join(_CLAIMS)} and a date: due 2024-04-15."
                )
                return None
            claims.append((match[1], when))
        return Expected(status, tuple(claims))


def _moment(text: str) -> Moment | None:
    if not re.fullmatch(r"\d{4}-\d\d-\d\d(?: \d\d:\d\d)?", text):
        return None
    try:
        return datetime.fromisoformat(text) if " " in text else date.fromisoformat(text)
    except ValueError:
        return None
