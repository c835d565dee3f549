"""The text of a privacy notice: how it is told apart from every other, and which way it runs."""

import hashlib
from typing import Final

_FROM_RIGHT: Final = frozenset({"ar", "fa", "he", "ku", "ps", "sd", "ug", "ur", "yi"})


def text_hash(text: str) -> str:
    """Return the SHA-256, in hex, of a notice's text in UTF-8, exactly as it was shown."""
    return hashlib.sha256(text.encode()).hexdigest()


def direction(language: str) -> str:
    """Return HTML's `dir` of a language (BCP 47): `rtl` where it is written from the right."""
    primary, *more = language.lower().split("-")
    return "rtl" if primary in _FROM_RIGHT and "latn" not in more else "ltr"


def why_not_shown(code: str, version: str, language: str, on_file: list[tuple[str, str]]) -> str:
    """Say that a notice is not on file, and which are, as (version, language)."""
    in_that_version = [other for one, other in on_file if one == version]
    if in_that_version:
        listed = ", ".join(in_that_version)
        return (
            f"Version {version} of the notice {code} is on file in {listed}, not in {language}. "
            "Name the language in which it was shown."
        )
    versions = ", ".join(dict.fromkeys(one for one, _ in on_file)) or "none"
    return (
        f"The notice {code} has no version {version} that had begun by then; on file: {versions}. "
        "Name the version that was shown: GET /v1/consents/notices lists them."
    )
