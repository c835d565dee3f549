"""A person can be told what is held of them; where telling could harm, a person looks first."""

import json
import re
from pathlib import Path
from typing import Any

from werkzeug.test import TestResponse

from tests.make import ELM, HUB, OAK, Family, a_record, a_subject, ask, said, statutory
from tests.service import Service
from tests.sharing.seeing import Rows, latest
from tests.sharing.test_erasure import erased

GOLDEN = Path("tests/sharing/golden")
MOTHER = {"scheme": "mosaic", "value": "500200"}
SELF = {"capacity": "self", "identity_check": "passport seen", "taken_by": "staff-1"}
_ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}")
_HASH = re.compile(r"\b[0-9a-f]{64}\b")


def asks(service: Service, subject: str, agency: str = HUB, **more: Any) -> TestResponse:
    service.as_client(agency)
    return service.call("POST", f"/v1/subjects/{subject}/access-packs", json=SELF | more)


def taken(service: Service, subject: str, **more: Any) -> dict[str, Any]:
    answer = asks(service, subject, **more)
    assert answer.status_code == 201, answer.text
    body: dict[str, Any] = answer.get_json()
    return body


def waits(service: Service, family: Family) -> tuple[str, dict[str, Any]]:
    """A pack that the mother asked for, and where it is."""
    made = taken(service, family.child, capacity="parent", asked_by=family.mother)
    return f"/v1/subjects/{family.child}/access-packs/{made['id']}", made


def released(service: Service, path: str, **more: Any) -> TestResponse:
    body = {"outcome": "release", "by": "ig.lead", "reason": "nothing in it harms"} | more
    service.as_client(HUB, client_id="ig-desk")
    answer = service.call("POST", f"{path}/review", json=body)
    service.as_client(HUB)
    return answer


def normal(text: str) -> str:
    """Return a text with ids in the order in which they come, as they differ from run to run."""
    seen: dict[str, str] = {}
    text = _HASH.sub("(hash)", text)
    return _ID.sub(lambda found: seen.setdefault(found[0], f"(id {len(seen) + 1})"), text)


def golden(name: str, text: str) -> None:
    path = GOLDEN / name
    assert path.exists(), f"write what follows to {path} if it is right:\n{text}"
    assert text == path.read_text(encoding="utf-8")


def a_told_family(service: Service, family: Family) -> str:
    """A sister, of whom Oak was told; a brother who is in her plan and her household."""
    born = {"born": "2008-01-05", "name": {"given": "Amy", "family": "Lee"}}
    sister = {"scheme": "mosaic", "value": "500300"}
    amy = a_subject(service, sister, **born)
    ben = a_subject(service, name={"given": "Ben", "family": "Lee"}, born="2019-02-03")
    house = service.call(
        "PUT", f"/v1/subjects/{amy}/household", json={"members": [{"subject": ben}]}
    )
    assert house.status_code == 200, house.text
    members = {"members": [{"subject": amy}, {"subject": ben, "name": "Ben"}]}
    about = {"subject": {"identifiers": [sister]}}
    plan = {"aim": "Amy and Ben sleep through the night", "level": 2}
    service.post("/v1/records", about | {"category": "plan", "content": plan})
    service.post("/v1/records", about | {"category": "household", "content": members})
    service.post("/v1/records", about | {"category": "contact", "content": {"town": "York"}})
    said(service, family, subjects=[amy], given_by=amy, capacity="self")
    asked = {"subject": {"identifiers": [sister]}, "source": HUB, "purpose": "early_help_support"}
    basis = {"lawful_basis": "public_task", "categories": ["plan"]}
    assert ask(service, asked | basis).status_code == 200
    grounds = {"purpose": "safeguarding", "lawful_basis": "legal_obligation"}
    assert ask(service, asked | grounds | {"categories": ["contact"]}).status_code == 200
    signed = {"signed_by": "Director", "authority": "schedule 4", "erasable": True}
    service.as_client(HUB).post("/v1/settings/retention", signed | {"code": "record", "months": 72})
    return amy


def test_rule_40_the_pack_is_the_golden_file(service: Service, family: Family) -> None:
    amy = a_told_family(service, family)
    made = taken(service, amy)
    assert (made["state"], made["due"], made["cautions"]) == ("ready", "2026-04-02", [])
    path = f"/v1/subjects/{amy}/access-packs/{made['id']}"
    content = service.get(f"{path}/content")
    golden("access-pack.json", normal(json.dumps(content, indent=2, sort_keys=True)) + "\n")
    page = service.call("GET", f"{path}/content.html")
    assert page.status_code == 200
    assert page.headers["Cache-Control"] == "no-store"
    main = re.search(r"<main.*</main>", page.text, re.DOTALL)
    assert main is not None
    lines = (line.strip() for line in normal(main[0]).splitlines())
    golden("access-pack.html", "\n".join(line for line in lines if line) + "\n")


def test_rule_33_and_40_no_sibling_and_no_enquiry_is_in_it(
    service: Service, family: Family
) -> None:
    amy = a_told_family(service, family)
    path = f"/v1/subjects/{amy}/access-packs/{taken(service, amy)['id']}"
    content = service.get(f"{path}/content")
    assert "Ben" not in json.dumps(content)
    assert [one["categories"] for one in content["disclosures"]] == [["plan"]]
    (receipt,) = content["consents"]
    recorded = service.get(f"/v1/consents/{receipt['receipt_metadata']['record_id']}")
    assert receipt["receipt_metadata"]["record_hash"] == recorded["hash"]
    service.clock.passes(days=30)
    later = f"/v1/subjects/{amy}/access-packs/{taken(service, amy)['id']}"
    assert len(service.get(f"{later}/content")["disclosures"]) == 2


def test_rule_33_a_shielded_place_is_not_in_it(service: Service, family: Family) -> None:
    amy = a_told_family(service, family)
    shield = {"subjects": [amy], "mode": "hidden", "reason": "refuge", "set_by": "s"}
    service.as_client(HUB).post("/v1/shields", shield | {"unaffected": [HUB]})
    path = f"/v1/subjects/{amy}/access-packs/{taken(service, amy)['id']}"
    assert [one["category"] for one in service.get(f"{path}/content")["records"]] == ["plan"]


def test_rule_41_a_parents_request_for_a_child_waits_for_a_person(
    service: Service, family: Family
) -> None:
    path, made = waits(service, family)
    assert (made["state"], made["cautions"]) == ("needs_review", ["parent_asks"])
    early = service.call("GET", f"{path}/content")
    assert (early.status_code, early.get_json()["code"]) == (409, "pack_not_ready")
    answer = released(service, path, wishes="She may see the plan")
    assert answer.status_code == 200, answer.text
    done = answer.get_json()
    assert (done["state"], done["reviewed_by"]) == ("ready", "ig.lead")
    assert service.get(f"{path}/content")["records"][0]["content"]["aim"]
    again = released(service, path)
    assert (again.status_code, again.get_json()["code"]) == (409, "pack_decided")


def test_rule_41_a_pack_can_be_refused_or_told_in_part(service: Service, family: Family) -> None:
    path, _ = waits(service, family)
    refused = released(service, path, outcome="refuse", reason="serious harm").get_json()
    assert (refused["state"], refused["reason"]) == ("refused", "serious harm")
    assert service.call("GET", f"{path}/content").status_code == 409
    a_record(service, "assessment", {"level": 3})
    path, _ = waits(service, family)
    released(service, path, leave_out=["assessment"])
    assert [one["category"] for one in service.get(f"{path}/content")["records"]] == ["plan"]


def test_rule_47_nobody_decides_on_a_request_that_they_took_down(
    service: Service, family: Family
) -> None:
    path, _ = waits(service, family)
    own = released(service, path, by="staff-1")
    assert (own.status_code, own.get_json()["code"]) == (403, "own_request")
    assert service.get(path)["state"] == "needs_review"
    stranger = service.as_client(ELM, client_id="ig-desk").call(
        "POST",
        f"/v1/subjects/{family.mother}/access-packs/{path.rpartition('/')[2]}/review",
        json={"outcome": "release", "by": "x", "reason": "y"},
    )
    assert stranger.status_code == 404


def test_a_suspended_agency_decides_on_no_pack(service: Service, family: Family) -> None:
    path, _ = waits(service, family)
    service.as_client(HUB).post(f"/v1/agencies/{ELM}/suspension", {})
    service.clock.passes(minutes=1)
    service.as_client(ELM)
    body = {"outcome": "release", "by": "ig.lead", "reason": "nothing in it harms"}
    answer = service.call("POST", f"{path}/review", json=body)
    assert (answer.status_code, answer.get_json()["code"]) == (403, "agency_not_active")
    assert released(service, path, wishes="agrees").status_code == 200


def test_a_pack_is_put_off_once_and_in_time(service: Service, family: Family) -> None:
    path, _ = waits(service, family)
    longer = service.post(f"{path}/extension", {"reason": "three agencies hold files"}, 200)
    assert (longer["due"], longer["extended_because"]) == (
        "2026-06-02",
        "three agencies hold files",
    )
    twice = service.call("POST", f"{path}/extension", json={"reason": "x"})
    assert (twice.status_code, twice.get_json()["code"]) == (409, "pack_cannot_be_put_off")
    late, _ = waits(service, family)
    service.clock.passes(days=32)
    too_late = service.call("POST", f"{late}/extension", json={"reason": "x"})
    assert too_late.get_json()["code"] == "pack_cannot_be_put_off"
    released(service, path)
    decided = service.call("POST", f"{path}/extension", json={"reason": "x"})
    assert decided.get_json()["code"] == "pack_decided"


def test_each_reading_is_logged_and_after_a_month_there_is_none(
    service: Service, family: Family, superuser: Rows
) -> None:
    made = taken(service, family.mother)
    path = f"/v1/subjects/{family.mother}/access-packs/{made['id']}/content"
    service.get(path)
    one = latest(superuser)
    assert (one.outcome, str(one.subject), one.recipient) == ("read", family.mother, HUB)
    assert one.said["form"] == "json"
    service.clock.passes(days=30)
    old = service.call("GET", path)
    assert (old.status_code, old.get_json()["code"]) == (410, "pack_expired")
    assert len(service.get(f"/v1/subjects/{family.mother}/access-packs")["items"]) == 1
    erased(service, family.mother)
    assert service.call("GET", path).status_code == 404


def test_who_may_not_ask_and_who_is_unknown_get_one_answer(
    service: Service, family: Family
) -> None:
    nobody = "01890000-0000-7000-8000-000000000000"
    refused = [
        asks(service, family.child, capacity="parent", asked_by=family.child),
        asks(service, family.mother, capacity="parent", asked_by=family.child),
        asks(service, family.child, asked_by=family.mother),
        asks(service, family.child, ELM),
        asks(service, nobody),
    ]
    assert {one.status_code for one in refused} == {404}
    bodies = {str({k: v for k, v in one.get_json().items() if k != "instance"}) for one in refused}
    assert len(bodies) == 1


def test_what_is_missing_from_a_request_is_named(service: Service, family: Family) -> None:
    for more, pointer in (
        ({"capacity": "parent"}, "#/asked_by"),
        ({"capacity": "representative"}, "#/requester"),
        ({"capacity": "friend"}, "#/capacity"),
        ({"asked_on": "2027-01-01"}, "#/asked_on"),
    ):
        answer = asks(service, family.child, **more)
        assert answer.status_code == 422
        assert answer.get_json()["errors"][0]["pointer"] == pointer


def test_a_representative_is_looked_at_first(service: Service, family: Family) -> None:
    made = taken(
        service, family.mother, capacity="representative", requester="Solicitor, with authority"
    )
    assert made["cautions"] == ["representative_asks"]
    assert ask(service, statutory(), agency=OAK).status_code == 404
