"""What past recipients must hear, one row for each of them, and what they did."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, LargeBinary, Text, UniqueConstraint, Uuid
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Base, UtcDateTime


class EventRow(Base):
    """That an agency must hear of something; row-level security shows each its own."""

    __tablename__ = "event"
    __table_args__ = (UniqueConstraint("kind", "fact", "agency"), Index(None, "agency", "id"))

    id: Mapped[UUID] = mapped_column(primary_key=True)
    agency: Mapped[str] = mapped_column(Text, ForeignKey("agency.code"))
    kind: Mapped[str] = mapped_column(Text)
    fact: Mapped[UUID]
    disclosures: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    acknowledged_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    acknowledged_by: Mapped[str | None] = mapped_column(Text)
    done: Mapped[str | None] = mapped_column(Text)
    note: Mapped[bytes | None] = mapped_column(LargeBinary)
