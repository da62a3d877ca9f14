"""The language of a pack as a JSON Schema, so that an editor completes keys, explains them, and marks unknown ones.

It is made from the tables that the loader reads by, and says what one key or one value may look like. What must hold
between keys (one word that says what opens a duty, names that are declared, numbers that are said) is left to
`practice-rules check`. Only what both draft 7 and draft 2020-12 understand is used, as editors know one or the other.

Values are looser here than on paper: to an editor `no` is a truth value and 2024 a number, where a pack has text.
"""

from __future__ import annotations

from typing import Any

from .kinds import KINDS
from .loading import SUBJECTS, VALUES, WORKING_DAYS
from .shapes import COMMON, Field, Kind
from .timescales import ordinal_word

__all__ = ["SCHEMA_FILE", "pack_schema"]

#: The name of the shipped file, in the folder `schema`.
SCHEMA_FILE = "pack.schema.json"

Schema = dict[str, Any]

_UNITS = ("hour", "day", "working day", "week", "month", "year")
_SOME = r"(?:[2-9]|[1-9]\d+)"
_TIMESCALE = (
    rf"same day|1 (?:{'|'.join(_UNITS)})|{_SOME} (?:{'|'.join(_UNITS)})s"
    rf"|(?:1 year|{_SOME} years) (?:1 month|{_SOME} months)"
)
_DAYS = _TIMESCALE.replace("hour|", "")
_CLEAR = rf"1 clear (?:working )?day|{_SOME} clear (?:working )?days"
_AGE = rf"1 (?:month|year)|{_SOME} (?:months|years)|(?:1 year|{_SOME} years) (?:1 month|{_SOME} months)"
_AGES = r"\d+ years? and over|under \d+ years?|\d+ to \d+ years"

_TIMESCALE_WORDS = (
    'Write a number, a space and a unit: "10 working days", "24 hours", "3 months", "15 years 6 months", "same day".'
)


def pack_schema() -> Schema:
    """The JSON Schema of a pack; the same dictionary every time."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Practice standards",
        "description": "One authority's practice standards, one file. The reference explains every key.",
        "type": "object",
        "additionalProperties": False,
        "required": ["authority", "title", "documents", "working days", "day one", "standards"],
        "properties": {
            "authority": _ref("text", "Whose standards these are."),
            "title": _ref("text", "What the standards are called."),
            "documents": {
                "description": "Each printed document, by a short name of your own.",
                "type": "object",
                "minProperties": 1,
                "additionalProperties": {"$ref": "#/$defs/document"},
            },
            "vocabulary": {
                "description": "`shared`: the events, periods and details of the shared vocabulary may be named.",
                "enum": ["shared"],
            },
            "working days": {"description": "The calendar of working days.", "enum": [WORKING_DAYS]},
            "day one": _ref("day one", "Whether the day of an event is day 0 (`the next day` is day 1) or day 1."),
            "if not a working day": _ref("roll", "Where a due date on a day off moves to; without it, it stays."),
            "hours without times": {
                "description": "How a limit in hours is judged when a record has dates only.",
                "enum": ["by date", "not assessed"],
            },
            "closed": {
                "description": "The authority's own closure days.",
                "type": "array",
                "items": {"$ref": "#/$defs/date"},
            },
            "terms": {
                "description": "School terms, in order, for standards that speak of a term.",
                "type": "array",
                "items": {"$ref": "#/$defs/term"},
            },
            "details": {
                "description": "What a record may say about an event or a child.",
                "type": "object",
                "additionalProperties": {"$ref": "#/$defs/detail"},
            },
            "events": {
                "description": "What may happen, each with one sentence of meaning.",
                "type": "object",
                "additionalProperties": {"$ref": "#/$defs/event"},
            },
            "periods": {
                "description": "States with a start and an end.",
                "type": "object",
                "additionalProperties": {"$ref": "#/$defs/stretch"},
            },
            "standards": {
                "description": "The standards, by id: lower-case words joined by hyphens.",
                "type": "object",
                "minProperties": 1,
                "propertyNames": {"pattern": "^[a-z0-9]+(-[a-z0-9]+)*$"},
                "additionalProperties": {"$ref": "#/$defs/standard"},
            },
        },
        "$defs": {**_parts(), **{name: dict(made) for name, made in _TYPES.items()}, "standard": _standard()},
    }


# --- a standard -------------------------------------------------------------------------------------------------------


def _standard() -> Schema:
    """Any standard: the keys of every kind, and for each kind which of them go with its timing word."""
    return {
        "title": "A standard",
        "description": "One line of the document. Its one timing word decides its kind.",
        "type": "object",
        "required": [item.name for item in COMMON if item.needed],
        "properties": _every_key(),
        "additionalProperties": False,
        "anyOf": [{"required": [word]} for word in (*_timing_words(), "not tested")],
        "allOf": [*(_when(kind) for kind in KINDS), _when_not_tested()],
    }


def _every_key() -> Schema:
    """Every key that some standard may have, with what it means; where kinds differ, each with its timing word."""
    keys = {item.name: _ref(item.type, item.meaning) for item in COMMON}
    for name in dict.fromkeys(item.name for kind in KINDS for item in kind.fields):
        users = [(kind, item) for kind in KINDS for item in kind.fields if item.name == name]
        types = list(dict.fromkeys(item.type for _, item in users))
        meanings: dict[str, list[str]] = {}
        for kind, item in users:
            meanings.setdefault(item.meaning, []).append(f"`{kind.timing[0]}`")
        if len(meanings) == 1:
            said = next(iter(meanings))
        else:
            said = " ".join(f"With {' or '.join(words)}: {meaning}" for meaning, words in meanings.items())
        keys[name] = (
            _ref(types[0], said)
            if len(types) == 1
            else {"description": said, "anyOf": [{"$ref": f"#/$defs/{each}"} for each in types]}
        )
    keys["share"] = {
        "description": "Makes a cohort standard: the share of many histories for which the rest must hold.",
        "type": "string",
        "pattern": r"^(?:[1-9]\d?|100)%$",
        "patternErrorMessage": 'Write a whole number and a per cent sign: "80%".',
    }
    keys["not tested"] = _ref("prose", "Why this standard cannot be judged; it has no timing word then.")
    return keys


def _timing_words() -> list[str]:
    return [word for kind in KINDS for word in kind.timing]


def _when(kind: Kind) -> Schema:
    """Which keys go with the timing word of a kind, and which it cannot do without.

    A kind may use another's timing word beside its own (`times` has `within`); then it is the other's no longer.
    """
    given: Schema = {"anyOf": [{"required": [word]} for word in kind.timing]}
    owners = [
        word
        for other in KINDS
        if other is not kind and any(item.name in kind.timing for item in other.fields)
        for word in other.timing
    ]
    if owners:
        given["not"] = {"anyOf": [{"required": [word]} for word in owners]}
    allowed = [*COMMON, *kind.fields, Field("share", "", "")]
    then: Schema = {
        "description": f"{kind.name.capitalize()}. {kind.meaning}",
        "properties": {item.name: _narrow(item) for item in allowed},
        "additionalProperties": False,
    }
    needed = [item.name for item in kind.fields if item.needed]
    if needed:
        then["required"] = needed
    if kind.period:
        then["anyOf"] = [{"required": ["while"]}, {"required": ["while any of"]}]
    return {"if": given, "then": then}


def _when_not_tested() -> Schema:
    keys = [*(item.name for item in COMMON), "not tested", "share"]
    return {
        "if": {"required": ["not tested"]},
        "then": {"properties": dict.fromkeys(keys, True), "additionalProperties": False},
    }


def _narrow(item: Field) -> Any:
    """What a key must be with one kind, where another kind reads it otherwise; else nothing more is asked."""
    types = {other.type for kind in KINDS for other in kind.fields if other.name == item.name}
    return {"$ref": f"#/$defs/{item.type}"} if len(types) > 1 else True


# --- values -----------------------------------------------------------------------------------------------------------


def _ref(name: str, description: str) -> Schema:
    return {"description": description, "$ref": f"#/$defs/{name}"}


def _pattern(pattern: str, advice: str) -> Schema:
    return {"type": "string", "pattern": f"^(?:{pattern})$", "patternErrorMessage": advice}


def _one_or_several(one: Schema) -> Schema:
    return {"anyOf": [one, {"type": "array", "minItems": 1, "items": one}]}


_TEXT: Schema = {"type": ["string", "number", "boolean"], "minLength": 1}
_TEXT_REF: Schema = {"$ref": "#/$defs/text"}
_NAMED_EVENT: Schema = {
    "anyOf": [
        _TEXT_REF,
        {
            "type": "object",
            "required": ["event"],
            "additionalProperties": False,
            "properties": {
                "event": _ref("text", "The event."),
                "where": _ref("condition", "What the event must match."),
            },
        },
    ]
}

#: One for each type of `Field`; the loader has a reader of the same name.
_TYPES: dict[str, Schema] = {
    "prose": {"description": "Plain words.", **_TEXT},
    "choice": {
        "description": "An event, or a list of events any of which serves.",
        **_one_or_several({"$ref": "#/$defs/named event"}),
    },
    "condition": {
        "description": "One line for each detail: yes, no, a word, a list of words, present, absent, or at least 3.",
        "type": "object",
        "minProperties": 1,
        "additionalProperties": _one_or_several(_TEXT_REF),
    },
    "condition or choice": {
        "description": "Conditions, or an event (or a list of events).",
        "anyOf": [{"$ref": "#/$defs/condition"}, {"$ref": "#/$defs/choice"}],
    },
    "requirement": {
        "description": "Details by name, or conditions.",
        "anyOf": [{"$ref": "#/$defs/condition"}, *_one_or_several(_TEXT_REF)["anyOf"]],
    },
    "timescale": {"description": "A length of time.", **_pattern(_TIMESCALE, _TIMESCALE_WORDS)},
    "days timescale": {"description": "A length of time, not in hours.", **_pattern(_DAYS, _TIMESCALE_WORDS)},
    "lead": {
        "description": "A length of time, or clear days.",
        **_pattern(f"{_TIMESCALE}|{_CLEAR}", _TIMESCALE_WORDS),
    },
    "timescale or term": {
        "description": "A length of time, `term` or `whole term`.",
        **_pattern(f"{_TIMESCALE}|term|whole term", _TIMESCALE_WORDS),
    },
    "window": {
        "description": "A length of time, `term`, `whole term`, or `3 events`.",
        **_pattern(rf"{_TIMESCALE}|term|whole term|[1-9]\d? events", _TIMESCALE_WORDS),
    },
    "age": {
        "description": "An age in years, or years and months.",
        **_pattern(_AGE, 'Write it in years, or years and months: "15 years 6 months".'),
    },
    "ages": {
        "description": "`3 years and over`, `under 5 years` or `5 to 10 years`.",
        **_pattern(_AGES, 'Write "3 years and over", "under 5 years" or "5 to 10 years".'),
    },
    "ordinal": {
        "description": "A place in a series.",
        "enum": [*(ordinal_word(number) for number in range(1, 13)), "next"],
    },
    "count": {
        "description": "A figure from 1 to 99.",
        "anyOf": [
            {"type": "integer", "minimum": 1, "maximum": 99},
            {"type": "string", "pattern": r"^[1-9]\d?$"},
        ],
    },
    "period": {"description": "A period by name.", **_TEXT},
    "periods": {"description": "A period by name, or a list of periods.", **_one_or_several(_TEXT_REF)},
    "change": {
        "description": "The event that changes a time, who must have authorised it, and how far it may go.",
        "anyOf": [
            {"$ref": "#/$defs/choice"},
            {
                "type": "object",
                "required": ["event"],
                "additionalProperties": False,
                "properties": {
                    "event": _ref("choice", "The event that makes the change."),
                    "authorised by": {
                        "description": "The role, or roles, that must have authorised it.",
                        **_one_or_several(_TEXT_REF),
                    },
                    "at most": _ref("timescale", "With `varied by`: the longest it may become."),
                    "to": _ref("timescale", "With `extended by`: the outer limit, counted from the trigger."),
                },
            },
        ],
    },
    "source": {
        "description": "Where the standard is printed.",
        "type": "object",
        "required": ["section", "words"],
        "additionalProperties": False,
        "properties": {
            "document": _ref("text", "Which document; may be left out when the pack has only one."),
            "section": _ref("text", "The heading as printed, with its number."),
            "words": {
                "description": "Three to fifteen printed words that locate the clause.",
                **_pattern(r"\s*\S+(?:\s+\S+){2,14}\s*", "Give three to fifteen printed words."),
            },
        },
    },
    "subject": {"description": "Whose history this is; a child unless said.", "enum": list(SUBJECTS)},
    "standard id": {"description": "The id of another standard of this pack.", **_TEXT},
    "date": {
        "description": "A date: year-month-day.",
        **_pattern(r"\d{4}-\d\d-\d\d", "Write year-month-day with figures, as in 2024-03-28."),
    },
    "day one": {"description": "Which day is day 1.", "enum": ["the next day", "the day itself"]},
    "roll": {"description": "What becomes of a due date on a day off.", "enum": ["next working day", "stays"]},
}


def _parts() -> Schema:
    """What stands at the top of a pack: its documents, terms and words."""
    return {
        "text": {"description": "A line of text.", **_TEXT},
        "named event": _NAMED_EVENT,
        "document": {
            "title": "A document",
            "type": "object",
            "required": ["title"],
            "additionalProperties": False,
            "properties": {
                "title": _ref("text", "The title as printed."),
                "edition": _ref("text", "The edition as printed."),
                "published": _ref("date", "The day of publication."),
                "url": _ref("text", "Where it can be read."),
            },
        },
        "term": {
            "title": "A school term",
            "type": "object",
            "required": ["name", "starts", "ends"],
            "additionalProperties": False,
            "properties": {
                "name": _ref("text", "What the term is called."),
                "starts": _ref("date", "Its first day."),
                "ends": _ref("date", "Its last day."),
            },
        },
        "detail": {
            "title": "A detail",
            "type": "object",
            "required": ["means", "values"],
            "additionalProperties": False,
            "properties": {
                "means": _ref("prose", "One sentence of meaning."),
                "values": {
                    "description": "What may stand there: one of these, or a list of the words that may.",
                    "anyOf": [{"enum": list(VALUES)}, {"type": "array", "minItems": 1, "items": _TEXT_REF}],
                },
                "unless said": _ref("text", "What is taken when a record is silent; without it, it is not assessed."),
            },
        },
        "event": {
            "title": "An event",
            "description": "One sentence of meaning, or its meaning and its details.",
            "anyOf": [
                {"$ref": "#/$defs/prose"},
                {
                    "type": "object",
                    "anyOf": [{"required": ["means"]}, {"required": ["details"]}],
                    "additionalProperties": False,
                    "properties": {
                        "means": _ref("prose", "One sentence of meaning; none for a shared event that gains details."),
                        "details": {
                            "description": "What its record may say, by the names of details.",
                            **_one_or_several(_TEXT_REF),
                        },
                    },
                },
            ],
        },
        "stretch": {
            "title": "A period",
            "description": "A state with a start and an end.",
            "type": "object",
            "required": ["means", "starts"],
            "additionalProperties": False,
            "properties": {
                "means": _ref("prose", "One sentence of meaning."),
                "starts": _ref("choice", "The event, or events, that start it."),
                "ends": _ref("choice", "Its own ending: an event, or events."),
                "until": _ref("choice", "What also closes it, and may happen at other times."),
                "where": _ref("condition", "What the start must match."),
            },
            "anyOf": [{"required": ["ends"]}, {"required": ["until"]}],
        },
    }
