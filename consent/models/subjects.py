"""Who is known: subjects, how they are found, who decides for them, who lives with them."""

from uuid import UUID

from sqlalchemy import ForeignKey, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Base
from consent.models.columns import Id, Instant, Line, OfSubject, Recorded, in_order


class SubjectRow(Recorded, Base):
    """A subject. Without its wrapped key nothing sealed about it opens again: it is erased."""

    __tablename__ = "subject"
    __table_args__ = (in_order(),)

    id: Mapped[Id]
    adult: Mapped[bool]
    born: Mapped[bytes | None]
    names: Mapped[bytes | None]
    key_id: Mapped[Line]
    wrapped_key: Mapped[bytes | None]
    starts: Mapped[Instant | None]
    ends: Mapped[Instant | None]


class SubjectIdentifierRow(Recorded, Base):
    """One identifier, found by its keyed digest; the value itself is sealed."""

    __tablename__ = "subject_identifier"

    digest: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    subject_id: Mapped[OfSubject] = mapped_column(index=True)
    scheme: Mapped[Line]
    value: Mapped[bytes]


class RelationshipRow(Recorded, Base):
    """What a person is to a subject, and whether with parental responsibility."""

    __tablename__ = "relationship"
    __table_args__ = (in_order(),)

    id: Mapped[Id]
    subject_id: Mapped[OfSubject] = mapped_column(index=True)
    person_id: Mapped[OfSubject]
    kind: Mapped[Line]
    parental_responsibility: Mapped[bool]
    starts: Mapped[Instant | None]
    ends: Mapped[Instant | None]


class NoSayRow(Recorded, Base):
    """That an adult's word stops counting for a subject, and what that rests on."""

    __tablename__ = "no_say"
    __table_args__ = (in_order(),)

    id: Mapped[Id]
    relationship_id: Mapped[UUID] = mapped_column(ForeignKey("relationship.id"), index=True)
    starts: Mapped[Instant]
    ends: Mapped[Instant | None]
    evidence: Mapped[bytes]


class HouseholdMemberRow(Recorded, Base):
    """That a subject is named in another's household; a later list replaces the earlier one."""

    __tablename__ = "household_member"
    __table_args__ = (in_order(),)

    id: Mapped[Id]
    subject_id: Mapped[OfSubject] = mapped_column(index=True)
    member_id: Mapped[OfSubject]
    starts: Mapped[Instant | None]
    ends: Mapped[Instant | None]
    replaced_at: Mapped[Instant | None]
