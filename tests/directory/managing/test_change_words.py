"""Changes in plain words: what a second person reads before they decide."""

import pytest

from directory.rules.change_words import Line, documents_of, ids_told, lines, said, told
from directory.rules.differences import differences
from directory.terms.editing import ChangeKind

NAMES = {"t-1": "Sleep", "t-2": "Food", "hub": "Early Help Hub"}
ADDED, CHANGED, REMOVED, MOVED = (
    ChangeKind.ADDED,
    ChangeKind.CHANGED,
    ChangeKind.REMOVED,
    ChangeKind.MOVED,
)


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ({"name": "A"}, {"name": "B"}, [Line("Name", CHANGED, "A", "B")]),
        ({}, {"fees": "Free"}, [Line("Cost", ADDED, "", "Free")]),
        ({"minimum_age": 3}, {}, [Line("Youngest age", REMOVED, "3", "")]),
        (
            {"phones": [{"id": "1", "number": "1"}]},
            {"phones": [{"id": "1", "number": "2", "audience": ["hub"]}]},
            [
                Line("Telephone 1, who may see it", ADDED, "", "practitioners of Early Help Hub"),
                Line("Telephone 1, number", CHANGED, "1", "2"),
            ],
        ),
        (
            {},
            {"schedules": [{"id": "1", "byday": "MO,FR", "opens_at": "09:00"}]},
            [Line("Opening time 1", ADDED, "", "Days: Monday, Friday; Opens: 09:00")],
        ),
        (
            {"attributes": [{"id": "1", "taxonomy_term_id": "t-1"}]},
            {"attributes": [{"id": "1", "taxonomy_term_id": "t-2"}]},
            [Line("Topic 1, topic", CHANGED, "Sleep", "Food")],
        ),
        (
            {"contacts": [{"id": "1", "name": "A"}, {"id": "2", "name": "B"}]},
            {"contacts": [{"id": "2", "name": "B"}, {"id": "1", "name": "A"}]},
            [Line("Contact", MOVED, "", "The order is another")],
        ),
        (
            {"phones": [{"id": "1", "number": "1"}, {"id": "2", "number": "2"}]},
            {"phones": [{"id": "1", "number": "1"}]},
            [Line("Telephone 2", REMOVED, "Number: 2", "")],
        ),
        (
            {"phones": [{"id": "1", "number": "1"}]},
            {},
            [Line("Telephone 1", REMOVED, "Number: 1", "")],
        ),
        ({"id": "1", "last_modified": "a"}, {"id": "2", "last_modified": "b"}, []),
        (
            {"assured_date": "2026-01-05"},
            {"assured_date": "2026-03-02"},
            [Line("Checked on", CHANGED, "5 January 2026", "2 March 2026")],
        ),
    ],
)
def test_a_change_is_told_where_it_is_and_what_it_does(
    before: dict[str, object], after: dict[str, object], expected: list[Line]
) -> None:
    assert list(lines(differences(before, after), NAMES)) == expected


def test_values_are_told_as_people_read_them() -> None:
    assert said(value=True, names={}) == "yes"
    assert said(value=False, names={}) == "no"
    assert said(["a", 2], {}) == "a, 2"
    assert said("practitioners", {}, "audience") == "practitioners of all partner agencies"
    assert said("public", {}, "audience") == "everybody"
    assert said(None, {}, "audience") == ""
    assert said("not a day", {}, "assured_date") == "not a day"


def test_a_document_is_told_line_by_line() -> None:
    found = told({"id": "x", "name": "A", "phones": [{"id": "1", "number": "5"}]}, {})
    assert [(one.where, one.after) for one in found] == [
        ("Name", "A"),
        ("Telephone 1", "Number: 5"),
    ]


def test_what_changes_say_is_found_under_the_names_of_its_fields() -> None:
    before = {"attributes": [{"id": "1", "taxonomy_term_id": "t-1"}], "audience": ["hub"]}
    after = {"attributes": [{"id": "1", "taxonomy_term_id": "t-2"}], "name": "A"}
    documents = list(documents_of(differences(before, after)))
    assert ids_told(documents) == {"t-1", "t-2"}
    assert {"audience": ["hub"]} in documents


def test_records_that_are_named_by_id_are_found() -> None:
    document = {"id": "x", "organization_id": "o", "attributes": [{"taxonomy_term_id": "t"}, 3]}
    assert ids_told(document) == {"o", "t"}
