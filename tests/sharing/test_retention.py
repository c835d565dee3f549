"""Things are kept for as long as was signed off, and then let go, each run said in the log."""

from typing import Any

import pytest

from app.worker import WORK, work_once
from sharing.actions import erasing
from sharing.chain.leaves import commitment, leaf_hash, parse_leaf
from sharing.jobs.keeping import Keeper
from sharing.queries.erasing import unexplained
from tests.make import HUB, Family, a_record, ask, overriding, request, said, withdrawn
from tests.service import Service
from tests.sharing.seeing import Rows, entries, latest
from tests.sharing.test_access_packs import taken
from tests.sharing.test_erasure import erase
from tests.sharing.test_holds import held

SIGNED = {"signed_by": "Director", "authority": "schedule 4", "erasable": False}


def signed(service: Service, code: str, months: int, **more: Any) -> dict[str, Any]:
    body = SIGNED | {"code": code, "months": months} | more
    made: dict[str, Any] = service.as_client(HUB).post("/v1/settings/retention", body)
    return made


def a_day_passes(service: Service, days: float = 1) -> None:
    """Let time pass, and the worker do all it has to do then."""
    service.clock.passes(days=days)
    keeper = Keeper(service.parts.eraser_database)
    while work_once(service.parts.database, service.clock, WORK | keeper.work):
        pass


def withdrawn_record(service: Service, family: Family) -> None:
    service.as_client(HUB).post(f"/v1/records/{family.plan}/withdrawal", {}, 204)


def records(superuser: Rows) -> int:
    ((found,),) = superuser.execute("select count(*) from record").fetchall()
    return int(found)


def test_rule_44_what_was_signed_off_holds_from_its_start_and_is_kept_on_file(
    service: Service,
) -> None:
    service.as_client("office").post(
        "/v1/agencies", {"code": HUB, "name": "Hub", "kind": "council"}
    )
    signed(service, "record", 72)
    service.clock.passes(minutes=1)  # of two signed at one instant neither is the later
    later = service.clock.at.replace(month=6).isoformat()
    signed(service, "record", 12, starts=later)
    read = service.get("/v1/settings/retention")
    assert [(one["code"], one["months"]) for one in read["in_force"]] == [("record", 72)]
    assert len(read["signed"]) == 2
    service.clock.passes(days=120)
    assert service.get("/v1/settings/retention")["in_force"][0]["months"] == 12
    past = SIGNED | {"code": "record", "months": 1, "starts": "2026-01-01T00:00:00Z"}
    answer = service.call("POST", "/v1/settings/retention", json=past)
    assert (answer.status_code, answer.get_json()["code"]) == (
        422,
        "retention_starts_in_the_past",
    )


def test_rule_44_a_class_that_is_still_kept_stops_an_erasure_unless_it_allows_it(
    service: Service, family: Family
) -> None:
    ask(service, overriding())
    signed(service, "disclosure_opening", 12)
    refused = erase(service, family.child)
    assert (refused.status_code, refused.get_json()["code"]) == (409, "retention_runs")
    said_so = [one["detail"] for one in refused.get_json()["errors"]]
    assert said_so == ["disclosure_opening is kept until 2027-03-02."]
    asked = erase(service, family.child, dry_run=True).get_json()
    until = service.clock.at.replace(year=2027).isoformat()
    stops = {"what": "retention", "class": "disclosure_opening", "until": until}
    assert asked["stopped_by"] == [stops]
    assert (asked["dry_run"], asked["erased"]["openings"]) == (True, 1)
    assert ask(service, overriding()).status_code == 200, "nobody was erased"
    service.clock.passes(minutes=1)
    signed(service, "disclosure_opening", 12, erasable=True)
    assert erase(service, family.child, dry_run=True).status_code == 200
    service.clock.passes(minutes=1)
    signed(service, "record", 12)
    own = erase(service, family.child)
    assert [one["detail"] for one in own.get_json()["errors"]] == [
        "record is kept until 2027-03-02."
    ]


def test_the_day_on_which_a_record_goes_at_the_latest_hinders_no_erasure(
    service: Service, family: Family
) -> None:
    signed(service, "record", 12)
    a_record(service, "contact", {"town": "York"})
    (kept,) = erase(service, family.child).get_json()["errors"]
    assert kept["detail"] == "record is kept until 2027-03-02."
    service.clock.passes(minutes=1)
    signed(service, "record", 12, erasable=True)
    assert erase(service, family.child).status_code == 200


def test_rule_44_openings_past_their_time_go_in_batches_and_every_leaf_stands(
    service: Service, family: Family, superuser: Rows, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(erasing, "BATCH", 2)
    for _ in range(5):
        ask(service)
    signed(service, "disclosure_opening", 1)
    before = entries(superuser)
    a_day_passes(service, 20)
    assert len(entries(superuser)) == 5
    a_day_passes(service, 20)

    after = entries(superuser)
    said_so = after[5:]
    assert [len(one.said["erased"]) for one in said_so] == [2, 2, 1]
    assert {parse_leaf(one.leaf).kind for one in said_so} == {"retention"}
    assert {one.said["agency"] for one in said_so} == {HUB}
    assert [one.leaf for one in before] == [one.leaf for one in after[:5]]
    for one in after:
        assert leaf_hash(one.leaf) == one.leaf_hash
        assert parse_leaf(one.leaf).facts == commitment(one.facts_salt, one.facts)
    assert {one.opening for one in after[:5]} == {None}
    assert None not in {one.opening for one in said_so}
    with service.parts.ig_database.reading() as session:
        assert unexplained(session) == []
    a_day_passes(service)
    assert len(entries(superuser)) == len(after)


def test_records_go_after_their_end_and_not_while_they_are_in_force(
    service: Service, family: Family, superuser: Rows
) -> None:
    a_record(service, "contact", {"town": "York"})
    signed(service, "record", 1)
    withdrawn_record(service, family)
    a_day_passes(service, 27)
    assert records(superuser) == 2
    a_day_passes(service, 10)
    assert records(superuser) == 1
    assert latest(superuser).said["items"] == 1


def test_a_source_can_say_until_when_its_own_record_is_kept(
    service: Service, family: Family, superuser: Rows
) -> None:
    keep = {"retain_until": "2026-03-20T00:00:00Z", "category": "assessment", "content": {}}
    service.as_client(HUB).post("/v1/records", {"subject": request()["subject"]} | keep)
    a_day_passes(service, 10)
    assert records(superuser) == 2
    a_day_passes(service, 10)
    assert records(superuser) == 1


def test_rule_44_a_hold_stops_retention_and_its_release_lets_it_go_on(
    service: Service, family: Family, superuser: Rows
) -> None:
    signed(service, "record", 1)
    signed(service, "disclosure_opening", 1)
    ask(service)
    withdrawn_record(service, family)
    hold = held(service, HUB)
    a_day_passes(service, 40)
    assert (records(superuser), len(entries(superuser))) == (1, 1)
    release = {"reason": "over", "authority": "letter", "released_by": "s"}
    service.as_client(HUB).post(f"/v1/legal-holds/{hold}/release", release, 200)
    a_day_passes(service)
    assert (records(superuser), len(entries(superuser))) == (0, 3)


def test_a_consent_goes_when_it_has_ended_but_no_earlier_yes_comes_back(
    service: Service, family: Family, superuser: Rows
) -> None:
    signed(service, "consent", 1)
    first = said(service, family)
    service.clock.passes(minutes=1)
    second = said(service, family)
    withdrawn(service, second)
    a_day_passes(service, 40)
    assert superuser.execute("select count(*) from consent").fetchone() == (2,)
    assert ask(service).status_code == 404
    withdrawn(service, first)
    a_day_passes(service, 40)
    a_day_passes(service)
    assert superuser.execute("select count(*) from consent").fetchone() == (0,)


def test_packs_go_too(service: Service, family: Family, superuser: Rows) -> None:
    signed(service, "access_pack", 1)
    taken(service, family.mother)
    a_day_passes(service, 40)
    assert superuser.execute("select count(*) from access_pack").fetchone() == (0,)
