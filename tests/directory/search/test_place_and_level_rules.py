"""Distances, levels of need, and the facets that people read."""

from math import asin, cos, radians, sin, sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from directory.rules.cells import MOST_CELLS, cells_at, cells_within
from directory.rules.distance import PLACELESS, band, box, cube, metres, said_distance
from directory.rules.facets import facets_of
from directory.rules.levels import CITIES, common_level, level_code, level_codes
from directory.terms.searching import FacetValue, LevelOfNeed

LEEDS, YORK, LEICESTER = (53.7965, -1.5479), (53.9583, -1.0930), (52.6316, -1.1257)
north = st.floats(49.8, 60.9)
east = st.floats(-8.2, 1.8)
MEAN_RADIUS = 6_371_008.8


def over_the_ground(one: tuple[float, float], other: tuple[float, float]) -> float:
    """Return the great-circle distance by the haversine formula, another way to reckon it."""
    up, along = radians(other[0] - one[0]), radians(other[1] - one[1])
    half = sin(up / 2) ** 2 + cos(radians(one[0])) * cos(radians(other[0])) * sin(along / 2) ** 2
    return 2 * MEAN_RADIUS * asin(sqrt(half))


# Geodesics on WGS 84, by Karney's method: pyproj.Geod(ellps="WGS84").inv.
@pytest.mark.parametrize(
    ("one", "other", "true"),
    [(LEEDS, YORK, 34_920), (LEEDS, LEICESTER, 132_674), (YORK, LEICESTER, 147_667)],
)
def test_distances_between_cities_are_right(
    one: tuple[float, float], other: tuple[float, float], true: float
) -> None:
    assert metres(one, other) == pytest.approx(true, rel=0.001)


@given(north, east, st.floats(-0.5, 0.5), st.floats(-0.5, 0.5))
def test_distances_are_right_to_one_in_a_hundred(
    up: float, along: float, further: float, aside: float
) -> None:
    one, other = (up, along), (up + further, along + aside)
    assert metres(one, other) == pytest.approx(over_the_ground(one, other), rel=0.01, abs=0.5)


@given(north, east, st.floats(-0.5, 0.5), st.floats(-0.5, 0.5), st.floats(1, 60_000))
def test_a_box_holds_all_that_is_within(
    up: float, along: float, further: float, aside: float, within: float
) -> None:
    here, there = (up, along), (up + further, along + aside)
    around = box(*here, within)
    if metres(here, there) <= within:
        assert around.south <= there[0] <= around.north
        assert around.west <= there[1] <= around.east


def test_a_cube_is_written_as_postgresql_reads_it() -> None:
    assert cube(0, 0) == "(6378137.000, 0.000, 0.000)"


def test_what_has_no_place_ranks_after_what_is_near_and_before_what_is_far() -> None:
    assert [band(away) for away in (0, 1000, 1001, 5000)] == [0, 0, 1, 2]
    assert band(5000) < band(None) == PLACELESS < band(5001)
    assert [band(away) for away in (10_001, 25_001, 50_001)] == [5, 6, 7]


@pytest.mark.parametrize(
    ("away", "said"),
    [
        (3, "less than 0.1 miles"),
        (333, "0.2 miles"),
        (1609, "1.0 miles"),
        (15_900, "9.9 miles"),
        (40_000, "25 miles"),
    ],
)
def test_distances_are_said_as_people_do(away: float, said: str) -> None:
    assert said_distance(away) == said


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("Early help", "early_help"),
        ("EARLY_HELP", "early_help"),
        ("Early help / targeted", "early_help"),
        ("Targeted", "targeted"),
        ("Level 3", "3"),
        ("york-3", "3"),
        ("Complex needs", "3"),
        ("Acute needs / statutory response", "4"),
    ],
)
def test_a_level_is_known_however_it_is_written(said: str, code: str) -> None:
    assert level_code(said) == code


@pytest.mark.parametrize(
    ("taxonomy", "name", "codes"),
    [
        ("level-of-need", "Universal", {"universal", "1"}),
        ("level-of-need", "Early help / targeted", {"early_help", "targeted", "2", "3"}),
        ("level-of-need", "Specialist", {"specialist", "4"}),
        ("level-of-need", "Something else", {"something_else"}),
        ("level-of-need-leeds", "Targeted", {"targeted", "early_help"}),
        ("level-of-need-leicester", "Early Help", {"early_help"}),
        ("level-of-need-york", "Level 3", {"3", "early_help"}),
        ("level-of-need-york", "4", {"4", "specialist"}),
        ("level-of-need-york", "Level 9", {"9"}),
        ("level-of-need-hull", "Universal", {"universal", "1"}),
        ("dfe-family-hubs", "Universal", set()),
    ],
)
def test_a_term_is_found_by_its_own_level_and_the_common_one(
    taxonomy: str, name: str, codes: set[str]
) -> None:
    assert level_codes(taxonomy, name) == codes


def test_every_level_of_every_city_is_read_as_a_common_one() -> None:
    assert {level for scale in CITIES.values() for level in scale.values()} == set(LevelOfNeed)
    assert all(
        common_level(code) is level for one in CITIES.values() for code, level in one.items()
    )
    assert common_level("nonsense") is None


def test_facets_come_in_an_order_that_people_expect() -> None:
    counted = [
        ("term", "t1", 3, "Sleep"),
        ("term", "t2", 9, "Play"),
        ("term", "t3", 9, "Autism"),
        ("term", "t4", 9, None),
        ("level_of_need", "specialist", 9, "Specialist"),
        ("level_of_need", "universal", 1, "Universal"),
        ("free", "yes", 4, None),
        ("age", "10", 2, None),
        ("age", "3", 1, None),
        ("day", "TU", 2, None),
        ("day", "MO", 1, None),
    ]
    made = facets_of(counted)
    assert [one.label for one in made["topic"]] == ["Autism", "Play", "Sleep"]
    assert [one.value for one in made["level_of_need"]] == ["universal", "specialist"]
    assert made["free"] == (FacetValue("true", "Free", 4),)
    assert [one.label for one in made["age"]] == ["For age 3", "For age 10"]
    assert [one.label for one in made["day"]] == ["Mondays", "Tuesdays"]
    assert "language" not in made


@given(north, east, st.floats(-0.5, 0.5), st.floats(-0.5, 0.5), st.floats(1, 60_000))
def test_what_is_within_a_distance_lies_in_a_cell_that_its_box_touches(
    up: float, along: float, further: float, aside: float, within: float
) -> None:
    here, there = (up, along), (up + further, along + aside)
    named = cells_within(box(*here, within))
    if named is not None and metres(here, there) <= within:
        assert set(named) & set(cells_at(*there))
    assert named is None or len(named) <= MOST_CELLS


def test_a_box_that_touches_many_cells_is_told_by_larger_ones_or_not_at_all() -> None:
    near, far, furthest = (cells_within(box(*LEEDS, one)) for one in (2_000, 20_000, 900_000))
    assert near is not None
    assert far is not None
    assert {one.split(":")[0] for one in near} == {"near"}
    assert {one.split(":")[0] for one in far} == {"far"}
    assert furthest is None
