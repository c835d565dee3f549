"""Putting postcodes on file: an edition takes the place of the one before, all of it or nothing."""

import csv
import gzip
import hashlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from sqlalchemy import text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from directory.models.places import AdministrativeAreaRow, OutcodeRow, PlaceSourceRow
from directory.rules.postcodes import compacted
from directory.terms.places import (
    DISTRICT,
    WARD,
    AdministrativeArea,
    Loaded,
    Located,
    NotCodePoint,
    Outcode,
    PlaceSource,
)

LICENCE: Final = "Open Government Licence v3.0"
LICENCE_URL: Final = "https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/"
CODE_POINT_OPEN: Final = "code-point-open"
_DATA: Final = Path(__file__).parents[1] / "data"
_OUTCODES: Final = "outcodes.csv.gz"
_ARRIVING: Final = text("create temporary table postcode_arriving (like postcode) on commit drop")
_CLEARED: Final = text("drop table if exists pg_temp.postcode_arriving")
_FILL: Final = (
    "copy postcode_arriving (postcode, latitude, longitude, quality, district, ward) from stdin"
)
_KEY: Final = text("alter table postcode_arriving add primary key (postcode)")
# An area is the letters that a postcode begins with: LS. What is not of those that arrive stays.
_AREAS: Final = "(select distinct substring(postcode from '^[A-Z]+') from postcode_arriving)"
_REMOVE: Final = text(
    "delete from postcode where not exists"  # noqa: S608  (put together from constants of ours)
    " (select from postcode_arriving a where a.postcode = postcode.postcode)"
    f" and substring(postcode from '^[A-Z]+') in {_AREAS}"
)
_CHANGE: Final = text(
    "update postcode p set latitude = a.latitude, longitude = a.longitude, quality = a.quality,"
    " district = a.district, ward = a.ward from postcode_arriving a"
    " where a.postcode = p.postcode and (p.latitude, p.longitude, p.quality, p.district, p.ward)"
    " is distinct from (a.latitude, a.longitude, a.quality, a.district, a.ward)"
)
_CREATE: Final = text(
    "insert into postcode select a.* from postcode_arriving a where not exists"
    " (select from postcode p where p.postcode = a.postcode)"
)
_HALVES: Final = text(
    "insert into outcode (outcode, latitude, longitude, district, postcodes)"
    " select left(postcode, -3), round(avg(latitude)::numeric, 4),"
    " round(avg(longitude)::numeric, 4), mode() within group (order by district), count(*)"
    " from postcode_arriving group by 1 having count(district) > 0"
    " on conflict (outcode) do update set latitude = excluded.latitude,"
    " longitude = excluded.longitude, district = excluded.district, postcodes = excluded.postcodes"
)
_HALVES_GONE: Final = text(
    f"delete from outcode where substring(outcode from '^[A-Z]+') in {_AREAS}"  # noqa: S608  (a constant of ours)
    " and not exists (select from postcode_arriving where left(postcode, -3) = outcode)"
)
# A country's postcodes take longer than any request may.
_NO_HURRY: Final = text("set local statement_timeout = 0")


def attribution_of(year: int) -> str:
    """Return the words that Ordnance Survey asks of whoever uses an edition of that year."""
    return (
        f"Contains OS data © Crown copyright and database right {year}. Contains Royal Mail data"
        f" © Royal Mail copyright and database right {year}. Contains National Statistics data"
        f" © Crown copyright and database right {year}."
    )


def load_places(
    session: Session, at: datetime, wanted: Callable[[Located], bool] = lambda _: True
) -> Loaded:
    """Load the postcodes of Leeds, Leicester and York, which the service brings along.

    Tests choose by `wanted`; outward codes, districts and wards are loaded whole.
    """
    content = (_DATA / "postcodes.csv.gz").read_bytes()
    source = PlaceSource(
        code=CODE_POINT_OPEN,
        title="OS Code-Point Open: Leeds, Leicester and York",
        edition="2025.2.0",
        licence=LICENCE,
        licence_url=LICENCE_URL,
        attribution=attribution_of(2025),
        digest=hashlib.sha256(content).hexdigest(),
    )
    put_known_names(session)
    put_outcodes(session, _outcodes())
    return put_postcodes(session, filter(wanted, _postcodes()), source, at)


def put_postcodes(
    session: Session, arriving: Iterable[Located], source: PlaceSource, at: datetime
) -> Loaded:
    """Make the postcodes on file, of the areas that arrive, those that arrive.

    What stands already as it arrives is not written anew. `NotCodePoint` if one comes twice.
    """
    session.execute(_NO_HURRY)
    session.execute(_CLEARED)
    session.execute(_ARRIVING)
    total = _copy(session, arriving)
    try:
        with session.begin_nested():
            session.execute(_KEY)
    except IntegrityError as error:
        raise NotCodePoint("A postcode comes twice, so neither can be relied on.") from error
    session.execute(text("analyze postcode_arriving"))
    removed = _count(session, _REMOVE)
    changed = _count(session, _CHANGE)
    created = _count(session, _CREATE)
    put_source(session, replace(source, postcodes=total, loaded_at=at))
    return Loaded(total, created, changed, removed)


def derive_outcodes(session: Session) -> None:
    """Make the first halves, of the areas that have just arrived, from their postcodes."""
    session.execute(_HALVES_GONE)
    session.execute(_HALVES)


def put_outcodes(session: Session, outcodes: Iterable[Outcode]) -> None:
    """Enter first halves of postcodes, each taking the place of what stood under its code."""
    statement = insert(OutcodeRow)
    new = statement.excluded
    kept = {name: new[name] for name in ("latitude", "longitude", "district", "postcodes")}
    _put(session, statement.on_conflict_do_update(index_elements=["outcode"], set_=kept), outcodes)


def put_known_names(session: Session) -> None:
    """Enter the names of districts and wards that the service brings along, where none stands."""
    districts = {row["main_district_code"]: row["main_district_name"] for row in _rows(_OUTCODES)}
    known = [AdministrativeArea(code, DISTRICT, name) for code, name in districts.items()]
    statement = insert(AdministrativeAreaRow).on_conflict_do_nothing()
    _put(session, statement, [*known, *_wards()])


def put_administrative_areas(session: Session, areas: Iterable[AdministrativeArea]) -> None:
    """Enter districts and wards, each taking the place of what stood under its code."""
    statement = insert(AdministrativeAreaRow)
    kept = {name: statement.excluded[name] for name in ("kind", "name", "district")}
    _put(session, statement.on_conflict_do_update(index_elements=["code"], set_=kept), areas)


def put_source(session: Session, source: PlaceSource) -> None:
    """Note where postcodes came from, in place of what was noted under the same code."""
    values = _values(source)
    noted = insert(PlaceSourceRow).values(values)
    session.execute(noted.on_conflict_do_update(index_elements=["code"], set_=values))


def _put(session: Session, statement: Any, entries: Iterable[object]) -> None:  # noqa: ANN401  (any Core statement)
    rows = [_values(one) for one in entries]
    if rows:
        session.execute(statement, rows)


def _count(session: Session, statement: Any) -> int:  # noqa: ANN401  (any Core statement)
    result: Any = session.execute(statement)
    return int(result.rowcount)


def _copy(session: Session, arriving: Iterable[Located]) -> int:
    driver: Any = session.connection().connection.driver_connection
    total = 0
    with driver.cursor() as cursor, cursor.copy(_FILL) as copy:
        for one in arriving:
            row = (one.postcode, one.latitude, one.longitude, one.quality, one.district, one.ward)
            copy.write_row(row)
            total += 1
    return total


def _values(one: Any) -> dict[str, Any]:  # noqa: ANN401  (any dataclass of ours with slots)
    return {name: getattr(one, name) for name in one.__slots__}


def _rows(name: str) -> Iterator[dict[str, str]]:
    with gzip.open(_DATA / name, "rt", encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def _postcodes() -> Iterator[Located]:
    for row in _rows("postcodes.csv.gz"):
        yield Located(
            compacted(row["postcode"]),
            float(row["latitude"]),
            float(row["longitude"]),
            int(row["positional_quality"]),
            row["district_code"],
            row["ward_code"] or None,
        )


def _outcodes() -> Iterator[Outcode]:
    for row in _rows(_OUTCODES):
        yield Outcode(
            row["outcode"],
            float(row["latitude"]),
            float(row["longitude"]),
            row["main_district_code"],
            int(row["postcodes"]),
        )


def _wards() -> Iterator[AdministrativeArea]:
    for row in _rows("areas.csv.gz"):
        if row["type"] == WARD:
            yield AdministrativeArea(row["code"], WARD, row["name"], row["parent_code"])
