"""Two at once on one agreement: the second sees what the first did; and what came before it all."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import timedelta
from threading import Barrier
from typing import Any

import psycopg
import pytest

from tests.make import (
    ELM,
    HUB,
    OAK,
    Family,
    a_paper,
    an_agreement,
    ask,
    signed_and_activated,
    signs,
    statutory,
)
from tests.service import Service
from tests.sharing.seeing import Rows

PATH = "/v1/agreements/EH-ISA/versions"
Act = Callable[[Service], tuple[int, str]]


def both(service: Service, first: Act, second: Act) -> tuple[tuple[int, str], tuple[int, str]]:
    """Let two instances of the service act at once; what each was told."""
    start = Barrier(2)

    def run(act: Act, instance: Service) -> tuple[int, str]:
        start.wait(10)
        return act(instance)

    # Made one after the other: Python 3.11's parser, which the routes need, is not safe in threads.
    with (
        closing(Service(service.admin_url, clock=service.clock)) as this,
        closing(Service(service.admin_url, clock=service.clock)) as that,
        ThreadPoolExecutor(2) as pool,
    ):
        one, other = pool.submit(run, first, this), pool.submit(run, second, that)
        return one.result(30), other.result(30)


def posting(path: str, body: dict[str, Any], agency: str = HUB) -> Act:
    def act(instance: Service) -> tuple[int, str]:
        answer = instance.as_client(agency).call("POST", path, json=body)
        return answer.status_code, answer.get_json().get("code", "")

    return act


def second_version(service: Service) -> None:
    whole = an_agreement()
    draft = {name: whole[name] for name in whole.keys() - {"code", "title", "members"}}
    service.as_client(HUB).post(PATH, draft)


@pytest.mark.long
def test_of_two_who_activate_one_is_told_that_it_is_done(service: Service, family: Family) -> None:
    assert family
    second_version(service)
    for agency in (HUB, OAK, ELM):
        signs(service, agency, version=2)
    activating = posting(f"{PATH}/2/activation", {})
    assert sorted(both(service, activating, activating)) == [
        (201, "EH-ISA"),
        (409, "already_active"),
    ]
    first, second = service.get("/v1/agreements/EH-ISA")["versions"]
    assert first["superseded_at"] == second["activated_at"]


@pytest.mark.long
def test_of_two_who_sign_for_one_agency_one_has_signed(service: Service, family: Family) -> None:
    assert family
    second_version(service)
    paper = {"paper": a_paper(service, "EH-ISA", 2)}
    signing = posting(f"{PATH}/2/signatures", paper, OAK)
    assert sorted(both(service, signing, signing)) == [(201, "EH-ISA"), (409, "already_signed")]
    assert len(service.get(f"{PATH}/2/signatures")["items"]) == 1


@pytest.mark.long
def test_a_draft_is_signed_or_a_newer_version_takes_over(service: Service, family: Family) -> None:
    assert family
    second_version(service)
    second_version(service)
    for agency in (HUB, OAK, ELM):
        signs(service, agency, version=3)
    paper = {"paper": a_paper(service, "EH-ISA", 2)}
    signed, activated = both(
        service,
        posting(f"{PATH}/2/signatures", paper, OAK),
        posting(f"{PATH}/3/activation", {}),
    )
    assert activated == (201, "EH-ISA")
    assert signed in {(201, "EH-ISA"), (409, "version_superseded")}
    late = posting(f"{PATH}/2/signatures", paper | {"paper": a_paper(service, "EH-ISA", 2)}, ELM)
    assert late(service) == (409, "version_superseded")


@pytest.mark.long
def test_a_draft_is_signed_or_changed_but_never_both(service: Service, family: Family) -> None:
    assert family
    second_version(service)
    whole = an_agreement() | {"purpose": "Other words"}
    draft = {name: whole[name] for name in whole.keys() - {"code", "title", "members"}}
    paper = {"paper": a_paper(service, "EH-ISA", 2)}

    def revising(instance: Service) -> tuple[int, str]:
        answer = instance.as_client(HUB).call("PUT", f"{PATH}/2", json=draft)
        return answer.status_code, answer.get_json()["code"]

    signed, revised = both(service, posting(f"{PATH}/2/signatures", paper, OAK), revising)
    assert (signed, revised) in {
        ((201, "EH-ISA"), (409, "already_signed")),
        ((422, "content_differs"), (200, "EH-ISA")),
    }


def test_what_was_activated_before_contents_were_signed_stays_in_force(
    service: Service, family: Family, superuser: Rows
) -> None:
    assert family
    superuser.execute("set session_replication_role = replica")
    superuser.execute("update agreement_version set content = null, content_sha256 = null")
    superuser.execute("delete from agreement_signature")

    assert ask(service, statutory()).get_json()["code"] == "not_available"
    (version,) = service.as_client(HUB).get("/v1/agreements/EH-ISA")["versions"]
    assert version["activated_at"] is not None
    assert (version["content_sha256"], version["purpose"]) == (None, None)
    assert len(version["flows"]) == 4
    (shown,) = service.get("/v1/agreements/register")["items"]
    assert (shown["status"], len(shown["bodies"])) == ("in_force", 3)
    assert service.call("GET", f"{PATH}/1/content").status_code == 404
    paper = {"paper": {"content_sha256": "0" * 64} | _by_hand(service)}
    refused = service.call("POST", f"{PATH}/1/signatures", json=paper)
    assert refused.get_json()["code"] == "content_differs"


def test_a_draft_from_before_contents_were_kept_is_to_be_drafted_anew(
    service: Service, family: Family, superuser: Rows
) -> None:
    assert family
    second_version(service)
    superuser.execute(
        "update agreement_version set content = null, content_sha256 = null where version = 2"
    )
    answer = service.call("POST", f"{PATH}/2/activation", json={})
    assert (answer.status_code, answer.get_json()["code"]) == (422, "agreement_incomplete")
    assert answer.get_json()["errors"][0]["pointer"] == "#"


def test_the_database_itself_keeps_an_activated_version(
    service: Service, family: Family, superuser: Rows
) -> None:
    assert family
    for change in (
        "update agreement_version set content = '{}'",
        "update agreement_version set effective_from = now()",
        "update agreement_version set review_due = null",
    ):
        with pytest.raises(psycopg.Error, match="frozen"):
            superuser.execute(change)
    service.clock.passes(days=1)
    second_version(service)
    signed_and_activated(service, "EH-ISA", 2)
    later = service.clock.at + timedelta(days=1)
    with pytest.raises(psycopg.Error, match="frozen"):
        superuser.execute("update agreement_version set activated_at = %s", [later])


def test_signatories_are_sealed_where_they_are_kept(
    service: Service, family: Family, superuser: Rows
) -> None:
    assert service
    assert family
    rows = superuser.execute("select agreement_signature::text from agreement_signature").fetchall()
    assert len(rows) == 3
    written = " ".join(row[0] for row in rows)
    assert b"Ada Official".hex() not in written
    assert "Ada" not in written


def _by_hand(service: Service) -> dict[str, Any]:
    return {
        "signatory": {"name": "Ada Official", "role": "Director"},
        "signed_on": service.clock.at.date().isoformat(),
        "reference": "cabinet 4",
    }
