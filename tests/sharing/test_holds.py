"""What somebody ordered to be kept is kept, whoever asks, until a person releases it."""

from typing import Any

import psycopg
import pytest

from app.worker import work_once
from tests.make import CHILD, ELM, HUB, OAK, Family, a_record, ask, overriding
from tests.service import Service
from tests.sharing.seeing import Rows, latest
from tests.sharing.test_erasure import erase, erased

WORDS = {"reason": "an inquiry asks for it", "authority": "letter of 1 March"}
RELEASE = WORDS | {"released_by": "staff-3"}


def held(service: Service, agency: str = HUB, **what: Any) -> str:
    body = WORDS | {"set_by": "staff-2"} | what
    made: str = service.as_client(agency).post("/v1/legal-holds", body)["id"]
    return made


def test_rule_44_a_hold_stops_an_erasure_until_it_is_released(
    service: Service, family: Family, superuser: Rows
) -> None:
    hold = held(service, subject=family.child)
    refused = erase(service, family.child)
    assert (refused.status_code, refused.get_json()["code"]) == (409, "legal_hold")
    asked = erased(service, family.child, dry_run=True)
    assert asked["stopped_by"] == [{"what": "legal_hold", "class": None, "until": None}]
    assert (asked["entry"], asked["erased"]["records"]) == (None, 1)
    assert superuser.execute("select count(*) from record").fetchone() == (1,)
    assert superuser.execute("select count(*) from log_entry").fetchone() == (0,)
    service.post(f"/v1/legal-holds/{hold}/release", RELEASE, 200)
    erased(service, family.child)
    assert latest(superuser).outcome == "erased"
    (one,) = service.get("/v1/legal-holds")["items"]
    assert one["released_by"] == "staff-3"
    assert one["words"] == one["release"] == {"reason": None, "authority": None}


@pytest.mark.parametrize(
    ("period", "stands"),
    [
        ({}, True),
        ({"starts": "2026-01-01T00:00:00Z", "ends": "2027-01-01T00:00:00Z"}, True),
        ({"starts": "2026-04-01T00:00:00Z"}, False),
        ({"ends": "2026-03-01T00:00:00Z"}, False),
    ],
)
def test_an_agencys_hold_covers_what_concerns_it_and_began_in_its_period(
    service: Service, family: Family, period: dict[str, str], *, stands: bool
) -> None:
    assert ask(service, overriding()).status_code == 200
    held(service, OAK, **period)
    answer = erase(service, family.child)
    assert answer.status_code == (409 if stands else 200)


@pytest.mark.parametrize("what", ["subject", "agency"])
def test_rule_44_a_hold_keeps_the_content_of_a_record_past_its_date(
    service: Service, family: Family, superuser: Rows, what: str
) -> None:
    hold = held(service, HUB, **({"subject": family.child} if what == "subject" else {}))
    a_record(service, "contact", {"town": "York"})
    service.clock.passes(days=366 * 7)
    kept = "select count(content) from record where category = 'contact'"
    while work_once(service.parts.database, service.clock):
        pass
    assert superuser.execute(kept).fetchone() == (1,)
    service.as_client(HUB).post(f"/v1/legal-holds/{hold}/release", RELEASE, 200)
    service.clock.passes(days=1)
    while work_once(service.parts.database, service.clock):
        pass
    assert superuser.execute(kept).fetchone() == (0,)


def test_holds_are_listed_with_their_history_for_the_agency_that_set_them(
    service: Service, family: Family
) -> None:
    hold = held(service, subject=family.child)
    done = service.post(f"/v1/legal-holds/{hold}/release", RELEASE, 200)
    assert done["release"] == WORDS
    assert done["words"] == WORDS
    again = service.call("POST", f"/v1/legal-holds/{hold}/release", json=RELEASE)
    assert (again.status_code, again.get_json()["code"]) == (409, "hold_released")
    service.clock.passes(minutes=1)
    held(service)
    listed = service.get("/v1/legal-holds")["items"]
    assert [one["released_at"] is None for one in listed] == [True, False]
    assert listed[0]["agency"] == HUB
    service.as_client(ELM)
    assert service.get("/v1/legal-holds")["items"] == []
    elsewhere = service.call("POST", f"/v1/legal-holds/{hold}/release", json=RELEASE)
    assert (elsewhere.status_code, elsewhere.get_json()["code"]) == (404, "hold_unknown")


def test_a_hold_that_cannot_be_is_refused_by_name(service: Service, family: Family) -> None:
    body = WORDS | {"set_by": "s"}
    late = {"starts": "2026-04-01T00:00:00Z", "ends": "2026-03-01T00:00:00Z"}
    service.as_client(HUB)
    both = service.call("POST", "/v1/legal-holds", json=body | late | {"subject": family.child})
    assert (both.status_code, both.get_json()["errors"][0]["pointer"]) == (422, "#/subject")
    order = service.call("POST", "/v1/legal-holds", json=body | late)
    assert (order.status_code, order.get_json()["code"]) == (422, "dates_out_of_order")
    service.as_client(ELM)
    other = service.call("POST", "/v1/legal-holds", json=body | {"subject": family.child})
    assert other.status_code == 404


def test_the_database_itself_erases_nothing_that_is_held(
    service: Service, family: Family, superuser: Rows
) -> None:
    held(service, subject=family.child)
    with pytest.raises(psycopg.errors.RaiseException, match="stands in the way"):
        superuser.execute("select erase_person(%s, '{}', gen_random_uuid(), now())", [family.child])
    with pytest.raises(psycopg.errors.RaiseException, match="legal hold"):
        superuser.execute(
            "select retention_erase('record', array[%s]::uuid[], gen_random_uuid(), now())",
            [family.plan],
        )
    assert service.as_client(HUB).post("/v1/subjects/lookup", {"identifiers": [CHILD]}, 200) == {
        "id": family.child
    }
