"""What searches read: for each kind of viewer exactly what that viewer may see, and nothing more.

Every row is made from a record, by one function, so none refers to another by a foreign key. A
service has one row for all (`everyone`) where anyone may see what practitioners see, else a row for
those without a token (`public`), one for practitioners and one for each agency that sees more.
"""

from datetime import date, datetime, time
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import Float, Index, Numeric, SmallInteger, Text, UniqueConstraint, Uuid
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, TSQUERY, TSVECTOR
from sqlalchemy.dialects.postgresql.base import ischema_names
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.types import UserDefinedType

from app.kernel.db import Base, UtcDateTime


class Cube(UserDefinedType[str]):
    """A point in space, written `(x, y, z)`: the type of PostgreSQL's extension."""

    cache_ok = True

    def get_col_spec(self, **_: object) -> str:
        """Return the type's name."""
        return "cube"


ischema_names["cube"] = Cube  # so that the tables can be compared with the models


class ListingRow(Base):
    """A service as one kind of viewer may find it; `name` and `accessibility` are folded.

    `traits` are what can be asked for exactly, as `kind:value`: terms, areas, languages, levels and
    so on. One index holds them with the words, so that all of a search narrows it at once. `named`
    are the words of its names, `told` those and of its topics, `words` all.
    `shadowed_by` are the agencies that have a row of their own instead.
    """

    __tablename__ = "listing"
    __table_args__ = (
        UniqueConstraint("service_id", "viewer"),
        Index("ix_listing_words_named_traits", "words", "named", "traits", postgresql_using="gin"),
        Index("ix_listing_at_locations", "at_locations", postgresql_using="gin"),
    )

    key: Mapped[UUID] = mapped_column(primary_key=True)
    service_id: Mapped[UUID]
    viewer: Mapped[str] = mapped_column(Text)
    shadowed_by: Mapped[list[str]] = mapped_column(ARRAY(Text))
    status: Mapped[str] = mapped_column(Text)
    name: Mapped[str] = mapped_column(Text)
    minimum_age: Mapped[Decimal | None] = mapped_column(Numeric)
    maximum_age: Mapped[Decimal | None] = mapped_column(Numeric)
    traits: Mapped[list[str]] = mapped_column(ARRAY(Text))
    accessibility: Mapped[str] = mapped_column(Text)
    has_place: Mapped[bool]
    at_locations: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid))
    assured_on: Mapped[date | None]
    last_modified: Mapped[datetime | None] = mapped_column(UtcDateTime)
    named: Mapped[Any] = mapped_column(TSVECTOR)
    told: Mapped[Any] = mapped_column(TSVECTOR)
    words: Mapped[Any] = mapped_column(TSVECTOR)


_FRESHEST_FIRST = (
    ListingRow.assured_on.desc().nulls_last(),
    ListingRow.name,
    ListingRow.service_id,
)
Index("ix_listing_assured_on_name_service_id", *_FRESHEST_FIRST)
Index("ix_listing_placeless", *_FRESHEST_FIRST, postgresql_where="not has_place")


class ListingPlaceRow(Base):
    """Where a listed service can be visited: degrees, and metres from the middle of the earth.

    What nearly every search asks of its listing stands here too: the nearest of many are found
    without a look at each listing, which is ten times as wide.
    """

    __tablename__ = "listing_place"
    __table_args__ = (
        Index("ix_listing_place_latitude_longitude", "latitude", "longitude"),
        Index("ix_listing_place_position", "position", postgresql_using="gist"),
    )

    listing: Mapped[UUID] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at_location: Mapped[UUID | None]
    latitude: Mapped[float] = mapped_column(Float(53))
    longitude: Mapped[float] = mapped_column(Float(53))
    position: Mapped[str] = mapped_column(Cube)
    viewer: Mapped[str] = mapped_column(Text)
    shadowed_by: Mapped[list[str]] = mapped_column(ARRAY(Text))
    status: Mapped[str] = mapped_column(Text)
    minimum_age: Mapped[Decimal | None] = mapped_column(Numeric)
    maximum_age: Mapped[Decimal | None] = mapped_column(Numeric)
    areas: Mapped[list[str]] = mapped_column(ARRAY(Text))


class ListingOpeningRow(Base):
    """A day that a schedule of a listed service names; `rules.openings` says how it is read."""

    __tablename__ = "listing_opening"

    listing: Mapped[UUID] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    weekday: Mapped[int | None] = mapped_column(SmallInteger)
    ordinal: Mapped[int | None] = mapped_column(SmallInteger)
    month_day: Mapped[int | None] = mapped_column(SmallInteger)
    opens: Mapped[time | None]
    closes: Mapped[time | None]
    starts: Mapped[date | None]
    ends: Mapped[date | None]
    monthly: Mapped[bool]
    every: Mapped[int]
    anchor: Mapped[date | None]


class ListingSaidRow(Base):
    """What a listing adds to the lists below, kept so that it can be taken out again exactly.

    `areas` are the names of the areas it covers, by code.
    """

    __tablename__ = "listing_said"

    listing: Mapped[UUID] = mapped_column(primary_key=True)
    words: Mapped[list[str]] = mapped_column(ARRAY(Text))
    labels: Mapped[list[list[str]]] = mapped_column(JSONB)
    areas: Mapped[dict[str, str]] = mapped_column(JSONB)


class ListingWordRow(Base):
    """A word that listings of one kind of viewer hold, and how many of them do."""

    __tablename__ = "listing_word"
    __table_args__ = (
        Index("ix_listing_word_lexeme", "lexeme"),
        Index("ix_listing_word_prefix", "word", postgresql_ops={"word": "text_pattern_ops"}),
        Index(
            "ix_listing_word_near",
            "word",
            postgresql_using="gist",
            postgresql_ops={"word": "gist_trgm_ops"},
        ),
    )

    viewer: Mapped[str] = mapped_column(Text, primary_key=True)
    word: Mapped[str] = mapped_column(Text, primary_key=True)
    lexeme: Mapped[str] = mapped_column(Text)
    services: Mapped[int]


class ListingLabelRow(Base):
    """A name that listings of one kind of viewer have, or give a trait, and how many of them do."""

    __tablename__ = "listing_label"
    __table_args__ = (Index("ix_listing_label_what_folded", "what", "folded"),)

    viewer: Mapped[str] = mapped_column(Text, primary_key=True)
    what: Mapped[str] = mapped_column(Text, primary_key=True)
    key: Mapped[str] = mapped_column(Text, primary_key=True)
    label: Mapped[str] = mapped_column(Text, primary_key=True)
    folded: Mapped[str] = mapped_column(Text(collation="C"))
    services: Mapped[int]


class SynonymRow(Base):
    """A phrase that finds the others of its group: `target` is read as `substitute`."""

    __tablename__ = "synonym"

    phrase: Mapped[str] = mapped_column(Text, primary_key=True)
    group_id: Mapped[UUID] = mapped_column(index=True)
    target: Mapped[Any] = mapped_column(TSQUERY)
    substitute: Mapped[Any] = mapped_column(TSQUERY)
    author: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
