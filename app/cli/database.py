"""`rightshare db …`: the database's schema, roles and keys."""

import click

from app.config import read_settings
from app.kernel.signing import create_key
from app.kernel.vault import KeyRing
from app.migrations.run import upgrade
from app.parts import key_files
from sharing.actions.keyring import known_keys


@click.group()
def db() -> None:
    """Look after the database."""


@db.command("upgrade")
def upgrade_database() -> None:
    """Create the roles, bring the schema up to date, and make the keys that are missing."""
    settings = read_settings()
    if settings.database_url is None:
        raise click.ClickException("set DATABASE_URL to the address of an administrator")
    create_key(settings.receipt_key_file)
    create_key(settings.log_key_file)
    ring = KeyRing.create(settings.vault_file, demonstration=not settings.production)
    known_keys(key_files(settings))
    upgrade(settings.database_url, ring)
    click.echo("The database is up to date.")
