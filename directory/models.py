"""Tables of the directory. `agency_period` alone says when an agency takes part: no status flag."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Base, UtcDateTime


class AgencyRow(Base):
    """A partner agency."""

    __tablename__ = "agency"

    code: Mapped[str] = mapped_column(Text, primary_key=True)
    name: Mapped[str] = mapped_column(Text)
    kind: Mapped[str] = mapped_column(Text)
    sensitive_service: Mapped[bool]
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)


class AgencyPeriodRow(Base):
    """An interval in which an agency takes part; only its end ever changes."""

    __tablename__ = "agency_period"
    __table_args__ = (
        CheckConstraint("ends is null or ends >= starts", name="in_order"),
        Index("ix_agency_period_agency_starts", "agency", "starts"),
        Index(
            "uq_agency_period_agency_open", "agency", unique=True, postgresql_where="ends is null"
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    agency: Mapped[str] = mapped_column(Text, ForeignKey("agency.code"))
    starts: Mapped[datetime] = mapped_column(UtcDateTime)
    ends: Mapped[datetime | None] = mapped_column(UtcDateTime)
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)


class ContactPointRow(Base):
    """Whoever can be asked, as published; `search_text` is what words are compared with."""

    __tablename__ = "contact_point"
    __table_args__ = (
        CheckConstraint("audience in ('public', 'protected')", name="audience"),
        Index("ix_contact_point_city_name_id", "city", "name", "id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(Text, unique=True)
    city: Mapped[str] = mapped_column(Text)
    kind: Mapped[str] = mapped_column(Text)
    name: Mapped[str] = mapped_column(Text)
    area: Mapped[str | None] = mapped_column(Text)
    for_whom: Mapped[str | None] = mapped_column(Text)
    phone_as_published: Mapped[str | None] = mapped_column(Text)
    phone_e164: Mapped[str | None] = mapped_column(Text)
    phone_fault: Mapped[str | None] = mapped_column(Text)
    email_as_published: Mapped[str | None] = mapped_column(Text)
    email_fault: Mapped[str | None] = mapped_column(Text)
    more: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default=text("'{}'::jsonb"))
    document_title: Mapped[str] = mapped_column(Text)
    document_as_of: Mapped[str] = mapped_column(Text)
    document_note: Mapped[str | None] = mapped_column(Text)
    agency: Mapped[str | None] = mapped_column(Text, ForeignKey("agency.code"))
    audience: Mapped[str] = mapped_column(Text)
    search_text: Mapped[str] = mapped_column(Text)
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)
