"""How dates, times and the standard's schedules are said in plain words.

The style is that of GOV.UK: 2:30pm, midday, 3 March 2026.
"""

import re
from collections.abc import Iterable, Mapping
from datetime import date, time
from typing import Any, Final

_DAYS: Final = {
    "MO": "Mondays",
    "TU": "Tuesdays",
    "WE": "Wednesdays",
    "TH": "Thursdays",
    "FR": "Fridays",
    "SA": "Saturdays",
    "SU": "Sundays",
}
_WEEKDAYS: Final = ("MO", "TU", "WE", "TH", "FR")
_MONTHS: Final = (
    *("January", "February", "March", "April", "May", "June", "July"),
    *("August", "September", "October", "November", "December"),
)
_ORDINALS: Final = {"1": "first", "2": "second", "3": "third", "4": "fourth", "5": "fifth"} | {
    "-1": "last",
    "-2": "last but one",
}
_BYDAY: Final = re.compile(r"([+-]?\d)?(MO|TU|WE|TH|FR|SA|SU)")
_TIME: Final = re.compile(r"([01]\d|2[0-3]):([0-5]\d)(:[0-5]\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)?")

Schedule = Mapping[str, Any]


def said_on(day: date) -> str:
    """Return a date as people write it."""
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def said_at(at: time) -> str:
    """Return a time as people say it."""
    if at.minute == 0 and at.hour in {0, 12}:
        return "midday" if at.hour else "midnight"
    minutes = f":{at.minute:02}" if at.minute else ""
    return f"{(at.hour - 1) % 12 + 1}{minutes}{'am' if at.hour < 12 else 'pm'}"  # noqa: PLR2004  (noon)


def day_of(written: object) -> date | None:
    """Return the date that a text begins with; None if it does not."""
    try:
        return date.fromisoformat(str(written)[:10])
    except ValueError:
        return None


def timetable(schedules: Iterable[Schedule], on: date) -> tuple[str, ...]:
    """Return a line for each schedule that is not over by this day, in the order of the week."""
    current = [one for one in schedules if not _over(one, on)]
    lines = (_line(one, on) for one in sorted(current, key=_place_in_week))
    return tuple(dict.fromkeys(line for line in lines if line))


def _over(schedule: Schedule, on: date) -> bool:
    ends = [day_of(schedule.get(name)) for name in ("valid_to", "until")]
    return any(one is not None and one < on for one in ends)


def _place_in_week(schedule: Schedule) -> tuple[int, str]:
    days = [list(_DAYS).index(day) for _, day in _days(schedule)]
    return min(days, default=len(_DAYS)), str(schedule.get("opens_at", ""))


def _days(schedule: Schedule) -> list[tuple[str, str]]:
    """Return the days of a schedule, each with which one of the month it is, if one is named."""
    return _BYDAY.findall(str(schedule.get("byday") or "").upper())


def _line(schedule: Schedule, on: date) -> str:
    days, hours = _when(schedule), _hours(schedule)
    said = ", ".join(part for part in (days, hours) if part)
    starts = day_of(schedule.get("valid_from"))
    if said and starts is not None and starts > on:
        said = f"{said}, from {said_on(starts)}"
    texts = [said, *(str(schedule.get(name) or "") for name in ("description", "notes"))]
    line = ". ".join(text.strip().rstrip(".") for text in texts if text.strip())
    return line[:1].upper() + line[1:]


def _when(schedule: Schedule) -> str:
    interval = str(schedule.get("interval") or 1)
    if str(schedule.get("freq") or "").upper() == "MONTHLY":
        return _in_month(schedule) + _every(interval, "month")
    codes = [day for _, day in _days(schedule)]
    said = "weekdays" if sorted(codes) == sorted(_WEEKDAYS) else _every_day_or(codes)
    return said + _every(interval, "week")


def _every_day_or(codes: list[str]) -> str:
    return "every day" if set(codes) == set(_DAYS) else _and([_DAYS[code] for code in codes])


def _every(interval: str, what: str) -> str:
    return f" every {interval} {what}s" if interval.isdigit() and int(interval) > 1 else ""


def _in_month(schedule: Schedule) -> str:
    named = [
        f"{_ORDINALS.get(which.lstrip('+'), 'every')} {_DAYS[day].removesuffix('s')}"
        for which, day in _days(schedule)
    ]
    numbers = re.findall(r"-?\d+", str(schedule.get("bymonthday") or ""))
    if named:
        return f"{'' if named[0].startswith('every') else 'the '}{_and(named)} of the month"
    return f"day {_and(numbers)} of the month" if numbers else "monthly"


def _hours(schedule: Schedule) -> str:
    opens, closes = _clock(schedule.get("opens_at")), _clock(schedule.get("closes_at"))
    if opens and closes:
        return f"{opens} to {closes}"
    return f"from {opens}" if opens else (f"until {closes}" if closes else "")


def _clock(written: object) -> str:
    found = _TIME.fullmatch(str(written or ""))
    return said_at(time(int(found[1]), int(found[2]))) if found else ""


def _and(words: list[str]) -> str:
    words = list(dict.fromkeys(words))
    return " and ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)
