"""What is measured of real entries, flag by flag, and what is queued of them."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from werkzeug.test import TestResponse

from sharing.rules.sampling import commitment, is_drawn
from tests.make import (
    CHILD,
    ELM,
    HUB,
    OAK,
    SAFEGUARDING,
    Family,
    a_flow,
    a_record,
    an_agreement,
    ask,
    in_force,
    overriding,
    request,
    said,
    shielded,
    statutory,
    withdrawn,
)
from tests.service import Service
from tests.sharing.reviewed import follow, items, measures, seeded
from tests.sharing.seeing import Rows, entries
from tests.sharing.test_access_packs import asks
from tests.sharing.test_erasure import erased

STAFF = "/v1/log/reviews/staff"
Scored = Callable[[], list[dict[str, Any]]]


@pytest.fixture
def scored(service: Service, family: Family, superuser: Rows, tmp_path: Path) -> Scored:
    """`scored()`: the measures of every entry that has unusual ones, once all are scored."""

    def follow_and_look() -> list[dict[str, Any]]:
        follow(service, tmp_path)
        return measures(superuser)

    return follow_and_look


def by(practitioner: str, role: str = "nurse", **more: Any) -> dict[str, Any]:
    return request(practitioner={"id": practitioner, "role": role}, **more)


def declares(service: Service, agency: str = OAK, **said: Any) -> None:
    service.as_client(agency, scopes=("log.review",))
    assert service.call("PUT", STAFF, json=said).status_code == 204


def pointing(service: Service, value: str, **more: Any) -> TestResponse:
    """Ask who is involved with whoever has this number."""
    asked = {"scheme": "mosaic", "value": value}
    body = request(asked, kind="pointer", source="*", categories=["involvement"], **more)
    return ask(service, body)


def test_what_is_usual_is_not_queued(
    service: Service, family: Family, superuser: Rows, scored: Scored
) -> None:
    said(service, family)
    ask(service)
    assert scored() == [{}]
    assert superuser.execute("select from review_look").fetchall() == []
    assert items(superuser) == []
    assert scored() == [{}]  # nothing is scored twice
    assert superuser.execute("select sum(n) from review_tally").fetchone() == (1,)


def test_an_override_is_always_queued_with_its_reasons_and_due_date(
    service: Service, family: Family, superuser: Rows, scored: Scored
) -> None:
    for _ in range(3):
        assert ask(service, overriding()).status_code == 200
        service.clock.passes(hours=1)
    last = scored()[-1]
    assert (last["override"], last["overrides_before"], last["same_words_before"]) == (True, 2, 2)
    first, _, third = items(superuser)
    assert (first["why"], first["priority"], first["state"]) == (
        ["score", "override"],
        "urgent",
        "new",
    )
    assert first["flags"][0] == "override"
    assert "The same words had been given 2 times before." in third["because"][0]["because"]
    assert third["score"] == 100


def test_a_practitioner_who_shares_a_home_with_the_child_is_seen_by_digest_alone(
    service: Service, family: Family, superuser: Rows, scored: Scored
) -> None:
    body = {"identifiers": [{"scheme": "mosaic", "value": "500300"}]}
    names = {"name": {"given": "Ben", "family": "O'Hara"}, "born": "2017-01-02"}
    service.as_client(HUB).post("/v1/subjects", body | names)
    subject = {"subject": {"identifiers": body["identifiers"]}, "category": "contact"}
    content = {"home": {"address": ["1 Elm Row", "LS1 1AA"]}, "mobile": "+44 7700 900123"}
    service.post("/v1/records", subject | {"content": content})
    declares(
        service,
        practitioner="teacher-7",
        surnames=["o hara"],
        addresses=["1 ELM ROW"],
        phones=["07700 900 123"],
        relatives=body["identifiers"],
    )
    ask(service, request(*body["identifiers"]))
    (one,) = scored()
    assert one["shared"] == ["surname", "address", "phone", "relative"]
    (item,) = items(superuser)
    assert (item["flags"][0], item["score"]) == ("shared_details", 100)
    kept = superuser.execute("select to_jsonb(s)::text from review_staff s").fetchall()
    assert not [word for word in ("ohara", "elm", "7700", "teacher-7") if word in kept[0][0]]


def test_a_childs_relative_among_colleagues_is_seen_and_forgotten_with_the_child(
    service: Service, family: Family, superuser: Rows, scored: Scored
) -> None:
    declares(service, practitioner="teacher-9", relatives=[CHILD])
    ask(service, by("teacher-7"))
    scored()
    service.clock.passes(seconds=1)
    declares(service, practitioner="teacher-8", themselves=[CHILD])
    ask(service, by("teacher-9"))
    first, second = scored()
    assert (first["colleague"], first.get("shared")) == ("relative", None)
    assert (second["colleague"], second["shared"]) == ("themselves", ["relative"])
    erased(service, family.child)
    left = superuser.execute("select themselves || relatives from review_staff").fetchall()
    assert left == [([],), ([],)]


def test_a_subject_of_public_interest_is_marked_by_whoever_registered_them(
    service: Service, family: Family, scored: Scored
) -> None:
    body = {"subject": family.child, "of_interest": True}
    path = "/v1/log/reviews/public-interest"
    service.as_client(OAK, scopes=("log.review",))
    assert service.call("PUT", path, json=body).status_code == 404
    service.as_client(HUB, scopes=("log.review",))
    ended = body | {"of_interest": False}
    assert service.call("PUT", path, json=ended).status_code == 404
    assert service.call("PUT", path, json=body).status_code == 204
    ask(service)
    service.clock.passes(minutes=1)
    service.as_client(HUB, scopes=("log.review",))
    assert service.call("PUT", path, json=ended).status_code == 204
    ask(service)
    assert [one.get("public_interest") for one in scored()] == [True, None]


def test_what_an_agency_had_open_with_a_child_counts_and_what_it_says_later_does_not(
    service: Service, family: Family, scored: Scored
) -> None:
    ask(service, statutory())
    service.clock.passes(minutes=5)
    record = a_record(service, "involvement", {"since": "monday"}, source=OAK)
    ask(service, statutory())
    service.clock.passes(days=1)
    service.as_client(OAK).post(f"/v1/records/{record}/withdrawal", {}, status=204)
    service.clock.passes(days=16)
    ask(service, statutory())
    first, second, third = scored()
    assert (first["involved"], first.get("days_since_involved")) == (False, None)
    assert "involved" not in second
    assert (third["involved"], third["days_since_involved"]) == (False, 16)


def test_trying_again_after_a_no_is_seen(service: Service, family: Family, scored: Scored) -> None:
    consent = said(service, family)
    withdrawn(service, consent)
    for name in ("a", "b", "c"):
        service.clock.passes(hours=2)
        assert ask(service, by(name)).status_code == 404
    first, _, third = scored()
    assert (first["hours_since_withdrawal"], first["refusals"]) == (2, 1)
    assert "hours_since_refusal" not in first
    assert (third["refusals"], third["colleagues_trying"], third["hours_since_refusal"]) == (
        3,
        3,
        2,
    )


def test_feeling_for_numbers_is_seen(
    service: Service, family: Family, superuser: Rows, scored: Scored
) -> None:
    for value in ("500101", "500102", "500104", "500103"):
        pointing(service, value)
        service.clock.passes(minutes=1)
    found = scored()
    assert [one.get("in_sequence") for one in found] == [None, 2, None, 4]
    assert [one.get("pointers_in_hour") for one in found] == [None, 2, 3, 4]
    assert [one["flags"] for one in items(superuser)] == [["probing"]]
    pointing(service, "500110", practitioner=None)
    pointing(service, "500120", practitioner=None)
    assert scored()[-1]["pointers_in_hour"] == 2


def test_hours_and_purposes_unlike_the_role_and_sleeping_accounts_are_seen(
    service: Service, family: Family, superuser: Rows, scored: Scored
) -> None:
    said(service, family)
    ask(service)
    scored()
    superuser.execute("update review_tally set n = 100")
    for how_long, client in (({"hours": 14}, "another-system"), ({"days": 100}, None)):
        service.clock.passes(**how_long)
        scored()  # a log that nobody heard of for hours discloses nothing
        assert ask(service, statutory(), client_id=client).status_code == 404
    _, night, late = scored()
    assert (night["role_looks"], night.get("role_at_this_hour", 0)) == (100, 0)
    assert night.get("role_for_this_purpose", 0) == 0
    assert night["new_client"] is True
    assert (late["days_silent"], late.get("role_looks", 0)) == (100, 0)
    queued = {flag for one in items(superuser) for flag in one["flags"]}
    assert queued >= {"unusual_hours", "unusual_purpose", "dormant_or_new"}


def test_several_agencies_around_a_child_without_a_plan_are_a_need_and_not_misconduct(
    service: Service, family: Family, superuser: Rows, scored: Scored
) -> None:
    everybody = {"from": [HUB, ELM], "to": [OAK, ELM, HUB]}
    enquiry = a_flow("all", ["assessment"], purposes=[SAFEGUARDING], requires="none")
    flow = enquiry | everybody | {"basis": "legal_obligation"}
    in_force(service, an_agreement() | {"code": "ENQ", "flows": [flow]})
    for agency, source in ((OAK, HUB), (ELM, HUB), (HUB, ELM)):
        ask(service, statutory(source=source), agency=agency)
        service.clock.passes(hours=1)
    service.as_client(HUB).post(f"/v1/records/{family.plan}/withdrawal", {}, status=204)
    ask(service, statutory())
    *_, third, last = scored()
    assert (third["agencies_in_week"], third.get("plan")) == (3, None)
    assert (last["agencies_in_week"], last["plan"]) == (3, False)
    assert "no misconduct" in json.dumps(items(superuser)[-1]["because"])


def test_an_adult_without_a_say_who_asks_for_a_pack_is_answered_alike_and_queued(
    service: Service, family: Family, superuser: Rows, scored: Scored
) -> None:
    asked = {"capacity": "parent", "asked_by": family.mother}
    assert asks(service, family.child, agency=ELM, **asked).status_code == 404
    service.as_client(HUB).post(
        f"/v1/subjects/{family.child}/relationships/{family.relationship}/no-say",
        {"evidence": "court order 7", "starts": service.clock.at.isoformat()},
    )
    answer = asks(service, family.child, **asked)
    assert (answer.status_code, answer.get_json()["code"]) == (404, "not_available")
    assert scored() == [{"without_say": True}]
    (item,) = items(superuser)
    assert (item["flags"], item["priority"]) == (["without_say"], "high")


@pytest.mark.parametrize(
    ("body", "touch"), [(request(), "refused"), (statutory(categories=["contact"]), "pierced")]
)
def test_a_shield_that_is_touched_or_pierced_is_seen(
    service: Service, family: Family, scored: Scored, body: dict[str, Any], touch: str
) -> None:
    a_record(service, "contact", {"phone": "0113 496 0000"})
    said(service, family)
    shielded(service, family.child)
    ask(service, body)
    assert scored()[-1]["shield"] == touch


def test_a_look_up_of_a_shielded_child_by_who_may_is_seen_too(
    service: Service, family: Family, scored: Scored
) -> None:
    said(service, family)
    shielded(service, family.child, unaffected=[HUB, OAK])
    assert ask(service).status_code == 200
    assert scored()[-1]["shield"] == "looked_up"


def test_the_sample_is_drawn_by_a_seed_that_was_committed_to_and_is_told_after(
    service: Service, family: Family, superuser: Rows, scored: Scored
) -> None:
    said(service, family)
    ask(service)  # before anybody committed to a seed: never drawn
    service.clock.passes(minutes=1)
    seeded(service)
    seeded(service)
    everything = {"sample_by_agency": {OAK: 1000}}
    signed = {"values": everything, "signed_by": "A. Lead", "authority": "board, minute 4"}
    service.as_client(HUB, scopes=("log.review", "log.audit"))
    assert service.call("PUT", "/v1/log/reviews/settings", json=signed).status_code == 200
    for _ in range(2):
        ask(service)
    scored()
    drawn = items(superuser)
    assert [(one["why"], one["priority"], one["settings"]) for one in drawn] == [
        (["sample"], "low", 1)
    ] * 2
    service.as_client(HUB, scopes=("log.review",))
    later, now = service.get("/v1/log/reviews/draws")["items"]
    assert (later["month"], now["month"], now["seed"]) == ("2026-04", "2026-03", None)
    service.clock.passes(days=31)
    seeded(service)
    service.as_client(HUB, scopes=("log.review",))
    told = service.get("/v1/log/reviews/draws")["items"][-1]
    seed = bytes.fromhex(told["seed"])
    assert commitment(seed).hex() == now["commitment"] == told["commitment"]
    found = [one for one in entries(superuser) if one.said.get("month") == "2026-03"]
    logged = sorted(found, key=lambda one: one.id)
    assert [one.said["act"] for one in logged] == ["sample_committed", "sample_told"]
    assert [str(one.id) for one in logged] == [now["committed_by"], told["told_by"]]
    assert (logged[0].said["commitment"], logged[1].said["seed"]) == (
        now["commitment"],
        told["seed"],
    )
    assert is_drawn(seed, logged[0].id, 1000)
