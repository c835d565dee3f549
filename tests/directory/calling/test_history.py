"""Who changed a contact point, an area or coverage, when and what: nothing is overwritten."""

from typing import Any

from tests.directory.calling.test_managing import AREA, CONTACT, EAST_WARD, LATER, contact, covers
from tests.directory.exchange.test_uploads import as_administrator
from tests.service import Service


def versions(service: Service, path: str) -> Any:
    return service.get(f"/v1/directory/{path}/versions")["items"]


def pointers(version: Any) -> list[str]:
    return [one["pointer"] for one in version["changes"]]


def test_every_change_of_a_contact_point_is_listed_with_what_it_was(own_cities: Service) -> None:
    made = contact(own_cities, holder="R. Ashgrove")
    path = f"contact-points/{made['id']}"
    own_cities.clock.passes(days=1)
    own_cities.as_client("elm-school", client_id="ben")
    changed = CONTACT | {"phone": {"as_published": "01632 960999"}}
    assert own_cities.call("PUT", f"/v1/directory/{path}", json=changed).status_code == 200
    own_cities.clock.passes(days=1)
    own_cities.post(f"/v1/directory/{path}/end", {}, 200)

    third, second, first = versions(own_cities, path)
    assert [one["number"] for one in (first, second, third)] == [1, 2, 3]
    assert (first["author"], first["agency"]) == ("elm-school-client", "elm-school")
    assert (second["author"], second["at"]) == ("ben", "2026-03-03T09:30:00+00:00")
    assert first["document"]["holder"] == "R. Ashgrove"
    assert first["document"]["phone"]["as_published"] == "01632 960120"
    assert "/holder" in pointers(second)
    was = {one["pointer"]: (one["before"], one["after"]) for one in second["changes"]}
    assert was["/phone/as_published"] == ("01632 960120", "01632 960999")
    assert pointers(third) == ["/ends"]
    page = own_cities.get(f"/v1/directory/{path}/versions?size=2")
    rest = f"/v1/directory/{path}/versions?size=2&cursor={page['page']['next']}"
    assert [one["number"] for one in own_cities.get(rest)["items"]] == [1]


def test_what_says_the_same_again_is_no_version(own_cities: Service) -> None:
    made = contact(own_cities, document={"title": "A guide", "as_of": "2021"})
    path = f"contact-points/{made['id']}"
    own_cities.clock.passes(days=1)
    same = CONTACT | {"document": {"title": "A guide", "as_of": "2021"}}
    assert own_cities.call("PUT", f"/v1/directory/{path}", json=same).status_code == 200
    assert len(versions(own_cities, path)) == 1


def test_a_version_that_was_kept_from_an_agency_is_listed_without_what_it_said(
    own_cities: Service,
) -> None:
    made = contact(own_cities, audience=["elm-school"], name="The quiet line")
    path = f"contact-points/{made['id']}"
    own_cities.as_client("oak-school")
    assert own_cities.call("GET", f"/v1/directory/{path}/versions").status_code == 404
    own_cities.as_client("elm-school")
    assert own_cities.call("PUT", f"/v1/directory/{path}", json=CONTACT).status_code == 200
    own_cities.as_client("oak-school")
    second, first = versions(own_cities, path)
    assert (first["document"], first["changes"], second["changes"]) == (None, None, None)
    assert second["document"]["name"] == "A test hub"
    own_cities.as_client("elm-school")
    assert "/name" in pointers(versions(own_cities, path)[0])


def test_areas_coverage_and_cover_have_their_versions(own_cities: Service) -> None:
    own_cities.post("/v1/directory/areas", AREA)
    where = "/v1/directory/areas/leeds-test"
    part = own_cities.post(f"{where}/parts", {"kind": "ward", "code": "E05011387"})
    own_cities.post(f"{where}/parts/{part['id']}/end", {"ends": LATER}, 200)
    own_cities.post(f"{where}/end", {"ends": LATER}, 200)
    of_area = versions(own_cities, "areas/leeds-test")
    assert [one["number"] for one in of_area] == [4, 3, 2, 1]
    assert [len(one["document"]["parts"]) for one in of_area] == [3, 3, 3, 2]
    assert pointers(of_area[0]) == ["/during/ends"]
    assert pointers(of_area[1])[0].endswith("/during/ends")

    hub, other = contact(own_cities), contact(own_cities, code="other", kind="advice_point")
    row = covers(own_cities, hub)
    own_cities.post(f"/v1/directory/coverage/{row['id']}/end", {"ends": LATER}, 200)
    ended, entered = versions(own_cities, f"coverage/{row['id']}")
    assert entered["document"]["place"] == EAST_WARD
    assert pointers(ended) == ["/during/ends"]
    path = f"/v1/directory/contact-points/{hub['id']}/cover"
    away = own_cities.post(path, {"covered_by": other["id"]})
    own_cities.clock.passes(days=1)
    own_cities.post(f"/v1/directory/cover/{away['id']}/end", {}, 200)
    assert [one["number"] for one in versions(own_cities, f"cover/{away['id']}")] == [2, 1]


def test_what_stood_before_changes_were_written_down_is_the_first_version(
    own_cities: Service,
) -> None:
    made = contact(own_cities)
    as_administrator(own_cities, "delete from entry_version")
    assert versions(own_cities, f"contact-points/{made['id']}") == []
    own_cities.post(f"/v1/directory/contact-points/{made['id']}/end", {}, 200)
    ended, before = versions(own_cities, f"contact-points/{made['id']}")
    assert (before["author"], before["document"]["name"]) == (None, "A test hub")
    assert (ended["number"], ended["author"]) == (2, "elm-school-client")


def test_no_version_is_changed_or_taken_away(own_cities: Service) -> None:
    contact(own_cities)
    with own_cities.parts.database.reading() as session:
        may = session.connection().exec_driver_sql(
            "select privilege_type from information_schema.role_table_grants"
            " where table_name = 'entry_version' and grantee = 'rightshare_app' order by 1"
        )
        assert [one for (one,) in may] == ["INSERT", "SELECT"]
