"""The log as FHIR and as a table: what each holds, whom it names, and what is left in the log."""

import csv
import io
import json
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import psycopg
import pytest
from click.testing import CliRunner
from fhir.resources.R4B.auditevent import AuditEvent
from fhir.resources.R4B.bundle import Bundle
from werkzeug.test import TestResponse

from sharing.cli.log import log_commands
from sharing.jobs.indexing import Indexer
from sharing.queries.tables import EARLIEST, Stretch, table
from tests.make import HUB, OAK
from tests.postgres import libpq
from tests.service import MONDAY, Service
from tests.sharing.keeping import keep_a_log
from tests.sharing.seeing import statements
from tests.sharing.test_export_requests import approved

FHIR = {"Accept": "application/fhir+json; fhirVersion=4.0"}
AUDITOR = ("log.read", "log.audit")
FORGED = """
insert into log_line (id, leaf_index, at, recipient, source, client, entry_kind, act, outcome, code,
  categories, disclosed, records, grounds, flags, agreements, out_of_hours, first_contact, marks)
select overlay(id::text placing 'ffff' from 10 for 4)::uuid, 99, at, '=cmd()', '@sum', '+1',
  entry_kind, E'\\tx', E'a"b,\\n☃', '-2', '{"-1+2"}', '{}', 0, '{}', '{}', '{}', false, false, '{}'
from log_line order by id desc limit 1
"""


@pytest.fixture(scope="module")
def doors(
    template: str,
    tmp_path_factory: pytest.TempPathFactory,
    fresh_database: Callable[..., AbstractContextManager[str]],
    postgres_url: Callable[..., str],
) -> Iterator[Service]:
    """The small log of seven entries, of which entry 1 is erased, behind its doors."""
    with fresh_database(template) as name:
        keep_a_log(postgres_url(name), tmp_path_factory.mktemp("kept"))
        made = Service(postgres_url(name))
        made.clock.passes(seconds=1)
        indexer = Indexer(made.parts.database, made.parts.ig_database)
        while indexer.step():
            pass
        yield made
        made.close()


@pytest.fixture
def auditor(doors: Service) -> Service:
    return doors.as_client(HUB, scopes=AUDITOR)


def rows_of(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text, newline="")))


def take(service: Service, query: str = "") -> TestResponse:
    """Take the table out, once somebody else has approved that."""
    request = approved(service)
    answer = service.call("GET", f"/v1/log/export.csv?request={request}{query}")
    assert answer.status_code == 200, answer.text
    return answer


def taken(service: Service, query: str = "") -> list[dict[str, str]]:
    return rows_of(take(service, query).text)


def read_as_fhir(service: Service, entry: str) -> Any:
    answer = service.call("GET", f"/v1/log/entries/{entry}", headers=FHIR)
    assert (answer.status_code, answer.mimetype) == (200, "application/fhir+json")
    assert "Accept" in answer.headers["Vary"]
    return AuditEvent.model_validate_json(answer.text)


def test_each_entry_is_an_audit_event_to_who_asks_for_one(auditor: Service) -> None:
    listed = auditor.get("/v1/log/entries?size=200")["items"]

    found = {one["id"]: read_as_fhir(auditor, one["id"]) for one in listed}

    for one in listed:
        event = found[one["id"]]
        assert (str(event.id), event.outcomeDesc) == (one["id"], one["outcome"])
        assert event.recorded.isoformat() == one["at"]
    named = [who.what for one in found.values() for who in one.entity if who.type.code == "1"]
    assert any(str(one.reference or "").startswith("urn:uuid:") for one in named)
    # Its entry names it, and the database does not: the door says what is so.
    assert "missing from the log" in {one.display for one in named}


def test_a_page_of_audit_events_names_nobody_and_goes_on(auditor: Service) -> None:
    answer = auditor.call("GET", "/v1/log/entries?size=3", headers=FHIR)

    page = Bundle.model_validate_json(answer.text)
    assert len(page.entry) == 3
    assert all(who.type.code != "1" for one in page.entry for who in one.resource.entity)
    assert 'rel="next"' in answer.headers["Link"]


@pytest.mark.parametrize(
    ("accepted", "status", "form"),
    [
        ("application/json", 200, "application/json"),
        ("*/*", 200, "application/json"),
        ("application/fhir+json;q=0.5, application/json", 200, "application/json"),
        ("application/fhir+json, */*;q=0.1", 200, "application/fhir+json"),
        ("text/csv", 406, "application/problem+json"),
    ],
)
def test_the_form_is_the_one_that_is_accepted(
    auditor: Service, accepted: str, status: int, form: str
) -> None:
    answer = auditor.call("GET", "/v1/log/entries", headers={"Accept": accepted})

    assert (answer.status_code, answer.mimetype) == (status, form)


def test_an_agency_reads_as_fhir_only_what_concerns_it(doors: Service) -> None:
    doors.as_client("elm-school", scopes=("log.read",))
    own = {one["id"] for one in doors.get("/v1/log/entries")["items"]}
    doors.as_client(OAK, scopes=("log.read",))
    others = {one["id"] for one in doors.get("/v1/log/entries")["items"]} - own

    doors.as_client("elm-school", scopes=("log.read",))

    for entry in own:
        assert doors.call("GET", f"/v1/log/entries/{entry}", headers=FHIR).status_code == 200
    for entry in others:
        answer = doors.call("GET", f"/v1/log/entries/{entry}", headers=FHIR)
        assert (answer.status_code, answer.mimetype) == (404, "application/problem+json")


def test_the_table_holds_every_entry_once_in_order_and_names_nobody(auditor: Service) -> None:
    answer = take(auditor)

    rows = rows_of(answer.text)
    assert answer.mimetype == "text/csv"
    assert answer.headers["Cache-Control"] == "no-store"
    with psycopg.connect(libpq(auditor.admin_url)) as superuser:
        found = superuser.execute(
            "select id::text, outcome, leaf_index::text, subject::text, recipient from log_entry"
            " join log_subject using (id) join log_leaf on entry_id = id where at < %s order by id",
            [auditor.clock.at],
        ).fetchall()
    assert [(row["id"], row["outcome"], row["leaf"]) for row in rows] == [one[:3] for one in found]
    assert {row["entry"] for row in rows} >= {"decision", "erasure"}
    told = [row for row in rows if row["outcome"] == "permit"]
    assert {(row["purpose"], row["categories"], row["agreements"]) for row in told} == {
        ("early_help_support", "plan", "EH-ISA/1")
    }
    for subject in {one[3] for one in found} - {None}:
        assert subject not in answer.text
    for personal in ("9990000018", "teacher-7"):
        assert personal not in answer.text


def test_taking_the_table_out_is_an_entry_of_its_own(auditor: Service) -> None:
    taken(auditor, "&since=2026-03-01T00:00:00Z&until=2026-03-02T00:00:00Z")

    with psycopg.connect(libpq(auditor.admin_url)) as superuser:
        ((kind, recipient, facts),) = superuser.execute(
            "select convert_from(leaf, 'UTF8'), recipient, convert_from(facts, 'UTF8')"
            " from log_entry where convert_from(facts, 'UTF8') like '%2026-03-01T%'"
        ).fetchall()
    assert '"kind":"reading"' in kind
    said = json.loads(facts)
    assert (recipient, said["act"], said["form"], said["client"]) == (
        *(HUB, "export", "csv"),
        f"{HUB}-client",
    )
    assert (said["since"], said["until"]) == (
        "2026-03-01T00:00:00+00:00",
        "2026-03-02T00:00:00+00:00",
    )


def test_a_stretch_begins_with_its_first_instant_and_ends_before_its_last(
    auditor: Service,
) -> None:
    whole = taken(auditor, "&until=2026-03-02T09:30:00.000001Z")

    assert whole
    assert taken(auditor, "&since=2026-03-02T09:30:00Z&until=2026-03-02T09:30:00.000001Z") == whole
    assert taken(auditor, "&until=2026-03-02T09:30:00Z") == []
    assert taken(auditor, "&since=2026-03-02T09:30:00.000001Z&until=2026-03-02T09:30:01Z") == []
    assert taken(auditor, "&since=2027-01-01T00:00:00Z&until=2026-01-01T00:00:00Z") == []


@pytest.mark.parametrize(
    "query", ["since=monday", "until=2026-03-02", "form=xlsx", "since=x&since=y"]
)
def test_what_is_wrong_with_a_stretch_is_named(auditor: Service, query: str) -> None:
    answer = auditor.call("GET", f"/v1/log/export.csv?{query}")

    assert answer.status_code == 422
    assert [one["parameter"] for one in answer.get_json()["errors"]] == [query.partition("=")[0]]


def test_the_table_is_for_those_who_may_take_the_log_out(doors: Service) -> None:
    doors.as_client(HUB, scopes=("log.read", "log.review"))

    assert doors.call("GET", "/v1/log/export.csv").status_code == 403


def test_nobody_takes_the_table_alone_or_twice(auditor: Service) -> None:
    alone = auditor.call("GET", "/v1/log/export.csv")
    assert (alone.status_code, alone.get_json()["code"]) == (403, "second_person_needed")
    path = f"/v1/log/export.csv?request={approved(auditor)}"
    assert auditor.call("GET", path).status_code == 200
    again = auditor.call("GET", path)
    assert (again.status_code, again.get_json()["code"]) == (409, "export_taken")


def test_slices_lose_and_double_no_row_and_no_cell_is_a_formula(
    auditor: Service,
) -> None:
    whole = taken(auditor)
    with psycopg.connect(libpq(auditor.admin_url), autocommit=True) as superuser:
        superuser.execute(FORGED)
    wanted = Stretch(MONDAY.replace(year=2027), EARLIEST)

    with statements(auditor.parts.ig_database) as sent:
        slices = list(table(auditor.parts.ig_database.reading, wanted, rows=2))

    rows = rows_of(b"".join(one.content for one in slices).decode())
    assert {row["id"] for row in whole} <= {row["id"] for row in rows}
    assert len(rows) == len({row["id"] for row in rows}) == sum(one.rows for one in slices)
    assert max(one.rows for one in slices) == 2
    assert sent.count("COMMIT") >= len(rows) // 2  # nothing is held open between two slices
    (forged,) = [row for row in rows if row["client"] == "'+1"]
    assert (forged["recipient"], forged["source"], forged["outcome"]) == (
        *("'=cmd()", "'@sum"),
        'a"b,\n☃',
    )
    assert (forged["code"], forged["act"], forged["categories"]) == ("'-2", "'\tx", "'-1+2")


def test_a_command_writes_the_same_table_and_says_how_far_it_is(
    doors: Service, tmp_path: Path
) -> None:
    with doors.app.app_context():
        told = CliRunner().invoke(
            log_commands, ["table", "--out", str(tmp_path / "log.csv"), "--until", "2026-03-03"]
        )

    assert told.exit_code == 0, told.output
    rows = rows_of((tmp_path / "log.csv").read_text())
    assert f"{len(rows)} entries in all" in told.output
    assert len(rows) >= 7
    assert (tmp_path / "log.csv").stat().st_mode & 0o777 == 0o600
