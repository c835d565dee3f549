"""What is wrong is put right or marked as disputed, and whoever received it is listed and hears."""

from typing import Any

from werkzeug.test import TestResponse

from app.worker import work_once
from tests.make import ELM, HUB, OAK, SIBLING, Family, a_partnership, a_subject, ask, request, said
from tests.service import Service

WRONG = {"wrong": "She sleeps well now", "decided_by": "staff-4"}


def rectify(service: Service, family: Family, agency: str = HUB, **more: Any) -> TestResponse:
    service.as_client(agency)
    body = WRONG | {"record": family.plan} | more
    return service.call("POST", f"/v1/subjects/{family.child}/rectifications", json=body)


def told(service: Service, family: Family) -> str:
    said(service, family)
    entry: str = ask(service).get_json()["id"]
    return entry


def listed(service: Service, family: Family) -> list[dict[str, Any]]:
    while work_once(service.parts.database, service.clock):
        pass
    service.as_client(HUB)
    found: list[dict[str, Any]] = service.get(f"/v1/subjects/{family.child}/rectifications")[
        "items"
    ]
    return found


def test_rule_43_a_corrected_record_comes_with_the_list_of_past_recipients(
    service: Service, family: Family
) -> None:
    entry = told(service, family)
    service.clock.passes(minutes=1)
    answer = rectify(service, family, content={"aim": "stay asleep"}, said_by=family.mother)
    assert answer.status_code == 201, answer.text
    made = answer.get_json()
    assert (made["outcome"], made["disputed"], made["category"]) == ("corrected", False, "plan")
    unheard = {"told_at": None, "acknowledged_at": None, "done": None}
    assert made["recipients"] == [{"agency": OAK, "disclosures": [entry]} | unheard]
    told_again = ask(service, request()).get_json()["sections"]["plan"]
    assert [one["content"] for one in told_again] == [{"aim": "stay asleep"}]

    (one,) = listed(service, family)
    assert one["recipients"][0]["told_at"] is not None
    (event,) = service.as_client(OAK).get("/v1/events")["items"]
    assert event["kind"] == "record.corrected"
    service.post(f"/v1/events/{event['id']}/acknowledgement", {"done": "corrected"})
    (one,) = listed(service, family)
    assert one["recipients"][0]["done"] == "corrected"
    assert one["recipients"][0]["acknowledged_at"] == service.clock.at.isoformat()


def test_rule_43_a_refusal_is_recorded_with_its_reason_and_the_record_is_disputed(
    service: Service, family: Family
) -> None:
    told(service, family)
    made = rectify(service, family, reason="The health visitor saw otherwise").get_json()
    assert (made["outcome"], made["disputed"], made["new_record"]) == ("refused", True, None)
    assert made["reason"] == "The health visitor saw otherwise"
    again = rectify(service, family, reason="as before")
    assert (again.status_code, again.get_json()["code"]) == (409, "record_disputed")
    (one,) = listed(service, family)
    assert [each["agency"] for each in one["recipients"]] == [OAK]
    (event,) = service.as_client(OAK).get("/v1/events")["items"]
    assert event["kind"] == "record.disputed"
    assert rectify(service, family, content={"aim": "other"}).status_code == 201


def test_whoever_is_told_of_a_disputed_record_is_told_that_it_is_until_it_is_put_right(
    service: Service, family: Family
) -> None:
    """UK GDPR, Article 18(1)(a): what is contested is not passed on as if it were not."""
    said(service, family)
    plan = ask(service).get_json()["sections"]["plan"][0]
    assert "disputed_at" not in plan
    disputed_at = service.clock.at.isoformat()
    rectify(service, family, reason="The health visitor saw otherwise")
    assert ask(service).get_json()["sections"]["plan"] == [plan | {"disputed_at": disputed_at}]
    (held,) = service.as_client(HUB).get("/v1/records")["items"]
    assert held["disputed_at"] == disputed_at

    service.clock.passes(minutes=1)
    path = f"/v1/records/{family.plan}"
    answer = service.as_client(HUB).call("PUT", path, json={"content": {"aim": "sleep"}})
    later = answer.get_json()["id"]
    (told_of,) = ask(service).get_json()["sections"]["plan"]
    assert (told_of["record"], told_of["disputed_at"]) == (later, disputed_at), "it says so still"
    assert told_of["content"] == {"aim": "sleep"}

    service.clock.passes(minutes=1)
    assert rectify(service, family, record=later, content={"aim": "rest"}).status_code == 201
    (told_of,) = ask(service).get_json()["sections"]["plan"]
    assert "disputed_at" not in told_of


def test_only_the_source_rectifies_and_only_what_is_this_persons(
    service: Service, family: Family
) -> None:
    service.as_client(HUB)
    elsewhere = WRONG | {"record": family.plan, "reason": "r"}
    refused = [
        rectify(service, family, ELM, reason="r"),
        service.as_client(HUB).call(
            "POST", f"/v1/subjects/{family.mother}/rectifications", json=elsewhere
        ),
        rectify(service, family, reason="r", record=family.child),
        rectify(service, family, reason="r", said_by=family.plan),
    ]
    assert [one.status_code for one in refused] == [404] * 4
    assert rectify(service, family, content={"aim": "other"}).status_code == 201
    service.clock.passes(minutes=1)
    assert rectify(service, family, content={"aim": "another"}).status_code == 404


def test_one_of_the_two_is_sent(service: Service, family: Family) -> None:
    for more in ({}, {"content": {}, "reason": "r"}):
        answer = rectify(service, family, **more)
        assert (answer.status_code, answer.get_json()["errors"][0]["pointer"]) == (422, "#/reason")


def test_a_person_reads_in_their_pack_that_a_record_of_them_is_disputed(service: Service) -> None:
    a_partnership(service)
    grown = a_subject(service, SIBLING, adult=True)
    body = {"subject": {"identifiers": [SIBLING]}, "category": "plan", "content": {"aim": "rest"}}
    record = service.as_client(HUB).post("/v1/records", body)["id"]
    wrong = WRONG | {"record": record, "said_by": grown, "reason": "It was seen so"}
    service.post(f"/v1/subjects/{grown}/rectifications", wrong)
    asked = {"capacity": "self", "identity_check": "passport seen", "taken_by": "staff-1"}
    packs = f"/v1/subjects/{grown}/access-packs"
    at = f"{packs}/{service.post(packs, asked)['id']}/content"
    (told_of,) = service.get(at)["records"]
    assert told_of["disputed_since"] == service.clock.at.isoformat()
    assert "this is disputed" in service.call("GET", f"{at}.html").text
