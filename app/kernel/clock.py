"""The one reader of the clock. Everything below a door takes the instant as an argument."""

from collections.abc import Callable
from datetime import UTC, datetime

from flask import current_app

Clock = Callable[[], datetime]
EXTENSION = "rightshare.clock"


def system_clock() -> datetime:
    """Return the instant by this machine's clock, aware and in UTC."""
    return datetime.now(UTC)


def now() -> datetime:
    """Return the instant by the clock that this application was made with."""
    clock: Clock = current_app.extensions[EXTENSION]
    return clock()
