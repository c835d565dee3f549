"""How entries are scored and drawn, and what agencies declare for it, on the wire."""

from dataclasses import asdict, fields
from typing import Any, Final

import marshmallow
from marshmallow import ValidationError, pre_dump, validate, validates_schema

from app.kernel.schema import (
    Choice,
    Code,
    Instant,
    ListOf,
    Nested,
    OpaqueId,
    Schema,
    Text,
    TrueOrFalse,
    WholeNumber,
)
from sharing.queries.review_settings import MOST_VERSIONS, Draw
from sharing.rules.dry_run import MOST_EXAMPLES, changed_rules
from sharing.rules.measuring import LEAST, MOST
from sharing.rules.sampling import EVERY
from sharing.rules.scoring import FULL
from sharing.schemas.disclosures import AskedIdentifierSchema
from sharing.terms.scoring import DryRun, Priority, RedFlag, ReviewSettingsVersion, Thresholds

MOST_DAYS: Final = 366
MOST_HOURS: Final = 8760
MOST_AGENCIES: Final = 1000
MOST_NAMED: Final = 20


def _object_of(name: str, described: dict[str, Any]) -> type[marshmallow.Schema]:
    return Schema.from_dict(described, name=name)


WeightsSchema = _object_of(
    "ReviewWeightsSchema", {one.value: WholeNumber(max=FULL) for one in RedFlag}
)
ThresholdsSchema = _object_of(
    "ReviewThresholdsSchema",
    {
        one.name: WholeNumber(min=LEAST.get(one.name, 1), max=MOST.get(one.name, 10_000))
        for one in fields(Thresholds)
    },
)
HoursSchema = _object_of(
    "ReviewHoursSchema", {one.value: WholeNumber(min=1, max=MOST_HOURS) for one in Priority}
)


class ReviewValuesSchema(Schema):
    """The settings to change; what is left out, in a group too, stays as it is."""

    weights = Nested(WeightsSchema)
    thresholds = Nested(ThresholdsSchema)
    queue_from = WholeNumber(min=1, max=FULL)
    high_from = WholeNumber(min=1, max=FULL)
    urgent_from = WholeNumber(min=1, max=FULL)
    hours = Nested(HoursSchema)
    sample_per_mille = WholeNumber(max=EVERY)
    sample_by_agency = marshmallow.fields.Dict(
        keys=Code(),
        values=WholeNumber(max=EVERY),
        validate=validate.Length(max=MOST_AGENCIES),
        metadata={"description": "Per mille by agency, in place of all that were named before"},
    )

    @validates_schema
    def _something(self, data: dict[str, Any], **_: object) -> None:
        if not data:
            raise ValidationError("Name at least one setting.")


class ReviewSigningSchema(Schema):
    """Settings of review that somebody signs off for the partnership."""

    values = Nested(ReviewValuesSchema, required=True, metadata={"minProperties": 1})
    signed_by = Text(max=200, required=True)
    authority = Text(max=500, required=True)
    starts = Instant(metadata={"description": "Now if left out"})


class ReviewSettingsVersionSchema(ReviewValuesSchema):
    """All settings as one signature left them; version 0 holds before anyone signed."""

    version = WholeNumber(required=True)
    starts = Instant(required=True, allow_none=True)
    signed_by = Text(max=200, required=True, allow_none=True)
    authority = Text(max=500, required=True, allow_none=True)
    recorded_at = Instant(required=True, allow_none=True)

    @pre_dump
    def _flat(self, signed: ReviewSettingsVersion, **_: object) -> dict[str, Any]:
        said: dict[str, Any] = asdict(signed)
        values: dict[str, Any] = said.pop("values")
        return said | values


class ReviewSettingsSchema(Schema):
    """The settings of review in force, and every version that was signed, newest first."""

    in_force = Nested(ReviewSettingsVersionSchema, required=True)
    versions = ListOf(Nested(ReviewSettingsVersionSchema), max=MOST_VERSIONS, required=True)


class DryRunAskedSchema(Schema):
    """Which settings to try, on how many past days."""

    values = Nested(ReviewValuesSchema, required=True, metadata={"minProperties": 1})
    days = WholeNumber(min=1, max=MOST_DAYS, load_default=30)


class RuleChangeSchema(Schema):
    """How many queued entries bear a flag, now and by what was tried."""

    before = WholeNumber(required=True)
    after = WholeNumber(required=True)


class DryRunSchema(Schema):
    """What was tried would have queued; `more` and `fewer` name some entries as examples."""

    looked_at = WholeNumber(required=True)
    complete = TrueOrFalse(
        required=True,
        metadata={"description": "False where so many were unusual that only the newest count"},
    )
    before = WholeNumber(required=True)
    after = WholeNumber(required=True)
    more = WholeNumber(required=True)
    fewer = WholeNumber(required=True)
    examples_more = ListOf(OpaqueId(), max=MOST_EXAMPLES, required=True)
    examples_fewer = ListOf(OpaqueId(), max=MOST_EXAMPLES, required=True)
    rules = marshmallow.fields.Dict(keys=Code(), values=Nested(RuleChangeSchema), required=True)

    @pre_dump
    def _flat(self, run: DryRun, **_: object) -> dict[str, Any]:
        return asdict(run) | {"rules": changed_rules(run)}


class FlagOutcomesSchema(Schema):
    """What became of the items that bore a flag."""

    flag = Choice(RedFlag, required=True)
    open = WholeNumber(required=True)
    explained = WholeNumber(required=True)
    inappropriate = WholeNumber(required=True)
    breach = WholeNumber(required=True)
    found_wrong_percent = WholeNumber(max=100, required=True, allow_none=True)


class FlagsSchema(Schema):
    """Every flag, in its order."""

    items = ListOf(Nested(FlagOutcomesSchema), max=len(RedFlag), required=True)


class DrawSchema(Schema):
    """The sample of a month; with the seed, once it is told, anybody repeats the draw.

    Drawn is whose HMAC-SHA256(seed, id's 16 bytes), its first 8 bytes as a number below 2^64, times
    1000, is less than the rate times 2^64. The commitment is SHA-256 of
    `rightshare review sample v1`, a line feed, and the seed.
    """

    month = Text(max=7, required=True)
    starts = Instant(required=True)
    commitment = Text(max=64, required=True)
    committed_by = OpaqueId(required=True, metadata={"description": "The entry that says so"})
    told_at = Instant(required=True, allow_none=True)
    told_by = OpaqueId(required=True, allow_none=True)
    seed = Text(max=64, required=True, allow_none=True)

    @pre_dump
    def _in_hex(self, draw: Draw, **_: object) -> dict[str, Any]:
        seed = None if draw.seed is None else draw.seed.hex()
        said = {"month": f"{draw.month:%Y-%m}", "commitment": draw.commitment.hex(), "seed": seed}
        return asdict(draw) | said


class DrawsSchema(Schema):
    """The months that were committed to, newest first."""

    items = ListOf(Nested(DrawSchema), max=MOST_VERSIONS, required=True)


class DeclarationSchema(Schema):
    """What the caller's agency says of one of its people; only keyed digests of it are kept."""

    practitioner = Text(max=64, required=True, metadata={"description": "The id they ask under"})
    surnames = ListOf(Text(max=200), max=MOST_NAMED, load_default=())
    addresses = ListOf(Text(max=300), max=MOST_NAMED, load_default=())
    phones = ListOf(Text(max=40), max=MOST_NAMED, load_default=())
    themselves = ListOf(
        Nested(AskedIdentifierSchema),
        max=MOST_NAMED,
        load_default=(),
        metadata={"description": "Their own numbers, should they be a subject themselves"},
    )
    relatives = ListOf(Nested(AskedIdentifierSchema), max=MOST_NAMED, load_default=())
    managers = ListOf(
        Text(max=64),
        max=MOST_NAMED,
        load_default=(),
        metadata={"description": "Who answers for them, by their ids or user names"},
    )


class InterestSchema(Schema):
    """Whom people may be curious about."""

    subject = OpaqueId(required=True)
    of_interest = TrueOrFalse(required=True)
