"""What is on file about agencies and contact points."""

import json
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BindParameter, Select, String, and_, any_, bindparam, case, func, or_, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Session

from directory.models import AgencyPeriodRow, AgencyRow, ContactPointRow
from directory.rules import folded
from directory.terms import (
    EARLY_HELP_HUB,
    FRONT_DOOR,
    Agency,
    Audience,
    ContactFacts,
    ContactPoint,
    ContactSearch,
    Email,
    Interval,
    Phone,
    SourceDocument,
    Standing,
    UnknownAgency,
    UnknownContactPoint,
)

Codes = Collection[str] | BindParameter[list[str]]


def agency_standings(codes: Codes | None = None) -> Select[Any]:
    """Return a statement of one row and one JSON column: how the named agencies stand, or all.

    Take it as a scalar subquery to ask it within another statement, whose parameter the codes may
    be; `standings` reads the answer.
    """
    period = func.json_build_array(AgencyPeriodRow.starts, AgencyPeriodRow.ends)
    active = (
        select(func.coalesce(func.json_agg(period), func.json_build_array()))
        .where(AgencyPeriodRow.agency == AgencyRow.code)
        .scalar_subquery()
    )
    standing = func.json_build_object(
        "code", AgencyRow.code, "sensitive", AgencyRow.sensitive_service, "active", active
    )
    statement = select(func.coalesce(func.json_agg(standing), func.json_build_array()))
    if codes is None:
        return statement.select_from(AgencyRow)
    return statement.select_from(AgencyRow).where(_among(codes))


def standings(answer: str | list[dict[str, Any]]) -> dict[str, Standing]:
    """Read what `agency_standings` answered, by code; an agency nobody knows is not in it."""
    rows: list[dict[str, Any]] = json.loads(answer) if isinstance(answer, str) else answer
    return {
        row["code"]: Standing(
            row["sensitive"],
            tuple(Interval(_instant(a), b and _instant(b)) for a, b in sorted(row["active"])),
        )
        for row in rows
    }


def agencies(
    session: Session, *, after: str | None = None, limit: int | None = None
) -> list[Agency]:
    """Return agencies by code, from the one after `after`."""
    statement = select(AgencyRow).order_by(AgencyRow.code).limit(limit)
    if after is not None:
        statement = statement.where(AgencyRow.code > after)
    return _with_periods(session, session.scalars(statement).all())


def agency(session: Session, code: str) -> Agency:
    """Return one agency; `UnknownAgency` if there is none of this code."""
    found = _with_periods(session, session.scalars(select(AgencyRow).filter_by(code=code)).all())
    if not found:
        raise UnknownAgency(code)
    return found[0]


def unknown_codes(session: Session, codes: Collection[str]) -> frozenset[str]:
    """Return those of the codes that no agency has."""
    return frozenset(codes) - set(session.scalars(select(AgencyRow.code).where(_among(codes))))


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


def _among(codes: Codes) -> Any:  # noqa: ANN401  (a clause of SQLAlchemy's)
    # One parameter whatever their number, so that the prepared statement is always the same.
    if isinstance(codes, BindParameter):
        return AgencyRow.code == any_(codes)
    return AgencyRow.code == any_(bindparam(None, sorted(codes), type_=ARRAY(String)))


def _instant(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _with_periods(session: Session, rows: Iterable[AgencyRow]) -> list[Agency]:
    found = {row.code: row for row in rows}
    statement = (
        select(AgencyPeriodRow)
        .where(AgencyPeriodRow.agency.in_(found))
        .order_by(AgencyPeriodRow.starts, AgencyPeriodRow.id)
        .execution_options(populate_existing=True)
    )
    active: dict[str, list[Interval]] = {code: [] for code in found}
    for period in session.scalars(statement):
        if period.starts != period.ends:
            active[period.agency].append(Interval(period.starts, period.ends))
    return [_agency(row, active) for row in found.values()]


def _agency(row: AgencyRow, active: Mapping[str, list[Interval]]) -> Agency:
    return Agency(
        row.code,
        row.name,
        row.kind,
        row.recorded_at,
        row.sensitive_service,
        tuple(active[row.code]),
    )


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
