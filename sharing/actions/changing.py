"""Changing an agreement: held from everybody else, and only by whom that is for."""

from datetime import datetime

from sqlalchemy.orm import Session

from app.kernel.clock import Clock
from sharing.actions.agreement_errors import NotTheKeeper
from sharing.actions.agreements import hold
from sharing.queries.changing import standing
from sharing.rules.changing import may, why_not
from sharing.terms.changing import Act


def hold_to(  # noqa: PLR0913  (to do what, to which, by whom, of whom, and when)
    session: Session, act: Act, code: str, agency: str, clock: Clock, *, of: str | None = None
) -> datetime:
    """Let nobody else change an agreement until the transaction ends; the instant after that.

    `UnknownAgreement` if there is none, `NotTheKeeper` if this agency may not do this to it.
    """
    at = hold(session, code, clock)
    found = standing(session, code, at)
    if not may(act, agency, found, of):
        raise NotTheKeeper(why_not(act, found))
    return at
