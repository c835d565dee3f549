"""`rightshare demo …`: the demonstration, from its database to its tour."""

import shutil
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from typing import Final
from urllib.error import URLError
from urllib.request import ProxyHandler, build_opener

import click
import pyotp
from sqlalchemy import NullPool, create_engine, text

from app.cli.opening import DATABASE, data_folder, reachable
from app.config import Mode, Settings, environment_for, read_settings
from app.demo import prepare
from app.demo.postgres import NotStartedError, Server, discard, running
from app.demo.supervisor import Child, Stopping, stop_signals, supervise
from app.demo.tour import tour as take_tour
from app.kernel.clock import system_clock
from app.kernel.db import Database
from app.migrations.run import downgrade, upgrade
from app.parts import load_vault

SECONDS_TO_START: Final = 60


@click.group()
def demo() -> None:
    """Run the demonstration, reset it, tour it."""


@demo.command()
def run() -> None:
    """Serve the demonstration until Ctrl-C; make what is missing first."""
    settings = read_settings(Mode.DEMONSTRATION)
    with stop_signals() as stopping:
        while not stopping.is_set():
            with _database(settings) as (named, server):
                _check_port(settings)
                ready = _prepared(named)
                _serve(ready, server, stopping)
            if not stopping.is_set():
                click.echo("The database ended by itself: starting it again.", err=True)


@demo.command("seed")
def seed_only() -> None:
    """Make the demonstration's data where there is none yet, without serving."""
    with _database(read_settings(Mode.DEMONSTRATION)) as (settings, _):
        _prepared(settings)


@demo.command()
def reset() -> None:
    """Throw the demonstration's data away and make it again; clients and people keep their keys."""
    settings = read_settings(Mode.DEMONSTRATION)
    if settings.database_url is None:
        discard(data_folder(settings))
    elif prepare.stage(settings.database_url) is not None:  # refuses what is not a demonstration
        downgrade(settings.database_url, "base")
    with _database(settings) as (named, _):
        _prepared(named)


@demo.command()
def tour() -> None:
    """Take the tour: eight calls that tell the story."""
    take_tour(read_settings(Mode.DEMONSTRATION).home / "demo", click.echo)


@demo.command()
@click.argument("username")
def code(username: str) -> None:
    """Say the one-time code of USERNAME, as their authenticator would."""
    people = {one.username: one for one in prepare.read_people(read_settings(Mode.DEMONSTRATION))}
    if not people:
        raise click.ClickException("nobody can sign in yet: make run")
    if username not in people:
        raise click.ClickException(f"there is no {username}; there are {', '.join(people)}")
    click.echo(pyotp.TOTP(people[username].totp_secret).now())


@contextmanager
def _database(settings: Settings) -> Iterator[tuple[Settings, Server | None]]:
    """Yield settings that name a database, and the server that was started for it, if one was."""
    if settings.database_url is not None:
        yield settings, None
        return
    folders = data_folder(settings), settings.home / "run"
    with running(*folders, postgres_bin=settings.postgres_bin) as server:
        _create_database(server)
        yield settings.with_database(server.url(DATABASE)), server


def _create_database(server: Server) -> None:
    engine = create_engine(server.url("postgres"), poolclass=NullPool, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        found = text("select 1 from pg_database where datname = :name")
        if connection.scalar(found, {"name": DATABASE}) is None:
            connection.execute(text(f"create database {DATABASE}"))
    engine.dispose()


def _check_port(settings: Settings) -> None:
    """Say so if nothing can listen where the service is to: its server would only end."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    with socket.socket(family) as tried:
        tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            tried.bind((settings.host, settings.port))
        except OSError as error:
            where, other = f"{settings.host}:{settings.port}", settings.port % 65535 + 1
            raise NotStartedError(
                f"Nothing can be served on {where}: {error.strerror}."
                f" Stop the program that listens there, or choose another port:"
                f" make run PORT={other}"
            ) from error


def _prepared(settings: Settings) -> Settings:
    """Migrate, seed once and write the files; return the settings to serve with."""
    url, app_url = settings.database_url, settings.database_app_url
    if url is None or app_url is None:
        raise click.ClickException("set DATABASE_URL, or leave every database setting out")
    ring = prepare.make_keys(settings)
    stage = prepare.stage(url)
    if stage == prepare.BEGUN:
        click.echo("The demonstration's data was made only in part: making it again.")
        downgrade(url, "base")
    upgrade(url, ring)
    at = system_clock()
    database = Database.connect(app_url, load_vault(app_url, ring))
    if stage != prepare.COMPLETE:
        _fill(url, database, at)
    prepare.forget_other_log(settings, database)
    prepare.write_files(settings, database, at)
    database.close()
    metrics = settings.home / "metrics"
    shutil.rmtree(metrics, ignore_errors=True)
    metrics.mkdir(parents=True)
    return replace(settings, prometheus_dir=metrics)


def _fill(url: str, database: Database, at: datetime) -> None:
    """Put the plan on file, and say so in the database when all of it is there."""
    # A warm start does without what only this needs: every storey's actions.
    from app.demo.seed import seed  # noqa: PLC0415
    from app.demo.world.plan import plan  # noqa: PLC0415
    from app.factory import Partnership  # noqa: PLC0415

    # Said once all is imported: a signal in the midst of that would be the exit status, although
    # everything ends in order (CPython remembers an interrupt of what it compiles from text).
    click.echo("Making the demonstration's data, once …")
    prepare.mark(url, prepare.BEGUN)
    seed(database, plan(at), Partnership())
    prepare.mark(url, prepare.COMPLETE)


def _serve(settings: Settings, server: Server | None, stopping: Stopping) -> None:
    environment = environment_for(settings)
    children = [Child("the web server", ("serve",), environment)]
    children.append(Child("the worker", ("worker",), environment))
    announcing = threading.Thread(target=_announce, args=(settings, server, stopping), daemon=True)
    with reachable(settings):
        announcing.start()
        supervise(children, stopping, lambda: server is None or server.poll() is None)


def _announce(settings: Settings, server: Server | None, stopping: Stopping) -> None:
    """Say where everything is as soon as it answers."""
    here = f"[{settings.host}]" if ":" in settings.host else settings.host
    asking = build_opener(ProxyHandler({}))  # no proxy stands between us and ourselves
    ends = time.monotonic() + SECONDS_TO_START
    while not stopping.is_set() and time.monotonic() < ends:
        try:
            with asking.open(f"http://{here}:{settings.port}/readyz", timeout=2):
                click.echo(_banner(settings, "given" if server is None else server.described))
                return
        except (URLError, OSError):
            stopping.wait(0.1)
    if not stopping.is_set():
        click.echo(f"Nothing answers yet; ask for the reason: {settings.public_url}/readyz")


def _banner(settings: Settings, database: str) -> str:
    url, folder = settings.public_url, settings.home / "demo"
    editor, searcher = _sign_in(settings, "cluster-manager"), _sign_in(settings, "practitioner")
    lead, signatory = _sign_in(settings, "ig-lead"), _sign_in(settings, "signatory")
    return f"""
rightshare  demonstration    {database}, data in {settings.home}, invented families
  Find a service      {url}/          {searcher}
  Directory editor    {url}/manage    {editor}
  Governance          {url}/ig        {lead}
  Agreement to sign   {url}/agreements/to-sign    {signatory}
  API reference       {url}/docs
  Clients, people     {folder}/clients/   {folder}/people.json
  What to try         {folder}/subjects.json
Next:  make tour      token, search, refused, agreement recorded, permitted, withdrawn, refused,
                      what the information governance lead sees
Ctrl-C stops everything."""


def _sign_in(settings: Settings, username: str) -> str:
    found = next(one for one in prepare.read_people(settings) if one.username == username)
    return (
        f"sign in as {username}, password {found.password}, code: rightshare demo code {username}"
    )
