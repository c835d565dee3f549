"""What would change: logged requests, and what could be asked now, decided anew under a draft.

1. A request is put together again from its entry. What was settled before any agreement was looked
   at stays as it was: no agreement changes it. Where agreements alone refused, nobody was looked
   for then, and the subject is the one whom the identifiers name now.
2. Both answers are of the decision itself, on the facts as they were at the request's instant: one
   under the versions in force then, one with the draft in their place. If the first is not what
   was answered then, facts have changed since and the entry proves nothing.
3. The draft is taken to be in force at every instant, signed by all its parties that have not
   left. Everything else stays: other agreements, settings, consents, shields.
4. For the present, whatever the agreement opens or would open of what is held now is asked, on
   whichever basis leads furthest; what nobody holds is refused either way.
5. Whoever may not read the whole log is told of a refusal what a preview tells them: the source why
   its own is refused, but of no shield, which may protect from the source too; the recipient what a
   request would be told.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from consent.rules.deciding import during
from consent.terms import ALWAYS
from sharing.rules.deciding import decide
from sharing.rules.previewing import anybody_of, places, verdict_at
from sharing.rules.telling import categories_of, outcome_of, sources_of
from sharing.terms.agreements import Draft, FlowDraft
from sharing.terms.answers import Decision, Permit
from sharing.terms.asking import Asker, DisclosureRequest, Override, Practitioner
from sharing.terms.codes import EVERY_SOURCE, Assurance, Ground, Kind, Reason
from sharing.terms.facts import Agreement, Flow, SubjectFacts, Terms
from sharing.terms.previewing import Place, Verdict, Wanted
from sharing.terms.replaying import (
    Answer,
    Change,
    Changed,
    Difference,
    Logged,
    NotReplayed,
    Part,
)

_SETTLED: Final = frozenset(
    {
        Reason.REQUEST_INVALID,
        Reason.AGENCY_NOT_ACTIVE,
        Reason.CLIENT_NOT_PERMITTED,
        Reason.JUSTIFICATION_REQUIRED,
    }
)
_BY_AGREEMENTS: Final = frozenset(
    {Reason.NO_AGREEMENT, Reason.FLOW_NOT_COVERED, Reason.BASIS_NOT_ACCEPTED}
)
_SURELY_NAMED: Final = Practitioner("", "", Assurance.SIGNED_IN)
_JOIN: Final = ", "
_PERMITTING: Final = frozenset(
    {Ground.STATUTORY, Ground.AGREEMENT, Ground.CONSENT, Ground.OVERRIDE}
)
_UNTOLD_TO_A_SOURCE: Final = frozenset({Ground.SHIELDED.value})
_UNTOLD_TO_A_RECIPIENT: Final = frozenset(one.value for one in Ground) - _PERMITTING


def in_force(code: str, version: int, draft: Draft, members: Iterable[str]) -> Agreement:
    """Return a draft as if it were in force at every instant, with these members (3)."""
    return Agreement(
        code,
        version,
        ALWAYS,
        dict.fromkeys(members, (ALWAYS,)),
        tuple(_flow(place, one) for place, one in enumerate(draft.flows)),
        draft.review_due,
    )


def with_draft(terms: Terms, draft: Agreement) -> Terms:
    """Return the terms with the draft in the place of every version of its agreement."""
    kept: list[Agreement] = []
    placed = False
    for one in terms.agreements:
        if one.code != draft.code:
            kept.append(one)
        elif not placed:
            kept.append(draft)
            placed = True
    if not placed:
        kept.append(draft)
    return replace(terms, agreements=tuple(kept))


def concerns(logged: Logged, members: frozenset[str]) -> bool:
    """Say whether an entry is of a request to these agencies; the recipient is one of them."""
    return "purpose" in logged.facts and logged.facts["source"] in {*members, EVERY_SOURCE}


def looked_for_nobody(logged: Logged) -> bool:
    """Say whether the agreements alone refused a request, so that its entry knows no subject."""
    return logged.facts.get("code") in _BY_AGREEMENTS


def asked_again(facts: Mapping[str, Any], about: Mapping[str, Any]) -> DisclosureRequest:
    """Return the request that an entry tells of, from a client that was registered for it (1)."""
    said = about["asked"]
    asker = Asker(
        facts["client"],
        facts["agency"],
        frozenset({facts["purpose"]}),
        frozenset({facts["kind"]}),
        may_override=True,
    )
    return DisclosureRequest(
        asker=asker,
        recipient=said["recipient"],
        source=said["source"],
        kind=facts["kind"],
        purpose=facts["purpose"],
        claimed_basis=facts["basis"],
        categories=tuple(facts["categories"]),
        practitioner=_practitioner(facts, about),
        override=_override(facts, about),
        narrowed_to=said.get("narrowed_to"),
    )


def replayed(
    logged: Logged, before: Terms, after: Terms, facts: SubjectFacts
) -> Changed | NotReplayed:
    """Say what a draft makes of a logged request (1, 2)."""
    if logged.facts.get("code") in _SETTLED:
        code = str(logged.facts["code"])
        return Changed(Change.SAME, code, code)
    if logged.about is None:
        return NotReplayed.ERASED
    asked = asked_again(logged.facts, logged.about)
    then = decide(asked, before, facts, logged.at)
    if not _as_logged(then, logged.facts):
        return NotReplayed.FACTS_CHANGED
    told = _answer(then), _answer(decide(asked, after, facts, logged.at))
    place = Place(asked.source, asked.purpose, "", asked.kind)
    return _changed(Part.REQUESTS, told, (asked.recipient, place), logged.at, logged.id)


def opened_by(
    code: str, worlds: Iterable[Terms], recipients: Iterable[str], at: datetime
) -> Mapping[str, frozenset[Place]]:
    """Return by recipient what one agreement opens in any of these worlds at an instant."""
    only = [
        replace(
            terms,
            agreements=tuple(
                one for one in terms.agreements if one.code == code and during(one.period, at)
            ),
        )
        for terms in worlds
    ]
    return {
        one: frozenset(place for terms in only for place in places(_wanted(one, terms), terms))
        for one in recipients
    }


def present(
    opened: Mapping[str, frozenset[Place]],
    before: Terms,
    after: Terms,
    facts: SubjectFacts,
    at: datetime,
) -> Iterator[Changed]:
    """Yield what a draft makes of each thing that could be told of a subject now (4)."""
    if facts.subject is None:
        return
    held = {(one.source, one.category) for one in facts.holdings}
    for recipient, open_places in sorted(opened.items()):
        together: dict[Place, list[tuple[Verdict, Verdict]]] = {}
        for place in sorted(one for one in open_places if (one.source, one.category) in held):
            pair = (
                verdict_at(place, _wanted(recipient, before), before, facts, at),
                verdict_at(place, _wanted(recipient, after), after, facts, at),
            )
            together.setdefault(replace(place, category=""), []).append(pair)
        for group, pairs in together.items():
            answers = (
                _taken_together([then for then, _ in pairs]),
                _taken_together([now for _, now in pairs]),
            )
            yield _changed(Part.SUBJECTS, answers, (recipient, group), at, facts.subject.id)


def change_of(before: Answer, after: Answer) -> Change:
    """Say what kind of change there is between two answers."""
    if before.told == after.told:
        return Change.SAME if before == after else Change.OTHER_REASON
    if not before.told:
        return Change.NEWLY_PERMITTED
    return Change.OTHER_CATEGORIES if after.told else Change.NEWLY_REFUSED


def as_told(one: Difference, agency: str) -> Difference:
    """Return a difference as the IG lead of one agency may know it (5)."""
    veil = _UNTOLD_TO_A_SOURCE if one.source == agency else _UNTOLD_TO_A_RECIPIENT
    return replace(one, before=_veiled(one.before, veil), after=_veiled(one.after, veil))


def _veiled(codes: str, veil: frozenset[str]) -> str:
    told = (Reason.NOT_AVAILABLE.value if code in veil else code for code in codes.split(_JOIN))
    return _JOIN.join(dict.fromkeys(told))


def _changed(
    part: Part,
    answers: tuple[Answer, Answer],
    where: tuple[str, Place],
    at: datetime,
    named: UUID,
) -> Changed:
    before, after = answers
    change = change_of(before, after)
    if change is Change.SAME:
        return Changed(change, before.code, after.code)
    recipient, place = where
    difference = Difference(
        part=part,
        change=change,
        at=at,
        recipient=recipient,
        source=place.source,
        purpose=place.purpose,
        kind=place.kind,
        before=before.code,
        after=after.code,
        told_before=tuple(sorted(before.told)),
        told_after=tuple(sorted(after.told)),
        entry=named if part is Part.REQUESTS else None,
        subject=named if part is Part.SUBJECTS else None,
    )
    return Changed(change, before.code, after.code, difference)


def _as_logged(decision: Decision, facts: Mapping[str, Any]) -> bool:
    """Say whether the decision made again is the one that was logged."""
    if outcome_of(decision) != facts["outcome"]:
        return False
    if isinstance(decision, Permit):
        told = categories_of(decision), sources_of(decision)
        return told == (facts["disclosed"], facts["sources"])
    return (decision.reason, decision.ground) == (facts["code"], facts["ground"])


def _answer(decision: Decision) -> Answer:
    beside = {(where, str(ground)) for where, ground in decision.withheld.items()}
    if isinstance(decision, Permit):
        pointer = decision.asked.kind == Kind.POINTER
        told = sources_of(decision) if pointer else categories_of(decision)
        grounds = sorted({str(grant.ground) for grant in decision.grants})
        beside |= {(where, str(reason)) for where, reason in decision.refused.items()}
        beside |= {(grant.category, str(grant.ground)) for grant in decision.grants}
        return Answer(frozenset(told), _JOIN.join(grounds), frozenset(beside))
    return Answer(frozenset(), str(decision.ground or decision.reason), frozenset(beside))


def _taken_together(verdicts: list[Verdict]) -> Answer:
    """Return what one request for all these categories tells, and why."""
    permitted = [one for one in verdicts if one.reason is None]
    why = permitted or verdicts
    codes = sorted({str(one.ground or one.reason) for one in why})
    beside = {(one.category, str(one.ground or one.reason)) for one in verdicts}
    told = frozenset(one.category for one in permitted)
    return Answer(told, _JOIN.join(codes), frozenset(beside))


def _wanted(recipient: str, terms: Terms) -> Wanted:
    return Wanted(anybody_of(recipient, terms), recipient, practitioner=_SURELY_NAMED)


def _practitioner(facts: Mapping[str, Any], about: Mapping[str, Any]) -> Practitioner | None:
    named = about["practitioner"]
    if named is None:
        return None
    return Practitioner(named["id"], named["role"], Assurance[facts["assurance"].upper()])


def _override(facts: Mapping[str, Any], about: Mapping[str, Any]) -> Override | None:
    said = about["override"]
    if said is None:
        return None
    return Override(facts["override"], said["justification"], said["reference"])


def _flow(place: int, one: FlowDraft) -> Flow:
    return Flow(
        UUID(int=place),
        one.code,
        one.sources,
        one.recipients,
        one.purposes,
        one.categories,
        one.basis,
        one.requires,
        one.kinds,
        one.verbal,
        one.override,
        one.pierces_shield,
        one.practitioner,
    )
