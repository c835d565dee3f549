"""A named official signs on the pages: exactly what was read, for their own agency, once."""

import re
from html import unescape
from typing import Any

import pytest

from tests.make import ELM, HUB, OAK, Family, signed_and_activated, signs
from tests.people.making import Someone, someone
from tests.service import Service
from tests.sharing.replaying import a_draft, begun, without, worked

TO_SIGN = "/agreements/to-sign"
VERSION = "/agreements/EH-ISA/versions/2"
SIGNATURE = f"{VERSION}/signature"
ADA = {"name": "Ada Osei", "capacity": "Head teacher", "confirmed": "yes"}


@pytest.fixture
def head(service: Service, family: Family) -> Someone:
    """Who signs for Oak School, signed in, where a second version is drafted."""
    assert family
    a_draft(service, flows=without("plan"))
    made = someone(service, "a.osei", "signatory", OAK)
    assert made.signs_in().headers["Location"] == TO_SIGN
    return made


def read(page: str) -> str:
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", page)))


def shown_hash(page: str) -> str:
    found = re.search(r'name="content_sha256" value="([0-9a-f]{64})"', page)
    assert found is not None, page
    return found[1]


def sends(who: Someone, status: int, **changes: Any) -> str:
    form = ADA | {"content_sha256": shown_hash(who.get(VERSION))} | changes
    answer = who.sends(SIGNATURE, **form)
    assert answer.status_code == status, answer.text
    return read(answer.text)


def test_the_page_says_all_that_is_signed_and_what_it_would_change(
    service: Service, head: Someone
) -> None:
    assert VERSION in head.get(TO_SIGN)
    page = read(head.get(VERSION))
    service.as_client(OAK)
    content = service.get("/v1/agreements/EH-ISA/versions/2/content")
    digest = service.get("/v1/agreements/EH-ISA")["versions"][1]["content_sha256"]
    assert digest in page
    for name in ("purpose", "benefits", "rights", "security", "breach", "exit", "summary"):
        assert content[name] in page
    for party in content["parties"]:
        assert party["data_protection_contact"] in page
    for flow in content["flows"]:
        assert f"Called {flow['code']}" in page
        assert flow["law"] in page
        assert flow["special_condition"] in page
    assert "72 months, from the closing of the plan" in page
    assert "Kept by eh-hub" in page
    assert "Nobody has signed it yet." in page
    assert "Nobody has asked. The IG lead of your agency can" in page
    assert "Previews of this agreement" not in page
    begun(service)
    worked(service)
    assert "By the last preview, asked 2 March 2026" in read(head.get(VERSION))


def test_a_signature_on_the_page_is_as_good_as_any(service: Service, head: Someone) -> None:
    page = head.sends(SIGNATURE, content_sha256=shown_hash(head.get(VERSION)), **ADA)
    assert (page.status_code, page.headers["Location"]) == (303, f"{TO_SIGN}?done=signed")
    assert "Your signature is on file" in head.get(page.headers["Location"])
    assert VERSION not in head.get(TO_SIGN)

    service.as_client(HUB)
    (one,) = service.get("/v1/agreements/EH-ISA/versions/2/signatures")["items"]
    assert one["agency"] == OAK
    assert one["signatory"] == {"name": "Ada Osei", "role": "Head teacher"}
    assert (one["means"], one["reference"], one["jws"]) == ("account", "account a.osei", None)
    page_now = read(head.get(VERSION))
    assert "Ada Osei, Head teacher, 2 March 2026 , on these pages" in page_now
    assert "This was signed already. A signature is kept for ever." in page_now
    assert signed_and_activated(service, "EH-ISA", 2)["versions"][1]["activated_at"]
    assert "Sign version" not in head.get(VERSION)


def test_what_is_left_out_is_asked_for_beside_what_was_typed(head: Someone) -> None:
    page = sends(head, 422, name=" ", capacity="x" * 101, confirmed="")
    assert "There is a problem Enter your full name Tick that you have read these words" in page
    assert "Use 100 characters or fewer" in page
    assert "Tick that you have read" in sends(head, 422, confirmed="maybe")
    assert "Ada Osei" in head.sends(SIGNATURE, **ADA | {"confirmed": ""}).text
    assert "Nobody has signed it yet." in read(head.get(VERSION))


def test_words_that_changed_since_they_were_read_are_not_signed(
    service: Service, head: Someone
) -> None:
    before = shown_hash(head.get(VERSION))
    whole = service.as_client(HUB).get("/v1/agreements/EH-ISA/versions/2/content")
    draft = {
        name: value
        for name, value in whole.items()
        if name not in {"agreement", "title", "human_contact", "version"}
    }
    changed = draft | {"purpose": "To help families sooner."}
    service.call("PUT", "/v1/agreements/EH-ISA/versions/2", json=changed)
    page = sends(head, 422, content_sha256=before)
    assert "The words of this draft have changed since you opened it" in page
    assert "To help families sooner." in page
    assert shown_hash(head.get(VERSION)) != before
    assert "Nobody has signed it yet." in page
    for wrong in ("", "0" * 64, "NUL \x00"):
        sends(head, 422, content_sha256=wrong)


def test_a_version_that_a_newer_one_took_over_from_is_not_signed(
    service: Service, head: Someone
) -> None:
    form = ADA | {"content_sha256": shown_hash(head.get(VERSION))}
    a_draft(service)
    signed_and_activated(service, "EH-ISA", 3)
    answer = head.sends(SIGNATURE, **form)
    assert answer.status_code == 409
    page = read(answer.text)
    assert "A newer version has taken over, and an older one is not signed any more." in page
    assert "There is a newer version. Read version 3" in page
    assert "Sign version" not in page


def test_only_a_signatory_signs_and_only_for_a_member(service: Service, head: Someone) -> None:
    lead = someone(service, "oak-lead", "agency_ig_lead", OAK)
    lead.signs_in()
    assert "Sign version" not in lead.get(VERSION)
    assert "Previews of this agreement" in lead.get(VERSION)
    lead.get(TO_SIGN, 403)
    assert lead.sends(SIGNATURE, **ADA).status_code == 403
    service.as_client(HUB).post(f"/v1/agreements/EH-ISA/members/{ELM}/departure", {})
    service.clock.passes(minutes=1)
    stranger = someone(service, "elm-head", "signatory", ELM)
    stranger.signs_in()
    assert "The agency is not a member of the agreement." in read(stranger.get(VERSION))
    answer = stranger.sends(SIGNATURE, **ADA, content_sha256=shown_hash(head.get(VERSION)))
    assert answer.status_code == 403
    assert "The agency is not a member of the agreement." in read(answer.text)
    for path in ("/agreements/NONE/versions/1", "/agreements/EH-ISA/versions/9"):
        head.get(path, 404)
        assert head.sends(f"{path}/signature", **ADA).status_code == 404


def test_what_has_ended_or_is_not_complete_is_not_signed_and_says_why(
    service: Service, head: Someone
) -> None:
    a_draft(service, rights=None)
    third = "/agreements/EH-ISA/versions/3"
    page = read(head.get(third))
    assert "The agreement is not complete. Say how people use their rights" in page
    assert "How people use their rights Not said yet" in page
    signs(service, OAK, version=2)
    service.as_client(HUB).post(
        "/v1/agreements/EH-ISA/termination", {"reason": "Nobody needs it any more"}
    )
    page = read(head.get(VERSION))
    assert "The agreement was terminated already." in page
    assert "terminated it on 2 March 2026 : Nobody needs it any more" in page
    assert "Nothing waits for you." in head.get(TO_SIGN)


def test_nobody_reads_or_signs_without_signing_in(service: Service, family: Family) -> None:
    assert family
    stranger = service.app.test_client()
    for path in (TO_SIGN, "/agreements/EH-ISA/versions/1"):
        answer = stranger.get(path, headers={"Accept": "text/html"})
        assert answer.status_code == 303
        assert answer.headers["Location"].startswith("/sign-in")
