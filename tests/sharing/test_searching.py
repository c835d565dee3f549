"""The log is searched by every filter of the design, page by page, and each reading is logged."""

from typing import Any

import pytest

from sharing.queries.searching import MOST_WINDOWS, WINDOW
from tests.make import (
    CHILD,
    ELM,
    HUB,
    NOBODY,
    OAK,
    SUPPORT,
    Family,
    a_record,
    ask,
    overriding,
    said,
    statutory,
)
from tests.make import request as wanted
from tests.service import Service
from tests.sharing.indexed import crowd, indexed, sequenced
from tests.sharing.seeing import Rows, entries

READER = ("log.read", "log.audit")
MONDAY_NIGHT = "2026-03-02T23:30:00+00:00"
TEACHER = {"agency": OAK, "id": "teacher-7"}


@pytest.fixture
def asked(service: Service, family: Family, superuser: Rows) -> dict[str, str]:
    """A history of one entry of each sort, by name; then the whole log's reader calls."""
    made: dict[str, str] = {}

    def asks(name: str, status: int, *args: Any, **more: Any) -> None:
        service.clock.passes(minutes=1)
        assert ask(service, *args, **more).status_code == status
        (made[name],) = [str(one.id) for one in entries(superuser) if str(one.id) not in seen]
        seen.add(made[name])

    seen: set[str] = set()
    asks("overridden", 200, overriding())
    asks("unknown", 404, wanted(NOBODY))
    said(service, family)
    a_record(service, "assessment", {"needs": "sleep"})
    asks("plan", 200)
    asks("statutory", 200, statutory())
    asks("elm", 403, agency=ELM)
    service.clock.passes(hours=14)
    asks("night", 200, wanted(practitioner={"id": "teacher-8", "role": ""}))
    asks("pointer", 404, wanted(kind="pointer", source="*", categories=["involvement"]))
    indexed(service, superuser)
    service.as_client(HUB, scopes=READER)
    return made


def found(service: Service, asked: dict[str, str], **filters: Any) -> list[str]:
    """Return the names of what a search finds, the newest first."""
    page = service.post("/v1/log/entries/search", {"entry": "decision"} | filters, 200)
    names = {entry: name for name, entry in asked.items()}
    return [names[one["id"]] for one in page["items"]]


FILTERS: list[tuple[dict[str, Any], list[str]]] = [
    ({}, ["pointer", "night", "elm", "statutory", "plan", "unknown", "overridden"]),
    ({"agency": ELM}, ["elm"]),
    ({"agency": HUB}, ["night", "elm", "statutory", "plan", "unknown", "overridden"]),
    ({"source": HUB, "agency": OAK, "override": True}, ["overridden"]),
    ({"client": f"{ELM}-client"}, ["elm"]),
    ({"practitioner": TEACHER, "outcome": "permit"}, ["statutory", "plan", "overridden"]),
    ({"practitioner": {"agency": ELM, "id": "teacher-7"}}, ["elm"]),
    ({"practitioner": {"agency": HUB, "id": "teacher-7"}}, []),
    ({"subject": {"identifiers": [CHILD]}, "code": "not_available"}, ["pointer"]),
    ({"subject": {"identifiers": [NOBODY]}}, ["unknown"]),
    ({"subject": {"identifiers": [CHILD]}, "outcome": "deny"}, ["pointer", "elm"]),
    ({"subject": {"identifiers": [CHILD]}, "family": True, "override": True}, ["overridden"]),
    ({"purpose": "safeguarding"}, ["statutory"]),
    ({"basis": "legal_obligation"}, ["statutory"]),
    ({"category": "involvement"}, ["pointer"]),
    ({"outcome": "deny", "code": "flow_not_covered"}, ["elm"]),
    ({"ground": "override"}, ["overridden"]),
    ({"ground": "agreement"}, ["night", "plan"]),
    ({"flag": "shield_pierced"}, []),
    ({"override": True}, ["overridden"]),
    ({"override": False, "outcome": "permit", "purpose": SUPPORT}, ["night", "plan"]),
    ({"duty": "open", "ground": "override"}, ["overridden"]),
    ({"agreement": "EH-ISA"}, ["night", "statutory", "plan", "overridden"]),
    ({"agreement": "EH-ISA", "version": 2}, []),
    ({"agreement": "EH-ISA", "version": 1, "override": True}, ["overridden"]),
    ({"out_of_hours": True}, ["pointer", "night"]),
    ({"first_contact": True, "subject": {"identifiers": [CHILD]}}, ["night", "overridden"]),
    ({"since": MONDAY_NIGHT}, ["pointer", "night"]),
    ({"until": MONDAY_NIGHT, "kind": "content", "agency": ELM}, ["elm"]),
    ({"kind": "pointer"}, ["pointer"]),
]


def test_every_filter_finds_what_fits_and_nothing_else(
    service: Service, asked: dict[str, str]
) -> None:
    for filters, names in FILTERS:
        assert (filters, found(service, asked, **filters)) == (filters, names)


def test_pages_follow_one_another_and_a_cursor_goes_with_its_filters(
    service: Service, asked: dict[str, str]
) -> None:
    body: dict[str, Any] = {"agency": OAK, "entry": "decision", "size": 2}
    seen, page = [], service.post("/v1/log/entries/search", body, 200)
    first = page["page"]["next"]
    while page["page"]["next"]:
        seen += [one["id"] for one in page["items"]]
        cursor = {"cursor": page["page"]["next"]}
        page = service.post("/v1/log/entries/search", body | cursor, 200)
    seen += [one["id"] for one in page["items"]]

    assert seen == [entry for name, entry in reversed(asked.items()) if name != "elm"]
    for other in ({"agency": ELM}, {"size": 2, "override": True}):
        sent = body | other | {"cursor": first}
        answer = service.call("POST", "/v1/log/entries/search", json=sent)
        assert (answer.status_code, answer.json["code"]) == (422, "cursor_invalid"), other
    answer = service.call("GET", f"/v1/log/entries?agency={OAK}&size=2&cursor={first}")
    assert (answer.status_code, answer.json["code"]) == (422, "cursor_invalid")


def test_a_list_by_url_takes_the_filters_that_name_nobody(
    service: Service, asked: dict[str, str]
) -> None:
    page = service.get("/v1/log/entries?override=true&outcome=permit&count=true")

    assert [one["id"] for one in page["items"]] == [asked["overridden"]]
    assert page["count"] == {"n": 1, "exact": True}
    assert page["reach"]["leaves"] == page["reach"]["size"] == len(asked)
    assert page["reach"]["at"].startswith("2026-03-02T23:")
    assert service.get("/v1/log/entries?size=1")["count"] is None


WRONG: list[tuple[str, str]] = [
    ("since=2026-03-02T10:00:00Z&until=2026-03-02T10:00:00Z", "until"),
    ("since=2026-03-02", "since"),
    ("version=3", "version"),
    ("version=0&agreement=A", "version"),
    ("agency=nobody", "agency"),
    ("source=nobody", "source"),
    ("purpose=gossip", "purpose"),
    ("category=gossip", "category"),
    ("outcome=maybe", "outcome"),
    ("code=nonsense", "code"),
    ("ground=nonsense", "ground"),
    ("flag=nonsense", "flag"),
    ("entry=nonsense", "entry"),
    ("basis=nonsense", "basis"),
    ("duty=nonsense", "duty"),
    ("override=maybe", "override"),
    ("colour=blue", "colour"),
    ("practitioner=teacher-7", "practitioner"),
    ("subject=9990000018", "subject"),
    ("override=true&override=false", "override"),
]


def test_what_is_wrong_with_a_filter_is_named(service: Service, asked: dict[str, str]) -> None:
    for query, named in WRONG:
        answer = service.call("GET", f"/v1/log/entries?{query}")
        assert answer.status_code == 422, query
        assert [one["parameter"] for one in answer.json["errors"]] == [named], query
    for body, named in (
        ({"family": True}, "#/family"),
        ({"practitioner": {"agency": "nobody", "id": "x"}}, "#/practitioner"),
        ({"practitioner": {"id": "x"}}, "#/practitioner/agency"),
        ({"since": "2026-03-02T10:00:00Z", "until": "2026-03-01T10:00:00Z"}, "#/until"),
        ({"override": "true"}, "#/override"),
        ({"colour": "blue"}, "#/colour"),
    ):
        answer = service.call("POST", "/v1/log/entries/search", json=body)
        assert answer.status_code == 422, body
        assert [one["pointer"] for one in answer.json["errors"]] == [named], body


def test_an_agency_finds_its_own_entries_and_by_nothing_that_it_may_not_read(
    service: Service, asked: dict[str, str]
) -> None:
    service.as_client(ELM, scopes=("log.read",))
    assert found(service, asked) == ["elm"]
    assert found(service, asked, agency=OAK) == []
    assert found(service, asked, practitioner=TEACHER) == []
    service.as_client(OAK, scopes=("log.read",))
    assert found(service, asked, override=True) == ["overridden"]

    of_a_child = {"subject": {"identifiers": [CHILD]}}
    for filters in (
        {"ground": "override"},
        {"flag": "shield_pierced"},
        {"first_contact": True},
        of_a_child,
        of_a_child | {"family": True},
    ):
        answer = service.call("POST", "/v1/log/entries/search", json=filters)
        assert (answer.status_code, answer.json["code"]) == (403, "filter_not_permitted")
    facts = service.get("/v1/log/entries?override=true")["items"][0]["facts"]
    assert not facts.keys() & {"flags", "withheld", "left_out"}


def test_what_has_no_line_yet_is_not_passed_over_in_silence(
    service: Service, asked: dict[str, str], superuser: Rows
) -> None:
    ask(service, overriding())
    sequenced(service, superuser)
    page = service.as_client(HUB, scopes=READER).get("/v1/log/entries?override=true")

    assert [one["id"] for one in page["items"]] == [asked["overridden"]]
    reach = page["reach"]
    assert (reach["leaves"], reach["size"]) == (len(asked), len(asked) + 1)


def test_every_reading_is_an_entry_that_names_whom_it_looked_for_in_its_erasable_half(
    service: Service, asked: dict[str, str], family: Family, superuser: Rows
) -> None:
    service.clock.passes(seconds=1)
    found(service, asked, subject={"identifiers": [CHILD]}, practitioner=TEACHER)
    service.clock.passes(seconds=1)
    service.get(f"/v1/log/entries/{asked['plan']}")
    service.clock.passes(seconds=1)
    second, first = service.get("/v1/log/entries?size=2")["items"]

    assert (first["facts"]["act"], second["facts"]["act"]) == ("search", "entry")
    assert second["facts"]["entry"] == asked["plan"]
    said = first["facts"]
    assert said["filters"] == {"entry": "decision", "named": ["practitioner", "subject"]}
    assert (said["client"], said["whole_log"], said["outcome"]) == (f"{HUB}-client", True, "read")
    about = service.get(f"/v1/log/entries/{first['id']}")["about"]
    assert (about["subject"], about["looked_for"]) == (family.child, TEACHER)
    assert CHILD["value"] not in str(said)
    indexed(service, superuser)
    readings = service.get("/v1/log/entries?entry=reading")["items"]
    assert [one["facts"]["act"] for one in readings[-2:]] == ["entry", "search"]


def test_a_refused_search_leaves_no_entry_and_a_search_that_cannot_be_logged_tells_nothing(
    service: Service, asked: dict[str, str], superuser: Rows
) -> None:
    before = len(entries(superuser))
    service.call("GET", "/v1/log/entries?agency=nobody")
    assert len(entries(superuser)) == before
    superuser.execute("revoke insert on log_pending from rightshare_app")

    for path in ("/v1/log/entries", f"/v1/log/entries/{asked['plan']}"):
        answer = service.call("GET", path)
        assert answer.status_code >= 500
        assert OAK not in answer.text


def test_a_duty_is_overdue_once_its_days_are_over(
    service: Service, asked: dict[str, str], superuser: Rows
) -> None:
    assert found(service, asked, duty="overdue") == []
    service.clock.passes(days=2)  # the source of an override is told within one

    assert found(service, asked, duty="overdue") == ["overridden"]
    service.as_client(OAK)
    for duty in ("notify_source", "inform_subject"):
        closing = f"/v1/disclosures/{asked['overridden']}/obligations/{duty}"
        service.post(closing, {"outcome": "done"}, 200)
    service.as_client(HUB, scopes=READER)
    assert found(service, asked, duty="overdue") == []
    service.clock.passes(days=6)  # a review is due within seven, and nobody has made it
    assert found(service, asked, duty="overdue") == ["overridden"]
    superuser.execute("update obligation set closed_at = now() where code = 'ig_review'")
    assert found(service, asked, duty="overdue") == []


@pytest.mark.long
def test_a_page_that_looked_at_enough_says_where_to_go_on(
    service: Service, asked: dict[str, str], superuser: Rows
) -> None:
    crowd(superuser, (MOST_WINDOWS + 1) * WINDOW)  # none of which fits; what does is behind them
    body = {"agency": HUB, "purpose": SUPPORT, "override": True, "count": True}
    superuser.execute("update log_mark set lines = 900000")  # no mark is rare
    service.clock.passes(days=3)
    pages = [service.post("/v1/log/entries/search", body, 200)]
    while pages[-1]["page"]["next"]:
        more = body | {"cursor": pages[-1]["page"]["next"]}
        pages.append(service.post("/v1/log/entries/search", more, 200))

    assert [len(one["items"]) for one in pages] == [0, 1]
    assert [one["count"] for one in pages] == [{"n": 0, "exact": False}] * 2
    assert pages[-1]["items"][0]["id"] == asked["overridden"]
