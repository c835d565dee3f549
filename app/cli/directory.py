"""`rightshare directory …`, inside the application, on its database."""

from app.cli.clients import opened
from directory.cli.exchange import directory_commands

directory = opened(directory_commands)
