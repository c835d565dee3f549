"""Privacy notices on the wire."""

from app.kernel.paging import page_schema
from app.kernel.schema import Code, Instant, Schema, Text
from consent.schemas.consents import LanguageTag, NoticeVersion

LONGEST_NOTICE = 20_000


class NewNoticeSchema(Schema):
    """A privacy notice in one language, as it is to be shown word for word."""

    code = Code(load_default="privacy", metadata={"description": "`privacy` if left out"})
    version = NoticeVersion(required=True)
    language = LanguageTag(required=True)
    title = Text(max=200, required=True)
    text = Text(
        max=LONGEST_NOTICE,
        required=True,
        metadata={"description": "Plain text; an empty line begins a new paragraph"},
    )
    starts = Instant(metadata={"description": "From when it is shown; now if left out"})
    approved_by = Text(max=200, required=True)


class PrivacyNoticeSchema(Schema):
    """A privacy notice on file; its page is /notices/{code}/{version}/{language}."""

    code = Code(required=True)
    version = NoticeVersion(required=True)
    language = LanguageTag(required=True)
    title = Text(max=200, required=True)
    text = Text(max=LONGEST_NOTICE, required=True)
    sha256 = Text(min=64, max=64, required=True, metadata={"description": "Of the text in UTF-8"})
    starts = Instant(required=True)
    approved_by = Text(max=200, required=True)
    recorded_at = Instant(required=True)


NoticePageSchema = page_schema(PrivacyNoticeSchema)
