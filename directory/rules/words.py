"""How words are compared: neither accents, nor case, nor signs between letters matter."""

import re
import unicodedata
from functools import lru_cache
from typing import Final

MOST_WORDS: Final = 24
"""A longer search is read up to here: each word costs, and nobody types so many."""
_APOSTROPHES: Final = re.compile("['\u2018\u2019\u02bc`]")
_UNDIVIDED: Final = str.maketrans(
    {"ł": "l", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "\u0131": "i"}
)
_WORD_OF_ASCII: Final = re.compile("[a-z0-9]+")
_LONGEST_WORD: Final = 60


def folded(text: str) -> str:
    """Return the text as it is compared: without accents and case, its spaces made one."""
    if text.isascii():
        return " ".join(text.casefold().split())
    plain = "".join(
        letter
        for letter in unicodedata.normalize("NFKD", text)
        if not unicodedata.combining(letter)
    )
    return " ".join(plain.casefold().split())


def words_of(text: str) -> tuple[str, ...]:
    """Return the words of a text, folded; "women's" is one word, "drop-in" two."""
    plain = _APOSTROPHES.sub("", folded(text))
    if not plain.isascii():
        plain = plain.translate(_UNDIVIDED)
        plain = "".join(letter if _in_word(letter) else " " for letter in plain)
        return tuple(word[:_LONGEST_WORD] for word in plain.split())
    return tuple(word[:_LONGEST_WORD] for word in _WORD_OF_ASCII.findall(plain))


@lru_cache(maxsize=4096)
def key_of(text: str) -> str:
    """Return the form in which names are the same: "Self-referral" is `self-referral`."""
    return "-".join(words_of(text))


def _in_word(letter: str) -> bool:
    # Vowel signs of Bengali or Tamil are marks, and part of the word.
    return letter.isalnum() or unicodedata.category(letter)[0] == "M"
