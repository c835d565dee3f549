"""What protects a subject: shields, and practitioners who must not see them."""

from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Base
from consent.models.columns import Codes, Id, Instant, Line, OfSubject, Recorded, in_order, one_of


class ShieldRow(Recorded, Base):
    """A shield; only its end can be changed, and who ended it is kept."""

    __tablename__ = "shield"
    __table_args__ = (
        in_order(),
        one_of("mode", "hidden", "masked"),
        CheckConstraint(
            "(mode = 'masked') = (cardinality(categories) > 0)", name="masked_names_categories"
        ),
    )

    id: Mapped[Id]
    mode: Mapped[Line]
    categories: Mapped[Codes]
    unaffected: Mapped[Codes]
    starts: Mapped[Instant]
    ends: Mapped[Instant | None]
    set_by: Mapped[Line]
    end_recorded_at: Mapped[Instant | None]
    end_recorded_by_client: Mapped[Line | None]


class ShieldSubjectRow(Base):
    """Whom a shield protects; the reason is sealed for each, and gone once they are erased."""

    __tablename__ = "shield_subject"

    subject_id: Mapped[OfSubject] = mapped_column(primary_key=True)
    shield_id: Mapped[UUID] = mapped_column(ForeignKey("shield.id"), primary_key=True, index=True)
    reason: Mapped[bytes | None]


class ShieldReviewRow(Recorded, Base):
    """That a person looked at a shield again and let it stand."""

    __tablename__ = "shield_review"

    id: Mapped[Id]
    shield_id: Mapped[UUID] = mapped_column(ForeignKey("shield.id"), index=True)
    reviewed_by: Mapped[Line]


class ConflictOfInterestRow(Recorded, Base):
    """That a practitioner, by their agency's opaque staff id, must not see a subject."""

    __tablename__ = "conflict_of_interest"
    __table_args__ = (in_order(),)

    id: Mapped[Id]
    subject_id: Mapped[OfSubject] = mapped_column(index=True)
    practitioner: Mapped[Line]
    starts: Mapped[Instant | None]
    ends: Mapped[Instant | None]
    reason: Mapped[bytes]
