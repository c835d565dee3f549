"""What people and systems do to contact points."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app.kernel.ids import new_id
from directory.actions.calling_errors import EndedAlready, EntryExists, NoSuchPlace
from directory.actions.history import note_version
from directory.actions.keeping import check_may_change
from directory.models.contacts import ContactPointRow
from directory.queries.agencies import unknown_codes
from directory.queries.contacts import one_contact_point
from directory.rules.words import folded
from directory.terms.contacts import ContactFacts, ContactPoint
from directory.terms.keeping import OPERATOR, Actor


def publish_contact_point(session: Session, facts: ContactFacts, at: datetime) -> UUID:
    """Enter what was published about a contact point, or replace what stood under its code."""
    row = ContactPointRow
    values = _columns(facts) | {"recorded_at": at}
    of_code = select(row.id).where(row.code == facts.code).with_for_update()
    there = session.scalar(of_code)
    before = None if there is None else one_contact_point(session, there)
    statement = insert(row).values(values | {"id": new_id(at)})
    kept = statement.on_conflict_do_update(index_elements=[row.code], set_=values).returning(row.id)
    published: UUID = session.execute(kept).scalar_one()
    session.expire_all()
    note_version(session, one_contact_point(session, published), OPERATOR, at, before)
    return published


def enter_contact_point(session: Session, facts: ContactFacts, by: Actor, at: datetime) -> UUID:
    """Enter a contact point; `EntryExists` if its code is on file already.

    `NotYoursToChange` if it is another agency's, or nobody's and one does not keep the directory.
    """
    check_may_change(session, by, facts.agency, at)
    _check(session, facts)
    values = _columns(facts) | {"recorded_at": at, "id": new_id(at)}
    entered = insert(ContactPointRow).values(values).on_conflict_do_nothing()
    found: UUID | None = session.scalar(entered.returning(ContactPointRow.id))
    if found is None:
        raise EntryExists(f"There is a contact point with the code {facts.code}.", "#/code")
    note_version(session, one_contact_point(session, found), by, at)
    return found


def change_contact_point(
    session: Session, contact: UUID, facts: ContactFacts, by: Actor, at: datetime
) -> None:
    """Let a contact point be what is said now; it keeps its code and city, which coverage uses.

    Whoever changes it may change what it was and what it will be: `NotYoursToChange` otherwise.
    """
    held = _locked(session, contact, by, at)
    check_may_change(session, by, facts.agency, at)
    _check(session, facts)
    for name in ("code", "city"):
        if getattr(held.facts, name) != getattr(facts, name):
            raise EntryExists(f"The {name} of a contact point stays as it is.", f"#/{name}")
    _change(session, held, _columns(facts) | {"recorded_at": at}, by, at)


def end_contact_point(
    session: Session, contact: UUID, ends: datetime, by: Actor, at: datetime
) -> None:
    """Let a contact point be listed no longer from an instant; `EndedAlready` if it is not now."""
    held = _locked(session, contact, by, at)
    if held.ends is not None and held.ends <= at:
        raise EndedAlready
    _change(session, held, {"ends": ends}, by, at)


def _locked(session: Session, contact: UUID, by: Actor, at: datetime) -> ContactPoint:
    """Return a contact point that somebody may change, and keep others from changing it."""
    row = ContactPointRow
    session.execute(select(row.id).where(row.id == contact).with_for_update())
    held = one_contact_point(session, contact)
    check_may_change(session, by, held.facts.agency, at)
    return held


def _change(
    session: Session, held: ContactPoint, values: dict[str, object], by: Actor, at: datetime
) -> None:
    session.execute(update(ContactPointRow).where(ContactPointRow.id == held.id).values(values))
    session.expire_all()
    note_version(session, one_contact_point(session, held.id), by, at, before=held)


def _check(session: Session, facts: ContactFacts) -> None:
    """Refuse what names an agency that there is none of."""
    named = {"agency": {facts.agency} - {None}}
    named["audience"] = set() if isinstance(facts.audience, str) else set(facts.audience)
    for field, codes in named.items():
        unknown = unknown_codes(session, frozenset(map(str, codes)))
        if unknown:
            raise NoSuchPlace(f"No agency has the code {min(unknown)}.", f"#/{field}")


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
        "audience": facts.audience if isinstance(facts.audience, str) else list(facts.audience),
        "role": facts.role,
        "holder": facts.holder,
        "opening_hours": [
            {"days": list(one.days), "opens": one.opens, "closes": one.closes}
            for one in facts.opening_hours
        ],
        "hours_note": facts.hours_note,
        "assured_on": facts.assured_on,
        "invented": facts.invented,
        "search_text": folded(" ".join(part for part in said if part)),
    }
