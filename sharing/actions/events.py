"""Telling past recipients that something changed, and hearing what they did about it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app.kernel.db import speak_for
from app.kernel.ids import new_id
from app.kernel.vault import Vault
from directory.queries.agencies import agencies
from sharing.actions.errors import EventAcknowledged, UnknownEvent
from sharing.actions.log import LOG_KEY
from sharing.actions.webhooks import queue_event
from sharing.models.events import EventRow
from sharing.queries.events import event_of, received
from sharing.terms.events import ANY, Event, EventKind, Happening, WhatWasDone

SEND_ON: Final = "events.send_on"
"""The kind of job that has events sent which somebody else left."""


@dataclass(frozen=True, slots=True)
class Acknowledgement:
    """What a recipient did; the note may speak of the family and is sealed."""

    done: WhatWasDone
    note: str | None
    by: str


def tell_recipients(session: Session, payload: Mapping[str, Any], at: datetime) -> int:
    """Leave an event for each agency that received what changed; say how many were left.

    Told twice, it leaves each event once. UK GDPR, Article 19.
    """
    happening = _happening(payload)
    told = 0
    for agency in agencies(session):
        named = ANY in happening.agencies or agency.code in happening.agencies
        if named and agency.code not in happening.not_to:
            told += _tell(session, agency.code, happening, at)
    return told


def tell(  # noqa: PLR0913  (whom, what, about what)
    session: Session,
    agency: str,
    kind: EventKind,
    fact: UUID,
    *,
    disclosures: Sequence[UUID],
    at: datetime,
) -> bool:
    """Leave one event for one agency, once, and have it sent; say whether it is new.

    The session speaks for that agency from here on.
    """
    speak_for(session, agency)
    event = new_id(at)
    left = insert(EventRow).values(
        id=event,
        agency=agency,
        kind=kind.value,
        fact=fact,
        disclosures=list(disclosures),
        at=at,
    )
    done = session.execute(left.on_conflict_do_nothing().returning(EventRow.id))
    if done.first() is None:
        return False
    queue_event(session, event, kind.value, at)
    return True


def send_on(session: Session, payload: Mapping[str, Any], at: datetime) -> None:
    """Have events sent that were left by a role which sees nobody's addresses.

    The session speaks for each of their agencies in turn.
    """
    for one in payload["events"]:
        speak_for(session, one["agency"])
        queue_event(session, UUID(one["event"]), payload["kind"], at)


def acknowledge(session: Session, event: UUID, said: Acknowledgement, at: datetime) -> Event:
    """Record what the agency that the session speaks for did about its event.

    `UnknownEvent` if it has none of this id, `EventAcknowledged` if it said so before.
    """
    row = session.get(EventRow, event, with_for_update=True)
    if row is None:
        raise UnknownEvent
    if row.acknowledged_at is not None:
        raise EventAcknowledged
    sealed = None
    if said.note is not None:
        key = Vault.of(session).named(LOG_KEY)
        sealed = key.seal(said.note.encode(), "event", event, "note")
    session.execute(
        update(EventRow)
        .where(EventRow.id == event)
        .values(acknowledged_at=at, acknowledged_by=said.by, done=said.done.value, note=sealed)
    )
    session.refresh(row)
    return event_of(row)


def _happening(payload: Mapping[str, Any]) -> Happening:
    return Happening(
        EventKind(payload["kind"]),
        UUID(payload["fact"]),
        tuple(map(UUID, payload["subjects"])),
        frozenset(payload.get("agencies", (ANY,))),
        frozenset(payload.get("not_to", ())),
        payload.get("source"),
        payload.get("category"),
    )


def _tell(session: Session, agency: str, happening: Happening, at: datetime) -> int:
    speak_for(session, agency)
    disclosures = received(session, agency, happening)
    if not disclosures:
        return 0
    kind, fact = happening.kind, happening.fact
    return int(tell(session, agency, kind, fact, disclosures=disclosures, at=at))
