"""Whoever can be asked."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Base, UtcDateTime


class ContactPointRow(Base):
    """Whoever can be asked, as published; `search_text` is what words are compared with."""

    __tablename__ = "contact_point"
    __table_args__ = (
        CheckConstraint(
            """audience in ('"public"', '"practitioners"') or jsonb_typeof(audience) = 'array'""",
            name="audience",
        ),
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
    audience: Mapped[str | list[str]] = mapped_column(JSONB)
    role: Mapped[str | None] = mapped_column(Text)
    holder: Mapped[str | None] = mapped_column(Text)
    opening_hours: Mapped[list[dict[str, Any]]] = mapped_column(
        JSONB, server_default=text("'[]'::jsonb")
    )
    hours_note: Mapped[str | None] = mapped_column(Text)
    assured_on: Mapped[date | None]
    invented: Mapped[bool] = mapped_column(server_default=text("false"))
    ends: Mapped[datetime | None] = mapped_column(UtcDateTime)
    search_text: Mapped[str] = mapped_column(Text)
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)
