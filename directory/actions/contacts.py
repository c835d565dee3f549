"""What people and systems do to contact points."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app.kernel.ids import new_id
from directory.models.contacts import ContactPointRow
from directory.rules.words import folded
from directory.terms.contacts import ContactFacts


def publish_contact_point(session: Session, facts: ContactFacts, at: datetime) -> UUID:
    """Enter what was published about a contact point, or replace what stood under its code."""
    values = _columns(facts) | {"recorded_at": at}
    statement = insert(ContactPointRow).values(values | {"id": new_id(at)})
    kept = statement.on_conflict_do_update(
        index_elements=[ContactPointRow.code], set_=values
    ).returning(ContactPointRow.id)
    return session.execute(kept).scalar_one()


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
