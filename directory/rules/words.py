"""How words are compared."""

import unicodedata


def folded(text: str) -> str:
    """Return the text as it is compared: without accents and case, its spaces made one."""
    plain = "".join(
        letter
        for letter in unicodedata.normalize("NFKD", text)
        if not unicodedata.combining(letter)
    )
    return " ".join(plain.casefold().split())
