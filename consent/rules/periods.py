"""Periods in months, as councils set them."""

from calendar import monthrange
from datetime import datetime

_MONTHS = 12


def months_later(at: datetime, months: int) -> datetime:
    """Return the same day and time so many months on; the month's last day where it is shorter."""
    years, month = divmod(at.month - 1 + months, _MONTHS)
    year = at.year + years
    return at.replace(year=year, month=month + 1, day=min(at.day, monthrange(year, month + 1)[1]))
