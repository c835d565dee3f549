"""Rule 4: a data consent is taken only where a flow in force waits for the answer."""

from datetime import timedelta
from typing import Any, Final

from tests.make import ELM, HUB, OAK, SAFEGUARDING, SUPPORT, Family, a_family
from tests.make import said as recorded
from tests.service import MONDAY, Service

NEEDLESS: Final[tuple[dict[str, Any], ...]] = (
    {"purposes": [SAFEGUARDING], "categories": ["assessment"]},
    {"purposes": [SAFEGUARDING], "categories": ["*"]},
    {"recipients": [ELM]},
    {"recipients": [HUB]},
    {"sources": [ELM]},
    {"categories": ["assessment"]},
)
WAITED_FOR: Final[tuple[dict[str, Any], ...]] = (
    {},
    {"sources": [HUB]},
    {"categories": ["*"]},
    {"categories": ["plan"]},
    {"recipients": ["agreement:EH-ISA"], "purposes": [SUPPORT, SAFEGUARDING]},
)


def data_consent(service: Service, family: Family, **changes: Any) -> dict[str, Any]:
    """Record data consent, or be told why not; the status comes with the body."""
    body = {
        "kind": "data_consent",
        "subjects": [family.child],
        "given_by": family.mother,
        "capacity": "parental_responsibility",
        "answer": "given",
        "method": "written",
        "recipients": [OAK],
        "purposes": [SUPPORT],
        "categories": ["health"],
        "notice": {"version": "2026-1", "language": "en"},
        "recorder": {"id": "staff-1", "role": "family_support_worker"},
    } | changes
    answer = service.as_client(HUB).call("POST", "/v1/consents", json=body)
    said: dict[str, Any] = answer.get_json()
    return said | {"status": answer.status_code}


def test_rule_4_a_yes_that_no_flow_waits_for_is_refused_with_what_to_do(service: Service) -> None:
    family = a_family(service)
    for to_what in NEEDLESS:
        said = data_consent(service, family, **to_what)
        assert (said["status"], said["code"]) == (422, "consent_not_applicable"), to_what
        assert said["errors"][0]["pointer"] == "#/kind"
        assert "Do not ask for consent: tell the family what is shared" in said["detail"]
    for to_what in WAITED_FOR:
        assert data_consent(service, family, **to_what)["status"] == 201, to_what


def test_rule_4_a_refusal_and_the_familys_agreement_are_always_recorded(service: Service) -> None:
    family = a_family(service)
    statutory = {"purposes": [SAFEGUARDING], "categories": ["assessment"]}
    no = data_consent(service, family, answer="refused", recipients=["*"], **statutory)
    assert (no["status"], no["answer"]) == (201, "refused")
    assert recorded(service, family, **statutory)


def test_rule_4_asks_about_the_flows_of_the_day_from_which_the_yes_counts(
    service: Service,
) -> None:
    family = a_family(service)
    last = (MONDAY + timedelta(days=30)).isoformat()
    service.as_client(HUB).post("/v1/agreements/EH-ISA/termination", {"at": last})
    too_late = data_consent(service, family, valid_from=last)
    assert (too_late["status"], too_late["code"]) == (422, "consent_not_applicable")
    assert data_consent(service, family)["status"] == 201
