"""The words for places: postcodes, what lies around them, and areas."""

from dataclasses import dataclass

from directory.terms.agencies import DirectoryError


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


class UnknownPostcode(DirectoryError):
    """Neither the postcode nor its first half is on file; it is never taken for everywhere."""

    advice = "This postcode is not known. Check it, or search by a place's name instead."


class MalformedPostcode(DirectoryError):
    """What was typed has not the form of a postcode."""

    advice = "This is not a postcode. Enter one such as LS8 5NG."
