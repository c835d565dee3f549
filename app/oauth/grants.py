"""What all grants share: the client authenticates, proves its key, and asks for what it holds."""

from typing import Any

from authlib.oauth2.rfc6749 import BaseGrant
from authlib.oauth2.rfc6749.grants import ClientCredentialsGrant

from app.oauth.refusals import BadScope, BadTarget, GrantNotHeld, came
from app.oauth.registered import AUTH_METHOD, Client

_LONGEST_SCOPE = 4000


class ClientGrant(BaseGrant):
    """A grant for confidential clients, to the letter of the profile."""

    TOKEN_ENDPOINT_AUTH_METHODS = (AUTH_METHOD,)

    def check_client(self) -> Client:
        """Return the authenticated client; its grant, scope and resource are as registered."""
        client: Client = self.authenticate_token_endpoint_client()  # type: ignore[assignment]  # Server hands in our class
        self.request.client = client
        if not client.check_grant_type(str(self.GRANT_TYPE)):
            held = ", ".join(sorted(client.grants))
            raise GrantNotHeld(f"the client is registered for {held}, not for {self.GRANT_TYPE}")
        self.validate_requested_scope()
        resource = self.request.form.get("resource")
        if resource not in (None, self.server.settings.audience):
            audience = self.server.settings.audience
            raise BadTarget(f"resource must be {audience} or left out, got {came(resource)}")
        return client

    def validate_requested_scope(self) -> None:
        """Refuse a scope that is not held; Authlib would narrow the request in silence."""
        scope = self.request.form.get("scope") or ""
        client: Client = self.client
        beyond = sorted(set(scope.split()) - client.scopes)
        if len(scope) > _LONGEST_SCOPE or beyond:
            held = " ".join(sorted(client.scopes))
            raise BadScope(f"the client is not registered for {came(beyond[:1])}; it holds {held}")

    def issue(self) -> tuple[int, dict[str, Any], Any]:
        """Return the answer with a new token. Nothing is stored, and no token reaches a log."""
        token = self.generate_token(
            user=self.request.user,
            scope=self.request.form.get("scope"),
            include_refresh_token=False,
        )
        return 200, token, self.TOKEN_RESPONSE_HEADER


class SystemGrant(ClientGrant, ClientCredentialsGrant):
    """A client speaks for itself: `client_credentials`."""

    def validate_token_request(self) -> None:
        """Authenticate the client; the token's `sub` will be its id."""
        self.check_client()

    def create_token_response(self) -> Any:  # noqa: ANN401  (Authlib's triple)
        """Issue the token; what Authlib does here logs it."""
        return self.issue()
