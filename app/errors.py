"""From named errors to answers: the one place that gives them status codes and pages.

Storeys raise errors with names; the factory hands their tables in. Whatever nobody named is a
fault of ours: the caller gets the request's id, and the log gets the same id with the class of the
exception and the lines it passed, never its message, which may quote what was asked.
"""

from collections.abc import Callable, Mapping
from typing import Any

import structlog
from flask import Flask, Response, current_app, request
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from werkzeug.exceptions import HTTPException

from app.kernel.auth import InsufficientScope
from app.kernel.problem import MEDIA_TYPE, problem, problem_from

RETRY_AFTER_SECONDS = "5"
MACHINES = ("/v1/", "/oruk/", "/log/", "/.well-known/")
"""Where an error is a document for programs, whatever the caller accepts."""

Verdict = tuple[int, str]
ErrorTable = Mapping[type[Exception], Verdict | Callable[[Any], Verdict]]
"""Status and code by class of error, or a function that finds them in the error."""

Answer = Callable[[Any], Response]
Page = Callable[[Response], ResponseReturnValue]
"""Draws a problem document as a page for people."""


def register_errors(app: Flask, *tables: ErrorTable, page: Page | None = None) -> None:
    """Make an application answer these errors; a class in two tables is a `ValueError`.

    Comes after `Api(app)`, whose handler of HTTP errors it takes the place of. What an error says
    is told to the caller, so it holds no value of a person; attributes `errors` and `headers` of
    an error are passed on.
    """
    answers: dict[type[Exception], Answer] = {}
    for table in tables:
        if twice := answers.keys() & table.keys():
            names = ", ".join(sorted(kind.__name__ for kind in twice))
            message = f"two storeys give {names} a status"
            raise ValueError(message)
        answers |= {kind: _answer_named(verdict) for kind, verdict in table.items()}
    for kind, answer in (_OURS | answers).items():
        app.register_error_handler(kind, _shown(answer, page))


def _shown(answer: Answer, page: Page | None) -> Callable[[Any], ResponseReturnValue]:
    """Return what answers a program with the problem as it is, and a person with its page."""

    def show(error: Exception) -> ResponseReturnValue:
        said = answer(error)
        is_problem = said.mimetype == MEDIA_TYPE
        return page(said) if page is not None and is_problem and for_a_person() else said

    return show


def for_a_person() -> bool:
    """Say whether this request's answer is for a browser: by its address, then by Accept."""
    apis = current_app.extensions.get("flask-smorest", {}).get("blp_name_to_api", {})
    if request.blueprint in apis or request.path.startswith(MACHINES):
        return False
    return request.accept_mimetypes.best_match(["application/json", "text/html"]) == "text/html"


def _answer_named(verdict: Verdict | Callable[[Any], Verdict]) -> Answer:
    def answer(error: Exception) -> Response:
        status, code = verdict(error) if callable(verdict) else verdict
        errors, headers = getattr(error, "errors", ()), getattr(error, "headers", None)
        return problem(status, code, str(error) or None, errors=errors, headers=headers)

    return answer


def insufficient_scope(error: InsufficientScope) -> Response:
    """Return the 403 of RFC 6750 section 3.1, in DPoP's challenge, naming the scope."""
    challenge = f'DPoP error="insufficient_scope", scope="{error.scope}"'
    detail = f"This needs an access token with the scope {error.scope}."
    return problem(403, "insufficient_scope", detail, headers={"WWW-Authenticate": challenge})


def unavailable(error: Exception) -> Response:
    """Return the 503 of a database that does not answer: what is not logged is not disclosed."""
    structlog.get_logger(__name__).error("database not available", exc_info=error)
    return problem(503, "unavailable", headers={"Retry-After": RETRY_AFTER_SECONDS})


def fault(error: Exception) -> Response:
    """Return the 500 of an exception that nobody named, and log it under the request's id."""
    structlog.get_logger(__name__).error("fault", exc_info=error)
    return problem(500, "fault")


_OURS: dict[type[Exception], Answer] = {
    HTTPException: problem_from,
    InsufficientScope: insufficient_scope,
    OperationalError: unavailable,
    InterfaceError: unavailable,
    PoolTimeoutError: unavailable,
    Exception: fault,
}
