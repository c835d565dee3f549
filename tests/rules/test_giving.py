"""Who may say yes, with pencil and paper (rules 13 to 16)."""

from dataclasses import replace
from datetime import UTC, date, datetime
from uuid import UUID

import pytest

from consent.rules.giving import is_adult, may_give
from consent.terms import ALL, CompetenceAssessment, ParentalResponsibility, Policy, Subject

AT = datetime(2026, 3, 2, tzinfo=UTC)
CHILD, MUM, STEP, DAD = (UUID(int=n) for n in range(1, 5))
ABLE = CompetenceAssessment("support", competent=True, at=AT)
KID = Subject(CHILD, born=date(2014, 1, 1), responsible=(ParentalResponsibility(MUM),))
SIXTEEN = replace(KID, born=date(2010, 3, 2))
GROWN = Subject(DAD, adult=True)


@pytest.mark.parametrize(
    ("subjects", "person", "purposes", "may"),
    [
        ([KID], MUM, {"support"}, True),
        ([KID], MUM, {ALL}, True),
        ([KID], STEP, {"support"}, False),
        ([KID], CHILD, {"support"}, False),
        ([replace(KID, assessments=(ABLE,))], CHILD, {"support"}, True),
        ([replace(KID, assessments=(ABLE,))], CHILD, {"other"}, False),
        ([replace(KID, assessments=(ABLE,))], CHILD, {"other", "support"}, True),
        ([replace(KID, assessments=(ABLE,))], CHILD, {ALL}, True),
        ([SIXTEEN], MUM, {"support"}, False),
        ([SIXTEEN], CHILD, {ALL}, True),
        ([GROWN], MUM, {"support"}, False),
        ([GROWN, KID], MUM, {"support"}, True),
        ([GROWN], DAD, {"support"}, True),
        ([], MUM, {"support"}, False),
    ],
)
def test_a_yes_is_taken_from_whoever_decides_for_one_of_them(
    subjects: list[Subject], person: UUID, purposes: set[str], *, may: bool
) -> None:
    assert may_give(subjects, person, frozenset(purposes), Policy(), AT) is may


@pytest.mark.parametrize(
    ("subject", "adult"),
    [
        (GROWN, True),
        (replace(KID, born=date(2008, 3, 2)), True),
        (replace(KID, born=date(2008, 3, 3)), False),
        (SIXTEEN, False),
        (replace(KID, born=None), False),
    ],
)
def test_rule_14_whoever_is_of_full_age_is_not_assessed(subject: Subject, *, adult: bool) -> None:
    assert is_adult(subject, AT) is adult
