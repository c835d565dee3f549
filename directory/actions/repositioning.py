"""Placing what is on file by postcodes that were loaded since."""

from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy.orm import Session

from directory.actions.records import put_records
from directory.queries.records import next_to_place
from directory.terms.keeping import OPERATOR
from directory.terms.records import Authorship, Origin, Outcome, RecordKind

AT_A_TIME: Final = 500
FIRST: Final = UUID(int=0)
_PLACED: Final = Authorship(
    OPERATOR.id, Origin.IMPORTED, note="Placed by the postcodes that were loaded."
)


def place_some(session: Session, after: UUID, at: datetime) -> tuple[UUID | None, int]:
    """Place some locations by the postcodes on file; return the last looked at, and how many moved.

    Begin after `FIRST`, and go on with what is returned until that is None.
    """
    found = next_to_place(session, after, AT_A_TIME)
    if not found:
        return None, 0
    outcomes = put_records(session, RecordKind.LOCATION, found, _PLACED, at)
    moved = sum(one is not Outcome.UNCHANGED for one in outcomes.values())
    return UUID(str(found[-1]["id"])), moved
