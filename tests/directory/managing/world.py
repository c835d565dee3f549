"""A few services that an agency answers for, and the people who look after them."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid5

from directory.actions.duplicates import look_for_duplicates
from directory.actions.records import put_service
from directory.terms.records import Authorship, Origin
from tests.people.making import Someone, an_agency, someone
from tests.service import MONDAY, Service

_SPACE = UUID("6f1d3c1a-5a54-4d5e-9a0f-0c7d1f7a2b11")
STREET = "Hollin Croft"


def uid(*parts: object) -> str:
    return str(uuid5(_SPACE, "/".join(map(str, parts))))


SLEEP, FOOD, REFUGE = (UUID(uid("service", name)) for name in ("sleep", "food", "refuge"))
TERM, OTHER_TERM = uid("term", 1), uid("term", 2)


def a_term(number: int, name: str) -> dict[str, Any]:
    return {
        "id": uid("term", number),
        "name": name,
        "description": name,
        "taxonomy": "topics",
        "taxonomy_id": uid("taxonomy"),
    }


def a_service(name: str, days: int | None = 10, **more: Any) -> dict[str, Any]:
    service = uid("service", name)
    assured = {} if days is None else {"assured_date": str((MONDAY - timedelta(days)).date())}
    return {
        "id": service,
        "name": f"{name.title()} clinic",
        "description": "Parents learn to settle babies and toddlers, in small groups.",
        "status": "active",
        "fees": "Free",
        "minimum_age": 0,
        "organization": {
            "id": uid("organization"),
            "name": "Lantern",
            "description": "Helps families in Leeds with sleep, food and play.",
        },
        "phones": [{"id": uid("phone", name), "number": "0113 496 0000"}],
        "schedules": [
            {"id": uid("schedule", name), "service_id": service, "freq": "MONTHLY", "byday": "1MO"}
        ],
        "attributes": [
            {
                "id": uid("attribute", name),
                "link_id": service,
                "link_type": "service",
                "taxonomy_term_id": TERM,
                "taxonomy_term": a_term(1, "Sleep"),
            },
            {
                "id": uid("other attribute", name),
                "link_id": service,
                "link_type": "service",
                "taxonomy_term_id": OTHER_TERM,
                "taxonomy_term": a_term(2, "Food"),
            },
        ],
        **assured,
        **more,
    }


def a_hidden_place() -> dict[str, Any]:
    address = {
        "id": uid("address"),
        "address_1": f"12 {STREET}",
        "city": "Leeds",
        "state_province": "Leeds",
        "postal_code": "LS8 5NG",
        "country": "GB",
        "address_type": "physical",
    }
    location = {"id": uid("location"), "location_type": "physical", "name": f"{STREET} House"}
    location |= {"addresses": [address], "audience": ["refuge"]}
    place = {"id": uid("place"), "location_id": location["id"], "location": location}
    return {"service_at_locations": [place]}


def fill(service: Service) -> None:
    """Put three services of the hub's on file: a fresh one, a stale one, one partly hidden."""
    for agency in ("hub", "school", "refuge"):
        an_agency(service, agency)
    by = Authorship("importer", Origin.IMPORTED, owner="hub", source="an invented list")
    services = (
        a_service("sleep"),
        a_service("food", None, fees=None, phones=[]),
        a_service("refuge", 150, **a_hidden_place()),
    )
    with service.parts.database.transaction() as session:
        for one in services:
            kept = {name: value for name, value in one.items() if value not in (None, [])}
            put_service(session, kept, by, MONDAY)


def fill_twice(service: Service) -> None:
    """Put two services on file that may be one, and have them found."""
    by = Authorship("importer", Origin.IMPORTED, owner="hub")
    with service.parts.database.transaction() as session:
        for name in ("twice", "again"):
            made = {**a_service(name, fees=name), "name": "Bump and baby"}
            put_service(session, made, by, MONDAY)
        look_for_duplicates(session, MONDAY)


def people(service: Service) -> tuple[Someone, Someone, Someone]:
    """Two editors of the hub, and a practitioner of the school, all signed in."""
    ada, ben = someone(service, "ada"), someone(service, "ben")
    sam = someone(service, "sam", "practitioner", "school")
    for one in (ada, ben, sam):
        assert one.signs_in().status_code == 303
    return ada, ben, sam
