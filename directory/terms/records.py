"""The words for what the directory publishes: records in the standard's form, and who sees them.

A record is one document of Open Referral UK 3.0, kept as the standard nests it, but for what other
records hold: a service names its organization and its locations by id.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from directory.terms.agencies import DirectoryError

Document = Mapping[str, Any]
"""A JSON object in the standard's words; `audience` beside them says who may see that part."""

PUBLIC: Final = "public"
PRACTITIONERS: Final = "practitioners"
"""Every partner agency's practitioners; a list of agency codes means theirs alone."""


class RecordKind(StrEnum):
    """What a record describes, by the standard's name."""

    ORGANIZATION = "organization"
    SERVICE = "service"
    LOCATION = "location"
    TAXONOMY = "taxonomy"
    TAXONOMY_TERM = "taxonomy_term"


@dataclass(frozen=True, slots=True)
class Viewer:
    """For whom something is looked up: practitioners of an agency, or anyone."""

    agency: str | None = None


ANYONE: Final = Viewer()


class Origin(StrEnum):
    """How a version came about."""

    EDITED = "edited"
    IMPORTED = "imported"
    RESTORED = "restored"
    CONFIRMED = "confirmed"
    SEEDED = "seeded"


@dataclass(frozen=True, slots=True)
class Authorship:
    """Who made a version, and from what; `approved_by` is the second person, where one is asked.

    `author` and `approved_by` are ids of clients or people, never names. `source` and `licence`
    say where the record came from and on what terms; None keeps what stood there.
    """

    author: str
    origin: Origin
    agency: str | None = None
    approved_by: str | None = None
    note: str | None = None
    source: str | None = None
    licence: str | None = None
    owner: str | None = None


class Outcome(StrEnum):
    """What putting a record on file did."""

    CREATED = "created"
    CHANGED = "changed"
    UNCHANGED = "unchanged"


@dataclass(frozen=True, slots=True)
class Record:
    """A record as it stands; `owner` is the code of the agency that answers for it.

    `public_name` is the name that anyone could last read, None if nobody ever could.
    """

    kind: RecordKind
    id: UUID
    document: Document
    version: int
    recorded_at: datetime
    changed_at: datetime
    owner: str | None = None
    source: str | None = None
    licence: str | None = None
    public_name: str | None = None


@dataclass(frozen=True, slots=True)
class RecordVersion:
    """One version of a record; versions are never changed."""

    kind: RecordKind
    id: UUID
    number: int
    document: Document
    by: Authorship
    at: datetime


class UnknownRecord(DirectoryError):
    """Nothing of this kind has this id, or nothing that this caller may see."""

    advice = "Nothing here has this id. Search for it, or check the id."
