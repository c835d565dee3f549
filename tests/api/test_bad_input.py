"""What a careless or hostile client sends to real doors: each time told what is wrong and where.

The fixture `service` is one database for each test; these share one, for none of them writes.
"""

import json
import secrets
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from typing import Any

import pytest
from werkzeug.test import TestResponse

from app.kernel.auth import routes
from tests.make import OAK, a_partnership, request
from tests.service import Service

ASK, CONSENT = "/v1/disclosures", "/v1/consents"
CREATING = (ASK, CONSENT, "/v1/subjects", "/v1/records", "/v1/agreements", "/v1/withholds")
LISTS = (
    "/v1/agencies",
    "/v1/agreements",
    "/v1/categories",
    "/v1/directory/contact-points",
    "/v1/log/entries",
    "/v1/purposes",
)
GOOD = json.dumps(request())
DEEP = '{"subject": ' + "[" * 20_000 + "]" * 20_000 + "}"
NO_JSON: dict[str, tuple[str | bytes, str]] = {
    "nothing but a bracket": ("{", "line 1, column 2"),
    "a name without quotes": ("{subject: 1}", "line 1, column 2"),
    "a comma too many": ('{"source": "eh-hub",}', "column"),
    "two values": (GOOD + GOOD, "Extra data"),
    "no UTF-8": (b'{"source": "\xff"}', "UTF-8"),
    "UTF-16": (GOOD.encode("utf-16"), "UTF-8"),
    "a name twice": (GOOD[:-1] + ', "source": "oak-school"}', '"source" twice'),
    "a name twice, further in": (
        GOOD.replace('"value"', '"scheme": "upn", "value"'),
        '"scheme" twice',
    ),
    "nested without end": (DEEP, "nested too deeply"),
    "NUL": (GOOD.replace("eh-hub", "eh\\u0000hub"), "NUL"),
    "half a surrogate pair": (GOOD.replace("eh-hub", "\\ud800"), "surrogate"),
    "half a surrogate pair in a name": (GOOD.replace('"source"', '"\\udfff"'), "surrogate"),
    "NaN": (GOOD.replace('"eh-hub"', "NaN"), "NaN"),
    "Infinity": (GOOD.replace('"eh-hub"', "-Infinity"), "Infinity"),
    "a number beyond doubles": (GOOD.replace('"eh-hub"', "1e999"), "too large"),
    "a number of many digits": (GOOD.replace('"eh-hub"', "9" * 5000), "too large"),
}


@pytest.fixture(scope="module")
def doors(
    template: str,
    fresh_database: Callable[..., AbstractContextManager[str]],
    postgres_url: Callable[..., str],
) -> Iterator[Service]:
    with fresh_database(template) as name:
        made = Service(postgres_url(name))
        a_partnership(made)
        yield made.as_client(OAK)
        made.close()


def refused(answer: TestResponse, status: int, code: str) -> dict[str, Any]:
    """The problem document that an answer must be."""
    assert answer.status_code == status, answer.text
    assert answer.mimetype == "application/problem+json"
    said: dict[str, Any] = json.loads(answer.data)
    assert said["code"] == code
    assert said["detail"]
    assert said["instance"] == f"urn:uuid:{answer.headers['Request-Id']}"
    return said


def posted(doors: Service, path: str, body: str | bytes, **headers: str) -> TestResponse:
    kind = {"Content-Type": "application/json"} | headers
    return doors.call("POST", path, data=body, headers=kind)


def changed(**changes: Any) -> str:
    return json.dumps(request(**changes))


@pytest.mark.parametrize("path", CREATING)
@pytest.mark.parametrize("fault", NO_JSON)
def test_a_body_that_is_not_json_to_rely_on(doors: Service, path: str, fault: str) -> None:
    body, word = NO_JSON[fault]
    assert word in refused(posted(doors, path, body), 400, "json_invalid")["detail"]


@pytest.mark.parametrize("path", CREATING)
@pytest.mark.parametrize("body", ["[]", "null", "true", "7", '"subject"'])
def test_a_body_that_is_no_object(doors: Service, path: str, body: str) -> None:
    said = refused(posted(doors, path, body), 422, "request_invalid")
    assert said["errors"][0]["pointer"] == "#"


@pytest.mark.parametrize("path", CREATING)
@pytest.mark.parametrize("body", ["", "{}"])
def test_a_body_with_nothing_in_it(doors: Service, path: str, body: str) -> None:
    errors = refused(posted(doors, path, body), 422, "request_invalid")["errors"]
    assert "This is missing. Enter a value." in {error["detail"] for error in errors}
    assert all(error["pointer"].startswith("#/") for error in errors)


@pytest.mark.parametrize("path", CREATING)
def test_a_field_that_there_is_not(doors: Service, path: str) -> None:
    body = json.dumps({"surprise/~field": 1})
    errors = refused(posted(doors, path, body), 422, "request_invalid")["errors"]
    assert "#/surprise~1~0field" in {error["pointer"] for error in errors}


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"subject": {}}, "#/subject/identifiers"),
        ({"subject": {"identifiers": []}}, "#/subject/identifiers"),
        ({"subject": {"identifiers": {}}}, "#/subject/identifiers"),
        ({"subject": {"name": "Ada"}}, "#/subject/name"),
        ({"source": 5}, "#/source"),
        ({"source": "x" * 65}, "#/source"),
        ({"source": ["eh-hub"]}, "#/source"),
        ({"source": None}, "#/source"),
        ({"purpose": " \t"}, "#/purpose"),
        ({"categories": "plan"}, "#/categories"),
        ({"categories": ["plan", None]}, "#/categories/1"),
        ({"categories": ["plan"] * 101}, "#/categories"),
        ({"practitioner": {"id": {"a": 1}}}, "#/practitioner/id"),
        ({"override": {"reason": "vital_interests"}}, "#/override/justification"),
        ({"override": True}, "#/override"),
        ({"at": "2026-03-02T09:30:00Z"}, "#/at"),
    ],
)
def test_a_request_for_a_disclosure_is_told_where_it_is_wrong(
    doors: Service, changes: dict[str, Any], pointer: str
) -> None:
    said = refused(posted(doors, ASK, changed(**changes)), 422, "request_invalid")
    assert pointer in {error["pointer"] for error in said["errors"]}


@pytest.mark.parametrize(
    "value",
    ["", "99900", "9990000019", "999 000 0018 0", "\uff19" * 10, "9990000018'--"],
)
def test_an_identifier_out_of_form_is_never_repeated(doors: Service, value: str) -> None:
    subject = {"identifiers": [{"scheme": "nhs_number", "value": value}]}
    answer = posted(doors, ASK, changed(subject=subject))
    pointer = refused(answer, 422, "request_invalid")["errors"][0]["pointer"]
    assert pointer == "#/subject/identifiers/0/value"
    assert not value or value not in answer.text


@pytest.mark.parametrize("number", [2**31, 2**53 - 1, -1, 2.5, 1e308, "21", True])
def test_a_number_that_no_column_holds(doors: Service, number: object) -> None:
    body = {"values": {"own_decision_age": number}, "signed_by": "A", "authority": "B"}
    answer = doors.call("PUT", "/v1/settings", json=body)
    said = refused(answer, 422, "request_invalid")
    assert said["errors"][0]["pointer"] == "#/values/own_decision_age"


@pytest.mark.parametrize(
    "instant",
    [
        "",
        "now",
        "2026-03-02",
        "2026-03-02T09:30:00",
        "2026-02-30T09:30:00Z",
        "0000-01-01T00:00:00Z",
    ],
)
def test_an_instant_that_is_none(doors: Service, instant: str) -> None:
    body = json.dumps({"reason": "x", "ends": instant, "subjects": [], "categories": []})
    said = refused(posted(doors, "/v1/withholds", body), 422, "request_invalid")
    assert "#/ends" in {error["pointer"] for error in said["errors"]}


@pytest.mark.parametrize("path", LISTS)
@pytest.mark.parametrize(
    ("query", "parameter", "code"),
    [
        ("colour=red", "colour", "request_invalid"),
        ("size=0", "size", "request_invalid"),
        ("size=-1", "size", "request_invalid"),
        ("size=201", "size", "request_invalid"),
        ("size=99999999999999999999", "size", "request_invalid"),
        ("size=2.0", "size", "request_invalid"),
        ("size=%D9%A1", "size", "request_invalid"),
        ("size=1&size=2", "size", "request_invalid"),
        ("size=", "size", "request_invalid"),
        ("cursor=%00", "cursor", "request_invalid"),
        ("cursor=" + "A" * 1001, "cursor", "request_invalid"),
        ("cursor=W10.abc", "cursor", "cursor_invalid"),
        ("cursor='%20or%201=1", "cursor", "cursor_invalid"),
        ("=", "", "request_invalid"),
    ],
)
def test_a_parameter_that_a_list_does_not_take(
    doors: Service, path: str, query: str, parameter: str, code: str
) -> None:
    said = refused(doors.call("GET", f"{path}?{query}"), 422, code)
    assert parameter in {error["parameter"] for error in said["errors"]}


@pytest.mark.parametrize("path", [CONSENT, ASK])
def test_a_query_on_a_door_that_takes_none(doors: Service, path: str) -> None:
    said = refused(posted(doors, f"{path}?nhs_number=9990000018", "{}"), 422, "request_invalid")
    assert said["errors"][0]["parameter"] == "nhs_number"


@pytest.mark.parametrize("key", ["", "two words", "k" * 256, secrets.token_urlsafe(5000), "é"])
def test_a_key_that_names_no_request(doors: Service, key: str) -> None:
    answer = posted(doors, ASK, GOOD, **{"Idempotency-Key": key})
    said = refused(answer, 422, "request_invalid")
    assert said["errors"][0]["parameter"] == "Idempotency-Key"


def test_a_cursor_of_another_list(doors: Service) -> None:
    cursor = doors.get("/v1/categories?size=1")["page"]["next"]
    said = refused(doors.call("GET", f"/v1/purposes?cursor={cursor}"), 422, "cursor_invalid")
    assert said["errors"][0]["parameter"] == "cursor"


@pytest.mark.parametrize("path", CREATING)
@pytest.mark.parametrize(
    "headers",
    [
        {"Content-Type": "text/plain"},
        {"Content-Type": "application/x-www-form-urlencoded"},
        {"Content-Type": "application/xml"},
        {"Content-Type": ""},
        {"Content-Encoding": "gzip"},
    ],
)
def test_a_body_in_another_form(doors: Service, path: str, headers: dict[str, str]) -> None:
    answer = posted(doors, path, GOOD, **headers)
    said = refused(answer, 415, "media_type_not_supported")
    assert "application/json" in said["detail"]
    assert answer.headers["Accept"] == "application/json"


@pytest.mark.parametrize("path", [CONSENT, ASK, "/v1/records"])
def test_a_body_that_is_too_large(doors: Service, path: str) -> None:
    largest = 1024 * 1024 if path == "/v1/records" else 64 * 1024
    said = refused(posted(doors, path, b'"' + b"x" * largest + b'"'), 413, "body_too_large")
    assert str(largest) in said["detail"]


@pytest.mark.parametrize("path", LISTS)
def test_an_answer_in_a_form_that_there_is_not(doors: Service, path: str) -> None:
    answer = doors.call("GET", path, headers={"Accept": "application/xml"})
    assert "application/json" in refused(answer, 406, "not_acceptable")["detail"]


def test_every_door_refuses_the_methods_that_it_does_not_take(doors: Service) -> None:
    taken: dict[str, set[str]] = {}
    for path, method, _ in routes(doors.app):
        if path.startswith("/v1/") and "<" not in path:
            taken.setdefault(path, set()).add(method)
    for path, methods in taken.items():
        for method in {"GET", "POST", "PUT", "PATCH", "DELETE", "TRACE"} - methods:
            answer = doors.call(method, path)
            refused(answer, 405, "method_not_allowed")
            assert methods <= set(answer.headers["Allow"].split(", ")), (method, path)


@pytest.mark.parametrize(
    "path",
    [
        "/v1/consents/17",
        "/v1/consents/00000000-0000-0000-0000-00000000000g",
        "/v1/consents/%00",
        "/v1/log/entries/..%2f..%2fetc%2fpasswd",
        "/v1/agreements/%00",
        "/v1/agreements/%ff%fe",
        "/v1/agencies/" + "x" * 5000,
        "/v1/nothing",
    ],
)
def test_an_address_at_which_nothing_can_be(doors: Service, path: str) -> None:
    answer = doors.call("GET", path)
    assert answer.status_code == 404
    assert answer.mimetype == "application/problem+json"
