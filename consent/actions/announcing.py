"""Letting it be known, once it has happened, that something on file no longer stands as it did.

This storey does not know who received what: the job that it leaves is done by one that does.
"""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from app.kernel.queue import FACTS_CHANGED, enqueue


def announce(  # noqa: PLR0913  (what happened, to what, to whom)
    session: Session,
    kind: str,
    fact: UUID,
    subjects: Collection[UUID],
    at: datetime,
    *,
    agencies: Collection[str] = ("*",),
    not_to: Collection[str] = (),
) -> None:
    """Have those agencies told who received something of these subjects; ids and codes only."""
    payload = {
        "kind": kind,
        "fact": str(fact),
        "subjects": sorted(map(str, subjects)),
        "agencies": sorted(agencies),
        "not_to": sorted(not_to),
    }
    enqueue(session, FACTS_CHANGED, payload, at, at)
