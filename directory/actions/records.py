"""Putting records on file: the one way in, for people, imports and restored versions alike."""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import func, select, text, update
from sqlalchemy.orm import Session

from directory.actions.indexing import index_services
from directory.actions.positions import with_positions
from directory.models.records import DirectoryRecordRow, DirectoryStateRow
from directory.queries.records import (
    CHANGES_LOCK,
    organizations_of,
    records,
    services_naming,
)
from directory.rules.audience import is_seen
from directory.rules.documents import compose, location_ids, take_apart, term_ids
from directory.terms.records import (
    ANYONE,
    Authorship,
    Document,
    Outcome,
    Record,
    RecordKind,
)

_INHERITED: Final = ("source", "licence", "owner")
_AT_A_TIME: Final = 500
"""Services indexed together: a term that changed may be named by many thousand."""
_RECORD: Final[Mapping[str, str]] = {
    **dict.fromkeys(("kind", "name", "status", "owner", "source", "licence"), "text"),
    **dict.fromkeys(("id", "organization_id", "taxonomy_id", "parent_id"), "uuid"),
    **dict.fromkeys(("location_ids", "term_ids"), "uuid[]"),
    **dict.fromkeys(("last_modified", "recorded_at", "changed_at"), "timestamptz"),
    "document": "jsonb",
    "version": "integer",
    "assured_on": "date",
    "public_name": "text",
}
"""The columns of a record with their types."""
_VERSION: Final[Mapping[str, str]] = {
    **dict.fromkeys(("kind", "origin", "author", "agency", "approved_by", "note"), "text"),
    **dict.fromkeys(("source", "licence"), "text"),
    "id": "uuid",
    "number": "integer",
    "document": "jsonb",
    "at": "timestamptz",
}


def _inserted(table: str, columns: Mapping[str, str]) -> str:
    """Return the statement that inserts rows given as one JSON list."""
    names = ", ".join(columns)
    typed = ", ".join(f"{name} {kind}" for name, kind in columns.items())
    given = f"jsonb_to_recordset(cast(:rows as jsonb)) as given({typed})"
    return f"insert into {table} as held ({names}) select {names} from {given}"  # noqa: S608  (names of ours)


_REPLACED: Final = ", ".join(
    f"{name} = excluded.{name}"
    for name in _RECORD
    if name not in {"kind", "id", "recorded_at", "public_name"}
)
# The name that anyone could last read outlives the day that nobody may read more (ORUK).
_PUT: Final = text(
    f"{_inserted('directory_record', _RECORD)} on conflict (kind, id) do update set {_REPLACED},"
    " public_name = coalesce(excluded.public_name, held.public_name)"
)
_ADD_VERSIONS: Final = text(_inserted("directory_version", _VERSION))


def put_service(
    session: Session, service: Document, by: Authorship, at: datetime
) -> dict[tuple[RecordKind, UUID], Outcome]:
    """Put a nested service on file with all the records it holds; say what that did to each."""
    done: dict[tuple[RecordKind, UUID], Outcome] = {}
    for kind, document in take_apart(service).records:
        outcomes = put_records(session, kind, [document], by, at)
        done |= {(kind, one): outcome for one, outcome in outcomes.items()}
    return done


def put_records(
    session: Session,
    kind: RecordKind,
    documents: Sequence[Document],
    by: Authorship,
    at: datetime,
) -> dict[UUID, Outcome]:
    """Put records of one kind on file, each valid and named once; say what that did to each.

    What is on file already, but for `last_modified`, is left as it is; a place that does not say
    where it is gets its postcode's position. Else a version is added,
    searches find the new state, and all of it counts at the commit of the transaction.
    """
    lock_changes(session)
    given = {UUID(str(one["id"])): one for one in documents}
    held = records(session, kind, given)
    if kind is RecordKind.LOCATION:
        given = with_positions(session, given, held)
    outcomes = {one: _outcome(held.get(one), document) for one, document in given.items()}
    changes = [
        _Change(kind, one, _stamped(kind, document, held.get(one), by, at), held.get(one))
        for one, document in given.items()
        if outcomes[one] is not Outcome.UNCHANGED
    ]
    if changes:
        _write(session, changes, _public_names(session, kind, changes), by, at)
        known = {one for one, outcome in outcomes.items() if outcome is Outcome.CHANGED}
        _settle(session, kind, {one.id for one in changes}, known, at)
    return outcomes


@dataclass(frozen=True, slots=True)
class _Change:
    kind: RecordKind
    id: UUID
    document: Document
    held: Record | None


def count_change(session: Session) -> None:
    """Tell the state of the directory from the one before; under `lock_changes`."""
    session.execute(update(DirectoryStateRow).values(changes=DirectoryStateRow.changes + 1))


def lock_changes(session: Session) -> None:
    """Let one transaction at a time change the directory, so that its instants are in order."""
    session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(CHANGES_LOCK, 0))))


def _outcome(held: Record | None, document: Document) -> Outcome:
    if held is None:
        return Outcome.CREATED
    same = _undated(held.document) == _undated(document)
    return Outcome.UNCHANGED if same else Outcome.CHANGED


def _undated(document: Document) -> Document:
    return {name: value for name, value in document.items() if name != "last_modified"}


def _stamped(
    kind: RecordKind, document: Document, held: Record | None, by: Authorship, at: datetime
) -> Document:
    """Return the document with an instant later than what it replaces (ORUK: `last_modified`).

    An import keeps its source's own instant where that is later; a person's change bears ours.
    """
    if kind is not RecordKind.SERVICE:
        return document
    theirs = _instant(document.get("last_modified"))
    before = None if held is None else _instant(held.document.get("last_modified"))
    imported = by.origin in {"imported", "seeded"} and theirs is not None
    if imported and theirs is not None and (before is None or theirs > before):
        return document
    return {**document, "last_modified": at.isoformat(timespec="milliseconds")}


def _write(
    session: Session,
    changes: Sequence[_Change],
    public_names: Mapping[UUID, str | None],
    by: Authorship,
    at: datetime,
) -> None:
    """Write records and versions, each table by one statement, a third of the time."""
    rows = [_row(one, public_names.get(one.id), by, at) for one in changes]
    session.execute(_PUT, {"rows": json.dumps(rows, default=str)})
    added = [_version(row, by, at) for row in rows]
    session.execute(_ADD_VERSIONS, {"rows": json.dumps(added, default=str)})


def _version(row: Mapping[str, Any], by: Authorship, at: datetime) -> dict[str, Any]:
    same = ("kind", "id", "document", "source", "licence")
    said = {
        "number": row["version"],
        "origin": by.origin.value,
        "author": by.author,
        "agency": by.agency,
        "approved_by": by.approved_by,
        "note": by.note,
        "at": at,
    }
    return {name: row[name] for name in same} | said


def _row(change: _Change, public_name: str | None, by: Authorship, at: datetime) -> dict[str, Any]:
    document, held = change.document, change.held
    inherited = {name: getattr(by, name) or getattr(held, name, None) for name in _INHERITED}
    return {
        "kind": change.kind.value,
        "id": change.id,
        "document": dict(document),
        "version": 1 if held is None else held.version + 1,
        "name": document.get("name"),
        "status": document.get("status"),
        "organization_id": document.get("organization_id"),
        "taxonomy_id": document.get("taxonomy_id"),
        "parent_id": document.get("parent_id"),
        "location_ids": sorted(location_ids(document)),
        "term_ids": sorted(term_ids(document)),
        "last_modified": _instant(document.get("last_modified")),
        "assured_on": _day(document.get("assured_date")),
        "public_name": public_name,
        "recorded_at": at,
        "changed_at": at,
        **inherited,
    }


def _settle(
    session: Session,
    kind: RecordKind,
    changed: Collection[UUID],
    known: Collection[UUID],
    at: datetime,
) -> None:
    """Bring what hangs on these records up to date: searches, tombstones, and services' dates."""
    count_change(session)
    services = services_naming(session, kind, changed)
    if kind is not RecordKind.SERVICE and services:
        _touch(session, services_naming(session, kind, known), at)
        if kind is RecordKind.ORGANIZATION:
            _remember_public_names(session, services)
    waiting = sorted(services)
    for first in range(0, len(waiting), _AT_A_TIME):
        index_services(session, waiting[first : first + _AT_A_TIME])


def _touch(session: Session, services: Collection[UUID], at: datetime) -> None:
    """Date services anew: `last_modified` speaks of related information too (ORUK)."""
    row = DirectoryRecordRow
    stamp = func.to_jsonb(at.isoformat(timespec="milliseconds"))
    session.execute(
        update(row)
        .where(row.kind == "service", row.id.in_(services))
        .values(
            last_modified=at,
            changed_at=at,
            document=func.jsonb_set(row.document, ["last_modified"], stamp),
        )
    )


def _remember_public_names(session: Session, services: Collection[UUID]) -> None:
    """Keep the name that anyone may read now, of services whose organization or place changed."""
    held = records(session, RecordKind.SERVICE, services)
    row = DirectoryRecordRow
    names = _names_of(session, {one: record.document for one, record in held.items()})
    for one, name in names.items():
        if name is not None and name != held[one].public_name:
            named = update(row).where(row.kind == "service", row.id == one)
            session.execute(named.values(public_name=name))


def _public_names(
    session: Session, kind: RecordKind, changes: Sequence[_Change]
) -> Mapping[UUID, str | None]:
    if kind is not RecordKind.SERVICE:
        return {}
    return _names_of(session, {one.id: one.document for one in changes})


def _names_of(session: Session, services: Mapping[UUID, Document]) -> Mapping[UUID, str | None]:
    """Return the name that anyone may read of each service; None where nobody may."""
    shelf = organizations_of(session, services.values())
    return {
        one: document.get("name") if is_seen(compose(document, shelf), ANYONE) else None
        for one, document in services.items()
    }


def _instant(written: object) -> datetime | None:
    if not isinstance(written, str):
        return None
    found = datetime.fromisoformat(written)
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _day(written: object) -> date | None:
    return date.fromisoformat(written[:10]) if isinstance(written, str) else None
