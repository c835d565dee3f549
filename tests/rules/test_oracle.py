"""Two programs written from one text, and neither from the other, must say the same."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.cases.as_terms import decided
from tests.cases.words import Ask, Case, Step, differences
from tests.rules.oracle import Oracle
from tests.rules.test_decision_cases import STEPS
from tests.rules.worlds import any_case, family_case

seeds = st.randoms(use_true_random=True)
the_same_each_time = settings(derandomize=True, deadline=None, database=None)


@pytest.mark.parametrize(("case", "step"), STEPS)
def test_the_oracle_answers_as_the_case_says(case: Case, step: Step) -> None:
    assert differences(step.expect, Oracle(case.world, case.given, step.ask).answer()) == []


@settings(the_same_each_time, max_examples=150)
@given(seeds)
def test_the_rules_and_the_oracle_agree(seeded) -> None:
    agree(*any_case(seeded))


@settings(the_same_each_time, max_examples=150)
@given(seeds)
def test_the_rules_and_the_oracle_agree_on_who_said_what(seeded) -> None:
    agree(*family_case(seeded))


@pytest.mark.long
@settings(the_same_each_time, max_examples=6000)
@given(seeds)
def test_the_rules_and_the_oracle_agree_in_many_worlds(seeded) -> None:
    agree(*any_case(seeded))
    agree(*family_case(seeded))


def agree(case: Case, ask: Ask) -> None:
    oracle = Oracle(case.world, case.given, ask).answer()
    assert differences(oracle, decided(case, ask)) == []
