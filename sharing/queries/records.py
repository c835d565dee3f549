"""What an agency has deposited and holds back, and for how long its agreements keep what."""

import json
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from sharing.models.agreements import AgreementMemberRow, AgreementRow, AgreementVersionRow
from sharing.models.records import RecordRow, WithholdRow
from sharing.terms.records import Kept, RecordOnFile, Removed, WithholdOnFile


def record_of(row: RecordRow) -> RecordOnFile:
    """Return a deposit as its own agency sees it: all but what it says."""
    return RecordOnFile(
        row.id,
        row.source,
        row.category,
        row.starts,
        row.ends,
        row.retain_until,
        row.recorded_at,
        row.replaces,
        row.removed_at,
        None if row.removed_because is None else Removed(row.removed_because),
        row.disputed_at,
    )


def withhold_of(row: WithholdRow) -> WithholdOnFile:
    """Return what an agency holds back, without the reason."""
    return WithholdOnFile(
        row.id,
        row.source,
        frozenset(row.categories),
        row.starts,
        row.ends,
        row.review_at,
        row.recorded_at,
    )


def deposited(  # noqa: PLR0913  (whose, and which of them)
    session: Session,
    agency: str,
    *,
    after: UUID | None,
    limit: int,
    subject: UUID | None = None,
    category: str | None = None,
    held_at: datetime | None = None,
) -> list[RecordOnFile]:
    """Return an agency's deposits, the newest first; with `held_at`, those that stand then."""
    row = RecordRow
    found = select(row).where(row.source == agency).order_by(row.id.desc()).limit(limit)
    if after is not None:
        found = found.where(row.id < after)
    if subject is not None:
        found = found.where(row.subject_id == subject)
    if category is not None:
        found = found.where(row.category == category)
    if held_at is not None:
        found = found.where(
            row.content.is_not(None),
            or_(row.ends.is_(None), row.ends > held_at),
            or_(row.retain_until.is_(None), row.retain_until > held_at),
        )
    return [record_of(one) for one in session.scalars(found)]


def withholds(
    session: Session, agency: str, *, after: UUID | None, limit: int, standing_at: datetime | None
) -> list[WithholdOnFile]:
    """Return what an agency holds back, the newest first; with an instant, what stands then."""
    row = WithholdRow
    found = select(row).where(row.source == agency).order_by(row.id.desc()).limit(limit)
    if after is not None:
        found = found.where(row.id < after)
    if standing_at is not None:
        found = found.where(or_(row.ends.is_(None), row.ends > standing_at))
    return [withhold_of(one) for one in session.scalars(found)]


def retention_of(session: Session, agency: str, category: str, at: datetime) -> list[Kept]:
    """Return for how long each agreement in force, of which the agency is a member, keeps this."""
    agreement, version, member = AgreementRow, AgreementVersionRow, AgreementMemberRow
    ends = func.least(version.expires, version.superseded_at, agreement.terminated_at)
    mine = select(member.agreement).where(
        member.agency == agency,
        member.joined <= at,
        or_(member.departed.is_(None), member.departed > at),
    )
    found = (
        select(version.agreement, version.version, version.content)
        .join(agreement, agreement.code == version.agreement)
        .where(
            version.agreement.in_(mine),
            version.activated_at <= at,
            version.effective_from <= at,
            or_(ends.is_(None), ends > at),
            version.content.is_not(None),
        )
        .order_by(agreement.position, version.version)
    )
    return [
        Kept(code, number, int(one["months"]))
        for code, number, content in session.execute(found)
        for one in json.loads(content or "{}").get("retention", ())
        if one["category"] == category
    ]
