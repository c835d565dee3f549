"""Previews through the API: the decision of a real request, logged, and told to IG leads alone."""

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from werkzeug.test import TestResponse

from sharing.chain.leaves import EntryKind, commitment, parse_leaf
from tests.make import (
    CHILD,
    ELM,
    HUB,
    NOBODY,
    OAK,
    SAFEGUARDING,
    SUPPORT,
    Family,
    a_record,
    ask,
    overriding,
    request,
    said,
    shielded,
    statutory,
    withdrawn,
    withheld,
)
from tests.service import ALL_SCOPES, Service
from tests.sharing.crowd import WAIT, await_waiting, held, on_real_time
from tests.sharing.seeing import Rows, entries, latest, statements
from tests.sharing.test_entries import opened

PATH = "/v1/disclosures/preview"
OFFICE = ("disclosure.preview", "log.audit")
ALL_WITH_AUDIT = ALL_SCOPES | {"log.audit"}
WHY = "A head asked why the plan did not come"


def look(service: Service, *scopes: str, agency: str = HUB, **changes: Any) -> TestResponse:
    body = {"subject": {"identifiers": [CHILD]}, "recipient": OAK, "reason": WHY} | changes
    service.as_client(agency, scopes=scopes or OFFICE)
    return service.call("POST", PATH, json={k: v for k, v in body.items() if v is not None})


def seen(service: Service, *scopes: str, **changes: Any) -> dict[tuple[str, str], dict[str, Any]]:
    """What is told of each category from each source, by content unless it is involvement."""
    answer = look(service, *scopes, **changes)
    assert answer.status_code == 200, answer.text
    return {(one["source"], one["category"]): one for one in answer.get_json()["items"]}


def asked_for(category: str) -> dict[str, Any]:
    """The request whose answer a preview foresees."""
    if category == "involvement":
        return request(categories=[category], kind="pointer")
    if category == "assessment":
        return statutory()
    return request(categories=[category])


def situations(service: Service, family: Family) -> Iterator[str]:
    """One thing after another happens to the child; each is its own test of the same."""
    yield "nothing said"
    spoken = said(service, family, method="verbal")
    yield "a spoken yes"
    service.clock.passes(days=15)
    yield "it lapsed"
    withdrawn(service, spoken)
    yield "it was withdrawn"
    said(service, family)
    yield "a yes in writing"
    withheld(service, "plan")
    yield "the hub holds back"
    shielded(service, family.child)
    yield "a shield"


def test_a_preview_foresees_the_answer_and_the_ground_in_the_log(
    service: Service, family: Family, superuser: Rows
) -> None:
    for category in ("assessment", "contact"):
        a_record(service, category, {"a": "b"})
    a_record(service, "involvement", {"status": "open"})
    told = set()
    for situation in situations(service, family):
        foreseen = seen(service, purpose=SUPPORT) | {
            (HUB, "assessment"): seen(service, purpose=SAFEGUARDING)[HUB, "assessment"]
        }
        for category in ("plan", "contact", "assessment", "involvement", "household", "health"):
            answer, one = ask(service, asked_for(category)), foreseen[HUB, category]
            facts = latest(superuser).said
            permitted = answer.status_code == 200
            assert one["outcome"] == ("permitted" if permitted else "refused"), situation
            true = facts["grounds"][0]["ground"] if permitted else facts["ground"] or facts["code"]
            assert (one["ground"] or one["code"]) == true, (situation, category)
            told.add(true)
    assert told >= {"agreement", "statutory", "no_consent", "lapsed_verbal", "withdrawn"}
    assert told >= {"source_withheld", "shielded", "no_record"}


def test_a_verdict_names_flow_version_and_what_it_rests_on(
    service: Service, family: Family
) -> None:
    consent = said(service, family)
    told = seen(service)[HUB, "plan"]
    assert told["why"] == "The family has agreed to be helped."
    (flow,) = told["flows"]
    assert flow == {
        "agreement": "EH-ISA",
        "version": 1,
        "flow": "plan",
        "basis": "public_task",
        "requires": "family_agreement",
    }
    assert (told["purpose"], told["consents"], told["code"]) == (SUPPORT, [consent], None)
    shield = shielded(service, family.child)
    hidden = seen(service)[HUB, "plan"]
    assert (hidden["code"], hidden["ground"]) == ("not_available", "shielded")
    assert hidden["shields"] == [shield]
    assert hidden["why"] == "A shield protects this person from this agency."


def test_what_is_held_and_no_flow_opens_is_seen_to_be_stopped(
    service: Service, family: Family
) -> None:
    a_record(service, "health", {"a": "b"}, source=ELM)
    told = seen(service)[ELM, "health"]
    assert (told["purpose"], told["code"], told["ground"]) == (None, "flow_not_covered", None)


def test_an_override_can_be_foreseen(service: Service, family: Family) -> None:
    told = seen(service, override="vital_interests", source=HUB, purpose=SUPPORT)
    assert told[HUB, "plan"]["ground"] == "override"
    assert told[HUB, "health"]["code"] == "basis_not_accepted"
    assert ask(service, overriding()).status_code == 200


def test_it_leaves_one_entry_of_its_own_kind_that_says_who_and_why(
    service: Service, family: Family, superuser: Rows
) -> None:
    consent = said(service, family)
    before = len(entries(superuser))
    answer = look(service).get_json()

    seen_entry = latest(superuser)
    assert len(entries(superuser)) == before + 1
    leaf = parse_leaf(seen_entry.leaf)
    assert (leaf.kind, str(leaf.id)) == (EntryKind.PREVIEW, answer["id"])
    assert seen_entry.pending == seen_entry.leaf_hash
    assert seen_entry.salt is not None
    about = opened(service, seen_entry)
    assert leaf.facts == commitment(seen_entry.facts_salt, seen_entry.facts)
    assert leaf.subject == commitment(seen_entry.salt, about)
    assert (seen_entry.recipient, seen_entry.source, seen_entry.outcome) == (HUB, None, "preview")
    assert str(seen_entry.subject) == family.child
    facts, said_of = seen_entry.said, json.loads(about)
    assert (facts["entry"], facts["client"], facts["recipient"]) == (
        "preview",
        "eh-hub-client",
        OAK,
    )
    assert facts["grounds"]["agreement"] == facts["permitted"] == 1
    assert said_of["reason"] == WHY
    assert said_of["identifiers"] == [CHILD]
    assert consent in said_of["facts_used"]
    for kept in (seen_entry.facts, seen_entry.leaf):
        assert CHILD["value"].encode() not in kept
        assert b"head asked" not in kept


def test_an_unknown_subject_gets_the_same_work_and_is_logged_too(
    service: Service, family: Family, superuser: Rows
) -> None:
    def sent_for(**whom: Any) -> list[str]:
        with statements(service.parts.database) as sent:
            assert look(service, **whom).status_code == 200
        return sent

    known = sent_for()
    unknown = sent_for(subject={"identifiers": [NOBODY]})
    assert known == unknown
    told = seen(service, subject={"identifiers": [NOBODY]})
    assert {one["ground"] for one in told.values()} == {"no_record"}
    assert latest(superuser).subject is None


def test_no_content_is_read(service: Service, family: Family) -> None:
    said(service, family)
    assert "sleep through the night" not in look(service).text


def test_the_ig_lead_of_an_agency_is_told_what_that_agency_may_know(
    service: Service, family: Family
) -> None:
    said(service, family)
    a_record(service, "health", {"a": "b"}, source=ELM)
    own = seen(service, "disclosure.preview", agency=HUB)
    assert {source for source, _ in own} == {HUB}
    assert own[HUB, "plan"]["ground"] == "agreement"
    shielded(service, family.child, unaffected=[ELM])
    receives = seen(service, "disclosure.preview", agency=OAK)
    holds = seen(service, "disclosure.preview", agency=HUB)
    for told in (receives[HUB, "plan"], holds[HUB, "plan"]):
        assert (told["code"], told["ground"]) == ("not_available", None)
        assert told["shields"] == told["consents"] == []
    kept = seen(service, "disclosure.preview", agency=ELM)
    assert set(kept) == {(ELM, "health"), (ELM, "involvement")}


REFUSALS: list[Any] = [
    (ALL_SCOPES - {"disclosure.preview"}, {}, (403, "insufficient_scope")),
    (["disclosure.preview"], {"source": ELM}, (403, "preview_not_yours")),
    (OFFICE, {"recipient": "nobody"}, (422, "unknown_word")),
    (OFFICE, {"source": "nobody"}, (422, "unknown_word")),
    (OFFICE, {"purpose": "gossip"}, (422, "unknown_word")),
    (OFFICE, {"kind": "gossip"}, (422, "request_invalid")),
    (OFFICE, {"reason": " "}, (422, "request_invalid")),
    (OFFICE, {"reason": None}, (422, "request_invalid")),
    (OFFICE, {"subject": {"identifiers": []}}, (422, "request_invalid")),
]


@pytest.mark.usefixtures("family")
def test_who_may_not_and_what_makes_no_sense_is_refused_by_name(
    service: Service, superuser: Rows
) -> None:
    for scopes, changes, refusal in REFUSALS:
        answer = look(service, *scopes, **changes)
        assert (answer.status_code, answer.get_json()["code"]) == refusal, changes
    (one,) = entries(superuser)
    assert one.said["code"] == "preview_not_yours"


@pytest.mark.usefixtures("family")
def test_a_preview_that_is_refused_is_logged_too(service: Service, superuser: Rows) -> None:
    for changes in ({"source": ELM}, {"recipient": "nobody", "source": "no-person"}):
        assert look(service, "disclosure.preview", **changes).status_code == 403
    told, unknown = entries(superuser)
    assert (told.outcome, told.subject) == ("deny", None)
    assert parse_leaf(told.leaf).kind is EntryKind.PREVIEW
    facts = told.said
    assert (facts["code"], facts["recipient"], facts["source"]) == ("preview_not_yours", OAK, ELM)
    assert (facts["client"], facts["whole_log"]) == ("eh-hub-client", False)
    about = json.loads(opened(service, told))
    assert (about["identifiers"], about["reason"]) == ([CHILD], WHY)
    # a code that nobody has could be anything, even a name: facts are never erased
    assert (unknown.said["recipient"], unknown.said["source"]) == ("(unknown)", "(unknown)")
    superuser.execute("update log_state set halted_because = 'a test'")
    assert look(service, "disclosure.preview", source=ELM).status_code == 503


@pytest.mark.usefixtures("family")
def test_a_suspended_agency_previews_nothing(service: Service, superuser: Rows) -> None:
    service.as_client(HUB).post(f"/v1/agencies/{HUB}/suspension", {})
    service.clock.passes(minutes=1)
    answer = look(service)
    assert (answer.status_code, answer.get_json()["code"]) == (403, "agency_not_active")
    assert answer.get_json()["detail"].startswith("An agency that is suspended receives nothing")
    assert latest(superuser).said["code"] == "agency_not_active"


def test_without_the_log_nothing_is_told(service: Service, family: Family, superuser: Rows) -> None:
    superuser.execute("update log_state set halted_because = 'a test'")
    assert look(service).status_code == 503
    superuser.execute("update log_state set halted_because = null")
    superuser.execute("alter table log_pending rename to gone")
    assert look(service).status_code == 503


def test_the_family_is_not_told_that_something_was_disclosed(
    service: Service, family: Family
) -> None:
    said(service, family)
    look(service)
    path = f"/v1/subjects/{family.child}/disclosures?asked_by={family.mother}"
    assert service.as_client(HUB).get(path)["items"] == []


def test_a_practitioner_with_a_conflict_is_foreseen(service: Service, family: Family) -> None:
    said(service, family)
    barred = {"subject": family.child, "practitioner": "teacher-7", "reason": "an aunt"}
    service.as_client(HUB).post("/v1/conflicts-of-interest", barred)
    told = seen(service, practitioner={"id": "teacher-7", "role": "teacher"}, purpose=SUPPORT)
    assert told[HUB, "plan"]["ground"] == "conflict_of_interest"
    assert seen(service, purpose=SAFEGUARDING)[HUB, "assessment"]["ground"] == "no_record"


@pytest.mark.long
def test_a_preview_waits_for_the_withdrawal_that_is_being_written(
    service: Service, family: Family, superuser: Rows
) -> None:
    consent = said(service, family)
    looker, changer = (on_real_time(service).as_client(HUB, scopes=ALL_WITH_AUDIT) for _ in "12")
    body = {"subject": {"identifiers": [CHILD]}, "recipient": OAK, "reason": WHY}
    with ThreadPoolExecutor(2) as pool:
        with held(service, "lock table consent_event in share mode"):
            path = f"/v1/consents/{consent}/withdrawal"
            withdrawing = pool.submit(changer.call, "POST", path, json={})
            await_waiting(superuser, "INSERT INTO consent_event")
            looking = pool.submit(looker.call, "POST", PATH, json=body)
            await_waiting(superuser, "pg_advisory_xact_lock_shared")
            assert not looking.done()
        withdrawn_then, told = withdrawing.result(WAIT), looking.result(WAIT)

    assert (withdrawn_then.status_code, told.status_code) == (201, 200)
    plan = next(one for one in told.get_json()["items"] if one["category"] == "plan")
    assert plan["ground"] == "withdrawn"
    for one in (looker, changer):
        one.close()
