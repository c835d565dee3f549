"""What every change writes beside the fact itself: when, and by whose system."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.kernel.named import DatesOutOfOrder


@dataclass(frozen=True, slots=True)
class Writer:
    """The client that records a fact, and the agency it speaks for."""

    client: str
    agency: str

    def stamp(self, at: datetime) -> dict[str, Any]:
        """Return the columns that say when and by whom a row was recorded."""
        return {
            "recorded_at": at,
            "recorded_by_client": self.client,
            "recorded_by_agency": self.agency,
        }


def in_order(
    starts: datetime | None, ends: datetime | None, *, named: tuple[str, str] = ("starts", "ends")
) -> None:
    """Raise `DatesOutOfOrder` unless the period, open or not, has a moment in it."""
    if starts is not None and ends is not None and ends <= starts:
        detail = f"{named[1]} must be later than {named[0]}."
        raise DatesOutOfOrder(detail, f"#/{named[1]}")
