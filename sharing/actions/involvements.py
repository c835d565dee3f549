"""That an agency works with somebody, opened and closed line by line, as its own system says it.

A line that cannot be done is refused with its reason and changes nothing; the others are done. All
of them are one transaction: if the service itself fails, none is.
"""

import json
from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, date, datetime, time
from typing import Any
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from app.kernel.named import DatesOutOfOrder, NamedProblem
from consent.queries.subjects import keys_of
from sharing.actions import records
from sharing.actions.pushed_errors import (
    InvolvementNotOpen,
)
from sharing.models.records import RecordRow
from sharing.terms.asking import Identifier
from sharing.terms.codes import INVOLVEMENT
from sharing.terms.records import Act, Deposit, Depositor, Involvement, LineDone, LineOutcome

Line = tuple[tuple[Identifier, ...], Involvement]
_Done = tuple[LineOutcome, UUID]


def put(session: Session, lines: Sequence[Line], by: Depositor, at: datetime) -> list[LineDone]:
    """Do what each line says, in order, and return what came of it, in the same order."""
    return [_line(session, place, line, by, at) for place, line in enumerate(lines)]


def _line(session: Session, place: int, line: Line, by: Depositor, at: datetime) -> LineDone:
    identifiers, said = line
    try:
        with session.begin_nested():
            subject = records.subject_of(session, identifiers)
            act = _open if said.act is Act.OPEN else _close
            outcome, record = act(session, subject, said, by, at)
    except NamedProblem as problem:
        detail = problem.errors[0]["detail"] if problem.errors else problem.detail
        return LineDone(place, LineOutcome.REFUSED, None, problem.code, detail)
    return LineDone(place, outcome, record)


def _open(session: Session, subject: UUID, said: Involvement, by: Depositor, at: datetime) -> _Done:
    content = _content(said)
    standing = _standing(session, subject, by.agency, at)
    if standing is None:
        new = Deposit(
            source=by.agency,
            category=INVOLVEMENT,
            content=content,
            starts=_midnight(said.since),
            ends=_midnight(said.until),
            by=by.client_id,
        )
        return LineOutcome.OPENED, records.deposit(session, subject, new, at).id
    if _opened(session, standing) == content:
        return LineOutcome.UNCHANGED, standing.id
    return LineOutcome.CHANGED, records.replace(session, standing.id, content, by, at).id


def _close(
    session: Session, subject: UUID, said: Involvement, by: Depositor, at: datetime
) -> _Done:
    """Let what stands end: on the day named where that lies ahead, else now."""
    standing = _standing(session, subject, by.agency, at)
    if standing is None:
        raise InvolvementNotOpen
    if said.since is not None or said.lead_practitioner is not None:
        raise DatesOutOfOrder("To close an involvement name no more than the day it ends.")
    ends = _midnight(said.until)
    standing.ends = max(standing.starts, at if ends is None else max(ends, at))
    session.flush()
    return LineOutcome.CLOSED, standing.id


def _standing(session: Session, subject: UUID, source: str, at: datetime) -> RecordRow | None:
    row = RecordRow
    found = (
        select(row)
        .where(row.subject_id == subject, row.source == source, row.category == INVOLVEMENT)
        .where(row.content.is_not(None), or_(row.ends.is_(None), row.ends > at))
        .where(or_(row.retain_until.is_(None), row.retain_until > at))
        .order_by(row.recorded_at.desc(), row.id.desc())
        .limit(1)
        .with_for_update()
    )
    return session.scalars(found).first()


def _content(said: Involvement) -> dict[str, Any]:
    lead = said.lead_practitioner
    parts = {
        "since": None if said.since is None else said.since.isoformat(),
        "until": None if said.until is None else said.until.isoformat(),
        "status": "open",
        "lead_practitioner": None if lead is None else _told(asdict(lead)),
    }
    return _told(parts)


def _told(parts: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in parts.items() if value is not None}


def _opened(session: Session, row: RecordRow) -> Any:  # noqa: ANN401  (any JSON value)
    key = keys_of(session, {row.subject_id}).get(row.subject_id)
    if key is None or row.content is None:
        return None
    return json.loads(key.open(row.content, "record", row.id, "content"))


def _midnight(day: date | None) -> datetime | None:
    return None if day is None else datetime.combine(day, time(), UTC)
