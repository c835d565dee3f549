"""A small API of invented plans: what the cellar's web part is tried on, without a database."""

from typing import Any

from flask import Flask, Response
from flask.views import MethodView
from flask_smorest import abort

from app.kernel.auth import public
from app.kernel.paging import PageQuerySchema, page_of, page_schema, window_of
from app.kernel.problem import Api, register_problems
from app.kernel.schema import Code, ListOf, Nested, Schema, SetOf, Text, WholeNumber
from app.kernel.wire import Blueprint, body_up_to, guard_wire

open_to_all = public("invented plans")


class IdentifierSchema(Schema):
    scheme = Code(required=True)
    value = Text(max=20, required=True)


class PlanSchema(Schema):
    title = Text(max=50, required=True)
    weeks = WholeNumber(min=1, max=52)
    categories = SetOf(Code(), max=5)
    identifiers = ListOf(Nested(IdentifierSchema), max=3)


class FilterSchema(PageQuerySchema):
    area = Code()
    kind = ListOf(Code(), max=3)


def blueprint() -> Blueprint:
    made = Blueprint("plans", __name__, url_prefix="/v1", description="Plans")

    @made.route("/plans")
    class Plans(MethodView):
        @open_to_all
        @made.arguments(FilterSchema, location="query")
        @made.response(200, page_schema(PlanSchema))
        def get(self, query: dict[str, Any]) -> Any:
            """List the plans."""
            window = window_of(query)
            after = window.after[0] if window.after else 0
            rows = [{"title": f"{n:03}", "weeks": n} for n in range(1, 8) if n > after]
            return page_of(rows[: window.limit], window, key=lambda row: (row["weeks"],))

        @open_to_all
        @made.arguments(PlanSchema)
        @made.response(201, PlanSchema)
        def post(self, body: dict[str, Any]) -> dict[str, Any]:
            """Make a plan."""
            return body

    @made.route("/large-plans", methods=["POST"])
    @open_to_all
    @body_up_to(100 * 1024)
    @made.arguments(PlanSchema)
    @made.response(200, PlanSchema)
    def large(body: dict[str, Any]) -> dict[str, Any]:
        """Make a plan from a body that may be large."""
        return body

    @made.route("/tile")
    @open_to_all
    @made.response(200, content_type="application/octet-stream")
    def tile() -> Response:
        """Send bytes."""
        return Response(b"tile", mimetype="application/octet-stream")

    @made.route("/closed")
    @open_to_all
    def closed() -> None:
        """Refuse."""
        abort(401, headers={"WWW-Authenticate": 'DPoP error="invalid_token"'})

    return made


def tiny_app() -> tuple[Flask, Api]:
    app = Flask("tiny")
    app.config.update(TESTING=True, API_TITLE="Tiny", API_VERSION="1.0.0", OPENAPI_VERSION="3.1.0")
    app.secret_key = "invented for these tests"  # noqa: S105  (it guards nothing)
    register_problems(app)
    guard_wire(app)
    api = Api(app)
    api.register_blueprint(blueprint())
    return app, api
