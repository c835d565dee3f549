"""Until when a deposit may be kept, and what a pointer may hold.

1. The agreements in force that the source is a member of say for how many months a category is
   kept; the longest counts, for one deposit serves them all.
2. The months are counted from the deposit, or from the record's own end where that is later: what
   an agreement counts from (the closing of a plan, say) has not happened while it is deposited.
3. Where no agreement says anything, a deposit that names no date goes after a year: nobody may be
   told it, so there is little reason to hold it (UK GDPR, Article 5(1)(e)). One that names a date
   may stay a hundred years, as long as anything about a child is kept by law (Disclosure of
   Adoption Information Regulations 2005, regulation 6).
"""

import calendar
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any, Final

from sharing.terms.records import Kept, LeadPractitioner, TooLong

MONTHS_WITHOUT_AGREEMENT: Final = 12
MOST_MONTHS: Final = 1200
_POINTER_FIELDS: Final = ("since", "until", "status", "lead_practitioner")
_LEAD_FIELDS: Final = tuple(LeadPractitioner.__annotations__)
_STATUSES: Final = ("open", "closed")
_LONGEST: Final = 200


def kept_until(
    agreed: Iterable[Kept], wished: datetime | None, ends: datetime | None, at: datetime
) -> datetime | TooLong:
    """Return when a deposit must go, or how long it could be kept if less than was wished."""
    counted_from = at if ends is None else max(at, ends)
    longest = max(agreed, key=lambda one: one.months, default=None)
    months = MOST_MONTHS if longest is None else longest.months
    allowed = months_after(counted_from, months)
    if wished is not None:
        return wished if wished <= allowed else TooLong(allowed, longest)
    if longest is None:
        return months_after(counted_from, MONTHS_WITHOUT_AGREEMENT)
    return allowed


def months_after(at: datetime, months: int) -> datetime:
    """Return the same day so many months on, or the last of a month that has no such day."""
    years, month = divmod(at.month - 1 + months, 12)
    year = min(at.year + years, date.max.year)
    last = calendar.monthrange(year, month + 1)[1]
    return at.replace(year=year, month=month + 1, day=min(at.day, last))


def pointer_fault(content: Mapping[str, Any]) -> tuple[str, str] | None:
    """Return where a pointer holds what it must not, and what to do; None if it is in order.

    A pointer says that an agency is involved and whom to ring: anything else would be content.
    """
    for name, value in content.items():
        if name not in _POINTER_FIELDS:
            return name, f"A pointer holds only {', '.join(_POINTER_FIELDS)}. Leave this out."
        if name == "status" and value not in _STATUSES:
            return name, f"This must be one of: {', '.join(_STATUSES)}."
        if name == "lead_practitioner":
            fault = _lead_fault(value)
            if fault is not None:
                return fault
        elif not _is_short(value):
            return name, f"This must be text of at most {_LONGEST} characters."
    return None


def _lead_fault(lead: object) -> tuple[str, str] | None:
    if not isinstance(lead, dict):
        return "lead_practitioner", f"This must be an object of {', '.join(_LEAD_FIELDS)}."
    for name, value in lead.items():
        if name not in _LEAD_FIELDS:
            detail = f"Whom to ring is told by {', '.join(_LEAD_FIELDS)}. Leave this out."
            return f"lead_practitioner/{name}", detail
        if value is not None and not _is_short(value):
            detail = f"This must be text of at most {_LONGEST} characters."
            return f"lead_practitioner/{name}", detail
    return None


def _is_short(value: object) -> bool:
    return isinstance(value, str) and len(value) <= _LONGEST
