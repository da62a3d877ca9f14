"""What a kind of standard looks like in YAML: its timing words, its fields, and how its sentence reads.

The loader reads every field by its type, the JSON Schema and the reference pages are made from the same tables, so
that the three agree.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from .standards import Rule, Timing

__all__ = ["COMMON", "Field", "Kind", "Values", "read_aloud", "timing"]


@dataclass(frozen=True, slots=True)
class Field:
    """One key of a standard.

    Attributes:
        name: the key as written.
        type: which reader the loader uses (see `loading.READERS`).
        meaning: one sentence for the reference page and the editor.
        needed: whether the kind cannot do without it.
    """

    name: str
    type: str
    meaning: str
    needed: bool = False


@dataclass(frozen=True, slots=True)
class Values:
    """The fields of one standard as read, and the pack's conventions."""

    read: Mapping[str, Any]
    itself: bool
    roll: bool
    by_date: bool

    def __getitem__(self, name: str) -> Any:
        return self.read[name]

    def get(self, name: str) -> Any:
        """The value, or None where the key is absent."""
        return self.read.get(name)


#: A thing wrong with a standard as a whole: the key it concerns, what is wrong, the way out.
Complaint = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of standard.

    Attributes:
        name: its name.
        timing: its timing words; one of them makes a standard of this kind.
        fields: its own keys, timing words included.
        build: makes the rule.
        sentence: the rule in plain words, from the keys as written.
        check: what is wrong between fields.
        period: whether it needs `while` or `while any of`.
        example: a whole standard as YAML, for the reference page and the skeleton.
        meaning: what opens a duty, when it is due, what meets it.
    """

    name: str
    timing: tuple[str, ...]
    fields: tuple[Field, ...]
    build: Callable[[Values], Rule]
    sentence: Callable[[Mapping[str, str]], str]
    meaning: str
    example: str
    check: Callable[[Values], list[Complaint]] = field(default=lambda values: [])
    period: bool = False


#: Keys that a standard of any kind may have.
COMMON: tuple[Field, ...] = (
    Field("says", "prose", "The standard in our own plain words, with every number of the rule in it.", True),
    Field("source", "source", "Where it is printed: document, section and three to fifteen words.", True),
    Field("reading", "prose", "How an unclear clause was understood, and the other reading."),
    Field("subject", "subject", "Whose history this is; a child unless said."),
    Field("if", "condition", "What the opening event (or the history's facts) must match."),
    Field("unless", "condition or choice", "When the duty is not owed, or the event that makes it fall away."),
    Field("while", "periods", "The period, or a list of periods that must all hold; when one ends the duty lapses."),
    Field("while any of", "periods", "Periods of which one must hold."),
    Field("not while", "periods", "Periods that must not hold."),
    Field("ages", "ages", "For which children, when the duty opens."),
    Field("replaces", "standard id", "The standard that this one takes over from, from its `from` date."),
    Field("from", "date", "The first day on which a duty may open."),
    Field("until", "date", "The last day on which a duty may open."),
    Field("day one", "day one", "Another counting convention than the pack's."),
    Field("if not a working day", "roll", "Where a due date on a day off moves to."),
)

EXPECT = Field("expect", "choice", "The act, or a list of acts any of which serves.", True)
WHERE = Field("where", "condition", "What the act must match to count.")
AIM = Field("aim", "timescale", "A tighter local target inside the limit; missing it is no breach.")
VARIED = Field("varied by", "change", "An event that sets another timescale or date for this child.")
EXTENDED = Field("extended by", "change", "An event that moves one deadline, and its outer limit.")
PAUSED = Field("paused by", "period", "A period during which the clock stops.")


def timing(values: Values, name: str) -> Timing:
    """The timing of a kind's field, with all that may move it."""
    return Timing(
        timescale=values[name],
        itself=values.itself,
        roll=values.roll,
        by_date=values.by_date,
        aim=values.get("aim"),
        or_by=values.get("or by"),
        varied=values.get("varied by"),
        extended=values.get("extended by"),
        paused=values.get("paused by"),
    )


def read_aloud(words: Mapping[str, str]) -> str:
    """The keys that every kind shares, read aloud after the kind's own sentence."""
    leads = {
        "if": "if",
        "while": "while",
        "while any of": "while any of these holds:",
        "not while": "not while",
        "ages": "for ages",
        "unless": "unless",
        "or by": "or by",
        "aim": "with a local target of",
        "varied by": "varied by",
        "extended by": "extended by",
        "paused by": "with the clock stopped while",
    }
    after = {"or by": " if that comes first"}
    parts = []
    for key, lead in leads.items():
        if key in words:
            said = words[key]
            # A condition ("emergency: yes") is what a record says; an event or a period is said as it stands.
            if key in ("if", "unless") and ": " in said.split(" (")[0]:
                said = f"the record says “{said}”"
            elif key == "unless":
                said = f"{said} comes first"
            parts.append(f"{lead} {said}{after.get(key, '')}")
    for key in ("from", "until"):
        if key in words:
            parts.append(f"in force {key} {words[key]}")
    if "day one" in words:
        parts.append(
            "with the day of the event as day 1" if "itself" in words["day one"] else "with the next day as day 1"
        )
    if "if not a working day" in words:
        parts.append(f"moved to the {words['if not a working day']} if it falls on a day off")
    return ", ".join(parts)
