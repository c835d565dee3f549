"""What an agency asks, as it came."""

from dataclasses import dataclass

from sharing.terms.codes import Assurance


@dataclass(frozen=True, slots=True)
class Identifier:
    """One way an agency knows a subject: the scheme and the value, in its normal form."""

    scheme: str
    value: str


@dataclass(frozen=True, slots=True)
class Practitioner:
    """Who stands behind a request, and how surely that is known."""

    id: str
    role: str
    assurance: Assurance


@dataclass(frozen=True, slots=True)
class Override:
    """A reasoned request to go past a missing consent ("breaking the glass")."""

    reason: str
    justification: str
    reference: str | None = None


@dataclass(frozen=True, slots=True)
class Asker:
    """The client that asks, as it is registered at this instant."""

    client_id: str
    agency: str
    purposes: frozenset[str]
    kinds: frozenset[str]
    may_override: bool
    token_id: str = ""
    signed_as: str | None = None


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads what was pushed to its agency; a token may be narrowed to one agreement."""

    asker: Asker
    practitioner: Practitioner | None = None
    narrowed_to: str | None = None


@dataclass(frozen=True, slots=True)
class DisclosureRequest:
    """What is asked, as it came: codes are unchecked until `rules.screen` has seen them."""

    asker: Asker
    recipient: str
    source: str
    kind: str
    purpose: str
    claimed_basis: str
    categories: tuple[str, ...]
    identifiers: tuple[Identifier, ...] = ()
    practitioner: Practitioner | None = None
    override: Override | None = None
    narrowed_to: str | None = None
