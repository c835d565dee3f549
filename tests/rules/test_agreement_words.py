"""What a flow opens and asks for, in sentences."""

from dataclasses import replace
from typing import Final

from sharing.rules.agreement_words import BASES, MEANS, conditions
from sharing.terms.agreements import FlowDraft, Means
from sharing.terms.codes import Assurance, LawfulBasis, Requirement

FLOW: Final = FlowDraft(
    code="f",
    sources=frozenset({"hub"}),
    recipients=frozenset({"oak"}),
    purposes=frozenset({"support"}),
    categories=frozenset({"plan"}),
    kinds=frozenset({"content"}),
    basis=LawfulBasis.PUBLIC_TASK,
    requires=Requirement.NONE,
    law=None,
    special_condition=None,
    verbal=False,
    override=False,
    pierces_shield=False,
    practitioner=Assurance.NONE,
)


def test_a_flow_that_the_law_carries_asks_nobody() -> None:
    assert conditions(FLOW) == (
        "What is on file is told.",
        "Nobody is asked for consent: the law carries it.",
        "The agency asks; the practitioner need not be named.",
    )


def test_all_that_a_flow_opens_is_said() -> None:
    widest = replace(
        FLOW,
        kinds=frozenset({"content", "pointer"}),
        requires=Requirement.FAMILY_AGREEMENT,
        verbal=True,
        override=True,
        pierces_shield=True,
        practitioner=Assurance.SIGNED,
    )
    assert conditions(widest) == (
        "What is on file is told, and who is involved.",
        "Only once the family has agreed to be helped.",
        "A spoken yes will do to begin with.",
        "The agency vouches for the practitioner who asks, with its signature.",
        "In an emergency a missing yes may be passed over; a person reviews each time.",
        "It reaches people who are protected by a shield; a person reviews each time.",
    )


def test_consent_in_writing_and_a_pointer_are_said_as_that() -> None:
    said = conditions(
        replace(FLOW, kinds=frozenset({"pointer"}), requires=Requirement.DATA_CONSENT)
    )
    assert "never what it knows" in said[0]
    assert said[2] == "The yes is in writing."


def test_every_word_of_a_flow_has_its_sentence() -> None:
    assert set(BASES) == set(LawfulBasis)
    assert set(MEANS) == set(Means)
    for requires in Requirement:
        for practitioner in Assurance:
            assert conditions(replace(FLOW, requires=requires, practitioner=practitioner))
