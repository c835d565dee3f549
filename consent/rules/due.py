"""What falls due about consents, and when: to confirm, to renew, to ask again, to talk over.

1. A verbal yes lapses after the days of grace unless it is confirmed in writing.
2. A yes that ends is due for renewal before it does; one without an end, after the months that
   the council signed off.
3. Who joined an agreement after a yes that named it is not covered: the family is asked again.
4. A yes beside a no of two people who may both decide goes to a person, not to a rule: once, with
   every word that is in it.
5. From the birthday at which a young person decides, what others said for them counts no more.

What was withdrawn, replaced or refused falls due for nothing of 1 to 3, nor does a yes whose giver
has since spoken of all of it.
"""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time
from enum import StrEnum
from itertools import product
from uuid import UUID

from consent.rules.deciding import decides
from consent.rules.latest import counts_from, heard, matter_of, met_by, outlived, says_no
from consent.rules.periods import days_later, months_later
from consent.terms import Answer, Consent, Method, Policy, Subject

Pair = tuple[Consent, Consent]
"""A yes and another person's no that meets it."""


class DueKind(StrEnum):
    """Why somebody has to speak with the family."""

    CONFIRM_IN_WRITING = "confirm_in_writing"
    RENEW = "renew"
    ASK_ABOUT_NEW_AGENCIES = "ask_about_new_agencies"
    PARENTS_DISAGREE = "parents_disagree"
    COMING_OF_AGE = "coming_of_age"


@dataclass(frozen=True, slots=True)
class Due:
    """One thing to do about a consent: `on` may have passed.

    `consents` are all that it is about, `consent` the latest yes among them, and `beside` the
    latest no of somebody else.
    """

    kind: DueKind
    consent: UUID
    on: datetime
    agencies: frozenset[str] = frozenset()
    beside: UUID | None = None
    consents: frozenset[UUID] = frozenset()


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
    about = frozenset({consent.id})
    ended = _ended(consent, at)
    if consent.method is Method.VERBAL and consent.confirmed_at is None and not ended:  # 1
        lapses = days_later(counts_from(consent), policy.verbal_grace_days)
        yield Due(DueKind.CONFIRM_IN_WRITING, consent.id, lapses, consents=about)
    if consent.valid_until is not None:  # 2
        yield Due(DueKind.RENEW, consent.id, consent.valid_until, consents=about)
    joined = frozenset(members_now) - consent.recipients
    if joined and not ended:  # 3
        yield Due(DueKind.ASK_ABOUT_NEW_AGENCIES, consent.id, at, joined, consents=about)


def renewal_of(consent: Consent, policy: Policy, at: datetime) -> Iterator[Due]:
    """Yield when a yes without an end is to be put before the family again (2).

    One that was only said, and not confirmed, lapses long before that.
    """
    lapses = consent.method is Method.VERBAL and consent.confirmed_at is None
    open_ended = consent.valid_until is None and not lapses
    if consent.answer is Answer.GIVEN and open_ended and standing(consent, at):
        on = months_later(counts_from(consent), policy.consent_renewal_months)
        yield Due(DueKind.RENEW, consent.id, on, consents=frozenset({consent.id}))


def still_about(
    consent: Consent,
    words: Iterable[tuple[UUID, Consent]],
    subjects: frozenset[UUID],
    sensitive: frozenset[str],
    at: datetime,
) -> frozenset[UUID]:
    """Return those of a yes's subjects of whom its giver has not spoken again since.

    `words` are the records on file with the subject that each is about. A yes that has yet to
    begin is outlived by none.
    """
    matter = matter_of(consent, sensitive)
    later = {
        subject
        for subject, word in words
        if subject in subjects and outlived(consent, matter, (word,), at)
    }
    return subjects - later


def not_asked_about(  # noqa: PLR0913  (which yes, whom, what was said since, of whom and when)
    consent: Consent,
    agencies: Iterable[str],
    words: Collection[tuple[UUID, Consent]],
    subjects: frozenset[UUID],
    *,
    sensitive: frozenset[str],
    at: datetime,
) -> frozenset[str]:
    """Return those of these agencies of which its giver has not spoken since, of each subject (3).

    Whoever was asked about a newcomer alone, and said yes or no, is not asked again.
    """
    return frozenset(
        agency
        for agency in agencies
        if still_about(
            replace(consent, recipients=frozenset({agency})), words, subjects, sensitive, at
        )
    )


def disagreements(
    subject: Subject, policy: Policy, sensitive: frozenset[str], at: datetime
) -> Iterator[Due]:
    """Yield each quarrel about a subject once: each yes that a no of another decider meets (4).

    Where one yes suffices the disagreement is a person's to see all the same.
    """
    for quarrel in _quarrels(_opposed(subject, policy, sensitive, at)):
        yeses, noes = zip(*quarrel, strict=True)
        began = min(max(_since(yes, at), _since(no, at)) for yes, no in quarrel)
        yes, no = (max(some, key=lambda one: (_since(one, at), one.id)) for some in (yeses, noes))
        about = frozenset(one.id for pair in quarrel for one in pair)
        yield Due(DueKind.PARENTS_DISAGREE, yes.id, began, beside=no.id, consents=about)


def coming_of_age(subject: Subject, policy: Policy, at: datetime) -> Iterator[Due]:
    """Yield when a young person's own word takes the place of the yes of others (5).

    Nothing where no yes lasts that long, or where they have said themselves what counts then.
    """
    if subject.adult or subject.born is None:
        return
    on = birthday(subject.born, policy.own_decision_age)
    lasting = [one for one in subject.consents if _lasts(one, subject, on, at)]
    own = any(_own(one, subject, policy, at) for one in subject.consents)
    if lasting and not own:
        latest = max(lasting, key=lambda one: (_since(one, at), one.id))
        about = frozenset(one.id for one in lasting)
        yield Due(DueKind.COMING_OF_AGE, latest.id, on, consents=about)


def birthday(born: date, years: int) -> datetime:
    """Return when a birthday begins, by UTC; 29 February is 1 March where there is none."""
    try:
        day = born.replace(year=born.year + years)
    except ValueError:
        day = date(born.year + years, 3, 1)
    return datetime.combine(day, time(), UTC)


def each_once(*listed: tuple[Due, frozenset[UUID]]) -> list[tuple[Due, frozenset[UUID]]]:
    """Put together what is the same to be done about several subjects, such as twins."""
    whom: dict[Due, frozenset[UUID]] = {}
    for due, subjects in listed:
        whom[due] = whom.get(due, frozenset()) | subjects
    return list(whom.items())


def _opposed(
    subject: Subject, policy: Policy, sensitive: frozenset[str], at: datetime
) -> Iterator[Pair]:
    """Yield each yes beside a no of another that meets it, where neither was outlived in that."""
    words = [one for one in subject.consents if _speaks(one, subject, policy, at)]
    for yes, no in product(words, words):
        if no.given_by == yes.given_by or says_no(yes, at) or not says_no(no, at):
            continue
        met = met_by(matter_of(yes, sensitive), no)
        if met is not None and not any(
            outlived(one, met, subject.consents, at) for one in (yes, no)
        ):
            yield yes, no


def _quarrels(pairs: Iterable[Pair]) -> list[list[Pair]]:
    """Put those pairs together that share a word, or share one with such a pair."""
    quarrels: list[list[Pair]] = []
    for pair in pairs:
        near = [one for one in quarrels if any(set(pair) & set(other) for other in one)]
        quarrels = [one for one in quarrels if one not in near]
        quarrels.append([pair, *(other for one in near for other in one)])
    return quarrels


def _speaks(consent: Consent, subject: Subject, policy: Policy, at: datetime) -> bool:
    """Say whether a word counts now, and is a decider's for some purpose it names."""
    if heard(consent, at) is None or (not says_no(consent, at) and _ended(consent, at)):
        return False
    return any(decides(subject, consent.given_by, one, policy, at) for one in consent.purposes)


def _ended(consent: Consent, at: datetime) -> bool:
    return consent.valid_until is not None and consent.valid_until <= at


def _lasts(consent: Consent, subject: Subject, on: datetime, at: datetime) -> bool:
    """Say whether a record is a yes of somebody else that would outlast that day."""
    others = consent.given_by != subject.id and consent.answer is Answer.GIVEN
    return others and standing(consent, at) and not _ended(consent, max(on, at))


def _own(consent: Consent, subject: Subject, policy: Policy, at: datetime) -> bool:
    """Say whether a record is the young person's own, who could decide when they said it."""
    since = heard(consent, at)
    return (
        consent.given_by == subject.id
        and since is not None
        and any(decides(subject, subject.id, one, policy, since) for one in consent.purposes)
    )


def _since(consent: Consent, at: datetime) -> datetime:
    return heard(consent, at) or counts_from(consent)
