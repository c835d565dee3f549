"""Everything at once over HTTP: the package that the command line writes, for either tier."""

import csv
import io
import zipfile
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.exc import DBAPIError

from directory.api.feeding import EXTENSION
from tests.directory.exchange.running import a_service, run, services, uid, write
from tests.directory.exchange.test_uploads import as_administrator, enter
from tests.service import Service

OPEN, PROTECTED = "/oruk/v3/export", "/v1/directory/export"
STAFF = {"id": uid("staff"), "name": "Secret Staff", "audience": ["oak"]}


@pytest.fixture
def filled(service: Service, tmp_path: Path) -> Service:
    """The application with services on file, one of them partly for practitioners of Oak."""
    rows = [*services(30), a_service(31, contacts=[STAFF])]
    path = write(tmp_path / "in.ndjson", rows)
    assert run(service, "import", str(path), "--source-name", "=cmd|' /C calc'!A0")[0] == 0
    enter(service, "oak", "elm")
    return service


def files_of(content: bytes) -> dict[str, str]:
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        return {name: packed.read(name).decode() for name in packed.namelist()}


def exported(service: Service, folder: Path, *words: str) -> bytes:
    path = folder / "out.zip"
    assert run(service, "export", "--format", "csv", *words, str(path))[0] == 0
    return path.read_bytes()


def test_anyone_gets_the_package_that_the_command_line_writes(
    filled: Service, tmp_path: Path
) -> None:
    filled.caller = None
    answer = filled.call("GET", OPEN, headers={"Accept-Encoding": "gzip"})
    assert answer.status_code == 200
    assert answer.get_data() == exported(filled, tmp_path)
    assert answer.mimetype == "application/zip"
    assert "Content-Encoding" not in answer.headers
    assert answer.headers["Content-Disposition"] == 'attachment; filename="directory.zip"'
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert answer.headers["Cache-Control"] == "public, no-cache"
    again = filled.call("GET", OPEN, headers={"If-None-Match": answer.headers["ETag"]})
    assert (again.status_code, again.get_data()) == (304, b"")
    head = filled.call("HEAD", OPEN)
    assert (head.status_code, head.get_data(), head.mimetype) == (200, b"", "application/zip")
    head.close()
    unknown = filled.call("GET", f"{OPEN}?format=ndjson")
    assert (unknown.status_code, unknown.get_json()["code"]) == (422, "request_invalid")
    assert filled.call("GET", OPEN, headers={"Accept": "text/csv"}).status_code == 406


def test_practitioners_get_what_they_may_see_and_anyone_does_not(
    filled: Service, tmp_path: Path
) -> None:
    filled.as_client("oak", scopes=["directory.read"])
    answer = filled.call("GET", PROTECTED)
    assert answer.get_data() == exported(filled, tmp_path, "--protected", "oak")
    assert answer.headers["Cache-Control"] == "no-store"
    assert "ETag" not in answer.headers
    told = files_of(answer.get_data())
    assert "Secret Staff" in told["contacts.csv"]
    assert "For practitioners of oak alone" in told["ATTRIBUTION.txt"]
    elsewhere = [OPEN, PROTECTED]
    filled.as_client("elm", scopes=["directory.read"])
    for path in elsewhere:
        told = files_of(filled.call("GET", path).get_data())
        assert "Secret Staff" not in "".join(told.values())
        assert STAFF["id"] not in "".join(told.values())
    filled.as_client("elm", scopes=["echo.read"])
    assert filled.call("GET", PROTECTED).status_code == 403


def test_no_cell_of_it_is_a_formula_and_what_was_guarded_comes_in_again(
    filled: Service, tmp_path: Path
) -> None:
    content = filled.call("GET", OPEN).get_data()
    cells = [
        cell
        for name, text in files_of(content).items()
        if name.endswith(".csv")
        for row in csv.reader(io.StringIO(text, newline=""))
        for cell in row
    ]
    assert "'=cmd|' /C calc'!A0" in cells
    assert not [cell for cell in cells if cell[:1] in {"=", "@", "+", "-", "\t"}]
    (tmp_path / "again.zip").write_bytes(content)
    _, said = run(filled, "import", str(tmp_path / "again.zip"))
    assert "0 refused" in said
    with filled.parts.database.reading() as session:
        sources = session.connection().exec_driver_sql(
            "select distinct source from directory_record"
        )
        assert sources.all() == [("=cmd|' /C calc'!A0",)]


def test_a_slow_reader_holds_no_transaction_and_whoever_leaves_gives_the_place_back(
    filled: Service,
) -> None:
    left: Any = filled.app.extensions[EXTENSION].streams
    waiting = "select count(*) from pg_stat_activity where state like 'idle in transaction%%'"
    here = f"{waiting} and datname = current_database()"
    for _ in range(5):  # more than a worker may send at once
        answer = filled.call("GET", OPEN, buffered=False)
        parts = iter(answer.response)
        while not next(parts):
            pass
        with filled.parts.ig_database.reading() as session:
            assert session.connection().exec_driver_sql(here).scalar() == 0
        answer.close()
    assert left._value == 2  # noqa: SLF001  (a semaphore says it nowhere else)


def test_more_than_a_worker_may_send_at_once_are_asked_to_come_back(filled: Service) -> None:
    sent = [filled.call("GET", OPEN, buffered=False) for _ in range(2)]
    refused = filled.call("GET", OPEN)
    assert (refused.status_code, refused.headers["Retry-After"]) == (503, "10")
    assert refused.mimetype == "application/problem+json"
    for one in sent:
        one.close()
    assert filled.call("GET", OPEN).status_code == 200


def test_a_fault_while_it_is_made_sends_nothing_that_looks_whole(filled: Service) -> None:
    as_administrator(filled, "revoke select on directory_record from rightshare_app")
    with pytest.raises(DBAPIError, match="permission denied"):
        list(filled.call("GET", OPEN, buffered=False).response)
    as_administrator(filled, "grant select on directory_record to rightshare_app")
    assert filled.call("GET", OPEN).status_code == 200
