"""`rightshare witness` as any agency runs it, in processes of its own."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from socket import socket
from time import monotonic

import pytest
import requests

from sharing.chain.checkpoints import open_checkpoint
from sharing.chain.notes import format_vkey, parse_vkey
from sharing.chain.witnessing import Submission, submission_text
from tests.service import LOG_ORIGIN
from tests.sharing.keeping import LOG_KEY
from tests.sharing.test_witnesses import Watching, head


@contextmanager
def commanded(folder: Path) -> Iterator[tuple["subprocess.Popen[str]", Watching, str]]:
    """Have a witness as its command runs it, and its vkey."""
    (folder / "logs.json").write_text(
        json.dumps({"logs": [{"origin": LOG_ORIGIN, "vkeys": [format_vkey(LOG_KEY.verifier())]}]})
    )
    with socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    where = ("--state", folder / "state", "--logs", folder / "logs.json", "--port", port)
    command = [sys.executable, "-m", "app.cli.main", "witness", "--name", "w.example", *where]
    running = subprocess.Popen(list(map(str, command)), stdout=subprocess.PIPE, text=True)  # noqa: S603  (our own command)
    assert running.stdout is not None
    vkey = running.stdout.readline().split()[-1]
    try:
        yield running, Watching(f"http://127.0.0.1:{port}", folder / "state"), vkey
    finally:
        running.terminate()
        running.communicate(timeout=30)


@pytest.mark.long
def test_a_witness_is_a_command_that_any_agency_can_run(tmp_path: Path) -> None:
    with commanded(tmp_path) as (_, watching, vkey):
        answer = _asked_until_it_listens(watching, submission_text(Submission(0, (), head(3))))

    opened = open_checkpoint(head(3) + answer.content, [LOG_KEY.verifier()], [parse_vkey(vkey)])
    assert [one.key.name for one in opened.cosigners] == ["w.example"]
    assert (tmp_path / "state" / "witness.pem").stat().st_mode & 0o777 == 0o600


@pytest.mark.long
def test_a_witness_that_was_killed_leaves_nobody_who_answers_in_its_name(tmp_path: Path) -> None:
    with commanded(tmp_path) as (running, watching, _):
        _asked_until_it_listens(watching, b"")
        running.kill()
        running.wait()
        ends = monotonic() + 30
        while _answers(watching):
            assert monotonic() < ends


def _answers(watching: Watching) -> bool:
    try:
        watching.post(b"")
    except requests.ConnectionError:
        return False
    return True


def _asked_until_it_listens(watching: Watching, body: bytes) -> requests.Response:
    ends = monotonic() + 30
    while True:
        try:
            return watching.post(body)
        except requests.ConnectionError:
            assert monotonic() < ends
