"""Access packs on file, and everything that one is made from."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.kernel.vault import DataKey
from consent.queries.circle import any_shielded, known_of, names_of, near
from consent.queries.consents import as_recorded, consents_about
from consent.queries.subjects import keys_of
from consent.queries.vocabulary import titles
from directory.queries.agencies import agencies
from sharing.models.records import RecordRow, WithholdRow, WithholdSubjectRow
from sharing.models.rights import AccessPackRow
from sharing.queries.retention import in_force
from sharing.queries.seeing import MOST_READ, told_about
from sharing.terms.access import Asking, Capacity, Caution, Kept, OnFile, Pack, PackState
from sharing.terms.seeing import Told

MOST_WAITING: Final = 200
REQUEST, EXTENSION, REVIEW, CONTENT = "request", "extension", "review", "content"


def all_told(session: Session, subject: UUID) -> list[Told]:
    """Return everything that was told of a subject, the newest first; reads the whole log."""
    found: list[Told] = []
    while True:
        some = told_about(session, subject, found[-1].id if found else None)
        found += some
        if len(some) < MOST_READ:
            return found


def on_file(
    session: Session,
    asking: Asking,
    told: Sequence[Told],
    at: datetime,
    leave_out: frozenset[str] = frozenset(),
) -> OnFile:
    """Return what a pack is made from; the subject must be known."""
    subject = asking.subject
    key = keys_of(session, {subject})[subject]
    partners = agencies(session)
    others = near(session, subject)
    return OnFile(
        subject=subject,
        asked_by=asking.asked_by,
        asked_on=asking.asked_on,
        capacity=asking.capacity,
        about=json.loads(json.dumps(asdict(known_of(session, subject, key)))),
        told=tuple(told),
        consents=tuple(as_recorded(one) for one in consents_about(session, subject)),
        records=tuple(_records(session, subject, key)),
        retention=tuple(in_force(session, at)),
        titles=titles(session, {one.code: one.name for one in partners}),
        sensitive_agencies=frozenset(one.code for one in partners if one.sensitive_service),
        names_near=tuple(names_of(session, others)),
        shielded_near=any_shielded(session, {subject, *others}, at),
        leave_out=leave_out,
    )


def is_withheld(session: Session, subject: UUID, at: datetime) -> bool:
    """Say whether a source holds something about a subject back at an instant."""
    row = WithholdRow
    found = (
        select(row.id)
        .join(WithholdSubjectRow, WithholdSubjectRow.withhold_id == row.id)
        .where(WithholdSubjectRow.subject_id == subject, row.starts <= at)
        .where(row.ends.is_(None) | (row.ends > at))
        .limit(1)
    )
    return session.scalar(found) is not None


def pack_of(session: Session, row: AccessPackRow) -> Pack:
    """Return a pack as those see it who look after it."""
    key = keys_of(session, {row.subject_id})[row.subject_id]
    request = opened(key, row, REQUEST)
    return Pack(
        id=row.id,
        subject=row.subject_id,
        capacity=Capacity(row.capacity),
        state=PackState(row.state),
        cautions=tuple(map(Caution, row.cautions)),
        requester=request["requester"],
        identity_check=request["identity_check"],
        taken_by=row.taken_by,
        agency=row.recorded_by_agency,
        asked_on=row.asked_on,
        due=row.due,
        extended_at=row.extended_at,
        extended_because=opened(key, row, EXTENSION).get("reason"),
        reviewed_at=row.reviewed_at,
        reviewed_by=row.reviewed_by,
        reason=opened(key, row, REVIEW).get("reason"),
        made_at=row.made_at,
        expires_at=row.expires_at,
    )


def opened(key: DataKey, row: AccessPackRow, column: str) -> dict[str, Any]:
    """Return what a sealed column says; nothing where it is empty."""
    sealed: bytes | None = getattr(row, column)
    if sealed is None:
        return {}
    said: dict[str, Any] = json.loads(key.open(sealed, "access_pack", row.id, column))
    return said


def packs_of(session: Session, subject: UUID, agency: str) -> list[Pack]:
    """Return the packs that an agency took down for a subject, the newest first."""
    row = AccessPackRow
    found = select(row).where(row.subject_id == subject, row.recorded_by_agency == agency)
    listed = session.scalars(found.order_by(row.id.desc()).limit(MOST_WAITING)).all()
    return [pack_of(session, one) for one in listed]


def waiting(session: Session) -> list[Pack]:
    """Return the packs that wait for a person, the one due first at the top."""
    row = AccessPackRow
    found = select(row).where(row.state == PackState.NEEDS_REVIEW.value)
    listed = session.scalars(found.order_by(row.due, row.id).limit(MOST_WAITING)).all()
    return [pack_of(session, one) for one in listed]


def one_waiting(session: Session, pack: UUID) -> Pack | None:
    """Return a pack that waits for a person; None if there is none of this id, or it is decided."""
    row = session.get(AccessPackRow, pack)
    if row is None or row.state != PackState.NEEDS_REVIEW:
        return None
    return pack_of(session, row)


def categories_held(session: Session, subject: UUID) -> list[str]:
    """Return which categories are held of a subject."""
    found = select(RecordRow.category).where(RecordRow.subject_id == subject).distinct()
    return list(session.scalars(found.order_by(RecordRow.category)))


def _records(session: Session, subject: UUID, key: DataKey) -> list[Kept]:
    row = RecordRow
    found = select(row).where(row.subject_id == subject, row.content.is_not(None))
    return [
        Kept(
            one.category,
            one.source,
            one.starts,
            one.ends,
            json.loads(key.open(one.content or b"", "record", one.id, "content")),
            one.disputed_at,
        )
        for one in session.scalars(found.order_by(row.category, row.source, row.starts, row.id))
    ]
