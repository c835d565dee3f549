"""Each trap that flask-smorest, Flask and webargs lay as shipped."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.kernel.strict_json import StrictJson
from tests.kernel.tiny import tiny_app

PLAN = {"title": "Plan"}


def refused(answer: TestResponse, status: int, code: str) -> dict[str, Any]:
    assert answer.status_code == status
    assert answer.mimetype == "application/problem+json"
    said: dict[str, Any] = json.loads(answer.data)
    assert (said["code"], said["status"]) == (code, status)
    assert said["type"] == f"/problems/{code}"
    assert said["instance"].startswith("urn:uuid:")
    return said


def post(client: FlaskClient, body: str | bytes, **kwargs: Any) -> TestResponse:
    return client.post("/v1/plans", data=body, content_type="application/json", **kwargs)


def test_a_good_request_is_answered(client: FlaskClient) -> None:
    answer = post(client, '{"title": "é", "weeks": 3.0, "categories": ["b", "a"]}')
    assert answer.status_code == 201
    assert answer.text.strip() == '{"title":"é","weeks":3,"categories":["a","b"]}'


@pytest.mark.parametrize(
    "body",
    [
        pytest.param("[" * 60_000, id="nested without end"),
        pytest.param('{"title": "a", "title": "b"}', id="a name twice"),
        pytest.param('{"title": "a", "weeks": NaN}', id="NaN"),
        pytest.param('{"title": "a", "weeks": 1e999}', id="infinite"),
        pytest.param('{"title": "a", "weeks": ' + "9" * 5000 + "}", id="a huge number"),
        pytest.param('{"title": "\\u0000"}', id="NUL"),
        pytest.param('{"title": "\\ud83d"}', id="half of a surrogate pair"),
        pytest.param('{"title": ', id="cut short"),
        pytest.param(b'{"title": "\xe9"}', id="Latin 1"),
    ],
)
def test_json_that_cannot_be_relied_on_is_refused_whole(
    client: FlaskClient, body: str | bytes
) -> None:
    refused(post(client, body), 400, "json_invalid")


def test_malformed_json_says_where(client: FlaskClient) -> None:
    said = refused(post(client, '{"title":\n "a" "b"}'), 400, "json_invalid")
    assert "line 2, column 6" in said["detail"]


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"title": "a", "tilte": "b"}, "#/tilte"),
        ({"title": "a", "~/x y": "b"}, "#/~0~1x%20y"),
        ({"title": "a", "weeks": 2**40}, "#/weeks"),
        ({"title": "a", "weeks": 2.5}, "#/weeks"),
        ({"title": "a", "categories": ["good", "not good"]}, "#/categories/1"),
        ({"title": "a", "identifiers": [{"scheme": "nhs_number"}]}, "#/identifiers/0/value"),
        ({"title": "a", "identifiers": ["b"]}, "#/identifiers/0"),
        ({}, "#/title"),
        ([], "#"),
        ("", "#"),
    ],
)
def test_what_the_schema_refuses_is_pointed_at(
    client: FlaskClient, body: Any, pointer: str
) -> None:
    said = refused(post(client, json.dumps(body)), 422, "request_invalid")
    assert [error["pointer"] for error in said["errors"]] == [pointer]


def test_no_body_at_all_names_what_is_missing(client: FlaskClient) -> None:
    said = refused(client.post("/v1/plans"), 422, "request_invalid")
    assert said["errors"] == [{"pointer": "#/title", "detail": "This is missing. Enter a value."}]


def test_the_errors_are_capped(client: FlaskClient) -> None:
    body = {"title": "a"} | {f"n{n}": 1 for n in range(3000)}
    said = refused(post(client, json.dumps(body)), 422, "request_invalid")
    assert len(said["errors"]) == 100


def test_a_body_of_another_type_is_refused(client: FlaskClient) -> None:
    answer = client.post("/v1/plans", data=json.dumps(PLAN), content_type="text/plain")
    refused(answer, 415, "media_type_not_supported")
    assert answer.headers["Accept"] == "application/json"


def test_a_body_without_a_type_is_refused(client: FlaskClient) -> None:
    answer = client.post("/v1/plans", data=json.dumps(PLAN))
    refused(answer, 415, "media_type_not_supported")


def test_an_encoded_body_is_refused(client: FlaskClient) -> None:
    answer = post(client, json.dumps(PLAN), headers={"Content-Encoding": "gzip"})
    refused(answer, 415, "media_type_not_supported")


@pytest.mark.parametrize("accept", ["application/xml", "text/html", "application/json;q=0", "json"])
def test_an_answer_in_another_type_is_not_forced_on_anyone(
    client: FlaskClient, accept: str
) -> None:
    refused(client.get("/v1/plans", headers={"Accept": accept}), 406, "not_acceptable")


@pytest.mark.parametrize(
    "accept",
    ["", "*/*", "application/*", "application/json; charset=utf-8", "text/html, */*;q=0.1"],
)
def test_an_answer_in_a_type_that_fits_is_given(client: FlaskClient, accept: str) -> None:
    assert client.get("/v1/plans", headers={"Accept": accept}).status_code == 200


def test_an_operation_answers_in_its_own_type(client: FlaskClient) -> None:
    octets = {"Accept": "application/octet-stream"}
    assert client.get("/v1/tile", headers=octets).data == b"tile"
    refused(client.get("/v1/tile", headers={"Accept": "application/json"}), 406, "not_acceptable")


def test_a_body_over_64_kib_is_refused(client: FlaskClient) -> None:
    refused(post(client, " " * 65_537), 413, "body_too_large")


def test_a_body_over_64_kib_of_unstated_length_is_refused(client: FlaskClient) -> None:
    answer = post(
        client,
        '{"title": "a"}' + " " * 100_000,  # cut at the limit it would be a good request
        headers={"Transfer-Encoding": "chunked"},
        environ_overrides={"wsgi.input_terminated": True, "CONTENT_LENGTH": ""},
    )
    refused(answer, 413, "body_too_large")


def test_an_operation_may_take_a_larger_body(client: FlaskClient) -> None:
    body = json.dumps(PLAN) + " " * 90_000
    answer = client.post("/v1/large-plans", data=body, content_type="application/json")
    assert answer.status_code == 200
    answer = client.post("/v1/large-plans", data=body * 2, content_type="application/json")
    refused(answer, 413, "body_too_large")


@pytest.mark.parametrize(
    ("path", "parameter"),
    [
        ("/v1/plans?aera=north", "aera"),
        ("/v1/tile?anything=1", "anything"),
        ("/v1/plans?area=north&area=south", "area"),
        ("/v1/plans?area=not+good", "area"),
        ("/v1/plans?area=a%00", "area"),
        ("/v1/plans?size=2.5", "size"),
        ("/v1/plans?size=201", "size"),
    ],
)
def test_a_parameter_that_is_unknown_repeated_or_wrong_is_refused(
    client: FlaskClient, path: str, parameter: str
) -> None:
    said = refused(client.get(path), 422, "request_invalid")
    assert [error["parameter"] for error in said["errors"]] == [parameter]


def test_a_parameter_may_be_repeated_where_it_is_a_list(client: FlaskClient) -> None:
    assert client.get("/v1/plans?kind=a&kind=b").status_code == 200


def test_a_wrong_method_is_told_the_right_ones(client: FlaskClient) -> None:
    answer = client.delete("/v1/plans")
    refused(answer, 405, "method_not_allowed")
    assert set(answer.headers["Allow"].split(", ")) == {"GET", "HEAD", "OPTIONS", "POST"}


def test_head_and_options_are_answered(client: FlaskClient) -> None:
    head = client.head("/v1/plans")
    assert (head.status_code, head.data) == (200, b"")
    assert client.head("/v1/plans?aera=1").status_code == 422
    options = client.options("/v1/plans", headers={"Accept": "text/html"})
    assert options.status_code == 200
    assert "POST" in options.headers["Allow"]


def test_a_401_keeps_its_challenge(client: FlaskClient) -> None:
    answer = client.get("/v1/closed")
    refused(answer, 401, "not_authenticated")
    assert answer.headers["WWW-Authenticate"] == 'DPoP error="invalid_token"'


def test_a_missing_address_is_a_problem_too(client: FlaskClient) -> None:
    refused(client.get("/v1/nowhere"), 404, "not_found")


def test_the_description_names_every_refusal_and_limit() -> None:
    description = tiny_app()[1].spec.to_dict()
    operation = description["paths"]["/v1/plans"]["post"]
    assert operation["responses"].keys() == {"201", "400", "406", "413", "415", "422", "default"}
    answer = description["components"]["responses"]["Problem415"]
    assert list(answer["content"]) == ["application/problem+json"]
    plan = description["components"]["schemas"]["Plan"]
    assert plan["additionalProperties"] is False
    assert plan["properties"]["title"]["maxLength"] == 50
    assert plan["properties"]["title"]["minLength"] == 1
    weeks = plan["properties"]["weeks"]
    assert (weeks["type"], weeks["minimum"], weeks["maximum"]) == ("integer", 1, 52)
    categories = plan["properties"]["categories"]
    assert (categories["maxItems"], categories["uniqueItems"]) == (5, True)
    assert categories["items"]["pattern"] == "^[A-Za-z0-9][A-Za-z0-9_-]*$"
    size = next(
        p for p in description["paths"]["/v1/plans"]["get"]["parameters"] if p["name"] == "size"
    )
    assert size["schema"]["maximum"] == 200


def test_what_is_not_json_is_not_written_as_json() -> None:
    provider = StrictJson(tiny_app()[0])
    with pytest.raises(TypeError, match="datetime"):
        provider.dumps(datetime(2027, 1, 1, tzinfo=UTC))
    with pytest.raises(ValueError, match="JSON"):
        provider.dumps(float("nan"))
