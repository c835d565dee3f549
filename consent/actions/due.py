"""The work list of an agency: what falls due about consents, in the order of its dates."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from consent.actions.partners import Partners
from consent.queries import due as on_file
from consent.queries.vocabulary import policy_at
from consent.rules.due import Due


def work_list(
    session: Session, agency: str, partners: Partners, within: timedelta, at: datetime
) -> list[tuple[Due, frozenset[UUID]]]:
    """Return what this agency should see to by then, overdue things first, and for whom.

    Only consents that it recorded itself are on its list: who took an answer down asks again.
    """
    policy = policy_at(session, at)
    found = on_file.candidates(session, agency, policy, at + within)
    codes = frozenset().union(*(one.agreements for one in found))
    members = {code: partners.members_of(session, code, at) or frozenset() for code in codes}
    listed = [
        *on_file.due_for(found, members, policy, at, at + within),
        *on_file.disagreements(session, agency, policy, at),
    ]
    return sorted(listed, key=lambda one: (one[0].on, one[0].consent, one[0].kind))
