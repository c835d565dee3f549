"""Who is away, and who answers meanwhile."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from directory.rules.agencies import covers
from directory.rules.freshness import freshness
from directory.terms.contacts import ContactPoint
from directory.terms.coverage import Called, Choice, Cover


def called_in_turn(
    choices: Iterable[Choice],
    seen: Mapping[UUID, ContactPoint],
    away: Sequence[Cover],
    at: datetime,
) -> tuple[Called, ...]:
    """Return whom to call, each once: whoever stands in comes before who is away.

    A front door keeps its place, and who stands in for it follows.
    """
    called: dict[UUID, Called] = {}
    for choice in choices:
        absence = _absence(choice.contact.id, away, at)
        own = _called(choice, absence, at)
        stand_in = _stand_in(choice, seen, away, at)
        turn = (own, stand_in) if choice.front_door else (stand_in, own)
        for one in turn:
            if one is not None:
                called.setdefault(one.contact.id, one)
    return tuple(called.values())


def _absence(contact: UUID, away: Iterable[Cover], at: datetime) -> Cover | None:
    now_away = (one for one in away if one.contact == contact and covers(one.during, at))
    return min(now_away, key=lambda one: (one.during.starts, one.id), default=None)


def _stand_in(
    choice: Choice, seen: Mapping[UUID, ContactPoint], away: Sequence[Cover], at: datetime
) -> Called | None:
    """Return who answers meanwhile: the first along the line who is there and may be shown."""
    absence = _absence(choice.contact.id, away, at)
    passed = {choice.contact.id}
    while absence is not None and absence.covered_by not in passed:
        passed.add(absence.covered_by)
        further = _absence(absence.covered_by, away, at)
        if further is None and absence.covered_by in seen:
            return _standing_in(choice, seen[absence.covered_by], absence, at)
        absence = further
    return None


def _standing_in(choice: Choice, contact: ContactPoint, absence: Cover, at: datetime) -> Called:
    name = choice.contact.facts.name
    meant = replace(
        choice,
        contact=contact,
        why=f"It stands in for {name}, who is away. {choice.why}",
        invented=choice.invented or contact.facts.invented,
        front_door=False,
        note=absence.note,
    )
    return replace(_called(meant, None, at), stands_in_for=name)


def _called(choice: Choice, absence: Cover | None, at: datetime) -> Called:
    return Called(
        contact=choice.contact,
        why=choice.why,
        freshness=freshness(choice.contact.facts.assured_on, at.date()),
        front_door=choice.front_door,
        invented=choice.invented,
        by_coverage=choice.by_coverage,
        away=absence is not None,
        away_until=None if absence is None else absence.during.ends,
        note=choice.note,
    )
