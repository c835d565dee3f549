"""Sessions: whose they are, how long they last, and that nobody can plant or forge one."""

from dataclasses import replace

import psycopg
import pytest
from flask.testing import FlaskClient
from sqlalchemy import text

from app.config import Mode
from app.factory import create_app
from tests.people.making import HTML, Someone, an_agency, someone, token_in
from tests.postgres import libpq
from tests.service import Service, settings_for


def held(browser: FlaskClient) -> str:
    found = browser.get_cookie("rightshare_session")
    assert found is not None
    return found.value


def test_pages_for_anyone_set_no_cookie_and_the_form_sets_one(hart: Someone) -> None:
    for path in ("/", "/docs", "/cookies", "/nowhere", "/manage"):
        assert "Set-Cookie" not in hart.browser.get(path, headers=HTML).headers
    cookie = hart.browser.get("/sign-in").headers["Set-Cookie"]
    assert cookie.startswith("rightshare_session=")
    assert {"HttpOnly", "Path=/", "SameSite=Lax"} <= set(cookie.split("; "))


def test_whoever_has_not_signed_in_has_nothing_on_file(hart: Someone) -> None:
    for _ in range(3):
        hart.service.app.test_client().get("/sign-in")
    hart.signs_in(password="wrong")  # noqa: S106
    with hart.service.parts.database.reading() as session:
        assert session.execute(text("select * from person_session")).all() == []


def test_on_https_cookies_are_of_this_host_alone(hart: Someone) -> None:
    settings = settings_for(hart.service.admin_url)
    secure = replace(settings, mode=Mode.PRODUCTION, public_url="https://rightshare.example")
    browser = create_app(secure, hart.service.parts).test_client()
    page = browser.get("/sign-in", base_url="https://rightshare.example")
    cookie = page.headers["Set-Cookie"]
    assert cookie.startswith("__Host-session=")
    assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"} <= set(cookie.split("; "))
    assert "Domain" not in cookie
    form = {
        "username": "m.hart",
        "password": hart.credentials.password,
        "code": hart.code,
        "csrf_token": token_in(page),
    }
    asked = {"base_url": "https://rightshare.example", "data": form}
    assert browser.post("/sign-in", **asked).status_code == 400  # no Referer
    here = {"Referer": "https://rightshare.example/sign-in"}
    answer = browser.post("/sign-in", **asked, headers=here)
    assert answer.status_code == 303
    assert all(one.startswith("__Host-") for one in answer.headers.getlist("Set-Cookie"))
    assert all("Secure" in one for one in answer.headers.getlist("Set-Cookie"))


def test_signing_in_changes_the_secret_so_that_none_can_be_planted(hart: Someone) -> None:
    hart.browser.set_cookie("rightshare_session", "planted-by-somebody")
    assert hart.signs_in().status_code == 303
    assert held(hart.browser) != "planted-by-somebody"
    thief = hart.service.app.test_client()
    thief.set_cookie("rightshare_session", "planted-by-somebody")
    assert not hart.is_in(thief)
    assert hart.is_in()


def test_signing_in_again_ends_what_the_browser_held(hart: Someone) -> None:
    hart.signs_in()
    before = held(hart.browser)
    hart.service.clock.passes(minutes=1)
    hart.signs_in()
    thief = hart.service.app.test_client()
    thief.set_cookie("rightshare_session", before)
    assert not hart.is_in(thief)
    assert hart.is_in()


def test_the_database_holds_nothing_that_opens_a_session(hart: Someone) -> None:
    hart.signs_in()
    with hart.service.parts.database.reading() as session:
        kept = str(session.execute(text("select * from person_session, person")).all())
    for secret in (held(hart.browser), hart.credentials.password, hart.credentials.totp_secret):
        assert secret not in kept


def test_a_session_ends_after_thirty_minutes_without_a_page(hart: Someone) -> None:
    hart.signs_in()
    for _ in range(3):
        hart.service.clock.passes(minutes=29, seconds=59)
        assert hart.is_in()
    hart.service.clock.passes(minutes=30)
    assert not hart.is_in()


def test_a_session_ends_after_ten_hours_whatever_is_done(hart: Someone) -> None:
    hart.signs_in()
    for _ in range(23):
        hart.service.clock.passes(minutes=26)
        assert hart.is_in()
    hart.service.clock.passes(minutes=2)
    assert not hart.is_in()


def test_signing_out_ends_the_session_everywhere(hart: Someone) -> None:
    hart.signs_in()
    secret = held(hart.browser)
    answer = hart.sends("/sign-out")
    assert answer.status_code == 303
    assert hart.browser.get_cookie("rightshare_session") is None
    thief = hart.service.app.test_client()
    thief.set_cookie("rightshare_session", secret)
    assert not hart.is_in(thief)


def test_another_site_cannot_sign_anybody_out_or_in(hart: Someone) -> None:
    hart.signs_in()
    assert hart.browser.post("/sign-out", headers=HTML).status_code == 303
    assert hart.is_in()
    stranger = hart.service.app.test_client()
    form = {"username": "m.hart", "password": hart.credentials.password, "code": hart.code}
    for token in ("", "made-up", token_in(hart.service.app.test_client().get("/sign-in"))):
        answer = stranger.post("/sign-in", data={**form, "csrf_token": token}, headers=HTML)
        assert answer.status_code == 400
        assert "did not come back as it was shown" in answer.text
        assert not hart.is_in(stranger)


@pytest.mark.parametrize("value", ["x", "\x00", "é" * 200, "y" * 4000])
def test_a_made_up_secret_opens_nothing(hart: Someone, value: str) -> None:
    hart.browser.set_cookie("rightshare_session", value)
    assert not hart.is_in()


@pytest.mark.long
def test_where_sessions_cannot_be_read_pages_say_so_and_open_nothing(service: Service) -> None:
    an_agency(service, "hub")
    hart = someone(service)
    hart.signs_in()
    with psycopg.connect(libpq(service.admin_url), autocommit=True) as connection:
        connection.execute("alter table person_session rename to elsewhere")
    assert not hart.is_in()
    refused = hart.browser.get("/manage", headers=HTML)
    assert refused.status_code == 500
    assert "The service made a mistake" in refused.text
    assert "<html" in refused.text
