"""What an entry scores, whether it is queued, how soon it is due; by measures and settings alone.

The same measures are judged again in a dry run: what new weights would have queued is what they
will queue.
"""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Final

from sharing.rules.flags import habits, insisting, ties
from sharing.terms.scoring import (
    Judgement,
    Measures,
    Priority,
    RedFlag,
    ReviewSettings,
    Seen,
    Sighting,
    Thresholds,
    Why,
)

FULL: Final = 100
FLAGS: Final[Mapping[RedFlag, Callable[[Measures, Thresholds], Seen | None]]] = {
    RedFlag.SHARED_DETAILS: ties.shared_details,
    RedFlag.COLLEAGUE: ties.colleague,
    RedFlag.PUBLIC_INTEREST: ties.public_interest,
    RedFlag.NOT_INVOLVED: ties.not_involved,
    RedFlag.MANY_CHILDREN: habits.many_children,
    RedFlag.UNUSUAL_HOURS: habits.unusual_hours,
    RedFlag.REPEATED_TRIES: insisting.repeated_tries,
    RedFlag.PROBING: insisting.probing,
    RedFlag.OVERRIDE: insisting.override,
    RedFlag.SHIELD: insisting.shield,
    RedFlag.SOON_AFTER_NO: insisting.soon_after_no,
    RedFlag.DORMANT_OR_NEW: habits.dormant_or_new,
    RedFlag.MANY_AGENCIES: ties.many_agencies,
    RedFlag.WITHOUT_SAY: ties.without_say,
    RedFlag.UNUSUAL_PURPOSE: habits.unusual_purpose,
}
"""Every flag of the domain, in its order."""


def sightings(measures: Measures, settings: ReviewSettings) -> tuple[Sighting, ...]:
    """Return the flags that are up, with their scores of 0 to 100 each, the highest first."""
    found = []
    for flag, look in FLAGS.items():
        seen = look(measures, settings.thresholds)
        if seen is not None:
            score = min(FULL, settings.weights[flag] * seen.times)
            found.append(Sighting(flag, score, seen.because))
    return tuple(sorted(found, key=lambda one: -one.score))


def judge(measures: Measures, settings: ReviewSettings, *, drawn: bool) -> Judgement | None:
    """Say whether an entry is to be looked at, and how soon; None where it is not.

    1. Scores add up, to 100 at most; from `queue_from` on an entry is queued.
    2. An override and a touched shield are queued whatever they score.
    3. So is what the draw has chosen.
    """
    found = sightings(measures, settings)
    score = min(FULL, sum(one.score for one in found))
    reasons = (
        (Why.SCORE, bool(found) and score >= settings.queue_from),  # 1
        (Why.OVERRIDE, measures.override),  # 2
        (Why.SHIELD, measures.shield is not None),
        (Why.SAMPLE, drawn),  # 3
    )
    why = tuple(one for one, holds in reasons if holds)
    return Judgement(why, score, found, _priority(why, score, settings)) if why else None


def due_at(priority: Priority, at: datetime, settings: ReviewSettings) -> datetime:
    """Return when an item that is queued at an instant is due."""
    return at + timedelta(hours=settings.hours[priority])


def _priority(why: tuple[Why, ...], score: int, settings: ReviewSettings) -> Priority:
    if Why.SHIELD in why or score >= settings.urgent_from:
        return Priority.URGENT
    if Why.OVERRIDE in why or score >= settings.high_from:
        return Priority.HIGH
    return Priority.NORMAL if Why.SCORE in why else Priority.LOW
