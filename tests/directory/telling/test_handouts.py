"""A list of services to take along."""

from datetime import date
from decimal import Decimal
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import UUID

from hypothesis import given, settings
from hypothesis import strategies as st

from directory.rules.handouts import COLUMNS, feed_link, letter, points, rows
from directory.rules.telling import card
from directory.terms.searching import ServiceSearch, Weekday
from directory.terms.telling import Card
from tests.directory.telling.made import SERVICE, a_hit, a_place, a_service

LINK = "http://127.0.0.1:8000/shortlist?service=1"


def a_card(**more: Any) -> Card:
    return card(a_service(**more), date(2026, 3, 2), a_hit(metres=1609))


def body_of(href: str) -> str:
    return parse_qs(urlsplit(href).query)["body"][0]


def test_points_are_numbered_as_the_list_is_and_east_comes_first() -> None:
    somewhere = a_place(latitude=53.8, longitude=-1.5)
    found = points([a_card(), a_card(service_at_locations=[somewhere])])
    (feature,) = found["features"]
    assert feature["geometry"]["coordinates"] == [-1.5, 53.8]
    assert feature["properties"]["number"] == 2
    assert feature["properties"]["id"] == SERVICE


def test_a_letter_names_each_service_and_how_to_reach_it() -> None:
    there = a_card(phones=[{"number": "01632 960808"}], organization={"name": "Mill"})
    closed = a_card(status="temporarily closed")
    href = letter([there, closed], LINK)
    assert href.startswith("mailto:?subject=2%20services%20for%20you&body=")
    for said in ("Homework club\r\nMill\r\n", "Phone: 01632 960808", "(temporarily closed)", LINK):
        assert said in body_of(href)
    assert "subject=1%20service%20" in letter([there], LINK)


def test_a_letter_stays_short_enough_to_be_opened_and_names_the_whole_list() -> None:
    href = letter([a_card(description="x" * 300)] * 50, LINK)
    assert len(href) < 2000
    assert LINK in body_of(href)


def test_a_feed_asks_the_same_but_for_words_and_postcode() -> None:
    search = ServiceSearch(
        words="refuge",
        postcode="LS8 5NG",
        proximity=500,
        age=Decimal(7),
        day=Weekday.MONDAY,
        free=True,
        taxonomy_term_ids=(UUID(SERVICE),),
    )
    link = urlsplit(feed_link(search))
    assert link.path == "/oruk/v3/services"
    assert parse_qs(link.query) == {
        "age": ["7"],
        "day": ["MO"],
        "free": ["true"],
        "taxonomy_term_id": [SERVICE],
    }
    assert feed_link(ServiceSearch(words="refuge")) == "/oruk/v3/services"


@settings(max_examples=50)
@given(st.text())
def test_no_cell_is_one_that_a_spreadsheet_would_work_out(name: str) -> None:
    heading, row = rows([a_card(name=name)])
    assert heading == COLUMNS
    assert len(row) == len(COLUMNS)
    assert not row[1].startswith(("=", "@", "\t"))
    assert name.strip() in row[1]


def test_a_telephone_number_stays_as_it_is() -> None:
    (_, row) = rows([a_card(phones=[{"number": "+44 113 378 1826"}], status="temporarily closed")])
    assert row[COLUMNS.index("contact")] == "+44 113 378 1826"
    assert row[COLUMNS.index("status")] == "temporarily closed"
    assert row[COLUMNS.index("distance")] == "1.0 miles away"
