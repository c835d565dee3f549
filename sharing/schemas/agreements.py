"""Agreements on the wire: drafts, versions, members and flows."""

from dataclasses import asdict
from typing import Any

from marshmallow import post_load, pre_dump, validate

from app.kernel.paging import page_schema
from app.kernel.schema import (
    Choice,
    Code,
    Instant,
    ListOf,
    Nested,
    OpaqueId,
    Schema,
    SetOf,
    Text,
    TrueOrFalse,
    WholeNumber,
)
from sharing.terms.agreements import Draft, FlowDraft, MemberDraft, NewAgreement
from sharing.terms.codes import Assurance, Kind, LawfulBasis, Requirement

MOST_MEMBERS = 1000
MOST_FLOWS = 500
MOST_CODES = 500
ASSURANCES = ("none", "stated", "signed")


def _codes() -> SetOf:
    return SetOf(Code(), min=1, max=MOST_CODES, required=True)


class MemberSchema(Schema):
    """One stretch of an agency's membership: from `joined`, up to and without `left`."""

    agency = Code(required=True)
    joined = Instant(load_default=None, metadata={"description": "Now if left out"})
    left = Instant(load_default=None, allow_none=True, attribute="departed")

    @post_load
    def _member(self, data: dict[str, Any], **_: object) -> MemberDraft:
        return MemberDraft(**data)


class FlowSchema(Schema):
    """One path: who to whom, which categories, for which purposes, on which basis."""

    code = Code(required=True)
    from_ = SetOf(
        Code(), min=1, max=MOST_CODES, required=True, data_key="from", attribute="sources"
    )
    to = SetOf(Code(), min=1, max=MOST_CODES, required=True, attribute="recipients")
    purposes = _codes()
    categories = _codes()
    kinds = SetOf(
        Text(max=10, validate=validate.OneOf([kind.value for kind in Kind])),
        min=1,
        max=len(Kind),
        load_default=frozenset({Kind.CONTENT.value}),
    )
    basis = Choice(LawfulBasis, required=True)
    law = Text(max=300, load_default=None, allow_none=True)
    special_condition = Text(
        max=300,
        load_default=None,
        allow_none=True,
        metadata={"description": "The condition of UK GDPR Article 9(2), for sensitive categories"},
    )
    requires = Choice(Requirement, required=True)
    verbal = TrueOrFalse(load_default=False)
    override = TrueOrFalse(load_default=False)
    pierces_shield = TrueOrFalse(load_default=False)
    practitioner = Text(max=10, load_default="none", validate=validate.OneOf(ASSURANCES))

    @pre_dump
    def _in_words(self, flow: FlowDraft, **_: object) -> dict[str, Any]:
        return asdict(flow) | {"practitioner": flow.practitioner.name.lower()}

    @post_load
    def _flow(self, data: dict[str, Any], **_: object) -> FlowDraft:
        named = Assurance[data.pop("practitioner").upper()]
        return FlowDraft(practitioner=named, **data)


class VersionDraftSchema(Schema):
    """A version of an agreement, to be activated later; then it is frozen."""

    effective_from = Instant(required=True)
    expires = Instant(load_default=None, allow_none=True)
    review_due = Instant(load_default=None, allow_none=True)
    flows = ListOf(Nested(FlowSchema), min=1, max=MOST_FLOWS, required=True)

    @post_load
    def _draft(self, data: dict[str, Any], **_: object) -> Draft | NewAgreement:
        return Draft(**data | {"flows": tuple(data["flows"])})


class AgreementDraftSchema(VersionDraftSchema):
    """A new information sharing agreement: its first version, and its members."""

    code = Code(required=True)
    title = Text(max=200, required=True)
    human_contact = Text(max=500, load_default=None, allow_none=True)
    members = ListOf(Nested(MemberSchema), min=1, max=MOST_MEMBERS, required=True)

    @post_load
    def _draft(self, data: dict[str, Any], **_: object) -> NewAgreement:
        version = {name: data.pop(name) for name in ("effective_from", "expires", "review_due")}
        draft = Draft(flows=tuple(data.pop("flows")), **version)
        return NewAgreement(draft=draft, members=tuple(data.pop("members")), **data)


class TerminationSchema(Schema):
    """From when nothing may be disclosed under an agreement any more."""

    at = Instant(load_default=None, metadata={"description": "Now if left out"})


class DepartureSchema(Schema):
    """From when an agency is no longer a member."""

    left = Instant(load_default=None, metadata={"description": "Now if left out"})


class EmptySchema(Schema):
    """An act that says all by its address."""


class VersionSchema(Schema):
    """A version as it stands."""

    version = WholeNumber(required=True)
    effective_from = Instant(required=True)
    expires = Instant(required=True, allow_none=True)
    review_due = Instant(required=True, allow_none=True)
    activated_at = Instant(required=True, allow_none=True)
    superseded_at = Instant(required=True, allow_none=True)
    flows = ListOf(Nested(FlowSchema), max=MOST_FLOWS, required=True)


class AgreementSchema(Schema):
    """An agreement with its members and all its versions."""

    code = Code(required=True)
    title = Text(max=200, required=True)
    human_contact = Text(max=500, required=True, allow_none=True)
    terminated_at = Instant(required=True, allow_none=True)
    members = ListOf(Nested(MemberSchema), max=MOST_MEMBERS, required=True)
    versions = ListOf(Nested(VersionSchema), max=1000, required=True)


class AgreementLineSchema(Schema):
    """An agreement in a list."""

    code = Code(required=True)
    title = Text(max=200, required=True)
    terminated_at = Instant(required=True, allow_none=True)


AgreementPageSchema = page_schema(AgreementLineSchema)


class RecordIdSchema(Schema):
    """The id of what was recorded."""

    id = OpaqueId(required=True)
