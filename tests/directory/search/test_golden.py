"""Searches with known answers, read from a file that anyone can add to."""

from datetime import date, time
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml
from sqlalchemy.orm import Session

from directory.queries.places import place_of
from directory.queries.searching import find, matching
from directory.terms.records import ANYONE, Viewer
from directory.terms.searching import ServiceSearch, Weekday
from tests.directory.search.builders import (
    a_service,
    a_term,
    at,
    covering,
    names,
    postcodes,
    put,
    some_id,
    weekly,
)
from tests.service import MONDAY

GOLDEN = yaml.safe_load(Path(__file__).with_name("golden.yaml").read_text(encoding="utf-8"))
_READ = {
    "age": lambda said: Decimal(str(said)),
    "minimum_age": lambda said: Decimal(str(said)),
    "maximum_age": lambda said: Decimal(str(said)),
    "day": Weekday,
    "start_time": time.fromisoformat,
    "end_time": time.fromisoformat,
}
_TERMS = {
    "attributes": "topics",
    "level": "level-of-need",
    "refer": "who-can-refer",
    "referral": "referral-route",
    "suits": "suitable-for",
}


def service_of(said: dict[str, Any]) -> dict[str, Any]:
    """Return the document that a line of the file speaks of."""
    said, terms = dict(said), []
    for key, taxonomy in _TERMS.items():
        value = said.pop(key, [])
        terms += [a_term(one, taxonomy) for one in ([value] if isinstance(value, str) else value)]
    access = [{"id": some_id(one), "description": one} for one in said.pop("access", [])]
    where = said.pop("at", None)
    made: dict[str, Any] = {"attributes": terms}
    if where:
        made["service_at_locations"] = [at(*where, **({"accessibility": access} if access else {}))]
    if "covers" in said:
        made["service_areas"] = covering(*said.pop("covers"))
    if "cost" in said:
        made["cost_options"] = [{"id": some_id(one), "amount": one} for one in said.pop("cost")]
    made["schedules"] = [weekly(day) for day in said.pop("schedules", [])]
    if isinstance(said.get("assured_date"), date):
        said["assured_date"] = str(said["assured_date"])
    document = a_service(said.pop("name"), **(made | said))
    return {key: value for key, value in document.items() if value not in ([], None)}


def searches() -> list[Any]:
    """Return each query of the file with what it finds, named by what it asks."""
    told = []
    for one in GOLDEN["queries"]:
        asked = {name: said for name, said in one.items() if name not in {"finds", "notes"}}
        read = {name: _READ.get(name, lambda said: said)(said) for name, said in asked.items()}
        search = ServiceSearch(**read)
        told.append(pytest.param(search, one["finds"], one.get("notes"), id=str(asked)))
    return told


@pytest.fixture(scope="module")
def documents() -> list[dict[str, Any]]:
    return [service_of(one) for one in GOLDEN["services"]]


@pytest.fixture
def filled(session: Session, documents: list[dict[str, Any]]) -> Session:
    postcodes(session)
    put(session, *documents)
    return session


def test_golden_queries_find_what_is_known(filled: Session) -> None:
    wrong = {}
    for case in searches():
        search, expected, noted = case.values
        found = find(filled, search, ANYONE, page=1, size=50, at=MONDAY)
        hits = names(filled, [one.service for one in found.hits])
        if hits != expected or found.total != len(expected) or not found.total_is_exact:
            wrong[case.id] = (hits, expected)
        if noted and not any(noted in one for one in found.notes):
            wrong[case.id] = (found.notes, noted)
    assert wrong == {}


def test_the_feed_matches_what_people_find_and_what_is_not_for_them(filled: Session) -> None:
    """`matching` knows the same conditions, but no near spellings, and spares nobody anything."""
    wrong = {}
    for case in searches():
        search, expected, noted = case.values
        if noted and "No service" in noted:
            continue
        place = place_of(filled, search.postcode) if search.postcode else None
        ids = filled.scalars(matching(search, Viewer("oak"), place)).all()
        found = {one for one in names(filled, ids) if one not in {"Resting", "Closed door"}}
        if found != set(expected) and "These hold" not in (noted or ""):
            wrong[case.id] = (found, expected)
    assert wrong == {}
