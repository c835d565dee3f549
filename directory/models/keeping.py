"""Who keeps the directory for all, and what entries were before they were changed in place."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Base, UtcDateTime


class DirectoryKeeperRow(Base):
    """An interval in which an agency keeps the directory for all; only its end ever changes."""

    __tablename__ = "directory_keeper"
    __table_args__ = (
        CheckConstraint("ends is null or ends >= starts", name="in_order"),
        CheckConstraint("(ends is null) = (ended_by is null)", name="ended"),
        Index(
            "uq_directory_keeper_agency_open",
            "agency",
            unique=True,
            postgresql_where="ends is null",
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    agency: Mapped[str] = mapped_column(Text, ForeignKey("agency.code"))
    starts: Mapped[datetime] = mapped_column(UtcDateTime)
    ends: Mapped[datetime | None] = mapped_column(UtcDateTime)
    author: Mapped[str] = mapped_column(Text)
    ended_by: Mapped[str | None] = mapped_column(Text)
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)


class EntryVersionRow(Base):
    """What an entry was from an instant: rows are only ever added."""

    __tablename__ = "entry_version"
    __table_args__ = (
        CheckConstraint("kind in ('contact_point', 'area', 'coverage', 'cover')", name="kind"),
    )

    kind: Mapped[str] = mapped_column(Text, primary_key=True)
    entry: Mapped[str] = mapped_column(Text, primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    document: Mapped[dict[str, Any]] = mapped_column(JSONB)
    author: Mapped[str | None] = mapped_column(Text)
    agency: Mapped[str | None] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
