"""What is on file about contact points, for those who may know of them."""

from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Text, and_, case, cast, func, or_, select
from sqlalchemy.orm import Session

from directory.models.contacts import ContactPointRow
from directory.rules.words import folded
from directory.terms.contacts import (
    EARLY_HELP_HUB,
    FRONT_DOOR,
    ContactFacts,
    ContactPoint,
    ContactSearch,
    Email,
    Opening,
    Phone,
    SourceDocument,
    UnknownContactPoint,
)
from directory.terms.records import ANYONE, PRACTITIONERS, PUBLIC, Viewer


def open_to(viewer: Viewer) -> ColumnElement[bool]:
    """Return the condition that a contact point may be known to a viewer."""
    audience = ContactPointRow.audience
    words = [f'"{PUBLIC}"'] if viewer.agency is None else [f'"{PUBLIC}"', f'"{PRACTITIONERS}"']
    said = cast(audience, Text).in_(words)
    return said if viewer.agency is None else or_(said, audience.contains([viewer.agency]))


def contact_points(
    session: Session,
    search: ContactSearch,
    viewer: Viewer = ANYONE,
    *,
    after: tuple[str, str, UUID] | None = None,
    limit: int | None = None,
) -> list[ContactPoint]:
    """Return what a search finds, by city, name and id, from the one after `after`."""
    row = ContactPointRow
    statement = select(row).where(open_to(viewer)).order_by(row.city, row.name, row.id).limit(limit)
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
    return [_contact_point(found, viewer) for found in session.scalars(statement)]


def contact_point(session: Session, contact: UUID, viewer: Viewer = ANYONE) -> ContactPoint:
    """Return one contact point; `UnknownContactPoint` if the viewer may know of none of this id."""
    known = select(ContactPointRow).where(ContactPointRow.id == contact, open_to(viewer))
    found = session.scalar(known)
    if found is None:
        raise UnknownContactPoint
    return _contact_point(found, viewer)


def known_contacts(
    session: Session, contacts: Collection[UUID], viewer: Viewer
) -> dict[UUID, ContactPoint]:
    """Return those of these contact points that a viewer may know of, by id."""
    known = select(ContactPointRow).where(ContactPointRow.id.in_(contacts), open_to(viewer))
    return {one.id: _contact_point(one, viewer) for one in session.scalars(known)}


def changed_contact_point(session: Session, contact: UUID, viewer: Viewer) -> ContactPoint:
    """Return a contact point to whoever has just changed it, even where it is now kept from them.

    `UnknownContactPoint` if there is none of this id.
    """
    return _contact_point(_row(session, contact), viewer)


def one_contact_point(session: Session, contact: UUID) -> ContactPoint:
    """Return all of a contact point, whoever may know of it: for what changes it, not for telling.

    `UnknownContactPoint` if there is none of this id.
    """
    return _whole(_row(session, contact))


def _row(session: Session, contact: UUID) -> ContactPointRow:
    found = session.get(ContactPointRow, contact)
    if found is None:
        raise UnknownContactPoint
    return found


def contacts_of(
    session: Session, cities: Iterable[str], viewer: Viewer = ANYONE
) -> tuple[ContactPoint, ...]:
    """Return every contact point of some cities that a viewer may know of, by name and id."""
    row = ContactPointRow
    inside = select(row).where(row.city.in_(list(cities)), open_to(viewer))
    rows = session.scalars(inside.order_by(row.name, row.id))
    return tuple(_contact_point(found, viewer) for found in rows)


def contacts_in_role(
    session: Session, agency: str, role: str, viewer: Viewer
) -> tuple[ContactPoint, ...]:
    """Return an agency's own contact points of a role that a viewer may know of, by name and id."""
    row = ContactPointRow
    acts_as = func.coalesce(row.role, row.kind) == role
    own = select(row).where(row.agency == agency, acts_as, open_to(viewer))
    rows = session.scalars(own.order_by(row.name, row.id))
    return tuple(_contact_point(found, viewer) for found in rows)


def human_ways(
    session: Session, at: datetime, *, agency: str | None = None, city: str | None = None
) -> list[ContactPoint]:
    """Return whom to ring then, when no agreement opens a way (ICO: sharing in an emergency).

    The agency's own contact points; where it has none, every hub and front door of the city, or of
    all cities. Without a number or an address none is listed; a faulty number comes with its fault.
    """
    row = ContactPointRow
    reachable = or_(row.phone_as_published.is_not(None), row.email_as_published.is_not(None))
    hubs_first = case((row.kind == EARLY_HELP_HUB, 0), else_=1)
    shown = cast(row.audience, Text).in_([f'"{PUBLIC}"', f'"{PRACTITIONERS}"'])
    lasting = or_(row.ends.is_(None), row.ends > at)
    statement = select(row).where(reachable, shown, lasting)
    statement = statement.order_by(hubs_first, row.city, row.name, row.id)
    if agency is not None:
        own = session.scalars(statement.where(row.agency == agency)).all()
        if own:
            return [_contact_point(found, ANYONE) for found in own]
    statement = statement.where(row.kind.in_((EARLY_HELP_HUB, FRONT_DOOR)))
    if city is not None:
        statement = statement.where(func.lower(row.city) == city.lower())
    return [_contact_point(found, ANYONE) for found in session.scalars(statement)]


def _contact_point(row: ContactPointRow, viewer: Viewer) -> ContactPoint:
    """Return what a row says; who holds a role is for practitioners only."""
    whole = _whole(row)
    if viewer.agency is not None:
        return whole
    return replace(whole, facts=replace(whole.facts, holder=None))


def _whole(row: ContactPointRow) -> ContactPoint:
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
        audience=row.audience if isinstance(row.audience, str) else tuple(row.audience),
        role=row.role,
        holder=row.holder,
        opening_hours=tuple(
            Opening(tuple(one["days"]), one["opens"], one["closes"]) for one in row.opening_hours
        ),
        hours_note=row.hours_note,
        assured_on=row.assured_on,
        invented=row.invented,
    )
    return ContactPoint(row.id, facts, row.recorded_at, row.ends)
