"""What the wire may bring: bodies, parameters and answers of a declared form and size.

`guard_wire` puts the checks before every route of an API blueprint; the scope is checked before
them (`app.kernel.auth.guard` is registered first), so a stranger learns nothing about a form.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from http import HTTPStatus
from typing import Any, TypeVar, cast

import flask_smorest
import marshmallow
from flask import Flask, Request, Response, abort, current_app, request
from webargs.flaskparser import FlaskParser

from app.kernel.problem import problem, reference, said_back
from app.kernel.schema import unstorable
from app.kernel.strict_json import JsonRefused, StrictJson

JSON = "application/json"
LARGEST_BODY = 64 * 1024
View = TypeVar("View", bound=Callable[..., Any])


class BodyParser(FlaskParser):
    """webargs, reading JSON by `StrictJson` and refusing unknown query parameters."""

    DEFAULT_UNKNOWN_BY_LOCATION = FlaskParser.DEFAULT_UNKNOWN_BY_LOCATION | dict.fromkeys(
        ("query", "querystring", "files"), marshmallow.RAISE
    )

    def _raw_load_json(self, req: Request) -> Any:  # noqa: ANN401  (any JSON value)
        body = req.get_data(cache=True)
        if not body:
            return marshmallow.missing
        # werkzeug cuts a body of unstated length at the limit without a word: what is left of it
        # must not be taken for what was sent
        largest = req.max_content_length or LARGEST_BODY
        if len(body) >= largest and len(body) != req.content_length:
            abort(_too_large(largest))
        try:
            return current_app.json.loads(body)
        except JsonRefused as error:
            abort(problem(400, "json_invalid", str(error)))


class Blueprint(flask_smorest.Blueprint):  # type: ignore[misc]  # flask-smorest has no types
    """A blueprint of the JSON API: parses by `BodyParser` and describes what `guard_wire` refuses.

    `takes_unknown_parameters=True` is for feeds whose standard lets clients add their own.
    """

    ARGUMENTS_PARSER = BodyParser()

    def __init__(
        self,
        *args: Any,  # noqa: ANN401  (flask-smorest's own)
        takes_unknown_parameters: bool = False,
        **kwargs: Any,  # noqa: ANN401  (flask-smorest's own)
    ) -> None:
        super().__init__(*args, **kwargs)
        self.takes_unknown_parameters = takes_unknown_parameters
        self._prepare_doc_cbks.append(self._prepare_refusals_doc)

    def arguments(self, schema: Any, **options: Any) -> Any:  # noqa: ANN401  (flask-smorest's own)
        """Parse by a schema that is made once.

        webargs would make one, with a copy of every field, at each request: 7 % of a disclosure.
        """
        return super().arguments(schema() if isinstance(schema, type) else schema, **options)

    def _prepare_refusals_doc(self, doc: dict[str, Any], *_: object, **__: object) -> Any:  # noqa: ANN401
        """Describe what can go wrong, under names that do not change with Python's own."""
        statuses = {406, 422} | ({400, 413, 415} if "requestBody" in doc else set())
        answers: dict[Any, Any] = doc.setdefault("responses", {})
        for status in statuses | answers.keys():
            if str(status).isdigit() and _is_a_bare_refusal(int(status), answers.get(status, "")):
                answers[status] = reference(int(status))
        answers.setdefault("default", "DEFAULT_ERROR")
        return doc


def _is_a_bare_refusal(status: int, answer: str | Mapping[str, Any]) -> bool:
    """Say whether a door named a refusal only: its form is then the problem document of all."""
    formless = isinstance(answer, str) or not answer.keys() & {"$ref", "schema", "content"}
    return status >= HTTPStatus.BAD_REQUEST and formless


def body_up_to(size: int) -> Callable[[View], View]:
    """Let a view's body hold this many bytes instead of 64 KiB; stands beneath `@requires`."""

    def decorate(view: View) -> View:
        vars(view)["__largest_body__"] = size
        return view

    return decorate


@dataclass(frozen=True)
class Form:
    """What an operation declares that it takes and gives."""

    parameters: Mapping[str, bool]
    """Query parameters, and whether each may come more than once."""
    bodies: frozenset[str]
    answers: frozenset[str]
    largest_body: int


_BODY_TYPES = {
    "json": JSON,
    "form": "application/x-www-form-urlencoded",
    "files": "multipart/form-data",
}


@cache
def form_of(operation: Callable[..., Any]) -> Form:
    """Return what a view function declares by flask-smorest's decorators."""
    described: dict[str, Any] = getattr(operation, "_apidoc", {})
    taken = described.get("arguments", {}).get("parameters", [])
    given = described.get("response", {}).get("responses", {})
    answers = (
        answer.get("content_type") or JSON
        for status, alternatives in given.items()
        for answer in alternatives
        if str(status)[0] == "2" and isinstance(answer, Mapping)
    )
    bodies = (
        part.get("content_type") or _BODY_TYPES[part["in"]]
        for part in taken
        if part["in"] in _BODY_TYPES
    )
    return Form(
        {name: many for part in taken for name, many in _parameters(part)},
        frozenset(bodies),
        frozenset(answers),
        getattr(operation, "__largest_body__", LARGEST_BODY),
    )


def _parameters(part: Mapping[str, Any]) -> Iterator[tuple[str, bool]]:
    if part["in"] in {"query", "querystring"}:
        schema = part["schema"]() if isinstance(part["schema"], type) else part["schema"]
        for name, field in cast("marshmallow.Schema", schema).fields.items():
            yield field.data_key or name, isinstance(field, marshmallow.fields.List)


def guard_wire(app: Flask) -> None:
    """Make an application read and write strict JSON, and check each request of its API."""
    app.json = StrictJson(app)
    app.config["MAX_CONTENT_LENGTH"] = LARGEST_BODY
    app.before_request(check_request)


def check_request() -> Response | None:
    """Return the refusal of a request that its operation's form rules out, else None."""
    apis = current_app.extensions.get("flask-smorest", {}).get("blp_name_to_api", {})
    if request.blueprint not in apis or request.method == "OPTIONS":
        return None
    if any(
        isinstance(part, str) and unstorable(part) for part in (request.view_args or {}).values()
    ):
        return problem(404, "not_found")  # no row has such a name, and the driver takes none
    form = form_of(_operation())
    request.max_content_length = form.largest_body
    return _check_body(form) or _check_accept(form.answers) or _check_query(form.parameters)


def _operation() -> Callable[..., Any]:
    view = current_app.view_functions[request.endpoint or ""]
    resource = getattr(view, "view_class", None)
    method = request.method.lower()
    if method == "head" and not hasattr(resource, "head"):
        method = "get"
    return getattr(resource, method, view)


def _check_body(form: Form) -> Response | None:
    if (request.content_length or 0) > form.largest_body:
        return _too_large(form.largest_body)
    there_is_one = bool(request.mimetype or request.content_length)
    if not form.bodies or not there_is_one:
        return None
    encoded = request.headers.get("Content-Encoding", "identity") != "identity"
    if encoded or request.mimetype not in form.bodies:
        wanted = " or ".join(sorted(form.bodies))
        detail = f"Send the body as {wanted}, and say so in Content-Type, without Content-Encoding."
        return problem(415, "media_type_not_supported", detail, headers={"Accept": wanted})
    return None


def _too_large(largest: int) -> Response:
    detail = f"The body may hold {largest} bytes. Send less, or in parts."
    return problem(413, "body_too_large", detail)


def _check_accept(answers: Iterable[str]) -> Response | None:
    """Refuse where no type fits; parameters such as `charset` do not keep a type from fitting."""
    if not request.accept_mimetypes:
        return None
    wanted = {
        kind.partition(";")[0].strip() for kind, quality in request.accept_mimetypes if quality
    }
    offered = sorted(answers)
    fits = {form for kind in offered for form in (kind, kind.partition("/")[0] + "/*", "*/*")}
    if not offered or wanted & fits:
        return None
    detail = f"The answer comes as {' or '.join(offered)}. Accept that."
    return problem(406, "not_acceptable", detail)


def _check_query(parameters: Mapping[str, bool]) -> Response | None:
    if not request.query_string:
        return None
    blueprint = current_app.blueprints[request.blueprint or ""]
    errors = []
    for name, values in request.args.lists():
        if name not in parameters and not getattr(blueprint, "takes_unknown_parameters", False):
            errors.append((name, "There is no parameter of this name here. Leave it out."))
        elif len(values) > 1 and not parameters.get(name, True):
            errors.append((name, "This parameter comes more than once. Send it once."))
    if not errors:
        return None
    listed = [{"parameter": said_back(name), "detail": detail} for name, detail in errors]
    return problem(422, "request_invalid", errors=listed)
