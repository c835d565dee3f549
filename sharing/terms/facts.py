"""What is on file that a decision reads: agreements and flows, and what sources hold."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from consent.terms import ALWAYS, Member, Period, Policy, Subject
from sharing.terms.codes import Assurance, Kind, LawfulBasis, Requirement


@dataclass(frozen=True, slots=True)
class Flow:
    """One path of an agreement: who to whom, which categories, what for, on which basis."""

    id: UUID
    code: str
    sources: frozenset[str]
    recipients: frozenset[str]
    purposes: frozenset[str]
    categories: frozenset[str]
    basis: LawfulBasis
    requires: Requirement
    kinds: frozenset[str] = frozenset({Kind.CONTENT})
    verbal: bool = False
    override: bool = False
    pierces_shield: bool = False
    practitioner: Assurance = Assurance.NONE


@dataclass(frozen=True, slots=True)
class Agreement:
    """One version of an agreement: when it is in force, who its members are, what it opens."""

    code: str
    version: int
    period: Period
    members: Mapping[str, tuple[Period, ...]]
    flows: tuple[Flow, ...]
    review_due: datetime | None = None


@dataclass(frozen=True, slots=True)
class AgencyStanding:
    """When an agency may take part, and whether its very name is sensitive."""

    active: tuple[Period, ...] = (ALWAYS,)
    sensitive_service: bool = False


@dataclass(frozen=True, slots=True)
class Terms:
    """What rests on the asker and the agreements alone; loaded before anyone looks for the subject.

    `categories` says of each known category whether it is sensitive. `agreements` hold at least
    those with the recipient among their members, in the order in which they are to be tried.
    """

    purposes: frozenset[str]
    categories: Mapping[str, bool]
    agencies: Mapping[str, AgencyStanding]
    agreements: tuple[Agreement, ...]
    policy: Policy = field(default_factory=Policy)


@dataclass(frozen=True, slots=True)
class Withhold:
    """That a source judged disclosure more harmful than silence, and recorded it."""

    id: UUID
    source: str
    categories: frozenset[str]
    period: Period = ALWAYS


@dataclass(frozen=True, slots=True)
class Holding:
    """That a source holds a category of record about the subject, for a while."""

    source: str
    category: str
    period: Period = ALWAYS


@dataclass(frozen=True, slots=True)
class SubjectFacts:
    """What rests on the subject; the same shape, and empty, for one that nobody knows."""

    subject: Subject | None
    holdings: tuple[Holding, ...] = ()
    withholds: tuple[Withhold, ...] = ()
    household: tuple[Member, ...] = ()
