"""Areas, who answers for them, who stands in, the cities' levels of need, and schools."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ARRAY, CheckConstraint, ForeignKey, Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Base, UtcDateTime


class AreaRow(Base):
    """A part of a city as those who help families divide it, for a period."""

    __tablename__ = "area"
    __table_args__ = (
        CheckConstraint(
            "kind in ('city', 'hub_area', 'cluster', 'locality', 'local_area_team')", name="kind"
        ),
        Index("ix_area_city_kind", "city", "kind"),
    )

    code: Mapped[str] = mapped_column(Text, primary_key=True)
    kind: Mapped[str] = mapped_column(Text)
    city: Mapped[str] = mapped_column(Text)
    name: Mapped[str] = mapped_column(Text)
    starts: Mapped[datetime] = mapped_column(UtcDateTime)
    ends: Mapped[datetime | None] = mapped_column(UtcDateTime)
    note: Mapped[str | None] = mapped_column(Text)
    invented: Mapped[bool]
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)


class AreaPartRow(Base):
    """A district, a ward or a single postcode that an area is made of, for a period."""

    __tablename__ = "area_part"
    __table_args__ = (
        CheckConstraint("kind in ('district', 'ward', 'postcode')", name="kind"),
        Index("ix_area_part_kind_code", "kind", "code"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    area: Mapped[str] = mapped_column(Text, ForeignKey("area.code"), index=True)
    kind: Mapped[str] = mapped_column(Text)
    code: Mapped[str] = mapped_column(Text)
    starts: Mapped[datetime] = mapped_column(UtcDateTime)
    ends: Mapped[datetime | None] = mapped_column(UtcDateTime)
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)


class CoverageRow(Base):
    """That a contact point answers for a place at some levels of need, for a period."""

    __tablename__ = "coverage"
    __table_args__ = (
        CheckConstraint("kind in ('area', 'district', 'ward', 'postcode')", name="kind"),
        Index("ix_coverage_kind_place", "kind", "place"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    contact_point: Mapped[UUID] = mapped_column(ForeignKey("contact_point.id"), index=True)
    kind: Mapped[str] = mapped_column(Text)
    place: Mapped[str] = mapped_column(Text)
    levels: Mapped[list[str]] = mapped_column(ARRAY(Text))
    starts: Mapped[datetime] = mapped_column(UtcDateTime)
    ends: Mapped[datetime | None] = mapped_column(UtcDateTime)
    position: Mapped[int]
    note: Mapped[str | None] = mapped_column(Text)
    invented: Mapped[bool]
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)


class ContactCoverRow(Base):
    """That one contact point answers while another is away, for a period."""

    __tablename__ = "contact_cover"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    contact_point: Mapped[UUID] = mapped_column(ForeignKey("contact_point.id"), index=True)
    covered_by: Mapped[UUID] = mapped_column(ForeignKey("contact_point.id"))
    starts: Mapped[datetime] = mapped_column(UtcDateTime)
    ends: Mapped[datetime | None] = mapped_column(UtcDateTime)
    note: Mapped[str | None] = mapped_column(Text)
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)


class CityLevelRow(Base):
    """A level of need in a city's own words, beside the common scale."""

    __tablename__ = "city_level"
    __table_args__ = (
        CheckConstraint("common in ('universal', 'early_help', 'specialist')", name="common"),
    )

    city: Mapped[str] = mapped_column(Text, primary_key=True)
    code: Mapped[str] = mapped_column(Text, primary_key=True)
    label: Mapped[str] = mapped_column(Text)
    common: Mapped[str] = mapped_column(Text)
    position: Mapped[int]
    note: Mapped[str | None] = mapped_column(Text)


class SchoolRow(Base):
    """Where a school is; `search_name` is what names are compared with."""

    __tablename__ = "school"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    urn: Mapped[str | None] = mapped_column(Text, unique=True)
    name: Mapped[str] = mapped_column(Text)
    search_name: Mapped[str] = mapped_column(Text, index=True)
    postcode: Mapped[str] = mapped_column(Text)
    agency: Mapped[str | None] = mapped_column(Text, ForeignKey("agency.code"))
    invented: Mapped[bool]
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)
