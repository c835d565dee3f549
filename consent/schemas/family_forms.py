"""Forms for a whole family on the wire: one question, and what each of them said for whom."""

from app.kernel.schema import Choice, Code, ListOf, Nested, OpaqueId, Schema, SetOf
from consent.schemas.consents import MOST_SUBJECTS, ConsentSchema, QuestionSchema
from consent.terms import Answer

MOST_SIGNATURES = 20
MOST_RECORDS = 200


class SignatureSchema(Schema):
    """What one person said, for themselves or for children whom they decide for."""

    given_by = OpaqueId(required=True)
    capacity = Code(
        required=True, metadata={"description": "Such as `parental_responsibility` or `self`"}
    )
    answer = Choice(Answer, required=True)
    subjects = SetOf(OpaqueId(), min=1, max=MOST_SUBJECTS, required=True)


class NewFamilyFormSchema(QuestionSchema):
    """One form for a family: each signature makes a record of its own for each subject it names."""

    signatures = ListOf(Nested(SignatureSchema), min=1, max=MOST_SIGNATURES, required=True)


class FamilyFormSchema(Schema):
    """The records that a form made, in the order of its signatures."""

    consents = ListOf(Nested(ConsentSchema), max=MOST_RECORDS, required=True)
