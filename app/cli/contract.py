"""`rightshare openapi …`: the published contract, made from the routes without any database."""

import click

from app.config import Mode, read_settings
from app.contract import write_files
from app.factory import app_to_describe


@click.group()
def openapi() -> None:
    """Make the published contract."""


@openapi.command()
def write() -> None:
    """Write openapi/openapi.json and openapi/access.md."""
    for path in write_files(app_to_describe(read_settings(Mode.DEMONSTRATION))):
        click.echo(f"wrote {path}")
