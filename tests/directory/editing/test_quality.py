"""Quality: each thing that can be missing, its weight, and that nothing else counts."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from directory.rules.quality import (
    ORGANIZATION_WEIGHTS,
    SERVICE_WEIGHTS,
    can_be_dialled,
    can_be_written_to,
    organization_quality,
    quality,
)
from directory.terms.quality import Quality

TODAY = date(2026, 3, 2)
LONG = "A weekly group where parents talk about sleep, with a health visitor."
WHOLE: dict[str, Any] = {
    "id": "s",
    "name": "Sleep group",
    "description": LONG,
    "email": "sleep@example.org",
    "schedules": [{"id": "w", "byday": "MO", "opens_at": "09:00"}],
    "fees": "Free",
    "minimum_age": 0,
    "service_areas": [{"id": "a", "name": "Leeds"}],
    "attributes": [{"id": "t", "taxonomy_term_id": "x"}],
    "assured_date": "2026-02-01",
}
ORGANIZATION: dict[str, Any] = {
    "id": "o",
    "name": "Lantern",
    "description": LONG,
    "website": "https://lantern.example",
    "email": "hello@lantern.example",
    "organization_identifiers": [{"id": "i", "identifier": "1234567"}],
}
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=4,
)


def without(document: dict[str, Any], *names: str) -> dict[str, Any]:
    return {name: value for name, value in document.items() if name not in names}


def test_weights_add_up_to_one() -> None:
    assert sum(SERVICE_WEIGHTS.values()) == sum(ORGANIZATION_WEIGHTS.values()) == 100


def test_a_whole_record_lacks_nothing() -> None:
    assert quality(WHOLE, TODAY) == organization_quality(ORGANIZATION) == Quality(1.0, ())


def test_an_empty_record_lacks_everything_the_weightiest_first() -> None:
    assert quality({}, TODAY) == Quality(0.0, tuple(SERVICE_WEIGHTS))
    assert organization_quality({}) == Quality(0.0, tuple(ORGANIZATION_WEIGHTS))


@pytest.mark.parametrize(
    ("field", "missing"),
    [
        ("description", "description"),
        ("email", "a contact that works"),
        ("schedules", "opening times"),
        ("fees", "cost"),
        ("minimum_age", "ages"),
        ("service_areas", "coverage"),
        ("attributes", "topics"),
        ("assured_date", "assurance"),
    ],
)
def test_what_is_left_out_is_named_and_costs_its_weight(field: str, missing: str) -> None:
    found = quality(without(WHOLE, field), TODAY)
    assert found.missing == (missing,)
    assert found.score == (100 - SERVICE_WEIGHTS[missing]) / 100


@pytest.mark.parametrize(
    ("more", "missing"),
    [
        ({"description": "Sleep."}, ("description",)),
        ({"fees": "  "}, ("cost",)),
        ({"fees": "", "cost_options": [{"id": "c"}]}, ()),
        ({"schedules": [{"id": "w", "byday": "MO"}]}, ("opening times",)),
        ({"schedules": [{"id": "w", "description": "Mornings"}]}, ()),
        (
            {
                "schedules": [],
                "service_at_locations": [{"id": "p", "schedules": [{"opens_at": "09:00"}]}],
            },
            (),
        ),
        ({"minimum_age": None, "maximum_age": 5}, ()),
        ({"service_areas": [{"id": "a"}]}, ("coverage",)),
        ({"service_areas": [{"id": "a", "uri": "http://x/E08000035"}]}, ()),
        ({"attributes": [{"id": "t"}]}, ("topics",)),
        ({"attributes": [{"id": "t", "taxonomy_term": {"id": "x"}}]}, ()),
        ({"assured_date": "never"}, ("assurance",)),
        ({"assured_date": "2026-02-01T10:00:00Z"}, ()),
        ({"email": "at the door"}, ("a contact that works",)),
        ({"email": 7, "phones": [{"number": "01632 960101"}]}, ()),
        ({"email": None, "phones": [{"number": "0163 296010"}]}, ("a contact that works",)),
        ({"email": None, "contacts": [{"phones": [{"number": "01632 960101"}]}]}, ()),
        ({"email": None, "organization": {"email": "a@b.example"}}, ()),
        (
            {
                "email": None,
                "service_at_locations": [
                    {"contacts": [], "location": {"contacts": [{"email": "a@b.example"}]}}
                ],
            },
            (),
        ),
    ],
)
def test_what_counts_as_there(more: dict[str, Any], missing: tuple[str, ...]) -> None:
    assert quality(WHOLE | more, TODAY).missing == missing


def test_an_assurance_that_ages_is_worth_half_and_still_named() -> None:
    found = quality(WHOLE | {"assured_date": "2025-10-01"}, TODAY)
    assert found == Quality(0.95, ("assurance",))


@pytest.mark.parametrize("field", ["website", "organization_identifiers"])
def test_an_organization_is_known_by_its_site_and_number(field: str) -> None:
    assert organization_quality(without(ORGANIZATION, field)).score == 0.85


@pytest.mark.parametrize(
    "number",
    [
        "01632 960101",
        "(0113) 496-0101",
        "+44 1632 960101",
        "+44 (0)1632 960101",
        "0800 1111",
        "0800 800500",
        "08457 90 90 90",
        "116 123",
        "101",
        "999",
        "0033 1 23 45 67 89",
    ],
)
def test_a_number_that_reaches_somebody(number: str) -> None:
    assert can_be_dialled(number)


@pytest.mark.parametrize("number", ["0113 37824", "0163296010", "12345", "ask", "", None, 999])
def test_a_number_that_reaches_nobody(number: object) -> None:
    assert not can_be_dialled(number)


@pytest.mark.parametrize("address", ["name", "a@b", "a b@c.d", "", None, 4])
def test_an_address_that_reaches_nobody(address: object) -> None:
    assert not can_be_written_to(address)


@settings(deadline=None)
@given(st.dictionaries(st.sampled_from([*WHOLE, "contacts", "organization", "phones"]), JSON))
def test_whatever_a_feed_brings_has_a_score_that_its_gaps_explain(document: Any) -> None:
    found = quality(document, TODAY)
    whole = 100 - sum(SERVICE_WEIGHTS[name] for name in found.missing)
    assert found.score == whole / 100  # nothing here ages
    assert 0 <= organization_quality(document).score <= 1


@settings(deadline=None)
@given(st.sets(st.sampled_from(sorted(WHOLE))), st.sampled_from(sorted(WHOLE)))
def test_saying_more_never_costs(kept: set[str], more: str) -> None:
    some = {name: WHOLE[name] for name in kept}
    assert quality(some | {more: WHOLE[more]}, TODAY).score >= quality(some, TODAY).score
