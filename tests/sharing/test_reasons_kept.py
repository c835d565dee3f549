"""Why a family was handed over, or somebody was not told, has a period of its own (rule 44)."""

from typing import Any

import pytest

from tests.make import (
    CHILD,
    ELM,
    HUB,
    OAK,
    Family,
    a_flow,
    a_member,
    an_agreement,
    in_force,
    kept,
    said,
)
from tests.service import Service
from tests.sharing.seeing import Rows, entries
from tests.sharing.test_erasure import erase, erased
from tests.sharing.test_holds import RELEASE, held
from tests.sharing.test_retention import a_day_passes, signed
from tests.sharing.test_timeline import ENQUIRY, a_decision

TABLES = {
    "escalation": ("escalation", "escalation_subject"),
    "decision_not_to_share": ("decision_not_to_share",),
}


@pytest.fixture
def reasons(service: Service, family: Family) -> Family:
    """Elm handed the child up to the hub, and did not tell Oak of it."""
    service.as_client(HUB).post("/v1/purposes", {"code": ENQUIRY, "title": ENQUIRY})
    law = {"basis": "legal_obligation", "requires": "none"}
    flow = a_flow("enquiry", ["plan"], purposes=[ENQUIRY], **law) | {"from": [ELM], "to": [HUB]}
    parts: dict[str, Any] = {"members": [a_member(one) for one in (HUB, OAK, ELM)]}
    parts |= {"code": "SG-ISA", "flows": [flow], "retention": kept("plan")}
    in_force(service, an_agreement() | parts)
    step = {
        "direction": "step_up",
        "to": HUB,
        "subjects": [{"identifiers": [CHILD]}],
        "from_lead": {"id": "elm-1"},
        "to_lead": {"id": "hub-1"},
        "lawful_basis": "legal_obligation",
        "duty": "section_17",
        "reason": "Nobody fetched her twice.",
    }
    service.as_client(ELM).post("/v1/escalations", step)
    service.post("/v1/decisions-not-to-share", a_decision())
    return family


def counted(superuser: Rows, code: str) -> list[int]:
    found = []
    for table in TABLES[code]:
        ((number,),) = superuser.execute(f"select count(*) from {table}").fetchall()  # noqa: S608  (names of ours)
        found.append(int(number))
    return found


@pytest.mark.parametrize("code", TABLES)
def test_rule_44_a_reason_goes_when_its_period_is_over_and_no_hold_stands(
    service: Service, reasons: Family, superuser: Rows, code: str
) -> None:
    signed(service, code, 12)
    before = entries(superuser)
    hold = held(service, ELM)
    a_day_passes(service, 1000)
    assert set(counted(superuser, code)) == {1}
    service.as_client(ELM).post(f"/v1/legal-holds/{hold}/release", RELEASE, 200)
    a_day_passes(service)
    assert set(counted(superuser, code)) == {0}
    added = entries(superuser)[len(before) :]
    (said_so,) = [one for one in added if one.outcome != "partitioned"]
    assert (said_so.said["class"], said_so.said["items"]) == (code, 1)
    others = [other for other in TABLES if other != code]
    assert [set(counted(superuser, other)) for other in others] == [{1}], "it has no period"


def test_what_is_kept_past_the_end_of_the_calendar_still_says_until_when(
    service: Service, family: Family
) -> None:
    """A client that means "for ever" sends the last day that there is."""
    said(service, family, valid_until="9999-12-31T23:59:59Z")
    signed(service, "consent", 12)
    (stops,) = erased(service, family.child, dry_run=True)["stopped_by"]
    assert (stops["class"], stops["until"][:4]) == ("consent", "9999")


@pytest.mark.parametrize("code", TABLES)
def test_rule_44_a_reason_that_must_be_kept_stops_an_erasure_which_says_all_that_would_go(
    service: Service, reasons: Family, superuser: Rows, code: str
) -> None:
    signed(service, code, 12)
    refused = erase(service, reasons.child)
    assert (refused.status_code, refused.get_json()["code"]) == (409, "retention_runs")
    asked = erased(service, reasons.child, dry_run=True)
    assert [one["class"] for one in asked["stopped_by"]] == [code]
    told = {name: asked["erased"][name] for name in ("escalations", "decisions_not_to_share")}
    assert told == {"escalations": 1, "decisions_not_to_share": 1}
    assert set(counted(superuser, code)) == {1}
    service.clock.passes(days=1000)
    assert erased(service, reasons.child)["erased"] == asked["erased"]
    assert set(counted(superuser, code)) == {0}
