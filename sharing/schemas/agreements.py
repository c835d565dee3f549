"""Agreements on the wire: drafts, versions, members and flows."""

from dataclasses import asdict, fields
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
    Text,
    WholeNumber,
)
from sharing.schemas.agreement_contents import (
    MOST_MEMBERS,
    OPTIONAL,
    VersionContentSchema,
    VersionDraftSchema,
    drafted,
)
from sharing.terms.agreements import (
    Means,
    MemberDraft,
    NewAgreement,
    Outcome,
    VersionOnFile,
)

TAKEN_CODES = ("due", "register", "templates")
LARGEST_DRAFT = 512 * 1024


class MemberSchema(Schema):
    """One stretch of an agency's membership: from `joined`, up to and without `left`."""

    agency = Code(required=True)
    joined = Instant(load_default=None, metadata={"description": "Now if left out"})
    left = Instant(load_default=None, allow_none=True, attribute="departed")
    role = Text(max=100, **OPTIONAL, metadata={"description": "Its part in the agreement"})
    data_protection_contact = Text(
        max=300, **OPTIONAL, metadata={"description": "A desk rather than a person"}
    )

    @post_load
    def _member(self, data: dict[str, Any], **_: object) -> MemberDraft:
        return MemberDraft(**data)


class AgreementDraftSchema(VersionDraftSchema):
    """A new information sharing agreement: its first version, and its members."""

    code = Code(
        required=True,
        validate=validate.NoneOf(TAKEN_CODES, error="This word has another use here."),
        metadata={"description": f"Not one of: {', '.join(TAKEN_CODES)}"},
    )
    title = Text(max=200, required=True)
    human_contact = Text(max=500, load_default=None, allow_none=True)
    members = ListOf(Nested(MemberSchema), min=1, max=MOST_MEMBERS, required=True)
    template = Code(
        load_default=None,
        metadata={"description": "A worked example, which says what the draft leaves out"},
    )

    @post_load
    def _draft(self, data: dict[str, Any], **_: object) -> NewAgreement:
        named = {name: data.pop(name) for name in ("code", "title", "human_contact", "template")}
        members = tuple(data.pop("members"))
        return NewAgreement(members=members, draft=drafted(data), **named)


class TerminationSchema(Schema):
    """From when nothing may be disclosed under an agreement any more."""

    at = Instant(load_default=None, metadata={"description": "Now if left out"})
    successor = Code(
        load_default=None, metadata={"description": "The agreement that takes its place"}
    )
    reason = Text(
        max=2000,
        load_default=None,
        metadata={"description": "Why; it stays on file with the agreement. Name no person"},
    )


class DepartureSchema(Schema):
    """From when an agency is no longer a member."""

    left = Instant(load_default=None, metadata={"description": "Now if left out"})


class EmptySchema(Schema):
    """An act that says all by its address."""


class SignatureLineSchema(Schema):
    """That an agency has signed a version."""

    agency = Code(required=True)
    role = Text(max=100, required=True, metadata={"description": "Of the official who signed"})
    means = Choice(Means, required=True)
    signed_at = Instant(required=True)


class NewReviewSchema(Schema):
    """That the version in force was looked at, to be recorded."""

    outcome = Choice(Outcome, required=True)
    role = Text(max=100, required=True, metadata={"description": "Of the official who reviewed"})
    next_due = Instant(metadata={"description": "After the months on /settings if left out"})


class AgreementReviewSchema(NewReviewSchema):
    """That the version in force was looked at, and when it is looked at next."""

    next_due = Instant(required=True)
    reviewed_at = Instant(required=True)


class VersionSchema(VersionContentSchema):
    """A version as it stands."""

    version = WholeNumber(required=True)
    activated_at = Instant(required=True, allow_none=True)
    superseded_at = Instant(required=True, allow_none=True)
    content_sha256 = Text(
        max=64,
        min=64,
        required=True,
        allow_none=True,
        metadata={"description": "Of its content; null if activated before contents were signed"},
    )
    signatures = ListOf(Nested(SignatureLineSchema), max=10 * MOST_MEMBERS, required=True)
    reviews = ListOf(Nested(AgreementReviewSchema), max=MOST_MEMBERS, required=True)

    @pre_dump
    def _flat(self, version: VersionOnFile, **_: object) -> dict[str, Any]:
        said = {one.name: getattr(version, one.name) for one in fields(version)}
        return asdict(version.wording) | said | {"parties": version.parties or ()}


class TerminatedSchema(Schema):
    """Who terminated an agreement, when, and why."""

    recorded_at = Instant(required=True)
    agency = Code(required=True)
    client = Text(max=100, required=True, metadata={"description": "The client that did"})
    reason = Text(max=2000, required=True, allow_none=True)


class AgreementSchema(Schema):
    """An agreement with its members and all its versions."""

    code = Code(required=True)
    title = Text(max=200, required=True)
    human_contact = Text(max=500, required=True, allow_none=True)
    kept_by = Code(
        required=True,
        allow_none=True,
        metadata={
            "description": (
                "The agency that drafted it, and alone changes it for all; null if it was drafted "
                "before that was written down, when each member acts in its place"
            )
        },
    )
    terminated_at = Instant(required=True, allow_none=True)
    termination = Nested(
        TerminatedSchema,
        required=True,
        allow_none=True,
        metadata={"description": "Null, too, if it ended before that was written down"},
    )
    successor = Code(required=True, allow_none=True)
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
