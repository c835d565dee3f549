"""Drafts that wait for a second person, what people report, and who was reminded of what."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Index,
    LargeBinary,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Base, UtcDateTime


class DraftRow(Base):
    """A change of one record and of those it holds; `parts` says what each was made from."""

    __tablename__ = "draft"
    __table_args__ = (
        CheckConstraint("decision in ('approved', 'rejected', 'withdrawn')", name="decision"),
        CheckConstraint(
            "(decision is null) = (decided_at is null)"
            " and (decision is null) = (decided_by is null)",
            name="decided",
        ),
        Index("ix_draft_waiting", "id", postgresql_where=text("decided_at is null")),
        Index("ix_draft_kind_record", "kind", "record"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(Text)
    record: Mapped[UUID]
    parts: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    origin: Mapped[str] = mapped_column(Text)
    note: Mapped[str | None] = mapped_column(Text)
    owner: Mapped[str | None] = mapped_column(Text, ForeignKey("agency.code"))
    author: Mapped[str] = mapped_column(Text)
    agency: Mapped[str | None] = mapped_column(Text)
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    decision: Mapped[str | None] = mapped_column(Text)
    decided_by: Mapped[str | None] = mapped_column(Text)
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    reason: Mapped[str | None] = mapped_column(Text)


class ReportRow(Base):
    """Something that somebody says is wrong; `reply_to` and `sender` are forgotten in time."""

    __tablename__ = "directory_report"
    __table_args__ = (
        CheckConstraint("outcome in ('corrected', 'nothing_wrong', 'passed_on')", name="outcome"),
        CheckConstraint(
            "(outcome is null) = (resolved_at is null)"
            " and (outcome is null) = (resolved_by is null)"
            " and (resolved_at is null or reply_to is null)",
            name="resolved",
        ),
        Index("ix_directory_report_open", "id", postgresql_where=text("resolved_at is null")),
        Index("ix_directory_report_recorded_at", "recorded_at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(Text)
    record: Mapped[UUID]
    version: Mapped[int]
    about: Mapped[str] = mapped_column(Text)
    text: Mapped[str] = mapped_column(Text)
    reply_to: Mapped[str | None] = mapped_column(Text)
    sender: Mapped[bytes | None] = mapped_column(LargeBinary)
    client: Mapped[str | None] = mapped_column(Text)
    draft: Mapped[UUID | None] = mapped_column(ForeignKey("draft.id"))
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    outcome: Mapped[str | None] = mapped_column(Text)
    resolved_by: Mapped[str | None] = mapped_column(Text)
    resolved_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    note: Mapped[str | None] = mapped_column(Text)


class ReminderRow(Base):
    """That whoever vouches for a service is asked, once for each stage of its ageing.

    `letter` is the mail that it goes in; `version` is what the service was then.
    """

    __tablename__ = "reminder"
    __table_args__ = (
        UniqueConstraint("service", "since", "stage"),
        Index("ix_reminder_letter", "letter"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    service: Mapped[UUID]
    since: Mapped[date]
    stage: Mapped[int]
    version: Mapped[int]
    address: Mapped[str] = mapped_column(Text)
    letter: Mapped[UUID]
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
