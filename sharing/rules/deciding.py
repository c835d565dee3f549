"""The second half of a decision: what rests on the subject. All that fails here is one answer.

For each category and source that a path is left for:

1. The source must hold it, must not have withheld it, and the practitioner must have no conflict
   of interest. Nothing below waives these.
2. Flows are tried in the order listed; any one suffices.
3. No shield may stand in the way, unless the flow pierces shields.
4. What the flow requires must be met: nothing where statute carries it, else the family's
   agreement or data consent, standing at this instant. An override waives this and only this.

Then, over all of them:

5. A pointer never lists the asker; with no source left there is nothing to tell.
6. If nothing is left, the answer is `not_available`, whatever the ground was.
7. Household content leaves out every member who is hidden from this recipient, or whose contact
   or household is masked from it.
8. A permit carries its duties; a "no" on file beside it is flagged in the log, not obeyed.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final, TypeVar
from uuid import UUID

from consent.rules.deciding import EITHER_KIND, barred, during, hides, shielding, stance
from consent.terms import ConsentKind, Lack, Member, Need, Shield, Stance, Subject
from sharing.rules.screening import screen
from sharing.terms.answers import Decision, Grant, Path, Permit, Refusal, Screened
from sharing.terms.asking import DisclosureRequest
from sharing.terms.codes import (
    CONTACT,
    HOUSEHOLD,
    Flag,
    Ground,
    Kind,
    Obligation,
    Reason,
    Requirement,
)
from sharing.terms.facts import Flow, SubjectFacts, Terms

T = TypeVar("T")
_SEVERITY: Final = {ground: place for place, ground in enumerate(Ground)}
_DATA_CONSENT_ONLY: Final = frozenset({ConsentKind.DATA_CONSENT})
_GROUND_OF: Final = {
    Requirement.NONE: Ground.STATUTORY,
    Requirement.FAMILY_AGREEMENT: Ground.AGREEMENT,
    Requirement.DATA_CONSENT: Ground.CONSENT,
}
_RESTS_ON_CONSENT: Final = frozenset({Ground.AGREEMENT, Ground.CONSENT})
_AFTER_OVERRIDE: Final = (
    Obligation.IG_REVIEW,
    Obligation.NOTIFY_SOURCE,
    Obligation.INFORM_SUBJECT,
)
_AFTER_PIERCING: Final = (Obligation.IG_REVIEW, Obligation.DO_NOT_REVEAL_LOCATION)


@dataclass(frozen=True, slots=True)
class _Case:
    """What every step reads: one request, what is on file, and the instant."""

    asked: DisclosureRequest
    terms: Terms
    facts: SubjectFacts
    at: datetime


@dataclass(frozen=True, slots=True)
class _Granted:
    """One grant with the duties and flags that come with it."""

    grant: Grant
    obligations: tuple[Obligation, ...]
    flags: tuple[Flag, ...]
    facts_used: tuple[UUID, ...]


@dataclass(frozen=True, slots=True)
class _Withheld:
    """One category that one source does not disclose, and why, for the log."""

    source: str
    category: str
    ground: Ground
    facts_used: tuple[UUID, ...] = ()


def decide(asked: DisclosureRequest, terms: Terms, facts: SubjectFacts, at: datetime) -> Decision:
    """Decide a request from the terms and facts given, and nothing else: both halves in a row."""
    screened = screen(asked, terms, at)
    if isinstance(screened, Refusal):
        return screened
    return decide_screened(screened, terms, facts, at)


def decide_screened(
    screened: Screened, terms: Terms, facts: SubjectFacts, at: datetime
) -> Decision:
    """Decide what passed the first half."""
    asked = screened.asked
    case = _Case(asked, terms, facts, at)
    granted: list[_Granted] = []
    withheld: list[_Withheld] = []
    for (source, category), paths in screened.paths.items():
        if asked.kind == Kind.POINTER and source == asked.recipient:  # 5
            continue
        answer = _one(case, source, category, paths)
        if isinstance(answer, _Granted):
            granted.append(answer)
        else:
            withheld.append(answer)
    if granted:
        return _permit(case, screened, granted, withheld)
    return Refusal(  # 6
        asked,
        Reason.NOT_AVAILABLE,
        _worst([one.ground for one in withheld]),
        _grounds(asked, withheld),
        _each_once(one.facts_used for one in withheld),
    )


def left_out(household: Iterable[Member], recipient: str, at: datetime) -> frozenset[UUID]:
    """Return the members whom household content must not show to this recipient."""
    return frozenset(
        member.id
        for member in household
        if any(hides(s, CONTACT, HOUSEHOLD) for s in shielding(member.shields, recipient, at))
    )


def _one(case: _Case, source: str, category: str, paths: tuple[Path, ...]) -> _Granted | _Withheld:
    """Decide one category from one source."""
    asked, subject, at = case.asked, case.facts.subject, case.at
    if subject is None or not during(subject.period, at):
        return _Withheld(source, category, Ground.NO_RECORD)
    grounds, used = _blocks(case, subject, source, category)  # 1
    blocked = bool(grounds)
    shields = [
        one for one in shielding(subject.shields, asked.recipient, at) if hides(one, category)
    ]
    for path in paths:  # 2
        if shields and not path.flow.pierces_shield:  # 3
            grounds.append(Ground.SHIELDED)
            used += [shield.id for shield in shields]
            continue
        need = _need(case, path.flow, source, category)
        stands = stance(subject, need, case.terms.policy, at)
        used += stands.carried_by
        lack = _unmet(path.flow, asked, stands)  # 4
        if lack is not None:
            grounds.append(Ground(lack))
        elif not blocked:
            grant = Grant(source, category, path, *_rests_on(asked, path, stands))
            return _granted(case, grant, stands, shields)
    return _Withheld(source, category, _worst(grounds), tuple(dict.fromkeys(used)))


def _blocks(
    case: _Case, subject: Subject, source: str, category: str
) -> tuple[list[Ground], list[UUID]]:
    """Return what nothing waives, and the facts that say so."""
    at, practitioner = case.at, case.asked.practitioner
    grounds: list[Ground] = []
    used: list[UUID] = []
    if not any(
        one.category == category and one.source == source and during(one.period, at)
        for one in case.facts.holdings
    ):
        grounds.append(Ground.NO_RECORD)
    for one in case.facts.withholds:
        if one.source == source and category in one.categories and during(one.period, at):
            grounds.append(Ground.SOURCE_WITHHELD)
            used.append(one.id)
    if practitioner is not None and barred(subject, practitioner.id, at):
        grounds.append(Ground.CONFLICT_OF_INTEREST)
    return grounds, used


def _need(case: _Case, flow: Flow, source: str, category: str) -> Need:
    data_consent = flow.requires is Requirement.DATA_CONSENT
    return Need(
        kinds=_DATA_CONSENT_ONLY if data_consent else EITHER_KIND,
        recipient=case.asked.recipient,
        source=source,
        purpose=case.asked.purpose,
        category=category,
        sensitive_category=case.terms.categories[category],
        sensitive_source=case.terms.agencies[source].sensitive_service,
        verbal_accepted=flow.verbal,
    )


def _unmet(flow: Flow, asked: DisclosureRequest, stands: Stance) -> Lack | None:
    waived = asked.override is not None and flow.override
    return None if waived or flow.requires is Requirement.NONE else stands.lack


def _rests_on(
    asked: DisclosureRequest, path: Path, stands: Stance
) -> tuple[Ground, tuple[UUID, ...]]:
    """Return what a grant rests on, and the consents where it rests on those."""
    if asked.override is not None:
        return Ground.OVERRIDE, ()
    ground = _GROUND_OF[path.flow.requires]
    return ground, stands.carried_by if ground in _RESTS_ON_CONSENT else ()


def _granted(case: _Case, grant: Grant, stands: Stance, shields: list[Shield]) -> _Granted:
    """Return the grant with the duties and flags that come with it (8)."""
    review_due = grant.path.agreement.review_due
    obligations: list[Obligation] = []
    flags: list[Flag] = []
    if grant.ground in _RESTS_ON_CONSENT and stands.to_confirm:
        obligations.append(Obligation.CONFIRM_CONSENT_IN_WRITING)
    if review_due is not None and review_due <= case.at:
        obligations.append(Obligation.AGREEMENT_REVIEW_DUE)
    if grant.ground is Ground.OVERRIDE:
        obligations += _AFTER_OVERRIDE
    if shields:
        obligations += _AFTER_PIERCING
        flags.append(Flag.SHIELD_PIERCED)
    if stands.refusal_on_file:
        flags.append(Flag.REFUSAL_ON_FILE)
    used = (*stands.carried_by, *(shield.id for shield in shields))
    return _Granted(grant, tuple(obligations), tuple(flags), used)


def _permit(
    case: _Case, screened: Screened, granted: list[_Granted], withheld: list[_Withheld]
) -> Permit:
    asked = case.asked
    disclosed = {one.grant.category for one in granted}
    household = case.facts.household if HOUSEHOLD in disclosed else ()
    return Permit(
        asked,
        tuple(one.grant for one in granted),
        {
            category: screened.refused.get(category, Reason.NOT_AVAILABLE)
            for category in asked.categories
            if category not in disclosed
        },
        _grounds(asked, withheld),
        _each_once(one.obligations for one in granted),
        _each_once(one.flags for one in granted),
        left_out(household, asked.recipient, case.at),  # 7
        _each_once([one.facts_used for one in granted] + [one.facts_used for one in withheld]),
    )


def _grounds(asked: DisclosureRequest, withheld: list[_Withheld]) -> Mapping[str, Ground]:
    """Return the ground for each category, or for each source where a pointer asks several."""
    if asked.kind == Kind.POINTER:
        return {one.source: one.ground for one in withheld}
    return {one.category: one.ground for one in withheld}


def _worst(grounds: Iterable[Ground]) -> Ground:
    return max(grounds, key=_SEVERITY.__getitem__, default=Ground.NO_RECORD)


def _each_once(groups: Iterable[tuple[T, ...]]) -> tuple[T, ...]:
    return tuple(dict.fromkeys(one for group in groups for one in group))
