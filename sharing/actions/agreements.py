"""Agreements: drafted, activated, joined, left and ended. An activated version never changes."""

from collections.abc import Callable, Collection, Iterable
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.kernel.ids import new_id
from app.kernel.named import DatesOutOfOrder
from consent.queries.vocabulary import unknown_categories, unknown_purposes
from directory.queries.agencies import unknown_codes
from sharing.actions.errors import (
    AgreementExists,
    AlreadyActive,
    AlreadyTerminated,
    MembershipClash,
    SupersededVersion,
    UnknownAgreement,
    UnknownWord,
)
from sharing.models.agreements import (
    AgreementMemberRow,
    AgreementRow,
    AgreementVersionRow,
    FlowRow,
)
from sharing.terms.agreements import Draft, FlowDraft, MemberDraft, NewAgreement


def draft_agreement(session: Session, new: NewAgreement, at: datetime) -> None:
    """Record a new agreement with its first version, not yet active, and its members.

    `AgreementExists` if the code is taken; `UnknownWord` or `DatesOutOfOrder` name the place.
    """
    if session.get(AgreementRow, new.code) is not None:
        raise AgreementExists
    _check_words(session, "members", (one.agency for one in new.members), unknown_codes)
    session.add(
        AgreementRow(
            code=new.code, title=new.title, human_contact=new.human_contact, recorded_at=at
        )
    )
    session.flush()
    for place, one in enumerate(new.members):
        _check_order(one.joined or at, one.departed, f"#/members/{place}/left")
        session.add(_member(new.code, one, at))
    _add_version(session, new.code, 1, new.draft, at)


def draft_version(session: Session, code: str, draft: Draft, at: datetime) -> int:
    """Record the next version of an agreement, not yet active; returns its number."""
    _agreement(session, code)
    newest = func.max(AgreementVersionRow.version)
    number = session.scalars(select(newest).where(AgreementVersionRow.agreement == code)).one() + 1
    _add_version(session, code, number, draft, at)
    return number


def activate(session: Session, code: str, number: int, at: datetime) -> None:
    """Freeze a version and put it in force from its date; the one before ends when it takes over.

    `AlreadyActive`, `SupersededVersion` or `AlreadyTerminated` say why it cannot be.
    """
    agreement = _agreement(session, code)
    if agreement.terminated_at is not None:
        raise AlreadyTerminated
    row = _version(session, code, number)
    if row.activated_at is not None:
        raise AlreadyActive
    others = select(AgreementVersionRow).where(
        AgreementVersionRow.agreement == code,
        AgreementVersionRow.activated_at.is_not(None),
        AgreementVersionRow.superseded_at.is_(None),
    )
    takes_over = max(at, row.effective_from)
    for other in session.scalars(others.order_by(AgreementVersionRow.version)):
        if other.version > number:
            raise SupersededVersion
        other.superseded_at = takes_over
    row.activated_at = at


def terminate(session: Session, code: str, ends: datetime) -> None:
    """End an agreement from an instant; what was disclosed under it before stays lawful."""
    agreement = _agreement(session, code)
    if agreement.terminated_at is not None:
        raise AlreadyTerminated
    agreement.terminated_at = ends


def join(session: Session, code: str, member: MemberDraft, at: datetime) -> None:
    """Make an agency a member; consents recorded before never cover it (rule 10)."""
    _agreement(session, code)
    _check_words(session, "agency", (member.agency,), unknown_codes)
    joined = member.joined or at
    _check_order(joined, member.departed, "#/left")
    for stay in _stays(session, code, member.agency):
        if stay.departed is None or joined < stay.departed:
            raise MembershipClash("The agency is a member at that time already.", "#/joined")
    session.add(_member(code, member, at))


def leave(session: Session, code: str, agency: str, departed: datetime) -> None:
    """End an agency's membership from an instant."""
    _agreement(session, code)
    stays = [stay for stay in _stays(session, code, agency) if stay.departed is None]
    if not stays:
        raise MembershipClash("The agency is not a member now.")
    if departed < stays[0].joined:
        raise DatesOutOfOrder("The agency had not joined by then.", "#/left")
    stays[0].departed = departed


def _add_version(session: Session, code: str, number: int, draft: Draft, at: datetime) -> None:
    _check_order(draft.effective_from, draft.expires, "#/expires")
    version = AgreementVersionRow(
        id=new_id(at),
        agreement=code,
        version=number,
        effective_from=draft.effective_from,
        expires=draft.expires,
        review_due=draft.review_due,
        recorded_at=at,
    )
    session.add(version)
    session.flush()
    _check_flows(session, draft.flows)
    for position, flow in enumerate(draft.flows):
        session.add(_flow(version.id, position, flow, at))


def _check_flows(session: Session, flows: tuple[FlowDraft, ...]) -> None:
    codes = [flow.code for flow in flows]
    if len(set(codes)) < len(codes):
        raise UnknownWord("Two flows have the same code. Give each its own.", "#/flows")
    agencies = {one for flow in flows for one in flow.sources | flow.recipients}
    _check_words(session, "flows", agencies, unknown_codes)
    purposes = {one for flow in flows for one in flow.purposes}
    _check_words(session, "flows", purposes, unknown_purposes)
    categories = {one for flow in flows for one in flow.categories}
    _check_words(session, "flows", categories, unknown_categories)


def _check_words(
    session: Session,
    where: str,
    words: Iterable[str],
    unknown: Callable[[Session, frozenset[str]], frozenset[str]],
) -> None:
    missing = sorted(unknown(session, frozenset(words)))
    if missing:
        raise UnknownWord(f"Not known to the partnership: {', '.join(missing)}.", f"#/{where}")


def _check_order(starts: datetime | None, ends: datetime | None, pointer: str) -> None:
    if starts is not None and ends is not None and ends <= starts:
        raise DatesOutOfOrder("The end must come after the start.", pointer)


def _agreement(session: Session, code: str) -> AgreementRow:
    row = session.get(AgreementRow, code)
    if row is None:
        raise UnknownAgreement
    return row


def _version(session: Session, code: str, number: int) -> AgreementVersionRow:
    found = select(AgreementVersionRow).where(
        AgreementVersionRow.agreement == code, AgreementVersionRow.version == number
    )
    row = session.scalars(found.order_by(AgreementVersionRow.id)).first()
    if row is None:
        raise UnknownAgreement("The agreement has no version of this number.")
    return row


def _stays(session: Session, code: str, agency: str) -> Collection[AgreementMemberRow]:
    found = select(AgreementMemberRow).where(
        AgreementMemberRow.agreement == code, AgreementMemberRow.agency == agency
    )
    return session.scalars(found.order_by(AgreementMemberRow.joined, AgreementMemberRow.id)).all()


def _member(code: str, member: MemberDraft, at: datetime) -> AgreementMemberRow:
    return AgreementMemberRow(
        id=new_id(at),
        agreement=code,
        agency=member.agency,
        joined=member.joined or at,
        departed=member.departed,
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
