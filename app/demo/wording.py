"""The words that the demonstration's services are found by, and how parts of them are named."""

from collections.abc import Iterable
from typing import Any
from uuid import NAMESPACE_URL, uuid5

Part = dict[str, Any]


def uid(*parts: object) -> str:
    """Return an id that is the same each time."""
    return str(uuid5(NAMESPACE_URL, "/".join(("rightshare-demonstration", *map(str, parts)))))


class Words:
    """The terms that services are found by, besides the Department's categories."""

    def __init__(self) -> None:
        self.taxonomies: dict[str, Part] = {}
        self.terms: dict[str, Part] = {}

    def term(self, taxonomy: str, name: str) -> str:
        """Return the id of a term, which is there from then on."""
        of, one = uid("taxonomy", taxonomy), uid("term", taxonomy, name)
        said = taxonomy.replace("-", " ").capitalize()
        self.taxonomies[of] = {"id": of, "name": taxonomy, "description": said}
        self.terms[one] = {
            "id": one,
            "name": name,
            "description": name,
            "taxonomy": taxonomy,
            "taxonomy_id": of,
        }
        return one

    def attributes(self, service: str, terms: Iterable[str]) -> list[Part]:
        """Return a service's terms as it holds them."""
        return [
            {
                "id": uid("attribute", service, one),
                "link_id": service,
                "link_type": "service",
                "taxonomy_term_id": one,
            }
            for one in dict.fromkeys(terms)
        ]


def said_as(said: str) -> Part:
    """Return how a place says what it has."""
    return {"description": said, "accessibility": said}


def address_of(location: str, street: str, city: str, postcode: str) -> Part:
    """Return a postal address."""
    return {
        "id": uid("address", location),
        "location_id": location,
        "address_1": street,
        "city": city,
        "state_province": city,
        "postal_code": postcode,
        "country": "GB",
        "address_type": "physical",
    }


def schedule(service: str, day: str, opens: str, closes: str) -> Part:
    """Return a day of the week on which a service is open."""
    return {
        "id": uid("schedule", service, day),
        "service_id": service,
        "freq": "WEEKLY",
        "interval": 1,
        "byday": day,
        "opens_at": opens,
        "closes_at": closes,
    }


def contact(service: str, name: str, number: int) -> Part:
    """Return whom to ring, on a number of those kept for fiction."""
    one = uid("contact", service, name)
    phone = {"id": uid("phone", one), "contact_id": one, "number": f"01632 960{number % 1000:03}"}
    return {"id": one, "service_id": service, "name": name, "phones": [phone]}
