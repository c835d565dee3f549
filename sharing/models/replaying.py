"""Replays of requests against drafts of agreements, and what each draft would change."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, ForeignKey, Index, Text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Base, UtcDateTime


class AgreementPreviewRow(Base):
    """One replay: the very words that are replayed, how far it is, and its counts so far."""

    __tablename__ = "agreement_preview"
    __table_args__ = (Index(None, "version_id", "id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    version_id: Mapped[UUID] = mapped_column(ForeignKey("agreement_version.id"))
    content: Mapped[str] = mapped_column(Text)
    content_sha256: Mapped[str] = mapped_column(Text)
    members: Mapped[list[str]] = mapped_column(ARRAY(Text))
    since: Mapped[datetime] = mapped_column(UtcDateTime)
    until: Mapped[datetime] = mapped_column(UtcDateTime)
    agency: Mapped[str] = mapped_column(ForeignKey("agency.code"))
    requested_by: Mapped[str] = mapped_column(Text)
    entry_id: Mapped[UUID]
    begun_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    failed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    failed_because: Mapped[str | None] = mapped_column(Text)
    part: Mapped[str] = mapped_column(Text)
    recipient: Mapped[str | None] = mapped_column(Text)
    after_id: Mapped[UUID | None]
    counts: Mapped[dict[str, Any]] = mapped_column(JSONB)


class AgreementPreviewDifferenceRow(Base):
    """One answer that the draft would change; row-level security shows whom the log would."""

    __tablename__ = "agreement_preview_difference"

    preview_id: Mapped[UUID] = mapped_column(ForeignKey("agreement_preview.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    part: Mapped[str] = mapped_column(Text)
    change: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    entry: Mapped[UUID | None]
    subject: Mapped[UUID | None]
    recipient: Mapped[str] = mapped_column(Text)
    source: Mapped[str] = mapped_column(Text)
    purpose: Mapped[str] = mapped_column(Text)
    kind: Mapped[str] = mapped_column(Text)
    before: Mapped[str] = mapped_column(Text)
    after: Mapped[str] = mapped_column(Text)
    told_before: Mapped[list[str]] = mapped_column(ARRAY(Text))
    told_after: Mapped[list[str]] = mapped_column(ARRAY(Text))
