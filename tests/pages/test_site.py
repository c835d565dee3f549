"""What the pages say and send, without a browser."""

import re
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.kernel.problem import problem_kinds
from sharing.terms.codes import Reason
from tests.pages.paths import PAGES

BROWSER = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
LINK = re.compile(r'(?:href|src)="([^"]*)"')


@pytest.fixture
def client(site: Flask) -> FlaskClient:
    return site.test_client()


@pytest.mark.parametrize("path", PAGES)
def test_a_page_is_html_under_the_policy_and_sets_no_cookie(client: FlaskClient, path: str) -> None:
    answer = client.get(path, headers=BROWSER)
    assert answer.status_code == (404 if path == "/nowhere" else 200)
    assert answer.mimetype == "text/html"
    assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'")
    assert "Set-Cookie" not in answer.headers
    assert "style=" not in answer.text
    assert "GOV.UK - The best place" not in answer.text


@pytest.mark.parametrize("path", PAGES)
def test_every_link_of_a_page_leads_somewhere(client: FlaskClient, path: str) -> None:
    ours = {url for url in LINK.findall(client.get(path, headers=BROWSER).text) if url[0] in "/#"}
    assert ours
    for url in sorted(ours - {"/healthz"}):
        page, _, anchor = url.partition("#")
        answer = client.get(page or path, headers=BROWSER)
        assert answer.status_code == 200 or page == "" or page.startswith("/static/dist/"), url
        assert not anchor or f'id="{anchor}"' in answer.text, url
        answer.close()


def test_every_problem_has_a_page_and_stands_in_the_list(site: Flask, client: FlaskClient) -> None:
    listed = client.get("/problems/").text
    for code, kind in problem_kinds(site).items():
        assert f"/problems/{code}" in listed
        page = client.get(f"/problems/{code}")
        assert page.status_code == 200
        assert f"HTTP status {kind.status}" in page.text


def test_the_guide_names_the_eight_refusals_in_the_order_they_are_checked(
    client: FlaskClient,
) -> None:
    text = client.get("/docs").text
    places = [text.index(f'href="/problems/{reason}"') for reason in Reason]
    assert places == sorted(places)
    assert len(places) == 8


def test_only_the_last_refusal_speaks_for_the_subject(client: FlaskClient) -> None:
    for reason in Reason:
        about_subject = "that depends on the subject" in client.get(f"/problems/{reason}").text
        assert about_subject == (reason is Reason.NOT_AVAILABLE)


def test_the_list_of_operations_says_which_scope_each_asks_for(client: FlaskClient) -> None:
    page = client.get("/docs/operations").text
    operation = page[page.index('id="requestDisclosure"') :]
    assert "POST /v1/disclosures" in operation[:600]
    assert "disclosure.request" in operation[:600]


def test_nobody_can_take_the_service_for_a_way_to_report_a_concern(client: FlaskClient) -> None:
    assert "This is no way to report a safeguarding concern" in client.get("/").text
    for number in ("999", "101", "0808 800 5000", "0800 1111"):
        assert number in client.get("/safeguarding-concerns").text


def test_only_a_demonstration_speaks_of_one(client: FlaskClient, production_site: Flask) -> None:
    assert "make tour" in client.get("/about").text
    for path in PAGES:
        page = production_site.test_client().get(path, headers=BROWSER).text
        assert "emonstration" not in page
        assert "http://127.0.0.1" not in page


def test_a_person_gets_a_page_for_an_error_and_a_program_a_document(client: FlaskClient) -> None:
    page = client.get("/problems/no_such", headers=BROWSER)
    assert page.status_code == 404
    assert "There is nothing at this address" in page.text
    assert f"urn:uuid:{page.headers['Request-Id']}" in page.text
    document = client.get("/problems/no_such", headers={"Accept": "application/json"})
    assert document.mimetype == "application/problem+json"
    assert client.get("/v1/nowhere", headers=BROWSER).mimetype == "application/problem+json"


def test_the_page_of_an_error_keeps_what_its_status_owes(client: FlaskClient) -> None:
    answer = client.post("/docs", headers=BROWSER)
    assert answer.status_code == 405
    assert answer.mimetype == "text/html"
    assert "GET" in answer.headers["Allow"]
    assert len(answer.headers.getlist("Content-Type")) == 1


def test_what_a_stranger_typed_never_becomes_markup(client: FlaskClient) -> None:
    answer = client.get("/problems/<script>alert(1)</script>", headers=BROWSER)
    assert "<script>alert" not in answer.text


def test_pages_without_their_styles_say_how_to_make_them(site: Flask, tmp_path: Path) -> None:
    made, site.static_folder = site.static_folder, str(tmp_path)
    try:
        page = site.test_client().get("/").text
    finally:
        site.static_folder = made
    assert "make assets" in page
    assert "Find help for a child or family" in page
    assert "app.css" not in page


def test_the_styles_carry_no_branding_of_gov_uk(site: Flask) -> None:
    styles = Path(site.static_folder or "") / "dist" / "app.css"
    if not styles.exists():
        pytest.skip("no styles: run: make assets")
    text = styles.read_text(encoding="utf-8")
    assert "@font-face" not in text
    assert "GDS Transport" not in text
    assert "#0b5a5a" in text
