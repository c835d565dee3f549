"""Imports as they go on, what they refused and flagged, and pairs that may be one service."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Double,
    ForeignKey,
    Index,
    LargeBinary,
    Text,
    UniqueConstraint,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Base, UtcDateTime


class DirectoryImportRow(Base):
    """One import; `fingerprint` tells its source from every other, `failure` why it was ended."""

    __tablename__ = "directory_import"
    __table_args__ = (
        CheckConstraint("failure in ('given_up', 'superseded')", name="failure"),
        CheckConstraint("failure is null or ended_at is not null", name="failed"),
        Index("ix_directory_import_fingerprint", "fingerprint"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    source: Mapped[str] = mapped_column(Text)
    fingerprint: Mapped[str] = mapped_column(Text)
    source_name: Mapped[str | None] = mapped_column(Text)
    licence: Mapped[str | None] = mapped_column(Text)
    owner: Mapped[str | None] = mapped_column(Text, ForeignKey("agency.code"))
    author: Mapped[str] = mapped_column(Text)
    agency: Mapped[str | None] = mapped_column(Text)
    begun_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    rows_done: Mapped[int] = mapped_column(BigInteger)
    rows_expected: Mapped[int | None] = mapped_column(BigInteger)
    failure: Mapped[str | None] = mapped_column(Text)
    counts: Mapped[dict[str, Any]] = mapped_column(JSONB)


class DirectoryImportBatchRow(Base):
    """Some rows of an import: waiting with their content, or done, with what they named."""

    __tablename__ = "directory_import_batch"

    import_id: Mapped[UUID] = mapped_column(ForeignKey("directory_import.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    first_row: Mapped[int] = mapped_column(BigInteger)
    content: Mapped[bytes | None] = mapped_column(LargeBinary)
    seen: Mapped[bytes | None] = mapped_column(LargeBinary)


class DirectoryImportNoteRow(Base):
    """What an import refused (the whole row) or flagged (the row is on file as it came)."""

    __tablename__ = "directory_import_note"

    import_id: Mapped[UUID] = mapped_column(ForeignKey("directory_import.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    refused: Mapped[bool]
    place: Mapped[str] = mapped_column(Text)
    pointer: Mapped[str] = mapped_column(Text)
    detail: Mapped[str] = mapped_column(Text)


class DirectoryMatchKeyRow(Base):
    """Something a service shares with what may be the same one; as of its `changed_at`."""

    __tablename__ = "directory_match_key"
    __table_args__ = (Index("ix_directory_match_key_key", "key"),)

    service: Mapped[UUID] = mapped_column(primary_key=True)
    key: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)


class DirectoryDuplicateRow(Base):
    """Two services, the smaller id first, that may be one; what was decided stays decided."""

    __tablename__ = "directory_duplicate"
    __table_args__ = (
        UniqueConstraint("one", "other", name="uq_directory_duplicate_one_other"),
        CheckConstraint("decision in ('same', 'different')", name="decision"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    one: Mapped[UUID]
    other: Mapped[UUID]
    score: Mapped[float] = mapped_column(Double)
    reasons: Mapped[list[str]] = mapped_column(JSONB)
    found_at: Mapped[datetime] = mapped_column(UtcDateTime)
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    decision: Mapped[str | None] = mapped_column(Text)
    note: Mapped[str | None] = mapped_column(Text)
    author: Mapped[str | None] = mapped_column(Text)
    agency: Mapped[str | None] = mapped_column(Text)
