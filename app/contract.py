"""The published contract: what the API takes and gives, and who may call what.

Both files of `openapi/` are made here, from the routes themselves, so that neither can promise what
the service does not do. `/openapi.json` serves the first; `rightshare openapi write` writes both.
"""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from flask import Flask

from app.kernel.auth import Access, routes
from app.kernel.problem import MEDIA_TYPE, problem_kinds, reference

FOLDER: Final = Path("openapi")
_INFO: Final = {
    "title": "Rightshare",
    "summary": "Consent-checked, logged disclosure between agencies that help families",
    "description": (
        "Asks whether one agency may tell another something about a child, young person or adult, "
        "tells it where it may, and writes down every answer. Each call carries an access token "
        "bound to the client's key by DPoP (RFC 9449). Refusals are problem documents (RFC 9457) "
        "whose `type` leads to a page that says what to do. Every answer carries `Request-Id`."
    ),
    "contact": {"name": "The partnership that runs this service", "url": "/docs"},
    "license": {"name": "MIT", "identifier": "MIT"},
}
_SERVERS: Final = [
    {"url": "https://rightshare.example", "description": "Your partnership's own address"}
]
_OAUTH: Final = "oauth"
_PROOF: Final = "proof"
_BEFORE_THE_REQUEST_IS_READ: Final = {
    401: "not_authenticated",
    403: "insufficient_scope",
    429: "too_many_requests",
}
_CONVERTER: Final = re.compile(r"<(?:[^:<>]+:)?([^<>]+)>")
_METHODS: Final = ("get", "put", "post", "delete", "patch")
_REFERENCE: Final = re.compile(r'"#/components/(schemas|responses)/([^"]+)"')

Json = dict[str, Any]


def openapi_document(app: Flask) -> Json:
    """Return the description of the JSON API (OpenAPI 3.1), the same wherever it is made."""
    api = app.extensions["flask-smorest"]["apis"][""]["ext_obj"]
    # through JSON, which gives a copy of our own, with keys as a reader gets them
    document: Json = json.loads(json.dumps(api.spec.to_dict()))
    access = {(_path(rule), method): access for rule, method, access in routes(app)}
    for path, method, operation in operations(document):
        _say_who_may_call(operation, access[path, method.upper()])
        _say_whether_a_body_must_come(operation, document)
    parts = document["components"]
    parts["responses"] = _problems(app) | parts["responses"]
    parts["securitySchemes"] = _schemes(document)
    _drop_unused(document)
    return {
        "openapi": document["openapi"],
        "info": _INFO | {"version": document["info"]["version"]},
        "servers": _SERVERS,
        "tags": document["tags"],
        "paths": dict(sorted(document["paths"].items())),
        "components": {name: dict(sorted(part.items())) for name, part in sorted(parts.items())},
    }


def openapi_text(app: Flask) -> str:
    """Return the description as the published file holds it, byte for byte."""
    return json.dumps(openapi_document(app), indent=2, ensure_ascii=False) + "\n"


def access_markdown(app: Flask) -> str:
    """Return the list of who may call what: every route, with its scope or why it needs none."""
    lines = [
        "# Who may call what",
        "",
        "Made by `make openapi` from the routes. Those without a scope are open: it says why.",
        "Pages ask the scope of whoever is signed in, everything else of an access token.",
        "",
        "| method | path | scope | open to anyone, because |",
        "|---|---|---|---|",
    ]
    for rule, method, access in routes(app):
        scope = "" if access.scope is None else f"`{access.scope}`"
        scope += " (signed in)" if access.for_people else ""
        lines.append(f"| {method} | `{_path(rule)}` | {scope} | {access.why_public} |")
    return "\n".join(lines) + "\n"


def write_files(app: Flask, folder: Path = FOLDER) -> list[Path]:
    """Write both files of the contract; returns where they are."""
    folder.mkdir(exist_ok=True)
    written = {"openapi.json": openapi_text(app), "access.md": access_markdown(app)}
    for name, text in written.items():
        (folder / name).write_text(text, encoding="utf-8")
    return [folder / name for name in written]


def operations(document: Json) -> Iterator[tuple[str, str, Json]]:
    """Yield path, method and description of every operation."""
    for path, item in document["paths"].items():
        for method in _METHODS:
            if method in item:
                yield path, method, item[method]


def _path(rule: str) -> str:
    """Return a route's rule as OpenAPI writes paths."""
    return _CONVERTER.sub(r"{\1}", rule)


def _say_who_may_call(operation: Json, access: Access) -> None:
    if access.scope is None:
        operation["security"] = []
    else:
        operation["security"] = [{_OAUTH: [access.scope], _PROOF: []}]
        for status in _BEFORE_THE_REQUEST_IS_READ:
            shared = {"$ref": f"#/components/responses/{reference(status)}"}
            operation["responses"].setdefault(str(status), shared)
    operation["responses"] = dict(sorted(operation["responses"].items()))


def _say_whether_a_body_must_come(operation: Json, document: Json) -> None:
    """Say that a body may be left out where it need hold nothing: it is then read as `{}`."""
    for form in operation.get("requestBody", {}).get("content", {}).values():
        name = form["schema"].get("$ref", "").rpartition("/")[2]
        schema = document["components"]["schemas"].get(name, form["schema"])
        operation["requestBody"]["required"] = bool(
            schema.get("required") or schema.get("minLength")
        )


def _problems(app: Flask) -> Json:
    kinds = problem_kinds(app)
    schema = {"schema": {"$ref": "#/components/schemas/Problem"}}
    return {
        reference(status): {"description": kinds[code].title, "content": {MEDIA_TYPE: schema}}
        for status, code in _BEFORE_THE_REQUEST_IS_READ.items()
    }


def _schemes(document: Json) -> Json:
    """Return how callers are known; scopes are described by the operations that they open."""
    opens: dict[str, list[str]] = {}
    for path, method, operation in operations(document):
        for scope in (one for way in operation["security"] for one in way[_OAUTH]):
            opens.setdefault(scope, []).append(f"{method.upper()} {path}")
    client_credentials = {
        "tokenUrl": "/oauth/token",
        "scopes": {scope: ", ".join(paths) for scope, paths in sorted(opens.items())},
    }
    return {
        _OAUTH: {
            "type": "oauth2",
            "description": (
                "A token of five minutes, got by a signed assertion (`private_key_jwt`) and sent "
                "as `Authorization: DPoP …`. Bearer tokens are refused."
            ),
            "flows": {"clientCredentials": client_credentials},
        },
        _PROOF: {
            "type": "apiKey",
            "in": "header",
            "name": "DPoP",
            "description": "A proof, made for this one call, that the caller holds the token's key",
        },
    }


def _drop_unused(document: Json) -> None:
    """Drop what no operation refers to: flask-smorest describes paging that we do not use."""
    parts = document["components"]
    found: set[tuple[str, str]] = set()
    waiting = _REFERENCE.findall(json.dumps(document["paths"]))
    while waiting:
        kind, name = part = waiting.pop()
        if part not in found:
            found.add(part)
            waiting.extend(_REFERENCE.findall(json.dumps(parts[kind][name])))
    for kind in ("schemas", "responses"):
        parts[kind] = {name: one for name, one in parts[kind].items() if (kind, name) in found}
