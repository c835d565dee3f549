"""`rightshare worker`: what is done in the background."""

import click

from app import worker
from app.config import read_settings
from app.kernel.process import die_with
from app.observe import logs


@click.command("worker")
@click.option("--only", type=click.Choice(["sequencer", "jobs"]), help="By default both.")
@click.option("--parent", type=int, hidden=True, help="End when this process does.")
def work(only: str | None, parent: int | None) -> None:
    """Give entries of the log their place, and do what else is due, in the background."""
    settings = read_settings()
    if parent is not None:
        die_with(parent)
    logs.set_up(settings.log_level)
    worker.run(settings, jobs=only != "sequencer", sequencer=only != "jobs")
