"""Our own log and our own witness, over HTTP: a whole conversation, and every way it can go."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import requests
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from structlog.typing import EventDict
from werkzeug.serving import make_server

from app.kernel.db import Database
from app.kernel.roles import SEQUENCER, role_url
from sharing.actions.witnesses import Witnesses, WitnessesFault
from sharing.actions.witnessing import Witness, WitnessFault
from sharing.chain.checkpoints import (
    Checkpoint,
    OpenedCheckpoint,
    checkpoint_text,
    open_checkpoint,
)
from sharing.chain.notes import (
    KeyKind,
    Note,
    Signer,
    format_note,
    format_vkey,
    sign,
    signature_line,
)
from sharing.chain.tree import root
from sharing.chain.witnessing import Submission, submission_text
from sharing.cli.witness import witness_app
from sharing.jobs.sequencer import Anchor, Cosigner, Sequencer
from tests.chain.make import flipped, hashes, leaves_reader
from tests.service import LOG_ORIGIN, MONDAY, Service
from tests.sharing.keeping import LOG_KEY
from tests.sharing.seeing import Rows
from tests.sharing.test_sequencer import ASK, ask

WATCHER = Signer("watch.example", Ed25519PrivateKey.from_private_bytes(bytes(32)))
WATCHER_KEY = WATCHER.verifier(KeyKind.COSIGNATURE)


@dataclass
class Watching:
    """A witness that answers on this machine, and the folder in which it remembers."""

    url: str
    folder: Path

    def post(self, body: bytes, path: str = "/add-checkpoint") -> requests.Response:
        return requests.post(self.url + path, body, timeout=5)

    def evidence(self) -> list[Path]:
        return sorted(self.folder.glob("evidence-*"))

    def file(self, quorum: int) -> Path:
        """The file by which our log is told of this witness."""
        path = self.folder / "witnesses.json"
        known = [{"url": self.url, "vkey": format_vkey(WATCHER_KEY)}]
        path.write_text(json.dumps({"witnesses": known, "quorum": quorum}))
        return path


@pytest.fixture
def watching(tmp_path: Path) -> Iterator[Watching]:
    logs = tmp_path / "logs.json"
    known = [{"origin": LOG_ORIGIN, "vkeys": [format_vkey(LOG_KEY.verifier())]}]
    logs.write_text(json.dumps({"logs": known}))
    folder = tmp_path / "witness"
    watcher = Witness.read(folder, WATCHER, logs, lambda: MONDAY)
    with served(witness_app(watcher)) as url:
        yield Watching(url, folder)


@contextmanager
def served(application: Any) -> Iterator[str]:
    """Have an application answer on this machine; its address."""
    server = make_server("127.0.0.1", 0, application, threaded=True)
    running = threading.Thread(target=server.serve_forever)
    running.start()
    yield f"http://127.0.0.1:{server.port}"
    server.shutdown()
    running.join()
    server.server_close()


@dataclass
class Log:
    """Our log with the witnesses it was told of."""

    service: Service
    sequencer: Sequencer
    cosigner: Cosigner

    def step(self) -> None:
        self.sequencer.step()
        self.cosigner.step()

    def head(self) -> OpenedCheckpoint:
        raw = self.service.call("GET", "/log/checkpoint").get_data()
        return open_checkpoint(raw, [LOG_KEY.verifier()], [WATCHER_KEY])

    def asked(self, times: int) -> None:
        self.service.as_client("oak-school", scopes=("disclosure.request",))
        ask(self.service, times)


Logs = Callable[[Path], Log]


@pytest.fixture
def log_with(service: Service, tmp_path: Path) -> Iterator[Logs]:
    """Makes our log's processes as they start with a file of witnesses."""
    opened: list[Database] = []
    service.as_client("operator").post(
        "/v1/agencies", {"code": "oak-school", "name": "Oak", "kind": "school"}
    )

    def connect() -> Database:
        opened.append(Database.connect(role_url(service.admin_url, SEQUENCER), None, pool_size=1))
        return opened[-1]

    def make(path: Path) -> Log:
        witnesses, anchor = Witnesses.read(path), Anchor(tmp_path / "anchor.json")
        sequencer = Sequencer(connect(), LOG_KEY, anchor, service.clock, witnesses)
        return Log(service, sequencer, Cosigner(connect(), witnesses, anchor, service.clock))

    yield make
    for database in opened:
        database.close()


def test_checkpoints_are_published_with_their_cosignatures(
    watching: Watching, log_with: Logs
) -> None:
    log = log_with(watching.file(quorum=0))
    for more, size in ((2, 2), (3, 5)):
        log.asked(more)
        log.step()
        head = log.head()
        assert (head.checkpoint.size, [one.key for one in head.cosigners]) == (size, [WATCHER_KEY])
        assert head.cosigners[0].at == int(MONDAY.timestamp())


def test_a_witness_that_is_away_does_not_stop_the_log(watching: Watching, log_with: Logs) -> None:
    path = watching.file(quorum=0)
    path.write_text(path.read_text().replace(watching.url, "http://127.0.0.1:9"))
    log = log_with(path)
    log.asked(2)
    log.step()

    head = log.head()
    assert (head.checkpoint.size, head.cosigners) == (2, ())


def test_where_a_quorum_must_sign_nothing_is_published_without(
    watching: Watching, log_with: Logs
) -> None:
    path = watching.file(quorum=1)
    log = log_with(path)
    log.asked(2)
    log.sequencer.step()

    assert log.service.call("GET", "/log/checkpoint").status_code == 200
    before = log.head().checkpoint.size
    log.cosigner.step()
    assert (before, log.head().checkpoint.size) == (0, 2)
    assert len(log.head().cosigners) == 1


def test_while_a_quorum_cannot_sign_the_log_comes_late_and_discloses_nothing(
    watching: Watching, log_with: Logs
) -> None:
    log = log_with(watching.file(quorum=1))
    log.asked(1)
    log.step()
    log.service.clock.passes(minutes=16)
    log.sequencer.step()

    assert log.service.call("POST", "/v1/disclosures", json=ASK).status_code == 503
    log.cosigner.step()
    assert log.service.call("POST", "/v1/disclosures", json=ASK).status_code == 422


def test_a_database_older_than_a_witness_halts_the_log(
    watching: Watching, log_with: Logs, superuser: Rows, tmp_path: Path
) -> None:
    path = watching.file(quorum=0)
    log = log_with(path)
    log.asked(3)
    log.step()
    superuser.execute("alter table log_leaf disable trigger append_only")
    superuser.execute("alter table log_checkpoint disable trigger append_only")
    superuser.execute("delete from log_leaf where leaf_index >= 1")
    superuser.execute("delete from log_checkpoint where size > 0")
    superuser.execute("update log_state set size = 0, published_size = 0")
    (tmp_path / "anchor.json").unlink()

    log_with(path).sequencer.step()

    ((why,),) = superuser.execute("select halted_because from log_state")
    assert why == "rollback: watch.example cosigned a log of 3 entries"
    assert log.service.call("GET", "/readyz").status_code == 503


@pytest.mark.parametrize("more", [0, 2], ids=["of the same size", "that grew since"])
def test_a_history_that_a_witness_knows_otherwise_halts_the_log(
    watching: Watching, log_with: Logs, superuser: Rows, tmp_path: Path, more: int
) -> None:
    path = watching.file(quorum=0)
    log = log_with(path)
    log.asked(3)
    log.step()
    page = next(watching.folder.glob("*.checkpoint"))
    page.write_bytes(head(3))  # it saw another log under this name
    log.asked(more)
    while log.sequencer.step():
        pass

    log_with(path).sequencer.step()

    ((why,),) = superuser.execute("select halted_because from log_state")
    assert why == "rollback: watch.example cosigned another log of 3 entries"


def test_a_history_that_was_rewritten_is_not_cosigned_and_is_kept_as_evidence(
    watching: Watching, log_with: Logs
) -> None:
    log = log_with(watching.file(quorum=0))
    log.asked(3)
    log.step()
    kept = log.head()

    other = checkpoint_text(Checkpoint(LOG_ORIGIN, 3, flipped(kept.checkpoint.root, 1)))
    fork = format_note(Note(other, (sign(other, LOG_KEY),)))
    same_size = watching.post(submission_text(Submission(3, (), fork)))
    longer = head(5)
    unproven = watching.post(submission_text(Submission(3, (bytes(32),), longer)))

    assert (same_size.status_code, same_size.text) == (409, "3\n")
    assert same_size.headers["Content-Type"] == "text/x.tlog.size"
    assert (unproven.status_code, len(watching.evidence())) == (422, 2)
    assert fork in b"".join(path.read_bytes() for path in watching.evidence())


def head(size: int, signer: Signer = LOG_KEY, origin: str = LOG_ORIGIN) -> bytes:
    said = checkpoint_text(Checkpoint(origin, size, root(size, leaves_reader(hashes(size)))))
    return format_note(Note(said, (sign(said, signer),)))


FORGED = Signer(LOG_ORIGIN, Ed25519PrivateKey.from_private_bytes(bytes(range(3, 35))))


@pytest.mark.parametrize(
    ("body", "status", "said"),
    [
        (b"", 400, "the first line says the size before"),
        (b"\xff" * 100, 400, "the first line"),
        (submission_text(Submission(9, (), head(3))), 400, "larger"),
        (submission_text(Submission(2, (), head(3))), 409, "0\n"),
        (submission_text(Submission(0, (), head(3, FORGED))), 403, "no known key signed"),
        (submission_text(Submission(0, (), head(3, LOG_KEY, "x/log"))), 404, "does not know"),
        (submission_text(Submission(0, (bytes(32),), head(3))), 422, "proof is empty"),
        (b"old 0\n\n" + b"x" * 70_000, 413, "64 KiB"),
    ],
)
def test_a_witness_says_what_is_wrong(
    watching: Watching, body: bytes, status: int, said: str
) -> None:
    answer = watching.post(body)

    assert (answer.status_code, said in answer.text) == (status, True), answer.text


def test_a_witness_does_one_thing(watching: Watching) -> None:
    assert watching.post(b"", "/").status_code == 404
    answer = requests.get(f"{watching.url}/add-checkpoint", timeout=5)
    assert (answer.status_code, answer.headers["Allow"]) == (405, "POST")


def test_of_two_that_grow_at_once_a_witness_cosigns_one(watching: Watching) -> None:
    bodies = [submission_text(Submission(0, (), head(size))) for size in (1, 2, 3, 4)]
    answers: list[int] = []
    threads = [
        threading.Thread(target=lambda body=body: answers.append(watching.post(body).status_code))
        for body in bodies
    ]
    for one in threads:
        one.start()
    for one in threads:
        one.join()

    assert sorted(answers) == [200, 409, 409, 409]


@pytest.mark.parametrize(
    "said",
    [
        "{}",
        "[]",
        '{"witnesses": [], "quorum": 1}',
        '{"witnesses": [{"url": "http://127.0.0.1", "vkey": "x"}]}',
        json.dumps({"witnesses": [{"url": "", "vkey": format_vkey(LOG_KEY.verifier())}]}),
    ],
)
def test_a_file_of_witnesses_that_cannot_be_used_is_named(tmp_path: Path, said: str) -> None:
    path = tmp_path / "witnesses.json"
    path.write_text(said)

    with pytest.raises(WitnessesFault, match=r"witnesses\.json"):
        Witnesses.read(path)
    with pytest.raises(WitnessFault, match=r"witnesses\.json"):
        Witness.read(tmp_path, WATCHER, path, lambda: MONDAY)


@pytest.mark.parametrize(
    ("answered", "said"),
    [
        (("500 Oh", b""), "it answered 500"),
        (("302 Found", b""), "it answered 302"),
        (("200 OK", b""), "no cosignature"),
        (("200 OK", b"thanks\n"), "no cosignature"),
        (("200 OK", signature_line(sign(b"x\n", WATCHER))), "no cosignature"),
        (("409 Conflict", b"many\n"), "without its size"),
        (("409 Conflict", b"0\n"), "it answered 409 to growth from 0 to"),
        (("409 Conflict", b"1\n"), "it answered 409"),
        (("409 Conflict", b"9\n"), "cosigned a log of 9 entries"),
    ],
)
def test_what_a_witness_answers_wrongly_costs_its_cosignature_and_no_more(
    log_with: Logs, tmp_path: Path, logged: list[EventDict], answered: tuple[str, bytes], said: str
) -> None:
    status, body = answered

    def answer(_: Any, start_response: Any) -> list[bytes]:
        start_response(status, [("Content-Length", str(len(body))), ("Location", "/")])
        return [body]

    with served(answer) as url:
        log = log_with(Watching(url, tmp_path).file(quorum=0))
        log.sequencer.step()
        log.asked(2)
        log.step()

    assert (log.head().checkpoint.size, log.head().cosigners) == (2, ())
    assert [said in one["why"] for one in logged if "why" in one][-1:] == [True]
