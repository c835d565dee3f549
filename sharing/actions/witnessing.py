"""Being a witness of other agencies' logs (C2SP tlog-witness): remember first, then cosign."""

import fcntl
import hashlib
import json
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Self

import structlog

from app.kernel.clock import Clock
from sharing.chain.checkpoints import Checkpoint, cosign, parse_checkpoint
from sharing.chain.errors import MalformedError
from sharing.chain.notes import Signer, VerifierKey, parse_note, parse_vkey, signature_line
from sharing.chain.witnessing import Accepted, Denied, judge, origin_of, parse_submission

SIZE_TYPE: Final = "text/x.tlog.size"
TEXT_TYPE: Final = "text/plain; charset=utf-8"


class WitnessFault(Exception):
    """A witness cannot start; the message says what to put right."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What a witness answers."""

    status: int
    media_type: str
    body: bytes


@dataclass(frozen=True, slots=True)
class Notebook:
    """A folder with one checkpoint of each log: the newest that was cosigned.

    It must not be lost or brought back from a backup: a witness that forgets vouches for anything.
    """

    folder: Path

    @contextmanager
    def turned_to(self, origin: str) -> Iterator[None]:
        """Let nobody else read or write this log's page until the block ends."""
        with self._page(origin).with_suffix(".lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def last(self, origin: str) -> Checkpoint | None:
        """Return the newest checkpoint of a log that was cosigned; None of an unknown one."""
        page = self._page(origin)
        return parse_checkpoint(parse_note(page.read_bytes()).text) if page.exists() else None

    def keep(self, origin: str, note: bytes) -> None:
        """Remember a checkpoint, so that not even a power cut makes this witness forget it."""
        _write(self._page(origin), note)

    def keep_evidence(self, submitted: bytes) -> Path:
        """Keep what a log signed and cannot prove, to show it to others."""
        digest = hashlib.sha256(submitted).hexdigest()
        path = self.folder / f"evidence-{digest[:16]}"
        _write(path, submitted)
        return path

    def _page(self, origin: str) -> Path:
        return self.folder / f"{hashlib.sha256(origin.encode()).hexdigest()}.checkpoint"


@dataclass(frozen=True, slots=True)
class Witness:
    """One that cosigns the checkpoints of the logs it is told to watch."""

    notebook: Notebook
    signer: Signer
    logs: Mapping[str, Sequence[VerifierKey]]
    clock: Clock

    @classmethod
    def read(cls, folder: Path, signer: Signer, logs: Path, clock: Clock) -> Self:
        """Return the witness of the logs in a file `{"logs": [{"origin", "vkeys": [vkey]}]}`."""
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        try:
            listed = json.loads(logs.read_text(encoding="utf-8"))["logs"]
            known = {one["origin"]: tuple(map(parse_vkey, one["vkeys"])) for one in listed}
        except (OSError, ValueError, KeyError, TypeError) as error:
            form = '{"logs": [{"origin": …, "vkeys": […]}]}'
            raise WitnessFault(f"{logs} must hold {form}: {error}") from error
        return cls(Notebook(folder), signer, known, clock)

    def add_checkpoint(self, raw: bytes) -> Reply:
        """Answer a request to `add-checkpoint`; what is cosigned was stored before."""
        try:
            submission = parse_submission(raw)
            origin = origin_of(submission)
        except MalformedError as error:
            return _denied(Denied(400, str(error)))
        if origin not in self.logs:
            return _denied(Denied(404, "this witness does not know the log"))
        with self.notebook.turned_to(origin):
            verdict = judge(submission, self.notebook.last(origin), self.logs)
            if isinstance(verdict, Accepted):
                self.notebook.keep(origin, submission.checkpoint)
                made = cosign(verdict.text, self.signer, int(self.clock().timestamp()))
                return Reply(200, TEXT_TYPE, signature_line(made))
        if verdict.dishonest:
            kept = self.notebook.keep_evidence(raw)
            log = structlog.get_logger(__name__)
            log.warning("a log signed what it cannot prove", origin=origin, kept=kept.name)
        return _denied(verdict)


def _denied(denied: Denied) -> Reply:
    if denied.size is not None:
        return Reply(denied.status, SIZE_TYPE, b"%d\n" % denied.size)
    return Reply(denied.status, TEXT_TYPE, f"{denied.why}\n".encode())


def _write(path: Path, content: bytes) -> None:
    """Replace a file's content at once, and have it on the disk."""
    draft = path.with_suffix(".draft")
    with draft.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
