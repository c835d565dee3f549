"""How anybody's feed is read: its version, its pages, and whether its rows are whole records."""

import re
from collections.abc import Mapping
from typing import Any, Final

from directory.terms.exchange import Provenance

_VERSION: Final = re.compile(r"(\d+)\.(\d+)")
_OLD_PAGE: Final = frozenset({"content", "totalElements", "totalPages"})
_CHILDREN: Final = frozenset(
    {
        *("attributes", "contacts", "cost_options", "funding", "languages", "phones"),
        *("schedules", "service_areas", "service_at_locations"),
    }
)
_LICENCES: Final = ("licence", "license", "licence_url", "license_url")
WANTED: Final = "3.0"


def version_of(about: object) -> str | None:
    """Return the version of the standard that a feed's `/` says, such as "3.0"; None if none."""
    said = about.get("version") if isinstance(about, Mapping) else None
    found = _VERSION.search(said) if isinstance(said, str) else None
    return None if found is None else found.group()


def is_read_here(version: str | None) -> bool:
    """Say whether feeds of this version are understood: those of version 3."""
    return version is not None and version.startswith("3.")


def provenance_of(about: object) -> Provenance:
    """Return who publishes a feed and on what terms, as far as its `/` says so."""
    if not isinstance(about, Mapping):
        return Provenance()
    licence = next((_words(about[one]) for one in _LICENCES if one in about), None)
    return Provenance(_words(about.get("publisher")), licence)


def is_old_page(answer: object) -> bool:
    """Say whether this is a page of Open Referral UK 1.0."""
    return isinstance(answer, Mapping) and len(answer.keys() & _OLD_PAGE) > 1


def rows_of(answer: object) -> list[Any] | None:
    """Return the rows of a page, or of a bare list; None if this is neither."""
    if isinstance(answer, list):
        return answer
    rows = answer.get("contents") if isinstance(answer, Mapping) else None
    return rows if isinstance(rows, list) else None


def is_last(answer: object, number: int) -> bool:
    """Say whether a page is the last; one that says nothing of it is, if it holds no row."""
    if not isinstance(answer, Mapping) or not rows_of(answer):
        return True
    if isinstance(last := answer.get("last_page"), bool):
        return last
    total = answer.get("total_pages")
    return isinstance(total, int) and number >= total


def total_of(answer: object) -> int | None:
    """Return how many rows all pages hold together, if the page says so."""
    total = answer.get("total_items") if isinstance(answer, Mapping) else None
    return total if isinstance(total, int) and not isinstance(total, bool) else None


def is_whole(row: object) -> bool:
    """Say whether a row of a list is nested as a single record is."""
    return isinstance(row, Mapping) and bool(row.keys() & _CHILDREN)


def _words(said: object) -> str | None:
    """Return a text, or the name or address in an object; None if it holds neither."""
    if isinstance(said, Mapping):
        return next((_words(said[one]) for one in ("name", "url", "uri") if one in said), None)
    return said.strip() or None if isinstance(said, str) else None
