"""The processes that are measured, each on a port of its own, gone when the block is left."""

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from app.config import environment_for
from app.kernel.roles import APP, role_url
from tests.bench.world import World
from tests.postgres import libpq

CHECKOUT = Path(__file__).parents[2]
SECONDS_TO_START = 60.0


class NotHere(Exception):
    """What was to be compared with cannot be run on this machine; the message says why."""


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@contextmanager
def ours(world: World) -> Iterator[int]:
    """Have the service up as `make run` has it, with its worker; the id of its first process."""
    environment = environment_for(world.settings)
    rightshare = [sys.executable, "-m", "app.cli.main"]
    base = world.settings.public_url
    with (
        _up([*rightshare, "worker"], environment, world.settings.home / "worker.log"),
        _up([*rightshare, "serve"], environment, world.settings.home / "ours.log") as process,
    ):
        _await(f"{base}/readyz", process, world.settings.home / "ours.log")
        yield process.pid


@contextmanager
def floor(world: World, port: int) -> Iterator[int]:
    """Have the floor up on the same database, under the same server."""
    settings = world.settings
    told = {
        "port": port,
        "base_url": f"http://127.0.0.1:{port}",
        "issuer": settings.issuer,
        "audience": settings.api_audience,
        "database": libpq(role_url(str(settings.database_url), APP)),
        "vault_file": str(settings.vault_file),
        "receipt_key_file": str(settings.receipt_key_file),
        "log_origin": settings.log_origin,
    }
    environment = dict(os.environ) | {"BENCH_FLOOR": json.dumps(told)}
    log = settings.home / "floor.log"
    with _up([sys.executable, "-m", "tests.bench.floor"], environment, log) as process:
        _await(f"http://127.0.0.1:{port}/readyz", process, log)
        yield process.pid


@contextmanager
def rival(world: World, port: int) -> Iterator[int]:
    """Have npm's oidc-provider up, with our client and all it keeps in memory; else `NotHere`."""
    if not (CHECKOUT / "node_modules" / "oidc-provider").exists():
        raise NotHere("oidc-provider is not installed: make assets")
    told = {"port": port, "jwk": world.client_key.as_dict(private=False)}
    environment = dict(os.environ) | {"BENCH_RIVAL": json.dumps(told)}
    log = world.settings.home / "rival.log"
    script = Path(__file__).with_name("rival.mjs")
    try:
        with _up(["node", str(script)], environment, log) as process:
            _await(f"http://127.0.0.1:{port}/.well-known/openid-configuration", process, log)
            yield process.pid
    except FileNotFoundError as error:
        raise NotHere("there is no node on this machine") from error


@contextmanager
def _up(
    command: list[str], environment: Mapping[str, str], log: Path
) -> Iterator["subprocess.Popen[bytes]"]:
    with log.open("wb") as output:
        process = subprocess.Popen(  # noqa: S603  (our own command lines)
            command, cwd=CHECKOUT, env=environment, stdout=output, stderr=subprocess.STDOUT
        )
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _await(url: str, process: "subprocess.Popen[bytes]", log: Path) -> None:
    ends = time.monotonic() + SECONDS_TO_START
    while time.monotonic() < ends and process.poll() is None:
        try:
            with urlopen(url, timeout=2):  # noqa: S310  (our own address)
                return
        except (URLError, OSError):
            time.sleep(0.1)
    raise NotHere(f"{url} does not answer:\n{log.read_text()[-2000:]}")
