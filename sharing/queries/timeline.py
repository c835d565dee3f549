"""What is on file around a subject, for `rules.timeline` to choose from.

Row-level security shows each agency its own notices, handovers and decisions alone. So the session
speaks for one after the other; what it finds is told to nobody before a decision.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.kernel.db import speak_for
from consent.queries.consents import about_subject
from directory.queries.agencies import agencies
from sharing.models.notices import EscalationRow, EscalationSubjectRow, NoticeRow
from sharing.models.records import DecisionNotToShareRow, RecordRow
from sharing.terms.codes import INVOLVEMENT
from sharing.terms.escalations import HANDED_OVER
from sharing.terms.notices import KINDS, NoticeCode
from sharing.terms.timeline import Item, ItemKind

MOST_OF_A_KIND: Final = 500


def items_about(session: Session, subject: UUID, at: datetime) -> list[Item]:
    """Return everything on file around a subject; the session speaks for nobody in the end."""
    found = [*_consents(session, subject), *_involvements(session, subject, at)]
    for agency in agencies(session):
        speak_for(session, agency.code)
        found += _notices(session, subject, agency.code)
        found += _escalations(session, subject, agency.code)
        found += _decisions(session, subject)
    speak_for(session, "")
    return found


def _consents(session: Session, subject: UUID) -> Iterator[Item]:
    for one in about_subject(session, subject, MOST_OF_A_KIND):
        yield Item(
            id=one.id,
            kind=ItemKind.CONSENT,
            at=one.recorded_at,
            source=one.recorded_by,
            what=f"{one.kind.value}.{one.answer.value}",
            parties=one.recipients | {one.recorded_by},
            ended_at=one.withdrawn_at,
        )


def _involvements(session: Session, subject: UUID, at: datetime) -> Iterator[Item]:
    row = RecordRow
    found = (
        select(row)
        .where(row.subject_id == subject, row.category == INVOLVEMENT)
        .where(row.recorded_at <= at, row.content.is_not(None), row.retain_until > at)
        .order_by(row.id.desc())
        .limit(MOST_OF_A_KIND)
    )
    for one in session.scalars(found):
        yield Item(
            id=one.id,
            kind=ItemKind.INVOLVEMENT,
            at=one.starts,
            source=one.source,
            what="works_with",
            category=INVOLVEMENT,
            parties=frozenset({one.source}),
            ended_at=one.ends,
        )


def _notices(session: Session, subject: UUID, sender: str) -> Iterator[Item]:
    row = NoticeRow
    columns = (row.id, row.kind, row.sender, row.recipient, row.sent_at, row.withdrawn_at)
    found = (
        select(*columns)
        .where(row.subject_id == subject, row.sender == sender)
        .order_by(row.id.desc())
        .limit(MOST_OF_A_KIND)
    )
    for notice, kind, _, recipient, sent_at, withdrawn_at in session.execute(found):
        yield Item(
            id=notice,
            kind=ItemKind.NOTICE,
            at=sent_at,
            source=sender,
            what=kind,
            other=recipient,
            category=KINDS[NoticeCode(kind)].category,
            parties=frozenset({sender, recipient}),
            ended_at=withdrawn_at,
        )


def _escalations(session: Session, subject: UUID, from_agency: str) -> Iterator[Item]:
    row, about = EscalationRow, EscalationSubjectRow
    found = (
        select(row)
        .join(about, about.escalation_id == row.id)
        .where(about.subject_id == subject, row.from_agency == from_agency)
        .order_by(row.id.desc())
        .limit(MOST_OF_A_KIND)
    )
    for one in session.scalars(found):
        done = one.completed_at is not None
        # While it waits, was declined or withdrawn, it is nobody's business but its own agency's.
        yield Item(
            id=one.id,
            kind=ItemKind.ESCALATION,
            at=one.completed_at or one.recorded_at,
            source=from_agency,
            what=one.direction if done else f"{one.direction}.not_done",
            other=one.to_agency,
            category=HANDED_OVER if done else None,
            parties=frozenset({from_agency, one.to_agency} if done else {from_agency}),
            ended_at=one.declined_at or one.withdrawn_at,
        )


def _decisions(session: Session, subject: UUID) -> Iterator[Item]:
    row = DecisionNotToShareRow
    found = select(row).where(row.subject_id == subject).order_by(row.id.desc())
    for one in session.scalars(found.limit(MOST_OF_A_KIND)):
        yield Item(
            id=one.id,
            kind=ItemKind.DECISION_NOT_TO_SHARE,
            at=one.decided_at,
            source=one.source,
            what=one.because,
            other=one.asked_by,
            parties=frozenset({one.source}),
        )
