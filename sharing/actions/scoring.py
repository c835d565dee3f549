"""Entries are measured and judged in the order of the tree, each once; what is found is queued.

What an entry did not know when it was made, its place among others, is asked of their lines: so
scoring follows the lines, which follow the leaves. Measures, items and the place reached are one
transaction: whatever kills it, no entry is passed over and none is queued twice.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app.kernel.db import speak_for
from app.kernel.ids import new_id
from sharing.actions.events import tell
from sharing.actions.exporting import SERVICE
from sharing.actions.measuring import Measured, measure
from sharing.models.reviewing import ReviewActRow, ReviewItemRow
from sharing.models.scoring import ReviewLookRow, ReviewProgressRow, ReviewTallyRow
from sharing.queries.indexing import unindexed
from sharing.queries.measuring import lines_reach
from sharing.queries.review_settings import seed_at, settings_at
from sharing.rules.measuring import kept_measures
from sharing.rules.own_side import told_to_recipient
from sharing.rules.sampling import is_drawn
from sharing.rules.scoring import due_at, judge
from sharing.rules.telling import TOLD
from sharing.terms.events import EventKind
from sharing.terms.lines import DECISION, Written
from sharing.terms.reviewing import ReviewAct, ReviewState
from sharing.terms.scoring import Judgement, ReviewSettings, ReviewSettingsVersion

BATCH: Final = 100
_SCORER: Final = 0x524947485453434F  # "RIGHTSCO"


def lead(session: Session) -> int | None:
    """Be the one that scores until this transaction ends; None where somebody else is.

    Returns the first leaf that was not scored.
    """
    if not session.scalar(select(func.pg_try_advisory_xact_lock(_SCORER))):
        return None
    return session.scalar(select(ReviewProgressRow.next_leaf))


def score(session: Session, reading: Session, first: int, at: datetime) -> int:
    """Measure and judge up to a hundred entries from a leaf on; return how many there were.

    `session` leads; `reading` sees the whole log, in a transaction that began since.
    """
    reached = lines_reach(reading)
    found = [one for one in unindexed(reading, first, BATCH) if one.leaf_index < reached]
    if not found:
        return 0
    for entry in found:
        speak_for(session, entry.recipient)
        _look_at(session, measure(session, reading, entry), at)
    session.execute(update(ReviewProgressRow).values(next_leaf=found[-1].leaf_index + 1))
    return len(found)


@dataclass(frozen=True, slots=True)
class _Judged:
    """That an entry is queued, what of that the asking agency may see, and by which settings."""

    entry: Written
    judgement: Judgement
    own: Judgement | None
    by: ReviewSettingsVersion


def _look_at(session: Session, measured: Measured, at: datetime) -> None:
    """Keep what is unusual about an entry, and queue it if it is to be looked at."""
    entry = measured.entry
    signed = settings_at(session, entry.at)
    drawn = entry.entry_kind == DECISION and _drawn(session, entry, signed.values)
    kept = kept_measures(measured.measures)
    if kept or drawn:
        session.execute(insert(ReviewLookRow).values(_look(measured, kept, drawn=drawn)))
    _count(session, measured)
    judged = judge(measured.measures, signed.values, drawn=drawn)
    if judged is not None:
        answered = entry.outcome in TOLD
        own = told_to_recipient(measured.measures, signed.values, drawn=drawn, told=answered)
        _queue(session, _Judged(entry, judged, own, signed), at)
        for agency in sorted(measured.shielded_by):
            kind = EventKind.SHIELD_TOUCHED
            tell(session, agency, kind, entry.id, disclosures=[entry.id], at=at)


def _drawn(session: Session, entry: Written, settings: ReviewSettings) -> bool:
    rate = settings.sample_by_agency.get(entry.recipient, settings.sample_per_mille)
    seed = seed_at(session, entry.at)
    return seed is not None and is_drawn(seed, entry.id, rate)


def _look(measured: Measured, kept: Mapping[str, Any], *, drawn: bool) -> dict[str, Any]:
    entry = measured.entry
    return {
        "entry_id": entry.id,
        "at": entry.at,
        "recipient": entry.recipient,
        "source": entry.source,
        "measures": kept,
        "drawn": drawn,
        "words": measured.words,
    }


def _count(session: Session, measured: Measured) -> None:
    """Add the entry to what is usual for its role."""
    if measured.role is None:
        return
    row = insert(ReviewTallyRow).values(asdict(measured.role) | {"n": 1})
    keys = ("agency", "role", "day", "hour", "purpose")
    more = {"n": ReviewTallyRow.n + row.excluded.n}
    session.execute(row.on_conflict_do_update(index_elements=keys, set_=more))


def _queue(session: Session, judged: _Judged, at: datetime) -> UUID:
    """Put an entry into the queue; the session speaks for its recipient."""
    entry, found = judged.entry, judged.judgement
    made = new_id(at)
    values = {
        "id": made,
        "entry_id": entry.id,
        "at": entry.at,
        "recipient": entry.recipient,
        "source": entry.source,
        "why": [one.value for one in found.why],
        "score": found.score,
        "flags": [one.flag.value for one in found.sightings],
        "because": _because(found),
        "told": None if judged.own is None else _told(judged.own, at, judged.by.values),
        "settings": judged.by.version,
        "priority": found.priority.value,
        "queued_at": at,
        "due": due_at(found.priority, at, judged.by.values),
        "state": ReviewState.NEW.value,
    }
    session.execute(insert(ReviewItemRow).values(values))
    act = {"id": new_id(at), "item_id": made, "act": ReviewAct.QUEUED.value, "at": at}
    session.execute(insert(ReviewActRow).values(act | {"by": SERVICE, "agency": SERVICE}))
    return made


def _because(found: Judgement) -> list[dict[str, Any]]:
    return [
        {"flag": one.flag.value, "score": one.score, "because": one.because}
        for one in found.sightings
    ]


def _told(own: Judgement, at: datetime, settings: ReviewSettings) -> dict[str, Any]:
    return {
        "why": [one.value for one in own.why],
        "score": own.score,
        "flags": [one.flag.value for one in own.sightings],
        "because": _because(own),
        "priority": own.priority.value,
        "due": due_at(own.priority, at, settings).isoformat(),
    }
