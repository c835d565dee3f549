"""Agreements as people draft, sign and read them."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sharing.terms.codes import Assurance, LawfulBasis, Requirement


@dataclass(frozen=True, slots=True)
class MemberDraft:
    """One stretch of an agency's membership, to be recorded; `joined` None is now."""

    agency: str
    joined: datetime | None = None
    departed: datetime | None = None
    role: str | None = None
    data_protection_contact: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FlowDraft:
    """A flow to be opened by a version."""

    code: str
    sources: frozenset[str]
    recipients: frozenset[str]
    purposes: frozenset[str]
    categories: frozenset[str]
    kinds: frozenset[str]
    basis: LawfulBasis
    requires: Requirement
    law: str | None
    special_condition: str | None
    verbal: bool
    override: bool
    pierces_shield: bool
    practitioner: Assurance


@dataclass(frozen=True, slots=True)
class Party:
    """An agency as an agreement names it: its part in it, and who answers for its data there."""

    agency: str
    role: str | None
    data_protection_contact: str | None


@dataclass(frozen=True, slots=True)
class Retention:
    """How long a class of record is kept: months, counted from something that happens."""

    category: str
    months: int
    counted_from: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """What a version says in sentences, as the ICO's data sharing code asks for it."""

    purpose: str | None = None
    benefits: str | None = None
    rights: str | None = None
    security: str | None = None
    breach: str | None = None
    exit: str | None = None
    impact_assessment: str | None = None
    summary: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A version of an agreement, before it is activated; parts of it may be missing yet.

    `parties` None are the members as they are on file. `signatories` must sign before it can be
    activated; without any, all members must.
    """

    effective_from: datetime
    expires: datetime | None
    review_due: datetime | None
    flows: tuple[FlowDraft, ...]
    wording: Wording = field(default_factory=Wording)
    retention: tuple[Retention, ...] = ()
    parties: tuple[Party, ...] | None = None
    signatories: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class NewAgreement:
    """An agreement to be recorded, with its first version and its members.

    Where the draft says nothing, the worked example that `template` names does.
    """

    code: str
    title: str
    human_contact: str | None
    members: tuple[MemberDraft, ...]
    draft: Draft
    template: str | None = None


@dataclass(frozen=True, slots=True)
class Heading:
    """What a version says of the agreement it is of."""

    code: str
    title: str
    human_contact: str | None
    version: int


@dataclass(frozen=True, slots=True)
class MissingPart:
    """Something without which a version cannot be activated, and where it belongs."""

    pointer: str
    detail: str


class Means(StrEnum):
    """How a member signed: with a key of its own, with a pen, or an official on the pages."""

    KEY = "key"
    PAPER = "paper"
    ACCOUNT = "account"


@dataclass(frozen=True, slots=True)
class Signatory:
    """The official who signs for an agency."""

    name: str
    role: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """What a member signs: that it agrees to exactly this content."""

    agreement: str
    version: int
    content_sha256: str
    agency: str
    signatory: Signatory
    signed_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """What shows that a member signed: a JWS and the key it holds under, or a `reference`.

    That says where the paper is kept, or with which account an official had signed in.
    """

    means: Means
    jws: str | None = None
    key: dict[str, str] | None = None
    reference: str | None = None


@dataclass(frozen=True, slots=True)
class SignatureLine:
    """That an agency has signed a version, without the name of who did."""

    agency: str
    role: str
    means: Means
    signed_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SignatureOnFile:
    """A signature with the official who gave it and all that proves it."""

    id: UUID
    agency: str
    content_sha256: str
    signatory: Signatory
    signed_at: datetime
    recorded_at: datetime
    proof: Proof


class Outcome(StrEnum):
    """What a review of an agreement found."""

    STANDS = "stands"
    TO_BE_CHANGED = "to_be_changed"
    TO_BE_ENDED = "to_be_ended"


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """That the version in force was looked at, by an official of which role, with which result.

    Until `next_due` nobody is reminded again: of the next review, or to do what was found.
    """

    outcome: Outcome
    role: str
    next_due: datetime
    reviewed_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionOnFile(Draft):
    """A version as people read it; frozen once it has been activated.

    `content_sha256` is None for what was activated before contents were signed.
    """

    version: int
    activated_at: datetime | None
    superseded_at: datetime | None
    content_sha256: str | None
    signatures: tuple[SignatureLine, ...]
    reviews: tuple[Review, ...] = ()


@dataclass(frozen=True, slots=True)
class Terminated:
    """Who terminated an agreement, when that was recorded, and why."""

    recorded_at: datetime
    agency: str
    client: str
    reason: str | None


@dataclass(frozen=True, slots=True)
class AgreementOnFile:
    """An agreement as people read it: through all its versions, with all that were members."""

    code: str
    title: str
    human_contact: str | None
    terminated_at: datetime | None
    successor: str | None
    members: tuple[MemberDraft, ...]
    versions: tuple[VersionOnFile, ...]
    kept_by: str | None = None
    termination: Terminated | None = None


@dataclass(frozen=True, slots=True)
class AgreementLine:
    """An agreement in a list."""

    code: str
    title: str
    terminated_at: datetime | None
