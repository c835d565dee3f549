"""Postcodes, their first halves, districts and wards, and where all that came from."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Float, Index, SmallInteger, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Base, UtcDateTime


class PlaceSourceRow(Base):
    """A publication that postcodes came from, with the words that its licence asks for."""

    __tablename__ = "place_source"

    code: Mapped[str] = mapped_column(Text, primary_key=True)
    title: Mapped[str] = mapped_column(Text)
    edition: Mapped[str] = mapped_column(Text)
    licence: Mapped[str] = mapped_column(Text)
    licence_url: Mapped[str] = mapped_column(Text)
    attribution: Mapped[str] = mapped_column(Text)
    digest: Mapped[str] = mapped_column(Text)
    postcodes: Mapped[int]
    loaded_at: Mapped[datetime] = mapped_column(UtcDateTime)


class PostcodeRow(Base):
    """A postcode, written without its space; `ward` and `district` are GSS codes."""

    __tablename__ = "postcode"

    postcode: Mapped[str] = mapped_column(Text, primary_key=True)
    latitude: Mapped[float] = mapped_column(Float(53))
    longitude: Mapped[float] = mapped_column(Float(53))
    quality: Mapped[int] = mapped_column(SmallInteger)
    district: Mapped[str | None] = mapped_column(Text)
    ward: Mapped[str | None] = mapped_column(Text)


class OutcodeRow(Base):
    """The first half of postcodes: their mean position, and the district that most lie in."""

    __tablename__ = "outcode"

    outcode: Mapped[str] = mapped_column(Text, primary_key=True)
    latitude: Mapped[float] = mapped_column(Float(53))
    longitude: Mapped[float] = mapped_column(Float(53))
    district: Mapped[str] = mapped_column(Text)
    postcodes: Mapped[int]


class AdministrativeAreaRow(Base):
    """A district, or a ward of one, by the name that its council gives it."""

    __tablename__ = "administrative_area"
    __table_args__ = (
        CheckConstraint("kind in ('district', 'ward')", name="kind"),
        Index("ix_administrative_area_district", "district"),
    )

    code: Mapped[str] = mapped_column(Text, primary_key=True)
    kind: Mapped[str] = mapped_column(Text)
    name: Mapped[str] = mapped_column(Text)
    district: Mapped[str | None] = mapped_column(Text)
