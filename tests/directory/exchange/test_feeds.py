"""Anybody's feed is taken in from its base address, or refused in words."""

from typing import Any

import pytest

from directory.cli.sources import web
from tests.directory.exchange.running import a_service, run, services
from tests.directory.exchange.somebody import ABOUT, Somebody, served
from tests.directory.exchange.test_refusals import on_file
from tests.service import Service


@pytest.mark.parametrize("offers_full", [False, True])
def test_a_feed_is_read_page_by_page_with_its_own_attribution(
    service: Service, *, offers_full: bool
) -> None:
    somebody = Somebody(services(5), offers_full=offers_full)
    with served(somebody) as base:
        code, said = run(service, "import", f"{base}/")
        again = run(service, "import", base)[1]

    assert code == 0
    assert "5 rows read, 0 refused" in said
    assert "5 service" in said
    assert "created" not in again
    details = [one for one in somebody.asked if one.startswith("/services/")]
    assert bool(details) is not offers_full
    with service.parts.database.reading() as session:
        kept = session.connection().exec_driver_sql(
            "select distinct source, licence from directory_record"
        )
        assert kept.all() == [(ABOUT["publisher"], ABOUT["licence"])]


def test_the_words_of_a_feed_are_taken_in_whole(service: Service) -> None:
    taxonomy = a_service(0)["attributes"][0]["taxonomy_term"]["taxonomy_id"]
    whole = {"id": taxonomy, "name": "topics", "description": "What services are about"}
    with served(Somebody(services(1), taxonomies=[whole])) as base:
        said = run(service, "import", base)[1]

    assert "2 rows read, 0 refused" in said
    with service.parts.database.reading() as session:
        kept = session.connection().exec_driver_sql(
            "select document->>'description' from directory_record where kind = 'taxonomy'"
        )
        assert kept.scalars().all() == ["What services are about"]


def test_a_feed_that_breaks_off_goes_on_without_asking_again(service: Service) -> None:
    somebody = Somebody(services(8), page=100)
    last = somebody.services[-1]["id"]
    somebody.instead[f"/services/{last}"] = lambda: (302, b"http://127.0.0.1:1/")
    with served(somebody) as base:
        code, said = run(service, "import", base)
        assert code == 1
        assert "does not answer" in said
        assert "--resume goes on" in said
        del somebody.instead[f"/services/{last}"]
        run(service, "import", base, "--resume")

    assert on_file(service, 7) is not None


def test_what_is_listed_but_not_there_is_refused_alone(service: Service) -> None:
    somebody = Somebody(services(3))
    somebody.instead[f"/services/{somebody.services[1]['id']}"] = lambda: (500, b"oh no")
    with served(somebody) as base:
        code, said = run(service, "import", base)

    assert code == 0
    assert f"refused: services/{somebody.services[1]['id']} :" in said
    assert on_file(service, 2) is not None


@pytest.mark.parametrize(
    ("about", "said"),
    [
        ({"version": "1.0"}, "a feed of Open Referral UK 1.0"),
        ({"version": 3}, "is not the base of an Open Referral UK feed"),
        ([], "is not the base of an Open Referral UK feed"),
        (b"<html>", "is not the base of an Open Referral UK feed"),
    ],
)
def test_what_is_no_feed_of_version_3_is_refused(service: Service, about: Any, said: str) -> None:
    with served(Somebody(services(1), about=about)) as base:
        code, told = run(service, "import", base)

    assert code == 1
    assert said in told


def test_a_feed_of_the_old_version_is_known_by_its_pages(service: Service) -> None:
    somebody = Somebody([], about={})
    somebody.instead["/services"] = lambda: (200, {"content": [], "totalElements": 0})
    with served(somebody) as base:
        assert "Open Referral UK 1.0" in run(service, "import", base)[1]


def test_pages_without_end_are_noticed(service: Service) -> None:
    somebody = Somebody(services(2))
    somebody.instead["/services"] = lambda: (200, {"contents": services(1), "last_page": False})
    with served(somebody) as base:
        code, said = run(service, "import", base)

    assert code == 1
    assert "answers page 2 with the rows of the one before" in said


def test_redirects_have_an_end_and_lead_to_the_web_only(service: Service) -> None:
    somebody = Somebody(services(1))
    somebody.instead["/"] = lambda: (302, b"/")
    with served(somebody) as base:
        assert "from one address to the next" in run(service, "import", base)[1]
        somebody.instead["/"] = lambda: (302, b"file:///etc/passwd")
        assert "must begin with https" in run(service, "import", base)[1]


def test_an_answer_without_end_is_cut_off(service: Service) -> None:
    somebody = Somebody(services(1))
    somebody.instead["/"] = lambda: (200, b" " * (web.LARGEST_ANSWER + 1))
    with served(somebody) as base:
        assert "more than 64 MiB" in run(service, "import", base)[1]


@pytest.mark.parametrize("address", ["ftp://example.org", "http://", "http://[::1", "http://a:b/"])
def test_an_address_that_is_none_is_refused(service: Service, address: str) -> None:
    code, said = run(service, "import", address)

    assert code == 1
    assert "address" in said
