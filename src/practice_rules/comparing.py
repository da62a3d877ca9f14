"""What several authorities ask for the same act, side by side; and one history judged by several packs.

Who is stricter is never guessed from the size of a number. A clause asks at least as much as another if whoever does
what it asks has done what the other asks: for as many children, of no other act, with no more ways out, and with a last
moment that is never later, whatever the day from which it is counted. That is tried on every day of twenty years, by
each pack's own way of counting. So 15 days are stricter than 15 working days and 4 weeks than 1 month; 91 days and 3
months are about the same, because now one and now the other ends first; and where that makes more than a small
difference (48 hours and 1 working day), it depends on the day.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import combinations
from typing import Any

from .calendars import OFFICIAL_UNTIL, Calendar
from .evaluating import evaluate
from .evaluations import Evaluation
from .events import History, fold
from .obligations import NotAssessed, Obligation, Source
from .pack import Pack
from .showing import standard_sentence
from .standards import Choice, Condition, Period, Standard, Timing
from .timescales import AgeBand, Timescale
from .words import say_list

__all__ = ["Ask", "Comparison", "Difference", "Pair", "Topic", "compare", "compare_history"]

#: Kinds that ask for an act again and again are one way of asking; a count within a time of an event is not (see _way).
_WAYS = {
    "deadline": "once, after an event",
    "lead time": "before an event",
    "frequency": "again and again",
    "schedule": "again and again",
    "count": "again and again",
    "limit": "no longer than",
    "age": "by an age",
    "recording": "recorded",
    "evidence": "with evidence",
    "ordinal": "by a place in a series",
    "cohort": "in a share of cases",
}

#: What readers look for first: a title, the acts, and words of which the occasion must hold one.
_FAMILIES: tuple[tuple[str, tuple[str, ...], tuple[str, ...]], ...] = (
    ("Child protection visits", ("child visited",), ("child protection plan",)),
    ("Core groups", ("core group held",), ()),
    ("Review conferences", ("review child protection conference held",), ()),
    ("Initial conferences", ("initial child protection conference held",), ()),
    ("Looked after visits", ("child visited",), ("looked after", "placement")),
    ("Looked after reviews", ("looked after review held",), ()),
    ("Assessments", ("assessment completed", "assessment updated", "assessment extension agreed"), ()),
    ("Supervision", ("supervision held", "case supervision held", "supervision summary completed"), ()),
)
_RECORDING, _REST = "Recording", "Other matters"

#: The days from which timescales are tried: twenty years whose bank holidays are officially published.
_DAYS = range(date(2009, 1, 1).toordinal(), OFFICIAL_UNTIL + 1)
#: Where now one timescale ends first and now the other: how far apart their ends may lie on average, as a share of the
#: length, and they are still about the same. 91 days and 3 months lie 1% apart, 20 working days and 4 weeks 4%, 10
#: working days and 2 weeks 5.5%; 20 working days and 1 month 7%, 48 hours and 1 working day 34%.
_NEAR = 0.06

_SAME, _STRICTER, _ABOUT, _DAY, _UNRANKED = (
    "the same",
    "stricter",
    "about the same",
    "depends on the day",
    "not ranked",
)


# --- what comes out ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Ask:
    """What one standard asks.

    Attributes:
        pack: the pack's name.
        standard: the id.
        rule: the rule in plain words.
        timescale: its timescale as written, or "" where it has none.
        unit: the unit of the (first) timescale, or "".
        says: the standard in plain words.
        document: the title of the printed document.
        source: document, section and words.
        reading: how an unclear clause was read.
        occasion: what opens it or while what it runs, in words.
        whom: the conditions that narrow it, in words; "" for everyone.
        how: what the act must be like to count, in words; "" where any will do.
        changes: what may move its date or make it fall away, in words.
    """

    pack: str
    standard: str
    rule: str
    timescale: str
    unit: str
    says: str
    document: str
    source: Source
    reading: str
    occasion: str
    whom: str
    how: str
    changes: str

    @property
    def narrowed(self) -> bool:
        """Whether it asks only of some."""
        return bool(self.whom)

    def to_dict(self) -> dict[str, Any]:
        """As plain data for JSON."""
        return {
            "pack": self.pack,
            "standard": self.standard,
            "rule": self.rule,
            "timescale": self.timescale,
            "unit": self.unit,
            "says": self.says,
            "document": self.document,
            "source": self.source.to_dict(),
            "reading": self.reading,
            "occasion": self.occasion,
            "whom": self.whom,
            "how": self.how,
            "changes": self.changes,
        }


@dataclass(frozen=True, slots=True)
class Pair:
    """Two packs on one topic.

    Attributes:
        packs: their names; the stricter first, where one is.
        result: "stricter", "the same", "about the same", "depends on the day" or "not ranked".
        why: what that rests on, in words.
    """

    packs: tuple[str, str]
    result: str
    why: str

    def __str__(self) -> str:
        first, second = self.packs
        if self.result == _STRICTER:
            return f"{first} is stricter than {second} ({self.why})"
        said = f"{first} and {second}: {'not to be ranked' if self.result == _UNRANKED else self.result}"
        return f"{said}, {self.why}" if self.why else said

    def to_dict(self) -> dict[str, Any]:
        """As plain data for JSON."""
        return {"packs": list(self.packs), "result": self.result, "why": self.why}


@dataclass(frozen=True, slots=True)
class Topic:
    """One act, asked for in one way on one occasion, and what each pack asks.

    Attributes:
        act: the event that is asked for (or the period that must end), by its shared name.
        way: how it is asked for: once after an event, again and again, before an event …
        occasion: after or before which event, or while which period; "" where there is none.
        family: what readers look for it under: "Core groups", "Recording" …
        asks: what each pack asks, by pack; a pack that asks nothing is not in it.
        pairs: each two packs that ask something, compared.
        result: "only one asks", or what holds of all the pairs, or "stricter" where one pack is as strict as any.
        stricter: the packs that ask most, where that can be told and not all ask the same.
        shortest: the packs with the shortest time among clauses for the same children, where that can be told and not
            all have it; it says nothing of the clauses' other conditions.
        units: the units of the timescales.
        verdict: all that in words.
    """

    act: str
    way: str
    occasion: str
    family: str
    asks: Mapping[str, tuple[Ask, ...]]
    pairs: tuple[Pair, ...]
    result: str
    stricter: tuple[str, ...]
    shortest: tuple[str, ...]
    units: tuple[str, ...]
    verdict: str

    @property
    def title(self) -> str:
        """The topic in one line: "child visited: again and again, while looked after"."""
        return f"{self.act}: {self.way}{f', {self.occasion}' if self.occasion else ''}"

    def to_dict(self) -> dict[str, Any]:
        """As plain data for JSON."""
        return {
            "act": self.act,
            "way": self.way,
            "occasion": self.occasion,
            "family": self.family,
            "result": self.result,
            "verdict": self.verdict,
            "stricter": list(self.stricter),
            "shortest": list(self.shortest),
            "units": list(self.units),
            "pairs": [pair.to_dict() for pair in self.pairs],
            "asks": {pack: [ask.to_dict() for ask in asks] for pack, asks in self.asks.items()},
        }


@dataclass(frozen=True, slots=True)
class Comparison:
    """What several packs ask, act by act.

    Attributes:
        packs: the packs' names with their authorities, in the order given.
        topics: the topics, by family, those that most packs speak of first.
    """

    packs: Mapping[str, str]
    topics: tuple[Topic, ...]

    @property
    def shared(self) -> tuple[Topic, ...]:
        """The topics on which more than one pack speaks."""
        return tuple(topic for topic in self.topics if len(topic.asks) > 1)

    def only(self, pack: str) -> tuple[Topic, ...]:
        """The topics on which this pack alone speaks."""
        return tuple(topic for topic in self.topics if list(topic.asks) == [pack])

    def families(self) -> dict[str, tuple[Topic, ...]]:
        """The topics by family, in the order in which readers look for them."""
        found: dict[str, tuple[Topic, ...]] = {}
        for topic in self.topics:
            found[topic.family] = (*found.get(topic.family, ()), topic)
        return found

    def rows(self) -> list[dict[str, Any]]:
        """One flat dictionary for each ask, for a data frame."""
        return [
            {
                "family": topic.family,
                "act": topic.act,
                "way": topic.way,
                **ask.to_dict(),
                "occasion": topic.occasion,
                "source": str(ask.source),
                "result": topic.result,
                "verdict": topic.verdict,
            }
            for topic in self.topics
            for asks in topic.asks.values()
            for ask in asks
        ]

    def to_dict(self) -> dict[str, Any]:
        """As plain data for JSON."""
        return {"packs": dict(self.packs), "topics": [topic.to_dict() for topic in self.topics]}


# --- comparing packs --------------------------------------------------------------------------------------------------


def compare(packs: Sequence[Pack], *, about: str | None = None) -> Comparison:
    """What several packs ask for the same act, side by side.

    Acts are compared by their names, so packs that use the shared vocabulary can be compared; a name to which packs
    give different meanings is shown and not ranked.

    Args:
        packs: the packs, each of another name.
        about: only topics in whose act, occasion or family each of these words stands.

    Raises:
        ValueError: there are fewer than two packs, or two of one name.
    """
    names = _names(packs)
    wanted = fold(about or "").split()
    found: dict[tuple[str, str, str], dict[str, list[_Clause]]] = {}
    for pack in packs:
        ruler = _Ruler(pack)
        for standard in pack.tested:
            for act in _acts(standard):
                for occasion in _occasions(standard, act):
                    key = (act, _way(standard), occasion.said)
                    clause = _Clause(pack, standard, ruler, act, occasion)
                    found.setdefault(key, {}).setdefault(pack.name, []).append(clause)
    topics = []
    for (act, way, said), clauses in found.items():
        family = _family(act, way, said)
        told = fold(f"{act} {said} {family}")
        if all(word in told for word in wanted):
            ordered = {name: clauses[name] for name in names if name in clauses}
            topics.append(_topic(act, way, said, family, ordered))
    order = [*(title for title, _, _ in _FAMILIES), _RECORDING, _REST]
    topics.sort(key=lambda topic: (order.index(topic.family), -len(topic.asks), topic.act, topic.way, topic.occasion))
    return Comparison({pack.name: pack.authority for pack in packs}, tuple(topics))


def _names(packs: Sequence[Pack]) -> list[str]:
    names = [pack.name for pack in packs]
    if len(names) < 2 or len(set(names)) < len(names):
        raise ValueError("compare takes at least two packs of different names")
    return names


def _way(standard: Standard) -> str:
    """How a standard asks: so many times within a time of an event is once, after an event."""
    if standard.kind == "count" and getattr(standard.rule, "of", None) is not None:
        return _WAYS["deadline"]
    return _WAYS[standard.kind]


def _family(act: str, way: str, occasion: str) -> str:
    if way == _WAYS["recording"]:
        return _RECORDING
    for title, acts, words in _FAMILIES:
        if act in acts and (not words or any(word in occasion for word in words)):
            return title
    return _REST


def _acts(standard: Standard) -> tuple[str, ...]:
    """The events that a standard asks for, or of which it asks something; of a limit, the period."""
    rule: Any = standard.rule
    for name in ("expect", "each"):
        choice = getattr(rule, name, None)
        if isinstance(choice, Choice):
            return tuple(dict.fromkeys(choice.names))
    return (rule.period.key,)


@dataclass(frozen=True, slots=True)
class _Occasion:
    """What opens a standard's duties or while what they run: in words, and the one event that opens them."""

    said: str
    opener: str = ""
    choice: Choice | None = None

    @property
    def conditions(self) -> tuple[Condition | None, ...]:
        """What the opening event must be like: any one of these."""
        options = () if self.choice is None else self.choice.options
        return tuple(condition for name, condition in options if name == self.opener)


def _occasions(standard: Standard, act: str) -> list[_Occasion]:
    """The occasions of a standard: several where any of several opens it."""
    rule, words = standard.rule, dict(standard.words)
    since = getattr(rule, "since", None)
    after = "" if since is None else f", since {since}"
    for name, lead in (("of", "of"), ("before", "before"), ("marks", "between each")):
        choice = getattr(rule, name, None)
        if isinstance(choice, Choice):
            events = dict.fromkeys(choice.names)
            return [_Occasion(f"{lead} {event}{after}", event, choice) for event in events]
    for name in ("of turning", "of breach of"):
        if name in words:
            return [_Occasion(f"{name} {words[name]}")]
    each = getattr(rule, "each", None)
    choice = each if isinstance(each, Choice) else None
    standing = standard.standing
    if standing is not None and standing.any_of:
        return [_Occasion(f"while {period.key}", act, choice) for period in standing.any_of]
    if standing is not None and standing.all_of:
        return [_Occasion("while " + say_list(sorted(period.key for period in standing.all_of)), act, choice)]
    return [_Occasion("", act, choice)]


def _narrowing(standard: Standard, occasion: _Occasion) -> list[str]:
    """What narrows a standard to some children or some openings, in words."""
    words, standing = dict(standard.words), standard.standing
    conditions = (("if", standard.if_), ("unless", standard.unless))
    found = [f"{word} {condition}" for word, condition in conditions if condition is not None]
    if occasion.conditions and None not in occasion.conditions:
        found.append(f"of {' or '.join(f'{occasion.opener} ({condition})' for condition in occasion.conditions)}")
    if standing is not None:
        beside = not occasion.said.startswith("while ")
        if standing.all_of and (beside or standing.any_of):
            found.append("while " + say_list([period.key for period in standing.all_of]))
        if standing.any_of and beside:
            found.append("while " + say_list([period.key for period in standing.any_of], "or"))
        if standing.none_of:
            found.append("not while " + say_list([period.key for period in standing.none_of], "or"))
    found += [f"{name} {words[name]}" for name in ("ages", "from", "until") if name in words]
    if standard.subject != "child":
        found.append(f"for {'an' if standard.subject[0] in 'aeiou' else 'a'} {standard.subject}")
    return found


def _ask(pack: Pack, standard: Standard, occasion: _Occasion) -> Ask:
    rule, words = standard.rule, dict(standard.words)
    timescale = next((timing.timescale for timing in _timings(standard)), getattr(rule, "age", None))
    document = pack.documents.get(standard.source.document)
    moves = ("unless", "or by", "aim", "varied by", "extended by", "paused by")
    moved = [name for name in moves if name in words and (name != "unless" or standard.unless is None)]
    return Ask(
        pack=pack.name,
        standard=standard.id,
        rule=standard_sentence(standard),
        timescale=_steps(words) or ("" if timescale is None else str(timescale)),
        unit="" if timescale is None else _unit(timescale),
        says=standard.says,
        document=standard.source.document if document is None else document.title,
        source=standard.source,
        reading=standard.reading,
        occasion=occasion.said,
        whom=", ".join(_narrowing(standard, occasion)),
        how=words.get("where", ""),
        changes=", ".join(f"{name} {words[name]}" for name in moved),
    )


def _steps(words: Mapping[str, str]) -> str:
    """The timescales of a standard that has several, or what it has in place of one; else ""."""
    if "times" in words:
        per = next(f"{key} {words[key]}" for key in ("in every", "between each", "within") if key in words)
        return f"{words['times']} {'time' if words['times'] == '1' else 'times'} {per}"
    names = [name for name in words if name.endswith(" within") and name != "recorded within"]
    if names:
        return ", ".join(f"{name} {words[name]}" for name in (*names, "then every") if name in words)
    if "then every" in words:
        return f"{words['every']} for the first {words['for the first']}, then {words['then every']}"
    if "by the" in words:
        return f"by the {words['by the']}"
    return words["every"] if words.get("every") in ("term", "whole term") else ""


def _unit(timescale: Timescale) -> str:
    """The unit as it is printed: working days, weeks …; "same day" has days."""
    for unit in ("working day", "hour", "week", "month", "year"):
        if unit in timescale.text:
            return f"{unit}s"
    return "days"


def _timings(standard: Standard) -> tuple[Timing, ...]:
    """Every timing of a standard: one, or the steps of a series and what comes after them."""
    rule = standard.rule
    found = (*getattr(rule, "steps", ()), getattr(rule, "timing", None), getattr(rule, "afterwards", None))
    return tuple(timing for timing in found if timing is not None)


# --- one clause against another ---------------------------------------------------------------------------------------

#: The last moments of a timescale for events at the start of each day, and for events at its end.
_Moments = tuple[list[float], list[float]]
#: How far one timescale may exceed another and still be taken as no longer: never; by a hair; if only sometimes.
_EXACTLY, _NEARLY, _SOMETIMES = range(3)


class _Ruler:
    """The last moments of timescales, by one pack's way of counting, from every day on which they are tried.

    A moment is a day with its fraction. A timescale in hours ends so long after the event, whose time is not known: it
    is tried from the day's first moment and from its last. Every other ends with its last day.
    """

    def __init__(self, pack: Pack) -> None:
        self._calendar = Calendar(pack.closed)
        self._found: dict[tuple[str, bool, bool, bool], _Moments] = {}

    def moments(self, timing: Timing, back: bool) -> _Moments:
        """The last moments of a timing, counted forward, or back for what must come before an event."""
        timescale = timing.timescale
        key = (timescale.text, timing.itself, timing.roll, back)
        if key not in self._found:
            if timescale.hours:
                whole = (-1 if back else 1) * timescale.hours / 24
                self._found[key] = [day + whole for day in _DAYS], [day + 1 + whole for day in _DAYS]
            else:
                count = self._calendar.counter(timescale, timing.itself, timing.roll)
                ends = [1.0 + (self._calendar.back(day, timescale) if back else count(day)) for day in _DAYS]
                self._found[key] = ends, ends
        return self._found[key]


def _shares(one: _Moments, other: _Moments) -> tuple[float, float]:
    """From which share of days one ends sooner, and from which the other does."""
    pairs = [(a, b) for mine, others in zip(one, other, strict=True) for a, b in zip(mine, others, strict=True)]
    return sum(a < b for a, b in pairs) / len(pairs), sum(a > b for a, b in pairs) / len(pairs)


def _apart(one: _Moments, other: _Moments) -> float:
    """How far two last moments lie apart on average, as a share of the length."""
    ends = [(a, b) for mine, others in zip(one, other, strict=True) for a, b in zip(mine, others, strict=True)]
    length = abs(sum(a for a, _ in ends) / 2 - sum(_DAYS) - len(_DAYS) / 2)
    return sum(abs(a - b) for a, b in ends) / 2 / length


def _no_longer(one: _Moments, other: _Moments, slack: int) -> bool:
    """Whether one timescale is no longer than another: always, or where now one is shorter and now the other, nearly
    or sometimes.
    """
    sooner, later = _shares(one, other)
    if not later or slack == _EXACTLY:
        return not later
    if not sooner or slack == _SOMETIMES:
        return sooner > 0
    return _apart(one, other) <= _NEAR


def _elements(word: str, condition: Condition | None) -> frozenset[Any]:
    """The lines of a condition, as they can be looked for in another's."""
    tests = () if condition is None else condition.tests
    return frozenset((word, test.detail.key, test.how, test.wanted, test.detail.unless_said) for test in tests)


class _Clause:
    """One standard on one topic, taken apart so that it can be laid beside another."""

    def __init__(self, pack: Pack, standard: Standard, ruler: _Ruler, act: str, occasion: _Occasion) -> None:
        rule: Any = standard.rule
        self.pack, self.standard, self.ruler, self.act, self.occasion = pack, standard, ruler, act, occasion
        self.ask = _ask(pack, standard, occasion)
        self.back = standard.kind == "lead time"
        self.ages = standard.ages
        self.share = standard.share or 0
        self.each = getattr(rule, "each", False) is True
        self.times: int = getattr(rule, "times", 1)
        #: The age or the place in a series by which it is asked: the lower, the stricter.
        self.place = 0.0
        #: The timescales of a series, one after another, and the one after them all.
        self.steps: tuple[Timing, ...] = ()
        self.afterwards: Timing | None = None
        #: What must be equal in two clauses that are compared.
        self.form: tuple[Any, ...] = (type(rule).__name__,)
        #: What is asked besides the act: more is stricter.
        self.demands: frozenset[Any] = frozenset()
        self._take_form(rule)
        #: The acts any of which serves, each with what it must be like: fewer are stricter.
        self.options = [(act, frozenset[Any]())]
        if hasattr(rule, "expect"):
            self.options = [(name, _elements("where", condition)) for name, condition in rule.expect.options]
        #: What narrows it to some: fewer are stricter.
        self.whom = self._take_whom()
        #: What moves the date on or makes it fall away: fewer are stricter.
        self.ways_out = self._take_ways_out()

    def _take_form(self, rule: Any) -> None:
        name = type(rule).__name__
        if name in ("Frequency", "Schedule"):
            # A frequency is a schedule without first steps; one of two phases is compared with one of the same phases.
            first = getattr(rule, "first_for", None)
            self.form = ("series", None if first is None else first.text)
            self.afterwards = rule.afterwards
            if name == "Schedule":
                self.steps = rule.steps
            elif first is None:
                self.afterwards = rule.timing
            else:
                self.steps = (rule.timing,)
        elif name == "Age":
            self.place = rule.age.months - (0.5 if rule.earlier else 0)
        elif name == "Ordinal":
            self.place = rule.place
            self.form = (name, str(rule.of), str(rule.since))
        elif name == "Evidence":
            self.form = (name, rule.which)
            self.demands = _elements("require", rule.require)
        elif name == "EveryTerm":
            self.form = (name, rule.whole, tuple(self.pack.terms))
        elif name in ("Among", "Between"):
            self.form = (name, str(getattr(rule, "every", "")), getattr(rule, "size", 0))
        elif rule.timing is not None:
            self.steps = (rule.timing,)
        self.form = (*self.form, self.standard.share is None)
        self.demands |= {("or by", str(timing.or_by)) for timing in _timings(self.standard) if timing.or_by}
        standing = self.standard.standing
        if standing is not None and len(standing.any_of) > 1 and self.occasion.said.startswith("while "):
            # A series that runs on from one period into another never begins anew.
            self.demands |= {("joined", period.key) for period in standing.any_of}

    def _take_whom(self) -> frozenset[Any]:
        standard, standing = self.standard, self.standard.standing
        found = set(_elements("if", standard.if_))
        if standard.unless is not None:
            found.add(("unless", _elements("unless", standard.unless)))
        conditions = self.occasion.conditions
        if conditions and None not in conditions:
            several = {_elements("of", condition) for condition in conditions}
            found |= several.pop() if len(several) == 1 else {("of any", frozenset(several))}
        if standing is not None:
            beside = not self.occasion.said.startswith("while ")
            if beside or standing.any_of:
                found |= {("while", period.key) for period in standing.all_of}
            if beside and standing.any_of:
                found.add(("while any of", frozenset(period.key for period in standing.any_of)))
            found |= {("not while", period.key) for period in standing.none_of}
        if standard.subject != "child":
            found.add(("subject", standard.subject))
        found |= {("from", day) for day in (standard.in_force_from,) if day is not None}
        found |= {("until", day) for day in (standard.in_force_until,) if day is not None}
        if self.occasion.said.startswith("of breach of "):
            found.add(("breach in", self.pack.name))
        return frozenset(found)

    def _take_ways_out(self) -> frozenset[Any]:
        found: set[Any] = set()
        if self.standard.unless_event is not None:
            found.add(("unless", str(self.standard.unless_event)))
        for timing in _timings(self.standard):
            for change in (timing.varied, timing.extended):
                # One that may not go beyond the time itself can only shorten it.
                if change is not None and (change.limit is None or change.limit.text != timing.timescale.text):
                    found.add((str(change.choice), change.authorised_by, str(change.limit), change.lasting))
            if timing.paused is not None:
                found.add(("paused", timing.paused.key))
        return frozenset(found)

    @property
    def alone(self) -> Timing | None:
        """The timing of a clause that has one and no other."""
        if self.steps and self.afterwards is None:
            return self.steps[0] if len(self.steps) == 1 else None
        return None if self.steps else self.afterwards

    def meanings(self) -> dict[str, str]:
        """What the pack means by the names that make the topic."""
        told = {}
        for name in (self.act, self.occasion.opener):
            if name in self.pack.events:
                told[name] = self.pack.events[name].means
        standing = self.standard.standing
        named = () if standing is None else (*standing.all_of, *standing.any_of)
        if isinstance(period := getattr(self.standard.rule, "period", None), Period):
            named = (*named, period)
        return told | {period.key: f"{period.starts}; {period.ends}; {period.until}" for period in named}

    def no_longer(self, other: _Clause, slack: int) -> bool:
        """Whether none of its timescales is longer than the other's in its place."""
        for place in range(max(len(self.steps), len(other.steps)) + 1):
            mine, others = self._timing(place), other._timing(place)
            if others is None:
                continue
            if mine is None:
                return False
            one, two = self.ruler.moments(mine, self.back), other.ruler.moments(others, self.back)
            if not _no_longer(one, two, slack):
                return False
        return True

    def _timing(self, place: int) -> Timing | None:
        return self.steps[place] if place < len(self.steps) else self.afterwards

    def covers(self, other: _Clause) -> bool:
        """Whether, time apart, whoever does what this asks has done what the other asks."""
        return (
            self.form == other.form
            and self.whom <= other.whom
            and _wider(self.ages, other.ages)
            and self.ways_out <= other.ways_out
            and self.demands >= other.demands
            and self.times >= other.times
            and self.place <= other.place
            and self.share >= other.share
            and self.each >= other.each
            and all(
                any(name == other_name and wanted <= asked for other_name, wanted in other.options)
                for name, asked in self.options
            )
        )

    def asks_as_much(self, other: _Clause, slack: int) -> bool:
        """Whether whoever does what this asks has done what the other asks."""
        return self.covers(other) and self.no_longer(other, slack)


def _wider(ages: AgeBand | None, others: AgeBand | None) -> bool:
    """Whether all the children of the other band are in this one."""
    if ages is None or ages == others:
        return True
    if others is None or others.low < ages.low:
        return False
    return ages.below is None or (others.below is not None and others.below <= ages.below)


# --- one topic --------------------------------------------------------------------------------------------------------


def _topic(act: str, way: str, occasion: str, family: str, clauses: Mapping[str, Sequence[_Clause]]) -> Topic:
    asks = {pack: tuple(clause.ask for clause in found) for pack, found in clauses.items()}
    units = tuple(sorted({ask.unit for found in asks.values() for ask in found if ask.unit}))
    if len(clauses) == 1:
        name = next(iter(clauses))
        return Topic(act, way, occasion, family, asks, (), "only one asks", (), (), units, f"only {name} asks this")
    other_meaning = _other_meaning(clauses)
    pairs = tuple(_pair(clauses, pack, other, other_meaning) for pack, other in combinations(clauses, 2))
    above = {pair.packs for pair in pairs if pair.result == _STRICTER}
    level = {frozenset(pair.packs) for pair in pairs if pair.result == _SAME}
    stricter = tuple(
        pack
        for pack in clauses
        if above and all(pack == other or (pack, other) in above or {pack, other} in level for other in clauses)
    )
    results = {pair.result for pair in pairs}
    if stricter:
        result = _STRICTER
    elif len(results) == 1 and _STRICTER not in results:
        result = results.pop()
    else:
        result = _ABOUT if results == {_SAME, _ABOUT} else _UNRANKED
    shortest, said = ((), "") if stricter or result == _SAME or other_meaning else _shortest(clauses)
    verdict = _verdict(result, stricter, pairs, said, asks, units)
    return Topic(act, way, occasion, family, asks, pairs, result, stricter, shortest, units, verdict)


def _other_meaning(clauses: Mapping[str, Sequence[_Clause]]) -> str:
    """A name of the topic to which the packs give different meanings, or ""."""
    meant: dict[str, str] = {}
    for found in clauses.values():
        for clause in found:
            for name, meaning in clause.meanings().items():
                if meant.setdefault(name, meaning) != meaning:
                    return name
    return ""


def _pair(clauses: Mapping[str, Sequence[_Clause]], pack: str, other: str, other_meaning: str) -> Pair:
    """Two packs on one topic."""
    mine, others = clauses[pack], clauses[other]
    if other_meaning:
        return Pair((pack, other), _UNRANKED, f"they mean different things by “{other_meaning}”")
    for slack, result in ((_EXACTLY, _SAME), (_NEARLY, _ABOUT), (_SOMETIMES, _DAY)):
        up, down = _all_covered(mine, others, slack), _all_covered(others, mine, slack)
        if up and down:
            return Pair((pack, other), result, _why(mine, others, pack, other) if result == _DAY else "")
        if slack == _EXACTLY and (up or down):
            above, below = (mine, others) if up else (others, mine)
            return Pair((pack, other) if up else (other, pack), _STRICTER, _how_stricter(above, below))
    if any(one.covers(two) and two.covers(one) for one in mine for two in others):
        if any(len(one.steps) > 1 or (one.steps and one.afterwards) for one in (*mine, *others)):
            return Pair((pack, other), _UNRANKED, "one has a first time and a later one")
        return Pair((pack, other), _UNRANKED, "each has a clause that the other lacks")
    if {one.form for one in mine}.isdisjoint(two.form for two in others):
        return Pair((pack, other), _UNRANKED, "they are asked in different forms")
    return Pair((pack, other), _UNRANKED, "they differ in conditions")


def _all_covered(mine: Sequence[_Clause], others: Sequence[_Clause], slack: int) -> bool:
    """Whether each of the others' clauses is asked for by one of mine."""
    return all(any(one.asks_as_much(two, slack) for one in mine) for two in others)


def _how_stricter(above: Sequence[_Clause], below: Sequence[_Clause]) -> str:
    """In what one is stricter than another."""
    for two in below:
        if all(not two.no_longer(one, _EXACTLY) for one in above if one.asks_as_much(two, _EXACTLY)):
            return "sooner"
    if all(any(one.asks_as_much(two, _EXACTLY) and two.asks_as_much(one, _EXACTLY) for one in above) for two in below):
        return "by a further clause"
    timed = any(clause.steps or clause.afterwards for clause in (*above, *below))
    return "with fewer exceptions, or more that is asked besides" + (", in the same time" if timed else "")


def _why(mine: Sequence[_Clause], others: Sequence[_Clause], pack: str, other: str) -> str:
    """How often each of two is sooner, where it depends on the day."""
    for one in mine:
        for two in others:
            first, second = one.alone, two.alone
            if first and second and one.asks_as_much(two, _SOMETIMES) and not one.asks_as_much(two, _EXACTLY):
                shares = _shares(one.ruler.moments(first, one.back), two.ruler.moments(second, two.back))
                percent = [f"{max(1, round(100 * share))}%" for share in shares]
                return (
                    f"{pack} ({first.timescale}) is the sooner from {percent[0]} of days, "
                    f"{other} ({second.timescale}) from {percent[1]}"
                )
    return "now one is the sooner and now the other"


def _shortest(clauses: Mapping[str, Sequence[_Clause]]) -> tuple[tuple[str, ...], str]:
    """The packs with the shortest time among the clauses for the same children, in words as well; whatever else these
    clauses ask.
    """
    groups: dict[tuple[Any, ...], dict[str, list[_Clause]]] = {}
    for pack, found in clauses.items():
        for clause in found:
            if clause.alone is not None:
                key = (clause.form, clause.whom, clause.ages)
                groups.setdefault(key, {}).setdefault(pack, []).append(clause)
    whole = [group for group in groups.values() if len(group) == len(clauses)]
    whole.sort(key=lambda group: bool(next(iter(group.values()))[0].ask.whom))
    for group in whole:
        best = {
            pack: next((one for one in found if all(one.no_longer(two, _EXACTLY) for two in found)), None)
            for pack, found in group.items()
        }
        tightest = [one for one in best.values() if one is not None]
        if len(tightest) < len(group):
            continue
        first = [one for one in tightest if all(one.no_longer(two, _EXACTLY) for two in tightest)]
        if not first:
            continue
        whom = first[0].ask.whom or "for everyone"
        if len(first) == len(tightest):
            return (), f"the same time ({whom}): {_times(first)}"
        packs = tuple(one.pack.name for one in first)
        return packs, f"shortest time ({whom}): {say_list(list(packs))}, {_times(first)}"
    return (), ""


def _times(clauses: Iterable[_Clause]) -> str:
    return ", ".join(dict.fromkeys(clause.ask.timescale for clause in clauses))


def _verdict(
    result: str,
    stricter: Sequence[str],
    pairs: Sequence[Pair],
    shortest: str,
    asks: Mapping[str, Sequence[Ask]],
    units: Sequence[str],
) -> str:
    """Who is stricter, in words."""
    note = f"; different units: {say_list(list(units))}" if len(units) > 1 else ""
    times = list(dict.fromkeys(ask.timescale for found in asks.values() for ask in found if ask.timescale))
    if result == _STRICTER:
        how = dict.fromkeys(pair.why for pair in pairs if pair.result == _STRICTER and pair.packs[0] in stricter)
        said = f"stricter: {say_list(list(stricter))} ({'; '.join(how)})"
        left = [str(pair) for pair in pairs if not set(pair.packs) & set(stricter)]
        return "; ".join((said, *left)) + note
    if result in (_SAME, _ABOUT):
        return f"{result}{f' ({say_list(times)})' if len(times) > 1 else ''}"
    said = "; ".join(str(pair) for pair in pairs)
    if result == _UNRANKED and len({(pair.result, pair.why) for pair in pairs}) == 1:
        said = f"not to be ranked, {pairs[0].why}"
    return said + (f"; {shortest}" if shortest else "") + note


# --- one history ------------------------------------------------------------------------------------------------------

_Result = Obligation | NotAssessed
_Key = tuple[date, str, str]


@dataclass(frozen=True, slots=True)
class Difference:
    """An act of one history on which packs come to different results.

    Attributes:
        act: the event asked for.
        way: how it is asked for.
        opened: the day the duties opened.
        obligations: what each pack makes of it, by pack; a pack that asks nothing is not in it.
        not_assessed: what a pack could not judge for want of a fact, by pack.
        asked_by_all: whether every pack asks something.
    """

    act: str
    way: str
    opened: date
    obligations: Mapping[str, tuple[Obligation, ...]]
    not_assessed: Mapping[str, tuple[NotAssessed, ...]]
    asked_by_all: bool

    @property
    def packs(self) -> tuple[str, ...]:
        """The packs that ask something."""
        return tuple(dict.fromkeys((*self.obligations, *self.not_assessed)))

    @property
    def result_differs(self) -> bool:
        """Whether another status comes out somewhere, and not only another date."""
        told = {
            pack: frozenset(
                [str(item.status) for item in self.obligations.get(pack, ())]
                + ["not assessed" for _ in self.not_assessed.get(pack, ())]
            )
            for pack in self.packs
        }
        return len(set(told.values())) > 1

    def to_dict(self) -> dict[str, Any]:
        """As plain data for JSON."""
        return {
            "act": self.act,
            "way": self.way,
            "opened": self.opened.isoformat(),
            "asked_by_all": self.asked_by_all,
            "result_differs": self.result_differs,
            "obligations": {pack: [item.to_dict() for item in found] for pack, found in self.obligations.items()},
            "not_assessed": {pack: [item.to_dict() for item in found] for pack, found in self.not_assessed.items()},
        }


def compare_history(
    history: History,
    packs: Sequence[Pack],
    *,
    as_of: date | datetime,
    known_at: date | datetime | None = None,
) -> tuple[list[Evaluation], list[Difference]]:
    """One history judged by several packs, and where they differ: the same act asked for in the same way, opened on
    the same day, with another due date or result, or not asked for by all.

    Events that a pack has no word for are noted in its evaluation, not refused: another pack may use them.

    Args:
        history: the history.
        packs: the packs, each of another name.
        as_of: the day (or time) of judging.
        known_at: use only what had been recorded by then; as `as_of` unless given.

    Raises:
        HistoryError: the history cannot be judged as it stands.
        ValueError: there are fewer than two packs, or two of one name.
    """
    names = _names(packs)
    evaluations = [evaluate(history, pack, as_of=as_of, known_at=known_at, unknown_events="note") for pack in packs]
    named = {event.id: event.key for event in history.events}
    found: dict[_Key, dict[str, list[_Result]]] = {}
    for pack, evaluation in zip(packs, evaluations, strict=True):
        results: list[_Result] = [*evaluation.obligations, *evaluation.lapsed, *evaluation.not_assessed]
        for item in results:
            if item.opened is None:
                continue
            opened = item.opened.date() if isinstance(item.opened, datetime) else item.opened
            standard = pack[item.standard]
            acts = _acts(standard)
            if not hasattr(standard.rule, "expect"):
                # What is asked of each event is asked of this one.
                event = item.event if isinstance(item, NotAssessed) else item.opened_by and item.opened_by.id
                acts = tuple(act for act in acts if act == named.get(event or "", act))
            for act in acts:
                found.setdefault((opened, act, _way(standard)), {}).setdefault(pack.name, []).append(item)
    differences = [
        _difference(key, {name: items[name] for name in names if name in items}, len(items) == len(packs))
        for key, items in sorted(_once(found).items())
        if len(items) < len(packs) or len(set(map(_outcome, items.values()))) > 1
    ]
    return evaluations, differences


def _once(found: Mapping[_Key, Mapping[str, list[_Result]]]) -> dict[_Key, dict[str, list[_Result]]]:
    """Each result once: one that any of several acts meets stands where most packs ask for the act."""
    placed: set[tuple[str, int]] = set()
    kept: dict[_Key, dict[str, list[_Result]]] = {}
    for key, items in sorted(found.items(), key=lambda pair: (-len(pair[1]), pair[0])):
        if all((pack, id(item)) in placed for pack, results in items.items() for item in results):
            continue
        kept[key] = dict(items)
        placed |= {(pack, id(item)) for pack, results in items.items() for item in results}
    return kept


def _difference(key: _Key, items: Mapping[str, Sequence[_Result]], by_all: bool) -> Difference:
    opened, act, way = key
    judged: dict[str, tuple[Obligation, ...]] = {}
    missing: dict[str, tuple[NotAssessed, ...]] = {}
    for pack, results in items.items():
        if duties := tuple(item for item in results if isinstance(item, Obligation)):
            judged[pack] = duties
        if gaps := tuple(item for item in results if isinstance(item, NotAssessed)):
            missing[pack] = gaps
    return Difference(act, way, opened, judged, missing, by_all)


def _outcome(results: Iterable[_Result]) -> tuple[tuple[str, str], ...]:
    """What a pack makes of it, whatever its standards are called."""
    told = {
        (str(item.status), item.due.isoformat() if item.due else "")
        if isinstance(item, Obligation)
        else ("not assessed", item.missing)
        for item in results
    }
    return tuple(sorted(told))
