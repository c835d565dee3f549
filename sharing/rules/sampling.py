"""The draw: which entries are looked at though nothing is wrong with them.

A seed is made before its month and kept secret, but its commitment is written into the log: nobody
can choose another one afterwards. It is told once the month is over, and then anybody can repeat
the draw. Who asks cannot know what is drawn, and whoever runs this cannot choose it.
"""

import hashlib
import hmac
from datetime import UTC, datetime, timedelta
from typing import Final
from uuid import UUID

SEED_SIZE: Final = 32
EVERY: Final = 1000
_COMMITTED: Final = b"rightshare review sample v1\n"
_BYTES: Final = 8
_LONGER_THAN_A_MONTH: Final = timedelta(days=31)


def commitment(seed: bytes) -> bytes:
    """Return what binds to a seed and tells nothing of it: SHA-256 with a prefix of its own."""
    return hashlib.sha256(_COMMITTED + seed).digest()


def is_drawn(seed: bytes, entry: UUID, per_mille: int) -> bool:
    """Say whether an entry is drawn: HMAC-SHA256(seed, id) among 2^64 falls below the rate."""
    drawn = hmac.new(seed, entry.bytes, hashlib.sha256).digest()[:_BYTES]
    return int.from_bytes(drawn) * EVERY < per_mille << 8 * _BYTES


def month_of(at: datetime) -> datetime:
    """Return the instant at which the month of an instant began (UTC)."""
    return at.astimezone(UTC).replace(day=1, hour=0, minute=0, second=0, microsecond=0)


def next_month(month: datetime) -> datetime:
    """Return the beginning of the month after the one that begins at an instant."""
    return month_of(month + _LONGER_THAN_A_MONTH)
