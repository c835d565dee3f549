"""The receipt of a consent on the wire."""

from app.kernel.schema import Code, ListOf, Nested, OpaqueId, Schema, SetOf, Text
from consent.schemas.consents import MOST_CODES, MOST_SUBJECTS, NoticeSchema, RecorderSchema

_CODES = 10 * MOST_CODES


class ReceiptMetadataSchema(Schema):
    """Of which record this is the receipt."""

    record_id = OpaqueId(required=True)
    record_hash = Text(max=64, min=64, required=True)
    hash_algorithm = Text(max=100, required=True)
    issued_at = Text(max=40, required=True)


class GiverSchema(Schema):
    """Who answered, and in which capacity."""

    id = OpaqueId(required=True)
    capacity = Code(required=True)


class TitledSchema(Schema):
    """A code, and what it is called."""

    code = Text(max=80, required=True)
    title = Text(max=200, required=True)


class PiiCategorySchema(TitledSchema):
    """A kind of information, and which sort of personal data it is in DPV's words."""

    dpv = Text(max=100, required=True)


class ProcessingSchema(Schema):
    """What was agreed to, or refused."""

    kind = Text(max=20, required=True)
    lawful_basis = Text(max=100, required=True)
    purposes = ListOf(Nested(TitledSchema), max=_CODES, required=True)
    pii_categories = ListOf(Nested(PiiCategorySchema), max=_CODES, required=True)
    sources = ListOf(Nested(TitledSchema), max=_CODES, required=True)
    recipients = ListOf(Nested(TitledSchema), max=_CODES, required=True)
    valid_from = Text(max=40, required=True, allow_none=True)
    valid_until = Text(max=40, required=True, allow_none=True)
    withdrawal = Text(max=200, required=True)


class PartySchema(Schema):
    """An agency that answers for what it does with the information."""

    code = Code(required=True)
    name = Text(max=200, required=True)
    role = Text(max=100, required=True)
    part = Text(max=20, required=True)


class ConsentHappeningSchema(Schema):
    """What happened to the consent, and when."""

    state = Text(max=100, required=True)
    at = Text(max=40)
    method = Text(max=10)
    recorder = Nested(RecorderSchema)
    replaced_by = OpaqueId()


class ReceiptSchema(Schema):
    """Exactly what was agreed, in the sections of ISO/IEC TS 27560:2023."""

    schema_version = Text(max=50, required=True)
    receipt_metadata = Nested(ReceiptMetadataSchema, required=True)
    pii_principals = SetOf(OpaqueId(), max=MOST_SUBJECTS, required=True)
    given_by = Nested(GiverSchema, required=True)
    processing = Nested(ProcessingSchema, required=True)
    parties = ListOf(Nested(PartySchema), max=_CODES, required=True)
    events = ListOf(Nested(ConsentHappeningSchema), max=4, required=True)
    notice = Nested(NoticeSchema, required=True)
