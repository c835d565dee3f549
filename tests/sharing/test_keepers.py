"""Who changes an agreement: its keeper for all, each member for itself, nobody else at all."""

from typing import Any

import pytest

from tests.make import ELM, HUB, OAK, Family, a_member, a_paper, an_agreement, signs
from tests.service import Service
from tests.sharing.seeing import Rows

ISA = "/v1/agreements/EH-ISA"
STRANGER = "stranger"
REVIEW = {"outcome": "stands", "role": "Caldicott guardian"}


def version() -> dict[str, Any]:
    whole = an_agreement() | {"purpose": "Other words"}
    return {name: whole[name] for name in whole.keys() - {"code", "title", "members"}}


FOR_ALL: list[tuple[str, str, Any]] = [
    ("POST", f"{ISA}/versions", version()),
    ("PUT", f"{ISA}/versions/2", version()),
    ("POST", f"{ISA}/members", a_member(STRANGER)),
    ("POST", f"{ISA}/members/{ELM}/departure", {}),
    ("POST", f"{ISA}/reviews", REVIEW),
    ("POST", f"{ISA}/termination", {}),
]


@pytest.fixture
def kept(service: Service, family: Family) -> Service:
    """An agreement in force that the hub keeps, with a draft of its next version."""
    assert family
    service.as_client(HUB)
    service.post("/v1/agencies", {"code": STRANGER, "name": "Stranger", "kind": "school"})
    service.post(f"{ISA}/versions", version())
    return service


def told(service: Service, method: str, path: str, body: Any) -> tuple[int, str, str]:
    answer = service.call(method, path, json=body)
    said = answer.get_json()
    return answer.status_code, said.get("code", ""), said.get("detail", "")


@pytest.mark.parametrize("agency", [OAK, STRANGER])
def test_only_its_keeper_changes_an_agreement_for_all(kept: Service, agency: str) -> None:
    before = kept.get(ISA)
    kept.as_client(agency)
    for method, path, body in FOR_ALL:
        status, code, detail = told(kept, method, path, body)
        assert (status, code) == (403, "not_the_keeper"), path
        assert detail.startswith("Only eh-hub, which keeps this agreement, may "), path
    assert kept.get(ISA) == before
    assert before["kept_by"] == HUB


def test_a_member_puts_in_force_what_all_have_signed_and_a_stranger_does_not(
    kept: Service,
) -> None:
    for agency in (HUB, OAK, ELM):
        signs(kept, agency, version=2)
    activation = f"{ISA}/versions/2/activation"
    kept.as_client(STRANGER)
    assert told(kept, "POST", activation, {})[:2] == (403, "not_the_keeper")
    assert kept.as_client(OAK).post(activation, {})["versions"][1]["activated_at"]


def test_nobody_signs_what_they_have_no_part_in(kept: Service) -> None:
    paper = {"paper": a_paper(kept, "EH-ISA", 2)}
    kept.as_client(STRANGER)
    assert told(kept, "POST", f"{ISA}/versions/2/signatures", paper)[:2] == (403, "not_a_member")


def test_a_member_leaves_for_itself_by_a_date(kept: Service) -> None:
    left = kept.clock.at.replace(hour=23).isoformat()
    made = kept.as_client(OAK).post(f"{ISA}/members/{OAK}/departure", {"left": left})
    (stay,) = [one for one in made["members"] if one["agency"] == OAK]
    assert stay["left"] == left


def test_who_terminated_an_agreement_when_and_why_is_kept_and_shown(
    kept: Service, superuser: Rows
) -> None:
    end = kept.clock.at.replace(hour=23).isoformat()
    made = kept.as_client(HUB).post(f"{ISA}/termination", {"at": end, "reason": "The hub closes"})
    assert made["terminated_at"] == end
    assert made["termination"] == {
        "recorded_at": kept.clock.at.isoformat(),
        "agency": HUB,
        "client": f"{HUB}-client",
        "reason": "The hub closes",
    }
    superuser.execute("update agreement set terminated_by_agency = null")
    assert kept.get(ISA)["termination"] is None  # as it is where it ended before 0024


def test_a_keeper_that_takes_no_part_any_more_is_stood_in_for_by_the_members(
    kept: Service,
) -> None:
    kept.as_client(HUB).post(f"/v1/agencies/{HUB}/suspension", {})
    kept.clock.passes(minutes=1)
    assert told(kept, "POST", f"{ISA}/termination", {}) == (
        403,
        "not_the_keeper",
        "Nobody keeps this agreement now: only agencies that are members act in its place.",
    )
    kept.as_client(OAK)
    departure = f"{ISA}/members/{ELM}/departure"
    assert told(kept, "POST", departure, {})[:2] == (403, "not_the_keeper")
    assert kept.post(f"{ISA}/termination", {})["termination"]["agency"] == OAK


def test_of_what_was_drafted_before_keepers_were_written_down_the_members_decide(
    kept: Service, superuser: Rows
) -> None:
    superuser.execute("update agreement set kept_by = null")
    kept.as_client(STRANGER)
    assert told(kept, "POST", f"{ISA}/versions", version())[:2] == (403, "not_the_keeper")
    assert kept.as_client(OAK).post(f"{ISA}/versions", version())["kept_by"] is None
