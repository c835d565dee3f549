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
_PARENTS = ("mother", "father")
_ADULTS = {*_PARENTS, "step-parent"}
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
    register = _Register(calendar, dice)
    return [
        register.family(PlannedFamily(f"family-{number:02}", surname, state, _child(number)))
        for number, (state, surname) in enumerate(zip(states, surnames, strict=True), 1)
    ]


def _child(number: int) -> str:
    return f"family-{number:02}-child"


def _identifiers(dice: random.Random) -> Iterator[tuple[tuple[str, str], ...]]:
    """Yield sets of identifiers, no number twice; more than there are people."""
    serials = [_FIRST_SERIAL, *dice.sample(range(1000, _SERIALS), 400)]
    for serial in serials:
        number = nhs_number(serial)
        if number is not None:
            yield ("nhs_number", number), ("upn", upn(serial))


class _Register:
    """Makes people up, each with numbers of their own."""

    def __init__(self, calendar: Calendar, dice: random.Random) -> None:
        self._calendar, self._dice = calendar, dice
        self._identifiers = _identifiers(dice)

    def family(self, family: PlannedFamily) -> Grown:
        """Return a family with its people and what binds them."""
        dice = self._dice
        at = self._calendar.ago(REGISTERED + dice.randrange(30), dice.randrange(8, 17))
        given = {
            False: iter(dice.sample(names.CHILDREN, 2)),
            True: iter(dice.sample(names.ADULTS, 3)),
        }
        persons = [
            PlannedPerson(
                key=f"{family.key}-{role}",
                family=family.key,
                given=next(given[role in _ADULTS]),
                surname=family.surname,
                born=self._calendar.born(*age),
                adult=role in _ADULTS,
                identifiers=self._numbers(role),
                at=at,
            )
            for role, age in self._ages(family.state).items()
        ]
        return Grown(family, tuple(persons), tuple(_bonds(persons, family.state)))

    def _ages(self, state: State) -> dict[str, tuple[int, int]]:
        """Return each member's age, in years, and how many days ago that birthday was."""
        dice = self._dice
        ages = {"child": _AGES.get(state, (dice.randrange(5, 11), dice.randrange(20, 340)))}
        if state in _WITH_SIBLING or dice.randrange(5) == 0:
            ages["sibling"] = dice.randrange(3, 12), dice.randrange(20, 340)
        step_parent = ("step-parent",) if state in _WITH_STEP_PARENT else ()
        for role in (*_PARENTS, *step_parent):
            ages[role] = dice.randrange(27, 46), dice.randrange(365)
        return ages

    def _numbers(self, role: str) -> tuple[tuple[str, str], ...]:
        """Return the next person's numbers; only a child has a pupil's number."""
        known = next(self._identifiers)
        return known[:1] if role in _ADULTS else known


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
