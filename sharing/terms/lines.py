"""What a reviewer sees of an entry at a glance: a line made from it, and what lines add up to."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from sharing.terms.codes import Ground

DECISION: Final = "decision"
BY_PERSONS: Final = ("preview", "reading")
"""The kinds of entry whose personal half names a person who is signed in, and no practitioner."""
REVIEWED_FIRST: Final = (Ground.OVERRIDE, Ground.CONSENT, Ground.AGREEMENT, Ground.STATUTORY)
"""The grounds of permits, the one that a reviewer asks about first at the head."""


@dataclass(frozen=True, slots=True)
class Hours:
    """When work is done, by the clocks of England: `opens <= clock < closes`."""

    opens: time
    closes: time


USUAL_HOURS: Final = Hours(time(8), time(18))


@dataclass(frozen=True, slots=True)
class Written:
    """An entry as it was written: its place, its columns, and both of its halves.

    `about` is None once it is erased; `subject` is whom the entry is about, if anybody was found.
    """

    leaf_index: int
    id: UUID
    at: datetime
    recipient: str
    source: str | None
    outcome: str
    entry_kind: str
    facts: Mapping[str, Any]
    about: Mapping[str, Any] | None
    subject: UUID | None


@dataclass(frozen=True, slots=True)
class Worker:
    """Whoever stood behind an entry: an id means something within its agency only."""

    agency: str
    id: str


@dataclass(frozen=True, slots=True)
class LogLine:
    """An entry as it is filtered and counted: codes, and nothing that leads to a person.

    `categories` were asked, `disclosed` told. `grounds` are all that is true of it, the one that
    matters most first. `agreements` names each with its version, as `EH-ISA/3`; `flows` with the
    flow, as `EH-ISA/3/plans`.
    """

    id: UUID
    leaf_index: int
    at: datetime
    recipient: str
    source: str | None
    client: str
    entry_kind: str
    act: str | None
    kind: str | None
    purpose: str | None
    basis: str | None
    categories: tuple[str, ...]
    disclosed: tuple[str, ...]
    records: int
    outcome: str
    code: str | None
    grounds: tuple[str, ...]
    flags: tuple[str, ...]
    agreements: tuple[str, ...]
    flows: tuple[str, ...]
    override: str | None
    out_of_hours: bool
    first_contact: bool = False
    """Whether it is the first entry, of those still on file, of this practitioner and subject."""


class Mark(StrEnum):
    """By what a line is found: each mark is written `name:code` beside the line."""

    AGENCY = "agency"
    CLIENT = "client"
    ENTRY = "entry"
    ACT = "act"
    KIND = "kind"
    PURPOSE = "purpose"
    BASIS = "basis"
    CATEGORY = "category"
    OUTCOME = "outcome"
    CODE = "code"
    GROUND = "ground"
    FLAG = "flag"
    AGREEMENT = "agreement"
    OVERRIDE = "override"
    OUT_OF_HOURS = "out_of_hours"
    FIRST_CONTACT = "first_contact"


class Tally(StrEnum):
    """What is counted by the month, for reports that scan no entries."""

    ASKED = "asked"
    OUTCOME = "outcome"
    CODE = "code"
    GROUND = "ground"
    OVERRIDE = "override"
    FLOW = "flow"
    GAP = "gap"
    ACT = "act"
    OTHER = "other"
    OUT_OF_HOURS = "out_of_hours"
    FIRST_CONTACT = "first_contact"


@dataclass(frozen=True, slots=True)
class Counted:
    """One thing that a line adds to its month's count."""

    what: Tally
    which: str
