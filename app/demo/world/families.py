"""Forty invented families: at least one in each state, the rest in the commonest."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from app.demo.world import names
from app.demo.world.calendar import Calendar
from app.demo.world.numbers import nhs_number, upn
from app.demo.world.terms import (
    Fact,
    PlannedFamily,
    PlannedHousehold,
    PlannedPerson,
    PlannedRelationship,
    State,
)

FAMILIES: Final = 40
REGISTERED: Final = 120
"""How many days ago the families became known."""

_COMMONEST = (State.WRITTEN, State.CONFIRMED, State.NONE, State.VERBAL_FRESH, State.WITHDRAWN)
_FIRST_SERIAL = 1  # 9990000018, the number that the documentation uses
_SERIALS = 10**6

# Years, and how many days ago that birthday was; without an entry, a child of primary school age.
_AGES = {
    State.COMPETENT_YES: (13, 150),
    State.COMPETENT_NO: (13, 150),
    State.NOT_ASSESSED: (13, 150),
    State.SIXTEEN: (16, 40),
    State.SIXTEEN_OWN_WORD: (16, 40),
    State.SENSITIVE_BY_NAME: (14, 30),
    State.SENSITIVE_ONLY: (14, 90),
}
_WITH_STEP_PARENT = {State.STEP_PARENT_ONLY, State.SIBLING_SHIELDED, State.PARENTS_DISAGREE}
_WITH_SIBLING = {State.SIBLING_SHIELDED, State.WHOLE_FAMILY, State.SHIELDED_HIDDEN}


@dataclass(frozen=True, slots=True)
class Grown:
    """A family with its people, and what is on file about who they are to each other."""

    family: PlannedFamily
    persons: tuple[PlannedPerson, ...]
    facts: tuple[Fact, ...]


def families(calendar: Calendar, dice: random.Random) -> list[Grown]:
    """Return all forty; the same dice give the same families."""
    states = list(State)
    states += [_COMMONEST[i % len(_COMMONEST)] for i in range(FAMILIES - len(states))]
    surnames = dice.sample(names.SURNAMES, FAMILIES)
    identifiers = _identifiers(dice)
    return [
        _grow(f"family-{number:02}", state, surname, calendar, dice, identifiers)
        for number, (state, surname) in enumerate(zip(states, surnames, strict=True), 1)
    ]


def _identifiers(dice: random.Random) -> Iterator[tuple[tuple[str, str], ...]]:
    """Yield sets of identifiers without end, no number twice."""
    serials = [_FIRST_SERIAL, *dice.sample(range(1000, _SERIALS), 400)]
    for serial in serials:
        number = nhs_number(serial)
        if number is not None:
            yield ("nhs_number", number), ("upn", upn(serial))


def _grow(  # noqa: PLR0913  (what a family is made of)
    key: str,
    state: State,
    surname: str,
    calendar: Calendar,
    dice: random.Random,
    identifiers: Iterator[tuple[tuple[str, str], ...]],
) -> Grown:
    at = calendar.ago(REGISTERED + dice.randrange(30), dice.randrange(8, 17))
    given = iter(dice.sample(names.CHILDREN, 2) + dice.sample(names.ADULTS, 3))

    def person(role: str, years: int, days: int) -> PlannedPerson:
        adult = role in {"mother", "father", "step-parent"}
        known = next(identifiers)
        return PlannedPerson(
            key=f"{key}-{role}",
            family=key,
            given=next(given),
            surname=surname,
            born=calendar.born(years, days),
            adult=adult,
            identifiers=known[:1] if adult else known,
            at=at,
        )

    years, days = _AGES.get(state, (dice.randrange(5, 11), dice.randrange(20, 340)))
    persons = [person("child", years, days)]
    sibling = person("sibling", dice.randrange(3, 12), dice.randrange(20, 340))
    persons += [sibling] if state in _WITH_SIBLING or dice.random() < 0.2 else []
    persons.append(person("mother", dice.randrange(27, 44), dice.randrange(365)))
    persons.append(person("father", dice.randrange(27, 48), dice.randrange(365)))
    if state in _WITH_STEP_PARENT:
        persons.append(person("step-parent", dice.randrange(27, 48), dice.randrange(365)))
    family = PlannedFamily(key, surname, state, f"{key}-child")
    return Grown(family, tuple(persons), tuple(_bonds(persons, state)))


def _bonds(persons: list[PlannedPerson], state: State) -> Iterator[Fact]:
    for child in (one for one in persons if not one.adult):
        for adult in (one for one in persons if one.adult):
            kind = adult.key.removeprefix(f"{adult.family}-")
            responsible = kind != "step-parent"
            # The sibling whose place is a secret has another father and lives elsewhere.
            if state is State.SIBLING_SHIELDED and child.key.endswith("sibling"):
                responsible = kind == "mother"
            yield PlannedRelationship(child.at, child.key, adult.key, kind, responsible)
    child = persons[0]
    yield PlannedHousehold(child.at, child.key, tuple(one.key for one in persons))
