"""How the feed is read: by pages of other origins, by caches, in gzip, fast, and by POST."""

import gzip
import json
from collections.abc import Iterator

import pytest
from sqlalchemy import event, text

from app.kernel.turns import STREAMS
from directory.api.oruk import EXTENSION as PUBLICATION
from directory.api.oruk_limits import Limit
from tests.directory.feed.conftest import EDITED, Filling, Making, put, some_services
from tests.directory.feed.making import a_service, uid
from tests.directory.feed.reading import COLLECTIONS, OPEN, PROTECTED
from tests.service import Service

PATHS = ("", "/", *(f"/{name}" for name in COLLECTIONS))


@pytest.fixture(scope="module")
def feed(making_service: Making) -> Iterator[Service]:
    """A feed that no test of this file changes."""
    with making_service() as service:
        put(service, some_services(12))
        yield service.as_client("oak-school")


@pytest.mark.parametrize("path", [*PATHS, "/services/7", "/nothing", "/services?bogus=1"])
def test_pages_of_any_origin_may_read_every_answer(feed: Service, path: str) -> None:
    answer = feed.call("GET", OPEN + path, headers={"Origin": "https://example.org"})
    assert answer.headers["Access-Control-Allow-Origin"] == "*"


@pytest.mark.parametrize("path", [*PATHS, f"/services/{uid('service', 1)}"])
def test_a_preflight_is_answered(feed: Service, path: str) -> None:
    asked = {"Origin": "https://example.org", "Access-Control-Request-Method": "POST"}
    answer = feed.call("OPTIONS", OPEN + path, headers=asked)
    assert answer.status_code == 200
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert "POST" in answer.headers["Access-Control-Allow-Methods"]
    assert "Content-Type" in answer.headers["Access-Control-Allow-Headers"]


def test_an_answer_is_not_sent_again_while_the_directory_stands_as_it_did(
    filled: Filling,
) -> None:
    feed = filled(some_services(3))
    for path in ("/services", f"/services/{uid('service', 1)}", "/taxonomies", "/"):
        first = feed.call("GET", OPEN + path)
        tag = first.headers["ETag"]
        assert first.headers["Cache-Control"].startswith("public")
        again = feed.call("GET", OPEN + path, headers={"If-None-Match": tag})
        assert (again.status_code, again.get_data()) == (304, b"")
        assert again.headers["ETag"] == tag
        assert again.headers["Access-Control-Allow-Origin"] == "*"
    tag = feed.call("GET", f"{OPEN}/services").headers["ETag"]
    put(feed, [a_service(1, name="Other")], EDITED)
    changed = feed.call("GET", f"{OPEN}/services", headers={"If-None-Match": tag})
    assert changed.status_code == 200
    assert changed.headers["ETag"] != tag


def test_what_is_wrong_is_never_not_modified(feed: Service) -> None:
    tag = feed.call("GET", f"{OPEN}/services").headers["ETag"]
    for path, status in (("/services?page=0", 422), (f"/services/{uid('nobody')}", 404)):
        assert feed.call("GET", OPEN + path, headers={"If-None-Match": tag}).status_code == status


def test_long_answers_come_in_gzip_where_it_is_taken(feed: Service) -> None:
    for query in ("", "?format=ndjson"):
        plain = feed.call("GET", f"{OPEN}/services{query}")
        packed = feed.call("GET", f"{OPEN}/services{query}", headers={"Accept-Encoding": "gzip"})
        assert "Content-Encoding" not in plain.headers
        assert packed.headers["Content-Encoding"] == "gzip"
        assert gzip.decompress(packed.get_data()) == plain.get_data()
        assert {answer.headers["Vary"] for answer in (plain, packed)} == {"Accept-Encoding"}
    refused = {"Accept-Encoding": "gzip;q=0, identity"}
    assert "Content-Encoding" not in feed.call("GET", f"{OPEN}/services", headers=refused).headers


def test_head_says_what_get_would(feed: Service) -> None:
    for path in PATHS:
        told, whole = feed.call("HEAD", OPEN + path), feed.call("GET", OPEN + path)
        assert told.get_data() == b""
        for name in ("Content-Length", "Content-Type", "ETag"):
            assert told.headers[name] == whole.headers[name]


def test_a_reader_who_asks_too_fast_is_told_when_to_come_back(filled: Filling) -> None:
    feed = filled([])
    feed.app.extensions[PUBLICATION].limit = Limit(rate=0.5, burst=3)
    left = []
    for _ in range(3):
        answer = feed.call("GET", f"{OPEN}/services")
        assert answer.headers["RateLimit-Policy"] == '"feed";q=3;w=6'
        left.append(answer.headers["RateLimit"].split(";")[1])
    assert left == ["r=2", "r=1", "r=0"]
    refused = feed.call("GET", f"{OPEN}/taxonomies")
    assert (refused.status_code, refused.get_json()["code"]) == (429, "too_many_requests")
    assert 1 <= int(refused.headers["Retry-After"]) <= 2
    assert refused.headers["Access-Control-Allow-Origin"] == "*"
    other = feed.call("GET", f"{OPEN}/services", environ_base={"REMOTE_ADDR": "192.0.2.7"})
    assert other.status_code == 200
    assert feed.call("OPTIONS", f"{OPEN}/services").status_code == 200


def test_a_bucket_fills_again_and_the_oldest_address_is_forgotten() -> None:
    limit = Limit(rate=1e9, burst=1)
    assert limit.take("a").within
    assert limit.take("a").within
    slow = Limit(rate=1e-9, burst=1)
    assert slow.take("a").within
    assert not slow.take("a").within
    for number in range(10_000):
        slow.take(str(number))
    assert slow.take("a").within


SEARCHES = [
    ("services", {"search": "sleep", "page": 2, "per_page": 2}),
    ("services", {"age": 7, "free": True, "full": True, "day": "Monday"}),
    ("services", {"age": 7.5, "modified_after": "2026-01-05T00:00:00Z", "minimal": True}),
    ("services", {"taxonomy_term_id": [uid("term", "dfe-family-hubs", "Sleep")]}),
    ("services", {"start_time": "09:00", "end_time": "18:00", "open_on": "2026-03-02"}),
    ("service_at_locations", {"search": "debt", "per_page": 3}),
    ("organizations", {"full_service": True}),
    ("taxonomies", {}),
    ("taxonomy_terms", {"top_only": True, "format": "ndjson"}),
]


@pytest.mark.parametrize(("collection", "asked"), SEARCHES)
def test_a_post_answers_as_a_get_does_and_no_cache_keeps_it(
    feed: Service, collection: str, asked: dict[str, object]
) -> None:
    query = {
        name: str(value).lower() if isinstance(value, bool) else value
        for name, value in asked.items()
    }
    told = feed.call("GET", f"{OPEN}/{collection}", query_string=query)
    for path in (f"{OPEN}/{collection}", f"{PROTECTED}/{collection}/search"):
        for body in (asked, {name: _as_text(value) for name, value in query.items()}):
            posted = feed.call("POST", path, json=body)
            assert posted.status_code == told.status_code == 200, posted.get_data()
            assert posted.get_data() == told.get_data()
            assert posted.headers["Cache-Control"] == "no-store"
            assert "ETag" not in posted.headers


def _as_text(value: object) -> object:
    return value if isinstance(value, list) else str(value)


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"bogus": 1}, "#/bogus"),
        ({"page": True}, "#/page"),
        ({"page": 1.5}, "#/page"),
        ({"age": None}, "#/age"),
        ({"proximity": 5}, "#/proximity"),
        ({"postcode": "nowhere"}, "#/postcode"),
        ({"taxonomy_term_id": [1]}, "#/taxonomy_term_id/0"),
        ({"minimal": True, "full": True}, "#/minimal"),
    ],
)
def test_a_bad_member_of_a_body_is_pointed_at(
    feed: Service, body: dict[str, object], pointer: str
) -> None:
    answer = feed.call("POST", f"{OPEN}/services", json=body)
    assert answer.status_code == 422
    assert [error["pointer"] for error in answer.get_json()["errors"]] == [pointer]


def test_a_query_on_a_post_is_refused(feed: Service) -> None:
    answer = feed.call("POST", f"{OPEN}/services?age=7", json={})
    assert answer.get_json()["errors"][0]["parameter"] == "age"


def test_what_is_asked_for_stands_in_no_log(
    feed: Service, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    word = "domesticabuse"
    for path in (OPEN, PROTECTED):
        feed.call("GET", f"{path}/services?search={word}&postcode=LS8+5NG")
        feed.call("GET", f"{path}/services?search={word}")
        feed.call("GET", f"{path}/services/{word}")
        feed.call("POST", f"{path}/services", json={"search": word, "postcode": "LS8 5NG"})
        feed.call("POST", f"{path}/services/search", json={"search": word, "age": "x"})
    said = "".join(capfd.readouterr()) + caplog.text
    metrics = feed.call("GET", "/metrics").get_data(as_text=True)
    assert "/oruk/v3/services" in metrics
    for part in (word, "LS8", "5NG"):
        assert part not in said
        assert part not in metrics


def test_the_number_of_statements_does_not_grow_with_the_page(feed: Service) -> None:
    for query in ("", "full=true&", "minimal=true&"):
        counts = {statements(feed, f"{OPEN}/services?{query}per_page={size}") for size in (1, 12)}
        assert len(counts) == 1
        assert counts.pop() <= 6


def test_a_later_page_is_found_without_searching_again(feed: Service) -> None:
    first = statements(feed, f"{OPEN}/services?per_page=3&search=group")
    later = statements(feed, f"{OPEN}/services?per_page=3&page=3&search=group")
    assert later < first


def statements(service: Service, path: str) -> int:
    """Return how many statements a read takes."""
    seen: list[str] = []

    def note(*given: object) -> None:
        seen.append(str(given[2]))

    bind = service.parts.database.bind
    event.listen(bind, "before_cursor_execute", note)
    service.get(path)
    event.remove(bind, "before_cursor_execute", note)
    return len([one for one in seen if not one.startswith("set transaction")])


def test_lines_hold_no_transaction_open_between_their_parts(feed: Service) -> None:
    answer = feed.app.test_client().open(f"{OPEN}/services?format=ndjson", buffered=False)
    parts = iter(answer.response)
    first = next(parts)
    with feed.parts.database.reading() as session:
        others = session.scalar(
            text(
                "select count(*) from pg_stat_activity where datname = current_database()"
                " and state like 'idle in transaction%'"
            )
        )
    assert others == 0
    assert json.loads(first.splitlines()[0])["id"]
    answer.close()


def test_a_worker_sends_only_so_many_long_answers_at_once(feed: Service) -> None:
    path = f"{OPEN}/services?format=ndjson"
    held = [feed.app.test_client().get(path, buffered=False) for _ in range(STREAMS)]
    refused = feed.call("GET", path)
    assert (refused.status_code, refused.get_json()["code"]) == (503, "unavailable")
    assert int(refused.headers["Retry-After"]) > 0
    assert feed.call("GET", f"{OPEN}/services").status_code == 200
    for answer in held:
        answer.close()
    for _ in range(STREAMS + 1):
        assert feed.call("GET", path).get_data().count(b"\n") == 12
