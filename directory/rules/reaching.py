"""How a service can be reached, and which one way is best shown first.

A link is made only of what would work as one: a complete number, the form of an e-mail address, an
address on the web. Anything else on file is shown as it is, with what is wrong with it.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final
from urllib.parse import quote, urlsplit

from directory.rules.quality import can_be_dialled, can_be_written_to
from directory.terms.telling import NextStep, Way

Part = Mapping[str, Any]

_OPEN_TO_ALL: Final = ("self", "anyone", "any person", "open", "drop", "no referral", "none")
_NOWHERE: Final = NextStep("Nothing on file says how to reach them. Ask your local hub.")


def parts(document: Part, name: str) -> list[Part]:
    """Return the objects under a name, whether one or a list; none where there is none."""
    found = document.get(name)
    listed = found if isinstance(found, list) else [found]
    return [one for one in listed if isinstance(one, Mapping)]


def text(document: Part, name: str) -> str:
    """Return the text under a name, without spaces around it; empty where there is none."""
    found = document.get(name)
    return found.strip() if isinstance(found, str) else ""


def phone(number: str) -> Way:
    """Return a telephone number: a link if it is complete, else with its fault."""
    if can_be_dialled(number):
        dialled = "".join(letter for letter in number if letter.isdigit() or letter == "+")
        return Way(number, f"tel:{dialled}")
    return Way(number, fault="this number looks incomplete: check it before you ring")


def email(address: str) -> Way:
    """Return an e-mail address: a link if it has the form of one."""
    if can_be_written_to(address):
        return Way(address, f"mailto:{quote(address, safe='@.+-_')}")
    return Way(address, fault="this address looks wrong: check it before you write")


def website(address: str) -> Way:
    """Return an address on the web: a link if it is one, so that no other kind is followed."""
    try:
        split = urlsplit(address)
        good = split.scheme in {"http", "https"} and bool(split.hostname)
    except ValueError:
        good = False
    return Way(address, address) if good else Way(address, fault="this web address looks wrong")


def ways_of(part: Part) -> tuple[Way, ...]:
    """Return the telephones, e-mail addresses and websites that one object itself names."""
    found = (
        *(phone(text(one, "number")) for one in parts(part, "phones") if text(one, "number")),
        *(email(one) for one in [text(part, "email")] if one),
        *(website(one) for one in _websites(part)),
    )
    return tuple(dict.fromkeys(found))


def next_step(service: Part, routes: Iterable[str]) -> NextStep:
    """Return the one best thing to do: ring, else write, else look; first what works as a link.

    Where every referral route or referrer that is named asks for somebody else, it is a referral.
    """
    every = list(dict.fromkeys(way for part in _reachable(service) for way in ways_of(part)))
    best = min(every, key=_worth, default=None)
    if best is None:
        return _NOWHERE
    return NextStep(_doing(best, referral=_needs_referral(routes)), best)


def _needs_referral(routes: Iterable[str]) -> bool:
    named = [one.casefold() for one in routes]
    return bool(named) and not any(word in one for one in named for word in _OPEN_TO_ALL)


def _worth(way: Way) -> int:
    kinds = ("tel:", "mailto:", "http")
    return next(
        (place for place, kind in enumerate(kinds) if (way.href or "").startswith(kind)), len(kinds)
    )


def _doing(way: Way, *, referral: bool) -> str:
    said = {"tel:": ("Phone", "Refer by phone"), "mailto:": ("E-mail", "Refer by e-mail")}
    found = next((pair for kind, pair in said.items() if (way.href or "").startswith(kind)), None)
    if found is None:
        found = ("See the website", "Refer through the website")
        found = found if way.href else ("Check this contact", "Check this contact, then refer")
    return found[1] if referral else found[0]


def _reachable(service: Part) -> Iterator[Part]:
    """Yield what names ways to reach a service, the nearest to it first."""
    yield {name: value for name, value in service.items() if name == "phones"}
    yield from parts(service, "contacts")
    for place in parts(service, "service_at_locations"):
        yield place
        yield from parts(place, "contacts")
        yield from parts(place, "location")
    yield service
    yield from parts(service, "organization")


def _websites(part: Part) -> Iterator[str]:
    yield from (text(part, name) for name in ("url", "website") if text(part, name))
