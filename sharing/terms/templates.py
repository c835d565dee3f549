"""Worked examples of agreements, from which a partnership drafts its own."""

from collections.abc import Mapping
from dataclasses import dataclass

from sharing.terms.agreements import Retention, Wording
from sharing.terms.codes import Kind, LawfulBasis, Requirement


@dataclass(frozen=True, slots=True, kw_only=True)
class TemplateFlow:
    """One path between roles; a draft puts the members of each role in the role's place."""

    code: str
    from_roles: frozenset[str]
    to_roles: frozenset[str]
    purposes: frozenset[str]
    categories: frozenset[str]
    law: str
    basis: LawfulBasis = LawfulBasis.PUBLIC_TASK
    requires: Requirement = Requirement.NONE
    kinds: frozenset[str] = frozenset({Kind.CONTENT.value})
    special_condition: str | None = None
    verbal: bool = False
    override: bool = False
    pierces_shield: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """An agreement without names: what is left to say is who its members are."""

    code: str
    title: str
    roles: Mapping[str, str]
    review_after_days: int
    wording: Wording
    retention: tuple[Retention, ...]
    flows: tuple[TemplateFlow, ...]
