"""What shows that something was said: signed forms and notes, sealed, and who has read them."""

from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Base
from consent.models.columns import Id, Instant, Line, OfAgency, Recorded


class ConsentEvidenceRow(Recorded, Base):
    """A file or note, sealed under the key of whoever gave the consent; never changed."""

    __tablename__ = "consent_evidence"
    __table_args__ = (CheckConstraint("size > 0", name="not_empty"),)

    id: Mapped[Id]
    consent_id: Mapped[UUID] = mapped_column(ForeignKey("consent.id"), index=True)
    media_type: Mapped[Line]
    size: Mapped[int]
    sha256: Mapped[bytes]
    content: Mapped[bytes]


class ConsentEvidenceReadRow(Base):
    """That somebody opened a piece of evidence; one whose id is the consent's is its first note."""

    __tablename__ = "consent_evidence_read"

    id: Mapped[Id]
    consent_id: Mapped[UUID] = mapped_column(ForeignKey("consent.id"), index=True)
    evidence_id: Mapped[UUID]
    read_at: Mapped[Instant]
    read_by_client: Mapped[Line]
    read_by_agency: Mapped[OfAgency]
    practitioner: Mapped[str | None] = mapped_column(Text)
