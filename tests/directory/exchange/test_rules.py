"""What of a row can be taken in, what is seen to be wrong with it, and what it adds."""

from datetime import date
from typing import Any

import pytest

from directory.rules.feeds import (
    is_last,
    is_old_page,
    is_read_here,
    is_whole,
    provenance_of,
    rows_of,
    total_of,
    version_of,
)
from directory.rules.flaws import MOST_FLAWS, flaws
from directory.rules.intake import (
    MOST_FAULTS,
    digest,
    in_order,
    looked,
    named_in,
    pointer,
    records_of,
    row_faults,
    taxonomy_said,
    tidied,
)
from directory.rules.sorting import Facts, keys_in, parts_of, sort
from directory.rules.tabular import members_of, tables
from directory.terms.exchange import Provenance, Seen, SourceRow, Tally
from directory.terms.records import RecordKind
from tests.directory.exchange.running import a_service, uid

ON = date(2026, 3, 2)
SERVICE, TERM = RecordKind.SERVICE, RecordKind.TAXONOMY_TERM
NOTHING = Facts(frozenset(), frozenset(), {})


def pointers(kind: RecordKind, document: Any) -> list[str]:
    return [fault.pointer for fault in row_faults(kind, looked(document))]


@pytest.mark.parametrize(
    ("more", "found"),
    [
        ({}, []),
        ({"audience": "practitioners"}, []),
        ({"contacts": [{"id": uid("c"), "audience": []}]}, ["/contacts/0/audience"]),
        ({"more": [1e16, {"a": 10**16}, 5]}, ["/more/0", "/more/1/a"]),
        ({"more": "1234567890123456"}, []),
        ({"minimum_age": "x"}, ["/minimum_age"]),
        ({"taxonomy_id": 5}, ["/taxonomy_id"]),
        ({"location": {"assured_date": "soon"}}, ["/location/assured_date"]),
        (
            {"organization": {**a_service(0)["organization"], "parent_id": "x"}},
            ["/organization/parent_id"],
        ),
        ({"organization": "Lantern"}, ["/organization"]),
        (
            {"more": {"location_id": uid("place"), "location": {"id": uid("x")}}},
            ["/more/location/id"],
        ),
        ({"a/b": {"taxonomy_term_id": "x"}}, ["/a~1b/taxonomy_term_id"]),
        ({"more": {"taxonomy_term": "Sleep"}}, ["/more/taxonomy_term"]),
        ({"assured_date": "2026-02-30"}, ["/assured_date"]),
    ],
)
def test_a_row_that_cannot_be_kept_says_where(more: dict[str, Any], found: list[str]) -> None:
    assert pointers(SERVICE, a_service(0, **more)) == found


def test_a_service_belongs_to_an_organization_and_other_records_need_not() -> None:
    service = a_service(0)
    del service["organization"], service["organization_id"]
    assert pointers(SERVICE, service) == ["/organization_id"]
    taxonomy = {"id": uid("t"), "name": "topics", "description": "Topics", "last_modified": 7}
    assert pointers(RecordKind.TAXONOMY, taxonomy) == ["/last_modified"]


def test_of_a_row_that_is_all_wrong_the_first_faults_are_told() -> None:
    schedules = [{"id": number} for number in range(30)]
    assert len(pointers(SERVICE, a_service(0, schedules=schedules))) == MOST_FAULTS


def test_what_says_nothing_is_left_out_and_ids_are_small() -> None:
    untidy = {"id": uid("s").upper(), "a": None, "b": ["", {"c": {}}, "d"], "e_id": "NO-ID", "f": 0}
    assert tidied(untidy) == {"id": uid("s"), "b": ["d"], "e_id": "NO-ID", "f": 0}
    tidy = {"id": uid("s"), "name": "null", "x": [False]}
    assert tidied(tidy) is tidy


def test_a_digest_tells_documents_apart_whatever_the_order_of_members() -> None:
    assert digest({"a": 1, "b": 2}) == digest({"b": 2, "a": 1}) != digest({"a": 1, "b": 3})


def test_what_others_name_comes_first() -> None:
    kinds = [kind for kind, _ in records_of(SERVICE, a_service(0))]
    assert kinds == [TERM, RecordKind.ORGANIZATION, RecordKind.LOCATION, SERVICE]
    assert in_order(RecordKind)[0] is RecordKind.TAXONOMY
    assert records_of(TERM, {"id": "x"}) == [(TERM, {"id": "x"})]


def test_what_a_record_is_put_together_from_is_named_with_its_place() -> None:
    *_, (_, kept) = records_of(SERVICE, a_service(0, service_at_locations=[{"id": uid("at")}]))
    assert {one.pointer for one in named_in(kept)} == {
        "/organization_id",
        "/attributes/0/taxonomy_term_id",
    }
    *_, (_, whole) = records_of(SERVICE, a_service(0))
    assert "/service_at_locations/0/location_id" in {one.pointer for one in named_in(whole)}
    assert pointer(("a", 0), "b~c") == "/a/0/b~0c"


@pytest.mark.parametrize(
    ("term", "name"),
    [
        ({"taxonomy": "topics", "taxonomy_id": uid("t")}, "topics"),
        ({"taxonomy": "topics"}, None),
        ({"taxonomy_id": uid("t")}, None),
        ({"taxonomy": "topics", "taxonomy_id": "t"}, None),
    ],
)
def test_a_term_says_its_taxonomy_by_name_and_id(term: dict[str, str], name: str | None) -> None:
    said = taxonomy_said(term)
    assert (said and said["name"]) == name


@pytest.mark.parametrize(
    ("part", "found"),
    [
        ({"number": "01632 960123", "email": "a@example.org"}, []),
        ({"number": "0113535899"}, ["/number"]),
        ({"email": "a@b", "assurer_email": "x"}, ["/email", "/assurer_email"]),
        ({"valid_from": "2026-02-01", "valid_to": "2026-01-01"}, ["/valid_to"]),
        ({"opens_at": "09:00", "closes_at": "08:00"}, ["/closes_at"]),
        ({"minimum_age": 5, "maximum_age": 4}, ["/maximum_age"]),
        ({"minimum_age": 5, "maximum_age": "4"}, []),
        ({"assured_date": "2026-03-03"}, ["/assured_date"]),
        ({"assured_date": "2026-03-02"}, []),
        ({"latitude": -1.5, "longitude": 53.8}, ["/latitude", "/longitude"]),
        ({"latitude": 53.8}, []),
        ({"longitude": "west"}, []),
        ({"country": "GB", "postal_code": "NOWHERE"}, ["/postal_code"]),
        ({"country": "GB", "postal_code": "LS8 5NG"}, []),
        ({"country": "FR", "postal_code": "75001"}, []),
        ({"description": "a <b>bold</b> word"}, ["/description"]),
        ({"a": {"b": "JavaScript:alert(1)", "c": 5}}, ["/a/b"]),
        ({"description": "under 5 < 7 and > 3"}, []),
    ],
)
def test_a_visible_fault_is_told_with_its_place(part: dict[str, Any], found: list[str]) -> None:
    assert [fault.pointer for fault in flaws(looked(part), ON)] == found


def test_of_many_visible_faults_the_first_are_told() -> None:
    part = {str(number): {"number": "1"} for number in range(50)}
    assert len(flaws(looked(part), ON)) == MOST_FLAWS


def test_records_are_counted_by_outcome_and_kind() -> None:
    tally = Tally()
    tally.counted("created", SERVICE)
    tally.counted("created", SERVICE, 2)
    assert tally.records == {"created": {"service": 3}}


def test_a_number_that_is_none_stays_text() -> None:
    assert members_of(tables()["service"], {"minimum_age": "seven"}) == {"minimum_age": "seven"}


def sorted_(*services: dict[str, Any], facts: Facts = NOTHING) -> Any:
    rows = [SourceRow(f"line {number}", SERVICE, one) for number, one in enumerate(services, 1)]
    return sort([parts_of(row) for row in rows], facts)


def test_what_came_before_is_not_put_again() -> None:
    first = sorted_(a_service(0))
    again = sorted_(a_service(0), facts=Facts(frozenset(), frozenset(), first.new))
    assert (again.wanted, again.new, again.notes) == ({}, {}, [])
    seen = Seen(dict(first.new))
    other = Seen()
    other.unpack(seen.packed(list(first.new)))
    assert other.digests == seen.digests


def test_a_taxonomy_that_terms_name_is_made_once_and_not_over_one_on_file() -> None:
    made = sorted_(a_service(0), a_service(1))
    assert len(made.wanted[RecordKind.TAXONOMY, Provenance()]) == 1
    key = (RecordKind.TAXONOMY, uid("taxonomy"))
    assert key in keys_in([parts_of(SourceRow("", SERVICE, a_service(0)))])
    known = sorted_(a_service(0), facts=Facts(frozenset({key}), frozenset(), {}))
    assert (RecordKind.TAXONOMY, Provenance()) not in known.wanted
    nameless = a_service(0)
    del nameless["attributes"][0]["taxonomy_term"]["taxonomy"]
    assert (RecordKind.TAXONOMY, Provenance()) not in sorted_(nameless).wanted
    alone = SourceRow("", TERM, a_service(0)["attributes"][0]["taxonomy_term"])
    assert list(parts_of(alone).taxonomies) == []


def test_a_record_that_may_not_be_changed_is_left_and_told() -> None:
    key = (RecordKind.ORGANIZATION, uid("organization", 0))
    done = sorted_(a_service(0), facts=Facts(frozenset({key}), frozenset({key}), {}))
    (note,) = done.notes
    assert (note.refused, "not yours to change" in note.detail) == (False, True)
    assert (RecordKind.ORGANIZATION, Provenance()) not in done.wanted


def test_a_term_that_is_nowhere_is_flagged_and_an_organization_refused() -> None:
    loose = a_service(0, attributes=[{"id": uid("a"), "taxonomy_term_id": uid("gone")}])
    done = sorted_(loose)
    assert [note.refused for note in done.notes] == [False]
    assert (SERVICE, Provenance()) in done.wanted
    lost = a_service(0, organization_id=uid("gone"))
    del lost["organization"]
    assert [note.refused for note in sorted_(lost).notes] == [True]
    assert sorted_(lost).wanted == {}


def test_the_second_of_two_services_of_one_id_is_refused() -> None:
    done = sorted_(a_service(0), a_service(0, name="Other"), a_service(0))
    assert [(note.place, note.refused) for note in done.notes] == [("line 2", True)]


@pytest.mark.parametrize(
    ("about", "version", "read"),
    [
        ({"version": "HSDS-UK-3.0"}, "3.0", True),
        ({"version": "3.1.1"}, "3.1", True),
        ({"version": "1.0"}, "1.0", False),
        ({"version": 3}, None, False),
        ({"version": "three"}, None, False),
        ([], None, False),
    ],
)
def test_the_version_of_a_feed_is_read_from_its_front_page(
    about: Any, version: str | None, *, read: bool
) -> None:
    assert version_of(about) == version
    assert is_read_here(version) is read


@pytest.mark.parametrize(
    ("about", "expected"),
    [
        ({"publisher": "Leeds", "licence": "OGL"}, Provenance("Leeds", "OGL")),
        ({"publisher": {"name": " Leeds "}, "license": {"url": "x"}}, Provenance("Leeds", "x")),
        ({"publisher": {}, "licence_url": " "}, Provenance()),
        ("Leeds", Provenance()),
    ],
)
def test_a_feed_says_whose_it_is_and_on_what_terms(about: Any, expected: Provenance) -> None:
    assert provenance_of(about) == expected


@pytest.mark.parametrize(
    ("page", "number", "last"),
    [
        ([], 1, True),
        ({"contents": []}, 1, True),
        ({"contents": [1], "last_page": False, "total_pages": 1}, 1, False),
        ({"contents": [1], "total_pages": 2}, 1, False),
        ({"contents": [1], "total_pages": 2}, 2, True),
        ({"contents": [1]}, 1, False),
    ],
)
def test_a_page_says_whether_it_is_the_last(page: Any, number: int, *, last: bool) -> None:
    assert is_last(page, number) is last


def test_rows_are_found_in_pages_and_lists() -> None:
    assert (rows_of([1]), rows_of({"contents": [2]}), rows_of({"contents": 3}), rows_of(4)) == (
        [1],
        [2],
        None,
        None,
    )
    assert (total_of({"total_items": 7}), total_of({"total_items": True}), total_of([])) == (
        7,
        None,
        None,
    )
    assert is_old_page({"content": [], "totalPages": 0})
    assert not is_old_page({"content": []})
    assert is_whole({"schedules": []})
    assert not is_whole({"id": "x"})
    assert not is_whole([])
