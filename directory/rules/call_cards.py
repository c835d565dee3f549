"""One to call, as the page shows it: every word of it plain, every fault said."""

from dataclasses import dataclass
from datetime import date
from typing import Final

from directory.rules.telling import checked
from directory.rules.telling_calls import email_told, phone_told
from directory.rules.timetables import said_on, timetable
from directory.terms.contacts import ContactFacts
from directory.terms.coverage import Called
from directory.terms.telling import Checked, Way

_NO_NUMBER: Final = "No telephone number is on file."
_INVENTED: Final = "Invented for the demonstration"
_FRONT_DOOR: Final = "Front door"


@dataclass(frozen=True, slots=True)
class CallCard:
    """One to call: `tags` come beneath the name, `lines` are pairs of a label and what is said."""

    name: str
    tags: tuple[str, ...]
    why: str
    phone: Way | None
    email: Way | None
    no_number: str
    lines: tuple[tuple[str, str], ...]
    checked: Checked
    front_door: bool = False


def call_card(one: Called, on: date) -> CallCard:
    """Return one to call in the words of the page."""
    facts = one.contact.facts
    return CallCard(
        name=facts.name,
        tags=tuple(_tags(one)),
        why=one.why,
        phone=phone_way(facts),
        email=_email(facts),
        no_number="" if facts.phone else _NO_NUMBER,
        lines=tuple(_lines(one, on)),
        checked=checked(facts.assured_on, on),
        front_door=one.front_door,
    )


def phone_way(facts: ContactFacts) -> Way | None:
    """Return a telephone number as a page shows it: a link only if it can be dialled as it is."""
    if facts.phone is None:
        return None
    told = phone_told(facts.phone)
    return Way(facts.phone.as_published, told["link"], facts.phone.fault)


def _tags(one: Called) -> list[str]:
    away = f"Away until {said_on(one.away_until.date())}" if one.away_until else "Away"
    marked = {
        _FRONT_DOOR: one.front_door,
        away: one.away,
        f"Stands in for {one.stands_in_for}": one.stands_in_for is not None,
        _INVENTED: one.invented,
    }
    return [text for text, holds in marked.items() if holds]


def _lines(one: Called, on: date) -> list[tuple[str, str]]:
    facts = one.contact.facts
    document = facts.document
    said = {
        "Who": facts.holder,
        "When": "; ".join(_hours(facts, on)) or None,
        "For": facts.for_whom,
        "Please note": one.note,
    }
    more = [(label[:1].upper() + label[1:], text) for label, text in (facts.more or {}).items()]
    source = ("Source", f"{document.title} ({document.as_of})")
    return [*((label, text) for label, text in said.items() if text), *more, source]


def _hours(facts: ContactFacts, on: date) -> tuple[str, ...]:
    schedules = [
        {"freq": "WEEKLY", "byday": ",".join(one.days)}
        | {"opens_at": one.opens, "closes_at": one.closes}
        for one in facts.opening_hours
    ]
    noted = (facts.hours_note,) if facts.hours_note else ()
    return (*timetable(schedules, on), *noted)


def _email(facts: ContactFacts) -> Way | None:
    if facts.email is None:
        return None
    told = email_told(facts.email)
    return Way(facts.email.as_published, told["link"], facts.email.fault)
