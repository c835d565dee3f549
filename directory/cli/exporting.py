"""`rightshare directory export`: what the directory holds, as lines or tables."""

import sys
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import IO

import click
from flask import current_app

from app.kernel.db import reading
from directory.actions.exporting import write_lines, write_package
from directory.actions.packaging import PUBLICATION, Publication
from directory.queries.agencies import agency
from directory.queries.exporting import at_one_instant
from directory.terms.agencies import UnknownAgency
from directory.terms.records import ANYONE, Viewer


@click.command("export")
@click.option("--format", "form", type=click.Choice(["ndjson", "csv"]), required=True)
@click.option("--protected", metavar="AGENCY", help="What this agency's practitioners may see.")
@click.argument("out", type=click.Path(dir_okay=False, path_type=Path, allow_dash=True))
def export(form: str, protected: str | None, out: Path) -> None:
    """Write what anyone may see to OUT (- for the standard output).

    csv is the tabular package, a zip. Imported into an empty directory and exported again, either
    form gives the same bytes.
    """
    viewer = ANYONE if protected is None else Viewer(protected)
    if str(out) == "-":
        count = _write(form, viewer, sys.stdout.buffer)
    else:
        with NamedTemporaryFile(dir=out.parent, prefix=f".{out.name}.", delete=False) as draft:
            drafted = Path(draft.name)
            try:
                count = _write(form, viewer, draft.file)
                draft.close()
                drafted.chmod(0o644 if viewer == ANYONE else 0o600)
                drafted.replace(out)
            finally:
                drafted.unlink(missing_ok=True)
    click.echo(f"{count:,} services written to {out}", err=True)


def _write(form: str, viewer: Viewer, out: IO[bytes]) -> int:
    with reading() as session:
        at_one_instant(session)
        if viewer.agency is not None:
            try:
                agency(session, viewer.agency)
            except UnknownAgency as error:
                raise click.ClickException(str(error)) from error
        if form == "ndjson":
            return write_lines(session, viewer, out)
        about: Publication = current_app.extensions[PUBLICATION]
        return write_package(session, viewer, about, out)
