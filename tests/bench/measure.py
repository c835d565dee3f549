"""How a figure is taken: short slices in turn, each between two runs of a fixed piece of work.

The cores of rented machines switch between full and half speed unseen, and neighbours come and go.
So contenders take turns within a second, and a slice counts only if the machine was as fast before
and after it as it mostly was. What is compared is always a ratio within one run.
"""

import hashlib
import os
import statistics
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

ROUNDS = 3
SLICES_A_ROUND = 5
AS_FAST = 1.25
LEAST_STEADY = 2
"""In each round at least so many slices of a contender must be steady, or all of it counts."""
_PROBE = bytes(1 << 20)
_PROBE_TRIES = 5
_TICKS = os.sysconf("SC_CLK_TCK")


class WrongAnswer(Exception):
    """An answer is not what was asked for: a fast refusal is not a disclosure."""


@dataclass(frozen=True, slots=True)
class Slice:
    """What one contender did in one slice."""

    rate: float
    latencies: tuple[float, ...] = ()
    app_cpu: float = 0.0
    database_cpu: float = 0.0


@dataclass(frozen=True, slots=True)
class Spread:
    """A median of rounds, with the least and the greatest."""

    middle: float
    least: float
    most: float


@dataclass(slots=True)
class Taken:
    """The slices of several contenders by round, the steady ones only where there are enough."""

    rounds: list[dict[str, list[Slice]]] = field(default_factory=list)
    dropped: int = 0
    of: int = 0

    def each_round(self, name: str, figure: Callable[[Slice], float]) -> list[float]:
        """Return a contender's median in each round."""
        return [statistics.median(map(figure, one[name])) for one in self.rounds]

    def spread(self, name: str, figure: Callable[[Slice], float]) -> Spread:
        """Return a contender's median over the rounds."""
        return spread_of(self.each_round(name, figure))

    def ratio(self, name: str, to: str, figure: Callable[[Slice], float]) -> Spread:
        """Return the median of the rounds' own ratios: what changed between rounds cancels out."""
        ours, theirs = self.each_round(name, figure), self.each_round(to, figure)
        return spread_of([one / other for one, other in zip(ours, theirs, strict=True)])

    def latency(self, name: str, percent: int) -> float:
        """Return a percentile over all of a contender's requests, in seconds."""
        found = sorted(t for one in self.rounds for cut in one[name] for t in cut.latencies)
        return found[min(len(found) - 1, len(found) * percent // 100)]


def spread_of(figures: list[float]) -> Spread:
    return Spread(statistics.median(figures), min(figures), max(figures))


def interleaved(
    contenders: Mapping[str, Callable[[], Slice]],
    *,
    rounds: int = ROUNDS,
    slices: int = SLICES_A_ROUND,
) -> Taken:
    """Let the contenders take turns, first forwards, then backwards, and keep what is steady."""
    for warm_up in contenders.values():
        warm_up()
    taken = Taken()
    seen = [list(_one_round(contenders, slices)) for _ in range(rounds)]
    usual = statistics.median(speed for one in seen for _, _, speed in one)
    for one in seen:
        kept = {name: list(_steady(name, one, usual)) for name in contenders}
        taken.rounds.append(kept)
        taken.of += len(one)
        taken.dropped += len(one) - sum(map(len, kept.values()))
    return taken


def _one_round(
    contenders: Mapping[str, Callable[[], Slice]], slices: int
) -> Iterator[tuple[str, Slice, float]]:
    names = list(contenders)
    for turn in range(slices):
        for name in names if turn % 2 == 0 else reversed(names):
            before = probe()
            cut = contenders[name]()
            yield name, cut, max(before, probe())


def _steady(name: str, seen: list[tuple[str, Slice, float]], usual: float) -> Iterator[Slice]:
    mine = [(cut, speed) for which, cut, speed in seen if which == name]
    steady = [cut for cut, speed in mine if usual / AS_FAST <= speed <= usual * AS_FAST]
    yield from steady if len(steady) >= LEAST_STEADY else (cut for cut, _ in mine)


def probe() -> float:
    """Return how long a fixed piece of work takes now: the best of a few tries, in seconds."""
    best = 1.0
    for _ in range(_PROBE_TRIES):
        began = time.perf_counter()
        hashlib.sha256(_PROBE).digest()
        best = min(best, time.perf_counter() - began)
    return best


def cpu_of(root: int) -> float:
    """Return the CPU seconds that a process and all below it have used so far."""
    parents = {pid: parent for pid, parent, _ in _processes()}
    used = {pid: seconds for pid, _, seconds in _processes()}
    return sum(used[pid] for pid in used if _is_below(pid, root, parents))


def _is_below(pid: int, root: int, parents: Mapping[int, int]) -> bool:
    while pid > 1:
        if pid == root:
            return True
        pid = parents.get(pid, 0)
    return False


def _processes() -> Iterator[tuple[int, int, float]]:
    """Yield each process, its parent, and its CPU seconds with those of its dead children."""
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        try:
            text = (entry / "stat").read_text()
        except OSError:  # it ended while we looked
            continue
        columns = text.rpartition(")")[2].split()
        ticks = sum(map(int, columns[11:15]))
        yield int(entry.name), int(columns[1]), ticks / _TICKS
