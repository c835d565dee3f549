"""The whole plan, from an instant and a seed."""

import random
from datetime import datetime
from typing import Final

from app.demo.world import (
    agreements,
    asking,
    consents,
    handovers,
    oddities,
    partnership,
    records,
)
from app.demo.world.calendar import Calendar
from app.demo.world.families import families
from app.demo.world.numbers import nhs_number
from app.demo.world.terms import Fact, World

SEED: Final = 7
_NOBODY_FROM = 500
_NOBODY_TO = 512


def plan(at: datetime, seed: int = SEED) -> World:
    """Return the demonstration's world as it stands at `at`; the same for the same arguments."""
    dice, calendar = random.Random(seed), Calendar(at)
    grown = families(calendar, dice)
    facts: list[Fact] = []
    for one in grown:
        facts += one.facts
        facts += records.records_of(one, calendar, dice)
        facts += consents.facts_of(one, calendar)
    facts += handovers.facts_of(grown, calendar)
    facts += asking.requests(grown, calendar, dice)
    facts += oddities.odd_requests(grown, calendar, unknown_numbers())
    return World(
        at=at,
        seed=seed,
        purposes=partnership.PURPOSES,
        categories=partnership.CATEGORIES,
        agencies=partnership.agencies(calendar),
        agreements=agreements.agreements(calendar),
        clients=partnership.clients(),
        families=tuple(one.family for one in grown),
        persons={person.key: person for one in grown for person in one.persons},
        facts=tuple(sorted(facts, key=lambda fact: fact.at)),
    )


def unknown_numbers() -> list[str]:
    """Return NHS numbers in sequence that no one of the invented families has."""
    numbers = (nhs_number(serial) for serial in range(_NOBODY_FROM, _NOBODY_TO))
    return [number for number in numbers if number is not None]
