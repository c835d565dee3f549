"""The public feed's rate limit: a bucket for each address, in the memory of each worker.

It keeps one reader from taking the machine from all others; it is no defence against many. It
counts by a stopwatch, not by the service's clock, and each worker lets its share through. The
headers follow draft-ietf-httpapi-ratelimit-headers, which is an Internet-Draft yet.
"""

import math
import time
from collections import OrderedDict
from dataclasses import dataclass, field
from threading import Lock
from typing import Final

RATE: Final = 100
BURST: Final = 2000
_MOST_ADDRESSES: Final = 10_000
_NAME: Final = '"feed"'


@dataclass(frozen=True, slots=True)
class Allowance:
    """What an address may still ask for; `within` says whether this request was within it."""

    within: bool
    left: int
    headers: dict[str, str]


@dataclass(slots=True)
class Limit:
    """How many requests an address may make: `burst` at once after a rest, then `rate` a second."""

    rate: float = RATE
    burst: int = BURST
    _left: OrderedDict[str, tuple[float, float]] = field(default_factory=OrderedDict)
    _lock: Lock = field(default_factory=Lock)

    def take(self, address: str) -> Allowance:
        """Take one request from an address's bucket, and say what that leaves."""
        at = time.monotonic()
        with self._lock:
            left, since = self._left.pop(address, (float(self.burst), at))
            left = min(self.burst, left + (at - since) * self.rate)
            within = left >= 1
            left -= within
            self._left[address] = (left, at)
            if len(self._left) > _MOST_ADDRESSES:
                self._left.popitem(last=False)  # the one unused for longest: it is full by now
        return Allowance(within, int(left), self._headers(left, within=within))

    def _headers(self, left: float, *, within: bool) -> dict[str, str]:
        window = math.ceil(self.burst / self.rate)
        until_full = math.ceil((self.burst - left) / self.rate)
        headers = {
            "RateLimit-Policy": f"{_NAME};q={self.burst};w={window}",
            "RateLimit": f"{_NAME};r={int(left)};t={until_full}",
        }
        if not within:
            headers["Retry-After"] = str(max(1, math.ceil((1 - left) / self.rate)))
        return headers
