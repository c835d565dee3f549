"""Proposing a change of a record: checked whole, kept until somebody decides on it."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import insert
from sqlalchemy.orm import Session

from app.kernel.ids import new_id
from directory.actions.editing_errors import DraftInvalid, NothingChanges, UnknownReference
from directory.models.editing import DraftRow
from directory.queries.agencies import unknown_codes
from directory.queries.editing import OURS, put_together, seen_flat, seen_version
from directory.queries.records import records
from directory.rules.audience import agencies_named, audience_faults
from directory.rules.differences import same
from directory.rules.documents import take_apart
from directory.rules.drafting import (
    LEAKED,
    contacts_of,
    kept_for_others,
    leaks,
    misplaced,
    naming,
    places_naming,
    with_private_contacts,
)
from directory.rules.standard import faults
from directory.terms.editing import Draft, Part, Proposal
from directory.terms.records import (
    Document,
    Origin,
    Record,
    RecordKind,
    UnknownRecord,
    Viewer,
)

_NAMED_BY_ID: Final = (
    ("organization_id", RecordKind.ORGANIZATION),
    ("location_id", RecordKind.LOCATION),
    ("taxonomy_term_id", RecordKind.TAXONOMY_TERM),
    ("taxonomy_id", RecordKind.TAXONOMY),
    ("parent_id", RecordKind.TAXONOMY_TERM),
)
_NOBODY: Final = UUID(int=0)


def propose(session: Session, proposal: Proposal, at: datetime) -> Draft:
    """Put a draft on file, for a second person to decide on.

    What its author cannot see of the record stays as it is; contacts that do not say who may see
    them are for practitioners. `DraftInvalid` names all that is wrong, each with its place;
    `UnknownRecord` if the record, or one that it holds, is there but not for them to see.
    """
    found = list(_faults(session, proposal))
    if found:
        raise DraftInvalid(found)
    parts = _parts(session, proposal)
    _check_references(session, parts)
    main = parts[-1]
    whole = put_together(session, main.kind, main.document, parts)
    if leaked := [(pointer, LEAKED) for pointer in leaks(whole)]:
        raise DraftInvalid(leaked)
    made = Draft(
        new_id(at),
        proposal.kind,
        main.id,
        parts,
        proposal.origin,
        proposal.author,
        at,
        proposal.agency,
        proposal.note,
        proposal.owner or (proposal.agency if main.base == 0 else None),
    )
    session.execute(insert(DraftRow).values(_row(made)))
    return made


def restore(
    session: Session, record_id: UUID, number: int, proposal: Proposal, at: datetime
) -> Draft:
    """Propose that a record be again what it was in a version.

    The proposal says who asks and why; its document is the version's. `UnknownRecord` if there is
    no such version, or if any of the record is hidden from them.
    """
    viewer = Viewer(proposal.agency)
    version = seen_version(session, proposal.kind, record_id, number, viewer)
    restored = replace(proposal, document=version.document or {}, origin=Origin.RESTORED)
    return propose(session, restored, at)


def _faults(session: Session, proposal: Proposal) -> Iterator[tuple[str, str]]:
    """Yield what is wrong with a document by itself: by the standard, and of its audiences."""
    document = proposal.document
    for fault in faults(proposal.kind, document, nested=True):
        yield fault.pointer, fault.detail
    yield from audience_faults(document)
    unknown = unknown_codes(session, agencies_named(document))
    for pointer in places_naming(document, unknown):
        yield pointer, "No agency has this code. GET /v1/agencies lists those there are."
    for pointer in misplaced(proposal.kind, document):
        yield pointer, "Only a service has this. Leave it out."
    if proposal.owner is not None and unknown_codes(session, {proposal.owner}):
        raise UnknownReference("No agency has this code.", "#/owner")
    named = "organization_id" in document or "organization" in document
    if proposal.kind is RecordKind.SERVICE and not named:
        yield "/organization_id", "This is missing. Say whose service it is."


def _parts(session: Session, proposal: Proposal) -> tuple[Part, ...]:
    """Return what a proposal comes to, record by record, the record itself last."""
    *others, (_, main) = take_apart(proposal.document).records
    given = [*others, (proposal.kind, main)]
    viewer = Viewer(proposal.agency)
    parts = [_part(session, kind, document, viewer) for kind, document in given]
    changed = {
        (one.kind, one.id): one
        for one, held in parts
        if held is None or not same(one.document, held.document)
    }
    if not changed:
        raise NothingChanges
    last = parts[-1][0]
    return (*(one for one in changed.values() if one is not last), last)


def _part(
    session: Session, kind: RecordKind, document: Document, viewer: Viewer
) -> tuple[Part, Record | None]:
    record_id = _id(str(document["id"]))
    if record_id == _NOBODY:
        raise UnknownReference(f"A {kind.value} within this has an id that is no UUID.")
    held = records(session, kind, [record_id]).get(record_id)
    made = {name: value for name, value in document.items() if name != OURS}
    if held is None:
        return Part(kind, with_private_contacts(made, {}), 0), None
    seen = seen_flat(session, kind, held.document, viewer)
    if seen is None:
        raise UnknownRecord
    made = kept_for_others(held.document, seen, made)
    made = with_private_contacts(made, contacts_of(held.document))
    made = made | {name: held.document[name] for name in (OURS,) if name in held.document}
    return Part(kind, made, held.version), held


def _check_references(session: Session, parts: Sequence[Part]) -> None:
    """Refuse ids that neither the draft nor the directory has; `UnknownReference` names one."""
    given = {(one.kind, one.id) for one in parts}
    for part in parts:
        for name, kind in _NAMED_BY_ID:
            named = {_id(value): pointer for pointer, value in naming(part.document, name)}
            wanted = {one for one in named if (kind, one) not in given}
            there = records(session, kind, wanted - {_NOBODY})
            for one in wanted - there.keys():
                said = f"No {kind.value} on file has this id."
                raise UnknownReference(said, f"#/document{named[one]}")


def _id(written: str) -> UUID:
    try:
        return UUID(written)
    except ValueError:
        return _NOBODY


def _row(made: Draft) -> dict[str, Any]:
    return {
        "id": made.id,
        "kind": made.kind.value,
        "record": made.record,
        "parts": [
            {"kind": one.kind.value, "document": dict(one.document), "base": one.base}
            for one in made.parts
        ],
        "origin": made.origin.value,
        "note": made.note,
        "owner": made.owner,
        "author": made.author,
        "agency": made.agency,
        "made_at": made.made_at,
    }
