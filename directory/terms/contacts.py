"""The words for whoever can be asked, and who may know of them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from uuid import UUID

from directory.terms.agencies import DirectoryError
from directory.terms.records import PUBLIC

EARLY_HELP_HUB: Final = "early_help_hub"
FRONT_DOOR: Final = "front_door"


class UnknownContactPoint(DirectoryError):
    """No contact point has this id."""

    advice = "No contact point has this id. GET /v1/directory/contact-points lists those there are."


ContactAudience = str | tuple[str, ...]
"""`public`, `practitioners`, or the codes of the agencies whose practitioners may know of it."""


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
class Opening:
    """When someone can be reached: days as iCalendar writes them (MO), times of the UK (09:00)."""

    days: tuple[str, ...]
    opens: str
    closes: str


@dataclass(frozen=True, slots=True)
class ContactFacts:
    """What was published about someone who can be asked. Nothing is filled in or repaired.

    `code` names it in the data it came from; `more` holds what the document says beside the rest,
    by label. `agency` is set where the contact point belongs to a partner agency.

    `role` is what it does when asked, where that is not its `kind`; `holder` names who has the
    role now, for practitioners only. `invented` marks what no document says.
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
    audience: ContactAudience = PUBLIC
    role: str | None = None
    holder: str | None = None
    opening_hours: tuple[Opening, ...] = ()
    hours_note: str | None = None
    assured_on: date | None = None
    invented: bool = False

    @property
    def acts_as(self) -> str:
        """What it does when asked."""
        return self.role or self.kind


@dataclass(frozen=True, slots=True)
class ContactPoint:
    """A contact point on file."""

    id: UUID
    facts: ContactFacts
    recorded_at: datetime
    ends: datetime | None = None


@dataclass(frozen=True, slots=True)
class ContactSearch:
    """Which contact points are sought; every word must occur, whatever its case or accents."""

    city: str | None = None
    kind: str | None = None
    words: tuple[str, ...] = ()
