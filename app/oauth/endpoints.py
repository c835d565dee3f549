"""The doors of the authorization server, and `init_oauth`, by which an application gets them."""

from flask import Blueprint, Flask, Response, current_app, jsonify, request

from app.kernel.auth import EXTENSION as AUTHENTICATOR
from app.kernel.auth import InsufficientScope, public
from app.kernel.clock import now
from app.oauth import guard, metadata, state
from app.oauth.dpop import NONCE_HEADER
from app.oauth.refusals import BadRequest
from app.oauth.server import INTROSPECTION, REVOCATION, Server, make_server
from app.oauth.settings import OAuthSettings
from app.oauth.state import OAuth, oauth

_FORM = "application/x-www-form-urlencoded"
_SERVER = "rightshare.oauth.server"
_AUTHENTICATES = "clients authenticate by a signed assertion in the form"
_DISCOVERY = "clients read this before they have a token"

blueprint = Blueprint("oauth", __name__)


def init_oauth(app: Flask) -> None:
    """Give an application the doors of its authorization server, and its API's authenticator."""
    app.extensions[AUTHENTICATOR] = guard.authenticate
    app.register_blueprint(blueprint)
    app.register_error_handler(guard.Unauthenticated, guard.answer_stranger)
    app.register_error_handler(InsufficientScope, guard.answer_scope)
    app.register_error_handler(guard.CallsTooFast, guard.answer_too_fast)
    app.after_request(_add_headers)


def furnish_oauth(app: Flask, settings: OAuthSettings) -> None:
    """Give an application the authorization server behind these doors, with nothing kept yet."""
    held = OAuth(settings)
    app.extensions[state.EXTENSION] = held
    app.extensions[_SERVER] = make_server(held)


@blueprint.before_request
def check_form() -> Response | None:
    """Refuse parameters in the query and parameters given twice: Authlib takes both."""
    if request.method != "POST":
        return None
    fault = _fault()
    return None if fault is None else _server().handle_response(*BadRequest(fault)())


def _fault() -> str | None:
    if request.mimetype != _FORM:
        return f"send the parameters as {_FORM}"
    if request.query_string:
        return "send parameters in the form, none in the query"
    twice = sorted(name for name, values in request.form.lists() if len(values) > 1)
    return f"send each parameter once: {twice[0]} came more than once" if twice else None


@blueprint.post("/oauth/token")
@public(_AUTHENTICATES)
def token() -> Response:
    """Issue a token."""
    return _server().create_token_response()


@blueprint.post("/oauth/introspect")
@public(_AUTHENTICATES)
def introspect() -> Response:
    """Say what a token holds."""
    return _server().answer(INTROSPECTION)


@blueprint.post("/oauth/revoke")
@public(_AUTHENTICATES)
def revoke() -> Response:
    """Cut a token off."""
    return _server().answer(REVOCATION)


@blueprint.get("/oauth/jwks")
@public(_DISCOVERY)
def jwks() -> Response:
    """Publish the keys that tokens are signed with."""
    return jsonify(oauth().ring().jwks())


@blueprint.get("/.well-known/oauth-authorization-server")
@blueprint.get("/.well-known/oauth-authorization-server/v1")
@public(_DISCOVERY)
def authorization_server() -> Response:
    """Describe the authorization server."""
    return jsonify(metadata.server_metadata(current_app, oauth().settings))


@blueprint.get("/.well-known/oauth-protected-resource")
@blueprint.get("/.well-known/oauth-protected-resource/v1")
@public(_DISCOVERY)
def protected_resource() -> Response:
    """Describe the API."""
    return jsonify(metadata.resource_metadata(current_app, oauth().settings))


def _server() -> Server:
    found: Server = current_app.extensions[_SERVER]
    return found


def _add_headers(response: Response) -> Response:
    """Keep answers of `/oauth` out of every cache, and hand out the nonce where one is wanted."""
    if request.path.startswith("/oauth/"):
        response.headers["Cache-Control"] = "no-store"
    nonces = oauth().nonces()
    if nonces is not None and request.path.startswith(("/oauth/token", "/v1/")):
        response.headers[NONCE_HEADER] = nonces.current(now())
    return response
