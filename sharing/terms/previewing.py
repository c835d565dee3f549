"""The words for a preview: what an agency would see of a subject, and which rule stops the rest."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sharing.terms.answers import Path
from sharing.terms.asking import Asker, Identifier, Override, Practitioner
from sharing.terms.codes import Flag, Ground, Obligation, Reason


@dataclass(frozen=True, slots=True)
class Previewer:
    """Who previews: a client, or somebody who is signed in; `whole`: they may read all of the log.

    Exactly one of `client_id` and `person` is said.
    """

    agency: str
    whole: bool
    client_id: str | None = None
    token_id: str | None = None
    person: str | None = None


@dataclass(frozen=True, slots=True)
class Wanted:
    """Whose view is wanted; what is None is tried in every way that a flow opens."""

    asker: Asker
    recipient: str
    source: str | None = None
    purpose: str | None = None
    kind: str | None = None
    basis: str | None = None
    categories: frozenset[str] | None = None
    practitioner: Practitioner | None = None
    override: Override | None = None


@dataclass(frozen=True, slots=True)
class Question:
    """What a preview is asked at the door, and why; the reason and the person go into the log."""

    recipient: str
    identifiers: tuple[Identifier, ...]
    reason: str
    source: str | None = None
    purpose: str | None = None
    kind: str | None = None
    practitioner: Practitioner | None = None
    override: Override | None = None


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """One thing that could be told: what, of whom, what for and how."""

    source: str
    purpose: str
    category: str
    kind: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the decision says of one place: permitted where `reason` is None.

    `ground` is what is true; it is None where the agreements alone refuse, and where whoever
    previews may not know. `purpose` is None where no purpose would do. `paths` hold the flow that
    carries a permit, else those that were tried in vain.
    """

    source: str
    purpose: str | None
    category: str
    kind: str
    reason: Reason | None
    ground: Ground | None
    paths: tuple[Path, ...] = ()
    consents: tuple[UUID, ...] = ()
    shields: tuple[UUID, ...] = ()
    withholds: tuple[UUID, ...] = ()
    obligations: tuple[Obligation, ...] = ()
    flags: tuple[Flag, ...] = ()


class Barred(StrEnum):
    """Why nothing is previewed for somebody, whomever it is about."""

    NOT_YOURS = "preview_not_yours"
    NOT_ACTIVE = "agency_not_active"


@dataclass(frozen=True, slots=True)
class NotPreviewed:
    """A preview that was refused, as it was logged."""

    id: UUID
    why: Barred


@dataclass(frozen=True, slots=True)
class Previewed:
    """A preview as it was logged; it may be told once that is committed."""

    id: UUID
    at: datetime
    recipient: str
    verdicts: tuple[Verdict, ...]
