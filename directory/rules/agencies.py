"""When an agency takes part."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from directory.terms.agencies import Interval


@dataclass(frozen=True, slots=True)
class Cut:
    """What suspending does to one interval: where it ends now, and the part that comes after."""

    interval: Interval
    ends: datetime
    after: Interval | None


def covers(interval: Interval, at: datetime) -> bool:
    """Say whether the instant lies in the interval."""
    return interval.starts <= at and (interval.ends is None or at < interval.ends)


def cuts(active: Iterable[Interval], away: Interval) -> tuple[Cut, ...]:
    """Say how to take `away` out of the active intervals; empty if it meets none of them."""
    return tuple(_cut(one, away) for one in active if _overlap(one, away))


def _cut(one: Interval, away: Interval) -> Cut:
    after = None
    if away.ends is not None and (one.ends is None or away.ends < one.ends):
        after = Interval(away.ends, one.ends)
    return Cut(one, max(one.starts, away.starts), after)


def _overlap(one: Interval, other: Interval) -> bool:
    ends = [each.ends for each in (one, other) if each.ends is not None]
    return one.starts != one.ends and all(max(one.starts, other.starts) < end for end in ends)


def opening(active: Sequence[Interval], starts: datetime) -> Interval | None:
    """Return the interval that reinstating opens, up to the next one; None if it is open there."""
    if any(covers(one, starts) for one in active):
        return None
    later = [one.starts for one in active if one.starts > starts and one.starts != one.ends]
    return Interval(starts, min(later, default=None))
