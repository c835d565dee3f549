"""How records are taken apart to be kept, and put together to be shown.

What one record says of another is kept once: of its organization, locations and terms a service
keeps the ids. `compose` after `take_apart` gives what went in.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from directory.terms.records import Document, RecordKind

_NESTING: Final = (dict, list)


@dataclass(frozen=True, slots=True)
class Parts:
    """The records that one nested document speaks of: (kind, document), what is named first."""

    records: tuple[tuple[RecordKind, Document], ...]


@dataclass(frozen=True, slots=True)
class Shelf:
    """The records that documents are put together from, by id as text."""

    organizations: Mapping[str, Document] = field(default_factory=dict)
    locations: Mapping[str, Document] = field(default_factory=dict)
    terms: Mapping[str, Document] = field(default_factory=dict)


def take_apart(service: Document) -> Parts:
    """Return the records that a nested service speaks of, the service itself last."""
    found: list[tuple[RecordKind, Document]] = []
    kept = dict(_without_terms(service, found))
    if isinstance(organization := kept.pop("organization", None), dict):
        found.append((RecordKind.ORGANIZATION, _without_terms(organization, found)))
        kept.setdefault("organization_id", organization["id"])
    places = []
    for place in kept.get("service_at_locations", ()):
        here = dict(place)
        if isinstance(location := here.pop("location", None), dict):
            found.append((RecordKind.LOCATION, _without_terms(location, found)))
            here.setdefault("location_id", location["id"])
        places.append(here)
    if places:
        kept["service_at_locations"] = places
    return Parts((*found, (RecordKind.SERVICE, kept)))


def compose(service: Document, shelf: Shelf) -> dict[str, Any]:
    """Return a service fully nested; what the shelf lacks stays named by its id."""
    whole: dict[str, Any] = with_terms(service, shelf)
    organization = shelf.organizations.get(str(whole.get("organization_id")))
    if organization is not None:
        whole["organization"] = with_terms(organization, shelf)
    if "service_at_locations" in whole:
        whole["service_at_locations"] = [
            _at_location(place, shelf) for place in whole["service_at_locations"]
        ]
    return whole


def with_terms(document: Any, shelf: Shelf) -> Any:  # noqa: ANN401  (any JSON value)
    """Return a document with each attribute's term beside its id."""
    if isinstance(document, list):
        return [with_terms(one, shelf) for one in document]
    if not isinstance(document, dict):
        return document
    whole = {
        name: with_terms(value, shelf) if isinstance(value, _NESTING) else value
        for name, value in document.items()
    }
    if "taxonomy_term_id" in whole:
        term = shelf.terms.get(str(whole["taxonomy_term_id"]))
        if term is not None:
            whole["taxonomy_term"] = dict(term)
    return whole


def _at_location(place: Document, shelf: Shelf) -> Document:
    location = shelf.locations.get(str(place.get("location_id")))
    if location is None:
        return place
    return {**place, "location": with_terms(location, shelf)}


def _without_terms(document: Any, found: list[tuple[RecordKind, Document]]) -> Any:  # noqa: ANN401  (any JSON value)
    """Return a document whose attributes name their terms by id; the terms go to `found`."""
    if isinstance(document, list):
        return [_without_terms(one, found) for one in document]
    if not isinstance(document, dict):
        return document
    kept: dict[str, Any] = {}
    for name, value in document.items():
        if name == "taxonomy_term" and isinstance(value, dict) and "id" in value:
            found.append((RecordKind.TAXONOMY_TERM, value))
            kept.setdefault("taxonomy_term_id", value["id"])
        elif name not in {"organization", "location"}:
            kept[name] = _without_terms(value, found)
        else:
            kept[name] = value
    return kept


def term_ids(document: object) -> set[str]:
    """Return the ids of all terms that a document names, in any part of it."""
    found: set[str] = set()
    parts = [document]
    while parts:
        part = parts.pop()
        if isinstance(part, list):
            parts += part
        elif isinstance(part, dict):
            parts += [one for one in part.values() if isinstance(one, _NESTING)]
            if (own := part.get("taxonomy_term_id")) is not None:
                found.add(str(own))
    return found


def location_ids(service: Document) -> frozenset[str]:
    """Return the ids of the locations that a service is at."""
    places = service.get("service_at_locations", ())
    return frozenset(str(one["location_id"]) for one in places if "location_id" in one)
