"""The words for sending events: an address, a message, what the other side said, how it stands."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final
from uuid import UUID

PING: Final = "ping"
"""The kind of a message that tells of nothing: it tries an address out."""


class DeliveryState(StrEnum):
    """How a message stands."""

    WAITING = "waiting"
    DELIVERED = "delivered"
    GIVEN_UP = "given_up"


@dataclass(frozen=True, slots=True)
class Webhook:
    """An address to which an agency has its events sent."""

    id: UUID
    url: str
    registered_at: datetime
    disabled_at: datetime | None
    disabled_because: str | None


@dataclass(frozen=True, slots=True)
class FreshSecret:
    """A secret, said once; `others_end` is until when older ones still sign beside it."""

    webhook: Webhook
    secret: str
    others_end: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """A message to a webhook, and how it stands; `event` is None for a ping."""

    id: UUID
    event: UUID | None
    kind: str
    at: datetime
    attempts: int
    state: DeliveryState
    next_at: datetime | None
    delivered_at: datetime | None
    given_up_at: datetime | None
    last_status: int | None
    last_fault: str | None


@dataclass(frozen=True, slots=True)
class Reply:
    """What the other side said: a status, or why there was none."""

    status: int | None
    fault: str | None = None
