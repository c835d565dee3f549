"""Whom to call about a child at a place: facts and the instant come in, an answer goes out.

1. Only what is in force counts, and of contact points only those that the viewer may know of.
2. A worry about significant harm, and specialist need, are for the front door, which comes first
   whatever else is on file; if no coverage names one, every front door of the city does.
3. Then whoever answers for the place at the level of need: postcode before ward before district,
   then by the order that was entered, then by role.
4. Where nobody does, that is said, and every hub of the city is listed.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final

from directory.rules.choosing import Scene, answering, front_doors, hubs, seen_contacts
from directory.rules.coverage import areas_around, common_level, levels_meant
from directory.rules.standing_in import called_in_turn
from directory.terms.contacts import ContactPoint
from directory.terms.coverage import (
    AreaKind,
    CallingAnswer,
    CallingFacts,
    Choice,
    CityLevel,
    Question,
    UnknownLevel,
)
from directory.terms.records import Viewer
from directory.terms.searching import LevelOfNeed

SAFEGUARDING_LEAD_FIRST: Final = "Speak to your safeguarding lead first if you are unsure."
IMMEDIATE_DANGER: Final = "If a child is in immediate danger, call 999."


def responsible(
    question: Question, facts: CallingFacts, viewer: Viewer, at: datetime
) -> CallingAnswer | UnknownLevel:
    """Say whom to call, in order, and why; `UnknownLevel` if the city has no such level of need."""
    around = areas_around(facts.areas, question.place, at)
    city = next((area.city for area, _ in around if area.kind is AreaKind.CITY), None)
    levels = _levels(facts.levels, city)
    codes = frozenset[str]() if question.level is None else levels_meant(levels, question.level)
    if codes is None and not question.at_risk:
        return UnknownLevel(str(question.level), _known(levels))
    if (
        codes is None
    ):  # nothing that is amiss with a level keeps the front door from whoever worries
        question, codes = replace(question, level=None), frozenset()
    urgent = question.at_risk or _common(question, levels) is LevelOfNeed.SPECIALIST
    if city is None:
        return _not_covered(question, facts, at, urgent=urgent)
    seen = seen_contacts(facts.contacts, city, viewer, at)
    scene = Scene(question, facts, city, around, levels, seen, at)
    return _answer(scene, codes, urgent=urgent)


def _levels(levels: Sequence[CityLevel], city: str | None) -> list[CityLevel]:
    """Return the city's levels in order; outside every city, those of all of them will do."""
    meant = (one for one in levels if city is None or one.city == city)
    return sorted(meant, key=lambda one: (one.city, one.position, one.code))


def _answer(scene: Scene, codes: frozenset[str], *, urgent: bool) -> CallingAnswer:
    question, names = scene.question, scene.facts.names
    doors = front_doors(scene) if urgent else []
    others = answering(scene, codes)
    mapped = _is_mapped(scene, doors, others)
    listed = [*doors, *others, *([] if mapped else hubs(scene))]
    return CallingAnswer(
        place=question.place,
        district=names.get(question.place.district, question.place.district),
        covered=True,
        mapped=mapped,
        urgent=urgent,
        city=scene.city,
        ward=names.get(question.place.ward or "", question.place.ward),
        level=_label(question, scene.levels),
        areas=tuple(area for area, _ in scene.around),
        first=_first(urgent=urgent),
        notes=tuple(_notes(scene, listed, urgent=urgent, mapped=mapped)),
        contacts=called_in_turn(listed, scene.seen, scene.facts.covers, scene.at),
        leads=_leads(scene.facts, scene.at, urgent=urgent),
    )


def _not_covered(
    question: Question, facts: CallingFacts, at: datetime, *, urgent: bool
) -> CallingAnswer:
    district = facts.names.get(question.place.district, question.place.district)
    said = [f"This place is in {district}, which is not covered here. Ask the council there."]
    if urgent:
        said.append("Worries about a child there go to that council's children's social care.")
    return CallingAnswer(
        place=question.place,
        district=district,
        covered=False,
        mapped=False,
        urgent=urgent,
        ward=facts.names.get(question.place.ward or "", question.place.ward),
        first=_first(urgent=urgent),
        notes=tuple(said),
        leads=_leads(facts, at, urgent=urgent),
    )


def _is_mapped(scene: Scene, doors: Sequence[Choice], others: Sequence[Choice]) -> bool:
    """Say whether somebody on file answers for just this place at the level that was asked."""
    if others or scene.question.level is None:
        return bool(others) or any(one.by_coverage for one in doors)
    specialist = _common(scene.question, scene.levels) is LevelOfNeed.SPECIALIST
    return specialist and any(one.by_coverage for one in doors)


def _notes(scene: Scene, listed: Sequence[Choice], *, urgent: bool, mapped: bool) -> Iterator[str]:
    if scene.question.place.approximate:
        yield (
            "Only the first half of this postcode is on file, so the place is approximate"
            " and its ward is not known."
        )
    if urgent and not any(one.front_door for one in listed):
        yield f"No front door of {scene.city} is on file: call the council's social care."
    if not mapped:
        yield f"Nobody is on file for just this place: these are all the hubs of {scene.city}."
    if any(one.invented for one in listed):
        yield "Which area a place belongs to is invented here, for the demonstration."
    asked = [one for one in scene.levels if one.code == scene.question.level]
    yield from (one.note for one in asked if one.note)


def _leads(facts: CallingFacts, at: datetime, *, urgent: bool) -> tuple[ContactPoint, ...]:
    """Return the safeguarding leads of the asker's own agency, where one is to be spoken to."""
    return tuple(one for one in facts.leads if urgent and (one.ends is None or at < one.ends))


def _first(*, urgent: bool) -> tuple[str, ...]:
    return (SAFEGUARDING_LEAD_FIRST, IMMEDIATE_DANGER) if urgent else ()


def _common(question: Question, levels: Sequence[CityLevel]) -> LevelOfNeed | None:
    return None if question.level is None else common_level(levels, question.level)


def _label(question: Question, levels: Sequence[CityLevel]) -> str | None:
    labels = {one.code: one.label for one in levels}
    return None if question.level is None else labels.get(question.level, question.level)


def _known(levels: Sequence[CityLevel]) -> tuple[str, ...]:
    common = [one.value for one in LevelOfNeed]
    return (*common, *(one.code for one in levels if one.code not in common))
