"""What is spoken of only where the viewer may not listen.

An organization or a term is a record of its own and seldom says who may see it. Where services
speak of it, and the viewer may see none of that, its name would tell of what is kept from them: an
organization that runs nothing but a refuge, a term that only a hidden part of a service bears, a
taxonomy that has no other term.
"""

from collections.abc import Iterator
from typing import Final
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Select,
    Text,
    case,
    cast,
    func,
    literal,
    null,
    or_,
    select,
)
from sqlalchemy.dialects.postgresql import array
from sqlalchemy.orm import Session, aliased

from directory.models.records import DirectoryRecordRow
from directory.models.search import ListingRow
from directory.queries.conditions import seen_by_viewer
from directory.queries.records import nested_services
from directory.rules.audience import seen_by
from directory.rules.documents import term_ids
from directory.terms.records import RecordKind, Viewer

_AT_ONCE: Final = 20
_MOST: Final = 200


def withheld(
    session: Session, kind: RecordKind, conditions: list[ColumnElement[bool]], viewer: Viewer
) -> set[UUID]:
    """Return those of these records that are spoken of, but nowhere that the viewer may see.

    What says its own audience is not among them: that is for `seen_by`.
    """
    silent = [DirectoryRecordRow.document.has_key("audience").is_(False), *conditions]
    if kind is RecordKind.ORGANIZATION:
        return set(session.scalars(_idle(silent, viewer)))
    if kind is RecordKind.TAXONOMY_TERM:
        unheard = session.scalars(_unlisted(silent, viewer)).all()
        return {one for one in unheard if not _heard(session, one, viewer)}
    if kind is RecordKind.TAXONOMY:
        return _mute(session, silent, viewer)
    return set()


def open_to(
    session: Session, kind: RecordKind, conditions: list[ColumnElement[bool]], viewer: Viewer
) -> Iterator[UUID]:
    """Yield the ids of the records that a viewer may see; most say nothing of an audience."""
    row = DirectoryRecordRow
    conditions = [row.kind == kind.value, *conditions]
    kept = cast(row.document, Text).contains('"audience"')
    found = select(row.id, case((kept, row.document), else_=null())).where(*conditions)
    secret = withheld(session, kind, conditions, viewer)
    for one, document in session.execute(found.order_by(row.id)):
        if one not in secret and (document is None or seen_by(document, viewer) is not None):
            yield one


def _mute(session: Session, conditions: list[ColumnElement[bool]], viewer: Viewer) -> set[UUID]:
    """Return those taxonomies that have terms, none of which the viewer may see."""
    row = DirectoryRecordRow
    asked = session.scalars(select(row.id).where(*conditions).order_by(row.id)).all()
    theirs = row.taxonomy_id.in_(asked)
    seen = set(open_to(session, RecordKind.TAXONOMY_TERM, [theirs], viewer))
    terms = select(row.taxonomy_id, row.id).where(row.kind == "taxonomy_term", theirs)
    spoken = session.execute(terms.order_by(row.id)).all()
    heard = {taxonomy for taxonomy, term in spoken if term in seen}
    return {taxonomy for taxonomy, _ in spoken if taxonomy is not None} - heard


def _idle(conditions: list[ColumnElement[bool]], viewer: Viewer) -> Select[UUID]:
    """Return a statement of the organizations with services, all of which are kept from one."""
    row, service = DirectoryRecordRow, aliased(DirectoryRecordRow)
    own = select(service.id).where(service.kind == "service", service.organization_id == row.id)
    seen = select(ListingRow.service_id).where(seen_by_viewer(viewer))
    statement = select(row.id).where(
        *conditions, own.exists(), ~own.where(service.id.in_(seen)).exists()
    )
    return statement.order_by(row.id)


def _unlisted(conditions: list[ColumnElement[bool]], viewer: Viewer) -> Select[UUID]:
    """Return a statement of the terms in use, by which the viewer can find no service."""
    row, user = DirectoryRecordRow, aliased(DirectoryRecordRow)
    used = select(user.id).where(user.term_ids.contains(array([row.id])))
    trait = func.concat(literal("term:"), cast(row.id, Text))
    found = select(ListingRow.key).where(
        seen_by_viewer(viewer), ListingRow.traits.contains(array([trait]))
    )
    statement = select(row.id).where(*conditions, used.exists(), ~found.exists())
    return statement.order_by(row.id)


def _heard(session: Session, term: UUID, viewer: Viewer) -> bool:
    """Say whether any record shows a term to the viewer, such as a place or a contact."""
    for document in _speaking(session, term):
        seen = seen_by(document, viewer)
        if seen is not None and str(term) in term_ids(seen):
            return True
    return False


def _speaking(session: Session, term: UUID) -> Iterator[dict[str, object]]:
    """Yield what names a term: services as they are nested, then organizations without any."""
    row, named = DirectoryRecordRow, aliased(DirectoryRecordRow)
    naming = select(named.id).where(named.term_ids.contains([term]))
    places = func.array(naming.where(named.kind == "location").scalar_subquery())
    services = select(row.id).where(
        row.kind == "service",
        or_(
            row.term_ids.contains([term]),
            row.organization_id.in_(naming.where(named.kind == "organization")),
            row.location_ids.overlap(places),
        ),
    )
    ids = session.scalars(services.order_by(row.id).limit(_MOST)).all()
    for first in range(0, len(ids), _AT_ONCE):
        for document in nested_services(session, ids[first : first + _AT_ONCE]).values():
            yield dict(document)
    alone = select(row.document).where(
        row.kind == "organization",
        row.id.in_(naming),
        row.id.not_in(select(named.organization_id).where(named.organization_id.is_not(None))),
    )
    yield from session.scalars(alone.order_by(row.id).limit(_MOST))
