"""No name, password, code or secret of anybody reaches a log line or a metric."""

import io
import json
from collections.abc import Iterator

import pytest

from app.observe import logs
from tests.people.making import Someone


@pytest.fixture
def lines(hart: Someone) -> Iterator[io.StringIO]:
    written = io.StringIO()
    logs.set_up("DEBUG", stream=written)
    yield written
    logs.set_up()


def test_nothing_of_signing_in_is_logged_or_counted(hart: Someone, lines: io.StringIO) -> None:
    code = hart.code
    hart.signs_in(password="wrong-pass-word", query="?next=/secret-page")  # noqa: S106
    hart.signs_in(username="un.known")
    hart.signs_in()
    cookie = hart.browser.get_cookie("rightshare_session")
    assert cookie is not None
    hart.get("/nowhere?name=m.hart", 404)
    hart.sends("/sign-out", password="typed-by-mistake")  # noqa: S106
    hart.browser.post("/sign-in", data={"username": "m.hart", "password": "wrong-pass-word"})
    counted = hart.service.call("GET", "/metrics").text

    found = [json.loads(line) for line in lines.getvalue().splitlines()]
    assert len([line for line in found if line.get("rule") == "/sign-in"]) >= 4
    secrets = ("m.hart", "un.known", hart.credentials.password, "wrong-pass-word", code)
    for secret in (*secrets, "typed-by-mistake", "secret-page", cookie.value, "127.0.0.1"):
        assert secret not in lines.getvalue(), secret
        assert secret not in counted, secret
