"""The line that a reviewer sees of an entry, what it is found by, and what it adds to its month.

1. A line holds codes only. It is made from what the entry says; what an entry does not say, or
   says in another form than this service writes, its line leaves out.
2. Out of hours is what happened on a weekend, on a bank holiday of England, or before the working
   day begins or after it ends, by the clocks of England.
3. A contact is first when no entry before it has this practitioner and this subject. Where an
   earlier one was erased, the next counts as first: nothing is known of the other.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any, Final, TypeVar

from sharing.rules.school_days import is_working_day, local_clock, local_day
from sharing.terms.codes import Ground, Reason
from sharing.terms.lines import (
    BY_PERSONS,
    DECISION,
    REVIEWED_FIRST,
    Counted,
    Hours,
    LogLine,
    Mark,
    Tally,
    Worker,
    Written,
)

YES: Final = "yes"
_GAPS: Final = (Reason.NO_AGREEMENT, Reason.FLOW_NOT_COVERED)
_GROUNDS: Final = frozenset(one.value for one in Ground)

Pair = TypeVar("Pair")


def line_of(entry: Written, hours: Hours) -> LogLine:
    """Return the line of an entry (1); whether it is a first contact is not known from it."""
    facts, decided = entry.facts, entry.entry_kind == DECISION
    grants = _grants(facts) if decided else ()
    return LogLine(
        id=entry.id,
        leaf_index=entry.leaf_index,
        at=entry.at,
        recipient=entry.recipient,
        source=entry.source,
        client=_word(facts, "client") or "",
        entry_kind=entry.entry_kind,
        act=_word(facts, "act"),
        kind=_word(facts, "kind"),
        purpose=_word(facts, "purpose"),
        basis=_word(facts, "basis"),
        categories=_words(facts, "categories"),
        disclosed=_words(facts, "disclosed") if decided else (),
        records=_number(facts, "record_count"),
        outcome=entry.outcome,
        code=_word(facts, "code"),
        grounds=_in_order(_grounds(facts, grants)) if decided else (),
        flags=_words(facts, "flags"),
        agreements=_once(_agreement(one) for one in grants or _named(facts)),
        flows=_once(f"{_agreement(one)}/{_word(one, 'flow') or ''}" for one in grants),
        override=_word(facts, "override") if decided else None,
        out_of_hours=out_of_hours(entry.at, hours),
    )


def worker_of(entry: Written) -> Worker | None:
    """Return who stood behind an entry; None where nobody was named, or no longer is."""
    about = entry.about or {}
    agency = _word(entry.facts, "agency") or entry.recipient
    if entry.entry_kind in BY_PERSONS:
        person = _word(about, "person")
        return None if person is None else Worker(agency, person)
    practitioner = about.get("practitioner")
    named = _word(practitioner, "id") if isinstance(practitioner, Mapping) else None
    return None if named is None else Worker(agency, named)


def out_of_hours(at: datetime, hours: Hours) -> bool:
    """Say whether an instant is out of hours (2)."""
    clock = local_clock(at)
    at_work = hours.opens <= clock.time() < hours.closes
    return not at_work or not is_working_day(clock.date())


def first_contacts(pairs: Sequence[Pair | None], known: Collection[Pair]) -> tuple[bool, ...]:
    """Say of each of these, in their order, whether it is the first of its kind (3)."""
    seen, first = set(known), []
    for pair in pairs:
        first.append(pair is not None and pair not in seen)
        if pair is not None:
            seen.add(pair)
    return tuple(first)


def marks_of(line: LogLine) -> tuple[str, ...]:
    """Return what a line is found by."""
    singly = (
        (Mark.CLIENT, line.client),
        (Mark.ENTRY, line.entry_kind),
        (Mark.ACT, line.act),
        (Mark.KIND, line.kind),
        (Mark.PURPOSE, line.purpose),
        (Mark.BASIS, line.basis),
        (Mark.OUTCOME, line.outcome),
        (Mark.CODE, line.code),
        (Mark.OVERRIDE, line.override),
        (Mark.OVERRIDE, YES if line.override else None),
        (Mark.OUT_OF_HOURS, YES if line.out_of_hours else None),
        (Mark.FIRST_CONTACT, YES if line.first_contact else None),
    )
    severally = (
        (Mark.AGENCY, _once(one for one in (line.recipient, line.source) if one)),
        (Mark.CATEGORY, line.categories),
        (Mark.GROUND, line.grounds),
        (Mark.FLAG, line.flags),
        (Mark.AGREEMENT, _once(code for one in line.agreements for code in _with_code(one))),
    )
    found = [mark(name, one) for name, one in singly if one]
    found += [mark(name, one) for name, several in severally for one in several]
    return _once(found)


def mark(name: Mark, code: str) -> str:
    """Return a mark as it is written."""
    return f"{name.value}:{code}"


def tallies_of(line: LogLine) -> tuple[Counted, ...]:
    """Return what a line adds to the counts of its month, once each."""
    if line.entry_kind != DECISION:
        return (Counted(Tally.OTHER, line.act or line.entry_kind),)
    found = [
        Counted(Tally.ASKED, line.kind or ""),
        Counted(Tally.OUTCOME, line.outcome),
        *(Counted(Tally.GROUND, one) for one in line.grounds),
        *(Counted(Tally.FLOW, one) for one in line.flows),
    ]
    if line.code is not None:
        found.append(Counted(Tally.CODE, line.code))
    if line.code in _GAPS:
        found += [Counted(Tally.GAP, f"{line.purpose or ''}/{one}") for one in line.categories]
    for what, which in (
        (Tally.OVERRIDE, line.override),
        (Tally.ACT, line.act),
        (Tally.OUT_OF_HOURS, YES if line.out_of_hours else None),
        (Tally.FIRST_CONTACT, YES if line.first_contact else None),
    ):
        if which is not None:
            found.append(Counted(what, which))
    return tuple(dict.fromkeys(found))


def month_of(at: datetime) -> date:
    """Return the first day of the month that calendars in England show at an instant."""
    return local_day(at).replace(day=1)


def touched(line: LogLine, *, first: bool) -> LogLine:
    """Return a line with what only the lines before it could tell."""
    return replace(line, first_contact=first)


def _grants(facts: Mapping[str, Any]) -> tuple[Mapping[str, Any], ...]:
    said = facts.get("grounds")
    return tuple(one for one in said if isinstance(one, dict)) if isinstance(said, list) else ()


def _named(facts: Mapping[str, Any]) -> tuple[Mapping[str, Any], ...]:
    """Return the agreement that an entry is about, where it is about one."""
    return (facts,) if _word(facts, "agreement") else ()


def _agreement(said: Mapping[str, Any]) -> str:
    return f"{_word(said, 'agreement') or ''}/{_number(said, 'version')}"


def _with_code(agreement: str) -> tuple[str, str]:
    return agreement.rpartition("/")[0], agreement


def _grounds(facts: Mapping[str, Any], grants: Iterable[Mapping[str, Any]]) -> Iterator[str | None]:
    yield _word(facts, "ground")
    for one in grants:
        yield _word(one, "ground")
    withheld = facts.get("withheld")
    if isinstance(withheld, dict):
        yield from (_word(withheld, category) for category in sorted(withheld))


def _in_order(grounds: Iterable[str | None]) -> tuple[str, ...]:
    """Return these grounds once each: of those that permit, what matters most comes first."""
    known = _once(one for one in grounds if one in _GROUNDS)
    permitting = [one.value for one in REVIEWED_FIRST if one.value in known]
    others = [one for one in known if one not in permitting]
    return tuple(permitting + others)


def _word(said: Mapping[str, Any], name: str) -> str | None:
    found = said.get(name)
    return found if isinstance(found, str) else None


def _words(said: Mapping[str, Any], name: str) -> tuple[str, ...]:
    found = said.get(name)
    return _once(one for one in found if isinstance(one, str)) if isinstance(found, list) else ()


def _number(said: Mapping[str, Any], name: str) -> int:
    found = said.get(name)
    return found if isinstance(found, int) and 0 <= found < 2**31 else 0


def _once(said: Iterable[str | None]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(one for one in said if one is not None))
