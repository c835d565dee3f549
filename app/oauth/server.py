"""Authlib's server, wired in one place: what it decides by default, and what we decide instead."""

import logging
from collections.abc import Collection
from typing import Any, cast

from authlib.integrations.flask_oauth2 import AuthorizationServer
from authlib.integrations.flask_oauth2.requests import FlaskOAuth2Payload, FlaskOAuth2Request
from authlib.oauth2 import OAuth2Error
from authlib.oauth2.rfc6749 import BaseGrant, OAuth2Request
from flask import Response, g
from flask import request as flask_request

from app.kernel.clock import now
from app.kernel.db import database
from app.oauth.assertions import ClientAssertion
from app.oauth.dpop import Proof, check_proof
from app.oauth.grants import SystemGrant
from app.oauth.inspection import Introspection, Revocation
from app.oauth.limits import failures, spend
from app.oauth.once import Single, agency_mark, client_mark, settle
from app.oauth.practitioners import PractitionerGrant
from app.oauth.refusals import BadClient, BadProof, BadRequest, GrantUnknown, TooFast, came
from app.oauth.registered import AUTH_METHOD, GRANTS, Client, find_client
from app.oauth.state import OAuth
from app.oauth.tokens import TokenGenerator

TOKEN = "token"  # noqa: S105  (an endpoint's name, as Authlib calls it)
INTROSPECTION = Introspection.ENDPOINT_NAME
REVOCATION = Revocation.ENDPOINT_NAME


class Request(FlaskOAuth2Request):
    """A request under the address that clients see: by Host it may look like plain http."""

    def __init__(self, base_url: str) -> None:
        uri = base_url + flask_request.path
        headers = flask_request.headers
        OAuth2Request.__init__(self, flask_request.method, uri, headers=headers)  # type: ignore[call-overload]  # Headers reads as a mapping
        self._request = flask_request
        self.payload = FlaskOAuth2Payload(flask_request)


class Server(AuthorizationServer):
    """The authorization server for machines. People's grants register here when they come."""

    def __init__(self, oauth: OAuth) -> None:
        super().__init__(query_client=_find, save_token=_keep_nothing)
        self.oauth = oauth
        self.settings = oauth.settings

    def create_oauth2_request(self, request: object) -> FlaskOAuth2Request:  # noqa: ARG002  (Authlib's signature)
        """Return the request, its address taken from the settings."""
        return Request(self.settings.base_url)

    def authenticate_client(
        self, request: OAuth2Request, methods: Collection[str], endpoint: str = TOKEN
    ) -> Client:
        """Return the client; its assertion, and at the token endpoint its proof, are used up.

        Every endpoint comes through here, so that a `jti` counts whatever the endpoint.
        """
        try:
            client: Client = super().authenticate_client(request, methods, endpoint)  # type: ignore[assignment]  # _find returns our class
            proof = self._proof() if endpoint == TOKEN else None
            self._settle(client, cast("Single", request.credential), proof)
        except BadClient as error:
            self._count_failure()
            raise error from None
        return client

    def get_token_grant(self, request: OAuth2Request) -> BaseGrant:
        """Return the grant that is asked for; `GrantUnknown` names those there are."""
        wanted = flask_request.form.get("grant_type")
        if wanted in GRANTS:
            return super().get_token_grant(request)
        named = " or ".join(sorted(GRANTS))
        if not wanted:
            raise BadRequest(f"send grant_type: {named}")
        raise GrantUnknown(f"grant_type must be {named}, got {came(wanted)}")

    def create_token_response(self, request: object = None) -> Response:  # type: ignore[override]  # the stub has the triple before Flask
        """Answer a token request; a refusal is an answer wherever it is raised."""
        try:
            return super().create_token_response(request)  # type: ignore[return-value]  # as above
        except OAuth2Error as error:
            return self.handle_response(*error())

    def answer(self, endpoint: str) -> Response:
        """Answer a request to an endpoint that Authlib keeps by name."""
        answer: Response = self.create_endpoint_response(endpoint)  # type: ignore[no-untyped-call]  # the stub has no types here
        return answer

    def _proof(self) -> Proof:
        oauth = self.oauth
        g.oauth_proof = check_proof(flask_request, self.settings.base_url, now(), oauth.nonces())
        return g.oauth_proof  # type: ignore[no-any-return]  # flask.g has no types

    def _settle(self, client: Client, assertion: Single, proof: Proof | None) -> None:
        """Use assertion and proof, charge the client's bucket: one statement."""
        singles = [assertion] if proof is None else [assertion, proof.single]
        marks = [client_mark(client.client_id), agency_mark(client.agency)]
        with database().autocommit() as connection:
            settled = settle(connection, singles, marks, client.bucket)
        if assertion.digest not in settled.fresh:
            raise BadClient("client_assertion: jti was used before: sign a new one each time")
        if settled.revoked:
            raise BadClient(f"the client {client.client_id} or its agency is cut off")
        if proof is not None and proof.single.digest not in settled.fresh:
            raise BadProof("DPoP proof: jti was used before: make a new proof each time")
        if not settled.within_rate:
            bucket = client.bucket
            rate = f"{bucket.rate:g} a second, {bucket.burst} at once"
            raise TooFast(f"the client may ask {rate}: wait, and use tokens until they expire", 1)

    def _count_failure(self) -> None:
        """Charge the address of a failed authentication; `TooFast` once it had its share."""
        bucket = failures(flask_request.remote_addr or "", self.settings.failures_a_minute)
        with database().autocommit() as connection:
            if not spend(connection, bucket):
                message = "too many failed client authentications from this address"
                raise TooFast(message, bucket.retry_after)


def make_server(oauth: OAuth) -> Server:
    """Return Authlib's server with our grants, endpoints and tokens, and none of its own."""
    logging.getLogger("authlib").setLevel(logging.INFO)  # at DEBUG it logs tokens and verifiers
    server = Server(oauth)
    server.register_token_generator(
        "default", TokenGenerator(oauth.settings, oauth.ring, now, _jkt)
    )
    server.register_client_auth_method(AUTH_METHOD, ClientAssertion(oauth.settings.issuer, now))
    server.register_grant(SystemGrant)
    server.register_grant(PractitionerGrant)
    server.register_endpoint(Introspection(oauth.tokens))
    server.register_endpoint(Revocation(oauth.tokens))
    return server


def _find(client_id: str) -> Client | None:
    with database().autocommit() as connection:
        return find_client(connection, client_id)


def _keep_nothing(token: dict[str, Any], request: OAuth2Request) -> None:
    """Tokens are signed, not stored."""


def _jkt() -> str:
    proof: Proof = g.oauth_proof
    return proof.thumbprint
