"""Agreements as people read them."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import fields
from datetime import datetime
from typing import Final, TypeVarTuple
from uuid import UUID

from sqlalchemy import Select, exists, func, or_, select
from sqlalchemy.orm import Session

from app.kernel.vault import Vault
from sharing.models.agreements import (
    AgreementMemberRow,
    AgreementReviewRow,
    AgreementRow,
    AgreementSignatureRow,
    AgreementVersionRow,
    FlowRow,
)
from sharing.rules.contents import draft_in
from sharing.terms.agreements import (
    AgreementLine,
    AgreementOnFile,
    Draft,
    FlowDraft,
    Means,
    MemberDraft,
    Outcome,
    Party,
    Proof,
    Review,
    Signatory,
    SignatureLine,
    SignatureOnFile,
    Terminated,
    VersionOnFile,
)
from sharing.terms.codes import Assurance, LawfulBasis, Requirement

AGREEMENT_KEY: Final = "agreement"
Columns = TypeVarTuple("Columns")


def evidence_place(signature: UUID) -> tuple[object, ...]:
    """Return where the proof of a signature is sealed to."""
    return ("agreement_signature", signature, "evidence")


def agreements(session: Session, *, after: str | None, limit: int) -> list[AgreementLine]:
    """Return agreements by code, from the one after `after`."""
    found = select(AgreementRow).order_by(AgreementRow.code).limit(limit)
    if after is not None:
        found = found.where(AgreementRow.code > after)
    return [AgreementLine(r.code, r.title, r.terminated_at) for r in session.scalars(found)]


def agreement(session: Session, code: str) -> AgreementOnFile | None:
    """Return an agreement through all its versions, or None."""
    row = session.get(AgreementRow, code, populate_existing=True)
    return None if row is None else _agreement(session, row)


def content(session: Session, code: str, number: int) -> str | None:
    """Return the very text of a version that members sign; None if there is none."""
    version = AgreementVersionRow
    found = select(version.content).where(version.agreement == code, version.version == number)
    return session.scalars(found.order_by(version.id)).first()


def signatures(session: Session, code: str, number: int) -> tuple[SignatureOnFile, ...]:
    """Return who signed a version, in order, with what proves it."""
    signature, version = AgreementSignatureRow, AgreementVersionRow
    found = (
        select(signature)
        .join(version, version.id == signature.version_id)
        .where(version.agreement == code, version.version == number)
        .order_by(signature.recorded_at, signature.id)
    )
    return tuple(_signature(session, row) for row in session.scalars(found))


def parties_of(session: Session, code: str, at: datetime | None = None) -> dict[str, Party]:
    """Return the members as they joined, by agency; with an instant, those not gone by then."""
    member = AgreementMemberRow
    found = select(member).where(member.agreement == code)
    if at is not None:
        found = found.where(or_(member.departed.is_(None), member.departed > at))
    parties: dict[str, Party] = {}
    for one in session.scalars(found.order_by(member.agency, member.joined, member.id)):
        before = parties.get(one.agency, Party(one.agency, None, None))
        parties[one.agency] = Party(
            one.agency,
            one.role or before.role,
            one.data_protection_contact or before.data_protection_contact,
        )
    return parties


def version_in_force(session: Session, code: str, at: datetime) -> UUID | None:
    """Return the id of the version that is in force at an instant."""
    version = AgreementVersionRow
    found = in_force(select(version.id), at).where(version.agreement == code)
    return session.scalars(found.order_by(version.version.desc()).limit(1)).first()


def members_at(session: Session, code: str, at: datetime) -> frozenset[str] | None:
    """Return the agencies that are members of an agreement at an instant; None if it is unknown.

    Who has not signed the version in force is none yet.
    """
    if session.get(AgreementRow, code) is None:
        return None
    member, version = AgreementMemberRow, AgreementVersionRow
    signed = (
        exists()
        .where(
            AgreementSignatureRow.version_id == version.id,
            AgreementSignatureRow.agency == member.agency,
            AgreementSignatureRow.content_sha256 == version.content_sha256,
            AgreementSignatureRow.recorded_at >= member.recorded_at,
        )
        .correlate(member, version)
    )
    unsigned = (
        in_force(select(version.id), at)
        .where(version.agreement == code)
        .where(version.content_sha256.is_not(None), ~signed)
        .exists()
    )
    found = select(member.agency).where(
        member.agreement == code,
        member.joined <= at,
        or_(member.departed.is_(None), member.departed > at),
        ~unsigned,
    )
    return frozenset(session.scalars(found.order_by(member.agency)))


def in_force(found: Select[*Columns], at: datetime) -> Select[*Columns]:
    """Narrow a statement on versions of agreements to those in force at an instant."""
    version = AgreementVersionRow
    ends = func.least(version.expires, version.superseded_at, AgreementRow.terminated_at)
    return found.join(AgreementRow, AgreementRow.code == version.agreement).where(
        version.activated_at <= at,
        version.effective_from <= at,
        or_(ends.is_(None), ends > at),
    )


def _agreement(session: Session, row: AgreementRow) -> AgreementOnFile:
    version, member = AgreementVersionRow, AgreementMemberRow
    versions = session.scalars(
        select(version).where(version.agreement == row.code).order_by(version.version)
    ).all()
    members = session.scalars(
        select(member).where(member.agreement == row.code).order_by(member.agency, member.joined)
    )
    signed = _signature_lines(session, row.code)
    return AgreementOnFile(
        row.code,
        row.title,
        row.human_contact,
        row.terminated_at,
        row.successor,
        tuple(_member(one) for one in members),
        tuple(_version(session, one, signed.get(one.id, ())) for one in versions),
        row.kept_by,
        _terminated(row),
    )


def _terminated(row: AgreementRow) -> Terminated | None:
    """Return who ended an agreement; None if it has not, or if that was not written down then."""
    recorded_at, agency = row.termination_recorded_at, row.terminated_by_agency
    if recorded_at is None or agency is None:
        return None
    return Terminated(recorded_at, agency, row.terminated_by_client or "", row.termination_reason)


def _member(row: AgreementMemberRow) -> MemberDraft:
    return MemberDraft(row.agency, row.joined, row.departed, row.role, row.data_protection_contact)


def _signature_lines(session: Session, code: str) -> Mapping[UUID, Iterable[SignatureLine]]:
    """Return by version who has signed what it says now."""
    signature, version = AgreementSignatureRow, AgreementVersionRow
    found = (
        select(signature)
        .join(version, version.id == signature.version_id)
        .where(version.agreement == code, signature.content_sha256 == version.content_sha256)
        .order_by(signature.recorded_at, signature.id)
    )
    lines: dict[UUID, list[SignatureLine]] = {}
    for row in session.scalars(found):
        line = SignatureLine(row.agency, row.role, Means(row.means), row.signed_at)
        lines.setdefault(row.version_id, []).append(line)
    return lines


def _signature(session: Session, row: AgreementSignatureRow) -> SignatureOnFile:
    key = Vault.of(session).named(AGREEMENT_KEY)
    evidence = json.loads(key.open(row.evidence, *evidence_place(row.id)))
    return SignatureOnFile(
        id=row.id,
        agency=row.agency,
        content_sha256=row.content_sha256,
        signatory=Signatory(**evidence["signatory"]),
        signed_at=row.signed_at,
        recorded_at=row.recorded_at,
        proof=Proof(**evidence["proof"] | {"means": Means(row.means)}),
    )


def _version(
    session: Session, row: AgreementVersionRow, signed: Iterable[SignatureLine]
) -> VersionOnFile:
    draft = _draft_on_file(session, row)
    said = {one.name: getattr(draft, one.name) for one in fields(Draft)}
    return VersionOnFile(
        **said,
        version=row.version,
        activated_at=row.activated_at,
        superseded_at=row.superseded_at,
        content_sha256=row.content_sha256,
        signatures=tuple(signed),
        reviews=_reviews(session, row.id),
    )


def _reviews(session: Session, version: UUID) -> tuple[Review, ...]:
    review = AgreementReviewRow
    found = select(review).where(review.version_id == version)
    return tuple(
        Review(
            outcome=Outcome(row.outcome),
            role=row.role,
            next_due=row.next_due,
            reviewed_at=row.recorded_at,
        )
        for row in session.scalars(found.order_by(review.recorded_at, review.id))
    )


def _draft_on_file(session: Session, row: AgreementVersionRow) -> Draft:
    """Return what a version says; of one from before contents were kept, what its columns say."""
    if row.content is not None:
        return draft_in(json.loads(row.content))
    return Draft(
        effective_from=row.effective_from,
        expires=row.expires,
        review_due=row.review_due,
        flows=_flows(session, row.id),
    )


def _flows(session: Session, version: UUID) -> tuple[FlowDraft, ...]:
    found = select(FlowRow).where(FlowRow.version_id == version).order_by(FlowRow.position)
    return tuple(_flow(row) for row in session.scalars(found))


def _flow(row: FlowRow) -> FlowDraft:
    return FlowDraft(
        code=row.code,
        sources=frozenset(row.sources),
        recipients=frozenset(row.recipients),
        purposes=frozenset(row.purposes),
        categories=frozenset(row.categories),
        kinds=frozenset(row.kinds),
        basis=LawfulBasis(row.basis),
        requires=Requirement(row.requires),
        law=row.law,
        special_condition=row.special_condition,
        verbal=row.verbal,
        override=row.override,
        pierces_shield=row.pierces_shield,
        practitioner=Assurance(row.practitioner),
    )
