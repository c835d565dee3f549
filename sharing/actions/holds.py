"""Legal holds: nothing that one stands on is erased, by anybody, until a person releases it."""

import json
from dataclasses import asdict, replace
from datetime import datetime
from uuid import UUID

from sqlalchemy import update
from sqlalchemy.orm import Session

from app.kernel.clock import Clock
from app.kernel.ids import new_id
from app.kernel.named import DatesOutOfOrder, NotAvailable
from app.kernel.vault import Vault
from consent.queries.locks import lock_for_change
from consent.queries.subjects import recorded_by
from directory.queries.agencies import unknown_codes
from sharing.actions.errors import (
    UnknownWord,
)
from sharing.actions.rights_errors import (
    HoldReleased,
    UnknownHold,
)
from sharing.models.rights import LegalHoldRow
from sharing.queries.holds import LOG_KEY, hold_of
from sharing.terms.rights import Actor, Hold, NewHold, Words


def set_own_hold(session: Session, new: NewHold, by: Actor, clock: Clock) -> Hold:
    """Hold a subject whom the agency registered, or what concerns the agency itself.

    `NotAvailable` for any other subject.
    """
    if new.subject is not None and recorded_by(session, new.subject) != by.agency:
        raise NotAvailable
    own = replace(new, agency=None if new.subject is not None else by.agency)
    return set_hold(session, own, by, clock)


def set_hold(session: Session, new: NewHold, by: Actor, clock: Clock) -> Hold:
    """Let nothing of a subject, or of an agency in a period, be erased from now on.

    `NotAvailable` for a subject whom nobody knows, `UnknownWord` for such an agency. An erasure
    that has begun is waited for: what it destroyed is not held.
    """
    if new.starts is not None and new.ends is not None and new.ends <= new.starts:
        raise DatesOutOfOrder(pointer="#/ends")
    if new.subject is not None:
        lock_for_change(session, [new.subject])
        if recorded_by(session, new.subject) is None:
            raise NotAvailable
    if new.agency is not None and unknown_codes(session, frozenset({new.agency})):
        raise UnknownWord("There is no agency of this code.", "#/agency")
    at = clock()
    row = LegalHoldRow(
        id=new_id(at),
        subject_id=new.subject,
        agency=new.agency,
        starts=new.starts,
        ends=new.ends,
        set_by=new.set_by,
        recorded_at=at,
        recorded_by_client=by.client,
        recorded_by_agency=by.agency,
    )
    row.words = _sealed(session, Words(new.reason, new.authority), row.id, "words")
    session.add(row)
    session.flush()
    return hold_of(session, row)


def release(  # noqa: PLR0913  (which, whose, by whom, why, and when)
    session: Session, hold: UUID, words: Words, *, agency: str | None, by: str, at: datetime
) -> Hold:
    """End a hold; it stays on file. `agency` None is an IG lead's hand, which reaches all of them.

    `UnknownHold` if there is none of this id that they may release, `HoldReleased` if it has ended.
    """
    row = session.get(LegalHoldRow, hold, with_for_update=True)
    if row is None or agency not in (None, row.recorded_by_agency):
        raise UnknownHold
    if row.released_at is not None:
        raise HoldReleased
    sealed = _sealed(session, words, hold, "release_words")
    session.execute(
        update(LegalHoldRow)
        .where(LegalHoldRow.id == hold)
        .values(released_at=at, released_by=by, release_words=sealed)
    )
    session.refresh(row)
    return hold_of(session, row)


def _sealed(session: Session, words: Words, hold: UUID, column: str) -> bytes:
    key = Vault.of(session).named(LOG_KEY)
    return key.seal(json.dumps(asdict(words)).encode(), "legal_hold", hold, column)
