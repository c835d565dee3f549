"""Past recipients hear that something changed, each of its own disclosures alone."""

from typing import Any

import pytest

from app.worker import work_once
from sharing.actions.events import tell_recipients
from sharing.terms.events import EventKind
from tests.make import ELM, HUB, OAK, Family, ask, request, said, withdrawn
from tests.service import Service


@pytest.fixture
def told(service: Service, family: Family) -> str:
    """The id of a disclosure that Oak School received."""
    said(service, family)
    answer = ask(service, request(categories=["plan"]))
    assert answer.status_code == 200, answer.text
    return str(answer.get_json()["id"])


def heard(service: Service, agency: str = OAK, show: str = "all") -> list[dict[str, Any]]:
    """Do what waits to be done, and return what the agency hears."""
    while work_once(service.parts.database, service.clock):
        pass
    listed: list[dict[str, Any]] = service.as_client(agency).get(f"/v1/events?show={show}")["items"]
    return listed


def plan_of(service: Service, family: Family) -> str:
    return f"/v1/records/{family.plan}"


def test_who_received_hears_of_a_withdrawal_and_nobody_else(
    service: Service, family: Family, told: str
) -> None:
    assert heard(service) == []
    consent = said(service, family)
    ask(service, request(categories=["plan"]))
    withdrawn(service, consent)
    (event,) = heard(service)
    assert event["kind"] == "consent.withdrawn"
    assert told in event["disclosures"]
    assert heard(service, HUB) == heard(service, ELM) == []


def test_a_corrected_or_withdrawn_record_is_told_to_who_received_that_category(
    service: Service, family: Family, told: str
) -> None:
    service.as_client(HUB)
    new = service.call("PUT", plan_of(service, family), json={"content": {"aim": "other"}})
    assert new.status_code == 200, new.text
    service.clock.passes(minutes=1)
    service.post(f"/v1/records/{new.get_json()['id']}/withdrawal", {}, status=204)
    kinds = sorted(one["kind"] for one in heard(service))  # told at one instant, in either order
    assert kinds == ["record.corrected", "record.withdrawn"]
    assert [one["disclosures"] for one in heard(service)] == [[told], [told]]


def test_what_was_not_received_makes_no_event(service: Service, family: Family, told: str) -> None:
    service.as_client(HUB)
    other = {"subject": {"identifiers": request()["subject"]["identifiers"]}}
    made = service.post("/v1/records", other | {"category": "contact", "content": {"town": "x"}})
    service.post(f"/v1/records/{made['id']}/withdrawal", {}, status=204)
    assert heard(service) == []


def test_a_shield_asks_past_recipients_for_care_but_not_those_it_leaves_out(
    service: Service, family: Family, told: str
) -> None:
    shield = {
        "subjects": [family.child],
        "mode": "hidden",
        "reason": "moved to a refuge",
        "set_by": "staff-7",
    }
    service.as_client(HUB).post("/v1/shields", shield | {"unaffected": [OAK]})
    assert heard(service) == []
    service.as_client(HUB).post("/v1/shields", shield | {"unaffected": []})
    (event,) = heard(service)
    assert event["kind"] == "handle.with_care"
    assert "refuge" not in str(event)


def test_an_agency_says_what_it_did_once(service: Service, family: Family, told: str) -> None:
    withdrawn(service, said(service, family))
    (event,) = heard(service)
    path = f"/v1/events/{event['id']}/acknowledgement"
    body = {"done": "deleted", "note": "The copy in Amy's file is gone"}
    assert service.as_client(ELM).call("POST", path, json=body).status_code == 404
    done = service.as_client(OAK).post(path, body)
    assert (done["done"], done["acknowledged_at"]) == ("deleted", service.clock.at.isoformat())
    again = service.call("POST", path, json=body)
    assert (again.status_code, again.get_json()["code"]) == (409, "event_acknowledged")
    assert heard(service, show="waiting") == []
    assert len(heard(service)) == 1


def test_a_job_that_runs_twice_leaves_each_event_once(
    service: Service, family: Family, told: str
) -> None:
    payload = {"kind": "handle.with_care", "fact": told, "subjects": [family.child]}
    for left in (1, 0):
        with service.parts.database.transaction() as session:
            assert tell_recipients(session, payload, service.clock.at) == left


def test_the_words_that_consent_leaves_are_those_that_are_told() -> None:
    words = {"consent.withdrawn", "consent.corrected", "handle.with_care"}
    assert words <= {kind.value for kind in EventKind}
