"""What the directory's pages say and send, without a browser."""

import csv
import io
import re
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.pages.world import (
    ENDED,
    HIDDEN,
    HOSTILE,
    ONLINE,
    POSTCODE,
    REFUGE,
    REFUGE_STREET,
    SERVICES,
    an_id,
)

HTML = {"Accept": "text/html"}
BROWSER = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
LINK = re.compile(r'<a [^>]*href="(/[^"#]*)')
FIRST = an_id("service", 1)
UNKNOWN = "00000000-0000-4000-8000-000000000000"


@pytest.fixture
def client(site: Flask) -> FlaskClient:
    return site.test_client()


def post(client: FlaskClient, path: str, status: int = 200, **form: Any) -> TestResponse:
    answer = client.post(path, data=form, headers=HTML)
    assert answer.status_code == status, answer.text
    assert answer.headers["Cache-Control"] == "no-store"
    assert "Set-Cookie" not in answer.headers
    return answer


def names(page: str) -> list[str]:
    return re.findall(r'class="app-link">([^<]+)</button></h3>', page)


def test_a_search_shows_what_was_found_with_the_one_best_next_step(client: FlaskClient) -> None:
    page = post(client, "/search", words="debt").text
    assert "Debt and welfare advice group 3" in names(page)
    assert "Parenting support group 1" not in names(page)
    for said in ("Lantern Trust", "Phone:", 'href="tel:0163296080', "years", "Why it is here"):
        assert said in page, said


def test_each_card_says_when_it_was_checked_in_words_and_colour(client: FlaskClient) -> None:
    page = post(client, "/search").text
    for said, colour in (("Checked on", "green"), ("more than 3 months ago", "yellow")):
        assert re.search(rf"govuk-tag--{colour}\s*\"[^>]*>\s*[^<]*{said}", page), said
    page = client.get(f"/services/{an_id('service', 30)}", headers=HTML).text
    assert re.search(r"govuk-tag--red\s*\"[^>]*>\s*Last checked on", page)


def test_nothing_of_a_search_stands_in_an_address(client: FlaskClient) -> None:
    page = post(client, "/search", words="debt", postcode=POSTCODE, age="7").text
    addresses = re.findall(r'(?:href|action|formaction)="([^"]*)"', page)
    assert not [one for one in addresses if "debt" in one.lower() or "LS8" in one]
    assert client.get("/search?words=debt", headers=HTML).status_code == 303


@pytest.mark.parametrize(
    ("form", "name", "said"),
    [
        ({"postcode": "ZE99 1AA"}, "postcode", "This postcode is not known"),
        ({"postcode": "near the park"}, "postcode", "Enter one such as LS8 5NG"),
        ({"distance": "5"}, "postcode", "Enter a postcode to measure the distance from"),
        ({"distance": "7", "postcode": POSTCODE}, "distance", "Choose a distance from the list"),
        ({"age": "seven"}, "age", "Enter an age in years, such as 7"),
        ({"age": "-1"}, "age", "Enter an age in years, such as 7"),
        ({"age": "400"}, "age", "Enter an age in years, such as 7"),
        ({"open_on": "31/2/2026"}, "open_on", "Enter a real date, such as 27/3/2026"),
        ({"day": "XX"}, "day", "Choose a day from the list"),
        ({"free": "maybe"}, "free", "Tick the box, or leave it"),
        ({"words": "x" * 201}, "words", "Enter 200 characters or fewer"),
        ({"words": "nul\x00"}, "words", "NUL"),
    ],
)
def test_what_was_typed_survives_every_error_which_is_linked_to_its_field(
    client: FlaskClient, form: dict[str, str], name: str, said: str
) -> None:
    page = post(client, "/search", 422, language="ur", shortlist=FIRST, **form).text
    assert "<title>Error: " in page
    assert f'<a href="#{name}">' in page
    assert said in page
    assert f'id="{name}-error"' in page
    for typed in form.values():
        assert "\x00" in typed or f'"{typed}"' in page
    assert f'name="shortlist" value="{FIRST}"' in page
    assert re.search(r'value="ur"\s+selected', page)


@pytest.mark.parametrize("path", ["/search.json", "/search.csv"])
def test_a_program_is_told_what_is_wrong_by_field(client: FlaskClient, path: str) -> None:
    answer = post(client, path, 422, age="seven")
    assert answer.mimetype == "application/problem+json"
    assert answer.get_json()["errors"][0]["parameter"] == "age"


@pytest.mark.parametrize(
    "form",
    [
        {"colour": "red"},
        {"page": "0"},
        {"page": "101"},
        {"page": "x"},
        {"topic": "debt"},
        {"organization": "1"},
        {"narrow": "colour=red"},
        {"shortlist": "me"},
        {"shortlist": ",".join([UNKNOWN[:-4] + f"{number:04}" for number in range(51)])},
    ],
)
def test_a_form_that_is_not_ours_is_explained(client: FlaskClient, form: dict[str, str]) -> None:
    assert "There is a problem" in post(client, "/search", 422, **form).text


def test_a_filter_is_removed_by_its_button_and_a_postcode_takes_its_distance(
    client: FlaskClient,
) -> None:
    asked = {"words": "debt", "postcode": POSTCODE, "distance": "5", "page": "1"}
    page = post(client, "/search", **asked, remove="postcode").text
    assert "“debt”" in page
    assert "Near LS8" not in page
    assert "Within" not in page


def test_a_facet_narrows_the_list_to_as_many_as_it_said(client: FlaskClient) -> None:
    page = post(client, "/search").text
    buttons = re.findall(
        r'name="narrow" value="([^"]+)" class="app-link">[^<]*\(([\d,]+)\)</button>', page
    )
    assert buttons
    for value, count in buttons:
        narrowed = post(client, "/search", narrow=value).text
        assert f'<h1 class="govuk-heading-l">{count} service' in narrowed, value


def test_pages_turn_by_posting_and_no_service_comes_twice(client: FlaskClient) -> None:
    first, second = (post(client, "/search", page=str(number)).text for number in (1, 2))
    assert 'name="page" value="2"' in first
    assert 'name="page" value="1"' in second
    both = [*names(first), *names(second)]
    assert len(both) == len(set(both)) == len(SERVICES) - 1  # one is for partners only
    assert "There are only" in post(client, "/search", page="9").text


def test_where_nothing_is_found_each_filter_can_be_left_out(client: FlaskClient) -> None:
    page = post(client, "/search", words="zzyzx", postcode=POSTCODE, distance="1", age="7").text
    assert "<h1" in page
    assert "Nothing found" in page
    for name in ("words", "postcode", "distance", "age"):
        assert f'name="remove" value="{name}" class="govuk-button' in page
    assert 'value="distance=2"' in page


def test_what_has_no_place_to_go_to_stands_apart(client: FlaskClient) -> None:
    page = post(client, "/search", words="counselling").text
    assert "Online, by phone, or without a place to go to" in page
    assert names(page) == [ONLINE["name"]]


def test_html_in_a_record_is_shown_as_text(client: FlaskClient) -> None:
    for page in (
        client.get(f"/services/{HOSTILE['id']}", headers=HTML).text,
        post(client, "/search", words="bridge").text,
        post(client, "/shortlist", shortlist=HOSTILE["id"]).text,
    ):
        assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
        assert "&lt;i&gt;Flooded&lt;/i&gt;" in page
        for live in ("<script>alert", "<img src=x", "<b>Bold", "<i>Flooded", 'href="javascript:'):
            assert live not in page
        assert "Temporarily closed" in page


def test_a_service_tells_all_of_itself(client: FlaskClient) -> None:
    page = client.get(f"/services/{FIRST}", headers=HTML)
    assert page.headers["Cache-Control"] == "no-cache"
    for said in (
        *("Parenting support group 1", "Tuesdays, 10am to 2pm", "1 to 11 years", "Free", "Urdu"),
        *("Step-free entrance", "1 Mill Lane", "Front desk", "Early help / targeted", "Leeds"),
        *("Checked on", "an invented list", f"/services/{FIRST}/report", "Add to shortlist"),
    ):
        assert said in page.text, said


def test_a_service_leads_to_the_others_of_its_organisation(client: FlaskClient) -> None:
    page = client.get(f"/services/{FIRST}", headers=HTML).text
    button = re.search(r'name="narrow" value="(organization=[^"]+)"', page)
    assert button is not None
    found = post(client, "/search", narrow=button[1]).text
    assert "Organisation: Lantern Trust 1" in found
    assert names(found)
    assert "Lantern Trust 2" not in found


def test_what_is_hidden_and_what_there_is_not_are_one_page(client: FlaskClient) -> None:
    pages = [
        client.get(f"/services/{one}", headers=HTML) for one in (HIDDEN["id"], UNKNOWN, "nonsense")
    ]
    said = {re.sub(r"urn:uuid:[0-9a-f-]+", "", page.text) for page in pages}
    assert [page.status_code for page in pages] == [404, 404, 404]
    assert len(said) == 1


def test_what_has_ended_says_that_and_its_name_and_no_more(client: FlaskClient) -> None:
    pages = [
        client.get(f"/services/{ENDED['id']}", headers=HTML),
        post(client, f"/services/{ENDED['id']}", 410, words="soup"),
    ]
    for page in pages:
        assert page.status_code == 410
        assert "This service has ended" in page.text
        assert ENDED["name"] in page.text
        for gone in ("Hetty", "01632 960", "Mill Lane"):
            assert gone not in page.text, gone
    assert "Back to the results" in pages[1].text
    listed = post(client, "/shortlist.json", shortlist=[FIRST, ENDED["id"]]).get_json()
    assert [one["service"]["id"] for one in listed["items"]] == [FIRST]
    assert ENDED["name"] not in post(client, "/shortlist.csv", shortlist=[ENDED["id"]]).text


def test_no_page_gives_anyone_a_byte_of_what_is_kept_from_them(client: FlaskClient) -> None:
    everything = ",".join(one["id"] for one in SERVICES[:20]) + f",{REFUGE['id']},{HIDDEN['id']}"
    answers = [
        *(post(client, path, words=REFUGE_STREET) for path in ("/search", "/search.json")),
        *(post(client, f"/search{kind}") for kind in ("", ".json", ".csv")),
        *(
            post(client, f"/shortlist{kind}", shortlist=everything)
            for kind in ("", ".json", ".csv")
        ),
        client.get(f"/services/{REFUGE['id']}", headers=HTML),
        post(client, "/search/suggestions", words=REFUGE_STREET[:4]),
        post(client, "/search/suggestions", words="partners"),
    ]
    for answer in answers:
        for secret in (f"{REFUGE_STREET} House", HIDDEN["name"], "103 Mill Lane"):
            assert secret not in answer.text, (answer.request.path, secret)
    assert "Nothing found" in answers[0].text


def test_a_shortlist_is_carried_by_forms_and_has_a_link_only_when_one_is_asked_for(
    client: FlaskClient,
) -> None:
    second = an_id("service", 2)
    asked = {"words": "group", "postcode": POSTCODE, "shortlist": FIRST, "add": second}
    page = post(client, "/search", **asked).text
    assert "Show shortlist (2)" in page
    listed = post(client, "/shortlist", shortlist=[FIRST, second], words="group").text
    assert names(listed) == ["Parenting support group 1", "Speech and language group 2"]
    assert "/shortlist?service=" not in re.sub(r'href="mailto:[^"]*"', "", listed)
    linked = post(client, "/shortlist?link=yes", shortlist=[FIRST, second], postcode=POSTCODE).text
    link = re.search(r'href="(/shortlist\?service=[^"]+)"', linked)
    assert link is not None
    assert "postcode" not in link[1]
    shared = client.get(link[1].replace("&amp;", "&"), headers=HTML)
    assert names(shared.text) == names(listed)
    dropped = post(client, "/shortlist", shortlist=[FIRST, second], drop=FIRST).text
    assert names(dropped) == ["Speech and language group 2"]


def test_a_shortlist_can_be_sent_and_leaves_out_what_is_gone(client: FlaskClient) -> None:
    page = post(client, "/shortlist", shortlist=[FIRST, UNKNOWN, HIDDEN["id"]]).text
    assert "2 of the services on this list are no longer shown here" in page
    assert 'href="mailto:?subject=1%20service%20for%20you' in page
    assert "There is nothing on this list" in client.get("/shortlist", headers=HTML).text
    assert client.get("/shortlist?service=me", headers=HTML).status_code == 422


def test_a_list_is_also_json_and_csv(client: FlaskClient) -> None:
    listed = post(client, "/search.json", words="debt", age="7").get_json()
    assert listed["total"] == listed["size"] == len(listed["items"]) > 0
    assert listed["items"][0]["service"]["organization"]["name"]
    assert {one["freshness"] for one in listed["items"]} <= {"fresh", "ageing", "stale"}
    table = post(client, "/search.csv", words="debt", age="7")
    assert table.headers["Content-Disposition"] == 'attachment; filename="services.csv"'
    rows = list(csv.DictReader(io.StringIO(table.text.removeprefix("\ufeff"))))
    assert [row["id"] for row in rows] == [one["service"]["id"] for one in listed["items"]]
    mine = post(client, "/shortlist.json", shortlist=FIRST).get_json()
    assert [one["service"]["id"] for one in mine["items"]] == [FIRST]
    assert FIRST in post(client, "/shortlist.csv", shortlist=FIRST).text
    post(client, "/shortlist.json", 422, shortlist="me")
    post(client, "/shortlist.csv", 422, shortlist="me")


def test_every_link_of_results_and_of_a_service_leads_somewhere(client: FlaskClient) -> None:
    pages = (
        post(client, "/search", language="urdu", age="7", free="true", day="TU").text,
        client.get(f"/services/{FIRST}", headers=HTML).text,
        client.get(f"/shortlist?service={FIRST}", headers=HTML).text,
    )
    links = {url.replace("&amp;", "&") for page in pages for url in LINK.findall(page)}
    assert any(link.startswith("/oruk/v3/services?") for link in links)
    for link in sorted(links):
        answer = client.get(link, headers=BROWSER)
        assert answer.status_code == 200, link
        answer.close()


def test_what_is_typed_is_completed(client: FlaskClient) -> None:
    found = post(client, "/search/suggestions", words="deb").get_json()["items"]
    assert "Debt and welfare advice" in [one["text"] for one in found]
    for nothing in ("", " ", "\x00", "x" * 300):
        assert post(client, "/search/suggestions", words=nothing).get_json() == {"items": []}


def test_the_about_page_names_licence_and_sources(client: FlaskClient) -> None:
    page = client.get("/about", headers=HTML).text
    for said in ("Contains OS data", "Open Government Licence", "/oruk/v3", "make tour"):
        assert said in page, said
