"""Reports of what goes on changing after its entry: reviews, look-ups, notices, decisions."""

from pathlib import Path

import pytest

from tests.make import CHILD, ELM, HUB, OAK, Family, ask, overriding
from tests.service import Service
from tests.sharing.reviewed import follow
from tests.sharing.seeing import Rows
from tests.sharing.test_notices import covered, reads, sent
from tests.sharing.test_reports import READER, rows
from tests.sharing.test_reviews import REVIEWS, closes, does, reviewer
from tests.sharing.test_timeline import history

__all__ = ["covered", "history"]

MARCH = "2026-03"


def as_reader(service: Service, agency: str = HUB, *, whole: bool = True) -> Service:
    return service.as_client(agency, scopes=READER if whole else ("log.read",))


@pytest.fixture
def queued(service: Service, family: Family, tmp_path: Path) -> list[str]:
    """Three overrides in the queue, the entry of each, due within a day."""
    for _ in range(3):
        assert ask(service, overriding()).status_code == 200
        service.clock.passes(minutes=1)
    follow(service, tmp_path)
    reviewer(service)
    return [one["entry"] for one in service.get(REVIEWS)["items"]]


def closed(service: Service, entry: str) -> None:
    reviewer(service)
    does(service, entry, "opening")
    assert closes(service, entry)[0] == 200


def test_reviews_are_counted_by_month_and_by_how_they_stand(
    service: Service, queued: list[str]
) -> None:
    assert rows(as_reader(service), "reviews") == [
        [MARCH, OAK, "queued", 3],
        [MARCH, OAK, "still open", 3],
    ]
    service.clock.passes(hours=5)
    closed(service, queued[0])
    service.clock.passes(hours=30)
    closed(service, queued[1])

    assert rows(as_reader(service), "reviews") == [
        [MARCH, OAK, "closed in time", 1],
        [MARCH, OAK, "closed late", 1],
        [MARCH, OAK, "overdue", 1],
        [MARCH, OAK, "queued", 3],
    ]
    assert rows(service, "reviews", f"?agency={ELM}") == []
    assert rows(service, "reviews", "?since=2025-01&until=2026-02") == []


def test_the_time_of_a_review_is_the_median_of_those_closed(
    service: Service, queued: list[str]
) -> None:
    assert rows(as_reader(service), "review-times") == []
    for entry, hours in zip(queued, (2, 7, 40), strict=True):
        service.clock.passes(hours=hours)
        closed(service, entry)

    assert rows(as_reader(service), "review-times") == [[MARCH, OAK, "3", 9]]
    found = service.get("/v1/log/reports/review-times")
    assert found["columns"] == ["month", "agency", "closed", "median hours"]


def test_a_look_up_without_an_involvement_is_counted(service: Service, queued: list[str]) -> None:
    assert queued
    assert rows(as_reader(service), "look-ups") == [[MARCH, OAK, HUB, 3]]
    assert rows(service, "look-ups", f"?agency={ELM}") == []
    assert rows(as_reader(service, OAK, whole=False), "look-ups") == [[MARCH, OAK, HUB, 3]]


def test_an_agency_counts_no_review_or_look_up_that_would_tell_it_of_a_subject(
    service: Service, family: Family, superuser: Rows, tmp_path: Path
) -> None:
    ask(service)  # refused: nobody has said yes
    follow(service, tmp_path)
    superuser.execute(
        "insert into review_look (entry_id, at, recipient, source, measures, drawn)"
        " select id, at, recipient, source, '{\"involved\": false}', false from log_line"
        " where outcome = 'deny' on conflict do nothing"
    )
    superuser.execute(
        "insert into review_item (id, entry_id, at, recipient, source, why, score, flags, because,"
        " settings, priority, queued_at, due, state)"
        " select gen_random_uuid(), id, at, recipient, source, '{score}', 90, '{shielded}', '[]',"
        " 1, 'urgent', at, at, 'new' from log_line where outcome = 'deny'"
    )
    assert family.child

    reviews = [[MARCH, OAK, "queued", 1], [MARCH, OAK, "still open", 1]]
    for report, seen in (("look-ups", [[MARCH, OAK, HUB, 1]]), ("reviews", reviews)):
        assert rows(as_reader(service), report) == seen
        assert rows(as_reader(service, OAK, whole=False), report) == []


def test_an_agency_sees_its_own_reviews_by_the_date_that_it_was_told(
    service: Service, queued: list[str]
) -> None:
    assert queued
    assert rows(as_reader(service, OAK, whole=False), "reviews") == [
        [MARCH, OAK, "queued", 3],
        [MARCH, OAK, "still open", 3],
    ]
    service.clock.passes(days=30)
    own = rows(as_reader(service, OAK, whole=False), "reviews", "?since=2026-03")
    assert own == [[MARCH, OAK, "overdue", 3], [MARCH, OAK, "queued", 3]]
    assert rows(as_reader(service, ELM, whole=False), "reviews") == []


def test_notices_are_counted_by_sender_and_by_whether_they_were_in_time(
    service: Service, covered: Family
) -> None:
    first, _ = sent(service), sent(service)
    assert covered.child
    reads(service, first)
    assert rows(as_reader(service), "notices") == [
        [MARCH, HUB, OAK, "read in time", 1],
        [MARCH, HUB, OAK, "waiting", 1],
    ]
    service.clock.passes(days=3)
    assert rows(as_reader(service), "notices", f"?agency={OAK}") == [
        [MARCH, HUB, OAK, "overdue", 1],
        [MARCH, HUB, OAK, "read in time", 1],
    ]
    assert len(rows(as_reader(service, OAK, whole=False), "notices")) == 2
    assert rows(as_reader(service, ELM, whole=False), "notices") == []


def test_decisions_not_to_share_are_counted_by_their_reason(
    service: Service, history: Family
) -> None:
    assert history.child
    (row,) = rows(as_reader(service), "not-shared")
    assert row[0] == MARCH
    assert row[2] == ELM
    assert row[-1] == 1
    assert CHILD["value"] not in str(row)
    assert rows(as_reader(service), "not-shared", f"?agency={ELM}") == []
