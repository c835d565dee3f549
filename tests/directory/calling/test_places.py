from datetime import UTC, datetime

import pytest
from sqlalchemy.orm import Session

from directory.actions.places import load_places
from directory.queries.places import administrative_areas, attributions, names_of, place_of
from directory.terms.places import (
    Loaded,
    MalformedPostcode,
    Place,
    PostcodeElsewhere,
    UnknownPostcode,
)

AT = datetime(2026, 4, 10, 10, tzinfo=UTC)
LEEDS = "E08000035"


def some_places(session: Session) -> Loaded:
    """Load the postcodes of a few first halves only: a test needs no more."""
    return load_places(session, AT, lambda one: one.postcode.startswith(("LS8", "LE1", "YO1")))


@pytest.mark.parametrize("typed", ["LS8 5NG", "ls85ng", "  Ls8   5nG ", "LS8-5NG", "LS8 5NG\u00a0"])
def test_a_postcode_is_found_in_any_spelling(session: Session, typed: str) -> None:
    some_places(session)

    place = place_of(session, typed)

    assert place == place_of(session, "LS8 5NG")
    assert place.district == LEEDS


def test_a_postcode_that_is_not_on_file_falls_back_to_its_first_half(session: Session) -> None:
    some_places(session)

    place = place_of(session, "m1 1ae")

    assert (place.postcode, place.ward, place.approximate) == ("M1 1AE", None, True)
    assert names_of(session, place.district) == {"E08000003": "Manchester"}


def test_a_first_half_alone_is_an_approximate_place(session: Session) -> None:
    some_places(session)

    assert place_of(session, "ls8") == Place("LS8", 53.8248, -1.5095, LEEDS, None, approximate=True)


def test_an_unknown_postcode_is_never_everywhere(session: Session) -> None:
    some_places(session)

    with pytest.raises(UnknownPostcode):
        place_of(session, "ZE99 1AA")
    with pytest.raises(PostcodeElsewhere, match="Northern Ireland"):
        place_of(session, "BT1 1AA")
    with pytest.raises(MalformedPostcode):
        place_of(session, "near the park")


def test_districts_and_wards_have_the_names_that_their_councils_give_them(
    session: Session,
) -> None:
    some_places(session)

    york = administrative_areas(session, "E06000014")

    assert (york[0].name, york[1].name, len(york)) == ("York", "Acomb", 22)
    assert names_of(session, "E08000035", None, "nowhere") == {"E08000035": "Leeds"}


def test_loading_the_same_twice_changes_nothing_the_second_time(session: Session) -> None:
    first = some_places(session)

    again = some_places(session)

    assert first.created == first.total > 500
    assert again == Loaded(first.total, 0, 0, 0)


def test_a_new_edition_takes_the_place_of_the_old_in_the_areas_that_it_holds(
    session: Session,
) -> None:
    some_places(session)
    kept = place_of(session, "YO1 7EP")

    second = load_places(session, AT, lambda one: one.postcode.startswith("LS85"))

    assert second.removed > 0
    assert (second.created, second.changed) == (0, 0)
    assert place_of(session, "LS8 1AA").approximate
    assert place_of(session, "YO1 7EP") == kept


def test_where_postcodes_come_from_is_kept_with_the_words_that_the_licence_asks_for(
    session: Session,
) -> None:
    assert attributions(session) == []
    some_places(session)

    (source,) = attributions(session)

    assert "Crown copyright and database right 2025" in source.attribution
    assert source.licence == "Open Government Licence v3.0"
    assert source.loaded_at == AT
