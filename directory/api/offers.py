"""Doors to local offers and pledges."""

from typing import Any
from uuid import UUID

from flask import abort, url_for
from flask.views import MethodView

from app.kernel.auth import caller, requires
from app.kernel.clock import now
from app.kernel.db import reading, transaction
from app.kernel.paging import Page, page_of, window_of
from app.kernel.problem import reference
from app.kernel.wire import Blueprint
from directory.actions import offers as actions
from directory.api.acting import actor, viewer
from directory.queries import offers as queries
from directory.schemas.offers import (
    AgencyPledgesPageSchema,
    LocalOfferPageSchema,
    LocalOfferQuerySchema,
    LocalOfferSchema,
    NewLocalOfferSchema,
    NewPledgeSchema,
    PledgeSchema,
)
from directory.terms.offers import (
    AgencyOffer,
    LocalOffer,
    OfferFacts,
    Pledge,
    PledgeFacts,
    PledgeLine,
)

blueprint = Blueprint(
    "offers", __name__, url_prefix="/v1", description="Local offers and the partners' pledges"
)


@blueprint.route("/directory/offers", endpoint="offers")
class Offers(MethodView):
    """What agencies offer early."""

    @requires("directory.read")
    @blueprint.doc(operationId="listLocalOffers")
    @blueprint.arguments(LocalOfferQuerySchema, location="query")
    @blueprint.response(200, LocalOfferPageSchema)
    def get(self, asked: dict[str, Any]) -> tuple[Page[LocalOffer], dict[str, str]]:
        """List local offers by agency, past and future ones among them."""
        window = window_of(asked)
        after = (str(window.after[0]), UUID(str(window.after[1]))) if window.after else None
        with reading() as session:
            rows = queries.offers(
                session, viewer(), agency=asked["agency"], after=after, limit=window.limit
            )
        return page_of(rows, window, lambda one: (one.facts.agency, one.id))

    @requires("directory.write")
    @blueprint.doc(operationId="publishLocalOffer")
    @blueprint.arguments(NewLocalOfferSchema)
    @blueprint.response(201, LocalOfferSchema)
    def post(self, body: dict[str, Any]) -> tuple[LocalOffer, dict[str, str]]:
        """Publish a local offer."""
        at = now()
        with transaction() as session:
            made = actions.publish_offer(session, _facts(body), actor(), at)
        return made, {"Location": url_for("offers.offer", offer=made.id)}


@blueprint.route("/directory/offers/<uuid:offer>", endpoint="offer")
class OneOffer(MethodView):
    """A local offer."""

    @requires("directory.read")
    @blueprint.doc(operationId="readLocalOffer")
    @blueprint.response(200, LocalOfferSchema)
    @blueprint.alt_response(404, reference(404))
    def get(self, offer: UUID) -> LocalOffer:
        """Read a local offer."""
        with reading() as session:
            return queries.offer(session, offer, viewer())

    @requires("directory.write")
    @blueprint.doc(operationId="replaceLocalOffer")
    @blueprint.arguments(NewLocalOfferSchema)
    @blueprint.response(200, LocalOfferSchema)
    @blueprint.alt_response(404, reference(404))
    def put(self, body: dict[str, Any], offer: UUID) -> LocalOffer:
        """Say what a local offer is from now on."""
        with transaction() as session:
            return actions.replace_offer(session, offer, _facts(body), actor(), now())


@blueprint.route("/directory/pledges", endpoint="pledges")
class Pledges(MethodView):
    """How agencies keep the partnership's pledges."""

    @requires("directory.read")
    @blueprint.doc(operationId="listPledges")
    @blueprint.arguments(LocalOfferQuerySchema, location="query")
    @blueprint.response(200, AgencyPledgesPageSchema)
    def get(self, asked: dict[str, Any]) -> tuple[Page[AgencyOffer], dict[str, str]]:
        """List how each agency that offers or pledged something keeps the five pledges."""
        window = window_of(asked)
        with reading() as session:
            rows = queries.agency_offers(session, viewer(), now().date(), asked["agency"])
        if window.after:
            rows = [one for one in rows if one.agency > str(window.after[0])]
        return page_of(rows[: window.limit], window, lambda one: (one.agency,))


@blueprint.route("/directory/pledges/<agency>/<pledge>", endpoint="pledge")
class OnePledge(MethodView):
    """How an agency keeps a pledge."""

    @requires("directory.write")
    @blueprint.doc(operationId="keepPledge")
    @blueprint.arguments(NewPledgeSchema)
    @blueprint.response(200, PledgeSchema)
    @blueprint.alt_response(404, reference(404))
    def put(self, body: dict[str, Any], agency: str, pledge: str) -> PledgeLine:
        """Say how an agency keeps a pledge, or with no day that it does not."""
        if pledge not in set(Pledge):
            abort(404)
        facts = PledgeFacts(agency, Pledge(pledge), **body)
        with transaction() as session:
            return actions.keep_pledge(session, facts, actor(), now())


def _facts(body: dict[str, Any]) -> OfferFacts:
    said = body | {
        "agency": body["agency"] or caller().agency,
        "starts": body["starts"] or now().date(),
        "levels": tuple(body["levels"]),
        "services": tuple(body["services"]),
    }
    return OfferFacts(**said)
