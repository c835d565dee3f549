"""`rightshare log index`: bring the lines of the log up to date, or make them all again."""

import click

from app.cli.opening import database_of, settings_here
from app.parts import parts_for
from app.worker import indexer_for
from sharing.actions.exporting import SERVICE
from sharing.actions.indexing import index_again


@click.command("index")
@click.option("--rebuild", is_flag=True, help="Forget every line first, and make them all again.")
def index(*, rebuild: bool) -> None:
    """Give every entry of the log its line, by which it is searched and counted.

    The worker does so all the time. A rebuild is for a version that makes other lines; meanwhile
    searches say how far they reach.
    """
    with database_of(settings_here()) as settings:
        parts = parts_for(settings)
        if rebuild:
            with parts.eraser_database.transaction(speaking_for=SERVICE) as session:
                index_again(session)
        indexer, made = indexer_for(settings, parts), 0
        while written := indexer.step():
            made += written
        parts.close()
    click.echo(f"{made} lines made.")
