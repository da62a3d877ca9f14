"""Lengths of time, ages and places in a series: what is read, and what is refused in which words."""

from __future__ import annotations

import dataclasses

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from practice_rules.timescales import (
    AgeBand,
    Timescale,
    TimescaleError,
    ordinal_word,
    read_ages,
    read_ordinal,
    read_timescale,
)

# A slow machine is no failure.
calm = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])

SHAPE = 'A number, a space and a unit: hours, days, working days, weeks, months or years, as in "10 working days".'
AGES = 'Write "3 years and over", "under 5 years" or "5 to 10 years".'
PLACES = 'Write "first", "second" … "twelfth", or "next".'

# What is wrong with each is said by the name of the list; the second text is the way out, to the letter.
UNREAD = [
    ("ten working days", 'Write "10 working days".'),
    ("10 Working Days", 'Write "10 working days".'),
    ("twenty days", 'Write "20 days".'),
    ("twenty-five days", 'Write "25 days".'),
    ("forty-five working days", 'Write "45 working days".'),
    ("thirty five working days", 'Write "35 working days".'),
    ("thirty-nine days", 'Write "39 days".'),
    ("Sixty-one days", 'Write "61 days".'),
    ("5000 wd", "The most is 2000."),
    ("9999 Days", "The most is 4000."),
    ("Same day", 'Write "same day".'),
    ("the same day", 'Write "same day".'),
    ("Same Day.", 'Write "same day".'),
    ("Today", 'Write "same day".'),
    ("immediately", 'Write "same day".'),
    ("straight away", 'Write "same day".'),
    ("daily", 'Write "1 day".'),
    ("Every day", 'Write "1 day".'),
    ("every week", 'Write "1 week".'),
    ("every working day", 'Write "1 working day".'),
    ("every month", 'Write "1 month".'),
    ("week", 'Write "1 week".'),
    ("weekly", 'Write "1 week".'),
    ("fortnightly", 'Write "2 weeks".'),
    ("a fortnight", 'Write "2 weeks".'),
    ("1 fortnight", 'Write "2 weeks".'),
    ("2 fortnights", 'Write "4 weeks".'),
    ("monthly", 'Write "1 month".'),
    ("quarterly", 'Write "3 months".'),
    ("termly", 'Write "term".'),
    ("six-monthly", 'Write "6 months".'),
    ("half-yearly", 'Write "6 months".'),
    ("half a year", 'Write "6 months".'),
    ("yearly", 'Write "1 year".'),
    ("annually", 'Write "12 months".'),
    ("every year", 'Write "1 year".'),
    ("next working day", 'Write "1 working day".'),
    ("6-weekly", 'Write "6 weeks".'),
    ("6 weekly", 'Write "6 weeks".'),
    ("six weekly", 'Write "6 weeks".'),
    ("3 monthly", 'Write "3 months".'),
    ("12-hourly", 'Write "12 hours".'),
    ("10wd", 'Write "10 working days".'),
    ("10 wds", 'Write "10 working days".'),
    ("5 workdays", 'Write "5 working days".'),
    ("1 workday", 'Write "1 working day".'),
    ("10 business days", 'Write "10 working days".'),
    ("5 weekdays", 'Write "5 working days".'),
    ("5 school days", 'Write "5 working days".'),
    ("10 calendar days", 'Write "10 days".'),
    ("3 calendar months", 'Write "3 months".'),
    ("5 full days", 'Write "5 days".'),
    ("48hrs", 'Write "48 hours".'),
    ("24 h", 'Write "24 hours".'),
    ("24hr", 'Write "24 hours".'),
    ("6 w", 'Write "6 weeks".'),
    ("6 wks", 'Write "6 weeks".'),
    ("3 m", 'Write "3 months".'),
    ("3 mths", 'Write "3 months".'),
    ("2 yrs", 'Write "2 years".'),
    ("1 y", 'Write "1 year".'),
    ("5 d", 'Write "5 days".'),
    ("10-working-days", 'Write "10 working days".'),
    ("ten (10) working days", 'Write "10 working days".'),
    ("10 (ten) working days", 'Write "10 working days".'),
    ("10  working days", 'Write "10 working days".'),
    (" 10 working days", 'Write "10 working days".'),
    ("10 working days ", 'Write "10 working days".'),
    ("10 days.", 'Write "10 days".'),
    ("within 10 working days", 'Write "10 working days".'),
    ("at least 5 days", 'Write "5 days".'),
    ("no later than 5 working days", 'Write "5 working days".'),
    ("no more than 3 weeks", 'Write "3 weeks".'),
    ("up to 2 months", 'Write "2 months".'),
    ("max 3 days", 'Write "3 days".'),
    ("after 2 weeks", 'Write "2 weeks".'),
    ("a week", 'Write "1 week".'),
    ("an hour", 'Write "1 hour".'),
    ("a clear day", 'Write "1 clear day".'),
    ("15 years, 6 months", 'Write "15 years 6 months".'),
    ("15 years and 6 months", 'Write "15 years 6 months".'),
    ("1 Year 6 Months", 'Write "1 year 6 months".'),
    ("10 workin days", 'Did you mean "10 working days"?'),
    ("3 moths", 'Did you mean "3 months"?'),
    ("2 weaks", 'Did you mean "2 weeks"?'),
    ("-5 days", 'Write "5 days".'),
    ("10\nworking days", 'Write "10 working days".'),
]
UNTIDY = [
    ("0 years 6 months", 'Write "6 months".'),
    ("1 year 0 months", 'Write "1 year".'),
    ("01 days", 'Write "1 day".'),
    ("1 days", 'Write "1 day".'),
    ("2 day", 'Write "2 days".'),
    ("1 years 6 months", 'Write "1 year 6 months".'),
    ("01 year 6 months", 'Write "1 year 6 months".'),
    ("15 year 6 months", 'Write "15 years 6 months".'),
    ("٣ days", 'Write "3 days".'),
]
TOO_LONG = [
    ("4001 days", "The most is 4000."),
    ("2001 working days", "The most is 2000."),
    ("2001 hours", "The most is 2000."),
    ("601 weeks", "The most is 600."),
    ("301 months", "The most is 300."),
    ("31 years", "The most is 30."),
    ("31 years 6 months", "The most is 30."),
]
MIXED = [
    "6 months 1 year",
    "2 weeks 3 days",
    "3 clear days 2 working days",
    "1 year 2 years",
    "1 month 2 months",
    "1 hour 2000 hours",
]
NOUGHT = [
    "0 days",
    "0 years 0 months",
]
SHAPELESS = [
    "",
    "   ",
    "soon",
    "as soon as possible",
    "bi-weekly",
    "24 hours maximum",
    "2-3 days",
    "1.5 days",
    "half an hour",
    "one hundred days",
    "zero days",
    "5",
    "days",
    "term",
    "whole term",
    "3 events",
    "10 bananas",
]


READ = [
    ("same day", Timescale("same day")),
    ("1 hour", Timescale("1 hour", hours=1)),
    ("24 hours", Timescale("24 hours", hours=24)),
    ("2000 hours", Timescale("2000 hours", hours=2000)),
    ("1 day", Timescale("1 day", days=1)),
    ("3 days", Timescale("3 days", days=3)),
    ("4000 days", Timescale("4000 days", days=4000)),
    ("1 working day", Timescale("1 working day", working=1)),
    ("10 working days", Timescale("10 working days", working=10)),
    ("2000 working days", Timescale("2000 working days", working=2000)),
    ("1 week", Timescale("1 week", days=7)),
    ("6 weeks", Timescale("6 weeks", days=42)),
    ("600 weeks", Timescale("600 weeks", days=4200)),
    ("1 month", Timescale("1 month", months=1)),
    ("300 months", Timescale("300 months", months=300)),
    ("1 year", Timescale("1 year", months=12)),
    ("30 years", Timescale("30 years", months=360)),
    ("1 year 1 month", Timescale("1 year 1 month", months=13)),
    ("15 years 6 months", Timescale("15 years 6 months", months=186)),
    ("1 clear day", Timescale("1 clear day", days=1, clear=True)),
    ("2 clear working days", Timescale("2 clear working days", working=2, clear=True)),
]


def refusal(reader, text):
    """What is said about a text that is refused: the message and the way out."""
    with pytest.raises(TimescaleError) as caught:
        reader(text)
    return str(caught.value), caught.value.way_out


@pytest.mark.parametrize(("text", "meant"), READ)
def test_a_timescale_is_read_in_the_unit_that_was_printed(text, meant):
    """Each written form has one meaning, and is kept as it was written."""
    found = read_timescale(text)
    assert found == meant
    assert str(found) == found.text == text


@pytest.mark.parametrize(("text", "way_out"), UNREAD)
def test_an_unreadable_timescale_is_refused_with_what_to_write(text, way_out):
    """What people do write is not guessed at: the refusal says how the pack writes it."""
    assert refusal(read_timescale, text) == (f'I can\'t read "{text}" as a length of time.', way_out)


@pytest.mark.parametrize("text", SHAPELESS)
def test_a_text_like_no_timescale_is_refused_with_the_shape_of_one(text):
    """Where nothing can be guessed, the refusal shows what a timescale looks like."""
    assert refusal(read_timescale, text) == (f'I can\'t read "{text}" as a length of time.', SHAPE)


@pytest.mark.parametrize("text", ["9" * 5000 + " days", "9" * 5000, "9" * 10 + " days"])
def test_a_number_beyond_all_reading_is_refused_like_any_other(text):
    """Thousands of figures are refused in our words, and not by Python's limit on numbers."""
    assert refusal(read_timescale, text) == (f'I can\'t read "{text}" as a length of time.', SHAPE)


@pytest.mark.parametrize(("text", "way_out"), UNTIDY)
def test_a_timescale_not_written_the_usual_way_is_refused_with_the_usual_way(text, way_out):
    """There is one way to write a timescale, and the way out holds the whole of it, months included."""
    assert refusal(read_timescale, text) == (f'"{text}" is not written the usual way.', way_out)


@pytest.mark.parametrize(("text", "way_out"), TOO_LONG)
def test_a_timescale_longer_than_any_standard_is_refused_with_the_most(text, way_out):
    """A slip of the keyboard is caught, and the limit is named."""
    assert refusal(read_timescale, text) == (f'"{text}" is longer than any standard asks for.', way_out)


@pytest.mark.parametrize("text", MIXED)
def test_two_units_are_refused_unless_years_and_months(text):
    """Only years and months go together, years first."""
    way_out = "Use one unit. Only years and months go together, years first."
    assert refusal(read_timescale, text) == (f'"{text}" mixes two units.', way_out)


@pytest.mark.parametrize("text", NOUGHT)
def test_nought_is_no_length_of_time(text):
    """Nought days is not a timescale; the day itself has its own words."""
    way_out = 'Write "same day" for the day itself.'
    assert refusal(read_timescale, text) == (f'"{text}" is no length of time.', way_out)


@pytest.mark.parametrize(("text", "way_out"), [*UNREAD, *UNTIDY])
def test_what_a_way_out_says_to_write_can_be_read(text, way_out):
    """Whoever follows a way out is not refused again ("term" is read where terms are allowed)."""
    written = way_out.split('"')[1] if '"' in way_out else ""
    assert written == "term" or not written or read_timescale(written).text == written


@calm
@given(st.text(st.sampled_from("0123456789 adhkmnorswyecltigu(),.-½٣²\n"), max_size=30) | st.text(max_size=20))
def test_every_text_is_read_or_refused_with_a_way_out(text):
    """Whatever is typed, the answer is a timescale written just so, or a refusal that helps."""
    for reader in (read_timescale, read_ages, read_ordinal):
        found, way_out, message = None, "", ""
        try:
            found = reader(text)
        except TimescaleError as error:
            message, way_out = str(error), error.way_out
        if found is None:
            assert f'"{text}"' in message
            assert way_out.endswith((".", "?"))
        else:
            assert found in range(1, 13) if reader is read_ordinal else str(found) == text


@calm
@given(st.integers(1, 2000), st.sampled_from(["hour", "day", "working day", "clear day", "clear working day"]))
def test_a_number_and_a_unit_are_always_read(number, unit):
    """Every number up to the limit is read with its unit, singular for one and plural for the others."""
    found = read_timescale(f"{number} {unit}{'' if number == 1 else 's'}")
    assert found.hours + found.days + found.working == number
    assert found.clear == ("clear" in unit)


def test_lengths_that_are_nearly_the_same_are_different_timescales():
    """3 months, 91 days, 12 weeks and 13 weeks are four different things; 13 weeks are 91 days under another name."""
    four = [read_timescale(text) for text in ("3 months", "91 days", "12 weeks", "13 weeks")]
    assert len(set(four)) == 4
    assert four[1].days == four[3].days == 91


def test_a_timescale_cannot_be_changed():
    """A timescale that was read stays as it was read."""
    with pytest.raises(dataclasses.FrozenInstanceError):
        read_timescale("1 day").days = 2


@pytest.mark.parametrize(
    ("shorter", "longer"),
    [
        ("same day", "1 hour"),
        ("23 hours", "1 day"),
        ("1 day", "1 working day"),
        ("5 working days", "8 days"),
        ("3 working days", "1 week"),
        ("4 weeks", "1 month"),
        ("12 weeks", "3 months"),
        ("364 days", "1 year"),
        ("15 years", "15 years 6 months"),
    ],
)
def test_timescales_of_different_units_can_be_put_in_order(shorter, longer):
    """A rough length serves to say which of two timescales is the tighter."""
    assert read_timescale(shorter).size < read_timescale(longer).size


@pytest.mark.parametrize(("text", "days"), [("48 hours", 2), ("2 days", 2), ("10 working days", 14), ("2 weeks", 14)])
def test_the_rough_length_is_in_calendar_days(text, days):
    """Ten working days are about two weeks, 48 hours two days."""
    assert read_timescale(text).size == pytest.approx(days)


# ---------------------------------------------------------------- ages


@pytest.mark.parametrize(
    ("text", "low", "below"),
    [
        ("0 years and over", 0, None),
        ("1 year and over", 1, None),
        ("3 years and over", 3, None),
        ("30 years and over", 30, None),
        ("under 1 year", 0, 1),
        ("under 5 years", 0, 5),
        ("under 30 years", 0, 30),
        ("0 to 1 years", 0, 2),
        ("5 to 10 years", 5, 11),
        ("29 to 30 years", 29, 31),
    ],
)
def test_an_age_band_is_read_with_both_ages_included(text, low, below):
    """The ages “5 to 10 years” are from the fifth birthday to the day before the eleventh."""
    found = read_ages(text)
    assert found == AgeBand(text, low, below)
    assert str(found) == text


@pytest.mark.parametrize(
    "text",
    [
        "", "5", "5 years", "5 to 10", "5-10 years", "5 to 5 years", "10 to 5 years", "over 3 years", "3 and over",
        "31 years and over", "under 0 years", "under 31 years", "5 to 31 years", "under five years", "Under 5 years",
        "under 5", "05 years and over", "under 05 years", "05 to 10 years", "1 years and over", "3 year and over",
        "under 1 years", "under 2 year", "٣ years and over", "5 to 10 years ", "3 years  and over",
        "5 to 10 to 15 years", "9" * 5000 + " years and over", "3 years and over and 5",
    ],
    ids=lambda text: text[:30],
)  # fmt: skip
def test_ages_written_any_other_way_are_refused_with_the_three_ways(text):
    """There are three ways to write ages, and the refusal shows them."""
    assert refusal(read_ages, text) == (f'I can\'t read "{text}" as ages.', AGES)


# ---------------------------------------------------------------- places in a series

IN_WORDS = "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth".split()


def test_places_are_read_from_the_first_to_the_twelfth():
    """The words count from one, and "next" is the first that follows."""
    assert [read_ordinal(word) for word in IN_WORDS] == list(range(1, 13))
    assert read_ordinal("next") == 1


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("1st", "first"), ("2nd", "second"), ("3rd", "third"), ("4th", "fourth"), ("12th", "twelfth"), ("1ST", "first"),
        ("2", "second"), ("10", "tenth"), ("1th", "first"), ("03", "third"), ("First", "first"), ("NEXT", "next"),
        (" second", "second"), ("٣", "third"),
    ],
)  # fmt: skip
def test_a_place_in_figures_is_refused_with_its_word(text, word):
    """A place is written as a word in small letters, and the refusal says which."""
    assert refusal(read_ordinal, text) == (f'"{text}" is not written the usual way.', f'Write "{word}".')


@pytest.mark.parametrize("text", ["", "0", "0th", "13", "13th", "thirteenth", "last", "the first", "-1", "9" * 5000])
def test_a_place_beyond_the_twelfth_is_refused(text):
    """Anything else is no place in a series, and the refusal shows what is."""
    assert refusal(read_ordinal, text) == (f'I can\'t read "{text}" as a place in a series.', PLACES)


@pytest.mark.parametrize(
    ("number", "word"),
    [
        *enumerate(IN_WORDS, start=1),
        (0, "0th"), (13, "13th"), (14, "14th"), (19, "19th"), (20, "20th"), (21, "21st"), (22, "22nd"), (23, "23rd"),
        (24, "24th"), (30, "30th"), (100, "100th"), (101, "101st"), (111, "111th"), (112, "112th"), (113, "113th"),
        (121, "121st"),
    ],
)  # fmt: skip
def test_a_place_is_said_in_words_up_to_the_twelfth_and_then_in_figures(number, word):
    """The first twelve are words; after them 21st, 22nd, 23rd and 111th to 113th end as one says them."""
    assert ordinal_word(number) == word
