"""A place that says no more than its postcode is found by distance, and says how it was placed."""

from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy.orm import Session

from directory.actions.code_point import import_code_point
from directory.actions.records import put_records, put_service
from directory.actions.repositioning import FIRST, place_some
from directory.queries.records import record, versions
from directory.rules.positions import placed, postcode_to_place
from directory.terms.records import Authorship, Origin, Outcome, RecordKind
from tests.directory.calling.test_code_point import AT, FILES, made_zip
from tests.directory.editing.builders import LOCATION, a_service, address, location
from tests.service import MONDAY, Service

BY = Authorship("importer", Origin.IMPORTED)
HERE, THERE = (53.8, -1.5), (53.9, -1.6)
MARKED = {"latitude": 53.8, "longitude": -1.5, "position_from": "postcode"}
GIVEN = {"latitude": 53.8, "longitude": -1.5}
AT_LS8 = location(addresses=[address(postal_code="ls8  5ng")])


def moved(postal_code: str, **more: Any) -> dict[str, Any]:
    return location(addresses=[address(postal_code=postal_code)], **more)


@pytest.mark.parametrize(
    ("document", "held", "by"),
    [
        (AT_LS8, None, "LS85NG"),
        (AT_LS8 | GIVEN, None, None),
        (AT_LS8 | {"latitude": 53.8}, None, None),
        (AT_LS8 | MARKED, None, "LS85NG"),
        (AT_LS8 | MARKED, AT_LS8 | MARKED, "LS85NG"),
        (AT_LS8 | MARKED | {"latitude": 53.7}, AT_LS8 | MARKED, None),
        (AT_LS8 | {"location_type": "virtual"}, None, None),
        (location(), None, None),
        (location(addresses="none"), None, None),
        (location(addresses=["none"]), None, None),
        (moved("LS8"), None, None),
        (moved("nonsense"), None, None),
        (location(addresses=[address(address_type="postal")]), None, None),
    ],
)
def test_a_place_is_placed_by_its_postcode_unless_it_says_where_it_is(
    document: dict[str, Any], held: dict[str, Any] | None, by: str | None
) -> None:
    assert postcode_to_place(document, held) == by


@pytest.mark.parametrize(
    ("document", "held", "at", "expected"),
    [
        (AT_LS8, None, HERE, AT_LS8 | MARKED),
        (AT_LS8, None, None, AT_LS8),
        (AT_LS8 | GIVEN, None, THERE, AT_LS8 | GIVEN),
        (AT_LS8 | MARKED, None, None, AT_LS8 | MARKED),
        (
            AT_LS8 | MARKED,
            AT_LS8 | MARKED,
            THERE,
            AT_LS8 | MARKED | {"latitude": 53.9, "longitude": -1.6},
        ),
        (
            AT_LS8 | MARKED | {"latitude": 53.7},
            AT_LS8 | MARKED,
            THERE,
            AT_LS8 | {"latitude": 53.7, "longitude": -1.5},
        ),
        (moved("LS1 9ZZ", **MARKED), AT_LS8 | MARKED, None, moved("LS1 9ZZ")),
        (
            AT_LS8 | {"location_type": "virtual"},
            None,
            HERE,
            AT_LS8 | {"location_type": "virtual"},
        ),
    ],
)
def test_a_derived_position_is_marked_and_follows_the_postcode(
    document: dict[str, Any], held: Any, at: Any, expected: dict[str, Any]
) -> None:
    assert placed(document, held, at) == expected


def test_a_service_is_found_near_the_postcode_that_it_gives(own_cities: Service) -> None:
    there = {"id": str(UUID(int=9)), "location": AT_LS8}
    with own_cities.parts.database.transaction() as session:
        service = a_service(service_at_locations=[there])
        put_service(session, service, BY, MONDAY)
    found = own_cities.get("/oruk/v3/service_at_locations?postcode=LS8+5NG&proximity=100&full=true")
    (hit,) = found["contents"]
    assert hit["location"]["position_from"] == "postcode"
    assert own_cities.get("/oruk/v3/services?postcode=YO1+7EP&proximity=100")["total_items"] == 0
    with own_cities.parts.database.transaction() as session:
        again = put_records(session, RecordKind.LOCATION, [AT_LS8], BY, MONDAY)
    assert again == {LOCATION: Outcome.UNCHANGED}


def test_postcodes_that_are_loaded_later_place_what_is_on_file(
    session: Session, tmp_path: Path
) -> None:
    at_ls1 = moved("LS1 1BA")
    put_records(session, RecordKind.LOCATION, [at_ls1], BY, AT)
    assert "latitude" not in record(session, RecordKind.LOCATION, LOCATION).document
    import_code_point(session, made_zip(tmp_path, FILES), AT)

    last, count = place_some(session, FIRST, AT)
    assert (last, count) == (LOCATION, 1)
    now = record(session, RecordKind.LOCATION, LOCATION).document
    assert (now["position_from"], round(now["latitude"], 1)) == ("postcode", 53.8)
    assert place_some(session, LOCATION, AT) == (None, 0)
    assert place_some(session, FIRST, AT) == (LOCATION, 0)
    assert [one.by.author for one in versions(session, RecordKind.LOCATION, LOCATION)] == [
        "operator",
        "importer",
    ]
