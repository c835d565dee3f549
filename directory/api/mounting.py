"""The doors to the feed's collections, put on a blueprint: the same under every mount."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, cast
from uuid import UUID

from flask import Response
from flask.views import MethodView

from app.kernel.problem import reference
from app.kernel.wire import Blueprint
from directory.api.feeding import LINES, Tier, answer_list, answer_single
from directory.schemas.oruk import (
    FeedPageSchema,
    FeedRecordSchema,
    OneOrganizationSchema,
    asked_schema,
)
from directory.terms.feed import Asked, Collection, Shape

Door = Callable[..., Response]

_ENDPOINTS: Final = {"": "", "/search": "_search", "/<uuid:wanted>": "_one"}
_A_LINE_EACH: Final = {"type": "string", "description": "Every row there is, one a line"}
_SINGULAR: Final = {
    Collection.SERVICES: "service",
    Collection.SERVICE_AT_LOCATIONS: "service at a location",
    Collection.ORGANIZATIONS: "organization",
    Collection.TAXONOMIES: "taxonomy",
    Collection.TAXONOMY_TERMS: "taxonomy term",
}


@dataclass(frozen=True, slots=True)
class Mount:
    """Where and for whom the collections are: `search` is what a POST's path ends in."""

    blueprint: Blueprint
    tier: Tier
    opened: Callable[[], Any]
    named: str
    search: str = ""


def mount(where: Mount) -> None:
    """Put the doors of every collection on a blueprint."""
    for collection in Collection:
        doors = {"": {"get": _list(where, collection)}}
        doors.setdefault(where.search, {})["post"] = _search(where, collection)
        doors["/<uuid:wanted>"] = {"get": _single(where, collection)}
        for path, methods in doors.items():
            members = {"__doc__": f"{_plural(collection)}.", **methods}
            view = type(_name(collection), (MethodView,), members)
            rule, endpoint = f"/{collection.value}{path}", f"{collection.value}{_ENDPOINTS[path]}"
            where.blueprint.route(rule, endpoint=endpoint, strict_slashes=False)(view)


def _list(where: Mount, collection: Collection) -> Door:
    blueprint = where.blueprint

    @where.opened()
    @blueprint.doc(operationId=f"list{where.named}{_name(collection)}")
    @blueprint.arguments(asked_schema(collection, in_body=False), location="query")
    @blueprint.response(200, FeedPageSchema)
    @blueprint.alt_response(200, schema=_A_LINE_EACH, content_type=LINES)
    def get(_: MethodView, asked: Asked) -> Response:
        return answer_list(where.tier, asked)

    get.__doc__ = f"List {_plural(collection).lower()}, by id."
    return cast("Door", get)


def _search(where: Mount, collection: Collection) -> Door:
    blueprint = where.blueprint

    @where.opened()
    @blueprint.doc(operationId=f"search{where.named}{_name(collection)}")
    @blueprint.arguments(asked_schema(collection, in_body=True))
    @blueprint.response(200, FeedPageSchema)
    @blueprint.alt_response(200, schema=_A_LINE_EACH, content_type=LINES)
    def post(_: MethodView, asked: Asked) -> Response:
        return answer_list(where.tier, asked)

    post.__doc__ = f"List {_plural(collection).lower()}, asked for where no log and no cache sees."
    return cast("Door", post)


def _single(where: Mount, collection: Collection) -> Door:
    blueprint = where.blueprint

    def get(_: MethodView, *asked: dict[str, Any], wanted: UUID) -> Response:
        whole = any(one["full_service"] for one in asked)
        shape = Shape.FULL_SERVICE if whole else Shape.FULL
        return answer_single(where.tier, collection, wanted, shape)

    get.__doc__ = f"Read one {_SINGULAR[collection]}, with all that belongs to it."
    described = blueprint.doc(operationId=f"read{where.named}{_name(collection, one=True)}")(
        blueprint.response(200, FeedRecordSchema)(blueprint.alt_response(404, reference(404))(get))
    )
    if collection is Collection.ORGANIZATIONS:
        described = blueprint.arguments(OneOrganizationSchema, location="query")(described)
    return cast("Door", where.opened()(described))


def _name(collection: Collection, *, one: bool = False) -> str:
    words = _SINGULAR[collection] if one else collection.value.replace("_", " ")
    return "".join(word.title() for word in words.split())


def _plural(collection: Collection) -> str:
    return collection.value.replace("_", " ").capitalize()
