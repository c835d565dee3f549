"""What several tables of consent share: how an id, a text, a reference and a record look."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from sqlalchemy import ARRAY, CheckConstraint, ForeignKey, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import UtcDateTime

Id = Annotated[UUID, mapped_column(primary_key=True)]
Line = Annotated[str, mapped_column(Text)]
Codes = Annotated[list[str], mapped_column(ARRAY(Text))]
Instant = Annotated[datetime, mapped_column(UtcDateTime)]
OfSubject = Annotated[UUID, mapped_column(ForeignKey("subject.id"))]
OfAgency = Annotated[str, mapped_column(Text, ForeignKey("agency.code"))]


class Recorded:
    """When a fact was recorded, and by whose system; nobody can send the instant."""

    recorded_at: Mapped[Instant]
    recorded_by_client: Mapped[Line]
    recorded_by_agency: Mapped[OfAgency]


def in_order(starts: str = "starts", ends: str = "ends") -> CheckConstraint:
    """Return the constraint that a period does not end before it starts."""
    return CheckConstraint(f"{starts} <= {ends}", name="in_order")


def one_of(column: str, *words: str) -> CheckConstraint:
    """Return the constraint that a column holds one of these words."""
    listed = ", ".join(f"'{word}'" for word in words)
    return CheckConstraint(f"{column} in ({listed})", name=column)
