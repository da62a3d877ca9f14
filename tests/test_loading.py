"""What loads, and what it becomes: each key of a pack, each form of a value, and what follows from them."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from practice_rules import loading
from practice_rules.kinds import COHORT, KINDS, NOT_TESTED
from practice_rules.kinds.age import Age
from practice_rules.kinds.count import Among, Between, InEvery
from practice_rules.kinds.deadline import Deadline
from practice_rules.kinds.evidence import Evidence
from practice_rules.kinds.frequency import EveryTerm, Frequency
from practice_rules.kinds.lead_time import LeadTime
from practice_rules.kinds.limit import Limit
from practice_rules.kinds.ordinal import Ordinal
from practice_rules.kinds.recording import Recording
from practice_rules.kinds.schedule import Schedule
from practice_rules.loading import PackError, check_pack, find_pack, load_pack, pack_names, read_pack, read_pack_text
from practice_rules.pack import Document, Pack
from practice_rules.shapes import COMMON, read_aloud
from practice_rules.standards import Choice, Condition, Standard

HEAD = """\
authority: Barsetshire County Council
title: Practice standards
documents:
  standards: {title: Practice Standards}
working days: Monday to Friday, except bank holidays in England
day one: the next day
"""
WORDS = """\
details:
  seen alone: {means: Whether the child was seen alone., values: yes or no}
  urgent: {means: Whether it was urgent., values: yes or no, unless said: no}
  reason: {means: Why., values: text}
  place: {means: Where., values: [home, Short-Break Setting]}
  attendance: {means: Sessions in a hundred., values: a number}
  next date: {means: When next., values: a date}
  timescale: {means: The time agreed., values: a timescale}
events:
  child visited: {means: A worker visits the child., details: [seen alone, place, attendance, next date, timescale]}
  plan started: {means: A plan starts., details: urgent}
  plan ended: A plan ends.
  Review Held: >
    The plan is
    reviewed.
  frequency changed: Another frequency is agreed.
  placed: The child is placed.
periods:
  plan: {means: The child has a plan., starts: plan started, ends: plan ended}
  placement: {means: The child is placed., starts: placed, until: [plan ended, review held]}
  urgent plan: {means: A plan made in haste., starts: plan started, ends: plan ended, where: {urgent: yes}}
"""
SOURCE = '    source: {section: "Visits / 1", words: "visited every ten days"}\n'


def standard_text(lines: str, says: str = "All of it: 2 3 5 6 8 10 12 15 20 24 30 45 80.", key: str = "one") -> str:
    body = "".join(f"    {line}\n" for line in lines.strip().splitlines())
    return f'  {key}:\n    says: "{says}"\n{SOURCE}{body}'


def loaded(standards: str, head: str = HEAD, words: str = WORDS) -> Pack:
    pack, problems = read_pack_text(f"{head}{words}standards:\n{standards}")
    assert not problems, "\n\n".join(map(str, problems))
    assert pack is not None
    return pack


def one(lines: str, head: str = HEAD) -> Standard:
    return loaded(standard_text(lines), head)["one"]


VISITS = "expect: child visited\nevery: 10 days\nwhile: plan"
NOTHING = "not tested: A matter of judgement."


# ---------------------------------------------------------------- finding a pack


def test_a_shipped_pack_is_loaded_by_name() -> None:
    """A shipped pack loads by its name, whatever its capitals, and has nothing wrong."""
    assert "bromley" in pack_names()
    assert "vocabulary" not in pack_names()
    assert find_pack("Bromley") == find_pack("bromley")
    assert check_pack("bromley") == []
    pack = load_pack("bromley")
    assert pack.name == "bromley"
    assert len(pack) > 100


def test_a_pack_is_loaded_by_its_path(tmp_path: Path) -> None:
    """A pack loads from a path, as text or as a path, and takes the file's name."""
    path = tmp_path / "barset.yaml"
    path.write_text(f"{HEAD}{WORDS}standards:\n{standard_text(VISITS)}", encoding="utf-8")
    assert load_pack(path).name == load_pack(str(path)).name == "barset"
    same, problems = read_pack_text(path.read_text(encoding="utf-8"), "barset")
    pack = read_pack(path)[0]
    assert problems == []
    assert same is not None
    assert pack is not None
    assert (same.digest, same.standards) == (pack.digest, pack.standards)


def test_a_name_that_is_a_file_is_that_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A plain word that is a file in the current folder means that file."""
    (tmp_path / "bromley").write_text("", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    assert find_pack("bromley") == Path("bromley")


@pytest.mark.parametrize(
    ("name", "way_out"),
    [("bromly", 'Did you mean "bromley"?'), ("atlantis", "give the path of a file")],
)
def test_an_unknown_pack_is_refused(name: str, way_out: str) -> None:
    """An unknown name is refused with what may have been meant, or what there is."""
    with pytest.raises(PackError) as caught:
        load_pack(name)
    assert caught.value.problems == check_pack(name)
    assert way_out in str(caught.value)


def test_a_wrong_pack_raises_with_every_problem(tmp_path: Path) -> None:
    """Loading a wrong pack raises once, with all its problems, in the order of the file."""
    path = tmp_path / "barset.yaml"
    wrong = f"{HEAD}{WORDS}standards:\n{standard_text(VISITS)}"
    path.write_text(wrong.replace("every: 10 days", "every: ten days").replace("title:", "titel:", 1), encoding="utf-8")
    with pytest.raises(PackError) as caught:
        load_pack(path)
    assert [problem.place.line for problem in caught.value.problems if problem.place] == [2, 33]
    assert str(caught.value).count("barset.yaml:") == 2


def test_the_data_lies_beside_the_package_or_inside_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The shipped files are found inside an installed package, or at the root of a checkout."""
    assert (loading.data_folder("standards") / "bromley.yaml").is_file()
    (tmp_path / "standards").mkdir()
    monkeypatch.setattr(loading, "__file__", str(tmp_path / "loading.py"))
    assert loading.data_folder("standards") == tmp_path / "standards"


# ---------------------------------------------------------------- the shared vocabulary


def test_the_shared_vocabulary_is_right() -> None:
    """The shared vocabulary has nothing wrong, and gives its events, periods and details by folded name."""
    assert loading.vocabulary_problems() == []
    events, periods, details = loading.shared_words()
    assert events["child visited"].name == "child visited"
    assert periods["looked after"].starts.names
    assert details["seen alone"].values == "yes or no"


def test_a_wrong_vocabulary_is_reported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A vocabulary that is wrong or missing is reported with its place, also to whoever loads a pack."""
    path = tmp_path / "vocabulary.yaml"
    assert loading.vocabulary_problems(path)[0].message == "There is no such file."
    path.write_text("title: Words\nevents:\n  child visited:\n", encoding="utf-8")
    problems = loading.vocabulary_problems(path)
    assert [problem.message for problem in problems] == ['The event "child visited" has no meaning.']
    monkeypatch.setattr(loading, "data_folder", lambda name: tmp_path)
    loading._shared_words.cache_clear()
    try:
        with pytest.raises(PackError):
            loading.shared_words()
        pack, found = read_pack_text(f"{HEAD}{WORDS}standards:\n{standard_text(VISITS)}")
        assert pack is None
        assert found == problems
    finally:
        loading._shared_words.cache_clear()


def test_own_words_extend_the_shared_vocabulary() -> None:
    """A pack that uses the shared vocabulary may add its own events, periods and details to it."""
    words = (
        "vocabulary: shared\ndetails:\n  tea offered: {means: Whether there was tea., values: yes or no}\n"
        "events:\n  tea taken: {means: Tea is taken., details: [tea offered, seen alone]}\n"
        "periods:\n  tea time: {means: It is time., starts: tea taken, ends: child visited}\n"
    )
    pack = loaded(
        standard_text("expect: tea taken\nwithin: 2 days\nof: child visited\nwhile: looked after"), HEAD, words
    )
    assert pack.events["tea taken"].details == ("tea offered", "seen alone")
    assert "child visited" in pack.events
    assert pack.own_words == {"tea offered", "tea taken", "tea time"}


def test_a_pack_lets_a_shared_event_carry_more_details() -> None:
    """An entry with only details adds them to a shared event, so that conditions may name them."""
    words = (
        "vocabulary: shared\ndetails:\n  tea offered: {means: Whether there was tea., values: yes or no}\n"
        "events:\n  Child-visited: {details: tea offered}\n"
    )
    lines = "expect: child visited\nwhere: {tea offered: yes, seen alone: yes}\nevery: 10 days\nwhile: looked after"
    pack = loaded(standard_text(lines), HEAD, words)
    shared = loading.shared_words()[0]["child visited"]
    assert pack.events["child visited"].details == (*shared.details, "tea offered")
    assert pack.events["child visited"].means == shared.means
    assert "tea offered" not in shared.details
    assert "child visited" not in pack.own_words


def test_the_digest_tells_packs_apart() -> None:
    """The digest follows the pack's text and the vocabulary it uses, and not its line ends."""
    text = f"{HEAD}{WORDS}standards:\n{standard_text(VISITS)}"

    def digest(text: str | bytes) -> str:
        pack = read_pack_text(text)[0]
        assert pack is not None
        return pack.digest

    assert digest(text) == digest(text.replace("\n", "\r\n")) == digest(text.encode())
    assert digest(text) != digest(text + "# changed\n")
    bare = f"{HEAD}standards:\n{standard_text(NOTHING)}"
    assert digest(bare) != digest(bare.replace("day one:", "vocabulary: shared\nday one:"))
    assert len(digest(text)) == 64


# ---------------------------------------------------------------- the top


def test_what_is_taken_when_the_top_is_silent() -> None:
    """Without the lines that may be left out: no closures, no terms, dates stay, nothing is said of hours."""
    pack = loaded(standard_text(VISITS))
    assert (pack.closed, list(pack.terms), pack.roll, pack.itself, pack.hours_without_times) == (
        (),
        [],
        False,
        False,
        "",
    )
    assert pack.documents == {"standards": Document("standards", "Practice Standards")}
    assert pack.authority == "Barsetshire County Council"
    assert pack.title == "Practice standards"
    assert "birth" not in pack.events


def test_the_top_is_read() -> None:
    """Every line of the top finds its way into the pack."""
    head = HEAD.replace("the next day", "the day itself").replace(
        "  standards: {title: Practice Standards}\n",
        "  standards: {title: Practice Standards, edition: 2024, published: 2024-03-01, url: https://example.org}\n"
        "  other:\n    title: Another\n",
    )
    head += (
        "if not a working day: next working day\nhours without times: not assessed\nclosed: [2024-12-27]\n"
        "terms:\n  - {name: Autumn, starts: 2024-09-02, ends: 2024-12-20}\n"
        "  - {name: Spring, starts: 2025-01-06, ends: 2025-04-04}\n"
    )
    text = standard_text("expect: child visited\nwithin: 24 hours\nof: placed")
    pack = loaded(text.replace("{section", "{document: other, section"), head)
    assert pack.documents["standards"] == Document(
        "standards", "Practice Standards", "2024", "2024-03-01", "https://example.org"
    )
    assert pack.edition == "Practice Standards, 2024; Another"
    assert pack["one"].source.document == "other"
    assert (pack.itself, pack.roll, pack.hours_without_times) == (True, True, "not assessed")
    assert pack.closed == (date(2024, 12, 27),)
    assert [term[0] for term in pack.terms] == ["Autumn", "Spring"]
    rule = pack["one"].rule
    assert isinstance(rule, Deadline)
    assert (rule.timing.itself, rule.timing.roll, rule.timing.by_date) == (True, True, False)
    assert pack["one"].works


def test_details_events_and_periods_are_read() -> None:
    """Own words are known by folded name, with meanings, values, defaults, details, ends and conditions."""
    pack = loaded(standard_text(VISITS))
    assert pack.details["urgent"].unless_said == "no"
    assert pack.details["place"].values == ("home", "short break setting")
    assert pack.events["review held"].name == "Review Held"
    assert pack.events["review held"].means == "The plan is reviewed."
    assert pack.events["plan started"].details == ("urgent",)
    assert pack.periods["placement"].ends is None
    assert pack.periods["placement"].until == Choice((("plan ended", None), ("review held", None)))
    assert str(pack.periods["urgent plan"].starts) == "plan started (urgent: yes)"


# ---------------------------------------------------------------- a standard


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_the_example_of_each_kind_loads(kind: loading.Kind) -> None:
    """The example on each kind's page is a right standard of that kind, under the shared vocabulary."""
    example = "".join(f"  {line}\n" for line in kind.example.splitlines())
    head = f"{HEAD}vocabulary: shared\nhours without times: by date\n"
    pack, problems = read_pack_text(f"{head}standards:\n{example}")
    assert not problems, "\n\n".join(map(str, problems))
    assert pack is not None
    assert pack.standards[0].kind == kind.name


RULES = {
    "expect: child visited\nwithin: 10 days\nof: [placed, plan started]": Deadline,
    "expect: child visited\nwithin: same day\nof each: placed": Deadline,
    "expect: child visited\nwithin: 3 months\nof turning: 15 years 6 months": Deadline,
    "expect: child visited\nbefore: review held": LeadTime,
    "expect: child visited\nat least: 2 clear working days\nbefore: review held": LeadTime,
    "expect: child visited\nat least: 24 hours\nbefore: review held": LeadTime,
    VISITS: Frequency,
    f"{VISITS}\nfor the first: 6 weeks\nthen every: 3 months": Frequency,
    "expect: child visited\nevery: term\nwhile: plan": EveryTerm,
    "expect: child visited\nfirst within: 10 days\nsecond within: 3 months\nwhile any of: [plan, placement]": Schedule,
    "limit: plan\nto: 6 months": Limit,
    "expect: child visited\nby age: 15 years 6 months": Age,
    "expect: child visited\nbefore age: 5 years\nwhile: plan": Age,
    "for each: child visited\nrecorded within: 24 hours": Recording,
    "for each: child visited\nrequire: seen alone": Evidence,
    "for the last: child visited\nrequire: {place: home}\nwhile: plan": Evidence,
    "expect: child visited\ntimes: 2\nin every: 6 months\nwhile: plan": InEvery,
    "expect: child visited\ntimes: 2\nin every: whole term\nwhile: plan": EveryTerm,
    "expect: child visited\nwhere: {seen alone: yes}\ntimes: 1\nin every: 3 events\nwhile: plan": Among,
    "expect: child visited\ntimes: 2\nbetween each: review held": Between,
    "expect: child visited\ntimes: 2\nwithin: 10 days\nof: placed": Deadline,
    "expect: child visited\nby the: next\nof: review held\nsince: placed": Ordinal,
}


@pytest.mark.parametrize("lines", RULES)
def test_the_timing_word_decides_the_rule(lines: str) -> None:
    """Every timing word, with every partner it may have, makes the rule of its kind."""
    head = f"{HEAD}hours without times: by date\nterms:\n  - {{name: A, starts: 2024-09-02, ends: 2024-12-20}}\n"
    assert type(one(lines, head).rule) is RULES[lines]


def test_what_a_bare_standard_is_taken_for() -> None:
    """A standard that says no more is about a child, always in force, judged by the pack's conventions."""
    found = one(VISITS)
    assert (found.subject, found.reading, found.why_not_tested) == ("child", "", "")
    assert (found.if_, found.unless, found.unless_event, found.ages, found.replaces, found.share) == (None,) * 6
    assert (found.in_force_from, found.in_force_until) == (None, None)
    assert not found.works
    assert found.tested
    assert found.words[0][0] == "says"
    assert found.line == 29


def test_every_common_key_is_read() -> None:
    """Each key that any standard may have lands where it is judged."""
    found = one(
        f"{VISITS}\nreading: >\n  As said\n  above.\nsubject: household\nif: {{urgent: yes}}\nunless: placed\n"
        "not while: [placement, urgent plan]\nages: under 5 years\nfrom: 2024-04-01\nuntil: 2025-03-31\n"
        "day one: the day itself\nif not a working day: next working day\naim: 8 days\n"
        "varied by: {event: frequency changed, authorised by: [Team Manager, head], at most: 6 weeks}\n"
        "paused by: placement"
    )
    assert found.reading == "As said above."
    assert found.subject == "household"
    assert str(found.if_) == "urgent: yes"
    assert found.unless_event == Choice((("placed", None),))
    assert str(found.standing) == "while plan, not while placement or urgent plan"
    assert str(found.ages) == "under 5 years"
    assert found.in_force_from == date(2024, 4, 1).toordinal()
    assert found.in_force_until == date(2025, 3, 31).toordinal()
    assert found.works
    rule = found.rule
    assert isinstance(rule, Frequency)
    assert (rule.timing.itself, rule.timing.roll) == (True, True)
    assert str(rule.timing.aim) == "8 days"
    assert rule.timing.paused is not None
    change = rule.timing.varied
    assert change is not None
    assert (change.authorised_by, str(change.limit), change.lasting) == (("team manager", "head"), "6 weeks", True)


def test_common_keys_are_all_read_by_some_reader() -> None:
    """Every field of every kind names a reader that the loader has."""
    readers = loading._Reading(loading.Problems("x.yaml")).readers
    assert {item.type for item in (*COMMON, *(item for kind in KINDS for item in kind.fields))} <= set(readers)


def test_an_extension_moves_one_deadline() -> None:
    """`extended by` takes a bare event or one with its outer limit, and does not last; `or by` names an event."""
    lines = "expect: child visited\nwithin: 10 days\nof: placed\nor by: review held\nextended by: "
    rule = one(lines + "{event: frequency changed, to: 45 days}").rule
    assert isinstance(rule, Deadline)
    assert rule.timing.extended is not None
    assert not rule.timing.extended.lasting
    assert str(rule.timing.extended.limit) == "45 days"
    bare = one(lines + "[frequency changed, placed]").rule
    assert isinstance(bare, Deadline)
    assert bare.timing.extended is not None
    assert bare.timing.extended.limit is None
    assert bare.timing.or_by == Choice((("review held", None),))


CONDITIONS = {
    "{seen alone: yes}": ("is", (True,)),
    "{seen alone: no}": ("is", (False,)),
    "{place: home}": ("is", ("home",)),
    "{place: [home, short break setting]}": ("is", ("home", "short break setting")),
    "{place: present}": ("present", ()),
    "{place: absent}": ("absent", ()),
    "{attendance: at least 3}": ("at least", (3.0,)),
    "{attendance: at most 5}": ("at most", (5.0,)),
    "{attendance: below 90.5}": ("below", (90.5,)),
    "{attendance: above 3}": ("above", (3.0,)),
    "{attendance: 100}": ("is", (100.0,)),
    "{next date: 2024-06-28}": ("is", ("2024-06-28",)),
    "{timescale: 6 weeks}": ("is", ("6 weeks",)),
}


@pytest.mark.parametrize("written", CONDITIONS)
def test_conditions_take_every_form(written: str) -> None:
    """A condition compares with a value, one of several, a bound, or asks whether there is anything."""
    found = one(f"{VISITS}\nunless: {written}").unless
    assert found is not None
    assert [(test.how, test.wanted) for test in found.tests] == [CONDITIONS[written]]


def test_a_condition_may_have_several_lines() -> None:
    """Several lines of a condition must all hold, and are read aloud in their order."""
    found = one(f"{VISITS}\nif:\n  urgent: yes\n  place: [home, short break setting]").if_
    assert str(found) == "urgent: yes and place: home or short break setting"


def test_choices_carry_their_own_conditions() -> None:
    """An event in a list may have conditions of its own; `where` narrows each of them further."""
    found = one(
        "expect:\n  - placed\n  - {event: child visited, where: {seen alone: yes}}\n"
        "where: {place: home}\nevery: 10 days\nwhile: plan"
    )
    assert isinstance(found.rule, Frequency)
    assert str(found.rule.expect) == "placed (place: home) or child visited (seen alone: yes and place: home)"
    assert dict(found.words)["expect"] == "placed or child visited (where seen alone: yes)"
    unless = one(f"{VISITS}\nunless: {{event: child visited, where: {{seen alone: no}}}}")
    assert str(unless.unless_event) == "child visited (seen alone: no)"


def test_birth_is_an_event_of_every_history() -> None:
    """Birth may open a duty without being declared, and no condition is asked of its details."""
    found = one("expect: child visited\nwithin: 10 days\nof: [birth, {event: birth, where: {place: home}}]")
    assert isinstance(found.rule, Deadline)
    assert found.rule.of is not None
    assert found.rule.of.names == ("birth", "birth")


def test_evidence_names_details_or_conditions() -> None:
    """`require` takes one detail, a list of them, or conditions."""
    for written, expected in (
        ("seen alone", "seen alone: present"),
        ("[seen alone, place]", "seen alone: present and place: present"),
        ("{place: home}", "place: home"),
    ):
        rule = one(f"for each: child visited\nrequire: {written}").rule
        assert isinstance(rule, Evidence)
        assert isinstance(rule.require, Condition)
        assert str(rule.require) == expected


def test_the_shared_keys_are_read_aloud() -> None:
    """The keys that all kinds share follow the kind's own sentence, each with its lead; silence says nothing."""
    assert read_aloud({}) == ""
    assert read_aloud(dict(one(VISITS).words)) == "while plan"
    said = read_aloud(
        {
            "if": "urgent: yes",
            "unless": "placed",
            "ages": "under 5 years",
            "from": "2024-04-01",
            "day one": "the day itself",
            "if not a working day": "next working day",
        }
    )
    for part in ("urgent: yes", "unless placed", "ages under 5 years", "in force from 2024-04-01", "next working day"):
        assert part in said


def test_a_detail_counts_as_carried_if_one_event_carries_it() -> None:
    """A condition is taken when one of the named events lists the detail, or one lists none at all."""
    assert one("expect: [child visited, plan started]\nwhere: {urgent: yes}\nevery: 10 days\nwhile: plan").tested
    assert one("expect: [plan started, placed]\nwhere: {reason: present}\nevery: 10 days\nwhile: plan").tested


def test_a_share_makes_a_cohort() -> None:
    """A share makes a cohort of any kind, and keeps the rule of that kind."""
    found = one("share: 80%\nexpect: child visited\nwithin: 10 days\nof: placed")
    assert (found.kind, found.share) == (COHORT, 80)
    assert isinstance(found.rule, Deadline)


def test_an_untested_standard_stays_in_the_ledger() -> None:
    """What is not tested keeps its reason, its source and its reading, and has no rule."""
    pack = loaded(standard_text(f"{NOTHING}\nreading: As printed.") + standard_text(VISITS, key="two"))
    found = pack["one"]
    assert (found.kind, found.rule, found.why_not_tested) == (NOT_TESTED, None, "A matter of judgement.")
    assert found.reading == "As printed."
    assert [standard.id for standard in pack.order] == ["two"]
    assert pack.tested == (pack["two"],)


@pytest.mark.parametrize(
    ("lines", "says"),
    [
        (VISITS, "Every ten days."),
        (VISITS.replace("10 days", "30 days"), "Every thirty days."),
        (VISITS.replace("10 days", "2 weeks"), "Every fortnight."),
        (VISITS.replace("10 days", "3 months"), "Every quarter."),
        (VISITS.replace("10 days", "12 months"), "Once a year."),
        (VISITS.replace("10 days", "6 months"), "Half-yearly."),
        (VISITS.replace("10 days", "1 month"), "Monthly."),
        ("expect: child visited\ntimes: 2\nbetween each: review held", "Twice between reviews."),
    ],
)
def test_numbers_may_be_said_in_words(lines: str, says: str) -> None:
    """The sentence may say a number in words, and the usual words for some lengths of time."""
    assert loaded(standard_text(lines, says))["one"].says == says


# ---------------------------------------------------------------- between standards


def test_a_replaced_standard_ends_when_the_other_takes_over() -> None:
    """The older standard is in force up to the day before the newer one, or until its own end if that is sooner."""
    newer = standard_text(f"{VISITS}\nreplaces: one\nfrom: 2024-04-01", key="two")
    last = date(2024, 3, 31).toordinal()
    pack = loaded(standard_text(VISITS) + newer)
    assert pack["one"].in_force_until == last
    assert pack["two"].replaces == "one"
    assert loaded(standard_text(f"{VISITS}\nuntil: 2024-01-31") + newer)["one"].in_force_until == last - 60
    # Different numbers are no contradiction where the two are never in force together.
    assert len(loaded(standard_text(VISITS) + newer.replace("10 days", "15 days"))) == 2


def test_a_standard_that_opens_on_a_breach_is_judged_after_it() -> None:
    """The judging order puts each standard behind the one whose breach opens it, and otherwise keeps the file's."""
    first = standard_text("expect: review held\nwithin: 5 days\nof breach of: two")
    second = standard_text("expect: frequency changed\nwithin: 5 days\nof breach of: three", key="two")
    pack = loaded(
        first
        + second
        + standard_text(VISITS, key="three")
        + standard_text(f"{VISITS}\nages: under 5 years", key="four")
    )
    assert [standard.id for standard in pack.order] == ["three", "two", "one", "four"]
    assert [standard.id for standard in pack.standards] == ["one", "two", "three", "four"]
    assert pack.feeds == {"two", "three"}


@pytest.mark.parametrize("place", [0, 1])
def test_a_reading_settles_a_contradiction(place: int) -> None:
    """Two standards with different numbers stand side by side when the reading of either names the other."""
    readings = ["", ""]
    readings[place] = f"\nreading: Both are printed; {['two', 'one'][place]} is the older."
    pack = loaded(
        standard_text(VISITS + readings[0])
        + standard_text(VISITS.replace("10 days", "15 days") + readings[1], key="two")
    )
    assert len(pack) == 2


def test_the_same_numbers_or_other_children_contradict_nothing() -> None:
    """Standards that ask the same with the same numbers, or of other children, stand side by side."""
    young = standard_text(VISITS.replace("10 days", "15 days") + "\nages: under 5 years", key="three")
    assert len(loaded(standard_text(VISITS) + standard_text(VISITS, key="two") + young)) == 3


# ---------------------------------------------------------------- the pack


def test_the_pack_is_looked_into() -> None:
    """A pack answers for its standards by id, and counts them by kind, the commonest first."""
    pack = loaded(standard_text(NOTHING) + standard_text(NOTHING, key="two") + standard_text(VISITS, key="three"))
    assert pack.counts() == {"not tested": 2, "frequency": 1}
    assert "two" in pack
    assert "four" not in pack
    assert pack["three"].kind == "frequency"
    assert len(pack) == 3
    assert repr(pack) == "<Pack pack: 3 standards>"
    with pytest.raises(KeyError):
        pack["four"]


def test_the_periods_in_use_are_known() -> None:
    """A pack knows each period that some standard rests on, once."""
    pack = loaded(
        standard_text(f"{VISITS}\npaused by: placement")
        + standard_text("limit: urgent plan\nto: 6 months", key="two")
        + standard_text("expect: placed\nevery: 10 days\nwhile: plan", key="three")
    )
    assert sorted(period.key for period in pack.used_periods) == ["placement", "plan", "urgent plan"]
