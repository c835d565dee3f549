"""Requests to take the whole log out, which a second person must approve."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, LargeBinary, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Base, UtcDateTime


class LogExportRequestRow(Base):
    """Who wants the log and why, who else agreed, and when it was taken; the reason is sealed."""

    __tablename__ = "log_export_request"
    __table_args__ = (
        CheckConstraint("openings in ('facts', 'people')", name="openings"),
        CheckConstraint("lower(approved_by) <> lower(requested_by)", name="by_two"),
        CheckConstraint(
            "num_nulls(approved_by, approved_agency, approved_at) in (0, 3)", name="approved"
        ),
        CheckConstraint("taken_at is null or approved_at is not null", name="taken_when_approved"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    openings: Mapped[str] = mapped_column(Text)
    reason: Mapped[bytes] = mapped_column(LargeBinary)
    agency: Mapped[str] = mapped_column(ForeignKey("agency.code"))
    requested_by: Mapped[str] = mapped_column(Text)
    requested_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    approved_by: Mapped[str | None] = mapped_column(Text)
    approved_agency: Mapped[str | None] = mapped_column(ForeignKey("agency.code"))
    approved_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    taken_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
