"""The receipt of a consent: exactly what was agreed, in a form that others can read and check.

Its sections are those of ISO/IEC TS 27560:2023, its terms those of the W3C Data Privacy Vocabulary
(DPV 2). The hash is that of the record itself, so that whoever holds the one can check the other.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final
from uuid import NAMESPACE_OID, uuid5

from consent.terms import ALL, Answer, Became, ConsentKind

Json = dict[str, Any]
DPV: Final = "https://w3id.org/dpv#"
SCHEMA_VERSION: Final = "ISO/IEC TS 27560:2023"
HAPPENED_LATER: Final = frozenset({"confirmed_at", "withdrawn_at", "replaced_by", "hash"})
_HL7: Final = "http://terminology.hl7.org/CodeSystem"
_FHIR_STATUS: Final = {
    Became.GIVEN: "active",
    Became.CONFIRMED: "active",
    Became.REFUSED: "rejected",
}
_STATES: Final = {
    Answer.GIVEN: f"{DPV}ConsentGiven",
    Answer.REFUSED: f"{DPV}ConsentRefused",
}
_BASES: Final = {
    # Early help is voluntary; what lets agencies tell each other is their public task.
    ConsentKind.FAMILY_AGREEMENT: f"{DPV}PublicTask",
    ConsentKind.DATA_CONSENT: f"{DPV}Consent",
}
# What "all" covers differs in a yes and in a no; see `rules.deciding.covers`.
_ALL_MEANS: Final = {
    Answer.GIVEN: (
        "every category but the sensitive ones, which have to be named",
        "every partner agency but sensitive services, which have to be named",
    ),
    Answer.REFUSED: ("every category", "every partner agency"),
}


@dataclass(frozen=True, slots=True)
class Titles:
    """What codes are called in plain words; a code without a title stands for itself."""

    agencies: Mapping[str, str] = field(default_factory=dict)
    purposes: Mapping[str, str] = field(default_factory=dict)
    categories: Mapping[str, str] = field(default_factory=dict)
    sensitive: frozenset[str] = frozenset()


def record_hash(record: Mapping[str, Any]) -> str:
    """Return the SHA-256, in hex, of a consent as it was recorded, whatever became of it.

    It is taken over canonical JSON (RFC 8785); the record holds text, lists and null only.
    """
    recorded = {name: value for name, value in record.items() if name not in HAPPENED_LATER}
    canonical = json.dumps(recorded, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(canonical.encode()).hexdigest()


def receipt(record: Mapping[str, Any], titles: Titles, issued_at: datetime) -> Json:
    """Return the receipt of a consent on file, as `ConsentSchema` writes it.

    Its events are what had happened when it was issued, that the yes ran out among them.
    """
    return {
        "schema_version": SCHEMA_VERSION,
        "receipt_metadata": {
            "record_id": record["id"],
            "record_hash": record_hash(record),
            "hash_algorithm": "SHA-256 of RFC 8785 canonical JSON",
            "issued_at": issued_at.isoformat(),
        },
        "pii_principals": sorted(record["subjects"]),
        "given_by": {"id": record["given_by"], "capacity": record["capacity"]},
        "processing": _processing(record, titles),
        "parties": list(_parties(record, titles)),
        "events": list(_events(record, issued_at)),
        "notice": record["notice"],
    }


def _processing(record: Mapping[str, Any], titles: Titles) -> Json:
    every, every_source = _ALL_MEANS[Answer(record["answer"])]
    return {
        "kind": record["kind"],
        "lawful_basis": _BASES[ConsentKind(record["kind"])],
        "purposes": _named(record["purposes"], titles.purposes, "every purpose"),
        "pii_categories": [
            one | {"dpv": f"{DPV}{_sort(one['code'], titles)}"}
            for one in _named(record["categories"], titles.categories, every)
        ],
        "sources": _named(record["sources"], titles.agencies, every_source),
        "recipients": _named(record["recipients"], titles.agencies, "every partner agency"),
        "valid_from": record["valid_from"],
        "valid_until": record["valid_until"],
        "withdrawal": "At any time, without giving a reason, at the agency that recorded it.",
    }


def _sort(code: str, titles: Titles) -> str:
    return "SpecialCategoryPersonalData" if code in titles.sensitive else "PersonalData"


def _named(codes: list[str], titles: Mapping[str, str], every: str) -> list[Json]:
    return [
        {"code": code, "title": every if code == ALL else titles.get(code, code)}
        for code in sorted(codes)
    ]


def _parties(record: Mapping[str, Any], titles: Titles) -> Iterator[Json]:
    recorder = record["recorded_by"]
    roles = {recorder: "recorded"} | dict.fromkeys(sorted(record["recipients"]), "recipient")
    for code, role in roles.items():
        if code != ALL:
            name = titles.agencies.get(code, code)
            yield {"code": code, "name": name, "role": f"{DPV}DataController", "part": role}


def _events(record: Mapping[str, Any], issued_at: datetime) -> Iterator[Json]:
    """Yield what happened, in order, in DPV's words for the state of a consent."""
    said = Answer(record["answer"])
    method = {"method": record["method"], "recorder": record["recorder"]}
    yield {"state": _STATES[said], "at": record["recorded_at"]} | method
    later = (
        ("confirmed_at", f"{DPV}RenewedConsentGiven"),
        ("withdrawn_at", f"{DPV}ConsentWithdrawn"),
    )
    for name, state in later:
        if record[name] is not None:
            yield {"state": state, "at": record[name]}
    if record["replaced_by"] is not None:
        yield {"state": f"{DPV}ConsentInvalidated", "replaced_by": record["replaced_by"]}
    elif _ran_out(record, issued_at):
        yield {"state": f"{DPV}ConsentExpired", "at": record["valid_until"]}


def _ran_out(record: Mapping[str, Any], issued_at: datetime) -> bool:
    """Say whether a yes had come to its end, and nobody had ended it before."""
    ends = record["valid_until"]
    standing = record["answer"] == Answer.GIVEN and record["withdrawn_at"] is None
    return standing and ends is not None and datetime.fromisoformat(ends) <= issued_at


def fhir_bundle(record: Mapping[str, Any], titles: Titles, became: Became) -> Json:
    """Return the consent as FHIR R4: a Bundle with one Consent for each subject.

    `became` is what happened to it last, which its status says. What "all" stands for is left out,
    as FHIR does: a provision that names no recipient, purpose or class speaks of every one.
    """
    entries = [
        {"fullUrl": f"urn:uuid:{uuid5(NAMESPACE_OID, record['id'] + subject)}", "resource": one}
        for subject, one in _fhir_consents(record, titles, became)
    ]
    return {"resourceType": "Bundle", "type": "collection", "entry": entries}


def _fhir_consents(
    record: Mapping[str, Any], titles: Titles, became: Became
) -> Iterator[tuple[str, Json]]:
    confirmed = record["confirmed_at"] or (
        record["recorded_at"] if record["method"] == "written" else None
    )
    kind = {"coding": [{"system": "urn:rightshare:consent-kind", "code": record["kind"]}]}
    for subject in sorted(record["subjects"]):
        yield (
            subject,
            {
                "resourceType": "Consent",
                "identifier": [
                    {"system": "urn:ietf:rfc:3986", "value": f"urn:uuid:{record['id']}"}
                ],
                "status": _FHIR_STATUS.get(became, "inactive"),
                "scope": _coded(f"{_HL7}/consentscope", "patient-privacy"),
                "category": [_coded("http://loinc.org", "59284-0"), kind],
                "patient": {"reference": f"urn:uuid:{subject}"},
                "performer": [{"reference": f"urn:uuid:{record['given_by']}"}],
                "dateTime": record["recorded_at"],
                "organization": [_fhir_agency(record["recorded_by"], titles)],
                "policyRule": {"text": f"Notice {record['notice']['version']}"},
                "verification": [
                    {"verified": confirmed is not None}
                    | ({} if confirmed is None else {"verificationDate": confirmed})
                ],
                "provision": _fhir_provision(record, titles),
            },
        )


def _fhir_provision(record: Mapping[str, Any], titles: Titles) -> Json:
    period = {"start": record["valid_from"], "end": record["valid_until"]}
    parts = {
        "period": {name: instant for name, instant in period.items() if instant is not None},
        "actor": [
            {"role": _coded(f"{_HL7}/v3-ParticipationType", role), "reference": agency}
            for role, codes in (("IRCP", record["recipients"]), ("CST", record["sources"]))
            for agency in (_fhir_agency(code, titles) for code in sorted(codes) if code != ALL)
        ],
        "purpose": _fhir_codings("purpose", record["purposes"], titles.purposes),
        "class": _fhir_codings("category", record["categories"], titles.categories),
    }
    said = "permit" if record["answer"] == Answer.GIVEN else "deny"
    return {"type": said} | {name: part for name, part in parts.items() if part}


def _fhir_agency(code: str, titles: Titles) -> Json:
    name = titles.agencies.get(code, code)
    return {"identifier": {"system": "urn:rightshare:agency", "value": code}, "display": name}


def _fhir_codings(what: str, codes: list[str], titles: Mapping[str, str]) -> list[Json]:
    return [
        {"system": f"urn:rightshare:{what}", "code": code, "display": titles.get(code, code)}
        for code in sorted(codes)
        if ALL not in codes
    ]


def _coded(system: str, code: str) -> Json:
    return {"coding": [{"system": system, "code": code}]}
