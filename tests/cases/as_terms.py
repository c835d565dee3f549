"""From the nouns of a case file to the words that our rules decide on."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID, uuid5

from consent.terms import Answer as Said
from consent.terms import (
    CompetenceAssessment,
    ConflictOfInterest,
    Consent,
    ConsentKind,
    Member,
    Method,
    ParentalResponsibility,
    ParentsDisagree,
    Period,
    Policy,
    ShieldMode,
    Subject,
)
from consent.terms import Shield as ShieldOnFile
from sharing.rules.deciding import decide
from sharing.terms.answers import Decision, Permit
from sharing.terms.asking import Asker, DisclosureRequest, Practitioner
from sharing.terms.asking import Override as Overridden
from sharing.terms.codes import Assurance, LawfulBasis, Requirement
from sharing.terms.facts import AgencyStanding, Holding, SubjectFacts, Terms
from sharing.terms.facts import Agreement as AgreementInForce
from sharing.terms.facts import Flow as OpenFlow
from sharing.terms.facts import Withhold as Withheld
from tests.cases import words

NAMES = UUID("5f0a4c1e-7c57-4c6e-9d37-5b1f0f6d8a01")
KINDS = {"agreement": ConsentKind.FAMILY_AGREEMENT, "consent": ConsentKind.DATA_CONSENT}
REQUIRES = {
    "none": Requirement.NONE,
    "agreement": Requirement.FAMILY_AGREEMENT,
    "consent": Requirement.DATA_CONSENT,
}


def id_of(name: str) -> UUID:
    return uuid5(NAMES, name)


def decided(case: words.Case, ask: words.Ask) -> words.Answer:
    """Decide one ask by our rules, and say the answer in the words of the file."""
    asked, terms = asked_of(case.world, ask), terms_of(case.world)
    facts = facts_of(case.world, case.given, ask.subject, ask.at)
    return answer_of(decide(asked, terms, facts, ask.at), _names(case.world))


def answer_of(decision: Decision, names: dict[UUID, str]) -> words.Answer:
    withheld = {code: str(ground) for code, ground in decision.withheld.items()}
    if not isinstance(decision, Permit):
        ground = None if decision.ground is None else str(decision.ground)
        return words.Answer(
            "deny",
            reason=str(decision.reason),
            audit=words.Audit(reason=ground, withheld=withheld),
        )
    pointer = decision.asked.kind == "pointer"
    return words.Answer(
        "partial" if decision.refused else "permit",
        frozenset(grant.category for grant in decision.grants),
        {code: str(reason) for code, reason in decision.refused.items()},
        obligations=frozenset(map(str, decision.obligations)),
        sources=frozenset(grant.source for grant in decision.grants) if pointer else None,
        redact=frozenset(names[member] for member in decision.left_out),
        audit=words.Audit(
            ground=" and ".join(sorted({str(grant.ground) for grant in decision.grants})),
            withheld=withheld,
            flags=frozenset(map(str, decision.flags)),
        ),
    )


def _names(world: words.World) -> dict[UUID, str]:
    members = {one.name for household in world.households.values() for one in household}
    return {id_of(name): name for name in members | set(world.subjects)}


def terms_of(world: words.World) -> Terms:
    return Terms(
        purposes=frozenset(world.purposes),
        categories=dict(world.categories),
        agencies={
            code: AgencyStanding(_periods(agency.active), agency.sensitive_service)
            for code, agency in world.agencies.items()
        },
        agreements=tuple(_agreement(code, one) for code, one in world.agreements.items()),
        policy=Policy(
            own_decision_age=world.settings.own_decision_age,
            verbal_grace_days=world.settings.verbal_grace_days,
            parents_disagree=ParentsDisagree(world.settings.parents_disagree),
        ),
    )


def asked_of(world: words.World, ask: words.Ask) -> DisclosureRequest:
    client = world.clients[ask.client]
    named = ask.practitioner
    override = ask.override
    return DisclosureRequest(
        asker=Asker(
            client_id=ask.client,
            agency=client.agency,
            purposes=frozenset(client.purposes),
            kinds=frozenset(client.kinds),
            may_override=client.may_override,
        ),
        recipient=ask.agency or client.agency,
        source=ask.source,
        kind=ask.kind,
        purpose=ask.purpose,
        claimed_basis=ask.basis,
        categories=ask.categories,
        practitioner=None if named is None else Practitioner(named, "", Assurance.STATED),
        override=None if override is None else Overridden(override.reason, override.justification),
    )


def facts_of(world: words.World, given: words.Given, subject: str, at: datetime) -> SubjectFacts:
    """Gather what is on file about one subject at one instant."""
    person = world.subjects.get(subject)
    if person is None:
        return SubjectFacts(None)
    return SubjectFacts(
        subject=Subject(
            id=id_of(subject),
            adult=person.adult,
            born=person.born,
            responsible=tuple(_responsible(person.people)),
            assessments=tuple(
                CompetenceAssessment(one.purpose, one.competent, one.at, one.until)
                for one in given.competence
                if one.subject == subject
            ),
            consents=tuple(
                _consent(world, given, one) for one in given.consents if subject in one.subjects
            ),
            shields=_shields(given, subject),
            conflicts=tuple(
                ConflictOfInterest(one.practitioner, _period(one.span))
                for one in given.no_access
                if one.subject == subject
            ),
            period=_period(person.span),
        ),
        holdings=tuple(
            Holding(one.source, one.category, _period(one.span))
            for one in world.records
            if one.subject == subject
        ),
        withholds=tuple(
            Withheld(
                id_of(f"withhold {place}"),
                one.source,
                frozenset(one.categories),
                _period(one.span),
            )
            for place, one in enumerate(given.withholds)
            if subject in one.subjects
        ),
        household=tuple(
            Member(id_of(one.name), _shields(given, one.name))
            for one in world.households.get(subject, ())
            if one.span.holds(at)
        ),
    )


def _agreement(code: str, one: words.Agreement) -> AgreementInForce:
    ends = [end for end in (one.span.ends, one.terminated_at) if end is not None]
    stays: dict[str, list[Period]] = {}
    for member in one.members:
        stays.setdefault(member.name, []).append(_period(member.span))
    return AgreementInForce(
        code=code,
        version=1,
        period=Period(one.span.starts, min(ends, default=None)),
        members={agency: tuple(periods) for agency, periods in stays.items()},
        flows=tuple(_flow(flow) for flow in one.flows),
        review_due=one.review_due,
    )


def _flow(flow: words.Flow) -> OpenFlow:
    return OpenFlow(
        id=id_of(f"flow {flow.id}"),
        code=flow.id,
        sources=frozenset(flow.sources),
        recipients=frozenset(flow.recipients),
        purposes=frozenset(flow.purposes),
        categories=frozenset(flow.categories),
        basis=LawfulBasis(flow.basis),
        requires=REQUIRES[flow.requires],
        kinds=frozenset(flow.kinds),
        verbal=flow.verbal,
        override=flow.override,
        pierces_shield=flow.pierces_shield,
    )


def _responsible(people: Iterable[words.Relative]) -> Iterable[ParentalResponsibility]:
    for one in people:
        no_say = None if one.no_say is None else _period(one.no_say)
        for span in one.responsible:
            yield ParentalResponsibility(id_of(one.name), _period(span), no_say)


def _consent(world: words.World, given: words.Given, one: words.Consent) -> Consent:
    replaced = [later.recorded_at for later in given.consents if later.replaces == one.id]
    return Consent(
        id=id_of(f"consent {one.id}"),
        kind=KINDS[one.kind],
        given_by=id_of(one.by),
        answer=Said(one.decision),
        method=Method(one.method),
        recorded_at=one.recorded_at,
        recipients=frozenset(_recipients(world, one)),
        purposes=frozenset(one.purposes),
        categories=frozenset(one.categories),
        sources=frozenset(one.sources),
        valid_from=one.valid_from,
        valid_until=one.valid_until,
        confirmed_at=one.confirmed_at,
        withdrawn_at=one.withdrawn_at,
        replaced_at=min(replaced, default=None),
    )


def _recipients(world: words.World, one: words.Consent) -> Iterable[str]:
    for recipient in one.recipients:
        before, _, agreement = recipient.partition("agreement:")
        if agreement and not before:
            yield from world.agreements[agreement].members_at(one.recorded_at)
        else:
            yield recipient


def _shields(given: words.Given, subject: str) -> tuple[ShieldOnFile, ...]:
    return tuple(
        ShieldOnFile(
            id=id_of(f"shield {place}"),
            mode=ShieldMode(one.mode),
            period=_period(one.span),
            unaffected=frozenset(one.allow),
            categories=frozenset(one.categories),
        )
        for place, one in enumerate(given.shields)
        if subject in one.subjects
    )


def _periods(spans: Iterable[words.Span]) -> tuple[Period, ...]:
    return tuple(_period(span) for span in spans)


def _period(span: words.Span) -> Period:
    return Period(span.starts, span.ends)
