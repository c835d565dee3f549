"""`rightshare`: every command, and how a fault becomes a message with the next step."""

import sys

import click
from granian import Granian
from granian.constants import Interfaces

from app import worker
from app.cli.contract import openapi
from app.cli.demo import demo
from app.cli.doctor import doctor
from app.cli.opening import opened
from app.config import SettingsFault, read_settings
from app.demo.postgres import NotStartedError
from app.demo.prepare import NotADemonstration
from app.demo.supervisor import GaveUp
from app.demo.tour import TourStopped
from app.kernel.process import die_with_parent
from app.kernel.roles import RolesMissing
from app.kernel.signing import SigningKeyMissing, create_key
from app.kernel.vault import KeyRing, VaultError
from app.migrations.run import upgrade
from app.oauth.cli import client_commands, keys_commands
from app.observe import logs

# What a person can put right: told in a sentence, without a trace.
_TOLD = (
    SettingsFault,
    NotStartedError,
    NotADemonstration,
    GaveUp,
    TourStopped,
    RolesMissing,
    SigningKeyMissing,
    VaultError,
)


@click.group()
def rightshare() -> None:
    """Partner directory, consent, agreements, and disclosures that are decided and logged."""


@rightshare.command()
def serve() -> None:
    """Serve the API and the pages."""
    settings = read_settings()
    if not settings.production:
        die_with_parent()
    Granian(
        "app.wsgi:app",
        address=settings.host,
        port=settings.port,
        interface=Interfaces.WSGI,
        workers=settings.workers,
        blocking_threads=1,
        respawn_failed_workers=True,
        log_access=False,
        log_enabled=False,
    ).serve()


@rightshare.command("worker")
@click.option("--only", type=click.Choice(["sequencer", "jobs"]), help="By default both.")
def run_worker(only: str | None) -> None:
    """Give entries of the log their place, and do what else is due, in the background."""
    settings = read_settings()
    if not settings.production:
        die_with_parent()
    logs.set_up(settings.log_level)
    worker.run(settings, jobs=only != "sequencer", sequencer=only != "jobs")


@rightshare.group()
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
    upgrade(settings.database_url, KeyRing.create(settings.vault_file))
    click.echo("The database is up to date.")


rightshare.add_command(demo)
rightshare.add_command(doctor)
rightshare.add_command(openapi)
rightshare.add_command(opened(client_commands))
rightshare.add_command(opened(keys_commands))


def main() -> None:
    """Run the command line; exit 1 with one clear sentence where a person can put it right."""
    try:
        rightshare()
    except _TOLD as fault:
        click.echo(str(fault), err=True)
        sys.exit(1)


if __name__ == "__main__":
    main()
