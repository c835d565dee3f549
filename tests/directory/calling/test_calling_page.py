"""The page "who to call", and its twin for programs of anyone."""

import re
from html import unescape
from typing import Any

import pytest
from structlog.testing import capture_logs
from werkzeug.test import TestResponse

from tests.service import Service

LEEDS_EAST, LEEDS_SOUTH, YORK = "LS8 5NG", "LS10 1LH", "YO1 7EP"


def page(service: Service, **form: str) -> TestResponse:
    return service.call("POST", "/who-to-call", data=form)


def words(answer: TestResponse) -> str:
    """The text of a page's main part, as somebody reads it."""
    main = answer.get_data(as_text=True).partition("<main")[2].partition("</main>")[0]
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", main)).split())


def links(answer: TestResponse) -> set[str]:
    return set(re.findall(r'href="((?:tel|mailto):[^"]+)"', answer.get_data(as_text=True)))


def test_the_form_asks_in_each_citys_words(cities: Service) -> None:
    said = words(cities.call("GET", "/who-to-call"))

    assert "May a child be suffering, or likely to suffer, significant harm now?" in said
    assert "Leeds: Targeted" in said
    assert "York: level 3, Complex needs" in said


def test_the_answer_is_a_page_that_nobody_keeps(cities: Service) -> None:
    answer = page(cities, postcode="ls85ng", level_of_need="targeted", at_risk="no")
    said = words(answer)

    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    assert "Who to call: LS8 5NG" in said
    (title,) = re.findall(r"<title>(.*)</title>", answer.text)  # which a browser's history keeps
    assert title.startswith("Who to call: answer")
    assert "Early Help Hub - East" in said
    assert "invented" in said
    assert "Source One minute guide No. 33: Early help (2021-02)" in said


def test_a_faulty_number_is_shown_with_its_fault_and_is_no_link(cities: Service) -> None:
    answer = page(cities, postcode=LEEDS_EAST, level_of_need="targeted", at_risk="no")

    assert "0113535899 (Ten digits are printed" in words(answer)
    assert links(answer) == {"mailto:eastearlyhelp@leeds.gov.uk"}


def test_a_child_at_risk_sees_the_front_door_and_its_number_before_all(cities: Service) -> None:
    answer = page(cities, postcode=LEEDS_EAST, level_of_need="universal", at_risk="yes")
    said = words(answer)

    assert said.index("Speak to your safeguarding lead first") < said.index("Duty and Advice")
    assert said.index("0113 3760336") < said.index("Family Information Service")
    assert "tel:+441133760336" in links(answer)


def test_what_is_for_partners_is_in_no_byte_of_the_public_answer(cities: Service) -> None:
    for at_risk in ("yes", "no"):
        form = {"postcode": LEEDS_SOUTH, "level_of_need": "targeted", "at_risk": at_risk}
        question = form | {"at_risk": at_risk == "yes"}
        answers = (
            page(cities, **form),
            cities.call("POST", "/who-to-call", json=question),
        )
        for answer in answers:
            body = answer.get_data(as_text=True)
            assert answer.status_code == 200, body
            for secret in ("Ashgrove", "Quillfeather", "960111", "960112", "Cluster Manager,"):
                assert secret not in body


def test_programs_of_anyone_get_the_same_as_json(cities: Service) -> None:
    question = {"postcode": LEEDS_EAST, "level_of_need": "targeted"}

    told: Any = cities.post("/who-to-call", question, 200)

    assert told == cities.post("/v1/directory/responsible", question, 200)
    assert told["contacts"][0]["code"] == "leeds-hub-east"


@pytest.mark.parametrize(
    ("body", "status", "code", "pointer"),
    [
        (b"{", 400, "json_invalid", None),
        (b"[]", 422, "request_invalid", "#"),
        (b"{}", 422, "request_invalid", "#/postcode"),
        (b'{"postcode": "x", "level_of_need": "1"}', 422, "postcode_malformed", "#/postcode"),
        (b'{"postcode": "YO1 7EP", "level_of_need": "9"}', 422, "level_unknown", "#/level_of_need"),
        (b'{"postcode": "\\ud800", "at_risk": true}', 400, "json_invalid", None),
    ],
)
def test_what_a_program_sends_amiss_is_a_problem_with_its_place(
    cities: Service, body: bytes, status: int, code: str, pointer: str | None
) -> None:
    answer = cities.call("POST", "/who-to-call", data=body, content_type="application/json")
    problem = answer.get_json()

    assert (answer.status_code, problem["code"]) == (status, code)
    assert answer.mimetype == "application/problem+json"
    assert pointer in [one.get("pointer") for one in problem.get("errors", [{}])]


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({}, "Enter a postcode, or a school"),
        ({"postcode": YORK, "at_risk": "no"}, "Choose a level of need"),
        ({"postcode": YORK, "level_of_need": "1"}, "Say whether a child may be at risk now"),
        ({"postcode": "here", "level_of_need": "1", "at_risk": "no"}, "This is not a postcode"),
        (
            {"postcode": YORK, "school": "x", "level_of_need": "1", "at_risk": "no"},
            "not both",
        ),
        (
            {"postcode": YORK, "level_of_need": "targeted", "at_risk": "no"},
            "There is no such level of need here",
        ),
        ({"postcode": "x" * 200, "at_risk": "yes"}, "This must be 100 characters or fewer"),
        ({"school": "<b>x</b>", "at_risk": "yes"}, "No school of this name or number"),
    ],
)
def test_what_a_person_fills_in_amiss_is_said_first_on_the_page(
    cities: Service, form: dict[str, str], said: str
) -> None:
    answer = page(cities, **form)

    assert answer.status_code == 422
    assert "There is a problem" in words(answer)
    assert said in words(answer)
    assert "<b>x</b>" not in answer.get_data(as_text=True)


def test_a_mistyped_postcode_still_shows_the_front_doors_to_whoever_worries(
    cities: Service,
) -> None:
    worried = page(cities, postcode="LS8 5N", at_risk="yes")
    calm = page(cities, postcode="LS8 5N", at_risk="no", level_of_need="universal")

    assert "Leeds: Duty and Advice" in words(worried)
    assert "call 999" in words(worried)
    assert "tel:+441133760336" in links(worried)
    assert "Duty and Advice" not in words(calm)


def test_outside_the_cities_the_page_says_so(cities: Service) -> None:
    answer = page(cities, postcode="M1 1AE", level_of_need="universal", at_risk="no")

    assert "This place is in Manchester, which is not covered here." in words(answer)


def test_which_place_was_asked_about_is_in_no_log_and_no_metric(
    cities: Service, capfd: pytest.CaptureFixture[str]
) -> None:
    question = {"postcode": "LS8 5NG", "level_of_need": "targeted"}
    with capture_logs() as lines:
        page(cities, **question, at_risk="no")
        page(cities, postcode="LS8 5N", school="Lantern Lane", at_risk="yes")
        cities.call("POST", "/who-to-call", json=question)
        cities.call("POST", "/v1/directory/responsible", json=question | {"postcode": "LS8 5N"})

    written = "".join([*map(str, lines), *capfd.readouterr()])
    counted = cities.call("GET", "/metrics").get_data(as_text=True)

    assert "/who-to-call" in written
    for secret in ("LS8", "5NG", "Lantern", "targeted"):
        assert secret not in written
        assert secret not in counted
