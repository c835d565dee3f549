"""Differences: found field by field, and the way from the old document to the new."""

from copy import deepcopy
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from directory.rules.differences import differences, patched, same, touch
from directory.terms.editing import Change, ChangeKind

YES = True
ADDED, CHANGED, REMOVED, MOVED = ChangeKind
LEAF = st.none() | st.booleans() | st.integers(0, 2) | st.sampled_from(["", "a", "b"])
NAMES = st.sampled_from(["name", "a/b", "~", "schedules", "phones"])


def items(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    one = st.dictionaries(NAMES, inner, max_size=2)
    named = st.tuples(st.sampled_from("vwxyz"), one).map(lambda pair: pair[1] | {"id": pair[0]})
    return st.lists(named, max_size=4, unique_by=lambda item: item["id"])


JSON = st.recursive(
    LEAF,
    lambda inner: (
        st.lists(inner, max_size=2) | st.dictionaries(NAMES, inner, max_size=3) | items(inner)
    ),
    max_leaves=4,
)
LISTS = st.dictionaries(st.just("phones"), items(LEAF)).flatmap(
    lambda inner: items(LEAF).map(lambda found: [one | inner for one in found])
)
DOCUMENTS = st.fixed_dictionaries({}, optional={"schedules": LISTS, "name": JSON, "a/b": LEAF})


@settings(deadline=None)
@given(DOCUMENTS, DOCUMENTS)
def test_the_differences_lead_from_the_old_document_to_the_new(before: Any, after: Any) -> None:
    held = deepcopy(before)
    assert same(patched(before, differences(before, after)), after)
    assert before == held


@settings(deadline=None)
@given(DOCUMENTS)
def test_a_document_does_not_differ_from_itself(document: Any) -> None:
    assert differences(document, deepcopy(document)) == ()


@settings(deadline=None)
@given(DOCUMENTS, DOCUMENTS)
def test_there_is_a_difference_wherever_documents_are_not_the_same(before: Any, after: Any) -> None:
    assert bool(differences(before, after)) == (not same(before, after))


@pytest.mark.parametrize(
    ("before", "after", "change"),
    [
        ({"n": "a"}, {"n": "b"}, Change("/n", CHANGED, "a", "b")),
        ({}, {"n": None}, Change("/n", ADDED, None, None)),
        ({"a/b~": 1}, {}, Change("/a~1b~0", REMOVED, 1)),
        ({"n": 1}, {"n": YES}, Change("/n", CHANGED, 1, YES)),
        ({"o": {"n": 1}}, {"o": {"n": 2}}, Change("/o/n", CHANGED, 1, 2)),
        ({"l": [1, 2]}, {"l": [1, 3]}, Change("/l", CHANGED, [1, 2], [1, 3])),
        ({"l": [{"id": "x"}]}, {"l": [{"id": "x", "n": 1}]}, Change("/l/0/n", ADDED, None, 1)),
        (
            {"l": [{"id": "x"}, {"id": "y"}]},
            {"l": [{"id": "y"}]},
            Change("/l/0", REMOVED, {"id": "x"}),
        ),
        (
            {"l": [{"id": "x"}, {"id": "y"}]},
            {"l": [{"id": "y"}, {"id": "x"}]},
            Change("/l", MOVED, ["x", "y"], ["y", "x"]),
        ),
        (
            {"l": [{"id": "x"}, {"id": "x"}]},
            {"l": []},
            Change("/l", CHANGED, [{"id": "x"}, {"id": "x"}], []),
        ),
    ],
)
def test_each_kind_of_difference_is_named_with_its_place(
    before: Any, after: Any, change: Change
) -> None:
    assert differences(before, after) == (change,)
    assert patched(before, (change,)) == after


def test_an_item_is_followed_to_where_it_stands_now() -> None:
    before = {"l": [{"id": "x", "n": 1}, {"id": "y", "n": 1}]}
    after = {"l": [{"id": "w"}, {"id": "y", "n": 2}, {"id": "x", "n": 1}]}
    found = differences(before, after)
    assert [(one.pointer, one.kind) for one in found] == [
        ("/l", MOVED),
        ("/l/0", ADDED),
        ("/l/1/n", CHANGED),
    ]


@pytest.mark.parametrize(
    ("one", "other", "said"),
    [
        ("/a", "/a", True),
        ("/a/b", "/a", True),
        ("/a", "/a/b", True),
        ("/a", "/ab", False),
        ("/a/1", "/a/2", False),
    ],
)
def test_pointers_touch_where_one_leads_into_the_other(one: str, other: str, said: bool) -> None:  # noqa: FBT001  (a column)
    assert touch(one, other) is said
