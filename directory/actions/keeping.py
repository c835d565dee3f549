"""Whose an entry is to change, and the agencies that keep the directory for all."""

from datetime import datetime

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from app.kernel.ids import new_id
from app.kernel.named import NamedProblem
from directory.models.keeping import DirectoryKeeperRow
from directory.queries.agencies import agency
from directory.queries.keeping import keepers
from directory.rules.keeping import may_change
from directory.terms.agencies import Agency
from directory.terms.keeping import Actor, KeepsAlready, KeepsNot


class NotYoursToChange(NamedProblem):
    """Another agency answers for what somebody means to change."""

    status, code = 403, "not_yours_to_change"
    title = "Another agency answers for this"
    help = (
        "An entry is changed by the agency that answers for it, or by one that keeps the "
        "directory for all: what nobody answers for alone, such as areas, is for those. "
        "GET /v1/agencies says which keep the directory. Ask one of them; to a service, "
        "anybody may propose a change as a draft."
    )


def check_may_change(session: Session, by: Actor, owner: str | None, at: datetime) -> None:
    """Refuse whoever may not change what an agency answers for: `NotYoursToChange`."""
    if not may_change(by, owner, keepers(session, at)):
        raise NotYoursToChange


def check_keeps(session: Session, by: Actor, at: datetime) -> None:
    """Refuse whoever may not change what all share: `NotYoursToChange`."""
    check_may_change(session, by, None, at)


def appoint(session: Session, code: str, starts: datetime, by: Actor, at: datetime) -> Agency:
    """Let an agency keep the directory for all from an instant.

    `UnknownAgency` if there is none; `KeepsAlready` if it does so then, or will.
    """
    held = _locked(session, code)
    if any(one.ends is None or one.ends > starts for one in held.keeping):
        raise KeepsAlready(code)
    values = {"id": new_id(at), "agency": code, "starts": starts}
    stamp = {"author": by.id, "recorded_at": at}
    session.execute(insert(DirectoryKeeperRow).values(values | stamp))
    return agency(session, code)


def dismiss(session: Session, code: str, by: Actor, at: datetime) -> Agency:
    """Let an agency keep the directory for all no longer; `KeepsNot` if it does not, nor will."""
    held = _locked(session, code)
    last = [one for one in held.keeping if one.ends is None]
    if not last:
        raise KeepsNot(code)
    row = DirectoryKeeperRow
    ended = update(row).where(row.agency == code, row.ends.is_(None))
    session.execute(ended.values(ends=max(at, last[0].starts), ended_by=by.id))
    session.expire_all()
    return agency(session, code)


def _locked(session: Session, code: str) -> Agency:
    """Return an agency, and let nobody else appoint or dismiss until the transaction ends."""
    held = agency(session, code)
    row = DirectoryKeeperRow
    session.execute(select(row.id).where(row.agency == code).with_for_update())
    return held
