"""What records and agencies are called, for people who read of them by their ids."""

from collections.abc import Collection
from typing import Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from directory.models.records import DirectoryRecordRow
from directory.queries.agencies import names_of
from directory.rules.audience import agencies_named, seen_by
from directory.rules.change_words import ids_told
from directory.terms.records import Document, RecordKind, Viewer

MOST_TERMS: Final = 2000


def names_told(session: Session, documents: Collection[Document]) -> dict[str, str]:
    """Return the names of the records and agencies that these documents name, by id and code.

    The documents must hold no more than their reader may see: so do the names then.
    """
    ids = frozenset[str]().union(*map(ids_told, documents))
    codes = frozenset[str]().union(*map(agencies_named, documents))
    records = names_of_records(session, {UUID(one) for one in ids})
    return {str(one): name for one, name in records.items()} | names_of(session, codes)


def terms_offered(session: Session, viewer: Viewer) -> list[tuple[str, str]]:
    """Return id and name of each topic that a service can be filed under, with its taxonomy's."""
    row = DirectoryRecordRow
    terms = select(row.document).where(row.kind == RecordKind.TAXONOMY_TERM.value)
    found = session.scalars(terms.order_by(row.name, row.id).limit(MOST_TERMS))
    return [
        (str(one["id"]), f"{one['name']} ({one['taxonomy']})" if "taxonomy" in one else one["name"])
        for one in found
        if seen_by(one, viewer) is not None
    ]


def names_of_records(session: Session, ids: Collection[UUID]) -> dict[UUID, str]:
    """Return what these records are called, by id; their reader must be one who may see them."""
    row = DirectoryRecordRow
    found = session.execute(select(row.id, row.name).where(row.id.in_(ids)))
    return {one: name or "" for one, name in found}
