"""Who may see which part of a record: deny unless the part, and all it stands in, is open.

A part is any object within a document. It may say its `audience`: `public`, `practitioners`, or a
list of agency codes; without one it is as open as what it stands in. A word that is none of these
opens it to nobody.
"""

import re
from collections.abc import Iterable
from typing import Any, Final

from directory.terms.records import PRACTITIONERS, PUBLIC, Document, Viewer

AUDIENCE: Final = "audience"
ENDED: Final = "defunct"
_PERSONAL: Final = re.compile(r"[a-z]+[._][a-z]+[0-9]*@", re.IGNORECASE)
_NESTING: Final = (dict, list)
_SHOWN_WITH: Final = ("addresses", "location", "organization", "taxonomy_term")
_PLACES: Final = "service_at_locations"
_NAMES_A_PLACE: Final = ("service_at_location_id", "location_id", "link_id")


def may_see(audience: object, viewer: Viewer) -> bool:
    """Say whether this audience holds the viewer; whatever is not understood holds nobody."""
    if audience in (None, PUBLIC):
        return True
    if viewer.agency is None:
        return False
    return audience == PRACTITIONERS or (isinstance(audience, list) and viewer.agency in audience)


def seen_by(document: Document, viewer: Viewer) -> dict[str, Any] | None:
    """Return what the viewer may see of a nested record; None if nothing.

    A place is shown whole or not at all: where its address is hidden, so are its name, position
    and ward, and whatever tells that the service is there, such as the telephone that is said to
    be at that place. For anyone, `audience` itself is left out, and so is the mailbox of an assurer
    that names a person.
    """
    if not _visible(document, viewer):
        return None
    seen: dict[str, Any] = _part(document, viewer)
    if hidden := _hidden_places(document, viewer):
        seen = _elsewhere(seen, hidden)
    if viewer.agency is None and _PERSONAL.match(str(seen.get("assurer_email", ""))):
        del seen["assurer_email"]
    return seen


def is_archived(service: Document, viewer: Viewer) -> bool:
    """Say whether a service has ended for this viewer, who is told that and its name, no more."""
    return viewer.agency is None and service.get("status") == ENDED


def is_seen(document: Document, viewer: Viewer) -> bool:
    """Say whether the viewer may see anything of a nested record: what `seen_by` is asked for."""
    return _visible(document, viewer)


def agencies_named(document: object) -> frozenset[str]:
    """Return the agencies that any part of a document is kept for."""
    if isinstance(document, list):
        return frozenset().union(*map(agencies_named, document))
    if not isinstance(document, dict):
        return frozenset()
    here = document.get(AUDIENCE)
    named = frozenset(map(str, here)) if isinstance(here, list) else frozenset()
    return named.union(*map(agencies_named, document.values()))


def audience_faults(document: object, pointer: str = "") -> Iterable[tuple[str, str]]:
    """Yield pointer and text of each audience that is none: it would open its part to nobody."""
    if isinstance(document, list):
        for number, one in enumerate(document):
            yield from audience_faults(one, f"{pointer}/{number}")
    elif isinstance(document, dict):
        if AUDIENCE in document and not _known(document[AUDIENCE]):
            said = "This must be public, practitioners, or a list of the agencies' codes."
            yield f"{pointer}/{AUDIENCE}", said
        for name, one in document.items():
            if name != AUDIENCE:
                yield from audience_faults(one, f"{pointer}/{name}")


def _known(audience: object) -> bool:
    if isinstance(audience, list):
        return bool(audience) and all(isinstance(one, str) for one in audience)
    return audience in (PUBLIC, PRACTITIONERS)


def _visible(part: Document, viewer: Viewer) -> bool:
    """Say whether a part is open, with what it cannot be shown without."""
    if AUDIENCE in part and not may_see(part[AUDIENCE] or "nobody", viewer):
        return False
    for name in _SHOWN_WITH:
        if name in part:
            value = part[name]
            for one in value if isinstance(value, list) else (value,):
                if isinstance(one, dict) and not _visible(one, viewer):
                    return False
    return True


def _part(part: Document, viewer: Viewer) -> dict[str, Any]:
    seen: dict[str, Any] = {}
    for name, value in part.items():
        if isinstance(value, _NESTING):
            shown = _value(value, viewer)
            if shown:
                seen[name] = shown
        elif value is not None:
            seen[name] = value
    if viewer.agency is None:
        seen.pop(AUDIENCE, None)
    return seen


def _value(value: object, viewer: Viewer) -> object:
    if isinstance(value, dict):
        return _part(value, viewer) if _visible(value, viewer) else None
    if isinstance(value, list):
        return [
            _value(one, viewer)
            for one in value
            if not isinstance(one, dict) or _visible(one, viewer)
        ]
    return value


def _hidden_places(document: Document, viewer: Viewer) -> frozenset[str]:
    """Return what the places of a service that the viewer may not see are named by.

    That is their own id and their location's; a location where it is openly given too is none.
    """
    places = document.get(_PLACES, ())
    seen = [one for one in places if _visible(one, viewer)]
    return _names(one for one in places if one not in seen) - _names(seen)


def _names(places: Iterable[Document]) -> frozenset[str]:
    return frozenset(
        str(one[name]).lower() for one in places for name in ("id", "location_id") if name in one
    )


def _elsewhere(part: Document, hidden: frozenset[str]) -> dict[str, Any]:
    """Return a part without any within it that is said to be at a hidden place."""
    left = {name: _apart(value, hidden) for name, value in part.items()}
    return {name: value for name, value in left.items() if value not in ({}, [])}


def _apart(value: object, hidden: frozenset[str]) -> object:
    if isinstance(value, dict):
        return {} if _is_at(value, hidden) else _elsewhere(value, hidden)
    if isinstance(value, list):
        return [one for one in (_apart(each, hidden) for each in value) if one != {}]
    return value


def _is_at(part: Document, hidden: frozenset[str]) -> bool:
    return any(str(part.get(name)).lower() in hidden for name in _NAMES_A_PLACE)
