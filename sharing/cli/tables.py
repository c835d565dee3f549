"""`rightshare log table`: the log as CSV, in a file."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import click

from app.kernel.clock import now
from app.kernel.db import reading_as_ig_lead, transaction
from sharing.actions.exporting import SERVICE, Reader
from sharing.actions.tables import log_table
from sharing.cli.saving import account, save
from sharing.queries.tables import EARLIEST, Slice, Stretch, table

TOLD_AT_EACH: Final = 100_000
_INSTANT: Final = click.DateTime(["%Y-%m-%d", "%Y-%m-%dT%H:%M:%S"])


@click.command("table")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), required=True)
@click.option("--since", type=_INSTANT, help="From this instant on, in UTC.")
@click.option("--until", type=_INSTANT, help="Up to this instant, without it; now if left out.")
def write_table(out: Path, since: datetime | None, until: datetime | None) -> None:
    """Write entries as CSV, the oldest first, nobody named; the log notes it."""
    at = now()
    wanted = Stretch(_utc(until) or at, _utc(since) or EARLIEST)
    with transaction(speaking_for=SERVICE) as session:
        log_table(session, Reader(SERVICE, "operator", account()), wanted, at)
    size = save(out, _told(table(reading_as_ig_lead, wanted)))
    click.echo(f"{out} holds {size} bytes.")


def _utc(instant: datetime | None) -> datetime | None:
    return None if instant is None else instant.replace(tzinfo=UTC)


def _told(slices: Iterator[Slice]) -> Iterator[bytes]:
    """Yield what is written, telling at each hundred thousand rows how far it is."""
    rows = 0
    for one in slices:
        if (rows + one.rows) // TOLD_AT_EACH != rows // TOLD_AT_EACH:
            click.echo(f"{rows + one.rows} entries", err=True)
        rows += one.rows
        yield one.content
    click.echo(f"{rows} entries in all", err=True)
