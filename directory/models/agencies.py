"""Partner agencies. `agency_period` alone says when one takes part: no status flag."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text
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
