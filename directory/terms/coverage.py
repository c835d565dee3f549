"""The words for who answers for a place: areas, coverage, cover, levels of need, schools."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final
from uuid import UUID

from directory.terms.agencies import DirectoryError, Interval
from directory.terms.contacts import EARLY_HELP_HUB, FRONT_DOOR, ContactPoint
from directory.terms.places import Place
from directory.terms.searching import Freshness, LevelOfNeed

DUTY_AND_ADVICE: Final = "duty_and_advice"
CLUSTER_MANAGER: Final = "cluster_manager"
TARGETED_SERVICES_LEADER: Final = "targeted_services_leader"
EARLY_HELP_COORDINATOR: Final = "early_help_coordinator"
EARLY_HELP_RESPONSE_TEAM: Final = "early_help_response_team"
DESIGNATED_SAFEGUARDING_LEAD: Final = "designated_safeguarding_lead"
LOCAL_AREA_TEAM: Final = "local_area_team"
ADVICE_POINT: Final = "advice_point"
FAMILY_INFORMATION_SERVICE: Final = "family_information_service"
FRONT_DOORS: Final = frozenset({FRONT_DOOR, DUTY_AND_ADVICE})
"""Whoever takes a worry that a child may suffer significant harm."""
HUBS: Final = frozenset({EARLY_HELP_HUB, EARLY_HELP_RESPONSE_TEAM, LOCAL_AREA_TEAM})
"""Whom each city has where Leeds has hubs."""


class AreaKind(StrEnum):
    """What kind of part of a city an area is."""

    CITY = "city"
    HUB_AREA = "hub_area"
    CLUSTER = "cluster"
    LOCALITY = "locality"
    LOCAL_AREA_TEAM = "local_area_team"


class PlaceKind(StrEnum):
    """What a place is, the narrowest first; an area is as narrow as its part that holds a place."""

    POSTCODE = "postcode"
    WARD = "ward"
    DISTRICT = "district"
    AREA = "area"


@dataclass(frozen=True, slots=True)
class AreaPart:
    """A district or ward by GSS code, or a single postcode, that an area is made of."""

    id: UUID
    kind: PlaceKind
    code: str
    during: Interval


@dataclass(frozen=True, slots=True)
class Area:
    """A part of a city as those who help families divide it. `invented`: no document says so."""

    code: str
    kind: AreaKind
    city: str
    name: str
    during: Interval
    recorded_at: datetime
    parts: tuple[AreaPart, ...] = ()
    note: str | None = None
    invented: bool = False


@dataclass(frozen=True, slots=True)
class Coverage:
    """That a contact point answers for a place at these levels of need, for a period.

    `place` is an area's code, a GSS code, or a postcode without its space. Of several that answer
    for one place, the lower `position` comes first.
    """

    id: UUID
    contact: UUID
    kind: PlaceKind
    place: str
    levels: frozenset[str]
    during: Interval
    recorded_at: datetime
    position: int = 0
    note: str | None = None
    invented: bool = False


@dataclass(frozen=True, slots=True)
class Cover:
    """That one contact point answers while another is away."""

    id: UUID
    contact: UUID
    covered_by: UUID
    during: Interval
    recorded_at: datetime
    note: str | None = None


@dataclass(frozen=True, slots=True)
class CityLevel:
    """A level of need as a city says it, and the level of the common scale that we read it as."""

    city: str
    code: str
    label: str
    common: LevelOfNeed
    position: int
    note: str | None = None


@dataclass(frozen=True, slots=True)
class School:
    """Where a school is; `urn` is its number in the national register, where it has one."""

    id: UUID
    name: str
    postcode: str
    recorded_at: datetime
    urn: str | None = None
    agency: str | None = None
    invented: bool = False


@dataclass(frozen=True, slots=True)
class Question:
    """Whom to call about a child at a place; `level` is a common one or the city's own."""

    place: Place
    level: str | None
    at_risk: bool


@dataclass(frozen=True, slots=True)
class CallingFacts:
    """All that answering needs: areas that may hold the place, and who answers for what.

    `names` are those of districts and wards by GSS code; `leads` are the designated safeguarding
    leads of the asker's own agency. `areas`, `coverage`, `contacts` and
    `covers` are of any time and any audience: the rule leaves out what does not count.
    """

    names: Mapping[str, str]
    areas: tuple[Area, ...] = ()
    levels: tuple[CityLevel, ...] = ()
    coverage: tuple[Coverage, ...] = ()
    contacts: tuple[ContactPoint, ...] = ()
    covers: tuple[Cover, ...] = ()
    leads: tuple[ContactPoint, ...] = ()


@dataclass(frozen=True, slots=True)
class Choice:
    """A contact point that answers, and why; not `by_coverage` where none speaks of this place."""

    contact: ContactPoint
    why: str
    by_coverage: bool = True
    front_door: bool = False
    invented: bool = False
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Called:
    """One to call, and why. `away_until` is set for who is away; `stands_in_for` names who is."""

    contact: ContactPoint
    why: str
    freshness: Freshness
    front_door: bool = False
    invented: bool = False
    by_coverage: bool = True
    away: bool = False
    away_until: datetime | None = None
    stands_in_for: str | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True)
class CallingAnswer:
    """Whom to call, in order. `first` comes before any call; `notes` say what is not known.

    `leads` are whom the asker's own agency has for what `first` says: to speak to if unsure.

    `covered` is false outside the cities on file; `mapped` where nobody is on file for just this
    place at this level.
    """

    place: Place
    district: str
    covered: bool
    mapped: bool
    urgent: bool
    city: str | None = None
    ward: str | None = None
    level: str | None = None
    areas: tuple[Area, ...] = ()
    first: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    contacts: tuple[Called, ...] = ()
    leads: tuple[ContactPoint, ...] = ()


@dataclass(frozen=True, slots=True)
class UnknownLevel:
    """The city has no such level of need; these are its own, and the common ones."""

    asked: str
    known: tuple[str, ...]


class UnknownSchool(DirectoryError):
    """No school, or more than one, is meant."""

    advice = "No school of this name or number is on file. Give the postcode of the child instead."


class SchoolNotClear(UnknownSchool):
    """Several schools bear the name."""

    advice = "Several schools are called so: {code}. Give the school's number (URN) instead."


class UnknownArea(DirectoryError):
    """No area has this code."""

    advice = "No area has the code {code}. GET /v1/directory/areas lists those there are."


class UnknownCoverage(DirectoryError):
    """Nothing of this kind has this id."""

    advice = "Nothing of this id is on file here. List what there is, and take the id from there."
