"""The words of the invented partnership: who takes part, and what its agreements open."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True)
class PlannedAgency:
    """A partner agency; `suspended` is when it stopped taking part."""

    code: str
    name: str
    kind: str
    starts: datetime
    sensitive_service: bool = False
    suspended: datetime | None = None


@dataclass(frozen=True, slots=True)
class PlannedFlow:
    """One path that an agreement opens."""

    code: str
    sources: tuple[str, ...]
    recipients: tuple[str, ...]
    purposes: tuple[str, ...]
    categories: tuple[str, ...]
    basis: str
    law: str
    requires: str = "none"
    kinds: tuple[str, ...] = ("content",)
    special_condition: str | None = None
    verbal: bool = False
    override: bool = False
    pierces_shield: bool = False
    practitioner: str = "none"


@dataclass(frozen=True, slots=True)
class PlannedAgreement:
    """One version of an agreement; a draft is one that is not `activated`.

    Members are the agreement's, whatever its version; those of the first version count. Its
    sentences are those of a worked example, with what this partnership says instead; everything is
    kept for `months` from the closing of the plan.
    """

    code: str
    title: str
    at: datetime
    members: Mapping[str, datetime]
    flows: tuple[PlannedFlow, ...]
    effective_from: datetime
    expires: datetime
    review_due: datetime | None = None
    template: str = "early_help"
    wording: Mapping[str, str] = field(default_factory=dict)
    months: int = 72
    human_contact: str | None = None
    version: int = 1
    activated: bool = True


@dataclass(frozen=True, slots=True)
class PlannedClient:
    """An agency's system, and what it is registered for."""

    client_id: str
    agency: str
    scopes: tuple[str, ...]
    purposes: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    may_override: bool = False
