"""`rightshare`: every command, and how a fault becomes a message with the next step.

A command's module is imported when that command is called: the demonstration starts four
processes, and none of them should take its time over what only the others need.
"""

import sys
from collections.abc import Mapping
from importlib import import_module
from typing import Final

import click

_COMMANDS: Final[Mapping[str, str]] = {
    "agency": "app.cli.clients:agency",
    "client": "app.cli.clients:client",
    "db": "app.cli.database:db",
    "demo": "app.cli.demo:demo",
    "directory": "app.cli.directory:directory",
    "doctor": "app.cli.doctor:doctor",
    "keys": "app.cli.clients:keys",
    "log": "app.cli.log:log",
    "openapi": "app.cli.contract:openapi",
    "person": "app.cli.clients:person",
    "postcodes": "app.cli.postcodes:postcodes",
    "serve": "app.cli.serve:serve",
    "witness": "sharing.cli.witness:witness",
    "worker": "app.cli.work:work",
}


class _Rightshare(click.Group):
    """The commands by name, each loaded when it is wanted."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002  (click's signature)
        return sorted(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002  (click's signature)
        if cmd_name not in _COMMANDS:
            return None
        module, _, name = _COMMANDS[cmd_name].partition(":")
        found: click.Command = getattr(import_module(module), name)
        return found


@click.group(cls=_Rightshare)
def rightshare() -> None:
    """Partner directory, consent, agreements, and disclosures that are decided and logged."""


def main() -> None:
    """Run the command line; exit 1 with one clear sentence where a person can put it right."""
    try:
        rightshare()
    except Exception as fault:
        said = import_module("app.cli.told").sentence(fault)
        if said is None:
            raise
        click.echo(said, err=True)
        sys.exit(1)


if __name__ == "__main__":
    main()
