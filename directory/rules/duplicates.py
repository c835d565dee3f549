"""Whether two services may be one: how alike their names are, and what else they share.

A pair is proposed to a person, who decides. Nothing is ever merged by a score.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from hashlib import blake2b
from itertools import combinations
from typing import Final
from urllib.parse import urlsplit
from uuid import UUID

from directory.rules.intake import objects
from directory.rules.words import words_of
from directory.terms.exchange import Pair
from directory.terms.records import Document

LEAST: Final = 0.7
"""The score from which a pair is proposed."""
ALIKE: Final = 0.5
"""How alike names must be at the least: all else may be shared by two services of one house."""
MOST_SHARING: Final = 12
"""Services that may share a mark: what more of them have in common tells none from another."""
_NAME: Final = 0.5
_ELSEWHERE: Final = -0.25
_SHARED: Final = (
    ("organization", 0.2, "the same organization"),
    ("postcodes", 0.15, "the same postcode"),
    ("phones", 0.15, "the same telephone number"),
    ("emails", 0.15, "the same e-mail address"),
    ("urls", 0.15, "the same web address"),
)
_NUMBER: Final = 10


@dataclass(frozen=True, slots=True)
class Marks:
    """What of a service may be shared with what is the same one, each in one spelling."""

    id: UUID
    name: str
    trigrams: frozenset[str]
    organization: frozenset[str]
    postcodes: frozenset[str]
    phones: frozenset[str]
    emails: frozenset[str]
    urls: frozenset[str]


def marks_of(service: Document) -> Marks:
    """Return the marks of a nested service."""
    name = " ".join(words_of(str(service.get("name", ""))))
    parts = [part for _, part in objects(service)]
    return Marks(
        UUID(str(service["id"])),
        name,
        frozenset(_trigrams(name)),
        frozenset(_organization(service)),
        frozenset(_texts(parts, "postal_code", _compact)),
        frozenset(_texts(parts, "number", _number)),
        frozenset(_texts([service], "email", str.casefold)),
        frozenset(_texts([service], "url", _page)),
    )


def keys_of(marks: Marks) -> frozenset[int]:
    """Return the keys by which services that may be the same find each other, 64 bits each."""
    shared = {
        f"{kind}:{value}"
        for kind in ("postcodes", "phones", "emails", "urls")
        for value in getattr(marks, kind)
    }
    named = {f"name:{marks.name}"} if marks.name else set()
    # A name alone is shared by many; with whose it is, by few.
    theirs = {f"whose:{one}:{word}" for one in marks.organization for word in _first(marks.name)}
    return frozenset(map(_hashed, shared | named | theirs or {str(marks.id)}))


def pairs(services: Iterable[Marks]) -> Iterator[Pair]:
    """Yield each two of these services that may be one, the smaller id first."""
    for one, other in combinations(sorted(services, key=lambda marks: marks.id), 2):
        found = compared(one, other)
        if found.score >= LEAST:
            yield found


def compared(one: Marks, other: Marks) -> Pair:
    """Return how likely two services are one, from 0 to 1, and what speaks for it."""
    alike = _alike(one, other)
    if alike < ALIKE:
        return Pair(one.id, other.id, 0.0, ())
    score = _NAME * alike
    reasons = ["the same name" if one.name == other.name else "names that are nearly the same"]
    for kind, weight, said in _SHARED:
        if getattr(one, kind) & getattr(other, kind):
            score += weight
            reasons.append(said)
    if one.postcodes and other.postcodes and not one.postcodes & other.postcodes:
        score += _ELSEWHERE
        reasons.append("but other postcodes")
    return Pair(one.id, other.id, round(max(0.0, min(score, 1.0)), 3), tuple(reasons))


def _alike(one: Marks, other: Marks) -> float:
    """Return how many of the trigrams of two names are in both."""
    either = one.trigrams | other.trigrams
    return len(one.trigrams & other.trigrams) / len(either) if either else 0.0


def _trigrams(name: str) -> Iterator[str]:
    for word in name.split():
        padded = f"  {word} "
        yield from (padded[at : at + 3] for at in range(len(padded) - 2))


def _organization(service: Document) -> Iterator[str]:
    """Yield whose a service is: by id, by name, and by each registered number."""
    if "organization_id" in service:
        yield str(service["organization_id"])
    organization = service.get("organization")
    if isinstance(organization, dict):
        yield " ".join(words_of(str(organization.get("name", ""))))
        for one in organization.get("organization_identifiers", ()):
            yield f"{one.get('identifier_type')}:{one.get('identifier')}".casefold()


def _texts(parts: Iterable[Document], name: str, spelt: Callable[[str], str]) -> Iterator[str]:
    for part in parts:
        value = part.get(name)
        if isinstance(value, str) and (said := spelt(value)):
            yield said


def _compact(postcode: str) -> str:
    return "".join(postcode.split()).upper()


def _number(written: str) -> str:
    """Return the last ten digits, which +44 and 0 leave alone; "" for what is shorter."""
    digits = "".join(one for one in written if one.isdigit())
    return digits[-_NUMBER:] if len(digits) >= _NUMBER else ""


def _page(url: str) -> str:
    """Return an address without what does not change the page; "" for a site's front page."""
    try:
        parts = urlsplit(url.casefold())
    except ValueError:
        return ""
    path = parts.path.rstrip("/")
    return f"{(parts.hostname or '').removeprefix('www.')}{path}" if path else ""


def _first(name: str) -> list[str]:
    return name.split()[:1]


def _hashed(text: str) -> int:
    return int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), signed=True)
