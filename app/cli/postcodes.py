"""`rightshare postcodes …`, inside the application, on its database."""

from app.cli.clients import opened
from directory.cli.places import postcode_commands

postcodes = opened(postcode_commands)
