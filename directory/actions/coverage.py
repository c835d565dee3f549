"""Saying who answers for a place, and who stands in for them."""

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from sqlalchemy import update
from sqlalchemy.orm import Session

from directory.actions.calling_errors import (
    CoverageOverlaps,
    CoverOverlaps,
    NoSuchLevel,
    NoSuchPlace,
)
from directory.actions.history import note_version
from directory.actions.keeping import check_keeps, check_may_change
from directory.actions.placing import check_end, in_order, lock_coverage, place_on_file
from directory.models.contacts import ContactPointRow
from directory.models.coverage import ContactCoverRow, CoverageRow
from directory.queries import coverage as queries
from directory.rules.coverage import clashing_cover, clashing_coverage, levels_meant
from directory.terms.coverage import Cover, Coverage
from directory.terms.keeping import Actor


def enter_coverage(session: Session, new: Coverage, by: Actor) -> Coverage:
    """Say that a contact point answers for a place; `CoverageOverlaps` if that is said already.

    Whom all are told to call is for who keeps the directory: `NotYoursToChange` otherwise.
    """
    check_keeps(session, by, new.recorded_at)
    lock_coverage(session)
    in_order(new.during)
    contact = _contact(session, new.contact, "#/contact_point")
    new = replace(new, place=place_on_file(session, new.kind, new.place, "#/place"))
    _know_levels(session, contact.city, new.levels)
    found = queries.coverage_of(session, [(new.kind.value, new.place)])
    roles = {one.contact: _contact(session, one.contact, "#") for one in found}
    others = [(one, roles[one.contact].role or roles[one.contact].kind) for one in found]
    clashes = list(clashing_coverage(new, contact.role or contact.kind, others))
    if clashes:
        raise CoverageOverlaps("This is answered for already by the rows", clashes)
    session.add(
        CoverageRow(
            id=new.id,
            contact_point=new.contact,
            kind=new.kind.value,
            place=new.place,
            levels=sorted(new.levels),
            starts=new.during.starts,
            ends=new.during.ends,
            position=new.position,
            note=new.note,
            invented=new.invented,
            recorded_at=new.recorded_at,
        )
    )
    session.flush()
    note_version(session, new, by, new.recorded_at)
    return new


def enter_cover(session: Session, new: Cover, by: Actor) -> Cover:
    """Say who stands in for a contact point; `CoverOverlaps` if somebody does already.

    `NotYoursToChange` if the contact point is another agency's.
    """
    away = _contact(session, new.contact, "#/contact_point")
    check_may_change(session, by, away.agency, new.recorded_at)
    lock_coverage(session)
    in_order(new.during)
    _contact(session, new.covered_by, "#/covered_by")
    if new.contact == new.covered_by:
        raise CoverOverlaps("Nobody stands in for themselves", [new.contact], "#/covered_by")
    others = queries.covers_of(session, new.contact, new.covered_by)
    if clashes := list(clashing_cover(new, others)):
        raise CoverOverlaps("Somebody stands in already by the entries", clashes)
    session.add(
        ContactCoverRow(
            id=new.id,
            contact_point=new.contact,
            covered_by=new.covered_by,
            starts=new.during.starts,
            ends=new.during.ends,
            note=new.note,
            recorded_at=new.recorded_at,
        )
    )
    session.flush()
    note_version(session, new, by, new.recorded_at)
    return new


def end_coverage(session: Session, row: UUID, ends: datetime, by: Actor, at: datetime) -> Coverage:
    """End that a contact point answers for a place."""
    check_keeps(session, by, at)
    lock_coverage(session)
    held = queries.one_coverage(session, row)
    check_end(held.during, ends, at)
    session.execute(update(CoverageRow).where(CoverageRow.id == row).values(ends=ends))
    session.expire_all()
    ended = queries.one_coverage(session, row)
    note_version(session, ended, by, at, before=held)
    return ended


def end_cover(session: Session, row: UUID, ends: datetime, by: Actor, at: datetime) -> Cover:
    """End that somebody stands in; `NotYoursToChange` if it is for another agency's."""
    lock_coverage(session)
    held = queries.one_cover(session, row)
    check_may_change(session, by, _contact(session, held.contact, "#").agency, at)
    check_end(held.during, ends, at)
    session.execute(update(ContactCoverRow).where(ContactCoverRow.id == row).values(ends=ends))
    session.expire_all()
    ended = queries.one_cover(session, row)
    note_version(session, ended, by, at, before=held)
    return ended


def _contact(session: Session, contact: UUID, pointer: str) -> ContactPointRow:
    found = session.get(ContactPointRow, contact)
    if found is None:
        raise NoSuchPlace("No contact point has this id.", pointer)
    return found


def _know_levels(session: Session, city: str, levels: frozenset[str]) -> None:
    own = [one for one in queries.city_levels(session) if one.city == city]
    for one in sorted(levels):
        if levels_meant(own, one) is None:
            raise NoSuchLevel(f"{city} has no level of need with the code {one}.", "#/levels")
