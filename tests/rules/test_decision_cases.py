"""The worked examples of the decision, by the rules alone."""

from collections.abc import Mapping
from pathlib import Path
from typing import Final

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

NOT_AVAILABLE: Final = "deny not_available"
# What each case must expect, step by step, for its rule to be shown by it.
SHOWN: Final[Mapping[str, Mapping[str, tuple[str, ...]]]] = {
    "rule 2: statutory flows need no consent": {
        "V25": (NOT_AVAILABLE, "permit statutory"),
        "V51": ("permit statutory",),
    },
    "rule 3: agreement to help is not data consent": {"V18": (NOT_AVAILABLE,)},
    "rule 6: all partners are those of the day": {"V20": ("permit", NOT_AVAILABLE)},
    "rule 7: a withdrawal counts from its instant": {"V24": ("permit", NOT_AVAILABLE)},
    "rule 8: a refusal is a fact with a scope": {
        "V25": (NOT_AVAILABLE, "permit statutory"),
        "V27": (NOT_AVAILABLE, "partial"),
    },
    "rule 9: a verbal yes starts and lapses": {
        "V21": ("permit agreement", NOT_AVAILABLE),
        "V22": ("permit", "permit"),
        "V23": (NOT_AVAILABLE,),
    },
    "rule 10: who joined later is asked about": {"V20": ("permit", NOT_AVAILABLE)},
    "rule 11: a consent expires": {"V26": ("permit", NOT_AVAILABLE)},
    "rule 13: parental responsibility, then and now": {
        "V29": (NOT_AVAILABLE, "permit"),
    },
    "rule 14: competence is of one purpose": {
        "V30": (NOT_AVAILABLE,),
        "V31": ("permit agreement",),
        "V32": (NOT_AVAILABLE,),
    },
    "rule 15: the young person decides from the set age": {
        "V33": ("permit", NOT_AVAILABLE, "permit"),
    },
    "rule 16: each adult is a subject of their own": {
        "V34": ("permit", "permit", NOT_AVAILABLE, NOT_AVAILABLE),
    },
    "rule 17: parents who disagree block": {"V28": ("permit", NOT_AVAILABLE)},
    "rule 18: a say ends from a date": {"V41": (NOT_AVAILABLE, "permit")},
    "rule 21: membership on both sides": {
        "V09": ("permit consent", "deny agency_not_active"),
        "V10": ("permit statutory", "deny no_agreement", "deny no_agreement", "permit statutory"),
        "V11": ("deny no_agreement",),
    },
    "rule 22: an overdue review is said, an end is an end": {
        "V17": ("permit agreement",),
        "V10": ("permit statutory", "deny no_agreement", "deny no_agreement", "permit statutory"),
    },
    "rule 25: evaluation is a purpose of its own": {"V13": ("deny flow_not_covered",)},
    "rule 26: explicit categories, and no other": {
        "V07": ("deny request_invalid",),
        "V02": ("partial",),
    },
    "rule 27: unknown, none, refused and shielded are alike": {
        "V04": (NOT_AVAILABLE,),
        "V05": (NOT_AVAILABLE,),
        "V06": (NOT_AVAILABLE,),
        "V47": (NOT_AVAILABLE, NOT_AVAILABLE),
    },
    "rule 28: a pointer is no content": {
        "V48": ("deny request_invalid",),
        "V54": ("permit", "deny flow_not_covered"),
    },
    "rule 29: sensitive services stay out unless named": {
        "V44": ("permit statutory",),
        "V45": (NOT_AVAILABLE,),
        "V46": ("permit", "permit"),
        "V52": (NOT_AVAILABLE, "permit consent", NOT_AVAILABLE, "permit override"),
    },
    "rule 30: override with right, reason and text": {
        "V35": (
            NOT_AVAILABLE,
            "permit override",
            "deny justification_required",
            "deny justification_required",
        ),
        "V36": ("permit override",),
        "V37": ("deny basis_not_accepted",),
        "V38": ("deny client_not_permitted",),
    },
    "rule 31: an override opens no shield": {"V55": (NOT_AVAILABLE,)},
    "rule 32: a shield holds at once": {
        "V39": ("permit", NOT_AVAILABLE, "permit statutory", "permit statutory"),
        "V40": ("partial",),
    },
    "rule 33: a shielded sibling is left out": {"V43": ("permit",)},
    "rule 34: the source withholds": {"V50": ("partial", "permit")},
    "rule 36: down with agreement, up without": {
        "V49": (NOT_AVAILABLE, "permit", "permit statutory"),
    },
    "rule 37: a statutory notice": {"V51": ("permit statutory",)},
}


@pytest.mark.parametrize(("case", "step"), STEPS)
def test_the_rules_answer_as_the_case_says(case: Case, step: Step) -> None:
    assert differences(step.expect, decided(case, step.ask)) == []


def test_every_case_of_the_file_is_read() -> None:
    assert sum(len(case.steps) for case in CASES) == 93


@pytest.mark.parametrize("rule", SHOWN)
def test_each_rule_of_the_decision_is_shown_by_its_cases(rule: str) -> None:
    """What the cases expect, the test above then holds against the rules themselves."""
    on_file = {case.id: case for case in CASES}
    for name, expected in SHOWN[rule].items():
        assert tuple(in_short(step) for step in on_file[name].steps) == expected


def in_short(step: Step) -> str:
    """Return the outcome of a step with its public reason, or the ground of a permit."""
    said = step.expect
    return " ".join(word for word in (said.outcome, said.reason or said.audit.ground) if word)
