"""The queue of reviewers, as those see it whose side an item is on; row-level security chooses."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, Row, and_, case, func, or_, select, tuple_
from sqlalchemy.orm import Session

from app.kernel.vault import DataKey, Vault
from sharing.models.log import LogSubjectRow
from sharing.models.reviewing import ReviewActRow, ReviewItemRow
from sharing.models.scoring import ReviewLookRow
from sharing.rules.measuring import measures_in
from sharing.rules.own_side import sees_all
from sharing.terms.reviewing import (
    OPEN,
    ActOnFile,
    Examiner,
    FlagOutcomes,
    ReviewAct,
    ReviewItem,
    ReviewState,
    Wanted,
)
from sharing.terms.scoring import Look, Priority, RedFlag, Sighting, Why

MOST_ACTS: Final = 500
MOST_LOOKS: Final = 200_000
"""How many looks one dry run judges again: some seconds' work."""
Place = tuple[datetime, UUID]


def queue(
    session: Session, wanted: Wanted, by: Examiner, *, after: Place | None, limit: int
) -> Sequence[ReviewItem]:
    """Return items as somebody may see them, from after one.

    The one due first is at the head for who sees them all; for an agency the one queued first, as
    when its items are due could tell it why.
    """
    row = ReviewItemRow
    first = row.due if by.whole else row.queued_at
    found = select(row).where(*_wanted(wanted, by)).order_by(first, row.id).limit(limit)
    if after is not None:
        found = found.where(tuple_(first, row.id) > after)
    return [item_of(one, by) for one in session.scalars(found)]


def place_of(item: ReviewItem, by: Examiner) -> Place:
    """Return where an item stands in the queue that somebody sees."""
    return (item.due if by.whole else item.queued_at), item.id


def item_about(session: Session, entry: UUID, by: Examiner) -> ReviewItem | None:
    """Return the item of an entry as somebody may see it; None if it is not queued, or not so."""
    row = ReviewItemRow
    found = select(row).where(row.entry_id == entry, *_visible(by))
    return next((item_of(one, by) for one in session.scalars(found)), None)


def acts_on(session: Session, item: UUID, key: DataKey | None = None) -> list[ActOnFile]:
    """Return what was done to an item, the oldest first; notes only where their key is given."""
    row = ReviewActRow
    found = select(row).where(row.item_id == item).order_by(row.n).limit(MOST_ACTS)
    return [_act(one, key) for one in session.scalars(found)]


def note_key(session: Session, entry: UUID) -> DataKey | None:
    """Return the key of the notes on an entry; None once its opening is erased.

    It derives from the salt that goes with the opening: whatever erases that, a person's wish or
    the end of its retention, makes the notes unreadable too.
    """
    salt = session.scalar(select(LogSubjectRow.salt).where(LogSubjectRow.id == entry))
    if salt is None:
        return None
    return DataKey(Vault.of(session).digest("log", "review_note", salt.hex()))


def item_of(row: ReviewItemRow, by: Examiner) -> ReviewItem:
    """Return an item as it stands in its row, and as somebody may see it."""
    item = _whole(row)
    if sees_all(by, row.recipient):
        return item
    told = row.told
    if told is None:
        raise LookupError("an item was found that its own agency may not know of")
    return replace(
        item,
        why=tuple(Why(one) for one in told["why"]),
        score=told["score"],
        sightings=_sightings(told["because"]),
        priority=Priority(told["priority"]),
        due=datetime.fromisoformat(told["due"]),
    )


def _whole(row: ReviewItemRow) -> ReviewItem:
    return ReviewItem(
        row.id,
        row.number,
        row.entry_id,
        row.at,
        row.recipient,
        row.source,
        tuple(Why(one) for one in row.why),
        row.score,
        _sightings(row.because),
        row.settings,
        Priority(row.priority),
        row.queued_at,
        row.due,
        ReviewState(row.state),
        row.owner,
        row.breach_said_by,
        row.breach_said_at,
        row.referred_at,
        row.closed_by,
        row.closed_at,
    )


def flag_outcomes(session: Session) -> list[FlagOutcomes]:
    """Return what became of the items of each flag, in the order of the flags."""
    row = ReviewItemRow
    flags = select(row.state, func.unnest(row.flags).label("flag")).subquery()
    is_open = flags.c.state.in_([one.value for one in OPEN])
    states = (ReviewState.EXPLAINED, ReviewState.INAPPROPRIATE, ReviewState.BREACH)
    counted = [func.count(case((flags.c.state == one.value, 1))) for one in states]
    found = select(flags.c.flag, func.count(case((is_open, 1))), *counted)
    by_flag: dict[str, Row[tuple[str, int, int, int, int]]] = {
        one[0]: one for one in session.execute(found.group_by(flags.c.flag).order_by(flags.c.flag))
    }
    return [FlagOutcomes(one, *(by_flag.get(one.value) or (0,) * 5)[1:]) for one in RedFlag]


def looks_since(session: Session, since: datetime) -> Iterator[Look]:
    """Yield what was unusual about entries from an instant on, the newest first, up to a limit."""
    row = ReviewLookRow
    found = (
        select(row.entry_id, row.measures, row.drawn)
        .where(row.at >= since)
        .order_by(row.at.desc(), row.entry_id.desc())
        .limit(MOST_LOOKS)
        .execution_options(yield_per=1000)
    )
    for entry, measures, drawn in session.execute(found):
        yield Look(entry, measures_in(measures), drawn)


def _sightings(because: list[dict[str, Any]]) -> tuple[Sighting, ...]:
    return tuple(Sighting(RedFlag(o["flag"]), o["score"], o["because"]) for o in because)


def _visible(by: Examiner) -> Iterator[ColumnElement[bool]]:
    """Keep from an agency's own reviewers what they may not even know to be queued."""
    if not by.whole:
        row = ReviewItemRow
        yield or_(row.recipient != by.agency, row.told.is_not(None))


def _act(row: ReviewActRow, key: DataKey | None) -> ActOnFile:
    note = None
    if row.note is not None and key is not None:
        note = key.open(row.note, "review_act", row.id, "note").decode()
    made = row.note is not None
    return ActOnFile(ReviewAct(row.act), row.by, row.agency, row.at, row.detail, note, made)


def _wanted(wanted: Wanted, by: Examiner) -> Iterator[ColumnElement[bool]]:
    row = ReviewItemRow
    yield from _visible(by)
    yield row.state.in_([one.value for one in wanted.states])
    if wanted.states == OPEN:
        yield row.closed_at.is_(None)  # as the index says it
    if wanted.overdue_at is not None:
        yield row.due < wanted.overdue_at
    if wanted.owner is not None:
        yield row.owner == wanted.owner
    if wanted.flag is not None:
        whole, flag = row.flags.contains([wanted.flag.value]), [wanted.flag.value]
        own = and_(row.recipient == by.agency, row.told["flags"].contains(flag))
        yield whole if by.whole else or_(own, and_(row.recipient != by.agency, whole))
