"""The text of a privacy notice: its hash, its direction, and what is said where it is missing."""

import pytest

from consent.rules.notices import direction, text_hash, why_not_shown

ON_FILE = [("2025-1", "en"), ("2026-1", "en"), ("2026-1", "pl")]


def test_the_hash_is_that_of_the_text_in_utf_8() -> None:
    assert text_hash("") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    assert text_hash("ą") != text_hash("a")


@pytest.mark.parametrize(
    ("language", "runs"),
    [("en", "ltr"), ("pl-PL", "ltr"), ("ur", "rtl"), ("AR-eg", "rtl"), ("ur-Latn", "ltr")],
)
def test_a_language_runs_its_way(language: str, runs: str) -> None:
    assert direction(language) == runs


def test_what_is_not_on_file_is_told_with_what_is() -> None:
    assert "in en, pl, not in cy" in why_not_shown("privacy", "2026-1", "cy", ON_FILE)
    assert "on file: 2025-1, 2026-1." in why_not_shown("privacy", "2027-1", "en", ON_FILE)
    assert "on file: none." in why_not_shown("other", "1", "en", [])
