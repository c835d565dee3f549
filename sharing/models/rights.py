"""People's rights: holds, how long classes of record are kept, access packs and rectifications."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    CheckConstraint,
    Date,
    ForeignKey,
    Index,
    LargeBinary,
    Text,
    Uuid,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Base, UtcDateTime


class LegalHoldRow(Base):
    """That nothing of a subject, or of an agency's period, may be erased; its words are sealed."""

    __tablename__ = "legal_hold"
    __table_args__ = (
        CheckConstraint("(subject_id is null) <> (agency is null)", name="of_one_thing"),
        CheckConstraint(
            "agency is not null or (starts is null and ends is null)", name="period_of_agency"
        ),
        CheckConstraint("starts < ends", name="in_order"),
        CheckConstraint("(released_at is null) = (released_by is null)", name="released"),
        Index(
            "ix_legal_hold_standing",
            "subject_id",
            "agency",
            postgresql_where=text("released_at is null"),
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    subject_id: Mapped[UUID | None] = mapped_column(ForeignKey("subject.id"))
    agency: Mapped[str | None] = mapped_column(Text, ForeignKey("agency.code"))
    starts: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ends: Mapped[datetime | None] = mapped_column(UtcDateTime)
    words: Mapped[bytes | None] = mapped_column(LargeBinary)
    set_by: Mapped[str] = mapped_column(Text)
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    recorded_by_client: Mapped[str] = mapped_column(Text)
    recorded_by_agency: Mapped[str] = mapped_column(Text, ForeignKey("agency.code"))
    released_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    released_by: Mapped[str | None] = mapped_column(Text)
    release_words: Mapped[bytes | None] = mapped_column(LargeBinary)


class RetentionClassRow(Base):
    """How long one class of record is kept, as it was signed off; the newest started one holds."""

    __tablename__ = "retention_class"
    __table_args__ = (
        CheckConstraint(
            "code in ('record', 'consent', 'disclosure_opening', 'access_pack',"
            " 'decision_not_to_share', 'escalation')",
            name="code",
        ),
        CheckConstraint("months > 0", name="months"),
        Index(None, "code", "recorded_at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(Text)
    months: Mapped[int]
    erasable: Mapped[bool]
    starts: Mapped[datetime] = mapped_column(UtcDateTime)
    signed_by: Mapped[str] = mapped_column(Text)
    authority: Mapped[str] = mapped_column(Text)
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    recorded_by_client: Mapped[str] = mapped_column(Text)
    recorded_by_agency: Mapped[str] = mapped_column(Text, ForeignKey("agency.code"))


class AccessPackRow(Base):
    """What is told to a person who asks what is held of them; all words are sealed with their key.

    UK GDPR, Articles 12 and 15.
    """

    __tablename__ = "access_pack"
    __table_args__ = (
        CheckConstraint("capacity in ('self', 'parent', 'representative')", name="capacity"),
        CheckConstraint("state in ('needs_review', 'ready', 'refused')", name="state"),
        CheckConstraint("(reviewed_at is null) = (reviewed_by is null)", name="reviewed"),
        CheckConstraint("(state = 'ready') = (made_at is not null)", name="made"),
        Index(
            "ix_access_pack_waiting", "due", "id", postgresql_where=text("state = 'needs_review'")
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    subject_id: Mapped[UUID] = mapped_column(ForeignKey("subject.id"), index=True)
    asked_by: Mapped[UUID | None] = mapped_column(ForeignKey("subject.id"))
    capacity: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(Text)
    cautions: Mapped[list[str]] = mapped_column(ARRAY(Text))
    request: Mapped[bytes] = mapped_column(LargeBinary)
    taken_by: Mapped[str] = mapped_column(Text)
    asked_on: Mapped[date] = mapped_column(Date)
    due: Mapped[date] = mapped_column(Date)
    extended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    extension: Mapped[bytes | None] = mapped_column(LargeBinary)
    reviewed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    reviewed_by: Mapped[str | None] = mapped_column(Text)
    review: Mapped[bytes | None] = mapped_column(LargeBinary)
    content: Mapped[bytes | None] = mapped_column(LargeBinary)
    made_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    recorded_by_client: Mapped[str] = mapped_column(Text)
    recorded_by_agency: Mapped[str] = mapped_column(Text, ForeignKey("agency.code"))


class RectificationRow(Base):
    """What somebody said was wrong in a record, and what its source made of that.

    It outlives the record, whose id is no reference. UK GDPR, Articles 16 and 18.
    """

    __tablename__ = "rectification"
    __table_args__ = (
        CheckConstraint("outcome in ('corrected', 'refused')", name="outcome"),
        CheckConstraint("(outcome = 'corrected') = (new_record_id is not null)", name="corrected"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    subject_id: Mapped[UUID] = mapped_column(ForeignKey("subject.id"), index=True)
    record_id: Mapped[UUID]
    new_record_id: Mapped[UUID | None]
    source: Mapped[str] = mapped_column(Text, ForeignKey("agency.code"))
    category: Mapped[str] = mapped_column(Text, ForeignKey("category.code"))
    outcome: Mapped[str] = mapped_column(Text)
    disputed: Mapped[bool]
    said: Mapped[bytes] = mapped_column(LargeBinary)
    decided_by: Mapped[str] = mapped_column(Text)
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    recorded_by_client: Mapped[str] = mapped_column(Text)


class RectificationRecipientRow(Base):
    """Who received that category before, by which disclosures (UK GDPR, Article 19)."""

    __tablename__ = "rectification_recipient"

    rectification_id: Mapped[UUID] = mapped_column(ForeignKey("rectification.id"), primary_key=True)
    agency: Mapped[str] = mapped_column(Text, ForeignKey("agency.code"), primary_key=True)
    disclosures: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid))
