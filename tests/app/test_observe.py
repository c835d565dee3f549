import io
import json
import logging
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask, g
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from app.kernel.auth import Caller, public, routes
from app.kernel.strict_json import StrictJson
from app.observe import health, logs, metrics, trace

TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"
PARENT = f"00-{TRACE}-00f067aa0ba902b7-01"
NHS_ID = "11C46F5F-CDEF-4865-94B2-0EE0EDCC26DA"


class Jobs(Collector):
    def collect(self) -> Iterator[GaugeMetricFamily]:
        yield GaugeMetricFamily("rightshare_jobs_failed", "Jobs that gave up", value=3)


def observed(checks: Any = None, **options: Any) -> Flask:
    app = Flask("observed")
    app.json = StrictJson(app)
    trace.install(app)
    logs.install(app)
    metrics.install(app, **options)
    health.install(app, {} if checks is None else checks)

    @app.get("/plans/<name>")
    @public("invented plans")
    def plan(name: str) -> str:
        none: frozenset[str] = frozenset()
        g.caller = Caller("eh-hub-1", "eh-hub", none, none, none, may_override=False, token_id="t")  # noqa: S106
        return "plan"

    return app


@pytest.fixture
def lines() -> Iterator[Any]:
    """What is logged, line by line, each read as JSON."""
    written = io.StringIO()
    logs.set_up(stream=written)
    yield lambda: [json.loads(line) for line in written.getvalue().splitlines()]
    logs.set_up()


def test_a_request_leaves_one_line_without_its_path_or_query(lines: Any) -> None:
    answer = observed().test_client().get("/plans/ada?born=2015", headers={"traceparent": PARENT})
    [line] = lines()
    assert line["event"] == "request"
    assert (line["method"], line["rule"], line["status"]) == ("GET", "/plans/<name>", 200)
    assert line["client"] == "eh-hub-1"
    assert line["request_id"] == answer.headers["Request-Id"]
    assert line["trace_id"] == TRACE
    assert 0 <= line["ms"] < 1000
    assert "ada" not in str(line)
    assert "2015" not in str(line)


def test_an_address_that_no_rule_names_is_not_logged(lines: Any) -> None:
    observed().test_client().open("/ada", method="ADA")
    [line] = lines()
    assert (line["method"], line["rule"], line["client"]) == ("none", "none", None)


def test_other_libraries_lines_are_json_too_and_keep_exceptions_to_their_class(lines: Any) -> None:
    try:
        raise KeyError("Ada")  # noqa: TRY301
    except KeyError:
        logging.getLogger("library").exception("It failed")
    [line] = lines()
    assert (line["event"], line["level"], line["logger"]) == ("It failed", "error", "library")
    assert line["exception"] == "builtins.KeyError"
    assert "Ada" not in str(line)


def test_tokens_do_not_reach_the_log_at_any_level() -> None:
    logs.set_up("DEBUG")
    assert logging.getLogger("authlib").level == logging.INFO
    assert logging.getLogger("sqlalchemy.engine").level == logging.WARNING
    logs.set_up("ERROR")
    assert logging.getLogger("authlib").level == logging.ERROR
    logs.set_up()


def test_to_set_logs_up_twice_writes_each_line_once(lines: Any) -> None:
    before = len(logging.getLogger().handlers)
    logs.set_up()
    assert len(logging.getLogger().handlers) == before


def test_the_callers_trace_goes_on_with_a_part_of_our_own() -> None:
    sent = observed().test_client().get("/plans/a", headers={"traceparent": PARENT})
    version, trace_id, span_id, flags = sent.headers["traceparent"].split("-")
    assert (version, trace_id, flags) == ("00", TRACE, "01")
    assert span_id != PARENT.split("-")[2]


@pytest.mark.parametrize(
    ("header", "kept"),
    [
        (PARENT, True),
        (f"01-{TRACE}-00f067aa0ba902b7-01-more", True),
        (f"{PARENT}-more", False),
        (f"ff-{TRACE}-00f067aa0ba902b7-01", False),
        (f"00-{'0' * 32}-00f067aa0ba902b7-01", False),
        (f"00-{TRACE}-{'0' * 16}-01", False),
        (PARENT.upper(), False),
        ("", False),
        (None, False),
    ],
)
def test_only_a_valid_trace_goes_on(*, header: str | None, kept: bool) -> None:
    found = trace.trace_after(header)
    assert (found.trace_id == TRACE) is kept
    assert trace.trace_after(found.header).trace_id == found.trace_id


def test_nhs_ids_are_mirrored_and_logged_if_they_are_uuids(lines: Any) -> None:
    sent = {"X-Request-ID": NHS_ID, "X-Correlation-ID": "9990000018"}
    answer = observed().test_client().get("/plans/a", headers=sent)
    assert answer.headers["X-Request-ID"] == NHS_ID
    assert "X-Correlation-ID" not in answer.headers
    assert answer.headers["Request-Id"] != NHS_ID
    [line] = lines()
    assert line["request_id"] == answer.headers["Request-Id"]
    assert line["nhs_request_id"] == NHS_ID
    assert "9990000018" not in str(line)


def test_ids_do_not_pass_to_the_next_request() -> None:
    client = observed().test_client()
    first = client.get("/plans/a", headers={"X-Request-ID": NHS_ID})
    second = client.get("/plans/a")
    assert first.headers["Request-Id"] != second.headers["Request-Id"]
    assert "X-Request-ID" not in second.headers


def test_numbers_are_kept_by_rule() -> None:
    client = observed(collectors=[Jobs()]).test_client()
    client.get("/plans/ada")
    client.get("/plans/bea")
    client.open("/nowhere", method="ADA")
    shown = client.get("/metrics").text
    assert 'rightshare_requests_total{method="GET",rule="/plans/<name>",status="200"} 2.0' in shown
    assert 'rightshare_requests_total{method="none",rule="none",status="404"} 1.0' in shown
    assert 'rightshare_request_seconds_count{method="GET",rule="/plans/<name>"} 2.0' in shown
    assert "rightshare_jobs_failed 3.0" in shown
    assert "ada" not in shown.lower()


@pytest.mark.parametrize(
    ("address", "forwarded", "seen"),
    [
        ("127.0.0.1", {}, True),
        ("::1", {}, True),
        ("10.0.0.1", {}, False),
        ("", {}, False),
        ("127.0.0.1", {"X-Forwarded-For": "10.0.0.1"}, False),
        ("127.0.0.1", {"Forwarded": "for=10.0.0.1"}, False),
    ],
)
def test_numbers_are_for_this_machine_unless_opened(
    *, address: str, forwarded: dict[str, str], seen: bool
) -> None:
    asked = {"environ_overrides": {"REMOTE_ADDR": address}, "headers": forwarded}
    answer = observed().test_client().get("/metrics", **asked)  # type: ignore[arg-type]  # mypy joins the two
    assert answer.status_code == (200 if seen else 404)
    opened = observed(open_to_all=True).test_client().get("/metrics", **asked)  # type: ignore[arg-type]  # as above
    assert opened.status_code == 200


WORKER = """
import sys
from pathlib import Path
from flask import Flask
from app.observe import metrics
app = Flask("worker")
metrics.install(app, folder=Path(sys.argv[1]))
app.add_url_rule("/", "root", lambda: "")
app.test_client().get("/")
print(app.test_client().get("/metrics").text)
"""


@pytest.mark.long
def test_workers_add_their_numbers_up(tmp_path: Path) -> None:
    here = {"PROMETHEUS_MULTIPROC_DIR": str(tmp_path), "PYTHONPATH": str(Path.cwd())}
    shown = ""
    for _ in range(2):
        command = [sys.executable, "-c", WORKER, str(tmp_path)]
        ran = subprocess.run(command, env=here, check=True, capture_output=True, text=True)  # noqa: S603
        shown = ran.stdout
    assert 'rightshare_requests_total{method="GET",rule="/",status="200"} 2.0' in shown


def test_a_process_that_lives_says_so() -> None:
    answer = observed({"database": lambda: "gone"}).test_client().get("/healthz")
    assert (answer.status_code, answer.json) == (200, {"status": "ok"})


def test_a_service_is_ready_when_every_check_is_content() -> None:
    answer = observed({"database": lambda: None, "keys": lambda: None}).test_client().get("/readyz")
    assert answer.status_code == 200
    assert answer.json == {"status": "ready", "checks": {"database": "ok", "keys": "ok"}}


def broken() -> str | None:
    raise ZeroDivisionError("Ada")


def test_a_service_that_is_not_ready_says_why_to_this_machine_only(lines: Any) -> None:
    checks = {"database": lambda: None, "keys": lambda: "No key file.", "log": broken}
    client = observed(checks).test_client()
    near = client.get("/readyz")
    assert (near.status_code, near.headers["Retry-After"]) == (503, "5")
    assert near.get_json()["errors"] == [
        {"pointer": "#/checks/keys", "detail": "No key file."},
        {"pointer": "#/checks/log", "detail": "The check itself failed: ZeroDivisionError."},
    ]
    far = client.get("/readyz", environ_overrides={"REMOTE_ADDR": "10.0.0.1"})
    assert far.status_code == 503
    assert "No key file" not in far.text
    assert "No key file" in str(lines())
    assert "Ada" not in str(lines())


def test_the_operators_addresses_say_that_they_are_public() -> None:
    found = {path: access.why_public for path, _, access in routes(observed())}
    assert found.keys() >= {"/healthz", "/readyz", "/metrics"}
    assert all(found.values())
