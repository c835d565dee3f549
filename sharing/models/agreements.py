"""Agreements: versions that freeze when activated, members that come and go, and flows."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    BigInteger,
    ForeignKey,
    Identity,
    Index,
    LargeBinary,
    SmallInteger,
    Text,
)
from sqlalchemy import UniqueConstraint as Unique
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Base, UtcDateTime

Codes = ARRAY(Text)


class AgreementRow(Base):
    """An information sharing agreement, through all its versions.

    `kept_by` is who drafted it; None for what was drafted before that was written down.
    """

    __tablename__ = "agreement"
    __table_args__ = (Unique("position"),)

    code: Mapped[str] = mapped_column(Text, primary_key=True)
    title: Mapped[str] = mapped_column(Text)
    position: Mapped[int] = mapped_column(BigInteger, Identity(always=True))
    human_contact: Mapped[str | None] = mapped_column(Text)
    terminated_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    successor: Mapped[str | None] = mapped_column(ForeignKey("agreement.code"))
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    kept_by: Mapped[str | None] = mapped_column(ForeignKey("agency.code"))
    termination_reason: Mapped[str | None] = mapped_column(Text)
    terminated_by_agency: Mapped[str | None] = mapped_column(ForeignKey("agency.code"))
    terminated_by_client: Mapped[str | None] = mapped_column(Text)
    termination_recorded_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class AgreementVersionRow(Base):
    """One version: a draft until activated, then frozen; it ends when the next takes over.

    `content` is canonical JSON, the very text that members sign; those bytes are never made again.
    """

    __tablename__ = "agreement_version"
    __table_args__ = (Unique("agreement", "version"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    agreement: Mapped[str] = mapped_column(ForeignKey("agreement.code"))
    version: Mapped[int]
    effective_from: Mapped[datetime] = mapped_column(UtcDateTime)
    expires: Mapped[datetime | None] = mapped_column(UtcDateTime)
    review_due: Mapped[datetime | None] = mapped_column(UtcDateTime)
    activated_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    superseded_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    content: Mapped[str | None] = mapped_column(Text)
    content_sha256: Mapped[str | None] = mapped_column(Text)
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)


class AgreementMemberRow(Base):
    """One stretch of an agency's membership; an agency may leave and join again."""

    __tablename__ = "agreement_member"
    __table_args__ = (
        Index(None, "agency", "agreement"),
        Index(None, "agreement", "agency", "joined"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    agreement: Mapped[str] = mapped_column(ForeignKey("agreement.code"))
    agency: Mapped[str] = mapped_column(ForeignKey("agency.code"))
    joined: Mapped[datetime] = mapped_column(UtcDateTime)
    departed: Mapped[datetime | None] = mapped_column(UtcDateTime)
    role: Mapped[str | None] = mapped_column(Text)
    data_protection_contact: Mapped[str | None] = mapped_column(Text)
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)


class AgreementSignatureRow(Base):
    """That an agency signed a version's content; who and by what is sealed in `evidence`."""

    __tablename__ = "agreement_signature"
    __table_args__ = (
        Index("ix_agreement_signature_version_id_agency", "version_id", "agency", "recorded_at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    version_id: Mapped[UUID] = mapped_column(ForeignKey("agreement_version.id"))
    agency: Mapped[str] = mapped_column(ForeignKey("agency.code"))
    content_sha256: Mapped[str] = mapped_column(Text)
    role: Mapped[str] = mapped_column(Text)
    means: Mapped[str] = mapped_column(Text)
    signed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    evidence: Mapped[bytes] = mapped_column(LargeBinary)
    recorded_by: Mapped[str] = mapped_column(Text)
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)


class AgreementReviewRow(Base):
    """That a version in force was reviewed; when the next is due, the newest says."""

    __tablename__ = "agreement_review"
    __table_args__ = (
        Index("ix_agreement_review_version_id_recorded_at", "version_id", "recorded_at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    version_id: Mapped[UUID] = mapped_column(ForeignKey("agreement_version.id"))
    outcome: Mapped[str] = mapped_column(Text)
    role: Mapped[str] = mapped_column(Text)
    next_due: Mapped[datetime] = mapped_column(UtcDateTime)
    recorded_by: Mapped[str] = mapped_column(Text)
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)


class FlowRow(Base):
    """One path that an activated version opens; tried in the order of `position`."""

    __tablename__ = "flow"
    __table_args__ = (Unique("version_id", "position"), Unique("version_id", "code"))

    id: Mapped[UUID] = mapped_column(primary_key=True)
    version_id: Mapped[UUID] = mapped_column(ForeignKey("agreement_version.id"))
    position: Mapped[int] = mapped_column(SmallInteger)
    code: Mapped[str] = mapped_column(Text)
    sources: Mapped[list[str]] = mapped_column(Codes)
    recipients: Mapped[list[str]] = mapped_column(Codes)
    purposes: Mapped[list[str]] = mapped_column(Codes)
    categories: Mapped[list[str]] = mapped_column(Codes)
    kinds: Mapped[list[str]] = mapped_column(Codes)
    basis: Mapped[str] = mapped_column(Text)
    law: Mapped[str | None] = mapped_column(Text)
    special_condition: Mapped[str | None] = mapped_column(Text)
    requires: Mapped[str] = mapped_column(Text)
    verbal: Mapped[bool]
    override: Mapped[bool]
    pierces_shield: Mapped[bool]
    practitioner: Mapped[int] = mapped_column(SmallInteger)
