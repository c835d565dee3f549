"""Agreements: drafted, put right, joined and left. What somebody signed never changes."""

from collections.abc import Callable, Collection, Iterable
from dataclasses import replace
from datetime import datetime
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app.kernel.clock import Clock
from app.kernel.ids import new_id
from app.kernel.named import DatesOutOfOrder
from consent.queries.vocabulary import unknown_categories, unknown_purposes
from directory.queries.agencies import unknown_codes
from sharing.actions.errors import (
    AgreementExists,
    AlreadyActive,
    AlreadySigned,
    IncompleteAgreement,
    MembershipClash,
    UnknownAgreement,
    UnknownTemplate,
    UnknownWord,
)
from sharing.models.agreements import (
    AgreementMemberRow,
    AgreementRow,
    AgreementSignatureRow,
    AgreementVersionRow,
)
from sharing.queries.agreements import parties_of
from sharing.rules.contents import canonical, document, sha256_of
from sharing.rules.drafting import filled
from sharing.terms.agreements import (
    Draft,
    FlowDraft,
    Heading,
    MemberDraft,
    MissingPart,
    NewAgreement,
    Party,
)
from sharing.terms.worked.shelf import WORKED

_TWICE: Final = (
    "The agency is a member at that time already. GET the agreement: it lists each stay. Let this"
    " one begin once the other has ended."
)


def hold(session: Session, code: str, clock: Clock) -> datetime:
    """Let nobody else change an agreement until the transaction ends; the instant after that.

    Of two who activate, or sign while a new version takes over, the second sees what the first did.
    `UnknownAgreement` if there is none.
    """
    held = select(AgreementRow.code).where(AgreementRow.code == code).with_for_update()
    if session.scalar(held.order_by(AgreementRow.code)) is None:
        raise UnknownAgreement
    return clock()


def draft_agreement(session: Session, new: NewAgreement, kept_by: str, at: datetime) -> None:
    """Record a new agreement with its first version, not yet active, its members and its keeper.

    `AgreementExists` if the code is taken; `UnknownWord`, `UnknownTemplate` or `DatesOutOfOrder`
    name the place.
    """
    _check_words(session, "members", (one.agency for one in new.members), unknown_codes)
    named = {"code": new.code, "title": new.title, "human_contact": new.human_contact}
    row = insert(AgreementRow).values(recorded_at=at, kept_by=kept_by, **named)
    if session.scalar(row.on_conflict_do_nothing().returning(AgreementRow.code)) is None:
        raise AgreementExists
    for place, one in enumerate(new.members):
        _check_order(one.joined or at, one.departed, f"#/members/{place}/left")
        session.add(_member(new.code, one, at))
    _add_version(session, new.code, 1, _first_draft(new), at)


def draft_version(session: Session, code: str, draft: Draft, at: datetime) -> int:
    """Record the next version of an agreement, not yet active; returns its number."""
    agreement_row(session, code)
    newest = func.max(AgreementVersionRow.version)
    number = session.scalars(select(newest).where(AgreementVersionRow.agreement == code)).one() + 1
    _add_version(session, code, number, draft, at)
    return number


def revise(session: Session, code: str, number: int, draft: Draft, at: datetime) -> None:
    """Put other content in the place of a draft's.

    `AlreadyActive` or `AlreadySigned` where it is too late: a change is then a new version.
    """
    row = version_row(session, code, number)
    if row.activated_at is not None:
        raise AlreadyActive
    signed = select(AgreementSignatureRow.id).where(AgreementSignatureRow.version_id == row.id)
    if session.scalars(signed.order_by(AgreementSignatureRow.id).limit(1)).first() is not None:
        raise AlreadySigned("Somebody has signed this draft. Draft a new version instead.")
    _check_draft(session, code, draft)
    row.effective_from, row.expires = draft.effective_from, draft.expires
    row.review_due = draft.review_due
    row.content = _content(session, code, number, draft, at)
    row.content_sha256 = sha256_of(row.content)


def join(session: Session, code: str, member: MemberDraft, at: datetime) -> None:
    """Make an agency a member; it counts once the agency has signed the version in force.

    Consents recorded before never cover it (rule 10).
    """
    agreement_row(session, code)
    _check_words(session, "agency", (member.agency,), unknown_codes)
    joined = member.joined or at
    _check_order(joined, member.departed, "#/left")
    for stay in _stays(session, code, member.agency):
        if stay.departed is None or joined < stay.departed:
            raise MembershipClash(_TWICE, "#/joined")
    session.add(_member(code, _as_before(session, code, member), at))


def leave(session: Session, code: str, agency: str, departed: datetime) -> None:
    """End an agency's membership from an instant."""
    agreement_row(session, code)
    stays = [stay for stay in _stays(session, code, agency) if stay.departed is None]
    if not stays:
        raise MembershipClash("The agency is not a member now. GET the agreement: it lists who is.")
    if departed < stays[0].joined:
        raise DatesOutOfOrder("The agency had not joined by then. Name a later date.", "#/left")
    stays[0].departed = departed


def version_row(session: Session, code: str, number: int) -> AgreementVersionRow:
    """Return a version's row as it is after the lock; `UnknownAgreement` if there is none."""
    found = select(AgreementVersionRow).where(
        AgreementVersionRow.agreement == code, AgreementVersionRow.version == number
    )
    found = found.order_by(AgreementVersionRow.id).execution_options(populate_existing=True)
    row = session.scalars(found).first()
    if row is None:
        raise UnknownAgreement("The agreement has no version of this number.")
    return row


def _first_draft(new: NewAgreement) -> Draft:
    if new.template is None:
        return new.draft
    if new.template not in WORKED:
        raise UnknownTemplate(pointer="#/template")
    return filled(WORKED[new.template], new.draft, new.members)


def _as_before(session: Session, code: str, member: MemberDraft) -> MemberDraft:
    """Return a newcomer with its part and contact, which one that comes back need not repeat.

    `IncompleteAgreement` if they are nowhere, for the version in force cannot be changed to name
    them (ICO data sharing code: who takes part, and whom to reach there).
    """
    known = parties_of(session, code).get(member.agency, Party(member.agency, None, None))
    role = member.role or known.role
    contact = member.data_protection_contact or known.data_protection_contact
    missing = []
    if role is None:
        missing.append(MissingPart("#/role", "Say what part the agency has in it."))
    if contact is None:
        detail = "Say whom to reach at the agency about data protection."
        missing.append(MissingPart("#/data_protection_contact", detail))
    if missing and _was_activated(session, code):
        raise IncompleteAgreement(missing)
    return replace(member, role=role, data_protection_contact=contact)


def _was_activated(session: Session, code: str) -> bool:
    version = AgreementVersionRow
    active = select(version.id).where(
        version.agreement == code,
        version.activated_at.is_not(None),
        version.content_sha256.is_not(None),
    )
    return session.scalars(active.order_by(version.version).limit(1)).first() is not None


def _add_version(session: Session, code: str, number: int, draft: Draft, at: datetime) -> None:
    session.flush()
    _check_draft(session, code, draft)
    content = _content(session, code, number, draft, at)
    version = AgreementVersionRow(
        id=new_id(at),
        agreement=code,
        version=number,
        effective_from=draft.effective_from,
        expires=draft.expires,
        review_due=draft.review_due,
        content=content,
        content_sha256=sha256_of(content),
        recorded_at=at,
    )
    session.add(version)
    session.flush()


def _content(session: Session, code: str, number: int, draft: Draft, at: datetime) -> str:
    """Return the words of a version; where the draft names no parties, the members are those."""
    agreement = agreement_row(session, code)
    heading = Heading(code, agreement.title, agreement.human_contact, number)
    parties = draft.parties
    if parties is None:
        parties = tuple(parties_of(session, code, at).values())
    return canonical(document(heading, replace(draft, parties=parties)))


def _check_draft(session: Session, code: str, draft: Draft) -> None:
    _check_order(draft.effective_from, draft.expires, "#/expires")
    if draft.review_due is not None and draft.review_due < draft.effective_from:
        raise DatesOutOfOrder("A review comes after the start. Name a later day.", "#/review_due")
    _check_flows(session, draft.flows)
    kept = [one.category for one in draft.retention]
    if len(set(kept)) < len(kept):
        raise UnknownWord("A category is kept in two ways. Name it once.", "#/retention")
    _check_words(session, "retention", kept, unknown_categories)
    members = parties_of(session, code).keys()
    named = [one.agency for one in draft.parties or ()]
    if len(set(named)) < len(named):
        raise UnknownWord("An agency is a party twice. Name it once.", "#/parties")
    for where, agencies in (("parties", set(named)), ("signatories", draft.signatories)):
        if strangers := ", ".join(sorted(agencies - members)):
            raise UnknownWord(f"No members of the agreement: {strangers}.", f"#/{where}")


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


def agreement_row(session: Session, code: str) -> AgreementRow:
    """Return an agreement's row; `UnknownAgreement` if there is none."""
    row = session.get(AgreementRow, code)
    if row is None:
        raise UnknownAgreement
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
        role=member.role,
        data_protection_contact=member.data_protection_contact,
        recorded_at=at,
    )
