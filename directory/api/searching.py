"""Doors to the search that people use, to what completes it, and to the synonyms it knows."""

from dataclasses import asdict
from typing import Any
from uuid import UUID

from flask import url_for
from flask.views import MethodView

from app.kernel.auth import requires
from app.kernel.clock import now
from app.kernel.db import reading, transaction
from app.kernel.paging import Page, PageQuerySchema, page_of, window_of
from app.kernel.problem import reference
from app.kernel.wire import Blueprint
from directory.actions import synonyms as actions
from directory.api.acting import actor, viewer
from directory.queries import synonyms as queries
from directory.queries.searching import find
from directory.queries.suggesting import suggestions
from directory.queries.told import seen_services
from directory.schemas.searching import (
    FoundSchema,
    NewSynonymsSchema,
    PrefixSchema,
    SearchSchema,
    SuggestionsSchema,
    SynonymsPageSchema,
    SynonymsSchema,
)
from directory.terms.searching import ServiceSearch, Suggestion
from directory.terms.synonyms import Synonyms

blueprint = Blueprint(
    "directory_search", __name__, url_prefix="/v1/directory", description="Finding services"
)
_PRIVATE = {"Cache-Control": "no-store"}


@blueprint.route("/search", endpoint="search")
class Search(MethodView):
    """The search for services."""

    @requires("directory.read")
    @blueprint.doc(operationId="searchDirectory")
    @blueprint.arguments(SearchSchema)
    @blueprint.response(200, FoundSchema)
    def post(self, body: dict[str, Any]) -> tuple[dict[str, Any], dict[str, str]]:
        """Find services, the best first, with the reason for each."""
        search: ServiceSearch = body["search"]
        page, size, who = body["page"], body["size"], viewer()
        with reading() as session:
            found = find(
                session, search, who, page=page, size=size, at=now(), counts=body["facets"]
            )
            seen = seen_services(session, [one.service for one in found.hits], who)
        hits = [
            asdict(one) | {"service": seen[one.service]}
            for one in found.hits
            if one.service in seen
        ]
        answer = {"page": page, "size": len(hits), "hits": hits, "facets": found.facets}
        answer |= {"total": found.total, "total_is_exact": found.total_is_exact}
        return answer | {"notes": found.notes}, _PRIVATE


@blueprint.route("/suggestions", endpoint="suggestions")
class Suggestions(MethodView):
    """What a search could go on to say."""

    @requires("directory.read")
    @blueprint.doc(operationId="suggestSearches")
    @blueprint.arguments(PrefixSchema)
    @blueprint.response(200, SuggestionsSchema)
    def post(self, body: dict[str, Any]) -> tuple[dict[str, list[Suggestion]], dict[str, str]]:
        """Complete what somebody has begun to type."""
        with reading() as session:
            return {"items": suggestions(session, viewer=viewer(), **body)}, _PRIVATE


@blueprint.route("/synonyms", endpoint="synonyms")
class AllSynonyms(MethodView):
    """The phrases that find each other."""

    @requires("directory.read")
    @blueprint.doc(operationId="listSynonyms")
    @blueprint.arguments(PageQuerySchema, location="query")
    @blueprint.response(200, SynonymsPageSchema)
    def get(self, asked: dict[str, Any]) -> tuple[Page[Synonyms], dict[str, str]]:
        """List groups of synonyms by id."""
        window = window_of(asked)
        after = UUID(str(window.after[0])) if window.after else None
        with reading() as session:
            rows = queries.synonyms(session, after=after, limit=window.limit)
        return page_of(rows, window, lambda group: (group.id,))

    @requires("directory.write")
    @blueprint.doc(operationId="enterSynonyms")
    @blueprint.arguments(NewSynonymsSchema)
    @blueprint.response(201, SynonymsSchema)
    @blueprint.alt_response(409, reference(409))
    def post(self, body: dict[str, Any]) -> tuple[Synonyms, dict[str, str]]:
        """Let phrases find each other."""
        with transaction() as session:
            made = actions.put_synonyms(session, body["phrases"], actor(), now())
        return made, {"Location": url_for("directory_search.synonym", group=made.id)}


@blueprint.route("/synonyms/<uuid:group>", endpoint="synonym")
class OneGroup(MethodView):
    """A group of phrases that find each other."""

    @requires("directory.read")
    @blueprint.doc(operationId="readSynonyms")
    @blueprint.response(200, SynonymsSchema)
    @blueprint.alt_response(404, reference(404))
    def get(self, group: UUID) -> Synonyms:
        """Say which phrases find each other."""
        with reading() as session:
            return queries.group(session, group)

    @requires("directory.write")
    @blueprint.doc(operationId="removeSynonyms")
    @blueprint.response(204)
    @blueprint.alt_response(404, reference(404))
    def delete(self, group: UUID) -> None:
        """Let phrases find each other no more."""
        with transaction() as session:
            actions.remove_synonyms(session, group, actor(), now())
