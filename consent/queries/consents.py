"""Which consents are on file, and what became of them."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any
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


def about_subject(session: Session, subject: UUID, limit: int) -> list[ConsentOnFile]:
    """Return the consents about a subject, the newest first."""
    row = ConsentSubjectRow
    found = select(row.consent_id).where(row.subject_id == subject)
    ids = session.scalars(found.order_by(row.consent_id.desc()).limit(limit)).all()
    listed = (consent_on_file(session, one) for one in ids)
    return [one for one in listed if one is not None]


def consents_about(session: Session, subject: UUID) -> list[ConsentOnFile]:
    """Return every consent about a subject, in the order in which they were recorded."""
    found = (
        select(ConsentRow.id)
        .join(ConsentSubjectRow, ConsentSubjectRow.consent_id == ConsentRow.id)
        .where(ConsentSubjectRow.subject_id == subject)
        .order_by(ConsentRow.recorded_at, ConsentRow.id)
    )
    each = (consent_on_file(session, consent) for consent in session.scalars(found).all())
    return [one for one in each if one is not None]


def as_recorded(one: ConsentOnFile) -> dict[str, Any]:
    """Return a consent as it is written on the wire: what its receipt and its hash are made of."""
    return {
        "id": str(one.id),
        "kind": one.kind.value,
        "subjects": _listed(one.subjects),
        "given_by": str(one.given_by),
        "capacity": one.capacity,
        "answer": one.answer.value,
        "method": one.method.value,
        "recipients": _listed(one.recipients),
        "purposes": _listed(one.purposes),
        "categories": _listed(one.categories),
        "sources": _listed(one.sources),
        "valid_from": _written(one.valid_from),
        "valid_until": _written(one.valid_until),
        "replaces": None if one.replaces is None else str(one.replaces),
        "notice": asdict(one.notice),
        "recorder": asdict(one.recorder),
        "recorded_at": _written(one.recorded_at),
        "recorded_by": one.recorded_by,
        "confirmed_at": _written(one.confirmed_at),
        "withdrawn_at": _written(one.withdrawn_at),
        "replaced_by": None if one.replaced_by is None else str(one.replaced_by),
    }


def _listed(each: Iterable[object]) -> list[str]:
    return sorted(map(str, each))


def _written(at: datetime | None) -> str | None:
    return None if at is None else at.isoformat()


def evidence_of(session: Session, consent: UUID, key: DataKey) -> str | None:
    """Return what a consent was recorded from, opened with the key of whoever gave it."""
    sealed = session.scalar(select(ConsentRow.evidence).where(ConsentRow.id == consent))
    return None if sealed is None else key.open(sealed, "consent", consent, "evidence").decode()


def _events(session: Session, consent: UUID) -> dict[str, datetime]:
    found = select(ConsentEventRow.kind, ConsentEventRow.recorded_at).where(
        ConsentEventRow.consent_id == consent
    )
    return dict(session.execute(found).all())
