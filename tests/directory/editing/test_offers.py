"""Local offers and pledges: what an agency puts, who reads which part, and what stays on file."""

import re
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from directory.actions.records import put_service
from directory.models.offers import LocalOfferRow, PledgeRow
from tests.directory.editing.builders import BY, SERVICE, a_service, uid
from tests.directory.editing.conftest import WRITER
from tests.service import MONDAY, Service

HIDDEN = uid(70)
OFFER = {
    "title": "Help before it gets hard",
    "summary": "Groups and home visits.",
    "who_for": "Families with children under five",
    "levels": ["early_help"],
    "services": [str(SERVICE), HIDDEN],
    "url": "https://hub.example/offer",
}
LEAD = "/v1/directory/pledges/eh-hub/designated_lead_named"
TRAINED = "/v1/directory/pledges/eh-hub/staff_trained"


@pytest.fixture
def hub(client: Service) -> Service:
    """An editor of the hub, with a service for everyone and one for the refuge alone."""
    with client.parts.database.transaction() as session:
        secret = a_service(id=HIDDEN, name="Night shelter", audience=["refuge"])
        put_service(session, secret, BY, MONDAY)
    return client


def published(hub: Service, **more: Any) -> Any:
    return hub.post("/v1/directory/offers", OFFER | more)


def put(hub: Service, path: str, body: Any, status: int = 200) -> Any:
    answer = hub.call("PUT", path, json=body)
    assert answer.status_code == status, answer.get_data(as_text=True)
    return answer.json


def page(hub: Service, path: str) -> str:
    answer = hub.call("GET", path)
    assert answer.status_code == 200
    assert "Set-Cookie" not in answer.headers
    return re.sub(r"\s+", " ", answer.get_data(as_text=True))


def test_an_offer_is_published_and_read(hub: Service) -> None:
    made = published(hub)
    assert (made["agency"], made["number"], made["starts"]) == ("eh-hub", 1, "2026-03-02")
    assert made["services"] == [{"id": str(SERVICE), "name": "Sleep clinic"}]
    assert hub.get(f"/v1/directory/offers/{made['id']}") == made
    assert hub.get("/v1/directory/offers?agency=eh-hub")["items"] == [made]
    assert hub.get("/v1/directory/offers?agency=refuge")["items"] == []


def test_a_changed_offer_stays_on_file_as_it_was(hub: Service) -> None:
    made = published(hub)
    where = f"/v1/directory/offers/{made['id']}"
    changed = put(hub, where, OFFER | {"title": "New", "services": [str(SERVICE)]})
    assert (changed["title"], changed["number"]) == ("New", 2)
    assert hub.get("/v1/directory/offers")["items"] == [changed]
    with hub.parts.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(LocalOfferRow)) == 2
    hub.as_client("refuge", scopes=WRITER)
    names = [one["name"] for one in hub.get(where)["services"]]
    assert names == ["Sleep clinic", "Night shelter"]


@pytest.mark.parametrize(
    ("more", "pointer"),
    [
        ({"agency": "nobody"}, "#/agency"),
        ({"services": [uid(99)]}, "#/services/0"),
        ({"starts": "2026-04-01", "ends": "2026-03-01"}, "#/ends"),
        ({"url": "javascript:alert(1)"}, "#/url"),
        ({"url": "https://"}, "#/url"),
        ({"url": "http://[x"}, "#/url"),
        ({"audience": "friends"}, "#/audience"),
        ({"title": " "}, "#/title"),
        ({"colour": "red"}, "#/colour"),
    ],
)
def test_a_wrong_offer_is_refused_with_its_place(
    hub: Service, more: dict[str, Any], pointer: str
) -> None:
    refused = hub.post("/v1/directory/offers", OFFER | more, 422)
    assert [error["pointer"] for error in refused["errors"]] == [pointer]


def test_an_offer_stays_with_its_agency(hub: Service) -> None:
    made = published(hub)
    where = f"/v1/directory/offers/{made['id']}"
    assert put(hub, where, OFFER | {"agency": "refuge"}, 422)["code"] == "unknown_reference"
    assert put(hub, f"/v1/directory/offers/{uid(9)}", OFFER, 404)["code"] == "not_found"


def test_offers_come_in_pages(hub: Service) -> None:
    for agency in ("refuge", "eh-hub", "oak-school"):
        published(hub, agency=agency)
    first = hub.get("/v1/directory/offers?size=2")
    rest = hub.get(f"/v1/directory/offers?size=2&cursor={first['page']['next']}")
    listed = [one["agency"] for one in first["items"] + rest["items"]]
    assert listed == ["eh-hub", "oak-school", "refuge"]


def test_a_pledge_is_kept_with_its_day_and_evidence(hub: Service) -> None:
    body = {"kept_since": "2026-01-05", "evidence": "40 of 44 staff trained."}
    kept = put(hub, TRAINED, body)
    assert (kept["kept"], kept["kept_since"], kept["evidence"]) == (True, *body.values())
    hub.clock.passes(days=1)
    dropped = put(hub, TRAINED, {"kept_since": None})
    assert (dropped["kept"], dropped["evidence"]) == (False, None)
    (hubs,) = hub.get("/v1/directory/pledges?agency=eh-hub")["items"]
    assert [one["pledge"] for one in hubs["pledges"]] == [
        "designated_lead_named",
        "staff_trained",
        "offer_published",
        "easy_access",
        "evidence_of_impact",
    ]
    assert hubs["kept"] == 0
    with hub.parts.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(PledgeRow)) == 2


@pytest.mark.parametrize(
    ("path", "body", "pointer"),
    [
        (TRAINED, {"kept_since": "2026-01-05"}, "#/evidence"),
        (LEAD, {"kept_since": "2026-01-05", "evidence": "Named."}, "#/designated_lead"),
        (
            LEAD,
            {"kept_since": "2026-01-05", "designated_lead": "Ada Bell", "evidence": "ada  BELL"},
            "#/evidence",
        ),
        (TRAINED, {"kept_since": None, "designated_lead": "Ada Bell"}, "#/designated_lead"),
        (TRAINED.replace("eh-hub", "nobody"), {"kept_since": None}, "#/agency"),
        (TRAINED, {"kept_since": "yesterday"}, "#/kept_since"),
        (TRAINED, {}, "#/kept_since"),
    ],
)
def test_a_pledge_without_proof_is_refused(
    hub: Service, path: str, body: dict[str, Any], pointer: str
) -> None:
    assert [error["pointer"] for error in put(hub, path, body, 422)["errors"]] == [pointer]


def test_there_are_five_pledges_and_no_others(hub: Service) -> None:
    assert put(hub, "/v1/directory/pledges/eh-hub/smile", {"kept_since": None}, 404)


def test_agencies_pledges_come_in_pages(hub: Service) -> None:
    for agency in ("refuge", "eh-hub"):
        path = f"/v1/directory/pledges/{agency}/easy_access"
        put(hub, path, {"kept_since": "2026-01-05", "url": "https://x.example"})
    first = hub.get("/v1/directory/pledges?size=1")
    rest = hub.get(f"/v1/directory/pledges?size=1&cursor={first['page']['next']}")
    assert [one["agency"] for one in first["items"] + rest["items"]] == ["eh-hub", "refuge"]


def test_the_leads_name_is_for_practitioners_alone(hub: Service) -> None:
    body = {"kept_since": "2026-01-05", "designated_lead": "Ada Bell", "evidence": "By letter."}
    assert put(hub, LEAD, body)["designated_lead"] == "Ada Bell"
    hub.as_client("oak-school", scopes={"directory.read"})
    (told,) = hub.get("/v1/directory/pledges")["items"]
    assert told["pledges"][0]["designated_lead"] == "Ada Bell"
    for path in ("/offers", "/offers/eh-hub", "/offers.json", "/offers/eh-hub.json"):
        assert "Ada Bell" not in page(hub, path)
    assert "By letter." in page(hub, "/offers/eh-hub")


def test_anyone_reads_what_is_offered_today_and_no_hidden_service(hub: Service) -> None:
    published(hub)
    published(hub, title="For practitioners", audience="practitioners")
    published(hub, title="Last year", starts="2025-01-01", ends="2026-03-02")
    published(hub, title="Next year", starts="2027-01-01")
    published(hub, title="Secret", agency="refuge", audience="practitioners")
    listed = page(hub, "/offers")
    assert "Help before it gets hard" in listed
    for hidden in ("For practitioners", "Last year", "Next year", "refuge", "Night shelter"):
        assert hidden not in listed
    told = page(hub, "/offers/eh-hub")
    assert "Sleep clinic" in told
    assert "Night shelter" not in told
    assert hub.call("GET", "/offers/refuge").status_code == 404
    assert hub.call("GET", "/offers/nobody.json").status_code == 404
    answer = hub.call("GET", "/offers/eh-hub.json")
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert answer.json is not None
    assert [one["title"] for one in answer.json["offers"]] == ["Help before it gets hard"]
    assert HIDDEN not in answer.get_data(as_text=True)
    (all_of_it,) = hub.call("GET", "/offers.json").json["agencies"]  # type: ignore[index]
    assert all_of_it == answer.json


def test_without_offers_the_page_says_so(service: Service) -> None:
    assert "No agency has published its offer yet." in page(service, "/offers")


def test_an_offer_that_ends_is_gone_the_day_it_ends(hub: Service) -> None:
    published(hub, starts="2026-03-02", ends="2026-03-04")
    hub.clock.at += timedelta(days=1)
    assert hub.call("GET", "/offers/eh-hub").status_code == 200
    hub.clock.at += timedelta(days=1)
    assert hub.call("GET", "/offers/eh-hub").status_code == 404
