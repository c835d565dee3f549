"""What is being answered when the service is told to stop is answered."""

import json
import signal
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg
import pytest

from tests.app.demo.asking import suggested
from tests.app.demo.running import at_work, run_in, until
from tests.postgres import libpq

pytestmark = pytest.mark.long

WAITING = "select count(*) from pg_stat_activity where wait_event_type = 'Lock'"
ENTRIES = "select count(*) from log_entry"


def test_a_request_in_flight_is_answered_and_logged(home: Path) -> None:
    with run_in(home) as demo, ThreadPoolExecutor(1) as threads:
        url = json.loads((home / "demo" / "running.json").read_text())["database_url"]
        client_id, request = suggested(home)[0]
        desk = demo.desk(client_id)
        assert desk.call("GET", "/v1/echo").status in {200, 403}  # it has its token
        # What a transaction once read of others' activity, it reads again: another one looks.
        looking = psycopg.connect(libpq(url), autocommit=True)
        with psycopg.connect(libpq(url)) as holding, looking:
            before = holding.execute(ENTRIES).fetchone()[0]
            holding.execute("lock table log_entry in share mode")
            asked = threads.submit(desk.call, "POST", "/v1/disclosures", request)
            until(lambda: looking.execute(WAITING).fetchone()[0] > 0)
            demo.process.send_signal(signal.SIGTERM)
            time.sleep(1)  # for the signal to reach the web workers, which is not to be seen
            holding.rollback()
            assert asked.result().status in {200, 403, 404}
            assert holding.execute(ENTRIES).fetchone()[0] == before + 1
        assert demo.process.wait(30) == 0
        assert at_work(home) == []
