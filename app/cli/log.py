"""`rightshare log …`, inside the application, on its database; to verify needs neither."""

import sys

import click

from app.cli.clients import opened
from app.verifier import main
from sharing.cli.log import log_commands


@click.command("verify", context_settings={"ignore_unknown_options": True}, add_help_option=False)
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def verify(arguments: tuple[str, ...]) -> None:
    """Check an export of a log; exit 0 if it is sound, 1 if tampered with, 2 if incomplete."""
    sys.exit(main(arguments))


log = opened(log_commands)
log.add_command(verify)
