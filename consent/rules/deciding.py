"""Whether a yes stands, for one category from one source, at one instant.

1. A record counts from the later of its recording and its own start; one that a later record
   replaces stops counting when that one is recorded. A withdrawal counts from its own instant.
2. Only people who may decide count, both when they said it and now: an adult for themselves; the
   young person from the own-decision age; below it a child assessed competent for this purpose;
   else whoever has parental responsibility and still has a say.
3. Each decider's latest word that covers what is asked counts; at one instant "no" wins.
4. A yes carries only until it ends, and a verbal one only where verbal is accepted, for the days
   of grace, unless confirmed in writing.
5. A competent child's word settles it. Otherwise a "no" blocks, and a "yes" beside it is a
   conflict for a person to resolve (or one yes suffices, where the council signed that off).
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Final
from uuid import UUID

from consent.terms import (
    ALL,
    Answer,
    Consent,
    ConsentKind,
    Lack,
    Method,
    Need,
    ParentsDisagree,
    Period,
    Policy,
    Shield,
    ShieldMode,
    Stance,
    Subject,
)

EITHER_KIND: Final = frozenset(ConsentKind)
_SEVERITY: Final = {lack: place for place, lack in enumerate(Lack)}
_NOES: Final = frozenset({Lack.REFUSED, Lack.WITHDRAWN})


@dataclass(frozen=True, slots=True)
class _Word:
    """One decider's latest word: what it lacks, or nothing if it is a yes that stands."""

    person: UUID
    lack: Lack | None
    consent: UUID | None = None
    to_confirm: bool = False


def during(period: Period, at: datetime) -> bool:
    """Say whether `at` lies in the half-open period."""
    return (period.starts is None or period.starts <= at) and (
        period.ends is None or at < period.ends
    )


def of_age(born: date | None, years: int, at: datetime) -> bool:
    """Say whether someone has had this birthday, by UTC; 29 February counts as 1 March.

    No date is made: that was a tenth of a decision's time.
    """
    if born is None:
        return False
    utc = at.astimezone(UTC)
    return (utc.year - years, utc.month, utc.day) >= (born.year, born.month, born.day)


def competent(subject: Subject, purpose: str, at: datetime) -> bool:
    """Say whether the latest assessment for this purpose found the child able to decide.

    Of two at one instant the stricter counts.
    """
    found = [one for one in subject.assessments if one.purpose == purpose and one.at <= at]
    latest = max((one.at for one in found), default=None)
    last = [one for one in found if one.at == latest]
    return bool(last) and all(
        one.competent and (one.until is None or at < one.until) for one in last
    )


def decides(subject: Subject, person: UUID, purpose: str, policy: Policy, at: datetime) -> bool:
    """Say whether this person's word about the subject counts at this instant."""
    if subject.adult or of_age(subject.born, policy.own_decision_age, at):
        return person == subject.id
    if person == subject.id:
        return competent(subject, purpose, at)
    return any(
        one.person == person
        and during(one.period, at)
        and not (one.no_say is not None and during(one.no_say, at))
        for one in subject.responsible
    )


def covers(consent: Consent, need: Need) -> bool:
    """Say whether a record speaks of this recipient, purpose, category and source.

    "All" in a yes never covers a sensitive category or service, and a yes names its recipients;
    in a no it covers everything.
    """
    if consent.answer is Answer.REFUSED:
        return (
            _among(need.recipient, consent.recipients)
            and _among(need.purpose, consent.purposes)
            and _among(need.category, consent.categories)
            and _among(need.source, consent.sources)
        )
    return (
        need.recipient in consent.recipients
        and _among(need.purpose, consent.purposes)
        and _among(need.category, consent.categories, named=need.sensitive_category)
        and _among(need.source, consent.sources, named=need.sensitive_source)
    )


def stance(subject: Subject, need: Need, policy: Policy, at: datetime) -> Stance:
    """Say whether consent carries this need at this instant, and if not, what it lacks."""
    words = tuple(_words(subject, need, policy, at))
    own = next((word for word in words if word.person == subject.id), None)
    if own is not None and (own.lack is None or own.lack in _NOES):  # 5
        return _taken_together((own,), policy)
    return _taken_together(words, policy)


def shielding(shields: Iterable[Shield], recipient: str, at: datetime) -> Iterator[Shield]:
    """Yield the shields in force that stand between the subject and this recipient."""
    for shield in shields:
        if recipient in shield.unaffected or not during(shield.period, at):
            continue
        if shield.recorded_at is None or shield.recorded_at <= at:
            yield shield


def hides(shield: Shield, *categories: str) -> bool:
    """Say whether a shield hides any of these categories."""
    return shield.mode is ShieldMode.HIDDEN or not shield.categories.isdisjoint(categories)


def barred(subject: Subject, practitioner: str | None, at: datetime) -> bool:
    """Say whether a practitioner has a conflict of interest about this subject."""
    return practitioner is not None and any(
        one.practitioner == practitioner and during(one.period, at) for one in subject.conflicts
    )


def _among(code: str, codes: frozenset[str], *, named: bool = False) -> bool:
    return code in codes or (not named and ALL in codes)


def _counts_from(consent: Consent) -> datetime:
    if consent.valid_from is None:
        return consent.recorded_at
    return max(consent.recorded_at, consent.valid_from)


def _event(consent: Consent, at: datetime) -> tuple[datetime, Lack | None] | None:
    """Return since when a record speaks, and its "no" if it is one; None while it does not count.

    UK GDPR, Article 7(3): a withdrawal takes effect at once, and before the yes itself would.
    """
    if consent.replaced_at is not None and consent.replaced_at <= at:  # 1
        return None
    if consent.withdrawn_at is not None and consent.withdrawn_at <= at:
        return consent.withdrawn_at, Lack.WITHDRAWN
    since = _counts_from(consent)
    if since > at:
        return None
    return since, Lack.REFUSED if consent.answer is Answer.REFUSED else None


def _words(subject: Subject, need: Need, policy: Policy, at: datetime) -> Iterator[_Word]:
    """Yield one word for each decider who is on file.

    Whether a record speaks of this at all is asked first: who decides takes longest to settle.
    """
    latest: dict[UUID, tuple[datetime, _Word]] = {}
    beside: dict[UUID, _Word] = {}
    for one in subject.consents:
        event, person, covered = _event(one, at), one.given_by, covers(one, need)
        if event is None:
            continue
        when, no = event
        speaks = one.kind in need.kinds if no is None else covered
        if not speaks or not _counted(subject, person, need.purpose, policy, (when, at)):
            continue
        if covered:
            said = (
                when,
                _as_yes(one, need, policy, at) if no is None else _Word(person, no, one.id),
            )
            if person not in latest or _rank(*said) > _rank(*latest[person]):  # 3
                latest[person] = said
        else:
            beside[person] = _Word(person, Lack.OUT_OF_SCOPE)
    yield from (word for _, word in latest.values())
    yield from (word for person, word in beside.items() if person not in latest)


def _counted(
    subject: Subject, person: UUID, purpose: str, policy: Policy, both: tuple[datetime, datetime]
) -> bool:
    said, asked = both  # 2
    return decides(subject, person, purpose, policy, asked) and decides(
        subject, person, purpose, policy, said
    )


def _rank(when: datetime, word: _Word) -> tuple[datetime, bool, int, bool, UUID | None]:
    """Order one person's words: the latest counts; at one instant a no, else the fullest yes."""
    no = word.lack in _NOES
    fullness = _SEVERITY[word.lack] * (1 if no else -1) if word.lack is not None else 1
    return when, no, fullness, not word.to_confirm, word.consent


def _as_yes(consent: Consent, need: Need, policy: Policy, at: datetime) -> _Word:
    in_writing = consent.method is Method.WRITTEN or (
        consent.confirmed_at is not None and consent.confirmed_at <= at
    )
    grace = timedelta(days=policy.verbal_grace_days)
    if consent.valid_until is not None and at >= consent.valid_until:  # 4
        lack: Lack | None = Lack.EXPIRED
    elif in_writing:
        lack = None
    elif not need.verbal_accepted:
        lack = Lack.VERBAL_NOT_ACCEPTED
    elif at >= _counts_from(consent) + grace:
        lack = Lack.LAPSED_VERBAL
    else:
        lack = None
    return _Word(consent.given_by, lack, consent.id, to_confirm=not in_writing)


def _taken_together(words: tuple[_Word, ...], policy: Policy) -> Stance:
    yeses = [word for word in words if word.lack is None]
    noes = [word for word in words if word.lack in _NOES]
    used = tuple(sorted(word.consent for word in words if word.consent is not None))
    blocked = noes and policy.parents_disagree is ParentsDisagree.ANY_NO_BLOCKS
    if yeses and not blocked:
        to_confirm = all(word.to_confirm for word in yeses)
        return Stance(None, used, to_confirm, refusal_on_file=bool(noes))
    if yeses:
        return Stance(Lack.CONFLICT, used, refusal_on_file=True)
    lacks = (word.lack for word in words if word.lack is not None)
    worst = max(lacks, key=_SEVERITY.__getitem__, default=Lack.NO_CONSENT)
    return Stance(worst, used, refusal_on_file=bool(noes))
