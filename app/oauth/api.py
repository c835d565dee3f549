"""The JSON API's doors to clients, and `echo`, by which a developer sees that a token works."""

from typing import Any, NoReturn

from flask import abort
from flask.views import MethodView

from app.kernel.auth import Caller, caller, requires
from app.kernel.clock import now
from app.kernel.db import reading, transaction
from app.kernel.problem import problem
from app.kernel.wire import Blueprint
from app.oauth import clients
from app.oauth.clients import Registration
from app.oauth.schemas import AgencyKeysSchema, ClientSchema, EchoSchema, RegisteredClientSchema
from directory.terms.agencies import UnknownAgency

blueprint = Blueprint(
    "clients",
    __name__,
    url_prefix="/v1",
    description="Programs that may call this API, each for one agency",
)


@blueprint.route("/clients")
class Clients(MethodView):
    """Clients."""

    @requires("client.write")
    @blueprint.doc(operationId="registerClient")
    @blueprint.arguments(ClientSchema)
    @blueprint.response(201, RegisteredClientSchema)
    @blueprint.alt_response(409, schema=None, description="The client id is taken")
    def post(self, asked: Registration) -> Registration:
        """Register a client with the public half of its key."""
        try:
            with transaction() as session:
                return clients.register_client(session, asked, now())
        except clients.ClientExists:
            abort(problem(409, "conflict", "This client id is taken. Ids are never used again."))
        except UnknownAgency:
            _refuse("agency", "There is no agency of this code. Register the agency first.")
        except clients.KeysRefused as error:
            _refuse("jwks", str(error))
        except clients.GrantsRefused as error:
            _refuse("grants", f"Clients cannot be registered for {error}.")


@blueprint.route("/clients/<client_id>")
class OneClient(MethodView):
    """One client."""

    @requires("client.write")
    @blueprint.doc(operationId="readClient")
    @blueprint.response(200, RegisteredClientSchema)
    def get(self, client_id: str) -> Registration:
        """Read a client, ended or not."""
        try:
            with reading() as session:
                return clients.client(session, client_id)
        except clients.UnknownClient:
            abort(404)

    @requires("client.write")
    @blueprint.doc(operationId="endClient")
    @blueprint.response(204)
    def delete(self, client_id: str) -> None:
        """End a client at once, with all its tokens."""
        try:
            with transaction() as session:
                clients.end_client(session, client_id, now())
        except clients.UnknownClient:
            abort(404)


@blueprint.route("/agencies/<code>/practitioner-keys")
class PractitionerKeys(MethodView):
    """Keys with which an agency vouches for its practitioners."""

    @requires("client.write")
    @blueprint.doc(operationId="replacePractitionerKeys")
    @blueprint.arguments(AgencyKeysSchema)
    @blueprint.response(200, AgencyKeysSchema)
    def put(self, jwks: dict[str, Any], code: str) -> dict[str, Any]:
        """Replace an agency's keys."""
        try:
            with transaction() as session:
                return clients.replace_agency_keys(session, code, jwks, now())
        except UnknownAgency:
            abort(404)
        except clients.KeysRefused as error:
            _refuse("keys", str(error))


@blueprint.route("/echo")
class Echo(MethodView):
    """Who is calling."""

    @requires("echo.read")
    @blueprint.doc(operationId="echo")
    @blueprint.response(200, EchoSchema)
    def get(self) -> Caller:
        """Say who the token speaks for."""
        return caller()


def _refuse(member: str, detail: str) -> NoReturn:
    errors = [{"pointer": f"#/{member}", "detail": detail}]
    abort(problem(422, "request_invalid", errors=errors))
