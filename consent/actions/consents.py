"""Recording what somebody said, and what became of it.

A refusal is a fact, whoever said it, and the rules ignore it where it does not count. A yes is
taken only from somebody whose word counts and where it matters: any other misleads the family.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import insert
from sqlalchemy.orm import Session

from app.kernel.ids import new_id
from app.kernel.named import DatesOutOfOrder, NotAvailable
from app.kernel.vault import DataKey
from consent.actions import answers
from consent.actions.announcing import announce
from consent.actions.errors import (
    AlreadyConfirmed,
    AlreadyReplaced,
    AlreadyWithdrawn,
    AlreadyWritten,
    CapacityDiffers,
    NothingGiven,
    ReplacementDiffers,
)
from consent.actions.notices import shown
from consent.actions.partners import Partners
from consent.actions.subjects import keys_of
from consent.actions.writing import Writer, in_order
from consent.models.consents import ConsentEventRow, ConsentRow, ConsentSubjectRow
from consent.queries import consents
from consent.queries.consents import (
    CONFIRMED,
    WITHDRAWN,
    ConsentOnFile,
    Notice,
    Recorder,
)
from consent.terms import ALL, Answer, ConsentKind, Method, Scope

SELF: Final = "self"
"""The capacity of whoever speaks for themselves."""
_OVER: Final = (
    "A yes that is recorded when it has ended would never count: an answer counts from when it is"
    " recorded. Ask the person again, and let valid_until lie ahead or leave it out."
)


@dataclass(frozen=True, slots=True)
class NewConsent:
    """An answer as it is to be recorded; there is no default answer."""

    kind: ConsentKind
    subjects: frozenset[UUID]
    given_by: UUID
    capacity: str
    answer: Answer
    method: Method
    recipients: frozenset[str]
    purposes: frozenset[str]
    categories: frozenset[str]
    notice: Notice
    recorder: Recorder
    sources: frozenset[str] = frozenset({ALL})
    valid_from: datetime | None = None
    valid_until: datetime | None = None
    replaces: UUID | None = None
    evidence: str | None = None


def record(
    session: Session, new: NewConsent, partners: Partners, by: Writer, at: datetime
) -> ConsentOnFile:
    """Record an answer for ever, its recipients expanded to the agencies of this instant."""
    in_order(new.valid_from, new.valid_until, named=("valid_from", "valid_until"))
    if new.answer is Answer.GIVEN and new.valid_until is not None and new.valid_until <= at:
        raise DatesOutOfOrder(_OVER, "#/valid_until")
    answers.check_named(new.answer, new.recipients)
    answers.check_codes(session, new.purposes, new.categories)
    recipients = answers.expanded(session, new.recipients, partners, at)
    answers.check_agencies(session, recipients, new.sources, partners)
    new = replace(new, notice=replace(new.notice, sha256=shown(session, new.notice, at)))
    keys = keys_of(session, {*new.subjects, new.given_by})
    if new.answer is Answer.GIVEN:
        _check_given(session, new, recipients, partners, max(at, new.valid_from or at))
    _check_replaced(session, new, by.agency)
    consent = new_id(at)
    said = _row(consent, new, recipients, keys[new.given_by])
    session.execute(insert(ConsentRow).values(said | by.stamp(at)))
    rows = [{"consent_id": consent, "subject_id": subject} for subject in sorted(new.subjects)]
    session.execute(insert(ConsentSubjectRow), rows)
    if new.replaces is not None:
        old = _on_file(session, new.replaces)
        about = old.subjects | new.subjects
        announce(session, "consent.corrected", consent, about, at, agencies=old.recipients)
    return _on_file(session, consent)


def _check_given(
    session: Session,
    new: NewConsent,
    recipients: frozenset[str],
    partners: Partners,
    counts_from: datetime,
) -> None:
    """Raise if a yes would change nothing from when it is to count on; a no is always a fact."""
    if new.kind is ConsentKind.DATA_CONSENT:
        scope = Scope(recipients, new.sources, new.purposes, new.categories)
        answers.check_needed(session, scope, partners, counts_from)
    answers.check_giver(session, new.subjects, new.given_by, new.purposes, counts_from)
    if new.capacity == SELF and new.given_by not in new.subjects:
        raise CapacityDiffers(pointer="#/capacity")


def confirm(session: Session, consent: UUID, by: Writer, at: datetime) -> ConsentOnFile:
    """Record that a verbal yes was confirmed in writing, so that it does not lapse."""
    stands = _standing(session, consent, by.agency)
    if stands.method is Method.WRITTEN:
        raise AlreadyWritten
    if stands.confirmed_at is not None:
        raise AlreadyConfirmed
    return _happened(session, consent, CONFIRMED, by, at)


def withdraw(session: Session, consent: UUID, by: Writer, at: datetime) -> ConsentOnFile:
    """Withdraw a yes, without a reason; it holds for every request decided from this commit on.

    UK GDPR, Article 7(3): as easy as giving it, and what was lawful before stays so.
    """
    stood = _standing(session, consent, by.agency)
    announce(session, "consent.withdrawn", consent, stood.subjects, at, agencies=stood.recipients)
    return _happened(session, consent, WITHDRAWN, by, at)


def readable(session: Session, consent: UUID, agency: str) -> ConsentOnFile:
    """Return a consent to the agency that recorded it, or that it names; else `NotAvailable`."""
    found = _on_file(session, consent)
    if agency != found.recorded_by and agency not in found.recipients:
        raise NotAvailable
    return found


def _standing(session: Session, consent: UUID, agency: str) -> ConsentOnFile:
    """Return a yes that nobody has withdrawn or replaced; named errors say what it is instead.

    Whoever may not read a consent neither changes it nor learns that there is one.
    """
    found = readable(session, consent, agency)
    if found.replaced_by is not None:
        detail = f"The consent {found.replaced_by} has replaced this one. Act on that one."
        raise AlreadyReplaced(detail)
    if found.answer is Answer.REFUSED:
        raise NothingGiven
    if found.withdrawn_at is not None:
        raise AlreadyWithdrawn
    return found


def _check_replaced(session: Session, new: NewConsent, agency: str) -> None:
    if new.replaces is None:
        return
    old = readable(session, new.replaces, agency)
    if old.replaced_by is not None:
        detail = f"The consent {old.replaced_by} has replaced that one. Replace that instead."
        raise AlreadyReplaced(detail, "#/replaces")
    was_no = old.answer is Answer.REFUSED or old.withdrawn_at is not None
    # A no that stopped counting for a subject whom nobody asked about again would open a door.
    spoken_to = old.subjects <= new.subjects if was_no else old.subjects & new.subjects
    if old.given_by != new.given_by or not spoken_to:
        raise ReplacementDiffers(pointer="#/replaces")


def _row(
    consent: UUID, new: NewConsent, recipients: frozenset[str], key: DataKey
) -> dict[str, Any]:
    evidence = None if new.evidence is None else new.evidence.encode()
    where = ("consent", consent, "evidence")
    return {
        "id": consent,
        "kind": new.kind,
        "given_by": new.given_by,
        "capacity": new.capacity,
        "answer": new.answer,
        "method": new.method,
        "valid_from": new.valid_from,
        "valid_until": new.valid_until,
        "replaces": new.replaces,
        "recipients": sorted(recipients),
        "purposes": sorted(new.purposes),
        "categories": sorted(new.categories),
        "sources": sorted(new.sources),
        "agreements": sorted(answers.agreements_named(new.recipients)),
        "notice_version": new.notice.version,
        "notice_language": new.notice.language,
        "notice_code": new.notice.code,
        "notice_sha256": new.notice.sha256,
        "recorder_id": new.recorder.id,
        "recorder_role": new.recorder.role,
        "evidence": None if evidence is None else key.seal(evidence, *where),
    }


def _happened(
    session: Session, consent: UUID, kind: str, by: Writer, at: datetime
) -> ConsentOnFile:
    row = {"consent_id": consent, "kind": kind} | by.stamp(at)
    session.execute(insert(ConsentEventRow).values(row))
    return _on_file(session, consent)


def _on_file(session: Session, consent: UUID) -> ConsentOnFile:
    found = consents.consent_on_file(session, consent)
    if found is None:
        raise NotAvailable
    return found
