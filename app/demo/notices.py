"""The privacy notice of the invented partnership, in two languages and in our own words."""

from datetime import datetime
from pathlib import Path
from typing import Final

from sqlalchemy.orm import Session

from consent.actions.notices import NewNotice, publish
from consent.actions.writing import Writer

NOTICE_VERSION: Final = "2026-1"
_TEXTS: Final = Path(__file__).parent / "data" / "notices"
_TITLES: Final = {
    "en": "How agencies share information to help your family",
    "pl": "Jak instytucje przekazują sobie informacje, aby pomóc rodzinie",
}


def seed_notices(session: Session, by: Writer, at: datetime) -> None:
    """Put the notice on file in each of its languages."""
    for language, title in _TITLES.items():
        text = (_TEXTS / f"{language}.txt").read_text(encoding="utf-8").strip()
        approved = "The partnership board, 3 December 2025"
        new = NewNotice("privacy", NOTICE_VERSION, language, title, text, approved, at)
        publish(session, new, by, at)
