"""The children in need census: the XML file that every authority in England returns to the Department for Education.

One file holds one year, from 1 April to 31 March (the `ReferenceDate`): the children's referrals that were open in it,
with assessments, enquiries, conferences and plans. The shapes of 2020-21 to 2026-27 are read.

The file has no ids but the child's, so a record is named by its group and its first date, with a number only where two
have the same. Neither the order of the children nor that of a child's records changes an id.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from io import BytesIO
from pathlib import Path
from sys import intern
from typing import BinaryIO, Final, NamedTuple
from xml.parsers import expat

from ..events import Detail
from ..records import Gathering, Origin, Reading
from ..tables import TableError
from .codes import CATEGORY

__all__ = ["HOLDS", "read_cin_census"]

#: The events that a census can hold with a date.
HOLDS: Final = frozenset(
    {
        "referral received",
        "case opened",
        "case closed",
        "assessment started",
        "assessment completed",
        "assessment authorised",
        "strategy discussion held",
        "section 47 enquiry started",
        "initial child protection conference held",
        "initial child protection conference not required",
        "transfer in child protection conference held",
        "review child protection conference held",
        "child protection plan started",
        "child protection plan ended",
        "child in need plan started",
        "child in need plan ended",
        "pre proceedings decision made",
        "pre proceedings started",
        "pre proceedings ended",
        "pre proceedings outcome decided",
        "pre proceedings meeting held",
        "letter before proceedings sent",
        "court application made",
        "child died",
    }
)
#: They came with the file of 2026-27: an older file says nothing of them.
_SINCE_2026: Final = frozenset(
    {
        "pre proceedings decision made",
        "pre proceedings started",
        "pre proceedings ended",
        "pre proceedings outcome decided",
        "pre proceedings meeting held",
        "letter before proceedings sent",
        "court application made",
    }
)

# The code sets are those of the Department's schema for 2025-26 (CIN_schema_2026.xsd).
_SOURCES: Final = {
    "1A": "family member, relative or carer",
    "1B": "acquaintance",
    "1C": "self",
    "1D": "other individual",
    "2A": "school",
    "2B": "education services",
    "3A": "general practitioner",
    "3B": "health visitor",
    "3C": "school nurse",
    "3D": "other primary health services",
    "3E": "accident and emergency department",
    "3F": "other health services",
    "4": "housing",
    "5A": "social care of the authority",
    "5B": "other service of the authority",
    "5C": "service of another authority",
    "5D": "early help",
    "6": "police",
    "7": "other legal agency",
    "8": "other",
    "9": "anonymous",
    "10": "unknown",
}
_CLOSURES: Final = {
    "RC1": "adopted",
    "RC2": "died",
    "RC3": "child arrangements order",
    "RC4": "special guardianship order",
    "RC5": "transferred to another authority",
    "RC6": "transferred to adult social care",
    "RC7": "services ceased for another reason",
    "RC8": "closed after assessment with no further action",
    "RC9": "closed after assessment and referred to early help",
}
_CATEGORIES: Final = CATEGORY
#: `Sex` since 2024-25, `GenderCurrent` before.
_SEXES: Final = {
    "M": "male",
    "F": "female",
    "U": "unknown",
    "1": "male",
    "2": "female",
    "0": "unknown",
    "9": "unknown",
}
_DISABILITIES: Final = frozenset("MOB HAND PC INC COMM LD HEAR VIS BEH CON AUT DDA".split())
_NO_DISABILITY: Final = "NONE"

#: The groups that repeat: the elements with a date, the first being the start and the second, where there is one that
#: ends what began, the end.
_DATES: Final = {
    "CINdetails": ("CINreferralDate", "CINclosureDate", "DateOfInitialCPC"),
    "Assessments": ("AssessmentActualStartDate", "AssessmentAuthorisationDate"),
    "CINPlanDates": ("CINPlanStartDate", "CINPlanEndDate"),
    "Section47": ("S47ActualStartDate", "DateOfInitialCPC"),
    "ChildProtectionPlans": ("CPPstartDate", "CPPendDate", "CPPreviewDate"),
    "PreProceedingsandFGDM": (
        "PPStartDate",
        "StepDecisionDate",
        "LBPSentDate",
        "InitialPPMeetingDate",
        "CourtAppDate",
        "LetterInitCPDate",
    ),
}
#: Groups of which a file holds everything that was open in its year: what is open is in the next file too.
_LASTING: Final = frozenset({"CINdetails", "Assessments", "CINPlanDates", "ChildProtectionPlans"})
_CODES: Final = {
    "CINdetails": ("ReferralSource", "ReasonForClosure", "ReferralNFA"),
    "Assessments": (),
    "CINPlanDates": (),
    "Section47": ("ICPCnotRequired",),
    "ChildProtectionPlans": ("InitialCategoryOfAbuse",),
    "PreProceedingsandFGDM": (),
}
_OF_THE_CHILD: Final = frozenset(
    {
        "LAchildID",
        "PersonBirthDate",
        "ExpectedPersonBirthDate",
        "PersonDeathDate",
        "Sex",
        "GenderCurrent",
        "Ethnicity",
        "Disability",
    }
)
#: Elements that hold other elements, besides the groups above.
_HOLDERS: Final = (
    "Message Header CollectionDetails Source Content CBDSLevels CBDSLevel Children Child ChildIdentifiers "
    "ChildCharacteristics Disabilities FactorsIdentifiedAtAssessment Reviews"
).split()
#: Elements that are known and of no use here: they hold no date of something that happened.
_UNUSED: Final = frozenset(
    "Collection Year SourceLevel LEA SoftwareCode Release SerialNo DateTime UPN FormerUPN UPNunknown PrimaryNeedCode "
    "AssessmentInternalReviewDate AssessmentFactors InitialCPCtarget LatestCategoryOfAbuse NumberOfPreviousCPP "
    "FGDMMeetingOffer FGDMMeetingFac ReviewMeetingsCount PPOutcome".split()
)
_GROUPS: Final = {name.casefold(): name for name in _DATES}
_HOLDER: Final = {name.casefold(): name for name in (*_HOLDERS, *_DATES)}
_LEAF: Final = {
    name.casefold(): name
    for name in (
        *(name for names in (*_DATES.values(), *_CODES.values()) for name in names),
        *_OF_THE_CHILD,
        *_UNUSED,
        "ReferenceDate",
    )
}
#: No element of a census is longer; what comes after is no value.
_LONGEST: Final = 200
_BLOCK: Final = 1 << 16
#: What text says of its encoding is no longer so.
_DECLARATION: Final = re.compile(r"^<\?xml\s[^>]*\?>")


def read_cin_census(source: object, *, reference_date: date | None = None) -> Reading:
    """Read one or several years of the children in need census.

    Of several years, one child's records are joined by `LAchildID`, and a record that stands in two files is used once.
    The reading's `as_of` is the latest reference date, its `since` the 1 April from which on the files are whole.

    Args:
        source: the path of a file or of a folder of .xml files, the XML itself (text or bytes), or a list of these.
        reference_date: the reference date of a file that gives none.

    Raises:
        TableError: there is no such file; it is no census; it gives no reference date; it declares a document type or
            entities, which no census has and which can be used to exhaust a computer's memory.
    """
    census = _Census(reference_date)
    for name, folder, content in _given(source):
        if name in census.files and folder:
            name = f"{folder}/{name}"
        if name in census.files:
            name = f"{name} ({len(census.files) + 1})"
        with content as file:
            census.read(name, file)
    if not census.files:
        raise TableError("There is no file to read. Give the path of a CIN census, or a list of them.")
    return census.done()


# --- the files --------------------------------------------------------------------------------------------------------


def _given(source: object) -> Iterator[tuple[str, str, BinaryIO]]:
    """Each file by its name, its folder's name, and its content."""
    if isinstance(source, bytes | bytearray):
        yield "CIN census", "", BytesIO(source.lstrip())
    elif isinstance(source, str) and source.lstrip("\ufeff \t\r\n").startswith("<"):
        text = source.lstrip("\ufeff \t\r\n")
        yield "CIN census", "", BytesIO(_DECLARATION.sub("", text).encode())
    elif isinstance(source, str | Path):
        path = Path(source)
        for each in sorted(path.iterdir()) if path.is_dir() else [path]:
            if each.suffix.lower() == ".xml" or not path.is_dir():
                yield each.name, each.parent.name, _opened(each)
    elif isinstance(source, Iterable) and not isinstance(source, Mapping):
        for item in source:
            yield from _given(item)
    else:
        raise TableError("Give the path of a CIN census, its text, or a list of these.")


def _opened(path: Path) -> BinaryIO:
    try:
        return path.open("rb")
    except FileNotFoundError:
        raise TableError(f"{path.name}: there is no such file. Check the name and the folder.") from None
    except OSError:
        raise TableError(f"{path.name}: it cannot be opened. Check that it is a file you may read.") from None


class _Found(NamedTuple):
    """A date in its place."""

    day: date
    file: int
    line: int


class _Group:
    """One record of a child: a referral, an assessment, an enquiry, a plan."""

    __slots__ = ("codes", "dates", "episode", "file", "kind", "line", "reviews")

    def __init__(self, kind: str, file: int, line: int, episode: _Group | None) -> None:
        self.kind = kind
        self.file = file
        self.line = line
        #: The referral in which it stands.
        self.episode = episode
        self.dates: dict[str, _Found] = {}
        self.reviews: dict[date, _Found] = {}
        self.codes: dict[str, tuple[str, int]] = {}

    @property
    def key(self) -> tuple[str, date]:
        """What names it: its group and its first date."""
        for name in _DATES[self.kind]:
            if name in self.dates:
                return self.kind, self.dates[name].day
        return self.kind, min(self.reviews)

    @property
    def content(self) -> tuple[object, ...]:
        """All that it says but where, so that equal records are one, and those of one key have an order."""
        return (
            sorted((name, found.day) for name, found in self.dates.items()),
            sorted(self.reviews),
            sorted((name, code) for name, (code, _) in self.codes.items()),
        )

    def contradicts(self, later: _Group) -> list[str]:
        """The dates of which a later file says something else."""
        return [
            name for name, found in self.dates.items() if name not in later.dates or later.dates[name].day != found.day
        ]

    def renew(self, later: _Group) -> None:
        """Take over what a later file says."""
        self.dates |= later.dates
        self.reviews = later.reviews | self.reviews
        self.codes |= later.codes
        self.file, self.line, self.episode = later.file, later.line, later.episode or self.episode


class _Person:
    """What one `Child` element says of the child."""

    __slots__ = ("disabilities", "groups", "line", "values")

    def __init__(self, line: int) -> None:
        self.line = line
        self.values: dict[str, tuple[str, int]] = {}
        self.disabilities: list[tuple[str, int]] = []
        self.groups: list[_Group] = []


class _Child:
    """What all files say of one child."""

    __slots__ = ("groups", "people")

    def __init__(self) -> None:
        self.people: list[tuple[int, _Person]] = []
        self.groups: list[_Group] = []


# --- going through ----------------------------------------------------------------------------------------------------


class _Census:
    """The files on their way to a reading."""

    def __init__(self, reference_date: date | None) -> None:
        self.gathering = Gathering("CIN census", HOLDS)
        self.given = reference_date
        self.files: list[str] = []
        self.references: list[date] = []
        self.children: dict[str, _Child] = {}
        self.unknown: Counter[tuple[int, str]] = Counter()
        self.pre_proceedings = False
        self.since = date.max
        #: Referrals from before the files are whole.
        self.older = 0
        #: Lines to look at, by file and what is to be said of them.
        self.odd: defaultdict[tuple[int, str], set[int]] = defaultdict(set)

    def read(self, name: str, content: BinaryIO) -> None:
        """Go through one file."""
        number = len(self.files)
        self.files.append(name)
        parse = _Parse(self, number, name)
        start = content.read(4)
        if start.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
            raise TableError(f"{name}: this is a workbook or an archive, not XML.")
        parse.feed(start, content)
        reference = parse.reference or self.given
        if not parse.children and not parse.broken:
            raise TableError(f"{name}: this is no CIN census, for it holds no Child.")
        if reference is None:
            raise TableError(
                f"{name}: it gives no ReferenceDate that can be read, so nobody can say to which day it speaks. "
                "Mend the Header, or give reference_date."
            )
        self.references.append(reference)

    # --- joining ------------------------------------------------------------------------------------------------------

    def done(self) -> Reading:
        """Join the years and name every event."""
        order = sorted(range(len(self.files)), key=lambda file: (self.references[file], self.files[file]))
        place = {file: at for at, file in enumerate(order)}
        self.since = self._since(order)
        again = 0
        for id in sorted(self.children):
            child = self.children.pop(id)
            self._person(id, sorted(child.people, key=lambda item: place[item[0]]))
            groups, doubled = self._joined(child.groups, place)
            again += doubled
            self._events(id, groups, self.references[order[-1]])
        if again:
            self.gathering.notes.append(f"Records in the files of several years that were used once: {again:,}.")
        self.gathering.notes.append(
            f"The files are whole from {self.since.isoformat()} on. What was done before is not in them, except the "
            "last review of each protection plan."
        )
        if self.older:
            self.gathering.notes.append(
                f"Referrals from before {self.since.isoformat()}: {self.older:,}. Whether they were assessed before "
                "that day is not in the files, so they open no case and no duty. Give the files of the years before."
            )
        self._notes(order)
        self.gathering.faults.sort(key=lambda fault: (self.files.index(fault.table), fault.row))
        if not self.pre_proceedings:
            self.gathering.holds -= _SINCE_2026
            self.gathering.notes.append("No file has pre-proceedings (in the census from 2026-27): they are not held.")
        return self.gathering.done(as_of=self.references[order[-1]], since=self.since)

    def _since(self, order: list[int]) -> date:
        """The first day of the unbroken years up to the last: before it the files do not hold everything."""
        years = {_first_day(reference) for reference in self.references}
        first = _first_day(self.references[order[-1]])
        while first.replace(year=first.year - 1) in years:
            first = first.replace(year=first.year - 1)
        if min(years) < first:
            self.gathering.notes.append(
                f"There is no file for the year before {first.isoformat()}: what older files hold is not judged."
            )
        return first

    def _joined(self, groups: list[_Group], place: Mapping[int, int]) -> tuple[list[tuple[_Group, int]], int]:
        """A child's records, each once, with a number among those of one key; and how many stand in several files."""
        clusters: dict[tuple[str, date], list[_Group]] = {}
        for group in groups:
            clusters.setdefault(group.key, []).append(group)
        joined: list[tuple[_Group, int]] = []
        again = 0
        for cluster in clusters.values():
            if len(cluster) == 1:
                joined.append((cluster[0], 1))
                continue
            kept: list[_Group] = []
            for file in sorted({group.file for group in cluster}, key=place.__getitem__):
                inside: list[_Group] = []
                for group in sorted((g for g in cluster if g.file == file), key=lambda g: (g.content, g.line)):
                    if any(group.content == other.content for other in inside):
                        self.gathering.doubles[self.files[file]] += 1
                    else:
                        inside.append(group)
                again += self._renewed(kept, inside)
            kept.sort(key=lambda group: group.content)
            joined += [(group, number) for number, group in enumerate(kept, start=1)]
        return joined, again

    def _renewed(self, kept: list[_Group], inside: list[_Group]) -> int:
        """Take the records of one file into those of earlier years; how many were there already."""
        earlier = list(kept)
        left: list[_Group] = []
        count = 0
        for group in inside:
            same = next((old for old in earlier if not old.contradicts(group)), None)
            if same is None:
                left.append(group)
                continue
            earlier.remove(same)
            same.renew(group)
            count += 1
        for group in left:
            if len(left) == len(earlier) == 1:
                # One record, of which two years say different things: the later is the correction.
                for name in earlier[0].contradicts(group):
                    found = group.dates.get(name)
                    self._fault(
                        group.file,
                        found.line if found else group.line,
                        f"{group.kind}/{name}",
                        "an earlier year's file gives another date for the same record.",
                        "Check both. The later file was used." if found else "Check both. That date was used.",
                    )
                earlier[0].renew(group)
                count += 1
            else:
                kept.append(group)
        return count

    # --- the child ----------------------------------------------------------------------------------------------------

    def _person(self, id: str, people: list[tuple[int, _Person]]) -> None:
        subject = self.gathering.subject(id)
        born: dict[date, tuple[int, int]] = {}
        died: dict[date, tuple[int, int]] = {}
        for file, person in people:
            table = self.files[file]
            for name, found in (("PersonBirthDate", born), ("PersonDeathDate", died)):
                if name in person.values:
                    text, line = person.values[name]
                    day = self.gathering.day(table, line, f"ChildIdentifiers/{name}", text)
                    if day is not None:
                        found.setdefault(day, (file, line))
            sex = self._code(person.values.get("Sex") or person.values.get("GenderCurrent"), _SEXES, file, "Sex")
            if sex:
                subject.strata["sex"] = sex
            if "Ethnicity" in person.values:
                subject.strata["ethnicity"] = person.values["Ethnicity"][0]
            disabled = self._disabled(file, person)
            if disabled is not None:
                subject.facts["disability"] = disabled
                subject.strata["disability"] = "yes" if disabled else "no"
        if len(born) == 1:
            subject.born = next(iter(born))
        for found, name, after in (
            (born, "PersonBirthDate", "No date of birth was used."),
            (died, "PersonDeathDate", "None was used."),
        ):
            if len(found) > 1:
                for file, line in found.values():
                    self._fault(
                        file, line, f"ChildIdentifiers/{name}", "the records of one child give several dates.", after
                    )
        if len(died) == 1:
            day, (file, line) = next(iter(died.items()))
            name = "ChildIdentifiers/PersonDeathDate"
            self.gathering.add(id, "child died", day, Origin(self.files[file], name, line), id=name)
        file, person = people[-1]
        if not born and "PersonBirthDate" not in person.values and "ExpectedPersonBirthDate" in person.values:
            text, line = person.values["ExpectedPersonBirthDate"]
            day = self.gathering.day(self.files[file], line, "ChildIdentifiers/ExpectedPersonBirthDate", text)
            if day is not None and day > self.references[file]:
                subject.facts["unborn"] = True

    def _disabled(self, file: int, person: _Person) -> bool | None:
        """Whether the child is disabled; None where the file does not say, or says both."""
        codes = {code.upper(): line for code, line in person.disabilities}
        for code, line in codes.items():
            if code not in _DISABILITIES and code != _NO_DISABILITY:
                self._fault(file, line, "Disabilities/Disability", "this code is not known.", "Check the code set.")
        some = bool(codes.keys() & _DISABILITIES)
        if some and _NO_DISABILITY in codes:
            line = codes[_NO_DISABILITY]
            self._fault(file, line, "Disabilities/Disability", "it says none beside a disability.", "Neither was used.")
            return None
        return some if some or _NO_DISABILITY in codes else None

    def _code(self, given: tuple[str, int] | None, codes: Mapping[str, str], file: int, column: str) -> str | None:
        """What a code means; None where there is none or it is not known, which is a fault."""
        if given is None:
            return None
        text, line = given
        meaning = codes.get(text.upper())
        if meaning is None:
            self._fault(file, line, column, "this code is not known.", "Check the code set. It was left out.")
        return meaning

    def _fault(self, file: int, line: int, column: str, message: str, way_out: str = "") -> None:
        self.gathering.fault(self.files[file], line, column, message, way_out)

    # --- events -------------------------------------------------------------------------------------------------------

    def _events(self, id: str, groups: list[tuple[_Group, int]], last: date) -> None:
        plans = {group.key[1] for group, _ in groups if group.kind == "ChildProtectionPlans"}
        for group, number in groups:
            start, end = _DATES[group.kind][:2]
            begun, over = group.dates.get(start), group.dates.get(end)
            event = _Namer(self, id, group, number)
            if begun is None and over is not None and group.kind != "Section47":
                self._fault(over.file, over.line, f"{group.kind}/{end}", f"there is no {start}.", "It was not used.")
                begun = over = None
            elif begun is not None and over is not None and over.day < begun.day:
                self._fault(
                    over.file,
                    over.line,
                    f"{group.kind}/{end}",
                    f"it lies before {start} (line {begun.line}).",
                    "Check both dates. Neither was used.",
                )
                begun = over = None
            elif begun is not None and over is None and group.kind in _LASTING and self.references[group.file] < last:
                self._fault(
                    begun.file,
                    begun.line,
                    f"{group.kind}/{start}",
                    "it was still open at the end of its year, but the latest file does not hold it.",
                    f"Add its {end}. It was not used.",
                )
                begun = None
            for name, found in ((start, begun), (end, over)):
                if found is None:
                    group.dates.pop(name, None)
            self._look(group)
            _EVENTS[group.kind](self, event, begun, over, plans)

    def _look(self, group: _Group) -> None:
        """Note what is odd but may be so, and was used as it stands."""
        for found in (*group.dates.values(), *group.reviews.values()):
            if found.day > self.references[found.file]:
                self.odd[found.file, "dates after the reference date"].add(found.line)
        begun = group.dates.get(_DATES[group.kind][0])
        referral = group.episode.dates.get("CINreferralDate") if group.episode else None
        if begun and referral and begun.day < referral.day:
            self.odd[begun.file, "records that begin before the referral under which they stand"].add(begun.line)
        if group.kind == "ChildProtectionPlans" and begun:
            over = group.dates.get("CPPendDate")
            for found in group.reviews.values():
                if found.day < begun.day or (over and found.day > over.day):
                    self.odd[found.file, "reviews outside their plan"].add(found.line)

    def _notes(self, order: list[int]) -> None:
        notes = self.gathering.notes
        for file in order:
            for (of, what), lines in sorted(self.odd.items()):
                if of == file:
                    shown = ", ".join(str(line) for line in sorted(lines)[:5]) + (" …" if len(lines) > 5 else "")
                    notes.append(
                        f"{self.files[file]}: {what}: {len(lines):,} (line {shown}). They were used as they stand."
                    )
            unknown = {name: count for (of, name), count in sorted(self.unknown.items()) if of == file}
            if unknown:
                shown = ", ".join(f"{name} ({count:,})" for name, count in list(unknown.items())[:10])
                notes.append(
                    f"{self.files[file]}: elements that no census from 2020-21 to 2026-27 has were passed over: {shown}"
                    f"{' …' if len(unknown) > 10 else '.'}"
                )


def _first_day(reference: date) -> date:
    """The 1 April on which the year of a reference date began."""
    april = date(reference.year, 4, 1)
    return april if april <= reference else april.replace(year=reference.year - 1)


class _Namer:
    """Adds the events of one record, each by its key and element."""

    def __init__(self, census: _Census, subject: str, group: _Group, number: int) -> None:
        self.census = census
        self.subject = subject
        self.group = group
        kind, day = group.key
        self.key = f"{kind}/{day.isoformat()}{f'#{number}' if number > 1 else ''}"

    def id(self, element: str) -> str:
        return f"{self.key}/{element}"

    def add(
        self,
        name: str,
        element: str,
        found: _Found | None,
        *,
        about: str | None = None,
        details: Mapping[str, Detail] | None = None,
        second: bool = False,
        suffix: str = "",
    ) -> None:
        """Add an event; nothing where there is no date. `second`: another event has the element's id already."""
        if found is None:
            return
        id = self.id(element) + (f"/{suffix}" if suffix else "") + (f"/{name}" if second else "")
        origin = Origin(self.census.files[found.file], intern(f"{self.group.kind}/{element}"), found.line)
        self.census.gathering.add(self.subject, name, found.day, origin, id=id, about=about, details=details)

    def flag(self, element: str) -> bool | None:
        """The flag of the record; None where it is not said or cannot be read, which is a fault."""
        if element not in self.group.codes:
            return None
        text, line = self.group.codes[element]
        return self.census.gathering.yes_or_no(
            self.census.files[self.group.file], line, f"{self.group.kind}/{element}", text
        )

    def code(self, element: str, codes: Mapping[str, str]) -> str | None:
        return self.census._code(self.group.codes.get(element), codes, self.group.file, f"{self.group.kind}/{element}")


def _referral(census: _Census, event: _Namer, begun: _Found | None, over: _Found | None, plans: set[date]) -> None:
    source = event.code("ReferralSource", _SOURCES)
    reason = event.code("ReasonForClosure", _CLOSURES)
    nothing_more = event.flag("ReferralNFA")
    details: dict[str, Detail] = {}
    if source:
        details["source of referral"] = source
    if nothing_more is not None:
        details["no further action"] = nothing_more
    old = begun is not None and begun.day < census.since
    if old:
        # Its assessment may have been finished before, and is then in no file: it would look breached.
        census.older += 1
    else:
        event.add("referral received", "CINreferralDate", begun, details=details)
    if begun is not None and "ReferralNFA" not in event.group.codes:
        census._fault(
            begun.file,
            event.group.line,
            "CINdetails/ReferralNFA",
            "it does not say whether the referral led to further action.",
            "Add 0 or 1. No case was taken to be opened.",
        )
    if nothing_more is False and not old:
        event.add("case opened", "CINreferralDate", begun, second=True)
        event.add(
            "case closed",
            "CINclosureDate",
            over,
            about=event.id("CINreferralDate") + "/case opened",
            details={"reason": reason} if reason else None,
        )
    elif over is not None and begun is not None and nothing_more:
        census.odd[over.file, "closures of a referral with no further action, which opened no case"].add(over.line)
    conference = event.group.dates.get("DateOfInitialCPC")
    event.add(
        "transfer-in child protection conference held",
        "DateOfInitialCPC",
        conference,
        details={"plan agreed": True} if conference and conference.day in plans else None,
    )


def _assessment(census: _Census, event: _Namer, begun: _Found | None, over: _Found | None, plans: set[date]) -> None:
    event.add("assessment started", "AssessmentActualStartDate", begun)
    about = event.id("AssessmentActualStartDate")
    event.add("assessment completed", "AssessmentAuthorisationDate", over, about=about)
    event.add("assessment authorised", "AssessmentAuthorisationDate", over, about=about, second=True)


def _need_plan(census: _Census, event: _Namer, begun: _Found | None, over: _Found | None, plans: set[date]) -> None:
    event.add("child in need plan started", "CINPlanStartDate", begun)
    event.add("child in need plan ended", "CINPlanEndDate", over, about=event.id("CINPlanStartDate"))


def _enquiry(census: _Census, event: _Namer, begun: _Found | None, over: _Found | None, plans: set[date]) -> None:
    start = event.id("S47ActualStartDate")
    event.add("strategy discussion held", "S47ActualStartDate", begun)
    event.add("section 47 enquiry started", "S47ActualStartDate", begun, second=True)
    event.add(
        "initial child protection conference held",
        "DateOfInitialCPC",
        over,
        about=start if begun else None,
        details={"plan agreed": True} if over and over.day in plans else None,
    )
    if not event.flag("ICPCnotRequired"):
        return
    line = event.group.codes["ICPCnotRequired"][1]
    if over is not None:
        census._fault(
            event.group.file,
            line,
            "Section47/ICPCnotRequired",
            "it says that no conference was required, beside the date of one.",
            "Check both. The date was used.",
        )
    elif begun is not None:
        # The file does not say when that was decided. The day of the enquiry stands in, so that the duty to hold a
        # conference falls away: it is then neither met nor breached. Without the event every enquiry that ended
        # without a conference would look breached.
        event.add(
            "initial child protection conference not required",
            "ICPCnotRequired",
            begun._replace(file=event.group.file, line=line),
            about=start,
        )


def _protection_plan(
    census: _Census, event: _Namer, begun: _Found | None, over: _Found | None, plans: set[date]
) -> None:
    category = event.code("InitialCategoryOfAbuse", _CATEGORIES)
    event.add(
        "child protection plan started",
        "CPPstartDate",
        begun,
        details={"category of abuse": category} if category else None,
    )
    event.add("child protection plan ended", "CPPendDate", over, about=event.id("CPPstartDate"))
    for day, found in sorted(event.group.reviews.items()):
        event.add("review child protection conference held", "CPPreviewDate", found, suffix=day.isoformat())


def _before_proceedings(
    census: _Census, event: _Namer, begun: _Found | None, over: _Found | None, plans: set[date]
) -> None:
    dates = event.group.dates
    start = event.id("PPStartDate")
    event.add("pre-proceedings decision made", "PPStartDate", begun)
    event.add("pre-proceedings started", "PPStartDate", begun, second=True)
    event.add("letter before proceedings sent", "LBPSentDate", dates.get("LBPSentDate"))
    event.add("pre-proceedings meeting held", "InitialPPMeetingDate", dates.get("InitialPPMeetingDate"))
    event.add("pre-proceedings outcome decided", "StepDecisionDate", over)
    event.add("pre-proceedings ended", "StepDecisionDate", over, about=f"{start}/pre-proceedings started", second=True)
    event.add("court application made", "CourtAppDate", dates.get("CourtAppDate"))


_EVENTS: Final = {
    "CINdetails": _referral,
    "Assessments": _assessment,
    "CINPlanDates": _need_plan,
    "Section47": _enquiry,
    "ChildProtectionPlans": _protection_plan,
    "PreProceedingsandFGDM": _before_proceedings,
}


# --- parsing ----------------------------------------------------------------------------------------------------------


class _Parse:
    """One file on its way through the parser, element by element."""

    def __init__(self, census: _Census, file: int, name: str) -> None:
        self.census = census
        self.file = file
        self.name = name
        self.reference: date | None = None
        self.children = 0
        self.broken = False
        self._stack: list[str] = []
        self._unknown = 0
        self._person: _Person | None = None
        self._groups: list[_Group] = []
        self._episode: _Group | None = None
        self._leaf: str | None = None
        self._leaf_line = 0
        self._text: list[str] = []
        self._length = 0
        self._stray_at = 0
        self._parser = expat.ParserCreate()
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._said
        self._parser.StartDoctypeDeclHandler = self._refuse
        self._parser.EntityDeclHandler = self._refuse

    def feed(self, start: bytes, content: BinaryIO) -> None:
        """Parse all of a file; where it breaks off, that is a fault and what came before stands."""
        try:
            block = start
            while block:
                self._parser.Parse(block, False)
                block = content.read(_BLOCK)
            self._parser.Parse(b"", True)
        except TableError:
            raise
        except (LookupError, ValueError):
            raise TableError(
                f"{self.name}: its first line names an encoding that is not known. Save it as UTF-8."
            ) from None
        except expat.ExpatError as error:
            self.broken = True
            unfinished = " The child in which it breaks off was not used." if self._person else ""
            self.census._fault(
                self.file,
                error.lineno,
                "",
                f"from here on this is not well-formed XML ({expat.ErrorString(error.code)}).",
                f"Export it anew. What comes before was used.{unfinished}",
            )

    def _refuse(self, *_: object) -> None:
        raise TableError(
            f"{self.name}: it declares a document type or entities. A census never does, and such a file can be made "
            "to exhaust the computer's memory, so it was not read. Export it anew."
        )

    def _start(self, tag: str, _: object) -> None:
        if self._unknown:
            self._unknown += 1
            return
        name = tag.rpartition(":")[2].casefold()
        self._stack.append(name)
        if self._leaf is not None:
            # An element within a value: neither can be what it seems.
            self._pass_over(tag)
            return
        line = self._parser.CurrentLineNumber
        if name in _LEAF:
            self._leaf, self._leaf_line = _LEAF[name], line
            self._text.clear()
            self._length = 0
        elif name not in _HOLDER:
            self._pass_over(tag)
        elif name == "child":
            self._person = _Person(line)
            self._groups.clear()
            self._episode = None
        elif name in _GROUPS and self._person is not None:
            group = _Group(_GROUPS[name], self.file, line, self._episode)
            self._groups.append(group)
            if name == "cindetails":
                self._episode = group
            elif name == "preproceedingsandfgdm":
                self.census.pre_proceedings = True

    def _pass_over(self, tag: str) -> None:
        self._stack.pop()
        self._unknown = 1
        self.census.unknown[self.file, tag.rpartition(":")[2][:50]] += 1

    def _end(self, _: str) -> None:
        if self._unknown:
            self._unknown -= 1
            return
        name = self._stack.pop()
        if self._leaf is not None:
            leaf, text = self._leaf, "".join(self._text).strip()
            self._leaf = None
            if text:
                self._take(leaf, text, self._leaf_line)
        elif self._person is None:
            return
        elif name in _GROUPS:
            group = self._groups.pop()
            if group.dates or group.reviews:
                self._person.groups.append(group)
            if name == "cindetails":
                self._episode = None
        elif name == "child":
            self._keep(self._person)
            self._person = None

    def _said(self, text: str) -> None:
        if self._unknown:
            return
        if self._leaf is not None:
            if self._length < _LONGEST:
                self._text.append(text[:_LONGEST])
                self._length += len(text)
        elif not text.isspace():
            line = self._parser.CurrentLineNumber
            if line != self._stray_at:
                self._stray_at = line
                column = _HOLDER[self._stack[-1]] if self._stack else ""
                self.census._fault(
                    self.file, line, column, "there is text between the elements.", "Take it out. It was passed over."
                )

    def _take(self, leaf: str, text: str, line: int) -> None:
        """Put a value where it belongs."""
        gathering = self.census.gathering
        if leaf == "ReferenceDate":
            if self._person is None and self.reference is None:
                self.reference = gathering.day(self.name, line, leaf, text)
            return
        if self._person is None:
            return
        if leaf in _OF_THE_CHILD:
            if leaf == "Disability":
                self._person.disabilities.append((intern(text), line))
            elif leaf in self._person.values:
                self._twice(leaf, line)
            else:
                self._person.values[leaf] = (text, line)
            return
        if leaf in _UNUSED:
            return
        group = self._groups[-1] if self._groups else None
        if group is None or leaf not in (*_DATES[group.kind], *_CODES[group.kind]):
            self.census._fault(self.file, line, leaf, "it stands where no census has it.", "It was not used.")
        elif leaf in _CODES[group.kind]:
            if leaf in group.codes:
                self._twice(f"{group.kind}/{leaf}", line)
            else:
                group.codes[leaf] = (intern(text), line)
        else:
            day = gathering.day(self.name, line, f"{group.kind}/{leaf}", text)
            if day is None:
                return
            found = _Found(day, self.file, line)
            if leaf == "CPPreviewDate":
                if day in group.reviews:
                    gathering.doubles[self.name] += 1
                group.reviews.setdefault(day, found)
            elif leaf in group.dates:
                self._twice(f"{group.kind}/{leaf}", line)
            else:
                group.dates[leaf] = found

    def _twice(self, column: str, line: int) -> None:
        self.census._fault(self.file, line, column, "it stands there twice.", "Keep one. The first was used.")

    def _keep(self, person: _Person) -> None:
        """A child is complete."""
        self.children += 1
        self.census.gathering.rows[self.name] += 1
        if "LAchildID" not in person.values:
            self.census._fault(
                self.file, person.line, "LAchildID", "the child has no id.", "Add it. None of its records was used."
            )
            return
        child = self.census.children.setdefault(person.values["LAchildID"][0], _Child())
        child.people.append((self.file, person))
        child.groups += person.groups
        person.groups = []
