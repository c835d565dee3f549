"""Giving places that are put on file the position of their postcode."""

from collections.abc import Mapping
from uuid import UUID

from sqlalchemy.orm import Session

from directory.queries.places import positions
from directory.rules.positions import placed, postcode_to_place
from directory.terms.records import Document, Record


def with_positions(
    session: Session, given: Mapping[UUID, Document], held: Mapping[UUID, Record]
) -> dict[UUID, Document]:
    """Return locations as they are to be put on file: placed by their postcodes where need be."""
    before = {one: held[one].document if one in held else None for one in given}
    wanted = {one: postcode_to_place(document, before[one]) for one, document in given.items()}
    known = positions(session, {code for code in wanted.values() if code is not None})
    return {
        one: placed(document, before[one], known.get(wanted[one] or ""))
        for one, document in given.items()
    }
