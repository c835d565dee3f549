"""Replaying a draft: how tests ask for it, and what they read of its result."""

from collections.abc import Callable
from typing import Any

from werkzeug.test import TestResponse

from app.worker import work_once
from tests.make import (
    HUB,
    an_agreement,
)
from tests.service import Service
from tests.sharing.test_previewing import OFFICE

PATH = "/v1/agreements/EH-ISA/versions/2/preview"
WHY = "The board asks what the second version would change"
Flows = list[dict[str, Any]]


def a_draft(service: Service, **changes: Any) -> int:
    """Draft the next version; its number."""
    whole = an_agreement() | changes
    body = {name: whole[name] for name in whole.keys() - {"code", "title", "members"}}
    made = service.as_client(HUB).post("/v1/agreements/EH-ISA/versions", body)
    return int(made["versions"][-1]["version"])


def begun(service: Service, *scopes: str, agency: str = HUB, **changes: Any) -> TestResponse:
    service.as_client(agency, scopes=scopes or OFFICE)
    return service.call("POST", changes.pop("path", PATH), json={"reason": WHY} | changes)


def worked(service: Service) -> None:
    while work_once(service.parts.database, service.clock):
        pass


def result(service: Service, **changes: Any) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """Replay version 2; what was counted, and every difference."""
    answer = begun(service, **changes)
    assert answer.status_code == 202, answer.text
    assert answer.get_json()["state"] == "running"
    worked(service)
    done = service.get(answer.headers["Location"])
    assert done["state"] == "done"
    listed = service.get(f"{answer.headers['Location']}/differences?size=200")["items"]
    return done, listed


def flows(change: Callable[[dict[str, Any]], dict[str, Any] | None], *more: Any) -> Flows:
    """The flows of version 1, each changed or dropped, and more."""
    kept = [change(dict(flow)) for flow in an_agreement()["flows"]]
    return [flow for flow in (*kept, *more) if flow is not None]


def without(code: str) -> Flows:
    return flows(lambda flow: None if flow["code"] == code else flow)


def changed(code: str, **what: Any) -> Flows:
    return flows(lambda flow: flow | what if flow["code"] == code else flow)
