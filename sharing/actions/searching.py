"""Whoever reads the log leaves an entry in it first: what is told was asked for in the log.

What an entry says of a search for ever is codes; whom it looked for stands in its other half, by
which an erasure finds it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ARRAY, BigInteger, bindparam, text
from sqlalchemy.orm import Session

from app.kernel.vault import Vault
from consent.queries.circle import near
from consent.queries.locks import shared_lock_keys
from consent.queries.subjects import named_by
from consent.queries.vocabulary import unknown_categories, unknown_purposes
from directory.queries.agencies import unknown_codes
from sharing.actions.log import LOG_KEY, Entry, Line, append_entry
from sharing.actions.searching_errors import FilterNotPermitted, FilterRefused
from sharing.chain.leaves import EntryKind
from sharing.queries.searching import Sought
from sharing.rules.searching import faults, filters_said, not_for, whom_said
from sharing.rules.telling import READ
from sharing.terms.lines import Worker
from sharing.terms.searching import FilterFault, LogReader, LogSearch, Whom

SEARCH: Final = "search"
_LOCK: Final = text(
    "select pg_advisory_xact_lock_shared(key) from unnest(:keys) as key"
).bindparams(bindparam("keys", type_=ARRAY(BigInteger)))


@dataclass(frozen=True, slots=True)
class Reading:
    """What is read: `said` for ever, `about` until it is erased, and whom that is about."""

    said: Mapping[str, Any]
    about: Mapping[str, Any] = field(default_factory=dict)
    subject: UUID | None = None
    digests: tuple[bytes, ...] = ()


def begin_search(session: Session, search: LogSearch, by: LogReader, at: datetime) -> Sought:
    """Say in the log what is looked for, and by whom; return what finds it.

    `FilterRefused` for filters that do not fit or codes that nobody has, `FilterNotPermitted` for
    those that this reader may not use. The session speaks for the reader's agency.
    """
    if refused := not_for(search, whole=by.whole):
        raise FilterNotPermitted(refused)
    if wrong := [*faults(search), *_unknown(session, search)]:
        raise FilterRefused(wrong)
    whom, vault = search.whom, Vault.of(session)
    digests = sorted({vault.blind_index(one.scheme, one.value) for one in whom.subject})
    # An erasure that has begun is waited for, and one that follows finds this entry.
    session.execute(_LOCK, {"keys": shared_lock_keys(digests)})
    subject = named_by(session, digests) if digests else None
    said = {"act": SEARCH, "filters": filters_said(search)}
    unknown = () if subject is not None else tuple(digests)
    entry = append_reading(session, by, Reading(said, whom_said(whom), subject, unknown), at)
    return Sought(
        search=search,
        by=entry.id,
        at=at,
        own=None if by.whole else by.agency,
        practitioner=digest_of_worker(session, whom.practitioner),
        subjects=_subjects(session, whom, subject),
        digests=tuple(digests),
    )


def append_reading(session: Session, by: LogReader, reading: Reading, at: datetime) -> Entry:
    """Write the entry of a reading of the log; the session speaks for the reader's agency."""
    facts = {
        "outcome": READ,
        "agency": by.agency,
        "client": by.client_id,
        "token": by.token_id,
        "by_a_person": by.person is not None,
        "whole_log": by.whole,
    }
    subject = None if reading.subject is None else str(reading.subject)
    line = Line(
        by.agency,
        None,
        READ,
        facts | dict(reading.said),
        {"subject": subject, "person": by.person} | dict(reading.about),
        reading.subject,
        digests=reading.digests,
    )
    return append_entry(session, line, at, EntryKind.READING)


def digest_of_worker(session: Session, worker: Worker | None) -> bytes | None:
    """Return the keyed digest by which the lines of a practitioner are found."""
    if worker is None:
        return None
    return Vault.of(session).digest(LOG_KEY, "practitioner", worker.agency, worker.id)


def _subjects(session: Session, whom: Whom, subject: UUID | None) -> tuple[UUID, ...] | None:
    """Return whom lines are to be about; none of anybody where nobody is known by these ids."""
    if not whom.subject:
        return None
    if subject is None:
        return ()
    family = near(session, subject) if whom.family else frozenset[UUID]()
    return tuple(sorted({subject, *family}))


def _unknown(session: Session, search: LogSearch) -> Iterable[FilterFault]:
    """Yield the codes that nobody of the partnership has."""
    agencies = {"agency": search.agency, "source": search.source}
    if search.whom.practitioner is not None:
        agencies["practitioner"] = search.whom.practitioner.agency
    for name, code in agencies.items():
        if code is not None and unknown_codes(session, {code}):
            yield FilterFault(name, "No agency has this code.")
    if search.purpose is not None and unknown_purposes(session, frozenset({search.purpose})):
        yield FilterFault("purpose", "The partnership does not know this purpose.")
    if search.category is not None and unknown_categories(session, frozenset({search.category})):
        yield FilterFault("category", "The partnership does not know this category.")
