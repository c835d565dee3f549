"""An entry of the log as a FHIR R4 AuditEvent, after the Basic Audit Log Patterns of IHE (BALP).

1. A disclosure is BALP's "Privacy Disclosure at Source": DICOM's event 110106, subtype `disclose`.
   The source is this service, which recorded it; the agency whose information it is, is the
   custodian; the recipient is the agency that asked.
2. It says that it follows the profile only where it holds all that the profile wants: something was
   disclosed, and its patient is named, or it is said which entry erased the name.
3. What discloses nothing (a refusal, a reading of the log, an erasure, a key) is an event of its
   own DICOM type, with the outcome that it had.
4. Nobody is named to whom the entry itself does not name them.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final
from urllib.parse import quote

from sharing.rules.telling import DENIED, TOLD
from sharing.terms.auditing import Event, Person

Json = dict[str, Any]

PROFILE: Final = (
    "https://profiles.ihe.net/ITI/BALP/StructureDefinition/IHE.BasicAudit.PrivacyDisclosure.Source"
)
DICOM: Final = "http://dicom.nema.org/resources/ontology/DCM"
LIFECYCLE: Final = "http://terminology.hl7.org/CodeSystem/iso-21089-lifecycle"
SNOMED: Final = "http://snomed.info/sct"
_HL7: Final = "http://terminology.hl7.org/CodeSystem/"
_SUCCESS, _REFUSED, _FAULT = "0", "4", "8"
_URI: Final = "5"
_BREAKS_THE_GLASS: Final = "BTG"
_TYPES: Final = {
    "decision": ("110106", "R", "disclose"),
    "preview": ("110112", "E", None),
    "reading": ("110101", "R", "access"),
    "erasure": ("110110", "D", "destroy"),
    "retention": ("110110", "D", "destroy"),
    "key": ("110113", "U", None),
    "restore": ("110113", "E", "restore"),
}
_ANY_TYPE: Final = ("110100", "E", None)
_NAMES: Final = {
    "110100": "Application Activity",
    "110101": "Audit Log Used",
    "110106": "Export",
    "110110": "Patient Record",
    "110112": "Query",
    "110113": "Security Alert",
}
_DETAILS: Final = ("code", "ground", "basis", "kind", "override", "act", "rules", "settings")


def audit_event(event: Event, origin: str) -> Json:
    """Return an entry as an AuditEvent of the log of this name."""
    number, action, stage = _TYPES.get(event.kind, _ANY_TYPE)
    made: Json = {
        "resourceType": "AuditEvent",
        "id": str(event.id),
        "type": _coding(DICOM, number, _NAMES[number]),
        "action": action,
        "recorded": event.at.isoformat(),
        "outcome": _outcome(event),
        "outcomeDesc": event.outcome,
        "agent": [*_agents(event, origin)],
        "source": {
            "observer": _observer(origin),
            "type": [_coding(f"{_HL7}security-source-type", "4", "Application Server")],
        },
        "entity": [*_entities(event)],
    }
    if stage is not None:
        made["subtype"] = [_coding(LIFECYCLE, stage)]
    purposes = [*_purposes(event.facts)]
    if purposes:
        made["purposeOfEvent"] = purposes
    if _follows_the_profile(event):
        made["meta"] = {"profile": [PROFILE]}
    return made


def bundle(events: Iterable[Event], origin: str) -> Json:
    """Return entries as a Bundle, in their order."""
    found = [
        {"fullUrl": f"urn:uuid:{one.id}", "resource": audit_event(one, origin)} for one in events
    ]
    return {"resourceType": "Bundle", "type": "collection"} | ({"entry": found} if found else {})


def _outcome(event: Event) -> str:
    if event.facts.get("code") == "fault":
        return _FAULT
    return _REFUSED if event.outcome == DENIED else _SUCCESS


def _follows_the_profile(event: Event) -> bool:
    """Say whether this is a disclosure with a patient: who was refused was told nothing."""
    if event.kind != "decision" or event.outcome not in TOLD:
        return False
    return event.person is not None and _patient(event.person) is not None


def _agents(event: Event, origin: str) -> Iterator[Json]:
    """Yield who took part: this service, the agency that asked, its program, who stands behind."""
    facts = event.facts
    policies = [*dict.fromkeys(_policies(facts))]
    yield {
        "type": _concept(_coding(DICOM, "110153", "Source Role ID")),
        "who": _observer(origin),
        "requestor": False,
        "network": {"address": origin.partition("/")[0], "type": "1"},
        **({"policy": policies} if policies else {}),
    }
    asking = facts.get("client") or event.recipient
    yield {
        "type": _concept(_coding(DICOM, "110152", "Destination Role ID")),
        "who": _who("agency", event.recipient),
        "requestor": True,
        "network": {"address": f"urn:rightshare:client:{quote(str(asking))}", "type": _URI},
    }
    yield from _custodians(event)
    if "client" in facts:
        yield {
            "type": _concept(_coding(DICOM, "110150", "Application")),
            "who": _who("client", str(facts["client"])),
            "requestor": False,
        }
    yield from _practitioner(event)


def _custodians(event: Event) -> Iterator[Json]:
    """Yield whose information it was: one agency, or of a pointer several."""
    sources = event.facts.get("sources") or ([event.source] if event.source else [])
    one = _coding(SNOMED, "159541003", "Record keeping/library clerk")
    many = _coding(f"{_HL7}v3-ParticipationType", "CST", "custodian")
    for code in sources:
        yield {
            "type": _concept(one if len(sources) == 1 else many),
            "who": _who("agency", code),
            "requestor": False,
        }


def _practitioner(event: Event) -> Iterator[Json]:
    named = _about(event).get("practitioner")
    if isinstance(named, Mapping):
        yield {
            "type": _concept(_coding(f"{_HL7}v3-ParticipationType", "IRCP")),
            "role": [{"text": str(named["role"])}],
            "who": _who("practitioner", str(named["id"])),
            "requestor": True,
        }


def _entities(event: Event) -> Iterator[Json]:
    """Yield the patient, what was disclosed or asked, and the entry itself."""
    patient = None if event.person is None else _patient(event.person)
    if patient is not None:
        yield {
            "what": {"type": "Patient"} | patient,
            "type": _coding(f"{_HL7}audit-entity-type", "1", "Person"),
            "role": _coding(f"{_HL7}object-role", "1", "Patient"),
        }
    for category in event.facts.get("disclosed") or event.facts.get("categories") or ():
        yield {
            "what": _who("category", str(category)),
            "type": _coding(f"{_HL7}audit-entity-type", "2", "System Object"),
            "role": _coding(f"{_HL7}object-role", "3", "Report"),
        }
    said = {"entry": event.kind} | {name: event.facts.get(name) for name in _DETAILS}
    yield {
        "what": {"identifier": _uuid(str(event.id))},
        "type": _coding(f"{_HL7}audit-entity-type", "2", "System Object"),
        "role": _coding(f"{_HL7}object-role", "13", "Security Resource"),
        "detail": [
            {"type": name, "valueString": str(value)} for name, value in said.items() if value
        ],
    }


def _patient(person: Person) -> Json | None:
    """Return how the patient is named: by id, as erased, as missing; None where nobody was."""
    if person.about is None:
        by = f"erased by entry {person.erased_by}" if person.erased_by else "missing from the log"
        return {"display": by}
    subject = person.about.get("subject")
    return None if subject is None else {"reference": f"urn:uuid:{subject}"}


def _purposes(facts: Mapping[str, Any]) -> Iterator[Json]:
    if facts.get("purpose"):
        yield _concept(_coding("urn:rightshare:purpose", str(facts["purpose"])))
    if facts.get("override"):
        yield _concept(
            _coding(f"{_HL7}v3-ActReason", _BREAKS_THE_GLASS, "break the glass"),
            _coding("urn:rightshare:override", str(facts["override"])),
        )


def _policies(facts: Mapping[str, Any]) -> Iterator[str]:
    for ground in facts.get("grounds") or ():
        if isinstance(ground, Mapping) and "agreement" in ground:
            yield f"urn:rightshare:agreement:{quote(str(ground['agreement']))}:{ground['version']}"


def _about(event: Event) -> Mapping[str, Any]:
    return {} if event.person is None or event.person.about is None else event.person.about


def _observer(origin: str) -> Json:
    return _who("log", origin)


def _who(what: str, code: str) -> Json:
    return {
        "identifier": {"system": f"urn:rightshare:{what}", "value": code},
        "display": code,
    }


def _uuid(value: str) -> Json:
    return {"system": "urn:ietf:rfc:3986", "value": f"urn:uuid:{value}"}


def _concept(*codings: Json) -> Json:
    return {"coding": [*codings]}


def _coding(system: str, code: str, display: str | None = None) -> Json:
    return {"system": system, "code": code} | ({"display": display} if display else {})
