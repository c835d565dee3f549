"""Evidence of a consent: sealed, opened by who recorded it alone, each opening written down."""

import hashlib
from datetime import timedelta

from sqlalchemy import text
from werkzeug.test import TestResponse

from consent.rules.evidence import LARGEST_FILE
from tests.make import HUB, OAK, Family, said
from tests.rules.test_evidence import A_JPEG, A_PDF, A_PNG
from tests.service import MONDAY, Service

BYTES = "application/octet-stream"


def attached(
    service: Service, consent: str, content: bytes, media_type: str = BYTES
) -> TestResponse:
    path = f"/v1/consents/{consent}/evidence/files"
    return service.call("POST", path, data=content, headers={"Content-Type": media_type})


def code_of(answer: TestResponse) -> tuple[int, str]:
    return answer.status_code, answer.get_json()["code"]


def test_a_signed_form_is_kept_sealed_and_comes_back_as_a_file_and_each_reading_is_on_file(
    service: Service, family: Family
) -> None:
    consent = said(service, family, evidence="signed at the kitchen table")
    at = f"/v1/consents/{consent}/evidence"
    kept = []
    for content in (A_PDF, A_PNG, A_JPEG):
        service.clock.passes(minutes=1)
        kept.append(attached(service, consent, content).get_json())
    service.clock.passes(minutes=1)
    note = service.post(f"{at}/notes", {"note": "the grandmother translated"})
    listed = service.get(at)["items"]
    assert [one["media_type"] for one in listed] == [
        "text/plain",
        "application/pdf",
        "image/png",
        "image/jpeg",
        "text/plain",
    ]
    assert listed[0]["id"] == consent
    assert listed[1:] == [*kept, note]
    assert kept[0]["sha256"] == hashlib.sha256(A_PDF).hexdigest()
    assert kept[0]["size"] == len(A_PDF)

    opened = service.call("GET", f"{at}/{kept[0]['id']}")
    assert opened.data == A_PDF
    assert opened.content_type == BYTES
    assert opened.headers["X-Content-Type-Options"] == "nosniff"
    disposition = opened.headers["Content-Disposition"]
    assert disposition == f'attachment; filename="evidence-{kept[0]["id"]}.pdf"'
    assert opened.headers["Cache-Control"] == "no-store"
    service.clock.passes(minutes=5)
    assert service.call("GET", f"{at}/{note['id']}").data == b"the grandmother translated"
    service.clock.passes(minutes=5)
    assert service.call("GET", f"{at}/{consent}").data == b"signed at the kitchen table"
    reads = service.get(f"{at}/reads")["items"]
    assert [one["evidence"] for one in reads] == [consent, note["id"], kept[0]["id"]]
    assert reads[2] == {
        "evidence": kept[0]["id"],
        "read_at": (MONDAY + timedelta(minutes=4)).isoformat(),
        "client": f"{HUB}-client",
        "agency": HUB,
        "practitioner": None,
    }
    with service.parts.database.reading() as session:
        sealed = session.scalars(text("select content from consent_evidence")).all()
    assert len(sealed) == 4
    assert all(A_PDF not in one and b"grandmother" not in one for one in sealed)


def test_nobody_but_who_recorded_the_consent_sees_that_there_is_evidence(
    service: Service, family: Family
) -> None:
    consent = said(service, family)
    kept = attached(service, consent, A_PDF).get_json()["id"]
    at = f"/v1/consents/{consent}/evidence"
    service.as_client(OAK)
    for path in (at, f"{at}/{kept}", f"{at}/reads"):
        assert code_of(service.call("GET", path)) == (404, "not_available")
    assert code_of(attached(service, consent, A_PDF)) == (404, "not_available")
    service.as_client(HUB)
    other = said(service, family)
    elsewhere = f"/v1/consents/{other}/evidence/{kept}"
    assert code_of(service.call("GET", elsewhere)) == (404, "not_available")
    assert code_of(service.call("GET", f"/v1/consents/{other}/evidence/{other}"))[0] == 404
    assert service.get(f"{at}/reads")["items"] == []


def test_a_file_is_judged_by_its_bytes_its_size_and_its_number(
    service: Service, family: Family
) -> None:
    consent = said(service, family)
    for content in (b"<script>alert(1)</script>", A_PDF[:-8], b""):
        refused = attached(service, consent, content)
        assert code_of(refused) == (422, "evidence_not_readable")
        assert "whole PDF, PNG or JPEG" in refused.get_json()["detail"]
    assert code_of(attached(service, consent, A_PDF, "text/html"))[0] == 415
    large = A_PDF[:9] + bytes(LARGEST_FILE)
    assert code_of(attached(service, consent, large)) == (413, "body_too_large")
    empty = service.call("POST", f"/v1/consents/{consent}/evidence/notes", json={"note": " "})
    assert code_of(empty) == (422, "request_invalid")
    for _ in range(20):
        assert attached(service, consent, A_JPEG).status_code == 201
    full = attached(service, consent, A_JPEG)
    assert code_of(full) == (409, "evidence_full")
