"""Importing OS Code-Point Open's zip, as Ordnance Survey publishes it each quarter."""

import csv
import hashlib
import io
import zipfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Final

from pyproj import Transformer
from sqlalchemy.orm import Session

from directory.actions.places import (
    CODE_POINT_OPEN,
    LICENCE,
    LICENCE_URL,
    attribution_of,
    derive_outcodes,
    put_known_names,
    put_postcodes,
)
from directory.rules.code_point import (
    Edition,
    Member,
    Unit,
    data_files,
    edition_of,
    metadata_file,
    unit_of,
    zip_fault,
)
from directory.terms.places import Loaded, Located, NotCodePoint, PlaceSource

Progress = Callable[[int, int, int], None]
"""Told after each file: how many are read, of how many, and how many postcodes there are so far."""

_BATCH: Final = 20_000
_ROUND: Final = 5  # a metre
_LARGEST_METADATA: Final = 64 * 1024
_NATIONAL_GRID: Final = 27700
_WGS_84: Final = 4326


def import_code_point(
    session: Session, zip_file: Path, at: datetime, progress: Progress = lambda *_: None
) -> Loaded:
    """Make the postcodes on file those of the zip, and derive their first halves.

    `NotCodePoint`, naming file and row, if any of it is not as it should be; then nothing changes.
    """
    try:
        with zipfile.ZipFile(zip_file) as opened:
            members = [_member(one) for one in opened.infolist()]
            if fault := zip_fault(members):
                raise NotCodePoint(fault)
            source = _source(_edition(opened, members), _digest(zip_file), at)
            located = _located(opened, data_files(members), progress)
            put_known_names(session)
            loaded = put_postcodes(session, located, source, at)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError) as error:
        raise NotCodePoint(
            f"This is not a zip that can be read: {error}. Download it again."
        ) from error
    derive_outcodes(session)
    return loaded


def _member(one: zipfile.ZipInfo) -> Member:
    return Member(one.filename, one.file_size, one.compress_size, locked=bool(one.flag_bits & 1))


def _edition(opened: zipfile.ZipFile, members: Sequence[Member]) -> Edition:
    name = metadata_file(members)
    if name is None:
        return Edition("not stated", None)
    with opened.open(name) as file:
        return edition_of(file.read(_LARGEST_METADATA).decode("utf-8", "replace"))


def _digest(zip_file: Path) -> str:
    with zip_file.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _source(edition: Edition, digest: str, at: datetime) -> PlaceSource:
    return PlaceSource(
        code=CODE_POINT_OPEN,
        title="OS Code-Point Open",
        edition=edition.version,
        licence=LICENCE,
        licence_url=LICENCE_URL,
        attribution=attribution_of(edition.year or at.year),
        digest=digest,
    )


def _located(
    opened: zipfile.ZipFile, names: Sequence[str], progress: Progress
) -> Iterator[Located]:
    """Yield what has a position, in degrees; the OSTN15 grid is not used: a few metres' error."""
    degrees = Transformer.from_crs(_NATIONAL_GRID, _WGS_84, always_xy=True)
    total = 0
    for number, name in enumerate(names, 1):
        reading = _units(opened, name)
        while units := tuple(islice(reading, _BATCH)):
            east, north = [one.easting for one in units], [one.northing for one in units]
            longitudes, latitudes = degrees.transform(east, north)
            for one, latitude, longitude in zip(units, latitudes, longitudes, strict=True):
                where = round(latitude, _ROUND), round(longitude, _ROUND)
                yield Located(one.postcode, *where, one.quality, one.district, one.ward)
            total += len(units)
        progress(number, len(names), total)


def _units(opened: zipfile.ZipFile, name: str) -> Iterator[Unit]:
    with opened.open(name) as packed, io.TextIOWrapper(packed, "utf-8", newline="") as file:
        number = 0
        try:
            for number, row in enumerate(csv.reader(file, strict=True), 1):
                unit = unit_of(row)
                if isinstance(unit, str):
                    raise NotCodePoint(f"{name}, row {number}: {unit}. Nothing was imported.")
                if unit is not None:
                    yield unit
        except (csv.Error, UnicodeDecodeError) as error:
            where = f"{name}, after row {number}"
            raise NotCodePoint(f"{where}: this is not CSV in UTF-8: {error}.") from error
