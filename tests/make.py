"""A small partnership and one family, put on file through the API: tests say only what matters.

Oak School asks, the early help hub holds. One agreement opens four flows: the plan and who lives
with the child if the family agrees, the assessment by statute, and which agencies are involved.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from werkzeug.test import TestResponse

from tests.service import MONDAY, Service

HUB, OAK, ELM = "eh-hub", "oak-school", "elm-school"
SUPPORT, SAFEGUARDING = "early_help_support", "safeguarding"
CHILD = {"scheme": "nhs_number", "value": "9990000018"}
SIBLING = {"scheme": "mosaic", "value": "500100"}
NOBODY = {"scheme": "mosaic", "value": "500999"}
BEFORE = (MONDAY - timedelta(days=365)).isoformat()
AFTER = (MONDAY + timedelta(days=36500)).isoformat()
PLAN = {"aim": "sleep through the night"}
_CATEGORIES = ("plan", "assessment", "contact", "household", "involvement", "health")


@dataclass(frozen=True)
class Family:
    """The ids of one child, who must say yes for it, and the hub's record of its plan."""

    child: str
    mother: str
    relationship: str
    plan: str


def a_partnership(service: Service, **agreement: Any) -> None:
    """Put agencies, words and one agreement in force on file."""
    service.as_client(HUB)
    for code, kind in ((HUB, "council"), (OAK, "school"), (ELM, "school")):
        service.post("/v1/agencies", {"code": code, "name": code, "kind": kind, "starts": BEFORE})
    for code in (SUPPORT, SAFEGUARDING):
        service.post("/v1/purposes", {"code": code, "title": code})
    for code in _CATEGORIES:
        service.post("/v1/categories", {"code": code, "title": code, "sensitive": code == "health"})
    for language in ("en", "pl"):
        notice = {"version": "2026-1", "language": language, "title": "How we share"}
        notice |= {"text": f"We tell each other what is needed ({language}).", "approved_by": "A"}
        service.post("/v1/consents/notices", notice)
    in_force(service, an_agreement() | agreement)


def in_force(service: Service, agreement: dict[str, Any]) -> dict[str, Any]:
    """Draft an agreement, have every member sign it, and activate it."""
    service.as_client(HUB).post("/v1/agreements", agreement)
    return signed_and_activated(service, agreement["code"], 1)


def signed_and_activated(service: Service, code: str, version: int) -> dict[str, Any]:
    """Have every member that has not signed a version yet sign it, and activate it."""
    drafted = service.as_client(HUB).get(f"/v1/agreements/{code}")
    signatures = drafted["versions"][version - 1]["signatures"]
    signed = {one["agency"] for one in signatures}
    now = service.clock.at.isoformat()
    staying = {
        one["agency"] for one in drafted["members"] if one["left"] is None or one["left"] > now
    }
    for agency in sorted(staying - signed):
        signs(service, agency, code, version)
    at = f"/v1/agreements/{code}/versions/{version}"
    activated: dict[str, Any] = service.as_client(HUB).post(f"{at}/activation", {})
    return activated


def signs(service: Service, agency: str, code: str = "EH-ISA", version: int = 1) -> None:
    """Have an agency's official sign a version on paper."""
    service.as_client(agency)
    paper = a_paper(service, code, version)
    service.post(f"/v1/agreements/{code}/versions/{version}/signatures", {"paper": paper})


def a_paper(service: Service, code: str, version: int) -> dict[str, Any]:
    """What a member records of its official's signature, dated today."""
    versions = service.get(f"/v1/agreements/{code}")["versions"]
    return {
        "content_sha256": versions[version - 1]["content_sha256"],
        "signatory": {"name": "Ada Official", "role": "Director"},
        "signed_on": service.clock.at.date().isoformat(),
        "reference": "cabinet 4, file 12",
    }


def a_member(agency: str, **more: Any) -> dict[str, Any]:
    named = {"agency": agency, "role": "helper", "data_protection_contact": f"dpo@{agency}.test"}
    return named | {"joined": BEFORE} | more


def wording() -> dict[str, str]:
    """Every sentence that an agreement must hold before it can be activated."""
    return {
        "purpose": "To help families with one plan.",
        "benefits": "Families tell their story once.",
        "rights": "Any member takes a request and passes it on.",
        "security": "Through the service only.",
        "breach": "Tell the source within a day.",
        "exit": "One month's notice; what was received is destroyed.",
        "impact_assessment": "DPIA-7 of 1 March 2026",
        "summary": "If you agree, those who help you may see your plan.",
    }


def kept(*categories: str) -> list[dict[str, Any]]:
    return [
        {"category": one, "months": 72, "counted_from": "the closing of the plan"}
        for one in categories
    ]


def an_agreement() -> dict[str, Any]:
    return {
        "code": "EH-ISA",
        "title": "Early help",
        "members": [a_member(one) for one in (HUB, OAK, ELM)],
        "effective_from": BEFORE,
        "review_due": AFTER,
        "retention": kept(*_CATEGORIES),
        **wording(),
        "flows": [
            a_flow("plan", ["plan", "household", "contact"], verbal=True, override=True),
            a_flow("all-clear", ["health"], requires="data_consent"),
            a_flow(
                "safeguarding",
                ["assessment", "contact"],
                purposes=[SAFEGUARDING],
                basis="legal_obligation",
                requires="none",
                pierces_shield=True,
            ),
            a_flow("who", ["involvement"], kinds=["pointer"]) | {"from": [HUB, ELM]},
        ],
    }


def a_flow(code: str, categories: list[str], **more: Any) -> dict[str, Any]:
    return {
        "code": code,
        "from": [HUB],
        "to": [OAK],
        "purposes": [SUPPORT],
        "categories": categories,
        "basis": "public_task",
        "law": "Children Act 2004, section 10",
        "special_condition": "9(2)(g)",
        "requires": "family_agreement",
    } | more


def a_family(service: Service) -> Family:
    """A partnership, a child with a mother, and the plan that the hub made with them."""
    a_partnership(service)
    child = a_subject(service, CHILD)
    mother = a_subject(service, adult=True)
    relationship = service.post(
        f"/v1/subjects/{child}/relationships",
        {"person": mother, "kind": "mother", "parental_responsibility": True},
    )["id"]
    return Family(child, mother, relationship, a_record(service, "plan", PLAN))


def a_subject(service: Service, *identifiers: dict[str, str], **known: Any) -> str:
    """Register somebody; their id."""
    body = {"identifiers": list(identifiers)} | known
    made: str = service.as_client(HUB).post("/v1/subjects", body)["id"]
    return made


def a_record(service: Service, category: str, content: dict[str, Any], source: str = HUB) -> str:
    """Deposit something about the child; its id."""
    body = {"subject": {"identifiers": [CHILD]}, "category": category, "content": content}
    made: str = service.as_client(source).post("/v1/records", body)["id"]
    return made


def what_she_said(family: Family, **changes: Any) -> dict[str, Any]:
    """What the mother said, a yes in writing unless changed."""
    return {
        "kind": "family_agreement",
        "subjects": [family.child],
        "given_by": family.mother,
        "capacity": "parental_responsibility",
        "answer": "given",
        "method": "written",
        "recipients": [OAK],
        "purposes": [SUPPORT],
        "categories": ["*"],
        "notice": {"version": "2026-1", "language": "en"},
        "recorder": {"id": "staff-1", "role": "family_support_worker"},
    } | changes


def said(service: Service, family: Family, **changes: Any) -> str:
    """Record what the mother said, a yes in writing unless changed; the consent's id."""
    body = what_she_said(family, **changes)
    made: str = service.as_client(HUB).post("/v1/consents", body)["id"]
    return made


def withdrawn(service: Service, consent: str) -> None:
    service.as_client(HUB).post(f"/v1/consents/{consent}/withdrawal", {})


def shielded(service: Service, *subjects: str, **changes: Any) -> str:
    """Hide subjects from everybody but the hub; the shield's id."""
    body = {
        "subjects": list(subjects),
        "mode": "hidden",
        "unaffected": [HUB],
        "reason": "a refuge",
        "set_by": "staff-2",
    } | changes
    made: str = service.as_client(HUB).post("/v1/shields", body)["id"]
    return made


def withheld(service: Service, *categories: str) -> None:
    """Let the hub hold categories about the child back."""
    body = {
        "subjects": [{"identifiers": [CHILD]}],
        "categories": list(categories),
        "reason": "not yet",
    }
    service.as_client(HUB).post("/v1/withholds", body)


def request(*identifiers: dict[str, str], **changes: Any) -> dict[str, Any]:
    """A request for the child's plan, which is permitted once the mother has agreed."""
    return {
        "subject": {"identifiers": list(identifiers) or [CHILD]},
        "source": HUB,
        "purpose": SUPPORT,
        "lawful_basis": "public_task",
        "categories": ["plan"],
        "practitioner": {"id": "teacher-7", "role": "designated_safeguarding_lead"},
    } | changes


def statutory(**changes: Any) -> dict[str, Any]:
    """A request that needs nobody's yes."""
    wanted = {"purpose": SAFEGUARDING, "lawful_basis": "legal_obligation"}
    return request(**(wanted | {"categories": ["assessment"]} | changes))


def overriding(**changes: Any) -> dict[str, Any]:
    """A request that goes past a missing yes, with a reason."""
    justification = "Found alone at night, bruised, mother not reachable."
    override = {"reason": "risk_of_significant_harm", "justification": justification}
    return request(override=override, **changes)


def ask(
    service: Service, body: dict[str, Any] | None = None, *, key: str | None = None, **who: Any
) -> TestResponse:
    """Ask as Oak School, under an `Idempotency-Key` if one is given."""
    who = {"purposes": (SUPPORT, SAFEGUARDING), "may_override": True} | who
    service.as_client(who.pop("agency", OAK), **who)
    headers = {} if key is None else {"Idempotency-Key": key}
    return service.call(
        "POST", "/v1/disclosures", json=request() if body is None else body, headers=headers
    )
