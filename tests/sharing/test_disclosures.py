from datetime import timedelta

import pytest
from werkzeug.test import TestResponse

from sharing.schemas.disclosures import DisclosureSchema
from tests.make import (
    CHILD,
    ELM,
    HUB,
    OAK,
    PLAN,
    SAFEGUARDING,
    SIBLING,
    Family,
    a_flow,
    a_member,
    a_partnership,
    a_record,
    a_subject,
    ask,
    overriding,
    request,
    said,
    shielded,
    statutory,
)
from tests.service import MONDAY, Service
from tests.sharing.seeing import Rows, latest


def refused(answer: TestResponse, status: int, code: str) -> None:
    assert (answer.status_code, answer.get_json()["code"]) == (status, code)
    assert answer.mimetype == "application/problem+json"


def test_what_the_family_agreed_to_is_told(service: Service, family: Family) -> None:
    said(service, family)

    answer = ask(service)

    assert answer.status_code == 200
    told = answer.get_json()
    plan = {"record": family.plan, "recorded_at": MONDAY.isoformat(), "content": PLAN}
    assert told["sections"] == {"plan": [plan]}
    assert told["outcome"] == "permit"
    assert told["agreement"] == {"code": "EH-ISA", "version": 1}
    assert (told["categories"], told["refused"], told["obligations"]) == (["plan"], {}, [])


def test_a_category_that_no_flow_carries_is_left_out_by_name(
    service: Service, family: Family
) -> None:
    said(service, family)

    told = ask(service, request(categories=["assessment", "plan"])).get_json()

    assert told["outcome"] == "partial"
    assert told["refused"] == {"assessment": "flow_not_covered"}
    assert list(told["sections"]) == told["categories"] == ["plan"]


def test_rule_2_what_the_law_carries_needs_no_yes_and_the_log_names_the_basis(
    service: Service, family: Family, superuser: Rows
) -> None:
    a_record(service, "assessment", {"level": 3})
    said(service, family, answer="refused", recipients=["*"], purposes=["*"])

    told = ask(service, statutory())

    assert (told.status_code, told.get_json()["categories"]) == (200, ["assessment"])
    seen = latest(superuser)
    assert (seen.said["basis"], seen.said["purpose"]) == ("legal_obligation", SAFEGUARDING)
    (ground,) = seen.said["grounds"]
    assert (ground["ground"], ground["flow"]) == ("statutory", "safeguarding")
    assert "refusal_on_file" in seen.said["flags"]


def test_rule_26_the_answer_holds_what_was_asked_for_and_has_the_published_shape(
    service: Service, family: Family
) -> None:
    """Records of other categories lie beside it, and categories that are not named are none."""
    said(service, family)
    a_record(service, "contact", {"town": "York"})
    for wanted in (["plan"], ["contact"], ["plan", "contact"]):
        told = ask(service, request(categories=wanted)).get_json()
        assert sorted(told["sections"]) == sorted(told["categories"]) == sorted(wanted)
        assert DisclosureSchema().validate(told) == {}, "a field too many is an error, too"
        assert set(told) <= set(DisclosureSchema().fields)
        for section in told["sections"].values():
            assert [set(one) for one in section] == [{"record", "recorded_at", "content"}]
    refused(ask(service, request(categories=[])), 422, "request_invalid")
    refused(ask(service, request(categories=["*"])), 422, "request_invalid")


def test_a_category_that_is_not_held_is_left_out_in_the_one_voice(
    service: Service, family: Family
) -> None:
    said(service, family)

    told = ask(service, request(categories=["plan", "contact"])).get_json()

    assert told["refused"] == {"contact": "not_available"}


@pytest.mark.parametrize(
    ("changes", "status", "code"),
    [
        ({"purpose": "curiosity"}, 422, "request_invalid"),
        ({"categories": ["gossip"]}, 422, "request_invalid"),
        ({"categories": []}, 422, "request_invalid"),
        ({"kind": "hint"}, 422, "request_invalid"),
        ({"source": "*"}, 422, "request_invalid"),
        ({"kind": "pointer"}, 422, "request_invalid"),
        ({"recipient": ELM}, 403, "client_not_permitted"),
        ({"source": OAK}, 403, "flow_not_covered"),
        ({"source": "no-such-agency"}, 403, "no_agreement"),
        ({"categories": ["assessment"]}, 403, "flow_not_covered"),
        ({"lawful_basis": "consent"}, 403, "basis_not_accepted"),
        ({"lawful_basis": "because"}, 403, "basis_not_accepted"),
    ],
)
def test_what_rests_on_the_asker_is_refused_by_name(
    service: Service, family: Family, changes: dict[str, object], status: int, code: str
) -> None:
    refused(ask(service, request(**changes)), status, code)


def test_an_agency_that_is_suspended_is_told_nothing(service: Service, family: Family) -> None:
    said(service, family)
    service.post(f"/v1/agencies/{OAK}/suspension", {})

    refused(ask(service), 403, "agency_not_active")


def test_a_client_that_is_not_registered_for_the_purpose_is_told_nothing(
    service: Service, family: Family
) -> None:
    said(service, family)

    refused(ask(service, purposes=[SAFEGUARDING]), 403, "client_not_permitted")


def test_rule_24_without_an_agreement_the_answer_names_people_to_ring(service: Service) -> None:
    a_partnership(service)
    service.post("/v1/agreements/EH-ISA/termination", {})
    hub = {"city": "Meresby", "kind": "early_help_hub", "name": "The early help hub"}
    ring = {"phone": {"as_published": "01632 960123"}, "email": {"as_published": "help@hub.test"}}
    contact = hub | ring | {"code": "the-hub", "agency": HUB}
    service.as_client(HUB).post("/v1/directory/contact-points", contact)

    answer = ask(service)

    refused(answer, 403, "no_agreement")
    assert answer.get_json()["contacts"] == [
        {
            "name": "The early help hub",
            "city": "Meresby",
            "phone": "01632 960123",
            "phone_fault": None,
            "email": "help@hub.test",
            "email_fault": None,
        }
    ]


def test_rule_28_a_pointer_names_the_agencies_that_pass_and_opens_nothing(
    service: Service, family: Family
) -> None:
    for source in (HUB, ELM, OAK):
        a_record(service, "involvement", {"since": "2026"}, source)
    said(service, family)
    wanted = request(kind="pointer", source="*", categories=["involvement"])

    told = ask(service, wanted).get_json()

    assert told["sources"] == [HUB, ELM]
    assert told["sections"] == {}


def test_a_pointer_leaves_out_a_source_that_does_not_pass(service: Service, family: Family) -> None:
    for source in (HUB, ELM):
        a_record(service, "involvement", {"since": "2026"}, source)
    said(service, family, sources=[ELM])
    wanted = request(kind="pointer", source="*", categories=["involvement"])

    assert ask(service, wanted).get_json()["sources"] == [ELM]


def test_a_pointer_with_nobody_to_name_is_like_a_child_nobody_knows(
    service: Service, family: Family
) -> None:
    a_record(service, "involvement", {"since": "2026"}, OAK)
    said(service, family)
    wanted = request(kind="pointer", source="*", categories=["involvement"])

    refused(ask(service, wanted), 404, "not_available")


def test_a_verbal_yes_is_to_be_confirmed_in_writing(service: Service, family: Family) -> None:
    said(service, family, method="verbal")

    assert ask(service).get_json()["obligations"] == ["confirm_consent_in_writing"]


def test_rule_22_an_overdue_review_of_the_agreement_is_said(service: Service) -> None:
    a_partnership(service, review_due=(MONDAY - timedelta(days=1)).isoformat())
    a_subject(service, CHILD)
    a_record(service, "assessment", {"level": 3})

    assert ask(service, statutory()).get_json()["obligations"] == ["agreement_review_due"]


def test_rule_30_an_override_passes_a_missing_yes_and_is_reviewed(
    service: Service, family: Family
) -> None:
    told = ask(service, overriding()).get_json()

    assert told["sections"]["plan"][0]["content"] == PLAN
    assert told["obligations"] == ["ig_review", "notify_source", "inform_subject"]


def test_rule_31_an_override_opens_no_shield(service: Service, family: Family) -> None:
    shielded(service, family.child)

    refused(ask(service, overriding()), 404, "not_available")


def test_rule_30_an_override_needs_the_right_to_it(service: Service, family: Family) -> None:
    refused(ask(service, overriding(), may_override=False), 403, "client_not_permitted")


@pytest.mark.parametrize("said_why", ["", "urgent", " " * 40, "a b " * 9])
def test_rule_30_an_override_needs_twenty_characters_of_justification(
    service: Service, family: Family, said_why: str
) -> None:
    override = {"reason": "vital_interests", "justification": said_why}

    refused(ask(service, request(override=override)), 422, "justification_required")


def test_rule_30_an_override_for_a_reason_of_ones_own_is_invalid(
    service: Service, family: Family
) -> None:
    override = {"reason": "i_want_to_know", "justification": "x" * 40}

    refused(ask(service, request(override=override)), 422, "request_invalid")


def test_an_override_where_the_flow_allows_none_is_refused_as_that(
    service: Service, family: Family
) -> None:
    a_record(service, "assessment", {"level": 3})
    override = {"reason": "vital_interests", "justification": "x" * 40}

    refused(ask(service, statutory(override=override)), 403, "basis_not_accepted")


def test_a_statutory_flow_pierces_a_shield_with_duties(service: Service, family: Family) -> None:
    a_record(service, "assessment", {"level": 3})
    shielded(service, family.child)

    told = ask(service, statutory()).get_json()

    assert told["sections"]["assessment"][0]["content"] == {"level": 3}
    assert told["obligations"] == ["ig_review", "do_not_reveal_location"]


def household(service: Service, family: Family) -> str:
    """Put a sibling into the household, and what the hub knows of both; the sibling's id."""
    sibling = a_subject(service, SIBLING)
    members = [{"subject": family.child}, {"subject": sibling}]
    path = f"/v1/subjects/{family.child}/household"
    answer = service.call("PUT", path, json={"members": members})
    assert answer.status_code == 200, answer.get_json()
    a_record(service, "household", {"members": [one | {"room": 1} for one in members]})
    return sibling


def told_members(answer: TestResponse) -> list[str]:
    content = answer.get_json()["sections"]["household"][0]["content"]
    return [one["subject"] for one in content["members"]]


def test_household_content_names_everyone_nobody_shields(service: Service, family: Family) -> None:
    sibling = household(service, family)
    said(service, family)

    answer = ask(service, request(categories=["household"]))

    assert told_members(answer) == [family.child, sibling]


@pytest.mark.parametrize(
    "shield", [{}, {"mode": "masked", "categories": ["contact"]}], ids=["hidden", "masked"]
)
def test_household_content_leaves_out_a_shielded_member_without_a_word(
    service: Service, family: Family, shield: dict[str, object]
) -> None:
    sibling = household(service, family)
    said(service, family)
    shielded(service, sibling, **shield)

    answer = ask(service, request(categories=["household"]))

    assert told_members(answer) == [family.child]
    assert sibling not in answer.get_data(as_text=True)
    assert answer.get_json()["outcome"] == "permit"


def test_a_shield_that_does_not_affect_the_asker_leaves_nobody_out(
    service: Service, family: Family
) -> None:
    sibling = household(service, family)
    said(service, family)
    shielded(service, sibling, unaffected=[HUB, OAK])

    answer = ask(service, request(categories=["household"]))

    assert sibling in told_members(answer)


def test_a_flow_that_wants_a_practitioner_is_closed_to_nobody_in_particular(
    service: Service,
) -> None:
    flows = [a_flow("named", ["plan"], requires="none", practitioner="stated")]
    a_partnership(service, flows=flows)
    a_subject(service, CHILD)
    a_record(service, "plan", PLAN)

    assert ask(service).status_code == 200
    refused(ask(service, request(practitioner=None)), 403, "flow_not_covered")


def test_content_is_what_the_record_held_last(service: Service, family: Family) -> None:
    said(service, family)
    service.as_client(HUB).call("PUT", f"/v1/records/{family.plan}", json={"content": {"v": 2}})

    contents = [one["content"] for one in ask(service).get_json()["sections"]["plan"]]

    assert contents == [{"v": 2}]


def test_rule_21_an_agency_that_has_left_is_told_nothing(service: Service) -> None:
    yesterday = (MONDAY - timedelta(days=1)).isoformat()
    a_partnership(service, members=[a_member(HUB), a_member(OAK, left=yesterday)])
    a_subject(service, CHILD)
    a_record(service, "assessment", {"level": 3})

    refused(ask(service, statutory()), 403, "no_agreement")
