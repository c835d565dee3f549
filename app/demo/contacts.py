"""Whom one can ask, from the file of published facts, and for the invented partnership."""

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final

from directory.terms.contacts import EARLY_HELP_HUB, ContactFacts, Email, Phone, SourceDocument

_FILE = Path(__file__).with_name("data") / "directory.json"

INVENTED: Final = ContactFacts(
    code="meresby-hub",
    city="Meresby",
    kind=EARLY_HELP_HUB,
    name="Meresby Early Help Hub",
    document=SourceDocument("Invented for the demonstration", "always"),
    for_whom="practitioners of the invented partnership",
    # A range of numbers kept for fiction: ringing one disturbs nobody.
    phone=Phone("01632 960101", "+441632960101"),
    email=Email("hub@meresby.example"),
    agency="eh-hub",
)


def published() -> tuple[ContactFacts, ...]:
    """Return the contact points that the cities' documents name, as they print them."""
    data = facts()
    documents = {
        one["code"]: SourceDocument(one["title"], one["as_of"], one.get("note"))
        for one in data["documents"]
    }
    return tuple(_contact(one, documents[one["document"]]) for one in data["contact_points"])


@cache
def facts() -> Mapping[str, Any]:
    """Return the whole file."""
    found: Mapping[str, Any] = json.loads(_FILE.read_text(encoding="utf-8"))
    return found


def _contact(one: Mapping[str, Any], document: SourceDocument) -> ContactFacts:
    return ContactFacts(
        code=one["code"],
        city=one["city"],
        kind=one["kind"],
        role=one.get("role"),
        name=one["name"],
        document=document,
        area=one.get("area"),
        for_whom=one.get("for_whom"),
        phone=Phone(**one["phone"]) if "phone" in one else None,
        email=Email(**one["email"]) if "email" in one else None,
        more=one.get("more", {}),
    )
