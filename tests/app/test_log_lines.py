"""No person, no content and no credential reaches a log line or a metric, whatever is asked."""

import io
import json
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import psycopg
import pytest

from app.factory import create_app
from app.observe import logs
from tests.make import (
    CHILD,
    HUB,
    OAK,
    Family,
    a_family,
    a_record,
    a_subject,
    ask,
    overriding,
    said,
    shielded,
    statutory,
    withdrawn,
    withheld,
)
from tests.make import request as asked
from tests.postgres import libpq
from tests.service import Service, settings_for

pytestmark = pytest.mark.long

SECRET = {
    "name": "Llywelyn-Ffion",
    "surname": "Brzezinska",
    "born": "2015-07-19",
    "number": CHILD["value"],
    "spaced": "999 000 0018",
    "case": "778899877612",
    "content": "sleeps on the kitchen floor",
    "justification": "bruised wrists seen at registration",
    "reference": "CRIME-55-2026",
    "reason": "fled to a refuge in Selby",
    "practitioner": "j.oyelaran",
    "token": "eyJhbGciOiJFUzI1NiJ9.c2VjcmV0LWNsYWlt.c2lnbmF0dXJl",
    "proof": "eyJ0eXAiOiJkcG9wK2p3dCJ9.cHJvb2Y.c2ln",
    "assertion": "eyJraWQiOiJhc3NlcnRpb24ifQ.YXNzZXJ0aW9u.c2ln",
    "key": "idempotency-key-of-a-family",
    "query": "meresby-road-flat-3",
}
CREDENTIALS = {"Authorization": f"DPoP {SECRET['token']}", "DPoP": SECRET["proof"]}


@pytest.fixture
def written(
    template: str,
    fresh_database: Callable[..., AbstractContextManager[str]],
    postgres_url: Callable[..., str],
    tmp_path: Path,
) -> Iterator[tuple[Service, io.StringIO]]:
    """A service that logs all it can, and what it has written."""
    lines = io.StringIO()
    with fresh_database(template) as name:
        made = Service(postgres_url(name))
        logs.set_up("DEBUG", stream=lines)
        yield made, lines
        logs.set_up()
        made.close()


def told(service: Service) -> Family:
    """Everything personal that can be put on file."""
    family = a_family(service)
    known = {
        "name": {"given": SECRET["name"], "family": SECRET["surname"]},
        "born": SECRET["born"],
    }
    a_subject(service, {"scheme": "mosaic", "value": SECRET["case"]}, **known)
    a_record(service, "assessment", {"seen": SECRET["content"]})
    consent = said(service, family, evidence=SECRET["content"])
    ask(service, asked(practitioner={"id": SECRET["practitioner"], "role": "teacher"}))
    withdrawn(service, consent)
    shielded(service, family.mother, reason=SECRET["reason"], set_by=SECRET["practitioner"])
    withheld(service, "contact")
    return family


def asked_badly(service: Service) -> None:
    """Whatever a caller may get wrong, with something personal in each place."""
    service.as_client(OAK, may_override=True)
    override = {"reason": "risk_of_significant_harm", "justification": SECRET["justification"]}
    for body in (
        asked(override=override | {"reference": SECRET["reference"]}),
        overriding(source=SECRET["name"]),
        statutory(purpose=SECRET["surname"], categories=[SECRET["content"]]),
        asked({"scheme": "nhs_number", "value": SECRET["spaced"]}),
        asked({"scheme": SECRET["name"], "value": SECRET["born"]}),
        {SECRET["name"]: SECRET["born"], "override": SECRET["justification"]},
        [SECRET["content"]],
    ):
        ask(service, body, key=SECRET["key"])
    for path in (
        f"/v1/subjects/{SECRET['number']}",
        f"/v1/consents/{SECRET['name']}?born={SECRET['born']}",
        f"/v1/directory/contact-points?words={SECRET['query']}",
        f"/{SECRET['surname']}?nhs={SECRET['number']}",
    ):
        service.call("GET", path, headers=CREDENTIALS)
    service.call("POST", "/v1/subjects", data=f'{{"{SECRET["name"]}": ', headers=CREDENTIALS)
    service.call("POST", "/v1/subjects", json={"identifiers": [{"value": SECRET["number"]}]})


def test_nothing_personal_is_logged_or_counted(written: tuple[Service, io.StringIO]) -> None:
    service, lines = written
    told(service)
    asked_badly(service)
    form = {"grant_type": "client_credentials", "client_assertion": SECRET["assertion"]}
    service.call("POST", "/oauth/token", data=form, headers=CREDENTIALS)
    service.call("POST", "/oauth/introspect", data={"token": SECRET["token"]})
    with_real_tokens = create_app(settings_for(service.admin_url), service.parts).test_client()
    assert with_real_tokens.get("/v1/echo", headers=CREDENTIALS).status_code == 401
    fail(service)

    counted = service.call("GET", "/metrics").get_data(as_text=True)
    found = [json.loads(line) for line in lines.getvalue().splitlines()]

    assert len(found) > 40
    assert {line["level"] for line in found} >= {"info", "error"}
    assert [line for line in found if not line.get("request_id")] == []
    for what, value in SECRET.items():
        assert value not in lines.getvalue(), what
        assert value not in counted, what


def fail(service: Service) -> None:
    """Have the database refuse a statement in words that quote a person."""
    with psycopg.connect(libpq(service.admin_url), autocommit=True) as connection:
        connection.execute(
            "create function quote() returns trigger language plpgsql as"
            f" $$ begin raise exception 'not for {SECRET['name']}, {SECRET['number']}'; end $$;"
            "create trigger quote before insert on subject execute function quote()"
        )
    service.as_client(HUB)
    failed = service.call("POST", "/v1/subjects", json={"identifiers": []})
    assert failed.status_code >= 500
    assert SECRET["name"] not in failed.get_data(as_text=True)
