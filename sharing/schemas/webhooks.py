"""Webhooks on the wire."""

from app.kernel.outward import LONGEST_URL
from app.kernel.paging import page_schema
from app.kernel.schema import Choice, Instant, ListOf, Nested, OpaqueId, Schema, Text, WholeNumber
from sharing.terms.webhooks import DeliveryState

MOST_LISTED = 1000


class NewWebhookSchema(Schema):
    """An address to which the caller's agency wants its events sent."""

    url = Text(
        max=LONGEST_URL,
        required=True,
        metadata={"description": "https, on a host that the internet reaches", "format": "uri"},
    )


class WebhookSchema(Schema):
    """An address to which events are sent, or were until it was switched off."""

    id = OpaqueId(required=True)
    url = Text(max=LONGEST_URL, required=True)
    registered_at = Instant(required=True)
    disabled_at = Instant(required=True, allow_none=True)
    disabled_because = Text(max=200, required=True, allow_none=True)


class WebhooksSchema(Schema):
    """All webhooks of the caller's agency, those switched off too, the oldest first."""

    items = ListOf(Nested(WebhookSchema), max=MOST_LISTED, required=True)


class FreshSecretSchema(Schema):
    """A secret, said this once: whoever loses it rotates it."""

    webhook = Nested(WebhookSchema, required=True)
    secret = Text(
        max=100, required=True, metadata={"description": "`whsec_` and base64: Standard Webhooks"}
    )
    others_end = Instant(
        required=True,
        allow_none=True,
        metadata={"description": "Until when the older secrets still sign beside this one"},
    )


class DeliverySchema(Schema):
    """A message to a webhook: `webhook-id` is `msg_` and this id without its hyphens."""

    id = OpaqueId(required=True)
    event = OpaqueId(required=True, allow_none=True, metadata={"description": "None for a ping"})
    kind = Text(max=64, required=True)
    at = Instant(required=True)
    attempts = WholeNumber(max=1000, required=True)
    state = Choice(DeliveryState, required=True)
    next_at = Instant(required=True, allow_none=True)
    delivered_at = Instant(required=True, allow_none=True)
    given_up_at = Instant(required=True, allow_none=True)
    last_status = WholeNumber(max=999, required=True, allow_none=True)
    last_fault = Text(max=200, required=True, allow_none=True)


class NothingMoreSchema(Schema):
    """An object without fields: the act itself says everything."""


DeliveryPageSchema = page_schema(DeliverySchema)
