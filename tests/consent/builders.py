"""What the tests of consent are made of: each builder says only what matters."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, LargeBinary, bindparam, literal
from sqlalchemy.orm import Session

from app.kernel.db import UtcDateTime
from app.kernel.vault import KeyRing, Vault
from consent.actions import consents, families, subjects
from consent.actions.consents import NewConsent
from consent.actions.families import NewRelationship
from consent.actions.subjects import GivenIdentifier, NewSubject
from consent.actions.writing import Writer
from consent.queries.consents import ConsentOnFile, Notice, Recorder
from consent.queries.facts import FactsRow, subject_facts
from consent.queries.opened import subject_from
from consent.terms import Answer, ConsentKind, Method, Scope, Subject

RING = KeyRing("k1", {"k1": bytes(range(32))})
MONDAY = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
TUESDAY, WEDNESDAY, THURSDAY = (MONDAY + timedelta(days=n) for n in (1, 2, 3))
HUB = Writer("hub-case", "eh-hub")
CHILD = GivenIdentifier("nhs_number", "9990000018")
PUPIL = GivenIdentifier("agency:oak-school", "17")
OTHER = GivenIdentifier("mosaic", "500100")


@dataclass(frozen=True)
class FakePartners:
    """Two agencies are members of EH-ISA from Monday, a third from Wednesday."""

    agencies: frozenset[str] = frozenset({"eh-hub", "oak-school", "elm-school", "csc"})

    def members_of(
        self,
        session: Session,  # noqa: ARG002  (the port's)
        agreement: str,
        at: datetime,
    ) -> frozenset[str] | None:
        if agreement == "EMPTY":
            return frozenset()
        if agreement != "EH-ISA":
            return None
        joined_later = {"elm-school"} if at >= WEDNESDAY else set()
        return frozenset({"eh-hub", "oak-school"} | joined_later)

    def unknown(
        self,
        session: Session,  # noqa: ARG002  (the port's)
        codes: frozenset[str],
    ) -> frozenset[str]:
        return codes - self.agencies

    def answer_matters(
        self,
        session: Session,  # noqa: ARG002  (the port's)
        scope: Scope,
        at: datetime,  # noqa: ARG002  (the port's)
    ) -> bool:
        """No flow carries the plan for evaluation, or needs a yes to."""
        return scope.purposes != frozenset({"programme_evaluation"})

    def names(
        self,
        session: Session,  # noqa: ARG002  (the port's)
        codes: frozenset[str],
    ) -> dict[str, str]:
        return {code: code.title() for code in codes & self.agencies}

    def works_with(
        self,
        session: Session,  # noqa: ARG002  (the port's)
        agency: str,
        subject: UUID,  # noqa: ARG002  (the port's)
        at: datetime,  # noqa: ARG002  (the port's)
    ) -> bool:
        """Only the hub registers anybody here."""
        return agency == HUB.agency


PARTNERS = FakePartners()
SAID = NewConsent(
    kind=ConsentKind.FAMILY_AGREEMENT,
    subjects=frozenset(),
    given_by=UUID(int=0),
    capacity="parental_responsibility",
    answer=Answer.GIVEN,
    method=Method.WRITTEN,
    recipients=frozenset({"oak-school"}),
    purposes=frozenset({"early_help_support"}),
    categories=frozenset({"*"}),
    notice=Notice("2026-1", "en"),
    recorder=Recorder("staff-0412", "family_support_worker"),
)


def registered(
    session: Session, *given: GivenIdentifier, at: datetime = MONDAY, **known: Any
) -> UUID:
    identifiers = subjects.read_identifiers(session, given, PARTNERS)
    return subjects.register(session, NewSubject(**known), identifiers, HUB, at)


def family(session: Session) -> tuple[UUID, UUID]:
    """A child, found by its NHS number, and its mother."""
    child, mother = registered(session, CHILD), registered(session, adult=True)
    new = NewRelationship(mother, "mother", parental_responsibility=True)
    families.relate(session, child, new, HUB, MONDAY)
    return child, mother


def recorded(
    session: Session, child: UUID, person: UUID, at: datetime = TUESDAY, **said: Any
) -> ConsentOnFile:
    new = replace(SAID, **({"subjects": frozenset({child}), "given_by": person} | said))
    return consents.record(session, new, PARTNERS, HUB, at)


def facts(session: Session, *given: GivenIdentifier, at: datetime = THURSDAY) -> FactsRow:
    """The one row of the facts about whom these name."""
    vault = Vault.of(session)
    digests = [one.digest for one in subjects.read_identifiers(session, given, PARTNERS)]
    asked = bindparam("digests", digests, type_=ARRAY(LargeBinary))
    row: Any = session.execute(subject_facts(asked, literal(at, UtcDateTime))).one()
    assert vault
    return row


def known(session: Session, *given: GivenIdentifier, at: datetime = THURSDAY) -> Subject | None:
    return subject_from(facts(session, *given, at=at), Vault.of(session))
