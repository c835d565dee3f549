"""What a version of an agreement says, as the one document that members sign, and what it lacks.

The document is canonical JSON (RFC 8785), so that whoever holds the same content has the same
bytes and the same hash. Everything that a version says is in it, and nothing that happens later.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, fields
from datetime import UTC, datetime
from typing import Any, Final

from sharing.terms.agreements import (
    Draft,
    FlowDraft,
    Heading,
    MissingPart,
    Party,
    Retention,
    Wording,
)
from sharing.terms.codes import Assurance, LawfulBasis, Requirement

Json = dict[str, Any]
_RENAMED: Final = {"sources": "from", "recipients": "to"}
_ASKED: Final = {
    "purpose": "Say in plain words what the sharing is for.",
    "benefits": "Say what families gain from it.",
    "rights": "Say how people use their rights: access, correction, objection, complaint.",
    "security": "Say how the information is kept safe on its way and where it is held.",
    "breach": "Say who does what, and by when, if information is lost or goes astray.",
    "exit": "Say how the sharing ends and what happens to what was shared.",
    "impact_assessment": "Name the data protection impact assessment that covers this.",
    "summary": "Say all of it again as a family would read it.",
}


def canonical(document: Mapping[str, Any]) -> str:
    """Return a document as canonical JSON (RFC 8785).

    Its names are ASCII and its numbers whole and small, where Python's order and forms are those
    of the RFC.
    """
    return json.dumps(document, separators=(",", ":"), sort_keys=True, ensure_ascii=False)


def sha256_of(content: str) -> str:
    """Return the SHA-256 of a canonical document, in hex."""
    return hashlib.sha256(content.encode()).hexdigest()


def document(heading: Heading, draft: Draft) -> Json:
    """Return all that a version says."""
    return {
        "agreement": heading.code,
        "title": heading.title,
        "human_contact": heading.human_contact,
        "version": heading.version,
        "effective_from": _written(draft.effective_from),
        "expires": _written(draft.expires),
        "review_due": _written(draft.review_due),
        "parties": [asdict(one) for one in sorted(draft.parties or (), key=lambda one: one.agency)],
        "signatories": sorted(draft.signatories),
        "flows": [_flow(one) for one in draft.flows],
        "retention": [asdict(one) for one in sorted(draft.retention, key=lambda one: one.category)],
        **asdict(draft.wording),
    }


def draft_in(said: Mapping[str, Any]) -> Draft:
    """Return the draft that a document was made from."""
    return Draft(
        effective_from=datetime.fromisoformat(said["effective_from"]),
        expires=_read(said["expires"]),
        review_due=_read(said["review_due"]),
        flows=tuple(_flow_in(one) for one in said["flows"]),
        wording=Wording(**{one.name: said[one.name] for one in fields(Wording)}),
        retention=tuple(Retention(**one) for one in said["retention"]),
        parties=tuple(Party(**one) for one in said["parties"]),
        signatories=frozenset(said["signatories"]),
    )


def missing_parts(
    draft: Draft, members: Mapping[str, Party], sensitive: frozenset[str]
) -> list[MissingPart]:
    """Return what a version lacks of what the ICO's data sharing code asks, in its own order.

    `members` are the agencies that take part, as the version or the register of members names
    them; `sensitive` are the categories that need a condition of UK GDPR Article 9 or 10.
    """
    return [
        *_missing_words(draft),
        *_missing_of_parties(draft, members),
        *_missing_of_flows(draft, sensitive),
        *_missing_retention(draft),
        *_missing_dates(draft),
    ]


def _missing_words(draft: Draft) -> Iterator[MissingPart]:
    for name, detail in _ASKED.items():
        if not (getattr(draft.wording, name) or "").strip():
            yield MissingPart(f"#/{name}", detail)


def _missing_of_parties(draft: Draft, members: Mapping[str, Party]) -> Iterator[MissingPart]:
    places = {one.agency: place for place, one in enumerate(draft.parties or ())}
    if not members:
        yield MissingPart("#/parties", "No agency is a member.")
    for agency, party in sorted(members.items()):
        where = f"#/parties/{places[agency]}" if agency in places else "#/parties"
        if party.role is None:
            yield MissingPart(f"{where}/role", f"Say what part {agency} has in it.")
        if party.data_protection_contact is None:
            detail = f"Say whom to reach at {agency} about data protection."
            yield MissingPart(f"{where}/data_protection_contact", detail)


def _missing_of_flows(draft: Draft, sensitive: frozenset[str]) -> Iterator[MissingPart]:
    if not draft.flows:
        yield MissingPart("#/flows", "Say who may tell whom what, what for and on which basis.")
    for place, flow in enumerate(draft.flows):
        if flow.law is None:
            detail = f"Name the law that {flow.code} rests on (UK GDPR Article 6)."
            yield MissingPart(f"#/flows/{place}/law", detail)
        delicate = ", ".join(sorted(flow.categories & sensitive))
        if delicate and flow.special_condition is None:
            detail = f"Name the condition of UK GDPR Article 9 or 10 that covers {delicate}."
            yield MissingPart(f"#/flows/{place}/special_condition", detail)


def _missing_retention(draft: Draft) -> Iterator[MissingPart]:
    carried = {category for flow in draft.flows for category in flow.categories}
    unsaid = ", ".join(sorted(carried - {one.category for one in draft.retention}))
    if unsaid:
        yield MissingPart("#/retention", f"Say how long these are kept: {unsaid}.")


def _missing_dates(draft: Draft) -> Iterator[MissingPart]:
    if draft.review_due is None:
        yield MissingPart("#/review_due", "Say when the agreement is looked at again.")


def _flow(flow: FlowDraft) -> Json:
    said: Json = {}
    for one in fields(flow):
        value = getattr(flow, one.name)
        if isinstance(value, frozenset):
            value = sorted(value)
        elif isinstance(value, Assurance):
            value = value.name.lower()
        said[_RENAMED.get(one.name, one.name)] = value
    return said


def _flow_in(said: Mapping[str, Any]) -> FlowDraft:
    values = {one.name: said[_RENAMED.get(one.name, one.name)] for one in fields(FlowDraft)}
    sets = {name: frozenset(value) for name, value in values.items() if isinstance(value, list)}
    words = {
        "basis": LawfulBasis(values["basis"]),
        "requires": Requirement(values["requires"]),
        "practitioner": Assurance[values["practitioner"].upper()],
    }
    return FlowDraft(**(values | sets | words))


def _written(at: datetime | None) -> str | None:
    return None if at is None else at.astimezone(UTC).isoformat()


def _read(written: str | None) -> datetime | None:
    return None if written is None else datetime.fromisoformat(written)
