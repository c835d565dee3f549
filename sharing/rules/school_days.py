"""When a notice is due: school days of England, by the local clock.

1. School is on weekdays that are neither a bank holiday nor one of the partnership's own school
   holidays.
2. Bank holidays of England are those of the Banking and Financial Dealings Act 1971, schedule 1,
   with New Year's Day and the first Monday in May by yearly proclamation; one that falls on a
   weekend moves to the next weekday that is none.
3. What was moved or added once is in a table, from GOV.UK's list of bank holidays (Open Government
   Licence v3.0).
4. Clocks are an hour ahead of UTC from 1:00 UTC of the last Sunday in March to that of the last
   Sunday in October (Summer Time Act 1972, as amended in 2002).
"""

from collections.abc import Collection
from datetime import UTC, date, datetime, time, timedelta
from typing import Final

from sharing.terms.notices import Deadline, SchoolHoliday, WithinHours

_DAY: Final = timedelta(days=1)
_SATURDAY: Final = 5
_MOVED: Final = {
    date(2020, 5, 4): date(2020, 5, 8),  # 75 years of VE Day
    date(2022, 5, 30): date(2022, 6, 2),  # Platinum Jubilee
}
_ONCE: Final = frozenset(
    {
        date(2022, 6, 3),  # Platinum Jubilee
        date(2022, 9, 19),  # State Funeral of Queen Elizabeth II
        date(2023, 5, 8),  # Coronation of King Charles III
    }
)


def due_at(
    deadline: Deadline, happened_at: datetime, holidays: Collection[SchoolHoliday]
) -> datetime:
    """Return by when a notice of what happened then must have been read, in UTC."""
    if isinstance(deadline, WithinHours):
        return happened_at + timedelta(hours=deadline.hours)
    day = next_school_day(local_day(happened_at), holidays)
    return _in_utc(day, time(deadline.hour, deadline.minute))


def next_school_day(day: date, holidays: Collection[SchoolHoliday]) -> date:
    """Return the first day after this one on which schools are open.

    A list of holidays that leaves none in a year is not believed: the next weekday is due then.
    """
    for days in range(1, 367):
        later = day + days * _DAY
        if is_school_day(later, holidays):
            return later
    return next_school_day(day, ())


def is_school_day(day: date, holidays: Collection[SchoolHoliday]) -> bool:
    """Say whether schools are open on a day (1)."""
    if not is_working_day(day):
        return False
    return not any(one.first_day <= day <= one.last_day for one in holidays)


def is_working_day(day: date) -> bool:
    """Say whether a day is neither of a weekend nor a bank holiday."""
    return day.weekday() < _SATURDAY and day not in bank_holidays(day.year)


def bank_holidays(year: int) -> frozenset[date]:
    """Return the bank holidays of England in a year (2, 3)."""
    easter = easter_sunday(year)
    new_year = _on_weekday(date(year, 1, 1), ())
    christmas = _on_weekday(date(year, 12, 25), (date(year, 12, 26),))
    boxing = _on_weekday(date(year, 12, 26), (christmas,))
    usual = {
        new_year,
        easter - 2 * _DAY,
        easter + _DAY,
        _first_monday(date(year, 5, 1)),
        _last(0, date(year, 5, 31)),
        _last(0, date(year, 8, 31)),
        christmas,
        boxing,
    }
    moved = {_MOVED.get(day, day) for day in usual}
    return frozenset(moved | {day for day in _ONCE if day.year == year})


def easter_sunday(year: int) -> date:
    """Return Easter of the Gregorian calendar (Butcher's rule, 1876)."""
    golden, (century, rest) = year % 19, divmod(year, 100)
    leaps, over = divmod(century, 4)
    moon = (century - (century + 8) // 25 + 1) // 3
    epact = (19 * golden + century - leaps - moon + 15) % 30
    quarter, left = divmod(rest, 4)
    weekday = (32 + 2 * over + 2 * quarter - epact - left) % 7
    late = (golden + 11 * epact + 22 * weekday) // 451
    month, day = divmod(epact + weekday - 7 * late + 114, 31)
    return date(year, month, day + 1)


def local_day(at: datetime) -> date:
    """Return the date that clocks in England show at an instant (4)."""
    return local_clock(at).date()


def local_clock(at: datetime) -> datetime:
    """Return what clocks in England show at an instant, without a zone (4)."""
    utc = at.astimezone(UTC)
    starts, ends = (
        datetime.combine(_last(6, date(utc.year, month, 31)), time(1), UTC) for month in (3, 10)
    )
    shown = utc + timedelta(hours=1) if starts <= utc < ends else utc
    return shown.replace(tzinfo=None)


def _in_utc(day: date, clock: time) -> datetime:
    """Return the instant of a time of day; on a weekday no clock changes (4)."""
    summer = _last(6, date(day.year, 3, 31)) <= day < _last(6, date(day.year, 10, 31))
    shown = datetime.combine(day, clock, UTC)
    return shown - timedelta(hours=1) if summer else shown


def _on_weekday(day: date, taken: Collection[date]) -> date:
    if day.weekday() < _SATURDAY:
        return day
    later = day + _DAY
    while later.weekday() >= _SATURDAY or later in taken:
        later += _DAY
    return later


def _first_monday(day: date) -> date:
    return day + timedelta(days=-day.weekday() % 7)


def _last(weekday: int, end_of_month: date) -> date:
    return end_of_month - timedelta(days=(end_of_month.weekday() - weekday) % 7)
