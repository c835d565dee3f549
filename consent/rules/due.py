"""What falls due about consents, and when: to confirm, to renew, to ask again, to talk over.

1. A verbal yes lapses after the days of grace unless it is confirmed in writing.
2. A yes that ends is due for renewal before it does; one without an end, after the months that
   the council signed off.
3. Who joined an agreement after a yes that named it is not covered: the family is asked again.
4. A yes beside a no of two people who may both decide goes to a person, not to a rule.

What was withdrawn, replaced or refused falls due for nothing of 1 to 3.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import combinations
from uuid import UUID

from consent.rules.deciding import decides
from consent.rules.periods import months_later
from consent.terms import ALL, Answer, Consent, Method, Policy, Subject


class DueKind(StrEnum):
    """Why somebody has to speak with the family."""

    CONFIRM_IN_WRITING = "confirm_in_writing"
    RENEW = "renew"
    ASK_ABOUT_NEW_AGENCIES = "ask_about_new_agencies"
    PARENTS_DISAGREE = "parents_disagree"


@dataclass(frozen=True, slots=True)
class Due:
    """One thing to do about a consent: `on` may have passed. `beside` is the other parent's no."""

    kind: DueKind
    consent: UUID
    on: datetime
    agencies: frozenset[str] = frozenset()
    beside: UUID | None = None


def standing(consent: Consent, at: datetime) -> bool:
    """Say whether a record is neither withdrawn nor replaced at this instant."""
    ended = (consent.withdrawn_at, consent.replaced_at)
    return consent.recorded_at <= at and not any(one is not None and one <= at for one in ended)


def due_of(
    consent: Consent, members_now: Collection[str], policy: Policy, at: datetime
) -> Iterator[Due]:
    """Yield what falls due about one consent, whether soon, today or in the past."""
    if consent.answer is not Answer.GIVEN or not standing(consent, at):
        return
    ended = consent.valid_until is not None and consent.valid_until <= at
    if consent.method is Method.VERBAL and consent.confirmed_at is None and not ended:  # 1
        since = max(consent.recorded_at, consent.valid_from or consent.recorded_at)
        lapses = since + timedelta(days=policy.verbal_grace_days)
        yield Due(DueKind.CONFIRM_IN_WRITING, consent.id, lapses)
    if consent.valid_until is not None:  # 2
        yield Due(DueKind.RENEW, consent.id, consent.valid_until)
    joined = frozenset(members_now) - consent.recipients
    if joined and not ended:  # 3
        yield Due(DueKind.ASK_ABOUT_NEW_AGENCIES, consent.id, at, joined)


def renewal_of(consent: Consent, policy: Policy, at: datetime) -> Iterator[Due]:
    """Yield when a yes without an end is to be put before the family again (2).

    One that was only said, and not confirmed, lapses long before that.
    """
    lapses = consent.method is Method.VERBAL and consent.confirmed_at is None
    open_ended = consent.valid_until is None and not lapses
    if consent.answer is Answer.GIVEN and open_ended and standing(consent, at):
        since = max(consent.recorded_at, consent.valid_from or consent.recorded_at)
        on = months_later(since, policy.consent_renewal_months)
        yield Due(DueKind.RENEW, consent.id, on)


def disagreements(subject: Subject, policy: Policy, at: datetime) -> Iterator[Due]:
    """Yield each yes beside which another decider's no stands, and speaks of the same (4).

    Where one yes suffices the disagreement is a person's to see all the same.
    """
    words = [one for one in subject.consents if _speaks(one, subject, policy, at)]
    for one, other in combinations(words, 2):
        if one.given_by != other.given_by and one.answer is not other.answer:
            yes, no = (one, other) if one.answer is Answer.GIVEN else (other, one)
            if _meet(yes, no):
                since = max(yes.recorded_at, no.recorded_at)
                yield Due(DueKind.PARENTS_DISAGREE, yes.id, since, beside=no.id)


def _speaks(consent: Consent, subject: Subject, policy: Policy, at: datetime) -> bool:
    """Say whether a word stands, is in its time, and is a decider's for some purpose it names."""
    begun = consent.valid_from is None or consent.valid_from <= at
    yes_ended = (
        consent.answer is Answer.GIVEN
        and consent.valid_until is not None
        and consent.valid_until <= at
    )
    if not standing(consent, at) or not begun or yes_ended:
        return False
    return any(decides(subject, consent.given_by, one, policy, at) for one in consent.purposes)


def _meet(yes: Consent, no: Consent) -> bool:
    pairs = (
        (yes.recipients, no.recipients),
        (yes.purposes, no.purposes),
        (yes.categories, no.categories),
        (yes.sources, no.sources),
    )
    return all(ALL in one or ALL in other or one & other for one, other in pairs)
