"""What OS Code-Point Open's zip holds, and what of it is taken.

No header; ten columns: postcode, quality of its position, easting, northing, country, two of the
NHS, county, district, ward. Quality 90 means that there is no position.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from directory.rules.postcodes import is_whole

COLUMNS: Final = 10
WITHOUT_POSITION: Final = "90"
_QUALITIES: Final = frozenset({"10", "20", "30", "40", "50", "60", WITHOUT_POSITION})
_DATA: Final = re.compile(r"(?:.*/)?data/csv/[a-z]{1,2}\.csv", re.IGNORECASE | re.ASCII)
_METADATA: Final = re.compile(r"(?:.*/)?doc/metadata\.txt", re.IGNORECASE)
_VERSION: Final = re.compile(r"DATASET VERSION NUMBER:\s*([0-9.]{1,20})")
_COPYRIGHT: Final = re.compile(r"COPYRIGHT DATE:\s*([0-9]{4})")
_NUMBER: Final = re.compile(r"[0-9]{1,7}", re.ASCII)
_GSS: Final = re.compile(r"[A-Z][0-9]{8}", re.ASCII)
# The real zip has 120 files of up to 4 MB, packed to a twelfth.
MOST_FILES: Final = 1000
LARGEST_FILE: Final = 64 * 1024 * 1024
LARGEST_WHOLE: Final = 1024 * 1024 * 1024
MOST_PACKED: Final = 200
_EASTERNMOST: Final = 700_000
_NORTHERNMOST: Final = 1_300_000


@dataclass(frozen=True, slots=True)
class Member:
    """A file within a zip, as its directory describes it; sizes in bytes."""

    name: str
    size: int
    packed: int
    locked: bool = False


@dataclass(frozen=True, slots=True)
class Unit:
    """A postcode on the National Grid, in metres."""

    postcode: str
    quality: int
    easting: int
    northing: int
    district: str | None
    ward: str | None


@dataclass(frozen=True, slots=True)
class Edition:
    """Which edition a zip says it is, and the year of its copyright."""

    version: str
    year: int | None


def data_files(members: Iterable[Member]) -> list[str]:
    """Return the names of the files that hold postcodes, in order."""
    return sorted(one.name for one in members if _DATA.fullmatch(one.name))


def metadata_file(members: Iterable[Member]) -> str | None:
    """Return the name of the file that says which edition this is."""
    named = (one.name for one in members if _METADATA.fullmatch(one.name))
    return min(named, default=None)


def zip_fault(members: Sequence[Member]) -> str | None:
    """Say why a zip is not taken; None if it may be opened. What it holds beside is not read."""
    data = [one for one in members if _DATA.fullmatch(one.name)]
    if not data:
        return (
            "This zip holds no file such as Data/CSV/ls.csv, so it is not Code-Point Open in CSV."
            " Download that from Ordnance Survey, and give the zip as it comes."
        )
    if len(members) > MOST_FILES or sum(one.size for one in data) > LARGEST_WHOLE:
        return "This zip would unpack to far more than Code-Point Open holds. It is not opened."
    for one in data:
        if one.locked:
            return f"{one.name} is encrypted. Code-Point Open is not."
        if one.size > LARGEST_FILE or one.size > MOST_PACKED * max(one.packed, 1):
            return (
                f"{one.name} would unpack to {one.size} bytes, which none of the real files does."
            )
    return None


def edition_of(metadata: str) -> Edition:
    """Return the edition that the file of metadata names."""
    version, year = _VERSION.search(metadata), _COPYRIGHT.search(metadata)
    return Edition(version[1] if version else "not stated", int(year[1]) if year else None)


def unit_of(row: Sequence[str]) -> Unit | str | None:
    """Return the postcode of a row; None where it has no position; what is wrong, as text."""
    if len(row) != COLUMNS:
        return f"it has {len(row)} columns where Code-Point Open has {COLUMNS}"
    postcode = row[0].replace(" ", "")
    if not is_whole(postcode):
        return f"column 1, {_shown(row[0])}, is not a postcode"
    if row[1] not in _QUALITIES:
        return f"column 2, {_shown(row[1])}, is no quality of a position: 10 to 60, or 90"
    if not (_NUMBER.fullmatch(row[2]) and _NUMBER.fullmatch(row[3])):
        return "columns 3 and 4 are not an easting and a northing in metres"
    if row[1] == WITHOUT_POSITION or row[2:4] == ["0", "0"]:
        return None
    return _placed(postcode, row)


def _placed(postcode: str, row: Sequence[str]) -> Unit | str:
    easting, northing = int(row[2]), int(row[3])
    if easting > _EASTERNMOST or northing > _NORTHERNMOST:
        return "columns 3 and 4 lie outside Great Britain"
    for number in (8, 9):
        if row[number] and not _GSS.fullmatch(row[number]):
            return f"column {number + 1}, {_shown(row[number])}, is no GSS code"
    return Unit(postcode, int(row[1]), easting, northing, row[8] or None, row[9] or None)


def _shown(value: str) -> str:
    return repr(value[:20])
