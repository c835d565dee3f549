import re

import pytest
from flask import Flask, g
from flask_smorest import abort
from werkzeug.exceptions import HTTPException, NotFound, TooManyRequests

from app.kernel.problem import (
    named,
    pointed,
    problem,
    problem_from,
    problem_kinds,
    register_problems,
    request_id,
)
from app.kernel.problem_codes import CODE_OF_STATUS, COMMON, ProblemKind

OWN = ProblemKind("plan_closed", 409, "The plan is closed", "Open a new one.")


@pytest.fixture
def app() -> Flask:
    made = Flask("problems")
    register_problems(made, [OWN])
    return made


def raised(status: int, **kwargs: object) -> HTTPException:
    with pytest.raises(HTTPException) as caught:
        abort(status, **kwargs)
    return caught.value


def test_a_problem_document_holds_what_rfc_9457_names_and_our_code(app: Flask) -> None:
    with app.test_request_context("/v1/plans/17?name=Ada"):
        answer = problem(409, "plan_closed", errors=[{"pointer": "#/title", "detail": "No."}])
        mine = request_id()
    assert answer.mimetype == "application/problem+json"
    assert answer.json == {
        "type": "/problems/plan_closed",
        "title": "The plan is closed",
        "status": 409,
        "code": "plan_closed",
        "detail": "Open a new one.",
        "instance": f"urn:uuid:{mine}",
        "errors": [{"pointer": "#/title", "detail": "No."}],
    }


def test_the_id_of_a_request_stays_the_same_and_is_no_one_elses(app: Flask) -> None:
    with app.test_request_context():
        first = request_id()
        assert request_id() == first == g.request_id
    with app.test_request_context():
        assert request_id() != first


def test_a_problem_that_nobody_registered_is_a_fault(app: Flask) -> None:
    with app.test_request_context(), pytest.raises(LookupError, match="plan_lost"):
        problem(404, "plan_lost")


def test_a_code_has_one_meaning(app: Flask) -> None:
    register_problems(app, [OWN])
    other = ProblemKind("plan_closed", 410, "Closed for good", "Give up.")
    with pytest.raises(ValueError, match="two meanings"):
        register_problems(app, [other])
    assert problem_kinds(app)["plan_closed"] == OWN


def test_an_application_that_registered_nothing_still_knows_the_common_problems() -> None:
    assert "not_found" in problem_kinds(Flask("bare"))


def test_every_common_problem_says_what_to_do_under_a_code_that_fits_an_address() -> None:
    assert len({kind.code for kind in COMMON}) == len(COMMON)
    for kind in COMMON:
        assert re.fullmatch("[a-z_]+", kind.code)
        assert kind.help.endswith(".")
        assert not kind.title.endswith(".")
    assert CODE_OF_STATUS[422] == "request_invalid"
    assert CODE_OF_STATUS[400] == "bad_request"


@pytest.mark.parametrize(
    ("error", "status", "code", "detail"),
    [
        (NotFound(), 404, "not_found", "Check the address"),
        (NotFound("No such plan."), 404, "not_found", "No such plan."),
        (raised(409, code="plan_closed"), 409, "plan_closed", "Open a new one."),
        (raised(409, message="It was closed."), 409, "conflict", "It was closed."),
        (raised(418), 418, "bad_request", "does not follow HTTP"),
        (raised(502), 502, "fault", "Nothing was disclosed"),
    ],
)
def test_an_http_error_becomes_a_problem(
    app: Flask, error: HTTPException, status: int, code: str, detail: str
) -> None:
    with app.test_request_context():
        answer = problem_from(error)
    assert answer.status_code == status
    said = answer.get_json()
    assert said["code"] == code
    assert detail in said["detail"]


def test_an_error_keeps_the_headers_that_its_status_is_owed(app: Flask) -> None:
    with app.test_request_context():
        late = problem_from(TooManyRequests(retry_after=7))
        told = problem_from(raised(401, headers={"WWW-Authenticate": "DPoP"}))
    assert late.headers["Retry-After"] == "7"
    assert told.headers["WWW-Authenticate"] == "DPoP"


@pytest.mark.parametrize(
    ("given", "listed"),
    [
        ({"a": {0: {"b": ["No."]}}}, [{"pointer": "#/a/0/b", "detail": "No."}]),
        ([{"pointer": "#/a", "detail": "No."}], [{"pointer": "#/a", "detail": "No."}]),
    ],
)
def test_a_view_may_say_itself_what_is_wrong(app: Flask, given: object, listed: object) -> None:
    with app.test_request_context():
        said = problem_from(raised(422, errors=given)).get_json()
    assert said["errors"] == listed


def test_an_answer_that_is_no_error_is_left_alone(app: Flask) -> None:
    class NotModified(HTTPException):
        code = 304

    with app.test_request_context():
        answer = problem_from(NotModified())
    assert (answer.status_code, answer.mimetype) == (304, "text/html")


def test_messages_become_places() -> None:
    assert pointed({"_schema": ["No."], "a": ["One.", "Two."]}) == [
        {"pointer": "#", "detail": "No."},
        {"pointer": "#/a", "detail": "One."},
        {"pointer": "#/a", "detail": "Two."},
    ]
    assert named({"a": ["One."], "b": {0: ["Two."]}}) == [
        {"parameter": "a", "detail": "One."},
        {"parameter": "b", "detail": "Two."},
    ]
