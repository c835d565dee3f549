"""Whether a yes stands, for one category from one source, at one instant.

1. A record counts from the later of its recording and its own start; one that a later record
   replaces stops counting when that one is recorded.
2. Only people who may decide count, both when they spoke and now: an adult for themselves; the
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
    """Say whether someone has had this birthday, by UTC; 29 February counts as 1 March."""
    if born is None:
        return False
    try:
        birthday = born.replace(year=born.year + years)
    except ValueError:
        birthday = date(born.year + years, 3, 1)
    return at >= datetime(birthday.year, birthday.month, birthday.day, tzinfo=UTC)


def competent(subject: Subject, purpose: str, at: datetime) -> bool:
    """Say whether the latest assessment for this purpose found the child able to decide."""
    latest = max(
        (one for one in subject.assessments if one.purpose == purpose and one.at <= at),
        key=lambda one: (one.at, not one.competent),
        default=None,
    )
    return latest is not None and latest.competent and (latest.until is None or at < latest.until)


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


def _on_file(subject: Subject, at: datetime) -> Iterator[Consent]:
    for one in subject.consents:
        replaced = one.replaced_at is not None and one.replaced_at <= at
        if not replaced and _counts_from(one) <= at:  # 1
            yield one


def _words(subject: Subject, need: Need, policy: Policy, at: datetime) -> Iterator[_Word]:
    """Yield one word for each decider who is on file."""
    latest: dict[UUID, tuple[datetime, bool, Consent]] = {}
    beside: dict[UUID, _Word] = {}
    for one in _on_file(subject, at):
        person, since = one.given_by, _counts_from(one)
        if not (
            decides(subject, person, need.purpose, policy, at)
            and decides(subject, person, need.purpose, policy, since)
        ):  # 2
            continue
        withdrawn = one.withdrawn_at is not None and one.withdrawn_at <= at
        said_no = withdrawn or one.answer is Answer.REFUSED
        if not said_no and one.kind not in need.kinds:
            continue
        if not covers(one, need):
            if not said_no:
                beside[person] = _Word(person, Lack.OUT_OF_SCOPE)
            continue
        when = one.withdrawn_at if withdrawn and one.withdrawn_at is not None else since
        word = (when, said_no, one)
        if person not in latest or word[:2] > latest[person][:2]:  # 3
            latest[person] = word
    for person, (_, said_no, one) in latest.items():
        yield _as_no(person, one, at) if said_no else _as_yes(person, one, need, policy, at)
    yield from (word for person, word in beside.items() if person not in latest)


def _as_no(person: UUID, consent: Consent, at: datetime) -> _Word:
    withdrawn = consent.withdrawn_at is not None and consent.withdrawn_at <= at
    return _Word(person, Lack.WITHDRAWN if withdrawn else Lack.REFUSED, consent.id)


def _as_yes(person: UUID, consent: Consent, need: Need, policy: Policy, at: datetime) -> _Word:
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
    return _Word(person, lack, consent.id, to_confirm=not in_writing)


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
