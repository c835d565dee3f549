"""Which decisions not to share are on file. IG leads may not select whom they are about."""

from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from consent.queries.subjects import keys_of
from sharing.models.records import DecisionNotToShareRow
from sharing.terms.records import (
    DecisionNotToShare,
    NotSharedBecause,
    NotSharedCount,
    WholeDecision,
)

_ROW: Final = DecisionNotToShareRow
_COLUMNS: Final[Any] = (
    _ROW.id,
    _ROW.source,
    _ROW.asked_by,
    _ROW.purpose,
    _ROW.categories,
    _ROW.because,
    _ROW.decided_by,
    _ROW.decided_role,
    _ROW.decided_at,
    _ROW.family_told,
    _ROW.review_at,
    _ROW.withhold_id,
    _ROW.recorded_at,
)


def decisions(session: Session, *, after: UUID | None, limit: int) -> list[DecisionNotToShare]:
    """Return what this session may see, the newest first: an agency's own, or all."""
    found: Select[Any] = select(*_COLUMNS).order_by(_ROW.id.desc()).limit(limit)
    if after is not None:
        found = found.where(_ROW.id < after)
    return [decision_of(one) for one in session.execute(found)]


def source_of(session: Session, decision: UUID) -> str | None:
    """Return whose decision this is; None if this session may see none of this id."""
    return session.scalar(select(_ROW.source).where(_ROW.id == decision))


def whole(session: Session, decision: UUID) -> WholeDecision | None:
    """Return a decision of the agency that the session speaks for, with its words.

    Once its subject is erased they do not open any more, and are None.
    """
    row = session.get(_ROW, decision)
    if row is None:
        return None
    key = keys_of(session, {row.subject_id}).get(row.subject_id)
    if key is None:
        return WholeDecision(decision_of(row), None, None)
    reason = key.open(row.reason, *place_of(row.id, "reason")).decode()
    not_told = row.not_told_because
    why = None if not_told is None else key.open(not_told, *place_of(row.id, "not_told")).decode()
    return WholeDecision(decision_of(row), reason, why)


def counted(session: Session, since: datetime, until: datetime) -> list[NotSharedCount]:
    """Return how often each source decided so between two instants, and told the family."""
    told = func.count().filter(_ROW.family_told)
    found = (
        select(_ROW.source, _ROW.because, func.count(), told)
        .where(_ROW.decided_at >= since, _ROW.decided_at < until)
        .group_by(_ROW.source, _ROW.because)
        .order_by(_ROW.source, _ROW.because)
    )
    return [
        NotSharedCount(source, NotSharedBecause(because), times, families)
        for source, because, times, families in session.execute(found)
    ]


def place_of(decision: UUID, word: str) -> tuple[object, ...]:
    """Return where the words of a decision are sealed to."""
    return ("decision_not_to_share", decision, word)


def decision_of(row: Any) -> DecisionNotToShare:  # noqa: ANN401  (a row of the columns, or of the table)
    """Return a decision without its words and without whom it is about."""
    return DecisionNotToShare(
        id=row.id,
        source=row.source,
        asked_by=row.asked_by,
        purpose=row.purpose,
        categories=frozenset(row.categories),
        because=NotSharedBecause(row.because),
        decided_by=row.decided_by,
        decided_role=row.decided_role,
        decided_at=row.decided_at,
        family_told=row.family_told,
        review_at=row.review_at,
        withhold=row.withhold_id,
        recorded_at=row.recorded_at,
    )
