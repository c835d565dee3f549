"""The words for a search of services: what is asked, and what is found."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal
from enum import StrEnum
from uuid import UUID


class Weekday(StrEnum):
    """A day of the week as iCalendar writes it (RFC 5545, `byday`)."""

    MONDAY = "MO"
    TUESDAY = "TU"
    WEDNESDAY = "WE"
    THURSDAY = "TH"
    FRIDAY = "FR"
    SATURDAY = "SA"
    SUNDAY = "SU"


class LevelOfNeed(StrEnum):
    """The common scale that each city's own levels are read by."""

    UNIVERSAL = "universal"
    EARLY_HELP = "early_help"
    SPECIALIST = "specialist"


class Freshness(StrEnum):
    """How long ago somebody vouched for a record."""

    FRESH = "fresh"
    AGEING = "ageing"
    STALE = "stale"


@dataclass(frozen=True, slots=True)
class ServiceSearch:
    """Which services are sought; every condition that is given must hold.

    `minimum_age` and `maximum_age` are the standard's: the service's own bound is at least, or at
    most, that. `age` asks whether the service is for somebody of that age, an absent bound being
    open. `start_time`, `end_time` and `day` must hold of one and the same schedule. `proximity` is
    in metres from the postcode; `postcode` alone asks whether the service covers it.
    """

    words: str | None = None
    taxonomy_term_ids: tuple[UUID, ...] = ()
    taxonomy_id: UUID | None = None
    organization_id: UUID | None = None
    minimum_age: Decimal | None = None
    maximum_age: Decimal | None = None
    age: Decimal | None = None
    start_time: time | None = None
    end_time: time | None = None
    day: Weekday | None = None
    open_on: date | None = None
    level_of_need: str | None = None
    free: bool | None = None
    language: str | None = None
    accessibility: str | None = None
    suitable_for: str | None = None
    referral: str | None = None
    who_can_refer: str | None = None
    postcode: str | None = None
    proximity: int | None = None
    modified_after: datetime | None = None


@dataclass(frozen=True, slots=True)
class Hit:
    """A service that was found: `reasons` say in plain words why; `metres` how far, if a place."""

    service: UUID
    reasons: tuple[str, ...]
    freshness: Freshness
    metres: int | None = None
    at_location: UUID | None = None


@dataclass(frozen=True, slots=True)
class FacetValue:
    """One value that the results could be narrowed to, and how many would be left."""

    value: str
    label: str
    count: int


@dataclass(frozen=True, slots=True)
class Found:
    """One page of what a search found, of its viewer's tier alone.

    `total` is capped where `total_is_exact` is false. `notes` say what was read differently from
    what was typed: a near spelling, a synonym, an approximate place.
    """

    hits: tuple[Hit, ...]
    total: int
    total_is_exact: bool
    facets: Mapping[str, tuple[FacetValue, ...]] = field(default_factory=dict)
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What a prefix could be completed to; `what` is service, organization, topic or word."""

    text: str
    what: str
