"""Finds the database that commands work on, whichever there is.

A checkout's demonstration writes down, for as long as it runs, where it can be reached.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Final

from app.config import Mode, Settings, read_settings
from app.demo.postgres import AlreadyRunningError, NotStartedError, running

DATABASE: Final = "rightshare"
BUSY: Final = "Another command is using this checkout's database. Try again when it is done."


def settings_here() -> Settings:
    """Return the settings: of the demonstration where one was made and no database is named."""
    demonstration = read_settings(Mode.DEMONSTRATION)
    named = demonstration.database_url or demonstration.database_app_url
    return read_settings() if named or not data_folder(demonstration).exists() else demonstration


def data_folder(settings: Settings) -> Path:
    """Return where the demonstration's own PostgreSQL keeps its data."""
    return settings.home / "pg"


@contextmanager
def database_of(settings: Settings) -> Iterator[Settings]:
    """Yield settings that name a database: the one given, or the demonstration's own.

    That one is started for as long as the block lasts, unless the demonstration is running.
    """
    if settings.database_url is not None or settings.database_app_url is not None:
        yield settings
        return
    folders = data_folder(settings), settings.home / "run"
    try:
        with running(*folders, postgres_bin=settings.postgres_bin) as server:
            yield settings.with_database(server.url(DATABASE))
    except AlreadyRunningError as error:
        if not _running_file(settings).exists():
            raise NotStartedError(BUSY) from error
        where = json.loads(_running_file(settings).read_text())
        there = replace(settings, public_url=where["public_url"])
        yield there.with_database(where["database_url"])


@contextmanager
def reachable(settings: Settings) -> Iterator[None]:
    """Write down where this running demonstration is, until the block is left."""
    path = _running_file(settings)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch(mode=0o600)
    where = {"database_url": settings.database_url, "public_url": settings.public_url}
    path.write_text(json.dumps(where))
    try:
        yield
    finally:
        path.unlink(missing_ok=True)


def _running_file(settings: Settings) -> Path:
    return settings.home / "demo" / "running.json"
