"""Visible faults: what anybody who reads a record sees is wrong. They are told, and not repaired.

What was meant can only be guessed: a number that is a digit short may lack any of them.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import Final

from directory.rules.postcodes import tidy
from directory.rules.quality import can_be_dialled, can_be_written_to
from directory.rules.standard import Fault
from directory.terms.places import MalformedPostcode
from directory.terms.records import Document

MOST_FLAWS: Final = 20
_MARKUP: Final = re.compile(r"<\s*[/!]?\s*[a-z][^<>]*>|javascript:", re.IGNORECASE)
_NORTH: Final = (49.0, 61.5)
_EAST: Final = (-9.0, 2.5)


def flaws(document: object, on: date) -> list[Fault]:
    """Return the visible faults of a record, by place; `on` is the day of asking."""
    found = []
    for fault in _flaws(document, "", on):
        found.append(fault)
        if len(found) == MOST_FLAWS:
            break
    return found


def _flaws(value: object, pointer: str, on: date) -> Iterator[Fault]:
    if isinstance(value, list):
        for number, one in enumerate(value):
            yield from _flaws(one, f"{pointer}/{number}", on)
    elif isinstance(value, Mapping):
        for check in _CHECKS:
            for name, said in check(value, on):
                yield Fault(f"{pointer}/{name}", said)
        for name, one in value.items():
            yield from _flaws(one, f"{pointer}/{name}", on)
    elif isinstance(value, str) and _MARKUP.search(value):
        yield Fault(pointer, "This holds HTML or a script. It is shown as text and never run.")


def _contact(part: Document, _: date) -> Iterator[tuple[str, str]]:
    if "number" in part and not can_be_dialled(part["number"]):
        said = "No telephone reaches this number as it is written: count its digits."
        yield "number", said
    for name in ("email", "assurer_email"):
        if name in part and not can_be_written_to(part[name]):
            yield name, "No mail reaches this address as it is written."


def _periods(part: Document, on: date) -> Iterator[tuple[str, str]]:
    for first, last in (("valid_from", "valid_to"), ("opens_at", "closes_at")):
        if _after(part.get(first), part.get(last)):
            yield last, f"This lies before {first}."
    if _after(part.get("minimum_age"), part.get("maximum_age")):
        yield "maximum_age", "This is lower than minimum_age, so nobody is of the right age."
    if _after(part.get("assured_date"), on.isoformat()):
        yield "assured_date", "This day has not come yet, so it assures nothing."


def _place(part: Document, _: date) -> Iterator[tuple[str, str]]:
    for name, (least, most) in (("latitude", _NORTH), ("longitude", _EAST)):
        written = part.get(name)
        if isinstance(written, (int, float)) and not least <= written <= most:
            yield name, "This lies outside the United Kingdom: perhaps the two are swapped."
    written = part.get("postal_code")
    if part.get("country") == "GB" and isinstance(written, str) and not _is_postcode(written):
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
