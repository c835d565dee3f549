"""Which contact points answer for a place at a level of need, in which order, and why."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from directory.rules.audience import may_see
from directory.rules.coverage import Match, levels_meant, matching
from directory.terms.contacts import EARLY_HELP_HUB, ContactPoint
from directory.terms.coverage import (
    ADVICE_POINT,
    CLUSTER_MANAGER,
    EARLY_HELP_COORDINATOR,
    EARLY_HELP_RESPONSE_TEAM,
    FAMILY_INFORMATION_SERVICE,
    FRONT_DOORS,
    HUBS,
    LOCAL_AREA_TEAM,
    TARGETED_SERVICES_LEADER,
    Area,
    CallingFacts,
    Choice,
    CityLevel,
    PlaceKind,
    Question,
)
from directory.terms.records import Viewer
from directory.terms.searching import LevelOfNeed

_NAMED_ROLES: Final = frozenset({CLUSTER_MANAGER, TARGETED_SERVICES_LEADER})
_ORDER: Final = (
    *(FAMILY_INFORMATION_SERVICE, CLUSTER_MANAGER, TARGETED_SERVICES_LEADER),
    *(EARLY_HELP_RESPONSE_TEAM, EARLY_HELP_COORDINATOR, *sorted(FRONT_DOORS)),
    *(EARLY_HELP_HUB, LOCAL_AREA_TEAM, ADVICE_POINT),
)
KINDS: Final[Mapping[str, str]] = {
    "city": "city",
    "hub_area": "hub area",
    "cluster": "cluster",
    "locality": "locality",
    "local_area_team": "local area team",
}


@dataclass(frozen=True, slots=True)
class Scene:
    """What the steps of one answer share: the question, and the facts as this viewer has them."""

    question: Question
    facts: CallingFacts
    city: str
    around: Sequence[tuple[Area, int]]
    levels: Sequence[CityLevel]
    seen: Mapping[UUID, ContactPoint]
    at: datetime


def seen_contacts(
    contacts: Sequence[ContactPoint], city: str, viewer: Viewer, at: datetime
) -> dict[UUID, ContactPoint]:
    """Return the city's contact points that the viewer may know of and that have not ended.

    A role that is known only by who holds it is nobody to call where that, and any way to reach
    them, is unknown.
    """
    return {
        one.id: one
        for one in contacts
        if one.facts.city == city
        and (one.ends is None or at < one.ends)
        and may_see(_audience(one), viewer)
        and (one.facts.acts_as not in _NAMED_ROLES or _is_named(one, viewer))
    }


def front_doors(scene: Scene) -> list[Choice]:
    """Return the front doors that answer for the place; if none does, every one of the city."""
    codes = levels_meant(scene.levels, LevelOfNeed.SPECIALIST) or frozenset()
    doors = [
        _chosen(scene, match, front_door=True)
        for match in _best(scene, codes)
        if scene.seen[match.coverage.contact].facts.acts_as in FRONT_DOORS
    ]
    return doors or [
        Choice(one, f"It is a front door of {scene.city}.", by_coverage=False, front_door=True)
        for one in _by_name(scene, FRONT_DOORS)
    ]


def answering(scene: Scene, codes: frozenset[str]) -> list[Choice]:
    """Return whoever answers for the place at any of these levels of need."""
    return [_chosen(scene, match) for match in _best(scene, codes)]


def hubs(scene: Scene) -> list[Choice]:
    """Return every hub of the city, or what it has in their place."""
    why = f"Nobody is on file for just this place, so every hub of {scene.city} is listed."
    return [Choice(one, why, by_coverage=False) for one in _by_name(scene, HUBS)]


def _audience(contact: ContactPoint) -> object:
    said = contact.facts.audience
    return said if isinstance(said, str) else list(said)


def _is_named(contact: ContactPoint, viewer: Viewer) -> bool:
    facts = contact.facts
    held = facts.holder if viewer.agency is not None else None
    return bool(held or facts.phone or facts.email)


def _best(scene: Scene, codes: frozenset[str]) -> list[Match]:
    """Return the matches in order, the first of each contact point that is seen."""
    place = scene.question.place
    found = matching(scene.facts.coverage, scene.around, place, codes, scene.at)
    first: dict[UUID, Match] = {}
    for match in sorted(
        (one for one in found if one.coverage.contact in scene.seen),
        key=lambda one: _rank(one, scene.seen[one.coverage.contact]),
    ):
        first.setdefault(match.coverage.contact, match)
    return list(first.values())


def _rank(match: Match, contact: ContactPoint) -> tuple[int, int, int, str, str]:
    role = contact.facts.acts_as
    rank = _ORDER.index(role) if role in _ORDER else len(_ORDER)
    one = match.coverage
    return match.narrowness, one.position, rank, contact.facts.name, contact.facts.code


def _chosen(scene: Scene, match: Match, *, front_door: bool = False) -> Choice:
    contact = scene.seen[match.coverage.contact]
    invented = match.coverage.invented or (match.area is not None and match.area.invented)
    said = "It is the front door, and answers" if front_door else "It answers"
    why = f"{said} for {_place(scene, match)}{_level(scene, match)}."
    return Choice(
        contact,
        why,
        front_door=front_door,
        invented=invented or contact.facts.invented,
        note=match.coverage.note,
    )


def _place(scene: Scene, match: Match) -> str:
    names, one = scene.facts.names, match.coverage
    if match.area is not None:
        area = match.area
        return f"the {KINDS[area.kind.value]} {area.name}, which this place is in"
    if one.kind is PlaceKind.POSTCODE:
        return "this very postcode"
    name = names.get(one.place, one.place)
    return f"the ward {name}" if one.kind is PlaceKind.WARD else f"all of {name}"


def _level(scene: Scene, match: Match) -> str:
    labels = {one.code: f"“{one.label}”" for one in scene.levels}
    levels = match.coverage.levels
    own = [one.code for one in scene.levels if {one.code, one.common.value} & levels]
    said = [labels[code] for code in own] or sorted(levels)
    return f", at the level{'s' if len(said) > 1 else ''} {' and '.join(said)}"


def _by_name(scene: Scene, roles: frozenset[str]) -> list[ContactPoint]:
    found = [one for one in scene.seen.values() if one.facts.acts_as in roles]
    return sorted(found, key=lambda one: (one.facts.name, one.facts.code))
