"""Invented services in the standard's form; what each of them says follows from its number."""

from typing import Any
from uuid import UUID, uuid5

_SPACE = UUID("0b6b7ac4-5d1e-4f0e-9d0f-1f2c3b4a5d6e")
LEVELS = ("Universal", "Early help / targeted", "Specialist")
TOPICS = ("Sleep", "Debt advice", "Autism", "Parenting")
DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
LANGUAGES = (("en", "English"), ("ur", "Urdu"), ("pl", "Polish"))
ACCESS = ("Step-free entrance", "Hearing loop")
WARDS = ("E05011389", "E05011390")
DISTRICT = "E08000035"


def uid(*parts: object) -> str:
    """Return the id that these words stand for."""
    return str(uuid5(_SPACE, "/".join(map(str, parts))))


def a_taxonomy(name: str) -> dict[str, Any]:
    return {"id": uid("taxonomy", name), "name": name, "description": f"Terms of {name}"}


def a_term(taxonomy: str, name: str, parent: str | None = None) -> dict[str, Any]:
    made = {
        "id": uid("term", taxonomy, name),
        "name": name,
        "description": name,
        "taxonomy": taxonomy,
        "taxonomy_id": uid("taxonomy", taxonomy),
    }
    return made | ({"parent_id": uid("term", taxonomy, parent)} if parent else {})


def an_organization(number: int) -> dict[str, Any]:
    own = uid("organization", number)
    return {
        "id": own,
        "name": f"Lantern Trust {number}",
        "description": f"Lantern Trust {number} helps families.",
        "website": f"https://example.org/org/{number}",
        "organization_identifiers": [
            {
                "id": uid("orgid", number),
                "organization_id": own,
                "identifier_type": "internal",
                "identifier": f"ORG{number:06}",
            }
        ],
    }


def a_location(number: int) -> dict[str, Any]:
    own = uid("location", number)
    return {
        "id": own,
        "location_type": "physical",
        "name": f"Lantern House {number}",
        "latitude": 53.80 + number % 50 / 500,
        "longitude": -1.55 + number % 50 / 500,
        "addresses": [
            {
                "id": uid("address", number),
                "location_id": own,
                "address_1": f"{number} Mill Lane",
                "city": "Leeds",
                "state_province": "Leeds",
                "postal_code": "LS8 5NG",
                "country": "GB",
                "address_type": "physical",
            }
        ],
        "accessibility": [
            {
                "id": uid("accessibility", number),
                "location_id": own,
                "description": ACCESS[number % 2],
            }
        ],
    }


def an_attribute(owner: str, term: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": uid("attribute", owner, term["id"]),
        "link_id": owner,
        "link_type": "service",
        "taxonomy_term_id": term["id"],
        "taxonomy_term": term,
    }


def at_location(service: int, location: int) -> dict[str, Any]:
    place = a_location(location)
    return {
        "id": uid("sal", service, location),
        "service_id": uid("service", service),
        "location_id": place["id"],
        "location": place,
    }


def a_service(number: int, **more: Any) -> dict[str, Any]:
    """Return a service, fully nested; `more` is put over it, and None takes a member away."""
    own = uid("service", number)
    organization = an_organization(number % 3)
    topic, level = TOPICS[number % len(TOPICS)], LEVELS[number % len(LEVELS)]
    terms = (a_term("dfe-family-hubs", topic), a_term("level-of-need", level))
    code, language = LANGUAGES[number % 3]
    made: dict[str, Any] = {
        "id": own,
        "organization_id": organization["id"],
        "name": f"{topic} group {number}",
        "description": f"A {topic.lower()} group for families, number {number}.",
        "url": f"https://example.org/services/{number}",
        "email": f"service{number}@example.org",
        "status": "active",
        "minimum_age": number % 5,
        "maximum_age": 5 + number % 7,
        "last_modified": f"2026-01-{1 + number % 28:02}T10:00:00.000Z",
        "assured_date": "2026-01-31",
        "assurer_email": "assurance@example.org",
        "fees": "Free" if number % 2 else "Small charge per session",
        "organization": organization,
        "schedules": [
            {
                "id": uid("schedule", number),
                "service_id": own,
                "freq": "WEEKLY",
                "interval": 1,
                "byday": DAYS[number % 7],
                "dtstart": "2026-01-01",
                "opens_at": f"{8 + number % 4:02}:00",
                "closes_at": f"{14 + number % 4:02}:00",
            }
        ],
        "languages": [
            {"id": uid("language", number), "service_id": own, "code": code, "name": language}
        ],
        "service_areas": [
            {
                "id": uid("area", number),
                "service_id": own,
                "name": "Leeds",
                "extent_type": "district",
                "uri": f"http://statistics.data.gov.uk/id/statistical-geography/{DISTRICT}",
            }
        ],
        "contacts": [
            {
                "id": uid("contact", number),
                "service_id": own,
                "name": "Front desk",
                "email": f"desk{number}@example.org",
                "phones": [
                    {
                        "id": uid("phone", number),
                        "contact_id": uid("contact", number),
                        "number": f"01632 960{number % 1000:03}",
                    }
                ],
            }
        ],
        "service_at_locations": [at_location(number, number % 10)],
        "attributes": [an_attribute(own, term) for term in terms],
    }
    if not number % 2:
        made["cost_options"] = [
            {"id": uid("cost", number), "service_id": own, "option": "per session", "amount": 2.5}
        ]
    return {name: value for name, value in (made | more).items() if value is not None}
