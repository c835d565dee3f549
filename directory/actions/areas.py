"""Entering areas, and what they are made of."""

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from directory.actions.calling_errors import AreasOverlap, EntryExists
from directory.actions.history import note_version
from directory.actions.keeping import check_keeps
from directory.actions.placing import check_end, in_order, lock_coverage, place_on_file
from directory.models.coverage import AreaPartRow, AreaRow
from directory.queries import coverage as queries
from directory.rules.coverage import clashing_parts
from directory.terms.coverage import Area, AreaPart, UnknownCoverage
from directory.terms.keeping import Actor


def enter_area(session: Session, area: Area, by: Actor) -> Area:
    """Enter an area with its parts; `EntryExists`, `NoSuchPlace` or `AreasOverlap` if need be.

    As every change of an area: `NotYoursToChange` unless one keeps the directory for all.
    """
    check_keeps(session, by, area.recorded_at)
    lock_coverage(session)
    in_order(area.during)
    values = {
        "code": area.code,
        "kind": area.kind.value,
        "city": area.city,
        "name": area.name,
        "starts": area.during.starts,
        "ends": area.during.ends,
        "note": area.note,
        "invented": area.invented,
        "recorded_at": area.recorded_at,
    }
    taken = insert(AreaRow).values(values).on_conflict_do_nothing().returning(AreaRow.code)
    if session.scalar(taken) is None:
        raise EntryExists(f"There is an area with the code {area.code}.", "#/code")
    for number, part in enumerate(area.parts):
        _add_part(session, area.code, part, area.recorded_at, f"#/parts/{number}")
    entered = queries.area(session, area.code)
    note_version(session, entered, by, area.recorded_at)
    return entered


def add_part(session: Session, code: str, part: AreaPart, by: Actor, at: datetime) -> AreaPart:
    """Make a place part of an area for a period."""
    held = _held(session, code, by, at)
    added = _add_part(session, code, part, at, "#")
    note_version(session, queries.area(session, code), by, at, before=held)
    return added


def _add_part(session: Session, code: str, part: AreaPart, at: datetime, pointer: str) -> AreaPart:
    in_order(part.during, f"{pointer}/ends")
    area = queries.area(session, code)
    part = replace(part, code=place_on_file(session, part.kind, part.code, f"{pointer}/code"))
    same = select(AreaPartRow.area).where(
        AreaPartRow.kind == part.kind.value, AreaPartRow.code == part.code
    )
    others = queries.areas_by_code(session, {code, *session.scalars(same)}).values()
    if clashes := list(clashing_parts(area, part, others)):
        said = f"The {part.kind.value} {part.code} is part already"
        raise AreasOverlap(said, (f"{other}, entry {entry}" for other, entry in clashes), pointer)
    row = AreaPartRow(
        id=part.id,
        area=code,
        kind=part.kind.value,
        code=part.code,
        starts=part.during.starts,
        ends=part.during.ends,
        recorded_at=at,
    )
    session.add(row)
    session.flush()
    return part


def end_area(session: Session, code: str, ends: datetime, by: Actor, at: datetime) -> Area:
    """End an area, and with it whatever it would have gone on to hold."""
    held = _held(session, code, by, at)
    check_end(held.during, ends, at)
    session.execute(update(AreaRow).where(AreaRow.code == code).values(ends=ends))
    return _changed(session, held, by, at)


def end_part(  # noqa: PLR0913, PLR0917  (which part of which area, from when, by whom and when)
    session: Session, code: str, part: UUID, ends: datetime, by: Actor, at: datetime
) -> Area:
    """End that a place is part of an area; `UnknownCoverage` if it has no such part."""
    held = _held(session, code, by, at)
    parts = [one for one in held.parts if one.id == part]
    if not parts:
        raise UnknownCoverage
    check_end(parts[0].during, ends, at)
    session.execute(update(AreaPartRow).where(AreaPartRow.id == part).values(ends=ends))
    return _changed(session, held, by, at)


def _held(session: Session, code: str, by: Actor, at: datetime) -> Area:
    """Return an area that somebody may change, and let nobody else change any meanwhile."""
    check_keeps(session, by, at)
    lock_coverage(session)
    return queries.area(session, code)


def _changed(session: Session, before: Area, by: Actor, at: datetime) -> Area:
    session.expire_all()
    area = queries.area(session, before.code)
    note_version(session, area, by, at, before)
    return area
