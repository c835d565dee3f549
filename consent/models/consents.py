"""What was said: consents, what became of them, and whether a child could decide.

These rows are never changed: what stood at an instant must stay provable after it changed.
"""

from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Base
from consent.models.columns import (
    Codes,
    Id,
    Instant,
    Line,
    OfAgency,
    OfSubject,
    Recorded,
    in_order,
    one_of,
)


class ConsentRow(Recorded, Base):
    """One answer of one person, as it was recorded (UK GDPR, Article 7(1))."""

    __tablename__ = "consent"
    __table_args__ = (
        one_of("kind", "family_agreement", "data_consent"),
        one_of("answer", "given", "refused"),
        one_of("method", "written", "verbal"),
        CheckConstraint("valid_from < valid_until", name="in_order"),
        ForeignKeyConstraint(
            ["notice_code", "notice_version", "notice_language"],
            ["privacy_notice.code", "privacy_notice.version", "privacy_notice.language"],
            name="fk_consent_notice",
        ),
        CheckConstraint(
            "answer = 'refused' or not '*' = any (recipients)", name="a_yes_names_whom"
        ),
        CheckConstraint(
            "cardinality(recipients) > 0 and cardinality(purposes) > 0"
            " and cardinality(categories) > 0 and cardinality(sources) > 0",
            name="says_to_what",
        ),
    )

    id: Mapped[Id]
    kind: Mapped[Line]
    given_by: Mapped[OfSubject]
    capacity: Mapped[Line]
    answer: Mapped[Line]
    method: Mapped[Line]
    valid_from: Mapped[Instant | None]
    valid_until: Mapped[Instant | None]
    replaces: Mapped[UUID | None] = mapped_column(ForeignKey("consent.id"), unique=True)
    recipients: Mapped[Codes]
    purposes: Mapped[Codes]
    categories: Mapped[Codes]
    sources: Mapped[Codes]
    agreements: Mapped[Codes] = mapped_column(server_default=text("'{}'"))
    notice_version: Mapped[Line]
    notice_language: Mapped[Line]
    notice_code: Mapped[Line | None]
    notice_sha256: Mapped[Line | None]
    recorder_id: Mapped[Line]
    recorder_role: Mapped[Line]
    evidence: Mapped[bytes | None]


class ConsentSubjectRow(Base):
    """Whom a consent is about; each of a family is a subject of their own."""

    __tablename__ = "consent_subject"

    subject_id: Mapped[OfSubject] = mapped_column(primary_key=True)
    consent_id: Mapped[UUID] = mapped_column(ForeignKey("consent.id"), primary_key=True, index=True)


class ConsentEventRow(Recorded, Base):
    """What became of a consent: confirmed in writing, or withdrawn; each can happen once."""

    __tablename__ = "consent_event"
    __table_args__ = (one_of("kind", "confirmed", "withdrawn"),)

    consent_id: Mapped[UUID] = mapped_column(ForeignKey("consent.id"), primary_key=True)
    kind: Mapped[str] = mapped_column(Text, primary_key=True)


class CompetenceAssessmentRow(Recorded, Base):
    """Whether somebody found a child able to decide on one purpose (Gillick)."""

    __tablename__ = "competence_assessment"
    __table_args__ = (in_order("assessed_at", "until"),)

    id: Mapped[Id]
    subject_id: Mapped[OfSubject] = mapped_column(index=True)
    purpose: Mapped[str] = mapped_column(Text, ForeignKey("purpose.code"))
    competent: Mapped[bool]
    assessed_at: Mapped[Instant]
    until: Mapped[Instant | None]
    assessor_name: Mapped[bytes | None]
    assessor_role: Mapped[Line]
    assessor_agency: Mapped[OfAgency | None]
