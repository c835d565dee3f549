"""What the pages of information governance leads share: what was typed, and what came of it."""

from datetime import UTC, datetime
from typing import Final
from uuid import UUID

from flask import request

from sharing.terms.access import Outcome

IG_LEADS: Final = "log.audit"
"""What people's rights and the whole log are opened by; `REVIEWERS` see their own side of it."""
REVIEWERS: Final = "log.review"
PAGE_SIZE: Final = 25
DONE: Final = {
    "released": "The pack is released. The agency that took the request down can read it now.",
    "refused": "The pack is refused. The agency tells whoever asked, and why.",
    "set": "The hold stands. Nothing that it covers is erased.",
    "ended": "The hold is released, and stays on file.",
}
"""What a page says that a form has led to."""
_NEEDED: Final = {
    "outcome": "Say what you decide",
    "reason": "Say why, in 2,000 characters or fewer",
    "wishes": "Say what the child wants, in 2,000 characters or fewer",
    "authority": "Say by what authority, in 500 characters or fewer",
}
_LONGEST: Final = {"authority": 500}
_USUALLY_LONGEST: Final = 2000


def faults(*names: str) -> dict[str, str]:
    """Return what is missing from a form, or longer than can be kept, by field."""
    return {name: _NEEDED[name] for name in names if not _fits(name)}


def typed(name: str) -> str:
    """Return what was typed into a field, but for NUL, which PostgreSQL cannot hold."""
    return request.form.get(name, "").replace("\x00", "").strip()


def typed_id(name: str) -> UUID | None:
    """Return the id that was typed into a field; None where it is none."""
    try:
        return UUID(typed(name))
    except ValueError:
        return None


def typed_day(name: str) -> datetime | None:
    """Return the beginning of the day that was typed into a field; `ValueError` if it is none."""
    return datetime.fromisoformat(typed(name)).replace(tzinfo=UTC) if typed(name) else None


def done() -> str | None:
    """Return what the form before this page has led to."""
    return DONE.get(request.args.get("done", ""))


def after_in_address() -> UUID | None:
    """Return what the page before ended with; None where the address does not say it rightly."""
    try:
        return UUID(request.args.get("after", ""))
    except ValueError:
        return None


def _fits(name: str) -> bool:
    if name == "outcome":
        return request.form.get(name, "") in set(Outcome)
    return 0 < len(typed(name)) <= _LONGEST.get(name, _USUALLY_LONGEST)
