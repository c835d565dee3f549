"""Entering schools, and the cities' levels of need."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import delete
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from directory.actions.calling_errors import EntryExists, NoSuchPlace
from directory.actions.keeping import check_keeps, check_may_change
from directory.models.coverage import CityLevelRow, SchoolRow
from directory.queries.agencies import unknown_codes
from directory.queries.places import place_of
from directory.rules.words import folded
from directory.terms.coverage import CityLevel, School
from directory.terms.keeping import Actor
from directory.terms.places import MalformedPostcode, UnknownPostcode


def put_city_levels(session: Session, levels: Sequence[CityLevel], by: Actor, at: datetime) -> None:
    """Enter cities' levels of need, in place of all that stood for these cities.

    `NotYoursToChange` unless one keeps the directory for all.
    """
    check_keeps(session, by, at)
    cities = {one.city for one in levels}
    session.execute(delete(CityLevelRow).where(CityLevelRow.city.in_(cities)))
    for one in levels:
        values = {
            "city": one.city,
            "code": one.code,
            "label": one.label,
            "common": one.common.value,
            "position": one.position,
            "note": one.note,
        }
        session.execute(insert(CityLevelRow).values(values))


def enter_school(session: Session, school: School, by: Actor) -> School:
    """Enter a school at its postcode; `EntryExists` if its number is on file.

    `NotYoursToChange` if it is another agency's, or nobody's and one does not keep the directory.
    """
    check_may_change(session, by, school.agency, school.recorded_at)
    try:
        place = place_of(session, school.postcode)
    except (MalformedPostcode, UnknownPostcode) as error:
        raise NoSuchPlace(str(error), "#/postcode") from error
    if place.approximate:
        raise NoSuchPlace("Only the first half of this postcode is on file.", "#/postcode")
    if school.agency is not None and unknown_codes(session, frozenset({school.agency})):
        raise NoSuchPlace(f"No agency has the code {school.agency}.", "#/agency")
    values = {
        "id": school.id,
        "urn": school.urn,
        "name": school.name,
        "search_name": folded(school.name),
        "postcode": place.postcode,
        "agency": school.agency,
        "invented": school.invented,
        "recorded_at": school.recorded_at,
    }
    taken = insert(SchoolRow).values(values).on_conflict_do_nothing().returning(SchoolRow.id)
    if session.scalar(taken) is None:
        raise EntryExists(f"A school with the number {school.urn} is on file.", "#/urn")
    return replace(school, postcode=place.postcode)
