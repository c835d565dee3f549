"""When the whole log may be taken out: nobody does it alone, or twice, or late."""

from datetime import datetime, timedelta
from typing import Final

from sharing.terms.exporting import ExportRequest, ExportState

MAY_WAIT: Final = timedelta(hours=24)
"""How long a request waits for a second person."""
MAY_LIE: Final = timedelta(hours=24)
"""How long whoever asked may take an approved export."""


def state_at(request: ExportRequest, at: datetime) -> ExportState:
    """Return how far a request has come at an instant."""
    if request.taken_at is not None:
        return ExportState.TAKEN
    if request.expires_at <= at:
        return ExportState.EXPIRED
    return ExportState.WAITING if request.approved_at is None else ExportState.APPROVED


def is_own(request: ExportRequest, name: str) -> bool:
    """Say whether this client or person asked for it themselves.

    Names are compared without regard to case or agency: in doubt it is one person under two.
    """
    return request.requested_by.casefold() == name.casefold()
