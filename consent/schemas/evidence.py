"""Evidence of consents on the wire; what a file holds travels as it is."""

from app.kernel.schema import Code, Instant, ListOf, Nested, OpaqueId, Schema, Text, WholeNumber
from consent.rules.evidence import LARGEST_FILE
from consent.schemas.consents import LONGEST_NOTE

MOST_LISTED = 100
MOST_READS = 1000


class NewNoteSchema(Schema):
    """A note on how the consent was given."""

    note = Text(max=LONGEST_NOTE, required=True, metadata={"description": "Kept sealed"})


class EvidenceSchema(Schema):
    """A file or note that shows that something was said."""

    id = OpaqueId(
        required=True,
        metadata={"description": "The consent's own id: the note that was recorded with it"},
    )
    media_type = Text(max=40, required=True)
    size = WholeNumber(min=1, max=LARGEST_FILE, required=True)
    sha256 = Text(min=64, max=64, required=True)
    recorded_at = Instant(required=True)


class EvidenceListSchema(Schema):
    """What there is of one consent, the oldest first."""

    items = ListOf(Nested(EvidenceSchema), max=MOST_LISTED, required=True)


class EvidenceReadSchema(Schema):
    """That somebody opened a piece of evidence."""

    evidence = OpaqueId(required=True)
    read_at = Instant(required=True)
    client = Text(max=100, required=True)
    agency = Code(required=True)
    practitioner = Text(
        max=100, required=True, allow_none=True, metadata={"description": "If the token named one"}
    )


class EvidenceReadsSchema(Schema):
    """Who opened evidence of one consent, the newest first."""

    items = ListOf(Nested(EvidenceReadSchema), max=MOST_READS, required=True)
