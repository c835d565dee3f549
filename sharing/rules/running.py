"""When the log is in no state to promise anything, and so nothing may be disclosed."""

from datetime import datetime, timedelta
from typing import Final

from sharing.terms.answers import Pulse

LOG_DELAY_LIMIT: Final = timedelta(minutes=15)


def why_stopped(pulse: Pulse, at: datetime) -> str | None:
    """Say why nothing may be disclosed now; None where the log runs.

    Before its sequencer was ever started a log is not late: entries wait for their first place.
    """
    if pulse.halted_because is not None:
        return "The disclosure log is halted: nothing is disclosed until a person has looked."
    if pulse.checked_at is not None and at - pulse.checked_at > LOG_DELAY_LIMIT:
        return "The disclosure log is late: nothing is disclosed until it has caught up."
    return None
