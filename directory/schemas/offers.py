"""Local offers and pledges on the wire."""

from app.kernel.paging import PageQuerySchema, page_schema
from app.kernel.schema import (
    Choice,
    Code,
    Day,
    Instant,
    ListOf,
    Nested,
    OpaqueId,
    Schema,
    Text,
    TrueOrFalse,
    WholeNumber,
)
from directory.schemas.addresses import WebAddress
from directory.terms.offers import OfferAudience, Pledge

LONGEST = 4000
MOST_SERVICES = 500


class NewLocalOfferSchema(Schema):
    """What an agency offers early."""

    agency = Code(load_default=None, metadata={"description": "The caller's own if left out"})
    title = Text(max=200, required=True)
    summary = Text(max=LONGEST, required=True)
    who_for = Text(max=LONGEST, required=True)
    url = WebAddress(load_default=None, allow_none=True)
    levels = ListOf(Code(), max=20, load_default=list, metadata={"description": "Levels of need"})
    services = ListOf(OpaqueId(), max=MOST_SERVICES, load_default=list)
    starts = Day(load_default=None, metadata={"description": "Today if left out"})
    ends = Day(load_default=None, allow_none=True)
    audience = Choice(OfferAudience, load_default=OfferAudience.PUBLIC)


class OfferedServiceSchema(Schema):
    """A service of an offer that the caller may see."""

    id = OpaqueId(required=True)
    name = Text(max=10_000, required=True)


class LocalOfferSchema(Schema):
    """An offer, and the services of it that the caller may see; `number` counts its versions."""

    id = OpaqueId(required=True)
    number = WholeNumber(min=1, required=True)
    agency = Code(attribute="facts.agency", required=True)
    title = Text(max=200, attribute="facts.title", required=True)
    summary = Text(max=LONGEST, attribute="facts.summary", required=True)
    who_for = Text(max=LONGEST, attribute="facts.who_for", required=True)
    url = Text(max=2000, attribute="facts.url", required=True, allow_none=True)
    levels = ListOf(Code(), max=20, attribute="facts.levels", required=True)
    services = ListOf(Nested(OfferedServiceSchema), max=MOST_SERVICES, required=True)
    starts = Day(attribute="facts.starts", required=True)
    ends = Day(attribute="facts.ends", required=True, allow_none=True)
    audience = Choice(OfferAudience, attribute="facts.audience", required=True)
    recorded_at = Instant(required=True)


class LocalOfferQuerySchema(PageQuerySchema):
    """Whose offers are sought."""

    agency = Code(load_default=None)


class NewPledgeSchema(Schema):
    """How a pledge is kept. Without `kept_since` it is not, or no longer."""

    kept_since = Day(required=True, allow_none=True)
    evidence = Text(
        max=LONGEST,
        load_default=None,
        allow_none=True,
        metadata={"description": "Anyone reads this: no names of people"},
    )
    url = WebAddress(load_default=None, allow_none=True)
    designated_lead = Text(
        max=200,
        load_default=None,
        allow_none=True,
        metadata={"description": "Name of the lead, read by practitioners of partners alone"},
    )


class PledgeSchema(Schema):
    """A pledge, and how an agency keeps it."""

    pledge = Choice(Pledge, required=True)
    does = Text(max=200, required=True)
    kept = TrueOrFalse(required=True)
    kept_since = Day(required=True, allow_none=True)
    evidence = Text(max=LONGEST, required=True, allow_none=True)
    url = Text(max=2000, required=True, allow_none=True)
    designated_lead = Text(max=200, required=True, allow_none=True)
    recorded_at = Instant(required=True, allow_none=True)


class PublicPledgeSchema(PledgeSchema):
    """A pledge as anyone reads it."""

    class Meta(PledgeSchema.Meta):
        """The lead's name is not for anyone."""

        exclude = ("designated_lead",)


class AgencyPledgesSchema(Schema):
    """How an agency keeps each of the five pledges."""

    agency = Code(required=True)
    name = Text(max=200, required=True)
    kept = WholeNumber(max=5, required=True)
    pledges = ListOf(Nested(PledgeSchema), max=5, required=True)


class PublicAgencyOfferSchema(Schema):
    """What an agency offers on this day, and how it keeps its pledges, as anyone may know it."""

    agency = Code(required=True)
    name = Text(max=200, required=True)
    offers = ListOf(Nested(LocalOfferSchema), max=1000, required=True)
    kept = WholeNumber(max=5, required=True)
    pledges = ListOf(Nested(PublicPledgeSchema), max=5, required=True)


LocalOfferPageSchema = page_schema(LocalOfferSchema)
AgencyPledgesPageSchema = page_schema(AgencyPledgesSchema)
