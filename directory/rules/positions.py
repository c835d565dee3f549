"""Where a place is that says no more than its postcode: near enough to be found by distance.

What is derived so is marked, so that nobody takes it for a surveyed position, and follows the
postcode when that is put right. A position that a record states itself is never touched.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from directory.rules.postcodes import compacted, is_whole, tidy
from directory.terms.places import MalformedPostcode
from directory.terms.records import Document

MARK: Final = "position_from"
BY_POSTCODE: Final = "postcode"
_POSITION: Final = ("latitude", "longitude")
_NOWHERE: Final = ("virtual", "postal")
Position = tuple[float, float]
"""Latitude and longitude, WGS 84 degrees."""


def postcode_to_place(location: Document, held: Document | None) -> str | None:
    """Return the postcode by which a location is to be placed, without its space; None if by none.

    `held` is what is on file of it: a position that somebody gave it since is theirs.
    """
    return None if _states_its_own(location, held) else _postcode(location)


def placed(location: Document, held: Document | None, at: Position | None) -> Document:
    """Return a location with the position of its postcode, or as it is where that is not on file.

    A derived position does not outlive the postcode that it was derived from.
    """
    if _states_its_own(location, held):
        mine = any(name in location for name in _POSITION)
        return _without(location, MARK) if mine and MARK in location else location
    if at is not None:
        return {**location, "latitude": at[0], "longitude": at[1], MARK: BY_POSTCODE}
    if held is not None and _is_derived(location) and _postcode(held) != _postcode(location):
        return _without(location, MARK, *_POSITION)
    return location


def _states_its_own(location: Document, held: Document | None) -> bool:
    """Say whether a location has a position that was not derived, or is no place to go to."""
    if location.get("location_type") in _NOWHERE:
        return True
    if not any(name in location for name in _POSITION):
        return False
    if not _is_derived(location):
        return True
    before = {} if held is None or not _is_derived(held) else held
    return bool(before) and any(location.get(name) != before.get(name) for name in _POSITION)


def _is_derived(location: Document) -> bool:
    return location.get(MARK) == BY_POSTCODE


def _postcode(location: Document) -> str | None:
    """Return the first whole postcode of an address that stands for a place."""
    for address in _addresses(location):
        if address.get("address_type") not in _NOWHERE:
            try:
                found = compacted(tidy(str(address.get("postal_code", ""))))
            except MalformedPostcode:
                continue
            if is_whole(found):
                return found
    return None


def _addresses(location: Document) -> Iterator[Mapping[str, Any]]:
    found = location.get("addresses")
    yield from (
        one for one in (found if isinstance(found, list) else ()) if isinstance(one, Mapping)
    )


def _without(location: Document, *names: str) -> Document:
    return {name: value for name, value in location.items() if name not in names}
