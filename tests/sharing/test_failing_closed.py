"""Not logged, not disclosed: whatever breaks, no answer leaves without its entry."""

import pytest
from werkzeug.test import TestResponse

from tests.make import OAK, PLAN, Family, a_record, ask, overriding, request, said, statutory
from tests.service import Service
from tests.sharing.seeing import Rows, entries

REQUESTS = (
    request(),
    request(categories=["contact"]),
    {"nonsense": 1},
    overriding(),
)
BROKEN = {
    "no right to insert": "revoke insert on log_entry from rightshare_app",
    "no queue": "drop table log_pending",
    "no table": "drop table log_entry cascade",
    "no openings": "alter table log_subject rename to elsewhere",
    "no partition": """
    do $$ declare one text; begin
      for one in select inhrelid::regclass::text from pg_inherits
        where inhparent = 'log_subject'::regclass
      loop execute 'drop table ' || one; end loop;
    end $$
    """,
}
# At commit, not before: everything has been decided and read out by then.
_LATE = """
create function breaks() returns trigger language plpgsql as $$ begin {body} end $$;
create constraint trigger breaks after insert on log_entry
  deferrable initially deferred for each row execute function breaks();
"""
RAISING = _LATE.format(body="raise exception 'the disk is full' using errcode = 'disk_full';")
FAILING = _LATE.format(body="raise exception 'no';")
LOCK_EVERYBODY = (
    "select pg_advisory_lock(('x' || encode(substr(digest, 1, 8), 'hex'))::bit(64)::bigint)"
    " from subject_identifier"
)
CUTTING = _LATE.format(
    body="""
    if new.outcome <> 'deny' then perform pg_terminate_backend(pg_backend_pid()); end if;
    return null;
    """
)


def closed(answer: TestResponse) -> None:
    assert answer.status_code == 503, answer.get_data(as_text=True)
    assert answer.mimetype == "application/problem+json"
    assert answer.get_json()["code"] == "unavailable"
    for told in (PLAN["aim"], "sections", "receipt"):
        assert told not in answer.get_data(as_text=True)


@pytest.mark.parametrize("broken", BROKEN.values(), ids=BROKEN)
def test_rule_38_without_a_log_there_is_no_answer_not_even_a_refusal(
    service: Service, family: Family, superuser: Rows, broken: str
) -> None:
    said(service, family)
    superuser.execute(broken)

    for body in REQUESTS:
        closed(ask(service, body))


@pytest.mark.parametrize("late", [RAISING, FAILING], ids=["disk full", "raises"])
def test_when_the_commit_fails_nothing_has_left(
    service: Service, family: Family, superuser: Rows, late: str
) -> None:
    said(service, family)
    superuser.execute(late)

    for body in REQUESTS:
        closed(ask(service, body))

    assert entries(superuser) == []


def test_when_the_connection_is_cut_inside_the_commit_nothing_has_left(
    service: Service, family: Family, superuser: Rows
) -> None:
    said(service, family)
    superuser.execute(CUTTING)

    closed(ask(service))

    (seen,) = entries(superuser)
    assert (seen.outcome, seen.said["code"]) == ("deny", "fault")


def test_an_answer_is_told_again_after_its_commit_was_cut(
    service: Service, family: Family, superuser: Rows
) -> None:
    said(service, family)
    superuser.execute(CUTTING)
    closed(ask(service, key="k"))
    superuser.execute("drop trigger breaks on log_entry")

    answer = ask(service, key="k")

    assert answer.status_code == 200
    assert [seen.outcome for seen in entries(superuser)] == ["deny", "permit"]


def test_what_is_turned_away_for_its_form_is_not_answered_without_a_log(
    service: Service, family: Family, superuser: Rows
) -> None:
    superuser.execute("revoke insert on log_entry from rightshare_app")
    service.as_client(OAK)

    closed(service.call("POST", "/v1/disclosures?name=x", json=request()))


def test_when_duties_cannot_be_kept_nothing_is_disclosed(
    service: Service, family: Family, superuser: Rows
) -> None:
    superuser.execute("revoke insert on obligation from rightshare_app")

    answer = ask(service, overriding())

    assert (answer.status_code, answer.get_json()["code"]) == (500, "fault")
    assert "sections" not in answer.get_json()
    assert [seen.said["code"] for seen in entries(superuser)] == ["fault"]


def test_a_record_that_does_not_open_is_a_fault_and_not_half_an_answer(
    service: Service, family: Family, superuser: Rows
) -> None:
    a_record(service, "assessment", {"level": 3})
    a_record(service, "contact", {"phone": "07700 900000"})
    superuser.execute("update record set content = '\\x0100' where category = 'contact'")

    answer = ask(service, statutory(categories=["assessment", "contact"]))

    assert answer.status_code == 500
    assert "level" not in answer.get_data(as_text=True)
    assert [seen.said["code"] for seen in entries(superuser)] == ["fault"]


def test_nothing_leaves_before_the_commit(
    service: Service, family: Family, superuser: Rows
) -> None:
    said(service, family)

    told = ask(service).get_json()

    (seen,) = entries(superuser)
    assert told["id"] == str(seen.id)
    assert told["decided_at"] == seen.at.isoformat()


@pytest.mark.long
def test_a_subject_that_stays_locked_is_refused_in_time_and_the_worker_is_free_again(
    service: Service, family: Family, superuser: Rows
) -> None:
    said(service, family)
    superuser.execute(LOCK_EVERYBODY)

    assert ask(service).status_code == 503
    superuser.execute("select pg_advisory_unlock_all()")
    assert ask(service).status_code == 200
