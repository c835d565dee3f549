"""A list that somebody put together: to print, to send, to take along.

It is kept nowhere. Forms carry it, and a link to it is made only when somebody asks for one; the
link holds the services and nothing of the search that found them.
"""

from dataclasses import dataclass
from functools import partial
from uuid import UUID

from flask import Blueprint, Response, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from app.kernel.auth import public
from app.kernel.clock import now
from app.kernel.db import reading
from directory.pages.asking import Asked, asked
from directory.pages.searching import FOR_ANYONE, answer_csv, answer_json, private, refused
from directory.pages.viewing import viewer
from directory.queries.told import listed, seen_services
from directory.rules.handouts import letter, points
from directory.terms.telling import Card

blueprint = Blueprint("shortlist_pages", __name__)


@dataclass(frozen=True, slots=True)
class Shortlist:
    """The services of a list, and how many it names that are not shown any more."""

    cards: list[Card]
    missing: int


@blueprint.after_request
def keep_private(response: Response) -> Response:
    """Keep a person's list out of every cache."""
    return private(response)


@blueprint.get("/shortlist")
@public(FOR_ANYONE)
def shared() -> ResponseReturnValue:
    """Show a list that somebody sent a link to."""
    named = MultiDict([("shortlist", one) for one in request.args.getlist("service")])
    return _page(asked(named), linked=True)


@blueprint.post("/shortlist")
@public(FOR_ANYONE)
def shortlist() -> ResponseReturnValue:
    """Show a list, with the way back to the search."""
    return _page(asked(request.form), linked="link" in request.args)


@blueprint.post("/shortlist.json")
@public(FOR_ANYONE)
def as_json() -> Response:
    """Give the list to a program, with the whole of each service."""
    said = asked(request.form)
    if "shortlist" in said.errors:
        return refused(said)
    with reading() as session:
        seen = seen_services(session, said.shortlist, viewer())
    return answer_json([{"service": one} for one in seen.values()])


@blueprint.post("/shortlist.csv")
@public(FOR_ANYONE)
def as_csv() -> Response:
    """Give the list to a spreadsheet."""
    said = asked(request.form)
    if "shortlist" in said.errors:
        return refused(said)
    return answer_csv(_shortlist(said.shortlist).cards, "shortlist.csv")


def _shortlist(ids: tuple[UUID, ...]) -> Shortlist:
    with reading() as session:
        found = listed(session, ids, viewer(), now().date())
    return Shortlist(found, len(ids) - len(found))


def _page(said: Asked, *, linked: bool) -> ResponseReturnValue:
    made = _shortlist(said.shortlist)
    ids = [str(one.id) for one in made.cards]
    link = url_for("shortlist_pages.shared", service=ids)
    page = render_template(
        "directory/shortlist.html",
        asked=said,
        shortlist=made,
        points=points(made.cards),
        link=link,
        linked=linked,
        letter=partial(letter, made.cards),
    )
    return page, 422 if "shortlist" in said.errors else 200
