"""Telling a person what is held of them: asked, looked at where it must be, made, and read."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import update
from sqlalchemy.orm import Session

from app.kernel.ids import new_id
from app.kernel.named import NotAvailable
from app.kernel.vault import DataKey
from consent.queries.locks import lock_for_change
from consent.queries.subjects import keys_of
from consent.queries.vocabulary import policy_at
from sharing.actions.log import Line, append_entry
from sharing.actions.measuring import WITHOUT_SAY
from sharing.actions.rights_errors import (
    AskedInTheFuture,
    OwnRequest,
    PackExpired,
    PackNotReady,
    PackReviewed,
    PackTooLate,
)
from sharing.actions.taking_part import check_takes_part
from sharing.chain.leaves import EntryKind
from sharing.models.rights import AccessPackRow
from sharing.queries.packs import (
    CONTENT,
    EXTENSION,
    REQUEST,
    REVIEW,
    is_withheld,
    on_file,
    opened,
    pack_of,
)
from sharing.queries.seeing import helps, subject_of
from sharing.rules.access import (
    MONTHS,
    MONTHS_EXTENDED,
    READABLE_FOR,
    cautions,
    lost_say,
    months_after,
    pack,
    standing,
)
from sharing.rules.telling import DENIED, READ
from sharing.terms.access import Asking, Capacity, Outcome, Pack, PackState, Review
from sharing.terms.rights import Actor
from sharing.terms.seeing import Told


def take(session: Session, asking: Asking, told: Sequence[Told], by: Actor, at: datetime) -> Pack:
    """Take down that somebody asked; the pack is made at once, unless a person must look first.

    `AgencySuspended` where the agency takes no part now; `NotAvailable` for a subject whom it does
    not help, or who cannot be asked for by them.
    """
    check_takes_part(session, by.agency, at)
    if asking.asked_on > at.date():
        raise AskedInTheFuture(pointer="#/asked_on")
    subject = subject_of(session, asking.subject, at)
    policy = policy_at(session, at)
    if (
        subject is None
        or not helps(session, by.agency, asking.subject, at)
        or not standing(subject, asking, policy, at)
    ):
        raise NotAvailable
    withheld = is_withheld(session, asking.subject, at)
    found = cautions(subject, asking, policy, at, withheld=withheld)
    row = AccessPackRow(
        id=new_id(at),
        subject_id=asking.subject,
        asked_by=asking.asked_by,
        capacity=asking.capacity.value,
        state=PackState.NEEDS_REVIEW.value,
        cautions=[one.value for one in found],
        taken_by=asking.taken_by,
        asked_on=asking.asked_on,
        due=months_after(asking.asked_on, MONTHS),
        recorded_at=at,
        recorded_by_client=by.client,
        recorded_by_agency=by.agency,
    )
    key = _key(session, asking.subject)
    words = {"requester": asking.requester, "identity_check": asking.identity_check}
    row.request = _sealed(key, row.id, REQUEST, words)
    if not found:
        made = pack(on_file(session, asking, told, at), at)
        for name, value in _made(key, row.id, made, at).items():
            setattr(row, name, value)
    session.add(row)
    session.flush()
    return pack_of(session, row)


def note_without_say(session: Session, asking: Asking, by: Actor, at: datetime) -> None:
    """Log that an adult whose say had ended asked what is held of a child, for a reviewer to see.

    Whoever asked was answered as anybody is: nothing is logged of one who merely may not ask. The
    session speaks for the agency.
    """
    subject = subject_of(session, asking.subject, at)
    if subject is None or not lost_say(subject, asking.asked_by, at):
        return
    facts = {
        "act": WITHOUT_SAY,
        "client": by.client,
        "agency": by.agency,
        "token": by.token,
        "outcome": DENIED,
        "what": "access_pack",
    }
    about = {"subject": str(asking.subject), "asked_by": str(asking.asked_by)}
    line = Line(by.agency, None, DENIED, facts, about, asking.subject)
    append_entry(session, line, at, EntryKind.READING)


def extend(  # noqa: PLR0913  (whose, which, why, by whom, and when)
    session: Session, of: UUID, pack_id: UUID, reason: str, by: Actor, *, at: datetime
) -> Pack:
    """Put a pack off by two months, for a reason given before it was due (UK GDPR, 12(3)).

    `PackReviewed` if it was decided, `PackTooLate` if it was due, or was put off before.
    """
    row = held(session, of, pack_id, by.agency)
    if row.state != PackState.NEEDS_REVIEW:
        raise PackReviewed
    if row.extended_at is not None or at.date() > row.due:
        raise PackTooLate
    sealed = _sealed(_key(session, of), row.id, EXTENSION, {"reason": reason})
    due = months_after(row.asked_on, MONTHS_EXTENDED)
    return _changed(session, row, {"due": due, "extended_at": at, "extension": sealed})


def review(  # noqa: PLR0913  (which, whose, what was decided, on what, and when)
    session: Session, pack_id: UUID, said: Review, told: Sequence[Told], at: datetime, *, of: UUID
) -> Pack:
    """Release a pack, made as things stand now, or refuse it; by somebody who did not take it down.

    `AgencySuspended` where their agency takes no part now, `OwnRequest` if they took it down,
    `PackReviewed` if somebody decided before.
    """
    check_takes_part(session, said.agency, at)
    row = session.get(AccessPackRow, pack_id, with_for_update=True)
    if row is None or row.subject_id != of:
        raise NotAvailable
    if row.state != PackState.NEEDS_REVIEW:
        raise PackReviewed
    if said.by in {row.taken_by, row.recorded_by_client}:
        raise OwnRequest
    key = _key(session, row.subject_id)
    words = {"reason": said.reason, "wishes": said.wishes, "leave_out": sorted(said.leave_out)}
    changes: dict[str, Any] = {
        "reviewed_at": at,
        "reviewed_by": said.by,
        "review": _sealed(key, row.id, REVIEW, words),
        "state": PackState.REFUSED.value,
    }
    if said.outcome is Outcome.RELEASE:
        file = on_file(session, _asking(row), told, at, said.leave_out)
        changes |= _made(key, row.id, pack(file, at), at)
    return _changed(session, row, changes)


def read(  # noqa: PLR0913  (whose, which, by whom, how, and when)
    session: Session, of: UUID, pack_id: UUID, by: Actor, form: str, *, at: datetime
) -> dict[str, Any]:
    """Return what a pack says, and log that it was read; the session speaks for the agency.

    `AgencySuspended` where the agency takes no part now; `PackNotReady` if nobody may read it yet,
    or ever; `PackExpired` once it has lain for a month.
    """
    check_takes_part(session, by.agency, at)
    # An erasure that has begun is waited for, and one that follows finds this entry.
    lock_for_change(session, [of])
    row = held(session, of, pack_id, by.agency)
    if row.expires_at is None:
        raise PackNotReady
    if row.expires_at <= at:
        raise PackExpired
    facts = {
        "client": by.client,
        "agency": by.agency,
        "token": by.token,
        "outcome": READ,
        "what": "access_pack",
        "form": form,
    }
    about = {"subject": str(of), "pack": str(pack_id)}
    line = Line(by.agency, None, READ, facts, about, of)
    append_entry(session, line, at, EntryKind.READING)
    return opened(_key(session, of), row, CONTENT)


def held(session: Session, of: UUID, pack_id: UUID, agency: str) -> AccessPackRow:
    """Return a pack that this agency took down for this subject; else `NotAvailable`."""
    row = session.get(AccessPackRow, pack_id, with_for_update=True)
    if row is None or row.subject_id != of or row.recorded_by_agency != agency:
        raise NotAvailable
    return row


def _asking(row: AccessPackRow) -> Asking:
    return Asking(
        subject=row.subject_id,
        asked_by=row.asked_by,
        capacity=Capacity(row.capacity),
        requester=None,
        identity_check="",
        taken_by=row.taken_by,
        asked_on=row.asked_on,
    )


def _made(key: DataKey, pack_id: UUID, content: Mapping[str, Any], at: datetime) -> dict[str, Any]:
    return {
        "state": PackState.READY.value,
        "content": _sealed(key, pack_id, CONTENT, content),
        "made_at": at,
        "expires_at": at + READABLE_FOR,
    }


def _changed(session: Session, row: AccessPackRow, changes: Mapping[str, Any]) -> Pack:
    session.execute(update(AccessPackRow).where(AccessPackRow.id == row.id).values(**changes))
    session.refresh(row)
    return pack_of(session, row)


def _key(session: Session, subject: UUID) -> DataKey:
    key = keys_of(session, {subject}).get(subject)
    if key is None:
        raise NotAvailable
    return key


def _sealed(key: DataKey, pack_id: UUID, column: str, words: Mapping[str, Any]) -> bytes:
    return key.seal(json.dumps(words).encode(), "access_pack", pack_id, column)
