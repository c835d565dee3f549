"""The nouns of a `decision-cases/1` file, as its header describes them, by no program of ours."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

EVERYTHING = "*"


@dataclass(frozen=True, slots=True)
class Span:
    """[from, until); a missing bound is open."""

    starts: datetime | None = None
    ends: datetime | None = None

    def holds(self, at: datetime) -> bool:
        return (self.starts is None or self.starts <= at) and (self.ends is None or at < self.ends)


OPEN = Span()


@dataclass(frozen=True, slots=True)
class Settings:
    verbal_grace_days: int = 14
    own_decision_age: int = 16
    parents_disagree: str = "any_no_blocks"


@dataclass(frozen=True, slots=True)
class Agency:
    kind: str = "voluntary"
    sensitive_service: bool = False
    active: tuple[Span, ...] = (OPEN,)


@dataclass(frozen=True, slots=True)
class Client:
    agency: str
    purposes: tuple[str, ...]
    kinds: tuple[str, ...] = ("content",)
    may_override: bool = False


@dataclass(frozen=True, slots=True)
class Joined:
    """One stay of an agency in an agreement, or of a subject in a household."""

    name: str
    span: Span = OPEN


@dataclass(frozen=True, slots=True)
class Flow:
    id: str
    sources: tuple[str, ...]
    recipients: tuple[str, ...]
    purposes: tuple[str, ...]
    categories: tuple[str, ...]
    basis: str
    requires: str = "none"
    kinds: tuple[str, ...] = ("content",)
    verbal: bool = False
    override: bool = False
    pierces_shield: bool = False


@dataclass(frozen=True, slots=True)
class Agreement:
    members: tuple[Joined, ...]
    flows: tuple[Flow, ...]
    title: str = ""
    span: Span = OPEN
    terminated_at: datetime | None = None
    review_due: datetime | None = None

    def in_force(self, at: datetime) -> bool:
        ended = self.terminated_at is not None and self.terminated_at <= at
        return self.span.holds(at) and not ended

    def members_at(self, at: datetime) -> frozenset[str]:
        return frozenset(one.name for one in self.members if one.span.holds(at))


@dataclass(frozen=True, slots=True)
class Relative:
    """Someone in a subject's life, while they have parental responsibility and without a say."""

    name: str
    responsible: tuple[Span, ...] = ()
    no_say: Span | None = None


@dataclass(frozen=True, slots=True)
class Person:
    born: date | None = None
    adult: bool = False
    span: Span = OPEN
    people: tuple[Relative, ...] = ()


@dataclass(frozen=True, slots=True)
class Record:
    subject: str
    source: str
    category: str
    span: Span = OPEN


@dataclass(frozen=True, slots=True)
class World:
    settings: Settings = Settings()
    purposes: tuple[str, ...] = ()
    categories: Mapping[str, bool] = field(default_factory=dict)
    agencies: Mapping[str, Agency] = field(default_factory=dict)
    clients: Mapping[str, Client] = field(default_factory=dict)
    agreements: Mapping[str, Agreement] = field(default_factory=dict)
    subjects: Mapping[str, Person] = field(default_factory=dict)
    households: Mapping[str, tuple[Joined, ...]] = field(default_factory=dict)
    records: tuple[Record, ...] = ()


@dataclass(frozen=True, slots=True)
class Consent:
    id: str
    kind: str
    subjects: tuple[str, ...]
    by: str
    decision: str
    recorded_at: datetime
    recipients: tuple[str, ...]
    purposes: tuple[str, ...]
    categories: tuple[str, ...]
    sources: tuple[str, ...] = (EVERYTHING,)
    method: str = "written"
    valid_from: datetime | None = None
    valid_until: datetime | None = None
    confirmed_at: datetime | None = None
    withdrawn_at: datetime | None = None
    replaces: str | None = None


@dataclass(frozen=True, slots=True)
class Competence:
    subject: str
    purpose: str
    competent: bool
    at: datetime
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Shield:
    subjects: tuple[str, ...]
    mode: str
    categories: tuple[str, ...] = ()
    allow: tuple[str, ...] = ()
    span: Span = OPEN


@dataclass(frozen=True, slots=True)
class Withhold:
    source: str
    subjects: tuple[str, ...]
    categories: tuple[str, ...]
    span: Span = OPEN


@dataclass(frozen=True, slots=True)
class NoAccess:
    subject: str
    practitioner: str
    span: Span = OPEN


@dataclass(frozen=True, slots=True)
class Given:
    consents: tuple[Consent, ...] = ()
    competence: tuple[Competence, ...] = ()
    shields: tuple[Shield, ...] = ()
    withholds: tuple[Withhold, ...] = ()
    no_access: tuple[NoAccess, ...] = ()


@dataclass(frozen=True, slots=True)
class Override:
    reason: str
    justification: str


@dataclass(frozen=True, slots=True)
class Ask:
    client: str
    subject: str
    source: str
    purpose: str
    basis: str
    categories: tuple[str, ...]
    at: datetime
    kind: str = "content"
    agency: str | None = None
    practitioner: str | None = None
    override: Override | None = None


@dataclass(frozen=True, slots=True)
class Audit:
    """What the log must hold; what is None is left open by the file."""

    reason: str | None = None
    ground: str | None = None
    withheld: Mapping[str, str] | None = None
    flags: frozenset[str] | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """A decision, as a file expects it and as a program gives it."""

    outcome: str
    categories: frozenset[str] = frozenset()
    refused: Mapping[str, str] = field(default_factory=dict)
    reason: str | None = None
    obligations: frozenset[str] = frozenset()
    sources: frozenset[str] | None = None
    redact: frozenset[str] = frozenset()
    audit: Audit = Audit()


@dataclass(frozen=True, slots=True)
class Step:
    ask: Ask
    expect: Answer


@dataclass(frozen=True, slots=True)
class Case:
    id: str
    title: str
    world: World
    given: Given
    steps: tuple[Step, ...]


def differences(expected: Answer, got: Answer) -> list[str]:
    """Say in one line each where two answers differ, in all that the first one states."""
    pairs = {
        "outcome": (expected.outcome, got.outcome),
        "categories": (expected.categories, got.categories),
        "refused": (dict(expected.refused), dict(got.refused)),
        "reason": (expected.reason, got.reason),
        "obligations": (expected.obligations, got.obligations),
        "sources": (expected.sources, got.sources),
        "redact": (expected.redact, got.redact),
        "audit reason": (expected.audit.reason, got.audit.reason),
        "audit ground": (expected.audit.ground, got.audit.ground),
        "audit withheld": (expected.audit.withheld, got.audit.withheld),
        "audit flags": (expected.audit.flags, got.audit.flags),
    }
    open_where_unsaid = {"sources", *(name for name in pairs if name.startswith("audit"))}
    return [
        f"{name}: expected {_shown(wanted)}, got {_shown(had)}"
        for name, (wanted, had) in pairs.items()
        if wanted != had and not (wanted is None and name in open_where_unsaid)
    ]


def _shown(value: object) -> str:
    return str(sorted(value) if isinstance(value, frozenset) else value)
