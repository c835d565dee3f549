"""An answer to "whom should I call?" in the words that programs and pages are given."""

from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import quote

from directory.rules.contacts import dialable
from directory.terms.contacts import ContactFacts, Email, Phone
from directory.terms.coverage import Called, CallingAnswer, UnknownLevel

_SAFE_IN_ADDRESS: Final = "@.+-_"
_SAME: Final = (
    *("why", "front_door", "freshness", "away", "away_until", "stands_in_for", "invented"),
    "note",
)
_OF_CONTACT: Final = (
    *("code", "name", "holder", "area", "for_whom", "opening_hours", "hours_note", "assured_on"),
    "document",
)


def answer_told(answer: CallingAnswer) -> dict[str, Any]:
    """Return an answer as a program reads it."""
    place = answer.place
    ward = None if place.ward is None else {"code": place.ward, "name": answer.ward or place.ward}
    return {
        "place": {
            "postcode": place.postcode,
            "district": {"code": place.district, "name": answer.district},
            "ward": ward,
            "approximate": place.approximate,
        },
        "city": answer.city,
        "covered": answer.covered,
        "mapped": answer.mapped,
        "urgent": answer.urgent,
        "level": answer.level,
        "areas": [
            {"code": one.code, "kind": one.kind, "name": one.name, "invented": one.invented}
            for one in answer.areas
        ],
        "first": answer.first,
        "safeguarding_leads": [lead_told(one.facts) for one in answer.leads],
        "notes": answer.notes,
        "contacts": [called_told(one) for one in answer.contacts],
    }


def called_told(one: Called) -> dict[str, Any]:
    """Return one to call: what is visibly wrong with a number is said, and makes it no link."""
    told = contact_told(one.contact.facts)
    return {"id": one.contact.id} | told | {name: getattr(one, name) for name in _SAME}


def contact_told(facts: ContactFacts) -> dict[str, Any]:
    """Return how to reach a contact point."""
    told: dict[str, Any] = {name: getattr(facts, name) for name in _OF_CONTACT}
    told["role"] = facts.acts_as
    told["phone"] = None if facts.phone is None else phone_told(facts.phone)
    told["email"] = None if facts.email is None else email_told(facts.email)
    return told


def door_told(facts: ContactFacts) -> dict[str, Any]:
    """Return as much of a contact point as a call needs."""
    phone, email = facts.phone, facts.email
    return {
        "city": facts.city,
        "name": facts.name,
        "phone": None if phone is None else phone_told(phone),
        "email": None if email is None else email_told(email),
    }


def lead_told(facts: ContactFacts) -> dict[str, Any]:
    """Return as much of a safeguarding lead as a call needs."""
    return door_told(facts) | {"holder": facts.holder, "invented": facts.invented}


def unknown_level(answer: UnknownLevel) -> str:
    """Say which levels of need there are."""
    return f"There is no such level of need here. Send one of: {', '.join(answer.known)}."


def phone_told(phone: Phone) -> Mapping[str, str | None]:
    """Return a telephone number with the address that dials it, if any may."""
    return {
        "as_published": phone.as_published,
        "e164": phone.e164,
        "fault": phone.fault,
        "link": f"tel:{phone.e164}" if dialable(phone) else None,
    }


def email_told(email: Email) -> Mapping[str, str | None]:
    """Return an e-mail address with the link that writes to it, if nothing is wrong with it."""
    link = f"mailto:{quote(email.as_published, safe=_SAFE_IN_ADDRESS)}"
    return {
        "as_published": email.as_published,
        "fault": email.fault,
        "link": None if email.fault else link,
    }
