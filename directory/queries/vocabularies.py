"""Organizations, taxonomies and terms, as the feed lists them.

They are few beside the services, so what is sought among them is found by reading them through. A
taxonomy that terms name and that is no record of its own is made out of what they say of it.
"""

from collections.abc import Collection as Several
from collections.abc import Iterator
from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from directory.models.records import DirectoryRecordRow
from directory.queries.withheld import open_to
from directory.rules.words import words_of
from directory.terms.feed import Collection, RecordSearch
from directory.terms.records import Document, RecordKind, Viewer

KIND: Final = {
    Collection.ORGANIZATIONS: RecordKind.ORGANIZATION,
    Collection.TAXONOMIES: RecordKind.TAXONOMY,
    Collection.TAXONOMY_TERMS: RecordKind.TAXONOMY_TERM,
}
_ACCENTS: Final = "[\\u0300-\\u036f]"


def record_ids(
    session: Session, collection: Collection, search: RecordSearch, viewer: Viewer
) -> list[UUID]:
    """Return the ids of what a search finds of these that the viewer may see, in order."""
    row = DirectoryRecordRow
    found = set(open_to(session, KIND[collection], list(_conditions(search)), viewer))
    if collection is Collection.TAXONOMIES:
        made = _made(session, viewer, row.taxonomy_id.is_not(None))
        found |= {one for one, document in made.items() if _says(document, search.words)}
    return sorted(found)


def taxonomies_made(session: Session, ids: Several[UUID], viewer: Viewer) -> dict[UUID, Document]:
    """Return those of the taxonomies that terms alone speak of, by id."""
    return _made(session, viewer, DirectoryRecordRow.taxonomy_id.in_(ids))


def terms_of(session: Session, taxonomy: UUID, viewer: Viewer) -> list[Document]:
    """Return the terms of a taxonomy that the viewer may see, by name."""
    row = DirectoryRecordRow
    ids = open_to(session, RecordKind.TAXONOMY_TERM, [row.taxonomy_id == taxonomy], viewer)
    terms = select(row.document).where(_is_term(), row.id.in_(list(ids)))
    return list(session.scalars(terms.order_by(row.name, row.id)))


def is_open(session: Session, collection: Collection, wanted: UUID, viewer: Viewer) -> bool:
    """Say whether there is a record of this id, and this viewer may see it."""
    if list(open_to(session, KIND[collection], [DirectoryRecordRow.id == wanted], viewer)):
        return True
    made = collection is Collection.TAXONOMIES
    return made and wanted in taxonomies_made(session, [wanted], viewer)


def _conditions(search: RecordSearch) -> Iterator[ColumnElement[bool]]:
    row = DirectoryRecordRow
    if search.taxonomy_id is not None:
        yield row.taxonomy_id == search.taxonomy_id
    if search.parent_id is not None:
        yield row.parent_id == search.parent_id
    if search.top_only:
        yield row.parent_id.is_(None)
    if search.words is not None:
        said = func.concat_ws(" ", row.name, row.document["description"].astext)
        # pg_catalog's, since the grammar has a word of its own of this name
        plain = func.regexp_replace(func.pg_catalog.normalize(said, "NFKD"), _ACCENTS, "", "g")
        asked = func.plainto_tsquery("english", " ".join(words_of(search.words)))
        yield func.to_tsvector("english", plain).bool_op("@@")(asked)


def _made(session: Session, viewer: Viewer, condition: ColumnElement[bool]) -> dict[UUID, Document]:
    row = DirectoryRecordRow
    known = select(row.id).where(row.kind == RecordKind.TAXONOMY.value)
    unknown = [condition, row.taxonomy_id.not_in(known)]
    terms = open_to(session, RecordKind.TAXONOMY_TERM, unknown, viewer)
    name = func.min(row.document["taxonomy"].astext)
    named = select(row.taxonomy_id, name).where(_is_term(), row.id.in_(list(terms)))
    found = session.execute(named.group_by(row.taxonomy_id).order_by(row.taxonomy_id))
    return {one: {"id": str(one), "name": said or str(one)} for one, said in found}


def _says(document: Document, words: str | None) -> bool:
    said = words_of(str(document["name"]))
    return all(any(one.startswith(word) for one in said) for word in words_of(words or ""))


def _is_term() -> ColumnElement[bool]:
    return DirectoryRecordRow.kind == RecordKind.TAXONOMY_TERM.value
