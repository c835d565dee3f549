"""How entries are scored: signed off by somebody, tried on history first, and never backdated."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from psycopg import errors

from tests.make import HUB, OAK, Family, ask, overriding, statutory
from tests.service import Service
from tests.sharing.reviewed import follow, items
from tests.sharing.seeing import Rows, entries

SETTINGS, DRY_RUNS = "/v1/log/reviews/settings", "/v1/log/reviews/dry-runs"
SIGNED = {"signed_by": "A. Lead", "authority": "board, minute 4"}


@pytest.fixture
def leading(service: Service, family: Family) -> Service:
    return service.as_client(HUB, scopes=("log.review", "log.audit"))


def put(service: Service, values: dict[str, Any], **more: Any) -> tuple[int, Any]:
    service.as_client(HUB, scopes=("log.review", "log.audit"))
    answer = service.call("PUT", SETTINGS, json={"values": values} | SIGNED | more)
    return answer.status_code, answer.get_json()


def test_settings_are_versions_that_somebody_signed_off(leading: Service, superuser: Rows) -> None:
    first = leading.get(SETTINGS)
    assert (first["in_force"]["version"], first["in_force"]["signed_by"], first["versions"]) == (
        0,
        None,
        [],
    )
    assert first["in_force"]["weights"]["shield"] == 100
    later = leading.clock.at + timedelta(days=2)
    assert put(leading, {"weights": {"probing": 5}}, starts=later.isoformat())[0] == 200
    status, told = put(leading, {"queue_from": 61, "hours": {"low": 48}})
    assert status == 200
    now = told["in_force"]
    assert (now["version"], now["queue_from"], now["weights"]["probing"]) == (2, 61, 60)
    assert (now["hours"]["low"], now["hours"]["urgent"], now["signed_by"]) == (48, 24, "A. Lead")
    leading.clock.at = later
    in_force = leading.get(SETTINGS)["in_force"]
    assert (in_force["version"], in_force["queue_from"]) == (2, 61)  # the newest that has started
    assert [one["version"] for one in leading.get(SETTINGS)["versions"]] == [2, 1]
    logged = [one.said for one in entries(superuser) if one.said.get("act") == "review_settings"]
    assert [(one["version"], one["client"]) for one in logged] == [
        (1, f"{HUB}-client"),
        (2, f"{HUB}-client"),
    ]
    with pytest.raises(errors.InsufficientPrivilege):
        superuser.execute("update review_setting set signed_by = 'B'")


@pytest.mark.parametrize(
    ("values", "more", "code", "pointer"),
    [
        ({}, {}, "request_invalid", "#/values"),
        ({"weights": {"shield": 101}}, {}, "request_invalid", "#/values/weights/shield"),
        ({"weights": {"charm": 1}}, {}, "request_invalid", "#/values/weights/charm"),
        ({"thresholds": {"tries": 0}}, {}, "request_invalid", "#/values/thresholds/tries"),
        ({"hours": {"low": "9"}}, {}, "request_invalid", "#/values/hours/low"),
        ({"sample_by_agency": {"nobody": 5}}, {}, "unknown_word", "#/values/sample_by_agency"),
        ({"queue_from": 1}, {"signed_by": ""}, "request_invalid", "#/signed_by"),
        (
            {"queue_from": 1},
            {"starts": "2020-01-01T00:00:00Z"},
            "review_settings_in_the_past",
            "#/starts",
        ),
    ],
)
def test_what_is_wrong_with_settings_is_named(
    leading: Service, values: dict[str, Any], more: dict[str, Any], code: str, pointer: str
) -> None:
    status, told = put(leading, values, **more)
    assert (status, told["code"]) == (422, code)
    assert [one["pointer"] for one in told["errors"]] == [pointer]
    assert leading.get(SETTINGS)["versions"] == []


def test_only_who_may_read_the_whole_log_signs_or_tries(leading: Service) -> None:
    leading.as_client(OAK, scopes=("log.review",))
    body = {"values": {"queue_from": 1}}
    assert leading.call("PUT", SETTINGS, json=body | SIGNED).status_code == 403
    assert leading.call("POST", DRY_RUNS, json=body).status_code == 403
    assert leading.call("GET", SETTINGS).status_code == 200


def test_a_dry_run_says_what_would_be_queued_and_queues_nothing(
    leading: Service, family: Family, superuser: Rows, tmp_path: Path
) -> None:
    ask(leading, statutory())  # not involved: 40
    ask(leading, overriding())  # an override, always queued
    follow(leading, tmp_path)
    assert [one["flags"][0] for one in items(superuser)] == ["override"]
    leading.as_client(HUB, scopes=("log.review", "log.audit"))
    more = leading.post(DRY_RUNS, {"values": {"queue_from": 40}}, status=200)
    assert (more["looked_at"], more["before"], more["after"]) == (2, 1, 2)
    assert (more["more"], more["fewer"], more["complete"]) == (1, 0, True)
    ids = [str(one.id) for one in sorted(entries(superuser), key=lambda one: one.id)]
    assert more["examples_more"][0] in ids
    assert more["rules"]["not_involved"] == {"before": 1, "after": 2}
    silent = dict.fromkeys(more["rules"], 0)
    fewer = leading.post(DRY_RUNS, {"values": {"weights": silent}, "days": 1}, status=200)
    assert (fewer["after"], fewer["fewer"]) == (1, 0)  # overrides are queued whatever they score
    leading.clock.passes(days=2)
    old = leading.post(DRY_RUNS, {"values": {"queue_from": 40}, "days": 1}, status=200)
    assert (old["looked_at"], old["examples_more"]) == (0, [])
    assert len(items(superuser)) == 1
    assert leading.get(SETTINGS)["in_force"]["version"] == 0
    tried = [one.said for one in entries(superuser) if one.said.get("act") == "review_dry_run"]
    assert [one["days"] for one in tried] == [30, 1, 1]


def test_the_number_of_days_is_checked(leading: Service) -> None:
    for days in (0, 367, 1.5):
        body = {"values": {"queue_from": 40}, "days": days}
        assert leading.call("POST", DRY_RUNS, json=body).status_code == 422
