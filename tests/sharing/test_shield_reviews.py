"""A shield is put before a person after the months that were signed off, and never ends by it."""

from datetime import datetime
from typing import Any

from tests.make import HUB, OAK, Family, ask, said, shielded
from tests.service import MONDAY, Service


def due(service: Service, agency: str = HUB, days: int = 60) -> list[dict[str, Any]]:
    service.as_client(agency)
    listed: list[dict[str, Any]] = service.get(f"/v1/shields/due?within_days={days}")["items"]
    return listed


def test_rule_32_a_shield_is_reviewed_after_six_months_and_stands_however_late_that_is(
    service: Service, family: Family
) -> None:
    said(service, family)
    shield = shielded(service, family.child)
    assert ask(service).status_code == 404, "at once"
    assert due(service) == []
    assert [one["on"] for one in due(service, days=200)] == ["2026-09-02T09:30:00+00:00"]
    service.clock.at = MONDAY.replace(month=10)
    (one,) = due(service)
    assert (one["shield"], one["subjects"]) == (shield, [family.child])
    assert (one["set_by"], one["reviewed_at"]) == ("staff-2", None)
    assert datetime.fromisoformat(one["on"]) < service.clock.at
    assert ask(service).status_code == 404, "overdue, it stands"
    assert due(service, OAK) == []

    reviews = f"/v1/shields/{shield}/reviews"
    stranger = service.as_client(OAK).call("POST", reviews, json={"reviewed_by": "staff-9"})
    assert stranger.status_code == 404
    service.as_client(HUB).post(reviews, {"reviewed_by": "staff-2"})
    assert due(service) == []
    signed = {"values": {"shield_review_months": 1}, "signed_by": "IG lead"}
    service.call("PUT", "/v1/settings", json=signed | {"authority": "board"})
    assert [one["on"] for one in due(service)] == ["2026-11-02T09:30:00+00:00"]

    service.post(f"/v1/shields/{shield}/end", {}, 200)
    service.clock.passes(days=1)
    assert due(service) == []
    ended = service.call("POST", reviews, json={"reviewed_by": "staff-2"})
    assert (ended.status_code, ended.get_json()["code"]) == (409, "shield_ended")
