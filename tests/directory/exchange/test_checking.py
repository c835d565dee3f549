"""What the official validator would say of somebody's feed or file."""

from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from directory.cli.checking import check
from tests.directory.exchange.running import a_service, services, write
from tests.directory.exchange.somebody import Somebody, served


def checked(what: str) -> tuple[int, str]:
    outcome = CliRunner().invoke(check, [what])
    if outcome.exception is not None and not isinstance(outcome.exception, SystemExit):
        raise outcome.exception
    return outcome.exit_code, outcome.output


def test_a_right_file_passes_with_its_quality(tmp_path: Path) -> None:
    code, said = checked(str(write(tmp_path / "in.ndjson", services(4))))

    assert code == 0
    assert "4 services are right; 0 faults" in said
    assert "Quality, from 0 to 1: 0." in said
    assert "4 lack cost" in said


def test_a_wrong_file_fails_with_line_and_pointer(tmp_path: Path) -> None:
    rows = [a_service(0), a_service(1, status="open", email="nobody")]

    code, said = checked(str(write(tmp_path / "in.ndjson", rows)))

    assert code == 1
    assert "fault: line 2 /status: This must be one of" in said
    assert "fault: line 2 /email: This must be an e-mail address" in said


def test_a_feed_of_level_1_alone_is_valid_and_is_told_what_level_2_lacks() -> None:
    somebody = Somebody(services(5))
    with served(somebody) as base:
        code, said = checked(base)

    assert code == 0, said
    assert "Level 1 (what every feed must answer): passes" in said
    assert "Level 2 (what a whole feed answers): fails" in said
    assert "warning, level 2: /taxonomy_terms?page=1" in said
    assert {"/services?page=1", "/services?page=2", "/services?page=3"} <= set(somebody.asked)
    assert sum(one.startswith("/services/") for one in somebody.asked) == 5


@pytest.mark.parametrize(
    ("path", "answer", "said"),
    [
        ("/", (200, {"version": "HSDS-UK-3.0"}), "fault: / /openapi_url"),
        ("/", (200, {"version": "1.0"}), "fault: / /version: The feed says version 1.0"),
        ("/", (404, {}), "fault: / : This answers 404"),
        ("/services", (200, {"contents": []}), "fault: /services?page=1 /total_items"),
        ("/services", (200, {"content": [], "totalPages": 0}), "1.0, by its pages"),
        ("/services", (200, b"<html>"), "fault: /services?page=1 : This answers 200, not"),
        ("/services", (302, b"/services"), "from one address to the next"),
    ],
)
def test_what_breaks_level_1_is_a_fault_with_its_place(path: str, answer: Any, said: str) -> None:
    somebody = Somebody(services(2))
    somebody.instead[path] = lambda: answer
    with served(somebody) as base:
        code, told = checked(base)

    assert code == 1
    assert said in told


def test_a_single_record_is_checked_too() -> None:
    somebody = Somebody(services(2))
    somebody.services[0]["schedules"][0]["freq"] = "DAILY"
    with served(somebody) as base:
        code, said = checked(base)

    assert code == 1
    one = somebody.services[0]["id"]
    assert f"fault: /services/{one} /schedules/0/freq: This must be one of" in said


def test_a_feed_that_ignores_the_page_is_told_so() -> None:
    somebody = Somebody(services(5))
    whole = somebody.answer("/services?page=1")[1]
    somebody.instead["/services"] = lambda: (200, whole)
    with served(somebody) as base:
        assert "Page 3 was asked for and page 1 came" in checked(base)[1]
