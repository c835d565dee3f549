"""What is on file about contact points."""

from uuid import UUID

from sqlalchemy import and_, case, func, or_, select
from sqlalchemy.orm import Session

from directory.models.contacts import ContactPointRow
from directory.rules.words import folded
from directory.terms.contacts import (
    EARLY_HELP_HUB,
    FRONT_DOOR,
    Audience,
    ContactFacts,
    ContactPoint,
    ContactSearch,
    Email,
    Phone,
    SourceDocument,
    UnknownContactPoint,
)


def contact_points(
    session: Session,
    search: ContactSearch,
    *,
    after: tuple[str, str, UUID] | None = None,
    limit: int | None = None,
) -> list[ContactPoint]:
    """Return what a search finds, by city, name and id, from the one after `after`."""
    row = ContactPointRow
    statement = select(row).order_by(row.city, row.name, row.id).limit(limit)
    if search.city is not None:
        statement = statement.where(func.lower(row.city) == search.city.lower())
    if search.kind is not None:
        statement = statement.where(row.kind == search.kind)
    for word in folded(" ".join(search.words)).split():
        statement = statement.where(row.search_text.contains(word, autoescape=True))
    if after is not None:
        city, name, last = after
        statement = statement.where(
            or_(
                row.city > city,
                and_(row.city == city, row.name > name),
                and_(row.city == city, row.name == name, row.id > last),
            )
        )
    return [_contact_point(found) for found in session.scalars(statement)]


def contact_point(session: Session, contact: UUID) -> ContactPoint:
    """Return one contact point; `UnknownContactPoint` if there is none of this id."""
    found = session.get(ContactPointRow, contact)
    if found is None:
        raise UnknownContactPoint
    return _contact_point(found)


def human_ways(
    session: Session, *, agency: str | None = None, city: str | None = None
) -> list[ContactPoint]:
    """Return whom a person can ring when no agreement opens a way (ICO: sharing in an emergency).

    The agency's own contact points; where it has none, every hub and front door of the city, or of
    all cities. Without a number or an address none is listed; a faulty number comes with its fault.
    """
    row = ContactPointRow
    reachable = or_(row.phone_as_published.is_not(None), row.email_as_published.is_not(None))
    hubs_first = case((row.kind == EARLY_HELP_HUB, 0), else_=1)
    statement = select(row).where(reachable).order_by(hubs_first, row.city, row.name, row.id)
    if agency is not None:
        own = session.scalars(statement.where(row.agency == agency)).all()
        if own:
            return [_contact_point(found) for found in own]
    statement = statement.where(row.kind.in_((EARLY_HELP_HUB, FRONT_DOOR)))
    if city is not None:
        statement = statement.where(func.lower(row.city) == city.lower())
    return [_contact_point(found) for found in session.scalars(statement)]


def _contact_point(row: ContactPointRow) -> ContactPoint:
    phone = row.phone_as_published and Phone(
        row.phone_as_published, row.phone_e164, row.phone_fault
    )
    email = row.email_as_published and Email(row.email_as_published, row.email_fault)
    facts = ContactFacts(
        code=row.code,
        city=row.city,
        kind=row.kind,
        name=row.name,
        document=SourceDocument(row.document_title, row.document_as_of, row.document_note),
        area=row.area,
        for_whom=row.for_whom,
        phone=phone or None,
        email=email or None,
        more=row.more,
        agency=row.agency,
        audience=Audience(row.audience),
    )
    return ContactPoint(row.id, facts, row.recorded_at)
