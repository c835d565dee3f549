"""Which settings of review hold at an instant, and which seeds draw its sample."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from app.kernel.vault import Vault
from sharing.models.scoring import ReviewDrawRow, ReviewSettingRow
from sharing.rules.measuring import settings_in
from sharing.rules.sampling import month_of
from sharing.terms.scoring import ReviewSettingsVersion

MOST_VERSIONS = 200


@dataclass(frozen=True, slots=True)
class Draw:
    """The sample of a month: its commitment, and its seed once that may be told."""

    month: datetime
    starts: datetime
    commitment: bytes
    committed_by: UUID
    told_at: datetime | None
    told_by: UUID | None
    seed: bytes | None


def settings_at(session: Session, at: datetime) -> ReviewSettingsVersion:
    """Return the newest settings that have started, or the defaults."""
    row = ReviewSettingRow
    return _newest(session, select(row).where(row.starts <= at, row.recorded_at <= at))


def settings_from(session: Session, starts: datetime) -> ReviewSettingsVersion:
    """Return what will hold at an instant, by all that is signed so far, or the defaults."""
    return _newest(session, select(ReviewSettingRow).where(ReviewSettingRow.starts <= starts))


def settings_signed(session: Session) -> Sequence[ReviewSettingsVersion]:
    """Return what was signed off, newest first."""
    rows = select(ReviewSettingRow).order_by(ReviewSettingRow.version.desc())
    return [_version(row) for row in session.scalars(rows.limit(MOST_VERSIONS))]


def seed_at(session: Session, at: datetime) -> bytes | None:
    """Return the seed that draws entries of an instant; None where none had been committed to."""
    row = session.get(ReviewDrawRow, month_of(at))
    return None if row is None or at < row.starts else seed_in(session, row)


def seed_in(session: Session, row: ReviewDrawRow) -> bytes:
    """Return the seed of a draw, which nobody is told before its month is over."""
    key = Vault.of(session).named("log")
    return key.open(row.seed, "review_draw", row.month.isoformat(), "seed")


def draws(session: Session, *, limit: int) -> list[Draw]:
    """Return the months that were committed to, newest first, each seed once it was told."""
    rows = select(ReviewDrawRow).order_by(ReviewDrawRow.month.desc()).limit(limit)
    return [
        Draw(
            row.month,
            row.starts,
            row.commitment,
            row.committed_by,
            row.told_at,
            row.told_by,
            None if row.told_at is None else seed_in(session, row),
        )
        for row in session.scalars(rows)
    ]


def _newest(session: Session, among: Select[ReviewSettingRow]) -> ReviewSettingsVersion:
    row = session.scalar(among.order_by(ReviewSettingRow.version.desc()).limit(1))
    return ReviewSettingsVersion() if row is None else _version(row)


def _version(row: ReviewSettingRow) -> ReviewSettingsVersion:
    return ReviewSettingsVersion(
        row.version,
        settings_in(row.content),
        row.starts,
        row.signed_by,
        row.authority,
        row.recorded_at,
    )
