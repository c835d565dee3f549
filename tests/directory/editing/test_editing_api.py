"""The doors to drafts, versions and upkeep: who may, what is answered, and what is refused."""

from datetime import timedelta
from typing import Any

import pytest

from tests.directory.editing.builders import (
    LOCATION,
    SERVICE,
    a_service,
    flat,
    location,
    uid,
)
from tests.directory.editing.conftest import WRITER
from tests.service import Service

SERVICES = f"/v1/directory/services/{SERVICE}"


def second(client: Service) -> Service:
    return client.as_client("eh-hub", scopes=WRITER, client_id="ben")


def document(client: Service, **more: Any) -> dict[str, Any]:
    with client.parts.database.reading() as session:
        return flat(session, **more)


def draft(client: Service, **more: Any) -> Any:
    body = {"kind": "service", "record": str(SERVICE), "document": document(client, **more)}
    return client.post("/v1/directory/drafts", body)


def test_a_draft_is_made_read_and_approved(client: Service) -> None:
    answer = client.call(
        "POST",
        "/v1/directory/drafts",
        json={"kind": "service", "document": document(client, name="Group"), "note": "New name"},
    )
    assert answer.status_code == 201
    where, tag = answer.headers["Location"], answer.headers["ETag"]
    assert answer.json is not None
    assert answer.json["differences"] == [
        {
            "kind": "service",
            "id": str(SERVICE),
            "changes": [
                {"pointer": "/name", "kind": "changed", "before": "Sleep clinic", "after": "Group"}
            ],
        }
    ]
    read = second(client).call("GET", where)
    assert (read.json, read.headers["ETag"]) == (answer.json, tag)

    decided = client.call("POST", f"{where}/approval", json={}, headers={"If-Match": tag})

    assert decided.status_code == 201
    assert decided.json is not None
    assert (decided.json["decision"], decided.json["decided_by"]) == ("approved", "ben")
    assert document(client)["name"] == "Group"


def test_what_was_not_looked_at_is_not_approved(client: Service) -> None:
    made = draft(client, name="Group")
    where = f"/v1/directory/drafts/{made['id']}/approval"
    answer = second(client).call("POST", where, json={}, headers={"If-Match": '"other"'})
    assert answer.status_code == 412
    assert document(client)["name"] == "Sleep clinic"


def test_a_new_record_gets_an_id_and_can_be_nested(client: Service) -> None:
    whole = a_service(name="New")
    del whole["id"]
    made = client.post("/v1/directory/drafts", {"kind": "service", "document": whole})
    second(client).post(f"/v1/directory/drafts/{made['id']}/approval", {})
    versions = client.get(f"/v1/directory/services/{made['record']}/versions")["items"]
    assert [(one["number"], one["approved_by"]) for one in versions] == [(1, "ben")]


@pytest.mark.parametrize(
    ("path", "body", "status", "code"),
    [
        ("", {"kind": "service", "document": {"id": "x"}}, 422, "draft_invalid"),
        ("", {"kind": "service", "document": []}, 422, "request_invalid"),
        ("", {"kind": "event", "document": {}}, 422, "request_invalid"),
        (
            "",
            {"kind": "service", "record": str(SERVICE), "document": {"id": uid(1)}},
            422,
            "draft_invalid",
        ),
        (
            "",
            {"kind": "service", "record": uid(1), "document": a_service(id=uid(1))},
            404,
            "not_found",
        ),
        (f"/{uid(1)}/approval", {}, 404, "not_found"),
        (f"/{uid(1)}/rejection", {"reason": "no"}, 404, "not_found"),
        (f"/{uid(1)}/rejection", {}, 422, "request_invalid"),
        (f"/{uid(1)}/withdrawal", {}, 404, "not_found"),
    ],
)
def test_what_cannot_be_is_refused_by_name(
    client: Service, path: str, body: Any, status: int, code: str
) -> None:
    assert client.post(f"/v1/directory/drafts{path}", body, status)["code"] == code


def test_its_author_cannot_approve_and_a_conflict_is_named(client: Service) -> None:
    one, two = draft(client, name="A"), draft(client, name="B")
    there = "/v1/directory/drafts/{}/{}"
    assert client.post(there.format(one["id"], "approval"), {}, 403)["code"] == "own_draft"
    second(client).post(there.format(one["id"], "approval"), {})
    refused = client.post(there.format(two["id"], "approval"), {}, 409)
    assert refused["code"] == "draft_conflict"
    assert [error["pointer"] for error in refused["errors"]] == ["#/name"]
    assert client.post(there.format(one["id"], "approval"), {}, 409)["code"] == "draft_decided"
    rejected = client.post(there.format(two["id"], "rejection"), {"reason": "Too late."})
    assert (rejected["decision"], rejected["reason"]) == ("rejected", "Too late.")


def test_drafts_come_in_pages(client: Service) -> None:
    made = []
    for name in "ABC":
        client.clock.passes(seconds=1)
        made.append(draft(client, name=name)["id"])
    client.post(f"/v1/directory/drafts/{made[0]}/withdrawal", {})
    first = client.get("/v1/directory/drafts?state=waiting&size=1")
    after = first["page"]["next"]
    rest = client.get(f"/v1/directory/drafts?state=waiting&size=1&cursor={after}")
    assert [one["id"] for one in first["items"] + rest["items"]] == [made[2], made[1]]
    assert rest["page"]["next"] is None
    assert "document" not in first["items"][0]


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/v1/directory/drafts"),
        ("POST", "/v1/directory/drafts"),
        ("GET", f"{SERVICES}/versions"),
        ("POST", f"{SERVICES}/owner"),
        ("POST", f"{SERVICES}/confirmation"),
        ("GET", "/v1/directory/upkeep"),
        ("GET", "/v1/directory/reports"),
    ],
)
def test_editing_asks_for_its_scope(client: Service, method: str, path: str) -> None:
    client.as_client("oak-school", scopes={"directory.read"})
    assert client.call(method, path, json={} if method == "POST" else None).status_code == 403


def test_versions_are_read_and_restored(client: Service) -> None:
    made = draft(client, name="Group")
    second(client).post(f"/v1/directory/drafts/{made['id']}/approval", {})
    one = client.get(f"{SERVICES}/versions?size=1")
    rest = client.get(f"{SERVICES}/versions?size=1&cursor={one['page']['next']}")
    assert [line["number"] for line in one["items"] + rest["items"]] == [2, 1]
    second_version = client.get(f"{SERVICES}/versions/2")
    assert [change["pointer"] for change in second_version["changes"]] == ["/name"]
    back = client.post(f"{SERVICES}/restoration", {"version": 1, "note": "A mistake"})
    assert back["origin"] == "restored"
    client.as_client("eh-hub", scopes=WRITER, client_id="ada")
    client.post(f"/v1/directory/drafts/{back['id']}/approval", {})
    assert document(client)["name"] == "Sleep clinic"
    assert client.call("GET", f"{SERVICES}/versions/99").status_code == 404
    assert client.call("GET", f"/v1/directory/events/{SERVICE}/versions").status_code == 404


def test_vouching_takes_one_person_and_dates_the_next_check(client: Service) -> None:
    client.clock.passes(days=30)
    said = client.post(f"{SERVICES}/confirmation", {})
    assert said == {
        "id": str(SERVICE),
        "assured_date": "2026-04-01",
        "next_check": "2026-06-30",
        "version": 2,
    }
    (newest, *_) = client.get(f"{SERVICES}/versions")["items"]
    assert (newest["origin"], newest["author"], newest["approved_by"]) == ("confirmed", "ada", None)
    again = client.post(f"{SERVICES}/confirmation", {})
    assert again["version"] == 2


def test_nobody_vouches_for_what_has_ended(client: Service) -> None:
    made = draft(client, status="defunct")
    second(client).post(f"/v1/directory/drafts/{made['id']}/approval", {})
    assert client.post(f"{SERVICES}/confirmation", {}, 409)["code"] == "service_ended"
    assert client.post(f"/v1/directory/services/{uid(1)}/confirmation", {}, 404)


def test_a_record_is_handed_over_to_an_agency(client: Service) -> None:
    place = f"/v1/directory/locations/{LOCATION}"
    said = client.post(f"{place}/owner", {"owner": "oak-school"})
    assert said == {"id": str(LOCATION), "owner": "oak-school", "version": 2}
    (newest, *_) = client.get(f"{place}/versions")["items"]
    assert newest["note"] == "Owner: oak-school"
    assert client.get(f"{place}/versions/2")["changes"] == []
    again = client.post(f"{place}/owner", {"owner": "oak-school"})
    assert again["version"] == 2
    refused = client.post(f"{place}/owner", {"owner": "nobody"}, 422)
    assert refused["errors"][0]["pointer"] == "#/owner"


def test_upkeep_lists_what_is_longest_without_assurance_first(client: Service) -> None:
    for number, assured in ((60, "2025-06-01"), (61, None), (62, "2024-01-01"), (63, "2099-01-01")):
        more = {} if assured is None else {"assured_date": assured}
        whole = a_service(id=uid(number), name=f"S{number}", **more)
        if assured is None:
            del whole["assured_date"]
        made = client.post("/v1/directory/drafts", {"kind": "service", "document": whole})
        second(client).post(f"/v1/directory/drafts/{made['id']}/approval", {})
        client.as_client("eh-hub", scopes=WRITER, client_id="ada")
    draft(client, name="Group")
    found = client.get("/v1/directory/upkeep?size=2")
    rest = client.get(f"/v1/directory/upkeep?size=3&cursor={found['page']['next']}")
    listed = found["items"] + rest["items"]
    assert [one["name"] for one in listed] == ["S61", "S62", "S60", "Sleep clinic", "S63"]
    assert found["counts"] == {"fresh": 1, "ageing": 1, "stale": 3}
    assert [one["freshness"] for one in listed] == ["stale", "stale", "ageing", "fresh", "stale"]
    assert listed[3]["next_check"] == "2026-04-30"
    assert listed[3]["drafts"] == 1
    assert listed[3]["quality"]["missing"] == ["a contact that works", "cost", "ages", "coverage"]
    fresh = client.get("/v1/directory/upkeep?freshness=fresh&owner=eh-hub")
    assert [one["name"] for one in fresh["items"]] == ["Sleep clinic"]
    assert client.get("/v1/directory/upkeep?owner=refuge")["counts"]["fresh"] == 0


def test_upkeep_shows_nobody_what_they_may_not_see(client: Service) -> None:
    made = draft(client, audience=["refuge"])
    approval = f"/v1/directory/drafts/{made['id']}/approval"
    assert second(client).post(approval, {}, 403)["code"] == "draft_partly_hidden"
    client.as_client("refuge", scopes=WRITER).post(approval, {})
    second(client)
    assert client.get("/v1/directory/upkeep")["items"] == []
    client.as_client("refuge", scopes=WRITER)
    assert len(client.get("/v1/directory/upkeep")["items"]) == 1


def test_a_report_waits_for_an_editor_who_says_what_came_of_it(client: Service) -> None:
    client.as_client("oak-school", scopes={"directory.read"}, client_id="oak-mis")
    body = {"record": str(SERVICE), "text": "Closed on Mondays.", "reply_to": "office@oak.example"}
    made = client.post("/v1/directory/reports", body | {"about": "opening_times"})
    client.as_client("eh-hub", scopes=WRITER, client_id="ada")
    (waiting,) = client.get("/v1/directory/reports?state=waiting&owner=eh-hub")["items"]
    assert waiting == made == client.get(f"/v1/directory/reports/{made['id']}")
    assert (waiting["version"], waiting["reply_to"]) == (1, "office@oak.example")
    where = f"/v1/directory/reports/{made['id']}/resolution"
    done = client.post(where, {"outcome": "nothing_wrong", "note": "Rang them."})
    assert (done["outcome"], done["resolved_by"], done["reply_to"]) == (
        "nothing_wrong",
        "ada",
        None,
    )
    assert client.post(where, {"outcome": "corrected"}, 409)["code"] == "report_resolved"
    assert client.get("/v1/directory/reports?state=waiting")["items"] == []
    assert len(client.get(f"/v1/directory/reports?state=resolved&record={SERVICE}")["items"]) == 1
    assert client.get("/v1/directory/reports?owner=refuge")["items"] == []
    assert client.call("GET", "/v1/directory/reports?state=open").status_code == 422


def test_a_correction_becomes_a_draft_that_an_editor_approves(client: Service) -> None:
    client.as_client("oak-school", scopes={"directory.read"}, client_id="oak-mis")
    body = {"record": str(SERVICE), "text": "It is free.", "about": "cost"}
    made = client.post("/v1/directory/reports", body | {"correction": {"fees": "Free"}})
    second(client).post(f"/v1/directory/drafts/{made['draft']}/approval", {})
    assert document(client)["fees"] == "Free"
    bad = body | {"correction": {"url": "none", "id": uid(2)}}
    client.as_client("oak-school", scopes={"directory.read"}, client_id="oak-mis")
    refused = client.post("/v1/directory/reports", bad, 422)
    assert [error["pointer"] for error in refused["errors"]] == ["#/document/url"]


def test_reports_come_no_faster_than_people_write(client: Service) -> None:
    body = {"record": str(SERVICE), "text": "Wrong."}
    for _ in range(10):
        client.post("/v1/directory/reports", body)
    answer = client.call("POST", "/v1/directory/reports", json=body)
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "3600")
    client.clock.at += timedelta(hours=1)
    client.post("/v1/directory/reports", body)


def test_nobody_reports_or_reads_reports_of_what_they_cannot_see(client: Service) -> None:
    made = client.post("/v1/directory/reports", {"record": str(SERVICE), "text": "Wrong."})
    one = draft(client, audience=["refuge"])
    client.as_client("refuge", scopes=WRITER)
    client.post(f"/v1/directory/drafts/{one['id']}/approval", {})
    second(client)
    body = {"record": str(SERVICE), "text": "Wrong."}
    assert client.post("/v1/directory/reports", body, 404)["code"] == "not_found"
    assert client.call("GET", f"/v1/directory/reports/{made['id']}").status_code == 404
    assert client.get("/v1/directory/reports")["items"] == []


def test_a_place_can_be_proposed_by_itself(client: Service) -> None:
    body = {"kind": "location", "document": location(name="Lantern Hall")}
    made = client.post("/v1/directory/drafts", body)
    second(client).post(f"/v1/directory/drafts/{made['id']}/approval", {})
    found = client.get(f"/v1/directory/locations/{LOCATION}/versions/2")
    assert found["document"]["name"] == "Lantern Hall"


def test_a_draft_too_large_for_a_body_is_refused(client: Service) -> None:
    body = {"kind": "service", "document": {"description": "x" * 600_000}}
    assert client.call("POST", "/v1/directory/drafts", json=body).status_code == 413
