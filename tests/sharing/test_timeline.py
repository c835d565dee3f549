"""A family's timeline: each line for those who may see it, and the reading is logged."""

import json
from typing import Any

import pytest
from werkzeug.test import TestResponse

from tests.make import (
    CHILD,
    ELM,
    HUB,
    OAK,
    SUPPORT,
    Family,
    a_flow,
    a_member,
    a_record,
    an_agreement,
    in_force,
    kept,
    said,
    shielded,
)
from tests.service import Service
from tests.sharing.seeing import Rows

ENQUIRY, NOTIFICATION = "safeguarding_enquiry", "safeguarding_notification"
INCIDENTS = "police_incidents"


@pytest.fixture
def history(service: Service, family: Family) -> Family:
    """A consent, an involvement of Elm, a step up from Elm, a notice to Oak, a decision of Elm."""
    service.as_client(HUB)
    for code in (ENQUIRY, NOTIFICATION):
        service.post("/v1/purposes", {"code": code, "title": code})
    service.post("/v1/categories", {"code": INCIDENTS, "title": "Incidents", "sensitive": False})
    law = {"basis": "legal_obligation", "requires": "none"}
    flows = [
        a_flow("enquiry", ["plan"], purposes=[ENQUIRY], **law) | {"from": [ELM], "to": [HUB]},
        a_flow("notice", [INCIDENTS], purposes=[NOTIFICATION], **law) | {"from": [HUB]},
        a_flow("told_of_steps", ["plan"], requires="none") | {"from": [ELM], "to": [OAK]},
    ]
    members = [a_member(one) for one in (HUB, OAK, ELM)]
    agreement = {"code": "SG-ISA", "flows": flows, "members": members}
    in_force(service, an_agreement() | agreement | {"retention": kept("plan", INCIDENTS)})
    said(service, family)
    a_record(service, "involvement", {"status": "open"}, source=ELM)
    about = {"identifiers": [CHILD]}
    service.as_client(ELM).post(
        "/v1/escalations",
        {
            "direction": "step_up",
            "to": HUB,
            "subjects": [about],
            "from_lead": {"id": "elm-1"},
            "to_lead": {"id": "hub-1"},
            "lawful_basis": "legal_obligation",
            "duty": "section_17",
            "reason": "Nobody fetched her twice.",
        },
    )
    service.post("/v1/decisions-not-to-share", a_decision())
    service.as_client(HUB).post(
        "/v1/notices",
        {
            "kind": "domestic_abuse_incident",
            "recipient": OAK,
            "subject": about,
            "lawful_basis": "legal_obligation",
            "content": {"summary": "x"},
        },
    )
    return family


def a_decision(**changes: Any) -> dict[str, Any]:
    return {
        "subject": {"identifiers": [CHILD]},
        "asked_by": OAK,
        "purpose": SUPPORT,
        "categories": ["plan"],
        "because": "risk_of_harm",
        "reason": "Her uncle works in that office.",
        "decided_by": "elm-head",
        "decided_role": "head_teacher",
        "family_told": False,
        "not_told_because": "The uncle would hear of it.",
        "review_at": "2026-06-01T00:00:00Z",
    } | changes


def looks(service: Service, agency: str, subject: str, **body: Any) -> TestResponse:
    service.as_client(agency)
    wanted = {"purpose": SUPPORT, "lawful_basis": "public_task"} | body
    return service.call("POST", f"/v1/subjects/{subject}/timeline", json=wanted)


def sees(service: Service, agency: str, subject: str, **body: Any) -> set[tuple[str, str]]:
    answer = looks(service, agency, subject, **body)
    assert answer.status_code == 200, answer.text
    assert "uncle" not in answer.text
    return {(one["kind"], one["source"]) for one in answer.get_json()["items"]}


def test_each_agency_sees_its_own_what_it_was_told_and_what_a_flow_carries(
    service: Service, history: Family
) -> None:
    stepped = ("escalation", ELM)
    assert sees(service, HUB, history.child) == {("consent", HUB), stepped, ("notice", HUB)}
    assert sees(service, ELM, history.child) == {
        stepped,
        ("involvement", ELM),
        ("decision_not_to_share", ELM),
    }
    # Oak is told by flows of Elm: who is involved, by pointer, and of the step, as a plan.
    whole = {("consent", HUB), ("notice", HUB), ("involvement", ELM), stepped}
    assert sees(service, OAK, history.child) == whole
    other = sees(service, OAK, history.child, lawful_basis="consent")
    assert other == {("consent", HUB), ("notice", HUB)}


def test_a_reading_is_one_line_of_the_log_with_what_it_rests_on(
    service: Service, history: Family, superuser: Rows
) -> None:
    shown = looks(service, OAK, history.child).get_json()["items"]
    ((raw, subject, outcome),) = superuser.execute(
        "select e.facts, s.subject, e.outcome from log_entry e join log_subject s on s.id = e.id"
        " where e.recipient = %s and convert_from(e.facts, 'utf8') like '%%timeline_read%%'",
        [OAK],
    ).fetchall()
    facts = json.loads(bytes(raw))

    assert (str(subject), outcome) == (history.child, "permit")
    assert facts["record_count"] == len(shown)
    assert {(one["source"], one["category"]) for one in facts["grounds"]} == {
        (ELM, "involvement"),
        (ELM, "plan"),
    }


def test_a_shield_leaves_an_agency_nothing_that_it_did_not_record_itself(
    service: Service, history: Family
) -> None:
    shielded(service, history.child, unaffected=[])

    assert looks(service, OAK, history.child).status_code == 404
    assert sees(service, HUB, history.child) == {("consent", HUB), ("notice", HUB)}


def test_unknown_and_forbidden_are_one_answer_and_both_are_logged(
    service: Service, history: Family, superuser: Rows
) -> None:
    shielded(service, history.child, unaffected=[])
    answers = [
        looks(service, OAK, one).get_json() | {"instance": ""}
        for one in (history.child, history.mother, "019cade2-11c0-7e1d-8a82-7dff1ce5a8a7")
    ]

    assert answers[0] == answers[1] == answers[2]
    assert answers[0]["code"] == "not_available"
    denied = superuser.execute(
        "select count(*) from log_entry where recipient = %s and outcome = 'deny'", [OAK]
    )
    assert denied.fetchone() == (3,)


def test_a_purpose_nobody_knows_is_said(service: Service, history: Family) -> None:
    answer = looks(service, HUB, history.child, purpose="curiosity")

    assert answer.status_code == 422
    assert answer.get_json()["code"] == "unknown_word"
    assert [one["pointer"] for one in answer.get_json()["errors"]] == ["#/purpose"]


def test_pages_follow_each_other(service: Service, history: Family) -> None:
    first = looks(service, HUB, history.child, size=2).get_json()
    second = looks(service, HUB, history.child, size=2, cursor=first["page"]["next"]).get_json()

    assert [len(one["items"]) for one in (first, second)] == [2, 1]
    assert second["page"]["next"] is None
    assert len({one["id"] for one in first["items"] + second["items"]}) == 3


def test_a_practitioner_who_must_not_see_the_child_sees_nothing(
    service: Service, history: Family
) -> None:
    barred = {"subject": history.child, "practitioner": "staff-9", "reason": "her uncle"}
    service.as_client(HUB).post("/v1/conflicts-of-interest", barred)

    answer = looks(service, HUB, history.child, practitioner={"id": "staff-9"})
    assert answer.status_code == 404


def test_rule_34_a_decision_not_to_share_is_read_by_its_source_and_by_ig_leads(
    service: Service, history: Family
) -> None:
    (listed,) = service.as_client(ELM).get("/v1/decisions-not-to-share")["items"]
    assert (listed["asked_by"], listed["because"], listed["family_told"]) == (
        OAK,
        "risk_of_harm",
        False,
    )
    whole = service.get(f"/v1/decisions-not-to-share/{listed['id']}")
    assert whole["reason"] == a_decision()["reason"]
    assert whole["not_told_because"] == a_decision()["not_told_because"]
    for other in (OAK, HUB):
        service.as_client(other)
        assert service.get("/v1/decisions-not-to-share")["items"] == []
        at = f"/v1/decisions-not-to-share/{listed['id']}"
        assert service.call("GET", at).status_code == 404

    lead = service.as_client("ig-office", scopes=["log.audit", "log.read"])
    assert lead.get("/v1/decisions-not-to-share/all")["items"] == [listed]
    assert lead.get(f"/v1/decisions-not-to-share/all/{listed['id']}") == whole
    span = "since=2026-03-01T00:00:00Z&until=2026-04-01T00:00:00Z"
    counts = lead.get(f"/v1/decisions-not-to-share/counts?{span}")["counts"]
    assert counts == [{"source": ELM, "because": "risk_of_harm", "decisions": 1, "family_told": 0}]
    service.as_client(OAK)
    assert service.get(f"/v1/decisions-not-to-share/counts?{span}") == {"counts": []}


@pytest.mark.parametrize(
    ("changes", "code", "pointer"),
    [
        ({"asked_by": "nobody"}, "unknown_word", "#/asked_by"),
        ({"asked_by": ELM}, "to_itself", "#/asked_by"),
        ({"purpose": "curiosity"}, "unknown_word", "#/purpose"),
        ({"categories": ["horoscope"]}, "unknown_word", "#/categories"),
        ({"not_told_because": None}, "family_told_or_why_not", "#/not_told_because"),
        ({"family_told": True}, "family_told_or_why_not", "#/not_told_because"),
        ({"review_at": "2026-03-02T09:30:00Z"}, "dates_out_of_order", "#/review_at"),
        ({"decided_at": "2026-03-03T09:30:00Z"}, "dates_out_of_order", "#/decided_at"),
        (
            {"withhold": "019cade2-11c0-7e1d-8a82-7dff1ce5a8a7"},
            "unknown_word",
            "#/withhold",
        ),
        ({"because": "a hunch"}, "request_invalid", "#/because"),
    ],
)
def test_a_decision_that_says_too_little_or_too_much(
    service: Service, family: Family, changes: dict[str, Any], code: str, pointer: str
) -> None:
    answer = service.as_client(ELM).call(
        "POST", "/v1/decisions-not-to-share", json=a_decision(**changes)
    )

    assert answer.status_code == 422
    assert answer.get_json()["code"] == code
    assert [one["pointer"] for one in answer.get_json()["errors"]] == [pointer]
