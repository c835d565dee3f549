"""Rule 45: everything that a client received between two instants, in one call."""

import csv
import io
import json
from datetime import timedelta
from typing import Any

import pytest

from tests.make import ELM, HUB, NOBODY, OAK, Family, a_record, ask, request, said, statutory
from tests.service import MONDAY, Service
from tests.sharing.indexed import crowd, indexed
from tests.sharing.seeing import Rows, entries
from tests.sharing.test_erasure import erased

READER = ("log.read", "log.audit")
OF_OAK = f"client={OAK}-client&since=2026-03-02T00:00:00Z&until=2026-03-03T00:00:00Z"


@pytest.fixture
def told(service: Service, family: Family, superuser: Rows) -> list[str]:
    """The ids of two entries by which Oak was told something, among others by which none was."""
    said(service, family)
    a_record(service, "assessment", {"needs": "sleep"})
    for asked in (request(), request(NOBODY), statutory(), request(categories=["contact"])):
        service.clock.passes(minutes=1)
        ask(service, asked)
    ask(service, agency=ELM)
    indexed(service, superuser)
    service.as_client(HUB, scopes=READER)
    return [str(one.id) for one in sorted(entries(superuser), key=lambda one: one.id)
            if one.outcome == "permit"]  # fmt: skip


def received(service: Service, query: str = OF_OAK) -> Any:
    answer = service.call("GET", f"/v1/log/received?{query}")
    assert answer.status_code == 200, answer.text
    return json.loads(answer.get_data())


def table(service: Service, query: str = OF_OAK) -> list[dict[str, str]]:
    answer = service.call("GET", f"/v1/log/received.csv?{query}")
    assert answer.status_code == 200, answer.text
    assert answer.headers["Rightshare-Reach"].startswith("2026-03-02T")
    return list(csv.DictReader(io.StringIO(answer.text)))


def test_rule_45_one_call_says_what_a_client_received_of_whom_and_nothing_that_was_refused(
    service: Service, told: list[str], family: Family
) -> None:
    answer = received(service)

    assert [one["entry"] for one in answer["items"]] == told
    assert answer["total"] == {
        "entries": 2,
        "subjects": 1,
        "records": 2,
        "categories": ["assessment", "plan"],
    }
    plan, assessment = answer["items"]
    assert plan == {
        "entry": told[0],
        "at": "2026-03-02T09:31:00.000000Z",
        "recipient": OAK,
        "source": HUB,
        "purpose": "early_help_support",
        "basis": "public_task",
        "categories": ["plan"],
        "records": 1,
        "agreements": ["EH-ISA/1"],
        "subject": family.child,
    }
    assert assessment["basis"] == "legal_obligation"
    assert answer["reach"]["leaves"] == answer["reach"]["size"]
    rows = table(service)
    assert [row["entry"] for row in rows] == told
    assert rows[0] == {name: str(value) for name, value in plan.items()} | {
        "categories": "plan",
        "agreements": "EH-ISA/1",
    }


def test_an_interval_holds_its_beginning_and_not_its_end(service: Service, told: list[str]) -> None:
    first = (MONDAY + timedelta(minutes=1)).isoformat().replace("+00:00", "Z")
    later = (MONDAY + timedelta(minutes=1, microseconds=1)).isoformat().replace("+00:00", "Z")
    client = f"client={OAK}-client"

    assert received(service, f"{client}&since=2026-03-02T00:00:00Z&until={first}")["items"] == []
    whole = received(service, f"{client}&since={first}&until={later}")
    assert [one["entry"] for one in whole["items"]] == told[:1]
    assert received(service, f"client=nobody&{OF_OAK.partition('&')[2]}")["total"]["entries"] == 0


def test_an_agency_reads_what_concerns_it_and_an_erased_child_is_nobody(
    service: Service, told: list[str], family: Family, superuser: Rows
) -> None:
    service.as_client(ELM, scopes=("log.read",))
    assert received(service)["items"] == table(service) == []
    service.as_client(OAK, scopes=("log.read",))
    assert len(received(service)["items"]) == len(table(service)) == 2
    erased(service, family.child)
    answer = received(service.as_client(HUB, scopes=READER))

    assert [one["subject"] for one in answer["items"]] == [None, None]
    assert (answer["total"]["entries"], answer["total"]["subjects"]) == (2, 0)


def test_the_log_says_who_read_what_a_client_received(service: Service, told: list[str]) -> None:
    service.clock.passes(minutes=1)
    received(service)
    service.clock.passes(minutes=1)
    table(service)
    newest, before = service.get("/v1/log/entries?size=2")["items"]

    for one, form in ((before, "json"), (newest, "csv")):
        assert (one["outcome"], one["facts"]["act"], one["facts"]["form"]) == (
            *("read", "received"), form,
        )  # fmt: skip
        assert one["facts"]["of"] == f"{OAK}-client"


@pytest.mark.parametrize(
    ("query", "named"),
    [
        ("since=2026-03-02T00:00:00Z&until=2026-03-03T00:00:00Z", "client"),
        ("client=x&until=2026-03-03T00:00:00Z", "since"),
        ("client=x&since=2026-03-03T00:00:00Z&until=2026-03-03T00:00:00Z", "until"),
        ("client=x&since=yesterday&until=2026-03-03T00:00:00Z", "since"),
        (OF_OAK + "&colour=blue", "colour"),
    ],
)
def test_what_is_wrong_with_the_question_is_named(service: Service, query: str, named: str) -> None:
    service.as_client(HUB, scopes=READER)
    for path in ("received", "received.csv"):
        answer = service.call("GET", f"/v1/log/{path}?{query}")
        assert answer.status_code == 422
        assert [one["parameter"] for one in answer.json["errors"]] == [named]


_PLAN = """
explain (analyze, format json) select * from log_line
where client = 'agency-7-client' and outcome = any ('{permit,partial}')
  and id > %s and id <= %s order by id
"""


def test_rule_45_however_long_the_log_only_what_the_client_received_is_looked_at(
    service: Service, family: Family, superuser: Rows
) -> None:
    crowd(superuser, 20_000)
    service.as_client(HUB, scopes=READER)
    time = "since=2026-03-03T08:00:05Z&until=2026-03-03T08:00:15Z"
    answer = received(service, f"client=agency-7-client&{time}")

    assert answer["total"]["entries"] == len(answer["items"]) == len(_of_agency_7())
    first, last = answer["items"][0]["entry"], answer["items"][-1]["entry"]
    ((plan,),) = superuser.execute(_PLAN, [first, last]).fetchall()
    looked_at = max(_rows_of(plan[0]["Plan"]))
    assert looked_at <= 10_000 // 20


def _of_agency_7() -> list[int]:
    """Which of the crowd's lines agency 7 was told something by, in those ten seconds."""
    return [n for n in range(5_000, 15_000) if n % 20 == 7 and n % 3 != 0]


def _rows_of(plan: dict[str, Any]) -> list[int]:
    own = int(plan["Actual Rows"]) + int(plan.get("Rows Removed by Filter", 0))
    return [own, *(one for part in plan.get("Plans", []) for one in _rows_of(part))]
