"""Reports on the log: counted as entries come, read by month, and each reading logged."""

import csv
import io

import pytest

from tests.make import CHILD, ELM, HUB, OAK, SUPPORT, Family, ask, overriding, said
from tests.service import Service
from tests.sharing.indexed import indexed
from tests.sharing.seeing import Rows, statements

READER = ("log.read", "log.audit")


@pytest.fixture
def counted(service: Service, family: Family, superuser: Rows) -> Service:
    """An override, a plan told, a refusal for want of a flow; the whole log's reader calls."""
    ask(service, overriding())
    said(service, family)
    ask(service)
    ask(service, agency=ELM)
    indexed(service, superuser)
    return service.as_client(HUB, scopes=READER)


def rows(service: Service, report: str, query: str = "") -> list[list[str | int]]:
    found: list[list[str | int]] = service.get(f"/v1/log/reports/{report}{query}")["rows"]
    return found


def test_reports_add_up_what_was_asked_of_whom_and_what_came_of_it(counted: Service) -> None:
    assert rows(counted, "requests") == [["2026-03", ELM, 1], ["2026-03", OAK, 2]]
    assert rows(counted, "answers") == [
        ["2026-03", ELM, "deny", 1],
        ["2026-03", ELM, "flow_not_covered", 1],
        ["2026-03", OAK, "permit", 2],
    ]
    assert rows(counted, "overrides") == [["2026-03", OAK, "risk_of_significant_harm", 1]]
    assert rows(counted, "sources") == [[HUB, ELM, 1], [HUB, OAK, 2]]
    assert rows(counted, "gaps") == [[ELM, HUB, SUPPORT, "plan", 1]]
    assert [row[0] for row in rows(counted, "unused-flows")] == [
        *("EH-ISA/1/all-clear", "EH-ISA/1/safeguarding", "EH-ISA/1/who"),
    ]
    assert rows(counted, "unusual") == [["2026-03", OAK, "first contact", 1]]
    assert rows(counted, "requests", f"?agency={OAK}") == [["2026-03", OAK, 2]]
    assert rows(counted, "requests", "?since=2025-01&until=2026-02") == []
    assert rows(counted, "requests", "?since=2026-03&until=2026-03") != []


def test_readings_of_the_log_are_counted_too(counted: Service, superuser: Rows) -> None:
    counted.get("/v1/log/entries")
    indexed(counted, superuser)

    assert rows(counted, "steps") == [["2026-03", HUB, "search", 1]]


def test_a_report_comes_as_a_table_too(counted: Service) -> None:
    answer = counted.call("GET", "/v1/log/reports/answers/table.csv")
    found = list(csv.DictReader(io.StringIO(answer.text)))

    assert answer.headers["Content-Type"].startswith("text/csv")
    assert found[-1] == {"month": "2026-03", "agency": OAK, "answer": "permit", "requests": "2"}
    listed = counted.get("/v1/log/reports")["items"]
    assert {"report": "gaps", "title": "Refused for want of a flow"} in listed
    whole = counted.get("/v1/log/reports/answers")
    assert (whole["since"], whole["until"], whole["agency"]) == ("2025-04", "2026-03", None)
    assert whole["columns"] == ["month", "agency", "answer", "requests"]


def test_every_report_there_is_can_be_read(counted: Service) -> None:
    for one in counted.get("/v1/log/reports")["items"]:
        assert counted.get(f"/v1/log/reports/{one['report']}")["title"] == one["title"]


def test_an_agency_reads_reports_on_what_it_asked_alone(counted: Service) -> None:
    counted.as_client(ELM, scopes=("log.read",))

    assert rows(counted, "requests") == [["2026-03", ELM, 1]]
    assert rows(counted, "requests", f"?agency={OAK}") == []
    assert rows(counted, "unused-flows") == []
    counted.as_client(OAK, scopes=("log.read",))
    assert len(rows(counted, "unused-flows")) == 3


def test_a_report_reads_no_entry_and_leaves_one(counted: Service, superuser: Rows) -> None:
    counted.clock.passes(minutes=1)
    with statements(counted.parts.ig_database) as sent:
        rows(counted, "answers", f"?agency={OAK}")
    assert not [one for one in sent if "log_entry" in one or "log_line" in one]
    (newest,) = counted.get("/v1/log/entries?size=1")["items"]

    assert newest["facts"]["act"] == "report"
    assert newest["facts"]["report"] == "answers"
    assert newest["facts"]["agency_of_report"] == OAK
    assert CHILD["value"] not in str(newest)


@pytest.mark.parametrize(
    ("query", "named"),
    [
        ("since=2026-3", "since"),
        ("since=2026-13", "since"),
        ("until=0000-01", "until"),
        ("since=2026-04&until=2026-03", "until"),
        ("since=2020-01&until=2026-03", "until"),
        ("agency=nobody", "agency"),
        ("colour=blue", "colour"),
    ],
)
def test_what_is_wrong_with_a_question_is_named(
    service: Service, family: Family, query: str, named: str
) -> None:
    service.as_client(HUB, scopes=READER)
    for name in ("requests", "requests/table.csv"):
        answer = service.call("GET", f"/v1/log/reports/{name}?{query}")
        assert answer.status_code == 422, answer.text
        assert [one["parameter"] for one in answer.json["errors"]] == [named]


def test_a_report_that_there_is_not_is_said_to_be_none(service: Service) -> None:
    service.as_client(HUB, scopes=READER)
    for name in ("gossip", "gossip/table.csv"):
        answer = service.call("GET", f"/v1/log/reports/{name}")
        assert (answer.status_code, answer.json["code"]) == (404, "report_unknown")
