"""Arithmetic of half-open intervals."""

from collections.abc import Iterable

from tests.cases.words import Span


def meet(one: Span, other: Span) -> tuple[Span, ...]:
    """Return what two intervals have in common: one interval, or none."""
    starts = max((s for s in (one.starts, other.starts) if s is not None), default=None)
    ends = min((e for e in (one.ends, other.ends) if e is not None), default=None)
    if starts is not None and ends is not None and starts >= ends:
        return ()
    return (Span(starts, ends),)


def meet_all(some: Iterable[Span], other: Span) -> tuple[Span, ...]:
    return tuple(both for one in some for both in meet(one, other))


def without(some: Iterable[Span], gap: Span) -> tuple[Span, ...]:
    """Return intervals with a gap cut out of them."""
    left = tuple(some)
    outside = [] if gap.starts is None else [Span(None, gap.starts)]
    outside += [] if gap.ends is None else [Span(gap.ends, None)]
    return tuple(both for one in left for side in outside for both in meet(one, side))
