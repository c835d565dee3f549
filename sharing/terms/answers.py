"""The two answers, and what is read out under a permit. A decision is a value."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sharing.terms.asking import DisclosureRequest
from sharing.terms.codes import Flag, Ground, Obligation, Reason
from sharing.terms.facts import Agreement, Flow


@dataclass(frozen=True, slots=True)
class Pulse:
    """Whether the log runs: when its sequencer was last heard of, and why it stopped if it did."""

    checked_at: datetime | None
    halted_because: str | None


@dataclass(frozen=True, slots=True)
class Path:
    """A flow that fits what is asked, and the agreement that opens it."""

    agreement: Agreement
    flow: Flow


@dataclass(frozen=True, slots=True)
class Screened:
    """A request that passed everything which rests on the asker: the paths left to try.

    `paths` is keyed by source and category; `refused` holds the categories that no path carries.
    """

    asked: DisclosureRequest
    paths: Mapping[tuple[str, str], tuple[Path, ...]]
    refused: Mapping[str, Reason]


@dataclass(frozen=True, slots=True)
class Grant:
    """One category from one source, and what its disclosure rests on."""

    source: str
    category: str
    path: Path
    ground: Ground
    consents: tuple[UUID, ...] = ()


@dataclass(frozen=True, slots=True)
class Permit:
    """Leave to disclose these grants and nothing else. Only `rules.decide` makes one."""

    asked: DisclosureRequest
    grants: tuple[Grant, ...]
    refused: Mapping[str, Reason]
    withheld: Mapping[str, Ground]
    obligations: tuple[Obligation, ...]
    flags: tuple[Flag, ...]
    left_out: frozenset[UUID] = frozenset()
    facts_used: tuple[UUID, ...] = ()


@dataclass(frozen=True, slots=True)
class Refusal:
    """A disclosure that must not happen: what the asker is told, and what is true."""

    asked: DisclosureRequest
    reason: Reason
    ground: Ground | None = None
    withheld: Mapping[str, Ground] = field(default_factory=dict)
    facts_used: tuple[UUID, ...] = ()


Decision = Permit | Refusal


@dataclass(frozen=True, slots=True)
class Opened:
    """One record as it was read out, under a permit."""

    id: UUID
    source: str
    category: str
    recorded_at: datetime
    content: Mapping[str, Any]
    disputed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Disclosure:
    """What was decided and logged; what was permitted may be told once that is committed.

    `records` are empty for a pointer, whose answer is `sources`.
    """

    id: UUID
    at: datetime
    leaf_hash: bytes
    permit: Permit
    records: tuple[Opened, ...]


@dataclass(frozen=True, slots=True)
class Refused:
    """A refusal, logged exactly as a permit is."""

    id: UUID
    at: datetime
    refusal: Refusal
