"""What the log is told of a decision, and what household content leaves out."""

from dataclasses import replace
from typing import Any

import pytest

from sharing.rules.deciding import decide
from sharing.rules.telling import (
    UNKNOWN_WORD,
    about_of,
    categories_of,
    facts_of,
    outcome_of,
    sources_of,
    without_members,
)
from sharing.terms.answers import Decision, Permit
from sharing.terms.asking import Identifier, Override, Practitioner
from sharing.terms.codes import Assurance
from tests.cases import as_terms
from tests.cases.as_terms import asked_of, id_of, terms_of
from tests.cases.words import Ask, Given, Shield
from tests.rules.builders import STATUTE, WEDNESDAY, with_flows

WORLD = with_flows(replace(STATUTE, categories=("plan", "household")))
TERMS = terms_of(WORLD)
ASK = Ask("mis", "kid", "hub", "support", "public_task", ("plan",), WEDNESDAY)
AVA, BEN = id_of("ava"), id_of("ben")


def decision(given: Given | None = None, **asked: Any) -> Decision:
    asking = replace(asked_of(WORLD, ASK), **asked)
    facts = as_terms.facts_of(WORLD, given or Given(), "kid", WEDNESDAY)
    return decide(asking, TERMS, facts, WEDNESDAY)


def test_a_permit_is_told_in_the_order_asked_with_what_it_rests_on() -> None:
    told = decision(categories=("household", "contact", "plan"))
    assert isinstance(told, Permit)
    assert (outcome_of(told), categories_of(told), sources_of(told)) == (
        "partial",
        ["household", "plan"],
        ["hub"],
    )
    facts = facts_of(told, TERMS, record_count=3)
    assert facts["refused"] == {"contact": "flow_not_covered"}
    assert (facts["record_count"], facts["left_out"], facts["flags"]) == (3, 0, [])
    assert facts["grounds"][1] == {
        "source": "hub",
        "category": "plan",
        "ground": "statutory",
        "agreement": "A",
        "version": 1,
        "flow": "f2",
    }


def test_a_refusal_is_told_with_its_code_and_what_is_true() -> None:
    told = decision(Given(shields=(Shield(("kid",), "hidden"),)))
    facts = facts_of(told, TERMS, record_count=0)
    assert (outcome_of(told), facts["code"], facts["ground"]) == (
        "deny",
        "not_available",
        "shielded",
    )
    assert "disclosed" not in facts
    assert about_of(told, None, [])["subject"] is None


def test_a_whole_permit_is_told_as_one() -> None:
    assert outcome_of(decision()) == "permit"


@pytest.mark.parametrize("field", ["purpose", "kind", "source", "recipient", "claimed_basis"])
def test_a_word_that_nobody_knows_is_not_kept_for_it_could_be_a_name(field: str) -> None:
    kept_as = {"claimed_basis": "basis"}.get(field, field)
    facts = facts_of(decision(**{field: "Ava Example"}), TERMS, record_count=0)
    assert facts[kept_as] == UNKNOWN_WORD
    assert "Ava Example" not in str(facts)


def test_an_unknown_category_or_override_is_not_kept_either() -> None:
    told = decision(categories=("Ava Example", "plan"), override=Override("Ava", "Example"))
    facts = facts_of(told, TERMS, record_count=0)
    assert (facts["categories"], facts["override"]) == ([UNKNOWN_WORD, "plan"], UNKNOWN_WORD)


def test_whatever_leads_to_a_person_is_in_the_half_that_can_be_erased() -> None:
    told = decision(
        identifiers=(Identifier("nhs_number", "9990000018"),),
        practitioner=Practitioner("staff-1", "teacher", Assurance.STATED),
        override=Override("court_order", "The court asked for it in writing", "C-17"),
    )
    about = about_of(told, AVA, [BEN])
    assert about["identifiers"] == [{"scheme": "nhs_number", "value": "9990000018"}]
    assert about["practitioner"] == {"id": "staff-1", "role": "teacher"}
    assert about["override"]["reference"] == "C-17"
    assert (about["subject"], about["records"]) == (str(AVA), [str(BEN)])
    facts = str(facts_of(told, TERMS, record_count=1))
    for leading in ("9990000018", "staff-1", "C-17", "The court", str(AVA)):
        assert leading not in facts


def test_a_request_without_practitioner_and_override_says_so() -> None:
    about = about_of(decision(), AVA, [])
    assert (about["practitioner"], about["override"], about["left_out"]) == (None, None, [])


def test_members_left_out_are_counted_in_the_log_and_named_in_what_can_be_erased() -> None:
    told = decision(Given(shields=(Shield(("sister",), "hidden"),)), categories=("household",))
    assert facts_of(told, TERMS, record_count=1)["left_out"] == 1
    assert about_of(told, AVA, [])["left_out"] == [str(id_of("sister"))]


def test_household_content_leaves_out_the_hidden_and_whoever_cannot_be_told_from_them() -> None:
    content = {
        "members": [{"subject": str(AVA)}, {"subject": str(BEN)}, {"name": "a lodger"}],
        "address": "1 Example Street",
    }
    assert without_members(content, frozenset()) == content
    assert without_members(content, frozenset({BEN})) == {"members": [{"subject": str(AVA)}]}
    assert without_members({}, frozenset({BEN})) == {"members": []}
