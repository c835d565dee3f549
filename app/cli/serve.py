"""`rightshare serve`: the web server and its workers.

The application's modules are imported here, before the workers are forked: once, not by each, and a
worker that was killed has its successor in no time.
"""

import click
from granian import Granian
from granian.constants import Interfaces

from app import factory  # noqa: F401  (see above)
from app.config import read_settings
from app.kernel.process import die_with
from app.kernel.turns import STREAMS
from app.parts import parts_for

SECONDS_TO_ANSWER = 20
"""How long requests that are being answered may take after SIGTERM."""


@click.command()
@click.option("--parent", type=int, hidden=True, help="End when this process does.")
def serve(parent: int | None) -> None:
    """Serve the API and the pages."""
    settings = read_settings()
    if parent is not None:
        die_with(parent)
    if settings.production:
        parts_for(settings)  # says what is wrong once, before every worker would
    Granian(
        "app.wsgi:app",
        address=settings.host,
        port=settings.port,
        interface=Interfaces.WSGI,
        workers=settings.workers,
        blocking_threads=1 + STREAMS,
        respawn_failed_workers=True,
        workers_kill_timeout=SECONDS_TO_ANSWER,
        log_access=False,
        log_enabled=False,
    ).serve()
