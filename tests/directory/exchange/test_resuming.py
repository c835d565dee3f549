"""An import that is killed goes on after the last batch that was committed."""

import subprocess
import sys
from pathlib import Path
from time import monotonic, sleep

import pytest

from app.kernel.roles import APP, role_url
from directory.actions.importing import begun, enter_import
from directory.cli.sources.opening import source_at
from directory.terms.exchange import ImportPlan
from tests.directory.exchange.running import run, services, write
from tests.service import MONDAY, Service

SECONDS = 60
ROOT = Path(__file__).parents[3]


def asked(service: Service, statement: str) -> object:
    with service.parts.database.reading() as session:
        return session.connection().exec_driver_sql(statement).scalar()


def killed_after(service: Service, path: Path, rows: int) -> None:
    """Start an import, and kill it with -9 once so many rows are on file."""
    words = ["-m", "tests.directory.exchange.killed", role_url(service.admin_url, APP), str(path)]
    with subprocess.Popen([sys.executable, *words], cwd=ROOT, stderr=subprocess.DEVNULL) as child:  # noqa: S603  (this module's own)
        until = monotonic() + SECONDS
        while monotonic() < until and child.poll() is None:
            done = asked(service, "select coalesce(max(rows_done), 0) from directory_import")
            if isinstance(done, int) and done >= rows:
                break
            sleep(0.02)
        child.kill()


@pytest.mark.long
def test_a_killed_import_goes_on_after_its_last_batch(service: Service, tmp_path: Path) -> None:
    rows = services(2500)
    rows[2400]["organization"] = {**rows[0]["organization"], "name": "Other"}
    rows[2400]["organization_id"] = rows[0]["organization_id"]
    path = write(tmp_path / "in.ndjson", rows)

    killed_after(service, path, 500)
    done = asked(service, "select rows_done from directory_import where ended_at is null")
    assert isinstance(done, int)
    assert 500 <= done < 2500
    on_file = asked(service, "select count(*) from directory_record where kind = 'service'")
    assert on_file == done

    code, said = run(service, "import", str(path), "--resume")

    assert code == 0
    assert asked(service, "select failure from directory_import") is None
    assert f"Going on after {done:,} rows." in said
    assert "2,500 rows read, 0 refused" in said
    assert "2,500 service" in said
    assert "line 2401 /organization/id: The organization" in said
    versions = "select count(*) from directory_version where kind = 'service'"
    assert asked(service, versions) == 2500
    assert asked(service, "select count(*) from directory_import_batch") == 0


def test_nothing_to_resume_begins_at_the_beginning(service: Service, tmp_path: Path) -> None:
    path = write(tmp_path / "in.ndjson", services(3))

    code, said = run(service, "import", str(path), "--resume")

    assert code == 0
    assert "3 rows read" in said
    assert "Going on" not in said


def test_an_import_that_is_begun_anew_takes_the_place_of_the_one_cut_short(
    service: Service, tmp_path: Path
) -> None:
    path = write(tmp_path / "in.ndjson", services(3))
    with service.parts.database.transaction() as session:
        plan = ImportPlan("in.ndjson", source_at(str(path)).fingerprint, "operator")
        enter_import(session, begun(plan, 3, MONDAY))

    dry = run(service, "import", str(path), "--dry-run")[1]
    assert "cut short after 0 rows" in dry
    assert asked(service, "select failure from directory_import") is None
    assert "cut short after 0 rows" in run(service, "import", str(path))[1]
    ended = "select failure from directory_import where ended_at is not null order by begun_at"
    assert asked(service, ended) == "superseded"
    assert "cut short" not in run(service, "import", str(path))[1]
