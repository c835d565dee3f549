"""Who calls the API: token and proof are verified here, used and looked up in one statement.

Authlib's `ResourceProtector` is not used: it answers with a Bearer challenge and odd codes, reads
two scopes as "one or the other", and cannot hand on the client's facts. Bearer is refused because
there is no code that would take it.
"""

from authlib.oauth2 import OAuth2Error
from flask import Response, request

from app.kernel.auth import Caller, InsufficientScope
from app.kernel.clock import now
from app.kernel.db import database
from app.kernel.problem import problem
from app.oauth.dpop import HEADER, check_proof
from app.oauth.jose import ALGORITHMS
from app.oauth.once import Facts, admit
from app.oauth.refusals import BadProof, BadToken, came
from app.oauth.state import oauth
from app.oauth.tokens import AccessToken


class Unauthenticated(Exception):
    """The call does not show who is calling; `refusal` says what is wrong with token or proof."""

    def __init__(self, refusal: OAuth2Error) -> None:
        super().__init__(refusal.error)
        self.refusal = refusal


class CallsTooFast(Exception):
    """The client has used up its share of calls for now."""


def authenticate() -> Caller:
    """Return who makes this request, as registered at this instant."""
    try:
        return _caller()
    except OAuth2Error as error:
        raise Unauthenticated(error) from error


def _caller() -> Caller:
    state, at = oauth(), now()
    compact = _token_sent()
    token = state.tokens.read(compact, at)
    proof = check_proof(request, state.settings.base_url, at, state.nonces(), compact)
    if proof.thumbprint != token.thumbprint:
        raise BadToken("the access token is bound to another key than that of the DPoP proof")
    with database().autocommit() as connection:
        admission = admit(connection, proof.single, token.client_id, token.marks)
    if not admission.fresh:
        raise BadProof("DPoP proof: jti was used before: make a new proof for each request")
    if admission.revoked or admission.facts is None:
        raise BadToken("the access token, its client or its agency is cut off")
    if not state.meter.take(token.client_id, admission.facts.api_rate, admission.facts.api_burst):
        raise CallsTooFast(token.client_id)
    return _made_of(token, admission.facts)


def _made_of(token: AccessToken, facts: Facts) -> Caller:
    return Caller(
        client_id=token.client_id,
        agency=facts.agency,
        scopes=token.scopes & frozenset(facts.scopes),
        purposes=frozenset(facts.purposes),
        kinds=frozenset(facts.kinds),
        may_override=facts.may_override,
        token_id=token.id,
        practitioner=token.practitioner,
    )


def _token_sent() -> str:
    """Return what stands after `Authorization: DPoP`; each other form is named in the refusal."""
    sent = request.headers.get("Authorization")
    scheme, _, compact = (sent or "nothing").partition(" ")
    if scheme.lower() != HEADER.lower():
        raise BadToken(f"expected Authorization: DPoP and the token, got {came(scheme)}")
    return compact.strip()


def _challenge(error: str, description: str, **more: str) -> dict[str, str]:
    """Return the header of RFC 9449, section 7.1.

    The code is always there: some clients take a challenge without one for a wish for a nonce, and
    repeat the call without end.
    """
    parts = {"error": error, "error_description": description} | more
    parts["algs"] = " ".join(ALGORITHMS)
    return {"WWW-Authenticate": "DPoP " + ", ".join(f'{k}="{v}"' for k, v in parts.items())}


def answer_stranger(error: Unauthenticated) -> Response:
    """Return 401 with a challenge that says what was wrong."""
    refusal = error.refusal
    challenge = _challenge(str(refusal.error), refusal.description)
    return problem(401, "not_authenticated", refusal.description, headers=challenge)


def answer_scope(error: InsufficientScope) -> Response:
    """Return 403 with the scope that is wanted (RFC 6750, section 3.1)."""
    detail = f"This needs the scope {error.scope}."
    challenge = _challenge("insufficient_scope", detail, scope=error.scope)
    return problem(403, "insufficient_scope", detail, headers=challenge)


def answer_too_fast(error: CallsTooFast) -> Response:  # noqa: ARG001  (Flask's signature)
    """Return 429: buckets fill every second."""
    return problem(429, "too_many_requests", headers={"Retry-After": "1"})
