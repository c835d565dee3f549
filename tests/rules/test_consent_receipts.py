"""Receipts, checked with pencil and paper."""

from datetime import UTC, datetime
from typing import Any

from consent.rules.receipts import Titles, fhir_bundle, receipt, record_hash

AT = datetime(2026, 3, 2, tzinfo=UTC)
RECORD: dict[str, Any] = {
    "id": "c1",
    "kind": "family_agreement",
    "subjects": ["s2", "s1"],
    "given_by": "m1",
    "capacity": "self",
    "answer": "given",
    "method": "written",
    "recipients": ["oak"],
    "purposes": ["*"],
    "categories": ["*"],
    "sources": ["*"],
    "valid_from": None,
    "valid_until": "2027-01-01T00:00:00+00:00",
    "replaces": None,
    "notice": {"version": "1", "language": "en"},
    "recorder": {"id": "r", "role": "worker"},
    "recorded_at": "2026-03-01T00:00:00+00:00",
    "recorded_by": "hub",
    "confirmed_at": None,
    "withdrawn_at": None,
    "replaced_by": None,
}


def states(record: dict[str, Any]) -> list[str]:
    return [one["state"].rpartition("#")[2] for one in receipt(record, Titles(), AT)["events"]]


def status(record: dict[str, Any]) -> str:
    return str(fhir_bundle(record, Titles())["entry"][0]["resource"]["status"])


def test_the_hash_changes_with_what_was_said_and_with_nothing_else() -> None:
    later = RECORD | {"withdrawn_at": "2026-03-02T00:00:00+00:00", "hash": "x"}
    assert record_hash(later) == record_hash(RECORD)
    assert record_hash(RECORD | {"recipients": ["elm"]}) != record_hash(RECORD)


def test_all_is_said_in_words_and_is_no_party() -> None:
    told = receipt(RECORD | {"recipients": ["*"], "answer": "refused"}, Titles(), AT)
    assert told["processing"]["recipients"] == [{"code": "*", "title": "every partner agency"}]
    assert [one["code"] for one in told["parties"]] == ["hub"]


def test_each_state_has_its_word() -> None:
    assert states(RECORD) == ["ConsentGiven"]
    assert states(RECORD | {"answer": "refused"}) == ["ConsentRefused"]
    ended = RECORD | {"confirmed_at": "2026-03-02", "withdrawn_at": "2026-03-03"}
    assert states(ended) == ["ConsentGiven", "RenewedConsentGiven", "ConsentWithdrawn"]
    assert states(RECORD | {"replaced_by": "c2"}) == ["ConsentGiven", "ConsentInvalidated"]


def test_fhir_has_one_consent_for_each_subject_and_a_status_for_each_state() -> None:
    entries = fhir_bundle(RECORD, Titles({"oak": "Oak School"}))["entry"]
    patients = [one["resource"]["patient"]["reference"] for one in entries]
    assert patients == ["urn:uuid:s1", "urn:uuid:s2"]
    provision = entries[0]["resource"]["provision"]
    assert provision["period"] == {"end": RECORD["valid_until"]}
    assert provision["actor"][0]["reference"]["display"] == "Oak School"
    assert status(RECORD) == "active"
    assert status(RECORD | {"answer": "refused"}) == "rejected"
    assert status(RECORD | {"withdrawn_at": "2026-03-02"}) == "inactive"
    assert status(RECORD | {"replaced_by": "c2"}) == "inactive"


def test_a_spoken_yes_is_verified_once_it_is_confirmed() -> None:
    spoken = RECORD | {"method": "verbal", "valid_until": None}
    first = fhir_bundle(spoken, Titles())["entry"][0]["resource"]
    assert first["verification"] == [{"verified": False}]
    assert "period" not in first["provision"]
    later = fhir_bundle(spoken | {"confirmed_at": "2026-03-02"}, Titles())["entry"][0]["resource"]
    assert later["verification"] == [{"verified": True, "verificationDate": "2026-03-02"}]
