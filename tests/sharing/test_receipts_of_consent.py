"""What a family takes home: the receipt says exactly what was recorded, and its hash proves it."""

import hashlib
import json
from typing import Any

import pytest
from fhir.resources.R4B.bundle import Bundle

from tests.make import OAK, Family, said
from tests.service import Service

LATER = {"confirmed_at", "withdrawn_at", "replaced_by", "hash"}


def a_consent(service: Service, family: Family, **more: Any) -> dict[str, Any]:
    made: dict[str, Any] = service.get(f"/v1/consents/{said(service, family, **more)}")
    return made


def test_the_receipts_hash_is_the_records_and_anyone_can_compute_it(
    service: Service, family: Family
) -> None:
    """Rule 12: the receipt says exactly what was agreed."""
    record = a_consent(service, family)
    receipt = service.get(f"/v1/consents/{record['id']}/receipt")
    recorded = {name: value for name, value in record.items() if name not in LATER}
    canonical = json.dumps(recorded, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    assert record["hash"] == hashlib.sha256(canonical.encode()).hexdigest()
    assert receipt["receipt_metadata"]["record_hash"] == record["hash"]


def test_what_happens_later_is_told_and_leaves_the_hash_alone(
    service: Service, family: Family
) -> None:
    record = a_consent(service, family, method="verbal")
    service.post(f"/v1/consents/{record['id']}/confirmation", {})
    withdrawn = service.post(f"/v1/consents/{record['id']}/withdrawal", {})
    receipt = service.get(f"/v1/consents/{record['id']}/receipt")
    assert withdrawn["hash"] == record["hash"]
    states = [one["state"].rpartition("#")[2] for one in receipt["events"]]
    assert states == ["ConsentGiven", "RenewedConsentGiven", "ConsentWithdrawn"]


def test_the_receipt_names_agencies_purposes_and_categories_in_words(
    service: Service, family: Family
) -> None:
    record = a_consent(service, family, categories=["plan", "health"])
    processing = service.get(f"/v1/consents/{record['id']}/receipt")["processing"]
    assert {one["code"] for one in processing["recipients"]} == set(record["recipients"])
    kinds = {one["code"]: one["dpv"].rpartition("#")[2] for one in processing["pii_categories"]}
    assert kinds == {"plan": "PersonalData", "health": "SpecialCategoryPersonalData"}


def test_the_page_says_it_in_plain_words(service: Service, family: Family) -> None:
    """Rule 12: and a family can read it."""
    record = a_consent(service, family)
    page = service.call("GET", f"/v1/consents/{record['id']}/receipt.html")
    assert page.status_code == 200
    assert page.mimetype == "text/html"
    for words in ("What was agreed", "Who may be told", "At any time", record["hash"]):
        assert words in page.text


@pytest.mark.parametrize(
    ("answer", "status", "kind"), [("given", "active", "permit"), ("refused", "rejected", "deny")]
)
def test_a_library_that_others_wrote_reads_the_consent_as_fhir(
    service: Service, family: Family, answer: str, status: str, kind: str
) -> None:
    record = a_consent(service, family, answer=answer)
    text = service.call("GET", f"/v1/consents/{record['id']}/fhir").text
    bundle = Bundle.model_validate_json(text)
    (entry,) = bundle.entry
    assert entry.resource.status == status
    assert entry.resource.provision.type == kind
    assert str(entry.resource.patient.reference) == f"urn:uuid:{record['subjects'][0]}"


def test_who_may_not_read_a_consent_gets_no_receipt(service: Service, family: Family) -> None:
    record = a_consent(service, family)
    service.as_client("elm-school")
    for form in ("receipt", "receipt.html", "fhir"):
        assert service.call("GET", f"/v1/consents/{record['id']}/{form}").status_code == 404
    service.as_client(OAK)
    assert service.call("GET", f"/v1/consents/{record['id']}/receipt").status_code == 200
