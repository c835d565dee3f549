"""What agencies offer, and how they keep the partnership's pledges, as one viewer may see it."""

from collections.abc import Collection, Iterable, Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import Select, and_, func, or_, select
from sqlalchemy.orm import Session, aliased

from directory.models.agencies import AgencyRow
from directory.models.offers import LocalOfferRow, PledgeRow
from directory.models.search import ListingRow
from directory.queries.conditions import DEFUNCT, seen_by_viewer
from directory.queries.records import records
from directory.terms.offers import (
    PLEDGES,
    AgencyOffer,
    LocalOffer,
    OfferAudience,
    OfferedService,
    OfferFacts,
    Pledge,
    PledgeLine,
    UnknownOffer,
)
from directory.terms.records import RecordKind, Viewer


def offer(session: Session, offer_id: UUID, viewer: Viewer) -> LocalOffer:
    """Return an offer as it holds; `UnknownOffer` if there is none that the viewer may see."""
    found = session.scalars(_holding(viewer).where(LocalOfferRow.id == offer_id)).all()
    if not found:
        raise UnknownOffer
    return _told(session, found, viewer)[0]


def offers(
    session: Session,
    viewer: Viewer,
    *,
    agency: str | None = None,
    after: tuple[str, UUID] | None = None,
    limit: int | None = None,
) -> list[LocalOffer]:
    """Return offers by agency and id, past and future ones among them, from the one after."""
    row = LocalOfferRow
    statement = _holding(viewer).order_by(row.agency, row.id).limit(limit)
    if agency is not None:
        statement = statement.where(row.agency == agency)
    if after is not None:
        last, last_id = after
        statement = statement.where(
            or_(row.agency > last, and_(row.agency == last, row.id > last_id))
        )
    return _told(session, session.scalars(statement).all(), viewer)


def pledges(
    session: Session, agencies: Collection[str], viewer: Viewer
) -> dict[str, list[PledgeLine]]:
    """Return all five pledges of each of these agencies; the lead's name only to practitioners."""
    row, later = PledgeRow, aliased(PledgeRow)
    newer = select(later.number).where(
        later.agency == row.agency, later.pledge == row.pledge, later.number > row.number
    )
    found = select(row).where(row.agency.in_(agencies), ~newer.exists())
    held = {(one.agency, one.pledge): one for one in session.scalars(found)}
    return {
        agency: [_line(one, held.get((agency, one.value)), viewer) for one in Pledge]
        for agency in agencies
    }


def pledge_line(session: Session, agency: str, pledge: Pledge, viewer: Viewer) -> PledgeLine:
    """Return one pledge of an agency."""
    return next(one for one in pledges(session, [agency], viewer)[agency] if one.pledge is pledge)


def agency_offers(
    session: Session, viewer: Viewer, on: date, agency: str | None = None
) -> list[AgencyOffer]:
    """Return what agencies offer on a day and how they keep their pledges, by code.

    Only those of which the viewer may see an offer that holds that day, or a pledge.
    """
    row = LocalOfferRow
    running = _holding(viewer).where(row.starts <= on, or_(row.ends.is_(None), row.ends > on))
    with_offer = running.with_only_columns(row.agency).order_by(None)
    statement = (
        select(AgencyRow.code, AgencyRow.name)
        .where(or_(AgencyRow.code.in_(with_offer), AgencyRow.code.in_(select(PledgeRow.agency))))
        .order_by(AgencyRow.code)
    )
    if agency is not None:
        statement = statement.where(AgencyRow.code == agency)
    named = {str(code): str(name) for code, name in session.execute(statement)}
    of_these = running.where(row.agency.in_(named)).order_by(row.title, row.id)
    told = _told(session, session.scalars(of_these).all(), viewer)
    kept = pledges(session, list(named), viewer)
    return [
        AgencyOffer(
            code,
            name,
            tuple(one for one in told if one.facts.agency == code),
            tuple(kept[code]),
        )
        for code, name in named.items()
    ]


def offered(session: Session, offer_id: UUID) -> tuple[UUID, ...]:
    """Return all services of an offer, whoever may see them."""
    row = LocalOfferRow
    found = select(row.services).where(row.id == offer_id).order_by(row.number.desc()).limit(1)
    return tuple(session.scalars(found).one())


def unknown_services(session: Session, services: Collection[UUID]) -> set[UUID]:
    """Return those of the ids that no service on file has."""
    return set(services) - records(session, RecordKind.SERVICE, services).keys()


def _holding(viewer: Viewer) -> Select[LocalOfferRow]:
    """Return the statement of the offers as they hold now, as far as a viewer may see them."""
    row, later = LocalOfferRow, aliased(LocalOfferRow)
    newer = select(later.number).where(later.id == row.id, later.number > row.number)
    statement = select(row).where(~newer.exists())
    if viewer.agency is None:
        statement = statement.where(row.audience == OfferAudience.PUBLIC.value)
    return statement


def _told(session: Session, rows: Sequence[LocalOfferRow], viewer: Viewer) -> list[LocalOffer]:
    services = _seen_services(session, {one for row in rows for one in row.services}, viewer)
    return [
        LocalOffer(
            row.id,
            row.number,
            OfferFacts(
                row.agency,
                row.title,
                row.summary,
                row.who_for,
                row.starts,
                row.ends,
                row.url,
                tuple(row.levels),
                tuple(one for one in row.services if one in services),
                OfferAudience(row.audience),
            ),
            tuple(services[one] for one in row.services if one in services),
            row.recorded_at,
        )
        for row in rows
    ]


def _seen_services(
    session: Session, ids: Iterable[UUID], viewer: Viewer
) -> dict[UUID, OfferedService]:
    """Return those of the services that the viewer may find and that have not ended."""
    row = ListingRow
    found = select(row.service_id).where(
        seen_by_viewer(viewer), row.service_id.in_(ids), row.status != DEFUNCT
    )
    held = records(session, RecordKind.SERVICE, session.scalars(found).all())
    return {
        one: OfferedService(one, str(service.document.get("name"))) for one, service in held.items()
    }


def _line(pledge: Pledge, row: PledgeRow | None, viewer: Viewer) -> PledgeLine:
    if row is None:
        return PledgeLine(pledge, PLEDGES[pledge])
    lead = None if viewer.agency is None else row.designated_lead
    said = (row.kept_since, row.evidence, row.url, lead, row.recorded_at)
    return PledgeLine(pledge, PLEDGES[pledge], *said)


def next_number(session: Session, statement: Select[int | None]) -> int:
    """Return the number after the highest that a statement finds."""
    return (session.scalar(statement) or 0) + 1


def offer_number(session: Session, offer_id: UUID) -> int:
    """Return the number that the next row of an offer gets."""
    row = LocalOfferRow
    return next_number(session, select(func.max(row.number)).where(row.id == offer_id))


def pledge_number(session: Session, agency: str, pledge: Pledge) -> int:
    """Return the number that the next row of an agency's pledge gets."""
    row = PledgeRow
    found = select(func.max(row.number)).where(row.agency == agency, row.pledge == pledge.value)
    return next_number(session, found)
