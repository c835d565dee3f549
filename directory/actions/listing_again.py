"""Making again what searches read, where an earlier version of this service made it otherwise."""

from typing import Final
from uuid import UUID

from sqlalchemy.orm import Session

from directory.actions.indexing import index_services
from directory.actions.records import count_change, lock_changes
from directory.queries.records import next_services

AT_A_TIME: Final = 500
FIRST: Final = UUID(int=0)


def list_some(session: Session, after: UUID) -> tuple[UUID | None, int]:
    """Let searches find some services as their records stand; return the last one, and how many.

    Begin after `FIRST`, and go on with what is returned until that is None.
    """
    lock_changes(session)
    found = next_services(session, after, AT_A_TIME)
    if not found:
        return None, 0
    index_services(session, found)
    count_change(session)
    return found[-1], len(found)
