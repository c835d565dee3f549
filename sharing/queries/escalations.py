"""Which handovers are on file; row-level security shows each agency its own."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from sharing.models.notices import EscalationRow
from sharing.terms.escalations import Direction, Duty, EscalationOnFile, Lead


def escalations(
    session: Session, *, after: UUID | None, limit: int, waiting: bool = False
) -> list[EscalationOnFile]:
    """Return handovers that the agency spoken for is a party to, the newest first."""
    row = EscalationRow
    found = select(row).order_by(row.id.desc()).limit(limit)
    if after is not None:
        found = found.where(row.id < after)
    if waiting:
        found = found.where(
            row.completed_at.is_(None), row.declined_at.is_(None), row.withdrawn_at.is_(None)
        )
    return [escalation_of(one) for one in session.scalars(found)]


def escalation_of(row: EscalationRow) -> EscalationOnFile:
    """Return a handover without its words and without whom it is about."""
    return EscalationOnFile(
        id=row.id,
        direction=Direction(row.direction),
        from_agency=row.from_agency,
        to_agency=row.to_agency,
        from_lead=Lead(row.from_lead, row.from_contact),
        to_lead=Lead(row.to_lead, row.to_contact),
        basis=row.basis,
        duty=None if row.duty is None else Duty(row.duty),
        recorded_at=row.recorded_at,
        completed_at=row.completed_at,
        declined_at=row.declined_at,
        withdrawn_at=row.withdrawn_at,
    )
