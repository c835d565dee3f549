"""The words for how a service is told to people: what a card and a page of its own say."""

from dataclasses import dataclass
from uuid import UUID

from directory.terms.searching import Freshness


@dataclass(frozen=True, slots=True)
class Way:
    """One way to reach somebody: `href` is None where what is on file would not work as a link."""

    text: str
    href: str | None = None
    fault: str | None = None


@dataclass(frozen=True, slots=True)
class NextStep:
    """The one best thing to do now: `does` says it, `way` is how."""

    does: str
    way: Way | None = None


@dataclass(frozen=True, slots=True)
class Checked:
    """When somebody last vouched for a record, in words that say what that is worth."""

    text: str
    freshness: Freshness


@dataclass(frozen=True, slots=True)
class Card:
    """What a list says of a service.

    `to_visit` is false of what has no place to go to; `point` is the latitude and longitude of
    the place that `where` speaks of.
    """

    id: UUID
    name: str
    organization: str | None
    summary: str
    ages: str
    where: str
    distance: str | None
    to_visit: bool
    point: tuple[float, float] | None
    cost: str
    levels: tuple[str, ...]
    who_can_refer: tuple[str, ...]
    next_step: NextStep
    checked: Checked
    closed: bool
    alert: str | None
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PlaceTold:
    """A place that a service is at: its address line by line, and how one gets in."""

    name: str
    address: tuple[str, ...]
    description: str | None
    times: tuple[str, ...]
    accessibility: tuple[str, ...]
    ways: tuple[Way, ...]
    point: tuple[float, float] | None


@dataclass(frozen=True, slots=True)
class ContactTold:
    """Somebody to speak to, and how."""

    name: str
    ways: tuple[Way, ...]


@dataclass(frozen=True, slots=True)
class Topics:
    """The terms of one taxonomy that a service is filed under."""

    label: str
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ServiceTold:
    """All that the page of a service says beside its card."""

    card: Card
    description: str
    organization: str
    organization_ways: tuple[Way, ...]
    website: Way | None
    times: tuple[str, ...]
    costs: tuple[str, ...]
    eligibility: tuple[str, ...]
    routes: tuple[str, ...]
    how_to_apply: tuple[str, ...]
    suitable_for: tuple[str, ...]
    places: tuple[PlaceTold, ...]
    contacts: tuple[ContactTold, ...]
    ways: tuple[Way, ...]
    languages: tuple[str, ...]
    covers: tuple[str, ...]
    topics: tuple[Topics, ...]
    more: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Filter:
    """One condition of a search: the name of its field, and what it says."""

    name: str
    text: str
