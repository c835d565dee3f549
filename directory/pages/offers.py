"""What agencies offer early and how they keep the pledges: pages, and JSON for anyone."""

from datetime import date
from typing import Any

from flask import Blueprint, Response, abort, current_app, make_response, render_template
from sqlalchemy.orm import Session

from app.kernel.auth import public
from app.kernel.clock import now
from app.kernel.db import reading
from directory.pages.viewing import viewer
from directory.queries.offers import agency_offers
from directory.schemas.offers import PublicAgencyOfferSchema
from directory.terms.offers import AgencyOffer
from directory.terms.records import ANYONE, Viewer

FOR_ANYONE = "families and practitioners look for what agencies offer"
_SCHEMA = PublicAgencyOfferSchema()
_KEPT_SECONDS = 300

blueprint = Blueprint("offer_pages", __name__)


@blueprint.get("/offers")
@public(FOR_ANYONE)
def offers() -> Response:
    """List the agencies that offer something, and how many pledges each keeps."""
    who = viewer()
    with reading() as session:
        found = agency_offers(session, who, now().date())
    return _page("directory/offers.html", who, agencies=found)


@blueprint.get("/offers/<agency>")
@public(FOR_ANYONE)
def offer(agency: str) -> Response:
    """Show what one agency offers and how it keeps its pledges."""
    who = viewer()
    with reading() as session:
        found = _one(session, agency, who, now().date())
    return _page("directory/offer.html", who, one=found)


@blueprint.get("/offers.json")
@public(FOR_ANYONE)
def offers_as_data() -> Response:
    """Give programs what anyone may know of all offers and pledges."""
    with reading() as session:
        found = agency_offers(session, ANYONE, now().date())
    return _data({"agencies": _SCHEMA.dump(found, many=True)})


@blueprint.get("/offers/<agency>.json")
@public(FOR_ANYONE)
def offer_as_data(agency: str) -> Response:
    """Give programs what anyone may know of one agency's offers and pledges."""
    with reading() as session:
        return _data(_SCHEMA.dump(_one(session, agency, ANYONE, now().date())))


def _one(session: Session, agency: str, who: Viewer, on: date) -> AgencyOffer:
    found = agency_offers(session, who, on, agency)
    if not found:
        abort(404)
    return found[0]


def _page(template: str, who: Viewer, **told: Any) -> Response:  # noqa: ANN401  (what the template tells)
    page = make_response(render_template(template, inside=who != ANYONE, **told))
    page.headers["Cache-Control"] = "no-cache" if who == ANYONE else "no-store"
    return page


def _data(document: Any) -> Response:  # noqa: ANN401  (any JSON value)
    text = current_app.json.dumps(document)
    answer = Response(text, mimetype="application/json")
    answer.headers["Cache-Control"] = f"public, max-age={_KEPT_SECONDS}"
    answer.headers["Access-Control-Allow-Origin"] = "*"
    return answer
