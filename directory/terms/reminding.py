"""The words for asking whoever vouches for a service whether it is still right."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from directory.terms.agencies import DirectoryError
from directory.terms.records import Document


@dataclass(frozen=True, slots=True)
class Reminder:
    """That somebody is asked about one service, in a letter that may ask about several.

    `since` is the day from which it ages: of its assurance, or on which it came on file.
    """

    id: UUID
    service: UUID
    since: date
    stage: int
    version: int
    address: str
    letter: UUID
    made_at: datetime
    used_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """One service in a letter: its name, since when nobody looked, and the link that answers."""

    name: str
    since: date
    assured: bool
    token: str


class LinkState(StrEnum):
    """What a link of a letter still does."""

    OPEN = "open"
    EXPIRED = "expired"
    USED = "used"
    ASSURED = "assured"
    CHANGED = "changed"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class Linked:
    """What a link leads to: `seen` is what anyone may see of the service, None if nothing."""

    state: LinkState
    reminder: Reminder
    name: str
    assured_on: date | None
    seen: Document | None


class UnknownLink(DirectoryError):
    """Not a link of ours, or not all of it."""

    advice = "This link is not one of ours, or not all of it. Copy the whole link from the mail."
