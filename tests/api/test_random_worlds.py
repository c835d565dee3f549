"""Worlds at random, through the whole service: what is stored must decide as what was told."""

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from structlog.testing import capture_logs

from tests.decision_cases import run
from tests.postgres import Databases
from tests.rules.tellable import tellable_case

ASKS = 25


@pytest.mark.long
@settings(derandomize=True, deadline=None, database=None, max_examples=4, phases=[Phase.generate])
@given(seeded=st.randoms(use_true_random=True))
def test_the_service_answers_as_the_oracle_does(databases: Databases, seeded) -> None:
    case = tellable_case(seeded, "random", ASKS)
    with capture_logs():
        tally = run((case,), databases)
    assert (tally.failures, tally.passed) == ([], ASKS)
