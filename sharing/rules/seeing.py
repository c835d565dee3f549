"""Who may know who was told what, and what stays veiled from them.

1. An adult asks for themselves; so does a young person of the own-decision age, and a child found
   competent for any purpose. For a younger child whoever has parental responsibility may ask, while
   they have a say.
2. While somebody is hidden by a shield, only they themselves may ask: the danger may be at home.
3. What passed a shield is never listed. What a sensitive service was told, or told, is listed for
   the person alone.
   A reading that told nothing of others (an agency that looked at its own) is not listed at all.
4. What was told because of a serious crime, or by order of a court, is listed after 180 days; what
   was told for a risk of significant harm, or by statute without anybody's agreement, after 30: to
   tell at once would warn whoever is enquired about (DPA 2018, schedules 2 and 3).
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from consent.rules.deciding import during, of_age, shielding
from consent.terms import Policy, ShieldMode, Subject
from sharing.terms.codes import Flag, Ground, OverrideReason
from sharing.terms.seeing import Seen, Told, Veil

POLICE_DELAY: Final = timedelta(days=180)
SAFEGUARDING_DELAY: Final = timedelta(days=30)
_POLICE: Final = frozenset({OverrideReason.SERIOUS_CRIME, OverrideReason.COURT_ORDER})
_WHY: Final = {
    Ground.STATUTORY: "the law asks for it",
    Ground.AGREEMENT: "the family agreed to help",
    Ground.CONSENT: "consent was given",
    Ground.OVERRIDE: "somebody could have come to harm",
}
_NOBODY: Final = ""


def may_ask(subject: Subject, person: UUID, policy: Policy, at: datetime) -> bool:
    """Say whether this person may be shown who was told about the subject (1, 2)."""
    if person == subject.id:
        return (
            subject.adult
            or of_age(subject.born, policy.own_decision_age, at)
            or any(
                one.competent and one.at <= at and (one.until is None or at < one.until)
                for one in subject.assessments
            )
        )
    if subject.adult or of_age(subject.born, policy.own_decision_age, at) or _hidden(subject, at):
        return False
    return any(
        one.person == person
        and during(one.period, at)
        and not (one.no_say is not None and during(one.no_say, at))
        for one in subject.responsible
    )


def veil(
    told: Told, sensitive: frozenset[str], at: datetime, *, to_themselves: bool
) -> Veil | None:
    """Return the rule that keeps a disclosure out of the list at this instant, if any (3, 4)."""
    if told.facts.get("disclosed") == []:
        return Veil.NOTHING_TOLD
    if Flag.SHIELD_PIERCED in told.facts.get("flags", ()):
        return Veil.PROTECTED_PERSON
    agencies = {told.recipient, *told.facts.get("sources", ())}
    if agencies & sensitive and not to_themselves:
        return Veil.SENSITIVE_SERVICE
    override = told.facts.get("override")
    if override in _POLICE and at < told.at + POLICE_DELAY:
        return Veil.POLICE_ENQUIRY
    harm = override is not None or Ground.STATUTORY in _grounds(told)
    if harm and at < told.at + SAFEGUARDING_DELAY:
        return Veil.SAFEGUARDING_ENQUIRY
    return None


def in_plain_words(
    told: Told,
    agencies: Mapping[str, str],
    purposes: Mapping[str, str],
    categories: Mapping[str, str],
) -> Seen:
    """Return a disclosure as a person reads it; a code without a title stands for itself."""
    facts = told.facts
    why = [words for ground, words in _WHY.items() if ground in _grounds(told)]
    named = {f"{one['agreement']} version {one['version']}" for one in facts.get("grounds", ())}
    return Seen(
        told.id,
        told.at,
        agencies.get(told.recipient, told.recipient),
        tuple(agencies.get(one, one) for one in facts.get("sources", ())),
        purposes.get(str(facts.get("purpose")), str(facts.get("purpose"))),
        tuple(categories.get(one, one) for one in facts.get("disclosed", ())),
        "; ".join(why),
        tuple(sorted(named)),
    )


def _hidden(subject: Subject, at: datetime) -> bool:
    shields = shielding(subject.shields, _NOBODY, at)
    return any(one.mode is ShieldMode.HIDDEN for one in shields)


def _grounds(told: Told) -> frozenset[str]:
    return frozenset(one["ground"] for one in told.facts.get("grounds", ()))
