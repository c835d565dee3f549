"""What a version of an agreement says, on the wire: flows, parties, retention and sentences."""

from dataclasses import asdict
from typing import Any, Final

from marshmallow import post_load, pre_dump, validate

from app.kernel.schema import (
    Choice,
    Code,
    Instant,
    ListOf,
    Nested,
    Schema,
    SetOf,
    Text,
    TrueOrFalse,
    WholeNumber,
)
from sharing.terms.agreements import Draft, FlowDraft, Party, Retention, Wording
from sharing.terms.codes import Assurance, Kind, LawfulBasis, Requirement

MOST_MEMBERS = 1000
MOST_FLOWS = 500
MOST_CODES = 500
LONGEST_PART = 4000
ASSURANCES = ("none", "stated", "signed")
OPTIONAL: Final[dict[str, Any]] = {"load_default": None, "allow_none": True}


def _codes() -> SetOf:
    return SetOf(Code(), min=1, max=MOST_CODES, required=True)


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


class AgreementPartySchema(Schema):
    """An agency as a version names it."""

    agency = Code(required=True)
    role = Text(max=100, **OPTIONAL)
    data_protection_contact = Text(max=300, **OPTIONAL)

    @post_load
    def _party(self, data: dict[str, Any], **_: object) -> Party:
        return Party(**data)


class RetentionSchema(Schema):
    """How long a class of record is kept."""

    category = Code(required=True)
    months = WholeNumber(min=1, max=1200, required=True)
    counted_from = Text(
        max=200, required=True, metadata={"description": "Such as: the closing of the plan"}
    )

    @post_load
    def _retention(self, data: dict[str, Any], **_: object) -> Retention:
        return Retention(**data)


def _part(description: str) -> Text:
    return Text(max=LONGEST_PART, metadata={"description": description}, **OPTIONAL)


class WordingSchema(Schema):
    """What a version says in sentences; each is asked for before it can be activated."""

    purpose = _part("What the sharing is for")
    benefits = _part("What families gain from it")
    rights = _part("How people use their rights")
    security = _part("How the information is kept safe")
    breach = _part("Who does what if information goes astray")
    exit = _part("How the sharing ends, and what happens to what was shared")
    impact_assessment = _part("Reference of the data protection impact assessment")
    summary = _part("The same in plain language, for families")


_WORDING = frozenset(WordingSchema().fields)


def _words_of(data: dict[str, Any]) -> Wording:
    return Wording(**{name: data.pop(name, None) for name in _WORDING})


class VersionDraftSchema(WordingSchema):
    """A version of an agreement, to be signed and activated later; parts may be missing yet."""

    effective_from = Instant(required=True)
    expires = Instant(load_default=None, allow_none=True)
    review_due = Instant(load_default=None, allow_none=True)
    flows = ListOf(Nested(FlowSchema), min=1, max=MOST_FLOWS)
    retention = ListOf(Nested(RetentionSchema), max=MOST_CODES, load_default=())
    parties = ListOf(
        Nested(AgreementPartySchema),
        max=MOST_MEMBERS,
        load_default=None,
        metadata={"description": "The members as they joined, if left out"},
    )
    signatories = SetOf(
        Code(),
        max=MOST_MEMBERS,
        load_default=frozenset(),
        metadata={"description": "Who must sign before activation; all members if left out"},
    )

    @post_load
    def _draft(self, data: dict[str, Any], **_: object) -> object:
        return drafted(data)


def drafted(data: dict[str, Any]) -> Draft:
    """Return the draft in what was loaded, and take it out of there."""
    parties = data.pop("parties")
    return Draft(
        wording=_words_of(data),
        flows=tuple(data.pop("flows", ())),
        retention=tuple(data.pop("retention")),
        parties=None if parties is None else tuple(parties),
        **data,
    )


class VersionContentSchema(Schema):
    """What a version says, as members sign it."""

    effective_from = Instant(required=True)
    expires = Instant(required=True, allow_none=True)
    review_due = Instant(required=True, allow_none=True)
    purpose = Text(max=LONGEST_PART, required=True, allow_none=True)
    benefits = Text(max=LONGEST_PART, required=True, allow_none=True)
    rights = Text(max=LONGEST_PART, required=True, allow_none=True)
    security = Text(max=LONGEST_PART, required=True, allow_none=True)
    breach = Text(max=LONGEST_PART, required=True, allow_none=True)
    exit = Text(max=LONGEST_PART, required=True, allow_none=True)
    impact_assessment = Text(max=LONGEST_PART, required=True, allow_none=True)
    summary = Text(max=LONGEST_PART, required=True, allow_none=True)
    flows = ListOf(Nested(FlowSchema), max=MOST_FLOWS, required=True)
    retention = ListOf(Nested(RetentionSchema), max=MOST_CODES, required=True)
    parties = ListOf(Nested(AgreementPartySchema), max=MOST_MEMBERS, required=True)
    signatories = SetOf(Code(), max=MOST_MEMBERS, required=True)


class SignedContentSchema(VersionContentSchema):
    """The very text that members sign, with what it is of: canonical JSON (RFC 8785)."""

    agreement = Code(required=True)
    version = WholeNumber(required=True)
    title = Text(max=200, required=True)
    human_contact = Text(max=500, required=True, allow_none=True)
