import re
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.kernel.paging import Key, PageBodySchema, Window, page_of, window_of
from tests.kernel.tiny import tiny_app

WHOLE = [f"{n:03}" for n in range(1, 8)]


def titles(answer: Any) -> list[str]:
    return [item["title"] for item in answer.json["items"]]


@pytest.mark.parametrize("size", [1, 2, 3, 6, 7, 8])
def test_the_pages_hold_every_item_once_and_in_order(client: FlaskClient, size: int) -> None:
    answer = client.get("/v1/plans", query_string={"size": size, "area": "north"})
    found = titles(answer)
    while answer.json["page"]["next"]:
        link = re.fullmatch('<(.+)>; rel="next"', answer.headers["Link"])
        assert link
        assert answer.json["page"]["size"] == size
        answer = client.get(link[1])
        found += titles(answer)
    assert found == WHOLE
    assert "Link" not in answer.headers


def cursor(client: FlaskClient) -> str:
    return str(client.get("/v1/plans?size=2&area=north").json["page"]["next"])  # type: ignore[index]  # there is one


def test_a_cursor_lives_through_another_page_size(client: FlaskClient) -> None:
    query = {"size": 50, "area": "north", "cursor": cursor(client)}
    assert titles(client.get("/v1/plans", query_string=query)) == WHOLE[2:]


@pytest.mark.parametrize("query", [{}, {"area": "south"}, {"area": "north", "kind": "a"}], ids=str)
def test_a_cursor_from_another_query_is_refused(client: FlaskClient, query: Any) -> None:
    answer = client.get("/v1/plans", query_string={**query, "cursor": cursor(client)})
    assert (answer.status_code, answer.get_json()["code"]) == (422, "cursor_invalid")
    assert answer.get_json()["errors"][0]["parameter"] == "cursor"


@pytest.mark.parametrize("spoil", [lambda c: c[:-1], lambda c: "W1siaSIsMF1d" + c, lambda _: "é"])
def test_a_cursor_that_we_did_not_sign_is_refused(client: FlaskClient, spoil: Any) -> None:
    query = {"area": "north", "cursor": spoil(cursor(client))}
    assert client.get("/v1/plans", query_string=query).status_code == 422


@pytest.mark.parametrize(
    "key",
    [
        ("a", 5),
        (datetime(2027, 1, 2, 3, 4, 5, 6, UTC), UUID(int=7)),
        (date(2027, 1, 2), "x"),
    ],
    ids=str,
)
def test_a_key_comes_back_as_what_it_was(key: Key) -> None:
    with tiny_app()[0].test_request_context("/v1/plans", method="POST"):
        asked = PageBodySchema().load({"size": 1}) | {"kinds": frozenset({"b", "a"})}
        page, headers = page_of([1, 2], window_of(asked), lambda _: key)
        assert headers == {}
        assert window_of(asked | {"cursor": page.page.next}).after == key


def test_a_key_of_an_unknown_type_is_a_fault() -> None:
    with tiny_app()[0].test_request_context("/v1/plans"), pytest.raises(TypeError, match="float"):
        page_of([1, 2], Window(1, None, ""), lambda _: (1.5,))  # type: ignore[arg-type, return-value]  # that is the test


def test_without_a_secret_no_cursor_is_made() -> None:
    with Flask("bare").test_request_context("/"), pytest.raises(RuntimeError, match="secret_key"):
        page_of([1, 2], Window(1, None, ""), lambda row: (row,))
