"""Events sent to an agency's own server: signed, tried for days, and about nobody."""

import base64
import hashlib
import hmac
import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import text

from app.config import Mode
from app.kernel import auth
from app.worker import WORK, sending_for, work_once
from sharing.actions.webhooks import MOST_WEBHOOKS
from sharing.rules.webhooks import WAITS
from tests.make import ELM, HUB, OAK, Family, ask, request, said, withdrawn
from tests.service import Service, app_on, settings_for
from tests.sharing.receiver import Receiver, receiving
from tests.sharing.test_erasure import erased

HOOKS = "/v1/webhooks"
SETTINGS = settings_for("postgresql://nobody@localhost/nowhere")
DOING = WORK | sending_for(SETTINGS)


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as made:
        yield made


def work(service: Service) -> None:
    while work_once(service.parts.database, service.clock, DOING):
        pass


def registered(service: Service, receiver: Receiver, agency: str = OAK) -> tuple[str, str]:
    """Register the receiver for an agency; the path of the webhook, and its secret."""
    made = service.as_client(agency).post(HOOKS, {"url": receiver.url})
    return f"{HOOKS}/{made['webhook']['id']}", made["secret"]


def deliveries(service: Service, hook: str) -> list[dict[str, Any]]:
    listed: list[dict[str, Any]] = service.as_client(OAK).get(f"{hook}/deliveries")["items"]
    return listed


def holds(secret: str, headers: dict[str, str], body: bytes) -> bool:
    """Check a signature as a receiver's own library does, by the specification alone."""
    key = base64.b64decode(secret.removeprefix("whsec_"))
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    wanted = "v1," + base64.b64encode(hmac.digest(key, signed, hashlib.sha256)).decode()
    return wanted in headers["webhook-signature"].split(" ")


def test_a_withdrawal_is_sent_signed_to_who_received_and_names_nobody(
    service: Service, family: Family, receiver: Receiver
) -> None:
    hook, secret = registered(service, receiver)
    elms, _ = registered(service, receiver, ELM)
    consent = said(service, family)
    assert ask(service, request(categories=["plan"])).status_code == 200
    withdrawn(service, consent)
    work(service)

    ((headers, body),) = receiver.got
    assert holds(secret, headers, body)
    (event,) = service.as_client(OAK).get("/v1/events")["items"]
    assert json.loads(body) == {
        "type": "consent.withdrawn",
        "timestamp": event["at"],
        "data": {"event": event["id"]},
    }
    (sent,) = deliveries(service, hook)
    assert (sent["state"], sent["attempts"], sent["last_status"]) == ("delivered", 1, 200)
    assert headers["webhook-id"] == "msg_" + sent["id"].replace("-", "")
    assert headers["webhook-timestamp"] == str(int(service.clock.at.timestamp()))
    done = {"done": "restricted", "note": "locked away"}
    service.post(f"/v1/events/{event['id']}/acknowledgement", done)
    assert service.as_client(ELM).get(f"{elms}/deliveries")["items"] == []
    assert service.get(f"{hook}/deliveries")["items"] == [], "another agency's"
    refused = service.call("POST", f"{hook}/ping", json={})
    assert (refused.status_code, refused.get_json()["code"]) == (404, "webhook_unknown")


def test_rule_43_an_erasure_is_sent_to_who_received_something_of_the_person(
    service: Service, family: Family, receiver: Receiver
) -> None:
    hook, _ = registered(service, receiver)
    registered(service, receiver, ELM)
    said(service, family)
    assert ask(service).status_code == 200
    erased(service, family.child)
    work(service)

    ((_, body),) = receiver.got
    event = service.as_client(OAK).get("/v1/events")["items"][-1]
    assert json.loads(body) == {
        "type": "subject.erased",
        "timestamp": event["at"],
        "data": {"event": event["id"]},
    }
    assert [one["state"] for one in deliveries(service, hook)] == ["delivered"]


@pytest.mark.long
def test_what_is_not_taken_is_tried_again_for_days_under_one_id_then_given_up_and_sent_anew(
    service: Service, family: Family, receiver: Receiver
) -> None:
    hook, secret = registered(service, receiver)
    service.post(f"{hook}/ping", {}, 202)
    receiver.statuses = [500, 302, 404, *[503] * (len(WAITS) - 2)]
    work(service)
    (first,) = deliveries(service, hook)
    assert (first["state"], first["last_status"]) == ("waiting", 500)
    assert first["last_fault"] == "The answer was 500, not 2xx."
    began = service.clock.at
    while (at := deliveries(service, hook)[0])["state"] == "waiting":
        work(service)
        assert deliveries(service, hook)[0]["attempts"] == at["attempts"], "it is not due yet"
        service.clock.at = type(began).fromisoformat(at["next_at"])
        work(service)
    assert len(receiver.got) == len(WAITS) + 1
    assert (service.clock.at - began).days >= 5
    assert len({headers["webhook-id"] for headers, _ in receiver.got}) == 1
    assert all(holds(secret, *one) for one in receiver.got)
    (gone,) = deliveries(service, hook)
    assert (gone["state"], gone["next_at"]) == ("given_up", None)

    service.post(f"{hook}/deliveries/{gone['id']}/resending", {}, 202)
    work(service)
    assert deliveries(service, hook)[0]["state"] == "delivered"
    assert receiver.got[-1][0]["webhook-id"] == receiver.got[0][0]["webhook-id"]


def test_a_410_switches_the_address_off_and_nothing_more_is_sent(
    service: Service, family: Family, receiver: Receiver
) -> None:
    hook, _ = registered(service, receiver)
    for _ in range(2):
        service.post(f"{hook}/ping", {}, 202)
    receiver.statuses = [410]
    work(service)
    assert len(receiver.got) == 1
    assert {one["state"] for one in deliveries(service, hook)} == {"given_up"}
    (listed,) = service.get(HOOKS)["items"]
    assert "410" in listed["disabled_because"]
    resending = f"deliveries/{deliveries(service, hook)[0]['id']}/resending"
    for act in ("ping", "secret", "removal", resending):
        refused = service.call("POST", f"{hook}/{act}", json={})
        assert (refused.status_code, refused.get_json()["code"]) == (409, "webhook_disabled")
        assert "register the address anew" in refused.get_json()["detail"]


def test_a_new_secret_signs_at_once_and_the_old_one_beside_it_for_a_day(
    service: Service, family: Family, receiver: Receiver
) -> None:
    hook, old = registered(service, receiver)
    fresh = service.post(f"{hook}/secret", {})
    new = fresh["secret"]
    assert new != old
    service.post(f"{hook}/ping", {}, 202)
    work(service)
    assert holds(old, *receiver.got[0])
    assert holds(new, *receiver.got[0])
    service.clock.at = type(service.clock.at).fromisoformat(fresh["others_end"])
    service.post(f"{hook}/ping", {}, 202)
    work(service)
    assert not holds(old, *receiver.got[1])
    assert holds(new, *receiver.got[1])

    key = base64.b64decode(new.removeprefix("whsec_"))
    with service.parts.database.transaction(speaking_for=OAK) as session:
        kept = session.scalars(text("select secret from webhook_secret")).all()
    assert len(kept) == 2
    assert all(key not in one and new.encode() not in one for one in kept), "it is sealed"
    assert new not in service.call("GET", HOOKS).get_data(as_text=True)


def test_an_address_of_our_own_network_is_not_registered(
    service: Service, family: Family, receiver: Receiver
) -> None:
    service.as_client(OAK)
    for url in (
        "https://10.0.0.8/",
        "https://[fd00::1]/",
        "http://169.254.169.254/",
        "https://hub",
    ):
        refused = service.call("POST", HOOKS, json={"url": url})
        told = refused.get_json()
        assert (refused.status_code, told["code"]) == (422, "webhook_target_refused"), url
        assert told["errors"][0]["pointer"] == "#/url"
    for _ in range(MOST_WEBHOOKS):
        registered(service, receiver)
    full = service.call("POST", HOOKS, json={"url": receiver.url})
    assert (full.status_code, full.get_json()["code"]) == (409, "too_many_webhooks")
    hook = f"{HOOKS}/{service.get(HOOKS)['items'][0]['id']}"
    removed = service.post(f"{hook}/removal", {})
    assert removed["disabled_because"] == "The agency removed it."
    registered(service, receiver)


def test_what_had_no_answer_or_may_no_longer_be_asked_says_so_in_the_list(
    service: Service, family: Family, receiver: Receiver
) -> None:
    hook, _ = registered(service, receiver)
    with receiving() as away:
        other, _ = registered(service, away)
    service.post(f"{other}/ping", {}, 202)
    work(service)
    (failed,) = deliveries(service, other)
    assert (failed["state"], failed["last_status"]) == ("waiting", None)
    assert failed["last_fault"] == "There was no answer: ConnectionError"
    refusing = WORK | sending_for(replace(SETTINGS, mode=Mode.PRODUCTION))
    service.as_client(OAK).post(f"{hook}/ping", {}, 202)
    while work_once(service.parts.database, service.clock, refusing):
        pass
    (refused,) = deliveries(service, hook)
    assert refused["last_fault"] == "The address must begin with https://."
    assert receiver.got == []
    assert HUB not in json.dumps(refused)


@pytest.mark.usefixtures("family")
def test_in_production_no_address_of_a_machine_of_ours_is_registered(service: Service) -> None:
    caller = service.as_client(OAK).caller
    production = replace(settings_for(service.admin_url), mode=Mode.PRODUCTION)
    made = app_on(production, service.parts)
    made.extensions[auth.EXTENSION] = lambda: caller
    for url in (
        "http://127.0.0.1:9000/",
        "https://127.0.0.1/",
        "https://[::1]/",
        "https://10.0.0.8/",
    ):
        answer = made.test_client().post(HOOKS, json={"url": url})
        assert (answer.status_code, answer.get_json()["code"]) == (422, "webhook_target_refused")
