"""What people and systems do to the directory's agencies and contact points."""

from dataclasses import asdict
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app.kernel.ids import new_id
from directory import queries
from directory.models import AgencyPeriodRow, AgencyRow, ContactPointRow
from directory.rules import cuts, folded, opening
from directory.terms import (
    Agency,
    AgencyActive,
    AgencyExists,
    AgencyNotActive,
    ContactFacts,
    Interval,
)


def register_agency(session: Session, agency: Agency) -> Agency:
    """Enter a partner agency and when it takes part; `AgencyExists` if its code is taken."""
    row = {name: value for name, value in asdict(agency).items() if name != "active"}
    taken = insert(AgencyRow).values(row).on_conflict_do_nothing().returning(AgencyRow.code)
    if session.scalar(taken) is None:
        raise AgencyExists(agency.code)
    for interval in agency.active:
        _open(session, agency.code, interval, agency.recorded_at)
    return queries.agency(session, agency.code)


def suspend(session: Session, code: str, away: Interval, at: datetime) -> Agency:
    """Take the period out of those in which the agency takes part; it returns when that ends.

    `UnknownAgency` if there is none; `AgencyNotActive` if it takes no part in any of the period.
    """
    cut = cuts(_held(session, code).active, away)
    if not cut:
        raise AgencyNotActive(code)
    for one in cut:
        session.execute(
            update(AgencyPeriodRow)
            .where(AgencyPeriodRow.agency == code, AgencyPeriodRow.starts == one.interval.starts)
            .where(AgencyPeriodRow.ends.is_not_distinct_from(one.interval.ends))
            .values(ends=one.ends)
        )
    for one in cut:
        if one.after is not None:
            _open(session, code, one.after, at)
    return queries.agency(session, code)


def reinstate(session: Session, code: str, starts: datetime, at: datetime) -> Agency:
    """Let the agency take part again from an instant, until whatever period comes next.

    `UnknownAgency` if there is none; `AgencyActive` if it takes part at that instant.
    """
    opened = opening(_held(session, code).active, starts)
    if opened is None:
        raise AgencyActive(code)
    _open(session, code, opened, at)
    return queries.agency(session, code)


def publish_contact_point(session: Session, facts: ContactFacts, at: datetime) -> UUID:
    """Enter what was published about a contact point, or replace what stood under its code."""
    values = _columns(facts) | {"recorded_at": at}
    statement = insert(ContactPointRow).values(values | {"id": new_id(at)})
    kept = statement.on_conflict_do_update(
        index_elements=[ContactPointRow.code], set_=values
    ).returning(ContactPointRow.id)
    return session.execute(kept).scalar_one()


def _held(session: Session, code: str) -> Agency:
    """Return the agency, and keep others from changing its periods until the transaction ends."""
    # Rows alone would not do: a period opened meanwhile has no row yet that could be locked.
    session.execute(
        select(func.pg_advisory_xact_lock(func.hashtext("agency"), func.hashtext(code)))
    )
    return queries.agency(session, code)


def _open(session: Session, code: str, interval: Interval, at: datetime) -> None:
    session.execute(
        insert(AgencyPeriodRow).values(
            id=new_id(at),
            agency=code,
            starts=interval.starts,
            ends=interval.ends,
            recorded_at=at,
        )
    )


def _columns(facts: ContactFacts) -> dict[str, object]:
    phone, email, document, more = facts.phone, facts.email, facts.document, facts.more or {}
    said = (facts.name, facts.area, facts.city, facts.for_whom, *more.values())
    return {
        "code": facts.code,
        "city": facts.city,
        "kind": facts.kind,
        "name": facts.name,
        "area": facts.area,
        "for_whom": facts.for_whom,
        "phone_as_published": phone and phone.as_published,
        "phone_e164": phone and phone.e164,
        "phone_fault": phone and phone.fault,
        "email_as_published": email and email.as_published,
        "email_fault": email and email.fault,
        "more": dict(more),
        "document_title": document.title,
        "document_as_of": document.as_of,
        "document_note": document.note,
        "agency": facts.agency,
        "audience": facts.audience.value,
        "search_text": folded(" ".join(part for part in said if part)),
    }
