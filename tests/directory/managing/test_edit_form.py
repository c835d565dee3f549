"""The form of a service: what it shows comes back as it was, and what is typed is taken over."""

from collections.abc import Iterator
from itertools import count
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some

from directory.rules.edit_form import AS_IT_IS, GROUPS, filled_in, is_plain, rows_of
from directory.rules.edit_typed import TakenOver, taken_over

SERVICE: dict[str, Any] = {
    "id": "s-1",
    "name": "Sleep clinic",
    "description": "For parents.\nIn small groups.",
    "status": "active",
    "fees": "Free",
    "url": "https://lantern.example",
    "minimum_age": 0,
    "maximum_age": 4.5,
    "organization_id": "o-1",
    "assured_date": "2026-02-01",
    "phones": [
        {"id": "p-1", "number": "0113 496 0000", "type": "voice"},
        {"id": "p-2", "number": "0113 496 0001", "audience": "practitioners"},
    ],
    "contacts": [
        {
            "id": "c-1",
            "name": "Front desk",
            "audience": ["refuge", "hub"],
            "phones": [
                {"id": "cp-1", "number": "1", "extension": "2"},
                {"id": "cp-2", "number": "3"},
            ],
        }
    ],
    "schedules": [
        {"id": "t-1", "freq": "WEEKLY", "byday": "MO, TU", "opens_at": "09:00:00Z"},
        {"id": "t-2", "freq": "MONTHLY", "byday": "1MO", "opens_at": "10:00"},
    ],
    "service_areas": [
        {"id": "a-1", "name": "Leeds", "uri": "http://x.example/id/E08000035", "extent": "all"},
        {"id": "a-2", "name": "Anywhere", "uri": "http://x.example/anywhere"},
    ],
    "attributes": [{"id": "at-1", "link_id": "s-1", "taxonomy_term_id": "term-1"}],
}


def new_ids() -> Iterator[str]:
    return (f"new-{number}" for number in count(1))


def typed(document: dict[str, Any] = SERVICE, **changes: str | None) -> TakenOver:
    """The form as it is shown, with some fields typed over, or left out of what was sent."""
    over = {name.replace("__", "."): text for name, text in changes.items()}
    fields: dict[str, str | None] = {**filled_in(document, "hub"), **over}
    sent = {name: text for name, text in fields.items() if text is not None}
    return taken_over(document, sent, new_ids(), "hub")


def test_what_is_sent_as_it_was_shown_changes_nothing() -> None:
    assert typed() == TakenOver(
        SERVICE, {}, {group: tuple(range(len(SERVICE[group]))) for group in GROUPS}
    )


_WORDS = some.text("ab cé'&<\n\r", min_size=1, max_size=9).filter(str.strip)
_AUDIENCE = some.sampled_from([{}, {"audience": "practitioners"}, {"audience": ["hub"]}])
_DOCUMENTS = some.fixed_dictionaries(
    {"id": some.just("s"), "name": _WORDS},
    optional={
        "fees": _WORDS,
        "minimum_age": some.integers(0, 9) | some.just(0.5),
        "maximum_age": some.integers(9, 99),
        "phones": some.lists(
            some.tuples(some.fixed_dictionaries({"number": _WORDS}), _AUDIENCE), min_size=1
        ),
        "schedules": some.lists(
            some.tuples(
                some.fixed_dictionaries(
                    {"byday": some.sampled_from(["MO", "TU,WE", "2FR"])},
                    optional={"opens_at": some.sampled_from(["09:30", "23:59:59Z", "00:00"])},
                ),
                some.just({"freq": "WEEKLY"}),
            ),
            min_size=1,
        ),
    },
)


@given(_DOCUMENTS)
def test_any_service_comes_back_as_it_was(made: dict[str, Any]) -> None:
    document = dict(made)
    for group in ("phones", "schedules"):
        if group in document:
            parts = enumerate(document[group])
            document[group] = [{"id": f"{group}{n}", **one, **more} for n, (one, more) in parts]
    assert typed(document).document == document
    assert typed(document).errors == {}


def test_texts_and_ages_are_taken_over_and_emptied() -> None:
    made = typed(name=" Sleep help ", fees="", description="a\r\nb", minimum_age="0.50").document
    assert (made["name"], made["description"], made["minimum_age"]) == ("Sleep help", "a\nb", 0.5)
    assert "fees" not in made
    assert made["assured_date"] == "2026-02-01"


@pytest.mark.parametrize(
    ("field", "text", "expected"),
    [
        ("name", " ", "Enter the name of the service"),
        ("url", "javascript:alert(1)", "Enter a web address that begins with https://"),
        ("url", "www.lantern.example", "Enter a web address that begins with https://"),
        ("minimum_age", "seven", "Enter an age in years, such as 7 or 0.5"),
        ("minimum_age", "-1", "Enter an age in years, such as 7 or 0.5"),
        ("maximum_age", "121", "Enter an age in years, such as 7 or 0.5"),
        ("minimum_age", "5", "The oldest age must not be less than the youngest"),
        ("phones__1__number", "", "Enter the number, or choose to remove it"),
        ("contacts__0__name", "", ""),
        ("contacts__1__title", "Manager", ""),
        ("service_areas__0__code", "Leeds", "Enter a code such as E05011406, or leave it empty"),
        ("schedules__0__opens_at", "9am", "Enter a time such as 09:30"),
        ("schedules__0__closes_at", "25:00", "Enter a time such as 09:30"),
        ("schedules__2__closes_at", "10:00", "Choose the days on which it is open then"),
    ],
)
def test_what_cannot_be_read_is_named_at_its_field(field: str, text: str, expected: str) -> None:
    errors = typed(**{field: text}).errors
    named = {"minimum_age": "maximum_age"} if text == "5" else {}
    named |= {"schedules__2__closes_at": "schedules.2.MO"}
    where = named.get(field, field).replace("__", ".")
    assert errors == ({where: expected} if expected else {})


def test_an_emptied_contact_is_not_one() -> None:
    assert typed(contacts__0__name="", contacts__0__phone="").errors == {
        "contacts.0.name": "Enter who to ask for, or choose to remove the contact"
    }


def test_rows_are_added_and_dropped() -> None:
    made = typed(
        phones__0__drop="on",
        phones__2__number="0113 496 0002",
        phones__2__audience="agency",
        attributes__0__drop="on",
        attributes__1__term="term-2",
        service_areas__2__name="Roundhay",
        service_areas__2__code="E05011406",
    ).document
    assert [one["id"] for one in made["phones"]] == ["p-2", "new-1"]
    assert made["phones"][1] == {
        "id": "new-1",
        "service_id": "s-1",
        "number": "0113 496 0002",
        "audience": ["hub"],
    }
    assert made["attributes"][0]["taxonomy_term_id"] == "term-2"
    assert made["attributes"][0]["link_type"] == "service"
    assert made["service_areas"][2]["uri"].endswith("/statistical-geography/E05011406")


def test_the_last_row_dropped_takes_the_list_away() -> None:
    assert "attributes" not in typed(attributes__0__drop="on").document


def test_what_the_form_does_not_show_of_a_part_stays() -> None:
    made = typed(contacts__0__phone="9", phones__0__number="8").document
    assert made["contacts"][0]["phones"] == [
        {"id": "cp-1", "number": "9", "extension": "2"},
        {"id": "cp-2", "number": "3"},
    ]
    assert made["phones"][0] == {"id": "p-1", "number": "8", "type": "voice"}


def test_a_contacts_first_number_can_be_taken_away_or_given() -> None:
    assert [
        one["id"] for one in typed(contacts__0__phone="").document["contacts"][0]["phones"]
    ] == ["cp-2"]
    made = typed(contacts__1__name="Ms Day", contacts__1__phone="7").document["contacts"][1]
    assert made["phones"] == [{"id": "new-2", "contact_id": "new-1", "number": "7"}]


def test_times_are_taken_over_on_days_of_every_week_alone() -> None:
    made = typed(
        schedules__0__FR="on",
        schedules__0__TU=None,
        schedules__0__closes_at="9.30",
        schedules__1__opens_at="11:00",
        schedules__2__SU="on",
        schedules__2__description="term time",
    ).document["schedules"]
    assert made[0] | {} == {
        "id": "t-1",
        "freq": "WEEKLY",
        "byday": "MO,FR",
        "opens_at": "09:00:00Z",
        "closes_at": "09:30",
    }
    assert made[1] == SERVICE["schedules"][1]
    assert made[2] == {
        "id": "new-1",
        "service_id": "s-1",
        "freq": "WEEKLY",
        "byday": "SU",
        "description": "term time",
    }


@pytest.mark.parametrize(
    ("held", "chosen", "expected"),
    [
        (None, "public", None),
        (None, "practitioners", "practitioners"),
        (None, "agency", ["hub"]),
        ("public", "public", "public"),
        ("practitioners", "public", "public"),
        (["refuge"], AS_IT_IS, ["refuge"]),
        (["refuge"], "nonsense", ["refuge"]),
        (["hub"], "agency", ["hub"]),
    ],
)
def test_who_may_see_a_part_is_chosen(held: object, chosen: str, expected: object) -> None:
    phone = {"id": "p-1", "number": "1"} | ({} if held is None else {"audience": held})
    document = {"id": "s-1", "name": "S", "phones": [phone]}
    made = typed(document, phones__0__audience=chosen, audience=chosen).document
    assert made["phones"][0].get("audience") == expected
    whole = {**document, **({} if held is None else {"audience": held})}
    assert typed(whole, audience=chosen).document.get("audience") == expected


def test_a_new_contact_for_everybody_says_so() -> None:
    made = typed(contacts__1__name="Desk", contacts__1__audience="public").document
    assert made["contacts"][1]["audience"] == "public"


def test_what_a_browser_does_to_ends_of_lines_is_no_change() -> None:
    document = {"id": "s", "name": "S", "description": "a\r\nb \n", "fees": "Free\nfor all "}
    assert typed(document, description="a\r\nb", fees="Freefor all").document == document
    assert typed(document, fees="Free for all").document["fees"] == "Free for all"


def test_a_part_that_was_not_sent_at_all_stays() -> None:
    made = typed(phones__1__id=None, phones__1__number=None, phones__1__audience=None)
    assert made.document == SERVICE


def test_a_form_has_no_rows_without_end() -> None:
    sent = {f"phones.{number}.number": "1" for number in range(200)}
    assert len(rows_of(sent, "phones")) == 60
    assert rows_of({"phones.x.number": "1", "phones.1": "2", "other.1.number": "3"}, "phones") == {}


def test_a_place_in_the_document_is_found_on_the_form() -> None:
    made = typed(phones__0__drop="on")
    assert made.field_of("/name") == "name"
    assert made.field_of("/phones/0/number") == "phones.1.number"
    assert made.field_of("/phones/7/number") == "phones.7.number"
    assert made.field_of("/contacts/0/phones/0/number") == "contacts.0.phone"
    assert made.field_of("/schedules/1/byday") == "schedules.1.MO"
    assert made.field_of("/service_areas/0") == "service_areas.0.name"
    assert made.field_of("/attributes/0/taxonomy_term_id") == "attributes.0.term"
    assert made.field_of("/languages/0/code") == "languages"


def test_only_days_of_every_week_are_plain() -> None:
    assert is_plain({"byday": "MO,SU"})
    assert is_plain({"description": "by appointment"})
    assert not is_plain({"byday": "1MO"})
    assert not is_plain({"bymonthday": "3"})
    assert not is_plain({"byday": "MO", "interval": 2})


def test_what_is_no_part_of_a_list_is_passed_over() -> None:
    document = {"id": "s", "name": "S", "phones": ["0113", {"id": "p", "number": "1"}]}
    assert filled_in(document, "hub")["phones.0.number"] == "1"


def test_a_whole_number_is_shown_without_a_point() -> None:
    shown = filled_in({"id": "s", "name": "S", "minimum_age": 3.0, "maximum_age": 4.5}, "hub")
    assert (shown["minimum_age"], shown["maximum_age"]) == ("3", "4.5")
