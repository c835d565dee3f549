"""Opaque ids, made here and not in the database, which may be a PostgreSQL without uuid v7."""

import secrets
from datetime import datetime
from uuid import UUID

_RANDOM_BITS = 74


def new_id(at: datetime) -> UUID:
    """Return a UUID of version 7 (RFC 9562, section 5.7): ordered by `at`, else random."""
    milliseconds = int(at.timestamp() * 1000) & ((1 << 48) - 1)
    random = secrets.randbits(_RANDOM_BITS)
    rand_a, rand_b = random >> 62, random & ((1 << 62) - 1)
    return UUID(int=milliseconds << 80 | 0x7 << 76 | rand_a << 64 | 0b10 << 62 | rand_b)


def first_id(at: datetime) -> UUID:
    """Return an id that comes before every id made in this millisecond or later."""
    return UUID(int=(int(at.timestamp() * 1000) & ((1 << 48) - 1)) << 80)
