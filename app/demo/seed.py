"""Puts the plan into a database, each fact through the same actions that the doors use.

The clock is moved back for each fact, so that everything on file is as old as the plan says, and is
decided and logged as it would have been then.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from typing import Final

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from app.demo.contacts import INVENTED, published
from app.demo.coverage import seed_coverage
from app.demo.desk import AGENCY, leave_work
from app.demo.happenings import DESK, Happenings
from app.demo.notices import seed_notices
from app.demo.offers import seed_offers
from app.demo.rights import leave_rights, sign_periods
from app.demo.services import seed_services
from app.demo.world.charter import PlannedAgency, PlannedAgreement, PlannedFlow
from app.demo.world.terms import World
from app.kernel.db import Database
from app.kernel.vault import SESSION_KEY
from consent.actions import vocabulary
from consent.actions.partners import Partners
from consent.actions.writing import Writer
from consent.queries.vocabulary import Category, Purpose
from directory.actions.agencies import register_agency, suspend
from directory.actions.contacts import publish_contact_point
from directory.actions.keeping import appoint
from directory.actions.places import load_places
from directory.terms import keeping
from directory.terms.agencies import Agency, Interval
from sharing.actions import agreements, signing
from sharing.queries import agreements as on_file
from sharing.terms.agreements import (
    Draft,
    FlowDraft,
    Means,
    MemberDraft,
    NewAgreement,
    Proof,
    Retention,
    Signatory,
    Statement,
)
from sharing.terms.codes import Assurance, LawfulBasis, Requirement
from sharing.terms.worked.shelf import WORKED

OPERATOR: Final = Writer("operator", "ig-office")
_OWN_DECISION_AGE: Final = 16
_VERBAL_GRACE_DAYS: Final = 14


class _OneTransaction(Database):
    """Sessions whose transactions are all the one that their connection is in.

    A thousand commits, each waiting for the disk, would take longer than all that they commit.
    """

    def _session(self) -> Session:
        return Session(
            self.bind,
            info={SESSION_KEY: self.vault},
            join_transaction_mode="rollback_only",
            expire_on_commit=False,
        )


def seed(database: Database, world: World, partners: Partners) -> None:
    """Bring a database that is migrated and empty to the state that the plan describes.

    All of it is on file then, or, if this is cut short, nothing.
    """
    if isinstance(database.bind, Engine):
        with database.bind.begin() as connection:
            _fill(_OneTransaction(connection, database.vault), world, partners)
    else:
        _fill(database, world, partners)


def _fill(database: Database, world: World, partners: Partners) -> None:
    first = min(agency.starts for agency in world.agencies)
    with database.transaction() as session:
        _seed_directory(session, world, first)
        seed_services(session, world.at)
        leave_work(session, world.at)
        seed_offers(session, world.at)
        _seed_words(session, world, first)
        sign_periods(session, OPERATOR, world)
        for planned in world.agreements:
            _seed_agreement(session, planned)
    happenings = Happenings(database, world, partners)
    for person in world.persons.values():
        happenings.register(person)
    for fact in world.facts:
        happenings.happen(fact)
    with database.transaction() as session:
        leave_rights(session, world, happenings.ids, DESK)


def _seed_directory(session: Session, world: World, at: datetime) -> None:
    for planned in world.agencies:
        register_agency(session, _agency(planned, at))
        if planned.suspended is not None:
            away = Interval(planned.suspended)
            suspend(session, planned.code, away, planned.suspended)
    appoint(session, AGENCY, at, keeping.OPERATOR, at)
    contacts = {
        contact.code: publish_contact_point(session, contact, at)
        for contact in (INVENTED, *published())
    }
    load_places(session, at)
    seed_coverage(session, contacts, at, world.at)


def _agency(planned: PlannedAgency, at: datetime) -> Agency:
    return Agency(
        code=planned.code,
        name=planned.name,
        kind=planned.kind,
        recorded_at=at,
        sensitive_service=planned.sensitive_service,
        active=(Interval(planned.starts),),
    )


def _seed_words(session: Session, world: World, at: datetime) -> None:
    """Enter purposes, categories and notices, and have the settings signed."""
    for code, title in world.purposes.items():
        vocabulary.add_purpose(session, Purpose(code, title), OPERATOR, at)
    for code, (title, sensitive) in world.categories.items():
        category = Category(code, title, sensitive=sensitive)
        vocabulary.add_category(session, category, OPERATOR, at)
    values = vocabulary.NewValues(
        own_decision_age=_OWN_DECISION_AGE, verbal_grace_days=_VERBAL_GRACE_DAYS
    )
    signature = vocabulary.Signature("IG lead of the partnership", "partnership board", at)
    vocabulary.sign_settings(session, values, signature, OPERATOR, at)
    seed_notices(session, OPERATOR, at)


def _seed_agreement(session: Session, planned: PlannedAgreement) -> None:
    """Draft an agreement, or its next version, and have it signed and put in force if it was."""
    draft = _draft(planned)
    if planned.version > 1:
        version = agreements.draft_version(session, planned.code, draft, planned.at)
    else:
        version = 1
        founders = tuple(one for one in _members(planned) if one.joined == planned.at)
        new = NewAgreement(planned.code, planned.title, planned.human_contact, founders, draft)
        agreements.draft_agreement(session, new, OPERATOR.agency, planned.at)
    if planned.activated:
        for member in _members(planned):
            if member.joined == planned.at:
                _sign(session, planned.code, version, member.agency, planned.at)
        signing.activate(session, planned.code, version, planned.at)
    for member in _members(planned):
        if planned.version == 1 and member.joined is not None and member.joined > planned.at:
            agreements.join(session, planned.code, member, member.joined)
            _sign(session, planned.code, version, member.agency, member.joined)


def _draft(planned: PlannedAgreement) -> Draft:
    flows = tuple(_flow(flow) for flow in planned.flows)
    carried = {category for flow in flows for category in flow.categories}
    return Draft(
        effective_from=planned.effective_from,
        expires=planned.expires,
        review_due=planned.review_due,
        flows=flows,
        wording=replace(
            WORKED[planned.template].wording,
            impact_assessment=f"Assessment {planned.code}-1, kept by the partnership office",
            **planned.wording,
        ),
        retention=tuple(
            Retention(category, planned.months, "the closing of the plan")
            for category in sorted(carried)
        ),
    )


def _sign(session: Session, code: str, version: int, agency: str, at: datetime) -> None:
    """Have an invented official of an agency sign on paper."""
    found = on_file.agreement(session, code)
    if found is None:
        message = f"there is no agreement {code}"
        raise LookupError(message)
    statement = Statement(
        agreement=code,
        version=version,
        content_sha256=found.versions[version - 1].content_sha256 or "",
        agency=agency,
        signatory=Signatory(f"Head of {agency}", "responsible officer"),
        signed_at=at,
    )
    proof = Proof(means=Means.PAPER, reference=f"Partnership office, folder {code}")
    signing.sign(session, statement, proof, OPERATOR.client, at)


def _members(planned: PlannedAgreement) -> Iterator[MemberDraft]:
    for agency, joined in sorted(planned.members.items()):
        contact = f"Data protection desk, dpo@{agency}.example"
        yield MemberDraft(agency, joined, role="member", data_protection_contact=contact)


def _flow(flow: PlannedFlow) -> FlowDraft:
    return FlowDraft(
        code=flow.code,
        sources=frozenset(flow.sources),
        recipients=frozenset(flow.recipients),
        purposes=frozenset(flow.purposes),
        categories=frozenset(flow.categories),
        kinds=frozenset(flow.kinds),
        basis=LawfulBasis(flow.basis),
        requires=Requirement(flow.requires),
        law=flow.law,
        special_condition=flow.special_condition,
        verbal=flow.verbal,
        override=flow.override,
        pierces_shield=flow.pierces_shield,
        practitioner=Assurance[flow.practitioner.upper()],
    )
