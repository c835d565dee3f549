"""The words for partner agencies and when they take part."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar


class DirectoryError(Exception):
    """Something asked of this storey that it does not do; the text says what to do instead."""

    advice: ClassVar[str]

    def __init__(self, code: str = "") -> None:
        super().__init__(self.advice.format(code=code))


class UnknownAgency(DirectoryError):
    """No agency has this code."""

    advice = "No agency has the code {code}. GET /v1/agencies lists those there are."


class AgencyExists(DirectoryError):
    """The code is taken: an agency's code is its name in every agreement and log entry."""

    advice = "An agency has the code {code} already, and keeps it. Choose another."


class AgencyNotActive(DirectoryError):
    """The agency takes no part in the whole of the period, so there is nothing to suspend."""

    advice = "The agency {code} takes no part in any of this period. Read when it does."


class AgencyActive(DirectoryError):
    """The agency takes part at that instant, so there is nothing to reinstate."""

    advice = "The agency {code} takes part at that instant already. Nothing more needs doing."


@dataclass(frozen=True, slots=True)
class Interval:
    """`starts <= at < ends`; without `ends` it is open."""

    starts: datetime
    ends: datetime | None = None


@dataclass(frozen=True, slots=True)
class Agency:
    """A partner organisation. `sensitive_service`: that it knows someone is itself a secret.

    `keeping` says when it keeps the directory for all.
    """

    code: str
    name: str
    kind: str
    recorded_at: datetime
    sensitive_service: bool = False
    active: tuple[Interval, ...] = ()
    keeping: tuple[Interval, ...] = ()


@dataclass(frozen=True, slots=True)
class Standing:
    """What a decision needs to know of an agency: when it takes part, and whether it is secret."""

    sensitive_service: bool
    active: tuple[Interval, ...]
