"""Which shields are on file."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from consent.models.protection import ShieldRow, ShieldSubjectRow
from consent.terms import Period, Shield, ShieldMode


@dataclass(frozen=True, slots=True)
class ShieldOnFile:
    """A shield and whom it protects; the reason stays sealed."""

    id: UUID
    subjects: frozenset[UUID]
    mode: ShieldMode
    categories: frozenset[str]
    unaffected: frozenset[str]
    starts: datetime
    ends: datetime | None
    set_by: str
    recorded_at: datetime


def shielded_by(session: Session, shield: UUID) -> frozenset[UUID]:
    """Return whom a shield protects; nobody if there is no such shield."""
    found = select(ShieldSubjectRow.subject_id).where(ShieldSubjectRow.shield_id == shield)
    return frozenset(session.scalars(found))


def shield_on_file(session: Session, shield: UUID) -> ShieldOnFile | None:
    """Return a shield as it stands, or None if there is no such shield."""
    row = session.get(ShieldRow, shield, populate_existing=True)
    if row is None:
        return None
    return ShieldOnFile(
        id=row.id,
        subjects=shielded_by(session, shield),
        mode=ShieldMode(row.mode),
        categories=frozenset(row.categories),
        unaffected=frozenset(row.unaffected),
        starts=row.starts,
        ends=row.ends,
        set_by=row.set_by,
        recorded_at=row.recorded_at,
    )


def set_by_agency(session: Session, shield: UUID) -> str | None:
    """Return the agency that set a shield; None if there is no such shield."""
    return session.scalar(select(ShieldRow.recorded_by_agency).where(ShieldRow.id == shield))


def shields_of(session: Session, subject: UUID) -> tuple[Shield, ...]:
    """Return the shields of a subject, ended ones too."""
    found = (
        select(ShieldRow)
        .join(ShieldSubjectRow, ShieldSubjectRow.shield_id == ShieldRow.id)
        .where(ShieldSubjectRow.subject_id == subject)
        .order_by(ShieldRow.id)
    )
    return tuple(
        Shield(
            row.id,
            ShieldMode(row.mode),
            Period(row.starts, row.ends),
            frozenset(row.unaffected),
            frozenset(row.categories),
            row.recorded_at,
        )
        for row in session.scalars(found)
    )
