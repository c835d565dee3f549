"""The standard's objects: which members each has, in which order, and which it cannot be without.

Read out of the standard's own schemas, so that what is sent has the form they describe.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Final

from directory.rules.standard import Answer, schema

_BESIDES: Final[Mapping[str, Mapping[str, str]]] = {
    "service": {"phones": "phone"},
    "organization": {"phones": "phone", "contacts": "contact"},
    "location": {"phones": "phone", "languages": "language", "contacts": "contact"},
    "contact": {"phones": "phone"},
    "service_at_location": {"phones": "phone", "contacts": "contact", "schedules": "schedule"},
}
"""What HSDS nests and the UK profile left out."""


@dataclass(frozen=True, slots=True)
class Form:
    """How one kind of object is written; `within` says of what kind each of its members is."""

    rank: Mapping[str, int] = field(default_factory=dict)
    mandatory: frozenset[str] = frozenset()
    within: Mapping[str, str] = field(default_factory=dict)


_UNKNOWN: Final = Form()


def form_of(kind: str) -> Form:
    """Return the form of an object, by the standard's name; of any other, that of nothing known."""
    return _forms().get(kind, _UNKNOWN)


@cache
def _forms() -> dict[str, Form]:
    found: dict[str, Form] = {}
    for answer in (Answer.SERVICE_AT_LOCATION, Answer.ORGANIZATION, Answer.TAXONOMY):
        for kind, described in _objects(schema(answer.value)):
            known = found.get(kind, _UNKNOWN)
            found[kind] = Form(
                {**_ranks(described["properties"]), **known.rank},
                known.mandatory | frozenset(described.get("required", ())),
                {**_BESIDES.get(kind, {}), **_within(described["properties"]), **known.within},
            )
    found["phone"] = Form(_ranks(schema("phone")["properties"]), frozenset({"id", "number"}))
    return found


def _objects(described: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    if "properties" in described:
        yield described["name"], described
        for one in described["properties"].values():
            yield from _objects(one.get("items", one))


def _ranks(properties: Mapping[str, Any]) -> dict[str, int]:
    return {name: number for number, name in enumerate(properties)}


def _within(properties: Mapping[str, Any]) -> dict[str, str]:
    held = {name: one.get("items", one) for name, one in properties.items()}
    return {name: one["name"] for name, one in held.items() if "properties" in one}
