"""What a case file has no words for: practitioners who sign, and requests held to one agreement."""

from dataclasses import replace

import pytest

from consent.rules.deciding import shielding
from consent.terms import Period, Shield, ShieldMode
from sharing.rules.screening import screen
from sharing.terms.answers import Screened
from sharing.terms.asking import Practitioner
from sharing.terms.codes import Assurance, Reason
from tests.cases.as_terms import asked_of, id_of, terms_of
from tests.cases.words import Ask
from tests.rules.builders import INSTANT, STATUTE, TUESDAY, WEDNESDAY, WORLD, with_flows

ASKED = asked_of(WORLD, Ask("mis", "kid", "hub", "support", "public_task", ("plan",), WEDNESDAY))
TERMS = terms_of(with_flows(STATUTE))
NURSE = Practitioner("nurse", "school_nurse", Assurance.SIGNED)


@pytest.mark.parametrize(
    ("named", "passes"),
    [(None, False), (replace(NURSE, id="head"), False), (NURSE, True)],
)
def test_a_token_for_one_practitioner_speaks_for_no_other(named, passes) -> None:
    asked = replace(ASKED, asker=replace(ASKED.asker, signed_as="nurse"), practitioner=named)
    told = screen(asked, TERMS, WEDNESDAY)
    assert isinstance(told, Screened) is passes
    assert passes or told.reason is Reason.CLIENT_NOT_PERMITTED


@pytest.mark.parametrize(
    ("wanted", "named", "passes"),
    [
        (Assurance.NONE, None, True),
        (Assurance.STATED, None, False),
        (Assurance.STATED, Assurance.STATED, True),
        (Assurance.SIGNED, Assurance.STATED, False),
        (Assurance.SIGNED, Assurance.SIGNED_IN, True),
    ],
)
def test_a_flow_may_ask_for_a_surely_named_practitioner(wanted, named, passes) -> None:
    (agreement,) = TERMS.agreements
    flows = tuple(replace(flow, practitioner=wanted) for flow in agreement.flows)
    terms = replace(TERMS, agreements=(replace(agreement, flows=flows),))
    practitioner = None if named is None else replace(NURSE, assurance=named)
    told = screen(replace(ASKED, practitioner=practitioner), terms, WEDNESDAY)
    assert isinstance(told, Screened) is passes
    assert passes or told.reason is Reason.FLOW_NOT_COVERED


@pytest.mark.parametrize(("agreement", "passes"), [("A", True), ("B", False), (None, True)])
def test_a_request_held_to_one_agreement_finds_no_other(agreement, passes) -> None:
    told = screen(replace(ASKED, narrowed_to=agreement), TERMS, WEDNESDAY)
    assert isinstance(told, Screened) is passes
    assert passes or told.reason is Reason.NO_AGREEMENT


def test_what_passes_is_the_paths_that_are_left_to_try() -> None:
    world = with_flows(STATUTE, replace(STATUTE, id="f3", basis="consent"))
    asked = replace(ASKED, categories=("plan", "plan", "contact"))
    told = screen(asked, terms_of(world), WEDNESDAY)
    assert isinstance(told, Screened)
    codes = {where: [path.flow.code for path in paths] for where, paths in told.paths.items()}
    assert codes == {("hub", "plan"): ["f2"], ("hub", "contact"): ["f2"]}
    assert told.refused == {}


def test_a_shield_counts_from_when_it_was_recorded_even_if_it_is_dated_back() -> None:
    shield = Shield(id_of("shield"), ShieldMode.HIDDEN, Period(), recorded_at=TUESDAY)
    assert list(shielding([shield], "school", TUESDAY)) == [shield]
    assert list(shielding([shield], "school", TUESDAY - INSTANT)) == []
