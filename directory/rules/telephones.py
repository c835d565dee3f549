"""What a printed telephone number can be seen to be (Ofcom's National Telephone Numbering Plan)."""

import re
from typing import Final

from directory.terms.contacts import Phone

_SIGNS: Final = re.compile(r"[\s().-]")
_NATIONAL: Final = re.compile(r"0[1-9][0-9]{9}", re.ASCII)
_ABROAD: Final = re.compile(r"\+[1-9][0-9]{7,14}", re.ASCII)
_SHORT: Final = re.compile(r"[1-9][0-9]{2,5}", re.ASCII)
_DIGITS: Final = 11


def printed(as_published: str) -> Phone:
    """Return a number as it was printed, with its international form, or with what is wrong.

    A number of ten digits can be right in a few small exchanges, so nothing is added to it.
    """
    plain = _SIGNS.sub("", as_published)
    if _NATIONAL.fullmatch(plain):
        return Phone(as_published, f"+44{plain[1:]}")
    if _ABROAD.fullmatch(plain):
        return Phone(as_published, plain)
    if _SHORT.fullmatch(plain):
        return Phone(as_published)  # 101, 999, 116000: no international form, and nothing wrong
    count = sum(one.isdigit() for one in plain)
    return Phone(
        as_published,
        fault=f"It has {count} digits, where a number of the UK has {_DIGITS} and begins with 0.",
    )
