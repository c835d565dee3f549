"""The words for places: postcodes, what lies around them, and where we know them from."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from directory.terms.agencies import DirectoryError

DISTRICT: Final = "district"
WARD: Final = "ward"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a postcode is; `approximate` when only its first half is on file (then no ward).

    `latitude` and `longitude` are WGS 84 degrees; `ward` and `district` are GSS codes.
    """

    postcode: str
    latitude: float
    longitude: float
    district: str
    ward: str | None = None
    approximate: bool = False


@dataclass(frozen=True, slots=True)
class Located:
    """A postcode of a publication, without its space; `quality` from 10, the best, to 60.

    At 60 the position is the mean of its neighbours', and there may be no district.
    """

    postcode: str
    latitude: float
    longitude: float
    quality: int
    district: str | None
    ward: str | None = None


@dataclass(frozen=True, slots=True)
class Outcode:
    """The first half of postcodes: their mean position, and the district that most lie in."""

    outcode: str
    latitude: float
    longitude: float
    district: str
    postcodes: int


@dataclass(frozen=True, slots=True)
class AdministrativeArea:
    """A district or a ward, by GSS code; a ward names its district."""

    code: str
    kind: str
    name: str
    district: str | None = None


@dataclass(frozen=True, slots=True)
class PlaceSource:
    """A publication of postcodes: `attribution` is what its licence has every user show."""

    code: str
    title: str
    edition: str
    licence: str
    licence_url: str
    attribution: str
    digest: str
    postcodes: int = 0
    loaded_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Loaded:
    """What loading an edition did to the postcodes on file."""

    total: int
    created: int
    changed: int
    removed: int


class NotCodePoint(Exception):
    """A file that is not taken for Code-Point Open, or for names of areas; the text says why."""


class UnknownPostcode(DirectoryError):
    """Neither the postcode nor its first half is on file; it is never taken for everywhere."""

    advice = "This postcode is not known. Check it, or search by a place's name instead."


class PostcodeElsewhere(UnknownPostcode):
    """A postcode of a country that the published postcodes do not hold."""

    advice = (
        "Postcodes of Northern Ireland, Jersey, Guernsey and the Isle of Man are not held here. "
        "Search by a place's name instead."
    )


class MalformedPostcode(DirectoryError):
    """What was typed has not the form of a postcode."""

    advice = "This is not a postcode. Enter one such as LS8 5NG."
