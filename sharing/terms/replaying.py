"""The words for a replay: what a draft of an agreement would have changed, and would change now."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

USUAL_DAYS: Final = 90
MOST_DAYS: Final = 365
MOST_DIFFERENCES: Final = 10_000
"""Differences that are kept of one replay; the tally counts all."""


@dataclass(frozen=True, slots=True)
class ReplayPlan:
    """Which draft somebody wants replayed, how many days back, and why."""

    agreement: str
    version: int
    reason: str
    days: int = USUAL_DAYS


class Part(StrEnum):
    """What is replayed: first what was asked, then what could be asked of every subject today."""

    REQUESTS = "requests"
    SUBJECTS = "subjects"


class Change(StrEnum):
    """What a draft makes of an answer."""

    SAME = "same"
    OTHER_REASON = "other_reason"
    OTHER_CATEGORIES = "other_categories"
    NEWLY_PERMITTED = "newly_permitted"
    NEWLY_REFUSED = "newly_refused"


class NotReplayed(StrEnum):
    """Why an entry cannot be replayed.

    `erased`: what leads to the person was erased. `facts_changed`: by what is on file today the
    request would have been answered otherwise than it was, so that nothing follows from it.
    """

    ERASED = "erased"
    FACTS_CHANGED = "facts_changed"


@dataclass(frozen=True, slots=True)
class Logged:
    """An entry of the log as a replay reads it; `about` is None once it is erased."""

    id: UUID
    at: datetime
    recipient: str
    facts: Mapping[str, Any]
    about: Mapping[str, Any] | None
    subject: UUID | None


@dataclass(frozen=True, slots=True)
class Answer:
    """What an answer tells, and why: `told` are categories, or sources where a pointer asks."""

    told: frozenset[str]
    code: str
    beside: frozenset[tuple[str, str]] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One answer that a draft would change; a request names its entry, the present its subject."""

    part: Part
    change: Change
    at: datetime
    recipient: str
    source: str
    purpose: str
    kind: str
    before: str
    after: str
    told_before: tuple[str, ...]
    told_after: tuple[str, ...]
    entry: UUID | None = None
    subject: UUID | None = None


@dataclass(frozen=True, slots=True)
class Changed:
    """What became of one answer, with the difference if there is one."""

    change: Change
    before: str
    after: str
    difference: Difference | None = None


@dataclass(slots=True)
class Tally:
    """What was replayed so far: answers by what became of them and why, and what could not be."""

    requests: dict[str, int] = field(default_factory=dict)
    subjects: dict[str, int] = field(default_factory=dict)
    subjects_looked_at: int = 0
    not_replayed: dict[str, int] = field(default_factory=dict)
    groups: dict[str, dict[str, dict[str, int]]] = field(default_factory=dict)
    differences: int = 0

    def skipped(self, why: NotReplayed) -> None:
        """Count an entry that cannot be replayed."""
        self.not_replayed[why.value] = self.not_replayed.get(why.value, 0) + 1

    def counted(self, part: Part, one: Changed) -> None:
        """Count an answer, and where it changes, from which reason to which."""
        counts = self.requests if part is Part.REQUESTS else self.subjects
        counts[one.change.value] = counts.get(one.change.value, 0) + 1
        if one.change is not Change.SAME:
            after = self.groups.setdefault(part.value, {}).setdefault(one.before, {})
            after[one.after] = after.get(one.after, 0) + 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Replay:
    """A replay as it stands; it has ended when `ended_at` is said, and `entry` is its first line.

    `failed_at` says that it was given up, by the kind of fault in `failed_because`.

    `content_sha256` names the words that were replayed, should the draft have changed since.
    """

    id: UUID
    agreement: str
    version: int
    content_sha256: str
    since: datetime
    until: datetime
    agency: str
    requested_by: str
    begun_at: datetime
    ended_at: datetime | None
    part: Part
    tally: Tally
    entry: UUID
    failed_at: datetime | None = None
    failed_because: str | None = None
