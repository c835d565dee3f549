"""An editor uploads lines; the worker takes them in, and says what was wrong."""

import json
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import create_engine
from sqlalchemy.exc import DBAPIError

from app.kernel.queue import MOST_ATTEMPTS, failed_jobs, run_one
from app.kernel.roles import driver_url
from directory.actions.uploads import IMPORT, LARGEST_UPLOAD
from directory.jobs import GIVEN_UP, WORK
from directory.rules.imports import failure_told
from directory.terms.exchange import Import, ImportFailure, ImportPlan, Tally
from tests.directory.exchange.running import a_service, services, uid
from tests.directory.exchange.test_refusals import on_file
from tests.service import MONDAY, Service

LINES = {"Content-Type": "application/x-ndjson"}
EDITOR = ("directory.read", "directory.write")


def enter(service: Service, *agencies: str) -> None:
    service.as_client("ig-office")
    for code in agencies:
        service.post("/v1/agencies", {"code": code, "name": code, "kind": "school"})


def upload(service: Service, rows: list[Any], query: str = "") -> dict[str, Any]:
    body = "\n".join(one if isinstance(one, str) else json.dumps(one) for one in rows)
    answer = service.call("POST", f"/v1/directory/imports{query}", data=body, headers=LINES)
    assert answer.status_code == 202, answer.get_data(as_text=True)
    told: dict[str, Any] = answer.get_json()
    assert answer.headers["Location"].endswith(told["id"])
    return told


def work(service: Service) -> int:
    """Let the worker do all that is due; return how many jobs that was."""
    done = 0
    while run_one(service.parts.database, WORK, service.clock()) is not None:
        done += 1
    return done


@pytest.fixture
def editor(service: Service) -> Service:
    enter(service, "oak", "elm")
    return service.as_client("oak", scopes=EDITOR)


@pytest.mark.long
def test_an_upload_is_taken_in_by_the_worker_in_batches(editor: Service) -> None:
    rows: list[Any] = [*services(1100), "nonsense", a_service(2000, minimum_age="7")]
    told = upload(editor, rows, "?source_name=Oak&licence=OGL")
    assert (told["state"], told["tally"]["rows"]) == ("waiting", 0)

    assert work(editor) >= 4

    seen = editor.get(f"/v1/directory/imports/{told['id']}")
    assert seen["state"] == "done"
    assert seen["tally"]["rows"] == 1102
    assert seen["tally"]["refused"] == 2
    assert seen["tally"]["records"]["created"]["service"] == 1100
    assert 0 < seen["tally"]["mean_quality"] < 1
    notes = editor.get(f"/v1/directory/imports/{told['id']}/notes?size=1")
    assert notes["items"][0]["place"] == "line 1101"
    rest = f"/v1/directory/imports/{told['id']}/notes?size=1&cursor={notes['page']['next']}"
    assert editor.get(rest)["items"][0] == {
        "number": 2,
        "refused": True,
        "place": "line 1102",
        "pointer": "/minimum_age",
        "detail": "This must be a number, without quotes.",
    }
    with editor.parts.database.reading() as session:
        kept = session.connection().exec_driver_sql(
            "select distinct owner, source, licence from directory_record"
        )
        assert kept.all() == [("oak", "Oak", "OGL")]


def test_other_agencies_records_and_what_is_hidden_stay_as_they_are(editor: Service) -> None:
    secret = {"id": uid("secret"), "name": "Staff", "audience": ["elm"]}
    row = a_service(0)
    upload(editor.as_client("elm", scopes=EDITOR), [row, a_service(1, contacts=[secret])])
    work(editor)

    editor.as_client("oak", scopes=EDITOR)
    told = upload(editor, [{**row, "name": "Mine now"}, a_service(1), a_service(9)])
    work(editor)

    kept = on_file(editor, 0)
    assert kept is not None
    assert kept["name"] == "Sleep clinic 0"
    hidden = on_file(editor, 1)
    assert hidden is not None
    assert hidden["contacts"] == [secret]
    assert on_file(editor, 9) is not None
    seen = editor.get(f"/v1/directory/imports/{told['id']}")
    assert seen["tally"]["refused"] == 2


def test_an_upload_is_its_agencys_own(editor: Service) -> None:
    told = upload(editor, [a_service(0)])
    editor.as_client("elm", scopes=EDITOR)
    assert editor.call("GET", f"/v1/directory/imports/{told['id']}").status_code == 404
    assert editor.call("GET", f"/v1/directory/imports/{told['id']}/notes").status_code == 404
    assert editor.call("GET", f"/v1/directory/imports/{uid('none')}").status_code == 404


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        (b"", LINES["Content-Type"], 422),
        (b"{}", "application/json", 415),
        (b"x" * (LARGEST_UPLOAD + 1), LINES["Content-Type"], 413),
    ],
)
def test_what_is_no_upload_is_refused(editor: Service, body: bytes, kind: str, status: int) -> None:
    answer = editor.call("POST", "/v1/directory/imports", data=body, content_type=kind)
    assert answer.status_code == status
    assert answer.mimetype == "application/problem+json"


def test_to_upload_takes_the_scope_to_write(editor: Service) -> None:
    editor.as_client("oak", scopes=("directory.read",))
    answer = editor.call("POST", "/v1/directory/imports", data=b"{}", headers=LINES)
    assert answer.status_code == 403


_BREAK = """
create function never() returns trigger language plpgsql as
$$ begin raise exception 'disk of db-7 is full, password hunter2'; end $$;
create trigger never before insert on directory_record for each statement execute function never();
"""


def as_administrator(service: Service, *statements: str) -> None:
    engine = create_engine(driver_url(service.admin_url))
    with engine.begin() as connection:
        for one in statements:
            connection.exec_driver_sql(one)
    engine.dispose()


def fail_for_good(service: Service) -> None:
    """Let the worker try until it gives up, as hours go by."""
    for _ in range(MOST_ATTEMPTS):
        with pytest.raises(DBAPIError):
            run_one(service.parts.database, WORK, service.clock(), GIVEN_UP)
        service.clock.passes(hours=2)
    assert run_one(service.parts.database, WORK, service.clock(), GIVEN_UP) is None


def test_an_upload_that_fails_for_good_says_so_and_how_to_go_on(editor: Service) -> None:
    told = upload(editor, services(1))
    as_administrator(editor, _BREAK)
    fail_for_good(editor)

    where = f"/v1/directory/imports/{told['id']}"
    seen = editor.get(where)
    assert (seen["state"], seen["failure"]["code"]) == ("failed", "given_up")
    assert seen["ended_at"] is not None
    assert seen["failure"]["detail"] == (
        "The service failed at this each time that it tried. No row was taken in. Send the same "
        "lines again: rows that are on file as they are change nothing. If it fails again, give "
        "this id to whoever runs the service."
    )
    assert "hunter2" not in json.dumps(seen)
    with editor.parts.database.reading() as session:
        assert failed_jobs(session) == {"directory.import": 1}

    as_administrator(editor, "drop trigger never on directory_record")
    again = upload(editor, services(1))
    work(editor)
    done = editor.get(f"/v1/directory/imports/{again['id']}")
    assert (done["state"], done["failure"]) == ("done", None)
    assert editor.get(where)["state"] == "failed"


@pytest.mark.parametrize(
    ("failure", "rows", "told"),
    [
        (None, 500, None),
        (ImportFailure.GIVEN_UP, 500, "Rows 1 to 500 were taken in, none after. Send the same"),
        (ImportFailure.SUPERSEDED, 0, "No row was taken in. Nothing needs doing."),
    ],
)
def test_why_an_import_failed_is_told_with_how_far_it_came(
    failure: ImportFailure | None, rows: int, told: str | None
) -> None:
    one = Import(UUID(int=1), ImportPlan("x", "y", "z"), MONDAY, Tally(rows), failure=failure)
    said = failure_told(one)
    assert said is None if told is None else told in str(said)


def test_an_upload_whose_workers_keep_dying_is_not_tried_for_ever(editor: Service) -> None:
    told = upload(editor, services(1))
    as_administrator(editor, "update job set attempts = 10")
    assert run_one(editor.parts.database, WORK, editor.clock(), GIVEN_UP) == IMPORT
    seen = editor.get(f"/v1/directory/imports/{told['id']}")
    assert (seen["state"], seen["tally"]["rows"]) == ("failed", 0)


def test_a_worker_that_died_leaves_an_upload_to_the_next(editor: Service) -> None:
    told = upload(editor, services(1))
    died = "update job set attempts = 1, run_at = run_at + interval '1 second'"
    as_administrator(editor, died)
    editor.clock.passes(seconds=2)
    assert work(editor) >= 2
    assert editor.get(f"/v1/directory/imports/{told['id']}")["state"] == "done"
