"""Asking whoever vouches for a service whether it is still right, and taking their answer.

A letter asks about each service once for each stage of its ageing: half a month before it ages, at
three, six and twelve months. Its links open a page and change nothing until a button is pressed,
since programs that scan mail open every link.
"""

from collections.abc import Callable
from datetime import datetime
from itertools import groupby
from typing import Final
from uuid import UUID

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from app.kernel.ids import new_id
from app.kernel.mail import Letter, can_receive
from directory.actions.confirming import DEFUNCT, vouch
from directory.actions.drafts import ASSURED
from directory.actions.links import WORKS_FOR, opened, token_for
from directory.actions.records import lock_changes
from directory.models.editing import ReminderRow
from directory.queries.editing import OURS, put_together, version_document
from directory.queries.records import record, records
from directory.queries.reminding import due, letter_of, reminder
from directory.rules import letters
from directory.rules.audience import seen_by
from directory.rules.differences import same
from directory.rules.timetables import said_on
from directory.terms.keeping import Actor
from directory.terms.records import ANYONE, Document, Record, RecordKind
from directory.terms.reminding import Asked, Linked, LinkState, Reminder

MOST_OF_A_LETTER: Final = 25
MOST_LETTERS: Final = 500
"""Of one day: after an import of thousands of old records, the rest waits for the days after."""
BY_LINK: Final = Actor("still-right-link", None)
"""Who vouched where it was whoever has the link."""


def remind(session: Session, at: datetime) -> list[UUID]:
    """Write down who is to be asked about what today; return the letters to be written."""
    written: list[UUID] = []
    found = due(session, at.date(), MOST_OF_A_LETTER)
    for address, services in groupby(found, key=lambda one: one.address):
        if len(written) == MOST_LETTERS or not can_receive(address):
            continue
        letter = new_id(at)
        rows = [
            {
                "id": new_id(at),
                "service": one.service,
                "since": one.since,
                "stage": int(one.stage),
                "version": one.version,
                "address": address,
                "letter": letter,
                "made_at": at,
            }
            for one in services
        ]
        session.execute(insert(ReminderRow), rows)
        written.append(letter)
    return written


def write_letter(
    session: Session, letter: UUID, publisher: str, link: Callable[[str], str], at: datetime
) -> Letter | None:
    """Return a letter as it is to be sent; None if all that it asks has been answered since."""
    asked = letter_of(session, letter)
    held = records(session, RecordKind.SERVICE, {one.service for one in asked})
    told = [
        Asked(
            str(held[one.service].document.get("name")),
            one.since,
            bool(held[one.service].document.get(ASSURED)),
            token_for(session, one.id, one.made_at),
        )
        for one in asked
        if one.service in held and _state(session, one, held[one.service], at) is LinkState.OPEN
    ]
    if not told:
        return None
    until = (asked[0].made_at + WORKS_FOR).date()
    text = letters.letter(told, until, publisher, link)
    return Letter(letter.hex, asked[0].address, letters.subject(told), text, at)


def look_up(session: Session, token: str, at: datetime) -> Linked:
    """Return what a link leads to, and whether it still takes an answer; else `UnknownLink`."""
    reminder_id, _ = opened(session, token)
    one = reminder(session, reminder_id)
    held = record(session, RecordKind.SERVICE, one.service)
    return _linked(session, one, held, at)


def press(session: Session, token: str, at: datetime) -> Linked:
    """Take the answer "still right", once; what the link leads to says by its state if it did.

    The state is `USED` by this very press if `used_at` of the reminder is `at`.
    """
    reminder_id, _ = opened(session, token)
    lock_changes(session)
    session.execute(select(ReminderRow.id).where(ReminderRow.id == reminder_id).with_for_update())
    one = reminder(session, reminder_id)
    held = record(session, RecordKind.SERVICE, one.service)
    if _state(session, one, held, at) is LinkState.OPEN:
        note = f"By the link of {said_on(one.made_at.date())}"
        vouch(session, held, BY_LINK, at, note)
        here = update(ReminderRow).where(ReminderRow.id == one.id)
        session.execute(here.values(used_at=at))
        one = reminder(session, reminder_id)
        held = record(session, RecordKind.SERVICE, one.service)
    return _linked(session, one, held, at)


def _linked(session: Session, one: Reminder, held: Record, at: datetime) -> Linked:
    whole = put_together(session, RecordKind.SERVICE, held.document)
    written = held.document.get(ASSURED)
    return Linked(
        _state(session, one, held, at),
        one,
        str(held.document.get("name")),
        None if written is None else datetime.fromisoformat(written).date(),
        seen_by(whole, ANYONE),
    )


def _state(session: Session, one: Reminder, held: Record, at: datetime) -> LinkState:
    if one.used_at is not None:
        return LinkState.USED
    if held.document.get("status") == DEFUNCT:
        return LinkState.ENDED
    before = version_document(session, RecordKind.SERVICE, one.service, one.version) or {}
    if not same(_said(before), _said(held.document)):
        return LinkState.CHANGED
    if before.get(ASSURED) != held.document.get(ASSURED):
        return LinkState.ASSURED
    return LinkState.EXPIRED if at >= one.made_at + WORKS_FOR else LinkState.OPEN


def _said(document: Document) -> Document:
    return {name: value for name, value in document.items() if name not in (OURS, ASSURED)}
