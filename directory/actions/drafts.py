"""Deciding on a draft: nothing that is proposed counts before a second person says so.

Doors for programs and for people stand on these functions; they take who acts as plain ids.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from directory.actions.editing_errors import (
    DraftConflict,
    DraftDecided,
    DraftPartlyHidden,
    NotOwnDraft,
    OwnDraft,
)
from directory.actions.keeping import NotYoursToChange
from directory.actions.records import lock_changes, put_records
from directory.models.editing import DraftRow
from directory.queries.editing import (
    OURS,
    current_parts,
    draft,
    may_see_draft,
    seen_draft,
    version_document,
)
from directory.queries.keeping import can_change
from directory.rules.differences import differences, same
from directory.terms.editing import Decision, Draft, Part, UnknownDraft, Verdict
from directory.terms.keeping import Actor
from directory.terms.records import Authorship, Document, Record, Viewer

ASSURED: Final = "assured_date"


def approve(session: Session, draft_id: UUID, by: Actor, at: datetime) -> Draft:
    """Put what a draft says on file, as its author's change with this person's approval.

    `NotYoursToChange` if neither of the two is of an agency that may change the record.
    `DraftConflict` names what changed since it was made. That somebody vouched for the record
    meanwhile is no conflict, and stays.
    """
    one = _held(session, draft_id, by)
    _second_person(one, by)
    _check_either(session, one, (Actor(one.author, one.agency), by), at)
    lock_changes(session)
    shown = seen_draft(session, draft_id, Viewer(by.agency))
    current = current_parts(session, one.parts)
    changed = [fault for part in one.parts for fault in _meanwhile(session, part, current)]
    if changed:
        raise DraftConflict(changed)
    if not shown.whole:
        raise DraftPartlyHidden
    authorship = Authorship(one.author, one.origin, one.agency, by.id, one.note, owner=one.owner)
    for part in one.parts:
        document = _still_assured(session, part, current.get(part.id))
        put_records(session, part.kind, [document], authorship, at)
    return _decided(session, one, Verdict(Decision.APPROVED, by.id, at))


def reject(session: Session, draft_id: UUID, by: Actor, reason: str, at: datetime) -> Draft:
    """Close a draft without a change; its author reads why."""
    one = _held(session, draft_id, by)
    _second_person(one, by)
    _check_either(session, one, (by,), at)
    return _decided(session, one, Verdict(Decision.REJECTED, by.id, at, reason))


def withdraw(session: Session, draft_id: UUID, by: Actor, at: datetime) -> Draft:
    """Take back a draft of one's own; `NotOwnDraft` if it is another's."""
    one = _held(session, draft_id, by)
    if not _is_own(one, by):
        raise NotOwnDraft
    return _decided(session, one, Verdict(Decision.WITHDRAWN, by.id, at))


def _held(session: Session, draft_id: UUID, by: Actor) -> Draft:
    """Return a draft that waits, and keep others from deciding on it until the transaction ends."""
    session.execute(select(DraftRow.id).where(DraftRow.id == draft_id).with_for_update())
    one = draft(session, draft_id)
    if not _is_own(one, by) and not may_see_draft(session, one, Viewer(by.agency)):
        raise UnknownDraft
    if one.verdict is not None:
        raise DraftDecided
    return one


def _is_own(one: Draft, by: Actor) -> bool:
    return (one.author, one.agency) == (by.id, by.agency)


def _second_person(one: Draft, by: Actor) -> None:
    if _is_own(one, by):
        raise OwnDraft


def _check_either(session: Session, one: Draft, who: Sequence[Actor], at: datetime) -> None:
    """Refuse a decision of people none of whom may change all that the draft changes.

    What an owner's draft hides from the owner's own agency, another that may read it approves.
    """
    held = current_parts(session, one.parts)
    main = held.get(one.record)
    owners = {part.owner for part in held.values()} - {None}
    owners.add(one.owner if main is None else main.owner)
    if not any(all(can_change(session, by, owner, at) for owner in owners) for by in who):
        raise NotYoursToChange


def _meanwhile(
    session: Session, part: Part, current: Mapping[UUID, Record]
) -> Iterator[tuple[str, str]]:
    """Yield what is another in a record than when the draft was made of it."""
    held = current.get(part.id)
    if held is None or held.version == part.base or same(held.document, part.document):
        return
    before = version_document(session, part.kind, part.id, part.base) or {}
    for change in differences(before, held.document):
        if change.pointer not in (f"/{OURS}", f"/{ASSURED}"):
            said = (
                f"This was {change.kind.value} by version {held.version} of the {part.kind.value}."
            )
            yield change.pointer, said


def _still_assured(session: Session, part: Part, held: Record | None) -> Document:
    """Return a part's document, with the assurance on file unless the draft is about that."""
    before = version_document(session, part.kind, part.id, part.base) or {}
    mine = part.document.get(ASSURED)
    if held is None or ASSURED not in held.document or mine != before.get(ASSURED):
        return part.document
    return {**part.document, ASSURED: held.document[ASSURED]}


def _decided(session: Session, one: Draft, verdict: Verdict) -> Draft:
    values = {
        "decision": verdict.decision.value,
        "decided_by": verdict.by,
        "decided_at": verdict.at,
        "reason": verdict.reason,
    }
    session.execute(update(DraftRow).where(DraftRow.id == one.id).values(values))
    return draft(session, one.id)
