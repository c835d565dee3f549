"""Which events an agency has, and which of its disclosures something touches."""

import json
from typing import Any, Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from sharing.models.events import EventRow
from sharing.models.log import LogEntryRow, LogSubjectRow
from sharing.rules.telling import TOLD
from sharing.terms.codes import Ground
from sharing.terms.events import ABOUT_CONSENT, SAYS_WHICH, Event, EventKind, Happening, WhatWasDone

_RESTS_ON_CONSENT: Final = frozenset({Ground.AGREEMENT, Ground.CONSENT})


def events(
    session: Session, *, after: UUID | None, limit: int, waiting: bool = False
) -> list[Event]:
    """Return the agency's events, the oldest first, from the one after `after`."""
    row = EventRow
    found = select(row).order_by(row.id).limit(limit)
    if after is not None:
        found = found.where(row.id > after)
    if waiting:
        found = found.where(row.acknowledged_at.is_(None))
    return [event_of(one) for one in session.scalars(found)]


def event_of(row: EventRow) -> Event:
    """Return an event as its agency hears it."""
    return Event(
        row.id,
        EventKind(row.kind),
        row.at,
        tuple(row.disclosures),
        None if row.done is None else WhatWasDone(row.done),
        row.acknowledged_at,
        row.fact if row.kind in SAYS_WHICH else None,
    )


def received(session: Session, agency: str, happening: Happening) -> list[UUID]:
    """Return the disclosures about these subjects that the agency received, and that it touches.

    The session speaks for the agency: row-level security shows it no other's.
    """
    entry, person = LogEntryRow, LogSubjectRow
    found = (
        select(entry.id, entry.facts)
        .join(person, person.id == entry.id)
        .where(person.subject.in_(happening.subjects), entry.recipient == agency)
        .where(entry.outcome.in_(TOLD))
        .order_by(entry.id)
    )
    return [row.id for row in session.execute(found) if _touches(happening, json.loads(row.facts))]


def _touches(happening: Happening, facts: dict[str, Any]) -> bool:
    """Say whether something disclosed is of that source and category, or rested on consent."""
    return any(
        happening.source in (None, one["source"])
        and happening.category in (None, one["category"])
        and (happening.kind not in ABOUT_CONSENT or one["ground"] in _RESTS_ON_CONSENT)
        for one in facts.get("grounds", ())
    )
