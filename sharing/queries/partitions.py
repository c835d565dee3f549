"""Which partitions the log lacks, and which are past their time and empty of people."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import Connection, text
from sqlalchemy.orm import Session

NEXT: Final = "next"
"""Why a table lacks something: its next partition is not there yet."""


@dataclass(frozen=True, slots=True)
class Lacking:
    """A table whose next partition is missing, or whose default one holds what it should not."""

    table: str
    because: str


@dataclass(frozen=True, slots=True)
class Past:
    """A partition of which everything is erased, the ids it spans, and the months it was kept."""

    name: str
    starts: UUID
    ends: UUID
    months: int


def lacking(on: Session | Connection, at: datetime, months: int) -> list[Lacking]:
    """Return what the log lacks to take entries at an instant and for so many months after."""
    found = text("select parent, because from log_partitions_lacking(:at, :months)")
    return [Lacking(*row) for row in on.execute(found, {"at": at, "months": months})]


def past(session: Session, at: datetime) -> list[Past]:
    """Return partitions that are past their time, and of whose entries nobody is left."""
    found = text("select name, starts, ends, months from log_partitions_past(:at)")
    return [Past(*row) for row in session.execute(found, {"at": at})]
