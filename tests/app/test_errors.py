import io
import json
from typing import Any

import pytest
from flask import Flask, Response, abort
from flask.testing import FlaskClient
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from app.errors import register_errors
from app.kernel.auth import InsufficientScope
from app.kernel.problem import Api, problem, register_problems
from app.kernel.problem_codes import ProblemKind
from app.kernel.strict_json import StrictJson
from app.observe import logs, trace

SECRET = "Ada, 9990000018"  # noqa: S105  (what must not come out)


class PlanClosed(Exception):
    """The plan is closed."""


class Refused(Exception):
    def __init__(self, reason: str) -> None:
        super().__init__()
        self.reason = reason
        self.headers = {"Retry-After": "9"}
        self.errors = [{"pointer": "#/plan", "detail": "Closed."}]


KINDS = [
    ProblemKind("plan_closed", 409, "The plan is closed", "Open a new one."),
    ProblemKind("not_available", 404, "Not available", "It is not available."),
]
RAISES: dict[str, Exception] = {
    "/v1/named": PlanClosed("The plan was closed last week."),
    "/v1/silent": PlanClosed(),
    "/v1/reasoned": Refused("not_available"),
    "/v1/scope": InsufficientScope("plan.read"),
    "/v1/fault": ZeroDivisionError(SECRET),
    "/v1/statement": IntegrityError("INSERT", {"name": SECRET}, Exception(SECRET)),
    "/v1/down": OperationalError("SELECT", {"name": SECRET}, Exception(SECRET)),
    "/v1/busy": PoolTimeoutError(SECRET),
    "/page": ZeroDivisionError(SECRET),
}


def app_that_fails(page: Any = None) -> Flask:
    app = Flask("failing")
    app.config.update(API_TITLE="F", API_VERSION="1.0.0", OPENAPI_VERSION="3.1.0")
    app.json = StrictJson(app)
    register_problems(app, KINDS)
    Api(app)
    trace.install(app)
    register_errors(
        app,
        {PlanClosed: (409, "plan_closed")},
        {Refused: lambda refused: (404, refused.reason)},
        page=page,
    )

    def fail(path: str) -> Any:
        def view() -> None:
            raise RAISES[path]

        app.add_url_rule(path, path, view)

    for path in RAISES:
        fail(path)
    app.add_url_rule("/stopped", "stopped", lambda: abort(problem(409, "plan_closed")))
    return app


@pytest.fixture
def client() -> FlaskClient:
    return app_that_fails().test_client()


@pytest.mark.parametrize(
    ("path", "status", "code", "detail"),
    [
        ("/v1/named", 409, "plan_closed", "The plan was closed last week."),
        ("/v1/silent", 409, "plan_closed", "Open a new one."),
        ("/v1/reasoned", 404, "not_available", "It is not available."),
        ("/v1/scope", 403, "insufficient_scope", "with the scope plan.read"),
        ("/v1/fault", 500, "fault", "Nothing was disclosed"),
        ("/v1/statement", 500, "fault", "Nothing was disclosed"),
        ("/v1/down", 503, "unavailable", "Nothing was disclosed"),
        ("/v1/busy", 503, "unavailable", "Nothing was disclosed"),
        ("/v1/nowhere", 404, "not_found", "Check the address"),
        ("/stopped", 409, "plan_closed", "Open a new one."),
    ],
)
def test_every_error_has_one_answer(
    client: FlaskClient, path: str, status: int, code: str, detail: str
) -> None:
    answer = client.get(path)
    assert answer.status_code == status
    assert answer.mimetype == "application/problem+json"
    said = json.loads(answer.data)
    assert said["code"] == code
    assert detail in said["detail"]
    assert said["instance"] == f"urn:uuid:{answer.headers['Request-Id']}"
    assert SECRET not in answer.text
    assert "Traceback" not in answer.text


def test_an_error_may_bring_its_own_places_and_headers(client: FlaskClient) -> None:
    answer = client.get("/v1/reasoned")
    assert json.loads(answer.data)["errors"] == [{"pointer": "#/plan", "detail": "Closed."}]
    assert answer.headers["Retry-After"] == "9"


def test_a_missing_scope_is_challenged_precisely(client: FlaskClient) -> None:
    challenge = client.get("/v1/scope").headers["WWW-Authenticate"]
    assert challenge == 'DPoP error="insufficient_scope", scope="plan.read"'


def test_a_database_that_does_not_answer_says_when_to_come_again(client: FlaskClient) -> None:
    assert client.get("/v1/down").headers["Retry-After"] == "5"


@pytest.mark.parametrize("path", ["/v1/fault", "/v1/statement", "/v1/down"])
def test_a_fault_is_logged_by_its_id_and_its_place_and_not_by_what_it_says(path: str) -> None:
    written = io.StringIO()
    logs.set_up(stream=written)
    answer = app_that_fails().test_client().get(path)
    logs.set_up()
    assert SECRET not in written.getvalue()
    line = json.loads(written.getvalue())
    assert line["request_id"] == answer.headers["Request-Id"]
    assert line["exception"].endswith(type(RAISES[path]).__name__)
    assert "test_errors.py" in line["at"][-1]


def page(said: Response) -> tuple[str, int]:
    return f"<p>{(said.get_json() or {})['title']}", said.status_code


@pytest.mark.parametrize(
    ("path", "accept", "is_page"),
    [
        ("/page", "text/html,*/*;q=0.8", True),
        ("/nowhere", "text/html", True),
        ("/page", "application/json", False),
        ("/page", "*/*", False),
        ("/v1/nowhere", "text/html", False),
        ("/v1/fault", "text/html", False),
    ],
)
def test_a_browser_gets_a_page_and_a_program_a_document(
    *, path: str, accept: str, is_page: bool
) -> None:
    answer = app_that_fails(page).test_client().get(path, headers={"Accept": accept})
    assert answer.text.startswith("<p>") is is_page
    assert answer.status_code in {404, 500}


def test_two_storeys_do_not_judge_one_error() -> None:
    table = {PlanClosed: (409, "plan_closed")}
    with pytest.raises(ValueError, match="PlanClosed"):
        register_errors(Flask("twice"), table, table)
