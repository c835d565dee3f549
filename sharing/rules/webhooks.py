"""Standard Webhooks: how a message is signed, when it is tried again, and what an answer means.

https://github.com/standard-webhooks/standard-webhooks, version 1.
"""

import base64
import hashlib
import hmac
import json
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

SECRET_PREFIX: Final = "whsec_"  # noqa: S105  (how every secret begins)
SECRET_BYTES: Final = 32
OVERLAP: Final = timedelta(hours=24)
"""How long an older secret signs beside a new one, so that a receiver can change over."""
GONE: Final = 410
_SECONDS, _MINUTES, _HOURS = (
    timedelta(seconds=1),
    timedelta(minutes=1),
    timedelta(hours=1),
)
WAITS: Final = (
    5 * _SECONDS,
    5 * _MINUTES,
    30 * _MINUTES,
    2 * _HOURS,
    5 * _HOURS,
    10 * _HOURS,
    14 * _HOURS,
    20 * _HOURS,
    24 * _HOURS,
    24 * _HOURS,
    24 * _HOURS,
)
"""After each attempt that failed: five days in all, then the message is given up."""
_JITTER: Final = 0.2


def secret_text(secret: bytes) -> str:
    """Return a secret as a receiver's library takes it."""
    return SECRET_PREFIX + base64.b64encode(secret).decode()


def message_id(delivery: UUID) -> str:
    """Return the id of a message: the same at every attempt, so that a receiver drops repeats."""
    return f"msg_{delivery.hex}"


def body_of(kind: str, at: datetime, event: UUID | None) -> bytes:
    """Return what is sent: what happened and an id to ask by; nothing about a person."""
    data = {} if event is None else {"event": str(event)}
    document = {"type": kind, "timestamp": at.isoformat(), "data": data}
    return json.dumps(document, separators=(",", ":")).encode()


def headers_of(message: str, body: bytes, secrets: Iterable[bytes], at: datetime) -> dict[str, str]:
    """Return the headers of one attempt, signed with each secret, the newest first."""
    timestamp = int(at.timestamp())
    return {
        "content-type": "application/json",
        "webhook-id": message,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": " ".join(
            signature(secret, message, timestamp, body) for secret in secrets
        ),
    }


def signature(secret: bytes, message: str, timestamp: int, body: bytes) -> str:
    """Return the symmetric signature, `v1`: HMAC-SHA256 of id, timestamp and body."""
    signed = f"{message}.{timestamp}.".encode() + body
    mac = hmac.new(secret, signed, hashlib.sha256).digest()
    return f"v1,{base64.b64encode(mac).decode()}"


def taken(status: int | None) -> bool:
    """Say whether the other side took the message: any 2xx, and nothing else."""
    return status is not None and status // 100 == 2  # noqa: PLR2004  (2xx)


def next_attempt(failed: int, at: datetime, dice: float) -> datetime | None:
    """Return when to try again after so many attempts that failed; None to give the message up.

    `dice`, from 0 to 1, lengthens each wait by up to a fifth: what failed together does not all
    come back together.
    """
    if failed > len(WAITS):
        return None
    return at + WAITS[failed - 1] * (1 + _JITTER * dice)
