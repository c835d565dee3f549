"""What one agency answers for, no other changes, by whatever door; a keeper may change all."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.directory.exchange.test_uploads import LINES, work
from tests.directory.keeping.conftest import ELMS, NOBODYS, OAKS, WRITER
from tests.service import Service

OFFER = {"title": "Help early", "summary": "Groups.", "who_for": "Families"}
CONTACT = {"code": "door", "city": "Leeds", "kind": "early_help_hub", "name": "Door"}
AREA = {"code": "east", "kind": "cluster", "city": "Leeds", "name": "East", "parts": []}
LEVELS = {"levels": [{"code": "one", "label": "One", "common": "universal"}]}
KEPT = {"kept_since": "2026-01-05", "evidence": "All of them."}
Door = Callable[[Service, str | None], Any]


def offers(service: Service, agency: str | None) -> Any:
    return service.call("POST", "/v1/directory/offers", json=OFFER | {"agency": agency})


def pledges(service: Service, agency: str | None) -> Any:
    return service.call("PUT", f"/v1/directory/pledges/{agency}/staff_trained", json=KEPT)


def contact_points(service: Service, agency: str | None) -> Any:
    body = CONTACT | {"agency": agency}
    return service.call("POST", "/v1/directory/contact-points", json=body)


def confirmations(service: Service, agency: str | None) -> Any:
    one = {"oak": OAKS, "elm": ELMS, None: NOBODYS}[agency]
    return service.call("POST", f"/v1/directory/services/{one}/confirmation", json={})


def owners(service: Service, agency: str | None) -> Any:
    one = {"oak": OAKS, "elm": ELMS, None: NOBODYS}[agency]
    return service.call("POST", f"/v1/directory/services/{one}/owner", json={"owner": "oak"})


def approvals(service: Service, agency: str | None) -> Any:
    draft = a_draft(service, agency)
    return service.call("POST", f"/v1/directory/drafts/{draft}/approval", json={})


def rejections(service: Service, agency: str | None) -> Any:
    draft = a_draft(service, agency)
    return service.call("POST", f"/v1/directory/drafts/{draft}/rejection", json={"reason": "No"})


def resolutions(service: Service, agency: str | None) -> Any:
    one = {"oak": OAKS, "elm": ELMS, None: NOBODYS}[agency]
    said = {"kind": "service", "record": one, "about": "cost", "text": "It is free."}
    report = service.post("/v1/directory/reports", said)["id"]
    body = {"outcome": "nothing_wrong"}
    return service.call("POST", f"/v1/directory/reports/{report}/resolution", json=body)


def a_draft(service: Service, agency: str | None) -> str:
    """Have somebody else of the same agency propose a change of one of the services."""
    one = {"oak": OAKS, "elm": ELMS, None: NOBODYS}[agency]
    who = service.caller
    assert who is not None
    service.as_client(who.agency, scopes=WRITER, client_id="a-colleague")
    held = service.get(f"/v1/directory/services/{one}")
    document = {"id": one, "organization_id": held["organization"]["id"], "name": "Another"}
    document |= {"status": "active"}
    body = {"kind": "service", "record": one, "document": document}
    made: str = service.post("/v1/directory/drafts", body)["id"]
    service.caller = who
    return made


DOORS: tuple[Door, ...] = (
    offers,
    pledges,
    contact_points,
    confirmations,
    owners,
    approvals,
    rejections,
    resolutions,
)


def refused(answer: Any) -> None:
    assert (answer.status_code, answer.get_json()["code"]) == (403, "not_yours_to_change")
    assert "GET /v1/agencies" in answer.get_json()["detail"]


@pytest.mark.parametrize("door", DOORS)
def test_what_another_agency_answers_for_is_not_changed(three: Service, door: Door) -> None:
    refused(door(three, "elm"))
    assert door(three, "oak").status_code in {200, 201}
    three.as_client("hub", scopes=WRITER)
    assert door(three, "elm").status_code in {200, 201, 409}


@pytest.mark.parametrize("door", [contact_points, confirmations, owners, approvals, resolutions])
def test_what_nobody_answers_for_is_the_keepers_to_change(three: Service, door: Door) -> None:
    refused(door(three, None))
    three.as_client("hub", scopes=WRITER)
    assert door(three, None).status_code in {200, 201}


def test_what_all_share_is_the_keepers_to_change(three: Service) -> None:
    shared = (
        ("POST", "/v1/directory/areas", AREA, 201),
        ("PUT", "/v1/directory/levels/Leeds", LEVELS, 200),
        ("POST", "/v1/directory/synonyms", {"phrases": ["quagga", "zebra"]}, 201),
    )
    for method, path, body, _ in shared:
        refused(three.call(method, path, json=body))
    three.as_client("hub", scopes=WRITER)
    for method, path, body, status in shared:
        assert three.call(method, path, json=body).status_code == status
    group = three.get("/v1/directory/synonyms")["items"][0]["id"]
    three.as_client("oak", scopes=WRITER)
    refused(three.call("DELETE", f"/v1/directory/synonyms/{group}"))
    refused(three.call("POST", "/v1/directory/areas/east/end", json={}))
    part = {"kind": "ward", "code": "E05011394"}
    refused(three.call("POST", "/v1/directory/areas/east/parts", json=part))


def test_anothers_contact_point_is_not_changed_ended_covered_or_taken_over(three: Service) -> None:
    three.as_client("hub", scopes=WRITER)
    ids = {
        whose: three.post(
            "/v1/directory/contact-points", CONTACT | {"code": f"of-{whose}", "agency": whose}
        )["id"]
        for whose in ("oak", "elm")
    }
    three.as_client("oak", scopes=WRITER)
    theirs, ours = (f"/v1/directory/contact-points/{ids[whose]}" for whose in ("elm", "oak"))
    said = CONTACT | {"code": "of-elm", "agency": "oak"}
    refused(three.call("PUT", theirs, json=said))
    refused(three.call("POST", f"{theirs}/end", json={}))
    refused(three.call("POST", f"{theirs}/cover", json={"covered_by": ids["oak"]}))
    given_away = CONTACT | {"code": "of-oak", "agency": "elm"}
    refused(three.call("PUT", ours, json=given_away))
    cover = three.post(f"{ours}/cover", {"covered_by": ids["elm"]})
    three.as_client("elm", scopes=WRITER)
    refused(three.call("POST", f"/v1/directory/cover/{cover['id']}/end", json={}))
    claim = {"contact_point": ids["elm"], "kind": "area", "place": "x", "levels": ["universal"]}
    refused(three.call("POST", "/v1/directory/coverage", json=claim))


def test_an_upload_changes_nothing_that_nobody_answers_for(three: Service) -> None:
    held = three.get(f"/v1/directory/services/{NOBODYS}")
    line = {"id": NOBODYS, "name": "Ours now", "status": "active"}
    line["organization_id"] = held["organization"]["id"]
    three.call("POST", "/v1/directory/imports", json=line, headers=LINES)
    work(three)
    assert three.get(f"/v1/directory/services/{NOBODYS}") == held


def test_a_keeper_is_appointed_and_dismissed_by_whoever_enters_agencies(three: Service) -> None:
    path = "/v1/agencies/oak/keeping"
    assert three.call("POST", path, json={}).status_code == 403
    three.as_client("ig-office", scopes={"agency.write", "directory.read"})
    made = three.post(path, {})
    assert made["keeping"] == [{"starts": "2026-03-02T09:30:00+00:00", "ends": None}]
    assert three.post(path, {}, 409)["code"] == "agency_already_so"
    assert three.post("/v1/agencies/nobody/keeping", {}, 404)["code"] == "not_found"
    three.as_client("oak", scopes=WRITER)
    assert confirmations(three, "elm").status_code == 201
    three.clock.passes(days=1)
    three.as_client("ig-office", scopes={"agency.write", "directory.read"})
    ended = three.post(f"{path}/end", {}, 200)
    assert ended["keeping"][0]["ends"] == "2026-03-03T09:30:00+00:00"
    assert three.post(f"{path}/end", {}, 409)["code"] == "agency_already_so"
    three.as_client("oak", scopes=WRITER)
    refused(confirmations(three, "elm"))
    three.as_client("ig-office", scopes={"agency.write"})
    three.post(path, {"starts": "2026-03-10T00:00:00Z"})
    three.as_client("oak", scopes=WRITER)
    refused(confirmations(three, "elm"))
    three.clock.passes(days=10)
    assert confirmations(three, "elm").status_code == 201
