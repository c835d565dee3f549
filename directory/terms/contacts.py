"""The words for whoever can be asked, and who may know of them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final
from uuid import UUID

from directory.terms.agencies import DirectoryError

EARLY_HELP_HUB: Final = "early_help_hub"
FRONT_DOOR: Final = "front_door"


class UnknownContactPoint(DirectoryError):
    """No contact point has this id."""

    advice = "No contact point has this id. GET /v1/directory/contact-points lists those there are."


class Audience(StrEnum):
    """Whom a directory entry may be shown to: anyone, or partner agencies only."""

    PUBLIC = "public"
    PROTECTED = "protected"


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
