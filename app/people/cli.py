"""Commands for people's accounts; they run inside an application context, which `app.cli` opens."""

import click

from app.kernel.auth import ROLES, Person
from app.kernel.clock import now
from app.kernel.db import transaction
from app.people import codes
from app.people.accounts import (
    AccountRefused,
    Credentials,
    add_person,
    end_person,
    new_credentials,
    reset_person,
)
from app.people.passwords import Passwords
from directory.terms.agencies import UnknownAgency


@click.group("person")
def person_commands() -> None:
    """Open accounts for people, reset and close them."""


@person_commands.command("add")
@click.argument("username")
@click.option("--agency", required=True, help="Code of the agency that the person works for.")
@click.option("--role", required=True, type=click.Choice(sorted(ROLES)))
def add(username: str, agency: str, role: str) -> None:
    """Open an account from now, and say once how USERNAME signs in."""
    credentials = new_credentials()
    person = Person(username, role, agency)
    try:
        with transaction() as session:
            add_person(session, person, credentials, Passwords(), now())
    except AccountRefused as error:
        raise click.ClickException(str(error)) from error
    except UnknownAgency as error:
        raise click.ClickException(f"there is no agency {agency}") from error
    _tell(username, credentials)


@person_commands.command("reset")
@click.argument("username")
def reset(username: str) -> None:
    """Give USERNAME another password and second factor; the old ones stop at once."""
    credentials = new_credentials()
    try:
        with transaction() as session:
            reset_person(session, username, credentials, Passwords(), now())
    except AccountRefused as error:
        raise click.ClickException(str(error)) from error
    _tell(username, credentials)


@person_commands.command("end")
@click.argument("username")
def end(username: str) -> None:
    """Close the account of USERNAME; the name is never given to anyone else."""
    try:
        with transaction() as session:
            end_person(session, username, now())
    except AccountRefused as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"{username} can no longer sign in")


def _tell(username: str, credentials: Credentials) -> None:
    """Print what a person signs in with; it is kept nowhere in this form."""
    click.echo(f"user name   {username}")
    click.echo(f"password    {credentials.password}")
    click.echo(f"second      {codes.address_of(credentials.totp_secret, username)}")
    click.echo("This is shown once. Hand it over in person; the second line goes into an")
    click.echo("authenticator app, by hand or as a QR code.")
