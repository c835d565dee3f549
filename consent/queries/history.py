"""What was said about a subject, as far as one agency may read it."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from sqlalchemy import any_, literal, or_, select
from sqlalchemy.orm import Session

from consent.models.consents import ConsentEventRow, ConsentRow, ConsentSubjectRow
from consent.queries.consents import ConsentOnFile, consent_on_file


def consents_about(session: Session, subject: UUID, agency: str) -> Sequence[ConsentOnFile]:
    """Return what was said about a subject that this agency recorded or is named in, in order."""
    row, about = ConsentRow, ConsentSubjectRow
    found = (
        select(row.id)
        .join(about, about.consent_id == row.id)
        .where(
            about.subject_id == subject,
            or_(row.recorded_by_agency == agency, literal(agency) == any_(row.recipients)),
        )
        .order_by(row.recorded_at, row.id)
    )
    listed = (consent_on_file(session, one) for one in session.scalars(found).all())
    return [one for one in listed if one is not None]


def recorders_of(session: Session, consent: UUID) -> Mapping[str, str]:
    """Return which agency recorded what became of a consent, by kind of event."""
    row = ConsentEventRow
    found = select(row.kind, row.recorded_by_agency).where(row.consent_id == consent)
    return dict(session.execute(found).all())
