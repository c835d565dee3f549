"""Entering areas, and what they are made of."""

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from directory.actions.calling_errors import AreasOverlap, EntryExists
from directory.actions.placing import check_end, in_order, lock_coverage, place_on_file
from directory.models.coverage import AreaPartRow, AreaRow
from directory.queries import coverage as queries
from directory.rules.coverage import clashing_parts
from directory.terms.coverage import Area, AreaPart, UnknownCoverage


def enter_area(session: Session, area: Area) -> Area:
    """Enter an area with its parts; `EntryExists`, `NoSuchPlace` or `AreasOverlap` if need be."""
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
        add_part(session, area.code, part, area.recorded_at, f"#/parts/{number}")
    return queries.area(session, area.code)


def add_part(
    session: Session, code: str, part: AreaPart, at: datetime, pointer: str = "#"
) -> AreaPart:
    """Make a place part of an area for a period."""
    lock_coverage(session)
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


def end_area(session: Session, code: str, ends: datetime, at: datetime) -> Area:
    """End an area, and with it whatever it would have gone on to hold."""
    lock_coverage(session)
    held = queries.area(session, code)
    check_end(held.during, ends, at)
    session.execute(update(AreaRow).where(AreaRow.code == code).values(ends=ends))
    session.expire_all()
    return queries.area(session, code)


def end_part(session: Session, code: str, part: UUID, ends: datetime, at: datetime) -> Area:
    """End that a place is part of an area; `UnknownCoverage` if it has no such part."""
    lock_coverage(session)
    held = [one for one in queries.area(session, code).parts if one.id == part]
    if not held:
        raise UnknownCoverage
    check_end(held[0].during, ends, at)
    session.execute(update(AreaPartRow).where(AreaPartRow.id == part).values(ends=ends))
    session.expire_all()
    return queries.area(session, code)
