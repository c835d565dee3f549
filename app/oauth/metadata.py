"""What clients may discover (RFC 8414, RFC 9728): exactly what works today."""

from typing import Any

from flask import Flask

from app.kernel.auth import routes
from app.oauth.jose import ALGORITHMS
from app.oauth.registered import AUTH_METHOD, GRANTS
from app.oauth.settings import OAuthSettings


def scopes_of(app: Flask) -> list[str]:
    """Return the scopes that some route asks of a token."""
    asked = {access.scope for _, _, access in routes(app) if not access.for_people}
    return sorted(scope for scope in asked if scope is not None)


def server_metadata(app: Flask, settings: OAuthSettings) -> dict[str, Any]:
    """Return the authorization server's metadata."""
    base, methods, algorithms = f"{settings.base_url}/oauth", [AUTH_METHOD], list(ALGORITHMS)
    return {
        "issuer": settings.issuer,
        "token_endpoint": settings.token_endpoint,
        "token_endpoint_auth_methods_supported": methods,
        "token_endpoint_auth_signing_alg_values_supported": algorithms,
        "introspection_endpoint": f"{base}/introspect",
        "introspection_endpoint_auth_methods_supported": methods,
        "introspection_endpoint_auth_signing_alg_values_supported": algorithms,
        "revocation_endpoint": f"{base}/revoke",
        "revocation_endpoint_auth_methods_supported": methods,
        "revocation_endpoint_auth_signing_alg_values_supported": algorithms,
        "jwks_uri": f"{base}/jwks",
        "scopes_supported": scopes_of(app),
        "grant_types_supported": sorted(GRANTS),
        "response_types_supported": [],
        "dpop_signing_alg_values_supported": algorithms,
        "service_documentation": f"{settings.base_url}/docs",
    }


def resource_metadata(app: Flask, settings: OAuthSettings) -> dict[str, Any]:
    """Return the API's metadata."""
    return {
        "resource": settings.audience,
        "authorization_servers": [settings.issuer],
        "jwks_uri": f"{settings.base_url}/oauth/jwks",
        "scopes_supported": scopes_of(app),
        "bearer_methods_supported": ["header"],
        "dpop_signing_alg_values_supported": list(ALGORITHMS),
        "dpop_bound_access_tokens_required": True,
        "resource_name": "rightshare",
        "resource_documentation": f"{settings.base_url}/docs",
    }
