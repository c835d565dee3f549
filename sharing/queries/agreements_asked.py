"""The agreements that one request may use, as part of a statement, and read back as terms."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Select,
    any_,
    func,
    literal_column,
    or_,
    select,
    true,
)
from sqlalchemy.dialects.postgresql import aggregate_order_by

from consent.terms import ALL, Period
from sharing.models.agreements import (
    AgreementMemberRow,
    AgreementReviewRow,
    AgreementRow,
    AgreementSignatureRow,
    AgreementVersionRow,
    FlowRow,
)
from sharing.terms.codes import Assurance, LawfulBasis, Requirement
from sharing.terms.facts import Agreement, Flow

_EMPTY: Final[ColumnElement[Any]] = literal_column("'[]'::json")


def agreements_asked(
    recipient: BindParameter[str],
    source: BindParameter[str],
    purpose: BindParameter[str] | None,
    at: BindParameter[datetime],
) -> ColumnElement[Any]:
    """Return a JSON list of the agreements in force that have the recipient among their members.

    In the order in which they were made; each with the memberships of both agencies (of all, where
    every source is asked) and the flows that run to the recipient for this purpose (for any, where
    it is None), in their order.
    """
    agreement, version, member = AgreementRow, AgreementVersionRow, AgreementMemberRow.agency
    # LEAST ignores NULL: whatever comes first ends it, and what has no end does not.
    ends = func.least(version.expires, version.superseded_at, agreement.terminated_at)
    one = func.json_build_array(
        agreement.code,
        version.version,
        version.effective_from,
        ends,
        func.coalesce(_next_review(at), version.review_due),
        _members(or_(source == ALL, member == recipient, member == source)),
        _flows(
            recipient == any_(FlowRow.recipients),
            true() if purpose is None else purpose == any_(FlowRow.purposes),
            or_(source == ALL, source == any_(FlowRow.sources)),
        ),
    )
    in_order = aggregate_order_by(one, agreement.position, version.version)
    mine = select(AgreementMemberRow.agreement).where(AgreementMemberRow.agency == recipient)
    return (
        select(func.coalesce(func.json_agg(in_order), _EMPTY))
        .select_from(agreement)
        .join(version, version.agreement == agreement.code)
        .where(
            agreement.code.in_(mine),
            version.activated_at <= at,
            version.effective_from <= at,
            or_(ends.is_(None), ends > at),
        )
        .scalar_subquery()
    )


def agreements_through_time() -> Select[Any]:
    """Return a statement of one JSON list: every version that was ever activated, whole.

    Each from when it was both activated and effective, so that a decision at any instant finds
    those that were in force then. When a review put off the next one is left out.
    """
    agreement, version = AgreementRow, AgreementVersionRow
    ends = func.least(version.expires, version.superseded_at, agreement.terminated_at)
    one = func.json_build_array(
        agreement.code,
        version.version,
        func.greatest(version.effective_from, version.activated_at),
        ends,
        version.review_due,
        _members(),
        _flows(),
    )
    in_order = aggregate_order_by(one, agreement.position, version.version)
    return (
        select(func.coalesce(func.json_agg(in_order), _EMPTY))
        .select_from(agreement)
        .join(version, version.agreement == agreement.code)
        .where(version.activated_at.is_not(None))
    )


def agreements_from(answer: list[list[Any]]) -> tuple[Agreement, ...]:
    """Read what `agreements_asked` answered."""
    return tuple(
        Agreement(
            code,
            version,
            Period(_instant(starts), _instant(ends)),
            _members_from(members),
            tuple(_flow(flow) for flow in flows),
            _instant(review_due),
        )
        for code, version, starts, ends, review_due, members, flows in answer
    )


def _members(*conditions: ColumnElement[bool]) -> ColumnElement[Any]:
    """Return a JSON list of memberships: each counts once its agency has signed the version.

    What was activated before contents were signed has no hash, and its members count by date.
    """
    member, version, signature = AgreementMemberRow, AgreementVersionRow, AgreementSignatureRow
    signed = (
        select(func.min(signature.recorded_at).label("at"))
        .where(
            signature.version_id == version.id,
            signature.agency == member.agency,
            # Who left and came back has signed for the new stay only if it did so since.
            signature.recorded_at >= member.recorded_at,
            signature.content_sha256 == version.content_sha256,
        )
        .correlate(member, version)
        .lateral("signed")
    )
    # GREATEST ignores NULL: without a hash there is no signature to wait for.
    one = func.json_build_array(
        member.agency, func.greatest(member.joined, signed.c.at), member.departed
    )
    return (
        select(func.coalesce(func.json_agg(one), _EMPTY))
        .select_from(member)
        .join(signed, true())
        .where(
            member.agreement == AgreementRow.code,
            *conditions,
            or_(version.content_sha256.is_(None), signed.c.at.is_not(None)),
        )
        .correlate(AgreementRow, version)
        .scalar_subquery()
    )


def _next_review(at: BindParameter[datetime]) -> ColumnElement[Any]:
    """Return when the newest review of a version has put off the next to; NULL without one."""
    review = AgreementReviewRow
    return (
        select(review.next_due)
        .where(review.version_id == AgreementVersionRow.id, review.recorded_at <= at)
        .order_by(review.recorded_at.desc(), review.id.desc())
        .limit(1)
        .correlate(AgreementVersionRow)
        .scalar_subquery()
    )


def _flows(*conditions: ColumnElement[bool]) -> ColumnElement[Any]:
    flow = FlowRow
    one = func.json_build_array(
        flow.id,
        flow.code,
        flow.sources,
        flow.recipients,
        flow.purposes,
        flow.categories,
        flow.basis,
        flow.requires,
        flow.kinds,
        flow.verbal,
        flow.override,
        flow.pierces_shield,
        flow.practitioner,
    )
    return (
        select(func.coalesce(func.json_agg(aggregate_order_by(one, flow.position)), _EMPTY))
        .where(flow.version_id == AgreementVersionRow.id, *conditions)
        .correlate(AgreementVersionRow)
        .scalar_subquery()
    )


def _members_from(listed: list[list[Any]]) -> Mapping[str, tuple[Period, ...]]:
    members: dict[str, tuple[Period, ...]] = {}
    for agency, joined, departed in listed:
        stay = Period(_instant(joined), _instant(departed))
        members[agency] = (*members.get(agency, ()), stay)
    return members


def _flow(columns: list[Any]) -> Flow:
    """Read a flow from its columns, in the order in which `_flows` lists them."""
    flow_id, code, sources, recipients, purposes, categories, basis, requires, *rest = columns
    kinds, verbal, override, pierces_shield, practitioner = rest
    return Flow(
        UUID(flow_id),
        code,
        frozenset(sources),
        frozenset(recipients),
        frozenset(purposes),
        frozenset(categories),
        LawfulBasis(basis),
        Requirement(requires),
        frozenset(kinds),
        verbal,
        override,
        pierces_shield,
        Assurance(practitioner),
    )


def _instant(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)
