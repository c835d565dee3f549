"""Statutory notices, the holidays that their deadlines skip, and handing a family over."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Base, UtcDateTime


class NoticeRow(Base):
    """What one agency had to tell another by a deadline, and what became of it.

    `content` is sealed under the subject's data key. A correction is a row of its own.
    """

    __tablename__ = "notice"
    __table_args__ = (
        Index(None, "recipient", "id"),
        Index(None, "sender", "id"),
        Index(None, "subject_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(Text)
    sender: Mapped[str] = mapped_column(ForeignKey("agency.code"))
    recipient: Mapped[str] = mapped_column(ForeignKey("agency.code"))
    subject_id: Mapped[UUID] = mapped_column(ForeignKey("subject.id"))
    basis: Mapped[str] = mapped_column(Text)
    content: Mapped[bytes | None] = mapped_column(LargeBinary)
    happened_at: Mapped[datetime] = mapped_column(UtcDateTime)
    sent_at: Mapped[datetime] = mapped_column(UtcDateTime)
    deadline: Mapped[datetime] = mapped_column(UtcDateTime)
    retain_until: Mapped[datetime] = mapped_column(UtcDateTime)
    corrects: Mapped[UUID | None] = mapped_column(ForeignKey("notice.id"), unique=True)
    entry_id: Mapped[UUID]
    sent_by: Mapped[str] = mapped_column(Text)
    read_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    read_by: Mapped[str | None] = mapped_column(Text)
    acknowledged_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    acknowledged_by: Mapped[str | None] = mapped_column(Text)
    done: Mapped[str | None] = mapped_column(Text)
    note: Mapped[bytes | None] = mapped_column(LargeBinary)
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    overdue_told_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class SchoolHolidayRow(Base):
    """Days without school; a later list replaces the earlier one."""

    __tablename__ = "school_holiday"
    __table_args__ = (CheckConstraint("first_day <= last_day", name="in_order"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    title: Mapped[str] = mapped_column(Text)
    first_day: Mapped[date]
    last_day: Mapped[date]
    recorded_by: Mapped[str] = mapped_column(Text)
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    replaced_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class EscalationRow(Base):
    """One step up or down: started by the agency that hands over, ended by one of three dates."""

    __tablename__ = "escalation"
    __table_args__ = (
        CheckConstraint("direction in ('step_up', 'step_down')", name="direction"),
        CheckConstraint(
            "num_nonnulls(completed_at, declined_at, withdrawn_at) <= 1", name="ends_once"
        ),
        Index(None, "from_agency", "id"),
        Index(None, "to_agency", "id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    direction: Mapped[str] = mapped_column(Text)
    from_agency: Mapped[str] = mapped_column(ForeignKey("agency.code"))
    to_agency: Mapped[str] = mapped_column(ForeignKey("agency.code"))
    from_lead: Mapped[str] = mapped_column(Text)
    to_lead: Mapped[str] = mapped_column(Text)
    from_contact: Mapped[str | None] = mapped_column(Text)
    to_contact: Mapped[str | None] = mapped_column(Text)
    basis: Mapped[str] = mapped_column(Text)
    duty: Mapped[str | None] = mapped_column(Text)
    recorded_by: Mapped[str] = mapped_column(Text)
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    completed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    declined_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class EscalationSubjectRow(Base):
    """Whom it is about; `reason` is sealed under that subject's data key."""

    __tablename__ = "escalation_subject"
    __table_args__ = (Index(None, "subject_id"),)

    escalation_id: Mapped[UUID] = mapped_column(ForeignKey("escalation.id"), primary_key=True)
    subject_id: Mapped[UUID] = mapped_column(ForeignKey("subject.id"), primary_key=True)
    reason: Mapped[bytes] = mapped_column(LargeBinary)
    entry_id: Mapped[UUID | None]
