"""What a reviewer's filters mean, which of them do not fit, and what the log says of a reading.

1. Filters that contradict each other are a mistake, which an empty page would hide.
2. Who does not read the whole log filters by nothing that they may not read: not by ground or
   flag, and not by what shows whether anybody is known by an identifier. Whether an entry is found
   would tell them.
3. What a reading says for ever holds codes only; whom it looked for stands in the half of its
   entry that can be erased.
"""

from collections.abc import Iterator
from dataclasses import fields
from datetime import datetime, timedelta
from typing import Any, Final

from sharing.rules.lines import YES, mark
from sharing.terms.codes import Obligation
from sharing.terms.lines import Mark
from sharing.terms.searching import DUTY_DAYS, FilterFault, LogSearch, Whom

FOR_THE_WHOLE_LOG: Final = ("ground", "flag", "first_contact")
FOR_THE_WHOLE_LOG_OF_PERSONS: Final = ("subject", "family")
_MARKED: Final = (
    ("client", Mark.CLIENT),
    ("purpose", Mark.PURPOSE),
    ("basis", Mark.BASIS),
    ("category", Mark.CATEGORY),
    ("outcome", Mark.OUTCOME),
    ("code", Mark.CODE),
    ("ground", Mark.GROUND),
    ("flag", Mark.FLAG),
    ("entry", Mark.ENTRY),
    ("act", Mark.ACT),
    ("kind", Mark.KIND),
    ("agency", Mark.AGENCY),
)
_TICKED: Final = (
    ("override", Mark.OVERRIDE),
    ("out_of_hours", Mark.OUT_OF_HOURS),
    ("first_contact", Mark.FIRST_CONTACT),
)


def marks_wanted(search: LogSearch) -> tuple[str, ...]:
    """Return the marks that a line must bear to be found."""
    found = [
        mark(name, str(getattr(search, field)))
        for field, name in _MARKED
        if getattr(search, field) is not None
    ]
    found += [mark(name, YES) for field, name in _TICKED if getattr(search, field) is True]
    if search.agreement is not None:
        version = "" if search.version is None else f"/{search.version}"
        found.append(mark(Mark.AGREEMENT, f"{search.agreement}{version}"))
    return tuple(found)


def marks_unwanted(search: LogSearch) -> tuple[str, ...]:
    """Return the marks that a line must not bear to be found."""
    return tuple(mark(name, YES) for field, name in _TICKED if getattr(search, field) is False)


def faults(search: LogSearch) -> Iterator[FilterFault]:
    """Yield what does not fit together among filters (1)."""
    if search.since is not None and search.until is not None and search.since >= search.until:
        yield FilterFault("until", "This must be later than since: nothing lies between them.")
    if search.version is not None and search.agreement is None:
        yield FilterFault("version", "Name the agreement too: each has a version of this number.")
    if search.whom.family and not search.whom.subject:
        yield FilterFault("family", "Name the subject whose family it is.")


def not_for(search: LogSearch, *, whole: bool) -> tuple[str, ...]:
    """Return the filters that this reader may not use (2)."""
    if whole:
        return ()
    codes = [name for name in FOR_THE_WHOLE_LOG if getattr(search, name) is not None]
    persons = [name for name in FOR_THE_WHOLE_LOG_OF_PERSONS if getattr(search.whom, name)]
    return tuple(codes + persons)


def overdue_before(code: Obligation, at: datetime) -> datetime | None:
    """Return the instant: a duty of an entry before it is overdue; None if it never is."""
    days = DUTY_DAYS.get(code)
    return None if days is None else at - timedelta(days=days)


def is_filtered(search: LogSearch) -> bool:
    """Say whether anything is asked of the entries at all."""
    return search != LogSearch()


def filters_said(search: LogSearch) -> dict[str, Any]:
    """Return the filters as the log says them for ever (3)."""
    said: dict[str, Any] = {}
    for one in fields(search):
        value = getattr(search, one.name)
        if one.name != "whom" and value is not None:
            said[one.name] = value.isoformat() if isinstance(value, datetime) else value
    whom = search.whom
    persons = {"practitioner": whom.practitioner, "subject": whom.subject, "family": whom.family}
    named = [name for name, value in persons.items() if value]
    return said | ({"named": named} if named else {})


def whom_said(whom: Whom) -> dict[str, Any]:
    """Return whom a reading looked for, as the erasable half of its entry says it (3)."""
    said: dict[str, Any] = {}
    if whom.practitioner is not None:
        said["looked_for"] = {"agency": whom.practitioner.agency, "id": whom.practitioner.id}
    if whom.subject:
        said["identifiers"] = [{"scheme": i.scheme, "value": i.value} for i in whom.subject]
    return said
