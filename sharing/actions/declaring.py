"""What agencies declare so that ties are seen: of their own people, and of whom many are curious.

Of their people only keyed digests are kept: enough to see that two are the same.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app.kernel.named import NotAvailable
from app.kernel.vault import Vault
from consent.queries.subjects import digest_of as identifier_digest
from consent.queries.subjects import recorded_by
from sharing.models.scoring import ReviewInterestRow, ReviewStaffRow
from sharing.queries.circumstances import digest_of
from sharing.queries.indexing import digests_of_workers
from sharing.rules.likeness import normal
from sharing.terms.asking import Identifier
from sharing.terms.reviewing import Examiner
from sharing.terms.scoring import Shared


@dataclass(frozen=True, slots=True)
class Declaration:
    """What an agency says of one of its people, by the id under which they ask."""

    practitioner: str
    surnames: tuple[str, ...] = ()
    addresses: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()
    themselves: tuple[Identifier, ...] = ()
    relatives: tuple[Identifier, ...] = ()
    managers: tuple[str, ...] = ()


def declare(session: Session, said: Declaration, by: Examiner, at: datetime) -> None:
    """Keep what an agency says of one of its people, in place of what it said before.

    The session speaks for the agency.
    """
    agency = by.agency
    workers = [(agency, one) for one in (said.practitioner, *said.managers)]
    practitioner, *managers = digests_of_workers(session, workers)
    values = {
        "surnames": _digests(session, Shared.SURNAME, said.surnames),
        "addresses": _digests(session, Shared.ADDRESS, said.addresses),
        "phones": _digests(session, Shared.PHONE, said.phones),
        "themselves": _identifiers(session, said.themselves),
        "relatives": _identifiers(session, said.relatives),
        "managers": sorted(managers),
        "recorded_at": at,
        "recorded_by": by.name,
    }
    row = insert(ReviewStaffRow).values(agency=agency, practitioner=practitioner, **values)
    keys = ["agency", "practitioner"]
    session.execute(row.on_conflict_do_update(index_elements=keys, set_=values))


def mark_interest(session: Session, subject: UUID, by: Examiner, at: datetime) -> None:
    """Mark a subject as one whom people are curious about; `NotAvailable` if nobody knows them.

    Only the agency that registered a subject marks them: another could find out whom it knows.
    """
    _check_own(session, subject, by)
    values = {
        "recorded_at": at,
        "recorded_by": by.name,
        "recorded_by_agency": by.agency,
        "ended_at": None,
    }
    row = insert(ReviewInterestRow).values(subject_id=subject, **values)
    session.execute(row.on_conflict_do_update(index_elements=["subject_id"], set_=values))


def end_interest(session: Session, subject: UUID, by: Examiner, at: datetime) -> None:
    """Take the mark away; `NotAvailable` where there is none, or it is not theirs to take."""
    _check_own(session, subject, by)
    row = session.get(ReviewInterestRow, subject, with_for_update=True)
    if row is None or row.ended_at is not None:
        raise NotAvailable
    row.ended_at = at


def _check_own(session: Session, subject: UUID, by: Examiner) -> None:
    if recorded_by(session, subject) != by.agency:
        raise NotAvailable


def _digests(session: Session, what: Shared, said: Collection[str]) -> list[bytes]:
    forms = {normal(what, one) for one in said} - {""}
    return sorted(digest_of(session, what, one) for one in forms)


def _identifiers(session: Session, said: Collection[Identifier]) -> list[bytes]:
    vault = Vault.of(session)
    return sorted({identifier_digest(vault, one.scheme, one.value) for one in said})
