"""The doors of the log as careless and hostile clients use them: a reason each time, no search."""

import json
import tarfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from io import BytesIO
from pathlib import Path

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sharing.chain.errors import MalformedError
from sharing.chain.tiles import parse_tile_path
from tests.make import HUB, OAK
from tests.postgres import libpq
from tests.service import Service
from tests.sharing.keeping import judge, keep_a_log
from tests.sharing.seeing import statements
from tests.sharing.test_export_requests import approved

SIZE = 7
AUDITOR = ("log.read", "log.audit")
NUMBERS = st.one_of(
    st.integers(-5, 20).map(str),
    st.integers(10**17, 10**40).map(str),
    st.text("0123456789-+._e ٣", max_size=6),
)
PATHS = st.text("0127x/.pentris%", max_size=24)
FEW = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@pytest.fixture(scope="module")
def doors(
    template: str,
    tmp_path_factory: pytest.TempPathFactory,
    fresh_database: Callable[..., AbstractContextManager[str]],
    postgres_url: Callable[..., str],
) -> Iterator[Service]:
    """The small log of seven entries, behind its doors."""
    with fresh_database(template) as name:
        keep_a_log(postgres_url(name), tmp_path_factory.mktemp("kept"))
        made = Service(postgres_url(name))
        yield made
        made.close()


@pytest.fixture
def auditor(doors: Service) -> Service:
    return doors.as_client(HUB, scopes=AUDITOR)


@FEW
@given(path=PATHS)
def test_any_path_of_a_tile_is_answered_and_only_true_ones_are_kept(
    doors: Service, path: str
) -> None:
    with statements(doors.parts.ig_database) as sent:
        answer = doors.call("GET", f"/log/tile/{path}")

    assert answer.status_code in {200, 308, 404}
    assert ("immutable" in answer.headers.get("Cache-Control", "")) == (answer.status_code == 200)
    try:
        parse_tile_path(f"tile/{path}")
    except MalformedError:
        assert sent == []  # nothing is looked up that cannot be there


@pytest.mark.parametrize(
    "path",
    [
        "0/000.p/7",
        "0/000.p/1",
        "entries/000.p/7",
    ],
)
def test_what_is_there_is_served_for_ever(doors: Service, path: str) -> None:
    answer = doors.call("GET", f"/log/tile/{path}")

    assert answer.status_code == 200
    assert "immutable" in answer.headers["Cache-Control"]


@pytest.mark.parametrize(
    "path",
    [
        "0/000",
        "0/000.p/8",
        "0/001.p/1",
        "1/000.p/1",
        "63/x999/x999/x999/x999/x999/x999/999",
        "64/000.p/1",
        "0/x000/000.p/1",
        "00/000.p/1",
        "0/000.p/07",
        "0/000.p/-1",
        "entries/000.p/999999999999999999999",
        "../../v1/log/entries",
    ],
)
def test_what_is_not_there_is_not_found_with_a_reason(doors: Service, path: str) -> None:
    answer = doors.call("GET", f"/log/tile/{path}")

    assert answer.status_code == 404
    if answer.is_json:
        assert answer.get_json()["code"] in {"log_no_such_tree", "not_found"}


@FEW
@given(old=NUMBERS, new=NUMBERS)
def test_any_two_sizes_are_proved_or_refused(auditor: Service, old: str, new: str) -> None:
    answer = auditor.call("GET", "/v1/log/consistency", query_string={"from": old, "to": new})

    known = {str(n): n for n in range(1, SIZE + 1)}
    proved = old in known and new in known and known[old] <= known[new]
    assert (answer.status_code == 200) == proved
    assert answer.status_code in {200, 404, 422}
    if not proved:
        assert answer.get_json()["code"] in {"log_no_such_tree", "request_invalid"}


@pytest.mark.parametrize(
    ("path", "status", "said"),
    [
        ("/v1/log/entries?size=0", 422, "size"),
        ("/v1/log/entries?size=201", 422, "size"),
        ("/v1/log/entries?size=" + "9" * 400, 422, "size"),
        ("/v1/log/entries?size=1&size=2", 422, "size"),
        ("/v1/log/entries?cursor=made-up", 422, "cursor"),
        ("/v1/log/entries?cursor=" + "x" * 5000, 422, "cursor"),
        ("/v1/log/entries?colour=blue", 422, "colour"),
        ("/v1/log/entries/not-an-id", 404, None),
        ("/v1/log/entries/00000000-0000-0000-0000-000000000000", 404, None),
        ("/v1/log/entries/00000000-0000-0000-0000-000000000000/proof", 404, None),
        ("/v1/log/consistency?from=1", 422, "to"),
        ("/v1/log/export?openings=everything", 422, "openings"),
        ("/v1/log/export?people=true", 422, "people"),
        ("/v1/log/export?request=mine", 422, "request"),
    ],
)
def test_what_is_wrong_with_a_request_is_named(
    auditor: Service, path: str, status: int, said: str | None
) -> None:
    answer = auditor.call("GET", path)

    assert answer.status_code == status
    if said is not None:
        assert [one.get("parameter") for one in answer.get_json()["errors"]] == [said]


def test_a_cursor_of_another_agency_is_refused(auditor: Service) -> None:
    auditor.get("/v1/log/entries")
    auditor.get("/v1/log/entries")
    cursor = auditor.get("/v1/log/entries?size=1")["page"]["next"]
    path = f"/v1/log/entries?size=1&cursor={cursor}"

    own = auditor.call("GET", path)
    other = auditor.as_client(OAK, scopes=AUDITOR).call("GET", path)

    assert own.status_code == 200
    assert (other.status_code, other.get_json()["code"]) == (422, "cursor_invalid")


def test_a_cursor_of_another_list_is_refused(auditor: Service) -> None:
    other = auditor.as_client(HUB).get("/v1/agencies?size=1")["page"]["next"]

    answer = auditor.as_client(HUB, scopes=AUDITOR).call("GET", f"/v1/log/entries?cursor={other}")

    assert (answer.status_code, answer.get_json()["code"]) == (422, "cursor_invalid")


def test_a_list_of_entries_reads_no_more_than_its_page(auditor: Service) -> None:
    with statements(auditor.parts.ig_database) as sent:
        assert auditor.get("/v1/log/entries?size=2")["page"]["size"] == 2

    assert all("LIMIT" in one for one in sent if "log_entry" in one)


def test_the_whole_log_is_taken_out_by_auditors_only(doors: Service) -> None:
    doors.as_client(HUB, scopes=("log.read",))

    assert doors.call("GET", "/v1/log/export").status_code == 403


@pytest.mark.parametrize("openings", ["facts", "people"])
def test_what_an_auditor_takes_out_is_sound_and_is_an_entry(
    auditor: Service, tmp_path: Path, openings: str
) -> None:
    request = approved(auditor, openings)

    answer = auditor.call("GET", f"/v1/log/export?request={request}&openings={openings}")

    assert (answer.status_code, answer.content_type) == (200, "application/x-tar")
    assert answer.headers["Cache-Control"] == "no-store"
    (tmp_path / "log.tar").write_bytes(answer.get_data())
    assert judge(tmp_path / "log.tar", openings=openings).code == 0
    with psycopg.connect(libpq(auditor.admin_url)) as superuser:
        found = superuser.execute(
            "select convert_from(facts, 'UTF8') from log_entry where recipient = %s"
            " and outcome = 'export' order by id",
            [HUB],
        ).fetchall()
    facts = [json.loads(one) for (one,) in found]
    assert (facts[-1]["act"], facts[-1]["client"]) == ("export", f"{HUB}-client")
    assert openings in {one["openings"] for one in facts}


def test_facts_that_are_taken_out_lead_to_nobody(auditor: Service) -> None:
    raw = auditor.call("GET", f"/v1/log/export?request={approved(auditor)}").get_data()

    with tarfile.open(fileobj=BytesIO(raw)) as archive:
        held = archive.extractfile("openings/000000")
        assert held is not None
        lines = [line.split(b"\t") for line in held.read().splitlines()]
    assert [len(parts) for parts in lines] == [2] * SIZE
    filed = [json.loads(parts[0]) for parts in lines]
    assert all(one.keys().isdisjoint({"about", "salt", "subject"}) for one in filed)
    assert {one["recipient"] for one in filed} >= {OAK}
