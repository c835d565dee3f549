"""Previews on the wire: whose view is wanted, and what the decision says of each thing in it."""

from typing import Any

from marshmallow import post_load, pre_dump, validate

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
from sharing.rules.plain_words import why
from sharing.schemas.disclosures import AskedSubjectSchema
from sharing.terms.asking import Override, Practitioner
from sharing.terms.codes import Assurance, Ground, Kind, OverrideReason, Reason
from sharing.terms.previewing import Previewed, Question, Verdict

MOST_VERDICTS = 100_000
LONGEST_REASON = 1000
PERMITTED, REFUSED = "permitted", "refused"
_AS_IF_JUSTIFIED = "Nothing is asked: this is a preview of an override."


class AsPractitionerSchema(Schema):
    """As whose request it is looked at: a role, and an id that a conflict may stand against."""

    id = Text(max=64, min=0, load_default="")
    role = Text(max=64, min=0, load_default="")


class PreviewRequestSchema(Schema):
    """Whose view of whom is wanted, and why; what is left out is tried in every way."""

    subject = Nested(AskedSubjectSchema, required=True)
    recipient = Code(required=True, metadata={"description": "The agency that would ask"})
    reason = Text(
        max=LONGEST_REASON, required=True, metadata={"description": "Why; it is kept in the log"}
    )
    source = Code(load_default=None, allow_none=True)
    purpose = Code(load_default=None, allow_none=True)
    kind = Choice(Kind, load_default=None, allow_none=True)
    practitioner = Nested(AsPractitionerSchema, load_default=None, allow_none=True)
    override = Choice(
        OverrideReason,
        load_default=None,
        allow_none=True,
        metadata={"description": "What an override for this reason would open"},
    )

    @post_load
    def _question(self, data: dict[str, Any], **_: object) -> Question:
        named = data.pop("practitioner") or {"id": "", "role": ""}
        override = data.pop("override")
        return Question(
            identifiers=tuple(data.pop("subject")["identifiers"]),
            # Whoever asks is taken to be named as surely as any flow could want.
            practitioner=Practitioner(named["id"], named["role"], Assurance.SIGNED_IN),
            override=None if override is None else Override(override, _AS_IF_JUSTIFIED),
            **data,
        )


class FlowNamedSchema(Schema):
    """A flow: of which agreement and version, on which basis, and what it requires."""

    agreement = Code(required=True)
    version = WholeNumber(required=True)
    flow = Code(required=True)
    basis = Code(required=True)
    requires = Code(required=True)


class VerdictSchema(Schema):
    """What would come of one thing asked, and the rule that decides it."""

    source = Code(required=True)
    purpose = Code(required=True, allow_none=True, metadata={"description": "Null: whatever for"})
    category = Code(required=True)
    kind = Choice(Kind, required=True)
    outcome = Text(max=10, required=True, validate=validate.OneOf([PERMITTED, REFUSED]))
    code = Choice(Reason, required=True, allow_none=True)
    ground = Choice(Ground, required=True, allow_none=True)
    why = Text(max=300, required=True)
    flows = ListOf(
        Nested(FlowNamedSchema),
        max=1000,
        required=True,
        metadata={"description": "The one that carries it, or those tried in vain"},
    )
    consents = ListOf(OpaqueId(), max=1000, required=True)
    shields = ListOf(OpaqueId(), max=1000, required=True)
    withholds = ListOf(OpaqueId(), max=1000, required=True)
    obligations = ListOf(Code(), max=20, required=True)
    flags = ListOf(Code(), max=20, required=True)

    @pre_dump
    def _flat(self, one: Verdict, **_: object) -> dict[str, Any]:
        return {
            "source": one.source,
            "purpose": one.purpose,
            "category": one.category,
            "kind": Kind(one.kind),
            "outcome": PERMITTED if one.reason is None else REFUSED,
            "code": one.reason,
            "ground": one.ground,
            "why": why(one.reason, one.ground),
            "flows": [
                {
                    "agreement": path.agreement.code,
                    "version": path.agreement.version,
                    "flow": path.flow.code,
                    "basis": path.flow.basis,
                    "requires": path.flow.requires,
                }
                for path in one.paths
            ],
            "consents": one.consents,
            "shields": one.shields,
            "withholds": one.withholds,
            "obligations": one.obligations,
            "flags": one.flags,
        }


class PreviewedSchema(Schema):
    """What an agency would see now, and which rule stops the rest; `id` is the log's entry."""

    id = OpaqueId(required=True)
    at = Instant(required=True)
    recipient = Code(required=True)
    items = ListOf(Nested(VerdictSchema), max=MOST_VERDICTS, required=True)

    @pre_dump
    def _flat(self, one: Previewed, **_: object) -> dict[str, Any]:
        return {"id": one.id, "at": one.at, "recipient": one.recipient, "items": one.verdicts}
