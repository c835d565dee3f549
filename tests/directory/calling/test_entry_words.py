"""Places as they are typed, and changes as they are told."""

import pytest

from directory.rules.entry_words import changed_told, place_typed, places_typed
from directory.terms.coverage import PlaceKind
from directory.terms.editing import Change, ChangeKind


@pytest.mark.parametrize(
    ("typed", "kind", "code"),
    [
        ("E05011394", PlaceKind.WARD, "E05011394"),
        (" w05000001 ", PlaceKind.WARD, "W05000001"),
        ("E08000035", PlaceKind.DISTRICT, "E08000035"),
        ("ls8 5ng", PlaceKind.POSTCODE, "ls8 5ng"),
        ("E0501139", PlaceKind.POSTCODE, "E0501139"),
    ],
)
def test_a_place_is_a_ward_a_district_or_else_a_postcode(
    typed: str, kind: PlaceKind, code: str
) -> None:
    assert place_typed(typed) == (kind, code)


def test_places_come_one_on_each_line() -> None:
    assert [code for _, code in places_typed("E05011394\r\n \nLS8 5NG\n")] == [
        "E05011394",
        "LS8 5NG",
    ]


def test_changes_are_told_each_part_once() -> None:
    pointers = ("/during/ends", "/parts/0/during/ends", "/parts/1", "/name", "/search_text")
    changes = [Change(one, ChangeKind.CHANGED) for one in pointers]
    told = changed_told(changes)
    assert told == "the dates, what it is made of, the name, the search text"
    assert changed_told(()) == ""
