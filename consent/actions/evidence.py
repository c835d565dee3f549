"""Keeping what shows that something was said, and opening it for those who recorded it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import insert
from sqlalchemy.orm import Session

from app.kernel.ids import new_id
from app.kernel.named import NotAvailable
from app.kernel.vault import DataKey
from consent.actions.errors import EvidenceNotReadable, TooMuchEvidence
from consent.actions.subjects import key_of
from consent.actions.writing import Writer
from consent.models.evidence import ConsentEvidenceReadRow, ConsentEvidenceRow
from consent.queries import evidence as on_file
from consent.queries.consents import consent_on_file
from consent.queries.evidence import Evidence, EvidenceRead
from consent.rules.evidence import NOTE, content_hash, media_type_of

MOST_PIECES = 20
MOST_READS = 1000


@dataclass(frozen=True, slots=True)
class Reader:
    """Who opens evidence: a client, for its agency, and the practitioner whom its token named."""

    client: str
    agency: str
    practitioner: str | None


@dataclass(frozen=True, slots=True)
class Opened:
    """What a piece of evidence holds, and what it is."""

    content: bytes
    media_type: str


def attach_file(
    session: Session, consent: UUID, content: bytes, by: Writer, at: datetime
) -> Evidence:
    """Keep a PDF, PNG or JPEG, sealed; `EvidenceNotReadable` if it is none of these."""
    media_type = media_type_of(content)
    if media_type is None:
        raise EvidenceNotReadable(pointer="#")
    return _attach(session, consent, media_type, content, by=by, at=at)


def attach_note(session: Session, consent: UUID, note: str, by: Writer, at: datetime) -> Evidence:
    """Keep a note, sealed."""
    return _attach(session, consent, NOTE, note.encode(), by=by, at=at)


def listed(session: Session, consent: UUID, agency: str) -> Sequence[Evidence]:
    """Return what there is, for the agency that recorded the consent; else `NotAvailable`."""
    return on_file.evidence_on_file(session, consent, _key(session, consent, agency))


def read(session: Session, consent: UUID, evidence: UUID, by: Reader, at: datetime) -> Opened:
    """Open a piece of evidence and write down who did, in one transaction."""
    key = _key(session, consent, by.agency)
    content = on_file.content_of(session, consent, evidence, key)
    if content is None:
        raise NotAvailable
    session.execute(
        insert(ConsentEvidenceReadRow).values(
            id=new_id(at),
            consent_id=consent,
            evidence_id=evidence,
            read_at=at,
            read_by_client=by.client,
            read_by_agency=by.agency,
            practitioner=by.practitioner,
        )
    )
    return Opened(content, media_type_of(content) or NOTE)


def readers(session: Session, consent: UUID, agency: str) -> Sequence[EvidenceRead]:
    """Return who opened evidence, for the agency that recorded the consent."""
    _key(session, consent, agency)
    return on_file.reads(session, consent, MOST_READS)


def _attach(  # noqa: PLR0913  (what, of which kind, to which consent)
    session: Session, consent: UUID, media_type: str, content: bytes, *, by: Writer, at: datetime
) -> Evidence:
    key, made = _key(session, consent, by.agency), new_id(at)
    if on_file.pieces(session, consent) >= MOST_PIECES:
        raise TooMuchEvidence
    sha256 = content_hash(content)
    session.execute(
        insert(ConsentEvidenceRow).values(
            id=made,
            consent_id=consent,
            media_type=media_type,
            size=len(content),
            sha256=sha256,
            content=key.seal(content, *on_file.place_of(made)),
            **by.stamp(at),
        )
    )
    return Evidence(made, media_type, len(content), sha256.hex(), at)


def _key(session: Session, consent: UUID, agency: str) -> DataKey:
    """Return the key of whoever gave a consent, to the agency that recorded it."""
    found = consent_on_file(session, consent)
    if found is None or found.recorded_by != agency:
        raise NotAvailable
    return key_of(session, found.given_by)
