"""The floor: bare Flask views that do honestly what the service does, and nothing else."""

import json
import secrets
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from flask import Flask, Response, request
from joserfc import jwt
from psycopg.rows import dict_row
from psycopg_pool import ConnectionPool

from tests.bench.floor import answers, statements
from tests.bench.floor.config import TOLD
from tests.bench.floor.deciding import born_on, now, permitted
from tests.bench.floor.keys import Keys, opened
from tests.bench.floor.proofs import (
    ES256,
    Refused,
    assertion_claims,
    client_keys,
    digest,
    hold,
    proof,
    token_claims,
    unverified_subject,
)

app = Flask(__name__)
KEPT = timedelta(seconds=120)
LIFETIME = 300


@cache
def pool() -> ConnectionPool[Any]:
    options = {"autocommit": True, "row_factory": dict_row, "options": "-c timezone=UTC"}
    made: ConnectionPool[Any] = ConnectionPool(
        TOLD["database"], kwargs=options, min_size=1, max_size=2, open=True
    )
    made.wait()
    return made


@cache
def keys() -> Keys:
    with pool().connection() as connection:
        connection.row_factory = _plain
        try:
            return Keys(connection)
        finally:
            connection.row_factory = dict_row


def _plain(cursor: Any) -> Any:
    return tuple


@app.errorhandler(Refused)
def refuse(_: Refused) -> Response:
    return Response('{"code":"not_authenticated"}', 401, mimetype="application/json")


@app.get("/readyz")
def ready() -> Response:
    return Response("ready")


def admitted(at: datetime) -> dict[str, Any]:
    """Return the client that this request proves to come from; the proof is used up."""
    compact = request.headers["Authorization"].removeprefix("DPoP ")
    claims = token_claims(compact, keys().public)
    thumbprint, jti = proof(request, compact)
    hold(thumbprint == claims["cnf"]["jkt"])
    client = claims["client_id"]
    marks = [claims["jti"], claims["gid"], f"client:{client}", f"agency:{claims['agency']}"]
    used = {"digest": digest("proof", thumbprint, jti), "until": at + KEPT}
    with pool().connection() as connection:
        row = connection.execute(
            statements.ADMIT, used | {"marks": marks, "client": client}
        ).fetchone()
    hold(row["fresh"] and not row["revoked"] and row["agency"])
    hold("disclosure.request" in claims["scope"].split() and "disclosure.request" in row["scopes"])
    return row | {"client": client, "token": claims["jti"]}


@app.post("/v1/disclosures")
def disclose() -> Response:
    """Answer with what may be told, once its line is on disk."""
    at = now()
    client = admitted(at)
    body = json.loads(request.get_data())
    (identifier,) = body["subject"]["identifiers"]
    (category,) = body["categories"]
    found = keys().blind_index(identifier["scheme"], identifier["value"])
    asked = {
        "recipient": client["agency"],
        "source": body["source"],
        "purpose": body["purpose"],
        "kind": "content",
        "basis": body["lawful_basis"],
        "category": category,
        "categories": body["categories"],
        "agencies": [client["agency"], body["source"]],
        "practitioner": body["practitioner"]["id"],
        "keys": [int.from_bytes(found[:8], "big", signed=True)],
        "digests": [found],
    }
    with pool().connection() as connection, connection.transaction():
        terms = connection.execute(statements.TERMS, asked | {"at": at}).fetchone()
        at = now()
        facts = connection.execute(statements.SUBJECT, asked | {"at": at}).fetchone()
        answer = _answer(client, asked, terms, facts, at)
        connection.execute(statements.LOG, answers.line(keys(), client, asked, answer, at))
    if answer["flow"] is None:
        return Response('{"code":"not_available"}', 404, mimetype="application/json")
    told = answers.told(keys(), asked, answer, at)
    return Response(json.dumps(told), 200, mimetype="application/json")


def _answer(
    client: dict[str, Any],
    asked: dict[str, Any],
    terms: dict[str, Any],
    facts: dict[str, Any],
    at: datetime,
) -> dict[str, Any]:
    """Return what was decided, with the records opened if it was yes."""
    subject = facts["id"]
    known = terms["purpose"] and len(terms["agencies"] or ()) == 2 and terms["categories"]
    if subject is None or not known or asked["purpose"] not in client["purposes"]:
        return {"flow": None, "subject": subject, "records": []}
    key = keys().data_key(facts["key_id"], facts["wrapped_key"])
    born = facts["born"]
    if born is not None:
        facts["born"] = born_on(opened(key, born, f"subject|{subject}|born"))
    flow = permitted(asked, terms, facts, at)
    records = []
    if flow is not None:
        for number, recorded, content in zip(
            facts["records"], facts["recorded"], facts["contents"], strict=True
        ):
            plain = opened(key, content, f"record|{number}|content")
            records.append((number, recorded, json.loads(plain)))
    return {"flow": flow, "subject": subject, "records": records}


@app.post("/oauth/token")
def token() -> Response:
    """Answer with a token, once assertion and proof are used up on disk."""
    at = now()
    form = request.form
    hold(form["grant_type"] == "client_credentials")
    sent = form["client_assertion"]
    client_id = unverified_subject(sent)
    with pool().connection() as connection:
        client = connection.execute(statements.CLIENT, {"client": client_id}).fetchone()
        hold(client and "client_credentials" in client["grants"])
        assertion = assertion_claims(sent, client_keys(client["jwks"]))
        thumbprint, jti = proof(request)
        used = [
            (digest("assertion", client_id, assertion["jti"]), at + timedelta(seconds=61)),
            (digest("proof", thumbprint, jti), at + KEPT),
        ]
        used.sort()
        settled = connection.execute(
            statements.SETTLE,
            {
                "digests": [one for one, _ in used],
                "untils": [until for _, until in used],
                "marks": [f"client:{client_id}", f"agency:{client['agency']}"],
                "bucket": f"client:{client_id}",
                "rate": client["token_rate"],
                "burst": client["token_burst"],
            },
        ).fetchone()
    hold(settled["used"] == 2 and settled["within_rate"] and not settled["revoked"])
    hold(set(form["scope"].split()) <= set(client["scopes"]))
    issued = int(at.timestamp())
    claims = {
        "iss": TOLD["issuer"],
        "aud": TOLD["audience"],
        "sub": client_id,
        "client_id": client_id,
        "agency": client["agency"],
        "scope": form["scope"],
        "iat": issued,
        "exp": issued + LIFETIME,
        "jti": secrets.token_urlsafe(16),
        "gid": secrets.token_urlsafe(16),
        "cnf": {"jkt": thumbprint},
    }
    header = {"alg": "ES256", "typ": "at+jwt", "kid": keys().kid}
    answer = {
        "access_token": jwt.encode(header, claims, keys().private, algorithms=ES256),
        "token_type": "DPoP",
        "expires_in": LIFETIME,
        "scope": form["scope"],
    }
    no_store = {"Cache-Control": "no-store"}
    return Response(json.dumps(answer), 200, no_store, mimetype="application/json")
