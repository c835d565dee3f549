"""How complete a record is: so many hundredths for each thing that whoever needs help looks for.

The score is of the document given: for anyone, give what anyone may see, else the score would tell
of what is hidden. A thin record is published all the same; it says what it lacks.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Final

from directory.rules.freshness import freshness
from directory.terms.quality import (
    AGES,
    ASSURANCE,
    CONTACT,
    COST,
    COVERAGE,
    DESCRIPTION,
    IDENTIFIER,
    OPENING_TIMES,
    TOPICS,
    WEBSITE,
    Quality,
)
from directory.terms.records import Document
from directory.terms.searching import Freshness

SERVICE_WEIGHTS: Final[Mapping[str, int]] = {
    CONTACT: 20,
    OPENING_TIMES: 15,
    DESCRIPTION: 15,
    COST: 10,
    AGES: 10,
    COVERAGE: 10,
    TOPICS: 10,
    ASSURANCE: 10,
}
"""Hundredths of the score; an assurance that ages is worth half of its own."""
ORGANIZATION_WEIGHTS: Final[Mapping[str, int]] = {
    CONTACT: 40,
    DESCRIPTION: 30,
    WEBSITE: 15,
    IDENTIFIER: 15,
}
SHORTEST_DESCRIPTION: Final = 40
"""Letters: with fewer, nobody learns what happens there and for whom."""

_EMAIL: Final = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_APART: Final = re.compile(r"[\s().-]")
_DIALS: Final = re.compile(
    r"""\+44(0)?[1-9]\d{8,9} | (00|\+)(?!44)\d{8,15}  # from abroad
    | 0[1-9]\d{9}                                   # what nearly every number here has
    | 0800\d{6} | 08001111 | 08454[67]\d{0,2}       # older helplines
    | 1[01]\d | 1[01]\d{4} | 999                    # 101, 111, 116 123""",
    re.VERBOSE,
)
_TIMES: Final = ("opens_at", "description", "notes", "schedule_link")


def quality(service: Document, on: date) -> Quality:
    """Return how complete a service is, nested as the standard nests it, on a day."""
    fresh = freshness(_day(service.get("assured_date")), on)
    there = {
        CONTACT: _can_be_reached(service),
        OPENING_TIMES: any(_says_when(one) for one in _schedules(service)),
        DESCRIPTION: _described(service),
        COST: _text(service, "fees") or _any(service, "cost_options"),
        AGES: any(service.get(one) is not None for one in ("minimum_age", "maximum_age")),
        COVERAGE: any(_text(one, "uri", "name") for one in _parts(service, "service_areas")),
        TOPICS: any(_names_a_term(one) for one in _parts(service, "attributes")),
        ASSURANCE: fresh is Freshness.FRESH,
    }
    half = SERVICE_WEIGHTS[ASSURANCE] // 2 if fresh is Freshness.AGEING else 0
    return _score(SERVICE_WEIGHTS, there, half)


def organization_quality(organization: Document) -> Quality:
    """Return how complete an organization is."""
    there = {
        CONTACT: _can_be_reached(organization),
        DESCRIPTION: _described(organization),
        WEBSITE: _text(organization, "website", "uri"),
        IDENTIFIER: _any(organization, "organization_identifiers"),
    }
    return _score(ORGANIZATION_WEIGHTS, there, 0)


def can_be_dialled(number: object) -> bool:
    """Say whether a telephone number is complete: one that is a digit short reaches nobody."""
    return isinstance(number, str) and _DIALS.fullmatch(_APART.sub("", number)) is not None


def can_be_written_to(address: object) -> bool:
    """Say whether an e-mail address has the form of one."""
    return isinstance(address, str) and _EMAIL.fullmatch(address.strip()) is not None


def _score(weights: Mapping[str, int], there: Mapping[str, bool], half: int) -> Quality:
    hundredths = half + sum(weight for name, weight in weights.items() if there[name])
    return Quality(hundredths / 100, tuple(name for name in weights if not there[name]))


def _can_be_reached(document: Document) -> bool:
    """Say whether the record, one of its contacts or its organization names a way that works."""
    reachable = (*_within(document), *_parts(document, "organization"))
    return any(
        can_be_written_to(one.get("email"))
        or any(can_be_dialled(phone.get("number")) for phone in _parts(one, "phones"))
        for one in reachable
    )


def _within(document: Document) -> Iterator[Document]:
    yield document
    yield from _parts(document, "contacts")
    for place in _parts(document, "service_at_locations"):
        yield place
        yield from _parts(place, "contacts")
        for location in _parts(place, "location"):
            yield location
            yield from _parts(location, "contacts")


def _schedules(service: Document) -> Iterator[Document]:
    yield from _parts(service, "schedules")
    for place in _parts(service, "service_at_locations"):
        yield from _parts(place, "schedules")


def _says_when(schedule: Document) -> bool:
    return _text(schedule, *_TIMES)


def _described(document: Document) -> bool:
    said = document.get("description")
    return isinstance(said, str) and len(said.strip()) >= SHORTEST_DESCRIPTION


def _names_a_term(attribute: Document) -> bool:
    return _text(attribute, "taxonomy_term_id") or _any(attribute, "taxonomy_term")


def _text(document: Document, *names: str) -> bool:
    found: Iterable[object] = (document.get(name) for name in names)
    return any(isinstance(one, str) and one.strip() for one in found)


def _any(document: Document, name: str) -> bool:
    return any(True for _ in _parts(document, name))


def _parts(document: Document, name: str) -> Iterator[Document]:
    """Yield the objects under a name, whether one or a list."""
    found = document.get(name)
    for one in found if isinstance(found, list) else [found]:
        if isinstance(one, Mapping):
            yield one


def _day(written: object) -> date | None:
    if not isinstance(written, str):
        return None
    try:
        return date.fromisoformat(written[:10])
    except ValueError:
        return None
