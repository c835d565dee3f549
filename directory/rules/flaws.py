"""Visible faults: what anybody who reads a record sees is wrong. They are told, and not repaired.

What was meant can only be guessed: a number that is a digit short may lack any of them.
"""

import re
from collections.abc import Callable, Iterator
from datetime import date
from typing import Final

from directory.rules.intake import Looked, pointer
from directory.rules.postcodes import tidy
from directory.rules.quality import can_be_dialled, can_be_written_to
from directory.rules.standard import Fault
from directory.terms.places import MalformedPostcode
from directory.terms.records import Document

MOST_FLAWS: Final = 20
_MARKUP: Final = re.compile(r"<\s*[/!]?\s*[a-z][^<>]*>|javascript:", re.IGNORECASE)
_PAIRS: Final = (
    ("valid_from", "valid_to", "This lies before valid_from."),
    ("opens_at", "closes_at", "This lies before opens_at."),
    ("minimum_age", "maximum_age", "This is below minimum_age: nobody is of the right age."),
)
_NORTH: Final = (49.0, 61.5)
_EAST: Final = (-9.0, 2.5)


def flaws(row: Looked, on: date) -> list[Fault]:
    """Return the visible faults of a row, by place; `on` is the day of asking."""
    found = [
        Fault(pointer(path, name), said)
        for path, part in row.parts
        for check in _CHECKS
        for name, said in check(part, on)
    ]
    if _MARKUP.search(row.text):
        said = "This holds HTML or a script. It is shown as text and never run."
        found += [
            Fault(pointer(path, name), said)
            for path, part in row.parts
            for name, one in part.items()
            if isinstance(one, str) and _MARKUP.search(one)
        ]
    return found[:MOST_FLAWS]


def _contact(part: Document, _: date) -> Iterator[tuple[str, str]]:
    if "number" in part and not can_be_dialled(part["number"]):
        said = "No telephone reaches this number as it is written: count its digits."
        yield "number", said
    for name in ("email", "assurer_email"):
        if name in part and not can_be_written_to(part[name]):
            yield name, "No mail reaches this address as it is written."


def _periods(part: Document, on: date) -> Iterator[tuple[str, str]]:
    for first, last, said in _PAIRS:
        if first in part and last in part and _after(part[first], part[last]):
            yield last, said
    if "assured_date" in part and _after(part["assured_date"], on.isoformat()):
        yield "assured_date", "This day has not come yet, so it assures nothing."


def _place(part: Document, _: date) -> Iterator[tuple[str, str]]:
    if "latitude" in part or "longitude" in part:
        for name, (least, most) in (("latitude", _NORTH), ("longitude", _EAST)):
            at = part.get(name)
            if isinstance(at, (int, float)) and not least <= at <= most:
                yield name, "This lies outside the United Kingdom: perhaps the two are swapped."
    if part.get("country") == "GB" and not _is_postcode(str(part.get("postal_code", ""))):
        yield "postal_code", "No postcode of the United Kingdom is written so."


_CHECKS: Final[tuple[Callable[[Document, date], Iterator[tuple[str, str]]], ...]] = (
    _contact,
    _periods,
    _place,
)


def _is_postcode(written: str) -> bool:
    try:
        tidy(written)
    except MalformedPostcode:
        return False
    return True


def _after(first: object, last: object) -> bool:
    """Say whether the first is beyond the last; what cannot be compared is not."""
    if isinstance(first, str) and isinstance(last, str):
        return first > last
    both = isinstance(first, (int, float)), isinstance(last, (int, float))
    return all(both) and first > last  # type: ignore[operator]  # both are numbers
