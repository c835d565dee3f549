"""What is on file about areas, who answers for them, who stands in, and schools."""

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from typing import Final
from uuid import UUID

from sqlalchemy import select, tuple_
from sqlalchemy.orm import Session

from directory.models.contacts import ContactPointRow
from directory.models.coverage import (
    AreaPartRow,
    AreaRow,
    CityLevelRow,
    ContactCoverRow,
    CoverageRow,
    SchoolRow,
)
from directory.queries.contacts import contacts_in_role, contacts_of, open_to
from directory.queries.places import names_of
from directory.rules.coverage import keys_of
from directory.rules.words import folded
from directory.terms.agencies import Interval
from directory.terms.contacts import ContactPoint
from directory.terms.coverage import (
    DESIGNATED_SAFEGUARDING_LEAD,
    Area,
    AreaKind,
    AreaPart,
    CallingFacts,
    CityLevel,
    Cover,
    Coverage,
    PlaceKind,
    School,
    SchoolNotClear,
    UnknownArea,
    UnknownCoverage,
    UnknownSchool,
)
from directory.terms.places import Place
from directory.terms.records import Viewer
from directory.terms.searching import LevelOfNeed

_URN: Final = re.compile(r"[0-9]{6}", re.ASCII)
_MOST_NAMED: Final = 5


def calling_facts(session: Session, place: Place, viewer: Viewer) -> CallingFacts:
    """Return all that answering for a place needs, of any time, as the viewer may know it."""
    keys = {(kind.value, code) for kind, code in keys_of(place)}
    part = AreaPartRow
    around = select(part.area).where(tuple_(part.kind, part.code).in_(sorted(keys)))
    areas = areas_by_code(session, set(session.scalars(around)))
    places = keys | {(PlaceKind.AREA.value, code) for code in areas}
    coverage = coverage_of(session, places)
    cities = {area.city for area in areas.values()}
    named = (one.place for one in coverage if one.kind is not PlaceKind.AREA)
    return CallingFacts(
        names=names_of(session, place.district, place.ward, *named),
        areas=tuple(areas.values()),
        levels=tuple(city_levels(session)),
        coverage=tuple(coverage),
        contacts=contacts_of(session, cities, viewer),
        covers=tuple(covers_in(session, cities)),
        leads=_leads(session, viewer),
    )


def _leads(session: Session, viewer: Viewer) -> tuple[ContactPoint, ...]:
    if viewer.agency is None:
        return ()
    return contacts_in_role(session, viewer.agency, DESIGNATED_SAFEGUARDING_LEAD, viewer)


def areas_by_code(session: Session, codes: Collection[str]) -> dict[str, Area]:
    """Return these areas with all their parts, in order of their codes."""
    rows = session.scalars(select(AreaRow).where(AreaRow.code.in_(codes)).order_by(AreaRow.code))
    parts = _parts(session, codes)
    return {row.code: _area(row, parts) for row in rows}


def area(session: Session, code: str) -> Area:
    """Return one area; `UnknownArea` if none has this code."""
    found = areas_by_code(session, {code})
    if code not in found:
        raise UnknownArea(code)
    return found[code]


def areas(
    session: Session, *, city: str | None, kind: str | None, after: str | None, limit: int | None
) -> list[Area]:
    """Return areas by code, from the one after `after`."""
    row = AreaRow
    statement = select(row).order_by(row.code).limit(limit)
    for column, wanted in ((row.city, city), (row.kind, kind)):
        if wanted is not None:
            statement = statement.where(column == wanted)
    if after is not None:
        statement = statement.where(row.code > after)
    rows = session.scalars(statement).all()
    parts = _parts(session, [one.code for one in rows])
    return [_area(one, parts) for one in rows]


def coverage_of(session: Session, places: Iterable[tuple[str, str]]) -> list[Coverage]:
    """Return every row of coverage of these places, of any time, by id."""
    row = CoverageRow
    wanted = tuple_(row.kind, row.place).in_(sorted(places))
    return [_coverage(one) for one in session.scalars(select(row).where(wanted).order_by(row.id))]


def coverage(
    session: Session, viewer: Viewer, *, contact: UUID | None, after: UUID | None, limit: int | None
) -> list[Coverage]:
    """Return rows of coverage by id, from the one after `after`, of whom the viewer may know of."""
    row, whose = CoverageRow, ContactPointRow
    known = select(row).join(whose, whose.id == row.contact_point).where(open_to(viewer))
    statement = known.order_by(row.id).limit(limit)
    if contact is not None:
        statement = statement.where(row.contact_point == contact)
    if after is not None:
        statement = statement.where(row.id > after)
    return [_coverage(one) for one in session.scalars(statement)]


def one_coverage(session: Session, row: UUID) -> Coverage:
    """Return one row of coverage; `UnknownCoverage` if there is none of this id."""
    found = session.get(CoverageRow, row)
    if found is None:
        raise UnknownCoverage
    return _coverage(found)


def covers_of(session: Session, *contacts: UUID) -> list[Cover]:
    """Return who stands in for these contact points, at any time, by start and id."""
    row = ContactCoverRow
    wanted = select(row).where(row.contact_point.in_(contacts)).order_by(row.starts, row.id)
    return [_cover(one) for one in session.scalars(wanted)]


def covers_in(session: Session, cities: Collection[str]) -> list[Cover]:
    """Return who stands in for the contact points of some cities, at any time, by start and id."""
    row, contact = ContactCoverRow, ContactPointRow
    inside = select(row).join(contact, contact.id == row.contact_point)
    found = inside.where(contact.city.in_(cities)).order_by(row.starts, row.id)
    return [_cover(one) for one in session.scalars(found)]


def one_cover(session: Session, row: UUID) -> Cover:
    """Return one entry of who stands in; `UnknownCoverage` if there is none of this id."""
    found = session.get(ContactCoverRow, row)
    if found is None:
        raise UnknownCoverage
    return _cover(found)


def cities(session: Session) -> list[str]:
    """Return the names of the cities that are covered, at any time."""
    row = AreaRow
    named = select(row.city).where(row.kind == AreaKind.CITY.value).distinct()
    return list(session.scalars(named.order_by(row.city)))


def city_levels(session: Session) -> list[CityLevel]:
    """Return every city's levels of need, by city and in order."""
    row = CityLevelRow
    rows = session.scalars(select(row).order_by(row.city, row.position, row.code))
    return [
        CityLevel(one.city, one.code, one.label, LevelOfNeed(one.common), one.position, one.note)
        for one in rows
    ]


def school_of(session: Session, said: str) -> School:
    """Return the school of a name or number; `UnknownSchool` if not just one is meant."""
    row = SchoolRow
    typed = said.strip()
    by_number = row.urn == typed if _URN.fullmatch(typed) else row.search_name == folded(typed)
    found = session.scalars(select(row).where(by_number).order_by(row.name, row.urn, row.id)).all()
    if not found:
        raise UnknownSchool
    if len(found) > 1:
        numbers = [f"{one.name} ({one.urn or one.postcode})" for one in found[:_MOST_NAMED]]
        raise SchoolNotClear(", ".join(numbers))
    return _school(found[0])


def schools(session: Session, *, after: UUID | None, limit: int | None) -> list[School]:
    """Return schools by id, from the one after `after`."""
    row = SchoolRow
    statement = select(row).order_by(row.id).limit(limit)
    if after is not None:
        statement = statement.where(row.id > after)
    return [_school(one) for one in session.scalars(statement)]


def _parts(session: Session, codes: Collection[str]) -> Mapping[str, list[AreaPart]]:
    row = AreaPartRow
    wanted = select(row).where(row.area.in_(codes)).order_by(row.kind, row.code, row.starts, row.id)
    found: dict[str, list[AreaPart]] = defaultdict(list)
    for one in session.scalars(wanted):
        during = Interval(one.starts, one.ends)
        found[one.area].append(AreaPart(one.id, PlaceKind(one.kind), one.code, during))
    return found


def _area(row: AreaRow, parts: Mapping[str, list[AreaPart]]) -> Area:
    return Area(
        code=row.code,
        kind=AreaKind(row.kind),
        city=row.city,
        name=row.name,
        during=Interval(row.starts, row.ends),
        recorded_at=row.recorded_at,
        parts=tuple(parts.get(row.code, ())),
        note=row.note,
        invented=row.invented,
    )


def _coverage(row: CoverageRow) -> Coverage:
    return Coverage(
        id=row.id,
        contact=row.contact_point,
        kind=PlaceKind(row.kind),
        place=row.place,
        levels=frozenset(row.levels),
        during=Interval(row.starts, row.ends),
        recorded_at=row.recorded_at,
        position=row.position,
        note=row.note,
        invented=row.invented,
    )


def _cover(row: ContactCoverRow) -> Cover:
    during = Interval(row.starts, row.ends)
    return Cover(row.id, row.contact_point, row.covered_by, during, row.recorded_at, row.note)


def _school(row: SchoolRow) -> School:
    return School(
        row.id, row.name, row.postcode, row.recorded_at, row.urn, row.agency, row.invented
    )
