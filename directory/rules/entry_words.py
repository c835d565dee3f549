"""Places as an editor types them, and the changes of an entry in the words of a page."""

import re
from collections.abc import Iterable, Mapping
from typing import Final

from directory.terms.coverage import PlaceKind
from directory.terms.editing import Change

_GSS: Final = re.compile(r"[EWSN]\d{8}", re.ASCII)
_OF_WARDS: Final = ("E05", "W05", "S13", "N08")
"""How the codes of electoral wards begin (ONS, register of geographic codes)."""
_WORDS: Final[Mapping[str, str]] = {
    "assured_on": "when it was checked",
    "covered_by": "who stands in",
    "document": "where it was published",
    "during": "the dates",
    "ends": "when it ends",
    "for_whom": "whom it is for",
    "holder": "who holds the role",
    "hours_note": "the opening hours",
    "levels": "the levels of need",
    "more": "what else is said",
    "opening_hours": "the opening hours",
    "parts": "what it is made of",
    "phone": "the telephone number",
}


def places_typed(text: str) -> list[tuple[PlaceKind, str]]:
    """Return the places that somebody typed, one on each line: GSS codes, and else postcodes."""
    said = (line.strip() for line in text.splitlines())
    return [place_typed(one) for one in said if one]


def place_typed(text: str) -> tuple[PlaceKind, str]:
    """Return which kind of place a code names, and the code; what is no GSS code is a postcode."""
    code = text.strip()
    upper = code.upper()
    if _GSS.fullmatch(upper):
        return (PlaceKind.WARD if upper.startswith(_OF_WARDS) else PlaceKind.DISTRICT), upper
    return PlaceKind.POSTCODE, code


def changed_told(changes: Iterable[Change]) -> str:
    """Return which parts of an entry changed, each once, as words of a page."""
    named = (change.pointer.split("/")[1] for change in changes)
    words = (_WORDS.get(one, f"the {one.replace('_', ' ')}") for one in named)
    return ", ".join(dict.fromkeys(words))
