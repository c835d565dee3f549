"""Who is calling, and what each route asks for. Deny by default: no undeclared route starts.

Programs call the API with a token, people sign in to the pages. The roof hands in what finds
either (`app.oauth`, `app.people`); other storeys see `caller()` and `requires`, or `signed_in()`
and `for_people`.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import wraps
from typing import Any, Final, TypeVar, cast

from flask import Flask, current_app, g, request
from werkzeug.routing import Rule

EXTENSION = "rightshare.authenticator"
PEOPLE_EXTENSION = "rightshare.people"
ROLES: Final[Mapping[str, frozenset[str]]] = {
    "practitioner": frozenset({"directory.read"}),
    "cluster_manager": frozenset({"directory.read", "directory.write"}),
    "agency_ig_lead": frozenset({"agreement.read", "disclosure.preview", "log.review"}),
    "ig_lead": frozenset({"agreement.read", "disclosure.preview", "log.audit", "log.review"}),
    "signatory": frozenset({"agreement.read", "agreement.sign"}),
}
"""What the people of each role may do on the pages, in the words of the API's scopes.

`ig_lead` looks after the log of the whole partnership, `agency_ig_lead` after their own agency. A
`signatory` signs agreements for theirs: `agreement.sign` is of the pages alone, for a program signs
with its own key, under `agreement.write`.
"""

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
class Person:
    """Someone who is signed in to the pages, as they are on file at this instant."""

    username: str
    role: str
    agency: str
    agency_name: str = ""

    def may(self, scope: str) -> bool:
        """Say whether this person's role holds a scope; a role nobody knows holds none."""
        return scope in ROLES.get(self.role, frozenset())


@dataclass(frozen=True, slots=True)
class Access:
    """What a route asks of its caller: a scope, or nothing for a stated reason.

    `for_people` says that it is asked of whoever is signed in, and not of a token.
    """

    scope: str | None
    why_public: str = ""
    for_people: bool = False


class InsufficientScope(Exception):
    """The token is valid but does not hold the scope that this route asks for."""

    def __init__(self, scope: str) -> None:
        super().__init__(scope)
        self.scope = scope


class NotSignedIn(Exception):
    """The page is for people who are signed in, and nobody is."""


class RoleLacksScope(Exception):
    """Whoever is signed in has a role that may not do this."""

    def __init__(self, scope: str) -> None:
        super().__init__("Your account may not open this page. Ask whoever looks after accounts.")
        self.scope = scope


class UndeclaredAccess(RuntimeError):
    """A route was written without saying who may call it; the service does not start."""


Authenticator = Callable[[], Caller]
PersonFinder = Callable[[], Person | None]


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


def for_people(scope: str) -> Callable[[View], View]:
    """Open a page to people whose role holds this scope: others are asked to sign in, or refused.

    Outermost, as `requires` is. Every form that such a page takes is checked to be of our making.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(*args: Any, **kwargs: Any) -> Any:  # noqa: ANN401  (a view's own types)
            person_with(scope)
            return view(*args, **kwargs)

        vars(guarded)["__access__"] = Access(scope, for_people=True)
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


def agency_calling() -> str | None:
    """Return whose client calls; None where nobody had to say who they are."""
    found: Caller | None = g.get("caller")
    return None if found is None else found.agency


def signed_in() -> Person | None:
    """Return who is signed in to the pages, None if nobody is; looks once a request."""
    if "person" not in g:
        finder: PersonFinder | None = current_app.extensions.get(PEOPLE_EXTENSION)
        g.person = None if finder is None else finder()
    found: Person | None = g.person
    return found


def person_with(scope: str) -> Person:
    """Return who is signed in; `NotSignedIn` if nobody is, `RoleLacksScope` if they may not."""
    person = signed_in()
    if person is None:
        raise NotSignedIn
    if not person.may(scope):
        raise RoleLacksScope(scope)
    return person


def guard() -> None:
    """Refuse strangers before anything of a request is read; registered before every request."""
    if request.url_rule is None or request.method == "OPTIONS":
        return
    access = access_of(current_app, request.url_rule, request.method)
    if access.scope is None:
        return
    if access.for_people:
        person_with(access.scope)
    elif access.scope not in caller().scopes:
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
