"""Statutory notices on the wire."""

from typing import Any

from marshmallow import fields, post_load

from app.kernel.paging import PageQuerySchema, page_schema
from app.kernel.schema import Choice, Code, Day, Instant, ListOf, Nested, OpaqueId, Schema, Text
from sharing.schemas.disclosures import AskedSubjectSchema, PractitionerSchema
from sharing.terms.codes import LawfulBasis
from sharing.terms.notices import Box, Done, NoticeCode, SchoolHoliday, Shown

MOST_HOLIDAYS = 200


class NoticeDraftSchema(Schema):
    """What an agency must tell another by a deadline, which its kind sets."""

    kind = Choice(NoticeCode, required=True)
    recipient = Code(required=True)
    subject = Nested(AskedSubjectSchema, required=True)
    lawful_basis = Choice(LawfulBasis, required=True)
    content = fields.Dict(keys=fields.String(), required=True)
    happened_at = Instant(load_default=None, metadata={"description": "Now if left out"})
    corrects = OpaqueId(
        load_default=None,
        metadata={"description": "An earlier notice of the same kind, to the same agency"},
    )


class StatutoryNoticeSchema(Schema):
    """A notice as both its agencies list it: it names nobody."""

    id = OpaqueId(required=True)
    kind = Choice(NoticeCode, required=True)
    sender = Code(required=True)
    recipient = Code(required=True)
    lawful_basis = Code(required=True, attribute="basis")
    happened_at = Instant(required=True)
    sent_at = Instant(required=True)
    deadline = Instant(required=True, metadata={"description": "Read by then, it was in time"})
    corrects = OpaqueId(required=True, allow_none=True)
    entry = OpaqueId(
        required=True,
        attribute="entry_id",
        metadata={"description": "The line of the disclosure log that says it was sent"},
    )
    read_at = Instant(required=True, allow_none=True)
    acknowledged_at = Instant(required=True, allow_none=True)
    done = Choice(Done, required=True, allow_none=True)
    withdrawn_at = Instant(required=True, allow_none=True)


NoticePageSchema = page_schema(StatutoryNoticeSchema)


class NoticeQuerySchema(PageQuerySchema):
    """Which notices are wanted."""

    box = Choice(Box, load_default=Box.RECEIVED)
    show = Choice(
        Shown,
        load_default=Shown.ALL,
        metadata={
            "description": "`waiting`: not acknowledged yet. `overdue`: not read in time, and "
            "neither withdrawn nor corrected"
        },
    )


class NoticeReadingSchema(Schema):
    """Who reads a notice."""

    practitioner = Nested(PractitionerSchema, load_default=None, allow_none=True)


class ReadNoticeSchema(Schema):
    """A notice with what it says, and the log's line of this reading."""

    notice = Nested(StatutoryNoticeSchema, required=True)
    subject = OpaqueId(required=True)
    content = fields.Dict(keys=fields.String(), required=True)
    entry = OpaqueId(required=True)


class NoticeAnswerSchema(Schema):
    """What the recipient did about it."""

    done = Choice(Done, required=True)
    note = Text(max=2000, load_default=None, allow_none=True, metadata={"description": "Sealed"})


class NoticeKindSchema(Schema):
    """A kind of notice: what flow must cover it, and the law that sets its deadline."""

    code = Choice(NoticeCode, required=True)
    title = Text(max=200, required=True)
    purpose = Code(required=True)
    category = Code(required=True)
    law = Text(max=200, required=True)


class NoticeKindsSchema(Schema):
    """Every kind of notice."""

    kinds = ListOf(Nested(NoticeKindSchema), max=100, required=True)


class SchoolHolidaySchema(Schema):
    """Days without school, the first and the last included."""

    title = Text(max=200, required=True)
    first_day = Day(required=True)
    last_day = Day(required=True)

    @post_load
    def _holiday(self, data: dict[str, Any], **_: object) -> SchoolHoliday:
        return SchoolHoliday(**data)


class SchoolHolidaysSchema(Schema):
    """All school holidays of the partnership; bank holidays of England are known already."""

    holidays = ListOf(Nested(SchoolHolidaySchema), max=MOST_HOLIDAYS, required=True)
