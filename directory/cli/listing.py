"""`rightshare directory index`: searches find every service as its record stands."""

import click

from app.kernel.db import transaction
from directory.actions.listing_again import FIRST, list_some

_TELL_EVERY = 5_000


@click.command("index")
def index() -> None:
    """Make again what searches read of every service, some hundred at a time.

    Needed once after an upgrade that says so; the service goes on meanwhile.
    """
    after, done = FIRST, 0
    while True:
        with transaction() as session:
            last, some = list_some(session, after)
        done += some
        if last is None:
            break
        after = last
        if done % _TELL_EVERY == 0:
            click.echo(f"{done:,} services so far", err=True)
    click.echo(f"Searches find {done:,} services as their records stand.")
