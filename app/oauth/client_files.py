"""A client's own file: its private key and where to use it. We keep the public half alone."""

import json
import os
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

from joserfc.jwk import ECKey, Key, OKPKey, RSAKey
from sqlalchemy.orm import Session

from app.oauth.clients import Registration, register_client, replace_client_keys
from app.oauth.settings import OAuthSettings

_RSA_BITS = 3072
_MAKE: dict[str, Callable[[], Key]] = {
    "ES256": lambda: ECKey.generate_key("P-256", auto_kid=True),
    "PS256": lambda: RSAKey.generate_key(_RSA_BITS, auto_kid=True),
    "EdDSA": lambda: OKPKey.generate_key("Ed25519", auto_kid=True),
}
# Several libraries will not sign with a key that does not say how. OKP keys do not say: the name of
# their algorithm has changed, and each library wants another.
_ALG = {"EC": {"alg": "ES256"}, "RSA": {"alg": "PS256"}}
KEY_ALGORITHMS = tuple(_MAKE)


def new_client_key(alg: str) -> Key:
    """Return a new private key for one of `KEY_ALGORITHMS`."""
    return _MAKE[alg]()


def register_with_new_key(
    session: Session, asked: Registration, alg: str, settings: OAuthSettings, at: datetime
) -> dict[str, Any]:
    """Register a client with a key made for it, and return the content of its file.

    `asked.jwks` is replaced. Raises what `register_client` raises.
    """
    key = new_client_key(alg)
    jwks = {"keys": [key.as_dict(private=False)]}
    return client_file(
        register_client(session, replace(asked, jwks=jwks), at), key.as_dict(private=True), settings
    )


def give_new_key(
    session: Session, client_id: str, alg: str, settings: OAuthSettings
) -> dict[str, Any]:
    """Give a client a new key in the place of all it had, and return the content of its file."""
    key = new_client_key(alg)
    client = replace_client_keys(session, client_id, [key.as_dict(private=False)])
    return client_file(client, key.as_dict(private=True), settings)


def client_file(
    client: Registration, private_jwk: dict[str, Any], settings: OAuthSettings
) -> dict[str, Any]:
    """Return the content of a client's file, as interfaces promise it."""
    content = {
        "client_id": client.client_id,
        "agency": client.agency,
        "issuer": settings.issuer,
        "token_endpoint": settings.token_endpoint,
        "scopes": sorted(client.scopes),
        "purposes": sorted(client.purposes),
        "kinds": sorted(client.kinds),
        "may_override": client.may_override,
        "redirect_uris": list(client.redirect_uris),
    }
    return with_key(content, private_jwk)


def with_key(content: dict[str, Any], private_jwk: dict[str, Any]) -> dict[str, Any]:
    """Return the content of a client's file with this private key in it."""
    return content | {"private_jwk": _ALG.get(private_jwk["kty"], {}) | private_jwk}


def write_client_file(path: Path, content: dict[str, Any]) -> None:
    """Write a client's file, whole or not at all, for its owner's eyes only (mode 0600)."""
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            json.dump(content, file, indent=1)
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)


def programs(path: Path) -> dict[str, str]:
    """Return three programs by name that call the service with a client's file, as they stand."""
    here = Path(__file__).parent
    python = (here / "client_example.py").read_text(encoding="utf-8")
    node = (here / "client_example.mjs").read_text(encoding="utf-8")
    issuer = json.loads(path.read_text(encoding="utf-8"))["issuer"]
    echo, named = f"{issuer}/v1/echo", str(path.resolve())
    return {
        "rightshare_client.py": python.replace('"client.json"', json.dumps(named)),
        "rightshare_client.mjs": node.replace("'client.json'", json.dumps(named)),
        "rightshare_client.sh": (
            f"python3 rightshare_client.py headers GET {echo} | curl -sS -H @- {echo}\n"
        ),
    }
