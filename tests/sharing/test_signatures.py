"""Members sign exactly what a version says; every way in which that goes wrong has a name."""

from base64 import urlsafe_b64encode
from typing import Any

import pytest

from app.oauth.client_files import new_client_key
from tests.countersign import signed, statement
from tests.make import (
    ELM,
    HUB,
    OAK,
    Family,
    a_member,
    a_paper,
    an_agreement,
    ask,
    in_force,
    kept,
    signed_and_activated,
    signs,
    statutory,
)
from tests.service import Service

CODE = "NEW-ISA"
PATH = f"/v1/agreements/{CODE}/versions/1"
Refusal = tuple[int, str]


@pytest.fixture
def drafted(service: Service, family: Family) -> Service:
    """A draft that lacks nothing but signatures."""
    service.as_client(HUB).post("/v1/agreements", an_agreement() | {"code": CODE})
    return service


def with_key(service: Service, agency: str, alg: str = "ES256") -> dict[str, Any]:
    """Register a client of an agency, from which the next calls come; its private key."""
    key = new_client_key(alg)
    client = f"{agency}-signs-{alg.lower()}"
    jwks = {"keys": [key.as_dict(private=False)]}
    body = {"client_id": client, "agency": agency, "jwks": jwks, "scopes": ["agreement.write"]}
    service.as_client(HUB).post("/v1/clients", body)
    service.as_client(agency, client_id=client)
    return dict(key.as_dict(private=True))


def claims(service: Service, agency: str = OAK, **changes: Any) -> dict[str, Any]:
    content = service.call("GET", f"{PATH}/content").data
    return statement(content, CODE, 1, agency, service.clock.at, **changes)


def refused(service: Service, body: dict[str, Any], path: str = f"{PATH}/signatures") -> Refusal:
    answer = service.call("POST", path, json=body)
    return answer.status_code, answer.get_json()["code"]


def revision(**changes: Any) -> dict[str, Any]:
    whole = an_agreement() | changes
    return {name: whole[name] for name in whole.keys() - {"code", "title", "members"}}


@pytest.mark.parametrize("alg", ["ES256", "EdDSA"])
@pytest.mark.parametrize("detached", [False, True], ids=["compact", "detached"])
def test_a_system_signs_with_its_own_key(drafted: Service, alg: str, *, detached: bool) -> None:
    private = with_key(drafted, OAK, alg)
    said = claims(drafted)
    jws = signed(said, private)
    header, _, signature = jws.split(".")
    body = {"jws": f"{header}..{signature}", "statement": said} if detached else {"jws": jws}
    made = drafted.post(f"{PATH}/signatures", body)

    (line,) = made["versions"][0]["signatures"]
    assert (line["agency"], line["means"]) == (OAK, "key")
    assert "name" not in line
    (whole,) = drafted.get(f"{PATH}/signatures")["items"]
    assert whole["jws"] == jws
    assert whole["signatory"] == said["signatory"]
    assert whole["content_sha256"] == said["content_sha256"]
    assert whole["key"]["x"] == private["x"]
    assert "d" not in whole["key"]


def test_the_hash_on_file_is_that_of_the_bytes_handed_out(drafted: Service) -> None:
    (version,) = drafted.get(f"/v1/agreements/{CODE}")["versions"]
    assert version["content_sha256"] == claims(drafted)["content_sha256"]


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"content_sha256": "0" * 64}, (422, "content_differs")),
        ({"agency": HUB}, (403, "not_a_member")),
        ({"version": 2}, (422, "signature_invalid")),
        ({"agreement": "EH-ISA"}, (422, "signature_invalid")),
        ({"signed_at": "2020-01-01T00:00:00+00:00"}, (422, "dates_out_of_order")),
        ({"signed_at": "2030-01-01T00:00:00+00:00"}, (422, "dates_out_of_order")),
        ({"signatory": {"name": "Ada"}}, (422, "signature_invalid")),
        ({"surprise": "?"}, (422, "signature_invalid")),
    ],
)
def test_a_statement_that_does_not_fit_is_refused(
    drafted: Service, changes: dict[str, Any], refusal: Refusal
) -> None:
    private = with_key(drafted, OAK)
    jws = signed(claims(drafted) | changes, private)
    assert refused(drafted, {"jws": jws}) == refusal


def test_only_the_caller_s_own_key_signs_for_it(drafted: Service) -> None:
    others = with_key(drafted, ELM)
    private = with_key(drafted, OAK)
    said = claims(drafted)
    invalid = (422, "signature_invalid")
    assert refused(drafted, {"jws": signed(said, others)}) == invalid
    header, payload, signature = signed(said, private).split(".")
    forged = urlsafe_b64encode(b'{"agreement":"NEW-ISA"}').rstrip(b"=").decode()
    assert refused(drafted, {"jws": f"{header}.{forged}.{signature}"}) == invalid
    assert refused(drafted, {"jws": f"{header}..{signature}"}) == invalid
    assert refused(drafted, {"jws": "no signature"}) == invalid
    none = urlsafe_b64encode(b'{"alg":"none"}').rstrip(b"=").decode()
    assert refused(drafted, {"jws": f"{none}.{payload}."}) == invalid
    assert refused(drafted, {}) == invalid
    drafted.as_client(OAK, client_id="nobody-registered")
    assert refused(drafted, {"jws": signed(said, private)}) == invalid


def test_only_members_sign_and_each_once(drafted: Service) -> None:
    drafted.as_client(HUB)
    drafted.post("/v1/agencies", {"code": "stranger", "name": "Stranger", "kind": "school"})
    paper = {"paper": a_paper(drafted, CODE, 1)}
    signs(drafted, OAK, CODE)
    assert refused(drafted, paper) == (409, "already_signed")
    drafted.as_client("stranger")
    assert refused(drafted, paper) == (403, "not_a_member")
    assert refused(drafted, paper, "/v1/agreements/NONE/versions/1/signatures") == (
        404,
        "agreement_unknown",
    )


def test_a_paper_has_a_date_that_can_be_and_the_hash_of_the_content(drafted: Service) -> None:
    drafted.as_client(OAK)
    paper = a_paper(drafted, CODE, 1)
    for wrong in ("2026-03-01", "2026-03-03"):
        assert refused(drafted, {"paper": paper | {"signed_on": wrong}})[1] == "dates_out_of_order"
    other = paper | {"content_sha256": "1" * 64}
    assert refused(drafted, {"paper": other}) == (422, "content_differs")
    drafted.post(f"{PATH}/signatures", {"paper": paper})
    (whole,) = drafted.get(f"{PATH}/signatures")["items"]
    assert (whole["means"], whole["reference"]) == ("paper", "cabinet 4, file 12")
    assert whole["signatory"]["name"] == "Ada Official"


def test_a_version_is_active_once_all_members_have_signed_it(drafted: Service) -> None:
    for agency in (OAK, HUB):
        signs(drafted, agency, CODE)
    drafted.as_client(HUB)
    answer = drafted.call("POST", f"{PATH}/activation", json={})
    assert (answer.status_code, answer.get_json()["code"]) == (422, "agreement_incomplete")
    assert answer.get_json()["errors"] == [
        {"pointer": "#/signatures", "detail": "elm-school has not signed."}
    ]
    signs(drafted, ELM, CODE)
    assert drafted.as_client(HUB).post(f"{PATH}/activation", {})["versions"][0]["activated_at"]


def test_all_that_an_agreement_lacks_is_named_in_one_answer(drafted: Service) -> None:
    drafted.as_client(HUB)
    parts = {"purpose", "benefits", "rights", "security", "breach", "exit", "summary"}
    bare = dict.fromkeys((*parts, "impact_assessment", "review_due"))
    drafted.call("PUT", PATH, json=revision(**bare, retention=[]))
    answer = drafted.call("POST", f"{PATH}/activation", json={})
    pointers = {one["pointer"] for one in answer.get_json()["errors"]}
    assert pointers == {f"#/{one}" for one in (*bare, "retention", "signatures")}
    paper = {"paper": a_paper(drafted, CODE, 1)}
    assert refused(drafted, paper) == (422, "agreement_incomplete")


def test_a_sensitive_category_needs_a_condition(drafted: Service) -> None:
    flows = [one | {"special_condition": None} for one in an_agreement()["flows"]]
    drafted.call("PUT", PATH, json=revision(flows=flows))
    answer = drafted.call("POST", f"{PATH}/activation", json={})
    pointers = [one["pointer"] for one in answer.get_json()["errors"]]
    assert "#/flows/1/special_condition" in pointers
    assert "#/flows/0/special_condition" not in pointers


def test_who_need_not_sign_first_is_told_nothing_until_it_has(drafted: Service) -> None:
    drafted.post("/v1/agreements/EH-ISA/termination", {})
    drafted.call("PUT", PATH, json=revision(signatories=[HUB]))
    signs(drafted, HUB, CODE)
    drafted.as_client(HUB).post(f"{PATH}/activation", {})
    assert ask(drafted, statutory(categories=["contact"])).get_json()["code"] == "no_agreement"
    signs(drafted, OAK, CODE)
    assert ask(drafted, statutory(categories=["contact"])).get_json()["code"] != "no_agreement"


def test_a_draft_is_put_right_until_somebody_signs_it(drafted: Service) -> None:
    before = claims(drafted)["content_sha256"]
    assert drafted.call("PUT", PATH, json=revision(purpose="Better")).status_code == 200
    assert claims(drafted)["content_sha256"] != before
    assert drafted.get(f"/v1/agreements/{CODE}")["versions"][0]["purpose"] == "Better"
    signs(drafted, OAK, CODE)
    too_late = drafted.as_client(HUB).call("PUT", PATH, json=revision())
    assert (too_late.status_code, too_late.get_json()["code"]) == (409, "already_signed")


def test_rule_20_an_active_version_is_frozen(drafted: Service) -> None:
    signed_and_activated(drafted, CODE, 1)
    too_late = drafted.call("PUT", PATH, json=revision())
    assert (too_late.status_code, too_late.get_json()["code"]) == (409, "already_active")


def test_rule_20_a_change_is_a_new_version_to_be_signed_anew(drafted: Service) -> None:
    signed_and_activated(drafted, CODE, 1)
    drafted.post(f"/v1/agreements/{CODE}/versions", revision(purpose="More"))
    answer = drafted.call("POST", f"/v1/agreements/{CODE}/versions/2/activation", json={})
    assert answer.get_json()["code"] == "agreement_incomplete"
    signed_and_activated(drafted, CODE, 2)
    late = {"paper": a_paper(drafted, CODE, 1)}
    assert refused(drafted.as_client(ELM), late) == (409, "version_superseded")


def test_a_newcomer_counts_once_it_has_signed_the_version_in_force(drafted: Service) -> None:
    drafted.post("/v1/agreements/EH-ISA/termination", {})
    flows = [one | {"to": [OAK, "late"]} for one in an_agreement()["flows"]]
    drafted.post("/v1/agencies", {"code": "late", "name": "Late", "kind": "school"})
    in_force(drafted, an_agreement() | {"code": "THREE", "flows": flows})
    at = "/v1/agreements/THREE/members"
    bare = {"agency": "late"}
    assert refused(drafted, bare, at) == (422, "agreement_incomplete")
    drafted.post(at, a_member("late", joined=drafted.clock.at.isoformat()))
    asked = statutory(categories=["contact"])
    assert ask(drafted, asked, agency="late").get_json()["code"] == "no_agreement"
    signs(drafted, "late", "THREE")
    assert ask(drafted, asked, agency="late").get_json()["code"] != "no_agreement"
    drafted.as_client(HUB).post(f"{at}/late/departure", {})
    assert ask(drafted, asked, agency="late").get_json()["code"] == "no_agreement"
    drafted.clock.passes(days=1)
    drafted.as_client(HUB).post(at, bare)
    assert ask(drafted, asked, agency="late").get_json()["code"] == "no_agreement"
    signs(drafted, "late", "THREE")
    assert ask(drafted, asked, agency="late").get_json()["code"] != "no_agreement"


def test_an_expired_draft_is_not_activated(drafted: Service) -> None:
    soon = drafted.clock.at.replace(hour=23).isoformat()
    drafted.call("PUT", PATH, json=revision(expires=soon))
    for agency in (HUB, OAK, ELM):
        signs(drafted, agency, CODE)
    drafted.clock.passes(days=1)
    assert refused(drafted, {}, f"{PATH}/activation") == (422, "dates_out_of_order")


@pytest.mark.parametrize(
    "changes",
    [
        {"signatories": ["nobody"]},
        {"parties": [{"agency": "nobody"}]},
        {"parties": [{"agency": HUB}, {"agency": HUB}]},
        {"retention": kept("gossip")},
        {"retention": kept("plan") * 2},
    ],
)
def test_a_draft_speaks_of_members_and_known_categories_only(
    drafted: Service, changes: dict[str, Any]
) -> None:
    answer = drafted.call("PUT", PATH, json=revision(**changes))
    assert (answer.status_code, answer.get_json()["code"]) == (422, "unknown_word")


def test_an_agreement_that_ends_names_what_follows_it(drafted: Service) -> None:
    at = f"/v1/agreements/{CODE}/termination"
    assert refused(drafted, {"successor": CODE}, at) == (422, "unknown_word")
    assert refused(drafted, {"successor": "NONE"}, at) == (422, "unknown_word")
    assert drafted.post(at, {"successor": "EH-ISA"})["successor"] == "EH-ISA"
    drafted.as_client(OAK)
    assert refused(drafted, {"paper": a_paper(drafted, CODE, 1)}) == (409, "already_terminated")
