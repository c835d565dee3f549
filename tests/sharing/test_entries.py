import json
import re

import pytest

from sharing.chain.leaves import EntryKind, commitment, leaf_hash, parse_leaf
from sharing.chain.notes import VerifierKey
from sharing.chain.receipts import open_receipt, receipt_key_name
from tests.make import (
    CHILD,
    HUB,
    NOBODY,
    OAK,
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
)
from tests.service import LOG_ORIGIN, RECEIPT_KEY, Service
from tests.sharing.seeing import Rows, Seen, entries, latest, statements

KEY = VerifierKey(receipt_key_name(LOG_ORIGIN), RECEIPT_KEY.public_key().public_bytes_raw())
PRIVATE = "Wilhelmina-Quartermaine"


def opened(service: Service, seen: Seen) -> bytes:
    key = service.parts.database.vault.named("log")
    assert seen.opening is not None
    return key.open(seen.opening, "log_subject", seen.id, "opening")


def one_of_each(service: Service, family: Family) -> list[int]:
    """A permit, a refusal of every kind, and an invalid request; their statuses."""
    consent = said(service, family)
    answers = [
        ask(service),
        ask(service, request(NOBODY)),
        ask(service, request(categories=["assessment"])),
        ask(service, request(categories=["gossip"])),
        ask(service, {"nonsense": PRIVATE}),
    ]
    withdrawn(service, consent)
    answers.append(ask(service))
    return [one.status_code for one in answers]


def test_rule_38_every_request_leaves_one_entry_whatever_came_of_it(
    service: Service, family: Family, superuser: Rows
) -> None:
    statuses = one_of_each(service, family)

    assert statuses == [200, 404, 403, 422, 422, 404]
    seen = entries(superuser)
    assert [one.outcome for one in seen] == ["permit", "deny", "deny", "deny", "deny", "deny"]
    assert [one.said.get("code") for one in seen] == [
        *(None, "not_available", "flow_not_covered", "request_invalid", "request_invalid"),
        "not_available",
    ]


def test_an_entry_is_whole_and_permits_look_like_refusals(
    service: Service, family: Family, superuser: Rows
) -> None:
    one_of_each(service, family)

    for seen in entries(superuser):
        assert seen.pending == seen.leaf_hash == leaf_hash(seen.leaf)
        assert seen.opening is not None
        assert seen.salt is not None
        assert (len(seen.salt), len(seen.facts_salt)) == (32, 32)
        assert seen.recipient == OAK
    leaves = [parse_leaf(seen.leaf) for seen in entries(superuser)]
    assert {leaf.kind for leaf in leaves} == {EntryKind.DECISION}
    assert len({len(seen.leaf) for seen in entries(superuser)}) == 1


def test_commitments_bind_an_entry_to_its_facts_and_its_opening(
    service: Service, family: Family, superuser: Rows
) -> None:
    one_of_each(service, family)

    for seen in entries(superuser):
        leaf = parse_leaf(seen.leaf)
        assert seen.salt is not None
        assert leaf.id == seen.id
        assert leaf.facts == commitment(seen.facts_salt, seen.facts)
        assert leaf.subject == commitment(seen.salt, opened(service, seen))


def test_no_two_commitments_share_a_salt(service: Service, family: Family, superuser: Rows) -> None:
    one_of_each(service, family)

    salts = [salt for seen in entries(superuser) for salt in (seen.salt, seen.facts_salt)]
    assert len(set(salts)) == len(salts)


def test_ids_are_of_version_7_and_follow_the_clock(
    service: Service, family: Family, superuser: Rows
) -> None:
    for _ in range(3):
        ask(service)
        service.clock.passes(milliseconds=1)

    ids = [seen.id for seen in entries(superuser)]
    assert [one.version for one in ids] == [7, 7, 7]
    assert ids == sorted(ids)


def test_entry_opening_pending_and_duties_are_written_by_one_statement(
    service: Service, family: Family
) -> None:
    with statements(service.parts.database) as sent:
        assert ask(service, overriding()).status_code == 200

    (writing,) = [one for one in sent if "insert into" in one]
    written = re.findall(r"insert into (\w+)", writing)
    assert written == ["log_entry", "log_subject", "obligation", "log_pending"]


def test_what_a_permit_rests_on_is_on_file(
    service: Service, family: Family, superuser: Rows
) -> None:
    consent = said(service, family)

    ask(service, request(categories=["plan", "assessment"]))

    seen = latest(superuser)
    assert seen.source == HUB
    assert str(seen.subject) == family.child
    facts = seen.said
    assert facts["outcome"] == seen.outcome == "partial"
    assert (facts["client"], facts["agency"], facts["token"]) == ("oak-school-client", OAK, "t1")
    assert (facts["purpose"], facts["basis"], facts["kind"]) == (SUPPORT, "public_task", "content")
    assert (facts["categories"], facts["disclosed"]) == (["plan", "assessment"], ["plan"])
    assert facts["refused"] == {"assessment": "flow_not_covered"}
    assert facts["record_count"] == 1
    (ground,) = facts["grounds"]
    assert ground == {
        "source": HUB,
        "category": "plan",
        "ground": "agreement",
        "agreement": "EH-ISA",
        "version": 1,
        "flow": "plan",
    }
    about = json.loads(opened(service, seen))
    assert about["subject"] == family.child
    assert about["identifiers"] == [CHILD]
    assert about["practitioner"]["id"] == "teacher-7"
    assert about["records"] == [family.plan]
    assert about["facts_used"] == [consent]


@pytest.mark.parametrize(
    ("changes", "ground"),
    [
        ({"subject": {"identifiers": [NOBODY]}}, "no_record"),
        ({}, "no_consent"),
    ],
)
def test_the_true_ground_of_a_refusal_is_in_the_log_alone(
    service: Service, family: Family, superuser: Rows, changes: dict[str, object], ground: str
) -> None:
    answer = ask(service, request(**changes))

    assert latest(superuser).said["ground"] == ground
    assert ground not in answer.get_data(as_text=True)


def test_a_pierced_shield_is_flagged(service: Service, family: Family, superuser: Rows) -> None:
    a_record(service, "assessment", {"level": 3})
    shield = shielded(service, family.child)

    ask(service, statutory())

    seen = latest(superuser)
    assert seen.said["flags"] == ["shield_pierced"]
    assert json.loads(opened(service, seen))["facts_used"] == [shield]
    assert seen.duties == ["do_not_reveal_location", "ig_review"]


def test_a_refusal_beside_a_statutory_permit_is_flagged_and_not_obeyed(
    service: Service, family: Family, superuser: Rows
) -> None:
    a_record(service, "assessment", {"level": 3})
    said(service, family, answer="refused", recipients=["*"], purposes=["*"])

    assert ask(service, statutory()).status_code == 200

    assert latest(superuser).said["flags"] == ["refusal_on_file"]


def test_the_justification_of_an_override_is_in_the_erasable_half(
    service: Service, family: Family, superuser: Rows
) -> None:
    body = overriding()

    ask(service, body)

    seen = latest(superuser)
    assert seen.said["override"] == "risk_of_significant_harm"
    written = body["override"]["justification"]
    assert json.loads(opened(service, seen))["override"]["justification"] == written
    assert written.encode() not in seen.facts


UNKNOWN = [
    {"purpose": PRIVATE},
    {"categories": [PRIVATE, "plan"]},
    {"kind": PRIVATE},
    {"source": PRIVATE},
    {"recipient": PRIVATE},
    {"lawful_basis": PRIVATE},
    {"override": {"reason": PRIVATE, "justification": PRIVATE * 2, "reference": PRIVATE}},
    {"practitioner": {"id": PRIVATE, "role": PRIVATE}},
    {PRIVATE: PRIVATE},
    {"subject": {"identifiers": [{"scheme": "nhs_number", "value": PRIVATE}]}},
    {"subject": {"identifiers": [{"scheme": PRIVATE, "value": "1"}]}},
    {"subject": PRIVATE},
]


@pytest.mark.parametrize("changes", UNKNOWN, ids=lambda changes: next(iter(changes)))
def test_facts_that_are_never_erased_hold_no_word_of_the_askers_own(
    service: Service, family: Family, superuser: Rows, changes: dict[str, object]
) -> None:
    ask(service, request(**changes))

    (seen,) = entries(superuser)
    for kept in (seen.facts, seen.leaf, str(seen.source).encode()):
        assert PRIVATE.encode() not in kept
        assert CHILD["value"].encode() not in kept
        assert b"teacher-7" not in kept


def test_a_request_the_schema_refuses_is_answered_and_logged_once(
    service: Service, family: Family, superuser: Rows
) -> None:
    answer = ask(service, {"subject": {"identifiers": []}, PRIVATE: 1})

    assert answer.status_code == 422
    assert answer.get_json()["code"] == "request_invalid"
    (seen,) = entries(superuser)
    assert seen.said["code"] == "request_invalid"
    assert seen.subject is None
    assert opened(service, seen) == b"{}"


@pytest.mark.parametrize(
    ("path", "headers"),
    [("/v1/disclosures?name=x", {}), ("/v1/disclosures", {"Accept": "text/csv"})],
    ids=["query", "accept"],
)
def test_a_request_turned_away_for_its_form_is_logged_once(
    service: Service, family: Family, superuser: Rows, path: str, headers: dict[str, str]
) -> None:
    service.as_client(OAK)

    answer = service.call("POST", path, json=request(), headers=headers)

    assert answer.status_code in {406, 422}
    assert [seen.said["code"] for seen in entries(superuser)] == ["request_invalid"]


@pytest.mark.parametrize("body", [b"", b"{", b'{"a":1,"a":2}', b'"text"', b"[]"])
def test_what_is_no_json_object_is_refused_as_that_and_is_no_fault(
    service: Service, family: Family, superuser: Rows, body: bytes
) -> None:
    service.as_client(OAK)

    answer = service.call("POST", "/v1/disclosures", data=body, content_type="application/json")

    assert answer.status_code in {400, 422}
    assert [seen.said["code"] for seen in entries(superuser)] in ([], ["request_invalid"])


def test_a_fault_while_deciding_leaves_an_entry(
    service: Service, family: Family, superuser: Rows
) -> None:
    said(service, family)
    superuser.execute("update subject set wrapped_key = '\\x00' where id = %s", [family.child])

    answer = ask(service)

    assert answer.status_code == 500
    assert answer.get_json()["code"] == "fault"
    (seen,) = entries(superuser)
    assert (seen.outcome, seen.said["code"]) == ("deny", "fault")


def test_the_receipt_promises_the_leaf_that_was_written(
    service: Service, family: Family, superuser: Rows
) -> None:
    said(service, family)

    note = ask(service).get_json()["receipt"].encode()

    receipt, seen = open_receipt(note, [KEY]), latest(superuser)
    assert (receipt.entry, receipt.leaf_hash, receipt.at) == (seen.id, seen.leaf_hash, seen.at)


def test_a_caller_without_the_scope_is_turned_away_and_that_is_logged(
    service: Service, family: Family, superuser: Rows
) -> None:
    assert ask(service, scopes=("echo.read",)).status_code == 403

    assert latest(superuser).said["code"] == "insufficient_scope"
