"""Ways to reach a service: what may be a link, and which is best."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from directory.rules.reaching import email, next_step, phone, ways_of, website
from directory.terms.telling import Way
from tests.directory.telling.made import a_place, a_service

RING = {"phones": [{"number": "01632 960808"}]}


def test_a_complete_number_is_a_link_and_one_a_digit_short_says_so() -> None:
    assert phone("(0113) 378-1826") == Way("(0113) 378-1826", "tel:01133781826")
    assert phone("+44 113 378 1826").href == "tel:+441133781826"
    short = phone("0113 378 182")
    assert short.href is None
    assert "incomplete" in (short.fault or "")


def test_an_address_without_the_form_of_one_is_no_link() -> None:
    assert email("duty@example.org") == Way("duty@example.org", "mailto:duty@example.org")
    assert email("a?cc=b@example.org").href == "mailto:a%3Fcc%3Db@example.org"
    assert email("duty at example.org").href is None


@pytest.mark.parametrize(
    "address",
    ["javascript:alert(1)", "data:text/html,x", "www.example.org", "http://", "http://[x"],
)
def test_only_the_web_is_linked_to(address: str) -> None:
    assert website(address).href is None


@settings(max_examples=50)
@given(st.text())
def test_no_link_ever_leads_to_anything_but_a_call_a_mail_or_the_web(text: str) -> None:
    for way in (phone(text), email(text), website(text)):
        assert way.text == text
        assert (way.href is None) == (way.fault is not None)
        assert way.href is None or way.href.startswith(("tel:", "mailto:", "http:", "https:"))


def test_a_part_names_its_ways_in_order_each_once() -> None:
    both = {"phones": [{"number": "999"}, {"number": "999"}, {}], "email": " a@b.example "}
    found = ways_of(both | {"url": "https://b.example", "website": "https://b.example"})
    assert [way.text for way in found] == ["999", "a@b.example", "https://b.example"]


@pytest.mark.parametrize(
    ("service", "does", "text"),
    [
        (RING | {"email": "a@b.example"}, "Phone", "01632 960808"),
        ({"contacts": [RING], "url": "https://b.example"}, "Phone", "01632 960808"),
        ({"service_at_locations": [a_place(**RING)]}, "Phone", "01632 960808"),
        ({"organization": RING}, "Phone", "01632 960808"),
        ({"email": "a@b.example", "url": "https://b.example"}, "E-mail", "a@b.example"),
        ({"url": "https://b.example"}, "See the website", "https://b.example"),
        (
            {"phones": [{"number": "0113 378 182"}], "url": "https://b.example"},
            "See the website",
            "https://b.example",
        ),
        ({"phones": [{"number": "0113 378 182"}]}, "Check this contact", "0113 378 182"),
    ],
)
def test_the_best_step_is_to_ring_then_to_write_then_to_look(
    service: dict[str, Any], does: str, text: str
) -> None:
    step = next_step(a_service(**service), ())
    assert step.way is not None
    assert (step.does, step.way.text) == (does, text)


def test_where_nothing_is_on_file_the_step_says_so() -> None:
    assert next_step(a_service(), ()).way is None
    assert "hub" in next_step(a_service(), ()).does


@pytest.mark.parametrize(
    ("routes", "does"),
    [
        ((), "Phone"),
        (("Self-referral", "Schools"), "Phone"),
        (("Schools", "Health visitors"), "Refer by phone"),
    ],
)
def test_a_service_that_takes_nobody_on_their_own_word_asks_for_a_referral(
    routes: tuple[str, ...], does: str
) -> None:
    assert next_step(a_service(**RING), routes).does == does


def test_a_referral_goes_by_whatever_way_there_is() -> None:
    ways = ({"email": "a@b.example"}, {"url": "https://b.example"}, {"email": "wrong"})
    does = [next_step(a_service(**one), ["Schools"]).does for one in ways]
    assert does == [
        "Refer by e-mail",
        "Refer through the website",
        "Check this contact, then refer",
    ]
