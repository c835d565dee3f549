"""The words for changes of an agreement: what somebody does to it, and who stands where."""

from dataclasses import dataclass
from datetime import datetime
from enum import Enum, auto


class Act(Enum):
    """What can be done to an agreement that is on file; signing is apart, each signs for itself."""

    VERSION = auto()
    ACTIVATE = auto()
    ADMIT = auto()
    REVIEW = auto()
    TERMINATE = auto()
    END_MEMBERSHIP = auto()


@dataclass(frozen=True, slots=True)
class Standing:
    """Who keeps an agreement and who is a member, of agencies that take part in the partnership.

    `keeper` is None where the agency that drafted it takes no part now, or is not on file.
    """

    keeper: str | None
    members: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ending:
    """That an agreement is terminated, why, by whom, and what follows it; `at` None is now."""

    at: datetime | None
    successor: str | None
    reason: str | None
    agency: str
    client: str
