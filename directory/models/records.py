"""Records of the directory in the standard's form, and every version that each has had.

The document is the truth; the other columns are read out of it, so that queries need not open it.
"""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, Text, Uuid
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Base, UtcDateTime

_KINDS = "kind in ('organization', 'service', 'location', 'taxonomy', 'taxonomy_term')"


class DirectoryRecordRow(Base):
    """A record as it stands; `public_name` is the name that anyone could last read."""

    __tablename__ = "directory_record"
    __table_args__ = (
        CheckConstraint(_KINDS, name="kind"),
        Index("ix_directory_record_organization_id", "organization_id"),
        Index("ix_directory_record_location_ids", "location_ids", postgresql_using="gin"),
        Index("ix_directory_record_term_ids", "term_ids", postgresql_using="gin"),
        Index("ix_directory_record_kind_name_id", "kind", "name", "id"),
        Index("ix_directory_record_owner", "owner"),
    )

    kind: Mapped[str] = mapped_column(Text, primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    document: Mapped[dict[str, Any]] = mapped_column(JSONB)
    version: Mapped[int]
    name: Mapped[str | None] = mapped_column(Text)
    status: Mapped[str | None] = mapped_column(Text)
    organization_id: Mapped[UUID | None]
    taxonomy_id: Mapped[UUID | None]
    parent_id: Mapped[UUID | None]
    location_ids: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid))
    term_ids: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid))
    last_modified: Mapped[datetime | None] = mapped_column(UtcDateTime)
    assured_on: Mapped[date | None]
    owner: Mapped[str | None] = mapped_column(Text, ForeignKey("agency.code"))
    source: Mapped[str | None] = mapped_column(Text)
    licence: Mapped[str | None] = mapped_column(Text)
    public_name: Mapped[str | None] = mapped_column(Text)
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)


class DirectoryVersionRow(Base):
    """One version of a record; rows are only ever added."""

    __tablename__ = "directory_version"

    kind: Mapped[str] = mapped_column(Text, primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    document: Mapped[dict[str, Any]] = mapped_column(JSONB)
    origin: Mapped[str] = mapped_column(Text)
    author: Mapped[str] = mapped_column(Text)
    agency: Mapped[str | None] = mapped_column(Text)
    approved_by: Mapped[str | None] = mapped_column(Text)
    note: Mapped[str | None] = mapped_column(Text)
    source: Mapped[str | None] = mapped_column(Text)
    licence: Mapped[str | None] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class DirectoryStateRow(Base):
    """One row: how many changes the directory has seen, which tells one state from another."""

    __tablename__ = "directory_state"
    __table_args__ = (CheckConstraint("id = 1", name="one_row"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    changes: Mapped[int] = mapped_column(BigInteger)
