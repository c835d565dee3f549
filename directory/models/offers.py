"""What agencies offer, and how they keep the partnership's pledges: rows are only ever added."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text, Uuid
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Base, UtcDateTime


class LocalOfferRow(Base):
    """A local offer as it was put; the highest number is what holds."""

    __tablename__ = "local_offer"
    __table_args__ = (
        CheckConstraint("ends is null or ends >= starts", name="in_order"),
        CheckConstraint("audience in ('public', 'practitioners')", name="audience"),
        Index("ix_local_offer_agency", "agency"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    agency: Mapped[str] = mapped_column(Text, ForeignKey("agency.code"))
    title: Mapped[str] = mapped_column(Text)
    summary: Mapped[str] = mapped_column(Text)
    url: Mapped[str | None] = mapped_column(Text)
    who_for: Mapped[str] = mapped_column(Text)
    levels: Mapped[list[str]] = mapped_column(ARRAY(Text))
    services: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid))
    starts: Mapped[date]
    ends: Mapped[date | None]
    audience: Mapped[str] = mapped_column(Text)
    author: Mapped[str] = mapped_column(Text)
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)


class PledgeRow(Base):
    """How an agency keeps a pledge; without `kept_since` it does not. The highest number holds."""

    __tablename__ = "pledge"
    __table_args__ = (
        CheckConstraint(
            "pledge in ('designated_lead_named', 'staff_trained', 'offer_published',"
            " 'easy_access', 'evidence_of_impact')",
            name="pledge",
        ),
        CheckConstraint("designated_lead is null or pledge = 'designated_lead_named'", name="lead"),
        CheckConstraint(
            "kept_since is null or evidence is not null or url is not null"
            " or designated_lead is not null",
            name="kept",
        ),
    )

    agency: Mapped[str] = mapped_column(Text, ForeignKey("agency.code"), primary_key=True)
    pledge: Mapped[str] = mapped_column(Text, primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    kept_since: Mapped[date | None]
    evidence: Mapped[str | None] = mapped_column(Text)
    url: Mapped[str | None] = mapped_column(Text)
    designated_lead: Mapped[str | None] = mapped_column(Text)
    author: Mapped[str] = mapped_column(Text)
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)
