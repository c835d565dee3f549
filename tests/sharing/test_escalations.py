"""Step up without agreement, step down with it (rule 36 of the domain)."""

from typing import Any

import pytest
from werkzeug.test import TestResponse

from app.worker import work_once
from tests.make import (
    CHILD,
    ELM,
    HUB,
    NOBODY,
    OAK,
    SIBLING,
    Family,
    a_flow,
    a_member,
    a_subject,
    an_agreement,
    in_force,
    kept,
    said,
    shielded,
    withdrawn,
)
from tests.service import Service
from tests.sharing.seeing import Rows

ENQUIRY, HANDOVER = "safeguarding_enquiry", "step_down_handover"
WORDS = "Bruises seen twice this week; the mother does not answer the door."


@pytest.fixture
def covered(service: Service, family: Family) -> Family:
    """Oak School hands up to the hub by statute, the hub down to Oak if the family agrees."""
    service.as_client(HUB)
    for code in (ENQUIRY, HANDOVER):
        service.post("/v1/purposes", {"code": code, "title": code})
    law = {"basis": "legal_obligation", "requires": "none"}
    up = a_flow("enquiry", ["plan"], purposes=[ENQUIRY], **law) | {"from": [OAK], "to": [HUB]}
    down = a_flow("step_down", ["plan"], purposes=[HANDOVER], verbal=True)
    members = [a_member(one) for one in (HUB, OAK, ELM)]
    agreement = {"code": "SG-ISA", "flows": [up, down], "members": members}
    in_force(service, an_agreement() | agreement | {"retention": kept("plan")})
    return family


def a_step(direction: str, to: str, *about: dict[str, str], **changes: Any) -> dict[str, Any]:
    up = direction == "step_up"
    return (
        {
            "direction": direction,
            "to": to,
            "subjects": [{"identifiers": [one]} for one in about or (CHILD,)],
            "from_lead": {"id": "staff-1", "contact": "01632 960101"},
            "to_lead": {"id": "staff-2"},
            "lawful_basis": "legal_obligation" if up else "public_task",
            "reason": WORDS,
        }
        | ({"duty": "section_47"} if up else {})
        | changes
    )


def stepping_down(service: Service, *about: dict[str, str], **changes: Any) -> dict[str, Any]:
    body = a_step("step_down", OAK, *about, **changes)
    made: dict[str, Any] = service.as_client(HUB).post("/v1/escalations", body)
    return made


def agreed(service: Service, family: Family, **changes: Any) -> str:
    return said(service, family, purposes=[HANDOVER], **changes)


def reads(service: Service, escalation: str, agency: str, purpose: str) -> TestResponse:
    service.as_client(agency, purposes=[purpose])
    return service.call("POST", f"/v1/escalations/{escalation}/reading", json={})


def listed(service: Service, agency: str, show: str = "all") -> list[str]:
    found = service.as_client(agency).get(f"/v1/escalations?show={show}")["items"]
    return [one["state"] for one in found]


def settled(service: Service, escalation: str) -> str:
    at = f"/v1/escalations/{escalation}/settlement"
    return str(service.as_client(HUB).post(at, {}, 200)["state"])


def worked(service: Service) -> None:
    """Do what waits to be done."""
    while work_once(service.parts.database, service.clock):
        pass


def heard(service: Service, agency: str) -> list[tuple[str, str]]:
    """Return which kinds an agency hears of, about which notice or handover."""
    events = service.as_client(agency).get("/v1/events")["items"]
    return [(one["kind"], one["concerns"]) for one in events]


def code_of(answer: TestResponse, status: int) -> str:
    assert answer.status_code == status, answer.text
    return str(answer.get_json()["code"])


def test_rule_36_a_step_up_needs_nobodys_agreement_and_both_sides_hear_of_it(
    service: Service, covered: Family
) -> None:
    said(service, covered, answer="refused", recipients=["*"], purposes=["*"])
    made = service.as_client(OAK).post("/v1/escalations", a_step("step_up", HUB))

    assert (made["state"], made["duty"]) == ("completed", "section_47")
    assert "Bruises" not in str(made)
    for agency in (OAK, HUB):
        assert heard(service, agency) == [("escalation.completed", made["id"])]
        assert listed(service, agency) == ["completed"]
    assert listed(service, ELM) == []
    read = reads(service, made["id"], HUB, ENQUIRY).get_json()
    assert [(one["subject"], one["reason"]) for one in read["subjects"]] == [(covered.child, WORDS)]


def test_rule_36_a_step_down_waits_for_the_family_and_is_done_when_it_agrees(
    service: Service, covered: Family
) -> None:
    made = stepping_down(service)
    assert made["state"] == "awaiting_agreement"
    assert listed(service, OAK) == []
    assert code_of(reads(service, made["id"], OAK, HANDOVER), 404) == "not_available"
    assert settled(service, made["id"]) == "awaiting_agreement"
    assert listed(service, HUB, "waiting") == ["awaiting_agreement"]

    service.clock.passes(minutes=2)
    agreed(service, covered, method="verbal")
    worked(service)
    for agency in (HUB, OAK):
        assert heard(service, agency) == [("escalation.completed", made["id"])]
        assert listed(service, agency) == ["completed"]
    read = reads(service, made["id"], OAK, HANDOVER).get_json()
    assert [one["reason"] for one in read["subjects"]] == [WORDS]


def test_a_step_down_is_done_at_once_where_the_family_has_agreed(
    service: Service, covered: Family
) -> None:
    agreed(service, covered)

    assert stepping_down(service)["state"] == "completed"


def test_a_no_from_before_is_asked_again_and_a_new_one_declines(
    service: Service, covered: Family
) -> None:
    refusal = {"answer": "refused", "recipients": ["*"]}
    agreed(service, covered, **refusal)
    service.clock.passes(minutes=1)
    made = stepping_down(service)
    assert made["state"] == settled(service, made["id"]) == "awaiting_agreement"
    service.clock.passes(minutes=1)
    agreed(service, covered, **refusal)

    assert settled(service, made["id"]) == "declined"
    assert ("escalation.declined", made["id"]) in heard(service, HUB)
    assert heard(service, OAK) == []


def test_everyone_handed_over_must_have_agreed(service: Service, covered: Family) -> None:
    sibling = a_subject(service, SIBLING)
    agreed(service, covered)
    made = stepping_down(service, CHILD, SIBLING)
    assert made["state"] == "awaiting_agreement"
    service.as_client(HUB).post(
        f"/v1/subjects/{sibling}/relationships",
        {"person": covered.mother, "kind": "mother", "parental_responsibility": True},
    )
    agreed(service, covered, subjects=[sibling])

    assert settled(service, made["id"]) == "completed"


@pytest.mark.parametrize("outcome", ["declined", "withdrawn"])
def test_who_hands_over_can_end_the_waiting_once(
    service: Service, covered: Family, outcome: str
) -> None:
    made = stepping_down(service)
    at, body = f"/v1/escalations/{made['id']}/ending", {"outcome": outcome}
    assert service.as_client(OAK).call("POST", at, json=body).status_code == 404
    assert service.as_client(HUB).post(at, body, 200)["state"] == outcome
    assert code_of(service.call("POST", at, json=body), 409) == "escalation_ended"
    agreed(service, covered)

    assert settled(service, made["id"]) == outcome


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (a_step("step_down", OAK, duty="section_17"), 422, "duty_misplaced"),
        (a_step("step_up", OAK, duty=None), 422, "duty_misplaced"),
        (a_step("step_down", HUB), 422, "to_itself"),
        (a_step("step_down", "nobody"), 422, "unknown_word"),
        (a_step("step_down", OAK, NOBODY), 404, "not_available"),
        (a_step("step_down", ELM), 403, "flow_not_covered"),
        (a_step("step_down", OAK, lawful_basis="contract"), 403, "basis_not_accepted"),
        (a_step("step_up", OAK), 403, "flow_not_covered"),
    ],
)
def test_a_handover_that_cannot_be(
    service: Service, covered: Family, body: dict[str, Any], status: int, code: str
) -> None:
    answer = service.as_client(HUB).call("POST", "/v1/escalations", json=body)

    assert code_of(answer, status) == code
    assert listed(service, HUB) == []


def test_no_agreement_opens_a_shield(service: Service, covered: Family, superuser: Rows) -> None:
    agreed(service, covered)
    shielded(service, covered.child)
    answer = service.as_client(HUB).call("POST", "/v1/escalations", json=a_step("step_down", OAK))

    assert code_of(answer, 404) == "not_available"
    lines = superuser.execute("select recipient, outcome from log_entry").fetchall()
    assert lines == [(HUB, "deny")]


def test_a_reading_after_the_family_took_its_word_back_is_refused(
    service: Service, covered: Family, superuser: Rows
) -> None:
    consent = agreed(service, covered)
    made = stepping_down(service)
    withdrawn(service, consent)

    assert code_of(reads(service, made["id"], OAK, HANDOVER), 404) == "not_available"
    acts = superuser.execute(
        "select recipient, outcome, convert_from(facts, 'utf8')::jsonb ->> 'act'"
        " from log_entry order by id"
    ).fetchall()
    assert sorted(acts) == [(OAK, "deny", "step_down_read"), (OAK, "permit", "step_down")]
