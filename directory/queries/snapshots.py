"""Which records a list of the feed holds, found once for each state of the directory.

A list's total is exact and its order is by id, which never changes. To find the ids of 100,000
services anew for each page would make every page as dear as the whole: they are kept packed,
sixteen bytes each, in this process, as long as the directory stands as it does.
"""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from threading import Lock
from typing import Any, Final
from uuid import UUID

from sqlalchemy import LargeBinary, Select, func, literal, select, true, union
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.orm import Session

from directory.models.records import DirectoryRecordRow
from directory.models.search import ListingPlaceRow, ListingRow
from directory.queries.conditions import seen_by_viewer, within
from directory.queries.searching import matching
from directory.queries.vocabularies import record_ids
from directory.terms.feed import Asked, Collection, RecordSearch
from directory.terms.places import Place
from directory.terms.records import Viewer
from directory.terms.searching import ServiceSearch

ID_BYTES: Final = 16
_EVER: Final = datetime(1, 1, 2, tzinfo=UTC)
MOST_BYTES: Final = 32 * 1024 * 1024
"""What one process keeps of all lists together: twenty lists of 100,000 services."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The ids of a list in order, packed; of a place, its service's id follows its own."""

    packed: bytes
    width: int = 1

    @property
    def total(self) -> int:
        """How many there are."""
        return len(self.packed) // (ID_BYTES * self.width)

    def part(self, first: int, most: int) -> list[tuple[UUID, ...]]:
        """Return the ids from one place in the order, at most so many."""
        step = ID_BYTES * self.width
        rows = self.packed[first * step : (first + most) * step]
        ids = [UUID(bytes=rows[at : at + ID_BYTES]) for at in range(0, len(rows), ID_BYTES)]
        return [tuple(ids[at : at + self.width]) for at in range(0, len(ids), self.width)]


@dataclass(slots=True)
class Snapshots:
    """What this process keeps, the longest unused going first."""

    most: int = MOST_BYTES
    _kept: OrderedDict[Hashable, Snapshot] = field(default_factory=OrderedDict)
    _bytes: int = 0
    _lock: Lock = field(default_factory=Lock)

    def get(self, key: Hashable, make: Callable[[], Snapshot]) -> Snapshot:
        """Return what is kept under a key, or make and keep it."""
        with self._lock:
            found = self._kept.get(key)
            if found is not None:
                self._kept.move_to_end(key)
                return found
        made = make()
        with self._lock:
            before = self._kept.pop(key, None)
            self._bytes += len(made.packed) - (0 if before is None else len(before.packed))
            self._kept[key] = made
            while self._bytes > self.most and len(self._kept) > 1:
                self._bytes -= len(self._kept.popitem(last=False)[1].packed)
        return made


def snapshot(session: Session, asked: Asked, viewer: Viewer, place: Place | None) -> Snapshot:
    """Return the ids of everything that a list holds for this viewer, by id."""
    if isinstance(asked.search, RecordSearch):
        ids = record_ids(session, asked.collection, asked.search, viewer)
        return Snapshot(b"".join(one.bytes for one in ids))
    if asked.collection is Collection.SERVICES:
        return Snapshot(_packed(session, _services(asked.search, viewer, place)))
    return Snapshot(_packed(session, _places(asked.search, viewer, place)), width=2)


def services_at(session: Session, place: UUID, viewer: Viewer) -> list[UUID]:
    """Return the services that are given at a place, for whoever may see them there."""
    row = ListingRow
    found = select(row.service_id).where(seen_by_viewer(viewer), row.at_locations.contains([place]))
    return list(session.scalars(found.order_by(row.service_id)))


def _services(search: ServiceSearch, viewer: Viewer, place: Place | None) -> Select[Any]:
    """Return a statement of the services that a list holds, as `id`.

    Where it is asked what was modified, those that ended are in it as a search finds them, and
    those that the viewer can no longer see at all whatever else is asked: of what they now say
    nothing may be told, and whoever keeps a copy must hear that they are gone.
    """
    found = matching(_with_archived(search, viewer), viewer, place).subquery()
    ids = select(found.c[0].label("id"))
    if search.modified_after is None:
        return ids
    row = DirectoryRecordRow
    still = matching(ServiceSearch(modified_after=search.modified_after), viewer, None)
    gone = select(row.id).where(
        row.kind == "service",
        row.public_name.is_not(None),
        row.last_modified >= search.modified_after,
        row.id.not_in(still),
    )
    return select(union(ids, gone).subquery().c.id)


def _places(search: ServiceSearch, viewer: Viewer, place: Place | None) -> Select[Any]:
    """Return a statement of where services are given, as `id` and `service`.

    Where a distance is asked for, each of the places must lie within it, not one for all.
    """
    row, near = ListingRow, ListingPlaceRow
    spot = func.unnest(row.at_locations).table_valued("id").render_derived(name="spot")
    found = (
        select(spot.c.id, row.service_id.label("service"))
        .select_from(row)
        .join(spot, true())
        .where(seen_by_viewer(viewer))
        .where(row.service_id.in_(matching(_with_archived(search, viewer), viewer, place)))
    )
    if place is not None and search.proximity is not None:
        inside = select(near.listing).where(
            near.listing == row.key,
            near.at_location == spot.c.id,
            within(place, search.proximity),
        )
        found = found.where(inside.exists())
    return found


def _with_archived(search: ServiceSearch, viewer: Viewer) -> ServiceSearch:
    """Return a search that finds what has ended too, where the viewer is shown it in full."""
    if viewer.agency is None or search.modified_after is not None:
        return search
    return replace(search, modified_after=_EVER)


def _packed(session: Session, found: Select[Any]) -> bytes:
    """Return all ids that a statement finds, in order: one value is read faster than rows are."""
    rows = found.distinct().subquery()
    ids = [func.uuid_send(column, type_=LargeBinary()) for column in rows.c]
    together = ids[0] if len(ids) == 1 else ids[0].op("||")(ids[1])
    nothing = literal(b"", LargeBinary())
    every = func.string_agg(together, aggregate_order_by(nothing, *rows.c), type_=LargeBinary())
    packed: bytes | None = session.scalar(select(every))
    return packed or b""
