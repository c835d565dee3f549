"""The demonstration's services: invented but for what is published, of mixed age, and in order."""

import json
import re
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from app.demo.services import INVENTED, Planned, planned
from directory.rules import family_hubs
from directory.rules.audience import seen_by
from directory.rules.flaws import flaws
from directory.rules.freshness import freshness
from directory.rules.intake import looked, row_faults, tidied
from directory.rules.quality import quality
from directory.terms.records import ANYONE, RecordKind, Viewer
from directory.terms.searching import Freshness

AT = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


@pytest.fixture(scope="module")
def records() -> list[Planned]:
    return list(planned(AT))


def services(records: list[Planned]) -> list[Any]:
    return [one for few in records if few.kind is RecordKind.SERVICE for one in few.documents]


def test_every_record_is_as_the_standard_asks_and_shows_no_fault(records: list[Planned]) -> None:
    for few in records:
        for one in few.documents:
            assert tidied(one) == one
            assert not row_faults(few.kind, looked(one))
            assert not flaws(looked(one), AT.date())


def test_there_are_about_two_hundred_of_every_age_and_three_cities(records: list[Planned]) -> None:
    made = services(records)
    ages = Counter(
        freshness(
            date.fromisoformat(said) if (said := one.get("assured_date")) else None, AT.date()
        )
        for one in made
    )
    assert 190 <= len(made) <= 220
    assert all(ages[one] > 40 for one in Freshness)
    covered = {area["uri"][-9:] for one in made for area in one.get("service_areas", ())}
    assert {"E08000035", "E06000016", "E06000014"} <= covered
    assert {one["status"] for one in made} >= {"active", "defunct", "temporarily closed"}
    thin = [one for one in made if quality(one, AT.date()).score < 0.3]
    assert len(thin) >= 3


def test_another_instant_moves_everything_with_it(records: list[Planned]) -> None:
    later = services(list(planned(AT + timedelta(days=400))))
    for one, moved in zip(services(records), later, strict=True):
        assert one["id"] == moved["id"]
        if "assured_date" in one:
            days = date.fromisoformat(moved["assured_date"]) - date.fromisoformat(
                one["assured_date"]
            )
            assert days == timedelta(days=400)


def test_nothing_reaches_anybody_real(records: list[Planned]) -> None:
    whole = json.dumps([one for few in records for one in few.documents])
    assert set(re.findall(r'"number": "([^"]*?)\d{3}"', whole)) == {"01632 960"}
    assert {one.partition("@")[2] for one in re.findall(r'[^"\s]+@[^"\s]+', whole)} == {
        "example.org"
    }


def test_what_is_published_names_its_document_and_the_rest_says_it_is_invented(
    records: list[Planned],
) -> None:
    sources = {few.source for few in records if few.kind is RecordKind.SERVICE}
    assert INVENTED in sources
    published = [few for few in records if few.kind is RecordKind.SERVICE and few.licence is None]
    assert len(published) == 3
    for few in published:
        assert re.search(r"\(20\d\d", few.source)
        assert all(one["alert"].startswith("As published") for one in few.documents)


def test_the_categories_are_all_there_under_ids_of_ours() -> None:
    terms = family_hubs.categories()
    ids = {one["id"] for one in terms}
    assert len(ids) == 49
    assert all(one["parent_id"] in ids for one in terms if "parent_id" in one)
    assert str(family_hubs.category_id(16)) in ids


def test_the_refuge_can_be_rung_by_anyone_and_found_by_a_few(records: list[Planned]) -> None:
    (refuge,) = [one for one in services(records) if one["name"].startswith("Refuge")]
    places = {
        one["id"]: one
        for few in records
        if few.kind is RecordKind.LOCATION
        for one in few.documents
    }
    (place,) = refuge["service_at_locations"]
    whole = {
        **refuge,
        "service_at_locations": [{**place, "location": places[place["location_id"]]}],
    }
    public = json.dumps(seen_by(whole, ANYONE))
    assert "01632 960990" in public
    for secret in ("Quarrybank", "LS8 1AA", "Larkspur", "53.84443", "-1.519"):
        assert secret not in public
        others = json.dumps(
            [
                one
                for few in records
                for one in few.documents
                if one is not places[place["location_id"]]
            ]
        )
        assert secret not in others
    assert "Quarrybank" in json.dumps(seen_by(whole, Viewer("csc")))
    assert "Quarrybank" not in json.dumps(seen_by(whole, Viewer("oak-school")))
