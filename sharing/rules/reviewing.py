"""Who may close an item and when, what a breach brings, and what the file says of involvement."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from sharing.terms.reviewing import (
    OUTCOMES,
    Hindrance,
    Involvement,
    Reconciled,
    ReviewState,
    Standing,
)

BREACH_CLOCK: Final = timedelta(hours=72)
"""UK GDPR, Article 33(1): the Commissioner hears of a breach within 72 hours of its discovery."""
_WHAT: Final = {
    "registered": "registered the subject",
    "record": "held a record of the subject",
    "involvement": "had recorded its involvement",
    "appointment": "had recorded an appointment",
    "referral": "was part of a referral",
    "consent": "was named in an answer of the family",
}


def why_not(standing: Standing, outcome: ReviewState) -> Hindrance | None:
    """Return why somebody may not close an item with an outcome; None if they may.

    1. It is open, and they have opened it: nobody judges what they have not read.
    2. Nobody judges their own request, that of their client, or of whom they answer for.
    3. A breach takes two: one says so, which starts the clock, and another confirms it; nobody
       but another sets it aside.
    """
    checks = (
        (Hindrance.CLOSED, standing.state in OUTCOMES),  # 1
        (Hindrance.CONCERNED, standing.concerned),  # 2
        (Hindrance.OWN_CLIENT, standing.own_client),
        (Hindrance.OWN_LINE, standing.own_line),
        (Hindrance.NOT_OPENED, not standing.opened),
        (Hindrance.BREACH_SAID, standing.breach_said_by_them),  # 3
        (Hindrance.ANOTHER_NEEDED, outcome is ReviewState.BREACH and not standing.breach_said),
    )
    return next((one for one, hinders in checks if hinders), None)


def breach_deadline(said_at: datetime) -> datetime:
    """Return by when the Commissioner must hear of a breach that somebody found then."""
    return said_at + BREACH_CLOCK


def reconcile(agency: str, found: Sequence[Involvement], at: datetime, days: int) -> Reconciled:
    """Return what is on file of an agency and a subject around an instant, as a note.

    Anything that was open then, or ended within so many days before, explains a request.
    """
    if not found:
        note = (
            f"Checked against the file: {agency} had no open involvement, appointment or referral"
            f" on {_day(at)}, nor within {days} days before. Ask the practitioner."
        )
        return Reconciled(note, ReviewState.INAPPROPRIATE)
    said = "; ".join(_told(one) for one in found)
    return Reconciled(
        f"Checked against the file: on {_day(at)} {agency} {said}.", ReviewState.EXPLAINED
    )


def _told(one: Involvement) -> str:
    until = "" if one.until is None else f" to {_day(one.until)}"
    return f"{_WHAT[one.what]} (from {_day(one.since)}{until})"


def _day(at: datetime) -> str:
    return f"{at.day} {at:%B %Y}"
