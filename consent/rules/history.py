"""What became of an answer, in order: each thing that was recorded, and what its dates brought.

1. It was given or refused when it was recorded, and perhaps confirmed, withdrawn or replaced later.
2. A yes that was only said lapses when the days of grace are over, unless confirmed by then.
3. A yes that ends expires on that day.
4. What was withdrawn, replaced, lapsed or expired before does neither lapse nor expire.
"""

from collections.abc import Iterator
from datetime import datetime

from consent.rules.periods import days_later
from consent.terms import Answer, Became, Consent, Method, Policy

Step = tuple[datetime, Became]


def steps_of(consent: Consent, policy: Policy, at: datetime) -> list[Step]:
    """Return what had happened to an answer by an instant, the earliest first."""
    order = list(Became)
    recorded = (*_recorded(consent), *_run_out(consent, policy))
    steps = [step for step in recorded if step[0] <= at]
    return sorted(steps, key=lambda step: (step[0], order.index(step[1])))


def _recorded(consent: Consent) -> Iterator[Step]:  # 1
    said = Became.GIVEN if consent.answer is Answer.GIVEN else Became.REFUSED
    yield consent.recorded_at, said
    later = (
        (consent.confirmed_at, Became.CONFIRMED),
        (consent.withdrawn_at, Became.WITHDRAWN),
        (consent.replaced_at, Became.REPLACED),
    )
    for when, became in later:
        if when is not None:
            yield when, became


def _run_out(consent: Consent, policy: Policy) -> Iterator[Step]:
    """Yield the one end that a yes comes to by itself, if nobody ended it before (4)."""
    if consent.answer is Answer.REFUSED:
        return
    ends: list[Step] = []
    since = max(consent.recorded_at, consent.valid_from or consent.recorded_at)
    lapses = days_later(since, policy.verbal_grace_days)
    in_time = consent.confirmed_at is not None and consent.confirmed_at < lapses
    if consent.method is Method.VERBAL and not in_time:  # 2
        ends.append((lapses, Became.LAPSED))
    if consent.valid_until is not None:  # 3
        ends.append((consent.valid_until, Became.EXPIRED))
    ended = [when for when in (consent.withdrawn_at, consent.replaced_at) if when is not None]
    if ends:
        first = min(ends)
        if all(first[0] < when for when in ended):
            yield first
