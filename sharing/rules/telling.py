"""What an entry of the log says of a decision, and what household content leaves out."""

from collections.abc import Iterable, Mapping
from typing import Any, Final
from uuid import UUID

from sharing.terms.answers import Decision, Permit, Refusal
from sharing.terms.asking import DisclosureRequest
from sharing.terms.codes import EVERY_SOURCE, Kind, LawfulBasis, OverrideReason
from sharing.terms.facts import Terms

RULES_VERSION: Final = "1"
PERMITTED: Final = "permit"
PARTIAL: Final = "partial"
DENIED: Final = "deny"
PREVIEWED: Final = "preview"
TOLD: Final = (PERMITTED, PARTIAL)
"""The outcomes after which somebody was told something."""
ERASED: Final = "erased"
READ: Final = "read"
REVIEWED: Final = "review"
UNKNOWN_WORD: Final = "(unknown)"
_OUR_WORDS: Final = frozenset({EVERY_SOURCE, *Kind, *LawfulBasis, *OverrideReason})


def outcome_of(decision: Decision) -> str:
    """Return `permit`, `partial` or `deny`."""
    if isinstance(decision, Refusal):
        return DENIED
    return PARTIAL if decision.refused else PERMITTED


def sources_of(permit: Permit) -> list[str]:
    """Return the agencies that a permit discloses something of, in order of their codes."""
    return sorted({grant.source for grant in permit.grants})


def categories_of(permit: Permit) -> list[str]:
    """Return the categories disclosed, in the order asked."""
    disclosed = {grant.category for grant in permit.grants}
    return [one for one in dict.fromkeys(permit.asked.categories) if one in disclosed]


def facts_of(decision: Decision, terms: Terms, record_count: int) -> dict[str, Any]:
    """Return what an entry says for ever: codes and counts, nothing that leads to a person."""
    facts = _asked(decision.asked, terms) | {
        "outcome": outcome_of(decision),
        "record_count": record_count,
        "rules": RULES_VERSION,
        "settings": terms.policy.version,
        "withheld": dict(decision.withheld),
    }
    if isinstance(decision, Refusal):
        return facts | {"code": decision.reason, "ground": decision.ground}
    return facts | _permitted(decision)


def about_of(decision: Decision, subject: UUID | None, records: Iterable[UUID]) -> dict[str, Any]:
    """Return the half of an entry that can be erased: everything that leads to a person."""
    asked = decision.asked
    practitioner, override = asked.practitioner, asked.override
    left_out = decision.left_out if isinstance(decision, Permit) else ()
    return {
        "subject": None if subject is None else str(subject),
        "identifiers": [{"scheme": i.scheme, "value": i.value} for i in asked.identifiers],
        "practitioner": None
        if practitioner is None
        else {"id": practitioner.id, "role": practitioner.role},
        "asked": {
            "source": asked.source,
            "purpose": asked.purpose,
            "recipient": asked.recipient,
            "narrowed_to": asked.narrowed_to,
        },
        "override": None
        if override is None
        else {"justification": override.justification, "reference": override.reference},
        "facts_used": sorted(map(str, decision.facts_used)),
        "records": sorted(map(str, records)),
        "left_out": sorted(map(str, left_out)),
    }


def without_members(content: Mapping[str, Any], left_out: frozenset[UUID]) -> dict[str, Any]:
    """Return household content without these members; a member who is not named by id goes too.

    Who cannot be told from a shielded member must not be told at all.
    """
    hidden = {str(one) for one in left_out}
    members = content.get("members", [])
    if not hidden:
        return dict(content)
    kept = [m for m in members if m.get("subject") is not None and m["subject"] not in hidden]
    return {"members": kept}


def _asked(asked: DisclosureRequest, terms: Terms) -> dict[str, Any]:
    """Return what was asked, in known words only: an unknown one could be anything, even a name."""
    practitioner, override = asked.practitioner, asked.override
    known = {*terms.purposes, *terms.categories, *terms.agencies, *_OUR_WORDS}

    def word(said: str) -> str:
        return said if said in known else UNKNOWN_WORD

    return {
        "client": asked.asker.client_id,
        "agency": asked.asker.agency,
        "token": asked.asker.token_id,
        "recipient": word(asked.recipient),
        "source": asked.source if asked.source in {*terms.agencies, EVERY_SOURCE} else UNKNOWN_WORD,
        "kind": word(asked.kind),
        "purpose": word(asked.purpose),
        "basis": word(asked.claimed_basis),
        "categories": [word(category) for category in asked.categories],
        "assurance": "none" if practitioner is None else practitioner.assurance.name.lower(),
        "override": None if override is None else word(override.reason),
    }


def _permitted(permit: Permit) -> dict[str, Any]:
    return {
        "disclosed": categories_of(permit),
        "sources": sources_of(permit),
        "refused": dict(permit.refused),
        "grounds": [
            {
                "source": grant.source,
                "category": grant.category,
                "ground": grant.ground,
                "agreement": grant.path.agreement.code,
                "version": grant.path.agreement.version,
                "flow": grant.path.flow.code,
            }
            for grant in permit.grants
        ],
        "flags": list(permit.flags),
        "obligations": list(permit.obligations),
        "left_out": len(permit.left_out),
    }
