"""Members sign the exact content of a version; once they have, it is activated and frozen."""

import json
from collections.abc import Collection
from dataclasses import asdict
from datetime import UTC, datetime, time, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from app.kernel.ids import new_id
from app.kernel.named import DatesOutOfOrder
from app.kernel.vault import Vault
from consent.queries.vocabulary import titles
from sharing.actions.agreements import version_row
from sharing.actions.errors import (
    AlreadyActive,
    AlreadySigned,
    AlreadyTerminated,
    IncompleteAgreement,
    NotAMember,
    OtherContent,
    SupersededVersion,
    UnknownAgreement,
)
from sharing.models.agreements import (
    AgreementMemberRow,
    AgreementReviewRow,
    AgreementRow,
    AgreementSignatureRow,
    AgreementVersionRow,
    FlowRow,
)
from sharing.queries.agreements import AGREEMENT_KEY, evidence_place, parties_of, version_in_force
from sharing.rules.contents import draft_in, missing_parts
from sharing.terms.agreements import (
    Draft,
    FlowDraft,
    Means,
    MissingPart,
    Party,
    Proof,
    Review,
    Statement,
)

CLOCKS_DIFFER_BY: Final = timedelta(minutes=5)
_TO_BE_REDRAFTED: Final = MissingPart("#", "Its content is not on file. Draft a new version.")


def sign(session: Session, statement: Statement, proof: Proof, by: str, at: datetime) -> None:
    """Record that an agency signed a version: an official by hand, or its own system by its key.

    `NotAMember`, `SupersededVersion`, `AlreadyTerminated`, `OtherContent`, `AlreadySigned`,
    `IncompleteAgreement` and `DatesOutOfOrder` say why it cannot be signed.
    """
    version = version_row(session, statement.agreement, statement.version)
    _check_can_be_signed(session, version, statement.agency, at)
    if statement.content_sha256 != version.content_sha256:
        raise OtherContent(pointer="#/content_sha256")
    _check_when(version, statement, proof, at)
    if missing := _missing(session, version.agreement, draft_of(version), at):
        raise IncompleteAgreement(missing)
    session.add(_signature(session, version.id, statement, proof, by=by, at=at))
    session.flush()


def check_signable(session: Session, code: str, number: int, agency: str, at: datetime) -> None:
    """Raise, as `sign` would, unless an agency can sign what a version says now."""
    version = version_row(session, code, number)
    _check_can_be_signed(session, version, agency, at)
    if missing := _missing(session, code, draft_of(version), at):
        raise IncompleteAgreement(missing)


def activate(session: Session, code: str, number: int, at: datetime) -> None:
    """Freeze a version and put it in force from its date; the one before ends when it takes over.

    `AlreadyActive`, `SupersededVersion`, `AlreadyTerminated`, `DatesOutOfOrder` or
    `IncompleteAgreement`, which names every missing part and signature, say why it cannot be.
    """
    row = version_row(session, code, number)
    check_open(session, row)
    if row.activated_at is not None:
        raise AlreadyActive
    if row.expires is not None and row.expires <= at:
        raise DatesOutOfOrder("The version has expired. Draft a new one.", "#/expires")
    draft = draft_of(row)
    missing = [*_missing(session, code, draft, at), *_unsigned(session, row, draft, at)]
    if missing:
        raise IncompleteAgreement(missing)
    for position, flow in enumerate(draft.flows):
        session.add(_flow(row.id, position, flow, at))
    takes_over = max(at, row.effective_from)
    for other in _activated(session, code):
        if other.superseded_at is None or other.superseded_at > takes_over:
            other.superseded_at = takes_over
    row.activated_at = at


def review(session: Session, code: str, found: Review, by: str, at: datetime) -> None:
    """Record that the version in force was reviewed; its content stays as it was signed.

    `UnknownAgreement` if none is in force, `DatesOutOfOrder` if the next is not to come.
    """
    version = version_in_force(session, code, at)
    if version is None:
        raise UnknownAgreement("No version of the agreement is in force.")
    if found.next_due <= at:
        raise DatesOutOfOrder("The next review must lie ahead.", "#/next_due")
    session.add(
        AgreementReviewRow(
            id=new_id(at),
            version_id=version,
            outcome=found.outcome,
            role=found.role,
            next_due=found.next_due,
            recorded_by=by,
            recorded_at=at,
        )
    )
    session.flush()


def check_open(session: Session, version: AgreementVersionRow) -> None:
    """Raise where an agreement has ended, or a newer version took over from a draft of it."""
    agreement = session.get(AgreementRow, version.agreement, populate_existing=True)
    if agreement is not None and agreement.terminated_at is not None:
        raise AlreadyTerminated
    newer = (one.version > version.version for one in _activated(session, version.agreement))
    if version.activated_at is None and any(newer):
        raise SupersededVersion


def _check_can_be_signed(
    session: Session, version: AgreementVersionRow, agency: str, at: datetime
) -> None:
    check_open(session, version)
    if version.superseded_at is not None and version.superseded_at <= at:
        raise SupersededVersion
    stays = _stays(session, version.agreement, at, agency)
    if not stays:
        raise NotAMember
    signed = _signed_at(session, version)
    before = signed.get(agency)
    # Who left and came back signs again: what was signed before does not speak of the new stay.
    if before is not None and all(stay.recorded_at <= before for stay in stays):
        raise AlreadySigned


def _check_when(
    version: AgreementVersionRow, statement: Statement, proof: Proof, at: datetime
) -> None:
    """Raise where it was signed before there was anything to sign, or in the future."""
    drafted = version.recorded_at - CLOCKS_DIFFER_BY
    if proof.means is Means.PAPER:
        drafted = datetime.combine(version.recorded_at.date(), time(), UTC)  # a paper has a date
    if not drafted <= statement.signed_at <= at + CLOCKS_DIFFER_BY:
        raise DatesOutOfOrder("It is signed after it was drafted, and not later than today.")


def _missing(session: Session, code: str, draft: Draft, at: datetime) -> list[MissingPart]:
    on_file = parties_of(session, code, at)
    named = {one.agency: one for one in draft.parties or ()}
    members = {agency: _first(named.get(agency), party) for agency, party in on_file.items()}
    return missing_parts(draft, members, titles(session, {}).sensitive)


def _first(named: Party | None, on_file: Party) -> Party:
    """Return the party as the content names it; one that joined later, as it joined."""
    return on_file if named is None else named


def _unsigned(
    session: Session, version: AgreementVersionRow, draft: Draft, at: datetime
) -> list[MissingPart]:
    signed = _signed_at(session, version)
    unsigned = {
        stay.agency
        for stay in _stays(session, version.agreement, at)
        if stay.agency not in signed or signed[stay.agency] < stay.recorded_at
    }
    wanted = unsigned & draft.signatories if draft.signatories else unsigned
    return [MissingPart("#/signatures", f"{agency} has not signed.") for agency in sorted(wanted)]


def _signed_at(session: Session, version: AgreementVersionRow) -> dict[str, datetime]:
    """Return when each agency last signed the content that a version has now."""
    signature = AgreementSignatureRow
    found = select(signature.agency, signature.recorded_at).where(
        signature.version_id == version.id,
        signature.content_sha256 == version.content_sha256,
    )
    return dict(session.execute(found.order_by(signature.recorded_at, signature.id)).all())


def _stays(
    session: Session, code: str, at: datetime, agency: str | None = None
) -> Collection[AgreementMemberRow]:
    """Return the stays that have not ended, of all members or of one."""
    member = AgreementMemberRow
    found = select(member).where(
        member.agreement == code, or_(member.departed.is_(None), member.departed > at)
    )
    if agency is not None:
        found = found.where(member.agency == agency)
    return session.scalars(found.order_by(member.agency, member.joined, member.id)).all()


def _activated(session: Session, code: str) -> Collection[AgreementVersionRow]:
    found = select(AgreementVersionRow).where(
        AgreementVersionRow.agreement == code, AgreementVersionRow.activated_at.is_not(None)
    )
    return session.scalars(found.order_by(AgreementVersionRow.version)).all()


def draft_of(version: AgreementVersionRow) -> Draft:
    """Return what a version says; `IncompleteAgreement` where its content is not on file."""
    if version.content is None:
        raise IncompleteAgreement([_TO_BE_REDRAFTED])
    return draft_in(json.loads(version.content))


def _signature(  # noqa: PLR0913  (a row has its columns)
    session: Session, version: UUID, statement: Statement, proof: Proof, *, by: str, at: datetime
) -> AgreementSignatureRow:
    signature = new_id(at)
    sealed = {"signatory": asdict(statement.signatory), "proof": asdict(proof)}
    key = Vault.of(session).named(AGREEMENT_KEY)
    return AgreementSignatureRow(
        id=signature,
        version_id=version,
        agency=statement.agency,
        content_sha256=statement.content_sha256,
        role=statement.signatory.role,
        means=proof.means,
        signed_at=statement.signed_at,
        evidence=key.seal(json.dumps(sealed).encode(), *evidence_place(signature)),
        recorded_by=by,
        recorded_at=at,
    )


def _flow(version: UUID, position: int, flow: FlowDraft, at: datetime) -> FlowRow:
    return FlowRow(
        id=new_id(at),
        version_id=version,
        position=position,
        code=flow.code,
        sources=sorted(flow.sources),
        recipients=sorted(flow.recipients),
        purposes=sorted(flow.purposes),
        categories=sorted(flow.categories),
        kinds=sorted(flow.kinds),
        basis=flow.basis,
        law=flow.law,
        special_condition=flow.special_condition,
        requires=flow.requires,
        verbal=flow.verbal,
        override=flow.override,
        pierces_shield=flow.pierces_shield,
        practitioner=flow.practitioner,
    )
