"""The search for services: a form, its results, and the same list as JSON and CSV.

Searches are sensitive, so they are posted: no word and no postcode stands in an address or a log.
"""

import csv
import io
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any, Final

from flask import Blueprint, Response, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from app.kernel.auth import public
from app.kernel.clock import now
from app.kernel.db import reading
from app.kernel.problem import problem
from directory.pages.asking import FIELDS, Asked, asked
from directory.pages.choices import Choices, choices
from directory.pages.viewing import viewer
from directory.queries.searching import find
from directory.queries.told import cards, seen_services
from directory.rules.filters import filters
from directory.rules.handouts import feed_link, points, rows
from directory.rules.postcodes import tidy
from directory.schemas.search_form import DAYS, LAST_PAGE, MILES
from directory.terms.places import MalformedPostcode, UnknownPostcode
from directory.terms.searching import Found
from directory.terms.telling import Card, Filter

FOR_ANYONE: Final = "anyone may look for help; signed in, partners see what is kept for them"
PAGE_SIZE: Final = 20
LIST_SIZE: Final = 100
_NOTHING: Final = Found((), 0, total_is_exact=True)

blueprint = Blueprint("search_pages", __name__)


@dataclass(frozen=True, slots=True)
class Results:
    """What a search came to, as its page shows it."""

    asked: Asked
    found: Found
    cards: list[Card]
    filters: tuple[Filter, ...]
    choices: Choices

    @property
    def pages(self) -> int:
        """How many pages there are to turn."""
        return min(LAST_PAGE, -(-self.found.total // PAGE_SIZE))


@blueprint.after_request
def keep_private(response: Response) -> Response:
    """Let nothing on the way, and no browser, keep what was searched for."""
    return private(response)


def private(response: Response) -> Response:
    """Return an answer that is never stored, unless it is the same page for anyone."""
    open_page = request.method == "GET" and viewer().agency is None
    response.headers["Cache-Control"] = "no-cache" if open_page else "no-store"
    return response


@blueprint.get("/")
@public(FOR_ANYONE)
def home() -> str:
    """Ask what is looked for."""
    with reading() as session:
        offered = choices(session, viewer())
    return _page(Results(Asked(), _NOTHING, [], (), offered), searched=False)


@blueprint.get("/search")
@public(FOR_ANYONE)
def start() -> ResponseReturnValue:
    """Send whoever comes without a search to the form."""
    return redirect(url_for("search_pages.home"), 303)


@blueprint.post("/search")
@public(FOR_ANYONE)
def results() -> ResponseReturnValue:
    """Show what was found, or what has to be put right first."""
    said = asked(request.form)
    with reading() as session:
        made = _results(session, said, PAGE_SIZE)
    return _page(made, searched=True), 422 if made.asked.errors else 200


@blueprint.post("/search.json")
@public(FOR_ANYONE)
def as_json() -> Response:
    """Give the list to a program, with the whole of each service."""
    said = asked(request.form)
    with reading() as session:
        made = _results(session, said, LIST_SIZE)
        ids = [hit.service for hit in made.found.hits]
        seen = seen_services(session, ids, viewer())
    if made.asked.errors:
        return refused(made.asked)
    hits = [
        {"service": seen[one.service], "reasons": one.reasons, "metres": one.metres}
        | {"freshness": one.freshness.value}
        for one in made.found.hits
        if one.service in seen
    ]
    return answer_json(hits, total=made.found.total, total_is_exact=made.found.total_is_exact)


@blueprint.post("/search.csv")
@public(FOR_ANYONE)
def as_csv() -> Response:
    """Give the list to a spreadsheet."""
    said = asked(request.form)
    with reading() as session:
        made = _results(session, said, LIST_SIZE)
    return refused(made.asked) if made.asked.errors else answer_csv(made.cards, "services.csv")


def refused(said: Asked) -> Response:
    """Return the problem document of a form that cannot be read."""
    errors = [
        {"parameter": name, "detail": text} for name, texts in said.errors.items() for text in texts
    ]
    return problem(422, "request_invalid", errors=errors)


def answer_json(items: list[Any], **more: object) -> Response:
    """Return a list for programs."""
    return json_answer({**more, "size": len(items), "items": items})


def answer_csv(found: list[Card], name: str) -> Response:
    """Return a list for spreadsheets, which take the first bytes as a sign of UTF-8."""
    written = io.StringIO()
    csv.writer(written).writerows(rows(found))
    answer = Response("\ufeff" + written.getvalue(), mimetype="text/csv")
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def json_answer(document: dict[str, Any]) -> Response:
    """Return a document for programs."""
    return Response(current_app.json.dumps(document), mimetype="application/json")


def _results(session: Session, said: Asked, size: int) -> Results:
    """Return what was found; where the postcode is none that is known, that is said instead."""
    at, who = now(), viewer()
    offered = choices(session, who)
    found = _NOTHING
    if not said.errors:
        try:
            found = find(session, said.search, who, page=said.page, size=size, at=at)
        except (UnknownPostcode, MalformedPostcode) as error:
            said = replace(said, errors={"postcode": [str(error)]})
    shown = cards(session, found.hits, who, at.date())
    told = filters(_as_written(said), _labels(said, shown, offered))
    return Results(said, found, shown, told, offered)


def _labels(said: Asked, shown: list[Card], offered: Choices) -> dict[str, dict[str, str]]:
    """Return what the values of the search's fields are called, by field and value."""
    named = {name: {one.value: one.label for one in values} for name, values in offered.items()}
    whose = {said.typed.get("organization", ""): one.organization or "" for one in shown[:1]}
    return named | {"distance": dict(MILES), "day": dict(DAYS), "organization": whose}


def _as_written(said: Asked) -> dict[str, str]:
    """Return what was typed, a postcode as it is written."""
    typed = dict(said.typed)
    with suppress(MalformedPostcode):
        typed |= {"postcode": tidy(typed["postcode"])} if "postcode" in typed else {}
    return typed


def _page(made: Results, *, searched: bool) -> str:
    return render_template(
        "directory/search.html",
        results=made,
        searched=searched,
        points=points(made.cards),
        feed=feed_link(made.asked.search),
        miles=tuple(MILES.items()),
        days=tuple(DAYS.items()),
        fields=FIELDS,
    )
