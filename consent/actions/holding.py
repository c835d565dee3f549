"""How every change to a subject's facts begins: lock, then read the clock.

An instant read before the lock could be earlier than that of a decision which held the lock first:
the log would then show a permit after the withdrawal it must not outlive. So these functions take
the clock, and what they return is the only instant that the change may use.
"""

import hashlib
from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.kernel.clock import Clock
from app.kernel.named import NotAvailable
from consent.queries import consents, protection
from consent.queries.locks import lock_for_change

_SETTINGS = int.from_bytes(hashlib.sha256(b"policy_setting").digest()[:8], "big", signed=True)


def hold_subjects(
    session: Session, subjects: Iterable[UUID], clock: Clock, new: Iterable[bytes] = ()
) -> datetime:
    """Lock these subjects, and identifiers new to them, until the transaction ends.

    Return the instant after that.
    """
    lock_for_change(session, subjects, new)
    return clock()


def hold_new(session: Session, digests: Iterable[bytes], clock: Clock) -> datetime:
    """Lock identifiers that are about to be registered; return the instant after that."""
    lock_for_change(session, (), digests)
    return clock()


def hold_consent(session: Session, consent: UUID, clock: Clock) -> datetime:
    """Lock everyone whom a consent is about, which never changes; `NotAvailable` if none is."""
    return _hold_found(session, consents.subjects_of(session, consent), clock)


def hold_subjects_and_replaced(
    session: Session, subjects: Iterable[UUID], replaced: UUID | None, clock: Clock
) -> datetime:
    """Lock these subjects, and everyone whom the consent to be replaced is about."""
    others = () if replaced is None else consents.subjects_of(session, replaced)
    return hold_subjects(session, {*subjects, *others}, clock)


def hold_shield(session: Session, shield: UUID, clock: Clock) -> datetime:
    """Lock everyone whom a shield protects, which never changes; `NotAvailable` if none is."""
    return _hold_found(session, protection.shielded_by(session, shield), clock)


def hold_settings(session: Session, clock: Clock) -> datetime:
    """Let nobody else sign settings until the transaction ends; return the instant after that."""
    session.execute(select(func.pg_advisory_xact_lock(_SETTINGS))).all()
    return clock()


def _hold_found(session: Session, subjects: frozenset[UUID], clock: Clock) -> datetime:
    if not subjects:
        raise NotAvailable
    return hold_subjects(session, subjects, clock)
