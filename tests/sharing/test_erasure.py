"""A person can be erased: nothing leads to them any more, and the log still proves itself."""

import json
from typing import Any
from uuid import UUID

import psycopg
import pytest
from werkzeug.test import TestResponse

from sharing.chain.erasures import Fault
from sharing.chain.leaves import commitment, leaf_hash, parse_leaf
from sharing.queries.erasing import unexplained
from tests.make import (
    CHILD,
    ELM,
    HUB,
    OAK,
    Family,
    a_record,
    a_subject,
    ask,
    overriding,
    request,
    said,
)
from tests.service import Service
from tests.sharing.seeing import Rows, entries, latest

ORDER = {"ground": "no_longer_needed", "authority": "case 12", "decided_by": "staff-9"}


def erase(service: Service, subject: str, agency: str = HUB, **more: Any) -> TestResponse:
    service.as_client(agency)
    return service.call("POST", f"/v1/subjects/{subject}/erasure", json=ORDER | more)


def erased(service: Service, subject: str, **more: Any) -> dict[str, Any]:
    answer = erase(service, subject, **more)
    assert answer.status_code == 200, answer.text
    body: dict[str, Any] = answer.get_json()
    return body


def told(service: Service, family: Family) -> None:
    """Have Oak told of the child, once past a missing yes, and refused once before look-up."""
    assert ask(service, overriding()).status_code == 200
    said(service, family)
    assert ask(service, key="once").status_code == 200
    assert ask(service, request(purpose="curiosity")).status_code == 422


def test_rule_44_after_an_erasure_every_leaf_stands_and_no_entry_leads_to_the_person(
    service: Service, family: Family, superuser: Rows
) -> None:
    told(service, family)
    before = entries(superuser)
    answer = erased(service, family.child)
    after = entries(superuser)

    assert [(one.leaf, one.leaf_hash) for one in before] == [
        (one.leaf, one.leaf_hash) for one in after[:-1]
    ]
    by = after[-1]
    assert (str(by.id), by.outcome) == (answer["entry"], "erased")
    assert parse_leaf(by.leaf).kind == "erasure"
    assert by.said["erased"] == sorted(str(one.id) for one in before)
    for one in after:
        assert leaf_hash(one.leaf) == one.leaf_hash
        assert parse_leaf(one.leaf).facts == commitment(one.facts_salt, one.facts)
    assert {(one.subject, one.opening, one.salt) for one in after[:-1]} == {(None, None, None)}
    rows = superuser.execute("select entry_id, erased_by from log_erasure order by 1").fetchall()
    assert rows == sorted((one.id, by.id) for one in before)
    with service.parts.ig_database.reading() as session:
        assert unexplained(session) == []


def test_what_was_erased_is_counted_and_a_dry_run_erases_nothing(
    service: Service, family: Family, superuser: Rows
) -> None:
    told(service, family)
    planned = erased(service, family.child, dry_run=True)
    assert planned["dry_run"] is True
    assert planned["entry"] is None
    assert planned["erased"] == {
        "openings": 3,
        "records": 1,
        "consents": 1,
        "identifiers": 1,
        "access_packs": 0,
        "rectifications": 0,
        "notices": 0,
        "decisions_not_to_share": 0,
        "escalations": 0,
        "withholds": 0,
    }
    assert planned["stopped_by"] == []
    assert latest(superuser).outcome == "deny"
    done = erased(service, family.child)
    assert (done["erased"], done["told"]) == (planned["erased"], planned["told"])
    assert planned["told"] == 2


def test_an_erased_person_is_one_nobody_knows(
    service: Service, family: Family, superuser: Rows
) -> None:
    told(service, family)
    erased(service, family.child)
    assert ask(service).get_json()["code"] == "not_available"
    assert ask(service, key="once").get_json()["code"] == "not_available"
    again = erase(service, family.child)
    assert (again.status_code, again.get_json()["code"]) == (404, "not_available")
    assert a_subject(service, CHILD) != family.child
    for table in ("record", "consent", "relationship", "subject_identifier"):
        name = "given_by" if table == "consent" else "subject_id"
        column = psycopg.sql.Identifier(name)
        left = psycopg.sql.SQL("select count(*) from {} where {} = %s").format(
            psycopg.sql.Identifier(table), column
        )
        assert superuser.execute(left, [family.child]).fetchone() == (0,)
    kept = superuser.execute(
        "select wrapped_key, born, names from subject where id = %s", [family.child]
    ).fetchone()
    assert kept == (None, None, None)


def test_rule_43_who_received_something_hears_that_the_person_was_erased(
    service: Service, family: Family
) -> None:
    told(service, family)
    erased(service, family.child)
    heard = service.as_client(OAK).get("/v1/events")["items"]
    assert [one["kind"] for one in heard][-1] == "subject.erased"
    assert len(heard[-1]["disclosures"]) == 2
    assert [one["kind"] for one in service.as_client(ELM).get("/v1/events")["items"]] == []


def test_only_whoever_registered_a_person_erases_them(service: Service, family: Family) -> None:
    nobody = "01890000-0000-7000-8000-000000000000"
    refused = [erase(service, family.child, ELM), erase(service, nobody)]
    assert [one.status_code for one in refused] == [404, 404]
    bodies = [{k: v for k, v in one.get_json().items() if k != "instance"} for one in refused]
    assert bodies[0] == bodies[1]
    wrong = erase(service, family.child, ground="tired of it")
    assert (wrong.status_code, wrong.get_json()["errors"][0]["pointer"]) == (422, "#/ground")


def test_an_erased_parent_leaves_what_protects_the_child(
    service: Service, family: Family, superuser: Rows
) -> None:
    said(service, family, answer="refused", evidence="the mother's own words")
    erased(service, family.mother)
    assert ask(service).get_json()["code"] == "not_available"
    row = superuser.execute("select evidence, given_by from consent").fetchone()
    assert row == (None, UUID(family.mother))


def test_an_erased_siblings_shield_still_keeps_them_out_of_the_household(
    service: Service, family: Family
) -> None:
    sibling = a_subject(service)
    members = {"members": [{"subject": family.child}, {"subject": sibling}]}
    service.as_client(HUB)
    service.call("PUT", f"/v1/subjects/{family.child}/household", json=members)
    shield = {"subjects": [sibling], "mode": "hidden", "reason": "refuge", "set_by": "s"}
    service.post("/v1/shields", shield | {"unaffected": [HUB]})
    a_record(service, "household", members)
    erased(service, sibling)
    said(service, family)
    told_of = ask(service, request(categories=["household"])).get_json()
    assert told_of["sections"]["household"][0]["content"] == {
        "members": [{"subject": family.child}]
    }


def test_rule_44_an_opening_that_went_without_an_entry_is_found(
    service: Service, family: Family, superuser: Rows
) -> None:
    told(service, family)
    first, second, third = entries(superuser)
    by = erased(service, a_subject(service))["entry"]
    gone = "update log_subject set subject = null, opening = null, salt = null where id = %s"
    superuser.execute(gone, [first.id])
    superuser.execute(gone, [second.id])
    superuser.execute("insert into log_erasure values (%s, %s, now())", [second.id, by])
    superuser.execute("delete from log_subject where id = %s", [third.id])
    with service.parts.ig_database.reading() as session:
        found = {one.entry: one.fault for one in unexplained(session)}
    assert found == {
        first.id: Fault.MISSING,
        second.id: Fault.NOT_SAID,
        third.id: Fault.MISSING,
    }


def test_the_entry_itself_says_by_which_it_was_erased(service: Service, family: Family) -> None:
    told(service, family)
    by = erased(service, family.child)["entry"]
    listed = service.as_client(OAK).get("/v1/log/entries")["items"]
    one = service.get(f"/v1/log/entries/{listed[0]['id']}")
    assert (one["about"], one["opening"], one["erased_by"]) == (None, "erased", by)
    kept = service.as_client(HUB).get(f"/v1/log/entries/{by}")
    assert (kept["opening"], kept["about"]["decided_by"]) == ("kept", "staff-9")


def test_an_opening_gone_in_silence_is_said_to_be_missing(
    service: Service, family: Family, superuser: Rows
) -> None:
    told(service, family)
    one = latest(superuser)
    superuser.execute("update log_subject set opening = null, salt = null where id = %s", [one.id])
    read = service.as_client(OAK).get(f"/v1/log/entries/{one.id}")
    assert (read["opening"], read["erased_by"]) == ("missing", None)


@pytest.mark.usefixtures("family")
def test_the_eraser_alone_erases_and_says_so_first(superuser: Rows, service: Service) -> None:
    with pytest.raises(psycopg.errors.RaiseException, match="no entry says"):
        superuser.execute(
            "select erase_openings(array[gen_random_uuid()], gen_random_uuid(), 'erasure', now())"
        )
    with (
        pytest.raises(Exception, match="permission denied"),
        service.parts.database.transaction() as session,
    ):
        session.connection().exec_driver_sql("select erasure_begin(gen_random_uuid())")


def test_nothing_of_the_person_is_left_in_the_tables(
    service: Service, family: Family, superuser: Rows
) -> None:
    told(service, family)
    erased(service, family.child)
    names = superuser.execute(
        "select table_name from information_schema.tables where table_schema = 'public'"
        " and table_type = 'BASE TABLE' order by 1"
    ).fetchall()
    holding = set()
    for (table,) in names:
        rows = psycopg.sql.SQL("select to_jsonb(t)::text from {} t").format(
            psycopg.sql.Identifier(table)
        )
        if any(family.child in text for (text,) in superuser.execute(rows)):
            holding.add(table)
    assert holding == {"subject"}
    assert json.loads(latest(superuser).facts)["erased"]
