"""The seeds of samples: each made and committed to before its month, told after.

Both are entries of the log, which nobody can rewrite: that is what keeps the draw honest.
"""

import secrets
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app.kernel.db import speak_for
from app.kernel.vault import Vault
from sharing.actions.exporting import SERVICE
from sharing.actions.log import LOG_KEY, Entry, Line, append_entry
from sharing.chain.leaves import EntryKind
from sharing.models.scoring import ReviewDrawRow
from sharing.queries.review_settings import seed_in
from sharing.rules.sampling import SEED_SIZE, commitment, month_of, next_month
from sharing.rules.telling import REVIEWED

COMMITTED: Final = "sample_committed"
TOLD: Final = "sample_told"
_WAITS: Final = timedelta(days=1)
"""How long after its month a seed is told: what waits for scoring then is scored by now."""


def keep_seeds(session: Session, at: datetime) -> None:
    """Commit to the seeds of this month and the next where that is to do; tell those of the past.

    A month that began before anybody committed to it is drawn from then on only.
    """
    this = month_of(at)
    for month in (this, next_month(this)):
        if session.get(ReviewDrawRow, month) is None:
            _commit(session, month, at)
    row = ReviewDrawRow
    past = select(row).where(row.told_at.is_(None), row.month < this).order_by(row.month)
    for one in session.scalars(past).all():
        if next_month(one.month) + _WAITS <= at:
            _tell(session, one, at)


def _commit(session: Session, month: datetime, at: datetime) -> None:
    seed = secrets.token_bytes(SEED_SIZE)
    bound = commitment(seed)
    key = Vault.of(session).named(LOG_KEY)
    starts = max(month, at)
    said = {"starts": starts.isoformat(), "commitment": bound.hex()}
    entry = _entry(session, COMMITTED, month, said, at)
    made = {
        "month": month,
        "starts": starts,
        "commitment": bound,
        "seed": key.seal(seed, "review_draw", month.isoformat(), "seed"),
        "committed_by": entry.id,
    }
    session.execute(insert(ReviewDrawRow).values(made))


def _tell(session: Session, row: ReviewDrawRow, at: datetime) -> None:
    entry = _entry(session, TOLD, row.month, {"seed": seed_in(session, row).hex()}, at)
    session.execute(
        update(ReviewDrawRow)
        .where(ReviewDrawRow.month == row.month)
        .values(told_at=at, told_by=entry.id)
    )


def _entry(
    session: Session, act: str, month: datetime, said: dict[str, Any], at: datetime
) -> Entry:
    speak_for(session, SERVICE)
    facts = {"act": act, "outcome": REVIEWED, "month": f"{month:%Y-%m}"} | said
    return append_entry(session, Line(SERVICE, None, REVIEWED, facts, {}), at, EntryKind.REVIEW)
