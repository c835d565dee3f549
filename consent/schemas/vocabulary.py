"""Purposes, categories and settings on the wire."""

from typing import Any

from marshmallow import ValidationError, validates_schema

from app.kernel.paging import page_schema
from app.kernel.schema import (
    Choice,
    Code,
    Instant,
    ListOf,
    Nested,
    Schema,
    Text,
    TrueOrFalse,
    WholeNumber,
)
from consent.terms import ParentsDisagree

MOST_VERSIONS = 500


class PurposeSchema(Schema):
    """What information may be asked for."""

    code = Code(required=True)
    title = Text(max=200, required=True)


class CategorySchema(Schema):
    """Which kind of information there is."""

    code = Code(required=True)
    title = Text(max=200, required=True)
    sensitive = TrueOrFalse(
        load_default=False,
        metadata={"description": '"All" in a consent that is given never covers it'},
    )


class NewValuesSchema(Schema):
    """The settings to change; what is left out stays as it is."""

    own_decision_age = WholeNumber(min=1, max=25)
    verbal_grace_days = WholeNumber(min=0, max=366)
    parents_disagree = Choice(ParentsDisagree)
    shield_review_months = WholeNumber(min=1, max=60)
    consent_renewal_months = WholeNumber(
        min=1,
        max=120,
        metadata={"description": "After these a yes without an end is on the work list"},
    )
    agreement_review_months = WholeNumber(
        min=1,
        max=120,
        metadata={"description": "When a review says nothing else, the next is due after these"},
    )

    @validates_schema
    def _something(self, data: dict[str, Any], **_: object) -> None:
        if not data:
            raise ValidationError("Name at least one setting.")


class SigningSchema(Schema):
    """Settings that the council signs off."""

    values = Nested(NewValuesSchema, required=True, metadata={"minProperties": 1})
    signed_by = Text(max=200, required=True)
    authority = Text(max=500, required=True)
    starts = Instant(metadata={"description": "Now if left out"})


class SettingsVersionSchema(Schema):
    """All settings as one signature left them; version 0 holds before anyone signed."""

    version = WholeNumber(required=True)
    own_decision_age = WholeNumber(min=1, max=25, required=True)
    verbal_grace_days = WholeNumber(max=366, required=True)
    parents_disagree = Choice(ParentsDisagree, required=True)
    shield_review_months = WholeNumber(min=1, max=60, required=True)
    consent_renewal_months = WholeNumber(min=1, max=120, required=True)
    agreement_review_months = WholeNumber(min=1, max=120, required=True)
    starts = Instant(required=True, allow_none=True)
    signed_by = Text(max=200, required=True, allow_none=True)
    authority = Text(max=500, required=True, allow_none=True)
    recorded_at = Instant(required=True, allow_none=True)


class SettingsSchema(Schema):
    """The settings in force, and every version that was signed, newest first."""

    in_force = Nested(SettingsVersionSchema, required=True)
    versions = ListOf(Nested(SettingsVersionSchema), max=MOST_VERSIONS, required=True)


PurposePageSchema = page_schema(PurposeSchema)
CategoryPageSchema = page_schema(CategorySchema)
