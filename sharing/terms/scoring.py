"""The words of scoring: what makes an entry worth a look, and by which settings."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Final
from uuid import UUID


class RedFlag(StrEnum):
    """What may be wrong with an entry; flags score and queue, they block nothing."""

    SHARED_DETAILS = "shared_details"
    COLLEAGUE = "colleague"
    PUBLIC_INTEREST = "public_interest"
    NOT_INVOLVED = "not_involved"
    MANY_CHILDREN = "many_children"
    UNUSUAL_HOURS = "unusual_hours"
    REPEATED_TRIES = "repeated_tries"
    PROBING = "probing"
    OVERRIDE = "override"
    SHIELD = "shield"
    SOON_AFTER_NO = "soon_after_no"
    DORMANT_OR_NEW = "dormant_or_new"
    MANY_AGENCIES = "many_agencies"
    WITHOUT_SAY = "without_say"
    UNUSUAL_PURPOSE = "unusual_purpose"


class Shared(StrEnum):
    """What a practitioner and a subject have in common."""

    SURNAME = "surname"
    ADDRESS = "address"
    PHONE = "phone"
    RELATIVE = "relative"


class ColleagueTie(StrEnum):
    """What a subject is to the agency that asks: one of its own people, or a relative of one."""

    THEMSELVES = "themselves"
    RELATIVE = "relative"


class ShieldTouch(StrEnum):
    """What an entry did to a shield."""

    PIERCED = "pierced"
    REFUSED = "refused"
    LOOKED_UP = "looked_up"


class Why(StrEnum):
    """What put an entry into the queue; an override and a shield do so whatever they score."""

    SCORE = "score"
    OVERRIDE = "override"
    SHIELD = "shield"
    SAMPLE = "sample"


class Priority(StrEnum):
    """How soon an item is due."""

    URGENT = "urgent"
    HIGH = "high"
    NORMAL = "normal"
    LOW = "low"


@dataclass(frozen=True, slots=True, kw_only=True)
class Measures:
    """What was so of an entry when it came, in numbers and codes: nobody is named.

    All look back from the entry: a practitioner's hour, their 30 days, a subject's 7 days. What
    cannot be known, because nobody was named or the practitioner's agency declared nothing of
    them, is as it stands here. `involved` speaks of the asking agency, at that instant;
    `days_since_involved` of when that ended, None if it never began.
    """

    shared: tuple[Shared, ...] = ()
    colleague: ColleagueTie | None = None
    public_interest: bool = False
    involved: bool = True
    days_since_involved: int | None = None
    children_in_hour: int = 0
    children_usual: float = 0.0
    role_looks: int = 0
    role_at_this_hour: int = 0
    role_for_this_purpose: int = 0
    refusals: int = 0
    colleagues_trying: int = 0
    in_sequence: int = 0
    pointers_in_hour: int = 0
    override: bool = False
    overrides_before: int = 0
    same_words_before: int = 0
    shield: ShieldTouch | None = None
    hours_since_refusal: int | None = None
    hours_since_withdrawal: int | None = None
    days_silent: int | None = None
    new_client: bool = False
    agencies_in_week: int = 0
    plan: bool = True
    without_say: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Thresholds:
    """From where on something counts; days, hours, percent or how many, as the names say."""

    involvement_days: int = 14
    children_in_hour: int = 10
    times_usual: int = 3
    role_looks: int = 50
    rare_percent: int = 2
    tries: int = 3
    colleagues_trying: int = 3
    in_sequence: int = 3
    pointers_in_hour: int = 20
    overrides_before: int = 2
    hours_after_no: int = 24
    dormant_days: int = 90
    agencies_in_week: int = 3


_WEIGHTS: Final = MappingProxyType(
    {
        RedFlag.SHARED_DETAILS: 60,
        RedFlag.COLLEAGUE: 60,
        RedFlag.PUBLIC_INTEREST: 60,
        RedFlag.NOT_INVOLVED: 40,
        RedFlag.MANY_CHILDREN: 50,
        RedFlag.UNUSUAL_HOURS: 20,
        RedFlag.REPEATED_TRIES: 40,
        RedFlag.PROBING: 60,
        RedFlag.OVERRIDE: 50,
        RedFlag.SHIELD: 100,
        RedFlag.SOON_AFTER_NO: 30,
        RedFlag.DORMANT_OR_NEW: 20,
        RedFlag.MANY_AGENCIES: 50,
        RedFlag.WITHOUT_SAY: 70,
        RedFlag.UNUSUAL_PURPOSE: 20,
    }
)


_HOURS: Final = MappingProxyType(
    {Priority.URGENT: 24, Priority.HIGH: 72, Priority.NORMAL: 168, Priority.LOW: 672}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewSettings:
    """How entries are scored, queued and drawn; an information governance lead signs them off.

    Weights and scores run from 0 to 100; `hours` are until an item of each priority is due;
    `sample_per_mille` of all entries are drawn, unless `sample_by_agency` names the recipient.
    """

    weights: Mapping[RedFlag, int] = field(default_factory=lambda: dict(_WEIGHTS))
    thresholds: Thresholds = field(default_factory=Thresholds)
    queue_from: int = 50
    high_from: int = 70
    urgent_from: int = 90
    hours: Mapping[Priority, int] = field(default_factory=lambda: dict(_HOURS))
    sample_per_mille: int = 10
    sample_by_agency: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ReviewSettingsVersion:
    """Settings as one signature left them; version 0 holds until somebody signs."""

    version: int = 0
    values: ReviewSettings = field(default_factory=ReviewSettings)
    starts: datetime | None = None
    signed_by: str | None = None
    authority: str | None = None
    recorded_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Seen:
    """That a flag is up: how many times its weight, and why, in words that name nobody."""

    times: int
    because: str


@dataclass(frozen=True, slots=True)
class Sighting:
    """One flag of an entry, with what it scores."""

    flag: RedFlag
    score: int
    because: str


@dataclass(frozen=True, slots=True)
class Judgement:
    """That an entry is to be looked at: why, how it scores, and how soon."""

    why: tuple[Why, ...]
    score: int
    sightings: tuple[Sighting, ...]
    priority: Priority


@dataclass(frozen=True, slots=True)
class Look:
    """What was unusual about an entry, as it was kept."""

    entry: UUID
    measures: Measures
    drawn: bool


@dataclass(slots=True)
class RuleChange:
    """How many queued entries bear a flag, by the settings in force and by others."""

    before: int = 0
    after: int = 0


@dataclass(slots=True)
class DryRun:
    """What other settings would have queued of what was scored; some entries, as examples."""

    looked_at: int = 0
    before: int = 0
    after: int = 0
    more: int = 0
    fewer: int = 0
    rules: dict[RedFlag, RuleChange] = field(
        default_factory=lambda: {flag: RuleChange() for flag in RedFlag}
    )
    examples_more: list[UUID] = field(default_factory=list)
    examples_fewer: list[UUID] = field(default_factory=list)
    complete: bool = True
