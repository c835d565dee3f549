"""Which privacy notices are on file, and which had begun at an instant."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, tuple_
from sqlalchemy.orm import Session

from consent.models.notices import PrivacyNoticeRow

Place = tuple[str, str, str]
"""Code, version and language: what names a notice."""


@dataclass(frozen=True, slots=True)
class PrivacyNotice:
    """One version of a privacy notice in one language."""

    code: str
    version: str
    language: str
    title: str
    text: str
    sha256: str
    starts: datetime
    approved_by: str
    recorded_at: datetime


def notices(session: Session, after: Place | None, limit: int) -> Sequence[PrivacyNotice]:
    """Return notices by code, version and language, from after one."""
    row = PrivacyNoticeRow
    place = tuple_(row.code, row.version, row.language)
    found = select(row).order_by(row.code, row.version, row.language).limit(limit)
    if after is not None:
        found = found.where(place > tuple_(*after))
    return [_notice(one) for one in session.scalars(found)]


def notice(session: Session, place: Place) -> PrivacyNotice | None:
    """Return one notice, or None."""
    row = session.get(PrivacyNoticeRow, place)
    return None if row is None else _notice(row)


def begun(session: Session, code: str, at: datetime) -> dict[tuple[str, str], str]:
    """Return the hash of each version and language of a notice that had begun, by both."""
    row = PrivacyNoticeRow
    found = (
        select(row.version, row.language, row.sha256)
        .where(row.code == code, row.starts <= at)
        .order_by(row.starts, row.version, row.language)
    )
    return {(version, language): sha for version, language, sha in session.execute(found).all()}


def _notice(row: PrivacyNoticeRow) -> PrivacyNotice:
    return PrivacyNotice(
        row.code,
        row.version,
        row.language,
        row.title,
        row.text,
        row.sha256,
        row.starts,
        row.approved_by,
        row.recorded_at,
    )
