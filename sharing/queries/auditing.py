"""What kind of event each entry of a list records."""

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from sharing.chain.leaves import parse_leaf
from sharing.models.log import LogEntryRow


def kinds_of(session: Session, entries: Iterable[UUID]) -> dict[UUID, str]:
    """Return the kinds of these entries, as their leaves name them."""
    row = LogEntryRow
    found = select(row.id, row.leaf).where(row.id.in_(list(entries))).order_by(row.id)
    return {entry: parse_leaf(leaf).kind for entry, leaf in session.execute(found)}
