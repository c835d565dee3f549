"""`rightshare log …`: take the disclosure log out, and put it right after a restore."""

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

import click
from flask import current_app

from app.kernel.clock import now
from app.kernel.db import reading_as_ig_lead, transaction
from sharing.actions.exporting import SERVICE, Reader, as_tar, log_export
from sharing.actions.keyring import EXTENSION, KeyFiles, known_keys
from sharing.actions.log import ORIGIN, RECEIPTS
from sharing.cli.saving import account, save
from sharing.cli.tables import write_table
from sharing.queries.exporting import members
from sharing.terms.exporting import Openings

MEGABYTE: Final = 1 << 20
_OPENINGS: Final = click.Choice(["none", *(one.value for one in Openings)])
_FILE: Final = click.Path(dir_okay=False, path_type=Path)


@click.group("log")
def log_commands() -> None:
    """Take the disclosure log out, check it, or bring it back after a restore."""


@log_commands.command("export")
@click.option("--out", type=_FILE, required=True, help="The tar to write.")
@click.option("--people", is_flag=True, help="With the personal half of each entry.")
def export(out: Path, *, people: bool) -> None:
    """Write the whole published log to a tar that outsiders can check.

    Whoever can run this holds the database and its keys: no second person could stop them, so
    none is asked for, as over HTTP. The log notes it with the name of their account.
    """
    openings = Openings.PEOPLE if people else Openings.FACTS
    at = now()
    with transaction(speaking_for=SERVICE) as session:
        log_export(session, Reader(SERVICE, "operator", account()), openings, at)
    origin, signer = current_app.extensions[ORIGIN], current_app.extensions[RECEIPTS]
    parts = as_tar(members(reading_as_ig_lead, openings), origin, openings, signer, at)
    size = save(out, _told(parts))
    click.echo(f"{out} holds {size} bytes. Next: rightshare log verify {out} --policy TRUST")


@log_commands.command("trust")
@click.option("--witness", "witnesses", multiple=True, metavar="VKEY", help="May be given again.")
@click.option("--quorum", type=click.IntRange(min=0), default=0, help="Witnesses that must sign.")
@click.option("--openings", type=_OPENINGS, default="none")
def trust(witnesses: tuple[str, ...], quorum: int, openings: str) -> None:
    """Print the keys of this log as `log verify` wants them, to give to an auditor in person."""
    files: KeyFiles = current_app.extensions[EXTENSION]
    policy = {"witnesses": witnesses, "quorum": quorum, "openings": openings}
    click.echo(json.dumps(known_keys(files) | policy, indent=1))


def _told(parts: Iterable[bytes]) -> Iterator[bytes]:
    """Yield the parts, telling at each megabyte how far it is."""
    written = 0
    for part in parts:
        if (written + len(part)) // MEGABYTE != written // MEGABYTE:
            click.echo(f"{(written + len(part)) // MEGABYTE} MB", err=True)
        written += len(part)
        yield part


log_commands.add_command(write_table)
