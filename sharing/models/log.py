"""The disclosure log: entries, the erasable half of each, and what the sequencer makes of them."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Identity,
    Index,
    LargeBinary,
    SmallInteger,
    Text,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Base, UtcDateTime

_BY_ID: dict[str, Any] = {"postgresql_partition_by": "RANGE (id)"}
_BY_INDEX: dict[str, Any] = {"postgresql_partition_by": "RANGE (leaf_index)"}


class LogEntryRow(Base):
    """One line of the log: the exact bytes that are hashed, and the part that is never erased."""

    __tablename__ = "log_entry"
    __table_args__ = (
        Index(None, "recipient", "id"),
        Index(None, "source", "id"),
        Index("ix_log_entry_erased", "id", postgresql_where=text("outcome = 'erased'")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    recipient: Mapped[str] = mapped_column(Text)
    source: Mapped[str | None] = mapped_column(Text)
    outcome: Mapped[str] = mapped_column(Text)
    leaf: Mapped[bytes] = mapped_column(LargeBinary)
    leaf_hash: Mapped[bytes] = mapped_column(LargeBinary)
    facts: Mapped[bytes] = mapped_column(LargeBinary)
    facts_salt: Mapped[bytes] = mapped_column(LargeBinary)


class LogSubjectRow(Base):
    """The erasable half: whom an entry is about, sealed, and the salt of its commitment.

    Where a request ended before anybody was looked up, `digests` are those of the identifiers
    asked: by them its entry is found when the person is erased.
    """

    __tablename__ = "log_subject"
    __table_args__ = (
        Index(None, "subject", "id"),
        Index(
            None, "digests", postgresql_using="gin", postgresql_where=text("digests is not null")
        ),
        _BY_ID,
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    subject: Mapped[UUID | None]
    opening: Mapped[bytes | None] = mapped_column(LargeBinary)
    salt: Mapped[bytes | None] = mapped_column(LargeBinary)
    digests: Mapped[list[bytes] | None] = mapped_column(ARRAY(LargeBinary))


class LogErasureRow(Base):
    """That the opening of an entry is gone, and which entry says so."""

    __tablename__ = "log_erasure"

    entry_id: Mapped[UUID] = mapped_column(primary_key=True)
    erased_by: Mapped[UUID] = mapped_column(index=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class LogPendingRow(Base):
    """An entry that has no place in the tree yet."""

    __tablename__ = "log_pending"

    n: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    entry_id: Mapped[UUID]
    leaf_hash: Mapped[bytes] = mapped_column(LargeBinary)


class LogLeafRow(Base):
    """An entry's place in the tree."""

    __tablename__ = "log_leaf"
    __table_args__ = (Index(None, "entry_id"), _BY_INDEX)

    leaf_index: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    entry_id: Mapped[UUID]


class LogTileRow(Base):
    """Up to 256 hashes of one level of the tree (C2SP tlog-tiles)."""

    __tablename__ = "log_tile"

    level: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    idx: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    hashes: Mapped[bytes] = mapped_column(LargeBinary)


class LogCheckpointRow(Base):
    """A signed head of the tree."""

    __tablename__ = "log_checkpoint"

    size: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    root: Mapped[bytes] = mapped_column(LargeBinary)
    note: Mapped[bytes] = mapped_column(LargeBinary)
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class LogCosignatureRow(Base):
    """A witness's signature line under a checkpoint (C2SP tlog-cosignature)."""

    __tablename__ = "log_cosignature"

    size: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    witness: Mapped[str] = mapped_column(Text, primary_key=True)
    line: Mapped[bytes] = mapped_column(LargeBinary)
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class LogStateRow(Base):
    """How far the log has come, what it is called, and whether it stopped; one row."""

    __tablename__ = "log_state"
    __table_args__ = (CheckConstraint("one", name="one_row"),)

    one: Mapped[bool] = mapped_column(primary_key=True, default=True)
    size: Mapped[int] = mapped_column(BigInteger)
    published_size: Mapped[int] = mapped_column(BigInteger)
    checked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    halted_because: Mapped[str | None] = mapped_column(Text)
    origin: Mapped[str | None] = mapped_column(Text)


class ObligationRow(Base):
    """A duty that came with a permit, until the recipient says how it was met."""

    __tablename__ = "obligation"
    __table_args__ = (
        Index(None, "agency", "closed_at"),
        Index("ix_obligation_open", "entry_id", postgresql_where=text("closed_at is null")),
    )

    entry_id: Mapped[UUID] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(Text, primary_key=True)
    agency: Mapped[str] = mapped_column(Text)
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    closed_by: Mapped[str | None] = mapped_column(Text)
    outcome: Mapped[str | None] = mapped_column(Text)
    note: Mapped[bytes | None] = mapped_column(LargeBinary)
