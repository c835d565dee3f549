"""When two names, addresses or telephone numbers are the same, however they are written.

What is found here is compared by keyed digest and dropped: nothing of it is kept or told.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from sharing.terms.scoring import Shared

_KEYS: Final = {
    Shared.ADDRESS: re.compile("address|postcode", re.IGNORECASE),
    Shared.PHONE: re.compile("phone|mobile", re.IGNORECASE),
}
_SEPARATING: Final = re.compile(r"[\W_]+")
_NUMBER: Final = re.compile(r"[0-9]+")
_COUNTRY: Final = re.compile(r"^(0044|\+44|44)")
_DEPTH: Final = 6


def normal(what: Shared, written: str) -> str:
    """Return what two ways to write one thing have in common; empty where nothing is said."""
    if what is Shared.PHONE:
        national = _COUNTRY.sub("0", written.strip())
        return "".join(_NUMBER.findall(national))
    return _SEPARATING.sub("", written).casefold()


def surnames(names: Mapping[str, Any]) -> frozenset[str]:
    """Return every surname that somebody bears or bore, in its normal form."""
    listed = [names.get("name"), *(names.get("past_names") or ())]
    said = (one.get("family") for one in listed if isinstance(one, Mapping))
    return frozenset(_said(Shared.SURNAME, said))


def found_in(what: Shared, content: Mapping[str, Any]) -> frozenset[str]:
    """Return the addresses, or the telephone numbers, that a record holds anywhere within it."""
    return frozenset(_said(what, _within(_KEYS[what], content, named=False, depth=_DEPTH)))


def _said(what: Shared, found: Iterable[object]) -> Iterator[str]:
    for one in found:
        if isinstance(one, str) and normal(what, one):
            yield normal(what, one)


def _within(key: re.Pattern[str], held: object, *, named: bool, depth: int) -> Iterator[object]:
    """Yield what stands below a member whose name fits, as deep as anybody nests."""
    if depth == 0:
        return
    if isinstance(held, Mapping):
        for name, one in held.items():
            fits = named or key.search(str(name)) is not None
            yield from _within(key, one, named=fits, depth=depth - 1)
    elif isinstance(held, list):
        for one in held:
            yield from _within(key, one, named=named, depth=depth - 1)
    elif named:
        yield held
