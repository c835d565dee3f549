"""What a search asks, as the values that its statement is run with."""

from datetime import date, time
from decimal import Decimal
from uuid import UUID

from directory.rules.asking import NOWHERE, around, asked_of
from directory.terms.places import Place
from directory.terms.searching import ServiceSearch, Weekday

HERE = Place("LS8 5NG", 53.8, -1.5, "E08000035", "E05011414")
TERM = UUID(int=1)


def test_nothing_is_asked_by_an_empty_search() -> None:
    assert asked_of(ServiceSearch(words="sleep"), None) == {}


def test_what_can_be_asked_for_exactly_is_a_trait() -> None:
    search = ServiceSearch(
        taxonomy_term_ids=(TERM,),
        taxonomy_id=TERM,
        organization_id=TERM,
        level_of_need="Early help",
        free=True,
        language="Urdu",
        suitable_for="Fathers",
        referral="Self referral",
        who_can_refer="Schools",
    )
    assert asked_of(search, None) == {
        "traits": [
            f"term:{TERM}",
            f"taxonomy:{TERM}",
            f"organization:{TERM}",
            "level_of_need:early_help",
            "free:yes",
            "language:urdu",
            "suitable_for:fathers",
            "referral:self-referral",
            "who_can_refer:schools",
        ]
    }
    assert asked_of(ServiceSearch(free=False), None) == {"not_traits": ["free:yes"]}


def test_ages_and_times_are_asked_as_they_are() -> None:
    search = ServiceSearch(age=Decimal(0), start_time=time(0), day=Weekday.MONDAY)
    assert asked_of(search, None) == {"age": 0, "start_time": time(0), "weekday": 0}


def test_a_day_is_asked_for_as_all_that_may_name_it() -> None:
    assert asked_of(ServiceSearch(open_on=date(2026, 3, 31)), None) == {
        "open_on": date(2026, 3, 31),
        "on_weekday": 1,
        "ordinals": [5, -1],
        "month_days": [31, -1],
        "on_month": 2026 * 12 + 3,
        "on_monday": date(2026, 3, 30),
    }


def test_words_that_are_none_make_no_place_accessible() -> None:
    assert asked_of(ServiceSearch(accessibility="Step free"), None) == {
        "accessibility": "step-free"
    }
    assert asked_of(ServiceSearch(accessibility="!"), None) == {NOWHERE: True}


def test_a_place_is_asked_for_by_its_ward_and_district() -> None:
    asked = asked_of(ServiceSearch(postcode="LS8 5NG"), HERE)
    assert asked["areas"] == ["area:*", "area:E08000035", "area:E05011414"]
    assert asked.keys() == {"areas", "here"}
    about = Place("LS8 9ZZ", 53.8, -1.5, "E08000035", "E05011414", approximate=True)
    asked = asked_of(ServiceSearch(postcode="LS8 9ZZ", proximity=500), about)
    assert asked["areas"] == ["area:*", "area:E08000035"]
    assert asked["within"] == 500
    assert around(HERE, 500).items() <= asked.items()


def test_a_postcode_that_was_not_read_is_nowhere() -> None:
    for search in (ServiceSearch(postcode="LS8 5NG"), ServiceSearch(proximity=1)):
        assert asked_of(search, None) == {NOWHERE: True}
