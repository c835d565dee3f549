"""What was said to be wrong about a subject, and who had received it."""

import json
from uuid import UUID

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from app.kernel.vault import DataKey
from consent.queries.subjects import keys_of
from sharing.models.events import EventRow
from sharing.models.rights import RectificationRecipientRow, RectificationRow
from sharing.terms.events import EventKind, WhatWasDone
from sharing.terms.rectifying import PastRecipient, Rectification, Rectified

MOST_LISTED = 200
KIND_OF = {
    Rectified.CORRECTED: EventKind.RECORD_CORRECTED,
    Rectified.REFUSED: EventKind.RECORD_DISPUTED,
}


def rectifications(
    session: Session, heard: Session, subject: UUID, source: str
) -> list[Rectification]:
    """Return what a source was told is wrong about a subject, the newest first.

    `heard` reads every agency's events, which only an IG lead's session does.
    """
    key = keys_of(session, {subject}).get(subject)
    if key is None:
        return []
    row = RectificationRow
    found = (
        select(row)
        .where(row.subject_id == subject, row.source == source)
        .order_by(row.id.desc())
        .limit(MOST_LISTED)
    )
    return [_of(session, heard, one, key) for one in session.scalars(found).all()]


def one_rectification(session: Session, heard: Session, made: UUID) -> Rectification:
    """Return one that was just made."""
    row = session.get_one(RectificationRow, made)
    return _of(session, heard, row, keys_of(session, {row.subject_id})[row.subject_id])


def _of(session: Session, heard: Session, row: RectificationRow, key: DataKey) -> Rectification:
    said = json.loads(key.open(row.said, "rectification", row.id, "said"))
    outcome = Rectified(row.outcome)
    return Rectification(
        id=row.id,
        record=row.record_id,
        new_record=row.new_record_id,
        category=row.category,
        outcome=outcome,
        disputed=row.disputed,
        wrong=said["wrong"],
        reason=said["reason"],
        decided_by=row.decided_by,
        recorded_at=row.recorded_at,
        recipients=tuple(_recipients(session, heard, row, KIND_OF[outcome])),
    )


def _recipients(
    session: Session, heard: Session, row: RectificationRow, kind: EventKind
) -> list[PastRecipient]:
    listed, event = RectificationRecipientRow, EventRow
    found = select(listed).where(listed.rectification_id == row.id).order_by(listed.agency)
    this = and_(event.kind == kind.value, event.fact == row.record_id)
    events = {one.agency: one for one in heard.scalars(select(event).where(this)).all()}
    return [_recipient(one, events.get(one.agency)) for one in session.scalars(found).all()]


def _recipient(row: RectificationRecipientRow, event: EventRow | None) -> PastRecipient:
    if event is None:
        return PastRecipient(row.agency, tuple(row.disclosures))
    done = None if event.done is None else WhatWasDone(event.done)
    return PastRecipient(row.agency, tuple(row.disclosures), event.at, event.acknowledged_at, done)
