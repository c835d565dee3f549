"""The queue of reviewers, from an override that lands in it to an outcome that two agree on."""

import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from psycopg import errors

from app.kernel.roles import APP
from tests.make import ELM, HUB, OAK, Family, ask, overriding, said, shielded
from tests.service import Service
from tests.sharing.reviewed import follow
from tests.sharing.seeing import Rows, entries, latest
from tests.sharing.test_erasure import erased

REVIEWS = "/v1/log/reviews"
OWN, WHOLE = ("log.review",), ("log.review", "log.audit")
NOBODY = "01890000-0000-7000-8000-000000000000"
JUSTIFICATION = overriding()["override"]["justification"]


@pytest.fixture
def entry(service: Service, family: Family, superuser: Rows, tmp_path: Path) -> str:
    """An override by teacher-7 of Oak School, in the queue."""
    assert ask(service, overriding()).status_code == 200
    made = str(latest(superuser).id)
    follow(service, tmp_path)
    return made


def reviewer(service: Service, name: str = "r1", agency: str = HUB, scopes: Any = WHOLE) -> None:
    service.as_client(agency, scopes=scopes, client_id=name)


def does(service: Service, entry: str, act: str, **body: Any) -> tuple[int, Any]:
    """Do something to a review; the status and what was answered."""
    answer = service.call("POST", f"/v1/log/entries/{entry}/review/{act}", json=body)
    return answer.status_code, answer.get_json()


def closes(service: Service, entry: str, outcome: str = "explained") -> tuple[int, str]:
    """Close a review; the status, and the state or the code of the refusal."""
    status, told = does(service, entry, "outcome", outcome=outcome, because="looked into it")
    return status, told.get("state", told.get("code"))


def test_rule_30_an_override_lands_in_the_queue_and_the_list_names_nobody(
    service: Service, entry: str
) -> None:
    reviewer(service)
    (item,) = service.get(REVIEWS)["items"]
    assert (item["entry"], item["state"], item["priority"]) == (entry, "new", "urgent")
    assert item["why"] == ["score", "override"]
    assert [one["flag"] for one in item["flags"]] == ["override", "not_involved"]
    assert item["reference"].startswith("R-0")
    due = datetime.fromisoformat(item["due"]) - datetime.fromisoformat(item["queued_at"])
    assert due == timedelta(hours=24)
    alone = service.get(f"/v1/log/entries/{entry}/review")
    assert alone["item"] == item
    assert [one["act"] for one in alone["acts"]] == ["queued"]
    assert not [word for word in ("teacher-7", JUSTIFICATION) if word in json.dumps([item, alone])]


def test_opening_is_an_entry_of_the_log_each_time(
    service: Service, entry: str, family: Family, superuser: Rows
) -> None:
    reviewer(service)
    for _ in range(2):
        status, opened = does(service, entry, "opening")
        assert status == 200
    assert opened["entry"]["about"]["practitioner"]["id"] == "teacher-7"
    assert opened["entry"]["about"]["override"]["justification"] == JUSTIFICATION
    assert (opened["item"]["state"], opened["item"]["owner"]) == ("in_review", "r1")
    assert opened["line_known"] is False
    read = [one for one in entries(superuser) if one.said.get("act") == "review_opened"]
    assert [(one.recipient, one.said["client"], one.said["entry"]) for one in read] == [
        (HUB, "r1", entry)
    ] * 2
    assert str(read[0].subject) == family.child
    assert json.loads(read[0].leaf)["kind"] == "reading"


def test_rule_47_nobody_closes_a_review_of_their_own_request(service: Service, entry: str) -> None:
    for name, agency, code in (
        ("r1", HUB, "review_not_opened"),
        ("Teacher-7", OAK, "own_review"),
        (f"{OAK}-client", OAK, "own_review"),
    ):
        reviewer(service, name, agency)
        status = 409 if code == "review_not_opened" else 403
        assert closes(service, entry) == (status, code), name
        does(service, entry, "opening")
    assert closes(service, entry) == (403, "own_review")  # not even one who has read it
    reviewer(service, "teacher-7", ELM)  # another agency's staff may go by the same number
    does(service, entry, "opening")
    assert closes(service, entry) == (200, "explained")
    assert closes(service, entry) == (409, "review_closed")
    assert does(service, entry, "notes", note="late")[1]["code"] == "review_closed"


def test_rule_47_nor_does_who_answers_for_them_where_that_is_declared(
    service: Service, entry: str
) -> None:
    reviewer(service, "mis", OAK, OWN)
    for practitioner, manager in (("teacher-7", "head-1"), ("deputy-2", "teacher-7")):
        body = {"practitioner": practitioner, "managers": [manager]}
        assert service.call("PUT", f"{REVIEWS}/staff", json=body).status_code == 204
    for name in ("head-1", "deputy-2"):
        reviewer(service, name, OAK, OWN)
        assert does(service, entry, "opening")[1]["line_known"] is True
        assert closes(service, entry) == (403, "own_line")
    reviewer(service, "head-1", HUB)
    does(service, entry, "opening")
    assert closes(service, entry) == (200, "explained")


def test_a_breach_takes_two_and_its_clock_runs_from_the_first(
    service: Service, entry: str, superuser: Rows
) -> None:
    reviewer(service)
    does(service, entry, "opening")
    said_at = service.clock.at
    status, told = does(service, entry, "outcome", outcome="breach", because="sold to a paper")
    assert (status, told["state"], told["breach_said_by"]) == (200, "in_review", "r1")
    assert datetime.fromisoformat(told["breach_deadline"]) == said_at + timedelta(hours=72)
    for outcome in ("breach", "explained"):
        assert closes(service, entry, outcome) == (403, "breach_needs_another")
    service.clock.passes(hours=2)
    reviewer(service, "r2")
    assert closes(service, entry, "breach") == (409, "review_not_opened")
    acts = does(service, entry, "opening")[1]["acts"]
    assert [one["note"] for one in acts if one["act"] == "breach_said"] == ["sold to a paper"]
    assert closes(service, entry, "breach") == (200, "breach")
    closed = service.get(f"/v1/log/entries/{entry}/review")["item"]
    assert datetime.fromisoformat(closed["breach_deadline"]) == said_at + timedelta(hours=72)
    judged = [one.said for one in entries(superuser) if one.outcome == "review"]
    assert [(one["act"], one.get("judged")) for one in judged] == [
        ("breach_said", None),
        ("review_closed", "breach"),
    ]
    with pytest.raises(errors.CheckViolation):
        superuser.execute("update review_item set closed_by = 'R1'")


def test_the_file_fills_the_note_and_people_decide(
    service: Service, family: Family, entry: str
) -> None:
    reviewer(service)
    for act, body in (
        ("reconciliation", {}),
        ("notes", {"note": "x"}),
        ("referral", {"note": "x"}),
    ):
        unread = does(service, entry, act, **body)
        assert (unread[0], unread[1]["code"]) == (409, "review_not_opened")
    does(service, entry, "opening")
    status, told = does(service, entry, "reconciliation")
    assert (status, told["proposed"]) == (201, "inappropriate")
    assert f"{OAK} had no open involvement" in told["note"]
    assert does(service, entry, "assignment", owner="r2")[1]["owner"] == "r2"
    service.clock.passes(minutes=1)
    reviewer(service, "r2")
    does(service, entry, "opening")
    assert does(service, entry, "notes", note="the head says she was on the rota")[0] == 201
    referred = does(service, entry, "referral", note="told J. of safeguarding")[1]
    assert referred["referred_at"] is not None
    assert closes(service, entry, "inappropriate") == (200, "inappropriate")
    acts = service.get(f"/v1/log/entries/{entry}/review")["acts"]
    assert [(one["act"], one["by"]) for one in acts] == [
        ("queued", "(service)"),
        ("opened", "r1"),
        ("reconciled", "r1"),
        ("assigned", "r1"),
        ("opened", "r2"),
        ("noted", "r2"),
        ("referred", "r2"),
        ("closed", "r2"),
    ]
    assert {one["note"] for one in acts} == {None}
    flags = {one["flag"]: one for one in service.get(f"{REVIEWS}/flags")["items"]}
    assert (flags["override"]["inappropriate"], flags["override"]["found_wrong_percent"]) == (
        1,
        100,
    )
    assert flags["shield"]["found_wrong_percent"] is None


def test_closing_a_review_closes_the_duty_of_review(
    service: Service, entry: str, superuser: Rows
) -> None:
    reviewer(service)
    does(service, entry, "opening")
    closes(service, entry)
    duty = superuser.execute(
        "select closed_by, outcome from obligation where entry_id = %s and code = 'ig_review'",
        [entry],
    ).fetchone()
    assert duty == ("r1", "done")


def test_each_agency_sees_its_own_side(service: Service, entry: str) -> None:
    for agency, seen in ((OAK, [entry]), (HUB, [entry]), (ELM, [])):
        reviewer(service, "other", agency, OWN)
        assert [one["entry"] for one in service.get(REVIEWS)["items"]] == seen
        expected = 200 if seen else 404
        assert service.call("GET", f"/v1/log/entries/{entry}/review").status_code == expected
        assert does(service, entry, "opening")[0] == expected
    reviewer(service, "other", ELM, ("log.read",))
    assert service.call("GET", REVIEWS).status_code == 403
    reviewer(service)
    assert does(service, NOBODY, "opening")[1]["code"] == "review_unknown"


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("", 1),
        ("?flag=override&overdue=no", 1),
        ("?flag=shield", 0),
        ("?overdue=yes", 0),
        ("?state=explained", 0),
        ("?owner=r9", 0),
    ],
)
def test_the_queue_is_filtered(service: Service, entry: str, query: str, count: int) -> None:
    reviewer(service)
    assert len(service.get(f"{REVIEWS}{query}")["items"]) == count
    if query == "?overdue=yes":
        service.clock.passes(hours=25)
        assert len(service.get(f"{REVIEWS}{query}")["items"]) == 1


@pytest.mark.parametrize(
    ("act", "body", "pointer"),
    [
        ("outcome", {"outcome": "new", "because": "x"}, "/outcome"),
        ("outcome", {"outcome": "fine", "because": "x"}, "/outcome"),
        ("outcome", {"outcome": "explained"}, "/because"),
        ("notes", {"note": ""}, "/note"),
        ("assignment", {}, "/owner"),
        ("referral", {"note": "x", "colour": "blue"}, "/colour"),
    ],
)
def test_what_is_wrong_with_an_act_is_named(
    service: Service, entry: str, act: str, body: dict[str, Any], pointer: str
) -> None:
    reviewer(service)
    status, told = does(service, entry, act, **body)
    assert status == 422
    assert [one["pointer"] for one in told["errors"]] == [f"#{pointer}"]


def test_rule_44_notes_go_when_the_opening_goes(
    service: Service, family: Family, entry: str
) -> None:
    reviewer(service)
    does(service, entry, "opening")
    does(service, entry, "notes", note="spoke to the mother")
    erased(service, family.child)
    reviewer(service)
    status, opened = does(service, entry, "opening")
    assert (status, opened["entry"]["opening"]) == (200, "erased")
    assert [one["noted"] for one in opened["acts"]][2] is True
    assert {one["note"] for one in opened["acts"]} == {None}
    assert does(service, entry, "notes", note="again")[1]["code"] == "entry_erased"


def test_acts_are_never_changed_not_even_by_a_superuser(
    service: Service, entry: str, superuser: Rows, connected_as: Any
) -> None:
    for statement in ("update review_act set by = 'x'", "delete from review_act"):
        with pytest.raises(errors.InsufficientPrivilege):
            superuser.execute(statement)
    app = connected_as(APP)
    assert app.execute("select from review_item").fetchall() == []
    for statement in ("update review_item set score = 0", "delete from review_item"):
        with pytest.raises(errors.InsufficientPrivilege):
            app.execute(statement)


def test_a_touched_shield_is_queued_at_once_and_its_agency_hears(
    service: Service, family: Family, superuser: Rows, tmp_path: Path
) -> None:
    said(service, family)
    shielded(service, family.child)
    assert ask(service).status_code == 404
    follow(service, tmp_path)
    reviewer(service)
    (item,) = service.get(REVIEWS)["items"]
    assert (item["priority"], item["flags"][0]["flag"]) == ("urgent", "shield")
    assert "shield" in item["why"]
    service.as_client(HUB)
    assert "shield.touched" in [one["kind"] for one in service.get("/v1/events")["items"]]


def test_rule_27_the_queue_does_not_tell_an_agency_what_the_answer_did_not(
    service: Service, family: Family, tmp_path: Path
) -> None:
    said(service, family)
    shielded(service, family.child)
    assert ask(service).status_code == 404  # a shield
    service.clock.passes(minutes=1)
    body = overriding(categories=["plan", "contact"])
    assert ask(service, body).status_code == 404  # the same, insisted on
    follow(service, tmp_path)
    reviewer(service)
    whole = sorted(service.get(REVIEWS)["items"], key=lambda one: one["entry"])
    assert [one["flags"][0]["flag"] for one in whole] == ["shield", "shield"]
    reviewer(service, "lead", OAK, OWN)
    (own,) = service.get(REVIEWS)["items"]
    assert own["entry"] == whole[1]["entry"]
    assert {one["flag"] for one in own["flags"]} == {"override"}
    assert (own["why"], own["priority"]) == (["score", "override"], "high")
    assert service.get(f"{REVIEWS}?flag=shield")["items"] == []
    assert service.call("GET", f"/v1/log/entries/{whole[0]['entry']}/review").status_code == 404
    opened = does(service, own["entry"], "opening")[1]
    assert "shield" not in json.dumps(opened)
    assert opened["entry"]["about"].keys().isdisjoint({"subject", "facts_used"})
    reviewer(service, "lead", HUB, OWN)
    seen = {one["entry"] for one in service.get(REVIEWS)["items"]}
    assert seen == {one["entry"] for one in whole}
