"""The queue of reviewers: items, and every act on them."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Identity,
    Index,
    LargeBinary,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Base, UtcDateTime


class ReviewItemRow(Base):
    """An entry to be looked at: why, how soon, and how far that has come; it names nobody.

    `because` holds each flag with its score and explanation, as judged by version `settings`;
    `told` what of that the asking agency may see, null where it sees no item.
    """

    __tablename__ = "review_item"
    __table_args__ = (
        UniqueConstraint("number"),
        UniqueConstraint("entry_id"),
        CheckConstraint("priority in ('urgent', 'high', 'normal', 'low')", name="priority"),
        CheckConstraint(
            "state in ('new', 'in_review', 'explained', 'inappropriate', 'breach')", name="state"
        ),
        CheckConstraint(
            "(state in ('explained', 'inappropriate', 'breach')) = (closed_at is not null)"
            " and (closed_at is null) = (closed_by is null)",
            name="closed",
        ),
        CheckConstraint(
            "state <> 'breach' or lower(breach_said_by) <> lower(closed_by)", name="breach_by_two"
        ),
        Index(None, "due", "id", postgresql_where=text("closed_at is null")),
        Index(None, "recipient", "id"),
        Index(None, "source", "id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(BigInteger, Identity(always=True))
    entry_id: Mapped[UUID]
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    recipient: Mapped[str] = mapped_column(Text)
    source: Mapped[str | None] = mapped_column(Text)
    why: Mapped[list[str]] = mapped_column(ARRAY(Text))
    score: Mapped[int]
    flags: Mapped[list[str]] = mapped_column(ARRAY(Text))
    because: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    told: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    settings: Mapped[int]
    priority: Mapped[str] = mapped_column(Text)
    queued_at: Mapped[datetime] = mapped_column(UtcDateTime)
    due: Mapped[datetime] = mapped_column(UtcDateTime)
    state: Mapped[str] = mapped_column(Text)
    owner: Mapped[str | None] = mapped_column(Text)
    breach_said_by: Mapped[str | None] = mapped_column(Text)
    breach_said_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    referred_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    closed_by: Mapped[str | None] = mapped_column(Text)
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class ReviewActRow(Base):
    """What somebody did to an item; never changed. The note's key goes with the entry's opening."""

    __tablename__ = "review_act"
    __table_args__ = (Index(None, "item_id", "n"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    n: Mapped[int] = mapped_column(BigInteger, Identity(always=True))
    item_id: Mapped[UUID] = mapped_column(ForeignKey("review_item.id"))
    act: Mapped[str] = mapped_column(Text)
    by: Mapped[str] = mapped_column(Text)
    agency: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    detail: Mapped[str | None] = mapped_column(Text)
    note: Mapped[bytes | None] = mapped_column(LargeBinary)
