"""Records: one way in, versions that stay, and only what changed."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy.orm import Session

from directory.actions.records import put_records, put_service
from directory.queries import records as queries
from directory.terms.records import (
    ANYONE,
    Authorship,
    Origin,
    Outcome,
    RecordKind,
    UnknownRecord,
    Viewer,
)
from tests.service import MONDAY

BY = Authorship("client-1", Origin.EDITED)
SERVICE = "11111111-1111-4111-8111-111111111111"
ORGANIZATION = "22222222-2222-4222-8222-222222222222"
LOCATION = "33333333-3333-4333-8333-333333333333"
TERM = "44444444-4444-4444-8444-444444444444"


def a_service(**more: Any) -> dict[str, Any]:
    return {
        "id": SERVICE,
        "name": "Sleep clinic",
        "status": "active",
        "organization": {"id": ORGANIZATION, "name": "Lantern", "description": "Helps"},
        "service_at_locations": [
            {
                "id": "55555555-5555-4555-8555-555555555555",
                "location": {"id": LOCATION, "location_type": "physical", "name": "Lantern House"},
            }
        ],
        "attributes": [
            {
                "id": "66666666-6666-4666-8666-666666666666",
                "taxonomy_term": {"id": TERM, "name": "Sleep", "description": "Sleep"},
            }
        ],
    } | more


def test_a_nested_service_comes_out_as_it_went_in(session: Session) -> None:
    put_service(session, a_service(), BY, MONDAY)
    seen = dict(queries.seen_service(session, UUID(SERVICE), ANYONE))
    assert seen.pop("last_modified") == MONDAY.isoformat(timespec="milliseconds")
    assert seen.pop("organization_id") == ORGANIZATION
    (place,), (attribute,) = seen["service_at_locations"], seen["attributes"]
    assert place.pop("location_id") == LOCATION
    assert attribute.pop("taxonomy_term_id") == TERM
    assert seen == a_service()


def test_what_is_on_file_already_makes_no_version(session: Session) -> None:
    put_service(session, a_service(), BY, MONDAY)
    before = queries.changes(session)
    again = put_service(session, a_service(), BY, MONDAY + timedelta(days=1))
    assert set(again.values()) == {Outcome.UNCHANGED}
    assert queries.changes(session) == before
    assert len(queries.versions(session, RecordKind.SERVICE, UUID(SERVICE))) == 1


def test_a_change_of_its_place_dates_the_service_anew(session: Session) -> None:
    put_service(session, a_service(), BY, MONDAY)
    moved = {"id": LOCATION, "location_type": "physical", "name": "Lantern Hall"}
    later = MONDAY + timedelta(days=1)
    put_records(session, RecordKind.LOCATION, [moved], BY, later)
    seen = queries.seen_service(session, UUID(SERVICE), ANYONE)
    assert seen["last_modified"] == later.isoformat(timespec="milliseconds")
    assert seen["service_at_locations"][0]["location"]["name"] == "Lantern Hall"


def test_a_record_for_some_agencies_is_unknown_to_everyone_else(session: Session) -> None:
    put_service(session, a_service(audience=["oak-school"]), BY, MONDAY)
    assert queries.seen_service(session, UUID(SERVICE), Viewer("oak-school"))
    for viewer in (ANYONE, Viewer("elm-school")):
        with pytest.raises(UnknownRecord):
            queries.seen_service(session, UUID(SERVICE), viewer)


def test_the_name_anyone_could_read_is_remembered_and_no_other(session: Session) -> None:
    put_service(session, a_service(), BY, MONDAY)
    put_service(session, a_service(name="Refuge", audience="practitioners"), BY, MONDAY)
    kept = queries.record(session, RecordKind.SERVICE, UUID(SERVICE))
    assert (kept.public_name, kept.version) == ("Sleep clinic", 2)
