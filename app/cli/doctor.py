"""`rightshare doctor`: what this machine has, what it lacks, and what it could do without."""

import shutil
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

import click
from sqlalchemy import Connection, NullPool, create_engine, text
from sqlalchemy.exc import SQLAlchemyError

from app.cli.opening import data_folder
from app.config import Mode, Settings, SettingsFault, read_settings
from app.demo.binaries import find
from app.demo.postgres import NotStartedError
from app.kernel.clock import system_clock
from app.kernel.roles import driver_url
from app.migrations.run import current, head
from sharing.queries.partitions import NEXT
from sharing.queries.partitions import lacking as lacking_partitions

MONTHS_TOLD: Final = 1
EXTENSIONS: Final = ("cube", "pg_trgm")
"""What the search needs of PostgreSQL: both come with it, but not with every packaging of it."""
_LACKING: Final = text("""
select wanted from unnest(cast(:wanted as text[])) wanted
where wanted not in (select name from pg_available_extensions) order by wanted
""")


_KEEPERS: Final = text("""
select agency from directory_keeper
where starts <= now() and (ends is null or ends > now()) order by agency
""")


@dataclass(frozen=True, slots=True)
class Finding:
    """One line: whether it is well, what it is about, and what to do."""

    mark: str
    about: str
    said: str


@click.command()
def doctor() -> None:
    """Say what this machine has, lacks and could do without; exit 1 if something is missing."""
    findings = list(_findings())
    for one in findings:
        click.echo(f"  {one.mark:<8} {one.about:<14} {one.said}")
    if any(one.mark == "missing" for one in findings):
        sys.exit(1)


def _findings() -> Iterator[Finding]:
    yield Finding("ok", "python", sys.version.split()[0])
    settings = _settings()
    if isinstance(settings, Finding):
        yield settings
        return
    yield Finding("ok", "mode", settings.mode.value)
    yield from _database(settings)
    yield _file("keys", settings.vault_file, "made by: make run, or rightshare db upgrade")
    yield _program("node", "optional: without it `make assets` installs one")
    yield _program("chromium", "optional: the tests of pages want it")
    yield _file("assets", Path("app/static/dist/app.css"), "optional: pages are plain; make assets")


def _settings() -> Settings | Finding:
    demonstration = read_settings(Mode.DEMONSTRATION)
    if demonstration.database_url is None and demonstration.database_app_url is None:
        return demonstration
    try:
        return read_settings()
    except SettingsFault as fault:
        return Finding("missing", "settings", "; ".join(fault.faults))


def _database(settings: Settings) -> Iterator[Finding]:
    if settings.database_url is None:
        try:
            yield Finding("ok", "postgresql", find(settings.postgres_bin).described)
        except NotStartedError as fault:
            yield Finding("missing", "postgresql", str(fault))
        made = "there" if data_folder(settings).exists() else "not made yet: make run"
        yield Finding("ok", "demonstration", made)
        return
    engine = create_engine(driver_url(settings.database_url), poolclass=NullPool)
    try:
        with engine.connect() as connection:
            version = connection.scalar(text("show server_version"))
            at, wanted = current(connection), head()
            missing = lacking(connection)
            within = list(_within(connection)) if at == wanted else []
    except SQLAlchemyError as error:
        yield Finding("missing", "postgresql", f"does not answer ({type(error).__name__})")
        return
    yield Finding("ok", "postgresql", f"{version}, given by DATABASE_URL")
    schema = "at head" if at == wanted else f"at {at}, not {wanted}: rightshare db upgrade"
    yield Finding("ok" if at == wanted else "missing", "schema", schema)
    yield about_extensions(missing)
    yield from within


def _within(connection: Connection) -> Iterator[Finding]:
    """Yield what the tables themselves say, once they are those that are wanted."""
    yield about_keepers(connection)
    yield about_partitions(connection, system_clock())
    yield about_halt(connection)


def lacking(connection: Connection, wanted: Sequence[str] = EXTENSIONS) -> Sequence[str]:
    """Return those of these extensions that the server cannot install."""
    return connection.scalars(_LACKING, {"wanted": list(wanted)}).all()


def about_extensions(missing: Sequence[str]) -> Finding:
    """Return the line about extensions."""
    if not missing:
        return Finding("ok", "extensions", ", ".join(EXTENSIONS))
    said = f"{', '.join(missing)} cannot be had here: install PostgreSQL's contrib modules"
    return Finding("missing", "extensions", said)


def about_keepers(connection: Connection) -> Finding:
    """Return the line about who keeps the directory for all: without anybody, nobody can."""
    kept = connection.scalars(_KEEPERS).all()
    if kept:
        return Finding("ok", "directory", f"kept for all by {', '.join(kept)}")
    said = "nobody keeps it for all: rightshare agency keeps-directory CODE"
    return Finding("without", "directory", said)


def about_partitions(connection: Connection, at: datetime) -> Finding:
    """Return the line about the log's partitions: the worker makes them months ahead."""
    found = lacking_partitions(connection, at, MONTHS_TOLD)
    if not found:
        return Finding("ok", "log", f"partitions are there for {MONTHS_TOLD} more month")
    why = {one.table: "no next one" if one.because == NEXT else "not in time" for one in found}
    said = ", ".join(f"{table}: {because}" for table, because in sorted(why.items()))
    return Finding("missing", "log", f"partitions ({said}): does the worker run?")


def about_halt(connection: Connection) -> Finding:
    """Return the line about whether the log goes on: while it is halted nothing is disclosed."""
    because = connection.scalar(text("select halted_because from log_state"))
    if because is None:
        return Finding("ok", "log", "goes on")
    return Finding("missing", "log", f"halted: {because}")


def _program(name: str, without: str) -> Finding:
    found = shutil.which(name)
    return Finding("ok", name, "there") if found else Finding("without", name, without)


def _file(about: str, path: Path, without: str) -> Finding:
    return Finding("ok", about, "there") if path.exists() else Finding("without", about, without)
