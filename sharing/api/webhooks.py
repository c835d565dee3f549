"""Doors to having events sent, instead of asking for them: Standard Webhooks."""

from typing import Any, cast
from uuid import UUID

from flask import current_app
from flask.views import MethodView

from app.kernel.auth import caller, requires
from app.kernel.clock import now
from app.kernel.db import reading, transaction
from app.kernel.outward import EXTENSION, AddressRefused, Outward
from app.kernel.paging import Page, PageQuerySchema, page_of, window_of
from app.kernel.problem import reference
from app.kernel.wire import Blueprint
from sharing.actions import webhooks as acting
from sharing.actions.errors import TargetRefused
from sharing.queries import webhooks as queries
from sharing.schemas.webhooks import (
    DeliveryPageSchema,
    DeliverySchema,
    FreshSecretSchema,
    NewWebhookSchema,
    NothingMoreSchema,
    WebhookSchema,
    WebhooksSchema,
)
from sharing.terms.webhooks import Delivery, FreshSecret, Webhook

blueprint = Blueprint(
    "webhooks", __name__, url_prefix="/v1/webhooks", description="Having events sent"
)
Body = dict[str, Any]


@blueprint.route("", endpoint="webhooks")
class Webhooks(MethodView):
    """Where the caller's agency has its events sent."""

    @requires("event.read")
    @blueprint.doc(operationId="listWebhooks")
    @blueprint.response(200, WebhooksSchema)
    def get(self) -> dict[str, list[Webhook]]:
        """List the agency's webhooks."""
        with reading(speaking_for=caller().agency) as session:
            return {"items": queries.webhooks(session)}

    @requires("event.read")
    @blueprint.doc(operationId="registerWebhook")
    @blueprint.arguments(NewWebhookSchema)
    @blueprint.response(201, FreshSecretSchema)
    @blueprint.alt_response(409, reference(409))
    def post(self, body: Body) -> tuple[FreshSecret, dict[str, str]]:
        """Have the agency's events sent to an address; the secret is said this once."""
        outward = cast("Outward", current_app.extensions[EXTENSION])
        try:
            outward.check(body["url"])
        except AddressRefused as error:
            raise TargetRefused(str(error), "#/url") from error
        who = caller()
        with transaction(speaking_for=who.agency) as session:
            made = acting.register(session, who.agency, body["url"], who.client_id, now())
        return made, {"Location": f"/v1/webhooks/{made.webhook.id}"}


@blueprint.route("/<uuid:webhook>/removal", endpoint="removal")
class Removal(MethodView):
    """The end of a webhook."""

    @requires("event.read")
    @blueprint.doc(operationId="removeWebhook")
    @blueprint.arguments(NothingMoreSchema)
    @blueprint.response(201, WebhookSchema)
    @blueprint.alt_response(404, reference(404))
    @blueprint.alt_response(409, reference(409))
    def post(self, _: Body, webhook: UUID) -> Webhook:
        """Send nothing more to this address."""
        with transaction(speaking_for=caller().agency) as session:
            return acting.switch_off(session, webhook, "The agency removed it.", now())


@blueprint.route("/<uuid:webhook>/secret", endpoint="secret")
class Secret(MethodView):
    """The secret that signs what is sent."""

    @requires("event.read")
    @blueprint.doc(operationId="rotateWebhookSecret")
    @blueprint.arguments(NothingMoreSchema)
    @blueprint.response(201, FreshSecretSchema)
    @blueprint.alt_response(404, reference(404))
    @blueprint.alt_response(409, reference(409))
    def post(self, _: Body, webhook: UUID) -> FreshSecret:
        """Make a new secret; the older ones sign beside it for a day."""
        with transaction(speaking_for=caller().agency) as session:
            return acting.rotate(session, webhook, now())


@blueprint.route("/<uuid:webhook>/ping", endpoint="ping")
class Ping(MethodView):
    """A message that tells of nothing."""

    @requires("event.read")
    @blueprint.doc(operationId="pingWebhook")
    @blueprint.arguments(NothingMoreSchema)
    @blueprint.response(202, DeliverySchema)
    @blueprint.alt_response(404, reference(404))
    @blueprint.alt_response(409, reference(409))
    def post(self, _: Body, webhook: UUID) -> Delivery:
        """Have a test message sent."""
        with transaction(speaking_for=caller().agency) as session:
            return acting.ping(session, webhook, now())


@blueprint.route("/<uuid:webhook>/deliveries", endpoint="deliveries")
class Deliveries(MethodView):
    """What was sent to a webhook."""

    @requires("event.read")
    @blueprint.doc(operationId="listWebhookDeliveries")
    @blueprint.arguments(PageQuerySchema, location="query")
    @blueprint.response(200, DeliveryPageSchema)
    def get(self, asked: Body, webhook: UUID) -> tuple[Page[Delivery], dict[str, str]]:
        """List messages, the newest first, and how each stands."""
        window = window_of(asked)
        before = UUID(str(window.after[0])) if window.after else None
        with reading(speaking_for=caller().agency) as session:
            rows = queries.deliveries(session, webhook, before=before, limit=window.limit)
        return page_of(rows, window, lambda one: (one.id,))


@blueprint.route("/<uuid:webhook>/deliveries/<uuid:delivery>/resending", endpoint="resending")
class Resending(MethodView):
    """A message, sent again."""

    @requires("event.read")
    @blueprint.doc(operationId="resendWebhookDelivery")
    @blueprint.arguments(NothingMoreSchema)
    @blueprint.response(202, DeliverySchema)
    @blueprint.alt_response(404, reference(404))
    @blueprint.alt_response(409, reference(409))
    def post(self, _: Body, webhook: UUID, delivery: UUID) -> Delivery:
        """Send a message again, under the same id."""
        with transaction(speaking_for=caller().agency) as session:
            return acting.resend(session, webhook, delivery, now())
