"""Subjects, who decides for them and who lives with them, on the wire."""

from app.kernel.schema import (
    Code,
    Day,
    Instant,
    ListOf,
    Nested,
    OpaqueId,
    Schema,
    Text,
    TrueOrFalse,
)
from consent.rules.identifiers import SCHEME_PATTERN

MOST_IDENTIFIERS = 20
MOST_PAST_NAMES = 20
MOST_MEMBERS = 50
LONGEST_NOTE = 4000
_OPEN = {"description": "It always was so if left out"}
_NOW = {"description": "Now if left out"}


class IdentifierSchema(Schema):
    """One way to find a subject."""

    scheme = Text(
        max=72,
        required=True,
        metadata={
            "description": "nhs_number, upn, mosaic, liquidlogic, or agency: and an agency's code",
            "pattern": SCHEME_PATTERN,
        },
    )
    value = Text(max=100, required=True)


class IdentifiersSchema(Schema):
    """Ways to find a subject: each must name the same one, or nobody."""

    identifiers = ListOf(Nested(IdentifierSchema), min=1, max=MOST_IDENTIFIERS, required=True)


class NameSchema(Schema):
    """What somebody is called, or was."""

    given = Text(max=200, required=True)
    family = Text(max=200, required=True)


class NewSubjectSchema(Schema):
    """A subject to be registered: a child, a young person or an adult."""

    identifiers = ListOf(Nested(IdentifierSchema), max=MOST_IDENTIFIERS, required=True)
    adult = TrueOrFalse(load_default=False)
    born = Day()
    name = Nested(NameSchema)
    past_names = ListOf(Nested(NameSchema), max=MOST_PAST_NAMES)
    starts = Instant(metadata=_OPEN)
    ends = Instant()


class SubjectIdSchema(Schema):
    """The opaque id by which a subject is named from now on."""

    id = OpaqueId(required=True)


class FactIdSchema(Schema):
    """The opaque id of a fact, and when it was recorded."""

    id = OpaqueId(required=True)
    recorded_at = Instant(required=True)


class NewRelationshipSchema(Schema):
    """What a person is to a subject."""

    person = OpaqueId(required=True)
    kind = Code(required=True, metadata={"description": "A free code, such as `step-parent`"})
    parental_responsibility = TrueOrFalse(
        required=True, metadata={"description": "Children Act 1989, section 3"}
    )
    starts = Instant(metadata=_OPEN)
    ends = Instant()


class NewNoSaySchema(Schema):
    """From when an adult's word about a subject does not count."""

    starts = Instant(metadata=_NOW)
    ends = Instant()
    evidence = Text(
        max=LONGEST_NOTE, required=True, metadata={"description": "What it rests on; kept sealed"}
    )


class NewMemberSchema(Schema):
    """That a subject is named in the household."""

    subject = OpaqueId(required=True)
    starts = Instant(metadata=_OPEN)
    ends = Instant()


class HouseholdSchema(Schema):
    """Everyone named in a subject's household; it replaces what was named before."""

    members = ListOf(Nested(NewMemberSchema), max=MOST_MEMBERS, required=True)


class AssessorSchema(Schema):
    """Who judged a child's competence."""

    role = Code(required=True)
    name = Text(max=200, metadata={"description": "Kept sealed"})
    agency = Code()


class NewAssessmentSchema(Schema):
    """Whether a child was found able to decide on one purpose (Gillick)."""

    purpose = Code(required=True)
    competent = TrueOrFalse(required=True)
    assessor = Nested(
        AssessorSchema,
        required=True,
        error_messages={
            "required": "An assessment counts only with whoever made it. Name the assessor's role."
        },
    )
    assessed_at = Instant(metadata=_NOW)
    until = Instant()
