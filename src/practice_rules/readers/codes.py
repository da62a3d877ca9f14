"""The codes of the national returns that say the same wherever they stand, as words of the vocabulary.

A reader adds what only its own data write: other spellings, further codes, and codes that it reads in another way.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, TypeVar

__all__ = ["CATEGORY", "LEGAL_STATUS", "LONG_TERM", "PLACEMENT", "TOOK_PART", "folded"]

Word = TypeVar("Word")

#: Legal status: SSDA903, LS.
LEGAL_STATUS: Final[Mapping[str, str]] = {
    "C1": "interim care order",
    "C2": "care order",
    "D1": "other",  # freeing order
    "E1": "placement order",
    "V2": "section 20",
    "V3": "short break agreement",
    "V4": "short break agreement",
    "L1": "police protection",
    "L2": "emergency protection order",
    "L3": "other",  # child assessment order
    "J1": "remand",
    "J2": "other",  # detained under the Police and Criminal Evidence Act 1984
    "J3": "other",  # youth rehabilitation order with a residence requirement
}
#: Placement: SSDA903, PLACE. T0 to T4 are stays away from a placement that goes on, and stand with the readers.
PLACEMENT: Final[Mapping[str, str]] = {
    "U1": "connected person",
    "U2": "connected person",
    "U3": "connected person",
    "U4": "foster care",
    "U5": "foster care",
    "U6": "foster care",
    "K1": "secure",
    "K2": "residential",
    "H5": "supported accommodation",  # semi-independent living
    "P1": "placed with parents",
    "P2": "independent living",
    "P3": "other",  # residential employment
    "R1": "residential",
    "R2": "other",  # National Health Service
    "R5": "custody",
    "S1": "residential school",
    "A3": "placed for adoption",
    "A4": "placed for adoption",
    "A5": "placed for adoption",
    "A6": "placed for adoption",
    "Z1": "other",
}
#: Placements of which the code says whether they are long term. U2 and U5 are fostering for adoption: either may come.
LONG_TERM: Final[Mapping[str, bool]] = {"U1": True, "U3": False, "U4": True, "U6": False}
#: How a child took part in a review: SSDA903, REVIEW_CODE. PN0 is a child under four, of whom nothing is said; PN7
#: neither came nor sent views.
TOOK_PART: Final[Mapping[str, bool | None]] = {
    "PN0": None, "PN1": True, "PN2": True, "PN3": True, "PN4": True, "PN5": True, "PN6": True, "PN7": False,
}  # fmt: skip
#: Category of abuse: CIN census.
CATEGORY: Final[Mapping[str, str]] = {
    "NEG": "neglect",
    "PHY": "physical abuse",
    "SAB": "sexual abuse",
    "EMO": "emotional abuse",
    "MUL": "multiple",
}


def folded(codes: Mapping[str, Word]) -> dict[str, Word]:
    """A table by its codes in small letters, for readers that compare cells so."""
    return {code.casefold(): word for code, word in codes.items()}
