"""What a nested service says of itself, as searches ask for it.

A document may be thin or oddly written, for such are imported and shown too: what cannot be read
here is left out, and never stops the rest.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from itertools import chain
from typing import Final
from uuid import UUID

from directory.rules.cells import cells_at
from directory.rules.levels import LABELS, common_level, level_code, level_codes
from directory.rules.openings import WEEKDAYS, day_of, openings_of
from directory.rules.words import folded, key_of
from directory.terms.listings import Label, Listed, ListedPlace
from directory.terms.records import Document

AREA: Final = "area:"
"""How the trait begins that a service covers a ward or district."""
EVERYWHERE: Final = f"{AREA}*"
"""The trait of a service that names no ward or district: it is excluded from nowhere."""
FREE: Final = "free:yes"
AGES: Final = (1, 3, 7, 10, 13, 16, 18, 21)
"""The ages that results can be narrowed to by one press."""

_KINDS_OF_TERM: Final = {
    "referral-route": "referral",
    "suitable-for": "suitable_for",
    "who-can-refer": "who_can_refer",
}
_AREA: Final = re.compile(r"\b(E05|E06|E07|E08|E09|W05|W06|S12|S13|N08|N09)[0-9]{6}\b")
_NAMES: Final = ("name", "alternate_name")
_TEXTS: Final = (
    *("description", "eligibility_description", "application_process", "fees_description", "alert"),
    *("interpretation_services", "accreditations"),
)
_TOO_MUCH: Final = 10**9
_ADDRESS: Final = ("address_1", "address_2", "city", "region", "postal_code")


def listed(document: Document) -> Listed:
    """Return all that searches know of a nested service, from what one viewer may see of it."""
    terms = list(_terms(document))
    places = list(_objects(document, "service_at_locations"))
    schedules = chain(_objects(document, "schedules"), *(_objects(p, "schedules") for p in places))
    openings = tuple(opening for one in schedules for opening in openings_of(one))
    access = tuple(dict.fromkeys(_accessibility(places)))
    areas = dict(_areas(document, places))
    labels = frozenset(
        chain(_labels(document, terms), (Label("accessibility", *one) for one in access))
    )
    ages = number(document.get("minimum_age")), number(document.get("maximum_age"))
    found = chain(
        (f"{one.what}:{one.key}" for one in labels if one.what != "service"),
        _term_traits(terms),
        _other_traits(document),
        _age_traits(*ages),
        (f"day:{WEEKDAYS[one.weekday].value}" for one in openings if one.weekday is not None),
        (f"{AREA}{code}" for code in areas),
        () if areas else (EVERYWHERE,),
        *(cells_at(one.latitude, one.longitude) for one in _places(places)),
    )
    organization = document.get("organization") or {}
    return Listed(
        service=UUID(str(document["id"])),
        status=str(document.get("status", "")),
        name=folded(str(document.get("name", ""))),
        names=_texts(document, _NAMES),
        topics="\n".join(
            [*(str(term.get("name", "")) for term in terms), _texts(organization, _NAMES)]
        ),
        texts="\n".join([_texts(document, _TEXTS), *map(_whereabouts, places)]),
        minimum_age=ages[0],
        maximum_age=ages[1],
        assured_on=day_of(document.get("assured_date")),
        last_modified=instant(document.get("last_modified")),
        traits=frozenset(found),
        accessibility=tuple(key for key, _ in access),
        places=tuple(_places(places)),
        openings=openings,
        labels=labels,
        areas=areas,
        at_locations=tuple(one for one in (_uuid(place.get("id")) for place in places) if one),
    )


def is_free(document: Document) -> bool:
    """Say whether a service says that it costs nothing; what says neither is not free."""
    if (
        str(document.get("fees", document.get("fees_description", "")))
        .strip()
        .lower()
        .startswith("free")
    ):
        return True
    amounts = [number(one.get("amount")) for one in _objects(document, "cost_options")]
    return bool(amounts) and all(amount == 0 for amount in amounts)


def areas_named(traits: Iterable[str]) -> tuple[str, ...]:
    """Return the codes of the wards and districts that a service names."""
    return tuple(
        one.removeprefix(AREA) for one in traits if one.startswith(AREA) and one != EVERYWHERE
    )


def number(written: object) -> Decimal | None:
    """Return a number as it is written in a document; None if it is none that anybody means.

    A feed may write 1e28 years: more digits than arithmetic keeps, and nobody's age or price.
    """
    if written is None or isinstance(written, bool):
        return None
    try:
        found = Decimal(str(written))
    except InvalidOperation:
        return None
    return found if found.is_finite() and abs(found) < _TOO_MUCH else None


def instant(written: object) -> datetime | None:
    """Return an instant as it is written in a document, in UTC where no zone is named."""
    try:
        found = datetime.fromisoformat(str(written))
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _objects(document: Document, name: str) -> Iterator[Document]:
    held = document.get(name)
    yield from (one for one in held if isinstance(one, Mapping)) if isinstance(held, list) else ()


def _terms(document: Document) -> Iterator[Document]:
    """Yield the terms of a service and of its places; its organization's are not its own."""
    owners = (document, *_objects(document, "service_at_locations"))
    for attribute in chain.from_iterable(_objects(one, "attributes") for one in owners):
        term = attribute.get("taxonomy_term")
        if isinstance(term, Mapping):
            yield term
        elif "taxonomy_term_id" in attribute:
            yield {"id": attribute["taxonomy_term_id"]}


def _taxonomy(term: Document) -> str:
    return key_of(str(term.get("taxonomy", "")))


def _term_traits(terms: list[Document]) -> Iterator[str]:
    for term in terms:
        yield f"term:{term.get('id')}"
        if "taxonomy_id" in term:
            yield f"taxonomy:{term['taxonomy_id']}"
        codes = level_codes(_taxonomy(term), str(term.get("name", "")))
        yield from (f"level_of_need:{code}" for code in codes)
        kind = _KINDS_OF_TERM.get(_taxonomy(term))
        if kind is not None:
            yield from (
                f"{kind}:{key_of(str(term[name]))}" for name in ("id", "code") if name in term
            )


def _labels(document: Document, terms: list[Document]) -> Iterator[Label]:
    for language in _objects(document, "languages"):
        said = str(language.get("name") or language.get("code") or "")
        if key := key_of(said):
            yield Label("language", key, said)
    yield from filter(None, map(_label, terms))
    for what, one in (("service", document), ("organization", document.get("organization"))):
        if isinstance(one, Mapping) and one.get("name"):
            yield Label(what, str(one.get("id")), str(one["name"]))


def _label(term: Document) -> Label | None:
    """Return what a term is called, levels of need by the common scale; None if it has no name."""
    name = str(term.get("name", ""))
    if kind := _KINDS_OF_TERM.get(_taxonomy(term)):
        return Label(kind, key_of(name), name)
    if codes := level_codes(_taxonomy(term), name):
        common = common_level(level_code(name))
        if common is None or common.value not in codes:
            return None
        return Label("level_of_need", common.value, LABELS[common])
    return Label("term", str(term.get("id")), name) if name else None


def _other_traits(document: Document) -> Iterator[str]:
    if is_free(document):
        yield FREE
    if "organization_id" in document:
        yield f"organization:{document['organization_id']}"
    for language in _objects(document, "languages"):
        if "code" in language:
            yield f"language:{key_of(str(language['code']))}"


def _age_traits(youngest: Decimal | None, oldest: Decimal | None) -> Iterator[str]:
    return (f"age:{age}" for age in AGES if includes(youngest, oldest, Decimal(age)))


def includes(youngest: Decimal | None, oldest: Decimal | None, age: Decimal) -> bool:
    """Say whether a service is for somebody of this age; a missing bound is open."""
    return (youngest is None or youngest <= age) and (oldest is None or age <= oldest)


def _accessibility(places: list[Document]) -> Iterator[tuple[str, str]]:
    for place in places:
        location = place.get("location")
        for one in _objects(location if isinstance(location, Mapping) else {}, "accessibility"):
            said = str(one.get("description") or one.get("details") or "")
            if key := key_of(said):
                yield key, said


def _areas(document: Document, places: list[Document]) -> Iterator[tuple[str, str]]:
    for area in chain.from_iterable(_objects(one, "service_areas") for one in (document, *places)):
        name = str(area.get("name", ""))
        codes = _AREA.search(str(area.get("uri", ""))) or _AREA.search(name)
        if codes is not None:
            yield codes[0], "" if _AREA.search(name) else name


def _places(places: list[Document]) -> Iterator[ListedPlace]:
    for place in places:
        location = place.get("location")
        if not isinstance(location, Mapping) or location.get("location_type") in {
            "virtual",
            "postal",
        }:
            continue
        north, east = number(location.get("latitude")), number(location.get("longitude"))
        if north is not None and east is not None and abs(north) <= 90 and abs(east) <= 180:  # noqa: PLR2004  (degrees)
            yield ListedPlace(_uuid(place.get("id")), float(north), float(east))


def _whereabouts(place: Document) -> str:
    location = place.get("location")
    if not isinstance(location, Mapping):
        return ""
    addresses = (_texts(one, _ADDRESS) for one in _objects(location, "addresses"))
    return "\n".join([_texts(location, _NAMES), *addresses])


def _texts(document: Document, names: tuple[str, ...]) -> str:
    return "\n".join(str(document[name]) for name in names if document.get(name))


def _uuid(written: object) -> UUID | None:
    try:
        return UUID(str(written))
    except ValueError:
        return None
