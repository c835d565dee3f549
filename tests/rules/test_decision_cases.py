"""The worked examples of the decision, by the rules alone."""

from pathlib import Path

import pytest

from tests.cases.as_terms import decided
from tests.cases.reading import read
from tests.cases.words import Case, Step, differences

HERE = Path(__file__).parent
CASES = read(HERE / "decision-cases.yaml")
OTHER_CASES = read(HERE / "other-cases.yaml")


STEPS = [
    pytest.param(case, step, id=f"{case.id}-{place}-{case.title.replace(' ', '-')}")
    for case in (*CASES, *OTHER_CASES)
    for place, step in enumerate(case.steps, start=1)
]


@pytest.mark.parametrize(("case", "step"), STEPS)
def test_the_rules_answer_as_the_case_says(case: Case, step: Step) -> None:
    assert differences(step.expect, decided(case, step.ask)) == []


def test_every_case_of_the_file_is_read() -> None:
    assert sum(len(case.steps) for case in CASES) == 93
