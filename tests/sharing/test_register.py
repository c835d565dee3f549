"""What the public, a controller and a busy IG lead read of all agreements at once."""

import csv
import io
from datetime import timedelta
from typing import Any

import pytest
from werkzeug.test import TestResponse

from sharing.schemas.register import RegisterPageSchema
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
    signs,
    statutory,
    wording,
)
from tests.service import MONDAY, Service

REGISTER = "/v1/agreements/register"
DUE = "/v1/agreements/due"


@pytest.fixture
def anyone(service: Service, family: Family) -> Service:
    """A service that nobody has a token for, with one agreement in force."""
    service.caller = None
    return service


def table(answer: TestResponse) -> list[dict[str, str]]:
    assert answer.status_code == 200, answer.text
    assert answer.mimetype == "text/csv"
    return list(csv.DictReader(io.StringIO(answer.text, newline="")))


def due(service: Service, days: int = 60) -> list[tuple[str, str, list[str]]]:
    items = service.get(f"{DUE}?within_days={days}")["items"]
    return [(one["agreement"], one["kind"], one["agencies"]) for one in items]


def test_rule_23_the_register_is_open_to_anyone_and_says_who_why_what_and_how_long(
    anyone: Service,
) -> None:
    (one,) = anyone.get(REGISTER)["items"]

    assert (one["code"], one["status"]) == ("EH-ISA", "in_force")
    assert [body["code"] for body in one["bodies"]] == [HUB, ELM, OAK]
    assert one["purpose"] == wording()["purpose"]
    assert one["benefits"] == wording()["benefits"]
    assert {"code": "plan", "name": "plan"} in one["data"]
    assert one["retention"] == sorted(
        kept("plan", "assessment", "contact", "household", "involvement", "health"),
        key=lambda kept: kept["category"],
    )


def test_rule_23_the_register_names_no_person_and_nothing_it_does_not_declare(
    anyone: Service,
) -> None:
    page = anyone.get(REGISTER)
    assert RegisterPageSchema().validate(page) == {}
    whole = anyone.call("GET", REGISTER).text + anyone.call("GET", f"{REGISTER}.csv").text
    for personal in ("Ada Official", "Director", "dpo@", "cabinet"):
        assert personal not in whole


def test_rule_23_the_register_as_a_table_says_the_same(anyone: Service) -> None:
    (row,) = table(anyone.call("GET", f"{REGISTER}.csv"))
    assert (row["code"], row["status"]) == ("EH-ISA", "in_force")
    assert row["bodies"] == "eh-hub; elm-school; oak-school"
    assert "plan: 6 years from the closing of the plan" in row["kept for"]


def test_a_cell_is_no_formula(service: Service, family: Family) -> None:
    assert family
    in_force(service, an_agreement() | {"code": "A", "title": "=HYPERLINK(1)", "purpose": "@x"})
    rows = table(service.call("GET", f"{REGISTER}.csv"))
    assert {row["title"] for row in rows} == {"'=HYPERLINK(1)", "Early help"}
    assert "'@x" in {row["purpose"] for row in rows}


def test_a_draft_is_not_in_the_register_and_what_ended_is(anyone: Service) -> None:
    anyone.as_client(HUB)
    anyone.post("/v1/agreements", an_agreement() | {"code": "DRAFT"})
    anyone.post("/v1/agreements/EH-ISA/termination", {"successor": "DRAFT"})
    (one,) = anyone.get(REGISTER)["items"]
    assert (one["code"], one["status"], one["successor"]) == ("EH-ISA", "ended", "DRAFT")
    assert len(one["bodies"]) == 3
    anyone.clock.passes(days=-1)
    assert anyone.get(REGISTER)["items"][0]["status"] == "in_force"


def test_what_begins_later_is_planned_and_pages_go_on(anyone: Service) -> None:
    later = (MONDAY + timedelta(days=30)).isoformat()
    in_force(anyone, an_agreement() | {"code": "LATER", "effective_from": later})
    anyone.caller = None
    first = anyone.get(f"{REGISTER}?size=1")
    rest = anyone.get(f"{REGISTER}?size=1&cursor={first['page']['next']}")
    both = [*first["items"], *rest["items"]]
    assert [(one["code"], one["status"]) for one in both] == [
        ("EH-ISA", "in_force"),
        ("LATER", "planned"),
    ]


def test_rule_46_a_controller_has_a_record_of_its_own_processing(
    service: Service, family: Family
) -> None:
    assert family
    path = "/v1/agreements/processing-record.csv"
    told = {row["flow"]: row for row in table(service.as_client(OAK).call("GET", path))}
    assert told.keys() == {"plan", "all-clear", "safeguarding", "who"}
    row = told["safeguarding"]
    assert row["part"] == "is told"
    assert row["controller"] == OAK
    assert row["data protection contact"] == f"dpo@{OAK}.test"
    assert row["purposes"] == "safeguarding"
    assert row["kinds of data"] == "assessment; contact"
    assert row["recipients"] == OAK
    assert (row["lawful basis"], row["law"]) == (
        "legal_obligation",
        "Children Act 2004, section 10",
    )
    assert row["kept for"].startswith("assessment: 6 years")
    assert row["security"] == wording()["security"]
    assert row["impact assessment"] == wording()["impact_assessment"]
    tells = table(service.as_client(ELM).call("GET", path))
    assert [(row["flow"], row["part"]) for row in tells] == [("who", "tells")]
    assert table(service.as_client("stranger").call("GET", path)) == []


def test_what_is_to_be_signed_reviewed_and_renewed_is_a_list_with_dates(
    service: Service, family: Family
) -> None:
    assert family
    soon, later = ((MONDAY + timedelta(days=days)).isoformat() for days in (20, 50))
    dates = {"effective_from": MONDAY.isoformat(), "review_due": soon, "expires": later}
    in_force(service, an_agreement() | {"code": "NEW", **dates})
    service.post("/v1/agreements", an_agreement() | {"code": "OPEN", "effective_from": soon})
    signs(service, OAK, "OPEN")
    everyone = [HUB, ELM, OAK]
    assert due(service.as_client(HUB)) == [
        ("NEW", "review", everyone),
        ("OPEN", "sign", [HUB, ELM]),
        ("NEW", "renew", everyone),
    ]
    assert len(due(service, days=30)) == 2
    service.clock.passes(days=30)
    assert ("NEW", "review", everyone) in due(service, days=0)
    service.post("/v1/agreements/NEW/termination", {})
    service.post("/v1/agreements/OPEN/termination", {})
    assert due(service) == []
    first = service.get(f"{DUE}?size=1")
    assert first["page"]["next"] is None


def test_a_newcomer_has_something_to_sign(service: Service, family: Family) -> None:
    assert family
    service.as_client(HUB)
    service.post("/v1/agencies", {"code": "late", "name": "Late", "kind": "school"})
    joined = service.clock.at.isoformat()
    service.post("/v1/agreements/EH-ISA/members", a_member("late", joined=joined))
    assert due(service) == [("EH-ISA", "sign", ["late"])]
    signs(service, "late")
    assert due(service.as_client(HUB)) == []


@pytest.mark.parametrize(
    ("code", "roles"),
    [
        ("early_help", ("coordinator", "helper", "health")),
        ("safeguarding", ("front_door", "police", "holder")),
        ("support_and_guidance", ("cluster", "member", "member")),
        ("top_100", ("cluster", "school", "member")),
    ],
)
def test_a_worked_example_becomes_an_agreement_in_force(
    service: Service, code: str, roles: tuple[str, ...]
) -> None:
    service.as_client(HUB)
    for agency in (HUB, OAK, ELM):
        service.post("/v1/agencies", {"code": agency, "name": agency, "kind": "council"})
    listed = {one["code"]: one for one in service.get("/v1/agreements/templates")["items"]}
    example = listed[code]
    flows = example["flows"]
    for purpose in {one for flow in flows for one in flow["purposes"]}:
        service.post("/v1/purposes", {"code": purpose, "title": purpose})
    for category in {one for flow in flows for one in flow["categories"]}:
        known = {"code": category, "title": category, "sensitive": category == "health_summary"}
        service.post("/v1/categories", known)
    made = in_force(
        service,
        {
            "template": code,
            "code": "FROM-EXAMPLE",
            "title": example["title"],
            "effective_from": MONDAY.isoformat(),
            "impact_assessment": "DPIA-1",
            "members": [
                a_member(agency, role=role, joined=MONDAY.isoformat())
                for agency, role in zip((HUB, OAK, ELM), roles, strict=True)
            ],
        },
    )
    (version,) = made["versions"]
    assert version["summary"] == example["summary"]
    assert {one["code"] for one in version["flows"]} <= {one["code"] for one in example["flows"]}
    assert version["review_due"] > MONDAY.isoformat()


def test_an_example_that_there_is_not_is_refused(service: Service, family: Family) -> None:
    assert family
    body: dict[str, Any] = an_agreement() | {"code": "X", "template": "nothing"}
    answer = service.as_client(HUB).call("POST", "/v1/agreements", json=body)
    assert (answer.status_code, answer.get_json()["code"]) == (422, "template_unknown")
    taken = an_agreement() | {"code": "register", "flows": [a_flow("f", ["plan"])]}
    answer = service.call("POST", "/v1/agreements", json=taken)
    assert answer.get_json()["errors"][0]["pointer"] == "#/code"


def test_a_review_puts_off_the_next_and_leaves_what_was_signed(
    service: Service, family: Family
) -> None:
    assert family
    service.as_client(HUB).post("/v1/agreements/EH-ISA/termination", {})
    overdue = (MONDAY - timedelta(days=1)).isoformat()
    made = in_force(service, an_agreement() | {"code": "NEW", "review_due": overdue})
    told = ask(service, statutory(source=HUB))
    assert told.get_json()["code"] == "not_available"
    a_record(service, "assessment", {"level": 3})
    assert ask(service, statutory()).get_json()["obligations"] == ["agreement_review_due"]
    assert due(service.as_client(HUB), days=0)[0][:2] == ("NEW", "review")

    path = "/v1/agreements/NEW/reviews"
    review = {"outcome": "stands", "role": "IG lead"}
    next_due = (MONDAY + timedelta(days=300)).isoformat()
    late = service.call("POST", path, json=review | {"next_due": overdue})
    assert (late.status_code, late.get_json()["code"]) == (422, "dates_out_of_order")
    reviewed = service.post(path, review | {"next_due": next_due})

    assert ask(service, statutory()).get_json()["obligations"] == []
    assert due(service.as_client(HUB), days=0) == []
    before, after = made["versions"][0], reviewed["versions"][0]
    assert after["content_sha256"] == before["content_sha256"]
    assert [one["next_due"] for one in after["reviews"]] == [next_due]
    shown = {one["code"]: one for one in service.get(REGISTER)["items"]}
    assert shown["NEW"]["review_due"] == next_due
    ended = service.call(
        "POST", "/v1/agreements/EH-ISA/reviews", json=review | {"next_due": next_due}
    )
    assert (ended.status_code, ended.get_json()["code"]) == (404, "agreement_unknown")


def test_the_months_to_the_next_review_are_those_that_were_signed_off(
    service: Service, family: Family
) -> None:
    assert family
    signed = {"values": {"agreement_review_months": 18}, "signed_by": "IG lead"}
    answer = service.as_client(HUB).call(
        "PUT", "/v1/settings", json=signed | {"authority": "board, minute 9"}
    )
    assert answer.status_code == 200, answer.text
    review = {"outcome": "stands", "role": "IG lead"}
    reviewed = service.post("/v1/agreements/EH-ISA/reviews", review)
    (found,) = reviewed["versions"][0]["reviews"]
    assert found["next_due"] == MONDAY.replace(year=2027, month=9).isoformat()


def test_the_pages_say_in_plain_words_who_shares_and_by_which_rules(anyone: Service) -> None:
    page = anyone.call("GET", "/agreements").text
    assert wording()["summary"] in page
    assert "In force, version 1 of EH-ISA" in page
    assert "eh-hub, elm-school, oak-school" in page
    assert "Kept for 6 years" in page
    for personal in ("Ada Official", "dpo@", "cabinet"):
        assert personal not in page
    assert "Nobody has signed anything off yet" in anyone.call("GET", "/settings").text
    anyone.as_client(HUB)
    signed = {"values": {"own_decision_age": 15}, "signed_by": "IG lead", "authority": "the board"}
    assert anyone.call("PUT", "/v1/settings", json=signed).status_code == 200
    rules = anyone.call("GET", "/settings").text
    for said in ("<dd>15</dd>", "IG lead", "the board", "2 March 2026", "Version 1, in force"):
        assert said in rules
    assert "nobody has signed a period off yet" in rules


def test_rule_44_the_page_of_rules_says_how_long_each_class_is_kept_and_on_whose_word(
    anyone: Service,
) -> None:
    signed = {"code": "consent", "months": 300, "erasable": False}
    by = {"signed_by": "Caldicott guardian", "authority": "schedule 7"}
    anyone.as_client(HUB).post("/v1/settings/retention", signed | by)
    anyone.post("/v1/settings/retention", signed | by | {"code": "access_pack", "months": 18})
    anyone.caller = None
    page = anyone.call("GET", "/settings").text
    assert "25 years, whoever asks for it to be erased" in page
    assert "Packs that say what is held of somebody: 18 months" in page
    for said in ("Caldicott guardian", "schedule 7", "nobody has signed a period off yet"):
        assert said in page
