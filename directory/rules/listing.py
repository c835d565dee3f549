"""What searches are told of a service, kind of viewer by kind of viewer.

Each is made from the document as `seen_by` leaves it for such a viewer, so that nothing that is
kept from somebody can be found, counted, ranked or suggested for them.
"""

import json
from dataclasses import dataclass
from typing import Final

from directory.rules.audience import AUDIENCE, agencies_named, seen_by
from directory.rules.listed import listed
from directory.terms.listings import Listed
from directory.terms.records import ANYONE, Document, Viewer

EVERYONE: Final = "everyone"
PUBLIC: Final = "public"
PRACTITIONERS: Final = "practitioners"
_UNNAMED: Final = Viewer("\0")
"""A practitioner of an agency that no document can name: PostgreSQL's JSON holds no such letter."""


@dataclass(frozen=True, slots=True)
class Listing:
    """What one kind of viewer is told; `shadowed_by` are agencies that are told something else."""

    viewer: str
    listed: Listed
    shadowed_by: tuple[str, ...] = ()


def viewers_of(viewer: Viewer) -> tuple[str, ...]:
    """Return the kinds of viewer that this one is of."""
    if viewer.agency is None:
        return (EVERYONE, PUBLIC)
    return (EVERYONE, PRACTITIONERS, of_agency(viewer.agency))


def of_agency(code: str) -> str:
    """Return the kind of viewer that practitioners of an agency are."""
    return f"agency:{code}"


def listings(document: Document) -> tuple[Listing, ...]:
    """Return what each kind of viewer is told of a nested service, none twice the same.

    Most say nowhere who may see them: all that such a document holds is open to everyone.
    """
    if f'"{AUDIENCE}"' not in json.dumps(document):
        return (Listing(EVERYONE, listed(document)),)
    anyone, unnamed = _told(document, ANYONE), _told(document, _UNNAMED)
    own = {
        agency: told
        for agency in sorted(agencies_named(document))
        if (told := _told(document, Viewer(agency))) is not None and told != unnamed
    }
    shadows = tuple(own)
    found: list[tuple[str, Listed | None, tuple[str, ...]]]
    if anyone == unnamed:
        found = [(EVERYONE, anyone, shadows)]
    else:
        found = [(PUBLIC, anyone, ()), (PRACTITIONERS, unnamed, shadows)]
    found += [(of_agency(agency), told, ()) for agency, told in own.items()]
    return tuple(Listing(viewer, told, by) for viewer, told, by in found if told is not None)


def _told(document: Document, viewer: Viewer) -> Listed | None:
    seen = seen_by(document, viewer)
    return None if seen is None else listed(seen)
