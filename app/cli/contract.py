"""`rightshare openapi …`: the published contract, made from the routes without any database."""

import secrets

import click
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from flask import Flask

from app.config import Mode, read_settings
from app.contract import write_files
from app.factory import Parts, create_app
from app.kernel.db import Database
from app.kernel.vault import KeyRing, Vault, new_wrapped_key
from app.migrations.run import NAMED_KEYS
from sharing.chain.notes import Signer
from sharing.chain.receipts import receipt_key_name

_NOWHERE = "postgresql://nowhere/nothing"


@click.group()
def openapi() -> None:
    """Make the published contract."""


@openapi.command()
def write() -> None:
    """Write openapi/openapi.json and openapi/access.md."""
    for path in write_files(_unconnected()):
        click.echo(f"wrote {path}")


def _unconnected() -> Flask:
    """Return an application that has every route and never meets a database."""
    settings = read_settings(Mode.DEMONSTRATION)
    ring = KeyRing("none", {"none": secrets.token_bytes(32)})
    database = Database.connect(
        _NOWHERE, Vault(ring, {name: new_wrapped_key(ring) for name in NAMED_KEYS})
    )
    signer = Signer(receipt_key_name(settings.log_origin), Ed25519PrivateKey.generate())
    return create_app(settings, Parts(database, database, signer))
