"""What can be wrong with who answers for a place, by name: each says which entries clash."""

from collections.abc import Iterable
from typing import Final

from app.kernel.named import NamedProblem

_MOST_NAMED: Final = 20


class Clash(NamedProblem):
    """Entries that cannot both be true; the answer names those on file."""

    def __init__(self, said: str, entries: Iterable[object], pointer: str = "#") -> None:
        """Name the entries on file that stand in the way."""
        listed = ", ".join(str(one) for one in list(entries)[:_MOST_NAMED])
        super().__init__(f"{said}: {listed}. End it first, or choose other dates.", pointer)


class AreasOverlap(Clash):
    """A place would be in two areas of one kind at once."""

    status, code = 409, "areas_overlap"
    title = "The place is in an area of this kind already"
    help = (
        "A ward, district or postcode is in one hub area, cluster, locality or local area team of "
        "a city at a time, or nobody could say who answers for it. End the part that is on file "
        "first, or choose other dates."
    )


class CoverageOverlaps(Clash):
    """Two rows of coverage say the same, or contradict each other."""

    status, code = 409, "coverage_overlaps"
    title = "This is answered for already"
    help = (
        "The same contact point, or another of the same role and position, answers for this place "
        "at one of these levels at the same time. End that row first, choose other dates, or give "
        "another position to say who comes first."
    )


class CoverOverlaps(Clash):
    """Somebody stands in already, or would stand in for whoever stands in for them."""

    status, code = 409, "cover_overlaps"
    title = "Somebody stands in already"
    help = (
        "One contact point stands in for another at a time, and not for whoever stands in for it. "
        "End the entry that is on file first, or choose other dates."
    )


class EntryExists(NamedProblem):
    """The code, or the number of a school, is on file."""

    status, code = 409, "entry_exists"
    title = "Something is on file under this code"
    help = "A code names one thing for ever. Choose another, or change what is on file under it."


class NoSuchPlace(NamedProblem):
    """A ward, district, postcode, area or contact point that is named is not on file."""

    status, code = 422, "place_unknown"
    title = "A place that is named is not on file"
    help = (
        "A ward or district is named by its GSS code, a postcode as it is written, an area and a "
        "contact point as this service lists them. Check it, or load postcodes and names first."
    )


class NoSuchLevel(NamedProblem):
    """A level of need that neither the city nor the common scale knows."""

    status, code = 422, "level_unknown"
    title = "The city has no such level of need"
    help = "Send universal, early_help or specialist, or one of the city's own codes."


class EndedAlready(NamedProblem):
    """What is to be ended has an end that is past."""

    status, code = 409, "ended_already"
    title = "It has ended already"
    help = "What has ended stays as it was, so that answers of that time can be explained."


CALLING: Final = (
    AreasOverlap,
    CoverageOverlaps,
    CoverOverlaps,
    EntryExists,
    NoSuchPlace,
    NoSuchLevel,
    EndedAlready,
)
