"""What sources deposit, for how long, and what they hold back (rule 34 of the domain)."""

from datetime import timedelta
from typing import Any

import pytest
from werkzeug.test import TestResponse

from app.worker import work_once
from tests.make import AFTER, CHILD, ELM, HUB, OAK, Family, a_record, ask, request, said
from tests.service import MONDAY, Service
from tests.sharing.seeing import Rows

ABOUT = {"subject": {"identifiers": [CHILD]}}
PLANS = "/v1/records?category=plan"


def deposited(service: Service, source: str = HUB, **body: Any) -> TestResponse:
    wanted = ABOUT | {"category": "plan", "content": {"aim": "sleep"}} | body
    return service.as_client(source).call("POST", "/v1/records", json=wanted)


def refused(answer: TestResponse, code: str, pointer: str) -> str:
    """Hold that an answer is this refusal at this place, and return what it says of it."""
    assert answer.status_code == 422, answer.text
    body = answer.get_json()
    assert body["code"] == code
    assert [one["pointer"] for one in body["errors"]] == [pointer]
    return str(body["errors"][0]["detail"])


def worked(service: Service) -> None:
    while work_once(service.parts.database, service.clock):
        pass


def test_a_deposit_has_a_date_when_it_must_go(service: Service, family: Family) -> None:
    by_agreement = deposited(service).get_json()
    named = deposited(service, retain_until="2027-01-01T00:00:00Z").get_json()
    uncovered = deposited(service, category="health").get_json()
    ends = deposited(service, ends="2028-03-02T09:30:00Z").get_json()

    assert by_agreement["retain_until"] == "2032-03-02T09:30:00+00:00"
    assert named["retain_until"] == "2027-01-01T00:00:00+00:00"
    assert uncovered["retain_until"] == "2032-03-02T09:30:00+00:00"
    assert ends["retain_until"] == "2034-03-02T09:30:00+00:00"


@pytest.mark.usefixtures("family")
def test_a_deposit_is_refused_where_and_why_it_cannot_be_kept(service: Service) -> None:
    long = refused(deposited(service, retain_until=AFTER), "retention_too_long", "#/retain_until")
    past = deposited(service, retain_until=MONDAY.isoformat())
    unknown = deposited(service, category="horoscope")
    pointer = {"category": "involvement", "content": {"since": "2026-01-05", "diagnosis": "x"}}

    assert "2032-03-02" in long
    assert "EH-ISA" in long
    refused(past, "dates_out_of_order", "#/retain_until")
    refused(unknown, "unknown_word", "#/category")
    refused(deposited(service, **pointer), "pointer_malformed", "#/content/diagnosis")


@pytest.mark.usefixtures("family")
def test_past_its_date_a_record_is_told_to_nobody_before_it_is_removed(
    service: Service, family: Family, superuser: Rows
) -> None:
    until = (MONDAY + timedelta(days=30)).isoformat()
    replaced = {"content": {"aim": "other"}}
    service.as_client(HUB).post(f"/v1/records/{family.plan}/withdrawal", {}, status=204)
    kept = deposited(service, retain_until=until).get_json()["id"]
    said(service, family)
    assert ask(service).status_code == 200

    service.clock.passes(days=30)
    assert ask(service).status_code == 404
    service.as_client(HUB)
    assert service.call("PUT", f"/v1/records/{kept}", json=replaced).status_code == 404

    worked(service)
    (row,) = superuser.execute(
        "select content, source, category, removed_because from record where id = %s", [kept]
    )
    assert row == (None, HUB, "plan", "past_retention")
    shown = service.as_client(HUB).get(PLANS)["items"]
    assert [one["removed_at"] for one in shown if one["id"] == kept] == [
        service.clock.at.isoformat()
    ]
    # What was withdrawn keeps its content until its own date.
    assert [one["removed_at"] for one in shown if one["id"] == family.plan] == [None]


def test_a_replacement_goes_when_the_old_one_would_have_gone(
    service: Service, family: Family
) -> None:
    service.clock.passes(days=100)
    new = service.as_client(HUB).call("PUT", f"/v1/records/{family.plan}", json={"content": {}})

    assert new.get_json()["retain_until"] == "2032-03-02T09:30:00+00:00"
    assert new.get_json()["replaces"] == family.plan


def test_an_agency_lists_its_own_deposits_alone(service: Service, family: Family) -> None:
    mine = a_record(service, "contact", {"phone": "1"}, source=OAK)
    searched = service.as_client(OAK).post("/v1/records/search", ABOUT, 200)["items"]
    listed = service.get("/v1/records")["items"]

    assert [one["id"] for one in listed] == [one["id"] for one in searched] == [mine]
    assert "phone" not in str(listed)
    assert service.as_client(ELM).get("/v1/records")["items"] == []
    assert [one["id"] for one in service.as_client(HUB).get(PLANS)["items"]] == [family.plan]
    nobody = {"subject": {"identifiers": [{"scheme": "mosaic", "value": "500999"}]}}
    assert service.call("POST", "/v1/records/search", json=nobody).status_code == 404


def test_what_ended_is_left_out_of_what_stands(service: Service, family: Family) -> None:
    service.as_client(HUB).post(f"/v1/records/{family.plan}/withdrawal", {}, status=204)

    assert service.get(f"{PLANS}&show=standing")["items"] == []
    assert len(service.get(PLANS)["items"]) == 1


def test_rule_34_a_source_withholds_with_reason_end_and_review_and_ends_it_at_once(
    service: Service, family: Family
) -> None:
    said(service, family)
    wanted = {
        "subjects": [ABOUT["subject"]],
        "categories": ["plan"],
        "reason": "the father reads her letters",
        "ends": "2026-09-01T00:00:00Z",
        "review_at": "2026-06-01T00:00:00Z",
    }
    held = service.as_client(HUB).post("/v1/withholds", wanted)
    assert ask(service, request()).status_code == 404
    listed = service.as_client(HUB).get("/v1/withholds?show=standing")["items"]
    assert listed == [held]
    assert held["review_at"] == "2026-06-01T00:00:00+00:00"
    assert "letters" not in str(listed)

    end = f"/v1/withholds/{held['id']}/end"
    assert service.as_client(OAK).call("POST", end, json={}).status_code == 404
    service.clock.passes(minutes=1)
    ended = service.as_client(HUB).post(end, {}, 200)
    assert ended["ends"] == service.clock.at.isoformat()
    assert ask(service, request()).status_code == 200
    again = service.as_client(HUB).call("POST", end, json={})
    assert (again.status_code, again.get_json()["code"]) == (409, "withhold_ended")
    assert service.get("/v1/withholds?show=standing")["items"] == []


def test_a_review_lies_within_what_is_reviewed(service: Service, family: Family) -> None:
    body = {"subjects": [ABOUT["subject"]], "categories": ["plan"], "reason": "x"}
    late = {"ends": "2026-04-01T00:00:00Z", "review_at": "2026-05-01T00:00:00Z"}
    answer = service.as_client(HUB).call("POST", "/v1/withholds", json=body | late)

    refused(answer, "dates_out_of_order", "#/review_at")
