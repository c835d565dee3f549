"""A replay finds exactly what a draft would have changed, and would change now."""

import json
from typing import Any
from uuid import UUID

import pytest

from app.kernel.roles import APP, IG_LEAD
from sharing.actions import replaying
from sharing.chain.leaves import EntryKind, parse_leaf
from tests.make import (
    ELM,
    HUB,
    NOBODY,
    OAK,
    SUPPORT,
    Family,
    a_flow,
    a_record,
    an_agreement,
    ask,
    overriding,
    request,
    said,
    signed_and_activated,
    signs,
    statutory,
    withdrawn,
)
from tests.service import Service
from tests.sharing.replaying import (
    PATH,
    WHY,
    a_draft,
    begun,
    changed,
    flows,
    result,
    without,
    worked,
)
from tests.sharing.seeing import Rows, entries
from tests.sharing.test_entries import opened
from tests.sharing.test_previewing import OFFICE
from tests.sharing.test_roles import ConnectedAs, counted, refused


@pytest.fixture
def history(service: Service, family: Family) -> dict[str, str]:
    """What was asked in one week: the ids of the entries, by what they are of."""
    a_record(service, "assessment", {"level": 3})
    a_record(service, "contact", {"phone": "1"})
    asked: dict[str, Any] = {}

    def asks(name: str, body: dict[str, Any], **who: Any) -> None:
        service.clock.passes(hours=1)
        asked[name] = ask(service, body, **who)

    asks("overridden", overriding())
    asks("unknown", request(NOBODY))
    consent = said(service, family)
    asks("plan", request())
    asks("both", request(categories=["plan", "contact"]))
    asks("assessment", statutory())
    asks("health", request(categories=["health"]))
    asks("elm", request(), agency=ELM)
    asks("invalid", request(categories=["gossip"]))
    withdrawn(service, consent)
    asks("withdrawn", request())
    service.clock.passes(hours=1)
    assert [one.status_code for one in asked.values()] == [
        *(200, 404, 200, 200, 200, 404, 403, 422, 404)
    ]
    listed = service.as_client(HUB, scopes=["log.read", "log.audit"]).get("/v1/log/entries")
    return dict(zip(reversed(asked), (one["id"] for one in listed["items"]), strict=True))


OPEN_TO_ELM = a_flow("elm", ["plan"], requires="none") | {"to": [ELM]}
PARTIES = [
    {"agency": one, "role": "helper", "data_protection_contact": "dpo@x.test"} for one in (HUB, ELM)
]
DRAFTS: dict[str, tuple[dict[str, Any], dict[str, tuple[str, str, str]]]] = {
    "nothing changed": (
        {},
        {},
    ),
    "a flow dropped": (
        {"flows": without("plan")},
        {
            "plan": ("newly_refused", "agreement", "flow_not_covered"),
            "both": ("newly_refused", "agreement", "flow_not_covered"),
            "overridden": ("newly_refused", "override", "flow_not_covered"),
            "unknown": ("other_reason", "no_record", "flow_not_covered"),
            "withdrawn": ("other_reason", "withdrawn", "flow_not_covered"),
        },
    ),
    "a flow added": (
        {"flows": flows(lambda flow: flow, OPEN_TO_ELM)},
        {"elm": ("newly_permitted", "flow_not_covered", "statutory")},
    ),
    "a basis changed": (
        {"flows": changed("safeguarding", basis="public_task")},
        {"assessment": ("newly_refused", "statutory", "basis_not_accepted")},
    ),
    "no consent needed": (
        {"flows": changed("plan", requires="none")},
        {
            "plan": ("other_reason", "agreement", "statutory"),
            "both": ("other_reason", "agreement", "statutory"),
            "withdrawn": ("newly_permitted", "withdrawn", "statutory"),
        },
    ),
    "a category dropped": (
        {"flows": changed("plan", categories=["plan", "household"])},
        {"both": ("other_categories", "agreement", "agreement")},
    ),
    "no override": (
        {"flows": changed("plan", override=False)},
        {"overridden": ("newly_refused", "override", "basis_not_accepted")},
    ),
    "a member leaves": (
        {"parties": PARTIES, "signatories": [HUB]},
        {
            "plan": ("newly_refused", "agreement", "no_agreement"),
            "both": ("newly_refused", "agreement", "no_agreement"),
            "overridden": ("newly_refused", "override", "no_agreement"),
            "assessment": ("newly_refused", "statutory", "no_agreement"),
            "unknown": ("other_reason", "no_record", "no_agreement"),
            "withdrawn": ("other_reason", "withdrawn", "no_agreement"),
            "health": ("other_reason", "no_consent", "no_agreement"),
        },
    ),
}


@pytest.mark.long
def test_it_finds_exactly_the_requests_that_would_be_answered_otherwise(
    service: Service, history: dict[str, str]
) -> None:
    names = {entry: name for name, entry in history.items()}
    for why, (draft, expected) in DRAFTS.items():
        path = PATH.replace("2", str(a_draft(service, **draft)))
        done, listed = result(service, path=path)
        found = {
            names[one["entry"]]: (one["change"], one["before"], one["after"])
            for one in listed
            if one["part"] == "requests"
        }
        assert found == expected, why
        assert done["requests"]["same"] == len(history) - len(expected), why
        changes = [one[0] for one in expected.values()]
        for change in ("newly_permitted", "newly_refused", "other_categories", "other_reason"):
            assert done["requests"][change] == changes.count(change), why
        assert done["not_replayed"] == {"erased": 0, "facts_changed": 0}, why
        grouped = sum(one["count"] for one in done["groups"] if one["part"] == "requests")
        assert grouped == len(expected), why


def test_it_says_what_would_be_told_of_every_subject_now(
    service: Service, family: Family, history: dict[str, str]
) -> None:
    said(service, family)
    service.clock.passes(minutes=1)
    a_draft(service, flows=changed("plan", categories=["plan"], requires="data_consent"))
    done, listed = result(service)

    (one,) = [one for one in listed if one["part"] == "subjects"]
    assert (one["subject"], one["entry"]) == (family.child, None)
    assert (one["recipient"], one["source"], one["purpose"]) == (OAK, HUB, SUPPORT)
    assert (one["told_before"], one["told_after"]) == (["contact", "plan"], [])
    assert one["change"] == "newly_refused"
    assert one["before"] == "agreement"
    assert one["why_before"] == "The family has agreed to be helped."
    assert done["subjects_looked_at"] == 1
    assert done["subjects"]["newly_refused"] == 1
    assert done["subjects"]["same"] == 1  # the assessment, and the address, by statute


def test_a_new_agreement_is_measured_against_none(service: Service, family: Family) -> None:
    ask(service, request(), agency=ELM)
    service.clock.passes(minutes=1)
    service.as_client(HUB).post(
        "/v1/agreements", an_agreement() | {"code": "NEW", "flows": [OPEN_TO_ELM]}
    )
    done, listed = result(service, path="/v1/agreements/NEW/versions/1/preview")
    assert {one["part"]: one["change"] for one in listed} == {
        "requests": "newly_permitted",
        "subjects": "newly_permitted",
    }
    assert done["requests"]["newly_permitted"] == done["subjects"]["newly_permitted"] == 1


def test_days_say_how_far_back_it_looks(service: Service, history: dict[str, str]) -> None:
    a_draft(service, flows=without("plan"))
    service.clock.passes(days=2)
    done, listed = result(service, days=1)
    assert sum(done["requests"].values()) == 0
    assert [one for one in listed if one["part"] == "requests"] == []
    done, _ = result(service, days=3)
    assert sum(done["requests"].values()) == len(history)


def test_what_is_erased_or_has_changed_since_is_counted_and_not_guessed(
    service: Service, family: Family, history: dict[str, str], superuser: Rows
) -> None:
    a_draft(service, flows=without("plan"))
    superuser.execute(
        "update log_subject set subject = null, opening = null, salt = null where id = %s",
        [history["plan"]],
    )
    superuser.execute("update record set recorded_at = now() where category = 'assessment'")
    done, listed = result(service)
    assert done["not_replayed"] == {"erased": 1, "facts_changed": 1}
    assert not {history["plan"], history["assessment"]} & {one["entry"] for one in listed}


def test_the_log_says_who_had_what_replayed_and_why_and_what_came_of_it(
    service: Service, history: dict[str, str], superuser: Rows
) -> None:
    a_draft(service, flows=without("plan"))
    done, _ = result(service)

    first, last = entries(superuser)[-2:]
    assert {parse_leaf(one.leaf).kind for one in (first, last)} == {EntryKind.PREVIEW}
    assert (str(first.id), first.recipient, first.outcome) == (done["entry"], HUB, "preview")
    for one in (first, last):
        assert one.said["agreement"] == "EH-ISA"
        assert one.said["content_sha256"] == done["content_sha256"]
    assert json.loads(opened(service, first))["reason"] == WHY
    assert WHY.encode() not in first.facts
    assert (first.said["days"], last.said["asked_by"]) == (90, done["entry"])
    assert last.said["requests"]["newly_refused"] == done["requests"]["newly_refused"] == 3


def test_the_words_replayed_are_those_of_then_though_the_draft_is_put_right(
    service: Service, history: dict[str, str]
) -> None:
    a_draft(service, flows=without("plan"))
    answer = begun(service)
    whole = an_agreement()
    body = {name: whole[name] for name in whole.keys() - {"code", "title", "members"}}
    service.as_client(HUB).call("PUT", PATH.removesuffix("/preview"), json=body)
    worked(service)
    done = service.as_client(HUB, scopes=OFFICE).get(answer.headers["Location"])
    version = service.as_client(HUB).get("/v1/agreements/EH-ISA")["versions"][1]
    assert done["requests"]["newly_refused"] == 3
    assert done["content_sha256"] != version["content_sha256"]


def killed_or_done(service: Service, preview: str, *, killed: bool) -> None:
    """Replay a small batch, and lose it before its commit if the worker is killed."""
    small = replaying.Batch(entries=2, subjects=1)
    with service.parts.database.transaction() as session:
        replaying.replay_some(session, UUID(preview), service.clock(), small)
        if killed:
            session.rollback()


@pytest.mark.long
def test_killed_in_any_batch_it_goes_on_where_it_was_and_counts_nothing_twice(
    service: Service, family: Family, history: dict[str, str]
) -> None:
    a_draft(service, flows=without("plan"))
    whole, differences = result(service)

    again = begun(service).headers["Location"]
    preview = again.rpartition("/")[2]
    batches = 0
    while service.get(again)["state"] == "running":
        killed_or_done(service, preview, killed=True)
        killed_or_done(service, preview, killed=False)
        batches += 1
    worked(service)  # what was enqueued finds nothing left to do
    done = service.get(again)
    parts = ("requests", "subjects", "subjects_looked_at", "not_replayed", "groups")
    assert batches > len(history) // 2
    assert {one: done[one] for one in parts} == {one: whole[one] for one in parts}
    assert service.get(f"{again}/differences?size=200")["items"] == differences
    assert {one["id"] for one in service.get(PATH)["items"]} == {preview, whole["id"]}
    first = service.get(f"{again}/differences?size=1")
    rest = service.get(f"{again}/differences?cursor={first['page']['next']}")
    assert first["items"] + rest["items"] == differences


def test_an_agency_is_shown_what_the_log_would_show_it(
    service: Service, family: Family, history: dict[str, str]
) -> None:
    said(service, family)
    service.clock.passes(minutes=1)
    a_draft(service, flows=[OPEN_TO_ELM])
    answer = begun(service, "disclosure.preview", agency=OAK)
    assert answer.status_code == 202
    worked(service)

    def shown(agency: str, *scopes: str) -> list[tuple[str, str]]:
        service.as_client(agency, scopes=scopes or ["disclosure.preview"])
        listed = service.get(f"{answer.headers['Location']}/differences?size=200")["items"]
        return sorted({(one["part"], one["recipient"]) for one in listed})

    def reasons(agency: str) -> set[tuple[str, str]]:
        service.as_client(agency, scopes=["disclosure.preview"])
        done = service.get(answer.headers["Location"])
        assert service.get(PATH)["items"] == [done]
        return {(one["before"], one["after"]) for one in done["groups"]}

    assert ("not_available", "flow_not_covered") in reasons(OAK)
    assert ("withdrawn", "flow_not_covered") in reasons(HUB) - reasons(OAK)
    assert reasons(ELM) == {("flow_not_covered", "statutory")}
    assert shown(ELM) == [("requests", ELM)]
    assert shown(OAK) == [("requests", OAK)]
    everything = [("requests", ELM), ("requests", OAK), ("subjects", ELM), ("subjects", OAK)]
    assert shown(HUB) == everything
    assert shown(ELM, *OFFICE) == everything


def test_the_web_process_rewrites_no_result(
    service: Service, history: dict[str, str], connected_as: ConnectedAs
) -> None:
    a_draft(service, flows=without("plan"))
    result(service)
    connection = connected_as(APP)
    tables = ("agreement_preview", "agreement_preview_difference")
    for table, column in zip(tables, ("content", "after"), strict=True):
        refused(connection, "delete from {}", table)
        refused(connection, "truncate {} cascade", table)
        refused(connection, "update {} set {} = {}", table, column, column)
    assert counted(connection, tables[1]) == 0  # it speaks for nobody
    assert counted(connected_as(IG_LEAD), tables[1]) > 0
    refused(connected_as(IG_LEAD), "delete from {}", tables[1])


REFUSALS: list[Any] = [
    (HUB, ["agreement.read"], {}, (403, "insufficient_scope")),
    ("stranger", ["disclosure.preview"], {}, (403, "preview_not_yours")),
    (HUB, OFFICE, {"path": PATH.replace("EH-ISA", "NO")}, (404, "agreement_unknown")),
    (HUB, OFFICE, {"path": PATH.replace("2", "7")}, (404, "agreement_unknown")),
    (HUB, OFFICE, {"path": PATH.replace("2", "1")}, (409, "already_active")),
    (HUB, OFFICE, {"days": 0}, (422, "request_invalid")),
    (HUB, OFFICE, {"days": 366}, (422, "request_invalid")),
    (HUB, OFFICE, {"reason": ""}, (422, "request_invalid")),
]


@pytest.mark.usefixtures("family")
def test_what_cannot_be_replayed_is_refused_by_name_and_leaves_nothing(
    service: Service, superuser: Rows
) -> None:
    a_draft(service)
    for who, scopes, changes, refusal in REFUSALS:
        answer = begun(service, *scopes, agency=who, **changes)
        assert (answer.status_code, answer.get_json()["code"]) == refusal, changes
    assert service.as_client(HUB, scopes=OFFICE).get(PATH)["items"] == []
    (one,) = entries(superuser)  # of who was no member, and so refused
    assert (one.recipient, one.outcome) == ("stranger", "deny")
    assert (one.said["code"], one.said["agreement"]) == ("preview_not_yours", "EH-ISA")
    assert one.said["entry"] == "preview"


def test_a_draft_that_can_no_longer_be_is_not_replayed(
    service: Service, family: Family, superuser: Rows
) -> None:
    a_draft(service)
    a_draft(service)
    signs(service, HUB, version=3)
    signed_and_activated(service, "EH-ISA", 3)
    assert begun(service).get_json()["code"] == "version_superseded"
    service.as_client(HUB).post("/v1/agreements/EH-ISA/termination", {})
    assert begun(service).get_json()["code"] == "already_terminated"
    nothing = f"{PATH}/01890000-0000-7000-8000-000000000000"
    service.as_client(HUB, scopes=OFFICE)
    for path in (nothing, f"{nothing}/differences"):
        answer = service.call("GET", path)
        assert (answer.status_code, answer.get_json()["code"]) == (404, "preview_unknown")
    superuser.execute("update log_state set halted_because = 'a test'")
    a_draft_of_its_own = an_agreement() | {"code": "NEW"}
    service.as_client(HUB).post("/v1/agreements", a_draft_of_its_own)
    assert begun(service, path="/v1/agreements/NEW/versions/1/preview").status_code == 503
