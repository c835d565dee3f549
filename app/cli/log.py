"""`rightshare log …`: those that need the application run inside it, on its database."""

import sys

import click

from app.cli.clients import opened
from app.cli.indexing import index
from app.cli.opening import database_of, settings_here
from app.parts import parts_for
from app.verifier import main
from app.worker import sequencer_database
from sharing.actions.anchor import Anchor
from sharing.actions.restoring import Loss, RestoreFault
from sharing.cli.log import log_commands
from sharing.cli.restoring import restore_log, what_is_lost


@click.command("verify", context_settings={"ignore_unknown_options": True}, add_help_option=False)
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def verify(arguments: tuple[str, ...]) -> None:
    """Check an export of a log; exit 0 if it is sound, 1 if tampered with, 2 if incomplete."""
    sys.exit(main(arguments))


@click.command("restore")
@click.option("--lost", type=click.IntRange(min=0), help="How many entries you accept as lost.")
@click.option("--because", help="Why; it stays in the log for ever, so name nobody.")
def restore(lost: int | None, because: str | None) -> None:
    """Let the log go on after its database was restored from a backup, under a new name."""
    with database_of(settings_here()) as settings:
        parts, sequencer = parts_for(settings), sequencer_database(settings)
        anchor = Anchor(settings.anchor_file)
        loss = what_is_lost(sequencer, anchor, settings.log_origin)
        if lost != loss.lost or not because:
            raise RestoreFault(_sentence(loss))
        restore_log(parts.database, sequencer, anchor, loss, because=because, clock=parts.clock)
    click.echo(
        f"The log is now called {loss.next_origin}. Set RIGHTSHARE_LOG_ORIGIN={loss.next_origin}"
        " for every process, start them again, and tell auditors and witnesses."
    )


def _sentence(loss: Loss) -> str:
    held, signed = loss.held.size, loss.signed.size
    gone = f"Entries {held} to {signed - 1} are lost." if loss.lost else "No entry is missing."
    return (
        f"This database holds {held} entries of {loss.origin}; {signed} were signed for. {gone}"
        " Whoever has a receipt of one can show it. A newer backup would be better. To go on:"
        f" rightshare log restore --lost {loss.lost} --because REASON"
    )


log = opened(log_commands)
log.add_command(verify)
log.add_command(restore)
log.add_command(index)
