"""Rate limits: token buckets, in PostgreSQL where all workers must agree, in memory for the API.

They protect a machine in real time, so they count by the database's clock and by a stopwatch, not
by the service's clock, which in tests stands still or is set to another year.
"""

import math
import time
from dataclasses import dataclass, field
from threading import Lock
from typing import Any

from sqlalchemy import Connection, text

from app.kernel.prepared import Prepared

TOKEN_RATE = 20
TOKEN_BURST = 200
API_RATE = 200
API_BURST = 400
_MOST_BUCKETS = 10_000


@dataclass(frozen=True, slots=True)
class Bucket:
    """Something counted: so many a second, and so many at once after a rest."""

    key: str
    rate: float
    burst: int

    @property
    def retry_after(self) -> int:
        """Whole seconds until an empty bucket lets one through."""
        return max(1, math.ceil(1 / self.rate))


def failures(address: str, a_minute: int) -> Bucket:
    """Return the bucket of failed client authentications from one address."""
    return Bucket(f"failures:{address}", a_minute / 60, a_minute)


_LEFT = """least(cast(:burst as float8), r.tokens + cast(:rate as float8)
      * greatest(0, extract(epoch from excluded.at - r.at)::float8))"""

SPEND = f"""spent as (
  insert into oauth_rate as r (key, tokens, at)
  values (:bucket, cast(:burst as float8) - 1, clock_timestamp())
  on conflict (key) do update
    set tokens = {_LEFT} - 1, at = greatest(r.at, excluded.at)
    where {_LEFT} >= 1
  returning 1
)"""  # noqa: S608  (_LEFT is a constant)
"""Take one from a bucket if it holds one; no row where it does not."""


def spending(bucket: Bucket) -> dict[str, Any]:
    """Return the values that `SPEND` names."""
    return {"bucket": bucket.key, "rate": bucket.rate, "burst": bucket.burst}


_SPEND_ALONE = Prepared(text(f"with {SPEND} select exists (select from spent) as within"))  # noqa: S608  (SPEND is a constant)


def spend(connection: Connection, bucket: Bucket) -> bool:
    """Take one from a bucket; False if it is empty."""
    return bool(_SPEND_ALONE.one(connection, spending(bucket)).within)


@dataclass(slots=True)
class Meter:
    """This worker's share of the API's limits, by client."""

    share: float
    """The part of each limit that this process may let through: 1 / workers."""
    _left: dict[str, tuple[float, float]] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)

    def take(self, client_id: str, rate: int, burst: int) -> bool:
        """Take one from a client's bucket; False if it is empty."""
        at = time.monotonic()
        most = max(1.0, burst * self.share)
        with self._lock:
            left, since = self._left.pop(client_id, (most, at))
            left = min(most, left + (at - since) * rate * self.share)
            taken = left >= 1
            self._left[client_id] = (left - 1 if taken else left, at)
            if len(self._left) > _MOST_BUCKETS:  # the one unused for longest: it is full by now
                self._left.pop(next(iter(self._left)))
        return taken
