"""The words for what an agency offers early, and for the pledges that it keeps."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Final
from uuid import UUID

from directory.terms.agencies import DirectoryError


class OfferAudience(StrEnum):
    """Whom a local offer is shown to."""

    PUBLIC = "public"
    PRACTITIONERS = "practitioners"


@dataclass(frozen=True, slots=True)
class OfferFacts:
    """What a local offer says: `services` are those it comprises, from `starts` and up to `ends`.

    `levels` are levels of need, of the common scale or a city's own.
    """

    agency: str
    title: str
    summary: str
    who_for: str
    starts: date
    ends: date | None = None
    url: str | None = None
    levels: tuple[str, ...] = ()
    services: tuple[UUID, ...] = ()
    audience: OfferAudience = OfferAudience.PUBLIC


@dataclass(frozen=True, slots=True)
class OfferedService:
    """A service that an offer comprises and its viewer may see."""

    id: UUID
    name: str


@dataclass(frozen=True, slots=True)
class LocalOffer:
    """An offer on file, with the services of it that its viewer may see."""

    id: UUID
    number: int
    facts: OfferFacts
    services: tuple[OfferedService, ...]
    recorded_at: datetime


class Pledge(StrEnum):
    """What the signatories of Leicester's partnership pledged in 2016."""

    DESIGNATED_LEAD_NAMED = "designated_lead_named"
    STAFF_TRAINED = "staff_trained"
    OFFER_PUBLISHED = "offer_published"
    EASY_ACCESS = "easy_access"
    EVIDENCE_OF_IMPACT = "evidence_of_impact"


PLEDGES: Final[Mapping[Pledge, str]] = {
    Pledge.DESIGNATED_LEAD_NAMED: "names a designated lead for safeguarding and early help",
    Pledge.STAFF_TRAINED: "trains its staff",
    Pledge.OFFER_PUBLISHED: "defines and publishes its early help offer",
    Pledge.EASY_ACCESS: "makes early help easy to reach",
    Pledge.EVIDENCE_OF_IMPACT: "gives evidence of the impact",
}
"""Each pledge, as what an agency does."""


@dataclass(frozen=True, slots=True)
class PledgeFacts:
    """How an agency keeps a pledge; without `kept_since` it does not, or no longer.

    The designated lead's name is for practitioners; no other name of a person belongs here.
    """

    agency: str
    pledge: Pledge
    kept_since: date | None
    evidence: str | None = None
    url: str | None = None
    designated_lead: str | None = None


@dataclass(frozen=True, slots=True)
class PledgeLine:
    """A pledge of an agency as its viewer may see it; `recorded_at` None if nothing is on file."""

    pledge: Pledge
    does: str
    kept_since: date | None = None
    evidence: str | None = None
    url: str | None = None
    designated_lead: str | None = None
    recorded_at: datetime | None = None

    @property
    def kept(self) -> bool:
        """Whether the agency keeps it."""
        return self.kept_since is not None


@dataclass(frozen=True, slots=True)
class AgencyOffer:
    """What an agency offers, and how it keeps each of the pledges."""

    agency: str
    name: str
    offers: tuple[LocalOffer, ...]
    pledges: tuple[PledgeLine, ...]

    @property
    def kept(self) -> int:
        """How many of the pledges it keeps."""
        return sum(one.kept for one in self.pledges)


class UnknownOffer(DirectoryError):
    """No offer has this id, or none that this caller may see."""

    advice = "No offer has this id. GET /v1/directory/offers lists those there are."
