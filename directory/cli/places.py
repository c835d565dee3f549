"""Commands for postcodes; they run inside an application context, which the roof opens."""

from pathlib import Path
from typing import Final

import click

from app.kernel.clock import now
from app.kernel.db import reading, transaction
from directory.actions.area_names import import_area_names
from directory.actions.code_point import import_code_point
from directory.actions.repositioning import FIRST, place_some
from directory.queries.places import attributions
from directory.terms.places import NotCodePoint

_FILE: Final = click.Path(exists=True, dir_okay=False, path_type=Path)
_TELL_EVERY: Final = 10


@click.group("postcodes")
def postcode_commands() -> None:
    """Load postcodes, and the names of districts and wards."""


@postcode_commands.command("import")
@click.argument("zip_file", metavar="ZIP", type=_FILE)
def import_zip(zip_file: Path) -> None:
    """Import Code-Point Open: ZIP as Ordnance Survey gives it, all of it or nothing.

    Its postcodes take the place of those on file of the same areas (LS, YO). Twice the same zip
    changes nothing the second time.
    """
    try:
        with transaction() as session:
            loaded = import_code_point(session, zip_file, now(), _tell)
    except NotCodePoint as error:
        raise click.ClickException(str(error)) from error
    click.echo(
        f"{loaded.total:,} postcodes with a position: {loaded.created:,} new,"
        f" {loaded.changed:,} changed, {loaded.removed:,} removed."
    )
    click.echo(f"{_place():,} places without a position of their own were placed or moved.")
    with reading() as session:
        for source in attributions(session):
            click.echo(f"{source.title} {source.edition}, {source.licence}. {source.attribution}")


@postcode_commands.command("areas")
@click.argument("table", metavar="CSV", type=_FILE)
def areas(table: Path) -> None:
    """Import names of districts and wards: code,type,name,parent_code, or the ONS's own table."""
    try:
        with transaction() as session:
            count = import_area_names(session, table)
    except NotCodePoint as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"{count:,} districts and wards have names.")


def _place() -> int:
    """Place what is on file by the postcodes that are now: some hundred in one transaction."""
    after, moved = FIRST, 0
    while True:
        with transaction() as session:
            last, some = place_some(session, after, now())
        moved += some
        if last is None:
            return moved
        after = last


def _tell(done: int, of: int, postcodes: int) -> None:
    if done % _TELL_EVERY == 0 or done == of:
        click.echo(f"{done} of {of} files read, {postcodes:,} postcodes")
