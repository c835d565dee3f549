"""What the standard's own schemas say of a document, place by place."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from directory.rules.documents import take_apart
from directory.rules.standard import LISTS, Answer, answer_faults, faults, row_faults
from directory.terms.records import RecordKind
from tests.directory.feed.making import a_location, a_service, a_taxonomy, uid

PAGE = {
    "total_items": 1,
    "total_pages": 1,
    "page_number": 1,
    "size": 1,
    "first_page": True,
    "last_page": True,
    "empty": False,
}


def test_a_whole_service_has_no_fault_nested_or_taken_apart() -> None:
    for number in range(20):
        service = a_service(number)
        assert faults(RecordKind.SERVICE, service, nested=True) == []
        for kind, document in take_apart(service).records:
            assert faults(kind, document, nested=False) == []


def test_a_record_to_be_kept_names_the_others_by_id() -> None:
    found = faults(RecordKind.SERVICE, a_service(1), nested=False)
    assert [fault.pointer for fault in found] == [
        "/attributes/0/taxonomy_term",
        "/attributes/1/taxonomy_term",
        "/organization",
        "/service_at_locations/0/location",
    ]
    assert found[2].detail == "A record names this by its id: send organization_id instead."


@pytest.mark.parametrize(
    ("member", "value", "says"),
    [
        ("name", None, "null"),
        ("name", 7, "text"),
        ("status", "closed", "one of: active, inactive, defunct, temporarily closed"),
        ("url", "example", "web address"),
        ("email", "a@", "e-mail"),
        ("assurer_email", "nobody", "e-mail"),
        ("id", "7", "UUID"),
        ("minimum_age", "7", "a number, without quotes"),
        ("last_modified", "2026-02-30T10:00:00Z", "offset"),
        ("last_modified", "2026-12-31T23:59:60Z", "offset"),
        ("last_modified", "2026-02-03", "offset"),
        ("assured_date", "2026-02-30", "real date"),
        ("assured_date", "20260203", "real date"),
        ("languages", {}, "a list"),
        ("organization", [], "an object"),
    ],
)
def test_each_wrong_value_is_named_with_its_place_and_the_remedy(
    member: str, value: Any, says: str
) -> None:
    (found,) = faults(RecordKind.SERVICE, a_service(1) | {member: value}, nested=True)
    assert found.pointer == f"/{member}"
    assert says in found.detail


@pytest.mark.parametrize("missing", ["id", "name", "status"])
def test_what_the_standard_demands_is_missed_where_it_should_stand(missing: str) -> None:
    (found,) = faults(RecordKind.SERVICE, a_service(1, **{missing: None}), nested=True)
    assert (found.pointer, found.detail) == (
        f"/{missing}",
        "This is missing, and the standard asks for it.",
    )


@pytest.mark.parametrize("time", ["9am", "24:00", "09:60", "9:00", "09:00 "])
def test_a_time_of_day_is_a_time_of_day(time: str) -> None:
    service = a_service(1)
    service["schedules"][0]["opens_at"] = time
    (found,) = faults(RecordKind.SERVICE, service, nested=True)
    assert found.pointer == "/schedules/0/opens_at"
    for good in ("09:00", "23:59:59", "09:00Z", "09:00+01:00"):
        service["schedules"][0]["opens_at"] = good
        assert faults(RecordKind.SERVICE, service, nested=True) == []


def test_what_was_taken_over_from_hsds_is_checked_too() -> None:
    service = a_service(1)
    service["contacts"][0] |= {"email": "desk", "phones": [{"id": uid("x")}, "01632 960000"]}
    service["phones"] = "01632 960000"
    assert [fault.pointer for fault in faults(RecordKind.SERVICE, service, nested=True)] == [
        "/contacts/0/email",
        "/contacts/0/phones/0/number",
        "/contacts/0/phones/1",
        "/phones",
    ]


def test_a_pointer_escapes_what_a_pointer_must() -> None:
    service = a_service(1, **{"a/b~c": ["fine", {"\x00": "x"}], "d": "\ud800", "e": float("inf")})
    found = faults(RecordKind.SERVICE, service, nested=True)
    assert [fault.pointer for fault in found] == ["/a~1b~0c/1", "/d", "/e"]


@pytest.mark.parametrize("document", [None, [], "service", 7, True, {}])
def test_what_is_no_record_at_all_has_faults(document: Any) -> None:
    for kind in RecordKind:
        assert faults(kind, document, nested=True)


def test_locations_taxonomies_and_terms_are_judged_by_their_own_form() -> None:
    assert faults(RecordKind.LOCATION, a_location(1), nested=True) == []
    assert faults(RecordKind.TAXONOMY, a_taxonomy("city"), nested=True) == []
    bad = a_location(1)
    del bad["addresses"][0]["postal_code"]
    (found,) = faults(RecordKind.LOCATION, bad, nested=True)
    assert found.pointer == "/addresses/0/postal_code"
    bare = {"id": uid("a"), "name": "Sleep"}
    assert faults(RecordKind.TAXONOMY_TERM, bare, nested=True)[0].pointer == "/description"


@pytest.mark.parametrize("answer", sorted(LISTS))
def test_every_list_is_asked_for_the_whole_envelope_and_each_of_its_rows(answer: Answer) -> None:
    assert answer_faults(answer, PAGE | {"contents": []}) == []
    for member in PAGE:
        less = {name: value for name, value in PAGE.items() if name != member}
        (found,) = answer_faults(answer, less | {"contents": []})
        assert found.pointer == f"/{member}"
    assert answer_faults(answer, PAGE | {"contents": [{}]})[0].pointer == "/contents/0/id" or (
        answer_faults(answer, PAGE | {"contents": [{}]})[0].pointer == "/contents/0/description"
    )
    assert row_faults(answer, {})


def test_the_document_at_the_base_is_judged_too() -> None:
    (found,) = answer_faults(Answer.ABOUT, {"version": "HSDS-UK-3.0", "profile": "x:y"})
    assert found.pointer == "/openapi_url"


JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@given(JSON, st.sampled_from(sorted(a_service(2))))
def test_whatever_is_put_in_a_member_is_judged_and_never_a_fault_of_ours(
    value: Any, member: str
) -> None:
    for fault in faults(RecordKind.SERVICE, a_service(2) | {member: value}, nested=True):
        assert fault.pointer == f"/{member}" or fault.pointer.startswith(f"/{member}/")
        assert fault.detail.endswith(".")
