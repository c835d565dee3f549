"""Families can see who was told about them, and nobody can see more than they may."""

from datetime import timedelta
from typing import Any

from tests.make import (
    CHILD,
    ELM,
    HUB,
    OAK,
    Family,
    a_record,
    ask,
    request,
    said,
    shielded,
    statutory,
)
from tests.service import Service


def seen(service: Service, family: Family, by: str | None = None, **query: Any) -> Any:
    asked = {"asked_by": by or family.mother} | query
    told = "&".join(f"{name}={value}" for name, value in asked.items())
    return service.as_client(HUB).call("GET", f"/v1/subjects/{family.child}/disclosures?{told}")


def items(service: Service, family: Family) -> list[dict[str, Any]]:
    answer = seen(service, family)
    assert answer.status_code == 200, answer.text
    listed: list[dict[str, Any]] = answer.get_json()["items"]
    return listed


def test_rule_42_a_mother_sees_who_was_told_what_and_why(service: Service, family: Family) -> None:
    said(service, family)
    entry = ask(service, request()).get_json()["id"]
    assert ask(service, request(categories=["health"])).status_code >= 400
    (one,) = items(service, family)
    assert one["id"] == entry
    assert (one["recipient"], one["sources"], one["categories"]) == (OAK, [HUB], ["plan"])
    assert one["why"] == "the family agreed to help"
    assert one["agreements"] == ["EH-ISA version 1"]


def test_rule_42_what_the_law_asked_for_is_told_after_a_while(
    service: Service, family: Family
) -> None:
    record = {"subject": {"identifiers": [CHILD]}, "category": "assessment", "content": {"a": "b"}}
    service.as_client(HUB).post("/v1/records", record)
    assert ask(service, statutory()).status_code == 200
    assert items(service, family) == []
    service.clock.passes(days=30)
    assert len(items(service, family)) == 1


def test_rule_42_the_feed_respects_a_shield_and_never_tells_what_passed_one(
    service: Service, family: Family
) -> None:
    said(service, family)
    ask(service, request())
    assert len(items(service, family)) == 1
    a_record(service, "assessment", {"level": 3})
    shield = shielded(service, family.child)
    assert seen(service, family).status_code == 404, "the danger may be at home"
    assert ask(service, statutory()).status_code == 200, "it went past the shield"
    service.clock.passes(days=1)
    service.as_client(HUB).post(f"/v1/shields/{shield}/end", {}, 200)
    service.clock.passes(days=400)
    assert [one["categories"] for one in items(service, family)] == [["plan"]]


def test_whoever_may_not_know_and_whoever_is_unknown_get_one_answer(
    service: Service, family: Family
) -> None:
    said(service, family)
    ask(service, request())
    nobody = "01890000-0000-7000-8000-000000000000"
    refused = [
        seen(service, family, by=family.child),
        seen(service, family, by=nobody),
        service.as_client(ELM).call(
            "GET", f"/v1/subjects/{family.child}/disclosures?asked_by={family.mother}"
        ),
        service.as_client(HUB).call("GET", f"/v1/subjects/{nobody}/disclosures"),
    ]
    bodies = {str({k: v for k, v in one.get_json().items() if k != "instance"}) for one in refused}
    assert {one.status_code for one in refused} == {404}
    assert len(bodies) == 1


def test_rule_42_a_parent_who_lost_their_say_sees_nothing(service: Service, family: Family) -> None:
    path = f"/v1/subjects/{family.child}/relationships/{family.relationship}/no-say"
    service.as_client(HUB).post(path, {"evidence": "order of the court"})
    service.clock.passes(minutes=1)
    assert seen(service, family).status_code == 404


def test_a_suspended_agency_is_not_told_who_has_seen_what(service: Service, family: Family) -> None:
    said(service, family)
    assert seen(service, family).status_code == 200
    service.as_client(HUB).post(f"/v1/agencies/{HUB}/suspension", {})
    service.clock.passes(minutes=1)
    answer = seen(service, family)
    assert (answer.status_code, answer.get_json()["code"]) == (403, "agency_not_active")


def test_pages_go_on_from_the_newest(service: Service, family: Family) -> None:
    said(service, family)
    for _ in range(3):
        ask(service, request())
        service.clock.at += timedelta(seconds=1)
    first = seen(service, family, size=2).get_json()
    rest = seen(service, family, size=2, cursor=first["page"]["next"]).get_json()
    found = [one["id"] for one in first["items"] + rest["items"]]
    assert found == sorted(found, reverse=True)
    assert len(set(found)) == 3
