"""Which evidence there is of a consent, what it holds, and who has read it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.kernel.vault import DataKey
from consent.models.consents import ConsentRow
from consent.models.evidence import ConsentEvidenceReadRow, ConsentEvidenceRow
from consent.queries.consents import evidence_of
from consent.rules.evidence import NOTE, content_hash


@dataclass(frozen=True, slots=True)
class Evidence:
    """A file or note; the one with the consent's own id was written when it was recorded."""

    id: UUID
    media_type: str
    size: int
    sha256: str
    recorded_at: datetime


@dataclass(frozen=True, slots=True)
class EvidenceRead:
    """That somebody opened a piece of evidence."""

    evidence: UUID
    read_at: datetime
    client: str
    agency: str
    practitioner: str | None


def place_of(evidence: UUID) -> tuple[object, ...]:
    """Return where a piece of evidence is sealed to."""
    return ("consent_evidence", evidence, "content")


def evidence_on_file(session: Session, consent: UUID, key: DataKey) -> Sequence[Evidence]:
    """Return what there is, the oldest first."""
    row = ConsentEvidenceRow
    columns = (row.id, row.media_type, row.size, row.sha256, row.recorded_at)
    found = select(*columns).where(row.consent_id == consent).order_by(row.recorded_at, row.id)
    listed = [
        Evidence(one.id, one.media_type, one.size, one.sha256.hex(), one.recorded_at)
        for one in session.execute(found)
    ]
    first = _first_note(session, consent, key)
    return listed if first is None else [first, *listed]


def content_of(session: Session, consent: UUID, evidence: UUID, key: DataKey) -> bytes | None:
    """Return what a piece of evidence holds, opened; None if the consent has none of this id."""
    if evidence == consent:
        note = evidence_of(session, consent, key)
        return None if note is None else note.encode()
    row = ConsentEvidenceRow
    sealed = session.scalar(
        select(row.content).where(row.id == evidence, row.consent_id == consent)
    )
    return None if sealed is None else key.open(sealed, *place_of(evidence))


def pieces(session: Session, consent: UUID) -> int:
    """Return how many files and notes were added to a consent."""
    row = ConsentEvidenceRow
    counted = select(func.count()).select_from(row).where(row.consent_id == consent)
    return session.scalar(counted) or 0


def reads(session: Session, consent: UUID, limit: int) -> Sequence[EvidenceRead]:
    """Return who opened evidence of a consent, the newest first."""
    row = ConsentEvidenceReadRow
    found = select(row).where(row.consent_id == consent).order_by(row.read_at.desc(), row.id.desc())
    return [
        EvidenceRead(
            one.evidence_id, one.read_at, one.read_by_client, one.read_by_agency, one.practitioner
        )
        for one in session.scalars(found.limit(limit))
    ]


def _first_note(session: Session, consent: UUID, key: DataKey) -> Evidence | None:
    note = evidence_of(session, consent, key)
    at = session.scalar(select(ConsentRow.recorded_at).where(ConsentRow.id == consent))
    if note is None or at is None:
        return None
    content = note.encode()
    return Evidence(consent, NOTE, len(content), content_hash(content).hex(), at)
