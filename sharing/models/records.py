"""What source agencies deposit, and what they decided to hold back."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ARRAY, ForeignKey, Index, LargeBinary, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Base, UtcDateTime


class RecordRow(Base):
    """One deposit about one subject; `content` is sealed under the subject's data key.

    Past its retention the row stays without content, and says when and why that went. One that
    somebody says is wrong, and that was not put right, is disputed, and what replaces it too.
    """

    __tablename__ = "record"
    __table_args__ = (
        Index(None, "subject_id", "source", "category"),
        Index(None, "source", "id"),
        Index(None, "retain_until", postgresql_where=text("content is not null")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    subject_id: Mapped[UUID] = mapped_column(ForeignKey("subject.id"))
    source: Mapped[str] = mapped_column(ForeignKey("agency.code"))
    category: Mapped[str] = mapped_column(ForeignKey("category.code"))
    content: Mapped[bytes | None] = mapped_column(LargeBinary)
    starts: Mapped[datetime] = mapped_column(UtcDateTime)
    ends: Mapped[datetime | None] = mapped_column(UtcDateTime)
    retain_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    replaces: Mapped[UUID | None] = mapped_column(ForeignKey("record.id"))
    recorded_by: Mapped[str] = mapped_column(Text)
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    removed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    removed_because: Mapped[str | None] = mapped_column(Text)
    disputed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class WithholdRow(Base):
    """A source's decision not to share; Children Act 2004, section 16LA(3)."""

    __tablename__ = "withhold"
    __table_args__ = (Index(None, "source", "id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    source: Mapped[str] = mapped_column(ForeignKey("agency.code"))
    categories: Mapped[list[str]] = mapped_column(ARRAY(Text))
    starts: Mapped[datetime] = mapped_column(UtcDateTime)
    ends: Mapped[datetime | None] = mapped_column(UtcDateTime)
    recorded_by: Mapped[str] = mapped_column(Text)
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    review_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    end_recorded_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    end_recorded_by: Mapped[str | None] = mapped_column(Text)


class WithholdSubjectRow(Base):
    """Whom a withhold is about; `reason` is sealed under that subject's data key."""

    __tablename__ = "withhold_subject"
    __table_args__ = (Index(None, "subject_id"),)

    withhold_id: Mapped[UUID] = mapped_column(ForeignKey("withhold.id"), primary_key=True)
    subject_id: Mapped[UUID] = mapped_column(ForeignKey("subject.id"), primary_key=True)
    reason: Mapped[bytes | None] = mapped_column(LargeBinary)


class DecisionNotToShareRow(Base):
    """That a source was asked and decided not to share; Children Act 2004, section 16LA(3)."""

    __tablename__ = "decision_not_to_share"
    __table_args__ = (Index(None, "source", "id"), Index(None, "subject_id"))

    id: Mapped[UUID] = mapped_column(primary_key=True)
    subject_id: Mapped[UUID] = mapped_column(ForeignKey("subject.id"))
    source: Mapped[str] = mapped_column(ForeignKey("agency.code"))
    asked_by: Mapped[str] = mapped_column(ForeignKey("agency.code"))
    purpose: Mapped[str] = mapped_column(ForeignKey("purpose.code"))
    categories: Mapped[list[str]] = mapped_column(ARRAY(Text))
    because: Mapped[str] = mapped_column(Text)
    reason: Mapped[bytes] = mapped_column(LargeBinary)
    decided_by: Mapped[str] = mapped_column(Text)
    decided_role: Mapped[str] = mapped_column(Text)
    decided_at: Mapped[datetime] = mapped_column(UtcDateTime)
    family_told: Mapped[bool]
    not_told_because: Mapped[bytes | None] = mapped_column(LargeBinary)
    review_at: Mapped[datetime] = mapped_column(UtcDateTime)
    withhold_id: Mapped[UUID | None] = mapped_column(ForeignKey("withhold.id"))
    recorded_by: Mapped[str] = mapped_column(Text)
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)
