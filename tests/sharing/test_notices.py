"""What must be told by a deadline (rule 37 of the domain), and what became of it."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from psycopg import errors
from werkzeug.test import TestResponse

from app.kernel.auth import SignedPractitioner
from app.kernel.roles import APP
from app.worker import work_once
from tests.make import (
    CHILD,
    ELM,
    HUB,
    NOBODY,
    OAK,
    Family,
    a_flow,
    a_member,
    a_subject,
    an_agreement,
    in_force,
    kept,
    shielded,
)
from tests.service import ALL_SCOPES, MONDAY, Service
from tests.sharing.seeing import Rows

NOTIFICATION = "safeguarding_notification"
WORDS = {"summary": "Officers attended at 2:10; the children were upstairs."}
NEXT_MORNING = "2026-03-03T08:30:00+00:00"


@pytest.fixture
def covered(service: Service, family: Family) -> Family:
    """The hub may tell Oak School of incidents by statute, through no shield."""
    service.as_client(HUB).post("/v1/purposes", {"code": NOTIFICATION, "title": "Notices"})
    incidents = {"code": "police_incidents", "title": "Incidents", "sensitive": False}
    service.post("/v1/categories", incidents)
    flow = a_flow(
        "incident_notice",
        ["police_incidents"],
        purposes=[NOTIFICATION],
        basis="legal_obligation",
        requires="none",
    )
    members = [a_member(one) for one in (HUB, OAK, ELM)]
    agreement = {"code": "SG-ISA", "flows": [flow], "members": members}
    in_force(service, an_agreement() | agreement | {"retention": kept("police_incidents")})
    return family


def a_notice(*identifiers: dict[str, str], **changes: Any) -> dict[str, Any]:
    return {
        "kind": "domestic_abuse_incident",
        "recipient": OAK,
        "subject": {"identifiers": list(identifiers) or [CHILD]},
        "lawful_basis": "legal_obligation",
        "content": WORDS,
    } | changes


def sent(service: Service, **changes: Any) -> str:
    made: str = service.as_client(HUB).post("/v1/notices", a_notice(**changes))["id"]
    return made


def reads(service: Service, notice: str, agency: str = OAK) -> TestResponse:
    service.as_client(agency, purposes=[NOTIFICATION])
    return service.call("POST", f"/v1/notices/{notice}/reading", json={})


def listed(service: Service, agency: str, query: str) -> list[str]:
    return [one["id"] for one in service.as_client(agency).get(f"/v1/notices?{query}")["items"]]


def worked(service: Service) -> None:
    """Do what waits to be done."""
    while work_once(service.parts.database, service.clock):
        pass


def heard(service: Service, agency: str) -> list[tuple[str, str]]:
    """Return which kinds an agency hears of, about which notice or handover."""
    events = service.as_client(agency).get("/v1/events")["items"]
    return [(one["kind"], one["concerns"]) for one in events]


def code_of(answer: TestResponse, status: int) -> str:
    assert answer.status_code == status, answer.text
    return str(answer.get_json()["code"])


def test_rule_37_a_notice_is_due_before_the_next_school_day_and_read_in_time(
    service: Service, covered: Family, superuser: Rows
) -> None:
    notice = service.as_client(HUB).post("/v1/notices", a_notice())
    assert notice["deadline"] == NEXT_MORNING
    assert "upstairs" not in str(notice)
    assert heard(service, OAK) == [("notice.sent", notice["id"])]

    assert listed(service, OAK, "show=waiting") == [notice["id"]]
    assert listed(service, HUB, "box=sent") == [notice["id"]]
    assert listed(service, ELM, "box=sent") == listed(service, ELM, "") == []
    read = reads(service, notice["id"]).get_json()
    assert (read["content"], read["subject"]) == (WORDS, covered.child)
    assert read["notice"]["read_at"] == service.clock.at.isoformat()

    done = {"done": "support_offered", "note": "Met at the gate by Ms Rell"}
    answered = service.post(f"/v1/notices/{notice['id']}/acknowledgement", done)
    assert answered["done"] == "support_offered"
    (words,) = superuser.execute("select content, note from notice").fetchall()
    assert [bytes(one)[:1] for one in words] == [b"\x01", b"\x01"]  # sealed
    assert b"upstairs" not in bytes(words[0])
    assert listed(service, OAK, "show=waiting") == []
    assert heard(service, HUB) == [("notice.acknowledged", notice["id"])]
    service.clock.passes(days=3)
    assert listed(service, HUB, "box=sent&show=overdue") == []


def test_sending_and_reading_are_lines_of_the_log(
    service: Service, covered: Family, superuser: Rows
) -> None:
    entry = reads(service, sent(service)).get_json()["entry"]
    facts = superuser.execute(
        "select e.id, recipient, source, outcome, s.subject,"
        " convert_from(facts, 'utf8')::jsonb ->> 'act'"
        " from log_entry e join log_subject s on s.id = e.id order by e.id"
    ).fetchall()

    acts = {row[5]: row for row in facts}
    assert acts.keys() == {"notice_sent", "notice_read"}
    assert str(acts["notice_read"][0]) == entry
    for row in facts:
        assert [str(one) for one in row[1:5]] == [OAK, HUB, "permit", covered.child]


@pytest.mark.parametrize(
    ("changes", "status", "code"),
    [
        ({"recipient": ELM}, 403, "flow_not_covered"),
        ({"lawful_basis": "public_task"}, 403, "basis_not_accepted"),
        ({"kind": "school_exclusion"}, 422, "unknown_word"),
        ({"subject": {"identifiers": [NOBODY]}}, 404, "not_available"),
        ({"recipient": HUB}, 422, "to_itself"),
        ({"recipient": "nobody"}, 422, "unknown_word"),
        ({"happened_at": "2026-03-02T09:31:00Z"}, 422, "dates_out_of_order"),
        ({"kind": "gossip"}, 422, "request_invalid"),
    ],
)
def test_a_notice_that_may_not_be_sent(
    service: Service, covered: Family, changes: dict[str, Any], status: int, code: str
) -> None:
    answer = service.as_client(HUB).call("POST", "/v1/notices", json=a_notice(**changes))

    assert code_of(answer, status) == code
    assert listed(service, HUB, "box=sent") == []


def test_a_refused_notice_is_logged_for_its_sender_alone(
    service: Service, covered: Family, superuser: Rows
) -> None:
    shielded(service, covered.child)
    answer = service.as_client(HUB).call("POST", "/v1/notices", json=a_notice())

    assert code_of(answer, 404) == "not_available"
    ((recipient, outcome),) = superuser.execute("select recipient, outcome from log_entry")
    assert (recipient, outcome) == (HUB, "deny")


def test_a_shield_set_after_the_sending_stops_the_reading(
    service: Service, covered: Family
) -> None:
    notice = sent(service)
    shielded(service, covered.child)

    assert code_of(reads(service, notice), 404) == "not_available"
    assert listed(service, OAK, "show=waiting") == [notice]


def test_a_client_without_the_purpose_reads_no_notice(service: Service, covered: Family) -> None:
    notice = sent(service)
    service.as_client(OAK)
    answer = service.call("POST", f"/v1/notices/{notice}/reading", json={})

    assert code_of(answer, 403) == "client_not_permitted"


def test_a_token_for_another_agreement_reads_no_notice(service: Service, covered: Family) -> None:
    notice = sent(service)
    for agreement, status in (("EH-ISA", 403), ("SG-ISA", 200)):
        service.as_client(OAK, purposes=[NOTIFICATION])
        assert service.caller is not None
        vouched = SignedPractitioner("teacher-7", "lead", NOTIFICATION, agreement)
        service.caller = replace(service.caller, practitioner=vouched)
        answer = service.call("POST", f"/v1/notices/{notice}/reading", json={})
        assert answer.status_code == status, answer.text


def test_rule_37_what_nobody_reads_is_overdue_for_sender_recipient_and_ig_leads(
    service: Service, covered: Family
) -> None:
    notice = sent(service)
    service.clock.passes(days=1)
    worked(service)

    for agency, box in ((HUB, "sent"), (OAK, "received")):
        assert listed(service, agency, f"box={box}&show=overdue") == [notice]
        assert ("notice.overdue", notice) in heard(service, agency)
    service.clock.passes(minutes=10)
    worked(service)
    assert len(heard(service, HUB)) == 1
    service.as_client(ELM, scopes=ALL_SCOPES | {"log.audit"})
    assert [one["id"] for one in service.get("/v1/notices/overdue")["items"]] == [notice]
    service.as_client(ELM)
    assert service.call("GET", "/v1/notices/overdue").status_code == 403
    late = reads(service, notice).get_json()["notice"]
    assert late["read_at"] > late["deadline"]
    assert listed(service, HUB, "box=sent&show=overdue") == []


def test_a_withdrawn_notice_is_read_by_nobody(service: Service, covered: Family) -> None:
    notice = sent(service)
    at = f"/v1/notices/{notice}/withdrawal"
    assert service.as_client(OAK).call("POST", at, json={}).status_code == 404
    withdrawn = service.as_client(HUB).post(at, {}, 200)

    assert withdrawn["withdrawn_at"] == service.clock.at.isoformat()
    assert code_of(reads(service, notice), 404) == "not_available"
    assert ("notice.withdrawn", notice) in heard(service, OAK)
    again = service.as_client(HUB).call("POST", at, json={})
    assert code_of(again, 409) == "notice_not_standing"
    service.clock.passes(days=2)
    assert listed(service, HUB, "box=sent&show=overdue") == []


def test_a_corrected_notice_takes_the_place_of_the_first(service: Service, covered: Family) -> None:
    first = sent(service)
    a_subject(service, NOBODY)
    service.clock.passes(hours=2)
    second = sent(service, corrects=first, content={"summary": "No child was at home."})

    assert code_of(reads(service, first), 404) == "not_available"
    read = reads(service, second).get_json()
    assert read["content"] == {"summary": "No child was at home."}
    assert read["notice"]["happened_at"] == MONDAY.isoformat()
    assert ("notice.corrected", second) in heard(service, OAK)
    for body in (a_notice(corrects=first), a_notice(NOBODY, corrects=second)):
        answer = service.as_client(HUB).call("POST", "/v1/notices", json=body)
        assert code_of(answer, 409) == "notice_not_standing"


def test_an_answer_comes_after_the_reading_and_once(service: Service, covered: Family) -> None:
    notice, done = sent(service), {"done": "noted"}
    at = f"/v1/notices/{notice}/acknowledgement"
    assert code_of(service.as_client(OAK).call("POST", at, json=done), 409) == "notice_unread"
    reads(service, notice)
    service.post(at, done)
    assert code_of(service.call("POST", at, json=done), 409) == "notice_acknowledged"
    assert code_of(service.as_client(HUB).call("POST", at, json=done), 404) == "not_available"


def test_a_notice_under_a_key_is_sent_once(service: Service, covered: Family) -> None:
    answers = [
        service.as_client(HUB).call(
            "POST", "/v1/notices", json=a_notice(), headers={"Idempotency-Key": "incident-7"}
        )
        for _ in range(2)
    ]

    assert [one.status_code for one in answers] == [201, 201]
    assert answers[0].get_json() == answers[1].get_json()
    assert len(listed(service, HUB, "box=sent")) == 1


def test_school_holidays_are_set_whole_and_move_the_deadline(
    service: Service, covered: Family
) -> None:
    spring = {"title": "Spring", "first_day": "2026-03-03", "last_day": "2026-03-06"}
    at = "/v1/notices/school-holidays"
    backwards = spring | {"last_day": "2026-03-01"}
    answer = service.as_client(HUB).call("PUT", at, json={"holidays": [backwards]})
    assert code_of(answer, 422) == "dates_out_of_order"
    for _ in range(2):
        assert service.call("PUT", at, json={"holidays": [spring]}).status_code == 200
    assert service.get(at) == {"holidays": [spring]}

    notice = service.post("/v1/notices", a_notice())
    assert notice["deadline"] == "2026-03-09T08:30:00+00:00"


def test_a_notice_is_removed_when_its_category_must_go(
    service: Service, covered: Family, superuser: Rows
) -> None:
    notice = sent(service)
    service.clock.at = MONDAY + timedelta(days=365 * 6 + 3)
    assert code_of(reads(service, notice), 404) == "not_available"
    worked(service)

    ((content, kind),) = superuser.execute("select content, kind from notice")
    assert (content, kind) == (None, "domestic_abuse_incident")
    assert listed(service, HUB, "box=sent") == [notice]


def test_rule_44_a_notice_past_its_date_stays_while_its_recipient_is_under_a_hold(
    service: Service, covered: Family, superuser: Rows
) -> None:
    words = {"reason": "an inquiry asks for it", "authority": "letter", "set_by": "staff-2"}
    sent(service)
    service.as_client(OAK).post("/v1/legal-holds", words)
    service.clock.at = MONDAY + timedelta(days=365 * 6 + 3)
    worked(service)

    assert superuser.execute("select count(content) from notice").fetchone() == (1,)


def test_the_database_shows_a_notice_to_its_two_agencies_alone(
    service: Service, covered: Family, connected_as: Callable[[str], Rows]
) -> None:
    sent(service)
    app, count = connected_as(APP), "select count(*) from notice"
    seen = {}
    for agency in (HUB, OAK, ELM, ""):
        app.execute("select set_config('rightshare.agency', %s, false)", [agency])
        seen[agency] = app.execute(count).fetchone()

    assert seen == {HUB: (1,), OAK: (1,), ELM: (0,), "": (0,)}
    app.execute("select set_config('rightshare.agency', %s, false)", [OAK])
    for forbidden in (
        "insert into notice select (jsonb_populate_record(notice, '{}')).* from notice",
        "delete from notice",
        "update notice set deadline = now()",
    ):
        with pytest.raises(errors.InsufficientPrivilege):
            app.execute(forbidden)


def test_rule_35_no_answer_returns_an_identifier_that_its_reader_did_not_send(
    service: Service, covered: Family
) -> None:
    notice = sent(service)
    answers = [
        reads(service, notice),
        service.call("GET", "/v1/notices"),
        service.call("GET", "/v1/events"),
        service.call(
            "POST",
            f"/v1/subjects/{covered.child}/timeline",
            json={"purpose": NOTIFICATION, "lawful_basis": "legal_obligation"},
        ),
    ]
    service.as_client(HUB)
    answers += [service.call("GET", path) for path in ("/v1/records", "/v1/notices?box=sent")]

    for answer in answers:
        assert answer.status_code == 200
        assert CHILD["value"] not in answer.text


def test_every_kind_says_what_flow_it_needs_and_which_law_it_serves(service: Service) -> None:
    kinds = service.as_client(OAK).get("/v1/notices/kinds")["kinds"]

    assert {one["code"] for one in kinds} >= {"domestic_abuse_incident", "child_missing"}
    assert all(one["law"] and one["purpose"] and one["category"] for one in kinds)
