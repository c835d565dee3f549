"""Whom to call: what is on file about a place, put to the rule that answers."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from directory.queries.contacts import contacts_of
from directory.queries.coverage import calling_facts, cities, school_of
from directory.queries.places import place_of
from directory.rules.responsible import responsible
from directory.terms.contacts import ContactPoint
from directory.terms.coverage import FRONT_DOORS, CallingAnswer, Question, UnknownLevel
from directory.terms.records import Viewer


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody asks, as they say it: a postcode, or else a school by name or number."""

    postcode: str | None
    school: str | None
    level: str | None
    at_risk: bool


def whom_to_call(
    session: Session, asked: Asked, viewer: Viewer, at: datetime
) -> CallingAnswer | UnknownLevel:
    """Say whom to call, in order.

    `MalformedPostcode`, `UnknownPostcode` or `UnknownSchool` where no place is meant.
    """
    typed = asked.postcode
    if typed is None:
        typed = school_of(session, asked.school or "").postcode
    place = place_of(session, typed)
    facts = calling_facts(session, place, viewer)
    return responsible(Question(place, asked.level, asked.at_risk), facts, viewer, at)


def all_front_doors(session: Session, viewer: Viewer, at: datetime) -> list[ContactPoint]:
    """Return the front doors of every city, by city and name.

    A mistyped postcode must not keep whoever worries about a child from a telephone number.
    """
    found = contacts_of(session, cities(session), viewer)
    return [
        one
        for one in sorted(found, key=lambda one: (one.facts.city, one.facts.name, one.id))
        if one.facts.acts_as in FRONT_DOORS and (one.ends is None or at < one.ends)
    ]
