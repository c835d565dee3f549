"""What this storey must know about agencies and agreements, which it does not see itself."""

from datetime import datetime
from typing import Final, Protocol
from uuid import UUID

from sqlalchemy.orm import Session

from consent.terms import Scope

EXTENSION: Final = "rightshare.partners"


class Partners(Protocol):
    """Answers from the directory and the agreements; the factory puts it in `EXTENSION`."""

    def members_of(self, session: Session, agreement: str, at: datetime) -> frozenset[str] | None:
        """Return the agencies that are members at that instant; None if there is no agreement."""

    def unknown(self, session: Session, codes: frozenset[str]) -> frozenset[str]:
        """Return those of these codes that are no agency."""

    def answer_matters(self, session: Session, scope: Scope, at: datetime) -> bool:
        """Say whether some flow in force at that instant waits for a yes to any of this."""

    def names(self, session: Session, codes: frozenset[str]) -> dict[str, str]:
        """Return what those of these agencies that there are are called, by code."""

    def works_with(self, session: Session, agency: str, subject: UUID, at: datetime) -> bool:
        """Say whether an agency registered this subject, or holds something of theirs now."""
