"""Erasing a person, or what is past its time: through the eraser's role, and said in the log.

The entry comes first: it names those it erases, and the database erases nothing that no entry of
the same transaction says is erased. The tree stays as it is; what opened its leaves is gone.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, Uuid, bindparam, insert, text
from sqlalchemy.orm import Session

from app.kernel.ids import new_id
from app.kernel.named import NotAvailable
from app.kernel.queue import enqueue
from sharing.actions.events import SEND_ON
from sharing.actions.log import Entry, Line, append_entry
from sharing.actions.rights_errors import (
    LegalHoldStands,
    RetentionRuns,
)
from sharing.chain.erasures import ERASED as NAMES
from sharing.chain.leaves import EntryKind
from sharing.models.events import EventRow
from sharing.queries import erasing as on_file
from sharing.queries.erasing import begin, due, entries_about, hindrances, to_tell
from sharing.rules.telling import ERASED
from sharing.terms.events import EventKind
from sharing.terms.rights import Actor, Erased, ErasureOrder, Hindrance, RetentionCode

BATCH = 500
_PERSON = text("select erase_person(:person, :entries, :entry, :at)").bindparams(
    bindparam("entries", type_=ARRAY(Uuid))
)
_PAST = text("select retention_erase(:code, :items, :entry, :at)").bindparams(
    bindparam("items", type_=ARRAY(Uuid))
)


def erase(session: Session, order: ErasureOrder, by: Actor, at: datetime) -> Erased:
    """Destroy what leads to a subject, everywhere, and say so in the log; return what went.

    `LegalHoldStands` or `RetentionRuns` if it may not be, `NotAvailable` if nobody knows them. The
    session is the eraser's, and speaks for the agency that orders it.
    """
    _begin(session, order)
    _check(hindrances(session, order.subject, at))
    entry, entries, told = _say(session, order, by, at)
    given = {"person": order.subject, "entries": entries, "entry": entry.id, "at": at}
    counts: dict[str, int] = session.execute(_PERSON, given).scalar_one()
    _tell(session, entry, [one for one in told if one[0] != by.agency], at)
    return Erased(entry.id, counts, len(told))


def would_erase(session: Session, order: ErasureOrder, by: Actor, at: datetime) -> Erased:
    """Return what an erasure would destroy, and what stops it; whoever asks rolls this back.

    The database erases nothing that no entry says is erased, not even to count it: so there is one
    in this transaction.
    """
    _begin(session, order)
    stopped_by = tuple(hindrances(session, order.subject, at))
    entry, entries, told = _say(session, order, by, at)
    counts = on_file.would_erase(session, order.subject, entries, entry.id, at)
    return Erased(None, counts, len(told), stopped_by)


def erase_past(
    session: Session, code: RetentionCode, by: Actor, items: Sequence[UUID], at: datetime
) -> Entry:
    """Destroy what of a class is past its time, and say so in the log.

    The session is the eraser's, and speaks for the agency on whose word it goes.
    """
    entries = items if code is RetentionCode.DISCLOSURE_OPENING else ()
    facts = {"class": code.value, "items": len(items)} | _named(entries)
    entry = append_entry(session, _line(by, facts, {}), at, EntryKind.RETENTION)
    given = {"code": code.value, "items": list(items), "entry": entry.id, "at": at}
    session.execute(_PAST, given)
    return entry


def past_its_time(
    session: Session, code: RetentionCode, after: UUID | None, at: datetime
) -> tuple[dict[str, list[UUID]], UUID | None]:
    """Return a batch of what is due, by the agency on whose word it goes, and where it ended.

    The place is None where nothing follows.
    """
    found = due(session, code, at, after, BATCH)
    batches: dict[str, list[UUID]] = {}
    for one in found:
        batches.setdefault(one.agency, []).append(one.item)
    return batches, found[-1].item if len(found) == BATCH else None


def _begin(session: Session, order: ErasureOrder) -> None:
    if not begin(session, order.subject):
        raise NotAvailable


def _say(
    session: Session, order: ErasureOrder, by: Actor, at: datetime
) -> tuple[Entry, list[UUID], list[tuple[str, list[UUID]]]]:
    """Write the entry; return it, the entries that it erases, and who is to be told of it."""
    entries = entries_about(session, order.subject)
    told = to_tell(session, order.subject, entries)
    facts = {"ground": order.ground.value, "told": len(told)}
    about = {"authority": order.authority, "decided_by": order.decided_by}
    line = _line(by, facts | _named(entries), about)
    return append_entry(session, line, at, EntryKind.ERASURE), entries, told


def _check(found: Sequence[Hindrance]) -> None:
    if any(one.what == "legal_hold" for one in found):
        raise LegalHoldStands
    if found:
        raise RetentionRuns(found)


def _named(entries: Iterable[UUID]) -> dict[str, Any]:
    return {NAMES: [str(one) for one in entries]}


def _line(by: Actor, facts: dict[str, Any], about: dict[str, Any]) -> Line:
    said = {"client": by.client, "agency": by.agency, "token": by.token, "outcome": ERASED}
    return Line(by.agency, None, ERASED, said | facts, about)


def _tell(
    session: Session, entry: Entry, told: Sequence[tuple[str, list[UUID]]], at: datetime
) -> None:
    """Leave word for each agency that received something, or holds it (UK GDPR, 17(2) and 19).

    The eraser reads nobody's addresses: the worker sends it on.
    """
    rows = [
        {
            "id": new_id(at),
            "agency": agency,
            "kind": EventKind.SUBJECT_ERASED.value,
            "fact": entry.id,
            "disclosures": disclosures,
            "at": at,
        }
        for agency, disclosures in told
    ]
    if rows:
        session.execute(insert(EventRow), rows)
        left = [{"agency": row["agency"], "event": str(row["id"])} for row in rows]
        enqueue(session, SEND_ON, {"kind": EventKind.SUBJECT_ERASED, "events": left}, at, at)
