"""Periods in days and months, as councils set them.

Whoever means "for ever" may send the last day of the calendar: what comes after it is that day.
"""

from calendar import monthrange
from datetime import MAXYEAR, UTC, datetime, timedelta
from typing import Final

_MONTHS = 12
_LAST: Final = datetime.max.replace(tzinfo=UTC)


def days_later(at: datetime, days: int) -> datetime:
    """Return the same time so many days on; the calendar's last instant if that comes first."""
    period = timedelta(days=days)
    return at + period if at <= _LAST - period else _LAST


def months_later(at: datetime, months: int) -> datetime:
    """Return the same day and time so many months on; the month's last day where it is shorter."""
    years, month = divmod(at.month - 1 + months, _MONTHS)
    year = min(at.year + years, MAXYEAR)
    return at.replace(year=year, month=month + 1, day=min(at.day, monthrange(year, month + 1)[1]))
