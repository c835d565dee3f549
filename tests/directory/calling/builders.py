"""A small world to ask about: two wards, a hub area, contact points of every role."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from directory.terms.agencies import Interval
from directory.terms.contacts import ContactFacts, ContactPoint, Phone, SourceDocument
from directory.terms.coverage import (
    Area,
    AreaKind,
    AreaPart,
    CallingAnswer,
    CallingFacts,
    CityLevel,
    Cover,
    Coverage,
    PlaceKind,
    Question,
)
from directory.terms.places import Place
from directory.terms.searching import LevelOfNeed

AT = datetime(2026, 4, 10, 10, tzinfo=UTC)
BEFORE = datetime(2026, 1, 1, tzinfo=UTC)
LATER = datetime(2026, 7, 1, tzinfo=UTC)
ALWAYS = Interval(BEFORE)
PAST = Interval(BEFORE, AT)
LEEDS, GIPTON, HUNSLET = "E08000035", "E05011400", "E05011403"
PLACE = Place("LS8 5NG", 53.8, -1.5, LEEDS, GIPTON)
GUIDE = SourceDocument("A guide", "2021-02")
LEVELS = (
    CityLevel("Leeds", "universal", "Universal", LevelOfNeed.UNIVERSAL, 0),
    CityLevel("Leeds", "targeted", "Targeted", LevelOfNeed.EARLY_HELP, 1, "A conversation."),
    CityLevel("Leeds", "specialist", "Specialist", LevelOfNeed.SPECIALIST, 2),
    CityLevel("York", "4", "Acute needs", LevelOfNeed.SPECIALIST, 3),
)
NAMES = {LEEDS: "Leeds", GIPTON: "Gipton & Harehills", HUNSLET: "Hunslet & Riverside"}


def number(of: str) -> UUID:
    """Return an id that a short name always has."""
    return UUID(bytes=of.encode().ljust(16, b"\0")[:16])


def contact(code: str, role: str, **details: Any) -> ContactPoint:
    ends = details.pop("ends", None)
    facts = {"phone": Phone("01632 960123", "+441632960123"), "audience": "public"} | details
    return ContactPoint(
        number(code), ContactFacts(code, "Leeds", role, code, GUIDE, **facts), AT, ends
    )


def coverage(code: str, place: str = GIPTON, **details: Any) -> Coverage:
    kind = details.pop("kind", PlaceKind.WARD)
    said = {"levels": frozenset({"early_help"}), "during": ALWAYS, "recorded_at": AT} | details
    return Coverage(details.pop("id", number(f"{code}@{place}")), number(code), kind, place, **said)


def part(kind: PlaceKind, code: str, during: Interval = ALWAYS) -> AreaPart:
    return AreaPart(number(f"{kind[:1]}{code}"), kind, code, during)


def area(code: str, kind: AreaKind, *parts: AreaPart, **details: Any) -> Area:
    said = {"during": ALWAYS, "recorded_at": AT} | details
    return Area(code, kind, "Leeds", code.title(), parts=parts, **said)


CITY = area("leeds", AreaKind.CITY, part(PlaceKind.DISTRICT, LEEDS))
EAST = area("east", AreaKind.HUB_AREA, part(PlaceKind.WARD, GIPTON))
DOOR = contact("door", "duty_and_advice")
HUB = contact("hub", "early_help_hub")
SOUTH = contact("south", "early_help_hub")
MANAGER = contact("manager", "cluster_manager")
DOOR_FOR_ALL = coverage("door", LEEDS, kind=PlaceKind.DISTRICT, levels=frozenset({"specialist"}))
HUB_FOR_EAST = coverage("hub", "east", kind=PlaceKind.AREA)


def facts(**details: Any) -> CallingFacts:
    said = {
        "names": NAMES,
        "areas": (CITY, EAST),
        "levels": LEVELS,
        "coverage": (DOOR_FOR_ALL, HUB_FOR_EAST),
        "contacts": (DOOR, HUB, SOUTH, MANAGER),
    }
    return CallingFacts(**(said | details))


def cover(away: str, by: str, during: Interval = ALWAYS, note: str | None = None) -> Cover:
    return Cover(number(f"{away}<{by}"), number(away), number(by), during, AT, note)


def question(
    level: str | None = "early_help", *, at_risk: bool = False, place: Place = PLACE
) -> Question:
    return Question(place, level, at_risk)


def codes(answer: object) -> list[str]:
    assert isinstance(answer, CallingAnswer), answer
    return [one.contact.facts.code for one in answer.contacts]
