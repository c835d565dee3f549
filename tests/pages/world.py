"""A small directory around Roundhay in Leeds, invented, for tests of pages that search it."""

from datetime import date, timedelta
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from app.kernel.db import Database
from directory.actions.places import load_places
from directory.actions.records import put_service
from directory.terms.records import Authorship, Origin
from tests.service import MONDAY

POSTCODE = "LS8 5NG"
NEAR = (53.81002, -1.52297)
BY = Authorship("seed", Origin.SEEDED, source="an invented list", licence="OGL 3.0")
TOPICS = ("Debt and welfare advice", "Parenting support", "Speech and language")
REFUGE_STREET = "Hollin Croft"


def an_id(*parts: object) -> str:
    return str(uuid5(NAMESPACE_URL, "/".join(map(str, parts))))


def filed_under(service: str, taxonomy: str, name: str) -> dict[str, Any]:
    term = {"id": an_id(taxonomy, name), "name": name, "description": name, "taxonomy": taxonomy}
    term["taxonomy_id"] = an_id(taxonomy)
    attribute = an_id("attribute", service, name)
    return {"id": attribute, "link_id": service, "link_type": "service", "taxonomy_term": term} | {
        "taxonomy_term_id": term["id"]
    }


def a_place(service: str, number: int, **more: Any) -> dict[str, Any]:
    location = {
        "id": an_id("location", number),
        "location_type": "physical",
        "name": f"Mill Lane Centre {number}",
        "latitude": NEAR[0] + number / 500,
        "longitude": NEAR[1] + number / 700,
        "addresses": [
            {
                "id": an_id("address", number),
                "address_1": f"{number} Mill Lane",
                "city": "Leeds",
                "state_province": "Leeds",
                "postal_code": POSTCODE,
                "country": "GB",
                "address_type": "physical",
            }
        ],
        "accessibility": [{"id": an_id("access", number), "description": "Step-free entrance"}],
    }
    place = an_id("at", service, number)
    return {"id": place, "service_id": service, "location_id": location["id"]} | {
        "location": location | more
    }


def a_service(number: int, **more: Any) -> dict[str, Any]:
    service = an_id("service", number)
    topic = TOPICS[number % 3]
    level = ("Universal", "Early help / targeted", "Specialist")[number % 3]
    organization = {"id": an_id("org", number % 4), "name": f"Lantern Trust {number % 4}"}
    return {
        "id": service,
        "name": f"{topic} group {number}",
        "description": f"A group for families. {topic} is what we know best.",
        "status": "active",
        "organization": organization | {"description": "Helps families in Leeds."},
        "organization_id": organization["id"],
        "minimum_age": number % 8,
        "maximum_age": 10 + number % 8,
        "fees": "Free" if number % 2 else "Small charge",
        "url": f"https://example.org/services/{number}",
        "assured_date": str(date(2026, 3, 1) - timedelta(days=40 * number)),
        "schedules": [
            {
                "id": an_id("schedule", number),
                "service_id": service,
                "freq": "WEEKLY",
                "byday": "TU",
                "opens_at": "10:00",
                "closes_at": "14:00",
            }
        ],
        "languages": [
            {"id": an_id("language", number), "service_id": service, "code": "ur", "name": "Urdu"}
        ],
        "service_areas": [
            {
                "id": an_id("area", number),
                "service_id": service,
                "name": "Leeds",
                "extent_type": "district",
                "uri": "http://statistics.data.gov.uk/id/statistical-geography/E08000035",
            }
        ],
        "contacts": [
            {
                "id": an_id("contact", number),
                "service_id": service,
                "name": "Front desk",
                "phones": [{"id": an_id("phone", number), "number": f"01632 96080{number % 10}"}],
            }
        ],
        "service_at_locations": [a_place(service, number)],
        "attributes": [
            filed_under(service, "dfe-family-hubs", topic),
            filed_under(service, "level-of-need", level),
        ],
    } | more


HOSTILE = a_service(
    101,
    name="Bridge <script>alert(1)</script> club",
    description='<img src=x onerror="alert(2)"> \n\n<b>Bold</b> promises',
    url="javascript:alert(3)",
    alert="<i>Flooded</i> until June",
    status="temporarily closed",
)
ONLINE = a_service(102, name="Kooth-like online counselling", service_at_locations=[])
REFUGE = a_service(
    103,
    name="Safe house outreach",
    service_at_locations=[
        a_place(an_id("service", 103), 103, name=f"{REFUGE_STREET} House", audience="practitioners")
    ],
)
HIDDEN = a_service(104, name="Partners only clinic", audience="practitioners")
ENDED = a_service(105, name="Saturday kitchen", description="Hetty's own soup.", status="defunct")
SERVICES = [*(a_service(number) for number in range(1, 31)), HOSTILE, ONLINE, REFUGE, HIDDEN]


def fill(database: Database) -> None:
    """Put the directory and the postcodes around it on file."""
    with database.transaction() as session:
        load_places(session, MONDAY, lambda one: one.postcode.startswith("LS8"))
    with database.transaction() as session:
        for service in (*SERVICES, ENDED):
            put_service(session, service, BY, MONDAY)
