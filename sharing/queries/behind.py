"""Who stood behind an entry, and how somebody who would judge it stands to them."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from sharing.queries.circumstances import declared
from sharing.queries.indexing import digests_of_workers
from sharing.queries.log import entry
from sharing.terms.reviewing import Examiner, ReviewItem


@dataclass(frozen=True, slots=True)
class Behind:
    """Who asked, by every name that the entry gives; nobody once it is erased."""

    practitioner: str | None = None
    person: str | None = None
    client: str | None = None


def behind(session: Session, item: ReviewItem) -> Behind:
    """Return who stood behind the entry of an item."""
    found = entry(session, item.entry)
    if found is None:
        return Behind()
    about = found.about or {}
    practitioner = about.get("practitioner") or {}
    return Behind(practitioner.get("id"), about.get("person"), found.line.facts.get("client"))


def is_concerned(who: Behind, item: ReviewItem, by: Examiner) -> bool:
    """Say whether somebody asked themselves, under any name that the entry gives."""
    own_staff = by.agency == item.recipient and same_name(who.practitioner, by.name)
    return own_staff or same_name(who.person, by.name)


def is_line(session: Session, item: ReviewItem, by: Examiner, who: Behind) -> bool:
    """Say whether one of the two answers for the other, by what their agency declared."""
    if who.practitioner is None or by.agency != item.recipient:
        return False
    workers = [(item.recipient, who.practitioner), (by.agency, by.name)]
    theirs, ours = digests_of_workers(session, workers)
    above, below = (declared(session, item.recipient, one) for one in (theirs, ours))
    return (above is not None and ours in above.managers) or (
        below is not None and theirs in below.managers
    )


def line_known(session: Session, item: ReviewItem) -> bool:
    """Say whether the agency declared who answers for the practitioner."""
    who = behind(session, item)
    if who.practitioner is None:
        return False
    (digest,) = digests_of_workers(session, [(item.recipient, who.practitioner)])
    staff = declared(session, item.recipient, digest)
    return staff is not None and bool(staff.managers)


def same_name(one: str | None, other: str) -> bool:
    """Compare names without regard to case: in doubt it is one person."""
    return one is not None and one.casefold() == other.casefold()
