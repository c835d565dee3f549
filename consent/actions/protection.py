"""Protecting a subject: shields, and practitioners who must not see them."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import insert, update
from sqlalchemy.orm import Session

from app.kernel.ids import new_id
from app.kernel.named import NotAvailable
from consent.actions.announcing import announce
from consent.actions.errors import CategoriesMisplaced, ShieldEnded, UnknownCategory, UnknownPartner
from consent.actions.partners import Partners
from consent.actions.subjects import key_of, keys_of
from consent.actions.writing import Writer, in_order
from consent.models.protection import (
    ConflictOfInterestRow,
    ShieldReviewRow,
    ShieldRow,
    ShieldSubjectRow,
)
from consent.queries import protection, vocabulary
from consent.queries.protection import ShieldOnFile
from consent.terms import ShieldMode


@dataclass(frozen=True, slots=True)
class NewShield:
    """Protection from every agency but those it does not affect."""

    subjects: frozenset[UUID]
    mode: ShieldMode
    reason: str
    set_by: str
    starts: datetime
    ends: datetime | None = None
    categories: frozenset[str] = frozenset()
    unaffected: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class NewConflict:
    """That a practitioner must not see a subject; without `starts` it was always so."""

    subject: UUID
    practitioner: str
    reason: str
    starts: datetime | None = None
    ends: datetime | None = None


def shield(
    session: Session, new: NewShield, partners: Partners, by: Writer, at: datetime
) -> ShieldOnFile:
    """Shield these subjects; it holds from its start, for any request decided after this commit."""
    in_order(new.starts, new.ends)
    _check_shield(session, new, partners)
    keys, made = keys_of(session, new.subjects), new_id(at)
    session.execute(
        insert(ShieldRow).values(
            id=made,
            mode=new.mode,
            categories=sorted(new.categories),
            unaffected=sorted(new.unaffected),
            starts=new.starts,
            ends=new.ends,
            set_by=new.set_by,
            **by.stamp(at),
        )
    )
    reason = new.reason.encode()
    rows = [
        {
            "shield_id": made,
            "subject_id": subject,
            "reason": key.seal(reason, "shield_subject", f"{subject}/{made}", "reason"),
        }
        for subject, key in keys.items()
    ]
    session.execute(insert(ShieldSubjectRow), rows)
    announce(session, "handle.with_care", made, new.subjects, at, not_to=new.unaffected)
    return _on_file(session, made)


def end_shield(
    session: Session, found: UUID, ends: datetime, by: Writer, at: datetime
) -> ShieldOnFile:
    """Let a shield end, as only the agency that set it may: others know too little of the danger.

    `ShieldEnded` if it has ended, `NotAvailable` if the agency set none of this id.
    """
    stands = _own(session, found, by.agency)
    if stands.ends is not None and stands.ends <= at:
        raise ShieldEnded
    in_order(stands.starts, ends)
    session.execute(
        update(ShieldRow)
        .where(ShieldRow.id == found)
        .values(ends=ends, end_recorded_at=at, end_recorded_by_client=by.client)
    )
    return _on_file(session, found)


def review_shield(
    session: Session, found: UUID, reviewed_by: str, by: Writer, at: datetime
) -> ShieldOnFile:
    """Record that a person looked at a shield and let it stand; the next time is counted from now.

    `ShieldEnded` if it has ended, `NotAvailable` if the agency set none of this id.
    """
    stands = _own(session, found, by.agency)
    if stands.ends is not None and stands.ends <= at:
        raise ShieldEnded
    row = {"id": new_id(at), "shield_id": found, "reviewed_by": reviewed_by} | by.stamp(at)
    session.execute(insert(ShieldReviewRow).values(row))
    return stands


def bar(session: Session, new: NewConflict, by: Writer, at: datetime) -> UUID:
    """Let a practitioner not see a subject; return the id of that fact."""
    in_order(new.starts, new.ends)
    key, conflict = key_of(session, new.subject), new_id(at)
    session.execute(
        insert(ConflictOfInterestRow).values(
            id=conflict,
            subject_id=new.subject,
            practitioner=new.practitioner,
            starts=new.starts,
            ends=new.ends,
            reason=key.seal(new.reason.encode(), "conflict_of_interest", conflict, "reason"),
            **by.stamp(at),
        )
    )
    return conflict


def _check_shield(session: Session, new: NewShield, partners: Partners) -> None:
    if (new.mode is ShieldMode.MASKED) != bool(new.categories):
        raise CategoriesMisplaced(pointer="#/categories")
    unknown = sorted(vocabulary.unknown_categories(session, new.categories))
    if unknown:
        detail = f"No category has the code {', '.join(unknown)}."
        raise UnknownCategory(detail, "#/categories")
    strangers = sorted(partners.unknown(session, new.unaffected))
    if strangers:
        detail = f"No agency has the code {', '.join(strangers)}."
        raise UnknownPartner(detail, "#/unaffected")


def _own(session: Session, found: UUID, agency: str) -> ShieldOnFile:
    stands = _on_file(session, found)
    if protection.set_by_agency(session, found) != agency:
        raise NotAvailable
    return stands


def _on_file(session: Session, found: UUID) -> ShieldOnFile:
    on_file = protection.shield_on_file(session, found)
    if on_file is None:
        raise NotAvailable
    return on_file
