"""What every entry about places is checked by: its dates, the place it names, one at a time."""

from datetime import datetime
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.kernel.named import DatesOutOfOrder
from directory.actions.calling_errors import EndedAlready, NoSuchPlace
from directory.models.coverage import AreaRow
from directory.models.places import AdministrativeAreaRow
from directory.queries.places import place_of
from directory.rules.postcodes import compacted
from directory.terms.agencies import Interval
from directory.terms.coverage import PlaceKind
from directory.terms.places import MalformedPostcode, UnknownPostcode

_LOCK: Final = "directory coverage"


def lock_coverage(session: Session) -> None:
    """Let one transaction at a time say who answers, so that two cannot contradict each other."""
    session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(_LOCK, 0))))


def in_order(during: Interval, pointer: str = "#/ends") -> None:
    """Refuse a period that ends before it starts."""
    if during.ends is not None and during.ends <= during.starts:
        detail = "The end must come after the start. Send a later end, or leave it out."
        raise DatesOutOfOrder(detail, pointer)


def check_end(during: Interval, ends: datetime, at: datetime) -> None:
    """Refuse an end before the start, or one in place of another that is past.

    What ends as it starts never held: so is taken back what was entered by mistake.
    """
    if during.ends is not None and during.ends <= at:
        raise EndedAlready
    if ends < during.starts:
        raise DatesOutOfOrder(
            "This ends before it starts. Send its start, or a later end.", "#/ends"
        )


def place_on_file(session: Session, kind: PlaceKind, said: str, pointer: str) -> str:
    """Return a place as it is kept; `NoSuchPlace` if there is none."""
    if kind is PlaceKind.POSTCODE:
        return _postcode(session, said, pointer)
    if kind is PlaceKind.AREA:
        known = session.get(AreaRow, said) is not None
    else:
        named = session.get(AdministrativeAreaRow, said)
        known = named is not None and named.kind == kind.value
    if not known:
        raise NoSuchPlace(f"No {kind.value} with the code {said} is on file.", pointer)
    return said


def _postcode(session: Session, said: str, pointer: str) -> str:
    try:
        place = place_of(session, said)
    except (MalformedPostcode, UnknownPostcode) as error:
        raise NoSuchPlace(str(error), pointer) from error
    if place.approximate:
        raise NoSuchPlace("Only the first half of this postcode is on file.", pointer)
    return compacted(place.postcode)
