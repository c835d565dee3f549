"""A family of whom everything that can be on file is on file."""

import secrets

from tests.make import (
    ELM,
    HUB,
    OAK,
    Family,
    a_flow,
    a_member,
    a_record,
    an_agreement,
    ask,
    in_force,
    kept,
    overriding,
    request,
    said,
    statutory,
)
from tests.service import Service
from tests.sharing.test_escalations import ENQUIRY, a_step
from tests.sharing.test_notices import NOTIFICATION, a_notice

SEALED = {
    "subject": ["born", "names"],
    "subject_identifier": ["value"],
    "no_say": ["evidence"],
    "competence_assessment": ["assessor_name"],
    "shield_subject": ["reason"],
    "conflict_of_interest": ["reason"],
    "consent": ["evidence"],
    "consent_evidence": ["content"],
    "record": ["content"],
    "withhold_subject": ["reason"],
    "decision_not_to_share": ["reason", "not_told_because"],
    "notice": ["content", "note"],
    "escalation_subject": ["reason"],
    "log_subject": ["opening"],
    "obligation": ["note"],
    "idempotency": ["answer"],
    "legal_hold": ["words", "release_words"],
    "access_pack": ["request", "extension", "review", "content"],
    "rectification": ["said"],
}
INCIDENTS = "police_incidents"
BORN = "2017-11-23"
NHS_NUMBER = "9434765919"


class Marks:
    """Words that are nowhere else on the server, one for each thing that must not be read."""

    def __init__(self) -> None:
        self.made: dict[str, str] = {}

    def __call__(self, what: str) -> str:
        return self.made.setdefault(what, f"{what}-{secrets.token_hex(12)}")


def everything_personal(service: Service, family: Family) -> Marks:
    """Put a mark wherever the API takes something personal."""
    mark = Marks()
    names = {"given": mark("given"), "family": mark("family")}
    before = [{"given": mark("past"), "family": mark("maiden")}]
    local = {"scheme": f"agency:{HUB}", "value": mark("local")}
    numbered = {"scheme": "nhs_number", "value": NHS_NUMBER}
    body = {"identifiers": [local, numbered], "name": names, "past_names": before, "born": BORN}
    sibling = service.as_client(HUB).post("/v1/subjects", body)["id"]
    about = f"/v1/subjects/{family.child}"
    a_record(service, "assessment", {mark("field"): [mark("content")]})
    consent = said(service, family, evidence=mark("consent"))
    service.post(f"/v1/consents/{consent}/evidence/notes", {"note": mark("form")})
    service.post(
        f"{about}/relationships/{family.relationship}/no-say",
        {"evidence": mark("say"), "starts": "2027-01-01T00:00:00Z"},
    )
    assessor = {"role": "nurse", "name": mark("assessor")}
    service.post(
        f"{about}/competence-assessments",
        {"purpose": "safeguarding", "competent": False, "assessor": assessor},
    )
    service.post(
        "/v1/conflicts-of-interest",
        {"subject": sibling, "practitioner": "staff-9", "reason": mark("conflict")},
    )
    masked = {"mode": "masked", "categories": ["contact"], "unaffected": [], "set_by": "staff-2"}
    service.post("/v1/shields", masked | {"subjects": [sibling], "reason": mark("shield")})
    service.post(
        "/v1/withholds",
        {
            "subjects": [{"identifiers": [local]}],
            "categories": ["plan"],
            "reason": mark("withhold"),
        },
    )
    service.post(
        "/v1/decisions-not-to-share",
        {
            "subject": {"identifiers": [local]},
            "asked_by": OAK,
            "purpose": "safeguarding",
            "categories": ["plan"],
            "because": "risk_of_harm",
            "reason": mark("not shared"),
            "decided_by": "staff-3",
            "decided_role": "head",
            "family_told": False,
            "not_told_because": mark("not told"),
            "review_at": "2027-01-01T00:00:00Z",
        },
    )
    between_agencies(service, mark)
    told_about(service, mark)
    rights_used(service, family, mark)
    return mark


def between_agencies(service: Service, mark: Marks) -> None:
    """Have the hub tell Oak School of an incident, and Oak hand the child up to the hub."""
    service.as_client(HUB)
    for code in (NOTIFICATION, ENQUIRY):
        service.post("/v1/purposes", {"code": code, "title": code})
    service.post("/v1/categories", {"code": INCIDENTS, "title": "Incidents", "sensitive": False})
    law = {"basis": "legal_obligation", "requires": "none"}
    down = a_flow("incident_notice", [INCIDENTS], purposes=[NOTIFICATION], **law)
    up = a_flow("enquiry", ["plan"], purposes=[ENQUIRY], **law) | {"from": [OAK], "to": [HUB]}
    members = {"members": [a_member(one) for one in (HUB, OAK, ELM)]}
    agreement = {"code": "SG-ISA", "flows": [down, up], "retention": kept("plan", INCIDENTS)}
    in_force(service, an_agreement() | agreement | members)
    notice = a_notice(content={"summary": mark("incident")})
    at = f"/v1/notices/{service.as_client(HUB).post('/v1/notices', notice)['id']}"
    service.as_client(OAK, purposes=[NOTIFICATION]).post(f"{at}/reading", {}, 200)
    done = {"done": "support_offered", "note": mark("done")}
    service.post(f"{at}/acknowledgement", done)
    service.as_client(OAK).post("/v1/escalations", a_step("step_up", HUB, reason=mark("bruises")))


def rights_used(service: Service, family: Family, mark: Marks) -> None:
    """Hold, ask for a pack and have a record put right, each in words of somebody's."""
    about = f"/v1/subjects/{family.child}"
    why = {"reason": mark("hold"), "authority": mark("order")}
    hold = {"subject": family.child, "set_by": "staff-2"} | why
    made = service.as_client(HUB).post("/v1/legal-holds", hold)["id"]
    over = {"reason": mark("over"), "authority": mark("letter"), "released_by": "staff-2"}
    service.post(f"/v1/legal-holds/{made}/release", over, 200)
    asking = {
        "capacity": "representative",
        "requester": mark("requester"),
        "identity_check": mark("passport"),
        "taken_by": "staff-2",
    }
    pack = f"{about}/access-packs/{service.post(f'{about}/access-packs', asking)['id']}"
    service.post(f"{pack}/extension", {"reason": mark("longer")}, 200)
    review = {"outcome": "release", "by": "lead", "reason": mark("harmless")}
    service.as_client(HUB, client_id="ig-desk")
    service.post(f"{pack}/review", review | {"wishes": mark("wishes")}, 200)
    wrong = {"record": family.plan, "decided_by": "staff-2", "said_by": family.child}
    words = {"wrong": mark("wrong"), "reason": mark("stays")}
    service.as_client(HUB).post(f"{about}/rectifications", wrong | words)


def told_about(service: Service, mark: Marks) -> None:
    """Ask in every way that leaves something of the request in the log."""
    practitioner = {"id": mark("practitioner"), "role": mark("role")}
    body = overriding(practitioner=practitioner)
    body["override"] |= {"justification": mark("justification"), "reference": mark("reference")}
    entry = ask(service, body).get_json()["id"]
    how = {"outcome": "not_safe", "note": mark("note")}
    service.post(f"/v1/disclosures/{entry}/obligations/inform_subject", how, 200)
    asked = {"scheme": f"agency:{HUB}", "value": mark("asked")}
    assert ask(service, request(asked)).status_code == 404
    assert ask(service, statutory(), key="k").status_code == 200
    assert ask(service, request(**{mark("unknown"): mark("nonsense")})).status_code == 422
    assert ask(service, request(purpose=mark("purpose"))).status_code == 422
