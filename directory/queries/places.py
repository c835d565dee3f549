"""What is on file about places."""

from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import Session

from directory.models.places import AdministrativeAreaRow, OutcodeRow, PlaceSourceRow, PostcodeRow
from directory.rules.postcodes import compacted, elsewhere, outward, tidy
from directory.terms.places import (
    AdministrativeArea,
    Place,
    PlaceSource,
    PostcodeElsewhere,
    UnknownPostcode,
)


def place_of(session: Session, typed: str) -> Place:
    """Return where a postcode is, however it was typed; its first half where the rest is unknown.

    `MalformedPostcode` if it is none, `UnknownPostcode` if not even its first half is on file.
    """
    postcode = tidy(typed)
    exact = session.get(PostcodeRow, compacted(postcode))
    if exact is not None and exact.district is not None:
        return Place(postcode, exact.latitude, exact.longitude, exact.district, exact.ward)
    about = session.get(OutcodeRow, outward(postcode))
    if about is None:
        raise PostcodeElsewhere if elsewhere(postcode) else UnknownPostcode
    at = exact or about  # a postcode without a district has a position that is itself a guess
    return Place(postcode, at.latitude, at.longitude, about.district, approximate=True)


def positions(session: Session, postcodes: Collection[str]) -> dict[str, tuple[float, float]]:
    """Return latitude and longitude of those of these postcodes whose position is no guess.

    Postcodes are as tables hold them, without the space.
    """
    if not postcodes:
        return {}
    row = PostcodeRow
    wanted = select(row.postcode, row.latitude, row.longitude).where(
        row.postcode.in_(postcodes), row.district.is_not(None)
    )
    return {one.postcode: (one.latitude, one.longitude) for one in session.execute(wanted)}


def names_of(session: Session, *codes: str | None) -> dict[str, str]:
    """Return the names of those of these districts and wards that are on file, by GSS code."""
    row = AdministrativeAreaRow
    wanted = {code for code in codes if code is not None}
    named = select(row.code, row.name).where(row.code.in_(wanted)).order_by(row.code)
    return dict(session.execute(named).all())


def administrative_areas(session: Session, district: str) -> list[AdministrativeArea]:
    """Return a district with its wards: itself first, then wards by name and code."""
    row = AdministrativeAreaRow
    inside = select(row).where((row.code == district) | (row.district == district))
    rows = session.scalars(inside.order_by(row.kind, row.name, row.code))
    return [AdministrativeArea(one.code, one.kind, one.name, one.district) for one in rows]


def attributions(session: Session) -> list[PlaceSource]:
    """Return every publication that postcodes on file came from, with the words it asks for."""
    rows = session.scalars(select(PlaceSourceRow).order_by(PlaceSourceRow.code))
    return [
        PlaceSource(
            code=one.code,
            title=one.title,
            edition=one.edition,
            licence=one.licence,
            licence_url=one.licence_url,
            attribution=one.attribution,
            digest=one.digest,
            postcodes=one.postcodes,
            loaded_at=one.loaded_at,
        )
        for one in rows
    ]
