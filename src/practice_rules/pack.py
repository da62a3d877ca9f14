"""One authority's standards, as loaded from its YAML file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from .calendars import Calendar
from .standards import DetailWord, Period, Standard

__all__ = ["Document", "EventWord", "Pack"]


@dataclass(frozen=True, slots=True)
class Document:
    """A printed document that a pack encodes."""

    key: str
    title: str
    edition: str = ""
    published: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class EventWord:
    """An event as a pack or the shared vocabulary declares it: its name as written, one sentence of meaning, and the
    details it may carry.
    """

    name: str
    means: str
    details: tuple[str, ...] = ()


@dataclass(frozen=True)
class Pack:
    """One authority's practice standards.

    Attributes:
        name: a short name: the file's name without its ending.
        authority: whose standards.
        title: what they are called.
        documents: the printed documents, by key.
        standards: in the order of the file.
        events: every event the pack knows, by folded name; shared ones included.
        periods: every period, by folded name.
        details: every detail, by folded name.
        calendar: working days, with the authority's closure days.
        terms: school terms as (name, first day, last day).
        itself: the day of an event is day 1 (`day one: the day itself`).
        roll: due dates on a day off move to the next working day.
        hours_without_times: "by date", "not assessed", or "" where no limit is in hours.
        digest: a hash of the YAML that the pack was made from, the vocabulary included.
    """

    name: str
    authority: str
    title: str
    documents: Mapping[str, Document]
    standards: tuple[Standard, ...]
    events: Mapping[str, EventWord]
    periods: Mapping[str, Period]
    details: Mapping[str, DetailWord]
    calendar: Calendar
    terms: Sequence[tuple[str, int, int]]
    itself: bool
    roll: bool
    hours_without_times: str
    closed: tuple[date, ...]
    digest: str
    #: The tested standards in the order in which they are judged: one that opens on a breach comes after the other.
    order: tuple[Standard, ...] = ()
    #: Standards whose breach opens another.
    feeds: frozenset[str] = frozenset()
    #: The periods that some standard uses.
    used_periods: tuple[Period, ...] = ()
    #: Events and periods that the pack declares itself, by folded name.
    own_words: frozenset[str] = frozenset()

    def __getitem__(self, standard: str) -> Standard:
        """The standard of that id.

        Raises:
            KeyError: the pack has no such standard.
        """
        for found in self.standards:
            if found.id == standard:
                return found
        raise KeyError(standard)

    def __contains__(self, standard: str) -> bool:
        return any(found.id == standard for found in self.standards)

    def __len__(self) -> int:
        return len(self.standards)

    def __repr__(self) -> str:
        return f"<Pack {self.name}: {len(self.standards)} standards>"

    @cached_property
    def edition(self) -> str:
        """The editions of its documents, in one line."""
        return "; ".join(
            f"{document.title}{f', {document.edition}' if document.edition else ''}"
            for document in self.documents.values()
        )

    @property
    def tested(self) -> tuple[Standard, ...]:
        """The standards that are judged."""
        return tuple(standard for standard in self.standards if standard.tested)

    def counts(self) -> dict[str, int]:
        """How many standards there are of each kind, commonest first."""
        found: dict[str, int] = {}
        for standard in self.standards:
            found[standard.kind] = found.get(standard.kind, 0) + 1
        return dict(sorted(found.items(), key=lambda item: (-item[1], item[0])))
