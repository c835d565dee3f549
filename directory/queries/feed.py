"""What a page of the feed holds: records read many at a time, and shown as their viewer may see."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from directory.models.records import DirectoryRecordRow
from directory.queries.records import shelf_for
from directory.queries.searching import matching
from directory.queries.snapshots import services_at
from directory.queries.vocabularies import KIND, is_open, taxonomies_made, terms_of
from directory.rules import rendering
from directory.rules.documents import compose, with_terms
from directory.terms.feed import Collection, Shape
from directory.terms.records import Document, UnknownRecord, Viewer
from directory.terms.searching import ServiceSearch

Written = dict[str, Any]
Ids = Sequence[tuple[UUID, ...]]

_PLACES: Final = "service_at_locations"


@dataclass(frozen=True, slots=True)
class _Kept:
    """A service on file; `public_name` is the name that anyone could last read."""

    id: UUID
    document: Document
    status: str | None
    public_name: str | None


def rows(
    session: Session, collection: Collection, shape: Shape, ids: Ids, viewer: Viewer
) -> list[Written]:
    """Return these of a list's records, in this order, each as it is asked for.

    What can no longer be seen since the ids were found is left out.
    """
    found: Iterable[Written | None]
    match collection:
        case _ if shape is Shape.MINIMAL:
            found = _minimal(session, ids)
        case Collection.SERVICES:
            found = _services(session, [one[0] for one in ids], viewer, shape)
        case Collection.SERVICE_AT_LOCATIONS:
            found = _at_locations(session, ids, viewer, shape)
        case Collection.ORGANIZATIONS:
            found = _organizations(session, [one[0] for one in ids], viewer, shape)
        case _:
            found = _vocabulary(session, collection, [one[0] for one in ids], viewer, shape)
    return [one for one in found if one is not None]


def single(
    session: Session, collection: Collection, wanted: UUID, viewer: Viewer, shape: Shape
) -> Written:
    """Return one record, nested; `UnknownRecord` if there is none of this id for this viewer.

    A service that ended, or that this viewer can see no longer, is a tombstone.
    """
    ids: Ids = [(wanted,)]
    if collection is Collection.SERVICE_AT_LOCATIONS:
        ids = [(wanted, service) for service in services_at(session, wanted, viewer)]
    if collection in KIND and not is_open(session, collection, wanted, viewer):
        raise UnknownRecord
    found = rows(session, collection, shape, ids, viewer)
    if not found:
        raise UnknownRecord
    return found[0]


def _minimal(session: Session, ids: Ids) -> list[Written]:
    """Return what services, or where they are given, are called and when they were modified."""
    row = DirectoryRecordRow
    wanted = select(row.id, row.document["last_modified"]).where(
        row.kind == "service", row.id.in_([one[-1] for one in ids])
    )
    dated: dict[UUID, Any] = {one.id: one[1] for one in session.execute(wanted.order_by(row.id))}
    return [{"id": str(one[0]), "last_modified": dated[one[-1]]} for one in ids if one[-1] in dated]


def _services(
    session: Session, ids: Sequence[UUID], viewer: Viewer, shape: Shape
) -> list[Written | None]:
    kept = _kept(session, ids)
    if shape is Shape.ROW:
        kept = {one: _only(service, ()) for one, service in kept.items()}
    shelf = shelf_for(session, [one.document for one in kept.values()])
    show = rendering.row if shape is Shape.ROW else rendering.whole
    return [
        _shown(kept[one], viewer)
        or show("service", compose(kept[one].document, shelf), viewer)
        or _left(kept[one])
        for one in ids
        if one in kept
    ]


def _at_locations(session: Session, ids: Ids, viewer: Viewer, shape: Shape) -> list[Written | None]:
    kept = _kept(session, [service for _, service in ids])
    if shape is Shape.ROW:
        places = {str(place) for place, _ in ids}
        kept = {one: _only(service, places) for one, service in kept.items()}
    shelf = shelf_for(session, [one.document for one in kept.values()])
    show = rendering.row_at_location if shape is Shape.ROW else rendering.whole_at_location
    found: list[Written | None] = []
    for place, service in ids:
        if service not in kept:
            continue
        ended = _shown(kept[service], viewer)
        if ended is not None:
            ended = {"id": str(place), "service_id": str(service), "service": ended}
        nested = compose(kept[service].document, shelf)
        found.append(ended or show(nested, str(place), viewer))
    return found


def _shown(service: _Kept, viewer: Viewer) -> Written | None:
    """Return what anyone is shown of a service that ended; None of one that stands."""
    ended = viewer.agency is None and service.status == rendering.DEFUNCT
    return _left(service) if ended else None


def _left(service: _Kept) -> Written | None:
    """Return what a service leaves behind, if anybody could ever read its name."""
    if service.public_name is None:
        return None
    return rendering.tombstone(service.id, service.public_name)


def _kept(session: Session, ids: Sequence[UUID]) -> dict[UUID, _Kept]:
    row = DirectoryRecordRow
    found = select(row.id, row.document, row.status, row.public_name).where(
        row.kind == "service", row.id.in_(ids)
    )
    return {one.id: _Kept(*one) for one in session.execute(found.order_by(row.id))}


def _only(service: _Kept, places: Iterable[str]) -> _Kept:
    """Return a service with what its row is made from: no lists, but for some of its places."""
    wanted = set(places)
    document = {
        name: value
        for name, value in service.document.items()
        if not isinstance(value, list) or name in {"audience", "addresses"}
    }
    if wanted:
        document[_PLACES] = [
            one for one in service.document.get(_PLACES, ()) if str(one.get("id")).lower() in wanted
        ]
    return _Kept(service.id, document, service.status, service.public_name)


def _organizations(
    session: Session, ids: Sequence[UUID], viewer: Viewer, shape: Shape
) -> list[Written | None]:
    documents = _documents(session, Collection.ORGANIZATIONS, ids)
    if shape is Shape.ROW:
        return [
            rendering.row("organization", documents[one], viewer) for one in ids if one in documents
        ]
    shelf = shelf_for(session, list(documents.values()))
    services = _services_of(session, ids, viewer, shape)
    found: list[Written | None] = []
    for one in (one for one in ids if one in documents):
        seen = rendering.whole("organization", with_terms(documents[one], shelf), viewer)
        if seen is not None and one in services:
            seen["services"] = services[one]
        found.append(seen)
    return found


def _services_of(
    session: Session, organizations: Sequence[UUID], viewer: Viewer, shape: Shape
) -> dict[UUID, list[Written]]:
    """Return the services of organizations, but for what stands around them already."""
    row = DirectoryRecordRow
    found = select(row.organization_id, row.id).where(
        row.kind == "service",
        row.organization_id.in_(organizations),
        row.id.in_(matching(ServiceSearch(), viewer, None)),
    )
    rows_found = session.execute(found.order_by(row.name, row.id))
    owners = {one: owner for owner, one in rows_found if owner is not None}
    told: dict[UUID, list[Written]] = {}
    nested = Shape.FULL if shape is Shape.FULL_SERVICE else Shape.ROW
    for service in _services(session, list(owners), viewer, nested):
        if service is not None and service["status"] != rendering.DEFUNCT:
            service.pop("organization", None)
            told.setdefault(owners[UUID(service["id"])], []).append(service)
    return told


def _vocabulary(
    session: Session, collection: Collection, ids: Sequence[UUID], viewer: Viewer, shape: Shape
) -> list[Written | None]:
    kind = KIND[collection].value
    documents = _documents(session, collection, ids)
    missing = [one for one in ids if one not in documents]
    if collection is Collection.TAXONOMIES and missing:
        documents = taxonomies_made(session, missing, viewer) | documents
    if shape is Shape.ROW:
        return [rendering.row(kind, documents[one], viewer) for one in ids if one in documents]
    found = []
    for one in (one for one in ids if one in documents):
        whole = dict(documents[one])
        if collection is Collection.TAXONOMIES:
            whole["taxonomy_terms"] = terms_of(session, one, viewer)
        found.append(rendering.whole(kind, whole, viewer))
    return found


def _documents(
    session: Session, collection: Collection, ids: Sequence[UUID]
) -> dict[UUID, Document]:
    row = DirectoryRecordRow
    found = select(row.id, row.document).where(row.kind == KIND[collection].value, row.id.in_(ids))
    return {one.id: one.document for one in session.execute(found.order_by(row.id))}
