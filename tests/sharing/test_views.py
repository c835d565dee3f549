"""Searches of the log are kept by name, for an agency, and no view keeps a subject."""

from typing import Any

from tests.make import CHILD, ELM, HUB, OAK, Family
from tests.service import Service
from tests.sharing.seeing import Rows

READER = ("log.read",)
VIEWS = "/v1/log/views"
FILTERS: dict[str, Any] = {
    "override": True,
    "outcome": "permit",
    "agency": OAK,
    "since": "2026-03-01T00:00:00+00:00",
    "practitioner": {"agency": OAK, "id": "teacher-7"},
}


def test_a_view_comes_back_as_it_was_kept_and_finds_what_its_filters_find(
    service: Service, family: Family, superuser: Rows
) -> None:
    service.as_client(HUB, scopes=READER)
    made = service.post(VIEWS, {"name": "Overrides at Oak", "filters": FILTERS})

    assert made["filters"] == FILTERS
    assert (made["name"], made["owner"]) == ("Overrides at Oak", f"{HUB}-client")
    assert service.get(VIEWS)["items"] == [made]
    assert service.post("/v1/log/entries/search", made["filters"], 200)["items"] == []
    rows = superuser.execute("select filters::text, persons from log_view").fetchall()
    assert "teacher-7" not in str(rows)


def test_an_agencys_views_are_its_own_and_go_when_they_are_removed(
    service: Service, family: Family
) -> None:
    made = service.as_client(HUB, scopes=READER).post(VIEWS, {"name": "All", "filters": {}})
    again = service.call("POST", VIEWS, json={"name": "All", "filters": {"override": True}})
    assert (again.status_code, again.json["code"]) == (409, "view_exists")
    service.as_client(ELM, scopes=READER)
    assert service.get(VIEWS)["items"] == []
    removal = f"{VIEWS}/{made['id']}/removal"
    theirs = service.call("POST", removal, json={})
    assert (theirs.status_code, theirs.json["code"]) == (404, "view_unknown")
    service.post(VIEWS, {"name": "All", "filters": {}})

    service.as_client(HUB, scopes=READER).post(removal, {})
    assert service.get(VIEWS)["items"] == []


def test_what_may_not_be_kept_is_refused_with_the_reason(service: Service, family: Family) -> None:
    service.as_client(HUB, scopes=READER)
    child = {"subject": {"identifiers": [CHILD]}, "family": True}
    for filters, named in (
        (child, ["#/filters/subject", "#/filters/family"]),
        ({"ground": "gossip"}, ["#/filters/ground"]),
        ({"colour": "blue"}, ["#/filters/colour"]),
    ):
        answer = service.call("POST", VIEWS, json={"name": "x", "filters": filters})
        assert answer.status_code == 422
        assert [one["pointer"] for one in answer.json["errors"]] == named
    for number in range(100):
        service.post(VIEWS, {"name": f"view {number}", "filters": {}})
    answer = service.call("POST", VIEWS, json={"name": "one more", "filters": {}})
    assert (answer.status_code, answer.json["code"]) == (409, "too_many_views")
