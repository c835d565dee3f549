from typing import Any

import pytest
from flask import Flask, Response

from app import headers


def site(**options: Any) -> Flask:
    app = Flask("site")
    headers.install(app, **{"https": True, **options})

    @app.get("/authorize")
    def authorize() -> str:
        headers.allow_form_action("https://user@client.example:8443/back?x=1")
        return "<form>"

    @app.get("/v1/keys")
    def keys() -> Response:
        return Response("{}", mimetype="application/json", headers={"Cache-Control": "max-age=60"})

    app.add_url_rule("/<path:anywhere>", "page", lambda anywhere: f"<p>{anywhere}")
    app.add_url_rule("/v1/data", "data", lambda: {"a": 1})
    return app


def policy(answer: Any) -> dict[str, str]:
    parts = answer.headers["Content-Security-Policy"].split("; ")
    return {name: value for name, _, value in (part.partition(" ") for part in parts)}


def test_a_page_runs_and_loads_only_what_is_ours() -> None:
    found = policy(site().test_client().get("/page"))
    assert found["default-src"] == "'none'"
    assert found["script-src"].split()[0] == "'self'"
    assert "unsafe" not in str(found)
    assert found["form-action"] == "'self'"
    assert found["frame-ancestors"] == found["base-uri"] == found["object-src"] == "'none'"


def test_data_loads_nothing_at_all() -> None:
    answer = site().test_client().get("/v1/data")
    assert policy(answer) == {"default-src": "'none'", "frame-ancestors": "'none'"}
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Referrer-Policy"] == "same-origin"


def test_a_map_adds_the_origin_of_its_tiles_and_no_more() -> None:
    app = site(map_tiles_url="https://tiles.example/{z}/{x}/{y}.png?key=1")
    assert policy(app.test_client().get("/page"))["img-src"] == "'self' data: https://tiles.example"


def test_a_form_may_end_at_a_redirect_uri_for_this_answer_only() -> None:
    client = site().test_client()
    found = policy(client.get("/authorize"))
    assert found["form-action"] == "'self' https://client.example:8443"
    assert policy(client.get("/page"))["form-action"] == "'self'"


@pytest.mark.parametrize(
    ("path", "stored"),
    [
        ("/v1/data", "no-store"),
        ("/oauth/token", "no-store"),
        ("/ig/queue", "no-store"),
        ("/manage/services", "no-store"),
        ("/sign-in", "no-store"),
        ("/log/tile/0/000", "no-store"),
        ("/v1/keys", "max-age=60"),
        ("/services/1", None),
    ],
)
def test_what_speaks_of_persons_is_stored_by_no_cache(path: str, stored: str | None) -> None:
    assert site().test_client().get(path).headers.get("Cache-Control") == stored


def test_https_is_demanded_in_production_only() -> None:
    name = "Strict-Transport-Security"
    assert name in site().test_client().get("/page").headers
    assert name not in site(https=False).test_client().get("/page").headers


def test_the_open_feed_and_nothing_else_is_readable_from_other_sites() -> None:
    client = site().test_client()
    name = "Access-Control-Allow-Origin"
    assert client.get("/oruk/v3/services").headers[name] == "*"
    assert name not in client.get("/v1/data").headers


def test_an_address_without_a_host_has_no_origin() -> None:
    assert headers.origin_of("/here") == headers.origin_of(None) == ""
