"""Every refusal of the JSON API as a problem document (RFC 9457), and flask-smorest taught so.

flask-smorest's own error handler answers in a form of its own and drops WWW-Authenticate, which
RFC 9110 section 11.6.1 demands of a 401.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from http import HTTPStatus
from typing import Any
from urllib.parse import quote
from uuid import uuid4

import flask_smorest
from flask import Flask, Response, current_app, g
from flask_smorest.spec import prepare_response
from werkzeug.exceptions import HTTPException

from app.kernel.problem_codes import CODE_OF_STATUS, COMMON, ProblemKind
from app.kernel.schema import ListOf, Nested, Schema, Text, WholeNumber

EXTENSION = "rightshare.problems"
MEDIA_TYPE = "application/problem+json"
MOST_ERRORS = 100
LONGEST_POINTER = 2000
LONGEST_NAME = 200
_KEPT_HEADERS = {"www-authenticate", "allow", "retry-after"}
_LOWEST_ERROR = 400
_WITHOUT_BODY = {204, 304}

Messages = Mapping[Any, Any] | Sequence[Any] | str


class ProblemErrorSchema(Schema):
    """One thing that is wrong with a request, and where."""

    pointer = Text(
        max=LONGEST_POINTER,
        metadata={"description": "JSON pointer into the body, as a fragment: `#/categories/0`"},
    )
    parameter = Text(
        max=LONGEST_NAME, min=0, metadata={"description": "Name of the query parameter"}
    )
    detail = Text(max=2000, required=True)


class ProblemSchema(Schema):
    """A problem document; `type` resolves to a page that says how to put it right."""

    type = Text(max=200, required=True, metadata={"format": "uri-reference"})
    title = Text(max=200, required=True)
    status = WholeNumber(min=400, max=599, required=True)
    code = Text(max=64, required=True, metadata={"description": "Stable name of the problem"})
    detail = Text(max=4000)
    instance = Text(
        max=100, required=True, metadata={"format": "uri", "description": "The id of this request"}
    )
    errors = ListOf(Nested(ProblemErrorSchema), max=MOST_ERRORS)


def register_problems(app: Flask, *more: Iterable[ProblemKind]) -> None:
    """Make an application know the common problems and these; two of one code are a `ValueError`.

    Calls add up: a storey may register its own after the factory's.
    """
    kinds: dict[str, ProblemKind] = app.extensions.setdefault(
        EXTENSION, {kind.code: kind for kind in COMMON}
    )
    for kind in (kind for table in more for kind in table):
        if kinds.setdefault(kind.code, kind) != kind:
            message = f"the problem {kind.code} has two meanings: {kinds[kind.code]} and {kind}"
            raise ValueError(message)


def problem_kinds(app: Flask) -> dict[str, ProblemKind]:
    """Return the problems that an application knows, by code."""
    register_problems(app)
    kinds: dict[str, ProblemKind] = app.extensions[EXTENSION]
    return kinds


def request_id() -> str:
    """Return the id of this request: ours, random, the same whenever it is asked for."""
    if "request_id" not in g:
        g.request_id = str(uuid4())
    found: str = g.request_id
    return found


def problem(
    status: int,
    code: str,
    detail: str | None = None,
    *,
    errors: Sequence[Mapping[str, str]] = (),
    headers: Mapping[str, str] | Iterable[tuple[str, str]] | None = None,
) -> Response:
    """Return a problem document; without a detail, the code's own help stands in for it.

    `abort(problem(...))` leaves a view at once. A code that nobody registered is a `LookupError`:
    its `type` would lead nowhere.
    """
    kind = problem_kinds(current_app).get(code)
    if kind is None:
        message = f"the problem {code} is not registered: add it to its storey's problems"
        raise LookupError(message)
    document = {
        "type": f"/problems/{code}",
        "title": kind.title,
        "status": status,
        "code": code,
        "detail": kind.help if detail is None else detail,
        "instance": f"urn:uuid:{request_id()}",
    } | ({"errors": list(errors[:MOST_ERRORS])} if errors else {})
    answer = Response(current_app.json.dumps(document), status, mimetype=MEDIA_TYPE)
    answer.headers.extend(headers or {})
    return answer


def extended(refusal: Response, **more: object) -> Response:
    """Return a problem document with extension members, such as whom to ring instead.

    RFC 9457, section 3.2.
    """
    document: dict[str, Any] = current_app.json.loads(refusal.get_data())
    refusal.set_data(current_app.json.dumps(document | more))
    return refusal


def problem_from(error: HTTPException) -> Response:
    """Return the problem document of an HTTP error, with the headers that its status is owed.

    `flask_smorest.abort(401, code=…, detail=…, errors=…, headers=…)` chooses the parts.
    """
    status = error.code or HTTPStatus.INTERNAL_SERVER_ERROR
    if error.response is not None or status < _LOWEST_ERROR:
        return current_app.make_response(error.get_response())
    said: Mapping[str, Any] = getattr(error, "data", None) or {}
    otherwise = "bad_request" if status < HTTPStatus.INTERNAL_SERVER_ERROR else "fault"
    code = said.get("code") or CODE_OF_STATUS.get(status, otherwise)
    headers = [pair for pair in error.get_headers() if pair[0].lower() in _KEPT_HEADERS]
    headers.extend(dict(said.get("headers") or {}).items())
    detail = said.get("detail") or said.get("message") or _own_words(error)
    return problem(status, code, detail, errors=_errors(said), headers=headers)


def _own_words(error: HTTPException) -> str | None:
    """Return what the one who raised it said; werkzeug's stock phrases give way to our help."""
    return None if error.description == type(error).description else error.description


def _errors(said: Mapping[str, Any]) -> list[dict[str, str]]:
    """Return what an error carries in `errors` (ours) or `messages` (webargs', by location)."""
    given = said.get("errors")
    if isinstance(given, Mapping):
        return pointed(given)
    if given:
        return list(given)
    found = []
    for location, messages in dict(said.get("messages") or {}).items():
        found += named(messages) if location in {"query", "querystring"} else pointed(messages)
    return found


def pointed(messages: Messages) -> list[dict[str, str]]:
    """Return marshmallow's nested messages as JSON pointers (RFC 6901) in fragment form."""
    return [
        {"pointer": f"#{_tokens(path)}"[:LONGEST_POINTER], "detail": detail}
        for path, detail in _leaves(messages, ())
    ]


def named(messages: Messages) -> list[dict[str, str]]:
    """Return marshmallow's messages on a query as names of parameters."""
    return [
        {"parameter": said_back(path[0]) if path else "", "detail": detail}
        for path, detail in _leaves(messages, ())
    ]


def said_back(name: str) -> str:
    """Return a name that a stranger made up as an answer may hold it: short, without NUL."""
    return name[:LONGEST_NAME].replace("\x00", "\ufffd")


def _tokens(path: Iterable[str]) -> str:
    escaped = (name.replace("~", "~0").replace("/", "~1") for name in path)
    return "".join(f"/{quote(name, safe='~')}" for name in escaped)


def _leaves(node: Messages, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], str]]:
    if isinstance(node, str):
        yield path, node
    elif isinstance(node, Mapping):
        for name, below in node.items():
            # marshmallow files what is wrong with an object as a whole under this name
            yield from _leaves(below, path if name == "_schema" else (*path, str(name)))
    else:
        for below in node:
            yield from _leaves(below, path)


def reference(status: int) -> str:
    """Return the name of a status's answer in the description, alike under every Python."""
    return f"Problem{status}"


class Api(flask_smorest.Api):  # type: ignore[misc]  # flask-smorest has no types
    """flask-smorest, answering with problem documents and describing them so."""

    ERROR_SCHEMA = ProblemSchema

    def handle_http_exception(self, error: HTTPException) -> Response:
        """Answer an HTTP error."""
        return problem_from(error)

    def _register_responses(self) -> None:
        """Describe each status twice: by flask-smorest's name, and by one that stays."""
        kinds = {kind.status: kind for kind in reversed(COMMON)}
        for status in HTTPStatus:
            title = kinds[status].title if status in kinds else status.phrase
            for name in (status.name, reference(status)):
                self._register_response(name, title, has_body=status not in _WITHOUT_BODY)
        self._register_response(self.DEFAULT_ERROR_RESPONSE_NAME, "Any other problem")

    def _register_response(self, name: str, title: str, *, has_body: bool = True) -> None:
        response: dict[str, Any] = {"description": title}
        if has_body:
            response["schema"] = self.ERROR_SCHEMA
        prepare_response(response, self.spec, MEDIA_TYPE)
        self.spec.components.response(name, response, lazy=True)
