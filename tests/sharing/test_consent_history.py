"""Everything that was said about a child, in order and for ever, for whom it concerns."""

from typing import Any

from tests.make import ELM, HUB, NOBODY, OAK, Family, said, what_she_said, withdrawn
from tests.service import MONDAY, Service


def history(service: Service, subject: str, agency: str = HUB) -> list[dict[str, Any]]:
    service.as_client(agency)
    listed: list[dict[str, Any]] = service.get(f"/v1/subjects/{subject}/consent-history")["items"]
    return listed


def test_rule_5_every_event_is_kept_in_order_with_who_for_whom_and_to_whom(
    service: Service, family: Family
) -> None:
    first = said(service, family, method="verbal")
    service.clock.passes(days=3)
    service.post(f"/v1/consents/{first}/confirmation", {})
    service.clock.passes(days=3)
    second = said(service, family, categories=["plan"], replaces=first, method="verbal")
    service.clock.passes(days=20)
    withdrawn(service, second)
    service.clock.passes(days=1)
    third = said(service, family, answer="refused", recipients=["*"])

    told = history(service, family.child)
    assert [(one["became"], one["consent"]["id"], one["recorded_by"]) for one in told] == [
        ("given", first, HUB),
        ("confirmed", first, HUB),
        ("replaced", first, HUB),
        ("given", second, HUB),
        ("lapsed", second, None),
        ("withdrawn", second, HUB),
        ("refused", third, HUB),
    ]
    assert [one["at"] for one in told] == sorted(one["at"] for one in told)
    assert told[0]["at"] == MONDAY.isoformat()
    whole = told[0]["consent"]
    assert (whole["given_by"], whole["capacity"]) == (family.mother, "parental_responsibility")
    assert (whole["subjects"], whole["recipients"]) == ([family.child], [OAK])
    named = history(service, family.child, OAK)
    assert {one["consent"]["id"] for one in named} == {first, second}, "it is named in these"
    assert history(service, family.child, ELM) == history(service, family.mother) == []
    assert NOBODY["value"] not in str(told)

    page = service.as_client(HUB).get(f"/v1/subjects/{family.child}/consent-history?size=3")
    more = service.get(
        f"/v1/subjects/{family.child}/consent-history?size=200&cursor={page['page']['next']}"
    )
    assert page["items"] + more["items"] == told


def test_who_may_not_read_a_consent_neither_changes_it_nor_learns_of_it(
    service: Service, family: Family
) -> None:
    consent = said(service, family, method="verbal")
    path = f"/v1/consents/{consent}"
    narrower = what_she_said(family, categories=["plan"], replaces=consent)
    before = service.get(path)

    service.as_client(ELM)
    for told, body in (
        (f"{path}/withdrawal", {}),
        (f"{path}/confirmation", {}),
        ("/v1/consents", narrower),
    ):
        answer = service.call("POST", told, json=body)
        assert (answer.status_code, answer.get_json()["code"]) == (404, "not_available")
    assert service.as_client(HUB).get(path) == before

    taken_back = service.as_client(OAK).post(f"{path}/withdrawal", {})
    assert taken_back["withdrawn_at"] is not None, "a family may say so to whoever was to be told"
