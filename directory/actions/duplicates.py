"""Finding services that may be one, and deciding on them: nothing is merged by itself."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import delete, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app.kernel.ids import new_id
from directory.actions.exchange_errors import AlreadyDecided, NotOfThePair, NotYoursToEnd
from directory.actions.keeping import NotYoursToChange
from directory.actions.records import put_records
from directory.models.exchange import DirectoryDuplicateRow, DirectoryMatchKeyRow
from directory.queries.duplicates import DuplicateSeen, duplicate, not_looked_at, sharing
from directory.queries.keeping import can_change
from directory.queries.records import nested_services, record
from directory.rules.duplicates import LEAST, Marks, compared, keys_of, marks_of
from directory.terms.exchange import Pair, Verdict
from directory.terms.keeping import Actor
from directory.terms.records import Authorship, Origin, RecordKind, Viewer

AT_A_TIME: Final = 500
_ENDED: Final = "The same service as {}."
_LOCK: Final = "directory.duplicates"


@dataclass(frozen=True, slots=True)
class Decision:
    """What somebody decided of a pair; of the same service, which of the two records stays."""

    verdict: Verdict
    keep: UUID | None
    note: str | None


def look_for_duplicates(session: Session, at: datetime) -> tuple[int, int]:
    """Compare some services that changed with all; return how many, and how many pairs there are.

    Called again until it returns that it looked at none.
    """
    lock = func.pg_advisory_xact_lock(func.hashtextextended(_LOCK, 0))
    session.execute(select(lock))
    changed = not_looked_at(session, AT_A_TIME)
    if not changed:
        return 0, 0
    marks = {one: marks_of(whole) for one, whole in nested_services(session, changed).items()}
    keys = _write_keys(session, marks, changed)
    found = _compared(session, marks, sharing(session, sorted(keys)))
    for pair in found:
        _propose(session, pair, at)
    return len(changed), len(found)


def decide(
    session: Session, duplicate_id: UUID, decision: Decision, by: Authorship, at: datetime
) -> DuplicateSeen:
    """Write down what was decided of a pair. Of two that are one, the other ends.

    It ends as any service does, `defunct`, with a note that names the one that stays; who decides
    may change it (`NotYoursToEnd`), and whoever says that they are two may change either.
    """
    viewer = Viewer(by.agency)
    row = DirectoryDuplicateRow
    session.execute(select(row.id).where(row.id == duplicate_id).with_for_update())
    seen = duplicate(session, duplicate_id, viewer).duplicate
    if seen.decided_at is not None:
        raise AlreadyDecided
    if decision.verdict is Verdict.SAME:
        both = {seen.pair.one, seen.pair.other}
        if decision.keep not in both:
            raise NotOfThePair
        (ended,) = both - {decision.keep}
        _end(session, ended, decision, by, at)
    elif not _may_change_either(session, seen.pair, by, at):
        raise NotYoursToChange
    session.execute(
        update(row)
        .where(row.id == duplicate_id)
        .values(
            decided_at=at,
            decision=decision.verdict.value,
            note=decision.note,
            author=by.author,
            agency=by.agency,
        )
    )
    return duplicate(session, duplicate_id, viewer)


def _write_keys(
    session: Session, marks: dict[UUID, Marks], changed: dict[UUID, datetime]
) -> set[int]:
    row = DirectoryMatchKeyRow
    keys = {one: keys_of(of) for one, of in marks.items()}
    session.execute(delete(row).where(row.service.in_(keys)))
    session.execute(
        insert(row),
        [
            {"service": one, "key": key, "changed_at": changed[one]}
            for one, of in keys.items()
            for key in sorted(of)
        ],
    )
    return set().union(*keys.values())


def _compared(session: Session, marks: dict[UUID, Marks], groups: list[list[UUID]]) -> list[Pair]:
    """Compare those of a group that changed with the others in it, each two once."""
    others = {one for group in groups for one in group} - marks.keys()
    known = marks | {
        one: marks_of(whole)
        for one, whole in nested_services(session, others).items()
        if whole.get("status") != "defunct"
    }
    wanted = {
        (min(one, other), max(one, other))
        for group in groups
        for one in group
        if one in marks
        for other in group
        if other != one and other in known
    }
    found = (compared(known[one], known[other]) for one, other in sorted(wanted))
    return [pair for pair in found if pair.score >= LEAST]


def _propose(session: Session, pair: Pair, at: datetime) -> None:
    """Put a pair on file, or its new score; one that was decided on stays so."""
    row = DirectoryDuplicateRow
    said = {"score": pair.score, "reasons": list(pair.reasons)}
    statement = insert(row).values(
        id=new_id(at), one=pair.one, other=pair.other, found_at=at, **said
    )
    session.execute(
        statement.on_conflict_do_update(
            index_elements=["one", "other"], set_=said, where=row.decided_at.is_(None)
        )
    )


def _may_change_either(session: Session, pair: Pair, by: Authorship, at: datetime) -> bool:
    owners = (record(session, RecordKind.SERVICE, one).owner for one in (pair.one, pair.other))
    actor = Actor(by.author, by.agency)
    return any(can_change(session, actor, owner, at) for owner in owners)


def _end(session: Session, ended: UUID, decision: Decision, by: Authorship, at: datetime) -> None:
    held = record(session, RecordKind.SERVICE, ended)
    if not can_change(session, Actor(by.author, by.agency), held.owner, at):
        raise NotYoursToEnd
    note = " ".join(one for one in (_ENDED.format(decision.keep), decision.note) if one)
    document = {**held.document, "status": "defunct"}
    author = Authorship(by.author, Origin.EDITED, agency=by.agency, note=note)
    put_records(session, RecordKind.SERVICE, [document], author, at)
