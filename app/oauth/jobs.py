"""What the worker does for the authorization server: forget what is past."""

from datetime import datetime

from sqlalchemy import delete, func, text
from sqlalchemy.orm import Session

from app.oauth import keys
from app.oauth.models import RateRow, RevokedRow, UsedRow


def forget_past(session: Session, at: datetime) -> None:
    """Forget what would be refused for its age anyway, buckets full again, and retired keys."""
    session.execute(delete(UsedRow).where(UsedRow.until < at))
    session.execute(delete(RevokedRow).where(RevokedRow.until < at))
    untouched = func.clock_timestamp() - text("interval '1 hour'")
    session.execute(delete(RateRow).where(RateRow.at < untouched))
    keys.forget_retired(session, at)
