"""Who may change what all partners share of a subject: the agencies that work with them.

What is on file of a family says who decides for a child, and which numbers lead to them: whoever
could change it from afar could open a door with it. So it is changed by the agency that registered
the subject, or that holds something of theirs now, be it no more than that it works with them: that
is said in its own name, and stays on file. Of these, one from which a shield hides the subject may
change nothing, unless it registered them. What can only close a door (a shield, a conflict of
interest, a no) is taken from any agency: danger does not wait until it is known who helps.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy.orm import Session

from app.kernel.named import NotAvailable
from consent.actions.partners import Partners
from consent.actions.subjects import NormalIdentifier, known_to
from consent.actions.writing import Writer
from consent.queries.subjects import recorded_by
from consent.rules.identifiers import agency_of

NOT_YOURS: Final = (
    "Your agency may change nothing of a subject of this id: there is none, or it may know of none,"
    " or it is not on file that it works with them. The answer is the same for each, so that it"
    " reveals nothing. A subject is changed by the agency that registered them, or that holds a"
    " record of them now. If your agency works with them, say so first, with an identifier of"
    " theirs: PUT /v1/records/involvements. A number that your own agency gave a subject, as"
    " scheme agency: and its code, it may add to one that it finds by POST /v1/subjects/lookup."
)
_NOT_NAMED: Final = (
    "Your agency may name nobody of this id: there is nobody, or it may not know of them. The"
    " answer is the same for each. Look the person up: POST /v1/subjects/lookup."
)


def check_works_with(
    session: Session, subject: UUID, partners: Partners, by: Writer, at: datetime
) -> None:
    """Raise `NotAvailable`, alike for every cause, unless this agency works with the subject."""
    known = known_to(session, subject, by.agency, at)
    works_with = known and partners.works_with(session, by.agency, subject, at)
    if not works_with and recorded_by(session, subject) != by.agency:
        raise NotAvailable(NOT_YOURS)


def check_may_number(  # noqa: PLR0913  (who adds what to whom, when, and who works with whom)
    session: Session,
    subject: UUID,
    identifiers: Sequence[NormalIdentifier],
    *,
    partners: Partners,
    by: Writer,
    at: datetime,
) -> None:
    """Raise unless these are all numbers of the agency's own, or it works with the subject."""
    own = all(agency_of(one.scheme) == by.agency for one in identifiers)
    if not (own and known_to(session, subject, by.agency, at)):
        check_works_with(session, subject, partners, by, at)


def check_may_name(session: Session, others: Iterable[UUID], by: Writer, at: datetime) -> None:
    """Raise unless the agency could find each of these by looking up, or registered them."""
    for other in sorted(others):
        known = known_to(session, other, by.agency, at)
        if not known and recorded_by(session, other) != by.agency:
            raise NotAvailable(_NOT_NAMED)
