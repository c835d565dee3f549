"""Nobody takes the whole log out alone: one asks, another agrees, and the log notes each."""

import json
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest
from psycopg import errors

from app.kernel.roles import APP
from tests.make import HUB, OAK, Family
from tests.service import Service
from tests.sharing.keeping import judge, sequencing
from tests.sharing.seeing import Rows, entries

AUDIT = ("log.audit",)
REQUESTS = "/v1/log/export/requests"
NOBODY = "01890000-0000-7000-8000-000000000000"


def asked(service: Service, openings: str = "facts") -> str:
    """Ask for an export as an auditor of the hub; the request's id."""
    service.as_client(HUB, scopes=AUDIT)
    body = {"openings": openings, "reason": "the yearly audit"}
    made: str = service.post(REQUESTS, body)["id"]
    return made


def approve(service: Service, request: str, client_id: str = "second-auditor") -> tuple[int, str]:
    """Approve as somebody else; the status and the code, if it was refused."""
    service.as_client(OAK, scopes=AUDIT, client_id=client_id)
    answer = service.call("POST", f"{REQUESTS}/{request}/approval")
    return answer.status_code, answer.get_json().get("code", "")


def approved(service: Service, openings: str = "facts") -> str:
    """Ask for an export, have another approve it, and be the one who asked again."""
    request = asked(service, openings)
    assert approve(service, request) == (200, "")
    service.as_client(HUB, scopes=("log.read", *AUDIT))
    return request


def taken(service: Service, request: str | None, more: str = "") -> tuple[int, str]:
    """Take the log out; the status and the code, if it was refused."""
    query = "" if request is None else f"?request={request}{more}"
    answer = service.call("GET", f"/v1/log/export{query}")
    return answer.status_code, (answer.get_json(silent=True) or {}).get("code", "")


@pytest.fixture
def published(service: Service, family: Family, tmp_path: Path) -> Service:
    """A service whose log has a checkpoint."""
    with sequencing(service.admin_url, tmp_path / "anchor.json", service.clock) as sequencer:
        service.as_client(HUB, scopes=AUDIT)
        asked(service)
        sequencer.step()
    return service


def test_nobody_takes_the_log_alone(published: Service) -> None:
    published.as_client(HUB, scopes=AUDIT)
    assert taken(published, None) == (403, "second_person_needed")
    request = asked(published)
    assert taken(published, request) == (403, "second_person_needed")
    own = published.call("POST", f"{REQUESTS}/{request}/approval")
    assert (own.status_code, own.get_json()["code"]) == (403, "own_export")
    assert approve(published, request, client_id=f"{HUB}-client".upper()) == (403, "own_export")
    assert approve(published, request) == (200, "")
    assert taken(published, request) == (403, "second_person_needed")  # the approver, not who asked
    published.as_client(HUB, scopes=AUDIT)
    assert taken(published, request, "&openings=people") == (403, "second_person_needed")
    assert taken(published, request) == (200, "")
    assert taken(published, request) == (409, "export_taken")
    assert approve(published, request) == (409, "export_taken")


def test_an_approval_does_not_wait_for_ever(published: Service) -> None:
    late, lies, twice = (asked(published) for _ in range(3))
    assert approve(published, lies) == (200, "")
    assert approve(published, twice) == (200, "")
    assert approve(published, twice, "third") == (409, "export_approved")
    published.clock.passes(hours=23)
    last = approved(published)
    published.clock.passes(hours=1)
    assert approve(published, late) == (410, "export_expired")
    published.as_client(HUB, scopes=AUDIT)
    assert taken(published, lies) == (410, "export_expired")
    assert taken(published, last) == (200, "")
    listed = published.get(f"{REQUESTS}?size=4")["items"]
    assert [one["state"] for one in listed] == ["taken", "expired", "expired", "expired"]
    assert published.get(f"{REQUESTS}/{late}")["reason"] == "the yearly audit"


def test_what_is_not_there_is_not_approved(published: Service) -> None:
    assert approve(published, NOBODY) == (404, "export_unknown")
    assert taken(published, NOBODY) == (404, "export_unknown")
    assert published.call("GET", f"{REQUESTS}/{NOBODY}").status_code == 404
    assert published.call("POST", REQUESTS, json={"openings": "all"}).status_code == 422
    published.as_client(HUB, scopes=("log.read", "log.review"))
    assert published.call("POST", REQUESTS, json={"reason": "why"}).status_code == 403


def test_asking_approving_and_taking_are_entries_that_name_nobody(
    published: Service, superuser: Rows, tmp_path: Path
) -> None:
    request = approved(published, "people")
    answer = published.call("GET", f"/v1/log/export?request={request}")
    (tmp_path / "log.tar").write_bytes(answer.get_data())
    assert judge(tmp_path / "log.tar").code == 0
    said = [one for one in entries(superuser) if one.said.get("request") == request]
    acts = [(one.recipient, one.said["act"], one.said["client"]) for one in said]
    assert acts == [
        (HUB, "export_requested", f"{HUB}-client"),
        (OAK, "export_approved", "second-auditor"),
        (HUB, "export", f"{HUB}-client"),
    ]
    assert all("yearly" not in json.dumps(one.said) for one in said)
    assert {json.loads(one.leaf)["kind"] for one in said} == {"reading"}


def test_the_database_lets_nobody_approve_their_own(
    published: Service, connected_as: Callable[[str], Rows]
) -> None:
    request = asked(published)
    app: psycopg.Connection = connected_as(APP)
    own = (
        "update log_export_request set approved_by = %s, approved_agency = agency,"
        " approved_at = now() where id = %s"
    )
    with pytest.raises(errors.CheckViolation):
        app.execute(own, [f"{HUB}-CLIENT", request])
    with pytest.raises(errors.CheckViolation):
        app.execute("update log_export_request set taken_at = now() where id = %s", [request])
    with pytest.raises(errors.InsufficientPrivilege):
        app.execute("update log_export_request set requested_by = 'other'")
