"""Services that may be there twice are proposed to people, who decide."""

from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from directory.queries.records import record, versions
from directory.rules.duplicates import compared, keys_of, marks_of, pairs
from directory.terms.records import RecordKind
from tests.directory.exchange.running import a_service, run, uid, write
from tests.directory.exchange.test_uploads import EDITOR, enter, upload, work
from tests.service import Service

ORGANIZATION = {"id": uid("o"), "name": "Lantern", "description": "Helps"}


def thin(number: int, name: str, **more: Any) -> dict[str, Any]:
    return {
        "id": uid("s", number),
        "name": name,
        "status": "active",
        "organization_id": ORGANIZATION["id"],
        "organization": ORGANIZATION,
    } | more


def at_postcode(postcode: str) -> dict[str, Any]:
    location = {"id": uid(postcode), "addresses": [{"postal_code": postcode}]}
    return {"service_at_locations": [{"id": uid("at", postcode), "location": location}]}


def phone(number: str) -> dict[str, Any]:
    return {"contacts": [{"id": uid("c"), "phones": [{"id": uid("p"), "number": number}]}]}


@pytest.mark.parametrize(
    ("one", "other", "likely"),
    [
        (thin(1, "Stay and play", email="a@b.org"), thin(2, "Stay & Play", email="A@B.org"), False),
        (
            thin(1, "Stay and play", email="a@b.org", url="https://www.b.org/x/"),
            thin(2, "Stay & Play", email="A@B.org", url="http://b.org/x"),
            True,
        ),
        (
            thin(1, "Stay and play", **phone("01632 960123"), **at_postcode("LS8 5NG")),
            thin(2, "Stay and play", **phone("+44 1632 960123"), **at_postcode("ls85ng")),
            True,
        ),
        (
            thin(1, "Sleep clinic for parents", **at_postcode("LS8 5NG"), email="a@b.org"),
            thin(2, "Sleep clinic for parents", **at_postcode("LS9 7DU"), email="a@b.org"),
            False,
        ),
        (thin(1, "Sleep clinic", email="a@b.org"), thin(2, "Debt advice", email="a@b.org"), False),
        (thin(1, "Sleep clinic", email="a@b.org"), thin(2, "sleep  CLINIC", email="a@b.org"), True),
        (thin(1, "Sleep clinic"), thin(2, "Sleep clinic"), True),
        (
            thin(1, "Sleep clinic"),
            thin(
                2,
                "Sleep clinic",
                organization={**ORGANIZATION, "name": "Other"},
                organization_id=uid("x"),
            ),
            False,
        ),
        (thin(1, "", url="http://[bad"), thin(2, "", url="https://b.org"), False),
    ],
)
def test_a_pair_is_likely_by_name_and_what_else_is_shared(
    one: dict[str, Any], other: dict[str, Any], *, likely: bool
) -> None:
    marks = [marks_of(one), marks_of(other)]
    found = list(pairs(marks))
    assert bool(found) is likely, compared(*marks)
    if found:
        assert "name" in found[0].reasons[0]
        assert keys_of(marks[0]) & keys_of(marks[1])


def test_a_service_without_marks_has_a_key_all_the_same() -> None:
    assert len(keys_of(marks_of({"id": uid("s", 1)}))) == 1


def test_a_registered_number_tells_whose_a_service_is() -> None:
    registered = {"identifier_type": "Company", "identifier": "123"}
    one, other = (
        thin(
            number,
            "Sleep clinic",
            organization_id=uid("o", number),
            organization={"name": f"Lantern {number}", "organization_identifiers": [registered]},
        )
        for number in (1, 2)
    )
    assert "the same organization" in compared(marks_of(one), marks_of(other)).reasons


@pytest.fixture
def proposed(service: Service) -> Service:
    """A directory in which the worker found one pair."""
    enter(service, "oak", "elm")
    service.as_client("oak", scopes=EDITOR)
    upload(service, [thin(1, "Sleep clinic"), thin(2, "Sleep Clinic"), a_service(7)])
    work(service)
    return service


def listed(service: Service, query: str = "") -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = service.get(f"/v1/directory/duplicates{query}")["items"]
    return items


def test_what_an_upload_brought_twice_is_proposed_once(proposed: Service) -> None:
    (pair,) = listed(proposed)

    assert pair["reasons"] == ["the same name", "the same organization"]
    assert {one["id"] for one in pair["services"]} == {uid("s", 1), uid("s", 2)}
    assert proposed.get(f"/v1/directory/duplicates/{pair['id']}") == pair
    assert listed(proposed, "?state=decided") == []
    work(proposed)
    assert listed(proposed) == [pair]


def test_of_two_that_are_one_the_other_ends_with_a_note(proposed: Service) -> None:
    (pair,) = listed(proposed)
    path = f"/v1/directory/duplicates/{pair['id']}/decision"
    body = {"decision": "same", "keep": uid("s", 1), "note": "Rang them."}

    decided = proposed.post(path, body, 200)

    assert decided["decision"] == "same"
    assert listed(proposed) == []
    assert [one["id"] for one in listed(proposed, "?state=decided")] == [pair["id"]]
    ended = next(one["id"] for one in pair["services"] if one["id"] != uid("s", 1))
    with proposed.parts.database.reading() as session:
        kept = record(session, RecordKind.SERVICE, UUID(ended))
        assert kept.document["status"] == "defunct"
        newest = versions(session, RecordKind.SERVICE, UUID(ended))[0]
        assert newest.by.note == f"The same service as {uid('s', 1)}. Rang them."
        stays = record(session, RecordKind.SERVICE, UUID(uid("s", 1)))
        assert stays.document["status"] == "active"
    again = proposed.call("POST", path, json=body)
    assert (again.status_code, again.get_json()["code"]) == (409, "duplicate_decided")


def test_two_that_are_different_both_stay_and_are_not_proposed_again(proposed: Service) -> None:
    (pair,) = listed(proposed)
    proposed.post(f"/v1/directory/duplicates/{pair['id']}/decision", {"decision": "different"}, 200)
    proposed.clock.passes(days=1)
    upload(proposed, [thin(1, "Sleep clinic", email="new@example.org")])
    work(proposed)
    assert listed(proposed) == []


def test_a_decision_that_cannot_be_is_refused_by_name(proposed: Service) -> None:
    (pair,) = listed(proposed)
    path = f"/v1/directory/duplicates/{pair['id']}/decision"
    for body, status in (
        ({"decision": "same"}, 422),
        ({"decision": "same", "keep": uid("s", 7)}, 422),
        ({"decision": "perhaps"}, 422),
    ):
        assert proposed.call("POST", path, json=body).status_code == status
    none = f"/v1/directory/duplicates/{uid('none')}"
    assert proposed.call("GET", none).status_code == 404
    proposed.as_client("elm", scopes=EDITOR)
    answer = proposed.call("POST", path, json={"decision": "same", "keep": uid("s", 1)})
    assert (answer.status_code, answer.get_json()["code"]) == (403, "not_yours_to_end")


def test_a_pair_is_shown_to_whoever_may_see_both(service: Service) -> None:
    enter(service, "oak", "elm")
    service.as_client("oak", scopes=EDITOR)
    hidden = thin(2, "Sleep clinic", audience=["oak"])
    upload(service, [thin(1, "Sleep clinic"), hidden])
    work(service)
    (pair,) = listed(service)

    service.as_client("elm", scopes=EDITOR)

    assert listed(service) == []
    path = f"/v1/directory/duplicates/{pair['id']}"
    assert service.call("GET", path).status_code == 404
    body = {"decision": "different"}
    assert service.call("POST", f"{path}/decision", json=body).status_code == 404


def test_an_import_says_how_many_may_be_there_twice(service: Service, tmp_path: Path) -> None:
    path = write(tmp_path / "in.ndjson", [thin(1, "Sleep clinic"), thin(2, "Sleep clinic")])
    assert "2 services compared, 1 possible duplicates" in run(service, "import", str(path))[1]
    assert "0 services compared, 0 possible" in run(service, "duplicates")[1]
