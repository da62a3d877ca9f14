"""Witness histories: for every standard of a pack small histories made from its declaration, with what must come out.

The pack's text is read here a second time, as plain YAML, and every date is counted by `independent`: nothing of the
library says what is expected of it. `Witness(book, id).cases()` gives, around each due date, the act on the day before,
on the day and on the day after, and the same three days without an act. Where no history can be made, `Impossible`
says why.
"""

# A function made in a loop is called before the loop goes on.
# ruff: noqa: B023

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from itertools import islice, product
from typing import Any

import yaml

import independent

ONE_DAY = timedelta(days=1)
ONE_MINUTE = timedelta(minutes=1)
SILENT = object()
Day = date | datetime
#: One line of a condition: the detail, what must be true of it, and the words or the figure it is compared with.
Line = tuple[str, str, tuple[str, ...]]

#: Days on which a duty opens, or for what counts back the days of the event.
STARTS = {
    "an ordinary week": date(2024, 6, 5),
    "the Tuesday before Easter": date(2024, 3, 26),
    "Maundy Thursday": date(2024, 3, 28),
    "the Friday before Christmas": date(2024, 12, 20),
    "the last of January": date(2024, 1, 31),
    "the last of November": date(2023, 11, 30),
    "a Saturday before a bank holiday": date(2024, 5, 4),
    "a week before the leap day": date(2024, 2, 22),
}
MARKS = STARTS | {
    "the Thursday after Easter": date(2024, 4, 4),
    "the Friday after New Year": date(2025, 1, 3),
    "the day after the leap day": date(2024, 3, 1),
}
#: Times of day, in June and across both changes of the clocks.
CLOCKS = (
    datetime(2024, 6, 5, 9, 30),
    datetime(2024, 3, 30, 12, 0),
    datetime(2024, 3, 31, 0, 30),
    datetime(2024, 10, 26, 14, 15),
    datetime(2024, 10, 27, 0, 30),
    datetime(2025, 3, 29, 23, 59),
    datetime(2025, 10, 25, 12, 0),
    datetime(2026, 3, 28, 12, 0),
    datetime(2026, 10, 24, 12, 0),
)
#: The keys of a standard that hold its numbers.
PLACES = ("first", "second", "third", "fourth", "fifth", "sixth")
STEPS = tuple(f"{place} within" for place in PLACES)
ORDINALS = (*PLACES, "seventh", "eighth", "ninth", "tenth", "eleventh", "twelfth")
NUMBERS = (
    "within",
    "at least",
    "every",
    "for the first",
    "then every",
    *STEPS,
    "to",
    "by age",
    "before age",
    "recorded within",
    "of turning",
    "times",
    "in every",
    "by the",
    "ages",
)


class Impossible(Exception):
    """No witness can be made; the text says why."""


def fold(name: str) -> str:
    """A name as it is compared."""
    return " ".join(name.replace("_", " ").replace("-", " ").split()).casefold()


def listed(value: Any) -> list[Any]:
    """A value that may be one or a list."""
    return [] if value is None else value if isinstance(value, list) else [value]


# --- the pack, read a second time -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Option:
    """An event of a choice, with the lines its record must match."""

    name: str
    lines: tuple[Line, ...] = ()


@dataclass(frozen=True)
class Period:
    """A period as it is declared."""

    name: str
    starts: list[Option]
    ends: list[Option]
    until: list[Option]


class Book:
    """A pack's text as plain YAML, with the shared vocabulary beside it."""

    def __init__(self, text: str, vocabulary: str) -> None:
        raw = yaml.load(text, yaml.BaseLoader)
        shared = yaml.load(vocabulary, yaml.BaseLoader) if "vocabulary" in raw else {}
        self.details: dict[str, dict[str, Any]] = {}
        self.carries: dict[str, list[str]] = {}
        self.periods: dict[str, Period] = {}
        for words in (shared, raw):
            self.details |= {fold(name): word for name, word in (words.get("details") or {}).items()}
            for name, word in (words.get("events") or {}).items():
                more = [fold(item) for item in word.get("details", [])] if isinstance(word, dict) else []
                self.carries[fold(name)] = self.carries.get(fold(name), []) + more
        for words in (shared, raw):
            for name, word in (words.get("periods") or {}).items():
                where = lines_of(word.get("where"))
                starts = [Option(one.name, one.lines + where) for one in choice(word["starts"])]
                self.periods[fold(name)] = Period(
                    fold(name), starts, choice(word.get("ends")), choice(word.get("until"))
                )
        self.standards: dict[str, dict[str, Any]] = raw["standards"]
        self.itself = raw["day one"] == "the day itself"
        self.roll = "if not a working day" in raw
        self.by_date = raw.get("hours without times") != "not assessed"
        self.closed = frozenset(date.fromisoformat(day) for day in raw.get("closed") or [])
        self.terms = [
            (date.fromisoformat(term["starts"]), date.fromisoformat(term["ends"])) for term in raw.get("terms") or []
        ]
        keys = ("while", "while any of", "not while", "limit", "paused by")
        used = {
            fold(name) for standard in self.standards.values() for key in keys for name in listed(standard.get(key))
        }
        self.used = [self.periods[name] for name in sorted(used)]

    @property
    def tested(self) -> list[str]:
        """The ids of the standards that are judged."""
        return [id for id, standard in self.standards.items() if "not tested" not in standard]

    def candidates(self, detail: str, lines: Sequence[Line]) -> list[Any]:
        """Values worth trying for a detail: those the lines speak of, and others; saying nothing comes last."""
        values = self.details[detail]["values"]
        wanted = [word for line in lines for word in line[2]]
        if isinstance(values, list):
            tried: list[Any] = [*wanted, *values]
        elif values == "yes or no":
            tried = [*wanted, "yes", "no"]
        elif values == "a number":
            tried = [float(word) + step for word in wanted for step in (0, -1, 1)] + [1]
        else:
            other = {"a date": "2024-01-15", "a timescale": "5 weeks"}.get(values, "as the record says")
            tried = [*wanted, other]
        return [*dict.fromkeys(tried), "", SILENT]

    def holds(self, line: Line, value: Any) -> bool | None:
        """Whether a line of a condition holds for a value; None if the record never says."""
        detail, how, wanted = line
        if value is SILENT:
            value = self.details[detail].get("unless said", SILENT)
        if value is SILENT:
            return None
        if how in ("present", "absent"):
            return (value != "") is (how == "present")
        if value == "":
            return False
        if how == "is":
            if self.details[detail]["values"] == "a number":
                return float(value) in [float(word) for word in wanted]
            return fold(str(value)) in [fold(word) for word in wanted]
        figure, bound = float(value), float(wanted[0])
        compared = {"at least": figure >= bound, "at most": figure <= bound, "below": figure < bound}
        return compared.get(how, figure > bound)

    def solve(self, must: Sequence[Line], never: Sequence[Sequence[Line]]) -> dict[str, Any]:
        """Details for which every line of `must` holds, and of each of `never` at least one line certainly does not."""
        every = [*must, *(line for lines in never for line in lines)]
        fits: dict[str, list[Any]] = {}
        for key in dict.fromkeys(line[0] for line in every):
            own = [line for line in must if line[0] == key]
            tried = self.candidates(key, [line for line in every if line[0] == key])
            fits[key] = [value for value in tried if all(self.holds(line, value) is True for line in own)]
            if not fits[key]:
                raise Impossible(f"no value of “{key}” satisfies every condition")
        open_keys = [key for key in fits if any(line[0] == key for lines in never for line in lines)]
        found = {key: values[0] for key, values in fits.items()}
        for values in product(*(fits[key] for key in open_keys)):
            found |= dict(zip(open_keys, values, strict=True))
            if all(any(self.holds(line, found[line[0]]) is False for line in lines) for lines in never):
                return {key: value for key, value in found.items() if value is not SILENT}
        raise Impossible(f"{' and '.join(open_keys)} cannot be such that only what is wanted matches")


def lines_of(condition: Any) -> tuple[Line, ...]:
    """The lines of a condition as they are written."""
    found: list[Line] = []
    for key, value in (condition or {}).items():
        bound = re.fullmatch(r"(at least|at most|below|above) ([0-9.]+)", value) if isinstance(value, str) else None
        if value in ("present", "absent"):
            found.append((fold(key), value, ()))
        elif bound:
            found.append((fold(key), bound[1], (bound[2],)))
        else:
            found.append((fold(key), "is", tuple(listed(value))))
    return tuple(found)


def choice(value: Any) -> list[Option]:
    """The options of a choice of events, or of the event of a change."""
    found: list[Option] = []
    for item in listed(value):
        if isinstance(item, dict):
            where = lines_of(item.get("where"))
            found += [Option(one.name, one.lines + where) for one in choice(item["event"])]
        else:
            found.append(Option(fold(item)))
    return found


# --- what a case is ---------------------------------------------------------------------------------------------------


@dataclass
class Ask:
    """An event that a witness needs, before its details are found.

    Attributes:
        roles: which choices of the standard it may match; of all others it must match none.
        gate: `if` and `unless` look at it.
    """

    option: Option
    day: Day
    roles: set[str]
    gate: bool = False
    recorded: Day | None = None
    lines: list[Line] = field(default_factory=list)
    fixed: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Happening:
    """An event of a witness."""

    name: str
    day: Day
    details: dict[str, Any]
    recorded: Day | None = None


@dataclass(frozen=True)
class Case:
    """One history, the moment of judging, and the outcomes it must have: all of them, in order of text."""

    said: str
    subject: str
    happenings: tuple[Happening, ...]
    born: date | None
    facts: dict[str, Any]
    as_of: Day
    expected: tuple[str, ...]


def plain(day: Day) -> date:
    """The date of a day or a time."""
    return day.date() if isinstance(day, datetime) else day


def outcome(opened: Day, due: Day | None, done: Day | None, fell: date | None, as_of: Day) -> str:
    """One line for a duty, as the page on meanings has it: met on the last day, breached after it, lapsed with its
    period.
    """
    head = f"{opened} > {due or 'no date'}"
    if fell is not None and (done is None or fell < plain(done)):
        if due is None or fell <= plain(due):
            return f"lapsed {head}"
        return f"breached {head}, {(fell - plain(due)).days} days late"
    if done is not None:
        if due is None or done <= due:
            return f"met {head} done {done}"
        return f"breached {head} done {done}, {(plain(done) - plain(due)).days} days late"
    if due is None or as_of <= due:
        return f"due {head}"
    return f"breached {head}, {(plain(as_of) - plain(due)).days} days late"


def unknown(opened: Day) -> str:
    """The line of what is not assessed."""
    return f"not assessed {plain(opened)}"


class Witness:
    """The cases of one standard of a book."""

    def __init__(self, book: Book, id: str) -> None:
        self.book, self.id = book, id
        self.its = its = book.standards[id]
        self.subject = its.get("subject", "child")
        self.kind = next(
            kind
            for key, kind in (
                ("times", self.times),
                ("within", self.deadline),
                ("before", self.lead_time),
                ("every", self.frequency),
                ("first within", self.schedule),
                ("limit", self.limit),
                ("by age", self.age),
                ("before age", self.age),
                ("recorded within", self.recording),
                ("require", self.evidence),
                ("by the", self.ordinal),
            )
            if key in its
        )
        self.itself = its["day one"] == "the day itself" if "day one" in its else book.itself
        self.roll = book.roll or "if not a working day" in its
        where = lines_of(its.get("where"))
        self.acts = [Option(one.name, one.lines + where) for one in choice(its.get("expect"))]
        self.if_ = lines_of(its.get("if"))
        unless = its.get("unless")
        self.unless = lines_of(unless) if isinstance(unless, dict) and "event" not in unless else ()
        self.excuses = [] if self.unless else choice(unless)
        self.periods = [book.periods[fold(name)] for name in listed(its.get("while"))]
        self.periods += [book.periods[fold(name)] for name in listed(its.get("while any of"))[:1]]
        changes = [its.get(key) for key in ("varied by", "extended by", "or by")]
        #: What an event of a witness may match only if that is its role.
        self.guards: dict[str, list[Option]] = {
            "opener": [
                option
                for key in ("of", "of each", "before", "since", "for each", "for the first", "for the last")
                for option in (
                    choice(its.get(key)) if key in its and not (key == "for the first" and "every" in its) else []
                )
            ],
            "act": self.acts,
            "start": [option for period in self.periods for option in period.starts],
            "change": [*self.excuses, *(option for change in changes for option in choice(change))],
        }
        self.barred = [book.periods[fold(name)] for key in ("not while", "paused by") for name in listed(its.get(key))]
        self.guards |= {f"barred by {period.name}": period.starts for period in self.barred}
        if "by the" in its and "since" in its:
            self.guards["opener"] = choice(its["since"])
            self.guards["mark"] = choice(its["of"])
        elif "by the" in its:
            self.guards["opener"] = []
            self.guards["mark"] = choice(its["of"])
        if "between each" in its:
            self.guards["mark"] = choice(its["between each"])
        if "limit" in its:
            self.limited = book.periods[fold(its["limit"])]
            self.guards["opener"] = self.limited.starts
            self.guards["act"] = self.limited.ends + self.limited.until
        self.turn = 0
        self.born: date | None = None
        self.denied: Any = None
        self.first, self.last = self.force()

    # --- when it is in force, and for whom

    def force(self) -> tuple[date, date]:
        """The first and last day on which a duty may open."""
        first = date.fromisoformat(self.its.get("from", "1901-01-01"))
        last = date.fromisoformat(self.its.get("until", "2199-12-31"))
        for other in self.book.standards.values():
            if other.get("replaces") == self.id:
                last = min(last, date.fromisoformat(other["from"]) - ONE_DAY)
        return first, last

    def starts(self, days: dict[str, date]) -> list[tuple[str, date]]:
        """The days in force, moved by whole years if none is; with the first and last day in force, and those next."""
        found = [(said, day) for said, day in days.items() if self.first <= day <= self.last]
        for year in range(2012, 2028):
            if len(found) < 3:
                moved = [(f"{said}, {year}", day.replace(year=year)) for said, day in days.items()]
                found += [(said, day) for said, day in moved if self.first <= day <= self.last]
        if self.first.year > 1901:
            found += [("the first day in force", self.first), ("the day before it is in force", self.first - ONE_DAY)]
        if self.last.year < 2199:
            found += [("the last day in force", self.last), ("the day after it is in force", self.last + ONE_DAY)]
        return found

    def band(self) -> tuple[int, int | None] | None:
        """The ages for which it holds: from, and below."""
        said = self.its.get("ages")
        if said is None:
            return None
        figures = [int(figure) for figure in re.findall(r"[0-9]+", said)]
        if said.startswith("under"):
            return 0, figures[0]
        return figures[0], figures[1] + 1 if len(figures) == 2 else None

    def births(self, day: date) -> list[tuple[str, date | None]]:
        """Dates of birth: on the first day and the last day of the ages, and a day outside them."""
        band = self.band()
        if band is None:
            return [("", date(day.year - 10, 4, 14) if self.subject == "child" else None)]
        low, below = band
        found: list[tuple[str, date | None]] = []
        if low:
            found += [
                ("just old enough", born_for(day, f"{low} years")),
                ("a day too young", born_for(day + ONE_DAY, f"{low} years")),
            ]
        else:
            found += [("born that day", day), ("not born yet", day + 60 * ONE_DAY)]
        if below:
            found += [
                ("the last day young enough", born_for(day + ONE_DAY, f"{below} years")),
                ("a day too old", born_for(day, f"{below} years")),
            ]
        return found

    def admits(self, day: Day) -> bool:
        """Whether a duty may open on a day: in force, and of the right age."""
        if not self.first <= plain(day) <= self.last:
            return False
        band = self.band()
        if band is None:
            return True
        assert self.born is not None
        low, below = band
        young = below is None or plain(day) < independent.attained(self.born, f"{below} years")
        return young and (low == 0 or plain(day) >= independent.attained(self.born, f"{low} years"))

    # --- dates, from the text

    def due(self, start: date, timescale: str, direction: str = "forward") -> date:
        """The last day in time, by the independent calculation."""
        if timescale.endswith(("hour", "hours")):
            hours = int(timescale.split()[0])
            return start + (hours // 24 if direction == "forward" else -(hours // 24)) * ONE_DAY
        day_one = "itself" if self.itself else "next day"
        day = independent.due(start, timescale, direction, day_one, self.book.closed)
        while self.roll and direction == "forward" and independent.is_off(day, self.book.closed):
            day += ONE_DAY
        return day

    # --- scenes

    def resolve(self, asks: Sequence[Ask]) -> tuple[list[Happening], dict[str, Any]]:
        """Details for every event asked for, such that each matches what it is there for and nothing else."""
        facts: dict[str, Any] = {}
        found: list[Happening] = []
        for ask in asks:
            must = [*ask.option.lines, *ask.lines]
            never: list[Sequence[Line]] = []
            for role, options in self.guards.items():
                for option in options if role not in ask.roles else ():
                    if option.name == ask.option.name:
                        if not option.lines:
                            raise Impossible(f"“{ask.option.name}” is at once {' and '.join(ask.roles)} and {role}")
                        never.append(option.lines)
            carried = self.book.carries.get(ask.option.name)
            own = {line[0] for line in must} | {line[0] for lines in never for line in lines}
            if ask.gate:
                must += [line for line in self.if_ if line is not self.denied]
                never += [[line] for line in self.if_ if line is self.denied]
                if self.unless and self.unless is self.denied:
                    must += self.unless
                elif self.unless:
                    never.append(self.unless)
            details = self.book.solve(must, never)
            for key in list(details):
                # A detail that only `if` or `unless` asks for, and the event does not carry, is a fact of the history.
                if key not in own and (ask.option.name == "birth" or (carried and key not in carried)):
                    facts[key] = details.pop(key)
            if ask.option.name != "birth":
                details |= ask.fixed
                kept = {key: value for key, value in details.items() if value is not SILENT}
                found.append(Happening(ask.option.name, ask.day, kept, ask.recorded))
        return found, facts

    def started(self, found: list[Happening]) -> list[Happening]:
        """With a start for every end of a period that has none: such a record would be wrong."""
        more: list[Happening] = []
        for period in self.book.used:
            ends = [one for one in found if one.name in [option.name for option in period.ends]]
            begun = [one for one in found if one.name in [option.name for option in period.starts]]
            if ends and not any(option.lines for option in period.starts):
                day = min(plain(one.day) for one in ends)
                if not any(plain(one.day) <= day for one in begun):
                    more += self.resolve([Ask(period.starts[0], day - 60 * ONE_DAY, set())])[0]
        return found + more

    def stand(self, opener: Ask | None, day: date) -> list[Ask]:
        """The starts of the periods that must hold: the opening event where it is one, else an event a month before."""
        found: dict[str, Ask] = {}
        for period in self.periods:
            options = [option for option in period.starts if opener is not None and option.name == opener.option.name]
            if options and opener is not None:
                opener.lines += options[0].lines
                opener.roles.add("start")
            elif period.starts[0].name in found:
                found[period.starts[0].name].lines += period.starts[0].lines
            elif period.starts[0].name != "birth":
                found[period.starts[0].name] = Ask(period.starts[0], day - 30 * ONE_DAY, {"start"})
        return [*found.values(), *self.lifted(list(found.values()), day - 5 * ONE_DAY)]

    def bars(self, ask: Ask) -> list[Period]:
        """The periods that must not hold and that a start cannot but start as well."""
        return [
            period
            for period in self.barred
            if any(option.name == ask.option.name and not option.lines for option in period.starts)
        ]

    def lifted(self, asks: Sequence[Ask], day: date) -> list[Ask]:
        """The ends, on a day, of the periods that must not hold and that these starts start as well."""
        found: list[Ask] = []
        own = {option.name for period in self.periods for option in period.ends + period.until}
        for ask in asks:
            for period in self.bars(ask):
                ends = [option for option in period.ends + period.until if option.name not in own]
                if ends:
                    ask.roles.add(f"barred by {period.name}")
                    found.append(Ask(ends[0], day, {"bar ended"}))
        return found

    def fell(self, happenings: Sequence[Happening], as_of: Day) -> date | None:
        """The day on which the first of the periods ends, as far as has happened."""
        days: list[date] = []
        for period in self.periods:
            begun = [plain(one.day) for one in happenings if any(self.matches(one, option) for option in period.starts)]
            if not begun:
                continue
            for one in happenings:
                later = plain(one.day) > min(begun)
                by_end = any(self.matches(one, option) for option in period.ends) and plain(one.day) >= min(begun)
                by_other = any(self.matches(one, option) for option in period.until) and later
                if (by_end or by_other) and one.day <= as_of:
                    days.append(plain(one.day))
        return min(days, default=None)

    def matches(self, one: Happening, option: Option) -> bool:
        """Whether an event is one of an option."""
        return one.name == option.name and all(
            self.book.holds(line, one.details.get(line[0], SILENT)) for line in option.lines
        )

    def case(self, said: str, asks: Sequence[Ask], as_of: Day, tell: Callable[[date | None], list[str]]) -> Case:
        """A case: the events asked for, and the lines that must come out, given the day the period ended."""
        happenings, facts = self.resolve(asks)
        happenings = self.started(happenings)
        expected = tuple(sorted(tell(self.fell(happenings, as_of))))
        return Case(said, self.subject, tuple(happenings), self.born, facts, as_of, expected)

    def choose(
        self, openers: Sequence[Option], attempt: Callable[[Option, Option], list[Ask]]
    ) -> tuple[Option, Option]:
        """The first opening event and act, from this turn's on, of which a history can be made."""
        error = Impossible("there is no event to choose from")
        acts = self.guards["act"] or [Option("")]
        for opener_place in range(len(openers)):
            for act_place in range(len(acts)):
                opener = openers[(opener_place + self.turn) % len(openers)]
                act = acts[(act_place + self.turn) % len(acts)]
                try:
                    self.started(self.resolve(attempt(opener, act))[0])
                except Impossible as found:
                    error = found
                else:
                    return opener, act
        raise error

    def cases(self) -> Iterator[Case]:
        """Every case of the standard.

        Raises:
            Impossible: no history can be made.
        """
        yield from self.kind()
        for denied in [*self.if_, *([self.unless] if self.unless else [])]:
            # One line of `if` that fails, or all of `unless` that holds: no duty opens.
            self.denied = denied
            try:
                found = list(islice(self.kind(), 12))
            except Impossible:
                continue
            finally:
                self.denied = None
            what = "unless" if denied is self.unless else f"“{denied[0]}” otherwise"
            yield from (replace(case, said=f"{case.said}, {what}", expected=()) for case in found)

    def each_start(self, days: dict[str, date], least: int = 0) -> Iterator[tuple[str, date]]:
        """Every start with every date of birth that matters; one more turn for each, so that the options take turns."""
        starts = self.starts(days)
        if not starts:
            raise Impossible("it is in force on no day that the list of bank holidays covers")
        for place in range(max(len(starts), least)):
            said, day = starts[place % len(starts)]
            self.turn = place
            births = self.births(day)
            # All ages at the first start, and then one inside them in turn.
            for age, born in births if place == 0 else births[(place % (len(births) // 2 or 1)) * 2 :][:1]:
                self.born = born
                yield f"{said} ({day}){f', {age}' if age else ''}", day

    # --- the kinds

    def around(self, due: date) -> list[tuple[str, date]]:
        """The day before, the day, and the day after."""
        return [("the day before", due - ONE_DAY), ("on the day", due), ("the day after", due + ONE_DAY)]

    def span_start(self, day: date) -> list[Ask]:
        """What starts the span in which a standard runs: the last of its periods on the day, others before it; or the
        end, on the day, of a period that must not hold and that began with one of them.
        """
        option = self.periods[-1].starts[0]
        if option.name == "birth":
            self.born = day
        opener = Ask(option, day, {"start", "opener"}, gate=True)
        if any(one.name == option.name and not one.lines for one in self.acts):
            opener.roles.add("act")  # the start is never its own first act
        others = self.stand_others(opener, day)
        shared = [ask for ask in (opener, *others) if self.bars(ask)]
        if option.name != "birth" and "by the" not in self.its and shared and (opener in shared or self.turn % 2 == 0):
            opener.day = day - 20 * ONE_DAY
            others = [ask for ask in others if ask.roles != {"bar ended"}]
            others += self.lifted(shared, day)
        return [*others, opener]

    def stand_others(self, opener: Ask, day: date) -> list[Ask]:
        """The starts of the other periods."""
        held, self.periods = self.periods, self.periods[:-1]
        try:
            return self.stand(opener, day)
        finally:
            self.periods = held

    def chain(
        self, start: date, acts: Sequence[date], length: Callable[[int, date], str | None], as_of: date
    ) -> Callable[[date | None], list[str]]:
        """The lines of a series: the start and every act open a duty, which the next act closes."""

        def tell(fell: date | None) -> list[str]:
            inside = sorted({day for day in acts if start <= day <= as_of and (fell is None or day <= fell)})
            anchors = [start, *inside]
            lines = []
            for place, anchor in enumerate(anchors if start <= as_of else []):
                timescale = length(place, anchor)
                if timescale is None:
                    break
                following = anchors[place + 1] if place + 1 < len(anchors) else None
                if self.admits(anchor):
                    lines.append(outcome(anchor, self.due(anchor, timescale), following, fell, as_of))
            return lines

        return tell

    def series(
        self, said: str, start: date, acts: Sequence[date], length: Callable[[int, date], str | None]
    ) -> Iterator[Case]:
        """After these acts: the next one around its due date, and none."""
        base, act = self.span_and_act(start)
        last = acts[-1] if acts else start
        timescale = length(len(acts), last)
        assert timescale is not None
        due = self.due(last, timescale)
        made = [Ask(act, day, {"act"}) for day in acts]
        for when, day in self.around(due):
            asks = [*base(), *made, Ask(act, day, {"act"})]
            if day > last or (day == last and not acts):
                yield self.case(
                    f"{said}, done {when}", asks, due + ONE_DAY, self.chain(start, [*acts, day], length, due + ONE_DAY)
                )
            known = [one for one in acts if one <= day]
            asks = [*base(), *made]
            yield self.case(f"{said}, not done, {when}", asks, day, self.chain(start, known, length, day))
        yield from self.ended(said, [*base(), *made], last, due, self.chain(start, acts, length, due + ONE_DAY))

    def ended(
        self, said: str, asks: Sequence[Ask], opened: date, due: date, tell: Callable[[date | None], list[str]]
    ) -> Iterator[Case]:
        """With the period's end: before the due date or on it the duty lapses, the day after it stays breached."""
        ends = [(period, option) for period in self.periods for option in period.ends + period.until]
        for place, (period, option) in enumerate(ends):
            for when, day in self.around(due):
                if day > opened and place == self.turn % len(ends):
                    try:
                        yield self.case(
                            f"{said}, {period.name} ended {when}",
                            [*asks, Ask(option, day, {"end"})],
                            due + ONE_DAY,
                            tell,
                        )
                    except Impossible:
                        continue

    def span_and_act(self, start: date) -> tuple[Callable[[], list[Ask]], Option]:
        """How the span starts, and the act of this turn."""
        if not self.periods:
            raise Impossible("it runs in no period")

        def attempt(opener: Option, act: Option) -> list[Ask]:
            return [*self.span_start(start), Ask(act, start + 2 * ONE_DAY, {"act"})]

        _, act = self.choose([Option("")], attempt)
        return lambda: self.span_start(start), act

    def frequency(self) -> Iterator[Case]:
        """The first duty, the second after an act, and both sides of the end of a first phase."""
        every, first_for, then = (self.its.get(key) for key in ("every", "for the first", "then every"))
        if every in ("term", "whole term"):
            yield from self.in_terms(every == "whole term", 1)
            return
        for said, start in self.each_start(STARTS):
            change = (
                independent.due(start, first_for, "forward", "itself" if self.itself else "next day", self.book.closed)
                if first_for
                else None
            )

            def length(place: int, day: date) -> str:
                return every if change is None or day < change else then

            yield from self.series(f"{said}, the first", start, [], length)
            first_due = self.due(start, length(0, start))
            for between in dict.fromkeys([start + (first_due - start) // 2, first_due]):
                if start < between:
                    yield from self.series(f"{said}, the second", start, [between], length)
            if change is not None:
                for anchor in (change - ONE_DAY, change, change + ONE_DAY):
                    acts, day = [], start
                    while self.due(day, length(0, day)) < anchor and len(acts) < 60:
                        day = self.due(day, length(0, day))
                        acts.append(day)
                    if anchor > start:
                        yield from self.series(f"{said}, opened {anchor}", start, [*acts, anchor], length)

    def schedule(self) -> Iterator[Case]:
        """Every step of the series, and then two more."""
        steps = [self.its[key] for key in STEPS if key in self.its]
        then = self.its.get("then every")

        def length(place: int, day: date) -> str | None:
            return steps[place] if place < len(steps) else then

        for said, start in self.each_start(STARTS):
            acts: list[date] = []
            day = start
            for place in range(len(steps) + (2 if then else 0)):
                yield from self.series(f"{said}, number {place + 1}", start, list(acts), length)
                timescale = length(place, day)
                assert timescale is not None
                # A day early where that is a day later than the last, so that the days of the series are its own.
                day = max(self.due(day, timescale) - ONE_DAY, day + ONE_DAY)
                acts.append(day)

    def in_terms(self, whole: bool, times: int) -> Iterator[Case]:
        """Each term that the pack lists, from its first day and from a day within it."""
        end_of_list = self.book.terms[-1][1] + ONE_DAY
        for first, last in self.book.terms:
            for start in (first, first + 9 * ONE_DAY):
                self.born = self.births(start)[0][1]
                base, act = self.span_and_act(start)
                early = [start + n * ONE_DAY for n in range(times - 1)]

                def tell(acts: list[date], as_of: date) -> Callable[[date | None], list[str]]:
                    def lines(fell: date | None) -> list[str]:
                        found = []
                        for opens, closes in self.book.terms:
                            opened = max(opens, start)
                            asked = opened <= closes and opened <= as_of and not (whole and start > opens)
                            done = sorted(day for day in acts if opened <= day <= closes and day <= as_of)
                            if asked and self.admits(opened):
                                found.append(
                                    outcome(
                                        opened, closes, done[times - 1] if len(done) >= times else None, fell, as_of
                                    )
                                )
                        if as_of >= end_of_list and (fell is None or fell >= end_of_list) and self.last >= end_of_list:
                            found.append(unknown(end_of_list))
                        return found

                    return lines

                for when, day in self.around(last):
                    said = f"the term to {last}, from {start}"
                    asks = [*base(), *(Ask(act, one, {"act"}) for one in [*early, day])]
                    yield self.case(f"{said}, done {when}", asks, last + ONE_DAY, tell([*early, day], last + ONE_DAY))
                    asks = [*base(), *(Ask(act, one, {"act"}) for one in early)]
                    yield self.case(f"{said}, not done, {when}", asks, day, tell(early, day))

    def deadline(self) -> Iterator[Case]:
        """An act within a timescale of an event, a birthday or a breach; so many acts with `times`."""
        timescale, times = self.its["within"], int(self.its.get("times", 1))
        hours = int(timescale.split()[0]) if "hour" in timescale else 0
        age = self.its.get("of turning")
        starts = {said: attainable(day, age) for said, day in STARTS.items()} if age else STARTS
        for said, start in self.each_start(starts, max(len(self.guards["opener"]), len(self.acts))):
            opened, since, base, act = self.opening(start)
            if hours and not self.book.by_date:
                yield from self.without_times(said, opened, base, act, hours)
                continue
            due = self.due(opened, timescale)
            early = [max(since, opened)] * (times - 1)
            opens_too = self.opens_too(act)

            def tell(acts: Sequence[date], as_of: date) -> Callable[[date | None], list[str]]:
                def lines(fell: date | None) -> list[str]:
                    done = sorted(day for day in acts if since <= day <= as_of)
                    found = []
                    if self.admits(opened) and opened <= as_of:
                        met = done[times - 1] if len(done) >= times else None
                        found.append(outcome(opened, self.due(opened, timescale), met, fell, as_of))
                    # An act that is an opening event itself opens a duty of its own.
                    for day in acts if opens_too else ():
                        if day <= as_of and self.admits(day):
                            later = [one for one in acts if day < one <= as_of]
                            found.append(
                                outcome(
                                    day,
                                    self.due(day, timescale),
                                    later[times - 1] if len(later) >= times else None,
                                    fell,
                                    as_of,
                                )
                            )
                    return found

                return lines

            for when, day in self.around(due):
                asks = [*base(), *(self.done(act, one) for one in [*early, day])]
                yield self.case(f"{said}, done {when}", asks, due + ONE_DAY, tell([*early, day], due + ONE_DAY))
                asks = [*base(), *(self.done(act, one) for one in early)]
                yield self.case(f"{said}, not done, {when}", asks, day, tell(early, day))
            yield from self.ended(said, base(), max(opened, start), due, tell([], due + ONE_DAY))
            if times == 1 and not opens_too:
                yield from self.twice(said, opened, due, base, act)
            yield from self.sooner(said, opened, due, base, act)
            yield from self.excused(said, opened, due, base)
        if hours and times == 1 and ("of" in self.its or "of each" in self.its):
            yield from self.with_times(hours)

    def twice(self, said: str, opened: date, due: date, base: Callable[[], list[Ask]], act: Option) -> Iterator[Case]:
        """Opened again the day after: with `of` one act serves both duties, with `of each` only the later."""
        asks = base()
        names = {option.name for period in self.book.used for option in period.starts + period.ends + period.until}
        if not ("of" in self.its or "of each" in self.its) or asks[-1].option.name in {*names, "birth"}:
            return
        again = opened + ONE_DAY
        if not self.admits(again):
            return
        second = Ask(asks[-1].option, again, {"opener"}, gate=True)
        for day in (opened, again, again + ONE_DAY):

            def tell(fell: date | None) -> list[str]:
                served = [day >= opened and ("of" in self.its or day < again), day >= again]
                return [
                    outcome(one, self.due(one, self.its["within"]), day if done else None, fell, due + 9 * ONE_DAY)
                    for one, done in zip((opened, again), served, strict=True)
                    if self.admits(one)
                ]

            yield self.case(
                f"{said}, opened twice, done {day}", [*asks, second, Ask(act, day, {"act"})], due + 9 * ONE_DAY, tell
            )

    def act_roles(self, act: Option) -> set[str]:
        """What an act may match: the opening event too where both have one name and no more."""
        same = any(option.name == act.name and not option.lines for option in self.guards["opener"])
        return {"act", "opener"} if same and ("of" in self.its or "of each" in self.its) else {"act"}

    def opens_too(self, act: Option) -> bool:
        """Whether an act opens a duty of its own: it may match the opening event, and what makes it count does not
        make `if` fail.
        """
        if "opener" not in self.act_roles(act):
            return False
        try:
            self.book.solve([*act.lines, *self.if_], [self.unless] if self.unless else [])
        except Impossible:
            return False
        return True

    def done(self, act: Option, day: date) -> Ask:
        """An act of a deadline."""
        return Ask(act, day, self.act_roles(act), gate=self.opens_too(act))

    def opening(self, start: date) -> tuple[date, date, Callable[[], list[Ask]], Option]:
        """What opens a deadline on a day: the day it opens, the first day an act counts from, its events, the act."""
        if "of breach of" in self.its:
            other = Witness(self.book, self.its["of breach of"])
            other.born = self.born
            missed, due, before = other.unmet(start)
            opened = due + ONE_DAY

            def broken() -> list[Ask]:
                asks = before()
                first = next(ask for ask in asks if ask.gate)
                first.lines += other.if_
                for ask in asks:
                    ask.roles |= {"opener", "start"}
                names = {ask.option.name for ask in asks}
                return [*asks, *(ask for ask in self.stand(first, missed) if ask.option.name not in names)]

            _, act = self.choose([Option("")], lambda _, act: [*broken(), Ask(act, opened, {"act"})])
            return opened, missed, broken, act
        if "of turning" in self.its:
            self.born = born_for(start, self.its["of turning"])
            birthday = Ask(Option("birth"), start, {"opener"}, gate=True)
            _, act = self.choose(
                [Option("")], lambda _, act: [birthday, *self.stand(None, start), Ask(act, start, {"act"})]
            )
            return start, start, lambda: [birthday, *self.stand(None, start)], act

        def base(option: Option) -> list[Ask]:
            if option.name == "birth":
                self.born = start
            same = any(one.name == option.name and not one.lines for one in self.acts)
            opener = Ask(option, start, {"opener", "act"} if same else {"opener"}, gate=True)
            return [*self.stand(opener, start), opener]

        option, act = self.choose(
            self.guards["opener"], lambda option, act: [*base(option), self.done(act, start + ONE_DAY)]
        )
        return start, start, lambda: base(option), act

    def unmet(self, start: date) -> tuple[date, date, Callable[[], list[Ask]]]:
        """For a standard whose breach opens another: the day it opens, its due date, and its events without an act."""
        if "limit" in self.its:
            option = self.limited.starts[0]

            def limited() -> list[Ask]:
                opener = Ask(option, start, {"opener", "start"}, gate=True)
                return [*self.stand(opener, start), opener]

            return start, self.due(start, self.its["to"]), limited
        if "within" in self.its and "times" not in self.its:
            opened, _, base, _ = self.opening(start)
            return opened, self.due(opened, self.its["within"]), base
        timescale = self.its.get("every") or self.its.get("first within")
        if timescale is None or "term" in timescale:
            raise Impossible("it opens on the breach of a standard for which no breach is made here")
        base, _ = self.span_and_act(start)
        return start, self.due(start, timescale), base

    def sooner(self, said: str, opened: date, due: date, base: Callable[[], list[Ask]], act: Option) -> Iterator[Case]:
        """With `or by`: the other event the day after the opening is the last day in time, if that is sooner."""
        if "or by" not in self.its or opened + ONE_DAY >= due:
            return
        sooner = opened + ONE_DAY
        other = Ask(choice(self.its["or by"])[0], sooner, {"change"})
        for when, day in self.around(sooner):

            def tell(fell: date | None) -> list[str]:
                done = day if day >= opened else None
                return [outcome(opened, sooner, done, fell, due)] if self.admits(opened) else []

            yield self.case(
                f"{said}, sooner by the other event, done {when}", [*base(), other, Ask(act, day, {"act"})], due, tell
            )

    def excused(self, said: str, opened: date, due: date, base: Callable[[], list[Ask]]) -> Iterator[Case]:
        """With an event after `unless`: on the due date it still excuses, the day after it comes too late."""
        if not self.excuses:
            return
        for when, day in self.around(due)[1:]:

            def tell(fell: date | None) -> list[str]:
                ends = [one for one in (fell, day if day <= due else None) if one is not None]
                line = outcome(opened, due, None, min(ends, default=None), due + ONE_DAY)
                return [line] if self.admits(opened) else []

            excuse = Ask(self.excuses[0], day, {"change"})
            yield self.case(f"{said}, excused {when}", [*base(), excuse], due + ONE_DAY, tell)

    def without_times(
        self, said: str, opened: date, base: Callable[[], list[Ask]], act: Option, hours: int
    ) -> Iterator[Case]:
        """Hours by dates only, in a pack that does not assess what dates cannot tell."""
        certain = opened + (hours // 24 - 1) * ONE_DAY
        possible = opened - (-hours // 24) * ONE_DAY
        for day in (certain, certain + ONE_DAY, possible, possible + ONE_DAY):
            as_of = possible + ONE_DAY

            def tell(fell: date | None) -> list[str]:
                if not self.admits(opened):
                    return []
                if certain < day <= possible:
                    return [unknown(opened)]
                return [outcome(opened, possible, day if day >= opened else None, fell, as_of)]

            if day >= opened:
                yield self.case(f"{said}, by dates, done {day}", [*base(), Ask(act, day, {"act"})], as_of, tell)
        for when, day in self.around(possible):

            def open_still(fell: date | None) -> list[str]:
                return [outcome(opened, possible, None, fell, day)] if self.admits(opened) and opened <= day else []

            yield self.case(f"{said}, by dates, not done, {when}", base(), day, open_still)

    def with_times(self, hours: int) -> Iterator[Case]:
        """Hours to the minute, across both changes of the clocks."""
        for clock in CLOCKS:
            if not self.first <= clock.date() <= self.last:
                continue
            self.born = self.births(clock.date())[0][1]
            _, _, base, act = self.opening(clock.date())
            due = independent.hours_later(clock, hours)

            def timed() -> list[Ask]:
                asks = base()
                asks[-1].day = clock
                return asks

            for when, minute in (
                ("a minute before", beside(due, -1)),
                ("to the minute", due),
                ("a minute after", beside(due, 1)),
            ):
                late = beside(due, 1)

                def tell(done: datetime | None, as_of: datetime) -> Callable[[date | None], list[str]]:
                    return lambda fell: [outcome(clock, due, done, fell, as_of)] if self.admits(clock) else []

                yield self.case(
                    f"{clock}, done {when}", [*timed(), Ask(act, minute, {"act"})], late, tell(minute, late)
                )
                yield self.case(f"{clock}, not done, {when}", timed(), minute, tell(None, minute))

    def lead_time(self) -> Iterator[Case]:
        """An act so long before an event, which is held, or arranged and still to come."""
        lead = self.its.get("at least", "same day")
        hours = int(lead.split()[0]) if "hour" in lead else 0
        for said, day in self.each_start(MARKS, max(len(self.guards["opener"]), len(self.acts))):
            base, act = self.event_and_act(day)
            if hours and not self.book.by_date:
                yield from self.lead_without_times(said, day, base, act, hours)
                continue
            due = self.due(day, lead, "back")
            written = due - 20 * ONE_DAY
            # An event that starts its own period has not started it while it is only arranged.
            ways = [False] if "start" in base(None)[-1].roles else [False, True]
            for when, done in self.around(due):
                for arranged in ways:
                    as_of = max(done, due + ONE_DAY) if arranged else max(day, due) + ONE_DAY
                    asks = [*base(written if arranged else None), Ask(act, done, {"act"})]
                    met = done if done <= day else None

                    def tell(met: date | None, as_of: date) -> Callable[[date | None], list[str]]:
                        return lambda fell: [outcome(day, due, met, fell, as_of)] if self.admits(day) else []

                    how = "arranged" if arranged else "held"
                    yield self.case(f"{said}, {how}, done {when}", asks, as_of, tell(met, as_of))
                if True in ways or done >= day:
                    asks = base(written if True in ways else None)
                    yield self.case(f"{said}, not done, {when}", asks, done, tell(None, done))
        if hours:
            yield from self.lead_with_times(hours)

    def event_and_act(self, day: date) -> tuple[Callable[[date | None], list[Ask]], Option]:
        """The event that an act must come before, held or arranged, and the act."""

        def base(option: Option, written: date | None) -> list[Ask]:
            if option.name == "birth":
                self.born = day
            opener = Ask(option, day, {"opener"}, gate=True, recorded=written)
            others = self.stand(opener, day)
            for ask in others:
                ask.day -= 370 * ONE_DAY
            return [*others, opener]

        option, act = self.choose(
            self.guards["opener"], lambda option, act: [*base(option, None), Ask(act, day, {"act"})]
        )
        return lambda written: base(option, written), act

    def lead_without_times(
        self, said: str, day: date, base: Callable[[date | None], list[Ask]], act: Option, hours: int
    ) -> Iterator[Case]:
        """Hours before an event, by dates only, in a pack that does not assess what dates cannot tell."""
        possible, certain = day - hours // 24 * ONE_DAY, day - (-(-hours // 24) + 1) * ONE_DAY
        for done in (certain, certain + ONE_DAY, possible, possible + ONE_DAY):

            def tell(fell: date | None) -> list[str]:
                if not self.admits(day):
                    return []
                if certain < done <= possible:
                    return [unknown(day)]
                return [outcome(day, possible, done if done <= day else None, fell, day + ONE_DAY)]

            yield self.case(
                f"{said}, by dates, done {done}", [*base(None), Ask(act, done, {"act"})], day + ONE_DAY, tell
            )
        for when, now in self.around(possible):

            def open_still(fell: date | None) -> list[str]:
                return [outcome(day, possible, None, fell, now)] if self.admits(day) else []

            yield self.case(f"{said}, by dates, not done, {when}", base(certain - 9 * ONE_DAY), now, open_still)

    def lead_with_times(self, hours: int) -> Iterator[Case]:
        """Hours before an event, to the minute."""
        for clock in CLOCKS:
            if not self.first <= clock.date() <= self.last:
                continue
            self.born = self.births(clock.date())[0][1]
            base, act = self.event_and_act(clock.date())
            due = independent.hours_later(clock, -hours)
            for when, minute in (
                ("a minute before", beside(due, -1)),
                ("to the minute", due),
                ("a minute after", beside(due, 1)),
            ):

                def tell(done: datetime | None, as_of: datetime) -> Callable[[date | None], list[str]]:
                    return lambda fell: [outcome(clock, due, done, fell, as_of)] if self.admits(clock) else []

                asks, later = base(None), beside(clock, 1)
                asks[-1].day = clock
                yield self.case(f"{clock}, done {when}", [*asks, Ask(act, minute, {"act"})], later, tell(minute, later))
                asks = base(clock.date() - 90 * ONE_DAY)
                asks[-1].day = clock
                yield self.case(f"{clock}, not done, {when}", asks, minute, tell(None, minute))

    def limit(self) -> Iterator[Case]:
        """A period that ends around its last day, or does not end."""
        for said, start in self.each_start(STARTS, len(self.limited.ends + self.limited.until)):
            due = self.due(start, self.its["to"])

            def base(option: Option) -> list[Ask]:
                opener = Ask(option, start, {"opener"}, gate=True)
                return [*self.stand(opener, start), opener]

            option, end = self.choose(self.limited.starts, lambda option, end: [*base(option), Ask(end, due, {"act"})])
            for when, day in self.around(due):

                def tell(done: date | None, as_of: date) -> Callable[[date | None], list[str]]:
                    return lambda fell: (
                        [outcome(start, due, done, fell, as_of)] if self.admits(start) and start <= as_of else []
                    )

                if day > start:
                    asks = [*base(option), Ask(end, day, {"act"})]
                    yield self.case(f"{said}, ended {when}", asks, due + ONE_DAY, tell(day, due + ONE_DAY))
                yield self.case(f"{said}, not ended, {when}", base(option), day, tell(None, day))

    def age(self) -> Iterator[Case]:
        """An act around the day of an age, or the day before it."""
        earlier = "before age" in self.its
        age = self.its.get("by age") or self.its["before age"]
        days = {said: attainable(day, age) for said, day in STARTS.items()}
        days["born on a leap day"] = independent.attained(date(2008, 2, 29), age)
        if not 2012 <= days["born on a leap day"].year <= 2027:
            del days["born on a leap day"]
        for place, (said, birthday) in enumerate(days.items()):
            self.turn = place
            self.born = date(2008, 2, 29) if "born" in said else born_for(birthday, age)
            due = birthday - ONE_DAY if earlier else birthday
            from_birth = not self.periods or self.periods[-1].starts[0].name == "birth"
            if from_birth:
                yield from self.at_age(f"{said} ({due})", self.born, due)
                continue
            yield from self.at_age(f"{said} ({due})", due - 100 * ONE_DAY, due)
            # A period that begins on the day still asks for the act, one that begins after it asks nothing.
            for opened in (due, due + ONE_DAY) if place == 0 else ():
                yield from self.at_age(f"{said} ({due}), begun {opened}", opened, due)

    def at_age(self, said: str, opened: date, due: date) -> Iterator[Case]:
        """An act around the day of an age, where the period begins on a day."""
        if self.periods:
            base, act = self.span_and_act(opened)
        else:
            birth = Ask(Option("birth"), opened, {"opener"}, gate=True)
            _, act = self.choose([Option("")], lambda _, act: [birth, Ask(act, due, {"act"})])

            def base() -> list[Ask]:
                return [birth]

        for when, day in self.around(due):

            def tell(done: date | None, as_of: date) -> Callable[[date | None], list[str]]:
                asked = self.admits(opened) and opened <= min(due, as_of)
                return lambda fell: [outcome(opened, due, done, fell, as_of)] if asked else []

            asks = [*base(), Ask(act, day, {"act"})]
            yield self.case(f"{said}, done {when}", asks, due + ONE_DAY, tell(day, due + ONE_DAY))
            yield self.case(f"{said}, not done, {when}", base(), day, tell(None, day))

    def recording(self) -> Iterator[Case]:
        """An event that is recorded around the last day, or of which no one says when."""
        timescale = self.its["recorded within"]
        hours = int(timescale.split()[0]) if "hour" in timescale else 0
        for said, day in self.each_start(STARTS, len(self.guards["opener"])):
            base = self.recorded_event(day)
            due = self.due(day, timescale)
            if hours and not self.book.by_date:
                certain, due = day + (hours // 24 - 1) * ONE_DAY, day - (-hours // 24) * ONE_DAY
                days = [("by dates", one) for one in (certain, certain + ONE_DAY, due, due + ONE_DAY)]
            else:
                certain, days = due, self.around(due)
            for when, written in days:
                if written < day:
                    continue
                for as_of in (written - ONE_DAY, max(written, due + ONE_DAY)):

                    def tell(fell: date | None) -> list[str]:
                        if not self.admits(day) or written > as_of:
                            return []
                        if certain < written <= due:
                            return [unknown(day)]
                        return [outcome(day, due, written, fell, as_of)]

                    yield self.case(f"{said}, recorded {when}, as of {as_of}", base(day, written), as_of, tell)

            def silent(fell: date | None) -> list[str]:
                return [unknown(day)] if self.admits(day) else []

            yield self.case(f"{said}, no record of the day", base(day, None), due + ONE_DAY, silent)
        for clock in CLOCKS if hours else ():
            if not self.first <= clock.date() <= self.last:
                continue
            self.born = self.births(clock.date())[0][1]
            base, due_at = self.recorded_event(clock.date()), independent.hours_later(clock, hours)
            for when, minute in (
                ("a minute before", beside(due_at, -1)),
                ("to the minute", due_at),
                ("a minute after", beside(due_at, 1)),
            ):

                def at(fell: date | None) -> list[str]:
                    return [outcome(clock, due_at, minute, fell, minute)] if self.admits(clock) else []

                yield self.case(f"{clock}, recorded {when}", base(clock, minute), minute, at)

    def recorded_event(self, day: date) -> Callable[[Day, Day | None], list[Ask]]:
        """The event that must be written down."""

        def base(option: Option, when: Day, written: Day | None) -> list[Ask]:
            opener = Ask(option, when, {"opener"}, gate=True, recorded=written)
            return [*self.stand(opener, day), opener]

        option, _ = self.choose(self.guards["opener"], lambda option, _: base(option, day, None))
        return lambda when, written: base(option, when, written)

    def evidence(self) -> Iterator[Case]:
        """A record with all that it must carry, with one thing empty or wrong, and with one thing never said."""
        require = self.its["require"]
        lines = (
            lines_of(require)
            if isinstance(require, dict)
            else tuple((fold(key), "present", ()) for key in listed(require))
        )
        which = next(word for word in ("each", "the first", "the last") if f"for {word}" in self.its)
        for said, day in self.each_start(STARTS, len(self.guards["opener"])):

            def base(option: Option, fixed: dict[str, Any], more: Sequence[Line]) -> list[Ask]:
                opener = Ask(option, day, {"opener"}, gate=True, lines=list(more), fixed=fixed)
                asks = [*self.stand(opener, day), opener]
                if which != "each":
                    # Another of the series, with nothing of what is asked: it must not matter.
                    other = day + (7 if which == "the first" else -7) * ONE_DAY
                    asks.append(Ask(option, other, {"opener"}))
                if which == "the last":
                    period = self.periods[-1]
                    asks.append(Ask((period.ends + period.until)[0], day + 10 * ONE_DAY, {"end"}))
                return asks

            option, _ = self.choose(self.guards["opener"], lambda option, _: base(option, {}, lines))
            judged = day + 10 * ONE_DAY if which == "the last" else day
            wrong: list[tuple[str, dict[str, Any], str]] = [("all of it", {}, "met")]
            for line in lines:
                asked = (
                    self.if_ + option.lines + tuple(one for period in self.periods for one in period.starts[0].lines)
                )
                for value in self.book.candidates(line[0], [line]):
                    fits = all(self.book.holds(one, value) is True for one in asked if one[0] == line[0])
                    answer = self.book.holds(line, value)
                    if fits and answer is not True:
                        what = "never said" if value is SILENT else "empty" if value == "" else "otherwise"
                        wrong.append(
                            (f"“{line[0]}” {what}", {line[0]: value}, "unknown" if answer is None else "breached")
                        )
            for what, fixed, status in wrong:
                for as_of in dict.fromkeys((judged - ONE_DAY, judged, judged + ONE_DAY)):

                    def tell(fell: date | None) -> list[str]:
                        if not self.admits(day) or as_of < judged:
                            return []
                        if status == "unknown":
                            return [unknown(day)]
                        return [outcome(day, day, day if status == "met" else None, None, as_of)]

                    yield self.case(f"{said}, {what}, as of {as_of}", base(option, fixed, lines), as_of, tell)

    def ordinal(self) -> Iterator[Case]:
        """An act around the day of the so-manyth event of a series."""
        place = 1 if self.its["by the"] == "next" else ORDINALS.index(self.its["by the"]) + 1
        marks = self.guards["mark"]
        for said, start in self.each_start(STARTS, max(len(marks), len(self.acts))):
            days = [start + 7 * n * ONE_DAY for n in range(1, place + 1)]
            due = days[-1]
            series = [Ask(marks[(n + self.turn) % len(marks)], day, {"mark"}) for n, day in enumerate(days)]

            def base(option: Option, act: Option) -> list[Ask]:
                if "since" in self.its:
                    opener = Ask(option, start, {"opener"}, gate=True)
                    return [*self.stand(opener, start), opener]
                return self.span_start(start)

            openers = choice(self.its["since"]) if "since" in self.its else [Option("")]

            def attempt(option: Option, act: Option) -> list[Ask]:
                return [*base(option, act), *series, Ask(act, due, {"act"})]

            option, act = self.choose(openers, attempt)
            for when, day in self.around(due):

                def tell(done: date | None, as_of: date) -> Callable[[date | None], list[str]]:
                    known = due if due <= as_of else None
                    return lambda fell: [outcome(start, known, done, fell, as_of)] if self.admits(start) else []

                asks = [*base(option, act), *series, Ask(act, day, {"act"})]
                yield self.case(f"{said}, done {when}", asks, due + ONE_DAY, tell(day, due + ONE_DAY))
                yield self.case(f"{said}, not done, {when}", [*base(option, act), *series], day, tell(None, day))

    def times(self) -> Iterator[Case]:
        """So many acts in a stretch, a term, so many events, a gap, or a time from an event."""
        times, window = int(self.its["times"]), self.its.get("in every")
        if "within" in self.its:
            yield from self.deadline()
        elif "between each" in self.its:
            yield from self.between(times)
        elif window in ("term", "whole term"):
            yield from self.in_terms(window == "whole term", times)
        elif window is not None and window.endswith("events"):
            yield from self.among(times, int(window.split()[0]))
        elif times == 1:
            for said, start in self.each_start(STARTS):
                yield from self.series(f"{said}, the first", start, [], lambda place, day: window)
                middle = start + (self.due(start, window) - start) // 2
                yield from self.series(f"{said}, the second", start, [middle], lambda place, day: window)
        else:
            yield from self.stretch(times, window)

    def stretch(self, times: int, window: str) -> Iterator[Case]:
        """So many acts in any stretch of a length: the start and every act open a duty that the so-manyth later act
        closes.
        """
        for said, start in self.each_start(STARTS):
            base, act = self.span_and_act(start)
            due = self.due(start, window)
            early = [start + n * ONE_DAY for n in range(1, times)]

            def tell(acts: list[date], as_of: date) -> Callable[[date | None], list[str]]:
                def lines(fell: date | None) -> list[str]:
                    known = [day for day in sorted(acts) if day <= as_of and (fell is None or day <= fell)]
                    found = []
                    for place, anchor in enumerate([start, *known] if start <= as_of else []):
                        later = known[place:]
                        done = later[times - 1] if len(later) >= times else None
                        if self.admits(anchor):
                            found.append(outcome(anchor, self.due(anchor, window), done, fell, as_of))
                    return found

                return lines

            for when, day in self.around(due):
                asks = [*base(), *(Ask(act, one, {"act"}) for one in [*early, day])]
                yield self.case(f"{said}, done {when}", asks, due + ONE_DAY, tell([*early, day], due + ONE_DAY))
                asks = [*base(), *(Ask(act, one, {"act"}) for one in early)]
                yield self.case(f"{said}, not done, {when}", asks, day, tell(early, day))

    def among(self, times: int, size: int) -> Iterator[Case]:
        """So many of any so many consecutive events: the last that is needed comes before, at or after the end."""
        for said, start in self.each_start(STARTS):
            base, act = self.span_and_act(start)
            for last in (size - 1, size, size + 1, size + 2):
                if last < times:
                    continue
                hits = {*range(1, times), last}
                series = [(start + n * ONE_DAY, n in hits) for n in range(1, size + 2)]
                asks = [*base()]
                for day, hit in series:
                    asks.append(Ask(act, day, {"act"}) if hit else Ask(Option(act.name), day, set()))
                for as_of in (start + n * ONE_DAY for n in (size - 1, size, size + 1)):

                    def tell(fell: date | None) -> list[str]:
                        known = [(day, hit) for day, hit in series if day <= as_of and (fell is None or day <= fell)]
                        anchors = [(start, 0)] + [(day, n + 1) for n, (day, hit) in enumerate(known) if hit]
                        found = []
                        for anchor, following in anchors:
                            later = known[following:]
                            matched = [day for day, hit in later if hit]
                            due = later[size - 1][0] if len(later) >= size else None
                            done = matched[times - 1] if len(matched) >= times else None
                            if self.admits(anchor):
                                found.append(outcome(anchor, due, done, fell, as_of))
                        return found

                    yield self.case(f"{said}, the last needed at {last}, as of {as_of}", asks, as_of, tell)

    def between(self, times: int) -> Iterator[Case]:
        """So many acts between two consecutive events: after the one, up to the day of the next."""
        marks = self.guards["mark"]
        for said, start in self.each_start(STARTS, max(len(marks), len(self.acts))):
            second = start + 28 * ONE_DAY
            early = [start + n * ONE_DAY for n in range(1, times)]

            def base(option: Option) -> list[Ask]:
                asks = [Ask(option, day, {"mark"}, gate=True) for day in (start, second)]
                return [*self.stand(asks[0], start), *asks]

            option, act = self.choose(marks, lambda option, act: [*base(option), Ask(act, start, {"act"})])

            def tell(acts: list[date], as_of: date) -> Callable[[date | None], list[str]]:
                def lines(fell: date | None) -> list[str]:
                    found = []
                    for mark, following in ((start, second), (second, None)):
                        end = following if following is not None and following <= as_of else None
                        done = [day for day in sorted(acts) if mark < day <= as_of and (end is None or day <= end)]
                        if mark <= as_of and self.admits(mark):
                            found.append(
                                outcome(mark, end, done[times - 1] if len(done) >= times else None, fell, as_of)
                            )
                    return found

                return lines

            for when, day in (
                *self.around(second),
                ("on the day of the first", start),
                ("the day after the first", start + times * ONE_DAY),
            ):
                asks = [*base(option), *(Ask(act, one, {"act"}) for one in [*early, day])]
                yield self.case(f"{said}, done {when}", asks, second + ONE_DAY, tell([*early, day], second + ONE_DAY))
            for when, day in self.around(second):
                asks = [*base(option), *(Ask(act, one, {"act"}) for one in early)]
                yield self.case(f"{said}, not done, {when}", asks, day, tell(early, day))


def beside(moment: datetime, minutes: int) -> datetime:
    """So many elapsed minutes later by the clock in London, which skips an hour in spring."""
    elapsed = moment.replace(tzinfo=independent.LONDON).astimezone(UTC) + minutes * ONE_MINUTE
    return elapsed.astimezone(independent.LONDON).replace(tzinfo=None)


def attainable(day: date, age: str) -> date:
    """A day, or the next on which an age can be attained: nobody is 17 years and 11 months old from 31 January on."""
    for later in (day + n * ONE_DAY for n in range(4)):
        try:
            born_for(later, age)
        except Impossible:
            continue
        return later
    raise Impossible(f"no date of birth gives the age of {age} on {day} or in the days after")


def born_for(day: date, age: str) -> date:
    """A date of birth by which an age is attained on a day."""
    born = day - independent.length(list(independent.parts_of(age)))
    for guess in (born + n * ONE_DAY for n in (0, 1, -1, 2, -2, 3, -3)):
        if independent.attained(guess, age) == day:
            return guess
    raise Impossible(f"no date of birth gives the age of {age} on {day}")
