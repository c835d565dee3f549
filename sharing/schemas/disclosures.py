"""A request to be told something, and the two answers."""

from typing import Any

from marshmallow import ValidationError, fields, post_load, validate

from app.kernel.schema import Code, Instant, ListOf, Nested, OpaqueId, Schema, Text, WholeNumber
from consent.rules.identifiers import SCHEME_PATTERN, Fault, normal_form
from sharing.terms.asking import Identifier, Override
from sharing.terms.codes import Kind

MOST_IDENTIFIERS = 10
MOST_CATEGORIES = 100
LONGEST_WORD = 64
LONGEST_JUSTIFICATION = 2000


def _word(**options: Any) -> Text:  # noqa: ANN401  (a field's own options)
    """Return a word that the decision checks: an unknown one is answered and logged by it."""
    return Text(max=LONGEST_WORD, **options)


class AskedIdentifierSchema(Schema):
    """One way the asking agency knows the subject; at most one subject may answer to them all."""

    scheme = Text(
        max=80,
        required=True,
        metadata={
            "description": "nhs_number, upn, mosaic, liquidlogic, or agency: and its code",
            "pattern": SCHEME_PATTERN,
        },
    )
    value = Text(max=100, required=True)

    @post_load
    def _normal(self, data: dict[str, Any], **_: object) -> Identifier:
        value = normal_form(data["scheme"], data["value"])
        if isinstance(value, Fault):
            raise ValidationError({value.within: [value.detail]})
        return Identifier(data["scheme"], value)


class AskedSubjectSchema(Schema):
    """Whom a request is about."""

    identifiers = ListOf(Nested(AskedIdentifierSchema), min=1, max=MOST_IDENTIFIERS, required=True)


class PractitionerSchema(Schema):
    """Who stands behind a request, by the asking agency's own opaque staff id."""

    id = Text(max=LONGEST_WORD, required=True)
    role = Text(max=LONGEST_WORD, min=0, load_default="")


class OverrideSchema(Schema):
    """Why a missing consent should be passed over; the justification is reviewed."""

    reason = _word(required=True)
    justification = Text(max=LONGEST_JUSTIFICATION, min=0, required=True)
    reference = Text(max=200, load_default=None, allow_none=True)

    @post_load
    def _override(self, data: dict[str, Any], **_: object) -> Override:
        return Override(**data)


class DisclosureRequestSchema(Schema):
    """What an agency asks to be told."""

    subject = Nested(AskedSubjectSchema, required=True)
    source = _word(required=True, metadata={"description": "An agency's code; * for a pointer"})
    kind = _word(load_default=Kind.CONTENT.value)
    purpose = _word(required=True)
    lawful_basis = _word(required=True)
    categories = ListOf(_word(), max=MOST_CATEGORIES, required=True)
    recipient = _word(load_default=None, allow_none=True)
    practitioner = Nested(PractitionerSchema, load_default=None, allow_none=True)
    override = Nested(OverrideSchema, load_default=None, allow_none=True)


class AgreementUsedSchema(Schema):
    """The agreement, and its version, that a disclosure rests on."""

    code = Code(required=True)
    version = WholeNumber(required=True)


class SectionSchema(Schema):
    """One record of a category."""

    record = OpaqueId(required=True)
    recorded_at = Instant(required=True)
    content = fields.Dict(required=True)
    disputed_at = Instant(
        metadata={
            "description": "There if somebody says that it is wrong, and since when: weigh it "
            "accordingly, and ask its source"
        }
    )


class DisclosureSchema(Schema):
    """What was permitted: for its purpose only, and not to be told on."""

    id = OpaqueId(required=True)
    outcome = Text(max=10, required=True, validate=validate.OneOf(["permit", "partial"]))
    decided_at = Instant(required=True)
    agreement = Nested(AgreementUsedSchema, required=True)
    categories = ListOf(Code(), max=MOST_CATEGORIES, required=True)
    refused = fields.Dict(keys=Code(), values=Code(), required=True)
    sections = fields.Dict(keys=Code(), values=fields.List(Nested(SectionSchema)), required=True)
    sources = ListOf(Code(), max=10_000, required=True)
    obligations = ListOf(Code(), max=20, required=True)
    receipt = Text(max=4000, required=True, metadata={"description": "A signed note (C2SP)"})
    proof = Text(
        max=20_000,
        allow_none=True,
        metadata={"description": "With `Prefer: wait=5`: the log's proof; null if it takes longer"},
    )


class ObligationClosingSchema(Schema):
    """How a duty was met: the family was told, or why it was not safe to tell them."""

    outcome = Text(
        max=40, required=True, validate=validate.OneOf(["done", "not_safe", "not_needed"])
    )
    note = Text(max=LONGEST_JUSTIFICATION, load_default=None, allow_none=True)


class ObligationSchema(Schema):
    """A duty that came with a disclosure."""

    code = Code(required=True)
    outcome = Text(max=40, required=True, allow_none=True)
    closed_at = Instant(required=True, allow_none=True)
