"""`rightshare client …`, `keys …` and `person …`, inside the application, on its database."""

from collections.abc import Callable
from functools import wraps
from typing import Any

import click

from app.cli.opening import database_of, settings_here
from app.factory import create_app
from app.oauth.cli import client_commands, keys_commands
from app.people.cli import person_commands


def opened(group: click.Group) -> click.Group:
    """Return a group of commands, each run inside the application."""
    for command in group.commands.values():
        if command.callback is not None:
            command.callback = _inside(command.callback)
    return group


def _inside(callback: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(callback)
    def run(*args: Any, **kwargs: Any) -> Any:  # noqa: ANN401  (click's own)
        with database_of(settings_here()) as settings, create_app(settings).app_context():
            return callback(*args, **kwargs)

    return run


client = opened(client_commands)
keys = opened(keys_commands)
person = opened(person_commands)
