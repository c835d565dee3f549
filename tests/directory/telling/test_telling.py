"""What a card says of a service."""

from datetime import date
from typing import Any
from uuid import UUID

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from directory.rules.filters import filters
from directory.rules.telling import (
    ages,
    card,
    checked,
    cost,
    distance,
    is_a_topic,
    point,
    postal_lines,
    term_names,
)
from directory.terms.searching import Freshness
from directory.terms.telling import Filter
from tests.directory.telling.made import (
    LOCATION,
    a_hit,
    a_place,
    a_service,
    an_address,
    filed_under,
)

ON = date(2026, 3, 2)


@pytest.mark.parametrize(
    ("low", "high", "said"),
    [
        (4, 13, "4 to 13 years"),
        (0, 4.0, "0 to 4 years"),
        (None, 5, "Up to 5 years"),
        (16, None, "16 years and over"),
        (None, None, "Ages not given"),
        (0.5, 2, "6 months to 2 years"),
        (10, 100, "10 to 100 years"),
        (True, "soon", "Ages not given"),
        (float("nan"), 7, "Up to 7 years"),
    ],
)
def test_ages_are_said_with_their_open_ends(low: Any, high: Any, said: str) -> None:
    assert ages(low, high) == said


@pytest.mark.parametrize(
    ("metres", "said"),
    [(0, "less than 0.1 miles"), (1609, "1.0 miles"), (2400, "1.5 miles"), (40_000, "25 miles")],
)
def test_a_distance_is_said_in_miles(metres: int, said: str) -> None:
    assert distance(metres) == f"{said} away"


@pytest.mark.parametrize(
    ("service", "said"),
    [
        ({}, "Cost not given"),
        ({"fees": "Free"}, "Free"),
        ({"fees": "free for under 5s"}, "free for under 5s"),
        ({"fees": "Donation welcome"}, "Donation welcome"),
        ({"cost_options": [{"amount": 0}]}, "Free"),
        ({"cost_options": [{"amount": 0, "option": "for carers"}]}, "Free for carers"),
        ({"cost_options": [{"amount": 2.5, "option": "per session"}]}, "£2.50 per session"),
        ({"cost_options": [{"amount": 3, "currency": "eur"}]}, "€3"),
        ({"cost_options": [{"amount": 3, "currency": "SEK"}]}, "SEK 3"),
        ({"cost_options": [{"option": "ask us"}, {}]}, "ask us"),
        ({"cost_options": [{"amount": 3, "valid_to": "2026-03-01"}]}, "Cost not given"),
        ({"fees": "Small charge", "cost_options": [{"amount": 1}]}, "Small charge; £1"),
    ],
)
def test_what_is_not_on_file_is_not_free(service: dict[str, Any], said: str) -> None:
    assert cost(a_service(**service), ON) == said


@pytest.mark.parametrize(
    ("assured", "fresh", "words"),
    [
        (date(2026, 3, 1), Freshness.FRESH, "Checked on 1 March 2026"),
        (date(2025, 11, 1), Freshness.AGEING, "Checked on 1 November 2025, more than 3 months"),
        (date(2024, 11, 1), Freshness.STALE, "Last checked on 1 November 2024: confirm"),
        (None, Freshness.STALE, "Never checked"),
    ],
)
def test_a_check_says_what_it_is_still_worth(
    assured: date | None, fresh: Freshness, words: str
) -> None:
    said = checked(assured, ON)
    assert said.freshness is fresh
    assert said.text.startswith(words)


def test_a_card_says_where_how_far_and_why() -> None:
    near = a_place(name="Mill", latitude=53.8, longitude=-1.5, addresses=[an_address()])
    far = a_place(name="Hall", id="33333333-3333-5333-8333-333333333333")
    said = card(
        a_service(service_at_locations=[far, near]),
        ON,
        a_hit(metres=1609, at_location=UUID(LOCATION)),
    )
    assert said.where == "Mill, Leeds, LS8 5NG and 1 more"
    assert said.distance == "1.0 miles away"
    assert said.point == (53.8, -1.5)
    assert said.to_visit
    assert said.reasons == ("the name says club",)


def test_a_card_without_a_search_has_no_distance_and_no_reason() -> None:
    said = card(a_service(service_at_locations=[a_place(addresses=[an_address()])]), ON)
    assert said.where == "1 Mill Lane, Leeds, LS8 5NG"
    assert (said.distance, said.reasons, said.point) == (None, (), None)


def test_what_has_no_place_to_go_to_says_whom_it_serves() -> None:
    online = a_place(location_type="virtual", name="Video calls")
    areas = [{"name": "Leeds"}, {"name": "York"}, {}]
    said = card(a_service(service_at_locations=[online], service_areas=areas), ON)
    assert not said.to_visit
    assert said.where == "No place to visit. Serves Leeds, York"
    assert card(a_service(), ON).where == "No place to visit"
    assert card(a_service(service_at_locations=[a_place()]), ON).where == "Address not given"


def test_a_card_names_levels_of_need_and_referrers_of_any_city() -> None:
    terms = filed_under(
        ("level-of-need", "Universal"),
        ("level-of-need-leeds", "Additional"),
        ("level-of-needs", "no such taxonomy"),
        ("who-can-refer", "Schools"),
        ("dfe-family-hubs", "Debt"),
    )
    service = a_service(attributes=[*terms, {}])
    said = card(service, ON)
    assert said.levels == ("Universal", "Additional")
    assert said.who_can_refer == ("Schools",)
    assert term_names(service, "dfe-family-hubs") == ("Debt",)
    assert [is_a_topic(one["taxonomy_term"]) for one in terms] == [False, False, False, False, True]


def test_a_card_says_that_a_service_is_closed_and_what_to_note() -> None:
    said = card(a_service(status="temporarily closed", alert="Flooded"), ON)
    assert said.closed
    assert said.alert == "Flooded"
    assert card(a_service(), ON).alert is None


def test_a_summary_is_the_shorter_text_cut_between_words() -> None:
    assert card(a_service(summary="Short", description="Long"), ON).summary == "Short"
    cut = card(a_service(description="word " * 100), ON).summary
    assert cut.endswith("word…")
    assert len(cut) <= 220
    assert len(card(a_service(description="x" * 500), ON).summary) == 221


@pytest.mark.parametrize(
    "location", [{}, {"latitude": 53}, {"latitude": 91, "longitude": 0}, {"longitude": "here"}]
)
def test_a_place_that_is_nowhere_on_this_earth_has_no_point(location: dict[str, Any]) -> None:
    assert point(a_place(**location)) is None
    assert point({}) is None


def test_an_address_is_told_line_by_line() -> None:
    virtual = an_address(address_type="virtual", address_1="https://b.example")
    location = {"addresses": [virtual, an_address(region="Leeds")]}
    assert postal_lines(location) == ("1 Mill Lane", "Leeds", "LS8 5NG")


def test_a_search_is_told_condition_by_condition_with_labels() -> None:
    asked = {"words": "debt", "language": "ur", "age": "7", "page": "2", "free": ""}
    assert filters(asked, {"language": {"ur": "Urdu"}}) == (
        Filter("words", "“debt”"),
        Filter("language", "Language: Urdu"),
        Filter("age", "Age 7"),
    )


_JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=8,
)
_MEMBERS = st.sampled_from(
    [
        *("name", "description", "fees", "cost_options", "minimum_age", "maximum_age", "alert"),
        *("service_at_locations", "attributes", "phones", "contacts", "organization", "url"),
    ]
)


@settings(max_examples=25, deadline=None)
@example({"minimum_age": 1e28, "cost_options": [{"amount": 1e300}]})
@example({"minimum_age": 1e-300})
@given(st.dictionaries(_MEMBERS, _JSON))
def test_a_record_however_strange_can_be_told(document: dict[str, Any]) -> None:
    assert card(a_service() | document, ON).id
