"""Receipts, checked with pencil and paper."""

from datetime import UTC, datetime
from typing import Any

import pytest

from consent.rules.receipts import Titles, fhir_bundle, receipt, record_hash
from consent.terms import Became

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


def provision(record: dict[str, Any], titles: Titles) -> dict[str, Any]:
    entry = fhir_bundle(record, titles, Became.GIVEN)["entry"][0]
    told: dict[str, Any] = entry["resource"]["provision"]
    return told


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
    over = RECORD | {"valid_until": AT.isoformat()}
    assert states(over) == ["ConsentGiven", "ConsentExpired"]
    assert states(over | {"answer": "refused"}) == ["ConsentRefused"], "a no does not run out"
    assert states(over | {"replaced_by": "c2"}) == ["ConsentGiven", "ConsentInvalidated"]
    taken_back = over | {"withdrawn_at": "2026-03-01T12:00:00+00:00"}
    assert states(taken_back) == ["ConsentGiven", "ConsentWithdrawn"]
    assert states(RECORD | {"valid_until": None}) == ["ConsentGiven"]


def test_rule_12_all_is_explained_as_it_counts_in_a_yes_and_in_a_no() -> None:
    """A family must not read that it agreed to what its yes never covers."""
    given = receipt(RECORD, Titles(), AT)["processing"]
    refused = receipt(RECORD | {"answer": "refused"}, Titles(), AT)["processing"]
    assert "but the sensitive ones" in given["pii_categories"][0]["title"]
    assert "but sensitive services" in given["sources"][0]["title"]
    assert refused["pii_categories"][0]["title"] == "every category"
    assert refused["sources"][0]["title"] == "every partner agency"


def test_fhir_has_one_consent_for_each_subject_each_with_an_address_of_its_own() -> None:
    entries = fhir_bundle(RECORD, Titles(), Became.GIVEN)["entry"]
    patients = [one["resource"]["patient"]["reference"] for one in entries]
    assert patients == ["urn:uuid:s1", "urn:uuid:s2"]
    assert len({one["fullUrl"] for one in entries}) == len(entries)
    again = fhir_bundle(RECORD, Titles(), Became.WITHDRAWN)["entry"]
    assert [one["fullUrl"] for one in again] == [one["fullUrl"] for one in entries]
    kinds = [one["coding"][0]["code"] for one in entries[0]["resource"]["category"]]
    assert kinds == ["59284-0", "family_agreement"]


def test_fhir_leaves_out_what_all_stands_for_and_names_the_rest() -> None:
    titles = Titles({"oak": "Oak School", "hub": "The Hub"}, {"support": "Help"}, {"plan": "Plan"})
    told = provision(RECORD, titles)
    assert told["period"] == {"end": RECORD["valid_until"]}
    assert [one["reference"]["display"] for one in told["actor"]] == ["Oak School"]
    assert set(told) == {"type", "period", "actor"}
    named = {"purposes": ["support"], "categories": ["plan"], "sources": ["hub"]}
    told = provision(RECORD | named | {"valid_until": None}, titles)
    roles = [one["role"]["coding"][0]["code"] for one in told["actor"]]
    assert roles == ["IRCP", "CST"]
    assert [one["display"] for one in (*told["purpose"], *told["class"])] == ["Help", "Plan"]
    assert "period" not in told
    all_of_it = RECORD | {"recipients": ["*"], "answer": "refused", "valid_until": None}
    assert provision(all_of_it, titles) == {"type": "deny"}


@pytest.mark.parametrize(
    ("became", "status"),
    [
        (Became.GIVEN, "active"),
        (Became.CONFIRMED, "active"),
        (Became.REFUSED, "rejected"),
        (Became.LAPSED, "inactive"),
        (Became.EXPIRED, "inactive"),
        (Became.WITHDRAWN, "inactive"),
        (Became.REPLACED, "inactive"),
    ],
)
def test_fhir_has_a_status_for_each_state(became: Became, status: str) -> None:
    (first, _) = fhir_bundle(RECORD, Titles(), became)["entry"]
    assert first["resource"]["status"] == status


def test_a_spoken_yes_is_verified_once_it_is_confirmed() -> None:
    spoken = RECORD | {"method": "verbal"}
    first = fhir_bundle(spoken, Titles(), Became.GIVEN)["entry"][0]["resource"]
    assert first["verification"] == [{"verified": False}]
    confirmed = spoken | {"confirmed_at": "2026-03-02"}
    later = fhir_bundle(confirmed, Titles(), Became.CONFIRMED)["entry"][0]["resource"]
    assert later["verification"] == [{"verified": True, "verificationDate": "2026-03-02"}]
