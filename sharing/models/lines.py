"""Lines of the log for those who review it: derived from entries, and made again at any time."""

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
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Base, UtcDateTime

_BY_ID: dict[str, Any] = {"postgresql_partition_by": "RANGE (id)"}


class LogLineRow(Base):
    """One entry at a glance: codes, and of whoever asked a keyed digest that goes with its opening.

    Whom it is about stands in `log_subject` alone, which an erasure reaches.
    """

    __tablename__ = "log_line"
    __table_args__ = (
        Index(None, "recipient", "id"),
        Index(None, "source", "id"),
        Index(None, "client", "id"),
        Index(
            "ix_log_line_practitioner",
            "practitioner",
            "id",
            postgresql_where=text("practitioner is not null"),
        ),
        Index(None, "marks", postgresql_using="gin"),
        _BY_ID,
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    leaf_index: Mapped[int] = mapped_column(BigInteger)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    recipient: Mapped[str] = mapped_column(Text)
    source: Mapped[str | None] = mapped_column(Text)
    client: Mapped[str] = mapped_column(Text)
    practitioner: Mapped[bytes | None] = mapped_column(LargeBinary)
    entry_kind: Mapped[str] = mapped_column(Text)
    act: Mapped[str | None] = mapped_column(Text)
    kind: Mapped[str | None] = mapped_column(Text)
    purpose: Mapped[str | None] = mapped_column(Text)
    basis: Mapped[str | None] = mapped_column(Text)
    categories: Mapped[list[str]] = mapped_column(ARRAY(Text))
    disclosed: Mapped[list[str]] = mapped_column(ARRAY(Text))
    records: Mapped[int]
    outcome: Mapped[str] = mapped_column(Text)
    code: Mapped[str | None] = mapped_column(Text)
    grounds: Mapped[list[str]] = mapped_column(ARRAY(Text))
    flags: Mapped[list[str]] = mapped_column(ARRAY(Text))
    agreements: Mapped[list[str]] = mapped_column(ARRAY(Text))
    override: Mapped[str | None] = mapped_column(Text)
    out_of_hours: Mapped[bool]
    first_contact: Mapped[bool]
    marks: Mapped[list[str]] = mapped_column(ARRAY(Text))


class LogMarkRow(Base):
    """How many lines bear a mark: a search begins with the rarest, and counts none of them."""

    __tablename__ = "log_mark"

    mark: Mapped[str] = mapped_column(Text, primary_key=True)
    lines: Mapped[int] = mapped_column(BigInteger)


class LogTallyRow(Base):
    """What happened how often in a month, by who asked whom; `source` is empty for none."""

    __tablename__ = "log_tally"

    month: Mapped[date] = mapped_column(Date, primary_key=True)
    recipient: Mapped[str] = mapped_column(Text, primary_key=True)
    source: Mapped[str] = mapped_column(Text, primary_key=True)
    what: Mapped[str] = mapped_column(Text, primary_key=True)
    which: Mapped[str] = mapped_column(Text, primary_key=True)
    n: Mapped[int] = mapped_column(BigInteger)


class LogViewRow(Base):
    """A search of the log that an agency keeps by name; `persons` are sealed.

    It names no subject: it would outlive their erasure.
    """

    __tablename__ = "log_view"
    __table_args__ = (UniqueConstraint("agency", "name"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    agency: Mapped[str] = mapped_column(ForeignKey("agency.code"))
    name: Mapped[str] = mapped_column(Text)
    owner: Mapped[str] = mapped_column(Text)
    filters: Mapped[dict[str, Any]] = mapped_column(JSONB)
    persons: Mapped[bytes | None] = mapped_column(LargeBinary)
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)


class LogIndexRow(Base):
    """How far the lines have come: all entries before this leaf have theirs; one row."""

    __tablename__ = "log_index"
    __table_args__ = (CheckConstraint("one", name="one_row"),)

    one: Mapped[bool] = mapped_column(primary_key=True, default=True)
    next_leaf: Mapped[int] = mapped_column(BigInteger)
