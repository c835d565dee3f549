"""Commands for agencies; they run inside an application context, which the roof opens."""

import re
from typing import Final

import click

from app.kernel.clock import now
from app.kernel.db import transaction
from directory.actions import agencies as actions
from directory.actions.keeping import appoint
from directory.terms.agencies import Agency, AgencyExists, Interval, UnknownAgency
from directory.terms.keeping import OPERATOR, KeepsAlready

_CODE: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}", re.ASCII)


@click.group("agency")
def agency_commands() -> None:
    """Enter the first agencies; later ones come by POST /v1/agencies."""


@agency_commands.command("add")
@click.argument("code")
@click.option("--name", required=True, help="As people know it.")
@click.option("--kind", required=True, help="A free code, such as school or early_help.")
@click.option("--sensitive-service", is_flag=True, help="That it knows someone is confidential.")
def add(code: str, name: str, kind: str, *, sensitive_service: bool) -> None:
    """Enter an agency that takes part from now; a client can then be registered for it."""
    for said, what in ((code, "code"), (kind, "kind")):
        if not _CODE.fullmatch(said):
            raise click.BadParameter(f"{said!r} is no {what}: letters, digits, _ and - only")
    at = now()
    new = Agency(code, name, kind, at, sensitive_service, (Interval(at),))
    try:
        with transaction() as session:
            actions.register_agency(session, new)
    except AgencyExists as error:
        raise click.ClickException(f"the code {code} is taken") from error
    click.echo(f"{code} takes part. Next: rightshare client register --agency {code} …")


@agency_commands.command("keeps-directory")
@click.argument("code")
def keeps_directory(code: str) -> None:
    """Let an agency keep the directory for all from now: areas, levels, everybody's entries."""
    at = now()
    try:
        with transaction() as session:
            appoint(session, code, at, OPERATOR, at)
    except (KeepsAlready, UnknownAgency) as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"{code} keeps the directory.")
