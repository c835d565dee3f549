"""The words for what searches know of a service: read out of what one kind of viewer may see."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Opening:
    """A day on which a service is open: a weekday, or a day of the month, within a period.

    `weekday` is 0 for Monday. `ordinal` says which of its weekday in the month, `month_day` which
    day, both counted from the end where negative. `every` so many weeks, or months where `monthly`,
    are counted from `anchor`. With no day at all, on which day it opens is not known.
    """

    weekday: int | None = None
    ordinal: int | None = None
    month_day: int | None = None
    opens: time | None = None
    closes: time | None = None
    starts: date | None = None
    ends: date | None = None
    monthly: bool = False
    every: int = 1
    anchor: date | None = None


@dataclass(frozen=True, slots=True)
class ListedPlace:
    """Where a service can be visited, in degrees; `at_location` is the standard's link to it."""

    at_location: UUID | None
    latitude: float
    longitude: float


@dataclass(frozen=True, slots=True, order=True)
class Label:
    """What a trait is called: `what` is asked for, `key` the value, `text` for people."""

    what: str
    key: str
    text: str


@dataclass(frozen=True, slots=True)
class Listed:
    """All that searches know of a service, for one kind of viewer.

    `names`, `topics` and `texts` are what words are sought in, in this order of weight; `traits`
    are what can be asked for exactly, as `kind:value`. `at_locations` are the ids of the standard's
    links to everywhere it is given, with a position or without.
    """

    service: UUID
    status: str
    name: str
    names: str
    topics: str
    texts: str
    minimum_age: Decimal | None
    maximum_age: Decimal | None
    assured_on: date | None
    last_modified: datetime | None
    traits: frozenset[str]
    accessibility: tuple[str, ...]
    places: tuple[ListedPlace, ...] = ()
    openings: tuple[Opening, ...] = ()
    labels: frozenset[Label] = frozenset()
    areas: Mapping[str, str] = field(default_factory=dict)
    at_locations: tuple[UUID, ...] = ()
