"""What entries are scored by: measures, what is usual, settings, draws, and what was declared."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Date,
    ForeignKey,
    Index,
    LargeBinary,
    SmallInteger,
    Text,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Base, UtcDateTime

Digests = ARRAY(LargeBinary)


class ReviewProgressRow(Base):
    """How far scoring has come: every entry before this leaf has been measured; one row."""

    __tablename__ = "review_progress"
    __table_args__ = (CheckConstraint("one", name="one_row"),)

    one: Mapped[bool] = mapped_column(primary_key=True, default=True)
    next_leaf: Mapped[int] = mapped_column(BigInteger)


class ReviewLookRow(Base):
    """What was unusual about an entry, in numbers; entries without anything unusual have none.

    `words` is a keyed digest of an override's justification, by which the same words are known.
    """

    __tablename__ = "review_look"
    __table_args__ = (
        Index(None, "at", "entry_id"),
        Index(
            "ix_review_look_words",
            "words",
            "entry_id",
            postgresql_where=text("words is not null"),
        ),
    )

    entry_id: Mapped[UUID] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    recipient: Mapped[str] = mapped_column(Text)
    source: Mapped[str | None] = mapped_column(Text)
    measures: Mapped[dict[str, Any]] = mapped_column(JSONB)
    drawn: Mapped[bool]
    words: Mapped[bytes | None] = mapped_column(LargeBinary)


class ReviewTallyRow(Base):
    """How often a role of an agency asked, by day, hour and purpose; the role is a digest."""

    __tablename__ = "review_tally"

    agency: Mapped[str] = mapped_column(Text, primary_key=True)
    role: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    day: Mapped[date] = mapped_column(Date, primary_key=True)
    hour: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    purpose: Mapped[str] = mapped_column(Text, primary_key=True)
    n: Mapped[int] = mapped_column(BigInteger)


class ReviewSettingRow(Base):
    """All settings of review as one signature left them; the newest that has started holds."""

    __tablename__ = "review_setting"

    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    content: Mapped[dict[str, Any]] = mapped_column(JSONB)
    starts: Mapped[datetime] = mapped_column(UtcDateTime)
    signed_by: Mapped[str] = mapped_column(Text)
    authority: Mapped[str] = mapped_column(Text)
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    recorded_by: Mapped[str] = mapped_column(Text)
    recorded_by_agency: Mapped[str] = mapped_column(ForeignKey("agency.code"))


class ReviewDrawRow(Base):
    """The seed by which a month's sample is drawn, committed to before, told after."""

    __tablename__ = "review_draw"
    __table_args__ = (
        CheckConstraint("(told_at is null) = (told_by is null)", name="told"),
        CheckConstraint("told_at >= month + interval '28 days'", name="told_after_its_month"),
    )

    month: Mapped[datetime] = mapped_column(UtcDateTime, primary_key=True)
    starts: Mapped[datetime] = mapped_column(UtcDateTime)
    commitment: Mapped[bytes] = mapped_column(LargeBinary)
    seed: Mapped[bytes] = mapped_column(LargeBinary)
    committed_by: Mapped[UUID]
    told_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    told_by: Mapped[UUID | None]


class ReviewStaffRow(Base):
    """What an agency declared of one of its people, as keyed digests; identifiers as subjects'."""

    __tablename__ = "review_staff"
    __table_args__ = (
        Index(None, "themselves", postgresql_using="gin"),
        Index(None, "relatives", postgresql_using="gin"),
    )

    agency: Mapped[str] = mapped_column(ForeignKey("agency.code"), primary_key=True)
    practitioner: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    surnames: Mapped[list[bytes]] = mapped_column(Digests)
    addresses: Mapped[list[bytes]] = mapped_column(Digests)
    phones: Mapped[list[bytes]] = mapped_column(Digests)
    themselves: Mapped[list[bytes]] = mapped_column(Digests)
    relatives: Mapped[list[bytes]] = mapped_column(Digests)
    managers: Mapped[list[bytes]] = mapped_column(Digests)
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    recorded_by: Mapped[str] = mapped_column(Text)


class ReviewInterestRow(Base):
    """That people may be curious about a subject: whoever looks them up is looked at."""

    __tablename__ = "review_interest"

    subject_id: Mapped[UUID] = mapped_column(ForeignKey("subject.id"), primary_key=True)
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    recorded_by: Mapped[str] = mapped_column(Text)
    recorded_by_agency: Mapped[str] = mapped_column(ForeignKey("agency.code"))
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
