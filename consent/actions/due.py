"""The work list of an agency: what falls due about consents, in the order of its dates."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from consent.actions.partners import Partners
from consent.queries import due as on_file
from consent.queries.due import Listed
from consent.queries.vocabulary import policy_at, sensitive_categories
from consent.rules.due import each_once


def work_list(
    session: Session, agency: str, partners: Partners, within: timedelta, at: datetime
) -> list[Listed]:
    """Return what this agency should see to by then, overdue things first, and for whom.

    Only consents that it recorded itself are on its list: who took an answer down asks again.
    """
    policy, until = policy_at(session, at), at + within
    sensitive = sensitive_categories(session)
    found = on_file.candidates(session, agency, policy, until)
    found = list(on_file.not_said_again(session, found, sensitive, at))
    codes = frozenset().union(*(one.agreements for one in found))
    members = {code: partners.members_of(session, code, at) or frozenset() for code in codes}
    listed = each_once(
        *on_file.due_for(found, members, policy, sensitive, at=at, until=until),
        *on_file.disagreements(session, agency, policy, sensitive, at),
        *on_file.birthdays(session, agency, policy, until, at),
    )
    return sorted(listed, key=_place)


def _place(one: Listed) -> tuple[datetime, UUID, str, UUID]:
    """Return where one thing stands in the list; no two have one place."""
    due, subjects = one
    return due.on, due.consent, due.kind.value, min(subjects)
