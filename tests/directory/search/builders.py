"""Services for tests of the search: each says only what matters, and is put on file as all are."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID, uuid5

from sqlalchemy.orm import Session

from directory.actions.records import put_service
from directory.models.places import OutcodeRow, PostcodeRow
from directory.queries.records import records
from directory.terms.records import Authorship, Origin, RecordKind
from tests.service import MONDAY

SPACE = UUID("0c6e7c52-9a55-4a2e-8f0e-5d8a3c1b7e42")
BY = Authorship("client-1", Origin.SEEDED)
GSS = "http://statistics.data.gov.uk/id/statistical-geography/"
LEEDS, YORK = "E08000035", "E06000014"
ROUNDHAY, ARMLEY = "E05011414", "E05011381"
FRESH = "2026-02-20"
"""Ten days before `MONDAY`."""

POSTCODES = {
    "LS85NG": (53.82340, -1.50110, LEEDS, ROUNDHAY),
    "LS122AB": (53.79500, -1.59100, LEEDS, ARMLEY),
    "YO17HH": (53.96100, -1.08200, YORK, None),
}
"""Where they are is near enough for a test."""


def some_id(*named: object) -> str:
    """Return an id that the same names always have."""
    return str(uuid5(SPACE, "/".join(map(str, named))))


def postcodes(session: Session) -> None:
    """Put three postcodes on file, and the first half of one that is not."""
    for code, (latitude, longitude, district, ward) in POSTCODES.items():
        where = {"latitude": latitude, "longitude": longitude, "district": district}
        session.merge(PostcodeRow(postcode=code, quality=10, ward=ward, **where))
    about = {"latitude": 53.82, "longitude": -1.50, "district": LEEDS, "postcodes": 100}
    session.merge(OutcodeRow(outcode="LS8", **about))
    session.flush()


def a_term(name: str, taxonomy: str = "topics") -> dict[str, Any]:
    """Return an attribute with a term of this name."""
    kept = {"id": some_id("term", taxonomy, name), "name": name, "description": name}
    taxonomies = {"taxonomy": taxonomy, "taxonomy_id": some_id("taxonomy", taxonomy)}
    return {"id": some_id("attribute", name), "taxonomy_term": kept | taxonomies}


def at(latitude: float, longitude: float, **location: Any) -> dict[str, Any]:
    """Return where a service is given, as the standard has it."""
    name = location.get("name", f"{latitude},{longitude}")
    kept = {"id": some_id("location", name), "location_type": "physical", "name": name}
    position = {"latitude": latitude, "longitude": longitude}
    return {"id": some_id("at", name), "location": kept | position | location}


def covering(*codes: str) -> list[dict[str, Any]]:
    """Return the areas that a service covers, by their codes."""
    names = {LEEDS: "Leeds", YORK: "York", ROUNDHAY: "Roundhay", ARMLEY: "Armley"}
    return [
        {"id": some_id("area", code), "name": names[code], "uri": f"{GSS}{code}"} for code in codes
    ]


def weekly(day: str, opens: str = "09:00", closes: str = "12:00", **more: Any) -> dict[str, Any]:
    """Return a schedule of each week."""
    when = {"freq": "WEEKLY", "byday": day, "opens_at": opens, "closes_at": closes}
    return {"id": some_id("schedule", day, opens, closes), **when, **more}


def a_service(name: str, **more: Any) -> dict[str, Any]:
    """Return a service of this name; it was vouched for lately unless it is said otherwise."""
    organization = more.pop("organization", "Lantern")
    kept = {"id": some_id("organization", organization), "name": organization}
    usual = {"id": some_id("service", name), "name": name, "status": "active"}
    usual |= {"assured_date": FRESH, "organization": kept | {"description": organization}}
    return {key: value for key, value in (usual | more).items() if value is not None}


def put(session: Session, *services: dict[str, Any]) -> None:
    """Put services on file, one after the other."""
    for one in services:
        put_service(session, one, BY, MONDAY)


def names(session: Session, services: Iterable[UUID]) -> list[str]:
    """Return the names of services, in the order given."""
    found = records(session, RecordKind.SERVICE, ids := list(services))
    return [str(found[one].document["name"]) for one in ids]
