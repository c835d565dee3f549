"""Which consents are on file, and what became of them."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.kernel.vault import DataKey
from consent.models.consents import ConsentEventRow, ConsentRow, ConsentSubjectRow
from consent.terms import Answer, ConsentKind, Method

CONFIRMED = "confirmed"
WITHDRAWN = "withdrawn"
PRIVACY = "privacy"
"""The code of the notice that a partnership shows where it has but one."""


@dataclass(frozen=True, slots=True)
class Notice:
    """Which privacy notice the person was shown, in which language, and the hash of its text.

    A consent from before texts were kept has neither code nor hash.
    """

    version: str
    language: str
    code: str | None = PRIVACY
    sha256: str | None = None


@dataclass(frozen=True, slots=True)
class Recorder:
    """Who took the answer down, by their agency's own staff id."""

    id: str
    role: str


@dataclass(frozen=True, slots=True)
class ConsentOnFile:
    """A consent as it was recorded, and what became of it; the evidence stays sealed."""

    id: UUID
    kind: ConsentKind
    subjects: frozenset[UUID]
    given_by: UUID
    capacity: str
    answer: Answer
    method: Method
    recipients: frozenset[str]
    purposes: frozenset[str]
    categories: frozenset[str]
    sources: frozenset[str]
    valid_from: datetime | None
    valid_until: datetime | None
    replaces: UUID | None
    notice: Notice
    recorder: Recorder
    recorded_at: datetime
    recorded_by: str
    confirmed_at: datetime | None
    withdrawn_at: datetime | None
    replaced_by: UUID | None


def subjects_of(session: Session, consent: UUID) -> frozenset[UUID]:
    """Return whom a consent is about; nobody if there is no such consent."""
    found = select(ConsentSubjectRow.subject_id).where(ConsentSubjectRow.consent_id == consent)
    return frozenset(session.scalars(found))


def consent_on_file(session: Session, consent: UUID) -> ConsentOnFile | None:
    """Return a consent and what became of it, or None if there is no such consent."""
    row = session.get(ConsentRow, consent)
    if row is None:
        return None
    happened = _events(session, consent)
    return ConsentOnFile(
        id=row.id,
        kind=ConsentKind(row.kind),
        subjects=subjects_of(session, consent),
        given_by=row.given_by,
        capacity=row.capacity,
        answer=Answer(row.answer),
        method=Method(row.method),
        recipients=frozenset(row.recipients),
        purposes=frozenset(row.purposes),
        categories=frozenset(row.categories),
        sources=frozenset(row.sources),
        valid_from=row.valid_from,
        valid_until=row.valid_until,
        replaces=row.replaces,
        notice=Notice(row.notice_version, row.notice_language, row.notice_code, row.notice_sha256),
        recorder=Recorder(row.recorder_id, row.recorder_role),
        recorded_at=row.recorded_at,
        recorded_by=row.recorded_by_agency,
        confirmed_at=happened.get(CONFIRMED),
        withdrawn_at=happened.get(WITHDRAWN),
        replaced_by=session.scalar(select(ConsentRow.id).where(ConsentRow.replaces == consent)),
    )


def evidence_of(session: Session, consent: UUID, key: DataKey) -> str | None:
    """Return what a consent was recorded from, opened with the key of whoever gave it."""
    sealed = session.scalar(select(ConsentRow.evidence).where(ConsentRow.id == consent))
    return None if sealed is None else key.open(sealed, "consent", consent, "evidence").decode()


def _events(session: Session, consent: UUID) -> dict[str, datetime]:
    found = select(ConsentEventRow.kind, ConsentEventRow.recorded_at).where(
        ConsentEventRow.consent_id == consent
    )
    return dict(session.execute(found).all())
