"""The words of the directory: partner agencies, when they take part, and whom one can call."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import ClassVar, Final
from uuid import UUID

EARLY_HELP_HUB: Final = "early_help_hub"
FRONT_DOOR: Final = "front_door"


class DirectoryError(Exception):
    """Something asked of this storey that it does not do; the text says what to do instead."""

    advice: ClassVar[str]

    def __init__(self, code: str = "") -> None:
        super().__init__(self.advice.format(code=code))


class UnknownAgency(DirectoryError):
    """No agency has this code."""

    advice = "No agency has the code {code}. GET /v1/agencies lists those there are."


class AgencyExists(DirectoryError):
    """The code is taken: an agency's code is its name in every agreement and log entry."""

    advice = "An agency has the code {code} already, and keeps it. Choose another."


class AgencyNotActive(DirectoryError):
    """The agency takes no part in the whole of the period, so there is nothing to suspend."""

    advice = "The agency {code} takes no part in any of this period. Read when it does."


class AgencyActive(DirectoryError):
    """The agency takes part at that instant, so there is nothing to reinstate."""

    advice = "The agency {code} takes part at that instant already. Nothing more needs doing."


class UnknownContactPoint(DirectoryError):
    """No contact point has this id."""

    advice = "No contact point has this id. GET /v1/directory/contact-points lists those there are."


class Audience(StrEnum):
    """Whom a directory entry may be shown to: anyone, or partner agencies only."""

    PUBLIC = "public"
    PROTECTED = "protected"


@dataclass(frozen=True, slots=True)
class Interval:
    """`starts <= at < ends`; without `ends` it is open."""

    starts: datetime
    ends: datetime | None = None


@dataclass(frozen=True, slots=True)
class Agency:
    """A partner organisation. `sensitive_service`: that it knows someone is itself a secret."""

    code: str
    name: str
    kind: str
    recorded_at: datetime
    sensitive_service: bool = False
    active: tuple[Interval, ...] = ()


@dataclass(frozen=True, slots=True)
class Standing:
    """What a decision needs to know of an agency: when it takes part, and whether it is secret."""

    sensitive_service: bool
    active: tuple[Interval, ...]


@dataclass(frozen=True, slots=True)
class Phone:
    """A telephone number as it was printed; `fault` says what is visibly wrong with it."""

    as_published: str
    e164: str | None = None
    fault: str | None = None


@dataclass(frozen=True, slots=True)
class Email:
    """An e-mail address as it was printed; `fault` says what is visibly wrong with it."""

    as_published: str
    fault: str | None = None


@dataclass(frozen=True, slots=True)
class SourceDocument:
    """Where a fact was published, and the date that the document gives itself, in its own words."""

    title: str
    as_of: str
    note: str | None = None


@dataclass(frozen=True, slots=True)
class ContactFacts:
    """What was published about someone who can be asked. Nothing is filled in or repaired.

    `code` names it in the data it came from; `more` holds what the document says beside the rest,
    by label. `agency` is set where the contact point belongs to a partner agency.
    """

    code: str
    city: str
    kind: str
    name: str
    document: SourceDocument
    area: str | None = None
    for_whom: str | None = None
    phone: Phone | None = None
    email: Email | None = None
    more: Mapping[str, str] | None = None
    agency: str | None = None
    audience: Audience = Audience.PUBLIC


@dataclass(frozen=True, slots=True)
class ContactPoint:
    """A contact point on file."""

    id: UUID
    facts: ContactFacts
    recorded_at: datetime


@dataclass(frozen=True, slots=True)
class ContactSearch:
    """Which contact points are sought; every word must occur, whatever its case or accents."""

    city: str | None = None
    kind: str | None = None
    words: tuple[str, ...] = ()
