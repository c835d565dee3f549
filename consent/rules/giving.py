"""Who may say yes: somebody whose word will count for one of those whom it is about.

And of whom it is asked whether they can decide: of a child, for an adult can.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Final
from uuid import UUID

from consent.rules.deciding import decides, of_age
from consent.terms import ALL, Policy, Subject

MAJORITY: Final = 18
"""Family Law Reform Act 1969, section 1."""


def may_give(
    subjects: Iterable[Subject],
    person: UUID,
    purposes: frozenset[str],
    policy: Policy,
    at: datetime,
) -> bool:
    """Say whether this person decides for any of these subjects, for any of these purposes.

    A word counts only if its giver decided both when it began to count and now, so one that fails
    here never will. Of a form for a whole family one subject is enough: the others speak for
    themselves.
    """
    return any(
        decides(subject, person, purpose, policy, at)
        for subject in subjects
        for purpose in _purposes_of(subject, purposes)
    )


def is_adult(subject: Subject, at: datetime) -> bool:
    """Say whether somebody is of full age, by how they were registered or by their birthday."""
    return subject.adult or of_age(subject.born, MAJORITY, at)


def _purposes_of(subject: Subject, named: frozenset[str]) -> frozenset[str]:
    """Return the purposes to ask about: where all are meant, any that a child was assessed for."""
    assessed = frozenset(one.purpose for one in subject.assessments)
    return named | assessed if ALL in named else named
