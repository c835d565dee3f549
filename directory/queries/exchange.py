"""What is on file of imports, of what they may change, and of records as they go out."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import Text, cast, select
from sqlalchemy.orm import Session

from directory.models.exchange import (
    DirectoryImportBatchRow,
    DirectoryImportNoteRow,
    DirectoryImportRow,
)
from directory.models.records import DirectoryRecordRow
from directory.rules.audience import seen_by
from directory.terms.exchange import (
    Import,
    ImportFailure,
    ImportPlan,
    Note,
    Seen,
    Tally,
    UnknownImport,
)
from directory.terms.records import RecordKind, Viewer

Key = tuple[RecordKind, str]
_VOCABULARY = (RecordKind.TAXONOMY, RecordKind.TAXONOMY_TERM)


def on_file(session: Session, keys: Collection[Key]) -> frozenset[Key]:
    """Return those of these records that there are."""
    row = DirectoryRecordRow
    found: set[Key] = set()
    for kind, ids in _by_kind(keys).items():
        there = select(row.id).where(row.kind == kind.value, row.id.in_(ids))
        found |= {(kind, str(one)) for one in session.scalars(there)}
    return frozenset(found)


def locked(session: Session, keys: Collection[Key], agency: str | None) -> frozenset[Key]:
    """Return those of these records on file that an agency may not change; None may change all.

    Those are another agency's or nobody's, the vocabulary, which all share, and records of which
    the agency cannot see all: what it sends lacks the rest.
    """
    if agency is None:
        return frozenset()
    row = DirectoryRecordRow
    found = {key for key in keys if key[0] in _VOCABULARY}
    for kind, ids in _by_kind(keys).items():
        others = row.owner.is_distinct_from(agency)
        parted = cast(row.document, Text).contains('"audience"')
        held = select(row.id, row.owner, row.document).where(
            row.kind == kind.value, row.id.in_(ids), others | parted
        )
        for one in session.execute(held):
            if one.owner != agency or seen_by(one.document, Viewer(agency)) != one.document:
                found.add((kind, str(one.id)))
    return frozenset(found)


def one_import(session: Session, import_id: UUID) -> Import:
    """Return an import as it stands; `UnknownImport` if there is none."""
    found = session.get(DirectoryImportRow, import_id, populate_existing=True)
    if found is None:
        raise UnknownImport
    return _import(found)


def cut_short(session: Session, fingerprint: str) -> Import | None:
    """Return the newest import of this source that has not come to its end, if there is one."""
    row = DirectoryImportRow
    wanted = select(row).where(row.fingerprint == fingerprint, row.ended_at.is_(None))
    found = session.scalars(wanted.order_by(row.begun_at.desc(), row.id).limit(1)).first()
    return None if found is None else _import(found)


def seen_in(session: Session, import_id: UUID) -> Seen:
    """Return what an import that has not ended has named so far."""
    row = DirectoryImportBatchRow
    seen = Seen()
    wanted = select(row.seen).where(row.import_id == import_id, row.seen.is_not(None))
    for packed in session.scalars(wanted.order_by(row.number)):
        seen.unpack(packed or b"")
    return seen


def waiting_batch(session: Session, running: Import) -> tuple[int, bytes] | None:
    """Return the next lines of an upload, with the number of the first; None if all are done."""
    row = DirectoryImportBatchRow
    wanted = select(row.first_row, row.content).where(
        row.import_id == running.id, row.number == running.tally.batches, row.content.is_not(None)
    )
    found = session.execute(wanted).first()
    return None if found is None else (found.first_row, found.content)


def notes(session: Session, import_id: UUID, *, after: int, limit: int) -> list[tuple[int, Note]]:
    """Return what an import refused and flagged, numbered, after a number."""
    row = DirectoryImportNoteRow
    wanted = select(row).where(row.import_id == import_id, row.number > after)
    found = session.scalars(wanted.order_by(row.number).limit(limit))
    return [
        (one.number, Note(one.place, one.pointer, one.detail, refused=one.refused)) for one in found
    ]


def _by_kind(keys: Collection[Key]) -> dict[RecordKind, list[UUID]]:
    by_kind: dict[RecordKind, list[UUID]] = {}
    for kind, one in keys:
        by_kind.setdefault(kind, []).append(UUID(one))
    return by_kind


def _import(row: DirectoryImportRow) -> Import:
    plan = ImportPlan(
        row.source,
        row.fingerprint,
        row.author,
        row.source_name,
        row.licence,
        row.owner,
        row.agency,
    )
    tally = Tally(**row.counts)
    failure = None if row.failure is None else ImportFailure(row.failure)
    return Import(row.id, plan, row.begun_at, tally, row.ended_at, row.rows_expected, failure)
