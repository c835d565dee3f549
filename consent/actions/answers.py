"""To what an answer speaks: named recipients and purposes, and codes that exist."""

from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy.orm import Session

from consent.actions.errors import (
    ConsentNotApplicable,
    GiverHasNoSay,
    RecipientsNotNamed,
    UnknownAgreement,
    UnknownCategory,
    UnknownPartner,
    UnknownPurpose,
)
from consent.actions.partners import Partners
from consent.queries import vocabulary
from consent.queries.opened import subjects_at
from consent.rules.giving import may_give
from consent.terms import ALL, Answer, Scope

AGREEMENT: Final = "agreement:"
_ALL: Final = frozenset({ALL})


def check_named(answer: Answer, recipients: frozenset[str]) -> None:
    """Raise unless a yes names its recipients; a no may speak of all."""
    if answer is Answer.GIVEN and ALL in recipients:
        raise RecipientsNotNamed(pointer="#/recipients")


def check_codes(session: Session, purposes: frozenset[str], categories: frozenset[str]) -> None:
    """Raise, naming them, if any of these codes is no purpose or no category."""
    unknown = sorted(vocabulary.unknown_purposes(session, purposes - _ALL))
    if unknown:
        raise UnknownPurpose(f"No purpose has the code {', '.join(unknown)}.", "#/purposes")
    unknown = sorted(vocabulary.unknown_categories(session, categories - _ALL))
    if unknown:
        raise UnknownCategory(f"No category has the code {', '.join(unknown)}.", "#/categories")


def agreements_named(recipients: frozenset[str]) -> frozenset[str]:
    """Return the codes of the agreements whose members are meant."""
    named = (code for code in recipients if code.startswith(AGREEMENT))
    return frozenset(code.removeprefix(AGREEMENT) for code in named)


def expanded(
    session: Session, recipients: frozenset[str], partners: Partners, at: datetime
) -> frozenset[str]:
    """Return the recipients, "agreement:X" replaced by those who are its members at the instant.

    Whoever joins later is not covered: the family is asked again (ICO, consent guidance).
    """
    named = {code for code in recipients if not code.startswith(AGREEMENT)}
    for agreement in sorted(agreements_named(recipients)):
        members = partners.members_of(session, agreement, at)
        if members is None:
            raise UnknownAgreement(pointer="#/recipients")
        named |= members
    if not named:
        raise RecipientsNotNamed(pointer="#/recipients")
    return frozenset(named)


def check_agencies(
    session: Session, recipients: frozenset[str], sources: frozenset[str], partners: Partners
) -> None:
    """Raise, naming them, if any of these codes is no agency."""
    for codes, pointer in ((recipients, "#/recipients"), (sources, "#/sources")):
        unknown = sorted(partners.unknown(session, codes - _ALL))
        if unknown:
            raise UnknownPartner(f"No agency has the code {', '.join(unknown)}.", pointer)


def check_needed(session: Session, scope: Scope, partners: Partners, at: datetime) -> None:
    """Raise unless some flow in force at that instant waits for a yes of this scope."""
    if not partners.answer_matters(session, scope, at):
        raise ConsentNotApplicable(pointer="#/kind")


def check_giver(
    session: Session,
    subjects: frozenset[UUID],
    person: UUID,
    purposes: frozenset[str],
    at: datetime,
) -> None:
    """Raise unless this person decides for some of these subjects at that instant."""
    policy = vocabulary.policy_at(session, at)
    if not may_give(subjects_at(session, subjects, at), person, purposes, policy, at):
        raise GiverHasNoSay(pointer="#/given_by")
