"""Drafts on file, what each changes, and every version that a record has had.

Whatever is told of a document is told as one viewer may see it. Versions of a record that is partly
hidden from the viewer are not told at all: an earlier one may say openly what is hidden by now.
"""

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from directory.models.editing import DraftRow
from directory.models.records import DirectoryRecordRow, DirectoryVersionRow
from directory.queries.records import record, records, shelf_for, versions
from directory.rules.audience import seen_by
from directory.rules.differences import differences
from directory.rules.documents import Shelf, compose, take_apart, with_terms
from directory.rules.drafting import sees_whole
from directory.terms.editing import (
    Decision,
    Draft,
    DraftSeen,
    DraftState,
    Part,
    PartDifference,
    UnknownDraft,
    Verdict,
    VersionSeen,
)
from directory.terms.records import (
    Document,
    Origin,
    Record,
    RecordKind,
    UnknownRecord,
    Viewer,
)

OURS: Final = "last_modified"
"""What the directory says itself of each version, so that nobody's change is about it."""
BATCH: Final = 100
"""So many are read at once where only the record says who may see one."""


@dataclass(frozen=True, slots=True)
class DraftSearch:
    """Which drafts are sought."""

    state: DraftState | None = None
    kind: RecordKind | None = None
    record: UUID | None = None
    owner: str | None = None


def draft(session: Session, draft_id: UUID) -> Draft:
    """Return a draft, whoever may see it; `UnknownDraft` if there is none."""
    found = session.get(DraftRow, draft_id, populate_existing=True)
    if found is None:
        raise UnknownDraft
    return as_draft(found)


def drafts(
    session: Session,
    search: DraftSearch,
    viewer: Viewer,
    *,
    after: UUID | None = None,
    limit: int | None = None,
) -> list[Draft]:
    """Return the drafts that a viewer may see, the newest first, from the one after `after`."""
    statement = _sought(search).order_by(DraftRow.id.desc()).limit(BATCH)
    found: list[Draft] = []
    while limit is None or len(found) < limit:
        since = statement if after is None else statement.where(DraftRow.id < after)
        batch = [as_draft(row) for row in session.scalars(since)]
        found += (one for one in batch if may_see_draft(session, one, viewer))
        if len(batch) < BATCH:
            break
        after = batch[-1].id
    return found[:limit]


def seen_draft(session: Session, draft_id: UUID, viewer: Viewer, *, own: bool = False) -> DraftSeen:
    """Return a draft with what it changes, as a viewer may see it; `UnknownDraft` if nothing.

    One that waits is compared with what is on file now, one that was decided on with what it was
    made from. Its author has it told even of a record that is to be hidden from them (`own`).
    """
    one = draft(session, draft_id)
    if not own and not may_see_draft(session, one, viewer):
        raise UnknownDraft
    befores = [_before(session, one, part) for part in one.parts]
    full, seen = [], []
    for part, before in zip(one.parts, befores, strict=True):
        full.append(_changes(before, part.document))
        shown = [
            {} if document is None else seen_flat(session, part.kind, document, viewer, others)
            for document, others in ((before, ()), (part.document, one.parts))
        ]
        changes = differences(_mine(shown[0] or {}), _mine(shown[1] or {}))
        seen.append(PartDifference(part.kind, part.id, changes))
    whole = [len(one) for one in full] == [len(one.changes) for one in seen]
    document = seen_flat(session, one.kind, one.parts[-1].document, viewer, one.parts) or {}
    told = replace(one, parts=())  # they hold what is hidden too
    return DraftSeen(told, tuple(seen), document, whole, _tag(one, befores))


def seen_flat(
    session: Session,
    kind: RecordKind,
    document: Document,
    viewer: Viewer,
    others: Sequence[Part] = (),
) -> Document | None:
    """Return a document as records are kept, as far as a viewer may see it; None if not at all."""
    seen = seen_by(put_together(session, kind, document, others), viewer)
    return None if seen is None else take_apart(seen).records[-1][1]


def put_together(
    session: Session, kind: RecordKind, document: Document, others: Sequence[Part] = ()
) -> Document:
    """Return a document nested as the standard nests it; these parts come before those on file."""
    shelf = shelf_for(session, [document, *(one.document for one in others)])
    shelf = Shelf(
        _replaced(shelf.organizations, RecordKind.ORGANIZATION, others),
        _replaced(shelf.locations, RecordKind.LOCATION, others),
        _replaced(shelf.terms, RecordKind.TAXONOMY_TERM, others),
    )
    if kind is RecordKind.SERVICE:
        return compose(document, shelf)
    whole: Document = with_terms(document, shelf)
    return whole


def history(
    session: Session, kind: RecordKind, record_id: UUID, viewer: Viewer
) -> list[VersionSeen]:
    """Return who made each version of a record, when and why, the newest first.

    `UnknownRecord` if the viewer may see nothing of the record.
    """
    current(session, kind, record_id, viewer)
    return [VersionSeen(one.number, one.by, one.at) for one in versions(session, kind, record_id)]


def seen_version(
    session: Session, kind: RecordKind, record_id: UUID, number: int, viewer: Viewer
) -> VersionSeen:
    """Return a version and how it differs from the one before.

    `UnknownRecord` if there is none, or if any of the record is hidden from the viewer now.
    """
    held = record(session, kind, record_id)
    if not sees_whole(put_together(session, kind, held.document), viewer):
        raise UnknownRecord
    found = {one.number: one for one in versions(session, kind, record_id)}
    if number not in found:
        raise UnknownRecord
    one, before = found[number], found.get(number - 1)
    shown = seen_flat(session, kind, one.document, viewer)
    earlier = None if before is None else seen_flat(session, kind, before.document, viewer)
    if shown is None:
        raise UnknownRecord
    changes = differences(_mine(earlier or {}), _mine(shown))
    return VersionSeen(one.number, one.by, one.at, shown, changes)


def current(session: Session, kind: RecordKind, record_id: UUID, viewer: Viewer) -> Record:
    """Return a record as it stands; `UnknownRecord` if the viewer may see nothing of it."""
    held = record(session, kind, record_id)
    if seen_by(put_together(session, kind, held.document), viewer) is None:
        raise UnknownRecord
    return held


def version_document(
    session: Session, kind: RecordKind, record_id: UUID, number: int
) -> Document | None:
    """Return what a version said, None if there is none of this number."""
    found = session.get(DirectoryVersionRow, (kind.value, record_id, number))
    return None if found is None else found.document


def current_parts(session: Session, parts: Collection[Part]) -> dict[UUID, Record]:
    """Return the records that these parts of a draft are to replace, by id."""
    found: dict[UUID, Record] = {}
    for kind in {part.kind for part in parts}:
        found |= records(session, kind, [part.id for part in parts if part.kind is kind])
    return found


def as_draft(row: DraftRow) -> Draft:
    """Return a row as a draft."""
    verdict = None
    if row.decision is not None and row.decided_by is not None and row.decided_at is not None:
        verdict = Verdict(Decision(row.decision), row.decided_by, row.decided_at, row.reason)
    return Draft(
        row.id,
        RecordKind(row.kind),
        row.record,
        tuple(Part(RecordKind(one["kind"]), one["document"], one["base"]) for one in row.parts),
        Origin(row.origin),
        row.author,
        row.made_at,
        row.agency,
        row.note,
        row.owner,
        verdict,
    )


def _sought(search: DraftSearch) -> Select[DraftRow]:
    statement = select(DraftRow)
    if search.state is DraftState.WAITING:
        statement = statement.where(DraftRow.decided_at.is_(None))
    if search.state is DraftState.DECIDED:
        statement = statement.where(DraftRow.decided_at.is_not(None))
    if search.kind is not None:
        statement = statement.where(DraftRow.kind == search.kind.value)
    if search.record is not None:
        statement = statement.where(DraftRow.record == search.record)
    if search.owner is not None:
        row = DirectoryRecordRow
        owned = select(row.id).where(
            row.kind == DraftRow.kind, row.id == DraftRow.record, row.owner == search.owner
        )
        statement = statement.where(owned.exists() | (DraftRow.owner == search.owner))
    return statement


def may_see_draft(session: Session, one: Draft, viewer: Viewer) -> bool:
    """Say whether a viewer may see the record of a draft as it is, or, if it is new, would be."""
    main = one.parts[-1]
    held = records(session, one.kind, [one.record]).get(one.record)
    document = main.document if held is None else held.document
    others = one.parts if held is None else ()
    return seen_by(put_together(session, one.kind, document, others), viewer) is not None


def _before(session: Session, one: Draft, part: Part) -> Document | None:
    if one.verdict is not None:
        return version_document(session, part.kind, part.id, part.base)
    held = records(session, part.kind, [part.id]).get(part.id)
    return None if held is None else held.document


def _changes(before: Document | None, after: Document) -> tuple[Any, ...]:
    return differences(_mine(before or {}), _mine(after))


def _mine(document: Document) -> dict[str, Any]:
    return {name: value for name, value in document.items() if name != OURS}


def _replaced(
    shelf: Mapping[str, Document], kind: RecordKind, parts: Sequence[Part]
) -> Mapping[str, Document]:
    return {**shelf, **{str(one.id): one.document for one in parts if one.kind is kind}}


def _tag(one: Draft, befores: Sequence[Document | None]) -> str:
    """Return what changes as soon as the draft, or what it would replace, is another."""
    state = one.verdict.decision.value if one.verdict else "waiting"
    told = repr([one.id, state, [None if before is None else _mine(before) for before in befores]])
    return hashlib.sha256(told.encode()).hexdigest()[:32]
