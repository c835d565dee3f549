"""Who acts through a door for programs, and which records an address names."""

from collections.abc import Mapping
from typing import Final

from app.kernel.auth import caller
from directory.terms.keeping import Actor
from directory.terms.records import RecordKind, Viewer

COLLECTIONS: Final[Mapping[str, RecordKind]] = {
    "services": RecordKind.SERVICE,
    "organizations": RecordKind.ORGANIZATION,
    "locations": RecordKind.LOCATION,
    "taxonomies": RecordKind.TAXONOMY,
    "taxonomy_terms": RecordKind.TAXONOMY_TERM,
}
ANY_RECORD: Final = f"/directory/<any({', '.join(COLLECTIONS)}):collection>/<uuid:record>"
"""The address of a record of any kind."""


def actor() -> Actor:
    """Return who acts: the practitioner that the client speaks for, else the client itself."""
    who = caller()
    return Actor(who.practitioner.id if who.practitioner else who.client_id, who.agency)


def viewer() -> Viewer:
    """Return for whom something is looked up."""
    return Viewer(caller().agency)
