"""Services to tell of, as small as what a test says of them."""

from typing import Any
from uuid import UUID

from directory.terms.searching import Freshness, Hit

SERVICE = "0f8b2d6e-4a3c-5b7d-9e1f-2a4c6e8b0d1f"
PLACE = "11111111-1111-5111-8111-111111111111"
LOCATION = "22222222-2222-5222-8222-222222222222"


def a_service(**more: Any) -> dict[str, Any]:
    return {"id": SERVICE, "name": "Homework club", "status": "active", **more}


def a_place(**location: Any) -> dict[str, Any]:
    there = {"id": LOCATION, "location_type": "physical", **location}
    return {"id": PLACE, "location_id": there["id"], "location": there}


def an_address(**more: Any) -> dict[str, Any]:
    lines = {"address_1": "1 Mill Lane", "city": "Leeds", "postal_code": "LS8 5NG"}
    return {"address_type": "physical", **lines, **more}


def filed_under(*terms: tuple[str, str]) -> list[dict[str, Any]]:
    return [{"taxonomy_term": {"taxonomy": taxonomy, "name": name}} for taxonomy, name in terms]


def a_hit(**more: Any) -> Hit:
    said = {"reasons": ("the name says club",), "freshness": Freshness.FRESH, **more}
    return Hit(service=UUID(SERVICE), **said)
