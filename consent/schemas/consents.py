"""Consents on the wire. Leave out any part that is required, and nothing is recorded."""

import re
from typing import Any

from marshmallow import post_dump

from app.kernel.schema import Choice, Code, Instant, Nested, OpaqueId, Schema, SetOf, Text
from consent.queries.consents import PRIVACY
from consent.rules.receipts import record_hash
from consent.terms import Answer, ConsentKind, Method

MOST_SUBJECTS = 50
MOST_CODES = 200
LONGEST_NOTE = 4000


class Named(Text):
    """A code, or `*` for all; a recipient may also be `agreement:` and an agreement's code."""

    default_error_messages = Text.default_error_messages | {
        "named": "This must be a code, or * for all.",
        "agreement": "This must be an agency's code, agreement: and a code, or * for all.",
    }

    def __init__(self, *, agreements: bool = False, **options: Any) -> None:  # noqa: ANN401  (marshmallow's own options)
        prefix = "(agreement:)?" if agreements else ""
        self._form = re.compile(rf"\*|{prefix}[A-Za-z0-9][A-Za-z0-9_-]{{0,63}}", re.ASCII)
        self._fault = "agreement" if agreements else "named"
        super().__init__(max=80, metadata={"pattern": f"^({self._form.pattern})$"}, **options)

    def _read(self, value: object) -> str:
        text = super()._read(value)
        if not self._form.fullmatch(text):
            raise self.make_error(self._fault)
        return text


class LanguageTag(Text):
    """A language (BCP 47), such as `pl` or `pa-Guru`."""

    default_error_messages = Text.default_error_messages | {
        "language": "This must be a language tag (BCP 47), such as en or pl."
    }
    _form = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*", re.ASCII)

    def __init__(self, **options: Any) -> None:  # noqa: ANN401  (marshmallow's own options)
        described = {"pattern": f"^({self._form.pattern})$", "description": "BCP 47, such as `pl`"}
        super().__init__(max=35, metadata=described, **options)

    def _read(self, value: object) -> str:
        text = super()._read(value)
        if not self._form.fullmatch(text):
            raise self.make_error("language")
        return text


class NoticeVersion(Text):
    """The version of a notice, as an address can hold it."""

    default_error_messages = Text.default_error_messages | {
        "version": "This must be letters, digits, dots, hyphens and underscores, such as 2026-1."
    }
    _form = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,49}", re.ASCII)

    def __init__(self, **options: Any) -> None:  # noqa: ANN401  (marshmallow's own options)
        super().__init__(max=50, metadata={"pattern": f"^({self._form.pattern})$"}, **options)

    def _read(self, value: object) -> str:
        text = super()._read(value)
        if not self._form.fullmatch(text):
            raise self.make_error("version")
        return text


class NoticeShownSchema(Schema):
    """The privacy notice that the person was shown; it must be on file in that language."""

    code = Code(load_default=PRIVACY, metadata={"description": "`privacy` if left out"})
    version = NoticeVersion(required=True)
    language = LanguageTag(required=True)


class NoticeSchema(Schema):
    """The notice that was shown, and the hash of its text; its page is under /notices."""

    code = Code(metadata={"description": "Missing where texts were not kept yet"})
    version = Text(max=50, required=True)
    language = Text(max=35, required=True)
    sha256 = Text(
        min=64, max=64, metadata={"description": "Of the text in UTF-8, at that page and /text"}
    )

    @post_dump
    def as_recorded(self, notice: dict[str, Any], **_: object) -> dict[str, Any]:
        """Leave out what was not recorded then, so that the hash of an old record stays."""
        return {name: value for name, value in notice.items() if value is not None}


class RecorderSchema(Schema):
    """Who took the answer down."""

    id = Text(max=100, required=True, metadata={"description": "Their agency's own staff id"})
    role = Code(required=True)


class QuestionSchema(Schema):
    """What was asked: to what kind of question, to whom, what for, how and by whom."""

    kind = Choice(ConsentKind, required=True)
    method = Choice(Method, required=True)
    recipients = SetOf(
        Named(agreements=True),
        min=1,
        max=MOST_CODES,
        required=True,
        metadata={
            "description": "Agencies, or agreement: and a code for its members of this day; "
            "* in a refusal only"
        },
    )
    purposes = SetOf(
        Named(),
        min=1,
        max=MOST_CODES,
        required=True,
        metadata={"description": "`*` for every purpose"},
    )
    categories = SetOf(Named(), min=1, max=MOST_CODES, required=True)
    sources = SetOf(
        Named(), min=1, max=MOST_CODES, metadata={"description": "Every agency if left out"}
    )
    valid_from = Instant()
    valid_until = Instant()
    notice = Nested(NoticeShownSchema, required=True)
    recorder = Nested(RecorderSchema, required=True)
    evidence = Text(max=LONGEST_NOTE, metadata={"description": "Kept sealed"})


class NewConsentSchema(QuestionSchema):
    """What somebody said: to what kind of question, for whom, to whom, what for."""

    subjects = SetOf(OpaqueId(), min=1, max=MOST_SUBJECTS, required=True)
    given_by = OpaqueId(required=True)
    capacity = Code(
        required=True, metadata={"description": "Such as `parental_responsibility` or `self`"}
    )
    answer = Choice(Answer, required=True)
    replaces = OpaqueId(metadata={"description": "An earlier consent that stops counting"})


class ConsentSchema(Schema):
    """A consent as it was recorded, its recipients expanded, and what became of it."""

    id = OpaqueId(required=True)
    kind = Choice(ConsentKind, required=True)
    subjects = SetOf(OpaqueId(), max=MOST_SUBJECTS, required=True)
    given_by = OpaqueId(required=True)
    capacity = Code(required=True)
    answer = Choice(Answer, required=True)
    method = Choice(Method, required=True)
    recipients = SetOf(Named(), max=10 * MOST_CODES, required=True)
    purposes = SetOf(Named(), max=MOST_CODES, required=True)
    categories = SetOf(Named(), max=MOST_CODES, required=True)
    sources = SetOf(Named(), max=MOST_CODES, required=True)
    valid_from = Instant(required=True, allow_none=True)
    valid_until = Instant(required=True, allow_none=True)
    replaces = OpaqueId(required=True, allow_none=True)
    notice = Nested(NoticeSchema, required=True)
    recorder = Nested(RecorderSchema, required=True)
    recorded_at = Instant(required=True)
    recorded_by = Code(required=True)
    confirmed_at = Instant(required=True, allow_none=True)
    withdrawn_at = Instant(required=True, allow_none=True)
    replaced_by = OpaqueId(required=True, allow_none=True)
    hash = Text(
        max=64,
        min=64,
        dump_only=True,
        metadata={"description": "SHA-256 of what was recorded, as the receipt states it too"},
    )

    @post_dump
    def with_hash(self, record: dict[str, Any], **_: object) -> dict[str, Any]:
        """Return the record with its hash, which nothing that happens later changes."""
        return record | {"hash": record_hash(record)}


class NothingSchema(Schema):
    """An object without fields: the act itself says everything."""
