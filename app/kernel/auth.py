"""Who is calling, and what each route asks for. Deny by default: no undeclared route starts.

The roof hands in the authenticator (`app.oauth`); other storeys see `caller()` and `requires`.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import wraps
from typing import Any, TypeVar, cast

from flask import Flask, current_app, g, request
from werkzeug.routing import Rule

EXTENSION = "rightshare.authenticator"
View = TypeVar("View", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True)
class SignedPractitioner:
    """The practitioner that an agency vouched for in a signed assertion, and what for."""

    id: str
    role: str
    purpose: str
    agreement: str | None


@dataclass(frozen=True, slots=True)
class Caller:
    """An authenticated client, as it is registered at this instant; it speaks for one agency."""

    client_id: str
    agency: str
    scopes: frozenset[str]
    purposes: frozenset[str]
    kinds: frozenset[str]
    may_override: bool
    token_id: str
    practitioner: SignedPractitioner | None = None


@dataclass(frozen=True, slots=True)
class Access:
    """What a route asks of its caller: a scope, or nothing for a stated reason."""

    scope: str | None
    why_public: str = ""


class InsufficientScope(Exception):
    """The token is valid but does not hold the scope that this route asks for."""

    def __init__(self, scope: str) -> None:
        super().__init__(scope)
        self.scope = scope


class UndeclaredAccess(RuntimeError):
    """A route was written without saying who may call it; the service does not start."""


Authenticator = Callable[[], Caller]


def requires(scope: str) -> Callable[[View], View]:
    """Open a view to callers that hold this scope. Outermost, so that nothing is parsed before."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(*args: Any, **kwargs: Any) -> Any:  # noqa: ANN401  (a view's own types)
            if scope not in caller().scopes:
                raise InsufficientScope(scope)
            return view(*args, **kwargs)

        vars(guarded)["__access__"] = Access(scope)
        return cast("View", guarded)

    return decorate


def public(why: str) -> Callable[[View], View]:
    """Open a view to anyone, for the stated reason."""

    def decorate(view: View) -> View:
        vars(view)["__access__"] = Access(None, why)
        return view

    return decorate


def caller() -> Caller:
    """Return who is calling; authenticates once a request. Raises what the authenticator raises."""
    found: Caller | None = g.get("caller")
    if found is None:
        authenticator: Authenticator = current_app.extensions[EXTENSION]
        found = g.caller = authenticator()
    return found


def guard() -> None:
    """Refuse strangers before anything of a request is read; registered before every request."""
    if request.url_rule is None or request.method == "OPTIONS":
        return
    access = access_of(current_app, request.url_rule, request.method)
    if access.scope is not None and access.scope not in caller().scopes:
        raise InsufficientScope(access.scope)


def access_of(app: Flask, rule: Rule, method: str) -> Access:
    """Return what a rule asks for on a method; `UndeclaredAccess` if it does not say."""
    if rule.endpoint == "static":
        return Access(None, "the pages' own styles and scripts")
    view = app.view_functions[rule.endpoint]
    view_class = getattr(view, "view_class", None)
    if view_class is not None:
        named = "get" if method == "HEAD" and not hasattr(view_class, "head") else method.lower()
        view = getattr(view_class, named, None) or view
    access = getattr(view, "__access__", None)
    if access is None:
        message = f"{method} {rule.rule} does not say who may call it: add @requires or @public"
        raise UndeclaredAccess(message)
    return cast("Access", access)


def routes(app: Flask) -> Iterator[tuple[str, str, Access]]:
    """Yield path, method and access of every route, sorted; `UndeclaredAccess` at a gap."""
    for rule in sorted(app.url_map.iter_rules(), key=lambda r: r.rule):
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            yield rule.rule, method, access_of(app, rule, method)
