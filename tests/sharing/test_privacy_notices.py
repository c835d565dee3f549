"""Privacy notices: kept word for word, shown to anyone, and named by every consent and receipt."""

import hashlib
from datetime import timedelta
from typing import Any

from app.demo.notices import NOTICE_VERSION, seed_notices
from consent.actions.writing import Writer
from tests.make import HUB, OAK, SUPPORT, Family
from tests.service import MONDAY, Service

NOTICES = "/v1/consents/notices"
TEXT = "Mówimy sobie tylko to, co potrzebne.\n\nMożna powiedzieć „nie”."
POLISH: dict[str, Any] = {
    "version": "2026-2",
    "language": "pl",
    "title": "Jak pomagamy",
    "text": TEXT,
    "approved_by": "Partnership board, minute 4 of 3 December 2025",
}


def answered(service: Service, family: Family, **notice: str) -> tuple[int, dict[str, Any]]:
    """Record the mother's yes after this notice."""
    body = {
        "kind": "family_agreement",
        "subjects": [family.child],
        "given_by": family.mother,
        "capacity": "parental_responsibility",
        "answer": "given",
        "method": "written",
        "recipients": [OAK],
        "purposes": [SUPPORT],
        "categories": ["*"],
        "notice": notice,
        "recorder": {"id": "staff-1", "role": "family_support_worker"},
    }
    answer = service.as_client(HUB).call("POST", "/v1/consents", json=body)
    return answer.status_code, answer.get_json()


def test_a_notice_is_kept_and_shown_word_for_word_and_never_changed(
    service: Service, family: Family
) -> None:
    made = service.as_client(HUB).post(NOTICES, POLISH)
    sha256 = hashlib.sha256(TEXT.encode()).hexdigest()
    assert made == POLISH | {
        "code": "privacy",
        "sha256": sha256,
        "starts": MONDAY.isoformat(),
        "recorded_at": MONDAY.isoformat(),
    }
    changed = service.call("POST", NOTICES, json=POLISH | {"text": "Inaczej."})
    assert (changed.status_code, changed.get_json()["code"]) == (409, "notice_exists")
    assert "a new version" in changed.get_json()["detail"]

    page = service.call("GET", "/notices/privacy/2026-2/pl")
    assert page.status_code == 200
    assert '<article lang="pl" dir="ltr">' in page.text
    assert "Można powiedzieć „nie”." in page.text
    assert sha256 in page.text
    plain = service.call("GET", "/notices/privacy/2026-2/pl/text")
    assert hashlib.sha256(plain.data).hexdigest() == sha256
    assert plain.content_type == "text/plain; charset=utf-8"
    assert "/notices/privacy/2026-2/pl" in service.call("GET", "/notices").text
    for path in ("privacy/2026-2/cy", "privacy/%00/pl", "x/1/pl/text"):
        assert service.call("GET", f"/notices/{path}").status_code == 404


def test_rule_5_a_consent_names_a_notice_that_was_on_file_in_that_language(
    service: Service, family: Family
) -> None:
    later = POLISH | {"starts": (MONDAY + timedelta(days=3)).isoformat()}
    service.as_client(HUB).post(NOTICES, later)
    for notice, words in (
        ({"version": "2026-1", "language": "cy"}, "is on file in en, pl, not in cy"),
        ({"version": "2026-2", "language": "pl"}, "has no version 2026-2 that had begun"),
        ({"version": "7", "language": "en"}, "on file: 2026-1"),
        ({"version": "2026-1", "language": "en", "code": "other"}, "on file: none"),
    ):
        status, said = answered(service, family, **notice)
        assert (status, said["code"]) == (422, "notice_unknown"), notice
        assert said["errors"][0]["pointer"] == "#/notice"
        assert words in said["detail"]
    for notice in ({"version": "../1", "language": "en"}, {"version": "1", "language": "Polish!"}):
        status, said = answered(service, family, **notice)
        assert (status, said["code"]) == (422, "request_invalid")
    service.clock.passes(days=3)
    assert answered(service, family, version="2026-2", language="pl")[0] == 201


def test_rule_12_a_receipt_holds_the_hash_of_the_text_that_was_shown(
    service: Service, family: Family
) -> None:
    service.as_client(HUB).post(NOTICES, POLISH)
    _, consent = answered(service, family, version="2026-2", language="pl")
    shown = {
        "code": "privacy",
        "version": "2026-2",
        "language": "pl",
        "sha256": hashlib.sha256(TEXT.encode()).hexdigest(),
    }
    receipt = service.get(f"/v1/consents/{consent['id']}/receipt")
    assert consent["notice"] == receipt["notice"] == shown
    assert receipt["receipt_metadata"]["record_hash"] == consent["hash"]
    page = service.call("GET", f"/v1/consents/{consent['id']}/receipt.html").text
    assert 'href="/notices/privacy/2026-2/pl"' in page
    assert shown["sha256"] in page


def test_the_demonstrations_notice_is_there_in_two_languages_paragraph_by_paragraph(
    service: Service,
) -> None:
    service.as_client(HUB).post(
        "/v1/agencies", {"code": HUB, "name": HUB, "kind": "council", "starts": MONDAY.isoformat()}
    )
    with service.parts.database.transaction() as session:
        seed_notices(session, Writer("operator", HUB), MONDAY)
    found = service.get(NOTICES)["items"]
    assert [(one["version"], one["language"]) for one in found] == [
        (NOTICE_VERSION, "en"),
        (NOTICE_VERSION, "pl"),
    ]
    paragraphs = {len(one["text"].split("\n\n")) for one in found}
    assert len(paragraphs) == 1, "each language says as much as the other"
    (first,) = service.get(f"{NOTICES}?size=1")["items"]
    assert first["language"] == "en"
