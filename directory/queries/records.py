"""What is on file as records: one by one, put together as the standard nests them, and versions."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import BindParameter, Uuid, and_, any_, bindparam, func, or_, select, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Session

from app.kernel.prepared import Prepared
from directory.models.records import DirectoryRecordRow, DirectoryStateRow, DirectoryVersionRow
from directory.rules.audience import seen_by
from directory.rules.documents import Shelf, compose, location_ids, term_ids, with_terms
from directory.rules.positions import BY_POSTCODE, MARK
from directory.terms.records import (
    Authorship,
    Document,
    Origin,
    Record,
    RecordKind,
    RecordVersion,
    UnknownRecord,
    Viewer,
)

CHANGES_LOCK = "directory.changes"
# On the way of every search: services with all that they name, in one round trip.
_NESTED = Prepared(
    text("""
with service as (
  select id, document, organization_id, location_ids, term_ids
  from directory_record where kind = 'service' and id = any(cast(:ids as uuid[]))
), organization as (
  select id, document, term_ids from directory_record
  where kind = 'organization' and id in (select organization_id from service)
), location as (
  select id, document, term_ids from directory_record
  where kind = 'location' and id in (select unnest(location_ids) from service)
), named as (
  select unnest(term_ids) id from service
  union select unnest(term_ids) from organization
  union select unnest(term_ids) from location
)
select
  (select json_object_agg(id, document) from service) services,
  (select json_object_agg(id, document) from organization) organizations,
  (select json_object_agg(id, document) from location) locations,
  (select json_object_agg(id, document) from directory_record
    where kind = 'taxonomy_term' and id in (select id from named)) terms
""")
)


def changes(session: Session) -> int:
    """Return a number that tells this state of the directory from every other."""
    return session.execute(select(DirectoryStateRow.changes)).scalar_one()


def wait_for_changes(session: Session) -> None:
    """Wait until every change that has begun is on file or undone.

    Whoever then reads what was modified after an instant misses nothing that bears an earlier one.
    """
    key = func.hashtextextended(CHANGES_LOCK, 0)
    session.execute(select(func.pg_advisory_xact_lock_shared(key)))


def record(session: Session, kind: RecordKind, record_id: UUID) -> Record:
    """Return a record as it stands, whoever may see it; `UnknownRecord` if there is none."""
    found = session.get(DirectoryRecordRow, (kind.value, record_id), populate_existing=True)
    if found is None:
        raise UnknownRecord
    return _record(found)


def records(session: Session, kind: RecordKind, ids: Collection[UUID]) -> dict[UUID, Record]:
    """Return those of the records that there are, by id."""
    row = DirectoryRecordRow
    found = select(row).where(row.kind == kind.value, row.id.in_(ids)).order_by(row.id)
    found = found.execution_options(populate_existing=True)
    return {one.id: _record(one) for one in session.scalars(found)}


def versions(session: Session, kind: RecordKind, record_id: UUID) -> list[RecordVersion]:
    """Return the versions of a record, the newest first."""
    row = DirectoryVersionRow
    found = select(row).where(row.kind == kind.value, row.id == record_id)
    return [_version(one) for one in session.scalars(found.order_by(row.number.desc()))]


def nested_services(session: Session, ids: Collection[UUID]) -> dict[UUID, Document]:
    """Return services fully nested, with all that anybody may see; by id, in the order given.

    Nothing is left out here: `seen_by` says what a viewer may see of each.
    """
    found = _NESTED.one(session, {"ids": list(ids)})
    services = found.services or {}
    shelf = Shelf(found.organizations or {}, found.locations or {}, found.terms or {})
    return {one: compose(services[str(one)], shelf) for one in ids if str(one) in services}


def shelf_for(session: Session, documents: Collection[Document]) -> Shelf:
    """Return the records that these documents are put together from."""
    named = _documents(
        session,
        {
            RecordKind.ORGANIZATION: _organization_ids(documents),
            RecordKind.LOCATION: frozenset().union(*map(location_ids, documents)),
        },
    )
    organizations, locations = named[RecordKind.ORGANIZATION], named[RecordKind.LOCATION]
    everything = [*documents, *organizations.values(), *locations.values()]
    terms = _documents(session, {RecordKind.TAXONOMY_TERM: term_ids(everything)})
    return Shelf(organizations, locations, terms[RecordKind.TAXONOMY_TERM])


def organizations_of(session: Session, services: Iterable[Document]) -> Shelf:
    """Return the organizations of services, and nothing else to put them together from."""
    kind = RecordKind.ORGANIZATION
    return Shelf(_documents(session, {kind: _organization_ids(services)})[kind])


def seen_service(session: Session, service: UUID, viewer: Viewer) -> Document:
    """Return a service as the viewer may see it; `UnknownRecord` if that is nothing."""
    whole = nested_services(session, [service]).get(service)
    seen = None if whole is None else seen_by(whole, viewer)
    if seen is None:
        raise UnknownRecord
    return seen


def seen_record(session: Session, kind: RecordKind, record_id: UUID, viewer: Viewer) -> Document:
    """Return any other record as the viewer may see it; `UnknownRecord` if that is nothing."""
    document = record(session, kind, record_id).document
    seen = seen_by(with_terms(document, shelf_for(session, [document])), viewer)
    if seen is None:
        raise UnknownRecord
    return seen


def services_naming(session: Session, kind: RecordKind, ids: Collection[UUID]) -> set[UUID]:
    """Return the services whose nested form holds any of these records."""
    row = DirectoryRecordRow
    naming = {
        RecordKind.SERVICE: row.id.in_(ids),
        RecordKind.ORGANIZATION: row.organization_id.in_(ids),
        RecordKind.LOCATION: row.location_ids.overlap(list(ids)),
        RecordKind.TAXONOMY_TERM: row.term_ids.overlap(list(ids)),
    }
    if kind not in naming or not ids:
        return set()
    return set(session.scalars(select(row.id).where(row.kind == "service", naming[kind])))


def _organization_ids(services: Iterable[Document]) -> set[str]:
    return {str(one["organization_id"]) for one in services if "organization_id" in one}


def _documents(
    session: Session, wanted: Mapping[RecordKind, Collection[str | UUID]]
) -> dict[RecordKind, dict[str, Document]]:
    """Return the documents of these kinds and ids, by id as text; one statement for all."""
    found: dict[RecordKind, dict[str, Document]] = {kind: {} for kind in wanted}
    row = DirectoryRecordRow
    each = [
        and_(row.kind == kind.value, row.id == any_(_ids(ids)))
        for kind, ids in wanted.items()
        if ids
    ]
    if each:
        wanted_rows = select(row.kind, row.id, row.document).where(or_(*each))
        for kind, one, document in session.execute(wanted_rows):
            found[RecordKind(kind)][str(one)] = document
    return found


def _ids(ids: Collection[str | UUID]) -> BindParameter[Any]:
    return bindparam(None, [UUID(str(one)) for one in ids], type_=ARRAY(Uuid))


def _record(row: DirectoryRecordRow) -> Record:
    return Record(
        RecordKind(row.kind),
        row.id,
        row.document,
        row.version,
        row.recorded_at,
        row.changed_at,
        row.owner,
        row.source,
        row.licence,
        row.public_name,
    )


def _version(row: DirectoryVersionRow) -> RecordVersion:
    by = Authorship(
        row.author,
        Origin(row.origin),
        row.agency,
        row.approved_by,
        row.note,
        row.source,
        row.licence,
    )
    return RecordVersion(RecordKind(row.kind), row.id, row.number, row.document, by, row.at)


def next_to_place(session: Session, after: UUID, limit: int) -> list[Document]:
    """Return locations without a position of their own, by id, from the one after `after`."""
    row = DirectoryRecordRow
    derived = row.document[MARK].astext == BY_POSTCODE
    nowhere = ~row.document.has_key("latitude") & ~row.document.has_key("longitude")
    wanted = select(row.document).where(
        row.kind == "location", row.id > after, or_(derived, nowhere)
    )
    return list(session.scalars(wanted.order_by(row.id).limit(limit)))


def next_services(session: Session, after: UUID, limit: int) -> list[UUID]:
    """Return the ids of services, in their order, from the one after `after`."""
    row = DirectoryRecordRow
    wanted = select(row.id).where(row.kind == RecordKind.SERVICE.value, row.id > after)
    return list(session.scalars(wanted.order_by(row.id).limit(limit)))
