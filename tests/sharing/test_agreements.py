"""Agreements are drafted, activated, joined, left and ended, and each wrong step has its name."""

from typing import Any

import pytest

from tests.make import (
    AFTER,
    HUB,
    OAK,
    Family,
    a_member,
    in_force,
    kept,
    signed_and_activated,
    wording,
)
from tests.service import Service

CODE = "EH-2"
START = "2026-01-01T00:00:00Z"


def a_flow(**changes: Any) -> dict[str, Any]:
    return {
        "code": "f-1",
        "from": ["eh-hub"],
        "to": ["oak-school"],
        "purposes": ["early_help_support"],
        "categories": ["plan"],
        "basis": "public_task",
        "law": "Children Act 2004, section 10",
        "requires": "none",
    } | changes


def draft(**changes: Any) -> dict[str, Any]:
    members = [a_member(one, joined=START) for one in (HUB, OAK)]
    return {
        "code": CODE,
        "title": "Second agreement",
        "effective_from": START,
        "review_due": AFTER,
        "members": members,
        "flows": [a_flow()],
        "retention": kept("plan"),
        **wording(),
    } | changes


def version(**changes: Any) -> dict[str, Any]:
    whole = draft(**changes)
    return {name: whole[name] for name in whole.keys() - {"code", "title", "members"}}


@pytest.fixture
def operator(service: Service, family: Family) -> Service:
    return service.as_client(HUB)


def code_of(service: Service, path: str, body: dict[str, Any]) -> tuple[int, str]:
    answer = service.call("POST", path, json=body)
    return answer.status_code, answer.get_json()["code"]


def test_the_next_version_takes_over_and_ends_the_one_before(operator: Service) -> None:
    in_force(operator, draft())
    operator.post(f"/v1/agreements/{CODE}/versions", version())
    made = signed_and_activated(operator, CODE, 2)

    first, second = made["versions"]
    assert first["superseded_at"] == second["activated_at"]
    assert second["superseded_at"] is None
    unsigned = [one for one in operator.get("/v1/agreements/due")["items"] if one["kind"] == "sign"]
    assert unsigned == []


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"expires": START}, (422, "dates_out_of_order")),
        ({"review_due": "2025-12-31T23:59:59Z"}, (422, "dates_out_of_order")),
        ({"members": [{"agency": "nobody"}]}, (422, "unknown_word")),
        (
            {"members": [{"agency": "eh-hub", "joined": START, "left": START}]},
            (422, "dates_out_of_order"),
        ),
        ({"flows": [a_flow(purposes=["gossip"])]}, (422, "unknown_word")),
        ({"flows": [a_flow(categories=["gossip"])]}, (422, "unknown_word")),
        ({"flows": [a_flow(to=["nobody"])]}, (422, "unknown_word")),
        ({"flows": [a_flow(), a_flow()]}, (422, "unknown_word")),
        ({"flows": []}, (422, "request_invalid")),
    ],
)
def test_a_draft_that_cannot_be_is_refused_and_leaves_nothing(
    operator: Service, changes: dict[str, Any], refusal: tuple[int, str]
) -> None:
    assert code_of(operator, "/v1/agreements", draft(**changes)) == refusal
    assert operator.call("GET", f"/v1/agreements/{CODE}").status_code == 404


def test_each_step_out_of_order_is_refused_by_name(operator: Service) -> None:
    at = f"/v1/agreements/{CODE}"
    operator.post("/v1/agreements", draft())
    assert code_of(operator, "/v1/agreements", draft()) == (409, "agreement_exists")
    assert code_of(operator, f"{at}/versions/9/activation", {}) == (404, "agreement_unknown")
    operator.post(f"{at}/versions", version())
    signed_and_activated(operator, CODE, 2)
    assert code_of(operator, f"{at}/versions/2/activation", {}) == (409, "already_active")
    assert code_of(operator, f"{at}/versions/1/activation", {}) == (409, "version_superseded")
    operator.post(f"{at}/termination", {})
    assert code_of(operator, f"{at}/termination", {}) == (409, "already_terminated")
    operator.post(f"{at}/versions", version())
    assert code_of(operator, f"{at}/versions/3/activation", {}) == (409, "already_terminated")


def test_an_agency_may_leave_and_join_again(operator: Service) -> None:
    at = f"/v1/agreements/{CODE}"
    operator.post("/v1/agreements", draft())
    again = {"agency": "oak-school", "joined": "2026-06-01T00:00:00Z"}
    assert code_of(operator, f"{at}/members", again) == (409, "membership_clash")
    assert code_of(
        operator, f"{at}/members/oak-school/departure", {"left": "2025-01-01T00:00:00Z"}
    ) == (422, "dates_out_of_order")
    operator.post(f"{at}/members/oak-school/departure", {})
    assert code_of(operator, f"{at}/members/oak-school/departure", {}) == (409, "membership_clash")
    made = operator.post(f"{at}/members", again)

    stays = [one for one in made["members"] if one["agency"] == "oak-school"]
    assert [one["left"] is None for one in stays] == [False, True]
    assert code_of(operator, f"{at}/members", {"agency": "nobody"}) == (422, "unknown_word")


def test_agreements_are_listed_by_code(operator: Service) -> None:
    operator.post("/v1/agreements", draft())
    first = operator.get("/v1/agreements?size=1")
    second = operator.get(f"/v1/agreements?size=1&cursor={first['page']['next']}")

    codes = [page["items"][0]["code"] for page in (first, second)]
    assert codes == sorted(codes)
    assert CODE in codes


def test_an_agreement_does_not_end_before_it_began(operator: Service) -> None:
    operator.post("/v1/agreements", draft())
    path = f"/v1/agreements/{CODE}/termination"
    early = {"at": "2025-12-31T23:59:59Z"}
    assert code_of(operator, path, early) == (422, "dates_out_of_order")
    assert operator.post(path, {"at": START})["terminated_at"] is not None


def test_a_version_of_any_number_is_there_or_not(operator: Service) -> None:
    for number in (0, 9, 2**31 - 1, 2**31, 10**30):
        at = f"/v1/agreements/EH-ISA/versions/{number}"
        for path in ("activation", "signatures", "preview"):
            assert operator.call("POST", f"{at}/{path}", json={}).status_code in {404, 422}
        for path in ("content", "signatures", "preview"):
            assert operator.call("GET", f"{at}/{path}").status_code == 404 or path == "preview"
