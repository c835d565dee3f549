"""`rightshare directory …`, inside the application, on its database; to check needs neither."""

from app.cli.clients import opened
from directory.cli.checking import check
from directory.cli.exchange import directory_commands

directory = opened(directory_commands)
directory.add_command(check)
