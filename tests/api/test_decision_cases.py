"""The worked examples of the decision, through the whole service as a client sees it."""

from pathlib import Path

import pytest
from structlog.testing import capture_logs

from tests.cases.reading import read
from tests.decision_cases import run
from tests.postgres import Databases

RULES = Path(__file__).parents[1] / "rules"


@pytest.mark.long
@pytest.mark.parametrize("file", ["decision-cases.yaml", "other-cases.yaml"])
def test_the_service_answers_as_the_cases_say(file: str, databases: Databases) -> None:
    with capture_logs():
        tally = run(read(RULES / file), databases)
    assert tally.failures == []
    assert tally.passed > 50
