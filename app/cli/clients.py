"""`rightshare agency …`, `client …` and `keys …`, on whichever database there is."""

from app.cli.opening import opened
from app.oauth.cli import client_commands, keys_commands
from directory.cli import agency_commands

agency = opened(agency_commands)
client = opened(client_commands)
keys = opened(keys_commands)
