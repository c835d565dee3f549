"""The two answers to a request, from plain values: this is on the way of every disclosure.

marshmallow would walk the answer field by field; the published schema is held against what is made
here by a test instead.
"""

from collections.abc import Mapping
from typing import Any, Final

from sharing.chain.notes import Note, Signer, format_note, sign
from sharing.chain.receipts import Receipt, receipt_text
from sharing.rules.running import LOG_DELAY_LIMIT
from sharing.rules.telling import categories_of, outcome_of, sources_of
from sharing.terms.answers import Disclosure, Opened, Permit, Refused
from sharing.terms.codes import Kind, Reason

STATUS_OF: Final[Mapping[str, int]] = {
    Reason.REQUEST_INVALID: 422,
    Reason.AGENCY_NOT_ACTIVE: 403,
    Reason.CLIENT_NOT_PERMITTED: 403,
    Reason.JUSTIFICATION_REQUIRED: 422,
    Reason.NO_AGREEMENT: 403,
    Reason.FLOW_NOT_COVERED: 403,
    Reason.BASIS_NOT_ACCEPTED: 403,
    Reason.NOT_AVAILABLE: 404,
}


def permitted(disclosure: Disclosure, origin: str, signer: Signer) -> dict[str, Any]:
    """Return what the asker is told, with the log's signed promise (`disclosure-log` receipt)."""
    permit = disclosure.permit
    first = permit.grants[0].path.agreement
    pointer = permit.asked.kind == Kind.POINTER
    return {
        "id": str(disclosure.id),
        "outcome": outcome_of(permit),
        "decided_at": disclosure.at.isoformat(),
        "agreement": {"code": first.code, "version": first.version},
        "categories": categories_of(permit),
        "refused": dict(permit.refused),
        "sections": _sections(permit, disclosure.records),
        "sources": sources_of(permit) if pointer else [],
        "obligations": list(permit.obligations),
        "receipt": _receipt(disclosure, origin, signer),
    }


def refused(outcome: Refused) -> dict[str, Any]:
    """Return all that a refusal may say: its code."""
    return {"code": outcome.refusal.reason.value}


def _sections(permit: Permit, records: tuple[Opened, ...]) -> dict[str, list[dict[str, Any]]]:
    sections: dict[str, list[dict[str, Any]]] = {}
    for one in records:
        told = {
            "record": str(one.id),
            "recorded_at": one.recorded_at.isoformat(),
            "content": one.content,
        }
        if one.disputed_at is not None:  # UK GDPR, Article 18(1)(a) and 5(1)(d)
            told["disputed_at"] = one.disputed_at.isoformat()
        sections.setdefault(one.category, []).append(told)
    return {
        category: sections[category] for category in categories_of(permit) if category in sections
    }


def _receipt(disclosure: Disclosure, origin: str, signer: Signer) -> str:
    at = disclosure.at
    text = receipt_text(
        Receipt(origin, disclosure.id, disclosure.leaf_hash, at, at + LOG_DELAY_LIMIT)
    )
    return format_note(Note(text, (sign(text, signer),))).decode()
