"""The service's own keys and sealed values, opened with cryptography's calls alone."""

import base64
import hashlib
import hmac
import json
import secrets
from functools import cache
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCMSIV
from cryptography.hazmat.primitives.keywrap import aes_key_unwrap
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from joserfc.jwk import ECKey
from psycopg import Connection

from tests.bench.floor.config import TOLD
from tests.bench.floor.statements import KEYS


class Keys:
    """What one worker holds between requests."""

    def __init__(self, connection: Connection[Any]) -> None:
        wrapping = json.loads(Path(TOLD["vault_file"]).read_text())["keys"]
        self.wrapping = {name: base64.b64decode(key) for name, key in wrapping.items()}
        rows = connection.execute("select name, key_id, wrapped from vault_key").fetchall()
        named = {name: aes_key_unwrap(self.wrapping[one], key) for name, one, key in rows}
        self.index = named["blind_index"]
        self.log = AESGCMSIV(named["log"])
        kid, public, sealed = connection.execute(KEYS).fetchone()
        self.kid, self.public = kid, ECKey.import_key(public)
        place = f"oauth_key|{kid}|sealed_private"
        self.private = ECKey.import_key(
            json.loads(opened(AESGCMSIV(named["oauth"]), sealed, place))
        )
        self.receipt = receipt_key()
        self.receipt_name = f"{TOLD['log_origin']}/receipt"
        raw = b"\x01" + self.receipt.public_key().public_bytes_raw()
        self.receipt_id = hashlib.sha256(self.receipt_name.encode() + b"\n" + raw).digest()[:4]

    def blind_index(self, scheme: str, value: str) -> bytes:
        return hmac.new(self.index, f"{scheme}\x1f{value}".encode(), hashlib.sha256).digest()

    def data_key(self, key_id: str, wrapped: bytes) -> AESGCMSIV:
        return AESGCMSIV(aes_key_unwrap(self.wrapping[key_id], wrapped))


@cache
def receipt_key() -> Ed25519PrivateKey:
    key = load_pem_private_key(Path(TOLD["receipt_key_file"]).read_bytes(), None)
    if not isinstance(key, Ed25519PrivateKey):
        raise TypeError("receipts are signed with Ed25519")
    return key


def opened(key: AESGCMSIV, sealed: bytes, place: str) -> bytes:
    return key.decrypt(sealed[1:13], sealed[13:], place.encode())


def sealed(key: AESGCMSIV, plain: bytes, place: str) -> bytes:
    nonce = secrets.token_bytes(12)
    return b"\x01" + nonce + key.encrypt(nonce, plain, place.encode())
