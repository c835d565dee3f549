"""Who answers for which place in the three cities.

Cities, levels of need and contact points are as the documents print them. Which wards belong to
which hub, cluster, locality or team no document says: that is invented, and labelled so.
"""

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from sqlalchemy.orm import Session

from app.demo.contacts import facts
from app.kernel.ids import new_id
from directory.actions.areas import enter_area
from directory.actions.contacts import publish_contact_point
from directory.actions.coverage import enter_cover, enter_coverage
from directory.actions.schools import enter_school, put_city_levels
from directory.queries.places import administrative_areas
from directory.rules.telephones import printed
from directory.terms.agencies import Interval
from directory.terms.contacts import ContactFacts, Email, Opening, SourceDocument
from directory.terms.coverage import (
    Area,
    AreaKind,
    AreaPart,
    CityLevel,
    Cover,
    Coverage,
    PlaceKind,
    School,
)
from directory.terms.keeping import OPERATOR
from directory.terms.places import WARD
from directory.terms.searching import LevelOfNeed

DISTRICTS: Final = {"Leeds": "E08000035", "Leicester": "E06000016", "York": "E06000014"}
_FILE: Final = Path(__file__).with_name("data") / "coverage.json"
_INVENTED: Final = SourceDocument("Invented for the demonstration", "always")
_BACK_AFTER: Final = timedelta(days=30)


def seed_coverage(
    session: Session, contacts: Mapping[str, UUID], starts: datetime, at: datetime
) -> None:
    """Enter the cities' areas, levels, coverage and schools, and who holds invented roles.

    `contacts` are the ids of the published contact points by code; postcodes are on file already.
    What is entered holds from `starts`; at `at`, one of the invented people is away.
    """
    put_city_levels(session, _levels(), OPERATOR, starts)
    for city, district in DISTRICTS.items():
        _enter_city(session, city, district, starts)
    known = dict(contacts)
    for one in _planned()["contacts"]:
        known[one["code"]] = publish_contact_point(session, _invented(one, at), starts)
    for one in _planned()["coverage"]:
        enter_coverage(session, _coverage(one, known, starts), OPERATOR)
    for one in _planned()["cover"]:
        away = Interval(starts, at + _BACK_AFTER)
        pair = known[one["contact"]], known[one["covered_by"]]
        cover = Cover(new_id(starts), *pair, away, starts, one["note"])
        enter_cover(session, cover, OPERATOR)
    for one in _planned()["schools"]:
        school = School(new_id(starts), one["name"], one["postcode"], starts, invented=True)
        enter_school(session, school, OPERATOR)


@cache
def _planned() -> Mapping[str, Any]:
    found: Mapping[str, Any] = json.loads(_FILE.read_text(encoding="utf-8"))
    return found


def _levels() -> list[CityLevel]:
    return [
        CityLevel(
            city["city"],
            one["code"],
            one["label"],
            LevelOfNeed(one["common"]),
            position,
            city.get("note"),
        )
        for city in facts()["levels_of_need"]
        for position, one in enumerate(city["levels"])
    ]


def _enter_city(session: Session, city: str, district: str, starts: datetime) -> None:
    whole = (_part(PlaceKind.DISTRICT, district, starts),)
    during = Interval(starts)
    area = Area(city.lower(), AreaKind.CITY, city, city, during, starts, whole)
    enter_area(session, area, OPERATOR)
    wards = {
        one.name: one.code for one in administrative_areas(session, district) if one.kind == WARD
    }
    for one in _planned()["areas"]:
        if one["city"] == city:
            parts = tuple(_part(PlaceKind.WARD, wards[name], starts) for name in one["wards"])
            kind, note = AreaKind(one["kind"]), one["note"]
            area = Area(
                one["code"], kind, city, one["name"], during, starts, parts, note, invented=True
            )
            enter_area(session, area, OPERATOR)


def _part(kind: PlaceKind, code: str, starts: datetime) -> AreaPart:
    return AreaPart(new_id(starts), kind, code, Interval(starts))


def _coverage(one: Mapping[str, Any], known: Mapping[str, UUID], starts: datetime) -> Coverage:
    return Coverage(
        id=new_id(starts),
        contact=known[one["contact"]],
        kind=PlaceKind(one["kind"]),
        place=one["place"],
        levels=frozenset(one["levels"]),
        during=Interval(starts),
        recorded_at=starts,
        position=one.get("position", 0),
        invented=one.get("invented", False),
    )


def _invented(one: Mapping[str, Any], at: datetime) -> ContactFacts:
    audience = one["audience"]
    return ContactFacts(
        code=one["code"],
        city=one["city"],
        kind=one["kind"],
        name=one["name"],
        document=_INVENTED,
        area=one.get("area"),
        phone=printed(one["phone"]),
        email=Email(one["email"]),
        agency=one.get("agency"),
        audience=audience if isinstance(audience, str) else tuple(audience),
        holder=one["holder"],
        opening_hours=(Opening(tuple(one["hours"]), "09:00", "17:00"),),
        assured_on=at.date(),
        invented=True,
    )
