"""Which agencies keep the directory for all, and what entries have been."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from directory.models.keeping import DirectoryKeeperRow, EntryVersionRow
from directory.rules.audience import may_see
from directory.rules.differences import differences
from directory.rules.keeping import may_change
from directory.terms.agencies import Interval
from directory.terms.keeping import Actor, EntryKind, EntryVersion
from directory.terms.records import Document, Viewer


def keepers(session: Session, at: datetime) -> frozenset[str]:
    """Return the codes of the agencies that keep the directory for all at an instant."""
    row = DirectoryKeeperRow
    now = select(row.agency).where(row.starts <= at, or_(row.ends.is_(None), row.ends > at))
    return frozenset(session.scalars(now))


def can_change(session: Session, by: Actor, owner: str | None, at: datetime) -> bool:
    """Say whether somebody may change what an agency answers for."""
    return may_change(by, owner, keepers(session, at))


def keeping(session: Session, agencies: Collection[str]) -> dict[str, tuple[Interval, ...]]:
    """Return when each of these agencies keeps the directory for all, by start."""
    row = DirectoryKeeperRow
    wanted = select(row.agency, row.starts, row.ends).where(row.agency.in_(agencies))
    found: dict[str, tuple[Interval, ...]] = dict.fromkeys(agencies, ())
    for one in session.execute(wanted.order_by(row.starts, row.id)):
        if one.starts != one.ends:
            found[one.agency] += (Interval(one.starts, one.ends),)
    return found


def entry_versions(
    session: Session, kind: EntryKind, entry: str, viewer: Viewer
) -> list[EntryVersion]:
    """Return what an entry has been, the newest first, each with how it differs from before.

    Whoever asks may know of the entry as it is. A version that was kept from them is listed
    without what it said.
    """
    row = EntryVersionRow
    wanted = select(row).where(row.kind == kind.value, row.entry == entry).order_by(row.number)
    found: list[EntryVersion] = []
    before: Document | None = {}
    for one in session.scalars(wanted):
        seen = one.document if may_see(one.document.get("audience"), viewer) else None
        both = seen is not None and before is not None
        changes = differences(before or {}, seen or {}) if both else None
        found.append(EntryVersion(one.number, one.at, one.author, one.agency, seen, changes))
        before = seen
    return found[::-1]
