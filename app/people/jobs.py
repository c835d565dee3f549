"""What the worker does for people's sign-in: forget what is past."""

from datetime import datetime

from sqlalchemy.orm import Session

from app.people import sessions, tries


def forget_past(session: Session, at: datetime) -> None:
    """Forget sessions that have ended, and wrong sign-ins that no longer count."""
    sessions.forget_past(session, at)
    tries.forget_past(session, at)
