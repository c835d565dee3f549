"""A list of services to take along: points for a map, a letter, rows of a table."""

from collections.abc import Iterable, Sequence
from typing import Any, Final
from urllib.parse import quote, urlencode

from directory.terms.searching import ServiceSearch
from directory.terms.telling import Card

_LONGEST_LETTER: Final = 1_800
"""Characters of a `mailto:` link: some mail programs cut what is longer than 2,000."""
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n")
_HARMLESS: Final = frozenset("0123456789 ()+-.")

_OPEN_CONDITIONS: Final = (
    *("age", "level_of_need", "language", "accessibility", "suitable_for", "open_on"),
    *("referral", "who_can_refer", "organization_id"),
)
COLUMNS: Final = (
    *("id", "name", "organization", "ages", "where", "distance", "cost", "level_of_need"),
    *("who_can_refer", "next_step", "contact", "checked", "status", "alert", "why"),
)


def points(cards: Iterable[Card]) -> dict[str, Any]:
    """Return the places of a list as GeoJSON (RFC 7946), each with its number in the list."""
    features = [
        {
            "type": "Feature",
            "geometry": {"type": "Point", "coordinates": [one.point[1], one.point[0]]},
            "properties": {
                "number": number,
                "id": str(one.id),
                "name": one.name,
                "where": one.where,
                "distance": one.distance,
            },
        }
        for number, one in enumerate(cards, 1)
        if one.point is not None
    ]
    return {"type": "FeatureCollection", "features": features}


def letter(cards: Sequence[Card], link: str) -> str:
    """Return a `mailto:` link to nobody yet, with the list in its text; what is too long is cut."""
    subject = f"{len(cards)} service{'' if len(cards) == 1 else 's'} for you"
    ending = f"\r\nThe whole list: {link}\r\n"
    body = ""
    for one in cards:
        longer = f"{body}{_paragraph(one)}\r\n"
        if len(quote(longer + ending)) > _LONGEST_LETTER:
            break
        body = longer
    return f"mailto:?subject={quote(subject)}&body={quote(body + ending)}"


def feed_link(search: ServiceSearch) -> str:
    """Return where other systems read the same list, but for what no address may hold.

    Words and postcodes can be sensitive, and so can how far from one somebody looks.
    """
    asked = {name: getattr(search, name) for name in _OPEN_CONDITIONS}
    asked |= {"taxonomy_term_id": next(iter(search.taxonomy_term_ids), None)}
    asked |= {"day": None if search.day is None else search.day.value}
    asked |= {"free": "true" if search.free else None}
    said = urlencode({name: str(value) for name, value in asked.items() if value is not None})
    return f"/oruk/v3/services?{said}" if said else "/oruk/v3/services"


def rows(cards: Iterable[Card]) -> list[tuple[str, ...]]:
    """Return a table with its heading; no cell is one that a spreadsheet would work out."""
    return [COLUMNS, *(tuple(map(_plain, _row(one))) for one in cards)]


def _paragraph(one: Card) -> str:
    way = one.next_step.way
    lines = (
        f"{one.name} (temporarily closed)" if one.closed else one.name,
        one.organization,
        one.where,
        f"{one.next_step.does}: {way.text}" if way else one.next_step.does,
    )
    return "".join(f"{line}\r\n" for line in lines if line)


def _row(one: Card) -> tuple[str, ...]:
    way = one.next_step.way
    return (
        str(one.id),
        one.name,
        one.organization or "",
        one.ages,
        one.where,
        one.distance or "",
        one.cost,
        "; ".join(one.levels),
        "; ".join(one.who_can_refer),
        one.next_step.does,
        way.text if way else "",
        one.checked.text,
        "temporarily closed" if one.closed else "active",
        one.alert or "",
        "; ".join(one.reasons),
    )


def _plain(cell: str) -> str:
    """Return a cell as text: spreadsheets take what begins so for a formula (CWE-1236)."""
    dangerous = cell.startswith(_FORMULA) and not set(cell) <= _HARMLESS
    return f"'{cell}" if dangerous else cell
