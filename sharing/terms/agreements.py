"""Agreements as people draft and read them."""

from dataclasses import dataclass
from datetime import datetime

from sharing.terms.codes import Assurance, LawfulBasis, Requirement


@dataclass(frozen=True, slots=True)
class MemberDraft:
    """One stretch of an agency's membership, to be recorded; `joined` None is now."""

    agency: str
    joined: datetime | None = None
    departed: datetime | None = None


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A version of an agreement, before it is activated."""

    effective_from: datetime
    expires: datetime | None
    review_due: datetime | None
    flows: tuple[FlowDraft, ...]


@dataclass(frozen=True, slots=True)
class NewAgreement:
    """An agreement to be recorded, with its first version and its members."""

    code: str
    title: str
    human_contact: str | None
    members: tuple[MemberDraft, ...]
    draft: Draft


@dataclass(frozen=True, slots=True)
class VersionOnFile:
    """A version as people read it; frozen once it has been activated."""

    version: int
    effective_from: datetime
    expires: datetime | None
    review_due: datetime | None
    activated_at: datetime | None
    superseded_at: datetime | None
    flows: tuple[FlowDraft, ...]


@dataclass(frozen=True, slots=True)
class AgreementOnFile:
    """An agreement as people read it: through all its versions, with all that were members."""

    code: str
    title: str
    human_contact: str | None
    terminated_at: datetime | None
    members: tuple[MemberDraft, ...]
    versions: tuple[VersionOnFile, ...]


@dataclass(frozen=True, slots=True)
class AgreementLine:
    """An agreement in a list."""

    code: str
    title: str
    terminated_at: datetime | None
