"""What happens in the invented partnership, one transaction for each fact of the plan."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from app.demo.asking import asker_of, client_of, identifier_of, stopped
from app.demo.notices import NOTICE_VERSION
from app.demo.pushes import Pushes
from app.demo.world.terms import (
    Fact,
    Oddity,
    PlannedAssessment,
    PlannedConfirmation,
    PlannedConflictOfInterest,
    PlannedConsent,
    PlannedHousehold,
    PlannedNoSay,
    PlannedPerson,
    PlannedRecord,
    PlannedRelationship,
    PlannedRequest,
    PlannedShield,
    PlannedWithdrawal,
    PlannedWithhold,
    World,
)
from app.kernel.db import Database
from consent.actions import consents, families, holding, protection, subjects
from consent.actions.partners import Partners
from consent.actions.writing import Writer
from consent.queries.consents import Notice, Recorder
from consent.terms import Answer, ConsentKind, Method, ShieldMode
from sharing.actions import records
from sharing.actions.disclosing import disclose
from sharing.actions.obligations import Closing, close_obligation
from sharing.terms.answers import Disclosure
from sharing.terms.asking import Asker, DisclosureRequest, Override, Practitioner
from sharing.terms.codes import Assurance, Obligation
from sharing.terms.records import Deposit, HoldBack

DESK: Final = Writer("consent-desk", "eh-hub")
_KEPT_FOR = timedelta(days=6 * 365)
_CLOSED_AFTER = timedelta(days=3)
_CLOSED_IF_OLDER_THAN = timedelta(days=15)
_NEVER_CLOSED = {Oddity.SAME_OVERRIDE_TEXT}


class Happenings:
    """Remembers under which ids the plan's people and consents are on file."""

    def __init__(self, database: Database, world: World, partners: Partners) -> None:
        self._database = database
        self._world = world
        self._partners = partners
        self._clients = {client.client_id: client for client in world.clients}
        self._subjects: dict[str, UUID] = {}
        self._relationships: dict[tuple[str, str], UUID] = {}
        self._consents: dict[str, UUID] = {}
        self._acts: Mapping[type, Callable[[Any], None]] = {
            PlannedRelationship: self._relate,
            PlannedNoSay: self._end_say,
            PlannedHousehold: self._set_household,
            PlannedConsent: self._consent,
            PlannedConfirmation: self._confirm,
            PlannedWithdrawal: self._withdraw,
            PlannedAssessment: self._assess,
            PlannedShield: self._shield,
            PlannedConflictOfInterest: self._bar,
            PlannedWithhold: self._withhold,
            PlannedRecord: self._deposit,
            PlannedRequest: self._ask,
            **Pushes(database, world, self._subjects).acts,
        }

    def register(self, person: PlannedPerson) -> None:
        """Enter a person; comes before every fact about them."""
        given = [subjects.GivenIdentifier(scheme, value) for scheme, value in person.identifiers]
        name = subjects.Name(person.given, person.surname)
        new = subjects.NewSubject(adult=person.adult, born=person.born, name=name)
        with self._database.transaction() as session:
            known = subjects.read_identifiers(session, given, self._partners)
            at = holding.hold_new(session, [one.digest for one in known], stopped(person.at))
            self._subjects[person.key] = subjects.register(session, new, known, DESK, at)

    @property
    def ids(self) -> Mapping[str, UUID]:
        """Under which id each person of the plan is on file."""
        return self._subjects

    def happen(self, fact: Fact) -> None:
        """Put one fact on file, as of its own instant."""
        self._acts[type(fact)](fact)

    def _ids(self, keys: Iterable[str]) -> frozenset[UUID]:
        return frozenset(self._subjects[key] for key in keys)

    def _relate(self, fact: PlannedRelationship) -> None:
        child, person = self._subjects[fact.child], self._subjects[fact.person]
        new = families.NewRelationship(person, fact.kind, fact.parental_responsibility)
        with self._database.transaction() as session:
            at = holding.hold_subjects(session, (child,), stopped(fact.at))
            related = families.relate(session, child, new, DESK, at)
        self._relationships[fact.child, fact.person] = related

    def _end_say(self, fact: PlannedNoSay) -> None:
        child = self._subjects[fact.child]
        relationship = self._relationships[fact.child, fact.person]
        with self._database.transaction() as session:
            at = holding.hold_subjects(session, (child,), stopped(fact.at))
            new = families.NewNoSay(relationship, at, fact.evidence)
            families.end_say(session, child, new, DESK, at)

    def _set_household(self, fact: PlannedHousehold) -> None:
        child = self._subjects[fact.child]
        members = [families.NewMember(self._subjects[key]) for key in fact.members]
        with self._database.transaction() as session:
            at = holding.hold_subjects(session, (child,), stopped(fact.at))
            families.set_household(session, child, members, DESK, at)

    def _consent(self, fact: PlannedConsent) -> None:
        new = consents.NewConsent(
            kind=ConsentKind(fact.kind),
            subjects=self._ids(fact.subjects),
            given_by=self._subjects[fact.given_by],
            capacity=fact.capacity,
            answer=Answer(fact.answer),
            method=Method(fact.method),
            recipients=frozenset(fact.recipients),
            purposes=frozenset(fact.purposes),
            categories=frozenset(fact.categories),
            notice=Notice(NOTICE_VERSION, fact.language),
            recorder=Recorder("staff-hub-02", "early_help_coordinator"),
            sources=frozenset(fact.sources),
            valid_until=fact.valid_until,
            replaces=None if fact.replaces is None else self._consents[fact.replaces],
            evidence=fact.evidence,
        )
        with self._database.transaction() as session:
            at = holding.hold_subjects_and_replaced(
                session, new.subjects, new.replaces, stopped(fact.at)
            )
            on_file = consents.record(session, new, self._partners, DESK, at)
        self._consents[fact.key] = on_file.id

    def _confirm(self, fact: PlannedConfirmation) -> None:
        consent = self._consents[fact.consent]
        with self._database.transaction() as session:
            at = holding.hold_consent(session, consent, stopped(fact.at))
            consents.confirm(session, consent, DESK, at)

    def _withdraw(self, fact: PlannedWithdrawal) -> None:
        consent = self._consents[fact.consent]
        with self._database.transaction() as session:
            at = holding.hold_consent(session, consent, stopped(fact.at))
            consents.withdraw(session, consent, DESK, at)

    def _assess(self, fact: PlannedAssessment) -> None:
        subject = self._subjects[fact.subject]
        assessor = families.Assessor(fact.role, agency=fact.agency)
        with self._database.transaction() as session:
            at = holding.hold_subjects(session, (subject,), stopped(fact.at))
            new = families.NewAssessment(subject, fact.purpose, fact.competent, assessor, at)
            families.assess(session, new, self._partners, DESK, at)

    def _shield(self, fact: PlannedShield) -> None:
        with self._database.transaction() as session:
            protected = self._ids(fact.subjects)
            at = holding.hold_subjects(session, protected, stopped(fact.at))
            new = protection.NewShield(
                subjects=protected,
                mode=ShieldMode(fact.mode),
                reason=fact.reason,
                set_by=fact.set_by,
                starts=at,
                categories=frozenset(fact.categories),
                unaffected=frozenset(fact.unaffected),
            )
            protection.shield(session, new, self._partners, DESK, at)

    def _bar(self, fact: PlannedConflictOfInterest) -> None:
        subject = self._subjects[fact.subject]
        new = protection.NewConflict(subject, fact.practitioner, fact.reason)
        with self._database.transaction() as session:
            at = holding.hold_subjects(session, (subject,), stopped(fact.at))
            protection.bar(session, new, DESK, at)

    def _withhold(self, fact: PlannedWithhold) -> None:
        held_back = HoldBack(
            source=fact.source,
            categories=frozenset(fact.categories),
            ends=fact.ends,
            reason=fact.reason,
            by=client_of(self._world, fact.source),
        )
        with self._database.transaction(speaking_for=fact.source) as session:
            subject = self._ids((fact.subject,))
            records.withhold(session, subject, held_back, stopped(fact.at))

    def _deposit(self, fact: PlannedRecord) -> None:
        deposit = Deposit(
            source=fact.source,
            category=fact.category,
            content=self._with_ids(fact.content),
            retain_until=fact.at + _KEPT_FOR,
            by=client_of(self._world, fact.source),
        )
        with self._database.transaction(speaking_for=fact.source) as session:
            records.deposit(session, self._subjects[fact.subject], deposit, fact.at)

    def _with_ids(self, content: Mapping[str, Any]) -> dict[str, Any]:
        """Return the content with the ids of household members in the place of their keys."""
        members = content.get("members")
        if members is None:
            return dict(content)
        named = [one | {"subject": str(self._subjects[one["subject"]])} for one in members]
        return {**content, "members": named}

    def _ask(self, fact: PlannedRequest) -> None:
        asked = self._asked(fact)
        with self._database.transaction() as session:
            outcome = disclose(session, asked, stopped(fact.at))
        old = fact.at < self._world.at - _CLOSED_IF_OLDER_THAN
        if isinstance(outcome, Disclosure) and old and fact.oddity not in _NEVER_CLOSED:
            own = [one for one in outcome.permit.obligations if one is not Obligation.IG_REVIEW]
            for duty in own:  # a review of it waits for somebody else
                self._close(outcome.id, duty, asked.asker, fact.at + _CLOSED_AFTER)

    def _close(self, entry: UUID, duty: str, asker: Asker, at: datetime) -> None:
        closing = Closing("done", None, asker.client_id)
        with self._database.transaction(speaking_for=asker.agency) as session:
            close_obligation(session, entry, duty, closing, at)

    def _asked(self, fact: PlannedRequest) -> DisclosureRequest:
        client = self._clients[fact.client]
        return DisclosureRequest(
            asker=asker_of(client),
            recipient=client.agency,
            source=fact.source,
            kind=fact.kind,
            purpose=fact.purpose,
            claimed_basis=fact.basis,
            categories=fact.categories,
            identifiers=(identifier_of(self._world, fact.subject),),
            practitioner=Practitioner(fact.practitioner, fact.role, Assurance.STATED),
            override=None if fact.override is None else Override(*fact.override),
        )
