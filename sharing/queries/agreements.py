"""Agreements as people read them."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from sharing.models.agreements import (
    AgreementMemberRow,
    AgreementRow,
    AgreementVersionRow,
    FlowRow,
)
from sharing.terms.agreements import (
    AgreementLine,
    AgreementOnFile,
    FlowDraft,
    MemberDraft,
    VersionOnFile,
)
from sharing.terms.codes import Assurance, LawfulBasis, Requirement


def agreements(session: Session, *, after: str | None, limit: int) -> list[AgreementLine]:
    """Return agreements by code, from the one after `after`."""
    found = select(AgreementRow).order_by(AgreementRow.code).limit(limit)
    if after is not None:
        found = found.where(AgreementRow.code > after)
    return [AgreementLine(r.code, r.title, r.terminated_at) for r in session.scalars(found)]


def agreement(session: Session, code: str) -> AgreementOnFile | None:
    """Return an agreement through all its versions, or None."""
    row = session.get(AgreementRow, code, populate_existing=True)
    if row is None:
        return None
    version, member = AgreementVersionRow, AgreementMemberRow
    versions = session.scalars(
        select(version).where(version.agreement == code).order_by(version.version)
    ).all()
    members = session.scalars(
        select(member).where(member.agreement == code).order_by(member.agency, member.joined)
    )
    return AgreementOnFile(
        row.code,
        row.title,
        row.human_contact,
        row.terminated_at,
        tuple(MemberDraft(one.agency, one.joined, one.departed) for one in members),
        tuple(_version(session, one) for one in versions),
    )


def members_at(session: Session, code: str, at: datetime) -> frozenset[str] | None:
    """Return the agencies that are members of an agreement at an instant; None if it is unknown."""
    if session.get(AgreementRow, code) is None:
        return None
    member = AgreementMemberRow
    found = select(member.agency).where(
        member.agreement == code,
        member.joined <= at,
        or_(member.departed.is_(None), member.departed > at),
    )
    return frozenset(session.scalars(found.order_by(member.agency)))


def _version(session: Session, row: AgreementVersionRow) -> VersionOnFile:
    return VersionOnFile(
        row.version,
        row.effective_from,
        row.expires,
        row.review_due,
        row.activated_at,
        row.superseded_at,
        _flows(session, row.id),
    )


def _flows(session: Session, version: UUID) -> tuple[FlowDraft, ...]:
    found = select(FlowRow).where(FlowRow.version_id == version).order_by(FlowRow.position)
    return tuple(_flow(row) for row in session.scalars(found))


def _flow(row: FlowRow) -> FlowDraft:
    return FlowDraft(
        code=row.code,
        sources=frozenset(row.sources),
        recipients=frozenset(row.recipients),
        purposes=frozenset(row.purposes),
        categories=frozenset(row.categories),
        kinds=frozenset(row.kinds),
        basis=LawfulBasis(row.basis),
        requires=Requirement(row.requires),
        law=row.law,
        special_condition=row.special_condition,
        verbal=row.verbal,
        override=row.override,
        pierces_shield=row.pierces_shield,
        practitioner=Assurance(row.practitioner),
    )
