"""Records as they go out: what a viewer may see, by kind and id, all of one instant."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from sqlalchemy import exists, func, select, text
from sqlalchemy.orm import Session, aliased

from directory.models.records import DirectoryRecordRow
from directory.queries.records import nested_services
from directory.queries.withheld import withheld
from directory.rules.audience import seen_by
from directory.rules.intake import tidied
from directory.terms.exchange import Provenance
from directory.terms.records import ANYONE, Document, RecordKind, Viewer

AT_A_TIME: Final = 100
"""Records that are read at once: one step of an export, between which others have their turn."""
_FIRST: Final = UUID(int=0)


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A record as its viewer sees it, and where it came from."""

    kind: RecordKind
    id: UUID
    document: Document
    provenance: Provenance


def at_one_instant(session: Session) -> None:
    """Have all that this transaction reads be as it is now; comes before it reads anything."""
    session.execute(text("set transaction isolation level repeatable read"))


def outgoing_services(session: Session, viewer: Viewer) -> Iterator[Outgoing]:
    """Yield the services that a viewer may see, nested, by id; for anyone, none that has ended."""
    row = DirectoryRecordRow
    after = _FIRST
    while True:
        wanted = select(row.id, row.source, row.licence).where(row.kind == "service")
        if viewer == ANYONE:
            wanted = wanted.where(row.status.is_distinct_from("defunct"))
        page = session.execute(wanted.where(row.id > after).order_by(row.id).limit(AT_A_TIME)).all()
        whole = nested_services(session, [one.id for one in page])
        for one in page:
            seen = seen_by(whole[one.id], viewer)
            if seen is not None:
                from_ = Provenance(one.source, one.licence)
                yield Outgoing(RecordKind.SERVICE, one.id, tidied(seen), from_)
        if len(page) < AT_A_TIME:
            return
        after = page[-1].id


def outgoing_others(
    session: Session, kind: RecordKind, viewer: Viewer, named: Sequence[UUID]
) -> Iterator[Outgoing]:
    """Yield the records of another kind that a viewer may see, by id.

    Of organizations and places, those that a service which the viewer may see names, and
    organizations that no service names: one that only hidden services name tells of them. So does
    a term that is spoken of only where the viewer may not listen.
    """
    row, service = DirectoryRecordRow, aliased(DirectoryRecordRow)
    wanted = select(row.id, row.document, row.source, row.licence).where(row.kind == kind.value)
    in_sight = row.id == func.any(list(named))
    if kind is RecordKind.ORGANIZATION:
        theirs = exists().where(service.kind == "service", service.organization_id == row.id)
        wanted = wanted.where(in_sight | ~theirs)
    elif kind is RecordKind.LOCATION:
        wanted = wanted.where(in_sight)
    silent = withheld(session, kind, [row.kind == kind.value], viewer) - set(named)
    for one in session.execute(wanted.order_by(row.id).execution_options(yield_per=AT_A_TIME)):
        seen: dict[str, Any] | None = seen_by(one.document, viewer)
        if seen is not None and one.id not in silent:
            yield Outgoing(kind, one.id, tidied(seen), Provenance(one.source, one.licence))
