"""`rightshare witness`: vouch for what other agencies' logs showed us (C2SP tlog-witness).

It needs no database: a folder of its own, the keys of the logs that it watches, and a way in.
"""

from collections.abc import Callable, Iterable
from http import HTTPStatus
from pathlib import Path
from typing import Any, Final

import click
from granian import Granian
from granian.constants import Interfaces

from app.kernel.clock import system_clock
from app.kernel.process import die_with_server
from app.kernel.signing import create_key
from sharing.actions.witnessing import TEXT_TYPE, Reply, Witness
from sharing.chain.notes import KeyKind, Signer, format_vkey

LARGEST_BODY: Final = 64 * 1024
"""Bytes of a submission: its proof takes 3,000 at most, the rest is for signatures."""
_PATH: Final = "/add-checkpoint"
_FILE: Final = click.Path(exists=True, dir_okay=False, path_type=Path)
Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


@click.command("witness")
@click.option("--name", required=True, help="What this witness signs as, such as watch.example.")
@click.option("--state", type=click.Path(file_okay=False, path_type=Path), required=True)
@click.option("--logs", type=_FILE, required=True, help="The logs to watch, and their keys.")
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", type=click.IntRange(1, 65535), default=8090, show_default=True)
def witness(name: str, state: Path, logs: Path, host: str, port: int) -> None:
    """Cosign checkpoints of other agencies' logs that only ever grew; serves until stopped."""
    state.mkdir(parents=True, exist_ok=True, mode=0o700)
    signer = Signer(name, create_key(state / "witness.pem"))
    serving = witness_app(Witness.read(state, signer, logs, system_clock))

    def load(*_: object) -> Application:
        die_with_server()
        return serving

    click.echo(f"watching on {host}:{port} as {format_vkey(signer.verifier(KeyKind.COSIGNATURE))}")
    Granian(
        "witness",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        blocking_threads=4,
        log_enabled=False,
    ).serve(target_loader=load, wrap_loader=False)


def witness_app(watching: Witness) -> Application:
    """Return the witness as a WSGI application: one path, one method."""

    def answer(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        reply = _reply(watching, environ)
        status = f"{reply.status} {HTTPStatus(reply.status).phrase}"
        headers = [("Content-Type", reply.media_type), ("Content-Length", str(len(reply.body)))]
        if reply.status == HTTPStatus.METHOD_NOT_ALLOWED:
            headers.append(("Allow", "POST"))
        start_response(status, headers)
        return [reply.body]

    return answer


def _reply(watching: Witness, environ: dict[str, Any]) -> Reply:
    if environ["PATH_INFO"] != _PATH:
        return Reply(404, TEXT_TYPE, b"there is POST /add-checkpoint, and nothing else\n")
    if environ["REQUEST_METHOD"] != "POST":
        return Reply(405, TEXT_TYPE, b"checkpoints are added by POST\n")
    length = environ.get("CONTENT_LENGTH") or ""
    if not length.isascii() or not length.isdigit():
        return Reply(411, TEXT_TYPE, b"say how long the body is\n")
    if int(length[:9]) > LARGEST_BODY:
        return Reply(413, TEXT_TYPE, b"a submission has at most 64 KiB\n")
    return watching.add_checkpoint(environ["wsgi.input"].read(int(length)))
